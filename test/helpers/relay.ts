import type { AddressLike } from "ethers";
import { FAR } from "./attacks.js";
import { type FirstBallot, outcomeOf } from "./ballots.js";
import { type Connection, foundWithDecision, type Person } from "./governor.js";

export type Setting = Awaited<ReturnType<ReturnType<typeof relayIn>["openDecision"]>>;

/** What most tests of relayed ballots start from and do, on a chain. */
export function relayIn(connection: Connection) {
  /** An open decision on which nobody has voted, and the message of a ballot that counts. */
  async function openDecision() {
    const setting = await foundWithDecision(connection, { count: 24 });
    const { members, outsiders, decision } = setting;
    await decision.start(members[0]);
    const ballot = (support: number, deadline = FAR): FirstBallot => ({
      proposalId: decision.id,
      support,
      deadline,
    });
    return { ...setting, ballot, relayer: outsiders[0], stranger: outsiders[1] };
  }

  type Opened = Awaited<ReturnType<typeof openDecision>>;
  type Batch = Parameters<Opened["governor"]["castBallots"]>;

  /** Brings a batch and tells what became of each ballot. */
  async function bring(
    { governor, decision, outsiders }: Pick<Opened, "governor" | "decision" | "outsiders">,
    groups: Batch[1],
    ballots: Batch[2] = [],
  ) {
    return outcomeOf(governor, governor.connect(outsiders[0]).castBallots(decision.id, groups, ballots));
  }

  /** The receipt of whoever holds a key. */
  async function receiptOf(
    { governor, membership, decision }: Pick<Opened, "governor" | "membership" | "decision">,
    key: AddressLike,
  ) {
    return governor.receiptOf(decision.id, await membership.numberOf(key));
  }

  return { openDecision, bring, receiptOf };
}

const addressOf = (voter: string | Person) => (typeof voter === "string" ? voter : voter.address);

/** The event of a ballot that counted. */
export const counts = (
  { decision }: Pick<Setting, "decision">,
  voter: string | Person,
  support: number,
  weight = 1n,
) => ({ voter: addressOf(voter), proposalId: decision.id, support, weight, reason: "" });

/** The event of a ballot that was passed over: at a place in the batch, for a reason. */
export const skips = (
  { decision }: Pick<Setting, "decision">,
  voter: string | Person,
  [group, index]: readonly [number, number],
  reason: bigint,
) => ({
  voter: addressOf(voter),
  proposalId: decision.id,
  group: BigInt(group),
  index: BigInt(index),
  reason,
});
