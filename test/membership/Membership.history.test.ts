import { expect } from "chai";
import type { Signer } from "ethers";
import { domainOf, signRotate } from "../helpers/requests.js";
import { useRoll } from "../helpers/roll.js";

const DAY = 86_400n;
const GROUP = 2;
const COMPANION_GROUP = 5;

describe("Membership", () => {
  const roll = useRoll();

  /** Person 0 is whose history is asked for; person 9 joined just before and stays. */
  async function joinBoth(): Promise<{ number: bigint; joinedAt: bigint; boundary: bigint }> {
    await roll.join(roll.person(9), COMPANION_GROUP);
    const number = await roll.join(roll.person(0), GROUP);
    const { joinedAt, votesFrom } = await roll.membership.member(number);
    expect(await roll.votesFrom(number - 1n)).to.equal(votesFrom);
    return { number, joinedAt, boundary: votesFrom };
  }

  async function consent(number: bigint, to: Signer, deadline: bigint): Promise<string> {
    const newKey = await to.getAddress();
    const nonce = await roll.requests.nonces(newKey);
    return signRotate(to, await domainOf(roll.requests), { number, newKey, nonce, deadline });
  }

  /** Own votes, the total and the groups must agree with each other at every moment that is asked for. */
  async function expectVotes(boundary: bigint, moments: [moment: bigint, votes: number][], group = GROUP) {
    for (const [moment, votes] of moments) {
      const companion = moment >= boundary ? 1 : 0;
      const groups = roll.parameters.Membership.groups.map(() => 0n);
      groups[COMPANION_GROUP] = BigInt(companion);
      groups[group] = BigInt(votes);
      const { membership, person } = roll;
      const said = `${moment - boundary} s after the first boundary`;
      expect(await membership.getPastVotes(person(0), moment), said).to.equal(votes);
      expect(await membership.getPastVotes(person(9), moment), said).to.equal(companion);
      expect(await membership.getPastTotalSupply(moment), said).to.equal(companion + votes);
      expect(await membership.getPastVotesByGroup(moment), said).to.deep.equal(groups);
    }
  }

  /** The second before a moment, the moment, and the second after. */
  function around(moment: bigint, before: number, from: number): [bigint, number][] {
    return [
      [moment - 1n, before],
      [moment, from],
      [moment + 1n, from],
    ];
  }

  describe("getPastVotes, getPastTotalSupply and getPastVotesByGroup", () => {
    context("when the moment is not past", () => {
      it("revert with the moment and the clock", async () => {
        const now = await roll.now();
        for (const moment of [now, now + 1n, 2n ** 48n, 2n ** 256n - 1n]) {
          for (const ask of [
            () => roll.membership.getPastVotes(roll.person(0), moment),
            () => roll.membership.getPastTotalSupply(moment),
            () => roll.membership.getPastVotesByGroup(moment),
          ]) {
            await expect(ask())
              .to.be.revertedWithCustomError(roll.membership, "ERC5805FutureLookup")
              .withArgs(moment, now);
          }
        }
      });
    });

    context("given a member who stays", () => {
      it("answer from the boundary on, to the second", async () => {
        const { joinedAt, boundary } = await joinBoth();
        await roll.goTo(boundary + 2n);
        await expectVotes(boundary, [[0n, 0], ...around(joinedAt, 0, 0), ...around(boundary, 0, 1)]);
      });
    });

    context("given a member whose rights were suspended", () => {
      it("answer as if nothing had happened", async () => {
        const { number, boundary } = await joinBoth();
        const [suspendedAt, until] = [boundary + DAY, boundary + 3n * DAY];
        await roll.at(suspendedAt, () => roll.governing.suspend(number, 15, until));
        await roll.goTo(until + 2n);
        await expectVotes(boundary, [
          ...around(boundary, 0, 1),
          ...around(suspendedAt, 1, 1),
          ...around(until, 1, 1),
        ]);
      });
    });

    for (const way of ["resigned", "ended"] as const) {
      const leave = (number: bigint) =>
        way === "ended" ? roll.governing.end(number) : roll.membership.connect(roll.person(0)).resign();

      context(`given a member who ${way === "ended" ? "was ended" : way} with a mature vote`, () => {
        it("answer with the vote up to the second before", async () => {
          const { number, joinedAt, boundary } = await joinBoth();
          const leftAt = boundary + DAY;
          await roll.at(leftAt, () => leave(number));
          const expected = [
            ...around(joinedAt, 0, 0),
            ...around(boundary, 0, 1),
            ...around(leftAt, 1, 0).slice(0, 2),
          ];
          await roll.goTo(leftAt + 1n);
          await expectVotes(boundary, expected);
          await roll.goTo(leftAt + 400n * DAY);
          await expectVotes(boundary, [...expected, [leftAt + 1n, 0], [leftAt + 399n * DAY, 0]]);
        });
      });

      context(`given a member who ${way === "ended" ? "was ended" : way} before the vote was mature`, () => {
        it("answer without the vote, at the boundary and ever after", async () => {
          const { number, joinedAt, boundary } = await joinBoth();
          const leftAt = joinedAt + DAY;
          await roll.at(leftAt, () => leave(number));
          await roll.goTo(boundary + DAY);
          await expectVotes(boundary, [...around(leftAt, 0, 0), ...around(boundary, 0, 0)]);
        });
      });

      context(`given a member who ${way === "ended" ? "was ended" : way} at the very boundary`, () => {
        for (const [offset, words] of [
          [-1n, "the second before it"],
          [0n, "in its second"],
          [1n, "the second after it"],
        ] as const) {
          it(`answer right when it was ${words}`, async () => {
            const { number, boundary } = await joinBoth();
            await roll.at(boundary + offset, () => leave(number));
            await roll.goTo(boundary + 10n);
            await expectVotes(boundary, [
              [boundary - 2n, 0],
              [boundary - 1n, 0],
              [boundary, offset === 1n ? 1 : 0],
              [boundary + 1n, 0],
              [boundary + 2n, 0],
            ]);
          });
        }
      });
    }

    context("given a member who joined again in another group", () => {
      it("answer for both memberships, each in its group", async () => {
        const { boundary } = await joinBoth();
        const leftAt = boundary + DAY;
        await roll.at(leftAt, () => roll.membership.connect(roll.person(0)).resign());
        const second = await roll.join(roll.person(0), 0);
        const again = await roll.votesFrom(second);
        const leftAgainAt = again + DAY;
        await roll.at(leftAgainAt, () => roll.membership.connect(roll.person(0)).resign());
        const third = await roll.votesFrom(await roll.join(roll.person(0), GROUP));
        await roll.goTo(third + 2n);

        await expectVotes(boundary, [...around(boundary, 0, 1), ...around(leftAt, 1, 0)]);
        await expectVotes(boundary, [...around(again, 0, 1), ...around(leftAgainAt, 1, 0)], 0);
        await expectVotes(boundary, around(third, 0, 1));
      });
    });

    context("given a member who was ended, pardoned and joined again", () => {
      it("answer without a vote for the time between", async () => {
        const { number, boundary } = await joinBoth();
        const endedAt = boundary + DAY;
        await roll.at(endedAt, () => roll.governing.end(number));
        await roll.at(endedAt + DAY, () => roll.governing.pardon(roll.person(0)));
        const again = await roll.votesFrom(await roll.join(roll.person(0), GROUP));
        await roll.goTo(again + 2n);
        await expectVotes(boundary, [
          ...around(boundary, 0, 1),
          ...around(endedAt, 1, 0),
          ...around(endedAt + DAY, 0, 0),
          ...around(again, 0, 1),
        ]);
      });
    });

    context("given a rotated key", () => {
      it("answer for each key for the time it held the number, the totals unmoved", async () => {
        const { boundary } = await joinBoth();
        const movedAt = boundary + DAY;
        await roll.rotate(roll.person(0), roll.person(1), movedAt);
        await roll.goTo(movedAt + 2n);
        for (const [moment, votes] of [...around(boundary, 0, 1), ...around(movedAt, 1, 0)]) {
          const moved = moment >= movedAt ? 1 : 0;
          expect(await roll.membership.getPastVotes(roll.person(0), moment)).to.equal(votes);
          expect(await roll.membership.getPastVotes(roll.person(1), moment)).to.equal(moved);
          const total = moment >= boundary ? 2 : 0;
          expect(await roll.membership.getPastTotalSupply(moment)).to.equal(total);
          expect((await roll.membership.getPastVotesByGroup(moment))[GROUP]).to.equal(total / 2);
        }
      });

      it("give the new key no vote for the time before it matured", async () => {
        const { joinedAt, boundary } = await joinBoth();
        const movedAt = joinedAt + DAY;
        await roll.rotate(roll.person(0), roll.person(1), movedAt);
        await roll.goTo(boundary + 2n);
        for (const [moment, votes] of [...around(movedAt, 0, 0), ...around(boundary, 0, 1)]) {
          expect(await roll.membership.getPastVotes(roll.person(0), moment)).to.equal(0);
          expect(await roll.membership.getPastVotes(roll.person(1), moment)).to.equal(votes);
        }
      });
    });

    context("when a key rotates, leaves and joins again within one block", () => {
      it("count nobody twice and lose nobody", async () => {
        const { membership, requests, codeDigest, person } = roll;
        const { number, boundary } = await joinBoth();
        const moment = boundary + DAY;
        const there = await consent(number, person(1), moment);
        const options = { gasLimit: 600_000 };
        await roll.goTo(moment - 10n);

        await roll.ethers.provider.send("evm_setAutomine", [false]);
        const sent = [
          await requests.connect(person(0)).rotateKey(person(1), moment, there, options),
          await membership.connect(person(0)).join(0, codeDigest, "0x", options),
          await membership.connect(person(0)).resign(options),
          await membership.connect(person(0)).join(1, codeDigest, "0x", options),
        ];
        await roll.time.setNextBlockTimestamp(moment);
        await roll.connection.networkHelpers.mine();
        await roll.ethers.provider.send("evm_setAutomine", [true]);
        for (const transaction of sent) expect((await transaction.wait())?.status).to.equal(1);

        const again = await roll.votesFrom(await membership.numberOf(person(0)));
        await roll.goTo(again + 2n);
        for (const [time, first, second, total] of [
          [moment - 1n, 1, 0, 2],
          [moment, 0, 1, 2],
          [moment + 1n, 0, 1, 2],
          [again - 1n, 0, 1, 2],
          [again, 1, 1, 3],
        ] as const) {
          expect(await membership.getPastVotes(person(0), time)).to.equal(first);
          expect(await membership.getPastVotes(person(1), time)).to.equal(second);
          expect(await membership.getPastTotalSupply(time)).to.equal(total);
        }
        expect(await membership.getPastVotesByGroup(again)).to.deep.equal([0n, 1n, 1n, 0n, 0n, 1n]);
      });
    });
  });

  describe("getVotes", () => {
    it("follows the boundary and the leave, to the second", async () => {
      const { boundary } = await joinBoth();
      await roll.goTo(boundary - 1n);
      expect(await roll.membership.getVotes(roll.person(0))).to.equal(0);
      await roll.goTo(boundary);
      expect(await roll.membership.getVotes(roll.person(0))).to.equal(1);
      await roll.membership.connect(roll.person(0)).resign();
      expect(await roll.membership.getVotes(roll.person(0))).to.equal(0);
    });
  });
});
