import { createReadStream } from "node:fs";
import { CarBlockIterator } from "@ipld/car";
import type { AddressBook } from "../address-book.js";
import { cidOf, digestOf } from "../content/digest.js";
import { Problem } from "../problem.js";
import { lengthOf } from "../record-series.js";
import type { Chain } from "./chain.js";
import { type Finding, finding, SeriesCheck } from "./check.js";
import { headsOf } from "./export.js";
import { type ArchivedLog, isAfter, lineOf, linesOf, logOf } from "./logs.js";
import { type Manifest, manifestIn } from "./manifest.js";
import { recordOf, type SeriesContract, seriesContracts, seriesName } from "./series.js";
import { Erasures } from "./texts.js";

export interface VerifyOptions {
  /** The CAR file. */
  readonly path: string;
  /** The chain to hold it against; without one the archive is held against itself. */
  readonly chain?: Chain;
  /** The coalition that it must be of; any unless given. */
  readonly contracts?: AddressBook["contracts"];
  /** Compares every log with the chain's, not only the series. */
  readonly full?: boolean;
  readonly say?: (line: string) => void;
}

/** What an archive turned out to be. */
export interface Verdict {
  readonly complete: boolean;
  /** The first thing that is wrong; none where it is complete. */
  readonly finding?: Finding;
  readonly manifest?: Manifest;
  /** CID of the manifest. */
  readonly root?: string;
  /** Records by series. */
  readonly series: readonly { readonly name: string; readonly records: number }[];
  readonly logs: number;
}

/** What ends a verification. */
class Found extends Error {
  constructor(readonly finding: Finding) {
    super(finding.sentence);
  }
}

const corrupt = (sentence: string) => new Found({ kind: "corrupt", sentence });

/**
 * Holds an archive against itself and against a chain: every block against its CID, every series against its head, the
 * blocks' hashes and the contracts' code against the chain's. One block is in memory at a time.
 * @throws Problem where the chain is another one, or does not answer.
 */
export async function verifyArchive(options: VerifyOptions): Promise<Verdict> {
  const check = new SeriesCheck();
  const seen: { manifest?: Manifest; root?: string; logs: number } = { logs: 0 };
  const verdict = (finding?: Finding): Verdict => ({
    complete: finding === undefined,
    ...(finding && { finding }),
    ...(seen.manifest && { manifest: seen.manifest }),
    ...(seen.root && { root: seen.root }),
    series: [...check.heads].map(([name, head]) => ({ name, records: Number(lengthOf(head)) })),
    logs: seen.logs,
  });
  try {
    await verify(options, check, seen);
    return verdict();
  } catch (error) {
    if (error instanceof Found) return verdict(error.finding);
    throw error;
  }
}

async function verify(
  { path, chain, contracts, full = false, say = () => {} }: VerifyOptions,
  check: SeriesCheck,
  seen: { manifest?: Manifest; root?: string; logs: number },
): Promise<void> {
  const blocks = new Blocks(path);
  const manifest = await blocks.manifest();
  Object.assign(seen, { manifest, root: blocks.root });
  const places = seriesContracts(placesIn(manifest));
  if (chain !== undefined) await requireSameChain(chain, manifest, contracts);
  const erasures = new Erasures(places);
  let last: ArchivedLog | undefined;
  for (const [index, chunk] of manifest.chunks.entries()) {
    let count = 0;
    for (const cid of chunk.parts) {
      const bytes = await blocks.next(cid, `the logs of blocks ${chunk.from} to ${chunk.to}`);
      for (const line of linesOf(bytes)) {
        const log = wellFormed(line);
        if (log.block < chunk.from || log.block > chunk.to) {
          throw corrupt(
            `Corrupt: a log of block ${log.block} is among those of blocks ${chunk.from} to ${chunk.to}.`,
          );
        }
        const record = recordOf(log, places);
        if (record !== undefined) check.add(record);
        // Where records are out of order, that says more than where logs are.
        else if (last !== undefined && !isAfter(log, last)) {
          throw new Found({
            kind: "reordered",
            sentence: `Reordered: log ${log.index} of block ${log.block} comes after log ${last.index} of block ${last.block}.`,
          });
        }
        erasures.tombstone(log);
        last = log;
        count++;
      }
    }
    seen.logs += count;
    if (count !== chunk.logs) {
      check.finish();
      if (check.found !== undefined) throw new Found(check.found);
      const kind = count < chunk.logs ? "missing" : "extra";
      throw new Found({
        kind,
        sentence: `${kind === "missing" ? "Missing" : "Extra"}: blocks ${chunk.from} to ${chunk.to} have ${count} logs in the archive, ${chunk.logs} by its manifest.`,
      });
    }
    say(`Checked blocks ${chunk.from} to ${chunk.to}: ${index + 1} of ${manifest.chunks.length} parts.`);
  }
  check.finish();
  await requireHeads(check, manifest, chain, path, say);
  if (chain !== undefined && full) await compareAll(path, manifest, chain, say);
  await blocks.texts(manifest);
}

