import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { ElectorateLedgerHarness } from "../../typechain-types/index.js";

const WEEK = 604_800n;
const PACE = { waitingPeriod: 30n * 86_400n, epochLength: WEEK, epochShareBps: 1_000n, epochFloor: 1n };

describe("ElectorateLedger", () => {
  let connection: NetworkConnection<"generic">;
  let ledger: ElectorateLedgerHarness;

  async function freshLedger() {
    return connection.ethers.deployContract("ElectorateLedgerHarness");
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    ledger = await connection.networkHelpers.loadFixture(freshLedger);
  });

  after(async () => {
    await connection.close();
  });

  describe("given a queue as long as the slot's 40 bits can say", () => {
    it("admits nobody to a boundary that would wrap into the past", async () => {
      const last = ((2n ** 40n - 1n) / WEEK) * WEEK;
      const waiting = 1_000n;
      // The tail's slot: boundary, no seat left, last number, arrived votes of group 0.
      const word = last | (waiting << 56n) | (waiting << 88n);
      await connection.networkHelpers.setStorageAt(await ledger.getAddress(), 0, word);

      await expect(ledger.admit(1, 0, PACE)).to.be.revert(connection.ethers);
      const now = BigInt(await connection.networkHelpers.time.latest());
      expect((await ledger.countsAt(now))[0], "votes that are still waiting").to.equal(0);
    });
  });
});
