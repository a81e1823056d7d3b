/** What shows text in another order than it has, or not at all: bidirectional controls, zero-width and other controls. */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Addresses that do something when they are followed, in links and as bare text. */
const ACTING = /\b(?:javascript|vbscript|data|file|blob)\s*:/gi;

const MOST_TITLE = 120;

/**
 * A text of somebody's, made fit to stand in a document: no markup of HTML, no picture from elsewhere, no link that acts, no
 * character that nobody sees. Markdown stays Markdown, one level deeper than the document's own headings.
 */
export function safeText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, "\ufffd")
    .replace(ACTING, (scheme) => `${scheme.slice(0, -1)}\\:`)
    .replaceAll("<", "&lt;")
    .replace(/!\[/g, "\\![")
    .replace(/^(#{1,6}) /gm, "###### ")
    .trimEnd();
}

/** A title on one line, with nothing in it that could be more than words. */
export function safeTitle(text: string): string {
  const line = text.replace(UNSEEN, "").replace(/\s+/g, " ").trim();
  // What a spreadsheet takes for a formula is none behind an apostrophe.
  const plain = /^[=+\-@]/.test(line) ? `'${line}` : line;
  const short = plain.length > MOST_TITLE ? `${plain.slice(0, MOST_TITLE - 1)}…` : plain;
  return short.replace(/[\\`*_[\]<>|]/g, (character) => `\\${character}`);
}

/** Lines as a quotation. */
export const quoted = (text: string): string[] =>
  text.split("\n").map((line) => (line === "" ? ">" : `> ${line}`));
