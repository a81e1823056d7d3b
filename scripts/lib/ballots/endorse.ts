import type { Act } from "../member/act.js";
import { readDecision, STATES } from "../member/ballot.js";
import type { Context } from "../member/coalition.js";
import { memberOf, nameOf } from "../member/lookup.js";
import { judge, whyNot } from "../member/standings.js";
import { counted } from "../member/words.js";
import { Problem } from "../problem.js";

/** What a member signs to endorse a decision; its id as decimal digits. */
export type EndorseMessage = { readonly account: string; readonly proposalId: string };

/** What a decision needs before it opens, and has. */
export interface Endorsements {
  readonly count: number;
  readonly needed: number;
  /** Names of the stakeholder groups that they come from. */
  readonly groups: readonly string[];
  readonly groupsNeeded: number;
  readonly admitted: boolean;
}

/** Endorses a decision, so that it opens for the vote. */
export const ENDORSE: Act<EndorseMessage> = {
  name: "endorse",
  desk: "agenda",
  type: "Endorse",
  fields: [
    { name: "account", type: "address" },
    { name: "proposalId", type: "uint256" },
  ],
  by: async (_, { account }) => account,

  async check(context, { account, proposalId }) {
    const { agenda, governor } = context.coalition;
    const id = readDecision(proposalId);
    if ((await governor.proposalSnapshot(id)) === 0n)
      throw new Problem(`No decision has the id ${proposalId}.`);
    const state = STATES[Number(await governor.state(id))];
    if (await agenda.isAdmitted(id)) throw new Problem("The decision has the endorsements that it needs.");
    if (state !== "pending") {
      throw new Problem(
        `The decision is ${state}: only before the vote opens is there something to endorse.`,
      );
    }
    const { standing, explanation, number } = await judge(context, account, "propose", context.now);
    if (standing !== "granted") {
      throw new Problem(`${account} ${whyNot(standing, explanation)}; who may not propose may not endorse.`);
    }
    if (await agenda.hasEndorsed(id, number)) {
      throw new Problem(`Member ${number} has endorsed the decision already.`);
    }
  },

  direct: ({ coalition }, { proposalId }) => coalition.agenda.endorse.populateTransaction(proposalId),

  relayed: ({ coalition }, { account, proposalId }, { deadline, signature }) =>
    coalition.agenda.endorseBySig.populateTransaction(account, proposalId, deadline, signature),

  async tell(context, { account, proposalId }) {
    const member = await memberOf(context, account);
    const endorsements = await endorsementsOf(context, BigInt(proposalId));
    return {
      lines: [`${nameOf(context, member)} endorses the decision.`, sentenceOn(endorsements)],
      facts: { decision: proposalId, number: member.number, endorsements },
    };
  },
};

/** Who stands behind a decision so far. */
export async function endorsementsOf(
  { coalition: { agenda, governor }, groups }: Context,
  id: bigint,
): Promise<Endorsements> {
  const [count, bits] = await agenda.endorsementsOf(id);
  const [, rules] = await governor.proposalRules(id);
  return {
    count: Number(count),
    needed: Number(rules.endorsements),
    groups: groups.filter((_, group) => (bits >> BigInt(group)) & 1n),
    groupsNeeded: Number(rules.endorsementGroups),
    admitted: await agenda.isAdmitted(id),
  };
}

/** The same for a person. */
export function sentenceOn({ count, needed, groups, groupsNeeded, admitted }: Endorsements): string {
  if (needed === 0) return "Decisions of its class open without endorsements.";
  const from = groups.length === 0 ? "" : ` (${groups.join(", ")})`;
  const has = `It has ${counted(count, "endorsement")} of ${needed}, from ${groups.length} of ${counted(groupsNeeded, "stakeholder group")}${from}`;
  return admitted ? `${has}, and opens for the vote.` : `${has}; without them it does not open for the vote.`;
}
