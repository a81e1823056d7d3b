const TOKEN =
  /\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|[{}[\],:]|[^\s{}[\],:"'/]+/g;

/**
 * Keys that an object of a JSON5 text holds more than once, with the keys they lie under.
 *
 * The parser takes the last of them without a word, so that a file could show one value and mean another.
 * @param text Known to be JSON5.
 */
export function findRepeatedKeys(text: string): string[] {
  const tokens = [...text.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^\/[/*]/.test(token));
  const repeated: string[] = [];
  const open: { readonly path: string; readonly keys: Set<string> }[] = [];
  let last = "";
  tokens.forEach((token, index) => {
    const here = open.at(-1);
    if (token === "{" || token === "[") {
      open.push({ path: last, keys: new Set() });
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (here !== undefined && tokens[index + 1] === ":") {
      const key = nameOf(token);
      last = here.path === "" ? key : `${here.path}.${key}`;
      if (here.keys.has(key)) repeated.push(last);
      here.keys.add(key);
    }
  });
  return repeated;
}

// Quoted or not, and with or without escapes, it is the same key.
function nameOf(token: string): string {
  const inner = /^["']/.test(token) ? token.slice(1, -1) : token;
  return inner.replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g, (_, long, short) =>
    String.fromCharCode(Number.parseInt(long ?? short, 16)),
  );
}
