import { setTimeout as sleep } from "node:timers/promises";
import type { NetworkConnection } from "hardhat/types/network";
import { Problem } from "../problem.js";
import { date, duration } from "./words.js";

const TRIES = 3;
const PAUSE = 1_000;

/** Longest that a chain may be silent, in seconds, when its time should pass by itself. */
const LONGEST_SILENCE = 300;

export interface Network {
  readonly name: string;
  readonly chainId: number;
  /** What the node says it is. */
  readonly client: string;
  /** Whether it is a chain of one's own, where ether costs nothing and keys may be known. */
  readonly local: boolean;
  /** Seconds between blocks; 0 where a block comes with each transaction. */
  readonly blockSeconds: number;
  readonly clock: Clock;
}

export interface Clock {
  readonly moves: boolean;
  /** Time of the latest block, in seconds since 1970. */
  now(): Promise<number>;
  /** Answers once the latest block's time has come to a moment. */
  reach(moment: number): Promise<void>;
}

/**
 * Finds out what kind of network a connection leads to. Sends nothing but questions.
 * @param realTime Waits even where time could be moved.
 * @throws {Problem} when the network does not answer.
 */
export async function probe(connection: NetworkConnection, realTime: boolean): Promise<Network> {
  const { provider, networkName: name } = connection;
  const ask = async (method: string, params: unknown[] = []) => provider.request({ method, params });
  const chainId = Number(await persist(name, () => ask("eth_chainId")));
  const client = String(await ask("web3_clientVersion").catch(() => "unknown"));
  const local = /^(hardhatnetwork|anvil)\b/i.test(client);
  const now = async () => Number((await connection.ethers.provider.getBlock("latest"))?.timestamp);
  const mine = local ? () => ask("evm_mine") : undefined;
  const clock = local && !realTime ? travelling(ask, now) : waiting(now, mine);
  return { name, chainId, client, local, blockSeconds: local ? 1 : await pace(connection), clock };
}

async function persist<T>(name: string, ask: () => Promise<T>): Promise<T> {
  let last: unknown;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      return await ask();
    } catch (error) {
      last = error;
      if (attempt < TRIES) await sleep(PAUSE);
    }
  }
  const reason = (last instanceof Error ? last.message : String(last)).split("\n")[0];
  throw new Problem(
    `The network "${name}" does not answer (tried ${TRIES} times): ${reason}\n` +
      "Nothing was sent or written. Check its address, or start a local chain with: npm run chain",
  );
}

function travelling(ask: (method: string, params: unknown[]) => Promise<unknown>, now: Clock["now"]): Clock {
  return {
    moves: true,
    now,
    async reach(moment) {
      if ((await now()) >= moment) return;
      await ask("evm_setNextBlockTimestamp", [moment]);
      await ask("evm_mine", []);
    },
  };
}

function waiting(now: Clock["now"], mine?: () => Promise<unknown>): Clock {
  return {
    moves: false,
    now,
    async reach(moment) {
      const start = Date.now();
      let current = await now();
      const due = start + (moment - current) * 1_000;
      while (current < moment) {
        await sleep(Math.max(250, Math.min(1_000, due - Date.now())));
        // A local node may make blocks for transactions only.
        if (Date.now() >= due) await mine?.();
        current = await now();
        if (Date.now() > due + LONGEST_SILENCE * 1_000 && current < moment) {
          throw new Problem(
            `The chain should have come to ${date(moment)} ${duration(LONGEST_SILENCE)} ago and stands at ${date(current)}.`,
          );
        }
      }
    },
  };
}

/** Seconds between blocks, from the latest ten. */
async function pace({ ethers }: NetworkConnection): Promise<number> {
  const latest = await ethers.provider.getBlock("latest");
  if (latest === null || latest.number === 0) return 1;
  const span = Math.min(10, latest.number);
  const earlier = await ethers.provider.getBlock(latest.number - span);
  return earlier === null ? 1 : (latest.timestamp - earlier.timestamp) / span;
}
