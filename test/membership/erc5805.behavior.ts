import { expect } from "chai";
import type { BaseContract } from "ethers";

/** What everybody may read of votes. */
export type Erc5805 = BaseContract & {
  getVotes: (account: string) => Promise<bigint>;
  getPastVotes: (account: string, timepoint: bigint) => Promise<bigint>;
  getPastTotalSupply: (timepoint: bigint) => Promise<bigint>;
  delegates: (account: string) => Promise<string>;
  clock: () => Promise<bigint>;
};

export type Erc5805Situation = {
  votes: Erc5805;
  /** Accounts with one vote each, which together hold them all; mature for more than a second. */
  voters: readonly string[];
  /** An account without votes. */
  stranger: string;
};

/** The read side of ERC-5805, one vote an account, everyone their own delegate. */
export function shouldReadLikeErc5805(situation: () => Promise<Erc5805Situation>): void {
  describe("as ERC-5805, to read", () => {
    it("tells votes now and a second ago", async () => {
      const { votes, voters, stranger } = await situation();
      const past = (await votes.clock()) - 1n;
      for (const [accounts, expected] of [
        [voters, 1],
        [[stranger], 0],
      ] as const) {
        for (const account of accounts) {
          expect(await votes.getVotes(account)).to.equal(expected);
          expect(await votes.getPastVotes(account, past)).to.equal(expected);
        }
      }
    });

    it("tells the total a second ago, which is the sum of the votes", async () => {
      const { votes, voters } = await situation();
      expect(await votes.getPastTotalSupply((await votes.clock()) - 1n)).to.equal(voters.length);
    });

    it("tells that there were no votes at the beginning of time", async () => {
      const { votes, voters } = await situation();
      expect(await votes.getPastTotalSupply(0n)).to.equal(0);
      for (const account of voters) expect(await votes.getPastVotes(account, 0n)).to.equal(0);
    });

    it("reverts for the present and the future, with the moment and the clock", async () => {
      const { votes, stranger } = await situation();
      const now = await votes.clock();
      for (const moment of [now, now + 1n, 2n ** 48n + now - 1n, 2n ** 256n - 1n]) {
        for (const ask of [
          () => votes.getPastVotes(stranger, moment),
          () => votes.getPastTotalSupply(moment),
        ]) {
          await expect(ask())
            .to.be.revertedWithCustomError(votes, "ERC5805FutureLookup")
            .withArgs(moment, now);
        }
      }
    });

    it("tells that everyone is their own delegate", async () => {
      const { votes, voters, stranger } = await situation();
      for (const account of [...voters, stranger]) {
        expect(await votes.delegates(account)).to.equal(account);
      }
    });
  });
}
