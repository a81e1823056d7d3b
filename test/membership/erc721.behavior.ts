import { expect } from "chai";
import { type BaseContract, ZeroAddress } from "ethers";

/** What everybody may read of an ERC-721 token. */
export type Erc721Reader = BaseContract & {
  name: () => Promise<string>;
  symbol: () => Promise<string>;
  balanceOf: (owner: string) => Promise<bigint>;
  ownerOf: (id: bigint) => Promise<string>;
  getApproved: (id: bigint) => Promise<string>;
  isApprovedForAll: (owner: string, operator: string) => Promise<boolean>;
  tokenURI: (id: bigint) => Promise<string>;
};

export type Erc721Situation = {
  token: Erc721Reader;
  name: string;
  symbol: string;
  /** Holds one token, of this id. */
  owner: string;
  id: bigint;
  /** Holds none. */
  stranger: string;
  /** Ids that nobody holds (any more). */
  vacant: readonly bigint[];
};

/** The read side of ERC-721 and of its metadata, where nobody is approved for anything. */
export function shouldReadLikeErc721(situation: () => Promise<Erc721Situation>): void {
  describe("as ERC-721, to read", () => {
    it("has a name and a symbol", async () => {
      const { token, name, symbol } = await situation();
      expect(await token.name()).to.equal(name);
      expect(await token.symbol()).to.equal(symbol);
    });

    it("counts an owner's tokens", async () => {
      const { token, owner, stranger } = await situation();
      expect(await token.balanceOf(owner)).to.equal(1);
      expect(await token.balanceOf(stranger)).to.equal(0);
    });

    it("reverts for the balance of the zero address", async () => {
      const { token } = await situation();
      await expect(token.balanceOf(ZeroAddress))
        .to.be.revertedWithCustomError(token, "ERC721InvalidOwner")
        .withArgs(ZeroAddress);
    });

    it("tells a token's owner", async () => {
      const { token, owner, id } = await situation();
      expect(await token.ownerOf(id)).to.equal(owner);
    });

    it("tells that nobody is approved", async () => {
      const { token, owner, stranger, id } = await situation();
      expect(await token.getApproved(id)).to.equal(ZeroAddress);
      expect(await token.isApprovedForAll(owner, stranger)).to.equal(false);
      expect(await token.isApprovedForAll(owner, owner)).to.equal(false);
    });

    it("tells where a token's metadata are", async () => {
      const { token, id } = await situation();
      expect(await token.tokenURI(id)).to.match(/^(data|ipfs|https):/);
    });

    it("reverts for tokens that do not exist", async () => {
      const { token, vacant } = await situation();
      for (const id of vacant) {
        for (const ask of [token.ownerOf, token.getApproved, token.tokenURI]) {
          await expect(ask(id)).to.be.revertedWithCustomError(token, "ERC721NonexistentToken").withArgs(id);
        }
      }
    });
  });
}
