import type { Act } from "./act.js";
import { eventIn, memberOf } from "./lookup.js";
import { date, momentOf } from "./words.js";

/** What a member signs to leave, or to confirm the membership. */
export type AccountMessage = { readonly account: string };

/** Leaves the roll for good: the number is never used again. */
export const RESIGN: Act<AccountMessage> = {
  name: "resign",
  desk: "requests",
  type: "Resign",
  fields: [{ name: "account", type: "address" }],
  by: async (_, { account }) => account,

  async check(context, { account }) {
    await memberOf(context, account);
  },

  direct: ({ coalition }) => coalition.membership.resign.populateTransaction(),

  relayed: ({ coalition }, { account }, { deadline, signature }) =>
    coalition.requests.resignBySig.populateTransaction(account, deadline, signature),

  async tell({ contracts, coalition, ethers }, { account }, receipt) {
    const event = eventIn(receipt, contracts.membership, coalition.membership.interface, "MemberResigned");
    const number = Number(event?.number);
    const left = (await ethers.provider.getBlock(receipt.blockNumber))?.timestamp ?? 0;
    return {
      lines: [
        `${account} has left the roll; number ${number} is gone for good. The key may join again, as a newcomer.`,
      ],
      facts: { number, key: account, leftAt: momentOf(left) },
    };
  },
};

/** Confirms the membership; a dormant member's vote counts again at once. */
export const CONFIRM: Act<AccountMessage> = {
  name: "confirm",
  desk: "confirmations",
  type: "Confirm",
  fields: [{ name: "account", type: "address" }],
  by: async (_, { account }) => account,

  async check(context, { account }) {
    await memberOf(context, account);
  },

  direct: ({ coalition }) => coalition.confirmations.confirm.populateTransaction(),

  relayed: ({ coalition }, { account }, { deadline, signature }) =>
    coalition.confirmations.confirmBySig.populateTransaction(account, deadline, signature),

  async tell(context, { account }, receipt) {
    const { contracts, coalition } = context;
    const { number } = await memberOf(context, account);
    const due = Number(await coalition.confirmations.dueAt(number));
    const event = eventIn(receipt, contracts.membership, coalition.membership.interface, "VoteResumed");
    const resumed = event !== undefined;
    const next = due === 0 ? "No further confirmation is due for now" : `The next is due by ${date(due)}`;
    return {
      lines: [
        `Member ${number} confirmed the membership. ${next}.`,
        ...(resumed ? ["The member was dormant; that is over, for decisions opened from now on."] : []),
      ],
      facts: { number, key: account, dueAt: momentOf(due), wasDormant: resumed },
    };
  },
};
