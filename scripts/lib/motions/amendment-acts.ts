import { type TransactionReceipt, toBeHex } from "ethers";
import type { Act } from "../member/act.js";
import { by } from "../member/act-parts.js";
import type { Context } from "../member/coalition.js";
import { eventIn, memberOf, nameOf } from "../member/lookup.js";
import { counted, date } from "../member/words.js";
import { ACCOUNT, bring, CARRIED, field, KINDS, listOf, requireActions } from "./act-parts.js";
import type { ActionList } from "./actions.js";
import { amended, amendmentAt, motionAt } from "./motion.js";

type Change = ActionList & {
  readonly base: number;
  readonly text: string;
  readonly reason: string;
  readonly substitute: boolean;
  readonly actions: string;
};
export type MoveMessage = Change & {
  readonly account: string;
  readonly motion: number;
  readonly parent: number;
};
export type RebaseMessage = Change & { readonly account: string; readonly amendment: number };
export type AmendmentMessage = {
  readonly account: string;
  readonly amendment: number;
  readonly version: number;
};
export type ObjectToAmendmentMessage = {
  readonly account: string;
  readonly amendment: number;
  readonly reason: string;
};

const CHANGE = [
  field("base", "uint256"),
  field("text", "bytes32"),
  field("reason", "bytes32"),
  field("substitute", "bool"),
  field("actions", "bytes32"),
];

const changeOf = ({ base, text, reason, substitute, ...rest }: Change) => ({
  base,
  text,
  reason,
  substitute,
  actions: listOf(rest),
});

/** Moves an amendment. */
export const MOVE: Act<MoveMessage> = {
  name: "move amendment",
  desk: "amendments",
  type: "MoveAmendment",
  fields: [ACCOUNT, field("motion", "uint256"), field("parent", "uint256"), ...CHANGE],
  carried: CARRIED,
  by,
  async check(context, message) {
    await motionAt(context, message.motion);
    if (message.parent !== 0) await amendmentAt(context, message.parent);
    requireActions(message);
  },
  direct: ({ coalition }, message) =>
    coalition.amendments.move.populateTransaction(message.motion, message.parent, changeOf(message)),
  relayed: ({ coalition }, message, { deadline, signature }) =>
    coalition.amendments.moveBySig.populateTransaction(
      message.account,
      message.motion,
      message.parent,
      changeOf(message),
      deadline,
      signature,
    ),
  async tell(context, message, receipt) {
    const id = amendmentIn(context, receipt);
    const amendment = await amendmentAt(context, id);
    const member = await memberOf(context, message.account);
    return {
      lines: [
        `${nameOf(context, member)} moved amendment ${id} to ${amended({ motion: amendment.motion, parent: 0 })}` +
          `${amendment.parent === 0 ? "" : `, which amends amendment ${amendment.parent}`}${amendment.substitute ? ", a substitute for its whole text" : ""}.`,
        `Whose text it is can accept it until ${date(amendment.friendlyUntil)}, with "motion accept ${id}"; otherwise the members settle it.`,
      ],
      facts: { amendment: id, motion: message.motion, parent: message.parent, mover: member.number },
    };
  },
};

/** Writes a stale amendment anew. */
export const REBASE: Act<RebaseMessage> = {
  name: "rebase amendment",
  desk: "amendments",
  type: "RebaseAmendment",
  fields: [ACCOUNT, field("amendment", "uint256"), ...CHANGE],
  carried: CARRIED,
  by,
  async check(context, message) {
    await amendmentAt(context, message.amendment);
    requireActions(message);
  },
  direct: ({ coalition }, message) =>
    coalition.amendments.rebase.populateTransaction(message.amendment, changeOf(message)),
  relayed: ({ coalition }, message, { deadline, signature }) =>
    coalition.amendments.rebaseBySig.populateTransaction(
      message.account,
      message.amendment,
      changeOf(message),
      deadline,
      signature,
    ),
  async tell(context, { amendment: id }) {
    const amendment = await amendmentAt(context, id);
    return {
      lines: [
        `Amendment ${id} is written against ${amended(amendment)} as it is now, in version ${amendment.version}.`,
      ],
      facts: { amendment: id, motion: amendment.motion, version: amendment.version, base: amendment.base },
    };
  },
};

