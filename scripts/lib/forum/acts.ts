import type { Act } from "../member/act.js";
import { by, withoutEnding } from "../member/act-parts.js";
import { eventIn, memberOf, nameOf } from "../member/lookup.js";
import { Problem } from "../problem.js";
import { FORUM_MESSAGES, kindNumber, POST_TYPES, type PostKind } from "./messages.js";

/** What a member signs to post: a list, the place that is answered or edited, and the digest of the text. */
export type PostMessage = {
  readonly account: string;
  readonly list: number;
  readonly to: number;
  readonly digest: string;
};
/** What a member signs to have the text of a post erased. */
export type EraseMessage = {
  readonly account: string;
  readonly list: number;
  readonly place: number;
  readonly reason: string;
};
/** What a member signs to accept the Code of Conduct. */
export type AcceptMessage = { readonly account: string; readonly version: number };

/** Accepts the Code of Conduct in force. */
export const ACCEPT_CODE: Act<AcceptMessage> = {
  name: "accept code",
  desk: "speakers",
  type: "AcceptCode",
  fields: withoutEnding(FORUM_MESSAGES.AcceptCode),
  by,
  async check({ coalition }, { version }) {
    const [document, current] = await coalition.speakers.codeOfConduct();
    if (BigInt(version) === current) return;
    throw new Problem(
      `Version ${version} of the Code of Conduct is not in force; read version ${current} (document ${document} of the charter), and accept that.`,
    );
  },
  direct: ({ coalition }, { version }) => coalition.speakers.accept.populateTransaction(version),
  relayed: ({ coalition }, { account, version }, { deadline, signature }) =>
    coalition.speakers.acceptBySig.populateTransaction(account, version, deadline, signature),
  async tell(context, { account, version }) {
    const member = await memberOf(context, account);
    return {
      lines: [`${nameOf(context, member)} accepted version ${version} of the Code of Conduct.`],
      facts: { number: member.number, version },
    };
  },
};

/** Posts. */
const posting = (kind: PostKind): Act<PostMessage> => ({
  name: `post ${kind}`,
  desk: "forum",
  type: POST_TYPES[kind],
  fields: withoutEnding(FORUM_MESSAGES[POST_TYPES[kind] as keyof typeof FORUM_MESSAGES]),
  by,
  async check({ coalition }, { list, to }) {
    const last = Number(await coalition.forum.lastList());
    if (list < 1 || list > last)
      throw new Problem(`No list has the number ${list}; they go from 1 to ${last}.`);
    if (kind === "thread" || (await coalition.forum.authorOf(list, to)) !== 0n) return;
    throw new Problem(`At place ${to} of list ${list} is no post.`);
  },
  direct: ({ coalition }, { list, to, digest }) =>
    coalition.forum.post.populateTransaction(kindNumber(kind), list, to, digest),
  relayed: ({ coalition }, { account, list, to, digest }, { deadline, signature }) =>
    coalition.forum.postBySig.populateTransaction({
      ...{ kind: kindNumber(kind), account, list, to, digest, deadline, signature },
    }),
  async tell(context, { account, list }, receipt) {
    const { contracts, coalition } = context;
    const event = eventIn(receipt, contracts.forum, coalition.forum.interface, "Posted");
    const member = await memberOf(context, account);
    const place = Number(event?.place);
    const { name } = await coalition.forum.listOf(list);
    return {
      lines: [`${nameOf(context, member)} posted to "${name}" (list ${list}), at place ${place}.`],
      facts: { list, place, number: member.number },
    };
  },
});

/** Begins a thread, answers a post, or gives one another text. */
export const POSTING: Readonly<Record<PostKind, Act<PostMessage>>> = {
  thread: posting("thread"),
  reply: posting("reply"),
  edit: posting("edit"),
};

/** Has the text of one's own post erased. */
export const ERASE_POST: Act<EraseMessage> = {
  name: "erase post",
  desk: "forum",
  type: "ErasePost",
  fields: withoutEnding(FORUM_MESSAGES.ErasePost),
  by,
  async check({ coalition }, { list, place }) {
    if ((await coalition.forum.authorOf(list, place)) !== 0n) return;
    throw new Problem(`At place ${place} of list ${list} is no post.`);
  },
  direct: ({ coalition }, { list, place, reason }) =>
    coalition.forum.erase.populateTransaction(list, place, reason),
  relayed: ({ coalition }, { account, list, place, reason }, { deadline, signature }) =>
    coalition.forum.eraseBySig.populateTransaction(account, list, place, reason, deadline, signature),
  async tell(_, { list, place }) {
    return {
      lines: [
        `The post at place ${place} of list ${list} has a tombstone. Whoever keeps its text is to erase it; archives leave it out.`,
      ],
      facts: { list, place },
    };
  },
};

/** Everything about the forum that a member can have signed and brought by somebody else. */
export const FORUM_ACTS = [ACCEPT_CODE, ...Object.values(POSTING), ERASE_POST] as readonly Act[];
