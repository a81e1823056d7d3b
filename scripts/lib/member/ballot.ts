import { Problem } from "../problem.js";
import type { Context } from "./coalition.js";
import { type Judgement, judge, type Standing } from "./standings.js";
import { date, type Moment, momentOf } from "./words.js";

/** `IGovernor.ProposalState`, in its order. */
export const STATES = [
  "pending",
  "active",
  "cancelled",
  "defeated",
  "succeeded",
  "queued",
  "expired",
  "executed",
] as const;
export type State = (typeof STATES)[number];

/** What a receipt of the governor says. */
export const BALLOTS = ["none", "against", "for", "abstain"] as const;
type Ballot = (typeof BALLOTS)[number];

/** What a member can do about a decision, and why. */
export interface BallotFacts {
  readonly id: string;
  readonly state: State;
  readonly opensAt: Moment | undefined;
  readonly closesAt: Moment | undefined;
  /** Whether a ballot of the member would be taken now. */
  readonly canVote: boolean;
  /** Whether the vote is in the electorate and not barred; of a decision that has not opened, as it looks now. */
  readonly standing: Standing;
  /** The member's own. */
  readonly ballot: Ballot;
  /** Whose ballot counts for the member's vote as long as the member casts none. */
  readonly delegate?: { readonly number: number; readonly ballot: Ballot };
  /** The same in plain words. */
  readonly sentences: readonly string[];
}

/** Of whom the sentences speak. */
export interface Voice {
  /** "Your vote" or "The vote of member 7". */
  readonly vote: string;
  /** "You" or "Member 7". */
  readonly who: string;
}

/** What a decision's sentences are made of. Moments in seconds since 1970. */
interface Case extends Judgement {
  readonly voice: Voice;
  readonly state: State;
  readonly opens: number;
  readonly closes: number;
  readonly ballot: Ballot;
  readonly delegate: BallotFacts["delegate"];
  /** Since when the vote counts as it does now, or from when it will. */
  readonly votesFrom: number;
  /** Whether it rests for now, in decisions opened later. */
  readonly paused: boolean;
  /** Whether that is when it matured, and not when it came back after a pause. */
  readonly matured: boolean;
  /** Whether it has the endorsements without which it does not open. */
  readonly admitted: boolean;
}

/**
 * Explains whether a key can vote on a decision.
 * @param id The proposal's id, as the governor gave it.
 */
export async function explainBallot(
  context: Context,
  key: string,
  id: string,
  voice: Voice,
): Promise<BallotFacts> {
  const { agenda, governor, membership } = context.coalition;
  const proposal = readDecision(id);
  const opens = Number(await governor.proposalSnapshot(proposal));
  if (opens === 0) throw new Problem(`No decision has the id ${id}.`);
  const closes = Number(await governor.proposalDeadline(proposal));
  const state = STATES[Number(await governor.state(proposal))] ?? "pending";
  const judgement = await judge(context, key, "vote", opens);
  const { number } = judgement;
  const ballotOf = async (of: number) => BALLOTS[Number(await governor.receiptOf(proposal, of))] ?? "none";
  const ballot = number === 0 ? "none" : await ballotOf(number);
  const by = opens <= context.now ? await delegateAt(context, number, opens) : 0;
  const delegate = by === 0 ? undefined : { number: by, ballot: await ballotOf(by) };
  const entry = number === 0 ? undefined : await membership.member(number);
  const votesFrom = Number(entry?.votesFrom ?? 0);
  const paused = entry !== undefined && entry.pauses !== 0n;
  const { epochLength } = await membership.maturity();
  const matured = votesFrom % Number(epochLength) === 0;
  const { standing } = judgement;
  const admitted = await agenda.isAdmitted(proposal);
  const rest = { opens, closes, ballot, delegate, votesFrom, paused, matured, admitted };
  const all = { ...judgement, ...rest, voice, state };
  return {
    id: proposal.toString(),
    state,
    opensAt: momentOf(opens),
    closesAt: momentOf(closes),
    canVote: state === "active" && standing === "granted",
    standing,
    ballot,
    ...(delegate !== undefined && { delegate }),
    sentences: sentencesOf(all),
  };
}

/** Who casts the ballot for a member who casts none, on a decision that opened at a moment; 0 for nobody. */
async function delegateAt({ coalition }: Context, number: number, opened: number): Promise<number> {
  if (number === 0) return 0;
  const [counted, group] = await coalition.membership.countedAt(number, opened);
  if (!counted) return 0;
  return Number((await coalition.delegations.delegationAt(number, group, opened)).delegate);
}

