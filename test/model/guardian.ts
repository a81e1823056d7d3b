import type { Decisions } from "./decisions.js";
import { Refusal, ZERO } from "./words.js";

/** Who may delay once, or cancel, what was decided, with a reason, until a day. */
export class Guardian {
  constructor(
    private readonly decisions: Decisions,
    readonly at: string,
    public key: string,
    readonly sunset: number,
  ) {}

  cancel(by: string, id: bigint, reason: string, now: number): void {
    this.#requirePower(by, id, reason, now);
    const decision = this.decisions.find(id);
    if (!["succeeded", "queued"].includes(this.decisions.stateOf(decision, now)))
      throw new Refusal("GovernorUnableToCancel", id, this.at);
    decision.canceled = true;
    this.decisions.roll.announcements.say("DecisionCancelled", id, reason);
  }

  delay(by: string, id: bigint, reason: string, now: number): void {
    this.#requirePower(by, id, reason, now);
    this.decisions.postpone(id, now);
    this.decisions.roll.announcements.say("DecisionDelayed", id, reason);
  }

  dismiss(): void {
    this.key = ZERO;
    this.decisions.roll.announcements.say("GuardianDismissed");
  }

  #requirePower(by: string, id: bigint, reason: string, now: number): void {
    if (this.key === ZERO || now > this.sunset) throw new Refusal("GuardianOver", now, this.sunset);
    if (by !== this.key) throw new Refusal("GuardianUnauthorized", by, this.key);
    if (reason.length < 1 || reason.length > 1_024)
      throw new Refusal("GuardianReasonInvalid", reason.length, 1_024);
    const actions = this.decisions.all.find((one) => one.id === id)?.actions ?? [];
    if (actions.length === 1 && actions[0]?.do === "dismissGuardian")
      throw new Refusal("GuardianCannotStay", id);
  }
}
