import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { createOffice, DAY, foundOffice, officeWith, rulesWith } from "../helpers/elections.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const SHORTEST = DAY;
const LONGEST = 90n * DAY;

/** An office without rules beside one that has them. */
async function bare() {
  const scene = await foundOffice(connection, { count: 3 });
  await scene.offices.connect(scene.power).create(officeWith());
  return { ...scene, office: 2n };
}

/** Rules as a plain list, to be compared. */
const listOf = (rules: Record<string, unknown>) => Object.values(rules);

describe("Elections", () => {
  describe("constructor", () => {
    it("names the roll, the offices, and nobody as arbiter", async () => {
      const { elections, membership, offices } = await loadFixture(bare);
      expect(await elections.membership()).to.equal(membership);
      expect(await elections.offices()).to.equal(offices);
      expect(await elections.arbiter()).to.equal(ZeroAddress);
    });

    it("signs under the name of the coalition", async () => {
      const { elections, parameters } = await loadFixture(bare);
      const { name, version, verifyingContract } = await elections.eip712Domain();
      expect([name, version]).to.deep.equal([parameters.Elections.name, "1"]);
      expect(verifyingContract).to.equal(elections);
    });

    it("binds the offices to the elections", async () => {
      const { elections, offices } = await loadFixture(bare);
      expect(await offices.elections()).to.equal(elections);
    });

    it("reverts when other elections have bound the offices", async () => {
      const { elections, offices, membership } = await loadFixture(bare);
      const factory = await ethers.getContractFactory("Elections");
      await expect(factory.deploy("Coalition", membership, offices, SHORTEST))
        .to.be.revertedWithCustomError(offices, "OfficesBound")
        .withArgs(elections);
    });
  });

  describe("setRules", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        const scene = await loadFixture(bare);
        for (const caller of [scene.members[0], scene.outsiders[0], scene.deployer]) {
          await expect(scene.elections.connect(caller).setRules(scene.office, rulesWith(scene)))
            .to.be.revertedWithCustomError(scene.elections, "ElectionsUnauthorized")
            .withArgs(caller, scene.timelock);
        }
      });
    });

    context("given no such office", () => {
      it("reverts with its number", async () => {
        const scene = await loadFixture(bare);
        for (const office of [0n, 3n]) {
          await expect(scene.elections.connect(scene.power).setRules(office, rulesWith(scene)))
            .to.be.revertedWithCustomError(scene.offices, "OfficesUnknown")
            .withArgs(office);
        }
      });
    });

    context("when the method does not announce the interface of one", () => {
      it("reverts with the address: nobody, a person, a plain contract, and one that announces something else", async () => {
        const scene = await loadFixture(bare);
        const box = await ethers.deployContract("Box");
        for (const method of [ZeroAddress, scene.deployer.address, box, scene.admission]) {
          await expect(
            scene.elections.connect(scene.power).setRules(scene.office, rulesWith(scene, { method })),
          )
            .to.be.revertedWithCustomError(scene.elections, "ElectionsNotAMethod")
            .withArgs(method);
        }
      });
    });

    const phases = ["nomination", "acceptance", "objection", "voting", "reveal", "certification"] as const;
    type Range = { rule: string; given?: object; min: bigint; max: bigint };
    const ranges: Range[] = [
      { rule: "seconds_", min: 0n, max: 20n },
      { rule: "secondGroups", given: { seconds_: 2 }, min: 1n, max: 2n },
      { rule: "secondGroups", given: { seconds_: 20 }, min: 1n, max: 6n },
      { rule: "secondGroups", given: { seconds_: 0 }, min: 0n, max: 0n },
      { rule: "secondsByMember", min: 1n, max: 7n },
      { rule: "minBallots", min: 1n, max: 1_000n },
      ...phases.map((rule) => ({ rule, min: SHORTEST, max: LONGEST })),
    ];
    for (const { rule, given = {}, min, max } of ranges) {
      const when = Object.entries(given).map(([name, value]) => `, with ${name} ${value}`);
      context(`when ${rule} is out of its range${when}`, () => {
        it(`reverts below ${min} and above ${max}`, async () => {
          const scene = await loadFixture(bare);
          for (const value of min === 0n ? [max + 1n] : [min - 1n, max + 1n]) {
            const rules = rulesWith(scene, { ...given, [rule]: value });
            await expect(scene.elections.connect(scene.power).setRules(scene.office, rules))
              .to.be.revertedWithCustomError(scene.elections, "ElectionsRuleOutOfRange")
              .withArgs(encodeBytes32String(rule), value, min, max);
          }
        });

        it("takes both ends", async () => {
          const scene = await loadFixture(bare);
          for (const value of [min, max]) {
            // As many groups as there can be for as many members, unless these are what is tried.
            const groups = rule === "seconds_" ? { secondGroups: value === 0n ? 0n : 1n } : {};
            const rules = rulesWith(scene, { ...given, ...groups, [rule]: value });
            await scene.elections.connect(scene.power).setRules(scene.office, rules);
            const set = await scene.elections.rulesOf(scene.office);
            expect(Reflect.get(set, rule)).to.equal(value);
          }
        });
      });
    }

    context("given an office", () => {
      it("sets the rules and announces them", async () => {
        const scene = await loadFixture(bare);
        const rules = rulesWith(scene, { method: scene.ranked, secret: true, calendar: false });
        const listed = listOf({ ...rules, method: await scene.ranked.getAddress() });
        expect(await scene.elections.rulesOf(scene.office)).to.deep.equal([
          ZeroAddress,
          false,
          false,
          ...Array(10).fill(0n),
        ]);
        await expect(scene.elections.connect(scene.power).setRules(scene.office, rules))
          .to.emit(scene.elections, "ElectionRulesChanged")
          .withArgs(scene.office, listed);
        const set = await scene.elections.rulesOf(scene.office);
        expect([...set]).to.deep.equal(
          listed.map((value) => (typeof value === "number" ? BigInt(value) : value)),
        );
      });

      it("replaces the rules of that office and of no other", async () => {
        const scene = await loadFixture(bare);
        const other = await createOffice(scene, {}, { minBallots: 8 });
        await scene.elections.connect(scene.power).setRules(1n, rulesWith(scene, { minBallots: 7 }));
        await scene.elections.connect(scene.power).setRules(1n, rulesWith(scene, { minBallots: 9 }));
        expect((await scene.elections.rulesOf(1n)).minBallots).to.equal(9n);
        expect((await scene.elections.rulesOf(other)).minBallots).to.equal(8n);
      });
    });
  });

  describe("setArbiter", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        const { elections, members, deployer, timelock } = await loadFixture(bare);
        for (const caller of [members[0], deployer]) {
          await expect(elections.connect(caller).setArbiter(caller))
            .to.be.revertedWithCustomError(elections, "ElectionsUnauthorized")
            .withArgs(caller, timelock);
        }
      });
    });

    it("names the arbiter, another, and nobody, and announces who it was", async () => {
      const { elections, power, members } = await loadFixture(bare);
      let old = ZeroAddress;
      for (const next of [members[0].address, members[1].address, ZeroAddress]) {
        await expect(elections.connect(power).setArbiter(next))
          .to.emit(elections, "ArbiterChanged")
          .withArgs(old, next);
        expect(await elections.arbiter()).to.equal(next);
        old = next;
      }
    });
  });
});
