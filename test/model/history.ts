import type { NetworkConnection } from "hardhat/types/network";
import { type Parameters, readParameters } from "../helpers/fixture.js";
import { Chain, type Report } from "./chain.js";
import { Coalition } from "./coalition.js";
import { closesAt } from "./decisions.js";
import type { Journal } from "./journal.js";
import { expectation, type Question, type Table } from "./questions.js";
import { Random } from "./random.js";
import { Sights } from "./sights.js";
import { describeStep, type Step, take } from "./steps.js";
import { Story } from "./story.js";
import { someRules } from "./story-rules.js";
import { Survey } from "./survey.js";
import { DAY } from "./words.js";

const WALLETS = 132;
const ACCOUNTS = 8;
const NOBODY = "0x00000000000000000000000000000000000bad00";

const STEPS_BETWEEN_GLANCES = 800;

type Told = { line: string; step: Step; expected: string; questions: Question[] };

/** Parameters of a small and fast coalition, different for every seed. */
function parametersOf(seed: number): Parameters {
  const random = new Random(seed);
  const parameters = readParameters("local");
  const waitingFloor = random.between(130, 260);
  return {
    ...parameters,
    Timelock: { delay: random.between(60, 120) },
    Membership: {
      ...parameters.Membership,
      // Consecutive seeds go through every number of groups there can be.
      groups: Array.from({ length: 2 + (seed % 7) }, (_, group) => `Group ${group}`),
      waitingFloor,
      waitingPeriod: waitingFloor + random.between(0, 60),
      epochLength: random.between(Math.ceil(waitingFloor / 8), 120),
      epochShareBps: random.between(100, 2_500),
      epochFloor: random.between(2, 9),
      confirmationPeriod: 4 * waitingFloor + random.between(0, 2_000),
      recoveryDelay: Math.floor(waitingFloor / 2) + random.between(0, 100),
      oneVoice: random.chance(0.5),
      claimCooldown: waitingFloor + random.between(0, 200),
      challengeWindow: waitingFloor + random.between(0, 400),
      challengers: random.between(2, 3),
      delegationCap: random.between(2, 8),
    },
    Agenda: { ...parameters.Agenda, places: random.between(2, 5) },
    Governor: {
      ...parameters.Governor,
      guardianTerm: random.between(1, 200) * DAY,
      ...someRules(random, waitingFloor, 2 + (seed % 7)),
    },
  };
}

/** The model of a coalition with these parameters. */
export function modelOf(parameters: Parameters, chain: Chain): Coalition {
  const { groups, codeDigest, waitingFloor, ...roll } = parameters.Membership;
  const { waitingPeriod, epochLength, epochShareBps, epochFloor } = roll;
  const { name: _, guardian: __, guardianTerm: ___, ...rules } = parameters.Governor;
  return new Coalition({
    groupCount: groups.length,
    waitingFloor,
    pace: { waitingPeriod, epochLength, epochShareBps, epochFloor },
    code: codeDigest,
    rules,
    places: parameters.Agenda.places,
    guardian: { key: chain.wallets[0] as string, sunset: chain.sunset },
    delay: parameters.Timelock.delay,
    shortestStage: parameters.$global.shortestStage,
    cap: roll.delegationCap,
    confirmationPeriod: roll.confirmationPeriod,
    oneVoice: roll.oneVoice,
    affiliationCooldown: roll.claimCooldown,
    claimRules: {
      cooldown: roll.claimCooldown,
      window: roll.challengeWindow,
      challengers: roll.challengers,
    },
    recoveryDelay: roll.recoveryDelay,
    policies: { open: chain.at.admission, told: chain.at.told },
    at: chain.at,
  });
}

/** A randomised history, told to the model and to the contracts alike. */
export class History {
  readonly #told: string[] = [];
  readonly #story: Story;
  readonly #random: Random;
  readonly #sights: Sights;
  readonly #keys: readonly string[];
  #pending: Told[] = [];
  #announced: { line: string; text: string }[] = [];
  #looked = 0;
  #lookedAt = 0;
  steps = 0;

