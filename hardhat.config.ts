import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import dotenv from "dotenv";
import { configVariable, defineConfig } from "hardhat/config";
import { busyCompilers } from "./scripts/plugins/busy-compilers.js";
import { stableBindings } from "./scripts/plugins/stable-bindings.js";
import { tasks } from "./scripts/tasks/index.js";

dotenv.config({ quiet: true });

// Read from the environment (.env) or Hardhat's keystore, and only when the network is used.
const accounts = [configVariable("DEPLOYER_KEY")];

// Instrumented code must not be taken for the real one: coverage has its own artifacts and leaves the bindings alone.
// The processes that run the tests are told by the environment.
const coverage = process.argv.includes("--coverage") || process.env.HARDHAT_COVERAGE === "true";

// SEED=<number> gives the Solidity tests other inputs; without it they are the same at every run.
const seed = process.env.SEED === undefined ? undefined : `0x${BigInt(process.env.SEED).toString(16)}`;

// The npm compiler: nothing is downloaded at build time. One profile for tests, gas and deployment.
const compiler = (runs: number) => ({
  version: "0.8.30",
  path: createRequire(import.meta.url).resolve("solc/soljson.js"),
  settings: {
    evmVersion: "prague",
    optimizer: { enabled: true, runs },
    outputSelection: { "*": { "*": ["storageLayout"] } },
  },
});

// The governor does not fit into a contract by the older code generator; see docs/adr/0016-code-generator.md.
const viaIR = (runs: number) => {
  const { settings, ...rest } = compiler(runs);
  return { ...rest, settings: { ...settings, viaIR: true } };
};

export default defineConfig({
  plugins: [busyCompilers, stableBindings, toolbox],
  tasks,
  paths: {
    ignition: "deploy",
    tests: { mocha: "test", solidity: "test" },
    ...(coverage && { artifacts: "coverage/artifacts", cache: "coverage/cache" }),
  },
  solidity: {
    profiles: {
      default: {
        // For size: the roll has little room left. What it costs to vote and to propose is worth more code elsewhere.
        compilers: [compiler(200)],
        overrides: {
          "contracts/elections/ApprovalBallots.sol": viaIR(500),
          "contracts/elections/Elections.sol": viaIR(500),
          "contracts/elections/Offices.sol": viaIR(500),
          "contracts/elections/RankedBallots.sol": viaIR(500),
          "contracts/governance/CoalitionGovernor.sol": viaIR(500),
          "contracts/motions/Amendments.sol": viaIR(500),
          "contracts/motions/Motions.sol": viaIR(500),
          "contracts/mocks/baseline/BaselineGovernor.sol": viaIR(500),
          "contracts/mocks/baseline/BaselineToken.sol": viaIR(500),
        },
      },
    },
    npmFilesToBuild: ["@openzeppelin/contracts/governance/TimelockController.sol"],
  },
  typechain: { outDir: "typechain-types", dontOverrideCompile: coverage },
  test: {
    // A process a core, two at the least.
    mocha: { parallel: true, jobs: Math.max(2, availableParallelism()) },
    solidity: { fuzz: { runs: 256, seed }, invariant: { runs: 64, depth: 64, failOnRevert: false } },
  },
  networks: {
    localhost: { type: "http", url: "http://127.0.0.1:8545" },
    sepolia: { type: "http", chainType: "l1", url: configVariable("SEPOLIA_RPC_URL"), accounts },
    baseSepolia: { type: "http", chainType: "op", url: configVariable("BASE_SEPOLIA_RPC_URL"), accounts },
  },
});
