import { expect } from "chai";
import { network } from "hardhat";
import { packWords, type StoredBallot } from "../../scripts/lib/elections/ballot-code.js";
import { countRanked, type Slate, UNITS } from "../../scripts/lib/elections/ranked-count.js";
import { randomness } from "../helpers/random.js";
import { type Election, lastNumberOf } from "../helpers/ranked.js";

const connection = await network.create({
  // Without a limit of gas a transaction: many elections are counted in one call.
  override: { hardfork: "prague", blockGasLimit: 1_000_000_000 },
});
const { ethers } = connection;
const { below, seed } = randomness();

const ELECTIONS = 2_000;
const PERMUTED = 200;
/** Elections that the contract counts in one call. */
const AT_ONCE = 5;

const roll = (limit: number) => Number(below(BigInt(limit)));
const chance = (percent: number) => roll(100) < percent;
const list = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index));

function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  return list(items.length, () => left.splice(roll(left.length), 1)[0] as T);
}

/** A number by which somebody's lot is decided; large, as an options' order must not matter. */
const randomDigest = () => `0x${list(4, () => (below(2n ** 62n) + 2n ** 62n).toString(16)).join("")}`;

interface Trial extends Election {
  readonly electionId: bigint;
  /** Words that a call reads. */
  readonly budget: number;
}

/** Small, so that ties abound; with withdrawals, short ballots, gaps in the roll, and limits of balance. */
function randomElection(): Trial {
  const candidates = 1 + roll(12);
  const limited = chance(40);
  const byOption = (make: () => number) =>
    list(candidates + 1, (option) => (option === 0 ? 0n : BigInt(make())));
  const numbers = shuffled(list(40, (index) => BigInt(index + 1)));
  const slate: Slate = {
    candidates: BigInt(candidates),
    gone: chance(30) ? below(2n ** BigInt(candidates)) << 1n : 0n,
    seed: randomDigest(),
    numbers: [0n, ...numbers.slice(0, candidates)],
    groups: byOption(() => roll(3)),
    organisations: byOption(() => roll(4)),
    maxPerGroup: limited ? BigInt(roll(4)) : 0n,
    maxPerOrganisation: limited ? BigInt(roll(3)) : 0n,
    sittingGroups: limited ? list(roll(3), () => BigInt(roll(3))) : [],
    sittingOrganisations: limited ? list(roll(3), () => BigInt(roll(4))) : [],
  };
  // Some options are liked by all, so that there are surpluses.
  const liked = shuffled(list(candidates + 1, (option) => option)).slice(0, 1 + roll(3));
  const members = chance(5) ? roll(3) : roll(chance(20) ? 60 : 16);
  const ballots: StoredBallot[] = [];
  for (let number = 1; number <= members; ++number) {
    if (chance(10)) continue;
    const wish = shuffled(list(candidates + 1, (option) => option));
    const kind = chance(50) ? [...new Set([...shuffled(liked), ...wish])] : wish;
    // Few want new nominations before all else: most elections go on.
    const ranked = chance(70) ? [...kind.filter((option) => option !== 0), 0] : kind;
    const length = chance(50) ? ranked.length : 1 + roll(ranked.length);
    ballots.push({ number, group: roll(5), preferences: ranked.slice(0, length) });
  }
  return {
    slate,
    seats: 1 + roll(6),
    ballots,
    electionId: 1n + below(1_000n),
    budget: [members > 20 ? 4 : 1, 2, 5, 120, 250, 100_000][roll(6)] ?? 1,
  };
}

/** Counts by the contract. */
async function countAll(trials: readonly Trial[]) {
  const harness = await ethers.deployContract("RankedCountHarness");
  const results: Awaited<ReturnType<typeof harness.run.staticCall>> = [];
  for (let first = 0; first < trials.length; first += AT_ONCE) {
    const elections = trials.slice(first, first + AT_ONCE).map(({ ballots, ...election }) => {
      const lastNumber = lastNumberOf(ballots);
      const words = packWords(ballots, Number(election.slate.candidates), lastNumber);
      return { ...election, lastNumber, words };
    });
    results.push(...(await harness.run.staticCall(elections, { gasLimit: 1_000_000_000n })));
  }
  return results;
}

const byHandOf = ({ slate, ballots, seats, electionId }: Trial) =>
  countRanked(slate, ballots, seats, electionId);

