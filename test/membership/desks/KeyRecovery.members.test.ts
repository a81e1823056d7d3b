import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { joinOrganisation } from "../../helpers/acts.js";
import { Origin, recovering, WINDOW } from "../../helpers/recovery.js";
import { mask, Right, useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const DELAY = 14n * DAY;
const MEMBER = 1n;
const REASONS = id("lost with my telephone");
const NO_CLAIM = [0n, ZeroHash, 0n];

/** Persons by index: the member, a new key, another, and somebody who has no part in it. */
const [OWNER, FRESH, OTHER, STRANGER] = [0, 1, 2, 3];

describe("KeyRecovery", () => {
  const roll = useRoll();
  const { key, desk, name, request, decide, requestOf, ripen } = recovering(roll);
  const claim = (index: number, number = MEMBER, reasons = REASONS) => desk(index).claim(number, reasons);

  /** One member, who named no guardians. */
  beforeEach(async () => {
    await roll.join(roll.person(OWNER));
  });

  const expectNoClaim = (sending: Promise<unknown>, newKey: string, number = MEMBER) =>
    expect(sending)
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoClaim")
      .withArgs(number, newKey);

  describe("claim", () => {
    it("reverts for a number that nobody holds", async () => {
      await roll.join(roll.person(OTHER));
      await roll.membership.connect(roll.person(OTHER)).resign();
      for (const number of [2n, 3n, 2n ** 48n, 2n ** 256n - 1n]) {
        await expect(claim(FRESH, number))
          .to.be.revertedWithCustomError(roll.recovery, "RollDeskUnknownNumber")
          .withArgs(number);
      }
    });

    it("reverts for a key that holds a number", async () => {
      await expect(claim(OWNER))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(OWNER), MEMBER);
    });

    it("is public, with its reasons", async () => {
      await expect(claim(FRESH))
        .to.emit(roll.recovery, "RecoveryClaimed")
        .withArgs(MEMBER, key(FRESH), REASONS);
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal([MEMBER, REASONS, await roll.now()]);
      expect(await roll.recovery.claimOf(key(OTHER))).to.deep.equal(NO_CLAIM);
      expect((await requestOf(MEMBER)).newKey).to.equal(ZeroAddress);
    });

    it("is one for a key, the last, and any number for a member number", async () => {
      const second = await roll.join(roll.person(STRANGER));
      await claim(FRESH);
      await claim(OTHER);
      await claim(FRESH, second, id("the other one"));
      expect((await roll.recovery.claimOf(key(FRESH))).number).to.equal(second);
      expect((await roll.recovery.claimOf(key(OTHER))).number).to.equal(MEMBER);
      await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
      await decide(MEMBER, OTHER);
      await decide(second, FRESH);
    });

    it("is taken back with number 0", async () => {
      await claim(FRESH);
      await expect(claim(FRESH, 0n, ZeroHash))
        .to.emit(roll.recovery, "RecoveryClaimed")
        .withArgs(0, key(FRESH), ZeroHash);
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal(NO_CLAIM);
      await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
    });

    it("falls when the number moves, even if it comes back", async () => {
      await claim(FRESH);
      await roll.rotate(roll.person(OWNER), roll.person(OTHER));
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal(NO_CLAIM);
      await roll.rotate(roll.person(OTHER), roll.person(OWNER));
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal(NO_CLAIM);
      await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
    });

    it("falls when the member leaves", async () => {
      await claim(FRESH);
      await roll.membership.connect(roll.person(OWNER)).resign();
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal(NO_CLAIM);
      await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
    });
  });

  context("given a member who may not speak for now", () => {
    it("stands all the same, and is decided on", async () => {
      await claim(FRESH);
      const until = (await roll.now()) + 100n * DAY;
      await roll.governing.suspend(MEMBER, mask(Right.Speak), until);
      await claim(OTHER);
      for (const claimant of [FRESH, OTHER]) {
        expect((await roll.recovery.claimOf(key(claimant))).number).to.equal(MEMBER);
      }
      await decide(MEMBER, FRESH);
      expect((await requestOf(MEMBER)).newKey).to.equal(key(FRESH));
      await ripen(MEMBER);
      await roll.recovery.complete(MEMBER);
      expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(FRESH));
    });

    it("falls when the number moves, there and back too", async () => {
      await claim(FRESH);
      await roll.governing.suspend(MEMBER, mask(Right.Speak), (await roll.now()) + 100n * DAY);
      await roll.rotate(roll.person(OWNER), roll.person(OTHER));
      await roll.rotate(roll.person(OTHER), roll.person(OWNER));
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal(NO_CLAIM);
      await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
    });
  });

  describe("decide", () => {
    it("reverts for everybody but the timelock", async () => {
      await claim(FRESH);
      for (const caller of [roll.person(OWNER), roll.person(FRESH), roll.deployer]) {
        await expect(roll.recovery.connect(caller).decide(MEMBER, key(FRESH)))
          .to.be.revertedWithCustomError(roll.recovery, "RollDeskUnauthorized")
          .withArgs(caller.address, roll.timelock);
      }
    });

    it("reverts where the member named guardians", async () => {
      await claim(FRESH);
      await name(OWNER, [OTHER, STRANGER], 2);
      await expect(decide(MEMBER, FRESH))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryGuarded")
        .withArgs(MEMBER, 2);
      await name(OWNER, [], 0);
      await decide(MEMBER, FRESH);
    });

    it("reverts for a key that did not claim the number, and for nobody's", async () => {
      const second = await roll.join(roll.person(OTHER));
      await claim(FRESH, second);
      await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
      await expectNoClaim(decide(MEMBER, STRANGER), key(STRANGER));
      await expectNoClaim(decide(0n, STRANGER), key(STRANGER), 0n);
    });

    it("reverts for a key that became a member since it claimed", async () => {
      await claim(FRESH);
      const number = await roll.join(roll.person(FRESH));
      await expect(decide(MEMBER, FRESH))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(FRESH), number);
    });

    it("starts the delay, and uses the claim up", async () => {
      await claim(FRESH);
      const moment = (await roll.now()) + DAY;
      await expect(roll.at(moment, () => decide(MEMBER, FRESH)))
        .to.emit(roll.recovery, "RecoveryDelayed")
        .withArgs(MEMBER, key(FRESH), Origin.Members, moment + DELAY);
      expect(await requestOf(MEMBER)).to.deep.equal({
        newKey: key(FRESH),
        oldKey: key(OWNER),
        approvals: 0n,
        readyAt: moment + DELAY,
        lapsesAt: moment + DELAY + WINDOW,
        origin: Origin.Members,
      });
      expect(await roll.recovery.claimOf(key(FRESH))).to.deep.equal(NO_CLAIM);
    });

    it("is open to an organisation whose owner is gone too", async () => {
      const number = await joinOrganisation(roll, roll.person(OTHER), roll.person(STRANGER));
      await claim(FRESH, number);
      await decide(number, FRESH);
      await ripen(number);
      await roll.recovery.complete(number);
      expect(await roll.membership.ownerOf(number)).to.equal(key(FRESH));
      expect((await roll.membership.member(number)).organisation).to.equal(true);
    });

    context("given a decision whose delay runs", () => {
      beforeEach(async () => {
        await claim(FRESH);
        await decide(MEMBER, FRESH);
      });

      it("reverts for another key until it is over", async () => {
        await claim(OTHER);
        await expect(decide(MEMBER, OTHER))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryPending")
          .withArgs(MEMBER, key(FRESH));
        await roll.goTo((await requestOf(MEMBER)).lapsesAt);
        await decide(MEMBER, OTHER);
        expect((await requestOf(MEMBER)).newKey).to.equal(key(OTHER));
      });

      it("is approved by nobody", async () => {
        await expect(desk(OTHER).approve(MEMBER, key(FRESH)))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotGuardian")
          .withArgs(MEMBER, key(OTHER));
      });

      it("ends by the veto of the old key, after which a new claim is needed", async () => {
        await expect(desk(OWNER).veto(MEMBER))
          .to.emit(roll.recovery, "RecoveryVetoed")
          .withArgs(MEMBER, key(FRESH));
        await expectNoClaim(decide(MEMBER, FRESH), key(FRESH));
        expect((await requestOf(MEMBER)).newKey).to.equal(ZeroAddress);
        expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(OWNER));
      });

      it("ends when the member names guardians, who is evidently there", async () => {
        await expect(name(OWNER, [OTHER], 1))
          .to.emit(roll.recovery, "RecoveryDropped")
          .withArgs(MEMBER, key(FRESH));
        expect((await requestOf(MEMBER)).newKey).to.equal(ZeroAddress);
        await request(OTHER, MEMBER, STRANGER);
        expect((await requestOf(MEMBER)).origin).to.equal(Origin.Guardians);
      });

      it("is completed like any other", async () => {
        const { readyAt } = await requestOf(MEMBER);
        await expect(roll.at(readyAt - 1n, () => roll.recovery.complete(MEMBER)))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotReady")
          .withArgs(MEMBER, readyAt);
        await ripen(MEMBER);
        await expect(desk(STRANGER).complete(MEMBER))
          .to.emit(roll.recovery, "RecoveryCompleted")
          .withArgs(MEMBER, key(OWNER), key(FRESH));
        expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(FRESH));
        expect(await roll.membership.numberOf(key(OWNER))).to.equal(0n);
      });
    });
  });
});
