import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import {
  admit,
  advanceTo,
  announce,
  createOffice,
  DAY,
  desk,
  finish,
  foundOffice,
  holdElection,
  memberOf,
  nominationOf,
  officeWith,
  Phase,
  REASON,
  type Scene,
  STATEMENT,
  startOf,
} from "../helpers/elections.js";
import { rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const now = async () => BigInt(await time.latest());

/** An election in nomination: two seconds of two groups, three that one member can give. The n-th is of group n mod 6. */
async function open() {
  const scene = await foundOffice(connection, { rules: { secondsByMember: 3 } });
  return { ...scene, electionId: await announce(scene) };
}

describe("Candidacies", () => {
  describe("the phases", () => {
    type Act = {
      name: string;
      first: bigint;
      last: bigint;
      call: (scene: Scene & { electionId: bigint }) => Promise<unknown>;
    };
    const acts: Act[] = [
      {
        name: "nominate",
        first: Phase.Nomination,
        last: Phase.Nomination,
        call: (scene) => desk(scene, 0).nominate.staticCall(scene.electionId, memberOf(scene, 3)),
      },
      {
        name: "stand",
        first: Phase.Nomination,
        last: Phase.Nomination,
        call: (scene) => desk(scene, 3).stand.staticCall(scene.electionId, STATEMENT),
      },
      {
        name: "accept",
        first: Phase.Nomination,
        last: Phase.Acceptance,
        call: (scene) => desk(scene, 2).accept.staticCall(scene.electionId, STATEMENT),
      },
      {
        name: "second",
        first: Phase.Nomination,
        last: Phase.Acceptance,
        call: (scene) => desk(scene, 9).second.staticCall(scene.electionId, 3n),
      },
      {
        name: "withdraw",
        first: Phase.Nomination,
        last: Phase.Voting,
        call: (scene) => desk(scene, 0).withdraw.staticCall(scene.electionId),
      },
      {
        name: "object",
        first: Phase.Objection,
        last: Phase.Objection,
        call: (scene) => desk(scene, 9).object.staticCall(scene.electionId, 1n, REASON),
      },
      {
        name: "strike",
        first: Phase.Objection,
        last: Phase.Objection,
        call: ({ elections, deployer, electionId }) =>
          elections.connect(deployer).strike.staticCall(electionId, 1n, REASON),
      },
      {
        name: "commitLot",
        first: Phase.Nomination,
        last: Phase.Objection,
        call: (scene) => desk(scene, 9).commitLot.staticCall(scene.electionId, REASON),
      },
    ];

    async function everything() {
      const scene = await open();
      await scene.elections.connect(scene.power).setArbiter(scene.deployer);
      await admit(scene, scene.electionId, 0, 1);
      await desk(scene, 0).nominate(scene.electionId, memberOf(scene, 2));
      return scene;
    }

    for (const act of acts) {
      it(`let ${act.name} happen in its own and in no other, to the second`, async () => {
        const scene = await loadFixture(everything);
        const expectAct = async (phase: bigint, title: string) => {
          const call = act.call(scene);
          if (phase >= act.first && phase <= act.last)
            return expect(call, title).not.to.revert(connection.ethers);
          return expect(call, title)
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
            .withArgs(scene.electionId, phase, act.first, act.last);
        };
        await expectAct(Phase.Nomination, "at first");
        for (let phase = Phase.Acceptance; phase <= Phase.Finishing; phase++) {
          const start = await startOf(scene, scene.electionId, phase);
          await time.increaseTo(start - 1n);
          await expectAct(phase - 1n, `in the last second of phase ${phase - 1n}`);
          await time.increaseTo(start);
          await expectAct(phase, `in the first second of phase ${phase}`);
        }
        await finish(scene, scene.electionId);
        await expectAct(Phase.Finished, "when all is over");
        await expect(act.call({ ...scene, electionId: 2n }))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesWrongPhase")
          .withArgs(2n, Phase.None, act.first, act.last);
      });
    }
  });

  describe("the options of a ballot", () => {
    /** Thirty-two candidates, whom one member each seconded, and two more who stand. */
    async function full() {
      const scene = await foundOffice(connection, {
        count: 36,
        rules: { seconds_: 1, secondGroups: 1, secondsByMember: 7 },
      });
      const electionId = await announce(scene);
      await scene.elections.connect(memberOf(scene, 35)).nominate(electionId, memberOf(scene, 33));
      await desk(scene, 32).stand(electionId, STATEMENT);
      await desk(scene, 0).second(electionId, 34n);
      for (let index = 0; index < 32; index++) {
        await desk(scene, index).stand(electionId, STATEMENT);
        await desk(scene, (index + 1) % 36).second(electionId, BigInt(index + 1));
      }
      return { ...scene, electionId };
    }

    it("are 32 at the most, in the order of admission", async () => {
      const scene = await loadFixture(full);
      const numbers = Array.from({ length: 32 }, (_, index) => BigInt(index + 1));
      expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal(numbers);
      expect([...(await scene.elections.slateOf(scene.electionId)).numbers]).to.deep.equal([0n, ...numbers]);
      expect((await nominationOf(scene, scene.electionId, 32n)).option).to.equal(32n);
    });

    it("take no further candidate, by a second or by an acceptance", async () => {
      const scene = await loadFixture(full);
      for (const call of [
        () => desk(scene, 1).second(scene.electionId, 33n),
        () => desk(scene, 33).accept(scene.electionId, STATEMENT),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesFull")
          .withArgs(scene.electionId, 32n);
      }
    });

    it("are not given again when a candidate withdraws", async () => {
      const scene = await loadFixture(full);
      await desk(scene, 31).withdraw(scene.electionId);
      expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([32n, 1n << 32n]);
      await expect(desk(scene, 1).second(scene.electionId, 33n))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesFull")
        .withArgs(scene.electionId, 32n);
    });

    it("take no further candidate by standing either, where nobody must second", async () => {
      const scene = await loadFixture(full);
      const office = await createOffice(scene, {}, { seconds_: 0, secondGroups: 0 });
      const electionId = await announce(scene, office);
      for (let index = 0; index < 32; index++) await desk(scene, index).stand(electionId, STATEMENT);
      await expect(desk(scene, 32).stand(electionId, STATEMENT))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesFull")
        .withArgs(electionId, 32n);
    });
  });

  describe("the limit of terms", () => {
    /** The first member has held the office for as many terms as one may; the next election is announced. */
    async function limited() {
      const scene = await foundOffice(connection, { office: { termLimit: 1 } });
      await holdElection(scene, [0], [[1], [1], [1]]);
      await time.increase(365n * DAY);
      return { ...scene, electionId: await announce(scene) };
    }

    it("keeps the holder from being nominated and from standing, and nobody else", async () => {
      const scene = await loadFixture(limited);
      for (const call of [
        () => desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0)),
        () => desk(scene, 0).stand(scene.electionId, STATEMENT),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesTermLimit")
          .withArgs(1n, 1n);
      }
      await expect(desk(scene, 1).stand(scene.electionId, STATEMENT)).to.emit(
        scene.elections,
        "NominationAccepted",
      );
    });

    it("keeps the holder from accepting, if it was lowered since the nomination", async () => {
      const scene = await loadFixture(limited);
      await scene.offices.connect(scene.power).change(1n, officeWith({ termLimit: 2 }));
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await scene.offices.connect(scene.power).change(1n, officeWith({ termLimit: 1 }));
      await expect(desk(scene, 0).accept(scene.electionId, STATEMENT))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesTermLimit")
        .withArgs(1n, 1n);
    });

    it("has a candidate struck off at an objection, if it was lowered since the admission", async () => {
      const scene = await loadFixture(limited);
      await scene.offices.connect(scene.power).change(1n, officeWith({ termLimit: 2 }));
      await admit(scene, scene.electionId, 0);
      await advanceTo(scene, scene.electionId, Phase.Objection);
      await scene.offices.connect(scene.power).change(1n, officeWith({ termLimit: 1 }));
      await expect(desk(scene, 5).object(scene.electionId, 1n, REASON))
        .to.emit(scene.elections, "CandidateStruck")
        .withArgs(scene.electionId, 1n, ZeroAddress, REASON);
    });

    it("keeps nobody from an election that was announced without one", async () => {
      const scene = await loadFixture(limited);
      const office = await createOffice(scene);
      await holdElection(scene, [0], [[1], [1], [1]], office);
      await time.increase(365n * DAY);
      const electionId = await announce(scene, office);
      await scene.offices.connect(scene.power).change(office, officeWith({ termLimit: 1 }));
      await admit(scene, electionId, 0);
      await advanceTo(scene, electionId, Phase.Objection);
      await expect(desk(scene, 5).object(electionId, 1n, REASON)).not.to.emit(
        scene.elections,
        "CandidateStruck",
      );
    });
  });

  describe("withdraw", () => {
    it("reverts for whom nobody nominated, for who withdrew, and for who is no member", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 1).stand(scene.electionId, STATEMENT);
      await desk(scene, 1).withdraw(scene.electionId);
      for (const [caller, number] of [
        [memberOf(scene, 0), 1n],
        [memberOf(scene, 1), 2n],
        [scene.outsiders[0], 0n],
      ] as const) {
        await expect(scene.elections.connect(caller).withdraw(scene.electionId))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(scene.electionId, number);
      }
    });

    it("takes a nominee out who is no candidate yet, and no option with that", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await expect(desk(scene, 0).withdraw(scene.electionId))
        .to.emit(scene.elections, "CandidateWithdrew")
        .withArgs(scene.electionId, 1n);
      expect((await nominationOf(scene, scene.electionId, 1n)).withdrawn).to.equal(true);
      expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([0n, 0n]);
    });

    it("takes a candidate out, whose option stays in its place and is gone", async () => {
      const scene = await loadFixture(open);
      await admit(scene, scene.electionId, 0, 1, 2);
      await desk(scene, 1).withdraw(scene.electionId);
      expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal([1n, 2n, 3n]);
      expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([3n, 0b100n]);
    });

    it("is open to a member whose rights are suspended, and by the key that holds the number", async () => {
      const scene = await loadFixture(open);
      await admit(scene, scene.electionId, 0, 1);
      await scene.membership.connect(scene.power).suspend(1n, 15, (await now()) + 10n * DAY);
      await desk(scene, 0).withdraw(scene.electionId);
      await rotateKey(scene, memberOf(scene, 1), scene.outsiders[0]);
      await expect(desk(scene, 1).withdraw(scene.electionId))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
        .withArgs(scene.electionId, 0n);
      await scene.elections.connect(scene.outsiders[0]).withdraw(scene.electionId);
      expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([2n, 0b110n]);
    });

    it("is for good: who withdrew is neither nominated, seconded nor heard again", async () => {
      const scene = await loadFixture(open);
      await admit(scene, scene.electionId, 0);
      await desk(scene, 0).withdraw(scene.electionId);
      const before = await nominationOf(scene, scene.electionId, 1n);
      for (const [error, call] of [
        ["CandidaciesNominated", () => desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0))],
        ["CandidaciesNominated", () => desk(scene, 0).stand(scene.electionId, STATEMENT)],
        ["CandidaciesNotNominated", () => desk(scene, 0).accept(scene.electionId, STATEMENT)],
        ["CandidaciesNotNominated", () => desk(scene, 9).second(scene.electionId, 1n)],
      ] as const) {
        await expect(call())
          .to.be.revertedWithCustomError(scene.elections, error)
          .withArgs(scene.electionId, 1n);
      }
      expect(await nominationOf(scene, scene.electionId, 1n)).to.deep.equal(before);
    });
  });
});
