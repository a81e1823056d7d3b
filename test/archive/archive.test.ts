import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Interface } from "ethers";
import { createFileEncoderStream } from "ipfs-car";
import { CID } from "multiformats/cid";
import { measureArchive } from "../../scripts/lib/archive/benchmark.js";
import type { Chain } from "../../scripts/lib/archive/chain.js";
import type { Finding } from "../../scripts/lib/archive/check.js";
import { exportArchive } from "../../scripts/lib/archive/export.js";
import {
  blockOf,
  blocksIn,
  forge,
  logsIn,
  manifestOf,
  writeBlocks,
} from "../../scripts/lib/archive/forgery.js";
import type { ArchivedLog } from "../../scripts/lib/archive/logs.js";
import { eventOf, recordOf, seriesPlaces } from "../../scripts/lib/archive/series.js";
import { SimulatedChain } from "../../scripts/lib/archive/simulated.js";
import { verifyArchive } from "../../scripts/lib/archive/verify.js";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { headOf } from "../../scripts/lib/record-series.js";
import { CoalitionGovernor__factory, MinorityStatements__factory } from "../../typechain-types/index.js";
import { dyingAfter, rememberingLogs } from "../helpers/archive.js";
import { inFolder } from "../helpers/folder.js";
import { randomness } from "../helpers/random.js";
import { refusal } from "../helpers/refusal.js";

const chain = new SimulatedChain({ posts: 240, inBlock: 8 });
/** The same with less in it, where thousands of archives are looked at. */
const small = new SimulatedChain({ posts: 110, inBlock: 11 });
const places = seriesPlaces(chain.book.contracts);
const STEP = 6;

const random = randomness();
const below = (limit: number) => Number(random.below(BigInt(limit)));

/** Exports the simulated coalition to a file of a folder. */
function exported(folder: string, from: Chain = chain, name = "archive.car") {
  const out = join(folder, name);
  const texts = from instanceof SimulatedChain ? from.texts() : chain.texts();
  return exportArchive({ chain: from, book: chain.book, store: texts, out, step: STEP });
}

const verdictOf = (path: string, against: Chain | "none" = chain, full = false) =>
  verifyArchive({
    path,
    ...(against !== "none" && { chain: against }),
    contracts: chain.book.contracts,
    full,
  });

/** Runs `work` on a whole archive. */
function withArchive<T>(
  work: (path: string, folder: string) => Promise<T>,
  from: SimulatedChain = chain,
): Promise<T> {
  return inFolder({}, async (folder) => {
    await exported(folder, from);
    return work(join(folder, "archive.car"), folder);
  });
}

