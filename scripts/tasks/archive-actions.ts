import { measureArchive } from "../lib/archive/benchmark.js";
import { chainAt } from "../lib/archive/chain.js";
import { exportArchive } from "../lib/archive/export.js";
import { openArchive, readDecision, readList } from "../lib/archive/read.js";
import { seriesWords } from "../lib/archive/series.js";
import { type Verdict, verifyArchive } from "../lib/archive/verify.js";
import { columns } from "../lib/columns.js";
import type { Session } from "../lib/member/session.js";
import { Problem } from "../lib/problem.js";
import { shown } from "./member-actions.js";
import { type Stored, withStore } from "./motions-actions.js";

/** Progress goes to people; a machine gets one object and nothing else. */
const progress =
  ({ json }: Stored) =>
  (line: string) => {
    if (!json) console.log(line);
  };

const chainOf = ({ ethers, contracts }: Session) =>
  chainAt(
    { request: ({ method, params }) => ethers.provider.send(method, [...((params as unknown[]) ?? [])]) },
    contracts,
  );

const give = withStore(
  async (session, store, options: Stored & { out: string; to: string; blocks: string }) => {
    const { manifest, root } = await exportArchive({
      chain: chainOf(session),
      book: { contracts: session.contracts, block: session.fromBlock },
      store,
      out: options.out,
      ...(options.to !== "" && { to: wholeIn("--to", options.to, session.fromBlock) }),
      ...(options.blocks !== "" && { step: wholeIn("--blocks", options.blocks, 1) }),
      say: progress(options),
    });
    const logs = manifest.chunks.reduce((sum, chunk) => sum + chunk.logs, 0);
    const { held, absent, erased } = manifest.texts;
    return {
      lines: [
        `${options.out}: ${logs.toLocaleString("en")} logs of blocks ${manifest.from} to ${manifest.to}, ${held.toLocaleString("en")} texts.`,
        `Texts that the store does not hold: ${absent}. Erased, with a tombstone: ${erased}.`,
        `CID of its manifest: ${root}`,
      ],
      facts: { file: options.out, root, manifest },
    };
  },
);

export const verify = withStore(
  async (session, _store, options: Stored & { file: string; full: boolean }) => {
    const verdict = await verifyArchive({
      path: options.file,
      chain: chainOf(session),
      contracts: session.contracts,
      full: options.full,
      say: progress(options),
    });
    return {
      lines: told(options.file, verdict),
      facts: { file: options.file, ok: verdict.complete, ...verdict },
    };
  },
);

type Read = Stored & { file: string; list: string; thread: string; decision: string };

export const read = withStore(async (session, _store, { file, list, thread, decision }: Read) => {
  if ((list === "") === (decision === ""))
    throw new Problem("Say which: --list <number>, or --decision <number>.");
  const library = await openArchive(file);
  const lines =
    decision !== ""
      ? readDecision(library, decision)
      : readList(
          library,
          wholeIn("--list", list, 1),
          session.now,
          thread === "" ? undefined : wholeIn("--thread", thread, 1),
        );
  return { lines, facts: { file, markdown: lines.join("\n") } };
});

export const benchmark = shown(async ({ posts, json }: { posts: string; json: boolean }) => {
  const measured = await measureArchive(wholeIn("--posts", posts, 1), json ? () => {} : console.log);
  const { size, exporting, verifying, answering, memory } = measured;
  const rate = (seconds: number) => `${Math.round(measured.posts / seconds).toLocaleString("en")} a second`;
  return {
    lines: [
      `${measured.posts.toLocaleString("en")} posts, ${Math.round(size / 1e6)} MB.`,
      `Exported in ${exporting.toFixed(0)} s, ${rate(exporting)}; the simulated chain took ${answering.toFixed(0)} s of it.`,
      `Verified in ${verifying.toFixed(0)} s, ${rate(verifying)}.`,
      `Memory: ${Math.round(memory / 1e6)} MB at the most.`,
    ],
    facts: { ...measured },
  };
});

export { give as export };

function told(file: string, { complete, finding, series, manifest, root }: Verdict): string[] {
  if (!complete) return [`${file} is not complete.`, finding?.sentence ?? ""];
  const { held = 0, absent = 0, erased = 0 } = manifest?.texts ?? {};
  return [
    ...columns(
      ["series", "records"],
      series.map(({ name, records }) => [seriesWords(name), records.toLocaleString("en")]),
    ),
    `${file} is complete: blocks ${manifest?.from} to ${manifest?.to}, ${held.toLocaleString("en")} texts.`,
    `Gaps in it: ${erased} erased, with a tombstone; ${absent} that nobody gave.`,
    `CID of its manifest: ${root}`,
  ];
}

function wholeIn(what: string, text: string, min: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new Problem(`${what} is "${text}", allowed: a whole number from ${min} on`);
}
