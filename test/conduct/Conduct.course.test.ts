import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  COMPLAINANT,
  DAY,
  dismissal,
  EVIDENCE,
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
import { type Person, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const RESPONSE = id("the response");
const RULING = "tuple(bool,bool,bool,bool,bool,uint32,bytes32)";
const hashOf = (of: object) => keccak256(AbiCoder.defaultAbiCoder().encode([RULING], [Object.values(of)]));

async function founded() {
  return foundConduct(connection);
}

/** A case that was opened. */
async function opened() {
  const scene = await foundConduct(connection);
  return { ...scene, caseId: await scene.open() };
}

/** A case whose panel sits. */
async function seated() {
  const scene = await foundConduct(connection);
  const caseId = await scene.open();
  return { ...scene, caseId, panel: await scene.seat(caseId) };
}

describe("Conduct", function () {
  this.timeout(120_000);

  describe("respond", () => {
    it("reverts for a case that there is not", async () => {
      const { conduct, by } = await loadFixture(opened);
      for (const caseId of [0n, 2n]) {
        await expect(by(RESPONDENT).respond(caseId, RESPONSE))
          .to.be.revertedWithCustomError(conduct, "ConductUnknownCase")
          .withArgs(caseId, 1n);
      }
    });

    it("reverts for everybody but the respondent, without a text, and a second time", async () => {
      const { conduct, by, caseId, member, stranger } = await loadFixture(opened);
      for (const person of [member(COMPLAINANT), stranger]) {
        await expect(conduct.connect(person).respond(caseId, RESPONSE))
          .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
          .withArgs(caseId, person);
      }
      await expect(by(RESPONDENT).respond(caseId, ZeroHash)).to.be.revertedWithCustomError(
        conduct,
        "ConductNoText",
      );
      await by(RESPONDENT).respond(caseId, RESPONSE);
      await expect(by(RESPONDENT).respond(caseId, RESPONSE))
        .to.be.revertedWithCustomError(conduct, "ConductResponded")
        .withArgs(caseId);
    });

    it("is taken to the last second, and not in the one after it", async () => {
      const { conduct, by, caseId, at, goTo } = await loadFixture(opened);
      const { until } = await conduct.caseOf(caseId);
      await goTo(until - 1n);
      const snapshot = await networkHelpers.takeSnapshot();
      const sent = await at(until, () => by(RESPONDENT).respond(caseId, RESPONSE));
      await expect(sent).to.emit(conduct, "CaseResponded").withArgs(caseId, 2n, RESPONSE, until);
      await snapshot.restore();
      const drawing = until + BigInt((await conduct.terms()).drawing);
      await expect(at(until + 1n, () => by(RESPONDENT).respond(caseId, RESPONSE)))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Drawing, drawing);
    });
  });

  describe("respondBySig", () => {
    it("responds for the respondent who signed", async () => {
      const { conduct, caseId, member, relayer } = await loadFixture(opened);
      const content = { caseId, digest: RESPONSE };
      const signed = await signForConduct(conduct, member(RESPONDENT), "RespondToCase", content);
      const relayed = conduct.connect(relayer);
      await expect(relayed.respondBySig(signed.account, caseId, REASON, signed.deadline, signed.signature))
        .to.be.revertedWithCustomError(conduct, "SignedRequestsInvalidSignature")
        .withArgs(signed.account);
      await expect(
        relayed.respondBySig(signed.account, caseId, RESPONSE, signed.deadline, signed.signature),
      ).to.emit(conduct, "CaseResponded");
    });
  });

  describe("drawPanel", () => {
    it("reverts while the respondent can respond, and when it is too late", async () => {
      const { conduct, caseId, reveal, pass } = await loadFixture(opened);
      const { until } = await conduct.caseOf(caseId);
      await reveal(caseId);
      await expect(conduct.drawPanel(caseId))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Response, until);
      await pass(caseId);
      await pass(caseId);
      await expect(conduct.drawPanel(caseId))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Closed, 0n);
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Lapsed);
    });

    it("seats three by lot without the parties, by whoever calls", async () => {
      const { conduct, panels, caseId, reveal, pass, stranger, now } = await loadFixture(opened);
      await reveal(caseId);
      await pass(caseId);
      const sent = await conduct.connect(stranger).drawPanel(caseId);
      const panel = [...(await panels.panelOf(1))];
      await expect(sent)
        .to.emit(conduct, "PanelSeated")
        .withArgs(caseId, 2n, 1n, panel, await now());
      const { phase, until } = await conduct.caseOf(caseId);
      expect([phase, until]).to.deep.equal([
        Phase.Deliberation,
        (await now()) + BigInt((await conduct.terms()).deliberation),
      ]);
      for (const number of panel) expect(IN_POOL).to.include(number);
    });

    it("never seats a respondent or a complainant who is in the pool", async () => {
      const { by, complaint, thread, seat, conduct } = await loadFixture(founded);
      for (let round = 0; round < 4; round++) {
        const place = await thread(7, `Post ${round}`);
        await by(8n).complain(complaint({ respondent: 7n, post: place }));
        const caseId = await conduct.lastCase();
        const panel = await seat(caseId);
        expect(panel).not.to.include(7n);
        expect(panel).not.to.include(8n);
        if (round === 1) await networkHelpers.time.increase(60n * DAY);
      }
    });

    it("hands the case to the members when no panel can be drawn", async () => {
      const { conduct, caseId, reveal, pass, now, judging } = await loadFixture(opened);
      await reveal(caseId, [7n]);
      await pass(caseId);
      const sent = await conduct.drawPanel(caseId);
      const until = (await now()) + BigInt((await conduct.terms()).members);
      await expect(sent)
        .to.emit(conduct, "CaseToMembers")
        .withArgs(caseId, 2n, until, await now());
      const seen = await conduct.caseOf(caseId);
      expect([seen.phase, seen.until, seen.result]).to.deep.equal([Phase.Members, until, Result.Pending]);
      await judging.settle(caseId, ruling());
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Upheld);
    });
  });

  describe("recuse", () => {
    it("reverts without a reason, for another member, and for who does not sit", async () => {
      const { conduct, panels, by, caseId, panel, member, stranger } = await loadFixture(seated);
      const [first = 0n, second = 0n] = panel;
      await expect(by(first).recuse(caseId, first, ZeroHash)).to.be.revertedWithCustomError(
        conduct,
        "ConductNoText",
      );
      for (const person of [member(second), member(RESPONDENT), stranger]) {
        await expect(conduct.connect(person).recuse(caseId, first, REASON))
          .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
          .withArgs(caseId, person);
      }
      const other = IN_POOL.find((number) => !panel.includes(number)) ?? 0n;
      await expect(by(other).recuse(caseId, other, REASON))
        .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
        .withArgs(caseId, member(other));
      expect(await panels.sits(1, first)).to.equal(true);
    });

    it("seats the next of the lot, in public; what the one who left backed does not count", async () => {
      const { conduct, by, caseId, panel, panelOf, now } = await loadFixture(seated);
      const [first = 0n, second = 0n, third = 0n] = panel;
      await by(first).rule(caseId, ruling());
      const sent = await by(first).recuse(caseId, first, REASON);
      const after = await panelOf(caseId);
      const [substitute = 0n] = after;
      await expect(sent)
        .to.emit(conduct, "PanelistRecused")
        .withArgs(caseId, 4n, first, substitute, REASON, await now());
      expect(after.slice(1)).to.deep.equal([second, third]);
      await by(second).rule(caseId, ruling());
      expect((await conduct.caseOf(caseId)).phase).to.equal(Phase.Deliberation);
      await by(substitute).rule(caseId, ruling());
      expect((await conduct.caseOf(caseId)).phase).to.equal(Phase.Appealable);
    });

    it("can be declared by anyone of who left the roll, and of nobody else", async () => {
      const { conduct, membership, caseId, panel, member, stranger, panelOf } = await loadFixture(seated);
      const [first = 0n, second = 0n] = panel;
      await membership.connect(member(first)).resign();
      await conduct.connect(stranger).recuse(caseId, first, REASON);
      expect(await panelOf(caseId)).not.to.include(first);
      await expect(conduct.connect(stranger).recuse(caseId, second, REASON))
        .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
        .withArgs(caseId, stranger);
    });

    it("hands the case to the members when nobody is left", async () => {
      const { conduct, by, caseId, panelOf } = await loadFixture(seated);
      for (let left = 6; left >= 0; left--) {
        const [first = 0n] = await panelOf(caseId);
        await by(first).recuse(caseId, first, REASON);
      }
      expect((await conduct.caseOf(caseId)).phase).to.equal(Phase.Members);
    });
  });

  describe("rule", () => {
    it("reverts for who does not sit, parties, strangers and who left the roll among them", async () => {
      const { conduct, membership, caseId, panel, member, stranger } = await loadFixture(seated);
      const other = IN_POOL.find((number) => !panel.includes(number)) ?? 0n;
      const gone = member(panel[0] ?? 0n);
      await membership.connect(gone).resign();
      for (const person of [member(other), member(RESPONDENT), member(COMPLAINANT), stranger, gone]) {
        await expect(conduct.connect(person).rule(caseId, ruling()))
          .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
          .withArgs(caseId, person);
      }
    });

    for (const [name, bad] of [
      ["gives no reasons", ruling({ reason: ZeroHash })],
      ["warns without upholding", { ...dismissal(), warn: true }],
      ["hides without upholding", { ...dismissal(), hide: true }],
      ["refers without upholding", { ...dismissal(), refer: true }],
      ["suspends without upholding", { ...dismissal(), suspension: 1n }],
      ["erases without hiding", ruling({ hide: false, erase: true })],
    ] as const) {
      it(`reverts for a ruling that ${name}`, async () => {
        const { conduct, by, caseId, panel } = await loadFixture(seated);
        await expect(by(panel[0] ?? 0n).rule(caseId, bad))
          .to.be.revertedWithCustomError(conduct, "ConductInvalidRuling")
          .withArgs(caseId);
      });
    }

    it("reverts for one that hides where the case is about no post", async () => {
      const { conduct, by, open, seat } = await loadFixture(founded);
      const caseId = await open({ list: 0n, post: 0n });
      const panel = await seat(caseId);
      await expect(by(panel[0] ?? 0n).rule(caseId, ruling()))
        .to.be.revertedWithCustomError(conduct, "ConductInvalidRuling")
        .withArgs(caseId);
    });

    it("reverts for a suspension beyond the bound that held at the complaint", async () => {
      const { conduct, by, judging, caseId, panel, parameters } = await loadFixture(seated);
      const limit = BigInt(parameters.Conduct.suspension);
      await judging.setTerms({ ...parameters.Conduct, suspension: Number(limit) + 86_400 });
      await expect(by(panel[0] ?? 0n).rule(caseId, ruling({ suspension: limit + 1n })))
        .to.be.revertedWithCustomError(conduct, "ConductSuspensionTooLong")
        .withArgs(caseId, limit + 1n, limit);
      await by(panel[0] ?? 0n).rule(caseId, ruling({ suspension: limit }));
    });

    it("takes two of three for the same; a later one replaces one's own", async () => {
      const { conduct, forum, speakers, by, caseId, panel, now } = await loadFixture(seated);
      const [first = 0n, second = 0n, third = 0n] = panel;
      const harder = ruling({ suspension: 60n * DAY });
      const sent = await by(first).rule(caseId, ruling());
      await expect(sent)
        .to.emit(conduct, "RulingBacked")
        .withArgs(caseId, 3n, first, hashOf(ruling()), await now());
      expect(await conduct.backingOf(caseId, first)).to.equal(hashOf(ruling()));
      await by(second).rule(caseId, harder);
      // The same by the same member is not two.
      await by(second).rule(caseId, harder);
      expect((await conduct.caseOf(caseId)).phase).to.equal(Phase.Deliberation);
      await by(second).rule(caseId, dismissal());
      const made = await by(third).rule(caseId, ruling());
      const moment = await now();
      await expect(made)
        .to.emit(conduct, "CaseRuled")
        .withArgs(caseId, 8n, 1n, 0n, Object.values(ruling()), moment);
      const seen = await conduct.caseOf(caseId);
      expect([seen.phase, seen.result, seen.ruledAt]).to.deep.equal([
        Phase.Appealable,
        Result.Upheld,
        moment,
      ]);
      expect(seen.until).to.equal(moment + BigInt((await conduct.terms()).appeal));
      expect([...seen.ruling]).to.deep.equal(Object.values(ruling()));
      expect([...(await forum.fateOf(LIST, 1))]).to.deep.equal([FOR_GOOD, caseId, false]);
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(moment + SUSPENSION);
      expect([...(await conduct.figures())]).to.deep.equal([1n, 1n, 0n, 0n, 0n, 0n, 0n]);
      await expect(by(second).rule(caseId, ruling()))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Appealable, seen.until);
    });

    it("dismisses without any effect", async () => {
      const { conduct, forum, speakers, caseId, rule, posting } = await loadFixture(seated);
      await rule(caseId, dismissal());
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Dismissed);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(0n);
      expect([...(await conduct.figures())].slice(0, 3)).to.deep.equal([1n, 0n, 1n]);
      await posting(RESPONDENT).post(Kind.Thread, LIST, 0, textOf("I go on"));
    });

    it("warns, or refers to the members, in words alone", async () => {
      const { conduct, forum, speakers, caseId, rule } = await loadFixture(seated);
      await rule(caseId, ruling({ hide: false, suspension: 0n, warn: true, refer: true }));
      const { ruling: made } = await conduct.caseOf(caseId);
      expect([made.warn, made.refer, made.hide]).to.deep.equal([true, true, false]);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
      expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(0n);
    });

    it("counts to the last second; then the case lapses, and what it hid is seen again", async () => {
      const { conduct, forum, by, caseId, panel, at, goTo } = await loadFixture(seated);
      const [first = 0n, second = 0n] = panel;
      const { until } = await conduct.caseOf(caseId);
      await by(first).rule(caseId, ruling());
      await goTo(until - 1n);
      const snapshot = await networkHelpers.takeSnapshot();
      await at(until, () => by(second).rule(caseId, ruling()));
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Upheld);
      await snapshot.restore();
      await expect(at(until + 1n, () => by(second).rule(caseId, ruling())))
        .to.be.revertedWithCustomError(conduct, "ConductWrongPhase")
        .withArgs(caseId, Phase.Closed, 0n);
      await goTo(until + 1n);
      expect((await conduct.caseOf(caseId)).result).to.equal(Result.Lapsed);
      expect(await forum.isHidden(LIST, 1)).to.equal(false);
      expect([...(await conduct.figures())].slice(0, 3)).to.deep.equal([1n, 0n, 0n]);
    });

    it("goes by number: a panel's member moves to another key and rules with it", async () => {
      const scene = await loadFixture(seated);
      const [first = 0n] = scene.panel;
      await rotateKey(scene, scene.member(first), scene.relayer as Person);
      await scene.conduct.connect(scene.relayer).rule(scene.caseId, ruling());
      expect(await scene.conduct.backingOf(scene.caseId, first)).to.equal(hashOf(ruling()));
    });
  });

  describe("ruleBySig", () => {
    it("rules for a member of the panel who signed just that", async () => {
      const { conduct, caseId, panel, member, relayer } = await loadFixture(seated);
      const [first = 0n] = panel;
      const signed = await signForConduct(conduct, member(first), "RuleOnCase", { caseId, ...ruling() });
      const { account, deadline, signature } = signed;
      const relayed = conduct.connect(relayer);
      for (const bent of [
        ruling({ warn: true }),
        ruling({ hide: false }),
        ruling({ erase: true }),
        ruling({ refer: true }),
        ruling({ suspension: 1n }),
        ruling({ reason: EVIDENCE }),
        dismissal(),
      ]) {
        await expect(relayed.ruleBySig(account, caseId, bent, deadline, signature))
          .to.be.revertedWithCustomError(conduct, "SignedRequestsInvalidSignature")
          .withArgs(account);
      }
      await relayed.ruleBySig(account, caseId, ruling(), deadline, signature);
      expect(await conduct.backingOf(caseId, first)).to.equal(hashOf(ruling()));
      await expect(relayed.ruleBySig(account, caseId, ruling(), deadline, signature))
        .to.be.revertedWithCustomError(conduct, "SignedRequestsInvalidSignature")
        .withArgs(account);
    });
  });
});
