import { table } from "../../scripts/checks/table.js";

/**
 * What a run must have met, and how often at the least, for its agreement to mean something: refusals and sights, and
 * steps that were done. About a quarter of what a usual seed meets, less where that varies much.
 */
const MINIMUMS: Readonly<Record<string, number>> = {
  AffiliationsBatchSize: 8,
  AffiliationsNotAffiliated: 20,
  AffiliationsNotOrganisation: 40,
  AffiliationsNotOwner: 16,
  AffiliationsNotPerson: 4,
  AffiliationsOwnRepresentative: 20,
  AffiliationsSameOwner: 4,
  AffiliationsUnchanged: 13,
  ClaimsAlreadySupported: 5,
  ClaimsNotPerson: 4,
  ClaimsOtherClaim: 6,
  ClaimsOwnClaim: 6,
  ClaimsTooEarly: 4,
  ClaimsUnchanged: 110,
  ClaimsUnexpectedState: 130,
  CoalitionGovernorBallotCastInPerson: 100,
  CoalitionGovernorBallotRefused: 200,
  CoalitionGovernorParamsNotEmpty: 20,
  CoalitionGovernorProposerRefused: 20,
  CoalitionGovernorSupportOutOfRange: 30,
  CoalitionGovernorTargetWithoutCode: 3,
  CoalitionGovernorTooLong: 25,
  CoalitionTimelockDelayOutOfRange: 2,
  ConfirmationsBatchSize: 11,
  ConfirmationsNoneOverdue: 20,
  DecisionRulesOutOfRange: 2,
  DelegationsEndOutOfRange: 20,
  DelegationsFull: 230,
  DelegationsOtherGroup: 30,
  DelegationsZeroDelegate: 20,
  GovernorInvalidProposalLength: 2,
  GovernorInvalidSignature: 80,
  GovernorNonexistentProposal: 30,
  GovernorOnlyExecutor: 3,
  GovernorUnableToCancel: 15,
  GovernorUnexpectedProposalState: 150,
  InvalidAccountNonce: 10,
  KeyRecoveryAlreadyApproved: 19,
  KeyRecoveryInvalidGuardian: 11,
  KeyRecoveryNoClaim: 4,
  KeyRecoveryNoRequest: 150,
  KeyRecoveryNotGuardian: 30,
  KeyRecoveryNotHolder: 8,
  KeyRecoveryNotReady: 30,
  KeyRecoveryPending: 17,
  KeyRecoveryTooSoon: 20,
  MemberDeskBatchSize: 7,
  MembershipAdmissionRefused: 40,
  MembershipAlreadyMember: 200,
  MembershipInvalidRights: 8,
  MembershipKeyBarred: 8,
  MembershipNotBarred: 20,
  MembershipNotMember: 5,
  MembershipNotQualifiable: 50,
  MembershipParameterOutOfRange: 10,
  MembershipUnauthorized: 25,
  MembershipUnknownGroup: 20,
  MembershipUnknownNumber: 15,
  MembershipWrongCodeDigest: 15,
  RollDeskNotMember: 1,
  RollDeskParameterOutOfRange: 30,
  RollDeskRefused: 310,
  RollDeskUnauthorized: 20,
  RollDeskUnknownNumber: 20,
  SignedRequestsExpired: 60,
  SignedRequestsInvalidSignature: 60,
  TimelockUnauthorizedCaller: 2,
  TimelockUnexpectedOperationState: 10,
  ToldAdmissionRefused: 60,
  VotesExpiredSignature: 8,
  markDormant: 170,
  "CoalitionGovernorBallotRefused: dormant": 20,
  "CoalitionGovernorBallotRefused: ended": 6,
  "CoalitionGovernorBallotRefused: immature": 100,
  "CoalitionGovernorBallotRefused: not member": 10,
  "CoalitionGovernorBallotRefused: represented": 50,
  "CoalitionGovernorBallotRefused: rotated": 3,
  "CoalitionGovernorBallotRefused: suspended": 6,
  "CoalitionGovernorBallotRefused: unqualified": 17,
  "CoalitionGovernorProposerRefused: dormant": 9,
  "CoalitionGovernorProposerRefused: ended": 10,
  "CoalitionGovernorProposerRefused: immature": 4,
  "CoalitionGovernorProposerRefused: not member": 5,
  "CoalitionGovernorProposerRefused: represented": 17,
  "CoalitionGovernorProposerRefused: rotated": 9,
  "CoalitionGovernorProposerRefused: unqualified": 8,
  "RollDeskRefused: dormant": 50,
  "RollDeskRefused: ended": 8,
  "RollDeskRefused: immature": 50,
  "RollDeskRefused: not member": 60,
  "RollDeskRefused: represented": 100,
  "RollDeskRefused: rotated": 10,
  "RollDeskRefused: unqualified": 17,
  "a ballot by a delegate who delegated too": 40,
  "a ballot by signature, changed by signature": 40,
  "a ballot by signature, changed in person": 80,
  "a ballot by somebody who changed group since the opening": 120,
  "a ballot by somebody whose vote was paused since the opening": 170,
  "a ballot in person, changed by signature": 100,
  "a ballot in person, changed in person": 200,
  "a ballot in the first second": 25,
  "a ballot in the last second": 25,
  "a ballot in the opening's own second": 25,
  "a ballot that weighs more than one": 290,
  "a ballot whose vote matured a second too late": 15,
  "a ballot whose vote matured in the opening's second": 15,
  "a boundary filled to its last seat": 60,
  "a challenge dismissed": 11,
  "a challenge lapsed": 60,
  "a challenge upheld": 9,
  "a change of group before the vote": 16,
  "a change of group while the vote is paused": 70,
  "a coalition of 2 groups": 1,
  "a coalition of 3 groups": 1,
  "a coalition of 4 groups": 1,
  "a coalition of 5 groups": 1,
  "a coalition of 6 groups": 1,
  "a coalition of 7 groups": 1,
  "a coalition of 8 groups": 1,
  "a decision below the floor of For": 3,
  "a decision canceled": 15,
  "a decision defeated": 340,
  "a decision executed": 15,
  "a decision expired queued": 8,
  "a decision expired unqueued": 1,
  "a decision rejected by those who took sides": 4,
  "a decision whose action was refused, undone as a whole": 20,
  "a decision without quorum": 40,
  "a delegate's ballot": 220,
  "a delegate's ballot after a vote was taken back": 90,
  "a delegate's ballot, changed": 70,
  "a delegate's ballot, changed after a vote was taken back": 100,
  "a delegation that ended by itself": 30,
  "a delegation to somebody who delegated too": 80,
  "a delegator's ballot after the delegate's": 90,
  "a delegator's ballot before the delegate's": 300,
  "a delegator's ballot, changed after the delegate's": 120,
  "a delegator's ballot, changed before the delegate's": 90,
  "a history beyond member 128": 4,
  "a key that asks to join again after it was ended": 8,
  "a key that asks to join again after it was pardoned": 15,
  "a key that asks to join again after it was resigned": 100,
  "a key that asks to join again after it was rotated": 60,
  "a leap to the end of a step of the calendar": 12,
  "a recovery completed": 15,
  "a recovery vetoed": 35,
  "a resignation within a second of the vote's boundary": 8,
  "a resignation, before the vote": 60,
  "a resignation, dormant": 10,
  "a resignation, represented": 16,
  "a resignation, unqualified": 11,
  "a resignation, with the vote": 220,
  "a rotation to a key with a past": 100,
  "a step in an ordinary account's own transaction": 100,
  "affiliate signed by a contract": 120,
  "affiliate signed by an account": 7,
  "an ending of somebody who had resigned": 4,
  "announced: DelegatedVoteTakenBack": 360,
  "announced: RecoveryCompleted": 15,
  "announced: RecoveryVetoed": 35,
  "announced: VotePaused": 600,
  "announced: VoteResumed": 450,
  "another transaction in the same second": 100,
  "approveRecovery signed by a contract": 7,
  "ballotBySig signed by a contract": 200,
  "ballotBySig signed by an account": 20,
  "carried out: setRules": 2,
  "carried out: suspend": 2,
  "challenge signed by a contract": 30,
  "changeGroup signed by a contract": 90,
  "changeGroup signed by an account": 4,
  "claimNumber signed by a contract": 30,
  "confirm signed by a contract": 130,
  "confirm signed by an account": 8,
  "delegateBySig signed by an account": 30,
  "delegateUntil signed by a contract": 90,
  "delegateUntil signed by an account": 6,
  "disown signed by a contract": 19,
  "join signed by a contract": 260,
  "join signed by an account": 15,
  "joinAsOrganisation signed by a contract": 30,
  "just after a term of somebody's": 20,
  "just after a turning point": 30,
  "just at a term of somebody's": 20,
  "just at a turning point": 30,
  "just before a term of somebody's": 20,
  "just before a turning point": 30,
  "nameGuardians signed by a contract": 50,
  "passOwnership signed by a contract": 19,
  "replaceRepresentative signed by a contract": 30,
  "requestRecovery signed by a contract": 20,
  "resign signed by a contract": 100,
  "resign signed by an account": 5,
  "rotateKey signed by a contract": 60,
  "rotateKey signed by an account": 5,
  "support signed by a contract": 15,
  "takeDelegations signed by a contract": 80,
  "vetoRecovery signed by a contract": 14,
};

