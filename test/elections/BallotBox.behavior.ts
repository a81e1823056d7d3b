import { expect } from "chai";
import {
  announce,
  countOf,
  createOffice,
  DAY,
  Flaw,
  METHODS,
  type Method,
  type Opened,
  openElection,
} from "../helpers/ballot-box.js";
import {
  actAs,
  type Connection,
  foundCoalition,
  join,
  maskOf,
  outsidersOf,
  type Person,
  Right,
  rotateKey,
  Standing,
} from "../helpers/governor.js";

/** What every method of taking ballots in person owes to voters, whatever its ballots mean. */
export function shouldTakeBallotsLikeABallotBox(connection: Connection, method: Method): void {
  const { loadFixture, time } = connection.networkHelpers;

  /** Three candidates for two seats, an open vote. */
  async function open() {
    return openElection(connection, { method });
  }

  /** The same, with a newcomer whose vote matures between the announcement and the opening. */
  async function openToNewcomer() {
    const before = async (coalition: Parameters<typeof join>[0]) => {
      const [newcomer] = outsidersOf(coalition);
      await join(coalition, newcomer);
      const { votesFrom } = await coalition.membership.member(await coalition.membership.numberOf(newcomer));
      await time.increaseTo(votesFrom - BigInt(DAY));
    };
    return openElection(connection, { method, before });
  }

  /** The same, where a member can vote for another by a delegation of before the announcement. */
  async function openToDelegate() {
    const before = async ({ delegations, membership, members }: Parameters<typeof announce>[0]) => {
      // Of the same group, for there are six.
      await delegations.connect(members[0]).takeDelegations(1);
      await membership.connect(members[6]).delegate(members[0]);
    };
    return openElection(connection, { method, before });
  }

  const refuses = async ({ box, electionId, ballot }: Opened, voter: Person, standing: bigint, why: bigint) =>
    expect(box.connect(voter).castBallot(electionId, ballot(1)))
      .to.be.revertedWithCustomError(box, "BallotBoxRefused")
      .withArgs(electionId, voter.address, standing, why);

  const stored = async ({ box, electionId, numberOf }: Opened, voter: Person) =>
    box.ballotOf(electionId, await numberOf(voter));

  describe(`${METHODS[method].contract} as a ballot box`, () => {
    describe("prepare", () => {
      const frame = {
        announcedAt: 1n,
        opens: 2n,
        closes: 3n,
        countsFrom: 4n,
        seats: 5n,
        secret: true,
        lastNumber: 6n,
      };

      it("reverts for everybody but the elections, the timelock included", async () => {
        const { box, elections, timelock, members } = await loadFixture(open);
        for (const caller of [members[0], await actAs(connection, timelock)]) {
          await expect(box.connect(caller).prepare(9n, frame))
            .to.be.revertedWithCustomError(box, "BallotMethodUnauthorized")
            .withArgs(caller.address, await elections.getAddress());
        }
      });

      it("reverts for an election that it takes ballots of already", async () => {
        const { box, elections, electionId } = await loadFixture(open);
        const caller = await actAs(connection, elections);
        await expect(box.connect(caller).prepare(electionId, frame))
          .to.be.revertedWithCustomError(box, "BallotBoxPrepared")
          .withArgs(electionId);
        expect((await box.frameOf(electionId)).secret).to.equal(false);
      });

      it("takes the frame down as it is", async () => {
        const { box, elections } = await loadFixture(open);
        await box.connect(await actAs(connection, elections)).prepare(9n, frame);
        expect(await box.frameOf(9n)).to.deep.equal(Object.values(frame));
      });

      it("is called by an announcement, with what the announcement says", async () => {
        const { box, electionId, announcedAt, opens, closes, countsFrom, membership } =
          await loadFixture(open);
        const last = await membership.lastNumber();
        const expected = [announcedAt, opens, closes, countsFrom, 2n, false, last];
        expect(await box.frameOf(electionId)).to.deep.equal(expected);
      });
    });

    describe("frameOf", () => {
      it("is all zero for an election of another method, and for none", async () => {
        const setting = await loadFixture(open);
        const other = method === "approval" ? setting.ranked : setting.approval;
        const nothing = [0n, 0n, 0n, 0n, 0n, false, 0n];
        expect(await other.frameOf(setting.electionId)).to.deep.equal(nothing);
        expect(await setting.box.frameOf(99n)).to.deep.equal(nothing);
      });
    });

    it("names the elections that it serves, and announces itself by ERC-165", async () => {
      const { box, elections } = await loadFixture(open);
      expect(await box.elections()).to.equal(await elections.getAddress());
      const selectors = ["prepare", "advance", "isCounted", "outcome"] as const;
      const id = selectors
        .map((name) => BigInt(box.interface.getFunction(name).selector))
        .reduce((all, one) => all ^ one, 0n);
      expect(await box.supportsInterface(`0x${id.toString(16).padStart(8, "0")}`)).to.equal(true);
      expect(await box.supportsInterface("0x01ffc9a7")).to.equal(true);
      expect(await box.supportsInterface("0xffffffff")).to.equal(false);
    });

    describe("castBallot", () => {
      context("given an election that is not open", () => {
        async function announced() {
          const coalition = await foundCoalition(connection, { count: 12 });
          return {
            ...coalition,
            ...(await announce(coalition, await createOffice(connection, coalition, { method }))),
            box: coalition[method],
          };
        }

        it("reverts for one that there is not, and for one of another method", async () => {
          const { approval, ranked, box, members, electionId } = await loadFixture(announced);
          const other = method === "approval" ? ranked : approval;
          await time.increase(3 * DAY);
          await expect(box.connect(members[0]).castBallot(99n, 1n))
            .to.be.revertedWithCustomError(box, "BallotBoxClosed")
            .withArgs(99n, 0n, 0n);
          await expect(other.connect(members[0]).castBallot(electionId, 1n))
            .to.be.revertedWithCustomError(other, "BallotBoxClosed")
            .withArgs(electionId, 0n, 0n);
        });

        it("reverts in the last second before the opening, and takes a ballot in the first of the vote", async () => {
          const { box, members, electionId, opens, closes } = await loadFixture(announced);
          const ballot = METHODS[method].ballotOf(0, 0);
          await time.setNextBlockTimestamp(opens - 1n);
          await expect(box.connect(members[0]).castBallot(electionId, ballot))
            .to.be.revertedWithCustomError(box, "BallotBoxClosed")
            .withArgs(electionId, opens, closes);
          await time.setNextBlockTimestamp(opens);
          await expect(box.connect(members[0]).castBallot(electionId, ballot))
            .to.emit(box, "ElectionBallotCast")
            .withArgs(electionId, 1n, ballot);
        });

        it("takes a ballot in the last second of the vote, and reverts in the one after", async () => {
          const { box, members, electionId, opens, closes } = await loadFixture(announced);
          const ballot = METHODS[method].ballotOf(0, 0);
          await time.setNextBlockTimestamp(closes - 1n);
          await box.connect(members[0]).castBallot(electionId, ballot);
          await time.setNextBlockTimestamp(closes);
          await expect(box.connect(members[1]).castBallot(electionId, ballot))
            .to.be.revertedWithCustomError(box, "BallotBoxClosed")
            .withArgs(electionId, opens, closes);
          expect(await box.ballotOf(electionId, 1n)).to.equal(ballot);
          expect(await box.ballotOf(electionId, 2n)).to.equal(0n);
        });
      });

      context("when the caller may not vote", () => {
        it("reverts for who never was a member", async () => {
          const setting = await loadFixture(open);
          await refuses(setting, setting.outsiders[0], Standing.NotMember, 0n);
        });

        it("reverts for who joined after the announcement", async () => {
          const setting = await loadFixture(open);
          const [newcomer] = setting.outsiders;
          await join(setting, newcomer);
          const { votesFrom } = await setting.membership.member(await setting.numberOf(newcomer));
          await refuses(setting, newcomer, Standing.Immature, votesFrom);
        });

        it("reverts for whose vote matured between the announcement and the opening", async () => {
          const setting = await loadFixture(openToNewcomer);
          const [newcomer] = setting.outsiders;
          const { votesFrom } = await setting.membership.member(await setting.numberOf(newcomer));
          expect(votesFrom).to.be.within(setting.announcedAt + 1n, setting.opens);
          await refuses(setting, newcomer, Standing.Immature, votesFrom);
        });

        it("reverts for who has left, and for who left and joined again", async () => {
          const setting = await loadFixture(open);
          const { membership, members } = setting;
          await membership.connect(members[5]).resign();
          await refuses(setting, members[5], Standing.Ended, BigInt(await time.latest()));
          await join(setting, members[5]);
          const { votesFrom } = await membership.member(await setting.numberOf(members[5]));
          await refuses(setting, members[5], Standing.Immature, votesFrom);
        });

        it("reverts for whose membership was ended", async () => {
          const setting = await loadFixture(open);
          const { membership, members, timelock } = setting;
          await membership.connect(await actAs(connection, timelock)).end(6n);
          await refuses(setting, members[5], Standing.Ended, BigInt(await time.latest()));
        });

        it("reverts while the vote is suspended, and takes the ballot once it is not", async () => {
          const setting = await loadFixture(open);
          const { membership, members, timelock } = setting;
          const until = BigInt(await time.latest()) + BigInt(DAY);
          await membership.connect(await actAs(connection, timelock)).suspend(6n, maskOf(Right.Vote), until);
          await refuses(setting, members[5], Standing.Suspended, until);
          await time.increaseTo(until);
          await setting.vote(members[5], 1);
          expect(await stored(setting, members[5])).to.equal(setting.ballot(1));
        });

        it("reverts for a key that its member moved away from", async () => {
          const setting = await loadFixture(open);
          const [newKey] = setting.outsiders;
          await rotateKey(setting, setting.members[5], newKey);
          await refuses(setting, setting.members[5], Standing.Rotated, BigInt(await time.latest()));
        });
      });

      it("takes the ballot of a member from the new key, over that of the old one", async () => {
        const setting = await loadFixture(open);
        const [newKey] = setting.outsiders;
        await setting.vote(setting.members[5], 1);
        await rotateKey(setting, setting.members[5], newKey);
        expect(await stored(setting, newKey)).to.equal(setting.ballot(1));
        await setting.vote(newKey, 2);
        expect(await stored(setting, newKey)).to.equal(setting.ballot(2));
        await time.increaseTo(setting.countsFrom);
        expect((await countOf(setting.box, setting.electionId)).ballots).to.equal(1n);
      });

      it("takes one vote from a delegate, and from who delegated their own", async () => {
        const setting = await loadFixture(openToDelegate);
        const { members, delegations, membership } = setting;
        expect((await delegations.delegationOf(7n)).delegate).to.equal(1n);
        expect(await membership.getVotes(members[0])).to.equal(2n);
        await setting.vote(members[0], 1);
        expect(await stored(setting, members[0])).to.equal(setting.ballot(1));
        expect(await stored(setting, members[6])).to.equal(0n);
        await setting.vote(members[6], 2);
        expect(await stored(setting, members[6])).to.equal(setting.ballot(2));
        await time.increaseTo(setting.countsFrom);
        expect((await countOf(setting.box, setting.electionId)).ballots).to.equal(2n);
      });

      context("when the ballot is flawed", () => {
        const flawed = async (setting: Opened, ballot: bigint, flaw: bigint) => {
          const { box, electionId, members } = setting;
          const before = await stored(setting, members[0]);
          await expect(box.connect(members[0]).castBallot(electionId, ballot))
            .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
            .withArgs(electionId, 1n, ballot, flaw);
          expect(await stored(setting, members[0])).to.equal(before);
        };

        it("reverts if it names nobody: nobody takes a ballot back", async () => {
          const setting = await loadFixture(open);
          await flawed(setting, 0n, Flaw.Empty);
          await setting.vote(setting.members[0], 1);
          await flawed(setting, 0n, Flaw.Empty);
        });

        it("reverts if it names an option that there is not", async () => {
          const setting = await loadFixture(open);
          await flawed(setting, setting.ballot(4), Flaw.UnknownOption);
          await flawed(setting, setting.ballot(1, 4), Flaw.UnknownOption);
          await setting.vote(setting.members[0], 3);
        });

        it("takes a ballot that names a candidate who withdrew before the first one, and counts it for the others", async () => {
          // Whoever signed or sealed it before could not know.
          const setting = await loadFixture(async function openWithoutTheSecond() {
            return openElection(connection, {
              method,
              after: ({ elections, members, electionId }) =>
                elections.connect(members[1]).withdraw(electionId),
            });
          });
          const { box, elections, members, electionId, ballot, finishing } = setting;
          await setting.vote(members[0], 2, 1);
          await setting.vote(members[5], 2);
          expect(await box.ballotOf(electionId, 1n)).to.equal(ballot(2, 1));
          await connection.networkHelpers.time.increaseTo(finishing);
          await box.advance(electionId, 1_500);
          expect([...(await elections.finish.staticCall(electionId))]).to.not.include(2n);
          const { order } = await box.outcome(electionId);
          expect(order.filter((option) => option !== 2n)).to.deep.equal([1n]);
        });

        it("takes a ballot for a candidate who withdraws when the vote is open", async () => {
          const setting = await loadFixture(open);
          const { elections, members, electionId } = setting;
          await setting.vote(members[0], 2);
          await elections.connect(members[1]).withdraw(electionId);
          await setting.vote(members[1], 2, 1);
          expect(await stored(setting, members[1])).to.equal(setting.ballot(2, 1));
        });
      });

      context("when the voter has a ballot already", () => {
        it("replaces it, with an event each", async () => {
          const setting = await loadFixture(open);
          const { box, electionId, members, ballot } = setting;
          for (const option of [1, 2, 2, 0, 3]) {
            await expect(setting.vote(members[0], option))
              .to.emit(box, "ElectionBallotCast")
              .withArgs(electionId, 1n, ballot(option));
            expect(await box.ballotOf(electionId, 1n)).to.equal(ballot(option));
          }
        });

        it("counts the last one, once", async () => {
          const setting = await loadFixture(open);
          const { box, electionId, members } = setting;
          for (const member of members.slice(0, 5)) await setting.vote(member, 1);
          for (const member of members.slice(0, 5)) await setting.vote(member, 2, 3);
          await setting.vote(members[4], 3);
          await time.increaseTo(setting.countsFrom);
          const { ballots, order } = await countOf(box, electionId);
          expect(ballots).to.equal(5n);
          // Nobody names the first candidate any more.
          expect(order).not.to.include(1n);
        });

        it("leaves the ballots of the others alone", async () => {
          const setting = await loadFixture(open);
          const { members, ballot } = setting;
          for (const [index, member] of members.entries()) await setting.vote(member, index % 4);
          await setting.vote(members[6], 3, 0);
          for (const [index, member] of members.entries()) {
            const expected = index === 6 ? ballot(3, 0) : ballot(index % 4);
            expect(await stored(setting, member), `member ${index}`).to.equal(expected);
          }
        });
      });
    });

    describe("ballotOf", () => {
      it("is 0 before anybody voted, for who did not, for nobody, and in another election", async () => {
        const setting = await loadFixture(open);
        const { box, electionId, members } = setting;
        expect(await box.ballotOf(electionId, 1n)).to.equal(0n);
        await setting.vote(members[0], 1);
        expect(await box.ballotOf(electionId, 1n)).to.equal(setting.ballot(1));
        for (const number of [0n, 2n, 13n, 2n ** 32n]) {
          expect(await box.ballotOf(electionId, number), `number ${number}`).to.equal(0n);
        }
        expect(await box.ballotOf(electionId + 1n, 1n)).to.equal(0n);
      });
    });

    describe("sealedBallotOf and sealedCount", () => {
      it("are 0 where ballots are not secret", async () => {
        const setting = await loadFixture(open);
        await setting.vote(setting.members[0], 1);
        expect(await setting.box.sealedBallotOf(setting.electionId, 1n)).to.equal(0n);
        expect(await setting.box.sealedCount(setting.electionId)).to.deep.equal([0n, 0n]);
      });
    });
  });
}
