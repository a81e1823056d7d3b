import type { Result as Outcome } from "hardhat/types/utils";
import { errorResult, successfulResult } from "hardhat/utils/result";
import { withoutSecrets } from "./network.js";
import { Problem } from "./problem.js";

/**
 * Runs a command's work and shows its failure as a person can use it: a problem by its message alone, anything else
 * with its stack where asked for. Access keys in web addresses are never shown.
 */
export async function command(work: () => Promise<boolean>): Promise<Outcome<void, void>> {
  try {
    return (await work()) ? successfulResult() : errorResult();
  } catch (error) {
    console.error(`\n${withoutSecrets(tell(error))}`);
    return errorResult();
  }
}

function tell(error: unknown): string {
  if (error instanceof Problem) return error.message;
  if (!(error instanceof Error)) return String(error);
  return (process.env.DEBUG ? error.stack : undefined) ?? error.message;
}
