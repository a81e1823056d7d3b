import { Desk } from "./desk.js";
import type { Roll } from "./roll.js";
import { DAY, Refusal, type Signed, ZERO } from "./words.js";

export type NamePaper = {
  account: string;
  guardians: readonly string[];
  threshold: number;
  deadline: number;
};
/** The consent of the key that is to hold the number. */
export type RecoverPaper = { number: number; newKey: string; deadline: number };
/** What a guardian signs to ask for a recovery, or to approve one. */
export type GuardianPaper = { guardian: string; number: number; newKey: string; deadline: number };
export type VetoPaper = { account: string; number: number; newKey: string; deadline: number };
export type ClaimPaper = { number: number; newKey: string; reasonDigest: string; deadline: number };

/** Whom a member trusts, named after so many requests had been made. */
export type Circle = { number: number; guardians: readonly string[]; threshold: number; after: number };

export const ORIGINS = ["guardians", "members"] as const;

/** How somebody ended a request; dropped is one in whose place another came, or whose guardians were named anew. */
export type RecoveryEnd = "completed" | "vetoed" | "dropped";

export type Recovery = {
  number: number;
  newKey: string;
  oldKey: string;
  at: number;
  origin: (typeof ORIGINS)[number];
  /** Who asked for it, and who approved: guardians. */
  approvals: string[];
  readyAt: number | null;
  delay: number;
  /** Null while nobody ended it, also once it is void. */
  end: RecoveryEnd | null;
};

export type RecoveryClaim = { number: number; newKey: string; oldKey: string; at: number; reason: string };

export const WINDOW = 90 * DAY;

/** Recovery of lost keys, on the word of guardians or of the members. */
export class KeyRecovery extends Desk {
  /** Every circle that was named, oldest first. */
  readonly circles: Circle[] = [];
  /** Every request there ever was, oldest first. */
  readonly requests: Recovery[] = [];
  /** Every claim there ever was, oldest first; of a key only the last one holds, with number 0 none. */
  readonly claims: RecoveryClaim[] = [];

  constructor(
    roll: Roll,
    public delay: number,
  ) {
    super(roll);
  }

  save(): () => void {
    const { delay } = this;
    const [requests, claims] = structuredClone([this.requests, this.claims] as const);
    return () => {
      this.delay = delay;
      this.requests.splice(0, Infinity, ...requests);
      this.claims.splice(0, Infinity, ...claims);
    };
  }

  // ---- what anybody can ask ----

  circleOf(number: number): Circle {
    const none = { number, guardians: [], threshold: 0, after: 0 };
    return this.circles.findLast((circle) => circle.number === number) ?? none;
  }

  /** The request for a number that stands. */
  requestOf(number: number, now: number): Recovery | undefined {
    const last = this.requests.findLast((one) => one.number === number);
    if (last === undefined || last.end !== null || now >= lapsesAt(last)) return undefined;
    return this.#hasHeldSince(last) ? last : undefined;
  }

  /** What a key claims, if that stands. */
  claimOf(newKey: string): RecoveryClaim | undefined {
    const last = this.claims.findLast((one) => one.newKey === newKey);
    if (last === undefined || last.number === 0) return undefined;
    return this.#hasHeldSince(last) ? last : undefined;
  }

  // ---- what a member does ----

  nameGuardians(account: string, guardians: readonly string[], threshold: number, now: number): void {
    const number = this.requireMember(account);
    if (this.requireActive(number).organisation) throw new Refusal("KeyRecoveryOrganisation", number);
    this.requireRange("guardians", guardians.length, 0, 10);
    this.requireRange("threshold", threshold, guardians.length === 0 ? 0 : 1, guardians.length);
    guardians.forEach((guardian, place) => {
      if (guardian === ZERO || guardian === account || guardians.indexOf(guardian) < place)
        throw new Refusal("KeyRecoveryInvalidGuardian", guardian);
    });
    this.#drop(number, now);
    this.circles.push({ number, guardians: [...guardians], threshold, after: this.requests.length });
    this.say("GuardiansNamed", number, `[${guardians.join(",")}]`, threshold);
  }

  veto(account: string, number: number, newKey: string | undefined, now: number): void {
    if (number === 0 || this.roll.numberOf(account) !== number)
      throw new Refusal("KeyRecoveryNotHolder", number, account);
    const request = this.#requireRequest(number, newKey, now);
    request.end = "vetoed";
    this.say("RecoveryVetoed", number, request.newKey);
  }

  // ---- what guardians do ----

  request(
    { guardian, number, newKey, deadline }: GuardianPaper,
    consent: Signed<RecoverPaper>,
    spent: string | undefined,
    now: number,
  ): void {
    this.#requireGuardian(number, guardian);
    const oldKey = this.roll.keyOf(this.requireActive(number));
    this.#requireFree(newKey);
    const standing = this.requestOf(number, now);
    if (standing !== undefined && standing.readyAt !== null)
      throw new Refusal("KeyRecoveryPending", number, standing.newKey);
    const from = this.#mayStartFrom(number, guardian);
    if (now < from) throw new Refusal("KeyRecoveryTooSoon", number, guardian, from);
    this.requireSigned(now, { number, newKey, deadline }, newKey, consent, spent);
    this.#drop(number, now);
    this.#open(number, newKey, oldKey, "guardians", now);
    this.say("RecoveryRequested", number, newKey, guardian);
    this.approve(guardian, number, newKey, now);
    this.useNonce(newKey);
  }

