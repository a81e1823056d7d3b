import { expect } from "chai";
import { network } from "hardhat";
import { joinOrganisation } from "../helpers/acts.js";
import {
  admit,
  advanceTo,
  announce,
  at,
  createOffice,
  DAY,
  finish,
  foundOffice,
  holdElection,
  holdersOf,
  memberOf,
  officeWith,
  Phase,
  REASON,
  type Scene,
  startOf,
  voteAll,
} from "../helpers/elections.js";
import { join, maskOf, Right, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const now = async () => BigInt(await time.latest());

/** Fourteen members in six groups, in turn: the first, the seventh and the thirteenth are of one. */
async function founded() {
  return foundOffice(connection);
}

/** The number 15 is an organisation, with which the first and the second member are affiliated. */
async function withOrganisation() {
  const scene = await founded();
  const [representative, owner] = scene.outsiders;
  const organisation = await joinOrganisation(scene, representative, owner, 5);
  for (const index of [0, 1]) {
    await scene.affiliations.connect(memberOf(scene, index)).affiliate(organisation);
  }
  await time.increaseTo((await scene.membership.member(organisation)).votesFrom);
  return { ...scene, members: [...scene.members, representative], organisation };
}

/** Three candidates for an office of two seats; the count puts them in this order: option 2, option 3, option 1. */
const BALLOTS = [[2], [2, 3], [2, 3], [2, 3], [2, 1], [1, 3]];

/** An election in its vote, all ballots cast: the second, the third and the first member are ahead in this order. */
async function voted() {
  const scene = await foundOffice(connection, { office: { seats: 2 } });
  const electionId = await announce(scene);
  await admit(scene, electionId, 0, 1, 2);
  await voteAll(scene, electionId, BALLOTS);
  return { ...scene, electionId };
}

/** The member numbers of those whom an office has after an election by these ballots. */
async function elect(
  scene: Scene,
  office: bigint,
  candidates: readonly number[],
  ballots: readonly (readonly number[])[],
) {
  await holdElection(scene, candidates, ballots, office);
  return holdersOf(scene, office);
}

describe("Elections", () => {
  describe("finish", () => {
    context("given no such election", () => {
      it("reverts with that", async () => {
        const { elections } = await loadFixture(founded);
        for (const electionId of [0n, 1n]) {
          await expect(elections.finish(electionId))
            .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
            .withArgs(electionId, Phase.None, Phase.Finishing, Phase.Finishing);
        }
      });
    });

    context("given any phase before", () => {
      it("reverts with the phase, to the last second", async () => {
        const scene = await loadFixture(founded);
        const electionId = await announce(scene);
        const refused = async (phase: bigint, moment: bigint) =>
          expect(at(scene, moment, () => scene.elections.finish(electionId)))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
            .withArgs(electionId, phase, Phase.Finishing, Phase.Finishing);
        await refused(Phase.Nomination, (await now()) + 1n);
        for (let phase = Phase.Acceptance; phase <= Phase.Finishing; phase++) {
          const start = await startOf(scene, electionId, phase);
          await refused(phase - 1n, start - 1n);
          if (phase < Phase.Finishing) await refused(phase, start);
          else await at(scene, start, () => scene.elections.finish(electionId));
        }
        expect(await scene.elections.phaseOf(electionId)).to.equal(Phase.Finished);
      });
    });

    context("given ballots that are not counted yet", () => {
      it("reverts as the method does, until they are", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, {}, { method: scene.ranked });
        const electionId = await announce(scene, office);
        await advanceTo(scene, electionId, Phase.Finishing);
        await expect(scene.elections.finish(electionId))
          .to.be.revertedWithCustomError(scene.ranked, "BallotBoxNotCounted")
          .withArgs(electionId);
        await scene.ranked.advance(electionId, 100n);
        await expect(scene.elections.finish(electionId)).to.emit(scene.elections, "ElectionFinished");
      });
    });

    context("given an election that is finished", () => {
      it("reverts, and nobody is seated twice", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        await finish(scene, electionId);
        await expect(scene.elections.finish(electionId))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
          .withArgs(electionId, Phase.Finished, Phase.Finishing, Phase.Finishing);
        expect(await holdersOf(scene)).to.deep.equal([2n, 3n]);
      });
    });

    context("when anybody calls", () => {
      it("seats the winners in the order of the count, not in that of the ballot", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        await advanceTo(scene, electionId, Phase.Finishing);
        const { ballots, order, record } = await scene.approval.outcome(electionId);
        expect([ballots, [...order]]).to.deep.equal([6n, [2n, 3n, 1n]]);
        const caller = scene.elections.connect(scene.outsiders[0]);
        expect(await caller.finish.staticCall(electionId)).to.deep.equal([2n, 3n]);
        const moment = (await now()) + 10n;
        const sent = at(scene, moment, () => caller.finish(electionId));
        await expect(sent)
          .to.emit(scene.elections, "ElectionFinished")
          .withArgs(electionId, [2n, 3n], 6n, record);
        for (const [seat, number] of [2n, 3n].entries()) {
          await expect(sent)
            .to.emit(scene.offices, "SeatTaken")
            .withArgs(1n, number, seat, moment, moment + 365n * DAY, 1n);
        }
        expect(await holdersOf(scene)).to.deep.equal([2n, 3n]);
        expect((await scene.offices.seatsOf(1n)).map((seat) => seat.group)).to.deep.equal([1n, 2n]);
        expect(await scene.offices.holds(1n, scene.members[0])).to.equal(false);
      });
    });

    context("given fewer ballots than the rules ask for", () => {
      it("seats nobody, and says how many there were", async () => {
        const scene = await loadFixture(founded);
        const electionId = await announce(scene);
        await admit(scene, electionId, 0);
        await voteAll(scene, electionId, [[1], [1]]);
        await advanceTo(scene, electionId, Phase.Finishing);
        const { record } = await scene.approval.outcome(electionId);
        const sent = scene.elections.finish(electionId);
        await expect(sent).to.emit(scene.elections, "ElectionFinished").withArgs(electionId, [], 2n, record);
        await expect(sent).not.to.emit(scene.offices, "SeatTaken");
        expect(await holdersOf(scene)).to.deep.equal([]);
      });

      it("seats who is ahead with as many", async () => {
        const scene = await loadFixture(founded);
        expect(await elect(scene, 1n, [0], [[1], [1], [0]])).to.deep.equal([1n]);
      });
    });

    context("given no ballot", () => {
      it("seats nobody, with candidates and without", async () => {
        const scene = await loadFixture(founded);
        for (const candidates of [[0, 1], []]) {
          expect(await elect(scene, 1n, candidates, [])).to.deep.equal([]);
        }
      });
    });

    context("given no candidate", () => {
      it("seats nobody, for all the ballots that there are", async () => {
        const scene = await loadFixture(founded);
        expect(await elect(scene, 1n, [], [[0], [0], [0]])).to.deep.equal([]);
        const { ballots } = await scene.approval.outcome(1n);
        expect(ballots).to.equal(3n);
      });
    });

    context("given as many candidates as seats", () => {
      it("is a confirmation: who is not ahead of re-opening nominations is not seated", async () => {
        const scene = await loadFixture(founded);
        for (const [ballots, expected] of [
          [[[0], [0], [0], [1]], []],
          [[[0], [0], [1], [1]], []],
          [[[0], [0], [1], [1], [1]], [1n]],
        ] as const) {
          const office = await createOffice(scene);
          expect(await elect(scene, office, [0], ballots)).to.deep.equal(expected);
        }
      });
    });

    context("given fewer candidates than seats", () => {
      it("seats them and leaves the other seats free, to be filled by another election", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 3 });
        const held = await elect(scene, office, [0, 1], [[1, 2], [1, 2], [1]]);
        expect(held).to.deep.equal([1n, 2n]);
        const { until } = (await scene.offices.seatsOf(office))[2] ?? {};
        expect(until).to.equal(0n);
        expect(await elect(scene, office, [2], [[1], [1], [1]])).to.deep.equal([1n, 2n, 3n]);
      });
    });

    context("given more free seats than were announced", () => {
      it("fills as many as were announced", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 2 });
        await elect(scene, office, [0], [[1], [1], [1]]);
        const electionId = await announce(scene, office);
        await admit(scene, electionId, 1, 2);
        await voteAll(scene, electionId, [[1], [2], [2]]);
        await scene.offices.connect(memberOf(scene, 0)).resign(office);
        await finish(scene, electionId);
        expect(await holdersOf(scene, office)).to.deep.equal([3n]);
      });
    });

    context("given candidates who are gone", () => {
      it("passes over who withdrew, in the last second of the vote, without spoiling a ballot", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        const before = await scene.approval.approvalsOf(electionId);
        const close = await startOf(scene, electionId, Phase.Reveal);
        await at(scene, close - 1n, () => scene.elections.connect(memberOf(scene, 1)).withdraw(electionId));
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([3n, 1n]);
        expect(await scene.approval.approvalsOf(electionId)).to.deep.equal(before);
      });

      it("passes over who was struck off", async () => {
        const scene = await loadFixture(founded);
        await scene.elections.connect(scene.power).setArbiter(scene.deployer);
        const electionId = await announce(scene);
        await admit(scene, electionId, 0, 1);
        await advanceTo(scene, electionId, Phase.Objection);
        await scene.elections.connect(scene.deployer).strike(electionId, 1n, REASON);
        await voteAll(scene, electionId, [[2], [2], [2]]);
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([2n]);
      });

      it("passes over who left the roll, by their own act or by the members'", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        await advanceTo(scene, electionId, Phase.Finishing);
        await scene.membership.connect(memberOf(scene, 1)).resign();
        await scene.membership.connect(scene.power).end(3n);
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([1n]);
      });

      it("passes over who left and joined anew: that is another number", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        await scene.membership.connect(memberOf(scene, 1)).resign();
        await join(scene, memberOf(scene, 1));
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([3n, 1n]);
      });

      it("passes over who may not stand any more, and not over who may not speak", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        const until = (await startOf(scene, electionId, Phase.Finishing)) + DAY;
        await scene.membership.connect(scene.power).suspend(2n, maskOf(Right.Stand), until);
        await scene.membership.connect(scene.power).suspend(3n, maskOf(Right.Speak), until);
        await at(scene, until - 1n, () => scene.elections.finish(electionId));
        expect(await holdersOf(scene)).to.deep.equal([3n, 1n]);
      });

      it("seats who may stand again by then", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        const until = (await startOf(scene, electionId, Phase.Finishing)) + DAY;
        await scene.membership.connect(scene.power).suspend(2n, maskOf(Right.Stand), until);
        await at(scene, until, () => scene.elections.finish(electionId));
        expect(await holdersOf(scene)).to.deep.equal([2n, 3n]);
      });

      it("seats who moved to another key: the number stands", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        await rotateKey(scene, memberOf(scene, 1), scene.outsiders[0]);
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([2n, 3n]);
        expect(await scene.offices.holds(1n, scene.outsiders[0])).to.equal(true);
        expect(await scene.offices.holds(1n, memberOf(scene, 1))).to.equal(false);
      });
    });

    context("when the office changes after the announcement", () => {
      it("goes by the balance and the limit of terms that it had", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 2 });
        await elect(scene, office, [0], [[1], [1], [1]]);
        await time.increase(365n * DAY);
        const electionId = await announce(scene, office);
        await admit(scene, electionId, 0, 6, 1);
        await voteAll(scene, electionId, [[1, 2], [1, 2], [1, 2], [3]]);
        const changed = officeWith({ seats: 2, termLimit: 1, maxPerGroup: 1 });
        await scene.offices.connect(scene.power).change(office, changed);
        await finish(scene, electionId);
        expect(await holdersOf(scene, office)).to.have.members([1n, 7n]);
      });

      it("fills the seats that it still has", async () => {
        const { electionId, ...scene } = await loadFixture(voted);
        await scene.offices.connect(scene.power).change(1n, officeWith({ seats: 1 }));
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([2n]);
      });
    });

    context("given a holder who stays in office", () => {
      it("does not give the holder a second seat", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 2 });
        await elect(scene, office, [0], [[1], [1], [1]]);
        const held = await elect(scene, office, [0, 1], [[1], [1], [1], [2]]);
        expect(held).to.deep.equal([1n, 2n]);
      });
    });

    context("given a limit of holders of one group", () => {
      it("passes over who would exceed it", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 2, maxPerGroup: 1 });
        // The first and the seventh are of one group.
        const held = await elect(scene, office, [0, 6, 1], [[1, 2], [1, 2], [1, 2], [1], [3]]);
        expect(held).to.deep.equal([1n, 2n]);
      });

      it("lets as many of one group in as it says", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 3, maxPerGroup: 2 });
        const ballots = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2], [1], [4]];
        expect(await elect(scene, office, [0, 6, 12, 1], ballots)).to.deep.equal([1n, 7n, 2n]);
      });

      it("counts the holders who stay", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 2, maxPerGroup: 1 });
        await elect(scene, office, [0], [[1], [1], [1]]);
        const held = await elect(scene, office, [6, 1], [[1], [1], [1], [2]]);
        expect(held).to.deep.equal([1n, 2n]);
      });

      it("does not count holders whose term is over by then", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 1, maxPerGroup: 1 });
        await elect(scene, office, [0], [[1], [1], [1]]);
        await time.increase(350n * DAY);
        expect(await elect(scene, office, [6], [[1], [1], [1]])).to.deep.equal([7n]);
      });

      it("goes by the group at the announcement", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 2, maxPerGroup: 1 });
        // Nobody changes groups soon after joining.
        await time.increase(90n * DAY);
        const electionId = await announce(scene, office);
        await admit(scene, electionId, 0, 6);
        await voteAll(scene, electionId, [[1, 2], [1, 2], [1]]);
        await scene.claims.connect(memberOf(scene, 6)).changeGroup(3);
        await finish(scene, electionId);
        expect(await holdersOf(scene, office)).to.deep.equal([1n]);
      });
    });

    context("given a limit of holders of one organisation", () => {
      it("passes over the affiliated, the organisation itself included, and never over who has none", async () => {
        const scene = await loadFixture(withOrganisation);
        const office = await createOffice(scene, { seats: 4, maxPerOrganisation: 1 });
        // The organisation, two persons of it, and three of none.
        const ballots = [
          [1, 2, 3, 4],
          [1, 2, 3],
          [1, 2, 5],
          [1, 6, 4, 5],
          [4, 5, 6],
          [4, 5, 6],
        ];
        const held = await elect(scene, office, [14, 0, 1, 2, 3, 4], ballots);
        expect(held).to.have.members([15n, 3n, 4n, 5n]);
      });

      it("lets as many in as it says", async () => {
        const scene = await loadFixture(withOrganisation);
        const office = await createOffice(scene, { seats: 3, maxPerOrganisation: 2 });
        const ballots = [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2], [1], [4]];
        expect(await elect(scene, office, [0, 1, 14, 2], ballots)).to.deep.equal([1n, 2n, 3n]);
      });

      it("counts the holders who stay", async () => {
        const scene = await loadFixture(withOrganisation);
        const office = await createOffice(scene, { seats: 2, maxPerOrganisation: 1 });
        await elect(scene, office, [14], [[1], [1], [1]]);
        const held = await elect(scene, office, [0, 2], [[1], [1], [1], [2]]);
        expect(held).to.deep.equal([15n, 3n]);
      });

      it("goes by the affiliation at the acceptance", async () => {
        const scene = await loadFixture(withOrganisation);
        const office = await createOffice(scene, { seats: 2, maxPerOrganisation: 1 });
        const electionId = await announce(scene, office);
        await admit(scene, electionId, 0, 1, 2);
        await time.increaseTo(await startOf(scene, electionId, Phase.Voting));
        await voteAll(scene, electionId, [[1, 2], [1, 2], [1, 2], [1], [3]]);
        const changeableAt = await scene.affiliations.changeableAt(2n);
        await at(scene, changeableAt, () => scene.affiliations.connect(memberOf(scene, 1)).affiliate(0n));
        await finish(scene, electionId);
        expect(await holdersOf(scene, office)).to.deep.equal([1n, 3n]);
      });

      it("matters for no office without it", async () => {
        const scene = await loadFixture(withOrganisation);
        const office = await createOffice(scene, { seats: 2 });
        expect(await elect(scene, office, [0, 1], [[1, 2], [1, 2], [1]])).to.deep.equal([1n, 2n]);
      });
    });
  });

  describe("slateOf", () => {
    it("answers that nobody stands in no such election", async () => {
      const { elections } = await loadFixture(founded);
      const slate = await elections.slateOf(1n);
      expect([slate.candidates, slate.gone]).to.deep.equal([0n, 0n]);
      for (const list of [slate.numbers, slate.groups, slate.organisations]) {
        expect([...list]).to.deep.equal([0n]);
      }
      expect([[...slate.sittingGroups], [...slate.sittingOrganisations]]).to.deep.equal([[], []]);
    });

    it("answers numbers, groups and organisations by option, and who is gone", async () => {
      const scene = await loadFixture(withOrganisation);
      const office = await createOffice(scene, { seats: 2, maxPerGroup: 2, maxPerOrganisation: 1 });
      const electionId = await announce(scene, office);
      await admit(scene, electionId, 14, 1, 3);
      await scene.elections.connect(memberOf(scene, 1)).withdraw(electionId);
      const slate = await scene.elections.slateOf(electionId);
      expect([slate.candidates, slate.gone, slate.seed]).to.deep.equal([
        3n,
        0b100n,
        await scene.elections.lotSeed(electionId),
      ]);
      expect([...slate.numbers]).to.deep.equal([0n, 15n, 2n, 4n]);
      expect([...slate.groups]).to.deep.equal([0n, 5n, 1n, 3n]);
      expect([...slate.organisations]).to.deep.equal([0n, 15n, 15n, 0n]);
      expect([slate.maxPerGroup, slate.maxPerOrganisation]).to.deep.equal([2n, 1n]);
      expect([[...slate.sittingGroups], [...slate.sittingOrganisations]]).to.deep.equal([[], []]);
      expect([...(await scene.elections.optionsOf(electionId))]).to.deep.equal([3n, 0b100n]);
    });

    it("answers who stays in office beside those elected", async () => {
      const scene = await loadFixture(withOrganisation);
      const office = await createOffice(scene, { seats: 3, maxPerOrganisation: 1 });
      await elect(scene, office, [0, 3], [[1, 2], [1, 2], [1]]);
      const { sittingGroups, sittingOrganisations } = await scene.elections.slateOf(
        await announce(scene, office),
      );
      expect([[...sittingGroups], [...sittingOrganisations]]).to.deep.equal([
        [0n, 3n],
        [15n, 0n],
      ]);
    });

    it("leaves organisations out where the office does not tell them apart", async () => {
      const scene = await loadFixture(withOrganisation);
      const office = await createOffice(scene, { seats: 2 });
      await elect(scene, office, [0], [[1], [1], [1]]);
      const electionId = await announce(scene, office);
      await admit(scene, electionId, 14);
      const slate = await scene.elections.slateOf(electionId);
      expect([...slate.organisations]).to.deep.equal([0n, 0n]);
      expect([[...slate.sittingGroups], [...slate.sittingOrganisations]]).to.deep.equal([[0n], [0n]]);
    });

    it("does not change once the vote is over, whatever becomes of the candidates", async () => {
      const { electionId, ...scene } = await loadFixture(voted);
      await advanceTo(scene, electionId, Phase.Reveal);
      const before = await scene.elections.slateOf(electionId);
      await scene.membership.connect(memberOf(scene, 1)).resign();
      await scene.membership.connect(scene.power).suspend(1n, maskOf(Right.Stand), (await now()) + DAY);
      await expect(
        scene.elections.connect(memberOf(scene, 2)).withdraw(electionId),
      ).to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase");
      expect(await scene.elections.slateOf(electionId)).to.deep.equal(before);
    });
  });
});
