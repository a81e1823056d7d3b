import { Problem } from "../problem.js";

/** A moment as a machine reads it. */
export interface Moment {
  /** Seconds since 1970. */
  readonly seconds: number;
  readonly iso: string;
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** The furthest moment that has a date here: the end of the year 9999. */
const LAST_MOMENT = 253_402_300_799n;

/** A moment in seconds since 1970, as a machine reads it; undefined for 0, which stands for none. */
export function momentOf(seconds: number | bigint): Moment | undefined {
  if (BigInt(seconds) === 0n) return undefined;
  const known = BigInt(seconds) > LAST_MOMENT ? LAST_MOMENT : seconds;
  return { seconds: Number(known), iso: new Date(Number(known) * 1000).toISOString().replace(".000Z", "Z") };
}

/** A moment in seconds since 1970 as a person writes it: "3 March 2027 10:00 UTC", with seconds where there are any. */
export function date(seconds: number | bigint): string {
  const iso = momentOf(seconds)?.iso ?? "1970-01-01T00:00:00Z";
  const time = iso.slice(11, iso.endsWith(":00Z") ? 16 : 19);
  return `${DAY.format(new Date(iso))} ${time} UTC`;
}

/**
 * Reads a moment that a person gave: a date, a date with a time (UTC unless it says otherwise), a span from now such as
 * 7d, 12h or 30m, or ten digits, the seconds since 1970.
 * @param option Its name, for the refusal.
 * @param now Seconds since 1970.
 */
export function readMoment(option: string, text: string, now: number): number {
  const span = /^([1-9]\d{0,4})([dhm])$/.exec(text);
  if (span !== null) return now + Number(span[1]) * (UNITS[span[2] ?? ""] ?? 0);
  if (/^\d{10}$/.test(text)) return Number(text);
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  const milliseconds =
    parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2] ?? "00:00"}${parts[3] ?? "Z"}`);
  if (Number.isNaN(milliseconds)) {
    throw new Problem(
      `${option} is "${text}", allowed: a date (2027-03-10), a date with a time (2027-03-10T12:00Z), a span from now (7d, 12h, 30m), or seconds since 1970`,
    );
  }
  return milliseconds / 1000;
}

/** Words one after the other: "a, b and c". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** How many there are of something: "1 vote", "2 votes". */
export function counted(count: number | bigint, name: string): string {
  return `${count} ${name}${BigInt(count) === 1n ? "" : "s"}`;
}
