import { expect } from "chai";
import { network } from "hardhat";
import { DecisionClass, plainRules, type Rules } from "../helpers/governor.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const DAY = 86_400n;
const SHORTEST = 3_600n;
const LONGEST_NOTICE = 10n * DAY;
const FLOOR_LIMIT = 20n;
const GROUPS = 6n;

const FRAME = {
  shortestStage: SHORTEST,
  longestNotice: LONGEST_NOTICE,
  quorumFloorLimit: FLOOR_LIMIT,
  groupCount: GROUPS,
  liveGroups: GROUPS,
};

/** Good for every class. */
const RULES: Rules = {
  notice: 2n * DAY,
  period: 20n * DAY,
  grace: 7n * DAY,
  delay: 3n * DAY,
  extension: 2n * DAY,
  quorumBps: 2_000n,
  quorumFloor: 7n,
  approvalBps: 6_000n,
  approvalFloorBps: 1_000n,
  concurrence: 3n,
  concurrenceMembers: 4n,
  endorsements: 8n,
  endorsementGroups: 2n,
};

const NAMES = Object.keys(RULES) as (keyof Rules)[];

type Range = readonly [min: bigint, max: bigint];

/** Every rule's range, as the documentation of `setRules` has it. */
const RANGES: Record<keyof Rules, Range> = {
  notice: [SHORTEST, LONGEST_NOTICE],
  period: [SHORTEST, 90n * DAY],
  grace: [SHORTEST, 180n * DAY],
  delay: [SHORTEST, 30n * DAY],
  extension: [0n, 14n * DAY],
  quorumBps: [100n, 5_000n],
  quorumFloor: [3n, FLOOR_LIMIT],
  approvalBps: [5_000n, 8_000n],
  approvalFloorBps: [0n, 2_500n],
  concurrence: [0n, GROUPS],
  concurrenceMembers: [1n, 255n],
  endorsements: [0n, 20n],
  endorsementGroups: [1n, GROUPS],
};

const AMENDMENT_RANGES = { ...RANGES, approvalBps: [6_000n, 8_000n], concurrence: [2n, GROUPS] } as const;

/** The largest value that the call can carry at all. */
const LARGEST: Partial<Rules> = { concurrenceMembers: 255n };

/** Rules with one of another value, and what hangs on it. */
const withRule = (name: keyof Rules, value: bigint): Rules => ({
  ...RULES,
  ...(name === "period" && { extension: 0n }),
  ...(name === "endorsements" && { endorsementGroups: value === 0n ? 0n : 1n }),
  [name]: value,
});

/** The bits of each rule in the word. */
const LANES: Record<keyof Rules, readonly [shift: bigint, bits: bigint]> = {
  notice: [0n, 24n],
  period: [24n, 24n],
  grace: [48n, 24n],
  delay: [72n, 24n],
  extension: [96n, 24n],
  quorumBps: [120n, 14n],
  quorumFloor: [134n, 16n],
  approvalBps: [150n, 14n],
  approvalFloorBps: [164n, 16n],
  concurrence: [180n, 4n],
  concurrenceMembers: [184n, 8n],
  endorsements: [192n, 5n],
  endorsementGroups: [197n, 4n],
};

async function harness() {
  return ethers.deployContract("DecisionRulesHarness");
}

