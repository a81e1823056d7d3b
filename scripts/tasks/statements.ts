import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, STORE } from "./builder.js";
import { EVERYWHERE, type Option, RELAYED } from "./member.js";

const DECISION: Argument = { name: "decision", description: "A proposal's id" };

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("statement", () => import("./statements-actions.js"), {
    name,
    description,
    args,
    options: [...options, ...EVERYWHERE, STORE],
  });

/** What those say who voted against a decision, and the record of its outcome. */
export const statementTasks: TaskDefinition[] = [
  emptyTask("statement", "Files statements of those who voted against, and tells outcomes with them").build(),
  command(
    "file",
    "Files a statement on a decision that you voted against",
    [DECISION, { name: "file", description: "File with the statement in Markdown" }],
    RELAYED,
  ),
  command(
    "cosign",
    "Stands behind a statement on a decision that you voted against too",
    [{ name: "statement", description: "Number of the statement" }],
    RELAYED,
  ),
  command("outcome", "Tells the outcome of a decision: table, record, and the statements with their texts", [
    DECISION,
  ]),
  command("relay", "Brings what members signed, and pays for it; what cannot be done is passed over", [
    { name: "files", description: "Files with signed requests", kind: "some" },
  ]),
];
