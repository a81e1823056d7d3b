import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { useRoll } from "../helpers/roll.js";
import { shouldReadLikeErc5805 } from "./erc5805.behavior.js";
import { shouldKeepTimeLikeErc6372 } from "./erc6372.behavior.js";

describe("MembershipVotes", () => {
  const roll = useRoll();

  shouldKeepTimeLikeErc6372(() => ({ subject: roll.membership, now: roll.now, goTo: roll.goTo }));

  shouldReadLikeErc5805(async () => {
    const voters = [0, 1, 2].map((index) => roll.person(index));
    for (const [group, voter] of voters.entries()) await roll.join(voter, group);
    await roll.goTo((await roll.votesFrom(3n)) + 2n);
    return {
      votes: roll.membership,
      voters: voters.map(({ address }) => address),
      stranger: roll.person(3).address,
    };
  });

  describe("delegate", () => {
    it("reverts with the delegate, for members and strangers, also to oneself or nobody", async () => {
      await roll.join(roll.person(0));
      for (const caller of [roll.person(0), roll.person(1)]) {
        for (const delegatee of [roll.person(2).address, caller.address, ZeroAddress]) {
          await expect(roll.membership.connect(caller).delegate(delegatee))
            .to.be.revertedWithCustomError(roll.membership, "MembershipDelegationDisabled")
            .withArgs(delegatee);
        }
      }
    });
  });

  describe("delegateBySig", () => {
    it("reverts with the delegate, whatever the signature", async () => {
      const delegatee = roll.person(2).address;
      for (const signature of [
        [27, ZeroHash, ZeroHash],
        [28, roll.codeDigest, roll.codeDigest],
      ] as const) {
        await expect(roll.membership.delegateBySig(delegatee, 0, 2n ** 48n, ...signature))
          .to.be.revertedWithCustomError(roll.membership, "MembershipDelegationDisabled")
          .withArgs(delegatee);
      }
    });
  });

  describe("delegates", () => {
    it("answers the account itself, before it joins and after", async () => {
      const { address } = roll.person(0);
      expect(await roll.membership.delegates(address)).to.equal(address);
      await roll.join(roll.person(0));
      expect(await roll.membership.delegates(address)).to.equal(address);
      expect(await roll.membership.delegates(ZeroAddress)).to.equal(ZeroAddress);
    });
  });
});
