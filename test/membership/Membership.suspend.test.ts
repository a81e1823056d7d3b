import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { mask, Right, Standing, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;
const YEAR = 365n * DAY;
const NOT_ACTIVE = ["resigned", "ended", "was never given out"] as const;

describe("Membership", () => {
  const roll = useRoll();

  /** A number that nobody holds, in the way that is said. */
  async function vacantNumber(way: (typeof NOT_ACTIVE)[number]): Promise<bigint> {
    const number = await roll.join(roll.person(1));
    if (way === "resigned") await roll.membership.connect(roll.person(1)).resign();
    if (way === "ended") await roll.governing.end(number);
    return way === "was never given out" ? number + 1n : number;
  }

  async function suspensionsOf(number: bigint): Promise<bigint[]> {
    return [...(await roll.membership.member(number)).suspendedUntil];
  }

  describe("suspend", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        const number = await roll.join(roll.person(0));
        const until = (await roll.now()) + DAY;
        for (const caller of [roll.person(0), roll.person(1), roll.deployer]) {
          await expect(roll.membership.connect(caller).suspend(number, 1, until))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    context("when the end is out of range", () => {
      it("reverts with the range for now, the past and more than a year", async () => {
        const number = await roll.join(roll.person(0));
        const moment = (await roll.now()) + 10n;
        for (const [i, offset] of [0n, -1n, YEAR + 1n].entries()) {
          const now = moment + BigInt(i);
          await expect(roll.at(now, () => roll.governing.suspend(number, 1, now + offset)))
            .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
            .withArgs(encodeBytes32String("until"), now + offset, now + 1n, now + YEAR);
        }
      });

      it("reverts for the end of time and for its beginning", async () => {
        const number = await roll.join(roll.person(0));
        const moment = (await roll.now()) + 10n;
        for (const [i, until] of [0n, 2n ** 48n - 1n].entries()) {
          const now = moment + BigInt(i);
          await expect(roll.at(now, () => roll.governing.suspend(number, 1, until)))
            .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
            .withArgs(encodeBytes32String("until"), until, now + 1n, now + YEAR);
        }
      });

      it("accepts the next second, and a year to the second", async () => {
        const number = await roll.join(roll.person(0));
        const moment = (await roll.now()) + 10n;
        for (const [i, offset] of [1n, YEAR].entries()) {
          const now = moment + BigInt(i);
          await roll.at(now, () => roll.governing.suspend(number, mask(Right.Speak), now + offset));
          expect((await suspensionsOf(number))[0]).to.equal(now + offset);
        }
      });
    });

    context("when the rights are no set of rights", () => {
      for (const rights of [0, 16, 17, 255]) {
        it(`reverts with ${rights}`, async () => {
          const number = await roll.join(roll.person(0));
          await expect(roll.governing.suspend(number, rights, (await roll.now()) + DAY))
            .to.be.revertedWithCustomError(roll.membership, "MembershipInvalidRights")
            .withArgs(rights);
        });
      }
    });

    for (const way of NOT_ACTIVE) {
      context(`given a number that ${way}`, () => {
        it("reverts with the number", async () => {
          const number = await vacantNumber(way);
          await expect(roll.governing.suspend(number, 1, (await roll.now()) + DAY))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
            .withArgs(number);
        });
      });
    }

    context("given a member", () => {
      it("announces the suspension", async () => {
        const number = await roll.join(roll.person(0));
        const until = (await roll.now()) + DAY;
        const rights = mask(Right.Speak, Right.Stand);
        await expect(roll.governing.suspend(number, rights, until))
          .to.emit(roll.membership, "RightsSuspended")
          .withArgs(number, rights, until);
      });

      for (let rights = 1n; rights <= 15n; rights++) {
        it(`suspends just the rights of mask ${rights}`, async () => {
          const number = await roll.join(roll.person(0));
          await roll.goTo(await roll.votesFrom(number));
          const until = (await roll.now()) + DAY;
          await roll.governing.suspend(number, rights, until);
          const expected = Object.values(Right).map((right) => (rights & mask(right) ? until : 0n));
          expect(await suspensionsOf(number)).to.deep.equal(expected);
          for (const right of Object.values(Right)) {
            const entitled = rights & mask(right) ? 0n : number;
            expect(await roll.entitled(roll.person(0), right)).to.equal(entitled);
          }
        });
      }

      it("replaces the end of those rights and of no others, later or earlier", async () => {
        const number = await roll.join(roll.person(0));
        const now = await roll.now();
        await roll.governing.suspend(number, mask(Right.Speak, Right.Vote), now + 10n * DAY);
        await roll.governing.suspend(number, mask(Right.Vote, Right.Stand), now + 20n * DAY);
        await roll.governing.suspend(number, mask(Right.Speak), now + 5n * DAY);
        expect(await suspensionsOf(number)).to.deep.equal([
          now + 5n * DAY,
          0n,
          now + 20n * DAY,
          now + 20n * DAY,
        ]);
      });

      it("touches nobody else", async () => {
        const number = await roll.join(roll.person(0));
        const other = await roll.join(roll.person(1));
        await roll.governing.suspend(number, 15, (await roll.now()) + DAY);
        expect(await suspensionsOf(other)).to.deep.equal([0n, 0n, 0n, 0n]);
        expect(await roll.entitled(roll.person(1), Right.Speak)).to.equal(other);
      });

      it("leaves the vote in the electorate", async () => {
        const number = await roll.join(roll.person(0), 4);
        await roll.goTo(await roll.votesFrom(number));
        await roll.governing.suspend(number, 15, (await roll.now()) + DAY);
        const suspendedAt = await roll.now();
        await roll.goTo(suspendedAt + 1n);
        expect(await roll.membership.getPastTotalSupply(suspendedAt)).to.equal(1);
        expect(await roll.membership.getPastVotes(roll.person(0), suspendedAt)).to.equal(1);
        expect((await roll.membership.getPastVotesByGroup(suspendedAt))[4]).to.equal(1);
        expect(await roll.membership.getVotes(roll.person(0))).to.equal(1);
      });

      context("given that the member has delegated the vote", () => {
        /** Members 1 and 2, the second of whom has delegated to the first. */
        async function delegated(): Promise<bigint> {
          for (const index of [0, 1]) await roll.join(roll.person(index), 4);
          await roll.goTo(await roll.votesFrom(2n));
          await roll.delegations.connect(roll.person(0)).takeDelegations(1);
          await roll.membership.connect(roll.person(1)).delegate(roll.person(0));
          return (await roll.now()) + DAY;
        }

        it("ends that with the right to vote, and announces both", async () => {
          const until = await delegated();
          const rights = mask(Right.Speak, Right.Vote);
          await expect(roll.governing.suspend(2n, rights, until))
            .to.emit(roll.delegations, "DelegationEnded")
            .withArgs(2n, 1n)
            .and.to.emit(roll.membership, "RightsSuspended")
            .withArgs(2n, rights, until);
          expect(await roll.delegations.delegationOf(2n)).to.deep.equal([0n, 0n]);
          expect(await roll.membership.getVotes(roll.person(0))).to.equal(1);
          expect(await roll.membership.getVotes(roll.person(1))).to.equal(1);
          const suspendedAt = await roll.now();
          await roll.goTo(suspendedAt + 1n);
          expect(await roll.membership.getPastVotes(roll.person(0), suspendedAt - 1n)).to.equal(2);
          expect(await roll.membership.getPastTotalSupply(suspendedAt)).to.equal(2);
        });

        it("leaves it with every other right, and the delegations to a suspended member too", async () => {
          const until = await delegated();
          for (const [number, rights] of [
            [2n, mask(Right.Speak, Right.Propose, Right.Stand)],
            [1n, 15n],
          ] as const) {
            await expect(roll.governing.suspend(number, rights, until)).not.to.emit(
              roll.delegations,
              "DelegationEnded",
            );
          }
          expect((await roll.delegations.delegationOf(2n)).delegate).to.equal(1n);
          expect(await roll.membership.getVotes(roll.person(0))).to.equal(2);
        });

        it("does not bring it back at the end, nor when the right is restored", async () => {
          await roll.governing.suspend(2n, mask(Right.Vote), await delegated());
          await roll.governing.restore(2n, mask(Right.Vote));
          expect(await roll.membership.delegates(roll.person(1))).to.equal(roll.person(1));
        });
      });

      it("ends by itself at the moment that was named, not before", async () => {
        const number = await roll.join(roll.person(0));
        const until = (await roll.now()) + DAY;
        await roll.governing.suspend(number, mask(Right.Speak), until);
        for (const [moment, standing, explanation] of [
          [until - 1n, Standing.Suspended, until],
          [until, Standing.Granted, 0n],
        ] as const) {
          await roll.goTo(moment);
          const answer = await roll.membership.standingOf(roll.person(0), Right.Speak, moment);
          expect(answer[0]).to.equal(standing);
          expect(answer[3]).to.equal(explanation);
          const entitled = standing === Standing.Granted ? number : 0n;
          expect(await roll.entitled(roll.person(0), Right.Speak)).to.equal(entitled);
        }
      });
    });
  });

  describe("restore", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        const number = await roll.join(roll.person(0));
        for (const caller of [roll.person(0), roll.person(1), roll.deployer]) {
          await expect(roll.membership.connect(caller).restore(number, 1))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    context("when the rights are no set of rights", () => {
      for (const rights of [0, 16, 255]) {
        it(`reverts with ${rights}`, async () => {
          const number = await roll.join(roll.person(0));
          await expect(roll.governing.restore(number, rights))
            .to.be.revertedWithCustomError(roll.membership, "MembershipInvalidRights")
            .withArgs(rights);
        });
      }
    });

    for (const way of NOT_ACTIVE) {
      context(`given a number that ${way}`, () => {
        it("reverts with the number", async () => {
          const number = await vacantNumber(way);
          await expect(roll.governing.restore(number, 1))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
            .withArgs(number);
        });
      });
    }

    context("given suspended rights", () => {
      it("gives back those named, and announces it", async () => {
        const number = await roll.join(roll.person(0));
        const until = (await roll.now()) + DAY;
        await roll.governing.suspend(number, 15, until);
        const rights = mask(Right.Speak, Right.Vote);
        await expect(roll.governing.restore(number, rights))
          .to.emit(roll.membership, "RightsRestored")
          .withArgs(number, rights);
        expect(await suspensionsOf(number)).to.deep.equal([0n, until, 0n, until]);
        expect(await roll.entitled(roll.person(0), Right.Speak)).to.equal(number);
        expect(await roll.entitled(roll.person(0), Right.Stand)).to.equal(0);
      });
    });

    context("given rights that were never suspended", () => {
      it("changes nothing", async () => {
        const number = await roll.join(roll.person(0));
        await roll.governing.restore(number, 15);
        expect(await suspensionsOf(number)).to.deep.equal([0n, 0n, 0n, 0n]);
        expect(await roll.entitled(roll.person(0), Right.Speak)).to.equal(number);
      });
    });
  });
});
