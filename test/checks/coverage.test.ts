import { expect } from "chai";
import { EXCLUDED, findUncovered } from "../../scripts/checks/coverage.js";

const record = (path: string, hits: Record<number, number>) =>
  `TN:\nSF:${path}\n${Object.entries(hits)
    .map(([line, count]) => `DA:${line},${count}`)
    .join("\n")}\nend_of_record\n`;

describe("Check of coverage", () => {
  it("names the lines that no test runs", () => {
    const { problems, notes } = findUncovered(record("contracts/a/A.sol", { 3: 1, 4: 0, 9: 0 }));
    expect(problems).to.deep.equal(["contracts/a/A.sol: no test runs line 4, 9"]);
    expect(notes[1]).to.equal("contracts/a/A.sol      3   33.3 %");
  });

  it("does not round up to a hundred", () => {
    const hits = Object.fromEntries(
      Array.from({ length: 3000 }, (_, line) => [line + 1, line === 7 ? 0 : 1]),
    );
    expect(findUncovered(record("contracts/A.sol", hits)).notes[1]).to.match(/99\.9 %$/);
  });

  it("fails on a report without contracts", () => {
    expect(findUncovered("TN:\n").problems).to.deep.equal(["the coverage report names no contract"]);
    expect(findUncovered(record("contracts/mocks/M.sol", { 1: 1 })).problems).to.have.length(1);
  });

  it("accepts full coverage and leaves out only what is excluded for a reason", () => {
    const report = record("contracts/A.sol", { 3: 1 }) + record("contracts/mocks/M.sol", { 1: 0 });
    expect(findUncovered(report).problems).to.deep.equal([]);
    for (const { prefix, reason } of EXCLUDED) expect(prefix && reason).to.be.a("string").that.is.not.empty;
  });
});
