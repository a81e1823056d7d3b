import type { Context } from "./coalition.js";
import { date } from "./words.js";

/** `IMembership.Standing`, in its order. */
export const STANDINGS = [
  "granted",
  "not a member",
  "ended",
  "moved to another key",
  "immature",
  "suspended",
  "participant",
  "dormant",
  "represented",
] as const;
export type Standing = (typeof STANDINGS)[number];

/** `IMembership.Right`, in its order. */
export const RIGHTS = ["speak", "propose", "vote", "stand"] as const;
export type Right = (typeof RIGHTS)[number];

/** Whether a key has a right at a moment, and if not, why. */
export interface Judgement {
  readonly standing: Standing;
  /** The member number that the key holds, or held last; 0 if it never did. */
  readonly number: number;
  readonly group: number;
  /** The moment that explains it, in seconds since 1970; 0 for none. */
  readonly explanation: number;
}

/** The standing that a contract names by its index. */
export const standingAt = (index: unknown): Standing => STANDINGS[Number(index)] ?? "not a member";

/** Asks the roll whether a key has a right at a moment. */
export async function judge(
  { coalition }: Context,
  key: string,
  right: Right,
  moment: number,
): Promise<Judgement> {
  const answer = await coalition.membership.standingOf(key, RIGHTS.indexOf(right), moment);
  const [standing, number, group, explanation] = answer.map(Number);
  return {
    standing: standingAt(standing),
    number: Number(number),
    group: Number(group),
    explanation: Number(explanation),
  };
}

/**
 * Why a key does not have a right now, as the end of a sentence that names whose it is: "… is suspended until …".
 * @param explanation The moment that explains it, in seconds since 1970.
 */
export function whyNot(standing: Standing, explanation: number | bigint): string {
  const when = date(explanation);
  switch (standing) {
    case "granted":
      return "has the right";
    case "not a member":
      return "is not on the roll";
    case "ended":
      return `is no longer on the roll, since ${when}`;
    case "moved to another key":
      return `gave its member number to another key on ${when}`;
    case "immature":
      return `has no vote yet; it matures on ${when}`;
    case "suspended":
      return `is suspended from this until ${when}`;
    case "participant":
      return "is a participant: the vote comes once the admission policy is met";
    case "dormant":
      return `is dormant: the membership was confirmed last on ${when}; "member confirm" brings the vote back at once`;
    case "represented":
      return "is represented: the organisation they are affiliated with votes instead";
  }
}
