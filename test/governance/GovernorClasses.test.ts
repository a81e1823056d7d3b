import { expect } from "chai";
import { network } from "hardhat";
import {
  type Action,
  actAs,
  changeRules,
  Decision,
  DecisionClass,
  foundWithDecision,
  State,
  Support,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const { MotionAmendment, Resolution, Action: Plain, Amendment } = DecisionClass;
const DAY = 86_400n;

/** Of twelve members as many as decide an action or a resolution, and two too few for an amendment. */
const FEW = 7;

async function coalition() {
  const setting = await foundWithDecision(connection, { count: 12 });
  const { governor, membership, resolutions, timelock, members } = setting;
  const address = await governor.getAddress();
  const record = resolutions.interface.encodeFunctionData("record", [ethers.id("We thank the host.")]);
  return {
    ...setting,
    few: members.slice(0, FEW),
    /** A statement: a resolution. */
    thanks: { target: resolutions, data: record } satisfies Action,
    /** What few shall never get: the lowest quorum for whatever is not an amendment, and a member thrown out. */
    rule: await changeRules(governor, { quorumBps: 100n, quorumFloor: 3n }, MotionAmendment),
    expulsion: {
      target: membership,
      data: membership.interface.encodeFunctionData("end", [12n]),
    } satisfies Action,
    relay: (target: string, data: string): Action => ({
      target: address,
      data: governor.interface.encodeFunctionData("relay", [target, 0n, data]),
    }),
    guarding: (target: string): Action => ({
      target: address,
      data: governor.interface.encodeFunctionData("guard", [target]),
    }),
    entry: (target: string, selector: string, of: number): Action => ({
      target: address,
      data: governor.interface.encodeFunctionData("setActionClass", [target, selector, of]),
    }),
    power: await actAs(connection, timelock),
  };
}

type Setting = Awaited<ReturnType<typeof coalition>>;

/** The class in which actions are decided, from a proposal made of them. */
async function classOfProposal(setting: Setting, actions: readonly Action[], description: string) {
  const decision = new Decision(connection, setting, actions, description);
  await decision.propose(setting.members[0]);
  const [of] = await setting.governor.proposalRules(decision.id);
  await decision.cancel(setting.members[0]);
  await decision.close();
  return of;
}

/** Proposes actions for which few vote, enough for anything less: they are an amendment, and defeated. */
async function expectAmendment(setting: Setting, actions: readonly Action[], description: string) {
  const { governor, few } = setting;
  const decision = new Decision(connection, setting, actions, description);
  await decision.succeed(few);
  expect((await governor.proposalRules(decision.id))[0], description).to.equal(Amendment);
  expect(await decision.state(), description).to.equal(State.Defeated);
}

describe("GovernorClasses", () => {
  describe("classOf", () => {
    const SELECTORS = ["0x00000000", "0x12345678", "0xffffffff"];

    it("is an action for whatever is no organ, a key's address included", async () => {
      const { governor, box, card, outsiders } = await loadFixture(coalition);
      for (const target of [box, card, outsiders[0]]) {
        for (const selector of [...SELECTORS, box.interface.getFunction("setX").selector]) {
          expect(await governor.classOf(target, selector)).to.equal(Plain);
        }
      }
    });

    it("is an amendment for whatever calls an organ", async () => {
      const setting = await loadFixture(coalition);
      const { governor, membership, requests, confirmations, recovery, affiliations, claims } = setting;
      const { delegations, vouched, attested, either, agenda, guardian, resolutions } = setting;
      for (const target of [
        ...[membership, requests, confirmations, recovery, affiliations, claims, delegations],
        ...[vouched, attested, either, agenda, guardian, resolutions],
      ]) {
        for (const selector of SELECTORS) {
          expect(await governor.classOf(target, selector)).to.equal(Amendment);
        }
      }
      for (const name of ["end", "suspend", "pardon", "setMaturity", "setAdmissionPolicy"] as const) {
        const { selector } = membership.interface.getFunction(name);
        expect(await governor.classOf(membership, selector), name).to.equal(Amendment);
      }
    });

    it("is less for the functions in the table alone", async () => {
      const setting = await loadFixture(coalition);
      const { governor, membership, recovery, claims, guardian, resolutions } = setting;
      for (const [target, selector, of] of [
        [resolutions, resolutions.interface.getFunction("record").selector, Resolution],
        [membership, membership.interface.getFunction("restore").selector, Plain],
        [recovery, recovery.interface.getFunction("decide").selector, Plain],
        [claims, claims.interface.getFunction("uphold").selector, Plain],
        [claims, claims.interface.getFunction("dismiss").selector, Plain],
        [guardian, guardian.interface.getFunction("dismiss").selector, Plain],
      ] as const) {
        expect(await governor.classOf(target, selector)).to.equal(of);
        expect(await governor.classOf(setting.delegations, selector), "of its own target").to.equal(
          Amendment,
        );
      }
    });

    it("is an amendment for whatever calls governor and timelock", async () => {
      const { governor, timelock } = await loadFixture(coalition);
      for (const target of [governor, timelock]) {
        const selectors: string[] = [];
        target.interface.forEachFunction(({ selector }) => selectors.push(selector));
        for (const selector of [...SELECTORS, ...selectors]) {
          expect(await governor.classOf(target, selector)).to.equal(Amendment);
        }
      }
    });
  });

  describe("guard", () => {
    it("reverts for whoever is not the timelock, the governor included", async () => {
      const { governor, box, deployer, members, outsiders } = await loadFixture(coalition);
      for (const caller of [deployer, members[0], outsiders[0], await actAs(connection, governor)]) {
        await expect(governor.connect(caller).guard(box))
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
    });

    it("reverts for the timelock itself outside of a decision's execution", async () => {
      const { governor, box, power } = await loadFixture(coalition);
      const EMPTY_POP = 0x31;
      await expect(governor.connect(power).guard(box)).to.be.revertedWithPanic(EMPTY_POP);
    });

    it("reverts for governor and timelock, which the code guards", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, members, guarding } = setting;
      for (const target of [governor, timelock]) {
        const address = await target.getAddress();
        const decision = new Decision(connection, setting, [guarding(address)], `Guard ${address}`);
        await decision.ripen(members);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassFixed")
          .withArgs(target);
      }
    });

    it("makes an amendment of whatever calls the target, by an amendment", async () => {
      const setting = await loadFixture(coalition);
      const { governor, box, members, put, guarding } = setting;
      const address = await box.getAddress();
      await expectAmendment(setting, [guarding(address)], "Few want the box guarded");
      expect(await classOfProposal(setting, put(5), "Five")).to.equal(Plain);
      const decision = new Decision(connection, setting, [guarding(address)], "Guard the box");
      await expect(decision.pass(members)).to.emit(governor, "TargetGuarded").withArgs(box);
      expect(await governor.classOf(box, "0x00000000")).to.equal(Amendment);
      await expectAmendment(setting, put(6), "Six");
    });

    it("is for good: nothing lifts it, and doing it again changes no entry", async () => {
      const setting = await loadFixture(coalition);
      const { governor, box, members, guarding, entry } = setting;
      const address = await box.getAddress();
      const { selector } = box.interface.getFunction("setX");
      const actions = [guarding(address), entry(address, selector, Plain), guarding(address)];
      await new Decision(connection, setting, actions, "Guard it twice").pass(members);
      expect(await governor.classOf(box, selector)).to.equal(Plain);
      expect(await governor.classOf(box, "0x12345678")).to.equal(Amendment);
      const names: string[] = [];
      governor.interface.forEachFunction(({ name }) => names.push(name));
      expect(names.filter((name) => /guard/i.test(name)).sort()).to.deep.equal(["guard", "guardian"]);
    });
  });

  describe("setActionClass", () => {
    it("reverts for whoever is not the timelock, the governor included", async () => {
      const { governor, membership, deployer, members, outsiders } = await loadFixture(coalition);
      const { selector } = membership.interface.getFunction("end");
      for (const caller of [deployer, members[0], outsiders[0], await actAs(connection, governor)]) {
        await expect(governor.connect(caller).setActionClass(membership, selector, MotionAmendment))
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
    });

    it("reverts for governor and timelock, and for a target that is not guarded", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, box, members, entry } = setting;
      for (const target of [governor, timelock, box]) {
        const address = await target.getAddress();
        const action = entry(address, "0x12345678", Plain);
        const decision = new Decision(connection, setting, [action], `An entry for ${address}`);
        await decision.ripen(members);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassFixed")
          .withArgs(target);
      }
    });

    it("changes the class of one function, up and down, by an amendment", async () => {
      const setting = await loadFixture(coalition);
      const { governor, membership, resolutions, members, entry, thanks, expulsion } = setting;
      const end = membership.interface.getFunction("end").selector;
      const record = resolutions.interface.getFunction("record").selector;
      const actions = [
        entry(await membership.getAddress(), end, DecisionClass.Appeal),
        entry(await resolutions.getAddress(), record, Amendment),
      ];
      await expectAmendment(setting, actions, "Few want another table");
      const decision = new Decision(connection, setting, actions, "Another table");
      await expect(decision.pass(members))
        .to.emit(governor, "ActionClassChanged")
        .withArgs(membership, end, Amendment, DecisionClass.Appeal)
        .and.to.emit(governor, "ActionClassChanged")
        .withArgs(resolutions, record, Resolution, Amendment);
      expect(await classOfProposal(setting, [expulsion], "An appeal now")).to.equal(DecisionClass.Appeal);
      expect(await classOfProposal(setting, [thanks], "An amendment now")).to.equal(Amendment);
      const { selector } = membership.interface.getFunction("pardon");
      expect(await governor.classOf(membership, selector), "its neighbour").to.equal(Amendment);
    });
  });

  describe("the class of a proposal", () => {
    it("is that of its one action", async () => {
      const setting = await loadFixture(coalition);
      const { thanks, expulsion, put } = setting;
      expect(await classOfProposal(setting, [thanks], "Thanks")).to.equal(Resolution);
      expect(await classOfProposal(setting, put(1), "A number")).to.equal(Plain);
      expect(await classOfProposal(setting, [expulsion], "Out")).to.equal(Amendment);
    });

    it("is the strictest of several, wherever it stands", async () => {
      const setting = await loadFixture(coalition);
      const { thanks, expulsion, put } = setting;
      const [number] = put(1);
      for (const [actions, of] of [
        [[thanks, thanks], Resolution],
        [[thanks, number], Plain],
        [[number, thanks], Plain],
        [[expulsion, number, thanks], Amendment],
        [[thanks, expulsion, number], Amendment],
        [[number, thanks, expulsion], Amendment],
      ] as const) {
        expect(await classOfProposal(setting, actions, "Several")).to.equal(of);
      }
    });

    context("given calldata shorter than a selector", () => {
      const SHORT = ["0x", "0x01", "0x010203"];

      it("is an action for what is no organ, and an amendment for an organ, governor and timelock", async () => {
        const setting = await loadFixture(coalition);
        const { governor, timelock, membership, box } = setting;
        for (const data of SHORT) {
          expect(await classOfProposal(setting, [{ target: box, data }], data)).to.equal(Plain);
          for (const target of [membership, governor, timelock]) {
            expect(await classOfProposal(setting, [{ target, data }], data)).to.equal(Amendment);
          }
        }
      });

      it("does not take the first bytes of a function of a lesser class for that function", async () => {
        const setting = await loadFixture(coalition);
        const { thanks, resolutions } = setting;
        for (const length of [1, 2, 3]) {
          const action = { target: resolutions, data: ethers.dataSlice(thanks.data, 0, length) };
          expect(await classOfProposal(setting, [action], "Cut short")).to.equal(Amendment);
        }
        const action = { target: resolutions, data: ethers.dataSlice(thanks.data, 0, 4) };
        expect(await classOfProposal(setting, [action], "The selector alone")).to.equal(Resolution);
      });

      it("is what the table says of the zero selector, for a guarded target", async () => {
        const setting = await loadFixture(coalition);
        const { members, membership, entry } = setting;
        const action = entry(await membership.getAddress(), "0x00000000", Resolution);
        await new Decision(connection, setting, [action], "The zero selector").pass(members);
        for (const data of SHORT) {
          expect(await classOfProposal(setting, [{ target: membership, data }], data)).to.equal(Resolution);
        }
      });
    });
  });

  describe("ways to a rule under a lesser class", () => {
    it("few decide an action and a resolution: they are enough for anything less than an amendment", async () => {
      const setting = await loadFixture(coalition);
      const { few, box, resolutions, decision, thanks } = setting;
      await decision.pass(few);
      expect(await box.x()).to.equal(1n);
      await new Decision(connection, setting, [thanks], "Thanks").pass(few);
      expect(await resolutions.lastNumber()).to.equal(1n);
    });

    it("not alone: a change of rules, a membership ended, a delay changed", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, rule, expulsion } = setting;
      const data = timelock.interface.encodeFunctionData("updateDelay", [DAY]);
      for (const [index, action] of [rule, expulsion, { target: timelock, data }].entries()) {
        await expectAmendment(setting, [action], `Openly ${index}`);
      }
    });

    it("not among several actions, first, amid or last", async () => {
      const setting = await loadFixture(coalition);
      const harmless = Array.from({ length: 15 }, (_, index) => setting.put(index)[0]);
      for (const place of [0, 7, 15]) {
        const actions = [...harmless.slice(0, place), setting.rule, ...harmless.slice(place)];
        await expectAmendment(setting, actions, `Hidden at ${place}`);
      }
    });

    it("not by relay, whatever it calls", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, membership, box, relay, rule, expulsion, put } = setting;
      const [{ data: number = "0x" }] = put(1);
      const outer = relay(await governor.getAddress(), rule.data ?? "0x");
      for (const [what, action] of [
        ["the governor", outer],
        ["the governor by way of itself", relay(await governor.getAddress(), outer.data ?? "0x")],
        ["the roll", relay(await membership.getAddress(), expulsion.data)],
        ["the timelock", relay(await timelock.getAddress(), "0x12345678")],
        ["a box", relay(await box.getAddress(), number)],
      ] as const) {
        await expectAmendment(setting, [action], `Relay to ${what}`);
      }
    });

    it("not by the timelock's calls to itself, whatever they are", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, membership, expulsion, few } = setting;
      const encoder = timelock.interface;
      const none = ethers.ZeroHash;
      const admin = await timelock.DEFAULT_ADMIN_ROLE();
      const roll = await membership.getAddress();
      for (const [what, data] of [
        ["grantRole", encoder.encodeFunctionData("grantRole", [admin, few[0].address])],
        ["revokeRole", encoder.encodeFunctionData("revokeRole", [admin, roll])],
        ["renounceRole", encoder.encodeFunctionData("renounceRole", [admin, roll])],
        ["schedule", encoder.encodeFunctionData("schedule", [roll, 0, expulsion.data, none, none, 0])],
        ["execute", encoder.encodeFunctionData("execute", [roll, 0, expulsion.data, none, none])],
        ["cancel", encoder.encodeFunctionData("cancel", [none])],
      ] as const) {
        await expectAmendment(setting, [{ target: timelock, data }], `The timelock's ${what}`);
      }
    });

    it("not by scheduleBatch, however deep: an amendment, and even then refused to the timelock itself", async () => {
      const setting = await loadFixture(coalition);
      const { timelock, members, rule } = setting;
      const address = await timelock.getAddress();
      const wrap = (target: string, data: string) =>
        timelock.interface.encodeFunctionData("scheduleBatch", [
          [target],
          [0n],
          [data],
          ethers.ZeroHash,
          ethers.ZeroHash,
          2n * DAY,
        ]);
      const once = wrap(await setting.governor.getAddress(), rule.data ?? "0x");
      for (const data of [once, wrap(address, once)]) {
        const action = { target: timelock, data };
        await expectAmendment(setting, [action], "A batch for later");
        const decision = new Decision(connection, setting, [action], "A batch for later, by all");
        await decision.ripen(members);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(timelock, await timelock.PROPOSER_ROLE());
      }
    });

    it("not by scheduleBatch through relay: what it schedules nobody executes", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, members, outsiders, relay, rule } = setting;
      const target = await governor.getAddress();
      const data = rule.data ?? "0x";
      const batch = [[target], [0n], [data], ethers.ZeroHash, ethers.ZeroHash] as const;
      const inner = timelock.interface.encodeFunctionData("scheduleBatch", [
        [target],
        [0n],
        [data],
        ethers.ZeroHash,
        ethers.ZeroHash,
        2n * DAY,
      ]);
      const action = relay(await timelock.getAddress(), inner);
      await expectAmendment(setting, [action], "A relayed batch");
      await new Decision(connection, setting, [action], "A relayed batch, by all").pass(members);
      const [targets, values, payloads, predecessor, salt] = batch;
      const operation = await timelock.hashOperationBatch(
        [...targets],
        [...values],
        [...payloads],
        predecessor,
        salt,
      );
      expect(await timelock.isOperationPending(operation)).to.equal(true);
      await networkHelpers.time.increase(2n * DAY);
      for (const caller of [members[0], outsiders[0]]) {
        await expect(
          timelock.connect(caller).executeBatch([...targets], [...values], [...payloads], predecessor, salt),
        )
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(caller, await timelock.EXECUTOR_ROLE());
      }
    });

    it("not by a contract that forwards: few send it on its way, and the organs do not know it", async () => {
      const setting = await loadFixture(coalition);
      const { governor, timelock, membership, members, few, rule, expulsion, relay } = setting;
      const puppet = await ethers.deployContract("Puppet");
      const none = ethers.ZeroHash;
      const roll = await membership.getAddress();
      const schedule = timelock.interface.encodeFunctionData("schedule", [
        roll,
        0,
        expulsion.data,
        none,
        none,
        2n * DAY,
      ]);
      const forward = async (description: string, call: Action) => {
        const calls = [{ target: await ethers.resolveAddress(call.target), data: call.data ?? "0x" }];
        const data = puppet.interface.encodeFunctionData("perform", [calls]);
        const decision = new Decision(connection, setting, [{ target: puppet, data }], description);
        await decision.ripen(few);
        expect((await governor.proposalRules(decision.id))[0]).to.equal(Plain);
        return decision;
      };
      for (const [what, call] of [
        ["new rules", rule],
        ["a relay", relay(roll, expulsion.data)],
      ] as const) {
        const decision = await forward(what, call);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(puppet);
      }
      const ending = await forward("an end", expulsion);
      await expect(ending.execute(members[0]))
        .to.be.revertedWithCustomError(membership, "MembershipUnauthorized")
        .withArgs(puppet, timelock);
      const planning = await forward("a plan", { target: timelock, data: schedule });
      await expect(planning.execute(members[0]))
        .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
        .withArgs(puppet, await timelock.PROPOSER_ROLE());
    });

    it("not by a table entry changed in the same proposal", async () => {
      const setting = await loadFixture(coalition);
      const { membership, entry, expulsion } = setting;
      const { selector } = membership.interface.getFunction("end");
      const lighter = entry(await membership.getAddress(), selector, MotionAmendment);
      await expectAmendment(setting, [lighter, expulsion], "First the table");
      await expectAmendment(setting, [expulsion, lighter], "First the deed");
    });

    it("not by a table entry changed meanwhile: a decision stays in the class it was proposed in", async () => {
      const setting = await loadFixture(coalition);
      const { governor, membership, members, few, entry, expulsion } = setting;
      const { selector } = membership.interface.getFunction("end");
      const lighter = entry(await membership.getAddress(), selector, MotionAmendment);
      const table = new Decision(connection, setting, [lighter], "A lighter table");
      await table.succeed(members);
      await table.queue(members[0]);
      const decision = new Decision(connection, setting, [expulsion], "Out");
      await decision.start(members[0]);
      await table.execute(members[0]);
      await decision.voteAll(few, Support.For);
      await decision.close();
      expect((await governor.proposalRules(decision.id))[0]).to.equal(Amendment);
      expect(await decision.state()).to.equal(State.Defeated);
    });

    context("given a contract that the timelock commands, and roles", () => {
      async function trusted() {
        const setting = await coalition();
        const { timelock, governor, membership, expulsion, rule } = setting;
        const wallet = await ethers.deployContract("ContractWallet", [timelock]);
        const none = ethers.ZeroHash;
        const encoder = timelock.interface;
        const grant = (role: string): Action => ({
          target: timelock,
          data: encoder.encodeFunctionData("grantRole", [role, walletAddress]),
        });
        const walletAddress = await wallet.getAddress();
        const grants = [grant(await timelock.PROPOSER_ROLE()), grant(await timelock.EXECUTOR_ROLE())];
        const timelockAddress = await timelock.getAddress();
        const command = (data: string): Action => ({
          target: wallet,
          data: wallet.interface.encodeFunctionData("execute", [timelockAddress, data]),
        });
        const [roll, address] = [await membership.getAddress(), await governor.getAddress()];
        const rules = rule.data ?? "0x";
        return {
          ...setting,
          wallet,
          walletAddress,
          grants,
          plan: command(
            encoder.encodeFunctionData("schedule", [roll, 0, expulsion.data, none, none, 2n * DAY]),
          ),
          planRules: command(
            encoder.encodeFunctionData("schedule", [address, 0, rules, none, none, 2n * DAY]),
          ),
          actRules: command(encoder.encodeFunctionData("execute", [address, 0, rules, none, none])),
        };
      }

      it("not by a role granted first: to grant it is an amendment, alone and hidden", async () => {
        const setting = await loadFixture(trusted);
        const { grants, plan, put } = setting;
        await expectAmendment(setting, grants, "Roles");
        await expectAmendment(setting, [...put(1), grants[0], plan], "A role among other things");
      });

      it("not by using it later: guarded with its grant, what calls the contract is an amendment", async () => {
        const setting = await loadFixture(trusted);
        const { governor, wallet, walletAddress, members, guarding, grants, plan } = setting;
        const actions = [...grants, guarding(walletAddress)];
        await new Decision(connection, setting, actions, "Roles for a guarded contract").pass(members);
        expect(await governor.classOf(wallet, wallet.interface.getFunction("execute").selector)).to.equal(
          Amendment,
        );
        await expectAmendment(setting, [plan], "Used later");
      });

      it("not by a decision to use it that few took before it was guarded", async () => {
        const setting = await loadFixture(trusted);
        const { governor, timelock, walletAddress, members, few, guarding, grants, plan } = setting;
        const actions = [...grants, guarding(walletAddress)];
        const roles = new Decision(connection, setting, actions, "Roles for a guarded contract");
        const early = new Decision(connection, setting, [plan], "To be used at once");
        for (const each of [roles, early]) await each.propose(members[0]);
        await roles.open();
        await roles.voteAll(members, Support.For);
        await early.voteAll(few, Support.For);
        await roles.close();
        for (const each of [roles, early]) await each.queue(members[0]);
        await roles.mature();
        await expect(early.execute(members[0]))
          .to.be.revertedWithCustomError(timelock, "AccessControlUnauthorizedAccount")
          .withArgs(walletAddress, await timelock.PROPOSER_ROLE());
        await roles.execute(members[0]);
        await expect(early.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
          .withArgs(early.id, Plain, Amendment);
      });

      it("nothing at all, even if nobody thought of guarding it", async () => {
        const setting = await loadFixture(trusted);
        const { governor, members, few, grants, planRules } = setting;
        await new Decision(connection, setting, grants, "Roles, and no guard").pass(members);
        const decision = new Decision(connection, setting, [planRules], "Plan");
        await decision.ripen(few);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
          .withArgs(decision.id, Plain, Amendment);
      });

      it("not by a role that is used and given up in the same execution", async () => {
        const setting = await loadFixture(trusted);
        const { governor, timelock, wallet, walletAddress, members, outsiders, few } = setting;
        const { interface: face } = timelock;
        const [admin, proposer] = [ethers.ZeroHash, await timelock.PROPOSER_ROLE()];
        const grant = {
          target: timelock,
          data: face.encodeFunctionData("grantRole", [admin, walletAddress]),
        };
        await new Decision(connection, setting, [grant], "An administrator, and no guard").pass(members);
        const timelockAddress = await timelock.getAddress();
        const calls = [
          face.encodeFunctionData("grantRole", [proposer, outsiders[0].address]),
          face.encodeFunctionData("renounceRole", [admin, walletAddress]),
        ];
        const actions = calls.map((data) => ({
          target: wallet,
          data: wallet.interface.encodeFunctionData("execute", [timelockAddress, data]),
        }));
        const decision = new Decision(connection, setting, actions, "Use it, and give it up");
        await decision.ripen(few);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
          .withArgs(decision.id, Plain, Amendment);
        expect(await timelock.hasRole(proposer, outsiders[0])).to.equal(false);
      });
    });

    context("when a target is guarded between proposal and execution", () => {
      it("reverts when that happens in the middle of the execution, by a target that calls back", async () => {
        const setting = await loadFixture(coalition);
        const { governor, box, members, few, decision, guarding } = setting;
        const caller = await ethers.deployContract("ReentrantTarget");
        const visit = { target: caller, data: caller.interface.encodeFunctionData("visit") };
        const guards = new Decision(connection, setting, [guarding(await box.getAddress())], "Guard the box");
        const set = { target: box, data: decision.calldatas[0] ?? "0x" };
        const lesser = new Decision(connection, setting, [visit, set], "Call back, then set");
        for (const each of [guards, lesser]) await each.propose(members[0]);
        await guards.open();
        await guards.voteAll(members, Support.For);
        await lesser.voteAll(few, Support.For);
        await guards.close();
        for (const each of [guards, lesser]) await each.queue(members[0]);
        await guards.mature();
        const [targets, ...parts] = guards.parts;
        const addresses = await Promise.all(targets.map((target) => ethers.resolveAddress(target)));
        await caller.arm(governor, governor.interface.encodeFunctionData("execute", [addresses, ...parts]));
        await expect(lesser.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
          .withArgs(lesser.id, Plain, Amendment);
        expect(await box.x()).to.equal(0n);
        expect(await guards.state()).to.equal(State.Queued);
      });

      it("reverts at execution with both classes, and the decision can only expire", async () => {
        const setting = await loadFixture(coalition);
        const { governor, box, members, few, decision, guarding } = setting;
        const guards = new Decision(connection, setting, [guarding(await box.getAddress())], "Guard the box");
        for (const each of [guards, decision]) await each.propose(members[0]);
        await guards.open();
        await guards.voteAll(members, Support.For);
        await decision.voteAll(few, Support.For);
        await guards.close();
        for (const each of [guards, decision]) await each.queue(members[0]);
        await guards.mature();
        await guards.execute(members[0]);
        await expect(decision.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
          .withArgs(decision.id, Plain, Amendment);
        expect(await box.x()).to.equal(0n);
        expect(await decision.state()).to.equal(State.Queued);
        const { grace } = await governor.rules(Plain);
        await networkHelpers.time.increaseTo((await decision.eta()) + grace + 1n);
        expect(await decision.state()).to.equal(State.Expired);
      });

      it("reverts when the table raised the class of its function", async () => {
        const setting = await loadFixture(coalition);
        const { governor, resolutions, members, few, entry, thanks } = setting;
        const { selector } = resolutions.interface.getFunction("record");
        const raise = entry(await resolutions.getAddress(), selector, Amendment);
        const table = new Decision(connection, setting, [raise], "Statements are amendments");
        const statement = new Decision(connection, setting, [thanks], "Thanks");
        for (const each of [table, statement]) await each.propose(members[0]);
        await statement.open();
        await statement.voteAll(few, Support.For);
        await table.open();
        await table.voteAll(members, Support.For);
        await table.close();
        for (const each of [table, statement]) await each.queue(members[0]);
        await table.mature();
        await table.execute(members[0]);
        await expect(statement.execute(members[0]))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassTooLow")
          .withArgs(statement.id, Resolution, Amendment);
        expect(await resolutions.lastNumber()).to.equal(0n);
      });

      it("carries out what was decided in a greater class than it needs now", async () => {
        const setting = await loadFixture(coalition);
        const { governor, membership, members, entry, expulsion } = setting;
        const { selector } = membership.interface.getFunction("end");
        const lighter = entry(await membership.getAddress(), selector, Plain);
        const table = new Decision(connection, setting, [lighter], "A lighter table");
        const decision = new Decision(connection, setting, [expulsion], "Out");
        for (const each of [table, decision]) await each.propose(members[0]);
        await table.open();
        for (const each of [table, decision]) await each.voteAll(members, Support.For);
        await decision.close();
        for (const each of [table, decision]) await each.queue(members[0]);
        await decision.mature();
        await table.execute(members[0]);
        await expect(decision.execute(members[0]))
          .to.emit(governor, "ProposalExecuted")
          .withArgs(decision.id);
        expect(await membership.numberOf(members[11])).to.equal(0n);
      });
    });
  });
});
