import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { id as digestOf } from "ethers";
import { readObject } from "../member/json-file.js";
import { Problem } from "../problem.js";
import { BALLOT, type Ballot, ballotIn } from "./ballot-file.js";
import { PAPER } from "./paper.js";

/** A ballot and the file that it came in. */
export interface Collected {
  /** Its name in the folder. */
  readonly file: string;
  /** The digest of all that it says: the same ballot in another file is the same ballot. */
  readonly id: string;
  readonly ballot: Ballot;
}

/** Why a file's ballot is not brought, or not yet. */
export const REASONS = [
  "unreadable",
  "other chain",
  "other governor",
  "other decision",
  "duplicate",
  "contradictory",
  "wrong length",
  "forged",
  "expired",
  "not on the roll",
  "no vote on this decision",
  "already voted",
  "voted in person",
  "wrong nonce",
  "out of turn",
  "passed over",
  "not open yet",
  "closed",
] as const;
export type Reason = (typeof REASONS)[number];

/** A file whose ballot is not brought, and why. */
export interface Passed {
  readonly file: string;
  readonly voter?: string;
  readonly number?: number;
  readonly reason: Reason;
  /** The same in plain words. */
  readonly sentence: string;
}

/** Every ballot in a folder, in the order of file names, and the files that hold none. Ballot papers are left alone. */
export function collect(folder: string): { readonly ballots: Collected[]; readonly unreadable: Passed[] } {
  if (folder === "") throw new Problem("Say which folder holds the ballots: --folder <dir>");
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Problem(`${folder} is no folder.`);
  const ballots: Collected[] = [];
  const unreadable: Passed[] = [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  for (const file of names.sort()) {
    try {
      const content = readObject(join(folder, file), "ballot");
      if (content.kind === PAPER) continue;
      if (content.kind !== BALLOT) {
        throw new Problem(`its "kind" is ${JSON.stringify(content.kind) ?? "missing"}, allowed: "${BALLOT}"`);
      }
      const ballot = ballotIn(file, content);
      ballots.push({ file, id: digestOf(JSON.stringify(ballot)), ballot });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unreadable.push({ file, reason: "unreadable", sentence: error.message });
    }
  }
  return { ballots, unreadable };
}