  approve(guardian: string, number: number, newKey: string, now: number): void {
    const request = this.#requireRequest(number, newKey, now);
    this.#requireGuardian(number, guardian);
    if (request.approvals.includes(guardian))
      throw new Refusal("KeyRecoveryAlreadyApproved", number, guardian);
    request.approvals.push(guardian);
    this.say("RecoveryApproved", number, newKey, guardian, request.approvals.length);
    if (request.approvals.length === this.circleOf(number).threshold) this.#startDelay(request, now);
  }

  // ---- what a new key does, and the members, and anybody ----

  claim(number: number, newKey: string, reason: string, now: number): void {
    let oldKey = ZERO;
    if (number !== 0) {
      this.#requireFree(newKey);
      oldKey = this.roll.keyOf(this.requireActive(number));
    }
    this.claims.push({ number, newKey, oldKey, at: now, reason });
    this.say("RecoveryClaimed", number, newKey, reason);
  }

  decide(number: number, newKey: string, now: number): void {
    const { guardians } = this.circleOf(number);
    if (guardians.length > 0) throw new Refusal("KeyRecoveryGuarded", number, guardians.length);
    const standing = this.requestOf(number, now);
    if (standing !== undefined) throw new Refusal("KeyRecoveryPending", number, standing.newKey);
    const claim = this.claimOf(newKey);
    if (number === 0 || claim?.number !== number) throw new Refusal("KeyRecoveryNoClaim", number, newKey);
    this.#requireFree(newKey);
    this.claims.push({ ...claim, number: 0, at: now });
    this.#startDelay(this.#open(number, newKey, claim.oldKey, "members", now), now);
  }

  complete(number: number, now: number): void {
    const request = this.#requireRequest(number, undefined, now);
    if (request.readyAt === null || now < request.readyAt)
      throw new Refusal("KeyRecoveryNotReady", number, request.readyAt ?? 0);
    this.say("RecoveryCompleted", number, request.oldKey, request.newKey);
    this.roll.moveKey(number, request.newKey, now);
    request.end = "completed";
  }

  setDelay(delay: number): void {
    this.requireRange("delay", delay, Math.floor(this.roll.waitingFloor / 2), 180 * DAY);
    this.say("RecoveryDelayChanged", this.delay, delay);
    this.delay = delay;
  }

  // ---- rules that several acts share ----

  /** Whether the key that held the number then has held it ever since. */
  #hasHeldSince({ number, oldKey, at }: { number: number; oldKey: string; at: number }): boolean {
    const tenure = this.roll.holds(oldKey);
    return tenure?.member.number === number && tenure.since <= at;
  }

  #open(number: number, newKey: string, oldKey: string, origin: Recovery["origin"], now: number): Recovery {
    const { delay } = this;
    const request: Recovery = {
      number,
      newKey,
      oldKey,
      at: now,
      origin,
      approvals: [],
      readyAt: null,
      delay,
      end: null,
    };
    this.requests.push(request);
    return request;
  }

  #startDelay(request: Recovery, now: number): void {
    request.readyAt = now + request.delay;
    const { number, newKey, origin, readyAt } = request;
    this.say("RecoveryDelayed", number, newKey, ORIGINS.indexOf(origin), readyAt);
  }

  /** Ends a request, whether it stands or not. */
  #drop(number: number, now: number): void {
    const standing = this.requestOf(number, now);
    const last = this.#lastOf(number);
    if (last !== undefined) last.end = "dropped";
    if (standing !== undefined) this.say("RecoveryDropped", number, standing.newKey);
  }

  /** A guardian starts one request in a window, unless named anew since. */
  #mayStartFrom(number: number, guardian: string): number {
    const started = this.requests
      .slice(this.circleOf(number).after)
      .findLast(
        (one) => one.number === number && one.origin === "guardians" && one.approvals[0] === guardian,
      );
    return started === undefined ? 0 : started.at + WINDOW;
  }

  #requireFree(newKey: string): void {
    const number = this.roll.numberOf(newKey);
    if (number !== 0) throw new Refusal("MembershipAlreadyMember", newKey, number);
  }

  #requireGuardian(number: number, account: string): void {
    if (!this.circleOf(number).guardians.includes(account))
      throw new Refusal("KeyRecoveryNotGuardian", number, account);
  }

  /** The last request for a number, whether it still stands or not, if nobody ended it. */
  #lastOf(number: number): Recovery | undefined {
    const last = this.requests.findLast((one) => one.number === number);
    return last?.end === null ? last : undefined;
  }

  #requireRequest(number: number, newKey: string | undefined, now: number): Recovery {
    const request = this.requestOf(number, now);
    if (request === undefined || (newKey !== undefined && request.newKey !== newKey))
      throw new Refusal("KeyRecoveryNoRequest", number, newKey ?? this.#lastOf(number)?.newKey ?? ZERO);
    return request;
  }
}

/** From when on a request is void. */
export function lapsesAt({ at, readyAt }: Recovery): number {
  return (readyAt ?? at) + WINDOW;
}
