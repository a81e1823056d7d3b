import assert from "node:assert/strict";
import type { BaseContract } from "ethers";
import { digest, key } from "./gas-chain.js";
import type { Voter } from "./gas-decisions.js";
import type { Contest, Polls } from "./gas-elections.js";
import { domainOf } from "./gas-relay.js";
import { DAY } from "./gas-scene.js";

/** How many vote by a transaction of their own, if there are so many. */
const IN_PERSON = 100;

/** Ballots that one transaction brings, of members whose numbers follow each other. */
const BATCH = 100;

/** Members whose ballots share a word where there are ten candidates: by approval, and ranked. */
const [BY_APPROVAL, BY_RANK] = [23, 5];

/** Bits of a preference where there are ten candidates. */
const CODE_BITS = 4n;

/** Words of ballots that a transaction reads. */
const BUDGET = 400;

const FIRST_BALLOT = {
  FirstElectionBallot: [
    { name: "electionId", type: "uint256" },
    { name: "voter", type: "address" },
    { name: "ballot", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

interface Contests {
  readonly open: Contest;
  readonly secret: Contest;
  readonly preferential: Contest;
}

/** Ballots of every kind, by those who vote in person; by approval also a hundred that somebody brings. */
export async function measureBallots(polls: Polls, { open, secret, preferential }: Contests): Promise<void> {
  const { act, approval, ranked, samples, ten } = polls;
  const groups = new Set<bigint>();
  const words = new Set<number>();
  for (const [index, voter] of inPerson(polls).entries()) {
    const gas = await act(approval, voter.wallet, "castBallot", [open.id, approvalsOf(voter.number)]);
    assert.equal(await approval.ballotOf(open.id, voter.number), approvalsOf(voter.number), "no ballot");
    const { group } = await polls.membership.member(voter.number);
    const word = Math.floor(voter.number / BY_APPROVAL);
    if (index === 0) samples.add("electionBallotFirst", gas);
    else if (groups.has(group))
      samples.add(words.has(word) ? "electionBallotLater" : "electionBallotFirstOfWord", gas);
    groups.add(group);
    words.add(word);
  }

  const rankedWords = new Set<number>();
  for (const [index, { number, wallet }] of inPerson(polls).entries()) {
    const ballot = preferencesOf(number);
    const gas = await act(ranked, wallet, "castBallot", [preferential.id, ballot]);
    assert.equal(await ranked.ballotOf(preferential.id, number), ballot, "no ballot");
    const word = Math.floor(number / BY_RANK);
    if (index > 0) samples.add(rankedWords.has(word) ? "rankedBallotLater" : "rankedBallotFirstOfWord", gas);
    rankedWords.add(word);
  }

  for (const { number, wallet } of ten) {
    const ballot = await approval.sealOf(secret.id, number, approvalsOf(number), saltOf(number));
    samples.add("sealedBallot", await act(approval, wallet, "castBallot", [secret.id, ballot]));
    assert.equal(await approval.sealedBallotOf(secret.id, number), ballot, "no ballot");
  }

  if (polls.body.members.length < IN_PERSON + 1 + BATCH) return;
  const rest = polls.body.members.slice(IN_PERSON);
  // The first ballot by signature finds a word of its own empty.
  await relay(polls, approval, open.id, rest.slice(0, 1), approvalsOf);
  const gas = await relay(polls, approval, open.id, rest.slice(1, 1 + BATCH), approvalsOf);
  samples.add("relayedElectionBallot", Math.ceil(gas / BATCH));
  const [ballots] = await approval.approvalsOf(open.id);
  assert.equal(ballots, BigInt(IN_PERSON + 1 + BATCH), "not every ballot was counted");
}

/** Everybody's ranked ballot who has not voted in person. */
export async function relayRest(polls: Polls, { id }: Contest): Promise<void> {
  const { members } = polls.body;
  for (let start = IN_PERSON; start < members.length; start += BATCH) {
    await relay(polls, polls.ranked, id, members.slice(start, start + BATCH), preferencesOf);
  }
}

/** Somebody who has the salts opens the sealed ballots. */
export async function measureOpening({ act, approval, membership, samples, ten }: Polls, { id }: Contest) {
  const groups = new Set<bigint>();
  for (const { number } of ten) {
    const args = [id, number, approvalsOf(number), saltOf(number)];
    const gas = await act(approval, key("relayer"), "open", args);
    const { group } = await membership.member(number);
    if (groups.has(group)) samples.add("openBallot", gas);
    groups.add(group);
  }
  assert.deepEqual([...(await approval.sealedCount(id))], [BigInt(ten.length), BigInt(ten.length)]);
}

/** Counts ranked ballots to the end: all that it took, by the words that were read. */
export async function measureCount({ act, body, ranked, samples }: Polls, { id }: Contest) {
  let used = 0;
  do {
    used += await act(ranked, key("relayer"), "advance", [id, BUDGET]);
  } while (!(await ranked.isCounted(id)));
  const [ballots, order] = await ranked.outcome(id);
  assert.equal(ballots, BigInt(body.members.length), "not every ballot was counted");
  assert(order.length >= 3, "nobody was elected");
  const [stages] = await ranked.progressOf(id);
  const { lastNumber } = await ranked.frameOf(id);
  const words = Number(stages) * (Math.floor(Number(lastNumber) / BY_RANK) + 1);
  samples.add("rankedCount", Math.ceil((used * 100) / words));
}

// How often the options are named in thirty places, from the first: in one way no two alike, but those that nobody names.
const [CLEAR, TIED] = [
  [9, 6, 5, 4, 3, 2, 1, 0, 0, 0],
  [7, 5, 4, 3, 3, 2, 2, 2, 1, 1],
];

/** Three of ten options, in the order of preference, that a member names; of thirty members each names other ones. */
function choicesOf(number: number, support: readonly number[] = CLEAR): number[] {
  const places = support.flatMap((times, index) => Array<number>(times).fill(index + 1));
  return [0, 10, 20].map((offset) => places[(number - 1 + offset) % places.length] as number);
}

const asMask = (options: readonly number[]): bigint =>
  options.reduce((ballot, option) => ballot | (1n << BigInt(option)), 0n);

/** A ballot by approval for them. */
export const approvalsOf = (number: number): bigint => asMask(choicesOf(number));

/** The same, so that seven of the ten candidates are tied with another when ten members have voted. */
export const tiedApprovalsOf = (number: number): bigint => asMask(choicesOf(number, TIED));

const inPerson = ({ body: { members } }: Polls): Voter[] => members.slice(0, IN_PERSON);

const saltOf = (number: number): string => digest(`salt of ${number}`);

/** Brings ballots that their voters signed, in one transaction. */
async function relay(
  { act, chain }: Polls,
  box: Polls["approval"] | Polls["ranked"],
  electionId: bigint,
  voters: readonly Voter[],
  ballotOf: (number: number) => bigint,
): Promise<number> {
  const deadline = chain.now + DAY;
  const domain = await domainOf(box);
  const ballots = [];
  for (const { number, wallet } of voters) {
    const ballot = ballotOf(number);
    const message = { electionId, voter: wallet.address, ballot, deadline };
    const signature = await wallet.signTypedData(domain, FIRST_BALLOT, message);
    ballots.push({ voter: wallet.address, ballot, deadline, replaces: false, nonce: 0, signature });
  }
  const gas = await act(box as BaseContract, key("relayer"), "castBallots", [electionId, ballots]);
  for (const { number } of voters) assert.equal(await box.ballotOf(electionId, number), ballotOf(number));
  return gas;
}

function preferencesOf(number: number): bigint {
  return choicesOf(number).reduceRight((ballot, option) => (ballot << CODE_BITS) | BigInt(option + 1), 0n);
}
