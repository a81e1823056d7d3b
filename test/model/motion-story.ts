/** Makes up what happens next in a history of motions: mostly what can be done, now and then anything. */
import type { Amendment, AmendmentState } from "./amendments.js";
import { type MotionPen, onWire } from "./motion-pen.js";
import type { MotionAct, MotionModel, MotionStep } from "./motion-steps.js";
import { closesAt, lastsUntil, opensAfter, type Vote } from "./motion-votes.js";
import { last, type Motion, type Stage } from "./motions.js";
import type { Random } from "./random.js";
import { RIGHTS } from "./words.js";

/** Who takes part. Keys of members, of people who may join, and of others. */
export type MotionPeople = { keys: readonly string[]; guardian: string; timelock: string };

/** What happens at one moment. */
export type Scene = { now: number; steps: MotionStep[] };

/** Motions that are under way, at the most, before no more are drafted on purpose. */
const MANY = 4;

const ANY_ACT = [
  ...["draft", "revise", "table", "endorse", "withdrawMotion", "objectToMotion", "putToVote", "adoptMotion"],
  ...["sendBack", "setRules", "move", "acceptAmendment", "withdrawAmendment", "rebase", "objectToAmendment"],
  ...["putNext", "settle", "adoptAmendment", "change", "ask", "close", "bindAmendments"],
  ...["join", "resign", "suspend"],
] as MotionAct["do"][];

export class MotionStory {
  constructor(
    private readonly random: Random,
    private readonly model: MotionModel,
    private readonly people: MotionPeople,
    private readonly pen: MotionPen,
  ) {}

