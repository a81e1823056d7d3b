import { expect } from "chai";
import { network } from "hardhat";
import { joinOrganisation, signAct } from "../helpers/acts.js";
import { FAR, Receipt, rotate } from "../helpers/attacks.js";
import { readParameters } from "../helpers/fixture.js";
import {
  actAs,
  type Coalition,
  Decision,
  State as DecisionState,
  foundCoalition,
  join,
  type Person,
  Support,
} from "../helpers/governor.js";
import { mask, Right, Standing } from "../helpers/roll.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;
const COOLDOWN = 90n * DAY;

/** `IClaims.Claim` and `IClaims.State`, by name. */
const Claim = { Group: 0n, Affiliation: 1n } as const;
const State = { Open: 1n, Raised: 2n, Upheld: 3n, Lapsed: 5n } as const;

// not a secret: stands for the digest of a text
const REASON = `0x${"ab".repeat(32)}`;

const now = async () => BigInt(await time.latest());

/** Runs a transaction in a block of a given moment. */
async function at<T>(moment: bigint, send: () => Promise<T>): Promise<T> {
  await time.setNextBlockTimestamp(moment);
  return send();
}

/** What every scene needs: members whose cooldown is over, and decisions. */
async function prepare(coalition: Coalition & { members: Person[]; outsiders: Person[] }) {
  const { membership, governor, claims, affiliations, members } = coalition;
  await time.increaseTo((await now()) + COOLDOWN);
  let count = 0;
  const propose = async () => {
    const title = `decision ${++count}`;
    const decision = new Decision(connection, coalition, [{ target: coalition.outsiders[3].address }], title);
    await decision.propose(members[0]);
    return { decision, snapshot: await decision.snapshot() };
  };
  /** Which of some keys can cast a ballot on an open decision. */
  const ballots = async (decision: Decision, keys: readonly Person[]) => {
    const able: Person[] = [];
    for (const key of keys) {
      const cast = governor.connect(key).castVote.staticCall(decision.id, Support.For);
      if (await cast.then(() => true).catch(() => false)) able.push(key);
    }
    return able;
  };
  const groupOf = async (member: Person) =>
    (await membership.member(await membership.numberOf(member))).group;
  return {
    ...coalition,
    propose,
    ballots,
    groupOf,
    asClaims: (person: Person) => claims.connect(person),
    asAffiliations: (person: Person) => affiliations.connect(person),
  };
}

/** 12 members, two of each group. */
async function settled() {
  return prepare(await foundCoalition(connection, { count: 12 }));
}

/** One voice: 8 persons, and two organisations whose votes are mature. */
async function oneVoice() {
  const parameters = readParameters("dc-bas");
  parameters.Membership.oneVoice = true;
  const coalition = await foundCoalition(connection, { count: 8, parameters });
  const [acmeKey, zorgKey, owner] = coalition.outsiders as [Person, Person, Person];
  const acme = await joinOrganisation(coalition, acmeKey, owner, 2);
  const zorg = await joinOrganisation(coalition, zorgKey, owner, 3);
  await time.increaseTo((await coalition.membership.member(zorg)).votesFrom);
  const scene = await prepare(coalition);
  return { ...scene, acmeKey, zorgKey, owner, acme, zorg, keys: [...coalition.members, acmeKey, zorgKey] };
}

