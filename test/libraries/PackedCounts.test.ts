import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { PackedCountsHarness } from "../../typechain-types/index.js";
import { randomness } from "../helpers/random.js";

const LANES = 8;
const LANE_BITS = 20n;
const MODULUS = 1n << LANE_BITS;
const LIMIT = MODULUS - 1n;

/** Values at which a lane could carry into its neighbour or borrow from it. */
const EDGES = [0n, 1n, MODULUS / 2n - 1n, MODULUS / 2n, MODULUS / 2n + 1n, LIMIT - 1n, LIMIT];

function pack(lanes: readonly bigint[]): bigint {
  return lanes.reduce((word, value, lane) => word | (value << (BigInt(lane) * LANE_BITS)), 0n);
}

function eachLane(value: (lane: number) => bigint): bigint[] {
  return Array.from({ length: LANES }, (_, lane) => value(lane));
}

describe("PackedCounts", () => {
  let connection: NetworkConnection<"generic">;
  let counts: PackedCountsHarness;

  async function freshHarness() {
    return connection.ethers.deployContract("PackedCountsHarness");
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    counts = await connection.networkHelpers.loadFixture(freshHarness);
  });

  after(async () => {
    await connection.close();
  });

  it("has eight lanes of twenty bits, in a word that fits beside a 48-bit moment", async () => {
    expect([...(await counts.shape())]).to.deep.equal([BigInt(LANES), LANE_BITS, LIMIT]);
  });

  describe("unit", () => {
    it("is one in its lane and zero elsewhere", async () => {
      for (let lane = 0; lane < LANES; lane++) {
        expect(await counts.unit(lane)).to.equal(pack(eachLane((other) => (other === lane ? 1n : 0n))));
      }
    });
  });

  describe("at", () => {
    it("reads each lane alone, from 0 to the limit", async () => {
      const lanes = [0n, 1n, 2n, LIMIT, MODULUS / 2n, 12_345n, LIMIT - 1n, LIMIT];
      for (const [lane, value] of lanes.entries()) {
        expect(await counts.at(pack(lanes), lane)).to.equal(value);
      }
    });
  });

  describe("add and sub", () => {
    it("work modulo 2^20 in a lane and leave its neighbours alone, at every edge", async () => {
      for (const a of EDGES) {
        for (const b of EDGES) {
          for (const lane of [0, 3, LANES - 1]) {
            const [x, y] = [a, b].map((value) => pack(eachLane((other) => (other === lane ? value : 7n))));
            const sum = pack(eachLane((other) => (other === lane ? (a + b) % MODULUS : 14n)));
            const difference = pack(eachLane((other) => (other === lane ? (a - b + MODULUS) % MODULUS : 0n)));
            expect(await counts.add(x as bigint, y as bigint)).to.equal(sum);
            expect(await counts.sub(x as bigint, y as bigint)).to.equal(difference);
          }
        }
      }
    });

    const random = randomness();

    it(`work on all lanes at once, on random words (${random.seed})`, async () => {
      for (let i = 0; i < 100; i++) {
        const a = eachLane(() => random.below(MODULUS));
        const b = eachLane(() => random.below(MODULUS));
        const at = (lanes: bigint[], lane: number) => lanes[lane] as bigint;
        const sum = pack(eachLane((lane) => (at(a, lane) + at(b, lane)) % MODULUS));
        expect(await counts.add(pack(a), pack(b))).to.equal(sum);
        expect(await counts.sub(sum, pack(b))).to.equal(pack(a));
      }
    });

    it("give the right difference of running counts that wrapped", async () => {
      const before = pack(eachLane((lane) => LIMIT - BigInt(lane)));
      const after = await counts.add(before, pack(eachLane(() => 100n)));
      expect(await counts.sub(after, before)).to.equal(pack(eachLane(() => 100n)));
    });
  });

  describe("total", () => {
    it("sums the lanes, also where the highest or the lowest are empty", async () => {
      for (const lanes of [
        eachLane(() => 0n),
        eachLane((lane) => (lane === 7 ? 5n : 0n)),
        eachLane((lane) => (lane === 0 ? 5n : 0n)),
        eachLane((lane) => BigInt(lane + 1)),
        eachLane(() => LIMIT),
      ]) {
        const sum = lanes.reduce((total, value) => total + value, 0n);
        expect(await counts.total(pack(lanes))).to.equal(sum);
      }
    });
  });
});
