import { toQuantity, type Wallet } from "ethers";
import type { Stage } from "./performance.js";
import { callOf, type Proposal } from "./proposals.js";
import { decode, explain, type Refusal, type Setting } from "./refusals.js";
import { type Actor, type Attempt, SIDES } from "./types.js";

/** An attempt, what came of it, and how anyone can try it again: as an `eth_call` at the block. */
export interface Attempted extends Refusal {
  readonly who: string;
  readonly what: string;
  /** The refusal that the story expects. */
  readonly expected: string;
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly block: number;
}

/** In place of an error's name, for an attempt that went through. */
export const NOT_REFUSED = "not refused";

/** Tries what must be refused, as a wallet does before it sends: nothing is sent, and the contract says why not. */
export async function tryOut(
  stage: Stage,
  attempt: Attempt,
  proposal: Proposal | undefined,
): Promise<Attempted> {
  const { provider } = stage.ethers;
  const { wallet, who } = actor(stage, attempt.as);
  const { to, data } = await request(stage, attempt, proposal);
  const block = await provider.getBlockNumber();
  const what = attempt.on === undefined ? attempt.what : `${attempt.what}: ${attempt.on}`;
  const tried = { who, what, expected: attempt.refused, from: wallet.address, to, data, block };
  try {
    await provider.send("eth_call", [{ from: wallet.address, to, data }, toQuantity(block)]);
  } catch (error) {
    return { ...tried, ...explain(decode(error, stage.coalition), await settingOf(stage, proposal)) };
  }
  return { ...tried, code: NOT_REFUSED, sentence: "The contract would have let it through." };
}

function actor({ keys }: Stage, as: Actor): { wallet: Wallet; who: string } {
  if (as === "outsider") return { wallet: keys.outsider, who: "an outsider" };
  if (as.oldKey) return { wallet: keys.oldKeyOf(as.member), who: `the old key of member ${as.member}` };
  return { wallet: keys.member(as.member), who: `member ${as.member}` };
}

async function request(
  { story, coalition }: Stage,
  { what, on = "", accepting }: Attempt,
  proposal: Proposal | undefined,
): Promise<{ to: string; data: string }> {
  const { governor, membership } = coalition;
  if (what === "join") {
    const digest = accepting ?? (await membership.codeOfConduct()).digest;
    const data = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
    return { to: await membership.getAddress(), data };
  }
  const to = await governor.getAddress();
  if (what === "propose") {
    const [targets, values, calldatas] = await callOf(coalition, story.decisions[on]);
    const text = story.decisions[on].text;
    return { to, data: governor.interface.encodeFunctionData("propose", [targets, values, calldatas, text]) };
  }
  if (proposal === undefined) throw new Error(`${on} was not proposed`);
  const data =
    what === "vote"
      ? governor.interface.encodeFunctionData("castVote", [proposal.id, SIDES.indexOf("for")])
      : governor.interface.encodeFunctionData("execute", proposal.call);
  return { to, data };
}

/** The dates that help to understand a refusal. */
export async function settingOf({ coalition }: Stage, proposal: Proposal | undefined): Promise<Setting> {
  if (proposal === undefined) return {};
  const { governor } = coalition;
  const due = Number(await governor.proposalEta(proposal.id));
  return {
    opened: Number(await governor.proposalSnapshot(proposal.id)),
    closed: Number(await governor.proposalDeadline(proposal.id)),
    ...(due > 0 && { due }),
  };
}
