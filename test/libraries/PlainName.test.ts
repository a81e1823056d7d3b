import { expect } from "chai";
import { hexlify, toUtf8Bytes } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { PlainNameHarness } from "../../typechain-types/index.js";

const LIMIT = 31;
const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 &(),-./";

describe("PlainName", () => {
  let connection: NetworkConnection<"generic">;
  let plainName: PlainNameHarness;

  async function freshHarness() {
    return connection.ethers.deployContract("PlainNameHarness");
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    plainName = await connection.networkHelpers.loadFixture(freshHarness);
  });

  after(async () => {
    await connection.close();
  });

  function judge(text: string | Uint8Array, limit = LIMIT): Promise<void> {
    return plainName.requireValid(typeof text === "string" ? toUtf8Bytes(text) : text, limit);
  }

  function expectRefusal(text: string, limit = LIMIT) {
    return expect(judge(text, limit), JSON.stringify(text))
      .to.be.revertedWithCustomError(plainName, "PlainNameInvalid")
      .withArgs(text, limit);
  }

  describe("requireValid", () => {
    it("reverts for an empty name", async () => {
      await expectRefusal("");
    });

    it("reverts for a name longer than the limit, whatever the limit", async () => {
      await expectRefusal("a".repeat(LIMIT + 1));
      await expectRefusal("a".repeat(1000));
      await expectRefusal("abcdefghijkl", 11);
      await expectRefusal("a", 0);
    });

    it("accepts a name as long as the limit", async () => {
      await judge("a".repeat(LIMIT));
      await judge("abcdefghijk", 11);
      expect(await judge("a", 1)).to.deep.equal([]);
    });

    it("accepts the names of stakeholder groups", async () => {
      for (const name of ["Government", "Civil Society", "R&D (public, 2024), e.g. A/B-C.", "7", "DC-BAS"]) {
        expect(await judge(name)).to.deep.equal([]);
      }
    });

    it("tells every byte there is", async () => {
      const accepted: string[] = [];
      for (let byte = 0; byte < 256; byte++) {
        const revertData = await refusalOf(Uint8Array.of(0x61, byte, 0x62));
        if (revertData === undefined) accepted.push(String.fromCharCode(byte));
        else expect(revertData).to.equal(refusalData(Uint8Array.of(0x61, byte, 0x62)));
      }
      expect(accepted.sort().join("")).to.equal([...PLAIN].sort().join(""));
    });

    it("looks at the first character and the last", async () => {
      await expectRefusal('"Government');
      await expectRefusal('Government"');
    });

    describe("against names that deceive (attack 92)", () => {
      const deceptions: Record<string, string> = {
        "a homoglyph, Cyrillic for Latin": "\u0410cademia",
        "a homoglyph, Greek for Latin": "Academi\u03b1",
        "a full-width letter": "\uff21cademia",
        "an accent of its own": "Acade\u0301mia",
        "an accented letter": "Acad\u00e9mia",
        "a right-to-left override": "Academia\u202eaimedacA",
        "a right-to-left isolate": "\u2067Academia\u2069",
        "a right-to-left mark": "Academia\u200f",
        "a zero-width space": "Acade\u200bmia",
        "a zero-width joiner": "Acade\u200dmia",
        "a word joiner": "Acade\u2060mia",
        "a byte order mark": "\ufeffAcademia",
        "a soft hyphen": "Acade\u00admia",
        "a no-break space": "Civil\u00a0Society",
        "a hyphen that is none": "DC\u2010BAS",
        "a tag character": "Academia\u{e0041}",
        "a variation selector": "Academia\ufe0f",
        "an emoji": "Academia \u{1f393}",
        "a line break": "Civil\nSociety",
        "a tab": "Civil\tSociety",
        "a null byte": "Academia\0",
        "a delete character": "Academia\x7f",
        "a quotation mark that ends the JSON": 'A","rights":"all',
        "a backslash that escapes it": "Academia\\",
        "nothing but a space": " ",
        "a space before it": " Academia",
        "a space after it": "Academia ",
        "two spaces in a row": "Civil  Society",
        "an apostrophe": "Members' group",
        markup: "<b>Academia</b>",
        "a formula for spreadsheets": "=1+1",
        "a link": "javascript:alert(1)",
      };

      for (const [name, text] of Object.entries(deceptions)) {
        it(`reverts for ${name}`, async () => {
          await expectRefusal(text);
        });
      }
    });
  });

  /** The revert data for a name's bytes; undefined where the name is accepted. */
  async function refusalOf(text: Uint8Array): Promise<string | undefined> {
    try {
      await judge(text);
      return undefined;
    } catch (error) {
      const { data } = error as { data?: unknown };
      if (typeof data !== "string") throw error;
      return data;
    }
  }

  /** What a refusal must look like; written out, for no encoder takes bytes that are no UTF-8 for a string. */
  function refusalData(text: Uint8Array): string {
    const selector = plainName.interface.getError("PlainNameInvalid")?.selector;
    const words = [0x40n, BigInt(LIMIT), BigInt(text.length)].map((word) =>
      word.toString(16).padStart(64, "0"),
    );
    return `${selector}${words.join("")}${hexlify(text).slice(2).padEnd(64, "0")}`;
  }
});
