import type { Act } from "../member/act.js";
import { by } from "../member/act-parts.js";
import { readDecision } from "../member/ballot.js";
import { eventIn, memberOf, nameOf } from "../member/lookup.js";
import { counted, date } from "../member/words.js";
import { Problem } from "../problem.js";

/** What a member signs to file a statement; the decision's id as decimal digits. */
export type FileMessage = { readonly account: string; readonly proposalId: string; readonly digest: string };
/** What a member signs to stand behind a statement. */
export type CosignMessage = { readonly account: string; readonly statement: number };

/** Files a statement on a decision. */
export const FILE_STATEMENT: Act<FileMessage> = {
  name: "file statement",
  desk: "statements",
  type: "FileStatement",
  fields: [
    { name: "account", type: "address" },
    { name: "proposalId", type: "uint256" },
    { name: "digest", type: "bytes32" },
  ],
  by,
  async check({ coalition }, { proposalId }) {
    if ((await coalition.governor.proposalSnapshot(readDecision(proposalId))) === 0n) {
      throw new Problem(`No decision has the id ${proposalId}.`);
    }
  },
  direct: ({ coalition }, { proposalId, digest }) =>
    coalition.statements.file.populateTransaction(proposalId, digest),
  relayed: ({ coalition }, { account, proposalId, digest }, { deadline, signature }) =>
    coalition.statements.fileBySig.populateTransaction(account, proposalId, digest, deadline, signature),
  async tell(context, { account, proposalId, digest }, receipt) {
    const { contracts, coalition } = context;
    const event = eventIn(receipt, contracts.statements, coalition.statements.interface, "StatementFiled");
    const statement = Number(event?.statement);
    const member = await memberOf(context, account);
    const until = Number(event?.until);
    return {
      lines: [
        `${nameOf(context, member)} filed statement ${statement}. Others who voted against stand behind it until ${date(until)}, with "statement cosign ${statement}".`,
      ],
      facts: { statement, decision: proposalId, number: member.number, digest, until },
    };
  },
};

/** Stands behind a statement. */
export const COSIGN: Act<CosignMessage> = {
  name: "cosign statement",
  desk: "statements",
  type: "Cosign",
  fields: [
    { name: "account", type: "address" },
    { name: "statement", type: "uint256" },
  ],
  by,
  async check({ coalition }, { statement }) {
    const last = Number(await coalition.statements.lastStatement());
    if (statement >= 1 && statement <= last) return;
    throw new Problem(
      last === 0
        ? "No statement was filed yet."
        : `No statement has the number ${statement}; they go from 1 to ${last} by now.`,
    );
  },
  direct: ({ coalition }, { statement }) => coalition.statements.cosign.populateTransaction(statement),
  relayed: ({ coalition }, { account, statement }, { deadline, signature }) =>
    coalition.statements.cosignBySig.populateTransaction(statement, { account, deadline, signature }),
  async tell(context, { account, statement }) {
    const member = await memberOf(context, account);
    const { signers } = await context.coalition.statements.statementOf(statement);
    return {
      lines: [
        `${nameOf(context, member)} stands behind statement ${statement}: ${counted(signers, "member")} by now.`,
      ],
      facts: { statement, number: member.number, signers: Number(signers) },
    };
  },
};

/** Everything about statements that a member can have signed and brought by somebody else. */
export const STATEMENT_ACTS = [FILE_STATEMENT, COSIGN] as readonly Act[];
