import type { Signer, TypedDataField } from "ethers";
import { type Announcing, domainOf } from "./requests.js";

/** A contract that keeps a nonce for each key that signs for it. */
export type Signed = Announcing & { nonces(key: string): Promise<bigint> };

const field = (text: string): TypedDataField => {
  const [type = "", name = ""] = text.split(" ");
  return { type, name };
};

/** The name and the fields of a typed struct, written as EIP-712 has it: `Vouch(address account,uint256 candidate)`. */
export function structOf(text: string): { name: string; fields: TypedDataField[] } {
  const [, name = "", list = ""] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  return { name, fields: list.split(",").map(field) };
}

/** Signs a typed struct under a contract's domain, with the signer's present nonce unless the message has one. */
export async function signStruct(
  contract: Signed,
  signer: Signer,
  struct: string,
  message: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { name, fields } = structOf(struct);
  const needsNonce = fields.some((one) => one.name === "nonce") && !("nonce" in message);
  const value = needsNonce
    ? { ...message, nonce: await contract.nonces(await signer.getAddress()) }
    : { ...message };
  return signer.signTypedData(await domainOf(contract), { [name]: fields }, value);
}