  /** @param before When the last scene was, in seconds since 1970. */
  next(before: number): Scene {
    const now = this.#later(before);
    const { random } = this;
    if (random.chance(0.2)) return { now, steps: [this.#anything(now)] };
    const live = this.live(now);
    const motion = live.length > 0 ? random.pick(live) : undefined;
    if (motion === undefined || (live.length < MANY && random.chance(0.2)))
      return { now, steps: this.#beginning() };
    return { now, steps: this.#fitting(motion, now) };
  }

  /** Motions with which something can still be done. */
  live(now: number): Motion[] {
    const { motions, votes } = this.model;
    const over = (motion: Motion) => motion.vote !== null && votes.stateOf(motion.vote, now) !== "expired";
    return motions.all.filter((motion) => {
      const stage = motions.stageOf(motion, now);
      // What expired can be sent back; for some time it is looked at whether it can.
      if (stage === "decided") return !over(motion) && now < lastsUntil(motion.vote ?? NEVER) + 200;
      return stage !== "withdrawn" && stage !== "lapsed";
    });
  }

  // ---- time ----

  /** A little later, or at the next moment at which something changes, or right before or after it. */
  #later(before: number): number {
    const { random } = this;
    if (random.chance(0.012)) return before + random.between(200, 900);
    if (!random.chance(0.33)) return before + random.between(0, 4);
    const live = this.live(before);
    if (live.length === 0) return before + random.between(0, 30);
    const edges = this.#edgesOf(random.pick(live), before).filter((edge) => edge > before);
    if (edges.length === 0) return before + random.between(0, 30);
    const next = random.chance(0.93) ? Math.min(...edges) : random.pick(edges);
    return Math.max(before, next + random.pick([-1, 0, 0, 1, 1, 2]));
  }

  #edgesOf(motion: Motion, now: number): number[] {
    const { motions, amendments } = this.model;
    const hours = (vote: Vote | null | undefined) => {
      if (vote === null || vote === undefined) return [];
      return [
        opensAfter(vote),
        closesAt(vote),
        vote.eta ?? 0,
        ...(this.random.chance(0.1) ? [lastsUntil(vote)] : []),
      ];
    };
    const open = amendments.unsettled(motion, now);
    return [
      ...[motions.closesAt(motion), motion.rebaseUntil, motion.silence?.until ?? 0],
      ...open.flatMap((one) => [amendments.friendlyUntil(one), one.silence?.until ?? 0]),
      ...hours(motion.vote),
      ...hours(motion.question?.vote),
    ];
  }

  // ---- what fits ----

  /** A draft, mostly tabled at once; or two that change the same clause, and many who endorse both. */
  #beginning(): MotionStep[] {
    const by = this.#author();
    const motion = this.model.motions.all.length + 1;
    const draft: MotionStep = { by, act: { do: "draft", content: this.pen.content() } };
    if (this.random.chance(0.3)) return [draft];
    if (this.random.chance(0.25)) return [motion, motion + 1].flatMap((rival) => this.#rival(rival));
    return [draft, { by, act: { do: "table", motion, revision: 1 } }];
  }

  #rival(motion: number): MotionStep[] {
    const by = this.#anybody();
    const content = { ...this.pen.content(), actions: this.pen.clause() };
    const endorsers = this.random.shuffled(this.people.keys).slice(0, 6);
    return [
      { by, act: { do: "draft", content } },
      { by, act: { do: "table", motion, revision: 1 } },
      ...endorsers.map((key): MotionStep => ({ by: key, act: { do: "endorse", motion, revision: 1 } })),
    ];
  }

  #fitting(motion: Motion, now: number): MotionStep[] {
    const stage = this.model.motions.stageOf(motion, now);
    const vote = motion.question?.vote ?? motion.vote;
    const moved = this.model.motions.things.findMoved(last(motion.revisions).actions) !== undefined;
    if (moved && stage !== "draft" && stage !== "tabled" && this.random.chance(0.5))
      return [this.#step("sendBack", motion, now)];
    if (vote !== null && (stage === "put to the vote" || this.random.chance(0.75)))
      return this.#voting(vote, motion, now);
    const choices = this.#choices(motion, stage, now);
    const kind = this.random.weighted(choices);
    // What several do, or one does several times, as a rule happens at once: else time would run away.
    const times = ["endorse", "move", "rebase", "objectToMotion", "objectToAmendment"].includes(kind) ? 3 : 1;
    return Array.from({ length: this.random.between(1, times) }, () => this.#step(kind, motion, now));
  }

  #choices(motion: Motion, stage: Stage, now: number): [weight: number, kind: MotionAct["do"]][] {
    const states = motion.amendments.map((one) => this.model.amendments.stateOf(one, now));
    const has = (state: AmendmentState, weight: number) => (states.includes(state) ? weight : 0);
    const [members, groups] = this.model.motions.endorsementsOf(motion);
    const few = members < 3 || groups < 2;
    if (stage === "draft")
      return [
        [12, "table"],
        [4, "revise"],
        [1, "withdrawMotion"],
      ];
    if (stage === "silence")
      return [
        [3, "objectToMotion"],
        [3, "putToVote"],
        [4, "adoptMotion"],
      ];
    if (stage === "tabled")
      return [
        ...[
          [few ? 8 : 1, "endorse"],
          [20, "move"],
          [1, "revise"],
          [0.3, "withdrawMotion"],
        ],
        ...[
          [has("open", 4), "acceptAmendment"],
          [has("open", 1.5), "withdrawAmendment"],
          [has("stale", 8), "rebase"],
        ],
      ] as [number, MotionAct["do"]][];
    if (motion.question !== null)
      return [
        [has("silence", 4), "objectToAmendment"],
        [5, "settle"],
      ];
    return [
      ...[
        [few ? 6 : 1, "endorse"],
        [has("open", 12), "putNext"],
        [has("stale", 12), "rebase"],
      ],
      ...[
        [has("open", 2), "acceptAmendment"],
        [has("stale", 1) + has("open", 1), "withdrawAmendment"],
      ],
      ...[
        [0.3, "withdrawMotion"],
        [has("open", 1) || has("stale", 1) || few ? 0.7 : 12, "putToVote"],
      ],
    ] as [number, MotionAct["do"]][];
  }

  /** What brings a decision further: some ballots at once, queueing, execution; or a settlement that comes too early. */
  #voting(vote: Vote, motion: Motion, now: number): MotionStep[] {
    const { random } = this;
    const { votes } = this.model;
    const anybody = this.#anybody();
    const by = (act: MotionAct, key = anybody): MotionStep[] => [{ by: key, act }];
    switch (votes.stateOf(vote, now)) {
      case "active": {
        const may = random.shuffled(
          this.people.keys.filter((key) => votes.groupOf(vote, key, now) !== undefined),
        );
        // Of four decisions three are carried, most of them by all who vote.
        const favoured = Number(BigInt(vote.id) % 4n) > 0;
        const choice = () => (random.chance(0.9) ? (favoured ? 1 : 0) : random.between(0, 2));
        if (may.length === 0) return [this.#anything(now)];
        return may.slice(0, 5).map((key) => ({ by: key, act: { do: "vote", vote, choice: choice() } }));
      }
      case "succeeded":
        return random.chance(0.06)
          ? by({ do: "cancel", vote }, this.people.guardian)
          : by({ do: "queue", vote });
      case "queued":
        if (random.chance(0.06)) return by({ do: "cancel", vote }, this.people.guardian);
        return now >= (vote.eta as number) ? by({ do: "execute", vote }) : [this.#anything(now)];
      default:
        return motion.question === null
          ? [this.#step("sendBack", motion, now)]
          : by({ do: "settle", motion: motion.number });
    }
  }

  // ---- anything ----

  #anything(now: number): MotionStep {
    const { random } = this;
    const { all } = this.model.motions;
    const live = this.live(now);
    const motion = live.length > 0 && random.chance(0.85) ? random.pick(live) : random.pick([...all, null]);
    const kind = random.pick(ANY_ACT);
    // Who comes and goes, and what only a decision does, is rare.
    if (["join", "resign", "suspend", "setRules"].includes(kind) && random.chance(0.35))
      return this.#anything(now);
    if (motion === null || ["draft", "join", "resign", "suspend", "setRules"].includes(kind))
      return this.#without(kind, now);
    const step = this.#step(kind, motion, now);
    return random.chance(0.15) ? { ...step, by: this.#anybody() } : step;
  }

  /** An act about no motion in particular, or about one that there is not. */
  #without(kind: MotionAct["do"], now: number): MotionStep {
    const { random } = this;
    const { timelock, keys } = this.people;
    const key = random.pick(keys);
    const nothing = random.pick([0, this.model.motions.all.length + 1]);
    switch (kind) {
      case "setRules": {
        const rules = this.pen.someRules();
        if (random.chance(0.3))
          Object.assign(rules, { [random.pick(Object.keys(rules))]: random.pick([1, 31_536_001]) });
        return { by: random.chance(0.9) ? timelock : key, act: { do: "setRules", rules: onWire(rules) } };
      }
      case "join":
        return { by: this.#stranger(), act: { do: "join", group: random.between(0, 2) } };
      case "resign":
        return { by: this.#leaver(), act: { do: "resign" } };
      case "suspend":
        return this.#suspension(now);
      case "draft":
        return { by: this.#author(), act: { do: "draft", content: this.pen.content() } };
      case "table":
      case "endorse":
      case "withdrawMotion":
        return { by: key, act: { do: kind, motion: nothing, revision: 1 } };
      case "acceptAmendment":
      case "withdrawAmendment": {
        const amendment = random.pick([0, this.model.amendments.all.length + 1]);
        return { by: key, act: { do: kind, amendment, version: 1 } };
      }
      case "putNext":
      case "settle":
        return { by: key, act: { do: kind, motion: nothing } };
      default:
        return { by: key, act: { do: "putToVote", motion: nothing, actions: this.pen.writes([]) } };
    }
  }

  #step(kind: MotionAct["do"], motion: Motion, now: number): MotionStep {
    const { random } = this;
    const { number } = motion;
    const anybody = this.#anybody();
    const author = this.#mostly(0.94, this.#keyOf(motion.author));
    const revision = motion.revisions.length - (random.chance(0.05) ? 1 : 0);
    switch (kind) {
      case "revise":
        return { by: author, act: { do: kind, motion: number, revision, content: this.pen.edit(motion) } };
      case "table":
      case "withdrawMotion":
        return { by: author, act: { do: kind, motion: number, revision } };
      case "endorse":
        return { by: anybody, act: { do: kind, motion: number, revision } };
      case "objectToMotion":
        return { by: anybody, act: { do: kind, motion: number, reason: this.pen.digest("reason") } };
      case "putToVote":
        return { by: anybody, act: { do: kind, motion: number, actions: this.pen.same(motion) } };
      case "sendBack": {
        const found = this.model.motions.things.findMoved(last(motion.revisions).actions) ?? 0;
        const index = random.chance(0.9) ? found : random.between(0, 3);
        return { by: anybody, act: { do: kind, motion: number, actions: this.pen.same(motion), index } };
      }
      case "adoptMotion":
      case "putNext":
      case "settle":
      case "change":
      case "ask":
      case "close":
      case "bindAmendments":
        return { by: anybody, act: { do: kind, motion: number } };
      default:
        return this.#amending(kind, motion, now);
    }
  }

  #amending(kind: MotionAct["do"], motion: Motion, now: number): MotionStep {
    const { random, model } = this;
    if (kind === "move") return this.#move(motion, now);
    const amendment = this.#amendment(kind, motion, now);
    if (amendment === undefined) return this.#without(kind, now);
    const { number, versions } = amendment;
    const version = versions.length - (random.chance(0.1) ? 1 : 0);
    const mover = this.#mostly(0.94, this.#keyOf(amendment.mover));
    switch (kind) {
      case "acceptAmendment": {
        const owner = this.#keyOf(amendment.parent?.mover ?? motion.author);
        return { by: this.#mostly(0.94, owner), act: { do: kind, amendment: number, version } };
      }
      case "withdrawAmendment":
        return { by: mover, act: { do: kind, amendment: number, version } };
      case "rebase": {
        const { parent } = amendment;
        const current = parent?.ending === null && parent.base === motion.revisions.length ? parent : null;
        return { by: mover, act: { do: kind, amendment: number, change: this.pen.change(motion, current) } };
      }
      case "adoptAmendment": {
        const by = random.chance(0.5) ? model.at.timelock : this.#anybody();
        return { by, act: { do: kind, amendment: number } };
      }
      default: {
        const reason = this.pen.digest("reason");
        return {
          by: this.#anybody(),
          act: { do: "objectToAmendment", amendment: number, reason },
        };
      }
    }
  }

  /** Mostly to the motion; to amendments and, which is refused, to what amends one, or is of another motion. */
  #move(motion: Motion, now: number): MotionStep {
    const { random, model } = this;
    const open = model.amendments.unsettled(motion, now);
    const [parents, children] = [true, false].map((first) =>
      open.filter(({ parent }) => (parent === null) === first),
    );
    const others = model.amendments.all;
    const pool = random.weighted<readonly Amendment[]>([
      [10, []],
      [12, parents as Amendment[]],
      [0.7, children as Amendment[]],
      [0.7, others],
    ]);
    const parent = pool.length === 0 ? null : random.pick(pool);
    const number = parent === null && random.chance(0.01) ? others.length + 5 : (parent?.number ?? 0);
    const change = this.pen.change(motion, parent);
    return {
      by: this.#anybody(),
      act: { do: "move", motion: motion.number, parent: number, change },
    };
  }

  /** An amendment with which something can be done, as a rule. */
  #amendment(kind: MotionAct["do"], motion: Motion, now: number): Amendment | undefined {
    const { amendments } = this.model;
    if (kind === "adoptAmendment" && amendments.all.length > 0) return this.random.pick(amendments.all);
    const wanted = kind === "rebase" ? "stale" : kind === "objectToAmendment" ? "silence" : "open";
    const good = motion.amendments.filter((one) => amendments.stateOf(one, now) === wanted);
    const pool = good.length > 0 && this.random.chance(0.9) ? good : motion.amendments;
    return pool.length === 0 ? undefined : this.random.pick(pool);
  }

  // ---- who ----

  /** A few draft most motions. */
  #author(): string {
    const { keys } = this.people;
    return this.random.chance(0.5) ? this.#mostly(1, keys[0]) : this.random.pick(keys);
  }

  #mostly(probability: number, key: string | undefined): string {
    return key !== undefined && this.random.chance(probability) ? key : this.#anybody();
  }

