import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { TRANSACTION_GAS_LIMIT } from "../../helpers/attacks.js";
import { Pause, Right, Standing, useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const PERIOD = 365n * DAY;

describe("Confirmations", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.oneVoice = true;
  });
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.confirmations.connect(roll.person(index));
  const timelocked = async () =>
    roll.confirmations.connect(await roll.ethers.getSigner(await roll.timelock.getAddress()));

  /** So many members whose votes have just matured. */
  async function seat(count: number): Promise<bigint> {
    for (let index = 0; index < count; index++) await roll.join(roll.person(index), index % 6);
    const votesFrom = await roll.votesFrom(BigInt(count));
    await roll.goTo(votesFrom);
    return votesFrom;
  }

  const pausesOf = async (number: bigint) => (await roll.membership.member(number)).pauses;
  const bit = (pause: bigint) => 1n << pause;

  /** Pauses a vote as the desk of affiliations does where one voice is the rule. */
  async function represent(number: bigint, paused: boolean) {
    const address = await roll.affiliations.getAddress();
    const affiliations = await roll.ethers.getImpersonatedSigner(address);
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.membership.connect(affiliations).setPaused(number, paused);
  }

  describe("the constructor", () => {
    it("sets the first period and says so", async () => {
      const fresh = await roll.ethers.deployContract("Confirmations", ["DC-BAS", 77]);
      await expect(fresh.deploymentTransaction()).to.emit(fresh, "ConfirmationPeriodChanged").withArgs(0, 77);
      expect(await roll.confirmations.period()).to.equal(PERIOD);
    });
  });

  describe("confirm", () => {
    context("when the caller is no member", () => {
      it("reverts with the key", async () => {
        await expect(desk(0).confirm())
          .to.be.revertedWithCustomError(roll.confirmations, "RollDeskNotMember")
          .withArgs(key(0));
        await roll.join(roll.person(0));
        await roll.membership.connect(roll.person(0)).resign();
        await expect(desk(0).confirm())
          .to.be.revertedWithCustomError(roll.confirmations, "RollDeskNotMember")
          .withArgs(key(0));
      });
    });

    context("given a member who is not dormant", () => {
      it("writes the moment down, and touches no vote", async () => {
        const votesFrom = await seat(1);
        const moment = votesFrom + 30n * DAY;
        await expect(roll.at(moment, () => desk(0).confirm()))
          .to.emit(roll.membership, "MemberConfirmed")
          .withArgs(1)
          .and.not.to.emit(roll.membership, "VoteResumed");
        const entry = await roll.membership.member(1);
        expect(entry.confirmedAt).to.equal(moment);
        expect(entry.votesFrom).to.equal(votesFrom);
        expect(await roll.confirmations.dueAt(1)).to.equal(moment + PERIOD);
      });

      it("is open to participants, to who waits, and to the suspended", async () => {
        await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
        await roll.join(roll.person(0));
        await roll.governing.setAdmissionPolicy(roll.admission);
        await roll.join(roll.person(1));
        await roll.governing.suspend(2, 15, (await roll.now()) + DAY);
        for (const index of [0, 1]) {
          await desk(index).confirm();
          const entry = await roll.membership.member(index + 1);
          expect(entry.confirmedAt).to.equal(await roll.now());
        }
        expect(await pausesOf(1n)).to.equal(bit(Pause.Unqualified));
      });
    });

    context("given a dormant member", () => {
      beforeEach(async () => {
        const votesFrom = await seat(2);
        await roll.goTo(votesFrom + PERIOD);
        await desk(1).confirm();
        await roll.confirmations.markDormant([1]);
      });

      it("brings the vote back at once, for what opens later", async () => {
        const before = await roll.now();
        const moment = before + 10n;
        await expect(roll.at(moment, () => desk(0).confirm()))
          .to.emit(roll.membership, "MemberConfirmed")
          .withArgs(1)
          .and.to.emit(roll.membership, "VoteResumed")
          .withArgs(1, Pause.Dormant, moment);
        expect(await pausesOf(1n)).to.equal(0n);
        expect(await roll.votesFrom(1n)).to.equal(moment);
        expect(await roll.confirmations.dueAt(1)).to.equal(moment + PERIOD);
        await roll.goTo(moment + 1n);
        expect(await roll.membership.getPastTotalSupply(moment - 1n)).to.equal(1n);
        expect(await roll.membership.getPastTotalSupply(moment)).to.equal(2n);
        expect(await roll.membership.getPastVotes(key(0), moment - 1n)).to.equal(0n);
        expect(await roll.membership.getPastVotes(key(0), moment)).to.equal(1n);
      });

      it("stays on the roll meanwhile, and speaks", async () => {
        const moment = await roll.now();
        const { confirmedAt } = await roll.membership.member(1);
        const [voting, , , explanation] = await roll.membership.standingOf(key(0), Right.Vote, moment);
        expect(voting).to.equal(Standing.Dormant);
        expect(explanation).to.equal(confirmedAt);
        const [speaking] = await roll.membership.standingOf(key(0), Right.Speak, moment);
        expect(speaking).to.equal(Standing.Granted);
        expect(await roll.membership.totalSupply()).to.equal(2n);
      });

      it("keeps the vote back while another reason holds it", async () => {
        await represent(1n, true);
        await expect(desk(0).confirm()).to.emit(roll.membership, "VoteResumed").withArgs(1, Pause.Dormant, 0);
        expect(await pausesOf(1n)).to.equal(bit(Pause.Represented));
        expect(await roll.confirmations.dueAt(1)).to.equal(0n);
      });
    });
  });

  describe("dueAt and isOverdue", () => {
    const expectNothingDue = async (number: bigint) => {
      expect(await roll.confirmations.dueAt(number)).to.equal(0n);
      expect(await roll.confirmations.isOverdue(number)).to.equal(false);
    };

    it("know no number that was not given out", async () => {
      await roll.join(roll.person(0));
      for (const number of [0n, 2n, 2n ** 32n, 2n ** 256n - 1n]) await expectNothingDue(number);
    });

    it("ask nothing of who left or was ended", async () => {
      const votesFrom = await seat(2);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.governing.end(2);
      await roll.goTo(votesFrom + 10n * PERIOD);
      for (const number of [1n, 2n]) await expectNothingDue(number);
    });

    it("ask nothing of participants, however long ago they joined", async () => {
      await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
      await roll.join(roll.person(0));
      await roll.goTo((await roll.now()) + 10n * PERIOD);
      await expectNothingDue(1n);
    });

    it("ask nothing of the represented, and a whole period from the end of that on", async () => {
      const votesFrom = await seat(1);
      await represent(1n, true);
      await roll.goTo(votesFrom + 3n * PERIOD);
      await expectNothingDue(1n);
      await represent(1n, false);
      expect(await roll.confirmations.dueAt(1)).to.equal((await roll.now()) + PERIOD);
    });

    it("give who waits a whole period from the first vote on, however long the wait", async () => {
      const year = BigInt(365 * 86_400);
      const { epochLength, epochShareBps, epochFloor } = roll.parameters.Membership;
      await roll.governing.setMaturity({ waitingPeriod: year, epochLength, epochShareBps, epochFloor });
      const { waitingFloor } = roll.parameters.Membership;
      await (await timelocked()).setPeriod(4 * waitingFloor);
      await roll.join(roll.person(0));
      const votesFrom = await roll.votesFrom(1n);
      await roll.goTo(votesFrom - 1n);
      expect(await roll.confirmations.isOverdue(1)).to.equal(false);
      expect(await roll.confirmations.dueAt(1)).to.equal(votesFrom + 4n * BigInt(waitingFloor));
    });

    it("turn in the second after the last one in time", async () => {
      const due = (await seat(1)) + PERIOD;
      expect(await roll.confirmations.dueAt(1)).to.equal(due);
      await roll.goTo(due);
      expect(await roll.confirmations.isOverdue(1)).to.equal(false);
      await roll.goTo(due + 1n);
      expect(await roll.confirmations.isOverdue(1)).to.equal(true);
    });

    it("count from the last confirmation once that is later", async () => {
      const votesFrom = await seat(1);
      const moment = votesFrom + 100n * DAY;
      await roll.at(moment, () => desk(0).confirm());
      await roll.goTo(moment + PERIOD);
      expect(await roll.confirmations.isOverdue(1)).to.equal(false);
      await roll.goTo(moment + PERIOD + 1n);
      expect(await roll.confirmations.isOverdue(1)).to.equal(true);
    });

    it("include the suspended, whose vote is part of the electorate", async () => {
      const votesFrom = await seat(1);
      await roll.goTo(votesFrom + PERIOD + 1n);
      await roll.governing.suspend(1, 15, (await roll.now()) + DAY);
      expect(await roll.confirmations.isOverdue(1)).to.equal(true);
    });
  });

  describe("markDormant", () => {
    context("when the list is empty or too long", () => {
      it("reverts with its length and the limit", async () => {
        for (const count of [0, 65]) {
          await expect(roll.confirmations.markDormant(Array(count).fill(1)))
            .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsBatchSize")
            .withArgs(count, 64);
        }
      });
    });

    context("when nobody in the list is overdue", () => {
      it("reverts with how many there are", async () => {
        const votesFrom = await seat(2);
        await roll.goTo(votesFrom + PERIOD - 2n);
        for (const numbers of [[1], [0, 1, 2, 3, 2n ** 256n - 1n]]) {
          await expect(roll.confirmations.markDormant(numbers))
            .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsNoneOverdue")
            .withArgs(numbers.length);
        }
      });

      it("reverts for who is dormant already", async () => {
        await roll.goTo((await seat(1)) + PERIOD + 1n);
        await roll.confirmations.markDormant([1]);
        await expect(roll.confirmations.markDormant([1]))
          .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsNoneOverdue")
          .withArgs(1);
      });

      it("reverts in the last second in time, and not in the next", async () => {
        const due = (await seat(1)) + PERIOD;
        await expect(roll.at(due, () => roll.confirmations.markDormant([1])))
          .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsNoneOverdue")
          .withArgs(1);
        await roll.at(due + 1n, () => roll.confirmations.markDormant([1]));
        expect(await pausesOf(1n)).to.equal(bit(Pause.Dormant));
      });
    });

    context("when some are overdue", () => {
      it("marks them, once, and passes over the others", async () => {
        const votesFrom = await seat(5);
        await roll.goTo(votesFrom + 100n);
        await desk(1).confirm();
        await roll.membership.connect(roll.person(2)).resign();
        await roll.goTo(votesFrom + PERIOD + 1n);
        const numbers = [0, 1, 2, 3, 4, 4, 99, 5];
        expect(await roll.confirmations.markDormant.staticCall(numbers)).to.equal(3n);
        const marking = roll.confirmations.connect(roll.person(9)).markDormant(numbers);
        for (const number of [1, 4, 5]) {
          await expect(marking).to.emit(roll.membership, "VotePaused").withArgs(number, Pause.Dormant);
        }
        const moment = await roll.now();
        for (const [number, pauses] of [
          [1n, bit(Pause.Dormant)],
          [2n, 0n],
          [4n, bit(Pause.Dormant)],
          [5n, bit(Pause.Dormant)],
        ] as const) {
          expect(await pausesOf(number), `${number}`).to.equal(pauses);
          expect(await roll.confirmations.isOverdue(number)).to.equal(false);
        }
        await roll.goTo(moment + 1n);
        expect(await roll.membership.getPastTotalSupply(moment - 1n)).to.equal(4n);
        expect(await roll.membership.getPastTotalSupply(moment)).to.equal(1n);
      });

      it("leaves open decisions their electorate, and the dormant their ballot", async () => {
        const votesFrom = await seat(3);
        await roll.goTo(votesFrom + PERIOD - 20n * DAY);
        await desk(2).confirm();
        await roll.goTo(votesFrom + PERIOD - 10n * DAY);
        const target = await roll.card.getAddress();
        await roll.governor.connect(roll.person(2)).propose([target], [0n], ["0x"], "A decision");
        const parts = [[target], [0n], ["0x"], roll.ethers.id("A decision")] as const;
        const id = await roll.governor.getProposalId([...parts[0]], [...parts[1]], [...parts[2]], parts[3]);
        await roll.goTo(votesFrom + PERIOD + 1n);
        await roll.confirmations.markDormant([1, 2]);
        for (const index of [0, 2]) await roll.governor.connect(roll.person(index)).castVote(id, 1);
        expect(await roll.governor.proposalVotes(id)).to.deep.equal([0n, 2n, 0n]);
        expect((await roll.governor.proposalFrame(id)).electorate).to.equal(3n);
      });

      it("marks 64 in one transaction", async () => {
        const puppets = [];
        for (let i = 0; i < 64; i++) puppets.push(await roll.ethers.deployContract("HostileWallet"));
        const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
        for (const puppet of puppets) await puppet.act(roll.membership, join);
        await roll.goTo((await roll.votesFrom(64n)) + PERIOD + 1n);
        const numbers = Array.from({ length: 64 }, (_, index) => index + 1);
        const sent = await roll.confirmations.markDormant(numbers, { gasLimit: TRANSACTION_GAS_LIMIT });
        expect((await sent.wait())?.gasUsed).to.be.lessThan(TRANSACTION_GAS_LIMIT / 2n);
        const present = await roll.now();
        await roll.goTo(present + 1n);
        expect(await roll.membership.getPastTotalSupply(present)).to.equal(0n);
      });
    });
  });

  describe("setPeriod", () => {
    it("reverts for everybody but the timelock", async () => {
      for (const caller of [roll.person(0), roll.deployer]) {
        await expect(roll.confirmations.connect(caller).setPeriod(PERIOD))
          .to.be.revertedWithCustomError(roll.confirmations, "RollDeskUnauthorized")
          .withArgs(caller.address, roll.timelock);
      }
    });

    it("reverts out of its range, which follows from the waiting floor", async () => {
      const [min, max] = [4n * BigInt(roll.parameters.Membership.waitingFloor), 1_096n * DAY];
      for (const value of [0n, min - 1n, max + 1n, 2n ** 32n - 1n]) {
        await expect((await timelocked()).setPeriod(value))
          .to.be.revertedWithCustomError(roll.confirmations, "RollDeskParameterOutOfRange")
          .withArgs(encodeBytes32String("period"), value, min, max);
      }
      for (const value of [min, max]) {
        const old = await roll.confirmations.period();
        await expect((await timelocked()).setPeriod(value))
          .to.emit(roll.confirmations, "ConfirmationPeriodChanged")
          .withArgs(old, value);
        expect(await roll.confirmations.period()).to.equal(value);
      }
    });

    it("moves what is due of everybody at once", async () => {
      const votesFrom = await seat(1);
      await (await timelocked()).setPeriod(100n * DAY);
      expect(await roll.confirmations.dueAt(1)).to.equal(votesFrom + 100n * DAY);
    });
  });
});
