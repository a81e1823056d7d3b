import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const SKIPPED = new Set([
  "node_modules",
  ".git",
  ".setup",
  "artifacts",
  "cache",
  "coverage",
  "reports",
  "deployments",
]);

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** All files under `folder` (relative to `root`) with one of the endings, in a stable order; generated ones left out. */
export function filesUnder(root: string, folder: string, endings: readonly string[]): string[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  const found: string[] = [];
  const visit = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(join(path, entry.name));
      else if (entry.isFile() && endings.some((ending) => entry.name.endsWith(ending))) {
        found.push(relative(root, join(path, entry.name)).split(sep).join("/"));
      }
    }
  };
  visit(start);
  return found.sort();
}

export function sourcesUnder(root: string, folder: string, endings: readonly string[]): SourceFile[] {
  return filesUnder(root, folder, endings).map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  }));
}

/** What git tracks or would offer to track; without git (a source archive), every file that is there. */
export function publishedFiles(root: string): string[] {
  try {
    const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return [...new Set(list.split("\0"))]
      .filter((path) => path !== "" && existsSync(join(root, path)))
      .sort();
  } catch {
    return filesUnder(root, ".", [""]);
  }
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
