/** A history of motions on the chain and in the model, compared step by step. */
import { expect } from "chai";
import { id as digestOf } from "ethers";
import { type Parameters, readParameters } from "../helpers/fixture.js";
import type { Connection } from "../helpers/governor.js";
import { AMENDMENT_STATES, Amendments } from "./amendments.js";
import { STATES } from "./decisions.js";
import { Things } from "./motion-actions.js";
import { CLAUSES, DOCUMENT, MotionChain, NOBODY, type Outcome } from "./motion-chain.js";
import { MotionPen } from "./motion-pen.js";
import { questionsAbout } from "./motion-sights.js";
import { type MotionModel, type MotionStep, perform, describe as shown } from "./motion-steps.js";
import { MotionStory } from "./motion-story.js";
import { Votes } from "./motion-votes.js";
import { type Motion, Motions, STAGES } from "./motions.js";
import { Random } from "./random.js";
import { Roll } from "./roll.js";
import { Refusal, STANDINGS } from "./words.js";

/** When every history begins, in seconds since 1970. An hour before, the coalition is deployed. */
export const BEGINNING = Date.UTC(2030, 0, 1) / 1_000;

const GROUPS = 3;
const MEMBERS = 9;
/** People who may join. */
const OTHERS = 4;
/** Everything is looked at once in so many scenes, what is under way after each. */
const GLANCE = 25;

const KEYS = Array.from({ length: MEMBERS + OTHERS }, (_, place) => keyOf(`motions, person ${place}`));
const GUARDIAN = keyOf("motions, guardian");

function keyOf(name: string): string {
  return `0x${digestOf(name).slice(26)}`;
}

/** A coalition of three groups whose stages are as short as can be. */
function parametersOf(): Parameters {
  const parameters = readParameters("local");
  const { Governor, Membership } = parameters;
  const grace = 240;
  const endorsed = { grace, endorsements: 2, endorsementGroups: 2 };
  return {
    ...parameters,
    Membership: { ...Membership, groups: ["One", "Two", "Three"] },
    Agenda: { ...parameters.Agenda, places: 1 },
    Governor: {
      ...Governor,
      guardian: GUARDIAN,
      guardianTerm: 86_400 * 300,
      motionAmendment: { ...Governor.motionAmendment, grace },
      resolution: { ...Governor.resolution, grace, endorsements: 1, endorsementGroups: 1 },
      action: { ...Governor.action, ...endorsed },
      appeal: { ...Governor.appeal, ...endorsed },
      amendment: { ...Governor.amendment, ...endorsed },
    },
  };
}

/** What a run has met, and how often. */
export class Met {
  readonly counts = new Map<string, number>();
  /** Answers, refusals and announcements that were compared. */
  compared = 0;

  see(...sights: string[]): void {
    for (const sight of sights) this.counts.set(sight, (this.counts.get(sight) ?? 0) + 1);
  }

  of(sight: string): number {
    return this.counts.get(sight) ?? 0;
  }
}

/** Where histories are told, one after the other, each from the same beginning. */
export class Stage {
  private constructor(
    readonly chain: MotionChain,
    readonly parameters: Parameters,
    readonly joined: readonly { key: string; group: number; now: number }[],
    readonly restart: () => Promise<void>,
  ) {}

  static async build(connection: Connection): Promise<Stage> {
    const parameters = parametersOf();
    const chain = await MotionChain.create(connection, parameters);
    await chain.admit([...KEYS, GUARDIAN, chain.at.timelock]);
    const joined = KEYS.slice(0, MEMBERS).map((key, place) => ({
      ...{ key, group: place % GROUPS },
      now: BEGINNING - 2_000 + place,
    }));
    for (const { key, group, now } of joined) await chain.take({ by: key, act: { do: "join", group } }, now);
    await chain.enactClauses(KEYS.slice(0, MEMBERS), BEGINNING - 1_000, parameters.Governor.amendment);
    const { restore } = await connection.networkHelpers.takeSnapshot();
    return new Stage(chain, parameters, joined, restore);
  }

