import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { ownContracts } from "../checks/contracts.js";
import { renderSnapshots, SNAPSHOTS, writeSnapshots } from "../checks/snapshots.js";

export default async function snapshot(_arguments: object, hre: HardhatRuntimeEnvironment): Promise<void> {
  const snapshots = renderSnapshots(await ownContracts(hre));
  writeSnapshots(join(hre.config.paths.root, SNAPSHOTS), snapshots);
  console.log(`${snapshots.size} files written under ${SNAPSHOTS}`);
  const gas = hre.tasks.rootTasks.get("gas");
  if (gas?.options.has("write")) await gas.run({ write: true });
}
