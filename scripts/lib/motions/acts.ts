import { toBeHex } from "ethers";
import type { Act } from "../member/act.js";
import { by } from "../member/act-parts.js";
import { eventIn, memberOf, nameOf } from "../member/lookup.js";
import { counted, date, listed } from "../member/words.js";
import { ACCOUNT, bring, CARRIED, field, KINDS, listOf, requireActions } from "./act-parts.js";
import type { ActionList } from "./actions.js";
import { motionAt } from "./motion.js";

/** What is signed of a motion's content, and what is carried beside: of actions the digest is signed. */
type Content = ActionList & { readonly text: string; readonly purpose: string; readonly actions: string };
export type DraftMessage = Content & { readonly account: string };
export type ReviseMessage = DraftMessage & { readonly motion: number; readonly revision: number };
export type MotionMessage = { readonly account: string; readonly motion: number; readonly revision: number };
export type ObjectMessage = { readonly account: string; readonly motion: number; readonly reason: string };

const CONTENT = [field("text", "bytes32"), field("purpose", "bytes32"), field("actions", "bytes32")];

const contentOf = (message: Content) => ({
  text: message.text,
  purpose: message.purpose,
  actions: listOf(message),
});

/** Drafts a motion. */
export const DRAFT: Act<DraftMessage> = {
  name: "draft motion",
  desk: "motions",
  type: "DraftMotion",
  fields: [ACCOUNT, ...CONTENT],
  carried: CARRIED,
  by,
  async check(context, message) {
    await memberOf(context, message.account);
    requireActions(message);
  },
  direct: ({ coalition }, message) => coalition.motions.draft.populateTransaction(contentOf(message)),
  relayed: ({ coalition }, message, { deadline, signature }) =>
    coalition.motions.draftBySig.populateTransaction(
      message.account,
      contentOf(message),
      deadline,
      signature,
    ),
  async tell(context, { account, text }, receipt) {
    const { contracts, coalition } = context;
    const event = eventIn(receipt, contracts.motions, coalition.motions.interface, "MotionDrafted");
    const motion = Number(event?.motion);
    const member = await memberOf(context, account);
    return {
      lines: [
        `${nameOf(context, member)} drafted motion ${motion}.`,
        `The author edits it with "motion revise ${motion}", and opens it to the others with "motion table ${motion}".`,
      ],
      facts: { motion, revision: 1, author: member.number, text },
    };
  },
};

/** Edits a motion. */
export const REVISE: Act<ReviseMessage> = {
  name: "revise motion",
  desk: "motions",
  type: "ReviseMotion",
  fields: [ACCOUNT, field("motion", "uint256"), field("revision", "uint256"), ...CONTENT],
  carried: CARRIED,
  by,
  async check(context, message) {
    await motionAt(context, message.motion);
    requireActions(message);
  },
  direct: ({ coalition }, message) =>
    coalition.motions.revise.populateTransaction(message.motion, message.revision, contentOf(message)),
  relayed: ({ coalition }, message, { deadline, signature }) =>
    coalition.motions.reviseBySig.populateTransaction(
      message.account,
      message.motion,
      message.revision,
      contentOf(message),
      deadline,
      signature,
    ),
  async tell(context, { motion, text }) {
    const { revision, stage, closesAt } = await motionAt(context, motion);
    const anew =
      stage === "tabled"
        ? ` It is open for amendments anew, until ${date(closesAt)}, and needs its endorsements anew.`
        : "";
    return {
      lines: [`Motion ${motion} has revision ${revision} now.${anew}`],
      facts: { motion, revision, text },
    };
  },
};

/** What members do about a motion as it is in one revision. */
const onMotion = (
  kind: "table" | "withdraw" | "endorse",
  type: string,
  tell: Act<MotionMessage>["tell"],
): Act<MotionMessage> => ({
  name: `${kind} motion`,
  desk: "motions",
  type,
  fields: [ACCOUNT, field("motion", "uint256"), field("revision", "uint256")],
  by,
  async check(context, { motion }) {
    await motionAt(context, motion);
  },
  batched: ({ motion, revision }) => ({ kind: KINDS[kind], subject: motion, value: toBeHex(revision, 32) }),
  direct: ({ coalition: { motions } }, { motion, revision }) =>
    motions[kind].populateTransaction(motion, revision),
  relayed: (context, message, signed) =>
    bring(
      context,
      "motions",
      KINDS[kind],
      [message.account, message.motion, toBeHex(message.revision, 32)],
      signed,
    ),
  tell,
});

/** Tables a draft. */
export const TABLE = onMotion("table", "TableMotion", async (context, { motion }) => {
  const { closesAt, revision } = await motionAt(context, motion);
  return {
    lines: [
      `Motion ${motion} is tabled: members endorse and amend it until ${date(closesAt)}. Then it is closed for amendments.`,
    ],
    facts: { motion, revision, closesAt },
  };
});

/** Withdraws a motion. */
export const WITHDRAW_MOTION = onMotion("withdraw", "WithdrawMotion", async (_, { motion, revision }) => ({
  lines: [`Motion ${motion} is withdrawn, for good.`],
  facts: { motion, revision },
}));

/** Endorses a motion. */
export const ENDORSE_MOTION = onMotion("endorse", "EndorseMotion", async (context, { account, motion }) => {
  const member = await memberOf(context, account);
  const { endorsements, groups, revision } = await motionAt(context, motion);
  return {
    lines: [
      `${nameOf(context, member)} endorses motion ${motion}: ${counted(endorsements, "endorsement")} by now, from ${listed(groups)}.`,
    ],
    facts: { motion, revision, number: member.number, endorsements, groups },
  };
});

/** Objects to a motion's adoption without a vote. */
export const OBJECT: Act<ObjectMessage> = {
  name: "object to motion",
  desk: "motions",
  type: "ObjectToMotion",
  fields: [ACCOUNT, field("motion", "uint256"), field("reason", "bytes32")],
  by,
  async check(context, { motion }) {
    await motionAt(context, motion);
  },
  batched: ({ motion, reason }) => ({ kind: KINDS.object, subject: motion, value: reason }),
  direct: ({ coalition }, { motion, reason }) => coalition.motions.object.populateTransaction(motion, reason),
  relayed: (context, { account, motion, reason }, signed) =>
    bring(context, "motions", KINDS.object, [account, motion, reason], signed),
  async tell(context, { account, motion, reason }) {
    const member = await memberOf(context, account);
    const { objections } = await motionAt(context, motion);
    return {
      lines: [
        `${nameOf(context, member)} objects to motion ${motion}: ${counted(objections, "objection")} by now.`,
      ],
      facts: { motion, number: member.number, reason, objections },
    };
  },
};

/** Everything about motions that a member can have signed and brought by somebody else. */
export const MOTION_ACTS = [DRAFT, REVISE, TABLE, WITHDRAW_MOTION, ENDORSE_MOTION, OBJECT] as readonly Act[];
