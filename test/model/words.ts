/**
 * What the parts of the model have in common: refusals, announcements, signatures. Like all of the model it shares
 * nothing with the contracts but the words.
 *
 * Moments are seconds since 1970; the caller says what time it is.
 */

/** A value of a refusal or an announcement. */
export type Named = string | number | bigint;

/** A refusal by its name and values, as the person refused would see it. */
export class Refusal extends Error {
  readonly values: readonly Named[];

  constructor(name: string, ...values: Named[]) {
    super(`${name}(${values.join(", ")})`);
    this.name = name;
    this.values = values;
  }

  /** The refusal of an act, if it is refused. */
  static of(act: () => unknown): Refusal | undefined {
    try {
      act();
      return undefined;
    } catch (refusal) {
      if (refusal instanceof Refusal) return refusal;
      throw refusal;
    }
  }
}

/** Refuses in the contracts' common way unless a value is within its range. */
export function requireRange(error: string, what: string, value: number, min: number, max: number): void {
  if (value < min || value > max) throw new Refusal(error, what, value, min, max);
}

/** What the contracts announce, in order. */
export class Announcements {
  readonly #list: string[] = [];

  say(name: string, ...values: Named[]): void {
    this.#list.push(`${name}(${values.join(", ")})`);
  }

  /** What was said since the last time, and forgets it. */
  take(): string[] {
    return this.#list.splice(0);
  }
}

export const DAY = 86_400;
export const ZERO = `0x${"0".repeat(40)}`;

export const RIGHTS = ["speak", "propose", "vote", "stand"] as const;
export type Right = (typeof RIGHTS)[number];

export const STANDINGS = [
  "granted",
  "not member",
  "ended",
  "rotated",
  "immature",
  "suspended",
  "unqualified",
  "dormant",
  "represented",
] as const;
export type Standing = (typeof STANDINGS)[number];

/** Why a vote does not count for now, in the order of the contracts' flags. */
export const PAUSES = ["unqualified", "dormant", "represented"] as const;
export type Pause = (typeof PAUSES)[number];

/** What somebody signed. A signature is good for exactly this. */
export type Signed<T> = { by: string; nonce: number; content: T };

/** Whether a signature is that of a key, under its current nonce, for exactly this content. */
export function isSigned<T extends object>(
  signature: Signed<T>,
  by: string,
  nonce: number,
  content: T,
): boolean {
  const [given, wanted] = [signature.content, content].map((fields) =>
    JSON.stringify(
      Object.entries(fields)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    ),
  );
  return signature.by === by && signature.nonce === nonce && given === wanted;
}
