import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errorDeploymentResultToExceptionMessage } from "@nomicfoundation/hardhat-ignition/helpers";
import {
  type DeployConfig,
  DeploymentResultType,
  type ExecutionEventListener,
  deploy as runIgnition,
  type SuccessfulDeploymentResult,
} from "@nomicfoundation/ignition-core";
import { formatEther } from "ethers";
import type { ArtifactManager } from "hardhat/types/artifacts";
import type { NetworkConnection } from "hardhat/types/network";
import CoalitionModule from "../../deploy/modules/coalition.js";
import {
  type AddressBook,
  CONTRACTS,
  type ContractKey,
  deploymentIdFor,
  requireDeploymentId,
  writeAddressBook,
} from "./address-book.js";
import { artifactsForOneRun } from "./artifact-resolver.js";
import { firstBlock, hasBegun, mendJournal, recoverSent } from "./journal.js";
import { deployerOn, type KnownNetwork, meet, type Node, type Patience, steady } from "./network.js";
import { type ParameterFile, requireFirstPolicy } from "./parameters.js";
import { Problem } from "./problem.js";

export interface Deployment {
  readonly parameterFile: ParameterFile;
  readonly artifacts: ArtifactManager;
  readonly connection: Pick<NetworkConnection, "networkName" | "networkConfig"> & { readonly provider: Node };
  /** The folder that holds a folder for each deployment. */
  readonly folder: string;
  /** Its name; one for each chain and parameter file unless given. */
  readonly id?: string | undefined;
  /** The chain that is meant. */
  readonly chainId?: bigint | undefined;
  /** Blocks on top of a transaction before the next step; Ignition's default unless given. */
  readonly confirmations?: number | undefined;
  /** Forget what was deployed under this name; on local chains only. */
  readonly reset?: boolean | undefined;
  /** Keep a journal although the chain ends with the process. */
  readonly keep?: boolean | undefined;
  readonly patience?: Patience | undefined;
  /** How long to wait, all in all, for transactions that were sent earlier to be confirmed. */
  readonly settleMs?: number | undefined;
  readonly report: (line: string) => void;
}

/** Where a deployment ended. */
export interface Deployed {
  readonly book: AddressBook;
  readonly network: KnownNetwork;
  /** Path of the address book that was written; undefined on a chain that ends with the process. */
  readonly path?: string;
}

/** Hardhat's own error numbers for: earlier transactions of this account are not confirmed, or not found, yet. */
const UNSETTLED: readonly unknown[] = [10_402, 10_403, 10_410];

/** Ignition's list of addresses, a summary of its journal. */
const SUMMARY = "deployed_addresses.json";
const SETTLE_MS = 180_000;
const POLL_MS = 1_000;

/** Gas of a deployment beyond its bytes: constructors' storage, roles and the transactions themselves. */
const GAS_BEYOND_CODE = 3_000_000n;
/** Gas for storing and passing a byte of code. */
const GAS_BY_BYTE = 220n;

/**
 * Deploys a coalition, or goes on with a deployment that was interrupted. Sends nothing unless its first policy can
 * admit somebody, the network answers and is the one that is meant, and the deployer is fit for it.
 */
export async function deployCoalition(deployment: Deployment): Promise<Deployed> {
  const { parameterFile, connection, report } = deployment;
  requireFirstPolicy(parameterFile);
  const network = await meet(connection, deployment.chainId, deployment.patience);
  const node = steady(connection.provider, deployment.patience);
  const deployer = await deployerOn(network, node);
  const id = requireDeploymentId(deployment.id ?? deploymentIdFor(network.chainId, parameterFile.path));
  const folder = network.isEphemeral && deployment.keep !== true ? undefined : join(deployment.folder, id);
  if (folder !== undefined) {
    prepare(folder, network, deployment.reset === true);
    await requireThere(folder, network, node);
  }
  const resumed = folder !== undefined && hasBegun(folder);
  await requireFunds(deployer, network, node, deployment.artifacts, resumed);

  const started = Number(await node.request({ method: "eth_blockNumber" }));
  report(
    `${resumed ? "Resuming" : "Deploying"} ${parameterFile.path} on ${network.name} (chain ${network.chainId})`,
  );
  report(`  deployer ${deployer}`);
  if (folder !== undefined) report(`  journal  ${folder}`);

  const { contracts } = await settle(deployment, folder, deployer, node);
  const at = (key: ContractKey): string => {
    const future = CoalitionModule.results[key];
    const contract = contracts[future.id];
    if (contract === undefined) throw new Problem(`Ignition deployed no ${CONTRACTS[key]}`);
    return contract.address;
  };
  const book: AddressBook = {
    deployment: id,
    network: network.name,
    chainId: Number(network.chainId),
    block: (folder === undefined ? undefined : firstBlock(folder)) ?? started + 1,
    deployer,
    parameters: { file: parameterFile.path, digest: parameterFile.digest },
    contracts: Object.fromEntries(
      (Object.keys(CONTRACTS) as ContractKey[]).map((key) => [key, at(key)]),
    ) as AddressBook["contracts"],
  };
  if (folder === undefined) return { book, network };
  const addresses = Object.fromEntries(Object.entries(contracts).map(([key, { address }]) => [key, address]));
  writeFileSync(join(folder, SUMMARY), `${JSON.stringify(addresses, undefined, 2)}\n`);
  return { book, network, path: writeAddressBook(folder, book) };
}

function prepare(folder: string, network: KnownNetwork, reset: boolean): void {
  if (reset && !network.isLocal) {
    throw new Problem(
      `--reset forgets where contracts are; chain ${network.chainId} is no local one. Name another --deployment.`,
    );
  }
  if (reset) rmSync(folder, { recursive: true, force: true });
  else mendJournal(folder);
}

