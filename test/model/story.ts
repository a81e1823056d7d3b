import { type Action, FUNCTIONS } from "./actions.js";
import { Cast, isNear, type People } from "./cast.js";
import type { Coalition } from "./coalition.js";
import {
  type BallotCast,
  type BallotPaper,
  closesAt,
  type Decision,
  opensAfter,
  type State,
} from "./decisions.js";
import { floorOf, isInForce, STEP } from "./delegations.js";
import type { Random } from "./random.js";
import { groupOf, pausesOf, votesFrom } from "./roll.js";
import type { Step } from "./steps.js";
import { ActionStory } from "./story-actions.js";
import { BatchStory } from "./story-batches.js";
import { DeskStory } from "./story-desks.js";
import { RollStory } from "./story-roll.js";

/**
 * How a decision goes down with the members: how many care at all, weights of Against, For, Abstain, and others for all
 * groups but one.
 */
type Mood = { zeal: number; leaning: Leaning; elsewhere?: Leaning };
type Leaning = readonly [number, number, number];

const MOODS: readonly (readonly [number, Mood])[] = [
  [45, { zeal: 6, leaning: [1, 8, 1] }],
  // One group wants it, and the others do not care.
  [15, { zeal: 6, leaning: [1, 8, 1], elsewhere: [1, 1, 8] }],
  [15, { zeal: 4, leaning: [5, 3, 2] }],
  [10, { zeal: 4, leaning: [1, 1, 6] }],
  [10, { zeal: 4, leaning: [4, 4, 1] }],
  [15, { zeal: 0.2, leaning: [1, 3, 1] }],
];

const POPULAR_DEEDS: readonly Action["do"][] = ["setX", "record", "setRules", "guard", "setActionClass"];

/** How changes of how the coalition decides mostly go down, for without them nothing new would come up. */
const POPULAR: Mood = { zeal: 50, leaning: [1, 20, 1] };

/** Makes up what happens next: mostly what could happen in a coalition, now and then what must be refused. */
export class Story {
  readonly #cast: Cast;
  readonly #roll: RollStory;
  readonly #desks: DeskStory;
  readonly #actions: ActionStory;
  readonly #batches: BatchStory;
  readonly #moods = new Map<bigint, Mood>();
  /** Decisions that somebody has tried to carry out. */
  readonly #tried = new Set<bigint>();

