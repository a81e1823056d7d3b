import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { foundMotion, type MotionScene } from "../helpers/amendments.js";
import { guardedParameters } from "../helpers/attacks.js";
import { actAs, Decision, type Person, State, Support } from "../helpers/governor.js";
import { AmendmentState, changeOf, decisionOfAmendment, digestOf, Stage } from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

/** Ann's amendment and Ben's to it; the latter is next. */
async function two(scene: MotionScene) {
  const first = await scene.move(scene.ann, "Twice.");
  const second = await scene.move(scene.ben, "Twice, online.", { parent: first });
  const third = await scene.move(scene.cyd, "Thrice.");
  return { ...scene, first, second, third };
}

const open = () => foundMotion(connection);

/** The one below is before the members. */
async function asked() {
  const scene = await two(await open());
  await scene.close();
  await scene.putNext();
  const decision = await decisionOfAmendment(connection, scene, scene.second);
  return { ...scene, decision };
}

/** The same with a guardian, who can cancel what was decided. */
async function guarded() {
  const [guardian] = (await ethers.getSigners()).slice(-1) as [Person];
  const parameters = guardedParameters(guardian.address, 365 * 86_400, { quorumFloor: 3 });
  const scene = await two(await foundMotion(connection, { parameters }));
  await scene.close();
  await scene.putNext();
  const decision = await decisionOfAmendment(connection, scene, scene.second);
  return { ...scene, decision, key: guardian };
}

/** By a member's own decision: the action of the amendment's own one under another name. */
function copyOf({ governor, amendments }: MotionScene, amendment: bigint): Decision {
  const data = amendments.interface.encodeFunctionData("adopt", [amendment]);
  return new Decision(connection, { governor }, [{ target: amendments, data }], "Adopt it now");
}

