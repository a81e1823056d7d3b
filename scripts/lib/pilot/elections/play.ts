import { randomBytes } from "node:crypto";
import { hexlify, sha256, toUtf8Bytes } from "ethers";
import type {
  ApprovalBallots,
  Elections,
  Offices,
  RankedBallots,
} from "../../../../typechain-types/index.js";
import { encodeApprovals } from "../../elections/approval-count.js";
import { encodeBallot } from "../../elections/ballot-code.js";
import { type Recount, recount, votes } from "../../elections/recount.js";
import { sourceAt } from "../../elections/source.js";
import { listed } from "../../member/words.js";
import { groupOf, relay } from "../assembly/batch.js";
import { endow } from "../funds.js";
import { Act, type Setting } from "../roll/act.js";
import { counted } from "../words.js";
import type { ElectionStory, StoryBallot, StoryDecision, StoryElection, StoryRecall } from "./data.js";

const DAY = 86_400;
const FOR = 1;
/** `ICandidacies.endsOf`: first second of each phase after nomination. */
const [VOTING, REVEAL, CERTIFICATION, FINISHING] = [2, 3, 4, 5] as const;

const SIGNED_BALLOT = [
  { name: "electionId", type: "uint256" },
  { name: "voter", type: "address" },
  { name: "ballot", type: "uint256" },
  { name: "deadline", type: "uint256" },
];

/** The contracts of elections, beside those that every act has. */
export interface ElectionContracts {
  readonly offices: Offices;
  readonly elections: Elections;
  readonly approval: ApprovalBallots;
  readonly ranked: RankedBallots;
}

/** An election that was held. */
interface Held {
  readonly id: bigint;
  readonly office: number;
  readonly election: StoryElection;
}

/**
 * Plays how members elect, on a coalition whose first weeks are over and on a chain whose time can be moved: offices that
 * a decision creates, an election by approval, one by ranked ballots and one by sealed ones, and a recall. Each is
 * recounted from the chain's events.
 * @param fromBlock The first block of the coalition's deployment.
 */
export async function playElections(
  setting: Setting,
  contracts: ElectionContracts,
  story: ElectionStory,
  fromBlock: number,
): Promise<Act> {
  const act = new Act(setting, "elect");
  await endow(
    setting.ethers,
    Array.from({ length: story.members }, (_, index) => act.keyOf(index + 1)),
  );
  const stage = new Stage(act, contracts, fromBlock);
  await stage.found(story);
  const held: Held[] = [];
  for (const [index, election] of story.elections.entries()) held.push(await stage.hold(index + 1, election));
  const recalled = held.find(({ election }) => election.name === story.recall.election);
  if (recalled !== undefined) await stage.recall(recalled, story.recall);
  return act;
}

class Stage {
  constructor(
    private readonly act: Act,
    private readonly contracts: ElectionContracts,
    private readonly fromBlock: number,
  ) {}

  /** The members create the offices and say how they are filled. */
  async found({ founding, elections }: ElectionStory): Promise<void> {
    const { act, contracts } = this;
    const { addresses } = act.contracts;
    const description = sha256(toUtf8Bytes(act.setting.textOf(fileOf(founding))));
    const actions = [
      ...elections.map((one) => ({
        to: addresses.offices,
        data: contracts.offices.interface.encodeFunctionData("create", [definitionOf(one, description)]),
      })),
      ...elections.map((one, index) => ({
        to: addresses.elections,
        data: contracts.elections.interface.encodeFunctionData("setRules", [
          index + 1,
          rulesOf(one, addresses[one.method]),
        ]),
      })),
    ];
    await this.#decide(founding, actions);
    act.same("offices that the members created", elections.length, await contracts.offices.lastOffice());
    await act.tell(
      `the members created ${counted(elections.length, "office")}, and said how each is filled: ${listed(elections.map(({ name }) => name))}`,
    );
  }

