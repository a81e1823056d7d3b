import type { Attempted } from "./attempts.js";
import type { DecisionFigures, Figures } from "./figures.js";
import { SIDES, type Story } from "./types.js";

/** Something that the story says, beside what the chain says. */
export interface Comparison {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
  readonly ok: boolean;
}

/** Holds every figure of the story against the chain. */
export function compare(
  { decisions, expected, groups, steps }: Story,
  figures: Figures,
  attempted: readonly Attempted[],
): Comparison[] {
  const comparisons: Comparison[] = [];
  const same = (what: string, wanted: unknown, found: unknown) => {
    const [want, have] = [String(wanted), String(found)];
    comparisons.push({ what, expected: want, actual: have, ok: want === have });
  };
  const { roll, maturity, rotations } = figures;

  same("members on the roll", expected.roll.total, roll.total.value);
  same("joined directly", expected.roll.directly, roll.joined.value.directly);
  same("joined by a paid-for request", expected.roll.request, roll.joined.value.request);
  for (const { group, members } of roll.byGroup.value) {
    same(`members of ${group}`, expected.roll.byGroup[group], members);
  }
  const matured = maturity.value.map(({ votes }) => votes);
  same("votes maturing, boundary by boundary", expected.maturity.join(", "), matured.join(", "));
  const crowded = maturity.value.filter(({ votes, most }) => votes > most).length;
  same("boundaries that let more votes mature than floor and share allow", 0, crowded);
  same("key rotations", expected.rotations, rotations.value.length);
  for (const one of rotations.value) {
    same(`member ${one.number}: number held by the old key`, 0, one.oldHolds);
    same(`member ${one.number}: number held by the new key`, one.number, one.newHolds);
    same(`member ${one.number}: votes with the new key`, true, one.newBallots > 0);
  }
  for (const figure of figures.decisions) compareDecision(figure);
  for (const { who, what, expected: wanted, code } of attempted)
    same(`refused – ${who}, ${what}`, wanted, code);
  return comparisons;

  function compareDecision(figure: DecisionFigures): void {
    const { id } = figure;
    const wanted = expected.decisions[id];
    same(`${id}: class`, decisions[id].class, figure.class.value);
    same(`${id}: on the agenda`, true, figure.admitted.value);
    same(`${id}: outcome`, wanted.outcome, figure.outcome);
    same(`${id}: state`, wanted.state, figure.state.value);
    const agrees = (figure.outcome === "passed") !== (figure.state.value === "Defeated");
    same(`${id}: state agrees with the reckoning of its outcome`, true, agrees);
    same(`${id}: electorate`, wanted.electorate, figure.electorate.value);
    same(`${id}: quorum`, wanted.quorum, figure.quorum.value);
    for (const step of steps) {
      if (step.kind === "propose" && step.decision === id)
        same(`${id}: proposer`, step.by, figure.proposer.value);
    }
    same(`${id}: ballots changed`, wanted.changed, figure.changed.value);
    for (const { number, counts } of figure.changes.value) {
      const last = steps.findLast(
        (step) => step.kind === "change" && step.decision === id && step.by === number,
      );
      if (last?.kind === "change") same(`${id}: changed ballot of member ${number} counts`, last.to, counts);
    }
    for (const side of SIDES) same(`${id}: ${side}`, wanted[side], figure.count.value[side]);
    for (const { group, count } of figure.byGroup.value) {
      const show = (sides: Record<(typeof SIDES)[number], number>) =>
        `${sides.for} for, ${sides.against} against, ${sides.abstain} abstain`;
      same(`${id}: ${group}`, show(wanted.byGroup[group]), show(count));
    }
    same(`${id}: groups that agree`, wanted.agreeing, figure.agreement.value.agreeing);
    const inGroups = figure.byGroup.value.reduce((sum, { electorate }) => sum + electorate, 0);
    same(`${id}: electorates of the ${groups.length} groups together`, figure.electorate.value, inGroups);
    wanted.effects.forEach(({ expected: effect }, index) => {
      const { what, before, after } = figure.effects[index];
      if (effect !== "unchanged") same(`${id}: ${what} before`, effect.before, before.value);
      same(`${id}: ${what} after`, effect === "unchanged" ? before.value : effect.after, after.value);
    });
  }
}
