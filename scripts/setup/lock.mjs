import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// The holder touches its lock every few seconds, so a lock nobody touches belongs to a process that died.
// Process ids would not do: they are reused, and mean nothing between two containers on one directory.
const HEARTBEAT_MS = 2_000;
const STALE_MS = 15_000;
const POLL_MS = 200;

/** Runs `work` while no other process runs its own under the same lock file. */
export async function withLock(path, work, { onWait = () => {}, staleMs = STALE_MS } = {}) {
  await acquire(path, onWait, staleMs);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off("exit", release);
    release();
  }
}

/** Whether a live process holds the lock. */
export function isHeld(path, staleMs = STALE_MS) {
  const age = ageOf(path);
  return age !== undefined && age < staleMs;
}

async function acquire(path, onWait, staleMs) {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; !tryCreate(path); waited = true) {
    if (!waited) onWait();
    if (!isHeld(path, staleMs)) breakStale(path, staleMs);
    else await sleep(POLL_MS);
  }
}

// Two waiters may find the same stale lock. Without the second file the slower one would remove the lock
// that the faster one has just taken; with it only one of them looks again and removes.
function breakStale(path, staleMs) {
  const guard = `${path}.breaking`;
  if (!tryCreate(guard)) {
    if (!isHeld(guard, staleMs)) rmSync(guard, { force: true });
    return;
  }
  try {
    if (!isHeld(path, staleMs)) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function tryCreate(path) {
  try {
    const file = openSync(path, "wx");
    writeSync(file, `${process.pid}\n`);
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function touch(path) {
  try {
    // Only a lock that is still ours: after a long suspension somebody else may hold it.
    if (readFileSync(path, "utf8").trim() === String(process.pid)) utimesSync(path, new Date(), new Date());
  } catch {
    // The lock is gone; the work goes on, there is nothing to keep alive.
  }
}

function ageOf(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
