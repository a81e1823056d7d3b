import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { type Person, Right } from "../helpers/governor.js";
import {
  CONSENSUS,
  ENDORSED,
  foundMotions,
  type MotionPlan,
  memberAt,
  refusedOf,
} from "../helpers/motion-scene.js";
import {
  carry,
  contentOf,
  decisionOfMotion,
  digestOf,
  listOf,
  NO_ACTIONS,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const REASON = digestOf("Why not");
const SILENT = stagesOf(Stage.Silence);

/** A motion of the first member, number 1, closed for amendments, in a coalition that wants consensus first. */
async function closedIn(plan: MotionPlan) {
  const scene = await foundMotions(connection, { rules: CONSENSUS, ...plan });
  const { motions, members } = scene;
  const motion = await scene.tabled("What we say");
  await scene.close(motion);
  const [outsider] = scene.outsiders as [Person];
  /** The n-th member, from 0, objects. */
  const object = (index: number, reason = REASON) =>
    motions.connect(memberAt(members, index)).object(motion, reason);
  const mine = motions.connect(memberAt(members, 0));
  return { ...scene, motion, object, mine, anybody: motions.connect(outsider) };
}

async function closed() {
  return closedIn({ count: 14 });
}

/** The same with endorsements. */
async function endorsed() {
  return closedIn({ count: 14, classes: ENDORSED });
}

/** As few members as there are votes to be reached in any decision, and one fewer. */
async function justEnough() {
  return closedIn({ count: 7 });
}
async function tooFew() {
  return closedIn({ count: 6 });
}

/** All members are of the same group. */
async function ofOneGroup() {
  return closedIn({ count: 9, groupOf: () => 3 });
}

/** Fewer votes than the objections that the rules ask for; the floor is lowered so far that silence says something. */
async function ofFew() {
  const floor = { quorumFloor: 3 };
  const classes = { motionAmendment: floor, resolution: floor };
  const rules = { ...CONSENSUS, objections: 5 };
  return closedIn({ count: 4, rules, classes });
}

/** The silence of the motion has begun. */
async function silent() {
  const scene = await closed();
  await scene.anybody.putToVote(scene.motion, NO_ACTIONS);
  const { silenceUntil: until } = await scene.motions.motionOf(scene.motion);
  return { ...scene, until };
}

describe("Motions", () => {
  describe("putToVote, consensus first", () => {
    context("given a motion without actions", () => {
      it("begins a silence, whoever calls, and takes no place on the agenda", async () => {
        const { motions, agenda, motion, anybody, at, now } = await loadFixture(closed);
        expect(await anybody.putToVote.staticCall(motion, NO_ACTIONS)).to.equal(0n);
        const moment = (await now()) + 100n;
        const until = moment + BigInt(CONSENSUS.silence);
        await expect(at(moment, () => anybody.putToVote(motion, NO_ACTIONS)))
          .to.emit(motions, "MotionSilenceOpened")
          .withArgs(motion, 1n, until);
        const { stage, silenceUntil, objections, proposalId } = await motions.motionOf(motion);
        expect([stage, silenceUntil, objections, proposalId]).to.deep.equal([Stage.Silence, until, 0n, 0n]);
        expect(await agenda.placesOf(1n)).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
      });

      it("reverts without the endorsements of a resolution, and when the author has left", async () => {
        const { motions, motion, anybody, membership, members, stageOf } = await loadFixture(endorsed);
        await expect(anybody.putToVote(motion, NO_ACTIONS))
          .to.be.revertedWithCustomError(motions, "MotionsNotEndorsed")
          .withArgs(motion, 0n, 1n, 0n, 1n);
        await motions.connect(memberAt(members, 1)).endorse(motion, 1n);
        await membership.connect(memberAt(members, 0)).resign();
        await expect(anybody.putToVote(motion, NO_ACTIONS))
          .to.be.revertedWithCustomError(motions, "MotionsAuthorGone")
          .withArgs(motion, 1n);
        expect(await stageOf(motion)).to.equal(Stage.Closed);
      });

      it("takes just enough endorsements", async () => {
        const { motions, motion, anybody, members } = await loadFixture(endorsed);
        await motions.connect(memberAt(members, 1)).endorse(motion, 1n);
        await expect(anybody.putToVote(motion, NO_ACTIONS)).to.emit(motions, "MotionSilenceOpened");
      });
    });

    context("given a motion with actions", () => {
      it("goes to the vote at once: nothing is done by silence", async () => {
        const { motions, put, tabled, close, anybody, stageOf } = await loadFixture(closed);
        const actions = listOf([put(1)]);
        const motion = await tabled("Does something", actions);
        await close(motion);
        await expect(anybody.putToVote(motion, actions)).to.emit(motions, "MotionPut");
        expect(await stageOf(motion)).to.equal(Stage.PutToVote);
      });
    });

    context("given a coalition of few", () => {
      it("begins a silence of as many votes as a resolution needs in any case", async () => {
        const { motions, motion, anybody } = await loadFixture(justEnough);
        await expect(anybody.putToVote(motion, NO_ACTIONS)).to.emit(motions, "MotionSilenceOpened");
      });

      it("goes to the vote at once with one fewer", async () => {
        const { motions, motion, anybody } = await loadFixture(tooFew);
        await expect(anybody.putToVote(motion, NO_ACTIONS)).to.emit(motions, "MotionPut");
      });
    });

    context("given a silence that is not broken", () => {
      it("reverts during it and after it", async () => {
        const { motions, motion, anybody, object, until, goTo } = await loadFixture(silent);
        for (const index of [1, 2]) await object(index);
        for (const moment of [until - 2n, until]) {
          await goTo(moment);
          await expect(anybody.putToVote(motion, NO_ACTIONS))
            .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
            .withArgs(motion, until, false);
        }
      });
    });

    context("given a silence that is broken", () => {
      it("puts the motion to the vote, during it already, and only with its own actions", async () => {
        const scene = await loadFixture(silent);
        const { motions, motion, members, anybody, object, put, resolutions, agenda, stageOf } = scene;
        for (const index of [1, 2, 3]) await object(index);
        await expect(anybody.putToVote(motion, listOf([put(1)]))).to.be.revertedWithCustomError(
          motions,
          "MotionActionsOther",
        );
        const decision = await decisionOfMotion(connection, scene, motion);
        await expect(anybody.putToVote(motion, NO_ACTIONS))
          .to.emit(motions, "MotionPut")
          .withArgs(motion, 1n, decision.id)
          .and.to.emit(agenda, "ProposalAdmitted");
        expect(await stageOf(motion)).to.equal(Stage.PutToVote);
        await carry(decision, members);
        expect((await resolutions.resolution(1n)).digest).to.equal(digestOf("What we say"));
        expect(await stageOf(motion)).to.equal(Stage.Decided);
      });

      it("reverts when the author has left", async () => {
        const { motions, motion, membership, members, anybody, object } = await loadFixture(silent);
        for (const index of [1, 2, 3]) await object(index);
        await membership.connect(memberAt(members, 0)).resign();
        await expect(anybody.putToVote(motion, NO_ACTIONS))
          .to.be.revertedWithCustomError(motions, "MotionsAuthorGone")
          .withArgs(motion, 1n);
      });
    });
  });

  describe("object", () => {
    it("reverts for a motion that there is none of, and for one that is not in its silence", async () => {
      const { motions, motion, members } = await loadFixture(closed);
      const objecting = motions.connect(memberAt(members, 1));
      await expect(objecting.object(2n, REASON))
        .to.be.revertedWithCustomError(motions, "MotionsUnknown")
        .withArgs(2n, 1n);
      await expect(objecting.object(motion, REASON))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(motion, Stage.Closed, SILENT);
    });

    it("reverts for whoever may not vote, and says why", async () => {
      const scene = await loadFixture(silent);
      const { motions, motion } = scene;
      for (const { who, standing, explanation } of await refusedOf(scene, Right.Vote)) {
        await expect(motions.connect(who).object(motion, REASON))
          .to.be.revertedWithCustomError(motions, "RollRightsRefused")
          .withArgs(who, Right.Vote, standing, explanation);
      }
      expect((await motions.motionOf(motion)).objections).to.equal(0n);
    });

    it("reverts without a reason, and a second time", async () => {
      const { motions, object } = await loadFixture(silent);
      await expect(object(1, ZeroHash)).to.be.revertedWithCustomError(motions, "SilencesNoReason");
      await object(1);
      await expect(object(1, digestOf("Another reason")))
        .to.be.revertedWithCustomError(motions, "SilencesObjected")
        .withArgs(2n);
    });

    it("counts in the last second of the silence, and reverts in the next", async () => {
      const { motions, motion, object, until, at } = await loadFixture(silent);
      await at(until - 1n, () => object(1));
      await expect(at(until, () => object(2)))
        .to.be.revertedWithCustomError(motions, "SilencesNotOpen")
        .withArgs(until, until);
      expect((await motions.motionOf(motion)).objections).to.equal(1n);
    });

    it("counts members, the author too, and keeps each reason in public", async () => {
      const { motions, motion, object } = await loadFixture(silent);
      await expect(object(0)).to.emit(motions, "MotionObjected").withArgs(motion, 1n, REASON, 1n);
      const other = digestOf("Another reason");
      await expect(object(6, other)).to.emit(motions, "MotionObjected").withArgs(motion, 7n, other, 2n);
      expect((await motions.motionOf(motion)).objections).to.equal(2n);
    });

    it("counts on when the consensus is broken, until the motion is put to the vote", async () => {
      const { motions, motion, object, anybody } = await loadFixture(silent);
      for (const index of [1, 2, 3]) await object(index);
      await expect(object(4)).to.emit(motions, "MotionObjected").withArgs(motion, 5n, REASON, 4n);
      await anybody.putToVote(motion, NO_ACTIONS);
      await expect(object(5))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(motion, Stage.PutToVote, SILENT);
    });

    it("takes endorsements still: the class may ask for more by the time it is put to the vote", async () => {
      const { motions, mine, motion } = await loadFixture(silent);
      const { endorsements } = await motions.motionOf(motion);
      await mine.endorse(motion, 1n);
      expect((await motions.motionOf(motion)).endorsements).to.equal(endorsements + 1n);
    });

    it("leaves the motion to nobody meanwhile: no edit, no withdrawal", async () => {
      const { motions, mine, motion } = await loadFixture(silent);
      for (const [sent, stages] of [
        [mine.revise(motion, 1n, contentOf("Edited")), stagesOf(Stage.Draft, Stage.Tabled)],
        [mine.withdraw(motion, 1n), stagesOf(Stage.Draft, Stage.Tabled, Stage.Closed)],
        [mine.sendBack(motion, NO_ACTIONS, 0n), stagesOf(Stage.Closed, Stage.PutToVote, Stage.Decided)],
      ] as const) {
        await expect(sent)
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, Stage.Silence, stages);
      }
    });
  });

  describe("adopt", () => {
    it("reverts for a motion that there is none of, and for one that is not in its silence", async () => {
      const { motions, motion, anybody } = await loadFixture(closed);
      await expect(anybody.adopt(2n))
        .to.be.revertedWithCustomError(motions, "MotionsUnknown")
        .withArgs(2n, 1n);
      await expect(anybody.adopt(motion))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(motion, Stage.Closed, SILENT);
    });

    it("reverts until the silence is over, and records a resolution in the next second", async () => {
      const { motions, motion, anybody, resolutions, until, at, stageOf } = await loadFixture(silent);
      await expect(at(until - 1n, () => anybody.adopt(motion)))
        .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
        .withArgs(motion, until, false);
      await expect(at(until, () => anybody.adopt(motion)))
        .to.emit(motions, "MotionAdopted")
        .withArgs(motion, 1n, 1n)
        .and.to.emit(resolutions, "ResolutionRecorded")
        .withArgs(1n, digestOf("What we say"));
      expect(await stageOf(motion)).to.equal(Stage.Decided);
      expect((await motions.motionOf(motion)).resolution).to.equal(1n);
      expect(await resolutions.resolution(1n)).to.deep.equal([digestOf("What we say"), until]);
      await expect(anybody.adopt(motion))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(motion, Stage.Decided, SILENT);
      await expect(anybody.sendBack(motion, NO_ACTIONS, 0n))
        .to.be.revertedWithCustomError(motions, "MotionsNothingMoved")
        .withArgs(motion, 0n);
      expect(await resolutions.lastNumber()).to.equal(1n);
    });

    context("given objections of too few members, or of too few groups", () => {
      it("adopts, with two members of two groups against it", async () => {
        const { motions, motion, anybody, object, until, goTo } = await loadFixture(silent);
        for (const index of [1, 2]) await object(index);
        await goTo(until);
        await expect(anybody.adopt(motion)).to.emit(motions, "MotionAdopted");
      });

      it("adopts, with three members of one group against it", async () => {
        const { motions, motion, anybody, object, until, goTo } = await loadFixture(silent);
        for (const index of [1, 7, 13]) await object(index);
        await goTo(until);
        await expect(anybody.adopt(motion)).to.emit(motions, "MotionAdopted");
      });
    });

    context("given objections of enough members of enough groups", () => {
      it("reverts, during the silence and after it", async () => {
        const { motions, motion, anybody, object, until, goTo, resolutions } = await loadFixture(silent);
        for (const index of [1, 7, 2]) await object(index);
        for (const moment of [until - 2n, until]) {
          await goTo(moment);
          await expect(anybody.adopt(motion))
            .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
            .withArgs(motion, until, true);
        }
        expect(await resolutions.lastNumber()).to.equal(0n);
      });
    });

    context("given members of a single group", () => {
      it("is kept from adopting by enough of them, and not by one fewer", async () => {
        const { motions, motion, anybody, object, goTo } = await loadFixture(ofOneGroup);
        await anybody.putToVote(motion, NO_ACTIONS);
        const { silenceUntil: until } = await motions.motionOf(motion);
        for (const index of [1, 2]) await object(index);
        await expect(anybody.putToVote(motion, NO_ACTIONS))
          .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
          .withArgs(motion, until, false);
        await object(3);
        await goTo(until);
        await expect(anybody.adopt(motion))
          .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
          .withArgs(motion, until, true);
      });
    });

    context("given fewer members than must object by the rules", () => {
      it("is kept from adopting by all of them, and not by one fewer", async () => {
        const { motions, motion, anybody, object } = await loadFixture(ofFew);
        await anybody.putToVote(motion, NO_ACTIONS);
        const { silenceUntil: until } = await motions.motionOf(motion);
        for (const index of [0, 1, 2]) await object(index);
        await expect(anybody.adopt(motion))
          .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
          .withArgs(motion, until, false);
        await object(3);
        await expect(anybody.adopt(motion))
          .to.be.revertedWithCustomError(motions, "MotionsNoConsensus")
          .withArgs(motion, until, true);
      });
    });

    context("given an author who left during the silence", () => {
      it("adopts what nobody objected to", async () => {
        const { motions, motion, anybody, membership, members, until, goTo } = await loadFixture(silent);
        await membership.connect(memberAt(members, 0)).resign();
        await goTo(until);
        await expect(anybody.adopt(motion)).to.emit(motions, "MotionAdopted").withArgs(motion, 1n, 1n);
      });
    });
  });
});
