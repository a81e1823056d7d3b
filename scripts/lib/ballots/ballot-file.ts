import { fail, type Given, readAddress, readHex, readNumber } from "../member/json-file.js";

/** What a ballot's file calls itself. */
export const BALLOT = "ballot";

/** Choices by their number in the governor. */
export const CHOICES = ["against", "for", "abstain"] as const;
export type Choice = (typeof CHOICES)[number];

/** A signed ballot, as its file has it. */
export interface Ballot {
  readonly kind: typeof BALLOT;
  /** The decision's id, as decimal digits. */
  readonly decision: string;
  readonly governor: string;
  readonly chainId: number;
  readonly voter: string;
  readonly choice: Choice;
  /** Last second at which it is valid, in seconds since 1970. */
  readonly deadline: number;
  /** Only of a ballot that names its voter: one that replaces another, or a contract wallet's. */
  readonly nonce?: number;
  /** 64 bytes of a first ballot; 65, or whatever a contract wallet takes, of one that names its voter. */
  readonly signature: string;
}

/** What is signed as a first ballot: the same for all who choose alike. */
export const FIRST_BALLOT = {
  FirstBallot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What is signed as a ballot that names its voter. */
export const NAMED_BALLOT = {
  NamedBallot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** A choice as the governor counts it. */
export const supportOf = (choice: Choice): number => CHOICES.indexOf(choice);

/** A choice as a person reads it. */
export const shownChoice = (choice: Choice): string => `${choice.charAt(0).toUpperCase()}${choice.slice(1)}`;

/** Reads a ballot out of a file's content; whether it is good, the chain knows. */
export function ballotIn(path: string, file: Given): Ballot {
  const { decision, choice } = file;
  if (typeof decision !== "string" || !/^\d{1,78}$/.test(decision)) {
    fail(path, "decision", decision, "decimal digits");
  }
  const known = CHOICES.find((one) => one === choice);
  if (known === undefined) fail(path, "choice", choice, CHOICES.join(", "));
  const deadline = readNumber(path, "deadline", file.deadline);
  if (deadline >= 2 ** 48) fail(path, "deadline", deadline, "seconds since 1970");
  return {
    kind: BALLOT,
    decision,
    governor: readAddress(path, "governor", file.governor),
    chainId: readNumber(path, "chainId", file.chainId),
    voter: readAddress(path, "voter", file.voter),
    choice: known,
    deadline,
    ...(file.nonce !== undefined && { nonce: readNumber(path, "nonce", file.nonce) }),
    signature: readHex(path, "signature", file.signature),
  };
}
