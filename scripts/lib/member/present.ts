import { Problem } from "../problem.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { JOIN, type JoinMessage } from "./join.js";
import { type Member, memberAt, nameOf } from "./lookup.js";
import { perform, send, transactionFacts } from "./perform.js";
import { admits, policyInForce, unmet } from "./policy.js";
import { enterQueue, requireParticipant } from "./qualify.js";
import { inPlainWords } from "./refusals.js";
import {
  readStatement,
  requireAbout,
  requireHeard,
  requirePresentable,
  type SignedStatement,
} from "./statement.js";
import { date, momentOf } from "./words.js";

/** A statement in a file, and what a policy of another make wants to see besides. */
export interface Proof {
  readonly path: string;
  readonly evidence: string;
}

/**
 * Presents an issuer's statement about a participant, and enters them in the queue for the vote where the policy in
 * force is met then; anybody may, for anybody. Given again after an interruption it goes on where it was.
 */
export async function qualifyWith(
  context: Context,
  number: number,
  { path, evidence }: Proof,
  payer: Person,
): Promise<Outcome> {
  const statement = await readStatement(context, path);
  const policy = await policyInForce(context);
  const member = await requireParticipant(context, number);
  requireHeard(policy);
  const wasPresented = await requirePresentable(context, statement, member);
  const presented = wasPresented
    ? presentedBefore(statement)
    : await present(context, statement, member, payer);
  if (await inPlainWords(context, () => admits(context, number, evidence))) {
    const entered = await enterQueue(context, member, evidence, payer);
    return {
      lines: [...presented.lines, ...entered.lines],
      facts: { ...entered.facts, qualified: true, statement: presented.facts },
    };
  }
  const wanting = unmet(`Member ${number}`, policy);
  if (wasPresented) throw new Problem(`The statement was presented before. ${wanting}`);
  return {
    lines: [
      ...presented.lines,
      wanting,
      `When it is met, anybody enters the member in the vote's queue: member qualify --number ${number}`,
    ],
    facts: { act: "qualify", number, policy, qualified: false, statement: presented.facts },
  };
}

/**
 * Joins the roll, presents an issuer's statement about the new member, and enters them in the queue for the vote where
 * the policy in force is met then. Given again after an interruption it goes on where it was.
 */
export async function joinWith(
  context: Context,
  message: JoinMessage,
  path: string,
  by: Person,
): Promise<Outcome> {
  const statement = await readStatement(context, path);
  const known = Number(await context.coalition.membership.numberOf(message.account));
  const joined =
    known === 0
      ? await joinNow(context, message, statement, by)
      : await joinedBefore(context, message, statement, known);
  const number = Number(joined.facts.number);
  const { pauses } = await memberAt(context, number);
  if (!pauses.includes("participant")) return joined;
  try {
    const proof = { path, evidence: message.evidence };
    const { lines, facts: qualification } = await qualifyWith(context, number, proof, by);
    return { lines: [...joined.lines, ...lines], facts: { ...joined.facts, qualification } };
  } catch (error) {
    if (known !== 0 || !(error instanceof Problem)) throw error;
    throw new Problem(`${joined.lines[0]} What was to follow did not: ${error.message}`);
  }
}

async function joinNow(
  context: Context,
  message: JoinMessage,
  statement: SignedStatement,
  by: Person,
): Promise<Outcome> {
  const { account: key, group } = message;
  requireHeard(await policyInForce(context));
  await requirePresentable(context, statement, { number: 0, key, group, organisation: false });
  const { lines, facts } = await perform(context, JOIN, message, by);
  if (facts.participant === false) return { lines, facts };
  // Between the first and the last they say how to get the vote, which is what happens next.
  return { lines: [lines[0] ?? "", lines.at(-1) ?? ""], facts };
}

async function joinedBefore(
  context: Context,
  { account, group }: JoinMessage,
  statement: SignedStatement,
  number: number,
): Promise<Outcome> {
  const member = await memberAt(context, number);
  requireAbout(statement, member);
  if (member.group !== group) {
    throw new Problem(
      `${account} is on the roll already, as ${nameOf(context, member)}; you said ${context.groups[group]}.`,
    );
  }
  const participant = member.pauses.includes("participant");
  const { votesFrom } = member;
  const since = votesFrom > context.now ? "matures on" : "has counted since";
  return {
    lines: [
      `${account} is ${nameOf(context, member)} already.`,
      ...(participant ? [] : [`Nothing is left to do: the vote ${since} ${date(votesFrom)}.`]),
    ],
    facts: {
      act: JOIN.name,
      number,
      key: account,
      group: { index: group, name: context.groups[group] },
      participant,
      ...(participant ? {} : { votesFrom: momentOf(votesFrom) }),
    },
  };
}

async function present(
  context: Context,
  { issuer, message, signature }: SignedStatement,
  member: Member,
  payer: Person,
): Promise<Outcome> {
  const { attested } = context.coalition;
  const { account, group, organisation, id, expires } = message;
  const { number } = member;
  if (payer.address !== account && (await attested.admits(number, account, group, "0x"))) {
    const standing = await attested.statementOf(number);
    throw new Problem(
      `Member ${number} has a statement that admits already (${standing.id} of ${standing.issuer}, valid until ` +
        `${date(standing.expires)}); only the member puts another in its place. Leave --statement out.`,
    );
  }
  const receipt = await send(
    context,
    payer,
    await attested.present.populateTransaction(account, issuer, group, organisation, id, expires, signature),
  );
  return {
    lines: [
      `The statement of ${issuer} was presented for ${nameOf(context, member)}, and is used up by that; it is valid until ${date(expires)}.`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { issuer, id, expires: momentOf(expires), before: false, ...transactionFacts(receipt) },
  };
}

function presentedBefore({ issuer, message: { id, expires } }: SignedStatement): Outcome {
  return {
    lines: [`The statement of ${issuer} was presented before; going on from there.`],
    facts: { issuer, id, expires: momentOf(expires), before: true },
  };
}
