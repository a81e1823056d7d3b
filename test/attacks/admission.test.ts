import { expect } from "chai";
import { id, MaxUint256, Wallet } from "ethers";
import { domainOf, signJoin } from "../helpers/requests.js";
import { useRoll } from "../helpers/roll.js";
import { signStruct } from "../helpers/signing.js";

const DAY = 86_400n;
const ATTESTATION = "Attestation(address account,uint8 group,bool organisation,bytes32 id,uint48 expires)";

describe("attacks on admission", () => {
  const roll = useRoll((parameters) => {
    const cooldown = Number(30n * DAY);
    parameters.Admission = {
      ...parameters.Admission,
      vouchers: 2,
      voucherGroups: 2,
      vouchSlots: 2,
      vouchCooldown: cooldown,
    };
  });
  const key = (index: number) => roll.person(index).address;
  const vouch = (from: number, candidate: bigint) => roll.vouched.connect(roll.person(from)).vouch(candidate);

  /** Four members of two groups, their votes mature. */
  beforeEach(async () => {
    for (let index = 0; index < 4; index++) await roll.join(roll.person(index), index % 2);
    await roll.goTo(await roll.votesFrom(4n));
  });

  it("attack 138: a ring of newcomers who vouch for one another gets nobody in", async () => {
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const numbers = [];
    for (const index of [10, 11, 12]) numbers.push(await roll.join(roll.person(index), index % 2));
    for (const from of [10, 11, 12]) {
      for (const number of numbers) {
        await expect(vouch(from, number)).to.be.revertedWithCustomError(
          roll.vouched,
          "VouchedAdmissionNotAVoter",
        );
      }
    }
    for (const number of numbers) {
      await expect(roll.membership.qualify(number, "0x")).to.be.revertedWithCustomError(
        roll.membership,
        "MembershipAdmissionRefused",
      );
    }
    // One who was let in by members vouches only once the vote has matured, and then shows in the public lists.
    await vouch(0, 5n);
    await vouch(1, 5n);
    await roll.membership.qualify(5n, "0x");
    await expect(vouch(10, 6n)).to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNotAVoter");
    await roll.goTo(await roll.votesFrom(5n));
    await vouch(10, 6n);
    expect((await roll.vouched.vouchersOf(6n)).map(({ number }) => number)).to.deep.equal([5n]);
    expect((await roll.vouched.vouchesOf(5n)).map(({ number }) => number)).to.deep.equal([6n]);
  });

  it("attack 139: two members who lend their vouches again and again let in two newcomers a cooldown", async () => {
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const numbers = [];
    for (let index = 10; index < 16; index++) numbers.push(await roll.join(roll.person(index), index % 2));
    const start = await roll.now();
    const admitted: bigint[] = [];
    // As often as the slots allow: vouch, let in, take back, at once for the next.
    for (let day = 0n; day < 65n; day++) {
      await roll.goTo(start + day * DAY + 1n);
      for (const number of numbers.filter((one) => !admitted.includes(one))) {
        const slots = await Promise.all([1n, 2n].map((voucher) => roll.vouched.slotsOf(voucher)));
        if (slots.some(({ free }) => free === 0n)) continue;
        for (const voucher of [0, 1]) await vouch(voucher, number);
        await roll.membership.qualify(number, "0x");
        admitted.push(number);
        for (const voucher of [0, 1]) await roll.vouched.connect(roll.person(voucher)).withdrawVouch(number);
      }
      expect(admitted.length, `day ${day}`).to.be.most(2 * (Number(day / 30n) + 1));
    }
    expect(admitted.length).to.equal(6);
  });

  describe("members who mean to keep a newcomer out by vouching", () => {
    const NEWCOMER = 13n;
    /** Members 5 to 12, of group 0; the newcomer is a participant. */
    const hostile = [10, 11, 12, 13, 14, 15, 16, 17];

    beforeEach(async () => {
      for (const index of hostile) await roll.join(roll.person(index), 0);
      await roll.goTo((await roll.now()) + 91n * DAY);
      await roll.governing.setAdmissionPolicy(roll.vouched);
      await roll.join(roll.person(18), 0);
    });

    const admitted = () => roll.vouched.admits(NEWCOMER, key(18), 0, "0x");
    const without = async (act: Promise<unknown>) => {
      await expect(act).to.be.revertedWithCustomError(roll.vouched, "VouchedAdmissionNoRoom");
    };

    it("of one group never take more places than leave one for another group", async () => {
      await vouch(10, NEWCOMER);
      for (const index of hostile.slice(1)) await without(vouch(index, NEWCOMER));
      await vouch(1, NEWCOMER);
      expect(await admitted()).to.equal(true);
    });

    it("who change group once they have vouched keep nobody of their old one from it", async () => {
      for (const index of hostile) {
        await vouch(index, NEWCOMER);
        await roll.claims.connect(roll.person(index)).changeGroup(1);
      }
      expect(await admitted()).to.equal(false);
      await vouch(0, NEWCOMER);
      await vouch(1, NEWCOMER);
      expect(await admitted()).to.equal(true);
    });

    it("whose votes cease to count give way", async () => {
      await vouch(10, NEWCOMER);
      await vouch(1, NEWCOMER);
      await roll.governing.suspend(5n, 4, (await roll.now()) + DAY);
      await roll.membership.connect(roll.person(1)).resign();
      await vouch(0, NEWCOMER);
      await vouch(3, NEWCOMER);
      expect(await admitted()).to.equal(true);
    });

    it("who fill the list let the newcomer in, and take nothing back by taking the vouches back", async () => {
      await vouch(10, NEWCOMER);
      await roll.claims.connect(roll.person(11)).changeGroup(1);
      await vouch(11, NEWCOMER);
      await without(vouch(0, NEWCOMER));
      await roll.membership.qualify(NEWCOMER, "0x");
      for (const index of [10, 11]) await roll.vouched.connect(roll.person(index)).withdrawVouch(NEWCOMER);
      await roll.goTo(await roll.votesFrom(NEWCOMER));
      expect(await roll.membership.getVotes(key(18))).to.equal(1n);
    });
  });

  describe("an issuer's statement", () => {
    const issuer = () => roll.person(9);

    async function accredit(policy = roll.attested) {
      const timelock = await roll.ethers.getImpersonatedSigner(await policy.timelock());
      const until = (await roll.now()) + 400n * DAY;
      const scope = { groups: 3, persons: true, organisations: false, until };
      await policy.connect(timelock).accredit(issuer(), scope);
    }

    async function statementFor(account: string) {
      const expires = (await roll.now()) + 300n * DAY;
      return { account, group: 0, organisation: false, id: id("statement"), expires };
    }

    type Given = Awaited<ReturnType<typeof statementFor>>;

    const present = (given: Given, signature: string, policy = roll.attested, by = issuer().address) =>
      policy.present(given.account, by, given.group, given.organisation, given.id, given.expires, signature);

    beforeEach(async () => {
      await roll.governing.setAdmissionPolicy(roll.attested);
      await accredit();
    });

    it("attack 140: a statement serves one number, once: not a second account, nor the same key come back", async () => {
      await roll.join(roll.person(10), 0);
      await roll.join(roll.person(11), 0);
      const given = await statementFor(key(10));
      const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
      await present(given, signature);
      await expect(present({ ...given, account: key(11) }, signature))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionUsed")
        .withArgs(issuer().address, given.id, 5n);
      await roll.membership.connect(roll.person(10)).resign();
      await roll.join(roll.person(10), 0);
      await expect(present(given, signature))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionUsed")
        .withArgs(issuer().address, given.id, 5n);
      await expect(roll.membership.qualify(7n, "0x")).to.be.revertedWithCustomError(
        roll.membership,
        "MembershipAdmissionRefused",
      );
    });

    it("attack 140: a statement about one account is nobody else's", async () => {
      await roll.join(roll.person(10), 0);
      await roll.join(roll.person(11), 0);
      const given = await statementFor(key(10));
      const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
      await expect(present({ ...given, account: key(11) }, signature))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);
    });

    it("attack 140: a statement is worth nothing in another policy, on another chain, or in another issuer's name", async () => {
      await roll.join(roll.person(10), 0);
      const given = await statementFor(key(10));
      const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
      const twin = await roll.ethers.deployContract("AttestedAdmission", [
        roll.parameters.Membership.name,
        roll.membership,
        roll.timelock,
      ]);
      await accredit(twin as typeof roll.attested);
      await expect(present(given, signature, twin as typeof roll.attested))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);

      const { name, version, verifyingContract } = await roll.attested.eip712Domain();
      const fields = [
        { name: "account", type: "address" },
        { name: "group", type: "uint8" },
        { name: "organisation", type: "bool" },
        { name: "id", type: "bytes32" },
        { name: "expires", type: "uint48" },
      ];
      const elsewhere = { name, version, chainId: 1, verifyingContract };
      const foreign = await issuer().signTypedData(elsewhere, { Attestation: fields }, given);
      await expect(present(given, foreign))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(issuer().address);

      const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
      const { until } = await roll.attested.accreditationOf(issuer());
      const scope = { groups: 3, persons: true, organisations: false, until };
      await roll.attested.connect(timelock).accredit(key(8), scope);
      await expect(present(given, signature, roll.attested, key(8)))
        .to.be.revertedWithCustomError(roll.attested, "SignedRequestsInvalidSignature")
        .withArgs(key(8));
    });

    it("attack 140: a statement that was revoked, or whose issuer was dismissed, is not good for a second try", async () => {
      await roll.join(roll.person(10), 0);
      const given = await statementFor(key(10));
      const signature = await signStruct(roll.attested, issuer(), ATTESTATION, given);
      await roll.attested.connect(issuer()).revoke(given.id);
      await expect(present(given, signature))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionRevoked")
        .withArgs(issuer().address, given.id);
      const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
      await roll.attested.connect(timelock).withdrawAccreditation(issuer());
      await expect(present({ ...given, id: id("another") }, signature))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionNotAccredited")
        .withArgs(issuer().address, 0n, false);
    });

    it("an issuer cannot put its own in the place of another's, to revoke it then", async () => {
      await roll.join(roll.person(10), 0);
      const given = await statementFor(key(10));
      await present(given, await signStruct(roll.attested, issuer(), ATTESTATION, given));
      const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
      const scope = await roll.attested.accreditationOf(issuer());
      await roll.attested.connect(timelock).accredit(key(8), {
        groups: scope.groups,
        persons: scope.persons,
        organisations: scope.organisations,
        until: scope.until,
      });
      const hostile = { ...given, id: id("to be revoked"), expires: given.expires + DAY };
      const signature = await signStruct(roll.attested, roll.person(8), ATTESTATION, hostile);
      await expect(present(hostile, signature, roll.attested, key(8)))
        .to.be.revertedWithCustomError(roll.attested, "AttestedAdmissionStanding")
        .withArgs(5n, issuer().address, given.id);
      await roll.membership.qualify(5n, "0x");
      expect((await roll.membership.member(5n)).pauses).to.equal(0n);
    });

    it("admits nobody once it has expired, was revoked, or its issuer was dismissed, presented or not", async () => {
      const timelock = await roll.ethers.getImpersonatedSigner(await roll.timelock.getAddress());
      await roll.join(roll.person(10), 0);
      const given = await statementFor(key(10));
      await present(given, await signStruct(roll.attested, issuer(), ATTESTATION, given));
      const refused = async (end: () => Promise<unknown>) => {
        const snapshot = await roll.connection.networkHelpers.takeSnapshot();
        expect(await roll.attested.admits(5n, key(10), 0, "0x")).to.equal(true);
        await end();
        await expect(roll.membership.qualify(5n, "0x"))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAdmissionRefused")
          .withArgs(key(10), await roll.attested.getAddress());
        await snapshot.restore();
      };
      await refused(() => roll.goTo(given.expires));
      await refused(() => roll.attested.connect(issuer()).revoke(given.id));
      await refused(() => roll.attested.connect(timelock).withdrawAccreditation(issuer()));
    });
  });

  context("when policies are combined", () => {
    it("one that burns all gas it gets keeps nobody out whom another admits", async () => {
      const burning = await roll.ethers.deployContract("HungryPolicy", [MaxUint256]);
      const either = await roll.ethers.deployContract("CombinedAdmission", [[burning, roll.vouched], false]);
      await roll.governing.setAdmissionPolicy(either);
      const number = await roll.join(roll.person(10), 0);
      for (const from of [0, 1]) await vouch(from, number);
      await roll.membership.qualify(number, "0x");
      expect((await roll.membership.member(number)).pauses).to.equal(0n);
    });

    it("a relayer who sends too little gas makes no participant of whom the policy admits", async () => {
      const dear = await roll.ethers.deployContract("HungryPolicy", [700_000n]);
      const either = await roll.ethers.deployContract("CombinedAdmission", [[dear, roll.vouched], false]);
      await roll.governing.setAdmissionPolicy(either);
      const account = key(10);
      const request = {
        account,
        group: 0,
        codeDigest: roll.codeDigest,
        evidence: "0x",
        nonce: 0n,
        deadline: 2n ** 40n,
      };
      const signature = await signJoin(roll.person(10), await domainOf(roll.requests), request);
      const relay = (gasLimit: bigint) =>
        roll.requests
          .connect(roll.person(9))
          .joinBySig(account, 0, roll.codeDigest, "0x", request.deadline, signature, { gasLimit });
      for (const gasLimit of [500_000n, 700_000n, 750_000n]) {
        await expect(relay(gasLimit), `${gasLimit}`).to.be.revertedWithCustomError(
          either,
          "CombinedAdmissionGasTooLow",
        );
      }
      await relay(1_200_000n);
      expect((await roll.membership.member(5n)).pauses).to.equal(0n);
    });
  });

  it("attack 8: a flood of participants changes no electorate, and pushes no newcomer back", async () => {
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const honest = await roll.join(roll.person(10), 0);
    for (const from of [0, 1]) await vouch(from, honest);
    const before = await roll.connection.networkHelpers.takeSnapshot();
    const at = (await roll.now()) + 500n;

    await roll.at(at, () => roll.membership.qualify(honest, "0x"));
    const undisturbed = await roll.votesFrom(honest);
    await before.restore();

    for (let index = 0; index < 60; index++) {
      const wallet = new Wallet(id(`flood ${index}`), roll.ethers.provider);
      await roll.connection.networkHelpers.setBalance(wallet.address, roll.ethers.parseEther("1"));
      await roll.membership.connect(wallet).join(index % 6, roll.codeDigest, "0x");
    }
    await roll.at(at, () => roll.membership.qualify(honest, "0x"));
    expect(await roll.votesFrom(honest)).to.equal(undisturbed);
    expect(await roll.membership.totalSupply()).to.equal(65n);
    await roll.goTo(undisturbed + 1n);
    expect(await roll.membership.getPastTotalSupply(undisturbed)).to.equal(5n);
    expect(await roll.membership.getPastVotesByGroup(undisturbed)).to.deep.equal([3n, 2n, 0n, 0n, 0n, 0n]);
  });

  it("attack 86: a participant who is barred, suspended or gone enters no queue by being qualified", async () => {
    await roll.governing.setAdmissionPolicy(roll.vouched);
    const number = await roll.join(roll.person(10), 0);
    for (const from of [0, 1]) await vouch(from, number);
    await roll.governing.end(number);
    await expect(roll.membership.qualify(number, "0x"))
      .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownNumber")
      .withArgs(number);
    await expect(roll.membership.connect(roll.person(10)).join(0, roll.codeDigest, "0x"))
      .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
      .withArgs(key(10), number);
  });
});
