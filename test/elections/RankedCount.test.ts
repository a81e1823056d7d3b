import { expect } from "chai";
import { AbiCoder, keccak256, toBeHex } from "ethers";
import { network } from "hardhat";
import { packWords, perWord } from "../../scripts/lib/elections/ballot-code.js";
import { countRanked, type Slate, UNITS } from "../../scripts/lib/elections/ranked-count.js";
import { type Bundle, ballotsOf, lastNumberOf, slateOf } from "../helpers/ranked.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const ELECTION = 7n;
const RON = 0;
const NOBODY = 255;

async function counting() {
  return ethers.deployContract("RankedCountHarness");
}

/** What is written down of a stage by hand: values in votes, by option. */
interface Expected {
  readonly moved: number;
  readonly votes: readonly number[];
  readonly exhausted?: number;
  readonly elected?: readonly number[];
}

const units = (votes: number) => BigInt(Math.round(votes * Number(UNITS)));
const bitsOf = (options: readonly number[]) =>
  options.reduce((bits, option) => bits | (1n << BigInt(option)), 0n);

/** Counts by the contract, in calls of one word, and holds that against the count in TypeScript. */
async function count(slate: Slate, seats: number, ...bundles: readonly Bundle[]) {
  const harness = await loadFixture(counting);
  const ballots = ballotsOf(...bundles);
  const lastNumber = lastNumberOf(ballots);
  const words = packWords(ballots, Number(slate.candidates), lastNumber);
  const election = { slate, electionId: ELECTION, seats, lastNumber, budget: 1, words };
  const [result] = await harness.run.staticCall([election]);
  if (result === undefined) throw new Error("the harness answered nothing");
  const byHand = countRanked(slate, ballots, seats, ELECTION);
  const stages = result.stages.map(({ moved, held, exhausted, elected }) => ({
    moved: Number(moved),
    values: [...held],
    exhausted,
    elected,
  }));
  const order = result.order.map(Number);
  expect(stages).to.deep.equal(byHand.stages.map(({ lost: _, ...stage }) => stage));
  expect(order).to.deep.equal(byHand.order);
  expect(result.digest).to.equal(byHand.digest);
  const winners = Number(result.winners);
  return {
    stages,
    ballots: result.ballots,
    quota: result.quota,
    winners: order.slice(0, winners),
    runnersUp: order.slice(winners),
    lost: byHand.stages.map(({ lost }) => lost),
  };
}

function expectStages({ stages }: Awaited<ReturnType<typeof count>>, ...expected: readonly Expected[]) {
  expect(stages).to.deep.equal(
    expected.map(({ moved, votes, exhausted = 0, elected = [] }) => ({
      moved,
      values: votes.map(units),
      exhausted: units(exhausted),
      elected: bitsOf(elected),
    })),
  );
}

const lotOf = (seed: string, number: bigint) =>
  BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [seed, number])));

/** Seeds of some lots. Not secrets: the digests of small numbers. */
const SEEDS = Array.from({ length: 8 }, (_, index) => keccak256(toBeHex(index, 32)));

