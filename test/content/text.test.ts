import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { MOST_BYTES } from "../../scripts/lib/content/digest.js";
import { readText, textIn } from "../../scripts/lib/content/text.js";
import { Problem } from "../../scripts/lib/problem.js";
import { inFolder } from "../helpers/folder.js";

const judge = (text: string | Uint8Array) =>
  textIn(typeof text === "string" ? Buffer.from(text) : text, "motion.md");

describe("Texts that are signed", () => {
  describe("textIn", () => {
    const refused: Record<string, [text: string | Uint8Array, sentence: string]> = {
      nothing: ["", "motion.md is empty, allowed: a text in Markdown"],
      "more than a block": [new Uint8Array(MOST_BYTES + 1).fill(97), "motion.md has 1,048,577 bytes"],
      "bytes that are no UTF-8": [
        Uint8Array.of(0x61, 0x0a, 0x62, 0xff, 0x0a),
        "motion.md, line 2: bytes that are no UTF-8; save the file in this encoding.",
      ],
      "a character cut short at the end": [
        Uint8Array.of(0x61, 0x0a, 0xe2, 0x82),
        "line 2: bytes that are no UTF-8",
      ],
      "half of a surrogate pair": [Uint8Array.of(0xed, 0xa0, 0x80), "line 1: bytes that are no UTF-8"],
      "a longer form than needed": [Uint8Array.of(0xc0, 0xaf), "line 1: bytes that are no UTF-8"],
      "a byte order mark": ["\ufeff# Motion\n", "motion.md begins with a byte order mark (U+FEFF)"],
      "line ends of Windows": [
        "one\ntwo\r\nthree\r\n",
        "motion.md, line 2: a carriage return (U+000D); save it with line feeds alone",
      ],
      "a null byte": ["one\0", "motion.md, line 1, character 4: U+0000, a control character; take it out"],
      "an escape that moves a terminal": ["a\n\x1b[2K", "line 2, character 1: U+001B, a control character"],
      "a delete character": ["a\x7f", "U+007F, a control character"],
      "a next-line character": ["a\u0085", "U+0085, a control character"],
    };
    for (const [what, [text, sentence]] of Object.entries(refused)) {
      it(`refuses ${what}`, () => {
        expect(() => judge(text)).to.throw(Problem, sentence);
      });
    }

    describe("against texts that are not what their readers see (attack 117)", () => {
      const deceptions: Record<string, [character: string, why: string]> = {
        "a right-to-left override": ["\u202e", "U+202E, which changes the direction of writing"],
        "a left-to-right embedding": ["\u202a", "U+202A, which changes the direction of writing"],
        "a right-to-left isolate": ["\u2067", "U+2067, which changes the direction of writing"],
        "a right-to-left mark": ["\u200f", "U+200F, which changes the direction of writing"],
        "an Arabic letter mark": ["\u061c", "U+061C, which changes the direction of writing"],
        "a zero-width space": ["\u200b", "U+200B, which nobody can see"],
        "a zero-width joiner": ["\u200d", "U+200D, which nobody can see"],
        "a word joiner": ["\u2060", "U+2060, which nobody can see"],
        "a byte order mark in the middle": ["\ufeff", "U+FEFF, which nobody can see"],
        "a soft hyphen": ["\u00ad", "U+00AD, which nobody can see"],
        "a tag character": ["\u{e0041}", "U+E0041, which nobody can see"],
        "a variation selector": ["\ufe0f", "U+FE0F, which nobody can see"],
        "a Hangul filler": ["\u3164", "U+3164, which nobody can see"],
        "a line separator": ["\u2028", "U+2028, which nobody can see"],
        "an annotation mark": ["\ufff9", "U+FFF9, which nobody can see"],
      };
      for (const [what, [character, why]] of Object.entries(deceptions)) {
        it(`refuses ${what}, and says where it is`, () => {
          expect(() => judge(`# Fees\n\n𝄞 not ${character}paid\n`)).to.throw(
            Problem,
            `motion.md, line 3, character 7: ${why}; take it out, so that the text is what its readers see.`,
          );
        });
      }
    });

    it("accepts every script, tabs, and a last line without an end", () => {
      for (const text of ["a", "a\n", "\ta\n\n\n", "# Stärke\n\nقانون שלום 字 हिन्दी 🎓\n", "\n"]) {
        expect(judge(text)).to.equal(text);
      }
    });
  });

  describe("readText", () => {
    it("refuses what is missing, a folder, and a file that is too long, by its path", () =>
      inFolder({ "empty.md": "" }, (folder) => {
        const [missing, sub, long] = ["missing.md", "sub", "long.md"].map((name) => join(folder, name));
        mkdirSync(sub as string);
        writeFileSync(long as string, new Uint8Array(MOST_BYTES + 1));
        expect(() => readText(missing as string)).to.throw(Problem, `${missing} is missing.`);
        expect(() => readText(sub as string)).to.throw(Problem, `${sub} is no file.`);
        expect(() => readText(long as string)).to.throw(Problem, `${long} has 1,048,577 bytes`);
        const empty = join(folder, "empty.md");
        expect(() => readText(empty)).to.throw(Problem, `${empty} is empty`);
      }));

    it("gives the bytes as they are, and the text", () =>
      inFolder({ "motion.md": "# Stärke\n" }, (folder) => {
        const { bytes, text } = readText(join(folder, "motion.md"));
        expect(text).to.equal("# Stärke\n");
        expect(Buffer.from(bytes).toString("utf8")).to.equal(text);
      }));
  });
});
