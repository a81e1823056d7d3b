import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { ContentStore } from "../../scripts/lib/content/store.js";
import { runContent } from "../helpers/content-tasks.js";
import { hardhat } from "../helpers/second-node.js";

const BEFORE = "# Chair\n\nThe chair serves two years.\n";
const AFTER = "# Chair\n\nThe chair serves three years.\n";
const DIFFERENCE =
  "    … 1 clause the same\n[~] The chair serves [-two-][+three+] years.\n\n" +
  "1 amended, 0 inserted, 0 repealed, 1 the same.\n";

describe("Tasks for texts", () => {
  let files: string;
  let store: ContentStore;
  const at = (name: string) => join(files, name);
  /** A command on the test's own store. */
  const run = (name: string, args: Readonly<Record<string, unknown>> = {}) =>
    runContent(name, { store: store.path, ...args });
  const digestOfText = (text: string) => digestOf(Buffer.from(text));
  const [before, after] = [digestOfText(BEFORE), digestOfText(AFTER)];

  beforeEach(() => {
    files = mkdtempSync(join(tmpdir(), "coalition-"));
    store = new ContentStore(at("store"));
    writeFileSync(at("before.md"), BEFORE);
    writeFileSync(at("after.md"), AFTER);
  });

  afterEach(() => rmSync(files, { recursive: true, force: true }));

  describe("add", () => {
    it("adds nothing where one of the texts is refused, and says which and where", async () => {
      writeFileSync(at("bad.md"), "# Fees\n\nnot \u202epaid\n");
      const { ok, output } = await run("add", { files: [at("before.md"), at("bad.md")] });
      expect(ok).to.equal(false);
      expect(output).to.contain(`${at("bad.md")}, line 3, character 5: U+202E, which changes the direction`);
      expect(existsSync(store.path)).to.equal(false);
    });

    it("tells each text's path, CID and digest", async () => {
      const added = await run("add", { files: [at("before.md"), at("after.md")] });
      const lines = [
        ["before.md", before],
        ["after.md", after],
      ].map(([name = "", digest = ""]) => `${at(name)}\n  CID     ${cidOf(digest)}\n  digest  ${digest}\n`);
      expect(added).to.deep.equal({ ok: true, output: lines.join("") });
      expect(await store.list()).to.deep.equal([before, after].sort());
    });
  });

  describe("get", () => {
    it("refuses what names no text, and a text that is not there", async () => {
      const unnamed = await run("get", { text: "before.md" });
      expect(unnamed.ok).to.equal(false);
      expect(unnamed.output).to.contain('The text is named "before.md", allowed: its CID, or its digest');
      const missing = await run("get", { text: before, json: true });
      expect(missing.ok).to.equal(false);
      expect(missing.output)
        .to.contain('"ok": false')
        .and.contain(`holds no text ${cidOf(before)}`);
    });

    it("refuses to overwrite a file", async () => {
      await store.put(Buffer.from(BEFORE));
      const { ok, output } = await run("get", { text: before, out: at("after.md") });
      expect(ok).to.equal(false);
      expect(output).to.contain(`${at("after.md")} exists already; name another file with --out.`);
      expect(readFileSync(at("after.md"), "utf8")).to.equal(AFTER);
    });

    it("does not show what would act on a terminal, but writes it to a file", async () => {
      const acting = "\u001b[2J";
      const { digest } = await store.put(Buffer.from(acting));
      const { ok, output } = await run("get", { text: digest });
      expect(ok).to.equal(false);
      expect(output).to.contain("U+001B, a control character").and.contain("It is not shown;");
      expect(output).not.to.contain(acting);
      expect((await run("get", { text: digest, out: at("acting") })).ok).to.equal(true);
      expect(readFileSync(at("acting"), "utf8")).to.equal(acting);
    });

    it("prints a text so that the output has its digest", async () => {
      await store.put(Buffer.from(BEFORE));
      for (const text of [before, before.slice(2), `${cidOf(before)}`]) {
        expect(await run("get", { text })).to.deep.equal({ ok: true, output: BEFORE });
      }
    });
  });

  describe("list", () => {
    it("tells the texts, and where they are", async () => {
      expect((await run("list")).output).to.equal(`0 texts in ${store.path}\n`);
      await store.put(Buffer.from(BEFORE));
      expect((await run("list")).output).to.equal(`${cidOf(before)}  ${before}\n1 text in ${store.path}\n`);
    });
  });

  describe("export and import", () => {
    it("carry texts from store to store, and tell how far they are", async () => {
      for (let index = 0; index < 505; index++) await store.put(Buffer.from(`text ${index}`));
      const exported = await run("export", { out: at("all.car") });
      const written = `Written 500 of 505 texts.\n505 texts written to ${at("all.car")}.\n`;
      expect(exported).to.deep.equal({ ok: true, output: written });
      const imported = await run("import", { file: at("all.car"), store: at("other") });
      const stored = `Stored 500 of 505 texts.\n505 texts of ${at("all.car")} stored in ${at("other")}.\n`;
      expect(imported).to.deep.equal({ ok: true, output: stored });
      expect(await new ContentStore(at("other")).list()).to.deep.equal(await store.list());
    });

    it("carry those named only, and nothing that was corrupted", async () => {
      for (const text of [BEFORE, AFTER]) await store.put(Buffer.from(text));
      const some = await run("export", { texts: [`${cidOf(after)}`], out: at("one.car"), json: true });
      expect(JSON.parse(some.output)).to.deep.equal({ ok: true, file: at("one.car"), digests: [after] });
      const archive = readFileSync(at("one.car"));
      writeFileSync(at("one.car"), archive.fill(0, archive.length - 1));
      const broken = await run("import", { file: at("one.car"), store: at("other") });
      expect(broken.ok).to.equal(false);
      expect(broken.output).to.contain(`${at("one.car")} is corrupted: ${cidOf(after)}`);
      expect(existsSync(at("other"))).to.equal(false);
    });
  });

  describe("diff", () => {
    it("refuses a text of the store that may not be shown", async () => {
      const { digest } = await store.put(Buffer.from("one\r\ntwo"));
      const { ok, output } = await run("diff", { before: at("before.md"), after: digest });
      expect(ok).to.equal(false);
      expect(output).to.contain(`${digest}, line 1: a carriage return (U+000D)`);
    });

    it("takes paths, CIDs and digests", async () => {
      await store.put(Buffer.from(BEFORE));
      for (const one of [at("before.md"), before, `${cidOf(before)}`]) {
        const { ok, output } = await run("diff", { before: one, after: at("after.md"), json: true });
        expect(ok).to.equal(true);
        const kinds = JSON.parse(output).changes.map(({ kind }: { kind: string }) => kind);
        expect(kinds).to.deep.equal(["same", "amended"]);
      }
    });
  });

  it("are started from a shell, with the store that CONTENT_STORE names", async function () {
    // Processes of their own on a machine that may be slow.
    this.timeout(60_000);
    await store.put(Buffer.from(BEFORE));
    const shell = (...words: string[]) => hardhat(["content", ...words], { CONTENT_STORE: store.path }).ended;
    const [compared, missing] = await Promise.all([
      shell("diff", `${cidOf(before)}`, at("after.md")),
      shell("get", after),
    ]);
    expect(compared).to.deep.equal({ code: 0, output: DIFFERENCE });
    expect(missing.code).to.equal(1);
    expect(missing.output).to.contain(`holds no text ${cidOf(after)}`);
  });
});
