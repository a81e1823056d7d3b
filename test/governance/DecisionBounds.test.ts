import { expect } from "chai";
import { network } from "hardhat";
import { DecisionClass, plainRules, type Rules } from "../helpers/governor.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;

const DAY = 86_400n;
const SHORTEST = 7_200n;
const LONGEST_NOTICE = 13n * DAY;
const FLOOR_LIMIT = 40n;
const GROUPS = 5n;

const FRAME = {
  shortestStage: SHORTEST,
  longestNotice: LONGEST_NOTICE,
  quorumFloorLimit: FLOOR_LIMIT,
  groupCount: GROUPS,
};

/** Good for every class. */
const RULES: Rules = {
  notice: 2n * DAY,
  period: 20n * DAY,
  grace: 7n * DAY,
  delay: 3n * DAY,
  extension: DAY,
  quorumBps: 2_000n,
  quorumFloor: 7n,
  approvalBps: 6_500n,
  approvalFloorBps: 1_000n,
  concurrence: 3n,
  concurrenceMembers: 4n,
  endorsements: 8n,
  endorsementGroups: 2n,
};

const CLASSES = Object.entries(DecisionClass);

type Range = readonly [min: bigint, max: bigint];

/** The range of each rule for a class, as the documentation of `setRules` has it. */
const rangesOf = (of: number): Record<keyof Rules, Range> => ({
  notice: [SHORTEST, LONGEST_NOTICE],
  period: [SHORTEST, 90n * DAY],
  grace: [SHORTEST, 180n * DAY],
  delay: [SHORTEST, 30n * DAY],
  extension: [0n, 14n * DAY],
  quorumBps: [100n, 5_000n],
  quorumFloor: [3n, FLOOR_LIMIT],
  approvalBps: [of === DecisionClass.Amendment ? 6_000n : 5_000n, 8_000n],
  approvalFloorBps: [0n, 2_500n],
  concurrence: [of === DecisionClass.Amendment ? 2n : 0n, GROUPS],
  concurrenceMembers: [1n, 255n],
  endorsements: [0n, 20n],
  endorsementGroups: [1n, GROUPS],
});

/** Rules in which one has a value, and those that hang on it are within their ranges. */
const withRule = (name: keyof Rules, value: bigint): Rules => ({
  ...RULES,
  ...(name === "period" && { extension: 0n }),
  ...(name === "endorsements" && { endorsementGroups: value === 0n ? 0n : 1n }),
  [name]: value,
});

/** What makes a class stricter than another. */
const MEASURES = [
  "notice",
  "period",
  "delay",
  "quorumBps",
  "quorumFloor",
  "approvalBps",
  "approvalFloorBps",
  "concurrence",
  "endorsements",
] as const;

async function judges() {
  const bounds = await ethers.deployContract("DecisionBounds");
  const harness = await ethers.deployContract("DecisionRulesHarness");
  /** The words in force where only some classes have rules yet. */
  const inForce = async (rules: Readonly<Record<number, Rules>>) => {
    const words: [bigint, bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n, 0n];
    for (const [of, each] of Object.entries(rules)) words[Number(of)] = await harness.pack(each, Number(of));
    return words;
  };
  return { bounds, harness, inForce, nothing: await inForce({}) };
}

