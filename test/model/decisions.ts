/**
 * Decisions as plain lists: every ballot ever accepted is kept, and what counts is found by looking through them and
 * through the delegations that were in force when a decision opened.
 */
import type { Action } from "./actions.js";
import type { Delegations } from "./delegations.js";
import type { Roll } from "./roll.js";
import { DAY, isSigned, Refusal, requireRange, type Signed, STANDINGS } from "./words.js";

export type Rules = {
  notice: number;
  period: number;
  grace: number;
  quorumBps: number;
  quorumFloor: number;
  approvalBps: number;
  approvalFloorBps: number;
};

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
  /** The timelock's name for it. */
  operation: string;
  proposer: string;
  actions: readonly Action[];
  proposedAt: number;
  rules: Rules;
  /** In the order in which they were accepted. */
  ballots: Ballot[];
  canceled: boolean;
  executed: boolean;
  eta: number | null;
};

export type Proposal = {
  id: bigint;
  operation: string;
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

/** What a decision can do: {@link perform} an action, and undo all since {@link save}. */
export type Power = {
  perform: (action: Action, now: number) => void;
  save: () => () => void;
};

export class Decisions {
  readonly all: Decision[] = [];
  readonly nonces = new Map<string, number>();

  constructor(
    readonly roll: Roll,
    readonly delegations: Delegations,
    private readonly power: Power,
    public rules: Rules,
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
    if (now <= closesAt(decision)) return "active";
    if (!this.passed(decision)) return "defeated";
    if (decision.eta === null)
      return now > closesAt(decision) + decision.rules.grace ? "expired" : "succeeded";
    return now > decision.eta + decision.rules.grace ? "expired" : "queued";
  }

  /** The members' votes that counted when a decision opened. */
  electorateOf(decision: Decision): number {
    return this.roll.electorateAt(opensAfter(decision));
  }

  quorumOf(decision: Decision): number {
    return quorum(decision.rules, this.electorateOf(decision));
  }

  /** Whether enough took part, enough of all agreed, and more of those who took sides than must. */
  passed(decision: Decision): boolean {
    const [against, inFavour, abstained] = this.tally(decision);
    const { approvalBps, approvalFloorBps } = decision.rules;
    const enoughTookPart = inFavour + abstained >= this.quorumOf(decision);
    const enoughOfAll = inFavour >= shareOf(this.electorateOf(decision), approvalFloorBps);
    const enoughOfSides = inFavour * 10_000 > (inFavour + against) * approvalBps;
    return enoughTookPart && enoughOfAll && enoughOfSides;
  }

  /** The votes that were delegated when a decision opened. */
  entrusted(decision: Decision): Entrusted[] {
    return this.delegations.validAt(opensAfter(decision));
  }

  /**
   * Against, For and Abstain, of one group or of all: every member's last ballot, and for whoever cast none but had
   * delegated, the delegate's.
   */
  tally(decision: Decision, group?: number): [number, number, number] {
    const counts: [number, number, number] = [0, 0, 0];
    const last = new Map(decision.ballots.map((ballot) => [ballot.number, ballot]));
    const count = (one: { group: number }, choice: number) => {
      if (group === undefined || one.group === group) counts[choice as 0 | 1 | 2] += 1;
    };
    for (const ballot of last.values()) count(ballot, ballot.choice);
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
    const { id, operation, actions, descriptionLength } = proposal;
    requireLength("description", descriptionLength, 8_192);
    requireLength("actions", actions.length, 16);
    for (const action of actions)
      if (action.do === "callNobody") throw new Refusal("CoalitionGovernorTargetWithoutCode", action.target);
    if (actions.length === 0) throw new Refusal("GovernorInvalidProposalLength", 0, 0, 0);
    const same = this.all.find((one) => one.id === id);
    if (same !== undefined) throw unexpectedState(same, this.stateOf(same, now));
    this.all.push({
      id,
      operation,
      proposer,
      actions,
      proposedAt: now,
      rules: { ...this.rules },
      ballots: [],
      canceled: false,
      executed: false,
      eta: null,
    });
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
    const delegate = this.entrusted(decision).find(({ by }) => by === number);
    if (before === undefined && delegate !== undefined)
      this.roll.announcements.say("DelegatedVoteTakenBack", id, number, delegate.to);
    decision.ballots.push({ number, group, choice: support, signed: !inPerson });
    if (signed !== undefined) this.nonces.set(voter, this.nonceOf(voter) + 1);
    const weight = this.weightOf(decision, number);
    this.roll.announcements.say("VoteCast", voter, id, support, weight, reason);
    return weight;
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
    decision.eta = now + this.delay;
  }

  /** Carries a decision out: all of it or nothing. */
  execute(id: bigint, now: number): void {
    const decision = this.find(id);
    this.#requireState(decision, "queued", now);
    if (now < (decision.eta as number))
      throw new Refusal("TimelockUnexpectedOperationState", decision.operation, READY);
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

  setRules(rules: Rules, now: number): void {
    const error = "DecisionRulesOutOfRange";
    const longestNotice = Math.min(this.roll.waitingFloor - 1, 30 * DAY);
    const half = Math.floor(this.roll.electorateAt(now - 1) / 2);
    const highestFloor = Math.max(3, half, this.rules.quorumFloor);
    requireRange(error, "notice", rules.notice, this.shortestStage, longestNotice);
    requireRange(error, "period", rules.period, this.shortestStage, 90 * DAY);
    requireRange(error, "grace", rules.grace, this.shortestStage, 180 * DAY);
    requireRange(error, "quorumBps", rules.quorumBps, 100, 5_000);
    requireRange(error, "quorumFloor", rules.quorumFloor, 3, highestFloor);
    requireRange(error, "approvalBps", rules.approvalBps, 5_000, 8_000);
    requireRange(error, "approvalFloorBps", rules.approvalFloorBps, 0, 2_500);
    this.rules = rules;
  }

  #requireState(decision: Decision, wanted: State, now: number): void {
    const state = this.stateOf(decision, now);
    if (state !== wanted) throw unexpectedState(decision, state, wanted);
  }
}

/** In the timelock, the third of four states: unset, waiting, ready, done. */
const READY = 2 ** 2;

/** Votes must count then, and ballots are accepted after it. */
export function opensAfter(decision: Decision): number {
  return decision.proposedAt + decision.rules.notice;
}

/** Last second in which ballots are accepted. */
export function closesAt(decision: Decision): number {
  return opensAfter(decision) + decision.rules.period;
}

/** The ballot of a member that counts: the last one. */
export function ballotOf(decision: Decision, number: number): Ballot | undefined {
  return decision.ballots.findLast((ballot) => ballot.number === number);
}

/** A share of a number, rounded up. */
export function shareOf(number: number, bps: number): number {
  return Math.ceil((number * bps) / 10_000);
}

export function quorum(rules: Rules, electorate: number): number {
  return Math.max(shareOf(electorate, rules.quorumBps), rules.quorumFloor);
}

function requireLength(what: string, length: number, limit: number): void {
  if (length > limit) throw new Refusal("CoalitionGovernorTooLong", what, length, limit);
}

/** States that would have been right are a set: bit n for the n-th state. */
function unexpectedState(decision: Decision, state: State, ...wanted: State[]): Refusal {
  const set = wanted.reduce((sum, one) => sum + 2 ** STATES.indexOf(one), 0);
  return new Refusal("GovernorUnexpectedProposalState", decision.id, STATES.indexOf(state), set);
}
