import assert from "node:assert/strict";
import { id, type Wallet } from "ethers";
import type { BaselineGovernor, Box } from "../../typechain-types/index.js";
import type { Chain } from "./gas-chain.js";
import type { OperationId } from "./gas-operations.js";
import { Samples } from "./gas-samples.js";

export interface Voter {
  readonly number: number;
  readonly wallet: Wallet;
}

/** A coalition of either kind with its roll, ready to decide. */
export interface Body {
  readonly chain: Chain;
  /** Ours has every function of OpenZeppelin's governor, so one type serves both. */
  readonly governor: BaselineGovernor;
  readonly box: Box;
  /** Everyone on the roll whose vote counts, by number. */
  readonly members: readonly Voter[];
  /** Seconds between queueing and execution. */
  readonly delay: number;
  /** Whether a ballot can be changed. */
  readonly changes: boolean;
  /** How long before the close a ballot that turns the outcome moves it, in seconds; 0 where none does. */
  readonly extension: number;
  /** Has a proposal endorsed as it must be before it opens, where it must; answers what each endorsement used. */
  readonly endorse?: (decision: Decision) => Promise<number[]>;
  /** What only a decision of the greatest class can do, where there are classes. */
  readonly amendment?: { readonly target: string; readonly data: string };
  /** Brings ballots For that their voters signed, as many in one transaction as there are; answers what it used. */
  readonly relay: (decision: Decision, voters: readonly Voter[]) => Promise<number>;
  /** The same for a ballot that names its voter, where there is another form for that. */
  readonly relayNamed?: (decision: Decision, voter: Voter) => Promise<number>;
  /** Makes it dear to read the electorate, where that is possible. */
  readonly burden?: () => Promise<void>;
  /** Tells for each ballot of a decision, in their order, which operation it is. */
  readonly classify: () => (voter: Voter) => BallotOperation;
  /** Measures what its members do besides deciding. */
  readonly further: (body: Body) => Promise<void>;
}

type BallotOperation = Extract<
  OperationId,
  "castVoteFirst" | "castVoteFirstOfTally" | "castVoteFirstOfWord" | "castVoteLater"
>;

export interface Decision {
  readonly proposalId: bigint;
  readonly value: number;
  /** What it took to bring it before the members: proposing and endorsing. */
  readonly bringing: number;
  readonly actions: [string[], bigint[], string[], string];
}

export const [AGAINST, FOR] = [0, 1];
const [ACTIVE, QUEUED, EXECUTED] = [1n, 5n, 7n];
const TEXT_LENGTH = 64;

const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/**
 * Takes three decisions. On the first every voter votes directly, and it is carried out; the others are for ballots
 * with a reason, by signature, and changed ones, all of them later ballots: `openers` have voted before.
 */
export async function measureDecisions(body: Body, samples: Samples): Promise<void> {
  const { box, chain } = body;
  const proposer = voterAt(body, 1);
  // The target's first write would cost more than the later ones, and is no cost of governance.
  await chain.send({
    from: proposer.wallet.address,
    to: await box.getAddress(),
    data: box.interface.encodeFunctionData("setX", [40]),
  });
  const [main, second, third] = [
    await propose(body, proposer, 41, samples),
    await propose(body, proposer, 42, samples),
    await propose(body, proposer, 43, samples),
  ];
  await open(body, [main, second, third]);

  // Of both tally words, and of the receipt word that all ballots below share.
  const openers = [voterAt(body, 1), voterAt(body, 4)];
  const signers = [2, 3, 5, 6].map((number) => voterAt(body, number));
  for (const opener of openers) {
    await castVote(body, second, opener, FOR);
    await castVote(body, third, opener, FOR);
  }
  for (const signer of signers) {
    samples.add("castVoteBySigNewNonce", await castVoteBySig(body, second, signer));
  }
  for (const signer of signers) {
    samples.add("castVoteBySigUsedNonce", await castVoteBySig(body, third, signer));
  }
  for (const voter of [7, 8].map((number) => voterAt(body, number))) {
    samples.add("castVoteWithReason", await castVoteWithReason(body, second, voter));
  }
  if (body.changes) {
    for (const opener of openers) {
      samples.add("castVoteChanged", await castVote(body, third, opener, AGAINST));
    }
    await assertVotes(body, third, openers.length, signers.length);
  }
  await assertVotes(body, second, 0, openers.length + signers.length + 2);

  const classify = body.classify();
  const voting = await voteDirectly(body, main, (voter, gas) => samples.add(classify(voter), gas));
  if (body.extension > 0) await measureLastStretch(body, third, samples);
  const { queueing, executing } = await carryOut(body, main);
  samples.add("queue", queueing);
  samples.add("execute", executing);
  samples.add("queueAndExecute", queueing + executing);
  samples.add("wholeDecision", main.bringing + voting + queueing + executing);
}

