import { expect } from "chai";
import { Right, Standing, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;

describe("MemberTurns", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;

  async function desk(name: "confirmations" | "affiliations" | "claims") {
    const address = await roll[name].getAddress();
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
  }
  const setDormant = async (number: bigint, paused: boolean, moment?: bigint) =>
    at(moment, async () => (await desk("confirmations")).setPaused(number, paused));
  const setRepresented = async (number: bigint, paused: boolean, moment?: bigint) =>
    at(moment, async () => (await desk("affiliations")).setPaused(number, paused));
  const moveGroup = async (number: bigint, group: number, moment?: bigint) =>
    at(moment, async () => (await desk("claims")).moveGroup(number, group));

  async function at(moment: bigint | undefined, act: () => Promise<unknown>) {
    if (moment !== undefined) await roll.goTo(moment - 1n);
    if (moment !== undefined) await roll.time.setNextBlockTimestamp(moment);
    await act();
  }

  /** When one member's vote counted, and where: every view of a past moment must agree. */
  async function expectTurns(
    number: bigint,
    holder: string,
    turns: readonly (readonly [from: bigint, group: bigint | undefined])[],
  ) {
    const last = turns.at(-1)?.[0] ?? 0n;
    if ((await roll.now()) <= last + 1n) await roll.goTo(last + 2n);
    for (const [index, [from, group]] of turns.entries()) {
      const next = turns[index + 1]?.[0] ?? from + 2n;
      for (const moment of new Set([from, next - 1n])) {
        const counted = group !== undefined;
        const where = `at ${moment}, turn ${index}`;
        expect(await roll.membership.countedAt(number, moment), where).to.deep.equal([counted, group ?? 0n]);
        expect(await roll.membership.getPastVotes(holder, moment), where).to.equal(counted ? 1n : 0n);
        expect(await roll.membership.getPastTotalSupply(moment), where).to.equal(counted ? 1n : 0n);
        const byGroup = await roll.membership.getPastVotesByGroup(moment);
        byGroup.forEach((votes, other) => {
          expect(votes, `${where}, group ${other}`).to.equal(BigInt(other) === group ? 1n : 0n);
        });
        const [standing, , then] = await roll.membership.standingOf(holder, Right.Vote, moment);
        expect(standing === Standing.Granted, where).to.equal(counted);
        if (counted) expect(then, where).to.equal(group);
      }
    }
  }

  describe("given a mature vote", () => {
    let start: bigint;

    beforeEach(async () => {
      await roll.join(roll.person(0), 2);
      start = await roll.votesFrom(1n);
      await roll.goTo(start + 10n);
    });

    it("is paused and resumed at once, for decisions opened later", async () => {
      const [paused, resumed] = [start + 100n, start + 200n];
      await setDormant(1n, true, paused);
      expect((await roll.membership.member(1n)).pauses).to.equal(0b010n);
      await setDormant(1n, false, resumed);
      expect(await roll.votesFrom(1n)).to.equal(resumed);
      await expectTurns(1n, key(0), [
        [start - 1n, undefined],
        [start, 2n],
        [paused, undefined],
        [resumed, 2n],
      ]);
    });

    it("counts again only when the last reason is gone, in whatever order they come and go", async () => {
      for (const [offset, first, second] of [
        [0n, setDormant, setRepresented],
        [1_000n, setRepresented, setDormant],
      ] as const) {
        const base = start + 100n + offset;
        await first(1n, true, base);
        await second(1n, true, base + 10n);
        expect((await roll.membership.member(1n)).pauses).to.equal(0b110n);
        await first(1n, false, base + 20n);
        expect(await roll.membership.getVotes(key(0))).to.equal(0n);
        await second(1n, false, base + 30n);
        expect(await roll.membership.getVotes(key(0))).to.equal(1n);
      }
      await expectTurns(1n, key(0), [
        [start, 2n],
        [start + 100n, undefined],
        [start + 130n, 2n],
        [start + 1_100n, undefined],
        [start + 1_130n, 2n],
      ]);
    });

    it("says why it does not count", async () => {
      const { confirmedAt } = await roll.membership.member(1n);
      await setDormant(1n, true);
      await setRepresented(1n, true);
      const ask = async () => roll.membership.standingOf(key(0), Right.Stand, await roll.now());
      expect(await ask()).to.deep.equal([Standing.Dormant, 1n, 2n, confirmedAt]);
      await setDormant(1n, false);
      expect(await ask()).to.deep.equal([Standing.Represented, 1n, 2n, 0n]);
      expect(await roll.entitled(key(0), Right.Propose)).to.equal(0n);
      expect(await roll.entitled(key(0), Right.Speak)).to.equal(1n);
    });

    it("moves to another group from the second of the change on", async () => {
      const [first, second] = [start + 100n, start + 300n];
      await moveGroup(1n, 4, first);
      await moveGroup(1n, 0, second);
      await expectTurns(1n, key(0), [
        [start, 2n],
        [first, 4n],
        [second, 0n],
      ]);
      expect(await roll.membership.membersByGroup()).to.deep.equal([1n, 0n, 0n, 0n, 0n, 0n]);
    });

    it("keeps one turn of all that happens in one second: the last", async () => {
      const moment = start + 100n;
      await at(moment, async () => (await desk("claims")).moveGroup(1n, 4));
      const { provider } = roll.connection;
      // Several acts in one block: mining by hand.
      await provider.request({ method: "evm_setAutomine", params: [false] });
      const [confirmations, claims] = [await desk("confirmations"), await desk("claims")];
      const options = { gasLimit: 500_000n };
      await confirmations.setPaused(1n, true, options);
      await confirmations.setPaused(1n, false, options);
      await claims.moveGroup(1n, 5, options);
      await claims.moveGroup(1n, 1, options);
      await roll.time.setNextBlockTimestamp(moment + 50n);
      await provider.request({ method: "evm_mine", params: [] });
      await provider.request({ method: "evm_setAutomine", params: [true] });
      await expectTurns(1n, key(0), [
        [start, 2n],
        [moment, 4n],
        [moment + 50n, 1n],
      ]);
    });

    it("changes group while paused, and counts there when it comes back", async () => {
      await setDormant(1n, true, start + 100n);
      await moveGroup(1n, 5, start + 200n);
      expect(await roll.membership.membersByGroup()).to.deep.equal([0n, 0n, 0n, 0n, 0n, 1n]);
      await setDormant(1n, false, start + 300n);
      await expectTurns(1n, key(0), [
        [start, 2n],
        [start + 100n, undefined],
        [start + 300n, 5n],
      ]);
    });

    it("keeps its turns when the member moves to a new key, which answers for its own time", async () => {
      await setDormant(1n, true, start + 100n);
      await setDormant(1n, false, start + 200n);
      const moved = start + 300n;
      await roll.goTo(moved - 1n);
      await roll.rotate(roll.person(0), roll.person(1), moved);
      await moveGroup(1n, 3, start + 400n);
      await roll.goTo(start + 500n);
      for (const [moment, group] of [
        [start, 2n],
        [start + 150n, undefined],
        [start + 250n, 2n],
        [start + 350n, 2n],
        [start + 450n, 3n],
      ] as const) {
        expect(await roll.membership.countedAt(1n, moment)).to.deep.equal([group !== undefined, group ?? 0n]);
        const [before, after] = [key(0), key(1)].map((one) => roll.membership.getPastVotes(one, moment));
        expect(await before, `old key at ${moment}`).to.equal(
          group !== undefined && moment < moved ? 1n : 0n,
        );
        expect(await after, `new key at ${moment}`).to.equal(
          group !== undefined && moment >= moved ? 1n : 0n,
        );
      }
    });

    it("keeps its turns after the key has come back as another number", async () => {
      await moveGroup(1n, 4, start + 100n);
      await roll.goTo(start + 199n);
      await roll.at(start + 200n, () => roll.membership.connect(roll.person(0)).resign());
      await roll.goTo(start + 299n);
      await roll.at(start + 300n, () =>
        roll.membership.connect(roll.person(0)).join(1, roll.codeDigest, "0x"),
      );
      await roll.goTo(start + 400n);
      for (const [moment, group] of [
        [start, 2n],
        [start + 99n, 2n],
        [start + 100n, 4n],
        [start + 199n, 4n],
        [start + 200n, undefined],
        [start + 350n, undefined],
      ] as const) {
        expect(await roll.membership.countedAt(1n, moment)).to.deep.equal([group !== undefined, group ?? 0n]);
        expect(await roll.membership.getPastVotes(key(0), moment)).to.equal(group === undefined ? 0n : 1n);
      }
      expect(await roll.membership.countedAt(2n, start + 350n)).to.deep.equal([false, 0n]);
    });

    for (const [what, order] of [
      ["the old key first", [0, 1]],
      ["the last key first", [1, 0]],
    ] as const) {
      it(`keeps its turns when both keys of an ended membership are pardoned and come back, ${what}`, async () => {
        const [moved, ended] = [start + 100n, start + 200n];
        await roll.goTo(moved - 1n);
        await roll.rotate(roll.person(0), roll.person(1), moved);
        await roll.goTo(ended - 1n);
        await roll.at(ended, () => roll.governing.end(1));
        for (const index of order) await roll.governing.pardon(roll.person(index));
        const expectPast = async () => {
          for (const [moment, holder] of [
            [start - 1n, undefined],
            [start, 0],
            [moved - 1n, 0],
            [moved, 1],
            [ended - 1n, 1],
            [ended, undefined],
          ] as const) {
            const counted = holder !== undefined;
            expect(await roll.membership.countedAt(1n, moment)).to.deep.equal([counted, counted ? 2n : 0n]);
            for (const index of [0, 1]) {
              const votes = await roll.membership.getPastVotes(key(index), moment);
              expect(votes, `key ${index} at ${moment}`).to.equal(index === holder ? 1n : 0n);
            }
          }
        };
        await roll.goTo(ended + 10n);
        await expectPast();
        for (const index of order) {
          await roll.join(roll.person(index), 4);
          await expectPast();
        }
        expect(await roll.membership.numberOf(key(order[1]))).to.equal(3n);
      });
    }

    it("leaves the roll from a pause without leaving the electorate twice", async () => {
      await setDormant(1n, true, start + 100n);
      await roll.goTo(start + 150n);
      await roll.membership.connect(roll.person(0)).resign();
      expect(await roll.membership.totalSupply()).to.equal(0n);
      await roll.join(roll.person(0), 2);
      const again = await roll.votesFrom(2n);
      await roll.goTo(again + 1n);
      expect(await roll.membership.getPastTotalSupply(again)).to.equal(1n);
      expect(await roll.membership.countedAt(1n, start + 99n)).to.deep.equal([true, 2n]);
      expect(await roll.membership.countedAt(1n, start + 100n)).to.deep.equal([false, 0n]);
    });
  });

  describe("given a vote that waits for its boundary", () => {
    let boundary: bigint;

    beforeEach(async () => {
      await roll.join(roll.person(0), 2);
      boundary = await roll.votesFrom(1n);
    });

    it("keeps its boundary over a pause that ends before it", async () => {
      await setRepresented(1n, true, boundary - 10n * DAY);
      await setRepresented(1n, false, boundary - 5n * DAY);
      expect(await roll.votesFrom(1n)).to.equal(boundary);
      await expectTurns(1n, key(0), [
        [boundary - 5n * DAY, undefined],
        [boundary, 2n],
      ]);
    });

    it("counts from the end of a pause that lasts beyond it", async () => {
      await setRepresented(1n, true, boundary - DAY);
      await setRepresented(1n, false, boundary + DAY);
      await expectTurns(1n, key(0), [
        [boundary - DAY, undefined],
        [boundary, undefined],
        [boundary + DAY, 2n],
      ]);
    });

    for (const [what, from, until] of [
      ["begins in the second of the boundary", 0n, 100n],
      ["ends in the second of the boundary", -100n, 0n],
      ["begins a second before and ends a second after", -1n, 1n],
    ] as const) {
      it(`counts as the electorate does over a pause that ${what}`, async () => {
        await setDormant(1n, true, boundary + from);
        await setDormant(1n, false, boundary + until);
        const turns: [bigint, bigint | undefined][] = [
          [boundary - 200n, undefined],
          [boundary + until, 2n],
        ];
        if (from < 0n) turns.splice(1, 0, [boundary + from, undefined]);
        await expectTurns(1n, key(0), turns);
      });
    }

    it("waits in another group after a change", async () => {
      await moveGroup(1n, 4, boundary - 7n * DAY);
      await moveGroup(1n, 1, boundary - 3n * DAY);
      expect(await roll.votesFrom(1n)).to.equal(boundary);
      expect(await roll.membership.membersByGroup()).to.deep.equal([0n, 1n, 0n, 0n, 0n, 0n]);
      await expectTurns(1n, key(0), [
        [boundary - 7n * DAY, undefined],
        [boundary, 1n],
      ]);
    });

    it("changes group in the second of the boundary", async () => {
      await moveGroup(1n, 4, boundary);
      await expectTurns(1n, key(0), [
        [boundary - 1n, undefined],
        [boundary, 4n],
      ]);
    });

    it("leaves nothing behind when the member leaves after all of it", async () => {
      await moveGroup(1n, 4, boundary - 9n * DAY);
      await setDormant(1n, true, boundary - 8n * DAY);
      await setDormant(1n, false, boundary - 7n * DAY);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.goTo(boundary + DAY);
      expect(await roll.membership.getPastVotesByGroup(boundary)).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
      expect(await roll.membership.countedAt(1n, boundary)).to.deep.equal([false, 0n]);
    });
  });
});
