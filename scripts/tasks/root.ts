import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf } from "./builder.js";
import { EVERYWHERE, type Option, option } from "./member.js";

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("coalition", () => import("./root-actions.js"), {
    name,
    description,
    args,
    options: [...options, ...EVERYWHERE],
  });

/** The whole of a coalition: where everything is, and its documents by ERC-4824. */
export const rootTasks: TaskDefinition[] = [
  emptyTask("coalition", "Tells where everything is, and writes the documents of ERC-4824").build(),
  command("show", "Lists the contracts that the root names, and where the documents are", []),
  command(
    "documents",
    "Writes members, proposals, activity, contracts and governance as the chain has them",
    [{ name: "base", description: "Address under which the documents will be found" }],
    [{ ...option("out", "Folder for the documents"), defaultValue: "documents" }],
  ),
];
