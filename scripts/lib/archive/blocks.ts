import { createReadStream } from "node:fs";
import { CarBlockIterator } from "@ipld/car";
import { cidOf, digestOf } from "../content/digest.js";
import { Problem } from "../problem.js";
import type { Finding } from "./check.js";
import { type ArchivedLog, linesOf, logOf } from "./logs.js";
import { type Manifest, manifestIn } from "./manifest.js";

/** What ends a verification. */
export class Found extends Error {
  constructor(readonly finding: Finding) {
    super(finding.sentence);
  }
}

/** Where the file itself is not what it should be. */
export const corrupt = (sentence: string) => new Found({ kind: "corrupt", sentence });

/** The blocks of a CAR file, in their order, each held against its CID. */
export class Blocks {
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

/** A line as a log, or what is wrong with it. */
export function wellFormed(line: string): ArchivedLog {
  try {
    return logOf(line, "A line of the archive");
  } catch (error) {
    if (error instanceof Problem) throw corrupt(`Corrupt: ${error.message}`);
    throw error;
  }
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
