import { id as digestOf } from "ethers";
import { word } from "./abi.js";
import type { Place } from "./actions.js";
import { CHALLENGE_STATES, windowEnd } from "./claims.js";
import type { Coalition } from "./coalition.js";
import { lapsesAt, ORIGINS } from "./recovery.js";
import { groupCountedAt, groupOf, type Member, pauseBitsOf, votesFrom } from "./roll.js";
import { quorum } from "./rules.js";
import { Refusal, RIGHTS, type Right, STANDINGS, ZERO } from "./words.js";

/** Something anybody can ask a contract, and what the model answers: words in hexadecimal, or a refusal as text. */
export type Question = { name: string; target: string; data: string; expected: string };

/** A question about every pair of two lists of values, whose answers are small numbers: a line for each first one. */
export type Table = {
  target: string;
  name: string;
  selector: string;
  firsts: readonly Value[];
  seconds: readonly Value[];
  expected: readonly (readonly number[])[];
};

/** A value of one 32-byte word. */
export type Value = number | bigint | string;

const SELECTORS = new Map<string, string>();

function selectorOf(signature: string): string {
  const selector = SELECTORS.get(signature) ?? digestOf(signature).slice(0, 10);
  SELECTORS.set(signature, selector);
  return selector;
}

/** A list behind its place and length, as a call answers it. */
export function list(length: number, values: readonly Value[]): Value[] {
  return [0x20, length, ...values];
}

function bit(value: boolean): number {
  return value ? 1 : 0;
}

/** A member as the open list shows it. */
function memberWords(member: Member, key: string): Value[] {
  const over = member.leftAt !== null;
  return [
    member.number,
    key,
    groupOf(member),
    over ? (member.ended ? 3 : 2) : 1,
    bit(member.organisation && !over),
    over ? 0 : pauseBitsOf(member),
    member.joinedAt,
    over ? 0 : votesFrom(member),
    over ? 0 : member.confirmedAt,
    member.leftAt ?? 0,
    ...member.suspendedUntil,
  ];
}

/** Questions at one moment, of any of the contracts. */
export class Asking {
  constructor(
    protected readonly model: Coalition,
    protected readonly at: Readonly<Record<Place, string>>,
    protected readonly now: number,
  ) {}

  protected requirePast(moment: number): void {
    if (moment >= this.now) throw new Refusal("ERC5805FutureLookup", moment, this.now);
  }

  protected ask(
    place: Place,
    signature: string,
    values: readonly Value[],
    answer: () => readonly Value[],
  ): Question {
    return {
      name: `${signature.slice(0, signature.indexOf("("))}(${values.join(", ")})`,
      target: this.at[place],
      data: selectorOf(signature) + values.map(word).join(""),
      expected: expectation(answer),
    };
  }

  protected table<A extends Value, B extends Value>(
    place: Place,
    name: string,
    firsts: readonly A[],
    seconds: readonly B[],
    answer: (first: A, second: B) => number,
  ): Table {
    const expected = firsts.map((first) => seconds.map((second) => answer(first, second)));
    return { target: this.at[place], name, selector: selectorOf(name), firsts, seconds, expected };
  }
}

/** Questions about the roll. */
export class RollQuestions extends Asking {
  // ---- now ----

