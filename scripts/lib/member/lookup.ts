import { getAddress, isAddress, type TransactionReceipt } from "ethers";
import { Problem } from "../problem.js";
import type { Context } from "./coalition.js";
import { judge, whyNot } from "./standings.js";

/** `IMembership.MemberStatus`, in its order. */
const STATUSES = ["none", "active", "resigned", "ended"] as const;

/** `IMembership.Pause`, in its order. */
const PAUSES = ["participant", "dormant", "represented"] as const;

/** A member as the open list shows it. Moments in seconds since 1970, 0 for none. */
export interface Member {
  readonly number: number;
  readonly key: string;
  readonly group: number;
  readonly status: (typeof STATUSES)[number];
  readonly organisation: boolean;
  /** Why the vote does not count for now. */
  readonly pauses: readonly (typeof PAUSES)[number][];
  readonly joinedAt: number;
  readonly votesFrom: number;
  readonly confirmedAt: number;
  readonly leftAt: number;
}

/** Reads a whole number that a person gave. */
export function readWhole(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Problem(`${option} is "${text}", allowed: a whole number from ${min} to ${max}`);
}

/** Reads an address that a person gave. */
export function readAddress(option: string, text: string): string {
  if (isAddress(text)) return getAddress(text);
  throw new Problem(`${option} is "${text}", allowed: an address, 0x and 40 hexadecimal digits`);
}

/** A member by number; refuses a number that was never given out. */
export async function memberAt({ coalition }: Context, number: number): Promise<Member> {
  const last = Number(await coalition.membership.lastNumber());
  if (number < 1 || number > last) {
    throw new Problem(
      last === 0
        ? "Nobody has joined yet."
        : `No member has number ${number}; numbers go from 1 to ${last} by now.`,
    );
  }
  const entry = await coalition.membership.member(number);
  return {
    number,
    key: entry.key,
    group: Number(entry.group),
    status: STATUSES[Number(entry.status)] ?? "none",
    organisation: entry.organisation,
    pauses: PAUSES.filter((_, bit) => (Number(entry.pauses) >> bit) & 1),
    joinedAt: Number(entry.joinedAt),
    votesFrom: Number(entry.votesFrom),
    confirmedAt: Number(entry.confirmedAt),
    leftAt: Number(entry.leftAt),
  };
}

/** A member who is on the roll now; refuses everybody else. */
export async function activeMember(context: Context, number: number): Promise<Member> {
  const member = await memberAt(context, number);
  if (member.status === "active") return member;
  throw new Problem(`Member ${number} has left the roll; nobody holds this number any more.`);
}

/** The member whom a key is; refuses keys that are not on the roll, and says what became of them. */
export async function memberOf(context: Context, key: string): Promise<Member> {
  const number = Number(await context.coalition.membership.numberOf(key));
  if (number !== 0) return memberAt(context, number);
  const { standing, explanation, number: former } = await judge(context, key, "speak", context.now);
  if (standing !== "moved to another key") throw new Problem(`${key} ${whyNot(standing, explanation)}.`);
  const { key: present } = await memberAt(context, former);
  throw new Problem(`${key} ${whyNot(standing, explanation)}; member ${former} is ${present} now.`);
}

/** Refuses a key whose own vote does not count now. */
export async function requireVoter(context: Context, key: string): Promise<Member> {
  const { standing, explanation } = await judge(context, key, "vote", context.now);
  if (standing === "granted") return memberOf(context, key);
  throw new Problem(`${key} ${whyNot(standing, explanation)}.`);
}

/** Refuses a key that is on the roll: it cannot take another number. */
export async function requireNewcomer({ coalition }: Context, key: string): Promise<void> {
  const number = await coalition.membership.numberOf(key);
  if (number !== 0n) {
    throw new Problem(`${key} is on the roll already, as member ${number}; one key is one member.`);
  }
}

/** A kind of member in words. */
export const kindOf = (organisation: boolean) => (organisation ? "an organisation" : "a person");

/** A member in words. */
export function nameOf({ groups }: Pick<Context, "groups">, { number, group }: Member): string {
  return `member ${number} (${groups[group]})`;
}

/** An interface that can tell what an event says. */
interface Parser {
  parseLog(log: { topics: readonly string[]; data: string }): {
    name: string;
    args: { toObject(): Record<string, unknown> };
  } | null;
}

/** What a contract told by an event in a receipt; undefined if it told no such thing. */
export function eventIn(
  { logs }: TransactionReceipt,
  address: string,
  face: Parser,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  for (const log of logs) {
    if (log.address.toLowerCase() !== address.toLowerCase()) continue;
    const event = face.parseLog(log);
    if (event?.name === name) return event.args.toObject();
  }
  return undefined;
}
