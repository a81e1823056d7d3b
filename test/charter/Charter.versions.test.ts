import { expect } from "chai";
import { MaxUint256, ZeroHash } from "ethers";
import {
  DOCUMENT,
  EMPTY,
  liveThrough,
  NEW,
  NEWER,
  ONE,
  THREE,
  TITLES,
  TWO,
  useCharter,
  versionAt,
} from "../helpers/charter.js";
import { actAs, Decision, DecisionClass, foundCoalition } from "../helpers/governor.js";
import { randomness } from "../helpers/random.js";

describe("Charter: versions", () => {
  const hall = useCharter();
  const headerOf = async (version: bigint) => (await versionAt(hall.charter, DOCUMENT, version)).decision;

  describe("versions", () => {
    it("are one for all that a decision changes of a document", async () => {
      await hall.decide(2n);
      await expect(hall.governing.amend(DOCUMENT, 2n, TWO, NEW)).to.emit(hall.charter, "VersionEnacted");
      for (const send of [
        () => hall.governing.amend(DOCUMENT, 2n, NEW, NEWER),
        () => hall.governing.insert(DOCUMENT, 2n, NEWER, NEW),
        () => hall.governing.repeal(DOCUMENT, 1n, ONE),
        () => hall.governing.replace(DOCUMENT, 3n, THREE, ONE),
      ]) {
        await expect(send()).not.to.emit(hall.charter, "VersionEnacted");
      }
      expect(await hall.charter.documentOf(DOCUMENT)).to.deep.equal([TITLES[0], 2n, 5n, 8n]);
      const { decision, clauses, digests } = await versionAt(hall.charter, DOCUMENT, 2n);
      expect({ decision, clauses, digests }).to.deep.equal({
        decision: 2n,
        clauses: [2n, 4n, 5n],
        digests: [NEWER, NEW, ONE],
      });
    });

    it("are one for each document that a decision changes", async () => {
      await hall.decide(2n);
      await hall.governing.amend(DOCUMENT, 2n, TWO, NEW);
      await expect(hall.governing.insert(EMPTY, 0n, ZeroHash, ONE))
        .to.emit(hall.charter, "VersionEnacted")
        .withArgs(EMPTY, 1n, 2n);
      await expect(hall.governing.amend(DOCUMENT, 3n, THREE, NEW)).not.to.emit(
        hall.charter,
        "VersionEnacted",
      );
    });

    it("are two of a decision in whose midst another one was carried out", async () => {
      for (const [decision, base, digest] of [
        [2n, TWO, NEW],
        [3n, NEW, NEWER],
        [2n, NEWER, ONE],
      ] as const) {
        await hall.decide(decision);
        await hall.governing.amend(DOCUMENT, 2n, base, digest);
      }
      expect([await headerOf(2n), await headerOf(3n), await headerOf(4n)]).to.deep.equal([2n, 3n, 2n]);
    });

    it("say when they were enacted, as the first change of each was", async () => {
      const { time } = hall.connection.networkHelpers;
      const moment = (await time.latest()) + 1_000;
      await hall.decide(2n);
      await time.setNextBlockTimestamp(moment);
      await hall.governing.amend(DOCUMENT, 2n, TWO, NEW);
      await time.setNextBlockTimestamp(moment + 60);
      await hall.governing.repeal(DOCUMENT, 3n, THREE);
      const { enactedAt, count } = await versionAt(hall.charter, DOCUMENT, 2n);
      expect({ enactedAt, count }).to.deep.equal({ enactedAt: BigInt(moment), count: 2n });
    });

    const random = randomness();

    it(`stand whole for ever, whatever is changed after them (${random.seed})`, async () => {
      const past: Awaited<ReturnType<typeof versionAt>>[][] = [];
      const { charter } = hall;
      for (let round = 0; round < 12; round++) {
        // Decisions of its own, so that no step belongs to a version that was looked at before.
        await liveThrough(hall, random, 8, 100n * BigInt(round + 1));
        for (let document = 1n; document <= (await charter.lastDocument()); document++) {
          const known = past[Number(document)] ?? [];
          const { version } = await charter.documentOf(document);
          for (const [number, seen] of known.entries()) {
            expect(await versionAt(charter, document, BigInt(number))).to.deep.equal(seen);
          }
          for (let number = BigInt(known.length); number <= version; number++) {
            known.push(await versionAt(charter, document, number));
          }
          past[Number(document)] = known;
        }
      }
      expect(past[1]?.length).to.be.greaterThan(5);
    });
  });

  describe("documentOf, versionOf, clauseOf and historyOf", () => {
    it("revert for a document that there is not", async () => {
      for (const unknown of [0n, 3n, MaxUint256]) {
        for (const ask of [
          () => hall.charter.documentOf(unknown),
          () => hall.charter.versionOf(unknown, 0n),
          () => hall.charter.clauseOf(unknown, 1n),
          () => hall.charter.historyOf(unknown, 1n, 0n, 1n),
        ]) {
          await expect(ask())
            .to.be.revertedWithCustomError(hall.charter, "CharterUnknownDocument")
            .withArgs(unknown, 2n);
        }
      }
    });
  });

  describe("versionOf", () => {
    it("reverts for a version that there is not yet", async () => {
      for (const unknown of [2n, MaxUint256]) {
        await expect(hall.charter.versionOf(DOCUMENT, unknown))
          .to.be.revertedWithCustomError(hall.charter, "CharterUnknownVersion")
          .withArgs(DOCUMENT, unknown, 1n);
      }
      await expect(hall.charter.versionOf(EMPTY, 1n))
        .to.be.revertedWithCustomError(hall.charter, "CharterUnknownVersion")
        .withArgs(EMPTY, 1n, 0n);
    });
  });

  describe("clauseOf", () => {
    it("is 0 for a clause that there is not", async () => {
      for (const unknown of [0n, 4n, MaxUint256]) {
        expect(await hall.charter.clauseOf(DOCUMENT, unknown)).to.equal(ZeroHash);
      }
    });
  });

  describe("historyOf", () => {
    it("reverts for a page of none, or of more than a hundred", async () => {
      for (const limit of [0n, 101n, MaxUint256]) {
        await expect(hall.charter.historyOf(DOCUMENT, 1n, 0n, limit))
          .to.be.revertedWithCustomError(hall.charter, "CharterPageOutOfRange")
          .withArgs(limit, 1n, 100n);
      }
    });

    it("is empty for a clause that there is not", async () => {
      expect(await hall.charter.historyOf(DOCUMENT, 4n, 0n, 100n)).to.deep.equal([[], []]);
    });

    it("tells every wording, the oldest first, and when the clause was taken out", async () => {
      for (const [decision, base, digest] of [
        [2n, TWO, NEW],
        [3n, NEW, TWO],
      ] as const) {
        await hall.decide(decision);
        await hall.governing.amend(DOCUMENT, 2n, base, digest);
      }
      await hall.decide(4n);
      await hall.governing.amend(DOCUMENT, 1n, ONE, NEW);
      await hall.decide(5n);
      await hall.governing.repeal(DOCUMENT, 2n, TWO);
      const versions = [1n, 2n, 3n, 5n];
      const digests = [TWO, NEW, TWO, ZeroHash];
      const page = (offset: bigint, limit: bigint) => hall.charter.historyOf(DOCUMENT, 2n, offset, limit);
      expect(await page(0n, 100n)).to.deep.equal([versions, digests]);
      expect(await page(1n, 2n)).to.deep.equal([versions.slice(1, 3), digests.slice(1, 3)]);
      expect(await page(3n, 2n)).to.deep.equal([versions.slice(3), digests.slice(3)]);
      for (const beyond of [4n, MaxUint256]) expect(await page(beyond, 100n)).to.deep.equal([[], []]);
    });
  });

  context("given a whole coalition", () => {
    /** A decision that puts a first clause in, and changes something that only an amendment can as well. */
    async function decided(isAmendment: boolean) {
      const coalition = await foundCoalition(hall.connection, { count: 14 });
      const { agenda, timelock, members } = coalition;
      const charter = await hall.connection.ethers.deployContract("Charter", [agenda, timelock, [...TITLES]]);
      const insert = charter.interface.encodeFunctionData("insert", [DOCUMENT, 0n, ZeroHash, ONE]);
      const setPlaces = agenda.interface.encodeFunctionData("setPlaces", [3]);
      const actions = [{ target: charter, data: insert }];
      const beside = isAmendment ? [{ target: agenda, data: setPlaces }] : [];
      const decision = new Decision(hall.connection, coalition, [...actions, ...beside], "A first clause");
      await decision.ripen(members);
      return { ...coalition, charter, decision };
    }

    it("refuses a decision of another class than an amendment, even where the class table lets it through", async () => {
      const { charter, decision, members } = await decided(false);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(charter, "CharterNotAnAmendment")
        .withArgs(decision.id, DecisionClass.Action);
      expect((await charter.documentOf(DOCUMENT)).version).to.equal(0n);
    });

    it("names the governor's decision as what enacted a version, and takes nothing after it", async () => {
      const { charter, decision, members, timelock } = await decided(true);
      await expect(decision.execute(members[0]))
        .to.emit(charter, "VersionEnacted")
        .withArgs(DOCUMENT, 1n, decision.id);
      const { decision: enactedBy, digests } = await versionAt(charter, DOCUMENT, 1n);
      expect({ enactedBy, digests }).to.deep.equal({ enactedBy: decision.id, digests: [ONE] });
      await expect(charter.connect(await actAs(hall.connection, timelock)).amend(DOCUMENT, 1n, ONE, TWO))
        .to.be.revertedWithCustomError(charter, "CharterNotAnAmendment")
        .withArgs(0n, DecisionClass.MotionAmendment);
    });
  });
});
