import { emptyTask, task } from "hardhat/config";
import type { NewTaskActionFunction, TaskDefinition } from "hardhat/types/tasks";
import type * as actions from "./elections-actions.js";
import { EVERYWHERE, type Option, option, RELAYED } from "./member.js";

const ELECTION = option("election", "Number of the election");
const STATEMENT = option("statement", "File with your statement, or its digest");

function command(
  name: keyof typeof actions,
  description: string,
  options: readonly Option[],
): TaskDefinition {
  const builder = task(["election", name], description);
  for (const { name: option, description: text, flag: isFlag, defaultValue = "" } of [
    ...options,
    ...EVERYWHERE,
  ]) {
    if (isFlag) builder.addFlag({ name: option, description: text });
    else builder.addOption({ name: option, description: text, defaultValue });
  }
  return builder
    .setAction(async () => ({
      default: (await import("./elections-actions.js"))[name] as NewTaskActionFunction,
    }))
    .build();
}

/** Elections to the offices of a coalition. */
export const electionTasks: TaskDefinition[] = [
  emptyTask("election", "Stands, votes and counts in the elections of a coalition").build(),
  command("status", "Tells how an election stands, what you can do in it, and who was elected and why", [
    option("election", "Number of the election; the last one to --office unless given"),
    option("office", "Number of the office; needless where there is one only"),
    option("key", "Tell what this key can do, an address; the account's own unless given"),
  ]),
  command("nominate", "Nominates another member", [
    ELECTION,
    option("nominee", "Key or number of the member"),
    ...RELAYED,
  ]),
  command("stand", "Stands for election: nominates yourself and accepts at once", [
    ELECTION,
    STATEMENT,
    ...RELAYED,
  ]),
  command("accept", "Accepts a nomination", [ELECTION, STATEMENT, ...RELAYED]),
  command("second", "Seconds a nominee", [
    ELECTION,
    option("nominee", "Key or number of the nominee"),
    ...RELAYED,
  ]),
  command("withdraw", "Withdraws your candidacy, for good", [ELECTION, ...RELAYED]),
  command("vote", "Casts your ballot, or another in its place until the close", [
    ELECTION,
    option(
      "for",
      "Numbers or keys of candidates with commas between them, the first preference first; `ron` to re-open nominations",
    ),
    option("out", "Where ballots are sealed: file for what opens yours; keep it, and show it to nobody"),
  ]),
  command("open", "Opens a sealed ballot after the close; anybody who has its file may", [
    option("ballot", "The file that `election vote` wrote"),
  ]),
  command("count", "Counts an election to its end; anybody may", [
    ELECTION,
    { ...option("budget", "Words of ballots that a transaction reads at the most"), defaultValue: "1000" },
  ]),
  command("finish", "Has the winners seated; anybody may", [ELECTION]),
  command(
    "recount",
    "Counts an election again from the chain's events; fails where the chain says otherwise",
    [ELECTION],
  ),
];
