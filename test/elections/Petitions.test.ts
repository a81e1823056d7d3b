import { expect } from "chai";
import { encodeBytes32String, MaxUint256, type Signer, ZeroHash } from "ethers";
import type { IOffices } from "../../typechain-types/index.js";
import { FAR } from "../helpers/attacks.js";
import {
  Decision,
  DecisionClass,
  join,
  maskOf,
  type Person,
  Right,
  rotateKey,
  Standing,
  State,
} from "../helpers/governor.js";
import {
  Departure,
  office,
  REASON,
  rules,
  seatsOf,
  signFor,
  useOffices,
  WINDOW,
  walletOf,
} from "../helpers/offices.js";

const DAY = 86_400n;
const OFFICE = 1n;
const OTHER_OFFICE = 2n;
const HOLDER = 1n;
const PETITION = 1n;

describe("Petitions", () => {
  /** Twelve members; the first two hold the first office, the first of them another one too. */
  const hall = useOffices(async (fresh) => {
    await fresh.governing.create(office());
    await fresh.governing.create(office({ recallBps: 5_000n }));
    await fresh.seat(OFFICE, HOLDER, 2n);
    await fresh.seat(OTHER_OFFICE, HOLDER);
  });
  const timelock = () => hall.timelock.getAddress();
  const petition = (by = 3n, number = HOLDER, of = OFFICE) => hall.by(by).petition(of, number, REASON);
  const support = (by: bigint, id = PETITION) => hall.by(by).support(id);
  const recall = (id = PETITION) => hall.governing.recall(id);
  const supportersOf = async (id = PETITION) => (await hall.offices.petitionOf(id)).supporters;
  const change = (changes: Partial<IOffices.OfficeStruct>) => hall.governing.change(OFFICE, office(changes));
  const untilOf = async (place = 0) => (await seatsOf(hall.offices, OFFICE))[place]?.until as bigint;

  const refused = (sending: Promise<unknown>, account: string, standing: bigint, explanation: bigint) =>
    expect(sending)
      .to.be.revertedWithCustomError(hall.offices, "OfficesSupporterRefused")
      .withArgs(account, standing, explanation);
  const over = (sending: Promise<unknown>, id = PETITION) =>
    expect(sending).to.be.revertedWithCustomError(hall.offices, "OfficesPetitionOver").withArgs(id);

  /** A petition with the three supporters that it needs. */
  async function complete(number = HOLDER) {
    await petition(3n, number);
    const id = await hall.offices.lastPetition();
    await support(4n, id);
    await support(5n, id);
  }

  /** Somebody who joined and whose vote is immature. */
  async function joined(): Promise<{ person: Person; votesFrom: bigint }> {
    const person = hall.outsiders[0] as Person;
    await join(hall, person);
    const { votesFrom } = await hall.membership.member(await hall.membership.lastNumber());
    return { person, votesFrom };
  }

  describe("petition", () => {
    it("reverts without a reason", async () => {
      await expect(hall.by(3).petition(OFFICE, HOLDER, ZeroHash))
        .to.be.revertedWithCustomError(hall.offices, "OfficesOutOfRange")
        .withArgs(encodeBytes32String("reason"), 0n, 1n, MaxUint256);
    });

    it("reverts about who holds no seat, or a number or an office that there is not", async () => {
      for (const [of, number] of [
        [OFFICE, 3n],
        [OFFICE, 0n],
        [OFFICE, 99n],
        [OTHER_OFFICE, 2n],
        [9n, HOLDER],
      ] as const) {
        await expect(petition(3n, number, of))
          .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
          .withArgs(of, number);
      }
    });

    it("reverts about who resigned, and about whose term is over", async () => {
      await hall.by(2).resign(OFFICE);
      await expect(petition(3n, 2n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 2n);
      const until = await untilOf();
      await expect(hall.at(until, () => petition()))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, HOLDER);
    });

    it("reverts for who may not vote", async () => {
      const { person, votesFrom } = await joined();
      const stranger = hall.outsiders[1] as Person;
      const by = (caller: Person) => hall.offices.connect(caller).petition(OFFICE, HOLDER, REASON);
      await refused(by(stranger), stranger.address, Standing.NotMember, 0n);
      await refused(by(person), person.address, Standing.Immature, votesFrom);
      const until = (await hall.now()) + 10n * DAY;
      await hall.governingRoll.suspend(3n, maskOf(Right.Vote), until);
      await refused(petition(), hall.member(3).address, Standing.Suspended, until);
      expect(await hall.offices.lastPetition()).to.equal(0n);
    });

    it("reverts while another about the same term is open", async () => {
      await petition();
      await expect(petition(4n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesPetitionOpen")
        .withArgs(PETITION);
      const { until } = await hall.offices.petitionOf(PETITION);
      await expect(hall.at(until, () => petition(4n)))
        .to.be.revertedWithCustomError(hall.offices, "OfficesPetitionOpen")
        .withArgs(PETITION);
    });

    it("opens a petition that its opener supports", async () => {
      const moment = (await hall.now()) + 10n;
      await expect(hall.at(moment, () => petition()))
        .to.emit(hall.offices, "PetitionOpened")
        .withArgs(PETITION, OFFICE, HOLDER, 3n, 3n, REASON)
        .and.to.emit(hall.offices, "PetitionSupported")
        .withArgs(PETITION, 3n, 1n);
      expect(await hall.offices.petitionOf(PETITION)).to.deep.equal([
        OFFICE,
        HOLDER,
        moment,
        moment + WINDOW,
        1n,
        3n,
        REASON,
      ]);
      expect(await hall.offices.lastPetition()).to.equal(1n);
      await expect(support(3n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesSupported")
        .withArgs(PETITION, 3n);
    });

    it("answers the number to its caller", async () => {
      expect(await hall.by(3).petition.staticCall(OFFICE, HOLDER, REASON)).to.equal(1n);
    });

    it("opens another once the last one is closed, and changes nothing about that one", async () => {
      await petition();
      const closed = await hall.offices.petitionOf(PETITION);
      await hall.at(closed.until + 1n, () => petition(4n));
      expect(await hall.offices.lastPetition()).to.equal(2n);
      expect(await hall.offices.petitionOf(PETITION)).to.deep.equal(closed);
      await over(support(5n));
      await support(5n, 2n);
    });

    it("opens another at once about a new term", async () => {
      await complete();
      await hall.by(1).resign(OFFICE);
      await hall.seat(OFFICE, HOLDER);
      await petition(4n);
      expect(await hall.offices.lastPetition()).to.equal(2n);
      await over(support(6n));
    });

    it("keeps petitions apart that are about other holders and other offices", async () => {
      await petition(3n, HOLDER);
      await petition(3n, 2n);
      await petition(3n, HOLDER, OTHER_OFFICE);
      await support(4n, 2n);
      expect(await Promise.all([1n, 2n, 3n].map(supportersOf))).to.deep.equal([1n, 2n, 1n]);
      const about = await Promise.all([1n, 2n, 3n].map((id) => hall.offices.petitionOf(id)));
      expect(about.map(({ office: of, number }) => [of, number])).to.deep.equal([
        [OFFICE, HOLDER],
        [OFFICE, 2n],
        [OTHER_OFFICE, HOLDER],
      ]);
    });

    it("closes with the term, where that is over before the window", async () => {
      const until = await untilOf();
      await hall.goTo(until - 2n * DAY);
      await petition();
      expect((await hall.offices.petitionOf(PETITION)).until).to.equal(until - 1n);
      await hall.at(until - 1n, () => support(4n));
      await over(hall.at(until, () => support(5n)));
    });

    it("needs the share of the electorate that the office asks for, rounded up, and three at the least", async () => {
      for (const [recallBps, needed] of [
        [500n, 3n],
        [2_500n, 3n],
        [2_501n, 4n],
        [3_333n, 4n],
        [3_334n, 5n],
        [5_000n, 6n],
      ] as const) {
        await change({ recallBps });
        await petition();
        const id = await hall.offices.lastPetition();
        expect((await hall.offices.petitionOf(id)).needed).to.equal(needed);
        await hall.goTo((await hall.now()) + WINDOW + 1n);
      }
    });

    it("counts who could vote then, suspended or not, and nobody who could not", async () => {
      await change({ recallBps: 5_000n });
      await hall.governingRoll.suspend(5n, maskOf(Right.Vote), (await hall.now()) + 10n * DAY);
      await joined();
      await petition();
      expect((await hall.offices.petitionOf(PETITION)).needed).to.equal(6n);
      await hall.membership.connect(hall.member(6)).resign();
      await hall.membership.connect(hall.member(7)).resign();
      await petition(3n, 2n);
      expect((await hall.offices.petitionOf(2n)).needed).to.equal(5n);
      expect((await hall.offices.petitionOf(PETITION)).needed).to.equal(6n);
    });

    it("keeps the terms on which it was opened when the office changes", async () => {
      await petition();
      const before = await hall.offices.petitionOf(PETITION);
      await change({ recallBps: 5_000n, recallWindow: 2n * WINDOW });
      expect(await hall.offices.petitionOf(PETITION)).to.deep.equal(before);
    });
  });

  describe("petitionOf", () => {
    it("reverts for a petition that there is not", async () => {
      await petition();
      for (const unknown of [0n, 2n, MaxUint256]) {
        await expect(hall.offices.petitionOf(unknown))
          .to.be.revertedWithCustomError(hall.offices, "OfficesUnknownPetition")
          .withArgs(unknown);
      }
    });
  });

  describe("support", () => {
    it("reverts for a petition that there is not", async () => {
      for (const unknown of [0n, 1n]) {
        await expect(support(3n, unknown))
          .to.be.revertedWithCustomError(hall.offices, "OfficesUnknownPetition")
          .withArgs(unknown);
      }
    });

    it("reverts after the last second of the window, and not in it", async () => {
      await petition();
      const { until } = await hall.offices.petitionOf(PETITION);
      await hall.at(until, () => support(4n));
      await over(hall.at(until + 1n, () => support(5n)));
      expect(await supportersOf()).to.equal(2n);
    });

    it("reverts once the holder has left the seat, also when the same member has taken one again", async () => {
      await petition();
      await hall.by(1).resign(OFFICE);
      await over(support(4n));
      await hall.seat(OFFICE, HOLDER);
      await over(support(4n));
    });

    it("reverts for a stranger, and for who left since", async () => {
      await petition();
      const stranger = hall.outsiders[0] as Person;
      await refused(
        hall.offices.connect(stranger).support(PETITION),
        stranger.address,
        Standing.NotMember,
        0n,
      );
      await hall.membership.connect(hall.member(4)).resign();
      await refused(support(4n), hall.member(4).address, Standing.Ended, await hall.now());
    });

    it("reverts for whose vote did not count when it was opened, however mature since", async () => {
      await change({ recallWindow: 180n * DAY });
      const { person, votesFrom } = await joined();
      await petition();
      const late = hall.outsiders[1] as Person;
      await join(hall, late);
      const lateFrom = (await hall.membership.member(await hall.membership.lastNumber())).votesFrom;
      const by = (caller: Person) => hall.offices.connect(caller).support(PETITION);
      await refused(by(person), person.address, Standing.Immature, votesFrom);
      await hall.goTo(lateFrom + DAY);
      await refused(by(person), person.address, Standing.Immature, votesFrom);
      await refused(by(late), late.address, Standing.Immature, lateFrom);
      await petition(4n, 2n);
      await hall.offices.connect(late).support(2n);
      expect(await supportersOf(2n)).to.equal(2n);
    });

    it("reverts while the vote is suspended, and not afterwards", async () => {
      await petition();
      const until = (await hall.now()) + 10n * DAY;
      await hall.governingRoll.suspend(4n, maskOf(Right.Vote), until);
      await refused(
        hall.at(until - 1n, () => support(4n)),
        hall.member(4).address,
        Standing.Suspended,
        until,
      );
      await hall.at(until, () => support(4n));
      expect(await supportersOf()).to.equal(2n);
    });

    it("reverts for who supports it already, also with a new key", async () => {
      await petition();
      await support(4n);
      await expect(support(4n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesSupported")
        .withArgs(PETITION, 4n);
      const newKey = hall.outsiders[0] as Person;
      await rotateKey(hall, hall.member(4), newKey);
      await expect(hall.offices.connect(newKey).support(PETITION))
        .to.be.revertedWithCustomError(hall.offices, "OfficesSupported")
        .withArgs(PETITION, 4n);
      await refused(support(4n), hall.member(4).address, Standing.Rotated, await hall.now());
      expect(await supportersOf()).to.equal(2n);
    });

    it("counts members whose vote counted then, as many as come", async () => {
      await petition();
      for (let number = 4n; number <= 12n; number++) {
        await expect(support(number))
          .to.emit(hall.offices, "PetitionSupported")
          .withArgs(PETITION, number, number - 2n);
        expect(await supportersOf()).to.equal(number - 2n);
      }
    });

    it("takes the holder's own, under whichever key", async () => {
      await petition();
      const newKey = hall.outsiders[0] as Person;
      await rotateKey(hall, hall.member(HOLDER), newKey);
      await hall.offices.connect(newKey).support(PETITION);
      expect(await supportersOf()).to.equal(2n);
    });
  });

  describe("supportBySig", () => {
    const account = () => hall.member(4).address;
    const sign = (
      changes: { petition?: bigint; deadline?: bigint; nonce?: bigint } = {},
      signer: Signer = hall.member(4),
      domain = {},
    ) =>
      signFor(
        hall.offices,
        signer,
        "SupportPetition",
        { account: account(), petition: PETITION, deadline: FAR, ...changes },
        domain,
      );
    /** Somebody who is no member brings it. */
    const bring = (signature: string, { deadline = FAR, key = account(), id = PETITION } = {}) =>
      hall.offices.connect(hall.outsiders[0] as Signer).supportBySig(key, id, deadline, signature);
    const invalid = (sending: Promise<unknown>, key = account()) =>
      expect(sending)
        .to.be.revertedWithCustomError(hall.offices, "SignedRequestsInvalidSignature")
        .withArgs(key);

    beforeEach(async () => {
      await petition(3n, HOLDER);
      await petition(3n, 2n);
    });

    it("reverts after the deadline, and not in its second", async () => {
      const deadline = (await hall.now()) + 100n;
      const signature = await sign({ deadline });
      await expect(hall.at(deadline + 1n, () => bring(signature, { deadline })))
        .to.be.revertedWithCustomError(hall.offices, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
      const timely = await sign({ deadline: deadline + 100n });
      await hall.at(deadline + 100n, () => bring(timely, { deadline: deadline + 100n }));
      expect(await supportersOf()).to.equal(2n);
    });

    it("reverts for a signature of another key, petition, deadline, contract, chain or nonce", async () => {
      await invalid(bring(await sign({}, hall.member(5))));
      await invalid(bring(await sign(), { id: 2n }));
      await invalid(bring(await sign({ deadline: FAR - 1n })));
      await invalid(bring(await sign({}, hall.member(4), { verifyingContract: await timelock() })));
      await invalid(bring(await sign({}, hall.member(4), { chainId: 1n })));
      await invalid(bring(await sign({ nonce: 1n })));
      await invalid(bring(await sign(), { key: hall.member(5).address }), hall.member(5).address);
      expect(await supportersOf()).to.equal(1n);
    });

    it("reverts for a resignation, and a resignation for it", async () => {
      const resignation = await signFor(hall.offices, hall.member(1), "ResignOffice", {
        account: hall.member(1).address,
        office: OFFICE,
        deadline: FAR,
      });
      await invalid(bring(resignation, { key: hall.member(1).address }), hall.member(1).address);
      const supporting = await sign({}, hall.member(1));
      await invalid(
        hall.offices.resignBySig(hall.member(1).address, OFFICE, FAR, supporting),
        hall.member(1).address,
      );
    });

    it("reverts for a signature that was used", async () => {
      const signature = await sign();
      await bring(signature);
      await invalid(bring(signature));
      await expect(bring(await sign()))
        .to.be.revertedWithCustomError(hall.offices, "OfficesSupported")
        .withArgs(PETITION, 4n);
    });

    it("reverts for who signed and may not vote", async () => {
      const stranger = hall.outsiders[1] as Person;
      const message = { account: stranger.address, petition: PETITION, deadline: FAR };
      const signature = await signFor(hall.offices, stranger, "SupportPetition", message);
      await refused(bring(signature, { key: stranger.address }), stranger.address, Standing.NotMember, 0n);
    });

    it("counts who signed, and uses the nonce up", async () => {
      await expect(bring(await sign()))
        .to.emit(hall.offices, "PetitionSupported")
        .withArgs(PETITION, 4n, 2n);
      expect(await hall.offices.nonces(account())).to.equal(1n);
      expect(await supportersOf()).to.equal(2n);
      await bring(await sign({ petition: 2n }), { id: 2n });
      expect(await supportersOf(2n)).to.equal(2n);
    });

    context("given a member whose key is a contract", () => {
      it("takes the signature by which it answers, and no other", async () => {
        const [owner, stranger] = [hall.outsiders[1] as Person, hall.outsiders[2] as Person];
        const { wallet, address, number } = await walletOf(hall, owner);
        await petition(3n, HOLDER, OTHER_OFFICE);
        const id = await hall.offices.lastPetition();
        const message = { account: address, petition: id, deadline: FAR };
        const forged = await signFor(hall.offices, stranger, "SupportPetition", message);
        await invalid(bring(forged, { key: address, id }), address);
        const signature = await signFor(hall.offices, owner, "SupportPetition", message);
        await wallet.behave(2);
        await invalid(bring(signature, { key: address, id }), address);
        await wallet.behave(0);
        await expect(bring(signature, { key: address, id }))
          .to.emit(hall.offices, "PetitionSupported")
          .withArgs(id, number, 2n);
      });
    });
  });

  describe("recall", () => {
    it("reverts for everybody but the timelock, the elections included", async () => {
      await complete();
      const elections = await hall.elections.getAddress();
      for (const caller of [hall.member(3), await hall.connection.ethers.getSigner(elections)]) {
        await expect(hall.offices.connect(caller as Signer).recall(PETITION))
          .to.be.revertedWithCustomError(hall.offices, "OfficesUnauthorized")
          .withArgs(await (caller as Signer).getAddress(), await timelock());
      }
    });

    it("reverts for a petition that there is not", async () => {
      for (const unknown of [0n, 1n]) {
        await expect(recall(unknown))
          .to.be.revertedWithCustomError(hall.offices, "OfficesUnknownPetition")
          .withArgs(unknown);
      }
    });

    it("reverts while supporters are missing, and not with the last one", async () => {
      await petition();
      await support(4n);
      await expect(recall())
        .to.be.revertedWithCustomError(hall.offices, "OfficesPetitionShort")
        .withArgs(PETITION, 2n, 3n);
      await support(5n);
      await recall();
      expect(await hall.offices.holds(OFFICE, hall.member(HOLDER))).to.equal(false);
    });

    it("reverts once the holder has resigned, and when they were recalled", async () => {
      await complete(HOLDER);
      await complete(2n);
      await hall.by(1).resign(OFFICE);
      await over(recall(1n), 1n);
      await recall(2n);
      await over(recall(2n), 2n);
    });

    it("reverts once the term is over, and not in its last second", async () => {
      await complete(HOLDER);
      await complete(2n);
      const until = await untilOf();
      await hall.at(until - 1n, () => recall(1n));
      await over(
        hall.at(until, () => recall(2n)),
        2n,
      );
    });

    it("reverts for a holder who was elected again since, at the end of the term or in the middle", async () => {
      await complete(HOLDER);
      await complete(2n);
      await hall.by(1).resign(OFFICE);
      await hall.seat(OFFICE, HOLDER);
      await over(recall(1n), 1n);
      await hall.at(await untilOf(1), () => hall.seat(OFFICE, 2n));
      await over(recall(2n), 2n);
      expect(await hall.offices.holds(OFFICE, hall.member(2))).to.equal(true);
    });

    it("vacates the seat of whom the petition is about, and no other seat of theirs", async () => {
      await complete();
      await expect(recall())
        .to.emit(hall.offices, "SeatVacated")
        .withArgs(OFFICE, HOLDER, 0n, Departure.Recalled);
      expect((await seatsOf(hall.offices, OFFICE)).map(({ vacated }) => vacated)).to.deep.equal([
        true,
        false,
      ]);
      expect(await hall.offices.holds(OFFICE, hall.member(HOLDER))).to.equal(false);
      expect(await hall.offices.holds(OTHER_OFFICE, hall.member(HOLDER))).to.equal(true);
    });

    it("follows support that was complete in time, also after the window", async () => {
      await complete();
      await hall.goTo((await hall.now()) + WINDOW + DAY);
      await recall();
      expect(await hall.offices.holds(OFFICE, hall.member(HOLDER))).to.equal(false);
    });

    it("takes who left the roll for a holder until the seat is declared vacant", async () => {
      await complete();
      await hall.membership.connect(hall.member(HOLDER)).resign();
      await hall.by(3).vacate(OFFICE, HOLDER);
      await over(recall());
    });
  });

  describe("by decisions of the members", () => {
    const decide = (target: typeof hall.offices | typeof hall.elections, data: string, title: string) =>
      new Decision(hall.connection, hall, [{ target, data }], title);

    it("recalls a holder by an action, once the petition has its support", async () => {
      await complete();
      const data = hall.offices.interface.encodeFunctionData("recall", [PETITION]);
      const decision = decide(hall.offices, data, "Recall the coordinator");
      expect(await hall.governor.classOf(hall.offices, data.slice(0, 10))).to.equal(DecisionClass.Action);
      await expect(decision.pass(hall.members))
        .to.emit(hall.offices, "SeatVacated")
        .withArgs(OFFICE, HOLDER, 0n, Departure.Recalled);
      expect((await hall.governor.proposalRules(decision.id))[0]).to.equal(DecisionClass.Action);
      expect(await hall.offices.holds(OFFICE, hall.member(HOLDER))).to.equal(false);
    });

    it("recalls nobody while supporters are missing, however the members vote", async () => {
      await petition();
      const data = hall.offices.interface.encodeFunctionData("recall", [PETITION]);
      const decision = decide(hall.offices, data, "Recall the coordinator");
      await decision.ripen(hall.members);
      await expect(decision.execute(hall.member(3)))
        .to.be.revertedWithCustomError(hall.offices, "OfficesPetitionShort")
        .withArgs(PETITION, 1n, 3n);
      expect(await decision.state()).to.equal(State.Queued);
      expect(await hall.offices.holds(OFFICE, hall.member(HOLDER))).to.equal(true);
    });

    it("announces an election by an action, where the office has no calendar", async () => {
      await hall.governing.create(office());
      await hall.governingElections.setRules(3n, rules(hall.approval, { calendar: false }));
      await expect(hall.elections.connect(hall.member(3)).announce(3n))
        .to.be.revertedWithCustomError(hall.elections, "ElectionsNoCalendar")
        .withArgs(3n);
      const data = hall.elections.interface.encodeFunctionData("announce", [3n]);
      const decision = decide(hall.elections, data, "Elect coordinators");
      expect(await hall.governor.classOf(hall.elections, data.slice(0, 10))).to.equal(DecisionClass.Action);
      const announced = await decision.pass(hall.members);
      const moment = await hall.now();
      const ends = [1n, 2n, 3n, 4n, 5n, 6n].map((days) => moment + days * DAY);
      await expect(announced).to.emit(hall.elections, "ElectionAnnounced").withArgs(1n, 3n, 2n, ends);
      expect(await hall.elections.lastElectionOf(3n)).to.equal(1n);
    });
  });
});
