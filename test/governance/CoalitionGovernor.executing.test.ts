import { expect } from "chai";
import { network } from "hardhat";
import { type Action, Decision, foundCoalition, State, Support } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

async function coalition() {
  const setting = await foundCoalition(connection, { count: 12 });
  const { governor, members } = setting;
  const witness = await ethers.deployContract("DecisionWitness", [governor]);
  const look: Action = { target: witness, data: witness.interface.encodeFunctionData("look") };
  const decisionOf = (actions: readonly Action[], description: string) =>
    new Decision(connection, setting, actions, description);

  /** Brings decisions to where they can be executed, side by side. */
  async function ripen(...decisions: Decision[]) {
    const last = decisions.at(-1) as Decision;
    for (const decision of decisions) await decision.propose(members[0]);
    await last.open();
    for (const decision of decisions) await decision.voteAll(members, Support.For);
    await last.close();
    for (const decision of decisions) await decision.queue(members[0]);
    await last.mature();
  }

  /** An action that, while it is carried out, tries to carry out a decision, and goes on if that fails. */
  async function attempting({ parts }: Decision): Promise<{ strike: Action; succeeded(): Promise<boolean> }> {
    const target = await ethers.deployContract("ReentrantTarget");
    await target.arm(governor, governor.interface.encodeFunctionData("execute", await addressed(parts)));
    return {
      strike: { target, data: target.interface.encodeFunctionData("visit") },
      succeeded: () => target.succeeded(),
    };
  }

  return { ...setting, witness, look, decisionOf, ripen, attempting };
}

/** The parts of a decision with addresses in the place of contracts. */
async function addressed([targets, values, calldatas, descriptionHash]: Decision["parts"]): Promise<
  [string[], bigint[], string[], string]
> {
  const addresses = await Promise.all(
    targets.map((target) => (typeof target === "string" ? target : target.getAddress())),
  );
  return [addresses, values, calldatas, descriptionHash];
}

describe("CoalitionGovernor: which decision is being carried out", () => {
  describe("executing", () => {
    it("is none outside of an execution, whatever stage a decision is in", async () => {
      const { governor, members, witness, look, decisionOf, ripen } = await loadFixture(coalition);
      const decision = decisionOf([look], "Look");
      await witness.connect(members[0]).look();
      expect(await governor.executing()).to.equal(0n);
      await ripen(decision);
      await witness.connect(members[0]).look();
      expect(await governor.executing()).to.equal(0n);
      expect(await witness.seen()).to.deep.equal([0n, 0n]);
    });

    it("is the decision in each of its calls, and none after them", async () => {
      const { governor, members, witness, look, decisionOf, ripen } = await loadFixture(coalition);
      const decision = decisionOf([look, look], "Look twice");
      await ripen(decision);
      await decision.execute(members[0]);
      expect(await witness.seen()).to.deep.equal([decision.id, decision.id]);
      expect(await governor.executing()).to.equal(0n);
    });

    it("is none later in the transaction that executed one", async () => {
      const { governor, witness, look, decisionOf, ripen } = await loadFixture(coalition);
      const [first, second] = [decisionOf([look], "First"), decisionOf([look], "Second")];
      await ripen(first, second);
      const puppet = await ethers.deployContract("Puppet");
      const execute = async ({ parts }: Decision) => ({
        target: governor,
        data: governor.interface.encodeFunctionData("execute", await addressed(parts)),
      });
      const lookAgain = { target: witness, data: witness.interface.encodeFunctionData("look") };
      await puppet.perform([await execute(first), lookAgain, await execute(second), lookAgain]);
      expect(await witness.seen()).to.deep.equal([first.id, 0n, second.id, 0n]);
    });

    it("is the inner one while a decision is carried out within another, and the outer one again after it", async () => {
      const { governor, members, witness, look, decisionOf, ripen, attempting } =
        await loadFixture(coalition);
      const inner = decisionOf([look], "Inner");
      const { strike, succeeded } = await attempting(inner);
      const outer = decisionOf([look, strike, look], "Outer");
      await ripen(inner, outer);
      await outer.execute(members[0]);
      expect(await succeeded()).to.equal(true);
      expect(await witness.seen()).to.deep.equal([outer.id, inner.id, outer.id]);
      expect(await governor.executing()).to.equal(0n);
      for (const decision of [inner, outer]) expect(await decision.state()).to.equal(State.Executed);
    });

    it("is the outer one still where the one within it fails", async () => {
      const { governor, members, membership, witness, look, decisionOf, ripen, attempting } =
        await loadFixture(coalition);
      const fails = membership.interface.encodeFunctionData("pardon", [members[0].address]);
      const inner = decisionOf([look, { target: membership, data: fails }], "Fails");
      const { strike, succeeded } = await attempting(inner);
      const outer = decisionOf([look, strike, look], "Outer");
      await ripen(outer, inner);
      await outer.execute(members[0]);
      expect(await succeeded()).to.equal(false);
      expect(await witness.seen()).to.deep.equal([outer.id, outer.id]);
      expect(await governor.executing()).to.equal(0n);
      expect(await inner.state()).to.equal(State.Queued);
    });

    it("is none where the execution failed", async () => {
      const { governor, members, membership, witness, look, decisionOf, ripen } =
        await loadFixture(coalition);
      const fails = membership.interface.encodeFunctionData("pardon", [members[0].address]);
      const decision = decisionOf([look, { target: membership, data: fails }], "Fails");
      await ripen(decision);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(membership, "MembershipNotBarred")
        .withArgs(members[0]);
      expect(await governor.executing()).to.equal(0n);
      expect(await witness.seen()).to.deep.equal([]);
    });
  });
});
