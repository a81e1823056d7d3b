import { setTimeout as sleep } from "node:timers/promises";
import { HDNodeWallet, Mnemonic } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { RequestArguments } from "hardhat/types/providers";
import { Problem } from "./problem.js";

/** Whatever answers JSON-RPC requests. */
export interface Node {
  // biome-ignore lint/suspicious/noExplicitAny: what a node answers depends on the method, and providers say any
  request(request: RequestArguments): Promise<any>;
}

/** How often and how long to ask a node that does not answer. */
export interface Patience {
  readonly attempts: number;
  /** Before the second attempt; twice as long before each further one. */
  readonly waitMs: number;
  /** For one attempt. */
  readonly timeoutMs: number;
}

/** For the first question of a command: somebody waits for it. */
const AT_THE_DOOR: Patience = { attempts: 4, waitMs: 500, timeoutMs: 10_000 };

/** In the middle of a deployment or check, where giving up costs more. */
const UNDERWAY: Patience = { attempts: 6, waitMs: 500, timeoutMs: 30_000 };

/** Chain ids of the public networks of `hardhat.config.ts`: a wrong address there is caught before anything is sent. */
const EXPECTED_CHAINS: Readonly<Record<string, bigint>> = { sepolia: 11_155_111n, baseSepolia: 84_532n };

/** Chain ids that development nodes take unless told otherwise. */
const DEVELOPMENT_CHAINS: readonly bigint[] = [31_337n, 1_337n];

/** Mnemonics that development tools publish; whoever reads their manual has the keys of their accounts. */
const PUBLISHED_MNEMONICS = [
  // not a secret: the mnemonic of Hardhat and Anvil, published by both
  "test test test test test test test test test test test junk",
  // not a secret: the mnemonic of Ganache's deterministic mode, published by it
  "myth like bonus scare over problem client lizard pioneer submit female collect",
  // not a secret: the mnemonic of Truffle's development console, published by it
  "candy maple cake sugar pudding cream honey rich smooth crumble sweet treat",
];
const PUBLISHED_ACCOUNTS = 20;

/** A network as the person at the shell knows it, without what its address may hold in secret. */
export interface KnownNetwork {
  readonly name: string;
  /** Scheme and host alone: paths, queries and user names carry access keys. */
  readonly address: string;
  readonly chainId: bigint;
  /** A chain for development on this very machine: in Hardhat's own process, or a node on a loopback address. */
  readonly isLocal: boolean;
  /** Hardhat's own chain, which ends with the process. */
  readonly isEphemeral: boolean;
}

/** A text without the parts of web addresses that may be secret. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(?:https?|wss?):\/\/[^\s"'`<>)\]}]+/g, publicPart);
}

function publicPart(address: string): string {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return "(an address)";
  }
}

/** Whether an error says that a node could not be reached or was too busy, so that asking again may help. */
export function isTransient(error: unknown): boolean {
  const { number, code, message } = error as { number?: unknown; code?: unknown; message?: unknown };
  // Hardhat's own for a refused connection and a timeout, and JSON-RPC's for too many requests.
  if (number === 703 || number === 704 || code === -32_005) return true;
  return /timed? ?out|ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|socket|other side closed|too many requests|status code (?:429|5\d\d)|fetch failed|did not answer/i.test(
    String(message),
  );
}

/** Asks until there is an answer, but not for ever; errors that asking again cannot cure pass through at once. */
export async function persistently<T>(ask: () => Promise<T>, patience: Patience = UNDERWAY): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(patience.timeoutMs, ask());
    } catch (error) {
      if (attempt >= patience.attempts || !isTransient(error)) throw error;
      await sleep(patience.waitMs * 2 ** (attempt - 1));
    }
  }
}

/** Methods that change something: asking twice is not the same as asking once. */
const ONCE = /^eth_send|^(?:anvil|hardhat|evm)_/;

