import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Result } from "hardhat/types/utils";
import { errorResult, successfulResult } from "hardhat/utils/result";
import { Problem } from "../lib/problem.js";
import { prepare, runPilot } from "../pilot.js";

interface PilotArguments {
  story: string;
  parameters: string;
  seed: string;
  realTime: boolean;
  patience: number;
}

export default async function pilot(
  given: PilotArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<Result<void, void>> {
  try {
    prepare(given);
    await hre.tasks.getTask("build").run({ quiet: true });
    const connection = await hre.network.create();
    const reports = join(hre.config.paths.root, "reports");
    const { seed, ...options } = given;
    const report = await runPilot(connection, {
      ...options,
      ...(seed !== "" && { seed }),
      reports,
      say: console.log,
    });
    const differing = report.comparisons.filter(({ ok }) => !ok).length;
    console.log(
      `\n${report.comparisons.length - differing} of ${report.comparisons.length} as the story says`,
    );
    console.log("Written: reports/pilot.json, reports/pilot.md");
    if (report.ok) return successfulResult();
    console.error(`${differing} differ from the story: see the lines marked DIFFERS.`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
  }
  return errorResult();
}
