import type { NetworkConnection } from "hardhat/types/network";
import { type Parameters, readParameters } from "../helpers/fixture.js";
import { Chain, type Report } from "./chain.js";
import {
  ballotOf,
  closesAt,
  type Decision,
  Decisions,
  opensAfter,
  quorum,
  shareOf,
  tally,
} from "./decisions.js";
import type { Journal } from "./journal.js";
import { describeQuestion, expectation, type Question, Questions, type Table } from "./questions.js";
import { Random } from "./random.js";
import { RIGHTS, Roll, STANDINGS } from "./roll.js";
import { describeStep, type Step, take } from "./steps.js";
import { Story, someRules } from "./story.js";

const WALLETS = 132;
const ACCOUNTS = 8;
const NOBODY = "0x00000000000000000000000000000000000bad00";

const STEPS_BETWEEN_GLANCES = 500;
const KEYS_OF_A_GLANCE = 20;
const MOMENTS_OF_A_GLANCE = 40;

/** At how many moments all keys are looked at, and how many keys at all moments. */
const COMMON_MOMENTS = 40;
const KEYS_ALWAYS = 5;

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
    },
    Governor: { name: parameters.Governor.name, ...someRules(random, waitingFloor) },
  };
}

/** A randomised history, told to the model and to the contracts alike. */
export class History {
  readonly #told: string[] = [];
  readonly #story: Story;
  readonly #random: Random;
  #pending: Told[] = [];
  #looked = 0;
  #lookedAt = 0;
  steps = 0;

