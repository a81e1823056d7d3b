import { columns } from "../columns.js";
import { readDecision, STATES, type State } from "../member/ballot.js";
import type { Context, Outcome } from "../member/coalition.js";
import { counted, date, type Moment, momentOf } from "../member/words.js";
import { CLASSES } from "../parameters.js";
import { Problem } from "../problem.js";
import { type Endorsements, endorsementsOf, sentenceOn } from "./endorse.js";
import { nameOfClass, paperOf } from "./paper.js";

/** Ballots by choice. */
interface Count {
  readonly for: number;
  readonly against: number;
  readonly abstain: number;
}

/** How a stakeholder group voted. */
export interface GroupResult extends Count {
  readonly group: string;
  /** Whether it was large enough when the vote opened to be heard on its own. */
  readonly heard: boolean;
  readonly agrees: boolean;
}

/** One of the tests that a decision has to stand. */
export interface Test {
  readonly has: number;
  readonly needed: number;
  readonly reached: boolean;
}

/** Everything that decides about a decision. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly state: State;
  readonly class: string;
  readonly opensAt: Moment | undefined;
  readonly closesAt: Moment | undefined;
  /** Whether a late swing moved the close. */
  readonly extended: boolean;
  /** Whether a late swing may move it still, and by how many seconds at the most. */
  readonly extension: number;
  readonly endorsements: Endorsements;
  /** Undefined before the opening. */
  readonly tally?: Tally;
}

interface Tally {
  /** Votes that count. */
  readonly electorate: number;
  readonly total: Count;
  readonly groups: readonly GroupResult[];
  /** For and Abstain. */
  readonly quorum: Test;
  /** For as a share of For and Against, which it must exceed, in basis points. */
  readonly approval: Test;
  /** For as a number of members. */
  readonly approvalFloor: Test;
  /** Groups with more For than Against. */
  readonly concurrence: Test;
  /** Whether the decision passes if it closes like this. */
  readonly passes: boolean;
}

const BPS = 10_000;

/** What is known of a decision, as the governor judges it. */
export async function resultOf(context: Context, decision: string): Promise<Result> {
  const { governor } = context.coalition;
  const id = readDecision(decision);
  const opens = Number(await governor.proposalSnapshot(id));
  if (opens === 0) throw new Problem(`No decision has the id ${decision}.`);
  const [index, rules] = await governor.proposalRules(id);
  const { title, closesAt } = await paperOf(context, `${id}`);
  const opened = opens < context.now;
  const tally = opened ? await tallyOf(context, id, rules) : undefined;
  const extended = opened && (await governor.proposalFrame(id)).extended;
  return {
    id: `${id}`,
    title,
    state: STATES[Number(await governor.state(id))] ?? "pending",
    class: CLASSES[Number(index)] ?? "amendment",
    opensAt: momentOf(opens),
    closesAt,
    extended,
    extension: extended ? 0 : Number(rules.extension),
    endorsements: await endorsementsOf(context, id),
    ...(tally !== undefined && { tally }),
  };
}

type Rules = Awaited<ReturnType<Context["coalition"]["governor"]["proposalRules"]>>[1];

async function tallyOf({ coalition, groups: names }: Context, id: bigint, rules: Rules): Promise<Tally> {
  const { governor } = coalition;
  const { electorate, heard, quorumNeeded } = await governor.proposalFrame(id);
  const groups: GroupResult[] = [];
  for (const [group, name] of names.entries()) {
    const votes = await governor.proposalVotesByGroup(id, group);
    const count = countOf(votes);
    const isHeard = ((heard >> BigInt(group)) & 1n) === 1n;
    groups.push({ group: name, ...count, heard: isHeard, agrees: isHeard && count.for > count.against });
  }
  const total = countOf(await governor.proposalVotes(id));
  const votes = Number(electorate);
  const sides = total.for + total.against;
  const floor = Math.ceil((votes * Number(rules.approvalFloorBps)) / BPS);
  const agreeing = groups.filter(({ agrees }) => agrees).length;
  const wanted = Math.min(Number(rules.concurrence), groups.filter((one) => one.heard).length);
  const quorum = test(total.for + total.abstain, Number(quorumNeeded));
  const approvalFloor = test(total.for, floor);
  const concurrence = test(agreeing, wanted);
  const approval = {
    has: sides === 0 ? 0 : Math.floor((total.for * BPS) / sides),
    needed: Number(rules.approvalBps),
    reached: total.for * BPS > sides * Number(rules.approvalBps),
  };
  const all = [quorum, approval, approvalFloor, concurrence];
  const passes = all.every(({ reached }) => reached);
  return { electorate: votes, total, groups, quorum, approval, approvalFloor, concurrence, passes };
}

