import { expect } from "chai";
import { network } from "hardhat";
import { DecisionClass, type Person, Right, rotateKey } from "../helpers/governor.js";
import { clauseList, ENDORSED, foundMotions, memberAt, refusedOf } from "../helpers/motion-scene.js";
import {
  type ActionList,
  carry,
  changeOf,
  contentOf,
  decisionOfAmendment,
  listOf,
  moved,
  NO_ACTIONS,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const OPEN = stagesOf(Stage.Tabled, Stage.Closed, Stage.Silence);

/** A motion of the first member, tabled, in a coalition that asks for endorsements by class. */
async function founded() {
  const scene = await foundMotions(connection, { count: 14, classes: ENDORSED });
  const motion = await scene.tabled();
  /** The n-th member, from 0, endorses a revision. */
  const endorse = (index: number, revision = 1n, of = motion) =>
    scene.motions.connect(memberAt(scene.members, index)).endorse(of, revision);
  const endorsementsOf = async (of = motion) => {
    const { endorsements, endorsementGroups } = await scene.motions.motionOf(of);
    return [endorsements, endorsementGroups];
  };
  const mine = scene.motions.connect(memberAt(scene.members, 0));
  return { ...scene, motion, endorse, endorsementsOf, mine };
}

describe("Motions", () => {
  describe("endorse", () => {
    it("reverts for a motion that there is none of", async () => {
      const { motions, endorse } = await loadFixture(founded);
      await expect(endorse(1, 1n, 2n))
        .to.be.revertedWithCustomError(motions, "MotionsUnknown")
        .withArgs(2n, 1n);
    });

    it("reverts for a draft, and for a motion that is put to the vote or withdrawn", async () => {
      const { motions, mine, motion, endorse, close } = await loadFixture(founded);
      await mine.draft(contentOf("A draft"));
      await mine.draft(contentOf("Given up"));
      await mine.withdraw(3n, 1n);
      await endorse(1);
      await close(motion);
      await mine.putToVote(motion, NO_ACTIONS);
      for (const [of, stage] of [
        [motion, Stage.PutToVote],
        [2n, Stage.Draft],
        [3n, Stage.Withdrawn],
      ] as const) {
        await expect(endorse(2, 1n, of))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(of, stage, OPEN);
      }
    });

    it("reverts for another revision than the present one", async () => {
      const { motions, mine, motion, endorse, endorsementsOf } = await loadFixture(founded);
      await mine.revise(motion, 1n, contentOf("Edited text"));
      for (const revision of [0n, 1n, 3n]) {
        await expect(endorse(1, revision))
          .to.be.revertedWithCustomError(motions, "MotionsOtherRevision")
          .withArgs(motion, revision, 2n);
      }
      expect(await endorsementsOf()).to.deep.equal([0n, 0n]);
    });

    it("reverts for whoever may not propose, and says why", async () => {
      const scene = await loadFixture(founded);
      const { motions, motion, endorsementsOf } = scene;
      for (const { who, standing, explanation } of await refusedOf(scene, Right.Propose)) {
        await expect(motions.connect(who).endorse(motion, 1n))
          .to.be.revertedWithCustomError(motions, "RollRightsRefused")
          .withArgs(who, Right.Propose, standing, explanation);
      }
      expect(await endorsementsOf()).to.deep.equal([0n, 0n]);
    });

    it("reverts a second time, also by the key that the member moved to", async () => {
      const scene = await loadFixture(founded);
      const { motions, motion, endorse, endorsementsOf, members } = scene;
      const [newKey] = scene.outsiders as [Person];
      await endorse(1);
      await expect(endorse(1)).to.be.revertedWithCustomError(motions, "MotionsEndorsed").withArgs(motion, 2n);
      await rotateKey(scene, memberAt(members, 1), newKey);
      await expect(motions.connect(newKey).endorse(motion, 1n))
        .to.be.revertedWithCustomError(motions, "MotionsEndorsed")
        .withArgs(motion, 2n);
      expect((await endorsementsOf())[0]).to.equal(1n);
    });

    it("counts members and their groups, the author too, tabled and closed", async () => {
      const { motions, motion, endorse, endorsementsOf, close } = await loadFixture(founded);
      await expect(endorse(0)).to.emit(motions, "MotionEndorsed").withArgs(motion, 1n, 1n, 1n);
      // The seventh member is of the first one's group.
      await expect(endorse(6)).to.emit(motions, "MotionEndorsed").withArgs(motion, 7n, 1n, 2n);
      expect(await endorsementsOf()).to.deep.equal([2n, 0b1n]);
      await close(motion);
      await expect(endorse(5)).to.emit(motions, "MotionEndorsed").withArgs(motion, 6n, 1n, 3n);
      expect(await endorsementsOf()).to.deep.equal([3n, 0b100001n]);
      for (const [number, has] of [
        [1n, true],
        [2n, false],
        [6n, true],
        [7n, true],
      ] as const) {
        expect(await motions.hasEndorsed(motion, number)).to.equal(has);
      }
    });

    it("counts for one motion and no other", async () => {
      const { motions, motion, endorse, endorsementsOf, tabled } = await loadFixture(founded);
      const other = await tabled("Another text");
      await endorse(1);
      expect(await endorsementsOf(other)).to.deep.equal([0n, 0n]);
      expect(await motions.hasEndorsed(other, 2n)).to.equal(false);
      await endorse(1, 1n, other);
      expect(await endorsementsOf(motion)).to.deep.equal(await endorsementsOf(other));
    });

    context("given an edit of the author", () => {
      it("is asked for anew, of the same members as well", async () => {
        const { motions, mine, motion, endorse, endorsementsOf } = await loadFixture(founded);
        for (const index of [1, 2]) await endorse(index);
        await mine.revise(motion, 1n, contentOf("Edited text"));
        expect(await endorsementsOf()).to.deep.equal([0n, 0n]);
        expect(await motions.hasEndorsed(motion, 2n)).to.equal(false);
        await expect(endorse(1, 2n)).to.emit(motions, "MotionEndorsed").withArgs(motion, 2n, 2n, 1n);
        expect(await motions.hasEndorsed(motion, 3n)).to.equal(false);
      });
    });

    context("given an amendment that the author accepted", () => {
      it("is asked for anew", async () => {
        const { motions, motion, amendments, members, endorse, endorsementsOf } = await loadFixture(founded);
        const amendment = await moved(amendments, memberAt(members, 1), motion, changeOf(1, "Amended text"));
        for (const index of [1, 2]) await endorse(index);
        await amendments.connect(memberAt(members, 0)).accept(amendment, 1n);
        expect((await motions.motionOf(motion)).revision).to.equal(2n);
        expect(await endorsementsOf()).to.deep.equal([0n, 0n]);
        expect(await motions.hasEndorsed(motion, 2n)).to.equal(false);
        await endorse(1, 2n);
      });
    });

    context("given an amendment that the members adopted", () => {
      it("stays, and is not given twice", async () => {
        const scene = await loadFixture(founded);
        const { motions, motion, amendments, members, endorse, endorsementsOf, goTo } = scene;
        const amendment = await moved(amendments, memberAt(members, 1), motion, changeOf(1, "Amended text"));
        for (const index of [1, 2]) await endorse(index);
        await goTo((await motions.motionOf(motion)).closesAt);
        await amendments.putNext(motion);
        await carry(await decisionOfAmendment(connection, scene, amendment), members);
        expect((await motions.motionOf(motion)).revision).to.equal(2n);
        expect(await endorsementsOf()).to.deep.equal([2n, 0b110n]);
        expect(await motions.hasEndorsed(motion, 2n)).to.equal(true);
        await expect(endorse(1, 2n))
          .to.be.revertedWithCustomError(motions, "MotionsEndorsed")
          .withArgs(motion, 2n);
        await endorse(3, 2n);
        expect(await endorsementsOf()).to.deep.equal([3n, 0b1110n]);
      });
    });
  });

  describe("putToVote", () => {
    /** The classes, what a motion of each does, and who endorses it too little and just enough. */
    const cases: {
      name: keyof typeof DecisionClass;
      actions: (scene: Awaited<ReturnType<typeof founded>>) => ActionList;
      lacking: { by: number[]; groups: bigint }[];
      enough: number[];
      needed: bigint;
      groupsNeeded: bigint;
    }[] = [
      {
        name: "Resolution",
        actions: () => NO_ACTIONS,
        lacking: [{ by: [], groups: 0n }],
        enough: [1],
        needed: 1n,
        groupsNeeded: 1n,
      },
      {
        name: "Action",
        actions: ({ put }) => listOf([put(7)]),
        lacking: [
          { by: [1], groups: 1n },
          { by: [7, 13], groups: 1n },
        ],
        enough: [2],
        needed: 2n,
        groupsNeeded: 2n,
      },
      {
        name: "Amendment",
        // Written against a clause that there is none of yet, it has not moved.
        actions: (scene) => clauseList(scene, "Old wording", "New wording"),
        lacking: [
          { by: [1, 7], groups: 1n },
          { by: [13], groups: 1n },
        ],
        enough: [2],
        needed: 3n,
        groupsNeeded: 2n,
      },
    ];

    for (const { name, actions, lacking, enough, needed, groupsNeeded } of cases) {
      context(`given a motion of the class ${name}`, () => {
        it("reverts with one endorsement or group too few, and takes it with just enough", async () => {
          const scene = await loadFixture(founded);
          const { motions, endorse, close, stageOf } = scene;
          const list = actions(scene);
          const motion = await scene.tabled("Of a class", list);
          expect(await motions.classOf(list)).to.equal(DecisionClass[name]);
          await close(motion);
          let count = 0n;
          for (const { by, groups } of lacking) {
            for (const index of by) await endorse(index, 1n, motion);
            count += BigInt(by.length);
            await expect(motions.putToVote(motion, list))
              .to.be.revertedWithCustomError(motions, "MotionsNotEndorsed")
              .withArgs(motion, count, needed, groups, groupsNeeded);
            expect(await stageOf(motion)).to.equal(Stage.Closed);
          }
          for (const index of enough) await endorse(index, 1n, motion);
          await expect(motions.putToVote(motion, list)).to.emit(motions, "MotionPut");
          expect(await stageOf(motion)).to.equal(Stage.PutToVote);
        });
      });
    }
  });
});
