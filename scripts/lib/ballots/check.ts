import { Contract, dataLength, recoverAddress, Signature, TypedDataEncoder } from "ethers";
import { BALLOTS } from "../member/ballot.js";
import type { Context } from "../member/coalition.js";
import { decode, isRevert } from "../member/revert.js";
import { judge, whyNot } from "../member/standings.js";
import { date } from "../member/words.js";
import { isTransient } from "../network.js";
import { type Ballot, FIRST_BALLOT, NAMED_BALLOT, shownChoice, supportOf } from "./ballot-file.js";
import { type Collected, type Passed, REASONS, type Reason } from "./collect.js";

/** A ballot that the governor would count now. */
export interface Good extends Collected {
  /** The member number of its voter. */
  readonly number: number;
}

/** What became of each ballot that was looked at. */
export interface Checked {
  readonly good: readonly Good[];
  readonly passed: readonly Passed[];
  /** Ballots that could be good later. */
  readonly waiting: readonly Passed[];
}

/** What is asked of the chain at a time. */
const AT_ONCE = 32;

/** The largest `s` of a signature that counts (EIP-2): half of the curve's order. Not a secret: a constant. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/** Gas that the governor gives a wallet to check a signature, with what a call needs on its own. */
const WALLET_CALL_GAS = 140_000n;

const ERC1271_YES = "0x1626ba7e";
const ERC1271 = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];

/** A flaw and how a person is told of it. */
type Flaw = readonly [reason: Reason, sentence: string];

/**
 * Holds ballots against the chain, in the order in which the governor would look at them, without sending anything.
 * @param all Ballots in the order of their files.
 */
export async function checkBallots(
  context: Context,
  decision: bigint,
  all: readonly Collected[],
): Promise<Checked> {
  const passed: Passed[] = [];
  const waiting: Passed[] = [];
  const pass = ({ file, ballot: { voter } }: Collected, [reason, sentence]: Flaw, number?: number) =>
    passed.push({ file, voter, ...(number !== undefined && { number }), reason, sentence });

  const setting = await settingOf(context, decision);
  const own = await inTurns(all, async (one) => ({ one, flaw: await flawOf(context, setting, one.ballot) }));
  const sound: Collected[] = [];
  for (const { one, flaw } of own) {
    if (flaw === undefined) sound.push(one);
    else pass(one, flaw);
  }

  const single: Collected[] = [];
  for (const { one, flaw } of amongOthers(sound)) {
    if (flaw === undefined) single.push(one);
    else pass(one, flaw);
  }

  const good: Good[] = [];
  const found = await inTurns(single, async (one) => ({ one, ...(await rightOf(context, setting, one)) }));
  for (const { one, flaw, number, early } of found) {
    if (flaw === undefined) good.push({ ...one, number });
    else if (early && single.some((other) => isJustBefore(other.ballot, one.ballot))) {
      waiting.push({
        file: one.file,
        voter: one.ballot.voter,
        number,
        reason: "out of turn",
        sentence: `waits for the ballot of the same member that was signed before it`,
      });
    } else pass(one, flaw, number);
  }
  return { good, passed: [...passed].sort(byReason), waiting };
}

const byReason = (a: Passed, b: Passed) =>
  REASONS.indexOf(a.reason) - REASONS.indexOf(b.reason) || (a.file < b.file ? -1 : 1);

const isJustBefore = (a: Ballot, b: Ballot) =>
  a.voter === b.voter && a.nonce !== undefined && b.nonce !== undefined && a.nonce + 1 === b.nonce;

interface Setting {
  readonly decision: bigint;
  readonly chainId: bigint;
  readonly governor: string;
  readonly opens: number;
  readonly domain: Parameters<typeof TypedDataEncoder.hash>[0];
}

async function settingOf({ coalition }: Context, decision: bigint): Promise<Setting> {
  const { governor } = coalition;
  const { name, version, chainId, verifyingContract } = await governor.eip712Domain();
  return {
    decision,
    chainId,
    governor: verifyingContract,
    opens: Number(await governor.proposalSnapshot(decision)),
    domain: { name, version, chainId, verifyingContract },
  };
}

/** What is wrong with a ballot on its own. */
async function flawOf(context: Context, setting: Setting, ballot: Ballot): Promise<Flaw | undefined> {
  if (BigInt(ballot.chainId) !== setting.chainId) {
    return ["other chain", `is for chain ${ballot.chainId}; this is chain ${setting.chainId}`];
  }
  if (ballot.governor !== setting.governor) {
    return ["other governor", `is for the governor ${ballot.governor}; this one is ${setting.governor}`];
  }
  if (BigInt(ballot.decision) !== setting.decision) {
    return ["other decision", `is for decision ${ballot.decision}`];
  }
  const length = dataLength(ballot.signature);
  if (ballot.nonce === undefined && length !== 64) {
    return ["wrong length", `has a signature of ${length} bytes; a first ballot's has 64`];
  }
  const signer = await signerOf(context, setting, ballot);
  if (signer !== ballot.voter) {
    const whose = signer === undefined ? "nobody's" : `that of ${signer}, if of anybody`;
    return [
      "forged",
      `is not signed by ${ballot.voter} for just this choice, decision and deadline (the signature is ${whose})`,
    ];
  }
  if (ballot.deadline < context.now) return ["expired", `was valid until ${date(ballot.deadline)}`];
  return undefined;
}