  brief(): Question[] {
    const living = this.model.roll.livingByGroup();
    return [this.#roll("membersByGroup()", [], () => list(living.length, living))];
  }

  full(): Question[] {
    const { roll } = this.model;
    const { waitingPeriod, epochLength, epochShareBps, epochFloor } = roll.pace;
    return [
      ...this.brief(),
      this.#roll("lastNumber()", [], () => [roll.members.length]),
      this.#roll("totalSupply()", [], () => [roll.livingByGroup().reduce((sum, one) => sum + one, 0)]),
      this.#roll("maturity()", [], () => [waitingPeriod, epochLength, epochShareBps, epochFloor]),
      this.#roll("codeOfConduct()", [], () => [roll.code, roll.codeVersion]),
      this.#roll("admissionPolicy()", [], () => [roll.policy.at]),
    ];
  }

  standing(key: string, right: Right, moment: number): Question {
    const place = RIGHTS.indexOf(right);
    return this.#roll("standingOf(address,uint8,uint48)", [key, place, moment], () => {
      const { standing, number, group, explanation } = this.model.roll.standingOf(
        key,
        right,
        moment,
        this.now,
      );
      return [STANDINGS.indexOf(standing), number, group, explanation];
    });
  }

  /** What a ballot looks up first. */
  voter(key: string): Question {
    return this.#roll("voterOf(address)", [key], () => [this.model.roll.wordOf(key)]);
  }

  /** The same for many at once. */
  voters(keys: readonly string[]): Question {
    const { roll } = this.model;
    const words = list(
      keys.length,
      keys.map((key) => roll.wordOf(key)),
    );
    return {
      ...this.#roll("votersOf(address[])", [0x20, keys.length, ...keys], () => words),
      name: "votersOf",
    };
  }

  votesNow(key: string): Question {
    return this.#roll("getVotes(address)", [key], () => [this.model.delegations.votesAt(key, this.now)]);
  }

  delegate(key: string): Question {
    return this.#roll("delegates(address)", [key], () => [
      this.model.delegations.delegateOfKey(key, this.now),
    ]);
  }

  /** What the roll says of a key now, for a right and at a moment. */
  key(key: string, right: Right, moment = this.now): Question[] {
    return [this.standing(key, right, moment), this.voter(key), this.votesNow(key)];
  }

  /** All that the roll says of a key now. */
  keyInFull(key: string, moment: number): Question[] {
    const { roll } = this.model;
    return [
      ...RIGHTS.map((right) => this.standing(key, right, moment)),
      this.voter(key),
      this.votesNow(key),
      this.delegate(key),
      this.#roll("numberOf(address)", [key], () => [roll.numberOf(key)]),
      this.#roll("balanceOf(address)", [key], () => [roll.numberOf(key) === 0 ? 0 : 1]),
      this.votesAt(key, this.now),
    ];
  }

  member(number: number): Question {
    const { roll } = this.model;
    return this.#roll("member(uint256)", [number], () => {
      const member = roll.members[number - 1];
      if (member === undefined) throw new Refusal("MembershipUnknownNumber", number);
      return memberWords(member, roll.keyOf(member));
    });
  }

  owner(number: number): Question {
    const { roll } = this.model;
    return this.#roll("ownerOf(uint256)", [number], () => {
      const member = roll.members[number - 1];
      if (member === undefined || member.leftAt !== null) throw new Refusal("ERC721NonexistentToken", number);
      return [roll.keyOf(member)];
    });
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

  // ---- at past moments ----

  votesAt(key: string, moment: number): Question {
    return this.#roll("getPastVotes(address,uint256)", [key, moment], () => {
      this.requirePast(moment);
      return [this.model.delegations.votesAt(key, moment)];
    });
  }

  counted(number: number, moment: number): Question {
    return this.#roll("countedAt(uint256,uint48)", [number, moment], () => {
      const member = this.model.roll.members[number - 1];
      const group = member && groupCountedAt(member, moment);
      return group === undefined ? [0, 0] : [1, group];
    });
  }

  totalsAt(moment: number): Question[] {
    const { roll, decisions } = this.model;
    const past = (answer: () => Value[]) => () => {
      this.requirePast(moment);
      return answer();
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
      this.ask(
        "governor",
        "quorum(uint256)",
        [moment],
        past(() => [quorum(decisions.rules.action, roll.electorateAt(moment))]),
      ),
    ];
  }

  pastVotes(keys: readonly string[], moments: readonly number[]): Table {
    return this.table("membership", "getPastVotes(address,uint256)", keys, moments, (key, moment) =>
      this.model.delegations.votesAt(key, moment),
    );
  }

  /** Whether votes counted; in which groups is not to be seen here. */
  countedTable(numbers: readonly number[], moments: readonly number[]): Table {
    return this.table("membership", "countedAt(uint256,uint48)", numbers, moments, (number, moment) => {
      const member = this.model.roll.members[number - 1];
      return member !== undefined && groupCountedAt(member, moment) !== undefined ? 1 : 0;
    });
  }

  #roll(signature: string, values: readonly Value[], answer: () => readonly Value[]): Question {
    return this.ask("membership", signature, values, answer);
  }
}

/** Questions about the desks. */
export class DeskQuestions extends Asking {
  settings(): Question[] {
    const { delegations, confirmations, affiliations, claims, recovery } = this.model;
    const { cooldown, window, challengers } = claims.rules;
    return [
      this.ask("delegations", "cap()", [], () => [delegations.cap]),
      this.ask("delegations", "longestEnd()", [], () => [delegations.longestEnd(this.now)]),
      this.ask("confirmations", "period()", [], () => [confirmations.period]),
      this.ask("affiliations", "rule()", [], () => [bit(affiliations.oneVoice), affiliations.cooldown]),
      this.ask("claims", "rules()", [], () => [cooldown, window, challengers]),
      this.ask("claims", "lastChallenge()", [], () => [claims.challenges.length]),
      this.ask("recovery", "delay()", [], () => [recovery.delay]),
    ];
  }

  nonces(key: string): Question[] {
    const { requests, delegations, confirmations, affiliations, claims, recovery, decisions, agenda } =
      this.model;
    const booths = {
      requests,
      delegations,
      confirmations,
      affiliations,
      claims,
      recovery,
      agenda,
      governor: decisions,
    };
    return Object.entries(booths).map(([place, booth]) =>
      this.ask(place as Place, "nonces(address)", [key], () => [booth.nonceOf(key)]),
    );
  }

