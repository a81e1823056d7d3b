import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { findStaleBindings } from "../../scripts/checks/bindings.js";
import { ownContracts } from "../../scripts/checks/contracts.js";
import { findForbiddenOpcodes } from "../../scripts/checks/opcodes.js";
import { findOversized } from "../../scripts/checks/sizes.js";
import { renderSnapshots } from "../../scripts/checks/snapshots.js";
import { stableBindings } from "../../scripts/plugins/stable-bindings.js";
import { inFolder } from "../helpers/folder.js";

const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n";

const PROJECT = {
  "package.json": '{ "name": "sample", "type": "module" }',
  "contracts/forum/IForum.sol": `${HEAD}interface IForum { function f() external; }`,
  "contracts/forum/Base.sol": `${HEAD}abstract contract Base { uint256 internal _x; }`,
  "contracts/libraries/Lib.sol": `${HEAD}library Lib { function f() internal pure returns (uint256) { return 1; } }`,
  "contracts/mocks/Mock.sol": `${HEAD}contract Mock {}`,
  "contracts/forum/Forum.sol": `${HEAD}import {Base} from "./Base.sol"; contract Forum is Base {
    uint48 public moment; function f() external { _x = block.timestamp; } }`,
  "contracts/forum/Proxy.sol": `${HEAD}contract Proxy {
    function run(address to) external returns (bool ok) { (ok, ) = to.delegatecall(""); } }`,
};

describe("Contracts of the project", () => {
  const inProject = <T>(work: (hre: HardhatRuntimeEnvironment, root: string) => Promise<T>) =>
    inFolder(PROJECT, async (root) => work(await environment(root), root));

  it("are those that can be deployed, with what the checks need of them", function () {
    this.timeout(60_000);
    return inProject(async (hre) => {
      const contracts = await ownContracts(hre);
      expect(contracts.map(({ source }) => source)).to.deep.equal([
        "contracts/forum/Forum.sol",
        "contracts/forum/Proxy.sol",
      ]);
      const [forum, proxy] = contracts as [(typeof contracts)[0], (typeof contracts)[0]];

      expect(findForbiddenOpcodes(forum.deployedBytecode, forum.sourceMap)).to.deep.equal([]);
      expect(findForbiddenOpcodes(proxy.deployedBytecode, proxy.sourceMap).join()).to.match(
        /^DELEGATECALL at byte \d+$/,
      );
      expect(findOversized(contracts).problems).to.deep.equal([]);
      expect(renderSnapshots(contracts).get("storage/Forum.txt")).to.equal(
        "slot off  type  name\n   0   0  uint256  _x\n   1   0  uint48  moment\n",
      );
    });
  });

  it("have bindings that are found out of date", function () {
    this.timeout(60_000);
    return inProject(async (hre, root) => {
      await hre.tasks.getTask("build").run({ quiet: true });
      expect(await findStaleBindings(hre, "typechain-types")).to.deep.equal([]);
      rmSync(join(root, "typechain-types/Forum.ts"));
      expect(await findStaleBindings(hre, "typechain-types")).to.deep.equal(["Forum.ts is missing"]);
    });
  });
});

function environment(root: string): Promise<HardhatRuntimeEnvironment> {
  return createHardhatRuntimeEnvironment(
    {
      plugins: [stableBindings, toolbox],
      solidity: {
        version: "0.8.30",
        path: createRequire(import.meta.url).resolve("solc/soljson.js"),
        settings: { outputSelection: { "*": { "*": ["storageLayout"] } } },
      },
      typechain: { outDir: "typechain-types" },
    },
    {},
    root,
  );
}
