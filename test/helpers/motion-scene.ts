import { type Result, type Signer, type TypedDataDomain, toBeHex, ZeroHash } from "ethers";
import type { IMotionActs, Motions } from "../../typechain-types/contracts/motions/Motions.js";
import { FAR } from "./attacks.js";
import { type ClassRules, type Parameters, plainParameters } from "./fixture.js";
import {
  actAs,
  type Connection,
  Decision,
  foundCoalition,
  join,
  maskOf,
  type Person,
  rotateKey,
  Standing,
} from "./governor.js";
import { type ActionList, actionsDigest, type contentOf, digestOf, listOf, tabled } from "./motions.js";
import { domainOf } from "./requests.js";
import { structOf } from "./signing.js";

/** `DecisionRules.Rules` of each class, as far as a scene changes them. */
type ClassChanges = Partial<Record<keyof Parameters["Governor"], Partial<ClassRules>>>;

/** What a scene of motions changes of DC-BAS's parameters. */
export type MotionPlan = {
  /** Members; 24 unless given. */
  count?: number;
  groupOf?: (index: number) => number;
  /** Rules for motions. */
  rules?: Partial<Parameters["Motions"]>;
  classes?: ClassChanges;
};

/** Endorsements that differ by class, each stricter than the one below. */
export const ENDORSED: ClassChanges = {
  resolution: { endorsements: 1, endorsementGroups: 1 },
  action: { endorsements: 2, endorsementGroups: 2 },
  appeal: { endorsements: 2, endorsementGroups: 2 },
  amendment: { endorsements: 3, endorsementGroups: 2 },
};

/** Consensus first: an objection of three members of two groups sends a motion to the vote. */
export const CONSENSUS = { silence: 259_200, objections: 3, objectionGroups: 2 };

/**
 * A coalition with mature members, the n-th of which holds the number n + 1 and is of the group n % 6 unless told
 * otherwise, and a box that motions can put numbers into. Wrap it in a named fixture.
 */
export async function foundMotions(
  connection: Connection,
  { count = 24, groupOf, rules = {}, classes = {} }: MotionPlan = {},
) {
  const parameters = plainParameters();
  Object.assign(parameters.Motions, rules);
  for (const [key, changes] of Object.entries(classes)) {
    Object.assign(parameters.Governor[key as keyof ClassChanges], changes);
  }
  const options = { count, parameters, ...(groupOf && { groupOf }) };
  const coalition = await foundCoalition(connection, options);
  const { ethers, networkHelpers } = connection;
  const power = await actAs(connection, coalition.timelock);
  const box = await ethers.deployContract("Box");
  const { time } = networkHelpers;
  const { motions, members } = coalition;
  /** Lets time pass until a moment, unless it has come. */
  const goTo = async (moment: bigint): Promise<void> => {
    if (BigInt(await time.latest()) < moment) await time.increaseTo(moment);
  };
  return {
    ...coalition,
    connection,
    /** The timelock, which acts as decisions would have it act. */
    power,
    box,
    /** The action that puts a number into the box. */
    put: (value: number) => ({ target: box, data: box.interface.encodeFunctionData("setX", [value]) }),
    now: async () => BigInt(await time.latest()),
    /** Sends in a block of a given moment. */
    at: async <T>(moment: bigint, send: () => Promise<T>): Promise<T> => {
      await time.setNextBlockTimestamp(moment);
      return send();
    },
    goTo,
    /** A motion of the first member, tabled. */
    tabled: (text = "A text", actions?: ActionList, author = memberAt(members, 0)) =>
      tabled(motions, author, text, actions),
    /** To the first second in which a motion is closed for amendments. */
    close: async (motion: bigint) => goTo((await motions.motionOf(motion)).closesAt),
    stageOf: async (motion: bigint) => (await motions.motionOf(motion)).stage,
  };
}

export type MotionScene = Awaited<ReturnType<typeof foundMotions>>;

/** A member by index, from 0. */
export function memberAt(members: readonly Person[], index: number): Person {
  const person = members[index];
  if (person === undefined) throw new Error(`there are ${members.length} members`);
  return person;
}

/** A struct that a contract answered, as a plain object: to compare it, or to change some of it and send it. */
export const plain = <T extends object>(answer: T) =>
  (answer as unknown as Result).toObject() as Pick<T, Exclude<keyof T, keyof unknown[] | `${number}`>>;

/** Actions as events tell them, by address. */
export async function plainList({ targets, values, calldatas }: ActionList) {
  const addresses = targets.map((target) => (typeof target === "string" ? target : target.getAddress()));
  return [await Promise.all(addresses), values, calldatas] as const;
}

export type Refused = { who: Person; standing: bigint; explanation: bigint };

