import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Measurement } from "../../scripts/lib/gas-judge.js";
import { parseSnapshot } from "../../scripts/lib/gas-report.js";
import {
  arithmetic,
  dollarsOf,
  insertScale,
  LINES,
  PRICES,
  type Prices,
  pointsOf,
  renderChart,
  weeksTo,
} from "../../scripts/lib/scale.js";

const FREE_DATA: Prices = { chain: "one of ours", gwei: 2, gweiPerByte: 0, dollars: 1_000 };

const figure = (operation: Measurement["operation"], members: number, ours: number): Measurement => ({
  operation,
  members,
  ours,
});

const FIGURES: Measurement[] = [
  figure("castVoteLater", 10, 40_000),
  figure("castVoteLater", 1_000, 40_000),
  figure("propose", 1_000, 90_000),
  figure("endorse", 1_000, 70_000),
  figure("endorseLast", 1_000, 60_000),
  figure("queueAndExecute", 1_000, 200_000),
  figure("wholeDecision", 10, 800_000),
  figure("wholeDecision", 1_000, 40_420_000),
  figure("wholeDecisionRelayed", 1_000, 420_000 + 1_000 * 10_000),
];

/** Whether two numbers differ by rounding alone. Chai's own `closeTo` takes whole numbers where contracts are tested. */
const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b);

describe("The curve from ten members to ten thousand", () => {
  describe("committed", () => {
    const committed = parseSnapshot(readFileSync("test/snapshots/gas.json", "utf8"));

    it("tables in docs/scale.md are those of the snapshot", () => {
      const document = readFileSync("docs/scale.md", "utf8");
      expect(insertScale(document, committed)).to.equal(document);
    });

    it("chart is that of the snapshot", () => {
      expect(readFileSync("docs/scale.svg", "utf8")).to.equal(renderChart(committed));
    });

    it("has every act at 10,000 members", () => {
      for (const line of LINES)
        expect(pointsOf(line, committed).at(-1)?.members, line.title).to.equal(10_000);
    });
  });

  describe("pointsOf", () => {
    it("orders by members, and divides what is a sum among them", () => {
      const line = LINES.find(({ operation }) => operation === "wholeDecision");
      if (line === undefined) throw new Error("the whole decision has no line");
      expect(pointsOf(line, [...FIGURES].reverse())).to.deep.equal([
        { members: 10, gas: 80_000 },
        { members: 1_000, gas: 40_420 },
      ]);
    });
  });

  describe("dollarsOf", () => {
    it("is gas at its price, in ether, in dollars", () => {
      expect(isNear(dollarsOf(50_000, 1_000, FREE_DATA), 0.1)).to.equal(true);
    });

    it("adds what a byte costs where bytes cost something", () => {
      const prices = { ...FREE_DATA, gweiPerByte: 100 };
      expect(isNear(dollarsOf(50_000, 1_000, prices), 0.2)).to.equal(true);
    });
  });

  describe("weeksTo", () => {
    it("counts by the floor until the share is larger", () => {
      expect(weeksTo(25, 25, 1_000)).to.equal(1);
      expect(weeksTo(250, 25, 1_000)).to.equal(10);
      // 250, 275, 302, 332: from here on a tenth is more than 25.
      expect(weeksTo(332, 25, 1_000)).to.equal(13);
      expect(weeksTo(333, 25, 1_000)).to.equal(14);
    });
  });

  describe("arithmetic", () => {
    it("takes a ballot from the largest relayed decision, and the rest of a decision from its steps", () => {
      const sums = arithmetic(FIGURES, FREE_DATA);
      expect(sums).to.include({ fixed: 420_000, ballot: 10_000, batchGas: 10_000_000 });
      expect(sums.all).to.include({ ballots: 100_000, batches: 100, gas: 420_000 + 1e9, bytes: 6_400_000 });
      expect(sums.quorum).to.include({ ballots: 20_000, batches: 20, gas: 420_000 + 2e8 });
      expect(isNear(sums.all.dollars, dollarsOf(420_000 + 1e9, 0, FREE_DATA))).to.equal(true);
      expect(sums.directGas).to.equal(420_000 + 4e9);
    });

    it("says what was not measured", () => {
      expect(() => arithmetic([], FREE_DATA)).to.throw("no relayed decision was measured");
    });
  });

  it("refuses a document without places for its tables", () => {
    expect(() => insertScale("# Scale\n", FIGURES)).to.throw("the document has no place for the curve");
  });

  it("states a price for a chain whose data cost nothing apart, and one whose data do", () => {
    expect(PRICES.map(({ gweiPerByte }) => gweiPerByte > 0)).to.deep.equal([false, true]);
  });
});
