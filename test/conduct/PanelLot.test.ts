import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { randomness } from "../helpers/random.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const random = randomness();

async function harness() {
  return ethers.deployContract("PanelLotHarness");
}

/** A panel by the rule, in a few lines of its own. */
function expected(order: readonly bigint[], groups: readonly bigint[]) {
  const sat: number[] = [];
  const seats: (number | undefined)[] = [undefined, undefined, undefined];
  const fill = (seat: number) => {
    const present = new Set(seats.filter((one) => one !== undefined).map((one) => groups[one]));
    const free = order.map((_, index) => index).filter((index) => !sat.includes(index));
    const found = free.find((index) => !present.has(groups[index])) ?? free[0];
    seats[seat] = found;
    if (found !== undefined) sat.push(found);
  };
  for (const seat of [0, 1, 2]) fill(seat);
  const numberAt = (one: number | undefined) => (one === undefined ? 0n : (order[one] as bigint));
  return {
    panel: () => seats.map(numberAt),
    replace: (number: bigint) => {
      const seat = seats.findIndex((one) => numberAt(one) === number);
      seats[seat] = undefined;
      fill(seat);
      return numberAt(seats[seat]);
    },
    sat: () => sat.map(numberAt),
  };
}

describe("PanelLot", function () {
  this.timeout(120_000);

  it("seats nobody before it is filled", async () => {
    const lot = await networkHelpers.loadFixture(harness);
    expect([...(await lot.panel())]).to.deep.equal([0n, 0n, 0n]);
    expect(await lot.sits(0)).to.equal(false);
    expect(await lot.hasSat(1)).to.equal(false);
    expect(await lot.replace.staticCall(1)).to.equal(0n);
  });

  it("seats the first of three groups, and fills a seat with a group that is missing", async () => {
    const lot = await networkHelpers.loadFixture(harness);
    await lot.fill([11n, 12n, 13n, 14n, 15n], [0n, 0n, 1n, 2n, 1n]);
    expect([...(await lot.panel())]).to.deep.equal([11n, 13n, 14n]);
    // Only groups 0 and 1 are left: the first of group 1 that has not sat.
    await lot.replace(13n);
    expect([...(await lot.panel())]).to.deep.equal([11n, 15n, 14n]);
    await lot.replace(14n);
    expect([...(await lot.panel())]).to.deep.equal([11n, 15n, 12n]);
    await lot.replace(11n);
    expect([...(await lot.panel())]).to.deep.equal([0n, 15n, 12n]);
    for (const number of [11n, 12n, 13n, 14n, 15n]) expect(await lot.hasSat(number)).to.equal(true);
    expect([await lot.sits(11n), await lot.sits(12n), await lot.sits(0n)]).to.deep.equal([
      false,
      true,
      false,
    ]);
  });

  it("seats two of a group where there is no other", async () => {
    const lot = await networkHelpers.loadFixture(harness);
    await lot.fill([1n, 2n, 3n], [4n, 4n, 4n]);
    expect([...(await lot.panel())]).to.deep.equal([1n, 2n, 3n]);
  });

  it(`does by the rule in 200 random pools, replacements included (${random.seed})`, async () => {
    const below = (limit: number) => Number(random.below(BigInt(limit)));
    for (let round = 0; round < 200; round++) {
      const lot = await harness();
      const count = 3 + below(14);
      const numbers = Array.from({ length: count }, (_, index) => BigInt(100 + index * 7));
      const groups = numbers.map(() => BigInt(below(8)));
      const [order, theirs] = await lot.shuffled(numbers, groups, id(`round ${round}`));
      expect([...order].sort()).to.deep.equal([...numbers].sort());
      for (const [index, number] of order.entries()) {
        expect(theirs[index]).to.equal(groups[numbers.indexOf(number)]);
      }
      await lot.fill([...order], [...theirs]);
      const model = expected([...order], [...theirs]);
      expect([...(await lot.panel())]).to.deep.equal(model.panel());
      const distinct = new Set(groups).size;
      const seated = model.panel().map((number) => groups[numbers.indexOf(number)]);
      expect(new Set(seated).size).to.equal(Math.min(3, distinct));
      for (let step = 0; step < 3; step++) {
        const sitting = model.panel().filter((number) => number !== 0n);
        const leaves = sitting[below(sitting.length)];
        if (leaves === undefined) break;
        await lot.replace(leaves);
        model.replace(leaves);
        expect([...(await lot.panel())]).to.deep.equal(model.panel());
      }
      for (const number of numbers) expect(await lot.hasSat(number)).to.equal(model.sat().includes(number));
    }
  });

  it("puts everybody in every place about as often: chi-square of 2,000 orders of six", async () => {
    const lot = await networkHelpers.loadFixture(harness);
    const rounds = 2_000;
    const numbers = [1n, 2n, 3n, 4n, 5n, 6n];
    const counts = numbers.map(() => numbers.map(() => 0));
    for (let round = 0; round < rounds; round++) {
      const [order] = await lot.shuffled(numbers, numbers, id(`seed ${round}`));
      for (const [place, number] of order.entries()) {
        const row = counts[place] as number[];
        row[Number(number) - 1] = (row[Number(number) - 1] ?? 0) + 1;
      }
    }
    const each = rounds / numbers.length;
    const chi = counts.flat().reduce((sum, count) => sum + (count - each) ** 2 / each, 0);
    // 25 degrees of freedom: more than 52.6 comes once in a thousand fair lots, and these seeds are fixed.
    expect(chi).to.be.lessThan(52.6);
  });
});
