import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Coalition } from "./coalition.js";
import { readDecision } from "./decision-figures.js";
import type { Performance } from "./performance.js";
import { Reader, type Source } from "./reader.js";
import { OPERATIONS } from "./transactions.js";
import type { Count, Outcome, Side, STATES, Story } from "./types.js";

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
  readonly class: Figure<string>;
  /** Whether it was endorsed as its class asks, and opened. */
  readonly admitted: Figure<boolean>;
  /** Groups that are heard, those of them in which For exceeds Against, and how many of those it takes. */
  readonly agreement: Figure<{ readonly heard: number; readonly agreeing: number; readonly needed: number }>;
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
  const { membership, requests } = coalition;
  const total = await reader.ask("membership", "totalSupply");
  const byGroup = await reader.ask("membership", "membersByGroup");
  const code = await reader.ask("membership", "codeOfConduct");
  const events = await membership.queryFilter(membership.filters.MemberJoined(), fromBlock, reader.block);
  const bySig = requests.interface.getFunction("joinBySig").selector;
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
  const qualified = await membership.queryFilter(
    membership.filters.MemberQualified(),
    fromBlock,
    reader.block,
  );
  const paces = await membership.queryFilter(membership.filters.MaturityChanged(), fromBlock, reader.block);
  const boundaries = new Map<number, { block: number; votes: number }>();
  // In the order of the queue; participants are not in it until they qualify.
  const queued = [...joined, ...qualified]
    .filter(({ args }) => args.votesFrom !== 0n)
    .sort((one, other) => one.blockNumber - other.blockNumber || one.index - other.index);
  for (const { args, blockNumber } of queued) {
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
    `events MemberJoined and MemberQualified of ${roll} from block ${fromBlock} on: votesFrom; the limit from its event MaturityChanged and getPastTotalSupply of the moment at which the first of them joined`,
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
