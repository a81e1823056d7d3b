import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { MemberStatus, readVoter, useRoll } from "../helpers/roll.js";

const DESKS = ["requests", "confirmations", "recovery", "affiliations", "claims", "delegations"] as const;
type Desk = (typeof DESKS)[number];

describe("Membership", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;

  /** The roll, called in the name of a contract. */
  async function as(address: string) {
    await roll.connection.networkHelpers.setBalance(address, roll.ethers.parseEther("1"));
    return roll.membership.connect(await roll.ethers.getImpersonatedSigner(address));
  }
  const desk = async (name: Desk) => as(await roll[name].getAddress());

  /** Members 1 and 2 of group 2, their votes mature. */
  beforeEach(async () => {
    for (const index of [0, 1]) await roll.join(roll.person(index), 2);
    await roll.goTo(await roll.votesFrom(2n));
  });

  describe("desks", () => {
    it("are the ones of the deployment, each bound to this roll", async () => {
      const desks = await roll.membership.desks();
      for (const name of DESKS) {
        expect(desks[name]).to.equal(await roll[name].getAddress());
        expect(await roll[name].roll()).to.equal(await roll.membership.getAddress());
      }
    });
  });

  /** What a desk may ask for, and which may. */
  const powers: Record<string, { may: readonly Desk[]; call: (face: Face) => Promise<unknown> }> = {
    joinFor: {
      may: ["requests", "affiliations"],
      call: (face) => face.joinFor(key(5), 1, roll.codeDigest, "0x"),
    },
    resignFor: { may: ["requests"], call: (face) => face.resignFor(key(0)) },
    moveKey: { may: ["requests", "recovery", "affiliations"], call: (face) => face.moveKey(1n, key(5)) },
    moveGroup: { may: ["claims"], call: (face) => face.moveGroup(1n, 3) },
    setPaused: { may: ["confirmations", "affiliations"], call: (face) => face.setPaused(1n, true) },
    recordConfirmation: { may: ["confirmations"], call: (face) => face.recordConfirmation(1n) },
    recordDelegation: { may: ["delegations"], call: (face) => face.recordDelegation(1n, 0n, 2n) },
    recordDelegate: { may: ["delegations"], call: (face) => face.recordDelegate(1n) },
  };
  type Face = Awaited<ReturnType<typeof as>>;

  for (const [name, { may, call }] of Object.entries(powers)) {
    describe(name, () => {
      it(`reverts for everybody but ${may.join(" and ")}`, async () => {
        const others = DESKS.filter((one) => !may.includes(one));
        const strangers = [
          key(0),
          key(9),
          await roll.timelock.getAddress(),
          await roll.governor.getAddress(),
          roll.deployer.address,
          ...(await Promise.all(others.map((one) => roll[one].getAddress()))),
        ];
        for (const caller of strangers) {
          await expect(call(await as(caller)))
            .to.be.revertedWithCustomError(roll.membership, "RollOperationsUnauthorized")
            .withArgs(caller);
        }
      });

      for (const one of may) {
        it(`is done for ${one}`, async () => {
          await expect(call(await desk(one))).not.to.be.revert(roll.ethers);
        });
      }
    });
  }

  describe("joinFor", () => {
    it("enters a person for the desk of requests, and an organisation for that of affiliations", async () => {
      await (await desk("requests")).joinFor(key(5), 1, roll.codeDigest, "0x");
      await (await desk("affiliations")).joinFor(key(6), 1, roll.codeDigest, "0x");
      expect((await roll.membership.member(3n)).organisation).to.equal(false);
      expect((await roll.membership.member(4n)).organisation).to.equal(true);
      // An organisation's ballots are as cheap as anybody's.
      const voter = readVoter(await roll.membership.voterOf(key(6)));
      expect(voter).to.deep.include({ number: 4n, status: 1n, flags: 0n, organisation: true });
    });

    it("refuses what joining refuses", async () => {
      const requests = await desk("requests");
      await expect(requests.joinFor(key(0), 1, roll.codeDigest, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(0), 1n);
      await expect(requests.joinFor(key(5), 6, roll.codeDigest, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
        .withArgs(6n, 6n);
      await expect(requests.joinFor(key(5), 1, roll.ethers.ZeroHash, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipWrongCodeDigest")
        .withArgs(roll.ethers.ZeroHash, roll.codeDigest);
    });
  });

  describe("resignFor", () => {
    it("ends the membership as resigning does", async () => {
      await expect((await desk("requests")).resignFor(key(0)))
        .to.emit(roll.membership, "MemberResigned")
        .withArgs(1n, key(0))
        .and.to.emit(roll.membership, "Transfer")
        .withArgs(key(0), ZeroAddress, 1n);
      expect((await roll.membership.member(1n)).status).to.equal(MemberStatus.Resigned);
    });
  });

  describe("moveKey", () => {
    it("moves the number, and says so", async () => {
      await expect((await desk("recovery")).moveKey(1n, key(5)))
        .to.emit(roll.membership, "KeyRotated")
        .withArgs(1n, key(0), key(5))
        .and.to.emit(roll.membership, "Transfer")
        .withArgs(key(0), key(5), 1n);
      expect(await roll.membership.numberOf(key(5))).to.equal(1n);
      expect(await roll.membership.numberOf(key(0))).to.equal(0n);
    });

    it("refuses a number nobody holds, a member's key, and a barred one", async () => {
      const recovery = await desk("recovery");
      await expect(recovery.moveKey(3n, key(5)))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
        .withArgs(3n);
      await expect(recovery.moveKey(1n, key(1)))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(1), 2n);
      await roll.governing.end(2n);
      await expect(recovery.moveKey(1n, key(1)))
        .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
        .withArgs(key(1), 2n);
    });
  });

  describe("moveGroup", () => {
    it("refuses a group that does not exist, and a number that nobody holds", async () => {
      const claims = await desk("claims");
      await expect(claims.moveGroup(1n, 6))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
        .withArgs(6n, 6n);
      await expect(claims.moveGroup(3n, 1))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
        .withArgs(3n);
    });

    it("says from which group to which", async () => {
      await expect((await desk("claims")).moveGroup(1n, 4))
        .to.emit(roll.membership, "GroupChanged")
        .withArgs(1n, 2n, 4n);
      expect((await roll.membership.member(1n)).group).to.equal(4n);
    });
  });

  describe("setPaused", () => {
    it("pauses and resumes for the reason of the desk that asks, once", async () => {
      for (const [name, reason, bit] of [
        ["confirmations", 1n, 0b010n],
        ["affiliations", 2n, 0b100n],
      ] as const) {
        const face = await desk(name);
        await expect(face.setPaused(1n, true)).to.emit(roll.membership, "VotePaused").withArgs(1n, reason);
        expect((await roll.membership.member(1n)).pauses).to.equal(bit);
        await expect(face.setPaused(1n, true)).not.to.emit(roll.membership, "VotePaused");
        await face.setPaused(1n, false);
        const events = await roll.membership.queryFilter(roll.membership.filters.VoteResumed());
        expect([...(events.at(-1)?.args ?? [])]).to.deep.equal([1n, reason, await roll.now()]);
        await expect(face.setPaused(1n, false)).not.to.emit(roll.membership, "VoteResumed");
      }
    });

    it("refuses a number nobody holds", async () => {
      for (const paused of [true, false]) {
        await expect((await desk("confirmations")).setPaused(3n, paused))
          .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
          .withArgs(3n);
      }
    });
  });

  describe("recordConfirmation", () => {
    it("writes the moment down", async () => {
      expect((await roll.membership.member(1n)).confirmedAt).to.equal(
        (await roll.membership.member(1n)).joinedAt,
      );
      await expect((await desk("confirmations")).recordConfirmation(1n))
        .to.emit(roll.membership, "MemberConfirmed")
        .withArgs(1n);
      expect((await roll.membership.member(1n)).confirmedAt).to.equal(await roll.now());
    });

    it("refuses a number nobody holds", async () => {
      await expect((await desk("confirmations")).recordConfirmation(3n))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
        .withArgs(3n);
      await expect((await desk("delegations")).recordDelegate(3n))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
        .withArgs(3n);
    });
  });

  describe("birth", () => {
    it("refuses a desk without code", async () => {
      const [, ...others] = await roll.membership.desks();
      const desks = [key(9), ...others];
      await expect(rebirth(desks))
        .to.be.revertedWithCustomError(roll.membership, "MembershipNotAContract")
        .withArgs(key(9));
    });

    it("refuses a desk that serves a roll already", async () => {
      await expect(rebirth([...(await roll.membership.desks())]))
        .to.be.revertedWithCustomError(roll.requests, "RollDeskBound")
        .withArgs(await roll.membership.getAddress());
    });

    async function rebirth(desks: readonly string[]) {
      const { name, symbol, groups, codeDigest, waitingFloor } = roll.parameters.Membership;
      return roll.ethers.deployContract("Membership", [
        roll.timelock,
        {
          name,
          symbol,
          groups,
          codeDigest,
          card: roll.card,
          admissionPolicy: roll.admission,
          waitingFloor,
          maturity: roll.pace,
          desks,
        },
      ]);
    }
  });
});
