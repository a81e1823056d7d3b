import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { buildBaseline } from "./lib/gas-baseline.js";
import { Chain } from "./lib/gas-chain.js";
import { buildCoalition } from "./lib/gas-coalition.js";
import { measureDecisions } from "./lib/gas-decisions.js";
import type { Measurement } from "./lib/gas-judge.js";
import { OPERATIONS, type OperationId, SIZES } from "./lib/gas-operations.js";
import { Samples } from "./lib/gas-samples.js";

/** Builds both coalitions at every size and has them do the same. */
export async function measure(
  hre: HardhatRuntimeEnvironment,
  tell: (line: string) => void,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const size of SIZES) {
    const start = Date.now();
    const ours = new Samples();
    const baseline = new Samples();
    await Promise.all([
      Chain.create(hre)
        .then((chain) => buildCoalition(chain, hre.config.paths.root, size, ours))
        .then((body) => measureDecisions(body, ours)),
      Chain.create(hre)
        .then((chain) => buildBaseline(chain, size, baseline))
        .then((body) => measureDecisions(body, baseline)),
    ]);
    measurements.push(...compare(size, ours, baseline));
    tell(`${size.toLocaleString("en")} members: ${((Date.now() - start) / 1000).toFixed(0)} s`);
  }
  return measurements;
}

function compare(size: number, ours: Samples, baseline: Samples): Measurement[] {
  return (Object.keys(OPERATIONS) as OperationId[]).flatMap((operation) => {
    const figure = ours.figure(operation);
    if (figure === undefined) return [];
    const { against } = OPERATIONS[operation];
    const compared = against === undefined ? undefined : baseline.figure(against);
    return [
      {
        operation,
        members: size,
        ours: figure,
        ...(compared !== undefined && { baseline: compared }),
      },
    ];
  });
}
