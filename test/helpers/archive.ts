import type { Chain } from "../../scripts/lib/archive/chain.js";

/** A chain whose logs are computed once, however often they are asked for. */
export function rememberingLogs(chain: Chain): Chain {
  const known = new Map<string, ReturnType<Chain["logs"]>>();
  return {
    ...dyingAfter(chain, Number.POSITIVE_INFINITY),
    logs: (from, to) => {
      const logs = known.get(`${from}-${to}`) ?? chain.logs(from, to);
      known.set(`${from}-${to}`, logs);
      return logs;
    },
  };
}

/** A chain that ends with an error after so many questions: a process that is killed in the middle. */
export function dyingAfter(chain: Chain, questions: number): Chain {
  let left = questions;
  const mortal =
    <Args extends unknown[], T>(ask: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      if (left-- <= 0) throw new Error("killed");
      return ask(...args);
    };
  return {
    chainId: mortal(() => chain.chainId()),
    height: mortal(() => chain.height()),
    hashOf: mortal((block) => chain.hashOf(block)),
    logs: mortal((from, to) => chain.logs(from, to)),
    codeOf: mortal((address) => chain.codeOf(address)),
    headOf: mortal((series, block) => chain.headOf(series, block)),
    lists: mortal((block) => chain.lists(block)),
  };
}
