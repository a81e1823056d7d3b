import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Result } from "hardhat/types/utils";
import { errorResult, successfulResult } from "hardhat/utils/result";
import { checks } from "../checks/index.js";
import { runChecks } from "../checks/run.js";

export default async function check(
  { only }: { only: string },
  hre: HardhatRuntimeEnvironment,
): Promise<Result<void, void>> {
  const names = only.split(",").filter((name) => name !== "");
  const unknown = names.filter((name) => !checks.some((candidate) => candidate.name === name));
  if (unknown.length > 0) {
    console.error(
      `No check called ${unknown.join(", ")}; there are ${checks.map(({ name }) => name).join(", ")}.`,
    );
    return errorResult();
  }
  const chosen = checks.filter(({ name }) => names.length === 0 || names.includes(name));
  const failed = await runChecks(chosen, hre, console.log);
  console.log(`\n${chosen.length - failed.length} of ${chosen.length} checks ok`);
  if (failed.length === 0) return successfulResult();
  console.error(`Failed: ${failed.join(", ")}`);
  return errorResult();
}