  /** An election from the announcement to the recount. */
  async hold(office: number, election: StoryElection): Promise<Held> {
    const { act } = this;
    const { elections } = this.contracts;
    const [first = 1] = election.candidates;
    await act.sent(elections.connect(act.keyOf(first)).announce(office));
    const held: Held = { id: await elections.lastElectionOf(office), office, election };
    await this.#gatherCandidates(held);
    await this.#reach(held, VOTING);
    if (election.sealed) await this.#voteSealed(held);
    else await this.#vote(held);
    await this.#reach(held, FINISHING);
    if (election.method === "ranked") {
      await act.sent(this.contracts.ranked.connect(act.setting.relayer).advance(held.id, 1_000));
    }
    await act.sent(elections.connect(act.setting.relayer).finish(held.id));
    await this.#compare(held);
    return held;
  }

  /** A petition, a decision, and the runner-up in the seat. */
  async recall(held: Held, recall: StoryRecall): Promise<void> {
    const { act } = this;
    const { offices, elections } = this.contracts;
    const { office, election } = held;
    const { holder, supporters, expected } = recall;
    const [first = 1, ...others] = supporters;
    const reason = sha256(toUtf8Bytes(act.setting.textOf(fileOf(recall))));
    await act.sent(offices.connect(act.keyOf(first)).petition(office, holder, reason));
    const petition = await offices.lastPetition();
    for (const number of others) await act.sent(offices.connect(act.keyOf(number)).support(petition));
    const { needed, supporters: have } = await offices.petitionOf(petition);
    act.same("recall: supporters that the petition needs", expected.needed, needed);
    act.same("recall: supporters of the petition", supporters.length, have);
    await act.tell(
      `${counted(supporters.length, "member")} asked for the recall of member ${holder}, as many as it takes for a vote on it`,
    );
    const data = offices.interface.encodeFunctionData("recall", [petition]);
    await this.#decide(recall, [{ to: act.contracts.addresses.offices, data }]);
    act.same(`recall: member ${holder} holds the office`, false, await this.#holds(office, holder));
    await act.tell("the members decided so, and the seat is vacant");
    const { runnerUp } = expected;
    act.same("recall: runner-up", runnerUp, await elections.runnerUpOf(office));
    await act.sent(elections.connect(act.setting.relayer).fillVacancy(office));
    await this.#compareHolders("recall: holders of the office", office, expected.holders);
    const { same } = await this.#recount(held.id);
    act.same("recall: recount with the runner-up", "same", told(same));
    await act.tell(
      `member ${runnerUp}, the next runner-up of the ${election.name} whom the balance of the office lets in, took it; the recount says so, too`,
    );
  }

  async #gatherCandidates({ id, election }: Held): Promise<void> {
    const { act } = this;
    const { elections } = this.contracts;
    const { name, candidates, seconders, seats } = election;
    for (const number of candidates) {
      const statement = sha256(toUtf8Bytes(`statement of member ${number}`));
      await act.sent(elections.connect(act.keyOf(number)).stand(id, statement));
    }
    // Candidate by candidate: options are numbered in the order of admission.
    for (const number of candidates) {
      for (const by of seconders) await act.sent(elections.connect(act.keyOf(by)).second(id, number));
    }
    const admitted = (await elections.candidatesOf(id)).map(Number);
    act.same(`${name}: candidates by option`, candidates.join(", "), admitted.join(", "));
    const how =
      seconders.length === 0 ? "" : `, each seconded by members ${listed(seconders.map((one) => `${one}`))}`;
    await act.tell(
      `${name}: an election to ${counted(seats, "seat")} was announced; ${counted(candidates.length, "member")} stand${how}`,
    );
  }

