import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";
import { CHAIN_LENGTH, numberFor } from "../../scripts/lib/conduct/chain.js";
import { refusal } from "../helpers/refusal.js";

const SECRET = id("a secret");
const hash = (value: string) => keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32"], [value]));
const told = (secret: string, committed: number, draw: number) =>
  refusal(Promise.resolve().then(() => numberFor(secret, committed, draw)));

describe("Chains of numbers for the lot", () => {
  it("give for each draw what hashes to that for the draw before", () => {
    for (const draw of [1, 2, 500, CHAIN_LENGTH]) {
      expect(hash(numberFor(SECRET, 0, draw))).to.equal(numberFor(SECRET, 0, draw - 1));
    }
    expect(numberFor(SECRET, 0, CHAIN_LENGTH)).to.equal(SECRET);
    expect(numberFor(SECRET, 7, 7 + CHAIN_LENGTH)).to.equal(SECRET);
  });

  it("refuse a secret that is none, and draws that they do not serve", async () => {
    expect(await told("0x12", 0, 1)).to.contain("64 hexadecimal digits");
    expect(await told(SECRET, 5, 4)).to.equal(
      "The draw is 4, allowed with this chain: 5 to 1005; commit to a new one.",
    );
    expect(await told(SECRET, 5, 1_006)).to.contain("allowed with this chain: 5 to 1005");
    expect(await told(SECRET, 5, 5.5)).to.contain("The draw is 5.5");
  });
});
