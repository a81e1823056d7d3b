import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FsBlockstore } from "blockstore-fs";
import { NextToLast } from "blockstore-fs/sharding";
import { base32upper } from "multiformats/bases/base32";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { decode } from "multiformats/hashes/digest";
import { Problem } from "../problem.js";
import { cidOf, digestOf, digestOfCid, MOST_BYTES } from "./digest.js";

/** A text's two names, which say the same. */
export interface Stored {
  readonly cid: CID;
  /** 0x and 64 hexadecimal digits. */
  readonly digest: string;
}

/** The store's folder in a project, unless somebody says otherwise. */
const FOLDER = "content";

/**
 * Where the texts are: the folder given, that of the setting `CONTENT_STORE` (from the project's folder), or the
 * project's own.
 */
export function storePath(root: string, given?: string): string {
  return given === undefined ? resolve(root, process.env.CONTENT_STORE || FOLDER) : resolve(given);
}

/** The library names files by multihash alone, and takes what it reads there for a CID of the old kind. */
class TextFiles extends NextToLast {
  override decode(path: string): CID {
    try {
      return CID.createV1(raw.code, decode(base32upper.decode(basename(path, this.extension))));
    } catch {
      throw new Problem(`${path} is no text of a content store; move it elsewhere.`);
    }
  }
}

const FILES = new TextFiles();

/**
 * Texts under their digests, a file each, in a folder. Any number of processes may read and write it: a text is there
 * as a whole or not at all, and nobody believes a file before its bytes gave the digest again.
 */
export class ContentStore {
  readonly #blocks: WholeBlocks;

  /** @param path The folder; made when the first text is put in. */
  constructor(readonly path: string) {
    this.#blocks = new WholeBlocks(path, { shardingStrategy: FILES });
  }

  /**
   * Puts a text in; one that is there already stays, unless it was corrupted.
   * @throws Problem for more than a block.
   */
  async put(bytes: Uint8Array): Promise<Stored> {
    const digest = digestOf(bytes);
    const cid = cidOf(digest);
    const known = await this.#read(cid);
    if (known === undefined || !Buffer.from(bytes).equals(known)) await this.#blocks.put(cid, bytes);
    return { cid, digest };
  }

  /**
   * The bytes of a text.
   * @throws Problem where there is none, or one whose bytes have another digest.
   */
  async get(digest: string): Promise<Uint8Array> {
    const cid = cidOf(digest);
    const bytes = await this.#read(cid);
    if (bytes === undefined) {
      throw new Problem(
        `${this.path} holds no text ${cid} (digest ${digest}); add it, or import an archive.`,
      );
    }
    const found = bytes.length > MOST_BYTES ? "of more than 1 MiB" : digestOf(bytes);
    if (found === digest.toLowerCase()) return bytes;
    throw new Problem(
      `The text ${cid} in ${this.path} is corrupted: expected digest ${digest}, found ${found}; ` +
        "put it in again from a good copy.",
    );
  }

  /** Whether a text is there; {@link get} tells whether it is whole. */
  async has(digest: string): Promise<boolean> {
    return this.#blocks.has(cidOf(digest));
  }

  /**
   * The digests of all texts, in their order as numbers.
   * @throws Problem for a file that is no text's by its name.
   */
  async list(): Promise<string[]> {
    if (!existsSync(this.path)) return [];
    const found: string[] = [];
    for await (const { cid } of this.#blocks.getAll()) found.push(digestOfCid(cid));
    return found.sort();
  }

  /** What is in a text's file, at most a little more than a block; undefined where there is none. */
  async #read(cid: CID): Promise<Uint8Array | undefined> {
    if (!(await this.#blocks.has(cid))) return undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#blocks.get(cid)) {
      chunks.push(chunk);
      size += chunk.length;
      // Whatever it is, it is no text, and may be longer than the memory.
      if (size > MOST_BYTES) break;
    }
    return Buffer.concat(chunks);
  }
}

/**
 * The library writes every block under the same temporary name first: two processes that write one text would write
 * into each other's file, and one that is killed could leave half of it under the final name.
 */
class WholeBlocks extends FsBlockstore {
  override async put(cid: CID, bytes: Uint8Array): Promise<CID> {
    const { dir, file } = FILES.encode(cid);
    const path = join(this.path, dir, file);
    const own = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.part`;
    await mkdir(dirname(path), { recursive: true });
    try {
      // Not flushed: what a loss of power damages is found when it is read, and an archive would take minutes to store.
      await writeFile(own, bytes, { flag: "wx" });
      await rename(own, path);
    } finally {
      await rm(own, { force: true });
    }
    return cid;
  }
}
