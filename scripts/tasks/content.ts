import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, STORE } from "./builder.js";
import { flag, type Option, option } from "./member.js";

const JSON_ONLY = flag("json", "Print one JSON object and nothing else");

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("content", () => import("./content-actions.js"), {
    name,
    description,
    args,
    options: [...options, STORE, JSON_ONLY],
  });

/** Texts under their digests: what the chain knows as 32 bytes. */
export const contentTasks: TaskDefinition[] = [
  emptyTask(
    "content",
    "Keeps texts under their digests, carries them as archives, and compares them",
  ).build(),
  command("add", "Puts texts into the store, and tells their CIDs and digests", [
    { name: "files", description: "Files in Markdown", kind: "some" },
  ]),
  command(
    "get",
    "Prints a text of the store, or writes it to a file",
    [{ name: "text", description: "Its CID or digest" }],
    [option("out", "File for the text, byte for byte; printed unless given")],
  ),
  command("list", "Lists the texts of the store", []),
  command(
    "export",
    "Writes texts of the store to a CAR file; the same texts give the same file",
    [{ name: "texts", description: "CIDs or digests; all texts unless given", kind: "any" }],
    [{ ...option("out", "File for the archive"), defaultValue: "content.car" }],
  ),
  command("import", "Takes the texts of a CAR file into the store, each held against its CID first", [
    { name: "file", description: "The CAR file" },
  ]),
  command("diff", "Compares two texts clause by clause, and word by word within a clause", [
    { name: "before", description: "The earlier text: a path, CID or digest" },
    { name: "after", description: "The later text: a path, CID or digest" },
  ]),
];
