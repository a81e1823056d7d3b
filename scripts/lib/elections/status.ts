import { Elections__factory, RankedBallots__factory } from "../../../typechain-types/index.js";
import { columns } from "../columns.js";
import type { Context, Outcome } from "../member/coalition.js";
import { judge, whyNot } from "../member/standings.js";
import { counted, date, listed, momentOf } from "../member/words.js";
import { optionsIn } from "./approval-count.js";
import { decodeBallot } from "./ballot-code.js";
import { candidacyOf } from "./candidacy.js";
import { happeningIn } from "./chronicle.js";
import { boxOf, type Election, electionAt, PHASES } from "./election.js";
import { votes } from "./recount.js";
import { doingOf, membersIn } from "./refusals.js";
import type { Claims, Source } from "./source.js";
import { describeChoices } from "./vote.js";

/** A result, and how it came about. */
interface Result {
  readonly ballots: number;
  /** Member numbers, the first ahead of all others. */
  readonly order: readonly number[];
  /** Undefined as long as winners are not seated. */
  readonly winners: readonly number[] | undefined;
  readonly record: string;
  readonly why: readonly string[];
}

const ENDS_AT: Readonly<Partial<Record<Election["phase"], number>>> = {
  nomination: 0,
  acceptance: 1,
  objection: 2,
  voting: 3,
  reveal: 4,
  certification: 5,
};

/**
 * Tells how an election stands, what somebody can do in it now, and once it is counted who was elected and why.
 * @param key Of whom it tells what they can do; of nobody unless given.
 * @param fromBlock The first block of the coalition's deployment.
 */
export async function electionStatus(
  context: Context,
  source: Source,
  electionId: bigint,
  key: string | undefined,
  fromBlock: number,
): Promise<Outcome> {
  const election = await electionAt(context, electionId);
  const { office, seats, phase, ends, candidates, method, secret } = election;
  const claims = await source.claimsOf(method, electionId);
  const result = claims && (await resultOf(source, election, claims, fromBlock));
  const end = ends[ENDS_AT[phase] ?? ends.length];
  const kind = `${secret ? "sealed" : "open"} ballots, ${method === "approval" ? "by approval" : "ranked"}`;
  const todo = key === undefined ? [] : await doable(context, election, key, claims !== undefined);
  return {
    lines: [
      `Election ${electionId} to office ${office}: ${counted(seats, "seat")}, ${kind}.`,
      `Phase: ${phase}, in which ${doingOf(phase)}${end === undefined ? "" : `; until ${date(end)}`}.`.replace(
        "finished, in which it is over",
        "finished",
      ),
      ...(candidates.length === 0 ? ["Nobody is a candidate yet."] : describeCandidates(context, election)),
      ...(result === undefined ? [] : describeResult(result)),
      ...todo,
    ],
    facts: {
      election: Number(electionId),
      office,
      seats,
      method,
      secret,
      announcedAt: momentOf(election.announcedAt),
      phase,
      phaseEndsAt: end === undefined ? undefined : momentOf(end),
      phases: Object.fromEntries(PHASES.slice(2, 8).map((name, index) => [name, momentOf(ends[index] ?? 0)])),
      candidates,
      ...(result !== undefined && { result }),
      ...(key !== undefined && { you: { key, sentences: todo } }),
    },
  };
}

function describeCandidates({ groups }: Context, { candidates }: Election): string[] {
  const rows = candidates.map(({ number, group, state }) => [`${number}`, groups[group] ?? "", state]);
  return columns(["member", "stakeholder group", ""], rows);
}

function describeResult({ ballots, order, winners, why }: Result): string[] {
  return [
    winners === undefined
      ? `Counted: ${counted(ballots, "ballot")}. In the order of the count: ${membersIn(order)}.`
      : `Elected: ${membersIn(winners)}, by ${counted(ballots, "ballot")}. In the order of the count: ${membersIn(order)}.`,
    ...why,
  ];
}

