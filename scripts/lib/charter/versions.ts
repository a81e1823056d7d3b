import { ZeroHash } from "ethers";
import { missingText, textAt } from "../content/new-text.js";
import type { ContentStore } from "../content/store.js";
import { sourceAt } from "../elections/source.js";
import { readWhole } from "../member/lookup.js";
import type { Session } from "../member/session.js";
import { date } from "../member/words.js";
import { Problem } from "../problem.js";
import { type ReplayedDocument, type ReplayedVersion, replay, standOf } from "./replay.js";

/** What every command on the charter works with. */
export interface Shelf {
  readonly session: Session;
  readonly store: ContentStore;
}

/** Every document of the charter in every version, rebuilt from its events and held against what the chain counts. */
export async function documentsOf(
  session: Session,
  say?: (line: string) => void,
): Promise<readonly ReplayedDocument[]> {
  const source = await sourceAt(session.ethers, session.contracts, say);
  const { charter } = session.contracts;
  const logs = await source.logs([charter], [], session.fromBlock);
  const stand = await standOf(session.coalition.charter);
  return replay(charter, logs, { stand, timeOf: (block) => source.timeOf(block) });
}

/** The document that a person means: by its number or title; the only one unless named. */
export function documentIn(documents: readonly ReplayedDocument[], name: string): ReplayedDocument {
  const [only] = documents;
  if (only === undefined) {
    throw new Problem("The charter has no document yet; the members found one by an amendment.");
  }
  if (name === "" && documents.length === 1) return only;
  const wanted = name.toLowerCase();
  const found = documents.find((one) => `${one.document}` === name || one.title.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const known = documents.map(({ document, title }) => `${document} "${title}"`).join(", ");
  throw new Problem(
    name === ""
      ? `Say which document: ${known}`
      : `The document is "${name}", allowed: a number or title of ${known}`,
  );
}

/** A version of a document; the present one unless a person gave a number. */
export function versionIn({ versions }: ReplayedDocument, what: string, text: string): ReplayedVersion {
  const last = versions.length - 1;
  const number = text === "" ? last : readWhole(what, text, 0, last);
  return versions[number] as ReplayedVersion;
}

/** What enacted a version, and when, as the end of a sentence. */
export function enacted({ version, decision, enactedAt }: ReplayedVersion): string {
  const when = enactedAt === undefined ? "" : `, on ${date(enactedAt)}`;
  if (decision !== 0n) return `by decision ${decision}${when}`;
  return version === 0 ? `at the birth of the coalition${when}` : `without a decision${when}`;
}

/** Texts of clauses by digest; what stands for one that the store does not hold says so. */
export async function textsOf(
  { store }: Shelf,
  digests: readonly string[],
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly missing: readonly string[] }> {
  const texts = new Map<string, string>();
  const missing: string[] = [];
  for (const digest of new Set(digests)) {
    if (digest === ZeroHash) continue;
    const text = await textAt(store, digest);
    if (text === undefined) missing.push(digest);
    texts.set(digest, text ?? missingText(digest));
  }
  return { texts, missing };
}
