import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import type { AddressBook } from "../../scripts/lib/address-book.js";
import { CONTRACTS, type ContractKey } from "../../scripts/lib/address-book.js";
import { chainAt } from "../../scripts/lib/archive/chain.js";
import { exportArchive } from "../../scripts/lib/archive/export.js";
import { openArchive, readDecision, readList } from "../../scripts/lib/archive/read.js";
import { verifyArchive } from "../../scripts/lib/archive/verify.js";
import { digestOf } from "../../scripts/lib/content/digest.js";
import { ContentStore } from "../../scripts/lib/content/store.js";
import type { Node } from "../../scripts/lib/network.js";
import { Problem } from "../../scripts/lib/problem.js";
import { foundConduct, REASON, RESPONDENT, ruling } from "../helpers/conduct.js";
import { inFolder } from "../helpers/folder.js";
import { Kind, LIST } from "../helpers/forum.js";
import { refusal } from "../helpers/refusal.js";
import { type Served, serve } from "../helpers/served.js";

const connection = await network.create();
const PATIENCE = { attempts: 4, waitMs: 5, timeoutMs: 400 };

/** What a proxy does to an answer of the node. */
type Fault = (method: string, count: number, body: string) => string | number | "drop" | "stall";

/** A node behind HTTP, as a public one is. */
function nodeAt(url: string): Node {
  return {
    async request({ method, params }) {
      const response = await fetch(url, {
        method: "POST",
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      });
      if (!response.ok) throw new Error(`status code ${response.status}`);
      const text = await response.text();
      let answer: { result?: unknown; error?: { message: string } };
      try {
        answer = JSON.parse(text);
      } catch {
        throw new Error("the node did not answer with JSON to its end");
      }
      if (answer.error) throw new Error(answer.error.message);
      return answer.result;
    },
  };
}

