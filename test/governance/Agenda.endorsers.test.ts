import { expect } from "chai";
import { network } from "hardhat";
import { plainParameters } from "../helpers/fixture.js";
import { Decision, foundCoalition, State } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

/** More than the seven that fit beside the count. */
const NEEDED = 9;

async function manyEndorsers() {
  const parameters = plainParameters({ endorsements: NEEDED, endorsementGroups: 2 });
  const coalition = await foundCoalition(connection, { count: 14, parameters });
  const box = await ethers.deployContract("Box");
  const data = box.interface.encodeFunctionData("setX", [1]);
  const decision = new Decision(connection, coalition, [{ target: box, data }], "Keep the number one");
  await decision.propose(coalition.members[0]);
  return { ...coalition, decision };
}

describe("Agenda, endorsed by many", () => {
  it("knows each of them, those beyond the seventh too, and admits with the last one needed", async () => {
    const { agenda, decision, members, membership } = await loadFixture(manyEndorsers);
    const endorsers = members.slice(2, 2 + NEEDED);
    for (const [index, member] of endorsers.entries()) {
      expect(await agenda.isAdmitted(decision.id)).to.equal(false);
      await agenda.connect(member).endorse(decision.id);
      expect((await agenda.endorsementsOf(decision.id)).count).to.equal(index + 1);
    }
    expect(await agenda.isAdmitted(decision.id)).to.equal(true);
    for (const member of members) {
      const number = await membership.numberOf(member);
      expect(await agenda.hasEndorsed(decision.id, number), `member ${number}`).to.equal(
        endorsers.includes(member),
      );
    }
    expect(await agenda.hasEndorsed(decision.id, 0)).to.equal(false);
    await decision.open();
    expect(await decision.state()).to.equal(State.Active);
  });

  it("refuses a second endorsement of any of them", async () => {
    const { agenda, decision, members, membership } = await loadFixture(manyEndorsers);
    for (const member of members.slice(2, 1 + NEEDED)) {
      await agenda.connect(member).endorse(decision.id);
      await expect(agenda.connect(member).endorse(decision.id))
        .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
        .withArgs(decision.id, await membership.numberOf(member));
    }
    expect((await agenda.endorsementsOf(decision.id)).count).to.equal(NEEDED - 1);
  });
});
