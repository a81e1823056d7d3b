import type { ErrorDescription } from "ethers";
import { STATES } from "../member/ballot.js";
import { RIGHTS, standingAt, whyNot } from "../member/standings.js";
import { counted, date } from "../member/words.js";
import { inSentence, STAGES, stageAt, stateAt } from "./motion.js";

/** A refusal of the contracts of motions as a person understands it; undefined for another contract's. */
export function motionSentence({ name, args }: ErrorDescription): string | undefined {
  switch (name) {
    case "RollRightsRefused":
      return `${args.account} ${whyNot(standingAt(args.standing), args.explanation)}; that needs the right to ${RIGHTS[Number(args.right)] ?? "speak"}.`;
    case "MotionsUnknown":
      return `No motion has the number ${args.motion}; they go up to ${args.last}.`;
    case "MotionsWrongStage":
    case "AmendmentsWrongStage":
      return `Motion ${args.motion} is ${inSentence(stageAt(args.current))}; that is done while one is ${stagesIn(args.stages)}.`;
    case "MotionsNotAuthor":
      return `Only its author, member ${args.author}, does that with motion ${args.motion}; ${args.account} is somebody else.`;
    case "MotionsOtherRevision":
      return `Motion ${args.motion} has moved on from revision ${args.revision}: it is revision ${args.current} now. Read it with "motion show ${args.motion}" first.`;
    case "MotionsNoText":
      return "A motion has a text and a purpose, and neither digest is zero.";
    case "MotionsNothingNew":
      return `That is what motion ${args.motion} says already.`;
    case "MotionsEndorsed":
      return `Member ${args.number} has endorsed motion ${args.motion} as it is already.`;
    case "MotionsNotEndorsed":
      return `Motion ${args.motion} has ${counted(args.endorsements, "endorsement")} of ${args.needed}, from ${args.groups} of ${counted(args.groupsNeeded, "stakeholder group")}; members add theirs with "motion endorse ${args.motion}".`;
    case "MotionsTheirs":
      return `The members have adopted an amendment of motion ${args.motion}: its author alone neither changes nor withdraws it any more.`;
    case "MotionsAuthorGone":
      return `Member ${args.author}, who drafted motion ${args.motion}, is not on the roll any more; it cannot be put to the vote.`;
    case "MotionsQuestionOpen":
    case "AmendmentsQuestionOpen":
      return `Amendment ${args.amendment} to motion ${args.motion} is before the members; that comes first.`;
    case "MotionsClauseMoved":
      return `The clause that action ${args.index + 1n} of motion ${args.motion} changes has moved since; anybody sends it back to its author with "motion send-back ${args.motion}".`;
    case "MotionsNothingMoved":
      return `Action ${args.index + 1n} of motion ${args.motion} changes no clause that has moved since it was written.`;
    case "MotionsNotPassed":
      return `The decision that motion ${args.motion} was put to is ${stateOf(args.current)}; a motion is sent back before it is put to the vote, or after it has passed.`;
    case "MotionsNoConsensus":
      return args.broken
        ? `Members object to the adoption of motion ${args.motion} without a vote: it goes to the vote.`
        : `Objections to motion ${args.motion} are taken until ${date(args.until)}.`;
    case "MotionActionsOther":
      return `The actions are not those of the motion: expected digest ${args.expected}, found ${args.actual}.`;
    case "MotionActionsUneven":
      return `There are ${args.targets} targets, ${args.values} values and ${args.calldatas} calldatas; allowed: as many of each.`;
    case "MotionActionsTooLong":
      return `A motion has ${args.length} ${nameIn(args.what)}, allowed: at most ${args.limit}.`;
    case "MotionActionsTargetWithoutCode":
      return `An action calls a function of ${args.target}, where the chain holds no contract.`;
    case "SilencesObjected":
      return `Member ${args.number} has objected already.`;
    case "SilencesNotOpen":
      return `Objections were taken until ${date(args.until)}.`;
    case "SilencesNoReason":
      return "An objection has a reason, and its digest is not zero.";
    default:
      return amendmentSentence({ name, args }) ?? charterSentence({ name, args });
  }
}

type Refusal = Pick<ErrorDescription, "name" | "args">;

