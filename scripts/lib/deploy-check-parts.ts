import { Interface, type Result } from "ethers";
import type { ArtifactManager } from "hardhat/types/artifacts";
import { type AddressBook, CONTRACTS, type ContractKey } from "./address-book.js";
import type { KnownNetwork, Node } from "./network.js";
import type { ParameterFile } from "./parameters.js";
import { same } from "./roles.js";

/** One thing that was looked at. */
export interface Finding {
  readonly subject: string;
  /** By the parameter file, the address book and the compiled contracts. */
  readonly expected: string;
  /** On the chain. */
  readonly found: string;
  readonly ok: boolean;
}

export interface CheckSubject {
  readonly book: AddressBook;
  readonly parameterFile: ParameterFile;
  readonly network: KnownNetwork;
  readonly node: Node;
  readonly artifacts: ArtifactManager;
  /** Is told how far the walks through the log got: the timelock's, then the governor's. */
  readonly report?: (block: number) => void;
}

/** Addresses, each once, whatever their case. */
export function unique(values: readonly string[]): string[] {
  return values.filter((value, index) => values.findIndex((other) => same(other, value)) === index);
}

/** Asks once, however often the answer is wanted. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** Asks a contract of the coalition by the name of a function. */
export async function asker({ artifacts, book, node }: CheckSubject, key: ContractKey) {
  const { abi } = await artifacts.readArtifact(CONTRACTS[key]);
  const face = new Interface(abi);
  // biome-ignore lint/suspicious/noExplicitAny: the type of an answer depends on the function
  return async (name: string, ...args: unknown[]): Promise<any> => {
    const data = face.encodeFunctionData(name, args);
    const answer = await node.request({
      method: "eth_call",
      params: [{ to: book.contracts[key], data }, "latest"],
    });
    const result: Result = face.decodeFunctionResult(name, answer);
    return result.length === 1 ? result[0] : result;
  };
}

/** Compares a value with the chain's, as texts; addresses and digests whatever their case. */
export async function compare(
  subject: string,
  wanted: unknown,
  ask: () => Promise<unknown>,
): Promise<Finding> {
  const expected = show(wanted);
  let found: string;
  try {
    found = show(await ask());
  } catch (error) {
    return { subject, expected, found: `no answer (${firstLine(error)})`, ok: false };
  }
  const ok = /^0x[0-9a-fA-F]+$/.test(expected) ? same(found, expected) : found === expected;
  return { subject, expected, found, ok };
}

const show = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : String(value));

/** What went wrong, in one line. */
export const firstLine = (error: unknown) =>
  String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
