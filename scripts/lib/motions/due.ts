import { STATES } from "../member/ballot.js";
import type { Context } from "../member/coalition.js";
import { date } from "../member/words.js";
import { amendmentAt, type Motion } from "./motion.js";

/** What anybody can do for a motion now. */
export type Step = "put amendment" | "settle" | "put to the vote" | "end silence" | "queue" | "execute";

/** What is due on a motion, or what it waits for. */
export interface Due {
  /** Undefined where nothing is due now. */
  readonly step?: Step;
  /** Of a step about a decision of the governor. */
  readonly proposalId?: bigint;
  readonly amendment?: number;
  /** Until when it is waited, in seconds since 1970, where time alone brings it on. */
  readonly until?: number;
  /** The same in words. */
  readonly sentence: string;
}

/** What is due on a motion, as far as the contracts tell without trying it. */
export async function dueOf(context: Context, motion: Motion): Promise<Due> {
  const { id, stage, closesAt, proposalId } = motion;
  switch (stage) {
    case "draft":
      return { sentence: `It waits for its author, who tables it with "motion table ${id}".` };
    case "tabled":
      return {
        until: closesAt,
        sentence: `It is open for endorsements and amendments until ${date(closesAt)}.`,
      };
    case "closed for amendments":
      return docketDue(context, motion);
    case "silence":
      return silenceDue(context, motion);
    case "put to the vote":
      return decisionDue(context, proposalId, "The decision on the motion");
    default:
      return { sentence: "Nothing more is done with it." };
  }
}

/** Consensus first: too many objections end it at once, and only trying tells whether they are too many. */
function silenceDue({ now }: Context, { silenceUntil, objections }: Motion): Due {
  const waits = `Objections to its adoption without a vote are taken until ${date(silenceUntil)}.`;
  if (now >= silenceUntil || objections > 0)
    return { step: "end silence", until: silenceUntil, sentence: waits };
  return { until: silenceUntil, sentence: waits };
}

async function docketDue(context: Context, { id }: Motion): Promise<Due> {
  const { amendments } = context.coalition;
  const question = Number((await amendments.docketOf(id)).question);
  if (question !== 0) return questionDue(context, question);
  const [next, from] = (await amendments.nextOf(id)).map(Number);
  if (next !== 0) return turnDue(context, Number(next), Number(from));
  if (Number(from) > context.now) {
    return {
      until: Number(from),
      sentence: `Movers can rebase their stale amendments until ${date(Number(from) - 1)}; "motion rebase" does it.`,
    };
  }
  return {
    step: "put to the vote",
    sentence: "No amendment is left to be settled: it can be put to the vote.",
  };
}

function turnDue({ now }: Context, amendment: number, from: number): Due {
  if (now >= from) {
    return { step: "put amendment", amendment, sentence: `It is the turn of amendment ${amendment}.` };
  }
  const sentence = `The next is amendment ${amendment}, whose turn is from ${date(from)} on.`;
  return { amendment, until: from, sentence };
}

async function questionDue(context: Context, amendment: number): Promise<Due> {
  const { state, proposalId, silenceUntil, objections } = await amendmentAt(context, amendment);
  if (state === "silence") {
    const sentence = `Objections to amendment ${amendment} are taken until ${date(silenceUntil)}.`;
    const frame = { amendment, until: silenceUntil, sentence };
    return context.now >= silenceUntil || objections > 0 ? { ...frame, step: "settle" } : frame;
  }
  const due = await decisionDue(context, proposalId, `The decision on amendment ${amendment}`);
  if (due.step !== undefined || due.until !== undefined) return { ...due, amendment };
  return {
    step: "settle",
    amendment,
    proposalId,
    sentence: `The members did not adopt amendment ${amendment}.`,
  };
}

/** What the governor can do with a decision, or waits for; neither where it is final. */
async function decisionDue({ coalition, now }: Context, proposalId: bigint, what: string): Promise<Due> {
  const { governor } = coalition;
  const state = STATES[Number(await governor.state(proposalId))] ?? "pending";
  switch (state) {
    case "pending": {
      const until = Number(await governor.proposalSnapshot(proposalId));
      return { proposalId, until, sentence: `${what} opens for the vote on ${date(until)}.` };
    }
    case "active": {
      const until = Number(await governor.proposalDeadline(proposalId));
      return {
        proposalId,
        until,
        sentence: `${what} is before the members: the vote is open until ${date(until)} ("ballot status --decision ${proposalId}").`,
      };
    }
    case "succeeded":
      return { step: "queue", proposalId, sentence: `${what} has passed, and can be queued.` };
    case "queued": {
      const until = Number(await governor.proposalEta(proposalId));
      if (now >= until) return { step: "execute", proposalId, sentence: `${what} can be carried out.` };
      return {
        proposalId,
        until,
        sentence: `${what} has passed, and can be carried out from ${date(until)} on.`,
      };
    }
    default:
      return { proposalId, sentence: `${what} is ${state}.` };
  }
}
