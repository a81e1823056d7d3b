import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { type Coalition, readEffect } from "./coalition.js";
import type { Performance } from "./performance.js";
import type { Proposal } from "./proposals.js";
import { Reader, type Source } from "./reader.js";
import { OPERATIONS } from "./transactions.js";
import { type Count, type Decision, type Outcome, SIDES, type Side, STATES, type Story } from "./types.js";

/** A value and the number of the source it was read from. */
export interface Figure<T> {
  readonly value: T;
  readonly source: number;
}

export interface GroupFigures {
  readonly group: string;
  readonly members: number;
}

export interface BoundaryFigures {
  /** When the votes mature or matured, in seconds since 1970. */
  readonly at: number;
  readonly votes: number;
  /** How many the floor and the share let mature there. */
  readonly most: number;
  /** Mature votes from then on; undefined for a boundary in the future. */
  readonly electorate?: number;
}

/** A member who moved to another key. */
export interface RotationFigures {
  readonly number: number;
  readonly oldKey: string;
  readonly newKey: string;
  /** The numbers that the keys hold now; 0 for none. */
  readonly oldHolds: number;
  readonly newHolds: number;
  /** Ballots that the keys cast. */
  readonly oldBallots: number;
  readonly newBallots: number;
}

/** A ballot that was changed before the close, as it counts. */
export interface ChangeFigures {
  readonly number: number;
  readonly counts: Side | "none";
}

export interface EffectFigures {
  readonly what: string;
  readonly before: Figure<string>;
  readonly after: Figure<string>;
}

export interface DecisionFigures {
  readonly id: string;
  readonly title: string;
  readonly proposalId: string;
  readonly proposer: Figure<number>;
  readonly opened: Figure<number>;
  readonly closed: Figure<number>;
  readonly electorate: Figure<number>;
  readonly quorum: Figure<number>;
  readonly approvalFloor: number;
  readonly approvalBps: Figure<number>;
  readonly count: Figure<Count>;
  readonly byGroup: Figure<
    readonly { readonly group: string; readonly electorate: number; readonly count: Count }[]
  >;
  readonly electoratesSource: number;
  readonly state: Figure<(typeof STATES)[number]>;
  readonly outcome: Outcome;
  readonly changed: Figure<number>;
  readonly changes: Figure<readonly ChangeFigures[]>;
  readonly effects: readonly EffectFigures[];
}

export interface GasFigures {
  readonly operation: string;
  readonly times: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** Transactions of the least and the largest. */
  readonly minHash: string;
  readonly maxHash: string;
}

export interface Figures {
  readonly block: number;
  readonly time: number;
  readonly roll: {
    readonly total: Figure<number>;
    readonly byGroup: Figure<readonly GroupFigures[]>;
    readonly joined: Figure<{ readonly directly: number; readonly request: number }>;
    readonly codeVersion: Figure<number>;
    readonly codeDigest: Figure<string>;
  };
  readonly maturity: Figure<readonly BoundaryFigures[]>;
  readonly electoratesSource: number;
  readonly rotations: Figure<readonly RotationFigures[]>;
  readonly keysSource: number;
  readonly decisions: readonly DecisionFigures[];
  readonly gas: Figure<readonly GasFigures[]>;
  readonly sources: readonly Source[];
}

/** What {@link readFigures} must know: where the coalition is, and how to find what the story did. */
export interface Trail {
  readonly ethers: HardhatEthers;
  readonly coalition: Coalition;
  readonly story: Story;
  readonly performance: Performance;
  /** Block of the coalition's first transaction. */
  readonly fromBlock: number;
}

const BPS = 10_000n;

/** `Right.Vote` of IMembership. */
const VOTE = 2;

