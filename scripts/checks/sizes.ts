import type { OwnContract } from "./contracts.js";
import { table } from "./table.js";

// EIP-170 and EIP-3860.
const RUNTIME_LIMIT = 24_576;
const INITCODE_LIMIT = 49_152;

export function findOversized(
  contracts: readonly Pick<OwnContract, "name" | "bytecode" | "deployedBytecode">[],
): {
  problems: string[];
  notes: string[];
} {
  const sizes = contracts.map(({ name, bytecode, deployedBytecode }) => ({
    name,
    runtime: byteLength(deployedBytecode),
    initcode: byteLength(bytecode),
  }));
  return {
    problems: sizes.flatMap(({ name, runtime, initcode }) => [
      ...(runtime > RUNTIME_LIMIT
        ? [`${name}: ${runtime} bytes of code, the limit is ${RUNTIME_LIMIT}`]
        : []),
      ...(initcode > INITCODE_LIMIT
        ? [`${name}: ${initcode} bytes of initcode, the limit is ${INITCODE_LIMIT}`]
        : []),
    ]),
    notes: table(
      ["contract", "runtime", "left", "initcode", "left"],
      sizes.map((size) => [
        size.name,
        size.runtime,
        RUNTIME_LIMIT - size.runtime,
        size.initcode,
        INITCODE_LIMIT - size.initcode,
      ]),
    ),
  };
}

function byteLength(hex: string): number {
  return (hex.length - 2) / 2;
}
