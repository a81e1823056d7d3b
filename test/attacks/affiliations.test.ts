import { expect } from "chai";
import { network } from "hardhat";
import { signAct } from "../helpers/acts.js";
import { FAR, rotate } from "../helpers/attacks.js";
import { ChallengeState, Claim, COOLDOWN, claimScenes, REASON } from "../helpers/claims.js";
import { actAs, type Coalition, type Person, Support } from "../helpers/governor.js";
import { Struct } from "../helpers/recovery.js";
import { Standing } from "../helpers/roll.js";
import { signStruct } from "../helpers/signing.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const { oneVoice } = claimScenes(connection);

const now = async () => BigInt(await time.latest());

/** Runs a transaction in a block of a given moment. */
async function at<T>(moment: bigint, send: () => Promise<T>): Promise<T> {
  await time.setNextBlockTimestamp(moment);
  return send();
}

describe("Attacks: affiliations and organisations", () => {
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
        expect((await governor.proposalFrame(decision.id)).electorate).to.equal(BigInt(able.length));
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
        expect((await governor.proposalFrame(decision.id)).electorate).to.equal(BigInt(able.length));
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, BigInt(able.length), 0n]);
      });
    }

    it("attack 146: is not flipped back within the cooldown, to have two voices in one decision and one on the list", async () => {
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

    it("attack 146: never lets an organisation and those whom it represents count in one electorate", async () => {
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
        expect((await governor.proposalFrame(decision.id)).electorate).to.equal(BigInt(expected));
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

    it("attack 146: is not undone by organisation or person where the members decided it", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, claims, membership, members, acme, acmeKey, asAffiliations } = scene;
      const [opener, target, ...others] = members as [Person, Person, ...Person[]];
      const number = await membership.numberOf(target);
      await claims.connect(opener).challenge(number, Claim.Affiliation, 0n, REASON);
      for (const other of others.slice(0, 4)) await claims.connect(other).support(1n);
      await claims.connect(await actAs(connection, scene.timelock)).uphold(1n, acme);
      const changeable = (await now()) + COOLDOWN;
      expect(await membership.getVotes(target)).to.equal(0n);
      for (const act of [
        () => asAffiliations(target).affiliate(0n),
        () => asAffiliations(acmeKey).disown(number),
      ]) {
        await expect(act())
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

  describe("a challenge of an affiliation", () => {
    it("attack 147: is not dodged, once it is raised, by another affiliation or none, in the block before the decision", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, claims, membership, members, acme, zorg, asAffiliations } = scene;
      const [opener, target, ...others] = members as [Person, Person, ...Person[]];
      const number = await membership.numberOf(target);
      const governing = claims.connect(await actAs(connection, scene.timelock));
      const raise = async (value: bigint, id: bigint) => {
        await claims.connect(opener).challenge(number, Claim.Affiliation, value, REASON);
        for (const other of others.slice(0, 4)) await claims.connect(other).support(id);
      };
      const refused = (sent: Promise<unknown>, id: bigint) =>
        expect(sent)
          .to.be.revertedWithCustomError(affiliations, "AffiliationsUnderChallenge")
          .withArgs(number, id);

      // Of somebody who says that there is none.
      await raise(0n, 1n);
      await refused(asAffiliations(target).affiliate(zorg), 1n);
      const message = { account: target.address, organisation: zorg, deadline: FAR };
      const signature = await signAct(affiliations, target, "Affiliate", message);
      await refused(affiliations.affiliateBySig(target, zorg, FAR, signature), 1n);
      await governing.uphold(1n, acme);
      expect(await affiliations.organisationOf(number)).to.equal(acme);
      expect(await membership.getVotes(target)).to.equal(0n);

      // Of somebody who names one, and would rather have none than the right one. A new key changes nothing.
      await time.increaseTo((await now()) + COOLDOWN);
      await raise(acme, 2n);
      const newKey = scene.outsiders[3] as Person;
      await rotate(scene, target, newKey);
      await refused(asAffiliations(newKey).affiliate(0n), 2n);
      await governing.uphold(2n, zorg);
      expect(await affiliations.organisationOf(number)).to.equal(zorg);

      // The organisation can say at any time, once the cooldown after the members' word is over, who is not its own.
      await time.increaseTo((await now()) + COOLDOWN);
      await raise(zorg, 3n);
      await asAffiliations(scene.zorgKey).disown(number);
      expect((await claims.challengeOf(3n)).state).to.equal(ChallengeState.Lapsed);
      await claims.connect(opener).challenge(number, Claim.Affiliation, 0n, REASON);
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

    it("attack 88: a representative cannot become owner, nor keep the number against the owner", async () => {
      const scene = await loadFixture(oneVoice);
      const { affiliations, governor, membership, recovery } = scene;
      const { acme, acmeKey, zorgKey, owner, outsiders, propose } = scene;
      const heir = outsiders[3] as Person;
      const taking = await take(scene, acme, heir);
      const representing = await represent(scene, acme, heir);
      for (const act of [
        () => affiliations.connect(acmeKey).passOwnership(acme, heir, FAR, taking),
        () => affiliations.connect(acmeKey).replaceRepresentative(acme, heir, FAR, representing),
      ]) {
        await expect(act())
          .to.be.revertedWithCustomError(affiliations, "AffiliationsNotOwner")
          .withArgs(acme, acmeKey, owner);
      }
      // Nor does it name guardians, who would take the number back from the heir, in person or by signature.
      const friend = scene.members[0] as Person;
      const guarding = { account: acmeKey.address, guardians: [friend.address], threshold: 1, deadline: FAR };
      const naming = await signStruct(recovery, acmeKey, Struct.NameGuardians, guarding);
      for (const act of [
        () => recovery.connect(acmeKey).nameGuardians([friend], 1),
        () => recovery.nameGuardiansBySig(acmeKey, [friend], 1, FAR, naming),
      ]) {
        await expect(act()).to.be.revertedWithCustomError(recovery, "KeyRecoveryOrganisation").withArgs(acme);
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
      const back = { number: acme, newKey: hidden.address, deadline: FAR };
      const consent = await signStruct(recovery, hidden, Struct.Recover, back);
      await expect(recovery.connect(friend).request(acme, hidden, FAR, consent))
        .to.be.revertedWithCustomError(recovery, "KeyRecoveryNotGuardian")
        .withArgs(acme, friend);
      await decision.vote(heir, Support.For);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
      // Nor does one organisation's representative disown another's person.
      await scene.asAffiliations(scene.members[1] as Person).affiliate(acme);
      await expect(affiliations.connect(zorgKey).disown(2n))
        .to.be.revertedWithCustomError(affiliations, "AffiliationsNotAffiliated")
        .withArgs(2n, acme);
    });

    it("attack 88: who owned an organisation, and who owns another, replaces nobody", async () => {
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

    it("attack 85: nobody is made representative or owner without their consent, for just that organisation", async () => {
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
    it("attack 51: are valid once, for one desk on one chain, and until their deadline", async () => {
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

    it("attack 57: of one key for one of its contracts do not do for another, nor for the key itself", async () => {
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