describe("Archive", function () {
  this.timeout(600_000);

  describe("export", () => {
    it("gives the same bytes for the same chain and texts", async () => {
      await inFolder({}, async (folder) => {
        const one = await exported(folder, chain, "one.car");
        const other = await exported(folder, chain, "other.car");
        expect(other.root).to.equal(one.root);
        expect(readFileSync(join(folder, "other.car"))).to.deep.equal(readFileSync(join(folder, "one.car")));
        expect(existsSync(join(folder, "one.car.part"))).to.equal(false);
      });
    });

    it(`gives the same bytes when it was killed at random points and went on (${random.seed})`, async () => {
      await withArchive(async (path, folder) => {
        const clean = readFileSync(path);
        for (let round = 0; round < 10; round++) {
          const name = `round-${round}.car`;
          let deaths = 0;
          for (let questions = 1 + below(30); ; questions = 1 + below(60)) {
            try {
              await exported(folder, dyingAfter(chain, questions), name);
              break;
            } catch (error) {
              expect(error).to.have.property("message", "killed");
              deaths++;
              expect(existsSync(join(folder, name))).to.equal(false);
            }
          }
          expect(readFileSync(join(folder, name)), `after ${deaths} deaths`).to.deep.equal(clean);
        }
      });
    });

    it("refuses to write over a file, and to go on with another export's folder", async () => {
      await withArchive(async (path, folder) => {
        expect(await refusal(exported(folder))).to.contain(`${path} exists already`);
        const out = join(folder, "other.car");
        await exportArchive({
          ...{ chain: dyingAfter(chain, 6), book: chain.book, store: chain.texts(), out, step: STEP },
        }).catch(() => {});
        const told = await refusal(
          exportArchive({ chain, book: chain.book, store: chain.texts(), out, step: STEP, to: 1_004 }),
        );
        expect(told).to.contain("is of another export").and.to.contain("to block 1030");
      });
    });

    it("refuses a last block before the coalition begins", async () => {
      await inFolder({}, async (folder) => {
        const options = {
          chain,
          book: chain.book,
          store: chain.texts(),
          out: join(folder, "a.car"),
          to: 999,
        };
        expect(await refusal(exportArchive(options))).to.equal(
          "The last block is 999, allowed: 1000 or later, where the coalition begins",
        );
      });
    });

    it("reads again what the chain does not have any more", async () => {
      await inFolder({}, async (folder) => {
        const out = join(folder, "archive.car");
        const hashes = new Map<number, string>();
        const said: string[] = [];
        // Another branch: the hashes of blocks 1008 and later are others.
        const branch: Chain = {
          ...dyingAfter(chain, Number.POSITIVE_INFINITY),
          hashOf: async (block) => (block >= 1_008 ? cidless(block) : chain.hashOf(block)),
        };
        const cidless = (block: number) => `0x${block.toString(16).padStart(64, "f")}`;
        const dying = dyingAfter(branch, 14);
        await exportArchive({ chain: dying, book: chain.book, store: chain.texts(), out, step: STEP }).catch(
          () => {},
        );
        await exportArchive({
          ...{ chain, book: chain.book, store: chain.texts(), out, step: STEP },
          say: (line) => said.push(line),
        });
        expect(said.filter((line) => line.includes("reorganised")).length).to.be.greaterThan(0);
        for (const { to, hash } of (await manifestOf(out)).chunks) hashes.set(to, hash);
        for (const [block, hash] of hashes) expect(hash).to.equal(await chain.hashOf(block));
        expect((await verdictOf(out)).complete).to.equal(true);
      });
    });

    it("refuses what a node answers whose hashes change all the time", async () => {
      await inFolder({}, async (folder) => {
        let asked = 0n;
        const restless: Chain = {
          ...dyingAfter(chain, Number.POSITIVE_INFINITY),
          hashOf: async () => `0x${(++asked).toString(16).padStart(64, "0")}`,
        };
        expect(await refusal(exported(folder, restless))).to.contain(
          "was another one each time, asked 5 times",
        );
      });
    });

    it("leaves out texts that tombstones name, though the store holds them", async () => {
      await withArchive(async (path) => {
        const manifest = await manifestOf(path);
        const erased = (await logsIn(path)).filter(
          (log) => eventOf(log, places)?.event.name === "PostErased",
        );
        expect(erased.length).to.be.greaterThan(0);
        expect(manifest.texts.erased).to.equal(erased.length);
        const posts = (await logsIn(path)).flatMap((log) => {
          const found = eventOf(log, places);
          return found?.event.name === "Posted" ? [found.event.args] : [];
        });
        const gone = erased.map((log) => {
          const tombstone = eventOf(log, places)?.event.args;
          const post = posts.find((one) => one.list === tombstone?.list && one.place === tombstone?.to);
          return post?.digest as string;
        });
        const held = new Set((await blocksIn(path)).map(({ cid }) => `${cid}`));
        for (const digest of gone) expect(held.has(`${cidOf(digest)}`)).to.equal(false);
        expect(manifest.texts.held).to.equal(240 - erased.length);
      });
    });

    it("is named as another tool names it: every block, by ipfs-car", async () => {
      await withArchive(async (path) => {
        const blocks = await blocksIn(path);
        expect(blocks.length).to.be.greaterThan(200);
        for (const { cid, bytes } of blocks) expect(await cidByIpfsCar(bytes)).to.equal(`${cid}`);
      });
    });

    it("takes no more memory than it must for more posts", async () => {
      const { posts, size, memory } = await measureArchive(400);
      expect(posts).to.equal(400);
      expect(size).to.be.greaterThan(100_000);
      expect(memory).to.be.greaterThan(0);
    });

    it("gives every block the CID that its bytes have", async () => {
      await withArchive(async (path) => {
        for (const { cid, bytes } of await blocksIn(path))
          expect(`${cid}`).to.equal(`${cidOf(digestOf(bytes))}`);
      });
    });
  });

  describe("verify", () => {
    it("finds a whole archive complete, with and without a chain, and log by log", async () => {
      await withArchive(async (path) => {
        for (const [against, full] of [
          [chain, false],
          [chain, true],
          [undefined, false],
        ] as const) {
          const verdict = await verifyArchive({ path, ...(against && { chain: against }), full });
          expect(verdict.finding).to.equal(undefined);
          expect(verdict.complete).to.equal(true);
          expect(verdict.series.map(({ name, records }) => [name, records])).to.deep.equal([
            ["forum/0", 2],
            ["forum/1", 121],
            ["forum/2", 122],
            ["conduct/log", 2],
          ]);
        }
      });
    });

    it("refuses another chain, another coalition, and a file that is not there", async () => {
      await withArchive(async (path, folder) => {
        const other: Chain = { ...dyingAfter(chain, Number.POSITIVE_INFINITY), chainId: async () => 1 };
        expect(await refusal(verdictOf(path, other))).to.equal(
          "The archive is of chain 424242, and the node is of chain 1.",
        );
        const contracts = { ...chain.book.contracts, forum: chain.book.contracts.charter };
        expect(await refusal(verifyArchive({ path, chain, contracts }))).to.contain(
          "The archive is of another coalition: its forum is ",
        );
        expect(await refusal(verdictOf(join(folder, "none.car")))).to.contain("none.car is not there");
      });
    });

    it("finds the code of a contract, and the hash of a block, that are not the chain's", async () => {
      await withArchive(async (path) => {
        const everything = dyingAfter(chain, Number.POSITIVE_INFINITY);
        const replaced: Chain = { ...everything, codeOf: async () => `0x${"1".repeat(64)}` };
        expect((await verdictOf(path, replaced)).finding?.sentence).to.match(/^Altered: the code of /);
        const hashOf = async (block: number) => (block > 1_018 ? `0x${"2".repeat(64)}` : chain.hashOf(block));
        expect((await verdictOf(path, { ...everything, hashOf })).finding?.sentence).to.contain(
          "the hash of block 1023 is not the chain's; blocks 1018 to 1023 are of another chain",
        );
      });
    });

    it(`notices whatever byte is another, wherever in the file: 1,500 random ones (${random.seed})`, async () => {
      await withArchive(async (path, folder) => {
        const whole = readFileSync(path);
        const out = join(folder, "flipped.car");
        const kinds = new Map<string, number>();
        for (let round = 0; round < 1_500; round++) {
          const bytes = Buffer.from(whole);
          // One in four near the beginning, where the manifest and the file's own structure are.
          const at = round % 4 === 0 ? below(3_000) : below(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
          writeFileSync(out, bytes);
          const { complete, finding } = await verdictOf(out, "none");
          expect(complete, `byte ${at}`).to.equal(false);
          kinds.set(finding?.kind ?? "", (kinds.get(finding?.kind ?? "") ?? 0) + 1);
        }
        expect(
          [...kinds.keys()].every((kind) => ["altered", "corrupt", "missing", "reordered"].includes(kind)),
        ).to.equal(true);
      }, small);
    });

    it("notices a file that is cut off anywhere", async () => {
      await withArchive(async (path, folder) => {
        const whole = readFileSync(path);
        const out = join(folder, "cut.car");
        for (let round = 0; round < 200; round++) {
          writeFileSync(out, whole.subarray(0, below(whole.length)));
          expect((await verdictOf(out, "none")).complete).to.equal(false);
        }
      }, small);
    });

    it(`names what was done to records by somebody who made everything else fit: 1,000 times (${random.seed})`, async () => {
      await withArchive(async (path, folder) => {
        const logs = await logsIn(path);
        const out = join(folder, "forged.car");
        const own = recordLogs(logs);
        const quick = rememberingLogs(small);
        for (let round = 0; round < 1_000; round++) {
          const { forged, expected } = corruptions[round % corruptions.length]?.(logs, own) ?? {
            forged: [...logs],
          };
          if (expected === undefined) continue;
          await forge(path, out, forged);
          const { complete, finding } = await verdictOf(out, quick);
          expect(complete).to.equal(false);
          expect([finding?.kind, finding?.series, finding?.place], finding?.sentence).to.deep.equal(expected);
        }
      }, small);
    });

    it("names an altered record even where the heads were made anew, as long as there is a chain to ask", async () => {
      await withArchive(async (path, folder) => {
        const logs = await logsIn(path);
        const out = join(folder, "forged.car");
        const changed = altered(logs, 177);
        const heads = (await manifestOf(path)).series.map(({ name }) => ({
          name,
          head: forgedHead(changed.forged, name),
        }));
        await forge(path, out, changed.forged, heads);
        expect((await verdictOf(out)).finding).to.include({ kind: "altered", place: changed.place });
        // By itself it looks whole: that is why the CID of the manifest, or a chain, is asked.
        expect((await verdictOf(out, "none")).finding).to.equal(undefined);
      });
    });

    it("names blocks that are missing, too many, or in another order", async () => {
      await withArchive(async (path, folder) => {
        const out = join(folder, "blocks.car");
        const blocks = await blocksIn(path);
        const text = blocks.length - 3;
        const cases: readonly [string, readonly (typeof blocks)[number][]][] = [
          ["missing", blocks.filter((_, index) => index !== 2)],
          ["missing", blocks.filter((_, index) => index !== text)],
          ["missing", blocks.slice(0, -1)],
          ["extra", [...blocks, blockOf(Buffer.from("more"))]],
          ["reordered", swapped(blocks, 1, 2)],
          ["reordered", swapped(blocks, text, text + 1)],
        ];
        for (const [kind, changed] of cases) {
          await writeBlocks(out, changed);
          expect((await verdictOf(out, "none")).finding?.kind).to.equal(kind);
        }
      });
    });

    it("compares every log where that is asked for, also those of no series", async () => {
      await withArchive(async (path, folder) => {
        const logs = await logsIn(path);
        const out = join(folder, "forged.car");
        const stray = {
          ...(logs[0] as ArchivedLog),
          address: chain.book.contracts.charter.toLowerCase(),
          index: 90,
        };
        const at = logs.findIndex(({ block }) => block > stray.block);
        await forge(path, out, [...logs.slice(0, at), stray, ...logs.slice(at)]);
        expect((await verdictOf(out)).complete).to.equal(true);
        const { finding } = await verdictOf(out, chain, true);
        expect(finding).to.deep.equal({
          kind: "extra",
          sentence: "Extra: the chain has no log 90 of block 1000 of this coalition.",
        });
      });
    });

    it("misses the statements on a decision, though every one of them is gone", async () => {
      await inFolder({}, async (folder) => {
        const dissenting = withStatement(7n);
        const [path, out] = [join(folder, "archive.car"), join(folder, "forged.car")];
        await exported(folder, dissenting);
        expect((await verdictOf(path, dissenting)).series).to.deep.include({
          name: "statements/7",
          records: 1,
        });
        const logs = await logsIn(path);
        await forge(
          path,
          out,
          logs.filter((log) => recordOf(log, places)?.contract !== "statements"),
        );
        const { finding } = await verdictOf(out, dissenting);
        expect(finding).to.include({ kind: "missing", series: "statements/7", place: 1 });
        expect(finding?.sentence).to.equal(
          "Missing: record 1 of the statements on decision 7 is not there; the series has 1.",
        );
      });
    });

    it("calls statements too many on a decision that the chain does not know", async () => {
      await inFolder({}, async (folder) => {
        const path = join(folder, "archive.car");
        const out = join(folder, "forged.car");
        await exported(folder);
        const [decision, statement] = await withStatement(9n)
          .logs(1_000, 1_000)
          .then((all) => all.slice(-2));
        const logs = await logsIn(path);
        const at = logs.findIndex(({ block }) => block > 1_000);
        const more = [decision, statement] as ArchivedLog[];
        await forge(path, out, [...logs.slice(0, at), ...more, ...logs.slice(at)]);
        expect((await verdictOf(out)).finding).to.include({
          kind: "extra",
          series: "statements/9",
          place: 1,
        });
      });
    });

    it("refuses a line that no contract of the coalition can have said", async () => {
      await withArchive(async (path, folder) => {
        const out = join(folder, "forged.car");
        const logs = await logsIn(path);
        const at = recordLogs(logs)[5]?.at ?? 0;
        await forge(path, out, [
          ...logs.slice(0, at),
          { ...(logs[at] as ArchivedLog), data: "0x" },
          ...logs.slice(at + 1),
        ]);
        expect((await verdictOf(out)).finding).to.deep.equal({
          kind: "corrupt",
          sentence: 'Corrupt: A log of the contract "forum" holds what that contract cannot have said: 0x',
        });
      });
    });

    it("does not change what it looks at", async () => {
      await withArchive(async (path, folder) => {
        const copy = join(folder, "copy.car");
        cpSync(path, copy);
        await verdictOf(path);
        expect(readFileSync(path)).to.deep.equal(readFileSync(copy));
      });
    });
  });
});

/** The simulated coalition with a decision in its first block, and a statement of somebody who was against it. */
function withStatement(decision: bigint): Chain {
  const { governor, statements } = chain.book.contracts;
  const nobody = `0x${"0".repeat(40)}`;
  const created = [decision, nobody, [], [], [], [], 0, 0, ""];
  const told = [
    { face: CoalitionGovernor__factory, event: "ProposalCreated", address: governor, values: created },
    {
      face: MinorityStatements__factory,
      event: "StatementFiled",
      address: statements,
      values: [decision, 1, 5, `0x${"ab".repeat(32)}`, 0],
    },
  ].map(({ face, event, address, values }, index): ArchivedLog => {
    const { topics, data } = new Interface(face.abi).encodeEventLog(event, values);
    return {
      ...{ block: 1_000, index: 90 + index, address: address.toLowerCase(), data },
      topics: topics as string[],
      transaction: `0x${"cd".repeat(32)}`,
    };
  });
  const record = recordOf(told[1] as ArchivedLog, places)?.record ?? "";
  return {
    ...dyingAfter(chain, Number.POSITIVE_INFINITY),
    logs: async (from, to) => {
      const logs = [
        ...(await chain.logs(from, to)),
        ...told.filter(({ block }) => block >= from && block <= to),
      ];
      return logs.sort((one, other) => one.block - other.block || one.index - other.index);
    },
    headOf: async (series) =>
      series === `statements/${decision}` ? headOf([record]) : await chain.headOf(series),
  };
}

/** The CID that ipfs-car, which shares no code with this project, gives some bytes. */
async function cidByIpfsCar(bytes: Uint8Array): Promise<string> {
  let cid: CID | undefined;
  for await (const block of createFileEncoderStream(new Blob([Uint8Array.from(bytes)]))) {
    cid = CID.decode(block.cid.bytes);
  }
  return `${cid}`;
}

interface RecordLog {
  /** Index among all logs. */
  readonly at: number;
  readonly series: string;
  readonly place: number;
  readonly length: number;
}

type Expected = readonly [Finding["kind"], string, number];

/** Which logs are records, and where in their series. */
function recordLogs(logs: readonly ArchivedLog[]): RecordLog[] {
  const lengths = new Map<string, number>();
  const found = logs.flatMap((log, at) => {
    const record = recordOf(log, places);
    if (record === undefined) return [];
    const series = `${record.contract}/${record.series}`;
    const place = (lengths.get(series) ?? 0) + 1;
    lengths.set(series, place);
    return [{ at, series, place }];
  });
  return found.map((one) => ({ ...one, length: lengths.get(one.series) ?? 0 }));
}

const pick = (own: readonly RecordLog[]): RecordLog => own[below(own.length)] as RecordLog;

function swapped<T>(items: readonly T[], one: number, other: number): T[] {
  const changed = [...items];
  [changed[one], changed[other]] = [changed[other] as T, changed[one] as T];
  return changed;
}

/** A log of a record that says something else. */
function altered(logs: readonly ArchivedLog[], at: number) {
  const log = logs[at] as ArchivedLog;
  // The last word but one of every event here is the digest or the reason.
  const end = log.data.length - 64;
  const data = `${log.data.slice(0, end - 1)}${log.data[end - 1] === "0" ? "1" : "0"}${log.data.slice(end)}`;
  const forged = logs.map((one, index) => (index === at ? { ...log, data } : one));
  const place = recordLogs(logs).find((one) => one.at === at)?.place ?? 0;
  return { forged, place };
}

function forgedHead(logs: readonly ArchivedLog[], name: string): string {
  const records = logs.flatMap((log) => {
    const record = recordOf(log, places);
    return record !== undefined && `${record.contract}/${record.series}` === name ? [record.record] : [];
  });
  return `0x${headOf(records).toString(16)}`;
}

/** What somebody can do to the records, and what must be said of it. */
const corruptions: readonly ((
  logs: readonly ArchivedLog[],
  own: readonly RecordLog[],
) => { forged: ArchivedLog[]; expected?: Expected })[] = [
  (logs, own) => {
    const { at, series, place } = pick(own);
    return { forged: logs.filter((_, index) => index !== at), expected: ["missing", series, place] };
  },
  (logs, own) => {
    const { at, series, place } = pick(own);
    const forged = logs.flatMap((log, index) => (index === at ? [log, log] : [log]));
    return { forged, expected: ["extra", series, place] };
  },
  (logs, own) => {
    const one = pick(own);
    const other = own.find(({ series, at }) => series === one.series && at > one.at);
    // Of one block, so that every count fits.
    if (other === undefined || logs[one.at]?.block !== logs[other.at]?.block) return { forged: [...logs] };
    return { forged: swapped(logs, one.at, other.at), expected: ["reordered", one.series, one.place] };
  },
  (logs, own) => {
    const { at, series, place } = pick(own.filter(({ series: name }) => name !== "forum/0"));
    return { forged: altered(logs, at).forged, expected: ["altered", series, place] };
  },
  (logs, own) => {
    // The last record of a series goes: nothing after it shows the gap.
    const one = pick(own);
    const last = own.findLast(({ series }) => series === one.series) as RecordLog;
    return {
      forged: logs.filter((_, index) => index !== last.at),
      expected: ["missing", last.series, last.length],
    };
  },
];
