import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";

// What Hardhat 3 needs, and what is fetched for those whose Node is older.
const MINIMUM = [22, 13];
const FETCHED = "node@24";

const WINDOWS = process.platform === "win32";

export function isRecent(version) {
  const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** The path remembered from an earlier run, if it still leads to a Node that is recent enough. */
export function knownNode(memo) {
  if (isRecent(process.version)) return process.execPath;
  if (!existsSync(memo)) return undefined;
  const path = readFileSync(memo, "utf8").trim();
  return isUsable(path) ? path : undefined;
}

/**
 * Lets npm fetch a recent Node into its own cache, and remembers where it lies.
 *
 * The binary is then called directly instead of through npx: npx asks the registry every time, and puts a shell
 * between us and the command that swallows signals.
 */
export function fetchNode(memo) {
  const output = execFileSync("npx", ["-y", "-p", FETCHED, "--", "node", "-p", "process.execPath"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: WINDOWS,
  });
  const path = output.trim().split("\n").at(-1);
  if (!isUsable(path)) throw new Error(`npx -p ${FETCHED} gave no usable Node`);
  mkdirSync(dirname(memo), { recursive: true });
  writeFileSync(memo, `${path}\n`);
  return path;
}

/** Runs a command under the given Node, passes signals on, and resolves to its exit code. */
export function run(node, command, args, { cwd, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
    const child = spawn(command, args, { cwd, env, shell, stdio: "inherit" });
    const pass = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, pass);
    const forget = () => {
      for (const signal of signals) process.off(signal, pass);
    };
    child.once("error", (error) => {
      forget();
      reject(error);
    });
    child.once("close", (code, signal) => {
      forget();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** `npm ci` under the given Node: npm's own launcher takes the first Node of the PATH. */
export function install(node, root) {
  return run(node, WINDOWS ? "npm.cmd" : "npm", ["ci"], { cwd: root, shell: WINDOWS });
}

export function binPath(root, name) {
  return join(root, "node_modules", ".bin", WINDOWS ? `${name}.cmd` : name);
}

function isUsable(path) {
  try {
    return isRecent(
      execFileSync(path, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return false;
  }
}
