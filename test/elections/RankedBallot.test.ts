import { expect } from "chai";
import { network } from "hardhat";
import {
  codeBits,
  decodeBallot,
  encodeBallot,
  laneBits,
  packWords,
  perWord,
  unpackWords,
} from "../../scripts/lib/elections/ballot-code.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const MOST = 32;

/** As {RankedBallot-Flaw} has it. */
enum Flaw {
  None,
  Empty,
  UnknownOption,
  Repeated,
  BeyondEnd,
}

async function ballots() {
  return ethers.deployContract("RankedCountHarness");
}

/** Every option of so many candidates, "re-open nominations" last. */
const everybody = (candidates: number) => [...Array.from({ length: candidates }, (_, index) => index + 1), 0];

describe("RankedBallot", () => {
  describe("codeBits, laneBits and perWord", () => {
    it("leave room for every option of up to 32 candidates, and for as many members as fit", async () => {
      const harness = await loadFixture(ballots);
      for (const [candidates, bits, lane, members] of [
        [1, 4n, 11n, 23n],
        [6, 4n, 31n, 8n],
        [14, 4n, 63n, 4n],
        [15, 5n, 83n, 3n],
        [30, 5n, 158n, 1n],
        [31, 6n, 195n, 1n],
        [32, 6n, 201n, 1n],
      ] as const) {
        expect(await harness.sizes(candidates)).to.deep.equal([bits, lane, members]);
      }
    });

    it("are the same in TypeScript", async () => {
      const harness = await loadFixture(ballots);
      for (let candidates = 0; candidates <= MOST; ++candidates) {
        expect((await harness.sizes(candidates)).map(Number)).to.deep.equal([
          codeBits(candidates),
          laneBits(candidates),
          perWord(candidates),
        ]);
      }
    });
  });

  describe("check", () => {
    it("finds nothing wrong with one preference, with all, and with any order", async () => {
      const harness = await loadFixture(ballots);
      for (const candidates of [1, 14, 15, 30, 31, 32]) {
        const all = everybody(candidates);
        for (const preferences of [[0], [candidates], all, [...all].reverse()]) {
          const ballot = encodeBallot(preferences, candidates);
          expect(await harness.check(ballot, candidates)).to.equal(Flaw.None);
        }
      }
    });

    it("finds a ballot that names nobody", async () => {
      const harness = await loadFixture(ballots);
      expect(await harness.check(0n, 5)).to.equal(Flaw.Empty);
    });

    it("finds an option that there is not", async () => {
      const harness = await loadFixture(ballots);
      for (const candidates of [1, 13, 15, 29, 32]) {
        for (const preferences of [[candidates + 1], [0, candidates + 1]]) {
          expect(await harness.check(encodeBallot(preferences, candidates), candidates)).to.equal(
            Flaw.UnknownOption,
          );
        }
      }
    });

    it("finds an option that stands twice", async () => {
      const harness = await loadFixture(ballots);
      for (const preferences of [
        [3, 3],
        [0, 1, 0],
        [32, 5, 7, 32],
      ]) {
        expect(await harness.check(encodeBallot(preferences, MOST), MOST)).to.equal(Flaw.Repeated);
      }
    });

    it("finds what stands after a gap, or beyond the last preference that there can be", async () => {
      const harness = await loadFixture(ballots);
      const afterGap = (encodeBallot([2], 5) << 8n) | encodeBallot([1], 5);
      const gapAtOnce = encodeBallot([1], 5) << 4n;
      const oneMore = encodeBallot([...everybody(5), 1], 5);
      for (const ballot of [afterGap, gapAtOnce, oneMore, encodeBallot([1], 5) | (1n << 255n)]) {
        expect(await harness.check(ballot, 5)).to.equal(Flaw.BeyondEnd);
      }
      expect(await harness.check(encodeBallot(everybody(MOST), MOST) | (1n << 198n), MOST)).to.equal(
        Flaw.BeyondEnd,
      );
    });
  });

  describe("set and get", () => {
    it("keep the ballots of neighbours apart, in words that TypeScript reads alike", async () => {
      for (const candidates of [1, 6, 14, 15, 30, 31, 32]) {
        const harness = await ballots();
        const all = everybody(candidates);
        const cast = Array.from({ length: 2 * perWord(candidates) + 1 }, (_, number) => ({
          number,
          group: number % 8,
          preferences: number % 3 === 0 ? all : all.slice(0, 1 + (number % all.length)),
        }));
        for (const { number, group, preferences } of [...cast].reverse()) {
          await harness.set(candidates, number, group, encodeBallot(preferences, candidates));
        }
        for (const { number, group, preferences } of cast) {
          const [ballot, groupThen] = await harness.get(candidates, number);
          expect(decodeBallot(ballot, candidates)).to.deep.equal(preferences);
          expect(groupThen).to.equal(group);
        }
        const words = await Promise.all([0, 1, 2].map((word) => harness.wordAt(word)));
        expect(words).to.deep.equal(packWords(cast, candidates, cast.length - 1));
        expect(unpackWords(words, candidates)).to.deep.equal(cast);
      }
    });

    it("overwrite a ballot, and answer the one before", async () => {
      const harness = await loadFixture(ballots);
      const [first, second] = [encodeBallot([1, 2, 3], 6), encodeBallot([3, 0], 6)];
      await harness.set(6, 8, 7, first);
      await harness.set(6, 10, 7, first);
      expect(await harness.set.staticCall(6, 9, 2, first)).to.equal(0n);
      await harness.set(6, 9, 2, first);
      expect(await harness.set.staticCall(6, 9, 5, second)).to.equal(first);
      await harness.set(6, 9, 5, second);
      expect(await harness.get(6, 9)).to.deep.equal([second, 5n]);
      for (const neighbour of [8, 10]) expect(await harness.get(6, neighbour)).to.deep.equal([first, 7n]);
    });

    it("take a ballot back with 0, and its group", async () => {
      const harness = await loadFixture(ballots);
      const ballot = encodeBallot([2], 6);
      await harness.set(6, 9, 3, ballot);
      expect(await harness.set.staticCall(6, 9, 3, 0n)).to.equal(ballot);
      await harness.set(6, 9, 3, 0n);
      expect(await harness.get(6, 9)).to.deep.equal([0n, 0n]);
      expect(await harness.wordAt(1)).to.equal(0n);
    });

    it("answer no ballot for who has none", async () => {
      const harness = await loadFixture(ballots);
      expect(await harness.get(32, 10_000)).to.deep.equal([0n, 0n]);
    });
  });
});
