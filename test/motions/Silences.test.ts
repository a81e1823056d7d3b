import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { digestOf } from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400;
const REASON = digestOf("Why not");

/** Ten votes in each of three of four groups. */
const MANY = [10, 10, 0, 10];

async function deployed() {
  return ethers.deployContract("SilencesHarness");
}

/** Three members of two groups end it. */
async function opened() {
  const silence = await ethers.deployContract("SilencesHarness");
  await silence.open(DAY, 3, 2, MANY);
  return silence;
}

describe("Silences", () => {
  describe("object", () => {
    it("reverts before the period was opened, and in the first second after it", async () => {
      const silence = await loadFixture(deployed);
      await expect(silence.object(1, 1, 0, REASON))
        .to.be.revertedWithCustomError(silence, "SilencesNotOpen")
        .withArgs(0n, (current: bigint) => current > 0n);
      await silence.open(DAY, 3, 2, MANY);
      const until = await silence.until();
      await time.setNextBlockTimestamp(until - 1n);
      await silence.object(1, 1, 0, REASON);
      await time.setNextBlockTimestamp(until);
      await expect(silence.object(2, 1, 0, REASON))
        .to.be.revertedWithCustomError(silence, "SilencesNotOpen")
        .withArgs(until, until);
    });

    it("reverts without a reason, and for a member a second time", async () => {
      const silence = await loadFixture(opened);
      await expect(silence.object(1, 1, 0, ZeroHash)).to.be.revertedWithCustomError(
        silence,
        "SilencesNoReason",
      );
      await silence.object(1, 1, 0, REASON);
      for (const group of [0, 1]) {
        await expect(silence.object(1, 1, group, REASON))
          .to.be.revertedWithCustomError(silence, "SilencesObjected")
          .withArgs(1n);
      }
      expect(await silence.objections()).to.deep.equal([1n, 0b1n]);
    });

    it("counts on beyond 255 without telling more, and takes note of every group", async () => {
      const silence = await loadFixture(opened);
      for (let first = 0; first < 300; first += 100) await silence.object(first, 100, 0, REASON);
      expect(await silence.objections()).to.deep.equal([255n, 0b1n]);
      expect(await silence.isBroken()).to.equal(false);
      await silence.object(300, 1, 7, REASON);
      expect(await silence.objections()).to.deep.equal([255n, 0b10000001n]);
      expect(await silence.isBroken()).to.equal(true);
    });
  });

  describe("isBroken", () => {
    it("is true from the last objection on that it takes, of the last group", async () => {
      const silence = await loadFixture(opened);
      for (const [first, group, broken] of [
        [1, 0, false],
        [2, 0, false],
        [3, 0, false],
        [4, 1, true],
      ] as const) {
        await silence.object(first, 1, group, REASON);
        expect(await silence.isBroken()).to.equal(broken);
      }
    });

    it("is not true by groups alone", async () => {
      const silence = await loadFixture(opened);
      await silence.object(1, 1, 0, REASON);
      await silence.object(2, 1, 1, REASON);
      expect(await silence.isBroken()).to.equal(false);
      await silence.object(3, 1, 1, REASON);
      expect(await silence.isBroken()).to.equal(true);
    });
  });

  describe("open", () => {
    it("asks for no more objections than there are votes, nor for more groups than have any", async () => {
      for (const [votes, needed] of [
        [MANY, [3n, 2n]],
        [
          [0, 2, 0, 0],
          [2n, 1n],
        ],
        [
          [1, 1, 0, 0],
          [2n, 2n],
        ],
        [
          [0, 3],
          [3n, 1n],
        ],
        [
          [300, 300],
          [3n, 2n],
        ],
      ] as const) {
        const silence = await deployed();
        await silence.open(DAY, 3, 2, [...votes]);
        expect(await silence.needed()).to.deep.equal(needed);
      }
    });

    it("lasts from now on, and is over in the first second after", async () => {
      const silence = await loadFixture(deployed);
      const moment = (await time.latest()) + 100;
      await time.setNextBlockTimestamp(moment);
      await silence.open(DAY, 3, 2, MANY);
      expect(await silence.until()).to.equal(moment + DAY);
      await time.increaseTo(moment + DAY - 1);
      expect(await silence.isOver()).to.equal(false);
      await time.increaseTo(moment + DAY);
      expect(await silence.isOver()).to.equal(true);
    });
  });

  describe("areMany, measure and count", () => {
    it("tell whether there are as many votes as it takes, on both sides of it", async () => {
      const silence = await loadFixture(deployed);
      for (const [votes, floor, many] of [
        [[3, 0, 4], 7, true],
        [[3, 0, 4], 8, false],
        [[0, 0], 0, true],
        [[0, 0], 1, false],
        [[], 3, false],
      ] as const) {
        expect(await silence.areMany([...votes], floor)).to.equal(many);
      }
    });

    it("add up votes, and count groups", async () => {
      const silence = await loadFixture(deployed);
      expect(await silence.measure([3, 0, 4, 0, 1])).to.deep.equal([8n, 3n]);
      expect(await silence.measure([])).to.deep.equal([0n, 0n]);
      for (let groups = 0; groups < 256; groups += 5) {
        const expected = BigInt(groups.toString(2).replaceAll("0", "").length);
        expect(await silence.countOf(groups)).to.equal(expected);
      }
    });
  });
});