describe("DecisionRules", () => {
  describe("requireValid", () => {
    for (const [what, of, ranges] of [
      ["an action", DecisionClass.Action, RANGES],
      ["an amendment", DecisionClass.Amendment, AMENDMENT_RANGES],
    ] as const) {
      for (const name of NAMES) {
        const [min, max]: Range = ranges[name];
        const outside = [min - 1n, max + 1n].filter(
          (value) => value >= 0n && value <= (LARGEST[name] ?? value),
        );

        for (const value of outside) {
          it(`reverts with the name and the range when ${name} of ${what} is ${value}`, async () => {
            const rules = await loadFixture(harness);
            await expect(rules.requireValid(withRule(name, value), of, FRAME))
              .to.be.revertedWithCustomError(rules, "DecisionRulesOutOfRange")
              .withArgs(ethers.encodeBytes32String(name), value, min, max);
          });
        }

        it(`accepts ${name} of ${what} at both ends of its range`, async () => {
          const rules = await loadFixture(harness);
          for (const value of [min, max]) {
            await expect(rules.requireValid(withRule(name, value), of, FRAME)).not.to.be.revert(ethers);
          }
        });
      }
    }

    it("holds the extension at the period where that is shorter than 14 days", async () => {
      const rules = await loadFixture(harness);
      const short = { ...RULES, period: 5n * DAY };
      await expect(
        rules.requireValid({ ...short, extension: 5n * DAY }, DecisionClass.Action, FRAME),
      ).not.to.be.revert(ethers);
      await expect(rules.requireValid({ ...short, extension: 5n * DAY + 1n }, DecisionClass.Action, FRAME))
        .to.be.revertedWithCustomError(rules, "DecisionRulesOutOfRange")
        .withArgs(ethers.encodeBytes32String("extension"), 5n * DAY + 1n, 0n, 5n * DAY);
    });

    for (const [endorsements, endorsementGroups, min, max] of [
      [0n, 1n, 0n, 0n],
      [1n, 0n, 1n, 1n],
      [1n, 2n, 1n, 1n],
      [5n, 6n, 1n, 5n],
    ] as const) {
      it(`reverts with ${endorsementGroups} groups for ${endorsements} endorsements`, async () => {
        const rules = await loadFixture(harness);
        const given = { ...RULES, endorsements, endorsementGroups };
        await expect(rules.requireValid(given, DecisionClass.Action, FRAME))
          .to.be.revertedWithCustomError(rules, "DecisionRulesOutOfRange")
          .withArgs(ethers.encodeBytes32String("endorsementGroups"), endorsementGroups, min, max);
      });
    }

    it("accepts no endorsements from no group, and as many groups as endorsements", async () => {
      const rules = await loadFixture(harness);
      for (const count of [0n, 1n, 5n]) {
        const given = { ...RULES, endorsements: count, endorsementGroups: count };
        await expect(rules.requireValid(given, DecisionClass.Action, FRAME)).not.to.be.revert(ethers);
      }
    });
  });

  describe("unordered", () => {
    for (const name of [
      "notice",
      "period",
      "delay",
      "quorumBps",
      "quorumFloor",
      "approvalBps",
      "approvalFloorBps",
      "concurrence",
      "endorsements",
    ] as const) {
      it(`names ${name} when the lesser class asks for more of it, and only then`, async () => {
        const rules = await loadFixture(harness);
        const more = { ...RULES, [name]: RULES[name] + 1n };
        expect(await rules.unordered(more, RULES)).to.equal(ethers.encodeBytes32String(name));
        expect(await rules.unordered(RULES, more)).to.equal(ethers.ZeroHash);
        expect(await rules.unordered(more, more)).to.equal(ethers.ZeroHash);
      });
    }

    it("does not compare extension, grace and who must be heard: they are no measure of strictness", async () => {
      const rules = await loadFixture(harness);
      for (const name of ["grace", "extension", "concurrenceMembers", "endorsementGroups"] as const) {
        const other = { ...RULES, [name]: RULES[name] + 1n };
        expect(await rules.unordered(other, RULES)).to.equal(ethers.ZeroHash);
        expect(await rules.unordered(RULES, other)).to.equal(ethers.ZeroHash);
      }
    });
  });

  describe("pack and unpack", () => {
    it("put every rule into its own bits, low to high, and leave the rest free", async () => {
      const rules = await loadFixture(harness);
      for (const name of NAMES) {
        const [shift, bits] = LANES[name];
        const largest = 2n ** bits - 1n;
        const nothing = Object.fromEntries(NAMES.map((key) => [key, 0n])) as Rules;
        const word = await rules.pack({ ...nothing, [name]: largest }, DecisionClass.MotionAmendment);
        expect(word).to.equal(largest << shift);
        expect(plainRules(await rules.unpack(word))).to.deep.equal({ ...nothing, [name]: largest });
      }
    });

    it("give back what was packed", async () => {
      const rules = await loadFixture(harness);
      const word = await rules.pack(RULES, DecisionClass.Amendment);
      expect(plainRules(await rules.unpack(word))).to.deep.equal(RULES);
      const { notice, period, grace, delay, extension } = RULES;
      expect(await rules.durations(word)).to.deep.equal([notice, period, grace, delay, extension]);
    });

    it("keep the class above the rules", async () => {
      const rules = await loadFixture(harness);
      const least = await rules.pack(RULES, DecisionClass.MotionAmendment);
      for (const of of Object.values(DecisionClass)) {
        const word = await rules.pack(RULES, of);
        expect(word).to.equal(least | (BigInt(of) << 201n));
        expect((await rules.found(word)).kind).to.equal(BigInt(of));
      }
    });
  });

  describe("what a decision's own copy holds", () => {
    const nothing = { settled: false, electorate: 0n, heard: 0n, extendedBy: 0n, postponed: false };
    const packed = async () => {
      const rules = await harness();
      return { rules, word: await rules.pack(RULES, DecisionClass.Appeal) };
    };
    const foundIn = async (rules: Awaited<ReturnType<typeof harness>>, word: bigint) => {
      const found = await rules.found(word);
      expect(found.kind, "the class stays").to.equal(BigInt(DecisionClass.Appeal));
      expect(plainRules(await rules.unpack(word)), "the rules stay").to.deep.equal(RULES);
      const { settled, electorate, heard, extendedBy, postponed } = found;
      return { settled, electorate, heard, extendedBy, postponed };
    };

    it("is nothing when it is proposed", async () => {
      const { rules, word } = await loadFixture(packed);
      expect(await foundIn(rules, word)).to.deep.equal(nothing);
    });

    it("is the electorate, and a bit for each group with enough members, once settled", async () => {
      const { rules, word } = await loadFixture(packed);
      for (const [byGroup, electorate, heard] of [
        [[0n, 0n, 0n, 0n, 0n, 0n], 0n, 0n],
        [[4n, 3n, 5n, 0n, 0n, 4n], 16n, 0b100101n],
        [[3n, 3n, 3n, 3n, 3n, 3n], 18n, 0n],
        [[4n, 4n, 4n, 4n, 4n, 4n, 4n, 4n], 32n, 0xffn],
        [[1_048_571n, 4n], 1_048_575n, 0b11n],
      ] as const) {
        const settled = await rules.settle(word, [...byGroup]);
        expect(await foundIn(rules, settled)).to.deep.equal({ ...nothing, settled: true, electorate, heard });
      }
    });

    it("is by how much a late swing moved the close, up to the longest extension, and beside it the rest", async () => {
      const { rules, word } = await loadFixture(packed);
      const settled = await rules.settle(word, [9n, 1n]);
      for (const extendedBy of [1n, 14n * DAY]) {
        expect(await foundIn(rules, await rules.withExtension(settled, extendedBy))).to.deep.equal({
          ...nothing,
          settled: true,
          electorate: 10n,
          heard: 1n,
          extendedBy,
        });
      }
    });

    it("is that the guardian moved the execution, and stays so", async () => {
      const { rules, word } = await loadFixture(packed);
      const postponed = await rules.withPostponement(word);
      expect(await foundIn(rules, postponed)).to.deep.equal({ ...nothing, postponed: true });
      expect(await rules.withPostponement(postponed)).to.equal(postponed);
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

  describe("concurs", () => {
    for (const [concurrence, heard, agreeing, concurs, why] of [
      [0n, 0b111111n, 0b000000n, true, "the rules ask for no group"],
      [3n, 0b111111n, 0b000111n, true, "as many as the rules ask for"],
      [3n, 0b111111n, 0b100100n, false, "one fewer"],
      [3n, 0b111111n, 0b111111n, true, "all"],
      [6n, 0b111111n, 0b011111n, false, "all are asked for, and one does not agree"],
      [3n, 0b000011n, 0b000011n, true, "all of the two that are heard"],
      [3n, 0b000011n, 0b000010n, false, "one of the two that are heard"],
      [3n, 0b000011n, 0b111110n, false, "those that are not heard do not help"],
      [1n, 0b111110n, 0b000001n, false, "the one that agrees is not heard"],
      [3n, 0b000000n, 0b000000n, true, "no group is heard"],
      [8n, 0b11111111n, 0b11111111n, true, "all of eight"],
      [8n, 0b11111111n, 0b01111111n, false, "all but the last of eight"],
    ] as const) {
      const bits = (groups: bigint) => groups.toString(2);
      it(`${concurs ? "holds" : "fails"} for ${concurrence} with ${bits(agreeing)} of ${bits(heard)}: ${why}`, async () => {
        const rules = await loadFixture(harness);
        expect(await rules.concurs({ ...RULES, concurrence }, heard, agreeing)).to.equal(concurs);
      });
    }
  });
});