/** Ballots so late that each has to ask whether it turns the outcome; these do not. */
async function measureLastStretch(body: Body, decision: Decision, samples: Samples): Promise<void> {
  const { chain, extension, governor } = body;
  const close = Number(await governor.proposalDeadline(decision.proposalId));
  const minute = 60;
  await chain.wait(close - extension + minute - chain.now);
  for (const voter of [7, 8, 9].map((number) => voterAt(body, number))) {
    samples.add("castVoteLastStretch", await castVote(body, decision, voter, AGAINST));
  }
  assert.equal(Number(await governor.proposalDeadline(decision.proposalId)), close, "the close moved");
}

/** Takes one decision more, for which the caller has made it dear to read the electorate. */
export async function measureBurdenedDecision(body: Body, samples: Samples): Promise<void> {
  const decision = await propose(body, voterAt(body, 1), 44, new Samples());
  await open(body, [decision]);
  await voteDirectly(body, decision);
  const { queueing, executing } = await carryOut(body, decision);
  samples.add("queueAndExecuteWithdrawn", queueing + executing);
}

export async function open(body: Body, decisions: readonly Decision[]): Promise<void> {
  await pass(body, await body.governor.votingDelay());
  for (const { proposalId } of decisions) {
    assert.equal(await body.governor.state(proposalId), ACTIVE, "the vote did not open");
  }
}

async function voteDirectly(
  body: Body,
  decision: Decision,
  record: (voter: Voter, gas: number) => void = () => {},
): Promise<number> {
  let voting = 0;
  for (const voter of body.members) {
    const gas = await castVote(body, decision, voter, FOR);
    record(voter, gas);
    voting += gas;
  }
  await assertVotes(body, decision, 0, body.members.length);
  return voting;
}

export async function carryOut(
  body: Body,
  decision: Decision,
): Promise<{ queueing: number; executing: number }> {
  const caller = voterAt(body, 1);
  const close = Number(await body.governor.proposalDeadline(decision.proposalId));
  const left = close - Number(await body.governor.clock());
  await pass(body, BigInt(left));
  const queueing = await queue(body, decision, caller);
  await body.chain.wait(body.delay);
  return { queueing, executing: await execute(body, decision, caller) };
}

export async function propose(
  body: Body,
  { wallet }: Voter,
  value: number,
  samples: Samples,
): Promise<Decision> {
  const { box, governor } = body;
  const to = await box.getAddress();
  const description = `Set the number in the box to ${value}`.padEnd(TEXT_LENGTH, ".");
  const targets = [to];
  const values = [0n];
  const calldatas = [box.interface.encodeFunctionData("setX", [value])];
  const data = governor.interface.encodeFunctionData("propose", [targets, values, calldatas, description]);
  const proposing = await send(body, wallet, data);
  samples.add("propose", proposing);
  const actions: Decision["actions"] = [targets, values, calldatas, id(description)];
  const proposalId = await governor.hashProposal(...actions);
  assert.notEqual(await governor.proposalSnapshot(proposalId), 0n, "nothing was proposed");
  const decision: Decision = { proposalId, value, bringing: proposing, actions };
  const endorsing = (await body.endorse?.(decision)) ?? [];
  for (const [index, gas] of endorsing.entries()) samples.add(index === 0 ? "endorse" : "endorseLast", gas);
  return { ...decision, bringing: endorsing.reduce((sum, gas) => sum + gas, proposing) };
}

