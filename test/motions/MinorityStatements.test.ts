import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { headOf } from "../../scripts/lib/record-series.js";
import { Receipt } from "../helpers/attacks.js";
import { actAs, DecisionClass, maskOf, Right, rotateKey, State, Support } from "../helpers/governor.js";
import {
  foundStatements,
  foundVoted,
  memberAt,
  outcomeOf,
  signFile,
  speaker,
  TEXT,
  type Voted,
  Voters,
  WINDOW,
} from "../helpers/statements.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;
const YEAR = 365n * DAY;
const OTHER_TEXT = id("Why I voted against");

const hashOf = (types: string[], values: unknown[]) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
const filing = (statement: bigint, number: bigint, digest: string) =>
  hashOf(["uint256", "uint256", "bytes32"], [statement, number, digest]);
const cosigning = (statement: bigint, number: bigint) => hashOf(["uint256", "uint256"], [statement, number]);

async function voted() {
  return foundVoted(connection);
}

async function open() {
  const scene = await foundStatements(connection);
  await scene.decision.start(memberAt(scene, 0));
  for (let index = 0; index < 12; index++) await scene.decision.vote(memberAt(scene, index), Support.Against);
  return scene;
}

async function unendorsed() {
  const scene = await foundStatements(connection, {
    count: 7,
    changes: { endorsements: 2, endorsementGroups: 2 },
  });
  await scene.decision.propose(memberAt(scene, 0));
  return scene;
}

/** A statement of the seventh member, and the end of its window. */
async function filed() {
  const scene = await foundVoted(connection);
  await speaker(scene, 6).file(scene.decision.id, TEXT);
  return { ...scene, until: (await scene.decision.deadline()) + WINDOW };
}

/** Sends in a block of a given moment. */
async function at<T>(moment: bigint, send: () => Promise<T>): Promise<T> {
  await time.setNextBlockTimestamp(moment);
  return send();
}

const expectNotAgainst = (
  { statements, decision }: Pick<Voted, "statements" | "decision">,
  sent: Promise<unknown>,
  account: unknown,
  receipt: bigint,
) =>
  expect(sent)
    .to.be.revertedWithCustomError(statements, "MinorityStatementsNotAgainst")
    .withArgs(decision.id, account, receipt);

