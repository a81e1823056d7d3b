import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { CONDUCT_TERMS } from "../../scripts/lib/parameters.js";
import {
  bytesOf,
  COMPLAINANT,
  DAY,
  dismissal,
  foundConduct,
  IN_POOL,
  Phase,
  REASON,
  Result,
  ruling,
} from "../helpers/conduct.js";
import { Authority, FOR_GOOD, LIST } from "../helpers/forum.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

async function founded() {
  return foundConduct(connection);
}

/** Member 7 of the pool hid the post in an emergency. */
async function hidden() {
  const scene = await foundConduct(connection);
  await scene.by(7n).hideNow(LIST, 1, REASON);
  const { hiddenUntil } = await scene.forum.fateOf(LIST, 1);
  return { ...scene, hiddenUntil };
}

/** The longest and the shortest of each term, beside the coalition's shortest stage of a day. */
const RANGES: Readonly<Record<(typeof CONDUCT_TERMS)[number], readonly [bigint, bigint]>> = {
  response: [DAY, 30n * DAY],
  drawing: [DAY, 30n * DAY],
  deliberation: [DAY, 90n * DAY],
  appeal: [DAY, 90n * DAY],
  members: [4n * DAY, 365n * DAY],
  emergency: [DAY, 14n * DAY],
  suspension: [DAY, 180n * DAY],
  quota: [1n, 20n],
  quotaPeriod: [DAY, 365n * DAY],
};

