import { expect } from "chai";
import { AbiCoder, type ContractTransactionResponse, keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { RankedBallots } from "../../typechain-types/index.js";
import { DAY, openElection, rank } from "../helpers/ballot-box.js";
import type { Person } from "../helpers/governor.js";
import { randomness } from "../helpers/random.js";

const connection = await network.create();
const { loadFixture, takeSnapshot, time } = connection.networkHelpers;
const { below, seed } = randomness();

const MAX_BUDGET = 1_500n;
/** Of a vote. */
const UNITS = 100_000n;
/** What the event calls the option that moved where none did. */
const NOBODY = 255n;

/** A stage of a count, as its event tells it. */
type Stage = {
  electionId: bigint;
  stage: bigint;
  moved: bigint;
  values: bigint[];
  exhausted: bigint;
  lost: bigint;
  elected: bigint;
};

async function stagesOf(ranked: RankedBallots, sent: Promise<ContractTransactionResponse>): Promise<Stage[]> {
  const receipt = await (await sent).wait();
  return (receipt?.logs ?? [])
    .map((log) => ranked.interface.parseLog(log))
    .filter((event) => event?.name === "StageCounted")
    .map((event) => {
      const [electionId, stage, moved, values, exhausted, lost, elected] = event?.args ?? [];
      return { electionId, stage, moved, values: [...values], exhausted, lost, elected };
    });
}

/** Counts to the end with the same budget in every call; answers the stages and how many calls it took. */
async function countWith(ranked: RankedBallots, electionId: bigint, budget: bigint) {
  const stages: Stage[] = [];
  let calls = 0;
  while (!(await ranked.isCounted(electionId))) {
    stages.push(...(await stagesOf(ranked, ranked.advance(electionId, budget))));
    calls++;
  }
  const { ballots, order, record } = await ranked.outcome(electionId);
  return { stages, calls, outcome: { ballots, order: [...order], record } };
}

/** The digest of the record, from what the events say. */
function recordOf(electionId: bigint, ballots: bigint, quota: bigint, stages: readonly Stage[]): string {
  const digest = (types: string[], values: unknown[]) =>
    keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  const types = ["bytes32", "uint256", "uint256", "uint256[]", "uint256", "uint256", "uint256"];
  return stages.reduce(
    (previous, { stage, moved, values, exhausted, lost, elected }) =>
      // Nobody is option 255 in the event and in the record alike.
      digest(types, [previous, stage, moved, values, exhausted, lost, elected]),
    digest(["uint256", "uint256", "uint256"], [electionId, ballots, quota]),
  );
}

describe("RankedBallots", () => {
  /** One seat and three candidates; no ballot is a tie for anybody but for re-open nominations, which nobody ranks. */
  async function open() {
    return openElection(connection, { method: "ranked", office: { seats: 1 } });
  }

  /** The same when everybody has voted and the count has begun: 5, 4 and 3 first preferences. */
  async function counting() {
    const setting = await open();
    const { members, vote, countsFrom } = setting;
    for (const member of members.slice(0, 5)) await vote(member, 1);
    for (const member of members.slice(5, 9)) await vote(member, 2, 3);
    for (const member of members.slice(9, 12)) await vote(member, 3, 2);
    await time.increaseTo(countsFrom);
    return setting;
  }

  /** Ten candidates for three seats, 40 random ballots in nine words, one of them changed, and somebody withdrew. */
  async function countingMany() {
    const setting = await openElection(connection, {
      method: "ranked",
      count: 40,
      candidates: 10,
      office: { seats: 3 },
    });
    const { members, vote, elections, electionId, countsFrom } = setting;
    const ranking = () => {
      const rest = Array.from({ length: 11 }, (_, option) => option);
      const length = Number(1n + below(8n));
      return Array.from({ length }, () => rest.splice(Number(below(BigInt(rest.length))), 1)[0] as number);
    };
    for (const member of members) await vote(member, ...ranking());
    await vote(members[7] as Person, ...ranking());
    await elections.connect(members[4]).withdraw(electionId);
    await time.increaseTo(countsFrom);
    return setting;
  }

  describe("codeBits", () => {
    it("is 4 to 14 candidates, 5 to 30, and then 6", async () => {
      const { ranked } = await loadFixture(open);
      for (const [candidates, bits] of [
        [0n, 4n],
        [14n, 4n],
        [15n, 5n],
        [30n, 5n],
        [31n, 6n],
        [32n, 6n],
      ]) {
        expect(await ranked.codeBits(candidates as bigint)).to.equal(bits);
      }
    });

    for (const [candidates, options] of [
      [14, [14, 0, 7]],
      [15, [15, 0, 14]],
      [30, [30, 0, 15]],
      [31, [31, 0, 30]],
      [32, [32, 0, 31]],
    ] as const) {
      it(`is what ballots with ${candidates} candidates are written with`, async () => {
        const setting = await openElection(connection, {
          method: "ranked",
          count: 40,
          candidates,
          office: { seats: 1 },
        });
        const { ranked, electionId, members, countsFrom } = setting;
        const cast = rank(candidates, ...options);
        for (const member of members.slice(30)) await ranked.connect(member).castBallot(electionId, cast);
        for (const number of [31n, 35n, 40n])
          expect(await ranked.ballotOf(electionId, number)).to.equal(cast);
        expect(await ranked.ballotOf(electionId, 30n)).to.equal(0n);
        await time.increaseTo(countsFrom);
        const { outcome } = await countWith(ranked, electionId, MAX_BUDGET);
        expect(outcome.ballots).to.equal(10n);
        expect(outcome.order[0]).to.equal(BigInt(options[0]));
      });
    }
  });

  describe("advance", () => {
    it("reverts before the first second of the count", async () => {
      const { ranked, electionId, countsFrom } = await loadFixture(open);
      await time.setNextBlockTimestamp(countsFrom - 1n);
      await expect(ranked.advance(electionId, 1n))
        .to.be.revertedWithCustomError(ranked, "BallotBoxTooEarly")
        .withArgs(electionId, countsFrom);
      await time.setNextBlockTimestamp(countsFrom);
      await expect(ranked.advance(electionId, 1n)).to.emit(ranked, "StageCounted");
    });

    it("reverts for no election, and for one of another method", async () => {
      const { ranked } = await loadFixture(counting);
      await expect(ranked.advance(99n, 1n))
        .to.be.revertedWithCustomError(ranked, "BallotBoxTooEarly")
        .withArgs(99n, 0n);
    });

    it("reverts with a budget of no word, or of more than 1,500", async () => {
      const { ranked, electionId } = await loadFixture(counting);
      for (const budget of [0n, MAX_BUDGET + 1n, 2n ** 256n - 1n]) {
        await expect(ranked.advance(electionId, budget))
          .to.be.revertedWithCustomError(ranked, "RankedBallotsBudget")
          .withArgs(budget, MAX_BUDGET);
      }
      for (const budget of [1n, MAX_BUDGET]) await ranked.advance.staticCall(electionId, budget);
    });

    it("counts stage by stage, and announces each", async () => {
      const { ranked, electionId } = await loadFixture(counting);
      const { stages, outcome } = await countWith(ranked, electionId, MAX_BUDGET);
      const [election, none] = [{ electionId, exhausted: 0n, lost: 0n }, 0n];
      const votes = (...values: bigint[]) => values.map((value) => value * UNITS);
      expect(stages).to.deep.equal([
        { ...election, stage: 1n, moved: NOBODY, values: votes(0n, 5n, 4n, 3n), elected: none },
        { ...election, stage: 2n, moved: 0n, values: votes(0n, 5n, 4n, 3n), elected: none },
        { ...election, stage: 3n, moved: 3n, values: votes(0n, 5n, 7n, 0n), elected: 0b100n },
      ]);
      expect(outcome.ballots).to.equal(12n);
      expect(outcome.order).to.deep.equal([2n, 1n, 3n]);
    });

    it("is open to anybody, and answers whether the count is complete", async () => {
      const { ranked, electionId, outsiders } = await loadFixture(counting);
      const anybody = ranked.connect(outsiders[0]);
      const answers = [];
      for (let calls = 0; calls < 3; calls++) {
        answers.push(await anybody.advance.staticCall(electionId, 1n));
        await anybody.advance(electionId, 1n);
      }
      expect(answers).to.deep.equal([false, false, true]);
    });

    it(`comes to the same in steps of a word and in one go (${seed})`, async () => {
      const { ranked, electionId } = await loadFixture(countingMany);
      const start = await takeSnapshot();
      const whole = await countWith(ranked, electionId, MAX_BUDGET);
      expect(whole.stages).to.have.length.greaterThan(3);
      for (const budget of [1n, 7n, 9n, 113n]) {
        await start.restore();
        const inSteps = await countWith(ranked, electionId, budget);
        expect(inSteps.stages).to.deep.equal(whole.stages);
        expect(inSteps.outcome).to.deep.equal(whole.outcome);
        if (budget === 1n) expect(inSteps.calls).to.equal(9 * whole.stages.length);
      }
    });

    it(`never loses a vote: what is held, exhausted and lost is what was cast (${seed})`, async () => {
      const { ranked, electionId } = await loadFixture(countingMany);
      const { stages, outcome } = await countWith(ranked, electionId, MAX_BUDGET);
      for (const { values, exhausted, lost } of stages) {
        const held = values.reduce((sum, value) => sum + value, 0n);
        expect(held + exhausted + lost).to.equal(outcome.ballots * UNITS);
      }
    });

    it("changes nothing and announces nothing once the count is complete", async () => {
      const { ranked, electionId, elections } = await loadFixture(counting);
      const { outcome } = await countWith(ranked, electionId, MAX_BUDGET);
      const progress = await ranked.progressOf(electionId);
      await time.increase(3 * DAY);
      await elections.finish(electionId);
      expect(await ranked.advance.staticCall(electionId, 1n)).to.equal(true);
      await expect(ranked.advance(electionId, MAX_BUDGET)).not.to.emit(ranked, "StageCounted");
      const { ballots, order, record } = await ranked.outcome(electionId);
      expect({ ballots, order: [...order], record }).to.deep.equal(outcome);
      expect(await ranked.progressOf(electionId)).to.deep.equal(progress);
    });

    it("counts nothing where nobody voted, and elects nobody", async () => {
      const { ranked, electionId, countsFrom } = await loadFixture(open);
      await time.increaseTo(countsFrom);
      const { stages, calls, outcome } = await countWith(ranked, electionId, 1n);
      expect(calls).to.equal(1);
      expect(stages).to.deep.equal([
        {
          electionId,
          stage: 1n,
          moved: NOBODY,
          values: [0n, 0n, 0n, 0n],
          exhausted: 0n,
          lost: 0n,
          elected: 0n,
        },
      ]);
      expect(outcome).to.deep.equal({
        ballots: 0n,
        order: [],
        record: recordOf(electionId, 0n, UNITS, stages),
      });
    });

    it("lets the ballots of who withdrew pass to the next preference, and leaves out those without one", async () => {
      const setting = await loadFixture(open);
      const { ranked, elections, electionId, members, vote, countsFrom } = setting;
      for (const member of members.slice(0, 5)) await vote(member, 1, 3);
      for (const member of members.slice(5, 9)) await vote(member, 2);
      await vote(members[9], 1);
      await elections.connect(members[0]).withdraw(electionId);
      await time.increaseTo(countsFrom);
      const { outcome, stages } = await countWith(ranked, electionId, MAX_BUDGET);
      expect(stages[0]?.values).to.deep.equal([0n, 0n, 4n * UNITS, 5n * UNITS]);
      expect(outcome.ballots).to.equal(9n);
      expect(outcome.order[0]).to.equal(3n);
      expect(outcome.order).not.to.include(1n);
    });

    it("elects nobody once re-open nominations is elected", async () => {
      const setting = await loadFixture(open);
      const { ranked, electionId, members, vote, countsFrom } = setting;
      for (const member of members.slice(0, 7)) await vote(member, 0);
      for (const member of members.slice(7, 12)) await vote(member, 1);
      await time.increaseTo(countsFrom);
      const { outcome } = await countWith(ranked, electionId, MAX_BUDGET);
      expect(outcome.order).to.deep.equal([]);
      expect(outcome.ballots).to.equal(12n);
    });
  });

  describe("outcome", () => {
    it("ranks nobody behind the winners whom no ballot names, whatever the lot", async () => {
      // Re-open nominations has no vote either, and the lot excludes it before some candidate, in one order or another.
      for (let run = 0; run < 6; run++) {
        const setting = await openElection(connection, { method: "ranked", candidates: 3 + run });
        const { ranked, electionId, members, vote, countsFrom } = setting;
        for (const member of members.slice(0, 4)) await vote(member, 2);
        await time.increaseTo(countsFrom);
        const { outcome } = await countWith(ranked, electionId, MAX_BUDGET);
        expect(outcome.order).to.deep.equal([2n]);
      }
    });
  });

  describe("outcome and isCounted", () => {
    it("have nothing to say before the count is complete", async () => {
      const { ranked, electionId } = await loadFixture(counting);
      for (let calls = 0; calls < 3; calls++) {
        expect(await ranked.isCounted(electionId)).to.equal(false);
        await expect(ranked.outcome(electionId))
          .to.be.revertedWithCustomError(ranked, "BallotBoxNotCounted")
          .withArgs(electionId);
        await ranked.advance(electionId, 1n);
      }
      expect(await ranked.isCounted(electionId)).to.equal(true);
      expect((await ranked.outcome(electionId)).ballots).to.equal(12n);
    });

    it("have nothing to say of no election", async () => {
      const { ranked } = await loadFixture(counting);
      expect(await ranked.isCounted(99n)).to.equal(false);
      await expect(ranked.outcome(99n))
        .to.be.revertedWithCustomError(ranked, "BallotBoxNotCounted")
        .withArgs(99n);
    });

    it(`have a record that anybody computes from the stages (${seed})`, async () => {
      const { ranked, electionId } = await loadFixture(countingMany);
      const { stages, outcome } = await countWith(ranked, electionId, MAX_BUDGET);
      const { quota } = await ranked.progressOf(electionId);
      expect(outcome.record).not.to.equal(ZeroHash);
      expect(outcome.record).to.equal(recordOf(electionId, outcome.ballots, quota, stages));
    });
  });

  describe("progressOf", () => {
    it("tells complete stages, quota, winners, and whether the count is complete", async () => {
      const { ranked, electionId } = await loadFixture(counting);
      const seen = [];
      for (let calls = 0; calls < 4; calls++) {
        seen.push([...(await ranked.progressOf(electionId))]);
        await ranked.advance(electionId, 1n);
      }
      const quota = 7n * UNITS;
      expect(seen).to.deep.equal([
        [0n, 0n, 0n, false],
        [1n, quota, 0n, false],
        [2n, quota, 0n, false],
        [3n, quota, 1n, true],
      ]);
    });
  });
});
