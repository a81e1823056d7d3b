import { expect } from "chai";
import type { Signer } from "ethers";
import { domainOf } from "../../helpers/requests.js";
import { Standing, useRoll } from "../../helpers/roll.js";

const TAKE = {
  TakeDelegations: [
    { name: "account", type: "address" },
    { name: "limit", type: "uint8" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const DECLINE = {
  Decline: [
    { name: "account", type: "address" },
    { name: "number", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const DELEGATE = {
  Delegate: [
    { name: "delegator", type: "address" },
    { name: "delegatee", type: "address" },
    { name: "ends", type: "uint48" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};

describe("Delegations", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;
  /** Pays for everything here and is no member. */
  const payer = () => roll.person(9);

  beforeEach(async () => {
    for (let index = 0; index < 4; index++) await roll.join(roll.person(index), 1);
    await roll.goTo(await roll.votesFrom(4n));
    await roll.delegations.connect(roll.person(0)).takeDelegations(5);
  });

  const soon = async () => (await roll.now()) + 3_600n;

  async function sign(
    signer: Signer,
    types: typeof TAKE | typeof DECLINE | typeof DELEGATE | typeof DELEGATION,
    value: object,
  ) {
    return signer.signTypedData(await domainOf(roll.delegations), types, value);
  }

  describe("takeDelegationsBySig", () => {
    it("sets the limit of who signed, once", async () => {
      const deadline = await soon();
      const value = { account: key(1), limit: 4, nonce: 0n, deadline };
      const signature = await sign(roll.person(1), TAKE, value);
      const desk = roll.delegations.connect(payer());
      await expect(desk.takeDelegationsBySig(key(1), 4, deadline, signature))
        .to.emit(roll.delegations, "DelegationLimitSet")
        .withArgs(2n, 4n);
      expect(await roll.delegations.nonces(key(1))).to.equal(1n);
      await expect(desk.takeDelegationsBySig(key(1), 4, deadline, signature))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
        .withArgs(key(1));
    });

    it("reverts after the deadline, and for another limit than was signed", async () => {
      const deadline = await soon();
      const signature = await sign(roll.person(1), TAKE, { account: key(1), limit: 4, nonce: 0n, deadline });
      await expect(roll.delegations.takeDelegationsBySig(key(1), 5, deadline, signature))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
        .withArgs(key(1));
      const late = deadline + 1n;
      await expect(roll.at(late, () => roll.delegations.takeDelegationsBySig(key(1), 4, deadline, signature)))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsExpired")
        .withArgs(deadline, late);
    });
  });

  describe("declineBySig", () => {
    /** The second and the third member delegate to the first, who signs that it declines the second. */
    async function declined() {
      for (const index of [1, 2]) await roll.membership.connect(roll.person(index)).delegate(key(0));
      const deadline = await soon();
      const value = { account: key(0), number: 2n, nonce: 0n, deadline };
      return { deadline, signature: await sign(roll.person(0), DECLINE, value) };
    }

    it("declines for who signed, whoever pays, once", async () => {
      const { deadline, signature } = await declined();
      const desk = roll.delegations.connect(payer());
      await expect(desk.declineBySig(key(0), 2n, deadline, signature))
        .to.emit(roll.delegations, "DelegationEnded")
        .withArgs(2n, 1n);
      expect(await roll.delegations.nonces(key(0))).to.equal(1n);
      await roll.membership.connect(roll.person(1)).delegate(key(0));
      await expect(desk.declineBySig(key(0), 2n, deadline, signature))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
        .withArgs(key(0));
      expect(await roll.membership.delegates(key(1))).to.equal(key(0));
    });

    it("reverts for another delegator, delegate or deadline than was signed", async () => {
      const { deadline, signature } = await declined();
      for (const [account, number, until] of [
        [key(0), 3n, deadline],
        [key(3), 2n, deadline],
        [key(0), 2n, deadline + 1n],
      ] as const) {
        await expect(roll.delegations.declineBySig(account, number, until, signature))
          .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
          .withArgs(account);
      }
    });

    it("reverts after the deadline", async () => {
      const { deadline, signature } = await declined();
      const late = deadline + 1n;
      await expect(roll.at(late, () => roll.delegations.declineBySig(key(0), 2n, deadline, signature)))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsExpired")
        .withArgs(deadline, late);
    });
  });

  describe("delegateUntilBySig", () => {
    it("delegates for who signed, whoever pays, once", async () => {
      const [ends, deadline] = [await roll.delegations.longestEnd(), await soon()];
      const value = { delegator: key(1), delegatee: key(0), ends, nonce: 0n, deadline };
      const signature = await sign(roll.person(1), DELEGATE, value);
      const desk = roll.delegations.connect(payer());
      await expect(desk.delegateUntilBySig(key(1), key(0), ends, deadline, signature))
        .to.emit(roll.delegations, "VoteDelegated")
        .withArgs(2n, 1n, ends);
      await roll.membership.connect(roll.person(1)).delegate(key(1));
      await expect(desk.delegateUntilBySig(key(1), key(0), ends, deadline, signature))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
        .withArgs(key(1));
      expect(await roll.membership.delegates(key(1))).to.equal(key(1));
    });

    for (const [what, change] of [
      ["another delegator", (v: Value) => ({ ...v, delegator: key(2) })],
      ["another delegatee", (v: Value) => ({ ...v, delegatee: key(2) })],
      ["another end", (v: Value) => ({ ...v, ends: v.ends - 15n * 86_400n })],
      ["another deadline", (v: Value) => ({ ...v, deadline: v.deadline + 1n })],
    ] as const) {
      it(`reverts for ${what} than was signed`, async () => {
        const [ends, deadline] = [await roll.delegations.longestEnd(), await soon()];
        const value = { delegator: key(1), delegatee: key(0), ends, nonce: 0n, deadline };
        const signature = await sign(roll.person(1), DELEGATE, value);
        const sent = change(value);
        await expect(
          roll.delegations.delegateUntilBySig(
            sent.delegator,
            sent.delegatee,
            sent.ends,
            sent.deadline,
            signature,
          ),
        )
          .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
          .withArgs(sent.delegator);
      });
    }

    it("reverts after the deadline", async () => {
      const [ends, deadline] = [await roll.delegations.longestEnd(), await soon()];
      const value = { delegator: key(1), delegatee: key(0), ends, nonce: 0n, deadline };
      const signature = await sign(roll.person(1), DELEGATE, value);
      const late = deadline + 1n;
      await expect(
        roll.at(late, () => roll.delegations.delegateUntilBySig(key(1), key(0), ends, deadline, signature)),
      )
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsExpired")
        .withArgs(deadline, late);
    });

    it("takes the signature of a wallet that is a contract, by ERC-1271", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [key(5)]);
      const address = await wallet.getAddress();
      const data = roll.membership.interface.encodeFunctionData("join", [1, roll.codeDigest, "0x"]);
      await wallet.connect(roll.person(5)).execute(await roll.membership.getAddress(), data);
      await roll.goTo(await roll.votesFrom(5n));
      const [ends, deadline] = [await roll.delegations.longestEnd(), await soon()];
      const value = { delegator: address, delegatee: key(0), ends, nonce: 0n, deadline };
      const signature = await sign(roll.person(5), DELEGATE, value);
      await roll.delegations.connect(payer()).delegateUntilBySig(address, key(0), ends, deadline, signature);
      expect(await roll.membership.delegates(address)).to.equal(key(0));
      // A stranger's signature in the wallet's name is none.
      const forged = await sign(roll.person(6), DELEGATE, { ...value, nonce: 1n });
      await expect(roll.delegations.delegateUntilBySig(address, key(0), ends, deadline, forged))
        .to.be.revertedWithCustomError(roll.delegations, "SignedRequestsInvalidSignature")
        .withArgs(address);
    });
  });

  describe("delegateBySig of the roll (ERC-5805)", () => {
    async function signed(signer: Signer, delegatee: string, nonce: bigint, expiry: bigint) {
      const signature = await sign(signer, DELEGATION, { delegatee, nonce, expiry });
      return roll.ethers.Signature.from(signature);
    }

    it("delegates for who signed, until the last moment possible, once", async () => {
      const expiry = await soon();
      const { v, r, s } = await signed(roll.person(1), key(0), 0n, expiry);
      const face = roll.membership.connect(payer());
      await expect(face.delegateBySig(key(0), 0n, expiry, v, r, s))
        .to.emit(roll.membership, "DelegateChanged")
        .withArgs(key(1), key(1), key(0));
      expect((await roll.delegations.delegationOf(2n)).ends).to.equal(await roll.delegations.longestEnd());
      await expect(face.delegateBySig(key(0), 0n, expiry, v, r, s))
        .to.be.revertedWithCustomError(roll.delegations, "InvalidAccountNonce")
        .withArgs(key(1), 1n);
    });

    it("reverts after the expiry", async () => {
      const expiry = await soon();
      const { v, r, s } = await signed(roll.person(1), key(0), 0n, expiry);
      await roll.goTo(expiry + 1n);
      await expect(roll.membership.delegateBySig(key(0), 0n, expiry, v, r, s))
        .to.be.revertedWithCustomError(roll.delegations, "VotesExpiredSignature")
        .withArgs(expiry);
    });

    it("takes nothing that was changed after signing: it then is another key's, and no member's", async () => {
      const expiry = await soon();
      const { v, r, s } = await signed(roll.person(1), key(0), 0n, expiry);
      await expect(roll.membership.delegateBySig(key(2), 0n, expiry, v, r, s)).to.be.revertedWithCustomError(
        roll.delegations,
        "RollDeskRefused",
      );
      const stranger = await signed(roll.person(8), key(0), 0n, expiry);
      await expect(roll.membership.delegateBySig(key(0), 0n, expiry, stranger.v, stranger.r, stranger.s))
        .to.be.revertedWithCustomError(roll.delegations, "RollDeskRefused")
        .withArgs(key(8), Standing.NotMember, 0n);
    });
  });

  type Value = { delegator: string; delegatee: string; ends: bigint; nonce: bigint; deadline: bigint };
});
