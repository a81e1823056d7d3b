import { expect } from "chai";
import { network } from "hardhat";
import { packWords, type StoredBallot } from "../../scripts/lib/elections/ballot-code.js";
import { countRanked, type Slate } from "../../scripts/lib/elections/ranked-count.js";
import { slateOf } from "../helpers/ranked.js";

const connection = await network.create();
const { ethers } = connection;

const CANDIDATES = 32;
const OPTIONS = Array.from({ length: CANDIDATES + 1 }, (_, option) => option);
const SEATS = 16;
const BALLOTS = 10_000;
/** Words that a call reads: with 31 candidates or more each ballot has its own. */
const BUDGET = 1_500;
const LIMIT = 10_000_000n;

/** After the first stage each moves the ballots of another option. */
const MOST_STAGES = OPTIONS.length + 1;
const CALLS_PER_STAGE = Math.ceil((BALLOTS + 1) / BUDGET);

/** So many words of ballots fit into a transaction that stores them. */
const STORED_AT_ONCE = 500;

async function counting(slate: Slate, ballots: readonly StoredBallot[], seats = SEATS) {
  const harness = await ethers.deployContract("RankedCountHarness");
  const words = packWords(ballots, CANDIDATES, ballots.length);
  for (let first = 0; first < words.length; first += STORED_AT_ONCE) {
    await harness.store(first, words.slice(first, first + STORED_AT_ONCE));
  }
  const byHand = countRanked(slate, ballots, seats, 1n);
  /** Counts on; answers what the call took. */
  const advance = async (budget: number): Promise<bigint> => {
    const sent = await harness.advance(slate, 1n, seats, ballots.length, budget);
    return (await sent.wait())?.gasUsed ?? LIMIT;
  };
  /** Counts to the end; answers what each call took. */
  const finish = async (budget: number): Promise<bigint[]> => {
    const gas: bigint[] = [];
    for (let done = false; !done; [done] = await harness.result(CANDIDATES)) gas.push(await advance(budget));
    expect((await harness.result(CANDIDATES))[1].digest).to.equal(byHand.digest);
    return gas;
  };
  return { byHand, advance, finish, result: () => harness.result(CANDIDATES) };
}

const greatest = (gas: readonly bigint[]) => gas.reduce((most, one) => (one > most ? one : most), 0n);

describe("RankedCount, with 32 candidates", () => {
  it(`reads 10,000 ballots of 33 preferences in ${CALLS_PER_STAGE} calls a stage, each below 10 M gas: \
${MOST_STAGES * CALLS_PER_STAGE} calls for the ${MOST_STAGES} stages that there can be`, async () => {
    const ballots = Array.from({ length: BALLOTS }, (_, index) => ({
      number: index + 1,
      group: index % 8,
      preferences: OPTIONS.map((option) => (option * ([1, 2, 4, 5, 7][index % 5] ?? 1) + index ** 2) % 33),
    }));
    const { byHand, advance, result } = await counting(slateOf(CANDIDATES), ballots);
    expect(byHand.stages.length).to.be.within(30, MOST_STAGES);
    // The first three stages: whole, and as the count in TypeScript has them.
    const gas: bigint[] = [];
    for (let stage = 1; stage <= 3; ++stage) {
      for (let call = 1; call <= CALLS_PER_STAGE; ++call) {
        gas.push(await advance(Math.min(BUDGET, BALLOTS + 1 - (call - 1) * BUDGET)));
      }
      const [, { stages }] = await result();
      expect(stages).to.have.length(stage);
      expect(stages.map(({ held }) => [...held])).to.deep.equal(
        byHand.stages.slice(0, stage).map(({ values }) => values),
      );
    }
    expect(greatest(gas) < LIMIT, `${greatest(gas)} gas`).to.equal(true);
  }).timeout(120_000);

  it("stays below 10 M gas a call even where every ballot has gone through everybody", async () => {
    // All put the same 15 first, who are elected in turn by the surplus of the one before; each surplus cuts a ballot
    // again. The others are excluded in turn, and ballots go through them.
    const ballots: StoredBallot[] = Array.from({ length: 500 }, (_, index) => ({
      number: index + 1,
      group: index % 8,
      preferences: [...OPTIONS.slice(1, 16), ...OPTIONS.slice(16 + (index % 17)), 0],
    }));
    const { byHand, advance, result } = await counting(slateOf(CANDIDATES), ballots);
    expect(byHand.stages.length).to.be.within(32, MOST_STAGES);
    expect(byHand.cuts).to.equal(15n * 500n);
    // Each stage takes two calls: one that reads all words but the last, and one that completes it.
    const gas: { reading: bigint; completing: bigint }[] = [];
    for (const _ of byHand.stages) {
      gas.push({ reading: await advance(ballots.length), completing: await advance(1) });
    }
    expect((await result())[1].digest).to.equal(byHand.digest);
    const reading = greatest(gas.map((stage) => stage.reading));
    const completing = greatest(gas.map((stage) => stage.completing));
    const call = (reading * BigInt(BUDGET)) / BigInt(ballots.length) + completing;
    // More than such a call takes, for what every call takes is in it several times.
    expect(call < LIMIT, `${call} gas`).to.equal(true);
  }).timeout(120_000);

  it("stays below 10 M gas a call where there are so few ballots that one call completes many stages", async () => {
    const ballots = OPTIONS.map((option) => ({
      number: option + 1,
      group: option % 8,
      preferences: OPTIONS.map((other) => (other + option) % 33),
    }));
    const groups = OPTIONS.map((option) => BigInt(option % 8));
    const slate = slateOf(CANDIDATES, {
      groups,
      organisations: groups.map((group) => group + 1n),
      maxPerGroup: 3n,
      maxPerOrganisation: 3n,
      sittingGroups: groups.slice(0, 16),
      sittingOrganisations: groups.slice(0, 16),
    });
    for (const [seats, stages] of [
      [1, 16],
      [SEATS, 5],
    ] as const) {
      const { byHand, finish } = await counting(slate, ballots, seats);
      expect(byHand.stages.length).to.be.at.least(stages);
      const gas = await finish(BUDGET);
      expect(gas.length).to.be.below(byHand.stages.length);
      expect(greatest(gas) < LIMIT, `${greatest(gas)} gas`).to.equal(true);
    }
  }).timeout(120_000);
});
