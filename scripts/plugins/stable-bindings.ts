import { definePlugin } from "hardhat/plugins";
import type { SolidityHooks } from "hardhat/types/hooks";

/**
 * Makes generated bindings the same on every machine.
 *
 * Hardhat lists artifacts in whatever order the file system gives them, and typechain writes its indexes in that
 * order. The list is one array that all handlers share, so sorting it in place, before typechain's turn, is enough;
 * the plugin therefore stands before the toolbox in the configuration.
 */
export const stableBindings = definePlugin({
  id: "stable-bindings",
  hookHandlers: {
    solidity: async () => ({
      default: async (): Promise<Partial<SolidityHooks>> => ({
        processArtifactsAfterSuccessfulBuild: async (_context, artifactPaths) => {
          (artifactPaths as string[]).sort();
        },
      }),
    }),
  },
});
