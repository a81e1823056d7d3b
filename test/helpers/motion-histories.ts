import { ZeroHash } from "ethers";
import { isRevert } from "../../scripts/lib/member/revert.js";
import { type MotionScene, plainMotionRules, TEXT } from "./amendments.js";
import { actAs, type Person } from "./governor.js";
import {
  type ActionList,
  actionsDigest,
  carry,
  changeOf,
  contentOf,
  decisionOfAmendment,
  digestOf,
  listOf,
  NO_ACTIONS,
  refuse,
  Stage,
} from "./motions.js";
import type { Randomness } from "./random.js";

/** What the contracts said of a text while it was the present one. */
export interface Seen {
  text: string;
  /** Of motions only. */
  purpose?: string;
  actions: string;
}

/** How often each step comes up beside the others, by where a motion is. */
const WEIGHTS = {
  draft: { table: 5, revise: 2, withdraw: 1 },
  tabled: {
    move: 8,
    moveBelow: 8,
    accept: 3,
    rebase: 8,
    retreat: 1,
    revise: 1,
    endorse: 2,
    waitForClose: 2,
    wait: 1,
  },
  closed: {
    putNext: 8,
    rebase: 8,
    accept: 2,
    retreat: 1,
    endorse: 1,
    put: 2,
    sendBack: 2,
    waitForTurn: 4,
    withdraw: 1,
  },
  asked: { decide: 8, object: 4, settle: 2, wait: 1 },
  silent: { objectToMotion: 2, adopt: 2, wait: 2, put: 1 },
  over: { draft: 6, rules: 2, sendBack: 1, wait: 1 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

const lotOf = (weights: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(weights).flatMap(([name, weight]) => Array<string>(weight).fill(name));

/**
 * A history of motions and amendments, step by step: whoever is drawn does whatever is drawn, and what the contracts refuse
 * is passed over. After each step the present texts are written down as the contracts have them.
 */
export class MotionWalk {
  /** What was seen, by motion and by amendment; a revision, or version, each. */
  readonly revisions = new Map<bigint, Seen[]>();
  readonly versions = new Map<bigint, Seen[]>();
  /** Actions by their digest. */
  readonly lists = new Map<string, ActionList>([[ZeroHash, NO_ACTIONS]]);
  /** How often each step was taken, and not refused. */
  readonly taken = new Map<string, number>();
  #texts = 0;
  #subject = 1n;

  constructor(
    readonly scene: MotionScene,
    readonly random: Randomness,
  ) {}

  /** Takes some steps, and answers how many were not refused. */
  async walk(steps: number): Promise<number> {
    let done = 0;
    await this.#look();
    for (let i = 0; i < steps; ++i) {
      const name = this.#pick(lotOf(WEIGHTS[await this.#turn()]));
      try {
        await this.#steps[name]?.();
        this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
        ++done;
      } catch (error) {
        if (!isRevert(error)) throw error;
      }
      await this.#look();
    }
    return done;
  }

  readonly #steps: Readonly<Record<string, () => Promise<unknown>>> = {
    draft: async () => this.#motions(this.#member()).draft(await this.#content()),
    table: async () => this.#byAuthor(async (own, motion, revision) => own.table(motion, revision)),
    revise: async () =>
      this.#byAuthor(async (own, motion, revision) => own.revise(motion, revision, await this.#content())),
    endorse: async () => {
      const motion = await this.#motion();
      const { revision } = await this.scene.motions.motionOf(motion);
      return this.#motions(this.#member()).endorse(motion, revision);
    },
    withdraw: async () => this.#byAuthor((own, motion, revision) => own.withdraw(motion, revision)),
    move: async () => this.#move(0n),
    moveBelow: async () => this.#move(await this.#amendment()),
    accept: async () => {
      const amendment = await this.#amendment();
      const { parent, motion, version } = await this.scene.amendments.amendmentOf(amendment);
      const owner =
        parent === 0n
          ? (await this.scene.motions.motionOf(motion)).author
          : (await this.scene.amendments.amendmentOf(parent)).mover;
      return this.#amendments(this.#memberOf(owner)).accept(amendment, version);
    },
    rebase: async () => {
      const amendment = await this.#amendment();
      const { mover, motion, parent } = await this.scene.amendments.amendmentOf(amendment);
      // What it amends may be gone: the motion is what there is to amend then.
      const { revision } = await this.scene.motions.motionOf(motion);
      const bases = [revision];
      if (parent !== 0n) bases.push((await this.scene.amendments.amendmentOf(parent)).version);
      return this.#amendments(this.#memberOf(mover)).rebase(
        amendment,
        await this.#change(this.#pick(bases), this.#chance(50)),
      );
    },
    retreat: async () => {
      const amendment = await this.#amendment();
      const { mover, version } = await this.scene.amendments.amendmentOf(amendment);
      return this.#amendments(this.#memberOf(mover)).withdraw(amendment, version);
    },
    putNext: async () => this.scene.amendments.putNext(await this.#motion()),
    object: async () => this.#amendments(this.#member()).object(await this.#question(), digestOf("reason")),
    settle: async () => this.scene.amendments.settle(await this.#motion()),
    decide: async () => {
      const question = await this.#question();
      const { proposalId, motion } = await this.scene.amendments.amendmentOf(question);
      if (proposalId === 0n) return this.scene.amendments.settle(motion);
      const decision = await decisionOfAmendment(this.scene.connection, this.scene, question);
      // Time may have passed it by.
      if ((await this.scene.now()) > (await decision.snapshot())) {
        await this.scene.goTo((await decision.deadline()) + 1n);
      } else if (this.#chance(60)) {
        return carry(decision, this.scene.voters);
      } else {
        await refuse(decision, this.scene.voters);
      }
      return this.scene.amendments.settle(motion);
    },
    put: async () => {
      const motion = await this.#motion();
      return this.scene.motions.putToVote(motion, await this.#actionsOf(motion));
    },
    sendBack: async () => {
      const motion = await this.#motion();
      return this.scene.motions.sendBack(motion, await this.#actionsOf(motion), 0);
    },
    objectToMotion: async () =>
      this.#motions(this.#member()).object(await this.#motion(), digestOf("reason")),
    adopt: async () => this.scene.motions.adopt(await this.#motion()),
    rules: async () => {
      const { motions, timelock } = this.scene;
      const rules = plainMotionRules(await motions.rules());
      const silence = () => (this.#chance(50) ? 86_400n : 0n);
      return motions
        .connect(await actAs(this.scene.connection, timelock))
        .setRules({ ...rules, silence: silence(), amendmentSilence: silence() });
    },
    wait: async () => this.scene.goTo((await this.scene.now()) + this.#pick([3_600n, 86_400n, 259_200n])),
    waitForClose: async () =>
      this.scene.goTo((await this.scene.motions.motionOf(await this.#motion())).closesAt),
    waitForTurn: async () =>
      this.scene.goTo((await this.scene.amendments.nextOf(await this.#motion())).from - 1n),
  };

  async #look(): Promise<void> {
    const { motions, amendments } = this.scene;
    for (let motion = 1n; motion <= (await motions.lastMotion()); ++motion) {
      const { revision, text, purpose, actions } = await motions.motionOf(motion);
      note(this.revisions, motion, revision, { text, purpose, actions });
    }
    for (let amendment = 1n; amendment <= (await amendments.lastAmendment()); ++amendment) {
      const { version, text, actions } = await amendments.amendmentOf(amendment);
      note(this.versions, amendment, version, { text, actions });
    }
  }

  async #move(parent: bigint): Promise<unknown> {
    const motion =
      parent === 0n ? await this.#motion() : (await this.scene.amendments.amendmentOf(parent)).motion;
    const { revision } = await this.scene.motions.motionOf(motion);
    const base = parent === 0n ? revision : (await this.scene.amendments.amendmentOf(parent)).version;
    const change = await this.#change(base, parent === 0n && this.#chance(30));
    return this.#amendments(this.#member()).move(motion, parent, change);
  }

  async #byAuthor(
    act: (own: MotionScene["motions"], motion: bigint, revision: bigint) => Promise<unknown>,
  ): Promise<unknown> {
    const motion = await this.#motion();
    const { author, revision } = await this.scene.motions.motionOf(motion);
    return act(this.#motions(this.#memberOf(author)), motion, revision);
  }

  async #content() {
    return contentOf(this.#text(), await this.#actions(), this.#pick(["purpose", "another purpose"]));
  }

  async #change(base: bigint, substitute: boolean) {
    return changeOf(base, this.#text(), { substitute, actions: await this.#actions(), reason: this.#text() });
  }

  /** Actions of none, one or two; the clause that the last kind follows is not as they say. */
  async #actions(): Promise<ActionList> {
    const { resolutions, charter, eve } = this.scene;
    const record = resolutions.interface.encodeFunctionData("record", [digestOf(this.#text())]);
    const insert = charter.interface.encodeFunctionData("insert", [1, 0, digestOf("gone"), digestOf("new")]);
    const list = this.#pick([
      NO_ACTIONS,
      NO_ACTIONS,
      listOf([
        { target: await resolutions.getAddress(), data: record },
        { target: eve.address, value: 7n },
      ]),
      listOf([{ target: await charter.getAddress(), data: insert }]),
    ]);
    this.lists.set(await actionsDigest(list), list);
    return list;
  }

  async #actionsOf(motion: bigint): Promise<ActionList> {
    return this.lists.get((await this.scene.motions.motionOf(motion)).actions) as ActionList;
  }

  /** The motion that the step is about: see {@link #turn}. */
  async #motion(): Promise<bigint> {
    return this.#subject;
  }

  /** Turns to a motion, mostly to one that goes on, and answers where it is. */
  async #turn(): Promise<keyof typeof WEIGHTS> {
    const { motions, amendments } = this.scene;
    const numbers = [...this.revisions.keys()];
    const live: bigint[] = [];
    for (const motion of numbers) {
      if ((await motions.contentOf(motion)).stage < Stage.PutToVote) live.push(motion);
    }
    // A new one now and then, beside those that go on.
    const isNew = live.length < 3 && this.#chance(3);
    this.#subject = this.#pick(live.length > 0 && !isNew ? live : numbers);
    if (isNew || live.length === 0) return "over";
    if ((await amendments.docketOf(this.#subject)).question !== 0n) return "asked";
    const { stage } = await motions.contentOf(this.#subject);
    if (stage === Stage.Draft) return "draft";
    if (stage === Stage.Silence) return "silent";
    return stage === Stage.Tabled ? "tabled" : "closed";
  }

  /** One that is open on the motion, or else the last that was moved at all. */
  async #amendment(): Promise<bigint> {
    const { open } = await this.scene.amendments.docketOf(this.#subject);
    return open.length > 0 ? this.#pick([...open]) : this.scene.amendments.lastAmendment();
  }

  async #question(): Promise<bigint> {
    return (await this.scene.amendments.docketOf(this.#subject)).question;
  }

  #text(): string {
    return `${TEXT} ${++this.#texts}`;
  }

  #member(): Person {
    return this.#pick(this.scene.members);
  }

  #memberOf(number: bigint): Person {
    return this.scene.members[Number(number) - 1] as Person;
  }

  #motions(person: Person) {
    return this.scene.motions.connect(person);
  }

  #amendments(person: Person) {
    return this.scene.amendments.connect(person);
  }

  #pick<T>(list: readonly T[]): T {
    return list[Number(this.random.below(BigInt(list.length)))] as T;
  }

  #chance(percent: number): boolean {
    return this.random.below(100n) < BigInt(percent);
  }
}

function note(seen: Map<bigint, Seen[]>, subject: bigint, number: bigint, content: Seen): void {
  const list = seen.get(subject) ?? [];
  seen.set(subject, list);
  list[Number(number) - 1] = content;
}
