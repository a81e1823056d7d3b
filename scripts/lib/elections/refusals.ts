import type { ErrorDescription } from "ethers";
import { RIGHTS, standingAt, whyNot } from "../member/standings.js";
import { date, listed } from "../member/words.js";
import { PHASES, phaseAt } from "./election.js";

/** `IBallotBox.Flaw`, in its order. */
const FLAWS = [
  "nothing is wrong with it",
  "it was not signed by the voter, or not for just this",
  "its signature has expired",
  "its nonce is not the next one",
  "the voter may not vote in this election",
  "there is a ballot of this member already",
  "the member's ballot was cast in person, which no signature replaces",
  "it names nobody",
  "it names somebody who is no candidate",
  "it names more candidates than there are seats, or one of them twice",
  "there is no sealed ballot of the member, or it was opened already",
  "it is not what was sealed: the salt, or the ballot, belongs to another one",
] as const;

/** What is done in each phase, as the middle of a sentence. */
const DOINGS: Readonly<Record<(typeof PHASES)[number], string>> = {
  none: "there is no such election",
  nomination: "members are nominated and seconded",
  acceptance: "nominees accept and are seconded",
  objection: "members object to candidates",
  voting: "ballots are taken",
  reveal: "sealed ballots are opened",
  certification: "ballots are counted",
  finishing: "winners can be seated",
  finished: "it is over",
};

/** A refusal of the contracts of elections as a person understands it; undefined for another contract's. */
export function electionSentence({ name, args }: ErrorDescription): string | undefined {
  switch (name) {
    case "CandidaciesWrongPhase": {
      const current = phaseAt(args.current);
      if (current === "none") return `No election has the number ${args.electionId}.`;
      const phases = PHASES.slice(Number(args.first), Number(args.last) + 1);
      const when = phases.length === 1 ? `phase of ${phases[0]}` : `phases ${phases.join(", ")}`;
      return `That is done in the ${when}; election ${args.electionId} is in the phase of ${current}: ${DOINGS[current]}.`;
    }
    case "CandidaciesRefused": {
      const right = RIGHTS[Number(args.right)] ?? "speak";
      const why = whyNot(standingAt(args.standing), args.explanation);
      return right === "speak"
        ? `${args.account} ${why}.`
        : `${args.account} ${why}; in an election only those ${right}, or second, who could when it was announced.`;
    }
    case "CandidaciesTermLimit":
      return `Member ${args.number} has held office ${args.office} as many terms in a row as one may.`;
    case "CandidaciesNominated":
      return `Member ${args.number} is nominated already; "election accept" is the next step.`;
    case "CandidaciesNotNominated":
      return `Member ${args.number} is not nominated in election ${args.electionId}, or withdrew, or was struck off.`;
    case "CandidaciesAccepted":
      return `Member ${args.number} has accepted already.`;
    case "CandidaciesNoStatement":
      return "A statement has a digest: 0x and 64 hexadecimal digits, and not zero.";
    case "CandidaciesOwnSecond":
      return `Nobody seconds themselves; member ${args.number} needs others.`;
    case "CandidaciesSeconded":
      return `Member ${args.by} has seconded member ${args.number} already.`;
    case "CandidaciesLimit":
      return `Member ${args.by} has seconded as many as one may in an election, ${args.limit}.`;
    case "CandidaciesFull":
      return `The ballot of election ${args.electionId} is full: ${args.limit} candidates.`;
    case "BallotBoxClosed":
      return args.opens === 0n
        ? `No ballots of election ${args.electionId} are taken here.`
        : `Ballots of election ${args.electionId} are taken from ${date(args.opens)} to before ${date(args.closes)}.`;
    case "BallotBoxNotOpening":
      return args.closes === 0n
        ? `The ballots of election ${args.electionId} are not sealed; there is nothing to open.`
        : `Sealed ballots of election ${args.electionId} are opened from ${date(args.closes)} to before ${date(args.countsFrom)}.`;
    case "BallotBoxFlawed":
      return `The ballot of member ${args.number} cannot be taken: ${FLAWS[Number(args.flaw)] ?? "it is flawed"}.`;
    case "BallotBoxRefused":
      return `${args.voter} ${whyNot(standingAt(args.standing), args.explanation)}; in an election those vote who could when it was announced.`;
    case "BallotBoxTooEarly":
      return args.countsFrom === 0n
        ? `No election has the number ${args.electionId}.`
        : `The ballots of election ${args.electionId} are counted from ${date(args.countsFrom)} on.`;
    case "BallotBoxNotCounted":
      return `Election ${args.electionId} is not counted yet; anybody counts it with "election count --election ${args.electionId}".`;
    case "RankedBallotsBudget":
      return `A transaction reads 1 to ${args.max} words of ballots, not ${args.budget}.`;
    default:
      return undefined;
  }
}

/** What is done in a phase. */
export const doingOf = (phase: (typeof PHASES)[number]) => DOINGS[phase];

/** Numbers of members in words. */
export const membersIn = (numbers: readonly number[]) =>
  numbers.length === 0 ? "nobody" : listed(numbers.map((number) => `member ${number}`));
