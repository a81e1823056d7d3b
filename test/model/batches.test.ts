import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Parameters, plainParameters, readParameters } from "../helpers/fixture.js";
import { Chain } from "./chain.js";
import type { Coalition } from "./coalition.js";
import {
  type BallotGroup,
  type Decision,
  type NamedBallot,
  opensAfter,
  SKIPS,
  type Slip,
} from "./decisions.js";
import { modelOf } from "./history.js";
import { DeskQuestions, expectation } from "./questions.js";
import { DecisionQuestions } from "./questions-decisions.js";
import { Random } from "./random.js";
import { type Step, take } from "./steps.js";
import { DAY } from "./words.js";

/** Any whole number; it alone says which batches are brought. */
const SEED = Number(process.env.SEED ?? 20261125);

const DECISIONS = 20;
const BATCHES_OF_EACH = 5;
const MOST_BALLOTS = 40;

const BEGINNING = Date.UTC(2030, 0, 1) / 1_000;

/** How a ballot was made up. None but the first of these may ever count. */
const KINDS = [
  "good",
  "duplicate",
  "forged",
  "malleated",
  "expired",
  "of another chain",
  "of another decision",
  "of another nonce",
  "of another choice",
  "of wrong length",
] as const;
type Kind = (typeof KINDS)[number];

/** Where a ballot lies in a batch, and how it was made up. */
type Made = { place: string; kind: Kind };

/** A coalition in which nobody waits long, and its decisions can be extended. */
function parametersOf(): Parameters {
  const parameters = readParameters("local");
  const { Governor } = plainParameters({
    notice: 60,
    period: 2 * DAY,
    delay: 60,
    extension: DAY,
    concurrenceMembers: 3,
  });
  return {
    ...parameters,
    Membership: {
      ...parameters.Membership,
      groups: ["Reds", "Greens", "Blues", "Greys"],
      epochFloor: 100,
      delegationCap: 8,
    },
    Agenda: { ...parameters.Agenda, places: 5 },
    Governor: { ...Governor, guardian: parameters.Governor.guardian },
  };
}

