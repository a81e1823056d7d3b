import { expect } from "chai";
import { AbiCoder, id, keccak256 } from "ethers";
import { network } from "hardhat";
import { approve, DAY, Flaw, nominate, openElection } from "../helpers/ballot-box.js";
import { foundCoalition, type Person } from "../helpers/governor.js";
import { randomness } from "../helpers/random.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;
const { below, seed } = randomness();

const MOST_CANDIDATES = 32;

const bitsOf = (word: bigint) => word.toString(2).replaceAll("0", "").length;
const has = (ballot: bigint, option: number) => ((ballot >> BigInt(option)) & 1n) === 1n;
const encode = (types: string[], values: unknown[]) => AbiCoder.defaultAbiCoder().encode(types, values);

/** Whose greater lot decides among those with as many approvals from as many groups. */
const lotOf = (lotSeed: string, number: bigint) =>
  BigInt(keccak256(encode(["bytes32", "uint256"], [lotSeed, number])));

const recordOf = (electionId: bigint, ballots: bigint, approvals: bigint[], order: bigint[]) =>
  keccak256(encode(["uint256", "uint256", "uint256[]", "uint8[]"], [electionId, ballots, approvals, order]));

type Cast = { ballot: bigint; group: bigint };

/** The count as anybody would do it who has all ballots before them. */
function plainCount(ballots: readonly Cast[], numbers: readonly bigint[], lotSeed: string) {
  const options = Array.from({ length: numbers.length + 1 }, (_, option) => option);
  const approvals = options.map((option) =>
    BigInt(ballots.filter(({ ballot }) => has(ballot, option)).length),
  );
  const groups = options.map((option) =>
    ballots.filter(({ ballot }) => has(ballot, option)).reduce((all, { group }) => all | (1n << group), 0n),
  );
  const standing = (option: number) => [
    approvals[option] as bigint,
    BigInt(bitsOf(groups[option] as bigint)),
    lotOf(lotSeed, numbers[option - 1] as bigint),
  ];
  const ahead = (one: number, other: number) => {
    const [left, right] = [standing(one), standing(other)];
    const rung = left.findIndex((value, index) => value !== right[index]);
    return (left[rung] as bigint) > (right[rung] as bigint) ? -1 : 1;
  };
  const order = options
    .slice(1)
    .filter((option) => (approvals[option] as bigint) > (approvals[0] as bigint))
    .sort(ahead)
    .map(BigInt);
  return { ballots: BigInt(ballots.length), approvals, groups, order };
}

