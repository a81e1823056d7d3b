import { Problem } from "../problem.js";
import type { Act } from "./act.js";
import type { Context } from "./coalition.js";
import { eventIn, requireNewcomer } from "./lookup.js";
import { includes, policyInForce } from "./policy.js";
import { date, momentOf } from "./words.js";

/** What somebody signs to join. */
export type JoinMessage = {
  readonly account: string;
  readonly group: number;
  readonly codeDigest: string;
  /** For the admission policy. */
  readonly evidence: string;
};

/** Joins the roll. */
export const JOIN: Act<JoinMessage> = {
  name: "join",
  desk: "requests",
  type: "Join",
  fields: [
    { name: "account", type: "address" },
    { name: "group", type: "uint8" },
    { name: "codeDigest", type: "bytes32" },
    { name: "evidence", type: "bytes" },
  ],
  by: async (_, { account }) => account,

  async check(context, { account, group, codeDigest }) {
    await requireNewcomer(context, account);
    groupOf(context, `${group}`);
    const { digest } = await context.coalition.membership.codeOfConduct();
    if (codeDigest !== digest) {
      throw new Problem(
        `The request accepts a Code of Conduct with digest ${codeDigest}; in force is ${digest}. Join with the text in force.`,
      );
    }
  },

  direct: ({ coalition }, { group, codeDigest, evidence }) =>
    coalition.membership.join.populateTransaction(group, codeDigest, evidence),

  relayed: ({ coalition }, { account, group, codeDigest, evidence }, { deadline, signature }) =>
    coalition.requests.joinBySig.populateTransaction(
      account,
      group,
      codeDigest,
      evidence,
      deadline,
      signature,
    ),

  async tell(context, { account, group }, receipt) {
    const { contracts, coalition, groups } = context;
    const joined = eventIn(receipt, contracts.membership, coalition.membership.interface, "MemberJoined");
    const [number, votesFrom] = [Number(joined?.number), Number(joined?.votesFrom)];
    const facts = { number, key: account, group: { index: group, name: groups[group] } };
    const welcome = `${account} is member ${number}, ${groups[group]}, and may speak from now on.`;
    if (votesFrom !== 0) {
      return {
        lines: [
          welcome,
          `The vote matures on ${date(votesFrom)}, and counts in decisions opened from then on.`,
        ],
        facts: { ...facts, participant: false, votesFrom: momentOf(votesFrom) },
      };
    }
    const policy = await policyInForce(context);
    return {
      lines: [
        welcome,
        `As a participant, without a vote yet: the admission policy in force (${policy.name}) wants ${policy.wants}.`,
        `When it is met, anybody enters the member in the vote's queue: member qualify --number ${number}`,
        ...(includes(policy, "attested")
          ? [
              `An issuer's statement is brought there too: member qualify --number ${number} --statement <file>`,
            ]
          : []),
      ],
      facts: { ...facts, participant: true, policy },
    };
  },
};

/** The index of a stakeholder group that a person gave by name or index. */
export function groupOf({ groups }: Pick<Context, "groups">, text: string): number {
  const wanted = text.trim().toLowerCase();
  const named = groups.findIndex((name) => name.toLowerCase() === wanted);
  const index = named < 0 && /^\d$/.test(wanted) ? Number(wanted) : named;
  if (index >= 0 && index < groups.length) return index;
  const known = groups.map((name, at) => `${name} (${at})`).join(", ");
  throw new Problem(`--group is "${text}", allowed: ${known}`);
}
