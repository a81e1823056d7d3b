import { existsSync, readFileSync } from "node:fs";
import { Wallet } from "ethers";
import type { NetworkConfig } from "hardhat/types/config";
import { isDevelopmentChain, isUnsafe } from "../network.js";
import { Problem } from "../problem.js";

/** Where a member's key is looked for, without a node. */
export interface KeySource {
  /** A file with the key in hexadecimal digits; empty for none. */
  readonly keyFile: string;
  /** The network that was chosen; its accounts are read from the keystore or the environment. */
  readonly network: NetworkConfig | undefined;
}

/**
 * The key that signs.
 * @param chainId For which chain it signs: on a public one no key signs that development tools publish.
 */
export async function signerFrom({ keyFile, network }: KeySource, chainId: bigint): Promise<Wallet> {
  const wallet = walletOf(keyFile === "" ? await keyOf(network) : keyIn(keyFile), keyFile);
  if (!isUnsafe({ isLocal: isDevelopmentChain(chainId) }, wallet.address)) return wallet;
  throw new Problem(
    `The key of ${wallet.address} is published with development tools: anybody can use it. ` +
      `Chain ${chainId} is not a development chain; sign with a key of your own.`,
  );
}

function keyIn(path: string): string {
  if (!existsSync(path)) throw new Problem(`${path} is missing; --key-file is a file with your key.`);
  return readFileSync(path, "utf8").trim();
}

async function keyOf(network: NetworkConfig | undefined): Promise<string> {
  const [first] = network?.type === "http" && Array.isArray(network.accounts) ? network.accounts : [];
  if (first === undefined) {
    throw new Problem(
      "Say with which key to sign: --key-file <file>, or --network with a network whose key is in the keystore or the environment (DEPLOYER_KEY).",
    );
  }
  return first.getHexString();
}

/** Never shows what it was given: it could be a key with a typing error. */
function walletOf(key: string, keyFile: string): Wallet {
  const digits = key.replace(/^0x/, "");
  const source = keyFile === "" ? "The network's key" : keyFile;
  if (!/^[0-9a-fA-F]{64}$/.test(digits)) throw new Problem(`${source} is no key: 64 hexadecimal digits.`);
  try {
    return new Wallet(`0x${digits}`);
  } catch {
    throw new Problem(`${source} is no key of this curve.`);
  }
}
