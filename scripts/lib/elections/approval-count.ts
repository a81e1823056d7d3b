import { AbiCoder, keccak256 } from "ethers";

/** What a count by approval must know of an election. Lists are by option; 0 is "re-open nominations". */
export interface ApprovalPapers {
  readonly electionId: bigint;
  /** Member numbers; that of option 0 is 0. */
  readonly numbers: readonly bigint[];
  readonly seed: string;
  readonly ballots: readonly ApprovalPaper[];
}

/** A ballot that counts. */
export interface ApprovalPaper {
  readonly group: number;
  /** A bit for every option named. */
  readonly ballot: bigint;
}

export interface ApprovalResult {
  readonly ballots: bigint;
  readonly approvals: readonly bigint[];
  /** Groups from which an option has approvals, by option. */
  readonly groups: readonly number[];
  /** Candidates ahead of "re-open nominations", the first ahead of all others. */
  readonly order: readonly number[];
  readonly digest: string;
}

/** Counts approvals paper by paper, as with a tally sheet; shares nothing with the contract but the rules. */
export function countApprovals(papers: ApprovalPapers): ApprovalResult {
  const { numbers, seed, electionId } = papers;
  const tally = numbers.map(() => ({ approvals: 0n, groups: new Set<number>() }));
  for (const { group, ballot } of papers.ballots) {
    for (const [option, line] of tally.entries()) {
      if (!names(ballot, option)) continue;
      line.approvals += 1n;
      line.groups.add(group);
    }
  }
  const least = tally[0]?.approvals ?? 0n;
  const order = tally
    .map((line, option) => ({ option, ...line, lot: lotOf(seed, numbers[option] ?? 0n) }))
    .filter(({ option, approvals }) => option !== 0 && approvals > least)
    .sort(
      (one, other) =>
        descending(one.approvals, other.approvals) ||
        other.groups.size - one.groups.size ||
        descending(one.lot, other.lot),
    )
    .map(({ option }) => option);
  const ballots = BigInt(papers.ballots.length);
  const approvals = tally.map((line) => line.approvals);
  return {
    ballots,
    approvals,
    groups: tally.map((line) => line.groups.size),
    order,
    digest: keccak256(
      AbiCoder.defaultAbiCoder().encode(
        ["uint256", "uint256", "uint256[]", "uint8[]"],
        [electionId, ballots, approvals, order],
      ),
    ),
  };
}

/** Whether a ballot names an option. */
export const names = (ballot: bigint, option: number) => (ballot >> BigInt(option)) % 2n === 1n;

/** The options that a ballot names. */
export function optionsIn(ballot: bigint): number[] {
  const options: number[] = [];
  for (let option = 0; ballot >> BigInt(option) !== 0n; option++) {
    if (names(ballot, option)) options.push(option);
  }
  return options;
}

/** A ballot that names options, as the number that is cast. */
export const encodeApprovals = (options: readonly number[]) =>
  options.reduce((ballot, option) => ballot | (1n << BigInt(option)), 0n);

/** Who has the greater one is ahead, where nothing else decides. */
function lotOf(seed: string, number: bigint): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [seed, number])));
}

function descending(one: bigint, other: bigint): number {
  if (one === other) return 0;
  return one > other ? -1 : 1;
}
