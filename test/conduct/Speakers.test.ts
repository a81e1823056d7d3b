import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";
import { FAR } from "../helpers/attacks.js";
import { foundForum, signAccept } from "../helpers/forum.js";
import { Decision, maskOf, type Person, Right, rotateKey, Standing } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const CODE = 2n;
const DAY = 86_400n;
const FAR_MOMENT = 2n ** 40n;

async function founded() {
  return foundForum(connection);
}

/** Member 13 has joined, without a vote yet, and has not accepted the Code. */
async function joined() {
  const scene = await foundForum(connection);
  const { digest } = await scene.membership.codeOfConduct();
  await scene.membership.connect(scene.stranger).join(0, digest, "0x");
  return scene;
}

describe("Speakers", () => {
  describe("constructor", () => {
    for (const document of [0n, 5n]) {
      it(`reverts with document ${document} of four as the Code`, async () => {
        const { speakers, membership, charter } = await loadFixture(founded);
        await expect(ethers.deployContract("Speakers", ["C", membership, charter, document]))
          .to.be.revertedWithCustomError(speakers, "SpeakersUnknownCode")
          .withArgs(document, 4n);
      });
    }

    it("knows roll, charter, the Code and the contract that decides cases", async () => {
      const { speakers, membership, charter, conduct } = await loadFixture(founded);
      expect(await speakers.roll()).to.equal(membership);
      expect(await speakers.charter()).to.equal(charter);
      expect(await speakers.conduct()).to.equal(conduct);
      expect([...(await speakers.codeOfConduct())]).to.deep.equal([CODE, 0n]);
    });
  });

  describe("bind", () => {
    it("reverts once it is bound", async () => {
      const { speakers, conduct, power } = await loadFixture(founded);
      await expect(speakers.connect(power).bind())
        .to.be.revertedWithCustomError(speakers, "SpeakersBound")
        .withArgs(conduct);
    });

    it("binds to whoever calls first", async () => {
      const { membership, charter, stranger } = await loadFixture(founded);
      const fresh = await ethers.deployContract("Speakers", ["C", membership, charter, CODE]);
      expect(await fresh.conduct()).to.equal(ZeroAddress);
      await expect(fresh.connect(stranger).bind()).to.emit(fresh, "ConductBound").withArgs(stranger);
      expect(await fresh.conduct()).to.equal(stranger);
    });
  });

  describe("accept", () => {
    it("reverts for a key that is not on the roll, and for one that left it", async () => {
      const { speakers, membership, stranger, member } = await loadFixture(founded);
      await membership.connect(member(1)).resign();
      for (const person of [stranger, member(1)]) {
        await expect(speakers.connect(person).accept(0))
          .to.be.revertedWithCustomError(speakers, "SpeakersNotOnRoll")
          .withArgs(person);
      }
    });

    it("reverts for a version that is not in force", async () => {
      const { speakers, member } = await loadFixture(founded);
      await expect(speakers.connect(member(1)).accept(1))
        .to.be.revertedWithCustomError(speakers, "SpeakersVersionNotInForce")
        .withArgs(1n, 0n);
    });

    it("is open to who has no vote yet", async () => {
      const { speakers, stranger } = await loadFixture(joined);
      expect((await speakers.speakerOf(13)).hasAccepted).to.equal(false);
      await expect(speakers.connect(stranger).accept(0)).to.emit(speakers, "CodeAccepted").withArgs(13n, 0n);
      expect([...(await speakers.speakerOf(13))]).to.deep.equal([true, 0n, 0n, 0n]);
      expect(await speakers.requireSpeaker(stranger)).to.equal(13n);
    });

    it("is open to a member whose speech is suspended", async () => {
      const { speakers, judge, member, now } = await loadFixture(founded);
      await speakers.connect(judge).suspend(1, 7, (await now()) + DAY);
      await expect(speakers.connect(member(1)).accept(0))
        .to.emit(speakers, "CodeAccepted")
        .withArgs(1n, 0n);
    });
  });

  describe("acceptBySig", () => {
    it("accepts for a member who signed", async () => {
      const { speakers, stranger, relayer } = await loadFixture(joined);
      await expect(speakers.connect(relayer).acceptBySig(...(await signAccept(speakers, stranger, 0n))))
        .to.emit(speakers, "CodeAccepted")
        .withArgs(13n, 0n);
      expect((await speakers.speakerOf(13)).hasAccepted).to.equal(true);
      expect(await speakers.nonces(stranger)).to.equal(1n);
    });

    it("reverts after the deadline, for another version, another signer, another chain and a second time", async () => {
      const { speakers, stranger, relayer, member, now } = await loadFixture(joined);
      const relayed = speakers.connect(relayer);
      const past = (await now()) - 1n;
      await expect(relayed.acceptBySig(...(await signAccept(speakers, stranger, 0n, { deadline: past }))))
        .to.be.revertedWithCustomError(speakers, "SignedRequestsExpired")
        .withArgs(past, (await now()) + 1n);
      const good = await signAccept(speakers, stranger, 0n);
      const bent = [
        [good[0], 1n, FAR, good[3]],
        await signAccept(speakers, member(1), 0n, { account: stranger.address }),
        await signAccept(speakers, stranger, 0n, { domain: { chainId: 1n } }),
        await signAccept(speakers, stranger, 0n, { nonce: 1n }),
      ] as const;
      for (const request of bent) {
        await expect(relayed.acceptBySig(...request))
          .to.be.revertedWithCustomError(speakers, "SignedRequestsInvalidSignature")
          .withArgs(stranger);
      }
      await relayed.acceptBySig(...good);
      await expect(relayed.acceptBySig(...good))
        .to.be.revertedWithCustomError(speakers, "SignedRequestsInvalidSignature")
        .withArgs(stranger);
    });
  });

  describe("suspend", () => {
    it("reverts for everybody but the contract that decides cases", async () => {
      const { speakers, conduct, power, member } = await loadFixture(founded);
      for (const caller of [member(1), power]) {
        await expect(speakers.connect(caller).suspend(2, 1, FAR_MOMENT))
          .to.be.revertedWithCustomError(speakers, "SpeakersUnauthorized")
          .withArgs(caller, conduct);
      }
    });

    it("suspends until the last second, and touches neither vote nor rights of the roll", async () => {
      const { speakers, membership, judge, member, now, at } = await loadFixture(founded);
      const person = member(1);
      const until = (await now()) + DAY;
      await expect(speakers.connect(judge).suspend(1, 7, until))
        .to.emit(speakers, "SpeechSuspended")
        .withArgs(1n, 7n, until);
      expect([...(await speakers.speakerOf(1))]).to.deep.equal([true, 0n, until, 7n]);
      expect(await membership.getVotes(person)).to.equal(1n);
      for (const right of Object.values(Right)) {
        const [standing] = await membership.standingOf(person, right, await now());
        expect(standing).to.equal(Standing.Granted);
      }
      await networkHelpers.time.increaseTo(until);
      await expect(speakers.requireSpeaker(person))
        .to.be.revertedWithCustomError(speakers, "SpeakersSuspended")
        .withArgs(1n, 7n, until);
      await at(until + 1n, () => speakers.connect(person).accept(0));
      expect(await speakers.requireSpeaker(person)).to.equal(1n);
    });

    it("keeps suspensions of several cases apart: the longest counts, and each can be lifted", async () => {
      const { speakers, judge, now } = await loadFixture(founded);
      const start = await now();
      const judging = speakers.connect(judge);
      const suspended = async () => {
        const { suspendedUntil, suspendedBy } = await speakers.speakerOf(1);
        return [suspendedUntil, suspendedBy];
      };
      await judging.suspend(1, 1, start + 30n * DAY);
      await judging.suspend(1, 2, start + 10n * DAY);
      expect(await suspended()).to.deep.equal([start + 30n * DAY, 1n]);
      await judging.suspend(1, 1, 0);
      expect(await suspended()).to.deep.equal([start + 10n * DAY, 2n]);
      await judging.suspend(1, 2, start + 5n * DAY);
      expect(await suspended()).to.deep.equal([start + 5n * DAY, 2n]);
      await judging.suspend(1, 2, 0);
      expect(await suspended()).to.deep.equal([0n, 0n]);
    });

    it("lets the one that ends first give way when eight others run, and only to a longer one", async () => {
      const { speakers, judge, now } = await loadFixture(founded);
      const start = await now();
      const judging = speakers.connect(judge);
      for (let caseId = 1n; caseId <= 8n; caseId++)
        await judging.suspend(1, caseId, start + (10n + caseId) * DAY);
      await judging.suspend(1, 9, start + DAY);
      await judging.suspend(1, 10, start + 30n * DAY);
      expect((await speakers.speakerOf(1)).suspendedBy).to.equal(10n);
      for (const caseId of [10n, 8n, 7n, 6n, 5n, 4n, 3n]) await judging.suspend(1, caseId, 0);
      expect([...(await speakers.speakerOf(1))].slice(2)).to.deep.equal([start + 12n * DAY, 2n]);
      await judging.suspend(1, 2, 0);
      expect((await speakers.speakerOf(1)).suspendedUntil).to.equal(0n);
    });

    it("takes the place of one that is over", async () => {
      const { speakers, judge, now, goTo } = await loadFixture(founded);
      const start = await now();
      const judging = speakers.connect(judge);
      for (let caseId = 1n; caseId <= 8n; caseId++) await judging.suspend(1, caseId, start + caseId * DAY);
      await goTo(start + 2n * DAY);
      await judging.suspend(1, 9, start + 3n * DAY);
      for (const caseId of [8n, 7n, 6n, 5n, 4n, 3n]) await judging.suspend(1, caseId, 0);
      expect([...(await speakers.speakerOf(1))].slice(2)).to.deep.equal([start + 3n * DAY, 9n]);
    });
  });

  describe("requireSpeaker", () => {
    it("reverts for a stranger, and for a key that the member moved away from", async () => {
      const scene = await loadFixture(founded);
      const { speakers, member, stranger, relayer } = scene;
      await rotateKey(scene, member(1), relayer as Person);
      for (const [person, standing] of [
        [stranger, Standing.NotMember],
        [member(1), Standing.Rotated],
      ] as const) {
        const [, , , explanation] = await scene.membership.standingOf(person, Right.Speak, await scene.now());
        await expect(speakers.requireSpeaker(person))
          .to.be.revertedWithCustomError(speakers, "RollRightsRefused")
          .withArgs(person, Right.Speak, standing, explanation);
      }
      // The number accepted the Code, whatever key holds it.
      expect(await speakers.requireSpeaker(relayer)).to.equal(1n);
    });

    it("reverts where a decision of the members suspended the right to speak on the roll", async () => {
      const { speakers, membership, member, power, now } = await loadFixture(founded);
      const until = (await now()) + DAY;
      await membership.connect(power).suspend(1, maskOf(Right.Speak), until);
      await expect(speakers.requireSpeaker(member(1)))
        .to.be.revertedWithCustomError(speakers, "RollRightsRefused")
        .withArgs(member(1), Right.Speak, Standing.Suspended, until);
    });

    it("reverts until the version in force is accepted, which a change of the Code makes another", async () => {
      const { speakers, charter, governor, membership, members, member, power, stranger, agenda } =
        await loadFixture(joined);
      await expect(speakers.requireSpeaker(stranger))
        .to.be.revertedWithCustomError(speakers, "SpeakersCodeNotAccepted")
        .withArgs(13n, 0n);
      expect(await agenda.governor()).to.equal(governor);
      const data = charter.interface.encodeFunctionData("insert", [CODE, 0, ZeroHash, id("Be civil")]);
      const decision = new Decision(connection, { governor }, [{ target: charter, data }], "A first clause");
      await decision.pass(members);
      expect([...(await speakers.codeOfConduct())]).to.deep.equal([CODE, 1n]);
      await expect(speakers.requireSpeaker(member(1)))
        .to.be.revertedWithCustomError(speakers, "SpeakersCodeNotAccepted")
        .withArgs(1n, 1n);
      await speakers.connect(member(1)).accept(1);
      expect(await speakers.requireSpeaker(member(1))).to.equal(1n);
      expect(await membership.timelock()).to.equal(power);
    });
  });
});
