import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContentStore } from "../../scripts/lib/content/store.js";
import type { Outcome } from "../../scripts/lib/member/coalition.js";
import type { Manner } from "../../scripts/lib/member/commands.js";
import type { Session } from "../../scripts/lib/member/session.js";
import type { Desk } from "../../scripts/lib/motions/write.js";
import type { Parameters } from "./fixture.js";
import { type Action, type Connection, foundCoalition, type Person } from "./governor.js";
import { contextOf } from "./member.js";
import { carry, decisionOfMotion, listOf, tabled } from "./motions.js";

type Founded = Awaited<ReturnType<typeof foundCoalition>>;

export type WithMotions = Founded & {
  readonly connection: Connection;
  readonly ethers: Connection["ethers"];
};

/** A coalition as the tasks for motions find it: members in groups round robin, whose votes are mature. */
export async function foundWithMotions(
  connection: Connection,
  options: { count?: number; parameters?: Parameters } = {},
): Promise<WithMotions> {
  const coalition = await foundCoalition(connection, { count: 10, ...options });
  return { ...coalition, connection, ethers: connection.ethers };
}

/** A member by number. */
export function memberNumbered({ members }: Pick<Founded, "members">, number: number): Person {
  const found = members[number - 1];
  if (found === undefined) throw new Error(`there is no member ${number}`);
  return found;
}

/** The coalition as a member's commands meet it, at this moment; all members' accounts are at hand. */
export async function sessionOf(coalition: WithMotions): Promise<Session> {
  const { chainId } = await coalition.ethers.provider.getNetwork();
  return {
    ...(await contextOf(coalition)),
    network: { name: "test", address: "here", chainId, isLocal: true, isEphemeral: false },
    accounts: [...coalition.members, ...coalition.outsiders],
    fromBlock: 0,
  };
}

/** Nothing was asked for but to act as somebody. */
export const acting = (person: Person, more: Partial<Manner> = {}): Manner => ({
  account: person.address,
  signOnly: false,
  out: "",
  deadline: "",
  ...more,
});

/** A folder with texts and a store, as somebody has them on their own machine. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "coalition-"));
  readonly store = new ContentStore(join(this.folder, "store"));

  /** A path in the folder. */
  readonly at = (name: string) => join(this.folder, name);

  /** Writes a file, and answers its path. */
  file(name: string, text: string): string {
    writeFileSync(this.at(name), text);
    return this.at(name);
  }

  /** What somebody writes with. */
  async desk(coalition: WithMotions, person: Person, more: Partial<Manner> = {}): Promise<Desk> {
    return { session: await sessionOf(coalition), store: this.store, manner: acting(person, more) };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a command tells, as one text. */
export const told = ({ lines }: Outcome): string => lines.join("\n");

/** Lets the members adopt a motion of member 1 that does this, from draft to execution; answers the decision. */
export async function enact(coalition: WithMotions, actions: readonly Action[], text = "Adopt it.\n") {
  const { connection, motions, members } = coalition;
  const list = listOf(actions);
  const motion = await tabled(motions, memberNumbered(coalition, 1), text, list);
  await connection.networkHelpers.time.increaseTo((await motions.motionOf(motion)).closesAt);
  await motions.putToVote(motion, list);
  const decision = await decisionOfMotion(connection, coalition, motion, list);
  await carry(decision, members);
  return decision.id;
}
