import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Measurement } from "../../scripts/lib/gas-judge.js";
import {
  insertTable,
  parseSnapshot,
  renderMarkdown,
  renderReport,
  renderSnapshot,
  renderTable,
} from "../../scripts/lib/gas-report.js";
import { median, Samples } from "../../scripts/lib/gas-samples.js";

const MEASUREMENTS: Measurement[] = [
  { operation: "join", members: 10, ours: 80_000, baseline: 200_000 },
  { operation: "join", members: 10_000, ours: 81_000, baseline: 200_000 },
  { operation: "joinBySig", members: 300, ours: 120_000 },
  { operation: "propose", members: 10, ours: 99_000, baseline: 100_000 },
  { operation: "deployment", members: 0, ours: 12_000_000, baseline: 8_000_000 },
];

const cellsOf = (row: string | undefined): string[] => (row ?? "").split("|").map((cell) => cell.trim());

const DOCUMENT = `# Gas

<!-- gas table: written by npm run snapshot -->
an older table
<!-- gas table: end -->

More.
`;

describe("Reports of gas", () => {
  describe("table", () => {
    it("has a line for each operation that was measured, in both forms", () => {
      expect(renderTable(MEASUREMENTS)).to.have.length(1 + 4);
      expect(renderMarkdown(MEASUREMENTS).split("\n")).to.have.length(2 + 4);
    });

    it("shows figures by size, growth, the worst ratio, the bar and whether it is met", () => {
      const [, , join, joinBySig, propose, deployment] = renderMarkdown(MEASUREMENTS)
        .split("\n")
        .map(cellsOf);
      expect(join?.slice(1, -1)).to.deep.equal([
        "join",
        ...["80,000", "", "81,000"],
        "1.2 %",
        ...["200,000", "", "200,000"],
        "0.405",
        "≤ 90,000, ≤ 0.49, +2 %",
        "yes",
      ]);
      expect(joinBySig?.slice(2, 5)).to.deep.equal(["", "120,000", ""]);
      expect(joinBySig?.slice(-4)).to.deep.equal(["", "", "", ""]);
      expect(propose?.at(-2)).to.equal("NO");
      expect(deployment?.slice(2, 5)).to.deep.equal(["12,000,000", "", ""]);
    });
  });

  describe("insertTable", () => {
    it("replaces what lies between the marks and nothing else", () => {
      const written = insertTable(DOCUMENT, MEASUREMENTS);
      expect(written).to.include(renderMarkdown(MEASUREMENTS)).and.not.include("an older table");
      expect(written.startsWith("# Gas\n") && written.endsWith("\n\nMore.\n")).to.equal(true);
      expect(insertTable(written, MEASUREMENTS)).to.equal(written);
    });

    it("refuses a document without marks", () => {
      expect(() => insertTable("# Gas\n", MEASUREMENTS)).to.throw("the document has no place");
    });
  });

  describe("report", () => {
    it("gives ours, baseline, ratio, bar, verdict and members of every figure", () => {
      const { operations, growth } = JSON.parse(renderReport(MEASUREMENTS, "osaka"));
      expect(operations).to.have.length(MEASUREMENTS.length);
      expect(operations[3]).to.deep.equal({
        operation: "propose",
        title: "propose",
        members: 10,
        ours: 99_000,
        baseline: 100_000,
        ratio: 0.99,
        bar: { gas: 95_000, ratio: 1.25 },
        met: false,
      });
      expect(operations[2]).to.include({ baseline: null, ratio: null, bar: null, met: null });
      expect(growth).to.deep.equal([
        { operation: "join", from: 10, to: 10_000, growth: 0.0125, bar: 0.02, met: true },
      ]);
    });
  });

  describe("snapshot", () => {
    it("comes back as it was written", () => {
      expect(parseSnapshot(renderSnapshot(MEASUREMENTS))).to.have.deep.members(MEASUREMENTS);
    });

    it("that is committed is what docs/gas.md shows", () => {
      const committed = parseSnapshot(readFileSync("test/snapshots/gas.json", "utf8"));
      const document = readFileSync("docs/gas.md", "utf8");
      expect(insertTable(document, committed)).to.equal(document);
    });
  });

  describe("samples", () => {
    it("answer with their median", () => {
      expect(median([3, 1, 100])).to.equal(3);
      expect(median([4, 1, 3, 100])).to.equal(4);
      expect(() => median([])).to.throw("no samples");
      const samples = new Samples();
      samples.add("join", 5);
      samples.add("join", 7);
      expect(samples.figure("join")).to.equal(6);
      expect(samples.figure("propose")).to.equal(undefined);
    });
  });
});
