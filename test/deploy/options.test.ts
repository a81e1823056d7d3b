import { expect } from "chai";
import { deploymentIdFor } from "../../scripts/lib/address-book.js";
import { columns } from "../../scripts/lib/columns.js";
import { findRepeatedKeys } from "../../scripts/lib/json5-keys.js";
import { chainIdOf, confirmationsOf, given, parametersOf } from "../../scripts/tasks/options.js";
import { refusal } from "../helpers/refusal.js";

const told = (work: () => unknown) => refusal((async () => work())());

describe("Options of the deployment commands", () => {
  it("refuse to choose a coalition by themselves", async () => {
    expect(await told(() => parametersOf(""))).to.contain("--parameters");
    expect(parametersOf("dc-bas")).to.equal("dc-bas");
  });

  it("take a chain id that is a whole number from 1 on, or none", async () => {
    for (const text of ["0", "-1", "1.5", "0x1", "sepolia", "1e9", " 1"]) {
      expect(await told(() => chainIdOf(text)), text).to.contain(`--chain-id is "${text}", allowed: `);
    }
    expect(chainIdOf("11155111")).to.equal(11_155_111n);
    expect(chainIdOf("")).to.equal(undefined);
  });

  it("take 1 to 100 confirmations, or Ignition's default", async () => {
    for (const value of [-1, 101]) {
      expect(await told(() => confirmationsOf(value))).to.contain(
        `--confirmations is ${value}, allowed: 1 to 100`,
      );
    }
    expect([0, 1, 100].map(confirmationsOf)).to.deep.equal([undefined, 1, 100]);
    expect([given(""), given("a")]).to.deep.equal([undefined, "a"]);
  });

  it("name a deployment after chain and parameter file, whatever the file is called", () => {
    expect(deploymentIdFor(10n, "deploy/parameters/dc-bas.json5")).to.equal("chain-10-dc-bas");
    expect(deploymentIdFor(10n, "C:\\coalitions\\my coalition.v2.json5")).to.equal(
      "chain-10-my-coalition-v2",
    );
  });
});

describe("Repeated keys of a JSON5 text", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["{ a: 1, b: { a: 2 } }", []],
    ["{ a: 1, a: 2 }", ["a"]],
    ["{ a: { b: 1, 'b': 2, \"b\": 3 } }", ["a.b", "a.b"]],
    ["{ a: 1, // a: 2\n b: 1 /* , a: 3 */ }", []],
    ['{ a: \'x, a: 1, b: "\', b: "{a: 1, a: 2}" }', []],
    ["{ a: [ { b: 1 }, { b: 2 } ], c: ['a', 'a'] }", []],
    ["{ a: 1, \\u0061: 2 }", ["a"]],
    ["{ a:1,a:2 }", ["a"]],
  ];
  for (const [text, repeated] of cases) {
    it(`are ${repeated.join(" and ") || "none"} in ${JSON.stringify(text)}`, () => {
      expect(findRepeatedKeys(text)).to.deep.equal(repeated);
    });
  }
});

describe("Columns", () => {
  it("stand to the left, and long cells are cut", () => {
    expect(
      columns(
        ["a", "b"],
        [
          ["longer", "x".repeat(70)],
          ["", "y"],
        ],
      ),
    ).to.deep.equal(["a       b", `------  ${"-".repeat(60)}`, `longer  ${"x".repeat(59)}…`, "        y"]);
  });
});