/** All those who have no part in a motion; the rights named are suspended for the last member. */
export async function refusedOf(scene: MotionScene, ...rights: number[]): Promise<Refused[]> {
  const { membership, members, outsiders, power } = scene;
  const [stranger, latecomer, newKey] = outsiders as [Person, Person, Person];
  const count = members.length;
  const [gone, moved, suspended] = [3, 2, 1].map((back) => memberAt(members, count - back)) as [
    Person,
    Person,
    Person,
  ];
  await join(scene, latecomer);
  const { votesFrom } = await membership.member(await membership.lastNumber());
  await membership.connect(gone).resign();
  const left = await scene.now();
  await rotateKey(scene, moved, newKey);
  const rotated = await scene.now();
  const until = rotated + 90n * 86_400n;
  await membership.connect(power).suspend(count, maskOf(...rights), until);
  return [
    { who: stranger, standing: Standing.NotMember, explanation: 0n },
    { who: latecomer, standing: Standing.Immature, explanation: votesFrom },
    { who: gone, standing: Standing.Ended, explanation: left },
    { who: moved, standing: Standing.Rotated, explanation: rotated },
    { who: suspended, standing: Standing.Suspended, explanation: until },
  ];
}

/** The action by which a decision changes the first clause of the charter. */
export const clauseChange = ({ charter }: Pick<MotionScene, "charter">, base: string, wording: string) => ({
  target: charter,
  data: charter.interface.encodeFunctionData("amend", [1, 1, digestOf(base), digestOf(wording)]),
});

/** Enacts the first clause of the charter by a decision of the members. */
export async function enactClause(scene: MotionScene, wording: string): Promise<void> {
  const { charter, connection, members } = scene;
  const data = charter.interface.encodeFunctionData("insert", [1, 0, ZeroHash, digestOf(wording)]);
  await new Decision(connection, scene, [{ target: charter, data }], `Clause: ${wording}`).pass(members);
}

/** A decision, not proposed yet, that changes the first clause of the charter. */
export const decisionOnClause = (scene: MotionScene, base: string, wording: string) =>
  new Decision(scene.connection, scene, [clauseChange(scene, base, wording)], `${base}: ${wording}`);

/** Actions that change the first clause of the charter, as a motion has them. */
export const clauseList = (scene: MotionScene, base: string, wording: string) =>
  listOf([clauseChange(scene, base, wording)]);

const SIGNED = "uint256 nonce,uint256 deadline";
const CONTENT = `bytes32 text,bytes32 purpose,bytes32 actions,${SIGNED}`;

/** What can be signed for about motions, as `IMotionActs.ActKind` numbers it, and the EIP-712 message. */
export const MOTION_ACTS = {
  Table: { kind: 0n, struct: `TableMotion(address account,uint256 motion,uint256 revision,${SIGNED})` },
  Withdraw: { kind: 1n, struct: `WithdrawMotion(address account,uint256 motion,uint256 revision,${SIGNED})` },
  Endorse: { kind: 2n, struct: `EndorseMotion(address account,uint256 motion,uint256 revision,${SIGNED})` },
  Object: { kind: 3n, struct: `ObjectToMotion(address account,uint256 motion,bytes32 reason,${SIGNED})` },
} as const;

export type MotionActKind = keyof typeof MOTION_ACTS;

/** What of a signature a test bends: in whose name, by which nonce, until when, for which contract and chain. */
export type SigningChanges = {
  account?: string;
  nonce?: bigint;
  deadline?: bigint;
  domain?: TypedDataDomain;
};

/** A signed act as {@link signMotionAct} makes it. */
export type SignedMotionAct = IMotionActs.ActStruct & { account: string; signature: string; subject: bigint };

async function sign(
  motions: Motions,
  signer: Signer,
  struct: string,
  message: Record<string, unknown>,
  { account, nonce, deadline = FAR, domain = {} }: SigningChanges,
) {
  const signs = account ?? (await signer.getAddress());
  const { name, fields } = structOf(struct);
  const value = { account: signs, ...message, nonce: nonce ?? (await motions.nonces(signs)), deadline };
  const signature = await signer.signTypedData(
    { ...(await domainOf(motions)), ...domain },
    { [name]: fields },
    value,
  );
  return { account: signs, deadline, signature };
}

/**
 * Signs an act about a motion as a wallet would, with the present nonce of the account unless told otherwise.
 * @param value The revision, or the digest of the reason.
 */
export async function signMotionAct(
  motions: Motions,
  signer: Signer,
  kind: MotionActKind,
  subject: bigint,
  value: bigint | string,
  changes: SigningChanges = {},
): Promise<SignedMotionAct> {
  const { kind: number, struct } = MOTION_ACTS[kind];
  const field = kind === "Object" ? "reason" : "revision";
  const signed = await sign(motions, signer, struct, { motion: subject, [field]: value }, changes);
  return { kind: number, subject, value: typeof value === "bigint" ? toBeHex(value, 32) : value, ...signed };
}

type Content = ReturnType<typeof contentOf>;

/** Signs a draft as a wallet would. */
export async function signDraft(
  motions: Motions,
  signer: Signer,
  { text, purpose, actions }: Content,
  changes: SigningChanges = {},
) {
  const message = { text, purpose, actions: await actionsDigest(actions) };
  return sign(motions, signer, `DraftMotion(address account,${CONTENT})`, message, changes);
}

/** Signs an edit as a wallet would. */
export async function signRevision(
  motions: Motions,
  signer: Signer,
  { motion, revision, text, purpose, actions }: Content & { motion: bigint; revision: bigint },
  changes: SigningChanges = {},
) {
  const message = { motion, revision, text, purpose, actions: await actionsDigest(actions) };
  const struct = `ReviseMotion(address account,uint256 motion,uint256 revision,${CONTENT})`;
  return sign(motions, signer, struct, message, changes);
}
