import { expect } from "chai";
import { network } from "hardhat";
import type { Person } from "../helpers/governor.js";
import { CONSENSUS, foundMotions } from "../helpers/motion-scene.js";
import {
  changeOf,
  contentOf,
  decisionOfAmendment,
  moved,
  NO_ACTIONS,
  refuse,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const DRAFT = contentOf("A draft");
const DRAFTED = stagesOf(Stage.Draft);
const PUTTABLE = stagesOf(Stage.Closed, Stage.Silence);

async function sceneOf(rules: Parameters<typeof foundMotions>[1] = {}) {
  const scene = await foundMotions(connection, { count: 12, ...rules });
  const [author, other, third] = scene.members as [Person, Person, Person];
  const { notice, window, lapse } = await scene.motions.rules();
  /** The stage at a moment, which must not lie in the past. */
  const stageAt = async (motion: bigint, moment: bigint) => {
    await scene.goTo(moment);
    return scene.stageOf(motion);
  };
  return {
    ...scene,
    author,
    other,
    third,
    notice,
    window,
    lapse,
    stageAt,
    mine: scene.motions.connect(author),
  };
}

async function founded() {
  return sceneOf();
}

/** The same coalition with consensus first. */
async function consensual() {
  return sceneOf({ rules: CONSENSUS });
}

describe("Motions", () => {
  describe("stages", () => {
    context("given a draft", () => {
      it("is one until its last second, lapses in the next and cannot be tabled then", async () => {
        const { motions, mine, now, lapse, stageAt, at } = await loadFixture(founded);
        await mine.draft(DRAFT);
        const lapses = (await now()) + lapse;
        expect(await stageAt(1n, lapses - 1n)).to.equal(Stage.Draft);
        await expect(at(lapses, () => mine.table(1n, 1n)))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(1n, Stage.Lapsed, DRAFTED);
        await expect(mine.revise(1n, 1n, contentOf("Too late")))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(1n, Stage.Lapsed, stagesOf(Stage.Draft, Stage.Tabled));
        expect(await stageAt(1n, lapses)).to.equal(Stage.Lapsed);
      });

      it("can be tabled in its last second", async () => {
        const { mine, now, lapse, at, stageOf } = await loadFixture(founded);
        await mine.draft(DRAFT);
        await at((await now()) + lapse - 1n, () => mine.table(1n, 1n));
        expect(await stageOf(1n)).to.equal(Stage.Tabled);
      });

      it("has the whole time again after an edit", async () => {
        const { mine, now, lapse, at, stageAt } = await loadFixture(founded);
        await mine.draft(DRAFT);
        const edited = (await now()) + lapse - 1n;
        await at(edited, () => mine.revise(1n, 1n, contentOf("Edited")));
        expect(await stageAt(1n, edited + lapse - 1n)).to.equal(Stage.Draft);
        expect(await stageAt(1n, edited + lapse)).to.equal(Stage.Lapsed);
      });
    });

    context("given a motion that is tabled", () => {
      it("is closed for amendments in the first second after the notice", async () => {
        const scene = await loadFixture(founded);
        const { motions, mine, amendments, other, tabled, stageAt, at } = scene;
        const motion = await tabled();
        const { closesAt } = await motions.motionOf(motion);
        expect(await stageAt(motion, closesAt - 2n)).to.equal(Stage.Tabled);
        await at(closesAt - 1n, () => amendments.connect(other).move(motion, 0n, changeOf(1, "In time")));
        await expect(at(closesAt, () => mine.revise(motion, 1n, contentOf("Too late"))))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, Stage.Closed, stagesOf(Stage.Draft, Stage.Tabled));
        await expect(amendments.connect(other).move(motion, 0n, changeOf(1, "Too late")))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Closed, stagesOf(Stage.Tabled));
        expect(await stageAt(motion, closesAt)).to.equal(Stage.Closed);
      });

      it("is put to the vote in the first second after the notice, and no sooner", async () => {
        const { motions, tabled, at } = await loadFixture(founded);
        const motion = await tabled();
        const { closesAt } = await motions.motionOf(motion);
        await expect(at(closesAt - 1n, () => motions.putToVote(motion, NO_ACTIONS)))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, Stage.Tabled, PUTTABLE);
        await expect(at(closesAt, () => motions.putToVote(motion, NO_ACTIONS))).to.emit(motions, "MotionPut");
      });
    });

    context("given a motion that is closed for amendments", () => {
      it("lapses if nobody carries it on in time, for good", async () => {
        const { motions, mine, lapse, tabled, stageAt, at } = await loadFixture(founded);
        const motion = await tabled();
        const { closesAt } = await motions.motionOf(motion);
        expect(await stageAt(motion, closesAt + lapse - 1n)).to.equal(Stage.Closed);
        await expect(at(closesAt + lapse, () => motions.putToVote(motion, NO_ACTIONS)))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, Stage.Lapsed, PUTTABLE);
        await expect(mine.withdraw(motion, 1n))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, Stage.Lapsed, stagesOf(Stage.Draft, Stage.Tabled, Stage.Closed));
        expect(await stageAt(motion, closesAt + lapse)).to.equal(Stage.Lapsed);
      });

      it("can be put to the vote in its last second", async () => {
        const { motions, lapse, tabled, at, stageOf } = await loadFixture(founded);
        const motion = await tabled();
        const { closesAt } = await motions.motionOf(motion);
        await at(closesAt + lapse - 1n, () => motions.putToVote(motion, NO_ACTIONS));
        expect(await stageOf(motion)).to.equal(Stage.PutToVote);
      });

      it("does not lapse by what was settled while it was still tabled", async () => {
        const { motions, amendments, author, other, lapse, tabled, stageAt } = await loadFixture(founded);
        const motion = await tabled();
        const amendment = await moved(amendments, other, motion, changeOf(1, "Amended"));
        await amendments.connect(author).accept(amendment, 1n);
        const { closesAt } = await motions.motionOf(motion);
        expect(await stageAt(motion, closesAt + lapse - 1n)).to.equal(Stage.Closed);
        expect(await stageAt(motion, closesAt + lapse)).to.equal(Stage.Lapsed);
      });

      it("has the whole time again after something was settled", async () => {
        const { motions, amendments, other, lapse, tabled, stageAt, at } = await loadFixture(founded);
        const motion = await tabled();
        const amendment = await moved(amendments, other, motion, changeOf(1, "Amended"));
        const { closesAt } = await motions.motionOf(motion);
        const settled = closesAt + lapse - 1n;
        await at(settled, () => amendments.connect(other).withdraw(amendment, 1n));
        expect(await stageAt(motion, settled + lapse - 1n)).to.equal(Stage.Closed);
        expect(await stageAt(motion, settled + lapse)).to.equal(Stage.Lapsed);
      });

      it("does not lapse while an amendment is before the members, and has the time again when it is not", async () => {
        const scene = await loadFixture(founded);
        const { motions, amendments, members, other, lapse, tabled, stageAt, at, stageOf } = scene;
        const motion = await tabled();
        const amendment = await moved(amendments, other, motion, changeOf(1, "Amended"));
        const { closesAt } = await motions.motionOf(motion);
        await at(closesAt + lapse - 1n, () => amendments.putNext(motion));
        await refuse(await decisionOfAmendment(connection, scene, amendment), members);
        expect(await stageAt(motion, closesAt + 3n * lapse)).to.equal(Stage.Closed);
        const settled = closesAt + 4n * lapse;
        await at(settled, () => amendments.settle(motion));
        expect(await stageOf(motion)).to.equal(Stage.Closed);
        expect(await stageAt(motion, settled + lapse - 1n)).to.equal(Stage.Closed);
        expect(await stageAt(motion, settled + lapse)).to.equal(Stage.Lapsed);
      });

      it("is tabled anew by an amendment that the author accepts then, for the whole notice", async () => {
        const { motions, amendments, author, other, notice, tabled, at, stageAt } =
          await loadFixture(founded);
        const motion = await tabled();
        const { closesAt } = await motions.motionOf(motion);
        const change = changeOf(1, "Amended");
        await at(closesAt - 1n, () => amendments.connect(other).move(motion, 0n, change));
        const accepted = closesAt + 100n;
        await expect(at(accepted, () => amendments.connect(author).accept(1n, 1n)))
          .to.emit(motions, "MotionTabled")
          .withArgs(motion, 2n, accepted + notice);
        expect(await stageAt(motion, accepted + notice - 1n)).to.equal(Stage.Tabled);
        expect(await stageAt(motion, accepted + notice)).to.equal(Stage.Closed);
      });
    });

    context("given a silence", () => {
      it("lapses if nobody adopts it or puts it to the vote in time", async () => {
        const { motions, lapse, tabled, close, stageAt, at } = await loadFixture(consensual);
        const motion = await tabled();
        await close(motion);
        await motions.putToVote(motion, NO_ACTIONS);
        const { silenceUntil } = await motions.motionOf(motion);
        expect(await stageAt(motion, silenceUntil + lapse - 1n)).to.equal(Stage.Silence);
        await expect(at(silenceUntil + lapse, () => motions.adopt(motion)))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, Stage.Lapsed, stagesOf(Stage.Silence));
        expect(await stageAt(motion, silenceUntil + lapse)).to.equal(Stage.Lapsed);
      });

      it("is adopted in its last second", async () => {
        const { motions, lapse, tabled, close, at, stageOf } = await loadFixture(consensual);
        const motion = await tabled();
        await close(motion);
        await motions.putToVote(motion, NO_ACTIONS);
        const { silenceUntil } = await motions.motionOf(motion);
        await at(silenceUntil + lapse - 1n, () => motions.adopt(motion));
        expect(await stageOf(motion)).to.equal(Stage.Decided);
      });
    });
  });
});