  /** The model as the coalition begins. */
  model(): MotionModel {
    const { at } = this.chain;
    const { Membership, Governor, Agenda, Motions: rules, $global } = this.parameters;
    const { waitingFloor, waitingPeriod, epochLength, epochShareBps, epochFloor, codeDigest } = Membership;
    const pace = { waitingPeriod, epochLength, epochShareBps, epochFloor };
    const roll = new Roll(GROUPS, waitingFloor, pace, codeDigest);
    for (const { key, group, now } of this.joined) roll.join(key, group, codeDigest, "0x", now);
    const { name: _, guardian: __, guardianTerm: ___, ...classes } = Governor;
    const votes = new Votes(roll, classes, GROUPS);
    const things = new Things(DOCUMENT, CLAUSES);
    const world = { places: Agenda.places, shortestStage: $global.shortestStage, nobody: NOBODY };
    const { name: ____, documents: _____, statementWindow: ______, ...first } = rules;
    const motions = new Motions(roll, votes, things, this.chain, world, first);
    const amendments = new Amendments(motions, { nobody: NOBODY, timelock: at.timelock });
    return { roll, votes, motions, amendments, at };
  }
}

export class MotionHistory {
  readonly #told: string[] = [];
  readonly #model: MotionModel;
  readonly #pen: MotionPen;
  readonly #story: MotionStory;
  #now = BEGINNING;

  constructor(
    private readonly stage: Stage,
    private readonly seed: number,
    private readonly met: Met,
  ) {
    this.#model = stage.model();
    const people = { keys: KEYS, guardian: GUARDIAN, timelock: stage.chain.at.timelock };
    const random = new Random(seed);
    this.#pen = new MotionPen(random, this.#model, stage.chain.actions.bind(stage.chain));
    this.#story = new MotionStory(random, this.#model, people, this.#pen);
  }

  /** Lets a history go on; throws where chain and model differ, saying what led to it. */
  async take(scenes: number): Promise<void> {
    await this.stage.restart();
    const rules: MotionStep = {
      by: this.stage.chain.at.timelock,
      act: { do: "setRules", rules: this.#pen.someRules() },
    };
    await this.#play({ now: this.#now, steps: [rules, ...this.#departures()] });
    for (let scene = 1; scene <= scenes; scene++) {
      const before = new Set(this.#story.live(this.#now));
      await this.#play(this.#story.next(this.#now));
      const { all } = this.#model.motions;
      const everything = scene % GLANCE === 0 || scene === scenes;
      await this.#look(everything ? all : all.filter((motion) => before.has(motion) || this.#isLive(motion)));
    }
  }

  /** Of one coalition in six so few are left that silence says nothing. */
  #departures(): MotionStep[] {
    if (this.seed % 6 !== 0) return [];
    return KEYS.slice(2, MEMBERS).map((by) => ({ by, act: { do: "resign" } }));
  }

  #isLive(motion: Motion): boolean {
    return this.#story.live(this.#now).includes(motion);
  }

  async #play({ now, steps }: { now: number; steps: MotionStep[] }): Promise<void> {
    this.#now = now;
    for (const step of steps) {
      this.#told.push(shown(step, now));
      const refusal = Refusal.of(() => perform(this.#model, step, now));
      const announced = this.#model.motions.announcements.take();
      const outcome = await this.stage.chain.take(step, now);
      this.#requireSame(outcome, refusal, announced);
      if (refusal === undefined) this.met.see(`${step.act.do}: done`, ...announced.flatMap(sightsIn));
      else this.met.see(`${step.act.do}: refused`, ...sightsOf(refusal));
    }
  }

  #requireSame(outcome: Outcome, refusal: Refusal | undefined, announced: readonly string[]): void {
    const expected = refusal?.message ?? "done";
    const actual = outcome.refusal ?? "done";
    const [fixed, choice] = expected.slice(0, -1).split("one of ");
    const isOne = choice?.split(" ").some((one) => actual === `${fixed}${one})`);
    if (!isOne) this.#compare([actual], [expected]);
    if (refusal !== undefined) return;
    // When what has lapsed is written down nobody has promised; that it has lapsed is seen.
    const said = outcome.announced.filter((one) => !one.startsWith("AmendmentLapsed"));
    this.#compare(said, announced);
  }

