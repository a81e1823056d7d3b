import { diffArrays, diffWordsWithSpace } from "diff";
import { Problem } from "../problem.js";
import { type Clause, splitClauses } from "./clauses.js";

/** Words that stayed, came or went, in their order. */
export interface WordChange {
  readonly kind: "same" | "inserted" | "removed";
  readonly text: string;
}

/** What became of a clause. */
export interface ClauseChange<C extends { readonly text: string }> {
  readonly kind: "same" | "amended" | "inserted" | "repealed";
  /** Undefined of one that was inserted. */
  readonly before?: C;
  /** Undefined of one that was repealed. */
  readonly after?: C;
  /** Of one that was amended: without the inserted ones they give its text before, without the removed ones after. */
  readonly words: readonly WordChange[];
}

/** A clause of the charter: its number stays with it for good. */
export interface NumberedClause {
  readonly number: number;
  readonly text: string;
}

/** How alike two clauses must be to be one that was amended: the share of words in common. */
const ALIKE = 0.4;
/** Up to how many pairs every clause that went is held against every one that came, to find the best. */
const MOST_PAIRS = 10_000;
/** Differences that are looked for word by word, or clause by clause: beyond, all is new. It bounds the time. */
const MOST_EDITS = 2_000;

/**
 * Compares two Markdown texts clause by clause. The `before` of all changes are the first text's clauses in their
 * order, the `after` the second's; blank lines between clauses make no difference.
 */
export function diffTexts(before: string, after: string): ClauseChange<Clause>[] {
  const [old, fresh] = [splitClauses(before), splitClauses(after)];
  const changes: ClauseChange<Clause>[] = [];
  let [from, to] = [0, 0];
  for (const { kept, removed, added } of stretches(old.map(keyOf), fresh.map(keyOf))) {
    const [gone, come] = [old.slice(from, from + removed), fresh.slice(to, to + added)];
    changes.push(...matched(gone, come));
    from += removed;
    to += added;
    for (let index = 0; index < kept; index++, from++, to++) {
      changes.push({ kind: "same", before: old[from] as Clause, after: fresh[to] as Clause, words: [] });
    }
  }
  return changes;
}

/**
 * Compares two versions of a charter by the numbers of their clauses: one is amended, inserted or repealed; none moves.
 * @throws Problem where a number comes twice, or two clauses stand in another order than before.
 */
export function diffClauses(
  before: readonly NumberedClause[],
  after: readonly NumberedClause[],
): ClauseChange<NumberedClause>[] {
  const [old, fresh] = [byNumber(before), byNumber(after)];
  const [stayed, stay] = [
    before.filter(({ number }) => fresh.has(number)),
    after.filter(({ number }) => old.has(number)),
  ];
  const moved = stayed.findIndex(({ number }, index) => stay[index]?.number !== number);
  if (moved >= 0) {
    throw new Problem(
      `Clause ${stay[moved]?.number} stands where clause ${stayed[moved]?.number} stood, allowed: the order of before`,
    );
  }
  const changes: ClauseChange<NumberedClause>[] = [];
  let index = 0;
  const repealed = () => {
    for (let one = before[index]; one !== undefined && !fresh.has(one.number); one = before[++index]) {
      changes.push({ kind: "repealed", before: one, words: [] });
    }
  };
  for (const clause of after) {
    repealed();
    const earlier = old.get(clause.number);
    if (earlier !== undefined) index++;
    changes.push(earlier === undefined ? inserted(clause) : compared(earlier, clause));
  }
  repealed();
  return changes;
}

/** Compares two texts word by word. White space counts. */
export function diffWords(before: string, after: string): WordChange[] {
  const found = diffWordsWithSpace(before, after, { maxEditLength: MOST_EDITS });
  if (found === undefined) {
    const whole: WordChange[] = [
      { kind: "removed", text: before },
      { kind: "inserted", text: after },
    ];
    return whole.filter(({ text }) => text !== "");
  }
  return found.map(({ added, removed, value }) => ({ kind: kindOf(added, removed), text: value }));
}

const kindOf = (added: boolean, removed: boolean) => (added ? "inserted" : removed ? "removed" : "same");

/** Clauses are the same if their lines are; the last of a text may lack its line feed. */
const keyOf = ({ kind, text }: Clause) => `${kind}:${text.endsWith("\n") ? text.slice(0, -1) : text}`;

/** How many went and came, and how many stayed after that. */
interface Stretch {
  readonly removed: number;
  readonly added: number;
  readonly kept: number;
}

