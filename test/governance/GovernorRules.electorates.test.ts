import { expect } from "chai";
import { network } from "hardhat";
import { Decision, foundWithDecision, State, Support } from "../helpers/governor.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

/** One member more than a whole number of quorum's steps: 20 % of 36 is 7.2, 10 % is 3.6. */
async function thirtySix() {
  return foundWithDecision(connection, { count: 36 });
}

describe("GovernorRules: small and odd electorates", () => {
  for (const [ayes, abstain, state] of [
    [7, 0, State.Defeated],
    [8, 0, State.Succeeded],
    [3, 5, State.Defeated],
    [4, 3, State.Defeated],
    [4, 4, State.Succeeded],
  ] as const) {
    const outcome = state === State.Succeeded ? "pass" : "do not pass";
    it(`${ayes} For and ${abstain} Abstain of 36 ${outcome}: shares are rounded up`, async () => {
      const { governor, members, decision } = await loadFixture(thirtySix);
      await decision.start(members[0]);
      await decision.voteAll(members.slice(0, ayes), Support.For);
      await decision.voteAll(members.slice(ayes, ayes + abstain), Support.Abstain);
      await decision.close();
      expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(8n);
      expect(await decision.state()).to.equal(state);
    });
  }

  it("a body that is smaller than the quorum's floor decides nothing, not even unanimously", async () => {
    const setting = await loadFixture(thirtySix);
    const { governor, membership, members, put } = setting;
    for (const leaver of members.slice(6)) await membership.connect(leaver).resign();
    const decision = new Decision(connection, setting, put(6), "Six of six");
    await decision.start(members[0]);
    await decision.voteAll(members.slice(0, 6), Support.For);
    await decision.close();
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(6n);
    expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(7n);
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("an electorate of nobody decides nothing", async () => {
    const { governor, membership, members, decision } = await loadFixture(thirtySix);
    await decision.propose(members[0]);
    for (const leaver of members) await membership.connect(leaver).resign();
    await decision.close();
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(0n);
    expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(7n);
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 0n]);
    expect(await decision.state()).to.equal(State.Defeated);
    expect(await governor.quorum(BigInt(await time.latest()) - 1n)).to.equal(7n);
  });
});
