import {
  Contract,
  isHexString,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  verifyTypedData,
} from "ethers";
import { Problem } from "../problem.js";
import type { Message, Signed, SigningDesk } from "./act.js";
import type { Context, Person } from "./coalition.js";
import { date } from "./words.js";

/** What a contract answers by ERC-1271 to a signature that it takes for its own. */
const ERC1271_YES = "0x1626ba7e";
const ERC1271 = ["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"];

/** What is signed: a struct of a desk. */
export interface Struct {
  readonly desk: SigningDesk;
  readonly type: string;
  readonly fields: readonly TypedDataField[];
  readonly message: Message;
}

/** Whatever has an EIP-712 domain of its own: the desks, and the policy to which issuers sign. */
export type Announcing = SigningDesk | "attested";

/** The domain of a contract as it announces it itself (ERC-5267). */
export async function domainOf({ coalition }: Context, desk: Announcing): Promise<TypedDataDomain> {
  const { name, version, chainId, verifyingContract } = await coalition[desk].eip712Domain();
  return { name, version, chainId, verifyingContract };
}

const typesOf = ({ type, fields }: Struct): Record<string, TypedDataField[]> => ({
  [type]: [...fields, { name: "nonce", type: "uint256" }, { name: "deadline", type: "uint256" }],
});

/** The nonce that the next request of a key has at a desk. */
export async function nonceOf({ coalition }: Context, desk: SigningDesk, key: string): Promise<number> {
  return Number(await coalition[desk].nonces(key));
}

/**
 * Signs a struct with the signer's present nonce.
 * @param deadline Last second at which it is valid, in seconds since 1970.
 * @param ahead How many requests of the same key the same transaction uses up before this one.
 */
export async function signStruct(
  context: Context,
  struct: Struct,
  signer: Person,
  deadline: number,
  ahead = 0,
): Promise<Signed> {
  if (deadline <= context.now) {
    throw new Problem(`--deadline is ${date(deadline)}, which is over; it must lie in the future.`);
  }
  const nonce = (await nonceOf(context, struct.desk, signer.address)) + ahead;
  const domain = await domainOf(context, struct.desk);
  const signature = await signer.signTypedData(domain, typesOf(struct), {
    ...struct.message,
    nonce,
    deadline,
  });
  return { nonce, deadline, signature };
}

/**
 * Refuses a signature that the chain would refuse: late, used, out of turn, or of another key.
 * @param whose What to call it in the refusal.
 * @param ahead How many requests of the same key the same transaction uses up before this one.
 */
export async function requireSigned(
  context: Context,
  struct: Struct,
  key: string,
  signed: Signed,
  whose: string,
  ahead = 0,
): Promise<void> {
  const { nonce, deadline, signature } = signed;
  if (deadline < context.now) {
    throw new Problem(`${whose} was valid until ${date(deadline)}, which is over; have a new one signed.`);
  }
  const current = (await nonceOf(context, struct.desk, key)) + ahead;
  if (nonce < current) {
    throw new Problem(
      `${whose} was used already, or another one of ${key} was since (it has nonce ${nonce}, next is ${current}); have a new one signed.`,
    );
  }
  if (nonce > current) {
    throw new Problem(
      `${whose} has nonce ${nonce}, but ${current} is next for ${key}: requests signed before must come first.`,
    );
  }
  const message = { ...struct.message, nonce, deadline };
  if (!(await isSigned(context, { desk: struct.desk, types: typesOf(struct), message, signature }, key))) {
    throw new Problem(
      `${whose} does not bear a signature of ${key} for just this, on this chain and contract` +
        `${isHexString(signature) ? "" : " (it is no hexadecimal text)"}; have it signed anew.`,
    );
  }
}

/** A signature, and what it should be one of. */
interface Sealed {
  readonly desk: Announcing;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Readonly<Record<string, unknown>>;
  readonly signature: string;
}

/** As the contracts judge it: by the key's own code where it has some (ERC-1271), by ECDSA otherwise. */
export async function isSigned(
  context: Context,
  { desk, types, message, signature }: Sealed,
  key: string,
): Promise<boolean> {
  const { provider } = context.ethers;
  const domain = await domainOf(context, desk);
  const code = await provider.getCode(key);
  try {
    if (code === "0x") return verifyTypedData(domain, types, message, signature) === key;
    const hash = TypedDataEncoder.hash(domain, types, message);
    const answer: string = await new Contract(key, ERC1271, provider).getFunction("isValidSignature")(
      hash,
      signature,
    );
    return answer === ERC1271_YES;
  } catch {
    return false;
  }
}
