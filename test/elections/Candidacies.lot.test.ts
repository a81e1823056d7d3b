import { expect } from "chai";
import { AbiCoder, keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  admit,
  advanceTo,
  announce,
  desk,
  finish,
  foundOffice,
  foundRefusals,
  holdersOf,
  memberOf,
  Phase,
  type Scene,
  voteAll,
} from "../helpers/elections.js";
import { Right, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const hash = (types: string[], values: unknown[]) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(types, values));

/** What a member commits to. */
const commitmentOf = (electionId: bigint, number: bigint, value: bigint) =>
  hash(["uint256", "uint256", "uint256"], [electionId, number, value]);

/** The seed as anybody can compute it from the numbers that were opened. */
async function seedOf(
  { elections }: Scene,
  electionId: bigint,
  opened: readonly (readonly [bigint, bigint])[],
) {
  const { chainId } = await connection.ethers.provider.getNetwork();
  const mixed = opened.reduce((sum, pair) => sum ^ BigInt(hash(["uint256", "uint256"], [...pair])), 0n);
  return hash(
    ["uint256", "address", "uint256", "uint256"],
    [chainId, await elections.getAddress(), electionId, mixed],
  );
}

/** What three members commit to: number and value. */
const LOTS = [
  [1n, 111n],
  [2n, 222n],
  [3n, 2n ** 256n - 1n],
] as const;

async function open() {
  const scene = await foundOffice(connection);
  return { ...scene, electionId: await announce(scene) };
}

/** An election in the phase of reveal, three numbers committed to. */
async function committed() {
  const scene = await open();
  for (const [number, value] of LOTS) {
    await desk(scene, Number(number) - 1).commitLot(
      scene.electionId,
      commitmentOf(scene.electionId, number, value),
    );
  }
  await advanceTo(scene, scene.electionId, Phase.Reveal);
  return scene;
}

const withoutVote = () => foundRefusals(connection, Right.Vote);

