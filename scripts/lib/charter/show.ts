import { existsSync, writeFileSync } from "node:fs";
import { columns } from "../columns.js";
import { describeChanges } from "../content/diff-lines.js";
import { diffClauses } from "../content/text-diff.js";
import type { Outcome } from "../member/coalition.js";
import { readWhole } from "../member/lookup.js";
import { date, momentOf } from "../member/words.js";
import { Problem } from "../problem.js";
import type { ReplayedClause, ReplayedDocument, ReplayedVersion } from "./replay.js";
import { documentIn, documentsOf, enacted, type Shelf, textsOf, versionIn } from "./versions.js";

/** What a version did to a clause. */
interface ClauseEvent {
  readonly version: number;
  readonly clause: number;
  readonly what: "inserted" | "amended" | "repealed";
  /** Of the new wording, or of the one that was taken out. */
  readonly digest: string;
  /** As decimal digits. */
  readonly decision: string;
  readonly enactedAt: number | undefined;
}

/**
 * A version of a document as Markdown: its clauses, and for each the decision that enacted its wording.
 * @param name Number or title of the document.
 * @param version Its number, the present one unless given.
 * @param out File for it; the outcome holds it unless given.
 */
export async function showDocument(shelf: Shelf, name: string, version: string, out = ""): Promise<Outcome> {
  if (out !== "" && existsSync(out))
    throw new Problem(`${out} exists already; name another file with --out.`);
  const document = documentIn(await documentsOf(shelf.session), name);
  const shown = versionIn(document, "--at", version);
  const { texts, missing } = await textsOf(
    shelf,
    shown.clauses.map(({ digest }) => digest),
  );
  const markdown = `${linesOf(document, shown, texts).join("\n")}\n`;
  if (out !== "") writeFileSync(out, markdown, { flag: "wx" });
  const facts = { ...factsOf(document, shown), missing };
  const lacks = missing.length === 0 ? "" : ` ${missing.length} of its texts are not in ${shelf.store.path}.`;
  return out === ""
    ? { lines: [markdown.replace(/\n$/, "")], facts: { ...facts, markdown } }
    : {
        lines: [`Version ${shown.version} of "${document.title}" written to ${out}.${lacks}`],
        facts: { ...facts, file: out },
      };
}

function linesOf(
  document: ReplayedDocument,
  shown: ReplayedVersion,
  texts: ReadonlyMap<string, string>,
): string[] {
  const last = document.versions.length - 1;
  const which = shown.version === last ? "the present version" : `a past version; the present one is ${last}`;
  const clauses = shown.clauses.flatMap((clause) => [
    "",
    (texts.get(clause.digest) ?? "").replace(/\n+$/, ""),
    "",
    `> Clause ${clause.clause}: ${wordedBy(document, clause)}; sha2-256 ${clause.digest}`,
  ]);
  return [
    `# ${document.title}`,
    "",
    `Version ${shown.version}, enacted ${enacted(shown)}: ${which}.`,
    ...(clauses.length === 0 ? ["", "It has no clauses."] : clauses),
  ];
}

/** What enacted the wording of a clause. */
function wordedBy({ versions }: ReplayedDocument, { since }: ReplayedClause): string {
  const version = versions[since];
  return version === undefined
    ? `version ${since}`
    : `in this wording since version ${since}, enacted ${enacted(version)}`;
}

const factsOf = ({ document, title, versions }: ReplayedDocument, shown: ReplayedVersion) => ({
  document,
  title,
  version: shown.version,
  lastVersion: versions.length - 1,
  decision: `${shown.decision}`,
  enactedAt: momentOf(shown.enactedAt ?? 0),
  clauses: shown.clauses.map((one) => ({
    ...one,
    decision: `${one.decision}`,
    enactedAt: momentOf(versions[one.since]?.enactedAt ?? 0),
  })),
});

