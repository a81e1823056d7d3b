import { AbiCoder, type Addressable, keccak256, sha256, toUtf8Bytes, ZeroHash } from "ethers";
import type { Amendments, Motions } from "../../typechain-types/index.js";
import { type Action, type Coalition, type Connection, Decision, type Person, Support } from "./governor.js";

/** `IMotions.Stage`. */
export const Stage = {
  Draft: 0n,
  Tabled: 1n,
  Closed: 2n,
  Silence: 3n,
  PutToVote: 4n,
  Decided: 5n,
  Withdrawn: 6n,
  Lapsed: 7n,
} as const;

/** `IAmendments.State`. */
export const AmendmentState = {
  Open: 0n,
  Stale: 1n,
  Silence: 2n,
  PutToVote: 3n,
  Adopted: 4n,
  Accepted: 5n,
  Rejected: 6n,
  Withdrawn: 7n,
  Lapsed: 8n,
} as const;

/** Some stages as the errors name them: a bit each. */
export const stagesOf = (...stages: bigint[]) => stages.reduce((mask, stage) => mask | (1n << stage), 0n);

/** The digest of a text, as it stands on chain. */
export const digestOf = (text: string) => sha256(toUtf8Bytes(text));

/** `MotionActions.List`. */
export interface ActionList {
  targets: (string | Addressable)[];
  values: bigint[];
  calldatas: string[];
}

export const NO_ACTIONS: ActionList = { targets: [], values: [], calldatas: [] };

export const listOf = (actions: readonly Action[]): ActionList => ({
  targets: actions.map(({ target }) => target),
  values: actions.map(({ value = 0n }) => value),
  calldatas: actions.map(({ data = "0x" }) => data),
});

/** The digest of actions, as `MotionActions.digest` has it. */
export async function actionsDigest({ targets, values, calldatas }: ActionList): Promise<string> {
  if (targets.length === 0) return ZeroHash;
  const addresses = await Promise.all(
    targets.map((target) => (typeof target === "string" ? target : target.getAddress())),
  );
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(["address[]", "uint256[]", "bytes[]"], [addresses, values, calldatas]),
  );
}

/** `IMotions.Content` of a text, with actions if it has any. */
export const contentOf = (text: string, actions: ActionList = NO_ACTIONS, purpose = "purpose") => ({
  text: digestOf(text),
  purpose: digestOf(purpose),
  actions,
});

/** `IAmendments.Change` that makes this of the text. */
export const changeOf = (
  base: bigint | number,
  text: string,
  { actions = NO_ACTIONS, substitute = false, reason = "reason" } = {},
) => ({ base, text: digestOf(text), reason: digestOf(reason), substitute, actions });

/** Drafts and tables a motion. */
export async function tabled(motions: Motions, author: Person, text: string, actions = NO_ACTIONS) {
  const content = contentOf(text, actions);
  await motions.connect(author).draft(content);
  const motion = await motions.lastMotion();
  await motions.connect(author).table(motion, 1);
  return motion;
}

/** Moves an amendment to a motion, or to another amendment. */
export async function moved(
  amendments: Amendments,
  mover: Person,
  motion: bigint,
  change: ReturnType<typeof changeOf>,
  parent: bigint = 0n,
) {
  await amendments.connect(mover).move(motion, parent, change);
  return amendments.lastAmendment();
}

/** What a decision is called that a motion or an amendment is put to. */
export async function describedBy(motions: Motions, subject: string, text: string): Promise<string> {
  const proposer = (await motions.getAddress()).toLowerCase();
  return `${subject}: text sha2-256 ${text} #proposer=${proposer}`;
}

/** The decision that a motion was put to, or would be. */
export async function decisionOfMotion(
  connection: Connection,
  coalition: Coalition,
  motion: bigint,
  actions: ActionList = NO_ACTIONS,
): Promise<Decision> {
  const { motions, resolutions } = coalition;
  const { revision, text } = await motions.motionOf(motion);
  const description = await describedBy(motions, `Motion ${motion}, revision ${revision}`, text);
  const list =
    actions.targets.length === 0
      ? [{ target: resolutions, data: resolutions.interface.encodeFunctionData("record", [text]) }]
      : actions.targets.map((target, index) => ({
          target,
          value: actions.values[index] as bigint,
          data: actions.calldatas[index] as string,
        }));
  const decision = new Decision(connection, coalition, list, description);
  await decision.identify();
  return decision;
}

/** The decision that an amendment was put to, or would be. */
export async function decisionOfAmendment(
  connection: Connection,
  coalition: Coalition,
  amendment: bigint,
): Promise<Decision> {
  const { motions, amendments } = coalition;
  const { motion, text } = await amendments.amendmentOf(amendment);
  const description = await describedBy(motions, `Amendment ${amendment} to motion ${motion}`, text);
  const action = {
    target: amendments,
    data: amendments.interface.encodeFunctionData("adopt", [amendment]),
  };
  const decision = new Decision(connection, coalition, [action], description);
  await decision.identify();
  return decision;
}

/** Carries a decision that was put to the vote through to its execution, by the ballots of these. */
export async function carry(decision: Decision, voters: readonly Person[]): Promise<void> {
  await decision.open();
  await decision.voteAll(voters, Support.For);
  await decision.close();
  const caller = voters[0] as Person;
  await decision.queue(caller);
  await decision.mature();
  await decision.execute(caller);
}

/** Lets a decision that was put to the vote fail, by the ballots of these. */
export async function refuse(decision: Decision, voters: readonly Person[]): Promise<void> {
  await decision.open();
  await decision.voteAll(voters, Support.Against);
  await decision.close();
}
