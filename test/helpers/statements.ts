import { type BigNumberish, id, type Signer, type TypedDataDomain } from "ethers";
import type { OutcomeFigures } from "../../scripts/lib/motions/outcome.js";
import type { MinorityStatements } from "../../typechain-types/index.js";
import { FAR, guardedParameters } from "./attacks.js";
import type { ClassRules } from "./fixture.js";
import {
  type Action,
  type Connection,
  Decision,
  domainOf,
  foundCoalition,
  type Person,
  rotateKey,
  Support,
} from "./governor.js";
import { structOf } from "./signing.js";

const DAY = 86_400n;

/** Seconds after the close in which statements are taken: less than the grace of any class. */
export const WINDOW = 3n * DAY;

/** Digest of a statement's text: what it says concerns no contract. */
export const TEXT = id("Why we voted against");

/** Gas that must be left for each co-signature of a batch, as the contract has it. */
export const COSIGNATURE_GAS = 309_375n;

/** A coalition with a guardian, statements, and a decision that nobody has proposed yet. */
export async function foundStatements(
  connection: Connection,
  { count = 20, changes = {} }: { count?: number; changes?: Partial<ClassRules> } = {},
) {
  const guardianKey: Person = (await connection.ethers.getSigners()).slice(-1)[0];
  const parameters = guardedParameters(guardianKey.address, Number(400n * DAY), changes);
  parameters.Motions.statementWindow = Number(WINDOW);
  const coalition = await foundCoalition(connection, { count, parameters });
  const box = await connection.ethers.deployContract("Box");
  const put: Action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const decisionOf = (title: string) => new Decision(connection, coalition, [put], title);
  const decision = decisionOf("Keep the number one");
  return { ...coalition, connection, guardianKey, decision, decisionOf };
}

export type Statements = Awaited<ReturnType<typeof foundStatements>>;

/** A member by index, from 0. */
export function memberAt({ members }: Pick<Statements, "members">, index: number): Person {
  const person = members[index];
  if (person === undefined) throw new Error(`there are ${members.length} members`);
  return person;
}

/** Who voted how in {@link foundVoted}, by index; the n-th holds the number n + 1. */
export const Voters = {
  for: [0, 1, 2, 3, 4, 5, 15, 16, 17, 18],
  /** Plainly against, the first of them for a delegator too. */
  against: [6, 7, 8, 9],
  /** Against at first, For in the end; and the other way round, with a new key in between. */
  turnedFor: 10,
  turnedAgainst: 11,
  /** Casts no ballot: that of the first who voted against counts for the member. */
  delegator: 12,
  /** Took the vote back from the second who voted against, and voted against too. */
  tookBack: 13,
  abstained: 14,
  absent: 19,
} as const;

/** Numbers of the two wallets that are contracts, which voted against. */
export const WALLET = 21n;
export const HOSTILE = 22n;

/**
 * A decision that passed by 11 to 9 and has just closed. Among who voted against are a wallet that is a contract, for
 * which the first outsider signs, and one that means harm.
 */
export async function foundVoted(connection: Connection) {
  const scene = await foundStatements(connection);
  const { ethers, networkHelpers } = connection;
  const { membership, delegations, governor, decision, outsiders } = scene;
  const [owner, newKey] = outsiders as [Person, Person];
  const wallet = await ethers.deployContract("ContractWallet", [owner]);
  const hostile = await ethers.deployContract("HostileWallet");
  const { digest } = await membership.codeOfConduct();
  const join = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
  await wallet.connect(owner).execute(membership, join);
  await hostile.act(membership, join);
  await networkHelpers.time.increaseTo((await membership.member(HOSTILE)).votesFrom);
  const [received, lost] = [memberAt(scene, 6), memberAt(scene, 7)];
  for (const delegate of [received, lost]) await delegations.connect(delegate).takeDelegations(5);
  await membership.connect(memberAt(scene, Voters.delegator)).delegate(received);
  await membership.connect(memberAt(scene, Voters.tookBack)).delegate(lost);

  await decision.start(memberAt(scene, 0));
  const vote = (index: number, support: number) => decision.vote(memberAt(scene, index), support);
  for (const index of Voters.for) await vote(index, Support.For);
  for (const index of Voters.against) await vote(index, Support.Against);
  await vote(Voters.tookBack, Support.Against);
  await vote(Voters.turnedFor, Support.Against);
  await vote(Voters.turnedFor, Support.For);
  await vote(Voters.turnedAgainst, Support.For);
  await rotateKey(scene, memberAt(scene, Voters.turnedAgainst), newKey);
  await decision.vote(newKey, Support.Against);
  await vote(Voters.abstained, Support.Abstain);
  const ballot = governor.interface.encodeFunctionData("castVote", [decision.id, Support.Against]);
  await wallet.connect(owner).execute(governor, ballot);
  await hostile.act(governor, ballot);
  await decision.close();
  const relayer: Person = outsiders[2] as Person;
  return {
    ...scene,
    ...{ owner, newKey, relayer, wallet, hostile },
    relayed: scene.statements.connect(relayer),
  };
}

export type Voted = Awaited<ReturnType<typeof foundVoted>>;

/** The statements, as a member calls them. */
export const speaker = (scene: Pick<Voted, "members" | "statements">, index: number) =>
  scene.statements.connect(memberAt(scene, index));

type Changes = {
  /** In whose name, where another key signs. */
  account?: string;
  nonce?: BigNumberish;
  deadline?: bigint;
  domain?: TypedDataDomain;
};

/** A signed request as `fileBySig` takes it, with the present nonce of the account unless told otherwise. */
export async function signFile(
  statements: MinorityStatements,
  signer: Signer,
  content: { proposalId: bigint; digest?: string },
  changes: Changes = {},
) {
  const struct =
    "FileStatement(address account,uint256 proposalId,bytes32 digest,uint256 nonce,uint256 deadline)";
  const { proposalId, digest = TEXT } = content;
  const signed = await sign(statements, signer, struct, { proposalId, digest }, changes);
  return [signed.account, proposalId, digest, signed.deadline, signed.signature] as const;
}

/** A co-signature as batches take it, with the present nonce of the account unless told otherwise. */
export function signCosign(
  statements: MinorityStatements,
  signer: Signer,
  statement: bigint,
  changes: Changes = {},
) {
  const struct = "Cosign(address account,uint256 statement,uint256 nonce,uint256 deadline)";
  return sign(statements, signer, struct, { statement }, changes);
}

async function sign(
  statements: MinorityStatements,
  signer: Signer,
  struct: string,
  content: object,
  { account, nonce, deadline = FAR, domain = {} }: Changes,
) {
  const signs = account ?? (await signer.getAddress());
  const { name, fields } = structOf(struct);
  const message = {
    account: signs,
    ...content,
    nonce: nonce ?? (await statements.nonces(signs)),
    deadline,
  };
  const whole = { ...(await domainOf(statements)), ...domain };
  return {
    account: signs,
    deadline,
    signature: await signer.signTypedData(whole, { [name]: fields }, message),
  };
}

/** What the chain says of an outcome, as a plain object. */
export async function outcomeOf(statements: MinorityStatements, proposalId: bigint): Promise<OutcomeFigures> {
  const outcome = await statements.outcomeOf(proposalId);
  return {
    kind: outcome.kind,
    passed: outcome.passed,
    againstVotes: outcome.againstVotes,
    forVotes: outcome.forVotes,
    abstainVotes: outcome.abstainVotes,
    closedAt: outcome.closedAt,
    statementsUntil: outcome.statementsUntil,
    statements: outcome.statements,
    series: outcome.series,
    record: outcome.record,
  };
}
