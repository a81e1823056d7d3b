import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { readMotions } from "../../scripts/lib/pilot/motions/data.js";
import { explain } from "../../scripts/lib/pilot/motions/refusals.js";
import { replace, withPilot } from "../helpers/pilot.js";
import { refusal } from "../helpers/refusal.js";

const MEMBERS = 66;

describe("Pilot: the file of motions", () => {
  it("names every text of its folder", () => {
    const story = readFileSync("pilot/motions.json5", "utf8");
    const unused = readdirSync("pilot/motions").filter((file) => !story.includes(`motions/${file}`));
    expect(unused).to.deep.equal([]);
  });

  context("when it is wrong", () => {
    const refused = (from: string, to: string) =>
      withPilot([["motions.json5", replace(from, to)]], (folder) =>
        refusal((async () => readMotions(folder, MEMBERS))()),
      );

    it("names the place, and what is allowed", async () => {
      for (const [from, to, told] of [
        ["by: 12,", "by: 67,", "monthly.by is 67; allowed: a whole number from 1 to 66"],
        ['to: "monthly"', 'to: "yearly"', 'regions.to is "yearly"; allowed: "monthly", "examined"'],
        ['to: "monthly",', "", "plan.amendments is "],
        ['tabled: "motions/plan-1.md"', 'tabled: "motions/plan-0.md"', 'plan.tabled is "motions/plan-0.md"'],
        ['for: "1-10, 18-30"', 'for: "1-10, 18-31"', "regions.ballots is "],
        [
          'becomes: "rejected"',
          'becomes: "accepted"',
          'becomes is "accepted"; allowed: "adopted", "rejected"',
        ],
        ["by: 30,", "by: 29,", "statement.by is 29; allowed: one who votes against: 30, 31, 32"],
        [
          'cosigners: "31-34"',
          'cosigners: "30-34"',
          'cosigners is "30-34"; allowed: others who vote against',
        ],
        ["refused: 4 }", "refused: 37 }", "statement.refused is 37; allowed: one who votes for: 1, 2, 3"],
        [
          'order: ["regions", "monthly", "examined"]',
          'order: ["first"]',
          'order[0] is "first"; allowed: "monthly"',
        ],
        ["clause: 2,", "clause: 4,", "charter.clause is 4; allowed: a whole number from 1 to 3"],
        ['by: "sooner",', 'by: "soonest",', 'by is "soonest"; allowed: "first", "sooner", "later"'],
      ] as const) {
        expect(await refused(from, to), to).to.contain(told);
      }
    });

    it("names a text that does not look like what it is", async () => {
      const hidden = (text: string) => text.replace("Plan", "Pl\u200ban");
      const told = await withPilot([["motions/plan-2.md", hidden]], (folder) =>
        refusal((async () => readMotions(folder, MEMBERS))()),
      );
      expect(told).to.contain("motions/plan-2.md, line 1, character 5: U+200B, which nobody can see");
    });
  });
});

describe("Pilot: refusals of motions in words", () => {
  it("falls back to the contract's own words where it has none", () => {
    const found = { name: "MotionsTheirs", args: [1n] } as unknown as Parameters<typeof explain>[0];
    expect(explain(found)).to.equal("The contract refuses with MotionsTheirs(1).");
  });
});
