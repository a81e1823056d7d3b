import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { trackTransaction } from "@nomicfoundation/ignition-core";
import type { Node } from "./network.js";
import { Problem } from "./problem.js";

/** Ignition's journal of a deployment: one JSON message a line, in the order of what happened. */
interface Message {
  readonly type: string;
  readonly futureId?: string;
  readonly networkInteractionId?: number;
  readonly nonce?: number;
  readonly receipt?: { readonly blockNumber: number };
}

/** A transaction that was about to be sent when the journal ends, and may have been. */
interface Unrecorded {
  readonly nonce: number;
  /** Its line in the journal. */
  readonly line: string;
}

/** How often, and how long apart, a transaction is looked for that was sent: together two minutes, ten blocks of Ethereum. */
const ATTEMPTS = 120;
const PAUSE_MS = 1_000;

const journalOf = (folder: string) => join(folder, "journal.jsonl");

/** Whether a deployment has begun in a folder. */
export function hasBegun(folder: string): boolean {
  return existsSync(journalOf(folder));
}

/** Messages by which Ignition begins a step that sends a transaction. */
const BEGINNINGS: ReadonlySet<string> = new Set([
  "DEPLOYMENT_EXECUTION_STATE_INITIALIZE",
  "CALL_EXECUTION_STATE_INITIALIZE",
  "SEND_DATA_EXECUTION_STATE_INITIALIZE",
]);

/**
 * Makes the files of a deployment readable again whose writer was killed. In the middle of a line: the torn line, the
 * journal's last, did not come about, and what it told is found out from the chain. Right after a step was begun, before
 * its transaction was thought of: Ignition holds that for impossible, and the step is begun anew.
 */
export function mendJournal(folder: string): void {
  const path = journalOf(folder);
  if (!existsSync(path)) return;
  const lines = readFileSync(path, "utf8").split("\n");
  const torn = lines.findIndex((line) => line !== "" && parse(line) === undefined);
  if (torn >= 0) {
    if (torn !== lines.length - 1) {
      throw new Problem(
        `${path}: line ${torn + 1} cannot be read, and it is not the last; restore the file.`,
      );
    }
    writeWhole(path, lines.slice(0, torn).join("\n"));
  }
  removeBeginnings(folder);
  // A summary of the journal, written anew at the end.
  const summary = join(folder, "deployed_addresses.json");
  if (existsSync(summary) && parse(readFileSync(summary, "utf8")) === undefined) rmSync(summary);
}

/** Takes the beginnings of steps out of the journal that it tells nothing more of. */
function removeBeginnings(folder: string): void {
  const begun = new Map<string, string>();
  for (const line of linesOf(folder)) {
    const { type, futureId = "" }: Message = JSON.parse(line);
    if (BEGINNINGS.has(type)) begun.set(futureId, line);
    else begun.delete(futureId);
  }
  for (const line of begun.values()) removeLine(folder, line);
}

/** The first block that holds a transaction of a deployment; undefined before the first was confirmed. */
export function firstBlock(folder: string): number | undefined {
  const blocks = linesOf(folder).flatMap((line) => {
    const { receipt }: Message = JSON.parse(line);
    return receipt === undefined ? [] : [receipt.blockNumber];
  });
  return blocks.length === 0 ? undefined : Math.min(...blocks);
}

/**
 * Finds out what became of transactions that were about to be sent when the process was killed: those that were sent
 * are entered into the journal, the intention to send the others is taken out of it.
 *
 * Ignition itself gives up on them and asks for their hashes, although their nonces say all there is to know.
 */
export async function recoverSent(folder: string, sender: string, node: Node): Promise<void> {
  for (const { nonce, line } of unrecorded(folder)) {
    const hash = await settle(sender, nonce, node);
    if (hash !== undefined) await trackTransaction(folder, hash, node);
    // Sent anew it gets the same nonce: even if some node still keeps the first one, only one of them can happen.
    else removeLine(folder, line);
  }
}

/**
 * The transaction of a sender with a nonce; undefined if none was sent.
 *
 * A transaction that waits in the node's pool can go into a block between two questions, and some nodes do not show the
 * pool at all. So what the count says was sent is looked for until it is found.
 */
export async function settle(sender: string, nonce: number, node: Node): Promise<string | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const hash = await findTransaction(sender, nonce, node);
    if (hash !== undefined) return hash;
    if ((await sentBy(sender, "pending", node)) <= nonce) return undefined;
    await sleep(PAUSE_MS);
  }
  throw new Problem(
    `The transaction ${nonce} of ${sender} was sent and is in no block yet; give the command again when it is.`,
  );
}

/** Transactions that the journal prepares without telling what became of them, by nonce. */
function unrecorded(folder: string): Unrecorded[] {
  const open = new Map<string, Unrecorded>();
  for (const line of linesOf(folder)) {
    const { type, futureId, networkInteractionId, nonce }: Message = JSON.parse(line);
    const key = `${futureId}/${networkInteractionId}`;
    if (type === "TRANSACTION_PREPARE_SEND" && nonce !== undefined) open.set(key, { nonce, line });
    else if (networkInteractionId !== undefined) open.delete(key);
  }
  return [...open.values()].sort((a, b) => a.nonce - b.nonce);
}

/** How many transactions a sender has sent up to a block. */
export async function sentBy(sender: string, block: number | string, node: Node): Promise<number> {
  return Number(await node.request({ method: "eth_getTransactionCount", params: [sender, tag(block)] }));
}

/** The transaction of a sender with a nonce, in a block or waiting for one. */
async function findTransaction(sender: string, nonce: number, node: Node): Promise<string | undefined> {
  let block: number | string = "pending";
  if ((await sentBy(sender, "latest", node)) > nonce) {
    let low = 0;
    let high = Number(await node.request({ method: "eth_blockNumber" }));
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await sentBy(sender, middle, node)) > nonce) high = middle;
      else low = middle + 1;
    }
    block = low;
  }
  const found = await node.request({ method: "eth_getBlockByNumber", params: [tag(block), true] });
  const transactions: readonly { from: string; nonce: string; hash: string }[] = found?.transactions ?? [];
  return transactions.find(
    (candidate) => candidate.from.toLowerCase() === sender.toLowerCase() && Number(candidate.nonce) === nonce,
  )?.hash;
}

const tag = (block: number | string) => (typeof block === "number" ? `0x${block.toString(16)}` : block);

function linesOf(folder: string): string[] {
  if (!hasBegun(folder)) return [];
  return readFileSync(journalOf(folder), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function removeLine(folder: string, line: string): void {
  const kept = linesOf(folder).filter((other) => other !== line);
  writeWhole(journalOf(folder), kept.map((other) => `\n${other}`).join(""));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes a file so that it is there whole or not at all. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.part`;
  // On disk, not in some cache, before it takes the old one's place.
  writeFileSync(draft, text, { flush: true });
  renameSync(draft, path);
}