describe("Attacks: claims and affiliations", () => {
  describe("a group hop around an opening", () => {
    it("counts a member in the group of the opening, before and after the hop, and once", async () => {
      const { governor, claims, membership, members, propose, groupOf } = await loadFixture(settled);
      const [, early, late, idle] = members as [Person, Person, Person, Person];
      const { decision } = await propose();
      await decision.open();
      const groups = await Promise.all([early, late].map(groupOf));
      expect(groups).to.deep.equal([1n, 2n]);
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

    it("draws the line at the opening's last moment, for the ballot and the electorate alike", async () => {
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
      expect(await governor.proposalElectorate(decision.id)).to.equal(12n);
    });

    it("is not repeated within the cooldown, by no key and in no form", async () => {
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

    it("gains nothing by leaving and joining again: the vote has to mature anew", async () => {
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
    it("are refused from strangers, newcomers, participants and the suspended", async () => {
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
      const until = (await now()) + 300n * DAY;
      await governing.suspend(await membership.numberOf(suspended), mask(Right.Vote), until);
      for (const [person, standing, explanation] of [
        [stranger, Standing.NotMember, 0n],
        [newcomer, Standing.Immature, votesFrom],
        [participant, Standing.Unqualified, 0n],
        [suspended, Standing.Suspended, until],
      ] as const) {
        for (const sent of [
          claims.connect(person).support(1n),
          claims.connect(person).challenge(number, Claim.Affiliation, 0n, REASON),
        ]) {
          await expect(sent)
            .to.be.revertedWithCustomError(claims, "RollDeskRefused")
            .withArgs(person, standing, explanation);
        }
      }
      expect((await claims.challengeOf(1n)).supporters).to.equal(1n);
    });

    it("count a number once, through a new key too", async () => {
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

    it("count nobody twice who leaves, joins again and waits for the new vote", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members } = scene;
      const [opener, target, supporter] = members as [Person, Person, Person];
      const governing = claims.connect(await actAs(connection, scene.timelock));
      await governing.setRules({ cooldown: COOLDOWN, window: 180n * DAY, challengers: 3 });
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
      expect((await claims.challengeOf(1n)).state).to.equal(State.Open);
    });

    it("leave the member every right until the members decide, and then correct the claim", async () => {
      const scene = await loadFixture(settled);
      const { claims, membership, members, groupOf } = scene;
      const [opener, target, ...others] = members as [Person, Person, ...Person[]];
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Group, 1n, REASON);
      for (const other of others.slice(0, 4)) await claims.connect(other).support(1n);
      expect((await claims.challengeOf(1n)).state).to.equal(State.Raised);
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
      expect(await groupOf(target)).to.equal(1n);
      await decision.queue(opener);
      await decision.mature();
      await decision.execute(opener);
      expect(await decision.state()).to.equal(DecisionState.Executed);
      expect(await groupOf(target)).to.equal(4n);
      expect((await claims.challengeOf(1n)).state).to.equal(State.Upheld);
    });

    it("are not dodged for long: the changed claim is challenged, and cannot change again", async () => {
      const { claims, membership, members } = await loadFixture(settled);
      const [opener, target, other] = members as [Person, Person, Person];
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Group, 1n, REASON);
      await claims.connect(target).changeGroup(2);
      expect((await claims.challengeOf(1n)).state).to.equal(State.Lapsed);
      await claims.connect(opener).challenge(number, Claim.Group, 2n, REASON);
      const { windowEnd } = await claims.challengeOf(2n);
      expect(await claims.groupChangeableAt(number)).to.be.greaterThan(windowEnd);
      await expect(claims.connect(target).changeGroup(1)).to.be.revertedWithCustomError(
        claims,
        "ClaimsTooEarly",
      );
      await claims.connect(other).support(2n);
      expect((await claims.challengeOf(2n)).state).to.equal(State.Open);
    });
  });

  describe("an affiliation flipped around an opening", () => {
    const moments = [-1n, 0n, 1n];

    for (const shift of moments) {
      const counts = shift <= 0n;
      it(`ended ${shift} s from the opening, the vote ${counts ? "counts" : "does not count"}, in ballots and electorate`, async () => {
        const { governor, members, keys, acme, asAffiliations, propose, ballots } =
          await loadFixture(oneVoice);
        const [, flipper] = members as [Person, Person];
        await asAffiliations(flipper).affiliate(acme);
        await time.increaseTo((await now()) + COOLDOWN);
        const { decision, snapshot } = await propose();
        await at(snapshot + shift, () => asAffiliations(flipper).affiliate(0n));
        await time.increaseTo(snapshot + 2n);
        const able = await ballots(decision, keys);
        expect(able.includes(flipper)).to.equal(counts);
        expect(able.length).to.equal(counts ? 10 : 9);
        await decision.voteAll(able, Support.For);
        expect(await governor.proposalElectorate(decision.id)).to.equal(BigInt(able.length));
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, BigInt(able.length), 0n]);
        if (!counts) {
          await expect(decision.vote(flipper, Support.For))
            .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
            .withArgs(decision.id, flipper, Standing.Immature, snapshot + shift);
        }
      });

      it(`begun ${shift} s from the opening, the vote ${counts ? "does not count" : "counts"}, in ballots and electorate`, async () => {
        const { governor, members, keys, acme, asAffiliations, propose, ballots } =
          await loadFixture(oneVoice);
        const [, flipper] = members as [Person, Person];
        const { decision, snapshot } = await propose();
        await at(snapshot + shift, () => asAffiliations(flipper).affiliate(acme));
        await time.increaseTo(snapshot + 2n);
        const able = await ballots(decision, keys);
        expect(able.includes(flipper)).to.equal(!counts);
        expect(able.length).to.equal(counts ? 9 : 10);
        await decision.voteAll(able, Support.For);
        expect(await governor.proposalElectorate(decision.id)).to.equal(BigInt(able.length));
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, BigInt(able.length), 0n]);
      });
    }

    it("is not flipped back within the cooldown, to have two voices in one decision and one on the list", async () => {
      const { affiliations, members, acme, zorg, membership, asAffiliations } = await loadFixture(oneVoice);
      const [, flipper] = members as [Person, Person];
      const number = await membership.numberOf(flipper);
      await asAffiliations(flipper).affiliate(acme);
      await time.increaseTo((await now()) + COOLDOWN);
      await asAffiliations(flipper).affiliate(0n);
      const changeable = (await now()) + COOLDOWN;
      for (const organisation of [acme, zorg]) {
        await expect(asAffiliations(flipper).affiliate(organisation))
          .to.be.revertedWithCustomError(affiliations, "AffiliationsTooEarly")
          .withArgs(number, changeable);
      }
    });

    it("never lets an organisation and those whom it represents count in one electorate", async () => {
      const scene = await loadFixture(oneVoice);
      const { governor, membership, affiliations, confirmations, members, keys, acme, zorg } = scene;
      const { acmeKey, zorgKey, asAffiliations, propose, ballots } = scene;
      const persons = members.slice(1, 5);
      const numbers = await Promise.all(persons.map((person) => membership.numberOf(person)));
      const dormancy = membership.connect(await actAs(connection, confirmations));
      const governing = affiliations.connect(await actAs(connection, scene.timelock));

      /** Opens a decision, and holds its electorate against its ballots and the affiliations. */
      async function check(expected: number) {
        const { decision, snapshot } = await propose();
        await decision.open();
        const able = await ballots(decision, keys);
        for (const [index, person] of persons.entries()) {
          const organisation = await affiliations.organisationOf(numbers[index] ?? 0n);
          const representative = organisation === acme ? acmeKey : zorgKey;
          const both = organisation !== 0n && able.includes(person) && able.includes(representative);
          expect(both, `person ${index} and organisation ${organisation}`).to.equal(false);
        }
        expect(able.length).to.equal(expected);
        await decision.vote(able[0] as Person, Support.For);
        expect(await governor.proposalElectorate(decision.id)).to.equal(BigInt(expected));
        const counted = await Promise.all(
          [...numbers, acme, zorg].map(async (number) => (await membership.countedAt(number, snapshot))[0]),
        );
        expect(counted.filter(Boolean).length).to.equal(expected - 4);
      }

      for (const [index, person] of persons.entries()) {
        await asAffiliations(person).affiliate(index < 2 ? acme : zorg);
      }
      await check(6);
      // An organisation that cannot vote represents nobody; back again, it does.
      await dormancy.setPaused(acme, true);
      await affiliations.settle(numbers);
      await check(7);
      await dormancy.setPaused(acme, false);
      await affiliations.settle(numbers);
      await check(6);
      // Another representative is the same organisation.
      const owner = scene.owner;
      const newKey = scene.outsiders[3] as Person;
      const message = { number: zorg, newKey: newKey.address, deadline: FAR };
      const consent = await signAct(affiliations, newKey, "Represent", message);
      await affiliations.connect(owner).replaceRepresentative(zorg, newKey, FAR, consent);
      keys.push(newKey);
      await check(6);
      // An organisation that left represents nobody.
      await membership.connect(newKey).resign();
      await affiliations.settle(numbers);
      await check(7);
      // The rule, off and on.
      await governing.setRule(false, COOLDOWN);
      await governing.setRule(true, COOLDOWN);
      await affiliations.settle(numbers);
      await check(7);
    });

    it("is not undone by organisation or person where the members decided it", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, claims, membership, members, acme, acmeKey, asAffiliations } = scene;
      const [opener, target, ...others] = members as [Person, Person, ...Person[]];
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Affiliation, 0n, REASON);
      for (const other of others.slice(0, 4)) await claims.connect(other).support(1n);
      await claims.connect(await actAs(connection, scene.timelock)).uphold(1n, acme);
      const changeable = (await now()) + COOLDOWN;
      expect(await membership.getVotes(target)).to.equal(0n);
      for (const sent of [asAffiliations(target).affiliate(0n), asAffiliations(acmeKey).disown(number)]) {
        await expect(sent)
          .to.be.revertedWithCustomError(affiliations, "AffiliationsTooEarly")
          .withArgs(number, changeable);
      }
      await affiliations.settle([number]);
      expect(await membership.getVotes(target)).to.equal(0n);
      await expect(
        affiliations.connect(await actAs(connection, scene.timelock)).impose(number, 0n),
      ).to.be.revertedWithCustomError(affiliations, "AffiliationsUnauthorized");
    });
  });

  describe("the two accounts of an organisation", () => {
    const represent = (scene: Coalition, number: bigint, newKey: Person) =>
      signAct(scene.affiliations, newKey, "Represent", { number, newKey: newKey.address, deadline: FAR });
    const take = (scene: Coalition, number: bigint, newOwner: Person) =>
      signAct(scene.affiliations, newOwner, "TakeOwnership", {
        number,
        newOwner: newOwner.address,
        deadline: FAR,
      });

    it("a representative cannot become owner, nor keep the number against the owner", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, governor, membership, acme, acmeKey, zorgKey, owner, outsiders, propose } = scene;
      const heir = outsiders[3] as Person;
      for (const sent of [
        affiliations.connect(acmeKey).passOwnership(acme, heir, FAR, await take(scene, acme, heir)),
        affiliations
          .connect(acmeKey)
          .replaceRepresentative(acme, heir, FAR, await represent(scene, acme, heir)),
      ]) {
        await expect(sent)
          .to.be.revertedWithCustomError(affiliations, "AffiliationsNotOwner")
          .withArgs(acme, acmeKey, owner);
      }
      // It votes, moves to a key that nobody knows, and is replaced all the same; the ballot stays with the number.
      const { decision } = await propose();
      await decision.open();
      await decision.vote(acmeKey, Support.Against);
      const hidden = ethers.Wallet.createRandom(ethers.provider);
      await networkHelpers.setBalance(hidden.address, ethers.parseEther("1"));
      await rotate(scene, acmeKey, hidden);
      await affiliations
        .connect(owner)
        .replaceRepresentative(acme, heir, FAR, await represent(scene, acme, heir));
      expect(await membership.ownerOf(acme)).to.equal(heir.address);
      for (const key of [acmeKey, hidden]) {
        await expect(decision.vote(key, Support.For)).to.be.revertedWithCustomError(
          governor,
          "CoalitionGovernorBallotRefused",
        );
        await expect(affiliations.connect(key).disown(1n))
          .to.be.revertedWithCustomError(affiliations, "RollDeskNotMember")
          .withArgs(key);
      }
      await decision.vote(heir, Support.For);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
      // Nor does one organisation's representative disown another's person.
      await scene.asAffiliations(scene.members[1] as Person).affiliate(acme);
      await expect(affiliations.connect(zorgKey).disown(2n))
        .to.be.revertedWithCustomError(affiliations, "AffiliationsNotAffiliated")
        .withArgs(2n, acme);
    });

    it("who owned an organisation, and who owns another, replaces nobody", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, membership, acme, zorg, acmeKey, owner, outsiders, members } = scene;
      const heir = outsiders[3] as Person;
      const [puppet] = [ethers.Wallet.createRandom(ethers.provider)];
      await affiliations.connect(owner).passOwnership(acme, heir, FAR, await take(scene, acme, heir));
      for (const [caller, organisation, rightful] of [
        [owner, acme, heir],
        [heir, zorg, owner],
        [members[0] as Person, acme, heir],
      ] as const) {
        const consent = await represent(scene, organisation, puppet);
        await expect(affiliations.connect(caller).replaceRepresentative(organisation, puppet, FAR, consent))
          .to.be.revertedWithCustomError(affiliations, "AffiliationsNotOwner")
          .withArgs(organisation, caller, rightful);
        // Nor by signature, with the rightful owner's name on it.
        const forged = await signAct(
          affiliations,
          caller,
          "ReplaceRepresentative",
          { owner: rightful.address, number: organisation, newKey: puppet.address, deadline: FAR },
          { account: rightful.address },
        );
        await expect(
          affiliations.replaceRepresentativeBySig(rightful, organisation, puppet, FAR, forged, consent),
        )
          .to.be.revertedWithCustomError(affiliations, "SignedRequestsInvalidSignature")
          .withArgs(rightful);
      }
      expect(await membership.ownerOf(acme)).to.equal(acmeKey.address);
    });

    it("nobody is made representative or owner without their consent, for just that organisation", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, acme, zorg, owner, outsiders } = scene;
      const victim = outsiders[3] as Person;
      for (const signature of [
        "0x",
        await represent(scene, zorg, victim),
        await take(scene, acme, victim),
        await signAct(scene.requests, victim, "Represent", {
          number: acme,
          newKey: victim.address,
          deadline: FAR,
        }),
      ]) {
        await expect(affiliations.connect(owner).replaceRepresentative(acme, victim, FAR, signature))
          .to.be.revertedWithCustomError(affiliations, "SignedRequestsInvalidSignature")
          .withArgs(victim);
      }
      for (const signature of ["0x", await take(scene, zorg, victim), await represent(scene, acme, victim)]) {
        await expect(affiliations.connect(owner).passOwnership(acme, victim, FAR, signature))
          .to.be.revertedWithCustomError(affiliations, "SignedRequestsInvalidSignature")
          .withArgs(victim);
      }
    });
  });

  describe("signed forms", () => {
    it("are valid once, for one desk on one chain, and until their deadline", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, claims, members, acme, owner, outsiders, acmeKey } = scene;
      const [opener, target, supporter] = members as [Person, Person, Person];
      const newKey = outsiders[3] as Person;
      const number = 2n;
      await claims.connect(members[3] as Person).challenge(1n, Claim.Group, 0n, REASON);

      type Form = {
        desk: typeof affiliations | typeof claims;
        kind: Parameters<typeof signAct>[2];
        signer: Person;
        message: Record<string, unknown>;
        bring: (signature: string) => Promise<unknown>;
      };
      const forms: Form[] = [
        {
          desk: claims,
          kind: "ChangeGroup",
          signer: opener,
          message: { account: opener.address, group: 4 },
          bring: (signature) => claims.changeGroupBySig(opener, 4, FAR, signature),
        },
        {
          desk: claims,
          kind: "Challenge",
          signer: opener,
          message: { account: opener.address, number, kind: Claim.Group, value: 1n, reason: REASON },
          bring: (signature) =>
            claims.challengeBySig(opener, number, Claim.Group, 1n, REASON, FAR, signature),
        },
        {
          desk: claims,
          kind: "Support",
          signer: supporter,
          message: { account: supporter.address, id: 2n },
          bring: (signature) => claims.supportBySig(supporter, 2n, FAR, signature),
        },
        {
          desk: affiliations,
          kind: "Affiliate",
          signer: target,
          message: { account: target.address, organisation: acme },
          bring: (signature) => affiliations.affiliateBySig(target, acme, FAR, signature),
        },
        {
          desk: affiliations,
          kind: "Disown",
          signer: acmeKey,
          message: { account: acmeKey.address, number },
          bring: (signature) => affiliations.disownBySig(acmeKey, number, FAR, signature),
        },
        {
          desk: affiliations,
          kind: "ReplaceRepresentative",
          signer: owner,
          message: { owner: owner.address, number: acme, newKey: newKey.address },
          bring: async (signature) => {
            const message = { number: acme, newKey: newKey.address, deadline: FAR };
            const consent = await signAct(affiliations, newKey, "Represent", message);
            return affiliations.replaceRepresentativeBySig(owner, acme, newKey, FAR, signature, consent);
          },
        },
        {
          desk: affiliations,
          kind: "PassOwnership",
          signer: owner,
          message: { owner: owner.address, number: acme, newOwner: opener.address },
          bring: async (signature) => {
            const message = { number: acme, newOwner: opener.address, deadline: FAR };
            const consent = await signAct(affiliations, opener, "TakeOwnership", message);
            return affiliations.passOwnershipBySig(owner, acme, opener, FAR, signature, consent);
          },
        },
      ];
      const foreign = [
        { chainId: 1n },
        { verifyingContract: await scene.requests.getAddress() },
        { name: "Another coalition" },
      ];
      for (const { desk, kind, signer, message, bring } of forms) {
        const refused = (sent: Promise<unknown>) =>
          expect(sent, kind)
            .to.be.revertedWithCustomError(desk, "SignedRequestsInvalidSignature")
            .withArgs(signer);
        for (const domain of foreign) {
          await refused(bring(await signAct(desk, signer, kind, { ...message, deadline: FAR }, { domain })));
        }
        const signature = await signAct(desk, signer, kind, { ...message, deadline: FAR });
        const earlier = await signAct(desk, signer, kind, { ...message, deadline: FAR - 1n });
        await refused(bring(earlier));
        await bring(signature);
        await refused(bring(signature));
      }
      const deadline = await now();
      const message = { account: target.address, group: 4, deadline };
      const late = await signAct(claims, target, "ChangeGroup", message);
      await expect(claims.changeGroupBySig(target, 4, deadline, late))
        .to.be.revertedWithCustomError(claims, "SignedRequestsExpired")
        .withArgs(deadline, (await now()) + 1n);
    });

    it("of one key for one of its contracts do not do for another, nor for the key itself", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, acme, zorg, owner, outsiders } = scene;
      const newKey = outsiders[3] as Person;
      const [first, second] = [
        await ethers.deployContract("ContractWallet", [owner]),
        await ethers.deployContract("ContractWallet", [owner]),
      ];
      for (const [organisation, wallet] of [
        [acme, first],
        [zorg, second],
      ] as const) {
        const account = await wallet.getAddress();
        const message = { number: organisation, newOwner: account, deadline: FAR };
        const consent = await signAct(affiliations, owner, "TakeOwnership", message, { account });
        await affiliations.connect(owner).passOwnership(organisation, account, FAR, consent);
      }
      const account = await first.getAddress();
      const message = { owner: account, number: acme, newKey: newKey.address, deadline: FAR };
      const signature = await signAct(affiliations, owner, "ReplaceRepresentative", message, { account });
      const consent = await signAct(affiliations, newKey, "Represent", message);
      for (const other of [await second.getAddress(), owner.address]) {
        await expect(affiliations.replaceRepresentativeBySig(other, acme, newKey, FAR, signature, consent))
          .to.be.revertedWithCustomError(affiliations, "SignedRequestsInvalidSignature")
          .withArgs(other);
      }
      await affiliations.replaceRepresentativeBySig(account, acme, newKey, FAR, signature, consent);
      expect(await scene.membership.ownerOf(acme)).to.equal(newKey.address);
    });
  });
});
