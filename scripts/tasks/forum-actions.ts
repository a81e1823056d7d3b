import { newText } from "../lib/content/new-text.js";
import { ACCEPT_CODE, ERASE_POST, POSTING } from "../lib/forum/acts.js";
import { tellLists } from "../lib/forum/lists.js";
import type { PostKind } from "../lib/forum/messages.js";
import * as lib from "../lib/member/commands.js";
import { readWhole } from "../lib/member/lookup.js";
import { actingAccount } from "../lib/member/session.js";
import { carryOutWith } from "../lib/motions/write.js";
import { member } from "./member-actions.js";
import { type Stored, withStore } from "./motions-actions.js";

type Manner = Stored & lib.Manner;
type Placed = Manner & { readonly list: string; readonly place: string; readonly file: string };

/** Places of records, and versions: 32 bits hold them. */
const MOST = 2 ** 32 - 1;

export const lists = member((session) => tellLists(session));

export const accept = member((session, options: Manner & { accepted: string }) => {
  const account = actingAccount(session, options.account).address;
  return lib.carryOut(session, options, ACCEPT_CODE, {
    account,
    version: readWhole("The version", options.accepted, 0, MOST),
  });
});

/** Posts a text of a file; it is stored first. */
const posting = (kind: PostKind) =>
  withStore((session, store, options: Placed) => {
    const text = newText(options.file);
    const message = {
      account: actingAccount(session, options.account).address,
      list: readWhole("The list", options.list, 1, MOST),
      to: kind === "thread" ? 0 : readWhole("The place", options.place, 1, MOST),
      digest: text.digest,
    };
    return carryOutWith({ session, store, manner: options }, POSTING[kind], message, [text]);
  });

export const post = posting("thread");
export const reply = posting("reply");
export const edit = posting("edit");

export const erase = withStore((session, store, options: Placed) => {
  const reason = newText(options.file);
  const message = {
    account: actingAccount(session, options.account).address,
    list: readWhole("The list", options.list, 1, MOST),
    place: readWhole("The place", options.place, 1, MOST),
    reason: reason.digest,
  };
  return carryOutWith({ session, store, manner: options }, ERASE_POST, message, [reason]);
});
