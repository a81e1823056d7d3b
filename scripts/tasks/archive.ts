import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, STORE } from "./builder.js";
import { EVERYWHERE, flag, type Option, option } from "./member.js";

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("archive", () => import("./archive-actions.js"), {
    name,
    description,
    args,
    options: [...options, ...EVERYWHERE, STORE],
  });

/** Everything that a coalition ever said or decided, in one file that anybody can check. */
export const archiveTasks: TaskDefinition[] = [
  emptyTask(
    "archive",
    "Writes everything that the coalition said and decided to one file, and checks such files",
  ).build(),
  command(
    "export",
    "Writes the whole archive to a CAR file; what was ended goes on where it was",
    [],
    [
      { ...option("out", "File for the archive"), defaultValue: "archive.car" },
      option("to", "Number of the last block; the chain's last unless given"),
      option("blocks", "Blocks that are read and kept at a time; 500 unless given"),
    ],
  ),
  command(
    "verify",
    "Holds an archive against itself and against the chain; says complete, or what is wrong first",
    [{ name: "file", description: "The CAR file" }],
    [flag("full", "Compare every log with the chain's, not only the series of records")],
  ),
  commandOf("archive", () => import("./archive-actions.js"), {
    name: "benchmark",
    description: "Exports and verifies an archive of a simulated coalition, and tells what it took",
    options: [
      { ...option("posts", "How many posts it has"), defaultValue: "100000" },
      flag("json", "Print one JSON object and nothing else"),
    ],
  }),
  command(
    "read",
    "Prints a list, a thread, or a decision of an archive as Markdown",
    [{ name: "file", description: "The CAR file" }],
    [
      option("list", "Number of the list"),
      option("thread", "Place of the first post of a thread of it; all threads unless given"),
      option("decision", "Number of the decision, in the place of a list"),
    ],
  ),
];
