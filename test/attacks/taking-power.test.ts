import { expect } from "chai";
import type { Interface } from "ethers";
import { network } from "hardhat";
import {
  asTimelock,
  changeRulesOf,
  freshKeys,
  maturityOf,
  stateOf,
  UP_TO_ACTIONS,
} from "../helpers/attacks.js";
import { deployCoalition, plainParameters } from "../helpers/fixture.js";
import {
  changeRules,
  Decision,
  DecisionClass,
  foundCoalition,
  join,
  plainRules,
  Standing,
  State,
  Support,
  seatMembers,
  stateMask,
} from "../helpers/governor.js";

import { tabled } from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;

/** The tail of the queue, by the storage layout: `_book` at 10, its ledger at 6, the tail first in it. */
const TAIL_SLOT = 16;

async function withBox<T extends Awaited<ReturnType<typeof deployCoalition>>>(coalition: T) {
  const box = await ethers.deployContract("Box");
  const set = (value: number) => [{ target: box, data: box.interface.encodeFunctionData("setX", [value]) }];
  const decisionOf = (text: string, value = 1) => new Decision(connection, coalition, set(value), text);
  return { ...coalition, box, decisionOf };
}

/** 24 members of DC-BAS, all votes mature. */
async function twentyFour() {
  return withBox(await foundCoalition(connection));
}

/** 24 members, half of them of the first group, and three of each of four others. */
async function oneLargeGroup() {
  const coalition = await deployCoalition(connection);
  const groupOf = (index: number) => (index < 12 ? 0 : Math.floor((index - 12) / 3) + 1);
  return { ...coalition, members: await seatMembers(connection, coalition, 24, groupOf) };
}

/** The same with boundaries that let in three at a time, so that a flood shows. */
async function slowDoor() {
  const parameters = plainParameters();
  parameters.Membership.epochFloor = 3;
  return withBox(await foundCoalition(connection, { parameters }));
}

/** DC-BAS on its first day. */
async function nobody() {
  return withBox(await deployCoalition(connection));
}

