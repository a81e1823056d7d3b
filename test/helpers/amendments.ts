import type { Motions } from "../../typechain-types/index.js";
import { plainParameters } from "./fixture.js";
import { type Connection, foundCoalition, type Person } from "./governor.js";
import {
  type ActionList,
  actionsDigest,
  carry,
  changeOf,
  decisionOfAmendment,
  moved,
  refuse,
  tabled,
} from "./motions.js";
import { type Signed, signStruct } from "./signing.js";

/** `IMotionActs.ActKind`. */
export const ActKind = { Table: 0, Withdraw: 1, Endorse: 2, Object: 3, Accept: 4 } as const;

/** `IMotionActs.Act`. */
export interface Act {
  kind: number;
  account: string;
  subject: bigint;
  value: string;
  deadline: bigint;
  signature: string;
}

/** The text of the motion that amendments are tried on. */
export const TEXT = "The coalition meets once a year.";

/** What an amendment of a test may be besides its text. */
export interface Wish {
  /** The amendment that it amends; the motion unless given. */
  parent?: bigint;
  /** Revision or version that it is written against; the first unless given. */
  base?: bigint | number;
  substitute?: boolean;
  actions?: ActionList;
  reason?: string;
}

type Rules = ReturnType<typeof plainParameters>["Motions"];

/** The rules for motions by name, as a plain object: to change some and set them. */
export const plainMotionRules = (rules: Awaited<ReturnType<Motions["rules"]>>) => ({
  notice: rules.notice,
  window: rules.window,
  rebase: rules.rebase,
  lapse: rules.lapse,
  openByMotion: rules.openByMotion,
  openByMember: rules.openByMember,
  silence: rules.silence,
  objections: rules.objections,
  objectionGroups: rules.objectionGroups,
  amendmentSilence: rules.amendmentSilence,
  amendmentObjections: rules.amendmentObjections,
  amendmentObjectionGroups: rules.amendmentObjectionGroups,
});

/**
 * A coalition of twelve members in six groups, and a motion of the first that is tabled. The next three move amendments;
 * the fifth stands by, the last six vote.
 * @param rules Those for motions, where they differ from DC-BAS's.
 */
export async function foundMotion(
  connection: Connection,
  {
    rules = {},
    count = 12,
    parameters = plainParameters({ quorumFloor: 3 }),
    groupOf,
  }: {
    rules?: Partial<Rules>;
    count?: number;
    parameters?: ReturnType<typeof plainParameters>;
    groupOf?: (index: number) => number;
  } = {},
) {
  Object.assign(parameters.Motions, rules);
  const coalition = await foundCoalition(connection, { count, parameters, groupOf });
  const { motions, amendments, members } = coalition;
  const { time } = connection.networkHelpers;
  const [author, ann, ben, cyd, eve] = members as [Person, Person, Person, Person, Person];
  const voters = members.slice(-6);
  const motion = await tabled(motions, author, TEXT);
  const goTo = async (moment: bigint) => {
    if (BigInt(await time.latest()) < moment) await time.increaseTo(moment);
  };
  const closesAt = async () => (await motions.motionOf(motion)).closesAt;

  /** Puts the amendment before the members whose turn it is, in the first second of its turn or as soon as can be. */
  async function putNext(): Promise<bigint> {
    const [amendment, from] = await amendments.nextOf(motion);
    await goTo(from - 1n);
    await amendments.putNext(motion);
    return amendment;
  }

  return {
    ...coalition,
    connection,
    author,
    ann,
    ben,
    cyd,
    eve,
    voters,
    motion,
    rules: parameters.Motions,
    goTo,
    closesAt,
    putNext,
    now: async () => BigInt(await time.latest()),
    /** Sends a transaction in a block of a given moment. */
    at: async <T>(moment: bigint, send: () => Promise<T>): Promise<T> => {
      await time.setNextBlockTimestamp(moment);
      return send();
    },
    /** Moves an amendment and answers its number. */
    move: (mover: Person, text: string, { parent = 0n, base = 1n, ...wish }: Wish = {}) =>
      moved(amendments, mover, motion, changeOf(base, text, wish), parent),
    stateOf: async (amendment: bigint) => (await amendments.amendmentOf(amendment)).state,
    /** To the first second in which the motion is closed for amendments. */
    close: async () => goTo(await closesAt()),
    /** The decision of the members on what is before them, to its execution or its failure. */
    decide: async (amendment: bigint, adopted: boolean) => {
      const decision = await decisionOfAmendment(connection, coalition, amendment);
      if (adopted) return carry(decision, voters);
      await refuse(decision, voters);
      await amendments.settle(motion);
    },
    /** Puts what is next, and has it decided. */
    decideNext: async (adopted: boolean) => {
      const amendment = await putNext();
      const decision = await decisionOfAmendment(connection, coalition, amendment);
      if (adopted) await carry(decision, voters);
      else {
        await refuse(decision, voters);
        await amendments.settle(motion);
      }
      return amendment;
    },
  };
}