describe("MinorityStatements", function () {
  this.timeout(120_000);

  describe("constructor", () => {
    const STAGE = DAY;
    for (const window of [STAGE - 1n, 90n * DAY + 1n]) {
      it(`reverts with a window of ${window} seconds`, async () => {
        const { statements, agenda, membership } = await loadFixture(voted);
        await expect(ethers.deployContract("MinorityStatements", ["C", agenda, membership, window, STAGE]))
          .to.be.revertedWithCustomError(statements, "MinorityStatementsWindowOutOfRange")
          .withArgs(window, STAGE, 90n * DAY);
      });
    }

    for (const window of [STAGE, 90n * DAY]) {
      it(`takes a window of ${window} seconds`, async () => {
        const { agenda, membership } = await loadFixture(voted);
        const statements = await ethers.deployContract("MinorityStatements", [
          ...["C", agenda, membership, window, STAGE],
        ]);
        expect(await statements.window()).to.equal(window);
        expect(await statements.agenda()).to.equal(agenda);
        expect(await statements.lastStatement()).to.equal(0n);
      });
    }
  });

  for (const { name, ask } of [
    {
      name: "file",
      ask: ({ statements }: Pick<Voted, "statements">, proposalId: bigint) =>
        statements.file(proposalId, TEXT),
    },
    {
      name: "outcomeOf",
      ask: ({ statements }: Pick<Voted, "statements">, proposalId: bigint): Promise<unknown> =>
        statements.outcomeOf(proposalId),
    },
  ]) {
    describe(name, () => {
      const expectNotDecided = (
        scene: Pick<Voted, "statements" | "decision">,
        proposalId: bigint,
        state: bigint,
      ) =>
        expect(ask(scene, proposalId))
          .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsNotDecided")
          .withArgs(proposalId, state);

      context("given no such decision", () => {
        it("reverts", async () => {
          const scene = await loadFixture(voted);
          await expect(ask(scene, 5n))
            .to.be.revertedWithCustomError(scene.governor, "GovernorNonexistentProposal")
            .withArgs(5n);
        });
      });

      context("given a proposal before its opening", () => {
        it("reverts", async () => {
          const scene = await loadFixture(voted);
          const pending = scene.decisionOf("Pending");
          await pending.propose(memberAt(scene, 1));
          await expectNotDecided(scene, pending.id, State.Pending);
        });
      });

      context("given an open vote", () => {
        it("reverts to its last second", async () => {
          const scene = await loadFixture(open);
          await expectNotDecided(scene, scene.decision.id, State.Active);
          // What is sent is in the block of the next second.
          await time.increaseTo((await scene.decision.deadline()) - 1n);
          await expectNotDecided(scene, scene.decision.id, State.Active);
        });
      });

      context("given a proposal that its proposer withdrew", () => {
        it("reverts, also when its vote would have closed", async () => {
          const scene = await loadFixture(voted);
          const withdrawn = scene.decisionOf("Withdrawn");
          await withdrawn.propose(memberAt(scene, 1));
          await withdrawn.cancel(memberAt(scene, 1));
          await expectNotDecided(scene, withdrawn.id, State.Canceled);
          await withdrawn.close();
          await expectNotDecided(scene, withdrawn.id, State.Canceled);
        });
      });

      context("given a proposal that was not put on the agenda", () => {
        it("reverts, also when its vote would have closed", async () => {
          const scene = await loadFixture(unendorsed);
          await scene.decision.open();
          await expectNotDecided(scene, scene.decision.id, State.Defeated);
          await scene.decision.close();
          await expectNotDecided(scene, scene.decision.id, State.Defeated);
        });
      });
    });
  }

  describe("file", () => {
    context("given a decision that has closed", () => {
      it("reverts for a text without a digest", async () => {
        const scene = await loadFixture(voted);
        await expect(speaker(scene, 6).file(scene.decision.id, ZeroHash)).to.be.revertedWithCustomError(
          scene.statements,
          "MinorityStatementsNoText",
        );
      });

      for (const [name, index, receipt] of [
        ["voted For", 0, Receipt.For],
        ["abstained", Voters.abstained, Receipt.Abstain],
        ["did not vote", Voters.absent, Receipt.None],
        ["changed the ballot from Against to For", Voters.turnedFor, Receipt.For],
        ["delegated the vote to a member who voted against", Voters.delegator, Receipt.None],
      ] as const) {
        it(`reverts for a member who ${name}`, async () => {
          const scene = await loadFixture(voted);
          const account = memberAt(scene, index);
          await expectNotAgainst(
            scene,
            speaker(scene, index).file(scene.decision.id, TEXT),
            account,
            receipt,
          );
        });
      }

      it("reverts for who is no member", async () => {
        const scene = await loadFixture(voted);
        const sent = scene.relayed.file(scene.decision.id, TEXT);
        await expectNotAgainst(scene, sent, scene.relayer, Receipt.None);
      });

      it("reverts for a member who left, also when they are back under a new number", async () => {
        const scene = await loadFixture(voted);
        const account = memberAt(scene, 6);
        await scene.membership.connect(account).resign();
        const send = () => speaker(scene, 6).file(scene.decision.id, TEXT);
        await expectNotAgainst(scene, send(), account, Receipt.None);
        const { digest } = await scene.membership.codeOfConduct();
        await scene.membership.connect(account).join(0, digest, "0x");
        await expectNotAgainst(scene, send(), account, Receipt.None);
      });

      it("reverts for the key that a member moved away from", async () => {
        const scene = await loadFixture(voted);
        const index = Voters.turnedAgainst;
        const sent = speaker(scene, index).file(scene.decision.id, TEXT);
        await expectNotAgainst(scene, sent, memberAt(scene, index), Receipt.None);
      });

      it("reverts for a second statement of the same member, whatever it says", async () => {
        const scene = await loadFixture(filed);
        for (const digest of [TEXT, OTHER_TEXT]) {
          await expect(speaker(scene, 6).file(scene.decision.id, digest))
            .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsFiled")
            .withArgs(scene.decision.id, 7n, 1n);
        }
        const newKey = scene.outsiders[3] as Voted["relayer"];
        await rotateKey(scene, memberAt(scene, 6), newKey);
        await expect(scene.statements.connect(newKey).file(scene.decision.id, OTHER_TEXT))
          .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsFiled")
          .withArgs(scene.decision.id, 7n, 1n);
      });

      it("keeps the statement of a member who voted against, with its member behind it", async () => {
        const scene = await loadFixture(voted);
        const { statements, decision } = scene;
        const until = (await decision.deadline()) + WINDOW;
        expect(await speaker(scene, 6).file.staticCall(decision.id, TEXT)).to.equal(1n);
        await expect(speaker(scene, 6).file(decision.id, TEXT))
          .to.emit(statements, "StatementFiled")
          .withArgs(decision.id, 1n, 7n, TEXT, until);
        expect([...(await statements.statementOf(1n))]).to.deep.equal([
          ...[decision.id, 7n, BigInt(await time.latest()), until, 1n, TEXT],
        ]);
        expect(await statements.statementBy(decision.id, 7n)).to.equal(1n);
        expect(await statements.hasSigned(1n, 7n)).to.equal(true);
        expect(await statements.hasSigned(1n, 8n)).to.equal(false);
        expect(await statements.lastStatement()).to.equal(1n);
        const outcome = await statements.outcomeOf(decision.id);
        expect([outcome.statements, outcome.series]).to.deep.equal([1n, headOf([filing(1n, 7n, TEXT)])]);
      });

      it("takes one of each who may, numbered on, after a vote taken back or turned, and of a wallet", async () => {
        const scene = await loadFixture(filed);
        const { statements, decision, wallet, owner, newKey } = scene;
        await speaker(scene, Voters.tookBack).file(decision.id, TEXT);
        await statements.connect(newKey).file(decision.id, OTHER_TEXT);
        const call = statements.interface.encodeFunctionData("file", [decision.id, OTHER_TEXT]);
        await wallet.connect(owner).execute(statements, call);
        const numbers = [7n, 14n, 12n, 21n];
        for (const [index, number] of numbers.entries()) {
          expect((await statements.statementOf(index + 1)).number).to.equal(number);
          expect(await statements.statementBy(decision.id, number)).to.equal(index + 1);
        }
        expect((await statements.outcomeOf(decision.id)).statements).to.equal(4n);
      });

      it("takes one of a member who moved to a new key since, and of one who may not speak", async () => {
        const scene = await loadFixture(voted);
        const { statements, decision, membership, timelock } = scene;
        const newKey = scene.outsiders[3] as Voted["relayer"];
        await rotateKey(scene, memberAt(scene, 8), newKey);
        await expect(statements.connect(newKey).file(decision.id, TEXT))
          .to.emit(statements, "StatementFiled")
          .withArgs(decision.id, 1n, 9n, TEXT, (await decision.deadline()) + WINDOW);
        const power = await actAs(connection, timelock);
        const until = BigInt(await time.latest()) + YEAR - 1n;
        const rights = maskOf(Right.Speak, Right.Propose, Right.Vote, Right.Stand);
        await membership.connect(power).suspend(10n, rights, until);
        await expect(speaker(scene, 9).file(decision.id, TEXT))
          .to.emit(statements, "StatementFiled")
          .withArgs(decision.id, 2n, 10n, TEXT, (await decision.deadline()) + WINDOW);
      });
    });

    context("given the end of the window", () => {
      it("takes a statement in the first second after the close, and in the last of the window", async () => {
        const scene = await loadFixture(open);
        const close = await scene.decision.deadline();
        await expect(at(close, () => speaker(scene, 0).file(scene.decision.id, TEXT)))
          .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsNotDecided")
          .withArgs(scene.decision.id, State.Active);
        for (const [index, moment] of [close + 1n, close + WINDOW].entries()) {
          await expect(at(moment, () => speaker(scene, index).file(scene.decision.id, TEXT)))
            .to.emit(scene.statements, "StatementFiled")
            .withArgs(scene.decision.id, index + 1, index + 1, TEXT, close + WINDOW);
        }
      });

      it("reverts one second after it", async () => {
        const scene = await loadFixture(open);
        const until = (await scene.decision.deadline()) + WINDOW;
        await expect(at(until + 1n, () => speaker(scene, 0).file(scene.decision.id, TEXT)))
          .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsClosed")
          .withArgs(scene.decision.id, until);
      });
    });

    context("given a decision that the guardian cancelled after the close", () => {
      it("takes a statement all the same", async () => {
        const scene = await loadFixture(voted);
        const { statements, decision, guardian, guardianKey } = scene;
        await guardian.connect(guardianKey).cancel(...decision.parts, "It was found to be broken");
        expect(await decision.state()).to.equal(State.Canceled);
        await expect(speaker(scene, 6).file(decision.id, TEXT))
          .to.emit(statements, "StatementFiled")
          .withArgs(decision.id, 1n, 7n, TEXT, (await decision.deadline()) + WINDOW);
        expect((await statements.outcomeOf(decision.id)).passed).to.equal(true);
      });
    });

    context("given two decisions", () => {
      it("keeps what was said on one apart from the other", async () => {
        const scene = await loadFixture(voted);
        const { statements, decision } = scene;
        await speaker(scene, 6).file(decision.id, TEXT);
        const second = scene.decisionOf("Second");
        await second.start(memberAt(scene, 1));
        for (let index = 0; index < 9; index++) await second.vote(memberAt(scene, index), Support.Against);
        await second.close();
        await speaker(scene, 6).file(second.id, TEXT);
        expect(await statements.statementBy(second.id, 7n)).to.equal(2n);
        const [first, other] = [
          await statements.outcomeOf(decision.id),
          await statements.outcomeOf(second.id),
        ];
        expect(first.series).to.equal(headOf([filing(1n, 7n, TEXT)]));
        expect(other.series).to.equal(headOf([filing(2n, 7n, TEXT)]));
        expect([first.statements, other.statements]).to.deep.equal([1n, 1n]);
      });
    });
  });

  describe("fileBySig", () => {
    const expectInvalid = ({ statements, relayed }: Voted, request: Awaited<ReturnType<typeof signFile>>) =>
      expect(relayed.fileBySig(...request))
        .to.be.revertedWithCustomError(statements, "SignedRequestsInvalidSignature")
        .withArgs(request[0]);

    it("files in the name of who signed, once", async () => {
      const scene = await loadFixture(voted);
      const { statements, decision, relayed } = scene;
      const request = await signFile(statements, memberAt(scene, 6), { proposalId: decision.id });
      expect(await relayed.fileBySig.staticCall(...request)).to.equal(1n);
      await expect(relayed.fileBySig(...request))
        .to.emit(statements, "StatementFiled")
        .withArgs(decision.id, 1n, 7n, TEXT, (await decision.deadline()) + WINDOW);
      expect(await statements.nonces(memberAt(scene, 6))).to.equal(1n);
      await expectInvalid(scene, request);
    });

    it("reverts when anything of it was altered", async () => {
      const scene = await loadFixture(voted);
      const { statements, decision } = scene;
      const request = await signFile(statements, memberAt(scene, 6), { proposalId: decision.id });
      const [account, proposalId, digest, deadline, signature] = request;
      for (const altered of [
        [memberAt(scene, 7).address, proposalId, digest, deadline, signature],
        [account, proposalId + 1n, digest, deadline, signature],
        [account, proposalId, OTHER_TEXT, deadline, signature],
        [account, proposalId, digest, deadline + 1n, signature],
        [account, proposalId, digest, deadline, "0x"],
        [ZeroAddress, proposalId, digest, deadline, `0x${"00".repeat(65)}`],
      ] as const) {
        await expectInvalid(scene, altered);
      }
      expect(await statements.nonces(account)).to.equal(0n);
    });

    it("reverts for another signer, chain, contract, name or nonce", async () => {
      const scene = await loadFixture(voted);
      const { statements, decision, governor } = scene;
      const signer = memberAt(scene, 6);
      for (const [by, changes] of [
        [memberAt(scene, 7), { account: signer.address }],
        [signer, { domain: { chainId: 1n } }],
        [signer, { domain: { verifyingContract: await governor.getAddress() } }],
        [signer, { domain: { name: "Twin" } }],
        [signer, { nonce: 1n }],
      ] as const) {
        await expectInvalid(scene, await signFile(statements, by, { proposalId: decision.id }, changes));
      }
    });

    it("takes a request in its last second, and none in the next", async () => {
      const scene = await loadFixture(voted);
      const { statements, decision, relayed } = scene;
      const deadline = BigInt(await time.latest()) + 100n;
      const request = (index: number) =>
        signFile(statements, memberAt(scene, index), { proposalId: decision.id }, { deadline });
      const [good, late] = [await request(6), await request(7)];
      await at(deadline, () => relayed.fileBySig(...good));
      expect(await statements.statementBy(decision.id, 7n)).to.equal(1n);
      await expect(at(deadline + 1n, () => relayed.fileBySig(...late)))
        .to.be.revertedWithCustomError(statements, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("reverts like the filing itself, and the signature stays good", async () => {
      const scene = await loadFixture(open);
      const { statements, decision } = scene;
      const request = await signFile(statements, memberAt(scene, 0), { proposalId: decision.id });
      await expect(statements.fileBySig(...request))
        .to.be.revertedWithCustomError(statements, "MinorityStatementsNotDecided")
        .withArgs(decision.id, State.Active);
      await decision.close();
      await statements.fileBySig(...request);
      expect(await statements.statementBy(decision.id, 1n)).to.equal(1n);
    });

    it("files for a wallet that is a contract what its owner signed, and nobody else", async () => {
      const scene = await loadFixture(voted);
      const { statements, decision, relayed, owner, relayer } = scene;
      const account = await scene.wallet.getAddress();
      const content = { proposalId: decision.id };
      await expectInvalid(scene, await signFile(statements, relayer, content, { account }));
      await relayed.fileBySig(...(await signFile(statements, owner, content, { account })));
      expect(await statements.statementBy(decision.id, 21n)).to.equal(1n);
    });
  });

  describe("cosign", () => {
    context("given no such statement", () => {
      it("reverts", async () => {
        const scene = await loadFixture(filed);
        for (const statement of [0n, 2n]) {
          await expect(speaker(scene, 7).cosign(statement))
            .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsUnknown")
            .withArgs(statement, 1n);
          await expect(scene.statements.statementOf(statement))
            .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsUnknown")
            .withArgs(statement, 1n);
        }
      });
    });

    context("given a statement", () => {
      for (const [name, index, receipt] of [
        ["voted For", 0, Receipt.For],
        ["abstained", Voters.abstained, Receipt.Abstain],
        ["changed the ballot to For", Voters.turnedFor, Receipt.For],
        ["delegated the vote", Voters.delegator, Receipt.None],
        ["moved to another key, by the old one", Voters.turnedAgainst, Receipt.None],
      ] as const) {
        it(`reverts for a member who ${name}`, async () => {
          const scene = await loadFixture(filed);
          await expectNotAgainst(scene, speaker(scene, index).cosign(1n), memberAt(scene, index), receipt);
        });
      }

      it("reverts for a member who left", async () => {
        const scene = await loadFixture(filed);
        await scene.membership.connect(memberAt(scene, 7)).resign();
        await expectNotAgainst(scene, speaker(scene, 7).cosign(1n), memberAt(scene, 7), Receipt.None);
      });

      it("reverts for who filed it, and for who stands behind it", async () => {
        const scene = await loadFixture(filed);
        await speaker(scene, 7).cosign(1n);
        for (const index of [6, 7]) {
          await expect(speaker(scene, index).cosign(1n))
            .to.be.revertedWithCustomError(scene.statements, "MinorityStatementsCosigned")
            .withArgs(1n, index + 1);
        }
      });

      it("counts each who stands behind it, and keeps it in the series", async () => {
        const scene = await loadFixture(filed);
        const { statements, decision, newKey } = scene;
        await expect(speaker(scene, 8).cosign(1n))
          .to.emit(statements, "StatementCosigned")
          .withArgs(decision.id, 1n, 9n, 2n);
        await expect(statements.connect(newKey).cosign(1n))
          .to.emit(statements, "StatementCosigned")
          .withArgs(decision.id, 1n, 12n, 3n);
        expect((await statements.statementOf(1n)).signers).to.equal(3n);
        for (const number of [7n, 9n, 12n]) expect(await statements.hasSigned(1n, number)).to.equal(true);
        expect(await statements.hasSigned(1n, 8n)).to.equal(false);
        const outcome = await statements.outcomeOf(decision.id);
        expect(outcome.statements).to.equal(1n);
        expect(outcome.series).to.equal(
          headOf([filing(1n, 7n, TEXT), cosigning(1n, 9n), cosigning(1n, 12n)]),
        );
      });

      it("lets a member stand behind several, their own included", async () => {
        const scene = await loadFixture(filed);
        await speaker(scene, 7).file(scene.decision.id, OTHER_TEXT);
        await speaker(scene, 7).cosign(1n);
        await speaker(scene, 6).cosign(2n);
        for (const statement of [1n, 2n]) {
          expect((await scene.statements.statementOf(statement)).signers).to.equal(2n);
        }
      });
    });

    context("given the end of the window", () => {
      it("takes a co-signature in its last second, and none in the next", async () => {
        const scene = await loadFixture(filed);
        const { statements, decision, until } = scene;
        await expect(at(until, () => speaker(scene, 7).cosign(1n)))
          .to.emit(statements, "StatementCosigned")
          .withArgs(decision.id, 1n, 8n, 2n);
        await expect(at(until + 1n, () => speaker(scene, 8).cosign(1n)))
          .to.be.revertedWithCustomError(statements, "MinorityStatementsClosed")
          .withArgs(decision.id, until);
      });
    });
  });

  describe("outcomeOf", () => {
    context("given a window that is open", () => {
      it("has no record before its last second is over", async () => {
        const scene = await loadFixture(filed);
        const { statements, decision, until } = scene;
        await time.increaseTo(until);
        const outcome = await statements.outcomeOf(decision.id);
        expect([outcome.complete, outcome.record]).to.deep.equal([false, ZeroHash]);
        await time.increaseTo(until + 1n);
        const complete = await statements.outcomeOf(decision.id);
        expect(complete.complete).to.equal(true);
        expect(complete.record).not.to.equal(ZeroHash);
      });
    });

    context("given a window that is over", () => {
      it("has the votes, the window and the series in its record", async () => {
        const scene = await loadFixture(filed);
        const { statements, decision, until } = scene;
        await speaker(scene, 7).cosign(1n);
        await time.increaseTo(until + 1n);
        const series = headOf([filing(1n, 7n, TEXT), cosigning(1n, 8n)]);
        const { chainId } = await ethers.provider.getNetwork();
        const record = hashOf(
          [
            ...["uint256", "address", "uint256", "uint8", "bool", "uint256", "uint256", "uint256"],
            ...["uint48", "uint48", "uint32", "uint256"],
          ],
          [
            ...[chainId, await statements.getAddress(), decision.id, DecisionClass.Action, true, 9n, 11n, 1n],
            ...[until - WINDOW, until, 1n, series],
          ],
        );
        const outcome = await statements.outcomeOf(decision.id);
        expect([...outcome]).to.deep.equal([
          ...[State.Succeeded, BigInt(DecisionClass.Action), true, 9n, 11n, 1n],
          ...[until - WINDOW, until, 1n, series, true, record],
        ]);
      });

      it("says that a vote was lost", async () => {
        const scene = await loadFixture(open);
        await time.increaseTo((await scene.decision.deadline()) + WINDOW + 1n);
        const outcome = await scene.statements.outcomeOf(scene.decision.id);
        expect([outcome.state, outcome.passed, outcome.complete]).to.deep.equal([
          ...[State.Defeated, false, true],
        ]);
        expect([outcome.statements, outcome.series]).to.deep.equal([0n, 0n]);
        const before = await outcomeOf(scene.statements, scene.decision.id);
        await time.increase(YEAR);
        expect(await outcomeOf(scene.statements, scene.decision.id)).to.deep.equal(before);
      });

      it("tells of a vote in which nobody took part", async () => {
        const scene = await loadFixture(voted);
        const lonely = scene.decisionOf("Nobody cares");
        await lonely.start(memberAt(scene, 1));
        await time.increaseTo((await lonely.deadline()) + WINDOW + 1n);
        const outcome = await scene.statements.outcomeOf(lonely.id);
        expect([outcome.state, outcome.passed, outcome.complete]).to.deep.equal([
          ...[State.Defeated, false, true],
        ]);
        expect(outcome.againstVotes + outcome.forVotes + outcome.abstainVotes).to.equal(0n);
      });
    });

    context("given that the decision goes on after the window", () => {
      async function complete() {
        const scene = await filed();
        await time.increaseTo(scene.until + 1n);
        return { ...scene, before: await outcomeOf(scene.statements, scene.decision.id) };
      }

      const expectSame = async (
        { statements, decision, before }: Awaited<ReturnType<typeof complete>>,
        state: bigint,
      ) => {
        expect(await decision.state()).to.equal(state);
        expect(await outcomeOf(statements, decision.id)).to.deep.equal(before);
        expect((await statements.outcomeOf(decision.id)).state).to.equal(state);
      };

      const grace = ({ parameters }: Voted) => BigInt(parameters.Governor.action.grace);

      it("has the same record through queue and execution", async () => {
        const scene = await loadFixture(complete);
        const { decision } = scene;
        await expectSame(scene, State.Succeeded);
        await decision.queue(scene.relayer);
        await expectSame(scene, State.Queued);
        await decision.mature();
        await expectSame(scene, State.Queued);
        await decision.execute(scene.relayer);
        await expectSame(scene, State.Executed);
        await time.increase(YEAR);
        await expectSame(scene, State.Executed);
      });

      it("has the same record when it expires before it is queued", async () => {
        const scene = await loadFixture(complete);
        await time.increaseTo((await scene.decision.deadline()) + grace(scene) + 1n);
        await expectSame(scene, State.Expired);
      });

      it("has the same record when it expires in the queue", async () => {
        const scene = await loadFixture(complete);
        await scene.decision.queue(scene.relayer);
        await time.increaseTo((await scene.decision.eta()) + grace(scene) + 1n);
        await expectSame(scene, State.Expired);
      });

      it("has the same record when the guardian delays or cancels it", async () => {
        const scene = await loadFixture(complete);
        const { decision, guardian, guardianKey } = scene;
        await decision.queue(scene.relayer);
        await guardian.connect(guardianKey).delay(...decision.parts, "Somebody asked for time");
        await expectSame(scene, State.Queued);
        await guardian.connect(guardianKey).cancel(...decision.parts, "It was found to be broken");
        await expectSame(scene, State.Canceled);
      });

      it("has the same record when it is cancelled before it is queued", async () => {
        const scene = await loadFixture(complete);
        const { decision, guardian, guardianKey } = scene;
        await guardian.connect(guardianKey).cancel(...decision.parts, "It was found to be broken");
        await expectSame(scene, State.Canceled);
        await time.increase(YEAR);
        await expectSame(scene, State.Canceled);
      });

      it("has the same record when members leave, are ended or move to other keys", async () => {
        const scene = await loadFixture(complete);
        const { membership, timelock } = scene;
        const power = await actAs(connection, timelock);
        await membership.connect(memberAt(scene, 0)).resign();
        await membership.connect(memberAt(scene, 6)).resign();
        await membership.connect(power).end(8n);
        await rotateKey(scene, memberAt(scene, 8), scene.outsiders[3] as Voted["relayer"]);
        await expectSame(scene, State.Succeeded);
      });
    });
  });

  describe("what nobody wrote", () => {
    it("is answered by none", async () => {
      const { statements, decision } = await loadFixture(voted);
      expect(await statements.statementBy(decision.id, 7n)).to.equal(0n);
      expect(await statements.hasSigned(1n, 7n)).to.equal(false);
    });
  });
});
