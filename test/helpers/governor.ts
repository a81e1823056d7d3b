import {
  type Addressable,
  keccak256,
  MaxUint256,
  type Signer,
  type TypedDataDomain,
  toUtf8Bytes,
  Wallet,
  ZeroHash,
} from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { CoalitionGovernor, MemberDesk } from "../../typechain-types/index.js";
import { deployCoalition, type Parameters, plainParameters } from "./fixture.js";
import { type Announcing, domainOf, signRotate } from "./requests.js";

export { domainOf } from "./requests.js";
export { Standing } from "./roll.js";

export type Connection = NetworkConnection<"generic">;
export type Coalition = Awaited<ReturnType<typeof deployCoalition>>;

/** Whoever signs transactions and ballots: one of Hardhat's accounts or a wallet made for the roll. */
export type Person = Signer & { readonly address: string };

/** The choices of a ballot. */
export const Support = { Against: 0, For: 1, Abstain: 2 } as const;

/** `IGovernor.ProposalState`. */
export const State = {
  Pending: 0n,
  Active: 1n,
  Canceled: 2n,
  Defeated: 3n,
  Succeeded: 4n,
  Queued: 5n,
  Expired: 6n,
  Executed: 7n,
} as const;

/** `IMembership.Right`, and its bit in a mask. */
export const Right = { Speak: 0, Propose: 1, Vote: 2, Stand: 3 } as const;
export const maskOf = (...rights: number[]) => rights.reduce((mask, right) => mask | (1 << right), 0);

/** The word that `GovernorUnexpectedProposalState` gives for the states that were expected; none for no state. */
export const stateMask = (...states: bigint[]) =>
  `0x${states
    .reduce((mask, state) => mask | (1n << state), 0n)
    .toString(16)
    .padStart(64, "0")}`;

const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

const EXTENDED_BALLOT = {
  ExtendedBallot: [...BALLOT.Ballot, { name: "reason", type: "string" }, { name: "params", type: "bytes" }],
};

export type BallotMessage = {
  proposalId: bigint;
  support: number;
  voter: string;
  nonce: bigint;
  /** With a reason, the message is the extended one. */
  reason?: string;
  params?: string;
};

/** Signs a ballot as a wallet would, over the domain that the governor announces unless another is given. */
export async function signBallot(
  governor: Announcing,
  signer: Signer,
  { reason, params = "0x", ...ballot }: BallotMessage,
  foreign: TypedDataDomain = {},
): Promise<string> {
  const domain = { ...(await domainOf(governor)), ...foreign };
  return reason === undefined
    ? signer.signTypedData(domain, BALLOT, ballot)
    : signer.signTypedData(domain, EXTENDED_BALLOT, { ...ballot, reason, params });
}

/** `DecisionRules.Class`. */
export const DecisionClass = {
  MotionAmendment: 0,
  Resolution: 1,
  Action: 2,
  Appeal: 3,
  Amendment: 4,
} as const;

/** Rules by name, as a plain object: to compare them, or to change some and propose them. */
export const plainRules = (rules: Awaited<ReturnType<CoalitionGovernor["rules"]>>) => ({
  notice: rules.notice,
  period: rules.period,
  grace: rules.grace,
  delay: rules.delay,
  extension: rules.extension,
  quorumBps: rules.quorumBps,
  quorumFloor: rules.quorumFloor,
  approvalBps: rules.approvalBps,
  approvalFloorBps: rules.approvalFloorBps,
  concurrence: rules.concurrence,
  concurrenceMembers: rules.concurrenceMembers,
  endorsements: rules.endorsements,
  endorsementGroups: rules.endorsementGroups,
});

export type Rules = ReturnType<typeof plainRules>;

/** The action by which a decision changes some of the rules of a class, of actions unless another is given. */
export async function changeRules(
  governor: CoalitionGovernor,
  changes: Partial<Rules>,
  of: number = DecisionClass.Action,
): Promise<Action> {
  const rules = { ...plainRules(await governor.rules(of)), ...changes };
  return { target: governor, data: governor.interface.encodeFunctionData("setRules", [of, rules]) };
}

/** Joins a person to the roll by their own transaction. */
export async function join({ membership }: Coalition, person: Person, group = 0): Promise<void> {
  const { digest } = await membership.codeOfConduct();
  await membership.connect(person).join(group, digest, "0x");
}

