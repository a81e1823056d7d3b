import { expect } from "chai";
import { type Signer, ZeroAddress } from "ethers";
import { readVoter, Standing, useRoll } from "../../helpers/roll.js";

const STEP = 15n * 86_400n;
const YEAR = 365n * 86_400n;
const floor = (moment: bigint) => moment - (moment % STEP);

describe("Delegations", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.delegationCap = 3;
  });
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.delegations.connect(roll.person(index));

  /** Members 1 to 6, the last two in another group; everyone's vote counts, and member 1 takes delegations. */
  beforeEach(async () => {
    for (let index = 0; index < 6; index++) await roll.join(roll.person(index), index < 4 ? 2 : 3);
    await roll.goTo(await roll.votesFrom(6n));
    await desk(0).takeDelegations(3);
  });

  async function asTimelock() {
    const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
    return roll.delegations.connect(timelock);
  }

  describe("takeDelegations", () => {
    it("reverts for who is no member", async () => {
      await expect(desk(9).takeDelegations(1))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskNotMember")
        .withArgs(key(9));
    });

    it("reverts above the cap", async () => {
      await expect(desk(1).takeDelegations(4))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskParameterOutOfRange")
        .withArgs(roll.ethers.encodeBytes32String("limit"), 4n, 0n, 3n);
    });

    it("sets the member's limit and says so", async () => {
      await expect(desk(1).takeDelegations(2))
        .to.emit(roll.delegations, "DelegationLimitSet")
        .withArgs(2n, 2n);
      expect(await roll.delegations.limitOf(2n)).to.equal(2n);
      expect(await roll.delegations.limitOf(3n)).to.equal(0n);
    });

    it("makes the member a special case of a ballot, and nobody else", async () => {
      const special = async (index: number) =>
        readVoter(await roll.membership.voterOf(key(index))).flags !== 0n;
      expect([await special(0), await special(1)]).to.deep.equal([true, false]);
      await desk(1).takeDelegations(0);
      expect(await special(1)).to.equal(false);
    });

    it("lowers nothing that was given", async () => {
      await desk(1).delegateUntil(key(0), await roll.delegations.longestEnd());
      await desk(0).takeDelegations(0);
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      await expect(desk(2).delegateUntil(key(0), await roll.delegations.longestEnd()))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
        .withArgs(1n, 0n);
    });
  });

  describe("delegateUntil", () => {
    const longest = () => roll.delegations.longestEnd();

    it("reverts for nobody", async () => {
      await expect(desk(1).delegateUntil(ZeroAddress, await longest())).to.be.revertedWithCustomError(
        roll.delegations,
        "DelegationsZeroDelegate",
      );
    });

    context("when one of the two has no vote that counts", () => {
      it("reverts for a stranger, naming the standing", async () => {
        await expect(desk(9).delegateUntil(key(0), await longest()))
          .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
          .withArgs(key(9), Standing.NotMember, 0n);
      });

      it("reverts for a vote that is still to mature", async () => {
        const number = await roll.join(roll.person(9), 2);
        await expect(desk(9).delegateUntil(key(0), await longest()))
          .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
          .withArgs(key(9), Standing.Immature, await roll.votesFrom(number));
      });

      it("reverts for a suspended vote", async () => {
        const until = (await roll.now()) + 1_000n;
        await roll.governing.suspend(2n, 4, until);
        await expect(desk(1).delegateUntil(key(0), await longest()))
          .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
          .withArgs(key(1), Standing.Suspended, until);
      });

      it("reverts for a delegate who has left", async () => {
        await roll.membership.connect(roll.person(0)).resign();
        await expect(desk(1).delegateUntil(key(0), await longest()))
          .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
          .withArgs(key(0), Standing.Ended, await roll.now());
      });
    });

    it("reverts across groups", async () => {
      await expect(desk(4).delegateUntil(key(0), await longest()))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsOtherGroup")
        .withArgs(3n, 2n);
    });

    it("reverts for who takes no delegations", async () => {
      await expect(desk(1).delegateUntil(key(2), await longest()))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
        .withArgs(3n, 0n);
    });

    it("reverts when the delegate's limit is reached, and not one earlier", async () => {
      await desk(0).takeDelegations(2);
      await desk(1).delegateUntil(key(0), await longest());
      await desk(2).delegateUntil(key(0), await longest());
      await expect(desk(3).delegateUntil(key(0), await longest()))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
        .withArgs(1n, 2n);
      await desk(2).delegateUntil(key(2), 0n);
      await desk(3).delegateUntil(key(0), await longest());
      expect(await roll.membership.getVotes(key(0))).to.equal(3n);
    });

    it("reverts for an end before the next boundary or after the 24th", async () => {
      // A moment early in a step, so that the boundaries stay the same in the blocks to come.
      const start = floor(await roll.now()) + STEP;
      await roll.goTo(start);
      const first = start + STEP;
      const last = start + 24n * STEP;
      for (const [ends, rounded] of [
        [first - 1n, start],
        [last + STEP, last + STEP],
        [0n, 0n],
      ] as const) {
        await expect(desk(1).delegateUntil(key(0), ends))
          .to.be.revertedWithCustomError(roll.delegations, "DelegationsEndOutOfRange")
          .withArgs(rounded, first, last);
      }
      await desk(1).delegateUntil(key(0), first);
      await desk(1).delegateUntil(key(0), last + STEP - 1n);
      expect(await roll.delegations.delegationOf(2n)).to.deep.equal([1n, last]);
    });

    it("moves the vote and says so, by its own event and those of ERC-5805", async () => {
      const ends = await longest();
      await expect(desk(1).delegateUntil(key(0), ends + 5n))
        .to.emit(roll.delegations, "VoteDelegated")
        .withArgs(2n, 1n, ends)
        .and.to.emit(roll.membership, "DelegateChanged")
        .withArgs(key(1), key(1), key(0))
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(key(1), 1n, 0n)
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(key(0), 1n, 2n);
      expect(await roll.membership.delegates(key(1))).to.equal(key(0));
      expect(await roll.membership.getVotes(key(1))).to.equal(0n);
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      expect(await roll.delegations.delegationOf(2n)).to.deep.equal([1n, ends]);
    });

    it("moves a vote from one delegate to another", async () => {
      await desk(2).takeDelegations(1);
      await desk(1).delegateUntil(key(0), await longest());
      await expect(desk(1).delegateUntil(key(2), await longest()))
        .to.emit(roll.delegations, "DelegationEnded")
        .withArgs(2n, 1n)
        .and.to.emit(roll.delegations, "VoteDelegated")
        .withArgs(2n, 3n, await longest());
      expect(await roll.membership.getVotes(key(0))).to.equal(1n);
      expect(await roll.membership.getVotes(key(2))).to.equal(2n);
    });

    it("renews a delegation to the same member", async () => {
      const start = floor(await roll.now()) + STEP;
      await roll.goTo(start);
      await desk(1).delegateUntil(key(0), start + STEP);
      await desk(1).delegateUntil(key(0), start + 3n * STEP);
      await roll.goTo(start + 3n * STEP - 1n);
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      await roll.goTo(start + 3n * STEP);
      expect(await roll.membership.getVotes(key(0))).to.equal(1n);
    });

    it("is taken back by delegating to oneself, at any time, with a suspended right too", async () => {
      await desk(1).delegateUntil(key(0), await longest());
      await roll.governing.suspend(2n, 11, (await roll.now()) + 1_000n);
      await expect(desk(1).delegateUntil(key(1), 0n))
        .to.emit(roll.delegations, "DelegationEnded")
        .withArgs(2n, 1n)
        .and.to.emit(roll.membership, "DelegateChanged")
        .withArgs(key(1), key(0), key(1))
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(key(0), 2n, 1n)
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(key(1), 0n, 1n);
      expect(await roll.membership.delegates(key(1))).to.equal(key(1));
    });

    it("does nothing where there is nothing to take back, and refuses strangers", async () => {
      await expect(desk(1).delegateUntil(key(1), 0n)).not.to.emit(roll.delegations, "DelegationEnded");
      await expect(desk(9).delegateUntil(key(9), 0n))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskNotMember")
        .withArgs(key(9));
    });
  });

  describe("decline", () => {
    const given = () => roll.membership.connect(roll.person(1)).delegate(key(0));

    it("reverts for who is no member", async () => {
      await given();
      await expect(desk(9).decline(2n))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskNotMember")
        .withArgs(key(9));
    });

    it("reverts for everybody but the delegate, the delegator included", async () => {
      await given();
      for (const other of [1, 2, 4]) {
        await expect(desk(other).decline(2n))
          .to.be.revertedWithCustomError(roll.delegations, "DelegationsNotReceived")
          .withArgs(2n, 1n);
      }
    });

    it("reverts where nothing is delegated, or not any more, and for numbers that nobody has", async () => {
      for (const number of [0n, 1n, 3n, 7n]) {
        await expect(desk(0).decline(number))
          .to.be.revertedWithCustomError(roll.delegations, "DelegationsNotReceived")
          .withArgs(number, 0n);
      }
      const ends = floor(await roll.now()) + 2n * STEP;
      await desk(1).delegateUntil(key(0), ends);
      await roll.goTo(ends);
      await expect(desk(0).decline(2n))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsNotReceived")
        .withArgs(2n, 0n);
    });

    it("gives the vote back, and the place, and says so", async () => {
      await given();
      await desk(0).takeDelegations(1);
      await expect(desk(0).decline(2n))
        .to.emit(roll.delegations, "DelegationEnded")
        .withArgs(2n, 1n)
        .and.to.emit(roll.membership, "DelegateChanged")
        .withArgs(key(1), key(0), key(1))
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(key(0), 2n, 1n)
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(key(1), 0n, 1n);
      expect(await roll.delegations.delegationOf(2n)).to.deep.equal([0n, 0n]);
      expect(await roll.membership.delegates(key(1))).to.equal(key(1));
      await roll.membership.connect(roll.person(2)).delegate(key(0));
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
    });

    it("ends what is void for now as well, and leaves the delegate's other delegations", async () => {
      await given();
      await roll.membership.connect(roll.person(2)).delegate(key(0));
      const confirmations = await deskOf("confirmations");
      await confirmations.setPaused(1n, true);
      await expect(desk(0).decline(2n))
        .to.emit(roll.delegations, "DelegationEnded")
        .withArgs(2n, 1n)
        .and.not.to.emit(roll.membership, "DelegateChanged");
      await confirmations.setPaused(1n, false);
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      expect(await roll.membership.getVotes(key(1))).to.equal(1n);
    });

    it("keeps nobody from delegating again", async () => {
      await given();
      await desk(0).decline(2n);
      await given();
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
    });
  });

  describe("delegate and delegates of the roll (ERC-5805)", () => {
    it("delegates until the last moment possible", async () => {
      await roll.membership.connect(roll.person(1)).delegate(key(0));
      const [delegate, ends] = await roll.delegations.delegationOf(2n);
      expect(delegate).to.equal(1n);
      expect(ends).to.equal(floor(await roll.now()) + 24n * STEP);
      await roll.membership.connect(roll.person(1)).delegate(key(1));
      expect(await roll.delegations.delegationOf(2n)).to.deep.equal([0n, 0n]);
    });

    it("names everyone, members or not, as their own delegate otherwise", async () => {
      expect(await roll.membership.delegates(key(2))).to.equal(key(2));
      expect(await roll.membership.delegates(key(9))).to.equal(key(9));
    });

    it("cannot be used on the desk directly", async () => {
      const membership = await roll.membership.getAddress();
      await expect(desk(1).delegateFor(key(2), key(0)))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsUnauthorized")
        .withArgs(key(1), membership);
      await expect(desk(1).release(2n))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsUnauthorized")
        .withArgs(key(1), membership);
      const nothing = roll.ethers.ZeroHash;
      await expect(desk(1).delegateForSigner(key(0), 0n, 0n, 27, nothing, nothing))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsUnauthorized")
        .withArgs(key(1), membership);
    });
  });

  describe("delegationAt and past votes", () => {
    it("answers every past moment of a delegation that was given, taken back and ended by itself", async () => {
      const start = floor(await roll.now()) + STEP;
      const given = start + 10n;
      const takenBack = start + 20n;
      const again = start + 30n;
      const ends = start + 2n * STEP;
      await roll.at(given, () => desk(1).delegateUntil(key(0), start + 5n * STEP));
      await roll.at(takenBack, () => desk(1).delegateUntil(key(1), 0n));
      await roll.at(again, () => desk(1).delegateUntil(key(0), ends));
      await roll.goTo(ends + 5n);
      for (const [moment, delegated] of [
        [given - 1n, false],
        [given, true],
        [takenBack - 1n, true],
        [takenBack, false],
        [again - 1n, false],
        [again, true],
        [ends - 1n, true],
        [ends, false],
      ] as const) {
        const [delegate, received] = await roll.delegations.delegationAt(2n, 2n, moment);
        expect([delegate, received], `of the member at ${moment}`).to.deep.equal([delegated ? 1n : 0n, 0n]);
        expect((await roll.delegations.delegationAt(1n, 2n, moment)).received).to.equal(delegated ? 1n : 0n);
        expect(await roll.membership.getPastVotes(key(1), moment)).to.equal(delegated ? 0n : 1n);
        expect(await roll.membership.getPastVotes(key(0), moment)).to.equal(delegated ? 2n : 1n);
        expect(await roll.membership.getPastTotalSupply(moment)).to.equal(6n);
      }
    });

    it("passes nothing on: one step, and a member who delegated still votes those received", async () => {
      await desk(2).takeDelegations(1);
      await roll.membership.connect(roll.person(1)).delegate(key(2));
      await roll.membership.connect(roll.person(2)).delegate(key(0));
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      expect(await roll.membership.getVotes(key(2))).to.equal(1n);
      expect(await roll.membership.getVotes(key(1))).to.equal(0n);
    });

    for (const [what, act] of [
      ["resigns", () => roll.membership.connect(roll.person(1)).resign()],
      ["is ended", () => roll.governing.end(2n)],
      ["changes group", async () => (await deskOf("claims")).moveGroup(2n, 3)],
      ["becomes dormant", async () => (await deskOf("confirmations")).setPaused(2n, true)],
      ["may not vote for now", async () => roll.governing.suspend(2n, 4, (await roll.now()) + 1_000n)],
    ] as const) {
      it(`is released when the member ${what}`, async () => {
        await roll.membership.connect(roll.person(1)).delegate(key(0));
        await expect(act()).to.emit(roll.delegations, "DelegationEnded").withArgs(2n, 1n);
        expect(await roll.membership.getVotes(key(0))).to.equal(1n);
        expect(await roll.delegations.delegationOf(2n)).to.deep.equal([0n, 0n]);
      });
    }

    for (const [what, act] of [
      ["resigns", () => roll.membership.connect(roll.person(0)).resign()],
      ["changes group", async () => (await deskOf("claims")).moveGroup(1n, 3)],
      ["becomes dormant", async () => (await deskOf("confirmations")).setPaused(1n, true)],
    ] as const) {
      it(`is void from the moment on at which the delegate ${what}`, async () => {
        await roll.membership.connect(roll.person(1)).delegate(key(0));
        await act();
        const moment = await roll.now();
        await roll.goTo(moment + 1n);
        expect(await roll.membership.getPastVotes(key(1), moment)).to.equal(1n);
        expect(await roll.membership.getPastVotes(key(1), moment - 1n)).to.equal(0n);
        expect(await roll.membership.getPastVotes(key(0), moment - 1n)).to.equal(2n);
        expect(await roll.membership.delegates(key(1))).to.equal(key(1));
        expect(await roll.delegations.delegationOf(2n)).to.deep.equal([
          1n,
          await roll.delegations.longestEnd(),
        ]);
        // What is void can be taken back all the same.
        await expect(desk(1).delegateUntil(key(1), 0n)).not.to.emit(roll.membership, "DelegateChanged");
        expect(await roll.membership.getVotes(key(1))).to.equal(1n);
      });
    }

    it("stands again when a dormant delegate returns, until it ends by itself", async () => {
      await roll.membership.connect(roll.person(1)).delegate(key(0));
      const confirmations = await deskOf("confirmations");
      await confirmations.setPaused(1n, true);
      expect(await roll.membership.getVotes(key(1))).to.equal(1n);
      await confirmations.setPaused(1n, false);
      expect(await roll.membership.getVotes(key(1))).to.equal(0n);
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      await roll.goTo((await roll.now()) + YEAR);
      expect(await roll.membership.getVotes(key(1))).to.equal(1n);
      expect(await roll.delegations.delegationOf(2n)).to.deep.equal([0n, 0n]);
    });

    it("belongs to the numbers: new keys on both sides change nothing", async () => {
      await roll.membership.connect(roll.person(1)).delegate(key(0));
      await roll.rotate(roll.person(1) as Signer, roll.person(7));
      await roll.rotate(roll.person(0) as Signer, roll.person(8));
      expect(await roll.membership.getVotes(key(8))).to.equal(2n);
      expect(await roll.membership.delegates(key(7))).to.equal(key(8));
    });
  });

  describe("setCap", () => {
    it("reverts for all but the timelock", async () => {
      await expect(desk(0).setCap(1))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskUnauthorized")
        .withArgs(key(0), await roll.timelock.getAddress());
    });

    it("reverts above 100", async () => {
      await expect((await asTimelock()).setCap(101))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskParameterOutOfRange")
        .withArgs(roll.ethers.encodeBytes32String("cap"), 101n, 0n, 100n);
    });

    it("bounds every member's limit, with 0 too, and leaves what was given", async () => {
      await roll.membership.connect(roll.person(1)).delegate(key(0));
      await expect((await asTimelock()).setCap(0))
        .to.emit(roll.delegations, "DelegationCapChanged")
        .withArgs(3n, 0n);
      expect(await roll.delegations.cap()).to.equal(0n);
      expect(await roll.delegations.limitOf(1n)).to.equal(0n);
      expect(await roll.membership.getVotes(key(0))).to.equal(2n);
      await expect(roll.membership.connect(roll.person(2)).delegate(key(0)))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
        .withArgs(1n, 0n);
      await (await asTimelock()).setCap(100);
      expect(await roll.delegations.limitOf(1n)).to.equal(3n);
    });
  });

  describe("STEP", () => {
    it("is 15 days", async () => {
      expect(await roll.delegations.STEP()).to.equal(STEP);
    });
  });

  /** The roll, called in the name of a desk. */
  async function deskOf(name: "claims" | "confirmations") {
    const address = await roll[name].getAddress();
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
  }
});
