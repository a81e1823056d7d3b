// Starts every package script: `node scripts/setup/run.mjs <bin> [arguments…]`.
//
// It makes a fresh clone work without a setup step, on any Node from 20 on: dependencies are installed when they
// are missing or out of date, and a Node that Hardhat accepts is fetched when the current one is too old.
// Plain JavaScript without dependencies, because nothing is installed yet when it runs.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { whyInstall } from "./installed.mjs";
import { isHeld, withLock } from "./lock.mjs";
import { binPath, fetchNode, install, knownNode, run } from "./node.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const lock = join(root, ".setup", "lock");
const memo = join(root, ".setup", "node");

const say = (message) => process.stderr.write(`setup: ${message}\n`);

class SetupError extends Error {}

async function prepare() {
  const node = knownNode(memo);
  if (node !== undefined && !isHeld(lock) && whyInstall(root) === undefined) return node;
  // Asked again under the lock: another command may have done the work while this one waited.
  return withLock(lock, async () => complete(knownNode(memo) ?? fetch()), {
    onWait: () => say("another command is installing, waiting for it"),
  });
}

function fetch() {
  say(`Node ${process.version} is too old for Hardhat, fetching Node 24 through npx`);
  try {
    return fetchNode(memo);
  } catch (error) {
    throw new SetupError(
      `Node 24 could not be fetched (${firstLine(error)}); check the network or install Node 24.`,
    );
  }
}

async function complete(node) {
  const reason = whyInstall(root);
  if (reason === undefined) return node;
  say(`${reason}, running npm ci`);
  const code = await install(node, root);
  if (code > 128) process.exit(code);
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed with code ${code}; check the network and the lines above, then try again.`,
    );
  }
  const still = whyInstall(root);
  if (still !== undefined) {
    throw new SetupError(
      `npm ci ended but ${still}; delete node_modules and try again, under Node 22.13 or newer.`,
    );
  }
  return node;
}

async function start(node, name, args) {
  const bin = binPath(root, name);
  if (!existsSync(bin)) throw new SetupError(`no program called "${name}" in node_modules/.bin`);
  const windows = process.platform === "win32";
  // The programs used here are scripts that start whichever Node comes first in the PATH.
  return run(node, bin, args, { shell: windows });
}

const firstLine = (error) => error.message.split("\n")[0];

const [name, ...args] = process.argv.slice(2);
try {
  if (name === undefined) throw new SetupError("usage: node scripts/setup/run.mjs <bin> [arguments…]");
  process.exitCode = await start(await prepare(), name, args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
