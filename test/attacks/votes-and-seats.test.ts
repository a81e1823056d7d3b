import { expect } from "chai";
import { Signature } from "ethers";
import { network } from "hardhat";
import { asTimelock, freshKeys, maturityOf, Receipt, rotate, stateOf } from "../helpers/attacks.js";
import {
  Decision,
  domainOf,
  foundCoalition,
  join,
  maskOf,
  type Person,
  Right,
  Standing,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};

/** 24 members of DC-BAS and a decision that opens in its next second. */
async function pending() {
  const coalition = await foundCoalition(connection);
  const box = await ethers.deployContract("Box");
  const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const decision = new Decision(connection, coalition, [action], "The decision under attack");
  await decision.propose(coalition.members[0]);
  const snapshot = await decision.snapshot();
  await time.increaseTo(snapshot - 10n);
  const votes = async () => [...(await coalition.governor.proposalVotes(decision.id))];
  const refuses = async (voter: Person, standing: bigint, explanation: bigint) =>
    expect(decision.vote(voter, Support.For))
      .to.be.revertedWithCustomError(coalition.governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, voter, standing, explanation);
  return { ...coalition, box, decision, snapshot, votes, refuses };
}

/** The same, opened. */
async function open() {
  const stage = await pending();
  await stage.decision.open();
  return stage;
}

/** The same, opened, and a contract among the members, whose vote is mature, that does several things at once. */
async function withPuppet() {
  const coalition = await foundCoalition(connection);
  const { governor, membership, members } = coalition;
  const puppet = await ethers.deployContract("Puppet");
  const { digest } = await membership.codeOfConduct();
  const call = (data: string) => ({ target: membership, data });
  const enter = call(membership.interface.encodeFunctionData("join", [0, digest, "0x"]));
  const leave = call(membership.interface.encodeFunctionData("resign"));
  await puppet.perform([enter]);
  const number = await membership.numberOf(puppet);
  await time.increaseTo((await membership.member(number)).votesFrom);
  const opens = async (text = "Another decision under attack") => {
    const decision = new Decision(connection, coalition, [{ target: members[0].address }], text);
    await decision.propose(members[0]);
    return decision;
  };
  const decision = await opens("The decision under attack");
  await decision.open();
  const ballot = (support: number, id = decision.id) => ({
    target: governor,
    data: governor.interface.encodeFunctionData("castVote", [id, support]),
  });
  const votes = async () => [...(await governor.proposalVotes(decision.id))];
  return { ...coalition, puppet, number, decision, votes, opens, enter, leave, ballot };
}

/** The moment of the last block. */
const now = async () => BigInt(await time.latest());

