import { type ContractTransactionResponse, id, type TypedDataDomain } from "ethers";
import type { ApprovalBallots, RankedBallots } from "../../typechain-types/index.js";
import { FAR } from "./attacks.js";
import { actAs, type Coalition, type Connection, foundCoalition, type Person } from "./governor.js";
import { domainOf } from "./requests.js";

export const DAY = 86_400;

/** The most ballots or openings that a batch holds. */
export const MAX_BATCH = 200;

/** Gas that must be left for every ballot of a batch: what a wallet may use and what counting then needs. */
export const NEEDED_GAS = 100_000n + 100_000n / 32n + 250_000n;

/** `IBallotBox.Flaw`. */
export const Flaw = {
  None: 0n,
  InvalidSignature: 1n,
  Expired: 2n,
  WrongNonce: 3n,
  NotEntitled: 4n,
  AlreadyCast: 5n,
  CastInPerson: 6n,
  Empty: 7n,
  UnknownOption: 8n,
  Overvote: 9n,
  NotSealed: 10n,
  WrongSeal: 11n,
} as const;

/** `ICandidacies.Phase`. */
export const Phase = {
  None: 0n,
  Nomination: 1n,
  Acceptance: 2n,
  Objection: 3n,
  Voting: 4n,
  Reveal: 5n,
  Certification: 6n,
  Finishing: 7n,
  Finished: 8n,
} as const;

