import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CarWriter } from "@ipld/car";
import { CID } from "multiformats/cid";
import type { AddressBook, ContractKey } from "../address-book.js";
import { cidOf, digestOf } from "../content/digest.js";
import type { ContentStore } from "../content/store.js";
import { writeWhole } from "../journal.js";
import { Problem } from "../problem.js";
import { EMPTY_SERIES } from "../record-series.js";
import type { Chain } from "./chain.js";
import { SeriesCheck } from "./check.js";
import { type ArchivedLog, blocksOf, lineOf, linesOf, logOf } from "./logs.js";
import { type Chunk, FORMAT, type Manifest, manifestBytes } from "./manifest.js";
import { seriesPlaces } from "./series.js";
import { Erasures, textsNamed, wordsIn } from "./texts.js";

/** Blocks of a chunk unless told otherwise. */
export const CHUNK_BLOCKS = 500;

/** How often a range is read whose last block changes while it is. */
const RESTLESS = 5;

/** Digests in one block of the index of texts: 512 KiB. */
const INDEX_DIGESTS = 16_384;

/** Where texts come from. */
export type Texts = Pick<ContentStore, "list" | "get">;

export interface ExportOptions {
  readonly chain: Chain;
  readonly book: Pick<AddressBook, "contracts" | "block">;
  /** Where texts are. */
  readonly store: Texts;
  /** The file. While it is written, a folder beside it with the ending `.part` holds what was read so far. */
  readonly out: string;
  /** The last block; the chain's last unless given. */
  readonly to?: number;
  /** Blocks of a chunk; {@link CHUNK_BLOCKS} unless given. */
  readonly step?: number;
  readonly say?: (line: string) => void;
}

/** What an export began with; a later run of it goes on with the same. */
interface Plan {
  readonly chainId: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly contracts: Readonly<Record<string, string>>;
}

/** What was exported. */
export interface Exported {
  readonly manifest: Manifest;
  /** CID of the manifest: who has it from somebody they trust knows an archive that was made anew. */
  readonly root: string;
}

/**
 * Writes everything that a coalition ever said or decided to one CAR file. The same chain and the same texts give the
 * same bytes. A run that is ended goes on where it was; where the chain has been reorganised since, with the last part
 * of it that still stands.
 * @throws Problem where the file exists, the node answers what cannot be, or its logs are not all.
 */
export async function exportArchive(options: ExportOptions): Promise<Exported> {
  const { chain, book, out, say = () => {} } = options;
  if (existsSync(out)) throw new Problem(`${out} exists already; name another file with --out.`);
  const journal = `${out}.part`;
  const plan = await begin(options, journal);
  await dropReorganised(chain, journal, plan, say);
  const ranges = rangesOf(plan);
  for (const [index, range] of ranges.entries()) {
    if (existsSync(metaOf(journal, range))) continue;
    const logs = await readChunk(chain, journal, range);
    say(
      `Read blocks ${range.from} to ${range.to}, ${logs.toLocaleString("en")} logs: ${index + 1} of ${ranges.length} parts.`,
    );
  }
  const series = await headsThatMeet(chain, journal, plan, say);
  const contracts = [];
  for (const [name, address] of Object.entries(book.contracts).sort(byName)) {
    contracts.push({
      name: name as ContractKey,
      address: address.toLowerCase(),
      code: await chain.codeOf(address),
    });
  }
  const done = await assemble(options, journal, plan, { contracts, series });
  rmSync(journal, { recursive: true });
  return done;
}

