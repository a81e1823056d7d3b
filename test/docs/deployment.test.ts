import { readFileSync } from "node:fs";
import { expect } from "chai";
import { type Rule, SCHEMA } from "../../scripts/lib/parameters.js";

describe("docs/deployment.md", () => {
  const text = readFileSync("docs/deployment.md", "utf8");
  const listed = [...text.matchAll(/^\| `([$\w]+\.\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, name = "", unit = "", range = "", meaning = ""]) => ({ name, unit, range, meaning }),
  );
  const rules = new Map<string, Rule>(
    Object.entries(SCHEMA).flatMap(([section, keys]) =>
      Object.entries(keys).map(([key, rule]): [string, Rule] => [`${section}.${key}`, rule]),
    ),
  );

  it("lists every parameter once, in the order of the files, and none that does not exist", () => {
    expect(listed.map(({ name }) => name)).to.deep.equal([...rules.keys()]);
  });

  it("gives each its unit, and the bounds that depend on no other", () => {
    for (const { name, unit, range } of listed) {
      const rule = rules.get(name);
      if (rule?.kind === "choice") for (const option of rule.options) expect(range, name).to.contain(option);
      expect(unit, name).to.equal(rule?.kind === "integer" ? rule.unit : "–");
      if (rule?.kind !== "integer") continue;
      const { min, max } = rule.range(() => undefined);
      const numbers = range.match(/\d+/g) ?? [];
      expect(numbers, name).to.include(`${max.value}`);
      if (!range.startsWith("`") && !range.startsWith("4 ×"))
        expect(numbers[0], name).to.equal(`${min.value}`);
    }
  });
});
