import { cidOf, digestOf } from "./digest.js";
import type { ContentStore } from "./store.js";
import { readText, type Text, textIn } from "./text.js";

/** A text of a file, before it is stored, with the digest that the chain will hold. */
export interface NewText extends Text {
  readonly file: string;
  readonly digest: string;
}

/**
 * Reads a text that is to be stored.
 * @throws {Problem} as `readText` does.
 */
export function newText(file: string): NewText {
  const { bytes, text } = readText(file);
  return { file, bytes, text, digest: digestOf(bytes, file) };
}

/** Where each text is and what it is called, for a person. */
export const describeTexts = (texts: readonly NewText[]): string[] =>
  texts.flatMap(({ file, digest }) => [file, `  CID     ${cidOf(digest)}`, `  digest  ${digest}`]);

/** The same for a machine. */
export const factsOfTexts = (texts: readonly NewText[]) =>
  texts.map(({ file, digest }) => ({ file, cid: `${cidOf(digest)}`, digest }));

/**
 * A text of the store as it may be shown; undefined where the store does not hold it.
 * @throws {Problem} where it is corrupted, or not what its readers would see.
 */
export async function textAt(store: ContentStore, digest: string): Promise<string | undefined> {
  if (!(await store.has(digest))) return undefined;
  return textIn(await store.get(digest), `The text ${cidOf(digest)}`);
}

/** What stands in the place of a text that the store does not hold. */
export const missingText = (digest: string): string =>
  `(The store does not hold this text: CID ${cidOf(digest)}, sha2-256 ${digest}. Import an archive that does.)`;
