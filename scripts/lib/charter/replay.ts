import { type Charter, Charter__factory } from "../../../typechain-types/index.js";
import { type Happening, happeningIn } from "../elections/chronicle.js";
import type { ChainLog } from "../elections/source.js";
import { Problem } from "../problem.js";

/** A clause as a version has it. */
export interface ReplayedClause {
  /** From 1; never given to another clause of the document. */
  readonly clause: number;
  /** sha2-256 of its text, as 0x and 64 digits. */
  readonly digest: string;
  /** The version that enacted this wording. */
  readonly since: number;
  /** The decision that enacted this wording. */
  readonly decision: bigint;
}

export interface ReplayedVersion {
  /** From 0, which has no clauses. */
  readonly version: number;
  /** The decision that enacted it; 0 for version 0 of a document that stood at birth. */
  readonly decision: bigint;
  /** In seconds since 1970, if the replay was told how to date blocks. */
  readonly enactedAt?: number;
  /** In the order of the document. */
  readonly clauses: readonly ReplayedClause[];
}

export interface ReplayedDocument {
  /** From 1. */
  readonly document: number;
  readonly title: string;
  /** Every version, by its number. */
  readonly versions: readonly ReplayedVersion[];
}

/** What the chain counts: documents, and the changes of each, document 1 first. */
export type Stand = readonly number[];

export interface ReplayOptions {
  /** When a block was, in seconds since 1970. */
  readonly timeOf?: (block: number) => Promise<number>;
  /** What the logs must come to; without it, nobody sees that the last of them are missing. */
  readonly stand?: Stand;
}

interface Draft {
  readonly document: number;
  readonly title: string;
  readonly versions: ReplayedVersion[];
  changes: number;
  lastClause: number;
}

const FACE = Charter__factory.createInterface();

/**
 * Rebuilds every version of every document of a charter from its events alone.
 * @param charter Its address; what others logged is passed over.
 * @param logs From the first block of its deployment on, in any order.
 * @throws A Problem that names the event which is missing, comes twice, or does not fit to those before it.
 */
export async function replay(
  charter: string,
  logs: readonly ChainLog[],
  { timeOf, stand }: ReplayOptions = {},
): Promise<ReplayedDocument[]> {
  const drafts: Draft[] = [];
  for (const happening of happeningsOf(charter, logs)) {
    const document = Number(happening.args.document);
    if (happening.name === "DocumentFounded") {
      requireNext(
        happening,
        document,
        drafts.length + 1,
        (missing) => `DocumentFounded of document ${missing}`,
      );
      drafts.push(await founded(happening, timeOf));
      continue;
    }
    const draft = drafts[document - 1];
    if (draft === undefined) throw missing(`DocumentFounded of document ${document}`, happening);
    if (happening.name === "VersionEnacted") await enact(draft, happening, timeOf);
    else change(draft, happening);
  }
  if (stand !== undefined) requireComplete(drafts, stand);
  return drafts.map(({ document, title, versions }) => ({ document, title, versions }));
}

/** What the chain counts at a block, to hold logs up to that block against. */
export async function standOf(charter: Charter, blockTag: number | "latest" = "latest"): Promise<Stand> {
  const count = Number(await charter.lastDocument({ blockTag }));
  return Promise.all(
    Array.from({ length: count }, async (_, index) =>
      Number((await charter.documentOf(index + 1, { blockTag })).changes),
    ),
  );
}

function happeningsOf(charter: string, logs: readonly ChainLog[]): Happening[] {
  return logs
    .filter(({ address }) => address.toLowerCase() === charter.toLowerCase())
    .flatMap((log) => happeningIn(FACE, log) ?? [])
    .sort((one, other) => one.block - other.block || one.index - other.index);
}

async function founded({ args, block }: Happening, timeOf: ReplayOptions["timeOf"]): Promise<Draft> {
  const first = { version: 0, decision: args.decision, ...(await dated(block, timeOf)), clauses: [] };
  return {
    document: Number(args.document),
    title: args.title,
    versions: [first],
    changes: 0,
    lastClause: 0,
  };
}

