import { expect } from "chai";
import { findBrokenLinks, findMissingCitations } from "../../scripts/checks/links.js";
import { inFolder } from "../helpers/folder.js";

const FILES = {
  "docs/b.md":
    '# Über *uns*: who we are\n\n## Twice\n\n## Twice\n\n```\n# no heading\n```\n\n<a id="own"></a>\n',
  "test/a.test.ts": "",
};

const check = (text: string) =>
  inFolder(FILES, (folder) => findBrokenLinks(folder, [{ path: "docs/a.md", text }]));

describe("Check of links", () => {
  it("names links to files and headings that do not exist", async () => {
    expect(await check("\n[x](c.md)")).to.deep.equal(["docs/a.md:2 c.md does not exist"]);
    expect(await check("![x](img/c.png)")).to.have.length(1);
    expect(await check("[x]: ../c.md")).to.have.length(1);
    expect(await check('[x](c.md "title")')).to.have.length(1);
    expect(await check("[x](b.md#nobody)")).to.deep.equal(["docs/a.md:1 b.md#nobody: no such heading"]);
    expect(await check("[x](b.md#no-heading)")).to.have.length(1);
    expect(await check("[x](b.md#twice-2)")).to.have.length(1);
  });

  it("names links that leave the project", async () => {
    expect(await check("[x](../../elsewhere.md)")).to.deep.equal([
      "docs/a.md:1 ../../elsewhere.md leaves the project",
    ]);
  });

  it("accepts files, folders, headings, anchors and the web", async () => {
    for (const target of [
      "b.md",
      "../test",
      "../test/a.test.ts",
      "b.md#über-uns-who-we-are",
      "b.md#twice",
      "b.md#twice-1",
      "b.md#own",
      "https://example.org/x",
      "mailto:a@example.org",
    ]) {
      expect(await check(`[x](${target})`), target).to.deep.equal([]);
    }
  });

  it("does not read links in code", async () => {
    expect(await check("`[x](c.md)`\n\n```\n[x](c.md)\n```\n")).to.deep.equal([]);
  });

  it("names test files that properties cite and nobody wrote", () =>
    inFolder(FILES, (folder) => {
      const text = "1. shown in `test/a.test.ts`\n2. shown in `test/b.t.sol`\n";
      expect(findMissingCitations(folder, { path: "docs/properties.md", text })).to.deep.equal([
        "docs/properties.md:2 test/b.t.sol does not exist",
      ]);
    }));
});