/** Signs a key's consent to take over a member number. */
export async function consent(requests: MemberDesk, newKey: Person, number: bigint): Promise<string> {
  const nonce = await requests.nonces(newKey);
  const request = { number, newKey: newKey.address, nonce, deadline: MaxUint256 };
  return signRotate(newKey, await domainOf(requests), request);
}

/** Moves a member to a new key, which consents by its signature. */
export async function rotateKey({ membership, requests }: Coalition, person: Person, newKey: Person) {
  const signature = await consent(requests, newKey, await membership.numberOf(person));
  return requests.connect(person).rotateKey(newKey, MaxUint256, signature);
}

/** Sends transactions as a contract would, to set a scene that only a decision could set otherwise. */
export async function actAs({ ethers, networkHelpers }: Connection, account: Addressable) {
  const address = await account.getAddress();
  await networkHelpers.setBalance(address, ethers.parseEther("1"));
  return ethers.getImpersonatedSigner(address);
}

/**
 * Fills the roll by people's own transactions and lets every vote mature.
 * @param count Members to seat. Hardhat's accounts come first (but for four, who stay outside), wallets follow.
 * @param groupOf The group of the n-th; round robin unless given.
 */
export async function seatMembers(
  { ethers, networkHelpers }: Connection,
  coalition: Coalition,
  count: number,
  groupOf = (index: number) => index % coalition.parameters.Membership.groups.length,
): Promise<Person[]> {
  const people: Person[] = coalition.people.slice(0, Math.min(count, coalition.people.length - 4));
  while (people.length < count) {
    const wallet = new Wallet(keccak256(toUtf8Bytes(`member ${people.length}`)), ethers.provider);
    await networkHelpers.setBalance(wallet.address, ethers.parseEther("10"));
    people.push(wallet);
  }
  for (const [index, person] of people.entries()) await join(coalition, person, groupOf(index));
  const last = await coalition.membership.member(await coalition.membership.lastNumber());
  await networkHelpers.time.increaseTo(last.votesFrom);
  return people;
}

/** Four of Hardhat's accounts that {seatMembers} never seats. */
export const outsidersOf = ({ people }: Coalition): Person[] => people.slice(-4);

/** A coalition whose members' votes are mature. Wrap it in a named fixture. */
export async function foundCoalition(
  connection: Connection,
  {
    count = 24,
    parameters = plainParameters(),
    groupOf,
  }: { count?: number; parameters?: Parameters; groupOf?: (index: number) => number } = {},
) {
  const coalition = await deployCoalition(connection, parameters);
  const members = await seatMembers(connection, coalition, count, groupOf);
  return { ...coalition, members, outsiders: outsidersOf(coalition) };
}

export type Action = { target: string | Addressable; value?: bigint; data?: string };

/** One decision and its way from proposal to execution. Methods that send answer the transaction. */
export class Decision {
  readonly targets: (string | Addressable)[];
  readonly values: bigint[];
  readonly calldatas: string[];
  readonly descriptionHash: string;
  readonly #connection: Connection;
  readonly #governor: CoalitionGovernor;
  #id: bigint | undefined;

  constructor(
    connection: Connection,
    { governor }: Pick<Coalition, "governor">,
    actions: readonly Action[],
    readonly description: string,
  ) {
    this.#connection = connection;
    this.#governor = governor;
    this.targets = actions.map(({ target }) => target);
    this.values = actions.map(({ value = 0n }) => value);
    this.calldatas = actions.map(({ data = "0x" }) => data);
    this.descriptionHash = keccak256(toUtf8Bytes(description));
  }