describe("DecisionBounds", () => {
  describe("check: ranges", () => {
    for (const [className, of] of CLASSES) {
      for (const [name, [min, max]] of Object.entries(rangesOf(of)) as [keyof Rules, Range][]) {
        // A call cannot carry more than 255 of `concurrenceMembers`.
        const outside = [min - 1n, max + 1n].filter((value) => value >= 0n && value !== 256n);

        it(`of ${className}: takes ${name} from ${min} to ${max}, and not ${outside.join(" or ")}`, async () => {
          const { bounds, harness, nothing } = await loadFixture(judges);
          for (const value of [min, max]) {
            const given = withRule(name, value);
            const word = await bounds.check(of, given, nothing, FRAME);
            expect(word).to.equal(await harness.pack(given, of));
            expect(plainRules(await harness.unpack(word))).to.deep.equal(given);
          }
          for (const value of outside) {
            await expect(bounds.check(of, withRule(name, value), nothing, FRAME))
              .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
              .withArgs(ethers.encodeBytes32String(name), value, min, max);
          }
        });
      }
    }

    it("names the first rule that is out of its range, before any order between classes", async () => {
      const { bounds, inForce } = await loadFixture(judges);
      const words = await inForce({ [DecisionClass.Amendment]: RULES });
      const given = { ...RULES, notice: LONGEST_NOTICE, period: 91n * DAY, delay: 31n * DAY };
      await expect(bounds.check(DecisionClass.Action, given, words, FRAME))
        .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
        .withArgs(ethers.encodeBytes32String("period"), 91n * DAY, SHORTEST, 90n * DAY);
    });

    it("reverts for what is no class", async () => {
      const { bounds, nothing } = await loadFixture(judges);
      await expect(bounds.check(5, RULES, nothing, FRAME)).to.be.revert(ethers);
    });
  });

  describe("check: order between the classes", () => {
    const pairs = CLASSES.flatMap(([lesserName, lesser]) =>
      CLASSES.filter(([, greater]) => greater > lesser).map(
        ([greaterName, greater]) => [lesserName, lesser, greaterName, greater] as const,
      ),
    );

    for (const [lesserName, lesser, greaterName, greater] of pairs) {
      it(`reverts when ${lesserName} is made stricter than ${greaterName} in any measure`, async () => {
        const { bounds, inForce } = await loadFixture(judges);
        const words = await inForce({ [greater]: RULES });
        for (const name of MEASURES) {
          await expect(bounds.check(lesser, { ...RULES, [name]: RULES[name] + 1n }, words, FRAME))
            .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
            .withArgs(lesser, greater, ethers.encodeBytes32String(name));
        }
      });

      it(`reverts when ${greaterName} is made less strict than ${lesserName} in any measure`, async () => {
        const { bounds, inForce } = await loadFixture(judges);
        const words = await inForce({ [lesser]: RULES });
        for (const name of MEASURES) {
          await expect(bounds.check(greater, { ...RULES, [name]: RULES[name] - 1n }, words, FRAME))
            .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
            .withArgs(lesser, greater, ethers.encodeBytes32String(name));
        }
      });

      it(`takes ${lesserName} as strict as ${greaterName} or less, and ${greaterName} as strict or more`, async () => {
        const { bounds, harness, inForce } = await loadFixture(judges);
        for (const name of MEASURES) {
          for (const [of, other, change] of [
            [lesser, greater, 0n],
            [lesser, greater, -1n],
            [greater, lesser, 0n],
            [greater, lesser, 1n],
          ] as const) {
            const given = { ...RULES, [name]: RULES[name] + change };
            const word = await bounds.check(of, given, await inForce({ [other]: RULES }), FRAME);
            expect(word).to.equal(await harness.pack(given, of));
          }
        }
      });
    }

    it("looks at every class: one in the middle is held from both sides", async () => {
      const { bounds, inForce } = await loadFixture(judges);
      const words = await inForce({
        [DecisionClass.MotionAmendment]: { ...RULES, notice: 1n * DAY },
        [DecisionClass.Resolution]: { ...RULES, notice: 2n * DAY },
        [DecisionClass.Action]: { ...RULES, notice: 3n * DAY },
        [DecisionClass.Appeal]: { ...RULES, notice: 4n * DAY },
        [DecisionClass.Amendment]: { ...RULES, notice: 5n * DAY },
      });
      const noticed = (notice: bigint) =>
        bounds.check(DecisionClass.Action, { ...RULES, notice }, words, FRAME);
      for (const notice of [2n * DAY, 3n * DAY, 4n * DAY]) await noticed(notice);
      const rule = ethers.encodeBytes32String("notice");
      await expect(noticed(2n * DAY - 1n))
        .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
        .withArgs(DecisionClass.Resolution, DecisionClass.Action, rule);
      await expect(noticed(4n * DAY + 1n))
        .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
        .withArgs(DecisionClass.Action, DecisionClass.Appeal, rule);
    });

    it("does not compare a class with its own rules in force", async () => {
      const { bounds, inForce } = await loadFixture(judges);
      for (const [, of] of CLASSES) {
        const words = await inForce({ [of]: RULES });
        for (const change of [1n, -1n]) {
          await bounds.check(of, { ...RULES, notice: RULES.notice + change }, words, FRAME);
        }
      }
    });

    it("does not compare how long a decision keeps, how far it is extended and who must be heard", async () => {
      const { bounds, inForce } = await loadFixture(judges);
      const words = await inForce({ [DecisionClass.Amendment]: RULES });
      for (const name of ["grace", "extension", "concurrenceMembers", "endorsementGroups"] as const) {
        await bounds.check(DecisionClass.Resolution, { ...RULES, [name]: RULES[name] + 1n }, words, FRAME);
      }
    });
  });
});
