import { emptyTask, task } from "hardhat/config";
import type { NewTaskActionFunction, TaskDefinition } from "hardhat/types/tasks";
import type * as actions from "./ballots-actions.js";
import { EVERYWHERE, flag, type Option, option, RELAYED } from "./member.js";

const DECISION = option("decision", "A proposal's id");
const JSON_ONLY = EVERYWHERE.filter(({ name }) => name === "json");

function command(
  name: keyof typeof actions,
  description: string,
  options: readonly Option[],
  common: readonly Option[] = EVERYWHERE,
): TaskDefinition {
  const builder = task(["ballot", name], description);
  for (const { name: option, description: text, flag: isFlag, defaultValue = "" } of [
    ...options,
    ...common,
  ]) {
    if (isFlag) builder.addFlag({ name: option, description: text });
    else builder.addOption({ name: option, description: text, defaultValue });
  }
  return builder
    .setAction(async () => ({
      default: (await import("./ballots-actions.js"))[name] as NewTaskActionFunction,
    }))
    .build();
}

/** Voting by signed ballots that somebody else brings, and what became of a vote. */
export const ballotTasks: TaskDefinition[] = [
  emptyTask("ballot", "Signs ballots, brings those of others, and tells how a vote stands").build(),
  command("paper", "Writes what a member needs to sign a ballot without a node", [
    DECISION,
    option("out", "File for the ballot paper"),
  ]),
  command(
    "sign",
    "Signs a ballot to a file; asks no node and sends nothing",
    [
      option("paper", "File with the ballot paper"),
      option("support", "for, against or abstain"),
      flag("change", "Replace the ballot that you signed before; with --nonce"),
      option("nonce", "With --change or --voter: the number that `ballot status --voter` tells"),
      option("voter", "Address of a wallet that is a contract, for which you sign"),
      option(
        "deadline",
        "Until when it can be brought: a date or a span; the last possible close unless given",
      ),
      option(
        "keyFile",
        "File with your key; that of --network, from the keystore or environment, unless given",
      ),
      option("out", "File for the ballot"),
    ],
    JSON_ONLY,
  ),
  command("relay", "Brings the ballots of a folder, pays for them, and goes on where it was interrupted", [
    DECISION,
    option("folder", "Folder with ballots, a file each; the journal is kept there too"),
    { ...option("gasLimit", "Most gas that one transaction may use"), defaultValue: "15000000" },
  ]),
  command("endorse", "Endorses a decision, so that it opens for the vote", [DECISION, ...RELAYED]),
  command("status", "Tells how a vote stands: by group, quorum, approval, concurrence, and the close", [
    DECISION,
    option("voter", "Also tell the nonce that this key's next --change needs"),
  ]),
];
