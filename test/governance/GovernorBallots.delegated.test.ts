import { expect } from "chai";
import { id, toUtf8Bytes } from "ethers";
import { plainParameters } from "../helpers/fixture.js";
import { Standing, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;
const [AGAINST, FOR, ABSTAIN] = [0, 1, 2];

describe("GovernorBallots", () => {
  const roll = useRoll((parameters) => Object.assign(parameters, plainParameters()));
  const key = (index: number) => roll.person(index).address;
  const governor = (index: number) => roll.governor.connect(roll.person(index));
  const delegate = (from: number, to: number) =>
    roll.membership.connect(roll.person(from)).delegate(roll.person(to));

  /** Members 1 to 6 in group 2, member 7 in group 4; everyone's vote counts, and members 1 and 2 take delegations. */
  beforeEach(async () => {
    for (let index = 0; index < 7; index++) await roll.join(roll.person(index), index < 6 ? 2 : 4);
    await roll.goTo(await roll.votesFrom(7n));
    for (const index of [0, 1]) await roll.delegations.connect(roll.person(index)).takeDelegations(5);
  });

  let decisions = 0;
  /** Proposes something and waits until it is open. */
  async function open(): Promise<bigint> {
    const title = `decision ${++decisions}`;
    const action = [[await roll.card.getAddress()], [0n], ["0x"]] as const;
    await governor(6).propose([...action[0]], [...action[1]], [...action[2]], title);
    const proposalId = await roll.governor.getProposalId(
      [...action[0]],
      [...action[1]],
      [...action[2]],
      id(title),
    );
    await roll.goTo((await roll.governor.proposalSnapshot(proposalId)) + 1n);
    return proposalId;
  }

  async function expectVotes(proposalId: bigint, ...votes: [bigint, bigint, bigint]) {
    expect(await roll.governor.proposalVotes(proposalId), "in all").to.deep.equal(votes);
    expect(await roll.governor.proposalVotesByGroup(proposalId, 2), "of the group").to.deep.equal(votes);
  }

  describe("a ballot for votes received", () => {
    it("weighs one and what was received at the opening", async () => {
      await delegate(2, 0);
      await delegate(3, 0);
      const decision = await open();
      const opening = await roll.governor.proposalSnapshot(decision);
      expect(await roll.governor.getVotes(key(0), opening)).to.equal(3n);
      await expect(governor(0).castVote(decision, FOR))
        .to.emit(roll.governor, "VoteCast")
        .withArgs(key(0), decision, FOR, 3n, "");
      await expectVotes(decision, 0n, 3n, 0n);
      expect(await roll.governor.receiptOf(decision, 1n)).to.equal(2n);
      expect(await roll.governor.receiptOf(decision, 3n), "no ballot of their own").to.equal(0n);
    });

    it("weighs the same by signature and with a reason", async () => {
      await delegate(2, 0);
      const decision = await open();
      await expect(governor(0).castVoteWithReason(decision, AGAINST, "no"))
        .to.emit(roll.governor, "VoteCast")
        .withArgs(key(0), decision, AGAINST, 2n, "no");
      await expectVotes(decision, 2n, 0n, 0n);
    });

    it("moves whole when it is changed", async () => {
      await delegate(2, 0);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await governor(0).castVote(decision, ABSTAIN);
      await expectVotes(decision, 0n, 0n, 2n);
    });

    it("does not weigh what was delegated after the opening, or taken back before it", async () => {
      await delegate(2, 0);
      await delegate(2, 2);
      const decision = await open();
      await delegate(3, 0);
      await governor(0).castVote(decision, FOR);
      await expectVotes(decision, 0n, 1n, 0n);
    });

    it("weighs what was taken back after the opening: that reaches decisions not yet opened", async () => {
      await delegate(2, 0);
      const decision = await open();
      await delegate(2, 2);
      await governor(0).castVote(decision, FOR);
      await expectVotes(decision, 0n, 2n, 0n);
      const next = await open();
      await governor(0).castVote(next, FOR);
      await expectVotes(next, 0n, 1n, 0n);
    });

    it("does not weigh what ended by itself before the opening", async () => {
      await roll.delegations.connect(roll.person(2)).delegateUntil(key(0), (await roll.now()) + 15n * DAY);
      await roll.goTo((await roll.now()) + 16n * DAY);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await expectVotes(decision, 0n, 1n, 0n);
    });

    it("takes nothing on: votes received go no further when their delegate delegates", async () => {
      await delegate(2, 1);
      await delegate(1, 0);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await expectVotes(decision, 0n, 2n, 0n);
      await governor(1).castVote(decision, AGAINST);
      await expectVotes(decision, 2n, 1n, 0n);
    });

    it("counts for those who left, were paused or changed group after the opening: the electorate has them", async () => {
      await delegate(2, 0);
      await delegate(3, 0);
      const decision = await open();
      await roll.membership.connect(roll.person(2)).resign();
      await governor(0).castVote(decision, FOR);
      await expectVotes(decision, 0n, 3n, 0n);
      expect((await roll.governor.proposalFrame(decision)).electorate).to.equal(7n);
    });
  });

  describe("a ballot of one's own", () => {
    it("takes the vote back from a delegate who has voted", async () => {
      await delegate(2, 0);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await expect(governor(2).castVote(decision, AGAINST))
        .to.emit(roll.governor, "DelegatedVoteTakenBack")
        .withArgs(decision, 3n, 1n)
        .and.to.emit(roll.governor, "VoteCast")
        .withArgs(key(2), decision, AGAINST, 1n, "");
      await expectVotes(decision, 1n, 1n, 0n);
    });

    it("takes it back from one who has not yet", async () => {
      await delegate(2, 0);
      const decision = await open();
      await governor(2).castVote(decision, AGAINST);
      await expect(governor(0).castVote(decision, FOR))
        .to.emit(roll.governor, "VoteCast")
        .withArgs(key(0), decision, FOR, 1n, "");
      await expectVotes(decision, 1n, 1n, 0n);
    });

    it("takes it back once, however often either changes the ballot", async () => {
      await delegate(2, 0);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await governor(2).castVote(decision, FOR);
      await governor(2).castVote(decision, ABSTAIN);
      await governor(0).castVote(decision, AGAINST);
      await expect(governor(2).castVote(decision, AGAINST)).not.to.emit(
        roll.governor,
        "DelegatedVoteTakenBack",
      );
      await expectVotes(decision, 2n, 0n, 0n);
    });

    it("takes it back by a new key of the same number", async () => {
      await delegate(2, 0);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await roll.rotate(roll.person(2), roll.person(8));
      await governor(8).castVote(decision, AGAINST);
      await expectVotes(decision, 1n, 1n, 0n);
      expect(await roll.governor.hasVoted(decision, key(2))).to.equal(true);
    });

    it("takes it back from a delegate who voted and left", async () => {
      await delegate(2, 0);
      const decision = await open();
      await governor(0).castVote(decision, FOR);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.join(roll.person(0), 2);
      await governor(2).castVote(decision, AGAINST);
      await expectVotes(decision, 1n, 1n, 0n);
    });

    it("takes nothing back from a delegate whose vote did not count at the opening", async () => {
      await delegate(2, 0);
      await roll.membership.connect(roll.person(0)).resign();
      const decision = await open();
      await expect(governor(2).castVote(decision, FOR)).not.to.emit(roll.governor, "DelegatedVoteTakenBack");
      await expectVotes(decision, 0n, 1n, 0n);
    });
  });

  describe("the electorate of an open decision", () => {
    /** The roll, called in the name of a desk. */
    async function deskOf(name: "claims" | "confirmations") {
      const address = await roll[name].getAddress();
      await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
      return roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
    }

    it("has who was paused since: they vote, paused or back", async () => {
      const decision = await open();
      const confirmations = await deskOf("confirmations");
      for (const number of [3n, 4n]) await confirmations.setPaused(number, true);
      await confirmations.setPaused(4n, false);
      for (const index of [2, 3]) await governor(index).castVote(decision, FOR);
      await expectVotes(decision, 0n, 2n, 0n);
    });

    it("has nobody who was paused at the opening, though they are back", async () => {
      const confirmations = await deskOf("confirmations");
      await confirmations.setPaused(3n, true);
      const decision = await open();
      await expect(governor(2).castVote(decision, FOR))
        .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
        .withArgs(decision, key(2), Standing.Dormant, (await roll.membership.member(3n)).confirmedAt);
      await confirmations.setPaused(3n, false);
      await expect(governor(2).castVote(decision, FOR))
        .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
        .withArgs(decision, key(2), Standing.Immature, await roll.now());
      expect((await roll.governor.proposalFrame(decision)).electorate).to.equal(6n);
    });

    it("counts who changed group since in the group of the opening, before and after", async () => {
      const decision = await open();
      await governor(2).castVote(decision, FOR);
      await (await deskOf("claims")).moveGroup(3n, 5);
      await (await deskOf("claims")).moveGroup(4n, 5);
      await governor(2).castVote(decision, AGAINST);
      await governor(3).castVote(decision, AGAINST);
      await expectVotes(decision, 2n, 0n, 0n);
      const next = await open();
      await governor(2).castVote(next, FOR);
      expect(await roll.governor.proposalVotesByGroup(next, 5)).to.deep.equal([0n, 1n, 0n]);
    });

    it("takes no ballot of a special member outside the hours", async () => {
      await delegate(2, 0);
      const decision = await open();
      await roll.goTo((await roll.governor.proposalDeadline(decision)) + 1n);
      for (const index of [0, 2]) {
        await expect(governor(index).castVote(decision, FOR)).to.be.revertedWithCustomError(
          roll.governor,
          "GovernorUnexpectedProposalState",
        );
      }
    });

    it("measures the quorum by votes, those received included", async () => {
      await delegate(2, 0);
      await delegate(3, 0);
      const decision = await open();
      expect((await roll.governor.proposalFrame(decision)).quorumNeeded).to.equal(7n);
      await governor(0).castVote(decision, FOR);
      for (const index of [1, 4, 5]) await governor(index).castVote(decision, FOR);
      expect((await roll.governor.proposalVotes(decision)).forVotes, "one short").to.equal(6n);
      await governor(6).castVote(decision, ABSTAIN);
      await roll.goTo((await roll.governor.proposalDeadline(decision)) + 1n);
      expect(await roll.governor.state(decision), "5 ballots for 7 votes").to.equal(4n);
    });
  });

  it("keeps texts and reasons bounded for special members too", async () => {
    await delegate(2, 0);
    const decision = await open();
    const long = "x".repeat(1_025);
    await expect(governor(0).castVoteWithReason(decision, FOR, long))
      .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorTooLong")
      .withArgs(roll.ethers.encodeBytes32String("reason"), BigInt(toUtf8Bytes(long).length), 1_024n);
  });
});
