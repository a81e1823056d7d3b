import { expect } from "chai";
import { joinClauses } from "../../scripts/lib/content/clauses.js";
import {
  type ClauseChange,
  diffClauses,
  diffTexts,
  diffWords,
  type NumberedClause,
  type WordChange,
} from "../../scripts/lib/content/text-diff.js";
import { Problem } from "../../scripts/lib/problem.js";
import { randomness } from "../helpers/random.js";
import { randomText, revised } from "../helpers/texts.js";

const told = <C extends { readonly text: string }>(changes: readonly ClauseChange<C>[]) =>
  changes.map(({ kind, before, after }) => [kind, before?.text.trim(), after?.text.trim()]);

const without = (words: readonly WordChange[], kind: WordChange["kind"]) =>
  words
    .filter((word) => word.kind !== kind)
    .map(({ text }) => text)
    .join("");

/** What must hold of any comparison: each clause is in it once, in order, and words give both texts. */
function expectComplete<C extends { readonly text: string }>(
  changes: readonly ClauseChange<C>[],
  before: readonly C[],
  after: readonly C[],
): void {
  expect(changes.flatMap((change) => change.before ?? [])).to.deep.equal(before);
  expect(changes.flatMap((change) => change.after ?? [])).to.deep.equal(after);
  for (const { kind, before: old, after: fresh, words } of changes) {
    expect(old === undefined, kind).to.equal(kind === "inserted");
    expect(fresh === undefined, kind).to.equal(kind === "repealed");
    if (kind !== "amended") expect(words).to.deep.equal([]);
    else {
      expect(without(words, "inserted")).to.equal(old?.text);
      expect(without(words, "removed")).to.equal(fresh?.text);
      expect(old?.text).not.to.equal(fresh?.text);
    }
  }
}

