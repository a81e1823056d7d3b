import { expect } from "chai";
import { network } from "hardhat";
import { FAR, gasOf, Receipt, TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import { Support } from "../helpers/governor.js";
import {
  COSIGNATURE_GAS,
  foundStatements,
  foundVoted,
  HOSTILE,
  memberAt,
  signCosign,
  signFile,
  speaker,
  TEXT,
  type Voted,
  Voters,
  WALLET,
  WINDOW,
} from "../helpers/statements.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** How the hostile wallet answers, as its contract numbers it. */
const Manner = {
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

type Signed = Awaited<ReturnType<typeof signCosign>>;

const now = async () => BigInt(await time.latest());

/** The seventh member's statement, number 1. */
async function filed() {
  const scene = await foundVoted(connection);
  await speaker(scene, 6).file(scene.decision.id, TEXT);
  return { ...scene, until: (await scene.decision.deadline()) + WINDOW };
}

/** A crowd of 101 voted against, and the first of them filed a statement. */
async function crowd() {
  const scene = await foundStatements(connection, { count: 101 });
  await scene.decision.start(memberAt(scene, 0));
  await scene.decision.voteAll(scene.members, Support.Against);
  await scene.decision.close();
  await speaker(scene, 0).file(scene.decision.id, TEXT);
  return scene;
}

/** A co-signature of the statement number 1. */
const cosigned = (
  { statements }: Pick<Voted, "statements">,
  signer: Voted["relayer"],
  changes: Parameters<typeof signCosign>[3] = {},
) => signCosign(statements, signer, 1n, changes);

describe("MinorityStatements", function () {
  this.timeout(120_000);

  describe("cosignBySig", () => {
    const expectInvalid = ({ statements, relayed }: Voted, signed: Signed, statement = 1n) =>
      expect(relayed.cosignBySig(statement, signed))
        .to.be.revertedWithCustomError(statements, "SignedRequestsInvalidSignature")
        .withArgs(signed.account);

    it("stands behind a statement in the name of who signed, once", async () => {
      const scene = await loadFixture(filed);
      const signed = await cosigned(scene, memberAt(scene, 7));
      await expect(scene.relayed.cosignBySig(1n, signed))
        .to.emit(scene.statements, "StatementCosigned")
        .withArgs(scene.decision.id, 1n, 8n, 2n);
      expect(await scene.statements.nonces(signed.account)).to.equal(1n);
      await expectInvalid(scene, signed);
    });

    it("reverts on another statement, and when anything else was altered", async () => {
      const scene = await loadFixture(filed);
      await speaker(scene, 8).file(scene.decision.id, TEXT);
      const signed = await cosigned(scene, memberAt(scene, 7));
      await expectInvalid(scene, signed, 2n);
      for (const altered of [
        { ...signed, account: memberAt(scene, 9).address },
        { ...signed, deadline: FAR + 1n },
        { ...signed, signature: "0x" },
      ]) {
        await expectInvalid(scene, altered);
      }
      expect(await scene.statements.hasSigned(2n, 8n)).to.equal(false);
      expect(await scene.statements.nonces(signed.account)).to.equal(0n);
    });

    it("reverts for another signer, chain, contract, name or nonce, and for a request to file", async () => {
      const scene = await loadFixture(filed);
      const signer = memberAt(scene, 7);
      for (const [by, changes] of [
        [memberAt(scene, 8), { account: signer.address }],
        [signer, { domain: { chainId: 1n } }],
        [signer, { domain: { verifyingContract: await scene.governor.getAddress() } }],
        [signer, { domain: { name: "Twin" } }],
        [signer, { nonce: 1n }],
      ] as const) {
        await expectInvalid(scene, await cosigned(scene, by, changes));
      }
      const [account, , , deadline, signature] = await signFile(scene.statements, signer, {
        proposalId: scene.decision.id,
      });
      await expectInvalid(scene, { account, deadline, signature });
    });

    it("reverts after its deadline", async () => {
      const scene = await loadFixture(filed);
      const deadline = await now();
      await expect(scene.relayed.cosignBySig(1n, await cosigned(scene, memberAt(scene, 7), { deadline })))
        .to.be.revertedWithCustomError(scene.statements, "SignedRequestsExpired")
        .withArgs(deadline, (moment: bigint) => moment > deadline);
    });
  });

  describe("cosignMany", () => {
    const send = (
      { relayed }: Pick<Voted, "relayed">,
      signatures: Signed[],
      gasLimit = TRANSACTION_GAS_LIMIT,
    ) => relayed.cosignMany(1n, signatures, { gasLimit });

    context("given a batch that cannot be done at all", () => {
      it("reverts when it is empty or too large", async () => {
        const scene = await loadFixture(filed);
        const signed = await cosigned(scene, memberAt(scene, 7));
        for (const size of [0, 101]) {
          await expect(send(scene, Array(size).fill(signed)))
            .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsBatchSize")
            .withArgs(size, 100n);
        }
      });

      it("reverts for a statement that there is not", async () => {
        const scene = await loadFixture(filed);
        const signed = await cosigned(scene, memberAt(scene, 7));
        for (const statement of [0n, 2n]) {
          await expect(scene.relayed.cosignMany(statement, [signed]))
            .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsUnknown")
            .withArgs(statement, 1n);
        }
      });

      it("reverts one second after the window, and works in its last", async () => {
        const scene = await loadFixture(filed);
        const [good, late] = [
          await cosigned(scene, memberAt(scene, 7)),
          await cosigned(scene, memberAt(scene, 8)),
        ];
        await time.setNextBlockTimestamp(scene.until);
        await expect(send(scene, [good]))
          .to.emit(scene.statements, "StatementCosigned")
          .withArgs(scene.decision.id, 1n, 8n, 2n);
        await time.setNextBlockTimestamp(scene.until + 1n);
        await expect(send(scene, [late]))
          .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsClosed")
          .withArgs(scene.decision.id, scene.until);
      });

      it("undoes everything when there is too little gas for one", async () => {
        const scene = await loadFixture(filed);
        const signatures = await Promise.all(
          [7, 8, 9, Voters.tookBack].map((index) => cosigned(scene, memberAt(scene, index))),
        );
        await expect(send(scene, signatures, 480_000n))
          .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsGasTooLow")
          .withArgs(
            (index: bigint) => index > 0n && index < 4n,
            (left: bigint) => left < COSIGNATURE_GAS,
            COSIGNATURE_GAS,
          );
        expect((await scene.statements.statementOf(1n)).signers).to.equal(1n);
        expect(await scene.statements.nonces(memberAt(scene, 7))).to.equal(0n);
      });
    });

    context("given good ones and bad ones", () => {
      it("takes a wallet's that is a contract among them", async () => {
        const scene = await loadFixture(filed);
        const account = await scene.wallet.getAddress();
        const signatures = [
          await cosigned(scene, scene.owner, { account }),
          await cosigned(scene, scene.newKey),
        ];
        expect(await scene.relayed.cosignMany.staticCall(1n, signatures)).to.equal(2n);
        await expect(send(scene, signatures)).not.to.emit(scene.statements, "CosignatureSkipped");
        for (const number of [WALLET, 12n]) {
          expect(await scene.statements.hasSigned(1n, number)).to.equal(true);
        }
      });

      it("passes the bad over, each with its reason, and does the others", async () => {
        const scene = await loadFixture(filed);
        const { statements, decision } = scene;
        const past = await now();
        const good = await cosigned(scene, memberAt(scene, 7));
        const signatures = [
          await cosigned(scene, memberAt(scene, 8), { deadline: past }),
          good,
          { ...good, account: memberAt(scene, 8).address },
          good,
          await cosigned(scene, memberAt(scene, 0)),
          await cosigned(scene, scene.relayer),
          await cosigned(scene, memberAt(scene, 6)),
          await cosigned(scene, memberAt(scene, 9)),
        ];
        const sent = await send(scene, signatures);
        const { interface: face } = statements;
        const errorOf = (...[name, values]: [Parameters<typeof face.encodeErrorResult>[0], unknown[]]) =>
          face.encodeErrorResult(name, values as never);
        const invalid = (index: number) =>
          errorOf("SignedRequestsInvalidSignature", [memberAt(scene, index).address]);
        const notAgainst = (account: string, receipt: bigint) =>
          errorOf("MinorityStatementsNotAgainst", [decision.id, account, receipt]);
        const reasons = new Map([
          [0, errorOf("SignedRequestsExpired", [past, await now()])],
          [2, invalid(8)],
          [3, invalid(7)],
          [4, notAgainst(memberAt(scene, 0).address, Receipt.For)],
          [5, notAgainst(scene.relayer.address, Receipt.None)],
          [6, errorOf("MinorityStatementsCosigned", [1n, 7n])],
        ]);
        for (const [index, reason] of reasons) {
          await expect(sent)
            .to.emit(statements, "CosignatureSkipped")
            .withArgs(1n, signatures[index]?.account, index, reason);
        }
        const skipped = await statements.queryFilter(
          statements.filters.CosignatureSkipped(),
          sent.blockNumber ?? 0,
        );
        expect(skipped).to.have.lengthOf(reasons.size);
        expect((await statements.statementOf(1n)).signers).to.equal(3n);
        for (const number of [8n, 10n]) expect(await statements.hasSigned(1n, number)).to.equal(true);
        // What was passed over used no nonce up: its signature is good for when it can be done.
        expect(await statements.nonces(memberAt(scene, 0))).to.equal(0n);
      });

      for (const [name, manner] of Object.entries(Manner)) {
        it(`passes over a wallet that is ${name}, and does the others`, async () => {
          const scene = await loadFixture(filed);
          const account = await scene.hostile.getAddress();
          const meddling = scene.statements.interface.encodeFunctionData("file", [scene.decision.id, TEXT]);
          await scene.hostile.arm(scene.statements, meddling);
          await scene.hostile.behave(manner);
          const signatures = [
            await cosigned(scene, memberAt(scene, 7)),
            { ...(await cosigned(scene, scene.relayer, { account })), signature: "0x" },
            await cosigned(scene, memberAt(scene, 8)),
          ];
          const reason = scene.statements.interface.encodeErrorResult("SignedRequestsInvalidSignature", [
            account,
          ]);
          await expect(send(scene, signatures))
            .to.emit(scene.statements, "CosignatureSkipped")
            .withArgs(1n, account, 1n, (given: string) => given === reason || given === "0x");
          for (const [number, signed] of [
            [8n, true],
            [9n, true],
            [HOSTILE, false],
          ] as const) {
            expect(await scene.statements.hasSigned(1n, number)).to.equal(signed);
          }
          expect(await scene.statements.statementBy(scene.decision.id, HOSTILE)).to.equal(0n);
        });
      }

      it("never passes a good one over, however much gas whoever pays gives", async () => {
        const scene = await loadFixture(filed);
        const signatures = await Promise.all(
          [7, 8, 9].map((index) => cosigned(scene, memberAt(scene, index))),
        );
        let done = 0;
        for (let gasLimit = 340_000n; gasLimit < 800_000n; gasLimit += 9_001n) {
          const answer = await scene.relayed.cosignMany
            .staticCall(1n, signatures, { gasLimit })
            .catch((): undefined => undefined);
          if (answer === undefined) continue;
          expect(answer, `with ${gasLimit} gas`).to.equal(3n);
          ++done;
        }
        expect(done).to.be.greaterThan(0).and.to.be.lessThan(52);
      });
    });

    context("given a crowd", () => {
      it("does all of a hundred that are good, in a single transaction", async () => {
        const scene = await loadFixture(crowd);
        const signatures: Signed[] = [];
        for (const person of scene.members.slice(1)) signatures.push(await cosigned(scene, person));
        const sent = scene.statements.cosignMany(1n, signatures, { gasLimit: TRANSACTION_GAS_LIMIT });
        await expect(sent).not.to.emit(scene.statements, "CosignatureSkipped");
        expect(await gasOf(sent)).to.be.lessThan(TRANSACTION_GAS_LIMIT - COSIGNATURE_GAS);
        expect((await scene.statements.statementOf(1n)).signers).to.equal(101n);
        for (const number of [1n, 2n, 101n]) {
          expect(await scene.statements.hasSigned(1n, number)).to.equal(true);
        }
        expect((await scene.statements.outcomeOf(scene.decision.id)).statements).to.equal(1n);
      });
    });
  });
});
