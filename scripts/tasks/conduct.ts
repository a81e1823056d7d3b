import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, STORE } from "./builder.js";
import { EVERYWHERE, flag, type Option, option, RELAYED } from "./member.js";

const CASE: Argument = { name: "case", description: "Number of the case" };
const file = (what: string): Argument => ({ name: "file", description: `File with ${what} in Markdown` });

const COMPLAINT: readonly Argument[] = [
  { name: "respondent", description: "Member number of whom it is against" },
  { name: "clause", description: "Number of the clause of the Code of Conduct that was broken" },
  file("the evidence"),
];
const POST: readonly Option[] = [
  option("list", "List of the post that it is about"),
  option("post", "Place of that post"),
];
const RULING: readonly Option[] = [
  flag("dismiss", "The complaint is not upheld"),
  flag("warn", "It is upheld, with a warning"),
  flag("hide", "It is upheld, and the post is hidden"),
  flag("erase", "It is upheld, and the text of the post is to be erased; with --hide"),
  flag("refer", "It is upheld, and the members are asked to look at it"),
  option("suspend", "It is upheld, and the respondent does not speak for a span (30d, 12h)"),
];
const CHAIN = option("chain", "File with the secret of your numbers; nobody else may have it");

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition =>
  commandOf("conduct", () => import("./conduct-actions.js"), {
    name,
    description,
    args,
    options: [...options, ...EVERYWHERE, STORE],
  });

/** What becomes of complaints. */
export const conductTasks: TaskDefinition[] = [
  emptyTask("conduct", "Complains, responds, judges and appeals, and tells of every case").build(),
  command("log", "Tells of all cases: counts, results, reasons", []),
  command("show", "Tells of a case from beginning to end, and what can be done now", [CASE]),
  command("complain", "Complains that a member broke a clause of the Code", COMPLAINT, [...POST, ...RELAYED]),
  command(
    "complain-for",
    "Complains, as a member of the pool, for somebody who is not named",
    [{ name: "complainant", description: "Member number of who complains; it stays here" }, ...COMPLAINT],
    [
      ...POST,
      option("out", "New file for what shows later who complained"),
      option("exclude", "Number of another member of the pool who does not judge it"),
    ],
  ),
  command("respond", "Responds to a complaint, or to an appeal", [CASE, file("the response")], RELAYED),
  command("commit", "Commits, as a member of the pool, to numbers for the lot", [], [CHAIN, ...RELAYED]),
  command("reveal", "Gives a number for the lot of a case", [CASE], [CHAIN]),
  command("draw", "Has the panel of a case drawn; anybody may", [CASE]),
  command("recuse", "Leaves the panel of a case", [CASE, file("the reason")]),
  command(
    "rule",
    "Backs a ruling, as a member of the panel",
    [CASE, file("the reasons")],
    [...RULING, ...RELAYED],
  ),
  command(
    "appeal",
    "Appeals against a ruling, as a party",
    [CASE, file("the grounds")],
    [flag("toMembers", "To the members, and not to three others"), ...RELAYED],
  ),
  command(
    "settle",
    "Writes the action of a motion by which the members rule on a case",
    [CASE, file("the reasons")],
    [...RULING, option("out", "New file for the action, for `motion draft --actions`")],
  ),
  command("hide", "Hides a post at once, as a member of the pool", [
    { name: "list", description: "Number of the list" },
    { name: "post", description: "Place of the post in the list" },
    file("the reason"),
  ]),
  command("erase", "Puts the tombstone on a post that a closed case says is to be erased; anybody may", [
    CASE,
  ]),
];