/** A new version begins as the last one was. */
async function enact(draft: Draft, happening: Happening, timeOf: ReplayOptions["timeOf"]): Promise<void> {
  const { args, block } = happening;
  const version = Number(args.version);
  requireNext(happening, version, draft.versions.length, (number) => versionOf(draft, number));
  const { clauses } = presentOf(draft);
  draft.versions.push({ version, decision: args.decision, ...(await dated(block, timeOf)), clauses });
}

function change(draft: Draft, happening: Happening): void {
  const { args } = happening;
  const present = presentOf(draft);
  requireNext(
    happening,
    Number(args.change),
    draft.changes + 1,
    (number) => `Change ${number} of document ${draft.document}`,
  );
  if (Number(args.version) !== present.version) throw missing(versionOf(draft, args.version), happening);
  draft.changes += 1;
  draft.versions[present.version] = { ...present, clauses: changed(draft, present, happening) };
}

/** The clauses after a change, which must have been written against what they were before. */
function changed(draft: Draft, { version, decision, clauses }: ReplayedVersion, happening: Happening) {
  const { name, args } = happening;
  const worded = (clause: bigint): ReplayedClause => ({
    clause: Number(clause),
    digest: args.digest,
    since: version,
    decision,
  });
  const added = name === "ClauseInserted" ? args.clause : args.by;
  if (added !== undefined) {
    requireNext(happening, Number(added), draft.lastClause + 1, (clause) => {
      return `What brought clause ${clause} of document ${draft.document}`;
    });
    draft.lastClause = Number(added);
  }
  if (name === "ClauseInserted") {
    const at = args.preceding === 0n ? 0 : placeOf(draft, clauses, args.preceding, happening) + 1;
    return clauses.toSpliced(at, 0, worded(added));
  }
  const at = placeOf(draft, clauses, args.clause, happening);
  const { digest } = clauses[at] as ReplayedClause;
  if (args.base !== digest) {
    const what = `was written against ${args.base}, but clause ${args.clause} was ${digest} by then`;
    throw new Problem(
      `${placed(happening)} of document ${draft.document} ${what}: the logs are not the charter's.`,
    );
  }
  if (name === "ClauseRepealed") return clauses.toSpliced(at, 1);
  return clauses.with(at, worded(added ?? args.clause));
}

function placeOf(
  draft: Draft,
  clauses: readonly ReplayedClause[],
  clause: bigint,
  happening: Happening,
): number {
  const at = clauses.findIndex((one) => one.clause === Number(clause));
  if (at !== -1) return at;
  const what = `is about clause ${clause}, which document ${draft.document} did not have by then`;
  throw new Problem(`${placed(happening)} ${what}: the logs are not the charter's.`);
}

function requireComplete(drafts: readonly Draft[], stand: Stand): void {
  for (const [index, changes] of stand.entries()) {
    const document = index + 1;
    const draft = drafts[index];
    if (draft === undefined) {
      const counts = `the chain counts ${stand.length} documents, the logs hold ${drafts.length}`;
      throw new Problem(`DocumentFounded of document ${document} is missing: ${counts}.`);
    }
    if (draft.changes >= changes) continue;
    const counts = `the chain counts ${changes} changes, the logs hold ${draft.changes}`;
    throw new Problem(`Change ${draft.changes + 1} of document ${document} is missing: ${counts}.`);
  }
}

/** Numbers of the same kind follow one another: what is skipped is missing, what comes again is there twice. */
function requireNext(
  happening: Happening,
  number: number,
  expected: number,
  name: (number: number) => string,
): void {
  if (number > expected) throw missing(name(expected), happening);
  if (number < expected)
    throw new Problem(`${name(number)} is in the logs twice: again as ${placed(happening)}.`);
}

function missing(what: string, happening: Happening): Problem {
  return new Problem(`${what} is missing from the logs: they go on with ${placed(happening)}.`);
}

function placed({ name, block, index }: Happening): string {
  return `${name} in block ${block} (log ${index})`;
}

function versionOf({ document }: Draft, version: number | bigint): string {
  return `VersionEnacted of version ${version} of document ${document}`;
}

function presentOf({ versions }: Draft): ReplayedVersion {
  return versions.at(-1) as ReplayedVersion;
}

async function dated(block: number, timeOf: ReplayOptions["timeOf"]): Promise<{ enactedAt?: number }> {
  return timeOf === undefined ? {} : { enactedAt: await timeOf(block) };
}
