import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A node of another make, in a process of its own, reachable from this machine only. */
export interface SecondNode {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const ANVIL = "1.7.1";
const START_MS = 60_000;

/**
 * Starts Anvil on a port that the system chooses, with a block each second.
 *
 * The binary is called directly: the launcher of its package would outlive a kill with the node under it.
 */
export async function startSecondNode(chainId: number): Promise<SecondNode> {
  const args = ["--host", "127.0.0.1", "--port", "0", "--chain-id", `${chainId}`];
  args.push("--hardfork", "osaka", "--block-time", "1", "--accounts", "1");
  const node = spawn(anvilBinary(), args, { stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    if (node.exitCode !== null || node.signalCode !== null) return;
    const ended = once(node, "exit");
    node.kill("SIGKILL");
    await ended;
  };
  let output = "";
  const listening = new Promise<string>((found, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString("utf8");
      const address = /Listening on (127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined) found(`http://${address}`);
    };
    node.stdout.on("data", read);
    node.stderr.on("data", read);
    node.once("error", failed);
    node.once("exit", (code) => failed(new Error(`the node ended with code ${code}: ${output}`)));
  });
  const late = new AbortController();
  try {
    const url = await Promise.race([
      listening,
      sleep(START_MS, "", { signal: late.signal }).then(() => {
        throw new Error(`the node did not start: ${output}`);
      }),
    ]);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    late.abort();
  }
}

/**
 * Anvil's binary for this machine, fetched by npm into its own cache.
 *
 * Not a dependency of the project: each platform has a package of its own, and a lock file that lacks one of them makes
 * `npm ci` fail for everybody on that platform.
 */
function anvilBinary(): string {
  const machine = process.arch === "x64" ? "amd64" : process.arch;
  const windows = process.platform === "win32";
  const name = `anvil-${process.platform}-${machine}`;
  const script = "process.env.PATH";
  const fetch = ["exec", "--yes", `--package=@foundry-rs/${name}@${ANVIL}`, "--", "node", "-p", script];
  const output = execFileSync("npm", fetch, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: windows,
  });
  const paths = (output.trim().split("\n").at(-1) ?? "").split(delimiter);
  const binary = paths
    .map((path) => join(dirname(path), "@foundry-rs", name, "bin", windows ? "anvil.exe" : "anvil"))
    .find((path) => existsSync(path));
  if (binary === undefined)
    throw new Error(`npm fetched no Anvil ${ANVIL} for ${process.platform} ${machine}`);
  return binary;
}

export interface Command {
  readonly process: ChildProcess;
  /** What it printed, once it ended; the code is undefined if it was killed. */
  readonly ended: Promise<{ readonly code: number | undefined; readonly output: string }>;
}

/** Runs a Hardhat task in a process of its own, as a person would from a shell. */
export function hardhat(args: readonly string[], settings: Readonly<Record<string, string>>): Command {
  const cli = join(ROOT, "node_modules", "hardhat", "dist", "src", "cli.js");
  const inherited = Object.entries(process.env).filter(([name]) => !/^HARDHAT_|^DEBUG$/.test(name));
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), NO_COLOR: "1", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = once(child, "close").then(([code]) => ({
    code: (code ?? undefined) as number | undefined,
    output,
  }));
  return { process: child, ended };
}
