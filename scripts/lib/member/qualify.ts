import { Problem } from "../problem.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { activeMember, eventIn, nameOf } from "./lookup.js";
import { send, transactionFacts } from "./perform.js";
import { admits, policyInForce } from "./policy.js";
import { date, momentOf } from "./words.js";

/** Enters a participant who meets the admission policy in the queue for the vote; anybody may, for anybody. */
export async function qualify(
  context: Context,
  number: number,
  evidence: string,
  payer: Person,
): Promise<Outcome> {
  const member = await activeMember(context, number);
  if (!member.pauses.includes("participant")) {
    throw new Problem(`Member ${number} is no participant: in the queue for the vote already, or voting.`);
  }
  const others = member.pauses.filter((pause) => pause !== "participant");
  if (others.length > 0) {
    throw new Problem(`Member ${number} is ${others.join(" and ")} as well; that has to end first.`);
  }
  const policy = await policyInForce(context);
  if (!(await admits(context, number, evidence))) {
    throw new Problem(
      `Member ${number} does not meet the admission policy in force (${policy.name}) yet, which wants ${policy.wants}.`,
    );
  }
  const { membership } = context.coalition;
  const receipt = await send(context, payer, await membership.qualify.populateTransaction(number, evidence));
  const event = eventIn(receipt, context.contracts.membership, membership.interface, "MemberQualified");
  const votesFrom = Number(event?.votesFrom);
  return {
    lines: [
      `${nameOf(context, member)} is in the queue for the vote, which matures on ${date(votesFrom)}.`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: {
      act: "qualify",
      number,
      policy,
      votesFrom: momentOf(votesFrom),
      ...transactionFacts(receipt),
    },
  };
}