  // ---- delegation ----

  delegation(number: number): Question[] {
    const { delegations } = this.model;
    return [
      this.ask("delegations", "delegationOf(uint256)", [number], () => {
        const one = delegations.delegationOf(number, this.now);
        return [one?.to ?? 0, one?.ends ?? 0];
      }),
      this.ask("delegations", "limitOf(uint256)", [number], () => [delegations.limitOf(number)]),
    ];
  }

  /** Who votes for a member, and for how many the member votes, at a moment at which the member's vote counted. */
  delegationAt(number: number, moment: number): Question[] {
    const { roll, delegations } = this.model;
    const member = roll.members[number - 1];
    const group = member && groupCountedAt(member, moment);
    if (group === undefined) return [];
    return [
      this.ask("delegations", "delegationAt(uint256,uint256,uint48)", [number, group, moment], () => [
        delegations.delegateAt(number, moment),
        delegations.receivedAt(number, group, moment),
      ]),
    ];
  }

  // ---- confirmation, affiliation, claims ----

  person(number: number): Question[] {
    const { roll, confirmations, affiliations, claims } = this.model;
    const member = roll.members[number - 1];
    return [
      this.ask("confirmations", "dueAt(uint256)", [number], () => [confirmations.dueAt(number)]),
      this.ask("confirmations", "isOverdue(uint256)", [number], () => [
        bit(confirmations.isOverdue(number, this.now)),
      ]),
      this.ask("affiliations", "organisationOf(uint256)", [number], () => [
        affiliations.organisationOf(number),
      ]),
      this.ask("affiliations", "isRepresented(uint256)", [number], () => [
        bit(affiliations.isRepresented(number)),
      ]),
      this.ask("affiliations", "changeableAt(uint256)", [number], () => [affiliations.changeableAt(number)]),
      this.ask("affiliations", "changedAt(uint256)", [number], () => [affiliations.changedAt(number)]),
      this.ask("claims", "groupChangeableAt(uint256)", [number], () => {
        if (member === undefined) throw new Refusal("MembershipUnknownNumber", number);
        return [claims.groupChangeableAt(member)];
      }),
      this.ask("claims", "openChallenge(uint256,uint8)", [number, 0], () => [
        claims.openChallenge(number, 0, this.now),
      ]),
      this.ask("claims", "openChallenge(uint256,uint8)", [number, 1], () => [
        claims.openChallenge(number, 1, this.now),
      ]),
      this.ask("claims", "challengeBy(uint256)", [number], () => [claims.challengeBy(number, this.now)]),
    ];
  }

  organisation(number: number): Question[] {
    const { affiliations } = this.model;
    return [
      this.ask("affiliations", "ownerOf(uint256)", [number], () => [affiliations.ownerOf(number)]),
      this.ask("affiliations", "affiliatedCount(uint256)", [number], () => [
        number === 0 ? 0 : affiliations.affiliatedCount(number),
      ]),
    ];
  }

  challenge(id: number): Question {
    const { claims } = this.model;
    return this.ask("claims", "challengeOf(uint256)", [id], () => {
      const one = claims.find(id);
      if (one === undefined) return Array<number>(12).fill(0);
      return [
        one.number,
        one.kind,
        CHALLENGE_STATES.indexOf(claims.stateOf(id, this.now)),
        one.value,
        one.supporters[0] as number,
        one.openedAt,
        windowEnd(one),
        one.raisedAt ?? 0,
        one.rules.cooldown,
        one.rules.challengers,
        one.supporters.length,
        one.reason,
      ];
    });
  }

  // ---- lost keys ----

  recovery(number: number): Question[] {
    const { recovery } = this.model;
    return [
      this.ask("recovery", "requestOf(uint256)", [number], () => {
        const one = recovery.requestOf(number, this.now);
        if (one === undefined) return [ZERO, ZERO, 0, 0, 0, 0];
        const { newKey, oldKey, approvals, readyAt, origin } = one;
        return [newKey, oldKey, approvals.length, readyAt ?? 0, lapsesAt(one), ORIGINS.indexOf(origin)];
      }),
      this.ask("recovery", "guardiansOf(uint256)", [number], () => {
        const { guardians, threshold } = recovery.circleOf(number);
        return [0x40, threshold, guardians.length, ...guardians];
      }),
    ];
  }

  claim(key: string): Question {
    return this.ask("recovery", "claimOf(address)", [key], () => {
      const one = this.model.recovery.claimOf(key);
      return [one?.number ?? 0, one?.reason ?? 0, one?.at ?? 0];
    });
  }
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
