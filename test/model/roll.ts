/**
 * The roll as plain lists. It keeps who held which number from when to when and answers every question by looking
 * through them: slow, and meant to be seen to be right. It shares nothing with the contracts but the words.
 *
 * Moments are seconds since 1970; the caller says what time it is.
 */

/** A refusal by its name and values, as the person refused would see it. */
export class Refusal extends Error {
  readonly values: readonly (string | number | bigint)[];

  constructor(name: string, ...values: (string | number | bigint)[]) {
    super(`${name}(${values.join(", ")})`);
    this.name = name;
    this.values = values;
  }
}

/** Reverts in the contracts' common way unless a value is within its range. */
export function requireRange(error: string, what: string, value: number, min: number, max: number): void {
  if (value < min || value > max) throw new Refusal(error, what, value, min, max);
}

export const DAY = 86_400;

export const RIGHTS = ["speak", "propose", "vote", "stand"] as const;
export type Right = (typeof RIGHTS)[number];

export const STANDINGS = ["granted", "not member", "ended", "rotated", "immature", "suspended"] as const;
export type Standing = (typeof STANDINGS)[number];

export type Pace = {
  waitingPeriod: number;
  epochLength: number;
  epochShareBps: number;
  epochFloor: number;
};

export type Member = {
  number: number;
  group: number;
  joinedAt: number;
  /** The boundary at which the vote matures. */
  votesFrom: number;
  leftAt: number | null;
  ended: boolean;
  /** By right: until when it is suspended. */
  suspendedUntil: [number, number, number, number];
};

/** A key's time with a number. */
export type Tenure = {
  key: string;
  member: Member;
  since: number;
  until: number | null;
  ending: "none" | "resigned" | "ended" | "pardoned" | "rotated";
  /** Whether the member was under a sanction at some time while, or before, this key held the number. */
  sanctioned: boolean;
};

/** A boundary that was given out, with the seats it had from the first. */
export type Boundary = { at: number; seats: number };

/** What somebody signed. A signature is good for exactly this. */
export type Signed<T> = { by: string; nonce: number; content: T };

/** Whether a signature is that of a key, under its current nonce, for exactly this content. */
export function isSigned<T extends object>(
  signature: Signed<T>,
  by: string,
  nonce: number,
  content: T,
): boolean {
  const [given, wanted] = [signature.content, content].map((fields) =>
    JSON.stringify(
      Object.entries(fields)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    ),
  );
  return signature.by === by && signature.nonce === nonce && given === wanted;
}

export type JoinRequest = { account: string; group: number; code: string; deadline: number };
export type RotateRequest = { number: number; newKey: string; deadline: number };

/** Whether the key of a tenure may not join again: its member was ended while it held the number, or after it moved on. */
function isBarred({ ending, member }: Tenure): boolean {
  return ending === "ended" || (ending === "rotated" && member.ended);
}

export class Roll {
  readonly members: Member[] = [];
  /** In the order in which they began. */
  readonly tenures: Tenure[] = [];
  readonly boundaries: Boundary[] = [];
  /** How many signed requests of a key were used up. */
  readonly nonces = new Map<string, number>();

  constructor(
    readonly groupCount: number,
    readonly waitingFloor: number,
    public pace: Pace,
    public code: string,
    public codeVersion = 1,
  ) {}

  /** A copy that shares nothing. */
  clone(): Roll {
    const { groupCount, waitingFloor, pace, code, codeVersion } = this;
    const copy = new Roll(groupCount, waitingFloor, { ...pace }, code, codeVersion);
    const lists = structuredClone([this.members, this.tenures, this.boundaries] as const);
    copy.members.push(...lists[0]);
    copy.tenures.push(...lists[1]);
    copy.boundaries.push(...lists[2]);
    for (const [key, nonce] of this.nonces) copy.nonces.set(key, nonce);
    return copy;
  }

  // ---- what anybody can ask ----

  nonceOf(key: string): number {
    return this.nonces.get(key) ?? 0;
  }

  /** What a key holds, or held last. */
  lastTenure(key: string): Tenure | undefined {
    return this.tenures.findLast((tenure) => tenure.key === key);
  }

  /** What a key holds now. */
  holds(key: string): Tenure | undefined {
    return this.tenures.find((tenure) => tenure.key === key && tenure.until === null);
  }

  /** The key that holds a number, or held it last. */
  keyOf(member: Member): string {
    return (this.tenures.findLast((tenure) => tenure.member === member) as Tenure).key;
  }

  numberOf(key: string): number {
    return this.holds(key)?.member.number ?? 0;
  }

