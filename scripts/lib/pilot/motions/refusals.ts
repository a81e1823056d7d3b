import { type ErrorDescription, type Interface, toQuantity } from "ethers";
import type { Attempted } from "../attempts.js";
import { NOT_REFUSED } from "../attempts.js";
import { findData } from "../refusals.js";
import type { Act } from "../roll/act.js";
import { date } from "../words.js";

/** What a receipt of the governor says of a ballot. */
const BALLOTS = ["did not vote", "voted against", "voted for", "abstained"] as const;

/** Something that must be refused. */
export interface Trial {
  /** Words for who tries it, and from which address. */
  readonly who: string;
  readonly from: string;
  readonly what: string;
  readonly to: string;
  readonly data: string;
  /** The contract's error. */
  readonly refused: string;
}

/** Tries what must be refused, as a wallet does before it sends, tells of it, and holds it against the story. */
export async function tryRefused(act: Act, faces: readonly Interface[], trial: Trial): Promise<Attempted> {
  const { provider } = act.setting.ethers;
  const { who, what, from, to, data, refused: expected } = trial;
  const block = await provider.getBlockNumber();
  const found = await refusalOf(
    () => provider.send("eth_call", [{ from, to, data }, toQuantity(block)]),
    faces,
  );
  const [verdict, code, sentence] =
    found === undefined
      ? ["NOT REFUSED", NOT_REFUSED, "The contract would have let it through."]
      : ["refused", found.name, explain(found)];
  act.same(`refused – ${who}, ${what}`, expected, code);
  await act.tell(`${verdict} – ${who}, ${what}. ${sentence}`);
  return { who, what, expected, from, to, data, block, code, sentence };
}

/** The custom error that a call ends with; undefined if it goes through. Throws what is none. */
async function refusalOf(
  call: () => Promise<unknown>,
  faces: readonly Interface[],
): Promise<ErrorDescription | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    const data = findData(error);
    for (const face of faces) {
      const description = data === undefined ? null : face.parseError(data);
      if (description !== null) return description;
    }
    throw error;
  }
}

/** A refusal for a person. */
export function explain({ name, args }: ErrorDescription): string {
  switch (name) {
    case "AmendmentsStale":
      return `It was written against revision ${args.base}, and the text is at revision ${args.current} by now.`;
    case "AmendmentsTooDeep":
      return "Amendments to the motion can be amended, and no others: there is no third level.";
    case "AmendmentsQuestionOpen":
      return `Amendment ${args.amendment} is before the members; the next has its turn when that one is settled.`;
    case "MinorityStatementsNotAgainst":
      return `Statements are for those who voted against; this member ${BALLOTS[Number(args.receipt)]}.`;
    case "CharterClauseMoved":
      return `Clause ${args.clause} no longer reads as it did when this was written: another decision has changed it since.`;
    case "ForumNotAuthor":
      return `Only its author can edit a post; this one is of member ${args.author}.`;
    case "SpeakersSuspended":
      return `The right to post is suspended by case ${args.caseId}, until ${date(args.until)}.`;
    default:
      return `The contract refuses with ${name}(${args.join(", ")}).`;
  }
}