describe("Attacks: taking power", () => {
  it("attack 1: a key that joins, acts and leaves in one transaction moves nothing", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, governor, members, decisionOf } = coalition;
    const decision = decisionOf("A decision to be swung");
    await decision.start(members[0]);
    const before = await stateOf(coalition, decision);
    const puppet = await ethers.deployContract("Puppet");
    const { digest } = await membership.codeOfConduct();
    const enter = {
      target: membership,
      data: membership.interface.encodeFunctionData("join", [0, digest, "0x"]),
    };
    const leave = { target: membership, data: membership.interface.encodeFunctionData("resign") };
    const vote = {
      target: governor,
      data: governor.interface.encodeFunctionData("castVote", [decision.id, Support.For]),
    };
    const propose = {
      target: governor,
      data: governor.interface.encodeFunctionData("propose", [
        [await coalition.box.getAddress()],
        decision.values,
        decision.calldatas,
        "All power to the puppet",
      ]),
    };

    let moment = BigInt(await time.latest()) + 60n;
    await time.setNextBlockTimestamp(moment);
    await expect(puppet.perform([enter, vote, leave]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, puppet, Standing.Immature, maturityOf(coalition, moment));
    moment = BigInt(await time.latest()) + 60n;
    await time.setNextBlockTimestamp(moment);
    await expect(puppet.perform([enter, propose, leave]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
      .withArgs(puppet, Standing.Immature, maturityOf(coalition, moment));

    expect(await stateOf(coalition, decision)).to.deep.equal(before);
    expect(await membership.numberOf(puppet)).to.equal(0n);
  });

  it("attack 2: no function lets anybody act past the vote", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, governor, timelock, deployer, members, outsiders, box, admission } = coalition;
    const { agenda, guardian, resolutions } = coalition;
    const before = await stateOf(coalition);
    const { digest } = await membership.codeOfConduct();
    const rules = plainRules(await governor.rules(DecisionClass.Action));
    const pace = { waitingPeriod: 1_209_600, epochLength: 604_800, epochShareBps: 100, epochFloor: 1 };
    const call = box.interface.encodeFunctionData("setX", [1]);
    const { ZeroHash, ZeroAddress } = ethers;
    const role = await timelock.PROPOSER_ROLE();

    for (const caller of [deployer, members[0], outsiders[0]]) {
      const roll = membership.connect(caller);
      for (const attempt of [
        () => roll.end(1),
        () => roll.pardon(caller),
        () => roll.suspend(1, 15, 2n ** 40n),
        () => roll.restore(1, 15),
        () => roll.setAdmissionPolicy(admission),
        () => roll.setMaturity(pace),
        () => roll.setCodeOfConduct(digest),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(membership, "MembershipUnauthorized")
          .withArgs(caller, timelock);
      }
      for (const attempt of [
        () => roll.joinFor(caller, 0, digest, "0x"),
        () => roll.resignFor(members[1]),
        () => roll.moveKey(2, caller),
        () => roll.moveGroup(2, 0),
        () => roll.setPaused(2, true),
        () => roll.setPaused(2, false),
        () => roll.recordConfirmation(2),
        () => roll.recordDelegation(2, 0, 1),
        () => roll.recordDelegate(2),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(membership, "RollOperationsUnauthorized")
          .withArgs(caller);
      }
      for (const attempt of [
        () => governor.connect(caller).setRules(DecisionClass.Action, { ...rules, quorumFloor: 3 }),
        () => governor.connect(caller).guard(box),
        () => governor.connect(caller).setActionClass(membership, "0x12345678", DecisionClass.Action),
        () => governor.connect(caller).relay(box, 0, call),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
      await expect(governor.connect(caller).postpone(1))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorNotGuardian")
        .withArgs(caller);
      for (const [attempt, expected] of [
        [() => agenda.connect(caller).admit(1, caller, 0), governor],
        [() => agenda.connect(caller).admitFor(1, 0), coalition.motions],
        [() => agenda.connect(caller).setPlaces(5), timelock],
      ] as const) {
        await expect(attempt())
          .to.be.revertedWithCustomError(agenda, "AgendaUnauthorized")
          .withArgs(caller, expected);
      }
      await expect(agenda.connect(caller).bind(membership))
        .to.be.revertedWithCustomError(agenda, "AgendaBound")
        .withArgs(governor);
      await expect(agenda.connect(caller).bindMotions())
        .to.be.revertedWithCustomError(agenda, "AgendaBound")
        .withArgs(coalition.motions);
      await expect(guardian.connect(caller).bind(timelock))
        .to.be.revertedWithCustomError(guardian, "GuardianBound")
        .withArgs(governor);
      await expect(guardian.connect(caller).dismiss())
        .to.be.revertedWithCustomError(guardian, "GuardianUnauthorized")
        .withArgs(caller, timelock);
      await expect(resolutions.connect(caller).record(digest))
        .to.be.revertedWithCustomError(resolutions, "ResolutionsUnauthorized")
        .withArgs(caller, timelock);
      const lock = timelock.connect(caller);
      for (const [attempt, needed] of [
        [() => lock.schedule(box, 0, call, ZeroHash, ZeroHash, 172_800), role],
        [() => lock.scheduleBatch([box], [0], [call], ZeroHash, ZeroHash, 172_800), role],
        [() => lock.cancel(ZeroHash), await timelock.CANCELLER_ROLE()],
        [() => lock.execute(box, 0, call, ZeroHash, ZeroHash), await timelock.EXECUTOR_ROLE()],
        [() => lock.executeBatch([box], [0], [call], ZeroHash, ZeroHash), await timelock.EXECUTOR_ROLE()],
        [() => lock.grantRole(role, caller), ZeroHash],
        [() => lock.revokeRole(role, governor), ZeroHash],
      ] as const) {
        await expect(attempt())
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(caller, needed);
      }
      await expect(lock.updateDelay(172_800))
        .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
        .withArgs(caller);
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await box.x()).to.equal(0n);
    expect(await timelock.hasRole(role, ZeroAddress)).to.equal(false);
  });

  it("attack 2: no function of charter, motions or amendments lets anybody act past the vote", async () => {
    const coalition = await loadFixture(twentyFour);
    const { charter, motions, amendments, timelock, deployer, members, outsiders } = coalition;
    const [{ ZeroHash }, digest] = [ethers, ethers.id("a text that nobody moved")];
    const motion = await tabled(motions, members[1], "A text that somebody moved");
    const before = [await stateOf(coalition), await motions.motionOf(motion)];

    for (const caller of [deployer, members[0], outsiders[0]]) {
      const [document, book] = [charter.connect(caller), motions.connect(caller)];
      for (const attempt of [
        () => document.found("Mine"),
        () => document.insert(1, 0, ZeroHash, digest),
        () => document.amend(1, 1, ZeroHash, digest),
        () => document.repeal(1, 1, ZeroHash),
        () => document.replace(1, 1, ZeroHash, digest),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(charter, "CharterUnauthorized")
          .withArgs(caller, timelock);
      }
      for (const [attempt, expected] of [
        [() => book.setRules({ ...coalition.parameters.Motions, notice: 86_400 }), timelock],
        [() => book.change(motion, digest, ZeroHash, 1, true), amendments],
        [() => book.ask(motion, 1, digest), amendments],
      ] as const) {
        await expect(attempt())
          .to.be.revertedWithCustomError(motions, "MotionsUnauthorized")
          .withArgs(caller, expected);
      }
      await expect(book.bindAmendments())
        .to.be.revertedWithCustomError(motions, "MotionsBound")
        .withArgs(amendments);
      for (const [attempt, expected] of [
        [() => amendments.connect(caller).adopt(1), timelock],
        [() => amendments.connect(caller).close(motion), motions],
      ] as const) {
        await expect(attempt())
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnauthorized")
          .withArgs(caller, expected);
      }
    }
    expect([await stateOf(coalition), await motions.motionOf(motion)]).to.deep.equal(before);
  });

  it("attack 2: nothing that changes state exists beyond what is tried or open to everybody", async () => {
    const { membership, governor, timelock, agenda, guardian, resolutions, bounds, ...motioning } =
      await loadFixture(twentyFour);
    const { charter, motions, amendments, statements } = motioning;
    const doors = ({ interface: face }: { interface: Interface }) => {
      const names: string[] = [];
      face.forEachFunction(({ name, constant }) => constant || names.push(name));
      return names.sort();
    };
    const membersOwn = ["delegate", "delegateBySig", "join", "qualify", "resign"];
    const refused = ["safeTransferFrom"];
    const rollRules = [
      "end",
      "pardon",
      "restore",
      "setAdmissionPolicy",
      "setCodeOfConduct",
      "setMaturity",
      "suspend",
    ];
    const desksOwn = [
      "joinFor",
      "moveGroup",
      "moveKey",
      "recordConfirmation",
      "recordDelegate",
      "recordDelegation",
      "resignFor",
      "setPaused",
    ];
    expect(doors(membership)).to.deep.equal([...membersOwn, ...rollRules, ...desksOwn, ...refused].sort());
    const decisions = ["cancel", "execute", "propose", "queue"];
    const ballots = ["", "BySig", "WithReason", "WithReasonAndParams", "WithReasonAndParamsBySig"];
    const receivers = ["onERC1155BatchReceived", "onERC1155Received", "onERC721Received"];
    const casting = [...ballots.map((form) => `castVote${form}`), "castBallots"];
    const governed = ["guard", "postpone", "relay", "setActionClass", "setRules"];
    expect(doors(governor)).to.deep.equal([...decisions, ...casting, ...receivers, ...governed].sort());
    const binding = ["bind", "bindMotions"];
    const admitting = ["admit", "admitFor"];
    expect(doors(agenda)).to.deep.equal(
      [...binding, ...admitting, "endorse", "endorseBySig", "setPlaces"].sort(),
    );
    expect(doors(guardian)).to.deep.equal(["bind", "cancel", "delay", "dismiss"]);
    expect(doors(resolutions)).to.deep.equal(["record"]);
    expect(doors(bounds)).to.deep.equal([]);
    expect(doors(charter)).to.deep.equal(["amend", "found", "insert", "repeal", "replace"]);
    const signed = ["actBySig", "actMany", "actOne"];
    const authorsOwn = ["draft", "draftBySig", "revise", "reviseBySig", "table", "withdraw"];
    const anybodys = ["adopt", "endorse", "object", "putToVote", "sendBack"];
    const amending = ["ask", "bindAmendments", "change", "setRules"];
    expect(doors(motions)).to.deep.equal([...signed, ...authorsOwn, ...anybodys, ...amending].sort());
    const moversOwn = ["move", "moveBySig", "rebase", "rebaseBySig", "withdraw", "accept", "object"];
    const settling = ["adopt", "close", "putNext", "settle"];
    expect(doors(amendments)).to.deep.equal([...signed, ...moversOwn, ...settling].sort());
    expect(doors(statements)).to.deep.equal(["cosign", "cosignBySig", "cosignMany", "file", "fileBySig"]);
    const roles = ["grantRole", "renounceRole", "revokeRole"];
    const operations = ["cancel", "execute", "executeBatch", "schedule", "scheduleBatch", "updateDelay"];
    expect(doors(timelock)).to.deep.equal([...operations, ...receivers, ...roles].sort());
  });

  it("attack 3: few cannot decide while the others are away", async () => {
    const { governor, members, outsiders, box, decisionOf } = await loadFixture(twentyFour);
    const decision = decisionOf("Everything to the six who came");
    await decision.start(members[0]);
    const quorum = (await governor.proposalFrame(decision.id)).quorumNeeded;
    await decision.voteAll(members.slice(0, Number(quorum) - 1), Support.For);
    await decision.close();
    expect(await decision.state()).to.equal(State.Defeated);
    await expect(decision.queue(outsiders[0]))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(decision.id, State.Defeated, stateMask(State.Succeeded));
    expect(await box.x()).to.equal(0n);

    const attended = decisionOf("What one more would have changed");
    await attended.start(members[0]);
    await attended.voteAll(members.slice(0, Number(quorum)), Support.For);
    await attended.close();
    expect(await attended.state()).to.equal(State.Succeeded);
  });

  it("attack 3: a majority of one group changes no rule against the others", async () => {
    const coalition = await loadFixture(oneLargeGroup);
    const { governor, members } = coalition;
    const change = await changeRules(governor, { approvalBps: 6_000n }, DecisionClass.Amendment);
    // Twelve of the first group and three of each of the others: two thirds are easily found among them.
    const [large, second, third, others] = [0, 12, 15, 18].map((from, index, all) =>
      members.slice(from, all[index + 1]),
    );
    const alone = new Decision(connection, coalition, [change], "By the first group and a second");
    await alone.start(members[0]);
    await alone.voteAll([...large, ...second], Support.For);
    await alone.voteAll([...third, ...others.slice(0, 3)], Support.Against);
    await alone.close();
    expect(await governor.proposalVotes(alone.id)).to.deep.equal([6n, 15n, 0n]);
    expect(await alone.state()).to.equal(State.Defeated);

    const heard = new Decision(connection, coalition, [change], "By three groups");
    await heard.start(members[1]);
    await heard.voteAll([...large, ...second, ...third], Support.For);
    await heard.voteAll(others, Support.Against);
    await heard.close();
    expect(await heard.state()).to.equal(State.Succeeded);
  });

  it("attack 4: a body of nobody has a quorum, and nobody can propose to it", async () => {
    const { governor, people, parameters, decisionOf } = await loadFixture(nobody);
    await time.increase(1);
    expect(await governor.quorum(BigInt(await time.latest()) - 1n)).to.equal(
      parameters.Governor.action.quorumFloor,
    );
    await expect(decisionOf("Mine").propose(people[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
      .withArgs(people[0], Standing.NotMember, 0);
  });

  it("attack 4: the first to join do not rule alone", async () => {
    const coalition = await loadFixture(nobody);
    const { governor, box, parameters, decisionOf } = coalition;
    const first = await seatMembers(connection, coalition, parameters.Governor.action.quorumFloor - 1);
    const decision = decisionOf("The coalition is ours");
    await decision.start(first[0]);
    await decision.voteAll(first, Support.For);
    await decision.close();
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(first.length);
    expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(
      parameters.Governor.action.quorumFloor,
    );
    expect(await decision.state()).to.equal(State.Defeated);
    expect(await box.x()).to.equal(0n);
  });

  it("attack 5: a fraction of one-vote members rounds up, never down to nothing", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, decisionOf } = coalition;
    // 13 % of 24 is 3.12; rounded down it would be the floor itself.
    const lower = { quorumBps: 1_000n, quorumFloor: 3n, approvalFloorBps: 0n };
    const actions = await changeRulesOf(governor, lower, UP_TO_ACTIONS);
    const last = { quorumBps: 1_300n, quorumFloor: 3n, approvalFloorBps: 1_000n };
    actions.push(await changeRules(governor, last));
    await new Decision(connection, coalition, actions, "A lower quorum").pass(members);
    const short = decisionOf("Three of 24");
    await short.start(members[0]);
    expect((await governor.proposalFrame(short.id)).quorumNeeded).to.equal(4n);
    await short.voteAll(members.slice(0, 3), Support.For);
    await short.close();
    expect(await short.state()).to.equal(State.Defeated);

    // 1 % of 24 is 0.24: the floor holds.
    const least = await changeRulesOf(governor, { quorumBps: 100n, approvalFloorBps: 0n }, UP_TO_ACTIONS);
    await new Decision(connection, coalition, least, "The lowest quorum").pass(members);
    const alone = decisionOf("Two of 24");
    await alone.start(members[0]);
    expect((await governor.proposalFrame(alone.id)).quorumNeeded).to.equal(3n);
    await alone.voteAll(members.slice(0, 2), Support.For);
    await alone.close();
    expect(await alone.state()).to.equal(State.Defeated);
  });

  it("attack 6: keys that join between proposal and opening have no vote on it", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, membership, members, decisionOf } = coalition;
    const decision = decisionOf("Worth a hundred keys");
    await decision.propose(members[0]);
    const keys = await freshKeys(connection, 60);
    for (const key of keys) await join(coalition, key);
    await decision.open();
    for (const key of [keys[0], keys[59]]) {
      const { votesFrom } = await membership.member(await membership.numberOf(key));
      await expect(decision.vote(key, Support.For))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
        .withArgs(decision.id, key, Standing.Immature, votesFrom);
    }
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length);
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 6: no decision can make the notice as long as the wait for a vote", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, membership, timelock, bounds, members } = coalition;
    const floor = await membership.waitingFloor();
    const action = await changeRules(governor, { notice: floor });
    const decision = new Decision(connection, coalition, [action], "A notice to join in");
    await decision.ripen(members);
    await expect(decision.execute(members[0]))
      .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
      .withArgs(ethers.encodeBytes32String("notice"), floor, await governor.shortestStage(), floor - 1n);

    // Nor can the wait be brought down to the notice.
    const roll = await asTimelock(connection, coalition);
    const { epochLength, epochShareBps, epochFloor } = await membership.maturity();
    await expect(roll.setMaturity({ waitingPeriod: floor - 1n, epochLength, epochShareBps, epochFloor }))
      .to.be.revertedWithCustomError(membership, "MembershipParameterOutOfRange")
      .withArgs(ethers.encodeBytes32String("waitingPeriod"), floor - 1n, floor, 365n * DAY);
    expect(await governor.votingDelay()).to.be.lessThan((await membership.maturity()).waitingPeriod);
    expect(await timelock.getMinDelay()).to.equal(coalition.parameters.Timelock.delay);
  });

  it("attack 7: a flood of keys matures a few at a time and is outvoted in its first decision", async () => {
    const coalition = await loadFixture(slowDoor);
    const { governor, membership, members, box, decisionOf, parameters } = coalition;
    const keys = await freshKeys(connection, 60);
    for (const key of keys) await join(coalition, key);
    const firstBoundary = (await membership.member(await membership.numberOf(keys[0]))).votesFrom;
    await time.increaseTo(firstBoundary + 1n);
    const decision = decisionOf("As early as a new key can");
    await decision.propose(keys[0]);
    await decision.open();

    // One boundary has passed before the proposal, one during the notice.
    const { notice } = parameters.Governor.action;
    const boundaries = 1n + BigInt(notice) / BigInt(parameters.Membership.epochLength);
    const mature = Number(boundaries) * parameters.Membership.epochFloor;
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length + mature);
    await decision.voteAll(keys.slice(0, mature), Support.For);
    for (const key of keys.slice(mature)) {
      const { votesFrom } = await membership.member(await membership.numberOf(key));
      await expect(decision.vote(key, Support.For))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
        .withArgs(decision.id, key, Standing.Immature, votesFrom);
    }
    await decision.voteAll(members.slice(0, mature), Support.Against);
    await decision.close();
    expect(await decision.state()).to.equal(State.Defeated);
    expect(await box.x()).to.equal(0n);
  });

  it("attack 7: no boundary ever adds more than its share, whatever joins and leaves", async () => {
    const coalition = await loadFixture(slowDoor);
    const { membership, parameters } = coalition;
    const keys = await freshKeys(connection, 60);
    for (const key of keys) await join(coalition, key);
    for (const key of keys.slice(0, 20)) await membership.connect(key).resign();
    for (const key of keys.slice(0, 20)) await join(coalition, key);
    const { votesFrom: last } = await membership.member(await membership.lastNumber());
    const { epochLength, epochShareBps, epochFloor } = parameters.Membership;
    const start = BigInt(await time.latest());
    await time.increaseTo(last + 1n);
    let electorate = await membership.getPastTotalSupply(start);
    for (let moment = maturityOf(coalition, start); moment <= last; moment += BigInt(epochLength)) {
      const next = await membership.getPastTotalSupply(moment);
      const share = (electorate * BigInt(epochShareBps)) / 10_000n;
      expect(next - electorate).to.be.at.most(share > epochFloor ? share : BigInt(epochFloor));
      electorate = next;
    }
    expect(electorate).to.equal(await membership.totalSupply());
  });

  it("attack 7: the end of the queue never wraps around to the past", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, outsiders, parameters } = coalition;
    const tail = BigInt(await ethers.provider.getStorage(membership, TAIL_SLOT));
    const length = BigInt(parameters.Membership.epochLength);
    // As if all seats were taken up to the last boundary that 40 bits hold: the next must not be a small number.
    const end = ((1n << 40n) / length) * length;
    const full = (tail & ~((1n << 56n) - 1n)) | end;
    await networkHelpers.setStorageAt(await membership.getAddress(), TAIL_SLOT, full);
    const before = await stateOf(coalition);
    await expect(join(coalition, outsiders[0]))
      .to.be.revertedWithCustomError(membership, "ElectorateLedgerQueueTooLong")
      .withArgs(end + length, (1n << 40n) - 1n);
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await membership.getVotes(outsiders[0])).to.equal(0n);
  });

  it("attack 8: keys that mature in mid-vote do not raise the quorum of an open decision", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, membership, members, decisionOf, parameters } = coalition;
    const keys = await freshKeys(connection, 50);
    for (const key of keys) await join(coalition, key);
    const { votesFrom } = await membership.member(await membership.numberOf(keys[0]));
    // Open the day before the flood matures.
    await time.increaseTo(votesFrom - BigInt(parameters.Governor.action.notice) - DAY);
    const decision = decisionOf("Not to be starved");
    await decision.start(members[0]);
    const quorum = (await governor.proposalFrame(decision.id)).quorumNeeded;
    await decision.voteAll(members.slice(0, Number(quorum)), Support.For);
    const present = await governor.quorum(BigInt(await time.latest()) - 1n);
    await decision.close();
    expect(await governor.quorum(BigInt(await time.latest()) - 1n)).to.be.greaterThan(present);
    expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(quorum);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length);
    expect(await decision.state()).to.equal(State.Succeeded);
  });

  it("attack 9: a mass exit after the opening does not lower the quorum for those who stay", async () => {
    const { governor, membership, members, decisionOf } = await loadFixture(twentyFour);
    const decision = decisionOf("For those who remain");
    await decision.start(members[0]);
    const quorum = (await governor.proposalFrame(decision.id)).quorumNeeded;
    const stay = members.slice(0, Number(quorum) - 1);
    for (const member of members.slice(stay.length)) await membership.connect(member).resign();
    await decision.voteAll(stay, Support.For);
    expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(quorum);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length);
    await decision.close();
    expect(await membership.totalSupply()).to.equal(stay.length);
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 10: nothing can be initialised a second time", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, governor, timelock, admission, card, outsiders } = coalition;
    const before = await stateOf(coalition);
    const argument = ethers.AbiCoder.defaultAbiCoder().encode(
      ["address", "address"],
      [outsiders[0].address, outsiders[0].address],
    );
    for (const contract of [membership, governor, timelock, admission, card]) {
      for (const signature of [
        "initialize()",
        "initialize(address)",
        "initialize(address,address)",
        "init(address)",
        "setup(address)",
        "setUp(bytes)",
        "reinitialize(uint64)",
        "upgradeTo(address)",
        "upgradeToAndCall(address,bytes)",
        "transferOwnership(address)",
      ]) {
        expect((contract.interface as Interface).getFunction(signature)).to.equal(null);
        const data = ethers.concat([ethers.id(signature).slice(0, 10), argument]);
        await expect(outsiders[0].sendTransaction({ to: contract, data })).to.be.revertedWithoutReason(
          ethers,
        );
      }
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 13: the deployer and everybody else keep no key to the timelock", async () => {
    const { timelock, governor, deployer } = await loadFixture(nobody);
    const holders = new Map<string, Set<string>>();
    for (const event of await timelock.queryFilter(timelock.filters.RoleGranted)) {
      const { role, account } = event.args;
      holders.set(role, (holders.get(role) ?? new Set()).add(account));
    }
    for (const event of await timelock.queryFilter(timelock.filters.RoleRevoked)) {
      holders.get(event.args.role)?.delete(event.args.account);
    }
    const only = new Set([await governor.getAddress()]);
    expect(holders).to.deep.equal(
      new Map([
        [await timelock.DEFAULT_ADMIN_ROLE(), new Set([await timelock.getAddress()])],
        [await timelock.PROPOSER_ROLE(), only],
        [await timelock.CANCELLER_ROLE(), only],
        [await timelock.EXECUTOR_ROLE(), only],
      ]),
    );
    await expect(timelock.connect(deployer).grantRole(await timelock.DEFAULT_ADMIN_ROLE(), deployer))
      .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
      .withArgs(deployer, await timelock.DEFAULT_ADMIN_ROLE());
  });
});
