import type { AddressBook } from "../address-book.js";
import { Problem } from "../problem.js";
import { lengthOf } from "../record-series.js";
import { archivedLogs, Blocks, corrupt, Found, wellFormed } from "./blocks.js";
import type { Chain } from "./chain.js";
import { type Finding, finding, SeriesCheck } from "./check.js";
import { headsOf } from "./export.js";
import { type ArchivedLog, isAfter, lineOf, linesOf } from "./logs.js";
import type { Manifest } from "./manifest.js";
import { recordOf, type SeriesPlaces, type SeriesRecord, seriesName, seriesPlaces } from "./series.js";
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

/**
 * Holds an archive against itself and against a chain: every block against its CID, every series against its head, the
 * blocks' hashes and the contracts' code against the chain's. One block is in memory at a time.
 * @throws Problem where the chain is another one, does not answer, or contradicts itself.
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
  const places = seriesPlaces(placesIn(manifest));
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
        const record = read(check, log, places);
        // Where records are out of order, that says more than where logs are.
        if (record === undefined && last !== undefined && !isAfter(log, last)) {
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

function read(check: SeriesCheck, log: ArchivedLog, places: SeriesPlaces): SeriesRecord | undefined {
  try {
    return check.read(log, places);
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
    if (!(await says(code, `code of ${name}`, () => chain.codeOf(address)))) {
      throw new Found({
        kind: "altered",
        sentence: `Altered: the code of ${name} (${address}) is not the chain's.`,
      });
    }
  }
  for (const { from, to, hash } of manifest.chunks) {
    if (await says(hash, `hash of block ${to}`, () => chain.hashOf(to))) continue;
    throw new Found({
      kind: "altered",
      sentence: `Altered: the hash of block ${to} is not the chain's; blocks ${from} to ${to} are of another chain, or the chain was reorganised since.`,
    });
  }
}

/** Whether a node says what is expected. It is asked twice before it is taken at its word that something is another. */
async function says(expected: string, what: string, ask: () => Promise<string>): Promise<boolean> {
  const first = await ask();
  if (first === expected) return true;
  if ((await ask()) === first) return false;
  throw new Problem(`The node tells another ${what} each time it is asked. Try again, or another node.`);
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
  const heads = chain === undefined ? named : await headsOf(chain, check.names, manifest.to);
  const found = check.against(heads);
  if (found === undefined) {
    const wrong = [...heads].find(([name, head]) => named.get(name) !== head);
    if (wrong === undefined && named.size === heads.size) return;
    throw new Found({
      kind: "altered",
      sentence: "Altered: the manifest names other heads of series than the chain has.",
    });
  }
  if (check.found !== undefined || chain === undefined || found.series === undefined) throw new Found(found);
  say("A series is not the chain's; its records are compared one by one.");
  const altered = await firstAltered(path, manifest, chain, found.series);
  throw new Found(found.kind === "altered" && altered !== undefined ? altered : found);
}

/**
 * The first record of a series that is not the one that the chain has at its place.
 * @throws Problem where the node contradicts itself, see {@link chainLogs}.
 */
async function firstAltered(
  path: string,
  manifest: Manifest,
  chain: Chain,
  series: string,
): Promise<Finding | undefined> {
  const places = seriesPlaces(placesIn(manifest));
  const ours = recordsOf(archivedLogs(path, manifest), places, series);
  const theirs = recordsOf(chainLogs(chain, manifest), places, series);
  let place = 0n;
  let altered: Finding | undefined;
  for await (const record of theirs) {
    place++;
    const own = await ours.next();
    if (own.done || own.value !== record)
      altered ??= finding("altered", series, place, "is not the one on the chain");
  }
  return altered;
}

async function* recordsOf(
  logs: AsyncIterable<ArchivedLog>,
  places: SeriesPlaces,
  series: string,
): AsyncGenerator<string, undefined> {
  for await (const log of logs) {
    const record = recordOf(log, places);
    if (record !== undefined && seriesName(record) === series) yield record.record;
  }
  return undefined;
}

/**
 * Every log against the chain's.
 * @throws Problem where the node contradicts itself, see {@link chainLogs}.
 */
async function compareAll(
  path: string,
  manifest: Manifest,
  chain: Chain,
  say: (line: string) => void,
): Promise<void> {
  say("Every log is compared with the chain's.");
  const ours = archivedLogs(path, manifest);
  let found: Finding | undefined;
  for await (const log of chainLogs(chain, manifest)) {
    if (found === undefined) found = differenceOf(await ours.next(), log);
  }
  if (found !== undefined) throw new Found(found);
  const more = await ours.next();
  if (!more.done) throw new Found(extra(more.value));
}

/** What is wrong with the next log of an archive, where this is the next one of the chain. */
function differenceOf(own: IteratorResult<ArchivedLog, undefined>, log: ArchivedLog): Finding | undefined {
  if (!own.done && lineOf(own.value) === lineOf(log)) return undefined;
  const where = `log ${log.index} of block ${log.block}`;
  if (own.done || isAfter(own.value, log))
    return { kind: "missing", sentence: `Missing: ${where} is not there.` };
  if (isAfter(log, own.value)) return extra(own.value);
  return { kind: "altered", sentence: `Altered: ${where} is not the chain's.` };
}

const extra = ({ index, block }: ArchivedLog): Finding => ({
  kind: "extra",
  sentence: `Extra: the chain has no log ${index} of block ${block} of this coalition.`,
});

/**
 * The chain's logs, of all blocks of an archive.
 * @throws Problem after the last one, where their records do not come to the heads that the contracts have: a node that
 * contradicts itself can say nothing of an archive. So a difference must be told only once all logs were read.
 */
async function* chainLogs(chain: Chain, manifest: Manifest): AsyncGenerator<ArchivedLog, undefined> {
  const places = seriesPlaces(placesIn(manifest));
  const told = new SeriesCheck();
  for (const { from, to } of manifest.chunks) {
    for (const log of await chain.logs(from, to)) {
      told.read(log, places);
      yield log;
    }
  }
  told.finish();
  const odd = told.against(await headsOf(chain, told.names, manifest.to));
  if (odd === undefined) return undefined;
  throw new Problem(
    `The node's logs do not come to the heads of series that it tells, so the archive cannot be held against it. In its logs: ${odd.sentence} Try again, or another node.`,
  );
}
