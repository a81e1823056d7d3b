import { expect } from "chai";
import type { IOffices } from "../../typechain-types/index.js";
import { joinOrganisation } from "../helpers/acts.js";
import { maskOf, type Person, Right } from "../helpers/governor.js";
import { office, REASON, rules, seatsOf, TERM, useOffices, Vacancy } from "../helpers/offices.js";

const DAY = 86_400n;
const OFFICE = 1n;
const FIRST_ELECTION = 1n;
const RON = 0;

/** From an announcement to the first second in which the election can be finished. */
const PHASES = 6n * DAY;

describe("Elections: vacancies", () => {
  const hall = useOffices();

  async function create(changes: Partial<IOffices.OfficeStruct> = {}) {
    await hall.governing.create(office(changes));
    await hall.governingElections.setRules(OFFICE, rules(hall.approval));
  }

  const announce = () => hall.elections.connect(hall.member(12)).announce(OFFICE);
  const fill = () => hall.elections.connect(hall.outsiders[0] as Person).fillVacancy(OFFICE);
  const runnerUp = () => hall.elections.runnerUpOf(OFFICE);
  const resign = (number: bigint) => hall.by(number).resign(OFFICE);
  const holders = async () =>
    (await seatsOf(hall.offices, OFFICE)).map(({ number, vacated }) => (vacated ? 0n : number));

  /** Announces an election in which members stand, and goes to its vote. */
  async function nominate(...candidates: bigint[]): Promise<bigint> {
    await announce();
    const electionId = await hall.elections.lastElectionOf(OFFICE);
    for (const number of candidates) {
      await hall.elections.connect(hall.member(number)).stand(electionId, REASON);
    }
    await hall.goTo((await hall.now()) + 3n * DAY);
    return electionId;
  }

  /** Each option is approved by one member more than the next one, each member approving one. */
  async function vote(electionId: bigint, ...order: number[]) {
    let voter = 0;
    for (const [place, option] of order.entries()) {
      for (let votes = order.length - place; votes > 0; votes--) {
        await hall.approval.connect(hall.member(++voter)).castBallot(electionId, 1 << option);
      }
    }
  }

  const close = async (electionId: bigint) => hall.goTo((await hall.elections.endsOf(electionId))[5]);

  /** An election in which members stand and come out in just this order; answers since when the winners are seated. */
  async function elect(...order: bigint[]): Promise<bigint> {
    const electionId = await nominate(...order);
    await vote(electionId, ...order.map((_, index) => index + 1));
    await close(electionId);
    await hall.elections.finish(electionId);
    return hall.now();
  }

  async function requireNoRunnerUp() {
    expect(await runnerUp()).to.equal(0n);
    await expect(fill())
      .to.be.revertedWithCustomError(hall.elections, "ElectionsNoRunnerUp")
      .withArgs(OFFICE);
  }

  async function requireFilledBy(number: bigint) {
    expect(await runnerUp()).to.equal(number);
    await expect(fill())
      .to.emit(hall.elections, "VacancyFilled")
      .withArgs(OFFICE, await hall.elections.lastElectionOf(OFFICE), number);
    expect(await hall.offices.holds(OFFICE, hall.member(number))).to.equal(true);
  }

  describe("fillVacancy", () => {
    it("reverts for an office that there is not", async () => {
      await expect(fill()).to.be.revertedWithCustomError(hall.offices, "OfficesUnknown").withArgs(OFFICE);
      await expect(runnerUp()).to.be.revertedWithCustomError(hall.offices, "OfficesUnknown").withArgs(OFFICE);
    });

    it("reverts where nobody was ever elected", async () => {
      await create();
      await requireNoRunnerUp();
      await hall.seat(OFFICE, 1n, 2n);
      await resign(1n);
      await requireNoRunnerUp();
    });

    describe("given an office of two seats, and two runners-up", () => {
      let since: bigint;

      beforeEach(async () => {
        await create();
        since = await elect(1n, 2n, 3n, 4n);
      });

      it("reverts while no seat is vacant", async () => {
        expect(await holders()).to.deep.equal([1n, 2n]);
        await requireNoRunnerUp();
      });

      it("reverts while who left the roll is not declared gone, and seats a runner-up afterwards", async () => {
        await hall.membership.connect(hall.member(1)).resign();
        await requireNoRunnerUp();
        await hall.by(5).vacate(OFFICE, 1n);
        await requireFilledBy(3n);
      });

      it("reverts once the term is over that was vacated, and not a second earlier", async () => {
        await resign(1n);
        await resign(2n);
        await hall.at(since + TERM - 1n, () => fill());
        expect(await hall.offices.holds(OFFICE, hall.member(3))).to.equal(true);
        await hall.goTo(since + TERM);
        await requireNoRunnerUp();
      });

      it("reverts while an election is under way", async () => {
        await hall.goTo(since + TERM - PHASES);
        await announce();
        await resign(1n);
        expect(await runnerUp()).to.equal(0n);
        await expect(fill())
          .to.be.revertedWithCustomError(hall.elections, "ElectionsUnderWay")
          .withArgs(OFFICE, 2n);
      });

      it("gives the rest of the term to the first runner-up", async () => {
        await resign(1n);
        expect(await runnerUp()).to.equal(3n);
        const moment = (await hall.now()) + DAY;
        await expect(hall.at(moment, fill))
          .to.emit(hall.elections, "VacancyFilled")
          .withArgs(OFFICE, FIRST_ELECTION, 3n)
          .and.to.emit(hall.offices, "SeatTaken")
          .withArgs(OFFICE, 3n, 0n, moment, since + TERM, 1n);
        expect(await holders()).to.deep.equal([3n, 2n]);
        const group = (await hall.membership.member(3n)).group;
        expect((await hall.offices.seatsOf(OFFICE))[0]?.group).to.equal(group);
        await requireNoRunnerUp();
      });

      it("follows a recall", async () => {
        await hall.by(5).petition(OFFICE, 2n, REASON);
        await hall.by(6).support(1n);
        await hall.by(7).support(1n);
        await hall.governing.recall(1n);
        await requireFilledBy(3n);
        expect(await holders()).to.deep.equal([1n, 3n]);
      });

      it("goes on with the next one, never with who was seated before, until nobody is left", async () => {
        await resign(1n);
        await requireFilledBy(3n);
        await resign(3n);
        await requireFilledBy(4n);
        await resign(4n);
        await requireNoRunnerUp();
        await resign(2n);
        await requireNoRunnerUp();
      });

      it("fills two vacancies in the order of the count", async () => {
        await resign(2n);
        await resign(1n);
        await requireFilledBy(3n);
        await requireFilledBy(4n);
        expect(await holders()).to.deep.equal([3n, 4n]);
      });

      it("passes over who left the roll, or may not stand for now", async () => {
        await resign(1n);
        const until = (await hall.now()) + 30n * DAY;
        await hall.governingRoll.suspend(3n, maskOf(Right.Stand), until);
        expect(await runnerUp()).to.equal(4n);
        await hall.membership.connect(hall.member(4)).resign();
        await requireNoRunnerUp();
        await hall.goTo(until);
        await requireFilledBy(3n);
      });

      it("asks for the candidate's number, not for the key", async () => {
        await resign(1n);
        await hall.membership.connect(hall.member(3)).resign();
        const { digest } = await hall.membership.codeOfConduct();
        await hall.membership.connect(hall.member(3)).join(2, digest, "0x");
        await requireFilledBy(4n);
      });

      it("leaves a seat that is free for a whole term to an election, and fills the one beside it", async () => {
        await hall.governing.change(OFFICE, office({ seats: 3n }));
        await requireNoRunnerUp();
        await resign(1n);
        expect(await hall.offices.freeSeats(OFFICE, await hall.now())).to.deep.equal([2n, 1n]);
        await requireFilledBy(3n);
        await requireNoRunnerUp();
        const later = await elect(5n, 6n, 7n);
        expect(await holders()).to.deep.equal([3n, 2n, 5n]);
        const ends = (await seatsOf(hall.offices, OFFICE)).map(({ until }) => until);
        expect(ends).to.deep.equal([since + TERM, since + TERM, later + TERM]);
        await resign(2n);
        await requireFilledBy(6n);
      });

      it("asks the last election only", async () => {
        await hall.goTo(since + TERM);
        await elect(5n, 6n, 7n);
        await resign(5n);
        await requireFilledBy(7n);
        await resign(6n);
        await requireNoRunnerUp();
      });
    });

    describe("given a holder who came first in a later election too", () => {
      beforeEach(async () => {
        await create();
        await elect(1n);
        await elect(1n, 5n, 6n, 7n);
        expect(await holders()).to.deep.equal([1n, 5n]);
      });

      it("does not put the holder back who was recalled", async () => {
        const { offices, governing } = hall;
        await hall.by(2).petition(OFFICE, 1n, REASON);
        for (const number of [3, 4, 8]) await hall.by(number).support(1n);
        await governing.recall(await offices.lastPetition());
        await requireFilledBy(6n);
        expect(await holders()).to.deep.equal([6n, 5n]);
      });

      it("nor later, when somebody else has had the seat", async () => {
        await resign(1n);
        await requireFilledBy(6n);
        await resign(6n);
        await requireFilledBy(7n);
        await resign(7n);
        await requireNoRunnerUp();
        await announce();
      });
    });

    it("goes by those who stayed when it was announced, whatever becomes of their seats", async () => {
      await create({ seats: 3n, vacancy: Vacancy.ByElection, maxPerGroup: 1n });
      const groupOf = async (number: bigint) => (await hall.membership.member(number)).group;
      await elect(1n, 2n, 3n);
      await resign(1n);
      const electionId = await nominate(4n, 5n, 6n);
      const slate = await hall.elections.slateOf(electionId);
      expect(slate.sittingGroups).to.deep.equal([await groupOf(2n), await groupOf(3n)]);
      await vote(electionId, 1, 2, 3);
      await resign(3n);
      await hall.governing.change(
        OFFICE,
        office({ seats: 2n, vacancy: Vacancy.ByElection, maxPerGroup: 1n }),
      );
      expect(await hall.elections.slateOf(electionId)).to.deep.equal(slate);
      await close(electionId);
      await hall.elections.finish(electionId);
      const seated = (await holders())[0] as bigint;
      expect([4n, 5n, 6n]).to.include(seated);
      expect([await groupOf(2n), await groupOf(3n)]).to.not.include(await groupOf(seated));
    });

    it("seats nobody who withdrew before the close", async () => {
      await create();
      const electionId = await nominate(1n, 2n, 3n, 4n);
      await vote(electionId, 1, 2, 3, 4);
      await hall.elections.connect(hall.member(3)).withdraw(electionId);
      await close(electionId);
      await hall.elections.finish(electionId);
      await resign(1n);
      await requireFilledBy(4n);
    });

    it("seats nobody behind the re-opening of nominations", async () => {
      await create();
      const electionId = await nominate(1n, 2n, 3n);
      await vote(electionId, 1, 2, RON, 3);
      await close(electionId);
      await hall.elections.finish(electionId);
      expect(await holders()).to.deep.equal([1n, 2n]);
      await resign(1n);
      await requireNoRunnerUp();
    });

    it("keeps the limit of terms", async () => {
      await create({ termLimit: 1n });
      await elect(1n, 2n, 3n);
      await resign(1n);
      await requireFilledBy(3n);
      await resign(3n);
      expect(await hall.offices.mayServe(OFFICE, 3n)).to.equal(false);
      await requireNoRunnerUp();
    });

    it("keeps the balance of groups among those who hold seats", async () => {
      // Members 1 and 7, 2 and 8 are of one group each.
      await create({ maxPerGroup: 1n });
      await elect(1n, 7n, 2n, 8n);
      expect(await holders()).to.deep.equal([1n, 2n]);
      await resign(2n);
      await requireFilledBy(8n);
      await resign(1n);
      await requireFilledBy(7n);
      expect(await holders()).to.deep.equal([7n, 8n]);
    });

    it("leaves a seat vacant rather than break the balance of groups", async () => {
      await create({ maxPerGroup: 1n });
      await elect(1n, 2n, 7n);
      await resign(2n);
      await requireNoRunnerUp();
    });

    it("keeps the balance of organisations among those who hold seats", async () => {
      const [representative, owner] = [hall.outsiders[1] as Person, hall.outsiders[2] as Person];
      const organisation = await joinOrganisation(hall, representative, owner);
      for (const number of [1, 3]) {
        await hall.affiliations.connect(hall.member(number)).affiliate(organisation);
      }
      await create({ maxPerOrganisation: 1n });
      await elect(1n, 2n, 3n, 4n);
      await resign(2n);
      await requireFilledBy(4n);
      await resign(1n);
      await requireFilledBy(3n);
      expect(await holders()).to.deep.equal([3n, 4n]);
    });

    describe("given an office whose vacancies are filled by elections", () => {
      let since: bigint;

      beforeEach(async () => {
        await create({ vacancy: Vacancy.ByElection });
        since = await elect(1n, 2n, 3n);
      });

      it("reverts", async () => {
        await resign(1n);
        await requireNoRunnerUp();
      });

      it("has one announced that gives the rest of the term", async () => {
        await resign(1n);
        await elect(5n, 6n);
        expect(await holders()).to.deep.equal([5n, 2n]);
        expect((await seatsOf(hall.offices, OFFICE))[0]?.until).to.equal(since + TERM);
      });
    });
  });

  describe("announce", () => {
    beforeEach(() => create());

    it("reverts while no seat is free when the election would be over", async () => {
      const since = await elect(1n, 2n, 3n);
      const moment = since + TERM - PHASES - 1n;
      await expect(hall.at(moment, announce))
        .to.be.revertedWithCustomError(hall.elections, "ElectionsNothingToFill")
        .withArgs(OFFICE, since + TERM - 1n);
      await hall.at(moment + 1n, announce);
      expect((await hall.elections.electionOf(2n)).seats).to.equal(2n);
    });

    it("reverts while a runner-up waits, for the timelock too", async () => {
      await elect(1n, 2n, 3n);
      await resign(1n);
      for (const elections of [hall.elections.connect(hall.member(12)), hall.governingElections]) {
        await expect(elections.announce(OFFICE))
          .to.be.revertedWithCustomError(hall.elections, "ElectionsRunnerUpWaits")
          .withArgs(OFFICE, 3n);
      }
    });

    it("fills a vacancy when nobody is left to take it, for the rest of the term", async () => {
      const since = await elect(1n, 2n, 3n);
      await resign(1n);
      await fill();
      await resign(3n);
      await elect(5n, 6n);
      expect(await holders()).to.deep.equal([5n, 2n]);
      expect((await seatsOf(hall.offices, OFFICE))[0]?.until).to.equal(since + TERM);
      // Who came second in that one is the runner-up from now on.
      await resign(2n);
      await requireFilledBy(6n);
    });
  });

  describe("finish", () => {
    it("seats as many as there are seats, where the office lost some since the announcement", async () => {
      await create({ seats: 3n });
      const electionId = await nominate(1n, 2n, 3n, 4n);
      await vote(electionId, 1, 2, 3, 4);
      await hall.governing.change(OFFICE, office({ seats: 1n }));
      await close(electionId);
      await expect(hall.elections.finish(electionId))
        .to.emit(hall.elections, "ElectionFinished")
        .withArgs(electionId, [1n], 10n, (await hall.approval.outcome(electionId)).record);
      expect(await holders()).to.deep.equal([1n]);
      await resign(1n);
      await requireFilledBy(2n);
    });

    it("leaves seats that became free since the announcement to the runners-up", async () => {
      await create();
      const since = await elect(1n);
      await elect(2n, 3n);
      await hall.goTo(since + TERM - PHASES);
      const electionId = await nominate(4n, 5n);
      await vote(electionId, 1, 2);
      await resign(2n);
      await close(electionId);
      await hall.elections.finish(electionId);
      expect(await holders()).to.deep.equal([4n, 0n]);
      await requireFilledBy(5n);
      expect(await holders()).to.deep.equal([4n, 5n]);
    });
  });
});
