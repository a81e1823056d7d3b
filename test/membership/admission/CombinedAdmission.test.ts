import { expect } from "chai";
import { AbiCoder, concat, dataSlice, MaxUint256, toBeHex } from "ethers";
import type { CombinedAdmission } from "../../../typechain-types/index.js";
import { useRoll } from "../../helpers/roll.js";

const evidenceOf = (...entries: string[]) => AbiCoder.defaultAbiCoder().encode(["bytes[]"], [entries]);

describe("CombinedAdmission", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;

  const policy = () => roll.ethers.deployContract("AdmissionPolicyMock");
  const combine = (policies: readonly unknown[], all: boolean) =>
    roll.ethers.deployContract("CombinedAdmission", [policies, all]);

  describe("birth", () => {
    it("refuses fewer than two parts and more than eight", async () => {
      const parts = await Promise.all(Array.from({ length: 9 }, policy));
      for (const list of [[], parts.slice(0, 1), parts]) {
        await expect(combine(list, true))
          .to.be.revertedWithCustomError(roll.either, "CombinedAdmissionSize")
          .withArgs(list.length, 2n, 8n);
      }
      await combine(parts.slice(1), true);
    });

    it("refuses what is no policy, and the same one twice", async () => {
      const one = await policy();
      const card = await roll.card.getAddress();
      await expect(combine([one, card], false))
        .to.be.revertedWithCustomError(roll.either, "CombinedAdmissionNotAPolicy")
        .withArgs(card);
      const two = await policy();
      await expect(combine([one, two, one], false))
        .to.be.revertedWithCustomError(roll.either, "CombinedAdmissionTwice")
        .withArgs(await one.getAddress());
    });

    it("keeps its parts, and is a policy itself", async () => {
      const parts = [await policy(), await policy()];
      const combined = await combine(parts, true);
      const addresses = await Promise.all(parts.map((part) => part.getAddress()));
      expect(await combined.policies()).to.deep.equal(addresses);
      expect(await combined.requiresAll()).to.equal(true);
      expect(await combined.supportsInterface("0xffffffff")).to.equal(false);
      await roll.governing.setAdmissionPolicy(combined);
      await combine([combined, await policy()], false);
    });

    it("is deployed as either of vouched and attested", async () => {
      expect(await roll.either.policies()).to.deep.equal([
        await roll.vouched.getAddress(),
        await roll.attested.getAddress(),
      ]);
      expect(await roll.either.requiresAll()).to.equal(false);
    });
  });

  describe("admits", () => {
    for (const [all, name] of [
      [false, "any of three"],
      [true, "all of three"],
    ] as const) {
      for (let answers = 0; answers < 8; answers++) {
        const yes = [0, 1, 2].map((part) => ((answers >> part) & 1) === 1);
        const expected = all ? yes.every(Boolean) : yes.some(Boolean);
        it(`${name}: ${yes.map((one) => (one ? "yes" : "no")).join(", ")} is ${expected ? "yes" : "no"}`, async () => {
          const parts = await Promise.all(yes.map(policy));
          for (const [index, part] of parts.entries())
            if (yes[index]) await part.expectRequest(key(0), 1, "0x");
          const combined = await combine(parts, all);
          expect(await combined.admits(1n, key(0), 1, "0x")).to.equal(expected);
        });
      }
    }

    it("hands each part its own evidence, number, key and group", async () => {
      const parts = [await policy(), await policy()];
      await parts[0]?.expectRequest(key(0), 3, "0x1234");
      await parts[1]?.expectRequest(key(0), 3, "0x56");
      const both = await combine(parts, true);
      expect(await both.admits(1n, key(0), 3, evidenceOf("0x1234", "0x56"))).to.equal(true);
      expect(await both.admits(1n, key(0), 3, evidenceOf("0x56", "0x1234"))).to.equal(false);
      expect(await both.admits(1n, key(0), 2, evidenceOf("0x1234", "0x56"))).to.equal(false);
      expect(await both.admits(1n, key(1), 3, evidenceOf("0x1234", "0x56"))).to.equal(false);
    });

    context("when the evidence is not made for its parts", () => {
      const word = (value: bigint | number) => toBeHex(value, 32);
      const two = evidenceOf("0x12", "0x34");

      for (const [what, evidence] of [
        ["no list", "0xc0ffee"],
        ["a word", word(32)],
        ["a list of fewer", evidenceOf("0x12")],
        ["a list of more", evidenceOf("0x12", "0x34", "0x56")],
        ["a list that starts elsewhere", concat([word(64), dataSlice(two, 32)])],
        ["a list that claims the largest length", concat([word(32), word(MaxUint256), dataSlice(two, 64)])],
        ["a list without room for its entries' places", concat([word(32), word(2), word(64)])],
      ] as const) {
        it(`hands no part anything of ${what}`, async () => {
          const parts = [await policy(), await policy()];
          for (const part of parts) await part.expectRequest(key(0), 3, "0x");
          const both = await combine(parts, true);
          expect(await both.admits(1n, key(0), 3, evidence)).to.equal(true);
        });
      }

      for (const [what, second] of [
        ["starts beyond the end", concat([word(100_000), word(1), word(0x12)])],
        ["starts at the last possible place", concat([word(MaxUint256), word(1), word(0x12)])],
        ["has no room for its length", concat([word(127), word(1), word(0x12)])],
        ["is longer than what is there", concat([word(128), word(1), word(0x12), word(33), word(0x34)])],
        ["claims the largest length", concat([word(128), word(1), word(0x12), word(MaxUint256)])],
      ] as const) {
        it(`hands a part nothing whose entry ${what}, and the other its own`, async () => {
          const parts = [await policy(), await policy()];
          await parts[0]?.expectRequest(key(0), 3, "0x00");
          await parts[1]?.expectRequest(key(0), 3, "0x");
          const both = await combine(parts, true);
          const evidence = concat([word(32), word(2), word(64), second]);
          expect(await both.admits(1n, key(0), 3, evidence)).to.equal(true);
        });
      }

      it("keeps nobody from joining", async () => {
        await roll.governing.setAdmissionPolicy(roll.either);
        await roll.membership.connect(roll.person(0)).join(1, roll.codeDigest, "0xc0ffee");
        expect((await roll.membership.member(1n)).pauses).to.equal(1n);
      });
    });

    context("when a part needs much gas", () => {
      const SHARE = 750_000n;
      const hungry = (appetite: bigint) => roll.ethers.deployContract("HungryPolicy", [appetite]);
      const asked = (combined: CombinedAdmission, gasLimit: bigint) =>
        combined.admits(1n, key(0), 1, "0x", { gasLimit });

      it("hears one that burns all of its share as a no, and goes on to the next", async () => {
        const good = await policy();
        await good.expectRequest(key(0), 1, "0x");
        const burning = await hungry(MaxUint256);
        const any = await combine([burning, good], false);
        expect(await asked(any, SHARE + 200_000n)).to.equal(true);
        const all = await combine([good, burning], true);
        expect(await asked(all, SHARE + 200_000n)).to.equal(false);
      });

      it("reverts rather than take for a no what had less than its share", async () => {
        const part = await hungry(SHARE - 10_000n);
        const any = await combine([part, await policy()], false);
        expect(await any.GAS_BY_POLICY()).to.equal(SHARE);
        expect(await asked(any, SHARE + 200_000n)).to.equal(true);
        await expect(asked(any, SHARE - 50_000n))
          .to.be.revertedWithCustomError(any, "CombinedAdmissionGasTooLow")
          .withArgs(
            await part.getAddress(),
            (left: bigint) => left < SHARE - 50_000n && left > SHARE - 100_000n,
            SHARE + SHARE / 32n,
          );
      });

      it("never says no where more gas would make it a yes", async () => {
        const any = await combine([await hungry(SHARE - 10_000n), await policy()], false);
        for (let gasLimit = SHARE; gasLimit < SHARE + 100_000n; gasLimit += 5_000n) {
          const answer = await asked(any, gasLimit).catch(() => "reverted");
          expect(answer, `${gasLimit}`).to.be.oneOf([true, "reverted"]);
        }
      });

      it("believes a part that answers with less", async () => {
        const any = await combine([await policy(), await policy()], false);
        expect(await asked(any, 100_000n)).to.equal(false);
      });
    });

    it("hears a part that reverts, or answers nonsense, as a no, and goes on to the next", async () => {
      const loud = await policy();
      await loud.speakUp();
      const good = await policy();
      await good.expectRequest(key(0), 1, "0x");
      for (const bad of [loud, await roll.ethers.deployContract("NonsensePolicy")]) {
        const any = await combine([bad, good], false);
        expect(await any.admits(1n, key(0), 1, "0x")).to.equal(true);
        const all = await combine([good, bad], true);
        expect(await all.admits(1n, key(0), 1, "0x")).to.equal(false);
      }
    });

    it("cannot be used to write: a part that joins the roll itself is heard as a no", async () => {
      const meddling = await roll.ethers.deployContract("MeddlingPolicy");
      const any = await combine([meddling, await policy()], false);
      await roll.governing.setAdmissionPolicy(any);
      await roll.join(roll.person(0), 1);
      expect(await roll.membership.totalSupply()).to.equal(1n);
      expect((await roll.membership.member(1n)).pauses).to.equal(1n);
    });
  });
});
