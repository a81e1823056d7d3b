import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { ElectorateLedgerHarness } from "../../typechain-types/index.js";

const DAY = 86_400n;
const WEEK = 7n * DAY;
const LIMIT = 2n ** 20n - 1n;
const PACE = { waitingPeriod: 30n * DAY, epochLength: WEEK, epochShareBps: 1_000n, epochFloor: 2n };

describe("ElectorateLedger", () => {
  let connection: NetworkConnection<"generic">;
  let ledger: ElectorateLedgerHarness;
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
    [ledger, start] = [fixture.harness, fixture.beginning];
  });

  after(async () => {
    await connection.close();
  });

  /** Runs an act in a block of a given moment. */
  async function at(moment: bigint, act: () => Promise<unknown>) {
    await connection.networkHelpers.time.setNextBlockTimestamp(moment);
    await act();
  }

  /** Runs acts in one block of a given moment. */
  async function together(moment: bigint, ...acts: (() => Promise<unknown>)[]) {
    const { provider } = connection.ethers;
    await provider.send("evm_setAutomine", [false]);
    for (const act of acts) await act();
    await connection.networkHelpers.time.setNextBlockTimestamp(moment);
    await connection.networkHelpers.mine();
    await provider.send("evm_setAutomine", [true]);
  }

  const options = { gasLimit: 400_000 };

  async function admit(moment: bigint, group: number): Promise<bigint> {
    await at(moment, () => ledger.admit(1, group, PACE));
    return last();
  }

  /** The boundary that was given out last. */
  async function last(): Promise<bigint> {
    const events = await ledger.queryFilter(ledger.filters.Admitted());
    return events.at(-1)?.args.votesFrom ?? 0n;
  }

  /** From each moment on, by group, how many votes count: held against the ledger at its ends. */
  async function expectTurns(...turns: (readonly [from: bigint, counts: Record<number, bigint>])[]) {
    const end = (turns.at(-1)?.[0] ?? 0n) + WEEK;
    await connection.networkHelpers.time.increaseTo(end);
    for (const [index, [from, counts]] of turns.entries()) {
      const next = turns[index + 1]?.[0] ?? end;
      const expected = Array.from({ length: 8 }, (_, group) => counts[group] ?? 0n);
      for (const moment of new Set([from, next - 1n])) {
        expect(await ledger.countsAt(moment), `turn ${index} at ${moment - start}`).to.deep.equal(expected);
      }
    }
  }

  const living = async () => [...(await ledger.living())];
  const only = (counts: Record<number, bigint>) =>
    Array.from({ length: 8 }, (_, group) => counts[group] ?? 0n);

  describe("restore", () => {
    it("puts a mature vote back from now on, in the group that is given", async () => {
      const boundary = await admit(start, 2);
      await at(boundary + 10n, () => ledger.remove(2, boundary));
      expect(await living()).to.deep.equal(only({}));
      await at(boundary + 20n, () => ledger.restore(5, boundary));
      expect(await living()).to.deep.equal(only({ 5: 1n }));
      await at(boundary + 30n, () => ledger.remove(5, boundary + 20n));
      await expectTurns(
        [boundary - 1n, {}],
        [boundary, { 2: 1n }],
        [boundary + 10n, {}],
        [boundary + 20n, { 5: 1n }],
        [boundary + 30n, {}],
      );
    });

    for (const [words, out, back, from] of [
      ["both before the boundary", -2n, -1n, 0n],
      ["the return in the second of the boundary", -1n, 0n, 0n],
      ["the return a second after it", -1n, 1n, 1n],
    ] as const) {
      it(`puts a waiting vote back at its boundary, or from now on if that has come: ${words}`, async () => {
        const boundary = await admit(start, 3);
        await at(boundary + out, () => ledger.remove(3, boundary));
        await at(boundary + back, () => ledger.restore(3, boundary));
        expect(await living()).to.deep.equal(only({ 3: 1n }));
        await expectTurns([boundary - 5n, {}], [boundary + from, { 3: 1n }]);
      });
    }

    it("takes out and puts back within one second without a trace", async () => {
      const boundary = await admit(start, 2);
      await connection.networkHelpers.time.increaseTo(boundary + 5n);
      await together(
        boundary + 10n,
        () => ledger.remove(2, boundary, options),
        () => ledger.restore(2, boundary, options),
        () => ledger.remove(2, boundary + 10n, options),
        () => ledger.restore(2, boundary + 10n, options),
      );
      await expectTurns([boundary - 1n, {}], [boundary, { 2: 1n }], [boundary + 10n, { 2: 1n }]);
    });

    it("gives nobody's seat away, and takes none", async () => {
      const boundary = await admit(start, 0);
      await at(start + 1n, () => ledger.remove(0, boundary));
      await at(start + 2n, () => ledger.restore(0, boundary));
      expect((await ledger.tail()).seatsLeft).to.equal(PACE.epochFloor - 1n);
      expect(await admit(start + 3n, 0)).to.equal(boundary);
      expect(await admit(start + 4n, 0)).to.equal(boundary + WEEK);
    });

    it("leaves every other boundary alone, in whatever order votes go and come back", async () => {
      const boundaries: bigint[] = [];
      for (let i = 0n; i < 12n; i++) boundaries.push(await admit(start + i, 1));
      const [first, sixth, end] = [boundaries[0], boundaries[6], boundaries[11]] as [bigint, bigint, bigint];
      for (const [index, gone] of [end, first, sixth, sixth].entries()) {
        await at(start + 100n + BigInt(index), () => ledger.remove(1, gone));
      }
      for (const [index, back] of [sixth, end].entries()) {
        await at(start + 200n + BigInt(index), () => ledger.restore(1, back));
      }
      await expectTurns(
        [start, {}],
        [first, { 1: 1n }],
        [first + WEEK, { 1: 3n }],
        [first + 2n * WEEK, { 1: 5n }],
        [sixth, { 1: 6n }],
        [first + 4n * WEEK, { 1: 8n }],
        [end, { 1: 10n }],
      );
    });

    it("reverts where the tail could add more than the counters hold", async () => {
      const limit = LIMIT - 65_535n;
      const set = async (arrived: bigint) => {
        const word = (start + WEEK) | (1n << 40n) | (7n << 56n) | (arrived << 88n);
        await connection.networkHelpers.setStorageAt(await ledger.getAddress(), 0, word);
      };
      await set(limit);
      await expect(ledger.restore(0, start))
        .to.be.revertedWithCustomError(ledger, "ElectorateLedgerFull")
        .withArgs(limit, limit);
      await set(limit - 1n);
      await ledger.restore(0, 1n);
      expect(await living()).to.deep.equal(only({ 0: limit }));
    });
  });

  describe("shift", () => {
    it("moves a mature vote from now on", async () => {
      const boundary = await admit(start, 0);
      await at(boundary + 10n, () => ledger.shift(0, 7, boundary));
      expect(await living()).to.deep.equal(only({ 7: 1n }));
      await at(boundary + 20n, () => ledger.shift(7, 0, boundary + 10n));
      await expectTurns([boundary, { 0: 1n }], [boundary + 10n, { 7: 1n }], [boundary + 20n, { 0: 1n }]);
    });

    for (const [words, offset] of [
      ["a second before its boundary", -1n],
      ["in the second of its boundary", 0n],
    ] as const) {
      it(`moves a vote ${words} before it ever counted`, async () => {
        const boundary = await admit(start, 6);
        await at(boundary + offset, () => ledger.shift(6, 1, boundary));
        expect(await living()).to.deep.equal(only({ 1: 1n }));
        await expectTurns([boundary - 3n, {}], [boundary, { 1: 1n }]);
      });
    }

    it("moves several times within one second, the last move counting", async () => {
      const boundary = await admit(start, 0);
      await connection.networkHelpers.time.increaseTo(boundary + 5n);
      await together(
        boundary + 10n,
        () => ledger.shift(0, 3, boundary, options),
        () => ledger.shift(3, 7, boundary + 10n, options),
        () => ledger.shift(7, 2, boundary + 10n, options),
      );
      await expectTurns([boundary, { 0: 1n }], [boundary + 10n, { 2: 1n }]);
    });

    it("changes nothing from a group to itself", async () => {
      const boundary = await admit(start, 4);
      await at(start + 10n, () => ledger.shift(4, 4, boundary));
      await at(boundary + 10n, () => ledger.shift(4, 4, boundary));
      await expectTurns([boundary - 1n, {}], [boundary, { 4: 1n }], [boundary + 10n, { 4: 1n }]);
    });
  });

  describe("enqueue and nextNumber", () => {
    it("give seats of the same queue, and no number twice", async () => {
      const first = await admit(start, 0);
      await at(start + 1n, () => ledger.number(3));
      await at(start + 2n, () => ledger.enqueue(1, PACE));
      expect(await last()).to.equal(first);
      await at(start + 3n, () => ledger.enqueue(1, PACE));
      expect(await last()).to.equal(first + WEEK);
      expect(await admit(start + 4n, 2)).to.equal(first + WEEK);
      const events = await ledger.queryFilter(ledger.filters.Admitted());
      expect(events.map(({ args }) => args.number)).to.deep.equal([1n, 2n, 3n, 4n, 5n, 6n, 7n]);
      await expectTurns([first - 1n, {}], [first, { 0: 1n, 1: 1n }], [first + WEEK, { 0: 1n, 1: 2n, 2: 1n }]);
    });

    it("leave the queue and the counts as they are for who gets no vote", async () => {
      await at(start, () => ledger.number(5));
      expect([...(await ledger.tail())]).to.deep.equal([0n, 0n, 5n, 0n]);
      expect(await living()).to.deep.equal(only({}));
    });
  });
});
