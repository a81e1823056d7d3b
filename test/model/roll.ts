/**
 * The roll as plain lists. It keeps who held which number from when to when, in which groups, and why a vote did not
 * count meanwhile, and answers every question by looking through them: slow, and meant to be seen to be right.
 */
import {
  Announcements,
  DAY,
  PAUSES,
  type Pause,
  Refusal,
  RIGHTS,
  type Right,
  requireRange,
  type Standing,
  ZERO,
} from "./words.js";

export type Pace = {
  waitingPeriod: number;
  epochLength: number;
  epochShareBps: number;
  epochFloor: number;
};

/** Whom it admits to the queue for the vote. It may refuse with words of its own. */
export type Policy = {
  at: string;
  admits: (number: number, key: string, group: number, evidence: string) => boolean;
};

export type Member = {
  number: number;
  organisation: boolean;
  joinedAt: number;
  leftAt: number | null;
  ended: boolean;
  /** The boundary at which the vote matures; null for a participant. */
  boundary: number | null;
  /** Oldest first. At rest: the vote was paused when the member came into the group. */
  groups: { group: number; since: number; atRest: boolean }[];
  /** Last one of its time: when it ended, no other reason was left. */
  pauses: { reason: Pause; since: number; until: number | null; last: boolean }[];
  confirmedAt: number;
  /** By right: until when it is suspended. */
  suspendedUntil: [number, number, number, number];
  /** Whether the member ever delegated, and ever took delegations. */
  delegates: boolean;
  receives: boolean;
};

/** What the roll keeps with a key, beside the number. */
export type Knowledge = { group: number; flags: number; votesFrom: number; confirmedAt: number };

/** A key's time with a number. */
export type Tenure = {
  key: string;
  member: Member;
  since: number;
  until: number | null;
  ending: "none" | "resigned" | "ended" | "pardoned" | "rotated";
  /** What the roll knew of the key when it ceased to hold the number. */
  last: Knowledge | null;
  /** Whether the member was under a sanction at some time while, or before, this key held the number. */
  sanctioned: boolean;
};

/** A boundary that was given out, with the seats it had from the first. */
export type Boundary = { at: number; seats: number };

/** Whether the key of a tenure may not join again: its member was ended while it held the number, or after it moved on. */
function isBarred({ ending, member }: Tenure): boolean {
  return ending === "ended" || (ending === "rotated" && member.ended);
}

/** The group of a member now, or the last one. */
export function groupOf(member: Member): number {
  return (member.groups.at(-1) as Member["groups"][number]).group;
}

/** Why a vote does not count for now. */
export function pausesOf(member: Member): Pause[] {
  return PAUSES.filter((reason) =>
    reason === "unqualified"
      ? member.boundary === null
      : member.pauses.some((pause) => pause.reason === reason && pause.until === null),
  );
}

/** A set of reasons as the contracts show it: bit n for the n-th. */
function pauseBits(reasons: readonly Pause[]): number {
  return reasons.reduce((sum, reason) => sum + 2 ** PAUSES.indexOf(reason), 0);
}

/** Why a vote does not count for now, as the contracts show it. */
export function pauseBitsOf(member: Member): number {
  return pauseBits(pausesOf(member));
}

/**
 * Since when the vote counts as it does now, or from when it will: its boundary, or the last change of group or end of a
 * pause after that.
 */
export function votesFrom({ boundary, groups, pauses }: Member): number {
  if (boundary === null) return 0;
  const moves = groups.slice(1).filter(({ atRest }) => !atRest);
  const returns = pauses.filter(({ last }) => last);
  return Math.max(boundary, ...moves.map(({ since }) => since), ...returns.map(({ until }) => until ?? 0));
}

/** The group in which a member's vote counted at a moment up to now; undefined if it did not count. */
export function groupCountedAt(member: Member, moment: number): number | undefined {
  const { boundary, leftAt, pauses, groups } = member;
  if (boundary === null || moment < boundary || (leftAt !== null && moment >= leftAt)) return undefined;
  for (const { since, until } of pauses)
    if (since <= moment && (until === null || moment < until)) return undefined;
  return groups.findLast(({ since }) => since <= moment)?.group;
}

/** How the contracts write what makes a member more than the plain case. */
function flagsOf(member: Member, sanctioned: boolean): number {
  const flags = [sanctioned, member.delegates, member.receives];
  const set = [...flags, ...PAUSES.map((reason) => pausesOf(member).includes(reason)), member.organisation];
  return set.reduce((sum, one, place) => sum + (one ? 2 ** place : 0), 0);
}

function knowledgeOf({ member, sanctioned }: Tenure): Knowledge {
  const { confirmedAt } = member;
  return {
    group: groupOf(member),
    flags: flagsOf(member, sanctioned),
    votesFrom: votesFrom(member),
    confirmedAt,
  };
}