/** What a whole deployment is likely to cost, refused without half of it; prices move, so this is no exact sum. */
async function requireFunds(
  deployer: string,
  network: KnownNetwork,
  node: Node,
  artifacts: ArtifactManager,
  resumed: boolean,
): Promise<void> {
  const balance = BigInt(await node.request({ method: "eth_getBalance", params: [deployer, "latest"] }));
  const price = BigInt(await node.request({ method: "eth_gasPrice" }));
  const codes = await Promise.all(Object.values(CONTRACTS).map((name) => artifacts.readArtifact(name)));
  const bytes = codes.reduce((sum, { bytecode }) => sum + BigInt(bytecode.length / 2), 0n);
  const cost = (GAS_BEYOND_CODE + GAS_BY_BYTE * bytes) * price;
  if (balance > 0n && (resumed || balance >= cost / 2n)) return;
  throw new Problem(
    `The deployer ${deployer} has ${formatEther(balance)} ether on chain ${network.chainId}; ` +
      `a deployment costs about ${formatEther(cost)} ether at the present gas price.`,
  );
}

/** Runs Ignition until our own earlier transactions, if there are any, no longer stand in its way. */
async function settle(
  deployment: Deployment,
  folder: string | undefined,
  deployer: string,
  node: Node,
): Promise<SuccessfulDeploymentResult> {
  const until = Date.now() + (deployment.settleMs ?? SETTLE_MS);
  for (let told = false; ; told = true) {
    if (folder !== undefined) await recoverSent(folder, deployer, node);
    try {
      return await ignite(deployment, folder, deployer, node);
    } catch (error) {
      if (!UNSETTLED.includes((error as { number?: unknown }).number) || Date.now() > until) throw error;
      if (!told) deployment.report("  waiting for transactions that were sent before to be confirmed");
      await sleep(POLL_MS);
    }
  }
}

async function ignite(
  deployment: Deployment,
  folder: string | undefined,
  deployer: string,
  node: Node,
): Promise<SuccessfulDeploymentResult> {
  const { connection, parameterFile, confirmations } = deployment;
  const { ignition } = connection.networkConfig;
  const isEphemeral = connection.networkConfig.type === "edr-simulated";
  const config: Partial<DeployConfig> = {
    ...(isEphemeral && { blockPollingInterval: 20 }),
    ...(confirmations !== undefined && { requiredConfirmations: confirmations }),
    ...(ignition.maxRetries !== undefined && { maxRetries: ignition.maxRetries }),
    ...(ignition.retryInterval !== undefined && { retryInterval: ignition.retryInterval }),
  };
  const result = await runIgnition({
    config,
    provider: node,
    artifactResolver: artifactsForOneRun(deployment.artifacts),
    ignitionModule: CoalitionModule,
    deploymentParameters: parameterFile.parameters,
    accounts: [deployer],
    defaultSender: deployer,
    executionEventListener: progress(deployment.report),
    ...(folder !== undefined && { deploymentDir: folder }),
    ...(ignition.maxFeePerGasLimit !== undefined && { maxFeePerGasLimit: ignition.maxFeePerGasLimit }),
    ...(ignition.maxPriorityFeePerGas !== undefined && {
      maxPriorityFeePerGas: ignition.maxPriorityFeePerGas,
    }),
  });
  if (result.type === DeploymentResultType.SUCCESSFUL_DEPLOYMENT) return result;
  const advice =
    result.type === DeploymentResultType.RECONCILIATION_ERROR
      ? `What was begun cannot be gone on with: ${parameterFile.path} or a contract changed since. ` +
        "Restore it, or begin anew under another name with --deployment."
      : "What was done so far is kept: once the cause is gone, the same command goes on from here.";
  throw new Problem(`${errorDeploymentResultToExceptionMessage(result)}\n${advice}`);
}

/** One line for each transaction, and for each step that the chain confirmed. */
function progress(report: (line: string) => void): ExecutionEventListener {
  let total = 0;
  let done = 0;
  const complete = async ({ futureId, result }: { futureId: string; result: { type: string } }) => {
    if (result.type === "SUCCESS")
      report(`  ${`${++done}`.padStart(`${total}`.length)} of ${total}  ${futureId}`);
  };
  const events: Partial<ExecutionEventListener> = {
    batchInitialize: async ({ batches }) => {
      total = batches.flat().length;
    },
    transactionSend: async ({ futureId, hash }) => report(`  sent     ${futureId}  ${hash}`),
    deploymentExecutionStateComplete: complete,
    callExecutionStateComplete: complete,
    staticCallExecutionStateComplete: complete,
  };
  const ignore = async () => {};
  return new Proxy(events, {
    get: (target, name) => Reflect.get(target, name) ?? ignore,
  }) as ExecutionEventListener;
}

/** Catches a local chain that was started anew while the journal tells of the old one. */
async function requireThere(folder: string, network: KnownNetwork, node: Node): Promise<void> {
  const summary = join(folder, SUMMARY);
  if (!existsSync(summary)) return;
  const addresses: Readonly<Record<string, string>> = JSON.parse(readFileSync(summary, "utf8"));
  for (const [name, address] of Object.entries(addresses)) {
    const code = await node.request({ method: "eth_getCode", params: [address, "latest"] });
    if (code !== "0x") continue;
    throw new Problem(
      `Chain ${network.chainId} holds no contract at ${address}, although ${folder} tells of ${name} there: ` +
        "was the chain started anew? Forget the old one with --reset, or name another --deployment.",
    );
  }
}
