import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";
import { joinOrganisation } from "../../helpers/acts.js";
import { Origin, recovering, WINDOW } from "../../helpers/recovery.js";
import { useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const DELAY = 14n * DAY;
const MEMBER = 1n;

/** Persons by index: the member, guardians, a new key, another, and somebody who has no part in it. */
const [OWNER, FIRST, SECOND, THIRD, FRESH, OTHER, STRANGER] = [0, 1, 2, 3, 4, 5, 6];

describe("KeyRecovery", () => {
  const roll = useRoll();
  const { key, desk, soon, timelocked, consent, name, request, approve, requestOf, ripen } = recovering(roll);
  const NOTHING = {
    newKey: ZeroAddress,
    oldKey: ZeroAddress,
    approvals: 0n,
    readyAt: 0n,
    lapsesAt: 0n,
    origin: Origin.Guardians,
  };

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

  describe("the constructor", () => {
    it("sets the first delay and says so", async () => {
      const fresh = await roll.ethers.deployContract("KeyRecovery", ["DC-BAS", 77]);
      await expect(fresh.deploymentTransaction()).to.emit(fresh, "RecoveryDelayChanged").withArgs(0, 77);
      expect(await roll.recovery.delay()).to.equal(DELAY);
      expect(await roll.recovery.WINDOW()).to.equal(WINDOW);
    });
  });

  describe("nameGuardians", () => {
    it("reverts for who is no member", async () => {
      await expect(name(STRANGER, [FIRST], 1))
        .to.be.revertedWithCustomError(roll.recovery, "RollDeskNotMember")
        .withArgs(key(STRANGER));
    });

    it("reverts for an organisation, whose owner replaces its representative", async () => {
      const number = await joinOrganisation(roll, roll.person(OTHER), roll.person(STRANGER));
      for (const guardians of [[FIRST], []]) {
        await expect(name(OTHER, guardians, guardians.length))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryOrganisation")
          .withArgs(number);
      }
    });

    it("reverts for more than ten", async () => {
      const eleven = Array.from({ length: 11 }, (_, index) => index + 1);
      await expect(name(OWNER, eleven, 1))
        .to.be.revertedWithCustomError(roll.recovery, "RollDeskParameterOutOfRange")
        .withArgs(encodeBytes32String("guardians"), 11, 0, 10);
    });

    it("reverts for a threshold that is not one of them to all of them", async () => {
      for (const [guardians, threshold, min] of [
        [[FIRST, SECOND], 0, 1],
        [[FIRST, SECOND], 3, 1],
        [[FIRST, SECOND], 255, 1],
        [[], 1, 0],
      ] as const) {
        await expect(name(OWNER, [...guardians], threshold))
          .to.be.revertedWithCustomError(roll.recovery, "RollDeskParameterOutOfRange")
          .withArgs(encodeBytes32String("threshold"), threshold, min, guardians.length);
      }
    });

    it("reverts for nobody's address, the member's own key, and one named twice", async () => {
      for (const [guardians, wrong] of [
        [[key(FIRST), ZeroAddress], ZeroAddress],
        [[key(OWNER), key(FIRST)], key(OWNER)],
        [[key(FIRST), key(SECOND), key(FIRST)], key(FIRST)],
      ] as const) {
        await expect(desk(OWNER).nameGuardians([...guardians], 1))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryInvalidGuardian")
          .withArgs(wrong);
      }
    });

    it("names up to ten, members or not, for the number", async () => {
      await roll.join(roll.person(FIRST));
      const ten = Array.from({ length: 10 }, (_, index) => index + 1);
      await expect(name(OWNER, ten, 10))
        .to.emit(roll.recovery, "GuardiansNamed")
        .withArgs(MEMBER, ten.map(key), 10);
      expect(await roll.recovery.guardiansOf(MEMBER)).to.deep.equal([ten.map(key), 10n]);
      expect(await roll.recovery.guardiansOf(2)).to.deep.equal([[], 0n]);
    });

    it("puts the new in place of the old, and none at all", async () => {
      await nameThree();
      await name(OWNER, [OTHER], 1);
      expect(await roll.recovery.guardiansOf(MEMBER)).to.deep.equal([[key(OTHER)], 1n]);
      await expect(name(OWNER, [], 0))
        .to.emit(roll.recovery, "GuardiansNamed")
        .withArgs(MEMBER, [], 0);
      expect(await roll.recovery.guardiansOf(MEMBER)).to.deep.equal([[], 0n]);
    });

    it("leaves them with the number when it moves, and not with the key that joins again", async () => {
      await nameThree();
      await roll.rotate(roll.person(OWNER), roll.person(OTHER));
      expect((await roll.recovery.guardiansOf(MEMBER)).threshold).to.equal(2n);
      const again = await roll.join(roll.person(OWNER));
      expect((await roll.recovery.guardiansOf(again)).threshold).to.equal(0n);
    });

    it("drops a request that is under way, and is silent where none is", async () => {
      await start();
      await expect(nameThree()).to.emit(roll.recovery, "RecoveryDropped").withArgs(MEMBER, key(FRESH));
      expect(await requestOf(MEMBER)).to.deep.equal(NOTHING);
      await expect(nameThree()).not.to.emit(roll.recovery, "RecoveryDropped");
    });

    it("lets those named start requests anew", async () => {
      await start();
      await nameThree();
      await request(FIRST, MEMBER, OTHER);
      expect((await requestOf(MEMBER)).newKey).to.equal(key(OTHER));
    });
  });

  describe("request", () => {
    context("when the caller is no guardian of the number", () => {
      it("reverts with the number and the caller", async () => {
        await nameThree();
        const second = await roll.join(roll.person(OTHER));
        for (const [caller, number] of [
          [STRANGER, MEMBER],
          [OWNER, MEMBER],
          [FIRST, second],
          [FIRST, 99n],
        ] as const) {
          await expect(request(caller, number, FRESH))
            .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotGuardian")
            .withArgs(number, key(caller));
        }
      });

      it("reverts for who was one before", async () => {
        await nameThree();
        await name(OWNER, [SECOND], 1);
        await expect(request(FIRST, MEMBER, FRESH))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotGuardian")
          .withArgs(MEMBER, key(FIRST));
      });
    });

    context("given guardians", () => {
      beforeEach(nameThree);

      it("reverts for a number whose member left", async () => {
        await roll.membership.connect(roll.person(OWNER)).resign();
        await expect(request(FIRST, MEMBER, FRESH))
          .to.be.revertedWithCustomError(roll.recovery, "RollDeskUnknownNumber")
          .withArgs(MEMBER);
      });

      it("reverts for a key that holds a number, the same one too", async () => {
        const number = await roll.join(roll.person(FRESH));
        for (const [newKey, held] of [
          [FRESH, number],
          [OWNER, MEMBER],
        ] as const) {
          await expect(request(FIRST, MEMBER, newKey))
            .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
            .withArgs(key(newKey), held);
        }
      });

      it("reverts without the new key's word for just this", async () => {
        const deadline = await soon();
        const fresh = roll.person(FRESH);
        for (const signature of [
          "0x",
          await consent(roll.person(FIRST), MEMBER, deadline, { newKey: key(FRESH) }),
          await consent(fresh, 2n, deadline),
          await consent(fresh, MEMBER, deadline, { newKey: key(OTHER) }),
          await consent(fresh, MEMBER, deadline, { nonce: 1n }),
          await consent(fresh, MEMBER, deadline + 1n),
        ]) {
          await expect(desk(FIRST).request(MEMBER, key(FRESH), deadline, signature))
            .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsInvalidSignature")
            .withArgs(key(FRESH));
        }
        await expect(desk(FIRST).request(MEMBER, ZeroAddress, deadline, `0x${"00".repeat(65)}`))
          .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsInvalidSignature")
          .withArgs(ZeroAddress);
      });

      it("reverts after the deadline, and not in its last second", async () => {
        const deadline = await soon();
        const signature = await consent(roll.person(FRESH), MEMBER, deadline);
        const send = () => desk(FIRST).request(MEMBER, key(FRESH), deadline, signature);
        const snapshot = await roll.connection.networkHelpers.takeSnapshot();
        await roll.at(deadline, send);
        await snapshot.restore();
        await expect(roll.at(deadline + 1n, send))
          .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsExpired")
          .withArgs(deadline, deadline + 1n);
      });

      it("counts as the first approval", async () => {
        const moment = (await roll.now()) + 100n;
        const signature = await consent(roll.person(FRESH), MEMBER, moment);
        await expect(roll.at(moment, () => desk(FIRST).request(MEMBER, key(FRESH), moment, signature)))
          .to.emit(roll.recovery, "RecoveryRequested")
          .withArgs(MEMBER, key(FRESH), key(FIRST))
          .and.to.emit(roll.recovery, "RecoveryApproved")
          .withArgs(MEMBER, key(FRESH), key(FIRST), 1)
          .and.not.to.emit(roll.recovery, "RecoveryDelayed");
        expect(await requestOf(MEMBER)).to.deep.equal({
          newKey: key(FRESH),
          oldKey: key(OWNER),
          approvals: 1n,
          readyAt: 0n,
          lapsesAt: moment + WINDOW,
          origin: Origin.Guardians,
        });
        expect(await roll.recovery.nonces(key(FRESH))).to.equal(1n);
        expect(await roll.recovery.nonces(key(FIRST))).to.equal(0n);
      });

      it("starts the delay at once where one guardian is enough", async () => {
        await name(OWNER, [FIRST, SECOND], 1);
        await expect(request(FIRST, MEMBER, FRESH))
          .to.emit(roll.recovery, "RecoveryDelayed")
          .withArgs(MEMBER, key(FRESH), Origin.Guardians, (at: bigint) => at > DELAY);
        const { readyAt, lapsesAt } = await requestOf(MEMBER);
        expect(readyAt).to.equal((await roll.now()) + DELAY);
        expect(lapsesAt).to.equal(readyAt + WINDOW);
      });

      it("takes a guardian for the new key", async () => {
        await request(FIRST, MEMBER, FIRST);
        await approve(SECOND, MEMBER, FIRST);
        await ripen(MEMBER);
        await roll.recovery.complete(MEMBER);
        expect(await roll.membership.ownerOf(MEMBER)).to.equal(key(FIRST));
      });
    });

    context("given a request that lacks approvals", () => {
      async function ask() {
        await nameThree();
        return request(FIRST, MEMBER, FRESH);
      }

      it("gives way to another guardian's", async () => {
        await ask();
        await expect(request(SECOND, MEMBER, OTHER))
          .to.emit(roll.recovery, "RecoveryDropped")
          .withArgs(MEMBER, key(FRESH))
          .and.to.emit(roll.recovery, "RecoveryRequested")
          .withArgs(MEMBER, key(OTHER), key(SECOND));
        const { newKey, approvals } = await requestOf(MEMBER);
        expect([newKey, approvals]).to.deep.equal([key(OTHER), 1n]);
        await expectNoRequest(approve(THIRD, MEMBER, FRESH), key(FRESH));
        await approve(FIRST, MEMBER, OTHER);
        expect((await requestOf(MEMBER)).approvals).to.equal(2n);
      });

      it("does not give way to who started it, or another, within the window", async () => {
        await ask();
        const from = (await roll.now()) + WINDOW;
        await expect(request(FIRST, MEMBER, OTHER))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryTooSoon")
          .withArgs(MEMBER, key(FIRST), from);
        await request(SECOND, MEMBER, OTHER);
        await expect(request(FIRST, MEMBER, FRESH))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryTooSoon")
          .withArgs(MEMBER, key(FIRST), from);
      });

      it("binds the guardian for this number alone", async () => {
        await ask();
        const second = await roll.join(roll.person(OTHER));
        await name(OTHER, [FIRST], 1);
        await request(FIRST, second, STRANGER);
        expect((await requestOf(second)).newKey).to.equal(key(STRANGER));
      });

      it("lapses after the window, and can be made again then", async () => {
        await ask();
        const { lapsesAt } = await requestOf(MEMBER);
        await roll.goTo(lapsesAt - 2n);
        expect((await requestOf(MEMBER)).newKey).to.equal(key(FRESH));
        await roll.goTo(lapsesAt);
        expect(await requestOf(MEMBER)).to.deep.equal(NOTHING);
        await expectNoRequest(approve(SECOND, MEMBER, FRESH), key(FRESH));
        await expect(request(FIRST, MEMBER, FRESH)).not.to.emit(roll.recovery, "RecoveryDropped");
        expect((await requestOf(MEMBER)).approvals).to.equal(1n);
      });
    });

    context("given a request that has all it needs", () => {
      it("reverts with the key that it is for, until that has lapsed", async () => {
        await start();
        await expect(request(THIRD, MEMBER, OTHER))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryPending")
          .withArgs(MEMBER, key(FRESH));
        await roll.goTo((await requestOf(MEMBER)).lapsesAt);
        await request(THIRD, MEMBER, OTHER);
        expect((await requestOf(MEMBER)).newKey).to.equal(key(OTHER));
      });
    });
  });

  describe("approve", () => {
    beforeEach(nameThree);

    it("reverts where nothing was asked for", async () => {
      await expectNoRequest(approve(FIRST, MEMBER, FRESH), key(FRESH));
    });

    it("reverts for another key than was asked for", async () => {
      await request(FIRST, MEMBER, FRESH);
      await expectNoRequest(approve(SECOND, MEMBER, OTHER), key(OTHER));
    });

    it("reverts for who is no guardian", async () => {
      await request(FIRST, MEMBER, FRESH);
      for (const caller of [STRANGER, OWNER, FRESH]) {
        await expect(approve(caller, MEMBER, FRESH))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotGuardian")
          .withArgs(MEMBER, key(caller));
      }
    });

    it("reverts for who has approved", async () => {
      await start();
      for (const caller of [FIRST, SECOND]) {
        await expect(approve(caller, MEMBER, FRESH))
          .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryAlreadyApproved")
          .withArgs(MEMBER, key(caller));
      }
    });

    it("starts the delay with the approval that makes enough", async () => {
      await request(FIRST, MEMBER, FRESH);
      const moment = (await roll.now()) + 5n * DAY;
      await expect(roll.at(moment, () => approve(THIRD, MEMBER, FRESH)))
        .to.emit(roll.recovery, "RecoveryApproved")
        .withArgs(MEMBER, key(FRESH), key(THIRD), 2)
        .and.to.emit(roll.recovery, "RecoveryDelayed")
        .withArgs(MEMBER, key(FRESH), Origin.Guardians, moment + DELAY);
      expect(await requestOf(MEMBER)).to.deep.equal({
        newKey: key(FRESH),
        oldKey: key(OWNER),
        approvals: 2n,
        readyAt: moment + DELAY,
        lapsesAt: moment + DELAY + WINDOW,
        origin: Origin.Guardians,
      });
    });

    it("does not start it again with one more", async () => {
      await start();
      const before = await requestOf(MEMBER);
      await expect(approve(THIRD, MEMBER, FRESH)).not.to.emit(roll.recovery, "RecoveryDelayed");
      expect(await requestOf(MEMBER)).to.deep.equal({ ...before, approvals: 3n });
    });
  });

  describe("setDelay", () => {
    it("reverts for everybody but the timelock", async () => {
      for (const caller of [roll.person(OWNER), roll.deployer]) {
        await expect(roll.recovery.connect(caller).setDelay(DELAY))
          .to.be.revertedWithCustomError(roll.recovery, "RollDeskUnauthorized")
          .withArgs(caller.address, roll.timelock);
      }
    });

    it("reverts out of its range, which follows from the waiting floor", async () => {
      const [min, max] = [BigInt(roll.parameters.Membership.waitingFloor) / 2n, 180n * DAY];
      for (const value of [0n, min - 1n, max + 1n, 2n ** 32n - 1n]) {
        await expect((await timelocked()).setDelay(value))
          .to.be.revertedWithCustomError(roll.recovery, "RollDeskParameterOutOfRange")
          .withArgs(encodeBytes32String("delay"), value, min, max);
      }
      for (const value of [min, max]) {
        const old = await roll.recovery.delay();
        await expect((await timelocked()).setDelay(value))
          .to.emit(roll.recovery, "RecoveryDelayChanged")
          .withArgs(old, value);
        expect(await roll.recovery.delay()).to.equal(value);
      }
    });

    it("leaves requests made before it the delay of their time", async () => {
      await nameThree();
      await request(FIRST, MEMBER, FRESH);
      await (await timelocked()).setDelay(100n * DAY);
      await approve(SECOND, MEMBER, FRESH);
      const { readyAt } = await requestOf(MEMBER);
      expect(readyAt).to.equal((await roll.now()) + DELAY);
      await (await timelocked()).setDelay(50n * DAY);
      expect((await requestOf(MEMBER)).readyAt).to.equal(readyAt);
    });
  });
});
