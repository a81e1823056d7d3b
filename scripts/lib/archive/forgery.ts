import { readFileSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { CarReader, CarWriter } from "@ipld/car";
import type { CID } from "multiformats/cid";
import { cidOf, digestOf } from "../content/digest.js";
import { archivedLogs } from "./blocks.js";
import { type ArchivedLog, blocksOf, lineOf } from "./logs.js";
import { type Manifest, manifestBytes, manifestIn } from "./manifest.js";

/** A block of a CAR file. */
export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/** The blocks of a CAR file, in their order; the first is the manifest. */
export async function blocksIn(path: string): Promise<Block[]> {
  const reader = await CarReader.fromBytes(readFileSync(path));
  const blocks: Block[] = [];
  for await (const { cid, bytes } of reader.blocks()) blocks.push({ cid: cid as CID, bytes });
  return blocks;
}

/** Writes blocks to a CAR file, with the first as its root. */
export async function writeBlocks(path: string, blocks: readonly Block[]): Promise<void> {
  const [first] = blocks;
  if (first === undefined) throw new Error("an archive has a manifest");
  const { writer, out } = CarWriter.create([first.cid]);
  const chunks: Uint8Array[] = [];
  const read = (async () => {
    for await (const chunk of Readable.from(out)) chunks.push(chunk);
  })();
  for (const block of blocks) await writer.put(block as never);
  await writer.close();
  await read;
  writeFileSync(path, Buffer.concat(chunks));
}

export const blockOf = (bytes: Uint8Array): Block => ({ cid: cidOf(digestOf(bytes)) as CID, bytes });

export async function manifestOf(path: string): Promise<Manifest> {
  const [first] = await blocksIn(path);
  if (first === undefined) throw new Error("an archive has a manifest");
  return manifestIn(first.bytes);
}

export async function logsIn(path: string): Promise<ArchivedLog[]> {
  const logs: ArchivedLog[] = [];
  for await (const log of archivedLogs(path, await manifestOf(path))) logs.push(log);
  return logs;
}

/**
 * Makes an archive anew with other logs, as somebody would who wants it to look whole: every CID and every count fits.
 * @param heads Of series, where the forger changes those too.
 */
export async function forge(
  from: string,
  to: string,
  logs: readonly ArchivedLog[],
  heads?: Manifest["series"],
): Promise<void> {
  const [, ...blocks] = await blocksIn(from);
  const manifest = await manifestOf(from);
  const parts = manifest.chunks.flatMap((chunk) => chunk.parts);
  const rest = blocks.slice(parts.length);
  const written: Block[] = [];
  const chunks = manifest.chunks.map((chunk) => {
    const own = logs.filter(({ block }) => block >= chunk.from && block <= chunk.to);
    const made = [...blocksOf(own.map(lineOf))].map(blockOf);
    written.push(...made);
    return { ...chunk, logs: own.length, parts: made.map(({ cid }) => `${cid}`) };
  });
  const head = manifestBytes({ ...manifest, chunks, ...(heads && { series: heads }) });
  await writeBlocks(to, [blockOf(head), ...written, ...rest]);
}
