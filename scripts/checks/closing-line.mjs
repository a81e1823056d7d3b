// Counts what a test run printed and closes with one line: `node closing-line.mjs <log> <code of tests> <code of checks>`.
// Plain JavaScript: it must say what went wrong even when the dependencies could not be installed.
import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

// Hardhat sums up its runners in a line of its own, "12 passing (4 solidity, 8 mocha)", but counts pending Mocha
// tests as passed there. Mocha's own line, "8 passing (3s)", does not; the Solidity runner's count is right.
const SOLIDITY = /^\d+ (passing|failing) \(.*?\b(\d+) solidity\b.*\)$/;
const MOCHA = /^\s+(\d+) (passing|failing)(?: \([\d.]+\s?(?:ms|s|m|h)\))?$/;

/** The numbers of tests that passed and failed, from everything `hardhat test` printed. */
export function countTests(output) {
  const counts = { passing: 0, failing: 0 };
  let inMocha = false;
  for (const line of stripVTControlCharacters(output).split(/\r?\n/)) {
    if (line === "Running Mocha tests") inMocha = true;
    const solidity = SOLIDITY.exec(line);
    if (solidity !== null) counts[solidity[1]] += Number(solidity[2]);
    const mocha = inMocha ? MOCHA.exec(line) : null;
    if (mocha !== null) counts[mocha[2]] += Number(mocha[1]);
  }
  return { passed: counts.passing, failed: counts.failing };
}

/** The closing line and the exit code: a run without tests, or one that broke off, is a failure. */
export function close(output, testsCode, checksCode) {
  const { passed, failed } = countTests(output);
  const brokeOff = failed === 0 && (testsCode !== 0 || passed === 0) ? 1 : 0;
  const total = failed + brokeOff + (checksCode === 0 ? 0 : 1);
  return { line: `${passed} passed, ${total} failed`, code: total === 0 ? 0 : 1 };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [log, testsCode, checksCode] = argv.slice(2);
  const { line, code } = close(readFileSync(log, "utf8"), Number(testsCode), Number(checksCode));
  console.log(line);
  process.exitCode = code;
}
