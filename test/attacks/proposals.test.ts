import { expect } from "chai";
import { type ContractTransactionResponse, toBeHex } from "ethers";
import { network } from "hardhat";
import {
  asTimelock,
  changeRulesOf,
  DOWN_TO_ACTIONS,
  deployRaw,
  freshKeys,
  gasOf,
  stateOf,
  TRANSACTION_GAS_LIMIT,
  UP_TO_ACTIONS,
  VANISHING,
} from "../helpers/attacks.js";
import {
  type Action,
  changeRules,
  Decision,
  DecisionClass,
  foundCoalition,
  join,
  maskOf,
  type Person,
  plainRules,
  Right,
  Standing,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** 24 members of DC-BAS, all votes mature, and a target that keeps a number. */
async function twentyFour() {
  const coalition = await foundCoalition(connection);
  const box = await ethers.deployContract("Box");
  const callOf = (value: number) => box.interface.encodeFunctionData("setX", [value]);
  const decisionOf = (text: string, value = 1) =>
    new Decision(connection, coalition, [{ target: box, data: callOf(value) }], text);
  return { ...coalition, box, callOf, decisionOf };
}

/** The coalition's decision at the bounds of what it may hold: 16 actions, 16 KiB of calldata, 8 KiB of text. */
async function largest() {
  const coalition = await twentyFour();
  const size = 16_384 / 16;
  const filler = `0x${"ab".repeat(size)}`;
  const actions: Action[] = [];
  for (let index = 0; index < 16; index++) {
    // Every target is another contract: none is warm, and each writes a fresh slot.
    actions.push({ target: await deployRaw(connection, VANISHING), data: filler });
  }
  return { ...coalition, decision: new Decision(connection, coalition, actions, "t".repeat(8_192)) };
}

const short = (text: string) => ethers.encodeBytes32String(text);

describe("Attacks: proposals", () => {
  it("attack 15: nobody takes over a proposal that names its proposer, to cancel it", async () => {
    const { governor, members, decisionOf } = await loadFixture(twentyFour);
    const [author, thief] = members;
    const decision = decisionOf(`Open the records #proposer=${author.address}`);
    await expect(decision.propose(thief))
      .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
      .withArgs(thief);
    await decision.propose(author);
    expect(await governor.proposalProposer(decision.id)).to.equal(author);
    await expect(decision.cancel(thief))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(decision.id, thief);
    expect(await decision.state()).to.equal(State.Pending);
  });

  it("attack 15: whoever copied and cancelled an unsigned proposal keeps nobody from bringing it again", async () => {
    const { governor, members, decisionOf } = await loadFixture(twentyFour);
    const [author, thief] = members;
    const copied = decisionOf("Open the records");
    await copied.propose(thief);
    await expect(copied.propose(author))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(copied.id, State.Pending, ethers.ZeroHash);
    await copied.cancel(thief);
    const again = decisionOf(`Open the records #proposer=${author.address}`);
    await again.pass([author, ...members.slice(2, 10)]);
    expect(await again.state()).to.equal(State.Executed);
  });

  it("attack 16: what is executed is what was proposed, to the last byte", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, timelock, members, box, callOf } = coalition;
    // A call with bytes behind its argument: encoders that tidy up would trim it.
    const data = ethers.concat([callOf(7), "0x0102030405"]);
    const decision = new Decision(connection, coalition, [{ target: box, data }], "Seven and a tail");
    await expect(decision.propose(members[0]))
      .to.emit(governor, "ProposalCreated")
      .withArgs(
        await decision.identify(),
        members[0],
        [await box.getAddress()],
        [0n],
        [""],
        [data],
        (snapshot: bigint) => snapshot > 0n,
        (deadline: bigint) => deadline > 0n,
        decision.description,
      );
    await decision.open();
    await decision.voteAll(members, Support.For);
    await decision.close();

    const trimmed = new Decision(
      connection,
      coalition,
      [{ target: box, data: callOf(7) }],
      "Seven and a tail",
    );
    await trimmed.identify();
    expect(trimmed.id).not.to.equal(decision.id);
    await expect(trimmed.queue(members[0]))
      .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
      .withArgs(trimmed.id);
    await decision.queue(members[0]);
    await decision.mature();
    await expect(trimmed.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
      .withArgs(trimmed.id);
    expect(await box.x()).to.equal(0n);
    await expect(decision.execute(members[0]))
      .to.emit(timelock, "CallExecuted")
      .withArgs((id: string) => id.length === 66, 0, box, 0, data);
    expect(await box.x()).to.equal(7n);
  });

  it("attack 16: a proposal whose encoding lacks even one byte is refused", async () => {
    const { governor, members, decisionOf } = await loadFixture(twentyFour);
    const { targets, values, calldatas, description } = decisionOf("Cut short");
    const addresses = await Promise.all(targets.map(async (target) => ethers.resolveAddress(target)));
    const whole = governor.interface.encodeFunctionData("propose", [
      addresses,
      values,
      calldatas,
      description,
    ]);
    // The last 23 bytes are padding behind the text.
    for (const bytes of [24, 32, 64, 200]) {
      const data = ethers.dataSlice(whole, 0, ethers.dataLength(whole) - bytes);
      await expect(members[0].sendTransaction({ to: governor, data })).to.be.revertedWithoutReason(ethers);
    }
  });

  it("attack 17: the same proposal cannot stand twice, whatever became of the first", async () => {
    const { governor, members, outsiders, decisionOf } = await loadFixture(twentyFour);
    const refused = async (decision: Decision, state: bigint, by: Person = members[1]) =>
      expect(decision.propose(by))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, state, ethers.ZeroHash);
    const cancelled = decisionOf("Cancelled");
    await cancelled.propose(members[0]);
    await refused(cancelled, State.Pending);
    await cancelled.cancel(members[0]);
    await refused(cancelled, State.Canceled);
    const decision = decisionOf("Executed");
    await decision.start(members[0]);
    await refused(decision, State.Active);
    await decision.voteAll(members, Support.For);
    await decision.close();
    await refused(decision, State.Succeeded);
    await decision.queue(outsiders[0]);
    await refused(decision, State.Queued);
    await decision.mature();
    await decision.execute(outsiders[0]);
    await refused(decision, State.Executed);
    const defeated = decisionOf("Defeated");
    await defeated.start(members[0]);
    await defeated.close();
    await refused(defeated, State.Defeated);
  });

  it("attack 17: bytes moved from one action to the next make another proposal", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, box } = coalition;
    const split = (...data: string[]) =>
      new Decision(
        connection,
        coalition,
        data.map((part) => ({ target: box, data: part })),
        "Same bytes",
      );
    const variants = [
      split("0x11223344", "0x5566"),
      split("0x112233", "0x445566"),
      split("0x112233445566", "0x"),
    ];
    for (const variant of variants) await variant.propose(members[0]);
    expect(new Set(variants.map(({ id }) => id)).size).to.equal(variants.length);
    for (const variant of variants) expect(await governor.proposalProposer(variant.id)).to.equal(members[0]);
  });

  it("attack 18: a proposal without actions, or with lists that do not match, is refused", async () => {
    const { governor, members, box, callOf } = await loadFixture(twentyFour);
    const by = governor.connect(members[0]);
    for (const [targets, values, calldatas] of [
      [[], [], []],
      [[box], [], []],
      [[box], [0], []],
      [[box], [], [callOf(1)]],
      [[box, box], [0], [callOf(1)]],
      [[], [0], [callOf(1)]],
    ] as const) {
      await expect(by.propose([...targets], [...values], [...calldatas], "Nothing"))
        .to.be.revertedWithCustomError(governor, "GovernorInvalidProposalLength")
        .withArgs(targets.length, calldatas.length, values.length);
    }
  });

  it("attack 19: nobody cancels what others proposed, nor anybody what is open or decided", async () => {
    const { governor, members, outsiders, deployer, decisionOf, box } = await loadFixture(twentyFour);
    const decision = decisionOf("To be left alone");
    const refused = async (...people: Person[]) => {
      for (const person of people) {
        await expect(decision.cancel(person))
          .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
          .withArgs(decision.id, person);
      }
    };
    await decision.propose(members[0]);
    await refused(members[1], outsiders[0], deployer);
    await decision.open();
    await refused(members[0], members[1]);
    await decision.voteAll(members, Support.For);
    await decision.close();
    await refused(members[0], members[1]);
    await decision.queue(members[0]);
    await refused(members[0], members[1]);
    await decision.mature();
    await refused(members[0], outsiders[0]);
    await decision.execute(outsiders[0]);
    await refused(members[0]);
    expect(await decision.state()).to.equal(State.Executed);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 20: what was never proposed cannot be voted on, queued, executed or cancelled", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, box, decisionOf } = coalition;
    const before = await stateOf(coalition);
    const unborn = decisionOf("Never proposed");
    await unborn.identify();
    for (const attempt of [
      () => unborn.vote(members[0], Support.For),
      () => unborn.queue(members[0]),
      () => unborn.execute(members[0]),
      () => unborn.cancel(members[0]),
      () => unborn.state(),
      () => governor.proposalFrame(unborn.id),
      () => governor.castBallots(unborn.id, [], []),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(unborn.id);
    }
    expect(await governor.proposalVotes(unborn.id)).to.deep.equal([0n, 0n, 0n]);
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await box.x()).to.equal(0n);
  });

  it("attack 20: what has not opened cannot be voted on, queued or executed", async () => {
    const { governor, members, decisionOf } = await loadFixture(twentyFour);
    const decision = decisionOf("Not yet");
    await decision.propose(members[0]);
    for (const [attempt, expected] of [
      [() => decision.vote(members[0], Support.For), State.Active],
      [() => governor.castBallots(decision.id, [], []), State.Active],
      [() => decision.queue(members[0]), State.Succeeded],
      [() => decision.execute(members[0]), State.Queued],
    ] as const) {
      await expect(attempt())
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Pending, stateMask(expected));
    }
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 21: a call to an address that has no code yet is refused", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, outsiders } = coalition;
    const factory = await ethers.deployContract("MetamorphicFactory");
    const place = await factory.place();
    for (const target of [place, outsiders[0].address]) {
      const decision = new Decision(
        connection,
        coalition,
        [{ target, data: "0x11223344" }],
        "To be filled in",
      );
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorTargetWithoutCode")
        .withArgs(target);
      await expect(decision.state())
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(decision.id);
    }
  });

  it("attack 21: a target destroyed after its proposal keeps the code that was voted on", async () => {
    const coalition = await loadFixture(twentyFour);
    const { members, outsiders } = coalition;
    const factory = await ethers.deployContract("MetamorphicFactory");
    const place = await factory.place();
    const good = await deployRaw(connection, VANISHING);
    const evil = await ethers.deployContract("HeavyTarget");
    await factory.deployAndPerform(good, []);
    const code = await ethers.provider.getCode(place);
    const decision = new Decision(
      connection,
      coalition,
      [{ target: place, data: "0x11223344" }],
      "As it reads",
    );
    await decision.ripen(members);
    await outsiders[0].sendTransaction({ to: place });
    expect(await ethers.provider.getCode(place)).to.equal(code);
    await expect(factory.deployAndPerform(evil, [])).to.be.revertedWithCustomError(
      factory,
      "FailedDeployment",
    );
    await decision.execute(members[0]);
    expect(await ethers.provider.getStorage(place, 0)).to.equal(toBeHex(1, 32));
  });

  it("attack 22: text and actions are one proposal; neither can be swapped for another", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, box, callOf } = coalition;
    const honest = new Decision(connection, coalition, [{ target: box, data: callOf(1) }], "Set one");
    const otherDeed = new Decision(connection, coalition, [{ target: box, data: callOf(666) }], "Set one");
    const otherText = new Decision(connection, coalition, [{ target: box, data: callOf(1) }], "Set 666");
    const otherSum = new Decision(
      connection,
      coalition,
      [{ target: box, data: callOf(1), value: 1n }],
      "Set one",
    );
    await honest.succeed(members);
    for (const other of [otherDeed, otherText, otherSum]) {
      await other.identify();
      await expect(other.queue(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(other.id);
    }
    await honest.queue(members[0]);
    await honest.mature();
    for (const other of [otherDeed, otherText, otherSum]) {
      await expect(other.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(other.id);
    }
    expect(await box.x()).to.equal(0n);
    await honest.execute(members[0]);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 23: a description above its bound is refused", async () => {
    const { governor, members, decisionOf } = await loadFixture(twentyFour);
    const decision = decisionOf("é".repeat(4_096).concat("!"));
    await expect(decision.propose(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
      .withArgs(short("description"), 8_193, 8_192);
    await expect(decision.state())
      .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
      .withArgs(decision.id);
  });

  it("attack 24: more actions or bytes than can be executed are refused", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, box } = coalition;
    const bytes = (size: number) => `0x${"00".repeat(size)}`;
    const many = new Decision(
      connection,
      coalition,
      Array(17).fill({ target: box, data: "0x11223344" }),
      "17",
    );
    await expect(many.propose(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
      .withArgs(short("actions"), 17, 16);
    const heavy = new Decision(
      connection,
      coalition,
      [
        { target: box, data: bytes(16_000) },
        { target: box, data: bytes(385) },
      ],
      "Heavy",
    );
    await expect(heavy.propose(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
      .withArgs(short("calldata"), 16_385, 16_384);
  });

  it("attack 24: the largest proposal there is passes through every stage within a transaction's gas", async () => {
    const { governor, members, decision } = await loadFixture(largest);
    const within = async (sent: Promise<ContractTransactionResponse>) =>
      expect(await gasOf(sent)).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    await within(decision.propose(members[0]));
    await decision.open();
    for (const [index, member] of members.entries()) {
      // The longest reason, by the dearest way.
      const reason = String.fromCharCode(97 + index).repeat(1_024);
      await within(decision.voteBySig(members[0], member, Support.For, { reason }));
    }
    await decision.close();
    await within(decision.queue(members[0]));
    await decision.mature();
    await within(decision.execute(members[0]));
    for (const target of decision.targets) {
      expect(await ethers.provider.getStorage(target, 0)).to.equal(toBeHex(1, 32));
    }
    expect(await governor.state(decision.id)).to.equal(State.Executed);
  });

  it("attack 25: an approved proposal cannot be dug out after its grace period", async () => {
    const { governor, members, outsiders, box, decisionOf, parameters } = await loadFixture(twentyFour);
    const forgotten = decisionOf("Forgotten");
    await forgotten.succeed(members);
    await time.increase(parameters.Governor.action.grace + 1);
    await expect(forgotten.queue(outsiders[0]))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(forgotten.id, State.Expired, stateMask(State.Succeeded));
    const shelved = decisionOf("Shelved");
    await shelved.ripen(members);
    await time.increase(10 * 365 * 86_400);
    await expect(shelved.execute(outsiders[0]))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(shelved.id, State.Expired, stateMask(State.Queued));
    expect(await box.x()).to.equal(0n);
  });

  it("attack 26: a lowered quorum does not raise a defeated decision", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, box, decisionOf } = coalition;
    const defeated = decisionOf("Six were not enough");
    await defeated.start(members[0]);
    await defeated.voteAll(members.slice(0, 6), Support.For);
    await defeated.close();
    const lower = { quorumBps: 100n, quorumFloor: 3n, approvalFloorBps: 0n };
    const actions = await changeRulesOf(governor, lower, UP_TO_ACTIONS);
    await new Decision(connection, coalition, actions, "Three are enough").pass(members);
    expect(await governor.quorum(await defeated.snapshot())).to.equal(3n);
    expect((await governor.proposalFrame(defeated.id)).quorumNeeded).to.equal(7n);
    expect(await defeated.state()).to.equal(State.Defeated);
    await expect(defeated.queue(members[0]))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(defeated.id, State.Defeated, stateMask(State.Succeeded));
    expect(await box.x()).to.equal(0n);
  });

  it("attack 27: rules changed in mid-vote neither kill nor save an open decision", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, decisionOf } = coalition;
    const rulesOfTomorrow = {
      quorumBps: 5_000n,
      quorumFloor: 12n,
      approvalBps: 8_000n,
      approvalFloorBps: 2_500n,
      period: 90n * 86_400n,
      grace: 86_400n,
      delay: 30n * 86_400n,
      extension: 14n * 86_400n,
      concurrence: 6n,
      concurrenceMembers: 1n,
      endorsements: 12n,
      endorsementGroups: 6n,
    };
    const classes = [DecisionClass.Amendment, ...DOWN_TO_ACTIONS];
    const stricter = await changeRulesOf(governor, rulesOfTomorrow, classes);
    const change = new Decision(connection, coalition, stricter, "Stricter");
    await change.ripen(members);
    const passing = decisionOf("Passes by the rules of its day");
    await passing.start(members[0]);
    const [deadline, rules] = [
      await passing.deadline(),
      plainRules((await governor.proposalRules(passing.id))[1]),
    ];
    await passing.voteAll(members.slice(0, 4), Support.For);
    await change.execute(members[0]);
    await passing.voteAll(members.slice(4, 7), Support.For);
    await passing.voteAll(members.slice(7, 13), Support.Against);
    expect(await passing.deadline()).to.equal(deadline);
    expect(plainRules((await governor.proposalRules(passing.id))[1])).to.deep.equal(rules);
    await passing.close();
    expect(await passing.state()).to.equal(State.Succeeded);
    // Nor does the longer delay hold up what was decided before.
    await passing.queue(members[0]);
    expect(await passing.eta()).to.equal(BigInt(await time.latest()) + rules.delay);
    await passing.mature();
    await passing.execute(members[0]);
    expect(await passing.state()).to.equal(State.Executed);
  });

  it("attack 27: a target that was given power in mid-vote is not called by what was decided in a lesser class", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, box, callOf, decisionOf } = coalition;
    const data = governor.interface.encodeFunctionData("guard", [await box.getAddress()]);
    const guarding = new Decision(
      connection,
      coalition,
      [{ target: governor, data }],
      "The box has power now",
    );
    await guarding.ripen(members);
    const action = decisionOf("Decided while it had none");
    await action.start(members[0]);
    await action.voteAll(members, Support.For);
    await guarding.execute(members[0]);
    await action.close();
    await action.queue(members[0]);
    await action.mature();
    await expect(action.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
      .withArgs(action.id, DecisionClass.Action, DecisionClass.Amendment);
    expect(await box.x()).to.equal(0n);
    expect(await governor.classOf(box, callOf(1).slice(0, 10))).to.equal(DecisionClass.Amendment);
    const amendment = decisionOf("Decided as an amendment", 2);
    await amendment.pass(members);
    expect(await box.x()).to.equal(2n);
  });

  it("attack 28: no decision can set rules by which none could ever be taken", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, bounds, membership, members } = coalition;
    const before = await stateOf(coalition);
    const stage = await governor.shortestStage();
    const notice = (await membership.waitingFloor()) - 1n;
    const ofAnyClass = {
      notice: [stage, notice],
      period: [stage, 90n * 86_400n],
      grace: [stage, 180n * 86_400n],
      delay: [stage, 30n * 86_400n],
      extension: [0n, 14n * 86_400n],
      quorumBps: [100n, 5_000n],
      quorumFloor: [3n, 12n],
      approvalBps: [5_000n, 8_000n],
      approvalFloorBps: [0n, 2_500n],
      concurrence: [0n, 6n],
      concurrenceMembers: [1n, 255n],
      endorsements: [0n, 12n],
      endorsementGroups: [0n, 0n],
    } as const;
    const ofAmendments = { approvalBps: [6_000n, 8_000n], concurrence: [2n, 6n] } as const;
    const tries = [
      [DecisionClass.Action, ofAnyClass],
      [DecisionClass.Amendment, ofAmendments],
    ].flatMap(([of, ranges]) =>
      Object.entries(ranges).flatMap(([rule, [min, max]]) =>
        [min - 1n, max + 1n]
          .filter((value) => value >= 0n && (rule !== "concurrenceMembers" || value < 256n))
          .map((value) => ({ of: Number(of), rule, value, min, max })),
      ),
    );
    const decisions: { decision: Decision; args: unknown[] }[] = [];
    for (const [index, { of, rule, value, min, max }] of tries.entries()) {
      const action = await changeRules(governor, { [rule]: value }, of);
      const decision = new Decision(connection, coalition, [action], `${rule} of ${value} for class ${of}`);
      await decision.propose(members[index % members.length]);
      decisions.push({ decision, args: [short(rule), value, min, max] });
    }
    await decisions[decisions.length - 1].decision.open();
    for (const { decision } of decisions) await decision.voteAll(members.slice(0, 9), Support.For);
    await decisions[decisions.length - 1].decision.close();
    for (const { decision } of decisions) await decision.queue(members[0]);
    await decisions[decisions.length - 1].decision.mature();
    for (const { decision, args } of decisions) {
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
        .withArgs(...args);
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 28: no decision can make a lesser class stricter than a greater one, to be gone round by the latter", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, bounds, members } = coalition;
    const before = await stateOf(coalition);
    const { Resolution, Action, Appeal, Amendment } = DecisionClass;
    const tries = [
      [Action, { approvalBps: 7_000n }, Action, Appeal, "approvalBps"],
      [Action, { delay: 86_400n, quorumBps: 1_900n }, Resolution, Action, "quorumBps"],
      [Amendment, { delay: 86_400n }, Action, Amendment, "delay"],
      [Amendment, { endorsements: 0n, notice: 86_400n }, Resolution, Amendment, "notice"],
    ] as const;
    for (const [index, [of, changes, lesser, greater, rule]] of tries.entries()) {
      const action = await changeRules(governor, changes, of);
      const decision = new Decision(connection, coalition, [action], `Out of order ${index}`);
      await decision.ripen(members);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
        .withArgs(lesser, greater, short(rule));
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 29: outsiders, newcomers, leavers and the suspended cannot flood the agenda", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, membership, members, outsiders, decisionOf } = coalition;
    const [newcomer] = await freshKeys(connection, 1);
    await join(coalition, newcomer);
    const { votesFrom } = await membership.member(await membership.numberOf(newcomer));
    const roll = await asTimelock(connection, coalition);
    const until = BigInt(await time.latest()) + 30n * 86_400n;
    await roll.suspend(await membership.numberOf(members[0]), maskOf(Right.Propose), until);
    const spam = decisionOf("Buy now");
    for (const [person, ...reason] of [
      [outsiders[0], Standing.NotMember, 0n],
      [newcomer, Standing.Immature, votesFrom],
      [members[0], Standing.Suspended, until],
    ] as const) {
      await expect(spam.propose(person))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(person, ...reason);
    }
    await expect(spam.state())
      .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
      .withArgs(spam.id);
  });

  it("attack 30: who left or was expelled a second ago does not propose", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, membership, members, decisionOf } = coalition;
    const [leaver, expelled] = members;
    const roll = await asTimelock(connection, coalition);
    const moment = BigInt(await time.latest()) + 10n;
    await time.setNextBlockTimestamp(moment);
    await membership.connect(leaver).resign();
    await time.setNextBlockTimestamp(moment + 1n);
    await expect(decisionOf("A last word").propose(leaver))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
      .withArgs(leaver, Standing.Ended, moment);
    await time.setNextBlockTimestamp(moment + 2n);
    await roll.end(await membership.numberOf(expelled));
    await time.setNextBlockTimestamp(moment + 3n);
    await expect(decisionOf("Revenge").propose(expelled))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
      .withArgs(expelled, Standing.Ended, moment + 2n);
    // One second before, both had their vote: a look at the past would have let them in.
    expect(await membership.getPastVotes(leaver, moment - 1n)).to.equal(1n);
    expect(await membership.getPastVotes(expelled, moment + 1n)).to.equal(1n);
  });

  it("attack 31: a tie decides nothing", async () => {
    const { governor, members, box, decisionOf } = await loadFixture(twentyFour);
    const decision = decisionOf("Twelve to twelve");
    await decision.start(members[0]);
    await decision.voteAll(members.slice(0, 12), Support.For);
    await decision.voteAll(members.slice(12), Support.Against);
    await decision.close();
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([12n, 12n, 0n]);
    expect(await decision.state()).to.equal(State.Defeated);
    await expect(decision.queue(members[0]))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(decision.id, State.Defeated, stateMask(State.Succeeded));
    expect(await box.x()).to.equal(0n);
  });

  it("attack 32: abstentions alone pass nothing", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, decisionOf } = coalition;
    const actions = await changeRulesOf(governor, { approvalFloorBps: 0n }, UP_TO_ACTIONS);
    await new Decision(connection, coalition, actions, "No floor of For").pass(members);
    const decision = decisionOf("Nobody minds");
    await decision.start(members[0]);
    await decision.voteAll(members, Support.Abstain);
    await decision.close();
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 32: opposition does not make the quorum of what it opposes", async () => {
    const { governor, members, decisionOf } = await loadFixture(twentyFour);
    const decision = decisionOf("Six to five, of 24");
    await decision.start(members[0]);
    await decision.voteAll(members.slice(0, 6), Support.For);
    await decision.voteAll(members.slice(6, 11), Support.Against);
    await decision.close();
    expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(7n);
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 34: two decisions on the rules, executed in either order, leave one of them and no mixture", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members } = coalition;
    const { Amendment } = DecisionClass;
    const one = await changeRules(governor, { quorumBps: 2_000n, approvalBps: 8_000n }, Amendment);
    const other = await changeRules(governor, { quorumBps: 5_000n, approvalBps: 6_000n }, Amendment);
    const first = new Decision(connection, coalition, [one], "Few, but agreed");
    const second = new Decision(connection, coalition, [other], "Many, by a majority");
    for (const decision of [first, second]) await decision.propose(members[0]);
    await second.open();
    for (const decision of [first, second]) await decision.voteAll(members, Support.For);
    await second.close();
    for (const decision of [first, second]) await decision.queue(members[0]);
    await second.mature();
    const snapshot = await networkHelpers.takeSnapshot();
    for (const [order, last] of [
      [[first, second], { quorumBps: 5_000n, approvalBps: 6_000n }],
      [[second, first], { quorumBps: 2_000n, approvalBps: 8_000n }],
    ] as const) {
      for (const decision of order) await decision.execute(members[0]);
      expect(plainRules(await governor.rules(Amendment))).to.include(last);
      await snapshot.restore();
    }
  });
});
