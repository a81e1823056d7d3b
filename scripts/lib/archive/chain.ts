import { setTimeout as sleep } from "node:timers/promises";
import { getAddress, isHexString, keccak256, toQuantity } from "ethers";
import type { AddressBook } from "../address-book.js";
import { isRevert } from "../member/revert.js";
import { type Node, type Patience, persistently } from "../network.js";
import { Problem } from "../problem.js";
import { EMPTY_SERIES } from "../record-series.js";
import type { ArchivedLog } from "./logs.js";
import { headCall, LISTS_CALL, type SeriesPlaces, seriesPlaces } from "./series.js";

/** Everything that an archive asks of a chain; another one than a node's can stand in for it. */
export interface Chain {
  chainId(): Promise<number>;
  /** The last block. */
  height(): Promise<number>;
  /** The hash of a block. */
  hashOf(block: number): Promise<string>;
  /** All logs of the coalition's contracts in a range of blocks, both ends included, in the order of the chain. */
  logs(from: number, to: number): Promise<readonly ArchivedLog[]>;
  /** keccak256 of a contract's code. */
  codeOf(address: string): Promise<string>;
  /** The head of a series at a block, or at the last one; that of none where the contract knows of none yet. */
  headOf(series: string, block: number | "latest"): Promise<bigint>;
  /** How many lists the forum has at a block. */
  lists(block: number | "latest"): Promise<number>;
}

/** Fewer blocks than that at a time, and what is wrong is not the span. */
const SHORTEST_SPAN = 1;

/** Between two attempts where the node answered with something that cannot be. */
const ODD_ANSWERS = 4;
const ODD_PAUSE_MS = 200;

interface RawLog {
  readonly address?: unknown;
  readonly topics?: unknown;
  readonly data?: unknown;
  readonly blockNumber?: unknown;
  readonly blockHash?: unknown;
  readonly logIndex?: unknown;
  readonly transactionHash?: unknown;
  readonly removed?: unknown;
}

/** What a node answered that no chain would. */
class OddAnswer extends Error {}

/**
 * A node as the chain of an archive. It is asked again where it does not answer, and where it answers what cannot be:
 * logs of other contracts or blocks, twice or out of order, or that were removed.
 */
export function chainAt(node: Node, contracts: AddressBook["contracts"], patience?: Patience): Chain {
  const addresses = Object.values(contracts).map((address) => address.toLowerCase());
  const known = new Set(addresses);
  const places: SeriesPlaces = seriesPlaces(contracts);
  const ask = (method: string, params: readonly unknown[]) =>
    persistently(() => node.request({ method, params: [...params] }), patience);
  const tagOf = (block: number | "latest") => (block === "latest" ? block : toQuantity(block));

  async function hashOf(block: number): Promise<string> {
    const found = await ask("eth_getBlockByNumber", [toQuantity(block), false]);
    if (!isHexString(found?.hash, 32) || Number(found.number) !== block) {
      throw new Problem(`The node does not know block ${block}; use one that keeps the whole chain.`);
    }
    return found.hash;
  }

  async function logs(from: number, to: number): Promise<ArchivedLog[]> {
    let answer: unknown;
    try {
      answer = await ask("eth_getLogs", [
        { address: addresses.map(getAddress), fromBlock: toQuantity(from), toBlock: toQuantity(to) },
      ]);
    } catch (error) {
      // Nodes differ in how many blocks, or logs, they answer for at a time.
      if (to - from < SHORTEST_SPAN) throw error;
      const middle = Math.floor((from + to) / 2);
      return [...(await logs(from, middle)), ...(await logs(middle + 1, to))];
    }
    if (!Array.isArray(answer)) throw new OddAnswer("no list of logs");
    return answer.map((log: RawLog) => logIn(log, from, to, known)).reduce(inOrder, []);
  }

  return {
    chainId: async () => Number(await ask("eth_chainId", [])),
    height: async () => Number(await ask("eth_blockNumber", [])),
    hashOf,
    logs: (from, to) => sensibly(`logs of blocks ${from} to ${to}`, () => logs(from, to)),
    async codeOf(address) {
      const code = await ask("eth_getCode", [address, "latest"]);
      if (!isHexString(code) || code === "0x")
        throw new Problem(`At ${address} is no contract on this chain.`);
      return keccak256(code);
    },
    async headOf(series, block) {
      const { contract, data, read } = headCall(series);
      try {
        return read(await ask("eth_call", [{ to: places[contract], data }, tagOf(block)]));
      } catch (error) {
        // Of a decision that is not over, or that there is not, the contract says nothing.
        if (contract === "statements" && isRevert(error)) return EMPTY_SERIES;
        throw error;
      }
    },
    async lists(block) {
      return LISTS_CALL.read(
        await ask("eth_call", [{ to: places.forum, data: LISTS_CALL.data }, tagOf(block)]),
      );
    },
  };
}

async function sensibly<T>(what: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof OddAnswer)) throw error;
      if (attempt === ODD_ANSWERS) {
        throw new Problem(
          `The node answers for the ${what} with ${error.message}, asked ${ODD_ANSWERS} times; use another node.`,
        );
      }
      await sleep(ODD_PAUSE_MS);
    }
  }
}

function logIn(raw: RawLog, from: number, to: number, known: ReadonlySet<string>): ArchivedLog {
  const { address, topics, data, blockNumber, logIndex, transactionHash, removed } = raw ?? {};
  const whole =
    isHexString(address, 20) &&
    Array.isArray(topics) &&
    topics.every((topic) => isHexString(topic, 32)) &&
    isHexString(data) &&
    isHexString(blockNumber) &&
    isHexString(logIndex) &&
    isHexString(transactionHash, 32);
  if (!whole) throw new OddAnswer("something that is no log");
  if (removed === true) throw new OddAnswer("a log that was removed");
  const block = Number(blockNumber);
  if (block < from || block > to) throw new OddAnswer(`a log of block ${block}`);
  if (!known.has(address.toLowerCase()))
    throw new OddAnswer(`a log of ${address}, which is no contract of this coalition`);
  return {
    block,
    index: Number(logIndex),
    address: address.toLowerCase(),
    topics: topics.map((topic: string) => topic.toLowerCase()),
    data: data.toLowerCase(),
    transaction: transactionHash.toLowerCase(),
  };
}

/** Logs that come twice in a row are one; what comes out of order cannot be. */
function inOrder(sorted: ArchivedLog[], log: ArchivedLog): ArchivedLog[] {
  const last = sorted.at(-1);
  if (last !== undefined && last.block === log.block && last.index === log.index) {
    if (JSON.stringify(last) !== JSON.stringify(log)) throw new OddAnswer("two logs at one place");
    return sorted;
  }
  if (
    last !== undefined &&
    (log.block < last.block || (log.block === last.block && log.index < last.index))
  ) {
    throw new OddAnswer("logs out of order");
  }
  sorted.push(log);
  return sorted;
}
