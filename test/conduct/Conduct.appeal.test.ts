import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { IConduct } from "../../typechain-types/contracts/conduct/Conduct.js";
import {
  COMPLAINANT,
  DAY,
  dismissal,
  foundConduct,
  IN_POOL,
  Phase,
  REASON,
  RESPONDENT,
  Result,
  ruling,
  SUSPENSION,
  signForConduct,
} from "../helpers/conduct.js";
import { FOR_GOOD, Kind, LIST, textOf } from "../helpers/forum.js";
import { Decision } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const GROUNDS = id("the grounds");

async function founded() {
  return foundConduct(connection);
}

/** A case that was ruled on: the post is hidden, and the respondent suspended. */
async function ruled() {
  const scene = await foundConduct(connection);
  const caseId = await scene.ruled();
  const { ruledAt } = await scene.conduct.caseOf(caseId);
  return { ...scene, caseId, ruledAt };
}

/** The respondent has appealed to another panel. */
async function appealed() {
  const scene = await ruled();
  const first = await scene.panelOf(scene.caseId);
  await scene.by(RESPONDENT).appeal(scene.caseId, false, GROUNDS);
  return { ...scene, first };
}

/** The panel of the appeal sits. */
async function reheard() {
  const scene = await appealed();
  return { ...scene, panel: await scene.seat(scene.caseId) };
}

/** The respondent has appealed to the members. */
async function before() {
  const scene = await ruled();
  await scene.by(RESPONDENT).appeal(scene.caseId, true, GROUNDS);
  return scene;
}

