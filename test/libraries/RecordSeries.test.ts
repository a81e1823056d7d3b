import { expect } from "chai";
import { AbiCoder, id, keccak256, MaxUint256, ZeroHash } from "ethers";
import { network } from "hardhat";
import { EMPTY_SERIES, headOf, lengthOf, nextHead } from "../../scripts/lib/record-series.js";
import { randomness } from "../helpers/random.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const RECORDS = ["one", "two", "three", "four"].map(id);

async function series() {
  return ethers.deployContract("RecordSeriesHarness");
}

describe("RecordSeries", () => {
  describe("append", () => {
    context("given a series without records", () => {
      it("begins with an empty head", async () => {
        const harness = await loadFixture(series);
        expect(await harness.head()).to.equal(EMPTY_SERIES);
        expect(lengthOf(EMPTY_SERIES)).to.equal(0n);
      });

      it("takes a record of zero like any other", async () => {
        const harness = await loadFixture(series);
        await expect(harness.append(ZeroHash)).to.emit(harness, "RecordAppended").withArgs(1n);
        const head = await harness.head();
        expect(await harness.length(head)).to.equal(1n);
        expect(head).to.equal(headOf([ZeroHash]));
      });
    });

    context("given records", () => {
      it("answers the place of each, from 1, and keeps the head that the list gives", async () => {
        const harness = await loadFixture(series);
        for (const [index, record] of RECORDS.entries()) {
          await expect(harness.append(record))
            .to.emit(harness, "RecordAppended")
            .withArgs(index + 1);
          expect(await harness.head()).to.equal(headOf(RECORDS.slice(0, index + 1)));
          expect(await harness.length(await harness.head())).to.equal(index + 1);
        }
      });

      it("has the layout that it documents", async () => {
        const harness = await loadFixture(series);
        await harness.append(id("one"));
        const hash = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [0n, id("one")]));
        expect(await harness.head()).to.equal(`${hash.slice(0, 2 + 56)}00000001`);
      });

      it("has another head for another order, for one fewer, one more, one twice and one altered", () => {
        const [one = "", two = "", three = ""] = RECORDS;
        const heads = [
          [one, two, three],
          [two, one, three],
          [one, three, two],
          [one, two],
          [two, three],
          [one, three],
          [...RECORDS],
          [one, two, two, three],
          [one, two, id("other")],
        ].map(headOf);
        expect(new Set(heads).size).to.equal(heads.length);
      });
    });
  });

  describe("next", () => {
    const { below, seed } = randomness();

    it(`is what is computed apart from the chain, for any head and record (${seed})`, async () => {
      const harness = await loadFixture(series);
      const word = () =>
        (below(1n << 64n) << 192n) | (below(1n << 64n) << 96n) | (below(1n << 32n) << 32n) | below(1n << 31n);
      for (let round = 0; round < 25; round++) {
        const head = word();
        const record = ethers.toBeHex(word(), 32);
        const next = nextHead(head, record);
        expect(await harness.next(head, record), `${head}, ${record}`).to.equal(next);
        expect(await harness.length(next))
          .to.equal(lengthOf(head) + 1n)
          .and.to.equal(lengthOf(next));
      }
    });

    it("never lets the count run into the digest", async () => {
      const harness = await loadFixture(series);
      // Four milliards of records are out of reach; what is odd here must only be odd in the same way in both.
      expect(lengthOf(MaxUint256)).to.equal(2n ** 32n - 1n);
      expect(await harness.length(MaxUint256)).to.equal(2n ** 32n - 1n);
    });
  });
});
