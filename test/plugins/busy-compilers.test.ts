import { availableParallelism } from "node:os";
import { expect } from "chai";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { BuildOptions } from "hardhat/types/solidity";
import { busyCompilers } from "../../scripts/plugins/busy-compilers.js";

describe("Compilers on every core", () => {
  /** What Hardhat builds with, once the plugin has had its turn. */
  async function optionsAfter(given: BuildOptions): Promise<BuildOptions | undefined> {
    const { hooks } = await createHardhatRuntimeEnvironment({ plugins: [busyCompilers] });
    let seen: BuildOptions | undefined;
    await hooks.runHandlerChain("solidity", "build", [[], given], async (_context, _paths, options) => {
      seen = options;
      return new Map();
    });
    return seen;
  }

  it("are as many as there are cores, and nothing else changes", async () => {
    expect(await optionsAfter({ quiet: true })).to.deep.equal({
      quiet: true,
      concurrency: availableParallelism(),
    });
  });

  it("are as many as somebody asks for", async () => {
    expect(await optionsAfter({ concurrency: 7 })).to.deep.equal({ concurrency: 7 });
  });
});
