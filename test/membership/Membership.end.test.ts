import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { MemberStatus, Right, Standing, useRoll } from "../helpers/roll.js";

describe("Membership", () => {
  const roll = useRoll();

  describe("end", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        const number = await roll.join(roll.person(0));
        for (const caller of [roll.person(0), roll.person(1), roll.deployer]) {
          await expect(roll.membership.connect(caller).end(number))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    context("when nobody holds the number", () => {
      it("reverts for numbers never given out", async () => {
        for (const number of [0n, 1n, 2n ** 256n - 1n]) {
          await expect(roll.governing.end(number))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
            .withArgs(number);
        }
      });

      it("reverts the second time", async () => {
        const number = await roll.join(roll.person(0));
        await roll.governing.end(number);
        await expect(roll.governing.end(number))
          .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
          .withArgs(number);
      });
    });

    context("given a member who resigned before the decision was executed", () => {
      it("bars the key all the same, and takes nothing from the electorate again", async () => {
        const number = await roll.join(roll.person(0));
        await roll.membership.connect(roll.person(0)).resign();
        const members = await roll.membership.totalSupply();
        const end = roll.governing.end(number);
        await expect(end).to.emit(roll.membership, "MemberEnded").withArgs(number, roll.person(0).address);
        await expect(end).not.to.emit(roll.membership, "Transfer");
        expect((await roll.membership.member(number)).status).to.equal(MemberStatus.Ended);
        expect(await roll.membership.totalSupply()).to.equal(members);
        await expect(roll.join(roll.person(0)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
          .withArgs(roll.person(0).address, number);
        await roll.governing.pardon(roll.person(0).address);
        expect(await roll.join(roll.person(0))).to.equal(number + 1n);
      });

      it("leaves the number alone under which the key joined again", async () => {
        const former = await roll.join(roll.person(0));
        await roll.membership.connect(roll.person(0)).resign();
        const number = await roll.join(roll.person(0));
        await expect(roll.governing.end(former))
          .to.emit(roll.membership, "MemberEnded")
          .withArgs(former, roll.person(0).address);
        expect(await roll.membership.numberOf(roll.person(0).address)).to.equal(number);
        expect((await roll.membership.member(former)).status).to.equal(MemberStatus.Ended);
      });
    });

    for (const [given, wait] of [
      ["given a vote that is not mature yet", false],
      ["given a mature vote", true],
    ] as const) {
      context(given, () => {
        it("announces the end", async () => {
          const number = await roll.join(roll.person(0));
          if (wait) await roll.goTo(await roll.votesFrom(number));
          await expect(roll.governing.end(number))
            .to.emit(roll.membership, "Transfer")
            .withArgs(roll.person(0).address, ZeroAddress, number)
            .and.to.emit(roll.membership, "MemberEnded")
            .withArgs(number, roll.person(0).address);
        });

        it("closes the number and keeps it in the open list", async () => {
          const number = await roll.join(roll.person(0), 5);
          await roll.join(roll.person(1), 5);
          if (wait) await roll.goTo(await roll.votesFrom(number));
          await roll.governing.end(number);
          const endedAt = await roll.now();

          const entry = await roll.membership.member(number);
          expect(entry.status).to.equal(MemberStatus.Ended);
          expect(entry.key).to.equal(roll.person(0).address);
          expect(entry.leftAt).to.equal(endedAt);
          expect(entry.votesFrom).to.equal(0);
          expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
          expect(await roll.membership.balanceOf(roll.person(0))).to.equal(0);
          expect(await roll.membership.getVotes(roll.person(0))).to.equal(0);
          expect(await roll.membership.totalSupply()).to.equal(1);
          expect((await roll.membership.membersByGroup())[5]).to.equal(1);
        });
      });
    }
  });

  describe("pardon", () => {
    context("when the caller is not the timelock", () => {
      it("reverts with the caller and the timelock", async () => {
        await roll.governing.end(await roll.join(roll.person(0)));
        for (const caller of [roll.person(0), roll.person(1), roll.deployer]) {
          await expect(roll.membership.connect(caller).pardon(roll.person(0)))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnauthorized")
            .withArgs(caller.address, roll.timelock);
        }
      });
    });

    context("when the key is not barred", () => {
      it("reverts for strangers, members and those who resigned", async () => {
        await roll.join(roll.person(1));
        await roll.join(roll.person(2));
        await roll.membership.connect(roll.person(2)).resign();
        for (const key of [ZeroAddress, ...[0, 1, 2].map((index) => roll.person(index).address)]) {
          await expect(roll.governing.pardon(key))
            .to.be.revertedWithCustomError(roll.membership, "MembershipNotBarred")
            .withArgs(key);
        }
      });

      it("reverts the second time", async () => {
        await roll.governing.end(await roll.join(roll.person(0)));
        await roll.governing.pardon(roll.person(0));
        await expect(roll.governing.pardon(roll.person(0)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotBarred")
          .withArgs(roll.person(0).address);
      });
    });

    context("given a barred key", () => {
      it("announces the pardon with the number that was ended", async () => {
        await roll.join(roll.person(1));
        const number = await roll.join(roll.person(0));
        await roll.governing.end(number);
        await expect(roll.governing.pardon(roll.person(0)))
          .to.emit(roll.membership, "KeyPardoned")
          .withArgs(roll.person(0).address, number);
      });

      it("lets the key join again as a new number, the old one stays ended", async () => {
        const number = await roll.join(roll.person(0));
        await roll.governing.end(number);
        const { leftAt } = await roll.membership.member(number);
        await roll.governing.pardon(roll.person(0));
        expect((await roll.membership.member(number)).status).to.equal(MemberStatus.Ended);
        expect((await roll.membership.member(number)).leftAt).to.equal(leftAt);

        expect(await roll.join(roll.person(0))).to.equal(number + 1n);
        expect((await roll.membership.member(number)).status).to.equal(MemberStatus.Ended);
        expect((await roll.membership.member(number + 1n)).status).to.equal(MemberStatus.Active);
      });

      it("does not make the key a member by itself", async () => {
        const number = await roll.join(roll.person(0));
        await roll.governing.end(number);
        const endedAt = await roll.now();
        await roll.governing.pardon(roll.person(0));
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
        const answer = await roll.membership.standingOf(roll.person(0), Right.Speak, endedAt);
        expect([...answer]).to.deep.equal([Standing.Ended, number, 0n, endedAt]);
      });

      it("lets the key be ended and pardoned again under its new number", async () => {
        await roll.governing.end(await roll.join(roll.person(0)));
        await roll.governing.pardon(roll.person(0));
        const second = await roll.join(roll.person(0));
        await roll.governing.end(second);
        await expect(roll.join(roll.person(0)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
          .withArgs(roll.person(0).address, second);
        await expect(roll.governing.pardon(roll.person(0)))
          .to.emit(roll.membership, "KeyPardoned")
          .withArgs(roll.person(0).address, second);
      });
    });

    context("given a member who had moved to another key, and both keys pardoned", () => {
      for (const [order, first] of [
        ["the old key first", 0],
        ["the new key first", 1],
      ] as const) {
        it(`lets both join again, ${order}, and keeps the past of the number`, async () => {
          const number = await roll.join(roll.person(0));
          const votesFrom = await roll.votesFrom(number);
          await roll.rotate(roll.person(0), roll.person(1), votesFrom + 100n);
          await roll.at(votesFrom + 200n, () => roll.governing.end(number));
          await roll.governing.pardon(roll.person(0));
          await roll.governing.pardon(roll.person(1));
          await roll.join(roll.person(first));
          await roll.join(roll.person(1 - first));

          expect(await roll.membership.numberOf(roll.person(first))).to.equal(number + 1n);
          expect(await roll.membership.numberOf(roll.person(1 - first))).to.equal(number + 2n);
          for (const [moment, counted, votes] of [
            [votesFrom - 1n, false, [0n, 0n]],
            [votesFrom + 99n, true, [1n, 0n]],
            [votesFrom + 100n, true, [0n, 1n]],
            [votesFrom + 199n, true, [0n, 1n]],
            [votesFrom + 200n, false, [0n, 0n]],
          ] as const) {
            expect((await roll.membership.countedAt(number, moment))[0]).to.equal(counted);
            const keys = [roll.person(0), roll.person(1)];
            const found = await Promise.all(keys.map((key) => roll.membership.getPastVotes(key, moment)));
            expect(found).to.deep.equal(votes);
          }
        });
      }
    });
  });
});
