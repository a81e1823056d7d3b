import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { CONTRACTS, type ContractKey, PURPOSES } from "../lib/address-book.js";
import { columns } from "../lib/columns.js";
import { command } from "../lib/command.js";
import { deployCoalition } from "../lib/deploy.js";
import { checkDeployment, describeDifference } from "../lib/deploy-check.js";
import { steady } from "../lib/network.js";
import { readParameterFile, requireFirstPolicy } from "../lib/parameters.js";
import { chainIdOf, confirmationsOf, given, parametersOf } from "./options.js";

interface Arguments {
  readonly parameters: string;
  readonly deployment: string;
  readonly chainId: string;
  readonly confirmations: number;
  readonly reset: boolean;
}

export default async function deployTask(options: Arguments, hre: HardhatRuntimeEnvironment) {
  return command(async () => {
    // The file before all else: whatever is wrong with it needs neither a compiler nor a network.
    const parameterFile = readParameterFile(parametersOf(options.parameters));
    requireFirstPolicy(parameterFile);
    const chainId = chainIdOf(options.chainId);
    const confirmations = confirmationsOf(options.confirmations);
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
    const connection = await hre.network.create();
    try {
      const { book, network, path } = await deployCoalition({
        parameterFile,
        artifacts: hre.artifacts,
        connection,
        folder: join(hre.config.paths.ignition, "deployments"),
        id: given(options.deployment),
        chainId,
        confirmations,
        reset: options.reset,
        report: console.log,
      });
      const rows = (Object.keys(CONTRACTS) as ContractKey[]).map((key) => [
        CONTRACTS[key],
        book.contracts[key],
        PURPOSES[key],
      ]);
      for (const line of ["", ...columns(["contract", "address", "role"], rows)]) console.log(line);
      console.log(
        path === undefined
          ? "\nNothing was written: this chain ends with the command."
          : `\nwritten to ${path}`,
      );

      const node = steady(connection.provider);
      const report = await checkDeployment({ book, parameterFile, network, node, artifacts: hre.artifacts });
      const differences = report.findings.filter(({ ok }) => !ok);
      for (const difference of differences) console.error(`DIFFERENT  ${describeDifference(difference)}`);
      console.log(
        `check: ${report.findings.length - differences.length} of ${report.findings.length} as ${parameterFile.path} has it`,
      );
      return report.ok;
    } finally {
      await connection.close();
    }
  });
}
