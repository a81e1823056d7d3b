import type { ErrorDescription } from "ethers";
import { conductSentence } from "../conduct/refusals.js";
import { electionSentence } from "../elections/refusals.js";
import { forumSentence } from "../forum/refusals.js";
import { motionSentence } from "../motions/refusals.js";
import { Problem } from "../problem.js";
import { statementSentence } from "../statements/refusals.js";
import type { Context } from "./coalition.js";
import { kindOf } from "./lookup.js";
import { policyAt, unmet } from "./policy.js";
import { decode } from "./revert.js";
import { standingAt, whyNot } from "./standings.js";
import { counted, date } from "./words.js";

/** Runs something that a contract may refuse; a refusal becomes a sentence. */
export async function inPlainWords<T>(context: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refusal = decode(error, context.coalition);
    throw refusal === undefined ? error : new Problem(await sentenceOf(refusal, context));
  }
}

/** A contract's refusal as a person understands it. */
export async function sentenceOf(refusal: ErrorDescription, context: Context): Promise<string> {
  if (refusal.name !== "MembershipAdmissionRefused") return sentence(refusal, context);
  // The error alone says who refused whom, and not what would be right.
  const { key, policy } = refusal.args;
  const number = await context.coalition.membership.numberOf(key);
  return unmet(`Member ${number} (${key})`, await policyAt(context, policy));
}

