import { expect } from "chai";
import { joinOrganisation, signAct } from "../../helpers/acts.js";
import { FAR } from "../../helpers/attacks.js";
import { ChallengeState, Claim, REASON } from "../../helpers/claims.js";
import { deployDesks } from "../../helpers/fixture.js";
import { Pause, Standing, useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const COOLDOWN = 90n * DAY;

/** Members 1 to 4 are persons, members 5 and 6 organisations. */
const [ANN, BOB, CAY, , ACME, ZORG, OWNER, STRANGER] = [0, 1, 2, 3, 4, 5, 6, 7];
const [ann, bob, acme, zorg] = [1n, 2n, 5n, 6n];

describe("Affiliations", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.oneVoice = true;
  });
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.affiliations.connect(roll.person(index));
  const votes = (index: number) => roll.membership.getVotes(key(index));
  const pausesOf = async (number: bigint) => (await roll.membership.member(number)).pauses;
  const REPRESENTED = 1n << Pause.Represented;

  beforeEach(async () => {
    for (let index = 0; index < 4; index++) await roll.join(roll.person(index), index % 2);
    for (const index of [ACME, ZORG]) await joinOrganisation(roll, roll.person(index), roll.person(OWNER), 2);
    await roll.goTo(await roll.votesFrom(zorg));
  });

  async function asTimelock() {
    return roll.affiliations.connect(
      await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress()),
    );
  }

  /** A contract of the coalition, as a caller. */
  async function caller(name: "claims" | "confirmations") {
    const address = await roll[name].getAddress();
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.ethers.getImpersonatedSigner(address);
  }

  const asClaims = async () => roll.affiliations.connect(await caller("claims"));
  const pauseAsDormant = async (number: bigint, paused: boolean) =>
    roll.membership.connect(await caller("confirmations")).setPaused(number, paused);

  /** Makes newcomers participants. */
  async function closeTheDoor() {
    const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
    await roll.governing.setAdmissionPolicy(await policy.getAddress());
  }

  describe("affiliate", () => {
    it("reverts for who is no member", async () => {
      await expect(desk(STRANGER).affiliate(acme))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskNotMember")
        .withArgs(key(STRANGER));
    });

    it("reverts for an organisation", async () => {
      await expect(desk(ZORG).affiliate(acme))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotPerson")
        .withArgs(zorg);
    });

    it("reverts where nothing would change", async () => {
      await expect(desk(ANN).affiliate(0n))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsUnchanged")
        .withArgs(ann, 0n);
      await desk(ANN).affiliate(acme);
      await roll.goTo(await roll.affiliations.changeableAt(ann));
      await expect(desk(ANN).affiliate(acme))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsUnchanged")
        .withArgs(ann, acme);
    });

    it("reverts for a person's number, one that nobody holds, and that of an organisation that left", async () => {
      await expect(desk(ANN).affiliate(bob))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOrganisation")
        .withArgs(bob);
      for (const number of [7n, 2n ** 32n + acme]) {
        await expect(desk(ANN).affiliate(number))
          .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnknownNumber")
          .withArgs(number);
      }
      await roll.membership.connect(roll.person(ACME)).resign();
      await expect(desk(ANN).affiliate(acme))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnknownNumber")
        .withArgs(acme);
    });

    it("reverts within the cooldown, for an end too, and not a second later", async () => {
      await desk(ANN).affiliate(acme);
      const changed = await roll.now();
      expect(await roll.affiliations.changeableAt(ann)).to.equal(changed + COOLDOWN);
      await expect(roll.at(changed + COOLDOWN - 1n, () => desk(ANN).affiliate(0n)))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsTooEarly")
        .withArgs(ann, changed + COOLDOWN);
      await roll.at(changed + COOLDOWN, () => desk(ANN).affiliate(zorg));
      expect(await roll.affiliations.organisationOf(ann)).to.equal(zorg);
    });

    context("given a challenge of the affiliation", () => {
      /** Bob challenges that Ann has none, with as many of the others as are said; two are enough. */
      async function challenge(supporters: number) {
        const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
        const { cooldown, window } = await roll.claims.rules();
        await roll.claims.connect(timelock).setRules({ cooldown, window, challengers: 2 });
        await roll.claims.connect(roll.person(BOB)).challenge(ann, Claim.Affiliation, 0n, REASON);
        for (let index = 0; index < supporters; index++)
          await roll.claims.connect(roll.person(CAY + index)).support(1n);
      }

      it("reverts once it is raised, with the challenge, by signature too", async () => {
        await challenge(1);
        const message = { account: key(ANN), organisation: acme, deadline: FAR };
        const signature = await signAct(roll.affiliations, roll.person(ANN), "Affiliate", message);
        for (const act of [
          () => desk(ANN).affiliate(acme),
          () => roll.affiliations.affiliateBySig(key(ANN), acme, FAR, signature),
        ]) {
          await expect(act())
            .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsUnderChallenge")
            .withArgs(ann, 1n);
        }
      });

      it("goes as long as it is not, and lets the challenge lapse", async () => {
        await challenge(0);
        await desk(ANN).affiliate(acme);
        expect((await roll.claims.challengeOf(1n)).state).to.equal(ChallengeState.Lapsed);
      });

      it("goes again when the members have decided, or their time for it is over", async () => {
        await challenge(1);
        const { raisedAt } = await roll.claims.challengeOf(1n);
        const restore = await roll.connection.networkHelpers.takeSnapshot();
        const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
        await roll.claims.connect(timelock).dismiss(1n);
        await desk(ANN).affiliate(acme);
        await restore.restore();
        const end = raisedAt + 180n * DAY;
        await expect(roll.at(end - 1n, () => desk(ANN).affiliate(acme)))
          .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsUnderChallenge")
          .withArgs(ann, 1n);
        await roll.at(end, () => desk(ANN).affiliate(acme));
        expect(await roll.affiliations.organisationOf(ann)).to.equal(acme);
      });

      it("leaves others, and the person's group, alone", async () => {
        await challenge(1);
        await desk(BOB).affiliate(acme);
        await roll.goTo(await roll.claims.groupChangeableAt(ann));
        await roll.claims.connect(roll.person(ANN)).changeGroup(4);
        expect((await roll.claims.challengeOf(1n)).state).to.equal(ChallengeState.Raised);
      });
    });

    it("discloses the affiliation and pauses the vote at once", async () => {
      await expect(desk(ANN).affiliate(acme))
        .to.emit(roll.affiliations, "AffiliationChanged")
        .withArgs(ann, 0n, acme)
        .and.to.emit(roll.membership, "VotePaused")
        .withArgs(ann, Pause.Represented);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(acme);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(1n);
      expect(await roll.affiliations.isRepresented(ann)).to.equal(true);
      expect(await roll.affiliations.changedAt(ann)).to.equal(await roll.now());
      expect(await votes(ANN)).to.equal(0n);
      expect(await votes(ACME)).to.equal(1n);
      const [standing] = await roll.membership.standingOf(key(ANN), 2, await roll.now());
      expect(standing).to.equal(Standing.Represented);
    });

    it("leaves the vote paused when the person goes from one organisation to another", async () => {
      await desk(ANN).affiliate(acme);
      await roll.goTo(await roll.affiliations.changeableAt(ann));
      await expect(desk(ANN).affiliate(zorg))
        .to.emit(roll.affiliations, "AffiliationChanged")
        .withArgs(ann, acme, zorg)
        .and.not.to.emit(roll.membership, "VotePaused");
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(0n);
      expect(await roll.affiliations.affiliatedCount(zorg)).to.equal(1n);
      expect(await votes(ANN)).to.equal(0n);
    });

    it("gives the vote back at once with the end", async () => {
      await desk(ANN).affiliate(acme);
      await roll.goTo(await roll.affiliations.changeableAt(ann));
      const moment = (await roll.now()) + 10n;
      await expect(roll.at(moment, () => desk(ANN).affiliate(0n)))
        .to.emit(roll.affiliations, "AffiliationChanged")
        .withArgs(ann, acme, 0n)
        .and.to.emit(roll.membership, "VoteResumed")
        .withArgs(ann, Pause.Represented, moment);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(0n);
      expect(await votes(ANN)).to.equal(1n);
    });

    it("leaves both votes where that is the rule", async () => {
      await (await asTimelock()).setRule(false, COOLDOWN);
      await expect(desk(ANN).affiliate(acme)).not.to.emit(roll.membership, "VotePaused");
      expect(await roll.affiliations.organisationOf(ann)).to.equal(acme);
      expect(await roll.affiliations.isRepresented(ann)).to.equal(false);
      expect([await votes(ANN), await votes(ACME)]).to.deep.equal([1n, 1n]);
    });

    it("leaves the vote of whom a mere participant would represent", async () => {
      await closeTheDoor();
      const number = await joinOrganisation(roll, roll.person(STRANGER), roll.person(OWNER));
      await expect(desk(ANN).affiliate(number)).not.to.emit(roll.membership, "VotePaused");
      expect(await roll.affiliations.isRepresented(ann)).to.equal(false);
      expect(await votes(ANN)).to.equal(1n);
    });

    it("pauses the vote for an organisation whose own still waits", async () => {
      const number = await joinOrganisation(roll, roll.person(STRANGER), roll.person(OWNER));
      await desk(ANN).affiliate(number);
      expect(await roll.affiliations.isRepresented(ann)).to.equal(true);
      expect(await votes(ANN)).to.equal(0n);
    });

    it("pauses a vote that is still to mature, and a participant's", async () => {
      const waiting = await roll.join(roll.person(STRANGER));
      await desk(STRANGER).affiliate(acme);
      await closeTheDoor();
      const participant = await roll.join(roll.person(8));
      await desk(8).affiliate(acme);
      expect(await pausesOf(waiting)).to.equal(REPRESENTED);
      expect(await pausesOf(participant)).to.equal(REPRESENTED | (1n << Pause.Unqualified));
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(2n);
    });

    it("goes by signature too, once", async () => {
      const message = { account: key(ANN), organisation: acme, deadline: FAR };
      const signature = await signAct(roll.affiliations, roll.person(ANN), "Affiliate", message);
      await expect(desk(STRANGER).affiliateBySig(key(ANN), zorg, FAR, signature))
        .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
        .withArgs(key(ANN));
      await desk(STRANGER).affiliateBySig(key(ANN), acme, FAR, signature);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(acme);
      await expect(desk(STRANGER).affiliateBySig(key(ANN), acme, FAR, signature))
        .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
        .withArgs(key(ANN));
    });
  });

  describe("disown", () => {
    it("reverts for who is no member", async () => {
      await expect(desk(OWNER).disown(ann))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskNotMember")
        .withArgs(key(OWNER));
    });

    it("reverts for a person without an affiliation, and for another organisation's", async () => {
      await expect(desk(ACME).disown(ann))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotAffiliated")
        .withArgs(ann, 0n);
      await desk(ANN).affiliate(acme);
      for (const index of [ZORG, BOB, ANN]) {
        await expect(desk(index).disown(ann))
          .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotAffiliated")
          .withArgs(ann, acme);
      }
    });

    it("ends the affiliation and gives the vote back, the person's cooldown going on", async () => {
      await desk(ANN).affiliate(acme);
      const changeable = await roll.affiliations.changeableAt(ann);
      await expect(desk(ACME).disown(ann))
        .to.emit(roll.affiliations, "AffiliationChanged")
        .withArgs(ann, acme, 0n)
        .and.to.emit(roll.membership, "VoteResumed");
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(0n);
      expect(await roll.affiliations.changedAt(ann)).to.equal(await roll.now());
      expect(await roll.affiliations.changeableAt(ann)).to.equal(changeable);
      expect(await votes(ANN)).to.equal(1n);
    });

    it("reverts for what the members decided, until the person could change it too", async () => {
      await (await asClaims()).impose(ann, acme);
      const changeable = await roll.affiliations.changeableAt(ann);
      await expect(desk(ACME).disown(ann))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsTooEarly")
        .withArgs(ann, changeable);
      await roll.at(changeable, () => desk(ACME).disown(ann));
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
    });

    it("reaches who left the roll", async () => {
      await desk(ANN).affiliate(acme);
      await roll.membership.connect(roll.person(ANN)).resign();
      await desk(ACME).disown(ann);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(0n);
    });

    it("goes by signature too", async () => {
      await desk(ANN).affiliate(acme);
      const message = { account: key(ACME), number: ann, deadline: FAR };
      const signature = await signAct(roll.affiliations, roll.person(ACME), "Disown", message);
      await expect(desk(STRANGER).disownBySig(key(ACME), bob, FAR, signature))
        .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
        .withArgs(key(ACME));
      await desk(STRANGER).disownBySig(key(ACME), ann, FAR, signature);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
    });
  });

  describe("settle", () => {
    const settle = (...numbers: bigint[]) => desk(STRANGER).settle(numbers);

    it("reverts for a batch of none or of more than 64", async () => {
      for (const size of [0, 65]) {
        await expect(settle(...Array<bigint>(size).fill(ann)))
          .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsBatchSize")
          .withArgs(size, 64n);
      }
    });

    it("changes nothing that is in line, and passes over numbers without an affiliation", async () => {
      await desk(ANN).affiliate(acme);
      const batch = [0n, ann, bob, acme, 99n, ...Array<bigint>(59).fill(ann)];
      await expect(settle(...batch))
        .not.to.emit(roll.membership, "VotePaused")
        .and.not.to.emit(roll.membership, "VoteResumed");
      expect(await votes(ANN)).to.equal(0n);
      expect(await votes(BOB)).to.equal(1n);
    });

    it("follows a change of the rule, both ways", async () => {
      await desk(ANN).affiliate(acme);
      await (await asTimelock()).setRule(false, COOLDOWN);
      expect(await votes(ANN), "until settled").to.equal(0n);
      await expect(settle(ann, ann)).to.emit(roll.membership, "VoteResumed");
      expect(await votes(ANN)).to.equal(1n);
      await (await asTimelock()).setRule(true, COOLDOWN);
      expect(await votes(ANN), "until settled").to.equal(1n);
      await expect(settle(ann)).to.emit(roll.membership, "VotePaused").withArgs(ann, Pause.Represented);
      expect(await votes(ANN)).to.equal(0n);
    });

    it("follows an organisation that becomes dormant and comes back", async () => {
      await desk(ANN).affiliate(acme);
      await pauseAsDormant(acme, true);
      expect(await roll.affiliations.isRepresented(ann)).to.equal(false);
      await settle(ann);
      expect(await votes(ANN)).to.equal(1n);
      await pauseAsDormant(acme, false);
      expect(await roll.affiliations.isRepresented(ann)).to.equal(true);
      await settle(ann);
      expect(await votes(ANN)).to.equal(0n);
    });

    it("gives the votes back when the organisation leaves, whose persons keep the claim on record", async () => {
      await desk(ANN).affiliate(acme);
      await desk(BOB).affiliate(acme);
      await roll.membership.connect(roll.person(ACME)).resign();
      await settle(ann, bob);
      expect([await votes(ANN), await votes(BOB)]).to.deep.equal([1n, 1n]);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(acme);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(2n);
      expect(await roll.affiliations.isRepresented(ann)).to.equal(false);
    });

    it("drops the claim of a person who left the roll", async () => {
      await desk(ANN).affiliate(acme);
      await roll.membership.connect(roll.person(ANN)).resign();
      expect(await roll.affiliations.isRepresented(ann)).to.equal(false);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(1n);
      await expect(settle(ann)).to.emit(roll.affiliations, "AffiliationChanged").withArgs(ann, acme, 0n);
      expect(await roll.affiliations.affiliatedCount(acme)).to.equal(0n);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
    });

    it("leaves what else holds a vote back", async () => {
      await desk(ANN).affiliate(acme);
      await pauseAsDormant(ann, true);
      await roll.membership.connect(roll.person(ACME)).resign();
      await expect(settle(ann)).to.emit(roll.membership, "VoteResumed").withArgs(ann, Pause.Represented, 0n);
      expect(await pausesOf(ann)).to.equal(1n << Pause.Dormant);
    });

    it("settles 64 persons in one transaction", async () => {
      await roll.governing.setMaturity({ ...roll.pace, epochFloor: 100 });
      const crowd = Array.from({ length: 64 }, () => roll.ethers.Wallet.createRandom(roll.ethers.provider));
      const numbers: bigint[] = [];
      for (const wallet of crowd) {
        await roll.connection.networkHelpers.setBalance(wallet.address, roll.ethers.parseEther("1"));
        numbers.push(await roll.join(wallet));
        await roll.affiliations.connect(wallet).affiliate(acme);
      }
      await roll.goTo(await roll.votesFrom(numbers.at(-1) as bigint));
      await (await asTimelock()).setRule(false, COOLDOWN);
      const receipt = await (await settle(...numbers)).wait();
      expect(receipt?.gasUsed).to.be.lessThan(16_777_216n);
      for (const wallet of crowd) expect(await roll.membership.getVotes(wallet)).to.equal(1n);
    });
  });

  describe("impose", () => {
    it("reverts for all but the desk for claims of the same roll", async () => {
      const claims = await roll.claims.getAddress();
      const other = await roll.timelock.getAddress();
      for (const [signer, address] of [
        [roll.person(ACME), key(ACME)],
        [await roll.ethers.getImpersonatedSigner(other), other],
      ] as const) {
        await expect(roll.affiliations.connect(signer).impose(ann, acme))
          .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsUnauthorized")
          .withArgs(address, claims);
      }
    });

    it("reverts for who left, for an organisation, for what is so, and with what is none", async () => {
      const claims = await asClaims();
      await roll.membership.connect(roll.person(BOB)).resign();
      await expect(claims.impose(bob, acme))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnknownNumber")
        .withArgs(bob);
      await expect(claims.impose(zorg, acme))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotPerson")
        .withArgs(zorg);
      await expect(claims.impose(ann, 0n))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsUnchanged")
        .withArgs(ann, 0n);
      await expect(claims.impose(ann, 3n))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOrganisation")
        .withArgs(3n);
    });

    it("sets and ends an affiliation within the cooldown, which starts anew", async () => {
      await desk(ANN).affiliate(acme);
      await expect((await asClaims()).impose(ann, zorg))
        .to.emit(roll.affiliations, "AffiliationChanged")
        .withArgs(ann, acme, zorg);
      const imposed = await roll.now();
      expect(await roll.affiliations.changeableAt(ann)).to.equal(imposed + COOLDOWN);
      expect(await votes(ANN)).to.equal(0n);
      await expect((await asClaims()).impose(ann, 0n)).to.emit(roll.membership, "VoteResumed");
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
      expect(await votes(ANN)).to.equal(1n);
      await expect(desk(ANN).affiliate(acme)).to.be.revertedWithCustomError(
        roll.affiliations,
        "AffiliationsTooEarly",
      );
    });

    it("is over when the person chooses anew", async () => {
      await (await asClaims()).impose(ann, acme);
      await roll.goTo(await roll.affiliations.changeableAt(ann));
      await desk(ANN).affiliate(zorg);
      await desk(ZORG).disown(ann);
      expect(await roll.affiliations.organisationOf(ann)).to.equal(0n);
    });
  });

  describe("setRule", () => {
    it("reverts for all but the timelock", async () => {
      await expect(desk(OWNER).setRule(false, COOLDOWN))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnauthorized")
        .withArgs(key(OWNER), await roll.timelock.getAddress());
    });

    it("reverts for a cooldown out of its range", async () => {
      const floor = await roll.membership.waitingFloor();
      for (const cooldown of [floor - 1n, 730n * DAY + 1n]) {
        await expect((await asTimelock()).setRule(true, cooldown))
          .to.be.revertedWithCustomError(roll.affiliations, "RollDeskParameterOutOfRange")
          .withArgs(roll.ethers.encodeBytes32String("cooldown"), cooldown, floor, 730n * DAY);
      }
    });

    it("changes both and says so, from end to end of the range", async () => {
      const floor = await roll.membership.waitingFloor();
      await expect((await asTimelock()).setRule(false, floor))
        .to.emit(roll.affiliations, "AffiliationRuleChanged")
        .withArgs(true, false, COOLDOWN, floor);
      expect(await roll.affiliations.rule()).to.deep.equal([false, floor]);
      await (await asTimelock()).setRule(true, 730n * DAY);
      expect(await roll.affiliations.rule()).to.deep.equal([true, 730n * DAY]);
    });

    it("moves the cooldown of whoever waits for its end", async () => {
      await desk(ANN).affiliate(acme);
      const changed = await roll.now();
      const floor = await roll.membership.waitingFloor();
      await (await asTimelock()).setRule(true, floor);
      expect(await roll.affiliations.changeableAt(ann)).to.equal(changed + floor);
    });
  });

  describe("at birth", () => {
    it("refuses to serve a roll with a cooldown out of its range", async () => {
      const parameters = { ...roll.parameters.Membership, claimCooldown: 1_000 };
      const { affiliations } = await deployDesks(roll, parameters);
      await expect(affiliations.bind(1_001))
        .to.be.revertedWithCustomError(affiliations, "RollDeskParameterOutOfRange")
        .withArgs(roll.ethers.encodeBytes32String("cooldown"), 1_000n, 1_001n, 730n * DAY);
      await affiliations.bind(1_000);
    });

    it("has the parameters of the coalition", async () => {
      expect(await roll.affiliations.rule()).to.deep.equal([true, COOLDOWN]);
    });
  });

  describe("views", () => {
    it("answer for whom there is nothing to say", async () => {
      for (const number of [ann, 99n]) {
        expect(await roll.affiliations.organisationOf(number)).to.equal(0n);
        expect(await roll.affiliations.isRepresented(number)).to.equal(false);
        expect(await roll.affiliations.changeableAt(number)).to.equal(0n);
        expect(await roll.affiliations.changedAt(number)).to.equal(0n);
        expect(await roll.affiliations.affiliatedCount(number)).to.equal(0n);
      }
    });
  });
});
