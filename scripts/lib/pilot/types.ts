import type { ClassKey } from "../parameters.js";

/** The data of a pilot, as `roll.json5` and `story.json5` hold it once they were found good. */

export const SIDES = ["against", "for", "abstain"] as const;
/** Its place in {@link SIDES} is the ballot's support on chain. */
export type Side = (typeof SIDES)[number];
export type Count = Record<Side, number>;

export const CONTRACTS = ["membership", "governor", "timelock", "agenda"] as const;
export type ContractName = (typeof CONTRACTS)[number];

export interface RollEntry {
  readonly number: number;
  readonly group: string;
  readonly joins: "directly" | "request";
  readonly week: number;
}

/** A value, or what a getter answers to `of` when the decision is proposed, with some fields changed. */
export type Argument =
  | string
  | number
  | {
      readonly inForce: string;
      readonly of: readonly number[];
      readonly but: Readonly<Record<string, number>>;
    };

export interface Action {
  readonly contract: ContractName;
  readonly function: string;
  readonly arguments: readonly Argument[];
}

export interface Decision {
  readonly id: string;
  readonly title: string;
  /** The whole text; it goes on chain as the proposal's description. */
  readonly text: string;
  /** What it is, by what it does; the chain must say the same. */
  readonly class: ClassKey;
  readonly actions: readonly Action[];
  readonly ballots: Readonly<Record<Side, readonly number[]>>;
}

export type Moment =
  | { readonly kind: "week" | "votes"; readonly count: number }
  | { readonly kind: "opening" | "close" | "due"; readonly decision: string };

export const ATTEMPTS = ["vote", "propose", "join", "execute"] as const;

/** Who attempts: somebody who is no member, a member, or the key that a member had before. */
export type Actor = "outsider" | { readonly member: number; readonly oldKey: boolean };

export interface Attempt {
  readonly kind: "attempt";
  readonly what: (typeof ATTEMPTS)[number];
  readonly as: Actor;
  readonly on?: string;
  /** Digest of the Code that is accepted in an attempt to join; the one in force unless given. */
  readonly accepting?: string;
  readonly refused: string;
}

export type Deed =
  | { readonly kind: "join"; readonly week: number }
  | { readonly kind: "propose"; readonly decision: string; readonly by: number }
  | { readonly kind: "endorse"; readonly decision: string; readonly by: readonly number[] }
  | { readonly kind: "vote" | "queue" | "execute" | "close"; readonly decision: string }
  | { readonly kind: "change"; readonly decision: string; readonly by: number; readonly to: Side }
  | { readonly kind: "rotate"; readonly by: number }
  | Attempt;

export type Step = Deed & { readonly at?: Moment };

export interface Effect {
  readonly contract: ContractName;
  readonly getter: string;
  /** What the getter is asked about. */
  readonly of: readonly number[];
  readonly field: string;
  /** What it must be before and after; a value that must only stay the same need not be named. */
  readonly expected: { readonly before: string; readonly after: string } | "unchanged";
}

export const OUTCOMES = ["passed", "no quorum", "too little approval", "rejected", "no concurrence"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const STATES = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;

export interface ExpectedDecision extends Count {
  readonly outcome: Outcome;
  readonly state: (typeof STATES)[number];
  readonly electorate: number;
  readonly quorum: number;
  /** Ballots that were changed before the close. */
  readonly changed: number;
  /** Groups, of those that were large enough to be heard, in which For exceeds Against. */
  readonly agreeing: number;
  readonly byGroup: Readonly<Record<string, Count>>;
  readonly effects: readonly Effect[];
}

export interface Expected {
  readonly roll: {
    readonly total: number;
    readonly directly: number;
    readonly request: number;
    readonly byGroup: Readonly<Record<string, number>>;
  };
  readonly maturity: readonly number[];
  readonly rotations: number;
  readonly decisions: Readonly<Record<string, ExpectedDecision>>;
}

export interface Story {
  /** Its name in messages. */
  readonly file: string;
  readonly title: string;
  /** Digest of the Code of Conduct at the founding. */
  readonly codeDigest: string;
  readonly groups: readonly string[];
  readonly roll: readonly RollEntry[];
  readonly decisions: Readonly<Record<string, Decision>>;
  readonly steps: readonly Step[];
  readonly expected: Expected;
}
