import { EMPTY_SERIES, lengthOf, nextHead } from "../record-series.js";
import type { ArchivedLog } from "./logs.js";
import {
  decisionIn,
  recordOf,
  type SeriesPlaces,
  type SeriesRecord,
  seriesName,
  seriesWords,
} from "./series.js";

/** What is wrong with an archive, the first thing of it. */
export interface Finding {
  readonly kind: "missing" | "altered" | "reordered" | "extra" | "corrupt";
  /** The series it is in, and the place there, where it is a record. */
  readonly series?: string;
  readonly place?: number;
  readonly sentence: string;
}

/** A record that did not come where it should have. */
interface Gap {
  readonly place: bigint;
  /** What came instead. */
  readonly instead: bigint;
}

/** Series as the logs of an archive tell them: run over in their order, with bounded memory. */
export class SeriesCheck {
  readonly #heads = new Map<string, bigint>();
  readonly #gaps = new Map<string, Gap>();
  readonly #decisions = new Set<string>();
  #found: Finding | undefined;

  /** The first thing that is wrong, once {@link finish} was called. */
  get found(): Finding | undefined {
    return this.#found;
  }

  /** Heads of all series so far. */
  get heads(): ReadonlyMap<string, bigint> {
    return this.#heads;
  }

  /** Names of all series that there can be, by what was read: those with records, and that of every decision. */
  get names(): ReadonlySet<string> {
    return new Set([...this.#heads.keys(), ...[...this.#decisions].map((id) => `statements/${id}`)]);
  }

  /**
   * Takes the next log in the order of the archive.
   * @returns The record that it tells of, if it does.
   */
  read(log: ArchivedLog, places: SeriesPlaces): SeriesRecord | undefined {
    const record = recordOf(log, places);
    if (record !== undefined) this.add(record);
    const decision = decisionIn(log, places);
    if (decision !== undefined) this.#decisions.add(decision);
    return record;
  }

  /** Takes the next record in the order of the archive. */
  add(record: SeriesRecord): void {
    const name = seriesName(record);
    const head = this.#heads.get(name) ?? EMPTY_SERIES;
    const expected = lengthOf(head) + 1n;
    const place = record.place ?? expected;
    const gap = this.#gaps.get(name);
    if (gap !== undefined) {
      // It comes after all: it was moved.
      if (place === gap.place) {
        this.#find("reordered", name, gap.place, `comes after record ${gap.instead} of it`);
      }
      return;
    }
    if (place === expected) {
      this.#heads.set(name, nextHead(head, record.record));
      return;
    }
    if (place < expected) this.#find("extra", name, place, "is there twice");
    else this.#gaps.set(name, { place: expected, instead: place });
  }

  /** No more records come. */
  finish(): void {
    for (const [name, { place, instead }] of this.#gaps) {
      this.#find("missing", name, place, `is not there; the next is record ${instead}`);
    }
  }

  /**
   * Holds the series against the heads that they must have.
   * @returns What is wrong with the first that differs; `altered` where as many records are there, but not the same.
   */
  against(heads: ReadonlyMap<string, bigint>): Finding | undefined {
    if (this.#found !== undefined) return this.#found;
    for (const [name, head] of heads) {
      const own = this.#heads.get(name) ?? EMPTY_SERIES;
      if (own === head) continue;
      const [has, must] = [lengthOf(own), lengthOf(head)];
      if (has < must) {
        return finding("missing", name, has + 1n, `is not there; the series has ${must}`);
      }
      if (has > must) return finding("extra", name, must + 1n, `is too many; the series has ${must}`);
      return {
        kind: "altered",
        series: name,
        sentence: `${capital(seriesWords(name))}: one of its ${must} records is not the one on record.`,
      };
    }
    for (const name of this.#heads.keys()) {
      if (!heads.has(name)) return finding("extra", name, 1n, "is of a series that there is not");
    }
    return undefined;
  }

  #find(kind: Finding["kind"], name: string, place: bigint, what: string): void {
    this.#found ??= finding(kind, name, place, what);
  }
}

/** A finding about a record. */
export function finding(kind: Finding["kind"], series: string, place: bigint, what: string): Finding {
  return {
    kind,
    series,
    place: Number(place),
    sentence: `${capital(kind)}: record ${place} of ${seriesWords(series)} ${what}.`,
  };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