describe("RankedCount", () => {
  describe("published examples", () => {
    it("counts the party food of Wikipedia's article on the single transferable vote", async () => {
      // https://en.wikipedia.org/wiki/Single_transferable_vote, the example of 20 guests as it stood for years:
      // oranges, pears, chocolate, strawberries, sweets. There, chocolate, oranges and strawberries win.
      const counted = await count(
        slateOf(5),
        3,
        [4, [1]],
        [2, [2, 1]],
        [8, [3, 4]],
        [4, [3, 5]],
        [1, [4]],
        [1, [5]],
      );
      expect(counted.quota).to.equal(units(6));
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 4, 2, 12, 1, 1], elected: [3] },
        { moved: 3, votes: [0, 4, 2, 6, 5, 3], elected: [3] },
        // Nobody asked for new nominations.
        { moved: RON, votes: [0, 4, 2, 6, 5, 3], elected: [3] },
        { moved: 2, votes: [0, 6, 0, 6, 5, 3], elected: [3, 1] },
        { moved: 5, votes: [0, 6, 0, 6, 5, 0], exhausted: 3, elected: [3, 1, 4] },
      );
      expect(counted.winners).to.deep.equal([3, 1, 4]);
      expect(counted.runnersUp).to.deep.equal([5, 2]);
    });

    it("counts the example of OpaVote, whose surpluses do not divide: what is cut off is lost", async () => {
      // As in the tests of stvpoll, https://github.com/VoteIT/STVPoll, for the Scottish rules: Alice, Bob, Chris, Don,
      // Eric. Of Alice's 28 ballots each goes on with 12 / 28 = 0.42857, of Bob's 26 with 10 / 26 = 0.38461.
      const counted = await count(
        slateOf(5),
        3,
        [28, [1, 2, 3]],
        [26, [2, 1, 3]],
        [3, [3]],
        [2, [4]],
        [1, [5]],
      );
      expect(counted.quota).to.equal(units(16));
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 28, 26, 3, 2, 1], elected: [1, 2] },
        { moved: 1, votes: [0, 16, 26, 14.99996, 2, 1], elected: [1, 2] },
        { moved: 2, votes: [0, 16, 16, 24.99982, 2, 1], elected: [1, 2, 3] },
      );
      expect(counted.lost).to.deep.equal([0n, 4n, 18n]);
      expect(counted.winners).to.deep.equal([1, 2, 3]);
      expect(counted.runnersUp).to.deep.equal([4, 5]);
    });
  });

  describe("surpluses", () => {
    it("move a ballot again with what it is worth by then", async () => {
      const counted = await count(slateOf(4), 3, [12, [1, 2, 3]], [3, [2, 4]], [1, [4]]);
      // 16 ballots, 3 seats: quota 5. The first's 12 go on with 7 / 12 = 0.58333, the second has 3 + 6.99996. Of it
      // 4.99996 go on: 0.58333 x 4.99996 / 9.99996 = 0.29166 from the twelve, 0.49999 from the three.
      expect(counted.quota).to.equal(units(5));
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 12, 3, 0, 1], elected: [1] },
        { moved: 1, votes: [0, 5, 9.99996, 0, 1], elected: [1, 2] },
        { moved: 2, votes: [0, 5, 5, 3.49992, 2.49997], elected: [1, 2] },
        { moved: RON, votes: [0, 5, 5, 3.49992, 2.49997], elected: [1, 2] },
        { moved: 4, votes: [0, 5, 5, 3.49992, 0], exhausted: 2.49997, elected: [1, 2, 3] },
      );
      expect(counted.lost).to.deep.equal([0n, 4n, 11n, 11n, 11n]);
    });

    it("go in order of size, whoever is which option", async () => {
      for (const [larger, smaller] of [
        [1, 2],
        [2, 1],
      ] as const) {
        // 18 ballots, 3 seats: quota 5.
        const { stages } = await count(
          slateOf(5),
          3,
          [9, [larger, 5]],
          [6, [smaller, 4]],
          [2, [3]],
          [1, [4]],
        );
        expect(stages.map(({ moved }) => moved).slice(0, 3)).to.deep.equal([NOBODY, larger, smaller]);
      }
    });

    it("wait until those who are barred have been excluded, but go before others are", async () => {
      // 12 ballots, 3 seats: quota 4. The first two are of one organisation.
      const slate = slateOf(5, { organisations: [0n, 9n, 9n, 0n, 0n, 0n], maxPerOrganisation: 1n });
      const { stages } = await count(slate, 3, [6, [1, 3]], [3, [2, 4]], [1, [3]], [1, [4]], [1, [5]]);
      expect(stages.map(({ moved }) => moved)).to.deep.equal([NOBODY, 2, 1, RON, 5]);
    });
  });

  describe("exhausted ballots and the last seats", () => {
    it("elect without the quota who are no more than the seats left", async () => {
      // Quota 4 of 6 ballots, none of which names a second option.
      const counted = await count(slateOf(3), 1, [3, [1]], [2, [2]], [1, [3]]);
      expect(counted.quota).to.equal(units(4));
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 3, 2, 1] },
        { moved: RON, votes: [0, 3, 2, 1] },
        { moved: 3, votes: [0, 3, 2, 0], exhausted: 1 },
        { moved: 2, votes: [0, 3, 0, 0], exhausted: 3, elected: [1] },
      );
    });

    it("do not elect whom nobody prefers, though seats stay open", async () => {
      const counted = await count(slateOf(2), 3, [2, [1]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 2, 0], elected: [1] },
        { moved: 1, votes: [0, 1, 0], exhausted: 1, elected: [1] },
      );
      expect(counted.winners).to.deep.equal([1]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("elect whom a surplus carries, before the last ones are looked at", async () => {
      // All want 1 and then 2, and there are three seats: a quota of 3 for ten ballots.
      const together = await count(slateOf(2), 3, [10, [1, 2]]);
      expectStages(
        together,
        { moved: NOBODY, votes: [0, 10, 0], elected: [1] },
        { moved: 1, votes: [0, 3, 7], elected: [1, 2] },
        { moved: 2, votes: [0, 3, 3], exhausted: 4, elected: [1, 2] },
      );
      expect(together.winners).to.deep.equal([1, 2]);
      // One ballot for new nominations does not close the seat that the surplus of 99 fills.
      const against = await count(slateOf(2), 3, [99, [1, 2, RON]], [1, [RON]]);
      expect(against.winners).to.deep.equal([1, 2]);
    });

    it("elect whom the ballots of somebody barred carry", async () => {
      // One of group 0 at the most: members 1 to 3; 100 ballots, three seats, a quota of 26.
      const slate = slateOf(4, { groups: [0n, 0n, 0n, 0n, 1n], maxPerGroup: 1n });
      const counted = await count(slate, 3, [60, [1, 4]], [30, [2, 4]], [9, [3, 4]], [1, [RON]]);
      expect(counted.winners).to.deep.equal([1, 4]);
    });

    it("do not elect anybody where there is no ballot", async () => {
      const counted = await count(slateOf(2), 1);
      expect(counted.ballots).to.equal(0n);
      expect(counted.quota).to.equal(units(1));
      expectStages(counted, { moved: NOBODY, votes: [0, 0, 0] });
      expect(counted.winners).to.deep.equal([]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("count an election that has one candidate, or none", async () => {
      const confirmed = await count(slateOf(1), 1, [3, [1]], [1, [RON]]);
      expectStages(confirmed, { moved: NOBODY, votes: [1, 3], elected: [1] });
      const refused = await count(slateOf(1), 1, [1, [1]], [3, [RON]]);
      expectStages(refused, { moved: NOBODY, votes: [3, 1], elected: [RON] });
      expect(refused.winners).to.deep.equal([]);
      const none = await count(slateOf(0), 1, [2, [RON]]);
      expectStages(none, { moved: NOBODY, votes: [2], elected: [RON] });
      expect(none.winners).to.deep.equal([]);
    });
  });

  describe("ties", () => {
    it("are decided by an earlier stage", async () => {
      for (const [first, second] of [
        [1, 2],
        [2, 1],
      ] as const) {
        // The second catches up with the first when the third is excluded.
        const counted = await count(slateOf(3), 1, [3, [first]], [2, [second]], [1, [3, second]]);
        const held = counted.stages.map(({ values }) => [values[first], values[second], values[3]]);
        expect(held).to.deep.equal([
          [units(3), units(2), units(1)],
          [units(3), units(2), units(1)],
          [units(3), units(3), 0n],
          [units(3), 0n, 0n],
        ]);
        expect(counted.winners).to.deep.equal([first]);
        expect(counted.runnersUp).to.deep.equal([second, 3]);
      }
    });

    it("are decided by the latest stage with a difference, not by the first", async () => {
      for (const [first, second] of [
        [1, 2],
        [2, 1],
      ] as const) {
        // The first is ahead by 4 to 3, the second by 5 to 4, and then both have 5.
        const counted = await count(
          slateOf(4),
          1,
          [4, [first]],
          [3, [second]],
          [2, [3, second]],
          [1, [4, first]],
          [2, [4]],
        );
        const held = counted.stages.map(({ values }) => [values[first], values[second]]);
        expect(held).to.deep.equal([
          [units(4), units(3)],
          [units(4), units(3)],
          [units(4), units(5)],
          [units(5), units(5)],
          [0n, units(5)],
        ]);
        expect(counted.winners).to.deep.equal([second]);
        expect(counted.runnersUp).to.deep.equal([first, 4, 3]);
      }
    });

    it("are decided by the groups that prefer an option to all others where stages make no difference", async () => {
      for (const [wide, narrow] of [
        [1, 2],
        [2, 1],
      ] as const) {
        for (const seed of SEEDS) {
          const counted = await count(
            slateOf(2, { seed }),
            1,
            [1, [wide], 3],
            [1, [wide], 7],
            [2, [narrow], 7],
          );
          expect(counted.winners).to.deep.equal([wide]);
          expect(counted.runnersUp).to.deep.equal([narrow]);
        }
      }
    });

    it("pass over first preferences that are gone in looking at groups", async () => {
      for (const seed of SEEDS) {
        const slate = slateOf(3, { seed, gone: bitsOf([3]) });
        const { winners } = await count(slate, 1, [1, [3, 1], 0], [1, [1], 1], [2, [2], 2]);
        expect(winners).to.deep.equal([1]);
      }
    });

    it("are decided by lot in the end, whoever is which option", async () => {
      const seen = new Set<number>();
      for (const seed of SEEDS) {
        const ahead = lotOf(seed, 101n) > lotOf(seed, 102n) ? 1 : 2;
        seen.add(ahead);
        const { winners } = await count(slateOf(2, { seed }), 1, [2, [1], 3], [2, [2], 3]);
        expect(winners).to.deep.equal([ahead]);
        const numbers = [0n, 102n, 101n];
        const swapped = await count(slateOf(2, { seed, numbers }), 1, [2, [1], 3], [2, [2], 3]);
        expect(swapped.winners).to.deep.equal([3 - ahead]);
      }
      expect(seen).to.have.length(2);
    });

    it("are decided by lot between a candidate and new nominations too, whose number is 0", async () => {
      const seen = new Set<boolean>();
      for (const seed of SEEDS) {
        const isAhead = lotOf(seed, 101n) > lotOf(seed, 0n);
        seen.add(isAhead);
        const { winners, stages } = await count(slateOf(1, { seed }), 1, [1, [1]], [1, [RON]]);
        expect(winners).to.deep.equal(isAhead ? [1] : []);
        expect(stages.at(-1)).to.deep.include({
          moved: isAhead ? RON : 1,
          elected: bitsOf([isAhead ? 1 : RON]),
        });
      }
      expect(seen).to.have.length(2);
    });

    it("decide which of two equal surpluses goes first, and who was elected first", async () => {
      for (const [wide, narrow] of [
        [1, 2],
        [2, 1],
      ] as const) {
        // 13 ballots, 3 seats: quota 4.
        const { stages, winners } = await count(
          slateOf(4),
          3,
          [5, [narrow, 4], 0],
          [4, [wide, 4], 1],
          [1, [wide, 4], 2],
          [2, [3], 3],
          [1, [4], 3],
        );
        expect(stages.map(({ moved }) => moved).slice(0, 3)).to.deep.equal([NOBODY, wide, narrow]);
        expect(winners.slice(0, 2)).to.deep.equal([wide, narrow]);
      }
    });
  });

  describe("new nominations", () => {
    it("end the count when they are elected, ahead of whoever has less", async () => {
      // 10 ballots, 2 seats: quota 4.
      const counted = await count(slateOf(2), 2, [5, [RON]], [4, [1]], [1, [2]]);
      expectStages(counted, { moved: NOBODY, votes: [5, 4, 1], elected: [RON] });
      expect(counted.winners).to.deep.equal([]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("end the count with a quota only when no surplus is left that elects somebody", async () => {
      // 100 ballots, three seats: a quota of 26, which a quarter has. Three quarters fill two seats.
      const counted = await count(slateOf(3), 3, [74, [1, 2, 3, RON]], [26, [RON]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [26, 74, 0, 0], elected: [1] },
        { moved: 1, votes: [26, 26, 47.99936, 0], elected: [1, 2] },
        { moved: 2, votes: [26, 26, 26, 21.99872], elected: [1, 2, RON] },
      );
      expect(counted.winners).to.deep.equal([1, 2]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("leave no runner-up when they are elected, not even one who was barred with more", async () => {
      // 12 ballots, 2 seats: quota 5.
      const slate = slateOf(2, { groups: [0n, 1n, 2n], maxPerGroup: 1n, sittingGroups: [1n] });
      const counted = await count(slate, 2, [6, [1]], [5, [RON]], [1, [2]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [5, 6, 1] },
        { moved: 1, votes: [5, 0, 1], exhausted: 6, elected: [RON] },
      );
      expect(counted.winners).to.deep.equal([]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("leave those elected who were ahead", async () => {
      const counted = await count(slateOf(2), 2, [4, [RON]], [5, [1]], [1, [2]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [4, 5, 1], elected: [1] },
        { moved: 1, votes: [4, 4, 1], exhausted: 1, elected: [1, RON] },
      );
      expect(counted.winners).to.deep.equal([1]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("stop the filling of the last seats at their place", async () => {
      // Quota 6 of 15 ballots, 2 seats: two are left in the end, without the quota.
      const others: Bundle[] = [
        [3, [2]],
        [2, [3]],
        [1, [4]],
      ];
      const behind = await count(slateOf(4), 2, [4, [RON]], [5, [1]], ...others);
      expectStages(
        behind,
        { moved: NOBODY, votes: [4, 5, 3, 2, 1] },
        { moved: 4, votes: [4, 5, 3, 2, 0], exhausted: 1 },
        { moved: 3, votes: [4, 5, 3, 0, 0], exhausted: 3 },
        { moved: 2, votes: [4, 5, 0, 0, 0], exhausted: 6, elected: [1, RON] },
      );
      expect(behind.winners).to.deep.equal([1]);
      const ahead = await count(slateOf(4), 2, [5, [RON]], [4, [1]], ...others);
      expect(ahead.stages.at(-1)).to.deep.include({ exhausted: units(6), elected: bitsOf([RON]) });
      expect(ahead.winners).to.deep.equal([]);
      expect(ahead.runnersUp).to.deep.equal([]);
    });

    it("move like any other option when they are excluded", async () => {
      // 8 ballots, 1 seat: quota 5.
      const counted = await count(slateOf(2), 1, [3, [1]], [3, [2]], [2, [RON, 2]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [2, 3, 3] },
        { moved: RON, votes: [0, 3, 5], elected: [2] },
      );
      expect(counted.winners).to.deep.equal([2]);
      expect(counted.runnersUp).to.deep.equal([1]);
    });

    it("keep those from the list of runners-up who did not get ahead of them", async () => {
      // 9 ballots, 1 seat: quota 5. The first is elected at once.
      const ahead = await count(slateOf(3), 1, [5, [1]], [2, [2]], [1, [RON]], [1, [3]]);
      expect(ahead.winners).to.deep.equal([1]);
      expect(ahead.runnersUp).to.deep.equal([2]);
      const level = await count(slateOf(2), 1, [5, [1]], [2, [2]], [2, [RON]]);
      expect(level.runnersUp).to.deep.equal([]);
      // Quota 8 of 15 ballots: the fourth is excluded before RON, the third after.
      const out = await count(slateOf(4), 1, [5, [1]], [4, [2]], [3, [3, 1]], [2, [RON]], [1, [4]]);
      expect(out.stages.map(({ moved }) => moved)).to.deep.equal([NOBODY, 4, RON, 3]);
      expect(out.winners).to.deep.equal([1]);
      expect(out.runnersUp).to.deep.equal([2, 3]);
    });
  });

  describe("balance", () => {
    it("bars a candidate whose group has as many as it may, and excludes them before anything else", async () => {
      // 10 ballots, 2 seats: quota 4. The second has less, and goes to the third as whole votes.
      const slate = slateOf(3, { groups: [0n, 1n, 1n, 2n], maxPerGroup: 1n });
      const counted = await count(slate, 2, [5, [1]], [3, [2, 3]], [2, [3]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 5, 3, 2], elected: [1] },
        { moved: 2, votes: [0, 5, 0, 5], elected: [1, 3] },
      );
      expect(counted.winners).to.deep.equal([1, 3]);
      expect(counted.runnersUp).to.deep.equal([]);
    });

    it("bars one who has the quota", async () => {
      const slate = slateOf(3, { groups: [0n, 1n, 1n, 2n], maxPerGroup: 1n });
      const counted = await count(slate, 2, [5, [1]], [4, [2, 3]], [1, [3]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 5, 4, 1], elected: [1] },
        { moved: 2, votes: [0, 5, 0, 5], elected: [1, 3] },
      );
    });

    it("counts those who stay in office", async () => {
      const slate = slateOf(2, { groups: [0n, 1n, 2n], maxPerGroup: 2n, sittingGroups: [1n, 3n, 1n] });
      const { winners, stages } = await count(slate, 1, [5, [1, 2]], [1, [2]]);
      expect(stages.map(({ moved }) => moved)).to.deep.equal([NOBODY, 1]);
      expect(winners).to.deep.equal([2]);
      const room = { ...slate, sittingGroups: [1n, 3n] };
      expect((await count(room, 1, [5, [1, 2]], [1, [2]])).winners).to.deep.equal([1]);
    });

    it("counts organisations likewise, but not those who are of none", async () => {
      const organisations = [0n, 8n, 8n, 0n, 0n];
      const slate = slateOf(4, { organisations, maxPerOrganisation: 1n });
      const { winners } = await count(slate, 3, [5, [1]], [4, [2]], [3, [3]], [3, [4]]);
      expect(winners).to.have.members([1, 3, 4]);
      const sitting = { ...slate, sittingOrganisations: [8n, 0n, 0n] };
      const without = await count(sitting, 2, [5, [1]], [4, [2]], [3, [3]], [3, [4]]);
      expect(without.winners).to.have.members([3, 4]);
    });

    it("does not limit where the limit is 0", async () => {
      const slate = slateOf(2, {
        groups: [0n, 1n, 1n],
        sittingGroups: [1n, 1n],
        organisations: [0n, 4n, 4n],
      });
      expect((await count(slate, 2, [3, [1]], [2, [2]])).winners).to.deep.equal([1, 2]);
    });

    it("is looked at again for each of the last seats", async () => {
      // Quota 6 of 15 ballots, 2 seats: the two who are left in the end are of one group.
      const slate = slateOf(5, { groups: [0n, 1n, 1n, 2n, 2n, 2n], maxPerGroup: 1n });
      const counted = await count(slate, 2, [5, [1]], [4, [2]], [3, [3]], [2, [4]], [1, [5]]);
      expect(counted.stages.map(({ moved }) => moved)).to.deep.equal([NOBODY, RON, 5, 4, 3]);
      expect(counted.winners).to.deep.equal([1]);
      expect(counted.runnersUp).to.deep.equal([2, 3, 4, 5]);
    });

    it("excludes the lowest of those barred first", async () => {
      const slate = slateOf(4, { groups: [0n, 1n, 1n, 1n, 2n], maxPerGroup: 1n });
      const { stages } = await count(slate, 2, [9, [1]], [3, [2]], [2, [3]], [1, [4]]);
      expect(stages.map(({ moved }) => moved).slice(0, 3)).to.deep.equal([NOBODY, 3, 2]);
    });

    it("leaves a candidate who was barred among the runners-up", async () => {
      // 9 ballots, 2 seats: quota 4.
      const slate = slateOf(4, { groups: [0n, 1n, 1n, 2n, 2n], maxPerGroup: 1n });
      const counted = await count(slate, 2, [3, [1]], [3, [2]], [2, [3]], [1, [4, 1]]);
      expectStages(
        counted,
        { moved: NOBODY, votes: [0, 3, 3, 2, 1] },
        { moved: RON, votes: [0, 3, 3, 2, 1] },
        { moved: 4, votes: [0, 4, 3, 2, 0], elected: [1] },
        { moved: 2, votes: [0, 4, 0, 2, 0], exhausted: 3, elected: [1, 3] },
      );
      expect(counted.winners).to.deep.equal([1, 3]);
      expect(counted.runnersUp).to.deep.equal([2, 4]);
    });
  });

  describe("withdrawals", () => {
    it("count a ballot, as a whole vote, for whom else it names", async () => {
      const slate = slateOf(3, { gone: bitsOf([1, 3]) });
      const counted = await count(slate, 1, [4, [1, 3, 2]], [2, [3, RON]], [1, [2]]);
      expect(counted.ballots).to.equal(7n);
      expectStages(counted, { moved: NOBODY, votes: [2, 0, 5, 0], elected: [2] });
    });

    it("leave a ballot out that names nobody else", async () => {
      // Three ballots are left: a quota of 2, not of 4.
      const slate = slateOf(2, { gone: bitsOf([1]) });
      const counted = await count(slate, 1, [4, [1]], [2, [2]], [1, [RON]]);
      expect(counted.ballots).to.equal(3n);
      expect(counted.quota).to.equal(units(2));
      expectStages(counted, { moved: NOBODY, votes: [1, 0, 2], elected: [2] });
    });

    it("never elect or list who is gone, though all are", async () => {
      const slate = slateOf(2, { gone: bitsOf([1, 2]) });
      const none = await count(slate, 1, [4, [1]], [2, [2]]);
      expect(none.ballots).to.equal(0n);
      const some = await count(slate, 1, [4, [1, RON]], [2, [2]]);
      expectStages(some, { moved: NOBODY, votes: [4, 0, 0], elected: [RON] });
      expect(some.runnersUp).to.deep.equal([]);
    });
  });

  describe("advance", () => {
    const slate = slateOf(3);
    const ballots = ballotsOf([3, [1]], [2, [2]], [1, [3, 2]]);
    const lastNumber = lastNumberOf(ballots);

    /** 14 words: members 1 to 6 and, from 7 on, members who have no ballot. */
    const LAST = 14 * perWord(3) - 1;

    async function stored() {
      const harness = await ethers.deployContract("RankedCountHarness");
      await harness.store(0, packWords(ballots, 3, lastNumber));
      const advance = (budget: number, last = LAST) => harness.advance(slate, ELECTION, 1, last, budget);
      const done = (budget: number, last = LAST) =>
        harness.advance.staticCall(slate, ELECTION, 1, last, budget);
      return { harness, advance, done };
    }

    it("has counted nothing before the first call, and nothing by a call without a budget", async () => {
      const { harness, advance } = await loadFixture(stored);
      for (const act of [() => {}, () => advance(0)]) {
        await act();
        const [done, { ballots: valid, quota, order, stages, digest }] = await harness.result(3);
        expect([done, valid, quota, order, stages]).to.deep.equal([false, 0n, 0n, [], []]);
        expect(digest).to.equal(`0x${"00".repeat(32)}`);
      }
    });

    it("goes on where it stopped, and announces each stage when it is complete", async () => {
      const { harness, advance, done } = await loadFixture(stored);
      const byHand = countRanked(slate, ballots, 1, ELECTION);
      expect(byHand.stages).to.have.length(4);
      for (const [index, stage] of byHand.stages.entries()) {
        expect(await done(10)).to.equal(false);
        await expect(advance(10)).not.to.emit(harness, "StageCounted");
        expect((await harness.result(3))[1].stages).to.have.length(index);
        expect(await done(4)).to.equal(index === 3);
        await expect(advance(4))
          .to.emit(harness, "StageCounted")
          .withArgs(
            ELECTION,
            index + 1,
            stage.moved,
            stage.values,
            stage.exhausted,
            stage.lost,
            stage.elected,
          );
      }
      const [isDone, { order, winners, digest }] = await harness.result(3);
      expect(isDone).to.equal(true);
      expect(order).to.deep.equal(byHand.order.map(BigInt));
      expect(winners).to.equal(1n);
      expect(digest).to.equal(byHand.digest);
    });

    it("completes several stages in a call, at a hundred words each", async () => {
      const { harness, advance, done } = await loadFixture(stored);
      // 14 words a stage: two stages are complete with 14 + 100 + 14, four with 4 x 14 + 3 x 100.
      await advance(127);
      expect((await harness.result(3))[1].stages).to.have.length(1);
      await advance(1);
      expect((await harness.result(3))[1].stages).to.have.length(2);
      expect(await done(127)).to.equal(false);
      expect(await done(128)).to.equal(true);
      const fresh = await stored();
      expect(await fresh.done(355)).to.equal(false);
      expect(await fresh.done(356)).to.equal(true);
    });

    it("does nothing once it is done", async () => {
      const { harness, advance, done } = await loadFixture(stored);
      await advance(10_000);
      const before = await harness.result(3);
      expect(before[0]).to.equal(true);
      expect(await done(0)).to.equal(true);
      await expect(advance(10_000)).not.to.emit(harness, "StageCounted");
      expect(await harness.result(3)).to.deep.equal(before);
    });

    it("shows those elected so far while it goes on", async () => {
      const harness = await ethers.deployContract("RankedCountHarness");
      const cast = ballotsOf([9, [1, 2]], [1, [2]], [1, [3]]);
      await harness.store(0, packWords(cast, 3, 11));
      await harness.advance(slate, ELECTION, 2, 11, 1);
      const [done, { order, winners, ballots: valid }] = await harness.result(3);
      expect([done, order, winners, valid]).to.deep.equal([false, [1n], 1n, 11n]);
    });
  });
});
