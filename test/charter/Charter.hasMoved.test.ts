import { expect } from "chai";
import { concat, dataLength, dataSlice, MaxUint256, toBeHex, ZeroHash } from "ethers";
import { DOCUMENT, NEW, ONE, THREE, TWO, useCharter } from "../helpers/charter.js";
import { randomness } from "../helpers/random.js";

describe("Charter: hasMoved", () => {
  const hall = useCharter();

  describe("hasMoved", () => {
    const NAMES = ["insert", "amend", "repeal", "replace"] as const;
    const encode = (name: (typeof NAMES)[number], document: bigint, clause: bigint, base: string) =>
      hall.charter.interface.encodeFunctionData(
        name as "amend",
        (name === "repeal" ? [document, clause, base] : [document, clause, base, NEW]) as never,
      );
    const moved = (name: (typeof NAMES)[number], clause: bigint, base: string, document = DOCUMENT) =>
      hall.charter.hasMoved(encode(name, document, clause, base));

    it("is false for a clause that is what the change was written against", async () => {
      for (const name of NAMES) expect(await moved(name, 2n, TWO)).to.equal(false);
      expect(await moved("insert", 0n, ZeroHash)).to.equal(false);
    });

    it("is true once the clause has another wording, or is none", async () => {
      await hall.governing.amend(DOCUMENT, 2n, TWO, NEW);
      await hall.governing.repeal(DOCUMENT, 3n, THREE);
      for (const name of NAMES) {
        expect(await moved(name, 2n, TWO)).to.equal(true);
        expect(await moved(name, 2n, ZeroHash)).to.equal(true);
        expect(await moved(name, 3n, THREE)).to.equal(true);
        expect(await moved(name, 3n, ZeroHash)).to.equal(true);
        expect(await moved(name, 2n, NEW)).to.equal(false);
      }
    });

    it("is true for what is to be put in at the beginning, but after some text", async () => {
      expect(await moved("insert", 0n, ONE)).to.equal(true);
    });

    it("is false for a clause, or a document, that there has not been yet, and for clause 0", async () => {
      for (const name of NAMES) {
        for (const clause of [4n, 65_537n, MaxUint256])
          expect(await moved(name, clause, ONE)).to.equal(false);
        for (const document of [0n, 3n, MaxUint256])
          expect(await moved(name, 2n, ONE, document)).to.equal(false);
        if (name !== "insert") expect(await moved(name, 0n, ONE)).to.equal(false);
      }
    });

    it("is false for calldata that is shorter than the function's, and reads past what is longer", async () => {
      for (const name of NAMES) {
        const call = encode(name, DOCUMENT, 2n, ONE);
        expect(await hall.charter.hasMoved(call)).to.equal(true);
        expect(await hall.charter.hasMoved(concat([call, "0xff"]))).to.equal(true);
        for (let length = 0; length < dataLength(call); length++) {
          expect(await hall.charter.hasMoved(dataSlice(call, 0, length))).to.equal(false);
        }
      }
    });

    it("is false for any other function", async () => {
      const call = concat(["0x12345678", dataSlice(encode("amend", DOCUMENT, 2n, ONE), 4)]);
      expect(await hall.charter.hasMoved(call)).to.equal(false);
      const founding = hall.charter.interface.encodeFunctionData("found", ["a".repeat(64)]);
      expect(await hall.charter.hasMoved(founding)).to.equal(false);
    });

    const random = randomness();

    it(`never reverts, on random calldata (${random.seed})`, async () => {
      const selectors = NAMES.map((name) => dataSlice(encode(name, 0n, 0n, ZeroHash), 0, 4));
      const word = () => [random.below(6n), (1n << random.below(256n)) - random.below(2n), MaxUint256];
      for (let i = 0; i < 300; i++) {
        const words = Array.from({ length: 4 }, () =>
          toBeHex(word()[Number(random.below(3n))] as bigint, 32),
        );
        const call = concat([selectors[Number(random.below(4n))] as string, ...words]);
        const cut = dataSlice(
          call,
          0,
          dataLength(call) - Number(random.below(3n) === 0n ? random.below(133n) : 0n),
        );
        expect(await hall.charter.hasMoved(cut)).to.be.a("boolean");
      }
    });
  });
});
