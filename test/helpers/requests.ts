import type { BytesLike, Signer, TypedDataDomain } from "ethers";

const JOIN = {
  Join: [
    { name: "account", type: "address" },
    { name: "group", type: "uint8" },
    { name: "codeDigest", type: "bytes32" },
    { name: "evidence", type: "bytes" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const RESIGN = {
  Resign: [
    { name: "account", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const ROTATE = {
  Rotate: [
    { name: "number", type: "uint256" },
    { name: "newKey", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What a key signs to join. */
export type JoinRequest = {
  account: string;
  group: number;
  codeDigest: string;
  evidence: BytesLike;
  nonce: bigint;
  deadline: bigint;
};

/** What a key signs to resign. */
export type ResignRequest = { account: string; nonce: bigint; deadline: bigint };

/** What a key signs to take over a member number. */
export type RotateRequest = { number: bigint; newKey: string; nonce: bigint; deadline: bigint };

/** A contract that tells the EIP-712 domain of what is signed for it (ERC-5267). */
export interface Announcing {
  eip712Domain(): Promise<{ name: string; version: string; chainId: bigint; verifyingContract: string }>;
}

/** The EIP-712 domain as a contract itself announces it (ERC-5267). */
export async function domainOf(contract: Announcing) {
  const { name, version, chainId, verifyingContract } = await contract.eip712Domain();
  return { name, version, chainId, verifyingContract };
}

/** Signs a request to join. */
export function signJoin(signer: Signer, domain: TypedDataDomain, request: JoinRequest): Promise<string> {
  return signer.signTypedData(domain, JOIN, request);
}

/** Signs a request to resign. */
export function signResign(signer: Signer, domain: TypedDataDomain, request: ResignRequest): Promise<string> {
  return signer.signTypedData(domain, RESIGN, request);
}

/** Signs the consent to take over a member number. */
export function signRotate(signer: Signer, domain: TypedDataDomain, request: RotateRequest): Promise<string> {
  return signer.signTypedData(domain, ROTATE, request);
}