/** Counts what a randomised run met. */
export class Journal {
  readonly #deeds = new Map<string, { done: number; refused: number }>();
  readonly #refusals = new Map<string, number>();
  readonly #sights = new Map<string, number>();
  #answers = 0;

  get total(): number {
    return [...this.#deeds.values()].reduce((sum, { done, refused }) => sum + done + refused, 0);
  }

  /** A step was taken or refused. */
  step(deed: string, refusal?: string): void {
    const counts = this.#deeds.get(deed) ?? { done: 0, refused: 0 };
    if (refusal === undefined) counts.done++;
    else {
      counts.refused++;
      this.#refusals.set(refusal, (this.#refusals.get(refusal) ?? 0) + 1);
    }
    this.#deeds.set(deed, counts);
  }

  /** Something worth meeting was met. */
  see(sight: string, times = 1): void {
    this.#sights.set(sight, (this.#sights.get(sight) ?? 0) + times);
  }

  /** Answers of the contracts were compared with the model's. */
  compared(answers: number): void {
    this.#answers += answers;
  }

  /** What was met too seldom. */
  missing(): string[] {
    const met = (name: string) =>
      this.#refusals.get(name) ?? this.#sights.get(name) ?? this.#deeds.get(name)?.done ?? 0;
    return Object.entries(MINIMUMS)
      .filter(([name, minimum]) => met(name) < minimum)
      .map(([name, minimum]) => `${name}: ${met(name)} of ${minimum}`);
  }

  /** Everything counted, to be read. */
  table(): string {
    const sorted = <T>(counts: ReadonlyMap<string, T>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = [
      ...table(
        ["step", "done", "refused"],
        sorted(this.#deeds).map(([name, { done, refused }]) => [name, `${done}`, `${refused}`]),
      ),
      "",
      ...table(
        ["refusal", "times"],
        sorted(this.#refusals).map(([name, times]) => [name, `${times}`]),
      ),
      "",
      ...table(
        ["met", "times"],
        sorted(this.#sights).map(([name, times]) => [name, `${times}`]),
      ),
      "",
      `${this.total} steps, ${this.#answers} answers compared`,
    ];
    return `${lines.map((line) => `      ${line}`.trimEnd()).join("\n")}\n`;
  }
}