const countOf = (votes: { againstVotes: bigint; forVotes: bigint; abstainVotes: bigint }): Count => ({
  for: Number(votes.forVotes),
  against: Number(votes.againstVotes),
  abstain: Number(votes.abstainVotes),
});

const test = (has: number, needed: number): Test => ({ has, needed, reached: has >= needed });

/**
 * Tells how a decision stands, for a person and for a machine.
 * @param voter Somebody who wants to change a ballot by signature, and needs their next nonce for it.
 */
export async function ballotStatus(context: Context, decision: string, voter?: string): Promise<Outcome> {
  const result = await resultOf(context, decision);
  const nonce = voter === undefined ? undefined : Number(await context.coalition.governor.nonces(voter));
  return {
    lines: [
      ...describeResult(result),
      ...(nonce === undefined ? [] : [`The next ballot that names ${voter} has --nonce ${nonce}.`]),
    ],
    facts: { decision: result, ...(nonce !== undefined && { voter, nonce }) },
  };
}

/** How a decision stands, in words. */
export function describeResult(result: Result): string[] {
  const { title, id, state, opensAt, closesAt, tally } = result;
  return [
    `"${title}"`,
    `  decision  ${id}`,
    `  class     ${nameOfClass(result.class)}`,
    `  state     ${state}`,
    `  opens     ${date(opensAt?.seconds ?? 0)}`,
    `  closes    ${date(closesAt?.seconds ?? 0)}${closeNote(result)}`,
    ...(tally === undefined || !result.endorsements.admitted
      ? ["", sentenceOn(result.endorsements)]
      : tableOf(tally, state)),
  ];
}

function closeNote({ extended, extension, state }: Result): string {
  if (extended) return ", extended once because the outcome turned late";
  if (extension === 0 || (state !== "pending" && state !== "active")) return "";
  return `; a ballot in its last ${hours(extension)} that turns the outcome moves it, once`;
}

const hours = (seconds: number) =>
  seconds % 3_600 === 0 ? counted(seconds / 3_600, "hour") : counted(seconds, "second");

function tableOf(tally: Tally, state: State): string[] {
  const { groups, total, electorate, quorum, approval, approvalFloor, concurrence, passes } = tally;
  const rows = groups.map(({ group, heard, agrees, ...count }) => [
    group,
    ...cells(count),
    heard ? (agrees ? "yes" : "no") : "too small to be heard on its own",
  ]);
  const mark = ({ reached }: Test) => (reached ? "reached" : "not reached");
  const percent = (bps: number) => `${(bps / 100).toFixed(bps % 100 === 0 ? 0 : 2)} %`;
  const lines = [
    "",
    ...columns(
      ["stakeholder group", "For", "Against", "Abstain", "more For than Against"],
      [...rows, ["all", ...cells(total), ""]],
    ),
    "",
    `Quorum: ${quorum.has} members voted For or Abstain; ${quorum.needed} are needed of ${electorate} whose votes count: ${mark(quorum)}.`,
    `Approval: ${percent(approval.has)} of those who took sides are For; more than ${percent(approval.needed)} are needed: ${mark(approval)}.`,
  ];
  if (approvalFloor.needed > 0) {
    lines.push(
      `Support: ${approvalFloor.has} members are For; ${approvalFloor.needed} are needed: ${mark(approvalFloor)}.`,
    );
  }
  lines.push(
    concurrence.needed === 0
      ? "Concurrence: not asked for in this class."
      : `Concurrence: ${counted(concurrence.has, "group")} agreed; ${concurrence.needed} are needed: ${mark(concurrence)}.`,
  );
  const verdict = passes ? "passes" : "fails";
  lines.push(
    state === "active" ? `If the vote closed now, the decision ${verdict}.` : `The decision ${verdict}.`,
  );
  return lines;
}

const cells = (count: Count) => [count.for, count.against, count.abstain].map(String);
