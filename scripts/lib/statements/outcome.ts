import { MinorityStatements__factory } from "../../../typechain-types/index.js";
import { describeResult, resultOf } from "../ballots/result.js";
import { cidOf } from "../content/digest.js";
import { missingText, textAt } from "../content/new-text.js";
import type { ContentStore } from "../content/store.js";
import { happeningIn } from "../elections/chronicle.js";
import { sourceAt } from "../elections/source.js";
import { readDecision } from "../member/ballot.js";
import type { Outcome } from "../member/coalition.js";
import { inPlainWords } from "../member/refusals.js";
import type { Session } from "../member/session.js";
import { counted, date, listed, momentOf } from "../member/words.js";

const FACE = MinorityStatements__factory.createInterface();

/** A statement, and who stands behind it. */
interface Filed {
  readonly statement: number;
  /** Member number of who filed it. */
  readonly number: number;
  readonly digest: string;
  /** Member numbers of all who stand behind it, who filed it first. */
  readonly signers: readonly number[];
  /** Undefined where the store does not hold it. */
  readonly text: string | undefined;
}

/** The outcome of a decision with what those said who voted against it: a table, the record and the texts. */
export async function outcomeOf(session: Session, store: ContentStore, decision: string): Promise<Outcome> {
  const id = readDecision(decision);
  const { statements } = session.coalition;
  const result = await resultOf(session, decision);
  const outcome = await inPlainWords(session, () => statements.outcomeOf(id));
  const filed = await statementsOn(session, store, id);
  const until = Number(outcome.statementsUntil);
  const window = outcome.complete
    ? `Statements were taken until ${date(until)}: the record is complete.`
    : `Statements are taken until ${date(until)}; until then the outcome has no record to cite.`;
  return {
    lines: [
      ...describeResult(result),
      "",
      `The vote closed on ${date(outcome.closedAt)}, and the decision ${outcome.passed ? "passed" : "did not pass"}: ${outcome.forVotes} For, ${outcome.againstVotes} Against, ${outcome.abstainVotes} Abstain.`,
      window,
      ...(outcome.complete ? [`  record  ${outcome.record}`] : []),
      `${counted(filed.length, "statement")} of members who voted against.`,
      ...filed.flatMap(describe),
    ],
    facts: {
      decision: result,
      passed: outcome.passed,
      forVotes: Number(outcome.forVotes),
      againstVotes: Number(outcome.againstVotes),
      abstainVotes: Number(outcome.abstainVotes),
      closedAt: momentOf(outcome.closedAt),
      statementsUntil: momentOf(until),
      complete: outcome.complete,
      record: outcome.complete ? outcome.record : undefined,
      series: `${outcome.series}`,
      statements: filed,
    },
  };
}

function describe({ statement, number, digest, signers, text }: Filed): string[] {
  const others = signers.filter((signer) => signer !== number);
  const behind = others.length === 0 ? "" : `, with ${listed(others.map((one) => `member ${one}`))}`;
  return [
    "",
    `Statement ${statement} of member ${number}${behind}: ${cidOf(digest)} (sha2-256 ${digest})`,
    "",
    // Set off, so that no statement can look like the outcome itself.
    ...(text ?? missingText(digest))
      .replace(/\n+$/, "")
      .split("\n")
      .map((line) => `  | ${line}`),
  ];
}

async function statementsOn(session: Session, store: ContentStore, id: bigint): Promise<Filed[]> {
  const source = await sourceAt(session.ethers, session.contracts);
  const topics = [FACE.getEvent("StatementFiled"), FACE.getEvent("StatementCosigned")].map(
    ({ topicHash }) => topicHash,
  );
  const decision = `0x${id.toString(16).padStart(64, "0")}`;
  const logs = await source.logs([session.contracts.statements], [topics, decision], session.fromBlock);
  const filed = new Map<number, Filed & { signers: number[] }>();
  for (const log of logs) {
    const happening = happeningIn(FACE, log);
    if (happening === undefined) continue;
    const { name, args } = happening;
    const [statement, number] = [Number(args.statement), Number(args.number)];
    if (name === "StatementCosigned") filed.get(statement)?.signers.push(number);
    else {
      const text = await textAt(store, args.digest);
      filed.set(statement, { statement, number, digest: args.digest, signers: [number], text });
    }
  }
  return [...filed.values()];
}
