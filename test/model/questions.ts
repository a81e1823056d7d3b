import { Interface } from "ethers";
import { word } from "./abi.js";
import {
  ballotOf,
  closesAt,
  type Decision,
  type Decisions,
  opensAfter,
  quorum,
  type Rules,
  STATES,
  tally,
} from "./decisions.js";
import { type Member, Refusal, RIGHTS, type Right, STANDINGS } from "./roll.js";

/** Something anybody can ask a contract, and what the model answers: words in hexadecimal, or a refusal as text. */
export type Question = { target: string; data: string; expected: string };

/** A question about every pair of two lists of values, whose answers are small numbers: a line for each first one. */
export type Table = {
  target: string;
  name: string;
  selector: string;
  firsts: readonly Value[];
  seconds: readonly Value[];
  expected: readonly (readonly number[])[];
};

/** How the roll says that a key may not vote: the largest moment there is. */
const NEVER = 2n ** 256n - 1n;

/** A value of one 32-byte word. */
type Value = number | bigint | string;

const ROLL = new Interface([
  "function lastNumber()",
  "function totalSupply()",
  "function membersByGroup()",
  "function maturity()",
  "function codeOfConduct()",
  "function numberOf(address)",
  "function balanceOf(address)",
  "function ownerOf(uint256)",
  "function nonces(address)",
  "function member(uint256)",
  "function members(uint256,uint256)",
  "function voterOf(address)",
  "function entitlementOf(address,uint8)",
  "function standingOf(address,uint8,uint48)",
  "function getVotes(address)",
  "function getPastVotes(address,uint256)",
  "function getPastTotalSupply(uint256)",
  "function getPastVotesByGroup(uint256)",
]);

const GOVERNOR = new Interface([
  "function rules()",
  "function nonces(address)",
  "function state(uint256)",
  "function proposalVotes(uint256)",
  "function proposalVotesByGroup(uint256,uint256)",
  "function receiptOf(uint256,uint256)",
  "function hasVoted(uint256,address)",
  "function proposalSnapshot(uint256)",
  "function proposalDeadline(uint256)",
  "function proposalProposer(uint256)",
  "function proposalEta(uint256)",
  "function proposalRules(uint256)",
  "function proposalElectorate(uint256)",
  "function proposalQuorum(uint256)",
  "function getVotes(address,uint256)",
  "function quorum(uint256)",
]);

const OTHERS = new Interface(["function getMinDelay()", "function x()"]);

const SELECTORS = new Map(
  [ROLL, GOVERNOR, OTHERS].flatMap((one) =>
    one.fragments.map((fragment) => {
      const signature = fragment.format("sighash");
      return [signature, (one.getFunction(signature) as { selector: string }).selector] as const;
    }),
  ),
);

/** A list behind its place and length, as a call answers it. */
function list(length: number, values: readonly Value[]): Value[] {
  return [0x20, length, ...values];
}

function memberWords(member: Member, key: string): Value[] {
  const over = member.leftAt !== null;
  return [
    member.number,
    key,
    member.group,
    over ? (member.ended ? 3 : 2) : 1,
    0,
    0,
    member.joinedAt,
    over ? 0 : member.votesFrom,
    over ? 0 : member.joinedAt,
    member.leftAt ?? 0,
    ...member.suspendedUntil,
  ];
}

function ruleWords(rules: Rules): Value[] {
  const { notice, period, grace, quorumBps, quorumFloor, approvalBps, approvalFloorBps } = rules;
  return [notice, period, grace, quorumBps, quorumFloor, approvalBps, approvalFloorBps];
}

/** The questions of the differential run, at one moment. */
export class Questions {
  constructor(
    private readonly model: Decisions,
    private readonly at: {
      membership: string;
      requests: string;
      governor: string;
      timelock: string;
      box: string;
    },
    private readonly now: number,
  ) {}

  // ---- the roll, now ----

  rollInBrief(): Question[] {
    const { members } = this.model.roll;
    const living = this.model.roll.livingByGroup();
    return [
      this.#roll("lastNumber()", [], () => [members.length]),
      this.#roll("totalSupply()", [], () => [living.reduce((sum, one) => sum + one, 0)]),
      this.#roll("membersByGroup()", [], () => list(living.length, living)),
    ];
  }

  settings(): Question[] {
    const { roll, rules, delay, box } = this.model;
    const { waitingPeriod, epochLength, epochShareBps, epochFloor } = roll.pace;
    return [
      this.#roll("maturity()", [], () => [waitingPeriod, epochLength, epochShareBps, epochFloor]),
      this.#roll("codeOfConduct()", [], () => [roll.code, roll.codeVersion]),
      this.#governor("rules()", [], () => ruleWords(rules)),
      this.#ask(this.at.timelock, "getMinDelay()", [], () => [delay]),
      this.#ask(this.at.box, "x()", [], () => [box]),
    ];
  }

