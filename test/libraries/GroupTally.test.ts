import { expect } from "chai";
import { network } from "hardhat";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const GROUPS = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n];
const FULL = 2n ** 20n - 1n;
const LAST_MOMENT = 2n ** 38n - 1n;

async function tally() {
  return ethers.deployContract("GroupTallyHarness");
}

/** A word whose three groups hold these counts. */
const wordOf = (...counts: bigint[]) =>
  counts.reduce((word, count, lane) => word | (count << (20n * BigInt(lane))), 0n);

describe("GroupTally", () => {
  describe("count", () => {
    it("counts a first ballot for its group and choice alone", async () => {
      const harness = await loadFixture(tally);
      for (const group of GROUPS) {
        await harness.count(group, 0n, (group % 3n) + 1n);
        for (const other of GROUPS) {
          const counts = [0n, 0n, 0n];
          if (other <= group) counts[Number(other % 3n)] = 1n;
          expect(await harness.ofGroup(other)).to.deep.equal(counts);
        }
      }
    });

    it("takes back the ballot that a changed one replaces", async () => {
      const harness = await loadFixture(tally);
      for (const group of [0n, 2n, 3n, 7n]) {
        await harness.count(group, 0n, 1n);
        for (const [previous, receipt] of [
          [1n, 2n],
          [2n, 3n],
          [3n, 1n],
          [1n, 3n],
          [3n, 2n],
          [2n, 1n],
          [1n, 1n],
        ] as const) {
          await harness.count(group, previous, receipt);
          const counts = [0n, 0n, 0n];
          counts[Number(receipt - 1n)] = 1n;
          expect(await harness.ofGroup(group)).to.deep.equal(counts);
        }
      }
    });

    it("counts up to the last member that a roll can hold without touching its neighbours", async () => {
      const harness = await loadFixture(tally);
      const almost = FULL - 1n;
      await harness.store(0n, wordOf(...Array<bigint>(9).fill(almost)));
      for (const group of [0n, 1n, 2n]) {
        for (const receipt of [1n, 2n, 3n]) await harness.count(group, 0n, receipt);
      }
      for (const group of [0n, 1n, 2n]) {
        expect(await harness.ofGroup(group)).to.deep.equal([FULL, FULL, FULL]);
      }
    });

    it("keeps the poll's hours in the word, and in no other", async () => {
      const harness = await loadFixture(tally);
      await harness.countWithHours(4n, 2n, 1_800_000_000n, 1_801_209_600n);
      await harness.count(3n, 0n, 1n);
      await harness.count(4n, 2n, 3n);
      const word = await harness.wordOf(4n);
      expect(await harness.wordOf(3n)).to.equal(word);
      expect(await harness.opensAt(word)).to.equal(1_800_000_000n);
      expect(await harness.calmUntil(word)).to.equal(1_801_209_600n);
      expect(await harness.ofGroup(3n)).to.deep.equal([1n, 0n, 0n]);
      expect(await harness.ofGroup(4n)).to.deep.equal([0n, 0n, 1n]);
      expect(await harness.wordOf(0n)).to.equal(0n);
      expect(await harness.wordOf(6n)).to.equal(0n);
    });
  });

  describe("withHours", () => {
    it("writes hours down, the latest there are included, and leaves the counts alone", async () => {
      const harness = await loadFixture(tally);
      const counts = wordOf(...Array<bigint>(9).fill(FULL));
      for (const [opens, closes] of [
        [1n, 2n],
        [LAST_MOMENT - 1n, LAST_MOMENT],
        [LAST_MOMENT, LAST_MOMENT],
      ] as const) {
        const word = await harness.withHours(counts, opens, closes);
        expect(await harness.opensAt(word)).to.equal(opens);
        expect(await harness.calmUntil(word)).to.equal(closes);
        expect(word & (2n ** 180n - 1n)).to.equal(counts);
      }
    });

    it("replaces hours that were there", async () => {
      const harness = await loadFixture(tally);
      const before = await harness.withHours(7n, LAST_MOMENT, LAST_MOMENT);
      const word = await harness.withHours(before, 10n, 20n);
      expect(await harness.opensAt(word)).to.equal(10n);
      expect(await harness.calmUntil(word)).to.equal(20n);
      expect(word & (2n ** 180n - 1n)).to.equal(7n);
    });
  });

  describe("opensAt and calmUntil", () => {
    it("answer 0 for a word that knows no hours", async () => {
      const harness = await loadFixture(tally);
      expect(await harness.opensAt(wordOf(FULL))).to.equal(0n);
      expect(await harness.calmUntil(wordOf(FULL))).to.equal(0n);
    });
  });

  describe("total", () => {
    it("is zero before the first ballot", async () => {
      const harness = await loadFixture(tally);
      expect(await harness.total(8n)).to.deep.equal([0n, 0n, 0n]);
    });

    it("adds up all groups, hours or not", async () => {
      const harness = await loadFixture(tally);
      const expected = [0n, 0n, 0n];
      for (const group of GROUPS) {
        for (const receipt of [1n, 2n, 3n]) {
          const ballots = group + receipt;
          await harness.countWithHours(group, receipt, 100n, 200n);
          for (let ballot = 1n; ballot < ballots; ++ballot) await harness.count(group, 0n, receipt);
          expected[Number(receipt - 1n)] += ballots;
        }
      }
      expect(await harness.total(8n)).to.deep.equal(expected);
    });

    it("reads the words of the groups that there are, and no further", async () => {
      const harness = await loadFixture(tally);
      for (const group of GROUPS) await harness.count(group, 0n, 2n);
      for (const [groupCount, votes] of [
        [2n, 3n],
        [3n, 3n],
        [4n, 6n],
        [6n, 6n],
        [7n, 8n],
        [8n, 8n],
      ] as const) {
        expect(await harness.total(groupCount)).to.deep.equal([0n, votes, 0n]);
      }
    });

    it("adds full counters without overflow", async () => {
      const harness = await loadFixture(tally);
      const full = wordOf(...Array<bigint>(9).fill(FULL));
      for (const index of [0n, 1n]) await harness.store(index, full);
      expect(await harness.total(6n)).to.deep.equal([FULL * 6n, FULL * 6n, FULL * 6n]);
    });
  });

  describe("agreeing", () => {
    it("has a bit for each group with more For than Against, whatever the abstentions", async () => {
      const harness = await loadFixture(tally);
      // Against, For, Abstain of groups 0 to 7: none, a tie, one more, one fewer, abstentions, and so on.
      const counts = [
        [0n, 0n, 0n],
        [2n, 2n, 0n],
        [2n, 3n, 0n],
        [3n, 2n, 0n],
        [0n, 0n, 5n],
        [0n, 1n, 9n],
        [FULL, FULL, FULL],
        [FULL - 1n, FULL, 0n],
      ];
      for (const word of [0, 1, 2]) {
        await harness.store(word, wordOf(...counts.slice(3 * word, 3 * word + 3).flat()));
      }
      expect(await harness.agreeing(8n)).to.equal(0b10100100n);
    });

    it("looks at the groups that there are, hours or not", async () => {
      const harness = await loadFixture(tally);
      for (const group of GROUPS) await harness.countWithHours(group, 2n, 100n, 200n);
      for (const groupCount of [2n, 3n, 5n, 8n]) {
        expect(await harness.agreeing(groupCount)).to.equal(2n ** groupCount - 1n);
      }
    });
  });
});