/** The blocks of a CAR file, in their order, each held against its CID. */
class Blocks {
  root = "";
  #iterator: AsyncIterator<{ cid: unknown; bytes: Uint8Array }> | undefined;

  constructor(private readonly path: string) {}

  /** The manifest, which is the root. */
  async manifest(): Promise<Manifest> {
    try {
      const car = await CarBlockIterator.fromIterable(createReadStream(this.path));
      const [root, ...more] = await car.getRoots();
      if (root === undefined || more.length > 0)
        throw corrupt(`Corrupt: ${this.path} has no root, or several.`);
      this.root = `${root}`;
      this.#iterator = car[Symbol.asyncIterator]() as AsyncIterator<{ cid: unknown; bytes: Uint8Array }>;
    } catch (error) {
      if (error instanceof Found) throw error;
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Problem(`${this.path} is not there.`);
      throw corrupt(`Corrupt: ${this.path} is no CAR file (${firstLine(error)}).`);
    }
    const bytes = await this.next(this.root, "the manifest");
    try {
      return manifestIn(bytes);
    } catch (error) {
      if (error instanceof Problem) throw corrupt(`Corrupt: ${error.message}`);
      throw error;
    }
  }

  /** The next block, which must be this one. */
  async next(cid: string, what: string): Promise<Uint8Array> {
    const block = await this.#read();
    if (block === undefined)
      throw new Found({ kind: "missing", sentence: `Missing: ${what} (${cid}) is not in the file.` });
    const { found, bytes } = block;
    const actual = `${cidOf(digestOf(bytes))}`;
    if (actual === cid && found === cid) return bytes;
    if (actual === cid) throw corrupt(`Corrupt: ${what} (${cid}) is under another CID, ${found}.`);
    if (found === cid)
      throw new Found({ kind: "altered", sentence: `Altered: ${what} (${cid}) has other bytes.` });
    for (let later = await this.#read(); later !== undefined; later = await this.#read()) {
      if (later.found !== cid) continue;
      throw new Found({
        kind: "reordered",
        sentence: `Reordered: ${what} (${cid}) comes later in the file.`,
      });
    }
    throw new Found({
      kind: "missing",
      sentence: `Missing: ${what} (${cid}) is not in the file; ${found} is in its place.`,
    });
  }

  /** The index of texts and the texts, up to the end of the file. */
  async texts({ texts }: Manifest): Promise<void> {
    const digests: string[] = [];
    for (const cid of texts.index) {
      const bytes = Buffer.from(await this.next(cid, "the index of texts"));
      for (let at = 0; at + 32 <= bytes.length; at += 32)
        digests.push(`0x${bytes.toString("hex", at, at + 32)}`);
    }
    if (digests.length !== texts.held) {
      throw corrupt(`Corrupt: the index names ${digests.length} texts, the manifest ${texts.held}.`);
    }
    for (const digest of digests) await this.next(`${cidOf(digest)}`, "a text");
    const more = await this.#read();
    if (more !== undefined) {
      throw new Found({
        kind: "extra",
        sentence: `Extra: ${more.found} is in the file, and nothing names it.`,
      });
    }
  }

  async #read(): Promise<{ found: string; bytes: Uint8Array } | undefined> {
    try {
      const step = await this.#iterator?.next();
      if (step === undefined || step.done) return undefined;
      return { found: `${step.value.cid}`, bytes: step.value.bytes };
    } catch (error) {
      throw corrupt(`Corrupt: ${this.path} cannot be read to its end (${firstLine(error)}).`);
    }
  }
}

function wellFormed(line: string): ArchivedLog {
  try {
    return logOf(line, "A line of the archive");
  } catch (error) {
    if (error instanceof Problem) throw corrupt(`Corrupt: ${error.message}`);
    throw error;
  }
}

const placesIn = ({ contracts }: Manifest): AddressBook["contracts"] =>
  Object.fromEntries(contracts.map(({ name, address }) => [name, address])) as AddressBook["contracts"];

