import { expect } from "chai";
import { findUnclearNames } from "../../scripts/checks/naming.js";

const check = (text: string) => findUnclearNames([{ path: "contracts/A.sol", text }]);

describe("Check of names", () => {
  it("names a mapping key without a name, nested ones too", () => {
    expect(check("mapping(address => uint256) public a;")).to.have.length(1);
    expect(check("mapping(address who => mapping(uint256 => bool)) public a;")).to.have.length(1);
  });

  it("names hidden state without an underscore", () => {
    for (const line of [
      "uint256 private count;",
      "uint256 internal count = 1;",
      "mapping(address who => uint256) private counts;",
      "mapping(address who => mapping(bytes32 id => uint256)) internal counts;",
    ]) {
      expect(check(`contract A {\n    ${line}\n}`), line).to.have.length(1);
    }
  });

  it("accepts named keys, underscores, constants and immutables", () => {
    for (const line of [
      "mapping(address who => mapping(uint256 id => bool)) private _a;",
      "uint256 private _count;",
      "uint256 private constant COUNT = 1;",
      "uint256 private immutable COUNT;",
      "uint256 constant private COUNT = 1;",
      "function f() private returns (uint256) { return 1; }",
    ]) {
      expect(check(`contract A {\n    ${line}\n}`), line).to.deep.equal([]);
    }
  });
});
