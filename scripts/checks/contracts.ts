import { readFile } from "node:fs/promises";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { isTestSupport } from "./solidity.js";

export interface StorageEntry {
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
}

export interface StorageLayout {
  readonly storage: readonly StorageEntry[];
  readonly types: Readonly<
    Record<
      string,
      {
        readonly label: string;
        readonly numberOfBytes: string;
        readonly members?: readonly StorageEntry[];
        readonly base?: string;
        readonly value?: string;
      }
    >
  > | null;
}

/** A contract of this project that can be deployed: no interface, library, abstract contract or test support. */
export interface OwnContract {
  readonly name: string;
  readonly source: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an ABI entry is ethers' business
  readonly abi: readonly any[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly sourceMap: string;
  readonly storage: StorageLayout;
}

interface CompilerOutput {
  readonly sources: Record<string, { ast: { nodes: readonly AstNode[] } }>;
  readonly contracts: Record<
    string,
    Record<string, { storageLayout: StorageLayout; evm: { deployedBytecode: { sourceMap: string } } }>
  >;
}

interface AstNode {
  readonly nodeType: string;
  readonly name?: string;
  readonly contractKind?: string;
  readonly abstract?: boolean;
}

/** Compiles if need be and reads the project's deployable contracts, sorted by name. */
export async function ownContracts(hre: HardhatRuntimeEnvironment): Promise<OwnContract[]> {
  await hre.tasks.getTask("build").run({ quiet: true });
  await hre.artifacts.clearCache();
  const outputs = new Map<string, CompilerOutput>();
  const contracts: OwnContract[] = [];
  for (const fullName of await hre.artifacts.getAllFullyQualifiedNames()) {
    const [source = "", name = ""] = fullName.split(":");
    if (!source.startsWith("contracts/") || isTestSupport(source)) continue;
    const artifact = await hre.artifacts.readArtifact(fullName);
    const { inputSourceName, buildInfoId } = artifact;
    if (inputSourceName === undefined || buildInfoId === undefined)
      throw new Error(`${fullName} has no build info`);
    const output = outputs.get(buildInfoId) ?? (await readOutput(hre, buildInfoId));
    outputs.set(buildInfoId, output);
    const node = output.sources[inputSourceName]?.ast.nodes.find((candidate) => candidate.name === name);
    if (node?.contractKind !== "contract" || node.abstract) continue;
    const compiled = output.contracts[inputSourceName]?.[name];
    if (compiled === undefined) throw new Error(`${fullName} is missing from its build info`);
    contracts.push({
      name,
      source,
      abi: artifact.abi,
      bytecode: artifact.bytecode,
      deployedBytecode: artifact.deployedBytecode,
      sourceMap: compiled.evm.deployedBytecode.sourceMap,
      storage: compiled.storageLayout,
    });
  }
  return contracts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readOutput(hre: HardhatRuntimeEnvironment, buildInfoId: string): Promise<CompilerOutput> {
  const path = await hre.artifacts.getBuildInfoOutputPath(buildInfoId);
  if (path === undefined)
    throw new Error(`no compiler output for ${buildInfoId}; run npx hardhat clean and build again`);
  return JSON.parse(await readFile(path, "utf8")).output;
}
