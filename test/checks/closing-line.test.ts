import { expect } from "chai";
import { close, countTests } from "../../scripts/checks/closing-line.mjs";

const PASSED = `
Running Solidity tests

  test/membership/Membership.t.sol:MembershipTest
    ✔ testFuzz_join(uint256) (runs: 256)

Running Mocha tests

  Membership
    ✔ says 7 passing
    - pending

  12 passing (3s)
  1 pending

14 passing (1 solidity, 13 mocha)
`;

const FAILED = `
Running Solidity tests
Running Mocha tests

  1000 passing (2m)
  2 failing

  1) Membership
       5 failing (as a title)

1003 passing (3 solidity, 1000 mocha)
3 failing (1 solidity, 2 mocha)
`;

describe("Closing line", () => {
  it("counts both runners, without tests that are pending", () => {
    expect(countTests(PASSED)).to.deep.equal({ passed: 13, failed: 0 });
    expect(countTests(FAILED)).to.deep.equal({ passed: 1003, failed: 3 });
  });

  it("counts through colours", () => {
    expect(countTests(PASSED.replaceAll(/(\d+ passing)/g, "\u001b[32m$1\u001b[39m")).passed).to.equal(13);
  });

  it("counts one runner alone", () => {
    expect(countTests("Running Mocha tests\n\n  3 passing (20ms)\n\n3 passing (3 mocha)\n").passed).to.equal(
      3,
    );
    expect(countTests("Running Solidity tests\n\n4 passing (4 solidity)\n").passed).to.equal(4);
  });

  it("succeeds only when tests ran and nothing failed", () => {
    expect(close(PASSED, 0, 0)).to.deep.equal({ line: "13 passed, 0 failed", code: 0 });
    expect(close(FAILED, 1, 0)).to.deep.equal({ line: "1003 passed, 3 failed", code: 1 });
    expect(close(PASSED, 0, 1)).to.deep.equal({ line: "13 passed, 1 failed", code: 1 });
    expect(close("", 0, 0)).to.deep.equal({ line: "0 passed, 1 failed", code: 1 });
    expect(close(PASSED, 1, 0)).to.deep.equal({ line: "13 passed, 1 failed", code: 1 });
  });
});
