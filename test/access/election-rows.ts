import { id, MaxUint256 } from "ethers";
import { Right } from "../helpers/governor.js";
import { signStruct } from "../helpers/signing.js";
import { ALLOWED, DIGEST, everybody, nobody, type Row, SOON, timelockOnly } from "./cells.js";
import { APPROVAL, DEFINITION, electionRules, LOT, RANKED, SALT } from "./election-world.js";
import type { World } from "./world.js";

const STAND = "Stand(address account,uint256 electionId,bytes32 statement,uint256 nonce,uint256 deadline)";
const RESIGN = "ResignOffice(address account,uint256 office,uint256 nonce,uint256 deadline)";
const SUPPORT = "SupportPetition(address account,uint256 petition,uint256 nonce,uint256 deadline)";
const FIRST_BALLOT = "FirstElectionBallot(uint256 electionId,address voter,uint256 ballot,uint256 deadline)";

const STATEMENT = id("statement");
const PETITION = 1;
/** `ICandidacies.ActKind`. */
const STANDING_ACT = 1;

type Named = keyof World["contests"];
type Box = "approval" | "ranked";

/** What a caller is told who lacks a right: in an election at the moment of its announcement. */
const refusal =
  (right: number, contest?: Named): Row["says"] =>
  async (world, caller) => {
    const { membership, elections, contests } = world;
    const moment = contest ? (await elections.electionOf(contests[contest])).announcedAt : await world.now();
    const [standing, , , explanation] = await membership.standingOf(caller, right, moment);
    return { CandidaciesRefused: [caller, right, standing, explanation] };
  };

/** For members whose vote counted when the election was announced. */
const electorate = (contest: Named, emits: string, args: Row["with"], right: number, note?: string): Row => ({
  note,
  with: args,
  others: "CandidaciesRefused",
  except: { mature: ALLOWED },
  says: refusal(right, contest),
  emits,
});

/** For whoever may speak. */
const speakers = (emits: string, args: Row["with"], note: string): Row => ({
  note,
  with: args,
  others: "CandidaciesRefused",
  except: { participant: ALLOWED, immature: ALLOWED, mature: ALLOWED },
  says: refusal(Right.Speak),
  emits,
});

/** The voter stands, by signature. */
async function standing({ elections, voter, contests }: World) {
  const message = {
    account: voter.address,
    electionId: contests.nomination,
    statement: STATEMENT,
    deadline: SOON,
  };
  const signature = await signStruct(elections, voter, STAND, message);
  return [STANDING_ACT, voter.address, contests.nomination, STATEMENT, SOON, signature];
}

/** The delegate asks for the recall of the voter, who holds an office. */
const petitioned = ({ offices, delegate, contests, settled }: World) =>
  offices.connect(delegate).petition(contests.seated, settled, DIGEST);

/** The same with all the support that it needs. */
async function supported(world: World) {
  await petitioned(world);
  for (const member of world.members.slice(7, 9)) await world.offices.connect(member).support(PETITION);
}

/** For members whose vote counts. */
const supporters = (emits: string, args: Row["with"], note: string): Row => ({
  note,
  with: args,
  others: "OfficesSupporterRefused",
  except: { mature: ALLOWED },
  says: async ({ membership, now }, caller) => {
    const [standing, , , explanation] = await membership.standingOf(caller, Right.Vote, await now());
    return { OfficesSupporterRefused: [caller, standing, explanation] };
  },
  emits,
});

/** Of a contract of the elections, for the timelock. */
const officeRule = (emits: string, args: Row["with"], note?: string): Row =>
  timelockOnly(emits, args, note, "OfficesUnauthorized");
const electionRule = (emits: string, args: Row["with"], note?: string): Row =>
  timelockOnly(emits, args, note, "ElectionsUnauthorized");

/** Of the offices, for the elections that fill them. */
const electionsOnly = (act: "finish" | "fillVacancy", args: Row["with"]): Row => ({
  ...nobody("OfficesUnauthorized", args, `allowed to \`Elections\` alone, by its \`${act}\``),
  says: async ({ elections }, caller) => ({ OfficesUnauthorized: [caller, elections] }),
});

