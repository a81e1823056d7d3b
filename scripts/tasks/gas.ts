import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Result } from "hardhat/types/utils";
import { errorResult, successfulResult } from "hardhat/utils/result";
import { hardforkOf, measure } from "../gas.js";
import { SEED, START } from "../lib/gas-chain.js";
import { findDrift, knownMisses, type Measurement, missedBars } from "../lib/gas-judge.js";
import { insertTable, parseSnapshot, renderReport, renderSnapshot, renderTable } from "../lib/gas-report.js";
import { insertScale, renderChart } from "../lib/scale.js";

const SNAPSHOT = "test/snapshots/gas.json";
const DOCUMENT = "docs/gas.md";
const SCALE = "docs/scale.md";
const CHART = "docs/scale.svg";
const REPORT = "reports/gas.json";

export default async function gas(
  { check, write }: { check?: boolean; write?: boolean },
  hre: HardhatRuntimeEnvironment,
): Promise<Result<void, void>> {
  const tell = check ? () => {} : console.log;
  await hre.tasks.getTask("build").run({ quiet: true });
  tell(`keys from the seed "${SEED}", chains from ${START}, on Hardhat's own ${await hardforkOf(hre)}`);
  const measurements = await measure(hre, tell);
  writeReport(hre.config.paths.root, renderReport(measurements, await hardforkOf(hre)));
  for (const line of ["", ...renderTable(measurements), ""]) tell(line);

  if (write) writeSnapshot(hre.config.paths.root, measurements);
  const problems = [...missedBars(measurements), ...differences(hre.config.paths.root, measurements)];
  if (problems.length === 0) {
    const known = knownMisses(measurements);
    for (const line of known) tell(line);
    tell(`every bar is met${known.length > 0 ? " but for these" : ""}; figures in ${REPORT}`);
    return successfulResult();
  }
  for (const problem of problems) console.error(problem);
  return errorResult();
}

function writeReport(root: string, text: string): void {
  mkdirSync(join(root, "reports"), { recursive: true });
  writeFileSync(join(root, REPORT), text);
}

/** The snapshot, and the tables in the documents, and the chart, that are made from it. */
function writeSnapshot(root: string, measurements: readonly Measurement[]): void {
  writeFileSync(join(root, SNAPSHOT), renderSnapshot(measurements));
  const [document, scale] = [join(root, DOCUMENT), join(root, SCALE)];
  writeFileSync(document, insertTable(readFileSync(document, "utf8"), measurements));
  writeFileSync(scale, insertScale(readFileSync(scale, "utf8"), measurements));
  writeFileSync(join(root, CHART), renderChart(measurements));
  console.log(`${SNAPSHOT}, the tables in ${DOCUMENT} and ${SCALE}, and ${CHART} written`);
}

function differences(root: string, measurements: readonly Measurement[]): string[] {
  if (!existsSync(join(root, SNAPSHOT))) return [`${SNAPSHOT} is missing: npm run snapshot`];
  const committed = parseSnapshot(readFileSync(join(root, SNAPSHOT), "utf8"));
  const document = readFileSync(join(root, DOCUMENT), "utf8");
  return [
    ...findDrift(measurements, committed),
    ...(insertTable(document, committed) === document
      ? []
      : [`the table in ${DOCUMENT} is not that of ${SNAPSHOT}: npm run snapshot`]),
  ];
}
