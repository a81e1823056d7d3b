import type { Outcome } from "../member/coalition.js";
import { listed } from "../member/words.js";
import { Problem } from "../problem.js";
import { countApprovals } from "./approval-count.js";
import { Chronicle, type Happening } from "./chronicle.js";
import { countRanked, type RankedResult } from "./ranked-count.js";
import { type Difference, describePapers, type ElectionRecord, readRecord } from "./record.js";
import { seatRunnerUp, seatWinners, termHoldersAt } from "./seating.js";
import type { Claims, Source } from "./source.js";

/** What a recount found. */
export interface Recount {
  readonly record: ElectionRecord;
  /** Whether the chain says the same in everything. */
  readonly same: boolean;
  readonly differences: readonly Difference[];
  readonly digest: string;
  /** Options, the first ahead of all others. */
  readonly order: readonly number[];
  readonly stages: number;
  /** Member numbers; undefined as long as the election is not finished. */
  readonly winners: readonly number[] | undefined;
  /** Candidates whom the count put ahead and who got no seat, and why. */
  readonly passedOver: readonly { readonly number: number; readonly why: string }[];
}

/** A count by hand, of whichever method. */
interface Count {
  readonly ballots: bigint;
  readonly order: readonly number[];
  readonly digest: string;
  readonly stages: number;
}

const NOBODY = 255;
const UNITS = 100_000n;

/**
 * Counts an election again from what the chain made public, and holds the result against what the contracts say.
 * @param fromBlock The first block of the coalition's deployment.
 * @param say Takes the progress of a long reading, line by line.
 */
export async function recount(
  source: Source,
  electionId: bigint,
  fromBlock: number,
  say: (line: string) => void = () => {},
): Promise<Recount> {
  const chronicle = await Chronicle.read(source, fromBlock);
  const record = await readRecord(source, chronicle, electionId, say);
  const { method, finished } = record;
  const lapsed = finished !== undefined && BigInt(finished.args.record) === 0n;
  const claims = lapsed ? undefined : await source.claimsOf(method, electionId);
  if (claims === undefined) {
    throw new Problem(
      lapsed
        ? `Election ${electionId} lapsed: nobody finished it in time, so there is nothing to recount.`
        : `Election ${electionId} is not counted yet; "election status --election ${electionId}" tells from when on it is.`,
    );
  }
  say(`Counting ${record.papers.length} ballots.`);
  const differences = [...record.amiss];
  const compare = (what: string, mine: unknown, theirs: unknown) => {
    const [recounted, chain] = [String(mine), String(theirs)];
    if (recounted !== chain) differences.push({ what, recount: recounted, chain });
  };
  const count = method === "approval" ? approvals(record, claims, compare) : ranked(record, compare);
  compare("ballots that count", count.ballots, claims.ballots);
  compare("order of the candidates", optionsIn(record, count.order), optionsIn(record, claims.order));
  compare("digest of the record", count.digest, claims.record);
  const result = { record, digest: count.digest, order: count.order, stages: count.stages };
  if (finished === undefined) {
    return { ...result, same: differences.length === 0, differences, winners: undefined, passedOver: [] };
  }

  compare("digest of the record, when it was finished", count.digest, finished.args.record);
  compare("ballots that count, when it was finished", count.ballots, finished.args.ballots);
  const claimed: number[] = [...finished.args.winners].map(Number);
  const enough = count.ballots >= BigInt(record.minBallots);
  const order = enough ? count.order : [];
  const seating = await seatWinners(source, chronicle, record, order, finished, claimed);
  const winners = seating.seated.map(({ number }) => number);
  compare("winners", members(winners), members(claimed));
  const taken = (giver: Happening) => chronicle.takenBy(giver).map(({ args }) => Number(args.number));
  compare("seats taken", members(winners), members(taken(finished)));
  await compareVacancies(winners);
  return {
    ...result,
    same: differences.length === 0,
    differences,
    winners,
    passedOver: seating.passedOver,
  };

  /** Seats that became vacant since, and went to runners-up. */
  async function compareVacancies(seated: readonly number[]): Promise<void> {
    const given = [...seated];
    for (const filled of chronicle.of(electionId, "VacancyFilled")) {
      const number = Number(filled.args.number);
      given.push(...(await termHoldersAt(source, chronicle, record.office, filled)));
      const chosen = { taken: given, claimed: number };
      const next = await seatRunnerUp(source, chronicle, record, count.order, filled, chosen);
      const what = `runner-up for the seat vacant in block ${filled.block}`;
      compare(what, members(next.seated.map((one) => one.number)), members([number]));
      compare(`seat taken in block ${filled.block}`, members([number]), members(taken(filled)));
      given.push(number);
    }
  }
}

type Compare = (what: string, mine: unknown, theirs: unknown) => void;

function approvals(record: ElectionRecord, claims: Claims, compare: Compare): Count {
  const { candidates, papers, electionId, seed } = record;
  const numbers = [0n, ...candidates.map(({ number }) => BigInt(number))];
  const count = countApprovals({ electionId, numbers, seed, ballots: papers });
  for (const [option, votes] of (claims.approvals ?? []).entries()) {
    compare(`approvals of ${nameOf(record, option)}`, count.approvals[option], votes);
  }
  return { ...count, stages: 0 };
}

