import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Interface, Result } from "ethers";
import type { Coalition } from "./coalition.js";
import type { ContractName } from "./types.js";

/** Where a figure was read and can be read again. */
export interface Source {
  /** By which the report refers to it. */
  readonly number: number;
  readonly block: number;
  /** For a call: the contract, its address, the function and its arguments. */
  readonly contract?: ContractName;
  readonly address?: string;
  readonly function?: string;
  readonly arguments?: readonly string[];
  /** For what is not answered by a function: how to find it. */
  readonly how?: string;
}

/** Asks the chain at one block, and keeps what was asked. */
export class Reader {
  readonly #sources = new Map<string, Source>();

  constructor(
    private readonly ethers: HardhatEthers,
    private readonly coalition: Coalition,
    readonly block: number,
  ) {}

  get sources(): readonly Source[] {
    return [...this.#sources.values()];
  }

  /** What a function answers at the block. */
  async ask(
    contract: ContractName,
    name: string,
    args: readonly (bigint | number | string)[] = [],
  ): Promise<{ answer: Result; source: number }> {
    const { answer, address } = await this.#call(contract, name, args);
    const given = args.map(String);
    return {
      answer,
      source: this.#note({ block: this.block, contract, address, function: name, arguments: given }),
    };
  }

  /** What a function answers at the block for each of several last arguments; one source for all. */
  async askEach(
    contract: ContractName,
    name: string,
    args: readonly (bigint | number | string)[],
    each: readonly (bigint | number | string)[],
  ): Promise<{ answers: Result[]; source: number }> {
    const answers: Result[] = [];
    for (const last of each) answers.push((await this.#call(contract, name, [...args, last])).answer);
    const address = await this.coalition[contract].getAddress();
    const given = [...args.map(String), `each of ${each.join(", ")}`];
    return {
      answers,
      source: this.#note({ block: this.block, contract, address, function: name, arguments: given }),
    };
  }

  /** Takes note of a source that is no call of a function, or one at another block. */
  note(how: string, block = this.block): number {
    return this.#note({ block, how });
  }

  /** Takes note of a call that was made at another block. */
  async noteCall(
    contract: ContractName,
    name: string,
    block: number,
    args: readonly number[] = [],
  ): Promise<number> {
    const address = await this.coalition[contract].getAddress();
    return this.#note({ block, contract, address, function: name, arguments: args.map(String) });
  }

  async #call(contract: ContractName, name: string, args: readonly (bigint | number | string)[]) {
    const address = await this.coalition[contract].getAddress();
    const encoder: Interface = this.coalition[contract].interface;
    const data = encoder.encodeFunctionData(name, args);
    const bytes = await this.ethers.provider.call({ to: address, data, blockTag: this.block });
    return { answer: encoder.decodeFunctionResult(name, bytes), address };
  }

  #note(source: Omit<Source, "number">): number {
    const key = JSON.stringify(source);
    const known = this.#sources.get(key);
    if (known !== undefined) return known.number;
    const number = this.#sources.size + 1;
    this.#sources.set(key, { number, ...source });
    return number;
  }
}
