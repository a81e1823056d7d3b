import {
  type ContractTransaction,
  type ErrorDescription,
  id as hashOf,
  type TransactionReceipt,
} from "ethers";
import { paperOf } from "../ballots/paper.js";
import type { Context, Outcome, Person } from "../member/coalition.js";
import { eventIn } from "../member/lookup.js";
import { send, transactionFacts } from "../member/perform.js";
import { sentenceOf } from "../member/refusals.js";
import { decode } from "../member/revert.js";
import type { Session } from "../member/session.js";
import { date, momentOf } from "../member/words.js";
import { Problem } from "../problem.js";
import { listOf } from "./act-parts.js";
import { NO_ACTIONS } from "./actions.js";
import { type Due, dueOf } from "./due.js";
import { type Motion, motionAt, refreshed } from "./motion.js";
import { actionsIn, presentOf, recordOf } from "./record.js";

/** A call that does what is due, and how it is told of. */
interface Deed {
  readonly call: ContractTransaction;
  readonly tell: (context: Context, receipt: TransactionReceipt) => Promise<string>;
}

/** Refusals that only say that it is too early still: nobody did anything wrong. */
const EARLY = ["MotionsNoConsensus", "AmendmentsSilent", "AmendmentsUndecided", "AmendmentsNothingDue"];

/**
 * Does for a motion what is due: anybody may. Tells what was done, or what is waited for and until when.
 * @param payer Who sends it.
 */
export async function next(session: Session, id: number, payer: Person): Promise<Outcome> {
  const motion = await motionAt(session, id);
  const due = await dueOf(session, motion);
  const waits = (sentence: string): Outcome => ({
    lines: [`Nothing is due on motion ${id} now. ${sentence}`],
    facts: { motion: id, stage: motion.stage, did: undefined, ...waitingFacts(due), sentence },
  });
  if (due.step === undefined) return waits(due.sentence);
  const deeds = await deedsOf(session, motion, due);
  for (const { call, tell } of deeds) {
    const refusal = await refusalOf(session, payer, call);
    if (refusal !== undefined) {
      if (EARLY.includes(refusal.name)) continue;
      throw new Problem(await sentenceOf(refusal, session));
    }
    const receipt = await send(session, payer, call);
    const after = await refreshed(session);
    const [did, then] = [await tell(after, receipt), await dueOf(after, await motionAt(after, id))];
    return {
      lines: [did, then.sentence, `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`],
      facts: { motion: id, step: due.step, did, ...waitingFacts(then), ...transactionFacts(receipt) },
    };
  }
  return waits(due.sentence);
}

const waitingFacts = ({ step, until, sentence }: Due) => ({
  next: { due: step, until: momentOf(until ?? 0), sentence },
});