export type MotionScene = Awaited<ReturnType<typeof foundMotion>>;

const MOVE =
  "MoveAmendment(address account,uint256 motion,uint256 parent,uint256 base,bytes32 text,bytes32 reason," +
  "bool substitute,bytes32 actions,uint256 nonce,uint256 deadline)";
const REBASE =
  "RebaseAmendment(address account,uint256 amendment,uint256 base,bytes32 text,bytes32 reason,bool substitute," +
  "bytes32 actions,uint256 nonce,uint256 deadline)";

/** What members sign about amendments, by the kind of the act. */
const ACTS: Readonly<Record<number, string>> = {
  [ActKind.Accept]:
    "AcceptAmendment(address account,uint256 amendment,uint256 version,uint256 nonce,uint256 deadline)",
  [ActKind.Withdraw]:
    "WithdrawAmendment(address account,uint256 amendment,uint256 version,uint256 nonce,uint256 deadline)",
  [ActKind.Object]:
    "ObjectToAmendment(address account,uint256 amendment,bytes32 reason,uint256 nonce,uint256 deadline)",
};

type Change = ReturnType<typeof changeOf>;

const messageOf = async ({ actions, ...change }: Change) => ({
  ...change,
  actions: await actionsDigest(actions),
});

/** Signs that a member moves an amendment. */
export async function signMove(
  amendments: Signed,
  signer: Person,
  {
    motion,
    parent = 0n,
    change,
    deadline,
  }: { motion: bigint; parent?: bigint; change: Change; deadline: bigint },
): Promise<string> {
  const message = { account: signer.address, motion, parent, ...(await messageOf(change)), deadline };
  return signStruct(amendments, signer, MOVE, message);
}

/** Signs that a mover rebases an amendment. */
export async function signRebase(
  amendments: Signed,
  signer: Person,
  { amendment, change, deadline }: { amendment: bigint; change: Change; deadline: bigint },
): Promise<string> {
  const message = { account: signer.address, amendment, ...(await messageOf(change)), deadline };
  return signStruct(amendments, signer, REBASE, message);
}

/**
 * Signs an act about an amendment.
 * @param value Version or digest of the reason, as 32 bytes.
 * @param nonce The signer's present one unless given: those after it are for further acts of a batch.
 */
export async function signAct(
  amendments: Signed,
  signer: Person,
  {
    kind,
    subject,
    value,
    deadline,
    nonce,
  }: { kind: number; subject: bigint; value: string; deadline: bigint; nonce?: bigint },
): Promise<Act> {
  const struct = ACTS[kind];
  if (struct === undefined) throw new Error(`nothing about amendments is signed as an act of kind ${kind}`);
  const message = {
    account: signer.address,
    amendment: subject,
    ...(kind === ActKind.Object ? { reason: value } : { version: value }),
    ...(nonce !== undefined && { nonce }),
    deadline,
  };
  const signature = await signStruct(amendments, signer, struct, message);
  return { kind, account: signer.address, subject, value, deadline, signature };
}
