import { expect } from "chai";
import { network } from "hardhat";
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
  LAPSE,
  memberOf,
  officeWith,
  Phase,
  rulesWith,
  type Scene,
  STATEMENT,
  startOf,
  voteAll,
} from "../helpers/elections.js";
import { maskOf, Right, Standing } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const LENGTHS = [7n, 3n, 2n, 5n, 1n, 4n].map((days) => days * DAY);
const TOTAL = LENGTHS.reduce((sum, length) => sum + length);

/** First second of each phase after nomination, of an election announced at a moment. */
const endsFrom = (moment: bigint) => {
  let end = moment;
  return LENGTHS.map((length) => {
    end += length;
    return end;
  });
};

const now = async () => BigInt(await time.latest());

async function founded() {
  return foundOffice(connection);
}

/** An office of two seats, one of which was filled half a term before the other. */
async function staggered() {
  const scene = await foundOffice(connection, { office: { seats: 2 } });
  await holdElection(scene, [0], [[1], [1], [1]]);
  await time.increase(180n * DAY);
  await holdElection(scene, [1], [[1], [1], [1]]);
  return { ...scene, untils: (await scene.offices.seatsOf(1n)).map((seat) => seat.until) };
}

async function underWay() {
  const scene = await founded();
  const electionId = await announce(scene);
  return { ...scene, electionId };
}

/** Announces at a moment, as the first member. */
const announceAt = (scene: Scene, moment: bigint) =>
  at(scene, moment, () => scene.elections.connect(memberOf(scene, 0)).announce(1n));