  async #look(motions: readonly Motion[]): Promise<void> {
    const now = this.#now;
    const questions = questionsAbout(this.#model, motions, now);
    const answers = await this.stage.chain.ask(questions, now);
    const asked = ({ view, values }: (typeof questions)[number]) => `${view}(${values})`;
    this.#compare(
      questions.map((question, place) => `${asked(question)}: ${answers[place]}`),
      questions.map((question) => `${asked(question)}: ${question.expected}`),
    );
    await this.#lookAtEndorsements(motions);
    if (motions.some(({ theirs }) => theirs)) this.met.see("a motion that became theirs");
    this.met.see(...motions.map((motion) => `stage: ${this.#model.motions.stageOf(motion, now)}`));
    for (const { amendments } of motions)
      this.met.see(...amendments.map((one) => `amendment: ${this.#model.amendments.stateOf(one, now)}`));
  }

  async #lookAtEndorsements(motions: readonly Motion[]): Promise<void> {
    if (motions.length === 0) return;
    const numbers = this.#model.roll.members.map(({ number }) => number);
    const found = await this.stage.chain.endorsed(
      motions.map(({ number }) => number),
      numbers,
    );
    const expected = motions.map(({ endorsers }) =>
      numbers.map((number) => (endorsers.some((one) => one.number === number) ? 1 : 0)).join(""),
    );
    this.#compare(found, expected);
  }

  /** Says what led to it, and nothing but what differs. */
  #compare(actual: readonly string[], expected: readonly string[]): void {
    const places = Array.from({ length: Math.max(actual.length, expected.length) }, (_, place) => place);
    const differ = places.filter((place) => actual[place] !== expected[place]);
    this.met.compared += places.length;
    if (differ.length === 0) return;
    const soFar = `SEED=${this.seed}, after\n${this.#told.slice(-40).join("\n")}\n`;
    const [found, said] = [actual, expected].map((lines) => differ.map((place) => lines[place]));
    expect(found, soFar).to.deep.equal(said);
  }
}

/** What a refusal shows; who has no right is refused for many reasons. */
function sightsOf({ name, values }: Refusal): string[] {
  return name === "RollRightsRefused" ? [name, `${name}: ${STANDINGS[values[2] as number]}`] : [name];
}

/** What an announcement shows beside itself. */
function sightsIn(announcement: string): string[] {
  const [name, list] = announcement.slice(0, -1).split("(") as [string, string];
  const values = list.split(", ");
  const [, second, third, fourth] = values;
  switch (name) {
    case "AmendmentMoved":
      return [
        fourth === "0" ? (values[4] === "true" ? "a substitute" : "an amendment") : "one to an amendment",
      ];
    case "AmendmentWritten":
      if (third !== "0") return ["an amendment amended"];
      return second === "1" ? [] : ["an amendment rebased"];
    case "AmendmentAdopted":
      return [second === "0" ? "an amendment adopted in silence" : "an amendment adopted by vote"];
    case "AmendmentRejected":
      return [`an amendment ${STATES[Number(third)]}`];
    case "MotionSentBack":
      return [second === "0" ? "a motion sent back before its vote" : "a motion sent back after its vote"];
    default:
      return [name];
  }
}

/** What every run sees. */
export const STATES_AND_STAGES = [
  ...STAGES.map((stage) => `stage: ${stage}`),
  ...AMENDMENT_STATES.map((state) => `amendment: ${state}`),
];

/** What there is to see besides. */
export const SIGHTS = [
  ...["an amendment", "a substitute", "one to an amendment", "an amendment amended", "an amendment rebased"],
  ...["an amendment adopted in silence", "an amendment adopted by vote", "an amendment defeated"],
  ...["an amendment canceled", "an amendment expired"],
  ...[
    "a motion sent back before its vote",
    "a motion sent back after its vote",
    "a motion that became theirs",
  ],
  ...["not member", "ended", "immature", "suspended"].map((standing) => `RollRightsRefused: ${standing}`),
  ...["AgendaFull", "CharterClauseMoved"],
  ...["MotionSilenceOpened", "MotionAdopted", "MotionPut", "AmendmentSilenceOpened", "AmendmentPut"],
];

/** What is done. What only contracts may do is refused to everybody. */
export const DEEDS = [
  ...["draft", "revise", "table", "endorse", "withdrawMotion", "objectToMotion", "putToVote", "adoptMotion"],
  ...["sendBack", "setRules", "move", "acceptAmendment", "withdrawAmendment", "rebase", "objectToAmendment"],
  ...["putNext", "settle", "vote", "queue", "execute", "cancel", "join", "resign", "suspend"],
].map((deed) => `${deed}: done`);
