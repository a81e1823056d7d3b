import { expect } from "chai";
import { type Signer, ZeroAddress } from "ethers";
import { deployCoalition } from "../../helpers/fixture.js";
import { domainOf, type RotateRequest, signRotate } from "../../helpers/requests.js";
import { MemberStatus, mask, Right, Standing, useRoll } from "../../helpers/roll.js";

const DAY = 86_400n;

describe("MemberDesk", () => {
  const roll = useRoll();

  /** The consent of a key to take a number over, valid as it stands but for what a test changes. */
  async function requestFor(newKey: string, changes: Partial<RotateRequest> = {}): Promise<RotateRequest> {
    return {
      number: 1n,
      newKey,
      nonce: await roll.requests.nonces(newKey),
      deadline: (await roll.now()) + 3600n,
      ...changes,
    };
  }

  async function sign(signer: Signer, request: RotateRequest): Promise<string> {
    return signRotate(signer, await domainOf(roll.requests), request);
  }

  function send(oldKey: Signer, { newKey, deadline }: RotateRequest, signature: string) {
    return roll.requests.connect(oldKey).rotateKey(newKey, deadline, signature);
  }

  function expectInvalid(sending: Promise<unknown>, newKey: string) {
    return expect(sending)
      .to.be.revertedWithCustomError(roll.requests, "SignedRequestsInvalidSignature")
      .withArgs(newKey);
  }

  describe("rotateKey", () => {
    context("when the caller is no member", () => {
      it("reverts before it looks at the signature", async () => {
        const request = await requestFor(roll.person(1).address);
        for (const signature of [await sign(roll.person(1), request), "0x"]) {
          await expect(send(roll.person(0), request, signature))
            .to.be.revertedWithCustomError(roll.requests, "RollDeskNotMember")
            .withArgs(roll.person(0).address);
        }
      });

      it("reverts for the key that was rotated away", async () => {
        await roll.join(roll.person(0));
        await roll.rotate(roll.person(0), roll.person(1));
        const request = await requestFor(roll.person(2).address);
        await expect(send(roll.person(0), request, await sign(roll.person(2), request)))
          .to.be.revertedWithCustomError(roll.requests, "RollDeskNotMember")
          .withArgs(roll.person(0).address);
      });
    });

    context("given a member", () => {
      beforeEach(async () => {
        await roll.join(roll.person(0), 3);
      });

      it("reverts when the deadline has passed", async () => {
        const request = await requestFor(roll.person(1).address);
        const signature = await sign(roll.person(1), request);
        await expect(roll.at(request.deadline + 1n, () => send(roll.person(0), request, signature)))
          .to.be.revertedWithCustomError(roll.requests, "SignedRequestsExpired")
          .withArgs(request.deadline, request.deadline + 1n);
      });

      it("rotates in the last second of the deadline", async () => {
        const request = await requestFor(roll.person(1).address);
        const signature = await sign(roll.person(1), request);
        await roll.at(request.deadline, () => send(roll.person(0), request, signature));
        expect(await roll.membership.numberOf(roll.person(1))).to.equal(1);
      });

      it("reverts when a stranger signed for the new key", async () => {
        const request = await requestFor(roll.person(1).address);
        await expectInvalid(
          send(roll.person(0), request, await sign(roll.person(2), request)),
          request.newKey,
        );
      });

      it("reverts when the member signed for the new key", async () => {
        const request = await requestFor(roll.person(1).address);
        await expectInvalid(
          send(roll.person(0), request, await sign(roll.person(0), request)),
          request.newKey,
        );
      });

      it("reverts for the zero address, whatever the signature", async () => {
        const request = await requestFor(ZeroAddress);
        await expectInvalid(send(roll.person(0), request, `0x${"00".repeat(65)}`), ZeroAddress);
      });

      it("reverts when the consent was given for another number", async () => {
        await roll.join(roll.person(2));
        const request = await requestFor(roll.person(1).address, { number: 2n });
        await expectInvalid(
          send(roll.person(0), request, await sign(roll.person(1), request)),
          request.newKey,
        );
      });

      it("reverts when another nonce, deadline or key was signed", async () => {
        const request = await requestFor(roll.person(1).address);
        for (const change of [
          { nonce: 1n },
          { deadline: request.deadline + 1n },
          { newKey: roll.person(2).address },
        ]) {
          const signature = await sign(roll.person(1), { ...request, ...change });
          await expectInvalid(send(roll.person(0), request, signature), request.newKey);
        }
      });

      it("reverts when it was signed for another chain or a twin of this roll", async () => {
        const request = await requestFor(roll.person(1).address);
        const twin = await deployCoalition(roll.connection, roll.parameters);
        const here = await domainOf(roll.requests);
        for (const domain of [{ ...here, chainId: 1n }, await domainOf(twin.requests)]) {
          const signature = await signRotate(roll.person(1), domain, request);
          await expectInvalid(send(roll.person(0), request, signature), request.newKey);
        }
      });

      it("reverts when the new key is a member, with its number", async () => {
        const number = await roll.join(roll.person(1));
        await expect(roll.rotate(roll.person(0), roll.person(1)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
          .withArgs(roll.person(1).address, number);
      });

      it("reverts when the new key is the old one", async () => {
        await expect(roll.rotate(roll.person(0), roll.person(0)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
          .withArgs(roll.person(0).address, 1);
      });

      it("reverts when the new key is barred, with the number it held", async () => {
        const number = await roll.join(roll.person(1));
        await roll.governing.end(number);
        await expect(roll.rotate(roll.person(0), roll.person(1)))
          .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
          .withArgs(roll.person(1).address, number);
      });

      it("announces the move", async () => {
        await expect(roll.rotate(roll.person(0), roll.person(1)))
          .to.emit(roll.membership, "Transfer")
          .withArgs(roll.person(0).address, roll.person(1).address, 1)
          .and.to.emit(roll.membership, "KeyRotated")
          .withArgs(1, roll.person(0).address, roll.person(1).address);
      });

      it("moves number, group and maturity, and counts nobody twice", async () => {
        const before = await roll.membership.member(1);
        await roll.rotate(roll.person(0), roll.person(1));
        const after = await roll.membership.member(1);
        expect(after.key).to.equal(roll.person(1).address);
        expect(after.status).to.equal(MemberStatus.Active);
        expect(after.group).to.equal(before.group);
        expect(after.joinedAt).to.equal(before.joinedAt);
        expect(after.votesFrom).to.equal(before.votesFrom);
        expect(after.leftAt).to.equal(0);
        expect(await roll.membership.ownerOf(1)).to.equal(roll.person(1).address);
        expect(await roll.membership.balanceOf(roll.person(0))).to.equal(0);
        expect(await roll.membership.balanceOf(roll.person(1))).to.equal(1);
        expect(await roll.membership.numberOf(roll.person(0))).to.equal(0);
        expect(await roll.membership.totalSupply()).to.equal(1);
        expect(await roll.membership.lastNumber()).to.equal(1);
      });

      it("takes the vote from the old key and gives it to the new one", async () => {
        await roll.goTo(await roll.votesFrom(1n));
        await roll.rotate(roll.person(0), roll.person(1));
        expect(await roll.membership.getVotes(roll.person(0))).to.equal(0);
        expect(await roll.membership.getVotes(roll.person(1))).to.equal(1);
      });

      it("uses up the new key's nonce, not the old one's", async () => {
        await roll.rotate(roll.person(0), roll.person(1));
        expect(await roll.requests.nonces(roll.person(0))).to.equal(0);
        expect(await roll.requests.nonces(roll.person(1))).to.equal(1);
      });

      it("takes suspensions along", async () => {
        const until = (await roll.now()) + 30n * DAY;
        await roll.governing.suspend(1, mask(Right.Speak), until);
        await roll.rotate(roll.person(0), roll.person(1));
        const [standing, , , explanation] = await roll.membership.standingOf(
          roll.person(1),
          Right.Speak,
          await roll.now(),
        );
        expect(standing).to.equal(Standing.Suspended);
        expect(explanation).to.equal(until);
        expect(await roll.entitled(roll.person(1), Right.Speak)).to.equal(0);
      });

      it("lets the new key be suspended in its turn", async () => {
        await roll.rotate(roll.person(0), roll.person(1));
        await roll.governing.suspend(1, mask(Right.Vote), (await roll.now()) + DAY);
        expect(await roll.entitled(roll.person(1), Right.Vote)).to.equal(0);
      });

      it("moves to a key that resigned before", async () => {
        await roll.join(roll.person(1), 1);
        await roll.membership.connect(roll.person(1)).resign();
        await roll.rotate(roll.person(0), roll.person(1));
        expect(await roll.membership.numberOf(roll.person(1))).to.equal(1);
        expect((await roll.membership.member(2)).status).to.equal(MemberStatus.Resigned);
        expect((await roll.membership.member(2)).votesFrom).to.equal(0);
      });

      it("moves to a key whose bar was pardoned", async () => {
        await roll.governing.end(await roll.join(roll.person(1)));
        await roll.governing.pardon(roll.person(1));
        await roll.rotate(roll.person(0), roll.person(1));
        expect(await roll.membership.numberOf(roll.person(1))).to.equal(1);
      });

      it("moves to a wallet that is a contract, and away from it", async () => {
        const wallet = await roll.ethers.deployContract("ContractWallet", [roll.person(5).address]);
        const walletAddress = await wallet.getAddress();
        const request = await requestFor(walletAddress);
        await send(roll.person(0), request, await sign(roll.person(5), request));
        expect(await roll.membership.numberOf(wallet)).to.equal(1);

        const back = await requestFor(roll.person(6).address);
        const call = roll.requests.interface.encodeFunctionData("rotateKey", [
          back.newKey,
          back.deadline,
          await sign(roll.person(6), back),
        ]);
        await wallet.connect(roll.person(5)).execute(roll.requests, call);
        expect(await roll.membership.numberOf(roll.person(6))).to.equal(1);
        expect(await roll.membership.numberOf(wallet)).to.equal(0);
      });

      it("reverts when a wallet that is a contract refuses", async () => {
        const wallet = await roll.ethers.deployContract("ContractWallet", [roll.person(5).address]);
        await wallet.behave(2);
        const request = await requestFor(await wallet.getAddress());
        await expectInvalid(
          send(roll.person(0), request, await sign(roll.person(5), request)),
          request.newKey,
        );
      });
    });

    context("given a key rotated there and back", () => {
      it("returns the number to the first key", async () => {
        await roll.join(roll.person(0));
        await roll.rotate(roll.person(0), roll.person(1));
        await roll.rotate(roll.person(1), roll.person(0));
        expect(await roll.membership.ownerOf(1)).to.equal(roll.person(0).address);
        expect(await roll.membership.numberOf(roll.person(1))).to.equal(0);
        expect(await roll.membership.totalSupply()).to.equal(1);
      });

      it("reverts when the first consent is sent again", async () => {
        await roll.join(roll.person(0));
        const request = await requestFor(roll.person(1).address);
        const signature = await sign(roll.person(1), request);
        await send(roll.person(0), request, signature);
        await roll.rotate(roll.person(1), roll.person(0));
        await expectInvalid(send(roll.person(0), request, signature), request.newKey);
      });

      it("keeps one vote at every moment of the journey", async () => {
        const { membership, person } = roll;
        await roll.join(person(0));
        const boundary = await roll.votesFrom(1n);
        const stops = [boundary + 10n, boundary + 20n, boundary + 30n];
        const journey = [person(0), person(1), person(0), person(2)];
        for (const [i, stop] of stops.entries()) {
          const [from, to] = [journey[i] as Signer, journey[i + 1] as Signer];
          const request = await requestFor(await to.getAddress(), { deadline: stop });
          const signature = await sign(to, request);
          await roll.at(stop, () => send(from, request, signature));
        }
        await roll.goTo(boundary + 100n);
        for (const moment of [-1n, 0n, 1n, 9n, 10n, 11n, 19n, 20n, 21n, 29n, 30n, 31n]) {
          const holder = journey[stops.filter((stop) => stop <= boundary + moment).length];
          for (const someone of [person(0), person(1), person(2)]) {
            const expected = moment >= 0n && someone === holder ? 1 : 0;
            expect(await membership.getPastVotes(someone, boundary + moment)).to.equal(expected);
          }
          expect(await membership.getPastTotalSupply(boundary + moment)).to.equal(moment >= 0n ? 1 : 0);
        }
      });
    });

    context("given a key that was rotated away", () => {
      it("may join again as a new number", async () => {
        await roll.join(roll.person(0));
        await roll.rotate(roll.person(0), roll.person(1));
        expect(await roll.join(roll.person(0))).to.equal(2);
        expect(await roll.membership.ownerOf(1)).to.equal(roll.person(1).address);
      });

      it("is barred with the key that holds the number when that is ended, until it is pardoned", async () => {
        await roll.join(roll.person(0));
        await roll.rotate(roll.person(0), roll.person(1));
        await roll.governing.end(1);
        for (const person of [roll.person(0), roll.person(1)]) {
          await expect(roll.join(person))
            .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
            .withArgs(person.address, 1);
        }
        await expect(roll.governing.pardon(roll.person(0).address))
          .to.emit(roll.membership, "KeyPardoned")
          .withArgs(roll.person(0).address, 1);
        expect(await roll.join(roll.person(0))).to.equal(2);
      });
    });
  });
});
