import type { Affiliations } from "./affiliations.js";
import { Desk } from "./desk.js";
import { groupCountedAt, groupOf, type Member, type Roll } from "./roll.js";
import { DAY, Refusal } from "./words.js";

export type GroupRequest = { account: string; group: number; deadline: number };
export type SupportRequest = { account: string; id: number; deadline: number };
export type ChallengeRequest = {
  account: string;
  number: number;
  kind: number;
  value: number;
  reason: string;
  deadline: number;
};

export type ClaimRules = { cooldown: number; window: number; challengers: number };

export const CLAIMS = ["group", "affiliation"] as const;
export const CHALLENGE_STATES = ["none", "open", "raised", "upheld", "dismissed", "lapsed"] as const;
export type ChallengeState = (typeof CHALLENGE_STATES)[number];

export type Challenge = {
  id: number;
  number: number;
  kind: number;
  value: number;
  reason: string;
  openedAt: number;
  rules: ClaimRules;
  /** Member numbers, the opener's first. */
  supporters: number[];
  raisedAt: number | null;
  outcome: "upheld" | "dismissed" | null;
  dismissedAt: number | null;
};

const DECISION_TIME = 180 * DAY;
const NO_REASON = `0x${"0".repeat(64)}`;

/** What members claim of themselves, and how others challenge that. */
export class Claims extends Desk {
  readonly challenges: Challenge[] = [];
  /** Every change of group there ever was, oldest first. */
  readonly moves: { number: number; at: number }[] = [];

  constructor(
    roll: Roll,
    readonly affiliations: Affiliations,
    public rules: ClaimRules,
  ) {
    super(roll);
    affiliations.challengeRaised = (number, now) =>
      this.#raisedChallenge(number, CLAIMS.indexOf("affiliation"), now);
  }

  save(): () => void {
    const { rules, moves } = this;
    const challenges = structuredClone(this.challenges);
    const { length } = moves;
    return () => {
      this.rules = rules;
      moves.length = length;
      this.challenges.splice(0, Infinity, ...challenges);
    };
  }

  // ---- what anybody can ask ----

  find(id: number): Challenge | undefined {
    return this.challenges[id - 1];
  }

