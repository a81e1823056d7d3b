import { readFileSync } from "node:fs";
import json5 from "json5";
import { findRepeatedKeys } from "../json5-keys.js";
import { Problem } from "../problem.js";

/** A value in a data file that knows where it stands, so that every refusal names file, key and what is allowed. */
export class Field {
  constructor(
    readonly file: string,
    readonly key: string,
    readonly value: unknown,
  ) {}

  /** Reads a JSON5 file. `shown` is its name in messages. */
  static read(path: string, shown: string): Field {
    const text = readText(path, shown);
    let value: unknown;
    try {
      value = json5.parse(text);
    } catch (error) {
      throw new Problem(`${shown}: not JSON5: ${error instanceof Error ? error.message : String(error)}`);
    }
    const [repeated] = findRepeatedKeys(text);
    if (repeated !== undefined) throw new Problem(`${shown}: ${repeated} is given more than once`);
    return new Field(shown, "", value);
  }

  refuse(allowed: string): never {
    const given = this.value === undefined ? "is missing" : `is ${show(this.value)}`;
    throw new Problem(
      `${this.file}: ${this.key === "" ? "the file" : this.key} ${given}; allowed: ${allowed}`,
    );
  }

  /** The fields of an object with just these keys. */
  object<K extends string, O extends string = never>(
    required: readonly K[],
    optional: readonly O[] = [],
  ): Record<K, Field> & Partial<Record<O, Field>> {
    const allowed: readonly string[] = [...required, ...optional];
    const entries = this.#entries(`an object with ${required.join(", ")}`);
    const extra = entries.find(([key]) => !allowed.includes(key));
    if (extra !== undefined) {
      throw new Problem(`${this.file}: ${extra[1].key} is not known; allowed: ${allowed.join(", ")}`);
    }
    const absent = required
      .filter((key) => !entries.some(([given]) => given === key))
      .map((key) => [key, this.#at(key, undefined)] as const);
    return Object.fromEntries([...entries, ...absent]) as Record<K, Field> & Partial<Record<O, Field>>;
  }

  /** The fields of an object whose keys its author chooses. */
  named(): [name: string, field: Field][] {
    return this.#entries("an object");
  }

  list(what: string): Field[] {
    if (!Array.isArray(this.value) || this.value.length === 0) this.refuse(`a list of ${what}`);
    return this.value.map((value: unknown, index) => new Field(this.file, `${this.key}[${index}]`, value));
  }

  text(): string {
    if (typeof this.value !== "string" || this.value === "") this.refuse("a text");
    return this.value;
  }

  whole(min: number, max: number): number {
    const { value } = this;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      this.refuse(`a whole number from ${min} to ${max}`);
    }
    return value;
  }

  oneOf<T extends string>(allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === this.value);
    return found ?? this.refuse(allowed.map((candidate) => JSON.stringify(candidate)).join(", "));
  }

  match(pattern: RegExp, allowed: string): RegExpExecArray {
    const match = typeof this.value === "string" ? pattern.exec(this.value) : null;
    return match ?? this.refuse(allowed);
  }

  /** Member numbers: "1-3, 7" means 1, 2, 3 and 7. */
  numbers(last: number): number[] {
    const allowed = `member numbers from 1 to ${last}, each once, like "1-3, 7", or an empty text`;
    if (this.value === "") return [];
    if (typeof this.value !== "string") this.refuse(allowed);
    const numbers = this.value.split(",").flatMap((part) => {
      const [, from = "", to = from] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? this.refuse(allowed);
      const [first, final] = [Number(from), Number(to)];
      if (first < 1 || final > last || final < first) this.refuse(allowed);
      return Array.from({ length: final - first + 1 }, (_, index) => first + index);
    });
    if (new Set(numbers).size < numbers.length) this.refuse(allowed);
    return numbers;
  }

  #entries(allowed: string): [string, Field][] {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) this.refuse(allowed);
    return Object.entries(value).map(([key, entry]) => [key, this.#at(key, entry)]);
  }

  #at(key: string, value: unknown): Field {
    return new Field(this.file, this.key === "" ? key : `${this.key}.${key}`, value);
  }
}

/** The text of a file, or a message that names it. */
export function readText(path: string, shown: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Problem(`${shown}: ${code === "ENOENT" ? "no such file" : `cannot be read (${code})`}`);
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