/** A method's functions, the same for both. */
function boxRows(box: Box) {
  const [ballot, voting, opening]: [bigint, Named, Named] =
    box === "approval" ? [APPROVAL, "voting", "opening"] : [RANKED, "votingRanked", "openingRanked"];
  const signed = async (world: World) => {
    const { voter, contests } = world;
    const message = { electionId: contests[voting], voter: voter.address, ballot, deadline: SOON };
    const signature = await signStruct(world[box], voter, FIRST_BALLOT, message);
    return [contests[voting], [[voter.address, ballot, SOON, false, 0n, signature]]];
  };
  return {
    "prepare(uint256,(uint48,uint48,uint48,uint48,uint8,bool,uint32))": nobody(
      "BallotMethodUnauthorized",
      () => [99n, [1, 2, 3, 4, 1, false, 1]],
      "allowed to `Elections` alone, by its `announce`",
    ),
    "castBallot(uint256,uint256)": {
      note: "in an election whose vote is open",
      with: ({ contests }) => [contests[voting], ballot],
      others: "BallotBoxRefused",
      except: { mature: ALLOWED },
      says: async (world, caller) => {
        const { membership, elections, contests } = world;
        const { announcedAt } = await elections.electionOf(contests[voting]);
        const [standing, , , explanation] = await membership.standingOf(caller, Right.Vote, announcedAt);
        return { BallotBoxRefused: [contests[voting], caller, standing, explanation] };
      },
      emits: "ElectionBallotCast",
    },
    "castBallots(uint256,(address,uint256,uint48,bool,uint256,bytes)[])": everybody(
      "ElectionBallotCast",
      signed,
      "with ballots that other members have signed",
    ),
    "open(uint256,uint256,uint256,bytes32)": everybody(
      "BallotOpened",
      ({ contests, settled }) => [contests[opening], settled, ballot, SALT],
      "with the salt of a sealed ballot",
    ),
    "openMany(uint256,(uint256,uint256,bytes32)[])": everybody(
      "BallotOpened",
      ({ contests, settled }) => [contests[opening], [[settled, ballot, SALT]]],
      "with the salts of sealed ballots",
    ),
  } satisfies Record<string, Row>;
}

