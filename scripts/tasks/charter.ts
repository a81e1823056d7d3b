import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, STORE } from "./builder.js";
import { EVERYWHERE, type Option, option } from "./member.js";

const DOCUMENT: Argument = { name: "document", description: "Number or title of the document" };

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("charter", () => import("./charter-actions.js"), {
    name,
    description,
    args,
    options: [...options, ...EVERYWHERE, STORE],
  });

/** The governing documents, in every version. */
export const charterTasks: TaskDefinition[] = [
  emptyTask("charter", "Reads the governing documents in every version, and writes changes of them").build(),
  command("list", "Lists the governing documents", []),
  command(
    "show",
    "Prints a document as Markdown, with the decision that enacted the wording of each clause",
    [
      {
        ...DOCUMENT,
        description: "Number or title of the document; the only one unless given",
        kind: "optional",
      },
    ],
    [
      option("at", "Number of the version; the present one unless given"),
      option("out", "File for the document; printed unless given"),
    ],
  ),
  command("history", "Tells when, and by which decisions, a document or a clause changed", [
    DOCUMENT,
    { name: "clause", description: "Number of the clause; all unless given", kind: "optional" },
  ]),
  command("diff", "Compares two versions of a document clause by clause", [
    DOCUMENT,
    { name: "before", description: "Number of the earlier version" },
    { name: "after", description: "Number of the later version" },
  ]),
  command(
    "change",
    "Writes a change of a clause, against its present wording, to an actions file for `motion draft`",
    [{ name: "kind", description: "insert, amend, repeal or replace" }, DOCUMENT],
    [
      option("clause", "Number of the clause; with insert the one it comes after, 0 for the beginning"),
      option("text", "File with the text of the clause in Markdown"),
      option("out", "Actions file; the change is added to those that it holds"),
    ],
  ),
];