/** Reads everything that the report shows from the chain, at its latest block. */
export async function readFigures(trail: Trail): Promise<Figures> {
  const { ethers, coalition, story } = trail;
  const latest = await ethers.provider.getBlock("latest");
  if (latest === null) throw new Error("the chain has no latest block");
  const reader = new Reader(ethers, coalition, latest.number);
  const roll = await readRoll(trail, reader);
  const matured = await readMaturity(trail, reader, latest.timestamp);
  const rotated = await readRotations(trail, reader);
  const decisions: DecisionFigures[] = [];
  for (const decision of Object.values(story.decisions))
    decisions.push(await readDecision(trail, reader, decision));
  const gas = await readGas(trail, reader);
  return {
    block: latest.number,
    time: latest.timestamp,
    roll,
    ...matured,
    ...rotated,
    decisions,
    gas,
    sources: reader.sources,
  };
}

async function readRoll(
  { ethers, coalition, story, fromBlock }: Trail,
  reader: Reader,
): Promise<Figures["roll"]> {
  const { membership } = coalition;
  const total = await reader.ask("membership", "totalSupply");
  const byGroup = await reader.ask("membership", "membersByGroup");
  const code = await reader.ask("membership", "codeOfConduct");
  const events = await membership.queryFilter(membership.filters.MemberJoined(), fromBlock, reader.block);
  const bySig = membership.interface.getFunction("joinBySig").selector;
  const ways = await Promise.all(
    events.map(async ({ transactionHash }) =>
      (await ethers.provider.getTransaction(transactionHash))?.data.slice(0, 10),
    ),
  );
  const request = ways.filter((selector) => selector === bySig).length;
  return {
    total: { value: Number(total.answer[0]), source: total.source },
    byGroup: {
      value: story.groups.map((group, index) => ({ group, members: Number(byGroup.answer[0][index]) })),
      source: byGroup.source,
    },
    joined: {
      value: { directly: ways.length - request, request },
      source: reader.note(
        `events MemberJoined of ${await membership.getAddress()} from block ${fromBlock} on; the function that each one's transaction calls: join, or joinBySig (${bySig})`,
      ),
    },
    codeVersion: { value: Number(code.answer.version), source: code.source },
    codeDigest: { value: String(code.answer.digest), source: code.source },
  };
}

/** How many votes mature at which boundary, held against the floor and the share of the moment it opened. */
async function readMaturity(
  { ethers, coalition, fromBlock }: Trail,
  reader: Reader,
  now: number,
): Promise<Pick<Figures, "maturity" | "electoratesSource">> {
  const { membership } = coalition;
  const joined = await membership.queryFilter(membership.filters.MemberJoined(), fromBlock, reader.block);
  const paces = await membership.queryFilter(membership.filters.MaturityChanged(), fromBlock, reader.block);
  const boundaries = new Map<number, { block: number; votes: number }>();
  for (const { args, blockNumber } of joined) {
    const at = Number(args.votesFrom);
    const known = boundaries.get(at);
    if (known === undefined) boundaries.set(at, { block: blockNumber, votes: 1 });
    else known.votes++;
  }
  const past = [...boundaries.keys()].filter((at) => at < now);
  const electorates = await reader.askEach("membership", "getPastTotalSupply", [], past);
  const value: BoundaryFigures[] = [];
  for (const [at, { block, votes }] of boundaries) {
    // Who joins first for a boundary opens it; the seats are measured by the mature votes of that moment.
    const pace = paces.findLast(({ blockNumber }) => blockNumber <= block)?.args.newMaturity;
    const opened = (await ethers.provider.getBlock(block))?.timestamp;
    if (pace === undefined || opened === undefined) throw new Error(`block ${block} tells too little`);
    const mature = await membership.getPastTotalSupply(opened, { blockTag: reader.block });
    const share = (mature * pace.epochShareBps) / BPS;
    const most = Number(share > pace.epochFloor ? share : pace.epochFloor);
    const index = past.indexOf(at);
    const electorate = index < 0 ? {} : { electorate: Number(electorates.answers[index][0]) };
    value.push({ at, votes, most, ...electorate });
  }
  const roll = await membership.getAddress();
  const source = reader.note(
    `events MemberJoined of ${roll} from block ${fromBlock} on: votesFrom; the limit from its event MaturityChanged and getPastTotalSupply of the moment at which the first of them joined`,
  );
  return { maturity: { value, source }, electoratesSource: electorates.source };
}

