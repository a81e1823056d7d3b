import { expect } from "chai";
import { toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { FAR } from "../helpers/attacks.js";
import { type Person, Right, rotateKey, Standing } from "../helpers/governor.js";
import {
  CONSENSUS,
  foundMotions,
  type MotionActKind,
  memberAt,
  type SignedMotionAct,
  type SigningChanges,
  signDraft,
  signMotionAct,
  signRevision,
} from "../helpers/motion-scene.js";
import {
  actionsDigest,
  contentOf,
  digestOf,
  listOf,
  NO_ACTIONS,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const REASON = digestOf("Why not");

/**
 * A coalition with consensus first, where the first member has drafted a motion, number 1. The number 13 is a wallet that
 * is a contract, for which the first outsider signs.
 */
async function founded() {
  const scene = await foundMotions(connection, { count: 12, rules: CONSENSUS });
  const [owner, relayer, newKey] = scene.outsiders as [Person, Person, Person];
  const { digest } = await scene.membership.codeOfConduct();
  const join = scene.membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
  const wallet = await ethers.deployContract("ContractWallet", [owner]);
  await wallet.connect(owner).execute(scene.membership, join);
  await time.increaseTo((await scene.membership.member(13n)).votesFrom);
  const author = memberAt(scene.members, 0);
  const other = memberAt(scene.members, 1);
  const content = contentOf("A text", listOf([scene.put(1)]));
  const mine = scene.motions.connect(author);
  await mine.draft(contentOf("A draft"));
  const relayed = scene.motions.connect(relayer);
  return { ...scene, owner, relayer, newKey, wallet, author, other, content, mine, relayed };
}

type Scene = Awaited<ReturnType<typeof founded>>;

/** What the first member can sign for, what must be before, and what happens then. */
const ACTS: {
  kind: MotionActKind;
  before: (scene: Scene) => Promise<unknown>;
  value: bigint | string;
  event: string;
  values: unknown[];
}[] = [
  {
    kind: "Table",
    before: async () => {},
    value: 1n,
    event: "MotionTabled",
    values: [1n, (closesAt: bigint) => closesAt > 0n],
  },
  { kind: "Withdraw", before: async () => {}, value: 1n, event: "MotionWithdrawn", values: [] },
  {
    kind: "Endorse",
    before: ({ mine }) => mine.table(1n, 1n),
    value: 1n,
    event: "MotionEndorsed",
    values: [1n, 1n, 1n],
  },
  {
    kind: "Object",
    before: async ({ mine, close }) => {
      await mine.table(1n, 1n);
      await close(1n);
      await mine.putToVote(1n, NO_ACTIONS);
    },
    value: REASON,
    event: "MotionObjected",
    values: [1n, REASON, 1n],
  },
];

const expectInvalid = ({ motions }: Scene, sent: Promise<unknown>, account: string) =>
  expect(sent).to.be.revertedWithCustomError(motions, "SignedRequestsInvalidSignature").withArgs(account);

describe("Motions", () => {
  describe("draftBySig", () => {
    const send = async (
      { relayed }: Scene,
      signed: Awaited<ReturnType<typeof signDraft>>,
      content: Content,
    ) => relayed.draftBySig(signed.account, content, signed.deadline, signed.signature);

    it("reverts when anything of it was altered", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, other, content, put } = scene;
      const signed = await signDraft(motions, author, content);
      for (const [changed, altered] of [
        [signed, { ...content, text: digestOf("Another") }],
        [signed, { ...content, purpose: digestOf("Another") }],
        [signed, { ...content, actions: listOf([put(2)]) }],
        [signed, { ...content, actions: NO_ACTIONS }],
        [{ ...signed, account: other.address }, content],
        [{ ...signed, deadline: FAR + 1n }, content],
        [{ ...signed, signature: "0x" }, content],
      ] as const) {
        await expectInvalid(scene, send(scene, changed, altered), changed.account);
      }
      expect(await motions.lastMotion()).to.equal(1n);
    });

    it("reverts for another signer, chain, contract or nonce", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, content } = scene;
      for (const [signer, changes] of await bentBy(scene)) {
        const signed = await signDraft(motions, signer, content, changes);
        await expectInvalid(scene, send(scene, signed, content), author.address);
      }
    });

    it("reverts after its deadline, and for whoever may not propose", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, relayer, content, now, at } = scene;
      const deadline = (await now()) + 100n;
      const late = await signDraft(motions, author, content, { deadline });
      await expect(at(deadline + 1n, () => send(scene, late, content)))
        .to.be.revertedWithCustomError(motions, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
      await expect(send(scene, await signDraft(motions, relayer, content), content))
        .to.be.revertedWithCustomError(motions, "RollRightsRefused")
        .withArgs(relayer, Right.Propose, Standing.NotMember, 0n);
    });

    it("drafts in the name of who signed, in the last second too, and once", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, content, now, at } = scene;
      const deadline = (await now()) + 100n;
      const signed = await signDraft(motions, author, content, { deadline });
      await expect(at(deadline, () => send(scene, signed, content)))
        .to.emit(motions, "MotionDrafted")
        .withArgs(2n, 1n)
        .and.to.emit(motions, "MotionRevised")
        .withArgs(2n, 1n, 0n, content.text, content.purpose, await actionsDigest(content.actions));
      expect(await motions.nonces(author)).to.equal(1n);
      const again = await signDraft(motions, author, content);
      await send(scene, again, content);
      await expectInvalid(scene, send(scene, again, content), author.address);
      expect(await motions.lastMotion()).to.equal(3n);
    });

    it("drafts for a wallet that is a contract, if it agrees", async () => {
      const scene = await loadFixture(founded);
      const { motions, wallet, owner, relayer, content } = scene;
      const account = await wallet.getAddress();
      const forged = await signDraft(motions, relayer, content, { account });
      await expectInvalid(scene, send(scene, forged, content), account);
      const signed = await signDraft(motions, owner, content, { account });
      await expect(send(scene, signed, content))
        .to.emit(motions, "MotionDrafted")
        .withArgs(2n, 13n);
    });
  });

  describe("reviseBySig", () => {
    const send = async (
      { relayed }: Scene,
      signed: Awaited<ReturnType<typeof signRevision>>,
      { motion, revision, ...content }: Edit,
    ) => relayed.reviseBySig(signed.account, motion, revision, content, signed.deadline, signed.signature);

    it("reverts when anything of it was altered, or for another signer, chain, contract or nonce", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, other, content, put } = scene;
      const edit = { ...content, motion: 1n, revision: 1n };
      const signed = await signRevision(motions, author, edit);
      for (const [changed, altered] of [
        [signed, { ...edit, motion: 2n }],
        [signed, { ...edit, revision: 2n }],
        [signed, { ...edit, text: digestOf("Another") }],
        [signed, { ...edit, purpose: digestOf("Another") }],
        [signed, { ...edit, actions: listOf([put(2)]) }],
        [{ ...signed, account: other.address }, edit],
        [{ ...signed, deadline: FAR + 1n }, edit],
      ] as const) {
        await expectInvalid(scene, send(scene, changed, altered), changed.account);
      }
      for (const [signer, changes] of await bentBy(scene)) {
        const bent = await signRevision(motions, signer, edit, changes);
        await expectInvalid(scene, send(scene, bent, edit), author.address);
      }
      expect((await motions.motionOf(1n)).revision).to.equal(1n);
    });

    it("reverts as the edit itself: too late, for others, and on another revision", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, other, content, now, at } = scene;
      const edit = { ...content, motion: 1n, revision: 1n };
      await expect(send(scene, await signRevision(motions, other, edit), edit))
        .to.be.revertedWithCustomError(motions, "MotionsNotAuthor")
        .withArgs(1n, other, 1n);
      const ahead = { ...edit, revision: 2n };
      await expect(send(scene, await signRevision(motions, author, ahead), ahead))
        .to.be.revertedWithCustomError(motions, "MotionsOtherRevision")
        .withArgs(1n, 2n, 1n);
      const deadline = (await now()) + 100n;
      const late = await signRevision(motions, author, edit, { deadline });
      await expect(at(deadline + 1n, () => send(scene, late, edit)))
        .to.be.revertedWithCustomError(motions, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("edits in the name of the author, once", async () => {
      const scene = await loadFixture(founded);
      const { motions, author, content } = scene;
      const edit = { ...content, motion: 1n, revision: 1n };
      const signed = await signRevision(motions, author, edit);
      await expect(send(scene, signed, edit))
        .to.emit(motions, "MotionRevised")
        .withArgs(1n, 2n, 0n, content.text, content.purpose, await actionsDigest(content.actions));
      expect(await motions.nonces(author)).to.equal(1n);
      await expectInvalid(scene, send(scene, signed, edit), author.address);
    });
  });

  describe("actBySig", () => {
    for (const { kind, before, value, event, values } of ACTS) {
      context(`given a signed act to ${kind}`, () => {
        async function signed() {
          const scene = await loadFixture(founded);
          await before(scene);
          const act = await signMotionAct(scene.motions, scene.author, kind, 1n, value);
          return { ...scene, act };
        }

        it("reverts when anything of it was altered", async () => {
          const scene = await signed();
          const { act, other, motions, relayed, author } = scene;
          const word = BigInt(act.value.toString());
          for (const altered of [
            ...[0n, 1n, 2n, 3n].filter((one) => one !== act.kind).map((one) => ({ ...act, kind: one })),
            { ...act, subject: 2n },
            { ...act, value: toBeHex(word + 1n, 32) },
            { ...act, value: toBeHex(word ^ (1n << 255n), 32) },
            { ...act, account: other.address },
            { ...act, deadline: FAR + 1n },
            { ...act, signature: "0x" },
          ]) {
            await expectInvalid(scene, relayed.actBySig(altered), altered.account);
          }
          expect(await motions.nonces(author)).to.equal(0n);
        });

        it("reverts for another signer, chain, contract or nonce", async () => {
          const scene = await signed();
          for (const [signer, changes] of await bentBy(scene)) {
            const act = await signMotionAct(scene.motions, signer, kind, 1n, value, changes);
            await expectInvalid(scene, scene.relayed.actBySig(act), scene.author.address);
          }
        });

        it("does what was signed, in the name of who signed, once", async () => {
          const scene = await signed();
          const { motions, relayed, author, act } = scene;
          await expect(relayed.actBySig(act))
            .to.emit(motions, event)
            .withArgs(1n, ...values);
          expect(await motions.nonces(author)).to.equal(1n);
          await expectInvalid(scene, relayed.actBySig(act), author.address);
        });
      });
    }

    it("reverts for an act that is one about amendments", async () => {
      const { motions, author, relayed } = await loadFixture(founded);
      const act = await signMotionAct(motions, author, "Endorse", 1n, 1n);
      await expect(relayed.actBySig({ ...act, kind: 4n }))
        .to.be.revertedWithCustomError(motions, "MotionActsUnknownKind")
        .withArgs(4n);
    });

    it("takes an act in the last second, and none in the next", async () => {
      const { motions, mine, members, relayed, now, at } = await loadFixture(founded);
      await mine.table(1n, 1n);
      const deadline = (await now()) + 100n;
      const [first, second] = await Promise.all(
        [1, 2].map((index) =>
          signMotionAct(motions, memberAt(members, index), "Endorse", 1n, 1n, { deadline }),
        ),
      );
      await at(deadline, () => relayed.actBySig(first as SignedMotionAct));
      await expect(at(deadline + 1n, () => relayed.actBySig(second as SignedMotionAct)))
        .to.be.revertedWithCustomError(motions, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
      expect((await motions.motionOf(1n)).endorsements).to.equal(1n);
    });

    it("reverts as the act itself, and the signature stays good", async () => {
      const { motions, mine, other, relayed } = await loadFixture(founded);
      const act = await signMotionAct(motions, other, "Endorse", 1n, 1n);
      await expect(relayed.actBySig(act))
        .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
        .withArgs(1n, Stage.Draft, stagesOf(Stage.Tabled, Stage.Closed, Stage.Silence));
      await mine.table(1n, 1n);
      await expect(relayed.actBySig(act)).to.emit(motions, "MotionEndorsed").withArgs(1n, 2n, 1n, 1n);
    });

    context("given an author who moved to another key", () => {
      it("reverts for what the old key signed, and does what the new one signs", async () => {
        const scene = await loadFixture(founded);
        const { motions, author, newKey, relayed } = scene;
        const old = await signMotionAct(motions, author, "Table", 1n, 1n);
        await rotateKey(scene, author, newKey);
        await expect(relayed.actBySig(old))
          .to.be.revertedWithCustomError(motions, "MotionsNotAuthor")
          .withArgs(1n, author, 1n);
        const act = await signMotionAct(motions, newKey, "Table", 1n, 1n);
        await expect(relayed.actBySig(act)).to.emit(motions, "MotionTabled");
      });
    });

    context("given a wallet that is a contract", () => {
      it("does what its owner signed for it, and nothing when it says no or reverts", async () => {
        const scene = await loadFixture(founded);
        const { motions, mine, wallet, owner, relayer, relayed } = scene;
        await mine.table(1n, 1n);
        const account = await wallet.getAddress();
        const forged = await signMotionAct(motions, relayer, "Endorse", 1n, 1n, { account });
        await expectInvalid(scene, relayed.actBySig(forged), account);
        const act = await signMotionAct(motions, owner, "Endorse", 1n, 1n, { account });
        for (const manner of [1, 2]) {
          await wallet.behave(manner);
          await expectInvalid(scene, relayed.actBySig(act), account);
        }
        await wallet.behave(0);
        await expect(relayed.actBySig(act)).to.emit(motions, "MotionEndorsed").withArgs(1n, 13n, 1n, 1n);
      });
    });

    it("takes nothing that the zero address is said to have signed", async () => {
      const scene = await loadFixture(founded);
      const act = await signMotionAct(scene.motions, scene.author, "Table", 1n, 1n, { account: ZeroAddress });
      await expectInvalid(scene, scene.relayed.actBySig(act), ZeroAddress);
      const zeros = { ...act, signature: `0x${"00".repeat(65)}` };
      await expectInvalid(scene, scene.relayed.actBySig(zeros), ZeroAddress);
    });
  });
});

type Content = Scene["content"];
type Edit = Content & { motion: bigint; revision: bigint };

/** Ways in which a signature for the first member is not one: by whom, and over what else. */
async function bentBy({ author, other, amendments }: Scene): Promise<[Person, SigningChanges][]> {
  return [
    [other, { account: author.address }],
    [author, { domain: { chainId: 1n } }],
    [author, { domain: { verifyingContract: await amendments.getAddress() } }],
    [author, { domain: { name: "Twin" } }],
    [author, { nonce: 1n }],
  ];
}
