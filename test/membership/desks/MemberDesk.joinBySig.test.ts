import { expect } from "chai";
import { getBytes, hexlify, type Signer, ZeroAddress, ZeroHash } from "ethers";
import type { ContractWallet } from "../../../typechain-types/index.js";
import { deployCoalition } from "../../helpers/fixture.js";
import { domainOf, type JoinRequest, signJoin } from "../../helpers/requests.js";
import { useRoll } from "../../helpers/roll.js";

const ORDER_OF_THE_CURVE = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("MemberDesk", () => {
  const roll = useRoll();

  /** A request of a person that is valid as it stands, but for what a test changes. */
  async function requestOf(account: string, changes: Partial<JoinRequest> = {}): Promise<JoinRequest> {
    return {
      account,
      group: 1,
      codeDigest: roll.codeDigest,
      evidence: "0x",
      nonce: await roll.requests.nonces(account),
      deadline: (await roll.now()) + 3600n,
      ...changes,
    };
  }

  async function sign(signer: Signer, request: JoinRequest): Promise<string> {
    return signJoin(signer, await domainOf(roll.requests), request);
  }

  /** The deployer plays whoever pays. */
  function send({ account, group, codeDigest, evidence, deadline }: JoinRequest, signature: string) {
    return roll.requests
      .connect(roll.deployer)
      .joinBySig(account, group, codeDigest, evidence, deadline, signature);
  }

  function expectRefusal(sending: Promise<unknown>, account: string) {
    return expect(sending)
      .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
      .withArgs(account);
  }

  describe("joinBySig", () => {
    context("when the deadline has passed", () => {
      it("reverts with the deadline and the moment", async () => {
        const request = await requestOf(roll.person(0).address);
        const signature = await sign(roll.person(0), request);
        await expect(roll.at(request.deadline + 1n, () => send(request, signature)))
          .to.be.revertedWithCustomError(roll.requests, "SignedRequestsExpired")
          .withArgs(request.deadline, request.deadline + 1n);
      });
    });

    context("in the last second before the deadline passes", () => {
      it("joins", async () => {
        const request = await requestOf(roll.person(0).address);
        const signature = await sign(roll.person(0), request);
        await roll.at(request.deadline, () => send(request, signature));
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(1);
      });
    });

    context("when somebody else signed", () => {
      it("reverts with the key that did not", async () => {
        const request = await requestOf(roll.person(0).address);
        await expectRefusal(send(request, await sign(roll.person(1), request)), request.account);
      });

      it("reverts for the one who pays, too", async () => {
        const request = await requestOf(roll.person(0).address);
        await expectRefusal(send(request, await sign(roll.deployer, request)), request.account);
      });
    });

    context("when one field differs from what was signed", () => {
      const changes: Record<string, (signed: JoinRequest) => Partial<JoinRequest>> = {
        account: () => ({ account: roll.person(1).address }),
        group: ({ group }) => ({ group: group + 1 }),
        codeDigest: () => ({ codeDigest: roll.ethers.id("something never accepted") }),
        evidence: () => ({ evidence: "0x00" }),
        deadline: ({ deadline }) => ({ deadline: deadline + 1n }),
      };

      for (const [field, change] of Object.entries(changes)) {
        it(`reverts for a forged ${field}`, async () => {
          const signed = await requestOf(roll.person(0).address);
          const forged = { ...signed, ...change(signed) };
          await expectRefusal(send(forged, await sign(roll.person(0), signed)), forged.account);
        });
      }

      it("reverts for a nonce that is not the next one", async () => {
        for (const nonce of [1n, 2n ** 256n - 1n]) {
          const request = await requestOf(roll.person(0).address, { nonce });
          await expectRefusal(send(request, await sign(roll.person(0), request)), request.account);
        }
      });
    });

    context("when it was signed for another domain", () => {
      it("reverts for another chain", async () => {
        const request = await requestOf(roll.person(0).address);
        const domain = { ...(await domainOf(roll.requests)), chainId: 1n };
        await expectRefusal(send(request, await signJoin(roll.person(0), domain, request)), request.account);
      });

      it("reverts for a twin of this roll on the same chain", async () => {
        const twin = await deployCoalition(roll.connection, roll.parameters);
        const request = await requestOf(roll.person(0).address);
        const signature = await signJoin(roll.person(0), await domainOf(twin.requests), request);
        await expectRefusal(send(request, signature), request.account);

        await twin.requests.joinBySig(
          request.account,
          request.group,
          request.codeDigest,
          request.evidence,
          request.deadline,
          signature,
        );
        expect(await twin.membership.numberOf(request.account)).to.equal(1);
      });

      it("reverts for another name or version", async () => {
        const request = await requestOf(roll.person(0).address);
        for (const other of [{ name: "DC-BAS Governor" }, { version: "2" }]) {
          const domain = { ...(await domainOf(roll.requests)), ...other };
          await expectRefusal(
            send(request, await signJoin(roll.person(0), domain, request)),
            request.account,
          );
        }
      });
    });

    context("when the signature is malformed", () => {
      const spoil: Record<string, (good: Uint8Array) => Uint8Array> = {
        "is empty": () => new Uint8Array(),
        "lacks its last byte": (good) => good.slice(0, 64),
        "has a byte too many": (good) => Uint8Array.from([...good, 0]),
        "is all zero": () => new Uint8Array(65),
        "is the mirror image in the upper half of the curve": (good) => {
          const s = BigInt(hexlify(good.slice(32, 64)));
          const mirrored = (ORDER_OF_THE_CURVE - s).toString(16).padStart(64, "0");
          return Uint8Array.from([
            ...good.slice(0, 32),
            ...getBytes(`0x${mirrored}`),
            good[64] === 27 ? 28 : 27,
          ]);
        },
      };

      for (const [flaw, change] of Object.entries(spoil)) {
        it(`reverts when it ${flaw}`, async () => {
          const request = await requestOf(roll.person(0).address);
          const good = getBytes(await sign(roll.person(0), request));
          await expectRefusal(send(request, hexlify(change(good))), request.account);
        });
      }

      it("reverts for the zero address, which garbage must not speak for", async () => {
        const request = await requestOf(ZeroAddress);
        await expectRefusal(send(request, hexlify(new Uint8Array(65))), ZeroAddress);
      });
    });

    context("when the request is signed well but cannot be granted", () => {
      it("reverts for an unknown group", async () => {
        const count = roll.parameters.Membership.groups.length;
        const request = await requestOf(roll.person(0).address, { group: count });
        await expect(send(request, await sign(roll.person(0), request)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipUnknownGroup")
          .withArgs(count, count);
      });

      it("reverts for a digest not in force", async () => {
        const request = await requestOf(roll.person(0).address, { codeDigest: ZeroHash });
        await expect(send(request, await sign(roll.person(0), request)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipWrongCodeDigest")
          .withArgs(ZeroHash, roll.codeDigest);
      });

      it("reverts for a member", async () => {
        const number = await roll.join(roll.person(0));
        const request = await requestOf(roll.person(0).address);
        await expect(send(request, await sign(roll.person(0), request)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
          .withArgs(request.account, number);
      });

      it("keeps the nonce, so that the request can be granted later", async () => {
        const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
        await policy.speakUp();
        await roll.governing.setAdmissionPolicy(policy);
        const request = await requestOf(roll.person(0).address);
        const signature = await sign(roll.person(0), request);
        await expect(send(request, signature))
          .to.be.revertedWithCustomError(policy, "AdmissionPolicyMockEvidenceWanting")
          .withArgs(request.account, request.evidence);
        expect(await roll.requests.nonces(request.account)).to.equal(0);

        await policy.expectRequest(request.account, request.group, request.evidence);
        await send(request, signature);
        expect(await roll.membership.numberOf(request.account)).to.equal(1);
      });
    });

    context("when all is well", () => {
      it("joins whoever signed, whoever pays", async () => {
        const request = await requestOf(roll.person(0).address, { group: 4 });
        await expect(send(request, await sign(roll.person(0), request)))
          .to.emit(roll.membership, "Transfer")
          .withArgs(ZeroAddress, request.account, 1)
          .and.to.emit(roll.membership, "Locked")
          .withArgs(1)
          .and.to.emit(roll.membership, "MemberJoined")
          .withArgs(1, 4, (votesFrom: bigint) => votesFrom > request.deadline, roll.codeDigest);
        expect(await roll.membership.numberOf(request.account)).to.equal(1);
        expect(await roll.membership.numberOf(roll.deployer)).to.equal(0);
        expect((await roll.membership.member(1)).group).to.equal(4);
      });

      it("answers the number", async () => {
        await roll.join(roll.person(1));
        const request = await requestOf(roll.person(0).address);
        const { account, group, codeDigest, evidence, deadline } = request;
        const signature = await sign(roll.person(0), request);
        expect(
          await roll.requests.joinBySig.staticCall(account, group, codeDigest, evidence, deadline, signature),
        ).to.equal(2);
      });

      it("uses up the nonce of the key that signed, and no other", async () => {
        const request = await requestOf(roll.person(0).address);
        await send(request, await sign(roll.person(0), request));
        expect(await roll.requests.nonces(request.account)).to.equal(1);
        expect(await roll.requests.nonces(roll.deployer)).to.equal(0);
      });

      it("joins whom the policy does not admit as a participant", async () => {
        await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
        const request = await requestOf(roll.person(0).address);
        await expect(send(request, await sign(roll.person(0), request)))
          .to.emit(roll.membership, "MemberJoined")
          .withArgs(1, request.group, 0, roll.codeDigest);
        expect((await roll.membership.member(1)).votesFrom).to.equal(0);
      });

      it("hands signed evidence of any length to the policy", async () => {
        const policy = await roll.ethers.deployContract("AdmissionPolicyMock");
        await roll.governing.setAdmissionPolicy(policy);
        const evidence = hexlify(Uint8Array.from({ length: 77 }, (_, i) => i));
        const request = await requestOf(roll.person(0).address, { evidence });
        await policy.expectRequest(request.account, request.group, evidence);
        await send(request, await sign(roll.person(0), request));
        expect(await roll.membership.numberOf(request.account)).to.equal(1);
        expect((await roll.membership.member(1)).votesFrom).to.be.greaterThan(0);
      });
    });

    context("when a request is sent again", () => {
      it("reverts while the member stays", async () => {
        const request = await requestOf(roll.person(0).address);
        const signature = await sign(roll.person(0), request);
        await send(request, signature);
        await expectRefusal(send(request, signature), request.account);
      });

      it("reverts after the member resigned", async () => {
        const request = await requestOf(roll.person(0).address);
        const signature = await sign(roll.person(0), request);
        await send(request, signature);
        await roll.membership.connect(roll.person(0)).resign();
        await expectRefusal(send(request, signature), request.account);
        expect(await roll.membership.numberOf(request.account)).to.equal(0);
      });
    });

    context("given a wallet that is a contract", () => {
      async function walletOf(owner: Signer): Promise<ContractWallet> {
        return roll.ethers.deployContract("ContractWallet", [await owner.getAddress()]);
      }

      it("joins it when it agrees by ERC-1271", async () => {
        const wallet = await walletOf(roll.person(0));
        const request = await requestOf(await wallet.getAddress());
        await send(request, await sign(roll.person(0), request));
        expect(await roll.membership.numberOf(wallet)).to.equal(1);
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
      });

      it("reverts when somebody else than its owner signed", async () => {
        const wallet = await walletOf(roll.person(0));
        const request = await requestOf(await wallet.getAddress());
        await expectRefusal(send(request, await sign(roll.person(1), request)), request.account);
      });

      for (const [manner, words] of [
        [1, "answers anything but the magic value"],
        [2, "reverts"],
      ] as const) {
        it(`reverts when it ${words}`, async () => {
          const wallet = await walletOf(roll.person(0));
          await wallet.behave(manner);
          const request = await requestOf(await wallet.getAddress());
          await expectRefusal(send(request, await sign(roll.person(0), request)), request.account);
        });
      }

      it("reverts when it knows no ERC-1271", async () => {
        const request = await requestOf(await roll.card.getAddress());
        await expectRefusal(send(request, await sign(roll.person(0), request)), request.account);
      });
    });
  });
});
