import { columns } from "../columns.js";
import type { Outcome } from "../member/coalition.js";
import { counted } from "../member/words.js";
import type { Passed } from "./collect.js";
import type { Settled } from "./relay.js";
import type { Sending } from "./relay-journal.js";

/** What became of all ballots of a folder. */
export interface Brought {
  readonly decision: string;
  readonly settled: readonly Settled[];
  readonly passed: readonly Passed[];
  readonly waiting: readonly Passed[];
  readonly batches: readonly Sending[];
}

/** Tells what became of the ballots of a folder: a table of numbers, then each ballot that was not counted. */
export function describeRelay({ decision, settled, passed, waiting, batches }: Brought): Outcome {
  const sent = batches.flatMap(({ ending, ballots }) =>
    ending === undefined || ending.how === "abandoned"
      ? []
      : [
          {
            transaction: ending.hash,
            block: ending.block,
            gas: ending.gas,
            ballots: ballots.length,
            counted: ending.how === "mined" ? ending.counted.length : 0,
          },
        ],
  );
  const rows: [string, string][] = [["counted", `${settled.length}`]];
  for (const [word, list] of [
    ["skipped", passed],
    ["waiting", waiting],
  ] as const) {
    if (list.length === 0) rows.push([word, "0"]);
    for (const reason of new Set(list.map((one) => one.reason))) {
      rows.push([`${word}: ${reason}`, `${list.filter((one) => one.reason === reason).length}`]);
    }
  }
  const details = [...passed, ...waiting];
  const gas = sent.reduce((sum, batch) => sum + batch.gas, 0);
  return {
    lines: [
      "",
      ...columns(["ballots", "number"], rows),
      ...(details.length === 0 ? [] : ["", ...details.map(({ file, sentence }) => `${file}: ${sentence}.`)]),
      "",
      `Decision ${decision}: ${counted(settled.length, "ballot")} counted in ${counted(sent.length, "transaction")}, ${gas} gas.`,
    ],
    facts: { decision, counted: settled, skipped: passed, waiting, transactions: sent },
  };
}