  private constructor(
    private readonly seed: number,
    private readonly chain: Chain,
    private readonly model: Coalition,
    private readonly journal: Journal,
    private now: number,
  ) {
    this.#random = new Random(seed + 0x5eed);
    this.#keys = [...chain.wallets, ...chain.accounts.keys()];
    this.#sights = new Sights(journal, model, chain);
    this.#story = new Story(this.#random, model, {
      keys: this.#keys,
      sponsors: chain.wallets,
      accounts: [...chain.accounts.keys()],
      timelock: chain.at.timelock,
      nobody: NOBODY,
      draft: (actions, length) => chain.draft(actions, length),
      signerOf: (signature, handedIn) => chain.signerOf(signature, handedIn),
      slip: (...paper) => chain.slip(...paper),
      signerOfSlip: (bytes, handedIn) => chain.signerOfSlip(bytes, handedIn),
      signNamed: (...signature) => chain.signNamed(...signature),
    });
  }

  static async begin(
    connection: NetworkConnection<"generic">,
    seed: number,
    beginning: number,
    journal: Journal,
  ): Promise<History> {
    const parameters = parametersOf(seed);
    const people = { wallets: WALLETS, accounts: ACCOUNTS, seed };
    const chain = await Chain.create(connection, parameters, people);
    journal.see(`a coalition of ${parameters.Membership.groups.length} groups`);
    return new History(seed, chain, modelOf(parameters, chain), journal, beginning);
  }

  /** Takes a number of steps and compares everything at the end. */
  async take(steps: number): Promise<void> {
    const end = this.steps + steps;
    while (this.steps < end - 1) {
      const before = this.now;
      this.now = this.#nextMoment();
      if (this.now === before) this.journal.see("another transaction in the same second");
      for (let left = this.#random.between(1, 14); left > 0 && this.steps < end - 1; left--)
        await this.#step();
      await this.#flush();
      if (this.steps - this.#looked >= STEPS_BETWEEN_GLANCES) {
        await this.#glance(this.#lookedAt);
        this.#looked = this.steps;
        this.#lookedAt = this.now;
      }
    }
    // The last step comes when nothing is open any more: whatever could expire has.
    const last = this.model.decisions.all.map(
      (decision) => (decision.eta ?? closesAt(decision)) + decision.rules.grace,
    );
    this.now = Math.max(this.now, ...last) + 1;
    await this.#step();
    await this.#flush();
    await this.#lookBack();
    this.#sights.review(this.now);
  }

  #nextMoment(): number {
    const { now } = this;
    const random = this.#random;
    return random.weighted<() => number>([
      [25, () => now],
      [25, () => now + 1],
      [22, () => now + random.between(2, 9)],
      [6, () => now + random.between(10, 60)],
      [18, () => this.#aroundOneOf(this.#story.turningPoints(now).slice(0, 3), "a turning point")],
      [4, () => this.#aroundOneOf(this.#story.lesserPoints(now), "a term of somebody's")],
      [
        this.model.roll.electorateAt(now) < 12 ? 0 : 0.8,
        () => {
          this.journal.see("a leap to the end of a step of the calendar");
          return this.#story.leap(now);
        },
      ],
    ])();
  }

  #aroundOneOf(moments: readonly number[], what: string): number {
    if (moments.length === 0) return this.now + 1;
    const offset = this.#random.pick([-1, 0, 1]);
    this.journal.see(`just ${["before", "at", "after"][offset + 1]} ${what}`);
    return Math.max(this.now, this.#random.pick(moments) + offset);
  }

  // ---- a step ----

  async #step(): Promise<void> {
    const { now } = this;
    const step = this.#story.next(now);
    const line = `${this.steps} @${now} ${describeStep(step)}`;
    this.#told.push(line);
    this.#sights.foresee(step, now);
    const expected = expectation(() => {
      const answer = take(step, this.model, this.chain.at.timelock, now);
      return answer === undefined ? [] : [answer];
    });
    const announced = this.model.announcements.take();
    const done = expected.startsWith("0x");
    if (done) for (const text of announced) this.#announced.push({ line, text });
    this.#sights.count(step, expected, done ? announced : []);
    this.steps++;
    const questions = this.#survey().after(step, this.steps);
    this.#pending.push({ line, step, expected, questions });
    if (this.chain.isWallet(step.by)) return;
    const alone = this.#pending.pop() as Told;
    const own = done ? this.#announced.splice(-announced.length, announced.length) : [];
    await this.#flush();
    this.#announced = own;
    const { outcome, announced: found } = await this.chain.runAlone(alone.step, now);
    const answers = await this.chain.ask(alone.questions, now);
    this.#compare([alone], [{ outcome, answers }]);
    this.#compareAnnounced(found);
  }

  /** Takes the steps that can be taken together. */
  async #flush(): Promise<void> {
    const told = this.#pending;
    this.#pending = [];
    if (told.length === 0) return;
    const { reports, announced } = await this.chain.runTogether(told, this.now);
    this.#compare(told, reports);
    this.#compareAnnounced(announced);
  }

  #compare(told: readonly Told[], reports: readonly Report[]): void {
    told.forEach(({ line, expected, questions }, place) => {
      const { outcome, answers } = reports[place] as Report;
      const done = expected.startsWith("0x");
      // What an ordinary account's call returned is not to be seen.
      const agree = outcome.refused || outcome.text !== "" ? outcome.text === expected : done;
      if (!agree) this.#fail(`step ${line}`, expected, outcome.text);
      this.#compareAnswers(questions, answers, ` after step ${line}`);
    });
    this.journal.compared(told.length);
  }

  #compareAnnounced(found: readonly string[]): void {
    const expected = this.#announced;
    this.#announced = [];
    for (let place = 0; place < Math.max(found.length, expected.length); place++) {
      const { line, text } = expected[place] ?? { line: "the last one", text: "nothing" };
      if (text !== found[place]) this.#fail(`announced in or after step ${line}`, text, `${found[place]}`);
    }
    this.journal.compared(found.length);
  }

  #compareAnswers(questions: readonly Question[], answers: readonly string[], when = ""): void {
    questions.forEach((question, place) => {
      const answer = answers[place] as string;
      if (answer !== question.expected) this.#fail(`${question.name}${when}`, question.expected, answer);
    });
    this.journal.compared(questions.length);
  }

  #fail(what: string, expected: string, found: string): never {
    const last = this.#told.slice(-20).map((line) => `  ${line}`);
    throw new Error(
      [
        `SEED=${this.seed}, history 1, step ${this.steps} or before: ${what}`,
        `  the model:    ${expected}`,
        `  the contract: ${found}`,
        "the last steps:",
        ...last,
      ].join("\n"),
    );
  }

  // ---- what to ask ----

  #survey(): Survey {
    return new Survey(this.model, this.chain.at, this.now, this.#random, this.#keys);
  }

  /** Compares a part of everything there is to ask: what was open since the last look, the past here and there. */
  async #glance(since: number): Promise<void> {
    const recent = this.model.decisions.all.filter(
      (decision) => (decision.eta ?? closesAt(decision)) + decision.rules.grace >= since,
    );
    await this.#look(this.#survey().glance(this.#random.shuffled(recent).slice(0, 4)));
  }

  /** Compares what there is to ask, past and present. */
  async #lookBack(): Promise<void> {
    const survey = this.#survey();
    await this.#look(survey.back());
    const { roll, delegations } = this.model;
    // Property 3: at every moment the members' votes add up to the total.
    for (const moment of survey.moments()) {
      const sum = this.#keys.reduce((votes, key) => votes + delegations.votesAt(key, moment), 0);
      const total = roll.electorateAt(moment);
      if (sum !== total) this.#fail(`the model's own sum of votes at ${moment}`, `${total}`, `${sum}`);
    }
  }

  async #look({ questions, tables }: { questions: Question[]; tables: Table[] }): Promise<void> {
    this.#compareAnswers(questions, await this.chain.ask(questions, this.now));
    for (const table of tables) await this.#compareTable(table);
  }

  async #compareTable(table: Table): Promise<void> {
    const found = await this.chain.table(table);
    table.expected.forEach((row, first) => {
      row.forEach((expected, second) => {
        const answer = found[first]?.[second];
        if (answer !== expected) {
          const values = `${table.firsts[first]}, ${table.seconds[second]}`;
          this.#fail(`${table.name} of ${values}`, `${expected}`, `${answer}`);
        }
      });
      this.journal.compared(row.length);
    });
  }
}
