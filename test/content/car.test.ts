import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CarReader, CarWriter } from "@ipld/car";
import { expect } from "chai";
import { exporter } from "ipfs-unixfs-exporter";
import { importBytes } from "ipfs-unixfs-importer";
import type { CID } from "multiformats/cid";
import { exportCar, importCar } from "../../scripts/lib/content/car.js";
import { cidOf, digestOf, MOST_BYTES } from "../../scripts/lib/content/digest.js";
import { ContentStore } from "../../scripts/lib/content/store.js";
import { Problem } from "../../scripts/lib/problem.js";
import { inFolder } from "../helpers/folder.js";
import { randomness } from "../helpers/random.js";
import { refusal } from "../helpers/refusal.js";
import { ipfsCar, randomContent } from "../helpers/texts.js";

interface Scene {
  readonly store: ContentStore;
  readonly empty: ContentStore;
  /** A path of this name beside the stores. */
  readonly at: (name: string) => string;
  readonly put: (...texts: (string | Uint8Array)[]) => Promise<string[]>;
}

const inScene = <T>(work: (scene: Scene) => Promise<T>) =>
  inFolder({}, (folder) => {
    const store = new ContentStore(join(folder, "full"));
    const put = async (...texts: (string | Uint8Array)[]) => {
      const digests: string[] = [];
      for (const text of texts) digests.push((await store.put(Buffer.from(text as string))).digest);
      return digests;
    };
    return work({
      store,
      empty: new ContentStore(join(folder, "empty")),
      at: (name) => join(folder, name),
      put,
    });
  });

/** A CAR file with these roots and blocks, whatever they are. */
async function writeCar(path: string, roots: CID[], blocks: readonly [CID, Uint8Array][]): Promise<void> {
  const { writer, out } = CarWriter.create(roots);
  const read = (async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of out) chunks.push(chunk);
    return Buffer.concat(chunks);
  })();
  for (const [cid, bytes] of blocks) await writer.put({ cid, bytes });
  await writer.close();
  writeFileSync(path, await read);
}

