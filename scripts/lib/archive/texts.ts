import type { Result } from "ethers";
import type { ArchivedLog } from "./logs.js";
import { eventOf, type SeriesPlaces } from "./series.js";

/** Names of the fields of events that hold the digest of a text. */
const TEXT_FIELDS = new Set(["digest", "reason", "purpose", "evidence"]);

const NONE = /^0x0+$/;

/** Digests of the texts that a log of forum, cases or statements names. */
export function textsNamed(log: ArchivedLog, contracts: SeriesPlaces): readonly string[] {
  const found = eventOf(log, contracts);
  return found === undefined ? [] : digestsIn(found.event.args, found.event.fragment.inputs);
}

function digestsIn(
  args: Result,
  inputs: readonly {
    readonly name: string;
    readonly components?: readonly { readonly name: string }[] | null;
  }[],
): string[] {
  return inputs.flatMap(({ name, components }, index) => {
    const value: unknown = args[index];
    if (components) return digestsIn(value as Result, components);
    return TEXT_FIELDS.has(name) && typeof value === "string" && !NONE.test(value)
      ? [value.toLowerCase()]
      : [];
  });
}

/** Every 32 bytes of a log that could be the digest of a text: motions and the charter name theirs in other ways. */
export function wordsIn({ topics, data }: ArchivedLog): string[] {
  const words = topics.slice(1);
  for (let at = 2; at + 64 <= data.length; at += 64) words.push(`0x${data.slice(at, at + 64)}`);
  return words;
}

/** Which posts have a tombstone, and whose texts therefore are in no archive. */
export class Erasures {
  readonly #places = new Set<string>();
  readonly #digests = new Set<string>();

  constructor(private readonly contracts: SeriesPlaces) {}

  /** Digests of the texts, once all logs went through {@link tombstone} and then through {@link post}. */
  get digests(): ReadonlySet<string> {
    return this.#digests;
  }

  /** How many posts have one, edits of them not counted. */
  get count(): number {
    return this.#places.size;
  }

  /** Takes note of a tombstone. */
  tombstone(log: ArchivedLog): void {
    const found = eventOf(log, this.contracts);
    if (found?.event.name === "PostErased")
      this.#places.add(`${found.event.args.list}/${found.event.args.to}`);
  }

  /** Takes note of the text of a post that has one, and of what its author made of it in edits. */
  post(log: ArchivedLog): void {
    const found = eventOf(log, this.contracts);
    if (found?.event.name !== "Posted") return;
    const { list, place, kind, to, digest } = found.event.args;
    const isEdit = kind === 2n && this.#edited.has(`${list}/${to}`);
    if (!this.#places.has(`${list}/${place}`) && !isEdit) return;
    this.#edited.add(`${list}/${place}`);
    this.#digests.add(digest.toLowerCase());
  }

  /** Posts that are erased, and their edits. */
  readonly #edited = new Set<string>();
}
