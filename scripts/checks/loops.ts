import { lineAt, type SourceFile } from "./files.js";
import { codeOnly } from "./solidity.js";

// Both the Solidity form, `for (`, and the assembly form, `for {`.
const LOOP = /\b(?:for|while)\b\s*[({]/g;
const BOUND = /\/\/ bound: \S/;
const COMMENT_LINE = /^\s*\/\//;

/**
 * Every loop says what bounds it, in a comment starting with `// bound:` on its line or right above it, so that
 * nobody adds one that grows with the number of members without writing that down.
 */
export function findUnboundedLoops(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.split("\n");
    return [...codeOnly(text).matchAll(LOOP)]
      .map(({ index }) => lineAt(text, index))
      .filter((line) => !statesBound(lines, line - 1))
      .map((line) => `${path}:${line} loop without a "// bound:" comment`);
  });
}

function statesBound(lines: readonly string[], at: number): boolean {
  if (BOUND.test(lines[at] ?? "")) return true;
  for (let line = at - 1; line >= 0 && COMMENT_LINE.test(lines[line] ?? ""); line--) {
    if (BOUND.test(lines[line] ?? "")) return true;
  }
  return false;
}
