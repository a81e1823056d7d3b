import {
  type Action,
  type BallotCast,
  type BallotPaper,
  closesAt,
  type Decision,
  type Decisions,
  opensAfter,
  type Proposal,
  type Rules,
  type State,
} from "./decisions.js";
import type { Random } from "./random.js";
import { DAY, type Pace, type RotateRequest, type Signed, type Tenure } from "./roll.js";
import type { Step } from "./steps.js";

/** The cast of a history. */
export type People = {
  /** Every key that may act, each an ordinary account or a contract. */
  keys: readonly string[];
  /** Those of them that can send transactions for others at little cost. */
  sponsors: readonly string[];
  timelock: string;
  /** An address without code. */
  nobody: string;
  /** Names a decision as the contracts will. */
  draft: (actions: readonly Action[], descriptionLength: number) => Proposal;
};

/** How a decision goes down with the members: weights of Against, For, Abstain, and how many care at all. */
type Mood = { zeal: number; leaning: readonly [number, number, number] };

const MOODS: readonly (readonly [number, Mood])[] = [
  [45, { zeal: 6, leaning: [1, 8, 1] }],
  [20, { zeal: 4, leaning: [5, 3, 2] }],
  [10, { zeal: 4, leaning: [1, 1, 6] }],
  [10, { zeal: 4, leaning: [4, 4, 1] }],
  [15, { zeal: 0.2, leaning: [1, 3, 1] }],
];

/** Makes up what happens next: mostly what could happen in a coalition, now and then what must be refused. */
export class Story {
  readonly #moods = new Map<bigint, Mood>();
  #codes = 0;

  constructor(
    private readonly random: Random,
    private readonly decisions: Decisions,
    private readonly people: People,
  ) {}

