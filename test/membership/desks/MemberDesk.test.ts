import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { TRANSACTION_GAS_LIMIT } from "../../helpers/attacks.js";
import { domainOf, signRotate } from "../../helpers/requests.js";
import { MemberStatus, useRoll } from "../../helpers/roll.js";
import { signStruct } from "../../helpers/signing.js";

const RESIGN = "Resign(address account,uint256 nonce,uint256 deadline)";

describe("MemberDesk", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;
  const soon = async () => (await roll.now()) + 3_600n;
  /** Pays for everything here and is no member. */
  const desk = () => roll.requests.connect(roll.deployer);

  describe("resignBySig", () => {
    const sign = (index: number, deadline: bigint, change: object = {}) =>
      signStruct(roll.requests, roll.person(index), RESIGN, { account: key(index), deadline, ...change });

    context("given a member", () => {
      beforeEach(async () => {
        await roll.join(roll.person(0));
      });

      it("reverts when the deadline has passed", async () => {
        const deadline = await soon();
        const signature = await sign(0, deadline);
        await expect(roll.at(deadline + 1n, () => desk().resignBySig(key(0), deadline, signature)))
          .to.be.revertedWithCustomError(roll.requests, "SignedRequestsExpired")
          .withArgs(deadline, deadline + 1n);
      });

      it("reverts when somebody else signed, or another nonce or deadline was signed", async () => {
        const deadline = await soon();
        for (const signature of [
          await sign(1, deadline, { account: key(0) }),
          await sign(0, deadline, { nonce: 1n }),
          await sign(0, deadline + 1n),
        ]) {
          await expect(desk().resignBySig(key(0), deadline, signature))
            .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
            .withArgs(key(0));
        }
        expect(await roll.membership.numberOf(key(0))).to.equal(1n);
      });

      it("resigns whoever signed, in the last second too", async () => {
        const deadline = await soon();
        const signature = await sign(0, deadline);
        await expect(roll.at(deadline, () => desk().resignBySig(key(0), deadline, signature)))
          .to.emit(roll.membership, "MemberResigned")
          .withArgs(1, key(0))
          .and.to.emit(roll.membership, "Transfer")
          .withArgs(key(0), ZeroAddress, 1);
        expect((await roll.membership.member(1)).status).to.equal(MemberStatus.Resigned);
        expect(await roll.requests.nonces(key(0))).to.equal(1n);
      });

      it("reverts when it is sent again after the member came back", async () => {
        const deadline = await soon();
        const signature = await sign(0, deadline);
        await desk().resignBySig(key(0), deadline, signature);
        await roll.join(roll.person(0));
        await expect(desk().resignBySig(key(0), deadline, signature))
          .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
          .withArgs(key(0));
        expect(await roll.membership.numberOf(key(0))).to.equal(2n);
      });

      it("resigns a wallet that is a contract and agrees", async () => {
        const wallet = await roll.ethers.deployContract("ContractWallet", [key(0)]);
        const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
        await wallet.connect(roll.person(0)).execute(roll.membership, join);
        const account = await wallet.getAddress();
        const deadline = await soon();
        const signature = await sign(0, deadline, { account, nonce: 0n });
        await desk().resignBySig(account, deadline, signature);
        expect(await roll.membership.numberOf(account)).to.equal(0n);
        expect(await roll.membership.numberOf(key(0))).to.equal(1n);
      });
    });

    context("given a key that is no member", () => {
      it("reverts with the key", async () => {
        const deadline = await soon();
        await expect(desk().resignBySig(key(0), deadline, await sign(0, deadline)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipNotMember")
          .withArgs(key(0));
      });
    });
  });

  describe("rotateKeyBySig", () => {
    const consent = async (index: number, deadline: bigint, change: object = {}) =>
      signRotate(roll.person(index), await domainOf(roll.requests), {
        number: 1n,
        newKey: key(1),
        nonce: await roll.requests.nonces(key(index)),
        deadline,
        ...change,
      });
    const send = (deadline: bigint, old: string, fresh: string) =>
      desk().rotateKeyBySig(key(0), key(1), deadline, old, fresh);

    context("when the old key is no member", () => {
      it("reverts with the key", async () => {
        const deadline = await soon();
        await expect(send(deadline, await consent(0, deadline), await consent(1, deadline)))
          .to.be.revertedWithCustomError(roll.requests, "RollDeskNotMember")
          .withArgs(key(0));
      });
    });

    context("given a member", () => {
      beforeEach(async () => {
        await roll.join(roll.person(0), 3);
      });

      it("reverts when the deadline has passed", async () => {
        const deadline = await soon();
        const [old, fresh] = [await consent(0, deadline), await consent(1, deadline)];
        await expect(roll.at(deadline + 1n, () => send(deadline, old, fresh)))
          .to.be.revertedWithCustomError(roll.requests, "SignedRequestsExpired")
          .withArgs(deadline, deadline + 1n);
      });

      it("reverts without the old key's word, with the old key", async () => {
        const deadline = await soon();
        const fresh = await consent(1, deadline);
        for (const old of [
          "0x",
          fresh,
          await consent(2, deadline),
          await consent(0, deadline, { nonce: 1n }),
        ]) {
          await expect(send(deadline, old, fresh))
            .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
            .withArgs(key(0));
        }
      });

      it("reverts without the new key's word, with the new key", async () => {
        const deadline = await soon();
        const old = await consent(0, deadline);
        for (const fresh of [
          "0x",
          old,
          await consent(2, deadline),
          await consent(1, deadline, { number: 2n }),
        ]) {
          await expect(send(deadline, old, fresh))
            .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
            .withArgs(key(1));
        }
      });

      it("moves the number and uses up both nonces", async () => {
        const deadline = await soon();
        const [old, fresh] = [await consent(0, deadline), await consent(1, deadline)];
        await expect(send(deadline, old, fresh))
          .to.emit(roll.membership, "KeyRotated")
          .withArgs(1, key(0), key(1))
          .and.to.emit(roll.membership, "Transfer")
          .withArgs(key(0), key(1), 1);
        expect(await roll.membership.ownerOf(1)).to.equal(key(1));
        expect((await roll.membership.member(1)).group).to.equal(3);
        expect(await roll.requests.nonces(key(0))).to.equal(1n);
        expect(await roll.requests.nonces(key(1))).to.equal(1n);
      });

      it("reverts when it is sent again after the number came back", async () => {
        const deadline = await soon();
        const [old, fresh] = [await consent(0, deadline), await consent(1, deadline)];
        await send(deadline, old, fresh);
        await roll.rotate(roll.person(1), roll.person(0));
        await expect(send(deadline, old, fresh))
          .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
          .withArgs(key(0));
        expect(await roll.membership.ownerOf(1)).to.equal(key(0));
      });

      it("reverts for a key that is a member", async () => {
        const number = await roll.join(roll.person(1));
        const deadline = await soon();
        await expect(send(deadline, await consent(0, deadline), await consent(1, deadline)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
          .withArgs(key(1), number);
      });

      it("reverts for the member's own key, signed twice", async () => {
        const deadline = await soon();
        const signatures = [0n, 1n].map((nonce) => consent(0, deadline, { newKey: key(0), nonce }));
        const [first, second] = await Promise.all(signatures);
        await expect(desk().rotateKeyBySig(key(0), key(0), deadline, first, second))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
          .withArgs(key(0), 1);
      });

      it("reverts for a barred key", async () => {
        const number = await roll.join(roll.person(1));
        await roll.governing.end(number);
        const deadline = await soon();
        await expect(send(deadline, await consent(0, deadline), await consent(1, deadline)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
          .withArgs(key(1), number);
      });
    });
  });

  describe("joinOne", () => {
    it("reverts for everybody but the desk itself", async () => {
      const request = {
        account: key(0),
        group: 0,
        codeDigest: ZeroHash,
        evidence: "0x",
        deadline: 0n,
        signature: "0x",
      };
      for (const caller of [roll.person(0), roll.deployer]) {
        await expect(roll.requests.connect(caller).joinOne(request))
          .to.be.revertedWithCustomError(roll.requests, "MemberDeskUnauthorized")
          .withArgs(caller.address);
      }
    });
  });

  describe("GAS_BY_REQUEST", () => {
    it("lets 31 requests that use all of it fit into a transaction, with what the batch itself needs", async () => {
      expect(32n * (await roll.requests.GAS_BY_REQUEST())).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    });
  });
});