/** Tells when and by which decisions a document, or one clause of it, changed. */
export async function historyOf(shelf: Shelf, name: string, clause: string): Promise<Outcome> {
  const document = documentIn(await documentsOf(shelf.session), name);
  const all = document.versions.flatMap((version, index) => eventsOf(document.versions[index - 1], version));
  const most = Math.max(0, ...all.map((one) => one.clause));
  if (clause !== "" && most === 0) throw new Problem(`"${document.title}" has had no clause yet.`);
  const number = clause === "" ? undefined : readWhole("The clause", clause, 1, most);
  const events = all.filter((one) => number === undefined || one.clause === number);
  const head = number === undefined ? `"${document.title}"` : `Clause ${number} of "${document.title}"`;
  const rows = events.map((one) => [
    `${one.version}`,
    one.enactedAt === undefined ? "" : date(one.enactedAt),
    `${one.clause}`,
    one.what,
    one.digest,
  ]);
  const table =
    events.length === 0
      ? ["Nothing changed since it was founded."]
      : columns(["version", "enacted", "clause", "what", "sha2-256 of the text"], rows);
  const decisions = [...new Map(events.map(({ version, decision }) => [version, decision]))];
  return {
    lines: [
      `${head}:`,
      "",
      ...table,
      "",
      ...decisions.map(([version, decision]) => `Version ${version} was enacted by decision ${decision}.`),
    ],
    facts: { document: document.document, title: document.title, clause: number, events },
  };
}

/** What a version changed of the one before it. */
function eventsOf(before: ReplayedVersion | undefined, after: ReplayedVersion): ClauseEvent[] {
  if (before === undefined) return [];
  const frame = {
    version: after.version,
    decision: `${after.decision}`,
    enactedAt: after.enactedAt,
  };
  const old = new Map(before.clauses.map(({ clause, digest }) => [clause, digest]));
  const fresh = new Set(after.clauses.map(({ clause }) => clause));
  const gone = before.clauses
    .filter(({ clause }) => !fresh.has(clause))
    .map(({ clause, digest }): ClauseEvent => ({ ...frame, clause, digest, what: "repealed" }));
  const changed = after.clauses.flatMap(({ clause, digest }): ClauseEvent[] => {
    const earlier = old.get(clause);
    if (earlier === digest) return [];
    return [{ ...frame, clause, digest, what: earlier === undefined ? "inserted" : "amended" }];
  });
  return [...gone, ...changed];
}

/** Compares two versions of a document clause by clause. */
export async function diffVersions(
  shelf: Shelf,
  name: string,
  [before, after]: readonly [before: string, after: string],
  colour = false,
): Promise<Outcome> {
  const document = documentIn(await documentsOf(shelf.session), name);
  const [old, fresh] = [
    versionIn(document, "The first version", before),
    versionIn(document, "The second version", after),
  ];
  const digests = [...old.clauses, ...fresh.clauses].map(({ digest }) => digest);
  const { texts, missing } = await textsOf(shelf, digests);
  const numbered = ({ clauses }: ReplayedVersion) =>
    clauses.map(({ clause, digest }) => ({ number: clause, text: texts.get(digest) ?? "" }));
  const changes = diffClauses(numbered(old), numbered(fresh));
  return {
    lines: [
      `"${document.title}", version ${old.version} and version ${fresh.version}, enacted ${enacted(fresh)}:`,
      "",
      ...describeChanges(changes, colour),
    ],
    facts: {
      document: document.document,
      title: document.title,
      before: old.version,
      after: fresh.version,
      changes,
      missing,
    },
  };
}

/** Lists the documents of the charter. */
export async function listDocuments(shelf: Shelf): Promise<Outcome> {
  const documents = await documentsOf(shelf.session);
  const rows = documents.map(({ document, title, versions }) => {
    const last = versions.at(-1) as ReplayedVersion;
    const when = last.enactedAt === undefined ? "" : date(last.enactedAt);
    return [`${document}`, title, `${last.version}`, `${last.clauses.length}`, when];
  });
  return {
    lines: [
      ...columns(["no.", "document", "version", "clauses", "enacted"], rows),
      "",
      'One of them: "charter show <number>".',
    ],
    facts: {
      documents: documents.map(({ document, title, versions }) => ({
        document,
        title,
        version: versions.length - 1,
        clauses: versions.at(-1)?.clauses.length ?? 0,
      })),
    },
  };
}
