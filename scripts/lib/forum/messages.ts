/** What a post is, in the order of `IForum.Kind`; the first three are what somebody says. */
export const KINDS = ["thread", "reply", "edit", "hide", "show", "erase"] as const;

export type Kind = (typeof KINDS)[number];

/** What a member can post. */
export const POSTS = ["thread", "reply", "edit"] as const satisfies readonly Kind[];

export type PostKind = (typeof POSTS)[number];

/** The number that the contracts have for a kind. */
export const kindNumber = (kind: Kind): number => KINDS.indexOf(kind);

const ACCOUNT = { name: "account", type: "address" };
const number = (name: string) => ({ name, type: "uint256" });
const word = (name: string) => ({ name, type: "bytes32" });
const ENDING = [number("nonce"), number("deadline")];
const POST = [ACCOUNT, number("list"), number("to"), word("digest"), ...ENDING];

/** The EIP-712 type of each kind of post, as `Forum` has it. */
export const POST_TYPES: Readonly<Record<PostKind, string>> = {
  thread: "StartThread",
  reply: "ReplyToPost",
  edit: "EditPost",
};

/** What members sign for forum, speakers and profiles, by the name of the EIP-712 type. */
export const FORUM_MESSAGES = {
  StartThread: POST,
  ReplyToPost: POST,
  EditPost: POST,
  ErasePost: [ACCOUNT, number("list"), number("place"), word("reason"), ...ENDING],
  AcceptCode: [ACCOUNT, number("version"), ...ENDING],
  PublishProfile: [ACCOUNT, word("commitment"), ...ENDING],
} as const;
