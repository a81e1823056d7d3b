import type { Attempted } from "../attempts.js";
import type { Told } from "../roll/act.js";

/** What came of the motions, as the report has it. Moments in seconds since 1970, digests sha2-256. */

export interface RevisionFigures {
  /** From 1. */
  readonly revision: number;
  /** Who or what made it, in words. */
  readonly by: string;
  /** The story's file. */
  readonly text: string;
  readonly digest: string;
}

export interface AmendmentFigures {
  readonly number: number;
  readonly name: string;
  /** Member number of the mover. */
  readonly by: number;
  /** What it amends, in words. */
  readonly to: string;
  /** How often it was rebased. */
  readonly rebased: number;
  /** When it came before the members: 1 for the first of all, 0 for never. */
  readonly turn: number;
  readonly votes: string;
  readonly became: string;
}

export interface PlanFigures {
  readonly motion: number;
  readonly proposalId: string;
  readonly revisions: readonly RevisionFigures[];
  readonly amendments: readonly AmendmentFigures[];
  /** What the members changed of the text that its author put to them; "" where a clause is new, or gone. */
  readonly changes: readonly { readonly before: string; readonly after: string }[];
}

export interface StatementFigures {
  readonly number: number;
  readonly by: number;
  /** Members who stand behind it, who filed it included. */
  readonly signers: number;
  readonly text: string;
  readonly closedAt: number;
  /** Last second in which statements were taken. */
  readonly until: number;
  /** What later documents cite. */
  readonly record: string;
}

export interface VersionFigures {
  readonly version: number;
  readonly enactedAt: number;
  /** The motion that enacted it, in words. */
  readonly motion: string;
  readonly proposalId: string;
  /** The wordings in force, in their order. */
  readonly clauses: readonly { readonly clause: number; readonly text: string }[];
}

export interface CharterFigures {
  readonly document: string;
  readonly versions: readonly VersionFigures[];
}

export interface MotionFigures {
  readonly told: readonly Told[];
  readonly refused: readonly Attempted[];
  readonly plan: PlanFigures;
  readonly statement: StatementFigures;
  readonly charter: CharterFigures;
}
