import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compareFolders, unpublished } from "../../scripts/checks/bindings.js";
import { inFolder } from "../helpers/folder.js";

describe("Check of bindings", () => {
  it("names bindings that are missing, out of date or left over", () =>
    inFolder({ "new/a.ts": "1", "new/b.ts": "2", "old/b.ts": "1", "old/c/d.ts": "" }, (folder) => {
      expect(compareFolders(join(folder, "new"), join(folder, "old"))).to.deep.equal([
        "a.ts is missing",
        "b.ts is out of date",
        "c/d.ts belongs to no contract",
      ]);
    }));

  it("accepts equal bindings", () =>
    inFolder({ "new/x/a.ts": "1", "old/x/a.ts": "1" }, (folder) => {
      expect(compareFolders(join(folder, "new"), join(folder, "old"))).to.deep.equal([]);
    }));

  it("names what git has not been told of, in this folder only", () =>
    inFolder({ "types/a.ts": "1", "types/b.ts": "1", "else.ts": "1" }, (folder) => {
      const git = (...args: string[]) => execFileSync("git", args, { cwd: folder });
      git("init", "-q");
      git("add", "types/a.ts");
      expect(unpublished(folder, "types")).to.deep.equal(["types/b.ts is not staged or committed"]);
      git("add", ".");
      expect(unpublished(folder, "types")).to.deep.equal([]);
      appendFileSync(join(folder, "types/a.ts"), "2");
      writeFileSync(join(folder, "else.ts"), "2");
      expect(unpublished(folder, "types")).to.deep.equal(["types/a.ts is not staged or committed"]);
      rmSync(join(folder, "types/a.ts"));
      expect(unpublished(folder, "types")).to.deep.equal(["types/a.ts is not staged or committed"]);
    }));

  it("accepts a source archive without git", () =>
    inFolder({ "types/a.ts": "1" }, (folder) => {
      expect(unpublished(folder, "types")).to.deep.equal([]);
    }));
});
