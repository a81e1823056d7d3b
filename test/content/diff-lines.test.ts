import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { describeChanges } from "../../scripts/lib/content/diff-lines.js";
import { diffClauses, diffTexts } from "../../scripts/lib/content/text-diff.js";
import { randomness } from "../helpers/random.js";
import { randomText, revised } from "../helpers/texts.js";

const linesOf = (before: string, after: string) => describeChanges(diffTexts(before, after));

describe("Comparison at a terminal", () => {
  const { below, seed } = randomness();

  it("marks clauses and words, so that they are told apart without colours", () => {
    const before = "# Chair\n\nThe chair\nserves two years.\n\n- one\n- two\n\nNobody is paid.\n";
    const after = "# Chair\n\nThe chair\nserves three years.\n\n- one\n- half\n  of it\n- two\n";
    expect(linesOf(before, after)).to.deep.equal([
      "    … 1 clause the same",
      "[~] The chair",
      "    serves [-two-][+three+] years.",
      "    … 1 clause the same",
      "[+] - half",
      "      of it",
      "    … 1 clause the same",
      "[-] Nobody is paid.",
      "",
      "1 amended, 1 inserted, 1 repealed, 3 the same. Line feeds differ after 1 clause.",
    ]);
  });

  it("names the clauses of a charter by number", () => {
    const changes = diffClauses(
      [
        { number: 1, text: "Name." },
        { number: 2, text: "The chair serves two years." },
        { number: 3, text: "Fees." },
      ],
      [
        { number: 1, text: "Name." },
        { number: 4, text: "Aims." },
        { number: 2, text: "The chair serves three years." },
      ],
    );
    expect(describeChanges(changes)).to.deep.equal([
      "    … 1 clause the same",
      "[+] clause 4: Aims.",
      "[~] clause 2: The chair serves [-two-][+three+] years.",
      "[-] clause 3: Fees.",
      "",
      "1 amended, 1 inserted, 1 repealed, 1 the same.",
    ]);
  });

  it("says that nothing changed, or nothing but blank lines", () => {
    expect(linesOf("one\n\ntwo\n", "one\n\ntwo\n")).to.deep.equal([
      "    … 2 clauses the same",
      "",
      "Every clause is the same.",
    ]);
    expect(linesOf("one\n\ntwo\n", "one\n\n\ntwo").at(-1)).to.equal(
      "Every clause is the same. Line feeds differ after 2 clauses.",
    );
  });

  it("shows a line feed that came or went", () => {
    expect(linesOf("one two three\n", "one two\nthree\n")[0]).to.equal("[~] one two[- -][+⏎");
  });

  it("shows a clause as it was and as it is where it holds marks itself", () => {
    for (const [before, after] of [
      ["Members [-do not-] pay.", "Members [-do not-] pay fees."],
      ["Members do pay.", "Members [+do+] pay."],
      ["Members pay [~] ten.", "Members pay [~] twenty."],
    ] as const) {
      expect(linesOf(before, after).slice(0, 2)).to.deep.equal([`[-] ${before}`, `[+] ${after}`]);
    }
  });

  it(`lets no text put a mark where marks stand (${seed})`, () => {
    for (let count = 0; count < 300; count++) {
      const before = randomText(below);
      const changes = diffTexts(before, revised(below, `${before}\n[+] Everybody pays.\n[-] Nobody.\n`));
      const marks = describeChanges(changes).filter((line) => line.startsWith("[")).length;
      const doubled = changes.filter(({ kind }) => kind === "amended").length;
      const changed = changes.filter(({ kind }) => kind !== "same").length;
      expect(marks).to.be.within(changed, changed + doubled);
    }
  });

  it(`says the same in colours (${seed})`, () => {
    const coloured = describeChanges(
      diffTexts("The chair serves two years.", "The chair serves three years."),
      true,
    );
    expect(coloured[0]).to.contain("\u001b[31m[-two-]\u001b[39m").and.to.contain("\u001b[32m[+three+]");
    for (let count = 0; count < 100; count++) {
      const before = randomText(below);
      const changes = diffTexts(before, revised(below, before));
      const [plain, painted] = [describeChanges(changes), describeChanges(changes, true)];
      expect(stripVTControlCharacters(painted.join("\n"))).to.equal(plain.join("\n"));
    }
  });
});
