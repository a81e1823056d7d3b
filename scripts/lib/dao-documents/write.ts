import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cidOf, digestOf } from "../content/digest.js";
import { writeWhole } from "../journal.js";
import type { Outcome } from "../member/coalition.js";
import type { Documents } from "./make.js";

/** Writes the documents to a folder, each whole or not at all; those that were there are replaced. */
export function writeDocuments(folder: string, documents: Documents): Outcome {
  mkdirSync(folder, { recursive: true });
  const files = Object.entries(documents).map(([name, content]) => {
    const text = typeof content === "string" ? content : `${JSON.stringify(content, undefined, 2)}\n`;
    writeWhole(join(folder, name), text);
    return { file: join(folder, name), cid: `${cidOf(digestOf(Buffer.from(text), name))}` };
  });
  return {
    lines: [
      ...files.flatMap(({ file, cid }) => [file, `  CID     ${cid}`]),
      `${files.length} documents written.`,
    ],
    facts: { files },
  };
}
