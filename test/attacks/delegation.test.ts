import { expect } from "chai";
import { id } from "ethers";
import { readVoter, Standing, useRoll } from "../helpers/roll.js";

const [AGAINST, FOR, ABSTAIN] = [0, 1, 2];

describe("attacks on delegation", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.delegationCap = 2;
  });
  const key = (index: number) => roll.person(index).address;
  const governor = (index: number) => roll.governor.connect(roll.person(index));
  const delegate = (from: number, to: number) => roll.membership.connect(roll.person(from)).delegate(key(to));

  beforeEach(async () => {
    for (let index = 0; index < 6; index++) await roll.join(roll.person(index), 0);
    await roll.goTo(await roll.votesFrom(6n));
    for (const index of [0, 1, 2]) await roll.delegations.connect(roll.person(index)).takeDelegations(2);
  });

  let decisions = 0;
  async function open(): Promise<bigint> {
    const title = `attack ${++decisions}`;
    const action = [[await roll.card.getAddress()], [0n], ["0x"]] as const;
    await governor(5).propose([...action[0]], [...action[1]], [...action[2]], title);
    const proposalId = await roll.governor.getProposalId(
      [...action[0]],
      [...action[1]],
      [...action[2]],
      id(title),
    );
    await roll.goTo((await roll.governor.proposalSnapshot(proposalId)) + 1n);
    return proposalId;
  }

  const total = async (decision: bigint) => {
    const votes = await roll.governor.proposalVotes(decision);
    return votes.againstVotes + votes.forVotes + votes.abstainVotes;
  };

  it("attack 141: two who delegate to one another, and a ring of three, have no vote more", async () => {
    await delegate(0, 1);
    await delegate(1, 0);
    const pair = await open();
    await governor(0).castVote(pair, FOR);
    expect(await total(pair), "one ballot for both").to.equal(2n);
    await governor(1).castVote(pair, AGAINST);
    expect(await roll.governor.proposalVotes(pair)).to.deep.equal([1n, 1n, 0n]);

    await delegate(1, 2);
    await delegate(2, 0);
    const ring = await open();
    for (const index of [0, 1, 2, 0, 1, 2]) await governor(index).castVote(ring, FOR);
    expect(await total(ring)).to.equal(3n);
  });

  it("attack 141: a vote goes one step and is not passed on", async () => {
    await delegate(3, 2);
    await delegate(2, 1);
    await delegate(1, 0);
    const decision = await open();
    await governor(0).castVote(decision, FOR);
    expect(await total(decision), "of members 1 and 2").to.equal(2n);
  });

  const acts = ["delegate", "member", "delegate again", "member again"] as const;
  const orders = permutations([...acts]).filter(
    (order) =>
      order.indexOf("delegate") < order.indexOf("delegate again") &&
      order.indexOf("member") < order.indexOf("member again"),
  );
  it("attack 142: delegate and member vote in every order, and change their ballots; each vote counts once", async () => {
    expect(orders.length).to.equal(6);
    await delegate(1, 0);
    for (const order of orders) {
      const decision = await open();
      const voted = new Set<string>();
      for (const act of order) {
        const [who, again] = act.split(" ") as [string, string | undefined];
        const support = (who === "member" ? 0 : 1) + (again === undefined ? 0 : 1);
        await governor(who === "member" ? 1 : 0).castVote(decision, support);
        voted.add(who);
        const expected = [0n, 0n, 0n];
        const receipt = async (number: bigint) => Number(await roll.governor.receiptOf(decision, number)) - 1;
        if (voted.has("delegate")) add(expected, await receipt(1n), voted.has("member") ? 1n : 2n);
        if (voted.has("member")) add(expected, await receipt(2n), 1n);
        const where = `${order.join(", ")}: after ${act}`;
        expect(await roll.governor.proposalVotes(decision), where).to.deep.equal(expected);
      }
      expect(await total(decision)).to.equal(2n);
    }
  });

  it("attack 142: what is delegated or taken back while a decision is open moves no vote on it", async () => {
    const decision = await open();
    await governor(3).castVote(decision, FOR);
    await delegate(3, 0);
    await governor(0).castVote(decision, FOR);
    expect(await total(decision)).to.equal(2n);
    await delegate(3, 1);
    await governor(1).castVote(decision, FOR);
    expect(await total(decision)).to.equal(3n);
  });

  it("attack 45: nobody receives more than the cap, by whatever detour", async () => {
    await delegate(3, 0);
    await delegate(4, 0);
    await expect(delegate(5, 0))
      .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
      .withArgs(1n, 2n);
    // A new key, or taking delegations once more, makes no room.
    await roll.rotate(roll.person(0), roll.person(8));
    await roll.delegations.connect(roll.person(8)).takeDelegations(2);
    await expect(roll.membership.connect(roll.person(5)).delegate(key(8)))
      .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
      .withArgs(1n, 2n);
    // Nor does another group and back: what was received in the first waits there.
    const claims = await deskOf("claims");
    await claims.moveGroup(1n, 1);
    expect(await roll.membership.getVotes(key(8))).to.equal(1n);
    await claims.moveGroup(1n, 0);
    expect(await roll.membership.getVotes(key(8))).to.equal(3n);
    await expect(roll.membership.connect(roll.person(5)).delegate(key(8)))
      .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
      .withArgs(1n, 2n);
  });

  it("attack 45: nobody's ballots weigh more, or cost more, without their consent", async () => {
    await expect(delegate(0, 3))
      .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
      .withArgs(4n, 0n);
    expect(readVoter(await roll.membership.voterOf(key(3)))).to.deep.include({ number: 4n, flags: 0n });
  });

  it("attack 45: nobody's places stay filled with delegations that were meant to keep others out", async () => {
    for (const stranger of [3, 4]) await delegate(stranger, 0);
    await expect(delegate(5, 0))
      .to.be.revertedWithCustomError(roll.delegations, "DelegationsFull")
      .withArgs(1n, 2n);
    // Nobody else declines them: neither another delegate nor who wants the place.
    for (const other of [1, 5]) {
      await expect(roll.delegations.connect(roll.person(other)).decline(4n))
        .to.be.revertedWithCustomError(roll.delegations, "DelegationsNotReceived")
        .withArgs(4n, 1n);
    }
    const before = await open();
    for (const number of [4n, 5n]) await roll.delegations.connect(roll.person(0)).decline(number);
    await delegate(5, 0);
    const after = await open();
    for (const decision of [before, after]) await governor(0).castVote(decision, FOR);
    expect(await total(before), "as it opened").to.equal(3n);
    expect(await total(after), "of members 1 and 6").to.equal(2n);
    for (const stranger of [3, 4]) await governor(stranger).castVote(after, AGAINST);
    expect(await roll.governor.proposalVotes(after)).to.deep.equal([2n, 2n, 0n]);
  });

  it("attack 45: a vote that does not count cannot be delegated", async () => {
    const number = await roll.join(roll.person(7), 0);
    await expect(delegate(7, 0))
      .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
      .withArgs(key(7), Standing.Immature, await roll.votesFrom(number));
    await (await deskOf("confirmations")).setPaused(4n, true);
    const { confirmedAt } = await roll.membership.member(4n);
    await expect(delegate(3, 0))
      .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
      .withArgs(key(3), Standing.Dormant, confirmedAt);
    const until = (await roll.now()) + 1_000n;
    await roll.governing.suspend(5n, 4, until);
    await expect(delegate(4, 0))
      .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
      .withArgs(key(4), Standing.Suspended, until);
  });

  it("attack 36: a delegated vote stays one vote, and the new number has none yet", async () => {
    await delegate(3, 0);
    const decision = await open();
    await roll.membership.connect(roll.person(3)).resign();
    const number = await roll.join(roll.person(3), 0);
    await governor(0).castVote(decision, FOR);
    await expect(governor(3).castVote(decision, FOR))
      .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision, key(3), Standing.Immature, await roll.votesFrom(number));
    expect(await total(decision)).to.equal(2n);
    expect(await roll.membership.delegates(key(3))).to.equal(key(3));
  });

  it("attack 39: a member whose vote is suspended cannot take back what was delegated by voting", async () => {
    await delegate(3, 0);
    const decision = await open();
    const until = (await roll.now()) + 1_000n;
    await roll.governing.suspend(4n, 4, until);
    await expect(governor(3).castVote(decision, ABSTAIN))
      .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision, key(3), Standing.Suspended, until);
  });

  it("attack 39: a suspended vote is not cast by a delegate either, in a decision opened later", async () => {
    await delegate(3, 0);
    const before = await open();
    const until = (await roll.now()) + 100n * 86_400n;
    await roll.governing.suspend(4n, 4, until);
    const after = await open();
    for (const decision of [before, after]) await governor(0).castVote(decision, FOR);
    expect(await roll.governor.proposalVotes(before), "as it opened").to.deep.equal([0n, 2n, 0n]);
    expect(await roll.governor.proposalVotes(after)).to.deep.equal([0n, 1n, 0n]);
    await expect(governor(3).castVote(after, FOR))
      .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
      .withArgs(after, key(3), Standing.Suspended, until);
    // Nor is it lent again.
    await expect(delegate(3, 1))
      .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
      .withArgs(key(3), Standing.Suspended, until);
    expect((await roll.governor.proposalFrame(after)).electorate, "the sanction moves no quorum").to.equal(
      6n,
    );
  });

  /** The roll, called in the name of a desk. */
  async function deskOf(name: "claims" | "confirmations") {
    const address = await roll[name].getAddress();
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
  }
});

function add(votes: bigint[], support: number, weight: bigint): void {
  votes[support] = (votes[support] ?? 0n) + weight;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