  /** Known once proposed. */
  get id(): bigint {
    if (this.#id === undefined) throw new Error(`"${this.description}" was not proposed yet`);
    return this.#id;
  }

  /** What queue, execute and cancel take. */
  get parts(): [(string | Addressable)[], bigint[], string[], string] {
    return [this.targets, this.values, this.calldatas, this.descriptionHash];
  }

  /** Learns the id without proposing. */
  async identify(): Promise<bigint> {
    this.#id = await this.#governor.getProposalId(...this.parts);
    return this.#id;
  }

  async propose(proposer: Person) {
    await this.identify();
    return this.#governor
      .connect(proposer)
      .propose(this.targets, this.values, this.calldatas, this.description);
  }

  async state() {
    return this.#governor.state(this.id);
  }

  async snapshot() {
    return this.#governor.proposalSnapshot(this.id);
  }

  async deadline() {
    return this.#governor.proposalDeadline(this.id);
  }

  async eta() {
    return this.#governor.proposalEta(this.id);
  }

  /** To its first second: ballots are accepted from now on. */
  async open() {
    await this.#connection.networkHelpers.time.increaseTo((await this.snapshot()) + 1n);
  }

  /** To the first second after its last one. */
  async close() {
    await this.#connection.networkHelpers.time.increaseTo((await this.deadline()) + 1n);
  }

  /** To the second at which it may be executed. */
  async mature() {
    await this.#connection.networkHelpers.time.increaseTo(await this.eta());
  }

  async vote(voter: Person, support: number) {
    return this.#governor.connect(voter).castVote(this.id, support);
  }

  /** One ballot each. */
  async voteAll(voters: readonly Person[], support: number) {
    for (const voter of voters) await this.vote(voter, support);
  }

  /** A ballot that somebody else brings. With a reason it is an extended one. */
  async voteBySig(
    relayer: Person,
    voter: Person,
    support: number,
    { reason, params = "0x", nonce }: { reason?: string; params?: string; nonce?: bigint } = {},
  ) {
    const message = {
      proposalId: this.id,
      support,
      voter: voter.address,
      nonce: nonce ?? (await this.#governor.nonces(voter.address)),
      ...(reason !== undefined && { reason, params }),
    };
    const signature = await signBallot(this.#governor, voter, message);
    const governor = this.#governor.connect(relayer);
    return reason === undefined
      ? governor.castVoteBySig(this.id, support, voter.address, signature)
      : governor.castVoteWithReasonAndParamsBySig(this.id, support, voter.address, reason, params, signature);
  }

  async queue(caller: Person) {
    return this.#governor.connect(caller).queue(...this.parts);
  }

  async execute(caller: Person) {
    return this.#governor.connect(caller).execute(...this.parts);
  }

  async cancel(caller: Person) {
    return this.#governor.connect(caller).cancel(...this.parts);
  }

  /** Proposed by the first voter, opened. */
  async start(proposer: Person) {
    await this.propose(proposer);
    await this.open();
  }

  /** All voters For, closed. */
  async succeed(voters: readonly Person[]) {
    await this.start(firstOf(voters));
    await this.voteAll(voters, Support.For);
    await this.close();
  }

  /** Succeeded, queued, and the delay over. */
  async ripen(voters: readonly Person[]) {
    await this.succeed(voters);
    await this.queue(firstOf(voters));
    await this.mature();
  }

  /** The whole way; answers the transaction that executed it. */
  async pass(voters: readonly Person[]) {
    await this.ripen(voters);
    return this.execute(firstOf(voters));
  }
}

/** A coalition with mature members, a box, and a decision to put the number 1 into it, not proposed yet. */
export async function foundWithDecision(connection: Connection, options: { count?: number } = {}) {
  const coalition = await foundCoalition(connection, options);
  const box = await connection.ethers.deployContract("Box");
  const put = (value: number): Action[] => [
    { target: box, data: box.interface.encodeFunctionData("setX", [value]) },
  ];
  const decision = new Decision(connection, coalition, put(1), "Keep the number one");
  return { ...coalition, box, put, decision };
}

/** The salt under which the governor schedules a decision's operation in the timelock. */
export const saltOf = (governor: string, { descriptionHash }: Pick<Decision, "descriptionHash">) =>
  `0x${((BigInt(governor) << 96n) ^ BigInt(descriptionHash)).toString(16).padStart(64, "0")}`;

/** The id of a decision's operation in the timelock. */
export async function operationOf(
  { timelock, governor }: Pick<Coalition, "timelock" | "governor">,
  decision: Decision,
): Promise<string> {
  const salt = saltOf(await governor.getAddress(), decision);
  return timelock.hashOperationBatch(decision.targets, decision.values, decision.calldatas, ZeroHash, salt);
}

function firstOf(voters: readonly Person[]): Person {
  const [first] = voters;
  if (first === undefined) throw new Error("nobody to vote");
  return first;
}