/** The error with which a contract would refuse a call now; undefined if it would not. */
async function refusalOf(
  { coalition }: Context,
  payer: Person,
  call: ContractTransaction,
): Promise<ErrorDescription | undefined> {
  try {
    await payer.estimateGas(call);
    return undefined;
  } catch (error) {
    const refusal = decode(error, coalition);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

/** The calls that do what is due; where only trying tells which one, each of them. */
async function deedsOf(session: Session, motion: Motion, due: Due): Promise<Deed[]> {
  const { id } = motion;
  const { motions, amendments } = session.coalition;
  switch (due.step) {
    case "put amendment":
      return [
        {
          call: await amendments.putNext.populateTransaction(id),
          tell: async () => `Amendment ${due.amendment} to motion ${id} is before the members now.`,
        },
      ];
    case "settle":
      return [
        {
          call: await amendments.settle.populateTransaction(id),
          tell: (context, receipt) => tellSettled(context, receipt, due.amendment ?? 0),
        },
      ];
    case "put to the vote":
      return [await put(session, motion)];
    case "end silence":
      return [
        {
          call: await motions.adopt.populateTransaction(id),
          tell: async (context) =>
            `Too few objected: motion ${id} is adopted without a vote, as resolution ${(await motionAt(context, id)).resolution}.`,
        },
        await put(session, motion),
      ];
    default:
      return [await carry(session, due.proposalId ?? 0n, due.step === "queue" ? "queue" : "execute")];
  }
}

/** Puts a motion to the vote, in the words of its last revision, with the actions that its events have. */
async function put(session: Session, motion: Motion): Promise<Deed> {
  const { id } = motion;
  const list = await lastActions(session, motion);
  return {
    call: await session.coalition.motions.putToVote.populateTransaction(id, list),
    tell: async (context) => {
      const { silenceUntil, stage, revision, proposalId } = await motionAt(context, id);
      return stage === "silence"
        ? `Motion ${id} seeks consensus first, in revision ${revision}: it is adopted unless enough members object until ${date(silenceUntil)}.`
        : `Motion ${id} is put to the vote in revision ${revision}: decision ${proposalId}.`;
    },
  };
}

/** The actions of the last revision; of one without any nothing need be looked up. */
async function lastActions(session: Session, { id, actions }: Motion) {
  return listOf(BigInt(actions) === 0n ? NO_ACTIONS : actionsIn(presentOf(await recordOf(session), id)));
}

async function carry(context: Context, proposalId: bigint, step: "queue" | "execute"): Promise<Deed> {
  const { governor } = context.coalition;
  const { proposal } = await paperOf(context, `${proposalId}`);
  const parts: Parameters<typeof governor.queue> = [
    [...proposal.targets],
    [...proposal.values],
    [...proposal.calldatas],
    hashOf(proposal.description),
  ];
  return {
    call: await governor[step].populateTransaction(...parts),
    tell: async () =>
      step === "queue" ? `Decision ${proposalId} is queued.` : `Decision ${proposalId} is carried out.`,
  };
}

async function tellSettled(
  context: Context,
  receipt: TransactionReceipt,
  amendment: number,
): Promise<string> {
  const { contracts, coalition } = context;
  const event = (name: string) =>
    eventIn(receipt, contracts.amendments, coalition.amendments.interface, name);
  if (event("AmendmentAdopted") !== undefined) {
    return `Too few objected: amendment ${amendment} is adopted without a vote.`;
  }
  return event("AmendmentRejected") === undefined
    ? `Enough members objected: amendment ${amendment} goes to the vote.`
    : `Amendment ${amendment} is rejected.`;
}

/** Of calls of the charter: whether another one is about the same clause, which their first two arguments name. */
const sameClause =
  (call = "0x") =>
  (other: string) =>
    other.slice(10, 138) === call.slice(10, 138);

/**
 * Sends a motion back to its author: a clause that an action of it changes has moved since. Anybody may.
 * @param payer Who sends it.
 */
export async function sendBack(session: Session, id: number, payer: Person): Promise<Outcome> {
  const list = await lastActions(session, await motionAt(session, id));
  const { motions, charter } = session.coalition;
  const own = (await motions.charter()).toLowerCase();
  const moved = await Promise.all(
    list.targets.map(
      async (target, at) => target.toLowerCase() === own && charter.hasMoved(list.calldatas[at] ?? "0x"),
    ),
  );
  // A later change of the same clause is written against the earlier one.
  const index = moved.findIndex(
    (one, at) => one && !list.calldatas.slice(0, at).some(sameClause(list.calldatas[at])),
  );
  if (index < 0) {
    throw new Problem(`No action of motion ${id} changes a clause that has moved since it was written.`);
  }
  const receipt = await send(session, payer, await motions.sendBack.populateTransaction(id, list, index));
  const { revision, closesAt } = await motionAt(session, id);
  return {
    lines: [
      `Motion ${id} is sent back: the clause that its action ${index + 1} changes has moved. It is revision ${revision} now, open for amendments until ${date(closesAt)}.`,
      `Its author writes it against the clause as it is now: "charter change", then "motion revise ${id} --actions".`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: {
      motion: id,
      action: index + 1,
      revision,
      closesAt: momentOf(closesAt),
      ...transactionFacts(receipt),
    },
  };
}
