import { existsSync } from "node:fs";
import { Charter__factory } from "../../../typechain-types/index.js";
import { describeTexts, factsOfTexts, type NewText, newText } from "../content/new-text.js";
import { writeWhole } from "../journal.js";
import type { Outcome } from "../member/coalition.js";
import { readWhole } from "../member/lookup.js";
import { describeAction } from "../motions/action-words.js";
import { type ActionEntry, readActions, readEntries } from "../motions/actions.js";
import { Problem } from "../problem.js";
import { documentIn, documentsOf, type Shelf } from "./versions.js";

/** The changes of a clause, with the functions of the charter that make them. */
export const CHANGES = {
  insert: "insert(uint256,uint256,bytes32,bytes32)",
  amend: "amend(uint256,uint256,bytes32,bytes32)",
  repeal: "repeal(uint256,uint256,bytes32)",
  replace: "replace(uint256,uint256,bytes32,bytes32)",
} as const;
export type ChangeKind = keyof typeof CHANGES;

/** A change as a person asks for it; empty texts stand for what was not given. */
export interface ChangeWish {
  readonly kind: string;
  /** Number or title of the document. */
  readonly document: string;
  /** Number of the clause that changes; of an insertion the one it comes after, 0 for the beginning. */
  readonly clause: string;
  /** File with the text of the clause. */
  readonly file: string;
  /** Actions file; the change is added to those that it holds. */
  readonly out: string;
}

/** The clauses of a document that a change is written against, and the highest number that one has had. */
interface Present {
  readonly digests: Map<number, string>;
  last: number;
}

const FACE = Charter__factory.createInterface();
const MOST_CLAUSE = 2 ** 31;

/**
 * Writes a change of a clause to an actions file, for `motion draft --actions`: against the clause as it is now, or as
 * the changes leave it that the file holds already. The text is stored.
 */
export async function writeChange(shelf: Shelf, wish: ChangeWish): Promise<Outcome> {
  const { session, store } = shelf;
  const kind = kindIn(wish.kind);
  if (wish.out === "") throw new Problem("Say where to write the change: --out <actions file>");
  const documents = await documentsOf(session);
  const { document, title, versions } = documentIn(documents, wish.document);
  const entries = existsSync(wish.out) ? readEntries(wish.out) : [];
  const present: Present = {
    digests: new Map((versions.at(-1)?.clauses ?? []).map(({ clause, digest }) => [clause, digest])),
    last: Number((await session.coalition.charter.documentOf(document)).lastClause),
  };
  if (entries.length > 0) applyFile(shelf, wish.out, document, present);
  const clause = readWhole("--clause", wish.clause, kind === "insert" ? 0 : 1, MOST_CLAUSE);
  const base = baseOf(present, clause, title);
  const text = textFor(kind, wish.file);
  if (text !== undefined && kind !== "insert" && text.digest === base) {
    throw new Problem(`${text.file} is what clause ${clause} of "${title}" says already.`);
  }
  const args = [document, clause, base, ...(text === undefined ? [] : [text.digest])];
  const entry: ActionEntry = { target: "charter", call: CHANGES[kind], args };
  if (text !== undefined) await store.put(text.bytes);
  writeWhole(wish.out, `${JSON.stringify([...entries, entry], undefined, 2)}\n`);
  const list = readActions(session.contracts, wish.out);
  const texts = text === undefined ? [] : [text];
  return {
    lines: [
      ...describeTexts(texts),
      `${wish.out} holds ${list.targets.length === 1 ? "1 action" : `${list.targets.length} actions`} now:`,
      ...list.targets.map((_, index) => `  ${index + 1}. ${describeAction(session, list, index)}`),
      `Draft the motion with "motion draft <text> --purpose <file> --actions ${wish.out}".`,
    ],
    facts: { file: wish.out, document, clause, base, texts: factsOfTexts(texts), actions: list },
  };
}

function kindIn(kind: string): ChangeKind {
  if (kind in CHANGES) return kind as ChangeKind;
  throw new Problem(`The change is "${kind}", allowed: one of ${Object.keys(CHANGES).join(", ")}`);
}

function textFor(kind: ChangeKind, file: string): NewText | undefined {
  if (kind === "repeal") {
    if (file === "") return undefined;
    throw new Problem("A clause that is repealed has no new text; leave --text out.");
  }
  if (file === "") throw new Problem("Say what the clause is to say: --text <file in Markdown>");
  return newText(file);
}

/** The digest that a change of a clause names; zeros for the beginning of a document. */
function baseOf({ digests }: Present, clause: number, title: string): string {
  if (clause === 0) return `0x${"0".repeat(64)}`;
  const base = digests.get(clause);
  if (base !== undefined) return base;
  const known = [...digests.keys()].join(", ") || "none";
  throw new Problem(`--clause is ${clause}, which "${title}" does not have (any more), allowed: ${known}`);
}

/** What the changes of a file leave of a document, if they are carried out one after the other. */
function applyFile({ session }: Shelf, path: string, document: number, present: Present): void {
  const { targets, calldatas } = readActions(session.contracts, path);
  for (const [index, data] of calldatas.entries()) {
    if (targets[index]?.toLowerCase() !== session.contracts.charter.toLowerCase()) continue;
    const call = FACE.parseTransaction({ data });
    if (call === null || !(call.name in CHANGES) || Number(call.args.document) !== document) continue;
    apply(present, call.name as ChangeKind, Number(call.args[1]), call.args.digest);
  }
}

function apply(present: Present, kind: ChangeKind, clause: number, digest: string): void {
  if (kind === "amend") present.digests.set(clause, digest);
  if (kind === "repeal" || kind === "replace") present.digests.delete(clause);
  if (kind === "insert" || kind === "replace") present.digests.set(++present.last, digest);
}
