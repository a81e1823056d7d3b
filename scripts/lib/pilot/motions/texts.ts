import { basename } from "node:path";
import { ContentStore } from "../../content/store.js";
import { diffTexts } from "../../content/text-diff.js";
import type { StoryText } from "./types.js";

/**
 * The texts of a story in a content store: on chain stand their digests alone, so that what a digest says is always read
 * from the store.
 */
export class Texts {
  readonly #store: ContentStore;
  readonly #files = new Map<string, string>();

  /** @param folder Of the store; made with the first text. */
  constructor(folder: string) {
    this.#store = new ContentStore(folder);
  }

  /** Puts a text into the store, and answers the digest that stands for it on chain. */
  async put({ file, bytes }: StoryText): Promise<string> {
    const { digest } = await this.#store.put(bytes);
    this.#files.set(digest, file);
    return digest;
  }

  /** Which text of the story a digest on chain stands for. */
  nameOf(digest: string): string {
    return this.#files.get(digest.toLowerCase()) ?? `no text of the story (${digest})`;
  }

  /** The text that a digest on chain brings back. */
  async get(digest: string): Promise<StoryText> {
    return { file: this.nameOf(digest), bytes: await this.#store.get(digest) };
  }

  /** Whether a digest on chain brings back a text, byte for byte. */
  async gives(digest: string, { bytes }: StoryText): Promise<boolean> {
    return Buffer.from(bytes).equals((await this.get(digest)).bytes);
  }
}

/** The name of a text's file, without its folder. */
export const brief = (file: string): string => basename(file, ".md");

/** A text as a string. */
export const wordsOf = ({ bytes }: StoryText): string => Buffer.from(bytes).toString("utf8");

/** A piece of a text on one line. */
export const oneLine = (text: string): string => text.trim().replaceAll("\n", " ");

/** What one text says differently from another, clause by clause; "" where a clause is new, or gone. */
export function changesBetween(
  before: StoryText,
  after: StoryText,
): { readonly before: string; readonly after: string }[] {
  return diffTexts(wordsOf(before), wordsOf(after))
    .filter(({ kind }) => kind !== "same")
    .map((change) => ({
      before: oneLine(change.before?.text ?? ""),
      after: oneLine(change.after?.text ?? ""),
    }));
}
