/** Consensus first: who objects while it lasts, and whether that is enough. */
import { Refusal } from "./words.js";

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Whether there are as many votes as a decision needs in any case: of a body of few, silence says nothing. */
export function areMany(votesByGroup: readonly number[], floor: number): boolean {
  return sum(votesByGroup) >= floor;
}

export class Silence {
  readonly objectors: { number: number; group: number }[] = [];
  readonly #needed: number;
  readonly #groupsNeeded: number;

  /** @param until First second after it, in seconds since 1970. */
  constructor(
    readonly until: number,
    objections: number,
    groups: number,
    votesByGroup: readonly number[],
  ) {
    this.#needed = Math.min(objections, sum(votesByGroup));
    this.#groupsNeeded = Math.min(groups, votesByGroup.filter((votes) => votes > 0).length);
  }

  /** @param reason The digest of the reason, zero for none. */
  object(number: number, group: number, reason: bigint, now: number): void {
    if (now >= this.until) throw new Refusal("SilencesNotOpen", this.until, now);
    if (reason === 0n) throw new Refusal("SilencesNoReason");
    if (this.objectors.some((one) => one.number === number)) throw new Refusal("SilencesObjected", number);
    this.objectors.push({ number, group });
  }

  isBroken(): boolean {
    const groups = new Set(this.objectors.map(({ group }) => group));
    return this.objectors.length >= this.#needed && groups.size >= this.#groupsNeeded;
  }

  isOver(now: number): boolean {
    return now >= this.until;
  }
}
