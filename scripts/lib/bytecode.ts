import { readFile } from "node:fs/promises";
import type { ArtifactManager } from "hardhat/types/artifacts";

/** A stretch of code that holds the value of an immutable. */
interface Stretch {
  readonly start: number;
  readonly length: number;
}

/** What the compiler says that a deployed contract holds. */
export interface CompiledCode {
  readonly contract: string;
  /** Runtime code, with zeros where immutables go. */
  readonly code: string;
  readonly immutables: ReadonlyMap<string, readonly Stretch[]>;
}

/** Reads the runtime code of a contract with the places of its immutables, which solc lists by number only. */
export async function compiledCode(artifacts: ArtifactManager, contract: string): Promise<CompiledCode> {
  const artifact = await artifacts.readArtifact(contract);
  const { buildInfoId, deployedBytecode: code } = artifact;
  const path = buildInfoId === undefined ? undefined : await artifacts.getBuildInfoOutputPath(buildInfoId);
  if (path === undefined) throw new Error(`no compiler output for ${contract}; run npm run build`);
  const references = artifact.immutableReferences ?? {};
  const names = await immutableNamesIn(path);
  const immutables = new Map<string, readonly Stretch[]>();
  for (const [id, stretches] of Object.entries(references)) {
    const name = names.get(id);
    // Two of one name could be mistaken for each other, one without a name could be anything.
    if (name === undefined || immutables.has(name))
      throw new Error(`${contract}: immutable ${id} cannot be named`);
    immutables.set(name, stretches);
  }
  return { contract, code: code.toLowerCase(), immutables };
}

/**
 * What differs between the code at an address and the compiled one, one line each: the code itself, and each
 * immutable against the value it must have.
 * @param values By name of immutable, 32 bytes each.
 */
export function codeDifferences(
  actual: string,
  compiled: CompiledCode,
  values: Readonly<Record<string, string>>,
): string[] {
  if (actual === "0x") return ["no code at this address"];
  const expectedBytes = (compiled.code.length - 2) / 2;
  const actualBytes = (actual.length - 2) / 2;
  if (actualBytes !== expectedBytes) return [`${actualBytes} bytes of code, compiled ${expectedBytes}`];
  const differences: string[] = [];
  let masked = actual.toLowerCase();
  for (const [name, stretches] of compiled.immutables) {
    const wanted = values[name]?.toLowerCase();
    if (wanted === undefined) differences.push(`immutable ${name} is not known to this check`);
    for (const { start, length } of stretches) {
      const from = 2 + 2 * start;
      const to = from + 2 * length;
      const found = `0x${masked.slice(from, to)}`;
      if (wanted !== undefined && found !== wanted) {
        differences.push(`immutable ${name} at byte ${start} is ${found}, expected ${wanted}`);
      }
      masked = masked.slice(0, from) + "0".repeat(2 * length) + masked.slice(to);
    }
  }
  if (masked !== compiled.code) {
    const at = [...masked].findIndex((digit, index) => digit !== compiled.code[index]);
    differences.push(`code differs from the compiled one, first at byte ${Math.floor((at - 2) / 2)}`);
  }
  return differences;
}

// Outputs are large, and their path holds the hash of what was compiled.
const cache = new Map<string, Promise<ReadonlyMap<string, string>>>();

function immutableNamesIn(path: string): Promise<ReadonlyMap<string, string>> {
  const read = async () => immutableNames(JSON.parse(await readFile(path, "utf8")).output.sources);
  const names = cache.get(path) ?? read();
  cache.set(path, names);
  return names;
}

/** Names of all immutables in a compiler's output, by the number of their declaration. */
function immutableNames(sources: unknown): Map<string, string> {
  const names = new Map<string, string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { nodeType, mutability, id, name } = node as Readonly<Record<string, unknown>>;
    if (nodeType === "VariableDeclaration" && mutability === "immutable") names.set(String(id), String(name));
    for (const child of Object.values(node)) visit(child);
  };
  visit(sources);
  return names;
}
