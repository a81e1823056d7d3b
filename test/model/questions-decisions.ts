import { ballotOf, closesAt, type Decision, opensAfter, type Rules, STATES } from "./decisions.js";
import { Asking, type Question, type Table, type Value } from "./questions.js";
import { Refusal } from "./words.js";

function ruleWords(rules: Rules): Value[] {
  const { notice, period, grace, quorumBps, quorumFloor, approvalBps, approvalFloorBps } = rules;
  return [notice, period, grace, quorumBps, quorumFloor, approvalBps, approvalFloorBps];
}

/** Questions about decisions. */
export class DecisionQuestions extends Asking {
  settings(): Question[] {
    const { decisions, box } = this.model;
    return [
      this.#governor("rules()", [], () => ruleWords(decisions.rules)),
      this.ask("timelock", "getMinDelay()", [], () => [decisions.delay]),
      this.ask("box", "x()", [], () => [box]),
    ];
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
      this.#governor("proposalRules(uint256)", [id], () => ruleWords(decision.rules)),
      this.#governor("proposalElectorate(uint256)", [id], () =>
        opened(() => [decisions.electorateOf(decision)]),
      ),
      this.#governor("proposalQuorum(uint256)", [id], () => opened(() => [decisions.quorumOf(decision)])),
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
