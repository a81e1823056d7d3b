import { expect } from "chai";
import { concat, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { plainParameters } from "../helpers/fixture.js";
import {
  type Action,
  actAs,
  Decision,
  DecisionClass,
  foundCoalition,
  operationOf,
  type Person,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400;
const MAX_TERM = 1096 * DAY;
const TERM = 400 * DAY;
const REASON = "The target was found to be broken";

/** A coalition of 14 members with a guardian whose key is no member, and a decision that nobody has proposed yet. */
async function guarded() {
  const [key] = (await ethers.getSigners()).slice(-1);
  const parameters = plainParameters();
  Object.assign(parameters.Governor, { guardian: key.address, guardianTerm: TERM });
  const coalition = await foundCoalition(connection, { count: 14, parameters });
  const box = await ethers.deployContract("Box");
  const put: Action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const dismissal: Action = {
    target: coalition.guardian,
    data: coalition.guardian.interface.encodeFunctionData("dismiss"),
  };
  const decisionOf = (actions: readonly Action[], title: string) =>
    new Decision(connection, coalition, actions, title);
  return {
    ...coalition,
    key: key as Person,
    box,
    put,
    dismissal,
    decisionOf,
    decision: decisionOf([put], "Keep the number one"),
    /** The seconds between queueing and execution of an action. */
    wait: BigInt(parameters.Governor.action.delay),
    grace: BigInt(parameters.Governor.action.grace),
  };
}

type Setting = Awaited<ReturnType<typeof guarded>>;

/** What the guardian does to a decision. */
const acts = {
  cancel: ({ guardian }: Setting, key: Person, decision: Decision, reason = REASON) =>
    guardian.connect(key).cancel(...decision.parts, reason),
  delay: ({ guardian }: Setting, key: Person, decision: Decision, reason = REASON) =>
    guardian.connect(key).delay(...decision.parts, reason),
} as const;

/** Succeeded and queued; its wait is not over. */
async function queue({ members }: Setting, decision: Decision) {
  await decision.succeed(members);
  await decision.queue(members[0]);
}

describe("Guardian", () => {
  describe("constructor", () => {
    it("reverts with a term of more than 1096 days", async () => {
      const { guardian, key } = await loadFixture(guarded);
      await expect(ethers.deployContract("Guardian", [key, MAX_TERM + 1]))
        .to.be.revertedWithCustomError(guardian, "GuardianTermOutOfRange")
        .withArgs(MAX_TERM + 1, MAX_TERM);
    });

    it("gives the key its term, from the deployment on", async () => {
      const { key } = await loadFixture(guarded);
      const moment = (await time.latest()) + 100;
      await time.setNextBlockTimestamp(moment);
      const guardian = await ethers.deployContract("Guardian", [key, MAX_TERM]);
      expect(await guardian.key()).to.equal(key);
      expect(await guardian.sunset()).to.equal(moment + MAX_TERM);
    });
  });

  describe("bind", () => {
    it("binds to the governor that calls, once", async () => {
      const { timelock, outsiders, key } = await loadFixture(guarded);
      const guardian = await ethers.deployContract("Guardian", [key, TERM]);
      await expect(guardian.connect(outsiders[0]).bind(timelock))
        .to.emit(guardian, "GovernorBound")
        .withArgs(outsiders[0]);
      for (const caller of outsiders.slice(0, 2)) {
        await expect(guardian.connect(caller).bind(timelock))
          .to.be.revertedWithCustomError(guardian, "GuardianBound")
          .withArgs(outsiders[0]);
      }
    });

    it("is bound to the coalition's governor by the deployment", async () => {
      const { guardian, governor, timelock, key } = await loadFixture(guarded);
      expect(await governor.guardian()).to.equal(guardian);
      await expect(guardian.connect(key).bind(timelock))
        .to.be.revertedWithCustomError(guardian, "GuardianBound")
        .withArgs(governor);
    });
  });

  for (const [name, act] of Object.entries(acts)) {
    describe(name, () => {
      it("reverts for everybody but the key", async () => {
        const setting = await loadFixture(guarded);
        const { guardian, timelock, members, outsiders, key, decision } = setting;
        await queue(setting, decision);
        for (const caller of [members[0], outsiders[0], await actAs(connection, timelock)]) {
          await expect(act(setting, caller as Person, decision))
            .to.be.revertedWithCustomError(guardian, "GuardianUnauthorized")
            .withArgs(caller, key);
        }
        expect(await decision.state()).to.equal(State.Queued);
      });

      it("reverts without a reason, or with one of more than 1,024 bytes", async () => {
        const setting = await loadFixture(guarded);
        const { guardian, key, decision } = setting;
        await queue(setting, decision);
        for (const length of [0, 1_025]) {
          await expect(act(setting, key, decision, "x".repeat(length)))
            .to.be.revertedWithCustomError(guardian, "GuardianReasonInvalid")
            .withArgs(length, 1_024);
        }
        // Bytes, not letters.
        await expect(act(setting, key, decision, "ü".repeat(513)))
          .to.be.revertedWithCustomError(guardian, "GuardianReasonInvalid")
          .withArgs(1_026, 1_024);
        await act(setting, key, decision, "ü".repeat(512));
      });

      it("reverts when nobody proposed such a decision", async () => {
        const setting = await loadFixture(guarded);
        const { governor, key, decision } = setting;
        const id = await decision.identify();
        await expect(act(setting, key, decision))
          .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
          .withArgs(id);
      });

      it("acts in the last second before the sunset, and reverts in the one after", async () => {
        const setting = await loadFixture(guarded);
        const { guardian, members, key, put, decision, decisionOf } = setting;
        const other = decisionOf([put], "Keep it once more");
        const sunset = await guardian.sunset();
        await time.increaseTo(sunset - 30n * BigInt(DAY));
        for (const each of [decision, other]) await each.propose(members[0]);
        await other.open();
        for (const each of [decision, other]) await each.voteAll(members, Support.For);
        await other.close();
        for (const each of [decision, other]) await each.queue(members[0]);
        await time.setNextBlockTimestamp(sunset);
        await act(setting, key, decision);
        await time.setNextBlockTimestamp(sunset + 1n);
        await expect(act(setting, key, other))
          .to.be.revertedWithCustomError(guardian, "GuardianOver")
          .withArgs(sunset + 1n, sunset);
      });

      it("reverts once the guardian was dismissed", async () => {
        const setting = await loadFixture(guarded);
        const { guardian, timelock, key, decision } = setting;
        await queue(setting, decision);
        await guardian.connect(await actAs(connection, timelock)).dismiss();
        const moment = (await time.latest()) + 10;
        await time.setNextBlockTimestamp(moment);
        await expect(act(setting, key, decision))
          .to.be.revertedWithCustomError(guardian, "GuardianOver")
          .withArgs(moment, await guardian.sunset());
      });

      it("reverts against the decision to dismiss it, in whatever form", async () => {
        const setting = await loadFixture(guarded);
        const { guardian, members, key, dismissal, decisionOf } = setting;
        const longer = { ...dismissal, data: concat([dismissal.data ?? "0x", "0x00"]) };
        for (const action of [dismissal, longer]) {
          const decision = decisionOf([action], "Dismiss the guardian");
          await decision.succeed(members);
          if (name === "delay") await decision.queue(members[0]);
          await expect(act(setting, key, decision))
            .to.be.revertedWithCustomError(guardian, "GuardianCannotStay")
            .withArgs(decision.id);
        }
      });

      it("reaches a decision that dismisses it and does something else too", async () => {
        const setting = await loadFixture(guarded);
        const { key, put, dismissal, decisionOf } = setting;
        for (const actions of [
          [dismissal, put],
          [put, dismissal],
          [dismissal, dismissal],
        ]) {
          const decision = decisionOf(actions, "Dismiss the guardian, and more");
          await queue(setting, decision);
          await act(setting, key, decision);
        }
      });

      it("reaches a decision that calls it otherwise", async () => {
        const setting = await loadFixture(guarded);
        const { guardian, timelock, key, decisionOf } = setting;
        const data = guardian.interface.encodeFunctionData("bind", [await timelock.getAddress()]);
        const decision = decisionOf([{ target: guardian, data }], "Bind the guardian again");
        await queue(setting, decision);
        await act(setting, key, decision);
      });
    });
  }

  describe("cancel", () => {
    it("reverts before the close, and after a vote that failed or was carried out", async () => {
      const setting = await loadFixture(guarded);
      const { governor, guardian, members, key, decision, put, decisionOf } = setting;
      const refused = async (each: Decision) =>
        expect(acts.cancel(setting, key, each))
          .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
          .withArgs(each.id, guardian);
      await decision.propose(members[0]);
      await refused(decision);
      await decision.open();
      await refused(decision);
      await decision.voteAll(members, Support.For);
      await refused(decision);
      await decision.close();
      await decision.queue(members[0]);
      await decision.mature();
      await decision.execute(members[0]);
      await refused(decision);
      const failed = decisionOf([put], "Keep it once more");
      await failed.start(members[0]);
      await failed.close();
      await refused(failed);
    });

    it("reverts for what has expired", async () => {
      const setting = await loadFixture(guarded);
      const { governor, guardian, members, key, grace, decision } = setting;
      await decision.succeed(members);
      await time.increaseTo((await decision.deadline()) + grace + 1n);
      await expect(acts.cancel(setting, key, decision))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, guardian);
    });

    it("reverts at the governor for the key itself", async () => {
      const setting = await loadFixture(guarded);
      const { governor, key, decision } = setting;
      await queue(setting, decision);
      await expect(decision.cancel(key))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, key);
    });

    it("cancels what passed, for good, and says why", async () => {
      const setting = await loadFixture(guarded);
      const { governor, guardian, members, key, decision } = setting;
      await decision.succeed(members);
      const sent = acts.cancel(setting, key, decision);
      await expect(sent).to.emit(guardian, "DecisionCancelled").withArgs(decision.id, REASON);
      await expect(sent).to.emit(governor, "ProposalCanceled").withArgs(decision.id);
      expect(await decision.state()).to.equal(State.Canceled);
      await expect(decision.queue(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Canceled, stateMask(State.Succeeded));
    });

    it("cancels what is queued, in the timelock too, after it was delayed as well", async () => {
      for (const before of [async () => {}, acts.delay]) {
        const setting = await loadFixture(guarded);
        const { governor, timelock, members, key, decision, box } = setting;
        await queue(setting, decision);
        await before(setting, key, decision);
        await decision.mature();
        const operation = await operationOf(setting, decision);
        expect(await timelock.isOperation(operation)).to.equal(true);
        await acts.cancel(setting, key, decision);
        expect(await timelock.isOperation(operation)).to.equal(false);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Canceled, stateMask(State.Queued));
        expect(await box.x()).to.equal(0n);
      }
    });
  });

  describe("delay", () => {
    it("reverts unless the decision is queued", async () => {
      const setting = await loadFixture(guarded);
      const { governor, members, key, decision } = setting;
      const refused = async (state: bigint) =>
        expect(acts.delay(setting, key, decision))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, state, stateMask(State.Queued));
      await decision.propose(members[0]);
      await refused(State.Pending);
      await decision.open();
      await refused(State.Active);
      await decision.voteAll(members, Support.For);
      await decision.close();
      await refused(State.Succeeded);
      await decision.queue(members[0]);
      await decision.mature();
      await decision.execute(members[0]);
      await refused(State.Executed);
    });

    it("moves the execution by the decision's own delay, and says why", async () => {
      const setting = await loadFixture(guarded);
      const { governor, guardian, members, key, wait, decision, box } = setting;
      await queue(setting, decision);
      const eta = await decision.eta();
      const sent = acts.delay(setting, key, decision);
      await expect(sent).to.emit(guardian, "DecisionDelayed").withArgs(decision.id, REASON);
      await expect(sent)
        .to.emit(governor, "ProposalPostponed")
        .withArgs(decision.id, eta + wait);
      expect(await decision.eta()).to.equal(eta + wait);
      expect(await decision.state()).to.equal(State.Queued);
      for (const moment of [eta, eta + wait - 1n]) {
        await time.setNextBlockTimestamp(moment);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooEarly")
          .withArgs(decision.id, eta + wait);
      }
      await time.setNextBlockTimestamp(eta + wait);
      await decision.execute(members[0]);
      expect(await box.x()).to.equal(1n);
    });

    it("counts the grace period from the later moment", async () => {
      const setting = await loadFixture(guarded);
      const { key, wait, grace, decision } = setting;
      await queue(setting, decision);
      const eta = await decision.eta();
      await acts.delay(setting, key, decision);
      await time.increaseTo(eta + wait + grace);
      expect(await decision.state()).to.equal(State.Queued);
      await time.increaseTo(eta + wait + grace + 1n);
      expect(await decision.state()).to.equal(State.Expired);
    });

    it("moves it once, also when it was ripe already", async () => {
      const setting = await loadFixture(guarded);
      const { governor, key, wait, decision } = setting;
      await queue(setting, decision);
      const eta = await decision.eta();
      await time.increaseTo(eta + 100n);
      await acts.delay(setting, key, decision);
      await expect(acts.delay(setting, key, decision))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorPostponedBefore")
        .withArgs(decision.id);
      expect(await decision.eta()).to.equal(eta + wait);
    });

    it("leaves other decisions, and the count of this one, as they are", async () => {
      const setting = await loadFixture(guarded);
      const { governor, members, key, put, decision, decisionOf } = setting;
      const other = decisionOf([put], "Keep it once more");
      for (const each of [decision, other]) await each.propose(members[0]);
      await other.open();
      for (const each of [decision, other]) await each.voteAll(members, Support.For);
      await other.close();
      for (const each of [decision, other]) await each.queue(members[0]);
      const before = [await other.eta(), ...(await governor.proposalFrame(decision.id))];
      const [, rules] = await governor.proposalRules(decision.id);
      await acts.delay(setting, key, decision);
      expect([await other.eta(), ...(await governor.proposalFrame(decision.id))]).to.deep.equal(before);
      expect((await governor.proposalRules(decision.id))[1]).to.deep.equal(rules);
    });

    it("reverts at the governor for everybody but the guardian, its key included", async () => {
      const setting = await loadFixture(guarded);
      const { governor, timelock, members, key, decision } = setting;
      await queue(setting, decision);
      for (const caller of [members[0], key, await actAs(connection, timelock)]) {
        await expect(governor.connect(caller).postpone(decision.id))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorNotGuardian")
          .withArgs(caller);
      }
    });
  });

  describe("dismiss", () => {
    it("reverts for everybody but the timelock, the governor and the key included", async () => {
      const { guardian, governor, timelock, members, key } = await loadFixture(guarded);
      for (const caller of [members[0], key, await actAs(connection, governor)]) {
        await expect(guardian.connect(caller).dismiss())
          .to.be.revertedWithCustomError(guardian, "GuardianUnauthorized")
          .withArgs(caller, timelock);
      }
      expect(await guardian.key()).to.equal(key);
    });

    it("ends it by a decision that is an action, for good", async () => {
      const setting = await loadFixture(guarded);
      const { guardian, governor, members, dismissal, decisionOf } = setting;
      const decision = decisionOf([dismissal], "Dismiss the guardian");
      await decision.ripen(members);
      expect((await governor.proposalRules(decision.id))[0]).to.equal(DecisionClass.Action);
      await expect(decision.execute(members[0])).to.emit(guardian, "GuardianDismissed").withArgs();
      expect(await guardian.key()).to.equal(ZeroAddress);
    });
  });

  describe("a coalition without a guardian", () => {
    const unguarded = () => foundCoalition(connection, { count: 14 });

    it("has one that nobody can act for", async () => {
      const coalition = await loadFixture(unguarded);
      const { guardian, members, outsiders } = coalition;
      const box = await ethers.deployContract("Box");
      const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
      const decision = new Decision(connection, coalition, [action], "Keep the number one");
      await decision.succeed(members);
      expect(await guardian.key()).to.equal(ZeroAddress);
      for (const caller of [members[0], outsiders[0]]) {
        const moment = (await time.latest()) + 10;
        await time.setNextBlockTimestamp(moment);
        await expect(guardian.connect(caller).cancel(...decision.parts, REASON))
          .to.be.revertedWithCustomError(guardian, "GuardianOver")
          .withArgs(moment, await guardian.sunset());
      }
    });

    it("has none in the zero address either, whatever its term", async () => {
      const { timelock, outsiders } = await loadFixture(unguarded);
      const guardian = await ethers.deployContract("Guardian", [ZeroAddress, TERM]);
      await guardian.connect(outsiders[0]).bind(timelock);
      const nobody = await ethers.getImpersonatedSigner(ZeroAddress);
      await networkHelpers.setBalance(ZeroAddress, ethers.parseEther("1"));
      const moment = (await time.latest()) + 10;
      await time.setNextBlockTimestamp(moment);
      await expect(guardian.connect(nobody).cancel([], [], [], ethers.ZeroHash, REASON))
        .to.be.revertedWithCustomError(guardian, "GuardianOver")
        .withArgs(moment, await guardian.sunset());
    });
  });
});
