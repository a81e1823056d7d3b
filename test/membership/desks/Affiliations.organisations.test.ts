import { expect } from "chai";
import type { Signer } from "ethers";
import { signAct } from "../../helpers/acts.js";
import { FAR } from "../../helpers/attacks.js";
import { MemberStatus, mask, Right, useRoll } from "../../helpers/roll.js";

/** People by what they are here. */
const [REPRESENTATIVE, OWNER, HEIR, NEXT_KEY, PERSON, RELAYER] = [0, 1, 2, 3, 4, 5];

describe("Affiliations: organisations", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.affiliations.connect(roll.person(index));

  /** The owner's consent to own what a representative joins. */
  const own = (
    owner: number,
    representative: string,
    { deadline = FAR, nonce }: { deadline?: bigint; nonce?: bigint } = {},
  ) =>
    signAct(roll.affiliations, roll.person(owner), "Own", {
      representative,
      owner: key(owner),
      deadline,
      nonce,
    });

  /** The same as an argument list of `joinAsOrganisation`. */
  async function joining(owner = OWNER, representative = REPRESENTATIVE) {
    return [2, roll.codeDigest, "0x", key(owner), FAR, await own(owner, key(representative))] as const;
  }

  async function joinOrganisation(): Promise<bigint> {
    await desk(REPRESENTATIVE).joinAsOrganisation(...(await joining()));
    return roll.membership.lastNumber();
  }

  describe("joinAsOrganisation", () => {
    it("reverts when representative and owner are one account", async () => {
      const signature = await own(REPRESENTATIVE, key(REPRESENTATIVE));
      await expect(
        desk(REPRESENTATIVE).joinAsOrganisation(
          2,
          roll.codeDigest,
          "0x",
          key(REPRESENTATIVE),
          FAR,
          signature,
        ),
      )
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsOwnRepresentative")
        .withArgs(key(REPRESENTATIVE));
    });

    it("reverts without the owner's consent", async () => {
      const [group, code, evidence, owner, deadline] = await joining();
      for (const signature of [
        "0x",
        await own(HEIR, key(REPRESENTATIVE)),
        // For another representative, with another nonce, or for another moment.
        await own(OWNER, key(PERSON)),
        await own(OWNER, key(REPRESENTATIVE), { nonce: 1n }),
        await own(OWNER, key(REPRESENTATIVE), { deadline: FAR + 1n }),
      ]) {
        await expect(
          desk(REPRESENTATIVE).joinAsOrganisation(group, code, evidence, owner, deadline, signature),
        )
          .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
          .withArgs(key(OWNER));
      }
    });

    it("reverts with a consent that is over", async () => {
      const deadline = (await roll.now()) + 10n;
      const signature = await own(OWNER, key(REPRESENTATIVE), { deadline });
      await expect(
        roll.at(deadline + 1n, () =>
          desk(REPRESENTATIVE).joinAsOrganisation(2, roll.codeDigest, "0x", key(OWNER), deadline, signature),
        ),
      )
        .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("reverts for who is a member already, and with what the roll reverts with", async () => {
      await roll.join(roll.person(REPRESENTATIVE));
      await expect(desk(REPRESENTATIVE).joinAsOrganisation(...(await joining())))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(REPRESENTATIVE), 1n);
      const signature = await own(OWNER, key(PERSON));
      await expect(desk(PERSON).joinAsOrganisation(6, roll.codeDigest, "0x", key(OWNER), FAR, signature))
        .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
        .withArgs(6n, 6n);
    });

    it("puts an organisation on the roll, with one vote to come, and an owner", async () => {
      await expect(desk(REPRESENTATIVE).joinAsOrganisation(...(await joining())))
        .to.emit(roll.affiliations, "OrganisationJoined")
        .withArgs(1n, key(REPRESENTATIVE), key(OWNER))
        .and.to.emit(roll.membership, "MemberJoined");
      const entry = await roll.membership.member(1n);
      expect(entry.organisation).to.equal(true);
      expect(entry.key).to.equal(key(REPRESENTATIVE));
      expect(entry.group).to.equal(2n);
      expect(await roll.affiliations.ownerOf(1n)).to.equal(key(OWNER));
      expect(await roll.membership.numberOf(key(OWNER))).to.equal(0n);
      await roll.goTo(entry.votesFrom);
      expect(await roll.membership.getVotes(key(REPRESENTATIVE))).to.equal(1n);
      expect(await roll.membership.getVotes(key(OWNER))).to.equal(0n);
    });

    it("lets one account own several organisations, with a consent each", async () => {
      const first = await joining();
      await desk(REPRESENTATIVE).joinAsOrganisation(...first);
      const again = await own(OWNER, key(PERSON));
      await desk(PERSON).joinAsOrganisation(0, roll.codeDigest, "0x", key(OWNER), FAR, again);
      expect(await roll.affiliations.ownerOf(2n)).to.equal(key(OWNER));
      expect(await roll.affiliations.nonces(key(OWNER))).to.equal(2n);
    });

    it("takes a contract for an owner, which consents by ERC-1271", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [key(OWNER)]);
      const owner = await wallet.getAddress();
      const message = { representative: key(REPRESENTATIVE), owner, deadline: FAR };
      const signature = await signAct(roll.affiliations, roll.person(OWNER), "Own", message, {
        account: owner,
      });
      await desk(REPRESENTATIVE).joinAsOrganisation(2, roll.codeDigest, "0x", owner, FAR, signature);
      expect(await roll.affiliations.ownerOf(1n)).to.equal(owner);
    });
  });

  describe("joinAsOrganisationBySig", () => {
    const request = (signer: Signer, representative: string, change: object = {}) =>
      signAct(
        roll.affiliations,
        signer,
        "JoinAsOrganisation",
        {
          representative,
          owner: key(OWNER),
          group: 2,
          codeDigest: roll.codeDigest,
          evidence: "0x",
          deadline: FAR,
          ...change,
        },
        { account: representative },
      );
    const bring = async (representative: string, signature: string, owner = key(OWNER)) =>
      desk(RELAYER).joinAsOrganisationBySig(
        representative,
        2,
        roll.codeDigest,
        "0x",
        owner,
        FAR,
        signature,
        await own(OWNER, representative),
      );

    it("reverts when representative and owner are one account", async () => {
      const signature = await request(roll.person(OWNER), key(OWNER));
      await expect(bring(key(OWNER), signature))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsOwnRepresentative")
        .withArgs(key(OWNER));
    });

    it("reverts unless the representative signed just this", async () => {
      const person = roll.person(REPRESENTATIVE);
      for (const change of [
        { owner: key(HEIR) },
        { group: 1 },
        { evidence: "0x01" },
        { codeDigest: roll.ethers.ZeroHash },
        { nonce: 1n },
        { deadline: FAR - 1n },
        { representative: key(PERSON) },
      ]) {
        await expect(bring(key(REPRESENTATIVE), await request(person, key(REPRESENTATIVE), change)))
          .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
          .withArgs(key(REPRESENTATIVE));
      }
    });

    it("joins the representative, whoever brings it", async () => {
      const signature = await request(roll.person(REPRESENTATIVE), key(REPRESENTATIVE));
      await expect(bring(key(REPRESENTATIVE), signature))
        .to.emit(roll.affiliations, "OrganisationJoined")
        .withArgs(1n, key(REPRESENTATIVE), key(OWNER));
      expect(await roll.membership.numberOf(key(REPRESENTATIVE))).to.equal(1n);
      expect(await roll.membership.numberOf(key(RELAYER))).to.equal(0n);
      expect((await roll.membership.member(1n)).organisation).to.equal(true);
      expect(await roll.affiliations.nonces(key(REPRESENTATIVE))).to.equal(1n);
      expect(await roll.affiliations.nonces(key(OWNER))).to.equal(1n);
    });

    it("takes a contract for a representative, even one that signs by the owner's key", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [key(OWNER)]);
      const representative = await wallet.getAddress();
      await bring(representative, await request(roll.person(OWNER), representative));
      expect(await roll.membership.ownerOf(1n)).to.equal(representative);
      expect(await roll.affiliations.ownerOf(1n)).to.equal(key(OWNER));
    });
  });

  describe("replaceRepresentative", () => {
    beforeEach(joinOrganisation);

    const represent = (index: number, number = 1n, deadline = FAR) =>
      signAct(roll.affiliations, roll.person(index), "Represent", { number, newKey: key(index), deadline });
    const replace = async (caller: number, index = NEXT_KEY) =>
      desk(caller).replaceRepresentative(1n, key(index), FAR, await represent(index));

    it("reverts for a number that nobody holds", async () => {
      for (const number of [0n, 2n]) {
        await expect(desk(OWNER).replaceRepresentative(number, key(NEXT_KEY), FAR, "0x"))
          .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnknownNumber")
          .withArgs(number);
      }
      await roll.membership.connect(roll.person(REPRESENTATIVE)).resign();
      await expect(replace(OWNER))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnknownNumber")
        .withArgs(1n);
    });

    it("reverts for a person's number", async () => {
      await roll.join(roll.person(PERSON));
      await expect(desk(OWNER).replaceRepresentative(2n, key(NEXT_KEY), FAR, "0x"))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOrganisation")
        .withArgs(2n);
    });

    it("reverts for all but the owner, the representative included", async () => {
      for (const caller of [REPRESENTATIVE, NEXT_KEY, RELAYER]) {
        await expect(replace(caller))
          .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOwner")
          .withArgs(1n, key(caller), key(OWNER));
      }
    });

    it("reverts when the owner would represent", async () => {
      await expect(replace(OWNER, OWNER))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsOwnRepresentative")
        .withArgs(key(OWNER));
    });

    it("reverts without the new key's consent to this number", async () => {
      for (const signature of [
        "0x",
        await represent(NEXT_KEY, 2n),
        await represent(NEXT_KEY, 1n, FAR - 1n),
      ]) {
        await expect(desk(OWNER).replaceRepresentative(1n, key(NEXT_KEY), FAR, signature))
          .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
          .withArgs(key(NEXT_KEY));
      }
    });

    it("reverts for a key that holds a number, and for a barred one", async () => {
      await expect(replace(OWNER, REPRESENTATIVE))
        .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
        .withArgs(key(REPRESENTATIVE), 1n);
      await roll.governing.end(await roll.join(roll.person(NEXT_KEY)));
      await expect(replace(OWNER))
        .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
        .withArgs(key(NEXT_KEY), 2n);
    });

    it("moves the number to the new key and nothing else", async () => {
      const until = (await roll.now()) + 1_000n;
      await roll.governing.suspend(1n, mask(Right.Speak), until);
      const before = await roll.membership.member(1n);
      await expect(replace(OWNER))
        .to.emit(roll.affiliations, "RepresentativeReplaced")
        .withArgs(1n, key(NEXT_KEY))
        .and.to.emit(roll.membership, "KeyRotated")
        .withArgs(1n, key(REPRESENTATIVE), key(NEXT_KEY));
      const after = await roll.membership.member(1n);
      expect(after.key).to.equal(key(NEXT_KEY));
      expect(after.organisation).to.equal(true);
      expect(after.votesFrom).to.equal(before.votesFrom);
      expect(after.suspendedUntil).to.deep.equal(before.suspendedUntil);
      expect(after.suspendedUntil[0]).to.equal(until);
      expect(await roll.affiliations.ownerOf(1n)).to.equal(key(OWNER));
      expect(await roll.membership.numberOf(key(REPRESENTATIVE))).to.equal(0n);
    });

    it("reaches a representative who moved to another key", async () => {
      await roll.rotate(roll.person(REPRESENTATIVE), roll.person(PERSON));
      await replace(OWNER);
      expect(await roll.membership.numberOf(key(PERSON))).to.equal(0n);
      expect(await roll.membership.numberOf(key(NEXT_KEY))).to.equal(1n);
    });
  });

  describe("replaceRepresentativeBySig", () => {
    beforeEach(joinOrganisation);

    const order = (change: object = {}, signer = OWNER, account?: string) =>
      signAct(
        roll.affiliations,
        roll.person(signer),
        "ReplaceRepresentative",
        { owner: account ?? key(signer), number: 1n, newKey: key(NEXT_KEY), deadline: FAR, ...change },
        account === undefined ? {} : { account },
      );
    const bring = async (signature: string, owner = key(OWNER)) =>
      desk(RELAYER).replaceRepresentativeBySig(
        owner,
        1n,
        key(NEXT_KEY),
        FAR,
        signature,
        await signAct(roll.affiliations, roll.person(NEXT_KEY), "Represent", {
          number: 1n,
          newKey: key(NEXT_KEY),
          deadline: FAR,
        }),
      );

    it("reverts unless the owner signed just this", async () => {
      for (const change of [{ number: 2n }, { newKey: key(PERSON) }, { owner: key(HEIR) }, { nonce: 0n }]) {
        await expect(bring(await order(change)))
          .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
          .withArgs(key(OWNER));
      }
    });

    it("reverts for who signs and is not the owner", async () => {
      await expect(bring(await order({}, HEIR), key(HEIR)))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOwner")
        .withArgs(1n, key(HEIR), key(OWNER));
    });

    it("replaces the representative, whoever brings it, once", async () => {
      const signature = await order();
      await expect(bring(signature))
        .to.emit(roll.affiliations, "RepresentativeReplaced")
        .withArgs(1n, key(NEXT_KEY));
      expect(await roll.membership.numberOf(key(NEXT_KEY))).to.equal(1n);
      await expect(bring(signature))
        .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
        .withArgs(key(OWNER));
    });
  });

  describe("passOwnership", () => {
    beforeEach(joinOrganisation);

    const take = (index: number, number = 1n) =>
      signAct(roll.affiliations, roll.person(index), "TakeOwnership", {
        number,
        newOwner: key(index),
        deadline: FAR,
      });
    const pass = async (caller: number, index = HEIR) =>
      desk(caller).passOwnership(1n, key(index), FAR, await take(index));

    it("reverts for a number that nobody holds, or a person does", async () => {
      await expect(desk(OWNER).passOwnership(2n, key(HEIR), FAR, "0x"))
        .to.be.revertedWithCustomError(roll.affiliations, "RollDeskUnknownNumber")
        .withArgs(2n);
      await roll.join(roll.person(PERSON));
      await expect(desk(OWNER).passOwnership(2n, key(HEIR), FAR, "0x"))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOrganisation")
        .withArgs(2n);
    });

    it("reverts for all but the owner", async () => {
      for (const caller of [REPRESENTATIVE, HEIR]) {
        await expect(pass(caller))
          .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOwner")
          .withArgs(1n, key(caller), key(OWNER));
      }
    });

    it("reverts when it is the owner's already, and for the representative", async () => {
      await expect(pass(OWNER, OWNER))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsSameOwner")
        .withArgs(1n, key(OWNER));
      await expect(pass(OWNER, REPRESENTATIVE))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsOwnRepresentative")
        .withArgs(key(REPRESENTATIVE));
    });

    it("reverts without the new owner's consent to this number", async () => {
      for (const signature of ["0x", await take(HEIR, 2n), await take(PERSON)]) {
        await expect(desk(OWNER).passOwnership(1n, key(HEIR), FAR, signature))
          .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
          .withArgs(key(HEIR));
      }
    });

    it("gives the organisation another owner, and the old one nothing more to say", async () => {
      await expect(pass(OWNER))
        .to.emit(roll.affiliations, "OwnershipPassed")
        .withArgs(1n, key(OWNER), key(HEIR));
      expect(await roll.affiliations.ownerOf(1n)).to.equal(key(HEIR));
      expect(await roll.membership.numberOf(key(REPRESENTATIVE))).to.equal(1n);
      await expect(pass(OWNER, PERSON))
        .to.be.revertedWithCustomError(roll.affiliations, "AffiliationsNotOwner")
        .withArgs(1n, key(OWNER), key(HEIR));
    });

    it("goes by signature too, whoever brings it", async () => {
      const order = await signAct(roll.affiliations, roll.person(OWNER), "PassOwnership", {
        owner: key(OWNER),
        number: 1n,
        newOwner: key(HEIR),
        deadline: FAR,
      });
      await expect(
        desk(RELAYER).passOwnershipBySig(key(OWNER), 1n, key(PERSON), FAR, order, await take(PERSON)),
      )
        .to.be.revertedWithCustomError(roll.affiliations, "SignedRequestsInvalidSignature")
        .withArgs(key(OWNER));
      await desk(RELAYER).passOwnershipBySig(key(OWNER), 1n, key(HEIR), FAR, order, await take(HEIR));
      expect(await roll.affiliations.ownerOf(1n)).to.equal(key(HEIR));
    });
  });

  describe("ownerOf", () => {
    it("is nobody for a person and for a number not given out, and stays for who left", async () => {
      await roll.join(roll.person(PERSON));
      expect(await roll.affiliations.ownerOf(1n)).to.equal(roll.ethers.ZeroAddress);
      expect(await roll.affiliations.ownerOf(9n)).to.equal(roll.ethers.ZeroAddress);
      const number = await joinOrganisation();
      await roll.membership.connect(roll.person(REPRESENTATIVE)).resign();
      expect((await roll.membership.member(number)).status).to.equal(MemberStatus.Resigned);
      expect(await roll.affiliations.ownerOf(number)).to.equal(key(OWNER));
    });
  });
});
