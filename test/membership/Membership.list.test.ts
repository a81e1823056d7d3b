import { expect } from "chai";
import { encodeBytes32String, Wallet } from "ethers";
import { domainOf, signJoin } from "../helpers/requests.js";
import { MemberStatus, useRoll } from "../helpers/roll.js";

const GROUPS = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"];
const CROWD = 205n;

describe("Membership", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.groups = GROUPS;
  });

  /** Members with keys of their own, in the groups by turns; somebody else pays. */
  async function crowd(size: bigint): Promise<Wallet[]> {
    const domain = await domainOf(roll.requests);
    const deadline = (await roll.now()) + 1_000_000n;
    const wallets: Wallet[] = [];
    for (let i = 0; i < size; i++) {
      const wallet = new Wallet(roll.ethers.id(`member ${i}`));
      const group = i % GROUPS.length;
      const { address: account } = wallet;
      const { codeDigest } = roll;
      const request = { account, group, codeDigest, evidence: "0x", nonce: 0n, deadline };
      const signature = await signJoin(wallet, domain, request);
      await roll.requests.joinBySig(account, group, codeDigest, "0x", deadline, signature, {
        gasLimit: 500_000,
      });
      wallets.push(wallet);
    }
    return wallets;
  }

  function outOfRange(asking: Promise<unknown>, parameter: string, value: bigint, min: bigint, max: bigint) {
    return expect(asking)
      .to.be.revertedWithCustomError(roll.membership, "MembershipParameterOutOfRange")
      .withArgs(encodeBytes32String(parameter), value, min, max);
  }

  describe("member", () => {
    context("when the number was never given out", () => {
      it("reverts with the number", async () => {
        await roll.join(roll.person(0));
        for (const number of [0n, 2n, 2n ** 32n, 2n ** 256n - 1n]) {
          await expect(roll.membership.member(number))
            .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
            .withArgs(number);
        }
      });
    });
  });

  describe("members", () => {
    context("when the page is out of range", () => {
      it("reverts for a first number below 1 or above what numbers can be", async () => {
        const max = 2n ** 32n - 1n;
        for (const first of [0n, max + 1n, 2n ** 256n - 1n]) {
          await outOfRange(roll.membership.members(first, 1), "first", first, 1n, max);
        }
      });

      it("reverts for a count below 1 or above 200", async () => {
        for (const count of [0n, 201n, 2n ** 256n - 1n]) {
          await outOfRange(roll.membership.members(1, count), "count", count, 1n, 200n);
        }
      });
    });

    context("given an empty roll", () => {
      it("answers empty pages", async () => {
        for (const first of [1n, 2n, 2n ** 32n - 1n]) {
          expect(await roll.membership.members(first, 200)).to.deep.equal([]);
        }
      });
    });

    context("given members on the roll and members who left", () => {
      it("answers each as `member` does", async () => {
        for (const index of [0, 1, 2, 3]) await roll.join(roll.person(index), index);
        await roll.membership.connect(roll.person(1)).resign();
        await roll.governing.end(3);
        await roll.governing.suspend(4, 5, (await roll.now()) + 1000n);
        const page = await roll.membership.members(1, 10);
        expect(page.map(({ status }) => status)).to.deep.equal([
          MemberStatus.Active,
          MemberStatus.Resigned,
          MemberStatus.Ended,
          MemberStatus.Active,
        ]);
        for (const entry of page) {
          const alone = await roll.membership.member(entry.number);
          expect(entry.join()).to.equal(alone.join());
        }
      });
    });

    context("given more members than the largest page holds", () => {
      it("answers whole pages, the rest at the end, and nothing beyond", async () => {
        const wallets = await crowd(CROWD);
        for (const [first, count, size] of [
          [1n, 200n, 200],
          [201n, 200n, 5],
          [6n, 200n, 200],
          [7n, 200n, 199],
          [205n, 1n, 1],
          [205n, 200n, 1],
          [206n, 1n, 0],
          [1n, 1n, 1],
          [100n, 10n, 10],
        ] as const) {
          const page = await roll.membership.members(first, count);
          expect(page.length).to.equal(size);
          for (const [i, entry] of page.entries()) {
            const index = Number(first) - 1 + i;
            expect(entry.number).to.equal(index + 1);
            expect(entry.key).to.equal(wallets[index]?.address);
            expect(entry.group).to.equal(index % GROUPS.length);
          }
        }
        expect(await roll.membership.lastNumber()).to.equal(CROWD);
        expect(await roll.membership.totalSupply()).to.equal(CROWD);
        const each = CROWD / BigInt(GROUPS.length);
        const rest = CROWD % BigInt(GROUPS.length);
        expect(await roll.membership.membersByGroup()).to.deep.equal(
          GROUPS.map((_, group) => (group < rest ? each + 1n : each)),
        );
      });
    });
  });

  describe("lastNumber, totalSupply and membersByGroup", () => {
    it("count who joined, and who is on the roll, mature or not", async () => {
      const { membership, person } = roll;
      const none = GROUPS.map(() => 0n);
      await roll.join(person(0), 0);
      await roll.join(person(1), 7);
      await roll.join(person(2), 7);
      expect(await membership.membersByGroup()).to.deep.equal([1n, ...none.slice(2), 2n]);

      await membership.connect(person(1)).resign();
      await roll.goTo(await roll.votesFrom(3n));
      await roll.governing.end(1);
      expect(await membership.lastNumber()).to.equal(3);
      expect(await membership.totalSupply()).to.equal(1);
      expect(await membership.membersByGroup()).to.deep.equal([...none.slice(1), 1n]);

      await roll.join(person(1), 2);
      expect(await membership.lastNumber()).to.equal(4);
      expect(await membership.totalSupply()).to.equal(2);
      expect(await membership.membersByGroup()).to.deep.equal([0n, 0n, 1n, 0n, 0n, 0n, 0n, 1n]);
    });
  });

  describe("totalSupply and membersByGroup, with votes that are not in the electorate", () => {
    it("count participants and paused members like everyone, in their groups", async () => {
      const { membership, person } = roll;
      const none = GROUPS.map(() => 0n);
      const counts = async (...expected: [group: number, members: bigint][]) => {
        const byGroup = [...none];
        for (const [group, members] of expected) byGroup[group] = members;
        expect(await membership.membersByGroup()).to.deep.equal(byGroup);
        expect(await membership.totalSupply()).to.equal(byGroup.reduce((sum, each) => sum + each, 0n));
      };
      const as = async (desk: "confirmations" | "claims") => {
        const address = await roll[desk].getAddress();
        await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
        return membership.connect(await roll.ethers.getImpersonatedSigner(address));
      };
      await roll.join(person(0), 7);
      await roll.goTo(await roll.votesFrom(1n));
      await roll.join(person(1), 7);
      await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
      await roll.join(person(2), 7);
      await roll.join(person(3), 0);
      await counts([7, 3n], [0, 1n]);
      // A mature vote, a waiting one and a participant: paused, moved and back.
      const [confirmations, claims] = [await as("confirmations"), await as("claims")];
      for (const number of [1, 2, 3]) await confirmations.setPaused(number, true);
      await counts([7, 3n], [0, 1n]);
      for (const number of [1, 2, 3]) await claims.moveGroup(number, number);
      await counts([1, 1n], [2, 1n], [3, 1n], [0, 1n]);
      for (const number of [1, 2, 3]) await confirmations.setPaused(number, false);
      await counts([1, 1n], [2, 1n], [3, 1n], [0, 1n]);
      await roll.governing.setAdmissionPolicy(roll.admission);
      await membership.qualify(3, "0x");
      await counts([1, 1n], [2, 1n], [3, 1n], [0, 1n]);
      for (const index of [2, 3]) await membership.connect(person(index)).resign();
      await confirmations.setPaused(2, true);
      await roll.governing.end(2);
      await counts([1, 1n]);
    });
  });

  describe("numberOf", () => {
    it("answers 0 for who holds none", async () => {
      await roll.join(roll.person(0));
      await roll.membership.connect(roll.person(0)).resign();
      expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
      expect(await roll.membership.numberOf(roll.person(1))).to.equal(0);
    });
  });
});
