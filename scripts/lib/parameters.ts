import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isAddress } from "ethers";
import json5 from "json5";
import { findRepeatedKeys } from "./json5-keys.js";
import { Problem } from "./problem.js";

/** The admission policies that a deployment brings, as a parameter file calls them. */
export const POLICIES = ["open", "vouched", "attested", "either"] as const;

export type Policy = (typeof POLICIES)[number];

/** The classes of decisions, as a parameter file calls them, in the order of `DecisionRules.Class`. */
export const CLASSES = ["motionAmendment", "resolution", "action", "appeal", "amendment"] as const;

export type ClassKey = (typeof CLASSES)[number];

/** The rules of a class of decisions, as `DecisionRules.Rules` has them. */
export type ClassRules = {
  notice: number;
  period: number;
  grace: number;
  delay: number;
  extension: number;
  quorumBps: number;
  quorumFloor: number;
  approvalBps: number;
  approvalFloorBps: number;
  concurrence: number;
  concurrenceMembers: number;
  endorsements: number;
  endorsementGroups: number;
};

/** Durations (seconds), shares (basis points) and names of a coalition, as in `deploy/parameters/`. */
export type Parameters = {
  $global: { shortestStage: number };
  Timelock: { delay: number };
  Membership: {
    name: string;
    symbol: string;
    groups: string[];
    codeDigest: string;
    admissionPolicy: Policy;
    waitingFloor: number;
    waitingPeriod: number;
    epochLength: number;
    epochShareBps: number;
    epochFloor: number;
    confirmationPeriod: number;
    recoveryDelay: number;
    oneVoice: boolean;
    claimCooldown: number;
    challengeWindow: number;
    challengers: number;
    delegationCap: number;
  };
  Admission: {
    name: string;
    vouchers: number;
    voucherGroups: number;
    vouchSlots: number;
    vouchCooldown: number;
  };
  Governor: {
    name: string;
    places: number;
    guardian: string;
    guardianTerm: number;
  } & Record<ClassKey, ClassRules>;
};

/** A parameter file that was read and found good. */
export interface ParameterFile {
  /** Where it lies, relative to the project if it is part of it. */
  readonly path: string;
  /** sha2-256 of its bytes, as `sha256sum` shows it. */
  readonly digest: string;
  readonly parameters: Parameters;
}

