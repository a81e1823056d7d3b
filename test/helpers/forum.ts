import { type BigNumberish, id, type Signer, type TypedDataDomain } from "ethers";
import { FORUM_MESSAGES, kindNumber, POST_TYPES, type PostKind } from "../../scripts/lib/forum/messages.js";
import type { IForum } from "../../typechain-types/contracts/forum/Forum.js";
import type { Forum, Speakers } from "../../typechain-types/index.js";
import { FAR } from "./attacks.js";
import { type Parameters, plainParameters } from "./fixture.js";
import { actAs, type Connection, foundCoalition, type Person } from "./governor.js";
import { type Announcing, domainOf } from "./requests.js";

/** `IForum.Kind`, by name. */
export const Kind = { Thread: 0n, Reply: 1n, Edit: 2n, Hide: 3n, Show: 4n, Erase: 5n } as const;

/** `IForum.Authority`, by name. */
export const Authority = { Author: 0n, Case: 1n, Decision: 2n } as const;

/** Stands for the digest of a text. */
export const textOf = (words: string) => id(words);

/** Posts at once, and seconds to the next, in {@link foundForum}. */
export const BURST = 3;
export const INTERVAL = 600;

/** The list that the tests post to, and another one. */
export const LIST = 2n;
export const OTHER = 1n;

/** The last moment of a hiding for good. */
export const FOR_GOOD = 2n ** 48n - 1n;

/**
 * A coalition with mature members, the n-th of which holds the number n + 1 and has accepted the Code, which has no
 * clauses yet. Wrap it in a named fixture.
 */
export async function foundForum(
  connection: Connection,
  { count = 12, change = () => {} }: { count?: number; change?: (parameters: Parameters) => void } = {},
) {
  const parameters = plainParameters();
  Object.assign(parameters.Forum, { burst: BURST, interval: INTERVAL });
  change(parameters);
  const coalition = await foundCoalition(connection, { count, parameters });
  const { forum, speakers, conduct, members, timelock, outsiders } = coalition;
  const { time } = connection.networkHelpers;
  for (const person of members) await speakers.connect(person).accept(0);
  const power = await actAs(connection, timelock);
  const judge = await actAs(connection, conduct);
  const [stranger, relayer] = outsiders as [Person, Person];
  /** A member by number, from 1. */
  const member = (number: number | bigint): Person => {
    const found = members[Number(number) - 1];
    if (found === undefined) throw new Error(`there are ${members.length} members`);
    return found;
  };
  return {
    ...coalition,
    connection,
    /** The timelock, which acts as decisions would have it act. */
    power,
    /** The contract that decides cases, which acts as those would have it act. */
    judge,
    stranger,
    relayer,
    member,
    /** The forum as a member calls it. */
    by: (number: number | bigint) => forum.connect(member(number)),
    /** A thread of a member, in the list of the tests; answers its place. */
    thread: async (number = 1, words = "A thread", list: bigint = LIST) => {
      await forum.connect(member(number)).post(Kind.Thread, list, 0, textOf(words));
      return lengthOf(await forum.seriesOf(list));
    },
    now: async () => BigInt(await time.latest()),
    goTo: (moment: bigint) => time.increaseTo(moment),
    /** Sends in a block of a given moment. */
    at: async <T>(moment: bigint, send: () => Promise<T>): Promise<T> => {
      await time.setNextBlockTimestamp(moment);
      return send();
    },
  };
}

export type ForumScene = Awaited<ReturnType<typeof foundForum>>;

/** How many records a series has. */
export const lengthOf = (head: bigint) => BigInt.asUintN(32, head);

export type Changes = {
  /** In whose name, where another key signs. */
  account?: string;
  nonce?: BigNumberish;
  deadline?: bigint;
  domain?: TypedDataDomain;
};

/** A post as `postBySig` takes it, with the present nonce of the account unless told otherwise. */
export async function signPost(
  forum: Forum,
  signer: Signer,
  kind: PostKind,
  {
    list = LIST,
    to = 0n,
    digest = textOf("A signed text"),
  }: { list?: bigint; to?: bigint; digest?: string } = {},
  changes: Changes = {},
): Promise<IForum.SignedPostStruct> {
  const signed = await signForForum(forum, signer, POST_TYPES[kind], { list, to, digest }, changes);
  return { kind: kindNumber(kind), list, to, digest, ...signed };
}

/** What is signed for forum, speakers or profiles, with the present nonce of the account unless told otherwise. */
export async function signForForum(
  contract: Announcing & { nonces(key: string): Promise<bigint> },
  signer: Signer,
  type: string,
  content: Readonly<Record<string, unknown>>,
  { account, nonce, deadline = FAR, domain = {} }: Changes = {},
) {
  const signs = account ?? (await signer.getAddress());
  const fields = FORUM_MESSAGES[type as keyof typeof FORUM_MESSAGES];
  const message = { account: signs, ...content, nonce: nonce ?? (await contract.nonces(signs)), deadline };
  const whole = { ...(await domainOf(contract)), ...domain };
  return {
    account: signs,
    deadline,
    signature: await signer.signTypedData(whole, { [type]: [...fields] }, message),
  };
}

/** {@link signForForum} of an acceptance, as `acceptBySig` takes it. */
export async function signAccept(speakers: Speakers, signer: Signer, version: bigint, changes: Changes = {}) {
  const { account, deadline, signature } = await signForForum(
    speakers,
    signer,
    "AcceptCode",
    { version },
    changes,
  );
  return [account, version, deadline, signature] as const;
}
