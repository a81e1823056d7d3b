import { CLASSES } from "../parameters.js";
import { readEffect } from "./coalition.js";
import type { ChangeFigures, DecisionFigures, EffectFigures, Figure, Trail } from "./figures.js";
import type { Proposal } from "./proposals.js";
import type { Reader } from "./reader.js";
import { type Count, type Decision, type Outcome, SIDES, STATES } from "./types.js";

const BPS = 10_000n;

/** `Right.Vote` of IMembership. */
const VOTE = 2;

/** Everything about one decision. */
export async function readDecision(
  trail: Trail,
  reader: Reader,
  decision: Decision,
): Promise<DecisionFigures> {
  const { story, performance } = trail;
  const proposal = performance.proposal(decision.id);
  const { id } = proposal;
  const groups = story.groups.map((_, index) => index);
  const ask = async (name: string): Promise<Figure<number>> => {
    const { answer, source } = await reader.ask("governor", name, [id]);
    return { value: Number(answer[0]), source };
  };
  const proposer = await reader.ask("governor", "proposalProposer", [id]);
  const opened = await ask("proposalSnapshot");
  const frame = await reader.ask("governor", "proposalFrame", [id]);
  const [electorate, heard, quorum] = [0, 1, 2].map(
    (index): Figure<number> => ({ value: Number(frame.answer[index]), source: frame.source }),
  ) as [Figure<number>, Figure<number>, Figure<number>];
  const votes = await reader.ask("governor", "proposalVotes", [id]);
  const rules = await reader.ask("governor", "proposalRules", [id]);
  const admitted = await reader.ask("agenda", "isAdmitted", [id]);
  const byGroup = await reader.askEach("governor", "proposalVotesByGroup", [id], groups);
  const electorates = await reader.ask("membership", "getPastVotesByGroup", [opened.value]);
  const state = await ask("state");
  const number = await numberBehind(trail, reader, proposer.answer[0]);
  const [ofClass, { approvalBps, approvalFloorBps, concurrence }] = rules.answer;
  const count = countOf(votes.answer);
  const approvalFloor = Number((BigInt(electorate.value) * approvalFloorBps + BPS - 1n) / BPS);
  const groupCounts = byGroup.answers.map(countOf);
  const agreement = agree(groupCounts, heard.value, Number(concurrence));
  return {
    id: decision.id,
    class: { value: CLASSES[Number(ofClass)] ?? "unknown", source: rules.source },
    admitted: { value: admitted.answer[0], source: admitted.source },
    agreement: { value: agreement, source: frame.source },
    title: decision.title,
    proposalId: String(id),
    proposer: { value: number, source: proposer.source },
    opened,
    closed: await ask("proposalDeadline"),
    electorate,
    quorum,
    approvalFloor,
    approvalBps: { value: Number(approvalBps), source: rules.source },
    count: { value: count, source: votes.source },
    byGroup: {
      value: story.groups.map((group, index) => ({
        group,
        electorate: Number(electorates.answer[0][index]),
        count: groupCounts[index],
      })),
      source: byGroup.source,
    },
    electoratesSource: electorates.source,
    state: { value: STATES[state.value], source: state.source },
    outcome: judge(count, quorum.value, approvalFloor, approvalBps, agreement),
    changed: await countChanges(trail, reader, id),
    changes: await readChanges(trail, reader, decision.id, id),
    effects: await readEffects(trail, reader, decision, proposal),
  };
}

function countOf(
  answer: { againstVotes: bigint; forVotes: bigint; abstainVotes: bigint } | Record<string, bigint>,
): Count {
  return {
    against: Number(answer.againstVotes),
    for: Number(answer.forVotes),
    abstain: Number(answer.abstainVotes),
  };
}

/** In how many of the groups that are heard For exceeds Against, and in how many it must. */
export function agree(
  counts: readonly Count[],
  heard: number,
  concurrence: number,
): DecisionFigures["agreement"]["value"] {
  const groups = counts.filter((_, group) => (heard >> group) % 2 === 1);
  return {
    heard: groups.length,
    agreeing: groups.filter((count) => count.for > count.against).length,
    needed: Math.min(concurrence, groups.length),
  };
}

/** The governor's four tests, one after the other: an independent reckoning that its state must agree with. */
export function judge(
  count: Count,
  quorum: number,
  approvalFloor: number,
  approvalBps: bigint,
  { agreeing, needed }: Pick<DecisionFigures["agreement"]["value"], "agreeing" | "needed">,
): Outcome {
  if (count.for + count.abstain < quorum) return "no quorum";
  const sides = BigInt(count.for + count.against);
  if (BigInt(count.for) * BPS <= sides * approvalBps) return "rejected";
  if (count.for < approvalFloor) return "too little approval";
  return agreeing < needed ? "no concurrence" : "passed";
}

/** The number that a key holds, or held last: a proposer or voter may have moved on to another key. */
async function numberBehind({ coalition }: Trail, { block }: Reader, key: string): Promise<number> {
  return Number((await coalition.membership.standingOf(key, VOTE, 0, { blockTag: block }))[1]);
}

/** Ballots on a decision beyond the first of a member, whatever key cast it. */
async function countChanges(trail: Trail, reader: Reader, proposalId: bigint): Promise<Figure<number>> {
  const { governor } = trail.coalition;
  const events = await governor.queryFilter(governor.filters.VoteCast(), trail.fromBlock, reader.block);
  const ballots = events.filter(({ args }) => args.proposalId === proposalId);
  const voters = await Promise.all(ballots.map(({ args }) => numberBehind(trail, reader, args.voter)));
  return {
    value: voters.length - new Set(voters).size,
    source: reader.note(
      `events VoteCast of ${await governor.getAddress()} from block ${trail.fromBlock} on: ballots on the proposal less the members who cast them`,
    ),
  };
}

/** What the members' ballots count as who changed them. */
async function readChanges(
  { performance }: Trail,
  reader: Reader,
  decision: string,
  proposalId: bigint,
): Promise<Figure<readonly ChangeFigures[]>> {
  const numbers = performance.changed.filter((one) => one.decision === decision).map(({ number }) => number);
  if (numbers.length === 0) return { value: [], source: 0 };
  const { answers, source } = await reader.askEach("governor", "receiptOf", [proposalId], numbers);
  // A receipt is the ballot's support plus one; 0 is none.
  const value = numbers.map((number, index) => ({
    number,
    counts: SIDES[Number(answers[index][0]) - 1] ?? "none",
  }));
  return { value, source };
}

async function readEffects(
  { coalition, story }: Trail,
  reader: Reader,
  decision: Decision,
  { before }: Proposal,
): Promise<EffectFigures[]> {
  const figures: EffectFigures[] = [];
  for (const effect of story.expected.decisions[decision.id].effects) {
    const earlier = before.get(effect);
    if (earlier === undefined) throw new Error(`${decision.id} was neither carried out nor closed`);
    const { contract, getter, of, field } = effect;
    figures.push({
      what: `${contract}.${getter}(${of.join(", ")}).${field}`,
      before: { value: earlier.value, source: await reader.noteCall(contract, getter, earlier.block, of) },
      after: {
        value: await readEffect(coalition, effect, reader.block),
        source: await reader.noteCall(contract, getter, reader.block, of),
      },
    });
  }
  return figures;
}
