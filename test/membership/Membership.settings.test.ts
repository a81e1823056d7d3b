import { expect } from "chai";
import { encodeBytes32String, ZeroAddress, ZeroHash } from "ethers";
import { useRoll } from "../helpers/roll.js";

const DAY = 86_400;

type Pace = { waitingPeriod: number; epochLength: number; epochShareBps: number; epochFloor: number };

describe("Membership", () => {
  const roll = useRoll();

  function paceNow(): Pace {
    const { waitingPeriod, epochLength, epochShareBps, epochFloor } = roll.parameters.Membership;
    return { waitingPeriod, epochLength, epochShareBps, epochFloor };
  }

  describe("setMaturity", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        const number = await roll.join(roll.person(0));
        await roll.goTo(await roll.votesFrom(number));
        for (const caller of [roll.person(0), roll.person(1), roll.deployer]) {
          await expect(roll.membership.connect(caller).setMaturity(paceNow()))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    // Of DC-BAS, whose waiting floor is 14 days.
    const ranges = {
      waitingPeriod: [14 * DAY, 365 * DAY, 2 ** 32 - 1],
      epochLength: [(14 * DAY) / 8, 92 * DAY, 2 ** 32 - 1],
      epochShareBps: [100, 2_500, 2 ** 16 - 1],
      epochFloor: [1, 100, 2 ** 16 - 1],
    } as const;

    for (const [parameter, [min, max, largest]] of Object.entries(ranges)) {
      context(`when ${parameter} is out of range`, () => {
        for (const value of [0, min - 1, max + 1, largest]) {
          it(`reverts with ${value} and the range`, async () => {
            await expect(roll.governing.setMaturity({ ...paceNow(), [parameter]: value }))
              .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
              .withArgs(encodeBytes32String(parameter), value, min, max);
          });
        }
      });

      context(`when ${parameter} is at an end of its range`, () => {
        for (const value of [min, max]) {
          it(`sets ${value}, announces it and leaves the others alone`, async () => {
            const old = paceNow();
            const next = { ...old, [parameter]: value };
            await expect(roll.governing.setMaturity(next))
              .to.emit(roll.membership, "MaturityChanged")
              .withArgs(Object.values(old), Object.values(next));
            expect([...(await roll.membership.maturity())]).to.deep.equal(Object.values(next).map(BigInt));
            expect(await roll.membership.admissionPolicy()).to.equal(await roll.admission.getAddress());
          });
        }
      });
    }

    it("changes nothing for who has joined already", async () => {
      const number = await roll.join(roll.person(0));
      const votesFrom = await roll.votesFrom(number);
      await roll.governing.setMaturity({ ...paceNow(), waitingPeriod: 365 * DAY });
      expect(await roll.votesFrom(number)).to.equal(votesFrom);
    });

    it("rules who joins from then on", async () => {
      await roll.governing.setMaturity({ ...paceNow(), waitingPeriod: 365 * DAY, epochLength: 92 * DAY });
      const number = await roll.join(roll.person(0));
      const joinedAt = await roll.now();
      const votesFrom = await roll.votesFrom(number);
      expect(votesFrom % BigInt(92 * DAY)).to.equal(0);
      expect(votesFrom).to.be.within(joinedAt + BigInt(365 * DAY), joinedAt + BigInt(457 * DAY - 1));
    });
  });

  describe("setAdmissionPolicy", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        for (const caller of [roll.person(0), roll.deployer]) {
          await expect(roll.membership.connect(caller).setAdmissionPolicy(roll.admission))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    context("when the address is no policy", () => {
      it("reverts for no contract at all", async () => {
        for (const address of [ZeroAddress, roll.person(0).address]) {
          await expect(roll.governing.setAdmissionPolicy(address))
            .to.be.revertedWithCustomError(roll.membership, "MembershipNotAPolicy")
            .withArgs(address);
        }
      });

      it("reverts for a contract without ERC-165", async () => {
        await expect(roll.governing.setAdmissionPolicy(roll.card))
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotAPolicy")
          .withArgs(roll.card);
      });

      it("reverts for a contract that announces other interfaces", async () => {
        await expect(roll.governing.setAdmissionPolicy(roll.membership))
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotAPolicy")
          .withArgs(roll.membership);
      });
    });

    context("when the address is a policy", () => {
      it("puts it in force and announces it", async () => {
        const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
        await expect(roll.governing.setAdmissionPolicy(policy))
          .to.emit(roll.membership, "AdmissionPolicyChanged")
          .withArgs(roll.admission, policy);
        expect(await roll.membership.admissionPolicy()).to.equal(await policy.getAddress());
      });

      it("leaves the maturity alone that shares its slot", async () => {
        const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
        await roll.governing.setAdmissionPolicy(policy);
        expect([...(await roll.membership.maturity())]).to.deep.equal(Object.values(paceNow()).map(BigInt));
      });

      it("changes nothing for who has joined already", async () => {
        const number = await roll.join(roll.person(0));
        await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(number);
      });
    });
  });

  describe("setCodeOfConduct", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        for (const caller of [roll.person(0), roll.deployer]) {
          await expect(roll.membership.connect(caller).setCodeOfConduct(roll.ethers.id("mine")))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    context("when the digest is zero", () => {
      it("reverts with the range", async () => {
        await expect(roll.governing.setCodeOfConduct(ZeroHash))
          .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
          .withArgs(encodeBytes32String("codeDigest"), 0, 1, 2n ** 256n - 1n);
      });
    });

    context("when the digest is not zero", () => {
      it("puts it in force under the next version and announces it", async () => {
        const digests = [roll.codeDigest, roll.ethers.id("two"), roll.ethers.toBeHex(1, 32)] as const;
        for (const version of [2, 3] as const) {
          const [old, next] = [digests[version - 2], digests[version - 1]];
          await expect(roll.governing.setCodeOfConduct(next as string))
            .to.emit(roll.membership, "CodeOfConductChanged")
            .withArgs(version, old, next);
          expect([...(await roll.membership.codeOfConduct())]).to.deep.equal([next, BigInt(version)]);
        }
      });

      it("asks for the new one at the door, and for no other", async () => {
        const next = roll.ethers.id("two");
        await roll.governing.setCodeOfConduct(next);
        await roll.membership.connect(roll.person(0)).join(0, next, "0x");
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(1);
        await expect(roll.membership.connect(roll.person(1)).join(0, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipWrongCodeDigest")
          .withArgs(roll.codeDigest, next);
      });
    });
  });
});
