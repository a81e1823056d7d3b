import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { MemberStatus, mask, Right, Standing, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;

describe("Membership", () => {
  const roll = useRoll();

  describe("resign", () => {
    context("when the caller is no member", () => {
      it("reverts for who never was", async () => {
        await expect(roll.membership.connect(roll.person(0)).resign())
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotMember")
          .withArgs(roll.person(0).address);
      });

      it("reverts for who has resigned already", async () => {
        await roll.join(roll.person(0));
        await roll.membership.connect(roll.person(0)).resign();
        await expect(roll.membership.connect(roll.person(0)).resign())
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotMember")
          .withArgs(roll.person(0).address);
      });

      it("reverts for whose membership was ended", async () => {
        await roll.governing.end(await roll.join(roll.person(0)));
        await expect(roll.membership.connect(roll.person(0)).resign())
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotMember")
          .withArgs(roll.person(0).address);
      });
    });

    for (const [given, wait] of [
      ["given a vote that is not mature yet", false],
      ["given a mature vote", true],
    ] as const) {
      context(given, () => {
        it("announces the leave", async () => {
          const number = await roll.join(roll.person(0), 2);
          if (wait) await roll.goTo(await roll.votesFrom(number));
          await expect(roll.membership.connect(roll.person(0)).resign())
            .to.emit(roll.membership, "Transfer")
            .withArgs(roll.person(0).address, ZeroAddress, number)
            .and.to.emit(roll.membership, "MemberResigned")
            .withArgs(number, roll.person(0).address);
        });

        it("closes the number and keeps it in the open list", async () => {
          const number = await roll.join(roll.person(0), 2);
          const { joinedAt, votesFrom } = await roll.membership.member(number);
          if (wait) await roll.goTo(votesFrom);
          await roll.membership.connect(roll.person(0)).resign();
          const leftAt = await roll.now();

          const entry = await roll.membership.member(number);
          expect(entry.status).to.equal(MemberStatus.Resigned);
          expect(entry.key).to.equal(roll.person(0).address);
          expect(entry.group).to.equal(2);
          expect(entry.joinedAt).to.equal(joinedAt);
          expect(entry.leftAt).to.equal(leftAt);
          expect(entry.votesFrom).to.equal(0);
          expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
          expect(await roll.membership.balanceOf(roll.person(0))).to.equal(0);
          await expect(roll.membership.ownerOf(number))
            .to.be.revertedWithCustomError(roll.membership, "ERC721NonexistentToken")
            .withArgs(number);
        });

        it("takes the member off the counts", async () => {
          const number = await roll.join(roll.person(0), 2);
          await roll.join(roll.person(1), 2);
          if (wait) await roll.goTo(await roll.votesFrom(number));
          await roll.membership.connect(roll.person(0)).resign();
          expect(await roll.membership.totalSupply()).to.equal(1);
          expect((await roll.membership.membersByGroup())[2]).to.equal(1);
          expect(await roll.membership.getVotes(roll.person(0))).to.equal(0);
        });
      });
    }

    context("when joining and leaving fall into one block", () => {
      it("leaves no vote behind, at no moment", async () => {
        const { membership, codeDigest, person } = roll;
        const provider = roll.ethers.provider;
        await roll.join(person(1));
        await provider.send("evm_setAutomine", [false]);
        const joining = await membership.connect(person(0)).join(0, codeDigest, "0x", { gasLimit: 500_000 });
        const leaving = await membership.connect(person(0)).resign({ gasLimit: 500_000 });
        await roll.connection.networkHelpers.mine();
        await provider.send("evm_setAutomine", [true]);
        const [first, second] = [await joining.wait(), await leaving.wait()];
        expect(first?.blockNumber).to.equal(second?.blockNumber);

        const { joinedAt, leftAt, status } = await membership.member(2);
        expect(status).to.equal(MemberStatus.Resigned);
        expect(leftAt).to.equal(joinedAt);
        const boundary = await roll.votesFrom(1n);
        await roll.goTo(boundary + 1n);
        expect(await membership.getPastTotalSupply(boundary)).to.equal(1);
        expect(await membership.getPastVotes(person(0), boundary)).to.equal(0);
        expect(await membership.getPastVotes(person(0), joinedAt)).to.equal(0);
      });
    });
  });

  describe("joining again", () => {
    it("gives a new number and a new wait", async () => {
      const first = await roll.join(roll.person(0), 1);
      const boundary = await roll.votesFrom(first);
      await roll.goTo(boundary);
      await roll.membership.connect(roll.person(0)).resign();
      const second = await roll.join(roll.person(0), 3);

      expect(second).to.equal(first + 1n);
      expect(await roll.membership.numberOf(roll.person(0))).to.equal(second);
      const { waitingPeriod } = roll.parameters.Membership;
      expect(await roll.votesFrom(second)).to.be.at.least((await roll.now()) + BigInt(waitingPeriod));
      expect(await roll.membership.getVotes(roll.person(0))).to.equal(0);
    });

    it("leaves the old number closed, with its group", async () => {
      const first = await roll.join(roll.person(0), 1);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.join(roll.person(0), 3);
      const entry = await roll.membership.member(first);
      expect(entry.status).to.equal(MemberStatus.Resigned);
      expect(entry.group).to.equal(1);
      expect(entry.votesFrom).to.equal(0);
      expect(await roll.membership.membersByGroup()).to.deep.equal([0n, 0n, 0n, 1n, 0n, 0n]);
    });

    it("does not shed a suspension", async () => {
      const first = await roll.join(roll.person(0));
      const until = (await roll.now()) + 200n * DAY;
      await roll.governing.suspend(first, mask(Right.Speak, Right.Stand), until);
      await roll.membership.connect(roll.person(0)).resign();
      const second = await roll.join(roll.person(0));

      expect([...(await roll.membership.member(second)).suspendedUntil]).to.deep.equal([
        until,
        0n,
        0n,
        until,
      ]);
      const [standing, number, , explanation] = await roll.membership.standingOf(
        roll.person(0),
        Right.Speak,
        await roll.now(),
      );
      expect(standing).to.equal(Standing.Suspended);
      expect(number).to.equal(second);
      expect(explanation).to.equal(until);
    });

    it("does not shed it by going round twice, or by a pardon", async () => {
      const until = (await roll.now()) + 200n * DAY;
      await roll.governing.suspend(await roll.join(roll.person(0)), mask(Right.Propose), until);
      await roll.membership.connect(roll.person(0)).resign();
      await roll.governing.end(await roll.join(roll.person(0)));
      await roll.governing.pardon(roll.person(0));
      const third = await roll.join(roll.person(0));
      expect([...(await roll.membership.member(third)).suspendedUntil]).to.deep.equal([0n, until, 0n, 0n]);
    });

    it("lets the new number be restored without touching the old one", async () => {
      const first = await roll.join(roll.person(0));
      const until = (await roll.now()) + 200n * DAY;
      await roll.governing.suspend(first, mask(Right.Speak), until);
      await roll.membership.connect(roll.person(0)).resign();
      const second = await roll.join(roll.person(0));
      await roll.governing.restore(second, mask(Right.Speak));
      expect([...(await roll.membership.member(second)).suspendedUntil]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect([...(await roll.membership.member(first)).suspendedUntil]).to.deep.equal([until, 0n, 0n, 0n]);
    });

    it("starts clean for whom nothing was suspended", async () => {
      await roll.join(roll.person(0));
      await roll.membership.connect(roll.person(0)).resign();
      const second = await roll.join(roll.person(0));
      expect([...(await roll.membership.member(second)).suspendedUntil]).to.deep.equal([0n, 0n, 0n, 0n]);
    });
  });
});
