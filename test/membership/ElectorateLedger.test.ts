import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { ElectorateLedgerHarness } from "../../typechain-types/index.js";
import { randomness } from "../helpers/random.js";

const DAY = 86_400n;
const WEEK = 7n * DAY;
const LIMIT = 2n ** 20n - 1n;
const PACE = { waitingPeriod: 30n * DAY, epochLength: WEEK, epochShareBps: 1_000n, epochFloor: 2n };

/** A vote as the ledger should see it. */
type Vote = { group: number; votesFrom: bigint; leftAt?: bigint };

describe("ElectorateLedger", () => {
  let connection: NetworkConnection<"generic">;
  let ledger: ElectorateLedgerHarness;
  let votes: Vote[];
  /** The first moment of a week, from which the tests start. */
  let start: bigint;

  async function freshLedger() {
    const { ethers, networkHelpers } = connection;
    const harness = await ethers.deployContract("ElectorateLedgerHarness");
    const now = BigInt(await networkHelpers.time.latest());
    return { harness, beginning: (now / WEEK + 2n) * WEEK };
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    const fixture = await connection.networkHelpers.loadFixture(freshLedger);
    [ledger, start, votes] = [fixture.harness, fixture.beginning, []];
  });

  after(async () => {
    await connection.close();
  });

  async function goTo(moment: bigint) {
    await connection.networkHelpers.time.increaseTo(moment);
  }

  /** Admits members in a block of a given moment and answers the boundaries they got. */
  async function admit(moment: bigint, times: bigint, pace = PACE, group = 0): Promise<bigint[]> {
    await connection.networkHelpers.time.setNextBlockTimestamp(moment);
    const { blockNumber } = await ledger.admit(times, group, pace);
    const events = await ledger.queryFilter(ledger.filters.Admitted(), blockNumber ?? 0);
    const boundaries = events.map(({ args }) => args.votesFrom);
    for (const votesFrom of boundaries) votes.push({ group, votesFrom });
    return boundaries;
  }

  async function remove(moment: bigint, vote: Vote) {
    await connection.networkHelpers.time.setNextBlockTimestamp(moment);
    await ledger.remove(vote.group, vote.votesFrom);
    vote.leftAt = moment;
  }

  /** What a plain count of the votes says. */
  function countedAt(moment: bigint): bigint[] {
    const counts = Array.from({ length: 8 }, () => 0n);
    for (const { group, votesFrom, leftAt } of votes) {
      if (votesFrom <= moment && (leftAt === undefined || leftAt > moment)) counts[group] += 1n;
    }
    return counts;
  }

  async function expectCounts(moments: readonly bigint[]) {
    for (const moment of moments) {
      expect(await ledger.countsAt(moment), `at ${moment - start}`).to.deep.equal(countedAt(moment));
    }
  }

  /** Puts the queue into a state that would take too many members to reach. Counts of group 0. */
  async function setTail(boundary: bigint, seatsLeft: bigint, arrived: bigint) {
    const word = boundary | (seatsLeft << 40n) | (7n << 56n) | (arrived << 88n);
    await connection.networkHelpers.setStorageAt(await ledger.getAddress(), 0, word);
    const tail = await ledger.tail();
    expect([...tail]).to.deep.equal([boundary, seatsLeft, 7n, arrived]);
  }

  describe("boundaries", () => {
    it("are the first multiple of the epoch length at the end of the waiting period or after", async () => {
      for (const [moment, boundary] of [
        [start, start + 5n * WEEK],
        [start + 5n * DAY, start + 5n * WEEK],
        [start + 5n * DAY + 1n, start + 6n * WEEK],
      ] as const) {
        expect(await admit(moment, 1n, { ...PACE, epochFloor: 100n })).to.deep.equal([boundary]);
      }
    });

    it("are shared until the seats are taken, then follow one another", async () => {
      const first = start + 5n * WEEK;
      const expected = [first, first, first + WEEK, first + WEEK, first + 2n * WEEK];
      expect(await admit(start, 5n)).to.deep.equal(expected);
    });

    it("number members on, whatever the boundary", async () => {
      await admit(start, 3n);
      await admit(start + 200n * DAY, 2n);
      expect((await ledger.tail()).lastNumber).to.equal(5);
    });

    it("let seats lapse that nobody took", async () => {
      await admit(start, 1n);
      expect((await ledger.tail()).seatsLeft).to.equal(1);
      const next = start + 6n * WEEK;
      expect(await admit(start + WEEK, 3n)).to.deep.equal([next, next, next + WEEK]);
    });

    it("do not give a leaver's seat to somebody else", async () => {
      const [first] = await admit(start, 2n);
      await remove(start + 1n, votes[0] as Vote);
      await remove(start + 2n, votes[1] as Vote);
      expect(await admit(start + 3n, 1n)).to.deep.equal([(first as bigint) + WEEK]);
    });

    context("given a queue that reaches beyond the waiting period", () => {
      it("take newcomers at the end of the queue, in the order of joining", async () => {
        const queue = await admit(start, 9n);
        const end = queue[8] as bigint;
        expect(end).to.equal(start + 9n * WEEK);
        expect(await admit(start + WEEK, 2n)).to.deep.equal([end, end + WEEK]);
      });

      it("go on taking them there after the waiting period was shortened", async () => {
        const [only] = await admit(start, 1n, { ...PACE, waitingPeriod: 300n * DAY });
        const quick = { ...PACE, waitingPeriod: WEEK };
        expect(await admit(start + 1n, 2n, quick)).to.deep.equal([only, (only as bigint) + WEEK]);
      });

      it("follow a new epoch length from the next boundary on", async () => {
        const tail = (await admit(start, 4n)).at(-1) as bigint;
        // No multiple of this length is one of weeks before the year 13500.
        const epochLength = WEEK + 1n;
        const next = (tail / epochLength + 1n) * epochLength;
        expect(await admit(start + 1n, 3n, { ...PACE, epochLength })).to.deep.equal([
          next,
          next,
          next + epochLength,
        ]);
        expect(next - tail).to.be.within(1n, WEEK);
      });
    });
  });

  describe("seats", () => {
    /** Matures a hundred votes and answers a moment at which no seat is left from then. */
    async function matureHundred(): Promise<bigint> {
      const [boundary] = await admit(start, 100n, { ...PACE, epochFloor: 100n });
      return boundary as bigint;
    }

    /** How many of the newcomers share the first boundary. */
    async function seatsAt(moment: bigint, newcomers: bigint, pace: typeof PACE): Promise<number> {
      const boundaries = await admit(moment, newcomers, pace);
      return boundaries.filter((boundary) => boundary === boundaries[0]).length;
    }

    it("are the floor while nobody is mature", async () => {
      expect(await seatsAt(start, 30n, { ...PACE, epochFloor: 25n, epochShareBps: 2_500n })).to.equal(25);
    });

    for (const [epochShareBps, epochFloor, seats, words] of [
      [1_000n, 2n, 10, "the share of the mature electorate"],
      [1_099n, 2n, 10, "the share, rounded down"],
      [100n, 1n, 1, "the smallest share"],
      [2_500n, 1n, 25, "the largest share"],
      [1_000n, 11n, 11, "the floor where it is more than the share"],
      [1_000n, 10n, 10, "either where they are equal"],
      [1_000n, 9n, 10, "the share where it is more than the floor"],
    ] as const) {
      it(`are ${words}: ${epochShareBps} basis points of 100, or ${epochFloor}`, async () => {
        const boundary = await matureHundred();
        expect(await seatsAt(boundary, 40n, { ...PACE, epochShareBps, epochFloor })).to.equal(seats);
      });
    }

    it("grow with who matured, not with who waits", async () => {
      const boundary = await matureHundred();
      const pace = { ...PACE, epochFloor: 1n };
      expect(await seatsAt(boundary - 1n, 3n, pace)).to.equal(1);
      const later = await admit(boundary, 1n, pace);
      const opened = await admit(boundary + 1n, 30n, pace);
      expect(opened.filter((one) => one === later[0]).length).to.equal(9);
      expect(opened.filter((one) => one === (later[0] as bigint) + WEEK).length).to.equal(10);
    });

    it("do not grow by a flood of votes that wait, nor after it left", async () => {
      const boundary = await matureHundred();
      const flood = await admit(boundary, 200n);
      for (const [i, vote] of votes.slice(100).entries()) await remove(boundary + 1n + BigInt(i), vote);
      const next = await admit(boundary + 300n, 30n);
      const perBoundary = [...flood, ...next].reduce(
        (count, one) => count.set(one, (count.get(one) ?? 0) + 1),
        new Map<bigint, number>(),
      );
      expect(Math.max(...perBoundary.values())).to.equal(10);
    });

    it("shrink with who left", async () => {
      const boundary = await matureHundred();
      for (const [i, vote] of votes.slice(0, 51).entries()) await remove(boundary + BigInt(i), vote);
      expect(await seatsAt(boundary + 100n, 40n, PACE)).to.equal(4);
    });

    it("are fixed when the boundary opens, whatever changes afterwards", async () => {
      const boundary = await matureHundred();
      const [first] = await admit(boundary, 1n);
      for (const [i, vote] of votes.slice(0, 50).entries()) await remove(boundary + 1n + BigInt(i), vote);
      const more = await admit(boundary + 60n, 40n, { ...PACE, epochFloor: 30n, epochShareBps: 2_500n });
      expect(more.filter((one) => one === first).length).to.equal(9);
    });

    it("are 65,535 at the most, which is what the slot holds", async () => {
      await setTail(start, 0n, 600_000n);
      await admit(start, 1n, { ...PACE, epochShareBps: 2_500n });
      expect((await ledger.tail()).seatsLeft).to.equal(65_534);
    });
  });

  describe("the roll's limit", () => {
    it("reverts when a boundary's seats could make a counter overflow", async () => {
      const waiting = LIMIT - PACE.epochFloor + 1n;
      await setTail(start + 100n * WEEK, 0n, waiting);
      await expect(ledger.admit(1, 0, PACE))
        .to.be.revertedWithCustomError(ledger, "ElectorateLedgerFull")
        .withArgs(waiting, LIMIT);
    });

    it("counts who is mature, too", async () => {
      const mature = LIMIT - 65_535n + 1n;
      await setTail(start, 0n, mature);
      await goTo(start);
      await expect(ledger.admit(1, 7, PACE))
        .to.be.revertedWithCustomError(ledger, "ElectorateLedgerFull")
        .withArgs(mature, LIMIT);
    });

    it("admits as long as all seats fit, in whatever group they are taken", async () => {
      await setTail(start + 100n * WEEK, 0n, LIMIT - PACE.epochFloor);
      await ledger.admit(PACE.epochFloor, 0, PACE);
      expect(await ledger.living()).to.deep.equal([LIMIT, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
      await expect(ledger.admit(1, 1, PACE))
        .to.be.revertedWithCustomError(ledger, "ElectorateLedgerFull")
        .withArgs(LIMIT, LIMIT);
    });
  });

  describe("the queue's limit", () => {
    const limit = 2n ** 40n - 1n;
    const last = (limit / WEEK) * WEEK;

    it("reverts with a boundary that would wrap into the past and let every waiting vote count", async () => {
      await setTail(last, 0n, 1_000n);
      await expect(ledger.admit(1, 0, PACE))
        .to.be.revertedWithCustomError(ledger, "ElectorateLedgerQueueTooLong")
        .withArgs(last + WEEK, limit);
      await goTo(start);
      expect((await ledger.countsAt(start))[0]).to.equal(0);
    });

    it("admits to the last boundary there is", async () => {
      await setTail(last - WEEK, 0n, 1_000n);
      expect(await admit(start, PACE.epochFloor)).to.deep.equal([last, last]);
      expect((await ledger.countsAt(start))[0]).to.equal(0);
    });
  });

  describe("withdrawals", () => {
    /** Forty boundaries of two seats, the groups by turns; so many that the tree has six levels. */
    async function longQueue() {
      for (let i = 0; i < 80; i++) await admit(start + BigInt(i), 1n, PACE, i % 8);
    }

    async function expectAllBoundaries() {
      const boundaries = [...new Set(votes.map(({ votesFrom }) => votesFrom))];
      await goTo((boundaries.at(-1) as bigint) + 2n);
      await expectCounts([start - 1n, start, start + 80n]);
      await expectCounts(boundaries.flatMap((boundary) => [boundary - 1n, boundary, boundary + 1n]));
    }

    it("come off at their own boundary, each alone", async () => {
      await longQueue();
      const boundaries = [...new Set(votes.map(({ votesFrom }) => votesFrom))];
      expect(boundaries.length).to.equal(40);
      for (const index of [0, 2, 7, 14, 15, 31, 62, 79]) {
        await remove(start + 100n + BigInt(index), votes[index] as Vote);
      }
      await expectAllBoundaries();
    });

    const random = randomness();

    it(`come off in whatever order they are recorded (${random.seed})`, async () => {
      await longQueue();
      const left = [...votes];
      for (let i = 0n; i < 50n; i++) {
        const [vote] = left.splice(Number(random.below(BigInt(left.length))), 1);
        await remove(start + 100n + i, vote as Vote);
      }
      await expectAllBoundaries();
    });

    it("come off when all leave, to the last one", async () => {
      await longQueue();
      for (const [i, vote] of [...votes].reverse().entries()) await remove(start + 100n + BigInt(i), vote);
      expect(await ledger.living()).to.deep.equal(Array.from({ length: 8 }, () => 0n));
      await expectAllBoundaries();
    });

    it("come off when boundaries open after them", async () => {
      for (let i = 0n; i < 40n; i++) {
        await admit(start + 10n * i, 3n, PACE, Number(i % 8n));
        await remove(start + 10n * i + 5n, votes[Number(3n * i + (i % 3n))] as Vote);
      }
      await expectAllBoundaries();
    });

    it("leave every past answer as it was", async () => {
      await longQueue();
      const middle = votes[40]?.votesFrom as bigint;
      await remove(start + 100n, votes[10] as Vote);
      await goTo(middle + 1n);
      const moments = votes.map(({ votesFrom }) => votesFrom).filter((moment) => moment <= middle);
      const answers = await Promise.all(moments.map((moment) => ledger.countsAt(moment)));
      for (const [i, vote] of votes.slice(42).entries()) await remove(middle + 10n + BigInt(i), vote);
      for (const [i, vote] of votes.slice(0, 9).entries()) await remove(middle + 100n + BigInt(i), vote);
      await admit(middle + 200n, 3n);
      for (const [i, moment] of moments.entries()) {
        expect(await ledger.countsAt(moment)).to.deep.equal(answers[i]);
      }
    });
  });

  describe("remove", () => {
    for (const [offset, words] of [
      [-1n, "the second before its boundary"],
      [0n, "the second of its boundary"],
      [1n, "the second after its boundary"],
    ] as const) {
      it(`counts a vote out from ${words}`, async () => {
        await admit(start, 2n, PACE, 6);
        const [vote] = votes as [Vote];
        await remove(vote.votesFrom + offset, vote);
        await goTo(vote.votesFrom + 5n);
        await expectCounts([-2n, -1n, 0n, 1n, 2n, 3n].map((seconds) => vote.votesFrom + seconds));
      });
    }

    it("counts several out of one second", async () => {
      await admit(start, 2n);
      await admit(start + 1n, 2n);
      const { provider } = connection.ethers;
      const moment = (votes[0] as Vote).votesFrom + DAY;
      await goTo(moment - 1n);
      await provider.send("evm_setAutomine", [false]);
      const leaving = [votes[0], votes[2], votes[3]] as Vote[];
      for (const vote of leaving) {
        await ledger.remove(vote.group, vote.votesFrom, { gasLimit: 300_000 });
        vote.leftAt = moment;
      }
      await connection.networkHelpers.time.setNextBlockTimestamp(moment);
      await connection.networkHelpers.mine();
      await provider.send("evm_setAutomine", [true]);
      await goTo(moment + WEEK);
      await expectCounts([moment - 1n, moment, moment + 1n, (votes[2] as Vote).votesFrom]);
      expect((await ledger.living())[0]).to.equal(1);
    });
  });

  describe("living", () => {
    it("counts the mature and the waiting by group", async () => {
      expect(await ledger.living()).to.deep.equal(Array.from({ length: 8 }, () => 0n));
      await admit(start, 2n, PACE, 1);
      await admit(start + 1n, 3n, PACE, 7);
      expect(await ledger.living()).to.deep.equal([0n, 2n, 0n, 0n, 0n, 0n, 0n, 3n]);
      await remove(start + 2n, votes[4] as Vote);
      await remove((votes[0] as Vote).votesFrom, votes[0] as Vote);
      expect(await ledger.living()).to.deep.equal([0n, 1n, 0n, 0n, 0n, 0n, 0n, 2n]);
    });
  });
});