/** Who signed a ballot, as the governor judges it; undefined for nobody. */
async function signerOf(
  { ethers: { provider } }: Context,
  { domain, decision }: Setting,
  { choice, deadline, voter, nonce, signature }: Ballot,
): Promise<string | undefined> {
  const common = { proposalId: decision, support: supportOf(choice), deadline };
  if (nonce === undefined) {
    return recovered(TypedDataEncoder.hash(domain, FIRST_BALLOT, common), signature);
  }
  const digest = TypedDataEncoder.hash(domain, NAMED_BALLOT, { ...common, voter, nonce });
  if ((await provider.getCode(voter)) === "0x") {
    return dataLength(signature) === 65 ? recovered(digest, signature) : undefined;
  }
  try {
    const wallet = new Contract(voter, ERC1271, provider);
    const answer: string = await wallet.getFunction("isValidSignature")(digest, signature, {
      gasLimit: WALLET_CALL_GAS,
    });
    return answer === ERC1271_YES ? voter : undefined;
  } catch (error) {
    // A wallet that refuses, or runs out of gas, does not say yes; a node that is away says nothing about it.
    if (!isTransient(error) && (isRevert(error) || isNoAnswer(error))) return undefined;
    throw error;
  }
}

const isNoAnswer = (error: unknown) =>
  (error as { code?: unknown }).code === "BAD_DATA" || /\bgas\b/i.test(String((error as Error).message));

function recovered(digest: string, signature: string): string | undefined {
  try {
    const parsed = Signature.from(signature);
    return BigInt(parsed.s) > HALF_ORDER ? undefined : recoverAddress(digest, parsed);
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with ballots because of other ballots in the folder. Of several first ballots of one member none is
 * brought if they contradict each other: whoever brings them must not choose.
 */
function amongOthers(all: readonly Collected[]): { one: Collected; flaw: Flaw | undefined }[] {
  const kept = new Map<string, Collected>();
  const choices = new Map<string, Collected[]>();
  for (const one of all) {
    const key = keyOf(one.ballot);
    const others = choices.get(key) ?? [];
    choices.set(key, [...others, one]);
    const known = kept.get(key);
    // Of equal ones the one that is valid longest.
    if (known === undefined || known.ballot.deadline < one.ballot.deadline) kept.set(key, one);
  }
  return all.map((one) => {
    const key = keyOf(one.ballot);
    const others = choices.get(key) ?? [];
    const different = others.find(({ ballot }) => ballot.choice !== one.ballot.choice);
    if (different !== undefined) {
      const [mine, theirs] = [shownChoice(one.ballot.choice), shownChoice(different.ballot.choice)];
      return {
        one,
        flaw: [
          "contradictory",
          `says ${mine}, but ${different.file}, signed by the same member as the same ballot, says ${theirs}; neither is brought`,
        ],
      };
    }
    const first = kept.get(key);
    return {
      one,
      flaw:
        first === one || first === undefined
          ? undefined
          : ["duplicate", `is the same ballot as ${first.file}`],
    };
  });
}

/** What can be counted once only. */
const keyOf = ({ voter, nonce }: Ballot) => (nonce === undefined ? voter : `${voter}/${nonce}`);

/** Whether a ballot's voter may vote, and has not; the flaw is early where it may pass once another ballot is counted. */
async function rightOf(
  context: Context,
  { decision, opens }: Setting,
  { ballot }: Collected,
): Promise<{ number: number; flaw: Flaw | undefined; early: boolean }> {
  const { governor } = context.coalition;
  const { voter, nonce } = ballot;
  const { standing, number, explanation } = await judge(context, voter, "vote", opens);
  const say = (flaw: Flaw | undefined, early = false) => ({ number, flaw, early });
  if (nonce !== undefined) {
    const next = Number(await governor.nonces(voter));
    if (nonce !== next) {
      const what = nonce < next ? "was used, or another one since" : "is out of turn";
      return say(["wrong nonce", `has nonce ${nonce} and ${what}: next is ${next}`], nonce > next);
    }
  }
  if (standing === "not a member") return say(["not on the roll", `${voter} is not on the roll`]);
  if (standing !== "granted") {
    return say(["no vote on this decision", `member ${number} ${whyNot(standing, explanation)}`]);
  }
  const receipt = BALLOTS[Number(await governor.receiptOf(decision, number))] ?? "none";
  if (receipt === "none") return say(undefined);
  if (nonce === undefined) {
    const cast = receipt.charAt(0).toUpperCase() + receipt.slice(1);
    return say([
      "already voted",
      `member ${number} has a ballot already (${cast}); a first ballot replaces none`,
    ]);
  }
  if (await isCounted(context, decision, ballot)) return say(undefined);
  return say(["voted in person", `member ${number} voted in person, which no signed ballot replaces`]);
}

/** Whether the governor would count a ballot that names its voter; once the vote is over that is not the question. */
async function isCounted({ coalition }: Context, decision: bigint, ballot: Ballot): Promise<boolean> {
  try {
    return (await coalition.governor.castBallots.staticCall(decision, [], [namedOf(ballot)])) > 0n;
  } catch (error) {
    if (decode(error, coalition)?.name === "GovernorUnexpectedProposalState") return true;
    throw error;
  }
}

/** A ballot as `castBallots` takes those that name their voter. */
export const namedOf = ({ voter, choice, deadline, nonce = 0, signature }: Ballot) => ({
  voter,
  support: supportOf(choice),
  deadline,
  nonce,
  signature,
});

/** Asks for many things, so many at a time. */
export async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
