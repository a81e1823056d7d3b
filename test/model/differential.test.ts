import { randomInt } from "node:crypto";
import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { History } from "./history.js";
import { Journal } from "./journal.js";

const HISTORIES = 8;
const STEPS = 2_500;
/** Any whole number. History 1 of `SEED=n` is history 2 of `SEED=n-1`, and so on. */
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));

describe(`the contracts against the model of roll and tally (SEED=${SEED})`, () => {
  const journal = new Journal();
  let connection: NetworkConnection<"generic">;

  before(async () => {
    connection = await network.create({
      network: "default",
      override: { allowBlocksWithSameTimestamp: true, initialBaseFeePerGas: 0, blockGasLimit: 60_000_000 },
    });
  });

  after(async () => {
    await connection.close();
  });

  for (let place = 0; place < HISTORIES; place++) {
    it(`agree through history ${place + 1}, of ${STEPS} steps`, async function () {
      this.timeout(300_000);
      const history = await History.begin(connection, SEED + place, journal);
      await history.take(STEPS);
      expect(history.steps).to.equal(STEPS);
    });
  }

  it("went through what matters", () => {
    process.stdout.write(journal.table());
    expect(journal.total).to.be.at.least(20_000);
    expect(journal.missing()).to.deep.equal([]);
  });
});
