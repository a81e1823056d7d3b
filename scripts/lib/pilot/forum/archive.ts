import { readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { chainAt } from "../../archive/chain.js";
import { exportArchive } from "../../archive/export.js";
import { blocksIn, forge, logsIn } from "../../archive/forgery.js";
import type { ArchivedLog } from "../../archive/logs.js";
import { recordOf, seriesPlaces, seriesWords } from "../../archive/series.js";
import { verifyArchive } from "../../archive/verify.js";
import { cidOf } from "../../content/digest.js";
import { ContentStore } from "../../content/store.js";
import { counted } from "../words.js";
import type { ForumDesk } from "./desk.js";

/** Where the archive is written, and from which block on it is. */
export interface ArchivePlace {
  /** The folder of the content store. */
  readonly store: string;
  /** The folder for the archives. */
  readonly folder: string;
  readonly fromBlock: number;
}

/**
 * Everything that was said is exported, and found complete; then three who tamper with it are found out: one changes a
 * byte, one takes a post away, one swaps two posts, the last two with every digest in the file made anew.
 * @param erased Digest of the text that a tombstone names.
 */
export async function playArchive(desk: ForumDesk, place: ArchivePlace, erased: string): Promise<void> {
  const { act } = desk;
  const contracts = act.contracts.addresses;
  const { provider } = act.setting.ethers;
  const chain = chainAt(
    { request: ({ method, params }) => provider.send(method, [...((params as unknown[]) ?? [])]) },
    contracts,
  );
  const out = join(place.folder, "archive.car");
  const tampered = join(place.folder, "archive-tampered.car");
  for (const path of [out, tampered]) await rm(path, { force: true });
  const { manifest } = await exportArchive({
    ...{ chain, out, store: new ContentStore(place.store) },
    book: { contracts, block: place.fromBlock },
  });
  const verdict = await verifyArchive({ path: out, chain, contracts, full: true });
  act.same("archive: complete", true, verdict.complete);
  const held = (await blocksIn(out)).map(({ cid }) => `${cid}`);
  act.same("archive: holds the text that was erased", false, held.includes(`${cidOf(erased)}`));
  act.same("archive: tombstones", 1, manifest.texts.erased);
  await act.tell(
    `everything that was said and decided was exported to one file, ${counted(verdict.logs, "event")} and ${counted(manifest.texts.held, "text")}, and held against the chain: complete`,
  );
  const check = async (what: string, kind: string) => {
    const { finding } = await verifyArchive({ path: tampered, chain, contracts });
    act.same(`archive: ${what}`, kind, finding?.kind);
    await act.tell(`tampered with – ${what}. ${finding?.sentence ?? "Nobody noticed."}`);
    await rm(tampered);
  };

  const bytes = readFileSync(out);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(tampered, bytes);
  await check("one byte is another", "altered");

  const logs = await logsIn(out);
  const posts = postsIn(logs, contracts);
  const [one = 0, other = 0] = posts.slice(Math.floor(posts.length / 2));
  await forge(
    out,
    tampered,
    logs.filter((_, index) => index !== one),
  );
  await check(
    `a post of ${seriesWords(`forum/${LIST}`)} is left out, and all digests are made anew`,
    "missing",
  );

  const swapped = [...logs];
  [swapped[one], swapped[other]] = [logs[other] as ArchivedLog, logs[one] as ArchivedLog];
  await forge(out, tampered, swapped);
  await check(
    `two posts of ${seriesWords(`forum/${LIST}`)} change places, and all digests are made anew`,
    "reordered",
  );
}

/** The list of the debate. */
const LIST = 2;

/** Which logs are records of that list. */
function postsIn(logs: readonly ArchivedLog[], contracts: Parameters<typeof seriesPlaces>[0]): number[] {
  const places = seriesPlaces(contracts);
  return logs.flatMap((log, index) => {
    const record = recordOf(log, places);
    return record?.contract === "forum" && record.series === String(LIST) ? [index] : [];
  });
}
