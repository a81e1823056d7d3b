import { expect } from "chai";
import { network } from "hardhat";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const NONE = 0n;
const AGAINST = 1n;
const FOR = 2n;
const ABSTAIN = 3n;

async function receipts() {
  return ethers.deployContract("BallotReceiptsHarness");
}

describe("BallotReceipts", () => {
  describe("get", () => {
    it("answers none for a number that has not voted", async () => {
      const harness = await loadFixture(receipts);
      for (const number of [0n, 1n, 127n, 128n, 2n ** 32n - 1n]) {
        expect(await harness.get(number)).to.equal(NONE);
      }
    });
  });

  describe("set", () => {
    for (const receipt of [AGAINST, FOR, ABSTAIN]) {
      it(`keeps receipt ${receipt} and answers that there was none before`, async () => {
        const harness = await loadFixture(receipts);
        await expect(harness.set(5n, receipt)).to.emit(harness, "ReceiptSet").withArgs(NONE);
        expect(await harness.get(5n)).to.equal(receipt);
      });
    }

    it("replaces any receipt by any other, or by itself, and answers the one before", async () => {
      const harness = await loadFixture(receipts);
      let previous = NONE;
      for (const next of [
        AGAINST,
        FOR,
        ABSTAIN,
        AGAINST,
        ABSTAIN,
        FOR,
        AGAINST,
        AGAINST,
        FOR,
        FOR,
        ABSTAIN,
      ]) {
        await expect(harness.set(77n, next)).to.emit(harness, "ReceiptSet").withArgs(previous);
        expect(await harness.get(77n)).to.equal(next);
        previous = next;
      }
    });

    it("leaves the neighbours in the word and across its ends alone", async () => {
      const harness = await loadFixture(receipts);
      const numbers = [126n, 127n, 128n, 129n, 255n, 256n];
      const kept = new Map(numbers.map((number, index) => [number, BigInt((index % 3) + 1)]));
      for (const [number, receipt] of kept) await harness.set(number, receipt);
      for (const number of numbers) {
        await harness.set(number, ABSTAIN);
        await harness.set(number, AGAINST);
        kept.set(number, AGAINST);
        for (const [other, receipt] of kept) expect(await harness.get(other)).to.equal(receipt);
      }
    });

    it("puts 128 numbers into one word, two bits each, the lowest number lowest", async () => {
      const harness = await loadFixture(receipts);
      for (const [number, receipt] of [
        [128n, FOR],
        [129n, AGAINST],
        [255n, ABSTAIN],
      ] as const) {
        await harness.set(number, receipt);
      }
      expect(await harness.wordAt(1n)).to.equal(FOR | (AGAINST << 2n) | (ABSTAIN << 254n));
      expect(await harness.wordAt(0n)).to.equal(0n);
      expect(await harness.wordAt(2n)).to.equal(0n);
    });
  });
});
