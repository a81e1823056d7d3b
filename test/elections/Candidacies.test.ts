import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { joinOrganisation } from "../helpers/acts.js";
import {
  advanceTo,
  announce,
  createOffice,
  DAY,
  desk,
  foundOffice,
  foundRefusals,
  memberOf,
  nominationOf,
  Phase,
  STATEMENT,
  secondAll,
} from "../helpers/elections.js";
import { maskOf, Right, rotateKey, Standing } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const now = async () => BigInt(await time.latest());

/** An election in nomination: two seconds of two groups, three that one member can give. The n-th is of group n mod 6. */
async function open() {
  const scene = await foundOffice(connection, { rules: { secondsByMember: 3 } });
  return { ...scene, electionId: await announce(scene) };
}

const withoutSpeech = () => foundRefusals(connection, Right.Speak);
const withoutVote = () => foundRefusals(connection, Right.Vote);
const withoutStand = () => foundRefusals(connection, Right.Stand);

const NOTHING = {
  nominated: false,
  accepted: false,
  withdrawn: false,
  struck: false,
  option: 0n,
  seconds_: 0n,
  groups: 0n,
  group: 0n,
  organisation: 0n,
  key: ZeroAddress,
};

describe("Candidacies", () => {
  describe("nominate", () => {
    context("when the caller may not speak", () => {
      it("reverts with why", async () => {
        const scene = await loadFixture(withoutSpeech);
        for (const { who, standing, explanation } of scene.refusals) {
          // Who joined a moment ago has a voice, and no vote.
          if (standing === Standing.Immature) continue;
          await expect(scene.elections.connect(who).nominate(scene.electionId, memberOf(scene, 0)))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(who, Right.Speak, standing, explanation);
        }
      });
    });

    context("when the nominee may not stand", () => {
      it("reverts with why, who matured after the announcement included", async () => {
        const scene = await loadFixture(withoutStand);
        for (const { who, standing, explanation } of scene.refusals) {
          await expect(desk(scene, 0).nominate(scene.electionId, who))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(who, Right.Stand, standing, explanation);
        }
        await expect(desk(scene, 0).nominate(scene.electionId, ZeroAddress))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
          .withArgs(ZeroAddress, Right.Stand, Standing.NotMember, 0n);
      });
    });

    context("given a member who has been nominated", () => {
      it("reverts with the number, whoever nominates, and after a withdrawal too", async () => {
        const scene = await loadFixture(open);
        await desk(scene, 0).nominate(scene.electionId, memberOf(scene, 1));
        const again = async (index: number) =>
          expect(desk(scene, index).nominate(scene.electionId, memberOf(scene, 1)))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesNominated")
            .withArgs(scene.electionId, 2n);
        await again(0);
        await again(1);
        await desk(scene, 1).withdraw(scene.electionId);
        await again(2);
      });
    });

    context("given a member who may stand", () => {
      it("nominates, by anybody with a voice, and admits nobody by that", async () => {
        const scene = await loadFixture(withoutStand);
        for (const [by, number, caller] of [
          [1n, 2n, memberOf(scene, 0)],
          [15n, 3n, scene.latecomer],
          [13n, 4n, scene.newKey],
          [14n, 5n, memberOf(scene, 13)],
          [6n, 6n, memberOf(scene, 5)],
        ] as const) {
          const nominee = memberOf(scene, Number(number) - 1);
          await expect(scene.elections.connect(caller).nominate(scene.electionId, nominee))
            .to.emit(scene.elections, "MemberNominated")
            .withArgs(scene.electionId, number, by);
          expect(await nominationOf(scene, scene.electionId, number)).to.deep.equal({
            ...NOTHING,
            nominated: true,
            group: (number - 1n) % 6n,
          });
        }
        expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal([]);
      });
    });
  });

  describe("stand", () => {
    context("when the caller may not stand", () => {
      it("reverts with why", async () => {
        const scene = await loadFixture(withoutStand);
        for (const { who, standing, explanation } of scene.refusals) {
          await expect(scene.elections.connect(who).stand(scene.electionId, STATEMENT))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(who, Right.Stand, standing, explanation);
        }
      });
    });

    it("reverts without a statement", async () => {
      const scene = await loadFixture(open);
      await expect(desk(scene, 0).stand(scene.electionId, ZeroHash)).to.be.revertedWithCustomError(
        scene.elections,
        "CandidaciesNoStatement",
      );
    });

    it("reverts for who has been nominated, stands already, or withdrew", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await desk(scene, 1).stand(scene.electionId, STATEMENT);
      await desk(scene, 2).stand(scene.electionId, STATEMENT);
      await desk(scene, 2).withdraw(scene.electionId);
      for (const index of [0, 1, 2]) {
        await expect(desk(scene, index).stand(scene.electionId, STATEMENT))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNominated")
          .withArgs(scene.electionId, index + 1);
      }
    });

    it("nominates the caller, who accepts at once", async () => {
      const scene = await loadFixture(open);
      const sent = desk(scene, 3).stand(scene.electionId, STATEMENT);
      await expect(sent).to.emit(scene.elections, "MemberNominated").withArgs(scene.electionId, 4n, 4n);
      await expect(sent)
        .to.emit(scene.elections, "NominationAccepted")
        .withArgs(scene.electionId, 4n, STATEMENT);
      await expect(sent).not.to.emit(scene.elections, "CandidateAdmitted");
      expect(await nominationOf(scene, scene.electionId, 4n)).to.deep.equal({
        ...NOTHING,
        nominated: true,
        accepted: true,
        group: 3n,
        key: memberOf(scene, 3).address,
      });
    });

    it("admits the caller where nobody must second", async () => {
      const scene = await loadFixture(open);
      const office = await createOffice(scene, {}, { seconds_: 0, secondGroups: 0 });
      const electionId = await announce(scene, office);
      await expect(desk(scene, 3).stand(electionId, STATEMENT))
        .to.emit(scene.elections, "CandidateAdmitted")
        .withArgs(electionId, 4n, 1n);
    });

    it("writes down the organisation, or whose representative stands, where the office tells them apart", async () => {
      const scene = await loadFixture(open);
      const [representative, owner] = scene.outsiders;
      const organisation = await joinOrganisation(scene, representative, owner);
      await scene.affiliations.connect(memberOf(scene, 0)).affiliate(organisation);
      await time.increaseTo((await scene.membership.member(organisation)).votesFrom);
      const office = await createOffice(scene, { maxPerOrganisation: 1 });
      const electionId = await announce(scene, office);
      for (const [person, number, expected] of [
        [memberOf(scene, 0), 1n, organisation],
        [memberOf(scene, 1), 2n, 0n],
        [representative, organisation, organisation],
      ] as const) {
        await scene.elections.connect(person).stand(electionId, STATEMENT);
        expect((await nominationOf(scene, electionId, number)).organisation).to.equal(expected);
      }
    });
  });

  describe("accept", () => {
    context("when the caller may not stand any more", () => {
      it("reverts with why", async () => {
        const scene = await loadFixture(open);
        for (const index of [0, 1]) await desk(scene, 5).nominate(scene.electionId, memberOf(scene, index));
        const until = (await now()) + DAY;
        await scene.membership.connect(scene.power).suspend(1n, maskOf(Right.Stand), until);
        await scene.membership.connect(memberOf(scene, 1)).resign();
        for (const [index, standing, explanation] of [
          [0, Standing.Suspended, until],
          [1, Standing.Ended, await now()],
        ] as const) {
          await expect(desk(scene, index).accept(scene.electionId, STATEMENT))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(memberOf(scene, index), Right.Stand, standing, explanation);
        }
        await time.increaseTo(until);
        await desk(scene, 0).accept(scene.electionId, STATEMENT);
        expect((await nominationOf(scene, scene.electionId, 1n)).accepted).to.equal(true);
      });
    });

    it("reverts for whom nobody nominated, and for who withdrew", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 1));
      await desk(scene, 1).withdraw(scene.electionId);
      for (const index of [0, 1]) {
        await expect(desk(scene, index).accept(scene.electionId, STATEMENT))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(scene.electionId, index + 1);
      }
    });

    it("reverts for who has accepted, or stood", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await desk(scene, 0).accept(scene.electionId, STATEMENT);
      await desk(scene, 1).stand(scene.electionId, STATEMENT);
      for (const index of [0, 1]) {
        await expect(desk(scene, index).accept(scene.electionId, STATEMENT))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesAccepted")
          .withArgs(scene.electionId, index + 1);
      }
    });

    it("reverts without a statement", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await expect(desk(scene, 0).accept(scene.electionId, ZeroHash)).to.be.revertedWithCustomError(
        scene.elections,
        "CandidaciesNoStatement",
      );
    });

    it("accepts, and admits nobody who was not seconded enough", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await secondAll(scene, scene.electionId, 1n, [1]);
      const sent = desk(scene, 0).accept(scene.electionId, STATEMENT);
      await expect(sent)
        .to.emit(scene.elections, "NominationAccepted")
        .withArgs(scene.electionId, 1n, STATEMENT);
      await expect(sent).not.to.emit(scene.elections, "CandidateAdmitted");
      expect(await nominationOf(scene, scene.electionId, 1n)).to.deep.equal({
        ...NOTHING,
        nominated: true,
        accepted: true,
        seconds_: 1n,
        groups: 0b10n,
        key: memberOf(scene, 0).address,
      });
    });

    it("admits who was seconded enough before", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      await secondAll(scene, scene.electionId, 1n, [1, 2]);
      expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal([]);
      await advanceTo(scene, scene.electionId, Phase.Acceptance);
      await expect(desk(scene, 0).accept(scene.electionId, STATEMENT))
        .to.emit(scene.elections, "CandidateAdmitted")
        .withArgs(scene.electionId, 1n, 1n);
      expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal([1n]);
    });
  });

  describe("second", () => {
    context("when the caller was not of the electorate", () => {
      it("reverts with why", async () => {
        const scene = await loadFixture(withoutVote);
        await desk(scene, 0).stand(scene.electionId, STATEMENT);
        for (const { who, standing, explanation } of scene.refusals) {
          await expect(scene.elections.connect(who).second(scene.electionId, 1n))
            .to.be.revertedWithCustomError(scene.elections, "CandidaciesRefused")
            .withArgs(who, Right.Vote, standing, explanation);
        }
      });
    });

    it("reverts for whom nobody nominated, and for who withdrew", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 1).stand(scene.electionId, STATEMENT);
      await desk(scene, 1).withdraw(scene.electionId);
      for (const number of [0n, 1n, 2n, 99n]) {
        await expect(desk(scene, 5).second(scene.electionId, number))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesNotNominated")
          .withArgs(scene.electionId, number);
      }
    });

    it("reverts for the nominee", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 0).stand(scene.electionId, STATEMENT);
      await expect(desk(scene, 0).second(scene.electionId, 1n))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesOwnSecond")
        .withArgs(1n);
    });

    it("reverts the second time, by another key of the same member too", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 0).stand(scene.electionId, STATEMENT);
      await desk(scene, 1).second(scene.electionId, 1n);
      await rotateKey(scene, memberOf(scene, 1), scene.outsiders[0]);
      await expect(scene.elections.connect(scene.outsiders[0]).second(scene.electionId, 1n))
        .to.be.revertedWithCustomError(scene.elections, "CandidaciesSeconded")
        .withArgs(scene.electionId, 1n, 2n);
    });

    for (const limit of [1, 3, 7]) {
      it(`lets one member second ${limit}, no more, where that is the rule, and another anew`, async () => {
        const scene = await loadFixture(open);
        const office = await createOffice(scene, {}, { secondsByMember: limit });
        const electionId = await announce(scene, office);
        for (let index = 0; index <= limit; index++) await desk(scene, index).stand(electionId, STATEMENT);
        for (let number = 1n; number <= limit; number++) await desk(scene, 13).second(electionId, number);
        await expect(desk(scene, 13).second(electionId, BigInt(limit + 1)))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesLimit")
          .withArgs(electionId, 14n, limit);
        await expect(desk(scene, 13).second(electionId, 1n))
          .to.be.revertedWithCustomError(scene.elections, "CandidaciesSeconded")
          .withArgs(electionId, 1n, 14n);
        await desk(scene, 12).second(electionId, BigInt(limit + 1));
        expect((await nominationOf(scene, electionId, BigInt(limit + 1))).seconds_).to.equal(1n);
      });
    }

    it("says who seconded, and counts members and groups", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 5).nominate(scene.electionId, memberOf(scene, 0));
      for (const [by, seconds, groups] of [
        [1, 1n, 0b10n],
        [7, 2n, 0b10n],
        [4, 3n, 0b10010n],
        [6, 4n, 0b10011n],
      ] as const) {
        await expect(desk(scene, by).second(scene.electionId, 1n))
          .to.emit(scene.elections, "NomineeSeconded")
          .withArgs(scene.electionId, 1n, by + 1);
        const nomination = await nominationOf(scene, scene.electionId, 1n);
        expect([nomination.seconds_, nomination.groups]).to.deep.equal([seconds, groups]);
      }
    });

    it("admits nobody by members of one group, however many, and by one of another", async () => {
      const scene = await loadFixture(open);
      await desk(scene, 0).stand(scene.electionId, STATEMENT);
      for (const index of [1, 7, 13]) {
        await expect(desk(scene, index).second(scene.electionId, 1n)).not.to.emit(
          scene.elections,
          "CandidateAdmitted",
        );
      }
      await expect(desk(scene, 6).second(scene.electionId, 1n))
        .to.emit(scene.elections, "CandidateAdmitted")
        .withArgs(scene.electionId, 1n, 1n);
    });

    it("admits nobody by the groups alone where more members are asked for", async () => {
      const scene = await loadFixture(open);
      const office = await createOffice(scene, {}, { seconds_: 4, secondGroups: 2 });
      const electionId = await announce(scene, office);
      await desk(scene, 0).stand(electionId, STATEMENT);
      await secondAll(scene, electionId, 1n, [1, 2, 3]);
      expect(await scene.elections.candidatesOf(electionId)).to.deep.equal([]);
      await secondAll(scene, electionId, 1n, [4]);
      expect(await scene.elections.candidatesOf(electionId)).to.deep.equal([1n]);
    });

    it("admits with the last that was missing, once, and numbers options in that order", async () => {
      const scene = await loadFixture(open);
      for (const index of [0, 1, 2]) await desk(scene, index).stand(scene.electionId, STATEMENT);
      for (const number of [1n, 2n, 3n]) await desk(scene, 4).second(scene.electionId, number);
      expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal([]);
      for (const [index, number] of [3n, 1n, 2n].entries()) {
        await expect(desk(scene, 5).second(scene.electionId, number))
          .to.emit(scene.elections, "CandidateAdmitted")
          .withArgs(scene.electionId, number, index + 1);
        expect((await nominationOf(scene, scene.electionId, number)).option).to.equal(BigInt(index + 1));
      }
      expect(await scene.elections.candidatesOf(scene.electionId)).to.deep.equal([3n, 1n, 2n]);
      expect([...(await scene.elections.optionsOf(scene.electionId))]).to.deep.equal([3n, 0n]);
      // A further one changes nothing.
      await expect(desk(scene, 9).second(scene.electionId, 1n)).not.to.emit(
        scene.elections,
        "CandidateAdmitted",
      );
      expect((await nominationOf(scene, scene.electionId, 1n)).option).to.equal(2n);
    });

    it("counts the seconds of one election for no other", async () => {
      const scene = await loadFixture(open);
      const other = await announce(scene, await createOffice(scene));
      await desk(scene, 0).stand(scene.electionId, STATEMENT);
      await desk(scene, 0).stand(other, STATEMENT);
      await secondAll(scene, scene.electionId, 1n, [1, 2]);
      expect((await nominationOf(scene, other, 1n)).seconds_).to.equal(0n);
      await secondAll(scene, other, 1n, [1, 2]);
      expect(await scene.elections.candidatesOf(other)).to.deep.equal([1n]);
    });
  });
});
