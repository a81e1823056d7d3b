import { expect } from "chai";
import { network } from "hardhat";
import { deployRaw, rotate, VANISHING } from "../helpers/attacks.js";
import { changeRules, Decision, DecisionClass, foundCoalition, State, Support } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** Twelve members of DC-BAS. */
async function twelve() {
  return foundCoalition(connection, { count: 12 });
}

/** Twelve members, of whom the others are about to expel the first. */
async function expulsion() {
  const coalition = await twelve();
  const { membership, members } = coalition;
  const number = await membership.numberOf(members[0]);
  const data = membership.interface.encodeFunctionData("end", [number]);
  const decision = new Decision(connection, coalition, [{ target: membership, data }], "To expel the first");
  await decision.ripen(members.slice(1));
  return { ...coalition, decision, number };
}

/** Found in review: each succeeded before the contracts were changed. */
describe("Attacks: found in review", () => {
  it("attack 19: a key that a member moved away from cancels nothing any more", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, members, outsiders } = coalition;
    const decision = new Decision(connection, coalition, [{ target: outsiders[1].address }], "To be kept");
    await decision.propose(members[0]);
    await rotate(coalition, members[0], outsiders[0]);
    await expect(decision.cancel(members[0]))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(decision.id, members[0]);
    expect(await decision.state()).to.equal(State.Pending);
  });

  it("attack 21: a target destroyed in the transaction of its proposal is not taken for executed", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, membership, members } = coalition;
    const factory = await ethers.deployContract("MetamorphicFactory");
    const { digest } = await membership.codeOfConduct();
    await factory.act(membership, membership.interface.encodeFunctionData("join", [0, digest, "0x"]));
    await time.increaseTo((await membership.member(await membership.lastNumber())).votesFrom);
    const place = await factory.place();
    const decision = new Decision(
      connection,
      coalition,
      [{ target: place, data: "0x11223344" }],
      "Now you see it",
    );
    const propose = governor.interface.encodeFunctionData("propose", [
      [place],
      [0],
      decision.calldatas,
      decision.description,
    ]);
    await decision.identify();
    const model = await deployRaw(connection, VANISHING);
    await factory.deployAndPerform(model, [
      { target: governor, data: propose },
      { target: place, data: "0x" },
    ]);
    expect(await ethers.provider.getCode(place)).to.equal("0x");
    await decision.open();
    await decision.voteAll(members, Support.For);
    await decision.close();
    await decision.queue(members[0]).catch(() => undefined);
    await time.increase(coalition.parameters.Timelock.delay);
    await decision.execute(members[0]).catch(() => undefined);
    expect(await decision.state()).not.to.equal(State.Executed);
  });

  it("attack 28: a coalition that is small need not lower its quorum to change another rule", async () => {
    const coalition = await loadFixture(twelve);
    const { governor, members } = coalition;
    const action = await changeRules(governor, { approvalBps: 7_000n }, DecisionClass.Amendment);
    await new Decision(connection, coalition, [action], "Stricter").pass(members);
    expect((await governor.rules(DecisionClass.Amendment)).approvalBps).to.equal(7_000n);
  });

  it("attack 86: who resigns before the expulsion is executed is barred all the same", async () => {
    const coalition = await loadFixture(expulsion);
    const { membership, members, decision } = coalition;
    await membership.connect(members[0]).resign();
    await decision.execute(members[1]);
    await expect(
      membership.connect(members[0]).join(0, (await membership.codeOfConduct()).digest, "0x"),
    ).to.be.revertedWithCustomError(membership, "MembershipKeyBarred");
  });

  it("attack 86: who moves to a spare key before the expulsion is executed is barred with both", async () => {
    const coalition = await loadFixture(expulsion);
    const { membership, members, outsiders, decision } = coalition;
    await rotate(coalition, members[0], outsiders[0]);
    await decision.execute(members[1]);
    for (const key of [outsiders[0], members[0]]) {
      await expect(
        membership.connect(key).join(0, (await membership.codeOfConduct()).digest, "0x"),
      ).to.be.revertedWithCustomError(membership, "MembershipKeyBarred");
    }
  });
});
