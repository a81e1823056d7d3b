import { Problem } from "../problem.js";
import type { Act } from "./act.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { requireGuardian } from "./guardians.js";
import { activeMember, memberOf, requireNewcomer } from "./lookup.js";
import { send, transactionFacts } from "./perform.js";
import { date, momentOf } from "./words.js";

/** What a guardian signs: the number and the key that it is to move to. */
export type GuardianMessage = {
  readonly guardian: string;
  readonly number: number;
  readonly newKey: string;
};

/** What a member signs to say no. */
export type VetoMessage = { readonly account: string; readonly number: number; readonly newKey: string };

/** What a key signs to claim a number in public. */
export type ClaimMessage = {
  readonly number: number;
  readonly newKey: string;
  readonly reasonDigest: string;
};

const TARGET = [
  { name: "number", type: "uint256" },
  { name: "newKey", type: "address" },
];
const GUARDIAN = [{ name: "guardian", type: "address" }, ...TARGET];

/** A guardian asks that a number move to a new key, which consents. */
export const REQUEST_RECOVERY: Act<GuardianMessage> = {
  name: "recover",
  desk: "recovery",
  type: "Request",
  fields: GUARDIAN,
  consent: {
    type: "Recover",
    fields: TARGET,
    by: ({ newKey }) => newKey,
    command: ({ number }) => `member recover --consent --request ${number} --out <file>`,
  },
  by: async (_, { guardian }) => guardian,

  async check(context, { guardian, number, newKey }) {
    await activeMember(context, number);
    await requireGuardian(context, number, guardian);
    await requireNewcomer(context, newKey);
    const pending = await requestOf(context, number);
    if (pending === undefined || pending.readyAt === 0) return;
    throw new Problem(
      `A recovery of member ${number} by ${pending.newKey} has all it needs already, and can be completed from ${date(pending.readyAt)} on.`,
    );
  },

  direct: ({ coalition }, { number, newKey }, consent) =>
    coalition.recovery.request.populateTransaction(
      number,
      newKey,
      consent?.deadline ?? 0,
      consent?.signature ?? "0x",
    ),

  relayed: ({ coalition }, { guardian, number, newKey }, { deadline, signature }, consent) =>
    coalition.recovery.requestBySig.populateTransaction(
      guardian,
      number,
      newKey,
      deadline,
      signature,
      consent?.signature ?? "0x",
    ),

  tell: (context, { number }) => tellRequest(context, number),
};

/** A guardian approves what another one asked for. */
export const APPROVE_RECOVERY: Act<GuardianMessage> = {
  name: "approve recovery",
  desk: "recovery",
  type: "Approve",
  fields: GUARDIAN,
  by: async (_, { guardian }) => guardian,

  async check(context, { guardian, number, newKey }) {
    const pending = await requireRequest(context, number);
    if (pending.newKey !== newKey) {
      throw new Problem(
        `The request for member ${number} names the key ${pending.newKey}, not ${newKey}. Ask the member, by another way, which is theirs.`,
      );
    }
    await requireGuardian(context, number, guardian);
  },

  direct: ({ coalition }, { number, newKey }) =>
    coalition.recovery.approve.populateTransaction(number, newKey),

  relayed: ({ coalition }, { guardian, number, newKey }, { deadline, signature }) =>
    coalition.recovery.approveBySig.populateTransaction(guardian, number, newKey, deadline, signature),

  tell: (context, { number }) => tellRequest(context, number),
};

/** Whoever holds the number says no. */
export const VETO_RECOVERY: Act<VetoMessage> = {
  name: "veto recovery",
  desk: "recovery",
  type: "Veto",
  fields: [{ name: "account", type: "address" }, ...TARGET],
  by: async (_, { account }) => account,

  async check(context, { account, number, newKey }) {
    const { number: own } = await memberOf(context, account);
    if (own !== number) {
      throw new Problem(`${account} is member ${own}; only the key of member ${number} can say no for it.`);
    }
    const pending = await requireRequest(context, number);
    if (pending.newKey !== newKey) {
      throw new Problem(
        `The request for member ${number} is one for ${pending.newKey} now, not for ${newKey}.`,
      );
    }
  },

  direct: ({ coalition }, { number }) => coalition.recovery.veto.populateTransaction(number),

  relayed: ({ coalition }, { account, number, newKey }, { deadline, signature }) =>
    coalition.recovery.vetoBySig.populateTransaction(account, number, newKey, deadline, signature),

  tell: async (_, { number, newKey }) => ({
    lines: [
      `Member ${number} said no: the recovery by ${newKey} is over.`,
      "Whoever asked for it may try again. Name other guardians if they are not to be trusted any more.",
    ],
    facts: { number, newKey, vetoed: true },
  }),
};

