import { expect } from "chai";
import { ZeroAddress } from "ethers";
import type { IConfirmations } from "../../../typechain-types/contracts/membership/desks/Confirmations.js";
import { TRANSACTION_GAS_LIMIT } from "../../helpers/attacks.js";
import { Pause, useRoll } from "../../helpers/roll.js";
import { signStruct } from "../../helpers/signing.js";

const CONFIRM = "Confirm(address account,uint256 nonce,uint256 deadline)";

type Request = IConfirmations.ConfirmRequestStruct;

/** How the hostile wallet answers, as its contract numbers it. */
const Manner = {
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

describe("Confirmations", () => {
  const roll = useRoll();
  const key = (index: number) => roll.person(index).address;
  const soon = async () => (await roll.now()) + 3_600n;
  /** Pays for everything here and is no member. */
  const desk = () => roll.confirmations.connect(roll.deployer);
  const sign = (index: number, deadline: bigint, change: object = {}) =>
    signStruct(roll.confirmations, roll.person(index), CONFIRM, { account: key(index), deadline, ...change });
  const confirmedAt = async (number: bigint) => (await roll.membership.member(number)).confirmedAt;

  async function requestOf(index: number): Promise<Request> {
    const deadline = await soon();
    return { account: key(index), deadline, signature: await sign(index, deadline) };
  }

  /** So many members, and a period later nobody's confirmation is good any more. */
  async function seat(count: number) {
    for (let index = 0; index < count; index++) await roll.join(roll.person(index));
    const period = await roll.confirmations.period();
    await roll.goTo((await roll.votesFrom(BigInt(count))) + period + 1n);
  }

  describe("confirmBySig", () => {
    beforeEach(async () => {
      await seat(1);
    });

    it("reverts when the deadline has passed", async () => {
      const deadline = await soon();
      const signature = await sign(0, deadline);
      await expect(roll.at(deadline + 1n, () => desk().confirmBySig(key(0), deadline, signature)))
        .to.be.revertedWithCustomError(roll.confirmations, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("reverts when somebody else signed, or another nonce or deadline was signed", async () => {
      const deadline = await soon();
      for (const signature of [
        "0x",
        await sign(1, deadline, { account: key(0) }),
        await sign(0, deadline, { nonce: 1n }),
        await sign(0, deadline + 1n),
      ]) {
        await expect(desk().confirmBySig(key(0), deadline, signature))
          .to.be.revertedWithCustomError(roll.confirmations, "SignedRequestsInvalidSignature")
          .withArgs(key(0));
      }
      await expect(desk().confirmBySig(ZeroAddress, deadline, `0x${"00".repeat(65)}`))
        .to.be.revertedWithCustomError(roll.confirmations, "SignedRequestsInvalidSignature")
        .withArgs(ZeroAddress);
    });

    it("reverts for a key that is no member", async () => {
      const deadline = await soon();
      await expect(desk().confirmBySig(key(5), deadline, await sign(5, deadline)))
        .to.be.revertedWithCustomError(roll.confirmations, "RollDeskNotMember")
        .withArgs(key(5));
    });

    it("confirms whoever signed, in the last second too, and once", async () => {
      const deadline = await soon();
      const signature = await sign(0, deadline);
      await expect(roll.at(deadline, () => desk().confirmBySig(key(0), deadline, signature)))
        .to.emit(roll.membership, "MemberConfirmed")
        .withArgs(1);
      expect(await confirmedAt(1n)).to.equal(deadline);
      expect(await roll.confirmations.nonces(key(0))).to.equal(1n);
      await expect(desk().confirmBySig(key(0), deadline + 100n, signature))
        .to.be.revertedWithCustomError(roll.confirmations, "SignedRequestsInvalidSignature")
        .withArgs(key(0));
    });

    it("brings a dormant member back", async () => {
      await roll.confirmations.markDormant([1]);
      const deadline = await soon();
      await expect(desk().confirmBySig(key(0), deadline, await sign(0, deadline)))
        .to.emit(roll.membership, "VoteResumed")
        .withArgs(1, Pause.Dormant, (moment: bigint) => moment < deadline);
      expect((await roll.membership.member(1)).pauses).to.equal(0n);
    });

    it("confirms a wallet that is a contract and agrees", async () => {
      const wallet = await roll.ethers.deployContract("ContractWallet", [key(0)]);
      const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
      await wallet.connect(roll.person(0)).execute(roll.membership, join);
      const account = await wallet.getAddress();
      const deadline = await soon();
      await desk().confirmBySig(account, deadline, await sign(0, deadline, { account, nonce: 0n }));
      expect(await confirmedAt(2n)).to.equal(await roll.now());
      expect(await roll.confirmations.nonces(account)).to.equal(1n);
    });
  });

  describe("confirmOne", () => {
    it("reverts for everybody but the desk itself", async () => {
      await seat(1);
      const request = await requestOf(0);
      for (const caller of [roll.person(0), roll.deployer]) {
        await expect(roll.confirmations.connect(caller).confirmOne(request))
          .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsUnauthorized")
          .withArgs(caller.address);
      }
    });
  });

  describe("confirmMany", () => {
    const send = (requests: Request[], gasLimit = TRANSACTION_GAS_LIMIT) =>
      desk().confirmMany(requests, { gasLimit });

    context("when the batch is empty or too large", () => {
      it("reverts with its size and the limit", async () => {
        const request = await requestOf(0);
        for (const size of [0, 101]) {
          await expect(send(Array(size).fill(request)))
            .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsBatchSize")
            .withArgs(size, 100);
        }
      });
    });

    context("given members", () => {
      beforeEach(async () => {
        await seat(4);
      });

      it("confirms all, the dormant too, and answers how many", async () => {
        await roll.confirmations.markDormant([1, 2, 3]);
        const requests = await Promise.all([0, 1, 2, 3].map(requestOf));
        expect(await roll.confirmations.confirmMany.staticCall(requests)).to.equal(4n);
        await expect(send(requests)).not.to.emit(roll.confirmations, "ConfirmationSkipped");
        for (const number of [1n, 2n, 3n, 4n]) {
          expect(await confirmedAt(number)).to.equal(await roll.now());
          expect((await roll.membership.member(number)).pauses).to.equal(0n);
        }
      });

      it("passes the bad over with their reasons, and confirms the others", async () => {
        const past = await roll.now();
        const late = { account: key(1), deadline: past, signature: await sign(1, past) };
        const forged = { ...(await requestOf(2)), account: key(3) };
        const good = await requestOf(0);
        const batch = [late, good, forged, await requestOf(7), good, await requestOf(3)];
        const sent = await send(batch);
        const moment = await roll.now();
        const { interface: face } = roll.confirmations;
        const expected: [number, string][] = [
          [0, face.encodeErrorResult("SignedRequestsExpired", [past, moment])],
          [2, face.encodeErrorResult("SignedRequestsInvalidSignature", [key(3)])],
          [3, face.encodeErrorResult("RollDeskNotMember", [key(7)])],
          [4, face.encodeErrorResult("SignedRequestsInvalidSignature", [key(0)])],
        ];
        for (const [index, reason] of expected) {
          await expect(sent)
            .to.emit(roll.confirmations, "ConfirmationSkipped")
            .withArgs(index, batch[index]?.account, reason);
        }
        for (const number of [1n, 4n]) expect(await confirmedAt(number)).to.equal(moment);
        for (const number of [2n, 3n]) expect(await confirmedAt(number)).to.be.lessThan(past);
        expect(await roll.confirmations.nonces(key(7))).to.equal(0n);
      });

      for (const [name, manner] of Object.entries(Manner)) {
        it(`passes over a wallet that is ${name}, and confirms the others`, async () => {
          const wallet = await roll.ethers.deployContract("HostileWallet");
          const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
          await wallet.act(roll.membership, join);
          await wallet.arm(roll.confirmations, roll.confirmations.interface.encodeFunctionData("confirm"));
          await wallet.behave(manner);
          const joined = await confirmedAt(5n);
          const account = await wallet.getAddress();
          const hostile = { account, deadline: await soon(), signature: "0x" };
          const reason = roll.confirmations.interface.encodeErrorResult("SignedRequestsInvalidSignature", [
            account,
          ]);
          await expect(send([await requestOf(0), hostile, await requestOf(1)]))
            .to.emit(roll.confirmations, "ConfirmationSkipped")
            .withArgs(1, account, (given: string) => given === reason || given === "0x");
          expect(await confirmedAt(5n)).to.equal(joined);
          for (const number of [1n, 2n]) expect(await confirmedAt(number)).to.equal(await roll.now());
        });
      }

      it("undoes everything when there is too little gas", async () => {
        const requests = await Promise.all([0, 1, 2, 3].map(requestOf));
        await expect(send(requests, 420_000n))
          .to.be.revertedWithCustomError(roll.confirmations, "ConfirmationsGasTooLow")
          .withArgs(
            (index: bigint) => index > 0n && index < 4n,
            (left: bigint) => left < 257_812n,
            257_812n,
          );
        expect(await roll.confirmations.nonces(key(0))).to.equal(0n);
      });

      it("never passes a good one over, however much gas whoever pays gives", async () => {
        await roll.confirmations.markDormant([1, 2, 3, 4]);
        const requests = await Promise.all([0, 1, 2].map(requestOf));
        let confirmed = 0;
        for (let gasLimit = 300_000n; gasLimit < 800_000n; gasLimit += 7_001n) {
          const answer = await roll.confirmations.confirmMany
            .staticCall(requests, { gasLimit })
            .catch((): undefined => undefined);
          if (answer === undefined) continue;
          expect(answer, `with ${gasLimit} gas`).to.equal(3n);
          ++confirmed;
        }
        expect(confirmed).to.be.greaterThan(0).and.to.be.lessThan(72);
      });

      it("gives each enough for the return of a dormant member, twice over", async () => {
        await roll.confirmations.markDormant([1]);
        const deadline = await soon();
        const sent = await desk().confirmBySig(key(0), deadline, await sign(0, deadline));
        const gas = (await sent.wait())?.gasUsed ?? 0n;
        expect(2n * gas).to.be.lessThan(await roll.confirmations.GAS_BY_REQUEST());
      });
    });
  });
});
