import { setTimeout as sleep } from "node:timers/promises";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { TransactionReceipt } from "ethers";
import { Problem } from "../problem.js";
import { duration } from "./words.js";

/** Longest wait for one transaction, in seconds. */
const PATIENCE = 600;

/** What is measured, in the order in which the report shows it. */
export const OPERATIONS = [
  "join",
  "joinBySig",
  "rotateKey",
  "propose",
  "endorse",
  "endorseBySig",
  "castVote",
  "castVoteBySig",
  "castVote (change)",
  "queue",
  "execute",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A transaction that was sent and not yet seen in a block. */
export interface Sent {
  readonly operation: Operation;
  readonly hash: string;
}

/** Sees transactions through, and keeps which one did what. */
export class Transactions {
  readonly #done: Sent[] = [];

  constructor(private readonly ethers: HardhatEthers) {}

  /** Those that went through. */
  get done(): readonly Sent[] {
    return this.#done;
  }

  /** Sends one and waits until it is in a block. */
  async send(operation: Operation, sending: Promise<{ hash: string }>): Promise<TransactionReceipt> {
    const { hash } = await sending;
    return await this.settle({ operation, hash });
  }

  async settle(sent: Sent): Promise<TransactionReceipt> {
    const receipt = await receiptOf(this.ethers, sent.hash);
    if (receipt.status !== 1) throw new Problem(`${sent.operation} failed in transaction ${sent.hash}`);
    this.#done.push(sent);
    return receipt;
  }
}

/**
 * A gas limit with room above an estimate, which is made for one state of the chain: others may come first in the
 * block, or not yet, and whoever is the first to write a word pays for it.
 */
export function withRoom(estimate: bigint): { gasLimit: bigint } {
  return { gasLimit: 2n * estimate };
}

/** The receipt of a transaction, as soon as a block holds it. */
export async function receiptOf({ provider }: HardhatEthers, hash: string): Promise<TransactionReceipt> {
  const end = Date.now() + PATIENCE * 1_000;
  for (let pause = 20; Date.now() < end; pause = Math.min(pause * 2, 500)) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
    await sleep(pause);
  }
  throw new Problem(`No block holds transaction ${hash} after ${duration(PATIENCE)}.`);
}