describe("Archives of texts", () => {
  const { below, seed } = randomness();

  describe("exportCar", () => {
    it("refuses a file that exists, and leaves it as it is", () =>
      inScene(async ({ store, at, put }) => {
        await put("one");
        writeFileSync(at("x.car"), "precious");
        expect(await refusal(exportCar(store, at("x.car")))).to.equal(
          `${at("x.car")} exists already; name another file with --out.`,
        );
        expect(readFileSync(at("x.car"), "utf8")).to.equal("precious");
      }));

    it("refuses to write nothing", () =>
      inScene(async ({ store, at }) => {
        expect(await refusal(exportCar(store, at("x.car")))).to.equal(
          `${store.path} holds no text to write to ${at("x.car")}.`,
        );
      }));

    it("refuses a text that is missing or corrupted, and leaves no file", () =>
      inScene(async ({ store, at, put }) => {
        const digests = await put("one", "two", "three");
        const missing = digestOf(Buffer.from("four"));
        expect(await refusal(exportCar(store, at("x.car"), [...digests, missing]))).to.contain(
          `holds no text ${cidOf(missing)}`,
        );
        const [file = ""] = readdirSync(store.path, { recursive: true, encoding: "utf8" }).filter((name) =>
          name.endsWith(".data"),
        );
        writeFileSync(join(store.path, file), "other");
        expect(await refusal(exportCar(store, at("x.car")))).to.contain("is corrupted: expected digest 0x");
        expect(readdirSync(at("."))).to.deep.equal(["full"]);
      }));

    it("fails where the file cannot be written, and does not wait for ever", () =>
      inScene(async ({ store, at, put }) => {
        await put(...[1, 2, 3].map((fill) => new Uint8Array(MOST_BYTES).fill(fill)));
        const failure = await exportCar(store, at(join("nowhere", "x.car"))).catch((error) => error);
        expect(failure).to.have.property("code", "ENOENT");
      }));

    it("makes every text a root, tells the progress, and takes those asked for only", () =>
      inScene(async ({ store, at, put }) => {
        const [one = "", , three = ""] = await put("one", "two", "three");
        const told: string[] = [];
        const written = await exportCar(
          store,
          at("x.car"),
          [three, one, three.toUpperCase().replace("X", "x")],
          (done, total) => told.push(`${done}/${total}`),
        );
        expect(written).to.deep.equal([one, three].sort());
        expect(told).to.deep.equal(["1/2", "2/2"]);
        const reader = await CarReader.fromBytes(readFileSync(at("x.car")));
        expect((await reader.getRoots()).map(String)).to.deep.equal(
          [one, three].sort().map((digest) => `${cidOf(digest)}`),
        );
      }));

    it("gives the same bytes for the same texts, in whatever order they came", () =>
      inScene(async ({ store, empty, at, put }) => {
        const digests = await put("one", "two", "three");
        for (const text of ["three", "one", "two"]) await empty.put(Buffer.from(text));
        await exportCar(store, at("1.car"));
        await exportCar(store, at("2.car"), digests.toReversed());
        await exportCar(empty, at("3.car"));
        const [first, second, third] = ["1.car", "2.car", "3.car"].map((name) => readFileSync(at(name)));
        expect(second?.equals(first as Buffer)).to.equal(true);
        expect(third?.equals(first as Buffer)).to.equal(true);
      }));

    it("is read by ipfs-car and by ipfs-unixfs-exporter", () =>
      inScene(async ({ store, at, put }) => {
        const digests = await put("one\n", "two\n");
        await exportCar(store, at("x.car"));
        const cids = digests.map((digest) => `${cidOf(digest)}`);
        expect(`${await ipfsCar("roots", at("x.car"))}`.trim().split("\n")).to.have.members(cids);
        expect(`${await ipfsCar("unpack", at("x.car"), "--root", cids[1] as string)}`).to.equal("two\n");
        const reader = await CarReader.fromBytes(readFileSync(at("x.car")));
        const entry = await exporter(cids[0] as string, {
          async *get(cid: CID) {
            const block = await reader.get(cid);
            if (block !== undefined) yield block.bytes;
          },
        });
        expect([entry.type, entry.size]).to.deep.equal(["raw", 4n]);
      }));
  });

  describe("importCar", () => {
    it("refuses a file that is missing, or of another kind", () =>
      inScene(async ({ empty, at }) => {
        expect(await refusal(importCar(empty, at("x.car")))).to.equal(`${at("x.car")} is missing.`);
        for (const content of ["", "# A text\n", "\0\0\0", JSON.stringify({ a: 1 })]) {
          writeFileSync(at("x.car"), content);
          expect(await refusal(importCar(empty, at("x.car")))).to.match(
            / is no whole CAR file \(.+\)\. Nothing was stored\.$/,
          );
        }
        expect(existsSync(empty.path)).to.equal(false);
      }));

    it("refuses a text whose CID is another's, and stores none", () =>
      inScene(async ({ empty, at }) => {
        const [one, two] = ["one", "two"].map((text) => Buffer.from(text)) as [Buffer, Buffer];
        const [first, second] = [cidOf(digestOf(one)), cidOf(digestOf(two))];
        await writeCar(
          at("x.car"),
          [first, second],
          [
            [first, one],
            [second, one],
          ],
        );
        expect(await refusal(importCar(empty, at("x.car")))).to.equal(
          `${at("x.car")} is corrupted: ${second} has digest ${digestOf(two)}, but its bytes give ${digestOf(one)}. ` +
            "Nothing was stored.",
        );
        expect(existsSync(empty.path)).to.equal(false);
      }));

    it("refuses a root that is not there", () =>
      inScene(async ({ empty, at }) => {
        const [one, two] = ["one", "two"].map((text) => Buffer.from(text)) as [Buffer, Buffer];
        const [first, second] = [cidOf(digestOf(one)), cidOf(digestOf(two))];
        await writeCar(at("x.car"), [first, second], [[first, one]]);
        expect(await refusal(importCar(empty, at("x.car")))).to.equal(
          `${at("x.car")} is not whole: it names ${second} and does not hold it. Nothing was stored.`,
        );
      }));

    it("refuses blocks of files that are more than one block, and blocks that are too long", () =>
      inScene(async ({ empty, at }) => {
        const blocks: [CID, Uint8Array][] = [];
        const kept = {
          put: async (cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => {
            blocks.push([cid, bytes as Uint8Array]);
            return cid;
          },
        };
        const { cid } = await importBytes(new Uint8Array(MOST_BYTES + 1), kept, {
          profile: "unixfs-v1-2025",
        });
        await writeCar(at("tree.car"), [cid], blocks);
        expect(await refusal(importCar(empty, at("tree.car")))).to.contain(`${cid} is no text's CID`);
        const long = new Uint8Array(MOST_BYTES + 1);
        const own = cidOf(`0x${"0".repeat(64)}`);
        await writeCar(at("long.car"), [own], [[own, long]]);
        expect(await refusal(importCar(empty, at("long.car")))).to.contain(`${own} has 1,048,577 bytes`);
        expect(existsSync(empty.path)).to.equal(false);
      }));

    it("refuses an archive of which any one byte changed, and stores nothing", () =>
      inScene(async ({ store, empty, at, put }) => {
        await put("one", "two");
        await exportCar(store, at("x.car"));
        const good = readFileSync(at("x.car"));
        for (let index = 0; index < good.length; index++) {
          const bad = Buffer.from(good);
          bad[index] = (bad[index] as number) ^ (1 << Number(below(8n)));
          writeFileSync(at("bad.car"), bad);
          const failure = await importCar(empty, at("bad.car")).catch((error) => error);
          expect(failure, `byte ${index} as ${bad[index]}`).to.be.instanceOf(Problem);
        }
        expect(existsSync(empty.path)).to.equal(false);
      }));

    it("refuses an archive cut short anywhere", () =>
      inScene(async ({ store, empty, at, put }) => {
        await put("one", "two");
        await exportCar(store, at("x.car"));
        for (let left = readFileSync(at("x.car")).length - 1; left >= 0; left--) {
          truncateSync(at("x.car"), left);
          const failure = await importCar(empty, at("x.car")).catch((error) => error);
          expect(failure, `${left} bytes`).to.be.instanceOf(Problem);
        }
        expect(existsSync(empty.path)).to.equal(false);
      }));

    it(`gives back what was exported, and can be repeated (${seed})`, () =>
      inScene(async ({ store, empty, at, put }) => {
        const sizes = [0, 1, 127, 128, ...Array.from({ length: 40 }, () => Number(below(3_000n)))];
        await put(...sizes.map((size) => randomContent(below, size)), new Uint8Array(MOST_BYTES).fill(9));
        const written = await exportCar(store, at("x.car"));
        const told: number[] = [];
        expect(await importCar(empty, at("x.car"), (done) => told.push(done))).to.deep.equal(written);
        expect(told).to.have.length(written.length);
        expect(await importCar(empty, at("x.car"))).to.deep.equal(written);
        expect(await empty.list()).to.deep.equal(written);
        await exportCar(empty, at("y.car"));
        expect(readFileSync(at("y.car")).equals(readFileSync(at("x.car")))).to.equal(true);
      }));

    it("takes what ipfs-car packed", () =>
      inScene(async ({ empty, at }) => {
        writeFileSync(at("motion.md"), "# Motion\n");
        const printed = await ipfsCar("pack", "--no-wrap", at("motion.md"), "--output", at("x.car"));
        const digest = digestOf(Buffer.from("# Motion\n"));
        expect(`${printed}`.trim()).to.equal(`${cidOf(digest)}`);
        expect(await importCar(empty, at("x.car"))).to.deep.equal([digest]);
      }));
  });
});
