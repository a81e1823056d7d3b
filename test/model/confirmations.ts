import { Desk } from "./desk.js";
import { pausesOf, type Roll, votesFrom } from "./roll.js";
import { DAY, Refusal, type Signed } from "./words.js";

export type ConfirmRequest = { account: string; deadline: number };

const BATCH = 100;
const MARKED = 64;

/** Who confirms the membership in time, and who does not. */
export class Confirmations extends Desk {
  constructor(
    roll: Roll,
    public period: number,
  ) {
    super(roll);
  }

  /** The last second at which a member is in time; 0 if nothing is due. */
  dueAt(number: number): number {
    const member = this.roll.members[number - 1];
    if (member === undefined || member.leftAt !== null || pausesOf(member).length > 0) return 0;
    return Math.max(member.confirmedAt, votesFrom(member)) + this.period;
  }

  isOverdue(number: number, now: number): boolean {
    const due = this.dueAt(number);
    return due !== 0 && now > due;
  }

  confirm(account: string, now: number): void {
    const number = this.requireMember(account);
    this.roll.confirm(number, now);
    this.roll.resume(number, "dormant", now);
  }

  /** Confirms for many; whose request is bad is passed over. Answers how many it confirmed. */
  confirmMany(
    requests: readonly { request: ConfirmRequest; signature: Signed<ConfirmRequest> }[],
    now: number,
  ): number {
    requireBatch(requests.length, BATCH);
    let confirmed = 0;
    requests.forEach(({ request, signature }, place) => {
      const refusal = Refusal.of(() =>
        this.act(now, request, request.account, signature, () => this.confirm(request.account, now)),
      );
      if (refusal === undefined) confirmed++;
      else this.say("ConfirmationSkipped", place, request.account, refusal.message);
    });
    return confirmed;
  }

  /** Marks the overdue among some members. Answers how many there were. */
  markDormant(numbers: readonly number[], now: number): number {
    requireBatch(numbers.length, MARKED);
    let marked = 0;
    for (const number of numbers) {
      if (!this.isOverdue(number, now)) continue;
      this.roll.pause(number, "dormant", now);
      marked++;
    }
    if (marked === 0) throw new Refusal("ConfirmationsNoneOverdue", numbers.length);
    return marked;
  }

  setPeriod(period: number): void {
    this.requireRange("period", period, 4 * this.roll.waitingFloor, 1_096 * DAY);
    this.say("ConfirmationPeriodChanged", this.period, period);
    this.period = period;
  }
}

function requireBatch(size: number, limit: number): void {
  if (size === 0 || size > limit) throw new Refusal("ConfirmationsBatchSize", size, limit);
}
