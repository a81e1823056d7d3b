import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { ClauseOrderHarness } from "../../typechain-types/index.js";

const WORDS = 8;
const LIMIT = 128;
const LANES = 16;
/** Places at which a number could be carried into the next word or lost from it. */
const EDGES = [0, 1, 14, 15, 16, 17, 31, 32, 63, 64, 111, 112, 126, 127];

/** Numbers as they are kept: 16 bits each, 16 to a word, from the lowest on. */
function pack(clauses: readonly number[]): bigint[] {
  return Array.from({ length: WORDS }, (_, word) =>
    clauses
      .slice(word * LANES, (word + 1) * LANES)
      .reduce((packed, clause, lane) => packed | (BigInt(clause) << BigInt(lane * 16)), 0n),
  );
}

/** Numbers that use all sixteen bits and differ. */
const clauses = (count: number) => Array.from({ length: count }, (_, index) => 65_535 - index * 7);
const NEW = 1;

describe("ClauseOrder", () => {
  let connection: NetworkConnection<"generic">;
  let order: ClauseOrderHarness;
  const packed = (list: readonly number[]) => pack(list) as never;

  before(async () => {
    connection = await network.create();
    order = await connection.ethers.deployContract("ClauseOrderHarness");
  });

  after(async () => {
    await connection.close();
  });

  it("holds 128 clauses in eight words", async () => {
    expect(await order.shape()).to.deep.equal([BigInt(WORDS), BigInt(LIMIT)]);
    const used = [
      [0, 0],
      [1, 1],
      [16, 1],
      [17, 2],
      [127, 8],
      [128, 8],
    ] as const;
    for (const [count, words] of used) expect(await order.wordsFor(count)).to.equal(BigInt(words));
  });

  describe("at and indexOf", () => {
    it("find every clause in its place, and none where there is none", async () => {
      const list = clauses(LIMIT - 1);
      for (const [index, clause] of list.entries()) {
        expect(await order.at(packed(list), index)).to.equal(BigInt(clause));
        expect(await order.indexOf(packed(list), clause)).to.equal(BigInt(index));
      }
      expect(await order.at(packed(list), LIMIT - 1)).to.equal(0n);
      expect(await order.indexOf(packed(list), NEW)).to.equal(BigInt(LIMIT));
    });
  });

  describe("insert", () => {
    it("moves what follows up by one, through all words, and leaves what comes before alone", async () => {
      for (const count of EDGES) {
        for (const index of EDGES.filter((edge) => edge <= count)) {
          const list = clauses(count);
          expect(await order.insert(packed(list), index, NEW)).to.deep.equal(
            pack(list.toSpliced(index, 0, NEW)),
          );
        }
      }
    });
  });

  describe("remove", () => {
    it("moves what follows down by one, through all words, and leaves what comes before alone", async () => {
      for (const count of [...EDGES, LIMIT]) {
        for (const index of EDGES.filter((edge) => edge < count)) {
          const list = clauses(count);
          expect(await order.remove(packed(list), index)).to.deep.equal(pack(list.toSpliced(index, 1)));
        }
      }
    });
  });

  describe("put", () => {
    it("changes one place", async () => {
      const list = clauses(LIMIT);
      for (const index of EDGES) {
        expect(await order.put(packed(list), index, NEW)).to.deep.equal(pack(list.with(index, NEW)));
      }
    });
  });
});