/** A node that is asked again when it does not answer, where asking twice does no harm. */
export function steady(node: Node, patience: Patience = UNDERWAY): Node {
  return {
    request: (request) =>
      ONCE.test(request.method) ? node.request(request) : persistently(() => node.request(request), patience),
  };
}

/**
 * Asks a network who it is, before anything else is done with it.
 * @param expected The chain id that it must have; that of the public network of this name if not given.
 * @throws {Problem} if it does not answer or is another chain.
 */
export async function meet(
  connection: Pick<NetworkConnection, "networkName" | "networkConfig"> & { readonly provider: Node },
  expected: bigint | undefined = EXPECTED_CHAINS[connection.networkName],
  patience: Patience = AT_THE_DOOR,
): Promise<KnownNetwork> {
  const { networkName: name, networkConfig } = connection;
  const isEphemeral = networkConfig.type === "edr-simulated";
  const url = networkConfig.type === "http" ? await networkConfig.url.getUrl() : "";
  const address = isEphemeral ? "in this process" : publicPart(url);
  let answer: unknown;
  try {
    answer = await persistently(() => connection.provider.request({ method: "eth_chainId" }), patience);
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new Problem(
      `The network "${name}" (${address}) does not answer, asked ${patience.attempts} times. ` +
        "Check that its node runs, the address and your connection. Nothing was sent or written.",
    );
  }
  if (typeof answer !== "string" || !/^0x[0-9a-fA-F]+$/.test(answer)) {
    throw new Problem(
      `The network "${name}" (${address}) answers, but not with a chain id; is it an Ethereum node?`,
    );
  }
  const chainId = BigInt(answer);
  if (expected !== undefined && chainId !== expected) {
    throw new Problem(
      `The network "${name}" (${address}) is chain ${chainId}, expected chain ${expected}. ` +
        "Correct its address, or say which chain you mean with --chain-id.",
    );
  }
  const isLocal = isEphemeral || (DEVELOPMENT_CHAINS.includes(chainId) && isLoopback(url));
  return { name, address, chainId, isLocal, isEphemeral };
}

/**
 * The account that deploys: the network's first.
 * @throws {Problem} if there is none, or its key is public knowledge on a chain that is not local.
 */
export async function deployerOn(network: KnownNetwork, node: Node): Promise<string> {
  const accounts: readonly string[] = await node.request({ method: "eth_accounts" });
  const deployer = accounts[0];
  if (deployer === undefined) {
    throw new Problem(`The network "${network.name}" has no account to deploy from; set DEPLOYER_KEY.`);
  }
  if (isUnsafe(network, deployer)) {
    throw new Problem(
      `The key of ${deployer} is published with development tools: anybody can use it. ` +
        `Chain ${network.chainId} is not a local development chain; deploy from a key of your own.`,
    );
  }
  return deployer;
}

/** Whether a chain, by its id, is one for development; its keys may be anybody's. */
export const isDevelopmentChain = (chainId: bigint): boolean => DEVELOPMENT_CHAINS.includes(chainId);

/** Whether anybody can use an account's key on a chain that is not local, because development tools publish it. */
export function isUnsafe(network: Pick<KnownNetwork, "isLocal">, account: string): boolean {
  return !network.isLocal && publishedAccounts().has(account.toLowerCase());
}

let published: Set<string> | undefined;

function publishedAccounts(): Set<string> {
  published ??= new Set(
    PUBLISHED_MNEMONICS.flatMap((phrase) => {
      const parent = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), "m/44'/60'/0'/0");
      return Array.from({ length: PUBLISHED_ACCOUNTS }, (_, index) =>
        parent.deriveChild(index).address.toLowerCase(),
      );
    }),
  );
  return published;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      work,
      sleep(milliseconds, undefined, { signal: timer.signal }).then(() => {
        throw new Error(`did not answer within ${milliseconds} ms`);
      }),
    ]);
  } finally {
    timer.abort();
    work.catch(() => {});
  }
}
