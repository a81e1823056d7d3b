import {
  type BytesLike,
  type ContractTransactionResponse,
  concat,
  dataSlice,
  recoverAddress,
  Signature,
  type Signer,
  type TypedDataDomain,
  TypedDataEncoder,
  toBeHex,
  Wallet,
} from "ethers";
import type { CoalitionGovernor } from "../../typechain-types/index.js";
import type { Person } from "./governor.js";
import { type Announcing, domainOf } from "./requests.js";

/** `ICoalitionGovernor.Skip`: why a ballot of a batch was passed over. */
export const Skip = {
  InvalidSignature: 0n,
  Expired: 1n,
  WrongNonce: 2n,
  NotEntitled: 3n,
  AlreadyCast: 4n,
  CastInPerson: 5n,
  SupportOutOfRange: 6n,
  WrongLength: 7n,
} as const;

const FIRST_BALLOT = {
  FirstBallot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "deadline", type: "uint256" },
  ],
};

const NAMED_BALLOT = {
  NamedBallot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const ENDORSE = {
  Endorse: [
    { name: "account", type: "address" },
    { name: "proposalId", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What all members sign who choose alike and vote for the first time. */
export type FirstBallot = { proposalId: bigint; support: number; deadline: bigint };

/** What a member signs who names themselves. */
export type NamedBallot = FirstBallot & { voter: string; nonce: bigint };

/** Ballots of one choice, as `castBallots` takes them. */
export type BallotGroup = { support: number; deadline: bigint; signatures: string };

/** The order of secp256k1. A signature's `s` beyond its half is refused. */
export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
export const HALF_ORDER = CURVE_ORDER / 2n;

/** Signs a first ballot as a wallet would, and packs the signature into 64 bytes. */
export async function signFirstBallot(
  governor: Announcing,
  signer: Signer,
  ballot: FirstBallot,
  foreign: TypedDataDomain = {},
): Promise<string> {
  const domain = { ...(await domainOf(governor)), ...foreign };
  return Signature.from(await signer.signTypedData(domain, FIRST_BALLOT, ballot)).compactSerialized;
}

/** What a first ballot's voter signs, as the 32 bytes that a signature is recovered from. */
export async function digestOfFirstBallot(governor: Announcing, ballot: FirstBallot): Promise<string> {
  return TypedDataEncoder.hash(await domainOf(governor), FIRST_BALLOT, ballot);
}

/** Whose ballot a compact signature is taken for. */
export async function takenFor(governor: Announcing, ballot: FirstBallot, signature: string) {
  return recoverAddress(await digestOfFirstBallot(governor, ballot), signature);
}

/** First ballots of some members who choose alike, in their order. */
export async function groupOf(
  governor: Announcing,
  signers: readonly Signer[],
  ballot: FirstBallot,
): Promise<BallotGroup> {
  const signatures: string[] = [];
  for (const signer of signers) signatures.push(await signFirstBallot(governor, signer, ballot));
  return groupWith(ballot, ...signatures);
}

/** A group with whatever signatures are given. */
export const groupWith = ({ support, deadline }: FirstBallot, ...signatures: BytesLike[]): BallotGroup => ({
  support,
  deadline,
  signatures: concat(signatures),
});

/** Signs a ballot that names its voter. */
export async function signNamedBallot(
  governor: Announcing,
  signer: Signer,
  ballot: NamedBallot,
  foreign: TypedDataDomain = {},
): Promise<string> {
  const domain = { ...(await domainOf(governor)), ...foreign };
  return signer.signTypedData(domain, NAMED_BALLOT, ballot);
}

/**
 * A ballot that names its voter, as `castBallots` takes it: signed by the signer, for themselves and with their present
 * nonce unless told otherwise.
 */
export async function named(
  governor: CoalitionGovernor,
  signer: Person,
  { voter = signer.address, nonce, ...ballot }: FirstBallot & { voter?: string; nonce?: bigint },
  foreign: TypedDataDomain = {},
) {
  const message = { ...ballot, voter, nonce: nonce ?? (await governor.nonces(voter)) };
  const { proposalId: _bound, ...rest } = message;
  return { ...rest, signature: await signNamedBallot(governor, signer, message, foreign) };
}

/** What a member signs to endorse a proposal. */
export type Endorsement = { account: string; proposalId: bigint; nonce: bigint; deadline: bigint };

/** Signs an endorsement, over the domain that the agenda announces unless another is given. */
export async function signEndorsement(
  agenda: Announcing,
  signer: Signer,
  endorsement: Endorsement,
  foreign: TypedDataDomain = {},
): Promise<string> {
  return signer.signTypedData({ ...(await domainOf(agenda)), ...foreign }, ENDORSE, endorsement);
}

/** What became of every ballot of a batch, in the order in which the governor says so. */
export async function outcomeOf(governor: CoalitionGovernor, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  const counted: { voter: string; proposalId: bigint; support: number; weight: bigint; reason: string }[] =
    [];
  const skipped: { voter: string; proposalId: bigint; group: bigint; index: bigint; reason: bigint }[] = [];
  for (const log of receipt?.logs ?? []) {
    const event = governor.interface.parseLog(log);
    if (event?.name === "VoteCast") {
      const { voter, proposalId, support, weight, reason } = event.args;
      counted.push({ voter, proposalId, support: Number(support), weight, reason });
    } else if (event?.name === "BallotSkipped") {
      const { voter, proposalId, group, index, reason } = event.args;
      skipped.push({ voter, proposalId, group, index, reason });
    }
  }
  return { counted, skipped };
}

/**
 * A key of which a signature of a digest lies so near the middle of the curve's order that its mirror image fits into a
 * compact signature as well: the only kind with which anybody could try to use a compact signature twice.
 */
export function mirrored(digest: string): { wallet: Wallet; low: string; high: string } {
  // The nonce of this signature is 1, so r is the generator's x; its y is even.
  const r = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
  const key = modulo((HALF_ORDER - BigInt(digest)) * inverse(r));
  const word = (value: bigint) => toBeHex(value, 32);
  return {
    wallet: new Wallet(word(key)),
    low: concat([word(r), word(HALF_ORDER)]),
    high: concat([word(r), word((CURVE_ORDER - HALF_ORDER) | (1n << 255n))]),
  };
}

/** The 64 bytes of a compact signature as the 65 bytes of a long one, whatever its `s`. */
export function longForm(compact: string): string {
  const vs = BigInt(dataSlice(compact, 32));
  const s = vs & ((1n << 255n) - 1n);
  return concat([dataSlice(compact, 0, 32), toBeHex(s, 32), toBeHex(27n + (vs >> 255n))]);
}

const modulo = (value: bigint) => ((value % CURVE_ORDER) + CURVE_ORDER) % CURVE_ORDER;

/** Of a number by the curve's order, which is a prime: its power to the order less two. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = modulo(value);
  for (let exponent = CURVE_ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = modulo(result * base);
    base = modulo(base * base);
  }
  return result;
}
