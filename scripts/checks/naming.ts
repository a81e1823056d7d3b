import { lineAt, type SourceFile } from "./files.js";
import { codeOnly } from "./solidity.js";

const UNNAMED_KEY = /\bmapping\s*\(\s*[\w.]+\s*=>/g;
// A name right after the visibility belongs to a plain state variable: `constant` and `immutable` stand between.
const HIDDEN_STATE =
  /^[ \t]*(?!.*\b(?:constant|immutable)\b)[^\n(]*(?:\([^\n]*\))?[^\n(]*\b(?:private|internal)\s+(\w+)\s*[;=]/gm;

/** Two habits that the linter does not know in this form: mapping keys have names, hidden state starts with `_`. */
export function findUnclearNames(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const code = codeOnly(text);
    const keys = [...code.matchAll(UNNAMED_KEY)].map(
      ({ index }) => `${path}:${lineAt(text, index)} mapping key without a name`,
    );
    const state = [...code.matchAll(HIDDEN_STATE)]
      // A function without a body ends in a keyword: `internal virtual;`.
      .filter(([, name = ""]) => !name.startsWith("_") && !/^(virtual|override|view|pure)$/.test(name))
      .map(({ index, 0: match, 1: name }) => {
        const line = lineAt(text, index + match.length);
        return `${path}:${line} private or internal state "${name}" without a leading underscore`;
      });
    return [...keys, ...state];
  });
}
