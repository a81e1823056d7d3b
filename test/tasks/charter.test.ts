import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { type ChangeWish, writeChange } from "../../scripts/lib/charter/change.js";
import { diffVersions, historyOf, listDocuments, showDocument } from "../../scripts/lib/charter/show.js";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { readActions } from "../../scripts/lib/motions/actions.js";
import { draft } from "../../scripts/lib/motions/write.js";
import type { Connection } from "../helpers/governor.js";
import {
  enact,
  foundWithMotions,
  memberNumbered,
  sessionOf,
  told,
  type WithMotions,
  Workshop,
} from "../helpers/motion-tasks.js";
import { refusal } from "../helpers/refusal.js";

const NAME = "# Name\n\nThe coalition is called DC-BAS.\n";
const CHAIR = "The chair serves two years.\n";
const CHAIR_NOW = "The chair serves three years.\n";
const FEES = "There are no fees.\n";
const NONE = `0x${"0".repeat(64)}`;

const digest = (text: string) => digestOf(Buffer.from(text));

describe("charter", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithMotions;
  let workshop: Workshop;
  let decisions: bigint[];

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  async function bare() {
    return foundWithMotions(connection);
  }

  /** Version 1 has clauses 1 and 2; version 2 words clause 2 anew, repeals 1 and puts 3 in. */
  async function written() {
    const founded = await bare();
    const { charter } = founded;
    const call = (name: "insert" | "amend" | "repeal", ...args: unknown[]) => ({
      target: charter,
      data: charter.interface.encodeFunctionData(name as "insert", args as never),
    });
    const first = await enact(founded, [
      call("insert", 1, 0, NONE, digest(NAME)),
      call("insert", 1, 1, digest(NAME), digest(CHAIR)),
    ]);
    const second = await enact(founded, [
      call("amend", 1, 2, digest(CHAIR), digest(CHAIR_NOW)),
      call("repeal", 1, 1, digest(NAME)),
      call("insert", 1, 2, digest(CHAIR_NOW), digest(FEES)),
    ]);
    return { founded, decisions: [first, second] };
  }

  const shelf = async () => ({ session: await sessionOf(coalition), store: workshop.store });

  beforeEach(() => {
    workshop = new Workshop();
  });

  afterEach(() => workshop.close());

  describe("given a charter in two versions", () => {
    beforeEach(async () => {
      ({ founded: coalition, decisions } = await connection.networkHelpers.loadFixture(written));
      for (const text of [NAME, CHAIR, CHAIR_NOW, FEES]) await workshop.store.put(Buffer.from(text));
    });

    describe("show", () => {
      it("refuses documents and versions that there are not, and a file that is there already", async () => {
        expect(await refusal(showDocument(await shelf(), "", ""))).to.contain(
          'Say which document: 1 "Charter", 2',
        );
        expect(await refusal(showDocument(await shelf(), "9", ""))).to.contain(
          'The document is "9", allowed:',
        );
        expect(await refusal(showDocument(await shelf(), "1", "3"))).to.equal(
          '--at is "3", allowed: a whole number from 0 to 2',
        );
        const out = workshop.file("out.md", "mine");
        expect(await refusal(showDocument(await shelf(), "1", "", out))).to.contain("exists already");
      });

      it("renders the present version, with what enacted the wording of each clause", async () => {
        const out = await showDocument(await shelf(), "charter", "");
        const lines = told(out);
        expect(lines)
          .to.match(/^# Charter\n\nVersion 2, enacted by decision \d+, on .+: the present version\.\n/)
          .and.to.contain(
            `${CHAIR_NOW}\n> Clause 2: in this wording since version 2, enacted by decision ${decisions[1]}`,
          )
          .and.to.contain(`sha2-256 ${digest(FEES)}`)
          .and.not.to.contain("DC-BAS");
        expect(lines.indexOf(CHAIR_NOW)).to.be.lessThan(lines.indexOf(FEES));
        expect(out.facts).to.deep.include({
          document: 1,
          version: 2,
          lastVersion: 2,
          decision: `${decisions[1]}`,
        });
      });

      it("renders past versions to a file, byte for byte as it prints them", async () => {
        const file = workshop.at("first.md");
        const out = await showDocument(await shelf(), "1", "1", file);
        expect(told(out)).to.equal(`Version 1 of "Charter" written to ${file}.`);
        const markdown = readFileSync(file, "utf8");
        expect(markdown).to.equal(`${told(await showDocument(await shelf(), "1", "1"))}\n`);
        expect(markdown)
          .to.contain(NAME)
          .and.to.contain(CHAIR)
          .and.to.contain("a past version; the present one is 2");
        expect(markdown).to.contain(`since version 1, enacted by decision ${decisions[0]}`);
        const birth = told(await showDocument(await shelf(), "1", "0"));
        expect(birth).to.contain("at the birth of the coalition").and.to.contain("It has no clauses.");
      });

      it("shows the digest of a clause whose text is not in the store, and says so", async () => {
        const other = new Workshop();
        await other.store.put(Buffer.from(FEES));
        const out = await showDocument({ ...(await shelf()), store: other.store }, "1", "");
        expect(told(out))
          .to.contain(
            `The store does not hold this text: CID ${cidOf(digest(CHAIR_NOW))}, sha2-256 ${digest(CHAIR_NOW)}`,
          )
          .and.to.contain(FEES);
        expect(out.facts.missing).to.deep.equal([digest(CHAIR_NOW)]);
        other.close();
      });
    });

    describe("list and history", () => {
      it("lists the documents", async () => {
        expect(told(await listDocuments(await shelf()))).to.match(/\n1 +Charter +2 +2 /);
      });

      it("tells what changed when, of a document or of a clause", async () => {
        const out = await historyOf(await shelf(), "1", "");
        const { events } = out.facts as { events: { version: number; clause: number; what: string }[] };
        expect(events.map(({ version, clause, what }) => [version, clause, what])).to.deep.equal([
          [1, 1, "inserted"],
          [1, 2, "inserted"],
          [2, 1, "repealed"],
          [2, 2, "amended"],
          [2, 3, "inserted"],
        ]);
        const clause = told(await historyOf(await shelf(), "1", "2"));
        expect(clause)
          .to.contain('Clause 2 of "Charter"')
          .and.to.contain(`Version 2 was enacted by decision ${decisions[1]}.`)
          .and.not.to.contain("repealed");
        expect(await refusal(historyOf(await shelf(), "1", "4"))).to.contain("a whole number from 1 to 3");
        expect(await refusal(historyOf(await shelf(), "2", "1"))).to.contain("has had no clause yet");
        expect(told(await historyOf(await shelf(), "2", ""))).to.contain(
          "Nothing changed since it was founded.",
        );
      });
    });

    describe("diff", () => {
      it("compares two versions clause by clause", async () => {
        const out = told(await diffVersions(await shelf(), "1", ["1", "2"]));
        expect(out)
          .to.contain('"Charter", version 1 and version 2, enacted by decision')
          .and.to.contain("[-] clause 1: # Name")
          .and.to.contain("[~] clause 2: The chair serves [-two-][+three+] years.")
          .and.to.contain("[+] clause 3: There are no fees.");
        expect(await refusal(diffVersions(await shelf(), "1", ["1", "x"]))).to.contain(
          'The second version is "x"',
        );
      });
    });

    describe("change", () => {
      const change = async (more: Partial<ChangeWish>) =>
        writeChange(await shelf(), {
          kind: "amend",
          document: "1",
          clause: "2",
          file: workshop.file("clause.md", "The chair serves one year.\n"),
          out: workshop.at("actions.json5"),
          ...more,
        });

      it("refuses what is no change, and writes nothing", async () => {
        expect(await refusal(change({ kind: "alter" }))).to.contain("one of insert, amend, repeal, replace");
        expect(await refusal(change({ out: "" }))).to.contain("--out <actions file>");
        expect(await refusal(change({ clause: "1" }))).to.contain(
          'which "Charter" does not have (any more), allowed: 2, 3',
        );
        expect(await refusal(change({ clause: "0" }))).to.contain("a whole number from 1");
        expect(await refusal(change({ file: "" }))).to.contain("--text <file in Markdown>");
        expect(await refusal(change({ kind: "repeal" }))).to.contain("leave --text out");
        const same = workshop.file("same.md", CHAIR_NOW);
        expect(await refusal(change({ file: same }))).to.contain(
          'is what clause 2 of "Charter" says already',
        );
        expect(existsSync(workshop.at("actions.json5"))).to.equal(false);
      });

      it("writes changes against the present wording, and the second against what the first leaves", async () => {
        const first = await change({});
        const [once, twice] = ["The chair serves one year.\n", "The chair serves one year, once.\n"];
        expect(first.facts).to.deep.include({ document: 1, clause: 2, base: digest(CHAIR_NOW) });
        expect(told(first)).to.contain(`from sha2-256 ${digest(CHAIR_NOW)} to ${digest(once)}`);
        const second = await change({ file: workshop.file("again.md", twice) });
        expect(second.facts.base).to.equal(digest(once));
        const inserted = await change({ kind: "insert", file: workshop.file("new.md", "New.\n") });
        expect(inserted.facts.base).to.equal(digest(twice));
        const repealed = await change({ kind: "repeal", clause: "4", file: "" });
        expect(repealed.facts.base).to.equal(digest("New.\n"));
        expect(await refusal(change({ kind: "repeal", clause: "4", file: "" }))).to.contain("allowed: 2, 3");
        expect(told(repealed)).to.contain("holds 4 actions now");
        expect(await workshop.store.has(digest(twice))).to.equal(true);
      });

      it("is enacted by a motion as it was written", async () => {
        await change({});
        await change({
          kind: "replace",
          clause: "3",
          file: workshop.file("fees.md", "Fees are voluntary.\n"),
        });
        const out = workshop.at("actions.json5");
        const drafted = await draft(
          await workshop.desk(coalition, memberNumbered(coalition, 1)),
          workshop.file("text.md", "Shorter terms.\n"),
          workshop.file("purpose.md", "Goal 1.\n"),
          out,
        );
        expect(told(drafted)).to.contain('by a decision of the class "amendment"');
        const { targets, calldatas } = readActions((await shelf()).session.contracts, out);
        const actions = targets.map((target, index) => ({ target, data: calldatas[index] as string }));
        const decision = await enact(coalition, actions);
        const shown = told(await showDocument(await shelf(), "1", ""));
        expect(shown)
          .to.contain("The chair serves one year.")
          .and.to.contain(
            `Fees are voluntary.\n\n> Clause 4: in this wording since version 3, enacted by decision ${decision}`,
          );
      });
    });
  });

  describe("given events that the node holds back", () => {
    it("refuses to render what it cannot know to be whole", async () => {
      ({ founded: coalition } = await connection.networkHelpers.loadFixture(written));
      const session = { ...(await sessionOf(coalition)), fromBlock: (await latest()) - 5 };
      expect(await refusal(showDocument({ session, store: workshop.store }, "1", ""))).to.contain("missing");
    });

    const latest = () => coalition.ethers.provider.getBlockNumber();
  });
});