/** The result, and why it is so: approvals, or stage by stage. */
async function resultOf(
  source: Source,
  election: Election,
  claims: Claims,
  fromBlock: number,
): Promise<Result> {
  const { id, candidates, method } = election;
  const topic = `0x${id.toString(16).padStart(64, "0")}`;
  const elections = Elections__factory.createInterface();
  const finishedTopic = elections.getEvent("ElectionFinished").topicHash;
  const [log] = await source.logs([source.contracts.elections], [finishedTopic, topic], fromBlock);
  const finished = log && happeningIn(elections, log);
  const winners = finished === undefined ? undefined : [...finished.args.winners].map(Number);
  const order = claims.order.map((option) => candidates[option - 1]?.number ?? 0);
  const why = method === "approval" ? byApproval(election, claims) : await byStage();
  const passed = order.slice(0, order.findLastIndex((number) => winners?.includes(number)) + 1);
  const over = passed.filter((number) => !winners?.includes(number));
  return {
    ballots: Number(claims.ballots),
    order,
    winners,
    record: claims.record,
    why: [
      ...why,
      ...(winners === undefined || over.length === 0
        ? []
        : [
            `Passed over: ${membersIn(over)}, who withdrew, lost the right to stand or would have broken the balance of the office; "election recount --election ${id}" says which.`,
          ]),
    ],
  };

  async function byStage(): Promise<string[]> {
    const ranked = RankedBallots__factory.createInterface();
    const stageTopic = ranked.getEvent("StageCounted").topicHash;
    const logs = await source.logs([source.contracts.ranked], [stageTopic, topic], fromBlock);
    let before = 0n;
    return logs.flatMap((one) => {
      const stage = happeningIn(ranked, one);
      if (stage === undefined) return [];
      const { moved, elected } = stage.args;
      const values: readonly bigint[] = [...stage.args[3]];
      const fresh = optionsIn(elected & ~before);
      const what =
        Number(moved) === 255
          ? "first preferences"
          : optionsIn(before).includes(Number(moved))
            ? `the surplus of ${nameIn(election, Number(moved))} moves on`
            : `${nameIn(election, Number(moved))} is out, and those ballots move on`;
      before = elected;
      const held = values.flatMap((value, option) =>
        value === 0n ? [] : [`${nameIn(election, option)} ${votes(value)}`],
      );
      const chosen =
        fresh.length === 0 ? "" : `; elected: ${listed(fresh.map((option) => nameIn(election, option)))}`;
      return [`Stage ${stage.args.stage}, ${what}: ${held.join(", ") || "nobody holds anything"}${chosen}.`];
    });
  }
}

function byApproval(election: Election, { approvals = [], order }: Claims): string[] {
  const line = (option: number) =>
    `${nameIn(election, option)} ${counted(approvals[option] ?? 0n, "approval")}`;
  const behind = election.candidates.map(({ option }) => option).filter((option) => !order.includes(option));
  return [
    `Ahead of "re-open nominations" (${counted(approvals[0] ?? 0n, "approval")}): ${order.length === 0 ? "nobody" : order.map(line).join(", ")}.`,
    ...(behind.length === 0 ? [] : [`Not ahead of it, so not elected: ${behind.map(line).join(", ")}.`]),
  ];
}

const nameIn = ({ candidates }: Election, option: number) =>
  option === 0 ? '"re-open nominations"' : `member ${candidates[option - 1]?.number}`;

/** What a key can do in an election now. */
async function doable(
  context: Context,
  election: Election,
  key: string,
  isCounted: boolean,
): Promise<string[]> {
  const { id, phase, announcedAt } = election;
  const { number, standing, explanation } = await judge(context, key, "vote", announcedAt);
  const mayVote = standing === "granted";
  const cannot = `${key} ${whyNot(standing, explanation)}; those take part who could vote when the election was announced, on ${date(announcedAt)}.`;
  switch (phase) {
    case "nomination":
    case "acceptance": {
      const nomination = await context.coalition.elections.nominationOf(id, number);
      const own =
        nomination.nominated && !nomination.withdrawn && !nomination.struck
          ? (await candidacyOf(context, Number(id), number)).lines
          : [];
      const accept =
        nomination.nominated && !nomination.accepted ? ['You are nominated: "election accept".'] : [];
      if (!mayVote) return [...own, cannot];
      return [
        ...own,
        ...accept,
        phase === "nomination"
          ? 'You can stand ("election stand"), nominate others ("election nominate") and second nominees ("election second").'
          : 'You can second nominees ("election second"); no new names any more.',
      ];
    }
    case "objection":
      return [mayVote ? "Members can object to candidates; the vote comes next." : cannot];
    case "voting":
    case "reveal":
      return mayVote ? ballotLines(context, election, number) : [cannot];
    case "certification":
    case "finishing":
      return [
        ...(isCounted ? [] : [`Anybody can count: "election count --election ${id}".`]),
        ...(isCounted ? [`Anybody can recount: "election recount --election ${id}".`] : []),
        ...(phase === "finishing" && isCounted
          ? [`Anybody can have the winners seated: "election finish --election ${id}".`]
          : []),
      ];
    default:
      return [];
  }
}

async function ballotLines(context: Context, election: Election, number: number): Promise<string[]> {
  const box = boxOf(context, election);
  const { id, phase, secret, method, candidates } = election;
  const isSealed = (await box.sealedBallotOf(id, number)) !== 0n;
  const ballot = await box.ballotOf(id, number);
  if (phase === "reveal") {
    if (!secret) return ["The vote is over; what members committed to the lot is opened now."];
    if (isSealed) return ['Your ballot is sealed: open it now, with "election open", or it does not count.'];
    return [ballot === 0n ? "You did not vote." : "Your ballot is open, and counts."];
  }
  if (isSealed)
    return ["You cast a sealed ballot; you can change it until the close, and open it after that."];
  if (ballot === 0n) return [`You can vote: "election vote --election ${id} --for …".`];
  const options = method === "approval" ? optionsIn(ballot) : decodeBallot(ballot, candidates.length);
  return [`You voted: ${describeChoices(election, options)}. You can change that until the close.`];
}
