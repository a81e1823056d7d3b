import { table } from "./table.js";

/** Contracts that the floor leaves out, each with the reason. */
export const EXCLUDED: readonly { readonly prefix: string; readonly reason: string }[] = [
  { prefix: "contracts/mocks/", reason: "stand-ins for tests, never deployed" },
];

interface FileCoverage {
  readonly path: string;
  readonly lines: number;
  readonly uncovered: readonly number[];
}

/** Reads what Hardhat's `--coverage` wrote; lines only, since it measures no branches. */
export function parseLcov(lcov: string): FileCoverage[] {
  return lcov
    .split("end_of_record")
    .map((record) => ({
      path: /^SF:(.+)$/m.exec(record)?.[1]?.replaceAll("\\", "/") ?? "",
      hits: [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(
        ([, line, hits]) => [Number(line), Number(hits)] as const,
      ),
    }))
    .filter(({ path }) => path !== "")
    .map(({ path, hits }) => ({
      path,
      lines: hits.length,
      uncovered: hits.filter(([, count]) => count === 0).map(([line]) => line),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every executable line of every contract runs in some test. */
export function findUncovered(lcov: string): { problems: string[]; notes: string[] } {
  const files = parseLcov(lcov).filter(
    ({ path }) => path.startsWith("contracts/") && !EXCLUDED.some(({ prefix }) => path.startsWith(prefix)),
  );
  if (files.length === 0) return { problems: ["the coverage report names no contract"], notes: [] };
  return {
    problems: files
      .filter(({ uncovered }) => uncovered.length > 0)
      .map(({ path, uncovered }) => `${path}: no test runs line ${uncovered.join(", ")}`),
    notes: table(
      ["contract", "lines", "covered"],
      files.map(({ path, lines, uncovered }) => [path, lines, percent(lines - uncovered.length, lines)]),
    ),
  };
}

function percent(part: number, whole: number): string {
  // Rounded down: 99.96 % must not read as 100.
  return `${whole === 0 ? 100 : Math.floor((part / whole) * 1000) / 10} %`;
}