describe("Amendments", () => {
  describe("settle", () => {
    it("reverts when nothing is before the members", async () => {
      const scene = await two(await loadFixture(open));
      for (const motion of [scene.motion, 2n]) {
        await expect(scene.amendments.settle(motion))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsNoQuestion")
          .withArgs(motion);
      }
    });

    it("reverts while the members are not done with it", async () => {
      const { amendments, motion, second, decision, voters, eve } = await loadFixture(asked);
      const undecided = async (state: bigint) =>
        expect(amendments.settle(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUndecided")
          .withArgs(second, state);
      await undecided(State.Pending);
      await decision.open();
      await undecided(State.Active);
      await decision.voteAll(voters, Support.For);
      await decision.close();
      await undecided(State.Succeeded);
      await decision.queue(eve);
      await undecided(State.Queued);
      await decision.mature();
      await undecided(State.Queued);
      await decision.execute(eve);
      await expect(amendments.settle(motion)).to.be.revertedWithCustomError(
        amendments,
        "AmendmentsNoQuestion",
      );
    });

    const rejected = async (scene: Awaited<ReturnType<typeof asked>>, outcome: bigint) => {
      const { amendments, motions, motion, first, second, third, decision } = scene;
      const before = await motions.motionOf(motion);
      const { rebaseUntil } = await amendments.docketOf(motion);
      const moment = (await scene.now()) + 3n;
      await expect(scene.at(moment, () => amendments.settle(motion)))
        .to.emit(amendments, "AmendmentRejected")
        .withArgs(second, decision.id, outcome);
      expect(await scene.stateOf(second)).to.equal(AmendmentState.Rejected);
      const docket = await amendments.docketOf(motion);
      expect([docket.question, docket.quietSince, docket.rebaseUntil]).to.deep.equal([
        0n,
        moment,
        rebaseUntil,
      ]);
      expect(docket.open).to.have.members([first, third]);
      expect(await scene.stateOf(first)).to.equal(AmendmentState.Open);
      expect(await motions.motionOf(motion)).to.deep.equal(before);
    };

    it("rejects what the members defeated", async () => {
      const scene = await loadFixture(asked);
      await scene.decision.open();
      await scene.decision.voteAll(scene.voters, Support.Against);
      await scene.decision.close();
      await rejected(scene, State.Defeated);
    });

    it("rejects what too few took part in", async () => {
      const scene = await loadFixture(asked);
      await scene.decision.open();
      await scene.decision.voteAll(scene.voters.slice(0, 2), Support.For);
      await scene.decision.close();
      await rejected(scene, State.Defeated);
    });

    it("rejects what the members adopted and did not carry out in time", async () => {
      const scene = await loadFixture(asked);
      await scene.decision.open();
      await scene.decision.voteAll(scene.voters, Support.For);
      await scene.decision.close();
      await networkHelpers.time.increase(scene.parameters.Governor.motionAmendment.grace + 1);
      await rejected(scene, State.Expired);
      await expect(scene.decision.queue(scene.eve)).to.be.revertedWithCustomError(
        scene.governor,
        "GovernorUnexpectedProposalState",
      );
    });

    it("rejects what the guardian canceled", async () => {
      const scene = await loadFixture(guarded);
      const { guardian, key, decision, voters, eve } = scene;
      await decision.open();
      await decision.voteAll(voters, Support.For);
      await decision.close();
      await decision.queue(eve);
      const { targets, values, calldatas, descriptionHash } = decision;
      await guardian.connect(key).cancel(targets, values, calldatas, descriptionHash, "It was bought");
      await rejected(scene, State.Canceled);
    });

    it("lets the next come, one at a time", async () => {
      const scene = await loadFixture(asked);
      await scene.decide(scene.second, false);
      expect(await scene.decideNext(false)).to.equal(scene.first);
      expect(await scene.decideNext(false)).to.equal(scene.third);
      await scene.motions.putToVote(scene.motion, { targets: [], values: [], calldatas: [] });
      expect((await scene.motions.motionOf(scene.motion)).stage).to.equal(Stage.PutToVote);
    });
  });

  describe("adopt", () => {
    it("reverts for anybody but the timelock", async () => {
      const { amendments, timelock, motions, author, second } = await loadFixture(asked);
      for (const stranger of [author, await actAs(connection, motions)]) {
        await expect(amendments.connect(stranger).adopt(second))
          .to.be.revertedWithCustomError(amendments, "AmendmentsUnauthorized")
          .withArgs(stranger.address, await timelock.getAddress());
      }
    });

    it("reverts for an amendment that nobody moved", async () => {
      const { amendments, timelock } = await loadFixture(asked);
      await expect(amendments.connect(await actAs(connection, timelock)).adopt(4))
        .to.be.revertedWithCustomError(amendments, "AmendmentsUnknown")
        .withArgs(4, 3);
    });

    it("reverts outside of any decision, though the timelock calls", async () => {
      const { amendments, timelock, second, first, decision } = await loadFixture(asked);
      const governing = amendments.connect(await actAs(connection, timelock));
      await expect(governing.adopt(second))
        .to.be.revertedWithCustomError(amendments, "AmendmentsOtherDecision")
        .withArgs(second, decision.id, 0);
      // Without a decision of its own it is the same zero on both sides.
      await expect(governing.adopt(first))
        .to.be.revertedWithCustomError(amendments, "AmendmentsOtherDecision")
        .withArgs(first, 0, 0);
    });

    context("given a decision of a member with the same action", () => {
      const refused = async (scene: MotionScene, copy: Decision, amendment: bigint, own: bigint) =>
        expect(copy.execute(scene.eve))
          .to.be.revertedWithCustomError(scene.amendments, "AmendmentsOtherDecision")
          .withArgs(amendment, own, copy.id);

      it("reverts before the amendment's own vote", async () => {
        const scene = await two(await loadFixture(open));
        const copy = copyOf(scene, scene.first);
        await copy.ripen(scene.voters);
        await refused(scene, copy, scene.first, 0n);
        expect((await scene.motions.motionOf(scene.motion)).revision).to.equal(1);
        expect(await scene.stateOf(scene.first)).to.equal(AmendmentState.Open);
      });

      it("reverts during the amendment's own vote", async () => {
        const scene = await two(await loadFixture(open));
        const { amendments, second, first, voters } = scene;
        const copy = copyOf(scene, second);
        await scene.goTo((await scene.closesAt()) - 4n * 86_400n);
        await copy.ripen(voters);
        await scene.putNext();
        const decision = await decisionOfAmendment(connection, scene, second);
        await decision.open();
        await decision.voteAll(voters, Support.For);
        expect(await decision.state()).to.equal(State.Active);
        await refused(scene, copy, second, decision.id);
        expect((await amendments.amendmentOf(first)).version).to.equal(1);
      });

      for (const [outcome, adopted, state, version] of [
        ["lost", false, AmendmentState.Rejected, 1n],
        ["won", true, AmendmentState.Adopted, 2n],
      ] as const) {
        it(`reverts after the amendment's own vote was ${outcome}`, async () => {
          const scene = await loadFixture(asked);
          const { amendments, decision, second, first, voters, eve, motion } = scene;
          const copy = copyOf(scene, second);
          await copy.start(voters[0] as Person);
          await copy.voteAll(voters, Support.For);
          await decision.voteAll(voters, adopted ? Support.For : Support.Against);
          await copy.close();
          for (const passed of adopted ? [copy, decision] : [copy]) await passed.queue(eve);
          await copy.mature();
          if (adopted) await decision.execute(eve);
          else await amendments.settle(motion);
          await refused(scene, copy, second, decision.id);
          expect(await scene.stateOf(second)).to.equal(state);
          expect((await amendments.amendmentOf(first)).version).to.equal(version);
        });
      }
    });

    context("given the amendment's own decision", () => {
      it("makes it the text of the amendment that it amends", async () => {
        const scene = await loadFixture(asked);
        const { amendments, motions, motion, first, second, third, decision, voters, eve, rules } = scene;
        await decision.open();
        await decision.voteAll(voters, Support.For);
        await decision.close();
        await decision.queue(eve);
        const moment = (await decision.eta()) + 9n;
        const sent = await scene.at(moment, () => decision.execute(eve));
        await expect(sent).to.emit(amendments, "AmendmentAdopted").withArgs(second, decision.id);
        await expect(sent)
          .to.emit(amendments, "AmendmentWritten")
          .withArgs(first, 2, second, 0, 1, false, digestOf("Twice, online."), ZeroHash, ZeroHash);
        await expect(sent).not.to.emit(motions, "MotionRevised");
        expect(await scene.stateOf(second)).to.equal(AmendmentState.Adopted);
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Open);
        const { version, friendlyUntil } = await amendments.amendmentOf(first);
        expect([version, friendlyUntil]).to.deep.equal([2n, moment + BigInt(rules.window)]);
        const docket = await amendments.docketOf(motion);
        expect([docket.question, docket.quietSince, docket.rebaseUntil]).to.deep.equal([
          0n,
          moment,
          moment + BigInt(rules.rebase),
        ]);
      });

      it("makes it the text of the motion, which keeps its endorsements and stays closed", async () => {
        const scene = await loadFixture(asked);
        const { amendments, motions, author, motion, first, third, eve } = scene;
        await motions.connect(eve).endorse(motion, 1);
        await scene.decide(scene.second, true);
        const before = await motions.motionOf(motion);
        const question = await scene.putNext();
        expect(question).to.equal(first);
        await scene.decide(first, true);
        const after = await motions.motionOf(motion);
        expect([after.revision, after.text, after.stage, after.endorsements, after.closesAt]).to.deep.equal([
          2n,
          digestOf("Twice, online."),
          Stage.Closed,
          1n,
          before.closesAt,
        ]);
        expect(await scene.stateOf(third)).to.equal(AmendmentState.Stale);
        await expect(amendments.connect(author).move(motion, 0, changeOf(2, "Daily.")))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
          .withArgs(motion, Stage.Closed, 1n << Stage.Tabled);
      });
    });
  });
});
