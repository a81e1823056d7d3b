import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Check, Outcome } from "./check.js";

const MOST_LINES = 40;

/** Runs every check, whatever the others say, and returns the names of those that failed. */
export async function runChecks(
  checks: readonly Check[],
  hre: HardhatRuntimeEnvironment,
  print: (line: string) => void,
): Promise<string[]> {
  const failed: string[] = [];
  for (const check of checks) {
    const start = Date.now();
    const { problems, notes = [] } = await outcomeOf(check, hre);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    if (problems.length === 0) print(`ok    ${check.name.padEnd(10)} ${seconds.padStart(6)} s`);
    else {
      failed.push(check.name);
      print(`FAIL  ${check.name.padEnd(10)} ${seconds.padStart(6)} s  ${check.remedy}`);
      for (const problem of problems.slice(0, MOST_LINES)) print(`        ${problem}`);
      if (problems.length > MOST_LINES) print(`        … and ${problems.length - MOST_LINES} lines more`);
    }
    for (const note of notes) print(`        ${note}`);
  }
  return failed;
}

// A check that breaks has failed; the ones after it still run.
async function outcomeOf(check: Check, hre: HardhatRuntimeEnvironment): Promise<Outcome> {
  try {
    return await check.run(hre);
  } catch (error) {
    return {
      problems: [`the check itself broke: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
}
