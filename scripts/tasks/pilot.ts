import { join, relative } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { command } from "../lib/command.js";
import { readElections } from "../lib/pilot/elections/data.js";
import { readForum } from "../lib/pilot/forum/data.js";
import { readMotions } from "../lib/pilot/motions/data.js";
import { readScript, runPilot } from "../pilot.js";
import { given } from "./options.js";

interface Arguments {
  readonly story: string;
  readonly parameters: string;
  readonly seed: string;
  readonly realTime: boolean;
  readonly patience: number;
  readonly reports: string;
}

export default async function pilotTask(options: Arguments, hre: HardhatRuntimeEnvironment) {
  return command(async () => {
    const { root, ignition } = hre.config.paths;
    // The data before all else: whatever is wrong with it needs neither a compiler nor a network.
    const folder = given(options.story) ?? (relative(process.cwd(), join(root, "pilot")) || ".");
    const script = readScript(folder, options.parameters);
    const isOwn = given(options.story) === undefined;
    const elections = isOwn ? readElections(folder, script.story.roll.length) : undefined;
    const motions = isOwn ? readMotions(folder, script.story.roll.length) : undefined;
    const forum = isOwn
      ? readForum(folder, script.story.roll.length, elections?.elections.map(({ name }) => name) ?? [])
      : undefined;
    await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
    const reports = given(options.reports) ?? (relative(process.cwd(), join(root, "reports")) || ".");
    const connection = await hre.network.create();
    try {
      const { ok, comparisons } = await runPilot({
        ...script,
        connection,
        artifacts: hre.artifacts,
        deployments: join(ignition, "deployments"),
        reports,
        seed: given(options.seed),
        roll: isOwn,
        assembly: isOwn,
        elections,
        motions,
        forum,
        texts: join(folder, "decisions"),
        realTime: options.realTime,
        longestMinutes: options.patience,
        say: console.log,
      });
      const same = comparisons.filter((one) => one.ok).length;
      console.log(
        `\n${same} of ${comparisons.length} as the story says. Written: ${reports}/pilot.json and pilot.md`,
      );
      if (!ok) console.error("The lines marked DIFFERS are not as the story says.");
      return ok;
    } finally {
      await connection.close();
    }
  });
}
