import type { Action } from "./actions.js";
import type { Coalition } from "./coalition.js";
import type { Decision, NamedPaper, Proposal, Slip, State } from "./decisions.js";
import { closesAt } from "./decisions.js";
import type { DelegationPaper } from "./delegations.js";
import type { Random } from "./random.js";
import type { Member, Tenure } from "./roll.js";
import type { FirstPaper, Flaw } from "./story-batches.js";
import type { Signed } from "./words.js";

/** Who takes part in a history. */
export type People = {
  /** Every key that may act, each an ordinary account or a contract. */
  keys: readonly string[];
  /** Those of them that can send transactions for others at little cost. */
  sponsors: readonly string[];
  /** Those of them that are ordinary accounts. */
  accounts: readonly string[];
  timelock: string;
  /** An address without code. */
  nobody: string;
  /** Names a decision as the contracts will. */
  draft: (actions: readonly Action[], descriptionLength: number) => Proposal;
  /** Whose key a signature of a paper shows, if it is read as one of what was handed in. */
  signerOf: (signature: Signed<DelegationPaper>, handedIn: DelegationPaper) => string;
  /** A compact signature of a first ballot by an account, and whose key it shows where it is handed in. */
  slip: (by: string, paper: FirstPaper, handedIn: FirstPaper, flaw?: Flaw) => Slip;
  /** Whose key the bytes of one show if it is handed in for another paper. */
  signerOfSlip: (bytes: string, handedIn: FirstPaper) => string;
  /** A signature of a ballot that names its voter; with a flaw it is nobody's. */
  signNamed: (signature: Signed<NamedPaper>, flaw?: "foreign chain" | "upper half") => string;
};

/** Whom and what a story meets, and how signatures are made up. */
export class Cast {
  constructor(
    readonly random: Random,
    readonly model: Coalition,
    readonly people: People,
  ) {}

  // ---- keys and numbers ----

  /** Keys that hold a number now. */
  holding(): Tenure[] {
    return this.model.roll.tenures.filter(({ until }) => until === null);
  }

  /** Keys whose vote counts, and who may use it. */
  voters(now: number): Tenure[] {
    const { roll } = this.model;
    return this.holding().filter(({ key }) => roll.standingOf(key, "vote", now, now).standing === "granted");
  }

  /** Whether a key could hold a number. */
  isFree(key: string): boolean {
    const tenure = this.model.roll.lastTenure(key);
    return tenure === undefined || (tenure.until !== null && tenure.ending !== "ended");
  }

  /** Mostly a key that could hold a number. */
  freeKey(): string {
    const free = this.people.keys.filter((key) => this.isFree(key));
    const pardoned = free.filter((key) => this.model.roll.lastTenure(key)?.ending === "pardoned");
    return this.mostly(0.3, pardoned, this.mostlyAll(0.85, free, this.people.keys));
  }

  keyFrom(tenures: readonly Tenure[], probability: number): string {
    return this.mostly(
      probability,
      tenures.map(({ key }) => key),
      this.people.keys,
    );
  }

  sponsor(): string {
    return this.random.pick(this.people.sponsors);
  }

  /** Mostly the number of somebody on the roll. */
  number(among: (member: Member) => boolean = () => true, probability = 0.94): number {
    const { members } = this.model.roll;
    const likely = members.filter((member) => member.leftAt === null && among(member));
    if (likely.length === 0 || !this.random.chance(probability))
      return this.random.between(0, members.length + 1);
    return this.random.pick(likely).number;
  }

  group(): number {
    const { groupCount } = this.model.roll;
    return this.random.chance(0.03)
      ? this.random.between(groupCount, 255)
      : this.random.between(0, groupCount - 1);
  }

  /** Mostly the likely ones, if there are any. */
  mostlyAll<T>(probability: number, likely: readonly T[], others: readonly T[]): readonly T[] {
    return likely.length > 0 && this.random.chance(probability) ? likely : others;
  }

  mostly<T>(probability: number, likely: readonly T[], others: readonly T[]): T {
    const from = this.mostlyAll(probability, likely, others);
    return (from.length === 0 ? undefined : this.random.pick(from)) as T;
  }

  // ---- decisions ----

  inState(now: number, ...states: State[]): Decision[] {
    const { decisions } = this.model;
    // What is past its last moment stays as it is: nothing is left to be done with it.
    return decisions.all.filter(
      (decision) =>
        now <= (decision.eta ?? closesAt(decision)) + decision.rules.grace &&
        states.includes(decisions.stateOf(decision, now)),
    );
  }

  // ---- signatures ----

  deadline(now: number): number {
    return this.random.chance(0.07) ? now - 1 : now + this.random.pick([0, 1, 3_600]);
  }

  /** A signature, now and then a bad one: by somebody else, under another nonce, or of something else. */
  sign<T extends object>(by: string, nonce: number, content: T): Signed<T> {
    const { random } = this;
    if (random.chance(0.92)) return { by, nonce, content };
    const numbers = Object.entries(content).filter(
      ([, value]) => typeof value !== "string" && !Array.isArray(value),
    );
    const [name, value] = random.pick(numbers);
    const other = typeof value === "bigint" ? value + 1n : (value as number) + 1;
    return random.pick<Signed<T>>([
      { by: random.pick(this.people.keys.filter((key) => key !== by)), nonce, content },
      { by, nonce: nonce === 0 ? 1 : nonce - 1, content },
      { by, nonce, content: { ...content, [name]: other } },
    ]);
  }

  /**
   * A request in person or, as often, by a signature that somebody else brings.
   * @param desk That counts the nonces.
   */
  ask<T extends { deadline: number }>(
    by: string,
    desk: { nonceOf(key: string): number },
    request: T,
    signed = 0.4,
  ): { by: string; request: T; signature?: Signed<T> } {
    if (!this.random.chance(signed)) return { by, request };
    return { by: this.sponsor(), request, signature: this.sign(by, desk.nonceOf(by), request) };
  }

  /** The consent of another key to a request. */
  consent<T extends { deadline: number }>(
    by: string,
    desk: { nonceOf(key: string): number },
    paper: T,
    asked: { signature?: Signed<object> },
  ): Signed<T> {
    const spent = asked.signature?.by === by ? 1 : 0;
    return this.sign(by, desk.nonceOf(by) + spent, paper);
  }
}

/** At most a second apart. */
export function isNear(moment: number, other: number): boolean {
  return Math.abs(moment - other) <= 1;
}
