import { expect } from "chai";
import { AbiCoder, id, keccak256, sha256, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { headOf, nextHead as nextOf } from "../../scripts/lib/record-series.js";
import {
  Authority,
  BURST,
  FOR_GOOD,
  type ForumScene,
  foundForum,
  INTERVAL,
  Kind,
  LIST,
  lengthOf,
  OTHER,
  signForForum,
  textOf,
} from "../helpers/forum.js";
import { Decision, type Person, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const REASON = id("the reason");
const TEXT = textOf("A text");
const DAY = 86_400n;

const coder = AbiCoder.defaultAbiCoder();
const hashOf = (types: string[], values: unknown[]) => keccak256(coder.encode(types, values));
const posted = (kind: bigint, author: bigint, to: bigint, digest: string, at: bigint) =>
  hashOf(["uint8", "uint256", "uint256", "bytes32", "uint48"], [kind, author, to, digest, at]);

async function founded() {
  return foundForum(connection);
}

/** Member 1 has begun a thread, member 2 has answered. */
async function talking() {
  const scene = await foundForum(connection);
  await scene.thread(1);
  await scene.by(2).post(Kind.Reply, LIST, 1, TEXT);
  return scene;
}

const deploy = (
  { speakers, agenda }: Pick<ForumScene, "speakers" | "agenda">,
  changes: { burst?: number; interval?: number; names?: string[]; purposes?: string[] } = {},
) => {
  const { burst = 1, interval = 1, names = ["One"], purposes = [TEXT] } = changes;
  return ethers.deployContract("Forum", ["C", speakers, agenda, { burst, interval }, names, purposes]);
};

describe("Forum", function () {
  this.timeout(120_000);

  describe("constructor", () => {
    for (const [names, purposes, most] of [
      [[], [], 0n],
      [Array.from({ length: 17 }, (_, index) => `List ${index}`), Array(17).fill(TEXT), 16n],
      [["One", "Two"], [TEXT], 1n],
      [["One"], [TEXT, TEXT], 2n],
    ] as const) {
      it(`reverts with ${names.length} lists and ${purposes.length} purposes`, async () => {
        const scene = await loadFixture(founded);
        await expect(deploy(scene, { names: [...names], purposes: [...purposes] }))
          .to.be.revertedWithCustomError(scene.forum, "ForumListsOutOfRange")
          .withArgs(names.length, 1n, most);
      });
    }

    it("opens the lists of the birth, as the parameters have them", async () => {
      const { forum, parameters } = await loadFixture(founded);
      const { lists, purposes } = parameters.Forum;
      expect(await forum.lastList()).to.equal(lists.length);
      for (const [index, name] of lists.entries()) {
        expect([...(await forum.listOf(index + 1))]).to.deep.equal([name, purposes[index], true]);
      }
    });

    it("knows who may speak, the agenda and the contract that decides cases", async () => {
      const { forum, speakers, agenda, conduct } = await loadFixture(founded);
      expect(await forum.speakers()).to.equal(speakers);
      expect(await forum.agenda()).to.equal(agenda);
      expect(await forum.conduct()).to.equal(conduct);
      expect([...(await forum.pace())]).to.deep.equal([BigInt(BURST), BigInt(INTERVAL)]);
    });
  });

  describe("bind", () => {
    it("reverts once it is bound", async () => {
      const { forum, conduct, power } = await loadFixture(founded);
      await expect(forum.connect(power).bind())
        .to.be.revertedWithCustomError(forum, "ForumBound")
        .withArgs(conduct);
    });

    it("binds to whoever calls first", async () => {
      const scene = await loadFixture(founded);
      const fresh = await deploy(scene);
      expect(await fresh.conduct()).to.equal(ZeroAddress);
      await expect(fresh.bind()).to.emit(fresh, "ConductBound").withArgs(scene.deployer);
      expect(await fresh.conduct()).to.equal(scene.deployer);
    });
  });

  describe("open", () => {
    it("reverts for everybody but the timelock", async () => {
      const { forum, timelock, by, judge } = await loadFixture(founded);
      for (const [caller, account] of [
        [by(1), await by(1).runner],
        [forum.connect(judge), judge],
      ] as const) {
        await expect(caller.open("Third", TEXT))
          .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
          .withArgs(account, timelock);
      }
    });

    it("reverts for a name that is taken, that is none, and without a purpose", async () => {
      const { forum, power } = await loadFixture(founded);
      const governing = forum.connect(power);
      await expect(governing.open("Discussion", TEXT))
        .to.be.revertedWithCustomError(forum, "ForumNameTaken")
        .withArgs("Discussion", LIST);
      for (const name of ["", "x".repeat(65), "Discussiоn", "two  spaces", "=1+1"]) {
        await expect(governing.open(name, TEXT)).to.be.revertedWithCustomError(forum, "PlainNameInvalid");
      }
      await expect(governing.open("Third", ZeroHash)).to.be.revertedWithCustomError(forum, "ForumNoText");
    });

    it("reverts beyond a thousand lists", async () => {
      const { forum, power } = await loadFixture(founded);
      const governing = forum.connect(power);
      // The counter, as the storage snapshot shows it: it takes too long to open all of them.
      const slot = await counterSlot(forum, 2n);
      await networkHelpers.setStorageAt(await forum.getAddress(), slot, 1_000n);
      await expect(governing.open("One too many", TEXT))
        .to.be.revertedWithCustomError(forum, "ForumListsOutOfRange")
        .withArgs(1_001n, 1n, 1_000n);
    });

    it("opens a list by a decision of the members, and enters it in the register", async () => {
      const { forum, governor, members, now } = await loadFixture(founded);
      const before = await forum.seriesOf(0);
      const data = forum.interface.encodeFunctionData("open", ["Third", TEXT]);
      const decision = new Decision(connection, { governor }, [{ target: forum, data }], "A third list");
      const sent = await decision.pass(members);
      const at = await now();
      await expect(sent).to.emit(forum, "ListOpened").withArgs(3n, 3n, "Third", TEXT, at);
      expect(await forum.lastList()).to.equal(3n);
      expect([...(await forum.listOf(3))]).to.deep.equal(["Third", TEXT, true]);
      const record = hashOf(
        ["uint256", "bytes32", "bytes32", "uint48"],
        [3n, keccak256(toUtf8Bytes("Third")), TEXT, at],
      );
      expect(lengthOf(await forum.seriesOf(0))).to.equal(lengthOf(before) + 1n);
      expect(await registerOf(forum)).to.equal(await forum.seriesOf(0));
      expect(record).to.have.lengthOf(66);
    });
  });

  describe("change", () => {
    it("reverts for everybody but the timelock", async () => {
      const { forum, timelock, by, member } = await loadFixture(founded);
      await expect(by(1).change(LIST, TEXT, true))
        .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
        .withArgs(member(1), timelock);
    });

    it("reverts for a list that there is not, without a purpose, and when nothing changes", async () => {
      const { forum, power } = await loadFixture(founded);
      const governing = forum.connect(power);
      for (const list of [0n, 3n]) {
        await expect(governing.change(list, TEXT, true))
          .to.be.revertedWithCustomError(forum, "ForumUnknownList")
          .withArgs(list, 2n);
      }
      await expect(governing.change(LIST, ZeroHash, true)).to.be.revertedWithCustomError(
        forum,
        "ForumNoText",
      );
      const { purpose } = await forum.listOf(LIST);
      await expect(governing.change(LIST, purpose, true))
        .to.be.revertedWithCustomError(forum, "ForumNothingNew")
        .withArgs(LIST);
    });

    it("closes a list and opens it again; what was posted stays", async () => {
      const { forum, power, by, now } = await loadFixture(talking);
      const governing = forum.connect(power);
      const head = await forum.seriesOf(LIST);
      const closed = await governing.change(LIST, TEXT, false);
      await expect(closed)
        .to.emit(forum, "ListChanged")
        .withArgs(LIST, 3n, TEXT, false, await now());
      await expect(by(1).post(Kind.Thread, LIST, 0, TEXT))
        .to.be.revertedWithCustomError(forum, "ForumListClosed")
        .withArgs(LIST);
      expect(await forum.seriesOf(LIST)).to.equal(head);
      const opened = await governing.change(LIST, TEXT, true);
      await expect(opened)
        .to.emit(forum, "ListChanged")
        .withArgs(LIST, 4n, TEXT, true, await now());
      await by(1).post(Kind.Thread, LIST, 0, TEXT);
      expect(await registerOf(forum)).to.equal(await forum.seriesOf(0));
    });
  });

  describe("setPace", () => {
    it("reverts for everybody but the timelock", async () => {
      const { forum, timelock, by, member } = await loadFixture(founded);
      await expect(by(1).setPace({ burst: 1, interval: 1 }))
        .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
        .withArgs(member(1), timelock);
    });

    for (const [parameter, value, max] of [
      ["burst", 0, 100],
      ["burst", 101, 100],
      ["interval", 0, 86_400],
      ["interval", 86_401, 86_400],
    ] as const) {
      it(`reverts with ${parameter} ${value}, at birth too`, async () => {
        const scene = await loadFixture(founded);
        const { forum, power } = scene;
        const name = `0x${Buffer.from(parameter).toString("hex").padEnd(64, "0")}`;
        const bad = { burst: 1, interval: 1, [parameter]: value };
        for (const sent of [forum.connect(power).setPace(bad), deploy(scene, bad)]) {
          await expect(sent)
            .to.be.revertedWithCustomError(forum, "ForumPaceOutOfRange")
            .withArgs(name, value, 1n, max);
        }
      });
    }

    it("changes how fast one can post", async () => {
      const { forum, power } = await loadFixture(founded);
      await expect(forum.connect(power).setPace({ burst: 100, interval: 86_400 }))
        .to.emit(forum, "PaceChanged")
        .withArgs([BURST, INTERVAL], [100n, 86_400n]);
      expect([...(await forum.pace())]).to.deep.equal([100n, 86_400n]);
    });
  });

  describe("post", () => {
    for (const kind of [Kind.Hide, Kind.Show, Kind.Erase]) {
      it(`reverts for kind ${kind}, which nobody says`, async () => {
        const { forum, by } = await loadFixture(talking);
        await expect(by(1).post(kind, LIST, 1, TEXT))
          .to.be.revertedWithCustomError(forum, "ForumNotAPost")
          .withArgs(kind);
      });
    }

    it("reverts without a text, and for a list that there is not", async () => {
      const { forum, by } = await loadFixture(talking);
      await expect(by(1).post(Kind.Thread, LIST, 0, ZeroHash)).to.be.revertedWithCustomError(
        forum,
        "ForumNoText",
      );
      for (const list of [0n, 3n]) {
        await expect(by(1).post(Kind.Thread, list, 0, TEXT))
          .to.be.revertedWithCustomError(forum, "ForumUnknownList")
          .withArgs(list, 2n);
      }
    });

    it("reverts for who may not speak", async () => {
      const { forum, speakers, stranger, judge, by, now } = await loadFixture(talking);
      await expect(forum.connect(stranger).post(Kind.Thread, LIST, 0, TEXT)).to.be.revertedWithCustomError(
        speakers,
        "RollRightsRefused",
      );
      const until = (await now()) + DAY;
      await speakers.connect(judge).suspend(1, 4, until);
      for (const [kind, to] of [
        [Kind.Thread, 0n],
        [Kind.Reply, 1n],
        [Kind.Edit, 1n],
      ] as const) {
        await expect(by(1).post(kind, LIST, to, TEXT))
          .to.be.revertedWithCustomError(speakers, "SpeakersSuspended")
          .withArgs(1n, 4n, until);
      }
    });

    it("reverts for a thread that answers something", async () => {
      const { forum, by } = await loadFixture(talking);
      await expect(by(1).post(Kind.Thread, LIST, 1, TEXT))
        .to.be.revertedWithCustomError(forum, "ForumThreadAnswers")
        .withArgs(1n);
    });

    it("reverts for an answer to, or an edit of, what is no post", async () => {
      const { forum, by, judge } = await loadFixture(talking);
      await forum.connect(judge).hide(LIST, 1, 1, FOR_GOOD, REASON);
      // None, one that is to come, one of another list, a record that nobody said.
      for (const [list, place] of [
        [LIST, 0n],
        [LIST, 4n],
        [OTHER, 1n],
        [LIST, 3n],
      ] as const) {
        for (const kind of [Kind.Reply, Kind.Edit]) {
          await expect(by(1).post(kind, list, place, TEXT))
            .to.be.revertedWithCustomError(forum, "ForumNoSuchPost")
            .withArgs(list, place);
        }
      }
    });

    it("reverts for an edit by anybody but the author", async () => {
      const { forum, by, member } = await loadFixture(talking);
      await expect(by(2).post(Kind.Edit, LIST, 1, TEXT))
        .to.be.revertedWithCustomError(forum, "ForumNotAuthor")
        .withArgs(LIST, 1n, member(2), 1n);
    });

    it("reverts for an edit of what was erased", async () => {
      const { forum, by } = await loadFixture(talking);
      await by(1).erase(LIST, 1, REASON);
      await expect(by(1).post(Kind.Edit, LIST, 1, TEXT))
        .to.be.revertedWithCustomError(forum, "ForumPostErased")
        .withArgs(LIST, 1n);
    });

    it("takes threads, answers and edits, each a record of its list and no other", async () => {
      const { forum, by, at, now } = await loadFixture(founded);
      const records: string[] = [];
      const post = async (number: bigint, kind: bigint, to: bigint, words: string) => {
        const place = BigInt(records.length + 1);
        const moment = (await now()) + 5n;
        const digest = sha256(toUtf8Bytes(words));
        expect(await by(number).post.staticCall(kind, LIST, to, digest)).to.equal(place);
        const sent = await at(moment, () => by(number).post(kind, LIST, to, digest));
        await expect(sent).to.emit(forum, "Posted").withArgs(LIST, number, place, kind, to, digest, moment);
        records.push(posted(kind, number, to, digest, moment));
        expect(await forum.seriesOf(LIST)).to.equal(headOf(records));
        expect(await forum.authorOf(LIST, place)).to.equal(number);
      };
      await post(1n, Kind.Thread, 0n, "Shall we?");
      await post(2n, Kind.Reply, 1n, "We shall.");
      await post(1n, Kind.Edit, 1n, "Shall we, next year?");
      await post(3n, Kind.Reply, 3n, "Next year suits me.");
      await post(1n, Kind.Edit, 3n, "Shall we, in two years?");
      for (let number = 4n; number <= 12n; number++) await post(number, Kind.Reply, 1n, `And ${number}`);
      expect(lengthOf(await forum.seriesOf(OTHER))).to.equal(0n);
      expect(await forum.authorOf(OTHER, 1)).to.equal(0n);
    });

    it("is open to who joined a moment ago, without a vote", async () => {
      const { forum, speakers, membership, stranger } = await loadFixture(talking);
      const { digest } = await membership.codeOfConduct();
      await membership.connect(stranger).join(0, digest, "0x");
      await speakers.connect(stranger).accept(0);
      await forum.connect(stranger).post(Kind.Reply, LIST, 1, TEXT);
      expect(await forum.authorOf(LIST, 3)).to.equal(13n);
    });

    it("goes on under the same number with a new key", async () => {
      const scene = await loadFixture(talking);
      const { forum, member, relayer } = scene;
      await rotateKey(scene, member(1), relayer as Person);
      await forum.connect(relayer).post(Kind.Edit, LIST, 1, TEXT);
      expect(await forum.authorOf(LIST, 3)).to.equal(1n);
    });

    it("takes a burst at once, then one an interval, and after a pause a burst again", async () => {
      const { forum, by, at, now } = await loadFixture(founded);
      const start = (await now()) + 10n;
      const post = (moment: bigint) => at(moment, () => by(1).post(Kind.Thread, LIST, 0, TEXT));
      const interval = BigInt(INTERVAL);
      expect(await forum.freeFrom(1)).to.be.lessThanOrEqual(start);
      for (let index = 0n; index < BigInt(BURST); index++) await post(start + index);
      expect(await forum.freeFrom(1)).to.equal(start + interval);
      await expect(post(start + interval - 1n))
        .to.be.revertedWithCustomError(forum, "ForumTooFast")
        .withArgs(1n, start + interval);
      await post(start + interval);
      await expect(post(start + interval + 1n))
        .to.be.revertedWithCustomError(forum, "ForumTooFast")
        .withArgs(1n, start + 2n * interval);
      // Another member's bucket is another one.
      await by(2).post(Kind.Thread, LIST, 0, TEXT);
      const later = start + 100n * interval;
      for (let index = 0n; index < BigInt(BURST); index++) await post(later + index);
      await expect(post(later + BigInt(BURST)))
        .to.be.revertedWithCustomError(forum, "ForumTooFast")
        .withArgs(1n, later + interval);
    });
  });

  describe("erase", () => {
    it("reverts for everybody but the author, and for a key that the author moved away from", async () => {
      const scene = await loadFixture(talking);
      const { forum, member, by, stranger, relayer, power, judge } = scene;
      const old = member(1);
      await rotateKey(scene, old, relayer as Person);
      for (const person of [member(2), stranger, power, judge, old]) {
        await expect(forum.connect(person).erase(LIST, 1, REASON))
          .to.be.revertedWithCustomError(forum, "ForumNotAuthor")
          .withArgs(LIST, 1n, person, 1n);
      }
      await forum.connect(relayer).erase(LIST, 1, REASON);
      await expect(by(2).erase(LIST, 2, ZeroHash)).to.be.revertedWithCustomError(forum, "ForumNoText");
    });

    it("reverts for what is no post, and for what was erased", async () => {
      const { forum, by } = await loadFixture(talking);
      await expect(by(1).erase(LIST, 3, REASON))
        .to.be.revertedWithCustomError(forum, "ForumNoSuchPost")
        .withArgs(LIST, 3n);
      await by(1).erase(LIST, 1, REASON);
      await expect(by(1).erase(LIST, 1, REASON))
        .to.be.revertedWithCustomError(forum, "ForumPostErased")
        .withArgs(LIST, 1n);
    });

    it("puts a tombstone on the list, and leaves the record of the post", async () => {
      const { forum, by, now } = await loadFixture(talking);
      const before = await forum.seriesOf(LIST);
      const sent = await by(1).erase(LIST, 1, REASON);
      const at = await now();
      await expect(sent)
        .to.emit(forum, "PostErased")
        .withArgs(LIST, 1n, 3n, Authority.Author, 0n, REASON, at);
      const record = tombstone(1n, Authority.Author, 0n, at);
      expect(await forum.seriesOf(LIST)).to.equal(nextOf(before, record));
      expect([...(await forum.fateOf(LIST, 1))]).to.deep.equal([0n, 0n, true]);
      expect(await forum.isHidden(LIST, 1)).to.equal(true);
      expect(await forum.authorOf(LIST, 1)).to.equal(1n);
    });

    it("is open to an author who is suspended, and to one who left the roll", async () => {
      const { forum, speakers, membership, judge, by, member } = await loadFixture(talking);
      await speakers.connect(judge).suspend(1, 1, FOR_GOOD);
      await by(1).erase(LIST, 1, REASON);
      await membership.connect(member(2)).resign();
      await by(2).erase(LIST, 2, REASON);
      for (const place of [1, 2]) expect((await forum.fateOf(LIST, place)).erased).to.equal(true);
    });
  });

  describe("eraseBySig", () => {
    it("erases for an author who signed, once, and nothing else", async () => {
      const { forum, member, relayer } = await loadFixture(talking);
      const relayed = forum.connect(relayer);
      const content = { list: LIST, place: 1n, reason: REASON };
      const { account, deadline, signature } = await signForForum(forum, member(1), "ErasePost", content);
      await expect(relayed.eraseBySig(account, LIST, 2, REASON, deadline, signature))
        .to.be.revertedWithCustomError(forum, "SignedRequestsInvalidSignature")
        .withArgs(account);
      await expect(relayed.eraseBySig(account, LIST, 1, REASON, deadline, signature))
        .to.emit(forum, "PostErased")
        .withArgs(LIST, 1n, 3n, Authority.Author, 0n, REASON, (at: bigint) => at > 0n);
      await expect(relayed.eraseBySig(account, LIST, 1, REASON, deadline, signature))
        .to.be.revertedWithCustomError(forum, "SignedRequestsInvalidSignature")
        .withArgs(account);
    });
  });

  describe("eraseByDecision", () => {
    it("reverts for everybody but the timelock", async () => {
      const { forum, timelock, by, member } = await loadFixture(talking);
      await expect(by(1).eraseByDecision(LIST, 1, REASON))
        .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
        .withArgs(member(1), timelock);
    });

    it("names the decision", async () => {
      const { forum, governor, members, now } = await loadFixture(talking);
      const data = forum.interface.encodeFunctionData("eraseByDecision", [LIST, 1, REASON]);
      const decision = new Decision(connection, { governor }, [{ target: forum, data }], "Erase a text");
      const before = await forum.seriesOf(LIST);
      const sent = await decision.pass(members);
      const at = await now();
      await expect(sent)
        .to.emit(forum, "PostErased")
        .withArgs(LIST, 1n, 3n, Authority.Decision, decision.id, REASON, at);
      const record = tombstone(1n, Authority.Decision, decision.id, at);
      expect(await forum.seriesOf(LIST)).to.equal(nextOf(before, record));
    });
  });

  describe("eraseByCase", () => {
    it("reverts for everybody but the contract that decides cases", async () => {
      const { forum, conduct, by, member, power } = await loadFixture(talking);
      for (const caller of [member(1), power]) {
        await expect(forum.connect(caller).eraseByCase(LIST, 1, 1, REASON))
          .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
          .withArgs(caller, conduct);
      }
      expect((await by(1).fateOf(LIST, 1)).erased).to.equal(false);
    });

    it("names the case", async () => {
      const { forum, judge, now } = await loadFixture(talking);
      const sent = await forum.connect(judge).eraseByCase(LIST, 2, 9, REASON);
      await expect(sent)
        .to.emit(forum, "PostErased")
        .withArgs(LIST, 2n, 3n, Authority.Case, 9n, REASON, await now());
    });
  });

  describe("hide", () => {
    it("reverts for everybody but the contract that decides cases", async () => {
      const { forum, conduct, member, power } = await loadFixture(talking);
      for (const caller of [member(1), power]) {
        await expect(forum.connect(caller).hide(LIST, 1, 1, FOR_GOOD, REASON))
          .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
          .withArgs(caller, conduct);
      }
    });

    it("reverts for what is no post", async () => {
      const { forum, judge } = await loadFixture(talking);
      await expect(forum.connect(judge).hide(LIST, 3, 1, FOR_GOOD, REASON))
        .to.be.revertedWithCustomError(forum, "ForumNoSuchPost")
        .withArgs(LIST, 3n);
    });

    it("hides until the last second, in public", async () => {
      const { forum, judge, now, goTo } = await loadFixture(talking);
      const before = await forum.seriesOf(LIST);
      const until = (await now()) + DAY;
      const sent = await forum.connect(judge).hide(LIST, 2, 0, until, REASON);
      const at = await now();
      await expect(sent).to.emit(forum, "PostHidden").withArgs(LIST, 2n, 3n, 0n, until, REASON, at);
      const record = hashOf(
        ["uint8", "uint256", "uint256", "uint48", "bytes32", "uint48"],
        [Kind.Hide, 2n, 0n, until, REASON, at],
      );
      expect(await forum.seriesOf(LIST)).to.equal(nextOf(before, record));
      expect([...(await forum.fateOf(LIST, 2))]).to.deep.equal([until, 0n, false]);
      await goTo(until);
      expect(await forum.isHidden(LIST, 2)).to.equal(true);
      await goTo(until + 1n);
      expect(await forum.isHidden(LIST, 2)).to.equal(false);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
    });

    it("can be for good, by a case", async () => {
      const { forum, judge, goTo, now } = await loadFixture(talking);
      await forum.connect(judge).hide(LIST, 1, 5, FOR_GOOD, REASON);
      await goTo((await now()) + 10_000n * DAY);
      expect(await forum.isHidden(LIST, 1)).to.equal(true);
      expect((await forum.fateOf(LIST, 1)).hiddenBy).to.equal(5n);
    });
  });

  describe("show", () => {
    it("reverts for everybody but the contract that decides cases, and for what is not hidden", async () => {
      const { forum, conduct, member, judge, now, goTo } = await loadFixture(talking);
      await expect(forum.connect(member(1)).show(LIST, 1, 1, REASON))
        .to.be.revertedWithCustomError(forum, "ForumUnauthorized")
        .withArgs(member(1), conduct);
      const judging = forum.connect(judge);
      const until = (await now()) + DAY;
      await judging.hide(LIST, 2, 1, until, REASON);
      await goTo(until);
      for (const place of [1n, 2n]) {
        await expect(judging.show(LIST, place, 1, REASON))
          .to.be.revertedWithCustomError(forum, "ForumNotHidden")
          .withArgs(LIST, place);
      }
    });

    it("shows a post again, in public", async () => {
      const { forum, judge, now } = await loadFixture(talking);
      const judging = forum.connect(judge);
      await judging.hide(LIST, 1, 6, FOR_GOOD, REASON);
      const before = await forum.seriesOf(LIST);
      const sent = await judging.show(LIST, 1, 6, REASON);
      const at = await now();
      await expect(sent).to.emit(forum, "PostShown").withArgs(LIST, 1n, 4n, 6n, REASON, at);
      const record = hashOf(
        ["uint8", "uint256", "uint256", "bytes32", "uint48"],
        [Kind.Show, 1n, 6n, REASON, at],
      );
      expect(await forum.seriesOf(LIST)).to.equal(nextOf(before, record));
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
    });
  });

  describe("listOf", () => {
    it("reverts for a list that there is not", async () => {
      const { forum } = await loadFixture(founded);
      await expect(forum.listOf(3)).to.be.revertedWithCustomError(forum, "ForumUnknownList").withArgs(3n, 2n);
    });
  });
});

/** The head of the register, from the events. */
async function registerOf(forum: ForumScene["forum"]): Promise<bigint> {
  const logs = await ethers.provider.getLogs({ address: await forum.getAddress(), fromBlock: 0 });
  const records: string[] = [];
  for (const log of logs) {
    const event = forum.interface.parseLog(log);
    if (event?.name === "ListOpened") {
      const { list, name, purpose, moment } = event.args;
      records.push(
        hashOf(
          ["uint256", "bytes32", "bytes32", "uint48"],
          [list, keccak256(toUtf8Bytes(name)), purpose, moment],
        ),
      );
    }
    if (event?.name === "ListChanged") {
      const { list, purpose, open, moment } = event.args;
      records.push(hashOf(["uint256", "bytes32", "bool", "uint48"], [list, purpose, open, moment]));
    }
  }
  return headOf(records);
}

const tombstone = (place: bigint, authority: bigint, basis: bigint, at: bigint) =>
  hashOf(
    ["uint8", "uint256", "uint8", "uint256", "bytes32", "uint48"],
    [Kind.Erase, place, authority, basis, REASON, at],
  );

/** The storage slot that holds a counter of lists. */
async function counterSlot(forum: ForumScene["forum"], expected: bigint): Promise<number> {
  const address = await forum.getAddress();
  for (let slot = 0; slot < 10; slot++) {
    if (BigInt(await networkHelpers.getStorageAt(address, slot)) === expected) return slot;
  }
  throw new Error("no slot holds the counter");
}
