import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { findStaleBindings } from "./bindings.js";
import type { Check, Outcome } from "./check.js";
import { ownContracts } from "./contracts.js";
import { findUncovered } from "./coverage.js";
import { filesUnder, publishedFiles, type SourceFile, sourcesUnder } from "./files.js";
import { findTestImports, findWrongContractImports } from "./imports.js";
import { findBrokenLinks, findMissingCitations } from "./links.js";
import { findUnboundedLoops } from "./loops.js";
import { findUnclearNames } from "./naming.js";
import { findForbiddenOpcodes, findForbiddenWords } from "./opcodes.js";
import { complaints, runTool } from "./process.js";
import { findSecrets } from "./secrets.js";
import { findOversized } from "./sizes.js";
import { compareSnapshots, renderSnapshots, SNAPSHOTS } from "./snapshots.js";

const SOLIDITY = ["contracts", "test"];

/** Everything `npm run check` looks at, quick ones first. */
export const checks: readonly Check[] = [
  {
    name: "biome",
    remedy: "npm run format mends most of it",
    run: (hre) => tool(hre, "@biomejs/biome", ["check", "--colors=off", "--max-diagnostics=50", "."]),
  },
  {
    name: "solhint",
    remedy: "change the code; a rule is switched off only where a comment says why",
    run: (hre) => onSolidity(hre, "solhint", ["--noPoster", "--disc", "--max-warnings", "0"]),
  },
  {
    name: "prettier",
    remedy: "npm run format",
    run: (hre) => onSolidity(hre, "prettier", ["--check"]),
  },
  {
    name: "tsc",
    remedy: "mend the types",
    run: (hre) => tool(hre, "typescript", ["--noEmit", "--pretty", "false"]),
  },
  {
    name: "imports",
    remedy: "turn the dependency round, or reach the other organ through its interface",
    run: async (hre) => ({
      problems: [
        ...findWrongContractImports(sourcesUnder(rootOf(hre), "contracts", [".sol"])),
        ...findTestImports(
          ["scripts", "deploy"].flatMap((folder) => sourcesUnder(rootOf(hre), folder, [".ts", ".mjs"])),
        ),
      ],
    }),
  },
  {
    name: "naming",
    remedy: "name the mapping's key; start the name of private and internal state with _",
    run: async (hre) => ({ problems: findUnclearNames(sourcesUnder(rootOf(hre), "contracts", [".sol"])) }),
  },
  {
    name: "loops",
    remedy: 'state what bounds the loop above it: "// bound: at most 8 groups"',
    run: async (hre) => ({ problems: findUnboundedLoops(sourcesUnder(rootOf(hre), "contracts", [".sol"])) }),
  },
  {
    name: "links",
    remedy: "correct the link, or write what it points to",
    run: async (hre) => ({ problems: findDeadReferences(rootOf(hre)) }),
  },
  {
    name: "secrets",
    remedy: 'take it out and replace the key; if it is none, say so beside it: "not a secret: <why>"',
    run: async (hre) => ({ problems: findSecrets(published(rootOf(hre))) }),
  },
  {
    name: "bindings",
    remedy: "delete typechain-types, npm run build, git add typechain-types",
    run: async (hre) => ({ problems: await findStaleBindings(hre, "typechain-types") }),
  },
  {
    name: "snapshots",
    remedy:
      "if the change is meant: npm run snapshot, and say in the commit what it means for those who use it",
    run: async (hre) => ({
      problems: compareSnapshots(join(rootOf(hre), SNAPSHOTS), renderSnapshots(await ownContracts(hre))),
    }),
  },
  {
    name: "sizes",
    remedy: "move a concern into a contract or library of its own",
    run: async (hre) => findOversized(await ownContracts(hre)),
  },
  {
    name: "opcodes",
    remedy: "do without the instruction",
    run: async (hre) => ({
      problems: [
        ...findForbiddenWords(sourcesUnder(rootOf(hre), "contracts", [".sol"])),
        ...(await ownContracts(hre)).flatMap(({ name, deployedBytecode, sourceMap }) =>
          findForbiddenOpcodes(deployedBytecode, sourceMap).map((problem) => `${name}: ${problem}`),
        ),
      ],
    }),
  },
  {
    name: "gas",
    long: true,
    remedy: "make it cheaper; a bar is raised only with the reason in the commit",
    run: checkGas,
  },
  {
    name: "coverage",
    long: true,
    remedy: "write the missing test, or take out code that nothing can reach",
    run: checkCoverage,
  },
];

/**
 * The tests that mirror the contracts one to one. They alone must run every line: a line that only a random history, a
 * story or an attack happens to reach is not tested.
 */
const UNIT_TESTS = [
  "test/membership",
  "test/elections",
  "test/governance",
  "test/charter",
  "test/motions",
  "test/forum",
  "test/conduct",
  "test/root",
  "test/libraries",
];

/** Runs the unit tests on instrumented contracts. */
export async function checkCoverage(hre: HardhatRuntimeEnvironment): Promise<Outcome> {
  const tests = UNIT_TESTS.flatMap((folder) => filesUnder(rootOf(hre), folder, [".test.ts"]));
  const finished = await runTool(rootOf(hre), "hardhat", ["test", "mocha", ...tests, "--coverage"]);
  if (finished.code !== 0) {
    // Mocha tells what failed at the end, between what passed and Hardhat's own table.
    const telling = complaints(finished).filter((line) => !/[✔╔║╟╚]/.test(line));
    return { problems: ["tests fail on instrumented contracts", ...telling.slice(-35)] };
  }
  return findUncovered(readFileSync(join(rootOf(hre), "coverage", "lcov.info"), "utf8"));
}

async function checkGas(hre: HardhatRuntimeEnvironment): Promise<Outcome> {
  if (!hre.tasks.rootTasks.has("gas")) return { problems: ["there is no task called gas in scripts/tasks/"] };
  return tool(hre, "hardhat", ["gas", "--check"]);
}

async function tool(
  hre: HardhatRuntimeEnvironment,
  packageName: string,
  args: readonly string[],
): Promise<Outcome> {
  return { problems: complaints(await runTool(rootOf(hre), packageName, args)) };
}

// Both tools take it for a mistake when no file matches.
async function onSolidity(
  hre: HardhatRuntimeEnvironment,
  name: string,
  args: readonly string[],
): Promise<Outcome> {
  const files = SOLIDITY.flatMap((folder) => filesUnder(rootOf(hre), folder, [".sol"]));
  return files.length === 0 ? { problems: [] } : tool(hre, name, [...args, ...files]);
}

function findDeadReferences(root: string): string[] {
  const documents = published(root).filter(({ path }) => path.endsWith(".md"));
  const properties = documents.filter(({ path }) => path === "docs/properties.md");
  return [
    ...findBrokenLinks(root, documents),
    ...properties.flatMap((document) => findMissingCitations(root, document)),
  ];
}

function published(root: string): SourceFile[] {
  return publishedFiles(root).map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

function rootOf(hre: HardhatRuntimeEnvironment): string {
  return hre.config.paths.root;
}
