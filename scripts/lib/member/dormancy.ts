import { Problem } from "../problem.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { activeMember } from "./lookup.js";
import { send, transactionFacts } from "./perform.js";
import { counted, date, listed } from "./words.js";

/** Most members whom one transaction marks. */
const MOST = 64;

/** Marks overdue members as dormant; anybody may. */
export async function markDormant(
  context: Context,
  numbers: readonly number[],
  payer: Person,
): Promise<Outcome> {
  const { confirmations, membership } = context.coalition;
  if (numbers.length === 0 || numbers.length > MOST) {
    throw new Problem(`--mark-dormant holds ${counted(numbers.length, "number")}, allowed: 1 to ${MOST}`);
  }
  for (const number of numbers) {
    const { pauses } = await activeMember(context, number);
    if (await confirmations.isOverdue(number)) continue;
    const due = await confirmations.dueAt(number);
    throw new Problem(
      pauses.length > 0
        ? `Member ${number} has no vote that could become dormant: ${listed(pauses)} already.`
        : `Member ${number} is not overdue: the confirmation is due by ${date(due)}.`,
    );
  }
  const receipt = await send(
    context,
    payer,
    await confirmations.markDormant.populateTransaction([...numbers]),
  );
  const topic = membership.interface.getEvent("VotePaused").topicHash;
  const marked = receipt.logs
    .filter(({ topics }) => topics[0] === topic)
    .map(({ topics }) => Number(topics[1]));
  return {
    lines: [
      `Dormant from now on, in decisions opened later: member ${listed(marked.map(String))}. They come back by "member confirm".`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { act: "mark dormant", marked, ...transactionFacts(receipt) },
  };
}
