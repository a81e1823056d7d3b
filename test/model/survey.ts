import type { Place } from "./actions.js";
import type { Coalition } from "./coalition.js";
import { type Decision, opensAfter } from "./decisions.js";
import { DeskQuestions, type Question, RollQuestions, type Table } from "./questions.js";
import { DecisionQuestions } from "./questions-decisions.js";
import type { Random } from "./random.js";
import type { Step } from "./steps.js";
import { RIGHTS, type Right } from "./words.js";

/** At how many moments all keys and all numbers are looked at in the end, and how many keys at many. */
const COMMON_MOMENTS = 8;
const KEYS_ALWAYS = 1;
const MANY_MOMENTS = 160;

const KEYS_OF_A_GLANCE = 8;
const MOMENTS_OF_A_GLANCE = 16;
const DECISIONS_IN_DETAIL = 4;

/** Every so many steps all that a step may have changed is asked, else the most telling part. */
const FULL_EVERY = 5;

type Look = { questions: Question[]; tables: Table[] };

/** Chooses what to ask, at one moment. */
export class Survey {
  readonly #roll: RollQuestions;
  readonly #desks: DeskQuestions;
  readonly #decisions: DecisionQuestions;

  constructor(
    private readonly model: Coalition,
    at: Readonly<Record<Place, string>>,
    private readonly now: number,
    private readonly random: Random,
    private readonly keys: readonly string[],
  ) {
    this.#roll = new RollQuestions(model, at, now);
    this.#desks = new DeskQuestions(model, at, now);
    this.#decisions = new DecisionQuestions(model, at, now);
  }

  // ---- after a step ----

