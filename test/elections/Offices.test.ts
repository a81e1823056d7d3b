import { expect } from "chai";
import { encodeBytes32String, MaxUint256, type Signer, ZeroAddress, ZeroHash } from "ethers";
import type { IOffices } from "../../typechain-types/index.js";
import { FAR } from "../helpers/attacks.js";
import { maskOf, Right, rotateKey } from "../helpers/governor.js";
import {
  Departure,
  office,
  seatsOf,
  signFor,
  TERM,
  useOffices,
  Vacancy,
  walletOf,
} from "../helpers/offices.js";

const DAY = 86_400n;
const OFFICE = 1n;
const UNKNOWN = 9n;

/** Every parameter that has a range, with its ends. */
const RANGES = [
  ["seats", 1n, 16n],
  ["term", DAY, 2_192n * DAY],
  ["recallBps", 500n, 5_000n],
  ["recallWindow", DAY, 180n * DAY],
] as const;

describe("Offices", () => {
  const hall = useOffices();
  const timelock = () => hall.timelock.getAddress();
  const create = (changes: Partial<IOffices.OfficeStruct> = {}) => hall.governing.create(office(changes));
  const change = (changes: Partial<IOffices.OfficeStruct>) => hall.governing.change(OFFICE, office(changes));
  const seats = () => seatsOf(hall.offices, OFFICE);
  const seat = (...numbers: bigint[]) => hall.seat(OFFICE, ...numbers);
  const seatAt = (moment: bigint, ...numbers: bigint[]) => hall.at(moment, () => seat(...numbers));
  /** Terms in a row of whoever was seated last in a seat. */
  const termsIn = async (place: number) => (await seats())[place]?.terms;

  /** Seats members and answers when. */
  async function seated(...numbers: bigint[]): Promise<bigint> {
    await seat(...numbers);
    return hall.now();
  }

  async function requireOutOfRange(send: (changes: Partial<IOffices.OfficeStruct>) => Promise<unknown>) {
    for (const [name, min, max] of RANGES) {
      for (const value of [min - 1n, max + 1n]) {
        await expect(send({ [name]: value }))
          .to.be.revertedWithCustomError(hall.offices, "OfficesOutOfRange")
          .withArgs(encodeBytes32String(name), value, min, max);
      }
    }
    await expect(send({ description: ZeroHash }))
      .to.be.revertedWithCustomError(hall.offices, "OfficesOutOfRange")
      .withArgs(encodeBytes32String("description"), 0n, 1n, MaxUint256);
  }

  describe("bind", () => {
    it("reverts once the offices serve elections", async () => {
      const { offices, elections } = hall;
      expect(await offices.elections()).to.equal(await elections.getAddress());
      await expect(hall.by(1).bind())
        .to.be.revertedWithCustomError(offices, "OfficesBound")
        .withArgs(await elections.getAddress());
      await expect(hall.governing.bind()).to.be.revertedWithCustomError(offices, "OfficesBound");
    });

    context("given offices that serve no elections yet", () => {
      const deploy = () =>
        hall.connection.ethers.deployContract("Offices", ["Other", hall.membership, 86_400]);

      it("gives seats to nobody", async () => {
        const fresh = await deploy();
        await expect(fresh.connect(hall.member(1)).seat(OFFICE, [1n], [0n]))
          .to.be.revertedWithCustomError(fresh, "OfficesUnauthorized")
          .withArgs(hall.member(1).address, ZeroAddress);
      });

      it("binds them to who calls", async () => {
        const fresh = await deploy();
        const caller = hall.member(1);
        await expect(fresh.connect(caller).bind()).to.emit(fresh, "ElectionsBound").withArgs(caller.address);
        expect(await fresh.elections()).to.equal(caller.address);
      });
    });
  });

  describe("create", () => {
    it("reverts for everybody but the timelock", async () => {
      const elections = await hall.elections.getAddress();
      for (const caller of [hall.member(1), await hall.connection.ethers.getSigner(elections)]) {
        await expect(hall.offices.connect(caller as Signer).create(office()))
          .to.be.revertedWithCustomError(hall.offices, "OfficesUnauthorized")
          .withArgs(await (caller as Signer).getAddress(), await timelock());
      }
      expect(await hall.offices.lastOffice()).to.equal(0n);
    });

    it("reverts for a parameter out of its range", async () => {
      await requireOutOfRange(create);
    });

    it("takes every parameter at the ends of its range", async () => {
      for (const [name, min, max] of RANGES) {
        for (const value of [min, max]) {
          await create({ [name]: value });
          expect((await hall.offices.officeOf(await hall.offices.lastOffice()))[name]).to.equal(value);
        }
      }
    });

    it("numbers offices from 1 and keeps them as they are given", async () => {
      const first = office();
      const second = office({
        seats: 16n,
        termLimit: 255n,
        maxPerGroup: 255n,
        maxPerOrganisation: 254n,
        vacancy: Vacancy.ByElection,
      });
      await expect(hall.governing.create(first))
        .to.emit(hall.offices, "OfficeCreated")
        .withArgs(1n, Object.values(first));
      await expect(hall.governing.create(second))
        .to.emit(hall.offices, "OfficeCreated")
        .withArgs(2n, Object.values(second));
      expect(await hall.offices.officeOf(1n)).to.deep.equal(Object.values(first));
      expect(await hall.offices.officeOf(2n)).to.deep.equal(Object.values(second));
      expect(await hall.offices.lastOffice()).to.equal(2n);
      expect(await hall.offices.seatsOf(2n)).to.deep.equal(Array(16).fill([0n, 0n, 0n, 0n, 0n, false]));
    });

    it("answers the number to its caller", async () => {
      expect(await hall.governing.create.staticCall(office())).to.equal(1n);
    });
  });

  describe("officeOf", () => {
    it("reverts for an office that there is not", async () => {
      await create();
      for (const unknown of [0n, 2n, MaxUint256]) {
        await expect(hall.offices.officeOf(unknown))
          .to.be.revertedWithCustomError(hall.offices, "OfficesUnknown")
          .withArgs(unknown);
      }
    });
  });

  describe("change", () => {
    beforeEach(() => create({ seats: 3n }));

    it("reverts for everybody but the timelock", async () => {
      await expect(hall.by(1).change(OFFICE, office()))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnauthorized")
        .withArgs(hall.member(1).address, await timelock());
    });

    it("reverts for an office that there is not", async () => {
      await expect(hall.governing.change(UNKNOWN, office()))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnknown")
        .withArgs(UNKNOWN);
    });

    it("reverts for a parameter out of its range", async () => {
      await requireOutOfRange(change);
    });

    it("reverts for a seat that is held, until its last second", async () => {
      const since = await seated(1n, 2n, 3n);
      await hall.by(3).resign(OFFICE);
      await expect(change({ seats: 1n }))
        .to.be.revertedWithCustomError(hall.offices, "OfficesSeatHeld")
        .withArgs(OFFICE, 1n, since + TERM);
      await expect(hall.at(since + TERM - 1n, () => change({ seats: 1n })))
        .to.be.revertedWithCustomError(hall.offices, "OfficesSeatHeld")
        .withArgs(OFFICE, 1n, since + TERM);
      await hall.at(since + TERM, () => change({ seats: 1n }));
      expect(await seats()).to.have.length(1);
    });

    it("takes away seats that are free, and keeps who holds the others", async () => {
      const until = (await seated(1n, 2n, 3n)) + TERM;
      await hall.by(3).resign(OFFICE);
      const [before, after] = [office({ seats: 3n }), office({ seats: 2n, term: 2n * TERM })];
      await expect(hall.governing.change(OFFICE, after))
        .to.emit(hall.offices, "OfficeChanged")
        .withArgs(OFFICE, Object.values(before), Object.values(after));
      expect(await hall.offices.officeOf(OFFICE)).to.deep.equal(Object.values(after));
      expect(await seats()).to.deep.equal([
        { number: 1n, until, terms: 1n, vacated: false },
        { number: 2n, until, terms: 1n, vacated: false },
      ]);
    });

    it("adds seats that nobody ever held, even where one was taken away before", async () => {
      await seated(1n, 2n, 3n);
      await hall.by(2).resign(OFFICE);
      await hall.by(3).resign(OFFICE);
      await change({ seats: 1n });
      await change({ seats: 4n });
      const empty = { number: 0n, until: 0n, terms: 0n, vacated: false };
      expect((await seats()).slice(1)).to.deep.equal([empty, empty, empty]);
      expect(await hall.offices.freeSeats(OFFICE, await hall.now())).to.deep.equal([3n, 0n]);
    });

    it("is for terms that begin later", async () => {
      const since = await seated(1n);
      await change({ seats: 3n, term: 2n * TERM });
      const later = await seated(2n);
      expect((await seats()).map(({ until }) => until)).to.deep.equal([since + TERM, later + 2n * TERM, 0n]);
    });
  });

  describe("seat", () => {
    beforeEach(() => create({ seats: 3n }));

    it("reverts for everybody but the elections, the timelock included", async () => {
      const elections = await hall.elections.getAddress();
      await expect(hall.by(1).seat(OFFICE, [1n], [0n]))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnauthorized")
        .withArgs(hall.member(1).address, elections);
      await expect(hall.governing.seat(OFFICE, [1n], [0n]))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnauthorized")
        .withArgs(await timelock(), elections);
    });

    it("reverts for an office that there is not", async () => {
      await expect(hall.seat(UNKNOWN, 1n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnknown")
        .withArgs(UNKNOWN);
    });

    it("reverts for more winners than free seats, and seats none of them", async () => {
      await seated(1n, 2n);
      await expect(seat(3n, 4n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNoFreeSeat")
        .withArgs(OFFICE);
      expect((await seats())[2]?.number).to.equal(0n);
    });

    it("reverts in the last second of a term, and not in the next", async () => {
      const since = await seated(1n, 2n, 3n);
      await expect(seatAt(since + TERM - 1n, 4n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNoFreeSeat")
        .withArgs(OFFICE);
      await seatAt(since + TERM, 4n);
      expect((await seats())[0]?.number).to.equal(4n);
    });

    it("gives whole terms, in the order of the winners", async () => {
      const moment = (await hall.now()) + 100n;
      await expect(seatAt(moment, 5n, 2n))
        .to.emit(hall.offices, "SeatTaken")
        .withArgs(OFFICE, 5n, 0n, moment, moment + TERM, 1n)
        .and.to.emit(hall.offices, "SeatTaken")
        .withArgs(OFFICE, 2n, 1n, moment, moment + TERM, 1n);
      expect(await hall.offices.seatsOf(OFFICE)).to.deep.equal([
        [5n, 5n, moment, moment + TERM, 1n, false],
        [2n, 2n, moment, moment + TERM, 1n, false],
        [0n, 0n, 0n, 0n, 0n, false],
      ]);
    });

    it("gives the rest of a vacated term after the whole ones", async () => {
      const since = await seated(1n, 2n);
      await hall.by(1).resign(OFFICE);
      const later = await seated(4n, 5n);
      expect(await seats()).to.deep.equal([
        { number: 5n, until: since + TERM, terms: 1n, vacated: false },
        { number: 2n, until: since + TERM, terms: 1n, vacated: false },
        { number: 4n, until: later + TERM, terms: 1n, vacated: false },
      ]);
    });

    it("gives the rest of a vacated term first, where it is longer than a whole one is now", async () => {
      const since = await seated(1n);
      await hall.by(1).resign(OFFICE);
      await change({ seats: 3n, term: 30n * DAY });
      const later = await seated(4n, 5n);
      const held = (await seats()).map(({ number, until }) => [number, until]);
      expect(held).to.deep.equal([
        [4n, since + TERM],
        [5n, later + 30n * DAY],
        [0n, 0n],
      ]);
    });

    it("gives a whole term in a seat that was vacated in a term which is over since", async () => {
      const since = await seated(1n, 2n, 3n);
      await hall.by(3).resign(OFFICE);
      await seatAt(since + TERM, 4n, 5n, 6n);
      expect((await seats()).map(({ until }) => until)).to.deep.equal(Array(3).fill(since + 2n * TERM));
    });

    it("gives the rest of a term to its last second", async () => {
      const since = await seated(1n, 2n, 3n);
      await hall.by(2).resign(OFFICE);
      await seatAt(since + TERM - 1n, 4n);
      expect((await seats())[1]).to.deep.equal({
        number: 4n,
        until: since + TERM,
        terms: 1n,
        vacated: false,
      });
      expect(await hall.offices.holds(OFFICE, hall.member(4))).to.equal(true);
      await hall.goTo(since + TERM);
      expect(await hall.offices.holds(OFFICE, hall.member(4))).to.equal(false);
    });

    it("fills an office of 16 seats, with the largest numbers, and no more", async () => {
      await create({ seats: 16n });
      const numbers = Array.from({ length: 16 }, (_, index) => 2n ** 32n - 1n - BigInt(index));
      await hall.seat(2n, ...numbers);
      const since = await hall.now();
      expect(await hall.offices.seatsOf(2n)).to.deep.equal(
        numbers.map((number) => [number, number % 6n, since, since + TERM, 1n, false]),
      );
      await expect(hall.seat(2n, 1n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNoFreeSeat")
        .withArgs(2n);
    });

    it("changes no other office", async () => {
      await create({ seats: 3n });
      await seated(1n, 2n, 3n);
      await hall.seat(2n, 1n);
      expect((await seatsOf(hall.offices, 2n)).map(({ number }) => number)).to.deep.equal([1n, 0n, 0n]);
      expect((await seats()).map(({ number }) => number)).to.deep.equal([1n, 2n, 3n]);
    });
  });

  describe("terms in a row", () => {
    beforeEach(() => create({ seats: 2n, termLimit: 3n }));

    it("are one more with each term, whichever seat it is", async () => {
      const since = await seated(1n, 2n);
      await seatAt(since + TERM, 3n, 1n);
      expect((await seats()).map(({ number, terms }) => [number, terms])).to.deep.equal([
        [3n, 1n],
        [1n, 2n],
      ]);
      await expect(seatAt(since + 2n * TERM, 1n))
        .to.emit(hall.offices, "SeatTaken")
        .withArgs(OFFICE, 1n, 0n, since + 2n * TERM, since + 3n * TERM, 3n);
    });

    it("go on for who resigned on the last day", async () => {
      const since = await seated(1n);
      await hall.at(since + TERM - 1n, () => hall.by(1).resign(OFFICE));
      await seatAt(since + TERM, 1n);
      expect(await termsIn(0)).to.equal(2n);
    });

    it("go on for who takes the rest of the term that they left", async () => {
      await seated(1n);
      await hall.by(1).resign(OFFICE);
      await seated(2n, 1n);
      expect((await seats()).map(({ number, terms }) => [number, terms])).to.deep.equal([
        [1n, 2n],
        [2n, 1n],
      ]);
    });

    it("go on after somebody else's interlude", async () => {
      const since = await seated(1n, 2n);
      await seatAt(since + TERM, 3n, 4n);
      await hall.by(3).resign(OFFICE);
      await seatAt(since + 2n * TERM - 1n, 1n);
      expect(await termsIn(0)).to.equal(2n);
    });

    it("begin anew once a whole term lies between, also in another seat", async () => {
      const since = await seated(1n, 2n);
      await seatAt(since + TERM, 3n, 4n);
      await seatAt(since + 2n * TERM, 2n, 1n);
      expect(await termsIn(0)).to.equal(1n);
      expect(await termsIn(1)).to.equal(1n);
    });

    it("begin anew in a seat that stood empty for a whole term", async () => {
      const since = await seated(1n);
      await seatAt(since + 2n * TERM, 1n);
      expect(await termsIn(0)).to.equal(1n);
    });

    it("are those of the later term, also when an older seat of the same member is taken last", async () => {
      const since = await seated(2n, 1n);
      // Nobody takes the second seat: it keeps the first term of member 1.
      await seatAt(since + TERM + DAY, 1n);
      await seatAt(since + 2n * TERM + DAY, 3n, 4n);
      await hall.by(4).resign(OFFICE);
      await seated(1n);
      expect((await seats())[1]).to.include({ number: 1n, terms: 3n });
    });

    it("are those of the later term, also when it was left early and the older seat is taken last", async () => {
      const since = await seated(2n, 1n);
      await seatAt(since + TERM, 1n);
      await hall.by(1).resign(OFFICE);
      await change({ termLimit: 3n, term: 200n * DAY });
      // The rest of a year is longer than a whole term now, so the seat that was left is taken first.
      await seated(3n, 4n);
      await hall.by(3).resign(OFFICE);
      await seated(1n);
      expect((await seats())[0]).to.include({ number: 1n, terms: 3n });
    });

    it("are not those of a term that is long over, whose seat is taken last", async () => {
      const since = await seated(1n);
      await seatAt(since + TERM, 3n, 1n);
      expect(await termsIn(1)).to.equal(2n);
      await seatAt(since + 4n * TERM, 1n);
      expect(await termsIn(0)).to.equal(1n);
      await seatAt(since + 5n * TERM, 5n, 6n);
      await hall.by(5).resign(OFFICE);
      await seated(1n);
      expect(await termsIn(0)).to.equal(2n);
    });

    it("are counted in a seat that is no more", async () => {
      const since = await seated(1n, 2n);
      await hall.goTo(since + TERM);
      await change({ seats: 1n, termLimit: 3n });
      await seated(2n);
      expect(await termsIn(0)).to.equal(2n);
    });

    it("are counted up to 255", async () => {
      await create({ seats: 1n, term: DAY });
      let moment = (await hall.now()) + 1n;
      for (let term = 1n; term <= 256n; term++, moment += DAY) await hall.at(moment, () => hall.seat(2n, 1n));
      expect((await seatsOf(hall.offices, 2n))[0]?.terms).to.equal(255n);
    });
  });

  describe("mayServe", () => {
    it("reverts for an office that there is not", async () => {
      await expect(hall.offices.mayServe(UNKNOWN, 1n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnknown")
        .withArgs(UNKNOWN);
    });

    it("says yes for any number of terms where there is no limit", async () => {
      await create();
      const since = await seated(1n);
      await seatAt(since + TERM, 1n);
      await seatAt(since + 2n * TERM, 1n);
      expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(true);
    });

    context("given a limit of two terms", () => {
      beforeEach(() => create({ termLimit: 2n }));

      it("says yes to who never served, and in the first term", async () => {
        await seated(1n);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(true);
        expect(await hall.offices.mayServe(OFFICE, 2n)).to.equal(true);
      });

      it("says no from the second term on, until a whole term has passed after it", async () => {
        const since = await seated(1n);
        await seatAt(since + TERM, 1n);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(false);
        await hall.goTo(since + 3n * TERM - 1n);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(false);
        await hall.goTo(since + 3n * TERM);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(true);
      });

      it("says no to who resigned from the second term", async () => {
        const since = await seated(1n);
        await seatAt(since + TERM, 1n);
        await hall.by(1).resign(OFFICE);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(false);
      });

      it("says no while somebody else is in the seat", async () => {
        const since = await seated(1n);
        await seatAt(since + TERM, 1n);
        await seatAt(since + 2n * TERM, 2n);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(false);
        await hall.goTo(since + 3n * TERM - 1n);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(false);
        await hall.goTo(since + 3n * TERM);
        expect(await hall.offices.mayServe(OFFICE, 1n)).to.equal(true);
      });

      it("knows nothing of other offices", async () => {
        await create({ termLimit: 1n });
        const since = await seated(1n);
        await seatAt(since + TERM, 1n);
        expect(await hall.offices.mayServe(2n, 1n)).to.equal(true);
      });
    });
  });

  describe("resign", () => {
    beforeEach(() => create());

    it("reverts for who holds no seat: a stranger, a member, and anybody in an office that there is not", async () => {
      const stranger = hall.outsiders[0] as Signer;
      await expect(hall.offices.connect(stranger).resign(OFFICE))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 0n);
      await seated(1n);
      await expect(hall.by(2).resign(OFFICE))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 2n);
      await expect(hall.by(1).resign(UNKNOWN))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(UNKNOWN, 1n);
    });

    it("reverts for who has resigned", async () => {
      await seated(1n);
      await hall.by(1).resign(OFFICE);
      await expect(hall.by(1).resign(OFFICE))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 1n);
    });

    it("reverts once the term is over, and not a second earlier", async () => {
      const since = await seated(1n, 2n);
      await hall.at(since + TERM - 1n, () => hall.by(1).resign(OFFICE));
      await expect(hall.at(since + TERM, () => hall.by(2).resign(OFFICE)))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 2n);
    });

    it("vacates the seat of who calls, and no other", async () => {
      const until = (await seated(1n, 2n)) + TERM;
      await expect(hall.by(2).resign(OFFICE))
        .to.emit(hall.offices, "SeatVacated")
        .withArgs(OFFICE, 2n, 1n, Departure.Resigned);
      expect(await seats()).to.deep.equal([
        { number: 1n, until, terms: 1n, vacated: false },
        { number: 2n, until, terms: 1n, vacated: true },
      ]);
      expect(await hall.offices.holds(OFFICE, hall.member(1))).to.equal(true);
      expect(await hall.offices.holds(OFFICE, hall.member(2))).to.equal(false);
    });
  });

  describe("resignBySig", () => {
    const account = () => hall.member(1).address;
    const request = (changes: { office?: bigint; deadline?: bigint; nonce?: bigint } = {}) => ({
      account: account(),
      office: OFFICE,
      deadline: FAR,
      ...changes,
    });
    const sign = (changes = {}, signer: Signer = hall.member(1), domain = {}) =>
      signFor(hall.offices, signer, "ResignOffice", request(changes), domain);
    /** Somebody who is no member brings it. */
    const bring = (signature: string, { deadline = FAR, key = account(), of = OFFICE } = {}) =>
      hall.offices.connect(hall.outsiders[0] as Signer).resignBySig(key, of, deadline, signature);
    const invalid = (sending: Promise<unknown>, key = account()) =>
      expect(sending)
        .to.be.revertedWithCustomError(hall.offices, "SignedRequestsInvalidSignature")
        .withArgs(key);

    beforeEach(async () => {
      await create();
      await create();
      await hall.seat(1n, 1n, 2n);
      await hall.seat(2n, 1n);
    });

    it("reverts after the deadline, and not in its second", async () => {
      const deadline = (await hall.now()) + 100n;
      const signature = await sign({ deadline });
      await expect(hall.at(deadline + 1n, () => bring(signature, { deadline })))
        .to.be.revertedWithCustomError(hall.offices, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
      const later = deadline + 100n;
      const timely = await sign({ deadline: later });
      await hall.at(later, () => bring(timely, { deadline: later }));
      expect(await hall.offices.holds(OFFICE, account())).to.equal(false);
    });

    it("reverts for a signature of another key, office, deadline, contract, chain or nonce", async () => {
      await invalid(bring(await sign({}, hall.member(2))));
      await invalid(bring(await sign({ office: 2n })));
      await invalid(bring(await sign({ deadline: FAR - 1n })));
      await invalid(bring(await sign({}, hall.member(1), { verifyingContract: await timelock() })));
      await invalid(bring(await sign({}, hall.member(1), { chainId: 1n })));
      await invalid(bring(await sign({ nonce: 1n })));
      await invalid(bring(await sign(), { key: hall.member(2).address }), hall.member(2).address);
      expect(await hall.offices.holds(OFFICE, account())).to.equal(true);
      expect(await hall.offices.nonces(account())).to.equal(0n);
    });

    it("reverts for a signature that was used, also in another term", async () => {
      const signature = await sign();
      await bring(signature);
      await invalid(bring(signature));
      await hall.seat(OFFICE, 1n);
      await invalid(bring(signature));
      expect(await hall.offices.holds(OFFICE, account())).to.equal(true);
    });

    it("reverts for who signed and holds no seat", async () => {
      await hall.by(1).resign(OFFICE);
      await expect(bring(await sign()))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 1n);
    });

    it("vacates the seat of who signed, and uses the nonce up", async () => {
      await expect(bring(await sign()))
        .to.emit(hall.offices, "SeatVacated")
        .withArgs(OFFICE, 1n, 0n, Departure.Resigned);
      expect(await hall.offices.nonces(account())).to.equal(1n);
      expect(await hall.offices.holds(1n, account())).to.equal(false);
      expect(await hall.offices.holds(2n, account())).to.equal(true);
    });

    context("given a holder whose key is a contract", () => {
      it("takes the signature by which it answers, and no other", async () => {
        const [owner, stranger] = hall.outsiders as [Signer & { address: string }, Signer];
        const { wallet, address, number } = await walletOf(hall, owner);
        await create();
        await hall.seat(3n, number);
        const message = { account: address, office: 3n, deadline: FAR };
        const forged = await signFor(hall.offices, stranger, "ResignOffice", message);
        await invalid(bring(forged, { key: address, of: 3n }), address);
        const signature = await signFor(hall.offices, owner, "ResignOffice", message);
        await wallet.behave(1);
        await invalid(bring(signature, { key: address, of: 3n }), address);
        await wallet.behave(0);
        await bring(signature, { key: address, of: 3n });
        expect(await hall.offices.holds(3n, address)).to.equal(false);
      });
    });
  });

  describe("vacate", () => {
    beforeEach(async () => {
      await create();
      await seated(1n, 2n);
    });

    it("reverts for a member on the roll, suspended or not", async () => {
      await expect(hall.by(3).vacate(OFFICE, 1n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesOnRoll")
        .withArgs(OFFICE, 1n);
      const rights = maskOf(Right.Speak, Right.Propose, Right.Vote, Right.Stand);
      await hall.governingRoll.suspend(1n, rights, (await hall.now()) + 30n * DAY);
      await expect(hall.governing.vacate(OFFICE, 1n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesOnRoll")
        .withArgs(OFFICE, 1n);
      // On the roll without a seat: that comes first.
      await expect(hall.by(3).vacate(OFFICE, 3n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesOnRoll")
        .withArgs(OFFICE, 3n);
    });

    it("reverts for a number that was never given out", async () => {
      for (const number of [0n, 13n]) {
        await expect(hall.by(3).vacate(OFFICE, number))
          .to.be.revertedWithCustomError(hall.membership, "MembershipUnknownNumber")
          .withArgs(number);
      }
    });

    it("reverts for who left without a seat, whose seat is vacant, or whose term is over", async () => {
      for (const number of [1, 2, 3]) await hall.membership.connect(hall.member(number)).resign();
      await expect(hall.by(4).vacate(OFFICE, 3n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 3n);
      await hall.by(4).vacate(OFFICE, 1n);
      await expect(hall.by(4).vacate(OFFICE, 1n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 1n);
      await hall.goTo((await seats())[1]?.until as bigint);
      await expect(hall.by(4).vacate(OFFICE, 2n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesNotHolder")
        .withArgs(OFFICE, 2n);
    });

    it("lets anybody declare the seat vacant of who resigned from the roll", async () => {
      await hall.membership.connect(hall.member(2)).resign();
      await expect(hall.offices.connect(hall.outsiders[0] as Signer).vacate(OFFICE, 2n))
        .to.emit(hall.offices, "SeatVacated")
        .withArgs(OFFICE, 2n, 1n, Departure.LeftRoll);
      expect((await seats()).map(({ vacated }) => vacated)).to.deep.equal([false, true]);
      expect(await hall.offices.freeSeats(OFFICE, await hall.now())).to.deep.equal([1n, 1n]);
    });

    it("and of whose membership the members ended", async () => {
      await hall.governingRoll.end(1n);
      await expect(hall.by(3).vacate(OFFICE, 1n))
        .to.emit(hall.offices, "SeatVacated")
        .withArgs(OFFICE, 1n, 0n, Departure.LeftRoll);
    });
  });

  describe("holds", () => {
    let since: bigint;
    const holds = (account: string, of = OFFICE) => hall.offices.holds(of, account);
    const holder = () => hall.member(1).address;

    beforeEach(async () => {
      await create();
      since = await seated(1n);
    });

    it("is so for the holder's key in this office, and for no other key or office", async () => {
      await create();
      expect(await holds(holder())).to.equal(true);
      for (const other of [
        hall.member(2).address,
        hall.outsiders[0]?.address,
        await timelock(),
        ZeroAddress,
      ]) {
        expect(await holds(other as string)).to.equal(false);
      }
      for (const of of [0n, 2n, UNKNOWN, MaxUint256]) expect(await holds(holder(), of)).to.equal(false);
    });

    it("is so to the last second of the term", async () => {
      await hall.goTo(since + TERM - 1n);
      expect(await holds(holder())).to.equal(true);
      await hall.goTo(since + TERM);
      expect(await holds(holder())).to.equal(false);
    });

    it("follows the number to a new key", async () => {
      const newKey = hall.outsiders[0] as (typeof hall.members)[number];
      await rotateKey(hall, hall.member(1), newKey);
      expect(await holds(holder())).to.equal(false);
      expect(await holds(newKey.address)).to.equal(true);
      await hall.offices.connect(newKey).resign(OFFICE);
      expect(await holds(newKey.address)).to.equal(false);
    });

    it("is over at once for who left the roll, and stays so when the key joins again", async () => {
      await hall.membership.connect(hall.member(1)).resign();
      expect(await holds(holder())).to.equal(false);
      expect((await seats())[0]?.vacated).to.equal(false);
      const { digest } = await hall.membership.codeOfConduct();
      await hall.membership.connect(hall.member(1)).join(0, digest, "0x");
      expect(await holds(holder())).to.equal(false);
    });

    it("stays so for whose rights are suspended", async () => {
      const rights = maskOf(Right.Speak, Right.Propose, Right.Vote, Right.Stand);
      await hall.governingRoll.suspend(1n, rights, (await hall.now()) + 30n * DAY);
      expect(await holds(holder())).to.equal(true);
    });
  });

  describe("freeSeats", () => {
    it("reverts for an office that there is not", async () => {
      await expect(hall.offices.freeSeats(UNKNOWN, 0n))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnknown")
        .withArgs(UNKNOWN);
    });

    it("tells how many are free at a moment, and how many of them in mid-term", async () => {
      await create({ seats: 4n });
      const since = await seated(1n, 2n);
      await hall.goTo(since + 100n * DAY);
      const later = await seated(3n);
      await hall.by(1).resign(OFFICE);
      const free = async (moment: bigint) => [...(await hall.offices.freeSeats(OFFICE, moment))];
      expect(await free(await hall.now())).to.deep.equal([2n, 1n]);
      expect(await free(since + TERM - 1n)).to.deep.equal([2n, 1n]);
      expect(await free(since + TERM)).to.deep.equal([3n, 0n]);
      expect(await free(later + TERM - 1n)).to.deep.equal([3n, 0n]);
      expect(await free(later + TERM)).to.deep.equal([4n, 0n]);
      expect(await free(2n ** 48n - 1n)).to.deep.equal([4n, 0n]);
    });

    it("counts a seat of who left the roll once it is declared vacant", async () => {
      await create();
      await seated(1n, 2n);
      await hall.membership.connect(hall.member(1)).resign();
      expect(await hall.offices.freeSeats(OFFICE, await hall.now())).to.deep.equal([0n, 0n]);
      await hall.by(3).vacate(OFFICE, 1n);
      expect(await hall.offices.freeSeats(OFFICE, await hall.now())).to.deep.equal([1n, 1n]);
    });
  });

  describe("seatsOf", () => {
    it("reverts for an office that there is not", async () => {
      await expect(hall.offices.seatsOf(UNKNOWN))
        .to.be.revertedWithCustomError(hall.offices, "OfficesUnknown")
        .withArgs(UNKNOWN);
    });

    it("shows a last term until the seat is taken again", async () => {
      await create();
      const since = await seated(1n, 2n);
      await hall.goTo(since + 2n * TERM);
      expect(await seats()).to.deep.equal([
        { number: 1n, until: since + TERM, terms: 1n, vacated: false },
        { number: 2n, until: since + TERM, terms: 1n, vacated: false },
      ]);
      const later = await seated(3n);
      expect(await seats()).to.deep.equal([
        { number: 3n, until: later + TERM, terms: 1n, vacated: false },
        { number: 2n, until: since + TERM, terms: 1n, vacated: false },
      ]);
    });
  });
});