describe(`a hundred batches of ballots against the model (SEED=${SEED})`, () => {
  const random = new Random(SEED);
  const outcomes = new Map<string, number>();
  let heavy = 0;
  let swings = 0;
  let connection: NetworkConnection<"generic">;
  let chain: Chain;
  let model: Coalition;
  let now = BEGINNING;
  let accounts: readonly string[];
  let wallets: readonly string[];
  let decisions: readonly Decision[];

  /** Lets the model and the contracts take a step; answers what both announced. */
  async function act(by: string, deed: Step["deed"]): Promise<string[]> {
    const step = { by, deed };
    const expected = expectation(() => {
      const answer = take(step, model, chain.at.timelock, now);
      return answer === undefined ? [] : [answer];
    });
    const announced = model.announcements.take();
    if (chain.isWallet(by)) {
      const { reports, announced: found } = await chain.runTogether([{ step, questions: [] }], now);
      expect(reports[0]?.outcome.text).to.equal(expected);
      expect(found).to.deep.equal(announced);
    } else {
      const { outcome, announced: found } = await chain.runAlone(step, now);
      expect(outcome).to.deep.equal({ refused: false, text: "" });
      expect(found).to.deep.equal(announced);
    }
    return announced;
  }

  async function join(key: string, group: number) {
    const request = { account: key, group, codeDigest: model.roll.code, evidence: "0x", deadline: now };
    await act(key, { do: "join", request });
  }

  /** Members of every kind; decisions that just opened; and what happened to some members since. */
  async function found() {
    const parameters = parametersOf();
    chain = await Chain.create(connection, parameters, { wallets: 12, accounts: 44, seed: SEED });
    model = modelOf(parameters, chain);
    [accounts, wallets] = [[...chain.accounts.keys()], chain.wallets];
    const keys = [...accounts.slice(0, 36), ...wallets.slice(0, 10)];
    for (const [place, key] of keys.entries()) await join(key, place % 4);
    now += 30 * DAY;
    // Two delegates of a group each, one of them a contract.
    const groupMates = (key: string) =>
      keys.filter((other) => other !== key && keys.indexOf(other) % 4 === keys.indexOf(key) % 4);
    const delegates = [keys[0], keys[37]] as [string, string];
    for (const delegate of delegates) {
      await act(delegate, { do: "takeDelegations", request: { account: delegate, limit: 8, deadline: now } });
      for (const mate of groupMates(delegate).slice(0, 4))
        await act(mate, { do: "delegate", delegatee: delegate });
    }
    for (let place = 0; place < DECISIONS; place++) {
      const proposal = chain.draft([{ do: "setX", value: place }], 40);
      await act(keys[place + 8] as string, { do: "propose", proposal });
    }
    decisions = model.decisions.all;
    now = opensAfter(decisions.at(-1) as Decision) + 1;
    const after = keys.slice(20);
    const timelock = chain.at.timelock;
    const numberOf = (key: string | undefined) => model.roll.numberOf(key as string);
    for (const key of after.slice(0, 2))
      await act(timelock, {
        do: "decree",
        action: { do: "suspend", number: numberOf(key), rights: 4, until: now + 90 * DAY },
      });
    for (const key of after.slice(2, 4))
      await act(timelock, { do: "decree", action: { do: "end", number: numberOf(key) } });
    for (const key of after.slice(4, 6))
      await act(key, { do: "resign", request: { account: key, deadline: now } });
    for (const [place, account] of after.slice(6, 8).entries()) {
      const newKey = accounts[36 + place] as string;
      const request = { number: numberOf(account), newKey, deadline: now };
      const consent = { by: newKey, nonce: 0, content: request };
      await act(account, { do: "rotateKey", account, newKey, deadline: now, consent });
    }
    for (const key of after.slice(8, 10))
      await act(key, { do: "changeGroup", request: { account: key, group: 3, deadline: now } });
    // Too late for these decisions.
    for (const key of accounts.slice(38, 40)) await join(key, 1);
  }

  // ---- batches ----

  /** Up to 40 ballots in some groups and with names, good ones and bad ones. */
  function makeUp(decision: Decision): { groups: BallotGroup[]; named: NamedBallot[]; made: Made[] } {
    const made: Made[] = [];
    const groups: BallotGroup[] = [];
    const named: NamedBallot[] = [];
    let left = random.between(1, MOST_BALLOTS);
    const names = random.between(0, Math.min(left, 14));
    left -= names;
    while (left > 0 && groups.length < 8) {
      const size = groups.length === 7 ? left : random.between(1, left);
      groups.push(group(decision, groups.length, size, made));
      left -= size;
    }
    for (let name = 0; name < names; name++) named.push(nameOne(decision, groups.length, named, made));
    return { groups, named, made };
  }

  function flawed(): Kind {
    return random.pick(["forged", "malleated", "of another chain", "of another decision"]);
  }

  function another(decision: Decision): bigint {
    return random.pick(decisions.filter((one) => one !== decision)).id;
  }

  function group(decision: Decision, place: number, size: number, made: Made[]): BallotGroup {
    const frame = random.weighted<Kind>([
      [86, "good"],
      [8, "expired"],
      [6, "of another choice"],
    ]);
    const support = frame === "of another choice" ? random.between(3, 255) : random.between(0, 2);
    const deadline = frame === "expired" ? now - random.between(1, 9) : now + random.between(0, 3_600);
    const paper = { proposalId: decision.id, support, deadline };
    const slips: Slip[] = [];
    const note = (kind: Kind) => made.push({ place: `${place}, ${slips.length}`, kind });
    while (slips.length < size) {
      if (slips.length > 0 && random.chance(0.08)) {
        note("duplicate");
        slips.push(random.pick(slips));
        continue;
      }
      const by = random.pick(accounts);
      const kind = random.chance(0.3) ? flawed() : "good";
      note(frame === "good" ? kind : frame);
      if (kind === "forged") slips.push(chain.slip(by, paper, paper, "noise"));
      else if (kind === "malleated")
        slips.push(chain.slip(by, paper, paper, random.pick(["upper half", "other parity"])));
      else if (kind === "of another chain") slips.push(chain.slip(by, paper, paper, "foreign chain"));
      else if (kind === "of another decision")
        slips.push(chain.slip(by, { ...paper, proposalId: another(decision) }, paper));
      else slips.push(chain.slip(by, paper, paper));
    }
    if (random.chance(0.75)) return { support, deadline, slips, rest: "" };
    note("of wrong length");
    return { support, deadline, slips, rest: "5a".repeat(random.between(1, 63)) };
  }

  function nameOne(
    decision: Decision,
    place: number,
    before: readonly NamedBallot[],
    made: Made[],
  ): NamedBallot {
    const note = (kind: Kind) => made.push({ place: `${place}, ${before.length}`, kind });
    if (before.length > 0 && random.chance(0.08)) {
      note("duplicate");
      return random.pick(before);
    }
    const kind = random.weighted<Kind>([
      [65, "good"],
      [24, flawed()],
      [5, "expired"],
      [4, "of another nonce"],
      [4, "of another choice"],
    ]);
    note(kind);
    const voter = random.pick([...accounts, ...wallets, ...wallets]);
    const support = kind === "of another choice" ? random.between(3, 255) : random.between(0, 2);
    const deadline = kind === "expired" ? now - 1 : now + random.between(0, 3_600);
    // A good one before it in the batch uses one up, if it counts.
    const nonce = model.decisions.nonceOf(voter) + (kind === "of another nonce" ? random.between(20, 99) : 0);
    const proposalId = kind === "of another decision" ? another(decision) : decision.id;
    const by = kind === "forged" ? random.pick(accounts.filter((key) => key !== voter)) : voter;
    const signature = { by, nonce, content: { proposalId, support, voter, deadline } };
    const flaw =
      kind === "malleated" ? "upper half" : kind === "of another chain" ? "foreign chain" : undefined;
    const bytes = chain.signNamed(signature, flaw);
    return {
      ...{ voter, support, deadline, nonce, bytes },
      signature: flaw === undefined ? signature : undefined,
    };
  }

  /** Brings a batch and compares what becomes of every ballot in it, and of the decision. */
  async function bring(decision: Decision) {
    const { groups, named, made } = makeUp(decision);
    const sponsor = random.pick(wallets);
    const announced = await act(sponsor, { do: "castBallots", id: decision.id, groups, named });
    const skipped = new Map(
      announced
        .filter((text) => text.startsWith("BallotSkipped("))
        .map((text) => text.slice(0, -1).split(", "))
        .map(([, , place, index, reason]) => [`${place}, ${index}`, SKIPS[Number(reason)]]),
    );
    const counted = announced.filter((text) => text.startsWith("VoteCast("));
    expect(skipped.size + counted.length).to.equal(made.length);
    heavy += counted.filter((text) => Number(text.split(", ")[3]) > 1).length;
    swings += announced.filter((text) => text.startsWith("ProposalExtended(")).length;
    for (const { place, kind } of made) {
      const outcome = skipped.get(place) ?? "counted";
      expect(kind === "good" || outcome !== "counted", `${kind} at ${place}`).to.equal(true);
      outcomes.set(`${kind}: ${outcome}`, (outcomes.get(`${kind}: ${outcome}`) ?? 0) + 1);
    }
    await compare(decision, [...groups.flatMap(({ slips }) => slips.map(({ signer }) => signer))], named);
  }

  async function compare(decision: Decision, signers: readonly string[], named: readonly NamedBallot[]) {
    const [about, desks] = [
      new DecisionQuestions(model, chain.at, now),
      new DeskQuestions(model, chain.at, now),
    ];
    const voters = named.map(({ voter }) => voter);
    const numbers = [...signers, ...voters].map((key) => model.roll.lastTenure(key)?.member.number ?? 0);
    const questions = [
      ...about.full(decision),
      ...[...new Set(numbers)].map((number) => about.receipt(decision.id, number)),
      ...[...new Set(voters)].flatMap((voter) => desks.nonces(voter)),
    ];
    const answers = await chain.ask(questions, now);
    questions.forEach(({ name, expected }, place) => {
      expect(answers[place], name).to.equal(expected);
    });
  }

  before(async function () {
    this.timeout(120_000);
    connection = await network.create({
      network: "default",
      override: {
        allowBlocksWithSameTimestamp: true,
        blockGasLimit: 60_000_000,
        transactionGasCap: false,
        initialBaseFeePerGas: 0,
        initialDate: new Date((BEGINNING - 3_600) * 1_000),
      },
    });
    await found();
  });

  after(() => connection.close());

  for (let place = 0; place < DECISIONS; place++) {
    it(`agrees on every ballot of ${BATCHES_OF_EACH} batches on decision ${place + 1}`, async function () {
      this.timeout(60_000);
      const decision = decisions[place] as Decision;
      for (let batch = 0; batch < BATCHES_OF_EACH; batch++) {
        now += random.between(0, 5);
        // On the last of all they come when a late swing can move the close.
        const close = opensAfter(decision) + decision.rules.period;
        if (place >= DECISIONS - 5) now = Math.max(now, close - 3_600);
        // Some vote in person before and between the batches.
        for (let left = 3; left > 0; left--) {
          const voter = random.pick(accounts.slice(0, 20));
          const cast = { sender: voter, voter, id: decision.id, support: 1, reason: "", paramsLength: 0 };
          await act(voter, { do: "ballot", how: "plain", cast });
        }
        await bring(decision);
      }
    });
  }

  it("met every kind of ballot, and every reason to pass one over", () => {
    const met = (text: string) =>
      [...outcomes].reduce((sum, [name, times]) => sum + (name.includes(text) ? times : 0), 0);
    for (const kind of KINDS) expect(met(`${kind}: `), kind).to.be.at.least(5);
    for (const reason of SKIPS) expect(met(`: ${reason}`), reason).to.be.at.least(5);
    expect(met(": counted")).to.be.at.least(200);
    // Ballots of delegates, and batches that moved a close.
    expect(heavy).to.be.at.least(5);
    expect(swings).to.be.at.least(1);
  });
});
