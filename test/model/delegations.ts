/**
 * Delegations as a plain list: who gave the vote to whom, in which group, from when, until when. Votes are counted by
 * looking through it.
 */

import { Desk } from "./desk.js";
import { groupCountedAt, type Member, type Roll } from "./roll.js";
import { DAY, Refusal, ZERO } from "./words.js";

/** Delegations end at multiples of this. */
export const STEP = 15 * DAY;

/** How many of them away at the most. */
export const LONGEST = 24;

export type Delegation = {
  by: number;
  to: number;
  group: number;
  from: number;
  /** When it ends by itself. */
  ends: number;
  /** When it was taken back. */
  until: number | null;
};

export type DelegateRequest = { delegator: string; delegatee: string; ends: number; deadline: number };
export type TakeRequest = { account: string; limit: number; deadline: number };
export type DeclineRequest = { account: string; number: number; deadline: number };

/** ERC-5805's message: who signed it delegates. */
export type DelegationPaper = { delegatee: string; nonce: number; expiry: number };

/** Whether it was given and has not ended, whatever became of the delegate. */
export function isInForce({ from, ends, until }: Delegation, moment: number): boolean {
  return from <= moment && moment < ends && (until === null || moment < until);
}

/** The last boundary of the calendar at or before a moment. */
export function floorOf(moment: number): number {
  return Math.floor(moment / STEP) * STEP;
}

export class Delegations extends Desk {
  readonly given: Delegation[] = [];
  /** By member number, for those who ever took any. */
  readonly limits = new Map<number, number>();

  constructor(
    roll: Roll,
    public cap: number,
  ) {
    super(roll);
    roll.release = (number, now) => this.end(number, now);
  }

  save(): () => void {
    const given = structuredClone(this.given);
    const { cap } = this;
    return () => {
      this.given.splice(0, Infinity, ...given);
      this.cap = cap;
    };
  }

  // ---- what anybody can ask ----

  /** Delegations that count at a moment: in force, the delegate's vote counting in the group they were given in. */
  validAt(moment: number): Delegation[] {
    return this.given.filter((one) => this.#isValid(one, moment));
  }

  /** Whose ballots count for a member's vote at a moment; 0 for the member's own. */
  delegateAt(number: number, moment: number): number {
    return this.given.find((one) => one.by === number && this.#isValid(one, moment))?.to ?? 0;
  }

  /** Votes of others that a member has at a moment in which the member's own vote counts. */
  receivedAt(number: number, group: number, moment: number): number {
    return this.given.filter((one) => one.to === number && one.group === group && isInForce(one, moment))
      .length;
  }

  /** Votes of a key at a moment up to now: its own unless delegated, and those received. */
  votesAt(key: string, moment: number): number {
    const vote = this.roll.voteAt(key, moment);
    if (vote === undefined) return 0;
    const { number, group } = vote;
    return (this.delegateAt(number, moment) === 0 ? 1 : 0) + this.receivedAt(number, group, moment);
  }

  /** The key whose ballots count for a key's vote now. */
  delegateOfKey(key: string, now: number): string {
    const vote = this.roll.voteAt(key, now);
    const delegate = vote === undefined ? 0 : this.delegateAt(vote.number, now);
    return delegate === 0 ? key : this.roll.keyOf(this.#member(delegate));
  }

  /** What a member delegated, whether it counts now or not. */
  delegationOf(number: number, now: number): Delegation | undefined {
    return this.given.findLast((one) => one.by === number && isInForce(one, now));
  }

  limitOf(number: number): number {
    return Math.min(this.limits.get(number) ?? 0, this.cap);
  }

  longestEnd(now: number): number {
    return floorOf(now) + LONGEST * STEP;
  }

  // ---- what members do ----

  takeDelegations(account: string, limit: number): void {
    const number = this.requireMember(account);
    this.requireRange("limit", limit, 0, this.cap);
    this.limits.set(number, limit);
    if (limit > 0) this.#member(number).receives = true;
    this.say("DelegationLimitSet", number, limit);
  }

  delegate(delegator: string, delegatee: string, wanted: number, now: number): void {
    if (delegatee === ZERO) throw new Refusal("DelegationsZeroDelegate");
    if (delegatee === delegator) {
      this.end(this.requireMember(delegator), now);
      return;
    }
    const giver = this.requireVoter(delegator, now);
    const taker = this.requireVoter(delegatee, now);
    if (giver.group !== taker.group) throw new Refusal("DelegationsOtherGroup", giver.group, taker.group);
    const ends = floorOf(wanted);
    const [first, last] = [floorOf(now) + STEP, this.longestEnd(now)];
    if (ends < first || ends > last) throw new Refusal("DelegationsEndOutOfRange", ends, first, last);
    const old = this.delegationOf(giver.number, now);
    const others = this.receivedAt(taker.number, taker.group, now) - (old?.to === taker.number ? 1 : 0);
    const limit = this.limitOf(taker.number);
    if (others >= limit) throw new Refusal("DelegationsFull", taker.number, limit);

    this.end(giver.number, now);
    const { number: by, group } = giver;
    this.#move(delegator, delegator, delegatee, now, () => {
      this.given.push({ by, to: taker.number, group, from: now, ends, until: null });
      this.#member(by).delegates = true;
      this.say("VoteDelegated", by, taker.number, ends);
    });
  }

  /** A delegate gives a vote back that it does not want. */
  decline(account: string, number: number, now: number): void {
    const declining = this.requireMember(account);
    const delegate = this.delegationOf(number, now)?.to ?? 0;
    if (delegate !== declining) throw new Refusal("DelegationsNotReceived", number, delegate);
    this.end(number, now);
  }

  /** ERC-5805's way: whoever a signature turns out to be by delegates. */
  delegateBySigner(signer: string, { delegatee, nonce, expiry }: DelegationPaper, now: number): void {
    if (now > expiry) throw new Refusal("VotesExpiredSignature", expiry);
    if (nonce !== this.nonceOf(signer))
      throw new Refusal("InvalidAccountNonce", signer, this.nonceOf(signer));
    this.delegate(signer, delegatee, this.longestEnd(now), now);
    this.useNonce(signer);
  }

  /** Ends what a member delegated, if it is still in force. */
  end(number: number, now: number): void {
    const delegation = this.delegationOf(number, now);
    if (delegation === undefined) return;
    const [giver, taker] = [number, delegation.to].map((one) => this.roll.keyOf(this.#member(one)));
    const counted = this.#isValid(delegation, now);
    const stop = () => {
      delegation.until = now;
      this.say("DelegationEnded", number, delegation.to);
    };
    if (counted) this.#move(giver as string, taker as string, giver as string, now, stop);
    else stop();
  }

  // ---- what the members decide ----

  setCap(cap: number): void {
    this.requireRange("cap", cap, 0, 100);
    this.say("DelegationCapChanged", this.cap, cap);
    this.cap = cap;
  }

  // ---- rules that several acts share ----

  #isValid(one: Delegation, moment: number): boolean {
    return isInForce(one, moment) && groupCountedAt(this.#member(one.to), moment) === one.group;
  }

  /** Announces an act that moves a vote from one key to another, as ERC-5805 wants it. */
  #move(delegator: string, from: string, to: string, now: number, act: () => void): void {
    const before = [from, to].map((key) => this.votesAt(key, now));
    act();
    this.say("DelegateChanged", delegator, from, to);
    [from, to].forEach((key, place) => {
      this.say("DelegateVotesChanged", key, before[place] as number, this.votesAt(key, now));
    });
  }

  #member(number: number): Member {
    return this.roll.members[number - 1] as Member;
  }
}
