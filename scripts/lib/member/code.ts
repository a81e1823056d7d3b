import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Problem } from "../problem.js";
import type { Context } from "./coalition.js";

/** The Code of Conduct that a new member accepts. */
export interface Code {
  readonly digest: string;
  /** From 1; one more for each that the members put in force. */
  readonly version: number;
}

/**
 * Makes sure that the text somebody has before them is the one in force.
 * @param path Of the text.
 */
export async function requireCodeInForce({ coalition }: Context, path: string): Promise<Code> {
  if (!existsSync(path)) {
    throw new Problem(`${path} is missing; say with --code where the Code of Conduct is that you accept.`);
  }
  const own = `0x${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  const { digest, version } = await coalition.membership.codeOfConduct();
  if (own !== digest) {
    throw new Problem(
      `${path} is not the Code of Conduct in force: its digest is ${own}, that of version ${version} is ${digest}. ` +
        "Ask the coalition for the text in force, read it, and name it with --code.",
    );
  }
  return { digest, version: Number(version) };
}
