import { expect } from "chai";
import { Signature, type Signer, ZeroAddress } from "ethers";
import { domainOf } from "../helpers/requests.js";
import { Standing, useRoll } from "../helpers/roll.js";
import { shouldReadLikeErc5805 } from "./erc5805.behavior.js";
import { shouldKeepTimeLikeErc6372 } from "./erc6372.behavior.js";

const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};

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

  /** Members 1 and 2 of group 2, their votes mature; the second takes delegations. */
  async function pair() {
    const [member, friend] = [roll.person(0), roll.person(1)];
    for (const person of [member, friend]) await roll.join(person, 2);
    await roll.goTo(await roll.votesFrom(2n));
    await roll.delegations.connect(friend).takeDelegations(1);
    return { member, friend };
  }

  describe("delegate", () => {
    it("reverts for who has no vote", async () => {
      const { friend } = await pair();
      await expect(roll.membership.connect(roll.person(2)).delegate(friend))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
        .withArgs(roll.person(2).address, Standing.NotMember, 0);
    });

    it("reverts for nobody as delegate", async () => {
      const { member } = await pair();
      await expect(roll.membership.connect(member).delegate(ZeroAddress)).to.be.revertedWithCustomError(
        roll.delegations,
        "DelegationsZeroDelegate",
      );
    });

    it("moves the caller's vote until the last moment possible, and tells it by the standard's events", async () => {
      const { member, friend } = await pair();
      await expect(roll.membership.connect(member).delegate(friend))
        .to.emit(roll.membership, "DelegateChanged")
        .withArgs(member, member, friend)
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(member, 1, 0)
        .and.to.emit(roll.membership, "DelegateVotesChanged")
        .withArgs(friend, 1, 2);
      const given = await roll.now();
      const ends = await roll.delegations.longestEnd();
      await roll.goTo(ends);
      for (const [moment, own, received] of [
        [given - 1n, 1, 1],
        [given, 0, 2],
        [ends - 1n, 0, 2],
      ] as const) {
        expect(await roll.membership.getPastVotes(member, moment)).to.equal(own);
        expect(await roll.membership.getPastVotes(friend, moment)).to.equal(received);
        expect(await roll.membership.getPastTotalSupply(moment)).to.equal(2);
      }
      expect(await roll.membership.getVotes(member)).to.equal(1);
      expect(await roll.membership.getVotes(friend)).to.equal(1);
    });

    it("takes the vote back by delegating to oneself", async () => {
      const { member, friend } = await pair();
      await roll.membership.connect(member).delegate(friend);
      await expect(roll.membership.connect(member).delegate(member))
        .to.emit(roll.membership, "DelegateChanged")
        .withArgs(member, friend, member);
      expect(await roll.membership.getVotes(member)).to.equal(1);
      expect(await roll.membership.delegates(member)).to.equal(member);
    });
  });

  describe("delegateBySig", () => {
    /** OpenZeppelin's message, signed under the domain of the desk that keeps delegations. */
    async function signed(signer: Signer, message: { delegatee: string; nonce: bigint; expiry: bigint }) {
      const domain = await domainOf(roll.delegations);
      const { v, r, s } = Signature.from(await signer.signTypedData(domain, DELEGATION, message));
      const { delegatee, nonce, expiry } = message;
      return [delegatee, nonce, expiry, v, r, s] as const;
    }

    it("reverts after the expiry, and not in its second", async () => {
      const { member, friend } = await pair();
      const expiry = (await roll.now()) + 100n;
      const request = await signed(member, { delegatee: friend.address, nonce: 0n, expiry });
      const snapshot = await roll.connection.networkHelpers.takeSnapshot();
      await expect(roll.at(expiry + 1n, () => roll.membership.delegateBySig(...request)))
        .to.be.revertedWithCustomError(roll.delegations, "VotesExpiredSignature")
        .withArgs(expiry);
      await snapshot.restore();
      await roll.at(expiry, () => roll.membership.delegateBySig(...request));
      expect(await roll.membership.delegates(member)).to.equal(friend);
    });

    it("reverts for another nonce than the present one, and so for the same request again", async () => {
      const { member, friend } = await pair();
      const expiry = (await roll.now()) + 1_000n;
      const early = await signed(member, { delegatee: friend.address, nonce: 1n, expiry });
      await expect(roll.membership.delegateBySig(...early))
        .to.be.revertedWithCustomError(roll.delegations, "InvalidAccountNonce")
        .withArgs(member, 0);
      const request = await signed(member, { delegatee: friend.address, nonce: 0n, expiry });
      await roll.membership.delegateBySig(...request);
      await expect(roll.membership.delegateBySig(...request))
        .to.be.revertedWithCustomError(roll.delegations, "InvalidAccountNonce")
        .withArgs(member, 1);
    });

    it("moves the vote of who signed, whoever brings it", async () => {
      const { member, friend } = await pair();
      const expiry = (await roll.now()) + 1_000n;
      const request = await signed(member, { delegatee: friend.address, nonce: 0n, expiry });
      await expect(roll.membership.connect(roll.person(3)).delegateBySig(...request))
        .to.emit(roll.membership, "DelegateChanged")
        .withArgs(member, member, friend);
      expect(await roll.membership.getVotes(friend)).to.equal(2);
      expect(await roll.delegations.nonces(member)).to.equal(1);
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
