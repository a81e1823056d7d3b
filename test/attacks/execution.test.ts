import { readFileSync } from "node:fs";
import { expect } from "chai";
import hre, { network } from "hardhat";
import { findForbiddenOpcodes } from "../../scripts/checks/opcodes.js";
import { isTestSupport } from "../../scripts/checks/solidity.js";
import { CONTRACTS, type ContractKey } from "../../scripts/lib/address-book.js";
import { deployRaw, gasOf, stateOf, TRANSACTION_GAS_LIMIT, VANISHING } from "../helpers/attacks.js";
import {
  type Action,
  changeRules,
  Decision,
  DecisionClass,
  foundCoalition,
  operationOf,
  plainRules,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const { ZeroHash } = ethers;

/** The word that the timelock gives for an operation that should be ready. */
const READY = stateMask(2n);

/** Twelve members of DC-BAS, a target that keeps a number and one that calls back. */
async function twelve() {
  const coalition = await foundCoalition(connection, { count: 12 });
  const box = await ethers.deployContract("Box");
  const set = (value: number): Action => ({
    target: box,
    data: box.interface.encodeFunctionData("setX", [value]),
  });
  const reentrant = await ethers.deployContract("ReentrantTarget");
  const visit: Action = { target: reentrant, data: reentrant.interface.encodeFunctionData("visit") };
  const heavy = await ethers.deployContract("HeavyTarget");
  const decide = (text: string, ...actions: Action[]) => new Decision(connection, coalition, actions, text);
  return { ...coalition, box, set, reentrant, visit, heavy, decide };
}

/** Proposed, voted, queued and mature, all of them at once, whatever their classes. */
async function ripen({ members }: Awaited<ReturnType<typeof twelve>>, ...decisions: Decision[]) {
  const latest = async (moment: (decision: Decision) => Promise<bigint>) => {
    const moments = await Promise.all(decisions.map(moment));
    return moments.reduce((last, one) => (one > last ? one : last));
  };
  for (const [index, decision] of decisions.entries()) await decision.propose(members[index]);
  await time.increaseTo((await latest((one) => one.snapshot())) + 1n);
  for (const decision of decisions) await decision.voteAll(members, Support.For);
  await time.increaseTo((await latest((one) => one.deadline())) + 1n);
  for (const decision of decisions) await decision.queue(members[0]);
  await time.increaseTo(await latest((one) => one.eta()));
}

/** The arguments with which a decision's operation is driven on the timelock itself. */
async function operationParts({ governor }: Awaited<ReturnType<typeof twelve>>, decision: Decision) {
  const targets = await Promise.all(decision.targets.map((target) => ethers.resolveAddress(target)));
  const salt = ethers.toBeHex(
    (BigInt(await governor.getAddress()) << 96n) ^ BigInt(decision.descriptionHash),
    32,
  );
  return [targets, decision.values, decision.calldatas, ZeroHash, salt] as const;
}

/** Answers the compiler's map of a contract's code, by which data behind the code is told from code. */
function sourceMaps(): (fullName: string) => Promise<string> {
  // Many contracts come from one file, which is large: each is read once, and forgotten with the test.
  const outputs = new Map<string, { contracts: CompiledContracts }>();
  return async (fullName) => {
    const {
      buildInfoId = "",
      inputSourceName = "",
      contractName,
    } = await hre.artifacts.readArtifact(fullName);
    const path = (await hre.artifacts.getBuildInfoOutputPath(buildInfoId)) ?? "";
    const output = outputs.get(path) ?? JSON.parse(readFileSync(path, "utf8")).output;
    outputs.set(path, output);
    const contract = output.contracts[inputSourceName]?.[contractName];
    if (contract === undefined) throw new Error(`${path} does not hold ${fullName}`);
    return contract.evm.deployedBytecode.sourceMap;
  };
}

type CompiledContracts = Record<string, Record<string, { evm: { deployedBytecode: { sourceMap: string } } }>>;

describe("Attacks: execution and timelock", () => {
  it("attack 67: nothing is executed before it is decided, queued and its delay over", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, members, box, set, decide } = coalition;
    const decision = decide("Patience", set(1));
    const tooEarly = async (state: bigint) =>
      expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, state, stateMask(State.Queued));
    await decision.propose(members[0]);
    await tooEarly(State.Pending);
    await decision.open();
    await decision.voteAll(members, Support.For);
    await tooEarly(State.Active);
    await decision.close();
    await tooEarly(State.Succeeded);
    await decision.queue(members[0]);
    const eta = await decision.eta();
    await time.increaseTo(eta - 2n);
    await time.setNextBlockTimestamp(eta - 1n);
    await expect(decision.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooEarly")
      .withArgs(decision.id, eta);
    expect(await box.x()).to.equal(0n);
    expect(await decision.state()).to.equal(State.Queued);
  });

  it("attack 68: nothing is executed twice", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, members, outsiders, box, set, decide } = coalition;
    const decision = decide("Once", set(1));
    await decision.pass(members);
    await box.setX(5);
    for (const caller of [members[0], outsiders[0]]) {
      await expect(decision.execute(caller))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Executed, stateMask(State.Queued));
      await expect(decision.queue(caller))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Executed, stateMask(State.Succeeded));
    }
    expect(await timelock.isOperationDone(await operationOf(coalition, decision))).to.equal(true);
    expect(await box.x()).to.equal(5n);
  });

  it("attack 69: a target that calls execute again, when called or paid, is not called twice", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, deployer, reentrant, visit, decide } = coalition;
    await deployer.sendTransaction({ to: timelock, value: 10n });
    const called = decide("Called", visit);
    const paid = decide("Paid", { target: reentrant, value: 3n });
    await ripen(coalition, called, paid);
    for (const decision of [called, paid]) {
      const visits = await reentrant.visits();
      const targets = [await reentrant.getAddress()];
      const again = governor.interface.encodeFunctionData("execute", [
        targets,
        decision.values,
        decision.calldatas,
        decision.descriptionHash,
      ]);
      await reentrant.arm(governor, again);
      await decision.execute(deployer);
      expect(await reentrant.visits()).to.equal(visits + 1n);
      expect(await reentrant.succeeded()).to.equal(false);
      expect(governor.interface.parseError(await reentrant.answer())?.args).to.deep.equal([
        decision.id,
        State.Executed,
        stateMask(State.Queued),
      ]);
      expect(await decision.state()).to.equal(State.Executed);
    }
    expect(await ethers.provider.getBalance(reentrant)).to.equal(3n);
    expect(await ethers.provider.getBalance(timelock)).to.equal(7n);
  });

  it("attack 70: a target cannot have the timelock run what is not ready", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, members, box, set, reentrant, visit, decide } = coalition;
    // A day apart: the door is ready while the other still waits.
    const early = decide("A door", visit);
    const late = decide("Not ready", set(1));
    await early.propose(members[0]);
    await time.increase(86_400);
    await late.start(members[0]);
    for (const decision of [early, late]) await decision.voteAll(members, Support.For);
    for (const decision of [early, late]) {
      await decision.close();
      await decision.queue(members[0]);
    }
    await early.mature();
    const [targets, values, calldatas, , salt] = await operationParts(coalition, late);
    const operation = await operationOf(coalition, late);
    const snapshot = await networkHelpers.takeSnapshot();
    for (const [victim, data, error, args] of [
      [
        governor,
        governor.interface.encodeFunctionData("execute", [targets, values, calldatas, late.descriptionHash]),
        "CoalitionGovernorTooEarly",
        [late.id, await late.eta()],
      ],
      [
        timelock,
        timelock.interface.encodeFunctionData("executeBatch", [targets, values, calldatas, ZeroHash, salt]),
        "AccessControlUnauthorizedAccount",
        [await reentrant.getAddress(), await timelock.EXECUTOR_ROLE()],
      ],
      [
        timelock,
        timelock.interface.encodeFunctionData("cancel", [operation]),
        "AccessControlUnauthorizedAccount",
        [await reentrant.getAddress(), await timelock.CANCELLER_ROLE()],
      ],
    ] as const) {
      await reentrant.arm(victim, data);
      await early.execute(members[0]);
      expect(await reentrant.succeeded()).to.equal(false);
      const answer = await reentrant.answer();
      const refusal = governor.interface.parseError(answer) ?? timelock.interface.parseError(answer);
      expect(refusal?.name).to.equal(error);
      expect(refusal?.args).to.deep.equal(args);
      expect(await box.x()).to.equal(0n);
      expect(await late.state()).to.equal(State.Queued);
      await snapshot.restore();
    }
  });

  it("attack 70: a decision cannot schedule something and run it at once", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, members, box, set, decide } = coalition;
    const delay = await timelock.getMinDelay();
    const shortest = await timelock.SHORTEST_STAGE();
    const { data = "0x" } = set(666);
    const operation = await timelock.hashOperation(box, 0, data, ZeroHash, ZeroHash);
    const relayed = (call: string): Action => ({
      target: governor,
      data: governor.interface.encodeFunctionData("relay", [timelock.target as string, 0, call]),
    });
    const boxAddress = await box.getAddress();
    const schedule = (after: bigint) =>
      relayed(
        timelock.interface.encodeFunctionData("schedule", [boxAddress, 0, data, ZeroHash, ZeroHash, after]),
      );
    const run = relayed(
      timelock.interface.encodeFunctionData("execute", [boxAddress, 0, data, ZeroHash, ZeroHash]),
    );
    const lower: Action = {
      target: timelock,
      data: timelock.interface.encodeFunctionData("updateDelay", [shortest]),
    };
    const atOnce = decide("Scheduled and run", schedule(delay), run);
    const undercut = decide("Below the delay", schedule(0n), run);
    const shortened = decide("A shorter delay first", lower, schedule(shortest), run);
    await ripen(coalition, atOnce, undercut, shortened);
    for (const decision of [atOnce, shortened]) {
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState")
        .withArgs(operation, READY);
    }
    await expect(undercut.execute(members[0]))
      .to.be.revertedWithCustomError(timelock, "TimelockInsufficientDelay")
      .withArgs(0, delay);
    expect(await box.x()).to.equal(0n);
    expect(await timelock.isOperation(operation)).to.equal(false);
    expect(await timelock.getMinDelay()).to.equal(delay);
  });

  it("attack 71: nobody blocks a decision by scheduling its operation first", async () => {
    const coalition = await loadFixture(twelve);
    const { timelock, members, outsiders, deployer, box, set, decide } = coalition;
    const decision = decide("In the way", set(1));
    await decision.succeed(members);
    const operation = await operationOf(coalition, decision);
    const [targets, values, calldatas, predecessor, salt] = await operationParts(coalition, decision);
    for (const caller of [members[0], outsiders[0], deployer]) {
      await expect(
        timelock.connect(caller).scheduleBatch(targets, values, calldatas, predecessor, salt, 2_592_000),
      )
        .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
        .withArgs(caller, await timelock.PROPOSER_ROLE());
    }
    expect(await timelock.isOperation(operation)).to.equal(false);
    await decision.queue(outsiders[0]);
    await decision.mature();
    await decision.execute(outsiders[0]);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 72: a ready operation is run through the governor only", async () => {
    const coalition = await loadFixture(twelve);
    const { timelock, members, outsiders, deployer, box, set, decide, parameters } = coalition;
    const decision = decide("By the front door", set(1));
    await decision.ripen(members);
    const parts = await operationParts(coalition, decision);
    expect(await timelock.isOperationReady(await operationOf(coalition, decision))).to.equal(true);
    const refused = async () => {
      for (const caller of [members[0], outsiders[0], deployer]) {
        await expect(timelock.connect(caller).executeBatch(...parts))
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(caller, await timelock.EXECUTOR_ROLE());
      }
    };
    await refused();
    // Nor past the grace period, of which the timelock itself knows nothing.
    await time.increase(parameters.Governor.action.grace + 1);
    expect(await decision.state()).to.equal(State.Expired);
    await refused();
    expect(await box.x()).to.equal(0n);
  });

  it("attack 73: the delay cannot be set to nothing, or to for ever, not even by a decision", async () => {
    const coalition = await loadFixture(twelve);
    const { timelock, members, decide } = coalition;
    const before = await timelock.getMinDelay();
    const [min, max] = [await timelock.SHORTEST_STAGE(), await timelock.MAX_DELAY()];
    const delays = [0n, min - 1n, max + 1n, 2n ** 255n];
    const decisions = delays.map((delay) => {
      const data = timelock.interface.encodeFunctionData("updateDelay", [delay]);
      return decide(`A delay of ${delay}`, { target: timelock, data });
    });
    await ripen(coalition, ...decisions);
    for (const [index, decision] of decisions.entries()) {
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(timelock, "CoalitionTimelockDelayOutOfRange")
        .withArgs(delays[index], min, max);
    }
    expect(await timelock.getMinDelay()).to.equal(before);
  });

  it("attack 74: roles are granted, revoked or renounced by nobody outside", async () => {
    const coalition = await loadFixture(twelve);
    const { timelock, governor, members, outsiders, deployer } = coalition;
    const roles = [
      await timelock.DEFAULT_ADMIN_ROLE(),
      await timelock.PROPOSER_ROLE(),
      await timelock.CANCELLER_ROLE(),
      await timelock.EXECUTOR_ROLE(),
    ];
    for (const caller of [members[0], outsiders[0], deployer]) {
      const lock = timelock.connect(caller);
      for (const role of roles) {
        for (const attempt of [
          () => lock.grantRole(role, caller),
          () => lock.grantRole(role, ethers.ZeroAddress),
          () => lock.revokeRole(role, governor),
          () => lock.revokeRole(role, timelock),
        ]) {
          await expect(attempt())
            .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
            .withArgs(caller, roles[0]);
        }
        await expect(lock.renounceRole(role, governor)).to.be.revertedWithCustomError(
          timelock,
          "AccessControlBadConfirmation",
        );
        expect(await timelock.hasRole(role, caller)).to.equal(false);
        expect(await timelock.hasRole(role, ethers.ZeroAddress)).to.equal(false);
      }
    }
    for (const role of roles.slice(1)) expect(await timelock.hasRole(role, governor)).to.equal(true);
    expect(await timelock.hasRole(roles[0], timelock)).to.equal(true);
  });

  it("attack 75: relay and setters answer to the timelock alone", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, members, outsiders, deployer, box, set } = coalition;
    const before = await stateOf(coalition);
    const rules = plainRules(await governor.rules(DecisionClass.Action));
    const grant = timelock.interface.encodeFunctionData("grantRole", [ZeroHash, outsiders[0].address]);
    for (const caller of [members[0], outsiders[0], deployer]) {
      for (const attempt of [
        () => governor.connect(caller).relay(box, 0, set(1).data ?? "0x"),
        () => governor.connect(caller).relay(timelock, 0, grant),
        () => governor.connect(caller).setRules(DecisionClass.Action, rules),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await box.x()).to.equal(0n);
  });

  it("attack 75: ether and tokens do not get stuck in governor or roll", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, membership, members, outsiders, box, set, decide } = coalition;
    const [stranger] = outsiders;
    await expect(stranger.sendTransaction({ to: governor, value: 1n })).to.be.revertedWithCustomError(
      governor,
      "GovernorDisabledDeposit",
    );
    for (const to of [membership, coalition.admission, coalition.card]) {
      await expect(stranger.sendTransaction({ to, value: 1n })).to.be.revertedWithoutReason(ethers);
    }
    for (const attempt of [
      () => governor.onERC721Received(stranger, stranger, 1, "0x"),
      () => governor.onERC1155Received(stranger, stranger, 1, 1, "0x"),
      () => governor.onERC1155BatchReceived(stranger, stranger, [1], [1], "0x"),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(governor, "GovernorDisabledDeposit");
    }
    // What was forced upon the governor comes out by a decision; what comes with an execution is the treasury's.
    await networkHelpers.setBalance(await governor.getAddress(), 9n);
    const data = governor.interface.encodeFunctionData("relay", [await timelock.getAddress(), 9n, "0x"]);
    const decision = decide("To the treasury", { target: governor, data }, set(1));
    await decision.ripen(members);
    await governor.connect(stranger).execute(...decision.parts, { value: 2n });
    expect(await ethers.provider.getBalance(governor)).to.equal(0n);
    expect(await ethers.provider.getBalance(timelock)).to.equal(11n);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 76: a nested execution that empties the queue of governance calls takes nothing through with it", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, members, box, set, reentrant, visit, decide } = coalition;
    const change = await changeRules(governor, { approvalBps: 7_000n }, DecisionClass.Amendment);
    const outer = decide("A visit, then stricter rules", visit, change);
    const inner = decide("A number", set(1));
    await ripen(coalition, outer, inner);
    const before = plainRules(await governor.rules(DecisionClass.Amendment));
    const [targets, values, calldatas] = await operationParts(coalition, inner);
    const nested = governor.interface.encodeFunctionData("execute", [
      targets,
      values,
      calldatas,
      inner.descriptionHash,
    ]);
    await reentrant.arm(governor, nested);
    // The inner one clears what the outer one had announced to the governor: all of it fails, none of it stays.
    await expect(outer.execute(members[0])).to.be.revertedWithPanic(0x31);
    expect(plainRules(await governor.rules(DecisionClass.Amendment))).to.deep.equal(before);
    expect(await box.x()).to.equal(0n);
    expect([await outer.state(), await inner.state()]).to.deep.equal([State.Queued, State.Queued]);
    // Once the target lets be, or the inner one was run before, both go through.
    await inner.execute(members[0]);
    await outer.execute(members[0]);
    expect(await reentrant.succeeded()).to.equal(false);
    expect((await governor.rules(DecisionClass.Amendment)).approvalBps).to.equal(7_000n);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 76: an announced governance call that was not made cannot be made later by another", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, members, deployer, decide } = coalition;
    // `clock()` is announced like every call to the governor, and takes nothing from the queue.
    const change = await changeRules(governor, { approvalBps: 7_000n }, DecisionClass.Amendment);
    const clock: Action = { target: governor, data: governor.interface.encodeFunctionData("clock") };
    const poison = decide("Left in the queue", clock);
    await poison.pass(members);
    await networkHelpers.impersonateAccount(await timelock.getAddress());
    await networkHelpers.setBalance(await timelock.getAddress(), ethers.parseEther("1"));
    const impostor = await ethers.getSigner(await timelock.getAddress());
    const before = plainRules(await governor.rules(DecisionClass.Amendment));
    await expect(impostor.sendTransaction({ to: governor, data: change.data })).to.be.revertedWithPanic(0x31);
    await expect(governor.connect(impostor).relay(deployer, 1, "0x")).to.be.revertedWithPanic(0x31);
    expect(plainRules(await governor.rules(DecisionClass.Amendment))).to.deep.equal(before);
  });

  it("attack 77: if one action fails, none was done", async () => {
    const coalition = await loadFixture(twelve);
    const { members, box, set, heavy, decide } = coalition;
    const bad: Action = { target: heavy, data: heavy.interface.encodeFunctionData("fail", [4]) };
    const decision = decide("Two good ones and a bad one", set(1), set(2), bad);
    await decision.ripen(members);
    await expect(decision.execute(members[0]))
      .to.be.revertedWithCustomError(heavy, "HeavyTargetBomb")
      .withArgs("0x00000000");
    expect(await box.x()).to.equal(0n);
    expect(await decision.state()).to.equal(State.Queued);
  });

  it("attack 77: whoever executes with too little gas gets all or nothing", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, members, box, heavy, set, decide } = coalition;
    const answer: Action = { target: heavy, data: heavy.interface.encodeFunctionData("answer", [20_000]) };
    const decision = decide("A number between two works", answer, set(1), answer);
    await decision.ripen(members);
    const snapshot = await networkHelpers.takeSnapshot();
    const enough = await gasOf(decision.execute(members[0]));
    await snapshot.restore();
    let refused = 0;
    for (let limit = 60_000n; limit < enough; limit += 8_000n) {
      const sent = governor.connect(members[0]).execute(...decision.parts, { gasLimit: limit });
      await expect(sent).to.be.revert(ethers);
      refused++;
      expect([await box.x(), await heavy.visits(), await decision.state()]).to.deep.equal([
        0n,
        0n,
        State.Queued,
      ]);
    }
    expect(refused).to.be.greaterThan(10);
    await decision.execute(members[0]);
    expect([await box.x(), await heavy.visits(), await decision.state()]).to.deep.equal([
      1n,
      2n,
      State.Executed,
    ]);
  });

  it("attack 78: a target that answers or fails with a megabyte, or burns all gas, harms its own decision at most", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, members, heavy, box, set, decide, parameters } = coalition;
    const call = (data: string): Action => ({ target: heavy, data });
    const { interface: face } = heavy;
    const bomb = decide("Answers", call(face.encodeFunctionData("answer", [1 << 20])));
    const failure = decide("Fails", call(face.encodeFunctionData("fail", [1 << 20])));
    const burner = decide("Burns", call(face.encodeFunctionData("burn")));
    const plain = decide("A number", set(1));
    await ripen(coalition, bomb, failure, burner, plain);
    const execute = (decision: Decision) =>
      governor.connect(members[0]).execute(...decision.parts, { gasLimit: TRANSACTION_GAS_LIMIT });
    expect(await gasOf(execute(bomb))).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    expect(await heavy.visits()).to.equal(1n);
    for (const decision of [failure, burner]) {
      await expect(execute(decision)).to.be.revert(ethers);
      expect(await decision.state()).to.equal(State.Queued);
    }
    await plain.execute(members[0]);
    expect(await box.x()).to.equal(1n);
    await time.increase(parameters.Governor.action.grace + 1);
    for (const decision of [failure, burner]) expect(await decision.state()).to.equal(State.Expired);
    expect(await heavy.visits()).to.equal(1n);
  });

  it("attack 79: the treasury pays what was decided, whole or not at all", async () => {
    const coalition = await loadFixture(twelve);
    const { timelock, members, outsiders, deployer, decide } = coalition;
    const [first, second] = [ethers.Wallet.createRandom().address, ethers.Wallet.createRandom().address];
    await deployer.sendTransaction({ to: timelock, value: 15n });
    const decision = decide("Ten each", { target: first, value: 10n }, { target: second, value: 10n });
    await decision.ripen(members);
    await expect(decision.execute(outsiders[0])).to.be.revertedWithCustomError(timelock, "FailedCall");
    expect(await ethers.provider.getBalance(first)).to.equal(0n);
    expect(await ethers.provider.getBalance(timelock)).to.equal(15n);
    await deployer.sendTransaction({ to: timelock, value: 15n });
    await decision.execute(outsiders[0]);
    expect(await ethers.provider.getBalance(first)).to.equal(10n);
    expect(await ethers.provider.getBalance(second)).to.equal(10n);
    expect(await ethers.provider.getBalance(timelock)).to.equal(10n);
  });

  it("attack 80: a queued operation is cancelled by nobody", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, members, outsiders, deployer, set, decide, box } = coalition;
    const decision = decide("To be carried out", set(1));
    await decision.succeed(members);
    await decision.queue(members[0]);
    const operation = await operationOf(coalition, decision);
    for (const caller of [members[0], members[1], outsiders[0], deployer]) {
      await expect(timelock.connect(caller).cancel(operation))
        .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
        .withArgs(caller, await timelock.CANCELLER_ROLE());
      await expect(decision.cancel(caller))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, caller);
    }
    await decision.mature();
    await decision.execute(members[0]);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 81: no contract can be given other code or another master, by a decision or without", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, timelock, membership, members, outsiders, box, decide } = coalition;
    const codes = async () =>
      Promise.all([governor, timelock, membership].map((one) => ethers.provider.getCode(one)));
    const before = await codes();
    await expect(governor.connect(outsiders[0]).updateTimelock(box))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTimelockFixed")
      .withArgs(timelock);
    const data = governor.interface.encodeFunctionData("updateTimelock", [await box.getAddress()]);
    const master = decide("Another master", { target: governor, data });
    const upgrade = ethers.concat([
      ethers.id("upgradeToAndCall(address,bytes)").slice(0, 10),
      ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes"], [await box.getAddress(), "0x"]),
    ]);
    const upgrades = [governor, timelock, membership].map((target, index) =>
      decide(`Other code ${index}`, { target, data: upgrade }),
    );
    await ripen(coalition, master, ...upgrades);
    await expect(master.execute(members[0]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorTimelockFixed")
      .withArgs(timelock);
    for (const decision of upgrades) {
      await expect(decision.execute(members[0])).to.be.revertedWithCustomError(timelock, "FailedCall");
    }
    expect(await governor.timelock()).to.equal(timelock);
    expect(await membership.timelock()).to.equal(timelock);
    expect(await codes()).to.deep.equal(before);
  });

  it("attack 82: no deployed code runs foreign code as its own, destroys itself, or asks who pays or what chance says", async () => {
    const coalition = await loadFixture(twelve);
    const deployed = Object.fromEntries(
      Object.entries(CONTRACTS).map(([key, name]) => [name, coalition[key as ContractKey]]),
    );
    const own = new Map<string, string>();
    for (const fullName of await hre.artifacts.getAllFullyQualifiedNames()) {
      const [source = "", name = ""] = fullName.split(":");
      if (!source.startsWith("contracts/") || isTestSupport(source)) continue;
      const { deployedBytecode, abi } = await hre.artifacts.readArtifact(fullName);
      const callable = abi.some(({ type }: { type: string }) => type === "function");
      if (deployedBytecode !== "0x" && callable) own.set(name, fullName);
    }
    // Every contract of the project that has code is looked at, as it was deployed.
    expect([...own.keys()].sort()).to.deep.equal(Object.keys(deployed).sort());
    const sourceMapOf = sourceMaps();
    for (const [name, contract] of Object.entries(deployed)) {
      const code = await ethers.provider.getCode(contract);
      expect(ethers.dataLength(code), name).to.be.greaterThan(100);
      expect(findForbiddenOpcodes(code, await sourceMapOf(own.get(name) ?? "")), name).to.deep.equal([]);
    }
  });

  it("attack 82: a target that destroys itself while a decision runs takes its own ether and nothing else", async () => {
    const coalition = await loadFixture(twelve);
    const { timelock, deployer, members, box, set, decide } = coalition;
    await deployer.sendTransaction({ to: timelock, value: 10n });
    const doomed = await deployRaw(connection, VANISHING);
    const decision = decide("A payment to one about to go", { target: doomed, value: 4n }, set(1));
    await decision.ripen(members);
    const before = await stateOf(coalition);
    await decision.execute(members[0]);
    // Its caller, the timelock, is whom it leaves its ether to.
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await ethers.provider.getBalance(timelock)).to.equal(10n);
    expect(await box.x()).to.equal(1n);
  });
});
