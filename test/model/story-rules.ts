import type { Random } from "./random.js";
import { CLASSES, type Class, MEASURES, type RuleBook, type Rules } from "./rules.js";
import { DAY } from "./words.js";

/** Between which values the rules of a history are, short enough for some thousand steps. */
function rangesOf(waitingFloor: number, groups: number): Record<(typeof MEASURES)[number], [number, number]> {
  return {
    notice: [60, Math.min(110, waitingFloor - 1)],
    period: [60, 240],
    delay: [60, 150],
    quorumBps: [100, 1_600],
    quorumFloor: [3, 5],
    approvalBps: [5_000, 7_000],
    approvalFloorBps: [0, 1_000],
    concurrence: [0, Math.min(3, groups)],
    endorsements: [0, 2],
  };
}

/** Rules of every class, a lesser one never stricter than a greater one. */
export function someRules(random: Random, waitingFloor: number, groups: number): RuleBook {
  const ranges = rangesOf(waitingFloor, groups);
  const ladders = Object.fromEntries(
    MEASURES.map((measure) => {
      const steps = CLASSES.map(() => random.between(...ranges[measure])).sort((a, b) => a - b);
      return [measure, steps];
    }),
  );
  return Object.fromEntries(
    CLASSES.map((kind, place) => {
      const chosen = MEASURES.map((measure) => [measure, ladders[measure]?.[place]] as const);
      return [kind, completed(random, kind, Object.fromEntries(chosen) as Measures, groups)];
    }),
  ) as RuleBook;
}

type Measures = Pick<Rules, (typeof MEASURES)[number]>;

/** Rules whose measures are chosen. */
function completed(random: Random, kind: Class, chosen: Measures, groups: number): Rules {
  const amendment = kind === "amendment";
  const { period, endorsements } = chosen;
  return {
    ...chosen,
    approvalBps: Math.max(chosen.approvalBps, amendment ? 6_000 : 5_000),
    concurrence: Math.max(chosen.concurrence, amendment ? 2 : 0),
    grace: random.between(60, 240),
    extension: random.chance(0.2) ? 0 : random.between(20, Math.floor(period * 0.7)),
    concurrenceMembers: random.between(1, 4),
    endorsementGroups: endorsements === 0 ? 0 : random.between(1, Math.min(endorsements, groups)),
  };
}

/** Other rules for a class: mostly good ones, between those of its neighbours. */
export function nextRules(
  random: Random,
  kind: Class,
  book: RuleBook,
  waitingFloor: number,
  groups: number,
): Rules {
  const ranges = rangesOf(waitingFloor, groups);
  const place = CLASSES.indexOf(kind);
  const [lesser, greater] = [place - 1, place + 1].map((other) => CLASSES[other]);
  const between = (measure: (typeof MEASURES)[number]) => {
    const min = lesser === undefined ? ranges[measure][0] : book[lesser][measure];
    const max = greater === undefined ? ranges[measure][1] : book[greater][measure];
    return random.between(Math.min(min, max), Math.max(min, max));
  };
  const chosen = Object.fromEntries(MEASURES.map((measure) => [measure, between(measure)])) as Measures;
  const next = completed(random, kind, chosen, groups);
  if (random.chance(0.7)) return next;
  return {
    ...next,
    ...random.pick<Partial<Rules>>([
      { notice: random.pick([59, waitingFloor]) },
      { period: random.pick([59, 90 * DAY + 1]) },
      { grace: random.pick([59, 180 * DAY + 1]) },
      { delay: random.pick([59, 30 * DAY + 1]) },
      { extension: next.period + 1 },
      { quorumBps: random.pick([99, 5_001]) },
      { quorumFloor: random.pick([2, random.between(8, 60)]) },
      { approvalBps: random.pick([4_999, 8_001]) },
      { approvalFloorBps: 2_501 },
      { concurrence: groups + 1 },
      { concurrenceMembers: 0 },
      { endorsements: 21, endorsementGroups: 1 },
      { endorsementGroups: next.endorsements + 1 },
      // Within its range, and stricter than a greater class, or less strict than a lesser one.
      { period: kind === "amendment" ? 60 : 241 },
      { delay: kind === "amendment" ? 60 : 151 },
      { quorumBps: kind === "amendment" ? 100 : 1_601 },
    ]),
  };
}
