import { readFileSync } from "node:fs";
import { expect } from "chai";
import { CONTRACTS } from "../../scripts/lib/address-book.js";
import {
  CLASSES,
  type IntegerRule,
  type Rule,
  readParameters,
  SCHEMA,
} from "../../scripts/lib/parameters.js";

describe("docs/deployment.md", () => {
  const text = readFileSync("docs/deployment.md", "utf8");
  const listed = [
    ...text.matchAll(/^\| `([$\w]+(?:\.<class>)?\.\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm),
  ].map(([, name = "", unit = "", range = "", meaning = ""]) => ({ name, unit, range, meaning }));
  /** By the name that the document has for it: a rule that every class of decisions has is listed once. */
  const rules = new Map<string, Rule>();
  const byClass = new Map<string, IntegerRule[]>();
  for (const [section, keys] of Object.entries(SCHEMA)) {
    for (const [key, rule] of Object.entries(keys) as [string, Rule][]) {
      if (rule.kind !== "group") rules.set(`${section}.${key}`, rule);
      else
        for (const [inner, one] of Object.entries(rule.rules)) {
          const name = `${section}.<class>.${inner}`;
          rules.set(name, one);
          byClass.set(name, [...(byClass.get(name) ?? []), one]);
        }
    }
  }

  it("lists every parameter once, in the order of the files, and none that does not exist", () => {
    expect(listed.map(({ name }) => name)).to.deep.equal([...rules.keys()]);
    expect(
      Object.keys(readParameters("dc-bas").Governor.action).map((key) => `Governor.<class>.${key}`),
    ).to.deep.equal([...byClass.keys()]);
  });

  it("lists the classes of decisions, from the least to the strictest", () => {
    const named = [...text.matchAll(/^\| `(\w+)` \| [^|]+ \|$/gm)].map(([, name]) => name);
    expect(named).to.deep.equal([...CLASSES]);
    for (const [name, all] of byClass) expect(all, name).to.have.length(CLASSES.length);
  });

  it("gives each its unit, and the bounds that depend on no other", () => {
    for (const { name, unit, range } of listed) {
      const rule = rules.get(name);
      if (rule?.kind === "choice") for (const option of rule.options) expect(range, name).to.contain(option);
      expect(unit, name).to.equal(rule?.kind === "integer" ? rule.unit : "–");
      if (rule?.kind !== "integer") continue;
      const numbers = range.match(/\d+/g) ?? [];
      for (const one of byClass.get(name) ?? [rule]) {
        const { min, max } = one.range(() => undefined);
        expect(numbers, name).to.include(`${max.value}`);
        if (!range.startsWith("`") && !range.startsWith("4 ×"))
          expect(numbers, name).to.include(`${min.value}`);
      }
    }
  });

  it("says how many contracts there are", () => {
    expect(Object.keys(CONTRACTS)).to.have.length(32);
    expect(text).to.contain("deploys thirty-two contracts");
  });
});
