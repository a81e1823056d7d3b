import { expect } from "chai";
import hre from "hardhat";
import { measure } from "../../scripts/gas.js";
import { OPERATIONS, type OperationId } from "../../scripts/lib/gas-operations.js";

// Figures are the gas table's business; here, that it measures what it says, twice alike. Every step of the
// measurement asserts its own effect.
describe("Measurement of gas", () => {
  it("takes every operation that ten members can have, the same in every run", async function () {
    this.timeout(120_000);
    const [first, second] = [await measure(hre, () => {}, [10]), await measure(hre, () => {}, [10])];
    // They need a second word of receipts, or a hundred voters.
    const missing: OperationId[] = [
      "castVoteFirstOfWord",
      "relayedBallot",
      "relayedFirst",
      "electionBallotFirstOfWord",
      "relayedElectionBallot",
    ];
    const expected = (Object.keys(OPERATIONS) as OperationId[]).filter((id) => !missing.includes(id));
    expect(first.map(({ operation }) => operation)).to.deep.equal(expected);
    expect(first.map(({ members }) => members)).to.deep.equal(
      expected.map((id) => (id === "deployment" ? 0 : 10)),
    );
    expect(second).to.deep.equal(first);
    for (const { operation, baseline } of first) {
      expect(baseline !== undefined, operation).to.equal(OPERATIONS[operation].against !== undefined);
    }
  });
});