  key(key: string, right: Right = "vote", moment = this.now): Question[] {
    const { roll } = this.model;
    const number = RIGHTS.indexOf(right);
    return [
      this.#roll("numberOf(address)", [key], () => [roll.numberOf(key)]),
      this.#roll("entitlementOf(address,uint8)", [key, number], () => {
        const entitlement = roll.entitlementOf(key, right, this.now);
        return [entitlement.number, entitlement.group, entitlement.from];
      }),
      this.#roll("standingOf(address,uint8,uint48)", [key, number, moment], () => {
        const { standing, number, group, explanation } = roll.standingOf(key, right, moment, this.now);
        return [STANDINGS.indexOf(standing), number, group, explanation];
      }),
      this.#roll("voterOf(address)", [key], () => {
        const tenure = roll.holds(key);
        if (tenure === undefined || tenure.sanctioned) return [0, 0, NEVER];
        return [tenure.member.number, tenure.member.group, tenure.member.votesFrom];
      }),
      this.#roll("getVotes(address)", [key], () => [roll.votesAt(key, this.now)]),
    ];
  }

  keyInFull(key: string, moment: number): Question[] {
    return [
      ...RIGHTS.flatMap((right) => this.key(key, right, moment)),
      this.#roll("balanceOf(address)", [key], () => [this.model.roll.numberOf(key) === 0 ? 0 : 1]),
      this.#ask(this.at.requests, "nonces(address)", [key], () => [this.model.roll.nonceOf(key)]),
      this.#governor("nonces(address)", [key], () => [this.model.nonceOf(key)]),
      this.votesAt(key, this.now),
      this.ballotWeight(key, moment),
    ];
  }

  member(number: number): Question[] {
    const { roll } = this.model;
    const member = roll.members[number - 1];
    return [
      this.#roll("member(uint256)", [number], () => {
        if (member === undefined) throw new Refusal("MembershipUnknownNumber", number);
        return memberWords(member, roll.keyOf(member));
      }),
      this.#roll("ownerOf(uint256)", [number], () => {
        if (member === undefined || member.leftAt !== null)
          throw new Refusal("ERC721NonexistentToken", number);
        return [roll.keyOf(member)];
      }),
    ];
  }

  /** A page of the open list. */
  page(first: number, count: number): Question {
    const { roll } = this.model;
    return this.#roll("members(uint256,uint256)", [first, count], () => {
      const limit = (what: string, value: number, max: number) => {
        if (value < 1 || value > max) throw new Refusal("MembershipParameterOutOfRange", what, value, 1, max);
      };
      limit("first", first, 2 ** 32 - 1);
      limit("count", count, 200);
      const page = roll.members.filter(({ number }) => number >= first && number < first + count);
      return list(
        page.length,
        page.flatMap((member) => memberWords(member, roll.keyOf(member))),
      );
    });
  }

  // ---- the roll at past moments ----

  votesAt(key: string, moment: number): Question {
    return this.#roll("getPastVotes(address,uint256)", [key, moment], () => {
      this.#requirePast(moment);
      return [this.model.roll.votesAt(key, moment)];
    });
  }

  totalsAt(moment: number): Question[] {
    const { roll, rules } = this.model;
    const past = <T>(answer: () => T) => {
      return () => {
        this.#requirePast(moment);
        return answer();
      };
    };
    return [
      this.#roll(
        "getPastTotalSupply(uint256)",
        [moment],
        past(() => [roll.electorateAt(moment)]),
      ),
      this.#roll(
        "getPastVotesByGroup(uint256)",
        [moment],
        past(() => list(roll.groupCount, roll.votesByGroupAt(moment))),
      ),
      this.#governor(
        "quorum(uint256)",
        [moment],
        past(() => [quorum(rules, roll.electorateAt(moment))]),
      ),
    ];
  }

  /** The weight of the ballot that a key could cast now on a decision that opened at a moment. */
  ballotWeight(key: string, moment: number): Question {
    return this.#governor("getVotes(address,uint256)", [key, moment], () => {
      if (moment >= this.now) throw new Refusal("CoalitionGovernorFutureLookup", moment, this.now);
      const { standing } = this.model.roll.standingOf(key, "vote", moment, this.now);
      return [standing === "granted" ? 1 : 0];
    });
  }

  // ---- decisions ----

  decision(id: bigint): Question[] {
    return [
      this.#decision("state(uint256)", id, (one) => [STATES.indexOf(this.model.stateOf(one, this.now))]),
      this.#governor("proposalVotes(uint256)", [id], () => {
        const decision = this.model.all.find((one) => one.id === id);
        return decision === undefined ? [0, 0, 0] : tally(decision);
      }),
    ];
  }

  decisionInFull(decision: Decision): Question[] {
    const { id } = decision;
    const { groupCount } = this.model.roll;
    const opened = <T>(answer: () => T) => {
      this.#requirePast(opensAfter(decision));
      return answer();
    };
    return [
      ...this.decision(id),
      this.#governor("proposalSnapshot(uint256)", [id], () => [opensAfter(decision)]),
      this.#governor("proposalDeadline(uint256)", [id], () => [closesAt(decision)]),
      this.#governor("proposalProposer(uint256)", [id], () => [decision.proposer]),
      this.#governor("proposalEta(uint256)", [id], () => [decision.eta ?? 0]),
      this.#governor("proposalRules(uint256)", [id], () => ruleWords(decision.rules)),
      this.#governor("proposalElectorate(uint256)", [id], () =>
        opened(() => [this.model.electorateOf(decision)]),
      ),
      this.#governor("proposalQuorum(uint256)", [id], () => opened(() => [this.model.quorumOf(decision)])),
      ...Array.from({ length: groupCount + 1 }, (_, group) =>
        this.#governor("proposalVotesByGroup(uint256,uint256)", [id, group], () => {
          if (group === groupCount) throw new Refusal("MembershipUnknownGroup", group, groupCount);
          return tally(decision, group);
        }),
      ),
    ];
  }

  receipt(id: bigint, number: number): Question {
    return this.#governor("receiptOf(uint256,uint256)", [id, number], () => [this.#receipt(id, number)]);
  }

  // ---- many at once ----

  pastVotes(keys: readonly string[], moments: readonly number[]): Table {
    return table(this.at.membership, "getPastVotes(address,uint256)", keys, moments, (key, moment) =>
      this.model.roll.votesAt(key, moment),
    );
  }

  receipts(id: bigint, numbers: readonly number[]): Table {
    return table(this.at.governor, "receiptOf(uint256,uint256)", [id], numbers, (_, number) =>
      this.#receipt(id, number),
    );
  }

  haveVoted(decisions: readonly Decision[], keys: readonly string[]): Table {
    const ids = decisions.map(({ id }) => id);
    return table(this.at.governor, "hasVoted(uint256,address)", ids, keys, (id, key) => {
      const tenure = this.model.roll.lastTenure(key);
      return tenure !== undefined && this.#receipt(id, tenure.member.number) > 0 ? 1 : 0;
    });
  }

  #receipt(id: bigint, number: number): number {
    const decision = this.model.all.find((one) => one.id === id);
    const ballot = decision && ballotOf(decision, number);
    return ballot === undefined ? 0 : ballot.choice + 1;
  }

  // ---- how a question is put ----

  #requirePast(moment: number): void {
    if (moment >= this.now) throw new Refusal("ERC5805FutureLookup", moment, this.now);
  }

  #decision(signature: string, id: bigint, answer: (decision: Decision) => readonly Value[]): Question {
    return this.#governor(signature, [id], () => answer(this.model.find(id)));
  }

  #roll(signature: string, values: readonly Value[], answer: () => readonly Value[]): Question {
    return this.#ask(this.at.membership, signature, values, answer);
  }

  #governor(signature: string, values: readonly Value[], answer: () => readonly Value[]): Question {
    return this.#ask(this.at.governor, signature, values, answer);
  }

  #ask(
    target: string,
    signature: string,
    values: readonly Value[],
    answer: () => readonly Value[],
  ): Question {
    const data = (SELECTORS.get(signature) as string) + values.map(word).join("");
    return { target, data, expected: expectation(answer) };
  }
}

function table<A extends Value, B extends Value>(
  target: string,
  name: string,
  firsts: readonly A[],
  seconds: readonly B[],
  answer: (first: A, second: B) => number,
): Table {
  const expected = firsts.map((first) => seconds.map((second) => answer(first, second)));
  return { target, name, selector: SELECTORS.get(name) as string, firsts, seconds, expected };
}

/** What a contract is to answer where the model answers words or refuses. */
export function expectation(answer: () => readonly Value[]): string {
  try {
    return `0x${answer().map(word).join("")}`;
  } catch (refusal) {
    if (refusal instanceof Refusal) return refusal.message;
    throw refusal;
  }
}

/** A question as a line to read. */
export function describeQuestion({ data }: Question): string {
  for (const one of [ROLL, GOVERNOR, OTHERS]) {
    const call = one.parseTransaction({ data });
    if (call !== null) return `${call.name}(${call.args.join(", ")})`;
  }
  return data;
}