/** The same election, but every candidate is another option, and those of a group have cast one another's ballots. */
function permuted(trial: Trial): Trial {
  const { slate, ballots } = trial;
  // The candidate who was option `from[i]` is option i now.
  const from = [0, ...shuffled(list(Number(slate.candidates), (at) => at + 1))];
  const moved = <T>(items: readonly T[]) => from.map((option) => items[option] as T);
  const cast = [0, 1, 2, 3, 4].flatMap((group) => {
    const own = ballots.filter((ballot) => ballot.group === group);
    const theirs = shuffled(own);
    return own.map(({ number }, at) => ({
      number,
      group,
      preferences: (theirs[at]?.preferences ?? []).map((option) => from.indexOf(option)),
    }));
  });
  return {
    ...trial,
    ballots: cast,
    slate: {
      ...slate,
      gone: from.reduce((bits, old, now) => bits | (((slate.gone >> BigInt(old)) & 1n) << BigInt(now)), 0n),
      numbers: moved(slate.numbers),
      groups: moved(slate.groups),
      organisations: moved(slate.organisations),
    },
  };
}

describe(`RankedCount, at random (${seed})`, () => {
  it(`counts ${ELECTIONS} elections stage by stage as a returning officer would`, async () => {
    const trials = list(ELECTIONS, randomElection);
    const seen = { calls: 0, surpluses: 0, lost: 0, exhausted: 0, ronElected: 0, ronOut: 0, runnersUp: 0 };
    for (const [index, counted] of (await countAll(trials)).entries()) {
      const trial = trials[index] as Trial;
      const byHand = byHandOf(trial);
      const title = `election ${index}`;
      const stages = counted.stages.map(({ moved, held, exhausted, elected }) => ({
        moved: Number(moved),
        values: [...held],
        exhausted,
        elected,
      }));
      expect(stages, title).to.deep.equal(byHand.stages.map(({ lost: _, ...stage }) => stage));
      expect(counted.ballots, title).to.equal(byHand.valid);
      expect(counted.quota, title).to.equal(byHand.quota);
      expect(counted.order.map(Number), title).to.deep.equal(byHand.order);
      expect(Number(counted.winners), title).to.equal(byHand.winners);
      expect(byHand.winners, title).to.be.at.most(trial.seats);
      // What was lost is in the digest alone.
      expect(counted.digest, title).to.equal(byHand.digest);

      let lost = 0n;
      for (const stage of byHand.stages) {
        const held = stage.values.reduce((sum, value) => sum + value, stage.exhausted);
        expect(held + stage.lost, title).to.equal(counted.ballots * UNITS);
        expect(stage.lost >= lost, title).to.equal(true);
        lost = stage.lost;
      }
      expect(lost === 0n || lost < byHand.cuts, title).to.equal(true);

      const last = stages.at(-1);
      if (counted.calls > 1n) seen.calls += 1;
      if (byHand.cuts > 0n) seen.surpluses += 1;
      if (lost > 0n) seen.lost += 1;
      if (last !== undefined && last.exhausted > 0n) seen.exhausted += 1;
      if (last !== undefined && last.elected % 2n === 1n) seen.ronElected += 1;
      if (stages.some(({ moved }) => moved === 0)) seen.ronOut += 1;
      if (byHand.order.length > byHand.winners) seen.runnersUp += 1;
    }
    // The elections are of every kind.
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).to.be.above(ELECTIONS / 40);
  }).timeout(600_000);

  it("elects the same whatever option a candidate is, and whoever of a group cast which ballot", async () => {
    const trials = list(PERMUTED, randomElection);
    const others = trials.map(permuted);
    const [before, after] = [await countAll(trials), await countAll(others)];
    for (const [index, trial] of trials.entries()) {
      const title = `election ${index}`;
      const other = others[index] as Trial;
      const orderOf = ({ slate }: Trial, order: readonly (bigint | number)[] = []) =>
        order.map((option) => slate.numbers[Number(option)]);
      expect(after[index]?.winners, title).to.equal(before[index]?.winners);
      const order = orderOf(trial, before[index]?.order);
      expect(orderOf(other, after[index]?.order), title).to.deep.equal(order);
      expect(orderOf(other, byHandOf(other).order), title).to.deep.equal(order);
    }
  }).timeout(600_000);
});