/** Everything that is wrong with a parameter file, found before anything is deployed. */
export class ParameterProblem extends Problem {
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${file} has ${count}:`, ...problems.map((problem) => `  ${file}: ${problem}`)].join("\n"));
  }
}

const MINUTE = 60;
const DAY = 86_400;

const LONGEST_NAME = 31;
const LONGEST_SYMBOL = 11;
/** As `PlainName` has it: names that look like nothing but themselves. */
const PLAIN = /^[A-Za-z0-9&(),\-./]+( [A-Za-z0-9&(),\-./]+)*$/;
const PLAIN_WORDS = "ASCII letters, digits, single spaces and & ( ) , - . /";

/** A bound: a number, or one that follows from another parameter, with the words that say how. */
interface Bound {
  readonly value: number;
  readonly because?: string;
}

export interface IntegerRule {
  readonly kind: "integer";
  readonly unit: "seconds" | "basis points" | "members" | "groups" | "votes" | "vouches" | "decisions";
  /** The bounds, given a reader for other parameters that answers only where they are good themselves. */
  readonly range: (other: (key: SourceKey) => number | undefined) => { min: Bound; max: Bound };
}

interface NameRule {
  readonly kind: "name";
  readonly longest: number;
}

interface NamesRule {
  readonly kind: "names";
  readonly longest: number;
  readonly fewest: number;
  readonly most: number;
}

interface DigestRule {
  readonly kind: "digest";
}

interface SwitchRule {
  readonly kind: "switch";
}

interface ChoiceRule {
  readonly kind: "choice";
  readonly options: readonly string[];
}

interface AccountRule {
  readonly kind: "account";
}

/** Several parameters under one name. */
interface GroupRule {
  readonly kind: "group";
  readonly rules: Readonly<Record<string, IntegerRule>>;
}

export type Rule =
  | IntegerRule
  | NameRule
  | NamesRule
  | DigestRule
  | SwitchRule
  | ChoiceRule
  | AccountRule
  | GroupRule;

/** The type of rule that a parameter of a type takes: the compiler refuses a schema that forgets or misnames one. */
type RuleFor<T> = T extends number
  ? IntegerRule
  : T extends boolean
    ? SwitchRule
    : T extends string[]
      ? NamesRule
      : T extends string
        ? string extends T
          ? NameRule | DigestRule | AccountRule
          : ChoiceRule
        : T extends ClassRules
          ? GroupRule & { readonly rules: Record<keyof ClassRules, IntegerRule> }
          : never;

type Schema = { [S in keyof Parameters]: { [K in keyof Parameters[S]]: RuleFor<Parameters[S][K]> } };

/** `Section.key` of every parameter that is a number. */
export type IntegerKey = {
  [S in keyof Parameters]: {
    [K in keyof Parameters[S] & string]: Parameters[S][K] extends number ? `${S}.${K}` : never;
  }[keyof Parameters[S] & string];
}[keyof Parameters];

/** What the bounds of a number can follow from: another number, or how many stakeholder groups there are. */
export type SourceKey = IntegerKey | "Membership.groups";

const between = (unit: IntegerRule["unit"], min: number, max: number): IntegerRule => ({
  kind: "integer",
  unit,
  range: () => ({ min: { value: min }, max: { value: max } }),
});

/** From the value of another parameter, or what follows from it, to a fixed maximum. */
const from = (
  source: IntegerKey,
  max: number,
  lowest: number,
  derive: (value: number) => number,
  words: string,
): IntegerRule => ({
  kind: "integer",
  unit: "seconds",
  range: (other) => {
    const value = other(source);
    const min = value === undefined ? { value: lowest } : { value: derive(value), because: words };
    return { min, max: { value: max } };
  },
});

/** From a multiple of the waiting floor, which measures the time that people need to react, to a fixed maximum. */
const floors = (times: number, max: number, words: string): IntegerRule =>
  from(
    "Membership.waitingFloor",
    max,
    Math.floor(MINUTE * times),
    (value) => Math.floor(value * times),
    words,
  );

/** A number of stakeholder groups, up to how many there are. */
const groupsFrom = (min: number): IntegerRule => ({
  kind: "integer",
  unit: "groups",
  range: (other) => ({
    min: { value: min },
    max: { value: other("Membership.groups") ?? 8, because: "the number of Membership.groups" },
  }),
});

const stage = (max: number): IntegerRule =>
  from("$global.shortestStage", max, MINUTE, (value) => value, "$global.shortestStage");

/** The notice must be shorter than any waiting period: whoever joins because of a proposal does not vote on it. */
const notice: IntegerRule = {
  kind: "integer",
  unit: "seconds",
  range: (other) => {
    const { min, max } = stage(30 * DAY).range(other);
    const floor = other("Membership.waitingFloor");
    if (floor === undefined || floor > max.value) return { min, max };
    return { min, max: { value: floor - 1, because: "below Membership.waitingFloor" } };
  },
};

/** The rules of a class; amendments have higher lower ends. */
const classRules = (approval: number, concurrence: number) => ({
  kind: "group" as const,
  rules: {
    notice,
    period: stage(90 * DAY),
    grace: stage(180 * DAY),
    delay: stage(30 * DAY),
    extension: between("seconds", 0, 14 * DAY),
    quorumBps: between("basis points", 100, 5_000),
    quorumFloor: between("members", 3, 50),
    approvalBps: between("basis points", approval, 8_000),
    approvalFloorBps: between("basis points", 0, 2_500),
    concurrence: groupsFrom(concurrence),
    concurrenceMembers: between("members", 1, 255),
    endorsements: between("members", 0, 20),
    endorsementGroups: groupsFrom(0),
  },
});

/** Every parameter and its range. The ranges are those of the contracts' constructors; a test holds them together. */
export const SCHEMA: Schema = {
  $global: { shortestStage: between("seconds", MINUTE, 7 * DAY) },
  Timelock: { delay: stage(30 * DAY) },
  Membership: {
    name: { kind: "name", longest: LONGEST_NAME },
    symbol: { kind: "name", longest: LONGEST_SYMBOL },
    groups: { kind: "names", longest: LONGEST_NAME, fewest: 2, most: 8 },
    codeDigest: { kind: "digest" },
    admissionPolicy: { kind: "choice", options: POLICIES },
    waitingFloor: between("seconds", MINUTE, 180 * DAY),
    waitingPeriod: from(
      "Membership.waitingFloor",
      365 * DAY,
      MINUTE,
      (value) => value,
      "Membership.waitingFloor",
    ),
    epochLength: from(
      "Membership.waitingFloor",
      92 * DAY,
      Math.floor(MINUTE / 8),
      (value) => Math.floor(value / 8),
      "an eighth of Membership.waitingFloor",
    ),
    epochShareBps: between("basis points", 100, 2_500),
    epochFloor: between("members", 1, 100),
    confirmationPeriod: floors(4, 1_096 * DAY, "four times Membership.waitingFloor"),
    recoveryDelay: floors(0.5, 180 * DAY, "half of Membership.waitingFloor"),
    oneVoice: { kind: "switch" },
    claimCooldown: floors(1, 730 * DAY, "Membership.waitingFloor"),
    challengeWindow: floors(1, 180 * DAY, "Membership.waitingFloor"),
    challengers: between("members", 2, 100),
    delegationCap: between("votes", 0, 100),
  },
  Admission: {
    name: { kind: "name", longest: LONGEST_NAME },
    vouchers: between("vouches", 2, 16),
    voucherGroups: {
      kind: "integer",
      unit: "groups",
      range: (other) => {
        const [vouchers, groups] = [other("Admission.vouchers") ?? 8, other("Membership.groups") ?? 8];
        const max =
          vouchers < groups
            ? { value: vouchers, because: "Admission.vouchers" }
            : { value: groups, because: "the number of Membership.groups" };
        return { min: { value: 2 }, max };
      },
    },
    vouchSlots: between("vouches", 1, 16),
    vouchCooldown: between("seconds", MINUTE, 365 * DAY),
  },
  Governor: {
    name: { kind: "name", longest: LONGEST_NAME },
    places: between("decisions", 1, 5),
    guardian: { kind: "account" },
    guardianTerm: between("seconds", 0, 1_096 * DAY),
    resolution: classRules(5_000, 0),
    motionAmendment: classRules(5_000, 0),
    action: classRules(5_000, 0),
    appeal: classRules(5_000, 0),
    amendment: classRules(6_000, 2),
  },
};

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Path of a parameter file: as given, or the one of that name in `deploy/parameters/` if it has no `.json5` ending. */
export function parameterPath(nameOrPath: string): string {
  if (nameOrPath.endsWith(".json5")) return resolve(nameOrPath);
  return join(ROOT, "deploy", "parameters", `${nameOrPath}.json5`);
}

/**
 * Reads a parameter file and checks all of it.
 * @param nameOrPath A path that ends with `.json5`, or a name in `deploy/parameters/`.
 * @throws {ParameterProblem} naming everything that is wrong with it at once.
 */
export function readParameterFile(nameOrPath: string): ParameterFile {
  const path = parameterPath(nameOrPath);
  const shown = relative(ROOT, path);
  const file = shown.startsWith("..") || isAbsolute(shown) ? path : shown.replaceAll("\\", "/");
  const bytes = readBytes(path, file);
  const text = bytes.toString("utf8");
  let content: unknown;
  try {
    content = json5.parse(text);
  } catch (error) {
    throw new ParameterProblem(file, [`not JSON5: ${error instanceof Error ? error.message : error}`]);
  }
  const repeated = findRepeatedKeys(text).map((key) => `${key} is given more than once`);
  const problems = [...repeated, ...findProblems(content)];
  if (problems.length > 0) throw new ParameterProblem(file, problems);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { path: file, digest: `0x${digest}`, parameters: content as Parameters };
}

/** The parameters of a file; see {@link readParameterFile}. */
export function readParameters(nameOrPath: string): Parameters {
  return readParameterFile(nameOrPath).parameters;
}

/** Why a policy can admit nobody to a coalition that was just born, which then never has a vote to change it by. */
const CANNOT_BE_FIRST: Readonly<Record<Policy, string | undefined>> = {
  open: undefined,
  vouched: "only members with a vote vouch, and nobody has one yet",
  attested: "only a decision accredits an issuer, and nobody has a vote yet",
  either: "only members with a vote vouch, only a decision accredits an issuer, and nobody has a vote yet",
};

/**
 * Refuses parameters by which a coalition would be born with a policy that can admit nobody. A file may name any
 * policy otherwise: it says which one is in force, and the members change that.
 * @throws {ParameterProblem} saying why, and what to do instead.
 */
export function requireFirstPolicy({ path, parameters }: ParameterFile): void {
  const { admissionPolicy } = parameters.Membership;
  const why = CANNOT_BE_FIRST[admissionPolicy];
  if (why === undefined) return;
  throw new ParameterProblem(path, [
    `Membership.admissionPolicy is ${show(admissionPolicy)}, allowed for a new coalition: "open"; ${why}. ` +
      "Deploy with the open policy, and name another once a decision has put it in force, for deploy:check",
  ]);
}

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
      return `a whole number from ${bound(min)} to ${bound(max)} (${rule.unit})`;
    }
    case "name":
      return `1 to ${rule.longest} ${PLAIN_WORDS}`;
    case "names":
      return `${rule.fewest} to ${rule.most} different names, each of 1 to ${rule.longest} ${PLAIN_WORDS}`;
    case "switch":
      return "true or false";
    case "choice":
      return rule.options.map((option) => show(option)).join(", ");
    case "account":
      return "an address: 0x and 40 hexadecimal digits, all of them zero for nobody";
    case "group":
      return `an object with ${list(Object.keys(rule.rules))}`;
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
      return isWithin(value, min.value, max.value) ? [] : refuse(name, value);
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
    case "digest": {
      const good = typeof value === "string" && /^0x[0-9a-fA-F]{64}$/.test(value) && !/^0x0+$/.test(value);
      return good ? [] : refuse(name, value);
    }
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

function isName(value: unknown, longest: number): boolean {
  return typeof value === "string" && value.length <= longest && PLAIN.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readBytes(path: string, file: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "no such file" : `cannot be read (${code})`;
    throw new ParameterProblem(file, [
      `${why}; give a path that ends with .json5, or a name in deploy/parameters/`,
    ]);
  }
}

const bound = ({ value, because }: Bound) => (because === undefined ? `${value}` : `${value} (${because})`);
const keysOf = <T extends object>(record: T) => Object.keys(record) as (keyof T & string)[];
const list = (names: readonly string[]) => names.join(", ");

/** A value as somebody who wrote it would recognise it, on one line and not longer than that. */
function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
