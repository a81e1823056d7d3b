import { lineAt, type SourceFile } from "./files.js";
import { codeOnly } from "./solidity.js";

// Foreign code in our storage, code that disappears, authority by who pays, randomness a validator can choose.
const FORBIDDEN_BYTES = new Map([
  [0x32, "ORIGIN"],
  [0x40, "BLOCKHASH"],
  [0x44, "PREVRANDAO"],
  [0xf2, "CALLCODE"],
  [0xf4, "DELEGATECALL"],
  [0xff, "SELFDESTRUCT"],
]);

const FORBIDDEN_WORDS =
  /\b(?:delegatecall|callcode|selfdestruct|suicide|blockhash|prevrandao)\b|\btx\s*\.\s*origin\b|\borigin\s*\(\s*\)|\bblock\s*\.\s*difficulty\b/g;

export function findForbiddenWords(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) =>
    [...codeOnly(text).matchAll(FORBIDDEN_WORDS)].map(
      (match) => `${path}:${lineAt(text, match.index)} uses ${match[0]}`,
    ),
  );
}

/**
 * Names the forbidden instructions in runtime code.
 *
 * @param bytecode Hexadecimal, with 0x; library placeholders are read as zeros.
 * @param sourceMap solc's map, which has one entry for each instruction: what follows the last of them is data
 * (constants, the code of contracts it creates). Without a map everything up to the metadata is taken for code.
 */
export function findForbiddenOpcodes(bytecode: string, sourceMap = ""): string[] {
  const code = Buffer.from(bytecode.slice(2).replace(/__\$[0-9a-f]{34}\$__/g, "0".repeat(40)), "hex");
  const end = code.length - metadataLength(code);
  const instructions = sourceMap === "" ? Number.POSITIVE_INFINITY : sourceMap.split(";").length;

  const found: string[] = [];
  for (let at = 0, count = 0; at < end && count < instructions; count++) {
    const opcode = code[at] as number;
    const name = FORBIDDEN_BYTES.get(opcode);
    if (name !== undefined) found.push(`${name} at byte ${at}`);
    const pushed = opcode >= 0x60 && opcode <= 0x7f ? opcode - 0x5f : 0;
    at += 1 + pushed;
  }
  return found;
}

// The compiler ends the code with CBOR, a map (0xa1 to 0xa4), and two bytes with its length.
function metadataLength(code: Buffer): number {
  if (code.length < 2) return 0;
  const length = code.readUInt16BE(code.length - 2) + 2;
  const first = code[code.length - length];
  return first !== undefined && first >= 0xa1 && first <= 0xa4 ? length : 0;
}
