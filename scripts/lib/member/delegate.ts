import { Problem } from "../problem.js";
import type { Act } from "./act.js";
import type { Context } from "./coalition.js";
import { memberOf, nameOf, requireVoter } from "./lookup.js";
import { counted, date, momentOf } from "./words.js";

/** What a member signs to delegate the vote. */
export type DelegateMessage = {
  readonly delegator: string;
  /** The delegator's own key to take the vote back. */
  readonly delegatee: string;
  /** Seconds since 1970. */
  readonly ends: number;
};

/** What a member signs to take delegations. */
export type TakeMessage = { readonly account: string; readonly limit: number };

/** What a delegate signs who does not want a member's delegation. */
export type DeclineMessage = { readonly account: string; readonly number: number };

/** Delegates the vote, or takes it back. */
export const DELEGATE: Act<DelegateMessage> = {
  name: "delegate",
  desk: "delegations",
  type: "Delegate",
  fields: [
    { name: "delegator", type: "address" },
    { name: "delegatee", type: "address" },
    { name: "ends", type: "uint48" },
  ],
  by: async (_, { delegator }) => delegator,

  check: (context, message) =>
    message.delegatee === message.delegator
      ? requireDelegation(context, message.delegator)
      : requireDelegable(context, message),

  direct: ({ coalition }, { delegatee, ends }) =>
    coalition.delegations.delegateUntil.populateTransaction(delegatee, ends),

  relayed: ({ coalition }, { delegator, delegatee, ends }, { deadline, signature }) =>
    coalition.delegations.delegateUntilBySig.populateTransaction(
      delegator,
      delegatee,
      ends,
      deadline,
      signature,
    ),

  async tell(context, { delegator, delegatee }) {
    const member = await memberOf(context, delegator);
    if (delegator === delegatee) {
      return {
        lines: [
          `Member ${member.number} took the vote back: in decisions opened from now on it is their own again.`,
        ],
        facts: { number: member.number, delegate: null },
      };
    }
    const { delegate, ends } = await context.coalition.delegations.delegationOf(member.number);
    const to = await memberOf(context, delegatee);
    return {
      lines: [
        `Member ${member.number} delegated the vote to ${nameOf(context, to)} until ${date(ends)}.`,
        "It holds for decisions opened from now on, wherever the member casts no ballot of their own.",
      ],
      facts: { number: member.number, delegate: Number(delegate), until: momentOf(ends) },
    };
  },
};

/** Takes delegations of up to a number of votes. */
export const TAKE_DELEGATIONS: Act<TakeMessage> = {
  name: "take delegations",
  desk: "delegations",
  type: "TakeDelegations",
  fields: [
    { name: "account", type: "address" },
    { name: "limit", type: "uint8" },
  ],
  by: async (_, { account }) => account,

  async check(context, { account, limit }) {
    await memberOf(context, account);
    const cap = Number(await context.coalition.delegations.cap());
    if (limit > cap) {
      throw new Problem(
        `No member takes more than ${counted(cap, "vote")} of others in this coalition; you said ${limit}.`,
      );
    }
  },

  direct: ({ coalition }, { limit }) => coalition.delegations.takeDelegations.populateTransaction(limit),

  relayed: ({ coalition }, { account, limit }, { deadline, signature }) =>
    coalition.delegations.takeDelegationsBySig.populateTransaction(account, limit, deadline, signature),

  async tell(context, { account, limit }) {
    const { number } = await memberOf(context, account);
    const line =
      limit === 0
        ? `Member ${number} takes no new delegations; those given stay until they end.`
        : `Member ${number} takes delegations of up to ${counted(limit, "vote")} of the same group.`;
    return { lines: [line], facts: { number, limit } };
  },
};

/** Gives a vote back that a member delegated. */
export const DECLINE: Act<DeclineMessage> = {
  name: "decline",
  desk: "delegations",
  type: "Decline",
  fields: [
    { name: "account", type: "address" },
    { name: "number", type: "uint256" },
  ],
  by: async (_, { account }) => account,

  async check(context, { account, number }) {
    const own = await memberOf(context, account);
    const { delegate } = await context.coalition.delegations.delegationOf(number);
    if (Number(delegate) !== own.number) {
      throw new Problem(
        `Member ${number} has not delegated the vote to member ${own.number}, so there is nothing to decline.`,
      );
    }
  },

  direct: ({ coalition }, { number }) => coalition.delegations.decline.populateTransaction(number),

  relayed: ({ coalition }, { account, number }, { deadline, signature }) =>
    coalition.delegations.declineBySig.populateTransaction(account, number, deadline, signature),

  async tell(context, { account, number }) {
    const own = await memberOf(context, account);
    return {
      lines: [
        `Member ${own.number} declined the vote of member ${number}: in decisions opened from now on it is member ${number}'s own again.`,
      ],
      facts: { number: own.number, declined: number },
    };
  },
};

/** The last moment until which a vote can be delegated now. */
export async function longestEnd({ coalition }: Context): Promise<number> {
  return Number(await coalition.delegations.longestEnd());
}

async function requireDelegation(context: Context, key: string): Promise<void> {
  const { number } = await memberOf(context, key);
  const { delegate } = await context.coalition.delegations.delegationOf(number);
  if (delegate === 0n)
    throw new Problem(`Member ${number} has delegated nothing, so there is nothing to take back.`);
}

async function requireDelegable(context: Context, message: DelegateMessage): Promise<void> {
  const { delegations } = context.coalition;
  const from = await requireVoter(context, message.delegator);
  const to = await requireVoter(context, message.delegatee);
  if (from.group !== to.group) {
    throw new Problem(
      `Votes are delegated within a stakeholder group: you are ${nameOf(context, from)}, they are ${nameOf(context, to)}.`,
    );
  }
  const step = Number(await delegations.STEP());
  const [first, last] = [Math.floor(context.now / step) * step + step, await longestEnd(context)];
  if (message.ends < first || message.ends > last + step - 1) {
    throw new Problem(
      `A delegation ends between ${date(first)} and ${date(last)}, at multiples of ${step / 86_400} days; ` +
        `you asked for ${date(message.ends)}.`,
    );
  }
  const limit = await delegations.limitOf(to.number);
  if (limit === 0n) {
    throw new Problem(
      `Member ${to.number} takes no delegations. They would have to say so first: member delegate --accept <votes>`,
    );
  }
  const { received } = await delegations.delegationAt(to.number, to.group, context.now);
  const { delegate } = await delegations.delegationOf(from.number);
  if (received >= limit && Number(delegate) !== to.number) {
    throw new Problem(
      `Member ${to.number} takes delegations of up to ${counted(limit, "vote")}, and has them all; choose somebody else.`,
    );
  }
}
