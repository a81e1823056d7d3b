import { expect } from "chai";
import { network } from "hardhat";
import { foundMotion, type MotionScene } from "../helpers/amendments.js";
import {
  AmendmentState,
  changeOf,
  contentOf,
  decisionOfAmendment,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const open = () => foundMotion(connection);
/** Friendly windows reach beyond the close. */
const patient = () => foundMotion(connection, { rules: { notice: 86_400, window: 172_800 } });

/** A substitute, two amendments, and one to the second of those, moved in the order that is not theirs. */
async function mixed(scene: MotionScene) {
  const substitute = await scene.move(scene.ann, "Never.", { substitute: true });
  const early = await scene.move(scene.ben, "Twice.");
  const late = await scene.move(scene.cyd, "Thrice.");
  const below = await scene.move(scene.eve, "Thrice, online.", { parent: late });
  return { ...scene, substitute, early, late, below };
}

describe("Amendments", () => {
  describe("nextOf", () => {
    it("reverts for a motion that nobody drafted", async () => {
      const { amendments, motions } = await loadFixture(open);
      await expect(amendments.nextOf(2))
        .to.be.revertedWithCustomError(motions, "MotionsUnknown")
        .withArgs(2, 1);
    });

    it("is nothing where nothing is open", async () => {
      const scene = await loadFixture(open);
      const { amendments, ann, motion } = scene;
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
      await amendments.connect(ann).withdraw(await scene.move(ann, "Twice."), 1);
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
    });

    it("is nothing once the motion has gone on without its amendments", async () => {
      const scene = await mixed(await loadFixture(open));
      const { amendments, motions, author, motion } = scene;
      await motions.connect(author).withdraw(motion, 1);
      expect(await scene.stateOf(scene.below)).to.equal(AmendmentState.Lapsed);
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
    });

    it("is nothing before the close where all are stale, for they can be rebased until then", async () => {
      const scene = await mixed(await loadFixture(open));
      const { amendments, motions, author, motion } = scene;
      await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
      const closesAt = await scene.closesAt();
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, closesAt]);
      await scene.goTo(closesAt);
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
    });

    it("is not before the motion is closed for amendments", async () => {
      const scene = await mixed(await loadFixture(open));
      expect(await scene.amendments.nextOf(scene.motion)).to.deep.equal([
        scene.below,
        await scene.closesAt(),
      ]);
    });

    it("is not before the friendly window of the amendment is over", async () => {
      const scene = await mixed(await loadFixture(patient));
      const { friendlyUntil } = await scene.amendments.amendmentOf(scene.below);
      expect(friendlyUntil).to.be.greaterThan(await scene.closesAt());
      expect(await scene.amendments.nextOf(scene.motion)).to.deep.equal([scene.below, friendlyUntil + 1n]);
    });

    it("is not before stale ones could be rebased, also where nothing else is open", async () => {
      const scene = await mixed(await loadFixture(open));
      const { amendments, ben, motion, late, early } = scene;
      await scene.close();
      await amendments.connect(ben).withdraw(early, 1);
      await amendments.connect(scene.cyd).withdraw(late, 1);
      const { rebaseUntil } = await amendments.docketOf(motion);
      expect(await amendments.nextOf(motion)).to.deep.equal([scene.substitute, rebaseUntil + 1n]);
      await amendments.connect(scene.ann).withdraw(scene.substitute, 1);
      const later = (await amendments.docketOf(motion)).rebaseUntil;
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, later + 1n]);
      await scene.goTo(later + 1n);
      expect(await amendments.nextOf(motion)).to.deep.equal([0n, 0n]);
    });
  });

  describe("putNext", () => {
    context("when nothing can be put", () => {
      it("reverts for a motion that nobody drafted", async () => {
        const { amendments, motions } = await loadFixture(open);
        await expect(amendments.putNext(2))
          .to.be.revertedWithCustomError(motions, "MotionsUnknown")
          .withArgs(2, 1);
      });

      it("reverts while the motion is tabled, and when it is withdrawn", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, motions, author, motion } = scene;
        await expect(amendments.putNext(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Tabled, stagesOf(Stage.Closed));
        await motions.connect(author).withdraw(motion, 1);
        await expect(amendments.putNext(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Withdrawn, stagesOf(Stage.Closed));
      });

      it("reverts where nothing is open, or was rebased in time", async () => {
        const scene = await loadFixture(open);
        const { amendments, motions, author, ann, motion } = scene;
        await scene.move(ann, "Twice.");
        await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
        await scene.close();
        await expect(amendments.putNext(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNothingDue")
          .withArgs(motion, 0);
      });

      it("reverts in the last second of the friendly window, and not in the next", async () => {
        const scene = await mixed(await loadFixture(patient));
        const { amendments, motion, below } = scene;
        const { friendlyUntil } = await amendments.amendmentOf(below);
        await scene.close();
        await time.setNextBlockTimestamp(friendlyUntil);
        await expect(amendments.putNext(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNothingDue")
          .withArgs(motion, friendlyUntil + 1n);
        await time.setNextBlockTimestamp(friendlyUntil + 1n);
        await expect(amendments.putNext(motion)).to.emit(scene.motions, "AmendmentPut");
      });

      it("reverts in the last second in which stale ones can be rebased, and not in the next", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, cyd, motion, late, below } = scene;
        await scene.close();
        await amendments.connect(cyd).withdraw(late, 1);
        const { rebaseUntil } = await amendments.docketOf(motion);
        await time.setNextBlockTimestamp(rebaseUntil);
        await expect(amendments.putNext(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsNothingDue")
          .withArgs(motion, rebaseUntil + 1n);
        await time.setNextBlockTimestamp(rebaseUntil + 1n);
        await expect(amendments.putNext(motion)).to.emit(amendments, "AmendmentLapsed").withArgs(below);
        expect((await amendments.docketOf(motion)).question).to.equal(scene.early);
      });

      it("reverts while an amendment is before the members, to the end of its decision", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, motion, below, voters } = scene;
        await scene.close();
        await scene.putNext();
        const refused = async () =>
          expect(amendments.putNext(motion))
            .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
            .withArgs(motion, below);
        const decision = await decisionOfAmendment(connection, scene, below);
        await refused();
        await decision.open();
        await decision.voteAll(voters, 1);
        await refused();
        await decision.close();
        await refused();
        await decision.queue(scene.eve);
        await decision.mature();
        await refused();
        await decision.execute(scene.eve);
        expect((await amendments.docketOf(motion)).question).to.equal(0);
      });
    });

    context("given amendments of every kind", () => {
      it("puts those to amendments first, and substitutes last", async () => {
        const scene = await mixed(await loadFixture(open));
        const order = [];
        await scene.close();
        for (let i = 0; i < 4; ++i) order.push(await scene.decideNext(false));
        expect(order).to.deep.equal([scene.below, scene.early, scene.late, scene.substitute]);
        expect(await scene.amendments.nextOf(scene.motion)).to.deep.equal([0n, 0n]);
      });

      it("puts equals in the order in which they were moved, whatever was rebased when", async () => {
        const scene = await loadFixture(open);
        const { amendments, motions, author, ann, ben, cyd, motion } = scene;
        const first = await scene.move(ann, "Twice.");
        const second = await scene.move(ben, "Thrice.");
        const third = await scene.move(cyd, "Never.", { substitute: true });
        const fourth = await scene.move(scene.eve, "Daily.", { substitute: true });
        await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
        // The last of those moved are the first to be rebased, and take places on the list again.
        await amendments.connect(scene.eve).rebase(fourth, changeOf(2, "Daily.", { substitute: true }));
        await amendments.connect(cyd).rebase(third, changeOf(2, "Never.", { substitute: true }));
        await amendments.connect(ben).rebase(second, changeOf(2, "Weekly or thrice."));
        await amendments.connect(ann).rebase(first, changeOf(2, "Weekly or twice."));
        await scene.close();
        const order = [];
        for (let i = 0; i < 4; ++i) order.push(await scene.decideNext(false));
        expect(order).to.deep.equal([first, second, third, fourth]);
      });

      it("turns to what an amendment to it was rebased to: an ordinary one, or a substitute", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, motion, below, early, late, eve, cyd } = scene;
        await amendments.connect(cyd).withdraw(late, 1);
        await amendments.connect(eve).rebase(below, changeOf(1, "Daily.", { substitute: true }));
        await scene.close();
        const order = [];
        for (let i = 0; i < 3; ++i) order.push(await scene.decideNext(false));
        expect(order).to.deep.equal([early, scene.substitute, below]);
        expect((await amendments.docketOf(motion)).open).to.deep.equal([]);
      });
    });

    context("given an amendment whose turn it is", () => {
      it("puts it to the vote in its own words, by anyone, and on nobody's place of the agenda", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, motions, agenda, governor, outsiders, motion, below } = scene;
        const places = await agenda.placesOf(5);
        await scene.close();
        const { friendlyUntil } = await amendments.amendmentOf(below);
        expect(await scene.now()).to.be.greaterThan(friendlyUntil);
        const decision = await decisionOfAmendment(connection, scene, below);
        const [anyone] = outsiders as [typeof scene.ann];
        expect(await amendments.connect(anyone).putNext.staticCall(motion)).to.equal(below);
        await expect(amendments.connect(anyone).putNext(motion))
          .to.emit(motions, "AmendmentPut")
          .withArgs(motion, below, decision.id);
        expect(await governor.proposalProposer(decision.id)).to.equal(await motions.getAddress());
        expect(await agenda.isAdmitted(decision.id)).to.equal(true);
        expect(await agenda.placesOf(5)).to.deep.equal(places);
        const { state, proposalId } = await amendments.amendmentOf(below);
        expect([state, proposalId]).to.deep.equal([AmendmentState.PutToVote, decision.id]);
        const { question, open: left } = await amendments.docketOf(motion);
        expect([question, left.length]).to.deep.equal([below, 4]);
        expect(await amendments.nextOf(motion)).to.have.property("0", below);
      });

      it("serves until the last second before the motion lapses, and keeps it from that", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, motions, motion, below } = scene;
        const lapse = (await scene.closesAt()) + BigInt(scene.rules.lapse);
        await scene.at(lapse - 1n, () => amendments.putNext(motion));
        await scene.goTo(lapse + 1n);
        expect((await motions.motionOf(motion)).stage).to.equal(Stage.Closed);
        await scene.decide(below, false);
        expect((await motions.motionOf(motion)).stage).to.equal(Stage.Closed);
        await scene.goTo((await scene.now()) + BigInt(scene.rules.lapse));
        expect((await motions.motionOf(motion)).stage).to.equal(Stage.Lapsed);
      });

      it("reverts once the motion has lapsed", async () => {
        const scene = await mixed(await loadFixture(open));
        const { amendments, motion, below } = scene;
        const lapse = (await scene.closesAt()) + BigInt(scene.rules.lapse);
        await time.setNextBlockTimestamp(lapse);
        await expect(amendments.putNext(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Lapsed, stagesOf(Stage.Closed));
        await scene.goTo(lapse);
        expect(await scene.stateOf(below)).to.equal(AmendmentState.Lapsed);
      });
    });
  });
});
