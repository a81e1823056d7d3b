import { setTimeout as sleep } from "node:timers/promises";
import type { NetworkConnection } from "hardhat/types/network";
import { Problem } from "../problem.js";
import { date, duration } from "./words.js";

/** Longest that a chain may lag behind, in seconds, when its time should pass by itself. */
const LONGEST_LAG = 300;

/** How many of the latest blocks show how long one takes. */
const SAMPLE = 10;

export interface Clock {
  /** Whether time is moved, or passes as it does for everyone. */
  readonly moves: boolean;
  /** Seconds between blocks, where time passes by itself. */
  readonly blockSeconds: number;
  /** Time of the latest block, in seconds since 1970. */
  now(): Promise<number>;
  /** Answers once the latest block's time has come to a moment. */
  reach(moment: number): Promise<void>;
}

/** A node that serves development: it gives ether away and lets time be moved. */
export async function isDevelopmentNode({ provider }: NetworkConnection): Promise<boolean> {
  try {
    return /^(hardhatnetwork|anvil)\b/i.test(
      String(await provider.request({ method: "web3_clientVersion" })),
    );
  } catch {
    return false;
  }
}

/**
 * The time of a chain.
 * @param development What {@link isDevelopmentNode} answered.
 * @param realTime Waits even where time could be moved.
 */
export async function clockOf(
  connection: NetworkConnection,
  development: boolean,
  realTime: boolean,
): Promise<Clock> {
  const ask = async (method: string, params: unknown[] = []) =>
    connection.provider.request({ method, params });
  const now = async () => (await blockAt(connection, "latest")).timestamp;
  if (development && !realTime) {
    return {
      moves: true,
      blockSeconds: 0,
      now,
      async reach(moment) {
        if ((await now()) >= moment) return;
        await ask("evm_setNextBlockTimestamp", [moment]);
        await ask("evm_mine");
      },
    };
  }
  // A development node may make blocks for transactions only: asked for one, it makes one with the present time.
  const nudge = async () => (development ? ask("evm_mine") : undefined);
  return {
    moves: false,
    blockSeconds: development ? 1 : await pace(connection),
    now,
    async reach(moment) {
      let current = await now();
      const due = Date.now() + (moment - current) * 1_000;
      while (current < moment) {
        await sleep(Math.max(250, Math.min(1_000, due - Date.now())));
        if (Date.now() >= due) await nudge();
        current = await now();
        if (current < moment && Date.now() > due + LONGEST_LAG * 1_000) {
          throw new Problem(
            `The chain should have come to ${date(moment)} ${duration(LONGEST_LAG)} ago and stands at ${date(current)}.`,
          );
        }
      }
    },
  };
}

async function pace(connection: NetworkConnection): Promise<number> {
  const latest = await blockAt(connection, "latest");
  const span = Math.min(SAMPLE, latest.number);
  if (span === 0) return 1;
  return (latest.timestamp - (await blockAt(connection, latest.number - span)).timestamp) / span;
}

async function blockAt({ ethers, networkName }: NetworkConnection, tag: number | "latest") {
  const block = await ethers.provider.getBlock(tag);
  if (block === null) throw new Problem(`The network "${networkName}" has no block ${tag}.`);
  return block;
}