function ranked(record: ElectionRecord, compare: Compare): Count {
  const { candidates, papers, electionId, seats, stages } = record;
  const lists = (pick: (candidate: ElectionRecord["candidates"][number]) => number) => [
    0n,
    ...candidates.map((candidate) => BigInt(pick(candidate))),
  ];
  const slate = {
    candidates: BigInt(candidates.length),
    gone: candidates.reduce((bits, { gone, option }) => (gone ? bits | (1n << BigInt(option)) : bits), 0n),
    seed: record.seed,
    numbers: lists(({ number }) => number),
    groups: lists(({ group }) => group),
    organisations: lists(({ organisation }) => organisation),
    maxPerGroup: BigInt(record.definition.maxPerGroup),
    maxPerOrganisation: BigInt(record.definition.maxPerOrganisation),
    sittingGroups: record.sittingGroups.map(BigInt),
    sittingOrganisations: record.sittingOrganisations.map(BigInt),
  };
  const count = countRanked(slate, papers, seats, electionId);
  compareStages(record, count, compare);
  compare("stages of the count", count.stages.length, stages.length);
  return {
    ballots: count.valid,
    order: count.order,
    digest: count.digest,
    stages: count.stages.length,
  };
}

/** Stage by stage, up to the first that differs: those after it follow from it. */
function compareStages(record: ElectionRecord, count: RankedResult, compare: Compare): void {
  for (const [index, theirs] of record.stages.entries()) {
    const mine = count.stages[index];
    if (mine === undefined) return;
    let differs = false;
    const inStage = (what: string, one: unknown, other: unknown) => {
      differs ||= String(one) !== String(other);
      compare(`stage ${index + 1}, ${what}`, one, other);
    };
    inStage("whose ballots moved", movedIn(record, mine.moved), movedIn(record, theirs.moved));
    for (const [option, value] of mine.values.entries()) {
      inStage(`what ${nameOf(record, option)} holds`, votes(value), votes(theirs.values[option] ?? 0n));
    }
    inStage("exhausted", votes(mine.exhausted), votes(theirs.exhausted));
    inStage("lost by rounding", votes(mine.lost), votes(theirs.lost));
    inStage("elected", electedIn(record, mine.elected), electedIn(record, theirs.elected));
    if (differs) return;
  }
}

/** An option in words. */
export function nameOf({ candidates }: Pick<ElectionRecord, "candidates">, option: number): string {
  if (option === 0) return '"re-open nominations"';
  const candidate = candidates.find((one) => one.option === option);
  return candidate === undefined ? `option ${option}` : `member ${candidate.number}`;
}

/** A value of a ranked count in votes: "12.50000". */
export const votes = (units: bigint) => `${units / UNITS}.${String(units % UNITS).padStart(5, "0")}`;

const movedIn = (record: ElectionRecord, option: number) =>
  option === NOBODY ? "nobody" : nameOf(record, option);

function electedIn(record: ElectionRecord, bits: bigint): string {
  const options = [0, ...record.candidates.map(({ option }) => option)];
  return optionsIn(
    record,
    options.filter((option) => (bits >> BigInt(option)) % 2n === 1n),
  );
}

const optionsIn = (record: ElectionRecord, options: readonly number[]) =>
  options.length === 0 ? "nobody" : listed(options.map((option) => nameOf(record, option)));

const members = (numbers: readonly number[]) =>
  numbers.length === 0 ? "nobody" : listed(numbers.map((number) => `member ${number}`));

/** What a recount tells a person, and a machine. */
export function describeRecount(found: Recount): Outcome {
  const { record, same, differences, winners, passedOver, stages } = found;
  const counted = record.method === "ranked" ? `, ${stages} stage${stages === 1 ? "" : "s"}` : "";
  const lines = [
    `Election ${record.electionId}, recounted from the chain's events: ${describePapers(record)}${counted}.`,
    `Order of the count: ${optionsIn(record, found.order)}.`,
    ...(winners === undefined ? [] : [`Elected: ${members(winners)}.`]),
    ...passedOver.map(({ number, why }) => `Passed over: member ${number}, ${why}.`),
    `Digest of the record: ${found.digest}`,
    ...(same
      ? ["same: the chain says so in everything."]
      : [
          `differs in ${differences.length} respect${differences.length === 1 ? "" : "s"}:`,
          ...differences.map(
            ({ what, recount: mine, chain }) => `- ${what}: recounted ${mine}; the chain says ${chain}`,
          ),
        ]),
  ];
  return {
    lines,
    facts: {
      ok: same,
      election: Number(record.electionId),
      same,
      differences,
      method: record.method,
      ballots: record.papers.length,
      sealed: record.sealed,
      stages,
      order: found.order,
      digest: found.digest,
      ...(winners !== undefined && { winners }),
      passedOver,
    },
  };
}
