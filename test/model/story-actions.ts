import type { Action, Known } from "./actions.js";
import type { Cast } from "./cast.js";
import type { Pace } from "./roll.js";
import { CLASSES } from "./rules.js";
import type { RollStory } from "./story-roll.js";
import { nextRules } from "./story-rules.js";
import { DAY } from "./words.js";

/** Makes up what decisions do, and what the timelock is made to do. */
export class ActionStory {
  constructor(
    private readonly cast: Cast,
    private readonly roll: RollStory,
  ) {}

  /** Something for the timelock to do, now or after some time. */
  next(now: number, ahead = 0): Action {
    const { random, model } = this.cast;
    const { roll, claims, recovery } = model;
    const rights = () => (random.chance(0.06) ? random.pick([0, 16, 255]) : random.between(1, 15));
    // Whoever moved from key to key leaves several to be barred, and pardoned.
    const moved = roll.tenures.filter(({ ending }) => ending === "rotated").map(({ member }) => member);
    const barred = roll.tenures.filter(
      ({ ending, member }) => ending === "ended" || (ending === "rotated" && member.ended),
    );
    const several = barred.filter(({ member }) => moved.includes(member));
    const gone = roll.members.filter(({ leftAt }) => leftAt !== null).map(({ number }) => number);
    const raised = claims.challenges.filter(({ id }) => claims.stateOf(id, now) === "raised");
    const challenge = () => this.cast.mostly(0.9, raised, claims.challenges)?.id ?? random.between(0, 2);
    const claimed = recovery.claims.filter(
      ({ newKey, number }) => recovery.claimOf(newKey)?.number === number,
    );
    const floor = roll.waitingFloor;
    return random.weighted<() => Action>([
      [2, () => ({ do: "setX", value: random.between(1, 1_000) })],
      [
        2,
        () => ({
          do: "end",
          number: random.pick(
            random.chance(0.2) && gone.length > 0
              ? gone
              : [this.cast.number((member) => random.chance(0.3) || moved.includes(member))],
          ),
        }),
      ],
      [2.5, () => ({ do: "pardon", key: this.cast.keyFrom(this.cast.mostlyAll(0.6, several, barred), 0.9) })],
      [
        3.5,
        () => ({
          do: "suspend",
          number: this.cast.number(),
          rights: rights(),
          until: this.roll.suspensionEnd(now, ahead),
        }),
      ],
      [2, () => ({ do: "restore", number: this.cast.number(), rights: rights() })],
      [1, () => ({ do: "setMaturity", pace: this.#pace() })],
      [0.4, () => ({ do: "setCodeOfConduct", code: this.roll.digest(++this.roll.codes) })],
      [
        2,
        () => ({
          do: "setAdmissionPolicy",
          policy: random.chance(0.06) ? this.cast.people.nobody : random.pick([...model.policies.keys()]),
        }),
      ],
      [1.5, () => this.#setRules()],
      [1, () => ({ do: "updateDelay", delay: random.chance(0.1) ? 59 : random.between(60, 120) })],
      [
        0.8,
        () => ({ do: "setCap", cap: random.chance(0.1) ? random.between(101, 255) : random.between(0, 8) }),
      ],
      [
        0.8,
        () => ({
          do: "setPeriod",
          period: random.chance(0.12)
            ? random.pick([4 * floor - 1, 1_096 * DAY + 1])
            : 4 * floor + random.between(0, 2_000),
        }),
      ],
      [
        1.5,
        () => ({
          do: "setRule",
          oneVoice: random.chance(0.65),
          cooldown: random.chance(0.08)
            ? random.pick([floor - 1, 730 * DAY + 1])
            : floor + random.between(0, 200),
        }),
      ],
      [
        0.6,
        () => ({
          do: "setClaimRules",
          rules: {
            cooldown: floor + (random.chance(0.08) ? -1 : random.between(0, 200)),
            window: floor + (random.chance(0.08) ? -1 : random.between(0, 400)),
            challengers: random.chance(0.08) ? random.pick([1, 101]) : random.between(2, 3),
          },
        }),
      ],
      [1 + Math.min(2, raised.length), () => this.#uphold(challenge())],
      [0.7 + Math.min(1, raised.length), () => ({ do: "dismiss", id: challenge() })],
      [
        0.5,
        () => ({
          do: "setRecoveryDelay",
          delay: Math.floor(floor / 2) + (random.chance(0.1) ? -1 : random.between(0, 100)),
        }),
      ],
      [
        1.5,
        () => {
          const claim = this.cast.mostly(0.93, claimed, recovery.claims);
          const number = random.chance(0.05) ? this.cast.number() : (claim?.number ?? this.cast.number());
          return {
            do: "decideRecovery",
            number,
            newKey: claim?.newKey ?? random.pick(this.cast.people.keys),
          };
        },
      ],
    ])();
  }

  /** Something that is less than an amendment, at first. */
  lesser(): Action {
    const { random } = this.cast;
    if (random.chance(0.5)) return { do: "setX", value: random.between(1, 1_000) };
    const digest = random.chance(0.05) ? `0x${"0".repeat(64)}` : this.roll.digest(random.between(1, 1_000));
    return { do: "record", digest };
  }

  /** Something that makes decisions of all classes, or makes decisions of another class. */
  simple(): Action {
    const { random, people, model } = this.cast;
    const organs = ["record", "setCap", "dismissGuardian"] as const satisfies Known[];
    // Of nothing that is not guarded can the class be set.
    const free: Known[] = model.decisions.classes.guarded.has("box") ? ["setX", ...organs] : [...organs];
    const fixed = ["updateDelay", "guard"] as const satisfies Known[];
    return random.weighted<() => Action>([
      [7, () => this.lesser()],
      [3.5, () => this.#setRules()],
      [
        free.includes("setX") ? 0.2 : 2,
        () => ({ do: "guard", what: random.chance(0.06) ? random.pick(["governor", "timelock"]) : "box" }),
      ],
      [
        2,
        () => ({
          do: "setActionClass",
          of: random.pick(random.chance(0.06) ? fixed : free),
          class: random.pick(CLASSES),
        }),
      ],
      [
        0.7,
        () => ({
          do: "setPlaces",
          places: random.chance(0.1) ? random.pick([0, 6]) : random.between(1, 5),
        }),
      ],
      [0.15, () => ({ do: "dismissGuardian" })],
      [0.3, () => ({ do: "callNobody", target: people.nobody })],
    ])();
  }

  #uphold(id: number): Action {
    const { random, model } = this.cast;
    const challenge = model.claims.find(id);
    if (challenge === undefined || challenge.kind === 0)
      return { do: "uphold", id, value: this.cast.group() };
    const organisation = this.cast.number((member) => member.organisation);
    return { do: "uphold", id, value: random.chance(0.3) ? 0 : organisation };
  }

  #pace(): Pace {
    const { random } = this.cast;
    const { waitingFloor, pace } = this.cast.model.roll;
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

  #setRules(): Action {
    const { random, model } = this.cast;
    const { waitingFloor, groupCount } = model.roll;
    const kind = random.pick(CLASSES);
    return {
      do: "setRules",
      class: kind,
      rules: nextRules(random, kind, model.decisions.rules, waitingFloor, groupCount),
    };
  }
}