  #keyOf(number: number): string | undefined {
    const { roll } = this.model;
    return this.people.keys.find((key) => roll.numberOf(key) === number);
  }

  /** Mostly a member. */
  #anybody(): string {
    const { keys } = this.people;
    const there = keys.filter((key) => this.model.roll.numberOf(key) > 0);
    return this.random.pick(this.random.chance(0.9) ? there : keys);
  }

  #stranger(): string {
    const { roll } = this.model;
    const free = this.people.keys.filter((key) => roll.numberOf(key) === 0);
    return this.random.pick(free.length === 0 ? this.people.keys : free);
  }

  /** Somebody who leaves, often an author; not if that would leave too few to decide anything. */
  #leaver(): string {
    const { roll } = this.model;
    const there = this.people.keys.filter((key) => roll.numberOf(key) > 0);
    const gone = this.people.keys.filter((key) => roll.numberOf(key) === 0);
    const authors = this.model.motions.all.slice(-MANY).map(({ author }) => this.#keyOf(author));
    const author = authors.find((key) => key !== undefined && key !== this.people.keys[0]);
    if (author !== undefined && there.length > 6 && this.random.chance(0.6)) return author;
    return this.random.pick(there.length > 6 ? there : gone);
  }

  #suspension(now: number): MotionStep {
    const { random, model } = this;
    const there = model.roll.members.filter(({ leftAt }) => leftAt === null);
    const rights = 2 ** random.pick([RIGHTS.indexOf("propose"), RIGHTS.indexOf("vote")]);
    const until = now + random.between(30, 200);
    const { number } = random.pick(there);
    return { by: this.people.timelock, act: { do: "suspend", number, rights, until } };
  }
}

/** Stands for what was never put to the vote. */
const NEVER = { eta: 0, rules: { grace: 0 } } as Vote;
