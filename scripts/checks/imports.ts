import { posix } from "node:path";
import { lineAt, type SourceFile } from "./files.js";
import { isTestSupport, withoutComments } from "./solidity.js";

const ORGANS = new Set([
  "governance",
  "elections",
  "motions",
  "charter",
  "forum",
  "conduct",
  "mandates",
  "directory",
]);

const SOLIDITY_IMPORT = /\bimport\b[^;"']*["']([^"']+)["'][^;]*;/g;
const TYPESCRIPT_IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.[^"']+)["']/g;
const INTERFACE_FILE = /^I[A-Z]\w*\.sol$/;

/** Dependencies between contracts run one way: libraries, membership, the organs, the root. */
export function findWrongContractImports(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const place = layerOf(path);
    if (place === undefined) return [`${path}: its folder has no place in the layers`];
    return [...withoutComments(text).matchAll(SOLIDITY_IMPORT)].flatMap((match) => {
      const reason = whyForbidden(path, match[1] as string);
      return reason === undefined ? [] : [`${path}:${lineAt(text, match.index)} ${reason}`];
    });
  });
}

/** What ships never depends on tests. */
export function findTestImports(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(TYPESCRIPT_IMPORT)]
      .filter((match) => posix.join(posix.dirname(path), match[1] as string).startsWith("test/"))
      .map((match) => `${path}:${lineAt(text, match.index)} imports ${match[1]} from the tests`),
  );
}

type Layer = "libraries" | "membership" | "organ" | "root" | "test support";

function layerOf(path: string): Layer | undefined {
  if (isTestSupport(path)) return "test support";
  const [, folder, ...rest] = path.split("/");
  if (rest.length === 0) return "root";
  if (folder === "libraries" || folder === "membership") return folder;
  return ORGANS.has(folder as string) ? "organ" : undefined;
}

function whyForbidden(from: string, target: string): string | undefined {
  const layer = layerOf(from);
  if (layer === "test support") return undefined;
  if (!target.startsWith(".")) {
    if (target.startsWith("@openzeppelin/contracts/")) return undefined;
    return `imports ${target}: only OpenZeppelin's package and relative paths`;
  }

  const to = posix.join(posix.dirname(from), target);
  const reached = layerOf(to);
  if (reached === undefined) return `imports ${to}, whose folder has no place in the layers`;
  if (reached === "test support") return `imports ${to}, which serves tests only`;
  if (reached === "libraries" || layer === "root") return undefined;
  if (layer === "libraries") return `imports ${to}: libraries import libraries only`;
  if (reached === "membership") return undefined;
  if (layer === "membership") return `imports ${to}: the roll knows none of the other organs`;
  if (reached === "root") return `imports ${to}: no organ knows the root`;
  if (to.split("/")[1] === from.split("/")[1] || INTERFACE_FILE.test(posix.basename(to))) return undefined;
  return `imports ${to}: another organ is reached through its interface file only`;
}
