import { expect } from "chai";
import { toUtf8Bytes } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { PlainNameHarness } from "../../typechain-types/index.js";

describe("PlainName", () => {
  let connection: NetworkConnection<"generic">;
  let plainName: PlainNameHarness;

  async function freshHarness() {
    return connection.ethers.deployContract("PlainNameHarness");
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    plainName = await connection.networkHelpers.loadFixture(freshHarness);
  });

  after(async () => {
    await connection.close();
  });

  describe("requireValid against names that differ only in spaces nobody sees (attack 92)", () => {
    for (const [flaw, text] of [
      ["of nothing but a space", " "],
      ["that begins with a space", " Academia"],
      ["that ends with a space", "Academia "],
      ["with two spaces in a row", "Civil  Society"],
    ] as const) {
      it(`reverts for a name ${flaw}`, async () => {
        await expect(plainName.requireValid(toUtf8Bytes(text), 31))
          .to.be.revertedWithCustomError(plainName, "PlainNameInvalid")
          .withArgs(text, 31);
      });
    }
  });
});
