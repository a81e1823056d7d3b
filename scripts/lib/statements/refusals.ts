import type { ErrorDescription } from "ethers";
import { BALLOTS, STATES } from "../member/ballot.js";
import { date } from "../member/words.js";

/** A refusal of the contract of statements as a person understands it; undefined for another contract's. */
export function statementSentence({ name, args }: ErrorDescription): string | undefined {
  switch (name) {
    case "MinorityStatementsNotDecided":
      return `The decision is ${STATES[Number(args.current)] ?? "pending"}: statements are about what was voted on, once the vote has closed.`;
    case "MinorityStatementsClosed":
      return `Statements on the decision were taken until ${date(args.until)}.`;
    case "MinorityStatementsNotAgainst":
      return `${args.account} ${votedInstead(Number(args.receipt))}; statements are for members who voted against the decision themselves.`;
    case "MinorityStatementsFiled":
      return `Member ${args.number} has filed statement ${args.statement} on this decision; one each.`;
    case "MinorityStatementsCosigned":
      return `Member ${args.number} stands behind statement ${args.statement} already.`;
    case "MinorityStatementsNoText":
      return "A statement has a text, and its digest is not zero.";
    case "MinorityStatementsUnknown":
      return `No statement has the number ${args.statement}; they go up to ${args.last}.`;
    default:
      return undefined;
  }
}

const votedInstead = (receipt: number) =>
  receipt === 0 ? "cast no ballot on it, or is not on the roll" : `voted ${BALLOTS[receipt] ?? "otherwise"}`;
