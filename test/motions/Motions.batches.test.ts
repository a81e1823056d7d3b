import { expect } from "chai";
import { network } from "hardhat";
import { TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import { Manner } from "../helpers/ballot-box.js";
import { type Person, Right, Standing } from "../helpers/governor.js";
import { foundMotions, memberAt, type SignedMotionAct, signMotionAct } from "../helpers/motion-scene.js";
import { contentOf, Stage, stagesOf } from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** Gas that must be left for every act of a batch: its own and what a call never gets. */
const NEEDED_GAS = 500_000n + 500_000n / 32n;

/** A motion of the first member, tabled. The number 13 is a wallet that is a contract and means harm. */
async function founded() {
  const scene = await foundMotions(connection, { count: 12 });
  const [relayer] = scene.outsiders as [Person];
  const { digest } = await scene.membership.codeOfConduct();
  const hostile = await ethers.deployContract("HostileWallet");
  const join = scene.membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
  await hostile.act(scene.membership, join);
  await time.increaseTo((await scene.membership.member(13n)).votesFrom);
  const motion = await scene.tabled();
  const relayed = scene.motions.connect(relayer);
  const mine = scene.motions.connect(memberAt(scene.members, 0));
  /** The n-th member, from 0, endorses the motion. */
  const endorsing = (index: number, changes: Parameters<typeof signMotionAct>[5] = {}) =>
    signMotionAct(scene.motions, memberAt(scene.members, index), "Endorse", motion, 1n, changes);
  const send = (acts: SignedMotionAct[], gasLimit = TRANSACTION_GAS_LIMIT) =>
    relayed.actMany(acts, { gasLimit });
  return { ...scene, motion, relayer, relayed, mine, hostile, endorsing, send };
}

describe("Motions", () => {
  describe("actOne", () => {
    it("reverts for everybody but the contract itself", async () => {
      const { motions, members, relayer, power, endorsing } = await loadFixture(founded);
      const act = await endorsing(1);
      for (const caller of [memberAt(members, 1), relayer, power]) {
        await expect(motions.connect(caller).actOne(act))
          .to.be.revertedWithCustomError(motions, "MotionActsUnauthorized")
          .withArgs(caller);
      }
    });
  });

  describe("actMany", () => {
    it("reverts for a batch that is empty or too large", async () => {
      const { motions, endorsing, send } = await loadFixture(founded);
      const act = await endorsing(1);
      for (const size of [0, 101]) {
        await expect(send(Array(size).fill(act)))
          .to.be.revertedWithCustomError(motions, "MotionActsBatchSize")
          .withArgs(size, 100n);
      }
    });

    it("does all of a hundred acts that are good, in a single transaction", async () => {
      const { motions, members, mine, tabled, relayed, send } = await loadFixture(founded);
      for (let count = 1; count < 8; count++) await tabled(`Text ${count}`);
      const acts: SignedMotionAct[] = [];
      for (const person of members) {
        for (let of = 1n; of <= 8n; of++) {
          acts.push(await signMotionAct(motions, person, "Endorse", of, 1n, { nonce: of - 1n }));
        }
      }
      const author = memberAt(members, 0);
      for (let of = 9n; of <= 12n; of++) await mine.draft(contentOf(`Draft ${of}`));
      for (const [place, kind] of (["Table", "Table", "Withdraw", "Withdraw"] as const).entries()) {
        const nonce = 8n + BigInt(place);
        acts.push(await signMotionAct(motions, author, kind, 9n + BigInt(place), 1n, { nonce }));
      }
      expect(acts.length).to.equal(100);
      expect(await relayed.actMany.staticCall(acts)).to.equal(100n);
      await expect(send(acts)).not.to.emit(motions, "ActSkipped");
      for (let of = 1n; of <= 8n; of++) {
        const { endorsements, endorsementGroups } = await motions.motionOf(of);
        expect([endorsements, endorsementGroups]).to.deep.equal([12n, 0b111111n]);
      }
      const stages = [];
      for (let of = 9n; of <= 12n; of++) stages.push((await motions.motionOf(of)).stage);
      expect(stages).to.deep.equal([Stage.Tabled, Stage.Tabled, Stage.Withdrawn, Stage.Withdrawn]);
    });

    it("passes the bad over, each with its reason, and does the others", async () => {
      const { motions, members, motion, relayer, relayed, now, endorsing, send } = await loadFixture(founded);
      const past = (await now()) - 1n;
      const good = await endorsing(1);
      const acts: SignedMotionAct[] = [
        await endorsing(2, { deadline: past }),
        good,
        { ...good, account: memberAt(members, 3).address },
        good,
        await signMotionAct(motions, memberAt(members, 4), "Table", motion, 1n),
        await signMotionAct(motions, relayer, "Endorse", motion, 1n),
        { ...(await endorsing(5)), kind: 4n },
        await signMotionAct(motions, memberAt(members, 6), "Endorse", motion, 2n),
        await signMotionAct(motions, memberAt(members, 7), "Endorse", 9n, 1n),
        await endorsing(8),
      ];
      expect(await relayed.actMany.staticCall(acts)).to.equal(2n);
      const sent = await send(acts);
      const moment = await now();
      const error = (name: Parameters<typeof motions.interface.encodeErrorResult>[0], values: unknown[]) =>
        motions.interface.encodeErrorResult(name, values);
      const invalid = (index: number) => error("SignedRequestsInvalidSignature", [acts[index]?.account]);
      const refused = [relayer.address, Right.Propose, Standing.NotMember, 0n];
      for (const [index, reason] of [
        [0, error("SignedRequestsExpired", [past, moment])],
        [2, invalid(2)],
        [3, invalid(3)],
        [4, error("MotionsWrongStage", [motion, Stage.Tabled, stagesOf(Stage.Draft)])],
        [5, error("RollRightsRefused", refused)],
        [6, error("MotionActsUnknownKind", [4n])],
        [7, error("MotionsOtherRevision", [motion, 2n, 1n])],
        [8, error("MotionsUnknown", [9n, 1n])],
      ] as const) {
        await expect(sent).to.emit(motions, "ActSkipped").withArgs(index, acts[index]?.account, reason);
      }
      for (const [number, has] of [
        [2n, true],
        [9n, true],
        [3n, false],
        [4n, false],
        [6n, false],
        [7n, false],
      ] as const) {
        expect(await motions.hasEndorsed(motion, number)).to.equal(has);
      }
      // What was passed over stays unsigned for: its nonce is not used up.
      expect(await motions.nonces(memberAt(members, 6))).to.equal(0n);
      expect(await motions.nonces(memberAt(members, 1))).to.equal(1n);
    });

    for (const [name, manner] of Object.entries(Manner)) {
      if (manner === Manner.Agreeing) continue;
      it(`goes on where a wallet answers by ${name}`, async () => {
        const { motions, motion, relayer, hostile, endorsing, send } = await loadFixture(founded);
        const account = await hostile.getAddress();
        await hostile.arm(motions, motions.interface.encodeFunctionData("endorse", [motion, 1n]));
        await hostile.behave(manner);
        const acts = [
          await endorsing(1),
          {
            ...(await signMotionAct(motions, relayer, "Endorse", motion, 1n, { account })),
            signature: "0x",
          },
          await endorsing(2),
        ];
        const invalid = motions.interface.encodeErrorResult("SignedRequestsInvalidSignature", [account]);
        // A wallet that burns what it gets leaves nothing to say why.
        await expect(send(acts))
          .to.emit(motions, "ActSkipped")
          .withArgs(1n, account, (reason: string) => reason === invalid || reason === "0x");
        for (const [number, has] of [
          [2n, true],
          [3n, true],
          [13n, false],
        ] as const) {
          expect(await motions.hasEndorsed(motion, number)).to.equal(has);
        }
      });
    }

    it("undoes everything when there is too little gas for one", async () => {
      const { motions, motion, endorsing, send } = await loadFixture(founded);
      const acts = await Promise.all([1, 2, 3, 4].map((index) => endorsing(index)));
      await expect(send(acts, 700_000n))
        .to.be.revertedWithCustomError(motions, "MotionActsGasTooLow")
        .withArgs(
          (index: bigint) => index > 0n && index < 4n,
          (left: bigint) => left < NEEDED_GAS,
          NEEDED_GAS,
        );
      expect((await motions.motionOf(motion)).endorsements).to.equal(0n);
    });

    it("never passes a good one over, however much gas whoever pays gives", async () => {
      const { endorsing, relayed } = await loadFixture(founded);
      const acts = await Promise.all([1, 2, 3].map((index) => endorsing(index)));
      let done = 0;
      let refused = 0;
      for (let gasLimit = 540_000n; gasLimit < 1_000_000n; gasLimit += 9_001n) {
        const answer = await relayed.actMany.staticCall(acts, { gasLimit }).catch((): undefined => undefined);
        if (answer === undefined) ++refused;
        else {
          expect(answer, `with ${gasLimit} gas`).to.equal(3n);
          ++done;
        }
      }
      expect(done).to.be.greaterThan(0);
      expect(refused).to.be.greaterThan(0);
    });
  });
});
