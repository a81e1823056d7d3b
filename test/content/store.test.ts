import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { FsBlockstore } from "blockstore-fs";
import { expect } from "chai";
import { exporter } from "ipfs-unixfs-exporter";
import { cidOf, digestOf, MOST_BYTES } from "../../scripts/lib/content/digest.js";
import { ContentStore, storePath } from "../../scripts/lib/content/store.js";
import { Problem } from "../../scripts/lib/problem.js";
import { inFolder } from "../helpers/folder.js";
import { randomness } from "../helpers/random.js";
import { refusal } from "../helpers/refusal.js";
import { randomContent } from "../helpers/texts.js";

const MODULE = new URL("../../scripts/lib/content/store.ts", import.meta.url);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const hello = Buffer.from("hello world");
const DIGEST = digestOf(hello);

const inStore = <T>(work: (store: ContentStore, folder: string) => Promise<T>) =>
  inFolder({}, (folder) => work(new ContentStore(join(folder, "texts")), folder));

/** The file that holds a store's only text. */
function fileIn(store: ContentStore): string {
  const files = readdirSync(store.path, { recursive: true, encoding: "utf8" });
  return join(store.path, files.find((file) => file.endsWith(".data")) as string);
}

/** A process that puts texts of most of a block into the store, the same ones in turn, and says which are in. */
function putting(store: ContentStore): ChildProcess {
  const script = `
    const { ContentStore } = await import(${JSON.stringify(MODULE.href)});
    const store = new ContentStore(${JSON.stringify(store.path)});
    for (let turn = 0; ; turn++) {
      const { digest } = await store.put(new Uint8Array(1_000_000).fill(turn % 250));
      process.stdout.write(digest + "\\n");
    }`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  return spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
}

