import type { TypedDataDomain, Wallet } from "ethers";
import type { Agenda, CoalitionGovernor, MemberDesk } from "../../../typechain-types/index.js";

/** Messages that a key signs so that somebody else can send and pay; see IMemberDesk and OpenZeppelin's Governor. */
const TYPES = {
  Join: [
    { name: "account", type: "address" },
    { name: "group", type: "uint8" },
    { name: "codeDigest", type: "bytes32" },
    { name: "evidence", type: "bytes" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Rotate: [
    { name: "number", type: "uint256" },
    { name: "newKey", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Endorse: [
    { name: "account", type: "address" },
    { name: "proposalId", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/** For how long a request to join, to endorse or to move to a new key is good, in seconds. */
const LIFE = 86_400;

/** Signs a message with the key's present nonce, bound to the contract, and adds nothing to it. */
async function sign(
  contract: Agenda | MemberDesk | CoalitionGovernor,
  type: keyof typeof TYPES,
  wallet: Wallet,
  message: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { name, version, chainId, verifyingContract } = await contract.eip712Domain();
  const domain: TypedDataDomain = { name, version, chainId, verifyingContract };
  const nonce = await contract.nonces(wallet.address);
  return await wallet.signTypedData(domain, { [type]: TYPES[type] }, { ...message, nonce });
}

/** A request to join: the arguments of `joinBySig`. */
export async function joinRequest(
  requests: MemberDesk,
  wallet: Wallet,
  group: number,
  codeDigest: string,
  now: number,
) {
  const request = { account: wallet.address, group, codeDigest, evidence: "0x", deadline: now + LIFE };
  const signature = await sign(requests, "Join", wallet, request);
  return [request.account, group, codeDigest, request.evidence, request.deadline, signature] as const;
}

/** The new key's consent: the arguments of `rotateKey`. */
export async function rotateRequest(requests: MemberDesk, number: number, newKey: Wallet, now: number) {
  const request = { number, newKey: newKey.address, deadline: now + LIFE };
  const signature = await sign(requests, "Rotate", newKey, request);
  return [request.newKey, request.deadline, signature] as const;
}

/** A signed endorsement: the arguments of `endorseBySig`. */
export async function endorseRequest(agenda: Agenda, wallet: Wallet, proposalId: bigint, now: number) {
  const request = { account: wallet.address, proposalId, deadline: now + LIFE };
  const signature = await sign(agenda, "Endorse", wallet, request);
  return [request.account, proposalId, request.deadline, signature] as const;
}

/** A signed ballot: the arguments of `castVoteBySig`. */
export async function ballotRequest(
  governor: CoalitionGovernor,
  wallet: Wallet,
  proposalId: bigint,
  support: number,
) {
  const ballot = { proposalId, support, voter: wallet.address };
  const signature = await sign(governor, "Ballot", wallet, ballot);
  return [proposalId, support, ballot.voter, signature] as const;
}