  /** The next step. */
  next(now: number): Step {
    const current = this.#inState(now, "pending", "active", "succeeded", "queued");
    const count = (state: State) =>
      current.filter((decision) => this.decisions.stateOf(decision, now) === state).length;
    const opening = now + this.decisions.rules.notice;
    const atBoundary = this.decisions.roll.boundaries.some(({ at }) => isNear(at, opening));
    const due = current.filter(({ eta }) => eta !== null && eta <= now).length;
    const mature = this.decisions.roll.electorateAt(now);
    return this.random.weighted<() => Step>([
      [mature < 12 ? 40 : 12, () => this.#join(now)],
      [3, () => this.#resign(now)],
      [5, () => this.#rotate(now)],
      [5, () => this.#decree(now)],
      [
        mature === 0 ? 0.5 : current.length < 5 || (atBoundary && current.length < 8) ? 12 : 1.5,
        () => this.#propose(now),
      ],
      [0.3 + 6 * Math.min(1, count("succeeded")), () => this.#handle("queue", now)],
      [0.3 + 5 * Math.min(1, due) + 0.5 * count("queued"), () => this.#handle("execute", now)],
      [0.3 + 0.12 * count("pending"), () => this.#handle("cancel", now)],
      [2 + 30 * Math.min(2, count("active")), () => this.#ballot(now)],
    ])();
  }

  /** Moments at which something changes by itself, soonest first. */
  turningPoints(now: number): number[] {
    const { roll, all, rules } = this.decisions;
    const moments = [
      // At a boundary votes mature; what is proposed by the notice before it opens just then.
      ...roll.boundaries.flatMap(({ at }) => [at, at - rules.notice]),
      ...roll.members.flatMap(({ suspendedUntil }) => suspendedUntil),
      ...all.flatMap((decision) => [
        opensAfter(decision),
        closesAt(decision),
        closesAt(decision) + decision.rules.grace,
        ...(decision.eta === null ? [] : [decision.eta, decision.eta + decision.rules.grace]),
      ]),
    ];
    return [...new Set(moments)].filter((moment) => moment > now).sort((a, b) => a - b);
  }

  // ---- the roll ----

  #join(now: number): Step {
    const { random } = this;
    const { roll } = this.decisions;
    const free = this.people.keys.filter((key) => this.#isFree(key));
    const account = this.#mostly(0.85, free, this.people.keys);
    const group = random.chance(0.03)
      ? random.between(roll.groupCount, 255)
      : random.between(0, roll.groupCount - 1);
    const code = random.chance(0.03) ? this.#digest(random.between(0, this.#codes)) : roll.code;
    if (random.chance(0.5)) return { by: account, deed: { do: "join", group, code } };
    const request = { account, group, code, deadline: this.#deadline(now) };
    const signature = this.#sign(account, roll.nonceOf(account), request, {
      group: (group + 1) % roll.groupCount,
      deadline: request.deadline + 1,
    });
    return { by: random.pick(this.people.sponsors), deed: { do: "joinBySig", request, signature } };
  }

  #resign(now: number): Step {
    const { roll } = this.decisions;
    const holding = roll.tenures.filter(({ until }) => until === null);
    const maturing = holding.filter(({ member }) => isNear(member.votesFrom, now));
    if (maturing.length > 0 && this.random.chance(0.5))
      return { by: this.#keyFrom(maturing, 1), deed: { do: "resign" } };
    // Whoever joined last is often still waiting for the vote.
    const by = this.random.chance(0.4) ? this.#keyFrom(holding.slice(-8), 0.95) : this.#keyFrom(holding, 0.9);
    return { by, deed: { do: "resign" } };
  }

  #rotate(now: number): Step {
    const { roll } = this.decisions;
    const by = this.#keyFrom(
      roll.tenures.filter(({ until }) => until === null),
      0.92,
    );
    const free = this.people.keys.filter((key) => this.#isFree(key));
    const newKey = this.#mostly(0.85, free, this.people.keys);
    const deadline = this.#deadline(now);
    const content: RotateRequest = { number: roll.numberOf(by), newKey, deadline };
    const signature = this.#sign(newKey, roll.nonceOf(newKey), content, {
      number: content.number + 1,
      deadline: deadline + 1,
    });
    return { by, deed: { do: "rotateKey", newKey, deadline, signature } };
  }

  #decree(now: number): Step {
    const outsider = this.random.chance(0.12);
    let action = this.#action(now);
    while (!outsider && action.do === "setRules") action = this.#action(now);
    if (action.do === "setX" || action.do === "callNobody")
      action = { do: "restore", number: this.#number(), rights: 4 };
    return {
      by: outsider ? this.random.pick(this.people.keys) : this.people.timelock,
      deed: { do: "decree", action },
    };
  }

  // ---- decisions ----

  #propose(now: number): Step {
    const { random } = this;
    const { roll, all } = this.decisions;
    const able = this.people.keys.filter(
      (key) => roll.standingOf(key, "propose", now, now).standing === "granted",
    );
    const former = roll.tenures
      .filter(({ until }) => until !== null)
      .slice(-12)
      .map(({ key }) => key);
    const sanctioned = this.people.keys.filter(
      (key) => roll.standingOf(key, "propose", now, now).standing === "suspended",
    );
    const by = random.chance(0.85)
      ? this.#mostly(1, able, this.people.keys)
      : this.#mostly(0.8, random.chance(0.5) ? former : sanctioned, this.people.keys);
    if (all.length > 0 && random.chance(0.05)) {
      const { id, operation, actions } = random.pick(all);
      return { by, deed: { do: "propose", proposal: { id, operation, actions, descriptionLength: 32 } } };
    }
    const actions = Array.from({ length: random.chance(0.02) ? 0 : random.between(1, 3) }, () =>
      this.#action(now, 400),
    );
    if (random.chance(0.05)) actions.push({ do: "callNobody", target: this.people.nobody });
    if (random.chance(0.02)) actions.push(...Array<Action>(16).fill({ do: "setX", value: 1 }));
    const proposal = this.people.draft(actions, random.chance(0.02) ? 8_193 : random.between(32, 100));
    this.#moods.set(proposal.id, random.weighted(MOODS));
    return { by, deed: { do: "propose", proposal } };
  }

  #handle(what: "queue" | "execute" | "cancel", now: number): Step {
    const { random } = this;
    const { all } = this.decisions;
    const state = { queue: "succeeded", execute: "queued", cancel: "pending" } as const;
    const able = this.#inState(now, state[what]);
    const due = able.filter(({ eta }) => eta === null || eta <= now || random.chance(0.1));
    const ready = due.length > 0 ? due : able;
    const decision = this.#mostly(0.92, ready, all);
    if (decision === undefined || random.chance(0.02))
      return {
        by: random.pick(this.people.sponsors),
        // Nobody proposed this one.
        deed: { do: what, id: this.people.draft([{ do: "setX", value: 0 }], 40).id },
      };
    const by =
      what === "cancel" && random.chance(0.7) ? decision.proposer : random.pick(this.people.sponsors);
    return { by, deed: { do: what, id: decision.id } };
  }

  #ballot(now: number): Step {
    const { random } = this;
    const opening = this.decisions.all.filter((one) => opensAfter(one) === now);
    const decision =
      opening.length > 0 && random.chance(0.3)
        ? random.pick(opening)
        : random.chance(0.05)
          ? this.#mostly(1, this.decisions.all, [])
          : this.#zealous(this.#inState(now, "active"));
    const id = decision?.id ?? BigInt(random.between(1, 1_000));
    const voter = this.#voter(decision, now);
    const support = random.chance(0.015) ? random.between(3, 255) : this.#choice(id);
    const plain: BallotCast = { sender: voter, voter, id, support, reason: "", paramsLength: 0 };
    const wordy: BallotCast = {
      ...plain,
      reason: "r".repeat(random.chance(0.05) ? random.between(1_024, 1_026) : random.between(0, 60)),
      paramsLength: random.chance(0.05) ? random.between(1, 40) : 0,
    };
    return random.weighted<() => Step>([
      [40, () => ({ by: voter, deed: { do: "ballot", how: "plain", cast: plain } })],
      [10, () => ({ by: voter, deed: { do: "ballot", how: "reason", cast: { ...wordy, paramsLength: 0 } } })],
      [8, () => ({ by: voter, deed: { do: "ballot", how: "params", cast: wordy } })],
      [25, () => this.#signedBallot("plain", plain)],
      [12, () => this.#signedBallot("extended", wordy)],
    ])();
  }

  #signedBallot(form: "plain" | "extended", cast: BallotCast): Step {
    const { random } = this;
    const { id, support, voter, reason, paramsLength } = cast;
    const sender = random.chance(0.12) ? voter : random.pick(this.people.sponsors);
    const paper: BallotPaper =
      form === "plain"
        ? { form, id, support, voter }
        : { form, id, support, voter, reason, params: `0x${"ab".repeat(paramsLength)}` };
    const lies: Partial<BallotPaper> = { id: id + 1n, support: (support + 1) % 3 };
    const signature = this.#sign(voter, this.decisions.nonceOf(voter), paper, lies);
    return {
      by: sender,
      deed: {
        do: "ballotBySig",
        how: form,
        cast: { ...cast, sender, signed: { signature, paper } },
      },
    };
  }

  // ---- what is made up ----

  /** Something for the timelock to do, now or after some time. */
  #action(now: number, ahead = 0): Action {
    const { random } = this;
    const { roll } = this.decisions;
    const rights = random.chance(0.06) ? random.pick([0, 16, 255]) : random.between(1, 15);
    const until = random.chance(0.08)
      ? random.pick([0, now, now + 365 * DAY, now + 366 * DAY])
      : now + ahead + random.between(30, 600);
    const ended = roll.tenures.filter(({ ending }) => ending === "ended").map(({ key }) => key);
    const gone = roll.members.filter(({ leftAt }) => leftAt !== null).map(({ number }) => number);
    return random.weighted<() => Action>([
      [3, () => ({ do: "setX", value: random.between(1, 1_000) })],
      [
        2,
        () => ({
          do: "end",
          number: random.pick(random.chance(0.2) && gone.length > 0 ? gone : [this.#number()]),
        }),
      ],
      [2, () => ({ do: "pardon", key: this.#mostly(0.9, ended, this.people.keys) })],
      [4, () => ({ do: "suspend", number: this.#number(), rights, until })],
      [2, () => ({ do: "restore", number: this.#number(), rights })],
      [1, () => ({ do: "setMaturity", pace: this.#pace() })],
      [0.4, () => ({ do: "setCodeOfConduct", code: this.#digest(++this.#codes) })],
      [2, () => ({ do: "setRules", rules: this.#rules() })],
      [1, () => ({ do: "updateDelay", delay: random.chance(0.1) ? 59 : random.between(60, 120) })],
    ])();
  }

  #pace(): Pace {
    const { random } = this;
    const { waitingFloor, pace } = this.decisions.roll;
    const shortest = Math.ceil(waitingFloor / 8);
    const next = {
      waitingPeriod: waitingFloor + random.between(0, 120),
      epochLength: random.between(shortest, shortest + 100),
      epochShareBps: random.between(100, 2_500),
      epochFloor: random.between(1, 6),
    };
    if (random.chance(0.85)) return next;
    return {
      ...pace,
      ...random.pick<Partial<Pace>>([
        { waitingPeriod: waitingFloor - 1 },
        { waitingPeriod: 365 * DAY + 1 },
        { epochLength: Math.floor(waitingFloor / 8) - 1 },
        { epochLength: 92 * DAY + 1 },
        { epochShareBps: random.pick([99, 2_501]) },
        { epochFloor: random.pick([0, 101]) },
      ]),
    };
  }

  #rules(): Rules {
    const { random } = this;
    const { waitingFloor } = this.decisions.roll;
    const next = someRules(random, waitingFloor);
    if (random.chance(0.85)) return next;
    return {
      ...next,
      ...random.pick<Partial<Rules>>([
        { notice: random.pick([59, waitingFloor]) },
        { period: random.pick([59, 90 * DAY + 1]) },
        { grace: random.pick([59, 180 * DAY + 1]) },
        { quorumBps: random.pick([99, 5_001]) },
        { quorumFloor: random.pick([2, random.between(8, 60)]) },
        { approvalBps: random.pick([4_999, 8_001]) },
        { approvalFloorBps: 2_501 },
      ]),
    };
  }

  /** A signature, now and then a bad one: by somebody else, under another nonce, or of something else. */
  #sign<T extends object>(by: string, nonce: number, content: T, lies: Partial<T>): Signed<T> {
    const { random } = this;
    if (random.chance(0.9)) return { by, nonce, content };
    const [name] = random.pick(Object.entries(lies));
    return random.pick<Signed<T>>([
      { by: random.pick(this.people.keys.filter((key) => key !== by)), nonce, content },
      { by, nonce: nonce === 0 ? 1 : nonce - 1, content },
      { by, nonce, content: { ...content, [name]: lies[name as keyof T] } },
    ]);
  }

  #deadline(now: number): number {
    return this.random.chance(0.1) ? now - 1 : now + this.random.pick([0, 1, 3_600]);
  }

  #digest(version: number): string {
    return `0x${(0xc0de + version).toString(16).padStart(64, "0")}`;
  }

  // ---- whom and what it meets ----

  #isFree(key: string): boolean {
    const tenure = this.decisions.roll.lastTenure(key);
    return tenure === undefined || (tenure.until !== null && tenure.ending !== "ended");
  }

  #voter(decision: Decision | undefined, now: number): string {
    const { roll } = this.decisions;
    if (decision === undefined) return this.random.pick(this.people.keys);
    const kind = this.random.fraction();
    if (kind < 0.1) return this.random.pick(this.people.keys);
    const holding = roll.tenures.filter(({ until }) => until === null);
    if (kind < 0.2) return this.#keyFrom(holding, 1);
    const justInTime = holding.filter(({ member }) => isNear(member.votesFrom, opensAfter(decision)));
    if (kind < 0.35 && justInTime.length > 0) return this.#keyFrom(justInTime, 1);
    const able = holding.filter(
      ({ key }) => roll.standingOf(key, "vote", opensAfter(decision), now).standing === "granted",
    );
    return this.#keyFrom(able, 1);
  }

  #choice(id: bigint): number {
    const { leaning } = this.#moods.get(id) ?? { leaning: [1, 1, 1] };
    return this.random.weighted(leaning.map((weight, choice) => [weight, choice] as const));
  }

  #zealous(open: readonly Decision[]): Decision | undefined {
    if (open.length === 0) return undefined;
    return this.random.weighted(
      open.map((decision) => [this.#moods.get(decision.id)?.zeal ?? 1, decision] as const),
    );
  }

  #inState(now: number, ...states: State[]): Decision[] {
    // What is past its last moment stays as it is: nothing is left to be done with it.
    return this.decisions.all.filter(
      (decision) =>
        now <= (decision.eta ?? closesAt(decision)) + decision.rules.grace &&
        states.includes(this.decisions.stateOf(decision, now)),
    );
  }

  #number(): number {
    const { members } = this.decisions.roll;
    const living = members.filter(({ leftAt }) => leftAt === null);
    if (living.length === 0 || this.random.chance(0.06)) return this.random.between(0, members.length + 1);
    return this.random.pick(living).number;
  }

  #keyFrom(tenures: readonly Tenure[], probability: number): string {
    return this.#mostly(
      probability,
      tenures.map(({ key }) => key),
      this.people.keys,
    );
  }

  #mostly<T>(probability: number, likely: readonly T[], others: readonly T[]): T {
    const from = likely.length > 0 && this.random.chance(probability) ? likely : others;
    return (from.length === 0 ? undefined : this.random.pick(from)) as T;
  }
}

/** At most a second apart. */
function isNear(moment: number, other: number): boolean {
  return Math.abs(moment - other) <= 1;
}

/** Rules within their ranges, short enough for a history of some thousand steps. */
export function someRules(random: Random, waitingFloor: number): Rules {
  return {
    notice: random.between(60, Math.min(110, waitingFloor - 1)),
    period: random.between(60, 240),
    grace: random.between(60, 240),
    quorumBps: random.between(100, 4_000),
    quorumFloor: random.between(3, 5),
    approvalBps: random.between(5_000, 8_000),
    approvalFloorBps: random.between(0, 2_000),
  };
}
