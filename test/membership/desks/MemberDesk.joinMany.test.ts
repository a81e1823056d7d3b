import { expect } from "chai";
import { type Interface, id, type Signer, Wallet } from "ethers";
import type { IMemberDesk } from "../../../typechain-types/contracts/membership/desks/MemberDesk.js";
import { TRANSACTION_GAS_LIMIT } from "../../helpers/attacks.js";
import { domainOf, signJoin, signResign } from "../../helpers/requests.js";
import { useRoll } from "../../helpers/roll.js";

type Request = IMemberDesk.JoinRequestStruct;

/** How the hostile wallet answers, as its contract numbers it. */
const Manner = {
  Agreeing: 0,
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

describe("MemberDesk", () => {
  const roll = useRoll();

  /** A key that nobody else has, without ether: it cannot but let others pay. */
  const newcomer = (index: number) => new Wallet(id(`newcomer ${index}`));

  async function requestOf(
    signer: Signer,
    change: { nonce?: bigint } & Partial<Request> = {},
  ): Promise<Request> {
    const { nonce, ...fields } = change;
    const message = {
      account: await signer.getAddress(),
      group: 1,
      codeDigest: roll.codeDigest,
      evidence: "0x",
      nonce: nonce ?? 0n,
      deadline: (await roll.now()) + 3_600n,
    };
    const signature = await signJoin(signer, await domainOf(roll.requests), message);
    return { ...message, signature, ...fields };
  }

  const many = (count: number) =>
    Promise.all(Array.from({ length: count }, (_, index) => requestOf(newcomer(index))));

  /** The deployer plays whoever pays, with all the gas that a transaction can have. */
  const send = (requests: Request[], gasLimit = TRANSACTION_GAS_LIMIT) =>
    roll.requests.connect(roll.deployer).joinMany(requests, { gasLimit });

  const reasonOf = (face: Interface, error: string, ...values: unknown[]) =>
    face.encodeErrorResult(error, values);

  async function wallet(manner: number) {
    const hostile = await roll.ethers.deployContract("HostileWallet");
    await hostile.behave(manner);
    const request = { ...(await requestOf(roll.person(0))), account: await hostile.getAddress() };
    return { hostile, request };
  }

  describe("joinMany", () => {
    context("when the batch is empty or too large", () => {
      it("reverts with its size and the limit", async () => {
        for (const size of [0, 101]) {
          const request = await requestOf(newcomer(0));
          await expect(send(Array(size).fill(request)))
            .to.be.revertedWithCustomError(roll.requests, "MemberDeskBatchSize")
            .withArgs(size, 100);
        }
      });
    });

    context("when all requests are good", () => {
      it("joins 50 in one transaction", async () => {
        const requests = await many(50);
        expect(await roll.requests.joinMany.staticCall(requests)).to.equal(50n);
        await expect(send(requests)).not.to.emit(roll.requests, "JoinSkipped");
        for (const [index, { account }] of requests.entries()) {
          expect(await roll.membership.numberOf(account)).to.equal(index + 1);
        }
        expect(await roll.membership.totalSupply()).to.equal(50n);
      });

      it("joins 50 keys that come back, suspended ones, in one transaction", async () => {
        const keys = Array.from({ length: 50 }, (_, index) => newcomer(index));
        await send(await many(50));
        const until = (await roll.now()) + 90n * 86_400n;
        for (const index of keys.keys()) await roll.governing.suspend(index + 1, 15, until);
        await roll.time.increase(40 * 86_400);
        const domain = await domainOf(roll.requests);
        for (const key of keys) {
          const message = { account: key.address, nonce: 1n, deadline: (await roll.now()) + 3_600n };
          await roll.requests.resignBySig(
            key.address,
            message.deadline,
            await signResign(key, domain, message),
          );
        }
        await roll.time.increase(40 * 86_400);
        const requests = await Promise.all(keys.map((key) => requestOf(key, { nonce: 2n })));
        const sent = await send(requests);
        await expect(sent).not.to.emit(roll.requests, "JoinSkipped");
        expect(await roll.membership.totalSupply()).to.equal(50n);
      });

      it("takes 100", async () => {
        await send(await many(100));
        expect(await roll.membership.totalSupply()).to.equal(100n);
      });

      it("brings participants' requests too", async () => {
        await roll.governing.setAdmissionPolicy(await roll.ethers.deployContract("AdmissionPolicyMock"));
        await send(await many(2));
        expect(await roll.membership.totalSupply()).to.equal(2n);
        expect((await roll.membership.member(2)).votesFrom).to.equal(0n);
      });
    });

    context("when some requests are bad", () => {
      it("passes each over with the reason, and joins the others", async () => {
        const { membership, requests: desk, codeDigest } = roll;
        const member = await roll.join(roll.person(1));
        const barred = await roll.join(roll.person(2));
        await roll.governing.end(barred);
        const past = await roll.now();
        const other = roll.ethers.id("another Code");
        const signed = async (signer: Signer, change: object) => {
          const message = { ...(await requestOf(signer)), nonce: 0n, ...change } as never;
          const signature = await signJoin(signer, await domainOf(desk), message);
          return { ...(message as Request), signature };
        };
        const good = await requestOf(newcomer(0));
        const forged = await requestOf(newcomer(1), { group: 2 });
        const late = await signed(newcomer(2), { deadline: past });
        const groupless = await signed(newcomer(3), { group: 6 });
        const wrong = await signed(newcomer(4), { codeDigest: other });
        const batch = [
          forged,
          late,
          groupless,
          wrong,
          await requestOf(roll.person(1)),
          await requestOf(roll.person(2)),
          good,
          good,
          await requestOf(newcomer(0), { nonce: 1n }),
          await requestOf(newcomer(5)),
        ];
        const sent = await send(batch);
        const moment = await roll.now();
        const number = await membership.numberOf(good.account);
        const { interface: ofDesk } = desk;
        const { interface: ofRoll } = membership;
        const expected = new Map([
          [0, reasonOf(ofDesk, "SignedRequestsInvalidSignature", forged.account)],
          [1, reasonOf(ofDesk, "SignedRequestsExpired", past, moment)],
          [2, reasonOf(ofRoll, "MembershipUnknownGroup", 6, 6)],
          [3, reasonOf(ofRoll, "MembershipWrongCodeDigest", other, codeDigest)],
          [4, reasonOf(ofRoll, "MembershipAlreadyMember", roll.person(1).address, member)],
          [5, reasonOf(ofRoll, "MembershipKeyBarred", roll.person(2).address, barred)],
          [7, reasonOf(ofDesk, "SignedRequestsInvalidSignature", good.account)],
          [8, reasonOf(ofRoll, "MembershipAlreadyMember", good.account, number)],
        ]);
        for (const [index, reason] of expected) {
          await expect(sent).to.emit(desk, "JoinSkipped").withArgs(index, batch[index]?.account, reason);
        }
        expect(await desk.queryFilter(desk.filters.JoinSkipped(), sent.blockNumber ?? 0)).to.have.length(8);
        expect(await membership.numberOf(newcomer(5))).to.equal(number + 1n);
        expect(await membership.lastNumber()).to.equal(number + 1n);
      });

      it("keeps the nonce of whom it passed over", async () => {
        const request = await requestOf(newcomer(0), { group: 2 });
        await send([request]);
        expect(await roll.requests.nonces(request.account)).to.equal(0n);
        await send([{ ...request, group: 1 }]);
        expect(await roll.membership.numberOf(request.account)).to.equal(1n);
      });

      it("answers how many joined", async () => {
        const bad = await requestOf(newcomer(0), { group: 2 });
        const requests = [bad, await requestOf(newcomer(1)), bad, await requestOf(newcomer(2))];
        expect(await roll.requests.joinMany.staticCall(requests)).to.equal(2n);
      });
    });

    context("given wallets that are contracts and mean harm", () => {
      for (const name of [
        "WrongMagic",
        "ShortAnswer",
        "Reverting",
        "Megabyte",
        "GasBurning",
        "Meddling",
      ] as const) {
        it(`passes over one that is ${name}, and joins the others`, async () => {
          const { hostile, request } = await wallet(Manner[name]);
          const join = roll.membership.interface.encodeFunctionData("join", [0, roll.codeDigest, "0x"]);
          await hostile.arm(roll.membership, join);
          const reason = reasonOf(roll.requests.interface, "SignedRequestsInvalidSignature", request.account);
          await expect(send([await requestOf(newcomer(0)), request, await requestOf(newcomer(1))]))
            .to.emit(roll.requests, "JoinSkipped")
            .withArgs(1, request.account, (given: string) => given === reason || given === "0x");
          expect(await roll.membership.numberOf(hostile)).to.equal(0n);
          expect(await roll.membership.totalSupply()).to.equal(2n);
        });
      }

      it("joins one that agrees", async () => {
        const { hostile, request } = await wallet(Manner.Agreeing);
        await send([request]);
        expect(await roll.membership.numberOf(hostile)).to.equal(1n);
      });

      it("bounds what 25 that burn gas cost, and joins 20 good ones behind them", async () => {
        const { request } = await wallet(Manner.GasBurning);
        const good = await many(20);
        const sent = await send([...Array<Request>(25).fill(request), ...good]);
        const gas = (await sent.wait())?.gasUsed ?? 0n;
        const share = await roll.requests.GAS_BY_REQUEST();
        expect(gas).to.be.greaterThan(25n * share);
        expect(gas).to.be.lessThan(31n * share);
        expect(await roll.membership.totalSupply()).to.equal(20n);
      });
    });

    context("when there is too little gas", () => {
      it("undoes everything, with the request that it would not have been enough for", async () => {
        const requests = await many(6);
        const share = await roll.requests.GAS_BY_REQUEST();
        const needed = share + share / 32n;
        await expect(send(requests, needed + 400_000n))
          .to.be.revertedWithCustomError(roll.requests, "MemberDeskGasTooLow")
          .withArgs(
            (index: bigint) => index > 0n && index < 6n,
            (left: bigint) => left < needed,
            needed,
          );
        expect(await roll.membership.totalSupply()).to.equal(0n);
        expect(await roll.requests.nonces(newcomer(0))).to.equal(0n);
      });

      it("never passes a good request over, however much gas whoever pays gives", async () => {
        const requests = await many(3);
        const share = await roll.requests.GAS_BY_REQUEST();
        let joined = 0;
        for (let gasLimit = share + 100_000n; gasLimit < share + 550_000n; gasLimit += 7_001n) {
          const answer = await roll.requests.joinMany
            .staticCall(requests, { gasLimit })
            .catch((): undefined => undefined);
          if (answer !== undefined) expect(answer, `with ${gasLimit} gas`).to.equal(3n);
          if (answer !== undefined) ++joined;
        }
        expect(joined).to.be.greaterThan(0).and.to.be.lessThan(65);
      });
    });
  });
});