/** `HostileWallet.Manner`. */
export const Manner = {
  Agreeing: 0,
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

/** The contracts that take ballots, by their names in a coalition, and how a ballot names options there. */
export const METHODS = {
  approval: {
    contract: "ApprovalBallots",
    ballotOf: (_candidates: number, ...options: number[]) => approve(...options),
  },
  ranked: {
    contract: "RankedBallots",
    ballotOf: (candidates: number, ...options: number[]) => rank(candidates, ...options),
  },
} as const;

export type Method = keyof typeof METHODS;
export type BallotBox = ApprovalBallots | RankedBallots;

/** A ballot that approves of these options; 0 is "re-open nominations". */
export const approve = (...options: number[]): bigint =>
  options.reduce((ballot, option) => ballot | (1n << BigInt(option)), 0n);

/** A ballot that ranks these options, the first one first. */
export function rank(candidates: number, ...options: number[]): bigint {
  const bits = candidates <= 14 ? 4n : candidates <= 30 ? 5n : 6n;
  return options.reduceRight((ballot, option) => (ballot << bits) | BigInt(option + 1), 0n);
}

/** An office of two seats with no limits, unless some are given. */
export const plainOffice = (changes: object = {}) => ({
  description: id("an office"),
  seats: 2,
  term: 365 * DAY,
  termLimit: 0,
  maxPerGroup: 0,
  maxPerOrganisation: 0,
  vacancy: 0,
  recallBps: 1_000,
  recallWindow: 30 * DAY,
  ...changes,
});

/** Rules by which whoever stands is a candidate at once, with phases of a day and a vote of three. */
export const plainRules = (changes: object = {}) => ({
  secret: false,
  calendar: true,
  seconds_: 0,
  secondGroups: 0,
  secondsByMember: 1,
  minBallots: 1,
  nomination: DAY,
  acceptance: DAY,
  objection: DAY,
  voting: 3 * DAY,
  reveal: DAY,
  certification: DAY,
  ...changes,
});

/** How an election is set up. */
export type Plan = {
  method?: Method;
  secret?: boolean;
  /** Changes to {@link plainOffice} and {@link plainRules}. */
  office?: object;
  rules?: object;
};

type Founded = Coalition & { members: Person[] };

/** Creates an office that is filled by elections of a kind; answers its number. */
export async function createOffice(
  connection: Connection,
  coalition: Coalition,
  { method = "approval", secret = false, office = {}, rules = {} }: Plan = {},
): Promise<bigint> {
  const { offices, elections, timelock } = coalition;
  const governing = await actAs(connection, timelock);
  await offices.connect(governing).create(plainOffice(office));
  const number = await offices.lastOffice();
  await elections
    .connect(governing)
    .setRules(number, { ...plainRules({ secret, ...rules }), method: coalition[method] });
  return number;
}

/** Announces an election by the calendar; answers its number and its moments. */
export async function announce({ elections, members }: Founded, office: bigint) {
  await elections.connect(members[0]).announce(office);
  const electionId = await elections.lastElectionOf(office);
  const [, announcedAt] = await elections.electionOf(electionId);
  const [acceptance, objection, opens, closes, countsFrom, finishing] = await elections.endsOf(electionId);
  return { office, electionId, announcedAt, acceptance, objection, opens, closes, countsFrom, finishing };
}

/** An election in which some members stand, in their order from option 1; still in nomination. */
export async function nominate(
  connection: Connection,
  coalition: Founded,
  candidates: readonly Person[],
  plan: Plan = {},
) {
  const election = await announce(coalition, await createOffice(connection, coalition, plan));
  for (const candidate of candidates) {
    await coalition.elections.connect(candidate).stand(election.electionId, id("a statement"));
  }
  return election;
}

/**
 * A coalition with an election whose vote is open, in which nobody has voted and the first three members stand. Wrap it in
 * a named fixture.
 * @param before Runs when the members' votes are mature, before the election is announced.
 * @param after Runs when it is announced, in the phase of nomination.
 */
export async function openElection(
  connection: Connection,
  {
    count = 12,
    candidates = 3,
    before = async () => {},
    after = async () => {},
    ...plan
  }: Plan & {
    count?: number;
    candidates?: number;
    before?: (coalition: Founded) => Promise<unknown>;
    after?: (coalition: Founded & { electionId: bigint }) => Promise<unknown>;
  } = {},
) {
  const method = plan.method ?? "approval";
  const coalition = await foundCoalition(connection, { count });
  await before(coalition);
  const election = await nominate(connection, coalition, coalition.members.slice(0, candidates), plan);
  await after({ ...coalition, ...election });
  await connection.networkHelpers.time.increaseTo(election.opens);
  const box: BallotBox = coalition[method];
  const { electionId } = election;
  /** A ballot for these options. */
  const ballot = (...options: number[]) => METHODS[method].ballotOf(candidates, ...options);
  /** Casts a ballot for these options in person. */
  const vote = (voter: Person, ...options: number[]) =>
    box.connect(voter).castBallot(electionId, ballot(...options));
  const numberOf = (person: Person) => coalition.membership.numberOf(person);
  return { ...coalition, ...election, box, ballot, vote, numberOf };
}

export type Opened = Awaited<ReturnType<typeof openElection>>;

const FIRST = [
  { name: "electionId", type: "uint256" },
  { name: "voter", type: "address" },
  { name: "ballot", type: "uint256" },
];
const DEADLINE = { name: "deadline", type: "uint256" };
const MESSAGES = {
  first: { FirstElectionBallot: [...FIRST, DEADLINE] },
  changed: { ElectionBallot: [...FIRST, { name: "nonce", type: "uint256" }, DEADLINE] },
};

export type SignedBallot = {
  voter: string;
  ballot: bigint;
  deadline: bigint;
  replaces: boolean;
  nonce: bigint;
  signature: string;
};

/** What a voter signs. With a nonce it is a ballot that replaces one. */
export type Message = {
  electionId: bigint;
  ballot: bigint;
  deadline?: bigint;
  /** Whose ballot it is, where another key signs for a contract. */
  voter?: string;
  nonce?: bigint;
};

/** Signs a ballot as a wallet would, over the domain that the box announces but for what is given. */
export async function signElectionBallot(
  box: BallotBox,
  signer: Person,
  { electionId, ballot, deadline = FAR, voter = signer.address, nonce }: Message,
  foreign: TypedDataDomain = {},
): Promise<SignedBallot> {
  const replaces = nonce !== undefined;
  const message = { electionId, voter, ballot, deadline, ...(replaces && { nonce }) };
  const types = replaces ? MESSAGES.changed : MESSAGES.first;
  const signature = await signer.signTypedData({ ...(await domainOf(box)), ...foreign }, types, message);
  return { voter, ballot, deadline, replaces, nonce: nonce ?? 0n, signature };
}

/** What came of a batch of ballots or openings, in the words of its events. */
export async function outcomeOf(box: BallotBox, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  const events = (receipt?.logs ?? []).map((log) => box.interface.parseLog(log));
  const named = (name: string, from: number) =>
    events.filter((event) => event?.name === name).map((event) => [...(event?.args ?? [])].slice(from));
  return {
    /** Number and ballot of each that counted. */
    cast: named("ElectionBallotCast", 1),
    /** Voter, place and flaw of each that did not. */
    skipped: named("ElectionBallotSkipped", 1),
    /** Number and ballot of each that was opened. */
    opened: named("BallotOpened", 1),
    /** Number, place and flaw of each opening passed over. */
    kept: named("OpeningSkipped", 1),
  };
}

/** Counts to the end, in as few transactions as it takes, and answers the outcome. */
export async function countOf(box: BallotBox, electionId: bigint) {
  while (!(await box.isCounted(electionId)))
    await (await box.getFunction("advance").send(electionId, 1_500)).wait();
  return box.outcome(electionId);
}
