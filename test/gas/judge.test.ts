import { expect } from "chai";
import {
  findDrift,
  judge,
  judgeGrowth,
  knownMisses,
  type Measurement,
  missedBars,
} from "../../scripts/lib/gas-judge.js";
import {
  DRIFT_LIMIT,
  OPERATIONS,
  type Operation,
  type OperationId,
} from "../../scripts/lib/gas-operations.js";

const BAR = { gas: 42_000, ratio: 0.63, growth: 0.02 };

const OPERATION: Operation = { title: "a ballot", against: "castVoteLater", bar: BAR };

const only = (operation: Operation) => ({ castVoteLater: operation });

function figure(ours: number, baseline?: number, members = 10): Measurement {
  return { operation: "castVoteLater", members, ours, ...(baseline !== undefined && { baseline }) };
}

describe("Verdicts of the gas table", () => {
  describe("judge", () => {
    it("misses a bar by one unit of gas, and meets it on the dot", () => {
      const met = (ours: number) => judge([figure(ours, 100_000)], only(OPERATION))[0]?.met;
      expect(met(42_001)).to.equal(false);
      expect(met(42_000)).to.equal(true);
    });

    it("misses the ratio alone, without rounding it", () => {
      const met = (ours: number) => judge([figure(ours, 60_000)], only(OPERATION))[0]?.met;
      expect(met(37_801)).to.equal(false);
      expect(met(37_800)).to.equal(true);
    });

    it("misses a ratio that there is nothing to hold against", () => {
      expect(judge([figure(1)], only(OPERATION))[0]?.met).to.equal(false);
    });

    it("judges nothing that has no bar, nor at fewer members than the bar is for", () => {
      const free = only({ title: "a ballot" });
      const from300 = only({ ...OPERATION, bar: { ...BAR, from: 300 } });
      expect(judge([figure(99_999, 1)], free)[0]).to.not.have.property("met");
      const [small, large] = judge([figure(99_999, 1), figure(99_999, 1, 300)], from300);
      expect(small).to.not.have.property("met");
      expect(large?.met).to.equal(false);
    });

    it("refuses a figure of an operation that it does not know", () => {
      expect(() => judge([figure(1)], {})).to.throw("no operation called castVoteLater");
    });
  });

  describe("judgeGrowth", () => {
    const grown = (last: number, operation = OPERATION) =>
      judgeGrowth([figure(last, 1, 10_000), figure(10_000, 1), figure(10_100, 1, 300)], only(operation));

    it("compares the largest number of members with the smallest", () => {
      expect(grown(10_200)).to.deep.equal([
        {
          operation: "castVoteLater",
          title: "a ballot",
          from: 10,
          to: 10_000,
          growth: 10_200 / 10_000 - 1,
          bar: 0.02,
          met: true,
        },
      ]);
      expect(grown(10_201)[0]?.met).to.equal(false);
    });

    it("shows growth without judging it where it has no bar", () => {
      const [growth] = grown(20_000, { ...OPERATION, bar: { gas: 42_000 } });
      expect(growth?.growth).to.equal(1);
      expect(growth).to.not.have.property("met");
    });

    it("says nothing of sums over voters, nor of what was measured once", () => {
      expect(grown(20_000, { ...OPERATION, sum: true })).to.deep.equal([]);
      expect(judgeGrowth([figure(1, 1)], only(OPERATION))).to.deep.equal([]);
    });
  });

  describe("missedBars", () => {
    it("is empty when every bar is met", () => {
      expect(
        missedBars([figure(41_000, 70_000), figure(41_000, 70_000, 300)], only(OPERATION)),
      ).to.deep.equal([]);
    });

    it("names figure, bar, ratio and number of members of every miss", () => {
      expect(
        missedBars([figure(45_000, 60_000), figure(40_000, 70_000, 300)], only(OPERATION)),
      ).to.deep.equal([
        "a ballot at 10 members: 45,000 gas, 0.7500 of the baseline; the bar is 42,000 gas and 0.63 of the baseline",
      ]);
    });

    it("names growth above its bar", () => {
      expect(
        missedBars([figure(30_000, 70_000), figure(33_000, 70_000, 300)], only(OPERATION)),
      ).to.deep.equal(["a ballot: 10.0 % more at 300 members than at 10, the bar is 2.0 %"]);
    });

    it("names a bar that nothing was measured for, or nothing with as many members", () => {
      const unmeasured = ["a ballot: has a bar and was not measured"];
      expect(missedBars([], only(OPERATION))).to.deep.equal(unmeasured);
      const from300 = only({ ...OPERATION, bar: { ...BAR, from: 300 } });
      expect(missedBars([figure(1, 70_000)], from300)).to.deep.equal(unmeasured);
    });
  });

  describe("a bar that is known to be missed", () => {
    const missed = { gas: 50_000, ratio: 0.8, why: "a slot that no baseline reads" };
    const known = only({ ...OPERATION, bar: { ...BAR, missed } });
    const atLimit = 50_000 * (1 + DRIFT_LIMIT);

    it("stays missed, and is let pass with its reason while it gets no worse", () => {
      for (const ours of [42_001, 50_000, atLimit]) {
        const figures = [figure(ours, 100_000)];
        expect(judge(figures, known)[0], `${ours}`).to.include({ met: false, known: missed.why });
        expect(missedBars(figures, known), `${ours}`).to.deep.equal([]);
      }
      expect(knownMisses([figure(50_000, 100_000)], known)).to.deep.equal([
        `a ballot at 10 members: 50,000 gas, 0.5000 of the baseline; the bar is 42,000 gas and 0.63 of the baseline; known: ${missed.why}`,
      ]);
    });

    it("is named as any other when it got worse by more than figures may move", () => {
      for (const worse of [figure(atLimit + 1, 100_000), figure(50_000, 61_000)]) {
        expect(missedBars([worse], known)).to.have.length(1);
        expect(knownMisses([worse], known)).to.deep.equal([]);
      }
    });

    it("needs no ratio where there is no baseline", () => {
      const alone = only({
        title: "a ballot",
        bar: { gas: 42_000, missed: { gas: 50_000, why: missed.why } },
      });
      expect(missedBars([figure(atLimit)], alone)).to.deep.equal([]);
      expect(knownMisses([figure(50_000)], alone)).to.deep.equal([
        `a ballot at 10 members: 50,000 gas, no baseline; the bar is 42,000 gas; known: ${missed.why}`,
      ]);
      expect(missedBars([figure(atLimit + 1)], alone)).to.have.length(1);
    });

    it("is named when it is met after all, for then nothing is known any more", () => {
      expect(missedBars([figure(42_000, 100_000)], known)).to.deep.equal([
        "a ballot: meets the bar that it is said to miss; take that out",
      ]);
    });
  });

  describe("findDrift", () => {
    const kept = figure(100_000, 200_000);
    const most = 100_000 * DRIFT_LIMIT;

    it("accepts what moved by the limit, either way", () => {
      for (const ours of [100_000, 100_000 + most, 100_000 - most]) {
        expect(findDrift([figure(ours, 200_000)], [kept]), `${ours}`).to.deep.equal([]);
      }
    });

    it("names what moved by more, dearer or cheaper, ours or the baseline's", () => {
      const { title } = OPERATIONS.castVoteLater;
      expect(findDrift([figure(102_001, 200_000)], [kept])).to.deep.equal([
        `${title} at 10 members, ours: 100,000 in the snapshot, now 102,001 (2.0 %)`,
      ]);
      expect(findDrift([figure(90_000, 200_000)], [kept])).to.deep.equal([
        `${title} at 10 members, ours: 100,000 in the snapshot, now 90,000 (-10.0 %)`,
      ]);
      expect(findDrift([figure(100_000, 250_000)], [kept])).to.deep.equal([
        `${title} at 10 members, baseline: 200,000 in the snapshot, now 250,000 (25.0 %)`,
      ]);
    });

    it("names what came and what went", () => {
      const { title } = OPERATIONS.castVoteLater;
      expect(findDrift([kept], [])).to.deep.equal([`${title} at 10 members: not in the snapshot`]);
      expect(findDrift([], [kept])).to.deep.equal([
        `${title} at 10 members: in the snapshot and no longer measured`,
      ]);
      expect(findDrift([figure(100_000)], [kept])).to.deep.equal([
        `${title} at 10 members, baseline: 200,000 in the snapshot, now nothing`,
      ]);
    });
  });

  describe("operations", () => {
    it("hold ratios only where they name what they are held against", () => {
      for (const [id, { against, bar }] of Object.entries(OPERATIONS) as [OperationId, Operation][]) {
        if (bar?.ratio !== undefined) expect(against, id).to.be.a("string");
      }
    });
  });
});
