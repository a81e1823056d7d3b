import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import { foundMotion, type MotionScene } from "../helpers/amendments.js";
import { actAs, maskOf, type Person, Right, Standing } from "../helpers/governor.js";
import { AmendmentState, decisionOfAmendment, digestOf, Stage } from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const LENGTH = 172_800;
const REASON = digestOf("It costs too much.");

/** Consensus first: two objections of two groups send an amendment to the vote. */
const consensual = { amendmentSilence: LENGTH, amendmentObjections: 2, amendmentObjectionGroups: 2 };
const open = () => foundMotion(connection, { rules: consensual });

/** Ann's amendment, whose silence has begun, and Cyd's, whose turn is next. */
async function begun(scene: MotionScene) {
  const first = await scene.move(scene.ann, "Twice.");
  const second = await scene.move(scene.cyd, "Thrice.");
  await scene.close();
  const moment = (await scene.now()) + 10n;
  const sent = await scene.at(moment, () => scene.amendments.putNext(scene.motion));
  return { ...scene, first, second, sent, until: moment + BigInt(LENGTH) };
}

const silent = async () => begun(await open());

describe("Amendments", () => {
  describe("putNext", () => {
    context("given rules that want consensus first", () => {
      it("begins a silence, and puts nothing to the vote", async () => {
        const { amendments, motions, motion, first, sent, until } = await loadFixture(silent);
        await expect(sent).to.emit(amendments, "AmendmentSilenceOpened").withArgs(first, until);
        await expect(sent).not.to.emit(motions, "AmendmentPut");
        const { state, silenceUntil, objections, proposalId } = await amendments.amendmentOf(first);
        expect([state, silenceUntil, objections, proposalId]).to.deep.equal([
          AmendmentState.Silence,
          until,
          0n,
          0n,
        ]);
        expect((await amendments.docketOf(motion)).question).to.equal(first);
      });

      it("goes to the vote where fewer can vote than a decision needs", async () => {
        const parameters = (await loadFixture(open)).parameters;
        const large = structuredClone(parameters);
        for (const rules of Object.values(large.Governor)) {
          if (typeof rules === "object") Object.assign(rules, { quorumFloor: 13 });
        }
        const scene = await foundMotion(connection, { rules: consensual, parameters: large });
        const amendment = await scene.move(scene.ann, "Twice.");
        await scene.close();
        const sent = scene.amendments.putNext(scene.motion);
        await expect(sent).to.emit(scene.motions, "AmendmentPut");
        await expect(sent).not.to.emit(scene.amendments, "AmendmentSilenceOpened");
        expect(await scene.stateOf(amendment)).to.equal(AmendmentState.PutToVote);
      });
    });
  });

  describe("object", () => {
    it("reverts for an amendment that nobody moved, or that is in no silence", async () => {
      const { amendments, eve, second } = await loadFixture(silent);
      await expect(amendments.connect(eve).object(3, REASON))
        .to.be.revertedWithCustomError(amendments, "AmendmentsUnknown")
        .withArgs(3, 2);
      await expect(amendments.connect(eve).object(second, REASON))
        .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
        .withArgs(second, AmendmentState.Open, AmendmentState.Silence);
    });

    it("reverts without the right to vote", async () => {
      const { amendments, membership, timelock, outsiders, eve, first, now } = await loadFixture(silent);
      const [outsider] = outsiders as [Person];
      await expect(amendments.connect(outsider).object(first, REASON))
        .to.be.revertedWithCustomError(amendments, "RollRightsRefused")
        .withArgs(outsider.address, Right.Vote, Standing.NotMember, 0);
      const until = (await now()) + 1_000_000n;
      const governing = membership.connect(await actAs(connection, timelock));
      await governing.suspend(5, maskOf(Right.Vote), until);
      await expect(amendments.connect(eve).object(first, REASON))
        .to.be.revertedWithCustomError(amendments, "RollRightsRefused")
        .withArgs(eve.address, Right.Vote, Standing.Suspended, until);
    });

    it("reverts without a reason, and the second time", async () => {
      const { amendments, eve, first } = await loadFixture(silent);
      await expect(amendments.connect(eve).object(first, ZeroHash)).to.be.revertedWithCustomError(
        amendments,
        "SilencesNoReason",
      );
      await amendments.connect(eve).object(first, REASON);
      await expect(amendments.connect(eve).object(first, digestOf("And too long.")))
        .to.be.revertedWithCustomError(amendments, "SilencesObjected")
        .withArgs(5);
    });

    it("reverts in the first second after the silence, and not in its last", async () => {
      const { amendments, eve, ben, first, until } = await loadFixture(silent);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(amendments.connect(ben).object(first, REASON)).to.emit(amendments, "AmendmentObjected");
      await time.setNextBlockTimestamp(until);
      await expect(amendments.connect(eve).object(first, REASON))
        .to.be.revertedWithCustomError(amendments, "SilencesNotOpen")
        .withArgs(until, until);
    });

    it("counts each, and says so", async () => {
      const { amendments, eve, ben, first } = await loadFixture(silent);
      await expect(amendments.connect(eve).object(first, REASON))
        .to.emit(amendments, "AmendmentObjected")
        .withArgs(first, 5, REASON, 1);
      await expect(amendments.connect(ben).object(first, REASON))
        .to.emit(amendments, "AmendmentObjected")
        .withArgs(first, 3, REASON, 2);
      expect((await amendments.amendmentOf(first)).objections).to.equal(2);
    });
  });

  describe("settle", () => {
    context("given a silence that lasts", () => {
      it("reverts until its last second", async () => {
        const { amendments, motion, first, until } = await loadFixture(silent);
        await time.setNextBlockTimestamp(until - 1n);
        await expect(amendments.settle(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsSilent")
          .withArgs(first, until);
      });

      it("reverts after objections of one group alone", async () => {
        const { amendments, members, motion, first, until } = await loadFixture(silent);
        // The first and the seventh of twelve are of the same of the six groups.
        for (const index of [0, 6]) await amendments.connect(members[index]).object(first, REASON);
        expect((await amendments.amendmentOf(first)).objections).to.equal(2);
        await expect(amendments.settle(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsSilent")
          .withArgs(first, until);
      });
    });

    context("given a silence that nobody broke", () => {
      const adopts = async (scene: Awaited<ReturnType<typeof silent>>) => {
        const { amendments, motions, resolutions, motion, first, second, until } = scene;
        const sent = await scene.at(until, () => amendments.settle(motion));
        await expect(sent).to.emit(amendments, "AmendmentAdopted").withArgs(first, 0);
        await expect(sent)
          .to.emit(motions, "MotionRevised")
          .withArgs(motion, 2, first, digestOf("Twice."), digestOf("purpose"), ZeroHash);
        await expect(sent).not.to.emit(motions, "MotionTabled");
        expect(await scene.stateOf(first)).to.equal(AmendmentState.Adopted);
        expect(await scene.stateOf(second)).to.equal(AmendmentState.Stale);
        const { stage, text } = await motions.motionOf(motion);
        expect([stage, text]).to.deep.equal([Stage.Closed, digestOf("Twice.")]);
        const docket = await amendments.docketOf(motion);
        expect([docket.question, docket.rebaseUntil]).to.deep.equal([0n, until + BigInt(scene.rules.rebase)]);
        expect(await resolutions.lastNumber()).to.equal(0);
      };

      it("adopts in the first second after it", async () => {
        await adopts(await loadFixture(silent));
      });

      it("adopts though one member objected", async () => {
        const scene = await loadFixture(silent);
        await scene.amendments.connect(scene.eve).object(scene.first, REASON);
        await adopts(scene);
      });

      it("adopts though many of one group objected", async () => {
        const scene = await loadFixture(silent);
        for (const index of [0, 6]) {
          await scene.amendments.connect(scene.members[index]).object(scene.first, REASON);
        }
        await adopts(scene);
      });
    });

    context("given a silence that was broken", () => {
      it("puts it to the vote, at once or after the silence, and no other before it", async () => {
        const scene = await loadFixture(silent);
        const { amendments, motions, motion, first, second, until } = scene;
        for (const objector of [scene.eve, scene.ben])
          await amendments.connect(objector).object(first, REASON);
        const decision = await decisionOfAmendment(connection, scene, first);
        const snapshot = await connection.networkHelpers.takeSnapshot();
        for (const moment of [(await scene.now()) + 1n, until]) {
          await expect(scene.at(moment, () => amendments.settle(motion)))
            .to.emit(motions, "AmendmentPut")
            .withArgs(motion, first, decision.id);
          expect(await scene.stateOf(first)).to.equal(AmendmentState.PutToVote);
          await expect(amendments.putNext(motion))
            .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
            .withArgs(motion, first);
          await snapshot.restore();
        }
        await amendments.settle(motion);
        await scene.decide(first, false);
        expect(await scene.stateOf(first)).to.equal(AmendmentState.Rejected);
        expect(await amendments.nextOf(motion)).to.have.property("0", second);
      });

      it("takes no further objection once it is put to the vote, and adopts by the vote alone", async () => {
        const scene = await loadFixture(silent);
        const { amendments, motions, motion, first } = scene;
        for (const objector of [scene.eve, scene.ben])
          await amendments.connect(objector).object(first, REASON);
        await amendments.settle(motion);
        await expect(amendments.connect(scene.cyd).object(first, REASON))
          .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
          .withArgs(first, AmendmentState.PutToVote, AmendmentState.Silence);
        await scene.decide(first, true);
        const { text } = await motions.motionOf(motion);
        expect(text).to.equal(digestOf("Twice."));
        expect((await amendments.amendmentOf(first)).proposalId).not.to.equal(0);
      });
    });

    context("given a coalition of fewer groups than the rules ask for", () => {
      it("is broken by objections of all groups that there are", async () => {
        const scene = await begun(await foundMotion(connection, { rules: consensual, groupOf: () => 0 }));
        const { amendments, motion, first, until } = scene;
        await amendments.connect(scene.eve).object(first, REASON);
        await expect(amendments.settle(motion))
          .to.be.revertedWithCustomError(amendments, "AmendmentsSilent")
          .withArgs(first, until);
        await amendments.connect(scene.ben).object(first, REASON);
        await expect(amendments.settle(motion)).to.emit(scene.motions, "AmendmentPut");
      });
    });
  });
});
