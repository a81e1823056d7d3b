/** A piece of a Markdown text that people speak about as one. */
export interface Clause {
  readonly kind: "heading" | "paragraph" | "item" | "code";
  /** Its lines, the last one with its line feed if it has one; empty only where a text begins with blank lines. */
  readonly text: string;
  /** The blank lines after it. */
  readonly gap: string;
}

type Kind = Clause["kind"];

/** A clause that is being read. */
interface Open {
  kind: Kind;
  text: string;
  gap: string;
  /** What ends a code block, while it is open. */
  fence: RegExp | undefined;
}

const BLANK = /^[ \t]*\n?$/;
const HEADING = /^ {0,3}#{1,6}([ \t\n]|$)/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*\n?$/;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const ITEM = /^[ \t]*(?:[-*+]|(\d{1,9})[.)])([ \t\n]|$)/;

/**
 * Splits a Markdown text into its clauses: headings, paragraphs, items of lists, code between fences. Nothing is lost:
 * {@link joinClauses} gives the text again.
 */
export function splitClauses(text: string): Clause[] {
  const clauses: Open[] = [];
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) take(clauses, line);
  return clauses.map(({ kind, text, gap }) => ({ kind, text, gap }));
}

/** The text of which these are the clauses. */
export const joinClauses = (clauses: readonly Clause[]): string =>
  clauses.map(({ text, gap }) => text + gap).join("");

function take(clauses: Open[], line: string): void {
  const last = clauses.at(-1);
  if (last?.fence !== undefined) {
    last.text += line;
    if (last.fence.test(line)) last.fence = undefined;
    return;
  }
  if (BLANK.test(line)) {
    if (last === undefined) clauses.push({ kind: "paragraph", text: "", gap: line, fence: undefined });
    else last.gap += line;
    return;
  }
  const open = last !== undefined && last.gap === "" && goesOn(last.kind) ? last : undefined;
  if (open?.kind === "paragraph" && UNDERLINE.test(line)) {
    open.text += line;
    open.kind = "heading";
    return;
  }
  const kind = kindOf(line, open?.kind);
  if (kind === undefined && open !== undefined) open.text += line;
  else clauses.push({ kind: kind ?? "paragraph", text: line, gap: "", fence: fenceOf(line) });
}

/** Whether lines can follow that belong to it; a heading is one line, and code ends with its fence. */
const goesOn = (kind: Kind) => kind === "paragraph" || kind === "item";

/** What begins with a line; undefined where a paragraph does, or whatever is open goes on. */
function kindOf(line: string, open: Kind | undefined): Kind | undefined {
  if (HEADING.test(line)) return "heading";
  if (FENCE.test(line)) return "code";
  const item = ITEM.exec(line);
  if (item === null) return undefined;
  // As Markdown has it, a line of a paragraph that happens to begin with a number, other than 1, is no item.
  const [, number] = item;
  return open === "paragraph" && number !== undefined && Number(number) !== 1 ? undefined : "item";
}

/** What ends the code block that begins with a line: as many of the same marks, or more. */
function fenceOf(line: string): RegExp | undefined {
  const [, marks] = FENCE.exec(line) ?? [];
  if (marks === undefined) return undefined;
  return new RegExp(`^ {0,3}${marks.charAt(0)}{${marks.length},}[ \\t]*\\n?$`);
}
