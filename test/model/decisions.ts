/**
 * Decisions as plain lists: every ballot ever accepted is kept, and what counts is found by looking through them and
 * through the delegations that were in force when a decision opened.
 */
import type { Action } from "./actions.js";
import type { Delegations } from "./delegations.js";
import type { Roll } from "./roll.js";
import {
  CLASSES,
  type Class,
  Classes,
  type Count,
  flawOf,
  heardGroups,
  quorum,
  type RuleBook,
  type Rules,
  requireOrder,
  requireRules,
} from "./rules.js";
import { DAY, isSigned, Refusal, type Signed, STANDINGS, ZERO } from "./words.js";

export const STATES = [
  "pending",
  "active",
  "canceled",
  "defeated",
  "succeeded",
  "queued",
  "expired",
  "executed",
] as const;
export type State = (typeof STATES)[number];

export const CHOICES = ["against", "for", "abstain"] as const;

/** A ballot, with the group in which its member's vote counted when the decision opened. */
export type Ballot = { number: number; group: number; choice: number; signed: boolean };

/** A member's vote that was delegated when a decision opened. */
export type Entrusted = { by: number; to: number; group: number };

export type Decision = {
  id: bigint;
  proposer: string;
  actions: readonly Action[];
  proposedAt: number;
  class: Class;
  rules: Rules;
  /** Who endorsed it, with the group of then. */
  endorsers: { number: number; group: number }[];
  /** Whether it opens for the vote. */
  admitted: boolean;
  /** In the order in which they were accepted. */
  ballots: Ballot[];
  canceled: boolean;
  executed: boolean;
  eta: number | null;
  /** Whether the guardian has moved the execution. */
  postponed: boolean;
  /** Where a late swing has moved the close. */
  extendedTo: number | null;
};

export type Proposal = {
  id: bigint;
  actions: readonly Action[];
  descriptionLength: number;
};

/** What a voter signs. The two forms are signed differently. */
export type BallotPaper =
  | { form: "plain"; id: bigint; support: number; voter: string }
  | { form: "extended"; id: bigint; support: number; voter: string; reason: string; params: string };

export type BallotCast = {
  sender: string;
  voter: string;
  id: bigint;
  support: number;
  reason: string;
  /** Length of the parameters that come with it, in bytes. */
  paramsLength: number;
  /** With the paper as it was handed in; without, the sender is the voter. */
  signed?: { signature: Signed<BallotPaper>; paper: BallotPaper };
};

/** A ballot of a batch that is a signature and nothing else, and whose key it shows; zero if none's. */
export type Slip = { bytes: string; signer: string };

export type BallotGroup = {
  support: number;
  deadline: number;
  slips: readonly Slip[];
  /** What is left behind the last one, shorter than one. */
  rest: string;
};

/** What the voter of a ballot that says whose it is signs. */
export type NamedPaper = { proposalId: bigint; support: number; voter: string; deadline: number };

export type NamedBallot = {
  voter: string;
  support: number;
  deadline: number;
  nonce: number;
  /** Undefined for one that is broken. */
  signature: Signed<NamedPaper> | undefined;
  bytes: string;
};

/** Why a ballot of a batch is passed over. */
export const SKIPS = [
  "invalid signature",
  "expired",
  "wrong nonce",
  "not entitled",
  "already cast",
  "cast in person",
  "support out of range",
  "wrong length",
] as const;
export type Skip = (typeof SKIPS)[number];

/** What a decision can do: {@link perform} an action, and undo all since {@link save}. */
export type Power = {
  perform: (action: Action, now: number) => void;
  save: () => () => void;
};

export class Decisions {
  readonly all: Decision[] = [];
  readonly nonces = new Map<string, number>();

  readonly classes = new Classes();
  /** Puts a decision on the agenda, or refuses. */
  admit: (decision: Decision, now: number) => void = () => {};

  constructor(
    readonly roll: Roll,
    readonly delegations: Delegations,
    private readonly power: Power,
    public rules: RuleBook,
    public delay: number,
    readonly shortestStage: number,
  ) {}

  // ---- what anybody can ask ----

  nonceOf(key: string): number {
    return this.nonces.get(key) ?? 0;
  }

  find(id: bigint): Decision {
    const decision = this.all.find((one) => one.id === id);
    if (decision === undefined) throw new Refusal("GovernorNonexistentProposal", id);
    return decision;
  }

  stateOf(decision: Decision, now: number): State {
    if (decision.executed) return "executed";
    if (decision.canceled) return "canceled";
    if (now <= opensAfter(decision)) return "pending";
    if (!decision.admitted) return "defeated";
    if (now <= closesAt(decision)) return "active";
    if (!this.passed(decision)) return "defeated";
    if (decision.eta === null)
      return now > closesAt(decision) + decision.rules.grace ? "expired" : "succeeded";
    return now > decision.eta + decision.rules.grace ? "expired" : "queued";
  }

