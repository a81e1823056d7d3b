import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { TaskDefinition } from "hardhat/types/tasks";
import { archiveTasks } from "./archive.js";
import { ballotTasks } from "./ballots.js";
import { charterTasks } from "./charter.js";
import { conductTasks } from "./conduct.js";
import { contentTasks } from "./content.js";
import { electionTasks } from "./elections.js";
import { forumTasks } from "./forum.js";
import { memberTasks } from "./member.js";
import { motionTasks } from "./motions.js";
import { rootTasks } from "./root.js";
import { statementTasks } from "./statements.js";

const PARAMETERS = {
  name: "parameters" as const,
  description: "Parameter file: a path that ends with .json5, or a name in deploy/parameters/",
  defaultValue: "",
};
const DEPLOYMENT = {
  name: "deployment" as const,
  description: "Name of the deployment; one for each chain and parameter file unless given",
  defaultValue: "",
};
const CHAIN_ID = {
  name: "chainId" as const,
  description: "The chain that is meant; any other is refused",
  defaultValue: "",
};

/** The project's own Hardhat tasks; their code is loaded only when they run. */
export const tasks: TaskDefinition[] = [
  task("check", "Runs every check on code, contracts, documents and tests")
    .addOption({ name: "only", description: "Names of checks, separated by commas", defaultValue: "" })
    .setAction(() => import("./check.js"))
    .build(),
  task("coverage-floor", "Runs the tests on instrumented contracts; fails below full line coverage")
    .setAction(() => import("./coverage-floor.js"))
    .build(),
  task(
    "gas",
    "Measures what members pay beside OpenZeppelin's defaults; fails on a bar missed or a figure moved",
  )
    .addFlag({ name: "check", description: "Print problems only" })
    .addFlag({ name: "write", description: "Write the snapshot and the table in docs/gas.md anew" })
    .setAction(() => import("./gas.js"))
    .build(),
  task("snapshot", "Writes the snapshots of interfaces, storage and gas anew")
    .setAction(() => import("./snapshot.js"))
    .build(),
  task("deploy-coalition", "Deploys a coalition, or goes on with an interrupted deployment, and checks it")
    .addOption(PARAMETERS)
    .addOption(DEPLOYMENT)
    .addOption(CHAIN_ID)
    .addOption({
      name: "confirmations",
      description: "Blocks to wait for after each step; 0 for Ignition's default",
      type: ArgumentType.INT,
      defaultValue: 0,
    })
    .addFlag({ name: "reset", description: "Forget an earlier deployment of this name; local chains only" })
    .setAction(() => import("./deploy.js"))
    .build(),
  task("deploy-check", "Holds a deployed coalition against its parameter file; fails on any difference")
    .addOption(PARAMETERS)
    .addOption(DEPLOYMENT)
    .addOption(CHAIN_ID)
    .addOption({ name: "json", description: "File to write the whole report to", defaultValue: "" })
    .setAction(() => import("./deploy-check.js"))
    .build(),
  task("pilot", "Plays the first weeks of a coalition on chain and holds them against their story")
    .addOption({
      name: "story",
      description: "Folder with roll, story and texts; the project's pilot/ unless given",
      defaultValue: "",
    })
    .addOption({ ...PARAMETERS, defaultValue: "dc-bas" })
    .addOption({
      name: "seed",
      description: "Members' keys follow from it; on local chains only",
      defaultValue: "",
    })
    .addOption({
      name: "patience",
      description: "Longest story where time is not moved, in minutes",
      type: ArgumentType.INT,
      defaultValue: 60,
    })
    .addOption({
      name: "reports",
      description: "Folder for pilot.json and pilot.md; the project's reports/ unless given",
      defaultValue: "",
    })
    .addFlag({ name: "realTime", description: "Waits even where time could be moved" })
    .setAction(() => import("./pilot.js"))
    .build(),
  ...memberTasks,
  ...ballotTasks,
  ...electionTasks,
  ...contentTasks,
  ...motionTasks,
  ...charterTasks,
  ...statementTasks,
  ...rootTasks,
  ...forumTasks,
  ...conductTasks,
  ...archiveTasks,
];