async function begin(
  { chain, book, to, step = CHUNK_BLOCKS }: ExportOptions,
  journal: string,
): Promise<Plan> {
  const chainId = await chain.chainId();
  const contracts = Object.fromEntries(
    Object.entries(book.contracts).map(([name, address]) => [name, address.toLowerCase()]),
  );
  const path = join(journal, "plan.json");
  if (existsSync(path)) {
    const known: Plan = JSON.parse(readFileSync(path, "utf8"));
    const same =
      known.chainId === chainId &&
      JSON.stringify(known.contracts) === JSON.stringify(contracts) &&
      (to === undefined || to === known.to);
    if (same) return known;
    throw new Problem(
      `${journal} is of another export (chain ${known.chainId}, to block ${known.to}); this one is of chain ${chainId}. ` +
        "Remove the folder, or name another file with --out.",
    );
  }
  const last = to ?? (await chain.height());
  if (last < book.block) {
    throw new Problem(
      `The last block is ${last}, allowed: ${book.block} or later, where the coalition begins`,
    );
  }
  const plan = { chainId, from: book.block, to: last, step, contracts };
  mkdirSync(journal, { recursive: true });
  writeWhole(path, JSON.stringify(plan));
  return plan;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function rangesOf({ from, to, step }: Plan): Range[] {
  const count = Math.ceil((to - from + 1) / step);
  return Array.from({ length: count }, (_, index) => ({
    from: from + index * step,
    to: Math.min(to, from + (index + 1) * step - 1),
  }));
}

const nameOf = ({ from, to }: Range) => `${from}-${to}`;
const linesPath = (journal: string, range: Range) => join(journal, `${nameOf(range)}.jsonl`);
const metaOf = (journal: string, range: Range) => join(journal, `${nameOf(range)}.json`);

/** What was read of blocks that the chain does not have any more is read again. */
async function dropReorganised(
  chain: Chain,
  journal: string,
  plan: Plan,
  say: (line: string) => void,
): Promise<void> {
  for (const range of rangesOf(plan).reverse()) {
    const path = metaOf(journal, range);
    if (!existsSync(path)) continue;
    const { hash }: { hash: string } = JSON.parse(readFileSync(path, "utf8"));
    if ((await chain.hashOf(range.to)) === hash) return;
    say(`The chain was reorganised: blocks ${range.from} to ${range.to} are read again.`);
    rmSync(path);
  }
}

/** Reads a range and keeps it, whole or not at all. */
async function readChunk(chain: Chain, journal: string, range: Range): Promise<number> {
  for (let attempt = 1; attempt <= RESTLESS; attempt++) {
    const before = await chain.hashOf(range.to);
    const logs = await chain.logs(range.from, range.to);
    // A reorganisation in between would mix two chains.
    if ((await chain.hashOf(range.to)) !== before) continue;
    writeWhole(linesPath(journal, range), logs.map((log) => `${lineOf(log)}\n`).join(""));
    writeWhole(metaOf(journal, range), JSON.stringify({ hash: before, logs: logs.length }));
    return logs.length;
  }
  throw new Problem(
    `The hash of block ${range.to} was another one each time, asked ${RESTLESS} times; wait until the chain is settled there, or use another node.`,
  );
}

/** All logs that were read, in their order. */
async function* logsIn(journal: string, plan: Plan): AsyncGenerator<ArchivedLog> {
  for (const range of rangesOf(plan)) {
    const path = linesPath(journal, range);
    let number = 0;
    for await (const line of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      yield logOf(line, `${path}:${++number}`);
    }
  }
}

/** Heads of all series at the last block; the logs that were read must come to the same. */
async function headsThatMeet(
  chain: Chain,
  journal: string,
  plan: Plan,
  say: (line: string) => void,
): Promise<Manifest["series"]> {
  const check = new SeriesCheck();
  const places = seriesPlaces(plan.contracts as AddressBook["contracts"]);
  for await (const log of logsIn(journal, plan)) {
    check.read(log, places);
  }
  check.finish();
  const heads = await headsOf(chain, check.names, plan.to);
  const found = check.against(heads);
  if (found === undefined)
    return [...heads].map(([name, head]) => ({ name, head: `0x${head.toString(16)}` }));
  // What a node kept back it may give another time, or another node may.
  rmSync(journal, { recursive: true });
  say("What was read is dropped.");
  throw new Problem(
    `The node's logs are not all, or not those of the chain. ${found.sentence} Nothing was written; try again, or another node.`,
  );
}

/**
 * Heads of all series at a block, by name, in their order; those of statements only where there are any.
 * @param known Names of series that are known from logs; those of the forum and the cases are asked for in any case.
 */
export async function headsOf(
  chain: Chain,
  known: Iterable<string>,
  block: number | "latest",
): Promise<Map<string, bigint>> {
  const lists = await chain.lists(block);
  const names = new Set(known);
  for (let list = 0; list <= lists; list++) names.add(`forum/${list}`);
  names.add("conduct/log");
  const heads = new Map<string, bigint>();
  for (const name of [...names].sort(byNumber)) {
    const head = await chain.headOf(name, block);
    if (head !== EMPTY_SERIES || !name.startsWith("statements/")) heads.set(name, head);
  }
  return heads;
}

/** Puts the file together: manifest, logs, index of texts, texts. */
async function assemble(
  { store, out }: ExportOptions,
  journal: string,
  plan: Plan,
  parts: Pick<Manifest, "contracts" | "series">,
): Promise<Exported> {
  const { held, absent, erased } = await textsOf(store, journal, plan);
  const chunks: Chunk[] = [];
  for (const range of rangesOf(plan)) {
    const { hash, logs }: { hash: string; logs: number } = JSON.parse(
      readFileSync(metaOf(journal, range), "utf8"),
    );
    const cids = partsOf(journal, range).map((bytes) => `${cidOf(digestOf(bytes))}`);
    chunks.push({ ...range, hash, logs, parts: cids });
  }
  const index = indexOf(held);
  const manifest: Manifest = {
    format: FORMAT,
    chainId: plan.chainId,
    from: plan.from,
    to: plan.to,
    ...parts,
    chunks,
    texts: { held: held.length, index: index.map((bytes) => `${cidOf(digestOf(bytes))}`), absent, erased },
  };
  const head = manifestBytes(manifest);
  const root = cidOf(digestOf(head, "The manifest"));
  const own = `${out}.${process.pid}.part`;
  try {
    const { writer, out: stream } = CarWriter.create([root]);
    const written = pipeline(Readable.from(stream), createWriteStream(own, { flags: "wx" }));
    // Whatever fails while it is written is told once, by the writing below.
    written.catch(() => {});
    const put = (bytes: Uint8Array) => writer.put({ cid: CID.asCID(cidOf(digestOf(bytes))) as CID, bytes });
    await put(head);
    for (const range of rangesOf(plan)) for (const bytes of partsOf(journal, range)) await put(bytes);
    for (const bytes of index) await put(bytes);
    for (const digest of held) await put(await store.get(digest));
    await writer.close();
    await written;
    await rename(own, out);
  } finally {
    await rm(own, { force: true });
  }
  return { manifest, root: `${root}` };
}

/** Blocks of a range's logs; one range is in memory at a time. */
function partsOf(journal: string, range: Range): Uint8Array[] {
  return [...blocksOf(linesOf(readFileSync(linesPath(journal, range))))];
}

/** The digests of texts in blocks of 32 bytes each. */
function indexOf(digests: readonly string[]): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < digests.length; at += INDEX_DIGESTS) {
    const some = digests.slice(at, at + INDEX_DIGESTS).map((digest) => digest.slice(2));
    blocks.push(Buffer.from(some.join(""), "hex"));
  }
  return blocks;
}