/** Proposes what is of the greatest class; the members never hear of it. */
export async function measureAmendment(body: Body, samples: Samples): Promise<void> {
  const { amendment, governor } = body;
  if (amendment === undefined) return;
  const { data, target } = amendment;
  for (const number of [2, 3, 4]) {
    const description = `The same once more, by member ${number}`.padEnd(TEXT_LENGTH, ".");
    const call = governor.interface.encodeFunctionData("propose", [[target], [0n], [data], description]);
    samples.add("proposeAmendment", await send(body, voterAt(body, number).wallet, call));
    const proposalId = await governor.hashProposal([target], [0n], [data], id(description));
    assert.notEqual(await governor.proposalSnapshot(proposalId), 0n, "nothing was proposed");
  }
}

export async function castVote(
  body: Body,
  decision: Decision,
  voter: Voter,
  support: number,
): Promise<number> {
  const data = body.governor.interface.encodeFunctionData("castVote", [decision.proposalId, support]);
  return asBallot(body, decision, voter, await send(body, voter.wallet, data));
}

async function castVoteWithReason(body: Body, decision: Decision, voter: Voter): Promise<number> {
  const reason = "It is time that the box held this number".padEnd(TEXT_LENGTH, ".");
  const data = body.governor.interface.encodeFunctionData("castVoteWithReason", [
    decision.proposalId,
    FOR,
    reason,
  ]);
  return asBallot(body, decision, voter, await send(body, voter.wallet, data));
}

/** Somebody who is not the voter sends it and pays. */
async function castVoteBySig(body: Body, decision: Decision, voter: Voter): Promise<number> {
  const { governor } = body;
  const { wallet } = voter;
  const relayer = voterAt(body, 9);
  const { proposalId } = decision;
  const [, name, version, chainId, verifyingContract] = await governor.eip712Domain();
  const signature = await wallet.signTypedData({ name, version, chainId, verifyingContract }, BALLOT, {
    proposalId,
    support: FOR,
    voter: wallet.address,
    nonce: await governor.nonces(wallet.address),
  });
  const data = governor.interface.encodeFunctionData("castVoteBySig", [
    proposalId,
    FOR,
    wallet.address,
    signature,
  ]);
  return asBallot(body, decision, voter, await send(body, relayer.wallet, data));
}

async function queue(body: Body, { proposalId, actions }: Decision, { wallet }: Voter): Promise<number> {
  const { governor } = body;
  const gas = await send(body, wallet, governor.interface.encodeFunctionData("queue", actions));
  assert.equal(await governor.state(proposalId), QUEUED, "the decision was not queued");
  return gas;
}

async function execute(
  body: Body,
  { proposalId, value, actions }: Decision,
  { wallet }: Voter,
): Promise<number> {
  const { box, governor } = body;
  const gas = await send(body, wallet, governor.interface.encodeFunctionData("execute", actions));
  assert.equal(await governor.state(proposalId), EXECUTED, "the decision was not executed");
  assert.equal(await box.x(), BigInt(value), "the decision had no effect");
  return gas;
}

async function send({ chain, governor }: Body, { address }: Wallet, data: string): Promise<number> {
  return chain.send({ from: address, to: await governor.getAddress(), data });
}

async function asBallot(body: Body, decision: Decision, { wallet }: Voter, gas: number): Promise<number> {
  const counted = await body.governor.hasVoted(decision.proposalId, wallet.address);
  assert(counted, `the ballot of ${wallet.address} was not counted`);
  return gas;
}

export async function assertVotes(
  body: Body,
  { proposalId }: Decision,
  against: number,
  inFavour: number,
): Promise<void> {
  const votes = await body.governor.proposalVotes(proposalId);
  assert.deepEqual([...votes], [BigInt(against), BigInt(inFavour), 0n], "the count is wrong");
}

// On the governor's own clock: OpenZeppelin's default counts blocks, ours seconds. One more block, for a duration must
// be over.
async function pass({ chain, governor }: Body, duration: bigint): Promise<void> {
  const byBlocks = (await governor.CLOCK_MODE()).startsWith("mode=blocknumber");
  if (byBlocks) await chain.mine(Number(duration));
  else await chain.wait(Number(duration));
  await chain.mine(1);
}

export function voterAt({ members }: Body, position: number): Voter {
  const voter = members[position - 1];
  if (voter === undefined) throw new Error(`there is no voter ${position}`);
  return voter;
}
