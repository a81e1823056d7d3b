import type { Context } from "../member/coalition.js";
import { counted, listed } from "../member/words.js";
import { Problem } from "../problem.js";
import type { Complaint, Ruling } from "./messages.js";

/** `IConduct.Phase`, in its order. */
export const PHASES = [
  "none",
  "response",
  "drawing",
  "deliberation",
  "appealable",
  "before the members",
  "closed",
] as const;

/** `IConduct.Result`, in its order. */
export const RESULTS = ["pending", "dismissed", "upheld", "lapsed"] as const;

/** A case as the public sees it. Moments in seconds since 1970, 0 for none. */
export interface Case {
  readonly id: number;
  readonly complaint: Complaint;
  /** Of the Code, in force at the complaint. */
  readonly version: number;
  /** Whether a member of the pool brought it for somebody who is not named. */
  readonly confidential: boolean;
  readonly openedAt: number;
  readonly phase: (typeof PHASES)[number];
  /** Last second of the phase. */
  readonly until: number;
  /** 1, or 2 after an appeal. */
  readonly instance: number;
  readonly draw: number;
  readonly result: (typeof RESULTS)[number];
  /** The one in effect. */
  readonly ruling: Ruling;
  readonly ruledAt: number;
}

const DAY = 86_400;
const HOUR = 3_600;

/**
 * A case by number.
 * @throws {Problem} for a number that was never given out.
 */
export async function caseAt({ coalition }: Pick<Context, "coalition">, id: number): Promise<Case> {
  const last = Number(await coalition.conduct.lastCase());
  if (id < 1 || id > last) {
    throw new Problem(
      last === 0
        ? "No case was opened yet."
        : `No case has the number ${id}; they go from 1 to ${last} by now.`,
    );
  }
  const seen = await coalition.conduct.caseOf(id);
  const { respondent, clause, rule, list, post, evidence } = seen.complaint;
  return {
    id,
    complaint: {
      ...{ respondent: Number(respondent), clause: Number(clause), rule },
      ...{ list: Number(list), post: Number(post), evidence },
    },
    version: Number(seen.version),
    confidential: BigInt(seen.commitment) !== 0n,
    openedAt: Number(seen.openedAt),
    phase: PHASES[Number(seen.phase)] ?? "none",
    until: Number(seen.until),
    instance: Number(seen.instance),
    draw: Number(seen.draw),
    result: RESULTS[Number(seen.result)] ?? "pending",
    ruling: rulingOf(seen.ruling),
    ruledAt: Number(seen.ruledAt),
  };
}

/** A ruling as the contract gives it. */
export const rulingOf = (seen: Omit<Ruling, "suspension"> & { readonly suspension: bigint }): Ruling => ({
  ...{ upheld: seen.upheld, warn: seen.warn, hide: seen.hide, erase: seen.erase, refer: seen.refer },
  ...{ suspension: Number(seen.suspension), reason: seen.reason },
});

/** What is ruled, in words. */
export function rulingInWords(ruling: Omit<Ruling, "reason">): string {
  if (!ruling.upheld) return "the complaint is not upheld";
  const consequences = [
    ...(ruling.warn ? ["a warning"] : []),
    ...(ruling.hide ? ["the post is hidden"] : []),
    ...(ruling.erase ? ["its text is to be erased"] : []),
    ...(ruling.suspension === 0 ? [] : [`no speech for ${span(ruling.suspension)}`]),
    ...(ruling.refer ? ["the members are asked to look at it"] : []),
  ];
  return `the complaint is upheld; ${consequences.length === 0 ? "nothing follows from it" : listed(consequences)}`;
}

/** A span of seconds in words. */
export function span(seconds: number): string {
  if (seconds % DAY === 0) return counted(seconds / DAY, "day");
  return seconds % HOUR === 0 ? counted(seconds / HOUR, "hour") : counted(seconds, "second");
}

/** What a case is about, in words. */
export const aboutOf = ({ complaint: { list, post } }: Pick<Case, "complaint">): string =>
  list === 0 ? "something other than a post" : `the post at place ${post} of list ${list}`;
