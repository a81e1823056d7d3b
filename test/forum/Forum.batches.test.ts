import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import type { IForum } from "../../typechain-types/contracts/forum/Forum.js";
import { TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import { Manner } from "../helpers/ballot-box.js";
import { foundForum, Kind, LIST, lengthOf, OTHER, signPost, textOf } from "../helpers/forum.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

/** Gas that must be left for every post of a batch: its own and what a call never gets. */
const NEEDED_GAS = 350_000n + 350_000n / 32n;

/** A thread of the first member. The number 13 is a wallet that is a contract and means harm. */
async function founded() {
  const scene = await foundForum(connection, { change: ({ Forum }) => Object.assign(Forum, { burst: 100 }) });
  const { membership, speakers, forum, relayer } = scene;
  const { digest } = await membership.codeOfConduct();
  const hostile = await ethers.deployContract("HostileWallet");
  await hostile.act(membership, membership.interface.encodeFunctionData("join", [0, digest, "0x"]));
  await hostile.act(speakers, speakers.interface.encodeFunctionData("accept", [0]));
  await scene.thread(1);
  const relayed = forum.connect(relayer);
  /** A signed reply to the thread. */
  const reply = (
    number: number,
    ...rest: [Parameters<typeof signPost>[3]?, Parameters<typeof signPost>[4]?]
  ) => signPost(forum, scene.member(number), "reply", { to: 1n, ...rest[0] }, rest[1]);
  const send = (posts: IForum.SignedPostStruct[], gasLimit = TRANSACTION_GAS_LIMIT) =>
    relayed.postMany(posts, { gasLimit });
  return { ...scene, hostile, relayed, reply, send };
}

describe("Forum", function () {
  this.timeout(120_000);

  describe("postBySig", () => {
    it("posts what a member signed, of each kind, and uses up a nonce", async () => {
      const { forum, relayed, member } = await loadFixture(founded);
      for (const [index, kind] of (["thread", "reply", "edit"] as const).entries()) {
        const to = kind === "thread" ? 0n : 1n;
        const digest = textOf(`Signed ${kind}`);
        const signed = await signPost(forum, member(1), kind, { to, digest });
        await expect(relayed.postBySig(signed))
          .to.emit(forum, "Posted")
          .withArgs(LIST, 1n, 2n + BigInt(index), index, to, digest, (moment: bigint) => moment > 0n);
        expect(await forum.nonces(member(1))).to.equal(1n + BigInt(index));
      }
    });

    it("reverts for kinds that nobody says", async () => {
      const { forum, relayed, reply } = await loadFixture(founded);
      await expect(relayed.postBySig({ ...(await reply(2)), kind: Kind.Hide }))
        .to.be.revertedWithCustomError(forum, "ForumNotAPost")
        .withArgs(Kind.Hide);
    });

    it("reverts for anything but what was signed, by whom, for where", async () => {
      const { forum, relayed, reply, member, stranger } = await loadFixture(founded);
      const good = await reply(2);
      const other = await ethers.deployContract("Forum", [
        "DC-BAS",
        await forum.speakers(),
        await forum.agenda(),
        { burst: 1, interval: 1 },
        ["One", "Two"],
        [id("one"), id("two")],
      ]);
      const bent: IForum.SignedPostStruct[] = [
        { ...good, kind: Kind.Edit },
        { ...good, list: OTHER },
        { ...good, to: 0n, kind: Kind.Thread },
        { ...good, digest: textOf("Another text") },
        { ...good, deadline: BigInt(good.deadline) - 1n },
        { ...good, account: member(3).address },
        await signPost(forum, stranger, "reply", { to: 1n }, { account: member(2).address }),
        await reply(2, {}, { domain: { chainId: 1n } }),
        await reply(2, {}, { domain: { verifyingContract: await other.getAddress() } }),
        await reply(2, {}, { nonce: 1n }),
      ];
      for (const signed of bent) {
        await expect(relayed.postBySig(signed))
          .to.be.revertedWithCustomError(forum, "SignedRequestsInvalidSignature")
          .withArgs(signed.account);
      }
      await relayed.postBySig(good);
      await expect(relayed.postBySig(good))
        .to.be.revertedWithCustomError(forum, "SignedRequestsInvalidSignature")
        .withArgs(good.account);
    });
  });

  describe("postOne", () => {
    it("reverts for everybody but the forum itself", async () => {
      const { forum, reply, member, relayer, power } = await loadFixture(founded);
      const signed = await reply(2);
      for (const caller of [member(2), relayer, power]) {
        await expect(forum.connect(caller).postOne(signed))
          .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
          .withArgs(caller, forum);
      }
    });
  });

  describe("postMany", () => {
    it("reverts for a batch that is empty or too large", async () => {
      const { forum, reply, send } = await loadFixture(founded);
      const signed = await reply(2);
      for (const size of [0, 101]) {
        await expect(send(Array(size).fill(signed)))
          .to.be.revertedWithCustomError(forum, "ForumBatchSize")
          .withArgs(size, 100n);
      }
    });

    it("posts a hundred in a single transaction, in their order", async () => {
      const { forum, member, relayed, send } = await loadFixture(founded);
      const posts: IForum.SignedPostStruct[] = [];
      for (let index = 0; index < 100; index++) {
        const number = 1 + (index % 10);
        const content = { to: BigInt(1 + index), digest: textOf(`Post ${index}`) };
        posts.push(
          await signPost(forum, member(number), "reply", content, { nonce: BigInt(Math.floor(index / 10)) }),
        );
      }
      expect(await relayed.postMany.staticCall(posts)).to.equal(100n);
      await expect(send(posts)).not.to.emit(forum, "PostSkipped");
      expect(lengthOf(await forum.seriesOf(LIST))).to.equal(101n);
      const events = await forum.queryFilter(forum.filters.Posted(LIST));
      expect(events.slice(1).map(({ args }) => args.digest)).to.deep.equal(posts.map(({ digest }) => digest));
      expect(await forum.authorOf(LIST, 101)).to.equal(10n);
    });

    it("passes the bad over, each with its reason, and posts the others", async () => {
      const { forum, speakers, relayer, relayed, member, reply, now, send } = await loadFixture(founded);
      const past = (await now()) - 1n;
      const good = await reply(2);
      const posts: IForum.SignedPostStruct[] = [
        await reply(3, {}, { deadline: past }),
        good,
        good,
        await signPost(forum, relayer, "reply", { to: 1n }),
        await reply(4, { to: 9n }),
        await signPost(forum, member(5), "edit", { to: 1n }),
        { ...(await reply(6)), kind: Kind.Erase },
        await reply(7),
      ];
      expect(await relayed.postMany.staticCall(posts)).to.equal(2n);
      const sent = await send(posts);
      const moment = await now();
      const refused = (name: string, values: unknown[]) =>
        (name === "RollRightsRefused" ? speakers.interface : forum.interface).encodeErrorResult(
          name as never,
          values as never,
        );
      for (const [index, reason] of [
        [0, refused("SignedRequestsExpired", [past, moment])],
        [2, refused("SignedRequestsInvalidSignature", [good.account])],
        [3, refused("RollRightsRefused", [relayer.address, 0n, 1n, 0n])],
        [4, refused("ForumNoSuchPost", [LIST, 9n])],
        [5, refused("ForumNotAuthor", [LIST, 1n, member(5).address, 1n])],
        [6, refused("ForumNotAPost", [Kind.Erase])],
      ] as const) {
        await expect(sent).to.emit(forum, "PostSkipped").withArgs(index, posts[index]?.account, reason);
      }
      expect(lengthOf(await forum.seriesOf(LIST))).to.equal(3n);
      // What was passed over stays unsigned for: its nonce is not used up.
      expect(await forum.nonces(member(4))).to.equal(0n);
      expect(await forum.nonces(member(2))).to.equal(1n);
    });

    for (const [name, manner] of Object.entries(Manner)) {
      if (manner === Manner.Agreeing) continue;
      it(`goes on where a wallet answers by ${name}`, async () => {
        const { forum, relayer, hostile, reply, send } = await loadFixture(founded);
        const account = await hostile.getAddress();
        await hostile.arm(
          forum,
          forum.interface.encodeFunctionData("post", [Kind.Reply, LIST, 1, textOf("x")]),
        );
        await hostile.behave(manner);
        const posts = [
          await reply(2),
          { ...(await signPost(forum, relayer, "reply", { to: 1n }, { account })), signature: "0x" },
          await reply(3),
        ];
        const invalid = forum.interface.encodeErrorResult("SignedRequestsInvalidSignature", [account]);
        // A wallet that burns what it gets leaves nothing to say why.
        await expect(send(posts))
          .to.emit(forum, "PostSkipped")
          .withArgs(1n, account, (reason: string) => reason === invalid || reason === "0x");
        expect(lengthOf(await forum.seriesOf(LIST))).to.equal(3n);
      });
    }

    it("posts for a wallet that is a contract, within what a post of a batch gets", async () => {
      const { forum, hostile, relayer, send } = await loadFixture(founded);
      const account = await hostile.getAddress();
      await hostile.behave(Manner.Agreeing);
      const signed = {
        ...(await signPost(forum, relayer, "reply", { to: 1n }, { account })),
        signature: "0x",
      };
      await send([signed]);
      expect(await forum.authorOf(LIST, 2)).to.equal(13n);
    });

    it("undoes everything when there is too little gas for one", async () => {
      const { forum, reply, send } = await loadFixture(founded);
      const posts = await Promise.all([2, 3, 4, 5].map((number) => reply(number)));
      await expect(send(posts, 520_000n))
        .to.be.revertedWithCustomError(forum, "ForumGasTooLow")
        .withArgs(
          (index: bigint) => index > 0n && index < 4n,
          (left: bigint) => left < NEEDED_GAS,
          NEEDED_GAS,
        );
      expect(lengthOf(await forum.seriesOf(LIST))).to.equal(1n);
    });

    it("never passes a good one over, however much gas whoever pays gives", async () => {
      const { reply, relayed } = await loadFixture(founded);
      const posts = await Promise.all([2, 3, 4].map((number) => reply(number)));
      let done = 0;
      let refused = 0;
      for (let gasLimit = 380_000n; gasLimit < 800_000n; gasLimit += 9_001n) {
        const answer = await relayed.postMany
          .staticCall(posts, { gasLimit })
          .catch((): undefined => undefined);
        if (answer === undefined) ++refused;
        else {
          expect(answer, `with ${gasLimit} gas`).to.equal(3n);
          ++done;
        }
      }
      expect(done).to.be.greaterThan(0);
      expect(refused).to.be.greaterThan(0);
    });
  });
});
