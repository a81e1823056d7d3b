import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";
import type { Person } from "../helpers/governor.js";
import { foundMotions } from "../helpers/motion-scene.js";
import {
  type ActionList,
  actionsDigest,
  carry,
  changeOf,
  contentOf,
  decisionOfMotion,
  listOf,
  NO_ACTIONS,
  Stage,
} from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

/** The most actions and bytes of calldata that a decision holds. */
const MAX_ACTIONS = 16;
const MAX_CALLDATA = 16_384;

const ascii = (text: string) => ethers.encodeBytes32String(text);

/** A motion of the first member, tabled, with the wording of no action. */
async function founded() {
  const scene = await foundMotions(connection, { count: 12 });
  const [author, other] = scene.members as [Person, Person];
  const [stranger] = scene.outsiders as [Person];
  const motion = await scene.tabled();
  const { motions, amendments } = scene;
  /** Every way by which actions get into a motion: by its author, and by an amendment. */
  const ways: ((actions: ActionList) => Promise<unknown>)[] = [
    (actions) => motions.connect(author).draft(contentOf("A text", actions)),
    (actions) => motions.connect(author).revise(motion, 1n, contentOf("Edited", actions)),
    (actions) => amendments.connect(other).move(motion, 0n, changeOf(1, "Amended", { actions })),
  ];
  const mine = motions.connect(author);
  return { ...scene, motion, author, other, stranger, ways, mine };
}

describe("MotionActions", () => {
  context("given lists of different lengths", () => {
    it("reverts", async () => {
      const { motions, ways, put } = await loadFixture(founded);
      const { targets, values, calldatas } = listOf([put(1), put(2)]);
      for (const [actions, lengths] of [
        [{ targets, values: [0n], calldatas }, [2n, 1n, 2n]],
        [{ targets, values, calldatas: [] }, [2n, 2n, 0n]],
        [{ targets: [], values: [0n], calldatas: [] }, [0n, 1n, 0n]],
        [{ targets: [], values: [], calldatas: ["0x"] }, [0n, 0n, 1n]],
        [{ targets: targets.slice(1), values, calldatas }, [1n, 2n, 2n]],
      ] as const) {
        for (const way of ways) {
          await expect(way(actions as unknown as ActionList))
            .to.be.revertedWithCustomError(motions, "MotionActionsUneven")
            .withArgs(...lengths);
        }
      }
    });
  });

  context("given more actions or bytes than a decision holds", () => {
    it("reverts", async () => {
      const { motions, ways, put, box } = await loadFixture(founded);
      const many = listOf(Array(MAX_ACTIONS + 1).fill(put(1)));
      const half = `0x${"00".repeat(MAX_CALLDATA / 2)}`;
      const long = listOf([
        { target: box, data: half },
        { target: box, data: `${half}00` },
      ]);
      for (const way of ways) {
        await expect(way(many))
          .to.be.revertedWithCustomError(motions, "MotionActionsTooLong")
          .withArgs(ascii("actions"), MAX_ACTIONS + 1, MAX_ACTIONS);
        await expect(way(long))
          .to.be.revertedWithCustomError(motions, "MotionActionsTooLong")
          .withArgs(ascii("calldata"), MAX_CALLDATA + 1, MAX_CALLDATA);
      }
    });

    it("takes as many as it holds, and the governor takes them too", async () => {
      const scene = await loadFixture(founded);
      const { motions, put, box, tabled, close, stageOf } = scene;
      const many = listOf(Array(MAX_ACTIONS).fill(put(1)));
      const long = listOf([{ target: box, data: `0x${"00".repeat(MAX_CALLDATA)}` }]);
      for (const actions of [many, long]) {
        const motion = await tabled("As much as there can be", actions);
        await close(motion);
        await motions.putToVote(motion, actions);
        expect(await stageOf(motion)).to.equal(Stage.PutToVote);
      }
    });
  });

  context("given an action that calls an address without code", () => {
    it("reverts, wherever it stands", async () => {
      const { motions, ways, put, stranger } = await loadFixture(founded);
      const calling = { target: stranger.address, data: "0x12" };
      for (const actions of [listOf([calling]), listOf([put(1), calling])]) {
        for (const way of ways) {
          await expect(way(actions))
            .to.be.revertedWithCustomError(motions, "MotionActionsTargetWithoutCode")
            .withArgs(stranger);
        }
      }
    });

    it("takes a payment to it, and pays when it is carried", async () => {
      const scene = await loadFixture(founded);
      const { motions, members, stranger, tabled, close, timelock } = scene;
      const actions = listOf([{ target: stranger.address, value: 5n }]);
      await networkHelpers.setBalance(await timelock.getAddress(), 10n ** 18n);
      const motion = await tabled("Pay", actions);
      await close(motion);
      await motions.putToVote(motion, actions);
      const before = await ethers.provider.getBalance(stranger.address);
      await carry(await decisionOfMotion(connection, scene, motion, actions), members);
      expect(await ethers.provider.getBalance(stranger.address)).to.equal(before + 5n);
    });
  });

  describe("digest", () => {
    it("is zero for no actions, and else keccak256 of targets, values and calldatas", async () => {
      const { motions, mine, put, box, stranger } = await loadFixture(founded);
      expect((await motions.motionOf(1n)).actions).to.equal(ZeroHash);
      const lists = [
        listOf([put(1)]),
        listOf([put(1), put(2)]),
        listOf([put(2), put(1)]),
        listOf([{ target: box, data: "0x", value: 3n }]),
        listOf([{ target: stranger.address, value: 3n }]),
      ];
      const digests = [];
      for (const [index, actions] of lists.entries()) {
        await mine.draft(contentOf("A text", actions));
        const { actions: digest } = await motions.motionOf(index + 2);
        expect(digest).to.equal(await actionsDigest(actions));
        digests.push(digest);
      }
      expect(new Set(digests).size).to.equal(lists.length);
    });

    it("tells bytes apart that moved from one action to the next", async () => {
      const { motions, mine, box, tabled, close } = await loadFixture(founded);
      const actions = listOf([
        { target: box, data: "0x1234" },
        { target: box, data: "0x56" },
      ]);
      const shifted = listOf([
        { target: box, data: "0x12" },
        { target: box, data: "0x3456" },
      ]);
      const motion = await tabled("Bytes", actions);
      await close(motion);
      await expect(mine.putToVote(motion, shifted))
        .to.be.revertedWithCustomError(motions, "MotionActionsOther")
        .withArgs(await actionsDigest(actions), await actionsDigest(shifted));
    });
  });

  describe("classOf", () => {
    it("reverts for actions that no decision holds", async () => {
      const { motions, put, stranger } = await loadFixture(founded);
      await expect(motions.classOf(listOf(Array(MAX_ACTIONS + 1).fill(put(1)))))
        .to.be.revertedWithCustomError(motions, "MotionActionsTooLong")
        .withArgs(ascii("actions"), MAX_ACTIONS + 1, MAX_ACTIONS);
      await expect(motions.classOf({ ...listOf([put(1)]), values: [] }))
        .to.be.revertedWithCustomError(motions, "MotionActionsUneven")
        .withArgs(1n, 0n, 1n);
      await expect(motions.classOf(listOf([{ target: stranger.address, data: "0x12" }])))
        .to.be.revertedWithCustomError(motions, "MotionActionsTargetWithoutCode")
        .withArgs(stranger);
      expect(await motions.classOf(NO_ACTIONS)).to.equal(1n);
    });
  });
});
