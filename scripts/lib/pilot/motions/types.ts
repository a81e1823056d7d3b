import type { Side } from "../types.js";

/** The motions of a pilot, as `motions.json5` holds them once they were found good. */

/** A text: a Markdown file of the story. */
export interface StoryText {
  /** As the story names it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

export type StoryBallots = Readonly<Record<Side, readonly number[]>>;

/** What members moved or decided on, and why or what for. */
interface Written {
  /** Member number of its author. */
  readonly by: number;
  readonly text: StoryText;
}

/** A motion that was put to the vote as it was written. */
export interface StoryMotion extends Written {
  readonly purpose: StoryText;
  readonly endorsers: readonly number[];
  readonly ballots: StoryBallots;
}

export interface StoryAmendment extends Written {
  readonly name: string;
  /** The name of the amendment that it amends; none for the motion. */
  readonly to?: string;
  readonly reason: StoryText;
  /** What its mover makes of it when its text moved on. */
  readonly rebased?: { readonly text: StoryText; readonly reason: StoryText };
  readonly ballots: StoryBallots;
  readonly becomes: "adopted" | "rejected";
}

/** Members who try what must be refused. */
export interface StoryRefusals {
  /** An amendment against the text before the edit. */
  readonly stale: number;
  /** An amendment to an amendment to an amendment. */
  readonly third: number;
  /** Another question while one is before the members. */
  readonly turn: number;
}

export interface StoryStatement extends Written {
  readonly cosigners: readonly number[];
  /** Who voted for the plan, and tries to file one too. */
  readonly refused: number;
}

export interface StoryPlan {
  readonly by: number;
  readonly purpose: StoryText;
  /** As it was tabled, and as its author edited it then. */
  readonly tabled: StoryText;
  readonly edited: StoryText;
  readonly endorsers: readonly number[];
  /** In the order in which they are moved. */
  readonly amendments: readonly StoryAmendment[];
  readonly ballots: StoryBallots;
  readonly refused: StoryRefusals;
  readonly statement: StoryStatement;
  readonly expected: {
    /** Names of the amendments, in the order in which they came before the members. */
    readonly order: readonly string[];
    readonly revisions: number;
    /** The text that was put to the vote. */
    readonly text: StoryText;
  };
}

/** A motion that changes the wording of a clause. */
export interface StoryWording extends StoryMotion {
  readonly wording: StoryText;
}

/** The motions that change a document, by the names that the versions have for them. */
export const CHARTER_MOTIONS = ["first", "sooner", "later"] as const;
export type CharterMotion = (typeof CHARTER_MOTIONS)[number];

export interface StoryCharter {
  /** Title of the document. */
  readonly document: string;
  /** Brings the first clauses, numbered from 1. */
  readonly first: StoryMotion & { readonly clauses: readonly StoryText[] };
  /** The clause that two motions change at once. */
  readonly clause: number;
  readonly sooner: StoryWording;
  /** Passes too, and is rebased because the clause has moved. */
  readonly later: StoryWording & {
    readonly rebased: {
      readonly text: StoryText;
      readonly wording: StoryText;
      readonly ballots: StoryBallots;
    };
  };
  readonly expected: {
    readonly versions: readonly { readonly by: CharterMotion; readonly clauses: readonly StoryText[] }[];
  };
}

export interface MotionStory {
  readonly plan: StoryPlan;
  readonly charter: StoryCharter;
}
