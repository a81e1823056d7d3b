import { expect } from "chai";
import { network } from "hardhat";
import { plainRules, type Rules } from "../helpers/governor.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const DAY = 86_400n;
const SHORTEST = 3_600n;
const LONGEST_NOTICE = 10n * DAY;
const FLOOR_LIMIT = 20n;

const RULES: Rules = {
  notice: 2n * DAY,
  period: 5n * DAY,
  grace: 7n * DAY,
  quorumBps: 2_000n,
  quorumFloor: 7n,
  approvalBps: 5_000n,
  approvalFloorBps: 1_000n,
};

/** Every rule's range, as the documentation of `setRules` has it. */
const RANGES: Record<keyof Rules, readonly [min: bigint, max: bigint]> = {
  notice: [SHORTEST, LONGEST_NOTICE],
  period: [SHORTEST, 90n * DAY],
  grace: [SHORTEST, 180n * DAY],
  quorumBps: [100n, 5_000n],
  quorumFloor: [3n, FLOOR_LIMIT],
  approvalBps: [5_000n, 8_000n],
  approvalFloorBps: [0n, 2_500n],
};

/** The bits of each rule in the word. */
const LANES: Record<keyof Rules, readonly [shift: bigint, bits: bigint]> = {
  notice: [0n, 32n],
  period: [32n, 32n],
  grace: [64n, 32n],
  quorumBps: [96n, 16n],
  quorumFloor: [112n, 16n],
  approvalBps: [128n, 16n],
  approvalFloorBps: [144n, 16n],
};

const NAMES = Object.keys(RULES) as (keyof Rules)[];

async function harness() {
  return ethers.deployContract("DecisionRulesHarness");
}

describe("DecisionRules", () => {
  describe("requireValid", () => {
    for (const name of NAMES) {
      const [min, max] = RANGES[name];
      const outside = [...(min > 0n ? [min - 1n] : []), max + 1n];

      for (const value of outside) {
        it(`reverts with the name and the range when ${name} is ${value}`, async () => {
          const rules = await loadFixture(harness);
          await expect(rules.requireValid({ ...RULES, [name]: value }, SHORTEST, LONGEST_NOTICE, FLOOR_LIMIT))
            .to.be.revertedWithCustomError(rules, "DecisionRulesOutOfRange")
            .withArgs(ethers.encodeBytes32String(name), value, min, max);
        });
      }

      it(`accepts ${name} at both ends of its range`, async () => {
        const rules = await loadFixture(harness);
        for (const value of [min, max]) {
          await expect(
            rules.requireValid({ ...RULES, [name]: value }, SHORTEST, LONGEST_NOTICE, FLOOR_LIMIT),
          ).not.to.be.revert(ethers);
        }
      });
    }
  });

  describe("pack and unpack", () => {
    it("put every rule into its own bits, low to high, and leave the rest free", async () => {
      const rules = await loadFixture(harness);
      for (const name of NAMES) {
        const [shift, bits] = LANES[name];
        const largest = 2n ** bits - 1n;
        const nothing = Object.fromEntries(NAMES.map((key) => [key, 0n])) as Rules;
        const word = await rules.pack({ ...nothing, [name]: largest });
        expect(word).to.equal(largest << shift);
        expect(plainRules(await rules.unpack(word))).to.deep.equal({ ...nothing, [name]: largest });
      }
    });

    it("give back what was packed", async () => {
      const rules = await loadFixture(harness);
      const word = await rules.pack(RULES);
      expect(plainRules(await rules.unpack(word))).to.deep.equal(RULES);
      expect(await rules.durations(word)).to.deep.equal([RULES.notice, RULES.period, RULES.grace]);
    });
  });

  describe("quorum", () => {
    for (const [electorate, quorum, why] of [
      [0n, 7n, "an empty body has the floor as its quorum"],
      [1n, 7n, "a body below the floor cannot reach it"],
      [34n, 7n, "6.8 is rounded up"],
      [35n, 7n, "exactly 7"],
      [36n, 8n, "7.2 is rounded up"],
      [40n, 8n, "exactly 8"],
      [41n, 9n, "8.2 is rounded up"],
      [1_048_575n, 209_715n, "the fullest roll"],
    ] as const) {
      it(`is ${quorum} of ${electorate}: ${why}`, async () => {
        const rules = await loadFixture(harness);
        expect(await rules.quorum(RULES, electorate)).to.equal(quorum);
      });
    }

    it("is never zero, whatever the valid rules and the electorate", async () => {
      const rules = await loadFixture(harness);
      for (const electorate of [0n, 1n, 24n, 299n]) {
        expect(await rules.quorum({ ...RULES, quorumBps: 100n, quorumFloor: 3n }, electorate)).to.equal(3n);
      }
    });
  });

  describe("turnoutSuffices", () => {
    const cases: readonly [
      electorate: bigint,
      ayes: bigint,
      abstain: bigint,
      Partial<Rules>,
      boolean,
      string,
    ][] = [
      [40n, 7n, 0n, {}, false, "one below the quorum"],
      [40n, 8n, 0n, {}, true, "For alone makes the quorum"],
      [40n, 4n, 4n, {}, true, "For and Abstain make it together, For just at its floor"],
      [40n, 3n, 5n, {}, false, "For is one below its floor"],
      [40n, 0n, 40n, {}, false, "abstentions alone make the quorum but not the floor of For"],
      [40n, 0n, 8n, { approvalFloorBps: 0n }, true, "without a floor of For, abstentions make a turnout"],
      [41n, 4n, 36n, {}, false, "4.1 is rounded up: a floor of 5"],
      [41n, 5n, 4n, {}, true, "the floor of 5 is met"],
      [0n, 0n, 0n, {}, false, "an empty body"],
      [6n, 6n, 0n, {}, false, "all of a body that is smaller than the floor"],
      [7n, 7n, 0n, {}, true, "all of a body that is as large as the floor"],
    ];
    for (const [electorate, ayes, abstain, changes, suffices, why] of cases) {
      it(`${suffices ? "holds" : "fails"} with ${ayes} For and ${abstain} Abstain of ${electorate}: ${why}`, async () => {
        const rules = await loadFixture(harness);
        expect(await rules.turnoutSuffices({ ...RULES, ...changes }, electorate, ayes, abstain)).to.equal(
          suffices,
        );
      });
    }
  });

  describe("approved", () => {
    for (const [ayes, against, approvalBps, approved, why] of [
      [0n, 0n, 5_000n, false, "nobody took sides"],
      [5n, 5n, 5_000n, false, "a tie"],
      [6n, 5n, 5_000n, true, "one more than half"],
      [2n, 1n, 6_667n, false, "two thirds are below 66.67 %"],
      [2n, 1n, 6_666n, true, "two thirds are above 66.66 %"],
      [8n, 2n, 8_000n, false, "exactly the share is not above it"],
      [9n, 2n, 8_000n, true, "above the largest share"],
      [1n, 0n, 8_000n, true, "one voice and nobody against"],
    ] as const) {
      it(`${approved ? "holds" : "fails"} with ${ayes} to ${against} at ${approvalBps}: ${why}`, async () => {
        const rules = await loadFixture(harness);
        expect(await rules.approved({ ...RULES, approvalBps }, ayes, against)).to.equal(approved);
      });
    }
  });
});
