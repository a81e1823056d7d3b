import { concat, id as digestOf, keccak256, type SigningKey } from "ethers";
import { word } from "./abi.js";
import type { BallotPaper } from "./decisions.js";
import type { Signed } from "./words.js";

/** Who keeps the nonces of what is signed, and whose EIP-712 domain it is signed under. */
export const BOOTHS = [
  "requests",
  "delegations",
  "confirmations",
  "affiliations",
  "claims",
  "recovery",
  "agenda",
  "governor",
] as const;
export type Booth = (typeof BOOTHS)[number];

/** What can be signed: where, and as which EIP-712 message. */
const PAPERS = {
  join: [
    "requests",
    "Join(address account,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)",
  ],
  resign: ["requests", "Resign(address account,uint256 nonce,uint256 deadline)"],
  rotate: ["requests", "Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)"],
  takeDelegations: [
    "delegations",
    "TakeDelegations(address account,uint8 limit,uint256 nonce,uint256 deadline)",
  ],
  decline: ["delegations", "Decline(address account,uint256 number,uint256 nonce,uint256 deadline)"],
  delegateUntil: [
    "delegations",
    "Delegate(address delegator,address delegatee,uint48 ends,uint256 nonce,uint256 deadline)",
  ],
  delegation: ["delegations", "Delegation(address delegatee,uint256 nonce,uint256 expiry)"],
  confirm: ["confirmations", "Confirm(address account,uint256 nonce,uint256 deadline)"],
  joinAsOrganisation: [
    "affiliations",
    "JoinAsOrganisation(address representative,address owner,uint8 group,bytes32 codeDigest,bytes evidence,uint256 nonce,uint256 deadline)",
  ],
  own: ["affiliations", "Own(address representative,address owner,uint256 nonce,uint256 deadline)"],
  replaceRepresentative: [
    "affiliations",
    "ReplaceRepresentative(address owner,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  ],
  represent: ["affiliations", "Represent(uint256 number,address newKey,uint256 nonce,uint256 deadline)"],
  passOwnership: [
    "affiliations",
    "PassOwnership(address owner,uint256 number,address newOwner,uint256 nonce,uint256 deadline)",
  ],
  takeOwnership: [
    "affiliations",
    "TakeOwnership(uint256 number,address newOwner,uint256 nonce,uint256 deadline)",
  ],
  affiliate: [
    "affiliations",
    "Affiliate(address account,uint256 organisation,uint256 nonce,uint256 deadline)",
  ],
  disown: ["affiliations", "Disown(address account,uint256 number,uint256 nonce,uint256 deadline)"],
  changeGroup: ["claims", "ChangeGroup(address account,uint8 group,uint256 nonce,uint256 deadline)"],
  challenge: [
    "claims",
    "Challenge(address account,uint256 number,uint8 kind,uint256 value,bytes32 reason,uint256 nonce,uint256 deadline)",
  ],
  support: ["claims", "Support(address account,uint256 id,uint256 nonce,uint256 deadline)"],
  nameGuardians: [
    "recovery",
    "NameGuardians(address account,address[] guardians,uint8 threshold,uint256 nonce,uint256 deadline)",
  ],
  recover: ["recovery", "Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)"],
  requestRecovery: [
    "recovery",
    "Request(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  ],
  approveRecovery: [
    "recovery",
    "Approve(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  ],
  vetoRecovery: [
    "recovery",
    "Veto(address account,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  ],
  claimNumber: [
    "recovery",
    "Claim(uint256 number,address newKey,bytes32 reasonDigest,uint256 nonce,uint256 deadline)",
  ],
  endorse: ["agenda", "Endorse(address account,uint256 proposalId,uint256 nonce,uint256 deadline)"],
  firstBallot: ["governor", "FirstBallot(uint256 proposalId,uint8 support,uint256 deadline)"],
  namedBallot: [
    "governor",
    "NamedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,uint256 deadline)",
  ],
  ballot: ["governor", "Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"],
  extendedBallot: [
    "governor",
    "ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)",
  ],
} as const satisfies Record<string, readonly [Booth, string]>;

export type PaperName = keyof typeof PAPERS;

const PARSED = Object.fromEntries(
  Object.entries(PAPERS).map(([name, [booth, type]]) => {
    const fields = type
      .slice(type.indexOf("(") + 1, -1)
      .split(",")
      .map((field) => field.split(" ") as [type: string, name: string]);
    return [name, { booth, typeHash: digestOf(type), fields }];
  }),
) as unknown as Record<PaperName, { booth: Booth; typeHash: string; fields: [type: string, name: string][] }>;

/** Signs by the keys of accounts; a wallet's signature is what it agrees to: the digest and its own address. */
export class Pen {
  constructor(
    private readonly domains: Readonly<Record<Booth, string>>,
    private readonly accounts: ReadonlyMap<string, SigningKey>,
  ) {}

  sign(name: PaperName, { by, nonce, content }: Signed<object>): string {
    const digest = this.digest(name, { nonce, ...content });
    const key = this.accounts.get(by);
    return key === undefined ? concat([digest, by]) : key.sign(digest).serialized;
  }

  signBallot({ by, nonce, content }: Signed<BallotPaper>): string {
    const { form, id: proposalId, ...rest } = content;
    const name = form === "plain" ? "ballot" : "extendedBallot";
    return this.sign(name, { by, nonce, content: { proposalId, ...rest } });
  }

  /** What is signed. */
  digest(name: PaperName, content: object): string {
    const { booth, typeHash, fields } = PARSED[name];
    const values = fields.map(([type, field]) => hashed(type, (content as Record<string, unknown>)[field]));
    return keccak256(concat(["0x1901", this.domains[booth], keccak256(concat([typeHash, ...values]))]));
  }
}

function hashed(type: string, value: unknown): string {
  if (type.endsWith("[]")) return keccak256(concat((value as string[]).map((one) => `0x${word(one)}`)));
  if (type === "string") return digestOf(value as string);
  if (type === "bytes") return keccak256(value as string);
  return `0x${word(value as number | bigint | string)}`;
}
