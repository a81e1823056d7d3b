import { expect } from "chai";
import { network } from "hardhat";
import { signAct } from "../helpers/acts.js";
import { FAR, Receipt, rotate } from "../helpers/attacks.js";
import { ChallengeState, Claim, COOLDOWN, claimScenes, groupOf, REASON } from "../helpers/claims.js";
import { actAs, Decision, join, type Person, State, Support } from "../helpers/governor.js";
import { mask, Right, Standing } from "../helpers/roll.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const { settled } = claimScenes(connection);

const now = async () => BigInt(await time.latest());

/** Runs a transaction in a block of a given moment. */
async function at<T>(moment: bigint, send: () => Promise<T>): Promise<T> {
  await time.setNextBlockTimestamp(moment);
  return send();
}

describe("Attacks: claims", () => {
  describe("a group hop around an opening", () => {
    it("attack 145: counts a member in the group of the opening, before and after the hop, and once", async () => {
      const scene = await loadFixture(settled);
      const { governor, claims, membership, members, propose } = scene;
      const [, early, late, idle] = members as [Person, Person, Person, Person];
      const { decision } = await propose();
      await decision.open();
      expect([await groupOf(scene, early), await groupOf(scene, late)]).to.deep.equal([1n, 2n]);
      await decision.vote(early, Support.For);
      for (const hopper of [early, late, idle]) await claims.connect(hopper).changeGroup(5);
      await decision.vote(late, Support.For);
      await decision.vote(early, Support.Against);
      expect(await governor.proposalVotesByGroup(decision.id, 1n)).to.deep.equal([1n, 0n, 0n]);
      expect(await governor.proposalVotesByGroup(decision.id, 2n)).to.deep.equal([0n, 1n, 0n]);
      expect(await governor.proposalVotesByGroup(decision.id, 5n)).to.deep.equal([0n, 0n, 0n]);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 1n, 0n]);
      const number = await membership.numberOf(early);
      expect(await governor.receiptOf(decision.id, number)).to.equal(Receipt.Against);

      // In the next decision they count where they are now.
      const { decision: next, snapshot } = await propose();
      await next.open();
      for (const hopper of [early, late, idle]) await next.vote(hopper, Support.For);
      expect(await governor.proposalVotesByGroup(next.id, 5n)).to.deep.equal([0n, 3n, 0n]);
      expect(await governor.proposalVotes(next.id)).to.deep.equal([0n, 3n, 0n]);
      expect((await membership.getPastVotesByGroup(snapshot))[5]).to.equal(5n);
    });

    it("attack 145: draws the line at the opening's last moment, for the ballot and the electorate alike", async () => {
      const { governor, claims, membership, members, propose } = await loadFixture(settled);
      const [, before, during, after] = members as [Person, Person, Person, Person];
      const { decision, snapshot } = await propose();
      await at(snapshot - 1n, () => claims.connect(before).changeGroup(5));
      await at(snapshot, () => claims.connect(during).changeGroup(5));
      await at(snapshot + 1n, () => claims.connect(after).changeGroup(5));
      for (const hopper of [before, during, after]) await decision.vote(hopper, Support.For);
      expect(await governor.proposalVotesByGroup(decision.id, 5n)).to.deep.equal([0n, 2n, 0n]);
      expect(await governor.proposalVotesByGroup(decision.id, 3n)).to.deep.equal([0n, 1n, 0n]);
      expect(await membership.getPastVotesByGroup(snapshot)).to.deep.equal([2n, 1n, 1n, 2n, 2n, 4n]);
      expect((await governor.proposalFrame(decision.id)).electorate).to.equal(12n);
    });

    it("attack 145: is not repeated within the cooldown, by no key and in no form", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members, outsiders } = scene;
      const [, hopper] = members as [Person, Person];
      const [newKey] = outsiders as [Person];
      const number = await membership.numberOf(hopper);
      await claims.connect(hopper).changeGroup(3);
      const changeable = (await now()) + COOLDOWN;
      const refused = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(claims, "ClaimsTooEarly").withArgs(number, changeable);
      await refused(claims.connect(hopper).changeGroup(1));
      const message = { account: hopper.address, group: 1, deadline: FAR };
      const signature = await signAct(claims, hopper, "ChangeGroup", message);
      await refused(claims.changeGroupBySig(hopper, 1, FAR, signature));
      await rotate(scene, hopper, newKey);
      await refused(claims.connect(newKey).changeGroup(1));
      await refused(at(changeable - 1n, () => claims.connect(newKey).changeGroup(1)));
    });

    it("attack 145: gains nothing by leaving and joining again: the vote has to mature anew", async () => {
      const scene = await loadFixture(settled);
      const { membership, members, propose, ballots } = scene;
      const [, hopper] = members as [Person, Person];
      const { decision } = await propose();
      await membership.connect(hopper).resign();
      await join(scene, hopper, 5);
      await decision.open();
      expect(await ballots(decision, [hopper])).to.deep.equal([]);
      await expect(scene.claims.connect(hopper).changeGroup(1)).to.be.revertedWithCustomError(
        scene.claims,
        "ClaimsTooEarly",
      );
    });
  });

  describe("challenges by who should have none", () => {
    it("attack 147: are refused from strangers, newcomers, participants and the suspended", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members, outsiders } = scene;
      const [opener, target, suspended] = members as [Person, Person, Person];
      const [stranger, newcomer, participant] = outsiders as [Person, Person, Person];
      const governing = membership.connect(await actAs(connection, scene.timelock));
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Group, 1n, REASON);
      await join(scene, newcomer);
      const { votesFrom } = await membership.member(await membership.numberOf(newcomer));
      await governing.setAdmissionPolicy(await ethers.deployContract("AdmissionPolicyMock"));
      await join(scene, participant);
      const until = (await now()) + 300n * 86_400n;
      await governing.suspend(await membership.numberOf(suspended), mask(Right.Vote), until);
      for (const [person, standing, explanation] of [
        [stranger, Standing.NotMember, 0n],
        [newcomer, Standing.Immature, votesFrom],
        [participant, Standing.Unqualified, 0n],
        [suspended, Standing.Suspended, until],
      ] as const) {
        for (const act of [
          () => claims.connect(person).support(1n),
          () => claims.connect(person).challenge(number, Claim.Affiliation, 0n, REASON),
        ]) {
          await expect(act())
            .to.be.revertedWithCustomError(claims, "RollDeskRefused")
            .withArgs(person, standing, explanation);
        }
      }
      expect((await claims.challengeOf(1n)).supporters).to.equal(1n);
    });

    it("attack 147: count a number once, through a new key too", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members, outsiders } = scene;
      const [opener, target, supporter] = members as [Person, Person, Person];
      const [first, second] = outsiders as [Person, Person];
      await claims.connect(opener).challenge(await membership.numberOf(target), Claim.Group, 1n, REASON);
      await claims.connect(supporter).support(1n);
      const numbers = [await membership.numberOf(opener), await membership.numberOf(supporter)] as const;
      await rotate(scene, opener, first);
      await rotate(scene, supporter, second);
      for (const [index, key] of [first, second].entries()) {
        await expect(claims.connect(key).support(1n))
          .to.be.revertedWithCustomError(claims, "ClaimsAlreadySupported")
          .withArgs(1n, numbers[index]);
      }
      // Nor does the old key come back with a vote of its own.
      await join(scene, supporter);
      await expect(claims.connect(supporter).support(1n)).to.be.revertedWithCustomError(
        claims,
        "RollDeskRefused",
      );
      expect((await claims.challengeOf(1n)).supporters).to.equal(2n);
    });

    it("attack 147: count nobody twice who leaves, joins again and waits for the new vote", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members } = scene;
      const [opener, target, supporter] = members as [Person, Person, Person];
      const governing = claims.connect(await actAs(connection, scene.timelock));
      await governing.setRules({ cooldown: COOLDOWN, window: 180n * 86_400n, challengers: 3 });
      await claims.connect(opener).challenge(await membership.numberOf(target), Claim.Group, 1n, REASON);
      const openedAt = await now();
      await claims.connect(supporter).support(1n);
      await membership.connect(supporter).resign();
      await join(scene, supporter);
      const number = await membership.numberOf(supporter);
      await time.increaseTo((await membership.member(number)).votesFrom);
      expect(await membership.getVotes(supporter)).to.equal(1n);
      await expect(claims.connect(supporter).support(1n))
        .to.be.revertedWithCustomError(claims, "ClaimsSupporterTooNew")
        .withArgs(1n, number, openedAt);
      expect((await claims.challengeOf(1n)).state).to.equal(ChallengeState.Open);
    });

    it("attack 147: leave the member every right until the members decide, and then correct the claim", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members } = scene;
      const [opener, target, ...others] = members as [Person, Person, ...Person[]];
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Group, 1n, REASON);
      for (const other of others.slice(0, 4)) await claims.connect(other).support(1n);
      expect((await claims.challengeOf(1n)).state).to.equal(ChallengeState.Raised);
      // A hop does not take the decision out of the members' hands.
      await expect(claims.connect(target).changeGroup(2))
        .to.be.revertedWithCustomError(claims, "ClaimsUnderChallenge")
        .withArgs(number, 1n);
      const data = claims.interface.encodeFunctionData("uphold", [1n, 4n]);
      const decision = new Decision(
        connection,
        scene,
        [{ target: claims, data }],
        "Move member 2 to Academia",
      );
      await decision.start(opener);
      await decision.vote(target, Support.Against);
      await decision.voteAll(others, Support.For);
      await decision.close();
      expect(await groupOf(scene, target)).to.equal(1n);
      await decision.queue(opener);
      await decision.mature();
      await decision.execute(opener);
      expect(await decision.state()).to.equal(State.Executed);
      expect(await groupOf(scene, target)).to.equal(4n);
      expect((await claims.challengeOf(1n)).state).to.equal(ChallengeState.Upheld);
    });

    it("attack 147: are not dodged for long: the changed claim is challenged, and cannot change again", async () => {
      const { claims, membership, members } = await loadFixture(settled);
      const [opener, target, other] = members as [Person, Person, Person];
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Group, 1n, REASON);
      await claims.connect(target).changeGroup(2);
      expect((await claims.challengeOf(1n)).state).to.equal(ChallengeState.Lapsed);
      await claims.connect(opener).challenge(number, Claim.Group, 2n, REASON);
      const { windowEnd } = await claims.challengeOf(2n);
      expect(await claims.groupChangeableAt(number)).to.be.greaterThan(windowEnd);
      await expect(claims.connect(target).changeGroup(1)).to.be.revertedWithCustomError(
        claims,
        "ClaimsTooEarly",
      );
      await claims.connect(other).support(2n);
      expect((await claims.challengeOf(2n)).state).to.equal(ChallengeState.Open);
    });
  });
});
