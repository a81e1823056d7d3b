import type { ErrorDescription } from "ethers";
import type { Coalition } from "./coalition.js";
import { STATES } from "./types.js";
import { date } from "./words.js";

/** As IMembership has them. */
const STANDINGS = [
  "Granted",
  "NotMember",
  "Ended",
  "Rotated",
  "Immature",
  "Suspended",
  "Unqualified",
  "Dormant",
  "Represented",
] as const;
type Standing = (typeof STANDINGS)[number];

/** What a contract answered to somebody who may not. */
export interface Refusal {
  /** The custom error, with what it says about the standing or the state. */
  readonly code: string;
  /** The same for a person. */
  readonly sentence: string;
}

/** What a sentence may say beside the values in the error. */
export interface Setting {
  /** When the decision opened. */
  readonly opened?: number | undefined;
  /** When the last moment to vote on it was. */
  readonly closed?: number | undefined;
  /** When it can be carried out. */
  readonly due?: number | undefined;
}

/** Reads the custom error in what a provider threw; throws what is none. */
export function decode(
  thrown: unknown,
  { governor, membership, requests, timelock, agenda }: Coalition,
): ErrorDescription {
  const data = findData(thrown);
  for (const { interface: candidate } of [governor, membership, requests, timelock, agenda]) {
    const description = data === undefined ? null : candidate.parseError(data);
    if (description !== null) return description;
  }
  throw thrown;
}

/** The refusal in an error. */
export function explain({ name, args }: ErrorDescription, setting: Setting): Refusal {
  const standing = (index: unknown) => STANDINGS[Number(index)] ?? "NotMember";
  const say = (code: string, sentence: string): Refusal => ({ code, sentence });
  switch (name) {
    case "CoalitionGovernorBallotRefused": {
      const why = standing(args.standing);
      return say(`${name}: ${why}`, because(why, args.explanation, "vote", setting));
    }
    case "CoalitionGovernorProposerRefused": {
      const why = standing(args.standing);
      return say(`${name}: ${why}`, because(why, args.explanation, "propose", setting));
    }
    case "AgendaEndorserRefused": {
      const why = standing(args.standing);
      return say(`${name}: ${why}`, because(why, args.explanation, "propose", setting));
    }
    case "GovernorUnexpectedProposalState": {
      const state = STATES[Number(args.current)] ?? "unknown";
      return say(`${name}: ${state}`, stateSentence(state, setting));
    }
    case "CoalitionGovernorTooEarly":
      return say(
        name,
        `The decision waits in the timelock and can be carried out from ${date(args.etaSeconds)} on.`,
      );
    case "TimelockUnexpectedOperationState":
      return say(
        name,
        setting.due === undefined
          ? "The timelock does not hold this decision ready."
          : `The decision waits in the timelock and can be carried out from ${date(setting.due)} on.`,
      );
    case "MembershipAlreadyMember":
      return say(name, `This key is on the roll already, as member ${args.number}; one key is one member.`);
    case "MembershipWrongCodeDigest":
      return say(
        name,
        `The Code of Conduct that was accepted (${brief(args.given)}) is not the version in force (${brief(args.inForce)}).`,
      );
    case "MembershipUnknownGroup":
      return say(name, `There is no group ${args.group}; the groups are numbered 0 to ${args.count - 1n}.`);
    case "MembershipNotMember":
      return say(name, "This key is not on the roll.");
    default:
      return say(name, `The contract refuses with ${name}(${args.join(", ")}).`);
  }
}

function because(
  standing: Standing,
  explanation: bigint,
  right: "vote" | "propose",
  { opened }: Setting,
): string {
  const when = date(explanation);
  switch (standing) {
    case "NotMember":
      return `This key is not on the roll. Anyone may join; the right to ${right} comes with the mature vote.`;
    case "Immature":
      return right === "vote" && opened !== undefined
        ? `The vote of this member matures on ${when}. The decision opened before, on ${date(opened)}, and its electorate is fixed since.`
        : `The vote of this member matures on ${when}; the right to ${right} comes with it.`;
    case "Rotated":
      return `The member moved to another key on ${when}; only the new key can ${right}.`;
    case "Ended":
      return `This membership ended on ${when}.`;
    case "Suspended":
      return `The right to ${right} is suspended until ${when}.`;
    case "Unqualified":
      return `This member is a participant: the right to ${right} comes with the vote, once the admission policy is met.`;
    case "Dormant":
      return `This membership was last confirmed on ${when}; the right to ${right} rests until it is confirmed again.`;
    case "Represented":
      return "An organisation with which this member is affiliated votes instead.";
    case "Granted":
      return "The member has the right.";
  }
}

function stateSentence(state: string, { opened, closed }: Setting): string {
  switch (state) {
    case "Pending":
      return opened === undefined ? "The vote has not opened." : `The vote opens on ${date(opened)}.`;
    case "Defeated":
      return "The members did not agree to this decision; nobody can carry it out.";
    case "Expired":
      return "The decision passed and was not carried out in time; it has expired.";
    case "Executed":
      return "The decision has been carried out; nothing runs twice.";
    default:
      return closed === undefined ? `The decision is ${state}.` : `The vote closed on ${date(closed)}.`;
  }
}

/** The error's bytes, wherever this kind of provider put them. */
export function findData(thrown: unknown, depth = 0): string | undefined {
  if (typeof thrown === "string") return /^0x(?:[0-9a-f]{2}){4,}$/i.test(thrown) ? thrown : undefined;
  if (typeof thrown !== "object" || thrown === null || depth > 4) return undefined;
  const { data, error, info, cause } = thrown as Record<string, unknown>;
  for (const inner of [data, error, info, cause]) {
    const found = findData(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const brief = (digest: string) => `${digest.slice(0, 10)}…`;
