import { getAddress, isAddress } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deploymentIdFor, onlyDeploymentOn, readAddressBook } from "../address-book.js";
import { isUnsafe, type KnownNetwork, meet } from "../network.js";
import { Problem } from "../problem.js";
import { type Context, enter, type Person } from "./coalition.js";

/** Which coalition on which chain is meant. */
export interface Where {
  /** The folder that holds a folder for each deployment. */
  readonly deployments: string;
  /** Name of the deployment, or the path of its address book. */
  readonly deployment?: string | undefined;
  /** The parameter file that it was deployed with; names the deployment where nothing else does. */
  readonly parameters?: string | undefined;
  readonly chainId?: bigint | undefined;
}

/** A coalition, and the accounts with which somebody meets it. */
export interface Session extends Context {
  readonly network: KnownNetwork;
  readonly accounts: readonly Person[];
  /** The first block of the coalition's deployment: nothing of it is older. */
  readonly fromBlock: number;
}

type Accounts = Pick<Session, "network" | "accounts">;

/** Goes to the coalition that is meant, on the network of a connection. */
export async function openSession(connection: NetworkConnection, where: Where): Promise<Session> {
  const network = await meet(connection, where.chainId);
  if (network.isEphemeral) {
    throw new Problem(
      "A chain inside this process holds no coalition: say on which network, with --network.",
    );
  }
  const name =
    where.deployment ??
    (where.parameters === undefined
      ? onlyDeploymentOn(where.deployments, network.chainId)
      : deploymentIdFor(network.chainId, where.parameters));
  const book = readAddressBook(where.deployments, name);
  if (BigInt(book.chainId) !== network.chainId) {
    throw new Problem(
      `The deployment "${book.deployment}" is on chain ${book.chainId}, but ${network.name} is chain ${network.chainId}.`,
    );
  }
  const context = await enter(connection.ethers, book.contracts);
  return { ...context, network, accounts: await connection.ethers.getSigners(), fromBlock: book.block };
}

/** The account that is meant: the network's first, or the one that was chosen by index or address. */
export function chosenAccount({ network, accounts }: Accounts, choice: string): Person {
  const account = findAccount(accounts, choice === "" ? "0" : choice);
  if (account !== undefined) return account;
  const known = accounts.map(({ address }, index) => `${index} ${address}`).join(", ");
  throw new Problem(
    accounts.length === 0
      ? `The network "${network.name}" has no account to act with; set DEPLOYER_KEY.`
      : `--account is "${choice}", allowed: an index or address of ${known}`,
  );
}

/** The account that signs or pays; refuses one whose key is public knowledge on a chain that is not local. */
export function actingAccount(session: Accounts, choice: string): Person {
  const { network } = session;
  const account = chosenAccount(session, choice);
  if (!isUnsafe(network, account.address)) return account;
  throw new Problem(
    `The key of ${account.address} is published with development tools: anybody can use it. ` +
      `Chain ${network.chainId} is not a local development chain; act with a key of your own.`,
  );
}

/** An account by index or address; undefined if it is not among them. */
export function findAccount(accounts: readonly Person[], choice: string): Person | undefined {
  if (/^\d{1,3}$/.test(choice)) return accounts[Number(choice)];
  if (!isAddress(choice)) return undefined;
  return accounts.find(({ address }) => address === getAddress(choice));
}
