const COMMENT_OR_STRING = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** The source with comments and the contents of strings blanked out; every position stays where it was. */
export function codeOnly(source: string): string {
  return source.replace(COMMENT_OR_STRING, (match) => match.replace(/[^\n]/g, " "));
}

/** The source with comments blanked out, strings kept. */
export function withoutComments(source: string): string {
  return source.replace(COMMENT_OR_STRING, (match) =>
    match.startsWith("/") ? match.replace(/[^\n]/g, " ") : match,
  );
}

/** Whether a contract serves tests only; such contracts are never deployed for a coalition. */
export function isTestSupport(path: string): boolean {
  return /^contracts\/(mocks|test)\//.test(path);
}
