import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Person, Right, rotateKey, Standing } from "../helpers/governor.js";
import { foundMotions, plain, plainList, refusedOf } from "../helpers/motion-scene.js";
import {
  actionsDigest,
  changeOf,
  contentOf,
  digestOf,
  listOf,
  moved,
  NO_ACTIONS,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const FIRST = contentOf("First text");
const SECOND = contentOf("Second text", NO_ACTIONS, "another purpose");
const OPEN = stagesOf(Stage.Draft, Stage.Tabled);

async function founded() {
  const scene = await foundMotions(connection, { count: 12 });
  const [author, other, third] = scene.members as [Person, Person, Person];
  const [outsider, spare, newKey] = scene.outsiders as [Person, Person, Person];
  return { ...scene, author, other, third, outsider, spare, newKey, mine: scene.motions.connect(author) };
}

/** A draft of the first member, number 1. */
async function drafted() {
  const scene = await founded();
  await scene.mine.draft(FIRST);
  return scene;
}

/** The same, tabled. */
async function open() {
  const scene = await drafted();
  await scene.mine.table(1n, 1n);
  return scene;
}

describe("Motions", () => {
  describe("draft", () => {
    context("given somebody without the right to propose", () => {
      it("reverts and says why", async () => {
        const scene = await loadFixture(founded);
        const { motions } = scene;
        for (const { who, standing, explanation } of await refusedOf(scene, Right.Propose)) {
          await expect(motions.connect(who).draft(FIRST))
            .to.be.revertedWithCustomError(motions, "RollRightsRefused")
            .withArgs(who, Right.Propose, standing, explanation);
        }
        expect(await motions.lastMotion()).to.equal(0n);
      });
    });

    context("when the text or the purpose is missing", () => {
      it("reverts", async () => {
        const { mine } = await loadFixture(founded);
        for (const lacking of [
          { ...FIRST, text: ZeroHash },
          { ...FIRST, purpose: ZeroHash },
        ]) {
          await expect(mine.draft(lacking)).to.be.revertedWithCustomError(mine, "MotionsNoText");
        }
        expect(await mine.lastMotion()).to.equal(0n);
      });
    });

    context("when everything is there", () => {
      it("keeps a draft under the next number, and says what it is and does", async () => {
        const scene = await loadFixture(founded);
        const { motions, mine, put, other } = scene;
        const actions = listOf([put(7), { target: scene.outsider.address, value: 5n }]);
        const content = contentOf("A text", actions);
        const digest = await actionsDigest(actions);
        expect(await mine.draft.staticCall(content)).to.equal(1n);
        await expect(mine.draft(content))
          .to.emit(motions, "MotionDrafted")
          .withArgs(1n, 1n)
          .and.to.emit(motions, "MotionRevised")
          .withArgs(1n, 1n, 0n, content.text, content.purpose, digest)
          .and.to.emit(motions, "MotionActionsSet")
          .withArgs(1n, 1n, await plainList(actions));
        expect(plain(await motions.motionOf(1n))).to.deep.equal({
          author: 1n,
          stage: Stage.Draft,
          revision: 1n,
          text: content.text,
          purpose: content.purpose,
          actions: digest,
          closesAt: 0n,
          endorsements: 0n,
          endorsementGroups: 0n,
          theirs: false,
          silenceUntil: 0n,
          objections: 0n,
          proposalId: 0n,
          resolution: 0n,
        });
        await motions.connect(other).draft(FIRST);
        expect(await motions.lastMotion()).to.equal(2n);
        expect((await motions.motionOf(2n)).author).to.equal(2n);
      });

      it("keeps a text that another motion has too", async () => {
        const { motions, mine, other } = await loadFixture(drafted);
        await motions.connect(other).draft(FIRST);
        expect((await mine.motionOf(2n)).text).to.equal((await mine.motionOf(1n)).text);
      });
    });
  });

  describe("revise", () => {
    it("reverts for a motion that there is none of", async () => {
      const { mine } = await loadFixture(drafted);
      for (const motion of [0n, 2n]) {
        await expect(mine.revise(motion, 1n, SECOND))
          .to.be.revertedWithCustomError(mine, "MotionsUnknown")
          .withArgs(motion, 1n);
      }
    });

    it("reverts for everybody but its author, the key that the author moved away from included", async () => {
      const scene = await loadFixture(drafted);
      const { motions, author, other, outsider, newKey, power } = scene;
      await rotateKey(scene, author, newKey);
      for (const who of [author, other, outsider, power]) {
        await expect(motions.connect(who).revise(1n, 1n, SECOND))
          .to.be.revertedWithCustomError(motions, "MotionsNotAuthor")
          .withArgs(1n, who, 1n);
      }
      await motions.connect(newKey).revise(1n, 1n, SECOND);
      expect((await motions.motionOf(1n)).revision).to.equal(2n);
    });

    it("reverts for an author who left, also with a new number", async () => {
      const scene = await loadFixture(drafted);
      const { motions, author, membership } = scene;
      await membership.connect(author).resign();
      const { digest } = await membership.codeOfConduct();
      await membership.connect(author).join(0, digest, "0x");
      await expect(motions.connect(author).revise(1n, 1n, SECOND))
        .to.be.revertedWithCustomError(motions, "MotionsNotAuthor")
        .withArgs(1n, author, 1n);
    });

    it("reverts for another revision than the present one", async () => {
      const { mine } = await loadFixture(drafted);
      await mine.revise(1n, 1n, SECOND);
      for (const revision of [0n, 1n, 3n]) {
        await expect(mine.revise(1n, revision, FIRST))
          .to.be.revertedWithCustomError(mine, "MotionsOtherRevision")
          .withArgs(1n, revision, 2n);
      }
    });

    it("reverts without a text or a purpose, and for what the motion says already", async () => {
      const { mine } = await loadFixture(drafted);
      for (const lacking of [
        { ...SECOND, text: ZeroHash },
        { ...SECOND, purpose: ZeroHash },
      ]) {
        await expect(mine.revise(1n, 1n, lacking)).to.be.revertedWithCustomError(mine, "MotionsNoText");
      }
      await expect(mine.revise(1n, 1n, FIRST))
        .to.be.revertedWithCustomError(mine, "MotionsNothingNew")
        .withArgs(1n);
      expect((await mine.motionOf(1n)).revision).to.equal(1n);
    });

    it("reverts once the motion is closed for amendments, put to the vote or withdrawn", async () => {
      const scene = await loadFixture(open);
      const { mine, close } = scene;
      const refused = async (motion: bigint, stage: bigint) =>
        expect(mine.revise(motion, 1n, SECOND))
          .to.be.revertedWithCustomError(mine, "MotionsWrongStage")
          .withArgs(motion, stage, OPEN);
      await mine.draft(FIRST);
      await mine.withdraw(2n, 1n);
      await refused(2n, Stage.Withdrawn);
      await close(1n);
      await refused(1n, Stage.Closed);
      await mine.putToVote(1n, NO_ACTIONS);
      await refused(1n, Stage.PutToVote);
    });

    context("given a draft", () => {
      it("writes another revision, which is a draft still", async () => {
        const scene = await loadFixture(drafted);
        const { motions, mine, put } = scene;
        const actions = listOf([put(7)]);
        const sent = await mine.revise(1n, 1n, { ...SECOND, actions });
        const digest = await actionsDigest(actions);
        await expect(sent)
          .to.emit(motions, "MotionRevised")
          .withArgs(1n, 2n, 0n, SECOND.text, SECOND.purpose, digest)
          .and.to.emit(motions, "MotionActionsSet")
          .withArgs(1n, 2n, await plainList(actions));
        await expect(sent).not.to.emit(motions, "MotionTabled");
        const { stage, revision, text, purpose, actions: kept, closesAt } = await motions.motionOf(1n);
        expect([stage, revision, text, purpose, kept, closesAt]).to.deep.equal([
          Stage.Draft,
          2n,
          SECOND.text,
          SECOND.purpose,
          digest,
          0n,
        ]);
      });

      it("takes an edit of the text, of the purpose or of the actions alone", async () => {
        const { mine, put } = await loadFixture(drafted);
        await mine.revise(1n, 1n, { ...FIRST, text: digestOf("Another text") });
        await mine.revise(1n, 2n, { ...FIRST, text: digestOf("Another text"), purpose: digestOf("why") });
        const last = {
          text: digestOf("Another text"),
          purpose: digestOf("why"),
          actions: listOf([put(1)]),
        };
        await mine.revise(1n, 3n, last);
        // And back to none: that is an edit too.
        await mine.revise(1n, 4n, { ...last, actions: NO_ACTIONS });
        expect((await mine.motionOf(1n)).actions).to.equal(ZeroHash);
        expect((await mine.motionOf(1n)).revision).to.equal(5n);
      });
    });

    context("given a motion that is tabled", () => {
      it("opens it for amendments anew, for the whole notice", async () => {
        const scene = await loadFixture(open);
        const { motions, mine, now, at } = scene;
        const moment = (await now()) + 86_400n;
        const closesAt = moment + (await motions.rules()).notice;
        await expect(at(moment, () => mine.revise(1n, 1n, SECOND)))
          .to.emit(motions, "MotionTabled")
          .withArgs(1n, 2n, closesAt);
        expect((await motions.motionOf(1n)).closesAt).to.equal(closesAt);
        expect((await motions.motionOf(1n)).stage).to.equal(Stage.Tabled);
      });
    });
  });

  describe("table", () => {
    it("reverts for a motion that there is none of, for others, and for another revision", async () => {
      const { motions, mine, other } = await loadFixture(drafted);
      await expect(mine.table(2n, 1n)).to.be.revertedWithCustomError(mine, "MotionsUnknown").withArgs(2n, 1n);
      await expect(motions.connect(other).table(1n, 1n))
        .to.be.revertedWithCustomError(mine, "MotionsNotAuthor")
        .withArgs(1n, other, 1n);
      await mine.revise(1n, 1n, SECOND);
      await expect(mine.table(1n, 1n))
        .to.be.revertedWithCustomError(mine, "MotionsOtherRevision")
        .withArgs(1n, 1n, 2n);
    });

    it("reverts for an author whose right to propose is suspended, who may not edit either", async () => {
      const { mine, membership, power, now, author } = await loadFixture(drafted);
      const until = (await now()) + 1_000_000n;
      await membership.connect(power).suspend(1n, 1 << Right.Propose, until);
      for (const attempt of [() => mine.table(1n, 1n), () => mine.revise(1n, 1n, SECOND)]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(mine, "RollRightsRefused")
          .withArgs(author, Right.Propose, Standing.Suspended, until);
      }
      expect((await mine.motionOf(1n)).revision).to.equal(1n);
    });

    it("reverts for a motion that is tabled, or was", async () => {
      const { mine, close } = await loadFixture(open);
      const refused = (stage: bigint) =>
        expect(mine.table(1n, 1n))
          .to.be.revertedWithCustomError(mine, "MotionsWrongStage")
          .withArgs(1n, stage, stagesOf(Stage.Draft));
      await refused(Stage.Tabled);
      await close(1n);
      await refused(Stage.Closed);
      await mine.withdraw(1n, 1n);
      await refused(Stage.Withdrawn);
    });

    it("opens a draft for amendments, for the notice", async () => {
      const { motions, mine, now, at } = await loadFixture(drafted);
      const moment = (await now()) + 60n;
      const closesAt = moment + (await motions.rules()).notice;
      await expect(at(moment, () => mine.table(1n, 1n)))
        .to.emit(motions, "MotionTabled")
        .withArgs(1n, 1n, closesAt);
      const { stage, revision, closesAt: kept } = await motions.motionOf(1n);
      expect([stage, revision, kept]).to.deep.equal([Stage.Tabled, 1n, closesAt]);
    });
  });

  describe("withdraw", () => {
    it("reverts for a motion that there is none of, for others, and for another revision", async () => {
      const { motions, mine, other, outsider } = await loadFixture(open);
      await expect(mine.withdraw(0n, 1n))
        .to.be.revertedWithCustomError(mine, "MotionsUnknown")
        .withArgs(0n, 1n);
      for (const who of [other, outsider]) {
        await expect(motions.connect(who).withdraw(1n, 1n))
          .to.be.revertedWithCustomError(mine, "MotionsNotAuthor")
          .withArgs(1n, who, 1n);
      }
      await mine.revise(1n, 1n, SECOND);
      await expect(mine.withdraw(1n, 1n))
        .to.be.revertedWithCustomError(mine, "MotionsOtherRevision")
        .withArgs(1n, 1n, 2n);
    });

    it("reverts while an amendment of it is before the members", async () => {
      const { mine, amendments, other, goTo, stageOf } = await loadFixture(open);
      const amendment = await moved(amendments, other, 1n, changeOf(1, "Amended text"));
      await goTo((await amendments.nextOf(1n)).from);
      expect(await stageOf(1n)).to.equal(Stage.Closed);
      await amendments.putNext(1n);
      await expect(mine.withdraw(1n, 1n))
        .to.be.revertedWithCustomError(mine, "MotionsQuestionOpen")
        .withArgs(1n, amendment);
    });

    it("reverts once it is put to the vote, and a second time", async () => {
      const { mine, close } = await loadFixture(open);
      const stages = stagesOf(Stage.Draft, Stage.Tabled, Stage.Closed);
      await mine.draft(SECOND);
      await mine.withdraw(2n, 1n);
      await close(1n);
      await mine.putToVote(1n, NO_ACTIONS);
      for (const [motion, stage] of [
        [1n, Stage.PutToVote],
        [2n, Stage.Withdrawn],
      ] as const) {
        await expect(mine.withdraw(motion, 1n))
          .to.be.revertedWithCustomError(mine, "MotionsWrongStage")
          .withArgs(motion, stage, stages);
      }
    });

    it("ends a draft, a motion that is tabled, and one that is closed for amendments, for good", async () => {
      const { motions, mine, other, close, tabled } = await loadFixture(open);
      await mine.draft(SECOND);
      await tabled("A third text");
      const end = async (motion: bigint) => {
        await expect(mine.withdraw(motion, 1n)).to.emit(motions, "MotionWithdrawn").withArgs(motion);
        expect((await motions.motionOf(motion)).stage).to.equal(Stage.Withdrawn);
      };
      await end(2n);
      await end(3n);
      await close(1n);
      await end(1n);
      await expect(motions.connect(other).endorse(1n, 1n))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(1n, Stage.Withdrawn, stagesOf(Stage.Tabled, Stage.Closed, Stage.Silence));
      await expect(motions.putToVote(1n, NO_ACTIONS))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(1n, Stage.Withdrawn, stagesOf(Stage.Closed, Stage.Silence));
    });
  });
});
