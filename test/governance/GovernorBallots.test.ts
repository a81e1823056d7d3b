import { expect } from "chai";
import { network } from "hardhat";
import {
  actAs,
  Decision,
  foundWithDecision,
  join,
  maskOf,
  type Person,
  Right,
  rotateKey,
  Standing,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400;

async function tabled() {
  const setting = await foundWithDecision(connection);
  await setting.decision.propose(setting.members[0]);
  return setting;
}

/**
 * An open decision on which these may not vote: a stranger, two who matured too late or not at all, and members who left,
 * were ended, moved on to another key or are suspended while the vote goes on.
 */
async function refused() {
  const setting = await foundWithDecision(connection);
  const { membership, timelock, members, outsiders, decision } = setting;
  const [proposer, , resigned, ended, rotated, suspended] = members;
  const [stranger, latecomer, immature, newKey] = outsiders;
  await join(setting, latecomer, 3);
  const matures = (await membership.member(await membership.numberOf(latecomer))).votesFrom;
  const notice = BigInt(setting.parameters.Governor.action.notice);
  await time.increaseTo(matures - notice - 10n);
  await decision.propose(proposer);
  await join(setting, immature, 4);
  await time.increaseTo(matures + 1n);

  const power = await actAs(connection, timelock);
  const moment = async (act: Promise<{ getBlock(): Promise<{ timestamp: number } | null> }>) =>
    BigInt((await (await act).getBlock())?.timestamp ?? 0);
  const left = await moment(membership.connect(resigned).resign());
  const thrown = await moment(membership.connect(power).end(await membership.numberOf(ended)));
  const moved = await moment(rotateKey(setting, rotated, newKey));
  const until = thrown + BigInt(3 * DAY);
  await membership.connect(power).suspend(await membership.numberOf(suspended), maskOf(Right.Vote), until);

  const standings: Record<string, { voter: Person; standing: bigint; explanation: bigint }> = {
    "is no member": { voter: stranger, standing: Standing.NotMember, explanation: 0n },
    "matured after the opening": { voter: latecomer, standing: Standing.Immature, explanation: matures },
    "has not matured": {
      voter: immature,
      standing: Standing.Immature,
      explanation: (await membership.member(await membership.numberOf(immature))).votesFrom,
    },
    "has resigned": { voter: resigned, standing: Standing.Ended, explanation: left },
    "was ended": { voter: ended, standing: Standing.Ended, explanation: thrown },
    "has moved to another key": { voter: rotated, standing: Standing.Rotated, explanation: moved },
    "is suspended": { voter: suspended, standing: Standing.Suspended, explanation: until },
  };
  return { ...setting, standings, suspended, rotated, newKey, resigned, latecomer, until, power };
}

const REFUSED = [
  "is no member",
  "matured after the opening",
  "has not matured",
  "has resigned",
  "was ended",
  "has moved to another key",
  "is suspended",
] as const;

describe("GovernorBallots", () => {
  describe("COUNTING_MODE", () => {
    it("says that For and Abstain make the quorum", async () => {
      const { governor } = await loadFixture(tabled);
      expect(await governor.COUNTING_MODE()).to.equal("support=bravo&quorum=for,abstain");
    });
  });

  describe("castVote: who", () => {
    for (const who of REFUSED) {
      for (const earlier of ["nobody has voted", "every group has voted"] as const) {
        it(`reverts with the reason why for a key that ${who}, when ${earlier}`, async () => {
          const { governor, members, decision, standings } = await loadFixture(refused);
          // The last six members are one of each group: every word of the tally then knows the hours.
          if (earlier === "every group has voted") await decision.voteAll(members.slice(-6), Support.For);
          const before = await governor.proposalVotes(decision.id);
          const { voter, standing, explanation } = standings[who];
          await expect(decision.vote(voter, Support.For))
            .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
            .withArgs(decision.id, voter, standing, explanation);
          expect(await governor.proposalVotes(decision.id)).to.deep.equal(before);
          expect(await governor.hasVoted(decision.id, voter)).to.equal(false);
        });
      }
    }

    context("given a suspension that ends while the vote goes on", () => {
      it("reverts in its last second", async () => {
        const { governor, decision, suspended, until } = await loadFixture(refused);
        await time.setNextBlockTimestamp(until - 1n);
        await expect(decision.vote(suspended, Support.For))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
          .withArgs(decision.id, suspended, Standing.Suspended, until);
      });

      it("counts the ballot in the very second it ends", async () => {
        const { governor, decision, suspended, until } = await loadFixture(refused);
        await time.setNextBlockTimestamp(until);
        await expect(decision.vote(suspended, Support.For))
          .to.emit(governor, "VoteCast")
          .withArgs(suspended, decision.id, Support.For, 1n, "");
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
      });

      it("counts the ballot once the right was restored", async () => {
        const { governor, membership, decision, suspended, power } = await loadFixture(refused);
        const number = await membership.numberOf(suspended);
        await membership.connect(power).restore(number, maskOf(Right.Vote));
        await decision.vote(suspended, Support.Against);
        expect(await governor.receiptOf(decision.id, number)).to.equal(1n);
      });
    });

    it("counts the ballot of a member whose other rights are suspended", async () => {
      const { governor, membership, members, decision, power } = await loadFixture(refused);
      const rights = maskOf(Right.Speak, Right.Propose, Right.Stand);
      const until = (await time.latest()) + DAY;
      await membership.connect(power).suspend(await membership.numberOf(members[7]), rights, until);
      await decision.vote(members[7], Support.For);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
    });

    it("counts a vote that matures in the second of the opening, and refuses one a second later", async () => {
      const setting = await loadFixture(tabled);
      const { governor, membership, members, outsiders, put } = setting;
      const [newcomer] = outsiders;
      await join(setting, newcomer, 2);
      const matures = (await membership.member(await membership.numberOf(newcomer))).votesFrom;
      const notice = await governor.votingDelay();
      const early = new Decision(connection, setting, put(2), "Opens a second before it matures");
      const sharp = new Decision(connection, setting, put(3), "Opens in the second it matures");
      await time.setNextBlockTimestamp(matures - notice - 1n);
      await early.propose(members[0]);
      await time.setNextBlockTimestamp(matures - notice);
      await sharp.propose(members[0]);
      await sharp.open();
      await expect(early.vote(newcomer, Support.For))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
        .withArgs(early.id, newcomer, Standing.Immature, matures);
      await sharp.vote(newcomer, Support.For);
      expect(await governor.proposalVotes(sharp.id)).to.deep.equal([0n, 1n, 0n]);
      const before = (await governor.proposalFrame(early.id)).electorate;
      expect((await governor.proposalFrame(sharp.id)).electorate).to.equal(before + 1n);
    });

    it("lets a new key change the ballot of the number, and gives it no second one", async () => {
      const setting = await loadFixture(tabled);
      const { governor, membership, members, outsiders, decision } = setting;
      const [voter] = members;
      const [newKey] = outsiders;
      const number = await membership.numberOf(voter);
      await decision.open();
      await decision.vote(voter, Support.For);
      await rotateKey(setting, voter, newKey);
      expect(await governor.hasVoted(decision.id, newKey)).to.equal(true);
      expect(await governor.hasVoted(decision.id, voter)).to.equal(true);
      await decision.vote(newKey, Support.Against);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 0n, 0n]);
      expect(await governor.receiptOf(decision.id, number)).to.equal(1n);
    });

    it("keeps the ballot of a member who leaves, and refuses the number that follows", async () => {
      const setting = await loadFixture(tabled);
      const { governor, membership, members, decision } = setting;
      await decision.open();
      await decision.vote(members[1], Support.For);
      const former = await membership.numberOf(members[1]);
      await membership.connect(members[1]).resign();
      expect(await governor.hasVoted(decision.id, members[1])).to.equal(true);
      await join(setting, members[1], 5);
      const { number, votesFrom } = await membership.member(await membership.numberOf(members[1]));
      await expect(decision.vote(members[1], Support.For))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
        .withArgs(decision.id, members[1], Standing.Immature, votesFrom);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
      expect(await governor.receiptOf(decision.id, former)).to.equal(2n);
      expect(await governor.receiptOf(decision.id, number)).to.equal(0n);
      expect(await governor.hasVoted(decision.id, members[1])).to.equal(false);
    });
  });

  describe("castVote: when", () => {
    it("reverts for a decision that nobody proposed", async () => {
      const { governor, members } = await loadFixture(tabled);
      await expect(governor.connect(members[0]).castVote(42n, Support.For))
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(42n);
    });

    it("reverts in the second of the snapshot, and counts in the next one", async () => {
      const { governor, members, decision } = await loadFixture(tabled);
      const opening = await decision.snapshot();
      await time.setNextBlockTimestamp(opening);
      await expect(decision.vote(members[0], Support.For))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Pending, stateMask(State.Active));
      await time.setNextBlockTimestamp(opening + 1n);
      await decision.vote(members[0], Support.For);
      expect(await time.latest()).to.equal(opening + 1n);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
    });

    for (const earlier of ["nobody has voted", "the word of the voter's group knows the hours"] as const) {
      it(`counts in the last second and reverts in the next one, when ${earlier}`, async () => {
        const { governor, members, decision } = await loadFixture(tabled);
        const voters = members.slice(0, 8);
        if (earlier !== "nobody has voted") {
          await decision.open();
          await decision.voteAll(voters, Support.Against);
        }
        const last = await decision.deadline();
        await time.setNextBlockTimestamp(last);
        await decision.vote(voters[0], Support.For);
        const [against, ayes] = await governor.proposalVotes(decision.id);
        expect([against, ayes]).to.deep.equal([earlier === "nobody has voted" ? 0n : 7n, 1n]);
        await time.setNextBlockTimestamp(last + 1n);
        await expect(decision.vote(voters[1], Support.For))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Defeated, stateMask(State.Active));
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([against, ayes, 0n]);
      });
    }

    it("reverts for a decision that was cancelled", async () => {
      const { governor, members, decision } = await loadFixture(tabled);
      await decision.cancel(members[0]);
      await decision.open();
      await expect(decision.vote(members[1], Support.For))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Canceled, stateMask(State.Active));
    });
  });

  describe("proposalVotes and proposalVotesByGroup", () => {
    it("agree, group by group, through first and changed ballots", async () => {
      const { governor, members, decision } = await loadFixture(tabled);
      await decision.open();
      const groups = 6;
      const byGroup = Array.from({ length: groups }, () => [0n, 0n, 0n]);
      for (const [index, voter] of members.entries()) {
        const first = index % 3;
        await decision.vote(voter, first);
        const last = index % 4 === 0 ? (first + 1) % 3 : first;
        if (last !== first) await decision.vote(voter, last);
        byGroup[index % groups][last] += 1n;
      }
      for (const [group, votes] of byGroup.entries()) {
        expect(await governor.proposalVotesByGroup(decision.id, group)).to.deep.equal(votes);
      }
      const total = [0, 1, 2].map((choice) => byGroup.reduce((sum, votes) => sum + votes[choice], 0n));
      expect(await governor.proposalVotes(decision.id)).to.deep.equal(total);
      expect(total.reduce((sum, votes) => sum + votes)).to.equal(BigInt(members.length));
    });

    it("keep decisions apart", async () => {
      const setting = await loadFixture(tabled);
      const { governor, members, decision, put } = setting;
      const other = new Decision(connection, setting, put(2), "Keep the number two");
      await other.start(members[0]);
      await decision.vote(members[1], Support.For);
      await other.vote(members[1], Support.Against);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
      expect(await governor.proposalVotes(other.id)).to.deep.equal([1n, 0n, 0n]);
    });

    it("are zero for a decision that nobody proposed", async () => {
      const { governor } = await loadFixture(tabled);
      expect(await governor.proposalVotes(42n)).to.deep.equal([0n, 0n, 0n]);
      expect(await governor.proposalVotesByGroup(42n, 5n)).to.deep.equal([0n, 0n, 0n]);
    });

    it("reverts for a group that does not exist", async () => {
      const { governor, membership, decision } = await loadFixture(tabled);
      for (const group of [6n, 8n, 2n ** 255n]) {
        await expect(governor.proposalVotesByGroup(decision.id, group))
          .to.be.revertedWithCustomError(membership, "MembershipUnknownGroup")
          .withArgs(group, 6n);
      }
    });
  });

  describe("receiptOf and hasVoted", () => {
    it("answer none for numbers and keys that did not vote", async () => {
      const { governor, members, outsiders, decision } = await loadFixture(tabled);
      await decision.open();
      await decision.vote(members[0], Support.For);
      for (const number of [0n, 2n, 129n, 2n ** 255n]) {
        expect(await governor.receiptOf(decision.id, number)).to.equal(0n);
      }
      for (const key of [members[1], outsiders[0], ethers.ZeroAddress]) {
        expect(await governor.hasVoted(decision.id, key)).to.equal(false);
      }
    });
  });
});
