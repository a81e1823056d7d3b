import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { id, type Signer, ZeroAddress } from "ethers";
import { recovering, Struct } from "../../helpers/recovery.js";
import { domainOf } from "../../helpers/requests.js";
import { useRoll } from "../../helpers/roll.js";
import { signStruct, structOf } from "../../helpers/signing.js";

const MEMBER = 1n;
const REASONS = id("lost with my telephone");

/** Persons by index: the member, guardians, a new key and another. */
const [OWNER, FIRST, SECOND, FRESH, OTHER] = [0, 1, 2, 3, 4];

/** A form of request: what is signed, by whom, and how it is sent. */
type Form = {
  struct: string;
  signer: number;
  message: (deadline: bigint) => Record<string, unknown>;
  /** Values that differ from what was signed. */
  bent: Record<string, () => unknown>;
  /** What has to be so before. */
  prepare?: () => Promise<unknown>;
  send: (message: Record<string, unknown>, signature: string) => Promise<ContractTransactionResponse>;
  /** That it worked. */
  check: () => Promise<unknown>;
};

describe("KeyRecovery", () => {
  const roll = useRoll();
  const { key, soon, consent, name, request, requestOf } = recovering(roll);
  /** Pays for everything here and is no member. */
  const desk = () => roll.recovery.connect(roll.deployer);
  const twoGuardians = () => name(OWNER, [FIRST, SECOND], 2);
  const firstRequest = async () => {
    await twoGuardians();
    await request(FIRST, MEMBER, FRESH);
  };
  const askedFor = async (index: number) =>
    expect((await requestOf(MEMBER)).newKey).to.equal(index < 0 ? ZeroAddress : key(index));

  beforeEach(async () => {
    await roll.join(roll.person(OWNER));
  });

  const forms: Record<string, Form> = {
    nameGuardiansBySig: {
      struct: Struct.NameGuardians,
      signer: OWNER,
      message: (deadline) => ({
        account: key(OWNER),
        guardians: [key(FIRST), key(SECOND)],
        threshold: 2,
        deadline,
      }),
      bent: { account: () => key(OTHER), guardians: () => [key(SECOND), key(FIRST)], threshold: () => 1 },
      send: ({ account, guardians, threshold, deadline }, signature) =>
        desk().nameGuardiansBySig(
          account as string,
          guardians as string[],
          threshold as number,
          deadline as bigint,
          signature,
        ),
      check: async () =>
        expect(await roll.recovery.guardiansOf(MEMBER)).to.deep.equal([[key(FIRST), key(SECOND)], 2n]),
    },
    requestBySig: {
      struct: Struct.Request,
      signer: FIRST,
      message: (deadline) => ({ guardian: key(FIRST), number: MEMBER, newKey: key(FRESH), deadline }),
      bent: { guardian: () => key(SECOND), number: () => 2n, newKey: () => key(OTHER) },
      prepare: twoGuardians,
      send: async ({ guardian, number, newKey, deadline }, signature) =>
        desk().requestBySig(
          guardian as string,
          number as bigint,
          newKey as string,
          deadline as bigint,
          signature,
          await consent(roll.person(FRESH), MEMBER, deadline as bigint),
        ),
      check: () => askedFor(FRESH),
    },
    approveBySig: {
      struct: Struct.Approve,
      signer: SECOND,
      message: (deadline) => ({ guardian: key(SECOND), number: MEMBER, newKey: key(FRESH), deadline }),
      bent: { guardian: () => key(FIRST), number: () => 2n, newKey: () => key(OTHER) },
      prepare: firstRequest,
      send: ({ guardian, number, newKey, deadline }, signature) =>
        desk().approveBySig(
          guardian as string,
          number as bigint,
          newKey as string,
          deadline as bigint,
          signature,
        ),
      check: async () => expect((await requestOf(MEMBER)).approvals).to.equal(2n),
    },
    vetoBySig: {
      struct: Struct.Veto,
      signer: OWNER,
      message: (deadline) => ({ account: key(OWNER), number: MEMBER, newKey: key(FRESH), deadline }),
      bent: { account: () => key(OTHER), number: () => 2n, newKey: () => key(OTHER) },
      prepare: firstRequest,
      send: ({ account, number, newKey, deadline }, signature) =>
        desk().vetoBySig(
          account as string,
          number as bigint,
          newKey as string,
          deadline as bigint,
          signature,
        ),
      check: () => askedFor(-1),
    },
    claimBySig: {
      struct: Struct.Claim,
      signer: FRESH,
      message: (deadline) => ({ number: MEMBER, newKey: key(FRESH), reasonDigest: REASONS, deadline }),
      bent: { number: () => 2n, newKey: () => key(OTHER), reasonDigest: () => id("stolen") },
      send: ({ number, newKey, reasonDigest, deadline }, signature) =>
        desk().claimBySig(
          number as bigint,
          newKey as string,
          reasonDigest as string,
          deadline as bigint,
          signature,
        ),
      check: async () => expect((await roll.recovery.claimOf(key(FRESH))).number).to.equal(MEMBER),
    },
  };

  const sign = (form: Form, message: object, signer: Signer = roll.person(form.signer)) =>
    signStruct(roll.recovery, signer, form.struct, { ...message });

  for (const [title, form] of Object.entries(forms)) {
    describe(title, () => {
      const field =
        Object.keys(form.bent).find((one) => ["account", "guardian", "newKey"].includes(one)) ?? "";
      const expectRefusal = (sending: Promise<unknown>, signer: unknown) =>
        expect(sending)
          .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsInvalidSignature")
          .withArgs(signer);

      /** The request as it is right. */
      async function right() {
        await form.prepare?.();
        return form.message(await soon());
      }

      it("reverts when the deadline has passed", async () => {
        const message = await right();
        const signature = await sign(form, message);
        const deadline = message.deadline as bigint;
        await roll.goTo(deadline);
        await expect(form.send(message, signature))
          .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsExpired")
          .withArgs(deadline, deadline + 1n);
      });

      it("reverts when somebody else signed", async () => {
        const message = await right();
        const nonce = await roll.recovery.nonces(key(form.signer));
        for (const signature of ["0x", await sign(form, { ...message, nonce }, roll.person(OTHER))]) {
          await expectRefusal(form.send(message, signature), key(form.signer));
        }
      });

      it("reverts for another nonce, another deadline, and any other value than was signed", async () => {
        const message = await right();
        const nonce = await roll.recovery.nonces(key(form.signer));
        const wrongNonce = await sign(form, { ...message, nonce: nonce + 1n });
        await expectRefusal(form.send(message, wrongNonce), key(form.signer));
        const signature = await sign(form, message);
        const later = { ...message, deadline: (message.deadline as bigint) + 1n };
        await expectRefusal(form.send(later, signature), key(form.signer));
        for (const [one, value] of Object.entries(form.bent)) {
          const bent = { ...message, [one]: value() };
          await expectRefusal(form.send(bent, signature), (bent as Record<string, unknown>)[field]);
        }
      });

      it("reverts when it was signed for another chain", async () => {
        const message = await right();
        const { name: struct, fields } = structOf(form.struct);
        const nonce = await roll.recovery.nonces(key(form.signer));
        const domain = { ...(await domainOf(roll.recovery)), chainId: 1n };
        const signature = await roll
          .person(form.signer)
          .signTypedData(domain, { [struct]: fields }, { ...message, nonce });
        await expectRefusal(form.send(message, signature), key(form.signer));
      });

      it("does what was signed, and uses up the nonce", async () => {
        const message = await right();
        const signature = await sign(form, message);
        const nonce = await roll.recovery.nonces(key(form.signer));
        await form.send(message, signature);
        await form.check();
        expect(await roll.recovery.nonces(key(form.signer))).to.equal(nonce + 1n);
      });

      it("does so once", async () => {
        const message = await right();
        const signature = await sign(form, message);
        await form.send(message, signature);
        await expectRefusal(form.send(message, signature), key(form.signer));
      });
    });
  }

  describe("vetoBySig", () => {
    it("does not end a request for another new key than it names", async () => {
      await firstRequest();
      const message = { account: key(OWNER), number: MEMBER, newKey: key(OTHER), deadline: await soon() };
      const signature = await signStruct(roll.recovery, roll.person(OWNER), Struct.Veto, message);
      await expect(desk().vetoBySig(key(OWNER), MEMBER, key(OTHER), message.deadline, signature))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoRequest")
        .withArgs(MEMBER, key(OTHER));
      await askedFor(FRESH);
    });

    it("reverts for a key that does not hold the number", async () => {
      await firstRequest();
      const message = { account: key(OTHER), number: MEMBER, newKey: key(FRESH), deadline: await soon() };
      const signature = await signStruct(roll.recovery, roll.person(OTHER), Struct.Veto, message);
      await expect(desk().vetoBySig(key(OTHER), MEMBER, key(FRESH), message.deadline, signature))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotHolder")
        .withArgs(MEMBER, key(OTHER));
    });
  });

  describe("requestBySig", () => {
    it("reverts without the new key's word", async () => {
      await twoGuardians();
      const message = { guardian: key(FIRST), number: MEMBER, newKey: key(FRESH), deadline: await soon() };
      const signature = await signStruct(roll.recovery, roll.person(FIRST), Struct.Request, message);
      for (const word of ["0x", signature]) {
        await expect(desk().requestBySig(key(FIRST), MEMBER, key(FRESH), message.deadline, signature, word))
          .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsInvalidSignature")
          .withArgs(key(FRESH));
      }
    });

    it("takes both words of a guardian who is the new key, the guardian's first", async () => {
      await twoGuardians();
      const deadline = await soon();
      const message = { guardian: key(FIRST), number: MEMBER, newKey: key(FIRST), deadline };
      const signature = await signStruct(roll.recovery, roll.person(FIRST), Struct.Request, message);
      const word = await consent(roll.person(FIRST), MEMBER, deadline, { nonce: 1n });
      await desk().requestBySig(key(FIRST), MEMBER, key(FIRST), deadline, signature, word);
      await askedFor(FIRST);
    });
  });

  context("given guardians, members and new keys that are contracts", () => {
    it("takes their word by ERC-1271", async () => {
      const wallets = [];
      for (const owner of [OWNER, FIRST, FRESH]) {
        wallets.push(await roll.ethers.deployContract("ContractWallet", [key(owner)]));
      }
      const [member = "", guardian = "", fresh = ""] = await Promise.all(
        wallets.map((one) => one.getAddress()),
      );
      const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
      await wallets[0]?.connect(roll.person(OWNER)).execute(roll.membership, join);
      const number = await roll.membership.numberOf(member);
      const deadline = await soon();
      const signed = (owner: number, struct: string, message: object) =>
        signStruct(roll.recovery, roll.person(owner), struct, { deadline, ...message });

      const guardians = { account: member, guardians: [guardian, key(SECOND)], threshold: 2, nonce: 0n };
      const naming = await signed(OWNER, Struct.NameGuardians, guardians);
      await desk().nameGuardiansBySig(member, [guardian, key(SECOND)], 2, deadline, naming);
      const asking = await signed(FIRST, Struct.Request, { guardian, number, newKey: fresh, nonce: 0n });
      const word = await signed(FRESH, Struct.Recover, { number, newKey: fresh, nonce: 0n });
      await desk().requestBySig(guardian, number, fresh, deadline, asking, word);
      expect((await requestOf(number)).newKey).to.equal(fresh);
      const no = await signed(OWNER, Struct.Veto, { account: member, number, newKey: fresh, nonce: 1n });
      await desk().vetoBySig(member, number, fresh, deadline, no);
      const claim = { number, newKey: fresh, reasonDigest: REASONS, nonce: 1n };
      await desk().claimBySig(number, fresh, REASONS, deadline, await signed(FRESH, Struct.Claim, claim));
      expect((await roll.recovery.claimOf(fresh)).number).to.equal(number);
    });
  });
});
