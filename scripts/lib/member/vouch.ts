import { Problem } from "../problem.js";
import type { Act } from "./act.js";
import type { Context } from "./coalition.js";
import { activeMember, memberOf, nameOf, requireVoter } from "./lookup.js";
import { admits, policyInForce } from "./policy.js";
import { inPlainWords } from "./refusals.js";
import { date } from "./words.js";

/** What a member signs to vouch for a participant, or to take that back. */
export type VouchMessage = { readonly account: string; readonly candidate: number };

const FIELDS = [
  { name: "account", type: "address" },
  { name: "candidate", type: "uint256" },
];

/** Vouches for a participant. */
export const VOUCH: Act<VouchMessage> = {
  name: "vouch",
  desk: "vouched",
  type: "Vouch",
  fields: FIELDS,
  by: async (_, { account }) => account,

  async check(context, { account, candidate }) {
    const { vouched } = context.coalition;
    const voucher = await requireVoter(context, account);
    const { pauses } = await activeMember(context, candidate);
    if (!pauses.includes("participant")) {
      throw new Problem(
        `Member ${candidate} is no participant, so nobody need vouch for them: one vouches for members without a vote.`,
      );
    }
    const list = await vouched.vouchersOf(candidate);
    if (list.some(({ number }) => Number(number) === voucher.number)) {
      throw new Problem(`Member ${voucher.number} vouches for member ${candidate} already.`);
    }
    const { free, freeFrom } = await vouched.slotsOf(voucher.number);
    if (free > 0n) return;
    const { slots } = await vouched.rules();
    throw new Problem(
      `Member ${voucher.number} has no vouch left, of ${slots}` +
        (freeFrom === 0n
          ? "; take one back first, with --withdraw."
          : `, or they cool down; the next is free from ${date(freeFrom)} on.`),
    );
  },

  direct: ({ coalition }, { candidate }) => coalition.vouched.vouch.populateTransaction(candidate),

  relayed: ({ coalition }, { account, candidate }, { deadline, signature }) =>
    coalition.vouched.vouchBySig.populateTransaction(account, candidate, deadline, signature),

  async tell(context, { account, candidate }) {
    const voucher = await memberOf(context, account);
    const { lines, facts } = await progress(context, candidate);
    const now = `${nameOf(context, voucher)} vouches for member ${candidate}.`;
    return { lines: [now, ...lines], facts: { voucher: voucher.number, candidate, ...facts } };
  },
};

/** Takes a vouch back. */
export const WITHDRAW_VOUCH: Act<VouchMessage> = {
  name: "withdraw vouch",
  desk: "vouched",
  type: "WithdrawVouch",
  fields: FIELDS,
  by: async (_, { account }) => account,

  async check(context, { account, candidate }) {
    const voucher = await memberOf(context, account);
    const given = await context.coalition.vouched.vouchesOf(voucher.number);
    if (given.some(({ number }) => Number(number) === candidate)) return;
    const names = given.map(({ number }) => `${number}`).join(", ") || "nobody";
    throw new Problem(
      `Member ${voucher.number} does not vouch for member ${candidate}; at present for: ${names}.`,
    );
  },

  direct: ({ coalition }, { candidate }) => coalition.vouched.withdrawVouch.populateTransaction(candidate),

  relayed: ({ coalition }, { account, candidate }, { deadline, signature }) =>
    coalition.vouched.withdrawVouchBySig.populateTransaction(account, candidate, deadline, signature),

  async tell(context, { account, candidate }) {
    const { number } = await memberOf(context, account);
    const { free, freeFrom } = await context.coalition.vouched.slotsOf(number);
    const slots =
      free > 0n
        ? `Vouches that can be given now: ${free}.`
        : `The slot can be used again from ${date(freeFrom)} on.`;
    return {
      lines: [
        `Member ${number} no longer vouches for member ${candidate}. ${slots}`,
        "Whoever is in the queue for the vote, or votes, stays there.",
      ],
      facts: { voucher: number, candidate, slotsFree: Number(free) },
    };
  },
};

/** How far a participant is, and whether it matters: only where the policy in force asks for vouches. */
async function progress(context: Context, candidate: number) {
  const { vouched } = context.coalition;
  const live = (await vouched.vouchersOf(candidate)).filter((one) => one.live).length;
  const { vouchers, groups } = await vouched.rules();
  const policy = await policyInForce(context);
  const qualified = await inPlainWords(context, () => admits(context, candidate));
  const lines = [
    `Live vouches for member ${candidate}: ${live} of ${vouchers}, which must come from ${groups} stakeholder groups.`,
    qualified
      ? `The admission policy in force (${policy.name}) is met. Anybody can enter them in the queue: member qualify --number ${candidate}`
      : `The admission policy in force (${policy.name}) wants ${policy.wants}.`,
  ];
  return { lines, facts: { liveVouches: live, vouchesNeeded: Number(vouchers), meetsPolicy: qualified } };
}
