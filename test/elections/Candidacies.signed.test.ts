import { expect } from "chai";
import { toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { FAR, TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import {
  type ActKind,
  advanceTo,
  announce,
  at,
  DAY,
  desk,
  foundOffice,
  memberOf,
  nominationOf,
  Phase,
  type SignedAct,
  STATEMENT,
  signAct,
} from "../helpers/elections.js";
import { type Person, Right, rotateKey, Standing } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const now = async () => BigInt(await time.latest());

/** How the hostile wallet answers, as its contract numbers it. */
const Manner = {
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

/**
 * An election in nomination. The number 15 is a wallet that is a contract, for which the first outsider signs, and 16 one
 * that means harm.
 */
async function open() {
  const scene = await foundOffice(connection, { rules: { nomination: 30n * DAY } });
  const [owner, relayer] = scene.outsiders;
  const { digest } = await scene.membership.codeOfConduct();
  const join = scene.membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
  const wallet = await ethers.deployContract("ContractWallet", [owner]);
  await wallet.connect(owner).execute(scene.membership, join);
  const hostile = await ethers.deployContract("HostileWallet");
  await hostile.act(scene.membership, join);
  await time.increaseTo((await scene.membership.member(16n)).votesFrom);
  const electionId = await announce(scene);
  return { ...scene, electionId, owner, relayer, wallet, hostile, relayed: scene.elections.connect(relayer) };
}

type Open = Awaited<ReturnType<typeof open>>;

/** What the first member can sign for, what must be before, and what happens then. */
const ACTS: {
  kind: ActKind;
  before?: (scene: Open) => Promise<unknown>;
  subject: (scene: Open) => string | bigint;
  event: string;
  values: (bigint | string)[];
}[] = [
  {
    kind: "Nominate",
    subject: (scene) => memberOf(scene, 1).address,
    event: "MemberNominated",
    values: [2n, 1n],
  },
  { kind: "Stand", subject: () => STATEMENT, event: "NominationAccepted", values: [1n, STATEMENT] },
  {
    kind: "Accept",
    before: (scene) => desk(scene, 1).nominate(scene.electionId, memberOf(scene, 0)),
    subject: () => STATEMENT,
    event: "NominationAccepted",
    values: [1n, STATEMENT],
  },
  {
    kind: "Second",
    before: (scene) => desk(scene, 1).stand(scene.electionId, STATEMENT),
    subject: () => 2n,
    event: "NomineeSeconded",
    values: [2n, 1n],
  },
  {
    kind: "Withdraw",
    before: (scene) => desk(scene, 0).stand(scene.electionId, STATEMENT),
    subject: () => 1n,
    event: "CandidateWithdrew",
    values: [1n],
  },
];

const expectInvalid = (scene: Open, act: SignedAct) =>
  expect(scene.relayed.actBySig(act))
    .to.be.revertedWithCustomError(scene.elections, "SignedRequestsInvalidSignature")
    .withArgs(act.account);

/** The first member stands, signed by whoever is given. */
const standing = (scene: Open, signer: Person, changes: Parameters<typeof signAct>[4] = {}) =>
  signAct(scene, signer, "Stand", { electionId: scene.electionId, subject: STATEMENT }, changes);

describe("Candidacies", () => {
  describe("actBySig", () => {
    for (const { kind, before, subject, event, values } of ACTS) {
      context(`given a signed ${kind}`, () => {
        async function signed() {
          const scene = await loadFixture(open);
          await before?.(scene);
          const content = { electionId: scene.electionId, subject: subject(scene) };
          const act = await signAct(scene, memberOf(scene, 0), kind, content);
          return { ...scene, act, content };
        }

        it("does what was signed, in the name of who signed, once", async () => {
          const scene = await signed();
          await expect(scene.relayed.actBySig(scene.act))
            .to.emit(scene.elections, event)
            .withArgs(scene.electionId, ...values);
          expect(await scene.elections.nonces(memberOf(scene, 0))).to.equal(1n);
          await expectInvalid(scene, scene.act);
        });

        it("reverts when anything of it was altered", async () => {
          const scene = await signed();
          const { act } = scene;
          const kinds = [0, 1, 2, 3, 4].filter((other) => other !== Number(act.kind));
          // An acceptance and standing, seconding and withdrawing have the same fields, and other names.
          for (const altered of [
            ...kinds.map((other) => ({ ...act, kind: other })),
            { ...act, electionId: scene.electionId + 1n },
            { ...act, subject: toBeHex(BigInt(act.subject.toString()) + 1n, 32) },
            { ...act, subject: toBeHex(BigInt(act.subject.toString()) ^ (1n << 255n), 32) },
            { ...act, account: memberOf(scene, 1).address },
            { ...act, deadline: FAR + 1n },
            { ...act, signature: "0x" },
          ]) {
            await expectInvalid(scene, altered);
          }
          expect(await scene.elections.nonces(memberOf(scene, 0))).to.equal(0n);
        });

        it("reverts for another signer, chain, contract or nonce", async () => {
          const scene = await signed();
          const account = memberOf(scene, 0).address;
          for (const [signer, changes] of [
            [memberOf(scene, 1), { account }],
            [memberOf(scene, 0), { domain: { chainId: 1n } }],
            [memberOf(scene, 0), { domain: { verifyingContract: await scene.offices.getAddress() } }],
            [memberOf(scene, 0), { domain: { name: "Twin" } }],
            [memberOf(scene, 0), { nonce: 1n }],
          ] as const) {
            await expectInvalid(scene, await signAct(scene, signer, kind, scene.content, changes));
          }
        });
      });
    }

    it("takes an act in the last second, and none in the next", async () => {
      const scene = await loadFixture(open);
      const deadline = (await now()) + 100n;
      const late = await standing(scene, memberOf(scene, 1), { deadline });
      await at(scene, deadline, async () =>
        scene.relayed.actBySig(await standing(scene, memberOf(scene, 0), { deadline })),
      );
      expect((await nominationOf(scene, scene.electionId, 1n)).accepted).to.equal(true);
      await expect(at(scene, deadline + 1n, () => scene.relayed.actBySig(late)))
        .to.be.revertedWithCustomError(scene.elections, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("reverts like the act itself, and the signature stays good", async () => {
      const scene = await loadFixture(open);
      const content = { electionId: scene.electionId, subject: 2n };
      const act = await signAct(scene, memberOf(scene, 0), "Second", content);
      await expect(scene.relayed.actBySig(act))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
        .withArgs(scene.electionId, 2n);
      await desk(scene, 1).stand(scene.electionId, STATEMENT);
      await expect(scene.relayed.actBySig(act)).to.emit(scene.elections, "NomineeSeconded");
    });

    it("reverts for who is no member, and in another phase", async () => {
      const scene = await loadFixture(open);
      await expect(scene.relayed.actBySig(await standing(scene, scene.relayer)))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
        .withArgs(scene.relayer, Right.Stand, Standing.NotMember, 0n);
      const act = await standing(scene, memberOf(scene, 0));
      await advanceTo(scene, scene.electionId, Phase.Acceptance);
      await expect(scene.relayed.actBySig(act))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
        .withArgs(scene.electionId, Phase.Acceptance, Phase.Nomination, Phase.Nomination);
    });

    it("withdraws nobody but who signed", async () => {
      const scene = await loadFixture(open);
      for (const index of [0, 1]) await desk(scene, index).stand(scene.electionId, STATEMENT);
      for (const subject of [2n, 0n]) {
        const content = { electionId: scene.electionId, subject };
        const act = await signAct(scene, memberOf(scene, 0), "Withdraw", content);
        await expect(scene.relayed.actBySig(act))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(scene.electionId, subject);
      }
      expect((await nominationOf(scene, scene.electionId, 2n)).withdrawn).to.equal(false);
    });

    context("given a member who moved to another key", () => {
      it("reverts for what the old key signed, and does what the new one signs", async () => {
        const scene = await loadFixture(open);
        const old = memberOf(scene, 0);
        await desk(scene, 0).stand(scene.electionId, STATEMENT);
        await desk(scene, 1).stand(scene.electionId, STATEMENT);
        const { electionId } = scene;
        const second = await signAct(scene, old, "Second", { electionId, subject: 2n });
        const withdrawal = await signAct(scene, old, "Withdraw", { electionId, subject: 1n });
        const newKey = scene.outsiders[2];
        await rotateKey(scene, old, newKey);
        const since = await now();
        await expect(scene.relayed.actBySig(second))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
          .withArgs(old, Right.Vote, Standing.Rotated, since);
        await expect(scene.relayed.actBySig(withdrawal))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(electionId, 1n);
        for (const [kind, subject] of [
          ["Second", 2n],
          ["Withdraw", 1n],
        ] as const) {
          await scene.relayed.actBySig(await signAct(scene, newKey, kind, { electionId, subject }));
        }
        expect((await nominationOf(scene, electionId, 1n)).withdrawn).to.equal(true);
        expect((await nominationOf(scene, electionId, 2n)).seconds_).to.equal(1n);
      });
    });

    context("given a wallet that is a contract", () => {
      it("does what its owner signed for it", async () => {
        const scene = await loadFixture(open);
        const account = await scene.wallet.getAddress();
        await expect(scene.relayed.actBySig(await standing(scene, scene.owner, { account })))
          .to.emit(scene.elections, "NominationAccepted")
          .withArgs(scene.electionId, 15n, STATEMENT);
      });

      it("reverts for somebody else's signature, and when the wallet says no or reverts", async () => {
        const scene = await loadFixture(open);
        const account = await scene.wallet.getAddress();
        await expectInvalid(scene, await standing(scene, scene.relayer, { account }));
        for (const manner of [1, 2]) {
          await scene.wallet.behave(manner);
          await expectInvalid(scene, await standing(scene, scene.owner, { account }));
        }
      });
    });

    it("takes nothing that the zero address is said to have signed", async () => {
      const scene = await loadFixture(open);
      const act = await standing(scene, memberOf(scene, 0), { account: ZeroAddress });
      await expectInvalid(scene, act);
      await expectInvalid(scene, { ...act, signature: `0x${"00".repeat(65)}` });
    });
  });

  describe("actOne", () => {
    it("reverts for everybody but the contract itself", async () => {
      const scene = await loadFixture(open);
      const act = await standing(scene, memberOf(scene, 0));
      for (const caller of [memberOf(scene, 0), scene.relayer, scene.power]) {
        await expect(scene.elections.connect(caller).actOne(act))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesUnauthorized")
          .withArgs(caller);
      }
    });
  });

  describe("actMany", () => {
    const send = (scene: Open, acts: SignedAct[], gasLimit = TRANSACTION_GAS_LIMIT) =>
      scene.relayed.actMany(acts, { gasLimit });

    const expectSkipped = (scene: Open, sent: unknown, index: number, account: string, reason: unknown) =>
      expect(sent).to.emit(scene.elections, "ActSkipped").withArgs(index, account, reason);

    it("reverts for a batch that is empty or too large", async () => {
      const scene = await loadFixture(open);
      const act = await standing(scene, memberOf(scene, 0));
      for (const size of [0, 101]) {
        await expect(send(scene, Array(size).fill(act)))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesBatchSize")
          .withArgs(size, 100n);
      }
    });

    it("does all of a hundred acts that are good, in a single transaction", async () => {
      const scene = await loadFixture(open);
      const { electionId } = scene;
      const acts: SignedAct[] = [];
      for (const person of scene.members) acts.push(await standing(scene, person));
      for (const [index, person] of scene.members.entries()) {
        for (let nonce = 1n; nonce <= 6n; nonce++) {
          const subject = ((BigInt(index) + nonce) % 14n) + 1n;
          acts.push(await signAct(scene, person, "Second", { electionId, subject }, { nonce }));
        }
      }
      acts.push(
        await signAct(scene, memberOf(scene, 0), "Withdraw", { electionId, subject: 1n }, { nonce: 7n }),
      );
      const account = await scene.wallet.getAddress();
      acts.push(await standing(scene, scene.owner, { account }));
      expect(acts.length).to.equal(100);
      expect(await scene.relayed.actMany.staticCall(acts)).to.equal(100n);
      await expect(send(scene, acts)).not.to.emit(scene.elections, "ActSkipped");
      expect(await scene.elections.candidatesOf(electionId)).to.have.lengthOf(14);
      expect((await nominationOf(scene, electionId, 1n)).withdrawn).to.equal(true);
      expect((await nominationOf(scene, electionId, 14n)).seconds_).to.equal(6n);
      expect((await nominationOf(scene, electionId, 15n)).accepted).to.equal(true);
    });

    it("passes the bad over, each with its reason, and does the others", async () => {
      const scene = await loadFixture(open);
      const { electionId } = scene;
      const past = await now();
      const signers = [0, 1, 2, 3, 4].map((index) => memberOf(scene, index)) as [
        Person,
        Person,
        Person,
        Person,
        Person,
      ];
      const good = await standing(scene, signers[0]);
      const acts = [
        await standing(scene, signers[1], { deadline: past }),
        good,
        { ...good, account: signers[2].address },
        good,
        await signAct(scene, signers[3], "Second", { electionId, subject: 9n }),
        await standing(scene, scene.relayer),
        await signAct(scene, signers[4], "Second", { electionId, subject: 1n }),
      ];
      const sent = await send(scene, acts);
      const { interface: face } = scene.elections;
      const invalid = (person: Person) =>
        face.encodeErrorResult("SignedRequestsInvalidSignature", [person.address]);
      for (const [index, reason] of [
        [0, face.encodeErrorResult("SignedRequestsExpired", [past, await now()])],
        [2, invalid(signers[2])],
        [3, invalid(signers[0])],
        [4, face.encodeErrorResult("CandidaciesNotNominated", [electionId, 9n])],
        [
          5,
          face.encodeErrorResult("CandidaciesRefused", [
            scene.relayer.address,
            Right.Stand,
            Standing.NotMember,
            0n,
          ]),
        ],
      ] as const) {
        await expectSkipped(scene, sent, index, acts[index]?.account ?? "", reason);
      }
      const skipped = await scene.elections.queryFilter(
        scene.elections.filters.ActSkipped(),
        sent.blockNumber ?? 0,
      );
      expect(skipped).to.have.lengthOf(5);
      const nomination = await nominationOf(scene, electionId, 1n);
      expect([nomination.accepted, nomination.seconds_]).to.deep.equal([true, 1n]);
      expect(await scene.elections.nonces(signers[3])).to.equal(0n);
    });

    for (const [name, manner] of Object.entries(Manner)) {
      it(`passes over a wallet that is ${name}, and does the others`, async () => {
        const scene = await loadFixture(open);
        const account = await scene.hostile.getAddress();
        const meddling = scene.elections.interface.encodeFunctionData("stand", [scene.electionId, STATEMENT]);
        await scene.hostile.arm(scene.elections, meddling);
        await scene.hostile.behave(manner);
        const acts = [
          await standing(scene, memberOf(scene, 0)),
          { ...(await standing(scene, scene.relayer, { account })), signature: "0x" },
          await standing(scene, memberOf(scene, 1)),
        ];
        const reason = scene.elections.interface.encodeErrorResult("SignedRequestsInvalidSignature", [
          account,
        ]);
        await expectSkipped(
          scene,
          send(scene, acts),
          1,
          account,
          (given: string) => given === reason || given === "0x",
        );
        for (const [number, accepted] of [
          [1n, true],
          [2n, true],
          [16n, false],
        ] as const) {
          expect((await nominationOf(scene, scene.electionId, number)).accepted).to.equal(accepted);
        }
      });
    }

    it("undoes everything when there is too little gas for one", async () => {
      const scene = await loadFixture(open);
      const acts = await Promise.all([0, 1, 2, 3].map((index) => standing(scene, memberOf(scene, index))));
      await expect(send(scene, acts, 600_000n))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesGasTooLow")
        .withArgs(
          (index: bigint) => index > 0n && index < 4n,
          (left: bigint) => left < 412_500n,
          412_500n,
        );
      expect((await nominationOf(scene, scene.electionId, 1n)).nominated).to.equal(false);
    });

    it("never passes a good one over, however much gas whoever pays gives", async () => {
      const scene = await loadFixture(open);
      const acts = await Promise.all([0, 1, 2].map((index) => standing(scene, memberOf(scene, index))));
      let done = 0;
      for (let gasLimit = 440_000n; gasLimit < 900_000n; gasLimit += 9_001n) {
        const answer = await scene.relayed.actMany
          .staticCall(acts, { gasLimit })
          .catch((): undefined => undefined);
        if (answer === undefined) continue;
        expect(answer, `with ${gasLimit} gas`).to.equal(3n);
        ++done;
      }
      expect(done).to.be.greaterThan(0).and.to.be.lessThan(52);
    });
  });
});
