import { AbiCoder, keccak256 } from "ethers";
import type { StoredBallot } from "./ballot-code.js";

/** What a count must know of the candidates, as `slateOf` of the elections answers it. Lists are by option. */
export interface Slate {
  readonly candidates: bigint;
  /** Options that withdrew or were struck off, a bit each. */
  readonly gone: bigint;
  readonly seed: string;
  readonly numbers: bigint[];
  readonly groups: bigint[];
  readonly organisations: bigint[];
  /** Holders whom the office allows of one group and of one organisation; 0 for any number. */
  readonly maxPerGroup: bigint;
  readonly maxPerOrganisation: bigint;
  readonly sittingGroups: bigint[];
  readonly sittingOrganisations: bigint[];
}

/** A stage of the count, as its event has it. */
export interface Stage {
  /** The option whose ballots moved; 255 in the first. */
  readonly moved: number;
  readonly values: readonly bigint[];
  readonly exhausted: bigint;
  readonly lost: bigint;
  /** Options elected at its end, a bit each. */
  readonly elected: bigint;
}

export interface RankedResult {
  readonly valid: bigint;
  readonly quota: bigint;
  readonly stages: readonly Stage[];
  /** Candidates: the winners in the order of their election, then the runners-up. */
  readonly order: readonly number[];
  readonly winners: number;
  readonly digest: string;
  /** How often a ballot was moved with a surplus: each time less than a unit is lost. */
  readonly cuts: bigint;
}

/** Of a vote: the five decimal places of the Order. */
export const UNITS = 100_000n;

/** "Re-open nominations". */
const RON = 0;
const NOBODY = 255;

/** A ballot paper in a pile, with what it is worth there. */
interface Paper {
  readonly preferences: readonly number[];
  worth: bigint;
}

/** What becomes of an option. */
type State = "continuing" | "gone" | "elected" | "transferred" | "excluded";

/**
 * Counts ranked ballots by hand, as a returning officer would: piles of papers, each with its present worth, that are
 * moved stage by stage. Shares no idea with the contract but the rules, so that the two check one another.
 */
export function countRanked(
  slate: Slate,
  ballots: readonly StoredBallot[],
  seats: number,
  electionId: bigint,
): RankedResult {
  return new Count(slate, ballots, seats).run(electionId);
}

class Count {
  readonly #slate: Slate;
  readonly #seats: number;
  readonly #valid: bigint;
  readonly #quota: bigint;
  readonly #state: State[];
  readonly #piles: Paper[][];
  /** Groups of those who prefer the option to all others. */
  readonly #supporters: Set<number>[];
  readonly #winners: number[] = [];
  readonly #excluded: number[] = [];
  readonly #stages: Stage[] = [];
  #exhausted = 0n;
  #lost = 0n;
  #cuts = 0n;
  #ronElected = false;

  constructor(slate: Slate, ballots: readonly StoredBallot[], seats: number) {
    this.#slate = slate;
    this.#seats = seats;
    const options = Array.from({ length: Number(slate.candidates) + 1 }, (_, option) => option);
    this.#state = options.map((option) => (isSet(slate.gone, option) ? "gone" : "continuing"));
    this.#piles = options.map(() => []);
    this.#supporters = options.map(() => new Set());
    let valid = 0n;
    for (const { preferences, group } of ballots) {
      const first = preferences.find((option) => this.#continues(option));
      if (first === undefined) continue;
      valid += 1n;
      this.#piles[first]?.push({ preferences, worth: UNITS });
      this.#supporters[first]?.add(group);
    }
    this.#valid = valid;
    this.#quota = (valid / (BigInt(seats) + 1n) + 1n) * UNITS;
  }

  run(electionId: bigint): RankedResult {
    let moved = NOBODY;
    for (;;) {
      const next = this.#decide();
      this.#stages.push({
        moved,
        values: this.#piles.map((_, option) => this.#value(option)),
        exhausted: this.#exhausted,
        lost: this.#lost,
        elected: this.#electedBits(),
      });
      if (next === undefined) break;
      this.#move(next);
      moved = next;
    }
    return {
      valid: this.#valid,
      quota: this.#quota,
      stages: this.#stages,
      order: [...this.#winners, ...this.#runnersUp()],
      winners: this.#winners.length,
      digest: this.#digest(electionId),
      cuts: this.#cuts,
    };
  }

