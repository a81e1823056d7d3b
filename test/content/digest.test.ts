import { createHash } from "node:crypto";
import { expect } from "chai";
import { createFileEncoderStream } from "ipfs-car";
import { importBytes } from "ipfs-unixfs-importer";
import { base36 } from "multiformats/bases/base36";
import { CID } from "multiformats/cid";
import * as json from "multiformats/codecs/json";
import * as raw from "multiformats/codecs/raw";
import { create } from "multiformats/hashes/digest";
import { sha512 } from "multiformats/hashes/sha2";
import { cidOf, digestIn, digestOf, digestOfCid, MOST_BYTES } from "../../scripts/lib/content/digest.js";
import { Problem } from "../../scripts/lib/problem.js";
import { randomness } from "../helpers/random.js";
import { randomContent } from "../helpers/texts.js";

/** The CID that IPFS gives "hello world" as one raw block. */
const HELLO = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
const hello = Buffer.from("hello world");
const sha256sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The CID that each of two other programs gives a file with these bytes. */
async function cidsOfOthers(bytes: Uint8Array): Promise<CID[]> {
  const nowhere = { put: async (cid: CID) => cid };
  const imported = await importBytes(bytes, nowhere, { profile: "unixfs-v1-2025" });
  let packed: CID | undefined;
  const stream = createFileEncoderStream(new Blob([Uint8Array.from(bytes)]));
  for await (const block of stream) packed = CID.decode(block.cid.bytes);
  return [imported.cid, packed as CID];
}

describe("Digests and CIDs of texts", () => {
  const { below, seed } = randomness();

  describe("digestOf", () => {
    it("refuses a byte more than a block", () => {
      expect(() => digestOf(new Uint8Array(MOST_BYTES + 1), "long.md")).to.throw(
        Problem,
        "long.md has 1,048,577 bytes, allowed: at most 1,048,576 (1 MiB), so that it is one block; split it.",
      );
    });

    it("gives what sha256sum gives", () => {
      expect(digestOf(hello)).to.equal(`0x${sha256sum(hello)}`);
    });
  });

  describe("cidOf", () => {
    for (const digest of ["", "0x", `0x${"0".repeat(63)}`, "0".repeat(64), `0x${"g".repeat(64)}`]) {
      it(`refuses "${digest.slice(0, 10)}", ${digest.length} characters`, () => {
        expect(() => cidOf(digest)).to.throw(
          Problem,
          `The digest is "${digest}", allowed: 0x and 64 hexadecimal digits`,
        );
      });
    }

    it("gives the CID that IPFS gives", () => {
      expect(`${cidOf(digestOf(hello))}`).to.equal(HELLO);
    });

    it(`agrees with ipfs-unixfs-importer and ipfs-car, to a whole block (${seed})`, async () => {
      const sizes = [1, 2, 255, 256, 4_096, 262_144, 262_145, MOST_BYTES - 1, MOST_BYTES];
      for (let count = 0; count < 20; count++) sizes.push(Number(below(10_000n)) + 1);
      for (const size of sizes) {
        const bytes = randomContent(below, Math.min(size, 10_000)).slice(0, size);
        const whole = new Uint8Array(size).map((_, index) => bytes[index % bytes.length] ?? 0);
        const own = `${cidOf(digestOf(whole))}`;
        const others = (await cidsOfOthers(whole)).map(String);
        expect(others, `${size} bytes`).to.deep.equal([own, own]);
      }
    });
  });

  describe("digestOfCid", () => {
    const multihash = create(0x12, createHash("sha256").update(hello).digest());
    const refused: Record<string, CID> = {
      "a file of the old kind": CID.createV0(multihash),
      "another codec": CID.createV1(json.code, multihash),
      "a shortened digest": CID.createV1(raw.code, create(0x12, multihash.digest.subarray(0, 20))),
    };
    for (const [what, cid] of Object.entries(refused)) {
      it(`refuses the CID of ${what}`, () => {
        for (const one of [cid, `${cid}`]) {
          expect(() => digestOfCid(one)).to.throw(
            Problem,
            `${cid} is no text's CID: version ${cid.version}, `,
          );
        }
      });
    }

    it("refuses another hash, and says what would be right", async () => {
      const cid = CID.createV1(raw.code, await sha512.digest(hello));
      expect(() => digestOfCid(cid)).to.throw(
        Problem,
        "version 1, codec 0x55, hash 0x13, 64 bytes; allowed: version 1, codec 0x55 (raw), hash 0x12 (sha2-256), 32 bytes",
      );
    });

    it("refuses what is no CID", () => {
      for (const text of ["", "bafkrei", "README.md", `${HELLO}a`]) {
        expect(() => digestOfCid(text)).to.throw(Problem, `"${text}" is no CID`);
      }
    });

    it("refuses the CIDs that others give a file of more than a block: its digest is not the file's", async () => {
      for (const cid of await cidsOfOthers(new Uint8Array(MOST_BYTES + 1))) {
        expect(() => digestOfCid(cid)).to.throw(Problem, "codec 0x70");
      }
    });

    it(`gives back what cidOf was given, in any base (${seed})`, () => {
      for (let count = 0; count < 100; count++) {
        const digest = `0x${Buffer.from(randomContent(below, 32)).toString("hex")}`;
        const cid = cidOf(digest);
        expect(digestOfCid(cid)).to.equal(digest);
        expect(digestOfCid(`${cid}`)).to.equal(digest);
        expect(digestOfCid(cid.toString(base36))).to.equal(digest);
      }
    });
  });

  describe("digestIn", () => {
    it("takes a CID, a digest, and what sha256sum prints", () => {
      const digest = digestOf(hello);
      for (const text of [HELLO, digest, `0x${digest.slice(2).toUpperCase()}`, sha256sum(hello)]) {
        expect(digestIn(text), text).to.equal(digest);
      }
    });

    it("leaves paths to others, and refuses the CID of something else", () => {
      for (const text of ["", "README.md", "docs/charter.md", "0x12"])
        expect(digestIn(text)).to.equal(undefined);
      const old = `${CID.createV0(create(0x12, createHash("sha256").update(hello).digest()))}`;
      expect(() => digestIn(old)).to.throw(Problem, "is no text's CID: version 0");
    });
  });
});
