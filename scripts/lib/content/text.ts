import { existsSync, readFileSync, statSync } from "node:fs";
import { Problem } from "../problem.js";
import { requireSize } from "./digest.js";

/** A text as people read it, and the bytes that are signed. */
export interface Text {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * What a reader cannot see, or what changes what they see: control characters but line feed and tab; what Unicode calls
 * ignorable (marks of direction, zero-width characters, the byte order mark, tags, fillers, variation selectors); line
 * and paragraph separators; annotation marks.
 */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/u;
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Reads a Markdown text that members sign or decide on.
 * @throws Problem for a file that is missing, empty, longer than a block, no UTF-8, or that does not look like what it
 *   is; nothing is mended, for the bytes themselves are what is signed.
 */
export function readText(path: string): Text {
  if (!existsSync(path)) throw new Problem(`${path} is missing.`);
  const found = statSync(path);
  if (!found.isFile()) throw new Problem(`${path} is no file.`);
  requireSize(found.size, path);
  const bytes = readFileSync(path);
  return { bytes, text: textIn(bytes, path) };
}

/**
 * Decodes the bytes of a text.
 * @param what How a refusal names them.
 * @throws Problem as {@link readText} does.
 */
export function textIn(bytes: Uint8Array, what: string): string {
  requireSize(bytes.length, what);
  if (bytes.length === 0) throw new Problem(`${what} is empty, allowed: a text in Markdown`);
  const text = decode(bytes, what);
  if (text.startsWith("\ufeff")) {
    throw new Problem(`${what} begins with a byte order mark (U+FEFF); save it as UTF-8 without one.`);
  }
  const carriage = text.indexOf("\r");
  if (carriage >= 0) {
    throw new Problem(
      `${what}, line ${lineAt(text, carriage)}: a carriage return (U+000D); save it with line feeds alone, ` +
        "for what is signed are the bytes.",
    );
  }
  const hidden = HIDDEN.exec(text);
  if (hidden === null) return text;
  const [character] = hidden;
  const column = [...text.slice(text.lastIndexOf("\n", hidden.index) + 1, hidden.index)].length + 1;
  throw new Problem(
    `${what}, line ${lineAt(text, hidden.index)}, character ${column}: ${codePoint(character)}, ` +
      `${kindOf(character)}; take it out, so that the text is what its readers see.`,
  );
}

function decode(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem(
      `${what}, line ${brokenLine(bytes)}: bytes that are no UTF-8; save the file in this encoding.`,
    );
  }
}

/** The first line that cannot be decoded; UTF-8 keeps the byte of a line feed for line feeds. */
function brokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return 1;
}

function kindOf(character: string): string {
  if (DIRECTION.test(character)) return "which changes the direction of writing";
  if (/\p{Cc}/u.test(character)) return "a control character";
  return "which nobody can see";
}

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

const lineAt = (text: string, index: number) => text.slice(0, index).split("\n").length;
