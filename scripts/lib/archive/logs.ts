import { MOST_BYTES } from "../content/digest.js";
import { Problem } from "../problem.js";

/** A log as an archive keeps it. */
export interface ArchivedLog {
  readonly block: number;
  /** Its index in the block. */
  readonly index: number;
  /** In lower case. */
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly transaction: string;
}

const HEX = /^0x[0-9a-f]*$/;

/** A log as one line of JSON, always the same for the same log. */
export function lineOf({ block, index, address, topics, data, transaction }: ArchivedLog): string {
  return JSON.stringify([block, index, address, topics, data, transaction]);
}

/**
 * The log of a line.
 * @throws Problem that says where the line is none.
 */
export function logOf(line: string, where: string): ArchivedLog {
  let parts: unknown;
  try {
    parts = JSON.parse(line);
  } catch {
    throw new Problem(`${where} is no log: ${line.slice(0, 40)}`);
  }
  const [block, index, address, topics, data, transaction] = Array.isArray(parts) ? parts : [];
  const good =
    Number.isSafeInteger(block) &&
    Number.isSafeInteger(index) &&
    [address, data, transaction].every((text) => typeof text === "string" && HEX.test(text)) &&
    Array.isArray(topics) &&
    topics.every((topic) => typeof topic === "string" && HEX.test(topic));
  if (!good) throw new Problem(`${where} is no log: ${line.slice(0, 40)}`);
  return { block, index, address, topics, data, transaction };
}

/** Whether one log comes after another in the order of the chain. */
export const isAfter = (one: ArchivedLog, other: ArchivedLog): boolean =>
  one.block > other.block || (one.block === other.block && one.index > other.index);

/** Lines in blocks of at most 1 MiB, each line whole. */
export function* blocksOf(lines: Iterable<string>): Generator<Uint8Array> {
  let block: string[] = [];
  let size = 0;
  for (const line of lines) {
    const length = Buffer.byteLength(line) + 1;
    if (size + length > MOST_BYTES && block.length > 0) {
      yield Buffer.from(`${block.join("\n")}\n`);
      [block, size] = [[], 0];
    }
    block.push(line);
    size += length;
  }
  if (block.length > 0) yield Buffer.from(`${block.join("\n")}\n`);
}

/** The lines of a block. */
export const linesOf = (bytes: Uint8Array): string[] =>
  Buffer.from(bytes).toString("utf8").split("\n").slice(0, -1);
