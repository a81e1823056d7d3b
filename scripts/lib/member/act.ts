import type { ContractTransaction, TransactionReceipt, TypedDataField } from "ethers";
import type { Coalition, Context, Outcome } from "./coalition.js";

/** The contracts that take signed requests, each under its own EIP-712 domain and with its own nonces. */
export type SigningDesk = keyof Pick<
  Coalition,
  | "requests"
  | "confirmations"
  | "recovery"
  | "delegations"
  | "vouched"
  | "agenda"
  | "elections"
  | "motions"
  | "amendments"
  | "statements"
  | "speakers"
  | "forum"
  | "conduct"
  | "panels"
>;

export type Value = string | number | boolean | readonly string[];

/** What is asked for, field by field, as it is signed; without nonce and deadline. */
export type Message = Readonly<Record<string, Value>>;

/** A signature with what it was made for beside the message. */
export interface Signed {
  readonly nonce: number;
  /** Last second at which it is valid, in seconds since 1970. */
  readonly deadline: number;
  readonly signature: string;
}

/** What a second key signs, where one has to agree: the new key of a member. */
export interface ConsentType<M extends Message = Message> {
  readonly type: string;
  readonly fields: readonly TypedDataField[];
  /** Whose consent it is. */
  by(message: M): string;
  /** The command by which that key's holder signs it. */
  command(message: M): string;
}

/** How a contract takes an act in a batch, as `IMotionActs.Act` has it. */
export interface BatchedAct {
  readonly kind: number;
  /** Number of what it is about. */
  readonly subject: number;
  /** 32 bytes. */
  readonly value: string;
}

/** Something that a member does, in person or by a signed request that somebody else sends. */
export interface Act<M extends Message = Message> {
  /** Its name in a request file. */
  readonly name: string;
  readonly desk: SigningDesk;
  /** The EIP-712 struct that is signed, without nonce and deadline. */
  readonly type: string;
  readonly fields: readonly TypedDataField[];
  /** What a message has beside what is signed, for whoever brings it: that of which only the digest is signed. */
  readonly carried?: readonly TypedDataField[];
  readonly consent?: ConsentType<M>;
  /** How it is brought together with others, where the contract takes many at a time. */
  batched?(message: M): BatchedAct;
  /** The key that acts, or signs that it does. */
  by(context: Context, message: M): Promise<string>;
  /**
   * Finds what the contract would refuse, as far as the chain tells.
   * @throws {Problem} that says what is wrong and what would be right.
   */
  check(context: Context, message: M): Promise<void>;
  /** The call of whoever acts in person. */
  direct(context: Context, message: M, consent?: Signed): Promise<ContractTransaction>;
  /** The call of whoever brings a signed request. */
  relayed(context: Context, message: M, signed: Signed, consent?: Signed): Promise<ContractTransaction>;
  /** What became of it. */
  tell(context: Context, message: M, receipt: TransactionReceipt): Promise<Outcome>;
}
