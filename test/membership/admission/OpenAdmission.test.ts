import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { useRoll } from "../../helpers/roll.js";
import { shouldBehaveLikeErc165 } from "../erc165.behavior.js";

describe("OpenAdmission", () => {
  const roll = useRoll();

  describe("admits", () => {
    it("says yes to everyone, whatever the number, the group and the evidence", async () => {
      for (const account of [roll.person(0).address, await roll.card.getAddress(), ZeroAddress]) {
        for (const group of [0, 7, 255]) {
          for (const evidence of ["0x", "0x00", `0x${"ab".repeat(1000)}`]) {
            for (const number of [1n, 2n ** 32n]) {
              expect(await roll.admission.admits(number, account, group, evidence)).to.equal(true);
            }
          }
        }
      }
    });
  });

  shouldBehaveLikeErc165(
    () => roll.admission,
    // The interface has one function, so that its id is that function's selector.
    { IAdmissionPolicy: "0x334df319" },
    { "ERC-721": "0x80ac58cd" },
  );

  it("is the policy that a coalition starts with", async () => {
    expect(await roll.membership.admissionPolicy()).to.equal(await roll.admission.getAddress());
    await roll.membership.connect(roll.person(0)).join(0, roll.codeDigest, "0xc0ffee");
    expect(await roll.membership.numberOf(roll.person(0))).to.equal(1);
  });
});