/** A proxy in front of a node that treats its answers badly. */
async function proxyTo(url: string, fault: Fault): Promise<Served> {
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const { method } = JSON.parse(body);
    const count = (counts.get(method) ?? 0) + 1;
    counts.set(method, count);
    const answer = await (await fetch(url, { method: "POST", body })).text();
    const given = fault(method, count, answer);
    if (given === "drop") return request.socket.destroy();
    if (given === "stall") return undefined;
    if (typeof given === "number") response.statusCode = given;
    response.end(typeof given === "number" ? "" : given);
    return undefined;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((stopped) => {
      server.close(() => stopped());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** Changes the list of logs of an answer. */
const withLogs = (body: string, change: (logs: Record<string, unknown>[]) => unknown[]) => {
  const answer = JSON.parse(body);
  return JSON.stringify({ ...answer, result: change(answer.result) });
};

describe("Archive of a chain", function () {
  this.timeout(120_000);

  let served: Served;
  let contracts: AddressBook["contracts"];
  let governorOf: () => Awaited<ReturnType<typeof foundConduct>>["governor"];
  const words = ["# The first thread\n", "An answer.\n", "A better answer.\n"] as const;

  before(async () => {
    const scene = await foundConduct(connection);
    const { posting, ruled } = scene;
    governorOf = () => scene.governor;
    const post = (number: bigint, kind: bigint, to: number, text: string) =>
      posting(number).post(kind, LIST, to, digestOf(Buffer.from(text)));
    await post(3n, Kind.Thread, 0, words[0]);
    await post(4n, Kind.Reply, 2, words[1]);
    await post(4n, Kind.Edit, 3, words[2]);
    await posting(4n).erase(LIST, 3, REASON);
    await ruled(ruling({ suspension: 86_400n }));
    await scene.by(RESPONDENT).appeal(1, true, REASON);
    const entries = (Object.keys(CONTRACTS) as ContractKey[]).map(
      async (key) => [key, await scene[key].getAddress()] as const,
    );
    contracts = Object.fromEntries(await Promise.all(entries)) as AddressBook["contracts"];
    served = await serve(connection.provider);
  });

  after(async () => {
    await served.stop();
    await connection.close();
  });

  const chainBehind = (url: string) => chainAt(nodeAt(url), contracts, PATIENCE);

  async function exported(folder: string, url: string, name: string) {
    const store = new ContentStore(join(folder, "texts"));
    for (const text of words) await store.put(Buffer.from(text));
    const out = join(folder, name);
    await exportArchive({ chain: chainBehind(url), book: { contracts, block: 1 }, store, out, step: 40 });
    return out;
  }

  it("holds everything that was said and ruled, and nothing that was erased", async () => {
    await inFolder({}, async (folder) => {
      const path = await exported(folder, served.url, "archive.car");
      const verdict = await verifyArchive({ path, chain: chainBehind(served.url), contracts, full: true });
      expect(verdict.finding).to.equal(undefined);
      expect(verdict.series).to.deep.equal([
        { name: "forum/0", records: 2 },
        { name: "forum/2", records: 7 },
        { name: "conduct/log", records: 7 },
      ]);
      const bytes = readFileSync(path).toString("utf8");
      expect(bytes).to.contain("The first thread");
      // The answer, and what its author made of it.
      expect(bytes).not.to.contain("An answer.").and.not.to.contain("A better answer.");
      expect(verdict.manifest?.texts).to.include({ held: 1, erased: 1 });
    });
  });

  it("reads as Markdown: posts as they answer, the hidden, the erased, and no text that acts", async () => {
    await inFolder({}, async (folder) => {
      const library = await openArchive(await exported(folder, served.url, "archive.car"));
      const lines = readList(library, Number(LIST), 0);
      const markdown = lines.join("\n");
      expect(lines[0]).to.equal("# Discussion");
      expect(markdown).to.contain("**1** · member 1 · ").and.to.contain("*Hidden by case 1.*");
      expect(markdown).to.contain("###### The first thread");
      expect(markdown).to.match(
        /> \*\*3\*\* · member 4 · .*, edited once\n>\n> \*Erased; the record stays\.\*/,
      );
      // In the year 2100 the hiding is over: the appeal was not heard.
      expect(readList(library, Number(LIST), 4_102_444_800).join("\n")).to.contain(
        "*Nobody gave the text bafkrei",
      );
      expect(readList(library, Number(LIST), 0, 2).join("\n")).not.to.contain("member 1 ");
      expect(await refusal(Promise.resolve().then(() => readList(library, 9, 0)))).to.contain("no list 9");
      expect(await refusal(Promise.resolve().then(() => readList(library, 2, 0, 3)))).to.contain(
        "they begin at 1, 2",
      );
    });
  });

  it("reads a decision with its votes", async () => {
    await inFolder({}, async (folder) => {
      const library = await openArchive(await exported(folder, served.url, "archive.car"));
      const [created] = await governorOf().queryFilter(governorOf().filters.ProposalCreated());
      const lines = readDecision(library, String(created?.args.proposalId));
      expect(lines[0]).to.equal("# The Code");
      expect(lines.join("\n")).to.contain("Against 0, For 18, Abstain 0");
      expect(await refusal(Promise.resolve().then(() => readDecision(library, "5")))).to.contain(
        "no decision 5",
      );
    });
  });

  it("knows no statements on a decision that is not there, and of those that are", async () => {
    const [created] = await governorOf().queryFilter(governorOf().filters.ProposalCreated());
    const chain = chainBehind(served.url);
    expect(await chain.headOf("statements/5", "latest")).to.equal(0n);
    expect(await chain.headOf(`statements/${created?.args.proposalId}`, "latest")).to.equal(0n);
  });

  const once =
    (method: string, answer: ReturnType<Fault>): Fault =>
    (asked, count, body) =>
      asked === method && count % 3 === 1 ? answer : body;

  const harmless: Readonly<Record<string, Fault>> = {
    "drops the connection": once("eth_getLogs", "drop"),
    stalls: once("eth_getLogs", "stall"),
    "answers 429": once("eth_getLogs", 429),
    "drops, stalls or limits whatever it is asked, in turn": (_, count, body) =>
      count % 30 === 1 ? "stall" : (([body, "drop", 429] as const)[count % 3] ?? body),
    "answers 503 to everything at first": (_, count, body) => (count === 1 ? 503 : body),
    "cuts its answers off": (asked, count, body) =>
      asked === "eth_getLogs" && count % 2 === 1 ? body.slice(0, body.length / 2) : body,
    "tells every log twice": (asked, _, body) =>
      asked === "eth_getLogs" ? withLogs(body, (logs) => logs.flatMap((log) => [log, log])) : body,
    "refuses ranges of more than 10 blocks": (asked, count, body) =>
      asked === "eth_getLogs" && count === 1
        ? JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: -32_000, message: "range too large" } })
        : body,
    "tells logs of another contract for a while": (asked, count, body) =>
      asked === "eth_getLogs" && count === 1
        ? withLogs(body, (logs) => logs.map((log) => ({ ...log, address: `0x${"12".repeat(20)}` })))
        : body,
    "tells of removed logs for a while": (asked, count, body) =>
      asked === "eth_getLogs" && count === 1
        ? withLogs(body, (logs) => logs.map((log) => ({ ...log, removed: true })))
        : body,
  };

  for (const [name, fault] of Object.entries(harmless)) {
    it(`gives the same bytes through a node that ${name}`, async () => {
      await inFolder({}, async (folder) => {
        const clean = await exported(folder, served.url, "clean.car");
        const proxy = await proxyTo(served.url, fault);
        try {
          const other = await exported(folder, proxy.url, "other.car");
          expect(readFileSync(other)).to.deep.equal(readFileSync(clean));
        } finally {
          await proxy.stop();
        }
      });
    });
  }

  const lies: Readonly<Record<string, readonly [Fault, string]>> = {
    "a node that never answers": [() => "drop", ""],
    "a node that keeps a record back": [
      (asked, _, body) =>
        asked === "eth_getLogs"
          ? withLogs(body, (logs) => logs.filter(({ address }) => !isForum(address)))
          : body,
      "The node's logs are not all, or not those of the chain.",
    ],
    "a node that alters a record": [
      (asked, _, body) =>
        asked === "eth_getLogs"
          ? withLogs(body, (logs) =>
              logs.map((log) =>
                isForum(log.address) && `${log.data}`.length > 66
                  ? { ...log, data: `${log.data}`.replace(/.$/, "9") }
                  : log,
              ),
            )
          : body,
      "The node's logs are not all, or not those of the chain.",
    ],
    "a node that tells the same events of another contract": [
      (asked, _, body) =>
        asked === "eth_getLogs"
          ? withLogs(body, (logs) => logs.map((log) => ({ ...log, address: `0x${"12".repeat(20)}` })))
          : body,
      "which is no contract of this coalition",
    ],
    "a node that empties a record": [
      (asked, _, body) =>
        asked === "eth_getLogs"
          ? withLogs(body, (logs) => logs.map((log) => (isForum(log.address) ? { ...log, data: "0x" } : log)))
          : body,
      "holds what that contract cannot have said: 0x",
    ],
    "a node whose last block is another one each time": [
      (asked, count, body) =>
        asked === "eth_getBlockByNumber"
          ? body.replace(/"hash":"0x...../, `"hash":"0x${String(count).padStart(5, "0")}`)
          : body,
      "was another one each time",
    ],
  };

  for (const [title, [fault, told]] of Object.entries(lies)) {
    it(`refuses ${title}, and leaves no file`, async () => {
      await inFolder({}, async (folder) => {
        const proxy = await proxyTo(served.url, fault);
        try {
          const error = await exported(folder, proxy.url, "archive.car").catch((problem: unknown) => problem);
          expect(error).to.be.instanceOf(Error);
          if (told !== "") {
            expect(error).to.be.instanceOf(Problem);
            expect((error as Error).message).to.contain(told);
          }
          expect(() => readFileSync(join(folder, "archive.car"))).to.throw("ENOENT");
        } finally {
          await proxy.stop();
        }
      });
    });
  }

  for (const [name, fault] of Object.entries(harmless)) {
    it(`finds the same through a node that ${name}`, async () => {
      await inFolder({}, async (folder) => {
        const path = await exported(folder, served.url, "archive.car");
        const proxy = await proxyTo(served.url, fault);
        try {
          const through = await verifyArchive({ path, chain: chainBehind(proxy.url), contracts, full: true });
          expect(through).to.deep.equal(
            await verifyArchive({ path, chain: chainBehind(served.url), contracts, full: true }),
          );
          expect(through.complete).to.equal(true);
        } finally {
          await proxy.stop();
        }
      });
    });
  }

  /** What only a verification asks of a node. */
  const liesToVerify: typeof lies = {
    "a node that tells another head of a series": [
      (asked, _, body) => (asked === "eth_call" ? body.replace(/[0-9a-f]{8}"/, '00000009"') : body),
      "do not come to the heads of series that it tells",
    ],
    "a node that tells other code each time": [
      (asked, count, body) => (asked === "eth_getCode" ? body.replace('"0x', `"0x${10 + count}`) : body),
      "tells another code of",
    ],
  };
  const toldOfAll = new Map([
    ["a node that keeps a record back", "do not come to the heads of series that it tells"],
    ["a node that alters a record", "do not come to the heads of series that it tells"],
    ["a node whose last block is another one each time", "tells another hash of block"],
  ]);

  for (const [title, [fault, told]] of Object.entries({ ...lies, ...liesToVerify })) {
    it(`calls no archive incomplete by ${title}`, async () => {
      await inFolder({}, async (folder) => {
        const path = await exported(folder, served.url, "archive.car");
        const proxy = await proxyTo(served.url, fault);
        try {
          const error = await verifyArchive({
            path,
            chain: chainBehind(proxy.url),
            contracts,
            full: true,
          }).catch((problem: unknown) => problem);
          expect(error).to.be.instanceOf(Error);
          if (told !== "") {
            expect(error).to.be.instanceOf(Problem);
            expect((error as Error).message).to.contain(toldOfAll.get(title) ?? told);
          }
        } finally {
          await proxy.stop();
        }
      });
    });
  }

  const isForum = (address: unknown) => String(address).toLowerCase() === contracts.forum.toLowerCase();
});
