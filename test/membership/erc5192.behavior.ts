import { expect } from "chai";
import type { BaseContract } from "ethers";

export type Erc5192 = BaseContract & { locked: (id: bigint) => Promise<boolean> };

export type Erc5192Situation = {
  token: Erc5192;
  /** A token that exists. */
  id: bigint;
  /** Ids that nobody holds (any more). */
  vacant: readonly bigint[];
};

/** ERC-5192 for tokens that are locked from birth. */
export function shouldBehaveLikeErc5192(situation: () => Promise<Erc5192Situation>): void {
  describe("as ERC-5192", () => {
    it("tells that a token is locked", async () => {
      const { token, id } = await situation();
      expect(await token.locked(id)).to.equal(true);
    });

    it("reverts for tokens that do not exist", async () => {
      const { token, vacant } = await situation();
      for (const id of vacant) {
        await expect(token.locked(id))
          .to.be.revertedWithCustomError(token, "ERC721NonexistentToken")
          .withArgs(id);
      }
    });
  });
}
