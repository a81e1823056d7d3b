import { expect } from "chai";
import { network } from "hardhat";
import { foundMotion, type MotionScene } from "../helpers/amendments.js";
import { actAs } from "../helpers/governor.js";
import {
  AmendmentState,
  changeOf,
  contentOf,
  decisionOfMotion,
  NO_ACTIONS,
  Stage,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

/** Ann's amendment, Ben's to it, and Cyd's beside Ann's. */
async function three() {
  const scene = await foundMotion(connection);
  const first = await scene.move(scene.ann, "Twice.");
  const second = await scene.move(scene.ben, "Twice, online.", { parent: first });
  const third = await scene.move(scene.cyd, "Thrice.");
  return { ...scene, first, second, third };
}

const statesOf = (scene: MotionScene, ...amendments: bigint[]) =>
  Promise.all(amendments.map((amendment) => scene.stateOf(amendment)));

describe("Amendments", () => {
  describe("close", () => {
    it("reverts for anybody but the motions", async () => {
      const { amendments, motions, timelock, author, motion } = await loadFixture(three);
      for (const stranger of [author, await actAs(connection, timelock)]) {
        await expect(amendments.connect(stranger).close(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnauthorized")
          .withArgs(stranger.address, await motions.getAddress());
      }
    });

    it("keeps a motion from the vote while anything is left to be settled", async () => {
      const scene = await loadFixture(three);
      const { amendments, motions, motion, first, second, third } = scene;
      await scene.close();
      const refused = async (amendment: bigint) =>
        expect(motions.putToVote(motion, NO_ACTIONS))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnsettled")
          .withArgs(motion, amendment);
      await refused(first);
      await scene.putNext();
      await refused(first);
      await scene.decide(second, false);
      await scene.decideNext(true);
      // What is stale may yet be rebased.
      await refused(third);
      const { rebaseUntil } = await amendments.docketOf(motion);
      await connection.networkHelpers.time.setNextBlockTimestamp(rebaseUntil);
      await refused(third);
    });

    it("drops what was not rebased in time, and says so", async () => {
      const scene = await loadFixture(three);
      const { amendments, motions, motion, third } = scene;
      await scene.close();
      await scene.decideNext(false);
      await scene.decideNext(true);
      const { rebaseUntil } = await amendments.docketOf(motion);
      const decision = await decisionOfMotion(connection, scene, motion);
      const sent = await scene.at(rebaseUntil + 1n, () => motions.putToVote(motion, NO_ACTIONS));
      await expect(sent).to.emit(amendments, "AmendmentLapsed").withArgs(third);
      await expect(sent).to.emit(motions, "MotionPut").withArgs(motion, 2, decision.id);
      expect(await scene.stateOf(third)).to.equal(AmendmentState.Lapsed);
      expect((await amendments.docketOf(motion)).open).to.deep.equal([]);
    });

    it("drops them all, from any place of the list", async () => {
      const scene = await loadFixture(three);
      const { amendments, motions, author, motion, first, second, third } = scene;
      await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
      await scene.move(scene.eve, "Daily.", { base: 2n });
      await scene.close();
      expect(await statesOf(scene, first, second, third)).to.deep.equal(Array(3).fill(AmendmentState.Lapsed));
      const sent = await amendments.putNext(motion);
      for (const amendment of [first, second, third]) {
        await expect(sent).to.emit(amendments, "AmendmentLapsed").withArgs(amendment);
      }
      const { question, open } = await amendments.docketOf(motion);
      expect([question, open]).to.deep.equal([4n, [4n]]);
    });
  });

  describe("amendmentOf", () => {
    context("given a motion that went on without its amendments", () => {
      it("has lapsed all that were open or stale when the author withdrew the motion", async () => {
        const scene = await loadFixture(three);
        const { amendments, motions, author, ann, ben, motion, first, second, third } = scene;
        await amendments.connect(ann).accept(second, 1);
        const fourth = await scene.move(ben, "Twice, on paper.", { parent: first, base: 2n });
        await amendments.connect(ben).withdraw(fourth, 1);
        await motions.connect(author).withdraw(motion, 1);
        expect(await statesOf(scene, first, second, third, fourth)).to.deep.equal([
          AmendmentState.Lapsed,
          AmendmentState.Accepted,
          AmendmentState.Lapsed,
          AmendmentState.Withdrawn,
        ]);
      });

      it("has lapsed all of them when the motion lapses, to the second", async () => {
        const scene = await loadFixture(three);
        const { motions, motion, first, second, third } = scene;
        const lapse = (await scene.closesAt()) + BigInt(scene.rules.lapse);
        await scene.goTo(lapse - 1n);
        expect(await statesOf(scene, first, second, third)).to.deep.equal(Array(3).fill(AmendmentState.Open));
        await scene.goTo(lapse);
        expect((await motions.motionOf(motion)).stage).to.equal(Stage.Lapsed);
        expect(await statesOf(scene, first, second, third)).to.deep.equal(
          Array(3).fill(AmendmentState.Lapsed),
        );
      });
    });

    context("given an author who has left the roll", () => {
      it("goes on without friendly acceptance: the members settle what is open", async () => {
        const scene = await loadFixture(three);
        const { amendments, membership, motions, author, ann, motion, first, second } = scene;
        await membership.connect(author).resign();
        await expect(amendments.connect(author).accept(first, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNotYours")
          .withArgs(first, author.address, 1);
        await amendments.connect(ann).accept(second, 1);
        await scene.close();
        await scene.decideNext(true);
        const { revision, text } = await motions.motionOf(motion);
        expect([revision, text]).to.deep.equal([2n, changeOf(1, "Twice, online.").text]);
      });
    });
  });
});