  /** Votes of a key at a moment up to now. */
  votesAt(key: string, moment: number): number {
    return this.tenures.some(
      (tenure) =>
        tenure.key === key &&
        tenure.since <= moment &&
        (tenure.until === null || moment < tenure.until) &&
        tenure.member.votesFrom <= moment,
    )
      ? 1
      : 0;
  }

  /** Mature votes by group at a moment up to now. */
  votesByGroupAt(moment: number): number[] {
    return this.#byGroup(
      ({ votesFrom, leftAt }) => votesFrom <= moment && (leftAt === null || moment < leftAt),
    );
  }

  /** Mature votes in all at a moment up to now. */
  electorateAt(moment: number): number {
    return this.votesByGroupAt(moment).reduce((sum, votes) => sum + votes, 0);
  }

  /** Who is on the roll now, by group, the vote mature or not. */
  livingByGroup(): number[] {
    return this.#byGroup(({ leftAt }) => leftAt === null);
  }

  /** Whether a key has a right: on the roll and not suspended now, the vote mature at a moment. */
  standingOf(
    key: string,
    right: Right,
    moment: number,
    now: number,
  ): { standing: Standing; number: number; group: number; explanation: number } {
    const tenure = this.lastTenure(key);
    if (tenure === undefined) return { standing: "not member", number: 0, group: 0, explanation: 0 };
    const { number, group, votesFrom, suspendedUntil } = tenure.member;
    const answer = (standing: Standing, explanation: number) => ({ standing, number, group, explanation });
    if (tenure.until !== null) return answer(tenure.ending === "rotated" ? "rotated" : "ended", tenure.until);
    const until = suspendedUntil[RIGHTS.indexOf(right)] as number;
    if (until > now) return answer("suspended", until);
    if (right !== "speak" && votesFrom > moment) return answer("immature", votesFrom);
    return answer("granted", 0);
  }

  /** Number and group of a key that is on the roll and whose right is not suspended, and from when it has it. */
  entitlementOf(key: string, right: Right, now: number): { number: number; group: number; from: number } {
    const tenure = this.holds(key);
    if (tenure === undefined || (tenure.member.suspendedUntil[RIGHTS.indexOf(right)] as number) > now)
      return { number: 0, group: 0, from: 0 };
    const { number, group, votesFrom } = tenure.member;
    return { number, group, from: right === "speak" ? tenure.since : votesFrom };
  }

  // ---- what members do ----

  join(key: string, group: number, code: string, now: number): number {
    if (group >= this.groupCount) throw new Refusal("MembershipUnknownGroup", group, this.groupCount);
    if (code !== this.code) throw new Refusal("MembershipWrongCodeDigest", code, this.code);
    this.#requireFree(key);
    const former = this.lastTenure(key);
    const member: Member = {
      number: this.members.length + 1,
      group,
      joinedAt: now,
      votesFrom: this.#nextSeat(now),
      leftAt: null,
      ended: false,
      // Nobody sheds a sanction by leaving and joining again.
      suspendedUntil: former?.sanctioned ? [...former.member.suspendedUntil] : [0, 0, 0, 0],
    };
    this.members.push(member);
    this.#begin(key, member, now, former?.sanctioned ?? false);
    return member.number;
  }

  joinBySig(
    account: string,
    group: number,
    code: string,
    deadline: number,
    signature: Signed<JoinRequest>,
    now: number,
  ): number {
    this.#requireSigned(signature, account, { account, group, code, deadline }, now);
    const number = this.join(account, group, code, now);
    this.#useNonce(account);
    return number;
  }

  resign(key: string, now: number): void {
    this.#close(this.#requireMember(key), "resigned", now);
  }

  rotateKey(
    key: string,
    newKey: string,
    deadline: number,
    signature: Signed<RotateRequest>,
    now: number,
  ): void {
    const tenure = this.holds(key);
    if (tenure === undefined) throw new Refusal("RollDeskNotMember", key);
    this.#requireSigned(signature, newKey, { number: tenure.member.number, newKey, deadline }, now);
    this.#requireFree(newKey);
    tenure.until = now;
    tenure.ending = "rotated";
    this.#begin(newKey, tenure.member, now, tenure.sanctioned);
    this.#useNonce(newKey);
  }

  // ---- what the members decide ----

  end(number: number, now: number): void {
    const member = this.members[number - 1];
    if (member === undefined || member.ended) throw new Refusal("MembershipUnknownNumber", number);
    member.ended = true;
    const tenure = this.lastTenure(this.keyOf(member)) as Tenure;
    if (member.leftAt === null) this.#close(tenure, "ended", now);
    // Who resigned first is barred all the same, unless the key has joined again since.
    else if (tenure.member === member) tenure.ending = "ended";
  }

  pardon(key: string): void {
    const tenure = this.lastTenure(key);
    if (tenure === undefined || !isBarred(tenure)) throw new Refusal("MembershipNotBarred", key);
    tenure.ending = "pardoned";
  }

  suspend(number: number, rights: number, until: number, now: number): void {
    requireRange("MembershipParameterOutOfRange", "until", until, now + 1, now + 365 * DAY);
    this.#setSuspension(number, rights, until);
  }

  restore(number: number, rights: number): void {
    this.#setSuspension(number, rights, 0);
  }

  setMaturity(pace: Pace): void {
    const floor = this.waitingFloor;
    const error = "MembershipParameterOutOfRange";
    requireRange(error, "waitingPeriod", pace.waitingPeriod, floor, 365 * DAY);
    requireRange(error, "epochLength", pace.epochLength, Math.floor(floor / 8), 92 * DAY);
    requireRange(error, "epochShareBps", pace.epochShareBps, 100, 2_500);
    requireRange(error, "epochFloor", pace.epochFloor, 1, 100);
    this.pace = pace;
  }

  setCodeOfConduct(code: string): void {
    this.code = code;
    this.codeVersion += 1;
  }

  // ---- how votes mature ----

  /**
   * The boundary at which the vote of somebody who joins now matures: the first after the waiting period, not before
   * that of anybody who joined earlier, and the next one if it has no seat left.
   */
  #nextSeat(now: number): number {
    const { waitingPeriod, epochLength } = this.pace;
    const last = this.boundaries.at(-1);
    const earliest = firstMultipleFrom(now + waitingPeriod, epochLength);
    if (last === undefined || earliest > last.at) return this.#open(earliest, now);
    const taken = this.members.filter(({ votesFrom }) => votesFrom === last.at).length;
    if (taken < last.seats) return last.at;
    return this.#open(firstMultipleFrom(last.at + 1, epochLength), now);
  }

  /** Opens a boundary. Its seats are a share of the votes that are mature now, or the floor. */
  #open(at: number, now: number): number {
    const share = Math.floor((this.electorateAt(now) * this.pace.epochShareBps) / 10_000);
    this.boundaries.push({ at, seats: Math.max(this.pace.epochFloor, share) });
    return at;
  }

  // ---- rules that several acts share ----

  #byGroup(counts: (member: Member) => boolean): number[] {
    const votes = new Array<number>(this.groupCount).fill(0);
    for (const member of this.members) if (counts(member)) (votes[member.group] as number) += 1;
    return votes;
  }

  #begin(key: string, member: Member, since: number, sanctioned: boolean): void {
    this.tenures.push({ key, member, since, until: null, ending: "none", sanctioned });
  }

  #close(tenure: Tenure, ending: "resigned" | "ended", now: number): void {
    tenure.until = now;
    tenure.ending = ending;
    tenure.member.leftAt = now;
  }

  #setSuspension(number: number, rights: number, until: number): void {
    if (rights < 1 || rights > 15) throw new Refusal("MembershipInvalidRights", rights);
    const member = this.#requireNumber(number);
    RIGHTS.forEach((_, right) => {
      if (Math.floor(rights / 2 ** right) % 2 === 1) member.suspendedUntil[right] = until;
    });
    (this.holds(this.keyOf(member)) as Tenure).sanctioned = true;
  }

  #requireFree(key: string): void {
    const tenure = this.lastTenure(key);
    if (tenure === undefined) return;
    if (tenure.until === null) throw new Refusal("MembershipAlreadyMember", key, tenure.member.number);
    if (isBarred(tenure)) throw new Refusal("MembershipKeyBarred", key, tenure.member.number);
  }

  #requireMember(key: string): Tenure {
    const tenure = this.holds(key);
    if (tenure === undefined) throw new Refusal("MembershipNotMember", key);
    return tenure;
  }

  #requireNumber(number: number): Member {
    const member = this.members[number - 1];
    if (member === undefined || member.leftAt !== null) throw new Refusal("MembershipUnknownNumber", number);
    return member;
  }

  #requireSigned<T extends { deadline: number }>(
    signature: Signed<T>,
    by: string,
    content: T,
    now: number,
  ): void {
    if (now > content.deadline) throw new Refusal("SignedRequestsExpired", content.deadline, now);
    if (!isSigned(signature, by, this.nonceOf(by), content))
      throw new Refusal("SignedRequestsInvalidSignature", by);
  }

  #useNonce(key: string): void {
    this.nonces.set(key, this.nonceOf(key) + 1);
  }
}

/** The first multiple of a length that is not before a moment. */
function firstMultipleFrom(moment: number, length: number): number {
  return Math.ceil(moment / length) * length;
}
