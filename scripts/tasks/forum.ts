import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, STORE } from "./builder.js";
import { EVERYWHERE, type Option, RELAYED } from "./member.js";

const LIST: Argument = { name: "list", description: "Number of the list" };
const PLACE: Argument = { name: "place", description: "Place of the post in the list" };
const FILE: Argument = { name: "file", description: "File with the text in Markdown" };

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("forum", () => import("./forum-actions.js"), {
    name,
    description,
    args,
    options: [...options, ...EVERYWHERE, STORE],
  });

/** What is said, and who says it. */
export const forumTasks: TaskDefinition[] = [
  emptyTask("forum", "Posts, answers and corrects, and lists what there is to post to").build(),
  command("lists", "Lists the lists", []),
  command(
    "accept",
    "Accepts the Code of Conduct in the version that is in force",
    [{ name: "accepted", description: "Number of the version that you have read" }],
    RELAYED,
  ),
  command("post", "Begins a thread", [LIST, FILE], RELAYED),
  command("reply", "Answers a post", [LIST, PLACE, FILE], RELAYED),
  command(
    "edit",
    "Gives a post of yours another text; the first one stays on record",
    [LIST, PLACE, FILE],
    RELAYED,
  ),
  command(
    "erase",
    "Puts a tombstone on a post of yours, so that whoever keeps its text erases it",
    [LIST, PLACE, { ...FILE, description: "File with the reason in Markdown" }],
    RELAYED,
  ),
];
