import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";

/** The project's own Hardhat tasks; their code is loaded only when they run. */
export const tasks: TaskDefinition[] = [
  task("check", "Runs every check on code, contracts, documents and tests")
    .addOption({ name: "only", description: "Names of checks, separated by commas", defaultValue: "" })
    .setAction(() => import("./check.js"))
    .build(),
  task("coverage-floor", "Runs the tests on instrumented contracts; fails below full line coverage")
    .setAction(() => import("./coverage-floor.js"))
    .build(),
  task("snapshot", "Writes the snapshots of interfaces, storage and gas anew")
    .setAction(() => import("./snapshot.js"))
    .build(),
];
