import { expect } from "chai";
import { findUnboundedLoops } from "../../scripts/checks/loops.js";

const check = (text: string) => findUnboundedLoops([{ path: "contracts/A.sol", text }]);

describe("Check of loops", () => {
  it("names a for loop without a bound", () => {
    expect(check("x;\nfor (uint i; i < n; ++i) {}")).to.deep.equal([
      'contracts/A.sol:2 loop without a "// bound:" comment',
    ]);
  });

  it("names while loops, do loops and loops in assembly", () => {
    expect(check("while (x) {}")).to.have.length(1);
    expect(check("do { y; } while (x);")).to.have.length(1);
    expect(check("assembly { for { } lt(i, n) { } { } }")).to.have.length(1);
  });

  it("takes an empty bound for none", () => {
    expect(check("// bound: \nwhile (x) {}")).to.have.length(1);
  });

  it("takes a bound further up for another loop's", () => {
    expect(check("// bound: 8 groups\nwhile (x) {}\nwhile (y) {}")).to.have.length(1);
  });

  it("accepts a bound on the line, above it, and at the head of a longer comment", () => {
    expect(check("while (x) {} // bound: 8 groups")).to.deep.equal([]);
    expect(check("// bound: 8 groups\nwhile (x) {}")).to.deep.equal([]);
    expect(check("// bound: 8 groups,\n// for a word holds no more\nwhile (x) {}")).to.deep.equal([]);
  });

  it("does not mistake comments and strings for loops", () => {
    expect(check('/// for (each) member\n/* while (x) */ s = "for (";')).to.deep.equal([]);
  });
});
