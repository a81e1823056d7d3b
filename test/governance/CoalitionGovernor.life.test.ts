import { expect } from "chai";
import { network } from "hardhat";
import {
  actAs,
  Decision,
  foundWithDecision,
  operationOf,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

async function coalition() {
  return foundWithDecision(connection, { count: 12 });
}

describe("CoalitionGovernor: the life of a decision", () => {
  describe("state", () => {
    it("reverts for a decision that nobody proposed, and so do queue, execute and cancel", async () => {
      const { governor, members, decision } = await loadFixture(coalition);
      const id = await decision.identify();
      for (const call of [
        () => governor.state(id),
        () => decision.queue(members[0]),
        () => decision.execute(members[0]),
        () => decision.cancel(members[0]),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
          .withArgs(id);
      }
    });

    it("goes from Pending through Active, Succeeded and Queued to Executed, each to the second", async () => {
      const { members, decision } = await loadFixture(coalition);
      await decision.propose(members[0]);
      const [opening, close] = [await decision.snapshot(), await decision.deadline()];
      for (const [moment, state] of [
        [opening, State.Pending],
        [opening + 1n, State.Active],
      ] as const) {
        await time.increaseTo(moment);
        expect(await decision.state()).to.equal(state);
      }
      await decision.voteAll(members, Support.For);
      for (const [moment, state] of [
        [close, State.Active],
        [close + 1n, State.Succeeded],
      ] as const) {
        await time.increaseTo(moment);
        expect(await decision.state()).to.equal(state);
      }
      await decision.queue(members[0]);
      expect(await decision.state()).to.equal(State.Queued);
      await decision.mature();
      await decision.execute(members[0]);
      expect(await decision.state()).to.equal(State.Executed);
    });

    for (const [what, against, ayes, abstain, state] of [
      ["nobody votes", 0, 0, 0, State.Defeated],
      ["the quorum is missed by one", 0, 6, 0, State.Defeated],
      ["the quorum is just met", 0, 7, 0, State.Succeeded],
      ["Against would have made the quorum", 1, 6, 0, State.Defeated],
      ["Abstain makes the quorum", 0, 6, 1, State.Succeeded],
      ["all abstain", 0, 0, 12, State.Defeated],
      ["For misses its floor of the electorate", 0, 1, 11, State.Defeated],
      ["For just meets its floor", 1, 2, 9, State.Succeeded],
      ["it is a tie", 5, 5, 2, State.Defeated],
      ["there is one For more", 5, 6, 1, State.Succeeded],
      ["there is one Against more", 6, 5, 1, State.Defeated],
    ] as const) {
      it(`is ${state === State.Defeated ? "Defeated" : "Succeeded"} when ${what}`, async () => {
        const { governor, members, decision } = await loadFixture(coalition);
        await decision.start(members[0]);
        await decision.voteAll(members.slice(0, against), Support.Against);
        await decision.voteAll(members.slice(against, against + ayes), Support.For);
        await decision.voteAll(members.slice(against + ayes, against + ayes + abstain), Support.Abstain);
        await decision.close();
        expect(await decision.state()).to.equal(state);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([against, ayes, abstain].map(BigInt));
      });
    }
  });

  describe("cancel", () => {
    it("reverts for anyone but the proposer, timelock and governor included", async () => {
      const { governor, timelock, members, outsiders, decision } = await loadFixture(coalition);
      await decision.propose(members[0]);
      const callers = [
        members[1],
        outsiders[0],
        await actAs(connection, timelock),
        await actAs(connection, governor),
      ];
      for (const caller of callers) {
        await expect(decision.cancel(caller))
          .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
          .withArgs(decision.id, caller);
      }
    });

    it("reverts for the proposer once the vote is open, and ever after", async () => {
      const { governor, members, decision } = await loadFixture(coalition);
      const refused = async () =>
        expect(decision.cancel(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
          .withArgs(decision.id, members[0]);
      await decision.start(members[0]);
      await refused();
      await decision.voteAll(members, Support.For);
      await decision.close();
      await refused();
      await decision.queue(members[0]);
      await refused();
      await decision.mature();
      await decision.execute(members[0]);
      await refused();
    });

    it("cancels in the last second before the opening", async () => {
      const { governor, members, decision } = await loadFixture(coalition);
      await decision.propose(members[0]);
      await time.setNextBlockTimestamp(await decision.snapshot());
      await expect(decision.cancel(members[0])).to.emit(governor, "ProposalCanceled").withArgs(decision.id);
      expect(await decision.state()).to.equal(State.Canceled);
      await expect(decision.cancel(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, members[0]);
    });
  });

  describe("queue", () => {
    it("reverts unless the decision succeeded", async () => {
      const { governor, members, decision } = await loadFixture(coalition);
      const refused = async (state: bigint) =>
        expect(decision.queue(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, state, stateMask(State.Succeeded));
      await decision.propose(members[0]);
      await refused(State.Pending);
      await decision.open();
      await refused(State.Active);
      await decision.voteAll(members, Support.For);
      await decision.close();
      await decision.queue(members[0]);
      await refused(State.Queued);
    });

    it("schedules the actions in the timelock; anyone may call", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, members, outsiders, decision, box } = setting;
      expect(await governor.proposalNeedsQueuing(await decision.identify())).to.equal(true);
      await decision.succeed(members);
      const id = await operationOf(setting, decision);
      const delay = await timelock.getMinDelay();
      const moment = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(moment);
      await expect(decision.queue(outsiders[0]))
        .to.emit(governor, "ProposalQueued")
        .withArgs(decision.id, moment + delay)
        .and.to.emit(timelock, "CallScheduled")
        .withArgs(id, 0, box, 0, decision.calldatas[0], ethers.ZeroHash, delay);
      expect(await decision.eta()).to.equal(moment + delay);
      expect(await timelock.getTimestamp(id)).to.equal(moment + delay);
    });
  });

  describe("execute", () => {
    it("reverts unless the decision is queued, and when it was executed", async () => {
      const { governor, members, decision } = await loadFixture(coalition);
      const refused = async (state: bigint) =>
        expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, state, stateMask(State.Queued));
      await decision.start(members[0]);
      await refused(State.Active);
      await decision.voteAll(members, Support.For);
      await decision.close();
      await refused(State.Succeeded);
      await decision.queue(members[0]);
      await decision.mature();
      await decision.execute(members[0]);
      await refused(State.Executed);
    });

    it("reverts in the last second of the delay, and carries out in the next; anyone may call", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, members, outsiders, decision, box } = setting;
      await decision.succeed(members);
      await decision.queue(members[0]);
      const eta = await decision.eta();
      await time.setNextBlockTimestamp(eta - 1n);
      await expect(decision.execute(outsiders[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooEarly")
        .withArgs(decision.id, eta);
      await time.setNextBlockTimestamp(eta);
      await expect(decision.execute(outsiders[0]))
        .to.emit(governor, "ProposalExecuted")
        .withArgs(decision.id)
        .and.to.emit(timelock, "CallExecuted")
        .withArgs(await operationOf(setting, decision), 0, box, 0, decision.calldatas[0]);
      expect(await box.x()).to.equal(1n);
    });

    it("carries out all actions or none", async () => {
      const setting = await loadFixture(coalition);
      const { members, membership, box, put } = setting;
      const fails = membership.interface.encodeFunctionData("pardon", [members[0].address]);
      const actions = [...put(5), { target: membership, data: fails }];
      const decision = new Decision(connection, setting, actions, "The second action fails");
      await decision.ripen(members);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(membership, "MembershipNotBarred")
        .withArgs(members[0]);
      expect(await box.x()).to.equal(0n);
      expect(await decision.state()).to.equal(State.Queued);
    });
  });
});
