import { expect } from "chai";
import { network } from "hardhat";
import { changeRules, Decision, foundWithDecision, State, Support, stateMask } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

async function grace() {
  const setting = await foundWithDecision(connection, { count: 14 });
  return { ...setting, period: BigInt(setting.parameters.Governor.action.grace) };
}

describe("GovernorGrace", () => {
  describe("updateTimelock", () => {
    it("reverts for everybody, whatever the address", async () => {
      const { governor, timelock, members, outsiders, box } = await loadFixture(grace);
      for (const caller of [members[0], outsiders[0]]) {
        for (const next of [timelock, box]) {
          await expect(governor.connect(caller).updateTimelock(next))
            .to.be.revertedWithCustomError(governor, "CoalitionGovernorTimelockFixed")
            .withArgs(timelock);
        }
      }
    });

    it("reverts in a decision too, and leaves the timelock as it is", async () => {
      const coalition = await loadFixture(grace);
      const { governor, timelock, members, box } = coalition;
      const data = governor.interface.encodeFunctionData("updateTimelock", [await box.getAddress()]);
      const decision = new Decision(connection, coalition, [{ target: governor, data }], "Another timelock");
      await decision.ripen(members);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorTimelockFixed")
        .withArgs(timelock);
      expect(await governor.timelock()).to.equal(timelock);
      expect(await decision.state()).to.equal(State.Queued);
    });
  });

  describe("state", () => {
    context("given a decision that succeeded", () => {
      it("is Expired from the second after the grace period, and can no longer be queued", async () => {
        const { governor, members, decision, period } = await loadFixture(grace);
        await decision.succeed(members);
        const last = (await decision.deadline()) + period;
        await time.increaseTo(last);
        expect(await decision.state()).to.equal(State.Succeeded);
        await time.setNextBlockTimestamp(last + 1n);
        await expect(decision.queue(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Expired, stateMask(State.Succeeded));
        await time.increaseTo(last + 2n);
        expect(await decision.state()).to.equal(State.Expired);
      });

      it("is queued in the last second of the grace period", async () => {
        const { governor, timelock, members, decision, period } = await loadFixture(grace);
        await decision.succeed(members);
        const last = (await decision.deadline()) + period;
        await time.setNextBlockTimestamp(last);
        await expect(decision.queue(members[0]))
          .to.emit(governor, "ProposalQueued")
          .withArgs(decision.id, last + (await timelock.getMinDelay()));
        expect(await decision.state()).to.equal(State.Queued);
      });
    });

    context("given a queued decision", () => {
      it("counts the grace period anew from the end of the delay, however late it was queued", async () => {
        const { members, decision, period } = await loadFixture(grace);
        await decision.succeed(members);
        const lastToQueue = (await decision.deadline()) + period;
        await time.setNextBlockTimestamp(lastToQueue);
        await decision.queue(members[0]);
        const last = (await decision.eta()) + period;
        expect(last).to.be.greaterThan(lastToQueue + period);
        await time.increaseTo(last);
        expect(await decision.state()).to.equal(State.Queued);
        await time.increaseTo(last + 1n);
        expect(await decision.state()).to.equal(State.Expired);
      });

      it("is executed in the last second of the grace period", async () => {
        const { governor, box, members, decision, period } = await loadFixture(grace);
        await decision.ripen(members);
        await time.setNextBlockTimestamp((await decision.eta()) + period);
        await expect(decision.execute(members[0]))
          .to.emit(governor, "ProposalExecuted")
          .withArgs(decision.id);
        expect(await box.x()).to.equal(1n);
        expect(await decision.state()).to.equal(State.Executed);
      });

      it("is refused a second later, and nobody can carry it out past the governor", async () => {
        const { governor, timelock, box, members, decision, period } = await loadFixture(grace);
        await decision.ripen(members);
        await time.setNextBlockTimestamp((await decision.eta()) + period + 1n);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Expired, stateMask(State.Queued));
        await expect(
          timelock
            .connect(members[0])
            .execute(box, 0, box.interface.encodeFunctionData("setX", [1]), ethers.ZeroHash, ethers.ZeroHash),
        )
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(members[0], await timelock.EXECUTOR_ROLE());
        expect(await box.x()).to.equal(0n);
      });

      it("cannot be brought back by proposing the same again", async () => {
        const { governor, members, decision, period } = await loadFixture(grace);
        await decision.ripen(members);
        await time.increaseTo((await decision.eta()) + period + 1n);
        await expect(decision.propose(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Expired, ethers.ZeroHash);
      });
    });

    context("given a decision that was executed", () => {
      it("stays Executed after the grace period", async () => {
        const { members, decision, period } = await loadFixture(grace);
        await decision.pass(members);
        await time.increase(period * 2n);
        expect(await decision.state()).to.equal(State.Executed);
      });
    });

    context("given a decision that was rejected", () => {
      it("stays Defeated after the grace period", async () => {
        const { members, decision, period } = await loadFixture(grace);
        await decision.start(members[0]);
        await decision.voteAll(members, Support.Against);
        await decision.close();
        expect(await decision.state()).to.equal(State.Defeated);
        await time.increase(period * 2n);
        expect(await decision.state()).to.equal(State.Defeated);
      });
    });

    context("when the grace period is changed by another decision", () => {
      it("neither lengthens nor shortens that of one already proposed", async () => {
        const coalition = await loadFixture(grace);
        const { governor, members, decision, period, put } = coalition;
        const action = await changeRules(governor, { grace: period * 3n });
        const change = new Decision(connection, coalition, [action], "Three times the grace");
        await change.succeed(members);
        await change.queue(members[0]);
        await decision.start(members[0]);
        await decision.voteAll(members, Support.For);
        await change.execute(members[0]);
        const later = new Decision(connection, coalition, put(2), "Keep the number two");
        await later.succeed(members);
        await time.increaseTo((await decision.deadline()) + period + 1n);
        expect(await decision.state()).to.equal(State.Expired);
        await time.increaseTo((await later.deadline()) + period * 3n);
        expect(await later.state()).to.equal(State.Succeeded);
      });
    });
  });
});
