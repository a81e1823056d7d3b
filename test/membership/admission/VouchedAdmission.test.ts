import { expect } from "chai";
import { Standing, useRoll } from "../../helpers/roll.js";
import { signStruct } from "../../helpers/signing.js";

const DAY = 86_400n;
const VOUCH = "Vouch(address account,uint256 candidate,uint256 nonce,uint256 deadline)";
const WITHDRAW = "WithdrawVouch(address account,uint256 candidate,uint256 nonce,uint256 deadline)";

describe("VouchedAdmission", () => {
  const roll = useRoll((parameters) => {
    parameters.Admission = {
      ...parameters.Admission,
      vouchers: 3,
      voucherGroups: 2,
      vouchSlots: 2,
      vouchCooldown: Number(10n * DAY),
    };
  });
  const key = (index: number) => roll.person(index).address;
  const policy = (index: number) => roll.vouched.connect(roll.person(index));

  /** Another group for a member, as the desk of claims gives it. */
  async function moveGroup(number: bigint, group: number) {
    const desk = await roll.claims.getAddress();
    await roll.connection.networkHelpers.setBalance(desk, roll.ethers.parseEther("1"));
    await roll.membership.connect(await roll.ethers.getImpersonatedSigner(desk)).moveGroup(number, group);
  }

  /** Members 1 to 6, two in each of three groups, whose votes count; the policy is in force; member 7 is a participant. */
  beforeEach(async () => {
    for (let index = 0; index < 6; index++) await roll.join(roll.person(index), index % 3);
    await roll.goTo(await roll.votesFrom(6n));
    await roll.governing.setAdmissionPolicy(roll.vouched);
    await roll.join(roll.person(6), 0);
  });

  describe("birth", () => {
    const name = "Coalition";
    const good = { vouchers: 3, groups: 2, slots: 5, cooldown: 3_600 };
    const deploy = async (change: Partial<typeof good>) =>
      roll.ethers.deployContract("VouchedAdmission", [name, roll.membership, { ...good, ...change }]);

    for (const [rule, value, min, max, change] of [
      ["vouchers", 1, 2, 16, { vouchers: 1 }],
      ["vouchers", 17, 2, 16, { vouchers: 17 }],
      ["groups", 1, 2, 3, { groups: 1 }],
      ["groups", 4, 2, 3, { groups: 4 }],
      // The roll has six.
      ["groups", 7, 2, 6, { vouchers: 9, groups: 7 }],
      ["slots", 0, 1, 16, { slots: 0 }],
      ["slots", 17, 1, 16, { slots: 17 }],
      ["cooldown", 59, 60, 31_536_000, { cooldown: 59 }],
      ["cooldown", 31_536_001, 60, 31_536_000, { cooldown: 31_536_001 }],
    ] as const) {
      it(`refuses ${rule} ${value}`, async () => {
        await expect(deploy(change))
          .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionRuleOutOfRange")
          .withArgs(roll.ethers.encodeBytes32String(rule), value, min, max);
      });
    }

    it("keeps its rules and its roll", async () => {
      const vouched = await deploy({});
      expect(await vouched.rules()).to.deep.equal([3n, 2n, 5n, 3_600n]);
      expect(await vouched.roll()).to.equal(await roll.membership.getAddress());
    });

    it("announces the interface of policies and no other", async () => {
      expect(await roll.vouched.supportsInterface("0xffffffff")).to.equal(false);
      expect(await roll.vouched.supportsInterface("0x01ffc9a7")).to.equal(true);
    });
  });

  describe("vouch", () => {
    context("when the caller's vote does not count", () => {
      it("reverts for a stranger", async () => {
        await expect(policy(9).vouch(7n))
          .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotAVoter")
          .withArgs(key(9), Standing.NotMember, 0n);
      });

      it("reverts for a participant, for themselves too", async () => {
        await expect(policy(6).vouch(7n))
          .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotAVoter")
          .withArgs(key(6), Standing.Unqualified, 0n);
      });

      it("reverts under suspension", async () => {
        const until = (await roll.now()) + 1_000n;
        await roll.governing.suspend(1n, 4, until);
        await expect(policy(0).vouch(7n))
          .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotAVoter")
          .withArgs(key(0), Standing.Suspended, until);
      });
    });

    for (const [what, number] of [
      ["number 0", 0n],
      ["a number never given out", 8n],
      ["a member who votes", 2n],
    ] as const) {
      it(`reverts for ${what}`, async () => {
        await expect(policy(0).vouch(number))
          .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotAParticipant")
          .withArgs(number);
      });
    }

    it("reverts for a participant who left", async () => {
      await roll.membership.connect(roll.person(6)).resign();
      await expect(policy(0).vouch(7n))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotAParticipant")
        .withArgs(7n);
    });

    it("reverts the second time", async () => {
      await policy(0).vouch(7n);
      await expect(policy(0).vouch(7n))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionTwice")
        .withArgs(1n, 7n);
    });

    it("is seen on both sides, with when and whether it counts", async () => {
      await expect(policy(0).vouch(7n)).to.emit(roll.vouched, "VouchGiven").withArgs(1n, 7n);
      const since = await roll.now();
      expect(await roll.vouched.vouchersOf(7n)).to.deep.equal([[1n, since, true]]);
      expect(await roll.vouched.vouchesOf(1n)).to.deep.equal([[7n, since, true]]);
      expect(await roll.vouched.slotsOf(1n)).to.deep.equal([1n, 0n]);
      await roll.governing.suspend(1n, 4, since + 1_000n);
      expect(await roll.vouched.vouchersOf(7n)).to.deep.equal([[1n, since, false]]);
    });

    it("takes one of the member's slots, and reverts when none is free", async () => {
      await roll.join(roll.person(7), 0);
      await roll.join(roll.person(8), 0);
      await policy(0).vouch(7n);
      await policy(0).vouch(8n);
      await expect(policy(0).vouch(9n))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNoSlot")
        .withArgs(1n, 0n);
    });

    it("keeps a place for each group that is still missing", async () => {
      // Members 1 and 4 are of group 0, 2 and 5 of group 1, 3 and 6 of group 2.
      await policy(0).vouch(7n);
      await policy(3).vouch(7n);
      await roll.governing.setAdmissionPolicy(roll.admission);
      await roll.join(roll.person(7), 0);
      await roll.goTo(await roll.votesFrom(8n));
      await expect(policy(7).vouch(7n))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNoRoom")
        .withArgs(7n, 0n);
      await policy(1).vouch(7n);
      expect((await roll.vouched.vouchersOf(7n)).map(({ number }) => number)).to.deep.equal([1n, 4n, 2n]);
    });

    it("reverts when there are as many as are needed", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      await expect(policy(3).vouch(7n))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNoRoom")
        .withArgs(7n, 0n);
    });

    it("drops what is not live any more, and frees its slots as if they had been taken back", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      const [, { since }] = await roll.vouched.vouchersOf(7n);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.governing.suspend(2n, 4, (await roll.now()) + 1_000n);
      await expect(policy(3).vouch(7n))
        .to.emit(roll.vouched, "VouchWithdrawn")
        .withArgs(1n, 7n)
        .and.to.emit(roll.vouched, "VouchWithdrawn")
        .withArgs(2n, 7n);
      expect((await roll.vouched.vouchersOf(7n)).map(({ number }) => number)).to.deep.equal([3n, 4n]);
      expect(await roll.vouched.vouchesOf(2n)).to.deep.equal([]);
      expect(await roll.vouched.slotsOf(2n)).to.deep.equal([1n, since + 10n * DAY]);
    });

    it("lets a member who changed group vouch anew, for the new one", async () => {
      await policy(0).vouch(7n);
      const since = await roll.now();
      await moveGroup(1n, 5);
      expect((await roll.vouched.vouchersOf(7n)).map(({ live }) => live)).to.deep.equal([false]);
      expect((await roll.vouched.vouchesOf(1n)).map(({ live }) => live)).to.deep.equal([false]);
      await expect(policy(0).vouch(7n)).to.emit(roll.vouched, "VouchWithdrawn").withArgs(1n, 7n);
      expect((await roll.vouched.vouchersOf(7n)).map(({ live }) => live)).to.deep.equal([true]);
      expect((await roll.vouched.vouchesOf(1n)).map(({ live }) => live)).to.deep.equal([true]);
      expect(await roll.vouched.slotsOf(1n)).to.deep.equal([0n, since + 10n * DAY]);
    });
  });

  describe("withdrawVouch", () => {
    it("reverts for who is no member", async () => {
      await expect(policy(9).withdrawVouch(7n))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotMember")
        .withArgs(key(9));
    });

    it("reverts where there is no vouch", async () => {
      for (const number of [7n, 0n]) {
        await expect(policy(0).withdrawVouch(number))
          .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNoVouch")
          .withArgs(1n, number);
      }
    });

    it("takes the vouch away from both sides and leaves the others", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      await expect(policy(0).withdrawVouch(7n)).to.emit(roll.vouched, "VouchWithdrawn").withArgs(1n, 7n);
      const numbers = (await roll.vouched.vouchersOf(7n)).map(({ number }) => number);
      expect([...numbers].sort()).to.deep.equal([2n, 3n]);
      expect(await roll.vouched.vouchesOf(1n)).to.deep.equal([]);
    });

    it("keeps the slot shut until the cooldown since the vouch was given is over", async () => {
      await roll.join(roll.person(7), 0);
      await policy(0).vouch(7n);
      const since = await roll.now();
      await policy(0).vouch(8n);
      await policy(0).withdrawVouch(7n);
      const freeFrom = since + 10n * DAY;
      expect(await roll.vouched.slotsOf(1n)).to.deep.equal([0n, freeFrom]);
      await expect(roll.at(freeFrom - 1n, () => policy(0).vouch(7n)))
        .to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNoSlot")
        .withArgs(1n, freeFrom);
      expect(await roll.vouched.slotsOf(1n)).to.deep.equal([0n, freeFrom]);
      await roll.at(freeFrom, () => policy(0).vouch(7n));
      expect((await roll.vouched.vouchesOf(1n)).map(({ number }) => number)).to.deep.equal([7n, 8n]);
    });

    it("frees the slot of a vouch that did its work, and takes nothing from who was admitted", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      await roll.membership.qualify(7n, "0x");
      const { votesFrom } = await roll.membership.member(7n);
      for (const index of [0, 1, 2]) await policy(index).withdrawVouch(7n);
      expect((await roll.membership.member(7n)).votesFrom).to.equal(votesFrom);
      await roll.goTo(votesFrom);
      expect(await roll.membership.getVotes(key(6))).to.equal(1n);
      expect(await roll.vouched.slotsOf(1n)).to.deep.equal([2n, 0n]);
    });
  });

  describe("the signed forms", () => {
    it("vouch and withdraw for who signed, once", async () => {
      const deadline = (await roll.now()) + 1_000n;
      const message = { account: key(0), candidate: 7n, deadline };
      const given = await signStruct(roll.vouched, roll.person(0), VOUCH, message);
      await expect(policy(9).vouchBySig(key(0), 7n, deadline, given))
        .to.emit(roll.vouched, "VouchGiven")
        .withArgs(1n, 7n);
      const back = await signStruct(roll.vouched, roll.person(0), WITHDRAW, message);
      await expect(policy(9).withdrawVouchBySig(key(0), 7n, deadline, back))
        .to.emit(roll.vouched, "VouchWithdrawn")
        .withArgs(1n, 7n);
      for (const again of [
        policy(9).vouchBySig(key(0), 7n, deadline, given),
        policy(9).withdrawVouchBySig(key(0), 7n, deadline, back),
      ]) {
        await expect(again)
          .to.be.revertedWithCustomError(roll.vouched, "SignedRequestsInvalidSignature")
          .withArgs(key(0));
      }
    });

    it("refuse what was signed for the other, or for another participant, and what is late", async () => {
      await roll.join(roll.person(7), 0);
      const deadline = (await roll.now()) + 1_000n;
      const message = { account: key(0), candidate: 7n, deadline };
      const given = await signStruct(roll.vouched, roll.person(0), VOUCH, message);
      for (const wrong of [
        policy(9).withdrawVouchBySig(key(0), 7n, deadline, given),
        policy(9).vouchBySig(key(0), 8n, deadline, given),
        policy(9).vouchBySig(key(0), 7n, deadline + 1n, given),
      ]) {
        await expect(wrong)
          .to.be.revertedWithCustomError(roll.vouched, "SignedRequestsInvalidSignature")
          .withArgs(key(0));
      }
      const late = deadline + 1n;
      await expect(roll.at(late, () => policy(9).vouchBySig(key(0), 7n, deadline, given)))
        .to.be.revertedWithCustomError(roll.vouched, "SignedRequestsExpired")
        .withArgs(deadline, late);
    });
  });

  describe("admits", () => {
    const admitted = () => roll.vouched.admits(7n, key(6), 0, "0x");

    it("needs enough vouches of enough groups", async () => {
      // Members 1 and 4 are of group 0, member 2 of group 1.
      await policy(0).vouch(7n);
      await policy(3).vouch(7n);
      expect(await admitted(), "two").to.equal(false);
      await policy(1).vouch(7n);
      expect(await admitted(), "three of two groups").to.equal(true);
    });

    it("judges vouchers as they are now", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      expect(await admitted()).to.equal(true);
      await roll.governing.suspend(1n, 4, (await roll.now()) + 1_000n);
      expect(await admitted(), "one is suspended").to.equal(false);
      await roll.governing.restore(1n, 4);
      expect(await admitted()).to.equal(true);
      await roll.membership.connect(roll.person(0)).resign();
      expect(await admitted(), "one has left").to.equal(false);
      await roll.governing.setAdmissionPolicy(roll.admission);
      await roll.join(roll.person(0), 0);
      await roll.goTo(await roll.votesFrom(8n));
      expect(await admitted(), "and come back, as another number").to.equal(false);
    });

    it("counts a voucher for the group of the vouch only", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      await moveGroup(1n, 5);
      expect(await admitted()).to.equal(false);
      await moveGroup(1n, 0);
      expect(await admitted()).to.equal(true);
    });

    it("needs no more than the rules say, however the vouchers are spread over the groups", async () => {
      await roll.governing.setAdmissionPolicy(roll.admission);
      for (let index = 7; index < 17; index++) await roll.join(roll.person(index), 5);
      await roll.goTo(await roll.votesFrom(await roll.membership.lastNumber()));
      const rules = { vouchers: 10, groups: 2, slots: 1, cooldown: 60 };
      const many = await roll.ethers.deployContract("VouchedAdmission", [
        "Coalition",
        roll.membership,
        rules,
      ]);
      for (let index = 7; index < 16; index++) await many.connect(roll.person(index)).vouch(7n);
      expect(await many.admits(7n, key(6), 0, "0x")).to.equal(false);
      await many.connect(roll.person(0)).vouch(7n);
      expect(await many.admits(7n, key(6), 0, "0x")).to.equal(true);
    });

    it("answers with the gas that a part of a combination gets, where most members vouch", async () => {
      await roll.governing.setAdmissionPolicy(roll.admission);
      for (let index = 7; index < 18; index++) await roll.join(roll.person(index), index % 6);
      await roll.goTo(await roll.votesFrom(await roll.membership.lastNumber()));
      const rules = { vouchers: 16, groups: 6, slots: 1, cooldown: 60 };
      const many = await roll.ethers.deployContract("VouchedAdmission", [
        "Coalition",
        roll.membership,
        rules,
      ]);
      const others = Array.from({ length: 18 }, (_, index) => index).filter((index) => index !== 6);
      for (const index of others.slice(0, 16)) await many.connect(roll.person(index)).vouch(7n);
      const gasLimit = await roll.either.GAS_BY_POLICY();
      expect(await many.admits(7n, key(6), 0, "0x", { gasLimit })).to.equal(true);
    });

    it("goes with the numbers: new keys on both sides change nothing", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      await roll.rotate(roll.person(0), roll.person(9));
      await roll.rotate(roll.person(6), roll.person(10));
      expect(await admitted()).to.equal(true);
      await roll.membership.qualify(7n, "0x");
      expect((await roll.membership.member(7n)).pauses).to.equal(0n);
    });

    it("starts anew for a new number of the same key", async () => {
      for (const index of [0, 1, 2]) await policy(index).vouch(7n);
      await roll.membership.connect(roll.person(6)).resign();
      await roll.join(roll.person(6), 0);
      await expect(roll.membership.qualify(8n, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAdmissionRefused")
        .withArgs(key(6), await roll.vouched.getAddress());
    });
  });
});
