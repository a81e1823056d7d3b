import { expect } from "chai";
import { MaxUint256, toBeHex, ZeroHash } from "ethers";
import {
  clausesOf,
  DOCUMENT,
  digestOf,
  EMPTY,
  NEW,
  NEWER,
  ONE,
  THREE,
  TITLES,
  TWO,
  useCharter,
  versionAt,
} from "../helpers/charter.js";
import { DecisionClass } from "../helpers/governor.js";

/** Clauses that a document holds at a time, and in all. */
const LIVING = 128;
const NUMBERS = 65_535n;

describe("Charter", () => {
  const hall = useCharter();
  const numbers = async (document = DOCUMENT) =>
    (await clausesOf(hall.charter, document)).map(({ clause }) => Number(clause));

  /** Every function that changes something, as whoever calls it. */
  const changes = (charter = hall.governing) =>
    [
      ["found", () => charter.found("Another")],
      ["insert", () => charter.insert(DOCUMENT, 2n, TWO, NEW)],
      ["amend", () => charter.amend(DOCUMENT, 2n, TWO, NEW)],
      ["repeal", () => charter.repeal(DOCUMENT, 2n, TWO)],
      ["replace", () => charter.replace(DOCUMENT, 2n, TWO, NEW)],
    ] as const;

  /** Every change of a clause, on a clause, a base and a document of a test's own. */
  const onClause = (clause: bigint, base: string, document = DOCUMENT) =>
    [
      ["insert", () => hall.governing.insert(document, clause, base, NEW)],
      ["amend", () => hall.governing.amend(document, clause, base, NEW)],
      ["repeal", () => hall.governing.repeal(document, clause, base)],
      ["replace", () => hall.governing.replace(document, clause, base, NEW)],
    ] as const;

  const requireMoved = (send: () => Promise<unknown>, clause: bigint, base: string, current: string) =>
    expect(send())
      .to.be.revertedWithCustomError(hall.charter, "CharterClauseMoved")
      .withArgs(DOCUMENT, clause, base, current);

  describe("constructor", () => {
    const deploy = (titles: string[]) =>
      hall.connection.ethers.deployContract("Charter", [hall.decisions, hall.timelock, titles]);

    it("reverts without a document, and with more than sixteen", async () => {
      for (const count of [0, 17]) {
        await expect(deploy(Array(count).fill("Charter")))
          .to.be.revertedWithCustomError(hall.charter, "CharterTitlesOutOfRange")
          .withArgs(count, 1, 16);
      }
    });

    it("reverts for a title that is not plain, empty or longer than 64 characters", async () => {
      for (const title of [
        "",
        "a".repeat(65),
        "Chаrter",
        '=HYPERLINK("x")',
        "javascript:x",
        "Charter\u202e",
        " x",
      ]) {
        await expect(deploy(["Charter", title]))
          .to.be.revertedWithCustomError(hall.charter, "PlainNameInvalid")
          .withArgs(title, 64);
      }
    });

    it("founds up to sixteen documents, by no decision and without clauses", async () => {
      const titles = Array.from({ length: 16 }, (_, index) => `Document ${index + 1}`.padEnd(64, "x"));
      const charter = await deploy(titles);
      expect(await charter.lastDocument()).to.equal(16n);
      const { time } = hall.connection.networkHelpers;
      const enactedAt = BigInt(await time.latest());
      const sent = charter.deploymentTransaction();
      for (const [index, title] of titles.entries()) {
        const document = BigInt(index + 1);
        await expect(sent).to.emit(charter, "DocumentFounded").withArgs(document, 0n, title);
        expect(await charter.documentOf(document)).to.deep.equal([title, 0n, 0n, 0n]);
        const founded = { decision: 0n, enactedAt, count: 0n, clauses: [], digests: [] };
        expect(await versionAt(charter, document, 0n)).to.deep.equal(founded);
      }
    });

    it("knows the agenda", async () => {
      expect(await hall.charter.agenda()).to.equal(await hall.decisions.getAddress());
    });
  });

  describe("every change", () => {
    it("reverts for everybody but the timelock", async () => {
      for (const [, send] of changes(hall.charter.connect(hall.stranger))) {
        await expect(send())
          .to.be.revertedWithCustomError(hall.charter, "CharterUnauthorized")
          .withArgs(hall.stranger, hall.timelock);
      }
    });

    it("reverts while nothing is carried out", async () => {
      await hall.decide(0n, DecisionClass.MotionAmendment);
      for (const [, send] of changes()) {
        await expect(send())
          .to.be.revertedWithCustomError(hall.charter, "CharterNotAnAmendment")
          .withArgs(0n, DecisionClass.MotionAmendment);
      }
    });

    it("reverts while a decision of a lesser class is carried out", async () => {
      for (const kind of Object.values(DecisionClass).filter((one) => one !== DecisionClass.Amendment)) {
        await hall.decide(5n, kind);
        for (const [, send] of changes()) {
          await expect(send())
            .to.be.revertedWithCustomError(hall.charter, "CharterNotAnAmendment")
            .withArgs(5n, kind);
        }
      }
    });

    it("reverts for a document that there is not", async () => {
      for (const unknown of [0n, 3n, MaxUint256]) {
        for (const [, send] of onClause(1n, ONE, unknown)) {
          await expect(send())
            .to.be.revertedWithCustomError(hall.charter, "CharterUnknownDocument")
            .withArgs(unknown, 2n);
        }
      }
    });

    it("reverts for a clause that is not what it was written against", async () => {
      for (const [, send] of onClause(2n, ONE)) await requireMoved(send, 2n, ONE, TWO);
      for (const [, send] of onClause(2n, ZeroHash)) await requireMoved(send, 2n, ZeroHash, TWO);
    });

    it("reverts for a clause that was taken out, also against nothing", async () => {
      await hall.governing.repeal(DOCUMENT, 2n, TWO);
      for (const base of [TWO, ZeroHash]) {
        for (const [, send] of onClause(2n, base)) await requireMoved(send, 2n, base, ZeroHash);
      }
    });

    it("reverts for a clause that never was", async () => {
      for (const unknown of [4n, 65_537n, MaxUint256]) {
        for (const [, send] of onClause(unknown, ONE)) await requireMoved(send, unknown, ONE, ZeroHash);
        for (const [, send] of onClause(unknown, ZeroHash))
          await requireMoved(send, unknown, ZeroHash, ZeroHash);
      }
    });

    it("reverts for clause 0, but for what is put in at the beginning", async () => {
      for (const [, send] of onClause(0n, ONE)) await requireMoved(send, 0n, ONE, ZeroHash);
      for (const [name, send] of onClause(0n, ZeroHash)) {
        if (name !== "insert") await requireMoved(send, 0n, ZeroHash, ZeroHash);
      }
    });

    it("leaves the other documents as they are", async () => {
      await hall.decide(2n);
      for (const [, send] of onClause(2n, TWO).slice(0, 2)) await send();
      expect(await hall.charter.documentOf(EMPTY)).to.deep.equal([TITLES[1], 0n, 0n, 0n]);
      expect(await hall.charter.clauseOf(EMPTY, 1n)).to.equal(ZeroHash);
    });
  });

  describe("found", () => {
    it("reverts for a title that is not plain", async () => {
      for (const title of ["", "a".repeat(65), "Rules\u200b", "<b>Rules</b>", "Rules  two"]) {
        await expect(hall.governing.found(title))
          .to.be.revertedWithCustomError(hall.charter, "PlainNameInvalid")
          .withArgs(title, 64);
      }
    });

    it("founds a document by its decision, and answers its number", async () => {
      await hall.decide(9n);
      expect(await hall.governing.found.staticCall("Election rules")).to.equal(3n);
      await expect(hall.governing.found("Election rules"))
        .to.emit(hall.charter, "DocumentFounded")
        .withArgs(3n, 9n, "Election rules");
      expect(await hall.charter.lastDocument()).to.equal(3n);
      expect(await hall.charter.documentOf(3n)).to.deep.equal(["Election rules", 0n, 0n, 0n]);
      expect((await versionAt(hall.charter, 3n, 0n)).decision).to.equal(9n);
    });

    it("leaves version 0 without clauses when the same decision brings them", async () => {
      await hall.decide(9n);
      await hall.governing.found("Election rules");
      await expect(hall.governing.insert(3n, 0n, ZeroHash, ONE))
        .to.emit(hall.charter, "VersionEnacted")
        .withArgs(3n, 1n, 9n);
      expect((await versionAt(hall.charter, 3n, 0n)).clauses).to.deep.equal([]);
      expect((await versionAt(hall.charter, 3n, 1n)).clauses).to.deep.equal([1n]);
    });
  });

  describe("insert", () => {
    it("reverts without a text", async () => {
      await expect(hall.governing.insert(DOCUMENT, 1n, ONE, ZeroHash))
        .to.be.revertedWithCustomError(hall.charter, "CharterNothingNew")
        .withArgs(DOCUMENT, 4n, ZeroHash);
    });

    it("puts a clause in at the beginning, in the middle and at the end", async () => {
      await hall.decide(2n);
      const inserts = [
        [0n, ZeroHash, [4, 1, 2, 3]],
        [1n, ONE, [4, 1, 5, 2, 3]],
        [3n, THREE, [4, 1, 5, 2, 3, 6]],
      ] as const;
      for (const [index, [preceding, base, order]] of inserts.entries()) {
        const clause = BigInt(index + 4);
        const digest = digestOf(`inserted ${clause}`);
        expect(await hall.governing.insert.staticCall(DOCUMENT, preceding, base, digest)).to.equal(clause);
        await expect(hall.governing.insert(DOCUMENT, preceding, base, digest))
          .to.emit(hall.charter, "ClauseInserted")
          .withArgs(DOCUMENT, clause, 2n, clause, preceding, digest);
        expect(await numbers()).to.deep.equal(order);
        expect(await hall.charter.clauseOf(DOCUMENT, clause)).to.equal(digest);
      }
      expect(await hall.charter.documentOf(DOCUMENT)).to.deep.equal([TITLES[0], 2n, 6n, 6n]);
    });

    it("takes a text that another clause has", async () => {
      await hall.governing.insert(DOCUMENT, 1n, ONE, ONE);
      expect(await clausesOf(hall.charter, DOCUMENT)).to.deep.equal([
        { clause: 1n, digest: ONE },
        { clause: 4n, digest: ONE },
        { clause: 2n, digest: TWO },
        { clause: 3n, digest: THREE },
      ]);
    });

    context("given a document with 128 clauses", () => {
      beforeEach(async () => {
        // Each right at the beginning, so that every change moves all words.
        for (let count = 3; count < LIVING; count++) {
          await hall.governing.insert(DOCUMENT, 0n, ZeroHash, digestOf(`clause ${count + 1}`));
        }
      });

      const full = [...Array.from({ length: LIVING - 3 }, (_, index) => LIVING - index), 1, 2, 3];

      it("reverts, wherever another one is to be put in", async () => {
        expect(await numbers()).to.deep.equal(full);
        for (const [preceding, base] of [
          [0n, ZeroHash],
          [3n, THREE],
        ] as const) {
          await expect(hall.governing.insert(DOCUMENT, preceding, base, NEW))
            .to.be.revertedWithCustomError(hall.charter, "CharterFull")
            .withArgs(DOCUMENT, LIVING);
        }
      });

      it("replaces the first and the last one all the same", async () => {
        await hall.decide(2n);
        await hall.governing.replace(DOCUMENT, 128n, digestOf("clause 128"), NEW);
        await hall.governing.replace(DOCUMENT, 3n, THREE, NEWER);
        expect(await numbers()).to.deep.equal([129, ...full.slice(1, -1), 130]);
        expect((await versionAt(hall.charter, DOCUMENT, 1n)).clauses.map(Number)).to.deep.equal(full);
      });

      it("takes one more when another one was taken out", async () => {
        await hall.decide(2n);
        await hall.governing.repeal(DOCUMENT, 100n, digestOf("clause 100"));
        await hall.governing.insert(DOCUMENT, 3n, THREE, NEW);
        const order = [...full.filter((clause) => clause !== 100), 129];
        expect(await numbers()).to.deep.equal(order);
        expect((await versionAt(hall.charter, DOCUMENT, 1n)).clauses.map(Number)).to.deep.equal(full);
      });

      it("takes them all out again, and remembers the whole", async () => {
        const before = await versionAt(hall.charter, DOCUMENT, 1n);
        await hall.decide(2n);
        for (const { clause, digest } of await clausesOf(hall.charter, DOCUMENT)) {
          await hall.governing.repeal(DOCUMENT, clause, digest);
        }
        expect(await versionAt(hall.charter, DOCUMENT, 2n)).to.include({ decision: 2n, count: 0n });
        expect(await numbers()).to.deep.equal([]);
        expect(await versionAt(hall.charter, DOCUMENT, 1n)).to.deep.equal(before);
        expect(before.clauses.length).to.equal(LIVING);
      });
    });

    context("given a document that has used up the numbers of clauses but one", () => {
      /** Writes the highest number into the word of version, changes and last clause: the second one of a record. */
      async function useUp(): Promise<void> {
        const { ethers, networkHelpers } = hall.connection;
        const address = await hall.charter.getAddress();
        const record = BigInt(ethers.solidityPackedKeccak256(["uint256", "uint256"], [DOCUMENT, 1n]));
        const word = BigInt(await ethers.provider.getStorage(address, record + 1n));
        expect(word >> 96n).to.equal(3n);
        const rest = word & ((1n << 96n) - 1n);
        await networkHelpers.setStorageAt(address, record + 1n, toBeHex(rest | ((NUMBERS - 1n) << 96n), 32));
      }

      it("takes the last one and refuses what needs another, an amendment and a repeal aside", async () => {
        await useUp();
        await hall.governing.insert(DOCUMENT, 3n, THREE, NEW);
        expect(await numbers()).to.deep.equal([1, 2, 3, Number(NUMBERS)]);
        for (const [name, send] of onClause(2n, TWO)) {
          if (name !== "insert" && name !== "replace") continue;
          await expect(send())
            .to.be.revertedWithCustomError(hall.charter, "CharterFull")
            .withArgs(DOCUMENT, NUMBERS);
        }
        await hall.governing.amend(DOCUMENT, NUMBERS, NEW, NEWER);
        await hall.governing.repeal(DOCUMENT, 2n, TWO);
        expect(await numbers()).to.deep.equal([1, 3, Number(NUMBERS)]);
        expect(await hall.charter.clauseOf(DOCUMENT, NUMBERS)).to.equal(NEWER);
      });
    });
  });

  describe("amend", () => {
    it("reverts without a text, or with the old one", async () => {
      for (const digest of [ZeroHash, TWO]) {
        await expect(hall.governing.amend(DOCUMENT, 2n, TWO, digest))
          .to.be.revertedWithCustomError(hall.charter, "CharterNothingNew")
          .withArgs(DOCUMENT, 2n, digest);
      }
    });

    it("changes the wording of a clause and nothing else", async () => {
      await hall.decide(2n);
      const sent = hall.governing.amend(DOCUMENT, 2n, TWO, NEW);
      await expect(sent).to.emit(hall.charter, "VersionEnacted").withArgs(DOCUMENT, 2n, 2n);
      await expect(sent).to.emit(hall.charter, "ClauseAmended").withArgs(DOCUMENT, 2n, 2n, 4n, TWO, NEW);
      expect(await clausesOf(hall.charter, DOCUMENT)).to.deep.equal([
        { clause: 1n, digest: ONE },
        { clause: 2n, digest: NEW },
        { clause: 3n, digest: THREE },
      ]);
      expect(await hall.charter.documentOf(DOCUMENT)).to.deep.equal([TITLES[0], 2n, 3n, 4n]);
    });

    context("given two decisions that were written against the same clause", () => {
      it("carries out the first and fails the second, which changes nothing", async () => {
        await hall.decide(2n);
        await hall.governing.amend(DOCUMENT, 2n, TWO, NEW);
        await hall.decide(3n);
        const before = await versionAt(hall.charter, DOCUMENT, 2n);
        for (const [, send] of onClause(2n, TWO)) await requireMoved(send, 2n, TWO, NEW);
        expect(await versionAt(hall.charter, DOCUMENT, 2n)).to.deep.equal(before);
        expect(await hall.charter.documentOf(DOCUMENT)).to.deep.equal([TITLES[0], 2n, 3n, 4n]);
      });

      it("carries out both where they change different clauses", async () => {
        await hall.decide(2n);
        await hall.governing.amend(DOCUMENT, 2n, TWO, NEW);
        await hall.decide(3n);
        await hall.governing.amend(DOCUMENT, 3n, THREE, NEWER);
        expect((await versionAt(hall.charter, DOCUMENT, 3n)).digests).to.deep.equal([ONE, NEW, NEWER]);
        expect((await versionAt(hall.charter, DOCUMENT, 3n)).decision).to.equal(3n);
      });
    });
  });

  describe("repeal", () => {
    it("takes a clause out and keeps its number from others", async () => {
      await hall.decide(2n);
      await expect(hall.governing.repeal(DOCUMENT, 2n, TWO))
        .to.emit(hall.charter, "ClauseRepealed")
        .withArgs(DOCUMENT, 2n, 2n, 4n, TWO);
      expect(await numbers()).to.deep.equal([1, 3]);
      expect(await hall.charter.clauseOf(DOCUMENT, 2n)).to.equal(ZeroHash);
      await hall.governing.insert(DOCUMENT, 1n, ONE, TWO);
      expect(await numbers()).to.deep.equal([1, 4, 3]);
    });
  });

  describe("replace", () => {
    it("reverts without a text, or with the old one", async () => {
      for (const [digest, clause] of [
        [ZeroHash, 4n],
        [TWO, 2n],
      ] as const) {
        await expect(hall.governing.replace(DOCUMENT, 2n, TWO, digest))
          .to.be.revertedWithCustomError(hall.charter, "CharterNothingNew")
          .withArgs(DOCUMENT, clause, digest);
      }
    });

    it("puts another clause in the place of one, with a number of its own", async () => {
      await hall.decide(2n);
      expect(await hall.governing.replace.staticCall(DOCUMENT, 2n, TWO, NEW)).to.equal(4n);
      await expect(hall.governing.replace(DOCUMENT, 2n, TWO, NEW))
        .to.emit(hall.charter, "ClauseReplaced")
        .withArgs(DOCUMENT, 2n, 2n, 4n, TWO, 4n, NEW);
      expect(await clausesOf(hall.charter, DOCUMENT)).to.deep.equal([
        { clause: 1n, digest: ONE },
        { clause: 4n, digest: NEW },
        { clause: 3n, digest: THREE },
      ]);
      expect(await hall.charter.clauseOf(DOCUMENT, 2n)).to.equal(ZeroHash);
    });
  });
});
