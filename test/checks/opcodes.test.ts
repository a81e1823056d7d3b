import { expect } from "chai";
import { findForbiddenOpcodes, findForbiddenWords } from "../../scripts/checks/opcodes.js";

// The compiler's tail: a CBOR map of 51 bytes, among them 0xff, and its length.
const METADATA = `a264${"ff".repeat(49)}0033`;

describe("Check of opcodes", () => {
  it("names each forbidden instruction and its place", () => {
    expect(findForbiddenOpcodes(`0x5f3240${"44f2f4ff"}00${METADATA}`)).to.deep.equal([
      "ORIGIN at byte 1",
      "BLOCKHASH at byte 2",
      "PREVRANDAO at byte 3",
      "CALLCODE at byte 4",
      "DELEGATECALL at byte 5",
      "SELFDESTRUCT at byte 6",
    ]);
  });

  it("skips what PUSH carries, from one byte to 32", () => {
    expect(findForbiddenOpcodes(`0x60f47f${"f4".repeat(32)}00`)).to.deep.equal([]);
    expect(findForbiddenOpcodes(`0x5ff400`)).to.deep.equal(["DELEGATECALL at byte 1"]);
  });

  it("skips the metadata, and only the metadata", () => {
    expect(findForbiddenOpcodes(`0x00${METADATA}`)).to.deep.equal([]);
    expect(findForbiddenOpcodes(`0xf400${METADATA}`)).to.deep.equal(["DELEGATECALL at byte 0"]);
    expect(findForbiddenOpcodes("0x00f4000001")).to.deep.equal(["DELEGATECALL at byte 1"]);
  });

  it("skips data behind the last instruction that the source map knows", () => {
    expect(findForbiddenOpcodes("0x5f00f4", "::::;")).to.deep.equal([]);
    expect(findForbiddenOpcodes("0x5f00f4", "::::;;")).to.deep.equal(["DELEGATECALL at byte 2"]);
  });

  it("reads the placeholder of an unlinked library", () => {
    const code = `0x73__$${"f4".repeat(17)}$__f400`;
    expect(findForbiddenOpcodes(code)).to.deep.equal(["DELEGATECALL at byte 21"]);
  });

  it("names forbidden words in sources, in Solidity and assembly", () => {
    for (const use of [
      "a.delegatecall(data)",
      "selfdestruct(payable(a))",
      "tx.origin",
      "blockhash(1)",
      "block.prevrandao",
      "block.difficulty",
      "assembly { x := origin() }",
      "assembly { x := callcode(g, a, 0, 0, 0, 0, 0) }",
    ]) {
      expect(findForbiddenWords([{ path: "contracts/A.sol", text: `\n${use};` }]), use).to.have.length(1);
    }
  });

  it("accepts the words in comments, strings and longer names", () => {
    const text = '// no delegatecall\nstring s = "tx.origin"; uint256 originalCount; f(); // selfdestruct';
    expect(findForbiddenWords([{ path: "contracts/A.sol", text }])).to.deep.equal([]);
  });
});
