import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import { TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import {
  approve,
  countOf,
  Flaw,
  MAX_BATCH,
  METHODS,
  nominate,
  openElection,
  outcomeOf,
  signElectionBallot,
} from "../helpers/ballot-box.js";
import { foundCoalition, type Person } from "../helpers/governor.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture, time } = connection.networkHelpers;

/** An open vote with sealed ballots. */
async function openSealed(method: "approval" | "ranked", secret = true) {
  const setting = await openElection(connection, { method, secret });
  const { box, electionId, closes, ballot, numberOf } = setting;
  const saltOf = (voter: Person) => id(`the salt of ${voter.address}`);
  const sealOf = async (voter: Person, ...options: number[]) =>
    box.sealOf(electionId, await numberOf(voter), ballot(...options), saltOf(voter));
  /** Casts a sealed ballot for these options in person. */
  const seal = async (voter: Person, ...options: number[]) =>
    box.connect(voter).castBallot(electionId, await sealOf(voter, ...options));
  const close = () => time.increaseTo(closes);
  /** What opens the ballot of a member for these options. */
  const opening = async (voter: Person, ...options: number[]) => ({
    number: await numberOf(voter),
    ballot: ballot(...options),
    salt: saltOf(voter),
  });
  const open = async (voter: Person, ...options: number[]) => {
    const { number, ballot: cast, salt } = await opening(voter, ...options);
    return box.connect(voter).open(electionId, number, cast, salt);
  };
  return { ...setting, saltOf, sealOf, seal, close, opening, open };
}

type Sealed = Awaited<ReturnType<typeof openSealed>>;

/** An opening that is refused, and changes nothing. */
async function refuses(
  { box, electionId }: Sealed,
  { number, ballot, salt }: { number: bigint; ballot: bigint; salt: string },
  flaw: bigint,
) {
  const before = [await box.sealedBallotOf(electionId, number), await box.ballotOf(electionId, number)];
  const counted = await box.sealedCount(electionId);
  await expect(box.open(electionId, number, ballot, salt))
    .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
    .withArgs(electionId, number, ballot, flaw);
  expect([
    await box.sealedBallotOf(electionId, number),
    await box.ballotOf(electionId, number),
  ]).to.deep.equal(before);
  expect(await box.sealedCount(electionId)).to.deep.equal(counted);
}

for (const method of ["approval", "ranked"] as const) {
  describe(`BallotBox: sealed ballots of ${METHODS[method].contract}`, () => {
    async function sealed() {
      return openSealed(method);
    }

    describe("sealOf", () => {
      it("is the digest of contract, chain, election, number, ballot and salt", async () => {
        const { box, ballot } = await loadFixture(sealed);
        const { chainId } = await ethers.provider.getNetwork();
        const types = ["address", "uint256", "uint256", "uint256", "uint256", "bytes32"];
        const values = [await box.getAddress(), chainId, 7n, 3n, ballot(1), id("salt")];
        expect(await box.sealOf(7n, 3n, ballot(1), id("salt"))).to.equal(
          BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values))),
        );
      });

      it("is another for another contract, election, number, ballot or salt", async () => {
        const { approval, ranked } = await loadFixture(sealed);
        const seals = await Promise.all([
          approval.sealOf(1n, 1n, 1n, ZeroHash),
          ranked.sealOf(1n, 1n, 1n, ZeroHash),
          approval.sealOf(2n, 1n, 1n, ZeroHash),
          approval.sealOf(1n, 2n, 1n, ZeroHash),
          approval.sealOf(1n, 1n, 2n, ZeroHash),
          approval.sealOf(1n, 1n, 1n, id("salt")),
        ]);
        expect(new Set(seals).size).to.equal(seals.length);
      });
    });

    describe("castBallot", () => {
      it("takes a sealed ballot, which tells and counts nothing yet", async () => {
        const { box, electionId, members, sealOf } = await loadFixture(sealed);
        const seal = await sealOf(members[0], 1);
        await expect(box.connect(members[0]).castBallot(electionId, seal))
          .to.emit(box, "ElectionBallotCast")
          .withArgs(electionId, 1n, seal);
        expect(await box.sealedBallotOf(electionId, 1n)).to.equal(seal);
        expect(await box.ballotOf(electionId, 1n)).to.equal(0n);
        expect(await box.sealedCount(electionId)).to.deep.equal([1n, 0n]);
      });

      it("reverts with nothing sealed", async () => {
        const { box, electionId, members } = await loadFixture(sealed);
        await expect(box.connect(members[0]).castBallot(electionId, 0n))
          .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
          .withArgs(electionId, 1n, 0n, Flaw.Empty);
        expect(await box.sealedCount(electionId)).to.deep.equal([0n, 0n]);
      });

      it("lets a member seal another ballot, and counts the member once", async () => {
        const setting = await loadFixture(sealed);
        const { box, electionId, members, seal, close, opening, open, ballot } = setting;
        for (const option of [1, 2, 3]) await seal(members[0], option);
        await seal(members[1], 1);
        expect(await box.sealedCount(electionId)).to.deep.equal([2n, 0n]);
        await close();
        for (const option of [1, 2]) {
          await refuses(setting, await opening(members[0], option), Flaw.WrongSeal);
        }
        await open(members[0], 3);
        expect(await box.ballotOf(electionId, 1n)).to.equal(ballot(3));
      });
    });

    describe("open", () => {
      context("when it is not the time for it", () => {
        it("reverts to the last second of the vote, and opens in the first after it", async () => {
          const { box, electionId, members, seal, opening, closes, countsFrom } = await loadFixture(sealed);
          await seal(members[0], 1);
          const { number, ballot, salt } = await opening(members[0], 1);
          await time.setNextBlockTimestamp(closes - 1n);
          await expect(box.open(electionId, number, ballot, salt))
            .to.be.revertedWithCustomError(box, "BallotBoxNotOpening")
            .withArgs(electionId, closes, countsFrom);
          await time.setNextBlockTimestamp(closes);
          await box.open(electionId, number, ballot, salt);
          expect(await box.ballotOf(electionId, number)).to.equal(ballot);
        });

        it("opens in the last second before the count, and reverts in the first of it", async () => {
          const { box, electionId, members, seal, opening, closes, countsFrom } = await loadFixture(sealed);
          for (const member of members.slice(0, 2)) await seal(member, 1);
          const [first, second] = [await opening(members[0], 1), await opening(members[1], 1)];
          await time.setNextBlockTimestamp(countsFrom - 1n);
          await box.open(electionId, first.number, first.ballot, first.salt);
          await time.setNextBlockTimestamp(countsFrom);
          await expect(box.open(electionId, second.number, second.ballot, second.salt))
            .to.be.revertedWithCustomError(box, "BallotBoxNotOpening")
            .withArgs(electionId, closes, countsFrom);
          await expect(box.openMany(electionId, [second]))
            .to.be.revertedWithCustomError(box, "BallotBoxNotOpening")
            .withArgs(electionId, closes, countsFrom);
          expect(await box.sealedCount(electionId)).to.deep.equal([2n, 1n]);
        });

        it("lets nobody seal a ballot any more", async () => {
          const { box, electionId, members, sealOf, opens, closes } = await loadFixture(sealed);
          const seal = await sealOf(members[0], 1);
          await time.setNextBlockTimestamp(closes);
          await expect(box.connect(members[0]).castBallot(electionId, seal))
            .to.be.revertedWithCustomError(box, "BallotBoxClosed")
            .withArgs(electionId, opens, closes);
        });

        it("reverts where ballots are not secret, and where there is no election", async () => {
          const { box, electionId, members, seal, close, opening } = await loadFixture(
            async function openPlain() {
              return openSealed(method, false);
            },
          );
          const { number, ballot, salt } = await opening(members[0], 1);
          await expect(seal(members[0], 1)).to.be.revertedWithCustomError(box, "BallotBoxFlawed");
          await close();
          for (const election of [electionId, 99n]) {
            await expect(box.open(election, number, ballot, salt))
              .to.be.revertedWithCustomError(box, "BallotBoxNotOpening")
              .withArgs(election, 0n, 0n);
          }
        });
      });

      it("opens a ballot, which counts from then on", async () => {
        const { box, electionId, members, seal, close, open, ballot } = await loadFixture(sealed);
        await seal(members[0], 2);
        await close();
        await expect(open(members[0], 2)).to.emit(box, "BallotOpened").withArgs(electionId, 1n, ballot(2));
        expect(await box.ballotOf(electionId, 1n)).to.equal(ballot(2));
        expect(await box.sealedBallotOf(electionId, 1n)).to.equal(0n);
        expect(await box.sealedCount(electionId)).to.deep.equal([1n, 1n]);
      });

      it("opens it for anybody who has the salt", async () => {
        const { box, electionId, members, outsiders, seal, close, opening, ballot } =
          await loadFixture(sealed);
        await seal(members[0], 2);
        await close();
        const { salt } = await opening(members[0], 2);
        await box.connect(outsiders[0]).open(electionId, 1n, ballot(2), salt);
        expect(await box.ballotOf(electionId, 1n)).to.equal(ballot(2));
      });

      it("opens the ballot of who has left since the vote", async () => {
        const { box, electionId, members, membership, seal, close, open, ballot } = await loadFixture(sealed);
        await seal(members[5], 2);
        await membership.connect(members[5]).resign();
        await close();
        await expect(open(members[5], 2)).to.be.revertedWithCustomError(box, "BallotBoxFlawed");
        const salt = id(`the salt of ${members[5].address}`);
        await box.open(electionId, 6n, ballot(2), salt);
        expect(await box.ballotOf(electionId, 6n)).to.equal(ballot(2));
      });

      it("reverts the second time", async () => {
        const setting = await loadFixture(sealed);
        const { members, seal, close, opening, open } = setting;
        await seal(members[0], 1);
        await close();
        await open(members[0], 1);
        await refuses(setting, await opening(members[0], 1), Flaw.NotSealed);
      });

      it("reverts for who sealed nothing", async () => {
        const setting = await loadFixture(sealed);
        const { members, close, opening, seal } = setting;
        await seal(members[0], 1);
        await close();
        await refuses(setting, await opening(members[1], 1), Flaw.NotSealed);
        await refuses(setting, { ...(await opening(members[0], 1)), number: 0n }, Flaw.NotSealed);
      });

      it("reverts with another salt, ballot or number than was sealed", async () => {
        const setting = await loadFixture(sealed);
        const { members, seal, close, opening } = setting;
        for (const member of members.slice(0, 2)) await seal(member, 1);
        await close();
        const right = await opening(members[0], 1);
        await refuses(setting, { ...right, salt: ZeroHash }, Flaw.WrongSeal);
        await refuses(setting, await opening(members[0], 2), Flaw.WrongSeal);
        await refuses(setting, { ...right, number: 2n }, Flaw.WrongSeal);
      });

      it("reverts for a seal that was copied from another member", async () => {
        const setting = await loadFixture(sealed);
        const { box, electionId, members, sealOf, close, opening, open } = setting;
        const seal = await sealOf(members[0], 1);
        for (const member of members.slice(0, 2)) await box.connect(member).castBallot(electionId, seal);
        await close();
        await refuses(setting, { ...(await opening(members[0], 1)), number: 2n }, Flaw.WrongSeal);
        await open(members[0], 1);
        expect(await box.sealedCount(electionId)).to.deep.equal([2n, 1n]);
      });

      it("reverts for a seal that was made for another election, contract or chain", async () => {
        const setting = await loadFixture(sealed);
        const { approval, ranked, box, electionId, members, close, opening, ballot, saltOf } = setting;
        const other = method === "approval" ? ranked : approval;
        const parts = [1n, ballot(1), saltOf(members[0])] as const;
        const elsewhere = keccak256(
          AbiCoder.defaultAbiCoder().encode(
            ["address", "uint256", "uint256", "uint256", "uint256", "bytes32"],
            [await box.getAddress(), 1n, electionId, ...parts],
          ),
        );
        const seals = [
          await box.sealOf(electionId + 1n, ...parts),
          await other.sealOf(electionId, ...parts),
          BigInt(elsewhere),
        ];
        const snapshot = await connection.networkHelpers.takeSnapshot();
        for (const seal of seals) {
          await box.connect(members[0]).castBallot(electionId, seal);
          await close();
          await refuses(setting, await opening(members[0], 1), Flaw.WrongSeal);
          await snapshot.restore();
        }
      });

      context("given what was sealed is no ballot", () => {
        const spoilt = {
          nobody: [[], Flaw.Empty],
          "an unknown option": [[4], Flaw.UnknownOption],
          "too many options": [method === "approval" ? [1, 2, 3] : [1, 1], Flaw.Overvote],
        } as const;

        for (const [name, [options, flaw]] of Object.entries(spoilt)) {
          it(`reverts for ${name}: the ballot stays sealed and is not counted`, async () => {
            const setting = await loadFixture(sealed);
            const { box, electionId, members, seal, close, opening, open, countsFrom } = setting;
            await seal(members[0], ...options);
            await seal(members[1], 1);
            await close();
            await refuses(setting, await opening(members[0], ...options), flaw);
            await open(members[1], 1);
            expect(await box.sealedCount(electionId)).to.deep.equal([2n, 1n]);
            await time.increaseTo(countsFrom);
            expect((await countOf(box, electionId)).ballots).to.equal(1n);
          });
        }
      });
    });

    describe("openMany", () => {
      it("reverts with no opening, and with more than 200", async () => {
        const { box, electionId, members, close, opening } = await loadFixture(sealed);
        await close();
        const one = await opening(members[0], 1);
        for (const size of [0, MAX_BATCH + 1]) {
          await expect(box.openMany(electionId, Array(size).fill(one)))
            .to.be.revertedWithCustomError(box, "BallotBoxBatchSize")
            .withArgs(size, MAX_BATCH);
        }
        const { kept } = await outcomeOf(
          box,
          box.openMany(electionId, Array(MAX_BATCH).fill(one), { gasLimit: TRANSACTION_GAS_LIMIT }),
        );
        expect(kept).to.have.length(MAX_BATCH);
      });

      it("opens what is sound, passes over what is not and says why", async () => {
        const setting = await loadFixture(sealed);
        const { box, electionId, members, outsiders, seal, close, opening, ballot } = setting;
        await seal(members[0], 1);
        await seal(members[1], 2);
        await seal(members[2], 4);
        await seal(members[3], 3);
        await close();
        const openings = [
          await opening(members[0], 1),
          { ...(await opening(members[1], 2)), salt: ZeroHash },
          await opening(members[2], 4),
          await opening(members[4], 1),
          await opening(members[3], 3),
          await opening(members[0], 1),
        ];
        const caller = box.connect(outsiders[0]);
        expect(await caller.openMany.staticCall(electionId, openings)).to.equal(2n);
        const { opened, kept } = await outcomeOf(box, caller.openMany(electionId, openings));
        expect(opened).to.deep.equal([
          [1n, ballot(1)],
          [4n, ballot(3)],
        ]);
        expect(kept).to.deep.equal([
          [2n, 1n, Flaw.WrongSeal],
          [3n, 2n, Flaw.UnknownOption],
          [5n, 3n, Flaw.NotSealed],
          [1n, 5n, Flaw.NotSealed],
        ]);
        expect(await box.sealedCount(electionId)).to.deep.equal([4n, 2n]);
      });
    });

    describe("the count", () => {
      it("has what was opened, and leaves out what was not", async () => {
        const setting = await loadFixture(sealed);
        const { box, electionId, members, seal, close, opening, countsFrom } = setting;
        for (const [index, member] of members.entries()) await seal(member, index < 4 ? 1 : 2);
        await close();
        const openings = await Promise.all(members.slice(0, 6).map((m, i) => opening(m, i < 4 ? 1 : 2)));
        await box.openMany(electionId, openings);
        expect(await box.sealedCount(electionId)).to.deep.equal([12n, 6n]);
        await time.increaseTo(countsFrom);
        const { ballots, order } = await countOf(box, electionId);
        expect(ballots).to.equal(6n);
        expect(order.slice(0, 2)).to.deep.equal([1n, 2n]);
      });

      it("is of nothing if nothing was opened", async () => {
        const { box, electionId, members, seal, countsFrom } = await loadFixture(sealed);
        for (const member of members) await seal(member, 1);
        await time.increaseTo(countsFrom);
        const { ballots, order } = await countOf(box, electionId);
        expect(ballots).to.equal(0n);
        expect(order).to.deep.equal([]);
        expect(await box.sealedCount(electionId)).to.deep.equal([12n, 0n]);
      });
    });

    describe("castBallots", () => {
      it("takes a sealed ballot that was signed, and a changed one, which alone can be opened", async () => {
        const setting = await loadFixture(sealed);
        const { box, electionId, members, sealOf, close, opening, open } = setting;
        const first = { electionId, ballot: await sealOf(members[0], 1) };
        const changed = { electionId, ballot: await sealOf(members[0], 2), nonce: 0n };
        const ballots = [
          await signElectionBallot(box, members[0], first),
          await signElectionBallot(box, members[0], changed),
        ];
        const { cast } = await outcomeOf(box, box.castBallots(electionId, ballots));
        expect(cast).to.deep.equal([
          [1n, first.ballot],
          [1n, changed.ballot],
        ]);
        expect(await box.sealedCount(electionId)).to.deep.equal([1n, 0n]);
        await close();
        await refuses(setting, await opening(members[0], 1), Flaw.WrongSeal);
        await open(members[0], 2);
      });
    });
  });
}

describe("BallotBox: sealed ballots of two elections", () => {
  it("are opened each in its own", async () => {
    const coalition = await foundCoalition(connection, { count: 12 });
    const { approval: box, members } = coalition;
    const first = await nominate(connection, coalition, members.slice(0, 3), { secret: true });
    const second = await nominate(connection, coalition, members.slice(0, 3), { secret: true });
    await time.increaseTo(second.opens);
    const seal = await box.sealOf(first.electionId, 1n, approve(1), ZeroHash);
    for (const { electionId } of [first, second]) await box.connect(members[0]).castBallot(electionId, seal);
    await time.increaseTo(second.closes);
    await expect(box.open(second.electionId, 1n, approve(1), ZeroHash))
      .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
      .withArgs(second.electionId, 1n, approve(1), Flaw.WrongSeal);
    await box.open(first.electionId, 1n, approve(1), ZeroHash);
    expect(await box.ballotOf(first.electionId, 1n)).to.equal(approve(1));
    expect(await box.ballotOf(second.electionId, 1n)).to.equal(0n);
  });
});
