import { copyFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { checks } from "../../scripts/checks/index.js";
import { inFolder } from "../helpers/folder.js";

const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\n\n";

const GOOD: Record<string, string> = {
  "contracts/forum/Forum.sol": `${HEAD}/// @title Forum
/// @notice A sample.
contract Forum {
    uint256 public count;
    mapping(address who => uint256) private _posts;

    error ForumFull(uint256 count);

    function post() external {
        if (count == 8) revert ForumFull(count);
        // bound: three
        for (uint256 i = 0; i < 3; ++i) {
            ++_posts[msg.sender];
        }
        ++count;
    }
}
`,
  "scripts/count.ts": "export const count: number = 1;\n",
  "docs/properties.md": "Shown in `scripts/count.ts`, see [above](#top).\n\n# Top\n",
};

const BAD: [check: string, path: string, text: string][] = [
  ["biome", "scripts/count.ts", "export const count: any = 1\n"],
  ["solhint", "contracts/forum/Forum.sol", `${HEAD}import "hardhat/console.sol";\n\ncontract forum {}\n`],
  ["prettier", "contracts/forum/Forum.sol", `${HEAD}contract Forum { uint256 public count; }\n`],
  ["tsc", "scripts/count.ts", 'export const count: number = "1";\n'],
  ["imports", "contracts/forum/Forum.sol", 'import {A} from "../conduct/A.sol";'],
  ["imports", "scripts/count.ts", 'import "../test/a.js";'],
  ["imports", "deploy/modules/forum.ts", 'import "../../test/a.js";'],
  ["naming", "contracts/forum/Forum.sol", "contract Forum {\n    uint256 private count;\n}"],
  ["loops", "contracts/forum/Forum.sol", "for (;;) {}"],
  ["links", "docs/properties.md", "[x](nowhere.md)"],
  ["links", "docs/properties.md", "shown in `test/nowhere.test.ts`"],
  ["secrets", ".env", ""],
];

/** What a named check says of a project that holds these files and this project's settings. */
function judge(name: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { root } = hre.config.paths;
  return inFolder(files, async (folder) => {
    for (const setting of [
      "biome.json",
      ".solhint.json",
      ".prettierrc.json",
      "tsconfig.json",
      "package.json",
    ]) {
      copyFileSync(join(root, setting), join(folder, setting));
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
    const check = checks.find((candidate) => candidate.name === name);
    const sample = { config: { paths: { root: folder } } } as unknown as HardhatRuntimeEnvironment;
    return (await check?.run(sample))?.problems ?? ["no such check"];
  });
}

describe("Checks of a whole project", () => {
  for (const name of new Set(BAD.map(([check]) => check))) {
    it(`${name} accepts a good project`, async function () {
      this.timeout(30_000);
      expect(await judge(name, GOOD)).to.deep.equal([]);
    });
  }

  for (const [name, path, text] of BAD) {
    it(`${name} refuses ${JSON.stringify(text.slice(-40))} in ${path}`, async function () {
      this.timeout(30_000);
      const problems = await judge(name, { ...GOOD, [path]: text });
      expect(problems.join("\n")).to.include(path.split("/").at(-1));
    });
  }

  it("gas fails while there is no task to measure it", async () => {
    const gas = checks.find(({ name }) => name === "gas");
    const bare = { tasks: { rootTasks: new Map() } } as unknown as HardhatRuntimeEnvironment;
    expect((await gas?.run(bare))?.problems).to.deep.equal(["there is no task called gas in scripts/tasks/"]);
  });
});
