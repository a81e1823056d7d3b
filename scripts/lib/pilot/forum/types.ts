import type { StoryDecision } from "../elections/data.js";
import type { StoryText } from "../motions/types.js";

/** The forum of a pilot, as `forum.json5` and the threads hold it once they were found good. */

/** A post of a thread. */
export interface StoryPost {
  /** Member number. */
  readonly by: number;
  /** Number of the post that it answers, in its thread's file; none begins a thread of its own. */
  readonly to?: number;
  readonly text: StoryText;
}

/** Posts of one list, in the order in which they come. */
export interface StoryThread {
  readonly list: string;
  readonly file: string;
  readonly posts: readonly StoryPost[];
}

/** A post that something happens to. */
export interface StoryPlace {
  readonly file: string;
  /** Its number in the file. */
  readonly post: number;
}

export interface ForumStory {
  readonly code: StoryDecision & { readonly document: string; readonly clauses: readonly StoryText[] };
  readonly pool: StoryDecision & { readonly office: string };
  readonly threads: readonly StoryThread[];
  readonly edit: StoryPlace & { readonly text: StoryText };
  readonly emergency: StoryPlace & { readonly by: number; readonly reason: StoryText };
  readonly erasure: StoryPlace & { readonly reason: StoryText };
  readonly complaint: StoryPlace & {
    readonly by: number;
    /** Clause of the Code, from 1. */
    readonly clause: number;
    readonly evidence: StoryText;
    readonly response: StoryText;
    /** A suspension of speech, in days, and the hiding of the post. */
    readonly ruling: { readonly days: number; readonly reason: StoryText };
    readonly appeal: { readonly reason: StoryText; readonly days: number; readonly ruling: StoryText };
  };
}
