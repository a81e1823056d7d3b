import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import json5 from "json5";
import { findRepeatedKeys } from "./json5-keys.js";
import { findProblems, show } from "./parameter-problems.js";
import type { Parameters, Policy } from "./parameter-schema.js";
import { Problem } from "./problem.js";

export { allowed, findProblems, STRICTNESS } from "./parameter-problems.js";
export * from "./parameter-schema.js";

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
