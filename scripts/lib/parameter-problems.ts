import { isAddress } from "ethers";
import {
  type Bound,
  CLASSES,
  type ClassRules,
  DAY,
  type Parameters,
  PLAIN,
  PLAIN_WORDS,
  type Rule,
  SCHEMA,
  type SourceKey,
} from "./parameter-schema.js";

/** As `Coalition` has it: twelve characters at the least. */
const URI = /^(?=.{12})(?:https|ipfs):\/\/[!#-[\]-~]*$/;

/** What is wrong with the content of a parameter file, one line each, with key, value and allowed range. */
export function findProblems(content: unknown): string[] {
  if (!isRecord(content))
    return [`the file holds ${show(content)}, allowed: an object with ${list(keysOf(SCHEMA))}`];
  const problems = unknownKeys(content, SCHEMA, "");
  const other = (key: SourceKey) => sound(content, key);
  for (const section of keysOf(SCHEMA)) {
    const rules: Readonly<Record<string, Rule>> = SCHEMA[section];
    const given = Object.hasOwn(content, section) ? content[section] : {};
    if (!isRecord(given)) {
      problems.push(`${section} is ${show(given)}, allowed: an object with ${list(Object.keys(rules))}`);
      continue;
    }
    problems.push(...unknownKeys(given, rules, `${section}.`));
    for (const [key, rule] of Object.entries(rules)) {
      const value = Object.hasOwn(given, key) ? given[key] : undefined;
      const name = `${section}.${key}`;
      if (value === undefined) problems.push(`${name} is missing, allowed: ${allowed(rule, other)}`);
      else problems.push(...judge(name, value, rule, other));
    }
  }
  return [...problems, ...findMisorder(content.Governor)];
}

/** The words for what a rule allows, given the other parameters. */
export function allowed(rule: Rule, other: (key: SourceKey) => number | undefined = () => undefined): string {
  switch (rule.kind) {
    case "integer": {
      const { min, max } = rule.range(other);
      if (min.value > max.value) return `nothing: ${bound(min)} is above ${bound(max)}`;
      return `${rule.orNone ? "0 for none, or " : ""}a whole number from ${bound(min)} to ${bound(max)} (${rule.unit})`;
    }
    case "name":
      return `1 to ${rule.longest} ${PLAIN_WORDS}`;
    case "names":
      return `${rule.fewest} to ${rule.most} different names, each of 1 to ${rule.longest} ${PLAIN_WORDS}`;
    case "switch":
      return "true or false";
    case "choice":
      return rule.options.map((option) => show(option)).join(", ");
    case "uri":
      return "https:// or ipfs:// and what follows, 12 to 256 printable ASCII characters without spaces, quotes and backslashes";
    case "account":
      return "an address: 0x and 40 hexadecimal digits, all of them zero for nobody";
    case "group":
      return `an object with ${list(Object.keys(rule.rules))}`;
    case "digests": {
      const count = other(rule.asMany);
      const many =
        count === undefined
          ? `as many digests as ${rule.asMany}`
          : `${count} digests, as many as ${rule.asMany}`;
      return `${many}, each of 0x and 64 hexadecimal digits (32 bytes), not all zero`;
    }
    case "digest":
      return "0x and 64 hexadecimal digits (32 bytes), not all zero";
  }
}

function judge(
  name: string,
  value: unknown,
  rule: Rule,
  other: (key: SourceKey) => number | undefined,
): string[] {
  const refuse = (what: string, given: unknown, rest = "") => [
    `${what} is ${show(given)}${rest}, allowed: ${allowed(rule, other)}`,
  ];
  switch (rule.kind) {
    case "integer": {
      const { min, max } = rule.range(other);
      const none = rule.orNone === true && value === 0;
      return none || isWithin(value, min.value, max.value) ? [] : refuse(name, value);
    }
    case "name":
      return isName(value, rule.longest) ? [] : refuse(name, value);
    case "names": {
      if (!Array.isArray(value)) return refuse(name, value);
      const found: string[] = [];
      if (value.length < rule.fewest || value.length > rule.most)
        found.push(`${name} has ${value.length} entries, allowed: ${allowed(rule)}`);
      value.forEach((entry: unknown, index) => {
        const first = value.indexOf(entry);
        if (!isName(entry, rule.longest)) found.push(...refuse(`${name}[${index}]`, entry));
        else if (first < index) found.push(...refuse(`${name}[${index}]`, entry, `, as ${name}[${first}]`));
      });
      return found;
    }
    case "switch":
      return typeof value === "boolean" ? [] : refuse(name, value);
    case "choice":
      return rule.options.some((option) => option === value) ? [] : refuse(name, value);
    case "uri":
      return typeof value === "string" && URI.test(value) && value.length <= 256 ? [] : refuse(name, value);
    case "account":
      return isAddress(value) ? [] : refuse(name, value);
    case "group": {
      if (!isRecord(value)) return refuse(name, value);
      return [
        ...unknownKeys(value, rule.rules, `${name}.`),
        ...Object.entries(rule.rules).flatMap(([key, inner]) =>
          Object.hasOwn(value, key)
            ? judge(`${name}.${key}`, value[key], inner, other)
            : [`${name}.${key} is missing, allowed: ${allowed(inner, other)}`],
        ),
        ...findDisorder(name, value),
      ];
    }
    case "digests": {
      const count = other(rule.asMany);
      const good = Array.isArray(value) && value.every(isDigest) && [undefined, value.length].includes(count);
      return good ? [] : refuse(name, value);
    }
    case "digest":
      return isDigest(value) ? [] : refuse(name, value);
  }
}

/** What the rules of a class must be among themselves, as the contracts have it. */
function findDisorder(name: string, given: Readonly<Record<string, unknown>>): string[] {
  const { period, extension, endorsements, endorsementGroups } = given as Partial<ClassRules>;
  const found: string[] = [];
  if (isWithin(extension, 0, 14 * DAY) && isWithin(period, 0, 90 * DAY) && extension > period)
    found.push(`${name}.extension is ${extension}, allowed: up to ${name}.period, ${period} (seconds)`);
  if (isWithin(endorsements, 0, 20) && isWithin(endorsementGroups, 0, 8)) {
    const [min, max] = [Math.min(endorsements, 1), endorsements];
    if (endorsementGroups < min || endorsementGroups > max)
      found.push(
        `${name}.endorsementGroups is ${endorsementGroups}, allowed: ${min} to ${max} (${name}.endorsements)`,
      );
  }
  return found;
}

/** The rules in which no class of decisions may be stricter than a greater one, as the contracts have it. */
export const STRICTNESS = [
  "notice",
  "period",
  "delay",
  "quorumBps",
  "quorumFloor",
  "approvalBps",
  "approvalFloorBps",
  "concurrence",
  "endorsements",
] as const satisfies readonly (keyof ClassRules)[];

/** Where a class of decisions is stricter than the next greater one: who could choose would take the lesser. */
function findMisorder(given: unknown): string[] {
  if (!isRecord(given)) return [];
  const found: string[] = [];
  for (const rule of STRICTNESS) {
    const { unit } = SCHEMA.Governor.amendment.rules[rule];
    let lesser: { name: string; value: number } | undefined;
    for (const key of CLASSES) {
      const rules = given[key];
      const value = isRecord(rules) ? rules[rule] : undefined;
      const { min, max } = SCHEMA.Governor[key].rules[rule].range(() => undefined);
      // What is out of its range is named for that.
      if (!isWithin(value, min.value, max.value)) continue;
      const name = `Governor.${key}.${rule}`;
      if (lesser !== undefined && lesser.value > value)
        found.push(
          `${lesser.name} is ${lesser.value}, allowed: up to ${name}, ${value} (${unit}); ` +
            "a lesser class is never stricter than a greater one",
        );
      lesser = { name, value };
    }
  }
  return found;
}

/** The value of a number parameter, if it is good by the bounds that depend on nothing else. */
function sound(content: Readonly<Record<string, unknown>>, key: SourceKey): number | undefined {
  const [section, name] = key.split(".") as [keyof Parameters, string];
  const values = content[section];
  const rule = (SCHEMA[section] as Readonly<Record<string, Rule>>)[name];
  if (!isRecord(values)) return undefined;
  const value = values[name];
  if (rule?.kind === "names") {
    return Array.isArray(value) && isWithin(value.length, rule.fewest, rule.most) ? value.length : undefined;
  }
  if (rule?.kind !== "integer") return undefined;
  const { min, max } = rule.range(() => undefined);
  return isWithin(value, min.value, max.value) ? value : undefined;
}

function unknownKeys(given: object, known: object, prefix: string): string[] {
  return Object.keys(given)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => `${prefix}${key} is not a parameter, allowed: ${list(Object.keys(known))}`);
}

function isWithin(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

function isDigest(value: unknown): boolean {
  return typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value) && !/^0x0+$/.test(value);
}

function isName(value: unknown, longest: number): boolean {
  return typeof value === "string" && value.length <= longest && PLAIN.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const bound = ({ value, because }: Bound) => (because === undefined ? `${value}` : `${value} (${because})`);
const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];
export const list = (names: readonly string[]) => names.join(", ");

/** A value as somebody who wrote it would recognise it, on one line and not longer than that. */
export function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