/** A key claims a number in public, so that the members can decide. */
export const CLAIM_NUMBER: Act<ClaimMessage> = {
  name: "claim number",
  desk: "recovery",
  type: "Claim",
  fields: [...TARGET, { name: "reasonDigest", type: "bytes32" }],
  by: async (_, { newKey }) => newKey,

  async check(context, { number, newKey }) {
    await activeMember(context, number);
    await requireNewcomer(context, newKey);
    const { guardians } = await context.coalition.recovery.guardiansOf(number);
    if (guardians.length === 0) return;
    throw new Problem(
      `Member ${number} has named guardians, so recovery is theirs: one of them gives "member recover --request ${number}".`,
    );
  },

  direct: ({ coalition }, { number, reasonDigest }) =>
    coalition.recovery.claim.populateTransaction(number, reasonDigest),

  relayed: ({ coalition }, { number, newKey, reasonDigest }, { deadline, signature }) =>
    coalition.recovery.claimBySig.populateTransaction(number, newKey, reasonDigest, deadline, signature),

  async tell({ contracts, coalition }, { number, newKey, reasonDigest }) {
    const call = coalition.recovery.interface.encodeFunctionData("decide", [number, newKey]);
    return {
      lines: [
        `${newKey} claims member number ${number}, for the reasons with digest ${reasonDigest}; publish them.`,
        "The members grant it by a decision with this action, to be proposed by a member whose vote counts:",
        `  target ${contracts.recovery}  data ${call}`,
      ],
      facts: { number, newKey, reasonDigest, action: { target: contracts.recovery, data: call } },
    };
  },
};

/** Completes a recovery whose delay is over; anybody may. */
export async function completeRecovery(context: Context, number: number, payer: Person): Promise<Outcome> {
  const { newKey, readyAt } = await requireRequest(context, number);
  if (readyAt === 0) {
    const { threshold } = await context.coalition.recovery.guardiansOf(number);
    throw new Problem(
      `The recovery of member ${number} lacks approvals still: it needs those of ${threshold} guardians.`,
    );
  }
  if (readyAt > context.now) {
    throw new Problem(
      `The recovery of member ${number} can be completed from ${date(readyAt)} on, unless the old key says no.`,
    );
  }
  await requireNewcomer(context, newKey);
  const call = await context.coalition.recovery.complete.populateTransaction(number);
  const receipt = await send(context, payer, call);
  return {
    lines: [
      `Member ${number} is ${newKey} from now on. Number, group, vote and ballots stay as they were.`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { act: "complete recovery", number, key: newKey, ...transactionFacts(receipt) },
  };
}

/** A request to move a number. Moments in seconds since 1970. */
export interface PendingRecovery {
  readonly newKey: string;
  readonly approvals: number;
  /** 0 as long as approvals are missing. */
  readonly readyAt: number;
  readonly lapsesAt: number;
  readonly origin: "guardians" | "members";
}

/** The request that stands for a number; undefined if none does. */
export async function requestOf(
  { coalition }: Context,
  number: number,
): Promise<PendingRecovery | undefined> {
  const { newKey, approvals, readyAt, lapsesAt, origin } = await coalition.recovery.requestOf(number);
  if (lapsesAt === 0n) return undefined;
  return {
    newKey,
    approvals: Number(approvals),
    readyAt: Number(readyAt),
    lapsesAt: Number(lapsesAt),
    origin: origin === 0n ? "guardians" : "members",
  };
}

/** The request that stands for a number; refuses if none does. */
export async function requireRequest(context: Context, number: number): Promise<PendingRecovery> {
  await activeMember(context, number);
  const pending = await requestOf(context, number);
  if (pending !== undefined) return pending;
  throw new Problem(
    `No recovery of member ${number} is under way: none was asked for, or it ended, lapsed, or the number moved.`,
  );
}

async function tellRequest(context: Context, number: number): Promise<Outcome> {
  const pending = await requireRequest(context, number);
  const { threshold } = await context.coalition.recovery.guardiansOf(number);
  const { newKey, approvals, readyAt, lapsesAt } = pending;
  const next =
    readyAt === 0
      ? `Approved by ${approvals} of ${threshold} guardians; it lapses on ${date(lapsesAt)}.`
      : `Enough guardians agreed. Unless the old key says no, anybody completes it from ${date(readyAt)} on: member recover --complete ${number}`;
  return {
    lines: [`Member ${number} is to move to ${newKey}. ${next}`],
    facts: {
      number,
      newKey,
      approvals,
      threshold: Number(threshold),
      readyAt: momentOf(readyAt),
      lapsesAt: momentOf(lapsesAt),
    },
  };
}