/** Who may call what of offices, elections and ballot boxes. */
export const ELECTION_ROWS = {
  Offices: {
    "bind()": nobody("OfficesBound", () => [], "called by `Elections` at its birth"),
    "create((bytes32,uint8,uint32,uint8,uint8,uint8,uint8,uint16,uint32))": officeRule(
      "OfficeCreated",
      () => [Object.values(DEFINITION)],
    ),
    "change(uint256,(bytes32,uint8,uint32,uint8,uint8,uint8,uint8,uint16,uint32))": officeRule(
      "OfficeChanged",
      ({ contests }) => [contests.seated, Object.values(DEFINITION)],
    ),
    "seat(uint256,uint256[],uint256[])": electionsOnly("finish", ({ contests, target }) => [
      contests.voting,
      [target],
      [0n],
    ]),
    "seatForRest(uint256,uint256,uint256)": electionsOnly("fillVacancy", ({ contests, target }) => [
      contests.voting,
      target,
      0n,
    ]),
    "resign(uint256)": {
      note: "called by a holder, here the mature member",
      with: ({ contests }) => [contests.seated],
      others: "OfficesNotHolder",
      except: { mature: ALLOWED },
      says: async ({ membership, contests }, caller) => ({
        OfficesNotHolder: [contests.seated, await membership.numberOf(caller)],
      }),
      emits: "SeatVacated",
    },
    "resignBySig(address,uint256,uint256,bytes)": everybody(
      "SeatVacated",
      async ({ offices, voter, contests: { seated } }) => {
        const message = { account: voter.address, office: seated, deadline: MaxUint256 };
        return [voter.address, seated, MaxUint256, await signStruct(offices, voter, RESIGN, message)];
      },
      "with a message that a holder has signed",
    ),
    "vacate(uint256,uint256)": {
      ...everybody(
        "SeatVacated",
        ({ contests, settled }) => [contests.seated, settled],
        "of a holder who has left the roll",
      ),
      scene: ({ membership, voter }) => membership.connect(voter).resign(),
    },
    "petition(uint256,uint256,bytes32)": supporters(
      "PetitionOpened",
      ({ contests, settled }) => [contests.seated, settled, DIGEST],
      "about the holder of an office",
    ),
    "support(uint256)": {
      ...supporters("PetitionSupported", () => [PETITION], "of a petition that is open"),
      scene: petitioned,
    },
    "supportBySig(address,uint256,uint256,bytes)": {
      ...everybody(
        "PetitionSupported",
        async ({ offices, voter }) => {
          const message = { account: voter.address, petition: PETITION, deadline: MaxUint256 };
          return [voter.address, PETITION, MaxUint256, await signStruct(offices, voter, SUPPORT, message)];
        },
        "with a message that another member has signed",
      ),
      scene: petitioned,
    },
    "recall(uint256)": {
      ...officeRule("SeatVacated", () => [PETITION], "of a petition that has the support it needs"),
      scene: supported,
    },
  },

  Elections: {
    "nominate(uint256,address)": speakers(
      "MemberNominated",
      ({ contests, voter }) => [contests.nomination, voter],
      "of a member who may stand",
    ),
    "stand(uint256,bytes32)": electorate(
      "nomination",
      "NominationAccepted",
      ({ contests }) => [contests.nomination, STATEMENT],
      Right.Stand,
    ),
    "accept(uint256,bytes32)": {
      ...electorate(
        "nomination",
        "NominationAccepted",
        ({ contests }) => [contests.nomination, STATEMENT],
        Right.Stand,
        "called by a nominee, here the mature member",
      ),
      scene: ({ elections, voter, contests, people }) =>
        elections.connect(voter).nominate(contests.nomination, people.mature),
    },
    "second(uint256,uint256)": electorate(
      "nomination",
      "NomineeSeconded",
      ({ contests, target }) => [contests.nomination, target],
      Right.Vote,
      "of a nominee",
    ),
    "withdraw(uint256)": {
      note: "called by a candidate, here the mature member",
      with: ({ contests }) => [contests.voting],
      others: "CandidaciesNotNominated",
      except: { mature: ALLOWED },
      says: async ({ membership, contests }, caller) => ({
        CandidaciesNotNominated: [contests.voting, await membership.numberOf(caller)],
      }),
      emits: "CandidateWithdrew",
    },
    "object(uint256,uint256,bytes32)": electorate(
      "objection",
      "ObjectionRaised",
      ({ contests, target }) => [contests.objection, target, DIGEST],
      Right.Vote,
      "to a candidate",
    ),
    "strike(uint256,uint256,bytes32)": {
      note: "called by the arbiter, here the mature member",
      with: ({ contests, target }) => [contests.objection, target, DIGEST],
      others: "CandidaciesNotArbiter",
      except: { mature: ALLOWED },
      says: async ({ people }, caller) => ({ CandidaciesNotArbiter: [caller, people.mature] }),
      emits: "CandidateStruck",
    },
    "commitLot(uint256,bytes32)": electorate(
      "nomination",
      "LotCommitted",
      ({ contests }) => [contests.nomination, DIGEST],
      Right.Vote,
      "until the vote opens",
    ),
    "revealLot(uint256,uint256,uint256)": everybody(
      "LotRevealed",
      ({ contests, settled }) => [contests.opening, settled, LOT],
      "of what a member committed to",
    ),
    "actBySig((uint8,address,uint256,bytes32,uint256,bytes))": everybody(
      "NominationAccepted",
      async (world) => [await standing(world)],
      "with an act that another member has signed",
    ),
    "actMany((uint8,address,uint256,bytes32,uint256,bytes)[])": everybody(
      "NominationAccepted",
      async (world) => [[await standing(world)]],
      "with acts that other members have signed",
    ),
    "actOne((uint8,address,uint256,bytes32,uint256,bytes))": nobody(
      "CandidaciesUnauthorized",
      async (world) => [await standing(world)],
      "allowed to the contract itself alone, by its `actMany`",
    ),
    "setRules(uint256,(address,bool,bool,uint8,uint8,uint8,uint16,uint32,uint32,uint32,uint32,uint32,uint32))":
      electionRule("ElectionRulesChanged", async ({ approval, contests }) => [
        contests.seated,
        Object.values(electionRules(await approval.getAddress())),
      ]),
    "setArbiter(address)": electionRule("ArbiterChanged", ({ applicant }) => [applicant]),
    "announce(uint256)": {
      ...speakers(
        "ElectionAnnounced",
        ({ offices }) => offices.lastOffice().then((office) => [office]),
        "where the office has a calendar; else the timelock alone",
      ),
      except: { participant: ALLOWED, immature: ALLOWED, mature: ALLOWED, timelock: ALLOWED },
      scene: async ({ offices, elections, approval, people: { timelock } }) => {
        await offices.connect(timelock).create(DEFINITION);
        const rules = electionRules(await approval.getAddress());
        await elections.connect(timelock).setRules(await offices.lastOffice(), rules);
      },
    },
    "finish(uint256)": everybody(
      "ElectionFinished",
      ({ contests }) => [contests.finishing],
      "of an election that is counted",
    ),
    "fillVacancy(uint256)": {
      ...everybody("VacancyFilled", ({ contests }) => [contests.seated], "while a runner-up waits"),
      scene: ({ offices, voter, contests }) => offices.connect(voter).resign(contests.seated),
    },
  },

  ApprovalBallots: boxRows("approval"),

  RankedBallots: {
    ...boxRows("ranked"),
    "advance(uint256,uint256)": everybody(
      "StageCounted",
      ({ contests }) => [contests.counting, 100n],
      "once counting has begun",
    ),
  },
} satisfies Record<string, Record<string, Row>>;
