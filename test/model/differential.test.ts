import { expect } from "chai";
import { network } from "hardhat";
import { History } from "./history.js";
import { Journal } from "./journal.js";

const HISTORIES = 8;
const STEPS = 2_500;

/** Any whole number. History 1 of `SEED=n` is history 2 of `SEED=n-1`, and so on. */
const SEED = Number(process.env.SEED ?? 20261121);

/** When every history begins, in seconds since 1970. An hour before, the coalition is deployed. */
const BEGINNING = Date.UTC(2030, 0, 1) / 1_000;

describe(`the contracts against the model of roll and tally (SEED=${SEED})`, () => {
  const journal = new Journal();

  for (let place = 0; place < HISTORIES; place++) {
    it(`agree through history ${place + 1}, of ${STEPS} steps`, async function () {
      this.timeout(300_000);
      // A chain of its own that begins at a fixed moment: the seed alone says what happens.
      const connection = await network.create({
        network: "default",
        override: {
          allowBlocksWithSameTimestamp: true,
          blockGasLimit: 60_000_000,
          initialBaseFeePerGas: 0,
          initialDate: new Date((BEGINNING - 3_600) * 1_000),
        },
      });
      try {
        const history = await History.begin(connection, SEED + place, BEGINNING, journal);
        await history.take(STEPS);
        expect(history.steps).to.equal(STEPS);
      } finally {
        await connection.close();
      }
    });
  }

  it("went through what matters", () => {
    process.stdout.write(journal.table());
    expect(journal.total).to.be.at.least(20_000);
    expect(journal.missing()).to.deep.equal([]);
  });
});