describe("ApprovalBallots", () => {
  /** Elections with 0 to 32 candidates, from some of which one withdrew, all open at once. */
  async function openAll() {
    const coalition = await foundCoalition(connection, { count: 40 });
    const { members, elections } = coalition;
    const open = [];
    for (let candidates = 0; candidates <= MOST_CANDIDATES; candidates++) {
      const seats = Number(1n + below(16n));
      // From a random one on, so that numbers and options differ.
      const first = Number(below(BigInt(members.length)));
      const standing = [...members.slice(first), ...members.slice(0, first)].slice(0, candidates);
      const election = await nominate(connection, coalition, standing, { office: { seats } });
      const gone = candidates % 3 === 2 ? Number(1n + below(BigInt(candidates))) : 0;
      const leaver = standing[gone - 1];
      if (leaver !== undefined) await elections.connect(leaver).withdraw(election.electionId);
      open.push({ ...election, candidates, seats, gone });
    }
    const [last] = open.slice(-1);
    await time.increaseTo(last?.opens as bigint);
    return { ...coalition, open };
  }

  for (let candidates = 0; candidates <= MOST_CANDIDATES; candidates++) {
    it(`counts as a plain count does, with ${candidates} candidates (${seed})`, async () => {
      const { open, approval: box, members, membership, elections } = await loadFixture(openAll);
      const { electionId, seats, countsFrom } = open[candidates] as (typeof open)[number];
      const cast = new Map<number, Cast>();
      for (let ballots = 0; ballots < 45; ballots++) {
        const voter = Number(below(30n));
        const wish = Array.from({ length: Math.min(seats, candidates) + 1 }, () =>
          Number(below(BigInt(candidates) + (below(20n) === 0n ? 3n : 1n))),
        );
        const ballot = approve(...new Set(wish));
        const flaw =
          ballot >> BigInt(candidates + 1) !== 0n
            ? Flaw.UnknownOption
            : bitsOf(ballot >> 1n) > seats
              ? Flaw.Overvote
              : Flaw.None;
        const sent = box.connect(members[voter] as Person).castBallot(electionId, ballot);
        if (flaw === Flaw.None) {
          await sent;
          const { group } = await membership.member(voter + 1);
          cast.set(voter, { ballot, group });
        } else {
          await expect(sent)
            .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
            .withArgs(electionId, voter + 1, ballot, flaw);
        }
      }
      for (const [voter, { ballot }] of cast) {
        expect(await box.ballotOf(electionId, voter + 1)).to.equal(ballot);
      }
      const numbers = [...(await elections.candidatesOf(electionId))];
      const expected = plainCount([...cast.values()], numbers, await elections.lotSeed(electionId));
      const tally = await box.approvalsOf(electionId);
      expect(tally.ballots).to.equal(expected.ballots);
      expect(tally.approvals).to.deep.equal(expected.approvals);
      expect(tally[2]).to.deep.equal(expected.groups);

      await time.increaseTo(countsFrom);
      const { ballots, order, record } = await box.outcome(electionId);
      expect(ballots).to.equal(expected.ballots);
      expect(order).to.deep.equal(expected.order);
      expect(record).to.equal(recordOf(electionId, expected.ballots, expected.approvals, expected.order));
    });
  }

  /** Three candidates for two seats, among 30 members of whom every sixth is of the same group. */
  async function open() {
    return openElection(connection, { count: 30 });
  }

  /** To when members may change groups: not before they have been in theirs for a while. */
  const untilGroupsChange = ({ parameters }: Pick<Opened, "parameters">) =>
    time.increase(parameters.Membership.claimCooldown);

  type Opened = Awaited<ReturnType<typeof open>>;
  const ofGroup = ({ members }: Opened, group: number) => members.filter((_, index) => index % 6 === group);

  /** The order once some members have voted, each for the options given. */
  async function orderAfter(setting: Opened, votes: readonly (readonly [readonly Person[], ...number[]])[]) {
    for (const [voters, ...options] of votes) {
      for (const voter of voters) await setting.vote(voter, ...options);
    }
    await time.increaseTo(setting.countsFrom);
    return [...(await setting.approval.outcome(setting.electionId)).order];
  }

  describe("advance, isCounted and outcome", () => {
    it("answer from the first second of the count on, and not before", async () => {
      const { approval: box, electionId, countsFrom } = await loadFixture(open);
      await time.increaseTo(countsFrom - 1n);
      expect(await box.isCounted(electionId)).to.equal(false);
      for (const early of [box.advance(electionId, 1n), box.outcome(electionId)]) {
        await expect(early)
          .to.be.revertedWithCustomError(box, "BallotBoxTooEarly")
          .withArgs(electionId, countsFrom);
      }
      await time.increaseTo(countsFrom);
      expect(await box.isCounted(electionId)).to.equal(true);
      expect(await box.advance(electionId, 0n)).to.equal(true);
      expect((await box.outcome(electionId)).ballots).to.equal(0n);
    });

    it("have nothing to say of an election of another method, or of none", async () => {
      const { approval: box, ranked, electionId } = await loadFixture(open);
      for (const [method, election] of [
        [box, 99n],
        [ranked, electionId],
      ] as const) {
        expect(await method.isCounted(election)).to.equal(false);
      }
      for (const unknown of [box.advance(99n, 1n), box.outcome(99n)]) {
        await expect(unknown).to.be.revertedWithCustomError(box, "BallotBoxTooEarly").withArgs(99n, 0n);
      }
    });

    it("tell of no ballots where there are none, and elect nobody", async () => {
      const { approval: box, electionId, countsFrom } = await loadFixture(open);
      await time.increaseTo(countsFrom);
      const { ballots, order, record } = await box.outcome(electionId);
      expect([ballots, order]).to.deep.equal([0n, []]);
      expect(record).to.equal(recordOf(electionId, 0n, [0n, 0n, 0n, 0n], []));
    });

    it("answer the same for ever", async () => {
      const setting = await loadFixture(open);
      const { approval: box, electionId, elections, members } = setting;
      await orderAfter(setting, [[members.slice(0, 8), 2, 3]]);
      const before = await box.outcome(electionId);
      await time.increase(400 * DAY);
      await elections.finish(electionId);
      expect(await box.outcome(electionId)).to.deep.equal(before);
    });
  });

  describe("approvalsOf", () => {
    it("has a zero for every option before the first ballot", async () => {
      const { approval: box, electionId } = await loadFixture(open);
      const zeros = [0n, 0n, 0n, 0n];
      expect(await box.approvalsOf(electionId)).to.deep.equal([0n, zeros, zeros]);
    });

    it("has no options for no election", async () => {
      const { approval: box } = await loadFixture(open);
      expect(await box.approvalsOf(99n)).to.deep.equal([0n, [], []]);
    });

    it("goes with every ballot, back and forth", async () => {
      const setting = await loadFixture(open);
      const { approval: box, electionId, members, vote } = setting;
      await vote(members[0], 1, 2);
      expect(await box.approvalsOf(electionId)).to.deep.equal([1n, [0n, 1n, 1n, 0n], [0n, 1n, 1n, 0n]]);
      await vote(members[1], 0, 2);
      expect(await box.approvalsOf(electionId)).to.deep.equal([2n, [1n, 1n, 2n, 0n], [2n, 1n, 3n, 0n]]);
      await vote(members[0], 3);
      expect(await box.approvalsOf(electionId)).to.deep.equal([2n, [1n, 0n, 1n, 1n], [2n, 0n, 2n, 1n]]);
    });

    it("counts a member in the group of the announcement, whatever becomes of it", async () => {
      const setting = await loadFixture(async function openToHopper() {
        return openElection(connection, {
          count: 30,
          before: untilGroupsChange,
          after: ({ claims, members }) => claims.connect(members[7]).changeGroup(4),
        });
      });
      const { approval: box, electionId, members, membership, claims, vote } = setting;
      expect((await membership.member(8n)).group).to.equal(4n);
      await vote(members[7], 1);
      expect((await box.approvalsOf(electionId))[2]).to.deep.equal([0n, 2n, 0n, 0n]);
      await vote(members[8], 2);
      await claims.connect(members[8]).changeGroup(5);
      await vote(members[8], 1);
      expect(await box.approvalsOf(electionId)).to.deep.equal([2n, [0n, 2n, 0n, 0n], [0n, 6n, 0n, 0n]]);
    });

    it("counts an opened ballot in the group of the announcement", async () => {
      const setting = await loadFixture(async function openSealed() {
        return openElection(connection, { count: 30, secret: true, before: untilGroupsChange });
      });
      const { approval: box, electionId, members, claims, closes, ballot } = setting;
      const seal = await box.sealOf(electionId, 8n, ballot(1), id("salt"));
      await box.connect(members[7]).castBallot(electionId, seal);
      expect((await box.approvalsOf(electionId)).ballots).to.equal(0n);
      await claims.connect(members[7]).changeGroup(4);
      await time.increaseTo(closes);
      await box.open(electionId, 8n, ballot(1), id("salt"));
      expect(await box.approvalsOf(electionId)).to.deep.equal([1n, [0n, 1n, 0n, 0n], [0n, 2n, 0n, 0n]]);
    });
  });

  describe("the order", () => {
    it("has who has more approvals first, whatever the option's number", async () => {
      for (const [most, second] of [
        [1, 3],
        [3, 1],
        [2, 1],
      ] as const) {
        const setting = await loadFixture(open);
        const { members } = setting;
        const order = await orderAfter(setting, [
          [members.slice(0, 9), most],
          [members.slice(9, 14), second],
        ]);
        expect(order).to.deep.equal([BigInt(most), BigInt(second)]);
      }
    });

    it("ends before who has no more approvals than re-open nominations", async () => {
      const setting = await loadFixture(open);
      const { members } = setting;
      const order = await orderAfter(setting, [
        [members.slice(0, 5), 2],
        [members.slice(5, 9), 0, 1],
        [members.slice(9, 12), 3],
      ]);
      expect(order).to.deep.equal([2n]);
    });

    it("is empty where re-open nominations is ahead of all", async () => {
      const setting = await loadFixture(open);
      const { members } = setting;
      const order = await orderAfter(setting, [
        [members.slice(0, 5), 0],
        [members.slice(5, 10), 1, 2],
      ]);
      expect(order).to.deep.equal([]);
    });

    it("has nobody whom nobody approves of", async () => {
      const setting = await loadFixture(open);
      expect(await orderAfter(setting, [[[setting.members[0]], 3]])).to.deep.equal([3n]);
    });

    it("breaks a tie for whose approvals come from more groups, whatever the option's number", async () => {
      for (const [wide, narrow] of [
        [1, 2],
        [2, 1],
        [3, 2],
      ] as const) {
        const setting = await loadFixture(open);
        const [, second, third] = [0, 1, 2].map((group) => ofGroup(setting, group));
        const order = await orderAfter(setting, [
          [ofGroup(setting, 0).slice(0, 4), narrow],
          [(second as Person[]).slice(0, 2), wide],
          [(third as Person[]).slice(0, 2), wide],
        ]);
        expect(order).to.deep.equal([BigInt(wide), BigInt(narrow)]);
      }
    });

    it("does not put groups before approvals", async () => {
      const setting = await loadFixture(open);
      const order = await orderAfter(setting, [
        [ofGroup(setting, 0).slice(0, 4), 1],
        [setting.members.slice(1, 4), 2],
      ]);
      expect(order).to.deep.equal([1n, 2n]);
    });

    context("given a tie in approvals and groups", () => {
      /** The same members stand, in another order: the lots, by number, are the same. */
      const electWith = async (places: readonly number[]) => {
        const coalition = await foundCoalition(connection, { count: 12 });
        const standing = places.map((place) => coalition.members[place] as Person);
        const election = await nominate(connection, coalition, standing, {});
        await time.increaseTo(election.opens);
        for (const voter of coalition.members.slice(6, 9)) {
          await coalition.approval.connect(voter).castBallot(election.electionId, approve(1, 2));
        }
        for (const voter of coalition.members.slice(9, 12)) {
          await coalition.approval.connect(voter).castBallot(election.electionId, approve(3, 4));
        }
        await time.increaseTo(election.countsFrom);
        const { order } = await coalition.approval.outcome(election.electionId);
        const numbers = await coalition.elections.candidatesOf(election.electionId);
        const lotSeed = await coalition.elections.lotSeed(election.electionId);
        return { winners: order.map((option) => numbers[Number(option) - 1] as bigint), lotSeed };
      };

      it("goes by the lot of the members' numbers, whatever the options' order", async () => {
        const start = await connection.networkHelpers.takeSnapshot();
        const results = [];
        for (const places of [
          [0, 1, 2, 3],
          [3, 2, 1, 0],
          [2, 0, 3, 1],
        ]) {
          results.push(await electWith(places));
          await start.restore();
        }
        const [{ winners, lotSeed }] = results as [(typeof results)[number]];
        const byLot = [1n, 2n, 3n, 4n].sort((one, other) =>
          lotOf(lotSeed, one) > lotOf(lotSeed, other) ? -1 : 1,
        );
        expect(winners).to.deep.equal(byLot);
        for (const result of results) expect(result).to.deep.equal({ winners, lotSeed });
      });

      it("goes by the lot that members opened", async () => {
        const values = [11n, 22n, 33n];
        const setting = await openElection(connection, {
          after: async ({ elections, members, electionId }) => {
            for (const [index, value] of values.entries()) {
              const types = ["uint256", "uint256", "uint256"];
              const commitment = keccak256(encode(types, [electionId, index + 1, value]));
              await elections.connect(members[index] as Person).commitLot(electionId, commitment);
            }
          },
        });
        const { elections, members, closes, approval: box, countsFrom, electionId } = setting;
        for (const member of members.slice(0, 6)) await setting.vote(member, 1, 2);
        for (const member of members.slice(6, 12)) await setting.vote(member, 3);
        await time.increaseTo(closes);
        const seeds = [await elections.lotSeed(electionId)];
        for (const [index, value] of values.entries()) {
          await elections.revealLot(electionId, index + 1, value);
          seeds.push(await elections.lotSeed(electionId));
        }
        expect(new Set(seeds).size).to.equal(4);
        await time.increaseTo(countsFrom);
        const expected = [1n, 2n, 3n].sort((one, other) =>
          lotOf(seeds[3] as string, one) > lotOf(seeds[3] as string, other) ? -1 : 1,
        );
        expect((await box.outcome(electionId)).order).to.deep.equal(expected);
      });
    });
  });

  describe("the record", () => {
    it("is the digest of election, ballots, approvals and order, as anybody reads them", async () => {
      const setting = await loadFixture(open);
      const { approval: box, electionId, members } = setting;
      const order = await orderAfter(setting, [
        [members.slice(0, 5), 2, 3],
        [members.slice(5, 9), 0, 2],
      ]);
      const { ballots, approvals } = await box.approvalsOf(electionId);
      expect((await box.outcome(electionId)).record).to.equal(
        recordOf(electionId, ballots, [...approvals], order),
      );
    });

    it("is another for the same ballots in another election", async () => {
      const coalition = await foundCoalition(connection, { count: 12 });
      const { approval, members } = coalition;
      const [one, other] = [
        await nominate(connection, coalition, members.slice(0, 2), {}),
        await nominate(connection, coalition, members.slice(0, 2), {}),
      ];
      await time.increaseTo(other.opens);
      for (const { electionId } of [one, other]) {
        for (const member of members) await approval.connect(member).castBallot(electionId, approve(1));
      }
      await time.increaseTo(other.countsFrom);
      const [left, right] = [
        await approval.outcome(one.electionId),
        await approval.outcome(other.electionId),
      ];
      expect(left.order).to.deep.equal(right.order);
      expect(left.record).not.to.equal(right.record);
    });
  });
});
