import { expect } from "chai";
import { network } from "hardhat";
import { guardedParameters, stateOf } from "../helpers/attacks.js";
import {
  type Action,
  actAs,
  Decision,
  foundCoalition,
  operationOf,
  type Person,
  Standing,
  State,
  Support,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400;
const TERM = 365 * DAY;
const REASON = "The text says other than the actions do";

/** Twelve members of a coalition that has a guardian for a year. */
async function guarded() {
  const [, ...people] = await ethers.getSigners();
  const protector = people[people.length - 1] as Person;
  const parameters = guardedParameters(protector.address, TERM);
  const coalition = await foundCoalition(connection, { count: 12, parameters });
  const { guardian } = coalition;
  const box = await ethers.deployContract("Box");
  const set: Action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const dismiss: Action = { target: guardian, data: guardian.interface.encodeFunctionData("dismiss") };
  const decide = (text: string, ...actions: Action[]) => new Decision(connection, coalition, actions, text);
  const by = guardian.connect(protector);
  const cancels = (decision: Decision, reason = REASON) => by.cancel(...decision.parts, reason);
  const delays = (decision: Decision, reason = REASON) => by.delay(...decision.parts, reason);
  return { ...coalition, protector, box, set, dismiss, decide, by, cancels, delays };
}

/** Twelve members of DC-BAS, which has no guardian. */
async function unguarded() {
  const coalition = await foundCoalition(connection, { count: 12 });
  const box = await ethers.deployContract("Box");
  const decision = new Decision(
    connection,
    coalition,
    [{ target: box, data: box.interface.encodeFunctionData("setX", [1]) }],
    "A number",
  );
  return { ...coalition, box, decision };
}

describe("Attacks: the guardian", () => {
  it("attack 2: the guardian's key opens no door but its two", async () => {
    const coalition = await loadFixture(guarded);
    const { governor, timelock, agenda, guardian, protector, members, set, decide, cancels } = coalition;
    const queued = decide("Queued", set);
    await queued.succeed(members);
    await queued.queue(members[0]);
    const open = decide("Open", set);
    await open.start(members[1]);
    const before = await stateOf(coalition, queued, open);
    const own = governor.connect(protector);
    await expect(decide("Of its own", set).propose(protector))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
      .withArgs(protector, Standing.NotMember, 0);
    await expect(open.vote(protector, Support.For))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(open.id, protector, Standing.NotMember, 0);
    // Not past its contract, where a reason is asked for and the sunset known.
    await expect(own.cancel(...queued.parts))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(queued.id, protector);
    await expect(own.postpone(queued.id))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorNotGuardian")
      .withArgs(protector);
    for (const reason of ["", "x".repeat(1_025)]) {
      await expect(cancels(queued, reason))
        .to.be.revertedWithCustomError(guardian, "GuardianReasonInvalid")
        .withArgs(reason.length, 1_024);
    }
    await expect(own.relay(timelock, 0, "0x"))
      .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
      .withArgs(protector);
    await expect(agenda.connect(protector).admit(open.id, protector, 0))
      .to.be.revertedWithCustomError(agenda, "AgendaUnauthorized")
      .withArgs(protector, governor);
    await expect(timelock.connect(protector).cancel(await operationOf(coalition, queued)))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(protector, await timelock.CANCELLER_ROLE());
    for (const role of ["DEFAULT_ADMIN_ROLE", "PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"] as const) {
      for (const account of [protector, guardian]) {
        expect(await timelock.hasRole(await timelock[role](), account)).to.equal(false);
      }
    }
    expect(await stateOf(coalition, queued, open)).to.deep.equal(before);
  });

  it("attack 2: nobody else has the guardian's doors", async () => {
    const coalition = await loadFixture(guarded);
    const { guardian, governor, protector, members, deployer, timelock, set, decide } = coalition;
    const decision = decide("To be carried out", set);
    await decision.succeed(members);
    await decision.queue(members[0]);
    const inside = [await actAs(connection, timelock), await actAs(connection, governor)];
    for (const caller of [members[0], deployer, ...inside]) {
      for (const door of ["cancel", "delay"] as const) {
        await expect(guardian.connect(caller)[door](...decision.parts, REASON))
          .to.be.revertedWithCustomError(guardian, "GuardianUnauthorized")
          .withArgs(caller, protector);
      }
    }
    expect(await decision.state()).to.equal(State.Queued);
  });

  it("attack 3: a few who decide while the rest are away can be stopped, once and in public", async () => {
    const coalition = await loadFixture(guarded);
    const { guardian, governor, timelock, members, set, decide, cancels, box } = coalition;
    const coup = decide("While you were away", set);
    await coup.succeed(members.slice(0, 7));
    await coup.queue(members[0]);
    const operation = await operationOf(coalition, coup);
    await expect(cancels(coup))
      .to.emit(guardian, "DecisionCancelled")
      .withArgs(coup.id, REASON)
      .and.to.emit(governor, "ProposalCanceled")
      .withArgs(coup.id);
    expect(await timelock.isOperation(operation)).to.equal(false);
    expect(await coup.state()).to.equal(State.Canceled);
    await time.increase(30 * DAY);
    await expect(coup.execute(members[0])).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
    expect(await box.x()).to.equal(0n);
  });

  it("attack 13: the guardian's power ends at its date, to the second", async () => {
    const { guardian, members, protector, set, decide, cancels, delays } = await loadFixture(guarded);
    const sunset = await guardian.sunset();
    const decisions = ["One", "Two", "Three", "Four"].map((text) => decide(text, set));
    await time.increaseTo(sunset - 23n * BigInt(DAY));
    for (const [index, decision] of decisions.entries()) await decision.propose(members[index]);
    await decisions[3].open();
    for (const decision of decisions) await decision.voteAll(members, Support.For);
    await decisions[3].close();
    for (const decision of decisions) await decision.queue(members[0]);
    await time.setNextBlockTimestamp(sunset);
    await cancels(decisions[0]);
    expect(await decisions[0].state()).to.equal(State.Canceled);
    for (const [step, act] of [cancels, delays].entries()) {
      const moment = sunset + 1n + BigInt(step);
      await time.setNextBlockTimestamp(moment);
      await expect(act(decisions[1]))
        .to.be.revertedWithCustomError(guardian, "GuardianOver")
        .withArgs(moment, sunset);
    }
    expect(await guardian.key()).to.equal(protector);
    expect(await decisions[1].state()).to.equal(State.Queued);
  });

  it("attack 13: where nobody is guardian, nobody acts as one, nor becomes one", async () => {
    const coalition = await loadFixture(unguarded);
    const { guardian, governor, deployer, members, box, decision } = coalition;
    expect(await guardian.key()).to.equal(ethers.ZeroAddress);
    await decision.succeed(members);
    await decision.queue(members[0]);
    const zero = await ethers.getImpersonatedSigner(ethers.ZeroAddress);
    for (const caller of [deployer, members[0], zero]) {
      for (const door of ["cancel", "delay"] as const) {
        const attempt = guardian.connect(caller)[door].staticCall(...decision.parts, REASON);
        await expect(attempt).to.be.revertedWithCustomError(guardian, "GuardianOver");
      }
      await expect(guardian.connect(caller).bind.staticCall(box))
        .to.be.revertedWithCustomError(guardian, "GuardianBound")
        .withArgs(governor);
    }
    await decision.mature();
    await decision.execute(members[0]);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 14: a guardian that would stay cannot stop its dismissal, and has no power after it", async () => {
    const coalition = await loadFixture(guarded);
    const { guardian, members, set, dismiss, decide, cancels, delays, box } = coalition;
    const next = decide("Against its will", set);
    const dismissal = decide("Thank you, that will be all", dismiss);
    await dismissal.propose(members[0]);
    await dismissal.open();
    // A bare majority is enough: seven to five.
    await dismissal.voteAll(members.slice(0, 7), Support.For);
    await dismissal.voteAll(members.slice(7), Support.Against);
    await dismissal.close();
    const stays = async () => {
      for (const act of [cancels, delays]) {
        await expect(act(dismissal))
          .to.be.revertedWithCustomError(guardian, "GuardianCannotStay")
          .withArgs(dismissal.id);
      }
    };
    await stays();
    await dismissal.queue(members[0]);
    await stays();
    await dismissal.mature();
    await stays();
    await expect(dismissal.execute(members[0])).to.emit(guardian, "GuardianDismissed");
    expect(await guardian.key()).to.equal(ethers.ZeroAddress);
    await next.succeed(members);
    await next.queue(members[0]);
    for (const act of [cancels, delays]) {
      await expect(act(next)).to.be.revertedWithCustomError(guardian, "GuardianOver");
    }
    await next.mature();
    await next.execute(members[0]);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 14: nothing else hides behind a dismissal", async () => {
    const { members, set, dismiss, decide, cancels, guardian } = await loadFixture(guarded);
    const bundle = decide("Thank you, and by the way", dismiss, set);
    await bundle.succeed(members);
    await cancels(bundle);
    expect(await bundle.state()).to.equal(State.Canceled);
    // Bytes behind the call change nothing of what it does, nor of its protection.
    const padded = decide("Thank you!", { ...dismiss, data: `${dismiss.data}00` });
    await padded.succeed(members);
    await expect(cancels(padded))
      .to.be.revertedWithCustomError(guardian, "GuardianCannotStay")
      .withArgs(padded.id);
  });

  it("attack 14: the guardian ends no vote, and undoes nothing that was carried out", async () => {
    const { governor, guardian, members, set, decide, cancels, delays, box } = await loadFixture(guarded);
    const decision = decide("A number", set);
    const untouched = async () => {
      await expect(cancels(decision))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, guardian);
      await expect(delays(decision)).to.be.revertedWithCustomError(
        governor,
        "GovernorUnexpectedProposalState",
      );
    };
    await decision.propose(members[0]);
    await untouched();
    await decision.open();
    await untouched();
    await decision.voteAll(members, Support.For);
    await decision.close();
    await decision.queue(members[0]);
    await decision.mature();
    await decision.execute(members[0]);
    await untouched();
    expect(await box.x()).to.equal(1n);
    const failed = decide("A number nobody wants", set);
    await failed.start(members[0]);
    await failed.close();
    await expect(cancels(failed)).to.be.revertedWithCustomError(governor, "GovernorUnableToCancel");
  });

  it("attack 14: what the guardian cancelled can be decided again, as often as the members like", async () => {
    const { members, set, decide, cancels, box } = await loadFixture(guarded);
    for (const text of ["First", "Second"]) {
      const decision = decide(text, set);
      await decision.succeed(members);
      await cancels(decision);
    }
    const third = decide("Third", set);
    await third.pass(members);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 25: the guardian delays once, by the class's delay, and lets nothing expire by it", async () => {
    const { governor, members, set, decide, delays, box, parameters } = await loadFixture(guarded);
    const { delay, grace } = parameters.Governor.action;
    const decision = decide("A number", set);
    await decision.succeed(members);
    await decision.queue(members[0]);
    const eta = await decision.eta();
    await time.increaseTo(eta - 1n);
    await delays(decision);
    expect(await decision.eta()).to.equal(eta + BigInt(delay));
    await expect(delays(decision))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorPostponedBefore")
      .withArgs(decision.id);
    await expect(decision.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooEarly")
      .withArgs(decision.id, eta + BigInt(delay));
    const snapshot = await networkHelpers.takeSnapshot();
    // The whole grace period follows, and ends.
    await time.setNextBlockTimestamp(eta + BigInt(delay) + BigInt(grace));
    await decision.execute(members[0]);
    expect(await box.x()).to.equal(1n);
    await snapshot.restore();
    await time.increaseTo(eta + BigInt(delay) + BigInt(grace) + 1n);
    expect(await decision.state()).to.equal(State.Expired);
    await expect(decision.execute(members[0])).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
  });

  it("attack 80: a queued operation is cancelled by the guardian alone, and by the whole decision", async () => {
    const coalition = await loadFixture(guarded);
    const { governor, timelock, members, outsiders, set, decide, by, cancels } = coalition;
    const decision = decide("To be stopped", set);
    await decision.succeed(members);
    await decision.queue(members[0]);
    for (const caller of [members[0], members[1], outsiders[0]]) {
      await expect(decision.cancel(caller))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, caller);
    }
    // Another text is another decision, which never was.
    const [targets, values, calldatas] = decision.parts;
    await expect(
      by.cancel(targets, values, calldatas, ethers.id("Another text"), REASON),
    ).to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal");
    const operation = await operationOf(coalition, decision);
    expect(await timelock.isOperationPending(operation)).to.equal(true);
    await cancels(decision);
    expect(await timelock.isOperationPending(operation)).to.equal(false);
  });
});
