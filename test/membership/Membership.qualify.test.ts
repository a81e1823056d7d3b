import { expect } from "chai";
import { Right, readVoter, Standing, useRoll } from "../helpers/roll.js";

const UNQUALIFIED = 1n;

describe("Membership", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;

  /** A policy that admits one request, or nobody, in force. */
  async function closeTheDoor() {
    const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
    await roll.governing.setAdmissionPolicy(policy);
    return policy;
  }

  describe("join, given a policy that does not admit", () => {
    beforeEach(closeTheDoor);

    it("makes a participant, without a place in the queue", async () => {
      await expect(roll.membership.connect(roll.person(0)).join(2, roll.codeDigest, "0x"))
        .to.emit(roll.membership, "MemberJoined")
        .withArgs(1n, 2n, 0n, roll.codeDigest);
      const entry = await roll.membership.member(1n);
      expect(entry.pauses).to.equal(UNQUALIFIED);
      expect(entry.votesFrom).to.equal(0n);
      expect(entry.group).to.equal(2n);
    });

    it("lets a participant speak and nothing else, and says why", async () => {
      await roll.join(roll.person(0), 2);
      const now = await roll.now();
      const [speaks] = await roll.membership.standingOf(key(0), Right.Speak, now);
      expect(speaks).to.equal(Standing.Granted);
      for (const right of [Right.Propose, Right.Vote, Right.Stand]) {
        const answer = await roll.membership.standingOf(key(0), right, now + 10n ** 9n);
        expect(answer).to.deep.equal([Standing.Unqualified, 1n, 2n, 0n]);
      }
      expect(readVoter(await roll.membership.voterOf(key(0)))).to.deep.include({
        number: 1n,
        status: 1n,
        flags: 8n,
      });
      expect(await roll.membership.getVotes(key(0))).to.equal(0n);
      expect(await roll.membership.countedAt(1n, now)).to.deep.equal([false, 0n]);
    });

    it("counts participants among the members of their group, and in no electorate", async () => {
      await roll.join(roll.person(0), 2);
      await roll.join(roll.person(1), 2);
      await roll.join(roll.person(2), 5);
      expect(await roll.membership.totalSupply()).to.equal(3n);
      expect(await roll.membership.membersByGroup()).to.deep.equal([0n, 0n, 2n, 0n, 0n, 1n]);
      await roll.membership.connect(roll.person(1)).resign();
      expect(await roll.membership.membersByGroup()).to.deep.equal([0n, 0n, 1n, 0n, 0n, 1n]);
      await roll.goTo((await roll.now()) + 10n ** 8n);
      expect(await roll.membership.getPastTotalSupply((await roll.now()) - 1n)).to.equal(0n);
      await roll.governing.end(3n);
      expect(await roll.membership.totalSupply()).to.equal(1n);
    });

    it("takes no seat of any boundary", async () => {
      for (let index = 0; index < 5; index++) await roll.join(roll.person(index), 0);
      await roll.governing.setAdmissionPolicy(roll.admission);
      const number = await roll.join(roll.person(5), 0);
      const { waitingPeriod, epochLength } = roll.parameters.Membership;
      const earliest = (await roll.now()) + BigInt(waitingPeriod);
      const epoch = BigInt(epochLength);
      expect(await roll.votesFrom(number)).to.equal(((earliest + epoch - 1n) / epoch) * epoch);
    });
  });

  describe("qualify", () => {
    context("when the policy does not admit", () => {
      it("reverts with the policy's name", async () => {
        const policy = await closeTheDoor();
        await roll.join(roll.person(0), 2);
        await expect(roll.membership.qualify(1n, "0x1234"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAdmissionRefused")
          .withArgs(key(0), await policy.getAddress());
      });

      it("reverts with the policy's own words", async () => {
        const policy = await closeTheDoor();
        await roll.join(roll.person(0), 2);
        await policy.speakUp();
        await expect(roll.membership.qualify(1n, "0x1234"))
          .to.be.revertedWithCustomError(policy, "AdmissionPolicyMockEvidenceWanting")
          .withArgs(key(0), "0x1234");
      });
    });

    it("reverts for a number that nobody holds", async () => {
      await closeTheDoor();
      await roll.join(roll.person(0), 2);
      await roll.membership.connect(roll.person(0)).resign();
      for (const number of [0n, 1n, 2n]) {
        await expect(roll.membership.qualify(number, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
          .withArgs(number);
      }
    });

    it("reverts for who is in the queue or votes", async () => {
      const number = await roll.join(roll.person(0), 2);
      await expect(roll.membership.qualify(number, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipNotQualifiable")
        .withArgs(number, 0n);
      await roll.goTo(await roll.votesFrom(number));
      await expect(roll.membership.qualify(number, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipNotQualifiable")
        .withArgs(number, 0n);
    });

    it("lets anybody enter a participant whom the policy admits, with the evidence that it wants", async () => {
      const policy = await closeTheDoor();
      await roll.join(roll.person(0), 2);
      await policy.expectRequest(key(0), 2, "0xabcd");
      await roll.membership.connect(roll.person(9)).qualify(1n, "0xabcd");
      const entry = await roll.membership.member(1n);
      const { waitingPeriod, epochLength } = roll.parameters.Membership;
      const earliest = (await roll.now()) + BigInt(waitingPeriod);
      const epoch = BigInt(epochLength);
      expect(entry.votesFrom).to.equal(((earliest + epoch - 1n) / epoch) * epoch);
      expect(entry.pauses).to.equal(0n);
      const [event] = await roll.membership.queryFilter(roll.membership.filters.MemberQualified());
      expect([...(event?.args ?? [])]).to.deep.equal([1n, entry.votesFrom]);
      expect(await roll.membership.totalSupply()).to.equal(1n);
    });

    it("lets the vote count from its boundary on, in its group", async () => {
      await closeTheDoor();
      await roll.join(roll.person(0), 2);
      await roll.governing.setAdmissionPolicy(roll.admission);
      await roll.membership.qualify(1n, "0x");
      const votesFrom = await roll.votesFrom(1n);
      await roll.goTo(votesFrom + 1n);
      expect(await roll.membership.getPastVotes(key(0), votesFrom - 1n)).to.equal(0n);
      expect(await roll.membership.getPastVotes(key(0), votesFrom)).to.equal(1n);
      expect(await roll.membership.getPastVotesByGroup(votesFrom - 1n)).to.deep.equal([
        0n,
        0n,
        0n,
        0n,
        0n,
        0n,
      ]);
      expect(await roll.membership.getPastVotesByGroup(votesFrom)).to.deep.equal([0n, 0n, 1n, 0n, 0n, 0n]);
      expect(await roll.membership.countedAt(1n, votesFrom)).to.deep.equal([true, 2n]);
    });

    it("shares the queue's order with who joins: first come, first seated", async () => {
      await closeTheDoor();
      for (let index = 0; index < 2; index++) await roll.join(roll.person(index), 0);
      await roll.governing.setAdmissionPolicy(roll.admission);
      await roll.governing.setMaturity({ ...roll.pace, epochFloor: 1, epochShareBps: 100 });
      const joined = await roll.join(roll.person(2), 0);
      await roll.membership.qualify(2n, "0x");
      await roll.membership.qualify(1n, "0x");
      const epoch = BigInt(roll.parameters.Membership.epochLength);
      const first = await roll.votesFrom(joined);
      expect(await roll.votesFrom(2n)).to.equal(first + epoch);
      expect(await roll.votesFrom(1n)).to.equal(first + 2n * epoch);
    });

    it("refuses a participant whose vote something else holds back, until that has ended", async () => {
      await closeTheDoor();
      await roll.join(roll.person(0), 2);
      const address = await roll.affiliations.getAddress();
      await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
      const desk = roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
      await desk.setPaused(1n, true);
      await roll.governing.setAdmissionPolicy(roll.admission);
      await expect(roll.membership.qualify(1n, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipNotQualifiable")
        .withArgs(1n, 0b101n);
      await expect(desk.setPaused(1n, false)).to.emit(roll.membership, "VoteResumed").withArgs(1n, 2n, 0n);
      await roll.membership.qualify(1n, "0x");
      expect((await roll.membership.member(1n)).pauses).to.equal(0n);
    });
  });
});