/** By the ending of a tenure: how the contracts write it. */
const STATUSES: Readonly<Record<Tenure["ending"], bigint>> = {
  none: 1n,
  resigned: 2n,
  pardoned: 2n,
  ended: 3n,
  rotated: 4n,
};

export class Roll {
  readonly members: Member[] = [];
  /** In the order in which they began. */
  readonly tenures: Tenure[] = [];
  readonly boundaries: Boundary[] = [];
  /** What must be done when a member's vote stops counting where it did, or is suspended. */
  release: (number: number, now: number) => void = () => {};
  readonly #byKey = new Map<string, Tenure[]>();

  constructor(
    readonly groupCount: number,
    readonly waitingFloor: number,
    public pace: Pace,
    public code: string,
    public policy: Policy = { at: ZERO, admits: () => true },
    readonly announcements = new Announcements(),
    public codeVersion = 1,
  ) {}

  /** All of it as plain data, and back: for acts that must be done whole or not at all. */
  save(): () => void {
    const { pace, code, codeVersion, policy } = this;
    const lists = structuredClone([this.members, this.tenures, this.boundaries] as const);
    return () => {
      Object.assign(this, { pace, code, codeVersion, policy });
      this.members.splice(0, Infinity, ...lists[0]);
      this.boundaries.splice(0, Infinity, ...lists[2]);
      this.tenures.length = 0;
      this.#byKey.clear();
      for (const tenure of lists[1]) this.#file(tenure);
    };
  }

  // ---- what anybody can ask ----

  tenuresOf(key: string): readonly Tenure[] {
    return this.#byKey.get(key) ?? [];
  }

  /** What a key holds, or held last. */
  lastTenure(key: string): Tenure | undefined {
    return this.tenuresOf(key).at(-1);
  }

  /** What a key holds now. */
  holds(key: string): Tenure | undefined {
    const last = this.lastTenure(key);
    return last?.until === null ? last : undefined;
  }

  /** The key that holds a number, or held it last. */
  keyOf(member: Member): string {
    return (this.tenures.findLast((tenure) => tenure.member === member) as Tenure).key;
  }

  numberOf(key: string): number {
    return this.holds(key)?.member.number ?? 0;
  }

  /** The member whose vote a key held at a moment up to now, with the group; undefined if it held none that counted. */
  voteAt(key: string, moment: number): { number: number; group: number } | undefined {
    for (const { member, since, until } of this.tenuresOf(key)) {
      if (since > moment || (until !== null && moment >= until)) continue;
      const group = groupCountedAt(member, moment);
      if (group !== undefined) return { number: member.number, group };
    }
    return undefined;
  }

  /** Votes that counted at a moment up to now, by group. */
  votesByGroupAt(moment: number): number[] {
    const votes = new Array<number>(this.groupCount).fill(0);
    for (const member of this.members) {
      const group = groupCountedAt(member, moment);
      if (group !== undefined) (votes[group] as number) += 1;
    }
    return votes;
  }

  /** Votes that counted in all at a moment up to now. */
  electorateAt(moment: number): number {
    return this.votesByGroupAt(moment).reduce((sum, votes) => sum + votes, 0);
  }

  /** Who is on the roll now, by group, whether the vote counts or not. */
  livingByGroup(): number[] {
    const living = new Array<number>(this.groupCount).fill(0);
    for (const member of this.members) if (member.leftAt === null) (living[groupOf(member)] as number) += 1;
    return living;
  }

  /** Whether a key has a right: on the roll and not suspended now, the vote counted at a moment. */
  standingOf(
    key: string,
    right: Right,
    moment: number,
    now: number,
  ): { standing: Standing; number: number; group: number; explanation: number } {
    const tenure = this.lastTenure(key);
    if (tenure === undefined) return { standing: "not member", number: 0, group: 0, explanation: 0 };
    const { member } = tenure;
    const { number, suspendedUntil } = member;
    const answer = (standing: Standing, explanation: number, group = groupOf(member)) => ({
      standing,
      number,
      group: tenure.last?.group ?? group,
      explanation,
    });
    if (tenure.until !== null) return answer(tenure.ending === "rotated" ? "rotated" : "ended", tenure.until);
    const until = suspendedUntil[RIGHTS.indexOf(right)] as number;
    if (until > now) return answer("suspended", until);
    if (right === "speak") return answer("granted", 0);
    const counted = groupCountedAt(member, moment);
    if (counted !== undefined) return answer("granted", 0, counted);
    const [reason] = pausesOf(member);
    if (reason === undefined) return answer("immature", votesFrom(member));
    return answer(reason, reason === "dormant" ? member.confirmedAt : 0);
  }

