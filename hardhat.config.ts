import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import dotenv from "dotenv";
import { configVariable, defineConfig } from "hardhat/config";

dotenv.config({ quiet: true });

export default defineConfig({
  plugins: [toolbox],
  paths: { ignition: "deploy", tests: { mocha: "test", solidity: "test" } },
  solidity: {
    // The npm compiler: nothing is downloaded at build time. One profile for tests, gas and deployment.
    profiles: {
      default: {
        version: "0.8.30",
        path: createRequire(import.meta.url).resolve("solc/soljson.js"),
        settings: { evmVersion: "prague", optimizer: { enabled: true, runs: 500 } },
      },
    },
    npmFilesToBuild: ["@openzeppelin/contracts/governance/TimelockController.sol"],
  },
  typechain: { outDir: "typechain-types" },
  test: { solidity: { fuzz: { runs: 500 }, invariant: { runs: 64, depth: 64, failOnRevert: false } } },
  networks: {
    localhost: { type: "http", url: "http://127.0.0.1:8545" },
    sepolia: { type: "http", url: configVariable("SEPOLIA_RPC_URL"), accounts: [configVariable("DEPLOYER_KEY")] },
  },
});
