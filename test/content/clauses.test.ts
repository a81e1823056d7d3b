import { expect } from "chai";
import { joinClauses, splitClauses } from "../../scripts/lib/content/clauses.js";
import { randomness } from "../helpers/random.js";
import { randomText } from "../helpers/texts.js";

/** The clauses of a text, as kind and text; their last line feed left out. */
const clausesOf = (text: string) =>
  splitClauses(text).map(({ kind, text: own }) => [kind, own.replace(/\n$/, "")]);

describe("Clauses of a text", () => {
  const { below, seed } = randomness();

  it("are none of an empty text, and one without words of a blank one", () => {
    expect(splitClauses("")).to.deep.equal([]);
    expect(splitClauses("\n \n")).to.deep.equal([{ kind: "paragraph", text: "", gap: "\n \n" }]);
  });

  it("are headings and paragraphs, with the blank lines after them", () => {
    expect(splitClauses("# Fees\nNobody pays.\nNot ever.\n\n \nThe end")).to.deep.equal([
      { kind: "heading", text: "# Fees\n", gap: "" },
      { kind: "paragraph", text: "Nobody pays.\nNot ever.\n", gap: "\n \n" },
      { kind: "paragraph", text: "The end", gap: "" },
    ]);
  });

  it("are headings that a line of marks underlines", () => {
    expect(clausesOf("Fees\n====\nNobody pays.\n\nDues\nand more\n---\n\n---\n")).to.deep.equal([
      ["heading", "Fees\n===="],
      ["paragraph", "Nobody pays."],
      ["heading", "Dues\nand more\n---"],
      ["paragraph", "---"],
    ]);
  });

  it("are items of lists, those within others too, with the lines that belong to them", () => {
    expect(
      clausesOf("Either:\n- one\n  and a half\n* two\n  1. three\n  2) four\n\n     more\n+\n"),
    ).to.deep.equal([
      ["paragraph", "Either:"],
      ["item", "- one\n  and a half"],
      ["item", "* two"],
      ["item", "  1. three"],
      ["item", "  2) four"],
      ["paragraph", "     more"],
      ["item", "+"],
    ]);
  });

  it("are not what looks like a heading or an item and is none", () => {
    for (const text of [
      "#hashtag",
      "-5 degrees",
      "*word* and more",
      "####### seven",
      "as in\n1986. A year",
    ]) {
      expect(clausesOf(text), text).to.deep.equal([["paragraph", text]]);
    }
  });

  it("are code between fences as a whole, whatever is in it", () => {
    const code = "```md\n# none\n\n- none\n~~~\n``\n````";
    expect(clausesOf(`before\n${code}\nafter\n`)).to.deep.equal([
      ["paragraph", "before"],
      ["code", code],
      ["paragraph", "after"],
    ]);
    expect(clausesOf("~~~\nto the end\n\n```\n")).to.deep.equal([
      ["code", "~~~\nto the end\n\n```\n".trimEnd()],
    ]);
    expect(clausesOf("```inline``` words")).to.deep.equal([["paragraph", "```inline``` words"]]);
  });

  it(`lose nothing of any text, and are the same every time (${seed})`, () => {
    for (let count = 0; count < 2_000; count++) {
      const text = randomText(below);
      const clauses = splitClauses(text);
      expect(joinClauses(clauses)).to.equal(text);
      expect(splitClauses(text)).to.deep.equal(clauses);
      for (const [index, clause] of clauses.entries()) {
        expect(clause.gap, JSON.stringify(text)).to.match(/^\s*$/);
        if (index > 0) expect(clause.text, JSON.stringify(text)).to.match(/\S|[\u00a0]/);
      }
    }
  });
});