function sentence(refusal: ErrorDescription, { groups }: Pick<Context, "groups">): string {
  const { name, args } = refusal;
  const groupName = (index: bigint) => groups[Number(index)] ?? `group ${index}`;
  switch (name) {
    case "MembershipAlreadyMember":
      return `${args.key} is on the roll already, as member ${args.number}; one key is one member.`;
    case "MembershipKeyBarred":
      return `The members ended the membership of ${args.key} (number ${args.number}) and have not pardoned it, so it cannot come back.`;
    case "MembershipNotMember":
    case "RollDeskNotMember":
    case "VouchedAdmissionNotMember":
      return `${args[0]} is not on the roll.`;
    case "MembershipUnknownNumber":
    case "RollDeskUnknownNumber":
      return `Nobody holds member number ${args.number} (any more).`;
    case "MembershipUnknownGroup":
      return `There is no group ${args.group}; the groups are numbered 0 to ${args.count - 1n}.`;
    case "MembershipWrongCodeDigest":
      return `The Code of Conduct that was accepted (${args.given}) is not the version in force (${args.inForce}).`;
    case "MembershipNotQualifiable":
      return args.pauses === 0n
        ? `Member ${args.number} is in the queue for the vote already, or votes.`
        : `The vote of member ${args.number} rests for another reason; see "member status".`;
    case "ElectorateLedgerFull":
      return `The roll is full: ${counted(args.living, "member")} of at most ${args.limit}. Somebody has to leave before anybody joins, or enters the queue for the vote.`;
    case "ElectorateLedgerQueueTooLong":
      return `The queue for the vote has no place left: its next boundary would be ${args.boundary} seconds after 1970, and the last possible is ${args.limit}.`;
    case "RollDeskRefused":
    case "VouchedAdmissionNotAVoter":
      return `${args.key} ${whyNot(standingAt(args.standing), args.explanation)}.`;
    case "RollDeskParameterOutOfRange":
      return `A value is out of its range: ${args.value}, allowed: ${args.min} to ${args.max}.`;
    case "SignedRequestsExpired":
      return `The signed request was valid until ${date(args.deadline)}; have a new one signed.`;
    case "SignedRequestsInvalidSignature":
      return `The signature is not one of ${args.key} for just this request; have a new one signed.`;
    case "InvalidAccountNonce":
      return `The request has been used, or another one of ${args.account} came first; have a new one signed.`;
    case "DelegationsOtherGroup":
      return `Votes are delegated within a group: yours is ${groupName(args.delegatorGroup)}, theirs is ${groupName(args.delegateGroup)}.`;
    case "DelegationsFull":
      return args.limit === 0n
        ? `Member ${args.number} takes no delegations.`
        : `Member ${args.number} takes no more than ${counted(args.limit, "vote")}, and has them.`;
    case "DelegationsEndOutOfRange":
      return `A delegation cannot end on ${date(args.ends)}; allowed: ${date(args.min)} to ${date(args.max)}.`;
    case "DelegationsZeroDelegate":
      return "Nobody (the zero address) is no delegate; to take the vote back, delegate to yourself.";
    case "DelegationsNotReceived":
      return args.delegate === 0n
        ? `Member ${args.number} has delegated the vote to nobody.`
        : `Member ${args.number} has delegated the vote to member ${args.delegate}, who alone can decline it.`;
    case "AffiliationsUnderChallenge":
      return `The affiliation of member ${args.number} is challenged by enough others (challenge ${args.id}); the members decide on it.`;
    case "ConfirmationsNoneOverdue":
      return "Nobody among these members is overdue; a confirmation may have come meanwhile.";
    case "VouchedAdmissionNotAParticipant":
      return `Member ${args.number} is no participant: nobody need vouch for them.`;
    case "VouchedAdmissionTwice":
      return `You vouch for member ${args.candidate} already.`;
    case "VouchedAdmissionNoSlot":
      return args.freeFrom === 0n
        ? "All your vouches are given; take one back first."
        : `All your vouches are given or cool down; the next is free from ${date(args.freeFrom)} on.`;
    case "VouchedAdmissionNoRoom":
      return `Member ${args.candidate} needs no more vouches, or none of ${groupName(args.group)}: the places left are for other groups.`;
    case "VouchedAdmissionNoVouch":
      return `You do not vouch for member ${args.candidate}.`;
    case "AttestedAdmissionExpired":
      return `The statement was valid until ${date(args.expires)}; it is ${date(args.current)}. Ask the issuer for a new one.`;
    case "AttestedAdmissionNotAccredited":
      return `The members have not accredited ${args.issuer} to attest ${kindOf(args.organisation)} of ${groupName(args.group)}, or no longer; ask an issuer whom they have.`;
    case "AttestedAdmissionRevoked":
      return `The statement ${args.id} of ${args.issuer} was revoked; ask for a new one.`;
    case "AttestedAdmissionUsed":
      return `The statement ${args.id} of ${args.issuer} is used up: it has served member number ${args.number}. Ask for one of your own.`;
    case "AttestedAdmissionNotMember":
      return `The statement is about ${args.account}, which is not on the roll.`;
    case "AttestedAdmissionOtherMember":
      return `The statement speaks of another group or kind: member ${args.number} is ${kindOf(args.organisation)} of ${groupName(args.group)}. Ask for one that says so.`;
    case "AttestedAdmissionStanding":
      return `Member ${args.number} has a statement that admits (${args.id} of ${args.issuer}); only the member puts another in its place.`;
    case "AgendaNotPending":
      return "The vote on the decision has opened, or it was withdrawn: there is nothing to endorse any more.";
    case "AgendaAdmitted":
      return "The decision has the endorsements that it needs.";
    case "AgendaAlreadyEndorsed":
      return `Member ${args.number} has endorsed the decision already.`;
    case "AgendaEndorserRefused":
      return `${args.endorser} ${whyNot(standingAt(args.standing), args.explanation)}; who may not propose may not endorse.`;
    case "AgendaProposerGone":
      return `${args.proposer}, who proposed the decision, is not on the roll any more; it cannot open.`;
    case "AgendaFull":
      return `Member ${args.number}, who proposed the decision, has ${args.places} before the members, as many as one may have; the next place is free on ${date(args.free)}.`;
    case "CombinedAdmissionGasTooLow":
      return `The part ${args.policy} of the admission policy was left ${args.gasLeft} gas, and may need ${args.needed}; send it with more.`;
    case "KeyRecoveryOrganisation":
      return `Member ${args.number} is an organisation: it names no guardians, its owner replaces the representative.`;
    case "KeyRecoveryInvalidGuardian":
      return `${args.guardian} cannot be a guardian: another address than zero and your own, and each once.`;
    case "KeyRecoveryNotGuardian":
      return `${args.account} is no guardian of member ${args.number}.`;
    case "KeyRecoveryNotHolder":
      return `${args.account} does not hold member number ${args.number}.`;
    case "KeyRecoveryPending":
      return `A recovery of member ${args.number} by ${args.newKey} is under way already and waits for its moment.`;
    case "KeyRecoveryTooSoon":
      return `${args.guardian} can start a request for member ${args.number} again from ${date(args.from)} on.`;
    case "KeyRecoveryGuarded":
      return `Member ${args.number} has named guardians (${args.guardians}), so recovery is theirs: one of them gives "member recover --request ${args.number}".`;
    case "KeyRecoveryNoClaim":
      return `${args.newKey} does not claim member number ${args.number}, or the number changed keys, or was left, since; its holder gives "member recover --claim ${args.number}".`;
    case "KeyRecoveryNoRequest":
      return `There is no such request for member ${args.number}: none was made, or it is over.`;
    case "KeyRecoveryAlreadyApproved":
      return `${args.guardian} has approved already.`;
    case "KeyRecoveryNotReady":
      return args.readyAt === 0n
        ? "Approvals of guardians are missing still."
        : `The recovery can be completed from ${date(args.readyAt)} on.`;
    default:
      return (
        electionSentence(refusal) ??
        motionSentence(refusal) ??
        statementSentence(refusal) ??
        forumSentence(refusal) ??
        conductSentence(refusal) ??
        `The contract refuses with ${name}(${args.join(", ")}).`
      );
  }
}
