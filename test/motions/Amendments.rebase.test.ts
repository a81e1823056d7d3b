import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { foundMotion, type MotionScene, TEXT } from "../helpers/amendments.js";
import { actAs, Right, Standing } from "../helpers/governor.js";
import {
  AmendmentState,
  actionsDigest,
  changeOf,
  contentOf,
  digestOf,
  listOf,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const open = () => foundMotion(connection);

/** Ann's amendment, Ben's to it, and Cyd's beside Ann's. */
async function three() {
  const scene = await loadFixture(open);
  const first = await scene.move(scene.ann, "Twice.");
  const second = await scene.move(scene.ben, "Twice, online.", { parent: first });
  const third = await scene.move(scene.cyd, "Thrice.");
  return { ...scene, first, second, third };
}

/** The same, closed for amendments, and Ben's rejected: Ann's was adopted, and Cyd's is stale. */
async function overtaken() {
  const scene = await three();
  await scene.close();
  await scene.decideNext(false);
  await scene.decideNext(true);
  return scene;
}

const rebasing = (
  scene: MotionScene,
  mover: MotionScene["ann"],
  amendment: bigint,
  text: string,
  base = 2n,
) => scene.amendments.connect(mover).rebase(amendment, changeOf(base, text));

describe("Amendments", () => {
  describe("withdraw", () => {
    it("reverts for anybody but the mover", async () => {
      const { amendments, author, ben, first } = await three();
      for (const stranger of [author, ben]) {
        await expect(amendments.connect(stranger).withdraw(first, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNotYours")
          .withArgs(first, stranger.address, 2);
      }
    });

    it("reverts with another version than the present one", async () => {
      const { amendments, ann, first, second } = await three();
      await amendments.connect(ann).accept(second, 1);
      await expect(amendments.connect(ann).withdraw(first, 1))
        .to.be.revertedWithCustomError(amendments, "AmendmentsOtherVersion")
        .withArgs(first, 1, 2);
    });

    it("reverts when it is settled", async () => {
      const { amendments, ann, first } = await three();
      await amendments.connect(ann).withdraw(first, 1);
      await expect(amendments.connect(ann).withdraw(first, 1))
        .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
        .withArgs(first, AmendmentState.Withdrawn, AmendmentState.Open);
    });

    it("reverts while an amendment is before the members, and when its motion is withdrawn", async () => {
      const scene = await three();
      const { amendments, motions, author, ann, cyd, motion, second, third } = scene;
      await scene.close();
      await scene.putNext();
      await expect(amendments.connect(cyd).withdraw(third, 1))
        .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
        .withArgs(motion, second);
      await scene.decide(second, false);
      await motions.connect(author).withdraw(motion, 1);
      await expect(amendments.connect(ann).withdraw(scene.first, 1))
        .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
        .withArgs(motion, Stage.Withdrawn, stagesOf(Stage.Tabled, Stage.Closed));
    });

    it("settles it, and gives those time that amended it", async () => {
      const scene = await three();
      const { amendments, motions, ann, motion, first, second, third, rules } = scene;
      const before = await motions.motionOf(motion);
      const moment = (await scene.now()) + 5n;
      const sent = await scene.at(moment, () => amendments.connect(ann).withdraw(first, 1));
      await expect(sent).to.emit(amendments, "AmendmentWithdrawn").withArgs(first);
      expect(await scene.stateOf(first)).to.equal(AmendmentState.Withdrawn);
      expect(await scene.stateOf(second)).to.equal(AmendmentState.Stale);
      expect(await scene.stateOf(third)).to.equal(AmendmentState.Open);
      const docket = await amendments.docketOf(motion);
      expect([docket.question, docket.quietSince, docket.rebaseUntil]).to.deep.equal([
        0n,
        moment,
        moment + BigInt(rules.rebase),
      ]);
      expect(docket.open).to.have.members([second, third]);
      expect(await motions.motionOf(motion)).to.deep.equal(before);
    });

    it("serves for one that is stale, also once the motion is closed, and leaves nobody time in vain", async () => {
      const scene = await three();
      const { amendments, motions, author, ann, ben, cyd, motion, first, second, third } = scene;
      await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
      await amendments.connect(ann).withdraw(first, 1);
      await amendments.connect(ben).withdraw(second, 1);
      await amendments.connect(cyd).withdraw(third, 1);
      const { open: left, quietSince } = await amendments.docketOf(motion);
      expect([left, quietSince]).to.deep.equal([[], await scene.now()]);
    });
  });

  describe("rebase", () => {
    context("when it cannot be rebased", () => {
      it("reverts for an amendment that nobody moved", async () => {
        const scene = await loadFixture(open);
        await expect(rebasing(scene, scene.ann, 1n, "Twice."))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsUnknown")
          .withArgs(1, 0);
      });

      it("reverts for anybody but the mover", async () => {
        const scene = await overtaken();
        await expect(rebasing(scene, scene.author, scene.third, "Twice or thrice."))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsNotYours")
          .withArgs(scene.third, scene.author.address, 4);
      });

      it("reverts when it is not stale", async () => {
        const scene = await three();
        await expect(rebasing(scene, scene.ann, scene.first, "Twice or thrice.", 1n))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsWrongState")
          .withArgs(scene.first, AmendmentState.Open, AmendmentState.Stale);
      });

      it("reverts when it is settled, however", async () => {
        const scene = await overtaken();
        for (const [mover, amendment, state] of [
          [scene.ann, scene.first, AmendmentState.Adopted],
          [scene.ben, scene.second, AmendmentState.Rejected],
        ] as const) {
          await expect(rebasing(scene, mover, amendment, "Weekly."))
            .to.be.revertedWithCustomError(scene.amendments, "AmendmentsWrongState")
            .withArgs(amendment, state, AmendmentState.Stale);
        }
      });

      it("reverts with what cannot be moved", async () => {
        const scene = await overtaken();
        const { amendments, cyd, motion, third } = scene;
        const rebase = (change: ReturnType<typeof changeOf>) =>
          expect(amendments.connect(cyd).rebase(third, change));
        await rebase(changeOf(1, "Weekly."))
          .to.be.revertedWithCustomError(amendments, "AmendmentsStale")
          .withArgs(motion, 0, 1, 2);
        await rebase(changeOf(2, "Twice."))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNothingNew")
          .withArgs(motion, 0);
        await rebase({ ...changeOf(2, "Weekly."), text: ZeroHash }).to.be.revertedWithCustomError(
          amendments,
          "AmendmentsNoText",
        );
        await rebase({ ...changeOf(2, "Weekly."), actions: { targets: [], values: [1n], calldatas: [] } })
          .to.be.revertedWithCustomError(amendments, "MotionActionsUneven")
          .withArgs(0, 1, 0);
      });

      it("reverts with a substitute while what it amends is there", async () => {
        const scene = await three();
        const { amendments, ann, ben, cyd, first, second } = scene;
        const beside = await scene.move(cyd, "Twice, on paper.", { parent: first });
        await amendments.connect(ann).accept(second, 1);
        await expect(amendments.connect(cyd).rebase(beside, changeOf(2, "Never.", { substitute: true })))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNoSubstitute")
          .withArgs(first);
        await expect(rebasing(scene, ben, second, "Weekly."))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
          .withArgs(second, AmendmentState.Accepted, AmendmentState.Stale);
      });
    });

    context("given a motion that is tabled", () => {
      it("writes it anew against the new revision, also long after that", async () => {
        const scene = await three();
        const { amendments, motions, author, ann, motion, first, resolutions, rules } = scene;
        await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
        const moment = (await scene.closesAt()) - 1n;
        expect(moment).to.be.greaterThan((await scene.now()) + BigInt(rules.rebase));
        const actions = listOf([{ target: resolutions, data: "0x12345678" }]);
        const change = changeOf(2, "Twice or weekly.", { substitute: true, actions, reason: "better" });
        const digest = await actionsDigest(actions);
        const sent = await scene.at(moment, () => amendments.connect(ann).rebase(first, change));
        await expect(sent)
          .to.emit(amendments, "AmendmentWritten")
          .withArgs(first, 2, 0, 0, 2, true, change.text, digest, digestOf("better"));
        await expect(sent)
          .to.emit(amendments, "AmendmentActionsSet")
          .withArgs(first, 2, [[await resolutions.getAddress()], [0n], ["0x12345678"]]);
        await expect(sent).not.to.emit(amendments, "AmendmentMoved");
        expect(await amendments.amendmentOf(first)).to.deep.equal([
          motion,
          0n,
          2n,
          2n,
          2n,
          AmendmentState.Open,
          true,
          change.text,
          digest,
          moment + BigInt(rules.window),
          0n,
          0n,
          0n,
        ]);
        const { quietSince, rebaseUntil } = await amendments.docketOf(motion);
        expect([quietSince, rebaseUntil]).to.deep.equal([moment, moment + BigInt(rules.rebase)]);
      });

      it("keeps one to an amendment where it was, once that is rebased itself", async () => {
        const scene = await three();
        const { motions, author, ann, ben, amendments, motion, first, second } = scene;
        await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
        await rebasing(scene, ann, first, "Twice or weekly.");
        await rebasing(scene, ben, second, "Twice or weekly, online.");
        const { parent, base, version } = await amendments.amendmentOf(second);
        expect([parent, base, version]).to.deep.equal([first, 2n, 2n]);
      });

      it("makes it one to the motion while what it amends is stale itself, or gone", async () => {
        const scene = await three();
        const { motions, amendments, author, ann, ben, eve, motion, first, second } = scene;
        const beside = await scene.move(eve, "Twice, on paper.", { parent: first });
        await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
        await amendments.connect(ben).rebase(second, changeOf(2, "Never.", { substitute: true }));
        await amendments.connect(ann).withdraw(first, 1);
        const sent = rebasing(scene, eve, beside, "Weekly, on paper.");
        await expect(sent)
          .to.emit(amendments, "AmendmentWritten")
          .withArgs(beside, 2, 0, 0, 2, false, digestOf("Weekly, on paper."), ZeroHash, digestOf("reason"));
        const { parent, substitute } = await amendments.amendmentOf(second);
        expect([parent, substitute]).to.deep.equal([0n, true]);
      });
    });

    context("given a motion that is closed for amendments", () => {
      it("serves until the last second of the window", async () => {
        const scene = await overtaken();
        const { amendments, cyd, motion, third } = scene;
        const { rebaseUntil } = await amendments.docketOf(motion);
        await time.setNextBlockTimestamp(rebaseUntil);
        await expect(rebasing(scene, cyd, third, "Twice or thrice.")).to.emit(amendments, "AmendmentWritten");
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Open);
      });

      it("reverts in the first second after it: the amendment has lapsed", async () => {
        const scene = await overtaken();
        const { amendments, cyd, motion, third } = scene;
        const { rebaseUntil } = await amendments.docketOf(motion);
        await time.setNextBlockTimestamp(rebaseUntil + 1n);
        await expect(rebasing(scene, cyd, third, "Twice or thrice."))
          .to.be.revertedWithCustomError(amendments, "AmendmentsTooLate")
          .withArgs(third, rebaseUntil);
        await scene.goTo(rebaseUntil + 1n);
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Lapsed);
        await expect(amendments.connect(cyd).withdraw(third, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
          .withArgs(third, AmendmentState.Lapsed, AmendmentState.Open);
      });

      it("reverts while an amendment is before the members", async () => {
        const scene = await three();
        const { amendments, eve, motion, first } = scene;
        const beside = await scene.move(eve, "Twice, on paper.", { parent: first });
        await scene.close();
        await scene.decideNext(true);
        const { rebaseUntil } = await amendments.docketOf(motion);
        await scene.goTo(rebaseUntil);
        const question = await scene.putNext();
        expect(question).to.equal(first);
        await expect(rebasing(scene, eve, beside, "Twice, online or on paper."))
          .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
          .withArgs(motion, first);
        expect(await scene.stateOf(beside)).to.equal(AmendmentState.Lapsed);
      });

      it("reverts for a mover whose right to propose is suspended", async () => {
        const scene = await overtaken();
        const { amendments, cyd, membership, third } = scene;
        const until = (await scene.now()) + 1_000_000n;
        const number = await membership.numberOf(cyd);
        await membership
          .connect(await actAs(connection, scene.timelock))
          .suspend(number, 1 << Right.Propose, until);
        await expect(rebasing(scene, cyd, third, "Thrice."))
          .to.be.revertedWithCustomError(amendments, "RollRightsRefused")
          .withArgs(cyd, Right.Propose, Standing.Suspended, until);
      });

      it("gives the motion to the members: its author accepts nothing any more, and does not withdraw it", async () => {
        const scene = await overtaken();
        const { amendments, motions, author, cyd, motion, third } = scene;
        expect((await motions.motionOf(motion)).theirs).to.equal(true);
        await rebasing(scene, cyd, third, "Thrice.");
        for (const attempt of [
          () => amendments.connect(author).accept(third, 2),
          () => motions.connect(author).withdraw(motion, 2),
        ]) {
          await expect(attempt()).to.be.revertedWithCustomError(motions, "MotionsTheirs").withArgs(motion);
        }
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Open);
      });
    });

    context("given a motion that was withdrawn", () => {
      it("reverts", async () => {
        const scene = await three();
        const { amendments, motions, author, cyd, motion, third } = scene;
        await motions.connect(author).revise(motion, 1, contentOf("Edited."));
        await motions.connect(author).withdraw(motion, 2);
        await expect(rebasing(scene, cyd, third, TEXT))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Withdrawn, stagesOf(Stage.Tabled, Stage.Closed));
      });
    });
  });
});
