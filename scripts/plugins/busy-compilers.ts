import { availableParallelism } from "node:os";
import { definePlugin } from "hardhat/plugins";
import type { SolidityHooks } from "hardhat/types/hooks";

/**
 * Compiles on every core. Hardhat leaves one free, which on a machine of two means one compiler at a time: the nine
 * contracts of the other code generator would wait for all the rest.
 */
export const busyCompilers = definePlugin({
  id: "busy-compilers",
  hookHandlers: {
    solidity: async () => ({
      default: async (): Promise<Partial<SolidityHooks>> => ({
        build: (context, rootFilePaths, options, next) =>
          next(context, rootFilePaths, { concurrency: availableParallelism(), ...options }),
      }),
    }),
  },
});
