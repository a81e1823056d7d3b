import type { Context } from "../member/coalition.js";
import { readWhole } from "../member/lookup.js";
import { Problem } from "../problem.js";

/** `IMotions.Stage`, in its order. */
export const STAGES = [
  "draft",
  "tabled",
  "closed for amendments",
  "silence",
  "put to the vote",
  "decided",
  "withdrawn",
  "lapsed",
] as const;
export type Stage = (typeof STAGES)[number];

/** `IAmendments.State`, in its order. */
export const AMENDMENT_STATES = [
  "open",
  "stale",
  "silence",
  "put to the vote",
  "adopted",
  "accepted",
  "rejected",
  "withdrawn",
  "lapsed",
] as const;
export type AmendmentState = (typeof AMENDMENT_STATES)[number];

/** A motion as it stands. Moments in seconds since 1970, 0 for none; digests as 0x and 64 digits, zeros for none. */
export interface Motion {
  readonly id: number;
  /** Member number of its author. */
  readonly author: number;
  readonly stage: Stage;
  readonly revision: number;
  readonly text: string;
  readonly purpose: string;
  readonly actions: string;
  /** First second in which it is closed for amendments. */
  readonly closesAt: number;
  readonly endorsements: number;
  /** Names of the stakeholder groups that endorsements came from. */
  readonly groups: readonly string[];
  readonly silenceUntil: number;
  readonly objections: number;
  /** The decision that it was put to, 0 for none. */
  readonly proposalId: bigint;
  /** The resolution that it became without a vote, 0 for none. */
  readonly resolution: number;
}

/** An amendment as it stands; as {@link Motion}. */
export interface Amendment {
  readonly id: number;
  readonly motion: number;
  /** The amendment that it amends, 0 for the motion. */
  readonly parent: number;
  /** Member number of its mover. */
  readonly mover: number;
  /** Revision of the motion, or version of the parent, that it was written against. */
  readonly base: number;
  readonly version: number;
  readonly state: AmendmentState;
  readonly substitute: boolean;
  readonly text: string;
  readonly actions: string;
  /** Last second in which it can be accepted as friendly. */
  readonly friendlyUntil: number;
  readonly silenceUntil: number;
  readonly objections: number;
  readonly proposalId: bigint;
}

/** The stage that a contract names by its index. */
export const stageAt = (index: unknown): Stage => STAGES[Number(index)] ?? "lapsed";

/** The state that a contract names by its index. */
export const stateAt = (index: unknown): AmendmentState => AMENDMENT_STATES[Number(index)] ?? "lapsed";

/** A number that a person gave: of a motion, an amendment, a revision. */
export const readId = (what: string, text: string): number => readWhole(what, text, 1, 2 ** 31);

/**
 * A motion by its number.
 * @throws {Problem} for one that was never drafted.
 */
export async function motionAt({ coalition, groups }: Context, id: number): Promise<Motion> {
  const last = Number(await coalition.motions.lastMotion());
  if (id > last) {
    throw new Problem(
      last === 0
        ? 'No motion was drafted yet; "motion draft" drafts one.'
        : `No motion has the number ${id}; they go from 1 to ${last} by now.`,
    );
  }
  const found = await coalition.motions.motionOf(id);
  return {
    id,
    author: Number(found.author),
    stage: stageAt(found.stage),
    revision: Number(found.revision),
    text: found.text,
    purpose: found.purpose,
    actions: found.actions,
    closesAt: Number(found.closesAt),
    endorsements: Number(found.endorsements),
    groups: groups.filter((_, group) => (found.endorsementGroups >> BigInt(group)) & 1n),
    silenceUntil: Number(found.silenceUntil),
    objections: Number(found.objections),
    proposalId: found.proposalId,
    resolution: Number(found.resolution),
  };
}

/**
 * An amendment by its number.
 * @throws {Problem} for one that was never moved.
 */
export async function amendmentAt({ coalition }: Context, id: number): Promise<Amendment> {
  const last = Number(await coalition.amendments.lastAmendment());
  if (id > last) {
    throw new Problem(
      last === 0
        ? 'No amendment was moved yet; "motion amend" moves one.'
        : `No amendment has the number ${id}; they go from 1 to ${last} by now.`,
    );
  }
  const found = await coalition.amendments.amendmentOf(id);
  return {
    id,
    motion: Number(found.motion),
    parent: Number(found.parent),
    mover: Number(found.mover),
    base: Number(found.base),
    version: Number(found.version),
    state: stateAt(found.state),
    substitute: found.substitute,
    text: found.text,
    actions: found.actions,
    friendlyUntil: Number(found.friendlyUntil),
    silenceUntil: Number(found.silenceUntil),
    objections: Number(found.objections),
    proposalId: found.proposalId,
  };
}

/** A stage or a state in the middle of a sentence: "the motion is …". */
export function inSentence(name: Stage | AmendmentState): string {
  if (name === "draft") return "a draft";
  return name === "silence" ? "in its silence" : name;
}

/** What an amendment amends, in words. */
export const amended = ({ motion, parent }: Pick<Amendment, "motion" | "parent">) =>
  parent === 0 ? `motion ${motion}` : `amendment ${parent} to motion ${motion}`;

/** The context after something was sent, with the chain's time since. */
export async function refreshed<C extends Context>(context: C): Promise<C> {
  const latest = await context.ethers.provider.getBlock("latest");
  return { ...context, now: latest?.timestamp ?? context.now };
}
