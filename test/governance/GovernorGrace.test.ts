import { expect } from "chai";
import { network } from "hardhat";
import {
  changeRules,
  Decision,
  DecisionClass,
  foundWithDecision,
  operationOf,
  State,
  Support,
  saltOf,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;

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

  describe("proposalEta", () => {
    /** A statement, an action and an amendment, none of them proposed yet. */
    async function oneOfEach() {
      const setting = await grace();
      const { resolutions, decision } = setting;
      const data = resolutions.interface.encodeFunctionData("record", [ethers.id("We thank the host.")]);
      const statement = new Decision(connection, setting, [{ target: resolutions, data }], "Thanks");
      const change = await changeRules(setting.governor, { grace: 20n * DAY });
      const amendment = new Decision(connection, setting, [change], "A longer grace");
      return { ...setting, decisions: { resolution: statement, action: decision, amendment } };
    }

    it("is 0 until a decision is queued", async () => {
      const { members, decision } = await loadFixture(grace);
      await decision.propose(members[0]);
      expect(await decision.eta()).to.equal(0n);
      await decision.open();
      await decision.voteAll(members, Support.For);
      await decision.close();
      expect(await decision.eta()).to.equal(0n);
    });

    for (const key of ["resolution", "action", "amendment"] as const) {
      it(`is the delay of its class after queueing, of the timelock if that is longer: ${key}`, async () => {
        const setting = await loadFixture(oneOfEach);
        const { governor, timelock, members, parameters, decisions } = setting;
        const decision = decisions[key];
        await decision.succeed(members);
        const moment = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(moment);
        const least = await timelock.getMinDelay();
        const own = BigInt(parameters.Governor[key].delay);
        const eta = moment + (own > least ? own : least);
        await expect(decision.queue(members[0]))
          .to.emit(governor, "ProposalQueued")
          .withArgs(decision.id, eta);
        expect(await decision.eta()).to.equal(eta);
        expect(await timelock.getTimestamp(await operationOf(setting, decision))).to.equal(moment + least);
      });
    }

    it("differs between classes as the parameters have it", async () => {
      const { parameters, timelock } = await loadFixture(oneOfEach);
      const least = Number(await timelock.getMinDelay());
      const { resolution, action, amendment } = parameters.Governor;
      expect(resolution.delay).to.be.lessThan(least);
      expect(action.delay).to.equal(least);
      expect(amendment.delay).to.be.greaterThan(least);
    });

    it("holds up what the timelock would let pass, to the second, and no other way leads there", async () => {
      const setting = await loadFixture(oneOfEach);
      const { governor, timelock, members, decisions } = setting;
      const { amendment } = decisions;
      await amendment.succeed(members);
      await amendment.queue(members[0]);
      const eta = await amendment.eta();
      const operation = await operationOf(setting, amendment);
      await time.increaseTo(await timelock.getTimestamp(operation));
      expect(await timelock.isOperationReady(operation)).to.equal(true);
      for (const moment of [BigInt(await time.latest()) + 1n, eta - 1n]) {
        await time.setNextBlockTimestamp(moment);
        await expect(amendment.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooEarly")
          .withArgs(amendment.id, eta);
      }
      const salt = saltOf(await governor.getAddress(), amendment);
      const { targets, values, calldatas } = amendment;
      await expect(
        timelock.connect(members[0]).executeBatch(targets, values, calldatas, ethers.ZeroHash, salt),
      )
        .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
        .withArgs(members[0], await timelock.EXECUTOR_ROLE());
      await time.setNextBlockTimestamp(eta);
      await amendment.execute(members[0]);
      expect((await governor.rules(DecisionClass.Action)).grace).to.equal(20n * DAY);
    });

    it("is where the grace of a class with a long delay begins", async () => {
      const { members, decisions, parameters } = await loadFixture(oneOfEach);
      const { amendment } = decisions;
      await amendment.succeed(members);
      await amendment.queue(members[0]);
      const last = (await amendment.eta()) + BigInt(parameters.Governor.amendment.grace);
      await time.increaseTo(last);
      expect(await amendment.state()).to.equal(State.Queued);
      await time.increaseTo(last + 1n);
      expect(await amendment.state()).to.equal(State.Expired);
    });

    it("is not moved by another delay for its class that is decided afterwards", async () => {
      const setting = await loadFixture(grace);
      const { governor, members, decision } = setting;
      const actions = await Promise.all(
        [DecisionClass.Amendment, DecisionClass.Appeal, DecisionClass.Action].map((of) =>
          changeRules(governor, { delay: 30n * DAY }, of),
        ),
      );
      const change = new Decision(connection, setting, actions, "A month's delay");
      for (const each of [change, decision]) await each.propose(members[0]);
      await change.open();
      for (const each of [change, decision]) await each.voteAll(members, Support.For);
      await decision.close();
      await change.queue(members[0]);
      await change.mature();
      await change.execute(members[0]);
      expect((await governor.rules(DecisionClass.Action)).delay).to.equal(30n * DAY);
      await decision.queue(members[0]);
      const queued = BigInt(await time.latest());
      expect(await decision.eta()).to.equal(queued + BigInt(setting.parameters.Governor.action.delay));
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
