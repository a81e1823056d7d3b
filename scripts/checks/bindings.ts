import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { filesUnder } from "./files.js";

/** Generates the bindings anew beside the project and compares: whatever a build left behind plays no part. */
export async function findStaleBindings(hre: HardhatRuntimeEnvironment, folder: string): Promise<string[]> {
  const fresh = mkdtempSync(join(tmpdir(), "bindings-"));
  try {
    await generate(hre, fresh);
    return [
      ...compareFolders(fresh, join(hre.config.paths.root, folder)),
      ...unpublished(hre.config.paths.root, folder),
    ];
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

export function compareFolders(fresh: string, kept: string): string[] {
  const generated = new Set(filesUnder(fresh, ".", [""]));
  const present = new Set(filesUnder(kept, ".", [""]));
  const missing = [...generated].filter((path) => !present.has(path)).map((path) => `${path} is missing`);
  const extra = [...present]
    .filter((path) => !generated.has(path))
    .map((path) => `${path} belongs to no contract`);
  const changed = [...generated]
    .filter((path) => present.has(path) && read(fresh, path) !== read(kept, path))
    .map((path) => `${path} is out of date`);
  return [...missing, ...extra, ...changed].sort();
}

/** What git has not been told of, inside this folder only. */
export function unpublished(root: string, folder: string): string[] {
  if (!existsSync(join(root, ".git"))) return [];
  const ask = (args: string[]): string[] =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  const changed = ask(["diff", "--name-only", "-z", "--", folder]);
  const untracked = ask(["ls-files", "--others", "--exclude-standard", "-z", "--", folder]);
  return [...changed, ...untracked].map((path) => `${path} is not staged or committed`);
}

async function generate(hre: HardhatRuntimeEnvironment, outDir: string): Promise<void> {
  const { createHardhatRuntimeEnvironment } = await import("hardhat/hre");
  const other = await createHardhatRuntimeEnvironment(
    { ...hre.userConfig, typechain: { ...hre.userConfig.typechain, outDir } },
    { config: hre.globalOptions.config },
    hre.config.paths.root,
  );
  await other.tasks.getTask("build").run({ quiet: true });
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}
