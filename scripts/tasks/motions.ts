import { emptyTask } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import { type Argument, commandOf, type Shape, STORE } from "./builder.js";
import { EVERYWHERE, flag, type Option, option, RELAYED } from "./member.js";

const MOTION: Argument = { name: "motion", description: "Number of the motion" };
const AMENDMENT: Argument = { name: "amendment", description: "Number of the amendment" };
const MOTION_OR_NONE: Argument = {
  ...MOTION,
  description: "Number of the motion; none with --amendment",
  kind: "optional",
};
const TEXT_OR_NONE: Argument = {
  name: "file",
  description: "File with the whole text in Markdown; it stays as it is unless given",
  kind: "optional",
};
const OF_AMENDMENT = option("amendment", "Number of an amendment, instead of a motion");
const REASON = option("reason", "File with the reason in Markdown");
const PURPOSE = "File that says which goal the motion serves, and how success will be measured";
const ACTIONS = option("actions", "Actions file (JSON5); `none` for none, as they are unless given");
const SUBSTITUTE = flag("substitute", "Another text in the place of the motion's, put to the members last");

const command = (
  name: string,
  description: string,
  args: readonly Argument[],
  options: readonly Option[] = [],
): TaskDefinition => {
  const shape: Shape<string> = { name, description, args, options: [...options, ...EVERYWHERE, STORE] };
  return commandOf("motion", () => import("./motions-actions.js"), shape);
};

/** Motions from draft to vote, and the amendments to them. */
export const motionTasks: TaskDefinition[] = [
  emptyTask("motion", "Drafts, amends and reads motions, and carries them to the vote").build(),
  command(
    "draft",
    "Drafts a motion: stores its texts, and tells its class, what it does and its digests",
    [{ name: "file", description: "File with the text in Markdown" }],
    [
      option("purpose", PURPOSE),
      option("actions", "Actions file (JSON5); it does nothing unless given"),
      ...RELAYED,
    ],
  ),
  command(
    "revise",
    "Edits a motion of yours; one that is tabled is open for the whole notice anew",
    [MOTION, TEXT_OR_NONE],
    [option("purpose", PURPOSE), ACTIONS, ...RELAYED],
  ),
  command("table", "Tables a draft of yours: members endorse and amend it", [MOTION], RELAYED),
  command("endorse", "Endorses a motion as it is now", [MOTION], RELAYED),
  command(
    "withdraw",
    "Withdraws a motion or an amendment of yours, for good",
    [MOTION_OR_NONE],
    [OF_AMENDMENT, ...RELAYED],
  ),
  command(
    "status",
    "Tells how a motion stands, what is moved to it and what comes next; all motions unless given",
    [{ ...MOTION, kind: "optional" }],
  ),
  command(
    "amend",
    "Moves an amendment to a motion, or to an amendment to it",
    [MOTION, TEXT_OR_NONE],
    [REASON, option("to", "Number of the amendment that it amends"), SUBSTITUTE, ACTIONS, ...RELAYED],
  ),
  command("accept", "Accepts an amendment to your text as friendly", [AMENDMENT], RELAYED),
  command(
    "rebase",
    "Writes a stale amendment of yours anew, against the text as it is now",
    [AMENDMENT, TEXT_OR_NONE],
    [REASON, SUBSTITUTE, ACTIONS, ...RELAYED],
  ),
  command(
    "object",
    "Objects to the adoption of a motion, or an amendment, without a vote",
    [MOTION_OR_NONE],
    [OF_AMENDMENT, REASON, ...RELAYED],
  ),
  command("next", "Does what is due on a motion, or tells what is waited for and until when; anybody may", [
    MOTION,
  ]),
  command(
    "send-back",
    "Sends a motion back to its author, when a clause that it changes has moved; anybody may",
    [MOTION],
  ),
  command(
    "diff",
    "Compares two revisions of a motion, or an amendment with what it amends, clause by clause",
    [
      MOTION_OR_NONE,
      {
        name: "before",
        description: "The earlier revision; the one before the last unless given",
        kind: "optional",
      },
      { name: "after", description: "The later revision; the last unless given", kind: "optional" },
    ],
    [OF_AMENDMENT, option("revision", "Version of the amendment; the last unless given")],
  ),
  command(
    "show",
    "Prints a motion or an amendment as Markdown",
    [MOTION_OR_NONE],
    [
      OF_AMENDMENT,
      option("revision", "Revision of the motion, or version of the amendment; the last unless given"),
    ],
  ),
  command("relay", "Brings what members signed, and pays for it; what cannot be done is passed over", [
    { name: "files", description: "Files with signed requests", kind: "some" },
  ]),
];
