import { cidOf } from "../content/digest.js";
import type { Act } from "../member/act.js";
import { by, withoutEnding } from "../member/act-parts.js";
import { eventIn, memberAt, memberOf, nameOf } from "../member/lookup.js";
import { date } from "../member/words.js";
import { caseAt, rulingInWords } from "./cases.js";
import { CONDUCT_MESSAGES } from "./messages.js";

/** What a member signs to complain. */
export type ComplaintMessage = {
  readonly account: string;
  readonly respondent: number;
  readonly clause: number;
  readonly rule: string;
  readonly list: number;
  readonly post: number;
  readonly evidence: string;
};
/** What a respondent signs. */
export type ResponseMessage = { readonly account: string; readonly caseId: number; readonly digest: string };
/** What a member of a panel signs; the suspension in seconds. */
export type RulingMessage = {
  readonly account: string;
  readonly caseId: number;
  readonly upheld: boolean;
  readonly warn: boolean;
  readonly hide: boolean;
  readonly erase: boolean;
  readonly refer: boolean;
  readonly suspension: number;
  readonly reason: string;
};
/** What a party signs to appeal. */
export type AppealMessage = {
  readonly account: string;
  readonly caseId: number;
  readonly toMembers: boolean;
  readonly reason: string;
};
/** What a member of the pool signs to commit to numbers; `lastDraw` is the last draw that was opened. */
export type ChainMessage = { readonly account: string; readonly lastDraw: number; readonly tip: string };

const complaintIn = ({ account: _, ...complaint }: ComplaintMessage) => complaint;
const rulingIn = ({ account: _, caseId: __, ...ruling }: RulingMessage) => ruling;

/** Complains that a clause of the Code was broken. */
export const COMPLAIN: Act<ComplaintMessage> = {
  name: "file complaint",
  desk: "conduct",
  type: "FileComplaint",
  fields: withoutEnding(CONDUCT_MESSAGES.FileComplaint),
  by,
  async check(context, { account, respondent }) {
    await memberOf(context, account);
    await memberAt(context, respondent);
  },
  direct: ({ coalition }, message) => coalition.conduct.complain.populateTransaction(complaintIn(message)),
  relayed: ({ coalition }, message, { deadline, signature }) =>
    coalition.conduct.complainBySig.populateTransaction(
      message.account,
      complaintIn(message),
      deadline,
      signature,
    ),
  async tell(context, { respondent, clause }, receipt) {
    const { contracts, coalition } = context;
    const event = eventIn(receipt, contracts.conduct, coalition.conduct.interface, "CaseOpened");
    const caseId = Number(event?.caseId);
    const { until } = await caseAt(context, caseId);
    const whom = nameOf(context, await memberAt(context, respondent));
    return {
      lines: [
        `Case ${caseId} is open: about clause ${clause}, against ${whom}, who can respond until ${date(until)}.`,
        "Your number is not in the case; but your key is in the transaction that opened it.",
      ],
      facts: { case: caseId, respondent, clause, until },
    };
  },
};

/** Responds to a complaint, or to an appeal. */
export const RESPOND: Act<ResponseMessage> = {
  name: "respond to case",
  desk: "conduct",
  type: "RespondToCase",
  fields: withoutEnding(CONDUCT_MESSAGES.RespondToCase),
  by,
  async check(context, { caseId }) {
    await caseAt(context, caseId);
  },
  direct: ({ coalition }, { caseId, digest }) =>
    coalition.conduct.respond.populateTransaction(caseId, digest),
  relayed: ({ coalition }, { account, caseId, digest }, { deadline, signature }) =>
    coalition.conduct.respondBySig.populateTransaction(account, caseId, digest, deadline, signature),
  async tell(_, { caseId, digest }) {
    return {
      lines: [`The response to case ${caseId} is on record: ${cidOf(digest)}.`],
      facts: { case: caseId, digest },
    };
  },
};

/** Backs a ruling, as a member of the panel. */
export const RULE: Act<RulingMessage> = {
  name: "rule on case",
  desk: "conduct",
  type: "RuleOnCase",
  fields: withoutEnding(CONDUCT_MESSAGES.RuleOnCase),
  by,
  async check(context, { caseId }) {
    await caseAt(context, caseId);
  },
  direct: ({ coalition }, message) =>
    coalition.conduct.rule.populateTransaction(message.caseId, rulingIn(message)),
  relayed: ({ coalition }, message, { deadline, signature }) =>
    coalition.conduct.ruleBySig.populateTransaction(
      message.account,
      message.caseId,
      rulingIn(message),
      deadline,
      signature,
    ),
  async tell(context, message, receipt) {
    const { contracts, coalition } = context;
    const ruled = eventIn(receipt, contracts.conduct, coalition.conduct.interface, "CaseRuled") !== undefined;
    const member = await memberOf(context, message.account);
    const what = rulingInWords(message);
    return {
      lines: [
        `${nameOf(context, member)} is for this ruling on case ${message.caseId}: ${what}.`,
        ruled
          ? "Two of the panel are for it: it is made."
          : "It is made when another member of the panel is for the same, with the same text of reasons.",
      ],
      facts: { case: message.caseId, number: member.number, ruling: rulingIn(message), ruled },
    };
  },
};

/** Appeals against a ruling. */
export const APPEAL: Act<AppealMessage> = {
  name: "appeal case",
  desk: "conduct",
  type: "AppealCase",
  fields: withoutEnding(CONDUCT_MESSAGES.AppealCase),
  by,
  async check(context, { caseId }) {
    await caseAt(context, caseId);
  },
  direct: ({ coalition }, { caseId, toMembers, reason }) =>
    coalition.conduct.appeal.populateTransaction(caseId, toMembers, reason),
  relayed: ({ coalition }, { account, caseId, toMembers, reason }, { deadline, signature }) =>
    coalition.conduct.appealBySig.populateTransaction(
      account,
      caseId,
      toMembers,
      reason,
      deadline,
      signature,
    ),
  async tell(context, { caseId, toMembers }) {
    const { until } = await caseAt(context, caseId);
    return {
      lines: [
        toMembers
          ? `Case ${caseId} is before the members; what they decide has effect until ${date(until)}.`
          : `Case ${caseId} goes to three others; there can be a response until ${date(until)}.`,
      ],
      facts: { case: caseId, toMembers, until },
    };
  },
};

/** Commits to numbers for the lot. */
export const COMMIT_CHAIN: Act<ChainMessage> = {
  name: "commit chain",
  desk: "panels",
  type: "CommitChain",
  fields: withoutEnding(CONDUCT_MESSAGES.CommitChain),
  by,
  async check(context, { account }) {
    await memberOf(context, account);
  },
  direct: ({ coalition }, { tip }) => coalition.panels.commit.populateTransaction(tip),
  relayed: ({ coalition }, { account, tip }, { deadline, signature }) =>
    coalition.panels.commitBySig.populateTransaction(account, tip, deadline, signature),
  async tell(context, { account, lastDraw }) {
    const member = await memberOf(context, account);
    return {
      lines: [`${nameOf(context, member)} committed to numbers for every draw from ${lastDraw + 1} on.`],
      facts: { number: member.number, lastDraw },
    };
  },
};

/** Everything about cases that a member can have signed and brought by somebody else. */
export const CONDUCT_ACTS = [COMPLAIN, RESPOND, RULE, APPEAL, COMMIT_CHAIN] as readonly Act[];