describe("Comparison of texts", () => {
  const { below, seed } = randomness();

  describe("diffTexts", () => {
    it("finds what was amended, inserted and repealed", () => {
      const before = "# Chair\n\nThe chair serves two years.\n\n- one\n- two\n\nNobody is paid.\n";
      const after = "# Chair\n\nThe chair serves three years.\n\n- one\n- half\n- two\n";
      const changes = diffTexts(before, after);
      expect(told(changes)).to.deep.equal([
        ["same", "# Chair", "# Chair"],
        ["amended", "The chair serves two years.", "The chair serves three years."],
        ["same", "- one", "- one"],
        ["inserted", undefined, "- half"],
        ["same", "- two", "- two"],
        ["repealed", "Nobody is paid.", undefined],
      ]);
      expect(changes[1]?.words).to.deep.equal([
        { kind: "same", text: "The chair serves " },
        { kind: "removed", text: "two" },
        { kind: "inserted", text: "three" },
        { kind: "same", text: " years.\n" },
      ]);
    });

    it("takes clauses with little in common, or of two kinds, for two", () => {
      expect(told(diffTexts("Nobody is paid.", "Fees are due in March."))).to.deep.equal([
        ["repealed", "Nobody is paid.", undefined],
        ["inserted", undefined, "Fees are due in March."],
      ]);
      expect(told(diffTexts("Nobody is paid.", "- Nobody is paid."))).to.deep.equal([
        ["repealed", "Nobody is paid.", undefined],
        ["inserted", undefined, "- Nobody is paid."],
      ]);
    });

    it("finds the pairs that are the most alike, not the first", () => {
      const before = "alpha beta gamma delta\n\none two three four\n";
      const after = "one beta nine ten\n\nalpha beta gamma epsilon\n\none two three five\n";
      expect(told(diffTexts(before, after))).to.deep.equal([
        ["inserted", undefined, "one beta nine ten"],
        ["amended", "alpha beta gamma delta", "alpha beta gamma epsilon"],
        ["amended", "one two three four", "one two three five"],
      ]);
    });

    it("does not look at blank lines, nor at the end of the last line", () => {
      const kinds = diffTexts("one\n\ntwo", "one\n\n\n\ntwo\n").map(({ kind }) => kind);
      expect(kinds).to.deep.equal(["same", "same"]);
    });

    it("compares the longest texts with nothing in common in a few seconds", function () {
      this.timeout(20_000);
      const long = (word: string) =>
        Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`).join("\n\n");
      const [before, after] = [`start\n\n${long("alpha")}\n\nend`, `start\n\n${long("beta")}\n\nend`];
      const changes = diffTexts(before, after);
      expect([changes.at(0)?.kind, changes.at(-1)?.kind]).to.deep.equal(["same", "same"]);
      const joined = changes.flatMap((change) => change.after ?? []);
      expect(joinClauses(joined)).to.equal(after);
      const words = (word: string) => `${`${word} `.repeat(50_000)}`;
      expect(diffTexts(words("alpha"), words("beta")).map(({ kind }) => kind)).to.deep.equal([
        "repealed",
        "inserted",
      ]);
    });

    it(`loses nothing of any two texts (${seed})`, () => {
      for (let count = 0; count < 400; count++) {
        const before = randomText(below);
        const after = below(4n) === 0n ? randomText(below) : revised(below, before);
        const changes = diffTexts(before, after);
        const [old, fresh] = [
          changes.flatMap((change) => change.before ?? []),
          changes.flatMap((change) => change.after ?? []),
        ];
        expect([joinClauses(old), joinClauses(fresh)]).to.deep.equal([before, after]);
        expectComplete(changes, old, fresh);
        for (const { kind, before: one, after: other } of changes) {
          if (kind === "same") expect(one?.text.trimEnd()).to.equal(other?.text.trimEnd());
        }
      }
    });

    it(`finds nothing between a text and itself (${seed})`, () => {
      for (let count = 0; count < 200; count++) {
        const text = randomText(below);
        for (const { kind } of diffTexts(text, text)) expect(kind).to.equal("same");
      }
    });
  });

  describe("diffWords", () => {
    it("takes texts with little in common whole", () => {
      const numbered = (word: string) =>
        Array.from({ length: 3_000 }, (_, index) => `${word}${index}`).join(" ");
      expect(diffWords(numbered("a"), numbered("b")).map(({ kind }) => kind)).to.deep.equal([
        "removed",
        "inserted",
      ]);
    });
  });

  describe("diffClauses", () => {
    const charter = (...clauses: [number: number, text: string][]): NumberedClause[] =>
      clauses.map(([number, text]) => ({ number, text }));
    const old = charter([1, "Name."], [2, "The chair serves two years."], [3, "Fees."], [4, "End."]);

    it("refuses a number that comes twice", () => {
      const twice = charter([1, "Name."], [2, "Aims."], [1, "Name."]);
      const sentence = "Clause 1 comes twice, allowed: each number once";
      expect(() => diffClauses(twice, old)).to.throw(Problem, sentence);
      expect(() => diffClauses(old, twice)).to.throw(Problem, sentence);
    });

    it("refuses a clause that moved", () => {
      expect(() => diffClauses(old, charter([1, "Name."], [5, "New."], [4, "End."], [3, "Fees."]))).to.throw(
        Problem,
        "Clause 4 stands where clause 3 stood, allowed: the order of before",
      );
    });

    it("finds what was amended, inserted and repealed, by number", () => {
      const fresh = charter(
        [5, "Preamble."],
        [1, "Name."],
        [2, "The chair serves three years."],
        [6, "Fees."],
        [4, "End."],
      );
      const changes = diffClauses(old, fresh);
      expect(changes.map(({ kind, before, after }) => [kind, (after ?? before)?.number])).to.deep.equal([
        ["inserted", 5],
        ["same", 1],
        ["amended", 2],
        ["repealed", 3],
        ["inserted", 6],
        ["same", 4],
      ]);
      expectComplete(changes, old, fresh);
    });

    it(`loses nothing of any two versions (${seed})`, () => {
      for (let count = 0; count < 300; count++) {
        const size = Number(below(12n));
        const before = charter(
          ...Array.from({ length: size }, (_, index): [number, string] => [index, randomText(below, 8)]),
        );
        let next = size;
        const after = before.flatMap((clause): NumberedClause[] => {
          const added = below(4n) === 0n ? charter([next++, randomText(below, 8)]) : [];
          if (below(4n) === 0n) return added;
          return [...added, below(2n) === 0n ? clause : { ...clause, text: revised(below, clause.text) }];
        });
        expectComplete(diffClauses(before, after), before, after);
      }
    });
  });
});
