import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "./folder.js";

/** A change to a file of a pilot: its name, and what becomes of its text. */
export type Edit = readonly [file: string, change: (text: string) => string];

/** Runs `work` on a copy of the project's pilot with some files changed. */
export function withPilot<T>(edits: readonly Edit[], work: (folder: string) => T | Promise<T>): Promise<T> {
  return inFolder({}, (root) => {
    const folder = join(root, "pilot");
    mkdirSync(join(root, "docs"));
    cpSync("pilot", folder, { recursive: true });
    cpSync("docs/code-of-conduct.md", join(root, "docs", "code-of-conduct.md"));
    for (const [file, change] of edits) {
      const path = join(folder, file);
      writeFileSync(path, change(readFileSync(path, "utf8")));
    }
    return work(folder);
  });
}

/** Replaces a text that must be there once. */
export function replace(from: string, to: string): (text: string) => string {
  return (text) => {
    if (text.split(from).length !== 2) throw new Error(`"${from}" is not there just once`);
    return text.replace(from, to);
  };
}