async function readRotations(
  { coalition, fromBlock }: Trail,
  reader: Reader,
): Promise<Pick<Figures, "rotations" | "keysSource">> {
  const { membership, governor } = coalition;
  const events = await membership.queryFilter(membership.filters.KeyRotated(), fromBlock, reader.block);
  const keys = events.flatMap(({ args }) => [args.oldKey, args.newKey]);
  const holds = await reader.askEach("membership", "numberOf", [], keys);
  const ballots = await Promise.all(
    keys.map((key) => governor.queryFilter(governor.filters.VoteCast(key), fromBlock, reader.block)),
  );
  const value = events.map(({ args }, index) => ({
    number: Number(args.number),
    oldKey: args.oldKey,
    newKey: args.newKey,
    oldHolds: Number(holds.answers[2 * index][0]),
    newHolds: Number(holds.answers[2 * index + 1][0]),
    oldBallots: ballots[2 * index].length,
    newBallots: ballots[2 * index + 1].length,
  }));
  const source = reader.note(
    `events KeyRotated of ${await membership.getAddress()} and VoteCast of ${await governor.getAddress()} from block ${fromBlock} on`,
  );
  return { rotations: { value, source }, keysSource: holds.source };
}

async function readDecision(trail: Trail, reader: Reader, decision: Decision): Promise<DecisionFigures> {
  const { story, performance } = trail;
  const proposal = performance.proposal(decision.id);
  const { id } = proposal;
  const groups = story.groups.map((_, index) => index);
  const ask = async (name: string): Promise<Figure<number>> => {
    const { answer, source } = await reader.ask("governor", name, [id]);
    return { value: Number(answer[0]), source };
  };
  const proposer = await reader.ask("governor", "proposalProposer", [id]);
  const opened = await ask("proposalSnapshot");
  const electorate = await ask("proposalElectorate");
  const quorum = await ask("proposalQuorum");
  const votes = await reader.ask("governor", "proposalVotes", [id]);
  const rules = await reader.ask("governor", "proposalRules", [id]);
  const byGroup = await reader.askEach("governor", "proposalVotesByGroup", [id], groups);
  const electorates = await reader.ask("membership", "getPastVotesByGroup", [opened.value]);
  const state = await ask("state");
  const number = await numberBehind(trail, reader, proposer.answer[0]);
  const { approvalBps, approvalFloorBps } = rules.answer[0];
  const count = countOf(votes.answer);
  const approvalFloor = Number((BigInt(electorate.value) * approvalFloorBps + BPS - 1n) / BPS);
  return {
    id: decision.id,
    title: decision.title,
    proposalId: String(id),
    proposer: { value: number, source: proposer.source },
    opened,
    closed: await ask("proposalDeadline"),
    electorate,
    quorum,
    approvalFloor,
    approvalBps: { value: Number(approvalBps), source: rules.source },
    count: { value: count, source: votes.source },
    byGroup: {
      value: story.groups.map((group, index) => ({
        group,
        electorate: Number(electorates.answer[0][index]),
        count: countOf(byGroup.answers[index]),
      })),
      source: byGroup.source,
    },
    electoratesSource: electorates.source,
    state: { value: STATES[state.value], source: state.source },
    outcome: judge(count, quorum.value, approvalFloor, approvalBps),
    changed: await countChanges(trail, reader, id),
    changes: await readChanges(trail, reader, decision.id, id),
    effects: await readEffects(trail, reader, decision, proposal),
  };
}

function countOf(
  answer: { againstVotes: bigint; forVotes: bigint; abstainVotes: bigint } | Record<string, bigint>,
): Count {
  return {
    against: Number(answer.againstVotes),
    for: Number(answer.forVotes),
    abstain: Number(answer.abstainVotes),
  };
}