  constructor(
    private readonly random: Random,
    private readonly model: Coalition,
    private readonly people: People,
  ) {
    this.#cast = new Cast(random, model, people);
    this.#roll = new RollStory(this.#cast);
    this.#desks = new DeskStory(this.#cast);
    this.#actions = new ActionStory(this.#cast, this.#roll);
    this.#batches = new BatchStory(
      this.#cast,
      (decision, now) => this.#voter(decision, now),
      (id, voter) => this.#choice(id, voter),
    );
  }

  /** The next step. */
  next(now: number): Step {
    const { roll, decisions, recovery } = this.model;
    const current = this.#cast.inState(now, "pending", "active", "succeeded", "queued");
    const count = (state: State) =>
      current.filter((decision) => decisions.stateOf(decision, now) === state).length;
    const openings = [decisions.rules.amendment, decisions.rules.action].map(({ notice }) => now + notice);
    const waiting = current.filter(
      (one) => !one.admitted && decisions.stateOf(one, now) === "pending",
    ).length;
    const atBoundary = roll.boundaries.some(({ at }) => openings.some((opening) => isNear(at, opening)));
    const due = current.filter(({ eta }) => eta !== null && eta <= now).length;
    const mature = roll.electorateAt(now);
    const holding = this.#cast.holding();
    const paused = (reason: string) =>
      holding.some(({ member }) => pausesOf(member).some((one) => one === reason));
    const [cast, desks] = [this.#roll, this.#desks];
    return this.random.weighted<() => Step>([
      [mature < 12 ? 40 : 10, () => cast.join(now)],
      [2.5, () => cast.resign(now)],
      [4, () => cast.rotate(now)],
      [0.3 + (paused("unqualified") ? 4 : 0), () => cast.qualify()],
      [1, () => cast.tell()],
      [1.5, () => cast.replaceRepresentative(now)],
      [0.6, () => cast.passOwnership(now)],
      [3.5, () => cast.affiliate(now)],
      [0.7, () => cast.disown(now)],
      [1.2, () => cast.settle()],
      [3.5, () => cast.changeGroup(now)],
      [1 + (paused("dormant") ? 3.5 : 0), () => cast.confirm(now)],
      [1.6, () => cast.markDormant(now)],
      [2, () => desks.takeDelegations(now)],
      [9, () => desks.delegate(now)],
      [0.6, () => desks.decline(now)],
      [1, () => desks.challenge(now)],
      [1.5, () => desks.support(now)],
      [1.5, () => desks.nameGuardians(now)],
      [1.5, () => desks.requestRecovery(now)],
      [1.2, () => desks.approveRecovery(now)],
      [0.5, () => desks.vetoRecovery(now)],
      [0.9, () => desks.claimNumber(now)],
      [0.3 + (recovery.requests.length > 0 ? 0.7 : 0), () => desks.completeRecovery(now)],
      [4.5, () => this.#decree(now)],
      [
        mature === 0 ? 0.5 : current.length < 3 ? 4 : atBoundary && current.length < 6 ? 8 : 0.4,
        () => this.#propose(now),
      ],
      [0.3 + 25 * Math.min(1, count("succeeded")), () => this.#handle("queue", now)],
      [0.3 + 20 * Math.min(1, due) + 0.5 * count("queued"), () => this.#handle("execute", now)],
      [0.3 + 0.12 * count("pending"), () => this.#handle("cancel", now)],
      [0.2 + 0.4 * count("queued") + 0.1 * count("succeeded"), () => this.#guard(now)],
      [0.6 + 12 * Math.min(2, waiting), () => this.#endorse(now)],
      [2 + 45 * Math.min(2, count("active")), () => this.#ballot(now)],
      [0.2 + 2 * Math.min(2, count("active")), () => this.#castBallots(now)],
    ])();
  }

  /** Moments at which something changes by itself for many, soonest first. */
  turningPoints(now: number): number[] {
    const { roll, decisions } = this.model;
    const moments = [
      // At a boundary votes mature; what is proposed by the notice before it opens just then.
      ...roll.boundaries.flatMap(({ at }) => [at, at - decisions.rules.amendment.notice]),
      ...roll.members.flatMap(({ suspendedUntil }) => suspendedUntil),
      // Delegations end at boundaries of the calendar.
      ...[0, 1].flatMap((steps) => {
        const at = floorOf(now) + steps * STEP;
        return [at, at - decisions.rules.amendment.notice];
      }),
      ...decisions.all.flatMap((decision) => [
        opensAfter(decision),
        // From then on a ballot can move the close.
        closesAt(decision) - (decision.extendedTo === null ? decision.rules.extension : 0),
        closesAt(decision),
        closesAt(decision) + decision.rules.grace,
        ...(decision.eta === null ? [] : [decision.eta, decision.eta + decision.rules.grace]),
      ]),
    ];
    return [...new Set(moments)].filter((moment) => moment > now).sort((a, b) => a - b);
  }

  /** Moments within an hour at which something changes for one member, or one challenge or recovery. */
  lesserPoints(now: number): number[] {
    const { roll, confirmations, affiliations, claims, recovery } = this.model;
    const moments = [
      ...roll.members.flatMap((member) => [
        confirmations.dueAt(member.number),
        affiliations.changeableAt(member.number),
        claims.groupChangeableAt(member),
      ]),
      ...claims.challenges.map(({ openedAt, rules }) => openedAt + rules.window),
      ...recovery.requests.map(({ readyAt }) => readyAt ?? 0),
    ];
    return moments.filter((moment) => moment > now && moment < now + 3_600);
  }

  /** A while before the end of a step of the calendar: the present one, or one at which a delegation ends. */
  leap(now: number): number {
    const { random } = this;
    const ends = this.model.delegations.given.filter((one) => isInForce(one, now)).map((one) => one.ends);
    const boundary = ends.length > 0 && random.chance(0.5) ? random.pick(ends) : floorOf(now) + STEP;
    return Math.max(now, boundary - random.between(1, 400));
  }

  // ---- decisions ----

  #decree(now: number): Step {
    const { random } = this;
    const outsider = random.chance(0.12);
    let action = random.chance(0.15) ? this.#actions.simple() : this.#actions.next(now);
    // What the governor does it does only for a decision.
    while (!outsider && action.do !== "callNobody" && FUNCTIONS[action.do][0] === "governor")
      action = this.#actions.next(now);
    if (action.do === "setX" || action.do === "callNobody")
      action = { do: "restore", number: this.#cast.number(), rights: 4 };
    return {
      by: outsider ? this.random.pick(this.people.keys) : this.people.timelock,
      deed: { do: "decree", action },
    };
  }

  #propose(now: number): Step {
    const { random } = this;
    const { roll, decisions } = this.model;
    const { all } = decisions;
    const able = this.people.keys.filter(
      (key) => roll.standingOf(key, "propose", now, now).standing === "granted",
    );
    const former = roll.tenures
      .filter(({ until }) => until !== null)
      .slice(-12)
      .map(({ key }) => key);
    const kept = this.people.keys.filter((key) =>
      ["suspended", "unqualified", "dormant", "represented"].includes(
        roll.standingOf(key, "propose", now, now).standing,
      ),
    );
    const by = random.chance(0.85)
      ? this.#cast.mostly(
          0.8,
          // Some propose again and again.
          able.filter((key) => key === all.at(-1)?.proposer && random.chance(0.4)),
          able.length > 0 ? able : this.people.keys,
        )
      : this.#cast.mostly(0.8, random.chance(0.5) ? former : kept, this.people.keys);
    if (all.length > 0 && random.chance(0.05)) {
      const { id, actions } = random.pick(all);
      return { by, deed: { do: "propose", proposal: { id, actions, descriptionLength: 32 } } };
    }
    // What is proposed while its class is about to change may not be carried out any more.
    const reform = this.#cast
      .inState(now, "active", "succeeded", "queued")
      .some((one) => one.actions.some((action) => action.do === "guard" || action.do === "setActionClass"));
    const actions =
      reform && random.chance(0.5)
        ? [this.#actions.lesser()]
        : Array.from({ length: random.chance(0.02) ? 0 : random.pick([1, 1, 1, 2, 3]) }, () =>
            random.chance(0.4) ? this.#actions.simple() : this.#actions.next(now, 400),
          );
    if (random.chance(0.05)) actions.push({ do: "callNobody", target: this.people.nobody });
    if (random.chance(0.02)) actions.push(...Array<Action>(16).fill({ do: "setX", value: 1 }));
    const proposal = this.people.draft(actions, random.chance(0.02) ? 8_193 : random.between(32, 100));
    const popular = actions.every((action) => POPULAR_DEEDS.includes(action.do)) && random.chance(0.8);
    this.#moods.set(proposal.id, popular ? POPULAR : random.weighted(MOODS));
    return { by, deed: { do: "propose", proposal } };
  }

  #handle(what: "queue" | "execute" | "cancel", now: number): Step {
    const { random } = this;
    const { all } = this.model.decisions;
    const state = { queue: "succeeded", execute: "queued", cancel: "pending" } as const;
    const able = this.#cast.inState(now, state[what]);
    const due = able.filter(({ eta }) => eta === null || eta <= now || random.chance(0.1));
    const untried = due.filter(({ id }) => !this.#tried.has(id));
    const ready = this.#cast.mostlyAll(0.8, untried, due.length > 0 ? due : able);
    const decision = this.#cast.mostly(0.92, ready, all);
    if (what === "execute" && decision?.eta != null && decision.eta <= now) this.#tried.add(decision.id);
    if (decision === undefined || random.chance(0.02))
      return {
        by: this.#cast.sponsor(),
        // Nobody proposed this one.
        deed: { do: what, id: this.people.draft([{ do: "setX", value: 0 }], 40).id },
      };
    const by = what === "cancel" && random.chance(0.7) ? decision.proposer : this.#cast.sponsor();
    return { by, deed: { do: what, id: decision.id } };
  }

  /** The guardian, or somebody who is not. */
  #guard(now: number): Step {
    const { random, model } = this;
    const able = this.#cast.inState(now, "queued", "succeeded");
    const decision = this.#cast.mostly(0.93, able, model.decisions.all);
    const by = random.chance(0.9) ? (this.people.sponsors[0] as string) : this.#cast.sponsor();
    const id = decision?.id ?? this.people.draft([{ do: "setX", value: 0 }], 40).id;
    const reason = "g".repeat(random.chance(0.06) ? random.pick([0, 1_025]) : random.between(1, 60));
    return { by, deed: { do: random.chance(0.3) ? "guardianCancel" : "guardianDelay", id, reason } };
  }

  #endorse(now: number): Step {
    const { random, model } = this;
    const { roll, decisions } = model;
    const pending = this.#cast.inState(now, "pending");
    const waiting = pending.filter(({ admitted }) => !admitted);
    const decision = this.#cast.mostly(0.95, this.#cast.mostlyAll(0.95, waiting, pending), decisions.all);
    const proposalId = decision?.id ?? BigInt(random.between(1, 1_000));
    const able = this.#cast
      .holding()
      .filter(
        ({ key, member }) =>
          roll.standingOf(key, "propose", now, now).standing === "granted" &&
          !decision?.endorsers.some(({ number }) => number === member.number),
      );
    const endorsed = this.#cast
      .holding()
      .filter(({ member }) => decision?.endorsers.some(({ number }) => number === member.number));
    const account = this.#cast.keyFrom(
      this.#cast.mostlyAll(0.08, endorsed, able.length > 0 ? able : this.#cast.holding()),
      0.92,
    );
    const request = { account, proposalId, deadline: this.#cast.deadline(now) };
    const { by, ...asked } = this.#cast.ask(account, model.agenda, request);
    return { by, deed: { do: "endorse", ...asked } };
  }

  #castBallots(now: number): Step {
    const decision = this.#toVoteOn(now);
    return this.#batches.castBallots(decision, decision?.id ?? BigInt(this.random.between(1, 1_000)), now);
  }

  /** Mostly a decision that is open. */
  #toVoteOn(now: number): Decision | undefined {
    const { random } = this;
    const { all } = this.model.decisions;
    const opening = all.filter((one) => opensAfter(one) === now);
    if (opening.length > 0 && random.chance(0.3)) return random.pick(opening);
    if (random.chance(0.05)) return this.#cast.mostly(1, all, []);
    return this.#zealous(this.#cast.inState(now, "active"));
  }

  #ballot(now: number): Step {
    const { random } = this;
    const decision = this.#toVoteOn(now);
    const id = decision?.id ?? BigInt(random.between(1, 1_000));
    const voter = this.#voter(decision, now);
    const support = random.chance(0.015) ? random.between(3, 255) : this.#choice(id, voter);
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
    const sender = random.chance(0.12) ? voter : this.#cast.sponsor();
    const paper: BallotPaper =
      form === "plain"
        ? { form, id, support, voter }
        : { form, id, support, voter, reason, params: `0x${"ab".repeat(paramsLength)}` };
    const signature = this.#cast.sign(voter, this.model.decisions.nonceOf(voter), paper);
    return {
      by: sender,
      deed: {
        do: "ballotBySig",
        how: form,
        cast: { ...cast, sender, signed: { signature, paper } },
      },
    };
  }

  // ---- whom and what it meets ----

  #voter(decision: Decision | undefined, now: number): string {
    const { roll, decisions } = this.model;
    if (decision === undefined) return this.random.pick(this.people.keys);
    const kind = this.random.fraction();
    if (kind < 0.08) return this.random.pick(this.people.keys);
    const holding = this.#cast.holding();
    if (kind < 0.15) return this.#cast.keyFrom(holding, 1);
    const opening = opensAfter(decision);
    const justInTime = holding.filter(({ member }) => isNear(votesFrom(member), opening));
    if (kind < 0.25 && justInTime.length > 0) return this.#cast.keyFrom(justInTime, 1);
    // Those to whose vote something happened since the opening.
    const changed = holding.filter(
      ({ member }) =>
        member.groups.some(({ since }) => since > opening && since > member.joinedAt) ||
        member.pauses.some(({ since, until }) => since > opening || (until ?? 0) > opening),
    );
    if (kind < 0.35 && changed.length > 0) return this.#cast.keyFrom(changed, 1);
    // Those who had delegated, and those to whom.
    const entrusted = new Set(decisions.entrusted(decision).flatMap(({ by, to }) => [by, to]));
    const bound = holding.filter(({ member }) => entrusted.has(member.number));
    if (kind < 0.6 && bound.length > 0) return this.#cast.keyFrom(bound, 1);
    const able = holding.filter(
      ({ key }) => roll.standingOf(key, "vote", opening, now).standing === "granted",
    );
    return this.#cast.keyFrom(able, 1);
  }

  #choice(id: bigint, voter?: string): number {
    const { leaning, elsewhere } = this.#moods.get(id) ?? { leaning: [1, 1, 1] as const };
    const { roll } = this.model;
    const member = voter === undefined ? undefined : roll.holds(voter)?.member;
    const apart = member !== undefined && groupOf(member) !== Number(id % BigInt(roll.groupCount));
    const weights = apart && elsewhere !== undefined ? elsewhere : leaning;
    return this.random.weighted(weights.map((weight, choice) => [weight, choice] as const));
  }

  #zealous(open: readonly Decision[]): Decision | undefined {
    if (open.length === 0) return undefined;
    return this.random.weighted(
      open.map((decision) => [this.#moods.get(decision.id)?.zeal ?? 1, decision] as const),
    );
  }
}
