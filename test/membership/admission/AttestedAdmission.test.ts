import { expect } from "chai";
import { id } from "ethers";
import { useRoll } from "../../helpers/roll.js";
import { signStruct } from "../../helpers/signing.js";

const ATTESTATION = "Attestation(address account,uint8 group,bool organisation,bytes32 id,uint48 expires)";
const REVOKE = "Revoke(address issuer,bytes32 id,uint256 nonce,uint256 deadline)";

describe("AttestedAdmission", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;
  /** Attests persons of groups 1 and 2. */
  const issuer = () => roll.person(9);
  const FIRST = id("statement 1");

  async function governing() {
    const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
    return roll.attested.connect(timelock);
  }

  /** The policy is in force, an issuer accredited; member 1 is a participant of group 1. */
  beforeEach(async () => {
    await roll.governing.setAdmissionPolicy(roll.attested);
    const until = (await roll.now()) + 1_000_000n;
    await (await governing()).accredit(issuer(), {
      groups: 0b110,
      persons: true,
      organisations: false,
      until,
    });
    await roll.join(roll.person(0), 1);
  });

  type Statement = {
    account: string;
    group: number;
    organisation: boolean;
    id: string;
    expires: bigint;
  };

  async function statement(change: Partial<Statement> = {}): Promise<Statement> {
    const expires = (await roll.now()) + 500_000n;
    return { account: key(0), group: 1, organisation: false, id: FIRST, expires, ...change };
  }

  async function present(given: Statement, signer = issuer(), issuedBy = signer.address) {
    const signature = await signStruct(roll.attested, signer, ATTESTATION, given);
    return roll.attested
      .connect(roll.person(5))
      .present(given.account, issuedBy, given.group, given.organisation, given.id, given.expires, signature);
  }

  const admitted = () => roll.attested.admits(1n, key(0), 1, "0x");

  describe("accredit", () => {
    it("reverts for all but the timelock", async () => {
      const timelock = await roll.timelock.getAddress();
      const scope = { groups: 1, persons: true, organisations: true, until: 2n ** 40n };
      for (const refused of [
        roll.attested.connect(issuer()).accredit(issuer(), scope),
        roll.attested.connect(issuer()).withdrawAccreditation(issuer()),
        roll.attested.connect(issuer()).revokeFor(issuer(), FIRST),
      ]) {
        await expect(refused)
          .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionUnauthorized")
          .withArgs(issuer().address, timelock);
      }
    });

    for (const [what, change] of [
      ["no group", { groups: 0 }],
      ["neither persons nor organisations", { persons: false }],
      ["a date that has come", { until: 1n }],
    ] as const) {
      it(`reverts for ${what}`, async () => {
        const scope = { groups: 1, persons: true, organisations: false, until: 2n ** 40n, ...change };
        await expect((await governing()).accredit(issuer(), scope))
          .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionEmptyScope")
          .withArgs(issuer().address);
      });
    }

    it("keeps the scope and says so", async () => {
      const until = (await roll.now()) + 77_000n;
      const scope = { groups: 1, persons: false, organisations: true, until };
      await expect((await governing()).accredit(key(8), scope))
        .to.emit(roll.attested, "IssuerAccredited")
        .withArgs(key(8), [1n, false, true, until]);
      expect(await roll.attested.accreditationOf(key(8))).to.deep.equal([1n, false, true, until]);
      expect(await roll.attested.accreditationOf(key(7))).to.deep.equal([0n, false, false, 0n]);
    });
  });

  describe("present", () => {
    it("reverts for a statement that has expired", async () => {
      const given = await statement();
      const at = given.expires;
      await roll.goTo(at - 1n);
      const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
      await expect(
        roll.at(at, () => roll.attested.present(key(0), issuer(), 1, false, FIRST, given.expires, signature)),
      )
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionExpired")
        .withArgs(given.expires, at);
    });

    for (const [what, change] of [
      ["a group outside the issuer's scope", { group: 3 }],
      ["a group that no scope can name", { group: 200 }],
      ["a kind outside the issuer's scope", { organisation: true }],
    ] as const) {
      it(`reverts for ${what}`, async () => {
        const given = await statement(change);
        await expect(present(given))
          .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionNotAccredited")
          .withArgs(issuer().address, given.group, given.organisation);
      });
    }

    it("reverts for an issuer whose accreditation has ended or was withdrawn, or never was", async () => {
      await expect(present(await statement(), roll.person(8)))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionNotAccredited")
        .withArgs(key(8), 1n, false);
      const { until } = await roll.attested.accreditationOf(issuer());
      const given = await statement({ expires: until + 1_000n });
      await roll.goTo(until);
      await expect(present(given))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionNotAccredited")
        .withArgs(issuer().address, 1n, false);
    });

    it("reverts for a key that holds no number", async () => {
      await expect(present(await statement({ account: key(4) })))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionNotMember")
        .withArgs(key(4));
    });

    it("reverts where the member is of another group or kind", async () => {
      await expect(present(await statement({ group: 2 })))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionOtherMember")
        .withArgs(1n, 1n, false);
    });

    it("reverts for a statement that the issuer did not sign so", async () => {
      const given = await statement();
      await expect(present(given, roll.person(8), issuer().address))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);
      const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
      await expect(roll.attested.present(key(0), issuer(), 1, false, FIRST, given.expires + 1n, signature))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);
    });

    it("records the statement for the member number, and says so", async () => {
      const given = await statement();
      await expect(present(given))
        .to.emit(roll.attested, "StatementPresented")
        .withArgs(1n, issuer().address, FIRST, given.expires);
      expect(await roll.attested.statementOf(1n)).to.deep.equal([
        issuer().address,
        given.expires,
        1n,
        false,
        FIRST,
      ]);
      expect(await roll.attested.usedBy(issuer(), FIRST)).to.equal(1n);
    });

    it("reverts for one that was used", async () => {
      const given = await statement();
      await present(given);
      await expect(present(given))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionUsed")
        .withArgs(issuer().address, FIRST, 1n);
    });

    it("takes another one in the place of the first", async () => {
      await present(await statement());
      await roll.attested.connect(issuer()).revoke(FIRST);
      expect(await admitted()).to.equal(false);
      await present(await statement({ id: id("statement 2") }));
      expect(await admitted()).to.equal(true);
    });

    context("given a statement that admits the member", () => {
      const other = () => statement({ id: id("statement 2") });

      it("reverts for another one, unless it is the member who presents it", async () => {
        await present(await statement());
        await expect(present(await other()))
          .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionStanding")
          .withArgs(1n, issuer().address, FIRST);
        const given = await other();
        const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
        await roll.attested
          .connect(roll.person(0))
          .present(key(0), issuer(), 1, false, given.id, given.expires, signature);
        expect((await roll.attested.statementOf(1n)).id).to.equal(given.id);
      });

      it("takes another one from anybody as soon as it no longer does", async () => {
        const first = await statement();
        await present(first);
        await roll.goTo(first.expires);
        await present(await other());
        expect((await roll.attested.statementOf(1n)).id).to.equal(id("statement 2"));
      });
    });

    it("takes the signature of an issuer that is a contract, by ERC-1271", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [key(8)]);
      const until = (await roll.now()) + 1_000_000n;
      const scope = { groups: 2, persons: true, organisations: true, until };
      await (await governing()).accredit(wallet, scope);
      await present(await statement(), roll.person(8), await wallet.getAddress());
      expect(await admitted()).to.equal(true);
    });

    it("takes a statement about an organisation for an organisation only", async () => {
      const affiliations = await roll.affiliations.getAddress();
      await roll.connection.networkHelpers.setBalance(affiliations, roll.ethers.parseEther("1"));
      const desk = roll.membership.connect(await roll.ethers.getImpersonatedSigner(affiliations));
      await desk.joinFor(key(3), 1, roll.codeDigest, "0x");
      const until = (await roll.now()) + 1_000_000n;
      const scope = { groups: 2, persons: true, organisations: true, until };
      await (await governing()).accredit(issuer(), scope);
      await expect(present(await statement({ account: key(3) })))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionOtherMember")
        .withArgs(2n, 1n, true);
      await present(await statement({ account: key(3), organisation: true }));
      await roll.membership.qualify(2n, "0x");
      expect((await roll.membership.member(2n)).pauses).to.equal(0n);
    });
  });

  describe("admits", () => {
    it("does not without a statement", async () => {
      expect(await admitted()).to.equal(false);
      await expect(roll.membership.qualify(1n, "0x"))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAdmissionRefused")
        .withArgs(key(0), await roll.attested.getAddress());
    });

    it("does with one that stands", async () => {
      await present(await statement());
      expect(await admitted()).to.equal(true);
      await roll.membership.connect(roll.person(5)).qualify(1n, "0x");
      expect((await roll.membership.member(1n)).pauses).to.equal(0n);
    });

    it("no longer once it has expired", async () => {
      const given = await statement();
      await present(given);
      await roll.goTo(given.expires - 1n);
      expect(await admitted()).to.equal(true);
      await roll.goTo(given.expires);
      expect(await admitted()).to.equal(false);
    });

    it("no longer once the accreditation is withdrawn, or no longer covers the group", async () => {
      await present(await statement());
      const until = (await roll.now()) + 1_000_000n;
      const narrower = { groups: 0b100, persons: true, organisations: false, until };
      await (await governing()).accredit(issuer(), narrower);
      expect(await admitted()).to.equal(false);
      await (await governing()).accredit(issuer(), { ...narrower, groups: 0b10 });
      expect(await admitted()).to.equal(true);
      await expect((await governing()).withdrawAccreditation(issuer()))
        .to.emit(roll.attested, "AccreditationWithdrawn")
        .withArgs(issuer().address);
      expect(await admitted()).to.equal(false);
    });

    it("does not for another group than the statement's", async () => {
      await present(await statement());
      expect(await roll.attested.admits(1n, key(0), 2, "0x")).to.equal(false);
    });

    it("takes no vote from who was admitted when the statement is revoked", async () => {
      await present(await statement());
      await roll.membership.qualify(1n, "0x");
      await roll.attested.connect(issuer()).revoke(FIRST);
      await roll.goTo(await roll.votesFrom(1n));
      expect(await roll.membership.getVotes(key(0))).to.equal(1n);
    });
  });

  describe("revoke", () => {
    it("works before the statement is presented, too", async () => {
      await expect(roll.attested.connect(issuer()).revoke(FIRST))
        .to.emit(roll.attested, "StatementRevoked")
        .withArgs(issuer().address, FIRST);
      expect(await roll.attested.isRevoked(issuer(), FIRST)).to.equal(true);
      await expect(present(await statement()))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionRevoked")
        .withArgs(issuer().address, FIRST);
    });

    it("reaches the caller's own statements only", async () => {
      await present(await statement());
      await roll.attested.connect(roll.person(8)).revoke(FIRST);
      expect(await admitted()).to.equal(true);
    });

    it("can be done by the members", async () => {
      await present(await statement());
      await (await governing()).revokeFor(issuer(), FIRST);
      expect(await admitted()).to.equal(false);
    });

    it("can be signed, once", async () => {
      await present(await statement());
      const deadline = (await roll.now()) + 1_000n;
      const message = { issuer: issuer().address, id: FIRST, deadline };
      const signature = await signStruct(roll.attested, issuer(), REVOKE, message);
      await expect(roll.attested.revokeBySig(issuer(), id("another"), deadline, signature))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);
      await roll.attested.revokeBySig(issuer(), FIRST, deadline, signature);
      expect(await admitted()).to.equal(false);
      await expect(roll.attested.revokeBySig(issuer(), FIRST, deadline, signature))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);
    });
  });

  it("tells its roll, its timelock and what it is", async () => {
    expect(await roll.attested.roll()).to.equal(await roll.membership.getAddress());
    expect(await roll.attested.timelock()).to.equal(await roll.timelock.getAddress());
    expect(await roll.attested.supportsInterface("0xffffffff")).to.equal(false);
    expect(await roll.attested.supportsInterface("0x01ffc9a7")).to.equal(true);
  });
});
