import { AbiCoder, keccak256, ZeroHash } from "ethers";
import type { Place } from "../elections/chronicle.js";

/** `MotionActions.List`, as its event has it. Values in wei. */
export interface Actions {
  readonly targets: readonly string[];
  readonly values: readonly bigint[];
  readonly calldatas: readonly string[];
}

/**
 * How a text came to be: `written` by its author or mover; an amendment that was `accepted` as friendly, or `adopted` by
 * the members; or `returned`, unchanged, because a clause that it changes has moved.
 */
export type How = "written" | "accepted" | "adopted" | "returned";

/** What a revision of a motion and a version of an amendment have in common. */
export interface Writing {
  /** Revision or version, from 1. */
  readonly number: bigint;
  /** sha2-256 of the text. */
  readonly text: string;
  /** Digest of the actions, 0 for none. */
  readonly actions: string;
  /** The actions themselves. */
  readonly list: Actions;
  readonly how: How;
  /** Who wrote or accepted it, by member number; 0 where no member did alone. */
  readonly member: bigint;
  /** The amendment that was accepted or adopted; 0 for none. */
  readonly amendment: bigint;
  /** The decision by which; 0 for none, also where an amendment was adopted without a vote. */
  readonly decision: bigint;
  readonly at: Place & { readonly transaction: string };
}

/** A revision of a motion. */
export interface Revision extends Writing {
  /** sha2-256 of the purpose. */
  readonly purpose: string;
}

/** A version of an amendment. */
export interface Version extends Writing {
  /** The amendment that it amends, 0 for the motion. */
  readonly parent: bigint;
  /** Revision of the motion, or version of the parent, that it is written against. */
  readonly base: bigint;
  readonly substitute: boolean;
  /** sha2-256 of the reason; 0 where the text of another amendment came in. */
  readonly reason: string;
}

/** What events say of the stage of a motion: that it is closed for amendments, or lapsed, follows from time. */
export type MotionStatus = "draft" | "tabled" | "silence" | "put" | "adopted" | "withdrawn";

/** A motion with all that was made of it. Moments in seconds since 1970. */
export interface MotionHistory {
  readonly motion: bigint;
  /** Member number of the author. */
  readonly author: bigint;
  status: MotionStatus;
  readonly revisions: Revision[];
  /** First second in which it is closed for amendments, 0 before it is tabled; first one after its silence, 0 for none. */
  closesAt: bigint;
  silenceUntil: bigint;
  /** Members who endorse it as it is. */
  endorsers: Set<bigint>;
  objectors: Set<bigint>;
  /** The decision that it was put to, 0 for none; the resolution that it became without one, 0 for none. */
  decision: bigint;
  resolution: bigint;
  /** The amendment before the members, 0 for none; and all that were moved, in their order. */
  question: bigint;
  readonly amendments: bigint[];
}

/** What events say of the state of an amendment: that it lapsed with its motion is not among it. */
export type AmendmentStatus =
  | "open"
  | "silence"
  | "put"
  | "adopted"
  | "accepted"
  | "rejected"
  | "withdrawn"
  | "lapsed";

/** An amendment with all that was made of it. */
export interface AmendmentHistory {
  readonly amendment: bigint;
  readonly motion: bigint;
  /** Member number of the mover. */
  readonly mover: bigint;
  status: AmendmentStatus;
  readonly versions: Version[];
  /** First second after its silence, 0 for none. */
  silenceUntil: bigint;
  objectors: Set<bigint>;
  /** The decision that it was put to, 0 for none. */
  decision: bigint;
}

/** Everything that events tell of the motions of a coalition, by number. */
export interface Histories {
  readonly motions: ReadonlyMap<bigint, MotionHistory>;
  readonly amendments: ReadonlyMap<bigint, AmendmentHistory>;
}

/** The digest that stands for actions on chain. */
export function digestOfActions({ targets, values, calldatas }: Actions): string {
  if (targets.length === 0) return ZeroHash;
  const coder = AbiCoder.defaultAbiCoder();
  return keccak256(coder.encode(["address[]", "uint256[]", "bytes[]"], [targets, values, calldatas]));
}

/** The last revision or version; there is one from the start. */
export function lastOf<T extends Writing>(writings: readonly T[]): T {
  return writings.at(-1) as T;
}

/** Whether the text that an open amendment was written against has moved on, or is gone. */
export function isStale({ motions, amendments }: Histories, one: AmendmentHistory): boolean {
  const { parent, base } = lastOf(one.versions);
  const motion = motions.get(one.motion) as MotionHistory;
  if (parent === 0n) return base !== lastOf(motion.revisions).number;
  const target = amendments.get(parent) as AmendmentHistory;
  const isGone = target.status !== "open" || isStale({ motions, amendments }, target);
  return isGone || base !== lastOf(target.versions).number;
}
