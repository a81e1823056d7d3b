import type { Context, Outcome, Person } from "../member/coalition.js";
import { eventIn } from "../member/lookup.js";
import { send, transactionFacts } from "../member/perform.js";
import { counted } from "../member/words.js";
import { boxOf, electionAt } from "./election.js";
import { membersIn } from "./refusals.js";

/**
 * Counts an election to its end, over as many transactions as it takes.
 * @param budget Words of ballots that one transaction reads at the most.
 * @param say Takes the progress, line by line.
 */
export async function count(
  context: Context,
  electionId: bigint,
  budget: number,
  payer: Person,
  say: (line: string) => void,
): Promise<Outcome> {
  const { ranked } = context.coalition;
  const election = await electionAt(context, electionId);
  const box = boxOf(context, election);
  let transactions = 0;
  while (!(await box.isCounted(electionId))) {
    const call = await box.advance.populateTransaction(electionId, budget);
    await send(context, payer, call);
    transactions++;
    // Approvals are counted as they are cast: it is time alone that such a count waits for, and the call says so.
    if (election.method === "approval") break;
    const [stages, , winners] = await ranked.progressOf(electionId);
    say(`Transaction ${transactions}: ${counted(stages, "stage")} complete, ${winners} elected so far.`);
  }
  const [ballots, order] = await box.outcome(electionId);
  const numbers = order.map((option) => election.candidates[Number(option) - 1]?.number ?? 0);
  return {
    lines: [
      `Election ${electionId} is counted: ${counted(ballots, "ballot")}. In the order of the count: ${membersIn(numbers)}.`,
      `"election recount --election ${electionId}" counts it again from the chain's events.`,
    ],
    facts: { election: Number(electionId), ballots: Number(ballots), order: numbers, transactions },
  };
}

/** Seats the winners of an election. */
export async function finish(context: Context, electionId: bigint, payer: Person): Promise<Outcome> {
  const { coalition, contracts } = context;
  const { office, seats } = await electionAt(context, electionId);
  const call = await coalition.elections.finish.populateTransaction(electionId);
  const receipt = await send(context, payer, call);
  const event = eventIn(receipt, contracts.elections, coalition.elections.interface, "ElectionFinished");
  const winners = [...((event?.winners as bigint[] | undefined) ?? [])].map(Number);
  const open = seats - winners.length;
  return {
    lines: [
      `Election ${electionId} is over. Seated in office ${office}: ${membersIn(winners)}.`,
      ...(open > 0 ? [`${counted(open, "seat")} stayed vacant.`] : []),
    ],
    facts: {
      election: Number(electionId),
      office,
      winners,
      record: `${event?.record}`,
      ...transactionFacts(receipt),
    },
  };
}