  /** What a ballot must know of a key, as the contracts write it into one word. */
  wordOf(key: string): bigint {
    const tenure = this.lastTenure(key);
    if (tenure === undefined) return 0n;
    const { group, flags, votesFrom, confirmedAt } = tenure.last ?? knowledgeOf(tenure);
    const { member, since, until, ending } = tenure;
    const parts: [value: number | bigint, bits: number][] = [
      [member.number, 32],
      [group, 8],
      [STATUSES[ending], 8],
      [flags, 8],
      [votesFrom, 48],
      [since, 48],
      [until ?? 0, 48],
      [confirmedAt, 40],
    ];
    return parts.reduceRight((word, [value, bits]) => (word << BigInt(bits)) | BigInt(value), 0n);
  }

  // ---- what members do ----

  join(
    key: string,
    group: number,
    code: string,
    evidence: string,
    now: number,
    organisation = false,
  ): number {
    if (group >= this.groupCount) throw new Refusal("MembershipUnknownGroup", group, this.groupCount);
    if (code !== this.code) throw new Refusal("MembershipWrongCodeDigest", code, this.code);
    const number = this.members.length + 1;
    const admitted = this.policy.admits(number, key, group, evidence);
    this.#requireFree(key);
    const former = this.lastTenure(key);
    const member: Member = {
      number,
      organisation,
      joinedAt: now,
      leftAt: null,
      ended: false,
      boundary: admitted ? this.#nextSeat(now) : null,
      groups: [{ group, since: now, atRest: !admitted }],
      pauses: [],
      confirmedAt: now,
      // Nobody sheds a sanction by leaving and joining again.
      suspendedUntil: former?.sanctioned ? [...former.member.suspendedUntil] : [0, 0, 0, 0],
      delegates: false,
      receives: false,
    };
    this.members.push(member);
    this.#begin(key, member, now, former?.sanctioned ?? false);
    this.#say("Transfer", ZERO, key, number);
    this.#say("MemberJoined", number, group, member.boundary ?? 0, code);
    return number;
  }

  /** Enters a participant in the queue for the vote. */
  qualify(number: number, evidence: string, now: number): void {
    const member = this.requireNumber(number);
    const pauses = pausesOf(member);
    if (pauses.length !== 1 || pauses[0] !== "unqualified")
      throw new Refusal("MembershipNotQualifiable", number, pauseBits(pauses));
    const key = this.keyOf(member);
    if (!this.policy.admits(number, key, groupOf(member), evidence))
      throw new Refusal("MembershipAdmissionRefused", key, this.policy.at);
    member.boundary = this.#nextSeat(now);
    this.#say("MemberQualified", number, member.boundary);
  }

  resign(key: string, now: number): void {
    const tenure = this.holds(key);
    if (tenure === undefined) throw new Refusal("MembershipNotMember", key);
    const { number } = tenure.member;
    this.#close(tenure, "resigned", now);
    this.#say("Transfer", key, ZERO, number);
    this.#say("MemberResigned", number, key);
  }

  // ---- what desks ask for ----

  /** Moves a number to another key, which has consented. */
  moveKey(number: number, newKey: string, now: number): void {
    const member = this.requireNumber(number);
    this.#requireFree(newKey);
    const tenure = this.holds(this.keyOf(member)) as Tenure;
    stop(tenure, "rotated", now);
    this.#begin(newKey, member, now, tenure.sanctioned);
    this.#say("Transfer", tenure.key, newKey, number);
    this.#say("KeyRotated", number, tenure.key, newKey);
  }

  moveGroup(number: number, group: number, now: number): void {
    if (group >= this.groupCount) throw new Refusal("MembershipUnknownGroup", group, this.groupCount);
    const member = this.requireNumber(number);
    this.release(number, now);
    const old = groupOf(member);
    member.groups.push({ group, since: now, atRest: pausesOf(member).length > 0 });
    this.#say("GroupChanged", number, old, group);
  }

  pause(number: number, reason: Pause, now: number): void {
    const member = this.requireNumber(number);
    this.release(number, now);
    if (pausesOf(member).includes(reason)) return;
    member.pauses.push({ reason, since: now, until: null, last: false });
    this.#say("VotePaused", number, PAUSES.indexOf(reason));
  }

  resume(number: number, reason: Pause, now: number): void {
    const member = this.requireNumber(number);
    const pause = member.pauses.find((one) => one.reason === reason && one.until === null);
    if (pause === undefined) return;
    pause.until = now;
    pause.last = pausesOf(member).length === 0;
    this.#say("VoteResumed", number, PAUSES.indexOf(reason), pause.last ? votesFrom(member) : 0);
  }

  confirm(number: number, now: number): void {
    this.requireNumber(number).confirmedAt = now;
    this.#say("MemberConfirmed", number);
  }

  // ---- what the members decide ----