describe("Candidacies", () => {
  describe("commitLot", () => {
    context("when the caller was not of the electorate", () => {
      it("reverts with why", async () => {
        const scene = await loadFixture(withoutVote);
        for (const { who, standing, explanation } of scene.refusals) {
          await expect(scene.elections.connect(who).commitLot(scene.electionId, commitmentOf(1n, 1n, 1n)))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(who, Right.Vote, standing, explanation);
        }
      });
    });

    it("reverts for a commitment of zero", async () => {
      const scene = await loadFixture(open);
      await expect(desk(scene, 0).commitLot(scene.electionId, ZeroHash))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongLot")
        .withArgs(scene.electionId, 1n);
    });

    it("reverts the second time, by another key of the member too", async () => {
      const scene = await loadFixture(open);
      const commitment = commitmentOf(scene.electionId, 1n, 5n);
      await desk(scene, 0).commitLot(scene.electionId, commitment);
      await rotateKey(scene, memberOf(scene, 1), scene.outsiders[0]);
      await scene.elections.connect(scene.outsiders[0]).commitLot(scene.electionId, commitment);
      await rotateKey(scene, memberOf(scene, 0), scene.outsiders[1]);
      for (const [caller, number] of [
        [scene.outsiders[0], 2n],
        [scene.outsiders[1], 1n],
      ] as const) {
        await expect(
          scene.elections.connect(caller).commitLot(scene.electionId, commitmentOf(scene.electionId, 1n, 6n)),
        )
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongLot")
          .withArgs(scene.electionId, number);
      }
    });

    it("commits the member, for each election anew, and leaves the seed alone", async () => {
      const scene = await loadFixture(open);
      const seed = await scene.elections.lotSeed(scene.electionId);
      expect(seed).to.equal(await seedOf(scene, scene.electionId, []));
      const commitment = commitmentOf(scene.electionId, 1n, 5n);
      await expect(desk(scene, 0).commitLot(scene.electionId, commitment))
        .to.emit(scene.elections, "LotCommitted")
        .withArgs(scene.electionId, 1n, commitment);
      expect(await scene.elections.lotSeed(scene.electionId)).to.equal(seed);
      await finish(scene, scene.electionId);
      const next = await announce(scene);
      await desk(scene, 0).commitLot(next, commitment);
      expect(await scene.elections.lotSeed(next)).not.to.equal(seed);
    });
  });

  describe("revealLot", () => {
    it("reverts in every other phase, to the second", async () => {
      const scene = await loadFixture(committed);
      const [number, value] = LOTS[0];
      const ends = await scene.elections.endsOf(scene.electionId);
      const refuse = async (phase: bigint, electionId = scene.electionId) =>
        expect(scene.elections.revealLot.staticCall(electionId, number, value))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
          .withArgs(electionId, phase, Phase.Reveal, Phase.Reveal);
      await refuse(Phase.None, 2n);
      await time.increaseTo((ends[4] ?? 0n) - 1n);
      await scene.elections.revealLot.staticCall(scene.electionId, number, value);
      await time.increaseTo(ends[4] ?? 0n);
      await refuse(Phase.Certification);
      await advanceTo(scene, scene.electionId, Phase.Finishing);
      await refuse(Phase.Finishing);
      await finish(scene, scene.electionId);
      await refuse(Phase.Finished);
    });

    it("reverts before the close of the vote", async () => {
      const scene = await loadFixture(open);
      const [number, value] = LOTS[0];
      await desk(scene, 0).commitLot(scene.electionId, commitmentOf(scene.electionId, number, value));
      const close = (await scene.elections.endsOf(scene.electionId))[3] ?? 0n;
      await time.increaseTo(close - 1n);
      await expect(scene.elections.revealLot.staticCall(scene.electionId, number, value))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
        .withArgs(scene.electionId, Phase.Voting, Phase.Reveal, Phase.Reveal);
      await time.increaseTo(close);
      await scene.elections.revealLot.staticCall(scene.electionId, number, value);
    });

    it("reverts for another value, another member, and one who committed to nothing", async () => {
      const scene = await loadFixture(committed);
      for (const [number, value] of [
        [1n, 112n],
        [1n, 222n],
        [2n, 111n],
        [4n, 0n],
        [0n, 0n],
      ] as const) {
        await expect(scene.elections.revealLot(scene.electionId, number, value))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongLot")
          .withArgs(scene.electionId, number);
      }
    });

    it("reverts for what somebody else committed to: a copied commitment opens for nobody", async () => {
      const scene = await loadFixture(open);
      const copied = commitmentOf(scene.electionId, 1n, 111n);
      for (const index of [0, 1]) await desk(scene, index).commitLot(scene.electionId, copied);
      await advanceTo(scene, scene.electionId, Phase.Reveal);
      await expect(scene.elections.revealLot(scene.electionId, 2n, 111n))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongLot")
        .withArgs(scene.electionId, 2n);
      await scene.elections.revealLot(scene.electionId, 1n, 111n);
    });

    it("reverts for a commitment of another election", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 0).commitLot(scene.electionId, commitmentOf(scene.electionId + 1n, 1n, 111n));
      await advanceTo(scene, scene.electionId, Phase.Reveal);
      await expect(scene.elections.revealLot(scene.electionId, 1n, 111n))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongLot")
        .withArgs(scene.electionId, 1n);
    });

    it("reverts the second time: twice would be never", async () => {
      const scene = await loadFixture(committed);
      const [[number, value]] = LOTS;
      await scene.elections.revealLot(scene.electionId, number, value);
      await expect(scene.elections.revealLot(scene.electionId, number, value))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongLot")
        .withArgs(scene.electionId, number);
      expect(await scene.elections.lotSeed(scene.electionId)).to.equal(
        await seedOf(scene, scene.electionId, [LOTS[0]]),
      );
    });

    it("opens it, whoever brings it, and announces the new seed", async () => {
      const scene = await loadFixture(committed);
      const opened: (readonly [bigint, bigint])[] = [];
      for (const lot of LOTS) {
        opened.push(lot);
        const seed = await seedOf(scene, scene.electionId, opened);
        await expect(scene.elections.connect(scene.outsiders[0]).revealLot(scene.electionId, ...lot))
          .to.emit(scene.elections, "LotRevealed")
          .withArgs(scene.electionId, ...lot, seed);
        expect(await scene.elections.lotSeed(scene.electionId)).to.equal(seed);
        expect((await scene.elections.slateOf(scene.electionId)).seed).to.equal(seed);
      }
    });

    for (const order of [
      [0, 2, 1],
      [1, 0, 2],
      [2, 1, 0],
    ]) {
      it(`comes to the same seed in the order ${order.map((index) => index + 1).join(", ")}`, async () => {
        const scene = await loadFixture(committed);
        for (const index of order) {
          const [number, value] = LOTS[index] ?? LOTS[0];
          await scene.elections.revealLot(scene.electionId, number, value);
        }
        expect(await scene.elections.lotSeed(scene.electionId)).to.equal(
          await seedOf(scene, scene.electionId, LOTS),
        );
      });
    }

    it("opens the number of a member who left meanwhile", async () => {
      const scene = await loadFixture(committed);
      await scene.membership.connect(memberOf(scene, 0)).resign();
      await expect(scene.elections.revealLot(scene.electionId, ...LOTS[0])).to.emit(
        scene.elections,
        "LotRevealed",
      );
    });
  });

  describe("the lot", () => {
    /** Tied: as many approvals, from as many groups. */
    async function tied() {
      const scene = await open();
      await admit(scene, scene.electionId, 5, 3, 4);
      return scene;
    }

    for (const [option, winner] of [6n, 4n, 5n].entries()) {
      it(`decides a tie that nothing else decides, for option ${option + 1} as for any other`, async () => {
        const scene = await loadFixture(tied);
        const { electionId } = scene;
        const firstBy = async (value: bigint) => {
          const seed = await seedOf(scene, electionId, [[1n, value]]);
          const lotOf = (number: bigint) => BigInt(hash(["bytes32", "uint256"], [seed, number]));
          return [6n, 4n, 5n].reduce((best, number) => (lotOf(number) > lotOf(best) ? number : best));
        };
        let value = 1n;
        while ((await firstBy(value)) !== winner) value++;
        await desk(scene, 0).commitLot(electionId, commitmentOf(electionId, 1n, value));
        await voteAll(scene, electionId, [[1], [2], [3]]);
        await advanceTo(scene, electionId, Phase.Reveal);
        await scene.elections.revealLot(electionId, 1n, value);
        await finish(scene, electionId);
        expect(await holdersOf(scene)).to.deep.equal([winner]);
      });
    }
  });
});
