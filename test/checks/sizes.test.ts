import { expect } from "chai";
import { findOversized } from "../../scripts/checks/sizes.js";

const bytes = (length: number) => `0x${"00".repeat(length)}`;
const check = (initcode: number, runtime: number) =>
  findOversized([{ name: "A", bytecode: bytes(initcode), deployedBytecode: bytes(runtime) }]);

describe("Check of sizes", () => {
  it("names code and initcode above the limits of a chain", () => {
    expect(check(24_600, 24_577).problems).to.deep.equal(["A: 24577 bytes of code, the limit is 24576"]);
    expect(check(49_153, 100).problems).to.deep.equal(["A: 49153 bytes of initcode, the limit is 49152"]);
  });

  it("accepts both at their limits, and says what is left", () => {
    const { problems, notes } = check(49_152, 24_576);
    expect(problems).to.deep.equal([]);
    expect(notes).to.deep.equal([
      "contract  runtime  left  initcode  left",
      "A          24,576     0    49,152     0",
    ]);
  });
});