/** The governor's three tests, one after the other: an independent reckoning that its state must agree with. */
export function judge(count: Count, quorum: number, approvalFloor: number, approvalBps: bigint): Outcome {
  if (count.for + count.abstain < quorum) return "no quorum";
  const sides = BigInt(count.for + count.against);
  if (BigInt(count.for) * BPS <= sides * approvalBps) return "rejected";
  return count.for < approvalFloor ? "too little approval" : "passed";
}

/** The number that a key holds, or held last: a proposer or voter may have moved on to another key. */
async function numberBehind({ coalition }: Trail, { block }: Reader, key: string): Promise<number> {
  return Number((await coalition.membership.standingOf(key, VOTE, 0, { blockTag: block }))[1]);
}

/** Ballots on a decision beyond the first of a member, whatever key cast it. */
async function countChanges(trail: Trail, reader: Reader, proposalId: bigint): Promise<Figure<number>> {
  const { governor } = trail.coalition;
  const events = await governor.queryFilter(governor.filters.VoteCast(), trail.fromBlock, reader.block);
  const ballots = events.filter(({ args }) => args.proposalId === proposalId);
  const voters = await Promise.all(ballots.map(({ args }) => numberBehind(trail, reader, args.voter)));
  return {
    value: voters.length - new Set(voters).size,
    source: reader.note(
      `events VoteCast of ${await governor.getAddress()} from block ${trail.fromBlock} on: ballots on the proposal less the members who cast them`,
    ),
  };
}

/** What the members' ballots count as who changed them. */
async function readChanges(
  { performance }: Trail,
  reader: Reader,
  decision: string,
  proposalId: bigint,
): Promise<Figure<readonly ChangeFigures[]>> {
  const numbers = performance.changed.filter((one) => one.decision === decision).map(({ number }) => number);
  if (numbers.length === 0) return { value: [], source: 0 };
  const { answers, source } = await reader.askEach("governor", "receiptOf", [proposalId], numbers);
  // A receipt is the ballot's support plus one; 0 is none.
  const value = numbers.map((number, index) => ({
    number,
    counts: SIDES[Number(answers[index][0]) - 1] ?? "none",
  }));
  return { value, source };
}

async function readEffects(
  { coalition, story }: Trail,
  reader: Reader,
  decision: Decision,
  { before }: Proposal,
): Promise<EffectFigures[]> {
  const figures: EffectFigures[] = [];
  for (const effect of story.expected.decisions[decision.id].effects) {
    const earlier = before.get(effect);
    if (earlier === undefined) throw new Error(`${decision.id} was neither carried out nor closed`);
    const { contract, getter, field } = effect;
    figures.push({
      what: `${contract}.${getter}().${field}`,
      before: { value: earlier.value, source: await reader.noteCall(contract, getter, earlier.block) },
      after: {
        value: await readEffect(coalition, effect, reader.block),
        source: await reader.noteCall(contract, getter, reader.block),
      },
    });
  }
  return figures;
}

async function readGas({ ethers, performance }: Trail, reader: Reader): Promise<Figures["gas"]> {
  const value: GasFigures[] = [];
  for (const operation of OPERATIONS) {
    const hashes = performance.transactions.done
      .filter((sent) => sent.operation === operation)
      .map(({ hash }) => hash);
    if (hashes.length === 0) continue;
    const used = await Promise.all(
      hashes.map(async (hash) => ({
        hash,
        gas: Number((await ethers.provider.getTransactionReceipt(hash))?.gasUsed),
      })),
    );
    used.sort((one, other) => one.gas - other.gas);
    const [least, most] = [used[0], used[used.length - 1]];
    const middle = (used[(used.length - 1) >> 1].gas + used[used.length >> 1].gas) / 2;
    value.push({
      operation,
      times: used.length,
      min: least.gas,
      median: Math.round(middle),
      max: most.gas,
      minHash: least.hash,
      maxHash: most.hash,
    });
  }
  return { value, source: reader.note("eth_getTransactionReceipt of each transaction: gasUsed") };
}
