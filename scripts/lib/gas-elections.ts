import assert from "node:assert/strict";
import type { BaseContract } from "ethers";
import type { IElections, IOffices } from "../../typechain-types/index.js";
import { digest, key } from "./gas-chain.js";
import { type Body, type Voter, voterAt } from "./gas-decisions.js";
import {
  approvalsOf,
  measureBallots,
  measureCount,
  measureOpening,
  relayRest,
  tiedApprovalsOf,
} from "./gas-election-ballots.js";
import type { OperationId } from "./gas-operations.js";
import type { Samples } from "./gas-samples.js";
import { DAY, type Deployed, inTurn } from "./gas-scene.js";

const [CANDIDATES, SEATS] = [10, 3];

/** Three seats for a term so short that the next election fills all of them anew. */
const OFFICE: IOffices.OfficeStruct = {
  description: digest("description"),
  seats: SEATS,
  term: 10 * DAY,
  termLimit: 0,
  maxPerGroup: 1,
  maxPerOrganisation: 0,
  vacancy: 0,
  recallBps: 1_000,
  recallWindow: 30 * DAY,
};

const RULES: Omit<IElections.RulesStruct, "method"> = {
  secret: false,
  calendar: true,
  seconds_: 2,
  secondGroups: 2,
  secondsByMember: 3,
  minBallots: 3,
  nomination: DAY,
  acceptance: DAY,
  objection: DAY,
  voting: 7 * DAY,
  reveal: DAY,
  certification: DAY,
};

/** The moments in `endsOf` from which on ballots are cast, opened, counted, and seats given. */
const [VOTING, REVEAL, CERTIFICATION, FINISHING] = [2, 3, 4, 5];

/** Whose two seconds a nominee gets, by position: of two groups each, and the first ten are of different members. */
const SECONDERS: readonly (readonly [nominee: number, first: number, last: number])[] = [
  [1, 6, 2],
  [2, 7, 3],
  [3, 8, 4],
  [4, 9, 5],
  [5, 10, 1],
  [6, 1, 8],
  [7, 2, 9],
  [8, 3, 10],
  [9, 4, 6],
  [10, 5, 7],
];
const FRESH = 5;

/** An election that is under way, and who stands in it, by option from 1. */
export interface Contest {
  readonly id: bigint;
  readonly office: bigint;
  readonly candidates: readonly Voter[];
}

export type Polls = Awaited<ReturnType<typeof setPolls>>;

/**
 * Elections of ten candidates to offices of three seats, each act shown to have had its effect: by approval, three of
 * them, so that a figure is the median of three; by sealed ballots; and ranked, in which every member votes. Then more
 * by approval, to the offices that were filled, without ties and with many. The same ten members stand at every size.
 */
export async function measureElections(body: Body, deployed: Deployed, samples: Samples): Promise<void> {
  const polls = await setPolls(body, deployed, samples);
  const { approval, ranked } = polls;
  const open: Contest[] = [];
  for (const _ of inTurn(() => undefined)) open.push(await announce(polls, approval, false));
  const secret = await announce(polls, approval, true);
  const preferential = await announce(polls, ranked, false);
  for (const contest of [...open, preferential]) await standAlone(polls, contest);
  await standTogether(polls, secret);
  for (const contest of [...open, secret, preferential]) await secondAll(polls, contest);
  await until(polls, preferential, VOTING);
  await measureBallots(polls, { open: open[0] as Contest, secret, preferential });
  for (const contest of open.slice(1)) await voteByTen(polls, contest, approvalsOf);
  await relayRest(polls, preferential);
  await until(polls, preferential, REVEAL);
  await measureOpening(polls, secret);
  await until(polls, preferential, CERTIFICATION);
  await measureCount(polls, preferential);
  await until(polls, preferential, FINISHING);
  for (const contest of open) await finish(polls, contest, "finishFirst");

  const offices = open.map(({ office }) => office);
  await electAgain(polls, offices, ["others first", approvalsOf, "finishElection"]);
  await electAgain(polls, offices, ["same first", tiedApprovalsOf, "finishTied"]);
}

async function setPolls(body: Body, deployed: Deployed, samples: Samples) {
  const { chain } = body;
  const { ethers } = chain.connection;
  const at = (name: keyof Deployed): Promise<string> => deployed[name].getAddress();
  return {
    body,
    chain,
    samples,
    membership: await ethers.getContractAt("Membership", await at("membership")),
    offices: await ethers.getContractAt("Offices", await at("offices")),
    elections: await ethers.getContractAt("Elections", await at("elections")),
    approval: await ethers.getContractAt("ApprovalBallots", await at("approval")),
    ranked: await ethers.getContractAt("RankedBallots", await at("ranked")),
    timelock: { address: await at("timelock") },
    /** The first ten on the roll, in their order. */
    ten: Array.from({ length: CANDIDATES }, (_, index) => voterAt(body, index + 1)),
    /** Sends a call and answers what it used. */
    act: async (
      to: BaseContract,
      { address: from }: { readonly address: string },
      call: string,
      args: readonly unknown[],
    ): Promise<number> =>
      chain.send({ from, to: await to.getAddress(), data: to.interface.encodeFunctionData(call, args) }),
  };
}

