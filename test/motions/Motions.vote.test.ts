import { expect } from "chai";
import { network } from "hardhat";
import { DecisionClass, type Person, State } from "../helpers/governor.js";
import { clauseList, foundMotions, plain } from "../helpers/motion-scene.js";
import {
  type ActionList,
  actionsDigest,
  carry,
  changeOf,
  contentOf,
  decisionOfMotion,
  describedBy,
  digestOf,
  listOf,
  moved,
  NO_ACTIONS,
  refuse,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const PUTTABLE = stagesOf(Stage.Closed, Stage.Silence);

async function founded() {
  const scene = await foundMotions(connection, { count: 18 });
  const [author, other] = scene.members as [Person, Person];
  const [outsider] = scene.outsiders as [Person];
  const { motions, close } = scene;
  /** A motion of the author, closed for amendments. */
  const closed = async (text = "A text", actions: ActionList = NO_ACTIONS) => {
    const motion = await scene.tabled(text, actions);
    await close(motion);
    return motion;
  };
  /** How the governor has a decision: its class. */
  const classOf = async (id: bigint) => (await scene.governor.proposalRules(id))[0];
  return {
    ...scene,
    author,
    other,
    outsider,
    closed,
    classOf,
    anybody: motions.connect(outsider),
    mine: motions.connect(author),
  };
}

describe("Motions", () => {
  describe("putToVote", () => {
    it("reverts for a motion that there is none of", async () => {
      const { motions } = await loadFixture(founded);
      await expect(motions.putToVote(1n, NO_ACTIONS))
        .to.be.revertedWithCustomError(motions, "MotionsUnknown")
        .withArgs(1n, 0n);
    });

    it("reverts for a draft, one that is tabled, and a second time", async () => {
      const { motions, mine, tabled, close } = await loadFixture(founded);
      const refused = (motion: bigint, stage: bigint) =>
        expect(motions.putToVote(motion, NO_ACTIONS))
          .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
          .withArgs(motion, stage, PUTTABLE);
      const motion = await tabled();
      await mine.draft(contentOf("A draft"));
      await refused(2n, Stage.Draft);
      await refused(motion, Stage.Tabled);
      await close(motion);
      await motions.putToVote(motion, NO_ACTIONS);
      await refused(motion, Stage.PutToVote);
    });

    it("reverts with other actions than those of the last revision", async () => {
      const { motions, closed, put, box, stageOf } = await loadFixture(founded);
      const actions = listOf([put(1), put(2)]);
      const digest = await actionsDigest(actions);
      const motion = await closed("A text", actions);
      for (const other of [
        NO_ACTIONS,
        listOf([put(1)]),
        listOf([put(2), put(1)]),
        listOf([put(1), put(2), put(3)]),
        listOf([put(1), { ...put(2), value: 1n }]),
        listOf([put(1), { target: box, data: `${put(2).data}00` }]),
      ]) {
        await expect(motions.putToVote(motion, other))
          .to.be.revertedWithCustomError(motions, "MotionActionsOther")
          .withArgs(digest, await actionsDigest(other));
      }
      expect(await stageOf(motion)).to.equal(Stage.Closed);
    });

    it("reverts with actions where the motion has none", async () => {
      const { motions, closed, put } = await loadFixture(founded);
      const motion = await closed();
      const actions = listOf([put(1)]);
      await expect(motions.putToVote(motion, actions))
        .to.be.revertedWithCustomError(motions, "MotionActionsOther")
        .withArgs(await actionsDigest(NO_ACTIONS), await actionsDigest(actions));
    });

    it("reverts while amendments of it are open", async () => {
      const { motions, amendments, other, tabled, close } = await loadFixture(founded);
      const motion = await tabled();
      const amendment = await moved(amendments, other, motion, changeOf(1, "Amended"));
      await close(motion);
      await expect(motions.putToVote(motion, NO_ACTIONS))
        .to.be.revertedWithCustomError(amendments, "AmendmentsUnsettled")
        .withArgs(motion, amendment);
      await amendments.connect(other).withdraw(amendment, 1n);
      await expect(motions.putToVote(motion, NO_ACTIONS)).to.emit(motions, "MotionPut");
    });

    it("reverts when its author has left", async () => {
      const { motions, membership, author, closed, stageOf } = await loadFixture(founded);
      const motion = await closed();
      await membership.connect(author).resign();
      await expect(motions.putToVote(motion, NO_ACTIONS))
        .to.be.revertedWithCustomError(motions, "MotionsAuthorGone")
        .withArgs(motion, 1n);
      expect(await stageOf(motion)).to.equal(Stage.Closed);
    });

    it("reverts when its author has no place on the agenda, until one is free", async () => {
      const { motions, agenda, governor, tabled, goTo, stageOf, anybody } = await loadFixture(founded);
      for (const text of ["One", "Two", "Three", "Four"]) await tabled(text);
      await goTo((await motions.motionOf(4n)).closesAt);
      const deadlines = [];
      for (const motion of [1n, 2n, 3n]) {
        await anybody.putToVote(motion, NO_ACTIONS);
        const { proposalId } = await motions.motionOf(motion);
        deadlines.push(await governor.proposalDeadline(proposalId));
      }
      const [first] = deadlines as [bigint];
      expect(await agenda.placesOf(1n)).to.include.members(deadlines);
      await expect(anybody.putToVote(4n, NO_ACTIONS))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(1n, 3n, first + 1n);
      expect(await stageOf(4n)).to.equal(Stage.Closed);
      await goTo(first + 1n);
      await expect(anybody.putToVote(4n, NO_ACTIONS)).to.emit(motions, "MotionPut");
    });

    context("given a motion without actions", () => {
      it("puts it as a resolution with the digest of its text, whoever calls", async () => {
        const scene = await loadFixture(founded);
        const { motions, governor, agenda, resolutions, anybody, closed, classOf, at, now, stageOf } = scene;
        const motion = await closed("What we say");
        const decision = await decisionOfMotion(connection, scene, motion);
        expect(decision.description).to.equal(
          await describedBy(motions, "Motion 1, revision 1", digestOf("What we say")),
        );
        expect(decision.calldatas).to.deep.equal([
          resolutions.interface.encodeFunctionData("record", [digestOf("What we say")]),
        ]);
        const moment = (await now()) + 100n;
        const { notice, period } = await governor.rules(DecisionClass.Resolution);
        expect(await anybody.putToVote.staticCall(motion, NO_ACTIONS)).to.equal(decision.id);
        await expect(at(moment, () => anybody.putToVote(motion, NO_ACTIONS)))
          .to.emit(motions, "MotionPut")
          .withArgs(motion, 1n, decision.id)
          .and.to.emit(agenda, "ProposalAdmitted")
          .withArgs(decision.id, 1n, moment + notice + period);
        expect(await governor.proposalProposer(decision.id)).to.equal(await motions.getAddress());
        expect(await classOf(decision.id)).to.equal(DecisionClass.Resolution);
        expect(await agenda.isAdmitted(decision.id)).to.equal(true);
        expect(await stageOf(motion)).to.equal(Stage.PutToVote);
        expect((await motions.motionOf(motion)).proposalId).to.equal(decision.id);
      });

      it("is recorded among the resolutions when it is carried", async () => {
        const scene = await loadFixture(founded);
        const { motions, resolutions, members, anybody, closed, stageOf } = scene;
        const motion = await closed("What we say");
        await anybody.putToVote(motion, NO_ACTIONS);
        const decision = await decisionOfMotion(connection, scene, motion);
        await carry(decision, members);
        expect(await stageOf(motion)).to.equal(Stage.Decided);
        expect(await resolutions.lastNumber()).to.equal(1n);
        expect((await resolutions.resolution(1n)).digest).to.equal(digestOf("What we say"));
        // The number of one adopted without a vote: this one is the decision's.
        expect((await motions.motionOf(motion)).resolution).to.equal(0n);
      });
    });

    context("given a motion with actions", () => {
      it("puts just those, in the class that follows from them", async () => {
        const scene = await loadFixture(founded);
        const { motions, governor, anybody, closed, classOf, put, box, members, stageOf } = scene;
        const actions = listOf([put(1), put(7)]);
        const motion = await closed("Keep seven", actions);
        await anybody.putToVote(motion, actions);
        const decision = await decisionOfMotion(connection, scene, motion, actions);
        expect((await motions.motionOf(motion)).proposalId).to.equal(decision.id);
        expect(await classOf(decision.id)).to.equal(DecisionClass.Action);
        await carry(decision, members);
        expect(await box.x()).to.equal(7n);
        expect(await governor.state(decision.id)).to.equal(State.Executed);
        expect(await stageOf(motion)).to.equal(Stage.Decided);
      });

      it("is an amendment if any of them changes a clause or a rule, however many do not", async () => {
        const scene = await loadFixture(founded);
        const { motions, anybody, closed, classOf, put } = scene;
        const rules = plain(await motions.rules());
        const setRules = motions.interface.encodeFunctionData("setRules", [{ ...rules, openByMotion: 5n }]);
        const [change] = clauseList(scene, "Old", "New").calldatas as [string];
        for (const changing of [
          { target: scene.charter, data: change },
          { target: motions, data: setRules },
        ]) {
          const actions = listOf([put(1), changing, put(2)]);
          const motion = await closed("Amends", actions);
          await anybody.putToVote(motion, actions);
          const { proposalId } = await motions.motionOf(motion);
          expect(await classOf(proposalId)).to.equal(DecisionClass.Amendment);
        }
      });

      it("changes the rules for motions when it is carried", async () => {
        const scene = await loadFixture(founded);
        const { motions, anybody, closed, members } = scene;
        const rules = plain(await motions.rules());
        const data = motions.interface.encodeFunctionData("setRules", [{ ...rules, openByMotion: 5n }]);
        const actions = listOf([{ target: motions, data }]);
        const motion = await closed("Fewer amendments", actions);
        await anybody.putToVote(motion, actions);
        await carry(await decisionOfMotion(connection, scene, motion, actions), members);
        expect(plain(await motions.rules())).to.deep.equal({ ...rules, openByMotion: 5n });
      });
    });

    context("given a motion that was edited", () => {
      it("puts the last revision, with its digest", async () => {
        const scene = await loadFixture(founded);
        const { motions, mine, tabled, close, put, anybody, governor } = scene;
        const before = listOf([put(1)]);
        const after = listOf([put(2)]);
        const motion = await tabled("First text", before);
        await mine.revise(motion, 1n, contentOf("Last text", after));
        await close(motion);
        await expect(anybody.putToVote(motion, before)).to.be.revertedWithCustomError(
          motions,
          "MotionActionsOther",
        );
        await anybody.putToVote(motion, after);
        const description = await describedBy(motions, "Motion 1, revision 2", digestOf("Last text"));
        const { proposalId } = await motions.motionOf(motion);
        const [created] = await governor.queryFilter(governor.filters.ProposalCreated());
        expect([created?.args.proposalId, created?.args.description]).to.deep.equal([
          proposalId,
          description,
        ]);
      });
    });

    context("given two motions of the same text and the same actions", () => {
      it("puts them to votes of their own", async () => {
        const { motions, closed, put } = await loadFixture(founded);
        const actions = listOf([put(1)]);
        const ids = [];
        for (const motion of [await closed("Twin", actions), await closed("Twin", actions)]) {
          await motions.putToVote(motion, actions);
          ids.push((await motions.motionOf(motion)).proposalId);
        }
        expect(new Set(ids).size).to.equal(2);
      });
    });

    context("given a motion that the members rejected", () => {
      it("stays decided: it is not put again, edited, withdrawn or sent back", async () => {
        const scene = await loadFixture(founded);
        const { motions, mine, members, closed, put, stageOf, governor } = scene;
        const actions = listOf([put(1)]);
        const motion = await closed("Rejected", actions);
        await motions.putToVote(motion, actions);
        const decision = await decisionOfMotion(connection, scene, motion, actions);
        await refuse(decision, members);
        expect(await governor.state(decision.id)).to.equal(State.Defeated);
        expect(await stageOf(motion)).to.equal(Stage.Decided);
        const ended = (sent: Promise<unknown>, stages: bigint) =>
          expect(sent)
            .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
            .withArgs(motion, Stage.Decided, stages);
        await ended(motions.putToVote(motion, actions), PUTTABLE);
        await ended(
          mine.revise(motion, 1n, contentOf("Again", actions)),
          stagesOf(Stage.Draft, Stage.Tabled),
        );
        await ended(mine.withdraw(motion, 1n), stagesOf(Stage.Draft, Stage.Tabled, Stage.Closed));
        await expect(motions.sendBack(motion, actions, 0n))
          .to.be.revertedWithCustomError(motions, "MotionsNothingMoved")
          .withArgs(motion, 0n);
      });
    });

    context("given a motion that the guardian cancelled", () => {
      it("is decided", async () => {
        const scene = await loadFixture(founded);
        const { motions, members, governor, guardian, closed, stageOf } = scene;
        const motion = await closed("Cancelled");
        await motions.putToVote(motion, NO_ACTIONS);
        const decision = await decisionOfMotion(connection, scene, motion);
        await decision.open();
        await decision.voteAll(members, 1);
        await decision.close();
        const watcher = await connection.ethers.getImpersonatedSigner(await guardian.getAddress());
        await connection.networkHelpers.setBalance(watcher.address, 10n ** 18n);
        await governor.connect(watcher).cancel(...decision.parts);
        expect(await stageOf(motion)).to.equal(Stage.Decided);
        expect(await governor.state(decision.id)).to.equal(State.Canceled);
      });
    });

    context("given an author whose right to propose is suspended", () => {
      it("puts the motion none the less, and takes the author's place", async () => {
        const { motions, agenda, membership, power, now, closed, anybody } = await loadFixture(founded);
        const motion = await closed();
        await membership.connect(power).suspend(1n, 0b10, (await now()) + 1_000_000n);
        await anybody.putToVote(motion, NO_ACTIONS);
        const { proposalId } = await motions.motionOf(motion);
        expect(await agenda.isAdmitted(proposalId)).to.equal(true);
        expect((await agenda.placesOf(1n)).filter((until) => until !== 0n)).to.have.length(1);
      });
    });
  });
});
