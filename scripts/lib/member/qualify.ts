import { Problem } from "../problem.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { activeMember, eventIn, type Member, nameOf } from "./lookup.js";
import { send, transactionFacts } from "./perform.js";
import { admits, policyInForce, unmet } from "./policy.js";
import { inPlainWords } from "./refusals.js";
import { date, momentOf } from "./words.js";

/** Enters a participant who meets the admission policy in the queue for the vote; anybody may, for anybody. */
export async function qualify(
  context: Context,
  number: number,
  evidence: string,
  payer: Person,
): Promise<Outcome> {
  const member = await requireParticipant(context, number);
  if (!(await inPlainWords(context, () => admits(context, number, evidence)))) {
    throw new Problem(unmet(`Member ${number}`, await policyInForce(context)));
  }
  return enterQueue(context, member, evidence, payer);
}

/** A member who has no vote for want of admission, and for nothing else; refuses everybody else. */
export async function requireParticipant(context: Context, number: number): Promise<Member> {
  const member = await activeMember(context, number);
  if (!member.pauses.includes("participant")) {
    throw new Problem(`Member ${number} is no participant: in the queue for the vote already, or voting.`);
  }
  const others = member.pauses.filter((pause) => pause !== "participant");
  if (others.length === 0) return member;
  throw new Problem(`Member ${number} is ${others.join(" and ")} as well; that has to end first.`);
}

/** Enters a participant in the queue for the vote, whom the policy in force admits. */
export async function enterQueue(
  context: Context,
  member: Member,
  evidence: string,
  payer: Person,
): Promise<Outcome> {
  const { membership } = context.coalition;
  const { number } = member;
  const policy = await policyInForce(context);
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