describe("Elections", () => {
  describe("announce", () => {
    context("given an office without rules, or none", () => {
      it("reverts with the office, for the timelock too", async () => {
        const { elections, offices, power, members } = await loadFixture(founded);
        await offices.connect(power).create(officeWith());
        for (const office of [0n, 2n, 3n]) {
          for (const caller of [power, members[0]]) {
            await expect(elections.connect(caller).announce(office))
              .to.be.revertedWithCustomError(elections, "ElectionsNoRules")
              .withArgs(office);
          }
        }
      });
    });

    context("given an office without a calendar", () => {
      it("reverts for members", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, {}, { calendar: false });
        await expect(scene.elections.connect(scene.members[0]).announce(office))
          .to.be.revertedWithCustomError(scene.elections, "ElectionsNoCalendar")
          .withArgs(office);
      });

      it("takes it from the timelock", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, {}, { calendar: false });
        await expect(scene.elections.connect(scene.power).announce(office))
          .to.emit(scene.elections, "ElectionAnnounced")
          .withArgs(1n, office, 1n, (ends: bigint[]) => ends.length === 6);
      });
    });

    context("when the caller may not speak", () => {
      it("reverts with why: no member, one who left, one who is suspended", async () => {
        const { elections, membership, power, members, outsiders } = await loadFixture(founded);
        const [gone, silent] = members;
        await membership.connect(gone).resign();
        const since = await now();
        const until = since + 5n * DAY;
        await membership.connect(power).suspend(2n, maskOf(Right.Speak), until);
        for (const [caller, standing, explanation] of [
          [outsiders[0], Standing.NotMember, 0n],
          [gone, Standing.Ended, since],
          [silent, Standing.Suspended, until],
        ] as const) {
          await expect(elections.connect(caller).announce(1n))
            .to.be.revertedWithCustomError(elections, "CandidaciesRefused")
            .withArgs(caller, Right.Speak, standing, explanation);
        }
      });
    });

    context("when the caller is a member whose vote is not mature", () => {
      it("takes it: a calendar asks for nothing but a voice", async () => {
        const { elections, membership, outsiders } = await loadFixture(founded);
        const { digest } = await membership.codeOfConduct();
        await membership.connect(outsiders[0]).join(0, digest, "0x");
        await expect(elections.connect(outsiders[0]).announce(1n)).to.emit(elections, "ElectionAnnounced");
      });
    });

    context("given seats that are all held when the election would be over", () => {
      it("reverts with that moment, a second before one is free, and takes it in the next", async () => {
        const { untils, ...scene } = await loadFixture(staggered);
        const until = untils[0] ?? 0n;
        await expect(announceAt(scene, until - TOTAL - 1n))
          .to.be.revertedWithCustomError(scene.elections, "ElectionsNothingToFill")
          .withArgs(1n, until - 1n);
        await expect(announceAt(scene, until - TOTAL))
          .to.emit(scene.elections, "ElectionAnnounced")
          .withArgs(3n, 1n, 1n, endsFrom(until - TOTAL));
      });
    });

    context("given seats that become free before the election is over", () => {
      it("fills those, as many as there are then, and who stays keeps the seat", async () => {
        const { untils, ...scene } = await loadFixture(staggered);
        expect(untils[1]).to.be.greaterThan(untils[0]);
        await announceAt(scene, (untils[0] ?? 0n) - TOTAL + 1n);
        expect((await scene.elections.electionOf(3n)).seats).to.equal(1n);
        await admit(scene, 3n, 2);
        await voteAll(scene, 3n, [[1], [1], [1]]);
        await finish(scene, 3n);
        expect(await holdersOf(scene)).to.deep.equal([3n, 2n]);
      });

      it("fills all of them when all are", async () => {
        const { untils, ...scene } = await loadFixture(staggered);
        await announceAt(scene, (untils[1] ?? 0n) - TOTAL);
        expect((await scene.elections.electionOf(3n)).seats).to.equal(2n);
      });
    });

    context("given an election that is under way", () => {
      it("reverts with it, in every phase, for the timelock too", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        for (let phase = Phase.Nomination; phase <= Phase.Finishing; phase++) {
          if (phase !== Phase.Nomination) await advanceTo(scene, electionId, phase);
          for (const caller of [scene.power, memberOf(scene, 0)]) {
            await expect(scene.elections.connect(caller).announce(1n))
              .to.be.revertedWithCustomError(scene.elections, "ElectionsUnderWay")
              .withArgs(1n, electionId);
          }
        }
      });

      it("takes one for another office", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        const office = await createOffice(scene);
        expect(await announce(scene, office)).to.equal(electionId + 1n);
        expect(await scene.elections.lastElectionOf(1n)).to.equal(electionId);
      });
    });

    context("given an election that nobody finished", () => {
      it("reverts until 90 days after it could be", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        const lapse = (await startOf(scene, electionId, Phase.Finishing)) + LAPSE;
        await expect(announceAt(scene, lapse - 1n))
          .to.be.revertedWithCustomError(scene.elections, "ElectionsUnderWay")
          .withArgs(1n, electionId);
      });

      it("lets it lapse then, and nobody can finish it any more", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        await admit(scene, electionId, 0);
        await voteAll(scene, electionId, [[1], [1], [1]]);
        const lapse = (await startOf(scene, electionId, Phase.Finishing)) + LAPSE;
        const sent = announceAt(scene, lapse);
        await expect(sent)
          .to.emit(scene.elections, "ElectionFinished")
          .withArgs(electionId, [], 0n, `0x${"00".repeat(32)}`);
        await expect(sent)
          .to.emit(scene.elections, "ElectionAnnounced")
          .withArgs(electionId + 1n, 1n, 1n, endsFrom(lapse));
        expect(await scene.elections.phaseOf(electionId)).to.equal(Phase.Finished);
        await expect(scene.elections.finish(electionId))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
          .withArgs(electionId, Phase.Finished, Phase.Finishing, Phase.Finishing);
        expect(await holdersOf(scene)).to.deep.equal([]);
      });

      it("can be finished until it lapses", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        await admit(scene, electionId, 0);
        await voteAll(scene, electionId, [[1], [1], [1]]);
        const lapse = (await startOf(scene, electionId, Phase.Finishing)) + LAPSE;
        await at(scene, lapse + DAY, () => scene.elections.finish(electionId));
        expect(await holdersOf(scene)).to.deep.equal([1n]);
      });
    });

    context("given an office with a free seat", () => {
      it("announces the seats and the ends of the phases, and says so to whoever asks", async () => {
        const scene = await loadFixture(founded);
        const moment = (await now()) + 100n;
        const ends = endsFrom(moment);
        expect(await scene.elections.lastElectionOf(1n)).to.equal(0n);
        await expect(announceAt(scene, moment))
          .to.emit(scene.elections, "ElectionAnnounced")
          .withArgs(1n, 1n, 1n, ends);
        expect(await scene.elections.lastElectionOf(1n)).to.equal(1n);
        expect([...(await scene.elections.electionOf(1n))]).to.deep.equal([1n, moment, 1n]);
        expect([...(await scene.elections.endsOf(1n))]).to.deep.equal(ends);
        expect(await scene.elections.phaseOf(1n)).to.equal(Phase.Nomination);
        expect(await scene.elections.candidatesOf(1n)).to.deep.equal([]);
        expect([...(await scene.elections.optionsOf(1n))]).to.deep.equal([0n, 0n]);
      });

      it("has the method of the office take the ballots", async () => {
        const scene = await loadFixture(founded);
        const office = await createOffice(scene, { seats: 3 }, { method: scene.ranked, secret: true });
        const electionId = await announce(scene, office);
        const moment = await now();
        const ends = endsFrom(moment);
        expect([...(await scene.ranked.frameOf(electionId))]).to.deep.equal([
          moment,
          ends[2],
          ends[3],
          ends[4],
          3n,
          true,
          14n,
        ]);
        expect([...(await scene.approval.frameOf(electionId))]).to.deep.equal([
          0n,
          0n,
          0n,
          0n,
          0n,
          false,
          0n,
        ]);
      });

      it("takes the next one when the last is finished", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        await finish(scene, electionId);
        expect(await announce(scene)).to.equal(electionId + 1n);
        expect(await scene.elections.lastElectionOf(1n)).to.equal(electionId + 1n);
      });
    });

    context("when the rules change after it", () => {
      it("holds the election by those that it was announced with", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        const ends = [...(await scene.elections.endsOf(electionId))];
        const changed = rulesWith(scene, {
          method: scene.ranked,
          seconds_: 5,
          secondGroups: 3,
          secondsByMember: 1,
          minBallots: 10,
          nomination: DAY,
          certification: DAY,
        });
        await scene.elections.connect(scene.power).setRules(1n, changed);
        expect([...(await scene.elections.endsOf(electionId))]).to.deep.equal(ends);
        // Two seconds are enough, one member can give more than one, and three ballots are enough.
        await scene.elections.connect(memberOf(scene, 0)).stand(electionId, STATEMENT);
        await scene.elections.connect(memberOf(scene, 1)).stand(electionId, STATEMENT);
        for (const by of [2, 3]) {
          for (const number of [1n, 2n]) {
            await scene.elections.connect(memberOf(scene, by)).second(electionId, number);
          }
        }
        expect(await scene.elections.candidatesOf(electionId)).to.deep.equal([1n, 2n]);
        await voteAll(scene, electionId, [[2], [2], [2]]);
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([2n]);
      });

      it("holds the next one by the new rules", async () => {
        const { electionId, ...scene } = await loadFixture(underWay);
        await scene.elections.connect(scene.power).setRules(1n, rulesWith(scene, { nomination: DAY }));
        await finish(scene, electionId);
        const next = await announce(scene);
        expect(await startOf(scene, next, Phase.Acceptance)).to.equal((await now()) + DAY);
      });
    });
  });

  describe("phaseOf", () => {
    it("answers that there is no such election", async () => {
      const { elections } = await loadFixture(founded);
      for (const electionId of [0n, 1n, 2n ** 256n - 1n]) {
        expect(await elections.phaseOf(electionId)).to.equal(Phase.None);
        expect([...(await elections.electionOf(electionId))]).to.deep.equal([0n, 0n, 0n]);
        expect([...(await elections.endsOf(electionId))]).to.deep.equal(Array(6).fill(0n));
      }
    });

    it("follows from the clock, to the second", async () => {
      const { electionId, ...scene } = await loadFixture(underWay);
      for (const [index, end] of (await scene.elections.endsOf(electionId)).entries()) {
        const phase = Phase.Nomination + BigInt(index);
        await time.increaseTo(end - 1n);
        expect(await scene.elections.phaseOf(electionId)).to.equal(phase);
        await time.increaseTo(end);
        expect(await scene.elections.phaseOf(electionId)).to.equal(phase + 1n);
      }
      await time.increase(1_000n * DAY);
      expect(await scene.elections.phaseOf(electionId)).to.equal(Phase.Finishing);
      await scene.elections.finish(electionId);
      expect(await scene.elections.phaseOf(electionId)).to.equal(Phase.Finished);
    });
  });
});
