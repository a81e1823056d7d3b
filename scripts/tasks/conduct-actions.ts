import { APPEAL, COMMIT_CHAIN, COMPLAIN, RESPOND, RULE } from "../lib/conduct/acts.js";
import * as deeds from "../lib/conduct/deeds.js";
import { tellCase, tellLog } from "../lib/conduct/log.js";
import { type RulingOptions, rulingGiven, settlement } from "../lib/conduct/ruling.js";
import { newText } from "../lib/content/new-text.js";
import * as lib from "../lib/member/commands.js";
import { readWhole } from "../lib/member/lookup.js";
import { actingAccount } from "../lib/member/session.js";
import { carryOutWith } from "../lib/motions/write.js";
import { member } from "./member-actions.js";
import { progress, type Stored, withStore } from "./motions-actions.js";

type Manner = Stored & lib.Manner;
type Texted = Manner & { readonly file: string };
type Cased = Manner & { readonly case: string };
type Complaining = Texted & Record<"respondent" | "clause" | "list" | "post", string>;

/** Numbers of members, cases, lists, places and clauses: 32 bits hold them. */
const MOST = 2 ** 32 - 1;

const numberIn = (what: string, text: string) => readWhole(what, text, 1, MOST);
const caseIn = (options: { readonly case: string }) => numberIn("The case", options.case);

export const log = withStore((session, store, options: Stored) => tellLog(session, store, progress(options)));

export const show = withStore((session, store, options: Cased) =>
  tellCase(session, store, caseIn(options), progress(options)),
);

/** What the options and the charter say that is complained of. */
const complaintIn = async (session: Parameters<typeof deeds.ruleInForce>[0], options: Complaining) => {
  const clause = numberIn("The clause", options.clause);
  const aboutPost = options.list !== "" || options.post !== "";
  const evidence = newText(options.file);
  const complaint = {
    respondent: numberIn("The respondent", options.respondent),
    clause,
    rule: await deeds.ruleInForce(session, clause),
    list: aboutPost ? numberIn("--list", options.list) : 0,
    post: aboutPost ? numberIn("--post", options.post) : 0,
    evidence: evidence.digest,
  };
  return { complaint, evidence };
};

export const complain = withStore(async (session, store, options: Complaining) => {
  const { complaint, evidence } = await complaintIn(session, options);
  const account = actingAccount(session, options.account).address;
  return carryOutWith({ session, store, manner: options }, COMPLAIN, { account, ...complaint }, [evidence]);
});

export const complainFor = withStore(
  async (session, store, options: Complaining & { complainant: string; exclude: string }) => {
    const { complaint, evidence } = await complaintIn(session, options);
    return deeds.complainFor({ session, store, manner: options }, complaint, evidence, {
      complainant: numberIn("The complainant", options.complainant),
      out: options.out,
      exclude: options.exclude === "" ? 0 : numberIn("--exclude", options.exclude),
    });
  },
);

export const respond = withStore((session, store, options: Cased & Texted) => {
  const text = newText(options.file);
  const account = actingAccount(session, options.account).address;
  const message = { account, caseId: caseIn(options), digest: text.digest };
  return carryOutWith({ session, store, manner: options }, RESPOND, message, [text]);
});

export const commit = member(async (session, options: Manner & { chain: string }) => {
  const account = actingAccount(session, options.account).address;
  return lib.carryOut(
    session,
    options,
    COMMIT_CHAIN,
    await deeds.chainMessage(session, account, options.chain),
  );
});

export const reveal = withStore((session, store, options: Cased & { chain: string }) =>
  deeds.reveal({ session, store, manner: options }, caseIn(options), options.chain),
);

export const draw = withStore((session, store, options: Cased) =>
  deeds.drawPanel({ session, store, manner: options }, caseIn(options)),
);

export const recuse = withStore((session, store, options: Cased & Texted) =>
  deeds.recuse({ session, store, manner: options }, caseIn(options), newText(options.file)),
);

export const rule = withStore((session, store, options: Cased & Texted & RulingOptions) => {
  const reasons = newText(options.file);
  const ruling = rulingGiven(options, reasons.digest);
  const account = actingAccount(session, options.account).address;
  const message = { account, caseId: caseIn(options), ...ruling };
  return carryOutWith({ session, store, manner: options }, RULE, message, [reasons]);
});

export const appeal = withStore((session, store, options: Cased & Texted & { toMembers: boolean }) => {
  const grounds = newText(options.file);
  const account = actingAccount(session, options.account).address;
  const { toMembers } = options;
  const message = { account, caseId: caseIn(options), toMembers, reason: grounds.digest };
  return carryOutWith({ session, store, manner: options }, APPEAL, message, [grounds]);
});

export const settle = withStore((session, store, options: Cased & Texted & RulingOptions) => {
  const reasons = newText(options.file);
  const ruling = rulingGiven(options, reasons.digest);
  return settlement({ session, store, manner: options }, caseIn(options), ruling, reasons);
});

export const hide = withStore((session, store, options: Texted & { list: string; post: string }) => {
  const [list, post] = [numberIn("The list", options.list), numberIn("The place", options.post)];
  return deeds.hideNow({ session, store, manner: options }, list, post, newText(options.file));
});

export const erase = withStore((session, store, options: Cased) =>
  deeds.erase({ session, store, manner: options }, caseIn(options)),
);
