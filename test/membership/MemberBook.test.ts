import { expect } from "chai";
import { MemberStatus, useRoll } from "../helpers/roll.js";

const HOUR = 3_600n;

describe("MemberBook", () => {
  const roll = useRoll();

  describe("the life of a key's holding", () => {
    const resign = (index: number) => roll.membership.connect(roll.person(index)).resign();
    const end = async (index: number) =>
      roll.governing.end(await roll.membership.numberOf(roll.person(index)));
    const pardon = (index: number) => roll.governing.pardon(roll.person(index));

    /** What person 0 goes through before it holds a number again, all from a first membership on. */
    const ways: Record<string, () => Promise<unknown>> = {
      resigned: () => resign(0),
      "was ended and pardoned": async () => {
        await end(0);
        await pardon(0);
      },
      "rotated away": () => roll.rotate(roll.person(0), roll.person(1)),
    };

    for (const [way, leave] of Object.entries(ways)) {
      context(`given a key that ${way}`, () => {
        it("holds a new number by joining", async () => {
          await roll.join(roll.person(0));
          await leave();
          expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
          expect(await roll.join(roll.person(0))).to.equal(2);
          expect(await roll.membership.numberOf(roll.person(0))).to.equal(2);
        });

        it("holds another member's number by that member's rotation", async () => {
          await roll.join(roll.person(0));
          await leave();
          const number = await roll.join(roll.person(2));
          await roll.rotate(roll.person(2), roll.person(0));
          expect(await roll.membership.numberOf(roll.person(0))).to.equal(number);
          expect(await roll.membership.ownerOf(number)).to.equal(roll.person(0).address);
          expect(await roll.membership.numberOf(roll.person(2))).to.equal(0);
        });
      });
    }

    context("given a key that was ended and not pardoned", () => {
      it("holds nothing any more, by no way", async () => {
        await roll.join(roll.person(0));
        await end(0);
        await roll.join(roll.person(2));
        const { membership } = roll;
        const barred = [roll.person(0).address, 1] as const;
        await expect(roll.join(roll.person(0)))
          .to.be.revertedWithCustomError(membership, "MembershipKeyBarred")
          .withArgs(...barred);
        await expect(roll.rotate(roll.person(2), roll.person(0)))
          .to.be.revertedWithCustomError(membership, "MembershipKeyBarred")
          .withArgs(...barred);
      });
    });
  });

  describe("a number", () => {
    it("is never given twice, whoever leaves in whatever way", async () => {
      const numbers: bigint[] = [];
      for (let round = 0; round < 3; round++) {
        numbers.push(await roll.join(roll.person(0)));
        await roll.rotate(roll.person(0), roll.person(1));
        numbers.push(await roll.join(roll.person(0)));
        await roll.membership.connect(roll.person(0)).resign();
        await roll.governing.end(await roll.membership.numberOf(roll.person(1)));
        await roll.governing.pardon(roll.person(1));
      }
      expect(numbers).to.deep.equal([1n, 2n, 3n, 4n, 5n, 6n]);
      const list = await roll.membership.members(1, 10);
      const { Ended, Resigned } = MemberStatus;
      expect(list.map(({ status }) => status)).to.deep.equal([
        Ended,
        Resigned,
        Ended,
        Resigned,
        Ended,
        Resigned,
      ]);
    });
  });

  describe("the past of a key", () => {
    it("is told apart however often it changed what it holds", async () => {
      const { membership, person } = roll;
      await roll.join(person(0));
      const boundary = await roll.votesFrom(1n);
      const stops = Array.from({ length: 12 }, (_, i) => boundary + BigInt(i + 1) * HOUR);
      for (const [i, stop] of stops.entries()) await roll.rotate(person(i % 2), person((i + 1) % 2), stop);
      await roll.goTo((stops.at(-1) as bigint) + HOUR);

      for (const moment of [boundary, ...stops].flatMap((stop) => [stop - 1n, stop, stop + HOUR / 2n])) {
        const moves = stops.filter((stop) => stop <= moment).length;
        const mature = moment >= boundary;
        for (const index of [0, 1]) {
          const votes = mature && moves % 2 === index ? 1 : 0;
          expect(await membership.getPastVotes(person(index), moment)).to.equal(votes);
        }
      }
    });

    it("begins with its first membership", async () => {
      await roll.join(roll.person(0));
      const { joinedAt } = await roll.membership.member(1);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.join(roll.person(0));
      for (const moment of [0n, joinedAt - 1n, joinedAt]) {
        expect(await roll.membership.getPastVotes(roll.person(0), moment)).to.equal(0);
      }
    });

    it("is nothing for a key that never was a member", async () => {
      await roll.goTo(await roll.votesFrom(await roll.join(roll.person(0))));
      expect(await roll.membership.getPastVotes(roll.person(1), (await roll.now()) - 1n)).to.equal(0);
      expect(await roll.membership.getVotes(roll.person(1))).to.equal(0);
    });
  });
});