function amendmentSentence({ name, args }: Refusal): string | undefined {
  switch (name) {
    case "AmendmentsUnknown":
      return `No amendment has the number ${args.amendment}; they go up to ${args.last}.`;
    case "AmendmentsWrongState":
      return `Amendment ${args.amendment} is ${inSentence(stateAt(args.current))}; that is done while one is ${inSentence(stateAt(args.needed))}.`;
    case "AmendmentsStale":
      return args.parent === 0n
        ? `Motion ${args.motion} has moved on: it is revision ${args.current}, and the amendment was written against ${args.base}. Write it against the text as it is now.`
        : `Amendment ${args.parent} has moved on: it is version ${args.current}, and this was written against ${args.base}. Write it against the text as it is now.`;
    case "AmendmentsOtherVersion":
      return `Amendment ${args.amendment} has moved on from version ${args.version}: it is version ${args.current} now. Read it first.`;
    case "AmendmentsTooDeep":
      return `Amendment ${args.parent} is no amendment to the text of motion ${args.motion} itself, so it cannot be amended.`;
    case "AmendmentsNoSubstitute":
      return `An amendment to amendment ${args.parent} is no substitute for the motion; leave --substitute out.`;
    case "AmendmentsNoText":
      return "An amendment has a text and a reason, and neither digest is zero.";
    case "AmendmentsNothingNew":
      return args.parent === 0n
        ? `That is what motion ${args.motion} says already.`
        : `That is what amendment ${args.parent} says already.`;
    case "AmendmentsFull":
      return args.number === 0n
        ? `Motion ${args.motion} has as many open amendments as one may, ${args.limit}; some must be settled or withdrawn first.`
        : `Member ${args.number} has as many open amendments to motion ${args.motion} as one may, ${args.limit}; withdraw one first.`;
    case "AmendmentsNotYours":
      return `Only member ${args.number} does that with amendment ${args.amendment}; ${args.account} is somebody else.`;
    case "AmendmentsTooLate":
      return `For amendment ${args.amendment} that was possible until ${date(args.until)}.`;
    case "AmendmentsNoQuestion":
      return `No amendment to motion ${args.motion} is before the members.`;
    case "AmendmentsNothingDue":
      return args.from === 0n
        ? `No amendment to motion ${args.motion} is open.`
        : `The next amendment to motion ${args.motion} has its turn from ${date(args.from)} on.`;
    case "AmendmentsUnsettled":
      return `Amendment ${args.amendment} to motion ${args.motion} is open; the members settle it first.`;
    case "AmendmentsUndecided":
      return `The decision on amendment ${args.amendment} is ${stateOf(args.current)}; it is not settled yet.`;
    case "AmendmentsSilent":
      return `Objections to amendment ${args.amendment} are taken until ${date(args.until)}.`;
    default:
      return undefined;
  }
}

function charterSentence({ name, args }: Refusal): string | undefined {
  switch (name) {
    case "CharterUnknownDocument":
      return `No document has the number ${args.document}; they go up to ${args.last}.`;
    case "CharterUnknownVersion":
      return `Document ${args.document} has no version ${args.version}; they go from 0 to ${args.last}.`;
    case "CharterClauseMoved":
      return BigInt(args.current) === 0n
        ? `Document ${args.document} has no clause ${args.clause} (any more).`
        : `Clause ${args.clause} of document ${args.document} has moved: it is ${args.current} now, and the change was written against ${args.base}.`;
    case "CharterFull":
      return `Document ${args.document} has as many clauses as it may, ${args.limit}.`;
    case "CharterNothingNew":
      return `That is what clause ${args.clause} of document ${args.document} says already.`;
    default:
      return undefined;
  }
}

const stateOf = (index: unknown) => STATES[Number(index)] ?? "pending";

/** Stages of a bit mask. */
const stagesIn = (mask: bigint) =>
  STAGES.filter((_, index) => (mask >> BigInt(index)) & 1n)
    .map(inSentence)
    .join(" or ");

/** A name that a contract gives in ASCII. */
const nameIn = (word: string) => Buffer.from(word.slice(2), "hex").toString("latin1").replace(/\W/g, "");
