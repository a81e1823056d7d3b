import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { recovering, WINDOW } from "../../helpers/recovery.js";
import { mask, Right, Standing, useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const DELAY = 14n * DAY;
const MEMBER = 1n;

/** Persons by index: the member, guardians, a new key, another, and somebody who has no part in it. */
const [OWNER, FIRST, SECOND, THIRD, FRESH, OTHER, STRANGER] = [0, 1, 2, 3, 4, 5, 6];

describe("KeyRecovery", () => {
  const roll = useRoll();
  const { key, desk, name, request, approve, requestOf, ripen } = recovering(roll);

  /** One member; two of three guardians must agree, none of whom is a member. */
  beforeEach(async () => {
    await roll.join(roll.person(OWNER));
  });
  const nameThree = () => name(OWNER, [FIRST, SECOND, THIRD], 2);

  /** Two guardians ask for the fresh key. */
  async function start() {
    await nameThree();
    await request(FIRST, MEMBER, FRESH);
    await approve(SECOND, MEMBER, FRESH);
  }

  const expectNoRequest = (sending: Promise<unknown>, newKey: string) =>
    expect(sending)
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoRequest")
      .withArgs(MEMBER, newKey);

  describe("veto", () => {
    it("reverts for who does not hold the number", async () => {
      await start();
      await roll.join(roll.person(OTHER));
      for (const caller of [OTHER, STRANGER, FIRST, FRESH]) {
        await expect(desk(caller).veto(MEMBER))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotHolder")
          .withArgs(MEMBER, key(caller));
      }
      await expect(desk(STRANGER).veto(0))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotHolder")
        .withArgs(0, key(STRANGER));
    });

    it("reverts where nothing was asked for", async () => {
      await expectNoRequest(desk(OWNER).veto(MEMBER), ZeroAddress);
    });

    const stages: Record<string, () => Promise<unknown>> = {
      "that lacks approvals": async () => {
        await nameThree();
        await request(FIRST, MEMBER, FRESH);
      },
      "in its delay": start,
      "that is ready": async () => {
        await start();
        await ripen(MEMBER);
      },
    };

    for (const [stage, reach] of Object.entries(stages)) {
      it(`ends a request ${stage}`, async () => {
        await reach();
        await expect(desk(OWNER).veto(MEMBER))
          .to.emit(roll.recovery, "RecoveryVetoed")
          .withArgs(MEMBER, key(FRESH));
        expect((await requestOf(MEMBER)).newKey).to.equal(ZeroAddress);
        await expectNoRequest(roll.recovery.complete(MEMBER), ZeroAddress);
        expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(OWNER));
      });
    }

    it("lets another guardian ask again, and the same one only after the window", async () => {
      await start();
      await desk(OWNER).veto(MEMBER);
      await expect(request(FIRST, MEMBER, FRESH))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryTooSoon")
        .withArgs(MEMBER, key(FIRST), (from: bigint) => from > 0n);
      await request(SECOND, MEMBER, FRESH);
      expect((await requestOf(MEMBER)).approvals).to.equal(1n);
    });
  });

  describe("complete", () => {
    it("reverts where nothing was asked for", async () => {
      await expectNoRequest(roll.recovery.complete(MEMBER), ZeroAddress);
      await expect(roll.recovery.complete(99))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoRequest")
        .withArgs(99, ZeroAddress);
    });

    it("reverts as long as approvals are missing", async () => {
      await nameThree();
      await request(FIRST, MEMBER, FRESH);
      await roll.goTo((await roll.now()) + DELAY + DAY);
      await expect(roll.recovery.complete(MEMBER))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotReady")
        .withArgs(MEMBER, 0);
    });

    it("reverts a second too early", async () => {
      await start();
      const { readyAt } = await requestOf(MEMBER);
      await expect(roll.at(readyAt - 1n, () => roll.recovery.complete(MEMBER)))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotReady")
        .withArgs(MEMBER, readyAt);
    });

    it("reverts once it has lapsed", async () => {
      await start();
      const { lapsesAt } = await requestOf(MEMBER);
      await expectNoRequest(
        roll.at(lapsesAt, () => roll.recovery.complete(MEMBER)),
        key(FRESH),
      );
    });

    for (const [when, moment] of [
      ["first", (readyAt: bigint, _: bigint) => readyAt],
      ["last", (_: bigint, lapsesAt: bigint) => lapsesAt - 1n],
    ] as const) {
      it(`moves the number in the ${when} second of the window, whoever calls`, async () => {
        await start();
        const before = await roll.membership.member(MEMBER);
        const { readyAt, lapsesAt } = await requestOf(MEMBER);
        await expect(roll.at(moment(readyAt, lapsesAt), () => desk(STRANGER).complete(MEMBER)))
          .to.emit(roll.recovery, "RecoveryCompleted")
          .withArgs(MEMBER, key(OWNER), key(FRESH))
          .and.to.emit(roll.membership, "KeyRotated")
          .withArgs(MEMBER, key(OWNER), key(FRESH))
          .and.to.emit(roll.membership, "Transfer")
          .withArgs(key(OWNER), key(FRESH), MEMBER);
        const after = await roll.membership.member(MEMBER);
        expect(after.key).to.equal(key(FRESH));
        expect([after.group, after.joinedAt, after.votesFrom]).to.deep.equal([
          before.group,
          before.joinedAt,
          before.votesFrom,
        ]);
        expect(await roll.membership.numberOf(key(OWNER))).to.equal(0n);
        expect(await roll.membership.totalSupply()).to.equal(1n);
        expect((await requestOf(MEMBER)).newKey).to.equal(ZeroAddress);
      });
    }

    it("leaves the guardians with the number, and the desk as it was", async () => {
      await start();
      await ripen(MEMBER);
      await roll.recovery.complete(MEMBER);
      expect((await roll.recovery.guardiansOf(MEMBER)).threshold).to.equal(2n);
      await expectNoRequest(roll.recovery.complete(MEMBER), ZeroAddress);
      await roll.goTo((await roll.now()) + WINDOW);
      await request(FIRST, MEMBER, OTHER);
      expect((await requestOf(MEMBER)).oldKey).to.equal(key(FRESH));
    });

    context("when the number's key changed since the request", () => {
      it("reverts for another key", async () => {
        await start();
        await roll.rotate(roll.person(OWNER), roll.person(OTHER));
        await ripenBlindly();
        await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
      });

      it("reverts for the same key that went away and came back", async () => {
        await start();
        await roll.rotate(roll.person(OWNER), roll.person(OTHER));
        await roll.rotate(roll.person(OTHER), roll.person(OWNER));
        expect((await requestOf(MEMBER)).newKey).to.equal(ZeroAddress);
        await ripenBlindly();
        await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
        await expectNoRequest(approve(THIRD, MEMBER, FRESH), key(FRESH));
        await expectNoRequest(desk(OWNER).veto(MEMBER), key(FRESH));
      });

      it("makes way for a new request at once", async () => {
        await start();
        await roll.rotate(roll.person(OWNER), roll.person(OTHER));
        await request(SECOND, MEMBER, FRESH);
        expect((await requestOf(MEMBER)).oldKey).to.equal(key(OTHER));
      });
    });

    it("reverts when the member left, or was ended", async () => {
      await start();
      const snapshot = await roll.connection.networkHelpers.takeSnapshot();
      await roll.membership.connect(roll.person(OWNER)).resign();
      await ripenBlindly();
      await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
      await snapshot.restore();
      await roll.governing.end(MEMBER);
      await ripenBlindly();
      await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
    });

    it("reverts when the new key became a member meanwhile, and not after it resigned", async () => {
      await start();
      const number = await roll.join(roll.person(FRESH));
      await ripen(MEMBER);
      await expect(roll.recovery.complete(MEMBER))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(FRESH), number);
      await roll.membership.connect(roll.person(FRESH)).resign();
      await roll.recovery.complete(MEMBER);
      expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(FRESH));
    });

    it("reverts for a barred key, and not after a pardon", async () => {
      const number = await roll.join(roll.person(FRESH));
      await roll.governing.end(number);
      await start();
      await ripen(MEMBER);
      await expect(roll.recovery.complete(MEMBER))
        .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
        .withArgs(key(FRESH), number);
      await roll.governing.pardon(key(FRESH));
      await roll.recovery.complete(MEMBER);
      expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(FRESH));
    });

    context("given a member who may not speak for now", () => {
      let until: bigint;
      beforeEach(async () => {
        await start();
        until = (await roll.now()) + 60n * DAY;
        await roll.governing.suspend(MEMBER, mask(Right.Speak), until);
      });

      it("moves the number all the same, with its suspensions", async () => {
        await roll.governing.suspend(MEMBER, 15, until);
        expect((await requestOf(MEMBER)).newKey).to.equal(key(FRESH));
        await ripen(MEMBER);
        await roll.recovery.complete(MEMBER);
        expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(FRESH));
        for (const right of Object.values(Right)) {
          const answer = await roll.membership.standingOf(key(FRESH), right, until);
          expect([...answer]).to.deep.equal([Standing.Suspended, MEMBER, 0n, until]);
        }
      });

      it("reverts a second too early, and once it has lapsed", async () => {
        const { readyAt, lapsesAt } = await requestOf(MEMBER);
        await expect(roll.at(readyAt - 1n, () => roll.recovery.complete(MEMBER)))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotReady")
          .withArgs(MEMBER, readyAt);
        await roll.governing.suspend(MEMBER, mask(Right.Speak), lapsesAt + DAY);
        await expectNoRequest(
          roll.at(lapsesAt, () => roll.recovery.complete(MEMBER)),
          key(FRESH),
        );
      });

      it("reverts when the number moved on, and back, meanwhile", async () => {
        await roll.rotate(roll.person(OWNER), roll.person(OTHER));
        await ripenBlindly();
        await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
        await roll.rotate(roll.person(OTHER), roll.person(OWNER));
        await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
        await roll.goTo(until);
        await expectNoRequest(roll.recovery.complete(MEMBER), key(FRESH));
      });

      it("ends for good once the member names guardians", async () => {
        await expect(desk(OWNER).nameGuardians([], 0))
          .to.emit(roll.recovery, "RecoveryDropped")
          .withArgs(MEMBER, key(FRESH));
        await ripenBlindly();
        await expectNoRequest(roll.recovery.complete(MEMBER), ZeroAddress);
      });

      it("can be vetoed, which ends it", async () => {
        await expect(desk(OWNER).veto(MEMBER))
          .to.emit(roll.recovery, "RecoveryVetoed")
          .withArgs(MEMBER, key(FRESH));
        await expectNoRequest(desk(OWNER).veto(MEMBER), ZeroAddress);
        await roll.goTo(until);
        await expectNoRequest(roll.recovery.complete(MEMBER), ZeroAddress);
      });

      it("is begun, and approved, all the same", async () => {
        await approve(THIRD, MEMBER, FRESH);
        expect((await requestOf(MEMBER)).approvals).to.equal(3n);
        await name(OWNER, [THIRD, FIRST], 2);
        await request(THIRD, MEMBER, OTHER);
        await approve(FIRST, MEMBER, OTHER);
        await ripen(MEMBER);
        await roll.recovery.complete(MEMBER);
        expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(OTHER));
      });
    });
  });

  /** Past any delay, whether the request still stands or not, and before it could have lapsed. */
  async function ripenBlindly() {
    await roll.goTo((await roll.now()) + DELAY + DAY);
  }
});
