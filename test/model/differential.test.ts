import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { History } from "./history.js";
import { Journal } from "./journal.js";

const HISTORIES = Number(process.env.HH ?? 20);
const STEPS = 2_500;

/** How many histories are told side by side: while the chain of one works, the model of another does. */
const LANES = 2;

/** Any whole number. History 1 of `SEED=n` is history 2 of `SEED=n-1`, and so on. */
const SEED = Number(process.env.SEED ?? 20261121);

/** When every history begins, in seconds since 1970. An hour before, the coalition is deployed. */
const BEGINNING = Date.UTC(2030, 0, 1) / 1_000;

/** A chain that begins at a fixed moment, again and again: the seed alone says what happens. */
type Lane = { connection: NetworkConnection<"generic">; restart: () => Promise<void> };

async function openLane(): Promise<Lane> {
  const connection = await network.create({
    network: "default",
    override: {
      allowBlocksWithSameTimestamp: true,
      blockGasLimit: 60_000_000,
      transactionGasCap: false,
      initialBaseFeePerGas: 0,
      initialDate: new Date((BEGINNING - 3_600) * 1_000),
    },
  });
  const { restore } = await connection.networkHelpers.takeSnapshot();
  return { connection, restart: restore };
}

describe(`the contracts against the model of roll and tally (SEED=${SEED})`, () => {
  const journal = new Journal();
  const told: Promise<number>[] = [];
  let lanes: Lane[] = [];

  async function tell({ connection, restart }: Lane, place: number): Promise<number> {
    await restart();
    const history = await History.begin(connection, SEED + place, BEGINNING, journal);
    await history.take(STEPS);
    return history.steps;
  }

  before(async () => {
    lanes = await Promise.all(Array.from({ length: LANES }, openLane));
    for (let place = 0; place < HISTORIES; place++) {
      const turn = told[place - LANES] ?? Promise.resolve(0);
      const lane = lanes[place % LANES] as Lane;
      // A history that fails is reported where it is waited for; the next one in its lane goes on.
      told[place] = turn.catch(() => 0).then(() => tell(lane, place));
      told[place]?.catch(() => {});
    }
  });

  after(async () => {
    await Promise.all(lanes.map(({ connection }) => connection.close()));
  });

  for (let place = 0; place < HISTORIES; place++) {
    it(`agree through history ${place + 1}, of ${STEPS} steps`, async function () {
      this.timeout(300_000);
      expect(await told[place]).to.equal(STEPS);
    });
  }

  it("went through what matters", () => {
    process.stdout.write(journal.table());
    expect(journal.total).to.be.at.least(50_000);
    expect(journal.missing()).to.deep.equal([]);
  });
});
