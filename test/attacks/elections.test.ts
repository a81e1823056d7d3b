import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { FAR, freshKeys, rotate, TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import {
  announce,
  approve,
  countOf,
  createOffice,
  DAY,
  Flaw,
  METHODS,
  type Method,
  nominate,
  type Opened,
  openElection,
  Phase,
  plainOffice,
  plainRules,
  rank,
} from "../helpers/ballot-box.js";
import {
  actAs,
  foundCoalition,
  join,
  maskOf,
  type Person,
  Right,
  rotateKey,
  Standing,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, takeSnapshot, time } = networkHelpers;

const STATEMENT = id("a statement");
const BOTH = Object.keys(METHODS) as Method[];

/** An election in nomination, in which a nominee needs two seconds of two groups, and each member has one to give. */
async function nominating() {
  const coalition = await foundCoalition(connection, { count: 14 });
  const rules = { seconds_: 2, secondGroups: 2, secondsByMember: 1 };
  const election = await announce(coalition, await createOffice(connection, coalition, { rules }));
  return { ...coalition, ...election };
}

/** An open vote by each method: three candidates for two seats, twelve members. */
async function openApproval() {
  return openElection(connection, { method: "approval" });
}
async function openRanked() {
  return openElection(connection, { method: "ranked" });
}
const openBy = { approval: openApproval, ranked: openRanked } as const;

/** Everybody votes: the members at these places for these options; and the time to finish has come. */
async function finishing(setting: Opened, votes: readonly (readonly number[])[]) {
  for (const [index, options] of votes.entries()) {
    if (options.length > 0) await setting.vote(setting.members[index] as Person, ...options);
  }
  await time.increaseTo(setting.countsFrom);
  const outcome = await countOf(setting.box, setting.electionId);
  await time.increaseTo(setting.finishing);
  return outcome;
}

const times = <T>(count: number, value: T): T[] => Array(count).fill(value);

/** Who holds the seats of an office now, by member number. */
async function holdersOf({ offices, office, members, outsiders, membership }: Omit<Opened, "box">) {
  const holders = [];
  for (const person of [...members, ...outsiders]) {
    if (await offices.holds(office, person)) holders.push(await membership.numberOf(person));
  }
  return holders;
}

/** What finishing an election answers and says: who was seated. */
async function winnersOf({ elections, electionId }: Pick<Opened, "elections" | "electionId">) {
  const winners = [...(await elections.finish.staticCall(electionId))];
  const sent = await elections.finish(electionId);
  const receipt = await sent.wait();
  const [event] = (receipt?.logs ?? [])
    .map((log) => elections.interface.parseLog(log))
    .filter((one) => one?.name === "ElectionFinished");
  expect([...(event?.args.winners ?? [])]).to.deep.equal(winners);
  return winners;
}

describe("Attacks: elections", () => {
  it("attack 93: nobody is on the ballot who did not agree to stand", async () => {
    const { elections, electionId, members, opens, approval } = await loadFixture(nominating);
    const [nominee, friend, other] = members as [Person, Person, Person];
    await elections.connect(friend).nominate(electionId, nominee);
    await elections.connect(friend).second(electionId, 1n);
    await elections.connect(other).second(electionId, 1n);
    // Others do not say yes for the nominee, in person or with a signature of their own.
    await expect(elections.connect(friend).accept(electionId, STATEMENT))
      .to.be.revertedWithCustomError(elections, "CandidaciesNotNominated")
      .withArgs(electionId, 2n);
    const forged = {
      kind: 2n,
      account: nominee.address,
      electionId,
      subject: STATEMENT,
      deadline: FAR,
      signature: await friend.signMessage("yes"),
    };
    await expect(elections.actBySig(forged))
      .to.be.revertedWithCustomError(elections, "SignedRequestsInvalidSignature")
      .withArgs(nominee.address);
    await elections.actMany([forged], { gasLimit: TRANSACTION_GAS_LIMIT });
    expect(await elections.candidatesOf(electionId)).to.deep.equal([]);
    await time.increaseTo(opens);
    await expect(elections.connect(nominee).accept(electionId, STATEMENT))
      .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
      .withArgs(electionId, Phase.Voting, Phase.Nomination, Phase.Acceptance);
    await expect(approval.connect(friend).castBallot(electionId, approve(1)))
      .to.be.revertedWithCustomError(approval, "BallotBoxFlawed")
      .withArgs(electionId, 2n, approve(1), Flaw.UnknownOption);
  });

  it("attack 93: nobody stands or is nominated who is no member, or may not stand", async () => {
    const scene = await loadFixture(nominating);
    const { elections, electionId, members, outsiders, membership, timelock } = scene;
    const [stranger, newcomer, newKey] = outsiders as [Person, Person, Person];
    const governing = membership.connect(await actAs(connection, timelock));
    const [nominator, leaver, expelled, suspended, mover] = members as [
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
    await join(scene, newcomer);
    await membership.connect(leaver).resign();
    await governing.end(3n);
    await governing.suspend(4n, maskOf(Right.Stand), (await time.latest()) + 30 * DAY);
    await rotate(scene, mover, newKey);
    for (const [nominee, standing] of [
      [stranger, Standing.NotMember],
      [newcomer, Standing.Immature],
      [leaver, Standing.Ended],
      [expelled, Standing.Ended],
      [suspended, Standing.Suspended],
      [mover, Standing.Rotated],
    ] as const) {
      const refusal = [nominee.address, Right.Stand, standing, () => true] as const;
      await expect(elections.connect(nominator).nominate(electionId, nominee))
        .to.be.revertedWithCustomError(elections, "CandidaciesRefused")
        .withArgs(...refusal);
      await expect(elections.connect(nominee).stand(electionId, STATEMENT))
        .to.be.revertedWithCustomError(elections, "CandidaciesRefused")
        .withArgs(...refusal);
    }
    await expect(elections.connect(stranger).nominate(electionId, nominator))
      .to.be.revertedWithCustomError(elections, "CandidaciesRefused")
      .withArgs(stranger.address, Right.Speak, Standing.NotMember, 0n);
    await expect(elections.connect(nominator).nominate(electionId, ZeroAddress))
      .to.be.revertedWithCustomError(elections, "CandidaciesRefused")
      .withArgs(ZeroAddress, Right.Stand, Standing.NotMember, 0n);
  });

  it("attack 94: a member is nominated once and has one option, with an old key and a new one", async () => {
    const scene = await loadFixture(nominating);
    const { elections, electionId, members, outsiders } = scene;
    const [candidate, other, third] = members as [Person, Person, Person];
    const [newKey] = outsiders as [Person];
    await elections.connect(candidate).stand(electionId, STATEMENT);
    await rotate(scene, candidate, newKey);
    for (const again of [
      elections.connect(newKey).stand(electionId, STATEMENT),
      elections.connect(other).nominate(electionId, newKey),
    ]) {
      await expect(again)
        .to.be.revertedWithCustomError(elections, "CandidaciesNominated")
        .withArgs(electionId, 1n);
    }
    await expect(elections.connect(newKey).accept(electionId, STATEMENT))
      .to.be.revertedWithCustomError(elections, "CandidaciesAccepted")
      .withArgs(electionId, 1n);
    for (const member of [other, third]) await elections.connect(member).second(electionId, 1n);
    // More seconds than it takes give no second option.
    for (const member of members.slice(3, 6)) await elections.connect(member).second(electionId, 1n);
    expect(await elections.candidatesOf(electionId)).to.deep.equal([1n]);
    // Nor is who withdrew put up again, to be on the ballot twice.
    await elections.connect(newKey).withdraw(electionId);
    await expect(elections.connect(newKey).stand(electionId, STATEMENT))
      .to.be.revertedWithCustomError(elections, "CandidaciesNominated")
      .withArgs(electionId, 1n);
    expect(await elections.candidatesOf(electionId)).to.deep.equal([1n]);
  });

  it("attack 95: a flood of nominees does not get onto the ballot without seconds, which are few", async () => {
    const { elections, electionId, members } = await loadFixture(nominating);
    for (const member of members) await elections.connect(member).stand(electionId, STATEMENT);
    expect(await elections.candidatesOf(electionId)).to.deep.equal([]);
    // Members of one group, however many, admit nobody: 1, 7 and 13 are of the same.
    for (const index of [0, 6]) await elections.connect(members[index] as Person).second(electionId, 13n);
    expect(await elections.candidatesOf(electionId)).to.deep.equal([]);
    // And who has given the second has none left.
    for (const index of [0, 6]) {
      await expect(elections.connect(members[index] as Person).second(electionId, 2n))
        .to.be.revertedWithCustomError(elections, "CandidaciesLimit")
        .withArgs(electionId, index + 1, 1n);
    }
    await elections.connect(members[1] as Person).second(electionId, 13n);
    expect(await elections.candidatesOf(electionId)).to.deep.equal([13n]);
  });

  for (const method of BOTH) {
    async function crowded() {
      const coalition = await foundCoalition(connection, { count: 40 });
      const election = await nominate(connection, coalition, coalition.members.slice(0, 32), {
        method,
        office: { seats: 16 },
      });
      return { ...coalition, ...election, box: coalition[method] };
    }

    describe(`by ${METHODS[method].contract}`, () => {
      it("attack 95: as many candidates as there can be jam neither the vote nor the count, and no more get in", async () => {
        const scene = await loadFixture(crowded);
        const { box, elections, electionId, members, opens, countsFrom, finishing: finish, offices } = scene;
        for (const late of members.slice(32, 34)) {
          await expect(elections.connect(late).stand(electionId, STATEMENT))
            .to.be.revertedWithCustomError(elections, "CandidaciesFull")
            .withArgs(electionId, 32n);
        }
        await time.increaseTo(opens);
        const options = Array.from({ length: 32 }, (_, index) => index + 1);
        for (const [index, member] of members.entries()) {
          const wish = [...options.slice(index % 32), ...options.slice(0, index % 32)];
          const ballot = method === "approval" ? approve(...wish.slice(0, 16)) : rank(32, ...wish);
          const sent = await box.connect(member).castBallot(electionId, ballot);
          expect((await sent.wait())?.gasUsed).to.be.lessThan(150_000n);
        }
        await time.increaseTo(countsFrom);
        while (!(await box.isCounted(electionId))) {
          const sent = await scene.ranked.advance(electionId, 400n, { gasLimit: TRANSACTION_GAS_LIMIT });
          await sent.wait();
        }
        await time.increaseTo(finish);
        await elections.finish(electionId, { gasLimit: TRANSACTION_GAS_LIMIT });
        const seats = await offices.seatsOf(scene.office);
        expect(seats.filter(({ number }) => number !== 0n)).to.have.length(16);
        expect(new Set(seats.map(({ number }) => number)).size).to.equal(16);
      });

      it("attack 96: votes for who withdrew, for strangers and for nobody elect nobody", async () => {
        const setting = await loadFixture(openBy[method]);
        const { box, elections, electionId, members, ballot } = setting;
        for (const [cast, flaw] of [
          [0n, Flaw.Empty],
          [ballot(4), Flaw.UnknownOption],
          [ballot(1, 4), Flaw.UnknownOption],
          [1n << 255n, method === "approval" ? Flaw.UnknownOption : Flaw.Overvote],
        ] as const) {
          await expect(box.connect(members[5] as Person).castBallot(electionId, cast))
            .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
            .withArgs(electionId, 6n, cast, flaw);
        }
        // The favourite withdraws when everybody has voted: the seat is the next one's, and no ballot is spoilt.
        for (const member of members) await setting.vote(member, 1, 2);
        await elections.connect(members[0] as Person).withdraw(electionId);
        const { ballots } = await finishing(setting, []);
        expect(ballots).to.equal(12n);
        expect(await winnersOf(setting)).to.deep.equal([2n]);
        expect(await holdersOf(setting)).to.deep.equal([2n]);
      });

      it("attack 97: a ballot with too many names, or one name twice, or none, is refused and leaves the one before", async () => {
        const setting = await loadFixture(openBy[method]);
        const { box, electionId, members, ballot, vote } = setting;
        await vote(members[0], 3);
        const over =
          method === "approval"
            ? [ballot(1, 2, 3), ballot(0, 1, 2, 3)]
            : [ballot(1, 1), ballot(1, 2, 1), ballot(0, 0), ballot(1, 2, 3, 0, 1)];
        for (const cast of over) {
          await expect(box.connect(members[0]).castBallot(electionId, cast))
            .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
            .withArgs(electionId, 1n, cast, Flaw.Overvote);
        }
        await expect(box.connect(members[0]).castBallot(electionId, 0n))
          .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
          .withArgs(electionId, 1n, 0n, Flaw.Empty);
        const { ballots, order } = await finishing(setting, []);
        expect([ballots, order[0]]).to.deep.equal([1n, 3n]);
      });

      it("attack 98: a second ballot replaces the first, and outsiders and late joiners have none", async () => {
        const setting = await loadFixture(openBy[method]);
        const { box, electionId, members, outsiders, ballot } = setting;
        const [stranger, late] = outsiders as [Person, Person];
        await join(setting, late);
        for (const [voter, standing] of [
          [stranger, Standing.NotMember],
          [late, Standing.Immature],
        ] as const) {
          await expect(box.connect(voter).castBallot(electionId, ballot(1)))
            .to.be.revertedWithCustomError(box, "BallotBoxRefused")
            .withArgs(electionId, voter.address, standing, () => true);
        }
        for (const option of [1, 1, 2, 1, 3]) await setting.vote(members[0], option);
        const { ballots, order } = await finishing(setting, []);
        expect([ballots, order[0]]).to.deep.equal([1n, 3n]);
        expect(order).not.to.include(1n);
      });

      it("attack 99: a ballot counts from the first second of the vote to the last, and in no other", async () => {
        const coalition = await foundCoalition(connection, { count: 12 });
        const plan = { method } as const;
        const election = await nominate(connection, coalition, coalition.members.slice(0, 1), plan);
        const { electionId, opens, closes, countsFrom, finishing: finish } = election;
        const box = coalition[method];
        const cast = (voter: number) =>
          box
            .connect(coalition.members[voter] as Person)
            .castBallot(electionId, METHODS[method].ballotOf(1, 1));
        for (const [voter, moment, counts] of [
          [0, opens - 1n, false],
          [1, opens, true],
          [2, closes - 1n, true],
          [3, closes, false],
          [4, countsFrom, false],
          [5, finish, false],
        ] as const) {
          await time.setNextBlockTimestamp(moment);
          if (counts) await cast(voter);
          else {
            await expect(cast(voter))
              .to.be.revertedWithCustomError(box, "BallotBoxClosed")
              .withArgs(electionId, opens, closes);
          }
        }
        expect((await countOf(box, electionId)).ballots).to.equal(2n);
      });

      it("attack 100: a tie goes to who has support in more groups, in whatever order the candidates stand", async () => {
        for (const [wide, narrow] of [
          [1, 2],
          [2, 1],
          [3, 1],
        ]) {
          const setting = await loadFixture(openBy[method]);
          // Members 0 and 6 are of one group, 1 and 2 of two others.
          const votes: number[][] = times(12, []);
          for (const index of [0, 6]) votes[index] = [narrow as number];
          for (const index of [1, 2]) votes[index] = [wide as number];
          const { order } = await finishing(setting, votes);
          expect(order.slice(0, 2)).to.deep.equal([BigInt(wide as number), BigInt(narrow as number)]);
        }
      });

      it("attack 100: the last tie goes by a lot of the members' numbers, not by the order of the candidates", async () => {
        const start = await takeSnapshot();
        const results = [];
        for (const places of [
          [0, 1, 2],
          [2, 1, 0],
          [1, 2, 0],
        ]) {
          const coalition = await foundCoalition(connection, { count: 12 });
          const standing = places.map((place) => coalition.members[place] as Person);
          const plan = { method, office: { seats: 1 } } as const;
          const { electionId, opens, countsFrom } = await nominate(connection, coalition, standing, plan);
          const box = coalition[method];
          await time.increaseTo(opens);
          for (const [index, voter] of coalition.members.slice(0, 3).entries()) {
            await box.connect(voter).castBallot(electionId, METHODS[method].ballotOf(3, index + 1));
          }
          await time.increaseTo(countsFrom);
          const { order } = await countOf(box, electionId);
          const numbers = await coalition.elections.candidatesOf(electionId);
          results.push(order.map((option) => numbers[Number(option) - 1]));
          await start.restore();
        }
        expect(results[0]?.length).to.be.greaterThan(0);
        for (const result of results) expect(result[0]).to.equal(results[0]?.[0]);
      });

      it("attack 101: with fewer candidates than seats nobody else is seated, and the other seat stays free", async () => {
        const setting = await loadFixture(async function openWithOne() {
          return openElection(connection, { method, candidates: 1 });
        });
        await finishing(setting, [...times(8, [1]), ...times(4, [0])]);
        expect(await winnersOf(setting)).to.deep.equal([1n]);
        expect(await holdersOf(setting)).to.deep.equal([1n]);
        expect(await setting.offices.freeSeats(setting.office, await time.latest())).to.deep.equal([1n, 0n]);
      });

      it("attack 101: nobody is seated whom no ballot names, though re-open nominations has none either", async () => {
        const setting = await loadFixture(openBy[method]);
        await finishing(setting, [[3], [3]]);
        expect(await winnersOf(setting)).to.deep.equal([3n]);
        expect(await holdersOf(setting)).to.deep.equal([3n]);
      });

      it("attack 101: who does not get ahead of re-open nominations is not seated, alone on the ballot or not", async () => {
        const setting = await loadFixture(async function openWithOne() {
          return openElection(connection, { method, candidates: 1 });
        });
        await finishing(setting, [...times(5, [1]), ...times(7, [0])]);
        expect(await winnersOf(setting)).to.deep.equal([]);
        expect(await holdersOf(setting)).to.deep.equal([]);
      });

      it("attack 101: without candidates, without votes, or with fewer than the rules ask for, nobody is elected", async () => {
        for (const [candidates, votes, minBallots] of [
          [0, times(12, [0]), 1],
          [3, [], 1],
          [3, times(4, [1, 2]), 5],
        ] as const) {
          const setting = await openElection(connection, { method, candidates, rules: { minBallots } });
          await finishing(setting, votes as number[][]);
          expect(await winnersOf(setting)).to.deep.equal([]);
          expect(await holdersOf(setting)).to.deep.equal([]);
          expect(await setting.elections.phaseOf(setting.electionId)).to.equal(Phase.Finished);
        }
      });

      it("attack 102: who left, was expelled or may not stand any more is passed over, and the next is seated", async () => {
        for (const goes of ["left", "expelled", "suspended", "left and came back"] as const) {
          const setting = await loadFixture(openBy[method]);
          const { membership, members, timelock } = setting;
          await finishing(setting, [...times(6, [1]), ...times(4, [2]), ...times(2, [3])]);
          const governing = membership.connect(await actAs(connection, timelock));
          if (goes === "expelled") await governing.end(1n);
          else if (goes === "suspended") {
            await governing.suspend(1n, maskOf(Right.Stand), (await time.latest()) + DAY);
          } else await membership.connect(members[0] as Person).resign();
          if (goes === "left and came back") await join(setting, members[0] as Person);
          expect(await winnersOf(setting), goes).to.deep.equal([2n, 3n]);
          expect(await holdersOf(setting), goes).to.deep.equal([2n, 3n]);
        }
      });

      it("attack 102: a winner who moved to a new key holds the seat with it, and the old key holds nothing", async () => {
        const setting = await loadFixture(openBy[method]);
        const { offices, office, members, outsiders } = setting;
        const [newKey] = outsiders as [Person];
        await finishing(setting, times(12, [1]));
        await rotateKey(setting, members[0] as Person, newKey);
        expect(await winnersOf(setting)).to.deep.equal([1n]);
        expect(await offices.holds(office, newKey)).to.equal(true);
        expect(await offices.holds(office, members[0] as Person)).to.equal(false);
      });

      it("attack 103: a complete count stands, whoever leaves, withdraws or counts again", async () => {
        const setting = await loadFixture(openBy[method]);
        const { box, elections, electionId, membership, members, ranked } = setting;
        const counted = await finishing(setting, [...times(6, [1]), ...times(4, [2]), ...times(2, [3])]);
        for (const member of members.slice(3, 9)) await membership.connect(member).resign();
        await expect(elections.connect(members[0] as Person).withdraw(electionId))
          .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
          .withArgs(electionId, Phase.Finishing, Phase.Nomination, Phase.Voting);
        if (method === "ranked") await ranked.advance(electionId, 100n);
        expect(await box.outcome(electionId)).to.deep.equal(counted);
        await winnersOf(setting);
        expect(await box.outcome(electionId)).to.deep.equal(counted);
      });

      it("attack 103: an election is finished once, after its count and not before", async () => {
        const setting = await loadFixture(openBy[method]);
        const { elections, electionId, members, vote, countsFrom, finishing: finish, ranked } = setting;
        for (const member of members) await vote(member, 1, 2);
        await time.increaseTo(countsFrom);
        await expect(elections.finish(electionId))
          .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
          .withArgs(electionId, Phase.Certification, Phase.Finishing, Phase.Finishing);
        await time.increaseTo(finish);
        if (method === "ranked") {
          await expect(elections.finish(electionId))
            .to.be.revertedWithCustomError(ranked, "BallotBoxNotCounted")
            .withArgs(electionId);
          await ranked.advance(electionId, 1_000n);
        }
        const winners = await winnersOf(setting);
        const seats = await setting.offices.seatsOf(setting.office);
        await expect(elections.finish(electionId))
          .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
          .withArgs(electionId, Phase.Finished, Phase.Finishing, Phase.Finishing);
        expect(await setting.offices.seatsOf(setting.office)).to.deep.equal(seats);
        expect(winners).to.have.members([1n, 2n]);
      });

      it("attack 104: elections that are held at once share neither candidates, ballots nor results", async () => {
        const coalition = await foundCoalition(connection, { count: 12 });
        const { elections, offices, members } = coalition;
        const box = coalition[method];
        const one = await nominate(connection, coalition, members.slice(0, 2), { method });
        const other = await nominate(connection, coalition, members.slice(2, 4), { method });
        expect(await elections.candidatesOf(one.electionId)).to.deep.equal([1n, 2n]);
        expect(await elections.candidatesOf(other.electionId)).to.deep.equal([3n, 4n]);
        await time.increaseTo(other.opens);
        const ballot = (...options: number[]) => METHODS[method].ballotOf(2, ...options);
        for (const member of members) {
          await box.connect(member).castBallot(one.electionId, ballot(1));
          await box.connect(member).castBallot(other.electionId, ballot(2));
        }
        await box.connect(members[0] as Person).castBallot(other.electionId, ballot(0));
        expect(await box.ballotOf(one.electionId, 1n)).to.equal(ballot(1));
        await elections.connect(members[3] as Person).withdraw(other.electionId);
        await time.increaseTo(other.finishing);
        for (const { electionId } of [one, other]) await countOf(box, electionId);
        expect(await elections.finish.staticCall(one.electionId)).to.deep.equal([1n]);
        await elections.finish(one.electionId);
        expect(await elections.phaseOf(other.electionId)).to.equal(Phase.Finishing);
        await elections.finish(other.electionId);
        expect(await offices.holds(one.office, members[0] as Person)).to.equal(true);
        expect(await offices.holds(other.office, members[0] as Person)).to.equal(false);
        expect((await offices.seatsOf(other.office)).every(({ number }) => number === 0n)).to.equal(true);
      });

      it("attack 38: who leaves and comes back, was expelled or suspended has no second ballot, nor one at all", async () => {
        const setting = await loadFixture(openBy[method]);
        const { box, electionId, membership, members, timelock, ballot, vote } = setting;
        const governing = membership.connect(await actAs(connection, timelock));
        const [leaver, expelled, suspended] = members.slice(5) as [Person, Person, Person];
        for (const voter of [leaver, expelled, suspended]) await vote(voter, 1);
        await membership.connect(leaver).resign();
        await join(setting, leaver);
        await governing.end(7n);
        await governing.suspend(8n, maskOf(Right.Vote), (await time.latest()) + DAY);
        for (const [voter, standing] of [
          [leaver, Standing.Immature],
          [expelled, Standing.Ended],
          [suspended, Standing.Suspended],
        ] as const) {
          await expect(box.connect(voter).castBallot(electionId, ballot(2)))
            .to.be.revertedWithCustomError(box, "BallotBoxRefused")
            .withArgs(electionId, voter.address, standing, () => true);
        }
        // What they cast while they could is in the box, once each.
        expect((await finishing(setting, [])).ballots).to.equal(3n);
      });

      it("attack 38: old key and new key of a member have one ballot, which the last of them says", async () => {
        const setting = await loadFixture(openBy[method]);
        const { box, electionId, members, outsiders, ballot, vote, numberOf } = setting;
        const [newKey] = outsiders as [Person];
        await vote(members[5] as Person, 1);
        await rotateKey(setting, members[5] as Person, newKey);
        await vote(newKey, 2);
        await expect(vote(members[5] as Person, 1))
          .to.be.revertedWithCustomError(box, "BallotBoxRefused")
          .withArgs(electionId, members[5]?.address, Standing.Rotated, () => true);
        await join(setting, members[5] as Person);
        await expect(vote(members[5] as Person, 1))
          .to.be.revertedWithCustomError(box, "BallotBoxRefused")
          .withArgs(electionId, members[5]?.address, Standing.Immature, () => true);
        expect(await box.ballotOf(electionId, await numberOf(newKey))).to.equal(ballot(2));
        expect((await finishing(setting, [])).ballots).to.equal(1n);
      });

      it("attack 38: a delegate casts one ballot of their own, and nobody else's", async () => {
        const setting = await loadFixture(async function openToDelegate() {
          return openElection(connection, {
            method,
            before: async ({ delegations, membership, members }) => {
              await delegations.connect(members[0] as Person).takeDelegations(1);
              await membership.connect(members[6] as Person).delegate(members[0] as Person);
            },
          });
        });
        expect(await setting.membership.getVotes(setting.members[0] as Person)).to.equal(2n);
        const { ballots } = await finishing(setting, [[1]]);
        expect(ballots).to.equal(1n);
        expect(await setting.box.ballotOf(setting.electionId, 7n)).to.equal(0n);
      });
    });
  }

  it("attack 99: nominations, withdrawals, sealed ballots and lots have their hours too", async () => {
    const coalition = await foundCoalition(connection, { count: 12 });
    const { elections, approval, members } = coalition;
    const election = await nominate(connection, coalition, members.slice(0, 2), { secret: true });
    const { electionId, acceptance, objection, opens, closes, countsFrom } = election;
    const [candidate, , third] = members as [Person, Person, Person];
    const wrong = async (sent: Promise<unknown>, current: bigint, first: bigint, last: bigint) =>
      expect(sent)
        .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
        .withArgs(electionId, current, first, last);
    const seal = await approval.sealOf(electionId, 3n, approve(1), id("salt"));
    const commitment = keccak256(
      AbiCoder.defaultAbiCoder().encode(["uint256", "uint256", "uint256"], [electionId, 3n, 7n]),
    );
    await elections.connect(third).commitLot(electionId, commitment);

    await time.setNextBlockTimestamp(acceptance);
    await wrong(
      elections.connect(third).stand(electionId, STATEMENT),
      Phase.Acceptance,
      Phase.Nomination,
      Phase.Nomination,
    );
    await time.setNextBlockTimestamp(objection);
    await wrong(
      elections.connect(third).second(electionId, 1n),
      Phase.Objection,
      Phase.Nomination,
      Phase.Acceptance,
    );
    await time.increaseTo(opens);
    await approval.connect(third).castBallot(electionId, seal);
    await wrong(elections.revealLot(electionId, 3n, 7n), Phase.Voting, Phase.Reveal, Phase.Reveal);
    await expect(approval.open(electionId, 3n, approve(1), id("salt")))
      .to.be.revertedWithCustomError(approval, "BallotBoxNotOpening")
      .withArgs(electionId, closes, countsFrom);
    await time.setNextBlockTimestamp(closes);
    await wrong(
      elections.connect(candidate).withdraw(electionId),
      Phase.Reveal,
      Phase.Nomination,
      Phase.Voting,
    );
    await wrong(
      elections.connect(candidate).commitLot(electionId, commitment),
      Phase.Reveal,
      Phase.Nomination,
      Phase.Objection,
    );
    await time.setNextBlockTimestamp(countsFrom);
    await wrong(elections.revealLot(electionId, 3n, 7n), Phase.Certification, Phase.Reveal, Phase.Reveal);
    await expect(approval.open(electionId, 3n, approve(1), id("salt")))
      .to.be.revertedWithCustomError(approval, "BallotBoxNotOpening")
      .withArgs(electionId, closes, countsFrom);
    await time.increaseTo(countsFrom);
    expect((await approval.outcome(electionId)).ballots).to.equal(0n);
  });

  it("attack 100: nobody chooses a number for the lot when the votes are known, or has it count twice", async () => {
    const coalition = await foundCoalition(connection, { count: 12 });
    const { elections, members } = coalition;
    const { electionId, opens, closes } = await nominate(connection, coalition, members.slice(0, 2), {});
    const [committer, other] = members as [Person, Person];
    const commit = (number: bigint, value: bigint) =>
      keccak256(
        AbiCoder.defaultAbiCoder().encode(["uint256", "uint256", "uint256"], [electionId, number, value]),
      );
    await elections.connect(committer).commitLot(electionId, commit(1n, 7n));
    // A commitment is not taken back, and another's is worth nothing to who copies it.
    await expect(elections.connect(committer).commitLot(electionId, commit(1n, 8n)))
      .to.be.revertedWithCustomError(elections, "CandidaciesWrongLot")
      .withArgs(electionId, 1n);
    await elections.connect(other).commitLot(electionId, commit(1n, 7n));
    // With the first ballot in sight, a number could be looked for that makes somebody win a tie.
    await time.setNextBlockTimestamp(opens);
    await expect(elections.connect(members[2] as Person).commitLot(electionId, commit(3n, 7n)))
      .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
      .withArgs(electionId, Phase.Voting, Phase.Nomination, Phase.Objection);
    await time.increaseTo(closes);
    const before = await elections.lotSeed(electionId);
    for (const [number, value] of [
      [1n, 8n],
      [2n, 7n],
      [3n, 7n],
    ] as const) {
      await expect(elections.revealLot(electionId, number, value))
        .to.be.revertedWithCustomError(elections, "CandidaciesWrongLot")
        .withArgs(electionId, number);
    }
    expect(await elections.lotSeed(electionId)).to.equal(before);
    await elections.revealLot(electionId, 1n, 7n);
    const after = await elections.lotSeed(electionId);
    expect(after).not.to.equal(before);
    await expect(elections.revealLot(electionId, 1n, 7n))
      .to.be.revertedWithCustomError(elections, "CandidaciesWrongLot")
      .withArgs(electionId, 1n);
    expect(await elections.lotSeed(electionId)).to.equal(after);
  });

  it("attack 102: with every winner gone nobody is seated, and the seats are free for another election", async () => {
    const setting = await loadFixture(openRanked);
    const { elections, electionId, office, membership, members } = setting;
    await finishing(setting, [...times(6, [1, 2]), ...times(6, [2, 1])]);
    for (const member of members.slice(0, 3)) await membership.connect(member).resign();
    expect(await winnersOf(setting)).to.deep.equal([]);
    expect(await holdersOf(setting)).to.deep.equal([]);
    await elections.connect(members[5] as Person).announce(office);
    expect(await elections.lastElectionOf(office)).to.equal(electionId + 1n);
  });

  it("attack 103: rules that change when an election is announced change the next one only", async () => {
    const setting = await loadFixture(openApproval);
    const { elections, office, electionId, ranked, timelock } = setting;
    const governing = elections.connect(await actAs(connection, timelock));
    const before = [await elections.endsOf(electionId), await setting.box.frameOf(electionId)];
    await governing.setRules(office, {
      ...plainRules({ secret: true, minBallots: 1_000, voting: 30 * DAY, certification: 30 * DAY }),
      method: ranked,
    });
    expect([await elections.endsOf(electionId), await setting.box.frameOf(electionId)]).to.deep.equal(before);
    await finishing(setting, times(12, [1, 2]));
    expect(await winnersOf(setting)).to.have.members([1n, 2n]);
    expect(await ranked.frameOf(electionId)).to.deep.equal([0n, 0n, 0n, 0n, 0n, false, 0n]);
  });

  it("attack 103: a balance that changes in mid-election changes neither the count nor who is seated", async () => {
    for (const openOne of [openApproval, openRanked]) {
      const setting = await loadFixture(openOne);
      const { box, electionId, elections, offices, office, members, timelock, vote, countsFrom } = setting;
      const voters = members.slice(0, 9);
      for (const [index, member] of voters.entries()) await vote(member, 1 + (index % 3));
      await time.increaseTo(countsFrom);
      const start = await takeSnapshot();
      const before = await countOf(box, electionId);
      await start.restore();
      const slate = await elections.slateOf(electionId);
      const limits = plainOffice({ maxPerGroup: 1, maxPerOrganisation: 1 });
      await offices.connect(await actAs(connection, timelock)).change(office, limits);
      expect(await elections.slateOf(electionId)).to.deep.equal(slate);
      expect(await countOf(box, electionId)).to.deep.equal(before);
    }
  });

  it("attack 104: an office has one election at a time", async () => {
    const setting = await loadFixture(openApproval);
    const { elections, office, electionId, members, finishing: finish } = setting;
    for (const moment of [0n, finish]) {
      if (moment !== 0n) await time.increaseTo(moment);
      await expect(elections.connect(members[0] as Person).announce(office))
        .to.be.revertedWithCustomError(elections, "ElectionsUnderWay")
        .withArgs(office, electionId);
    }
  });

  it("attack 105: nobody holds an election that was not called for", async () => {
    const coalition = await foundCoalition(connection, { count: 12 });
    const { elections, offices, approval, members, outsiders, timelock } = coalition;
    const [member] = members as [Person];
    const [stranger] = outsiders as [Person];
    const office = await createOffice(connection, coalition);
    const uncalled = await createOffice(connection, coalition, { rules: { calendar: false } });
    const governing = await actAs(connection, timelock);
    await offices.connect(governing).create(plainOffice());
    const unruled = await offices.lastOffice();

    await expect(elections.connect(stranger).announce(office))
      .to.be.revertedWithCustomError(elections, "CandidaciesRefused")
      .withArgs(stranger.address, Right.Speak, Standing.NotMember, 0n);
    await expect(elections.connect(member).announce(uncalled))
      .to.be.revertedWithCustomError(elections, "ElectionsNoCalendar")
      .withArgs(uncalled);
    for (const nothing of [unruled, 0n, 99n]) {
      await expect(elections.connect(member).announce(nothing))
        .to.be.revertedWithCustomError(elections, "ElectionsNoRules")
        .withArgs(nothing);
    }
    const rules = { ...plainRules(), method: approval };
    await expect(elections.connect(member).setRules(unruled, rules))
      .to.be.revertedWithCustomError(elections, "ElectionsUnauthorized")
      .withArgs(member.address, await timelock.getAddress());

    // What was not announced has no phase, takes no ballots and seats nobody.
    expect(await elections.phaseOf(7n)).to.equal(Phase.None);
    await expect(elections.finish(7n))
      .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
      .withArgs(7n, Phase.None, Phase.Finishing, Phase.Finishing);
    await expect(elections.connect(member).stand(7n, STATEMENT))
      .to.be.revertedWithCustomError(elections, "CandidaciesWrongPhase")
      .withArgs(7n, Phase.None, Phase.Nomination, Phase.Nomination);
    await expect(approval.connect(member).castBallot(7n, approve(1)))
      .to.be.revertedWithCustomError(approval, "BallotBoxClosed")
      .withArgs(7n, 0n, 0n);
  });

  it("attack 105: nobody has ballots taken, or seats given, past the elections of the coalition", async () => {
    const coalition = await foundCoalition(connection, { count: 12 });
    const { elections, offices, approval, membership, members, timelock } = coalition;
    const [member] = members as [Person];
    const office = await createOffice(connection, coalition);
    const address = await elections.getAddress();
    const frame = {
      announcedAt: 1,
      opens: 2,
      closes: FAR,
      countsFrom: FAR,
      seats: 1,
      secret: false,
      lastNumber: 1,
    };
    for (const caller of [member, await actAs(connection, timelock)]) {
      await expect(approval.connect(caller).prepare(1n, frame))
        .to.be.revertedWithCustomError(approval, "BallotMethodUnauthorized")
        .withArgs(caller.address, address);
      await expect(offices.connect(caller).seat(office, [1n], [0n]))
        .to.be.revertedWithCustomError(offices, "OfficesUnauthorized")
        .withArgs(caller.address, address);
    }
    await expect(offices.connect(member).bind())
      .to.be.revertedWithCustomError(offices, "OfficesBound")
      .withArgs(address);
    // Other elections to the same offices are not even born.
    const args = ["Another", await membership.getAddress(), await offices.getAddress(), DAY] as const;
    await expect(ethers.deployContract("Elections", [...args]))
      .to.be.revertedWithCustomError(offices, "OfficesBound")
      .withArgs(address);
  });

  it("attack 105: no election is held for seats that are not free by then", async () => {
    const setting = await loadFixture(openApproval);
    const { elections, office, members } = setting;
    await finishing(setting, times(12, [1, 2]));
    await winnersOf(setting);
    await expect(elections.connect(members[5] as Person).announce(office))
      .to.be.revertedWithCustomError(elections, "ElectionsNothingToFill")
      .withArgs(office, () => true);
  });

  it("attack 106: a term ends by itself, to the second, also where nobody was elected after it", async () => {
    const setting = await loadFixture(openApproval);
    const { offices, office } = setting;
    await finishing(setting, times(12, [1, 2]));
    await winnersOf(setting);
    const [{ until }] = (await offices.seatsOf(office)) as unknown as [{ until: bigint }];
    // Announced so that it is over when the term is; nobody stands, nobody votes.
    await time.increaseTo(until - BigInt(8 * DAY));
    const { electionId, finishing: finish } = await announce(setting, office);
    await time.increaseTo(until - 1n);
    expect(await holdersOf(setting)).to.deep.equal([1n, 2n]);
    await time.increaseTo(until);
    expect(await holdersOf(setting)).to.deep.equal([]);
    await time.increaseTo(finish);
    expect(await winnersOf({ ...setting, electionId })).to.deep.equal([]);
    expect(await holdersOf(setting)).to.deep.equal([]);
    expect(await offices.freeSeats(office, until)).to.deep.equal([2n, 0n]);
  });

  it("attack 106: an office that an election left empty can be filled by the next, at once", async () => {
    const setting = await loadFixture(openApproval);
    const { elections, office, members, membership, approval } = setting;
    await finishing(setting, times(12, [0]));
    expect(await winnersOf(setting)).to.deep.equal([]);
    const again = await announce(setting, office);
    await elections.connect(members[4] as Person).stand(again.electionId, STATEMENT);
    await time.increaseTo(again.opens);
    for (const member of members) await approval.connect(member).castBallot(again.electionId, approve(1));
    await time.increaseTo(again.finishing);
    expect(await winnersOf({ elections, electionId: again.electionId })).to.deep.equal([5n]);
    expect(await setting.offices.holds(office, members[4] as Person)).to.equal(true);
    expect(await membership.numberOf(members[4] as Person)).to.equal(5n);
  });

  it("attack 106: an election that nobody finishes lapses, and keeps its office from no other", async () => {
    const setting = await loadFixture(openRanked);
    const { elections, office, electionId, members, vote, finishing: finish } = setting;
    for (const member of members) await vote(member, 1);
    const lapses = finish + BigInt(90 * DAY);
    await time.setNextBlockTimestamp(lapses - 1n);
    await expect(elections.connect(members[5] as Person).announce(office))
      .to.be.revertedWithCustomError(elections, "ElectionsUnderWay")
      .withArgs(office, electionId);
    await time.setNextBlockTimestamp(lapses);
    await expect(elections.connect(members[5] as Person).announce(office))
      .to.emit(elections, "ElectionFinished")
      .withArgs(electionId, [], 0n, ethers.ZeroHash);
    expect(await elections.phaseOf(electionId)).to.equal(Phase.Finished);
    expect(await elections.lastElectionOf(office)).to.equal(electionId + 1n);
    expect(await holdersOf(setting)).to.deep.equal([]);
  });

  it("attack 106: seats taken away in mid-election are not filled, and keep nobody from the others", async () => {
    const setting = await loadFixture(openApproval);
    const { elections, offices, office, timelock } = setting;
    await finishing(setting, [...times(7, [1, 2]), ...times(5, [1])]);
    const governing = offices.connect(await actAs(connection, timelock));
    await governing.change(office, plainOffice({ seats: 1 }));
    expect(await winnersOf(setting)).to.deep.equal([1n]);
    expect(await holdersOf(setting)).to.deep.equal([1n]);
    expect(await elections.phaseOf(setting.electionId)).to.equal(Phase.Finished);
  });

  it("attack 106: a flood of fresh keys neither keeps an office from being filled nor fills it", async () => {
    const setting = await loadFixture(openApproval);
    const { box, electionId, ballot } = setting;
    const keys = await freshKeys(connection, 20);
    for (const key of keys) await join(setting, key);
    for (const key of keys.slice(0, 3)) {
      await expect(box.connect(key).castBallot(electionId, ballot(0)))
        .to.be.revertedWithCustomError(box, "BallotBoxRefused")
        .withArgs(electionId, key.address, Standing.Immature, () => true);
    }
    const { ballots } = await finishing(setting, times(12, [1, 2]));
    expect(ballots).to.equal(12n);
    expect(await winnersOf(setting)).to.have.members([1n, 2n]);
  });
});