  private constructor(
    private readonly seed: number,
    private readonly chain: Chain,
    private readonly model: Decisions,
    private readonly journal: Journal,
    private now: number,
  ) {
    this.#random = new Random(seed + 0x5eed);
    this.#story = new Story(this.#random, model, {
      keys: this.#keys,
      sponsors: chain.wallets,
      timelock: chain.at.timelock,
      nobody: NOBODY,
      draft: (actions, length) => chain.draft(actions, length),
    });
  }

  static async begin(
    connection: NetworkConnection<"generic">,
    seed: number,
    beginning: number,
    journal: Journal,
  ): Promise<History> {
    const parameters = parametersOf(seed);
    const { groups, codeDigest, waitingFloor, ...rest } = parameters.Membership;
    const { waitingPeriod, epochLength, epochShareBps, epochFloor } = rest;
    const people = { wallets: WALLETS, accounts: ACCOUNTS, seed };
    const chain = await Chain.create(connection, parameters, people);
    const pace = { waitingPeriod, epochLength, epochShareBps, epochFloor };
    const { name: _, ...rules } = parameters.Governor;
    const roll = new Roll(groups.length, waitingFloor, pace, codeDigest);
    const { shortestStage } = parameters.$global;
    const model = new Decisions(roll, rules, parameters.Timelock.delay, shortestStage);
    journal.see(`a coalition of ${groups.length} groups`);
    return new History(seed, chain, model, journal, beginning);
  }

  get #keys(): string[] {
    return [...this.chain.wallets, ...this.chain.accounts.keys()];
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
    this.now = (this.#story.turningPoints(this.now).at(-1) ?? this.now) + 1;
    await this.#step();
    await this.#flush();
    await this.#lookBack();
    this.#reviewDecisions();
  }

  #nextMoment(): number {
    const { now } = this;
    const random = this.#random;
    return random.weighted<() => number>([
      [25, () => now],
      [25, () => now + 1],
      [22, () => now + random.between(2, 9)],
      [6, () => now + random.between(10, 60)],
      [
        22,
        () => {
          const soon = this.#story.turningPoints(now).slice(0, 3);
          if (soon.length === 0) return now + 1;
          const moment = random.pick(soon);
          const offset = random.pick([-1, 0, 1]);
          this.journal.see(`just ${["before", "at", "after"][offset + 1]} a turning point`);
          return Math.max(now, moment + offset);
        },
      ],
    ])();
  }

  // ---- a step ----

  async #step(): Promise<void> {
    const { now } = this;
    const step = this.#story.next(now);
    const line = `${this.steps} @${now} ${describeStep(step)}`;
    this.#told.push(line);
    this.#foresee(step);
    const expected = expectation(() => {
      const answer = take(step, this.model, this.chain.at.timelock, now);
      return answer === undefined ? [] : [answer];
    });
    this.#count(step, expected);
    this.steps++;
    this.#pending.push({ line, step, expected, questions: this.#questionsAfter(step) });
    if (this.chain.isWallet(step.by)) return;
    const alone = this.#pending.pop() as Told;
    await this.#flush();
    const outcome = await this.chain.runAlone(alone.step, now);
    const answers = await this.chain.ask(alone.questions, now);
    this.#compare([alone], [{ outcome, answers }]);
  }

  /** Takes the steps that can be taken together. */
  async #flush(): Promise<void> {
    const told = this.#pending;
    this.#pending = [];
    if (told.length === 0) return;
    this.#compare(told, await this.chain.runTogether(told, this.now));
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

  #compareAnswers(questions: readonly Question[], answers: readonly string[], when = ""): void {
    questions.forEach((question, place) => {
      const answer = answers[place] as string;
      if (answer !== question.expected)
        this.#fail(`${describeQuestion(question)}${when}`, question.expected, answer);
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

  #questions(): Questions {
    return new Questions(this.model, this.chain.at, this.now);
  }

  #questionsAfter({ by, deed }: Step): Question[] {
    const questions = this.#questions();
    const { roll } = this.model;
    const right = RIGHTS[this.steps % RIGHTS.length];
    const about = (key: string, moment?: number) => [
      ...questions.key(key, right, moment),
      ...questions.member(roll.lastTenure(key)?.member.number ?? 0),
    ];
    switch (deed.do) {
      case "join":
      case "resign":
        return [...questions.rollInBrief(), ...about(by)];
      case "joinBySig":
        return [...questions.rollInBrief(), ...about(deed.request.account)];
      case "rotateKey":
        return [...questions.rollInBrief(), ...about(by), ...about(deed.newKey)];
      case "decree": {
        const { action } = deed;
        const about =
          "number" in action
            ? questions.member(action.number)
            : "key" in action
              ? questions.key(action.key)
              : questions.settings();
        return [...questions.rollInBrief(), ...about];
      }
      case "propose":
        return questions.decision(deed.proposal.id);
      case "execute":
        return [...questions.decision(deed.id), ...questions.rollInBrief(), ...questions.settings()];
      case "queue":
      case "cancel":
        return questions.decision(deed.id);
      case "ballot":
      case "ballotBySig": {
        const { id, voter } = deed.cast;
        const number = roll.lastTenure(voter)?.member.number ?? 0;
        const decision = this.model.all.find((one) => one.id === id);
        return [
          ...questions.decision(id),
          ...questions.key(voter, "vote", decision && opensAfter(decision)),
          questions.receipt(id, number),
        ];
      }
    }
  }

  /** Moments about which the past could be wrong: around everything that happened. */
  #moments(): number[] {
    const { roll, all } = this.model;
    return this.#around([
      ...roll.tenures.flatMap(({ since, until }) => [since, until ?? since]),
      ...roll.boundaries.map(({ at }) => at),
      ...all.map(opensAfter),
    ]);
  }

  /** Moments about which a key's past could be wrong. */
  #momentsOf(key: string): number[] {
    return this.#around(
      this.model.roll.tenures
        .filter((tenure) => tenure.key === key)
        .flatMap(({ since, until, member }) => [since, until ?? since, member.votesFrom]),
    );
  }

  #around(moments: readonly number[]): number[] {
    return [...new Set(moments.flatMap((moment) => [moment - 1, moment, moment + 1]))]
      .filter((moment) => moment < this.now)
      .sort((a, b) => a - b);
  }

  /** Compares a part of everything there is to ask: what was open since the last look, the past here and there. */
  async #glance(since: number): Promise<void> {
    const random = this.#random;
    const { roll } = this.model;
    const recent = this.model.all.filter(
      (decision) => (decision.eta ?? closesAt(decision)) + decision.rules.grace >= since,
    );
    const moments = random.shuffled(this.#moments()).slice(0, MOMENTS_OF_A_GLANCE);
    const keys = random.shuffled(this.#keys).slice(0, KEYS_OF_A_GLANCE);
    await this.#lookAt(keys, recent, moments);
    await this.#compareTable(this.#questions().pastVotes(this.#keys, moments.slice(0, 8)));
    const last = roll.members.length;
    const pages = [1, 201, last - 50].map((first) => this.#questions().page(Math.max(1, first), 200));
    await this.#compareAsked(pages);
  }

  /** Compares everything there is to ask, past and present. */
  async #lookBack(): Promise<void> {
    const random = this.#random;
    const { roll, all } = this.model;
    const moments = this.#moments();
    const keys = random.shuffled(this.#keys);
    await this.#lookAt(keys, all, moments);
    const questions = this.#questions();
    const numbers = Array.from({ length: roll.members.length + 2 }, (_, number) => number);
    const last = roll.members.length;
    await this.#compareAsked([
      ...numbers.flatMap((number) => questions.member(number)),
      ...[1, 200, 201, last, last + 1].map((first) => questions.page(first, random.between(1, 200))),
      questions.page(1, 0),
      questions.page(1, 201),
      questions.page(0, 1),
    ]);
    // Every key around whatever it went through, all of them at some common moments, some of them at all.
    for (const key of keys) await this.#compareTable(questions.pastVotes([key], this.#momentsOf(key)));
    const common = random.shuffled(moments).slice(0, COMMON_MOMENTS);
    await this.#compareTable(questions.pastVotes(keys, common));
    await this.#compareTable(questions.pastVotes(keys.slice(0, KEYS_ALWAYS), moments));
    this.#checkSums(moments);
  }

  async #lookAt(
    keys: readonly string[],
    decisions: readonly Decision[],
    moments: readonly number[],
  ): Promise<void> {
    const questions = this.#questions();
    await this.#compareAsked([
      ...questions.rollInBrief(),
      ...questions.settings(),
      ...keys.flatMap((key) => questions.keyInFull(key, this.#random.pick([this.now, ...moments]))),
      ...[...moments, this.now].flatMap((moment) => questions.totalsAt(moment)),
      ...decisions.flatMap((decision) => questions.decisionInFull(decision)),
    ]);
    for (const decision of decisions) {
      const voters = decision.ballots.map(({ number }) => number);
      // A ballot counted for somebody else would show beside it, or where the next word keeps its own.
      const near = voters.flatMap((number) => [-1, 0, 1, 128, 256].map((distance) => number + distance));
      await this.#compareTable(questions.receipts(decision.id, [...new Set([0, ...near])]));
    }
    await this.#compareTable(questions.haveVoted(decisions, keys.slice(0, KEYS_OF_A_GLANCE)));
  }

  async #compareAsked(questions: readonly Question[]): Promise<void> {
    this.#compareAnswers(questions, await this.chain.ask(questions, this.now));
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

  /** Property 3: at every moment the members' votes add up to the total. */
  #checkSums(moments: readonly number[]): void {
    const { roll } = this.model;
    for (const moment of moments) {
      const sum = this.#keys.reduce((votes, key) => votes + roll.votesAt(key, moment), 0);
      const total = roll.electorateAt(moment);
      if (sum !== total) this.#fail(`the model's own sum of votes at ${moment}`, `${total}`, `${sum}`);
    }
  }

  // ---- what was met ----

  #count(step: Step, expected: string): void {
    const { deed } = step;
    const name = deed.do === "decree" ? `decree: ${deed.action.do}` : deed.do;
    if (expected.startsWith("0x")) {
      this.journal.step(name);
      this.#countDone(step);
      return;
    }
    const [, refusal, values] = /^(\w+)\((.*)\)$/.exec(expected) as unknown as [string, string, string];
    this.journal.step(name, refusal);
    const standing = Number(values.split(", ").at(-2));
    if (/(Ballot|Proposer)Refused$/.test(refusal)) this.journal.see(`${refusal}: ${STANDINGS[standing]}`);
    if (deed.do === "execute" && !/^(Governor|Timelock)/.test(refusal))
      this.journal.see("a decision whose action was refused, undone as a whole");
  }

  #countDone({ by, deed }: Step): void {
    if (!this.chain.isWallet(by) && by !== this.chain.at.timelock)
      this.journal.see("a step in an ordinary account's own transaction");
    if (deed.do === "execute")
      for (const { do: what } of this.model.find(deed.id).actions) this.journal.see(`carried out: ${what}`);
    const signature =
      deed.do === "ballotBySig"
        ? deed.cast.signed?.signature
        : "signature" in deed
          ? deed.signature
          : undefined;
    if (signature !== undefined)
      this.journal.see(
        `${deed.do} signed by ${this.chain.isWallet(signature.by) ? "a contract" : "an account"}`,
      );
  }

  /** Looks at a step before it is taken for what makes it interesting. */
  #foresee({ by, deed }: Step): void {
    const { roll } = this.model;
    switch (deed.do) {
      case "resign": {
        const member = roll.holds(by)?.member;
        if (member !== undefined && Math.abs(member.votesFrom - this.now) <= 1)
          this.journal.see("a resignation within a second of the vote's boundary");
        if (member !== undefined)
          this.journal.see(
            member.votesFrom > this.now ? "a resignation before the vote" : "a resignation with the vote",
          );
        break;
      }
      case "join":
      case "joinBySig": {
        const account = deed.do === "join" ? by : deed.request.account;
        const former = roll.lastTenure(account);
        if (former !== undefined && former.until !== null)
          this.journal.see(`a key that asks to join again after it was ${former.ending}`);
        break;
      }
      case "decree": {
        const member = deed.action.do === "end" ? roll.members[deed.action.number - 1] : undefined;
        if (by === this.chain.at.timelock && member !== undefined && member.leftAt !== null && !member.ended)
          this.journal.see("an ending of somebody who had resigned");
        break;
      }
      case "rotateKey":
        if (roll.lastTenure(deed.newKey) !== undefined) this.journal.see("a rotation to a key with a past");
        break;
      case "ballot":
      case "ballotBySig": {
        const { id, voter, sender } = deed.cast;
        const decision = this.model.all.find((one) => one.id === id);
        if (decision === undefined) break;
        const before = ballotOf(decision, roll.numberOf(voter));
        const manner = sender === voter ? "in person" : "by signature";
        if (before !== undefined && this.now <= closesAt(decision))
          this.journal.see(`a ballot ${before.signed ? "by signature" : "in person"}, changed ${manner}`);
        const late = (roll.holds(voter)?.member.votesFrom ?? 0) - opensAfter(decision);
        if (late === 0) this.journal.see("a ballot whose vote matured in the opening's second");
        if (late === 1) this.journal.see("a ballot whose vote matured a second too late");
        if (this.now === closesAt(decision)) this.journal.see("a ballot in the last second");
        if (this.now === opensAfter(decision)) this.journal.see("a ballot in the opening's own second");
        if (this.now === opensAfter(decision) + 1) this.journal.see("a ballot in the first second");
        break;
      }
      default:
    }
  }

  /** How the decisions of a history ended. */
  #reviewDecisions(): void {
    for (const decision of this.model.all) {
      const state = this.model.stateOf(decision, this.now);
      const [against, inFavour, abstained] = tally(decision);
      const electorate = this.model.electorateOf(decision);
      const { rules, eta } = decision;
      if (state === "expired") this.journal.see(`a decision expired ${eta === null ? "un" : ""}queued`);
      else this.journal.see(`a decision ${state}`);
      if (state !== "defeated") continue;
      if (inFavour + abstained < quorum(rules, electorate)) this.journal.see("a decision without quorum");
      else if (inFavour < shareOf(electorate, rules.approvalFloorBps))
        this.journal.see("a decision below the floor of For");
      else
        this.journal.see(
          against === inFavour ? "a decision with a tie" : "a decision rejected by those who took sides",
        );
    }
    const { members, boundaries } = this.model.roll;
    this.journal.see("boundaries opened", boundaries.length);
    for (const { at, seats } of boundaries)
      if (members.filter(({ votesFrom }) => votesFrom === at).length === seats)
        this.journal.see("a boundary filled to its last seat");
    if (members.length > 128) this.journal.see("a history beyond member 128");
    if (members.length > 256) this.journal.see("a history beyond member 256");
    this.journal.see("member numbers given out", members.length);
    this.journal.see("ballots that counted or were replaced", this.#ballots());
  }

  #ballots(): number {
    return this.model.all.reduce((sum, { ballots }) => sum + ballots.length, 0);
  }
}