async function requireSameChain(
  chain: Chain,
  manifest: Manifest,
  contracts: AddressBook["contracts"] | undefined,
): Promise<void> {
  const chainId = await chain.chainId();
  if (chainId !== manifest.chainId) {
    throw new Problem(`The archive is of chain ${manifest.chainId}, and the node is of chain ${chainId}.`);
  }
  for (const { name, address, code } of manifest.contracts) {
    const expected = contracts?.[name];
    if (expected !== undefined && expected.toLowerCase() !== address) {
      throw new Problem(
        `The archive is of another coalition: its ${name} is ${address}, expected ${expected}.`,
      );
    }
    if ((await chain.codeOf(address)) !== code) {
      throw new Found({
        kind: "altered",
        sentence: `Altered: the code of ${name} (${address}) is not the chain's.`,
      });
    }
  }
  for (const { from, to, hash } of manifest.chunks) {
    if ((await chain.hashOf(to)) === hash) continue;
    throw new Found({
      kind: "altered",
      sentence: `Altered: the hash of block ${to} is not the chain's; blocks ${from} to ${to} are of another chain, or the chain was reorganised since.`,
    });
  }
}

/** The series must come to the heads of the chain; without one, to those that the archive itself names. */
async function requireHeads(
  check: SeriesCheck,
  manifest: Manifest,
  chain: Chain | undefined,
  path: string,
  say: (line: string) => void,
): Promise<void> {
  const named = new Map(manifest.series.map(({ name, head }) => [name, BigInt(head)]));
  const heads = chain === undefined ? named : await headsOf(chain, check.heads.keys(), manifest.to);
  const found = check.against(heads);
  if (found === undefined) {
    const wrong = [...heads].find(([name, head]) => named.get(name) !== head);
    if (wrong === undefined && named.size === heads.size) return;
    throw new Found({
      kind: "altered",
      sentence: "Altered: the manifest names other heads of series than the chain has.",
    });
  }
  if (found.kind !== "altered" || chain === undefined || found.series === undefined) throw new Found(found);
  say("A series is not the chain's; its records are compared one by one.");
  throw new Found((await firstAltered(path, manifest, chain, found.series)) ?? found);
}

/** The first record of a series that is not the one that the chain has at its place. */
async function firstAltered(
  path: string,
  manifest: Manifest,
  chain: Chain,
  series: string,
): Promise<Finding | undefined> {
  const places = seriesContracts(placesIn(manifest));
  const ours = recordsOf(archivedLogs(path, manifest), places, series);
  const theirs = recordsOf(chainLogs(chain, manifest), places, series);
  let place = 0n;
  for await (const record of theirs) {
    place++;
    const own = await ours.next();
    if (own.done || own.value !== record)
      return finding("altered", series, place, "is not the one on the chain");
  }
  return undefined;
}

async function* recordsOf(
  logs: AsyncIterable<ArchivedLog>,
  places: Readonly<Record<SeriesContract, string>>,
  series: string,
): AsyncGenerator<string, undefined> {
  for await (const log of logs) {
    const record = recordOf(log, places);
    if (record !== undefined && seriesName(record) === series) yield record.record;
  }
  return undefined;
}

/** Every log against the chain's. */
async function compareAll(
  path: string,
  manifest: Manifest,
  chain: Chain,
  say: (line: string) => void,
): Promise<void> {
  say("Every log is compared with the chain's.");
  const ours = archivedLogs(path, manifest);
  for await (const log of chainLogs(chain, manifest)) {
    const own = await ours.next();
    if (!own.done && lineOf(own.value) === lineOf(log)) continue;
    const where = `log ${log.index} of block ${log.block}`;
    if (own.done || isAfter(own.value, log))
      throw new Found({ kind: "missing", sentence: `Missing: ${where} is not there.` });
    const kind = isAfter(log, own.value) ? "extra" : "altered";
    const other = `log ${own.value.index} of block ${own.value.block}`;
    throw new Found(
      kind === "extra"
        ? { kind, sentence: `Extra: the chain has no ${other} of this coalition.` }
        : { kind, sentence: `Altered: ${where} is not the chain's.` },
    );
  }
  const more = await ours.next();
  if (!more.done) {
    const { index, block } = more.value;
    throw new Found({
      kind: "extra",
      sentence: `Extra: the chain has no log ${index} of block ${block} of this coalition.`,
    });
  }
}

async function* chainLogs(chain: Chain, { chunks }: Manifest): AsyncGenerator<ArchivedLog, undefined> {
  for (const { from, to } of chunks) yield* await chain.logs(from, to);
  return undefined;
}

/** The logs of an archive whose blocks were found good. */
export async function* archivedLogs(
  path: string,
  manifest: Manifest,
): AsyncGenerator<ArchivedLog, undefined> {
  const blocks = new Blocks(path);
  await blocks.manifest();
  for (const { from, to, parts } of manifest.chunks) {
    for (const cid of parts) {
      for (const line of linesOf(await blocks.next(cid, `the logs of blocks ${from} to ${to}`)))
        yield wellFormed(line);
    }
  }
  return undefined;
}

const firstLine = (error: unknown) => String(error instanceof Error ? error.message : error).split("\n")[0];