/** Reads the id of a decision that a person gave. */
export function readDecision(text: string): bigint {
  if (/^(?:\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) return BigInt(text);
  throw new Problem(`--decision is "${text}", allowed: a proposal id, a number or 0x and hexadecimal digits`);
}

function sentencesOf(all: Case): string[] {
  switch (all.state) {
    case "pending":
      return all.admitted
        ? [beforeOpening(all)]
        : [beforeOpening(all), "It lacks endorsements still, without which it does not open."];
    case "active":
      return whileOpen(all);
    case "cancelled":
      return ["The decision was withdrawn before it opened; nobody votes on it."];
    default:
      if (!all.admitted) {
        return [
          `The decision did not open on ${date(all.opens)}: it lacked endorsements. Nobody votes on it.`,
        ];
      }
      return afterClose(all);
  }
}

function beforeOpening({ voice, opens, closes, standing, explanation, votesFrom }: Case): string {
  const opening = `The decision opens on ${date(opens)}`;
  if (standing === "granted") {
    return `${opening}, and closes on ${date(closes)}. ${voice.vote} counts from ${date(votesFrom)} on, so it will count there.`;
  }
  if (standing === "immature") {
    return `${opening}, before ${lower(voice.vote)} matures on ${date(explanation)}; it will not count there.`;
  }
  return `${opening}. As it looks now, ${lower(whyBarred(voice, standing, explanation, opens, closes))}`;
}

function whileOpen(all: Case): string[] {
  const { voice, opens, closes, standing, explanation, votesFrom, paused, matured, ballot, delegate } = all;
  if (standing === "immature") {
    const since = matured
      ? `${lower(voice.vote)} matured on ${date(explanation)}`
      : `${lower(voice.vote)} began to count again on ${date(explanation)}`;
    return [`The decision was opened on ${date(opens)}, before ${since}; it does not count there.`];
  }
  if (standing !== "granted") {
    return [whyBarred(voice, standing, explanation, opens, closes), ...delegated(all, false)];
  }
  const first =
    !paused && votesFrom <= opens
      ? matured
        ? `${voice.vote} matured on ${date(votesFrom)}; the decision was opened on ${date(opens)}, so it counts.`
        : `${voice.vote} has counted since ${date(votesFrom)}; the decision was opened on ${date(opens)}, so it counts.`
      : `${voice.vote} was part of the electorate when the decision was opened on ${date(opens)}, so it counts there, whatever came since.`;
  const until =
    ballot === "none"
      ? `${voice.who} can vote until ${date(closes)}.`
      : `${voice.who} voted ${shown(ballot)} already, and can change that until ${date(closes)}.`;
  return [first, ...(delegate === undefined || ballot !== "none" ? [] : delegated(all, true)), until];
}

function afterClose(all: Case): string[] {
  const { voice, closes, ballot, standing, opens, explanation } = all;
  const closed = `The vote closed on ${date(closes)}; the decision is ${all.state}.`;
  if (ballot !== "none") return [`${closed} ${voice.who} voted ${shown(ballot)}.`];
  const own = voice.who === "You" ? "your own" : "their own";
  const why =
    standing === "immature"
      ? ` ${voice.vote} did not count when it was opened on ${date(opens)}, only from ${date(explanation)} on.`
      : "";
  return [`${closed} ${voice.who} cast no ballot of ${own}.${why}`, ...delegated(all, false)];
}

function delegated({ delegate, voice, ballot }: Case, canVote: boolean): string[] {
  if (delegate === undefined || ballot !== "none") return [];
  const their = delegate.ballot === "none" ? "has not voted" : `voted ${shown(delegate.ballot)}`;
  const unless = canVote ? ` unless ${lower(voice.who)} ${voice.who === "You" ? "vote" : "votes"}` : "";
  return [
    `${voice.vote} was delegated to member ${delegate.number} when the decision was opened; that ballot counts for it${unless}. Member ${delegate.number} ${their}.`,
  ];
}

function whyBarred(
  { vote, who }: Voice,
  standing: Standing,
  explanation: number,
  opens: number,
  closes: number,
): string {
  const your = who === "You" ? "Your" : `${who}'s`;
  const when = date(explanation);
  switch (standing) {
    case "not a member":
      return "This key is not on the roll, so it has no vote.";
    case "ended":
      return `${your} membership ended on ${when}; with it the right to vote.`;
    case "moved to another key":
      return `${your} member number moved to another key on ${when}; that key votes.`;
    case "suspended":
      return explanation <= closes
        ? `${your} right to vote is suspended until ${when}; the decision is open until ${date(closes)}, so there is time after that.`
        : `${your} right to vote is suspended until ${when}, and the decision closes on ${date(closes)}.`;
    case "participant":
      return `${who} ${who === "You" ? "are" : "is"} a participant: ${lower(vote)} comes once the admission policy is met, and counts in decisions opened after it matured.`;
    case "dormant":
      return `${your} membership was confirmed last on ${when} and is dormant since: ${lower(vote)} did not count when the decision was opened on ${date(opens)}. "member confirm" brings it back, for decisions opened later.`;
    case "represented":
      return `An organisation votes instead, with which ${who === "You" ? "you are" : `${lower(who)} is`} affiliated: ${lower(vote)} did not count when the decision was opened on ${date(opens)}.`;
    default:
      return `${vote} does not count there.`;
  }
}

const lower = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

const shown = (ballot: Ballot) => `${ballot.charAt(0).toUpperCase()}${ballot.slice(1)}`;
