import type { Signer, TypedDataDomain } from "ethers";
import { FAR } from "./attacks.js";
import type { Coalition, Person } from "./governor.js";
import { type Announcing, domainOf } from "./requests.js";

/** What is signed at the desks for affiliations and for claims, as their interfaces document it. */
const MESSAGES = {
  Own: "address representative,address owner,uint256 nonce,uint256 deadline",
  JoinAsOrganisation:
    "address representative,address owner,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline",
  ReplaceRepresentative: "address owner,uint256 number,address newKey,uint256 nonce,uint256 deadline",
  Represent: "uint256 number,address newKey,uint256 nonce,uint256 deadline",
  PassOwnership: "address owner,uint256 number,address newOwner,uint256 nonce,uint256 deadline",
  TakeOwnership: "uint256 number,address newOwner,uint256 nonce,uint256 deadline",
  Affiliate: "address account,uint256 organisation,uint256 nonce,uint256 deadline",
  Disown: "address account,uint256 number,uint256 nonce,uint256 deadline",
  ChangeGroup: "address account,uint8 group,uint256 nonce,uint256 deadline",
  Challenge:
    "address account,uint256 number,uint8 kind,uint256 value,bytes32 reason,uint256 nonce,uint256 deadline",
  Support: "address account,uint256 id,uint256 nonce,uint256 deadline",
} as const;

/** A desk that takes signed acts. */
type Desk = Announcing & { nonces(account: string): Promise<bigint> };

/**
 * Signs an act as a wallet would, with the present nonce of whoever signs unless the message brings its own.
 * @param account Whose nonce it is, where a contract signs by another key.
 */
export async function signAct(
  desk: Desk,
  signer: Signer,
  kind: keyof typeof MESSAGES,
  message: Record<string, unknown>,
  { account, domain = {} }: { account?: string; domain?: TypedDataDomain } = {},
): Promise<string> {
  const fields = MESSAGES[kind].split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { name, type };
  });
  const nonce = message.nonce ?? (await desk.nonces(account ?? (await signer.getAddress())));
  return signer.signTypedData(
    { ...(await domainOf(desk)), ...domain },
    { [kind]: fields },
    { ...message, nonce },
  );
}

/** Lets an organisation join the roll, with its owner's consent, and answers its member number. */
export async function joinOrganisation(
  { affiliations, membership }: Pick<Coalition, "affiliations" | "membership">,
  representative: Person,
  owner: Person,
  group = 0,
): Promise<bigint> {
  const { digest } = await membership.codeOfConduct();
  const consent = { representative: representative.address, owner: owner.address, deadline: FAR };
  const signature = await signAct(affiliations, owner, "Own", consent);
  await affiliations
    .connect(representative)
    .joinAsOrganisation(group, digest, "0x", owner.address, FAR, signature);
  return membership.lastNumber();
}
