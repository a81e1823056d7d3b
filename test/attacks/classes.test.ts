import { expect } from "chai";
import { network } from "hardhat";
import { changeRulesOf, DOWN_TO_ACTIONS, stateOf } from "../helpers/attacks.js";
import {
  type Action,
  changeRules,
  Decision,
  DecisionClass,
  foundCoalition,
  State,
  Support,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;
const { ZeroHash } = ethers;
const { Resolution, Action: Plain, Amendment } = DecisionClass;

/** 24 members of DC-BAS, a target without power, and every way to have what only an amendment may do done. */
async function twentyFour() {
  const coalition = await foundCoalition(connection);
  const { governor, timelock, membership, agenda, guardian, resolutions, claims, members } = coalition;
  const box = await ethers.deployContract("Box");
  const puppet = await ethers.deployContract("Puppet");
  const decide = (text: string, ...actions: Action[]) => new Decision(connection, coalition, actions, text);
  const set: Action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const [roll, lock, governorAt] = await Promise.all(
    [membership, timelock, governor].map((one) => one.getAddress()),
  );
  const end = membership.interface.encodeFunctionData("end", [await membership.numberOf(members[0])]);
  const call = (target: Action["target"], data: string): Action => ({ target, data });
  const ofGovernor = governor.interface;
  const ofTimelock = timelock.interface;
  const grant = ofTimelock.encodeFunctionData("grantRole", [
    await timelock.PROPOSER_ROLE(),
    await puppet.getAddress(),
  ]);
  const scheduled = ofTimelock.encodeFunctionData("scheduleBatch", [
    [roll],
    [0n],
    [end],
    ZeroHash,
    ZeroHash,
    30 * 86_400,
  ]);
  const lesser = ofGovernor.encodeFunctionData("setActionClass", [roll, end.slice(0, 10), Resolution]);
  const routes: Record<string, Action[]> = {
    "a rule": [await changeRules(governor, { quorumBps: 2_100n }, Amendment)],
    "a membership": [call(membership, end)],
    "a membership behind harmless actions": [set, set, call(membership, end)],
    "a role": [call(timelock, grant)],
    "a role by relay": [call(governor, ofGovernor.encodeFunctionData("relay", [lock, 0n, grant]))],
    "the delay": [call(timelock, ofTimelock.encodeFunctionData("updateDelay", [86_400]))],
    "an operation": [call(timelock, scheduled)],
    "an operation by relay": [call(governor, ofGovernor.encodeFunctionData("relay", [lock, 0n, scheduled]))],
    "an operation within an operation": [
      call(
        governor,
        ofGovernor.encodeFunctionData("relay", [
          lock,
          0n,
          ofTimelock.encodeFunctionData("scheduleBatch", [
            [governorAt],
            [0n],
            [ofGovernor.encodeFunctionData("relay", [lock, 0n, scheduled])],
            ZeroHash,
            ZeroHash,
            30 * 86_400,
          ]),
        ]),
      ),
    ],
    "an entry of the table": [call(governor, lesser)],
    "an entry of the table, and its use at once": [call(governor, lesser), call(membership, end)],
    "an unknown function of an organ": [call(membership, "0x12345678")],
    "three bytes to an organ": [call(claims, "0x123456")],
    "ether to an organ": [{ target: agenda, value: 1n }],
    "places on the agenda": [call(agenda, agenda.interface.encodeFunctionData("setPlaces", [5]))],
    "the guardian, bound anew": [call(guardian, guardian.interface.encodeFunctionData("bind", [lock]))],
  };
  const record = call(
    resolutions,
    resolutions.interface.encodeFunctionData("record", [ethers.id("a text of no effect")]),
  );
  return { ...coalition, box, puppet, decide, set, end, grant, lesser, routes, record };
}

describe("Attacks: classes of decisions", () => {
  it("attack 75: no route to what only an amendment may do is open to a bare majority", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, members, decide, set, routes, record } = coalition;
    const before = await stateOf(coalition);
    const decisions = Object.entries(routes).map(([route, actions]) =>
      decide(`To change ${route}`, ...actions),
    );
    const control = [decide("An action", set), decide("A resolution", record)];
    for (const [index, decision] of [...decisions, ...control].entries()) {
      await decision.propose(members[index % members.length]);
    }
    // Fourteen to ten, groups of both minds.
    await control[0].open();
    for (const decision of [...decisions, control[0]]) {
      await decision.voteAll(members.slice(0, 14), Support.For);
      await decision.voteAll(members.slice(14), Support.Against);
    }
    await control[0].close();
    for (const decision of decisions) {
      expect((await governor.proposalRules(decision.id))[0], decision.description).to.equal(Amendment);
      expect(await decision.state(), decision.description).to.equal(State.Defeated);
    }
    expect((await governor.proposalRules(control[0].id))[0]).to.equal(Plain);
    expect(await control[0].state()).to.equal(State.Succeeded);
    expect((await governor.proposalRules(control[1].id))[0]).to.equal(Resolution);
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 75: a contract that passes calls on has no power to pass on", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, governor, timelock, members, puppet, decide, end, grant } = coalition;
    const before = await stateOf(coalition);
    const by = await puppet.getAddress();
    const change = await changeRules(governor, { quorumBps: 2_100n }, Amendment);
    const tries: [
      string,
      string,
      typeof membership | typeof timelock | typeof governor,
      string,
      unknown[],
    ][] = [
      [await membership.getAddress(), end, membership, "MembershipUnauthorized", [by, timelock]],
      [
        await timelock.getAddress(),
        grant,
        timelock,
        "AccessControlUnauthorizedAccount",
        [by, await timelock.DEFAULT_ADMIN_ROLE()],
      ],
      [await governor.getAddress(), change.data ?? "", governor, "GovernorOnlyExecutor", [by]],
    ];
    for (const [target, data, victim, error, args] of tries) {
      const forwarded = puppet.interface.encodeFunctionData("perform", [[{ target, data }]]);
      const decision = decide(`Passed on to ${target}`, { target: puppet, data: forwarded });
      await decision.ripen(members);
      expect((await governor.proposalRules(decision.id))[0]).to.equal(Plain);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(victim, error)
        .withArgs(...args);
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 75: a function that was made less than an amendment is so for later decisions only", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, membership, members, decide, end, lesser } = coalition;
    const change = decide("Ending memberships is a resolution", { target: governor, data: lesser });
    await change.ripen(members);
    const early = decide("Expelled by the old rule", { target: membership, data: end });
    await early.start(members[1]);
    await early.voteAll(members.slice(0, 14), Support.For);
    await change.execute(members[0]);
    await early.voteAll(members.slice(14), Support.Against);
    await early.close();
    expect((await governor.proposalRules(early.id))[0]).to.equal(Amendment);
    expect(await early.state()).to.equal(State.Defeated);
    expect(await governor.classOf(membership, end.slice(0, 10))).to.equal(Resolution);
  });

  it("attack 72: no table, and no decision, makes a call of the governor or the timelock less than an amendment", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, timelock, members, box, decide } = coalition;
    const { interface: face } = governor;
    const selector = face.getFunction("relay").selector;
    const tries: [string, string][] = [];
    for (const one of [governor, timelock]) {
      const target = await one.getAddress();
      tries.push([target, face.encodeFunctionData("setActionClass", [target, selector, Plain])]);
      tries.push([target, face.encodeFunctionData("guard", [target])]);
    }
    // What is not guarded has no entries either: one made in advance would wait for its power.
    const boxAt = await box.getAddress();
    tries.push([boxAt, face.encodeFunctionData("setActionClass", [boxAt, selector, Resolution])]);
    for (const [index, [target, data]] of tries.entries()) {
      const decision = decide(`Less strict ${index}`, { target: governor, data });
      await decision.ripen(members);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassFixed")
        .withArgs(target);
    }
    for (const one of [governor, timelock]) {
      for (const any of [selector, "0x00000000", "0xffffffff"]) {
        expect(await governor.classOf(one, any)).to.equal(Amendment);
      }
    }
  });

  it("attack 73: a delay of the timelock that was shortened does not shorten what a class waits", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, timelock, members, box, decide, set } = coalition;
    const shortest = await timelock.SHORTEST_STAGE();
    const data = timelock.interface.encodeFunctionData("updateDelay", [shortest]);
    const actions = await changeRulesOf(governor, { delay: 4n * 86_400n }, DOWN_TO_ACTIONS);
    await decide("A day in the timelock, four for actions", { target: timelock, data }, ...actions).pass(
      members,
    );
    const decision = decide("A number", set);
    await decision.succeed(members);
    await decision.queue(members[0]);
    const eta = await decision.eta();
    const queued = BigInt(await networkHelpers.time.latest());
    expect(eta).to.equal(queued + 4n * 86_400n);
    await networkHelpers.time.increaseTo(queued + shortest + 1n);
    await expect(decision.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooEarly")
      .withArgs(decision.id, eta);
    expect(await box.x()).to.equal(0n);
    await decision.mature();
    await decision.execute(members[0]);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 74: a role granted first is not used by a lesser decision later, once its holder is guarded", async () => {
    const coalition = await loadFixture(twentyFour);
    const { governor, timelock, membership, members, puppet, decide, end, grant } = coalition;
    const holder = await puppet.getAddress();
    const guard = governor.interface.encodeFunctionData("guard", [holder]);
    // Decided while the contract was anybody's.
    const operation = [await membership.getAddress(), 0n, end, ZeroHash, ZeroHash, 30 * 86_400] as const;
    const data = timelock.interface.encodeFunctionData("schedule", [...operation]);
    const target = await timelock.getAddress();
    const use: Action = {
      target: puppet,
      data: puppet.interface.encodeFunctionData("perform", [[{ target, data }]]),
    };
    const granting = decide(
      "A role, and a guard over who has it",
      { target: timelock, data: grant },
      { target: governor, data: guard },
    );
    const early = decide("To use it", use);
    for (const decision of [granting, early]) await decision.propose(members[0]);
    await early.open();
    for (const decision of [granting, early]) await decision.voteAll(members, Support.For);
    await early.close();
    for (const decision of [granting, early]) await decision.queue(members[0]);
    await granting.mature();
    await granting.execute(members[0]);
    await expect(early.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
      .withArgs(early.id, Plain, Amendment);
    const late = decide("To use it now", use);
    await late.start(members[0]);
    await late.voteAll(members.slice(0, 14), Support.For);
    await late.voteAll(members.slice(14), Support.Against);
    await late.close();
    expect((await governor.proposalRules(late.id))[0]).to.equal(Amendment);
    expect(await late.state()).to.equal(State.Defeated);
    const id = await timelock.hashOperation(
      ...(operation.slice(0, 5) as [string, bigint, string, string, string]),
    );
    expect(await timelock.isOperation(id)).to.equal(false);
  });
});
