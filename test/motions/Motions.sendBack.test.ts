import { expect } from "chai";
import { network } from "hardhat";
import { type Decision, type Person, State, Support } from "../helpers/governor.js";
import {
  clauseChange,
  clauseList,
  decisionOnClause,
  enactClause,
  foundMotions,
  memberAt,
} from "../helpers/motion-scene.js";
import {
  actionsDigest,
  carry,
  changeOf,
  decisionOfMotion,
  digestOf,
  listOf,
  moved,
  NO_ACTIONS,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const SENDABLE = stagesOf(Stage.Closed, Stage.PutToVote, Stage.Decided);

/** The first clause of the charter stands, in the wording "A"; a motion would make it "B". */
async function founded() {
  const scene = await foundMotions(connection, { count: 18 });
  await enactClause(scene, "A");
  const actions = clauseList(scene, "A", "B");
  const motion = await scene.tabled("A becomes B", actions);
  const [outsider] = scene.outsiders as [Person];
  const anybody = scene.motions.connect(outsider);
  /** Another decision makes the clause something else, from its proposal to its end. */
  const change = (base: string, wording: string) =>
    decisionOnClause(scene, base, wording).pass(scene.members);
  const decisionOf = (list = actions) => decisionOfMotion(connection, scene, motion, list);
  return { ...scene, actions, motion, anybody, change, decisionOf };
}

/** To the second at which a decision may be executed, unless it has come. */
async function ripen(decision: Decision): Promise<void> {
  if (BigInt(await time.latest()) < (await decision.eta())) await decision.mature();
}

/** The motion was put to the vote together with a decision that makes the clause "C", which is queued and ready first. */
async function racing() {
  const scene = await founded();
  const { motion, actions, members, anybody, close } = scene;
  await close(motion);
  const rival = decisionOnClause(scene, "A", "C");
  await rival.propose(memberAt(members, 1));
  await anybody.putToVote(motion, actions);
  const decision = await scene.decisionOf();
  /** Both votes are held, the rival's all For. */
  const vote = async (support: number) => {
    await decision.open();
    await rival.voteAll(members, Support.For);
    await decision.voteAll(members, support);
    await decision.close();
    await rival.queue(memberAt(members, 0));
  };
  const beat = async () => {
    await ripen(rival);
    await rival.execute(memberAt(members, 0));
  };
  return { ...scene, rival, decision, vote, beat };
}

type Race = Awaited<ReturnType<typeof racing>>;

/** What a motion's decision can have come to when it can be sent back. */
const PASSED: { name: keyof typeof State; reach: (scene: Race) => Promise<unknown> }[] = [
  { name: "Succeeded", reach: async ({ beat }) => beat() },
  {
    name: "Queued",
    reach: async ({ decision, members, beat }) => {
      await decision.queue(memberAt(members, 0));
      await beat();
    },
  },
  {
    name: "Expired",
    reach: async ({ decision, beat, parameters }) => {
      await beat();
      await time.increaseTo((await decision.deadline()) + BigInt(parameters.Governor.amendment.grace) + 2n);
    },
  },
];

async function expectExecutionRefused({ charter, members }: Race, decision: Decision) {
  await expect(decision.execute(memberAt(members, 0)))
    .to.be.revertedWithCustomError(charter, "CharterClauseMoved")
    .withArgs(1n, 1n, digestOf("A"), digestOf("C"));
}

describe("Motions", () => {
  describe("sendBack", () => {
    it("reverts for a motion that there is none of", async () => {
      const { motions, anybody, actions } = await loadFixture(founded);
      await expect(anybody.sendBack(2n, actions, 0n))
        .to.be.revertedWithCustomError(motions, "MotionsUnknown")
        .withArgs(2n, 1n);
    });

    it("reverts for a motion that is tabled, whose author can edit it", async () => {
      const { motions, motion, anybody, actions } = await loadFixture(founded);
      await expect(anybody.sendBack(motion, actions, 0n))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(motion, Stage.Tabled, SENDABLE);
    });

    it("reverts with other actions than the motion's", async () => {
      const scene = await loadFixture(founded);
      const { motions, motion, anybody, actions, close } = scene;
      await close(motion);
      for (const other of [clauseList(scene, "X", "B"), NO_ACTIONS]) {
        await expect(anybody.sendBack(motion, other, 0n))
          .to.be.revertedWithCustomError(motions, "MotionActionsOther")
          .withArgs(await actionsDigest(actions), await actionsDigest(other));
      }
    });

    it("reverts when the clause has not moved, for any action", async () => {
      const { motions, motion, anybody, actions, close } = await loadFixture(founded);
      await close(motion);
      for (const index of [0n, 1n, 2n ** 255n]) {
        await expect(anybody.sendBack(motion, actions, index))
          .to.be.revertedWithCustomError(motions, "MotionsNothingMoved")
          .withArgs(motion, index);
      }
    });

    it("reverts for an action about another target, or about nothing of the charter", async () => {
      const scene = await loadFixture(founded);
      const { motions, anybody, put, box, tabled, close, change, charter } = scene;
      const [data] = clauseList(scene, "A", "B").calldatas as [string];
      const title = charter.interface.encodeFunctionData("found", ["Another"]);
      const actions = listOf([put(1), { target: box, data }, { target: charter, data: title }]);
      await change("A", "C");
      const motion = await tabled("Beside the charter", actions);
      await close(motion);
      for (const index of [0n, 1n, 2n]) {
        await expect(anybody.sendBack(motion, actions, index))
          .to.be.revertedWithCustomError(motions, "MotionsNothingMoved")
          .withArgs(motion, index);
      }
      await expect(anybody.putToVote(motion, actions)).to.emit(motions, "MotionPut");
    });

    context("given a clause that moved before the motion was put", () => {
      /** The motion that is tabled is closed for amendments, and its clause is "C" by now. */
      async function overtaken() {
        const scene = await founded();
        await scene.close(scene.motion);
        await scene.change("A", "C");
        return scene;
      }

      it("keeps it from the vote, and names the action", async () => {
        const { motions, motion, anybody, actions } = await loadFixture(overtaken);
        await expect(anybody.putToVote(motion, actions))
          .to.be.revertedWithCustomError(motions, "MotionsClauseMoved")
          .withArgs(motion, 0n);
      });

      it("names the first of several actions that it is about", async () => {
        const scene = await loadFixture(overtaken);
        const { motions, anybody, put, tabled, close } = scene;
        const actions = listOf([put(1), clauseChange(scene, "A", "B"), clauseChange(scene, "A", "D")]);
        const motion = await tabled("Several", actions);
        await close(motion);
        await expect(anybody.putToVote(motion, actions))
          .to.be.revertedWithCustomError(motions, "MotionsClauseMoved")
          .withArgs(motion, 1n);
        await expect(anybody.sendBack(motion, actions, 0n)).to.be.revertedWithCustomError(
          motions,
          "MotionsNothingMoved",
        );
        await expect(anybody.sendBack(motion, actions, 1n)).to.emit(motions, "MotionSentBack");
      });

      it("opens it again, for the whole notice, as a revision of its own without endorsements", async () => {
        const scene = await loadFixture(overtaken);
        const { motions, motion, anybody, actions, members, now, at } = scene;
        await motions.connect(memberAt(members, 1)).endorse(motion, 1n);
        const { text, purpose } = await motions.motionOf(motion);
        const moment = (await now()) + 50n;
        const closesAt = moment + (await motions.rules()).notice;
        await expect(at(moment, () => anybody.sendBack(motion, actions, 0n)))
          .to.emit(motions, "MotionSentBack")
          .withArgs(motion, 0n, 0n)
          .and.to.emit(motions, "MotionRevised")
          .withArgs(motion, 2n, 0n, text, purpose, await actionsDigest(actions))
          .and.to.emit(motions, "MotionTabled")
          .withArgs(motion, 2n, closesAt);
        const after = await motions.motionOf(motion);
        expect([after.stage, after.revision, after.closesAt, after.endorsements]).to.deep.equal([
          Stage.Tabled,
          2n,
          closesAt,
          0n,
        ]);
      });

      it("reverts while amendments of it are open", async () => {
        const scene = await loadFixture(founded);
        const { motions, amendments, motion, anybody, actions, members, change, close } = scene;
        const mover = amendments.connect(memberAt(members, 1));
        const amendment = await moved(amendments, memberAt(members, 1), motion, changeOf(1, "Amended"));
        await close(motion);
        await change("A", "C");
        await expect(anybody.sendBack(motion, actions, 0n))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnsettled")
          .withArgs(motion, amendment);
        await mover.withdraw(amendment, 1n);
        await expect(anybody.sendBack(motion, actions, 0n)).to.emit(motions, "MotionSentBack");
      });
    });

    for (const { name, reach } of PASSED) {
      context(`given a clause that moved when the decision is ${name}`, () => {
        it("opens it again, and what it was put to cannot be carried out", async () => {
          const scene = await loadFixture(racing);
          const { motions, governor, motion, anybody, actions, decision, vote, stageOf } = scene;
          await vote(Support.For);
          await reach(scene);
          expect(await governor.state(decision.id)).to.equal(State[name]);
          expect(await stageOf(motion)).to.equal(name === "Expired" ? Stage.Decided : Stage.PutToVote);
          await expect(anybody.sendBack(motion, actions, 0n))
            .to.emit(motions, "MotionSentBack")
            .withArgs(motion, decision.id, 0n);
          const { stage, revision, proposalId } = await motions.motionOf(motion);
          expect([stage, revision, proposalId]).to.deep.equal([Stage.Tabled, 2n, 0n]);
          if (name === "Succeeded") await decision.queue(memberAt(scene.members, 0));
          if (name !== "Expired") {
            await ripen(decision);
            await expectExecutionRefused(scene, decision);
          }
        });
      });
    }

    context("given a motion that was sent back after its vote", () => {
      it("goes to another vote when its author has rebased it", async () => {
        const scene = await loadFixture(racing);
        const { motions, motion, anybody, actions, members, decision, vote, beat, charter, close } = scene;
        await vote(Support.For);
        await beat();
        await anybody.sendBack(motion, actions, 0n);
        const rebased = clauseList(scene, "C", "B");
        const text = digestOf("C becomes B");
        const purpose = digestOf("purpose");
        await motions.connect(memberAt(members, 0)).revise(motion, 2n, { text, purpose, actions: rebased });
        await close(motion);
        await anybody.putToVote(motion, rebased);
        const again = await scene.decisionOf(rebased);
        expect(again.id).not.to.equal(decision.id);
        await carry(again, members);
        expect(await charter.clauseOf(1n, 1n)).to.equal(digestOf("B"));
      });

      it("does not come to the vote as it is while the clause stays moved", async () => {
        const { motions, motion, anybody, actions, vote, beat, close } = await loadFixture(racing);
        await vote(Support.For);
        await beat();
        await anybody.sendBack(motion, actions, 0n);
        await close(motion);
        await expect(anybody.putToVote(motion, actions))
          .to.be.revertedWithCustomError(motions, "MotionsClauseMoved")
          .withArgs(motion, 0n);
      });
    });

    context("given a decision that has not passed", () => {
      const refused = ({ motions, motion, anybody, actions, decision }: Race, state: bigint) =>
        expect(anybody.sendBack(motion, actions, 0n))
          .to.be.revertedWithCustomError(motions, "MotionsNotPassed")
          .withArgs(motion, decision.id, state);

      it("reverts while its notice runs and while its vote is open", async () => {
        const scene = await loadFixture(founded);
        const { motion, actions, members, anybody, close } = scene;
        const rival = decisionOnClause(scene, "A", "C");
        await close(motion);
        await rival.ripen(members);
        await anybody.putToVote(motion, actions);
        const decision = await scene.decisionOf();
        await rival.execute(memberAt(members, 0));
        const race = { ...scene, rival, decision, vote: async () => {}, beat: async () => {} };
        await refused(race, State.Pending);
        await decision.open();
        await refused(race, State.Active);
      });

      it("reverts when it was rejected", async () => {
        const scene = await loadFixture(racing);
        await scene.vote(Support.Against);
        await scene.beat();
        await refused(scene, State.Defeated);
        expect(await scene.stageOf(scene.motion)).to.equal(Stage.Decided);
      });

      it("reverts when it was carried out: the motion itself moved the clause", async () => {
        const scene = await loadFixture(racing);
        const { decision, members, vote, charter } = scene;
        await vote(Support.For);
        await decision.queue(memberAt(members, 0));
        await decision.mature();
        await decision.execute(memberAt(members, 0));
        expect(await charter.clauseOf(1n, 1n)).to.equal(digestOf("B"));
        await refused(scene, State.Executed);
      });
    });

    context("given several changes of one clause in one motion", () => {
      it("takes the later ones for written against the earlier, and carries them out in turn", async () => {
        const scene = await loadFixture(founded);
        const { motions, anybody, tabled, close, members, charter } = scene;
        const actions = listOf([clauseChange(scene, "A", "B"), clauseChange(scene, "B", "C")]);
        const motion = await tabled("Twice", actions);
        await close(motion);
        for (const index of [0n, 1n]) {
          await expect(anybody.sendBack(motion, actions, index))
            .to.be.revertedWithCustomError(motions, "MotionsNothingMoved")
            .withArgs(motion, index);
        }
        await anybody.putToVote(motion, actions);
        await carry(await decisionOfMotion(connection, scene, motion, actions), members);
        expect(await charter.clauseOf(1n, 1n)).to.equal(digestOf("C"));
      });
    });

    context("given a clause that moved away and back", () => {
      it("carries out the old decision after all: what it was written against stands again", async () => {
        const scene = await loadFixture(racing);
        const { motions, motion, anybody, actions, members, decision, rival, charter } = scene;
        const caller = memberAt(members, 0);
        const back = decisionOnClause(scene, "C", "A");
        await back.propose(memberAt(members, 2));
        await back.open();
        for (const one of [decision, rival, back]) await one.voteAll(members, Support.For);
        await back.close();
        for (const one of [decision, rival, back]) await one.queue(caller);
        await back.mature();
        await rival.execute(caller);
        await anybody.sendBack(motion, actions, 0n);
        await back.execute(caller);
        await decision.execute(caller);
        expect(await charter.clauseOf(1n, 1n)).to.equal(digestOf("B"));
        // The motion, tabled again, does not do it a second time.
        await scene.close(motion);
        await expect(anybody.putToVote(motion, actions))
          .to.be.revertedWithCustomError(motions, "MotionsClauseMoved")
          .withArgs(motion, 0n);
      });
    });
  });
});