  /** The members' votes that counted when a decision opened, by group. */
  votersOf(decision: Decision): number[] {
    return this.roll.votesByGroupAt(opensAfter(decision));
  }

  /** The members' votes that counted when a decision opened. */
  electorateOf(decision: Decision): number {
    return this.roll.electorateAt(opensAfter(decision));
  }

  quorumOf(decision: Decision): number {
    return quorum(decision.rules, this.electorateOf(decision));
  }

  /** The groups that were large enough to be heard on their own when a decision opened. */
  heard(decision: Decision): number[] {
    return heardGroups(decision.rules, this.votersOf(decision));
  }

  /** Whether enough took part, enough of all agreed, more of those who took sides than must, and enough groups. */
  passed(decision: Decision): boolean {
    return this.flawOf(decision) === undefined;
  }

  /** Why a decision would not pass as it stands. */
  flawOf(decision: Decision): string | undefined {
    return flawOf(decision.rules, this.votersOf(decision), this.tallies(decision));
  }

  /** The votes that were delegated when a decision opened. */
  entrusted(decision: Decision): Entrusted[] {
    return this.delegations.validAt(opensAfter(decision));
  }

  /** Against, For and Abstain, of one group or of all. */
  tally(decision: Decision, group?: number): Count {
    const counts = this.tallies(decision);
    if (group !== undefined) return counts[group] as Count;
    return counts.reduce<Count>(
      (sum, count) => [sum[0] + count[0], sum[1] + count[1], sum[2] + count[2]],
      [0, 0, 0],
    );
  }

  /**
   * Against, For and Abstain by group: every member's last ballot, and for whoever cast none but had delegated, the
   * delegate's.
   */
  tallies(decision: Decision): Count[] {
    const counts = Array.from({ length: this.roll.groupCount }, (): Count => [0, 0, 0]);
    const last = new Map(decision.ballots.map((ballot) => [ballot.number, ballot]));
    const count = ({ group }: { group: number }, choice: number) => {
      (counts[group] as Count)[choice as 0 | 1 | 2] += 1;
    };
    for (const ballot of last.values()) count(ballot, ballot.choice);
    if (last.size === 0) return counts;
    for (const vote of this.entrusted(decision)) {
      const ballot = last.get(vote.to);
      if (ballot !== undefined && !last.has(vote.by)) count(vote, ballot.choice);
    }
    return counts;
  }

  /** For how many votes a member's ballot counts. */
  weightOf(decision: Decision, number: number): number {
    const voted = new Set(decision.ballots.map((ballot) => ballot.number));
    return 1 + this.entrusted(decision).filter(({ by, to }) => to === number && !voted.has(by)).length;
  }

  // ---- what members do ----

  propose(proposer: string, proposal: Proposal, now: number): bigint {
    const { standing, explanation } = this.roll.standingOf(proposer, "propose", now, now);
    if (standing !== "granted")
      throw new Refusal(
        "CoalitionGovernorProposerRefused",
        proposer,
        STANDINGS.indexOf(standing),
        explanation,
      );
    const { id, actions, descriptionLength } = proposal;
    requireLength("description", descriptionLength, 8_192);
    requireLength("actions", actions.length, 16);
    for (const action of actions)
      if (action.do === "callNobody") throw new Refusal("CoalitionGovernorTargetWithoutCode", action.target);
    if (actions.length === 0) throw new Refusal("GovernorInvalidProposalLength", 0, 0, 0);
    const same = this.all.find((one) => one.id === id);
    if (same !== undefined) throw unexpectedState(same, this.stateOf(same, now));
    const kind = this.classes.ofAll(actions);
    const decision: Decision = {
      id,
      proposer,
      actions,
      proposedAt: now,
      class: kind,
      rules: { ...this.rules[kind] },
      endorsers: [],
      admitted: false,
      ballots: [],
      canceled: false,
      executed: false,
      eta: null,
      postponed: false,
      extendedTo: null,
    };
    if (decision.rules.endorsements === 0) this.admit(decision, now);
    this.all.push(decision);
    return id;
  }