/** Which texts go into the archive: those that the logs name, the store holds and no tombstone names. */
async function textsOf(
  store: Texts,
  journal: string,
  plan: Plan,
): Promise<{ readonly held: readonly string[]; readonly absent: number; readonly erased: number }> {
  const places = seriesPlaces(plan.contracts as AddressBook["contracts"]);
  const erasures = new Erasures(places);
  for await (const log of logsIn(journal, plan)) erasures.tombstone(log);
  if (erasures.count > 0) for await (const log of logsIn(journal, plan)) erasures.post(log);
  const stored = new Set(await store.list());
  const [held, absent] = [new Set<string>(), new Set<string>()];
  for await (const log of logsIn(journal, plan)) {
    for (const word of wordsIn(log)) {
      if (stored.has(word) && !erasures.digests.has(word)) held.add(word);
    }
    for (const digest of textsNamed(log, places)) {
      if (!stored.has(digest) && !erasures.digests.has(digest)) absent.add(digest);
    }
  }
  return { held: [...held].sort(), absent: absent.size, erased: erasures.count };
}

const byName = ([one]: [string, string], [other]: [string, string]) => (one < other ? -1 : 1);

/** forum/2 before forum/10. */
const byNumber = (one: string, other: string) => one.localeCompare(other, "en", { numeric: true });