/** What members do about an amendment as it is in one version. */
const onAmendment = (
  kind: "accept" | "withdraw",
  type: string,
  tell: Act<AmendmentMessage>["tell"],
): Act<AmendmentMessage> => ({
  name: `${kind} amendment`,
  desk: "amendments",
  type,
  fields: [ACCOUNT, field("amendment", "uint256"), field("version", "uint256")],
  by,
  async check(context, { amendment }) {
    await amendmentAt(context, amendment);
  },
  batched: ({ amendment, version }) => ({
    kind: KINDS[kind],
    subject: amendment,
    value: toBeHex(version, 32),
  }),
  direct: ({ coalition: { amendments } }, { amendment, version }) =>
    amendments[kind].populateTransaction(amendment, version),
  relayed: (context, { account, amendment, version }, signed) =>
    bring(context, "amendments", KINDS[kind], [account, amendment, toBeHex(version, 32)], signed),
  tell,
});

/** Accepts an amendment as friendly. */
export const ACCEPT_AMENDMENT = onAmendment(
  "accept",
  "AcceptAmendment",
  async (context, { amendment: id }) => {
    const amendment = await amendmentAt(context, id);
    const { revision, closesAt } = await motionAt(context, amendment.motion);
    const then =
      amendment.parent === 0
        ? `Motion ${amendment.motion} has revision ${revision} now; it is open for amendments until ${date(closesAt)}, and needs its endorsements anew.`
        : `Amendment ${amendment.parent} has its text now.`;
    return {
      lines: [`Amendment ${id} is accepted. ${then}`],
      facts: { amendment: id, motion: amendment.motion, revision },
    };
  },
);

/** Withdraws an amendment. */
export const WITHDRAW_AMENDMENT = onAmendment(
  "withdraw",
  "WithdrawAmendment",
  async (_, { amendment, version }) => ({
    lines: [`Amendment ${amendment} is withdrawn, for good.`],
    facts: { amendment, version },
  }),
);

/** Objects to an amendment's adoption without a vote. */
export const OBJECT_TO_AMENDMENT: Act<ObjectToAmendmentMessage> = {
  name: "object to amendment",
  desk: "amendments",
  type: "ObjectToAmendment",
  fields: [ACCOUNT, field("amendment", "uint256"), field("reason", "bytes32")],
  by,
  async check(context, { amendment }) {
    await amendmentAt(context, amendment);
  },
  batched: ({ amendment, reason }) => ({ kind: KINDS.object, subject: amendment, value: reason }),
  direct: ({ coalition }, { amendment, reason }) =>
    coalition.amendments.object.populateTransaction(amendment, reason),
  relayed: (context, { account, amendment, reason }, signed) =>
    bring(context, "amendments", KINDS.object, [account, amendment, reason], signed),
  async tell(context, { account, amendment, reason }) {
    const member = await memberOf(context, account);
    const { objections } = await amendmentAt(context, amendment);
    return {
      lines: [
        `${nameOf(context, member)} objects to amendment ${amendment}: ${counted(objections, "objection")} by now.`,
      ],
      facts: { amendment, number: member.number, reason, objections },
    };
  },
};

/** Everything about amendments that a member can have signed and brought by somebody else. */
export const AMENDMENT_ACTS = [
  MOVE,
  REBASE,
  ACCEPT_AMENDMENT,
  WITHDRAW_AMENDMENT,
  OBJECT_TO_AMENDMENT,
] as readonly Act[];

function amendmentIn({ contracts, coalition }: Context, receipt: TransactionReceipt): number {
  const event = eventIn(receipt, contracts.amendments, coalition.amendments.interface, "AmendmentMoved");
  return Number(event?.amendment);
}
