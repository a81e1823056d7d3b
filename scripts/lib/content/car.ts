import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { CarIndexer, CarReader, CarWriter } from "@ipld/car";
import { Problem } from "../problem.js";
import { cidOf, digestOf, digestOfCid, requireSize } from "./digest.js";
import type { ContentStore } from "./store.js";

/** Takes how many texts are done, and of how many. */
export type Progress = (done: number, total: number) => void;

/** Where a text lies in a file. */
type Place = Parameters<typeof CarReader.readRaw>[1] & { readonly digest: string };

/**
 * Writes texts to a CAR file, every one of them a root. The same texts give the same bytes, whatever their order; one
 * after the other is read, and the file has its name only when it is whole.
 * @param digests All texts of the store unless given.
 * @returns The digests, in the file's order.
 * @throws Problem where the file exists, nothing is to be written, or a text is missing or corrupted.
 */
export async function exportCar(
  store: ContentStore,
  path: string,
  digests?: readonly string[],
  progress: Progress = () => {},
): Promise<string[]> {
  if (existsSync(path)) throw new Problem(`${path} exists already; name another file with --out.`);
  const all = [...new Set(digests?.map((digest) => digest.toLowerCase()) ?? (await store.list()))].sort();
  if (all.length === 0) throw new Problem(`${store.path} holds no text to write to ${path}.`);
  const own = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.part`;
  try {
    await writeCar(store, own, all, progress);
    await rename(own, path);
  } finally {
    await rm(own, { force: true });
  }
  return all;
}

async function writeCar(store: ContentStore, path: string, digests: readonly string[], progress: Progress) {
  const { writer, out } = CarWriter.create(digests.map(cidOf));
  const written = pipeline(out, createWriteStream(path, { flags: "wx", flush: true }));
  const feed = async () => {
    try {
      for (const [index, digest] of digests.entries()) {
        await writer.put({ cid: cidOf(digest), bytes: await store.get(digest) });
        progress(index + 1, digests.length);
      }
    } finally {
      // Also after a failure: the file ends, and is not waited for.
      await writer.close();
    }
  };
  try {
    // Where the disk is full nobody takes what is fed any more: the first failure counts, not the last to end.
    await Promise.all([feed(), written]);
  } catch (error) {
    await written.catch(() => {});
    throw error;
  }
}

/**
 * Takes the texts of a CAR file into the store. The whole file is looked at before anything is stored.
 * @param progress Told while texts are stored.
 * @returns The digests, in the file's order.
 * @throws Problem for what is no whole CAR file of texts, names a root that it does not hold, or holds a text that has
 *   another digest than its CID says.
 */
export async function importCar(
  store: ContentStore,
  path: string,
  progress: Progress = () => {},
): Promise<string[]> {
  if (!existsSync(path)) throw new Problem(`${path} is missing.`);
  const file = await open(path);
  const textAt = async (place: Place) => {
    const { bytes } = await CarReader.readRaw(file, place);
    const found = digestOf(bytes);
    if (found === place.digest) return bytes;
    throw new Problem(
      `${path} is corrupted: ${place.cid} has digest ${place.digest}, but its bytes give ${found}. Nothing was stored.`,
    );
  };
  try {
    const places = await readable(path, () => placesIn(path, textAt));
    for (const [index, place] of places.entries()) {
      await store.put(await textAt(place));
      progress(index + 1, places.length);
    }
    return places.map(({ digest }) => digest);
  } finally {
    await file.close();
  }
}

async function placesIn(path: string, textAt: (place: Place) => Promise<Uint8Array>): Promise<Place[]> {
  const stream = createReadStream(path);
  try {
    const index = await CarIndexer.fromIterable(stream);
    const places = new Map<string, Place>();
    for await (const block of index) {
      // Before it is read: a length is only what the file says.
      requireSize(block.blockLength, `${path}: ${block.cid}`);
      const place = { ...block, digest: digestOfCid(block.cid) };
      await textAt(place);
      if (!places.has(place.digest)) places.set(place.digest, place);
    }
    for (const root of await index.getRoots()) {
      if (places.has(digestOfCid(root))) continue;
      throw new Problem(`${path} is not whole: it names ${root} and does not hold it. Nothing was stored.`);
    }
    return [...places.values()];
  } finally {
    stream.destroy();
  }
}

/** Says of a file that a library cannot read which one it is. */
async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(`${path} is no whole CAR file (${reason}). Nothing was stored.`);
  }
}
