import { expect } from "chai";
import { AbiCoder, concat, dataSlice, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { actAs, foundCoalition, join, maskOf, Right, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

async function words() {
  return ethers.deployContract("VoterWordHarness");
}

/** Also a coalition of 12 members in 6 groups. */
async function roll() {
  const coalition = await foundCoalition(connection, { count: 12 });
  return { ...coalition, harness: await words() };
}

const MAX_48 = 2n ** 48n - 1n;

/** A word as the roll's slot holds it; what is not given is zero. */
const wordOf = ({ number = 0n, group = 0n, status = 0n, flags = 0n, from = 0n, since = 0n, rest = 0n }) =>
  number |
  (group << 32n) |
  (status << 40n) |
  (flags << 48n) |
  (from << 56n) |
  (since << 104n) |
  (rest << 152n);

/** Every part of the word is as large as it can be. */
const FULL = 2n ** 256n - 1n;

describe("VoterWords", () => {
  describe("the parts of a word", () => {
    it("are read each for itself, whatever stands in the others", async () => {
      const harness = await loadFixture(words);
      const some = wordOf({
        number: 123_456n,
        group: 5n,
        status: 1n,
        from: 1_800_000_000n,
        since: 1_700_000_000n,
      });
      expect(await harness.number(some)).to.equal(123_456n);
      expect(await harness.group(some)).to.equal(5n);
      expect(await harness.holdsSince(some)).to.equal(1_700_000_000n);
      expect(await harness.number(FULL)).to.equal(2n ** 32n - 1n);
      expect(await harness.group(FULL)).to.equal(255n);
      expect(await harness.holdsSince(FULL)).to.equal(MAX_48);
      const others = FULL ^ wordOf({ number: 2n ** 32n - 1n, group: 255n, since: MAX_48 });
      expect(await harness.number(others)).to.equal(0n);
      expect(await harness.group(others)).to.equal(0n);
      expect(await harness.holdsSince(others)).to.equal(0n);
    });
  });

  describe("isActive", () => {
    it("holds for the status of who is on the roll, and for no other, whatever the flags", async () => {
      const harness = await loadFixture(words);
      for (const status of [0n, 1n, 2n, 3n, 129n, 255n]) {
        for (const flags of [0n, 63n, 255n]) {
          const word = wordOf({ number: 7n, status, flags, rest: 1n });
          expect(await harness.isActive(word), `status ${status}`).to.equal(status === 1n);
        }
      }
    });
  });

  describe("countsPlainlyAt", () => {
    it("holds from the second since which the vote counts", async () => {
      const harness = await loadFixture(words);
      const word = wordOf({
        number: 7n,
        group: 3n,
        status: 1n,
        from: 1_000n,
        since: 5n,
        rest: 2n ** 104n - 1n,
      });
      expect(await harness.countsPlainlyAt(word, 999n)).to.equal(false);
      expect(await harness.countsPlainlyAt(word, 1_000n)).to.equal(true);
      expect(await harness.countsPlainlyAt(word, MAX_48 - 1n)).to.equal(true);
      const never = wordOf({ number: 7n, status: 1n, from: MAX_48 });
      expect(await harness.countsPlainlyAt(never, MAX_48 - 1n)).to.equal(false);
    });

    it("fails for any other status", async () => {
      const harness = await loadFixture(words);
      for (const status of [0n, 2n, 3n, 129n]) {
        expect(await harness.countsPlainlyAt(wordOf({ number: 7n, status }), MAX_48)).to.equal(false);
      }
      expect(await harness.countsPlainlyAt(0n, MAX_48)).to.equal(false);
    });

    it("fails for each of the six flags that make a member special, and for no other", async () => {
      const harness = await loadFixture(words);
      for (let bit = 0n; bit < 8n; bit++) {
        const word = wordOf({ number: 7n, status: 1n, flags: 1n << bit });
        expect(await harness.countsPlainlyAt(word, 1n), `flag ${bit}`).to.equal(bit > 5n);
      }
    });
  });

  describe("a word of the roll", () => {
    it("says what the roll says of a member", async () => {
      const { harness, membership, members } = await loadFixture(roll);
      for (const member of members) {
        const word = await membership.voterOf(member);
        const number = await membership.numberOf(member);
        const { group, votesFrom } = await membership.member(number);
        expect(await harness.number(word)).to.equal(number);
        expect(await harness.group(word)).to.equal(group);
        expect(await harness.isActive(word)).to.equal(true);
        expect(await harness.countsPlainlyAt(word, votesFrom)).to.equal(true);
        expect(await harness.countsPlainlyAt(word, votesFrom - 1n)).to.equal(false);
      }
    });

    it("is zero for a key that never was on the roll", async () => {
      const { membership, outsiders } = await loadFixture(roll);
      expect(await membership.voterOf(outsiders[0])).to.equal(0n);
      expect(await membership.voterOf(ZeroAddress)).to.equal(0n);
    });

    it("says since when a key holds its number, and which one it held", async () => {
      const setting = await loadFixture(roll);
      const { harness, membership, members, outsiders } = setting;
      const number = await membership.numberOf(members[2]);
      const moment = (await time.latest()) + 1_000;
      await time.setNextBlockTimestamp(moment);
      await rotateKey(setting, members[2], outsiders[0]);
      const [old, word] = [await membership.voterOf(members[2]), await membership.voterOf(outsiders[0])];
      expect(await harness.holdsSince(word)).to.equal(moment);
      expect(await harness.isActive(word)).to.equal(true);
      expect(await harness.isActive(old)).to.equal(false);
      expect(await harness.number(old)).to.equal(number);
      expect(await harness.countsPlainlyAt(old, MAX_48)).to.equal(false);
    });

    it("counts plainly neither for who is suspended, nor for who delegates or receives, nor for who has left", async () => {
      const setting = await loadFixture(roll);
      const { harness, membership, delegations, timelock, members } = setting;
      const governing = membership.connect(await actAs(connection, timelock));
      const until = (await time.latest()) + 86_400;
      await governing.suspend(await membership.numberOf(members[2]), maskOf(Right.Speak), until);
      await delegations.connect(members[1]).takeDelegations(3);
      await membership.connect(members[7]).delegate(members[1]);
      await membership.connect(members[3]).resign();
      const plain = await Promise.all(
        members.map(async (member) => harness.countsPlainlyAt(await membership.voterOf(member), MAX_48)),
      );
      expect(plain.flatMap((each, index) => (each ? [] : [index]))).to.deep.equal([1, 2, 3, 7]);
    });
  });

  describe("ask", () => {
    it("answers the words of many keys in their order, those of strangers and repetitions included", async () => {
      const setting = await loadFixture(roll);
      const { harness, membership, members, outsiders } = setting;
      await join(setting, outsiders[1]);
      const keys = [...members, outsiders[0], outsiders[1], members[3], members[3]].map(
        ({ address }) => address,
      );
      keys.push(ZeroAddress);
      const { selector } = membership.getFunction("votersOf").fragment;
      const expected = await Promise.all(keys.map((key) => membership.voterOf(key)));
      expect(await membership.votersOf(keys)).to.deep.equal(expected);
      expect(await harness.ask(membership, selector, keys)).to.deep.equal(expected);
      expect(await harness.ask(membership, selector, [])).to.deep.equal([]);
    });

    it("leaves what lies in memory before and after", async () => {
      const { harness, membership, members } = await loadFixture(roll);
      const { selector } = membership.getFunction("votersOf").fragment;
      const expected = await membership.votersOf([...members]);
      const [one, between, two] = await harness.askTwice(membership, selector, [...members]);
      expect(one).to.deep.equal(expected);
      expect(between).to.deep.equal([1n, 2n, 3n]);
      expect(two).to.deep.equal(expected);
    });

    /** What a roll answers for two keys. */
    const ANSWER = AbiCoder.defaultAbiCoder().encode(["uint256[]"], [[5n, 6n]]);
    const KEYS = [ZeroAddress, toBeHex(1n, 20)];

    for (const [name, answer, reverts] of [
      ["answers less", dataSlice(ANSWER, 0, 96), false],
      ["answers more", concat([ANSWER, "0x00"]), false],
      ["answers nothing", "0x", false],
      ["reverts", "0x", true],
      ["reverts with what an answer looks like", ANSWER, true],
    ] as const) {
      it(`reverts when the roll ${name}`, async () => {
        const harness = await loadFixture(words);
        const answering = await ethers.deployContract("AnsweringRoll", [answer, reverts]);
        await expect(harness.ask(answering, "0x12345678", KEYS))
          .to.be.revertedWithCustomError(harness, "VoterWordsUnanswered")
          .withArgs(answering);
      });
    }

    it("reverts when there is no roll", async () => {
      const harness = await loadFixture(words);
      await expect(harness.ask(ZeroAddress, "0x12345678", KEYS))
        .to.be.revertedWithCustomError(harness, "VoterWordsUnanswered")
        .withArgs(ZeroAddress);
    });

    it("takes an answer of the right length", async () => {
      const harness = await loadFixture(words);
      const answering = await ethers.deployContract("AnsweringRoll", [ANSWER, false]);
      expect(await harness.ask(answering, "0x12345678", KEYS)).to.deep.equal([5n, 6n]);
    });
  });
});
