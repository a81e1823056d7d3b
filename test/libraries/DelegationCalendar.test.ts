import { expect } from "chai";
import { network } from "hardhat";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const STEP = 15n * 86_400n;
/** A moment in the middle of a step. */
const NOW = 1_000n * STEP + 12_345n;
/** The n-th boundary after {NOW}. */
const boundary = (n: bigint) => (1_000n + n) * STEP;

async function calendar() {
  return ethers.deployContract("DelegationCalendarHarness");
}

describe("DelegationCalendar", () => {
  describe("floor, first and last", () => {
    it("are the boundary before, the next one and the 24th", async () => {
      const harness = await loadFixture(calendar);
      expect(await harness.floor(NOW)).to.equal(boundary(0n));
      expect(await harness.first(NOW)).to.equal(boundary(1n));
      expect(await harness.last(NOW)).to.equal(boundary(24n));
    });

    it("take a boundary itself as the start of its step", async () => {
      const harness = await loadFixture(calendar);
      expect(await harness.floor(boundary(0n))).to.equal(boundary(0n));
      expect(await harness.floor(boundary(0n) - 1n)).to.equal(boundary(-1n));
      expect(await harness.first(boundary(0n))).to.equal(boundary(1n));
      expect(await harness.last(boundary(0n))).to.equal(boundary(24n));
    });
  });

  describe("add and count", () => {
    it("counts nothing in an empty calendar, at any moment", async () => {
      const harness = await loadFixture(calendar);
      for (const moment of [0n, NOW, 60_000n * STEP]) expect(await harness.count(0n, moment)).to.equal(0n);
    });

    for (const lane of [1n, 2n, 23n, 24n]) {
      it(`counts a delegation to boundary ${lane} until the second before it`, async () => {
        const harness = await loadFixture(calendar);
        const written = await harness.add(0n, NOW, boundary(lane));
        expect(await harness.count(written, NOW)).to.equal(1n);
        expect(await harness.count(written, boundary(lane) - 1n)).to.equal(1n);
        expect(await harness.count(written, boundary(lane))).to.equal(0n);
        expect(await harness.count(written, boundary(lane) + 400n * STEP)).to.equal(0n);
      });
    }

    it("counts those that end at different boundaries apart", async () => {
      const harness = await loadFixture(calendar);
      let written = await harness.add(0n, NOW, boundary(1n));
      written = await harness.add(written, NOW, boundary(3n));
      written = await harness.add(written, NOW, boundary(3n));
      expect(await harness.count(written, NOW)).to.equal(3n);
      expect(await harness.count(written, boundary(1n))).to.equal(2n);
      expect(await harness.count(written, boundary(3n))).to.equal(0n);
    });

    it("drops what has passed when it is written again", async () => {
      const harness = await loadFixture(calendar);
      const before = await harness.add(await harness.add(0n, NOW, boundary(1n)), NOW, boundary(5n));
      const later = boundary(2n) + 7n;
      const written = await harness.add(before, later, boundary(26n));
      expect(await harness.count(written, later)).to.equal(2n);
      expect(await harness.count(written, boundary(5n))).to.equal(1n);
      expect(await harness.count(written, boundary(26n))).to.equal(0n);
    });

    it("holds 100 that end at one boundary without touching the next", async () => {
      const harness = await loadFixture(calendar);
      let written = await harness.add(0n, NOW, boundary(2n));
      for (let i = 0; i < 100; i++) written = await harness.add(written, NOW, boundary(1n));
      expect(await harness.count(written, NOW)).to.equal(101n);
      expect(await harness.count(written, boundary(1n))).to.equal(1n);
    });
  });

  describe("remove", () => {
    it("takes one of a boundary away, at once or steps later", async () => {
      const harness = await loadFixture(calendar);
      const two = await harness.add(await harness.add(0n, NOW, boundary(9n)), NOW, boundary(9n));
      expect(await harness.count(await harness.remove(two, NOW, boundary(9n)), NOW)).to.equal(1n);
      const later = boundary(4n);
      expect(await harness.count(await harness.remove(two, later, boundary(9n)), later)).to.equal(1n);
    });

    it("refuses one that is not there", async () => {
      const harness = await loadFixture(calendar);
      await expect(harness.remove(0n, NOW, boundary(1n))).to.be.revertedWithPanic(0x11);
    });
  });
});
