import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { signAct } from "../helpers/acts.js";
import { mask, Right, readVoter, useRoll } from "../helpers/roll.js";

const DAY = 86_400n;
const GROUP = 3;

/** `MemberBook.HoldingStatus`, by name. */
const Holding = { None: 0n, Active: 1n, Resigned: 2n, Ended: 3n, Rotated: 4n } as const;

/** What makes a member more than the plain case, by the bits of `MemberBook`. */
const Flag = {
  Sanctioned: 1n,
  Delegates: 2n,
  Receives: 4n,
  Unqualified: 8n,
  Dormant: 16n,
  Represented: 32n,
} as const;

describe("Membership", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;
  const voter = async (index: number) => readVoter(await roll.membership.voterOf(key(index)));

  /** The roll, called in the name of a desk. */
  async function by(name: "claims" | "confirmations" | "affiliations") {
    const address = await roll[name].getAddress();
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
  }

  describe("voterOf", () => {
    it("answers zero for a key that never was a member", async () => {
      await roll.join(roll.person(0));
      for (const stranger of [key(1), ZeroAddress]) {
        expect(await roll.membership.voterOf(stranger)).to.equal(0n);
      }
    });

    it("answers number, group and both moments of a member, before the vote is mature and after", async () => {
      await roll.join(roll.person(1), 5);
      const number = await roll.join(roll.person(0), GROUP);
      const plain = {
        number,
        group: BigInt(GROUP),
        status: Holding.Active,
        flags: 0n,
        organisation: false,
        countsFrom: await roll.votesFrom(number),
        holdsSince: await roll.now(),
      };
      expect(await voter(0)).to.deep.equal(plain);
      await roll.goTo(plain.countsFrom + DAY);
      expect(await voter(0)).to.deep.equal(plain);
    });

    it("says of a participant that there is more to look at", async () => {
      const vouched = await roll.vouched.getAddress();
      await roll.governing.setAdmissionPolicy(vouched);
      await roll.join(roll.person(0), GROUP);
      expect(await voter(0)).to.deep.include({
        status: Holding.Active,
        flags: Flag.Unqualified,
        countsFrom: 0n,
      });
    });

    it("says so for good of who was suspended once, and of nobody else", async () => {
      const number = await roll.join(roll.person(0));
      await roll.join(roll.person(1));
      await roll.governing.suspend(number, mask(Right.Speak), (await roll.now()) + DAY);
      expect(await voter(0)).to.deep.include({ number, status: Holding.Active, flags: Flag.Sanctioned });
      await roll.governing.restore(number, mask(Right.Speak));
      expect((await voter(0)).flags).to.equal(Flag.Sanctioned);
      expect((await voter(1)).flags).to.equal(0n);
    });

    it("says so of who delegated, and of who offered to take a vote", async () => {
      for (const index of [0, 1, 2]) await roll.join(roll.person(index), GROUP);
      await roll.goTo(await roll.votesFrom(3n));
      await roll.delegations.connect(roll.person(1)).takeDelegations(1);
      await roll.delegations.connect(roll.person(2)).takeDelegations(0);
      expect((await voter(1)).flags).to.equal(Flag.Receives);
      expect((await voter(2)).flags).to.equal(0n);
      await roll.membership.connect(roll.person(0)).delegate(key(1));
      expect((await voter(0)).flags).to.equal(Flag.Delegates);
      expect((await voter(1)).flags).to.equal(Flag.Receives);
    });

    it("says so of a vote that is paused, and no longer once it counts again, from then on", async () => {
      const number = await roll.join(roll.person(0), GROUP);
      await roll.goTo(await roll.votesFrom(number));
      const confirmations = await by("confirmations");
      await confirmations.setPaused(number, true);
      expect((await voter(0)).flags).to.equal(Flag.Dormant);
      await confirmations.setPaused(number, false);
      expect(await voter(0)).to.deep.include({ flags: 0n, countsFrom: await roll.now() });
    });

    it("answers the group of now, and since when the vote counts in it", async () => {
      const number = await roll.join(roll.person(0), GROUP);
      const { holdsSince } = await voter(0);
      await roll.goTo((await roll.votesFrom(number)) + DAY);
      await (await by("claims")).moveGroup(number, 1);
      expect(await voter(0)).to.deep.include({
        group: 1n,
        flags: 0n,
        countsFrom: await roll.now(),
        holdsSince,
      });
    });

    it("is no special case for an organisation", async () => {
      await roll.join(roll.person(5));
      const consent = { representative: key(0), owner: key(1), deadline: 2n ** 40n };
      const signature = await signAct(roll.affiliations, roll.person(1), "Own", consent);
      await roll.affiliations
        .connect(roll.person(0))
        .joinAsOrganisation(GROUP, roll.codeDigest, "0x", key(1), consent.deadline, signature);
      expect(await voter(0)).to.deep.include({ number: 2n, flags: 0n, organisation: true });
    });

    for (const [way, status] of [
      ["resigned", Holding.Resigned],
      ["ended", Holding.Ended],
    ] as const) {
      it(`keeps the number of a key whose membership was ${way}, and calls it no member`, async () => {
        const number = await roll.join(roll.person(0), GROUP);
        await roll.goTo(await roll.votesFrom(number));
        if (way === "ended") await roll.governing.end(number);
        else await roll.membership.connect(roll.person(0)).resign();
        expect(await voter(0)).to.deep.include({ number, status });
      });
    }

    it("moves with the number, which counts as before and is held since the move", async () => {
      const number = await roll.join(roll.person(0), GROUP);
      const countsFrom = await roll.votesFrom(number);
      await roll.goTo(countsFrom + DAY);
      await roll.rotate(roll.person(0), roll.person(1));
      const moved = await roll.now();
      expect(await voter(0)).to.deep.include({ number, status: Holding.Rotated });
      expect(await voter(1)).to.deep.include({
        number,
        status: Holding.Active,
        countsFrom,
        holdsSince: moved,
      });
      // There and back again: the first key holds it anew.
      await roll.rotate(roll.person(1), roll.person(0));
      expect(await voter(0)).to.deep.include({
        number,
        status: Holding.Active,
        holdsSince: await roll.now(),
      });
    });
  });

  describe("votersOf", () => {
    it("answers nothing for nobody", async () => {
      expect(await roll.membership.votersOf([])).to.deep.equal([]);
    });

    it("answers what voterOf answers, in the order asked for, strangers and doubles included", async () => {
      for (const index of [0, 1, 2, 3]) await roll.join(roll.person(index), index);
      await roll.governing.suspend(2, 15, (await roll.now()) + DAY);
      await roll.membership.connect(roll.person(2)).resign();
      const keys = [3, 9, 0, 2, 1, 0, 8, 3].map(key);
      const expected = [];
      for (const one of keys) expected.push(await roll.membership.voterOf(one));
      expect([...(await roll.membership.votersOf(keys))]).to.deep.equal(expected);
      expect(new Set(expected).size).to.equal(5);
    });

    it("answers for as many keys as a batch has ballots, for little more than a look at each", async () => {
      await roll.join(roll.person(0));
      const keys = Array.from(
        { length: 1_000 },
        (_, index) => `0x${(index + 1).toString(16).padStart(40, "0")}`,
      );
      keys[777] = key(0);
      const answer = await roll.membership.votersOf(keys, { gasLimit: 16_777_216n });
      expect(answer.length).to.equal(keys.length);
      expect(answer.filter((word) => word !== 0n)).to.deep.equal([await roll.membership.voterOf(key(0))]);
      const data = roll.membership.interface.encodeFunctionData("votersOf", [keys]);
      const calldata = [...roll.ethers.getBytes(data)].reduce(
        (sum, byte) => sum + (byte === 0 ? 4n : 16n),
        0n,
      );
      const gas = await roll.ethers.provider.estimateGas({ to: roll.membership, data });
      expect(gas - 21_000n - calldata).to.be.lessThan(2_400n * 1_000n);
    });
  });
});
