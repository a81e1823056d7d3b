import { concat } from "ethers";
import type { Context, Person } from "../member/coalition.js";
import { decode } from "../member/revert.js";
import { isTransient } from "../network.js";
import { Problem } from "../problem.js";
import { supportOf } from "./ballot-file.js";
import { type Good, inTurns, namedOf } from "./check.js";

/** Limits of `castBallots`. */
const MAX_GROUPS = 8;
const MAX_BALLOTS = 1_000;
const MAX_NAMED = 64;

/** What a batch costs as it is planned, on the safe side; what it does cost is asked of the chain before it is sent. */
const BASE_GAS = 150_000;
const FIRST_GAS = 25_000;
const NAMED_GAS = 250_000;

/** Share of the limit that an estimate may take: others may come first, and leave less to share. */
const ROOM = 0.8;

/** Where a ballot stands in a batch. */
export interface Place {
  readonly group: number;
  readonly index: number;
}

/** A batch of ballots that is ready to be sent. */
export interface Batch {
  readonly ballots: readonly (Good & Place)[];
  readonly data: string;
  readonly gasLimit: bigint;
}

/** What is sent next, and what the governor would pass over although nothing was found against it. */
export interface Packed {
  readonly batch: Batch | undefined;
  readonly doubtful: readonly Good[];
}

/**
 * In the order in which ballots cost least: first ballots by choice and deadline, within these by member number; then
 * those that name their voter, as they may replace a first ballot that is on its way too.
 */
export function arrange(good: readonly Good[]): Good[] {
  return [...good].sort(
    (a, b) =>
      Number(isNamed(a)) - Number(isNamed(b)) ||
      (isNamed(a)
        ? 0
        : supportOf(a.ballot.choice) - supportOf(b.ballot.choice) || a.ballot.deadline - b.ballot.deadline) ||
      a.number - b.number,
  );
}

const isNamed = ({ ballot }: Good) => ballot.nonce !== undefined;

/** How many ballots, from the start of an arranged list, a batch can hold by the governor's limits and a guess of gas. */
export function fitting(arranged: readonly Good[], gasLimit: number): number {
  let gas = BASE_GAS;
  let [groups, first, named] = [0, 0, 0];
  let last = "";
  for (const [index, one] of arranged.entries()) {
    const group = groupOf(one);
    if (isNamed(one)) named++;
    else {
      first++;
      if (group !== last) groups++;
    }
    last = group;
    gas += isNamed(one) ? NAMED_GAS : FIRST_GAS;
    const fits = gas <= gasLimit * ROOM && groups <= MAX_GROUPS && first <= MAX_BALLOTS && named <= MAX_NAMED;
    if (!fits) return index;
  }
  return arranged.length;
}

const groupOf = ({ ballot }: Good) => `${ballot.choice}/${ballot.deadline}`;

/** Ballots in the form in which the governor takes them, and where each of them stands there. */
export function formOf(arranged: readonly Good[]) {
  const groups: { support: number; deadline: number; ballots: Good[] }[] = [];
  let last = "";
  for (const one of arranged.filter((each) => !isNamed(each))) {
    const { choice, deadline } = one.ballot;
    if (groupOf(one) !== last) groups.push({ support: supportOf(choice), deadline, ballots: [] });
    groups.at(-1)?.ballots.push(one);
    last = groupOf(one);
  }
  const named = arranged.filter(isNamed);
  return {
    groups: groups.map(({ support, deadline, ballots }) => ({
      support,
      deadline,
      signatures: concat(ballots.map(({ ballot }) => ballot.signature)),
    })),
    named: named.map(({ ballot }) => namedOf(ballot)),
    places: [
      ...groups.flatMap(({ ballots }, group) => ballots.map((one, index) => ({ ...one, group, index }))),
      ...named.map((one, index) => ({ ...one, group: groups.length, index })),
    ],
  };
}

/** Makes the next batch of an arranged list: as large as the gas limit allows, and tried out before. */
export async function nextBatch(
  context: Context,
  decision: bigint,
  arranged: readonly Good[],
  payer: Person,
  gasLimit: number,
): Promise<Packed> {
  const { governor } = context.coalition;
  const { provider } = context.ethers;
  const room = BigInt(Math.floor(gasLimit * ROOM));
  const most = fitting(arranged, Number.POSITIVE_INFINITY);
  let size = Math.max(1, fitting(arranged, gasLimit));
  let [tooMany, grown] = [most + 1, 0];
  for (;;) {
    const { groups, named, places } = formOf(arranged.slice(0, size));
    const { to, data } = await governor.castBallots.populateTransaction(decision, groups, named);
    const call = { to, data, from: payer.address };
    const gas = await estimate(context, () => provider.estimateGas({ ...call, gasLimit }));
    if (gas === undefined || gas > room) {
      if (size === 1) {
        throw new Problem(
          `--gas-limit is ${gasLimit}, too little for a single ballot${gas === undefined ? "" : ` (${gas} gas, and a fifth more as room)`}.`,
        );
      }
      tooMany = size;
      size = gas === undefined ? Math.ceil(size / 2) : shrunk(size, Number(gas), Number(room));
      continue;
    }
    const larger = Math.min(most, tooMany - 1, Math.floor((size * Number(room) * 0.95) / Number(gas)));
    if (larger > size && grown++ < 3) {
      size = larger;
      continue;
    }
    const counted = await governor.castBallots.staticCall(decision, groups, named, {
      from: payer.address,
      gasLimit,
    });
    if (Number(counted) === size) {
      const withRoom = (gas * 5n) / 4n;
      return { batch: { ballots: places, data, gasLimit: withRoom }, doubtful: [] };
    }
    const doubtful = await passedOver(context, decision, arranged.slice(0, size));
    if (doubtful.length === 0) throw new Problem("The roll changes just now; give the command again.");
    return { batch: undefined, doubtful };
  }
}

const shrunk = (size: number, gas: number, room: number) =>
  Math.max(1, Math.min(size - 1, Math.floor((size * room * 0.97) / gas)));

/** What a batch costs; undefined if more than it may. */
async function estimate(context: Context, ask: () => Promise<bigint>): Promise<bigint | undefined> {
  try {
    return await ask();
  } catch (error) {
    const refusal = decode(error, context.coalition);
    if (refusal?.name === "CoalitionGovernorGasTooLow" || refusal?.name === "VoterWordsUnanswered")
      return undefined;
    if (refusal !== undefined || isTransient(error)) throw error;
    if (/gas/i.test(String((error as Error).message))) return undefined;
    throw error;
  }
}

/** Which ballots the governor would pass over, each tried out alone. */
async function passedOver(context: Context, decision: bigint, all: readonly Good[]): Promise<Good[]> {
  const { governor } = context.coalition;
  const tried = await inTurns(all, async (one) => {
    const { groups, named } = formOf([one]);
    return { one, counted: await governor.castBallots.staticCall(decision, groups, named) };
  });
  return tried.filter(({ counted }) => counted === 0n).map(({ one }) => one);
}
