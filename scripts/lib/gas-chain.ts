import assert from "node:assert/strict";
import { type BytesLike, id, keccak256, toQuantity, toUtf8Bytes, Wallet } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

/** Every key is derived from it, so that every run sends the same bytes. */
export const SEED = "gas table of a coalition";

/** When every chain begins; its blocks follow each other at fixed intervals. */
export const START = "2026-01-01T00:00:00Z";

const BLOCK_TIME = 12;
const GAS_LIMIT = toQuantity(16_000_000);

interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

interface Receipt {
  readonly status: string;
  readonly gasUsed: string;
}

/** A fresh chain of Hardhat's own, on which a transaction is a block and time is what we say. */
export class Chain {
  readonly connection: NetworkConnection<"generic">;
  readonly #unlocked = new Set<string>();
  #now = 0;

  private constructor(connection: NetworkConnection<"generic">) {
    this.connection = connection;
  }

  static async create(hre: HardhatRuntimeEnvironment): Promise<Chain> {
    const connection = await hre.network.create<"generic">({
      network: "default",
      chainType: "generic",
      override: { initialDate: START, initialBaseFeePerGas: 0 },
    });
    return new Chain(connection);
  }

  /** Takes charge of the clock; before that, Hardhat's own runs, as Ignition needs it. */
  takeClock(): void {
    const day = 86_400;
    this.#now = Date.parse(START) / 1000 + day;
  }

  get now(): number {
    return this.#now;
  }

  get hardfork(): string {
    const config = this.connection.networkConfig;
    return config.type === "edr-simulated" ? config.hardfork : "unknown";
  }

  /** Sends a transaction and answers what it used, the 21,000 included. Throws if it fails. */
  async send({ from, to, data }: Call): Promise<number> {
    await this.#unlock(from);
    await this.#setNextTimestamp(BLOCK_TIME);
    const hash = await this.#request("eth_sendTransaction", [
      { from, to, data, gas: GAS_LIMIT, gasPrice: "0x0" },
    ]);
    const receipt = (await this.#request("eth_getTransactionReceipt", [hash])) as Receipt;
    assert.equal(receipt.status, "0x1", `a transaction of ${from} failed`);
    return Number(receipt.gasUsed);
  }

  /** Lets time pass in one block. */
  async wait(seconds: number): Promise<void> {
    await this.#setNextTimestamp(seconds);
    await this.#request("hardhat_mine", ["0x1"]);
  }

  /** Lets blocks pass, and the time they take. */
  async mine(blocks: number): Promise<void> {
    await this.wait(BLOCK_TIME);
    await this.#request("hardhat_mine", [toQuantity(blocks), toQuantity(BLOCK_TIME)]);
    this.#now += blocks * BLOCK_TIME;
  }

  /** Gas used by every transaction so far. */
  async usedSoFar(): Promise<number> {
    const { provider } = this.connection.ethers;
    let used = 0n;
    for (let number = await provider.getBlockNumber(); number >= 0; number--) {
      used += (await provider.getBlock(number))?.gasUsed ?? 0n;
    }
    return Number(used);
  }

  async #setNextTimestamp(seconds: number): Promise<void> {
    this.#now += seconds;
    await this.#request("evm_setNextBlockTimestamp", [toQuantity(this.#now)]);
  }

  async #unlock(account: string): Promise<void> {
    if (this.#unlocked.has(account)) return;
    await this.#request("hardhat_impersonateAccount", [account]);
    this.#unlocked.add(account);
  }

  #request(method: string, params: unknown[]): Promise<unknown> {
    return this.connection.provider.request({ method, params });
  }
}

/** A key that is the same in every run. */
export function key(name: string): Wallet {
  return new Wallet(id(`${SEED}: ${name}`));
}

export function digest(text: string): string {
  return keccak256(toUtf8Bytes(text) satisfies BytesLike);
}
