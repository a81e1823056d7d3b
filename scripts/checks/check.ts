import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

export interface Outcome {
  /** One line each, with the place first; empty when all is well. */
  readonly problems: readonly string[];
  /** Lines worth reading even when all is well, such as a table. */
  readonly notes?: readonly string[];
}

/** One line of `npm run check`. */
export interface Check {
  readonly name: string;
  /** What somebody who sees it fail should do. */
  readonly remedy: string;
  /** Whether it takes minutes on one core: those that do run beside each other. */
  readonly long?: true;
  readonly run: (hre: HardhatRuntimeEnvironment) => Promise<Outcome>;
}
