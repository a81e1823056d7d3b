import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Randomness } from "./random.js";

const PIECES = [
  ..."the chair serves two three years 1. 12) - * + # ## ### === --- ``` ~~~ ```` | > [x] [+a+] (b)".split(
    " ",
  ),
  ..."é ش 字 𝄞 ; . , \t".split(" "),
  ..."\n \n\n \n\n\n \n    ".split(" "),
];

type Below = Randomness["below"];

/** A text in which anything may stand beside anything, so that marks of Markdown meet in every way. */
export function randomText(below: Below, most = 60): string {
  const length = Number(below(BigInt(most)));
  return Array.from({ length }, () => (below(3n) === 0n ? "\n" : "") + pick(below, PIECES)).join(
    below(2n) === 0n ? " " : "",
  );
}

/** Another version of a text: lines of it go, come, change places or words. */
export function revised(below: Below, text: string): string {
  const lines = text.split("\n");
  for (let edits = Number(below(6n)); edits > 0; edits--) {
    const at = Number(below(BigInt(lines.length + 1)));
    const what = below(3n);
    if (what === 0n) lines.splice(at, 1);
    else if (what === 1n) lines.splice(at, 0, randomText(below, 8));
    else lines.splice(at, 1, `${lines[at] ?? ""} ${pick(below, PIECES)}`);
  }
  return lines.join("\n");
}

/** Bytes of any value. */
export function randomContent(below: Below, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, () => Number(below(256n)));
}

const pick = <T>(below: Below, list: readonly T[]): T => list[Number(below(BigInt(list.length)))] as T;

const IPFS_CAR = fileURLToPath(new URL("../../node_modules/ipfs-car/bin.js", import.meta.url));

/** Runs ipfs-car, a program of others that makes and reads CAR files; returns what it prints. */
export async function ipfsCar(...args: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)(process.execPath, [IPFS_CAR, ...args], { encoding: "buffer" });
  return stdout;
}
