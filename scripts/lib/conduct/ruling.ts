import { describeTexts, factsOfTexts, type NewText } from "../content/new-text.js";
import type { Outcome } from "../member/coalition.js";
import { writeNew } from "../member/json-file.js";
import { inPlainWords } from "../member/refusals.js";
import type { Desk } from "../motions/write.js";
import { Problem } from "../problem.js";
import { caseAt, rulingInWords } from "./cases.js";
import type { Ruling } from "./messages.js";

/** A ruling as it is given at a shell. */
export interface RulingOptions {
  readonly dismiss: boolean;
  readonly warn: boolean;
  readonly hide: boolean;
  readonly erase: boolean;
  readonly refer: boolean;
  /** A span, such as 30d or 12h; empty for none. */
  readonly suspend: string;
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600 };

/**
 * The ruling that options say.
 * @throws {Problem} where they say nothing, or contradict each other.
 */
export function rulingGiven(options: RulingOptions, reason: string): Ruling {
  const { dismiss, warn, hide, erase, refer, suspend } = options;
  const upheld = warn || hide || erase || refer || suspend !== "";
  if (dismiss === upheld) {
    throw new Problem(
      dismiss
        ? "A complaint that is dismissed has no consequence: give --dismiss, or what follows, and not both."
        : "Say what is ruled: --dismiss, or one or more of --warn, --hide, --erase, --refer, --suspend <span>",
    );
  }
  if (erase && !hide) throw new Problem("What is erased is hidden as well: give --hide with --erase.");
  return { upheld, warn, hide, erase, refer, suspension: spanOf(suspend), reason };
}

/** Writes the action of a motion by which the members rule. */
export async function settlement(
  { session, store, manner }: Desk,
  id: number,
  ruling: Ruling,
  reasons: NewText,
): Promise<Outcome> {
  const { phase } = await caseAt(session, id);
  if (phase !== "before the members") {
    throw new Problem(
      `Case ${id} is not before the members, but ${phase === "closed" ? phase : `in the phase "${phase}"`}.`,
    );
  }
  const { conduct } = session.coalition;
  const call = await conduct.settle.populateTransaction(id, ruling);
  const { timelock } = session.contracts;
  await inPlainWords(session, () => session.ethers.provider.call({ ...call, from: timelock }));
  if (manner.out === "") throw new Problem("Say where to write the action: --out <file>");
  writeNew(manner.out, [{ target: "conduct", data: call.data }]);
  await store.put(reasons.bytes);
  const what = rulingInWords(ruling);
  return {
    lines: [
      ...describeTexts([reasons]),
      `The members would rule on case ${id}: ${what}. Written to ${manner.out}.`,
      `Put it to them with "motion draft <text> --purpose <text> --actions ${manner.out}".`,
    ],
    facts: { case: id, ruling, file: manner.out, store: store.path, texts: factsOfTexts([reasons]) },
  };
}

function spanOf(text: string): number {
  if (text === "") return 0;
  const [, amount, unit] = /^([1-9]\d{0,3})([dh])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return Number(amount) * (UNITS[unit] ?? 0);
  throw new Problem(`--suspend is "${text}", allowed: a span of days or hours (30d, 12h)`);
}
