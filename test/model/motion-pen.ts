/** Makes up what members write in a history of motions: mostly what can be written, now and then what is refused. */
import { id as digestOf, ZeroHash } from "ethers";
import type { Amendment, Change } from "./amendments.js";
import type { Actions, Deed } from "./motion-actions.js";
import type { MotionModel } from "./motion-steps.js";
import { type Content, last, type Motion, type MotionRules } from "./motions.js";
import type { Random } from "./random.js";

/** Gives actions their digest. */
type Writes = (deeds: readonly Deed[], uneven?: boolean) => Actions;

export class MotionPen {
  constructor(
    private readonly random: Random,
    private readonly model: MotionModel,
    readonly writes: Writes,
  ) {}

  /** Rules within their ranges, in a coalition whose shortest stage is a minute. */
  someRules(): MotionRules {
    const { random } = this;
    const [window, rebase] = [random.between(60, 90), random.between(60, 90)];
    const [objections, amendmentObjections] = [random.between(1, 3), random.between(1, 3)];
    const silence = () => (random.chance(0.6) ? random.between(60, 90) : 0);
    return {
      notice: random.between(60, 150),
      window,
      rebase,
      lapse: window + rebase + random.between(60, 500),
      openByMotion: random.between(3, 7),
      openByMember: random.between(1, 4),
      silence: silence(),
      objections,
      objectionGroups: random.between(1, Math.min(2, objections)),
      amendmentSilence: silence(),
      amendmentObjections,
      amendmentObjectionGroups: random.between(1, Math.min(2, amendmentObjections)),
    };
  }

  content(): Content {
    const purpose = this.digest(`purpose ${this.random.between(0, 2)}`);
    return { text: this.#text(), purpose, actions: this.actions() };
  }

  /** Mostly another text; now and then other actions, or the same as before. */
  edit(motion: Motion): Content {
    const present = last(motion.revisions);
    if (this.random.chance(0.12)) return present;
    const actions = this.random.chance(0.6) ? present.actions : this.actions();
    return { ...present, text: this.#text(), actions };
  }

  change(motion: Motion, parent: Amendment | null): Change {
    const { random } = this;
    const written: readonly { text: string; actions: Actions }[] = parent?.versions ?? motion.revisions;
    const present = last(written);
    const same = random.chance(0.04);
    const actions = same || random.chance(0.8) ? present.actions : this.actions();
    return {
      base: written.length - (random.chance(0.05) ? 1 : 0),
      text: same ? present.text : this.#text(),
      reason: this.digest("reason"),
      substitute: random.chance(parent === null ? 0.3 : 0.12),
      actions,
    };
  }

  actions(): Actions {
    const { random } = this;
    if (random.chance(0.45)) return this.writes([]);
    const put: Deed = { do: "setX", value: random.between(1, 9) };
    if (random.chance(0.1)) {
      const flawed: [readonly Deed[], boolean?][] = [
        [[put, put], true],
        [Array(17).fill(put)],
        [[{ do: "call nobody" }]],
      ];
      return this.writes(...random.pick([...flawed, [[{ do: "say too much" }]] as [readonly Deed[]]]));
    }
    const deeds = random.weighted<readonly Deed[]>([
      [3, [put]],
      [6, [this.#amend()]],
      [1, [put, this.#amend(), this.#amend()]],
    ]);
    return this.writes(deeds);
  }

  /** A change of the first clause. */
  clause(): Actions {
    return this.writes([this.#amend(1)]);
  }

  /** A change of a clause as it reads now, or as it once read: mostly of the first one, so that motions meet. */
  #amend(clause = this.random.chance(0.7) ? 1 : 2): Deed {
    const { random } = this;
    const wording = (place: number) => digestOf(`clause ${clause}, wording ${place}`);
    const current = this.model.motions.things.clauses.get(clause) as string;
    const base = random.chance(0.92) ? current : wording(random.between(0, 3));
    const others = [0, 1, 2, 3].map(wording).filter((digest) => digest !== base && digest !== current);
    return { do: "amend", clause, base, digest: random.pick(others) };
  }

  /** The actions of a motion as they are, or others. */
  same(motion: Motion): Actions {
    return this.random.chance(0.97) ? last(motion.revisions).actions : this.actions();
  }

  #text(): string {
    return this.digest(`text ${this.random.between(0, 40)}`);
  }

  digest(text: string): string {
    return this.random.chance(text === "reason" ? 0.05 : 0.012) ? ZeroHash : digestOf(text);
  }
}

/** Rules as far as the contract's fields hold them. */
export function onWire(rules: MotionRules): MotionRules {
  const small = ["openByMotion", "openByMember", "objections", "objectionGroups"];
  const fits = (name: string) => small.some((one) => name.toLowerCase().endsWith(one.toLowerCase()));
  const entries = Object.entries(rules).map(([name, value]) => [name, fits(name) ? value % 256 : value]);
  return Object.fromEntries(entries) as MotionRules;
}
