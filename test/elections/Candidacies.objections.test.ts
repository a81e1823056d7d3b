import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  admit,
  advanceTo,
  announce,
  DAY,
  desk,
  foundOffice,
  foundRefusals,
  memberOf,
  nominationOf,
  Phase,
  REASON,
  STATEMENT,
} from "../helpers/elections.js";
import { maskOf, Right } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const now = async () => BigInt(await time.latest());

/** An election in nomination: two seconds of two groups, three that one member can give. The n-th is of group n mod 6. */
async function open() {
  const scene = await foundOffice(connection, { rules: { secondsByMember: 3 } });
  return { ...scene, electionId: await announce(scene) };
}

/** One in objection, with the first two members as options 1 and 2, and the third nominated by somebody. */
async function objecting() {
  const scene = await open();
  await admit(scene, scene.electionId, 0, 1);
  await scene.elections.connect(memberOf(scene, 5)).nominate(scene.electionId, memberOf(scene, 2));
  await advanceTo(scene, scene.electionId, Phase.Objection);
  return scene;
}

const withoutVote = () => foundRefusals(connection, Right.Vote);

describe("Candidacies", () => {
  describe("object", () => {
    context("when the caller was not of the electorate", () => {
      it("reverts with why", async () => {
        const scene = await loadFixture(withoutVote);
        await admit(scene, scene.electionId, 0);
        await advanceTo(scene, scene.electionId, Phase.Objection);
        for (const { who, standing, explanation } of scene.refusals) {
          await expect(scene.elections.connect(who).object(scene.electionId, 1n, REASON))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(who, Right.Vote, standing, explanation);
        }
      });
    });

    it("reverts without a reason", async () => {
      const scene = await loadFixture(objecting);
      await expect(desk(scene, 5).object(scene.electionId, 1n, ZeroHash)).to.be.revertedWithCustomError(
        scene.elections,
        "CandidaciesNoStatement",
      );
    });

    it("reverts for whom nobody nominated, and for who withdrew", async () => {
      const scene = await loadFixture(objecting);
      await desk(scene, 1).withdraw(scene.electionId);
      for (const number of [0n, 2n, 9n]) {
        await expect(desk(scene, 5).object(scene.electionId, number, REASON))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(scene.electionId, number);
      }
    });

    it("reverts the fourth time, however many the member seconded", async () => {
      const scene = await loadFixture(open);
      for (const index of [0, 1, 2]) await desk(scene, index).stand(scene.electionId, STATEMENT);
      for (const number of [1n, 2n, 3n]) await desk(scene, 13).second(scene.electionId, number);
      await advanceTo(scene, scene.electionId, Phase.Objection);
      for (const number of [1n, 1n, 3n]) await desk(scene, 13).object(scene.electionId, number, REASON);
      await expect(desk(scene, 13).object(scene.electionId, 2n, REASON))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesLimit")
        .withArgs(scene.electionId, 14n, 3n);
      await desk(scene, 12).object(scene.electionId, 2n, REASON);
    });

    it("puts the objection on record, and changes nothing for who may stand", async () => {
      const scene = await loadFixture(objecting);
      for (const number of [1n, 3n]) {
        const before = await nominationOf(scene, scene.electionId, number);
        const sent = desk(scene, 5).object(scene.electionId, number, REASON);
        await expect(sent)
          .to.emit(scene.elections, "ObjectionRaised")
          .withArgs(scene.electionId, number, 6n, REASON);
        await expect(sent).not.to.emit(scene.elections, "CandidateStruck");
        expect(await nominationOf(scene, scene.electionId, number)).to.deep.equal(before);
      }
    });

    it("has a candidate struck off at once who left the roll, or may not stand any more", async () => {
      const scene = await loadFixture(objecting);
      await scene.membership.connect(memberOf(scene, 0)).resign();
      await scene.membership.connect(scene.power).suspend(2n, maskOf(Right.Stand), (await now()) + DAY);
      await scene.membership.connect(scene.power).suspend(3n, maskOf(Right.Vote), (await now()) + DAY);
      for (const number of [1n, 2n]) {
        const sent = desk(scene, 5).object(scene.electionId, number, REASON);
        await expect(sent)
          .to.emit(scene.elections, "ObjectionRaised")
          .withArgs(scene.electionId, number, 6n, REASON);
        await expect(sent)
          .to.emit(scene.elections, "CandidateStruck")
          .withArgs(scene.electionId, number, ZeroAddress, REASON);
        expect((await nominationOf(scene, scene.electionId, number)).struck).to.equal(true);
      }
      expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([2n, 0b110n]);
      await expect(desk(scene, 5).object(scene.electionId, 3n, REASON)).not.to.emit(
        scene.elections,
        "CandidateStruck",
      );
    });
  });

  describe("strike", () => {
    async function judging() {
      const scene = await objecting();
      await scene.elections.connect(scene.power).setArbiter(scene.deployer);
      return { ...scene, arbiter: scene.elections.connect(scene.deployer) };
    }

    context("when the caller is not the arbiter", () => {
      it("reverts with who is", async () => {
        const scene = await loadFixture(judging);
        for (const caller of [memberOf(scene, 5), scene.outsiders[0]]) {
          await expect(scene.elections.connect(caller).strike(scene.electionId, 1n, REASON))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotArbiter")
            .withArgs(caller, scene.deployer);
        }
      });

      it("reverts with nobody where there is none, for the timelock too", async () => {
        const scene = await loadFixture(objecting);
        for (const caller of [scene.deployer, scene.power]) {
          await expect(scene.elections.connect(caller).strike(scene.electionId, 1n, REASON))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotArbiter")
            .withArgs(caller, ZeroAddress);
        }
      });
    });

    it("reverts without a reason", async () => {
      const scene = await loadFixture(judging);
      await expect(scene.arbiter.strike(scene.electionId, 1n, ZeroHash)).to.be.revertedWithCustomError(
        scene.elections,
        "CandidaciesNoStatement",
      );
    });

    it("reverts for whom nobody nominated, who withdrew, or was struck off", async () => {
      const scene = await loadFixture(judging);
      await desk(scene, 1).withdraw(scene.electionId);
      await scene.arbiter.strike(scene.electionId, 1n, REASON);
      for (const number of [1n, 2n, 9n]) {
        await expect(scene.arbiter.strike(scene.electionId, number, REASON))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(scene.electionId, number);
      }
    });

    it("strikes a candidate off, whose option is gone, and a nominee who has none", async () => {
      const scene = await loadFixture(judging);
      for (const [number, gone] of [
        [2n, 0b100n],
        [3n, 0b100n],
      ] as const) {
        await expect(scene.arbiter.strike(scene.electionId, number, REASON))
          .to.emit(scene.elections, "CandidateStruck")
          .withArgs(scene.electionId, number, scene.deployer, REASON);
        expect((await nominationOf(scene, scene.electionId, number)).struck).to.equal(true);
        expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([2n, gone]);
      }
      await expect(desk(scene, 1).withdraw(scene.electionId))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
        .withArgs(scene.electionId, 2n);
    });
  });
});