/** Lets time pass until a phase of an election begins. */
async function until({ chain, elections }: Polls, { id }: Contest, phase: number): Promise<void> {
  const ends = await elections.endsOf(id);
  await chain.wait(Number(ends[phase]) - chain.now);
}

/** A new office, and its first election; whoever is on the roll can announce it. */
async function announce(polls: Polls, method: BaseContract, secret: boolean): Promise<Contest> {
  const { act, elections, offices, samples, ten, timelock } = polls;
  await act(offices, timelock, "create", [OFFICE]);
  const office = await offices.lastOffice();
  const rules = { ...RULES, method: await method.getAddress(), secret };
  await act(elections, timelock, "setRules", [office, rules]);
  samples.add("announceElection", await act(elections, (ten[0] as Voter).wallet, "announce", [office]));
  return { id: await announced(polls, office), office, candidates: ten };
}

/** The next elections to offices that were filled; who comes first on the ballot wins. */
async function electAgain(
  polls: Polls,
  offices: readonly bigint[],
  [who, ballotOf, operation]: [
    who: "same first" | "others first",
    ballotOf: typeof approvalsOf,
    operation: "finishElection" | "finishTied",
  ],
): Promise<void> {
  const { act, elections, ten } = polls;
  const candidates = who === "same first" ? ten : [...ten].reverse();
  const contests: Contest[] = [];
  for (const office of offices) {
    await act(elections, (ten[0] as Voter).wallet, "announce", [office]);
    contests.push({ id: await announced(polls, office), office, candidates });
  }
  for (const contest of contests) {
    await standAlone(polls, contest);
    await secondAll(polls, contest);
  }
  const last = contests.at(-1) as Contest;
  await until(polls, last, VOTING);
  for (const contest of contests) await voteByTen(polls, contest, ballotOf);
  await until(polls, last, FINISHING);
  for (const contest of contests) await finish(polls, contest, operation);
}

async function announced({ elections }: Polls, office: bigint): Promise<bigint> {
  const id = await elections.lastElectionOf(office);
  const [filled, , seats] = await elections.electionOf(id);
  assert.deepEqual([filled, seats], [office, BigInt(SEATS)], "no election was announced");
  return id;
}

async function standAlone({ act, elections, samples }: Polls, { id, candidates }: Contest): Promise<void> {
  for (const { number, wallet } of candidates) {
    samples.add("stand", await act(elections, wallet, "stand", [id, digest(`statement of ${number}`)]));
    assert((await elections.nominationOf(id, number)).accepted, `member ${number} does not stand`);
  }
}

/** Each nominated by another, and accepting. */
async function standTogether({ act, elections, samples }: Polls, { id, candidates }: Contest): Promise<void> {
  for (const [index, { number, wallet }] of candidates.entries()) {
    const other = candidates[(index + 1) % CANDIDATES] as Voter;
    const nominating = await act(elections, other.wallet, "nominate", [id, wallet.address]);
    const accepting = await act(elections, wallet, "accept", [id, digest(`statement of ${number}`)]);
    samples.add("nominateAndAccept", nominating + accepting);
    assert((await elections.nominationOf(id, number)).accepted, `member ${number} does not stand`);
  }
}

/** Every nominee is seconded by two, and by the second of them admitted. */
async function secondAll(
  { act, elections, samples, ten }: Polls,
  { id, candidates }: Contest,
): Promise<void> {
  const admitted: bigint[] = [];
  for (const [position, first, last] of inOrder(candidates)) {
    const { number } = ten[position - 1] as Voter;
    const seconding = await act(elections, (ten[first - 1] as Voter).wallet, "second", [id, number]);
    const admitting = await act(elections, (ten[last - 1] as Voter).wallet, "second", [id, number]);
    // Of members who have seconded nobody before.
    if (position <= FRESH) {
      samples.add("secondNominee", seconding);
      samples.add("secondLast", admitting);
    }
    admitted.push(BigInt(number));
  }
  assert.deepEqual([...(await elections.candidatesOf(id))], admitted, "not every nominee was admitted");
}

/** The seconders of an election's candidates, in the order of these. */
function inOrder(candidates: readonly Voter[]): (typeof SECONDERS)[number][] {
  return candidates.map(({ number }) => SECONDERS.find(([nominee]) => nominee === number)).filter(isThere);
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

/** The ten vote, each for three of ten. */
async function voteByTen(
  { act, approval, ten }: Polls,
  { id }: Contest,
  ballotOf: typeof approvalsOf,
): Promise<void> {
  for (const { number, wallet } of ten) await act(approval, wallet, "castBallot", [id, ballotOf(number)]);
  const [ballots] = await approval.approvalsOf(id);
  assert.equal(ballots, BigInt(CANDIDATES), "not every ballot was counted");
}

/** Seats the winners: the first three of the ballot. */
async function finish(
  { act, elections, offices, samples }: Polls,
  { id, office, candidates }: Contest,
  operation: Extract<OperationId, "finishFirst" | "finishElection" | "finishTied">,
): Promise<void> {
  samples.add(operation, await act(elections, key("relayer"), "finish", [id]));
  const holders = (await offices.seatsOf(office)).map(({ number }) => Number(number));
  const winners = candidates.slice(0, SEATS).map(({ number }) => number);
  assert.deepEqual(holders.sort(), winners.sort(), "others than the winners hold the seats");
}
