import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { Report } from "../../scripts/lib/pilot/report.js";
import { type PilotOptions, readScript, runPilot } from "../../scripts/pilot.js";
import pilotTask from "../../scripts/tasks/pilot.js";
import { inFolder } from "./folder.js";

/** A change to a file of a pilot: its name, and what becomes of its text. */
export type Edit = readonly [file: string, change: (text: string) => string];

/** Runs `work` on a copy of the project's pilot with some files changed. */
export function withPilot<T>(edits: readonly Edit[], work: (folder: string) => T | Promise<T>): Promise<T> {
  return inFolder({}, (root) => {
    const folder = join(root, "pilot");
    mkdirSync(join(root, "docs"));
    cpSync("pilot", folder, { recursive: true });
    cpSync("docs/code-of-conduct.md", join(root, "docs", "code-of-conduct.md"));
    for (const [file, change] of edits) {
      const path = join(folder, file);
      writeFileSync(path, change(readFileSync(path, "utf8")));
    }
    return work(folder);
  });
}

/** Replaces a text that must be there once. */
export function replace(from: string, to: string): (text: string) => string {
  return (text) => {
    if (text.split(from).length !== 2) throw new Error(`"${from}" is not there just once`);
    return text.replace(from, to);
  };
}

export interface Played {
  readonly report: Report;
  readonly lines: readonly string[];
  readonly json: string;
  readonly markdown: string;
}

/** Plays a story and answers the report, what was said, and what was written. */
export function play(
  connection: NetworkConnection,
  story = "pilot",
  more: Partial<PilotOptions> = {},
): Promise<Played> {
  return inFolder({}, async (folder) => {
    const lines: string[] = [];
    const reports = join(folder, "reports");
    const report = await runPilot({
      ...readScript(story, "dc-bas"),
      connection,
      artifacts: hre.artifacts,
      deployments: join(folder, "deployments"),
      reports,
      longestMinutes: 60,
      say: (line) => lines.push(line),
      ...more,
    });
    const text = (name: string) => readFileSync(join(reports, name), "utf8");
    return { report, lines, json: text("pilot.json"), markdown: text("pilot.md") };
  });
}

/** What is not on chain as a report's story says. */
export function differing({ comparisons }: Report): string[] {
  return comparisons.filter(({ ok }) => !ok).map(({ what }) => what);
}

/** Runs the task as the command does, and answers whether it succeeded and what it printed. */
export async function command(options: { story: string; reports: string }) {
  const { log, error } = console;
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  Object.assign(console, { log: keep, error: keep });
  try {
    const given = { parameters: "dc-bas", seed: "", realTime: false, patience: 60, ...options };
    const { success } = await pilotTask(given, hre);
    return { success, output: lines.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}
