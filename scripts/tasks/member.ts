import { emptyTask, task } from "hardhat/config";
import type { NewTaskActionFunction, TaskDefinition } from "hardhat/types/tasks";
import type * as actions from "./member-actions.js";

/** An option, or a flag where it takes no value. */
export interface Option {
  readonly name: string;
  readonly description: string;
  readonly flag?: boolean;
  readonly defaultValue?: string;
}

export const option = (name: string, description: string): Option => ({ name, description });
export const flag = (name: string, description: string): Option => ({ name, description, flag: true });

/** Of every command. */
export const EVERYWHERE: readonly Option[] = [
  option("parameters", "Parameter file of the coalition; needless where the chain holds one coalition only"),
  option("deployment", "Name of the deployment, or the path of its address book (ends with .json)"),
  option("chainId", "The chain that is meant; any other is refused"),
  option("account", "Index or address of the network's account that acts; the first unless given"),
  flag("json", "Print one JSON object and nothing else"),
];

/** Of everything that can be signed and sent by somebody else. */
export const RELAYED: readonly Option[] = [
  flag("signOnly", "Sign the request and send nothing; anybody sends it with `member send`"),
  option("out", "File for the signed request; printed unless given"),
  option("deadline", "Until when the signature is valid: a date or a span (7d, 12h); 7 days unless given"),
];

/** Where a new key must agree. */
const CONSENT = [
  option("newKey", "The new key, an address"),
  option("signature", "The new key's consent: its file, or the signature itself with --deadline"),
  flag("consent", "Sign as the new key that it agrees, for the one who asked"),
];

const NUMBER = option("number", "Member number");
const EVIDENCE = option(
  "evidence",
  "For an admission policy of another make, 0x and hexadecimal digits; the project's own (open, vouched, attested, combined) look at none, and it is refused there",
);
const STATEMENT = option("statement", "File with an issuer's statement about the member (`member attest`)");

function command(
  name: keyof typeof actions,
  description: string,
  options: readonly Option[],
): TaskDefinition {
  const builder = task(["member", name], description);
  for (const { name: option, description: text, flag: isFlag } of [...options, ...EVERYWHERE]) {
    if (isFlag) builder.addFlag({ name: option, description: text });
    else builder.addOption({ name: option, description: text, defaultValue: "" });
  }
  return builder
    .setAction(async () => ({
      default: (await import("./member-actions.js"))[name] as NewTaskActionFunction,
    }))
    .build();
}

/** What a member does from a shell. */
export const memberTasks: TaskDefinition[] = [
  emptyTask("member", "What a member of a coalition does").build(),
  command("join", "Joins the roll, and says from when the vote counts", [
    option("group", "Stakeholder group, by name or index"),
    option("code", "The Code of Conduct that you accept; the project's docs/code-of-conduct.md unless given"),
    EVIDENCE,
    STATEMENT,
    ...RELAYED,
  ]),
  command("status", "Tells everything about a member, and whether they can vote on a decision, and why", [
    option("key", "A key, an address"),
    NUMBER,
    option("decision", "A proposal's id"),
  ]),
  command("qualify", "Enters a participant who meets the admission policy in the queue for the vote", [
    NUMBER,
    EVIDENCE,
    STATEMENT,
  ]),
  command("attest", "Signs, as an issuer, a statement about a key, and sends nothing", [
    option("key", "The key that the statement is about, an address"),
    option("group", "Its stakeholder group, by name or index"),
    flag("organisation", "The key is an organisation's; a person's unless given"),
    option("expires", "When the statement ends: a date or a span (90d); 30 days unless given"),
    option("id", "The statement's id, 0x and 64 hexadecimal digits; a new one at random unless given"),
    option("out", "File for the statement"),
  ]),
  command("vouch", "Vouches for a participant, or takes that back", [
    NUMBER,
    flag("withdraw", "Take the vouch back"),
    ...RELAYED,
  ]),
  command("delegate", "Delegates the vote, takes it back, or takes or declines delegations of others", [
    option("to", "Key or number of a member of the same group who takes delegations"),
    option("until", "When it ends: a date or a span; as late as possible unless given"),
    flag("takeBack", "Take the vote back"),
    option("accept", "Votes of others that you take; 0 for none"),
    option("decline", "Number of a member whose delegation you do not want"),
    ...RELAYED,
  ]),
  command("rotate", "Moves a member to a new key", [
    ...CONSENT,
    option("number", "With --consent: the member number that the new key takes over"),
    ...RELAYED,
  ]),
  command("recover", "Names guardians, and moves a number whose key was lost", [
    option("nameGuardians", "Up to 10 addresses, separated by commas; `none` for nobody"),
    option("threshold", "How many of the guardians must agree"),
    option("request", "As a guardian: the number to move to --new-key"),
    option("approve", "As a guardian: the number whose move to --new-key you approve"),
    flag("veto", "Say no to the request for your own number"),
    option("complete", "The number whose move is due; anybody may"),
    option("claim", "As the new key: the number that the members should grant you"),
    option("reason", "With --claim: file with the reasons, or their digest"),
    ...CONSENT,
    ...RELAYED,
  ]),
  command("confirm", "Confirms the membership, or marks overdue members as dormant", [
    option("markDormant", "Overdue member numbers, separated by commas; anybody may"),
    ...RELAYED,
  ]),
  command("resign", "Leaves the roll for good", [
    flag("yes", "Yes, really: the number is never used again"),
    ...RELAYED,
  ]),
  command("send", "Sends a request that somebody signed, and pays for it", [
    option("request", "File with the signed request"),
  ]),
];
