import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Check, Outcome } from "./check.js";

const MOST_LINES = 40;

/**
 * Runs every check, whatever the others say, and returns the names of those that failed. They are reported in their
 * order; the long ones start together.
 */
export async function runChecks(
  checks: readonly Check[],
  hre: HardhatRuntimeEnvironment,
  print: (line: string) => void,
): Promise<string[]> {
  const failed: string[] = [];
  const running = new Map<Check, Promise<Timed>>();
  for (const check of checks) {
    for (const each of check.long ? checks.filter(({ long }) => long) : [check]) {
      if (!running.has(each)) running.set(each, timed(each, hre));
    }
    const { outcome, seconds } = (await running.get(check)) as Timed;
    const { problems, notes = [] } = outcome;
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

interface Timed {
  readonly outcome: Outcome;
  readonly seconds: string;
}

async function timed(check: Check, hre: HardhatRuntimeEnvironment): Promise<Timed> {
  const start = Date.now();
  const outcome = await outcomeOf(check, hre);
  return { outcome, seconds: ((Date.now() - start) / 1000).toFixed(1) };
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
