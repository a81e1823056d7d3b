import { type Interface, id } from "ethers";
import { type Coalition, resolve } from "./coalition.js";
import type { Decision, Effect } from "./types.js";

/** The arguments of `queue` and `execute`, and but for the last those of `propose`. */
export type Call = [targets: string[], values: bigint[], calldatas: string[], descriptionHash: string];

/** A decision on chain. */
export interface Proposal {
  readonly id: bigint;
  readonly by: number;
  readonly call: Call;
  /** What its effects read before it was carried out or closed. */
  readonly before: Map<Effect, { value: string; block: number }>;
}

/** What a decision calls, its arguments taken from what is in force now. */
export async function callOf(coalition: Coalition, { actions, text }: Decision): Promise<Call> {
  const targets: string[] = [];
  const calldatas: string[] = [];
  for (const { contract, function: name, arguments: given } of actions) {
    const values = await Promise.all(given.map((one) => resolve(coalition, contract, one)));
    const encoder: Interface = coalition[contract].interface;
    targets.push(await coalition[contract].getAddress());
    calldatas.push(encoder.encodeFunctionData(name, values));
  }
  return [targets, targets.map(() => 0n), calldatas, id(text)];
}
