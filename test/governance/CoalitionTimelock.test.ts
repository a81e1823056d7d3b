import { expect } from "chai";
import { network } from "hardhat";
import { actAs, Decision, foundWithDecision, operationOf, State, stateMask } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;
const MAX_DELAY = 30n * DAY;

async function coalition() {
  const setting = await foundWithDecision(connection, { count: 12 });
  const stage = BigInt(setting.parameters.$global.shortestStage);
  const { Timelock, Governor } = setting.parameters;
  return { ...setting, stage, delay: BigInt(Timelock.delay), wait: BigInt(Governor.amendment.delay) };
}

describe("CoalitionTimelock", () => {
  describe("constructor", () => {
    async function factory() {
      const [admin] = await ethers.getSigners();
      return { admin, timelocks: await ethers.getContractFactory("CoalitionTimelock") };
    }

    for (const stage of [0n, 59n, 7n * DAY + 1n]) {
      it(`reverts when the shortest stage is ${stage} seconds`, async () => {
        const { admin, timelocks } = await loadFixture(factory);
        await expect(timelocks.deploy(10n * DAY, stage, admin))
          .to.be.revertedWithCustomError(timelocks, "CoalitionTimelockDelayOutOfRange")
          .withArgs(stage, 60n, 7n * DAY);
      });
    }

    for (const delay of [0n, DAY - 1n, MAX_DELAY + 1n]) {
      it(`reverts when the delay is ${delay} seconds and the shortest stage a day`, async () => {
        const { admin, timelocks } = await loadFixture(factory);
        await expect(timelocks.deploy(delay, DAY, admin))
          .to.be.revertedWithCustomError(timelocks, "CoalitionTimelockDelayOutOfRange")
          .withArgs(delay, DAY, MAX_DELAY);
      });
    }

    for (const [stage, delay] of [
      [60n, 60n],
      [60n, MAX_DELAY],
      [7n * DAY, 7n * DAY],
      [7n * DAY, MAX_DELAY],
    ] as const) {
      it(`takes a delay of ${delay} and a shortest stage of ${stage} seconds`, async () => {
        const { admin, timelocks } = await loadFixture(factory);
        const timelock = await timelocks.deploy(delay, stage, admin);
        await expect(timelock.deploymentTransaction())
          .to.emit(timelock, "MinDelayChange")
          .withArgs(0n, delay);
        expect(await timelock.SHORTEST_STAGE()).to.equal(stage);
        expect(await timelock.MAX_DELAY()).to.equal(MAX_DELAY);
        expect(await timelock.getMinDelay()).to.equal(delay);
        expect(await timelock.hasRole(await timelock.DEFAULT_ADMIN_ROLE(), admin)).to.equal(true);
        expect(await timelock.hasRole(await timelock.DEFAULT_ADMIN_ROLE(), timelock)).to.equal(true);
      });
    }
  });

  describe("roles", () => {
    it("are the governor's alone, and their admin is the timelock alone", async () => {
      const { timelock, governor, membership, deployer, members } = await loadFixture(coalition);
      const everyone = [timelock, governor, membership, deployer, members[0], ethers.ZeroAddress];
      for (const [role, holder] of [
        [await timelock.PROPOSER_ROLE(), governor],
        [await timelock.CANCELLER_ROLE(), governor],
        [await timelock.EXECUTOR_ROLE(), governor],
        [await timelock.DEFAULT_ADMIN_ROLE(), timelock],
      ] as const) {
        for (const account of everyone) {
          expect(await timelock.hasRole(role, account)).to.equal(account === holder);
        }
        expect(await timelock.getRoleAdmin(role)).to.equal(await timelock.DEFAULT_ADMIN_ROLE());
      }
    });
  });

  describe("updateDelay", () => {
    it("reverts for whoever is not the timelock", async () => {
      const { timelock, governor, deployer, members, outsiders, stage } = await loadFixture(coalition);
      for (const caller of [deployer, members[0], outsiders[0], await actAs(connection, governor)]) {
        await expect(timelock.connect(caller).updateDelay(stage))
          .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
          .withArgs(caller);
      }
    });

    it("reverts in a decision that sets it just outside its range", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, members, stage, delay } = setting;
      for (const value of [0n, stage - 1n, MAX_DELAY + 1n]) {
        const data = timelock.interface.encodeFunctionData("updateDelay", [value]);
        const decision = new Decision(connection, setting, [{ target: timelock, data }], `Delay ${value}`);
        await decision.ripen(members);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(timelock, "CoalitionTimelockDelayOutOfRange")
          .withArgs(value, stage, MAX_DELAY);
        expect(await decision.state()).to.equal(State.Queued);
      }
      expect(await timelock.getMinDelay()).to.equal(delay);
    });

    it("sets it to both ends of its range by a decision, for what is queued afterwards", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, members, stage, delay, wait } = setting;
      let old = delay;
      for (const value of [stage, MAX_DELAY, stage]) {
        const data = timelock.interface.encodeFunctionData("updateDelay", [value]);
        const description = `From ${old} to ${value}`;
        const decision = new Decision(connection, setting, [{ target: timelock, data }], description);
        await decision.succeed(members);
        await decision.queue(members[0]);
        const queued = BigInt(await time.latest());
        expect(await timelock.getTimestamp(await operationOf(setting, decision))).to.equal(queued + old);
        expect(await decision.eta()).to.equal(queued + (old > wait ? old : wait));
        await decision.mature();
        await expect(decision.execute(members[0])).to.emit(timelock, "MinDelayChange").withArgs(old, value);
        expect(await timelock.getMinDelay()).to.equal(value);
        old = value;
      }
    });

    it("leaves the time of what was queued before as it was", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, box, members, decision } = setting;
      const data = timelock.interface.encodeFunctionData("updateDelay", [MAX_DELAY]);
      const longer = new Decision(connection, setting, [{ target: timelock, data }], "The longest delay");
      for (const each of [longer, decision]) await each.propose(members[0]);
      await decision.open();
      for (const each of [longer, decision]) await each.voteAll(members, 1);
      await decision.close();
      for (const each of [longer, decision]) await each.queue(members[0]);
      const eta = await decision.eta();
      await longer.mature();
      await longer.execute(members[0]);
      expect(await decision.eta()).to.equal(eta);
      await decision.execute(members[0]);
      expect(await box.x()).to.equal(1n);
    });
  });

  describe("past the governor", () => {
    it("nobody schedules, executes or cancels, the deployer neither", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, box, deployer, members, outsiders, decision, delay } = setting;
      await decision.succeed(members);
      await decision.queue(members[0]);
      const id = await operationOf(setting, decision);
      await decision.mature();
      const data = box.interface.encodeFunctionData("setX", [9]);
      const none = ethers.ZeroHash;
      for (const caller of [deployer, members[0], outsiders[0]]) {
        const own = timelock.connect(caller);
        for (const [call, role] of [
          [() => own.schedule(box, 0, data, none, none, delay), await timelock.PROPOSER_ROLE()],
          [() => own.scheduleBatch([box], [0], [data], none, none, delay), await timelock.PROPOSER_ROLE()],
          [() => own.execute(box, 0, data, none, none), await timelock.EXECUTOR_ROLE()],
          [() => own.executeBatch([box], [0], [data], none, none), await timelock.EXECUTOR_ROLE()],
          [() => own.cancel(id), await timelock.CANCELLER_ROLE()],
        ] as const) {
          await expect(call())
            .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
            .withArgs(caller, role);
        }
      }
      expect(await box.x()).to.equal(0n);
      expect(await decision.state()).to.equal(State.Queued);
    });
  });

  describe("relay", () => {
    async function relayed() {
      const setting = await coalition();
      const { governor, box } = setting;
      const inner = box.interface.encodeFunctionData("setX", [77]);
      const data = governor.interface.encodeFunctionData("relay", [await box.getAddress(), 5n, inner]);
      const actions = [{ target: governor, value: 5n, data }];
      return {
        ...setting,
        inner,
        data,
        relay: new Decision(connection, setting, actions, "By the governor"),
      };
    }

    it("reverts for whoever is not the timelock", async () => {
      const { governor, box, deployer, members, outsiders, inner } = await loadFixture(relayed);
      for (const caller of [deployer, members[0], outsiders[0], await actAs(connection, governor)]) {
        await expect(governor.connect(caller).relay(box, 0, inner))
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
    });

    it("calls in the governor's name by a decision, with value from the timelock", async () => {
      const { timelock, box, deployer, members, relay } = await loadFixture(relayed);
      await deployer.sendTransaction({ to: timelock, value: 5n });
      await relay.ripen(members);
      await expect(relay.execute(members[0])).to.changeEtherBalances(ethers, [timelock, box], [-5n, 5n]);
      expect(await box.x()).to.equal(77n);
    });

    it("hands on the reason when the call fails, and the decision stays queued", async () => {
      const setting = await loadFixture(relayed);
      const { governor, timelock, members, stage } = setting;
      const inner = timelock.interface.encodeFunctionData("updateDelay", [stage]);
      const data = governor.interface.encodeFunctionData("relay", [await timelock.getAddress(), 0n, inner]);
      const decision = new Decision(
        connection,
        setting,
        [{ target: governor, data }],
        "Not the timelock itself",
      );
      await decision.ripen(members);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(timelock, "TimelockUnauthorizedCaller")
        .withArgs(governor);
      expect(await decision.state()).to.equal(State.Queued);
    });

    it("cancels an operation in the timelock by a decision, which cancels the other decision", async () => {
      const setting = await loadFixture(relayed);
      const { governor, timelock, members, decision } = setting;
      const id = await operationOf(setting, decision);
      await decision.identify();
      const inner = timelock.interface.encodeFunctionData("cancel", [id]);
      const data = governor.interface.encodeFunctionData("relay", [await timelock.getAddress(), 0n, inner]);
      const stop = new Decision(connection, setting, [{ target: governor, data }], "Stop the other decision");
      for (const each of [stop, decision]) await each.propose(members[0]);
      await decision.open();
      for (const each of [stop, decision]) await each.voteAll(members, 1);
      await decision.close();
      for (const each of [stop, decision]) await each.queue(members[0]);
      await stop.mature();
      await expect(stop.execute(members[0])).to.emit(timelock, "Cancelled").withArgs(id);
      expect(await decision.state()).to.equal(State.Canceled);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Canceled, stateMask(State.Queued));
    });
  });
});
