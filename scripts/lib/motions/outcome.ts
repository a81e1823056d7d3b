import { AbiCoder, type Interface, keccak256 } from "ethers";
import {
  CoalitionGovernor__factory,
  Membership__factory,
  MinorityStatements__factory,
} from "../../../typechain-types/index.js";
import type { Difference } from "../elections/record.js";
import type { ChainLog } from "../elections/source.js";
import { Problem } from "../problem.js";
import { headOf } from "../record-series.js";

/** Logs that an outcome is told from: each list in the order of the chain, from the first block on. */
export interface OutcomeLogs {
  readonly statements: readonly ChainLog[];
  readonly governor: readonly ChainLog[];
  readonly roll: readonly ChainLog[];
}

/** What no event says of a vote that was lost: how it was judged, and how long statements were taken. */
export interface Judgement {
  /** `DecisionRules.Class`. */
  readonly kind: bigint;
  readonly passed: boolean;
  /** Seconds after the close of the vote. */
  readonly window: bigint;
}

/** Where statements are kept: their outcome is one of this contract on this chain. */
export interface StatementsPlace {
  readonly chainId: bigint;
  readonly contract: string;
}

/** What a decision came to, in the terms of `IMinorityStatements.Outcome`. Moments in seconds since 1970. */
export interface OutcomeFigures {
  readonly kind: bigint;
  readonly passed: boolean;
  readonly againstVotes: bigint;
  readonly forVotes: bigint;
  readonly abstainVotes: bigint;
  readonly closedAt: bigint;
  readonly statementsUntil: bigint;
  readonly statements: bigint;
  readonly series: bigint;
  readonly record: string;
}

const FACES = {
  statements: MinorityStatements__factory.createInterface(),
  governor: CoalitionGovernor__factory.createInterface(),
  roll: Membership__factory.createInterface(),
} as const;

/** The types of a record, in the order in which `IMinorityStatements` lists them. */
const RECORD = [
  ...["uint256", "address", "uint256", "uint8", "bool", "uint256", "uint256", "uint256"],
  ...["uint48", "uint48", "uint32", "uint256"],
];

/** What is compared, with what a person calls it. */
const COMPARED = {
  kind: "decision class",
  passed: "whether the vote passed",
  againstVotes: "votes Against",
  forVotes: "votes For",
  abstainVotes: "votes Abstain",
  closedAt: "close of the vote",
  statementsUntil: "end of the window for statements",
  statements: "number of statements",
  series: "series of statements and co-signatures",
  record: "record of the outcome",
} as const satisfies Record<keyof OutcomeFigures, string>;

/**
 * Computes the outcome of a decision, and the digest that later documents cite, from events: who voted how, when the
 * vote closed, what was filed and co-signed.
 * @throws {Problem} where the events do not tell of the decision, or tell of a ballot of nobody.
 */
export function recomputeOutcome(
  place: StatementsPlace,
  proposalId: bigint,
  logs: OutcomeLogs,
  { kind, passed, window }: Judgement,
): OutcomeFigures {
  const said = recordsOf(logs.statements, proposalId);
  const votes = votesOf(logs, proposalId);
  const closedAt = closeOf(logs.governor, proposalId);
  const figures = {
    ...{ kind, passed, ...votes, closedAt },
    statementsUntil: closedAt + window,
    statements: said.statements,
    series: headOf(said.records),
  };
  const { againstVotes, forVotes, abstainVotes, statementsUntil, statements, series } = figures;
  const record = hashOf(RECORD, [
    ...[place.chainId, place.contract, proposalId, kind, passed, againstVotes, forVotes, abstainVotes],
    ...[closedAt, statementsUntil, statements, series],
  ]);
  return { ...figures, record };
}

/** Where events and chain do not agree on an outcome; nowhere if the list of events is the whole one. */
export function outcomeDifferences(recount: OutcomeFigures, chain: OutcomeFigures): Difference[] {
  return (Object.keys(COMPARED) as (keyof OutcomeFigures)[])
    .filter((key) => recount[key] !== chain[key])
    .map((key) => ({ what: COMPARED[key], recount: `${recount[key]}`, chain: `${chain[key]}` }));
}

/** The records of a decision's series as its events have them, in the order in which they are given. */
function recordsOf(logs: readonly ChainLog[], proposalId: bigint) {
  let statements = 0n;
  const records = logs.flatMap((log) => {
    const { name, args } = read(FACES.statements, log);
    if (args?.proposalId !== proposalId) return [];
    if (name === "StatementCosigned") return [hashOf(["uint256", "uint256"], [args.statement, args.number])];
    if (name !== "StatementFiled") return [];
    statements++;
    return [hashOf(["uint256", "uint256", "bytes32"], [args.statement, args.number, args.digest])];
  });
  return { records, statements };
}

/** The last second of the vote: as it was proposed, unless a late swing moved it. */
function closeOf(logs: readonly ChainLog[], proposalId: bigint): bigint {
  const closes = logs.flatMap((log) => {
    const { name, args } = read(FACES.governor, log);
    if (args?.proposalId !== proposalId) return [];
    if (name === "ProposalCreated") return [args.voteEnd as bigint];
    return name === "ProposalExtended" ? [args.deadline as bigint] : [];
  });
  const close = closes.at(-1);
  if (close === undefined) throw new Problem(`The events do not tell of a decision ${proposalId}.`);
  return close;
}

/** The ballots that count: the last one of each member number, with what was taken back from it since. */
function votesOf({ governor, roll }: OutcomeLogs, proposalId: bigint) {
  const numbers = new Map<string, bigint>();
  const ballots = new Map<bigint, { support: bigint; weight: bigint }>();
  const events = [
    ...governor.map((log) => ({ log, face: FACES.governor as Interface })),
    ...roll.map((log) => ({ log, face: FACES.roll as Interface })),
  ].sort(({ log: one }, { log: other }) => one.blockNumber - other.blockNumber || one.index - other.index);
  for (const { log, face } of events) {
    const { name, args } = read(face, log);
    if (name === "Transfer") numbers.set(args.to, args.tokenId);
    if (args?.proposalId !== proposalId) continue;
    if (name === "VoteCast") {
      const number = numbers.get(args.voter);
      if (number === undefined) throw new Problem(`${args.voter} voted and never joined the roll.`);
      ballots.set(number, { support: args.support, weight: args.weight });
    }
    // A delegate who votes afterwards casts the lesser weight at once.
    const lessened = name === "DelegatedVoteTakenBack" ? ballots.get(args.delegate) : undefined;
    if (lessened !== undefined) lessened.weight--;
  }
  const sum = (support: bigint) =>
    [...ballots.values()].reduce((all, one) => (one.support === support ? all + one.weight : all), 0n);
  return { againstVotes: sum(0n), forVotes: sum(1n), abstainVotes: sum(2n) };
}

// biome-ignore lint/suspicious/noExplicitAny: what an event says differs from one to another
function read(face: Interface, log: ChainLog): { readonly name: string | undefined; readonly args: any } {
  const event = face.parseLog(log);
  return { name: event?.name, args: event?.args };
}

function hashOf(types: string[], values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
