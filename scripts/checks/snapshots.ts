import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type ErrorFragment, type EventFragment, type FunctionFragment, Interface } from "ethers";
import type { OwnContract, StorageEntry, StorageLayout } from "./contracts.js";

export const SNAPSHOTS = "test/snapshots";

const FOLDERS = ["abi", "storage"];

/** Contents by path below the snapshot folder. */
export type Snapshots = ReadonlyMap<string, string>;

export function renderSnapshots(
  contracts: readonly Pick<OwnContract, "name" | "abi" | "storage">[],
): Snapshots {
  return new Map(
    contracts.flatMap(({ name, abi, storage }) => [
      [`abi/${name}.txt`, renderAbi(abi)] as const,
      [`storage/${name}.txt`, renderStorage(storage)] as const,
    ]),
  );
}

/** Functions with their selectors, then events and errors, each sorted by signature. */
export function renderAbi(abi: OwnContract["abi"]): string {
  const { fragments } = new Interface(abi);
  const functions = fragments
    .filter((fragment): fragment is FunctionFragment => fragment.type === "function")
    .sort(bySignature)
    .map((fragment) => `${fragment.selector}  ${fragment.format("full")}`);
  const events = fragments
    .filter((fragment): fragment is EventFragment => fragment.type === "event")
    .sort(bySignature)
    .map((fragment) => `${fragment.topicHash.slice(0, 10)}  ${fragment.format("full")}`);
  const errors = fragments
    .filter((fragment): fragment is ErrorFragment => fragment.type === "error")
    .sort(bySignature)
    .map((fragment) => `${fragment.selector}  ${fragment.format("full")}`);
  const others = fragments
    .filter(({ type }) => !["function", "event", "error"].includes(type))
    .map((fragment) => `            ${fragment.format("full")}`)
    .sort();
  return `${[...others, ...functions, ...events, ...errors].join("\n")}\n`;
}

function bySignature(a: { format(): string }, b: { format(): string }): number {
  return a.format() < b.format() ? -1 : 1;
}

/** One line a variable: slot, offset, type, name; the members of every struct reached follow. */
export function renderStorage({ storage, types }: StorageLayout): string {
  const label = (type: string): string => types?.[type]?.label ?? type;
  const line = ({ slot, offset, type, label: name }: StorageEntry): string =>
    `${slot.padStart(4)} ${String(offset).padStart(3)}  ${label(type)}  ${name}`;

  const sections = [["slot off  type  name", ...storage.map(line)]];
  const seen = new Set<string>();
  const visit = (type: string | undefined): void => {
    const description = type === undefined ? undefined : types?.[type];
    if (type === undefined || description === undefined || seen.has(type)) return;
    seen.add(type);
    if (description.members !== undefined)
      sections.push([description.label, ...description.members.map(line)]);
    for (const inner of [description.base, description.value]) visit(inner);
    for (const member of description.members ?? []) visit(member.type);
  };
  for (const entry of storage) visit(entry.type);
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

export function compareSnapshots(folder: string, expected: Snapshots): string[] {
  const problems: string[] = [];
  for (const [path, text] of expected) {
    const file = join(folder, path);
    if (!existsSync(file)) problems.push(`${path} is missing`);
    else problems.push(...firstDifference(path, readFileSync(file, "utf8"), text));
  }
  return [...problems, ...superfluous(folder, expected).map((path) => `${path} describes no contract`)];
}

export function writeSnapshots(folder: string, snapshots: Snapshots): void {
  for (const path of superfluous(folder, snapshots)) rmSync(join(folder, path));
  for (const [path, text] of snapshots) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function superfluous(folder: string, expected: Snapshots): string[] {
  return FOLDERS.flatMap((name) =>
    existsSync(join(folder, name)) ? readdirSync(join(folder, name)).map((file) => `${name}/${file}`) : [],
  ).filter((path) => !expected.has(path));
}

function firstDifference(path: string, kept: string, current: string): string[] {
  if (kept === current) return [];
  const keptLines = new Set(kept.split("\n"));
  const currentLines = new Set(current.split("\n"));
  const gone = kept.split("\n").filter((line) => !currentLines.has(line));
  const added = current.split("\n").filter((line) => !keptLines.has(line));
  const changes = [...gone.map((line) => `- ${line.trim()}`), ...added.map((line) => `+ ${line.trim()}`)];
  return changes.length === 0
    ? [`${path}: the order changed`]
    : changes.map((change) => `${path}: ${change}`);
}
