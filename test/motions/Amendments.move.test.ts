import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { foundMotion, type MotionScene, TEXT } from "../helpers/amendments.js";
import { actAs, maskOf, type Person, Right, Standing } from "../helpers/governor.js";
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
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const open = () => foundMotion(connection);
/** Three amendments can be open, two of them of one member. */
const cramped = () => foundMotion(connection, { rules: { openByMotion: 3, openByMember: 2 } });

const sentBy = ({ amendments, motion }: MotionScene, mover: Person, text: string, parent = 0n, base = 1n) =>
  amendments.connect(mover).move(motion, parent, changeOf(base, text));

describe("Amendments", () => {
  describe("constructor", () => {
    it("knows its motions, which are bound to it for good", async () => {
      const { amendments, motions, membership } = await loadFixture(open);
      expect(await amendments.motions()).to.equal(await motions.getAddress());
      expect(await motions.amendments()).to.equal(await amendments.getAddress());
      await expect(ethers.deployContract("Amendments", ["DC-BAS", membership, motions]))
        .to.be.revertedWithCustomError(motions, "MotionsBound")
        .withArgs(await amendments.getAddress());
    });
  });

  describe("amendmentOf", () => {
    it("reverts for an amendment that nobody moved", async () => {
      const { amendments, ann, move } = await loadFixture(open);
      for (const unknown of [0n, 1n]) {
        await expect(amendments.amendmentOf(unknown))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnknown")
          .withArgs(unknown, 0);
      }
      await move(ann, "Twice.");
      await expect(amendments.amendmentOf(2))
        .to.be.revertedWithCustomError(amendments, "AmendmentsUnknown")
        .withArgs(2, 1);
    });
  });

  describe("move", () => {
    context("given no such motion", () => {
      it("reverts", async () => {
        const { amendments, motions, ann, motion } = await loadFixture(open);
        for (const unknown of [0n, motion + 1n]) {
          await expect(amendments.connect(ann).move(unknown, 0, changeOf(1, "Twice.")))
            .to.be.revertedWithCustomError(motions, "MotionsUnknown")
            .withArgs(unknown, motion);
        }
      });
    });

    context("given a motion that is not tabled", () => {
      const refused = async (scene: MotionScene, motion: bigint, stage: bigint) =>
        expect(scene.amendments.connect(scene.ann).move(motion, 0, changeOf(1, "Twice.")))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsWrongStage")
          .withArgs(motion, stage, stagesOf(Stage.Tabled));

      it("reverts for a draft", async () => {
        const scene = await loadFixture(open);
        await scene.motions.connect(scene.author).draft(contentOf(TEXT));
        await refused(scene, scene.motion + 1n, Stage.Draft);
      });

      it("reverts from the first second in which it is closed", async () => {
        const scene = await loadFixture(open);
        const closesAt = await scene.closesAt();
        await networkHelpers.time.setNextBlockTimestamp(closesAt);
        await refused(scene, scene.motion, Stage.Closed);
      });

      it("reverts when it was withdrawn", async () => {
        const scene = await loadFixture(open);
        await scene.motions.connect(scene.author).withdraw(scene.motion, 1);
        await refused(scene, scene.motion, Stage.Withdrawn);
      });

      it("reverts when it has lapsed", async () => {
        const scene = await loadFixture(open);
        await scene.goTo((await scene.closesAt()) + BigInt(scene.rules.lapse));
        await refused(scene, scene.motion, Stage.Lapsed);
      });

      it("reverts when it was put to the vote", async () => {
        const scene = await loadFixture(open);
        await scene.close();
        await scene.motions.putToVote(scene.motion, listOf([]));
        await refused(scene, scene.motion, Stage.PutToVote);
      });
    });

    context("when the caller has no right to propose", () => {
      it("reverts for somebody outside", async () => {
        const scene = await loadFixture(open);
        const [outsider] = scene.outsiders as [Person];
        await expect(sentBy(scene, outsider, "Twice."))
          .to.be.revertedWithCustomError(scene.amendments, "RollRightsRefused")
          .withArgs(outsider.address, Right.Propose, Standing.NotMember, 0);
      });

      it("reverts for a member whose right is suspended, and only for that one", async () => {
        const scene = await loadFixture(open);
        const { amendments, membership, timelock, ann, ben } = scene;
        const until = (await scene.now()) + 1_000_000n;
        const governing = membership.connect(await actAs(connection, timelock));
        await governing.suspend(2, maskOf(Right.Propose), until);
        await expect(sentBy(scene, ann, "Twice."))
          .to.be.revertedWithCustomError(amendments, "RollRightsRefused")
          .withArgs(ann.address, Right.Propose, Standing.Suspended, until);
        await expect(sentBy(scene, ben, "Twice.")).to.emit(amendments, "AmendmentMoved");
      });
    });

    context("given what it amends", () => {
      it("reverts for an amendment that nobody moved", async () => {
        const scene = await loadFixture(open);
        // The amendment that is being moved has its number by then; it cannot amend itself.
        await expect(sentBy(scene, scene.ann, "Twice.", 1n))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsWrongState")
          .withArgs(1, AmendmentState.Stale, AmendmentState.Open);
        await expect(sentBy(scene, scene.ann, "Twice.", 2n))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsUnknown")
          .withArgs(2, 1);
      });

      it("reverts for an amendment of another motion", async () => {
        const scene = await loadFixture(open);
        const { amendments, motions, author, ann } = scene;
        const amendment = await scene.move(ann, "Twice.");
        await motions.connect(author).draft(contentOf("Another matter."));
        await motions.connect(author).table(2, 1);
        await expect(amendments.connect(ann).move(2, amendment, changeOf(1, "Thrice.")))
          .to.be.revertedWithCustomError(amendments, "AmendmentsTooDeep")
          .withArgs(2, amendment);
      });

      it("reverts at the third level", async () => {
        const scene = await loadFixture(open);
        const first = await scene.move(scene.ann, "Twice.");
        const second = await scene.move(scene.ben, "Twice, online.", { parent: first });
        await expect(sentBy(scene, scene.cyd, "Twice, online and on paper.", second))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsTooDeep")
          .withArgs(scene.motion, second);
      });

      it("reverts for a substitute at the second level", async () => {
        const scene = await loadFixture(open);
        const first = await scene.move(scene.ann, "Twice.");
        const change = changeOf(1, "Never.", { substitute: true });
        await expect(scene.amendments.connect(scene.ben).move(scene.motion, first, change))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsNoSubstitute")
          .withArgs(first);
      });

      it("reverts for an amendment that is withdrawn, accepted or stale", async () => {
        const scene = await loadFixture(open);
        const { amendments, author, ann, ben, cyd } = scene;
        const gone = await scene.move(ann, "Twice.");
        const stale = await scene.move(ben, "Thrice.");
        const accepted = await scene.move(ann, "Weekly.");
        await amendments.connect(ann).withdraw(gone, 1);
        await amendments.connect(author).accept(accepted, 1);
        for (const [parent, state] of [
          [gone, AmendmentState.Withdrawn],
          [stale, AmendmentState.Stale],
          [accepted, AmendmentState.Accepted],
        ] as const) {
          await expect(sentBy(scene, cyd, "Never.", parent))
            .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
            .withArgs(parent, state, AmendmentState.Open);
        }
      });
    });

    context("given another base", () => {
      it("reverts unless it is the present revision of the motion", async () => {
        const scene = await loadFixture(open);
        const { amendments, motions, author, ann, motion } = scene;
        await motions.connect(author).revise(motion, 1, contentOf("The coalition meets twice a year."));
        for (const base of [0n, 1n, 3n]) {
          await expect(sentBy(scene, ann, "Thrice.", 0n, base))
            .to.be.revertedWithCustomError(amendments, "AmendmentsStale")
            .withArgs(motion, 0, base, 2);
        }
      });

      it("reverts unless it is the present version of what it amends", async () => {
        const scene = await loadFixture(open);
        const { amendments, ann, ben, cyd, motion } = scene;
        const first = await scene.move(ann, "Twice.");
        const second = await scene.move(ben, "Twice, online.", { parent: first });
        await amendments.connect(ann).accept(second, 1);
        await expect(sentBy(scene, cyd, "Thrice.", first, 1n))
          .to.be.revertedWithCustomError(amendments, "AmendmentsStale")
          .withArgs(motion, first, 1, 2);
        await expect(sentBy(scene, cyd, "Thrice.", first, 2n)).to.emit(amendments, "AmendmentMoved");
      });
    });

    context("given a change without content", () => {
      it("reverts without a text or a reason", async () => {
        const { amendments, ann, motion } = await loadFixture(open);
        for (const missing of [{ text: ZeroHash }, { reason: ZeroHash }]) {
          await expect(
            amendments.connect(ann).move(motion, 0, { ...changeOf(1, "Twice."), ...missing }),
          ).to.be.revertedWithCustomError(amendments, "AmendmentsNoText");
        }
      });

      it("reverts with the text that there is, of the motion or of the amendment", async () => {
        const scene = await loadFixture(open);
        const { amendments, ann, ben, motion } = scene;
        await expect(sentBy(scene, ann, TEXT))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNothingNew")
          .withArgs(motion, 0);
        const first = await scene.move(ann, "Twice.");
        await expect(sentBy(scene, ben, "Twice.", first))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNothingNew")
          .withArgs(motion, first);
      });

      it("reverts with actions that no decision could hold", async () => {
        const { amendments, ann, motion, resolutions } = await loadFixture(open);
        const move = (actions: ReturnType<typeof listOf>) =>
          amendments.connect(ann).move(motion, 0, changeOf(1, "Twice.", { actions }));
        const action = { target: resolutions, data: "0x12345678" };
        await expect(move({ ...listOf([action]), values: [] }))
          .to.be.revertedWithCustomError(amendments, "MotionActionsUneven")
          .withArgs(1, 0, 1);
        await expect(move(listOf(Array(17).fill(action))))
          .to.be.revertedWithCustomError(amendments, "MotionActionsTooLong")
          .withArgs(ethers.encodeBytes32String("actions"), 17, 16);
        await expect(move(listOf([{ target: ZeroAddress, data: "0x12345678" }])))
          .to.be.revertedWithCustomError(amendments, "MotionActionsTargetWithoutCode")
          .withArgs(ZeroAddress);
      });
    });

    context("given as many amendments as may be open", () => {
      it("reverts for one more of the same member, and not for one of another", async () => {
        const scene = await loadFixture(cramped);
        await scene.move(scene.ann, "Twice.");
        await scene.move(scene.ann, "Thrice.");
        await expect(sentBy(scene, scene.ann, "Weekly."))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsFull")
          .withArgs(scene.motion, 2, 2);
        await expect(sentBy(scene, scene.ben, "Weekly.")).to.emit(scene.amendments, "AmendmentMoved");
      });

      it("reverts for one more of anybody, also when some are stale", async () => {
        const scene = await loadFixture(cramped);
        for (const [index, mover] of [scene.ann, scene.ben, scene.cyd].entries()) {
          await scene.move(mover, `${index + 2} times.`);
        }
        await scene.motions.connect(scene.author).revise(scene.motion, 1, contentOf("Weekly."));
        await expect(sentBy(scene, scene.eve, "Never.", 0n, 2n))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsFull")
          .withArgs(scene.motion, 0, 3);
      });

      it("takes one more for each that is settled", async () => {
        const scene = await loadFixture(cramped);
        const { amendments, ann, ben, eve, motion } = scene;
        const [first, second] = [await scene.move(ann, "Twice."), await scene.move(ann, "Thrice.")];
        const third = await scene.move(ben, "Weekly.");
        await amendments.connect(ann).withdraw(first, 1);
        await scene.move(eve, "Never.");
        expect((await amendments.docketOf(motion)).open).to.have.members([second, third, 4n]);
      });
    });

    context("given a tabled motion", () => {
      it("writes an amendment to it, and says so", async () => {
        const scene = await loadFixture(open);
        const { amendments, ann, motion, resolutions } = scene;
        const actions = listOf([
          { target: resolutions, data: "0x12345678" },
          { target: ann.address, value: 5n },
        ]);
        const change = changeOf(1, "Twice.", { substitute: true, actions });
        const digest = await actionsDigest(actions);
        const moment = (await scene.now()) + 7n;
        const sent = await scene.at(moment, () => amendments.connect(ann).move(motion, 0, change));
        await expect(sent).to.emit(amendments, "AmendmentMoved").withArgs(1, motion, 2, 0, true);
        await expect(sent)
          .to.emit(amendments, "AmendmentWritten")
          .withArgs(1, 1, 0, 0, 1, true, change.text, digest, change.reason);
        await expect(sent)
          .to.emit(amendments, "AmendmentActionsSet")
          .withArgs(1, 1, [
            [await resolutions.getAddress(), ann.address],
            [0n, 5n],
            ["0x12345678", "0x"],
          ]);
        const friendlyUntil = moment + BigInt(scene.rules.window);
        expect(await amendments.amendmentOf(1)).to.deep.equal([
          motion,
          0n,
          2n,
          1n,
          1n,
          AmendmentState.Open,
          true,
          change.text,
          digest,
          friendlyUntil,
          0n,
          0n,
          0n,
        ]);
        expect(await amendments.lastAmendment()).to.equal(1);
        expect(await amendments.docketOf(motion)).to.deep.equal([0n, 0n, 0n, [1n]]);
      });

      it("writes an amendment to an amendment", async () => {
        const scene = await loadFixture(open);
        const { amendments, ann, ben, motion } = scene;
        const first = await scene.move(ann, "Twice.");
        const sent = sentBy(scene, ben, "Twice, online.", first);
        await expect(sent).to.emit(amendments, "AmendmentMoved").withArgs(2, motion, 3, first, false);
        await expect(sent)
          .to.emit(amendments, "AmendmentWritten")
          .withArgs(2, 1, 0, first, 1, false, digestOf("Twice, online."), ZeroHash, digestOf("reason"));
        const { parent, base, version, state } = await amendments.amendmentOf(2);
        expect([parent, base, version, state]).to.deep.equal([first, 1n, 1n, AmendmentState.Open]);
      });

      it("takes a change of the actions alone, in the last second", async () => {
        const scene = await loadFixture(open);
        const { amendments, ann, motion, resolutions } = scene;
        const actions = listOf([{ target: resolutions, data: "0x12345678" }]);
        const last = (await scene.closesAt()) - 1n;
        await expect(
          scene.at(last, () => amendments.connect(ann).move(motion, 0, changeOf(1, TEXT, { actions }))),
        ).to.emit(amendments, "AmendmentMoved");
        expect((await amendments.amendmentOf(1)).text).to.equal(digestOf(TEXT));
      });
    });
  });
});
