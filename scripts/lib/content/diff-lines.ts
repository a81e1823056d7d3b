import { styleText } from "node:util";
import type { ClauseChange, WordChange } from "./text-diff.js";

/** A change of a text's clause, or of a charter's, which has a number. */
type Shown = ClauseChange<{ readonly text: string; readonly number?: number; readonly gap?: string }>;
type Colour = "green" | "red" | "yellow" | "dim";
type Paint = (colour: Colour, text: string) => string;

const MARKS = { amended: "[~]", inserted: "[+]", repealed: "[-]" } as const;
/** In a text these could be taken for marks. */
const LOOKS_LIKE_MARK = /\[[-+~]|[-+]\]/;
const INDENT = "    ";

/**
 * The lines of a comparison for a terminal. Each clause that changed begins with its mark, [~] amended, [+] inserted or
 * [-] repealed; within one that was amended, [-words-] went and [+words+] came. What the texts say is indented, so that
 * no text can put a mark where marks stand.
 * @param changes Of texts that may be shown: without control characters (see `textIn`).
 * @param colour Whether colours are added; the marks say the same without.
 */
export function describeChanges(changes: readonly Shown[], colour = false): string[] {
  const paint: Paint = (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text);
  const lines: string[] = [];
  let same = 0;
  for (const [index, change] of changes.entries()) {
    if (change.kind !== "same") lines.push(...clauseLines(change, paint));
    else if (changes[index + 1]?.kind === "same") same++;
    else {
      lines.push(paint("dim", `${INDENT}… ${counted(same + 1)} the same`));
      same = 0;
    }
  }
  return [...lines, "", summary(changes)];
}

function clauseLines({ before, after, words }: Shown, paint: Paint): string[] {
  const number = (after ?? before)?.number;
  const named = (mark: string) => (number === undefined ? mark : `${mark} clause ${number}:`);
  const repealed = before && whole(named(MARKS.repealed), before.text, "red", paint);
  const inserted = after && whole(named(MARKS.inserted), after.text, "green", paint);
  if (before === undefined || after === undefined) return repealed ?? inserted ?? [];
  // Nobody could tell whose marks they are: then the whole clause, as it was and as it is.
  if ([before, after].some(({ text }) => LOOKS_LIKE_MARK.test(text))) {
    return [...(repealed ?? []), ...(inserted ?? [])];
  }
  const text = words.map((word) => inline(word, paint)).join("");
  return behind(paint("yellow", named(MARKS.amended)), text);
}

const whole = (mark: string, text: string, colour: Colour, paint: Paint) =>
  behind(mark, text).map((line) => paint(colour, line));

function inline({ kind, text }: WordChange, paint: Paint): string {
  if (kind === "same") return text;
  // A line feed that came or went would be seen by nobody.
  const visible = text.replaceAll("\n", "⏎\n");
  return kind === "inserted" ? paint("green", `[+${visible}+]`) : paint("red", `[-${visible}-]`);
}

const behind = (mark: string, text: string) =>
  text
    .replace(/\n$/, "")
    .split("\n")
    .map((line, index) => `${index === 0 ? `${mark} ` : INDENT}${line}`);

function summary(changes: readonly Shown[]): string {
  const count = (kind: Shown["kind"]) => changes.filter((change) => change.kind === kind).length;
  const changed = changes.length - count("same");
  const spaced = changes.filter(({ kind, before, after }) =>
    kind === "same" ? spacedOf(before) !== spacedOf(after) : before && after && before.gap !== after.gap,
  ).length;
  const blank = spaced === 0 ? "" : ` Line feeds differ after ${counted(spaced)}.`;
  if (changed === 0) return `Every clause is the same.${blank}`;
  const [amended, inserted, repealed] = [count("amended"), count("inserted"), count("repealed")];
  return `${amended} amended, ${inserted} inserted, ${repealed} repealed, ${count("same")} the same.${blank}`;
}

const spacedOf = (clause: Shown["before"]) => `${clause?.text}${clause?.gap ?? ""}`;

const counted = (clauses: number) => `${clauses} clause${clauses === 1 ? "" : "s"}`;
