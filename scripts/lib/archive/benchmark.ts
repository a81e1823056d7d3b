import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { exportArchive } from "./export.js";
import { SimulatedChain } from "./simulated.js";
import { verifyArchive } from "./verify.js";

/** Posts in a block, as a relayed batch brings them. */
const IN_BLOCK = 100;
/** Blocks that are read at a time: 5,000 posts. */
const STEP = 50;
/** Between two looks at the memory, in milliseconds. */
const LOOK = 50;

/** What an archive of some size took. */
export interface Measured {
  readonly posts: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Seconds to export, and to verify. */
  readonly exporting: number;
  readonly verifying: number;
  /** Seconds of the exporting that the simulated chain took to answer. */
  readonly answering: number;
  /** Most memory that the process had at a time, in bytes. */
  readonly memory: number;
}

/**
 * Exports and verifies the archive of a simulated coalition that has said so much. Times say little on a machine that does
 * other things too; the memory says whether it is bounded.
 * @param posts 1 or more.
 */
export async function measureArchive(
  posts: number,
  say: (line: string) => void = () => {},
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "coalition-archive-"));
  let memory = 0;
  const look = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage().rss);
  }, LOOK);
  try {
    const simulated = new SimulatedChain({ posts, inBlock: IN_BLOCK });
    let answering = 0;
    const chain = {
      chainId: () => simulated.chainId(),
      height: () => simulated.height(),
      hashOf: (block: number) => simulated.hashOf(block),
      codeOf: (address: string) => simulated.codeOf(address),
      headOf: (series: string) => simulated.headOf(series),
      lists: () => simulated.lists(),
      async logs(from: number, to: number) {
        const start = performance.now();
        const logs = await simulated.logs(from, to);
        answering += performance.now() - start;
        return logs;
      },
    };
    const path = join(folder, "archive.car");
    const start = performance.now();
    await exportArchive({
      chain,
      book: simulated.book,
      store: simulated.texts(),
      out: path,
      step: STEP,
      say,
    });
    const middle = performance.now();
    const { complete, finding } = await verifyArchive({ path, chain, say });
    const end = performance.now();
    if (!complete) throw new Error(`The archive is not complete: ${finding?.sentence}`);
    return {
      posts,
      size: statSync(path).size,
      exporting: (middle - start) / 1_000,
      verifying: (end - middle) / 1_000,
      answering: answering / 1_000,
      memory: Math.max(memory, process.memoryUsage().rss),
    };
  } finally {
    clearInterval(look);
    rmSync(folder, { recursive: true });
  }
}
