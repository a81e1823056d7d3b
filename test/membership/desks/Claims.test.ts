import { expect } from "chai";
import { joinOrganisation, signAct } from "../../helpers/acts.js";
import { FAR } from "../../helpers/attacks.js";
import { deployDesks } from "../../helpers/fixture.js";
import { useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;
const COOLDOWN = 90n * DAY;
const RULES = { cooldown: COOLDOWN, window: 30n * DAY, challengers: 2n };

/** `IClaims.Claim`, by name. */
const Claim = { Group: 0n, Affiliation: 1n } as const;

// not a secret: stands for the digest of a text
const REASON = `0x${"ab".repeat(32)}`;

describe("Claims", () => {
  const roll = useRoll((parameters) => {
    parameters.Membership.challengers = 2;
  });
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.claims.connect(roll.person(index));

  async function asTimelock() {
    return roll.claims.connect(await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress()));
  }

  describe("changeGroup", () => {
    let joined: bigint;

    /** Members 1 to 3, of the groups 0 to 2. */
    beforeEach(async () => {
      await roll.join(roll.person(0), 0);
      joined = await roll.now();
      await roll.join(roll.person(1), 1);
      await roll.join(roll.person(2), 2);
    });

    it("reverts for who is no member", async () => {
      await expect(desk(9).changeGroup(1))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskNotMember")
        .withArgs(key(9));
    });

    it("reverts for the group that it is", async () => {
      await roll.goTo(joined + COOLDOWN);
      await expect(desk(0).changeGroup(0))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnchanged")
        .withArgs(1n, Claim.Group, 0n);
    });

    it("reverts within the cooldown since joining, and not a second later", async () => {
      expect(await roll.claims.groupChangeableAt(1n)).to.equal(joined + COOLDOWN);
      await expect(roll.at(joined + COOLDOWN - 1n, () => desk(0).changeGroup(1)))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsTooEarly")
        .withArgs(1n, joined + COOLDOWN);
      await roll.at(joined + COOLDOWN, () => desk(0).changeGroup(1));
      expect((await roll.membership.member(1n)).group).to.equal(1n);
    });

    it("reverts within the cooldown since the last change", async () => {
      const changed = joined + COOLDOWN + 10n;
      await roll.at(changed, () => desk(0).changeGroup(1));
      expect(await roll.claims.groupChangeableAt(1n)).to.equal(changed + COOLDOWN);
      await expect(desk(0).changeGroup(2))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsTooEarly")
        .withArgs(1n, changed + COOLDOWN);
      await roll.at(changed + COOLDOWN, () => desk(0).changeGroup(2));
      expect((await roll.membership.member(1n)).group).to.equal(2n);
    });

    it("reverts for a group that is none", async () => {
      await roll.goTo(joined + COOLDOWN);
      await expect(desk(0).changeGroup(6))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
        .withArgs(6n, 6n);
    });

    it("reverts while the members have a challenge of the group before them, and no longer", async () => {
      await roll.goTo(joined + COOLDOWN);
      await desk(1).challenge(1n, Claim.Group, 0n, REASON);
      await desk(2).support(1n);
      await expect(desk(0).changeGroup(1))
        .to.be.revertedWithCustomError(roll.claims, "ClaimsUnderChallenge")
        .withArgs(1n, 1n);
      await (await asTimelock()).dismiss(1n);
      await desk(0).changeGroup(1);
      expect((await roll.membership.member(1n)).group).to.equal(1n);
    });

    it("is free while a challenge only gathers support, which then comes to nothing", async () => {
      await roll.goTo(joined + COOLDOWN);
      await desk(1).challenge(1n, Claim.Group, 0n, REASON);
      await desk(0).changeGroup(1);
      expect(await roll.claims.openChallenge(1n, Claim.Group)).to.equal(0n);
    });

    it("moves the member, and the vote with it, from now on", async () => {
      await roll.goTo(joined + COOLDOWN);
      const before = await roll.now();
      await expect(desk(0).changeGroup(1)).to.emit(roll.membership, "GroupChanged").withArgs(1n, 0n, 1n);
      const moment = await roll.now();
      await roll.goTo(moment + 1n);
      expect(await roll.membership.getPastVotesByGroup(before)).to.deep.equal([1n, 1n, 1n, 0n, 0n, 0n]);
      expect(await roll.membership.getPastVotesByGroup(moment)).to.deep.equal([0n, 2n, 1n, 0n, 0n, 0n]);
      expect(await roll.membership.countedAt(1n, before)).to.deep.equal([true, 0n]);
      expect(await roll.membership.countedAt(1n, moment)).to.deep.equal([true, 1n]);
    });

    it("is open to organisations too", async () => {
      const number = await joinOrganisation(roll, roll.person(4), roll.person(5), 3);
      await roll.goTo((await roll.now()) + COOLDOWN);
      await desk(4).changeGroup(0);
      expect((await roll.membership.member(number)).group).to.equal(0n);
    });

    it("goes by signature too, once", async () => {
      await roll.goTo(joined + COOLDOWN);
      const message = { account: key(0), group: 1, deadline: FAR };
      const signature = await signAct(roll.claims, roll.person(0), "ChangeGroup", message);
      await expect(desk(9).changeGroupBySig(key(0), 2, FAR, signature))
        .to.be.revertedWithCustomError(roll.claims, "SignedRequestsInvalidSignature")
        .withArgs(key(0));
      await desk(9).changeGroupBySig(key(0), 1, FAR, signature);
      expect((await roll.membership.member(1n)).group).to.equal(1n);
      await expect(desk(9).changeGroupBySig(key(0), 1, FAR, signature))
        .to.be.revertedWithCustomError(roll.claims, "SignedRequestsInvalidSignature")
        .withArgs(key(0));
    });

    it("takes a contract's signature by ERC-1271", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [key(3)]);
      const account = await wallet.getAddress();
      const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
      await wallet.connect(roll.person(3)).execute(await roll.membership.getAddress(), join);
      await roll.goTo((await roll.now()) + COOLDOWN);
      const message = { account, group: 1, deadline: FAR };
      const signature = await signAct(roll.claims, roll.person(3), "ChangeGroup", message, { account });
      await desk(9).changeGroupBySig(account, 1, FAR, signature);
      expect((await roll.membership.member(4n)).group).to.equal(1n);
    });
  });

  describe("groupChangeableAt", () => {
    it("reverts for a number never given out", async () => {
      await expect(roll.claims.groupChangeableAt(1n))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
        .withArgs(1n);
    });
  });

  describe("setRules", () => {
    it("reverts for all but the timelock", async () => {
      await expect(desk(0).setRules(RULES))
        .to.be.revertedWithCustomError(roll.claims, "RollDeskUnauthorized")
        .withArgs(key(0), await roll.timelock.getAddress());
    });

    for (const [name, ends] of [
      ["cooldown", async () => [await roll.membership.waitingFloor(), 730n * DAY]],
      ["window", async () => [await roll.membership.waitingFloor(), 180n * DAY]],
      ["challengers", async () => [2n, 100n]],
    ] as const) {
      it(`reverts for ${name} out of its range, and takes its ends`, async () => {
        const [min = 0n, max = 0n] = await ends();
        for (const value of [min - 1n, max + 1n]) {
          await expect((await asTimelock()).setRules({ ...RULES, [name]: value }))
            .to.be.revertedWithCustomError(roll.claims, "RollDeskParameterOutOfRange")
            .withArgs(roll.ethers.encodeBytes32String(name), value, min, max);
        }
        for (const value of [min, max]) {
          await (await asTimelock()).setRules({ ...RULES, [name]: value });
          expect((await roll.claims.rules())[name]).to.equal(value);
        }
      });
    }

    it("changes the rules and says so", async () => {
      const next = { cooldown: 20n * DAY, window: 40n * DAY, challengers: 9n };
      await expect((await asTimelock()).setRules(next))
        .to.emit(roll.claims, "ClaimRulesChanged")
        .withArgs(Object.values(RULES), Object.values(next));
      expect(await roll.claims.rules()).to.deep.equal(Object.values(next));
    });
  });

  describe("at birth", () => {
    it("refuses to serve a roll with rules out of their range", async () => {
      for (const [name, change, value, min, max] of [
        ["cooldown", { claimCooldown: 999 }, 999n, 1_000n, 730n * DAY],
        ["window", { challengeWindow: 999 }, 999n, 1_000n, 180n * DAY],
        ["challengers", { challengers: 1 }, 1n, 2n, 100n],
      ] as const) {
        const { claims } = await deployDesks(roll, { ...roll.parameters.Membership, ...change });
        await expect(claims.bind(1_000))
          .to.be.revertedWithCustomError(claims, "RollDeskParameterOutOfRange")
          .withArgs(roll.ethers.encodeBytes32String(name), value, min, max);
      }
    });

    it("has the rules of the coalition", async () => {
      expect(await roll.claims.rules()).to.deep.equal(Object.values(RULES));
    });
  });
});
