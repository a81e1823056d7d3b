import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { MemberStatus, useRoll } from "../helpers/roll.js";

describe("Membership", () => {
  const roll = useRoll();

  describe("join", () => {
    context("when the group does not exist", () => {
      it("reverts with the group and how many there are", async () => {
        const count = roll.parameters.Membership.groups.length;
        await expect(roll.membership.join(count, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
          .withArgs(count, count);
        await expect(roll.membership.join(255, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
          .withArgs(255, count);
      });
    });

    context("when the digest is not that of the Code of Conduct in force", () => {
      it("reverts with both digests", async () => {
        await expect(roll.membership.join(0, ZeroHash, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipWrongCodeDigest")
          .withArgs(ZeroHash, roll.codeDigest);
      });

      it("reverts for the digest of a former version", async () => {
        const next = roll.ethers.id("the next version");
        await roll.governing.setCodeOfConduct(next);
        await expect(roll.membership.join(0, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipWrongCodeDigest")
          .withArgs(roll.codeDigest, next);
      });
    });

    context("given a policy that admits one request and no other", () => {
      const evidence = "0xc0ffee";

      async function guarded() {
        const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
        await roll.governing.setAdmissionPolicy(policy);
        await policy.expectRequest(roll.person(0).address, 2, evidence);
        return policy;
      }

      it("admits that request", async () => {
        await guarded();
        await roll.membership.connect(roll.person(0)).join(2, roll.codeDigest, evidence);
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(1);
      });

      it("makes a participant of who makes another: somebody else, in another group, or with other evidence", async () => {
        await guarded();
        for (const [index, group, brought] of [
          [1, 2, evidence],
          [2, 3, evidence],
          [3, 2, "0xc0ffe0"],
        ] as const) {
          const joining = roll.membership.connect(roll.person(index)).join(group, roll.codeDigest, brought);
          await expect(joining)
            .to.emit(roll.membership, "MemberJoined")
            .withArgs(index, group, 0, roll.codeDigest);
          expect(await roll.votesFrom(BigInt(index))).to.equal(0);
        }
        expect(await roll.membership.totalSupply()).to.equal(3);
      });

      it("reverts with the policy's own error where it has one", async () => {
        const policy = await guarded();
        await policy.speakUp();
        await expect(roll.membership.connect(roll.person(1)).join(2, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(policy, "AdmissionPolicyMockEvidenceWanting")
          .withArgs(roll.person(1).address, "0x");
      });

      it("leaves no trace of whom the policy refused in its own words", async () => {
        const policy = await guarded();
        await policy.speakUp();
        await expect(roll.membership.connect(roll.person(1)).join(2, roll.codeDigest, evidence))
          .to.be.revertedWithCustomError(policy, "AdmissionPolicyMockEvidenceWanting")
          .withArgs(roll.person(1).address, evidence);
        expect(await roll.membership.lastNumber()).to.equal(0);
        expect(await roll.membership.totalSupply()).to.equal(0);
        expect(await roll.membership.balanceOf(roll.person(1))).to.equal(0);
      });
    });

    context("given a policy that joins the roll itself when it is asked", () => {
      it("reverts, for a policy is asked without the power to write", async () => {
        const policy = await roll.ethers.deployContract("MeddlingPolicy");
        await roll.governing.setAdmissionPolicy(policy);
        const joining = roll.membership.connect(roll.person(0)).join(0, roll.codeDigest, "0x");
        await expect(joining).to.be.revertedWithoutReason(roll.ethers);
        expect(await roll.membership.lastNumber()).to.equal(0);
        expect(await roll.membership.numberOf(policy)).to.equal(0);
      });
    });

    context("given a member", () => {
      it("reverts with the number that the key holds", async () => {
        const number = await roll.join(roll.person(0), 1);
        await expect(roll.membership.connect(roll.person(0)).join(2, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
          .withArgs(roll.person(0).address, number);
      });
    });

    context("given a key whose membership was ended", () => {
      it("reverts with the number that it held", async () => {
        const number = await roll.join(roll.person(0));
        await roll.governing.end(number);
        await expect(roll.membership.connect(roll.person(0)).join(0, roll.codeDigest, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
          .withArgs(roll.person(0).address, number);
      });
    });

    context("when all is well", () => {
      it("announces token, lock and member", async () => {
        const { membership, codeDigest } = roll;
        const { waitingPeriod, epochLength } = roll.parameters.Membership;
        const moment = (await roll.now()) + 100n;
        const earliest = moment + BigInt(waitingPeriod);
        const length = BigInt(epochLength);
        const boundary = ((earliest + length - 1n) / length) * length;

        const joining = roll.at(moment, () => membership.connect(roll.person(0)).join(3, codeDigest, "0x"));
        await expect(joining)
          .to.emit(membership, "Transfer")
          .withArgs(ZeroAddress, roll.person(0).address, 1)
          .and.to.emit(membership, "Locked")
          .withArgs(1)
          .and.to.emit(membership, "MemberJoined")
          .withArgs(1, 3, boundary, codeDigest);
      });

      it("answers the number", async () => {
        const joining = roll.membership.connect(roll.person(0)).join;
        expect(await joining.staticCall(0, roll.codeDigest, "0x")).to.equal(1);
        await roll.join(roll.person(1));
        expect(await joining.staticCall(0, roll.codeDigest, "0x")).to.equal(2);
      });

      it("enters the member in the open list", async () => {
        const number = await roll.join(roll.person(0), 3);
        const joinedAt = await roll.now();
        const { epochLength, waitingPeriod } = roll.parameters.Membership;
        const entry = await roll.membership.member(number);
        expect(entry.number).to.equal(1);
        expect(entry.key).to.equal(roll.person(0).address);
        expect(entry.group).to.equal(3);
        expect(entry.status).to.equal(MemberStatus.Active);
        expect(entry.joinedAt).to.equal(joinedAt);
        expect(entry.leftAt).to.equal(0);
        expect(entry.votesFrom).to.be.within(
          joinedAt + BigInt(waitingPeriod),
          joinedAt + BigInt(waitingPeriod + epochLength - 1),
        );
        expect(entry.votesFrom % BigInt(epochLength)).to.equal(0);
        expect(entry.organisation).to.equal(false);
        expect(entry.pauses).to.equal(0);
        expect(entry.confirmedAt).to.equal(joinedAt);
        expect([...entry.suspendedUntil]).to.deep.equal([0n, 0n, 0n, 0n]);
      });

      it("gives the key the number and the token", async () => {
        const number = await roll.join(roll.person(0));
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(number);
        expect(await roll.membership.ownerOf(number)).to.equal(roll.person(0).address);
        expect(await roll.membership.balanceOf(roll.person(0))).to.equal(1);
      });

      it("numbers members in the order of joining", async () => {
        for (const [index, expected] of [1n, 2n, 3n].entries()) {
          expect(await roll.join(roll.person(index))).to.equal(expected);
        }
      });

      it("matures votes in the order of joining, a boundary's seats at a time", async () => {
        await roll.governing.setMaturity({ ...roll.pace, epochFloor: 2 });
        const votesFrom: bigint[] = [];
        for (const index of [0, 1, 2, 3, 4])
          votesFrom.push(await roll.votesFrom(await roll.join(roll.person(index))));
        const [first, length] = [votesFrom[0] as bigint, BigInt(roll.parameters.Membership.epochLength)];
        expect(votesFrom).to.deep.equal([0n, 0n, 1n, 1n, 2n].map((epoch) => first + epoch * length));
      });

      it("takes nobody's nonce", async () => {
        await roll.join(roll.person(0));
        expect(await roll.requests.nonces(roll.person(0))).to.equal(0);
      });

      it("lets every group in, the last one too", async () => {
        const { groups } = roll.parameters.Membership;
        for (const group of groups.keys()) await roll.join(roll.person(group), group);
        expect(await roll.membership.membersByGroup()).to.deep.equal(groups.map(() => 1n));
      });
    });
  });
});