function stretches(before: readonly string[], after: readonly string[]): Stretch[] {
  const found = diffArrays([...before], [...after], { maxEditLength: MOST_EDITS });
  if (found === undefined) return [aroundTheMiddle(before, after)].flat();
  const list: Stretch[] = [];
  let [removed, added] = [0, 0];
  for (const part of found) {
    if (part.removed) removed += part.count;
    else if (part.added) added += part.count;
    else {
      list.push({ removed, added, kept: part.count });
      [removed, added] = [0, 0];
    }
  }
  return [...list, { removed, added, kept: 0 }];
}

/** For texts with little in common: what they begin and end with alike stayed, all between is new. */
function aroundTheMiddle(before: readonly string[], after: readonly string[]): Stretch[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [
    { removed: 0, added: 0, kept: head },
    { removed: before.length - head - tail, added: after.length - head - tail, kept: tail },
  ];
}

/** Of clauses that went and clauses that came in one place: which are the same, amended. */
function matched(gone: readonly Clause[], come: readonly Clause[]): ClauseChange<Clause>[] {
  const [old, fresh] = [gone.map(profileOf), come.map(profileOf)];
  const pairs = gone.length * come.length <= MOST_PAIRS ? bestPairs(old, fresh) : pairsByPlace(old, fresh);
  const changes: ClauseChange<Clause>[] = [];
  let [from, to] = [0, 0];
  for (const [one, other] of [...pairs, [gone.length, come.length] as const]) {
    for (; from < one; from++) changes.push({ kind: "repealed", before: gone[from] as Clause, words: [] });
    for (; to < other; to++) changes.push(inserted(come[to] as Clause));
    if (one === gone.length) break;
    changes.push(compared(gone[from++] as Clause, come[to++] as Clause));
  }
  return changes;
}

type Pair = readonly [before: number, after: number];

/** The pairs, in order, that are the most alike in sum. */
function bestPairs(old: readonly Profile[], fresh: readonly Profile[]): Pair[] {
  const alike = old.map((one) => fresh.map((other) => likeness(one, other)));
  // What can be had at best of the clauses from here on.
  const best = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  const at = (row: number, column: number) => best[row]?.[column] ?? 0;
  const gain = (row: number, column: number) => {
    const found = alike[row]?.[column] ?? 0;
    return found < ALIKE ? 0 : found + at(row + 1, column + 1);
  };
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      const most = Math.max(at(row + 1, column), at(row, column + 1), gain(row, column));
      (best[row] as number[])[column] = most;
    }
  }
  const pairs: Pair[] = [];
  for (let [row, column] = [0, 0]; row < old.length && column < fresh.length; ) {
    const most = at(row, column);
    if (most > 0 && most === gain(row, column)) pairs.push([row++, column++]);
    else if (most === at(row + 1, column)) row++;
    else column++;
  }
  return pairs;
}

function pairsByPlace(old: readonly Profile[], fresh: readonly Profile[]): Pair[] {
  return old.flatMap((one, index): Pair[] => {
    const other = fresh[index];
    return other !== undefined && likeness(one, other) >= ALIKE ? [[index, index]] : [];
  });
}

/** How often a clause has which word. */
interface Profile {
  readonly kind: Clause["kind"];
  readonly words: ReadonlyMap<string, number>;
  readonly count: number;
}

function profileOf({ kind, text }: Clause): Profile {
  const words = new Map<string, number>();
  const all = text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  for (const word of all) words.set(word, (words.get(word) ?? 0) + 1);
  return { kind, words, count: all.length };
}

/** From 0, for nothing in common or clauses of two kinds, to 1. */
function likeness(one: Profile, other: Profile): number {
  if (one.kind !== other.kind || one.count + other.count === 0) return 0;
  let common = 0;
  for (const [word, count] of one.words) common += Math.min(count, other.words.get(word) ?? 0);
  return (2 * common) / (one.count + other.count);
}

function inserted<C extends { readonly text: string }>(after: C): ClauseChange<C> {
  return { kind: "inserted", after, words: [] };
}

function compared<C extends { readonly text: string }>(before: C, after: C): ClauseChange<C> {
  if (before.text === after.text) return { kind: "same", before, after, words: [] };
  return { kind: "amended", before, after, words: diffWords(before.text, after.text) };
}

function byNumber(clauses: readonly NumberedClause[]): Map<number, NumberedClause> {
  const found = new Map(clauses.map((clause) => [clause.number, clause]));
  if (found.size === clauses.length) return found;
  const twice = clauses.find(({ number }, index) =>
    clauses.some((other, at) => at < index && other.number === number),
  );
  throw new Problem(`Clause ${twice?.number} comes twice, allowed: each number once`);
}