  /** One transaction brings everybody's ballot; then some withdraw. */
  async #vote({ id, election }: Held): Promise<void> {
    const { act } = this;
    const { elections } = this.contracts;
    const { name, method, ballots, withdraws } = election;
    const box = this.contracts[method];
    const deadline = await act.soon();
    const { name: domain, version, chainId, verifyingContract } = await box.eip712Domain();
    const signed = [];
    for (const one of ballots) {
      const ballot = this.#encode(election, one);
      for (const number of one.by) {
        const wallet = act.keyOf(number);
        const message = { electionId: id, voter: wallet.address, ballot, deadline };
        const signature = await wallet.signTypedData(
          { name: domain, version, chainId, verifyingContract },
          { FirstElectionBallot: SIGNED_BALLOT },
          message,
        );
        signed.push({ voter: wallet.address, ballot, deadline, replaces: false, nonce: 0, signature });
      }
    }
    await act.sent(box.connect(act.setting.relayer).castBallots(id, signed));
    for (const number of withdraws) await act.sent(elections.connect(act.keyOf(number)).withdraw(id));
    const gone =
      withdraws.length === 0
        ? ""
        : `; then ${listed(withdraws.map((number) => `member ${number}`))} withdrew, and no ballot was spoilt`;
    await act.tell(`${name}: one transaction brought ${counted(signed.length, "signed ballot")}${gone}`);
  }

  /** Everybody casts a sealed ballot, and some never open theirs. */
  async #voteSealed(held: Held): Promise<void> {
    const { act } = this;
    const { id, election } = held;
    const { name, method, ballots, unopened } = election;
    const box = this.contracts[method];
    const openings = [];
    for (const one of ballots) {
      const ballot = this.#encode(election, one);
      for (const number of one.by) {
        const salt = hexlify(randomBytes(32));
        const sealedBallot = await box.sealOf(id, number, ballot, salt);
        await act.sent(box.connect(act.keyOf(number)).castBallot(id, sealedBallot));
        if (!unopened.includes(number)) openings.push({ number, ballot, salt });
      }
    }
    const cast = openings.length + unopened.length;
    if (method === "approval") {
      const [known] = await this.contracts.approval.approvalsOf(id);
      act.same(`${name}: ballots that anybody can read while the vote is open`, 0, known);
    }
    await act.tell(`${name}: ${counted(cast, "sealed ballot")}; who is ahead nobody knows`);
    await this.#reach(held, REVEAL);
    await act.sent(box.connect(act.setting.relayer).openMany(id, openings));
    const [sealed, opened] = await box.sealedCount(id);
    act.same(`${name}: sealed ballots`, cast, sealed);
    act.same(`${name}: sealed ballots that were opened`, openings.length, opened);
    await act.tell(
      `${name}: the vote is closed; ${openings.length} of them were opened, ${unopened.length} stay sealed and do not count`,
    );
    await this.#reach(held, CERTIFICATION);
  }

  /** Holds the result, and a recount of it, against the story. */
  async #compare({ id, office, election }: Held): Promise<void> {
    const { act } = this;
    const { name, expected } = election;
    const found = await this.#recount(id);
    const [ballots, order, record] = await this.contracts[election.method].outcome(id);
    const numbers = order.map((option) => election.candidates[Number(option) - 1]);
    act.same(`${name}: ballots that count`, expected.ballots, ballots);
    act.same(`${name}: order of the count`, expected.order.join(", "), numbers.join(", "));
    await this.#compareHolders(`${name}: holders of the office`, office, expected.elected);
    const over = found.passedOver.map(({ number }) => number);
    act.same(`${name}: passed over`, expected.passedOver.join(", "), over.join(", "));
    const tie = this.#compareStages(election, found);
    const why =
      over.length === 0
        ? ""
        : `; passed over: ${listed(found.passedOver.map((one) => `member ${one.number} (${one.why})`))}`;
    await act.tell(
      `${name}: elected ${listed(expected.elected.map((number) => `member ${number}`))}${tie}${why}`,
    );
    act.same(`${name}: recount`, "same", told(found.same));
    act.same(`${name}: digest of the recount`, record, found.digest);
    await act.tell(`${name}: a recount from the chain's events says "${told(found.same)}"`);
  }

  /** Answers what is told of a tie. */
  #compareStages({ name, candidates, expected }: StoryElection, { record, stages }: Recount): string {
    const { tie } = expected;
    if (expected.stages !== undefined) this.act.same(`${name}: stages of the count`, expected.stages, stages);
    if (tie === undefined) return "";
    const values = tie.between.map((number) =>
      votes(record.stages[tie.stage - 1]?.values[candidates.indexOf(number) + 1] ?? 0n),
    );
    const level = tie.between.map(() => tie.votes);
    this.act.same(
      `${name}: votes of members ${listed(tie.between.map((one) => `${one}`))} in stage ${tie.stage}`,
      level.join(", "),
      values.join(", "),
    );
    const moved = record.stages[tie.stage]?.moved ?? 0;
    this.act.same(`${name}: out in the stage after it`, tie.out, candidates[moved - 1]);
    const stays = tie.between.filter((number) => number !== tie.out).map((number) => `member ${number}`);
    return `; ${listed(tie.between.map((number) => `member ${number}`))} came to ${tie.votes} votes each, and ${listed(stays)}, who had had more before, stayed`;
  }

  #encode({ method, candidates }: StoryElection, { for: choices }: StoryBallot): bigint {
    const options = choices.map((number) => (number === 0 ? 0 : candidates.indexOf(number) + 1));
    return method === "approval" ? encodeApprovals(options) : encodeBallot(options, candidates.length);
  }

  async #decide(decision: StoryDecision, actions: readonly { to: string; data: string }[]): Promise<void> {
    const { act } = this;
    const question = await act.propose(decision.by, fileOf(decision), actions);
    await act.open(question);
    await relay(act, question, [await groupOf(act, question, FOR, decision.for)]);
    await act.close(question);
    await act.carryOut(question);
  }

  async #reach({ id }: Held, end: number): Promise<void> {
    const ends = await this.contracts.elections.endsOf(id);
    await this.act.setting.clock.reach(Number(ends[end]));
  }

  async #holds(office: number, number: number): Promise<boolean> {
    return this.contracts.offices.holds(office, this.act.keyOf(number).address);
  }

  async #compareHolders(what: string, office: number, expected: readonly number[]): Promise<void> {
    const holders: number[] = [];
    for (const seat of await this.contracts.offices.seatsOf(office)) {
      const number = Number(seat.number);
      if (number !== 0 && (await this.#holds(office, number))) holders.push(number);
    }
    this.act.same(what, [...expected].sort(ascending).join(", "), holders.sort(ascending).join(", "));
  }

  async #recount(id: bigint): Promise<Recount> {
    const { setting, contracts } = this.act;
    return recount(await sourceAt(setting.ethers, contracts.addresses), id, this.fromBlock);
  }
}

const ascending = (one: number, other: number) => one - other;

const told = (same: boolean) => (same ? "same" : "differs");

/** The text's name in the folder of decisions. */
const fileOf = ({ text }: StoryDecision) => text.replace(/^decisions\//, "");

function definitionOf({ seats, days, maxPerGroup }: StoryElection, description: string) {
  return {
    description,
    seats,
    term: days * DAY,
    termLimit: 2,
    maxPerGroup,
    maxPerOrganisation: 0,
    vacancy: 0,
    recallBps: 500,
    recallWindow: 30 * DAY,
  };
}

function rulesOf({ sealed, seconders }: StoryElection, method: string) {
  return {
    method,
    secret: sealed,
    calendar: true,
    seconds_: seconders.length,
    secondGroups: Math.min(seconders.length, 2),
    secondsByMember: 7,
    minBallots: 5,
    nomination: 7 * DAY,
    acceptance: 3 * DAY,
    objection: 3 * DAY,
    voting: 7 * DAY,
    reveal: 2 * DAY,
    certification: 2 * DAY,
  };
}
