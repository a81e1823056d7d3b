/**
 * The governor as far as motions need it: decisions with their ballots, and what each does when it is carried out.
 */
import { STATES, type State } from "./decisions.js";
import type { Roll } from "./roll.js";
import { type Class, type Count, flawOf, type RuleBook, type Rules } from "./rules.js";

/** A decision that a motion or an amendment was put to. */
export type Vote = {
  id: string;
  rules: Rules;
  /** Member number of whose place it takes; 0 for nobody's. */
  author: number;
  proposedAt: number;
  /** By member number, with the group in which the vote counted when the decision opened. */
  ballots: Map<number, { group: number; choice: number }>;
  eta: number | null;
  executed: boolean;
  canceled: boolean;
  /** What it does; refuses where that cannot be done. */
  carryOut: (now: number) => void;
};

/** The moment after which a decision is open, in seconds since 1970. */
export const opensAfter = ({ proposedAt, rules }: Vote): number => proposedAt + rules.notice;

/** The last second in which ballots are taken. */
export const closesAt = (vote: Vote): number => opensAfter(vote) + vote.rules.period;

/** The last second in which a decision that passed can be queued, or executed. */
export const lastsUntil = (vote: Vote): number => (vote.eta ?? closesAt(vote)) + vote.rules.grace;

export class Votes {
  readonly all: Vote[] = [];

  constructor(
    readonly roll: Roll,
    readonly rules: RuleBook,
    private readonly groupCount: number,
  ) {}

  propose(id: string, kind: Class, author: number, carryOut: Vote["carryOut"], now: number): Vote {
    const vote: Vote = {
      id,
      rules: this.rules[kind],
      author,
      proposedAt: now,
      ballots: new Map(),
      eta: null,
      executed: false,
      canceled: false,
      carryOut,
    };
    this.all.push(vote);
    return vote;
  }

  stateOf(vote: Vote, now: number): State {
    if (vote.executed) return "executed";
    if (vote.canceled) return "canceled";
    if (now <= opensAfter(vote)) return "pending";
    if (now <= closesAt(vote)) return "active";
    if (!this.#passed(vote)) return "defeated";
    if (now > lastsUntil(vote)) return "expired";
    return vote.eta === null ? "succeeded" : "queued";
  }

  /** As `IGovernor.ProposalState` numbers it. */
  stateNumber(vote: Vote, now: number): number {
    return STATES.indexOf(this.stateOf(vote, now));
  }

  /** Whether the governor has not done with it. */
  isOpen(vote: Vote, now: number): boolean {
    return ["pending", "active", "succeeded", "queued"].includes(this.stateOf(vote, now));
  }

  /** The group of a key's ballot; undefined if it may cast none. */
  groupOf(vote: Vote, key: string, now: number): number | undefined {
    const { standing, group } = this.roll.standingOf(key, "vote", opensAfter(vote), now);
    return standing === "granted" ? group : undefined;
  }

  /** A ballot of somebody who may cast one, on a decision that is open. */
  cast(vote: Vote, key: string, choice: number, now: number): void {
    const group = this.groupOf(vote, key, now);
    if (group === undefined || this.stateOf(vote, now) !== "active")
      throw new RangeError(`the story lets ${key} vote on ${vote.id}, which it may not`);
    vote.ballots.set(this.roll.numberOf(key), { group, choice });
  }

  queue(vote: Vote, now: number): void {
    vote.eta = now + vote.rules.delay;
  }

  cancel(vote: Vote): void {
    vote.canceled = true;
  }

  /** Of a decision that is queued and due. */
  execute(vote: Vote, now: number): void {
    vote.carryOut(now);
    vote.executed = true;
  }

  #passed(vote: Vote): boolean {
    const counts = Array.from({ length: this.groupCount }, (): Count => [0, 0, 0]);
    for (const { group, choice } of vote.ballots.values()) (counts[group] as Count)[choice as 0 | 1 | 2] += 1;
    return flawOf(vote.rules, this.roll.votesByGroupAt(opensAfter(vote)), counts) === undefined;
  }
}
