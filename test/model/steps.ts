import type { Action, BallotCast, Decisions, Proposal } from "./decisions.js";
import { type JoinRequest, Refusal, type RotateRequest, type Signed } from "./roll.js";

/** What a step does, without who does it. */
export type Deed =
  | { do: "join"; group: number; code: string }
  | { do: "joinBySig"; request: JoinRequest; signature: Signed<JoinRequest> }
  | { do: "resign" }
  | { do: "rotateKey"; newKey: string; deadline: number; signature: Signed<RotateRequest> }
  | { do: "decree"; action: Action }
  | { do: "propose"; proposal: Proposal }
  | { do: "queue"; id: bigint }
  | { do: "execute"; id: bigint }
  | { do: "cancel"; id: bigint }
  | { do: "ballot"; how: "plain" | "reason" | "params"; cast: BallotCast }
  | { do: "ballotBySig"; how: "plain" | "extended"; cast: BallotCast };

/** One call by one key. */
export type Step = { by: string; deed: Deed };

/**
 * Lets the model take a step. Answers what the call returns, if anything; throws a {@link Refusal}, and changes
 * nothing, if it is refused.
 */
export function take(step: Step, decisions: Decisions, timelock: string, now: number): bigint | undefined {
  const { by, deed } = step;
  const { roll } = decisions;
  switch (deed.do) {
    case "join":
      return BigInt(roll.join(by, deed.group, deed.code, now));
    case "joinBySig": {
      const { account, group, code, deadline } = deed.request;
      return BigInt(roll.joinBySig(account, group, code, deadline, deed.signature, now));
    }
    case "resign":
      roll.resign(by, now);
      return undefined;
    case "rotateKey":
      roll.rotateKey(by, deed.newKey, deed.deadline, deed.signature, now);
      return undefined;
    case "decree":
      if (by !== timelock) refuseDecree(deed.action, by, decisions, timelock);
      decisions.perform(deed.action, now);
      return undefined;
    case "propose":
      return decisions.propose(by, deed.proposal, now);
    case "queue":
      decisions.queue(deed.id, now);
      return deed.id;
    case "execute":
      decisions.execute(deed.id, now);
      return deed.id;
    case "cancel":
      decisions.cancel(by, deed.id, now);
      return deed.id;
    case "ballot":
    case "ballotBySig":
      decisions.castBallot(deed.cast, now);
      return 1n;
  }
}

/** What belongs to the members together is refused to everyone alone. */
function refuseDecree(action: Action, by: string, decisions: Decisions, timelock: string): never {
  if (action.do === "setRules") throw new Refusal("GovernorOnlyExecutor", by);
  if (action.do !== "updateDelay") throw new Refusal("MembershipUnauthorized", by, timelock);
  decisions.requireDelay(action.delay);
  throw new Refusal("TimelockUnauthorizedCaller", by);
}

/** A step as a line to read. */
export function describeStep({ by, deed }: Step): string {
  return `${by} ${JSON.stringify(deed, (_, value) =>
    typeof value === "bigint" ? `${value}n` : typeof value === "string" ? shortened(value) : value,
  )}`;
}

function shortened(text: string): string {
  return text.length <= 66 ? text : `${text.slice(0, 20)}… (${text.length})`;
}
