import { FUNCTIONS, type Known } from "./actions.js";
import { ruleWords, selectorWord } from "./calls.js";
import { ballotOf, closesAt, type Decision, opensAfter, STATES } from "./decisions.js";
import { Asking, type Question, type Table, type Value } from "./questions.js";
import { CLASSES } from "./rules.js";
import { Refusal } from "./words.js";

/** A set of small numbers as the contracts write it. */
function bits(places: readonly number[]): number {
  return [...new Set(places)].reduce((sum, place) => sum + 2 ** place, 0);
}

/** Questions about decisions. */
export class DecisionQuestions extends Asking {
  settings(): Question[] {
    const { decisions, agenda, guardian, resolutions, box } = this.model;
    return [
      ...CLASSES.map((kind, place) =>
        this.#governor("rules(uint8)", [place], () => ruleWords(decisions.rules[kind])),
      ),
      this.classOf("setX"),
      this.ask("timelock", "getMinDelay()", [], () => [decisions.delay]),
      this.ask("agenda", "places()", [], () => [agenda.places]),
      this.ask("guardian", "key()", [], () => [guardian.key]),
      this.ask("resolutions", "lastNumber()", [], () => [resolutions.length]),
      this.ask("box", "x()", [], () => [box]),
    ];
  }

  /** The classes of all that can be done, and what was stated last. */
  classes(): Question[] {
    const { resolutions } = this.model;
    const last = resolutions.at(-1);
    return [
      ...(Object.keys(FUNCTIONS) as Known[]).map((action) => this.classOf(action)),
      ...(last === undefined
        ? []
        : [
            this.ask("resolutions", "resolution(uint256)", [resolutions.length], () => [
              last.digest,
              last.at,
            ]),
          ]),
    ];
  }

  classOf(action: Known): Question {
    const [place, name] = FUNCTIONS[action];
    return this.#governor("classOf(address,bytes4)", [this.at[place], selectorWord(name)], () => [
      CLASSES.indexOf(this.model.decisions.classes.of(action)),
    ]);
  }

  /** Who endorsed a decision, and whether that was enough. */
  endorsements(id: bigint): Question[] {
    const decision = this.model.decisions.all.find((one) => one.id === id);
    const endorsers = decision?.endorsers ?? [];
    return [
      this.ask("agenda", "endorsementsOf(uint256)", [id], () => [
        endorsers.length,
        bits(endorsers.map(({ group }) => group)),
      ]),
      this.ask("agenda", "isAdmitted(uint256)", [id], () => [decision?.admitted === true ? 1 : 0]),
    ];
  }

  places(number: number): Question {
    return this.ask("agenda", "placesOf(uint256)", [number], () => this.model.agenda.placesOf(number));
  }

  brief(id: bigint): Question[] {
    const { decisions } = this.model;
    return [
      this.#governor("state(uint256)", [id], () => [
        STATES.indexOf(decisions.stateOf(decisions.find(id), this.now)),
      ]),
      this.#governor("proposalVotes(uint256)", [id], () => {
        const decision = decisions.all.find((one) => one.id === id);
        return decision === undefined ? [0, 0, 0] : decisions.tally(decision);
      }),
    ];
  }

  full(decision: Decision): Question[] {
    const { id } = decision;
    const { decisions, roll } = this.model;
    const opened = <T>(answer: () => T) => {
      this.requirePast(opensAfter(decision));
      return answer();
    };
    return [
      ...this.brief(id),
      this.#governor("proposalSnapshot(uint256)", [id], () => [opensAfter(decision)]),
      this.#governor("proposalDeadline(uint256)", [id], () => [closesAt(decision)]),
      this.#governor("proposalProposer(uint256)", [id], () => [decision.proposer]),
      this.#governor("proposalEta(uint256)", [id], () => [decision.eta ?? 0]),
      this.#governor("proposalRules(uint256)", [id], () => [
        CLASSES.indexOf(decision.class),
        ...ruleWords(decision.rules),
      ]),
      this.#governor("proposalFrame(uint256)", [id], () =>
        opened(() => [
          decisions.electorateOf(decision),
          bits(decisions.heard(decision)),
          decisions.quorumOf(decision),
          decision.extendedTo === null ? 0 : 1,
        ]),
      ),
      ...this.endorsements(id),
      ...decision.endorsers
        .slice(0, 1)
        .map(({ number }) => this.ask("agenda", "hasEndorsed(uint256,uint256)", [id, number], () => [1])),
      ...Array.from({ length: roll.groupCount + 1 }, (_, group) => this.tallyOf(decision, group)),
    ];
  }

  tallyOf(decision: Decision, group: number): Question {
    const { decisions, roll } = this.model;
    return this.#governor("proposalVotesByGroup(uint256,uint256)", [decision.id, group], () => {
      if (group >= roll.groupCount) throw new Refusal("MembershipUnknownGroup", group, roll.groupCount);
      return decisions.tally(decision, group);
    });
  }

  receipt(id: bigint, number: number): Question {
    return this.#governor("receiptOf(uint256,uint256)", [id, number], () => [this.#receipt(id, number)]);
  }

  /** The weight of the ballot that a key could cast now on a decision that opened at a moment. */
  weight(key: string, moment: number): Question {
    const { roll, delegations } = this.model;
    return this.#governor("getVotes(address,uint256)", [key, moment], () => {
      if (moment >= this.now) throw new Refusal("CoalitionGovernorFutureLookup", moment, this.now);
      const { standing, number, group } = roll.standingOf(key, "vote", moment, this.now);
      return [standing === "granted" ? 1 + delegations.receivedAt(number, group, moment) : 0];
    });
  }

  receipts(id: bigint, numbers: readonly number[]): Table {
    return this.table("governor", "receiptOf(uint256,uint256)", [id], numbers, (_, number) =>
      this.#receipt(id, number),
    );
  }

  haveVoted(decisions: readonly Decision[], keys: readonly string[]): Table {
    const ids = decisions.map(({ id }) => id);
    return this.table("governor", "hasVoted(uint256,address)", ids, keys, (id, key) => {
      const tenure = this.model.roll.lastTenure(key);
      return tenure !== undefined && this.#receipt(id, tenure.member.number) > 0 ? 1 : 0;
    });
  }

  #receipt(id: bigint, number: number): number {
    const decision = this.model.decisions.all.find((one) => one.id === id);
    const ballot = decision && ballotOf(decision, number);
    return ballot === undefined ? 0 : ballot.choice + 1;
  }

  #governor(signature: string, values: readonly Value[], answer: () => readonly Value[]): Question {
    return this.ask("governor", signature, values, answer);
  }
}
