import type { ErrorDescription } from "ethers";
import { date } from "../member/words.js";
import { PHASES, span } from "./cases.js";

/** A refusal of the contracts of cases as a person understands it; undefined for another contract's. */
export function conductSentence({ name, args }: ErrorDescription): string | undefined {
  switch (name) {
    case "ConductUnknownCase":
      return `No case has the number ${args.caseId}; they go from 1 to ${args.lastCase}.`;
    case "ConductWrongPhase":
      return `Case ${args.caseId} is ${phaseAt(args.phase)}${args.until === 0n ? "" : `, until ${date(args.until)}`}; that is done in another phase, see "conduct show ${args.caseId}".`;
    case "ConductNotOnRoll":
    case "PanelsNotOnRoll":
      return `${args.account} is not on the roll; join first.`;
    case "ConductNoRespondent":
      return `Nobody on the roll has the member number ${args.number}.`;
    case "ConductOwnCase":
      return "Nobody complains of themselves.";
    case "ConductRuleNotInForce":
      return BigInt(args.current) === 0n
        ? `Clause ${args.clause} of the Code of Conduct is not in force; read it with "charter show".`
        : `Clause ${args.clause} of the Code of Conduct reads otherwise now (${args.current}); read it with "charter show".`;
    case "ConductNotAuthor":
      return args.author === 0n
        ? `At place ${args.post} of list ${args.list} is no post.`
        : `The post at place ${args.post} of list ${args.list} is of member ${args.author}, and not of member ${args.respondent}.`;
    case "ConductNoText":
      return "There is a text to everything, and its digest is not zero.";
    case "ConductTried":
      return `Case ${args.caseId} is, or was, about the same; read it with "conduct show ${args.caseId}".`;
    case "ConductQuotaUsed":
      return `Member ${args.number} brought ${args.quota} complaints or emergencies, as many as one may at a time; the next is possible after ${date(args.until)}.`;
    case "ConductNotInPool":
    case "PanelsNotInPool":
      return `Member ${args.number} holds no seat of the pool that panels are drawn from.`;
    case "ConductNotTheirs":
      return `${args.account} has no part in case ${args.caseId} that could do this.`;
    case "ConductResponded":
      return `There is a response to case ${args.caseId} already; one an instance.`;
    case "ConductInvalidRuling":
      return "A ruling has reasons; consequences only where the complaint is upheld; hides a post only where the case is about one; and erases only what it hides.";
    case "ConductSuspensionTooLong":
      return `The suspension is of ${span(Number(args.suspension))}, allowed: up to ${span(Number(args.limit))}.`;
    case "ConductHeavier":
      return `The respondent appealed: nothing gets worse than the first ruling on case ${args.caseId}.`;
    case "ConductHiddenBefore":
      return `The post at place ${args.post} of list ${args.list} is hidden, or was hidden in an emergency before; once a post.`;
    case "ConductNotToErase":
      return `The ruling in effect on case ${args.caseId} does not say that the text is to be erased.`;
    default:
      return panelsSentence({ name, args });
  }
}

function panelsSentence({ name, args }: Pick<ErrorDescription, "name" | "args">): string | undefined {
  switch (name) {
    case "PanelsNoCommitment":
      return "The end of a chain is not zero.";
    case "PanelsDrawClosed":
      return args.until === 0n
        ? `No draw has the number ${args.draw}.`
        : `Numbers for draw ${args.draw} were taken until ${date(args.until)}.`;
    case "PanelsNoNumberDue":
      return `No number of member ${args.number} is due for draw ${args.draw}: it was given, or the commitment is newer than the draw, or more than ${args.limit} draws old. The last known is for draw ${args.lastDraw}.`;
    case "PanelsWrongNumber":
      return `That is not the number of member ${args.number} for draw ${args.draw}; take the secret that the commitment was made with.`;
    case "PanelsNotOnPanel":
      return `Member ${args.number} does not sit on the panel of draw ${args.draw}.`;
    default:
      return undefined;
  }
}

function phaseAt(phase: bigint): string {
  const name = PHASES[Number(phase)] ?? "none";
  return name === "before the members" || name === "closed" ? name : `in the phase "${name}"`;
}