  end(number: number, now: number): void {
    const member = this.members[number - 1];
    if (member === undefined || member.ended) throw new Refusal("MembershipUnknownNumber", number);
    const tenure = this.lastTenure(this.keyOf(member)) as Tenure;
    const onRoll = member.leftAt === null;
    if (onRoll) this.#close(tenure, "ended", now);
    // Who resigned first is barred all the same, unless the key has joined again since.
    else if (tenure.member === member) tenure.ending = "ended";
    member.ended = true;
    const key = this.keyOf(member);
    if (onRoll) this.#say("Transfer", key, ZERO, number);
    this.#say("MemberEnded", number, key);
  }

  pardon(key: string): void {
    const tenure = this.lastTenure(key);
    if (tenure === undefined || !isBarred(tenure)) throw new Refusal("MembershipNotBarred", key);
    tenure.ending = "pardoned";
    this.#say("KeyPardoned", key, tenure.member.number);
  }

  suspend(number: number, rights: number, until: number, now: number): void {
    requireRange("MembershipParameterOutOfRange", "until", until, now + 1, now + 365 * DAY);
    this.#setSuspension(number, rights, until);
    if (namesRight(rights, RIGHTS.indexOf("vote"))) this.release(number, now);
    this.#say("RightsSuspended", number, rights, until);
  }

  restore(number: number, rights: number): void {
    this.#setSuspension(number, rights, 0);
    this.#say("RightsRestored", number, rights);
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

  setPolicy(policy: Policy): void {
    this.#say("AdmissionPolicyChanged", this.policy.at, policy.at);
    this.policy = policy;
  }

  // ---- how votes mature ----

  /**
   * The boundary at which the vote of somebody who enters the queue now matures: the first after the waiting period, not
   * before that of anybody who entered earlier, and the next one if it has no seat left.
   */
  #nextSeat(now: number): number {
    const { waitingPeriod, epochLength } = this.pace;
    const last = this.boundaries.at(-1);
    const earliest = firstMultipleFrom(now + waitingPeriod, epochLength);
    if (last === undefined || earliest > last.at) return this.#open(earliest, now);
    const taken = this.members.filter(({ boundary }) => boundary === last.at).length;
    if (taken < last.seats) return last.at;
    return this.#open(firstMultipleFrom(last.at + 1, epochLength), now);
  }

  /** Opens a boundary. Its seats are a share of the votes that count now, or the floor. */
  #open(at: number, now: number): number {
    const share = Math.floor((this.electorateAt(now) * this.pace.epochShareBps) / 10_000);
    this.boundaries.push({ at, seats: Math.max(this.pace.epochFloor, share) });
    return at;
  }

  // ---- rules that several acts share ----

  requireNumber(number: number): Member {
    const member = this.members[number - 1];
    if (member === undefined || member.leftAt !== null) throw new Refusal("MembershipUnknownNumber", number);
    return member;
  }

  #begin(key: string, member: Member, since: number, sanctioned: boolean): void {
    this.#file({ key, member, since, until: null, ending: "none", last: null, sanctioned });
  }

  #file(tenure: Tenure): void {
    this.tenures.push(tenure);
    const own = this.#byKey.get(tenure.key) ?? [];
    own.push(tenure);
    this.#byKey.set(tenure.key, own);
  }

  #close(tenure: Tenure, ending: "resigned" | "ended", now: number): void {
    this.release(tenure.member.number, now);
    stop(tenure, ending, now);
    tenure.member.leftAt = now;
  }

  #setSuspension(number: number, rights: number, until: number): void {
    if (rights < 1 || rights > 15) throw new Refusal("MembershipInvalidRights", rights);
    const member = this.requireNumber(number);
    RIGHTS.forEach((_, right) => {
      if (namesRight(rights, right)) member.suspendedUntil[right] = until;
    });
    (this.holds(this.keyOf(member)) as Tenure).sanctioned = true;
  }

  #requireFree(key: string): void {
    const tenure = this.lastTenure(key);
    if (tenure === undefined) return;
    if (tenure.until === null) throw new Refusal("MembershipAlreadyMember", key, tenure.member.number);
    if (isBarred(tenure)) throw new Refusal("MembershipKeyBarred", key, tenure.member.number);
  }

  #say(name: string, ...values: (string | number)[]): void {
    this.announcements.say(name, ...values);
  }
}

/** A key ceases to hold its number. */
function stop(tenure: Tenure, ending: "resigned" | "ended" | "rotated", now: number): void {
  tenure.last = knowledgeOf(tenure);
  tenure.until = now;
  tenure.ending = ending;
}

/** Whether a mask of rights names the n-th. */
function namesRight(rights: number, right: number): boolean {
  return Math.floor(rights / 2 ** right) % 2 === 1;
}

/** The first multiple of a length that is not before a moment. */
function firstMultipleFrom(moment: number, length: number): number {
  return Math.ceil(moment / length) * length;
}
