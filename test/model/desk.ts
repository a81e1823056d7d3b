import type { Member, Roll } from "./roll.js";
import { isSigned, type Named, Refusal, requireRange, type Signed, STANDINGS } from "./words.js";

/** Where signed requests are brought: each desk counts for itself how many of a key were used up. */
export class Desk {
  readonly nonces = new Map<string, number>();

  constructor(readonly roll: Roll) {}

  nonceOf(key: string): number {
    return this.nonces.get(key) ?? 0;
  }

  /**
   * Refuses unless a key signed just this, with its current nonce, and before it became too late. The nonce is used up
   * by {@link useNonce} when the whole act has gone well.
   * @param spent A key that has used up a nonce in the same act.
   */
  requireSigned<T extends { deadline: number }>(
    now: number,
    content: T,
    by: string,
    signature: Signed<T>,
    spent?: string,
  ): void {
    if (now > content.deadline) throw new Refusal("SignedRequestsExpired", content.deadline, now);
    if (!isSigned(signature, by, this.nonceOf(by) + (spent === by ? 1 : 0), content))
      throw new Refusal("SignedRequestsInvalidSignature", by);
  }

  /**
   * Lets a key act: in person, or by a signature, whose nonce is used up if the act goes well.
   * @param act Gets the key whose nonce it is, to reckon with where another signature is asked for.
   */
  act<T extends { deadline: number }, R>(
    now: number,
    request: T,
    by: string,
    signature: Signed<T> | undefined,
    act: (spent?: string) => R,
  ): R {
    if (signature === undefined) return act();
    this.requireSigned(now, request, by, signature);
    const answer = act(by);
    this.useNonce(by);
    return answer;
  }

  useNonce(key: string): void {
    this.nonces.set(key, this.nonceOf(key) + 1);
  }

  /** The number that a key holds. */
  requireMember(key: string): number {
    const number = this.roll.numberOf(key);
    if (number === 0) throw new Refusal("RollDeskNotMember", key);
    return number;
  }

  /** A member on the roll. */
  requireActive(number: number): Member {
    const member = this.roll.members[number - 1];
    if (member === undefined || member.leftAt !== null) throw new Refusal("RollDeskUnknownNumber", number);
    return member;
  }

  /** A key whose vote counts now. */
  requireVoter(key: string, now: number): { number: number; group: number } {
    const { standing, number, group, explanation } = this.roll.standingOf(key, "vote", now, now);
    if (standing !== "granted")
      throw new Refusal("RollDeskRefused", key, STANDINGS.indexOf(standing), explanation);
    return { number, group };
  }

  requireRange(what: string, value: number, min: number, max: number): void {
    requireRange("RollDeskParameterOutOfRange", what, value, min, max);
  }

  say(name: string, ...values: Named[]): void {
    this.roll.announcements.say(name, ...values);
  }
}
