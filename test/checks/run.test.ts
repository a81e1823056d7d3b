import { expect } from "chai";
import hre from "hardhat";
import type { Check } from "../../scripts/checks/check.js";
import { checks } from "../../scripts/checks/index.js";
import { complaints } from "../../scripts/checks/process.js";
import { runChecks } from "../../scripts/checks/run.js";

const check = (name: string, run: Check["run"]): Check => ({ name, remedy: "do this", run });

describe("Runner of checks", () => {
  it("goes on after a failure and after a check that breaks, and names both", async () => {
    const lines: string[] = [];
    const failed = await runChecks(
      [
        check("bad", async () => ({ problems: ["A.sol:1 is wrong"] })),
        check("broken", async () => {
          throw new Error("no such file");
        }),
        check("good", async () => ({ problems: [], notes: ["a table"] })),
      ],
      hre,
      (line) => lines.push(line.replace(/ +[\d.]+ s/, "")),
    );
    expect(failed).to.deep.equal(["bad", "broken"]);
    expect(lines).to.deep.equal([
      "FAIL  bad  do this",
      "        A.sol:1 is wrong",
      "FAIL  broken  do this",
      "        the check itself broke: no such file",
      "ok    good",
      "        a table",
    ]);
  });

  it("starts the long ones together, and reports all in their order", async () => {
    const events: string[] = [];
    const resolvers: (() => void)[] = [];
    const long = (name: string): Check => ({
      ...check(name, async () => {
        events.push(`${name} starts`);
        await new Promise<void>((resolve) => resolvers.push(resolve));
        return { problems: [] };
      }),
      long: true,
    });
    const quick = check("quick", async () => {
      events.push("quick starts");
      return { problems: [] };
    });
    const finished = runChecks([quick, long("first"), long("second")], hre, (line) =>
      events.push(line.replace(/ +[\d.]+ s/, "")),
    );
    while (resolvers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    // The second is done before the first.
    for (const resolve of resolvers.reverse()) resolve();
    await finished;
    expect(events).to.deep.equal([
      "quick starts",
      "ok    quick",
      "first starts",
      "second starts",
      "ok    first",
      "ok    second",
    ]);
  });

  it("shortens a flood of problems", async () => {
    const lines: string[] = [];
    const flood = check("flood", async () => ({
      problems: Array.from({ length: 100 }, (_, index) => `${index}`),
    }));
    await runChecks([flood], hre, (line) => lines.push(line));
    expect(lines.at(-1)).to.equal("        … and 60 lines more");
  });

  it("takes a tool's exit code for its verdict, even when it prints nothing", () => {
    expect(complaints({ code: 0, output: "warning: none of our business" })).to.deep.equal([]);
    expect(complaints({ code: 2, output: "a.ts(1,1): error\n\n" })).to.deep.equal(["a.ts(1,1): error"]);
    expect(complaints({ code: 2, output: "" })).to.deep.equal(["it ended with code 2 and printed nothing"]);
  });

  it("has a name and a remedy for every check, each name once", () => {
    expect(new Set(checks.map(({ name }) => name)).size).to.equal(checks.length);
    for (const { name, remedy } of checks) expect(name && remedy).to.be.a("string").that.is.not.empty;
  });
});
