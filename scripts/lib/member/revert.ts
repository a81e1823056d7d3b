import type { ErrorDescription } from "ethers";
import { findData } from "../pilot/refusals.js";
import { type Coalition, interfacesOf } from "./coalition.js";

/** JSON-RPC's code for a call that a contract refused. */
const REVERTED = 3;

/** The custom error in what a provider threw; undefined if there is none that the coalition's contracts know. */
export function decode(thrown: unknown, coalition: Coalition): ErrorDescription | undefined {
  const data = findData(thrown);
  if (data === undefined) return undefined;
  for (const candidate of interfacesOf(coalition)) {
    const description = candidate.parseError(data);
    if (description !== null) return description;
  }
  return undefined;
}

/** Whether a contract refused, in whatever words, and not the node or the line to it. */
export function isRevert(thrown: unknown): boolean {
  if (findData(thrown) !== undefined) return true;
  const { code, message } = thrown as { code?: unknown; message?: unknown };
  return code === REVERTED || code === "CALL_EXCEPTION" || /\brevert(?:ed)?\b/i.test(String(message));
}
