import type { TypedDataDomain, Wallet } from "ethers";

/** A contract that says what is signed for it (ERC-5267) and keeps a nonce for each key that signs. */
interface Desk {
  eip712Domain(): Promise<[string, string, string, bigint, string, string, bigint[]]>;
  nonces(key: string): Promise<bigint>;
}

/**
 * Signs a request to a desk with the signer's present nonce.
 * @param struct As EIP-712 writes it: `Resign(address account,uint256 nonce,uint256 deadline)`.
 */
export async function signRequest(
  desk: Desk,
  signer: Wallet,
  struct: string,
  message: Readonly<Record<string, unknown>>,
): Promise<string> {
  const [, type = "", list = ""] = /^(\w+)\((.*)\)$/.exec(struct) ?? [];
  const fields = list.split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { type, name };
  });
  const [, name, version, chainId, verifyingContract] = await desk.eip712Domain();
  const domain: TypedDataDomain = { name, version, chainId, verifyingContract };
  const nonce = await desk.nonces(signer.address);
  return signer.signTypedData(domain, { [type]: fields }, { ...message, nonce });
}

/** What a key signs to join. */
export const JOIN =
  "Join(address account,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)";
