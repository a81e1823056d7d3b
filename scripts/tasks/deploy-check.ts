import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { deploymentIdFor, readAddressBook } from "../lib/address-book.js";
import { columns } from "../lib/columns.js";
import { command } from "../lib/command.js";
import { checkDeployment, describeDifference } from "../lib/deploy-check.js";
import { meet, steady } from "../lib/network.js";
import { readParameterFile } from "../lib/parameters.js";
import { chainIdOf, given, parametersOf } from "./options.js";

interface Arguments {
  readonly parameters: string;
  readonly deployment: string;
  readonly chainId: string;
  readonly json: string;
}

export default async function deployCheckTask(options: Arguments, hre: HardhatRuntimeEnvironment) {
  return command(async () => {
    const parameterFile = readParameterFile(parametersOf(options.parameters));
    const chainId = chainIdOf(options.chainId);
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
    const connection = await hre.network.create();
    try {
      const network = await meet(connection, chainId);
      const deployments = join(hre.config.paths.ignition, "deployments");
      const name = given(options.deployment) ?? deploymentIdFor(network.chainId, parameterFile.path);
      const book = readAddressBook(deployments, name);
      const report = await checkDeployment({
        book,
        parameterFile,
        network,
        node: steady(connection.provider),
        artifacts: hre.artifacts,
      });
      const rows = report.findings.map(({ subject, expected, found, ok }) => [
        ok ? "ok" : "DIFFERENT",
        subject,
        expected,
        ok ? "" : found,
      ]);
      for (const line of columns(
        ["", "what", `in ${parameterFile.path}`, "on the chain, if different"],
        rows,
      ))
        console.log(line);
      for (const remark of report.remarks) console.log(`\nnote: ${remark}`);
      if (options.json !== "") {
        writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
        console.log(`\nwritten to ${options.json}`);
      }
      const differences = report.findings.filter(({ ok }) => !ok);
      for (const difference of differences) console.error(`DIFFERENT  ${describeDifference(difference)}`);
      console.log(
        `\n${report.findings.length - differences.length} of ${report.findings.length} as the file has it`,
      );
      return report.ok;
    } finally {
      await connection.close();
    }
  });
}
