import { wordlists } from "ethers";
import type { SourceFile } from "./files.js";

/** On the same line or the one above: this looks like a secret and is none, with the reason. */
const MARKER = /not a secret: \S/;

// Generated from contracts, or hashes of packages.
const EXEMPT = [/^typechain-types\//, /^test\/snapshots\//, /^package-lock\.json$/];

const KEY = /\b0x[0-9a-fA-F]{64}\b/g;
const BARE_KEY = /(?:key|secret|private)\w*["']?\s*[:=]\s*["']?[0-9a-fA-F]{64}\b/gi;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----/g;
const KEYED_URL = /https?:\/\/\S+\/v[23]\/[0-9a-zA-Z_-]{32,}/g;
const WORDS = /[a-z]{3,8}(?:[ \t]+[a-z]{3,8}){11,}/g;

const SHORTEST_MNEMONIC = 12;
// A number somebody wrote by hand (a mask, a test value) repeats few digits; a random key has about 15 of the 16.
const FEWEST_DIGITS = 8;

export function findSecrets(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    if (isEnvironmentFile(path)) return [`${path} must not be published`];
    if (EXEMPT.some((pattern) => pattern.test(path))) return [];
    const lines = text.split("\n");
    return lines.flatMap((line, index) => {
      if (MARKER.test(line) || MARKER.test(lines[index - 1] ?? "")) return [];
      return whatIsSecret(line).map((what) => `${path}:${index + 1} looks like ${what}`);
    });
  });
}

function isEnvironmentFile(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return /^\.env(\.|$)/.test(name) && name !== ".env.example";
}

function whatIsSecret(line: string): string[] {
  const found: string[] = [];
  if ([...line.matchAll(KEY)].some(([key]) => new Set(key.slice(2).toLowerCase()).size >= FEWEST_DIGITS)) {
    found.push("a private key");
  } else if (line.search(BARE_KEY) >= 0) found.push("a private key");
  if (line.search(PEM) >= 0) found.push("a private key");
  if (line.search(KEYED_URL) >= 0) found.push("an address with an access key");
  if ([...line.matchAll(WORDS)].some(([words]) => holdsMnemonic(words.split(/[ \t]+/))))
    found.push("a mnemonic");
  return found;
}

function holdsMnemonic(words: readonly string[]): boolean {
  let run = 0;
  for (const word of words) {
    run = wordlists.en?.getWordIndex(word) === -1 ? 0 : run + 1;
    if (run >= SHORTEST_MNEMONIC) return true;
  }
  return false;
}