describe("Attacks: votes and seats", () => {
  it("attack 35: however often a member votes, the last ballot counts, once", async () => {
    const { governor, membership, members, decision, votes } = await loadFixture(open);
    const [member] = members;
    const number = await membership.numberOf(member);
    await decision.voteAll(members.slice(1, 5), Support.For);
    for (const [support, expected, receipt] of [
      [Support.For, [0n, 5n, 0n], Receipt.For],
      [Support.For, [0n, 5n, 0n], Receipt.For],
      [Support.Against, [1n, 4n, 0n], Receipt.Against],
      [Support.Abstain, [0n, 4n, 1n], Receipt.Abstain],
      [Support.For, [0n, 5n, 0n], Receipt.For],
    ] as const) {
      await decision.vote(member, support);
      expect(await votes()).to.deep.equal(expected);
      expect(await governor.receiptOf(decision.id, number)).to.equal(receipt);
    }
  });

  it("attack 35: every form of ballot counts in the same place, also within one transaction", async () => {
    const coalition = await loadFixture(pending);
    const { governor, membership, outsiders, decision, votes } = coalition;
    // A contract that is a member votes three times at once.
    const puppet = await ethers.deployContract("Puppet");
    const { digest } = await membership.codeOfConduct();
    await puppet.perform([
      { target: membership, data: membership.interface.encodeFunctionData("join", [0, digest, "0x"]) },
    ]);
    const { votesFrom } = await membership.member(await membership.numberOf(puppet));
    await time.increaseTo(votesFrom);
    const later = new Decision(connection, coalition, [{ target: outsiders[0].address }], "Another decision");
    await later.start(coalition.members[0]);
    const ballot = (data: string) => ({ target: governor, data });
    const { interface: face } = governor;
    await puppet.perform([
      ballot(face.encodeFunctionData("castVote", [later.id, Support.For])),
      ballot(face.encodeFunctionData("castVoteWithReason", [later.id, Support.For, "again"])),
      ballot(
        face.encodeFunctionData("castVoteWithReasonAndParams", [later.id, Support.For, "and again", "0x"]),
      ),
    ]);
    expect(await governor.proposalVotes(later.id)).to.deep.equal([0n, 1n, 0n]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.hasVoted(decision.id, puppet)).to.equal(false);
  });

  it("attack 36: who leaves and joins again has no second ballot", async () => {
    const coalition = await loadFixture(open);
    const { membership, members, decision, votes, refuses } = coalition;
    const [member] = members;
    const old = await membership.numberOf(member);
    await decision.vote(member, Support.For);
    await membership.connect(member).resign();
    await join(coalition, member);
    const number = await membership.numberOf(member);
    expect(number).to.be.greaterThan(old);
    const { votesFrom } = await membership.member(number);
    await refuses(member, Standing.Immature, votesFrom);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 36: who leaves in the notice and joins again before the opening has given the vote up", async () => {
    const coalition = await loadFixture(pending);
    const { governor, membership, members, decision, snapshot, votes, refuses } = coalition;
    const [member] = members;
    await time.setNextBlockTimestamp(snapshot - 5n);
    await membership.connect(member).resign();
    await time.setNextBlockTimestamp(snapshot - 4n);
    await join(coalition, member);
    await decision.open();
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length - 1);
    const { votesFrom } = await membership.member(await membership.numberOf(member));
    expect(votesFrom).to.equal(maturityOf(coalition, snapshot - 4n));
    await refuses(member, Standing.Immature, votesFrom);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 37: a member who moved to a new key has one ballot with both", async () => {
    const coalition = await loadFixture(open);
    const { governor, membership, members, outsiders, decision, votes, refuses } = coalition;
    const [member] = members;
    const [newKey] = outsiders;
    const number = await membership.numberOf(member);
    await decision.vote(member, Support.For);
    await rotate(coalition, member, newKey);
    const moved = await now();
    await refuses(member, Standing.Rotated, moved);
    expect(await governor.hasVoted(decision.id, newKey)).to.equal(true);
    await decision.vote(newKey, Support.Against);
    expect(await votes()).to.deep.equal([1n, 0n, 0n]);
    expect(await governor.receiptOf(decision.id, number)).to.equal(Receipt.Against);
  });

  it("attack 37: the old key that joins again, and a key that already voted as another, gain no ballot", async () => {
    const coalition = await loadFixture(open);
    const { membership, members, outsiders, decision, votes, refuses } = coalition;
    const [first, second] = members;
    const [spare] = outsiders;
    await decision.vote(first, Support.For);
    await rotate(coalition, first, spare);
    await join(coalition, first);
    await refuses(
      first,
      Standing.Immature,
      (await membership.member(await membership.numberOf(first))).votesFrom,
    );
    // The second member resigns, and the first's number moves to that key.
    await decision.vote(second, Support.For);
    await membership.connect(second).resign();
    await rotate(coalition, spare, second);
    await decision.vote(second, Support.Against);
    // Two members voted: one For, which stays though its member left, and one that changed to Against.
    expect(await votes()).to.deep.equal([1n, 1n, 0n]);
  });

  it("attack 39: an expelled member's key votes no more", async () => {
    const coalition = await loadFixture(open);
    const { membership, members, votes, refuses } = coalition;
    const roll = await asTimelock(connection, coalition);
    await roll.end(await membership.numberOf(members[0]));
    await refuses(members[0], Standing.Ended, await now());
    await roll.pardon(members[0]);
    await join(coalition, members[0]);
    const { votesFrom } = await membership.member(await membership.numberOf(members[0]));
    await refuses(members[0], Standing.Immature, votesFrom);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 39: a suspended vote is not cast, also by the key it was moved to", async () => {
    const coalition = await loadFixture(open);
    const { governor, membership, members, outsiders, decision, votes, refuses } = coalition;
    const electorate = (await governor.proposalFrame(decision.id)).electorate;
    const roll = await asTimelock(connection, coalition);
    const until = (await decision.deadline()) + 1n;
    await roll.suspend(await membership.numberOf(members[0]), maskOf(Right.Vote), until);
    await refuses(members[0], Standing.Suspended, until);
    await rotate(coalition, members[0], outsiders[0]);
    await refuses(outsiders[0], Standing.Suspended, until);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(electorate);
  });

  it("attack 40: who left votes no more", async () => {
    const { membership, members, decision, votes, refuses } = await loadFixture(open);
    await membership.connect(members[0]).resign();
    await refuses(members[0], Standing.Ended, await now());
    // A ballot cast before stays, and can no longer be changed.
    await decision.vote(members[1], Support.For);
    await membership.connect(members[1]).resign();
    await refuses(members[1], Standing.Ended, await now());
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 41: joining and leaving in one block leaves no trace in any count", async () => {
    const coalition = await loadFixture(pending);
    const { governor, membership, decision, snapshot } = coalition;
    const before = [...(await membership.membersByGroup())];
    const puppet = await ethers.deployContract("Puppet");
    const { digest } = await membership.codeOfConduct();
    const enter = {
      target: membership,
      data: membership.interface.encodeFunctionData("join", [0, digest, "0x"]),
    };
    const leave = { target: membership, data: membership.interface.encodeFunctionData("resign") };
    await time.setNextBlockTimestamp(snapshot);
    await puppet.perform(Array(10).fill([enter, leave]).flat());
    const last = await membership.lastNumber();
    const { joinedAt, leftAt } = await membership.member(last);
    expect([joinedAt, leftAt]).to.deep.equal([snapshot, snapshot]);
    expect([...(await membership.membersByGroup())]).to.deep.equal(before);
    await time.increase(60 * 86_400);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(coalition.members.length);
    expect(await membership.getPastVotes(puppet, (await now()) - 1n)).to.equal(0n);
    expect(await membership.getPastTotalSupply((await now()) - 1n)).to.equal(coalition.members.length);
    expect(await membership.totalSupply()).to.equal(coalition.members.length);
  });

  it("attack 41: who votes, leaves, joins again and votes again in one transaction has one ballot at the most", async () => {
    const coalition = await loadFixture(withPuppet);
    const { governor, membership, puppet, number, decision, votes, enter, leave, ballot } = coalition;
    const moment = (await now()) + 60n;
    await time.setNextBlockTimestamp(moment);
    // The second ballot is the new number's, which has no vote: all is undone, the first ballot too.
    await expect(puppet.perform([ballot(Support.For), leave, enter, ballot(Support.For)]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, puppet, Standing.Immature, maturityOf(coalition, moment));
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await membership.numberOf(puppet)).to.equal(number);
    // Without it, the one ballot of the number that left stands.
    await puppet.perform([ballot(Support.For), leave, enter]);
    const again = await membership.numberOf(puppet);
    expect(again).to.be.greaterThan(number);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    expect(await governor.receiptOf(decision.id, number)).to.equal(Receipt.For);
    expect(await governor.receiptOf(decision.id, again)).to.equal(Receipt.None);
    // Nor can the new number change it.
    await expect(puppet.perform([ballot(Support.Against)]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, puppet, Standing.Immature, (await membership.member(again)).votesFrom);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(coalition.members.length + 1);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 41: the same in transactions of one block leaves one ballot", async () => {
    const coalition = await loadFixture(open);
    const { governor, membership, members, decision, votes } = coalition;
    const [member] = members;
    const number = await membership.numberOf(member);
    const { digest } = await membership.codeOfConduct();
    const gas = { gasLimit: 500_000 };
    const moment = (await now()) + 60n;
    await ethers.provider.send("evm_setAutomine", [false]);
    const sent = [
      await governor.connect(member).castVote(decision.id, Support.For, gas),
      await membership.connect(member).resign(gas),
      await membership.connect(member).join(0, digest, "0x", gas),
      await governor.connect(member).castVote(decision.id, Support.Against, gas),
    ];
    await time.setNextBlockTimestamp(moment);
    await networkHelpers.mine();
    await ethers.provider.send("evm_setAutomine", [true]);
    const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
    expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
    expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 1, 1, 0]);
    const again = await membership.numberOf(member);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    expect(await governor.receiptOf(decision.id, number)).to.equal(Receipt.For);
    expect(await governor.receiptOf(decision.id, again)).to.equal(Receipt.None);
    expect((await membership.member(again)).votesFrom).to.equal(maturityOf(coalition, moment));
  });

  it("attack 42: a seat left in the snapshot's own second counts nowhere, one left a second later everywhere", async () => {
    const { governor, membership, members, decision, snapshot, refuses } = await loadFixture(pending);
    const [inTime, late] = members;
    await time.setNextBlockTimestamp(snapshot);
    await membership.connect(inTime).resign();
    await time.setNextBlockTimestamp(snapshot + 1n);
    await membership.connect(late).resign();
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length - 1);
    await refuses(inTime, Standing.Ended, snapshot);
    await refuses(late, Standing.Ended, snapshot + 1n);
  });

  it("attack 42: who leaves in the snapshot's own second and comes back in the next has no vote on it", async () => {
    const coalition = await loadFixture(pending);
    const { governor, membership, members, decision, snapshot, votes, refuses } = coalition;
    const [member] = members;
    const old = await membership.numberOf(member);
    await time.setNextBlockTimestamp(snapshot);
    await membership.connect(member).resign();
    await time.setNextBlockTimestamp(snapshot + 1n);
    await join(coalition, member);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(members.length - 1);
    expect(await membership.getPastVotes(member, snapshot - 1n)).to.equal(1n);
    expect(await membership.getPastVotes(member, snapshot)).to.equal(0n);
    const number = await membership.numberOf(member);
    await refuses(member, Standing.Immature, maturityOf(coalition, snapshot + 1n));
    for (const one of [old, number]) {
      expect(await governor.receiptOf(decision.id, one)).to.equal(Receipt.None);
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 42: who votes, leaves a second after the snapshot and comes back at once has no second ballot", async () => {
    const coalition = await loadFixture(withPuppet);
    const { governor, puppet, number, opens, enter, leave, ballot } = coalition;
    const decision = await opens();
    const snapshot = await decision.snapshot();
    await time.setNextBlockTimestamp(snapshot + 1n);
    await puppet.perform([ballot(Support.For, decision.id), leave, enter]);
    expect((await governor.proposalFrame(decision.id)).electorate).to.equal(coalition.members.length + 1);
    await expect(puppet.perform([ballot(Support.Against, decision.id)]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, puppet, Standing.Immature, maturityOf(coalition, snapshot + 1n));
    expect(await governor.receiptOf(decision.id, number)).to.equal(Receipt.For);
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 42: a vote that matures in the snapshot's own second counts in quorum and ballot alike", async () => {
    const coalition = await loadFixture(pending);
    const { governor, membership, members, parameters } = coalition;
    const [newcomer] = await freshKeys(connection, 1);
    await join(coalition, newcomer);
    const { votesFrom } = await membership.member(await membership.numberOf(newcomer));
    const notice = BigInt(parameters.Governor.action.notice);
    const [before, at] = ["A second too early", "Just in time"].map(
      (text) => new Decision(connection, coalition, [{ target: members[0].address }], text),
    );
    await time.increaseTo(votesFrom - notice - 2n);
    await time.setNextBlockTimestamp(votesFrom - notice - 1n);
    await before.propose(members[0]);
    await time.setNextBlockTimestamp(votesFrom - notice);
    await at.propose(members[0]);
    expect(await at.snapshot()).to.equal(votesFrom);
    await at.open();
    expect((await governor.proposalFrame(before.id)).electorate).to.equal(members.length);
    await expect(before.vote(newcomer, Support.For))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(before.id, newcomer, Standing.Immature, votesFrom);
    expect((await governor.proposalFrame(at.id)).electorate).to.equal(members.length + 1);
    await at.vote(newcomer, Support.For);
    expect(await governor.proposalVotes(at.id)).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 43: support from 3 to 255 is refused, in every form of ballot", async () => {
    const { governor, membership, members, decision, votes } = await loadFixture(open);
    const by = governor.connect(members[0]);
    for (let support = 3; support <= 255; support++) {
      await expect(by.castVote.staticCall(decision.id, support))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorSupportOutOfRange")
        .withArgs(support);
    }
    for (const attempt of [
      () => decision.vote(members[0], 3),
      () => by.castVoteWithReason(decision.id, 255, "why not"),
      () => by.castVoteWithReasonAndParams(decision.id, 4, "", "0x"),
      () => decision.voteBySig(members[1], members[0], 3),
      () => decision.voteBySig(members[1], members[0], 3, { reason: "signed" }),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(governor, "CoalitionGovernorSupportOutOfRange");
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.receiptOf(decision.id, await membership.numberOf(members[0]))).to.equal(
      Receipt.None,
    );
    expect(await governor.nonces(members[0])).to.equal(0n);
  });

  it("attack 44: ballots count from the second after the opening to the last second of the period", async () => {
    const { governor, members, decision, snapshot, votes } = await loadFixture(pending);
    const closed = async (voter: Person, state: bigint) =>
      expect(decision.vote(voter, Support.For))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, state, stateMask(State.Active));
    await time.setNextBlockTimestamp(snapshot);
    await closed(members[0], State.Pending);
    await time.increaseTo(snapshot);
    await time.setNextBlockTimestamp(snapshot + 1n);
    await decision.vote(members[0], Support.For);
    const deadline = await decision.deadline();
    await time.increaseTo(deadline - 1n);
    await time.setNextBlockTimestamp(deadline);
    await decision.vote(members[1], Support.For);
    await time.setNextBlockTimestamp(deadline + 1n);
    await closed(members[2], State.Defeated);
    // Members of the words that have counted, and one whose group's word has not.
    await time.increaseTo(deadline + 1n);
    for (const voter of [members[0], members[3], members[5]]) await closed(voter, State.Defeated);
    expect(await votes()).to.deep.equal([0n, 2n, 0n]);
  });

  it("attack 45: nobody gathers votes that were not offered to be taken, signed or not", async () => {
    const { membership, delegations, members, outsiders, decision, votes } = await loadFixture(open);
    const [member, stranger] = [members[0], outsiders[0]];
    // Of the same group, and of another one.
    const [friend, other] = [members[6], members[1]];
    const by = membership.connect(member);
    await expect(by.delegate(friend))
      .to.be.revertedWithCustomError(delegations, "DelegationsFull")
      .withArgs(await membership.numberOf(friend), 0);
    await delegations.connect(friend).takeDelegations(10);
    await delegations.connect(other).takeDelegations(10);
    await expect(by.delegate(other))
      .to.be.revertedWithCustomError(delegations, "DelegationsOtherGroup")
      .withArgs(0, 1);
    await expect(by.delegate(ethers.ZeroAddress)).to.be.revertedWithCustomError(
      delegations,
      "DelegationsZeroDelegate",
    );
    await expect(by.delegate(stranger))
      .to.be.revertedWithCustomError(delegations, "RollDeskRefused")
      .withArgs(stranger, Standing.NotMember, 0);
    await expect(membership.connect(stranger).delegate(friend))
      .to.be.revertedWithCustomError(delegations, "RollDeskRefused")
      .withArgs(stranger, Standing.NotMember, 0);
    // Whoever signed is who delegates: a stranger's signature gives nobody's vote away.
    const message = { delegatee: friend.address, nonce: 0n, expiry: 2n ** 40n };
    const forged = await stranger.signTypedData(await domainOf(delegations), DELEGATION, message);
    const { v, r, s } = Signature.from(forged);
    const relayed = membership.connect(stranger);
    await expect(relayed.delegateBySig(friend, 0, 2n ** 40n, v, r, s))
      .to.be.revertedWithCustomError(delegations, "RollDeskRefused")
      .withArgs(stranger, Standing.NotMember, 0);
    await expect(
      relayed.delegateBySig(friend, 0, 2n ** 40n, 27, ethers.ZeroHash, ethers.ZeroHash),
    ).to.be.revertedWithCustomError(delegations, "ECDSAInvalidSignature");
    await time.increase(1);
    expect(await membership.delegates(member)).to.equal(member);
    expect(await membership.getVotes(friend)).to.equal(1n);
    expect(await membership.getVotes(stranger)).to.equal(0n);
    await decision.vote(friend, Support.For);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 45: votes delegated after the opening count for nobody else on the open decision", async () => {
    const { membership, delegations, members, decision, votes } = await loadFixture(open);
    const [member, friend] = [members[0], members[6]];
    await delegations.connect(friend).takeDelegations(10);
    await membership.connect(member).delegate(friend);
    expect(await membership.getVotes(friend)).to.equal(2n);
    await decision.vote(friend, Support.For);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    await decision.vote(member, Support.Against);
    expect(await votes()).to.deep.equal([1n, 1n, 0n]);
  });

  it("attack 46: roll, governor and chain read the same clock, in seconds", async () => {
    const { governor, membership } = await loadFixture(open);
    // Many blocks to few seconds, as on a second layer: no count of blocks would agree with the clock.
    await networkHelpers.mine(100, { interval: 1 });
    const block = await ethers.provider.getBlock("latest");
    expect(block?.timestamp).not.to.equal(block?.number);
    for (const contract of [governor, membership]) {
      expect(await contract.clock()).to.equal(block?.timestamp);
      expect(await contract.CLOCK_MODE()).to.equal("mode=timestamp");
    }
  });

  it("attack 47: nobody is told of the present or the future as if it were settled", async () => {
    const { governor, membership, members, decision } = await loadFixture(pending);
    const current = await now();
    for (const moment of [current, current + 1n, 2n ** 48n, 2n ** 200n]) {
      for (const attempt of [
        () => membership.getPastVotes(members[0], moment),
        () => membership.getPastTotalSupply(moment),
        () => membership.getPastVotesByGroup(moment),
        () => governor.quorum(moment),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(membership, "ERC5805FutureLookup")
          .withArgs(moment, current);
      }
      await expect(governor.getVotes(members[0], moment))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorFutureLookup")
        .withArgs(moment, current);
    }
    await expect(governor.proposalFrame(decision.id))
      .to.be.revertedWithCustomError(membership, "ERC5805FutureLookup")
      .withArgs(await decision.snapshot(), current);
  });

  it("attack 48: a seat is not moved, approved, operated or burnt by anybody", async () => {
    const coalition = await loadFixture(open);
    const { membership, members, outsiders, deployer } = coalition;
    const [member, friend] = members;
    const number = await membership.numberOf(member);
    const before = await stateOf(coalition);
    for (const caller of [member, friend, outsiders[0], deployer]) {
      const roll = membership.connect(caller);
      for (const to of [friend.address, member.address, ethers.ZeroAddress]) {
        for (const attempt of [
          () => roll.transferFrom(member, to, number),
          () => roll["safeTransferFrom(address,address,uint256)"](member, to, number),
          () => roll["safeTransferFrom(address,address,uint256,bytes)"](member, to, number, "0x00"),
        ]) {
          await expect(attempt())
            .to.be.revertedWithCustomError(membership, "MembershipNotTransferable")
            .withArgs(number);
        }
        await expect(roll.approve(to, number))
          .to.be.revertedWithCustomError(membership, "MembershipApprovalDisabled")
          .withArgs(to);
        await expect(roll.setApprovalForAll(to, true))
          .to.be.revertedWithCustomError(membership, "MembershipApprovalDisabled")
          .withArgs(to);
      }
      await expect(
        caller.sendTransaction({
          to: membership,
          data: ethers.id("burn(uint256)").slice(0, 10) + "1".padStart(64, "0"),
        }),
      ).to.be.revertedWithoutReason(ethers);
    }
    expect(await membership.ownerOf(number)).to.equal(member);
    expect(await membership.getApproved(number)).to.equal(ethers.ZeroAddress);
    expect(await membership.isApprovedForAll(member, friend)).to.equal(false);
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 49: what the roll says of itself by ERC-165 it keeps, and it says nothing more", async () => {
    const { membership, governor, members, outsiders } = await loadFixture(open);
    const [member] = members;
    const number = await membership.numberOf(member);
    // ERC-165, ERC-721, its metadata, ERC-5192, ERC-6372, IVotes.
    for (const id of ["0x01ffc9a7", "0x80ac58cd", "0x5b5e139f", "0xb45a3c0e", "0xda287a1d", "0xe90fb3f6"]) {
      expect(await membership.supportsInterface(id), id).to.equal(true);
    }
    // Neither enumerable, nor a receiver, nor owned, nor everything.
    for (const id of ["0x780e9d63", "0x150b7a02", "0x7f5828d0", "0x7965db0b", "0xffffffff"]) {
      expect(await membership.supportsInterface(id), id).to.equal(false);
    }
    expect(await membership.locked(number)).to.equal(true);
    expect(await membership.ownerOf(number)).to.equal(member);
    expect(await membership.balanceOf(member)).to.equal(1n);
    await expect(membership.connect(member).resign())
      .to.emit(membership, "Transfer")
      .withArgs(member, ethers.ZeroAddress, number);
    expect(await membership.balanceOf(member)).to.equal(0n);
    for (const attempt of [
      () => membership.ownerOf(number),
      () => membership.locked(number),
      () => membership.tokenURI(number),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(membership, "ERC721NonexistentToken")
        .withArgs(number);
    }
    await expect(membership.balanceOf(ethers.ZeroAddress))
      .to.be.revertedWithCustomError(membership, "ERC721InvalidOwner")
      .withArgs(ethers.ZeroAddress);
    expect(await membership.balanceOf(outsiders[0])).to.equal(0n);
    expect(await governor.COUNTING_MODE()).to.equal("support=bravo&quorum=for,abstain");
  });

  it("attack 50: ballots with parameters, and ballots of strangers, are refused and leave no event", async () => {
    const { governor, members, outsiders, decision, votes, refuses } = await loadFixture(open);
    for (const params of ["0x00", `0x${"ff".repeat(10_000)}`]) {
      const length = ethers.dataLength(params);
      for (const attempt of [
        () => governor.connect(members[0]).castVoteWithReasonAndParams(decision.id, Support.For, "", params),
        () => decision.voteBySig(outsiders[0], members[0], Support.For, { reason: "", params }),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorParamsNotEmpty")
          .withArgs(length);
      }
    }
    await refuses(outsiders[0], Standing.NotMember, 0n);
    await expect(decision.voteBySig(members[0], outsiders[0], Support.For))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, outsiders[0], Standing.NotMember, 0);
    expect(await governor.queryFilter(governor.filters.VoteCast)).to.deep.equal([]);
    expect(await governor.queryFilter(governor.filters.VoteCastWithParams)).to.deep.equal([]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });
});