  /** A challenge falls with its window, with the time to decide, and with the claim. */
  stateOf(id: number, now: number): ChallengeState {
    const challenge = this.find(id);
    if (challenge === undefined) return "none";
    if (challenge.outcome !== null) return challenge.outcome;
    const { raisedAt } = challenge;
    const end = raisedAt === null ? windowEnd(challenge) : raisedAt + DECISION_TIME;
    if (now >= end || !this.#stands(challenge)) return "lapsed";
    return raisedAt === null ? "open" : "raised";
  }

  /** The challenge of a claim that is open or raised now; 0 for none. */
  openChallenge(number: number, kind: number, now: number): number {
    return this.#pending((one) => one.number === number && one.kind === kind, now);
  }

  /** The challenge that a member opened and that is open or raised now; 0 for none. */
  challengeBy(opener: number, now: number): number {
    return this.#pending(({ supporters }) => supporters[0] === opener, now);
  }

  challengeableAt(number: number, kind: number, value: number): number {
    const last = this.challenges
      .filter((one) => one.number === number && one.kind === kind && one.value === value)
      .sort((a, b) => (a.dismissedAt ?? 0) - (b.dismissedAt ?? 0))
      .at(-1);
    return last === undefined || last.dismissedAt === null ? 0 : last.dismissedAt + last.rules.cooldown;
  }

  groupChangeableAt(member: Member): number {
    return Math.max(member.joinedAt, this.#movedAt(member.number)) + this.rules.cooldown;
  }

  // ---- what members do ----

  changeGroup(account: string, group: number, now: number): void {
    const number = this.requireMember(account);
    const member = this.requireActive(number);
    if (group === groupOf(member)) throw new Refusal("ClaimsUnchanged", number, 0, group);
    const moment = this.groupChangeableAt(member);
    if (now < moment) throw new Refusal("ClaimsTooEarly", number, moment);
    const raised = this.#raisedChallenge(number, CLAIMS.indexOf("group"), now);
    if (raised !== 0) throw new Refusal("ClaimsUnderChallenge", number, raised);
    this.#moveGroup(number, group, now);
  }

  challenge(request: Omit<ChallengeRequest, "deadline">, now: number): number {
    const { account, number, kind, value, reason } = request;
    const opener = this.requireVoter(account, now).number;
    if (opener === number) throw new Refusal("ClaimsOwnClaim", number);
    const member = this.requireActive(number);
    if (CLAIMS[kind] === "affiliation" && member.organisation) throw new Refusal("ClaimsNotPerson", number);
    const claimed = this.#claimed(member, kind);
    if (value !== claimed) throw new Refusal("ClaimsOtherClaim", number, kind, value, claimed);
    const moment = this.challengeableAt(number, kind, value);
    if (now < moment) throw new Refusal("ClaimsSettled", number, kind, value, moment);
    const open = this.openChallenge(number, kind, now);
    if (open !== 0) throw new Refusal("ClaimsAlreadyChallenged", number, kind, open);
    const own = this.challengeBy(opener, now);
    if (own !== 0) throw new Refusal("ClaimsAlreadyChallenging", opener, own);
    if (reason === NO_REASON) throw new Refusal("ClaimsReasonMissing");
    const id = this.challenges.length + 1;
    this.challenges.push({
      id,
      number,
      kind,
      value,
      reason,
      openedAt: now,
      rules: { ...this.rules },
      supporters: [opener],
      raisedAt: null,
      outcome: null,
      dismissedAt: null,
    });
    this.say("ChallengeOpened", id, number, opener, kind, value, reason);
    return id;
  }

  support(account: string, id: number, now: number): void {
    const challenge = this.#requireState(id, "open", now);
    const { number } = this.requireVoter(account, now);
    if (number === challenge.number) throw new Refusal("ClaimsOwnClaim", number);
    if (challenge.supporters.includes(number)) throw new Refusal("ClaimsAlreadySupported", id, number);
    if (groupCountedAt(this.requireActive(number), challenge.openedAt) === undefined)
      throw new Refusal("ClaimsSupporterTooNew", id, number, challenge.openedAt);
    challenge.supporters.push(number);
    this.say("ChallengeSupported", id, number, challenge.supporters.length);
    if (challenge.supporters.length < challenge.rules.challengers) return;
    challenge.raisedAt = now;
    this.say("ChallengeRaised", id);
  }

  // ---- what the members decide ----

  uphold(id: number, value: number, now: number): void {
    const challenge = this.#requireState(id, "raised", now);
    const { number, kind } = challenge;
    if (value === challenge.value) throw new Refusal("ClaimsUnchanged", number, kind, value);
    this.say("ChallengeUpheld", id, value);
    if (CLAIMS[kind] === "affiliation") this.affiliations.choose(number, value, "members", now);
    else this.#moveGroup(number, value, now);
    challenge.outcome = "upheld";
  }

  dismiss(id: number, now: number): void {
    const challenge = this.#requireState(id, "raised", now);
    challenge.outcome = "dismissed";
    challenge.dismissedAt = now;
    this.say("ChallengeDismissed", id, now + challenge.rules.cooldown);
  }

  setRules(rules: ClaimRules): void {
    this.requireRange("cooldown", rules.cooldown, this.roll.waitingFloor, 730 * DAY);
    this.requireRange("window", rules.window, this.roll.waitingFloor, 180 * DAY);
    this.requireRange("challengers", rules.challengers, 2, 100);
    this.rules = rules;
  }

  // ---- rules that several acts share ----

  #movedAt(number: number): number {
    return this.moves.findLast((move) => move.number === number)?.at ?? 0;
  }

  #moveGroup(number: number, group: number, now: number): void {
    this.roll.moveGroup(number, group, now);
    this.moves.push({ number, at: now });
  }

  #claimed(member: Member, kind: number): number {
    return CLAIMS[kind] === "group" ? groupOf(member) : this.affiliations.organisationOf(member.number);
  }

  /** Whether the member still makes the claim; one that was changed and changed back is another. */
  #stands({ number, kind, value, openedAt }: Challenge): boolean {
    const member = this.roll.members[number - 1] as Member;
    if (member.leftAt !== null || this.#claimed(member, kind) !== value) return false;
    const changedAt = CLAIMS[kind] === "group" ? this.#movedAt(number) : this.affiliations.changedAt(number);
    return changedAt <= openedAt;
  }

  /** Of several, the last one alone can be pending. */
  #pending(which: (challenge: Challenge) => boolean, now: number): number {
    const id = this.challenges.findLast(which)?.id ?? 0;
    return ["open", "raised"].includes(this.stateOf(id, now)) ? id : 0;
  }

  /** The challenge of a claim that enough members support, and that is to be decided; 0 for none. */
  #raisedChallenge(number: number, kind: number, now: number): number {
    const id = this.openChallenge(number, kind, now);
    return this.stateOf(id, now) === "raised" ? id : 0;
  }

  #requireState(id: number, needed: ChallengeState, now: number): Challenge {
    const state = this.stateOf(id, now);
    if (state !== needed)
      throw new Refusal(
        "ClaimsUnexpectedState",
        id,
        CHALLENGE_STATES.indexOf(state),
        CHALLENGE_STATES.indexOf(needed),
      );
    return this.find(id) as Challenge;
  }
}

/** First moment at which a challenge can no longer be supported. */
export function windowEnd({ openedAt, rules }: Challenge): number {
  return openedAt + rules.window;
}