  /** Counts a ballot. Answers for how many votes. */
  castBallot(cast: BallotCast, now: number): number {
    const { sender, voter, id, support, reason, paramsLength, signed } = cast;
    if (signed !== undefined && !isSigned(signed.signature, voter, this.nonceOf(voter), signed.paper))
      throw new Refusal("GovernorInvalidSignature", voter);
    requireLength("reason", reason.length, 1_024);
    if (paramsLength > 0) throw new Refusal("CoalitionGovernorParamsNotEmpty", paramsLength);
    if (support > 2) throw new Refusal("CoalitionGovernorSupportOutOfRange", support);
    const decision = this.find(id);
    this.#requireState(decision, "active", now);
    const { standing, number, group, explanation } = this.roll.standingOf(
      voter,
      "vote",
      opensAfter(decision),
      now,
    );
    if (standing !== "granted")
      throw new Refusal(
        "CoalitionGovernorBallotRefused",
        id,
        voter,
        STANDINGS.indexOf(standing),
        explanation,
      );
    const inPerson = sender === voter;
    const before = ballotOf(decision, number);
    if (!inPerson && before?.signed === false)
      throw new Refusal("CoalitionGovernorBallotCastInPerson", id, voter);
    if (signed !== undefined) this.nonces.set(voter, this.nonceOf(voter) + 1);
    return this.#watch(
      decision,
      now,
      () => this.#count(decision, number, group, support, !inPerson),
      (weight) => this.#say("VoteCast", voter, id, support, weight, reason),
    );
  }

  /** Counts many ballots that their voters signed. Answers how many. */
  castBallots(
    id: bigint,
    groups: readonly BallotGroup[],
    named: readonly NamedBallot[],
    now: number,
  ): number {
    requireLength("groups", groups.length, 8);
    requireLength("ballots", named.length, 64);
    const decision = this.find(id);
    this.#requireState(decision, "active", now);
    return this.#watch(decision, now, () => {
      let counted = 0;
      const note = (voter: string, support: number, group: number, index: number, found: Skip | number) => {
        if (typeof found === "number") {
          counted++;
          this.#say("VoteCast", voter, id, support, found, "");
        } else this.#say("BallotSkipped", id, voter, group, index, SKIPS.indexOf(found));
      };
      groups.forEach((group, place) => {
        group.slips.forEach(({ signer }, index) => {
          note(signer, group.support, place, index, this.#countSlip(decision, group, signer, now));
        });
        if (group.rest !== "") note(ZERO, group.support, place, group.slips.length, "wrong length");
      });
      named.forEach((ballot, index) => {
        note(ballot.voter, ballot.support, groups.length, index, this.#countNamed(decision, ballot, now));
      });
      return counted;
    });
  }

  /** A first ballot by whoever signed; answers its weight, or why it does not count. */
  #countSlip(
    decision: Decision,
    { support, deadline }: BallotGroup,
    signer: string,
    now: number,
  ): Skip | number {
    if (support > 2) return "support out of range";
    if (now > deadline) return "expired";
    if (signer === ZERO) return "invalid signature";
    return this.#countSigned(decision, signer, support, false, now);
  }

  #countNamed(decision: Decision, ballot: NamedBallot, now: number): Skip | number {
    const { voter, support, deadline, nonce, signature } = ballot;
    if (support > 2) return "support out of range";
    if (now > deadline) return "expired";
    if (nonce !== this.nonceOf(voter)) return "wrong nonce";
    const paper = { proposalId: decision.id, support, voter, deadline };
    if (signature === undefined || !isSigned(signature, voter, nonce, paper)) return "invalid signature";
    const found = this.#countSigned(decision, voter, support, true, now);
    if (typeof found === "number") this.nonces.set(voter, nonce + 1);
    return found;
  }

  /** Counts what a key signed, unless it may not vote, or has voted and this replaces nothing. */
  #countSigned(
    decision: Decision,
    key: string,
    support: number,
    replaces: boolean,
    now: number,
  ): Skip | number {
    const { standing, number, group } = this.roll.standingOf(key, "vote", opensAfter(decision), now);
    if (standing !== "granted") return "not entitled";
    const before = ballotOf(decision, number);
    if (before !== undefined && !replaces) return "already cast";
    if (before?.signed === false) return "cast in person";
    return this.#count(decision, number, group, support, true);
  }

  /** Takes a ballot down. Answers for how many votes it counts. */
  #count(decision: Decision, number: number, group: number, choice: number, signed: boolean): number {
    const delegate = this.entrusted(decision).find(({ by }) => by === number);
    if (delegate !== undefined && ballotOf(decision, number) === undefined)
      this.#say("DelegatedVoteTakenBack", decision.id, number, delegate.to);
    decision.ballots.push({ number, group, choice, signed });
    return this.weightOf(decision, number);
  }

  /** Lets ballots be counted and moves the close, once, if they turn the outcome shortly before it. */
  #watch<T>(decision: Decision, now: number, count: () => T, announce: (answer: T) => void = () => {}): T {
    const { extension } = decision.rules;
    const late = decision.extendedTo === null && now > closesAt(decision) - extension;
    const before = late && this.passed(decision);
    const answer = count();
    if (late && this.passed(decision) !== before) {
      decision.extendedTo = now + extension;
      this.#say("ProposalExtended", decision.id, decision.extendedTo);
    }
    announce(answer);
    return answer;
  }

  cancel(by: string, id: bigint, now: number): void {
    const decision = this.find(id);
    const onRoll = this.roll.numberOf(by) !== 0;
    if (this.stateOf(decision, now) !== "pending" || decision.proposer !== by || !onRoll)
      throw new Refusal("GovernorUnableToCancel", id, by);
    decision.canceled = true;
  }

  queue(id: bigint, now: number): void {
    const decision = this.find(id);
    this.#requireState(decision, "succeeded", now);
    decision.eta = now + Math.max(this.delay, decision.rules.delay);
    const counts = this.tallies(decision);
    const lists = [0, 1, 2].map((choice) => `[${counts.map((count) => count[choice]).join(",")}]`);
    const heard = this.heard(decision).reduce((sum, group) => sum + 2 ** group, 0);
    const kind = CLASSES.indexOf(decision.class);
    this.#say("ProposalPassed", id, kind, this.electorateOf(decision), heard, ...lists);
  }

  /** Moves the execution by the decision's own delay, once: the guardian's. */
  postpone(id: bigint, now: number): void {
    const decision = this.find(id);
    this.#requireState(decision, "queued", now);
    if (decision.postponed) throw new Refusal("CoalitionGovernorPostponedBefore", id);
    decision.postponed = true;
    decision.eta = (decision.eta as number) + decision.rules.delay;
    this.#say("ProposalPostponed", id, decision.eta);
  }

  /** Carries a decision out: all of it or nothing. */
  execute(id: bigint, now: number): void {
    const decision = this.find(id);
    this.#requireState(decision, "queued", now);
    const needed = this.classes.ofAll(decision.actions);
    const [had, needs] = [decision.class, needed].map((kind) => CLASSES.indexOf(kind)) as [number, number];
    if (needs > had) throw new Refusal("CoalitionGovernorClassTooLow", id, had, needs);
    const eta = decision.eta as number;
    if (now < eta) throw new Refusal("CoalitionGovernorTooEarly", id, eta);
    const undo = decision.actions.length > 1 ? this.power.save() : () => {};
    try {
      for (const action of decision.actions) this.power.perform(action, now);
    } catch (refusal) {
      undo();
      throw refusal;
    }
    decision.executed = true;
  }

  requireDelay(delay: number): void {
    if (delay < this.shortestStage || delay > 30 * DAY)
      throw new Refusal("CoalitionTimelockDelayOutOfRange", delay, this.shortestStage, 30 * DAY);
  }

  setRules(kind: Class, rules: Rules, now: number): void {
    const half = Math.floor(this.roll.electorateAt(now - 1) / 2);
    requireRules(kind, rules, {
      shortestStage: this.shortestStage,
      longestNotice: Math.min(this.roll.waitingFloor - 1, 30 * DAY),
      highestFloor: Math.max(3, half, this.rules[kind].quorumFloor),
      groups: this.roll.groupCount,
    });
    requireOrder(kind, rules, this.rules);
    this.rules = { ...this.rules, [kind]: rules };
  }

  #say(name: string, ...values: (string | number | bigint)[]): void {
    this.roll.announcements.say(name, ...values);
  }

  #requireState(decision: Decision, wanted: State, now: number): void {
    const state = this.stateOf(decision, now);
    if (state !== wanted) throw unexpectedState(decision, state, wanted);
  }
}

/** Votes must count then, and ballots are accepted after it. */
export function opensAfter(decision: Decision): number {
  return decision.proposedAt + decision.rules.notice;
}

/** Last second in which ballots are accepted. */
export function closesAt(decision: Decision): number {
  return decision.extendedTo ?? opensAfter(decision) + decision.rules.period;
}

/** The ballot of a member that counts: the last one. */
export function ballotOf(decision: Decision, number: number): Ballot | undefined {
  return decision.ballots.findLast((ballot) => ballot.number === number);
}

function requireLength(what: string, length: number, limit: number): void {
  if (length > limit) throw new Refusal("CoalitionGovernorTooLong", what, length, limit);
}

/** States that would have been right are a set: bit n for the n-th state. */
function unexpectedState(decision: Decision, state: State, ...wanted: State[]): Refusal {
  const set = wanted.reduce((sum, one) => sum + 2 ** STATES.indexOf(one), 0);
  return new Refusal("GovernorUnexpectedProposalState", decision.id, STATES.indexOf(state), set);
}