  /** Elects whom the stage elects; answers whose papers move next, or nobody when the count is over. */
  #decide(): number | undefined {
    if (this.#valid === 0n) return undefined;
    const hasQuota = (option: number) => this.#value(option) >= this.#quota;
    const isAhead = (option: number) => !this.#continues(RON) || this.#compare(option, RON) < 0;
    if (this.#elect((option) => hasQuota(option) && isAhead(option))) return undefined;

    const continuing = this.#continuing();
    const barred = continuing.filter((option) => this.#isBarred(option));
    if (barred.length > 0) return barred.at(-1);
    const surpluses = this.#inState("elected").filter((option) => this.#value(option) > this.#quota);
    if (surpluses[0] !== undefined) return surpluses[0];
    if (continuing.length <= this.#seats - this.#winners.length) {
      this.#elect((option) => this.#value(option) > 0n);
      return undefined;
    }
    if (this.#continues(RON) && this.#elect(hasQuota)) return undefined;
    return continuing.at(-1);
  }

  /** Elects the continuing who satisfy, the highest first; answers whether that ends the count. */
  #elect(satisfies: (option: number) => boolean): boolean {
    for (const option of this.#continuing().filter(satisfies)) {
      if (this.#isBarred(option)) continue;
      this.#state[option] = "elected";
      if (option === RON) this.#ronElected = true;
      else this.#winners.push(option);
      if (this.#ronElected || this.#winners.length === this.#seats) return true;
    }
    return false;
  }

  #move(option: number) {
    const pile = this.#piles[option] ?? [];
    if (this.#state[option] === "elected") {
      const total = this.#value(option);
      const surplus = total - this.#quota;
      let moving = 0n;
      for (const paper of pile) {
        paper.worth = (paper.worth * surplus) / total;
        moving += paper.worth;
        this.#cuts += 1n;
      }
      this.#lost += surplus - moving;
      this.#state[option] = "transferred";
    } else {
      this.#state[option] = "excluded";
      if (option === RON || pile.some(({ worth }) => worth !== 0n)) this.#excluded.push(option);
    }
    this.#piles[option] = [];
    for (const paper of pile) {
      const from = paper.preferences.indexOf(option);
      const to = paper.preferences.slice(from + 1).find((other) => this.#continues(other));
      if (to === undefined) this.#exhausted += paper.worth;
      else this.#piles[to]?.push(paper);
    }
  }

  #runnersUp(): number[] {
    if (this.#ronElected) return [];
    const left = this.#continuing();
    if (this.#continues(RON)) {
      return left.filter((option) => this.#value(option) > this.#value(RON));
    }
    const afterRon = this.#excluded.slice(this.#excluded.indexOf(RON) + 1);
    return [...left.filter((option) => this.#value(option) > 0n), ...afterRon.reverse()];
  }

  #value(option: number): bigint {
    if (this.#state[option] === "transferred") return this.#quota;
    return (this.#piles[option] ?? []).reduce((sum, { worth }) => sum + worth, 0n);
  }

  #continues(option: number): boolean {
    return this.#state[option] === "continuing";
  }

  #continuing(): number[] {
    return this.#inState("continuing");
  }

  /** Options in a state, who is ahead first. */
  #inState(state: State): number[] {
    const options = this.#state.flatMap((own, option) => (own === state ? [option] : []));
    return options.sort((a, b) => this.#compare(a, b));
  }

  /** Negative if `a` is ahead of `b`: by value, and then by the ladder. */
  #compare(a: number, b: number): number {
    const now = order(this.#value(b), this.#value(a));
    if (now !== 0) return now;
    for (const { values } of [...this.#stages].reverse()) {
      const then = order(values[b] ?? 0n, values[a] ?? 0n);
      if (then !== 0) return then;
    }
    const groups = (this.#supporters[b]?.size ?? 0) - (this.#supporters[a]?.size ?? 0);
    return groups !== 0 ? groups : order(this.#lot(b), this.#lot(a));
  }

  #lot(option: number): bigint {
    const { seed, numbers } = this.#slate;
    return BigInt(hashOf(["bytes32", "uint256"], [seed, numbers[option] ?? 0n]));
  }

  #isBarred(option: number): boolean {
    const slate = this.#slate;
    if (option === RON) return false;
    const isFull = (limit: bigint, kinds: readonly bigint[], sitting: readonly bigint[]) => {
      const holders = [...sitting, ...this.#winners.map((winner) => kinds[winner])];
      return limit !== 0n && holders.filter((kind) => kind === kinds[option]).length >= limit;
    };
    if (isFull(slate.maxPerGroup, slate.groups, slate.sittingGroups)) return true;
    if (slate.organisations[option] === 0n) return false;
    return isFull(slate.maxPerOrganisation, slate.organisations, slate.sittingOrganisations);
  }

  #electedBits(): bigint {
    return this.#winners.reduce((bits, option) => bits | (1n << BigInt(option)), this.#ronElected ? 1n : 0n);
  }

  #digest(electionId: bigint): string {
    const start = hashOf(["uint256", "uint256", "uint256"], [electionId, this.#valid, this.#quota]);
    return this.#stages.reduce(
      (previous, { moved, values, exhausted, lost, elected }, index) =>
        hashOf(
          ["bytes32", "uint256", "uint256", "uint256[]", "uint256", "uint256", "uint256"],
          [previous, index + 1, moved, values, exhausted, lost, elected],
        ),
      start,
    );
  }
}

const isSet = (bits: bigint, option: number) => (bits >> BigInt(option)) % 2n === 1n;

function order(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function hashOf(types: string[], values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
