import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Result } from "hardhat/types/utils";
import { errorResult, successfulResult } from "hardhat/utils/result";
import { EXCLUDED } from "../checks/coverage.js";
import { checks } from "../checks/index.js";
import { runChecks } from "../checks/run.js";

export default async function coverageFloor(
  _arguments: object,
  hre: HardhatRuntimeEnvironment,
): Promise<Result<void, void>> {
  const coverage = checks.filter(({ name }) => name === "coverage");
  const failed = await runChecks(coverage, hre, console.log);
  for (const { prefix, reason } of EXCLUDED) console.log(`left out: ${prefix} (${reason})`);
  return failed.length === 0 ? successfulResult() : errorResult();
}
