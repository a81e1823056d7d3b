import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { getAddress, isAddress, isHexString } from "ethers";
import { Problem } from "../problem.js";

/** What a file holds, before anything is believed of it. */
export type Given = Readonly<Record<string, unknown>>;

/** Writes something signed to a new file; one that is there already may be needed still. */
export function writeNew(path: string, content: object): void {
  if (existsSync(path)) throw new Problem(`${path} exists already; name another file with --out.`);
  writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * Reads a file with something signed.
 * @param what It should hold: "request" or "statement".
 */
export function readObject(path: string, what: string): Given {
  if (!existsSync(path)) throw new Problem(`${path} is missing.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Problem(`${path} is not JSON; have the ${what} signed anew.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem(`${path} holds no signed ${what}.`);
  }
  return value as Given;
}

export function readNumber(path: string, key: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  return fail(path, key, value, "a whole number from 0 on");
}

export function readAddress(path: string, key: string, value: unknown): string {
  return typeof value === "string" && isAddress(value)
    ? getAddress(value)
    : fail(path, key, value, "an address");
}

/** @param length In bytes; 0 for any. */
export function readHex(path: string, key: string, value: unknown, length = 0): string {
  if (typeof value === "string" && isHexString(value, length === 0 ? true : length)) return value;
  return fail(path, key, value, `bytes, as 0x and hexadecimal digits`);
}

/** Refuses a value of a file, and says what would be right. */
export function fail(path: string, key: string, value: unknown, allowed: string): never {
  throw new Problem(`${path}: ${key} is ${JSON.stringify(value) ?? "missing"}, allowed: ${allowed}`);
}

/** Refuses what was signed for another chain or contract than the coalition's. */
export function requireMeantFor(
  path: string,
  signed: { readonly chainId: number; readonly contract: string },
  chainId: bigint,
  contract: string,
): void {
  if (BigInt(signed.chainId) !== chainId) {
    throw new Problem(`${path} was signed for chain ${signed.chainId}; this is chain ${chainId}.`);
  }
  if (signed.contract !== getAddress(contract)) {
    throw new Problem(
      `${path} was signed for the contract ${signed.contract}; this coalition's is ${contract}.`,
    );
  }
}
