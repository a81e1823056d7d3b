import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { actAs, Decision, DecisionClass, foundCoalition } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

async function founded() {
  const coalition = await foundCoalition(connection, { count: 14 });
  const { resolutions, timelock, motions } = coalition;
  return {
    ...coalition,
    governing: resolutions.connect(await actAs(connection, timelock)),
    moving: resolutions.connect(await actAs(connection, motions)),
  };
}

/** What a resolution is known by: of its text, wherever that is kept. */
const [first, second] = [id("The first resolution"), id("The second resolution")];

describe("Resolutions", () => {
  describe("record", () => {
    it("reverts for everybody but the timelock and the motions, governor, agenda and amendments included", async () => {
      const { resolutions, timelock, members, outsiders, ...coalition } = await loadFixture(founded);
      const { governor, agenda, amendments } = coalition;
      const organs = await Promise.all([governor, agenda, amendments].map((one) => actAs(connection, one)));
      for (const caller of [members[0], outsiders[0], ...organs]) {
        await expect(resolutions.connect(caller).record(first))
          .to.be.revertedWithCustomError(resolutions, "ResolutionsUnauthorized")
          .withArgs(caller, timelock);
      }
      expect(await resolutions.lastNumber()).to.equal(0n);
    });

    it("reverts for whoever might have been the motions, as long as the agenda has none", async () => {
      const { timelock, members } = await loadFixture(founded);
      const agenda = await ethers.deployContract("Agenda", ["Another", 1]);
      const resolutions = await ethers.deployContract("Resolutions", [timelock, agenda]);
      await expect(resolutions.connect(members[0]).record(first))
        .to.be.revertedWithCustomError(resolutions, "ResolutionsUnauthorized")
        .withArgs(members[0], timelock);
      await agenda.connect(members[0]).bindMotions();
      await expect(resolutions.connect(members[0]).record(first))
        .to.emit(resolutions, "ResolutionRecorded")
        .withArgs(1, first);
    });

    it("reverts without a digest", async () => {
      const { resolutions, governing, moving } = await loadFixture(founded);
      for (const caller of [governing, moving]) {
        await expect(caller.record(ZeroHash)).to.be.revertedWithCustomError(
          resolutions,
          "ResolutionsDigestMissing",
        );
      }
    });

    it("takes what the motions record, under the next number as well", async () => {
      const { resolutions, governing, moving } = await loadFixture(founded);
      await governing.record(first);
      await expect(moving.record(second)).to.emit(resolutions, "ResolutionRecorded").withArgs(2, second);
      const moment = BigInt(await time.latest());
      expect(await resolutions.resolution(2)).to.deep.equal([second, moment]);
      expect(await resolutions.lastNumber()).to.equal(2n);
    });

    it("numbers resolutions from 1 and keeps each with its moment, also a text that comes twice", async () => {
      const { resolutions, governing } = await loadFixture(founded);
      const start = (await time.latest()) + 100;
      const digests = [first, second, first];
      for (const [index, digest] of digests.entries()) {
        await time.setNextBlockTimestamp(start + index * 60);
        await expect(governing.record(digest))
          .to.emit(resolutions, "ResolutionRecorded")
          .withArgs(index + 1, digest);
      }
      expect(await resolutions.lastNumber()).to.equal(3n);
      for (const [index, digest] of digests.entries()) {
        expect(await resolutions.resolution(index + 1)).to.deep.equal([digest, BigInt(start + index * 60)]);
      }
    });

    it("answers the number to its caller", async () => {
      const { governing } = await loadFixture(founded);
      expect(await governing.record.staticCall(first)).to.equal(1n);
      await governing.record(first);
      expect(await governing.record.staticCall(second)).to.equal(2n);
    });

    it("records what the members resolved, by a decision that is a resolution and has its shorter stages", async () => {
      const coalition = await loadFixture(founded);
      const { governor, resolutions, members, parameters } = coalition;
      const data = resolutions.interface.encodeFunctionData("record", [first]);
      const decision = new Decision(connection, coalition, [{ target: resolutions, data }], "Resolved");
      await decision.ripen(members);
      const [ofClass, rules] = await governor.proposalRules(decision.id);
      expect(ofClass).to.equal(DecisionClass.Resolution);
      expect(rules.period).to.equal(parameters.Governor.resolution.period);
      expect((await decision.deadline()) - (await decision.snapshot())).to.equal(rules.period);
      await expect(decision.execute(members[0]))
        .to.emit(resolutions, "ResolutionRecorded")
        .withArgs(1, first);
      expect((await resolutions.resolution(1))[0]).to.equal(first);
    });
  });

  describe("resolution", () => {
    it("reverts for a number that none has", async () => {
      const { resolutions, governing } = await loadFixture(founded);
      await expect(resolutions.resolution(1))
        .to.be.revertedWithCustomError(resolutions, "ResolutionsUnknownNumber")
        .withArgs(1, 0);
      await governing.record(first);
      for (const number of [0, 2]) {
        await expect(resolutions.resolution(number))
          .to.be.revertedWithCustomError(resolutions, "ResolutionsUnknownNumber")
          .withArgs(number, 1);
      }
    });
  });
});