describe("Store of texts", () => {
  const { below, seed } = randomness();

  describe("storePath", () => {
    const { CONTENT_STORE } = process.env;
    afterEach(() => {
      if (CONTENT_STORE === undefined) delete process.env.CONTENT_STORE;
      else process.env.CONTENT_STORE = CONTENT_STORE;
    });

    it("is the folder given, before the setting's, before the project's own", () => {
      const root = resolve("project");
      for (const [setting, path] of [
        ["", join(root, "content")],
        ["elsewhere", join(root, "elsewhere")],
        [resolve("far"), resolve("far")],
      ] as const) {
        process.env.CONTENT_STORE = setting;
        expect(storePath(root)).to.equal(path);
        expect(storePath(root, "given")).to.equal(resolve("given"));
      }
    });
  });

  describe("put", () => {
    it("refuses a byte more than a block, and makes no folder", () =>
      inStore(async (store) => {
        expect(await refusal(store.put(new Uint8Array(MOST_BYTES + 1)))).to.contain("has 1,048,577 bytes");
        expect(existsSync(store.path)).to.equal(false);
      }));

    it("tells the text's two names", () =>
      inStore(async (store) => {
        const { cid, digest } = await store.put(hello);
        expect(digest).to.equal(DIGEST);
        expect(cid.equals(cidOf(DIGEST))).to.equal(true);
      }));

    it("mends a corrupted text", () =>
      inStore(async (store) => {
        await store.put(hello);
        writeFileSync(fileIn(store), "hello");
        await store.put(hello);
        expect(Buffer.from(await store.get(DIGEST)).equals(hello)).to.equal(true);
      }));

    it("has the whole text in when it ends, whoever else puts the same one in", () =>
      inStore(async (store) => {
        const stores = Array.from({ length: 8 }, () => new ContentStore(store.path));
        for (let round = 0; round < 8; round++) {
          const bytes = new Uint8Array(MOST_BYTES).fill(round);
          const sizes = stores.map(async (one) => (await one.get((await one.put(bytes)).digest)).length);
          expect(await Promise.all(sizes)).to.deep.equal(stores.map(() => MOST_BYTES));
        }
      }));

    it("leaves nothing under a text's name when its process is killed, whoever else writes", function () {
      this.timeout(60_000);
      return inStore(async (store) => {
        const writers = [putting(store), putting(store)];
        const said: string[] = [];
        for (const writer of writers) writer.stdout?.on("data", (chunk) => said.push(`${chunk}`));
        await Promise.all(writers.map((writer) => once(writer.stdout as NodeJS.ReadableStream, "data")));
        for (const writer of writers) {
          const ended = once(writer, "close");
          await sleep(Number(below(200n)) + 50);
          writer.kill("SIGKILL");
          await ended;
        }
        const digests = await store.list();
        const confirmed = new Set(said.flatMap((chunk) => chunk.match(/0x[0-9a-f]{64}(?=\n)/g) ?? []));
        expect(confirmed.size, seed).to.be.at.least(1);
        expect(digests).to.include.members([...confirmed]);
        for (const digest of digests) expect(await store.get(digest)).to.have.length(1_000_000);
      });
    });
  });

  describe("get", () => {
    it("refuses a text that is not there, in no folder even", () =>
      inStore(async (store) => {
        const sentence = `${store.path} holds no text ${cidOf(DIGEST)} (digest ${DIGEST}); add it, or import an archive.`;
        expect(await refusal(store.get(DIGEST))).to.equal(sentence);
        await store.put(Buffer.from("another"));
        expect(await refusal(store.get(DIGEST))).to.equal(sentence);
        expect(await refusal(store.get("0x12"))).to.contain('The digest is "0x12"');
      }));

    it(`refuses a text of which a bit changed, and names both digests (${seed})`, () =>
      inStore(async (store) => {
        const bytes = randomContent(below, 1_000);
        const { digest, cid } = await store.put(bytes);
        for (let count = 0; count < 50; count++) {
          const changed = Uint8Array.from(bytes);
          const at = Number(below(1_000n));
          changed[at] = (changed[at] as number) ^ (1 << Number(below(8n)));
          writeFileSync(fileIn(store), changed);
          expect(await refusal(store.get(digest))).to.equal(
            `The text ${cid} in ${store.path} is corrupted: expected digest ${digest}, ` +
              `found ${digestOf(changed)}; put it in again from a good copy.`,
          );
        }
      }));

    it("refuses a text cut short, emptied, or longer than a block", () =>
      inStore(async (store) => {
        await store.put(hello);
        const file = fileIn(store);
        for (const left of [hello.subarray(0, 5), Buffer.alloc(0)]) {
          writeFileSync(file, left);
          expect(await refusal(store.get(DIGEST))).to.contain(`found ${digestOf(left)}`);
        }
        writeFileSync(file, hello);
        appendFileSync(file, Buffer.alloc(3 * MOST_BYTES));
        expect(await refusal(store.get(DIGEST))).to.contain("found of more than 1 MiB");
      }));

    it(`gives back what was put in, of any size (${seed})`, () =>
      inStore(async (store) => {
        for (const size of [
          0,
          1,
          2,
          ...Array.from({ length: 20 }, () => Number(below(20_000n))),
          MOST_BYTES,
        ]) {
          const bytes = size === MOST_BYTES ? new Uint8Array(size).fill(7) : randomContent(below, size);
          const { digest } = await store.put(bytes);
          expect(Buffer.from(await store.get(digest)).equals(bytes), `${size} bytes`).to.equal(true);
          expect(await store.get(`0x${digest.slice(2).toUpperCase()}`)).to.have.length(size);
        }
      }));
  });

  describe("has and list", () => {
    it("know of nothing before the first text", () =>
      inStore(async (store) => {
        expect(await store.has(DIGEST)).to.equal(false);
        expect(await store.list()).to.deep.equal([]);
      }));

    it("refuse a file that is no text's by its name", () =>
      inStore(async (store) => {
        await store.put(hello);
        const file = join(store.path, "notes.data");
        writeFileSync(file, "");
        expect(await refusal(store.list())).to.equal(
          `${file} is no text of a content store; move it elsewhere.`,
        );
      }));

    it("tell each text once, in order, and not what a killed process left", () =>
      inStore(async (store) => {
        const texts = ["one", "two", "three", "one"].map((text) => Buffer.from(text));
        for (const text of texts) await store.put(text);
        writeFileSync(`${fileIn(store)}.1-00.part`, "tw");
        const digests = [...new Set(texts.map((text) => digestOf(text)))].sort();
        expect(await store.list()).to.deep.equal(digests);
        for (const digest of digests) expect(await store.has(digest)).to.equal(true);
      }));
  });

  it("is a block store that other programs read", () =>
    inStore(async (store) => {
      const { cid } = await store.put(hello);
      const entry = await exporter(cid, new FsBlockstore(store.path));
      const chunks: Uint8Array[] = [];
      if (entry.type !== "raw") throw new Problem(`it is a ${entry.type}`);
      for await (const chunk of entry.content()) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(hello)).to.equal(true);
      expect(readFileSync(fileIn(store)).equals(hello)).to.equal(true);
    }));
});
