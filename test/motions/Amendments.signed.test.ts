import { expect } from "chai";
import { toBeHex, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  type Act,
  ActKind,
  foundMotion,
  type MotionScene,
  signAct,
  signMove,
  signRebase,
} from "../helpers/amendments.js";
import { FAR } from "../helpers/attacks.js";
import { domainOf, type Person } from "../helpers/governor.js";
import { AmendmentState, changeOf, contentOf, digestOf, listOf } from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const REASON = digestOf("It costs too much.");
const FIRST = toBeHex(1, 32);

/** Ann's amendment, and Ben's to it; silences, where they are wanted, are broken by one member. */
async function open() {
  const rules = { amendmentSilence: 172_800, amendmentObjections: 1, amendmentObjectionGroups: 1 };
  const scene = await foundMotion(connection, { rules });
  const first = await scene.move(scene.ann, "Twice.");
  const second = await scene.move(scene.ben, "Twice, online.", { parent: first });
  const [relayer] = scene.outsiders as [Person];
  return { ...scene, first, second, relayer, relayed: scene.amendments.connect(relayer) };
}

type Open = Awaited<ReturnType<typeof open>>;

const invalid = (scene: MotionScene, sent: Promise<unknown>, account: string) =>
  expect(sent)
    .to.be.revertedWithCustomError(scene.amendments, "SignedRequestsInvalidSignature")
    .withArgs(account);

/** What a member signs, who it is, what must be before, and what happens then. */
const ACTS: {
  name: string;
  kind: number;
  value: string;
  signer: (scene: Open) => Person;
  before?: (scene: Open) => Promise<unknown>;
  event: string;
  values: (bigint | string)[];
  state: bigint;
}[] = [
  {
    name: "acceptance",
    kind: ActKind.Accept,
    value: FIRST,
    signer: ({ ann }) => ann,
    event: "AmendmentAccepted",
    values: [2n],
    state: AmendmentState.Accepted,
  },
  {
    name: "withdrawal",
    kind: ActKind.Withdraw,
    value: FIRST,
    signer: ({ ben }) => ben,
    event: "AmendmentWithdrawn",
    values: [],
    state: AmendmentState.Withdrawn,
  },
  {
    name: "objection",
    kind: ActKind.Object,
    value: REASON,
    signer: ({ eve }) => eve,
    before: async (scene) => {
      await scene.close();
      await scene.putNext();
    },
    event: "AmendmentObjected",
    values: [5n, REASON, 1n],
    state: AmendmentState.Silence,
  },
];

