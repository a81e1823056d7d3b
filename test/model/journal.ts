import { table } from "../../scripts/checks/table.js";

/**
 * What a run must have met, and how often at the least, for its agreement to mean something. About a quarter of what a
 * usual seed meets, less where that varies much.
 */
const MINIMUMS: Readonly<Record<string, number>> = {
  CoalitionGovernorBallotCastInPerson: 100,
  CoalitionGovernorBallotRefused: 200,
  CoalitionGovernorParamsNotEmpty: 20,
  CoalitionGovernorProposerRefused: 20,
  CoalitionGovernorSupportOutOfRange: 30,
  CoalitionGovernorTargetWithoutCode: 3,
  CoalitionGovernorTooLong: 25,
  CoalitionTimelockDelayOutOfRange: 2,
  DecisionRulesOutOfRange: 2,
  GovernorInvalidProposalLength: 2,
  GovernorInvalidSignature: 80,
  GovernorNonexistentProposal: 30,
  GovernorOnlyExecutor: 3,
  GovernorUnableToCancel: 15,
  GovernorUnexpectedProposalState: 150,
  MembershipAlreadyMember: 200,
  MembershipInvalidRights: 8,
  MembershipKeyBarred: 8,
  MembershipNotBarred: 20,
  MembershipNotMember: 5,
  MembershipParameterOutOfRange: 10,
  MembershipUnauthorized: 25,
  MembershipUnknownGroup: 20,
  MembershipUnknownNumber: 15,
  MembershipWrongCodeDigest: 15,
  RollDeskNotMember: 1,
  SignedRequestsExpired: 60,
  SignedRequestsInvalidSignature: 60,
  TimelockUnauthorizedCaller: 2,
  TimelockUnexpectedOperationState: 20,
  "CoalitionGovernorBallotRefused: not member": 10,
  "CoalitionGovernorBallotRefused: ended": 6,
  "CoalitionGovernorBallotRefused: rotated": 3,
  "CoalitionGovernorBallotRefused: immature": 100,
  "CoalitionGovernorBallotRefused: suspended": 6,
  "a ballot by signature, changed by signature": 40,
  "a ballot by signature, changed in person": 80,
  "a ballot in person, changed by signature": 100,
  "a ballot in person, changed in person": 200,
  "a ballot in the opening's own second": 25,
  "a ballot in the first second": 25,
  "a ballot in the last second": 25,
  "a ballot whose vote matured in the opening's second": 30,
  "a ballot whose vote matured a second too late": 30,
  "a boundary filled to its last seat": 60,
  "a coalition of 2 groups": 1,
  "a coalition of 3 groups": 1,
  "a coalition of 4 groups": 1,
  "a coalition of 5 groups": 1,
  "a coalition of 6 groups": 1,
  "a coalition of 7 groups": 1,
  "a coalition of 8 groups": 1,
  "a decision below the floor of For": 3,
  "a decision canceled": 15,
  "a decision executed": 15,
  "a decision expired queued": 8,
  "a decision expired unqueued": 1,
  "a decision rejected by those who took sides": 4,
  "a decision whose action was refused, undone as a whole": 20,
  "a decision without quorum": 40,
  "a history beyond member 128": 4,
  "a key that asks to join again after it was ended": 8,
  "a key that asks to join again after it was pardoned": 15,
  "a key that asks to join again after it was resigned": 100,
  "a key that asks to join again after it was rotated": 60,
  "a resignation before the vote": 60,
  "a resignation with the vote": 30,
  "a resignation within a second of the vote's boundary": 8,
  "a rotation to a key with a past": 100,
  "a step in an ordinary account's own transaction": 100,
  "an ending of somebody who had resigned": 4,
  "another transaction in the same second": 100,
  "ballotBySig signed by a contract": 200,
  "ballotBySig signed by an account": 20,
  "joinBySig signed by a contract": 100,
  "joinBySig signed by an account": 10,
  "rotateKey signed by a contract": 60,
  "rotateKey signed by an account": 5,
  "carried out: setRules": 2,
  "carried out: suspend": 3,
  "just before a turning point": 30,
  "just at a turning point": 30,
  "just after a turning point": 30,
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
    const met = (name: string) => this.#refusals.get(name) ?? this.#sights.get(name) ?? 0;
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