describe("Conduct", function () {
  this.timeout(120_000);

  it("knows forum, panels and speakers, and is what they obey", async () => {
    const { conduct, forum, panels, speakers, parameters } = await loadFixture(founded);
    expect(await conduct.forum()).to.equal(forum);
    expect(await conduct.panels()).to.equal(panels);
    expect(await conduct.speakers()).to.equal(speakers);
    for (const organ of [forum, panels, speakers]) expect(await organ.conduct()).to.equal(conduct);
    const terms = await conduct.terms();
    for (const term of CONDUCT_TERMS) expect(terms[term], term).to.equal(parameters.Conduct[term]);
    expect(await conduct.lastCase()).to.equal(0n);
    await expect(conduct.caseOf(1))
      .to.be.revertedWithCustomError(conduct, "ConductUnknownCase")
      .withArgs(1n, 0n);
    await expect(conduct.backingOf(1, 7)).to.be.revertedWithCustomError(conduct, "ConductUnknownCase");
  });

  describe("setTerms", () => {
    it("reverts for everybody but the timelock", async () => {
      const { conduct, timelock, by, member, parameters } = await loadFixture(founded);
      await expect(by(3n).setTerms(parameters.Conduct))
        .to.be.revertedWithCustomError(conduct, "ConductUnauthorized")
        .withArgs(member(3n), timelock);
    });

    for (const term of CONDUCT_TERMS) {
      const [min, max] = RANGES[term];
      it(`takes ${term} from ${min} to ${max}, at birth too`, async () => {
        const { conduct, judging, parameters, speakers, panels, forum } = await loadFixture(founded);
        const name = `0x${Buffer.from(term).toString("hex").padEnd(64, "0")}`;
        for (const value of [min, max]) {
          await judging.setTerms({ ...parameters.Conduct, [term]: value });
          expect((await conduct.terms())[term]).to.equal(value);
        }
        for (const value of [min - 1n, max + 1n]) {
          const bad = { ...parameters.Conduct, [term]: value };
          await expect(judging.setTerms(bad))
            .to.be.revertedWithCustomError(conduct, "ConductTermOutOfRange")
            .withArgs(name, value, min, max);
          await expect(ethers.deployContract("Conduct", ["C", speakers, panels, forum, DAY, bad]))
            .to.be.revertedWithCustomError(conduct, "ConductTermOutOfRange")
            .withArgs(name, value, min, max);
        }
      });
    }

    it("tells old and new terms", async () => {
      const { conduct, judging, parameters } = await loadFixture(founded);
      const listOf = (of: Readonly<Record<string, unknown>>) =>
        CONDUCT_TERMS.map((term) => BigInt(String(of[term])));
      const terms = { ...parameters.Conduct, quota: 9 };
      await expect(judging.setTerms(terms))
        .to.emit(conduct, "TermsChanged")
        .withArgs(listOf(parameters.Conduct), listOf(terms));
    });
  });

  describe("hideNow", () => {
    it("reverts for who is not in the pool, and without a reason", async () => {
      const { conduct, by } = await loadFixture(founded);
      await expect(by(COMPLAINANT).hideNow(LIST, 1, REASON))
        .to.be.revertedWithCustomError(conduct, "ConductNotInPool")
        .withArgs(COMPLAINANT);
      await expect(by(7n).hideNow(LIST, 1, ZeroHash)).to.be.revertedWithCustomError(conduct, "ConductNoText");
    });

    it("reverts for what is no post", async () => {
      const { forum, by } = await loadFixture(founded);
      await expect(by(7n).hideNow(LIST, 9, REASON))
        .to.be.revertedWithCustomError(forum, "ForumNoSuchPost")
        .withArgs(LIST, 9n);
    });

    it("hides a post at once, in public, and shows it again by itself", async () => {
      const { conduct, forum, by, now, goTo } = await loadFixture(founded);
      const sent = await by(7n).hideNow(LIST, 1, REASON);
      const moment = await now();
      const until = moment + (await conduct.terms()).emergency;
      await expect(sent)
        .to.emit(conduct, "EmergencyHidden")
        .withArgs(LIST, 1n, 1n, 7n, until, REASON, moment);
      await expect(sent).to.emit(forum, "PostHidden").withArgs(LIST, 1n, 2n, 0n, until, REASON, moment);
      expect((await conduct.figures()).emergencies).to.equal(1n);
      await goTo(until);
      expect(await forum.isHidden(LIST, 1)).to.equal(true);
      await goTo(until + 1n);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
    });

    it("reverts for a post that was hidden so before, by whomever", async () => {
      const { conduct, by, hiddenUntil, goTo } = await loadFixture(hidden);
      await goTo(hiddenUntil + 1n);
      for (const number of [7n, 8n]) {
        await expect(by(number).hideNow(LIST, 1, REASON))
          .to.be.revertedWithCustomError(conduct, "ConductHiddenBefore")
          .withArgs(LIST, 1n);
      }
    });

    it("reverts for a post that there is a case about", async () => {
      const { conduct, by, open } = await loadFixture(founded);
      const caseId = await open();
      await expect(by(7n).hideNow(LIST, 1, REASON))
        .to.be.revertedWithCustomError(conduct, "ConductTried")
        .withArgs(caseId);
    });

    it("takes of the quota of the member of the pool", async () => {
      const { conduct, parameters, by, thread, goTo, now } = await loadFixture(founded);
      const length = BigInt(parameters.Conduct.quotaPeriod);
      await goTo(((await now()) / length + 1n) * length);
      for (let index = 1; index <= parameters.Conduct.quota; index++) {
        await by(7n).hideNow(LIST, await thread(3, `Post ${index}`), REASON);
      }
      await expect(by(7n).hideNow(LIST, 1, REASON)).to.be.revertedWithCustomError(
        conduct,
        "ConductQuotaUsed",
      );
      await by(8n).hideNow(LIST, 1, REASON);
    });

    it("goes on with a case that is opened in time, to its last second, and no longer", async () => {
      const { conduct, forum, open, now, goTo, pass } = await loadFixture(hidden);
      const caseId = await open();
      const { response, drawing, deliberation } = await conduct.terms();
      const end = (await now()) + response + drawing + deliberation;
      expect([...(await forum.fateOf(LIST, 1))]).to.deep.equal([end, caseId, false]);
      await pass(caseId);
      await pass(caseId);
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Lapsed);
      await goTo(end + 1n);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
    });

    it("does not come back with a case that is opened too late", async () => {
      const { forum, open, hiddenUntil, goTo } = await loadFixture(hidden);
      await goTo(hiddenUntil + 1n);
      await open();
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
    });

    it("ends with a ruling that does not hide, and stays with one that does", async () => {
      const { forum, open, seat, rule } = await loadFixture(hidden);
      const caseId = await open();
      await seat(caseId);
      expect(await forum.isHidden(LIST, 1)).to.equal(true);
      const snapshot = await networkHelpers.takeSnapshot();
      await rule(caseId, dismissal());
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
      await snapshot.restore();
      await rule(caseId);
      expect((await forum.fateOf(LIST, 1)).hiddenUntil).to.equal(FOR_GOOD);
    });

    it("goes on while the case is before the members", async () => {
      const { conduct, forum, open, pass, now } = await loadFixture(hidden);
      const caseId = await open();
      await pass(caseId);
      await conduct.drawPanel(caseId);
      const end = (await now()) + (await conduct.terms()).members;
      expect([...(await forum.fateOf(LIST, 1))]).to.deep.equal([end, caseId, false]);
      expect((await conduct.caseOf(caseId)).phase).to.equal(Phase.Members);
    });
  });

  describe("erase", () => {
    it("reverts while the ruling can be appealed, and for one that does not say so", async () => {
      const { conduct, open, seat, rule, pass } = await loadFixture(founded);
      const caseId = await open();
      await seat(caseId);
      await rule(caseId, ruling({ erase: true }));
      const { until } = await conduct.caseOf(caseId);
      await expect(conduct.erase(caseId))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Appealable, until);
      const other = await open({ list: 0n, post: 0n });
      await pass(other);
      await pass(other);
      await expect(conduct.erase(other))
        .to.be.revertedWithCustomError(conduct, "ConductNotToErase")
        .withArgs(other);
    });

    it("puts the tombstone on the post once nobody can appeal, by whoever calls, once", async () => {
      const { conduct, forum, stranger, ruled, pass, now } = await loadFixture(founded);
      const caseId = await ruled(ruling({ erase: true }));
      await pass(caseId);
      await expect(conduct.connect(stranger).erase(caseId))
        .to.emit(forum, "PostErased")
        .withArgs(LIST, 1n, 3n, Authority.Case, caseId, REASON, (await now()) + 1n);
      expect((await forum.fateOf(LIST, 1)).erased).to.equal(true);
      await expect(conduct.erase(caseId))
        .to.be.revertedWithCustomError(forum, "ForumPostErased")
        .withArgs(LIST, 1n);
    });
  });

  it("holds two cases apart: what one lifts, the other does not", async () => {
    const { speakers, open, reveal, pass, panelOf, seat, rule, conduct, by } = await loadFixture(founded);
    const first = await open();
    const second = await open({ list: 0n, post: 0n, evidence: id("another matter") });
    for (const caseId of [first, second]) await reveal(caseId);
    await pass(second);
    for (const caseId of [first, second]) {
      await conduct.drawPanel(caseId);
      for (const number of await panelOf(caseId)) expect(IN_POOL).to.include(number);
    }
    await rule(first, ruling({ suspension: 60n * DAY }));
    await rule(second, ruling({ hide: false, suspension: 40n * DAY }));
    const { ruledAt } = await conduct.caseOf(second);
    await by(1n).appeal(first, false, bytesOf(1));
    await seat(first);
    await rule(first, dismissal());
    expect([...(await speakers.speakerOf(1))].slice(2)).to.deep.equal([ruledAt + 40n * DAY, second]);
  });
});