describe("Amendments", () => {
  describe("actBySig", () => {
    for (const { name, kind, value, signer, before, event, values, state } of ACTS) {
      context(`given a signed ${name}`, () => {
        async function signed() {
          const scene = await loadFixture(open);
          await before?.(scene);
          const subject = scene.second;
          const act = await signAct(scene.amendments, signer(scene), { kind, subject, value, deadline: FAR });
          return { ...scene, act };
        }

        it("reverts when anything of it was altered", async () => {
          const scene = await signed();
          const { act, relayed, cyd } = scene;
          const kinds = [ActKind.Withdraw, ActKind.Object, ActKind.Accept].filter((one) => one !== kind);
          for (const altered of [
            ...kinds.map((other) => ({ ...act, kind: other })),
            { ...act, subject: scene.first },
            { ...act, value: toBeHex(BigInt(value) ^ 2n, 32) },
            { ...act, account: cyd.address },
            { ...act, deadline: FAR - 1n },
            { ...act, signature: "0x" },
          ]) {
            await invalid(scene, relayed.actBySig(altered), altered.account);
          }
        });

        it("reverts in the first second after its deadline, and not in its last", async () => {
          const scene = await signed();
          const deadline = (await scene.now()) + 60n;
          const content = { kind, subject: scene.second, value, deadline };
          const act = await signAct(scene.amendments, signer(scene), content);
          const snapshot = await networkHelpers.takeSnapshot();
          await time.setNextBlockTimestamp(deadline + 1n);
          await expect(scene.relayed.actBySig(act))
            .to.be.revertedWithCustomError(scene.amendments, "SignedRequestsExpired")
            .withArgs(deadline, deadline + 1n);
          await snapshot.restore();
          await time.setNextBlockTimestamp(deadline);
          await expect(scene.relayed.actBySig(act)).to.emit(scene.amendments, event);
        });

        it("does what was signed, in the name of who signed, once", async () => {
          const scene = await signed();
          const { amendments, act, relayed, second } = scene;
          await expect(relayed.actBySig(act))
            .to.emit(amendments, event)
            .withArgs(second, ...values);
          expect(await scene.stateOf(second)).to.equal(state);
          expect(await amendments.nonces(act.account)).to.equal(1);
          await invalid(scene, relayed.actBySig(act), act.account);
        });
      });
    }

    it("reverts for what is done about motions", async () => {
      const { amendments, relayed, ann } = await loadFixture(open);
      for (const kind of [ActKind.Table, ActKind.Endorse]) {
        const act = {
          kind,
          account: ann.address,
          subject: 1n,
          value: FIRST,
          deadline: FAR,
          signature: "0x",
        };
        await expect(relayed.actBySig(act))
          .to.be.revertedWithCustomError(amendments, "MotionActsUnknownKind")
          .withArgs(kind);
      }
    });

    it("reverts as the act itself, and leaves the nonce", async () => {
      const { amendments, relayed, cyd, second } = await loadFixture(open);
      const content = { kind: ActKind.Accept, subject: second, value: FIRST, deadline: FAR };
      const act = await signAct(amendments, cyd, content);
      await expect(relayed.actBySig(act))
        .to.be.revertedWithCustomError(amendments, "AmendmentsNotYours")
        .withArgs(second, cyd.address, 2);
      expect(await amendments.nonces(cyd)).to.equal(0);
    });

    it("takes no signature for another coalition, or another chain", async () => {
      const scene = await loadFixture(open);
      const { amendments, motions, relayed, ann, second } = scene;
      const content = { kind: ActKind.Accept, subject: second, value: FIRST, deadline: FAR };
      await invalid(scene, relayed.actBySig(await signAct(motions, ann, content)), ann.address);
      const elsewhere = {
        nonces: (key: string) => amendments.nonces(key),
        eip712Domain: async () => ({ ...(await domainOf(amendments)), chainId: 1n }),
      };
      const foreign = await signAct(elsewhere, ann, content);
      await invalid(scene, relayed.actBySig(foreign), ann.address);
    });
  });

  describe("actMany", () => {
    it("reverts with no acts, or more than 100", async () => {
      const { amendments, relayed, ann, second } = await loadFixture(open);
      const content = { kind: ActKind.Accept, subject: second, value: FIRST, deadline: FAR };
      const act = await signAct(amendments, ann, content);
      for (const size of [0, 101]) {
        await expect(relayed.actMany(Array<Act>(size).fill(act)))
          .to.be.revertedWithCustomError(amendments, "MotionActsBatchSize")
          .withArgs(size, 100);
      }
    });

    it("reverts rather than pass over an act for want of gas", async () => {
      const { amendments, relayed, ann, second } = await loadFixture(open);
      const content = { kind: ActKind.Accept, subject: second, value: FIRST, deadline: FAR };
      const act = await signAct(amendments, ann, content);
      await expect(relayed.actMany([act], { gasLimit: 500_000 })).to.be.revertedWithCustomError(
        amendments,
        "MotionActsGasTooLow",
      );
      expect(await amendments.nonces(ann)).to.equal(0);
    });

    it("does what can be done, and passes over the rest, each with its reason", async () => {
      const scene = await loadFixture(open);
      const { amendments, relayed, ann, ben, cyd, first, second } = scene;
      const third = await scene.move(cyd, "Thrice.");
      const accept = { kind: ActKind.Accept, subject: second, value: FIRST, deadline: FAR };
      const late = (await scene.now()) - 1n;
      const acts = [
        await signAct(amendments, cyd, { ...accept, kind: ActKind.Withdraw, subject: third, deadline: late }),
        await signAct(amendments, ben, { ...accept, subject: second }),
        await signAct(amendments, ann, accept),
        await signAct(amendments, ann, accept),
        await signAct(amendments, ann, { ...accept, kind: ActKind.Withdraw, subject: first, nonce: 1n }),
        await signAct(amendments, cyd, { ...accept, kind: ActKind.Withdraw, subject: third }),
      ];
      const done = await relayed.actMany.staticCall(acts);
      expect(done).to.equal(2);
      const moment = (await scene.now()) + 3n;
      const sent = await scene.at(moment, () => relayed.actMany(acts));
      const face = amendments.interface;
      const skipped = (index: number, account: Person, error: string, ...args: unknown[]) =>
        expect(sent)
          .to.emit(amendments, "ActSkipped")
          .withArgs(index, account.address, face.encodeErrorResult(error, args));
      await skipped(0, cyd, "SignedRequestsExpired", late, moment);
      await skipped(1, ben, "AmendmentsNotYours", second, ben.address, 2);
      await skipped(3, ann, "SignedRequestsInvalidSignature", ann.address);
      // The acceptance before it made another version of the first.
      await skipped(4, ann, "AmendmentsOtherVersion", first, 1, 2);
      await expect(sent).to.emit(amendments, "AmendmentAccepted").withArgs(second, 2);
      await expect(sent).to.emit(amendments, "AmendmentWithdrawn").withArgs(third);
      expect(await Promise.all([ann, ben, cyd].map((key) => amendments.nonces(key)))).to.deep.equal([
        1n,
        0n,
        1n,
      ]);
    });

    it("keeps its inner step to itself", async () => {
      const { amendments, ann, second } = await loadFixture(open);
      const content = { kind: ActKind.Accept, subject: second, value: FIRST, deadline: FAR };
      const act = await signAct(amendments, ann, content);
      await expect(amendments.connect(ann).actOne(act))
        .to.be.revertedWithCustomError(amendments, "MotionActsUnauthorized")
        .withArgs(ann.address);
    });
  });

  describe("moveBySig", () => {
    async function signed() {
      const scene = await loadFixture(open);
      const { amendments, cyd, motion, first, resolutions } = scene;
      const actions = listOf([{ target: resolutions, data: "0x12345678" }]);
      const change = changeOf(1, "Twice, on paper.", { actions });
      const deadline = (await scene.now()) + 600n;
      const signature = await signMove(amendments, cyd, { motion, parent: first, change, deadline });
      return { ...scene, change, deadline, signature };
    }

    it("reverts when anything of it was altered", async () => {
      const scene = await signed();
      const { relayed, ann, cyd, motion, first, change, deadline, signature } = scene;
      for (const [account, subject, parent, altered, until] of [
        [ann, motion, first, change, deadline],
        [cyd, motion + 1n, first, change, deadline],
        [cyd, motion, 0n, change, deadline],
        [cyd, motion, first, { ...change, base: 2n }, deadline],
        [cyd, motion, first, { ...change, text: REASON }, deadline],
        [cyd, motion, first, { ...change, reason: REASON }, deadline],
        [cyd, motion, first, { ...change, substitute: true }, deadline],
        [cyd, motion, first, { ...change, actions: listOf([]) }, deadline],
        [cyd, motion, first, { ...change, actions: { ...change.actions, values: [1n] } }, deadline],
        [cyd, motion, first, change, deadline + 1n],
      ] satisfies [Person, bigint, bigint, typeof change, bigint][]) {
        const sent = relayed.moveBySig(account, subject, parent, altered, until, signature);
        await invalid(scene, sent, account.address);
      }
    });

    it("reverts after its deadline", async () => {
      const { amendments, relayed, cyd, motion, first, change, deadline, signature } = await signed();
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(relayed.moveBySig(cyd, motion, first, change, deadline, signature))
        .to.be.revertedWithCustomError(amendments, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("moves for who signed, until the deadline, once", async () => {
      const scene = await signed();
      const { amendments, relayed, cyd, motion, first, change, deadline, signature } = scene;
      const send = () => relayed.moveBySig(cyd, motion, first, change, deadline, signature);
      await expect(scene.at(deadline, send))
        .to.emit(amendments, "AmendmentMoved")
        .withArgs(3, motion, 4, first, false);
      const { mover, parent, text } = await amendments.amendmentOf(3);
      expect([mover, parent, text]).to.deep.equal([4n, first, change.text]);
      const again = changeOf(1, "Twice, on paper.");
      const later = (await scene.now()) + 600n;
      const replayed = await signMove(amendments, cyd, { motion, change: again, deadline: later });
      await relayed.moveBySig(cyd, motion, 0, again, later, replayed);
      await invalid(scene, relayed.moveBySig(cyd, motion, 0, again, later, replayed), cyd.address);
    });

    it("moves for a contract that signs by ERC-1271", async () => {
      const scene = await signed();
      const { amendments, membership, relayed, motion, relayer } = scene;
      const wallet = await ethers.deployContract("ContractWallet", [relayer]);
      const { digest } = await membership.codeOfConduct();
      const join = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
      await wallet.connect(relayer).execute(membership, join);
      await time.increaseTo((await membership.member(13)).votesFrom);
      await scene.motions.connect(scene.author).draft(contentOf("Another matter."));
      await scene.motions.connect(scene.author).table(motion + 1n, 1);
      const change = changeOf(1, "Never.", { substitute: true });
      const account = await wallet.getAddress();
      const signer = {
        address: account,
        getAddress: async () => account,
        signTypedData: relayer.signTypedData.bind(relayer),
      };
      const content = { motion: motion + 1n, change, deadline: FAR };
      const signature = await signMove(amendments, signer as Person, content);
      await expect(relayed.moveBySig(account, motion + 1n, 0, change, FAR, signature))
        .to.emit(amendments, "AmendmentMoved")
        .withArgs(3, motion + 1n, 13, 0, true);
    });
  });

  describe("rebaseBySig", () => {
    async function signed() {
      const scene = await loadFixture(open);
      const { amendments, motions, author, ann, motion, first } = scene;
      await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
      const change = changeOf(2, "Twice or weekly.");
      const deadline = (await scene.now()) + 600n;
      const signature = await signRebase(amendments, ann, { amendment: first, change, deadline });
      return { ...scene, change, deadline, signature };
    }

    it("reverts when anything of it was altered, or its deadline is over", async () => {
      const scene = await signed();
      const { amendments, relayed, ann, ben, first, second, change, deadline, signature } = scene;
      for (const [account, amendment, altered, until] of [
        [ben, first, change, deadline],
        [ann, second, change, deadline],
        [ann, first, { ...change, base: 1n }, deadline],
        [ann, first, { ...change, text: REASON }, deadline],
        [ann, first, { ...change, reason: REASON }, deadline],
        [ann, first, { ...change, substitute: true }, deadline],
        [ann, first, { ...change, actions: listOf([{ target: ann.address }]) }, deadline],
        [ann, first, change, deadline + 1n],
      ] satisfies [Person, bigint, typeof change, bigint][]) {
        const sent = relayed.rebaseBySig(account, amendment, altered, until, signature);
        await invalid(scene, sent, account.address);
      }
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(relayed.rebaseBySig(ann, first, change, deadline, signature))
        .to.be.revertedWithCustomError(amendments, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("rebases for who signed, once", async () => {
      const scene = await signed();
      const { amendments, motions, relayed, ann, author, motion, first, change, deadline, signature } = scene;
      await expect(relayed.rebaseBySig(ann, first, change, deadline, signature))
        .to.emit(amendments, "AmendmentWritten")
        .withArgs(first, 2, 0, 0, 2, false, change.text, ZeroHash, change.reason);
      expect(await scene.stateOf(first)).to.equal(AmendmentState.Open);
      await motions.connect(author).revise(motion, 2, contentOf("Daily."));
      await invalid(scene, relayed.rebaseBySig(ann, first, change, deadline, signature), ann.address);
    });
  });
});
