import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { buildBaseline } from "./lib/gas-baseline.js";
import { Chain } from "./lib/gas-chain.js";
import { buildCoalition } from "./lib/gas-coalition.js";
import { measureAmendment, measureBurdenedDecision, measureDecisions } from "./lib/gas-decisions.js";
import type { Measurement } from "./lib/gas-judge.js";
import { CURVE, OPERATIONS, type OperationId } from "./lib/gas-operations.js";
import { measureRelayedDecision, measureRelays } from "./lib/gas-relay.js";
import { Samples } from "./lib/gas-samples.js";

/** The rules of the chains that are measured on. */
export async function hardforkOf(hre: HardhatRuntimeEnvironment): Promise<string> {
  return (await Chain.create(hre)).hardfork;
}

/** Builds both coalitions at every size and has them do the same. */
export async function measure(
  hre: HardhatRuntimeEnvironment,
  tell: (line: string) => void,
  sizes: readonly number[] = CURVE,
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const size of sizes) {
    const start = Date.now();
    const ours = new Samples();
    const baseline = new Samples();
    const coalition = await buildCoalition(await Chain.create(hre), hre.config.paths.root, size, ours);
    await measureDecisions(coalition, ours);
    await coalition.burden?.();
    await measureBurdenedDecision(coalition, ours);
    await measureRelays(coalition, ours);
    await measureRelayedDecision(coalition, ours);
    await measureAmendment(coalition, ours);
    await coalition.further(coalition);
    const standard = await buildBaseline(await Chain.create(hre), size, baseline);
    await measureDecisions(standard, baseline);
    await measureRelays(standard, baseline);
    await standard.further(standard);
    measurements.push(...compare(size, ours, baseline).filter(isNew(measurements)));
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
        members: operation === "deployment" ? 0 : size,
        ours: figure,
        ...(compared !== undefined && { baseline: compared }),
      },
    ];
  });
}

// A deployment is the same at every size.
function isNew(known: readonly Measurement[]): (measurement: Measurement) => boolean {
  return ({ operation, members }) =>
    !known.some((measurement) => measurement.operation === operation && measurement.members === members);
}
