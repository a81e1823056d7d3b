import { expect } from "chai";
import { id, wordlists } from "ethers";
import { findSecrets } from "../../scripts/checks/secrets.js";

const check = (text: string, path = "scripts/a.ts") => findSecrets([{ path, text }]);

// Made here, so that this file holds nothing that looks like a secret itself.
const KEY = id("a key for this test");
const WORDS = Array.from({ length: 12 }, (_, index) => wordlists.en?.getWord(index * 100)).join(" ");

describe("Check of secrets", () => {
  it("names private keys, with and without a prefix", () => {
    expect(check(`\nconst key = "${KEY}";`)).to.deep.equal(["scripts/a.ts:2 looks like a private key"]);
    expect(check(`DEPLOYER_KEY=${KEY.slice(2)}`)).to.have.length(1);
    expect(check(`"privateKey": "${KEY.slice(2)}"`)).to.have.length(1);
    expect(check(["-----BEGIN", "PRIVATE KEY-----"].join(" "))).to.have.length(1);
  });

  it("names mnemonics", () => {
    expect(check(`const words = "${WORDS}";`)).to.deep.equal(["scripts/a.ts:1 looks like a mnemonic"]);
  });

  it("names addresses of nodes with their access key", () => {
    expect(check(`https://node.example/v3/${KEY.slice(2, 34)}`)).to.deep.equal([
      "scripts/a.ts:1 looks like an address with an access key",
    ]);
  });

  it("names environment files, but for the example", () => {
    expect(check("", ".env")).to.deep.equal([".env must not be published"]);
    expect(check("", "web/.env.local")).to.have.length(1);
    expect(check("DEPLOYER_KEY=\n", ".env.example")).to.deep.equal([]);
    expect(check(`DEPLOYER_KEY=${KEY}`, ".env.example")).to.have.length(1);
  });

  it("accepts what a comment on the line or above explains, and only there", () => {
    expect(check(`const hash = "${KEY}"; // not a secret: a hash`)).to.deep.equal([]);
    expect(check(`// not a secret: a hash\nconst hash = "${KEY}";`)).to.deep.equal([]);
    expect(check(`// not a secret:\nconst hash = "${KEY}";`)).to.have.length(1);
    expect(check(`// not a secret: a hash\n\nconst hash = "${KEY}";`)).to.have.length(1);
  });

  it("accepts masks, prose and generated files", () => {
    expect(check(`uint256 constant MASK = 0x${"f0".repeat(32)};`)).to.deep.equal([]);
    expect(
      check("nobody can take a word out of the archive without the others seeing it at once"),
    ).to.deep.equal([]);
    expect(check(KEY, "typechain-types/A.ts")).to.deep.equal([]);
  });
});
