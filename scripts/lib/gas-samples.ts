import type { OperationId } from "./gas-operations.js";

/** What single transactions used, by operation. */
export class Samples {
  readonly #byOperation = new Map<OperationId, number[]>();

  add(operation: OperationId, gas: number): void {
    const samples = this.#byOperation.get(operation);
    if (samples === undefined) this.#byOperation.set(operation, [gas]);
    else samples.push(gas);
  }

  /** The median, by which one odd transaction moves nothing; undefined if there is no sample. */
  figure(operation: OperationId): number | undefined {
    const samples = this.#byOperation.get(operation);
    return samples === undefined ? undefined : median(samples);
  }

  operations(): OperationId[] {
    return [...this.#byOperation.keys()];
  }
}

/** Rounded up where two samples share the middle. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)];
  const lower = sorted[Math.ceil(half) - 1];
  if (upper === undefined || lower === undefined) throw new Error("no samples");
  return Math.ceil((lower + upper) / 2);
}
