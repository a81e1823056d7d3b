import { existsSync, writeFileSync } from "node:fs";
import { AbiCoder, hexlify, keccak256, randomBytes } from "ethers";
import type { Context } from "../member/coalition.js";
import {
  type Given,
  readAddress,
  readHex,
  readNumber,
  readObject,
  requireMeantFor,
} from "../member/json-file.js";
import { Problem } from "../problem.js";
import { numberFor } from "./chain.js";

/** What a member of the pool keeps to itself: whoever has it knows all its numbers. */
export interface ChainFile {
  readonly chainId: number;
  /** The contract that draws. */
  readonly contract: string;
  /** Member number. */
  readonly number: number;
  /** The last draw at the commitment. */
  readonly lastDraw: number;
  /** 32 bytes. */
  readonly secret: string;
}

/** What shows who complained in confidence; whoever has it can show it, and once it is destroyed nobody can. */
export interface ComplainantFile {
  readonly chainId: number;
  readonly contract: string;
  /** Member number of the complainant. */
  readonly number: number;
  /** 32 bytes. */
  readonly salt: string;
}

/**
 * The chain of a file, or a new one that is written to it. A file that is there already is never written over: a
 * command that was interrupted after it goes on with it.
 * @throws {Problem} for a file of another chain, coalition or member.
 */
export async function chainIn(context: Context, path: string, number: number): Promise<ChainFile> {
  if (existsSync(path)) {
    const file = await readChain(context, path);
    if (file.number !== number) {
      throw new Problem(
        `${path} holds the chain of member ${file.number}, and you are member ${number}; name a file of your own.`,
      );
    }
    return file;
  }
  const { contracts, coalition, ethers } = context;
  const file: ChainFile = {
    chainId: Number((await ethers.provider.getNetwork()).chainId),
    contract: contracts.panels,
    number,
    lastDraw: Number(await coalition.panels.lastDraw()),
    secret: hexlify(randomBytes(32)),
  };
  writeSecret(path, file);
  return file;
}

/** Reads a chain. */
export async function readChain(context: Context, path: string): Promise<ChainFile> {
  const file = readObject(path, "chain");
  return {
    ...(await frameIn(context, path, file, context.contracts.panels)),
    lastDraw: readNumber(path, "lastDraw", file.lastDraw),
    secret: readHex(path, "secret", file.secret, 32),
  };
}

/** What a member of the chain's file commits to. */
export const tipOf = ({ secret, lastDraw }: ChainFile): string => numberFor(secret, lastDraw, lastDraw);

/** A commitment to a complainant that tells nobody who it is, with its salt in a new file. */
export async function commitTo(context: Context, path: string, number: number): Promise<string> {
  if (path === "") throw new Problem("Say where to keep what shows who complained: --out <file>");
  if (existsSync(path)) {
    const file = readObject(path, "salt");
    const kept = await frameIn(context, path, file, context.contracts.conduct);
    if (kept.number !== number) {
      throw new Problem(`${path} is about member ${kept.number}, and not about member ${number}.`);
    }
    return commitmentOf(number, readHex(path, "salt", file.salt, 32));
  }
  const { chainId } = await context.ethers.provider.getNetwork();
  const salt = hexlify(randomBytes(32));
  const frame = { chainId: Number(chainId), contract: context.contracts.conduct };
  writeSecret(path, { ...frame, number, salt } satisfies ComplainantFile);
  return commitmentOf(number, salt);
}

/** As `IConduct.complainFor` has it. */
export const commitmentOf = (number: number, salt: string): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [number, salt]));

async function frameIn({ ethers }: Context, path: string, file: Given, contract: string) {
  const frame = {
    chainId: readNumber(path, "chainId", file.chainId),
    contract: readAddress(path, "contract", file.contract),
    number: readNumber(path, "number", file.number),
  };
  requireMeantFor(path, frame, (await ethers.provider.getNetwork()).chainId, contract);
  return frame;
}

/** Nobody but its owner reads it. */
function writeSecret(path: string, file: object): void {
  writeFileSync(path, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
}
