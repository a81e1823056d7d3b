import { expect } from "chai";
import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";
import type { IMembership } from "../../typechain-types/contracts/membership/Membership.js";
import { deployDesks, rollParameters } from "../helpers/fixture.js";
import { useRoll } from "../helpers/roll.js";

const DAY = 86_400;

type Birth = Omit<IMembership.RollParametersStruct, "maturity"> & { maturity: IMembership.MaturityStruct };

describe("Membership", () => {
  const roll = useRoll();

  /** Parameters of a roll with desks of its own. */
  async function parameters(): Promise<Birth> {
    const { card, admission: admissionPolicy } = roll;
    const chosen = roll.parameters.Membership;
    return rollParameters(chosen, { card, admissionPolicy, desks: await deployDesks(roll, chosen) });
  }

  async function give(changes: Partial<Birth>, timelock?: string) {
    const owner = timelock ?? (await roll.timelock.getAddress());
    return roll.ethers.deployContract("Membership", [owner, { ...(await parameters()), ...changes }]);
  }

  /** A name of just so many characters. */
  function long(length: number): string {
    return "Coalition of Names of All Length"
      .repeat(2)
      .slice(0, length - 1)
      .concat("x");
  }

  function outOfRange(parameter: string, value: number, min: number, max: number, changes: Partial<Birth>) {
    return expect(give(changes))
      .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
      .withArgs(encodeBytes32String(parameter), value, min, max);
  }

  describe("constructor", () => {
    context("when a contract is missing where one is needed", () => {
      it("reverts for the timelock", async () => {
        for (const address of [ZeroAddress, roll.person(0).address]) {
          await expect(give({}, address))
            .to.be.revertedWithCustomError(roll.membership, "MembershipNotAContract")
            .withArgs(address);
        }
      });

      it("reverts for the card", async () => {
        for (const card of [ZeroAddress, roll.person(0).address]) {
          await expect(give({ card }))
            .to.be.revertedWithCustomError(roll.membership, "MembershipNotAContract")
            .withArgs(card);
        }
      });

      it("reverts for the admission policy", async () => {
        for (const admissionPolicy of [ZeroAddress, roll.person(0).address, await roll.card.getAddress()]) {
          await expect(give({ admissionPolicy }))
            .to.be.revertedWithCustomError(roll.membership, "MembershipNotAPolicy")
            .withArgs(admissionPolicy);
        }
      });
    });

    context("when a name is not plain", () => {
      it("reverts for the coalition's", async () => {
        for (const name of ["", 'DC "BAS"', "DC-B\u0410S", long(32)]) {
          await expect(give({ name }))
            .to.be.revertedWithCustomError(roll.membership, "PlainNameInvalid")
            .withArgs(name, 31);
        }
      });

      it("reverts for the symbol", async () => {
        for (const symbol of ["", long(12), "DC\u200bBAS"]) {
          await expect(give({ symbol }))
            .to.be.revertedWithCustomError(roll.membership, "PlainNameInvalid")
            .withArgs(symbol, 11);
        }
      });

      it("reverts for any group's", async () => {
        for (const [i, wrong] of ["", long(32), "Academia\u202e", "Acad\u00e9mie"].entries()) {
          const groups = ["Government", "Civil Society", "Private Sector", "Academia"];
          groups[i] = wrong;
          await expect(give({ groups }))
            .to.be.revertedWithCustomError(roll.membership, "PlainNameInvalid")
            .withArgs(wrong, 31);
        }
      });

      it("accepts the longest ones", async () => {
        const born = await give({ name: long(31), symbol: long(11), groups: [long(31), long(30)] });
        expect(await born.name()).to.equal(long(31));
        expect(await born.symbol()).to.equal(long(11));
        expect(await born.groups()).to.deep.equal([long(31), long(30)]);
      });
    });

    context("when there are too few groups or too many", () => {
      for (const count of [0, 1, 9]) {
        it(`reverts for ${count}`, async () => {
          const groups = Array.from({ length: count }, (_, i) => `Group ${i}`);
          await outOfRange("groups", count, 2, 8, { groups });
        });
      }

      for (const count of [2, 8]) {
        it(`accepts ${count}`, async () => {
          const groups = Array.from({ length: count }, (_, i) => `Group ${i}`);
          const born = await give({ groups });
          expect(await born.groups()).to.deep.equal(groups);
          expect(await born.membersByGroup()).to.deep.equal(groups.map(() => 0n));
          await born.connect(roll.person(0)).join(count - 1, roll.codeDigest, "0x");
          expect((await born.membersByGroup())[count - 1]).to.equal(1);
        });
      }
    });

    context("when two groups have one name", () => {
      it("reverts with the name, wherever they stand", async () => {
        for (const groups of [
          ["One", "One"],
          ["One", "Two", "Three", "One"],
          ["One", "Two", "One"],
          ["Two", "Three", "One", "One"],
        ]) {
          await expect(give({ groups }))
            .to.be.revertedWithCustomError(roll.membership, "MembershipDuplicateGroup")
            .withArgs("One");
        }
      });
    });

    context("when the waiting floor is out of range", () => {
      for (const waitingFloor of [0, 59, 180 * DAY + 1, 2 ** 32 - 1]) {
        it(`reverts for ${waitingFloor}`, async () => {
          await outOfRange("waitingFloor", waitingFloor, 60, 180 * DAY, { waitingFloor });
        });
      }
    });

    context("when the waiting floor is at an end of its range", () => {
      it("accepts 60 seconds and ranges maturity by them", async () => {
        const shortest = { waitingPeriod: 60, epochLength: 7, epochShareBps: 100, epochFloor: 1 };
        const born = await give({ waitingFloor: 60, maturity: shortest });
        expect(await born.waitingFloor()).to.equal(60);
        expect((await born.maturity()).epochLength).to.equal(7);
        const tooShort = { ...shortest, epochLength: 6 };
        await outOfRange("epochLength", 6, 7, 92 * DAY, { waitingFloor: 60, maturity: tooShort });
      });

      it("accepts 180 days and ranges maturity by them", async () => {
        const waitingFloor = 180 * DAY;
        const maturity = { ...roll.pace, waitingPeriod: waitingFloor, epochLength: waitingFloor / 8 };
        const desks = await deployDesks(roll, {
          ...roll.parameters.Membership,
          confirmationPeriod: 4 * waitingFloor,
          recoveryDelay: waitingFloor,
          claimCooldown: waitingFloor,
          challengeWindow: waitingFloor,
        });
        const born = await give({ waitingFloor, maturity, desks });
        expect(await born.waitingFloor()).to.equal(waitingFloor);
        const tooShort = { ...maturity, waitingPeriod: waitingFloor - 1 };
        await outOfRange("waitingPeriod", waitingFloor - 1, waitingFloor, 365 * DAY, {
          waitingFloor,
          maturity: tooShort,
        });
      });
    });

    context("when a rule of maturity is out of range", () => {
      for (const [parameter, value, min, max] of [
        ["waitingPeriod", 14 * DAY - 1, 14 * DAY, 365 * DAY],
        ["waitingPeriod", 365 * DAY + 1, 14 * DAY, 365 * DAY],
        ["epochLength", (14 * DAY) / 8 - 1, (14 * DAY) / 8, 92 * DAY],
        ["epochLength", 92 * DAY + 1, (14 * DAY) / 8, 92 * DAY],
        ["epochShareBps", 99, 100, 2_500],
        ["epochShareBps", 2_501, 100, 2_500],
        ["epochFloor", 0, 1, 100],
        ["epochFloor", 101, 1, 100],
      ] as const) {
        it(`reverts for ${parameter} ${value}`, async () => {
          await outOfRange(parameter, value, min, max, { maturity: { ...roll.pace, [parameter]: value } });
        });
      }
    });

    context("when the digest of the Code of Conduct is zero", () => {
      it("reverts with the range", async () => {
        await expect(give({ codeDigest: ZeroHash }))
          .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
          .withArgs(encodeBytes32String("codeDigest"), 0, 1, 2n ** 256n - 1n);
      });
    });

    context("when all is well", () => {
      it("announces policy, maturity and Code", async () => {
        const born = await give({});
        await expect(born.deploymentTransaction())
          .to.emit(born, "AdmissionPolicyChanged")
          .withArgs(ZeroAddress, roll.admission)
          .and.to.emit(born, "MaturityChanged")
          .withArgs([0, 0, 0, 0], Object.values(roll.pace))
          .and.to.emit(born, "CodeOfConductChanged")
          .withArgs(1, ZeroHash, roll.codeDigest);
      });

      it("keeps what was chosen", async () => {
        const { name, symbol, groups, codeDigest, waitingFloor } = roll.parameters.Membership;
        const { membership } = roll;
        expect(await membership.name()).to.equal(name);
        expect(await membership.symbol()).to.equal(symbol);
        expect(await membership.groups()).to.deep.equal(groups);
        expect([...(await membership.codeOfConduct())]).to.deep.equal([codeDigest, 1n]);
        expect(await membership.waitingFloor()).to.equal(waitingFloor);
        expect([...(await membership.maturity())]).to.deep.equal(
          Object.values(roll.pace).map(Number).map(BigInt),
        );
        expect(await membership.timelock()).to.equal(await roll.timelock.getAddress());
        expect(await membership.memberCard()).to.equal(await roll.card.getAddress());
        expect(await membership.admissionPolicy()).to.equal(await roll.admission.getAddress());
      });

      it("has no members and no electorate", async () => {
        const { membership } = roll;
        const before = (await roll.now()) - 1n;
        const none = roll.parameters.Membership.groups.map(() => 0n);
        expect(await membership.lastNumber()).to.equal(0);
        expect(await membership.totalSupply()).to.equal(0);
        expect(await membership.membersByGroup()).to.deep.equal(none);
        expect(await membership.getPastTotalSupply(before)).to.equal(0);
        expect(await membership.getPastVotesByGroup(before)).to.deep.equal(none);
      });

      it("has the desks that it was given, each bound to it", async () => {
        const chosen = roll.parameters.Membership;
        const desks = await deployDesks(roll, chosen);
        const born = await give({ desks });
        const named = await born.desks();
        for (const [name, desk] of Object.entries(desks)) {
          expect(named[name as keyof typeof desks], name).to.equal(await desk.getAddress());
          expect(await desk.roll(), name).to.equal(await born.getAddress());
          await expect(born.deploymentTransaction()).to.emit(desk, "RollBound").withArgs(born);
        }
      });
    });
  });
});
