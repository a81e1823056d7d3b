import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Filter, Log } from "ethers";
import type { AddressBook } from "../address-book.js";
import { coalitionAt } from "../member/coalition.js";
import { isRevert } from "../member/revert.js";
import { RIGHTS } from "../member/standings.js";
import { Problem } from "../problem.js";

/** A log as far as a recount looks at it. */
export type ChainLog = Pick<Log, "address" | "topics" | "data" | "blockNumber" | "index" | "transactionHash">;

/** What a method says of its own count. */
export interface Claims {
  readonly ballots: bigint;
  readonly order: readonly number[];
  readonly record: string;
  /** Approvals by option, where the method counts approvals. */
  readonly approvals?: readonly bigint[];
}

/** Everything that a recount asks of a chain; another one than a node's can stand in for it. */
export interface Source {
  readonly chainId: bigint;
  readonly contracts: AddressBook["contracts"];
  /** Logs of contracts from a block on, in the order of the chain. */
  logs(address: readonly string[], topics: Filter["topics"], fromBlock: number): Promise<readonly ChainLog[]>;
  timeOf(block: number): Promise<number>;
  /** Whether the vote of a member counted at a moment, and in which group. */
  countedAt(number: number, moment: number): Promise<{ readonly counted: boolean; readonly group: number }>;
  /** Whether a member had the right to stand at a block; undefined where the node has forgotten that block's state. */
  couldStand(number: number, announcedAt: number, block: number): Promise<boolean | undefined>;
  /** The method's own result; undefined as long as the count is not complete. */
  claimsOf(method: "approval" | "ranked", electionId: bigint): Promise<Claims | undefined>;
}

/** Blocks that a node is asked for at a time, to begin with; public ones allow no more. */
const SPAN = 10_000;
/** Fewer than that, and what is wrong is not the span. */
const SHORTEST_SPAN = 16;

/** A node as the source of a recount. */
export async function sourceAt(
  ethers: HardhatEthers,
  contracts: AddressBook["contracts"],
  say: (line: string) => void = () => {},
): Promise<Source> {
  const { provider } = ethers;
  const { membership, approval, ranked } = coalitionAt(ethers, contracts);
  const times = new Map<number, number>();
  return {
    chainId: (await provider.getNetwork()).chainId,
    contracts,

    async logs(address, topics, fromBlock) {
      const last = await provider.getBlockNumber();
      const found: Log[] = [];
      let span = SPAN;
      for (let from = fromBlock; from <= last; ) {
        const to = Math.min(last, from + span - 1);
        try {
          const filter = {
            address: [...address] as never,
            topics: topics ?? [],
            fromBlock: from,
            toBlock: to,
          };
          found.push(...(await provider.getLogs(filter)));
        } catch (error) {
          // Nodes differ in how many blocks, or events, they answer for at a time.
          if (span <= SHORTEST_SPAN) throw error;
          span = Math.ceil(span / 4);
          continue;
        }
        if (to < last) say(`Read to block ${to} of ${last}: ${found.length} events.`);
        from = to + 1;
      }
      return found;
    },

    async timeOf(number) {
      const known = times.get(number);
      if (known !== undefined) return known;
      const block = await provider.getBlock(number);
      if (block === null) throw new Problem(`The node does not know block ${number}.`);
      times.set(number, block.timestamp);
      return block.timestamp;
    },

    async countedAt(number, moment) {
      const [counted, group] = await membership.countedAt(number, moment);
      return { counted, group: Number(group) };
    },

    async couldStand(number, announcedAt, blockTag) {
      try {
        const key = await membership.ownerOf(number, { blockTag });
        const stand = RIGHTS.indexOf("stand");
        const [standing] = await membership.standingOf(key, stand, announcedAt, { blockTag });
        return standing === 0n;
      } catch (error) {
        return isRevert(error) ? false : undefined;
      }
    },

    async claimsOf(method, electionId) {
      const contract = method === "approval" ? approval : ranked;
      if (!(await contract.isCounted(electionId))) return undefined;
      const [ballots, order, record] = await contract.outcome(electionId);
      const claims = { ballots, order: order.map(Number), record };
      if (method === "ranked") return claims;
      const [, approvals] = await approval.approvalsOf(electionId);
      return { ...claims, approvals: [...approvals] };
    },
  };
}
