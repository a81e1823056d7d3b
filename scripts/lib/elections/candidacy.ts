import { zeroPadValue } from "ethers";
import type { Act, Signed } from "../member/act.js";
import { by } from "../member/act-parts.js";
import type { Context } from "../member/coalition.js";
import { activeMember, memberOf, nameOf } from "../member/lookup.js";
import { counted, date, listed } from "../member/words.js";
import { electionAt } from "./election.js";

/** `ICandidacies.ActKind`, by name. */
const KINDS = { Nominate: 0, Stand: 1, Accept: 2, Second: 3, Withdraw: 4 } as const;

export type NominateMessage = {
  readonly account: string;
  readonly electionId: number;
  readonly nominee: string;
};
/** Of who stands, or accepts: with the digest of a statement. */
export type StatementMessage = {
  readonly account: string;
  readonly electionId: number;
  readonly statement: string;
};
/** Of who seconds a member, or withdraws as that member. */
export type NumberMessage = {
  readonly account: string;
  readonly electionId: number;
  readonly number: number;
};

const field = (name: string, type: string) => ({ name, type });
const COMMON = [field("account", "address"), field("electionId", "uint256")];

/** Refuses an election that there is not; the contract says what else is wrong. */
async function check(context: Context, { electionId }: { readonly electionId: number }): Promise<void> {
  await electionAt(context, BigInt(electionId));
}

/** The call of whoever brings what somebody signed. */
const bring = (
  { coalition }: Context,
  kind: keyof typeof KINDS,
  { account, electionId }: { readonly account: string; readonly electionId: number },
  subject: string,
  { deadline, signature }: Signed,
) =>
  coalition.elections.actBySig.populateTransaction({
    kind: KINDS[kind],
    account,
    electionId,
    subject,
    deadline,
    signature,
  });

const asWord = (number: number) => `0x${number.toString(16).padStart(64, "0")}`;

/** Nominates another member. */
export const NOMINATE: Act<NominateMessage> = {
  name: "nominate",
  desk: "elections",
  type: "Nominate",
  fields: [...COMMON, field("nominee", "address")],
  by,
  async check(context, message) {
    await check(context, message);
    await memberOf(context, message.nominee);
  },
  direct: ({ coalition }, { electionId, nominee }) =>
    coalition.elections.nominate.populateTransaction(electionId, nominee),
  relayed: (context, message, signed) =>
    bring(context, "Nominate", message, zeroPadValue(message.nominee, 32), signed),
  async tell(context, { electionId, nominee }) {
    const member = await memberOf(context, nominee);
    const { lines, facts } = await candidacyOf(context, electionId, member.number);
    return {
      lines: [`${nameOf(context, member)} is nominated, and must accept to be a candidate.`, ...lines],
      facts,
    };
  },
};

const consent = (name: string, type: "Stand" | "Accept", does: string): Act<StatementMessage> => ({
  name,
  desk: "elections",
  type,
  fields: [...COMMON, field("statement", "bytes32")],
  by,
  check,
  direct: ({ coalition: { elections } }, { electionId, statement }) =>
    type === "Stand"
      ? elections.stand.populateTransaction(electionId, statement)
      : elections.accept.populateTransaction(electionId, statement),
  relayed: (context, message, signed) => bring(context, type, message, message.statement, signed),
  async tell(context, { account, electionId, statement }) {
    const member = await memberOf(context, account);
    const { lines, facts } = await candidacyOf(context, electionId, member.number);
    return { lines: [`${nameOf(context, member)} ${does}.`, ...lines], facts: { ...facts, statement } };
  },
});

/** Stands for election: nominates oneself and accepts at once. */
export const STAND = consent("stand", "Stand", "stands for election");

/** Accepts a nomination. */
export const ACCEPT = consent("accept nomination", "Accept", "accepts the nomination");

/** Seconds a nominee. */
export const SECOND: Act<NumberMessage> = {
  name: "second",
  desk: "elections",
  type: "Second",
  fields: [...COMMON, field("number", "uint256")],
  by,
  async check(context, message) {
    await check(context, message);
    await activeMember(context, message.number);
  },
  direct: ({ coalition }, { electionId, number }) =>
    coalition.elections.second.populateTransaction(electionId, number),
  relayed: (context, message, signed) => bring(context, "Second", message, asWord(message.number), signed),
  async tell(context, { account, electionId, number }) {
    const seconder = await memberOf(context, account);
    const { lines, facts } = await candidacyOf(context, electionId, number);
    return {
      lines: [`${nameOf(context, seconder)} seconds member ${number}.`, ...lines],
      facts: { ...facts, by: seconder.number },
    };
  },
};

/** Withdraws, for good. */
export const WITHDRAW: Act<NumberMessage> = {
  name: "withdraw candidacy",
  desk: "elections",
  type: "Withdraw",
  fields: SECOND.fields,
  by,
  check,
  direct: ({ coalition }, { electionId }) => coalition.elections.withdraw.populateTransaction(electionId),
  relayed: (context, message, signed) => bring(context, "Withdraw", message, asWord(message.number), signed),
  async tell(context, { account, electionId }) {
    const member = await memberOf(context, account);
    return {
      lines: [
        `${nameOf(context, member)} withdrew from election ${electionId}, for good. No ballot is spoilt: each counts for whom else it names.`,
      ],
      facts: { election: electionId, number: member.number },
    };
  },
};

/** How far a member is on the way to the ballot. */
export async function candidacyOf(context: Context, electionId: number, number: number) {
  const { coalition, groups, now } = context;
  const nomination = await coalition.elections.nominationOf(electionId, number);
  const { office, ends } = await electionAt(context, BigInt(electionId));
  const rules = await coalition.elections.rulesOf(office);
  const from = groups.filter((_, group) => (nomination.groups >> BigInt(group)) & 1n);
  const facts = {
    election: electionId,
    number,
    accepted: nomination.accepted,
    option: Number(nomination.option),
    seconds: Number(nomination.seconds_),
    groups: from,
  };
  if (nomination.option !== 0n) {
    return { lines: [`Member ${number} is a candidate: option ${nomination.option} on the ballot.`], facts };
  }
  const needed =
    rules.seconds_ === 0n
      ? ""
      : ` It has ${counted(nomination.seconds_, "second")} of ${rules.seconds_}${from.length === 0 ? "" : ` (${listed(from)})`}, from ${counted(rules.secondGroups, "stakeholder group")} at the least.`;
  const waits = nomination.accepted ? "It waits for seconds" : `Member ${number} has not accepted yet`;
  return { lines: [`${waits}; the time for it ends on ${date(ends[1] ?? now)}.${needed}`], facts };
}
