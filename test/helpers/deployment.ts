import type { NetworkConnection } from "hardhat/types/network";
import CoalitionModule from "../../deploy/modules/coalition.js";
import type { Parameters } from "../../scripts/lib/parameters.js";

/** A transaction of a deployment, as a node takes it. */
type Sent = { from: string; to?: string; data: string; value: string; gas: string };

/** What a deployment sent, in order, and the addresses that came of it, by the modules' names. */
type Recording = { transactions: readonly Sent[]; book: Readonly<Record<string, string>> };

const recordings = new Map<string, Recording>();

/**
 * Deploys a coalition and answers the addresses of its contracts. Ignition does it with the modules that are shipped, once
 * in a process for every set of parameters; where the same deployer has sent as many transactions before, another chain is
 * sent the very same transactions again, which takes a fraction of the time and gives the same contracts at the same
 * addresses.
 */
export async function deployOnceMore(
  connection: NetworkConnection<"generic">,
  parameters: Parameters,
): Promise<Recording["book"]> {
  const { ethers } = connection;
  const [deployer] = await ethers.getSigners();
  const from = await deployer?.getAddress();
  const nonce = await deployer?.getNonce();
  const key = JSON.stringify({ parameters, from, nonce }, (_, value) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  const known = recordings.get(key);
  if (known !== undefined) {
    for (const transaction of known.transactions)
      await ethers.provider.send("eth_sendTransaction", [transaction]);
    return known.book;
  }
  const before = await ethers.provider.getBlockNumber();
  const deployed = await connection.ignition.deploy(CoalitionModule, { parameters });
  const addresses = Object.entries(deployed).map(async ([name, contract]) => [
    name,
    await contract.getAddress(),
  ]);
  const book: Recording["book"] = Object.fromEntries(await Promise.all(addresses));
  recordings.set(key, { transactions: await sentSince(connection, before), book });
  return book;
}

/** All transactions of the blocks after one. */
async function sentSince({ ethers }: NetworkConnection<"generic">, block: number): Promise<Sent[]> {
  const last = await ethers.provider.getBlockNumber();
  const sent: Sent[] = [];
  for (let number = block + 1; number <= last; number++) {
    const { transactions } = await ethers.provider.send("eth_getBlockByNumber", [
      `0x${number.toString(16)}`,
      true,
    ]);
    for (const { from, to, input, value, gas } of transactions) {
      sent.push({ from, ...(to === null ? {} : { to }), data: input, value, gas });
    }
  }
  return sent;
}
