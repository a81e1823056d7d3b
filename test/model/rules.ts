/**
 * The rules of decisions by class: their ranges, how they judge a count, and which class an action is of.
 */
import { type Action, FUNCTIONS, type Known, type Place } from "./actions.js";
import { DAY, Refusal, requireRange } from "./words.js";

/** From the least to the greatest. */
export const CLASSES = ["motionAmendment", "resolution", "action", "appeal", "amendment"] as const;
export type Class = (typeof CLASSES)[number];

export type Rules = {
  notice: number;
  period: number;
  grace: number;
  delay: number;
  extension: number;
  quorumBps: number;
  quorumFloor: number;
  approvalBps: number;
  approvalFloorBps: number;
  concurrence: number;
  concurrenceMembers: number;
  endorsements: number;
  endorsementGroups: number;
};

export type RuleBook = Readonly<Record<Class, Rules>>;

/** In these a lesser class is never stricter than a greater one, and the contracts look at them in this order. */
export const MEASURES = [
  "notice",
  "period",
  "delay",
  "quorumBps",
  "quorumFloor",
  "approvalBps",
  "approvalFloorBps",
  "concurrence",
  "endorsements",
] as const satisfies (keyof Rules)[];

/** What is known where rules are set. */
export type Frame = { shortestStage: number; longestNotice: number; highestFloor: number; groups: number };

/** Refuses unless every rule is within its range. */
export function requireRules(kind: Class, rules: Rules, frame: Frame): void {
  const amendment = kind === "amendment";
  const { shortestStage: least, longestNotice, highestFloor, groups } = frame;
  const { period, endorsements } = rules;
  const ranges: Readonly<Record<keyof Rules, readonly [min: number, max: number]>> = {
    notice: [least, longestNotice],
    period: [least, 90 * DAY],
    grace: [least, 180 * DAY],
    delay: [least, 30 * DAY],
    extension: [0, Math.min(period, 14 * DAY)],
    quorumBps: [100, 5_000],
    quorumFloor: [3, highestFloor],
    approvalBps: [amendment ? 6_000 : 5_000, 8_000],
    approvalFloorBps: [0, 2_500],
    concurrence: [amendment ? 2 : 0, groups],
    concurrenceMembers: [1, 255],
    endorsements: [0, 20],
    endorsementGroups: [Math.min(endorsements, 1), Math.min(endorsements, groups)],
  };
  for (const rule of Object.keys(ranges) as (keyof Rules)[])
    requireRange("DecisionRulesOutOfRange", rule, rules[rule], ...ranges[rule]);
}

/** Refuses rules of a class that would make it stricter than a greater one, or a lesser one stricter than it. */
export function requireOrder(kind: Class, rules: Rules, book: RuleBook): void {
  for (const other of CLASSES) {
    if (other === kind) continue;
    const isLesser = CLASSES.indexOf(other) < CLASSES.indexOf(kind);
    const [lesser, greater] = isLesser ? [book[other], rules] : [rules, book[other]];
    const wrong = MEASURES.find((measure) => lesser[measure] > greater[measure]);
    if (wrong === undefined) continue;
    const places = [other, kind].map((one) => CLASSES.indexOf(one)).sort();
    throw new Refusal("DecisionBoundsUnordered", ...places, wrong);
  }
}

/** A share of a number, rounded up. */
export function shareOf(number: number, bps: number): number {
  return Math.ceil((number * bps) / 10_000);
}

export function quorum(rules: Rules, electorate: number): number {
  return Math.max(shareOf(electorate, rules.quorumBps), rules.quorumFloor);
}

/** Against, For and Abstain. */
export type Count = [against: number, inFavour: number, abstained: number];

/** Why a count does not carry a decision; undefined if it does. */
export function flawOf(
  rules: Rules,
  electorate: readonly number[],
  counts: readonly Count[],
): string | undefined {
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0);
  const members = sum(electorate);
  const [against, inFavour, abstained] = [0, 1, 2].map((choice) =>
    sum(counts.map((count) => count[choice] as number)),
  ) as Count;
  if (inFavour + abstained < quorum(rules, members)) return "without quorum";
  if (inFavour < shareOf(members, rules.approvalFloorBps)) return "below the floor of For";
  if (inFavour * 10_000 <= (inFavour + against) * rules.approvalBps)
    return against === inFavour ? "with a tie" : "rejected by those who took sides";
  const heard = heardGroups(rules, electorate);
  const agreeing = heard.filter((group) => {
    const [groupAgainst, groupFor] = counts[group] as Count;
    return groupFor > groupAgainst;
  });
  return agreeing.length < Math.min(rules.concurrence, heard.length) ? "without concurrence" : undefined;
}

/** The groups that are large enough to be heard on their own. */
export function heardGroups({ concurrenceMembers }: Rules, electorate: readonly number[]): number[] {
  return [...electorate.keys()].filter((group) => (electorate[group] as number) >= concurrenceMembers);
}

/** Which class an action is of. What governor and timelock do is an amendment for ever. */
export class Classes {
  readonly guarded = new Set<Place>(GUARDED);
  readonly table = new Map<Known, Class>(TABLE);

  of(action: Known): Class {
    const place = FUNCTIONS[action][0];
    if (isFixed(place)) return "amendment";
    if (!this.guarded.has(place)) return "action";
    return this.table.get(action) ?? "amendment";
  }

  /** The greatest class of some actions. */
  ofAll(actions: readonly Action[]): Class {
    const places = actions.map((action) =>
      CLASSES.indexOf(action.do === "callNobody" ? "action" : this.of(action.do)),
    );
    return CLASSES[Math.max(0, ...places)] as Class;
  }
}

export function isFixed(place: Place): boolean {
  return place === "governor" || place === "timelock";
}

const GUARDED: readonly Place[] = [
  "membership",
  "requests",
  "delegations",
  "confirmations",
  "affiliations",
  "claims",
  "recovery",
  "agenda",
  "guardian",
  "resolutions",
];

/** What is less than an amendment though it is done to an organ. */
const TABLE: readonly (readonly [Known, Class])[] = [
  ["record", "resolution"],
  ["restore", "action"],
  ["decideRecovery", "action"],
  ["uphold", "action"],
  ["dismiss", "action"],
  ["dismissGuardian", "action"],
];
