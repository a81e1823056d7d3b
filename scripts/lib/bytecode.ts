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
  /** By name; by contract and name, as in `GovernorRules.GROUPS`, where it has two of one name. */
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
  const declared = Object.entries(references).map(([id, stretches]) => {
    const declaration = names.get(id);
    // One without a name could be anything.
    if (declaration === undefined) throw new Error(`${contract}: immutable ${id} cannot be named`);
    return { ...declaration, stretches };
  });
  const immutables = new Map<string, readonly Stretch[]>();
  for (const { owner, name, stretches } of declared) {
    // Two of one name, of a contract and one that it inherits, could be mistaken for each other.
    const isUnique = declared.filter((other) => other.name === name).length === 1;
    immutables.set(isUnique ? name : `${owner}.${name}`, stretches);
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
const cache = new Map<string, Promise<ReadonlyMap<string, Declaration>>>();

function immutableNamesIn(path: string): Promise<ReadonlyMap<string, Declaration>> {
  const read = async () => immutableNames(JSON.parse(await readFile(path, "utf8")).output.sources);
  const names = cache.get(path) ?? read();
  cache.set(path, names);
  return names;
}

/** Where an immutable is declared: in which contract, under which name. */
interface Declaration {
  readonly owner: string;
  readonly name: string;
}

/** Names of all immutables in a compiler's output, by the number of their declaration. */
function immutableNames(sources: unknown): Map<string, Declaration> {
  const names = new Map<string, Declaration>();
  const visit = (node: unknown, owner: string): void => {
    if (typeof node !== "object" || node === null) return;
    const { nodeType, mutability, id, name } = node as Readonly<Record<string, unknown>>;
    if (nodeType === "VariableDeclaration" && mutability === "immutable")
      names.set(String(id), { owner, name: String(name) });
    const within = nodeType === "ContractDefinition" ? String(name) : owner;
    for (const child of Object.values(node)) visit(child, within);
  };
  visit(sources, "");
  return names;
}
