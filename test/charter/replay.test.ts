import { expect } from "chai";
import { toBeHex } from "ethers";
import { type ReplayedDocument, replay, standOf } from "../../scripts/lib/charter/replay.js";
import type { ChainLog } from "../../scripts/lib/elections/source.js";
import { digestOf, liveThrough, TITLES, useCharter } from "../helpers/charter.js";
import { DecisionClass } from "../helpers/governor.js";
import { randomness } from "../helpers/random.js";
import { refusal } from "../helpers/refusal.js";

describe("replay of a charter", function () {
  this.timeout(120_000);

  const hall = useCharter();
  const address = () => hall.charter.getAddress();
  const logs = async (): Promise<readonly ChainLog[]> =>
    hall.connection.ethers.provider.getLogs({ address: await address(), fromBlock: 0 });
  const timeOf = async (block: number) =>
    (await hall.connection.ethers.provider.getBlock(block))?.timestamp ?? Number.NaN;
  const refused = async (altered: readonly ChainLog[]) =>
    refusal(replay(await address(), altered, { stand: await standOf(hall.charter) }));

  /** What an event is called where it is missing. */
  function nameOf(log: ChainLog): string {
    const event = hall.charter.interface.parseLog(log);
    const { document, version, change } = event?.args.toObject() ?? {};
    if (event?.name === "DocumentFounded") return `DocumentFounded of document ${document} is missing`;
    if (event?.name === "VersionEnacted") {
      return `VersionEnacted of version ${version} of document ${document} is missing`;
    }
    return `Change ${change} of document ${document} is missing`;
  }

  const find = (all: readonly ChainLog[], name: string): number =>
    all.findIndex(({ topics }) => topics[0] === hall.charter.interface.getEvent(name as never)?.topicHash);

  /** The answer of the view, made of what was replayed. */
  function encoded({ versions }: ReplayedDocument, version: number): string {
    const { decision, enactedAt, clauses } = versions[version] as ReplayedDocument["versions"][number];
    return hall.charter.interface.encodeFunctionResult("versionOf", [
      { decision, enactedAt: enactedAt ?? 0, clauses: clauses.length },
      clauses.map(({ clause }) => clause),
      clauses.map(({ digest }) => digest),
    ]);
  }

  async function answered(document: number, version: number): Promise<string> {
    const data = hall.charter.interface.encodeFunctionData("versionOf", [document, version]);
    return hall.connection.ethers.provider.call({ to: await address(), data });
  }

  /** The decision and the version that the chain names for a wording, by its history. */
  async function enactedBy(document: number, clause: number, version: number) {
    const [versions] = await hall.charter.historyOf(document, clause, 0, 100);
    const since = versions.filter((one) => one <= version).at(-1) ?? 0n;
    const [{ decision }] = await hall.charter.versionOf(document, since);
    return { since: Number(since), decision };
  }

  context("given logs with a gap", () => {
    beforeEach(async () => {
      await hall.governing.repeal(1n, 2n, digestOf("two"));
      await hall.decide(2n);
      await hall.governing.amend(1n, 1n, digestOf("one"), digestOf("uno"));
      await hall.governing.found("List guidelines");
      await hall.governing.insert(3n, 0n, `0x${"00".repeat(32)}`, digestOf("first"));
      await hall.governing.replace(1n, 3n, digestOf("three"), digestOf("tre"));
    });

    it("names the event that is missing, whichever it is, the last ones too", async () => {
      const all = await logs();
      expect(all.length).to.equal(13);
      for (const [index, log] of all.entries()) {
        expect(await refused(all.toSpliced(index, 1))).to.include(nameOf(log));
      }
    });

    it("says with what the logs go on", async () => {
      const all = await logs();
      const at = find(all, "ClauseRepealed");
      const next = all[at + 2] as ChainLog;
      expect(await refused(all.toSpliced(at, 1))).to.equal(
        "Change 4 of document 1 is missing from the logs: they go on with ClauseAmended in block " +
          `${next.blockNumber} (log ${next.index}).`,
      );
    });

    it("says how many changes, or documents, the chain counts", async () => {
      const all = await logs();
      expect(await refused(all.slice(0, -1))).to.equal(
        "Change 6 of document 1 is missing: the chain counts 6 changes, the logs hold 5.",
      );
      expect(await refused([])).to.equal(
        "DocumentFounded of document 1 is missing: the chain counts 3 documents, the logs hold 0.",
      );
    });

    it("does not see, without what the chain counts, that the last ones are missing", async () => {
      const [first] = await replay(await address(), (await logs()).slice(0, -1));
      expect(first?.versions.at(-1)?.clauses.map(({ clause }) => clause)).to.deep.equal([1, 3]);
    });
  });

  context("given logs that are not the charter's", () => {
    it("refuses an event that comes twice", async () => {
      const all = await logs();
      for (const log of all) {
        expect(await refused([...all, log])).to.match(/ is in the logs twice: again as /);
      }
    });

    it("refuses a change that was written against another wording", async () => {
      await hall.governing.amend(1n, 2n, digestOf("two"), digestOf("due"));
      const all = await logs();
      const at = find(all, "ClauseAmended");
      const log = all[at] as ChainLog;
      const wrong = {
        ...log,
        data: log.data.replace(digestOf("two").slice(2), digestOf("other").slice(2)),
      };
      expect(await refused(all.with(at, wrong))).to.equal(
        `ClauseAmended in block ${log.blockNumber} (log ${log.index}) of document 1 was written against ` +
          `${digestOf("other")}, but clause 2 was ${digestOf("two")} by then: the logs are not the charter's.`,
      );
    });

    it("refuses a change of a clause that the document did not have", async () => {
      await hall.governing.repeal(1n, 2n, digestOf("two"));
      const all = await logs();
      const at = find(all, "ClauseRepealed");
      const log = all[at] as ChainLog;
      const wrong = { ...log, topics: log.topics.with(2, toBeHex(9, 32)) };
      expect(await refused(all.with(at, wrong))).to.equal(
        `ClauseRepealed in block ${log.blockNumber} (log ${log.index}) is about clause 9, which document 1 ` +
          "did not have by then: the logs are not the charter's.",
      );
    });

    it("refuses a clause whose number leaves one out", async () => {
      const all = await logs();
      const at = find(all, "ClauseInserted");
      const log = all[at] as ChainLog;
      const wrong = { ...log, topics: log.topics.with(2, toBeHex(2, 32)) };
      expect(await refused(all.with(at, wrong))).to.include("What brought clause 1 of document 1 is missing");
    });

    it("passes over what another contract logged", async () => {
      const { connection, decisions, timelock } = hall;
      const other = await connection.ethers.deployContract("Charter", [decisions, timelock, ["Other"]]);
      const all = await connection.ethers.provider.getLogs({ fromBlock: 0 });
      expect(all.map(({ address: from }) => from)).to.include(await other.getAddress());
      const documents = await replay(await address(), all, { stand: await standOf(hall.charter) });
      expect(documents.map(({ title }) => title)).to.deep.equal(TITLES);
    });
  });

  it("rebuilds documents, versions and clauses, each wording with the decision that enacted it", async () => {
    await hall.decide(7n, DecisionClass.Amendment);
    await hall.governing.amend(1n, 2n, digestOf("two"), digestOf("due"));
    const [charter, code] = await replay(await address(), await logs());
    const [one, two, three] = ["one", "two", "three"].map((text, index) => ({
      clause: index + 1,
      digest: digestOf(text),
      since: 1,
      decision: 1n,
    }));
    expect(charter).to.deep.equal({
      document: 1,
      title: "Charter",
      versions: [
        { version: 0, decision: 0n, clauses: [] },
        { version: 1, decision: 1n, clauses: [one, two, three] },
        {
          version: 2,
          decision: 7n,
          clauses: [one, { clause: 2, digest: digestOf("due"), since: 2, decision: 7n }, three],
        },
      ],
    });
    expect(code?.versions).to.deep.equal([{ version: 0, decision: 0n, clauses: [] }]);
  });

  const random = randomness();

  it(`answers byte by byte what the chain answers of every version of random histories (${random.seed})`, async () => {
    const { done, failed } = await liveThrough(hall, random, 150);
    expect(done).to.be.greaterThan(50);
    expect(failed).to.be.greaterThan(5);
    const all = await logs();
    const shuffled = all.toSorted((one, other) => one.data.localeCompare(other.data));
    const stand = await standOf(hall.charter);
    const documents = await replay(await address(), shuffled, { timeOf, stand });
    expect(documents.length).to.equal(stand.length);
    for (const replayed of documents) {
      const { document, versions } = replayed;
      const { title, version: last } = await hall.charter.documentOf(document);
      expect(replayed.title).to.equal(title);
      expect(versions.length).to.equal(Number(last) + 1);
      for (const { version, clauses } of versions) {
        expect(encoded(replayed, version)).to.equal(await answered(document, version));
        for (const { clause, since, decision } of clauses) {
          expect({ since, decision }).to.deep.equal(await enactedBy(document, clause, version));
        }
      }
    }
  });
});
