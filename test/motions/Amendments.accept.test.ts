import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { foundMotion, type MotionScene, TEXT } from "../helpers/amendments.js";
import type { Person } from "../helpers/governor.js";
import {
  AmendmentState,
  actionsDigest,
  contentOf,
  digestOf,
  listOf,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const open = () => foundMotion(connection);
/** The friendly window reaches beyond the close. */
const patient = () => foundMotion(connection, { rules: { notice: 86_400, window: 172_800 } });

/** Ann's amendment, Ben's to it, and Cyd's beside Ann's. */
async function moved(scene: MotionScene) {
  const first = await scene.move(scene.ann, "Twice.");
  const second = await scene.move(scene.ben, "Twice, online.", { parent: first });
  const third = await scene.move(scene.cyd, "Thrice.");
  return { ...scene, first, second, third };
}

const three = async () => moved(await loadFixture(open));

describe("Amendments", () => {
  describe("accept", () => {
    context("given no such amendment", () => {
      it("reverts", async () => {
        const { amendments, author } = await loadFixture(open);
        await expect(amendments.connect(author).accept(1, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnknown")
          .withArgs(1, 0);
      });
    });

    context("when the caller is not whose text it is", () => {
      it("reverts for anybody but the author, where the motion is amended", async () => {
        const { amendments, ann, ben, outsiders, first } = await three();
        for (const stranger of [ann, ben, outsiders[0] as Person]) {
          await expect(amendments.connect(stranger).accept(first, 1))
            .to.be.revertedWithCustomError(amendments, "AmendmentsNotYours")
            .withArgs(first, stranger.address, 1);
        }
      });

      it("reverts for anybody but the mover of what is amended, the author too", async () => {
        const { amendments, author, ben, cyd, second } = await three();
        for (const stranger of [author, ben, cyd]) {
          await expect(amendments.connect(stranger).accept(second, 1))
            .to.be.revertedWithCustomError(amendments, "AmendmentsNotYours")
            .withArgs(second, stranger.address, 2);
        }
      });
    });

    context("given a motion that is neither tabled nor closed", () => {
      it("reverts when it was withdrawn", async () => {
        const { amendments, motions, author, motion, first } = await three();
        await motions.connect(author).withdraw(motion, 1);
        await expect(amendments.connect(author).accept(first, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Withdrawn, stagesOf(Stage.Tabled, Stage.Closed));
      });
    });

    context("given another version or state", () => {
      it("reverts unless the version is the present one", async () => {
        const { amendments, author, ann, first, second } = await three();
        await amendments.connect(ann).accept(second, 1);
        for (const version of [0, 1, 3]) {
          await expect(amendments.connect(author).accept(first, version))
            .to.be.revertedWithCustomError(amendments, "AmendmentsOtherVersion")
            .withArgs(first, version, 2);
        }
        await expect(amendments.connect(author).accept(first, 2)).to.emit(amendments, "AmendmentAccepted");
      });

      it("reverts when it is stale, withdrawn or accepted", async () => {
        const { amendments, author, ann, ben, first, second, third } = await three();
        await amendments.connect(ben).withdraw(second, 1);
        await amendments.connect(author).accept(first, 1);
        for (const [owner, amendment, state] of [
          [author, first, AmendmentState.Accepted],
          [ann, second, AmendmentState.Withdrawn],
          [author, third, AmendmentState.Stale],
        ] as const) {
          await expect(amendments.connect(owner).accept(amendment, 1))
            .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
            .withArgs(amendment, state, AmendmentState.Open);
        }
      });

      it("reverts while an amendment is before the members", async () => {
        const scene = await moved(await loadFixture(patient));
        const { amendments, author, ann, motion, first } = scene;
        const question = await scene.putNext();
        expect(question).to.equal(scene.second);
        for (const [owner, amendment] of [
          [author, first],
          [ann, question],
        ] as const) {
          await expect(amendments.connect(owner).accept(amendment, 1))
            .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
            .withArgs(motion, question);
        }
      });
    });

    context("when the window is over", () => {
      it("reverts in the first second after it", async () => {
        const { amendments, author, first } = await three();
        const { friendlyUntil } = await amendments.amendmentOf(first);
        await time.setNextBlockTimestamp(friendlyUntil + 1n);
        await expect(amendments.connect(author).accept(first, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsTooLate")
          .withArgs(first, friendlyUntil);
      });

      it("accepts in its last second", async () => {
        const { amendments, author, first } = await three();
        await time.setNextBlockTimestamp((await amendments.amendmentOf(first)).friendlyUntil);
        await expect(amendments.connect(author).accept(first, 1)).to.emit(amendments, "AmendmentAccepted");
      });

      it("begins anew with each version", async () => {
        const scene = await three();
        const { amendments, ann, first, second, rules } = scene;
        const { friendlyUntil } = await amendments.amendmentOf(second);
        await scene.at(friendlyUntil, () => amendments.connect(ann).accept(second, 1));
        expect((await amendments.amendmentOf(first)).friendlyUntil).to.equal(
          friendlyUntil + BigInt(rules.window),
        );
      });
    });

    context("given an amendment to a motion that is tabled", () => {
      it("is an edit of the author: the motion says so, and is open for the whole notice", async () => {
        const scene = await three();
        const { amendments, motions, author, eve, motion, first, second, third, rules } = scene;
        await motions.connect(eve).endorse(motion, 1);
        const moment = (await scene.now()) + 5n;
        const sent = await scene.at(moment, () => amendments.connect(author).accept(first, 1));
        await expect(sent).to.emit(amendments, "AmendmentAccepted").withArgs(first, 1);
        await expect(sent)
          .to.emit(motions, "MotionRevised")
          .withArgs(motion, 2, first, digestOf("Twice."), digestOf("purpose"), ZeroHash);
        const closesAt = moment + BigInt(rules.notice);
        await expect(sent).to.emit(motions, "MotionTabled").withArgs(motion, 2, closesAt);
        const after = await motions.motionOf(motion);
        expect([after.revision, after.text, after.closesAt, after.endorsements]).to.deep.equal([
          2n,
          digestOf("Twice."),
          closesAt,
          0n,
        ]);
        expect(await scene.stateOf(first)).to.equal(AmendmentState.Accepted);
        expect(await scene.stateOf(second)).to.equal(AmendmentState.Stale);
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Stale);
        const docket = await amendments.docketOf(motion);
        expect([docket.quietSince, docket.rebaseUntil]).to.deep.equal([
          moment,
          moment + BigInt(rules.rebase),
        ]);
        expect(docket.open).to.have.members([second, third]);
      });

      it("brings its actions into the motion", async () => {
        const scene = await loadFixture(open);
        const { amendments, motions, author, ann, motion, resolutions } = scene;
        const actions = listOf([{ target: resolutions, data: "0x12345678" }]);
        const amendment = await scene.move(ann, TEXT, { actions });
        await amendments.connect(author).accept(amendment, 1);
        const { text, actions: digest } = await motions.motionOf(motion);
        expect([text, digest]).to.deep.equal([digestOf(TEXT), await actionsDigest(actions)]);
      });

      it("gives nobody time to rebase where nothing else is open", async () => {
        const scene = await loadFixture(open);
        const { amendments, author, ann, motion } = scene;
        const amendment = await scene.move(ann, "Twice.");
        await amendments.connect(author).accept(amendment, 1);
        const { rebaseUntil, open: left } = await amendments.docketOf(motion);
        expect([rebaseUntil, left]).to.deep.equal([0n, []]);
      });
    });

    context("given an amendment to a motion that is closed", () => {
      it("opens the motion for amendments again", async () => {
        const scene = await moved(await loadFixture(patient));
        const { amendments, motions, author, motion, first } = scene;
        await scene.close();
        expect((await motions.motionOf(motion)).stage).to.equal(Stage.Closed);
        await amendments.connect(author).accept(first, 1);
        const { stage, closesAt } = await motions.motionOf(motion);
        expect([stage, closesAt]).to.deep.equal([Stage.Tabled, (await scene.now()) + 86_400n]);
        await scene.move(scene.eve, "Weekly.", { base: 2n });
        expect((await amendments.docketOf(motion)).open).to.have.lengthOf(3);
      });
    });

    context("given an amendment to an amendment", () => {
      it("is a version of that, and leaves the motion alone", async () => {
        const scene = await three();
        const { amendments, motions, ann, motion, first, second, third } = scene;
        const before = await motions.motionOf(motion);
        const sent = await amendments.connect(ann).accept(second, 1);
        await expect(sent).to.emit(amendments, "AmendmentAccepted").withArgs(second, 2);
        await expect(sent)
          .to.emit(amendments, "AmendmentWritten")
          .withArgs(first, 2, second, 0, 1, false, digestOf("Twice, online."), ZeroHash, ZeroHash);
        await expect(sent).not.to.emit(motions, "MotionRevised");
        expect(await motions.motionOf(motion)).to.deep.equal(before);
        const { version, text, state } = await amendments.amendmentOf(first);
        expect([version, text, state]).to.deep.equal([2n, digestOf("Twice, online."), AmendmentState.Open]);
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Open);
      });

      it("makes others to the same amendment stale, and none to another", async () => {
        const scene = await three();
        const { amendments, ann, cyd, eve, first, second, third } = scene;
        const beside = await scene.move(cyd, "Twice, on paper.", { parent: first });
        const elsewhere = await scene.move(eve, "Thrice, on paper.", { parent: third });
        await amendments.connect(ann).accept(second, 1);
        expect(await scene.stateOf(beside)).to.equal(AmendmentState.Stale);
        expect(await scene.stateOf(elsewhere)).to.equal(AmendmentState.Open);
      });

      it("is stale when the motion moves on, as is what it amends", async () => {
        const scene = await three();
        const { amendments, motions, author, ann, motion, first, second } = scene;
        await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
        expect(await scene.stateOf(first)).to.equal(AmendmentState.Stale);
        await expect(amendments.connect(ann).accept(second, 1))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
          .withArgs(second, AmendmentState.Stale, AmendmentState.Open);
      });
    });
  });
});