  after({ by, deed }: Step, count: number): Question[] {
    const full = count % FULL_EVERY === 0;
    const right = RIGHTS[count % RIGHTS.length] as Right;
    const [roll, desks, decisions] = [this.#roll, this.#desks, this.#decisions];
    const member = (key: string) => this.model.roll.lastTenure(key)?.member.number ?? 0;
    /** What a key can do now, and what becomes of its vote. */
    const about = (key: string) => [
      roll.votesNow(key),
      roll.standing(key, right, this.now),
      ...(full ? [roll.voter(key), roll.delegate(key), roll.member(member(key))] : []),
    ];
    const aboutNumber = (number: number) => [
      roll.member(number),
      ...(full ? [...roll.brief(), ...desks.person(number), roll.counted(number, this.now)] : []),
    ];
    const first = <T>(list: readonly T[]) => list.slice(0, 1);
    switch (deed.do) {
      case "join":
      case "resign":
      case "confirm":
      case "affiliate":
      case "changeGroup":
        return [...about(deed.request.account), ...aboutNumber(member(deed.request.account))];
      case "joinMany":
      case "confirmMany":
        return first(deed.requests).flatMap(({ request }) => [...about(request.account), ...roll.brief()]);
      case "rotateKey":
        return [...about(deed.account), ...about(deed.newKey)];
      case "qualify":
        return [...aboutNumber(deed.number), ...roll.brief()];
      case "tell":
        return [];
      case "settle":
      case "markDormant":
        return first(deed.numbers).flatMap((number) => [...aboutNumber(number), ...roll.brief()]);
      case "takeDelegations":
        return [roll.voter(deed.request.account), ...first(desks.delegation(member(deed.request.account)))];
      case "decline":
        return [...about(deed.request.account), ...desks.delegation(deed.request.number)];
      case "delegateUntil":
        return this.#betweenTwo(deed.request.delegator, deed.request.delegatee);
      case "delegate":
        return this.#betweenTwo(by, deed.delegatee);
      case "delegateBySig":
        return this.#betweenTwo(deed.signer, deed.paper.delegatee);
      case "joinAsOrganisation":
        return [
          ...about(deed.request.representative),
          ...desks.organisation(member(deed.request.representative)),
        ];
      case "replaceRepresentative":
      case "passOwnership":
        return [roll.member(deed.request.number), ...desks.organisation(deed.request.number)];
      case "disown":
        return aboutNumber(deed.request.number);
      case "challenge":
        return [desks.challenge(this.model.claims.challenges.length)];
      case "support":
        return [desks.challenge(deed.request.id)];
      case "nameGuardians":
        return desks.recovery(member(deed.request.account));
      case "requestRecovery":
      case "approveRecovery":
      case "vetoRecovery":
        return [...first(desks.recovery(deed.request.number)), desks.claim(deed.request.newKey)];
      case "claimNumber":
        return [desks.claim(deed.request.newKey)];
      case "completeRecovery":
        return [roll.member(deed.number), ...first(desks.recovery(deed.number))];
      case "decree": {
        const { action } = deed;
        if ("number" in action) return [...aboutNumber(action.number), ...roll.brief()];
        if ("id" in action) return [desks.challenge(action.id), ...roll.brief()];
        return "key" in action ? about(action.key) : this.#settings();
      }
      case "propose":
        return [
          ...decisions.brief(deed.proposal.id),
          ...decisions.endorsements(deed.proposal.id),
          decisions.places(member(by)),
        ];
      case "endorse":
        return [
          ...decisions.endorsements(deed.request.proposalId),
          ...first(decisions.brief(deed.request.proposalId)),
        ];
      case "execute":
        return [...decisions.brief(deed.id), ...roll.brief(), ...this.#settings()];
      case "queue":
      case "cancel":
      case "guardianCancel":
      case "guardianDelay":
        return decisions.brief(deed.id);
      case "castBallots":
        return [
          ...decisions.brief(deed.id),
          ...this.#receiptsOf(deed),
          ...this.model.decisions.all
            .filter((one) => one.id === deed.id)
            .flatMap((one) => (full ? decisions.full(one) : [])),
        ];
      case "ballot":
      case "ballotBySig": {
        const { id, voter } = deed.cast;
        const decision = this.model.decisions.all.find((one) => one.id === id);
        if (decision === undefined) return decisions.brief(id);
        const opening = opensAfter(decision);
        const { group } = this.model.roll.standingOf(voter, "vote", opening, this.now);
        return [
          decisions.tallyOf(decision, group),
          decisions.receipt(id, member(voter)),
          ...(full
            ? [...decisions.brief(id), decisions.weight(voter, opening), roll.voter(voter)]
            : [decisions.brief(id)[1] as Question]),
        ];
      }
    }
  }

  /** What became of the ballots of a batch, whoever they name or show. */
  #receiptsOf({ id, groups, named }: Extract<Step["deed"], { do: "castBallots" }>): Question[] {
    const keys = [
      ...groups.flatMap(({ slips }) => slips.map(({ signer }) => signer)),
      ...named.map(({ voter }) => voter),
    ];
    const numbers = keys.map((key) => this.model.roll.lastTenure(key)?.member.number ?? 0);
    return [...new Set(numbers)].map((number) => this.#decisions.receipt(id, number));
  }

  #settings(): Question[] {
    return [...this.#roll.full().slice(3), ...this.#desks.settings(), ...this.#decisions.settings()];
  }

  /** Who delegated to whom, and how many votes each of them has. */
  #betweenTwo(delegator: string, delegatee: string): Question[] {
    const roll = this.#roll;
    const number = this.model.roll.numberOf(delegator);
    return [
      roll.votesNow(delegator),
      roll.votesNow(delegatee),
      roll.delegate(delegator),
      ...this.#desks.delegation(number),
      ...this.#desks.delegationAt(this.model.roll.numberOf(delegatee), this.now),
    ];
  }

  // ---- from time to time, and in the end ----

  /** Moments about which the past could be wrong: around everything that happened. */
  moments(): number[] {
    const { roll, decisions, delegations } = this.model;
    return this.#around([
      ...roll.tenures.flatMap(({ since, until }) => [since, until ?? since]),
      ...roll.boundaries.map(({ at }) => at),
      ...roll.members.flatMap(({ pauses, groups }) => [
        ...pauses.flatMap(({ since, until }) => [since, until ?? since]),
        ...groups.map(({ since }) => since),
      ]),
      ...delegations.given.flatMap(({ from, ends, until }) => [from, until ?? ends]),
      ...decisions.all.map(opensAfter),
    ]);
  }

  /** A part of everything there is to ask. */
  glance(recent: readonly Decision[]): Look {
    const { random } = this;
    const moments = random.shuffled(this.moments()).slice(0, MOMENTS_OF_A_GLANCE);
    const keys = random.shuffled(this.keys).slice(0, KEYS_OF_A_GLANCE);
    const last = this.model.roll.members.length;
    const look = this.#at(keys, recent, moments);
    const pages = [1, last - 20].map((first) => this.#roll.page(Math.max(1, first), 30));
    look.questions.push(...pages);
    look.tables.push(this.#roll.pastVotes(this.keys, moments.slice(0, 4)));
    return look;
  }

  /** What there is to ask at the end. */
  back(): Look {
    const { random, keys } = this;
    const { roll, decisions, delegations } = this.model;
    const moments = this.moments();
    const some = random.shuffled(moments);
    const detailed = random.shuffled(decisions.all).slice(0, DECISIONS_IN_DETAIL);
    const look = this.#at(random.shuffled(keys).slice(0, 20), detailed, some.slice(0, MANY_MOMENTS));
    const last = roll.members.length;
    const numbers = Array.from({ length: last + 2 }, (_, number) => number);
    const numbersOf = (list: readonly { number: number }[]) => [...new Set(list.map(({ number }) => number))];
    look.questions.push(
      ...numbers.flatMap((number) => [this.#roll.owner(number)]),
      ...Array.from({ length: Math.ceil(last / 200) }, (_, page) => this.#roll.page(1 + page * 200, 200)),
      ...[last, last + 1].map((first) => this.#roll.page(first, random.between(1, 200))),
      this.#roll.page(1, 0),
      this.#roll.page(1, 201),
      this.#roll.page(0, 1),
      // Every decision, every affiliation, challenge and recovery there ever was.
      ...decisions.all.flatMap((decision) => this.#decisions.brief(decision.id)),
      ...random
        .shuffled(numbersOf(this.model.affiliations.changes))
        .slice(0, 30)
        .flatMap((number) => this.#desks.person(number)),
      ...this.model.affiliations.owners.flatMap(({ organisation }) => this.#desks.organisation(organisation)),
      ...this.model.claims.challenges.map(({ id }) => this.#desks.challenge(id)),
      ...numbersOf(this.model.recovery.requests).flatMap((number) => this.#desks.recovery(number)),
      // Everyone around whatever happened to their vote, and both sides of every delegation.
      ...numbers.flatMap((number) =>
        this.#around(this.#turnsOf(number)).map((moment) => this.#roll.counted(number, moment)),
      ),
      ...delegations.given.flatMap(({ by, to, from, ends, until }) =>
        this.#around([from, until ?? ends]).flatMap((moment) => [
          ...this.#desks.delegationAt(by, moment),
          ...this.#desks.delegationAt(to, moment),
        ]),
      ),
    );
    look.tables.push(
      // Every key around whatever it went through, all of them at some common moments, some of them at many.
      ...keys.map((key) => this.#roll.pastVotes([key], this.#momentsOf(key))),
      this.#roll.pastVotes(keys, some.slice(0, COMMON_MOMENTS)),
      this.#roll.countedTable(numbers, some.slice(0, COMMON_MOMENTS / 2)),
      this.#roll.pastVotes(random.shuffled(keys).slice(0, KEYS_ALWAYS), some.slice(0, MANY_MOMENTS)),
    );
    return look;
  }

  #at(keys: readonly string[], decisions: readonly Decision[], moments: readonly number[]): Look {
    const { random } = this;
    const tables = decisions.map((decision) => {
      const voters = decision.ballots.map(({ number }) => number);
      // A ballot counted for somebody else would show beside it, or where the next word keeps its own.
      const near = voters.flatMap((number) => [0, 1, 128].map((distance) => number + distance));
      return this.#decisions.receipts(decision.id, [...new Set([0, ...near])]);
    });
    return {
      questions: [
        ...this.#roll.full(),
        ...this.#settings(),
        ...this.#decisions.classes(),
        this.#roll.voters(keys),
        ...keys.flatMap((key) => this.#key(key, random.pick([this.now, ...moments]))),
        ...[...moments, this.now].flatMap((moment) => this.#roll.totalsAt(moment)),
        ...decisions.flatMap((decision) => this.#decisions.full(decision)),
      ],
      tables: [...tables, this.#decisions.haveVoted(decisions, keys.slice(0, KEYS_OF_A_GLANCE))],
    };
  }

  #key(key: string, moment: number): Question[] {
    const number = this.model.roll.lastTenure(key)?.member.number ?? 0;
    return [
      ...this.#roll.keyInFull(key, moment),
      this.#decisions.weight(key, moment),
      ...this.#desks.nonces(key),
      this.#decisions.places(number),
      ...this.#desks.delegation(number),
      ...this.#desks.delegationAt(number, Math.min(moment, this.now)),
      ...(number === 0 ? [] : [...this.#desks.person(number), ...this.#desks.recovery(number)]),
    ];
  }

  /** When a member's vote began or ceased to count, or moved. */
  #turnsOf(number: number): number[] {
    const member = this.model.roll.members[number - 1];
    if (member === undefined) return [];
    return [
      ...(member.boundary === null ? [] : [member.boundary]),
      ...(member.leftAt === null ? [] : [member.leftAt]),
      ...member.pauses.flatMap(({ since, until }) => [since, until ?? since]),
      ...member.groups.slice(1).map(({ since }) => since),
    ];
  }

  /** Moments about which a key's past could be wrong. */
  #momentsOf(key: string): number[] {
    return this.#around(
      this.model.roll
        .tenuresOf(key)
        .flatMap(({ since, until, member }) => [since, until ?? since, ...this.#turnsOf(member.number)]),
    );
  }

  #around(moments: readonly number[]): number[] {
    return [...new Set(moments.flatMap((moment) => [moment - 1, moment, moment + 1]))]
      .filter((moment) => moment < this.now)
      .sort((a, b) => a - b);
  }
}
