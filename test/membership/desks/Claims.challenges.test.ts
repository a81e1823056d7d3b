import { expect } from "chai";
import { ZeroHash } from "ethers";
import { joinOrganisation, signAct } from "../../helpers/acts.js";
import { FAR } from "../../helpers/attacks.js";
import { Standing, useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const COOLDOWN = 90n * DAY;
const WINDOW = 30n * DAY;
const DECISION_TIME = 180n * DAY;

/** `IClaims.Claim` and `IClaims.State`, by name. */
const Claim = { Group: 0n, Affiliation: 1n } as const;
const State = { None: 0n, Open: 1n, Raised: 2n, Upheld: 3n, Dismissed: 4n, Lapsed: 5n } as const;

// not a secret: stands for the digest of a text
const REASON = `0x${"ab".repeat(32)}`;

describe("Claims: challenges", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.challengers = 3;
  });
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.claims.connect(roll.person(index));
  const stateOf = async (id: bigint) => (await roll.claims.challengeOf(id)).state;

  /** Members 1 to 5 are persons of group 0, member 6 an organisation. Member 1 is the one who is challenged. */
  beforeEach(async () => {
    for (let index = 0; index < 5; index++) await roll.join(roll.person(index));
    await joinOrganisation(roll, roll.person(5), roll.person(10), 2);
    await roll.goTo(await roll.votesFrom(6n));
  });

  async function asTimelock() {
    return roll.claims.connect(await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress()));
  }

  const open = (kind: bigint = Claim.Group, value = 0n) => desk(1).challenge(1n, kind, value, REASON);

  async function raise(kind: bigint = Claim.Group, value = 0n): Promise<bigint> {
    await open(kind, value);
    const id = await roll.claims.lastChallenge();
    await desk(2).support(id);
    await desk(3).support(id);
    return id;
  }

  describe("challenge", () => {
    it("reverts for whose vote does not count", async () => {
      await expect(desk(9).challenge(1n, Claim.Group, 0n, REASON))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskRefused")
        .withArgs(key(9), Standing.NotMember, 0n);
      const number = await roll.join(roll.person(9));
      await expect(desk(9).challenge(1n, Claim.Group, 0n, REASON))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskRefused")
        .withArgs(key(9), Standing.Immature, await roll.votesFrom(number));
    });

    it("reverts for one's own claim", async () => {
      await expect(desk(0).challenge(1n, Claim.Group, 0n, REASON))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsOwnClaim")
        .withArgs(1n);
    });

    it("reverts for a number that nobody holds", async () => {
      for (const number of [0n, 7n, 2n ** 32n + 1n]) {
        await expect(desk(1).challenge(number, Claim.Group, 0n, REASON))
          .to.be.revertedWithCustomError(roll.claims, "RollDeskUnknownNumber")
          .withArgs(number);
      }
      await roll.membership.connect(roll.person(0)).resign();
      await expect(open()).to.be.revertedWithCustomError(roll.claims, "RollDeskUnknownNumber").withArgs(1n);
    });

    it("reverts for an organisation's affiliation", async () => {
      await expect(desk(1).challenge(6n, Claim.Affiliation, 0n, REASON))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsNotPerson")
        .withArgs(6n);
    });

    it("reverts for what the member does not claim", async () => {
      await expect(open(Claim.Group, 1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsOtherClaim")
        .withArgs(1n, Claim.Group, 1n, 0n);
      await expect(open(Claim.Group, 2n ** 32n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsOtherClaim")
        .withArgs(1n, Claim.Group, 2n ** 32n, 0n);
      await expect(open(Claim.Affiliation, 6n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsOtherClaim")
        .withArgs(1n, Claim.Affiliation, 6n, 0n);
    });

    it("reverts without a reason", async () => {
      await expect(desk(1).challenge(1n, Claim.Group, 0n, ZeroHash)).to.be.revertedWithCustomError(
        roll.claims,
        "ClaimsReasonMissing",
      );
    });

    it("reverts for a claim that is challenged already", async () => {
      await open();
      await expect(desk(2).challenge(1n, Claim.Group, 0n, REASON))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsAlreadyChallenged")
        .withArgs(1n, Claim.Group, 1n);
    });

    it("reverts for who has opened another that is not over", async () => {
      await open();
      await expect(desk(1).challenge(3n, Claim.Group, 0n, REASON))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsAlreadyChallenging")
        .withArgs(2n, 1n);
      expect(await roll.claims.challengeBy(2n)).to.equal(1n);
    });

    it("opens a challenge that the opener supports, under the rules of that moment", async () => {
      await expect(open())
        .to.emit(roll.claims, "ChallengeOpened")
        .withArgs(1n, 1n, 2n, Claim.Group, 0n, REASON);
      const openedAt = await roll.now();
      await (await asTimelock()).setRules({ cooldown: 15n * DAY, window: 15n * DAY, challengers: 2 });
      expect(await roll.claims.challengeOf(1n)).to.deep.equal([
        1n,
        Claim.Group,
        State.Open,
        0n,
        2n,
        openedAt,
        openedAt + WINDOW,
        0n,
        COOLDOWN,
        3n,
        1n,
        REASON,
      ]);
      expect(await roll.claims.hasSupported(1n, 2n)).to.equal(true);
      expect(await roll.claims.hasSupported(1n, 3n)).to.equal(false);
      expect(await roll.claims.openChallenge(1n, Claim.Group)).to.equal(1n);
      expect(await roll.claims.openChallenge(1n, Claim.Affiliation)).to.equal(0n);
      expect(await roll.claims.lastChallenge()).to.equal(1n);
      await desk(2).support(1n);
      expect(await stateOf(1n)).to.equal(State.Open);
    });

    it("takes an affiliation, disclosed or not, besides the group", async () => {
      await open();
      await desk(2).challenge(1n, Claim.Affiliation, 0n, REASON);
      expect(await roll.claims.openChallenge(1n, Claim.Affiliation)).to.equal(2n);
      await roll.affiliations.connect(roll.person(3)).affiliate(6n);
      await desk(3).challenge(2n, Claim.Affiliation, 0n, REASON);
      await desk(4).challenge(4n, Claim.Affiliation, 6n, REASON);
      expect((await roll.claims.challengeOf(4n)).value).to.equal(6n);
    });

    it("changes nothing for the member", async () => {
      const before = await roll.membership.member(1n);
      await raise();
      expect(await roll.membership.member(1n)).to.deep.equal(before);
      expect(await roll.membership.getVotes(key(0))).to.equal(1n);
    });

    it("goes by signature too", async () => {
      const message = {
        account: key(1),
        number: 1n,
        kind: Claim.Group,
        value: 0n,
        reason: REASON,
        deadline: FAR,
      };
      const signature = await signAct(roll.claims, roll.person(1), "Challenge", message);
      const bring = (number: bigint, kind: bigint) =>
        desk(9).challengeBySig(key(1), number, kind, 0n, REASON, FAR, signature);
      for (const [number, kind] of [
        [3n, Claim.Group],
        [1n, Claim.Affiliation],
      ] as const) {
        await expect(bring(number, kind))
          .to.be.revertedWithCustomError(roll.claims, "SignedRequestsInvalidSignature")
          .withArgs(key(1));
      }
      await bring(1n, Claim.Group);
      expect((await roll.claims.challengeOf(1n)).opener).to.equal(2n);
    });
  });

  describe("support", () => {
    it("reverts for a challenge that there is not", async () => {
      await expect(desk(2).support(1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.None, State.Open);
    });

    it("reverts for whose vote does not count", async () => {
      await open();
      await expect(desk(9).support(1n))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskRefused")
        .withArgs(key(9), Standing.NotMember, 0n);
    });

    it("reverts for the challenged member", async () => {
      await open();
      await expect(desk(0).support(1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsOwnClaim")
        .withArgs(1n);
    });

    it("reverts for who supports it already, the opener included", async () => {
      await open();
      await desk(2).support(1n);
      for (const index of [1, 2]) {
        await expect(desk(index).support(1n))
          .to.be.revertedWithCustomError(roll.claims, "ClaimsAlreadySupported")
          .withArgs(1n, index + 1);
      }
    });

    it("reverts for whose vote counted only after the opening", async () => {
      await (await asTimelock()).setRules({ cooldown: COOLDOWN, window: 60n * DAY, challengers: 3 });
      const number = await roll.join(roll.person(9));
      await open();
      const openedAt = await roll.now();
      await roll.goTo(await roll.votesFrom(number));
      expect(await stateOf(1n)).to.equal(State.Open);
      await expect(desk(9).support(1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsSupporterTooNew")
        .withArgs(1n, number, openedAt);
    });

    it("reverts once the window is over, and not a second earlier", async () => {
      await open();
      const { windowEnd } = await roll.claims.challengeOf(1n);
      await roll.at(windowEnd - 1n, () => desk(2).support(1n));
      await expect(roll.at(windowEnd, () => desk(3).support(1n)))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Lapsed, State.Open);
    });

    it("counts, and raises the challenge with the last one needed", async () => {
      await open();
      await expect(desk(2).support(1n))
        .to.emit(roll.claims, "ChallengeSupported")
        .withArgs(1n, 3n, 2n)
        .and.not.to.emit(roll.claims, "ChallengeRaised");
      await expect(desk(3).support(1n))
        .to.emit(roll.claims, "ChallengeSupported")
        .withArgs(1n, 4n, 3n)
        .and.to.emit(roll.claims, "ChallengeRaised")
        .withArgs(1n);
      const { state, supporters, raisedAt } = await roll.claims.challengeOf(1n);
      expect([state, supporters, raisedAt]).to.deep.equal([State.Raised, 3n, await roll.now()]);
      await expect(desk(4).support(1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Raised, State.Open);
    });

    it("goes by signature too", async () => {
      await open();
      const message = { account: key(2), id: 1n, deadline: FAR };
      const signature = await signAct(roll.claims, roll.person(2), "Support", message);
      await expect(desk(9).supportBySig(key(3), 1n, FAR, signature))
        .to.be.revertedWithCustomError(roll.claims, "SignedRequestsInvalidSignature")
        .withArgs(key(3));
      await desk(9).supportBySig(key(2), 1n, FAR, signature);
      expect(await roll.claims.hasSupported(1n, 3n)).to.equal(true);
    });
  });

  describe("uphold", () => {
    it("reverts for all but the timelock", async () => {
      await raise();
      await expect(desk(1).uphold(1n, 1n))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskUnauthorized")
        .withArgs(key(1), await roll.timelock.getAddress());
    });

    it("reverts for a challenge that is not raised", async () => {
      await expect((await asTimelock()).uphold(1n, 1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.None, State.Raised);
      await open();
      await expect((await asTimelock()).uphold(1n, 1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Open, State.Raised);
    });

    it("reverts for the value that is claimed, and for a group that is none", async () => {
      await raise();
      await expect((await asTimelock()).uphold(1n, 0n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnchanged")
        .withArgs(1n, Claim.Group, 0n);
      for (const value of [6n, 257n]) {
        await expect((await asTimelock()).uphold(1n, value))
          .to.be.revertedWithCustomError(roll.claims, "MembershipUnknownGroup")
          .withArgs(value, 6n);
      }
    });

    it("reverts for a member who left", async () => {
      await raise();
      await roll.membership.connect(roll.person(0)).resign();
      await expect((await asTimelock()).uphold(1n, 1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Lapsed, State.Raised);
    });

    it("reverts when it is not done in time, and not a second earlier", async () => {
      await raise();
      const { raisedAt } = await roll.claims.challengeOf(1n);
      await roll.goTo(raisedAt + DECISION_TIME - 1n);
      expect(await stateOf(1n)).to.equal(State.Raised);
      const timelock = await asTimelock();
      await expect(roll.at(raisedAt + DECISION_TIME, () => timelock.uphold(1n, 1n)))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Lapsed, State.Raised);
    });

    it("moves the member to the group that is right, once, with a new cooldown", async () => {
      await raise();
      await expect((await asTimelock()).uphold(1n, 4n))
        .to.emit(roll.claims, "ChallengeUpheld")
        .withArgs(1n, 4n)
        .and.to.emit(roll.membership, "GroupChanged")
        .withArgs(1n, 0n, 4n);
      expect(await stateOf(1n)).to.equal(State.Upheld);
      expect((await roll.membership.member(1n)).group).to.equal(4n);
      expect(await roll.claims.groupChangeableAt(1n)).to.equal((await roll.now()) + COOLDOWN);
      expect(await roll.claims.openChallenge(1n, Claim.Group)).to.equal(0n);
      await expect((await asTimelock()).uphold(1n, 5n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Upheld, State.Raised);
    });

    it("discloses, changes and ends an affiliation, once each", async () => {
      const undisclosed = await raise(Claim.Affiliation, 0n);
      await expect((await asTimelock()).uphold(undisclosed, 6n))
        .to.emit(roll.affiliations, "AffiliationChanged")
        .withArgs(1n, 0n, 6n);
      expect(await roll.affiliations.organisationOf(1n)).to.equal(6n);
      const untrue = await raise(Claim.Affiliation, 6n);
      await (await asTimelock()).uphold(untrue, 0n);
      expect(await roll.affiliations.organisationOf(1n)).to.equal(0n);
      expect([await stateOf(undisclosed), await stateOf(untrue)]).to.deep.equal([State.Upheld, State.Upheld]);
    });

    it("reverts for an affiliation with what is no organisation", async () => {
      await raise(Claim.Affiliation, 0n);
      await expect((await asTimelock()).uphold(1n, 3n))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOrganisation")
        .withArgs(3n);
      expect(await stateOf(1n)).to.equal(State.Raised);
    });
  });

  describe("dismiss", () => {
    it("reverts for all but the timelock", async () => {
      await raise();
      await expect(desk(0).dismiss(1n))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskUnauthorized")
        .withArgs(key(0), await roll.timelock.getAddress());
    });

    it("reverts for a challenge that is not raised", async () => {
      await open();
      await expect((await asTimelock()).dismiss(1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Open, State.Raised);
    });

    it("protects the claim from the same challenge for the cooldown that was frozen into it", async () => {
      await raise();
      await (await asTimelock()).setRules({ cooldown: 15n * DAY, window: WINDOW, challengers: 3 });
      await expect((await asTimelock()).dismiss(1n)).to.emit(roll.claims, "ChallengeDismissed");
      const until = (await roll.now()) + COOLDOWN;
      expect(await stateOf(1n)).to.equal(State.Dismissed);
      expect(await roll.claims.challengeableAt(1n, Claim.Group, 0n)).to.equal(until);
      expect((await roll.membership.member(1n)).group).to.equal(0n);
      await expect(roll.at(until - 1n, () => open()))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsSettled")
        .withArgs(1n, Claim.Group, 0n, until);
      await roll.at(until, () => open());
      expect(await roll.claims.openChallenge(1n, Claim.Group)).to.equal(2n);
    });

    it("protects neither another claim of the member nor the same of another", async () => {
      await raise();
      await (await asTimelock()).dismiss(1n);
      await open(Claim.Affiliation, 0n);
      await desk(2).challenge(4n, Claim.Group, 0n, REASON);
      await roll.goTo(await roll.claims.groupChangeableAt(1n));
      await desk(0).changeGroup(1);
      await desk(3).challenge(1n, Claim.Group, 1n, REASON);
      expect(await roll.claims.lastChallenge()).to.equal(4n);
    });
  });

  describe("lapsing", () => {
    it("without support in the window, it comes to nothing and makes room", async () => {
      await open();
      const { windowEnd } = await roll.claims.challengeOf(1n);
      await roll.goTo(windowEnd - 1n);
      expect(await stateOf(1n)).to.equal(State.Open);
      await roll.goTo(windowEnd);
      expect(await stateOf(1n)).to.equal(State.Lapsed);
      expect(await roll.claims.openChallenge(1n, Claim.Group)).to.equal(0n);
      expect(await roll.claims.challengeBy(2n)).to.equal(0n);
      await open();
      expect(await stateOf(2n)).to.equal(State.Open);
    });

    it("with the claim, when the member changes group before it is raised", async () => {
      await roll.goTo(await roll.claims.groupChangeableAt(1n));
      await open();
      await desk(0).changeGroup(1);
      expect(await stateOf(1n)).to.equal(State.Lapsed);
      await expect(desk(2).support(1n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Lapsed, State.Open);
      await desk(1).challenge(1n, Claim.Group, 1n, REASON);
      expect(await roll.claims.openChallenge(1n, Claim.Group)).to.equal(2n);
    });

    it("with the claim, when the member discloses what was challenged as undisclosed, before it is raised", async () => {
      await open(Claim.Affiliation, 0n);
      await roll.affiliations.connect(roll.person(0)).affiliate(6n);
      expect(await stateOf(1n)).to.equal(State.Lapsed);
    });

    it("with the claim, when the organisation ends the affiliation, after it was raised too", async () => {
      await roll.affiliations.connect(roll.person(0)).affiliate(6n);
      await raise(Claim.Affiliation, 6n);
      await roll.affiliations.connect(roll.person(5)).disown(1n);
      expect(await stateOf(1n)).to.equal(State.Lapsed);
      await expect((await asTimelock()).uphold(1n, 0n))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnexpectedState")
        .withArgs(1n, State.Lapsed, State.Raised);
    });

    it("for good: a claim that comes back is another", async () => {
      await open(Claim.Affiliation, 0n);
      await roll.affiliations.connect(roll.person(0)).affiliate(6n);
      await roll.affiliations.connect(roll.person(5)).disown(1n);
      expect(await roll.affiliations.organisationOf(1n)).to.equal(0n);
      expect(await stateOf(1n)).to.equal(State.Lapsed);
      await open(Claim.Affiliation, 0n);
      expect([await stateOf(1n), await stateOf(2n)]).to.deep.equal([State.Lapsed, State.Open]);
    });
  });

  describe("challengeOf", () => {
    it("is empty for an id never given out", async () => {
      const { state, number, opener } = await roll.claims.challengeOf(1n);
      expect([state, number, opener]).to.deep.equal([State.None, 0n, 0n]);
    });
  });
});
