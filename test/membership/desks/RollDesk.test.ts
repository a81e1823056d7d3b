import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";
import { useRoll } from "../../helpers/roll.js";

describe("RollDesk", () => {
  const roll = useRoll();
  const FLOOR = 1_000;

  describe("bind", () => {
    context("given a desk that no roll has named", () => {
      it("serves whoever calls first, and says so", async () => {
        const desk = await roll.ethers.deployContract("MemberDesk", ["DC-BAS"]);
        expect(await desk.roll()).to.equal(ZeroAddress);
        await expect(desk.connect(roll.person(0)).bind(FLOOR))
          .to.emit(desk, "RollBound")
          .withArgs(roll.person(0).address);
        expect(await desk.roll()).to.equal(roll.person(0).address);
      });

      for (const [contract, parameter, min, max] of [
        ["Confirmations", "period", 4 * FLOOR, 1_096 * 86_400],
        ["KeyRecovery", "delay", FLOOR / 2, 180 * 86_400],
      ] as const) {
        it(`reverts for a first ${parameter} of ${contract} out of its range`, async () => {
          for (const value of [0, min - 1, max + 1, 2 ** 32 - 1]) {
            const desk = await roll.ethers.deployContract(contract as string, ["DC-BAS", value]);
            await expect(desk.getFunction("bind")(FLOOR))
              .to.be.revertedWithCustomError(desk, "RollDeskParameterOutOfRange")
              .withArgs(encodeBytes32String(parameter), value, min, max);
          }
        });

        it(`accepts a first ${parameter} of ${contract} at the ends of its range`, async () => {
          for (const value of [min, max]) {
            const desk = await roll.ethers.deployContract(contract as string, ["DC-BAS", value]);
            await expect(desk.getFunction("bind")(FLOOR)).to.emit(desk, "RollBound");
          }
        });
      }
    });

    context("given a desk that serves a roll", () => {
      it("reverts for everybody, whoever it serves", async () => {
        const address = await roll.membership.getAddress();
        const itself = await roll.ethers.getImpersonatedSigner(address);
        await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
        for (const caller of [roll.person(0), roll.deployer, itself]) {
          for (const desk of [roll.requests, roll.confirmations, roll.recovery]) {
            await expect(desk.connect(caller).bind(FLOOR))
              .to.be.revertedWithCustomError(desk, "RollDeskBound")
              .withArgs(address);
          }
        }
        expect(await roll.requests.roll()).to.equal(address);
      });
    });
  });
});