describe("Conduct", function () {
  this.timeout(120_000);

  describe("appeal", () => {
    it("reverts for everybody but the parties, and without grounds", async () => {
      const { conduct, by, caseId, member, stranger, panelOf } = await loadFixture(ruled);
      const [first = 0n] = await panelOf(caseId);
      for (const number of [3n, first]) {
        await expect(by(number).appeal(caseId, false, GROUNDS))
          .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
          .withArgs(caseId, member(number));
      }
      await expect(conduct.connect(stranger).appeal(caseId, false, GROUNDS))
        .to.be.revertedWithCustomError(conduct, "ConductNotOnRoll")
        .withArgs(stranger);
      await expect(by(RESPONDENT).appeal(caseId, false, ZeroHash)).to.be.revertedWithCustomError(
        conduct,
        "ConductNoText",
      );
    });

    it("is taken to the last second, and not in the one after it", async () => {
      const { conduct, by, caseId, at, goTo } = await loadFixture(ruled);
      const { until } = await conduct.caseOf(caseId);
      await goTo(until - 1n);
      const snapshot = await networkHelpers.takeSnapshot();
      await at(until, () => by(RESPONDENT).appeal(caseId, false, GROUNDS));
      await snapshot.restore();
      await goTo(until + 1n);
      await expect(by(RESPONDENT).appeal(caseId, false, GROUNDS))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Closed, 0n);
      const seen = await conduct.caseOf(caseId);
      expect([seen.result, ...seen.ruling]).to.deep.equal([Result.Upheld, ...Object.values(ruling())]);
    });

    it("reverts before there is a ruling, and a second time", async () => {
      const { conduct, by, caseId } = await loadFixture(appealed);
      const { until } = await conduct.caseOf(caseId);
      await expect(by(COMPLAINANT).appeal(caseId, false, GROUNDS))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Response, until);
    });

    it("opens a second instance; the sanctions go on, and end by themselves if nobody hears it", async () => {
      const { conduct, forum, speakers, by, caseId, complaint, ruledAt, now, pass, goTo, posting } =
        await loadFixture(ruled);
      const sent = await by(RESPONDENT).appeal(caseId, false, GROUNDS);
      const moment = await now();
      await expect(sent).to.emit(conduct, "CaseAppealed").withArgs(caseId, 6n, true, false, GROUNDS, moment);
      const { response, drawing, deliberation } = await conduct.terms();
      const end = moment + response + drawing + deliberation;
      const seen = await conduct.caseOf(caseId);
      expect([seen.instance, seen.draw, seen.phase, seen.until]).to.deep.equal([
        2n,
        2n,
        Phase.Response,
        moment + response,
      ]);
      expect(seen.result).to.equal(Result.Upheld);
      expect([...(await forum.fateOf(LIST, 1))]).to.deep.equal([end, caseId, false]);
      // The suspension would end before that anyway.
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(ruledAt + SUSPENSION);
      expect(ruledAt + SUSPENSION).to.be.lessThan(end);
      await pass(caseId);
      await pass(caseId);
      const lapsed = await conduct.caseOf(caseId);
      expect([lapsed.phase, lapsed.result, lapsed.ruling.hide]).to.deep.equal([
        Phase.Closed,
        Result.Lapsed,
        false,
      ]);
      await goTo(end + 1n);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
      await posting(RESPONDENT).post(Kind.Thread, LIST, 0, textOf("Again"));
      // It was judged once, and is not judged again.
      await expect(by(3n).complain(complaint()))
        .to.be.revertedWithCustomError(conduct, "ConductTried")
        .withArgs(caseId);
    });

    it("cuts a suspension that is longer than the appeal can take", async () => {
      const { conduct, speakers, by, open, seat, rule, now } = await loadFixture(ruled);
      const caseId = await open({ list: 0n, post: 0n });
      await seat(caseId);
      await rule(caseId, ruling({ hide: false, suspension: 90n * DAY }));
      await by(RESPONDENT).appeal(caseId, false, GROUNDS);
      const { response, drawing, deliberation } = await conduct.terms();
      const end = (await now()) + response + drawing + deliberation;
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(end);
      await seat(caseId);
      await rule(caseId, ruling({ hide: false, suspension: 80n * DAY }));
      const { ruledAt } = await conduct.caseOf(caseId);
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(ruledAt + 80n * DAY);
    });

    it("goes to three who did not sit before", async () => {
      const { first, panel, caseId, conduct } = await loadFixture(reheard);
      for (const number of panel) {
        expect(first).not.to.include(number);
        expect(IN_POOL).to.include(number);
      }
      expect((await conduct.caseOf(caseId)).phase).to.equal(Phase.Deliberation);
    });

    it("can be answered, once more", async () => {
      const { conduct, by, caseId } = await loadFixture(appealed);
      await expect(by(RESPONDENT).respond(caseId, id("the answer"))).to.emit(conduct, "CaseResponded");
    });

    for (const [name, changes, heavier] of [
      ["a longer suspension", { suspension: SUSPENSION + 1n }, true],
      ["the same", {}, false],
      ["a shorter suspension", { suspension: 1n }, false],
      ["erasure in addition", { erase: true }, true],
      ["referral in addition", { refer: true }, true],
      ["a warning in the place of the rest", { hide: false, suspension: 0n, warn: true }, false],
    ] as const) {
      it(`${heavier ? "refuses" : "takes"} ${name} on the respondent's appeal`, async () => {
        const { conduct, by, caseId, panel, rule } = await loadFixture(reheard);
        if (heavier) {
          await expect(by(panel[0] ?? 0n).rule(caseId, ruling(changes)))
            .to.be.revertedWithCustomError(conduct, "ConductHeavier")
            .withArgs(caseId);
        } else {
          await rule(caseId, ruling(changes));
          const seen = await conduct.caseOf(caseId);
          expect([seen.phase, seen.until]).to.deep.equal([Phase.Closed, 0n]);
          expect([...seen.ruling]).to.deep.equal(Object.values(ruling(changes)));
        }
      });
    }

    it("refuses to hide, to warn or to uphold on appeal what the first ruling did not", async () => {
      const { conduct, by, open, seat, rule } = await loadFixture(ruled);
      const caseId = await open({ list: 0n, post: 0n });
      await seat(caseId);
      await rule(caseId, ruling({ hide: false, suspension: 0n }));
      await by(RESPONDENT).appeal(caseId, false, GROUNDS);
      const [first = 0n] = await seat(caseId);
      const bare = { hide: false, suspension: 0n };
      await expect(by(first).rule(caseId, ruling({ ...bare, warn: true })))
        .to.be.revertedWithCustomError(conduct, "ConductHeavier")
        .withArgs(caseId);
      await rule(caseId, ruling(bare));
      expect((await conduct.figures()).altered).to.equal(0n);
    });

    it("shortens a suspension from the first ruling on, or lifts it and shows the post", async () => {
      const { conduct, forum, speakers, caseId, ruledAt, rule } = await loadFixture(reheard);
      const snapshot = await networkHelpers.takeSnapshot();
      await rule(caseId, ruling({ suspension: 20n * DAY }));
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(ruledAt + 20n * DAY);
      expect((await forum.fateOf(LIST, 1)).hiddenUntil).to.equal(FOR_GOOD);
      expect([...(await conduct.figures())]).to.deep.equal([1n, 1n, 0n, 1n, 1n, 0n, 0n]);
      await snapshot.restore();
      await rule(caseId, dismissal());
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(0n);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Dismissed);
    });

    it("is open to the complainant, and can then bring more than the first ruling", async () => {
      const { conduct, speakers, by, open, seat, rule, now } = await loadFixture(founded);
      const caseId = await open({ list: 0n, post: 0n });
      await seat(caseId);
      await rule(caseId, dismissal());
      await expect(by(COMPLAINANT).appeal(caseId, false, GROUNDS))
        .to.emit(conduct, "CaseAppealed")
        .withArgs(caseId, (place: bigint) => place > 0n, false, false, GROUNDS, (await now()) + 1n);
      await seat(caseId);
      const suspended = ruling({ hide: false, suspension: 7n * DAY });
      await rule(caseId, suspended);
      // Nothing was suspended before: it runs from now.
      const until = (await now()) + 7n * DAY;
      const { suspendedUntil } = await speakers.speakerOf(RESPONDENT);
      const { ruledAt } = await conduct.caseOf(caseId);
      expect(suspendedUntil).to.be.greaterThan(ruledAt + 7n * DAY);
      expect(suspendedUntil).to.be.lessThanOrEqual(until);
    });

    it("leaves the first ruling as it is when the complainant's appeal is not heard", async () => {
      const { conduct, forum, by, caseId, pass } = await loadFixture(ruled);
      await by(COMPLAINANT).appeal(caseId, false, GROUNDS);
      expect((await forum.fateOf(LIST, 1)).hiddenUntil).to.equal(FOR_GOOD);
      await pass(caseId);
      await pass(caseId);
      const seen = await conduct.caseOf(caseId);
      expect([seen.phase, seen.result]).to.deep.equal([Phase.Closed, Result.Upheld]);
      expect([...seen.ruling]).to.deep.equal(Object.values(ruling()));
    });

    it("goes to the members when no second panel can be drawn, and the sanctions last that long", async () => {
      const { conduct, forum, caseId, pass, now } = await loadFixture(appealed);
      await pass(caseId);
      await conduct.drawPanel(caseId);
      const end = (await now()) + (await conduct.terms()).members;
      const seen = await conduct.caseOf(caseId);
      expect([seen.phase, seen.until, seen.instance]).to.deep.equal([Phase.Members, end, 2n]);
      expect((await forum.fateOf(LIST, 1)).hiddenUntil).to.equal(end);
    });
  });

  describe("appealBySig", () => {
    it("appeals for a party who signed just that", async () => {
      const { conduct, caseId, member, relayer } = await loadFixture(ruled);
      const content = { caseId, toMembers: false, reason: GROUNDS };
      const signed = await signForConduct(conduct, member(RESPONDENT), "AppealCase", content);
      const { account, deadline, signature } = signed;
      const relayed = conduct.connect(relayer);
      for (const [toMembers, reason] of [
        [true, GROUNDS],
        [false, REASON],
      ] as const) {
        await expect(relayed.appealBySig(account, caseId, toMembers, reason, deadline, signature))
          .to.be.revertedWithCustomError(conduct, "SignedRequestsInvalidSignature")
          .withArgs(account);
      }
      await expect(relayed.appealBySig(account, caseId, false, GROUNDS, deadline, signature)).to.emit(
        conduct,
        "CaseAppealed",
      );
    });
  });

  describe("settle", () => {
    it("reverts for everybody but the timelock, and in any other phase", async () => {
      const { conduct, timelock, by, judging, caseId, member } = await loadFixture(ruled);
      await expect(by(3n).settle(caseId, ruling()))
        .to.be.revertedWithCustomError(conduct, "ConductUnauthorized")
        .withArgs(member(3n), timelock);
      const { until } = await conduct.caseOf(caseId);
      await expect(judging.settle(caseId, ruling()))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Appealable, until);
    });

    it("judges by the same bounds as a panel", async () => {
      const { conduct, judging, caseId, parameters } = await loadFixture(before);
      for (const [bad, error] of [
        [ruling({ reason: ZeroHash }), "ConductInvalidRuling"],
        [ruling({ suspension: BigInt(parameters.Conduct.suspension) + 1n }), "ConductSuspensionTooLong"],
        [ruling({ suspension: SUSPENSION + 1n }), "ConductHeavier"],
      ] as [IConduct.RulingStruct, string][]) {
        await expect(judging.settle(caseId, bad)).to.be.revertedWithCustomError(conduct, error);
      }
    });

    it("takes a decision of the class appeal, and names it", async () => {
      const { conduct, governor, members, caseId, now } = await loadFixture(before);
      const milder = ruling({ suspension: 25n * DAY });
      const data = conduct.interface.encodeFunctionData("settle", [caseId, milder]);
      const decision = new Decision(connection, { governor }, [{ target: conduct, data }], "An appeal");
      const sent = await decision.pass(members);
      const [kind] = await governor.proposalRules(decision.id);
      expect(kind).to.equal(3n);
      await expect(sent)
        .to.emit(conduct, "CaseRuled")
        .withArgs(caseId, 8n, 2n, decision.id, Object.values(milder), await now());
      const seen = await conduct.caseOf(caseId);
      expect([seen.phase, seen.result]).to.deep.equal([Phase.Closed, Result.Upheld]);
      expect([...(await conduct.figures())]).to.deep.equal([1n, 1n, 0n, 1n, 1n, 1n, 0n]);
    });

    it("has no effect after the last second: the appeal is not heard", async () => {
      const { conduct, forum, judging, caseId, at, goTo } = await loadFixture(before);
      const { until } = await conduct.caseOf(caseId);
      await goTo(until - 1n);
      const snapshot = await networkHelpers.takeSnapshot();
      await at(until, () => judging.settle(caseId, ruling()));
      await snapshot.restore();
      await goTo(until + 1n);
      await expect(judging.settle(caseId, ruling()))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Closed, 0n);
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Lapsed);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
    });
  });
});
