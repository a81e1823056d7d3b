import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";
import { numberFor } from "../../scripts/lib/conduct/chain.js";
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
  secretOf,
} from "../helpers/conduct.js";
import { FOR_GOOD, Kind, LIST, textOf } from "../helpers/forum.js";
import { Decision, rotateKey, Support } from "../helpers/governor.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;

async function founded() {
  return foundConduct(connection);
}

/** Member 7 of the pool is complained of by member 8 of it. */
async function amongJudges() {
  const scene = await foundConduct(connection);
  const place = await scene.thread(7, "By a judge");
  await scene.by(8n).complain(scene.complaint({ respondent: 7n, post: place }));
  return { ...scene, caseId: await scene.conduct.lastCase() };
}

describe("Attacks on due process", function () {
  this.timeout(120_000);

  it("attack 107: nobody judges their own case, neither who is complained of nor who complains", async () => {
    const { conduct, by, caseId, seat, member } = await loadFixture(amongJudges);
    const panel = await seat(caseId);
    for (const number of [7n, 8n]) {
      expect(panel).not.to.include(number);
      await expect(by(number).rule(caseId, dismissal()))
        .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
        .withArgs(caseId, member(number));
    }
  });

  it("attack 107: nobody judges the appeal of what they ruled, nor who left that panel", async () => {
    const { conduct, by, open, seat, rule, panelOf, member } = await loadFixture(founded);
    const caseId = await open();
    const [recused = 0n] = await seat(caseId);
    await by(recused).recuse(caseId, recused, REASON);
    const first = [recused, ...(await panelOf(caseId))];
    await rule(caseId);
    await by(RESPONDENT).appeal(caseId, false, REASON);
    const second = await seat(caseId);
    for (const number of first) {
      expect(second).not.to.include(number);
      await expect(by(number).rule(caseId, ruling()))
        .to.be.revertedWithCustomError(conduct, "ConductNotTheirs")
        .withArgs(caseId, member(number));
    }
  });

  it("attack 107: a member of the pool cannot make a lot that seats them by waiting for the others' numbers", async () => {
    const { conduct, panels, open, reveal, member } = await loadFixture(founded);
    const caseId = await open();
    const { draw } = await conduct.caseOf(caseId);
    // Whoever commits anew once there is a case has no number in it.
    const secret = id("one that would seat me");
    await panels.connect(member(7n)).commit(numberFor(secret, Number(draw), Number(draw)));
    await expect(panels.reveal(draw, 7, numberFor(secret, Number(draw), Number(draw))))
      .to.be.revertedWithCustomError(panels, "PanelsNoNumberDue")
      .withArgs(draw, 7n, draw, 256n);
    await reveal(caseId, IN_POOL.slice(1));
    const { seed } = await panels.drawOf(draw);
    await expect(panels.reveal(draw, 8, numberFor(secretOf(8n), 0, Number(draw) + 1)))
      .to.be.revertedWithCustomError(panels, "PanelsNoNumberDue")
      .withArgs(draw, 8n, draw, 256n);
    expect((await panels.drawOf(draw)).seed).to.equal(seed);
  });

  it("attack 108: the longest suspension of speech leaves vote, ballot, proposal and candidacy alone", async () => {
    const scene = await loadFixture(founded);
    const { conduct, governor, membership, speakers, forum, ruled, member, members, parameters } = scene;
    const person = member(RESPONDENT);
    const before = await membership.getVotes(person);
    await ruled(ruling({ suspension: parameters.Conduct.suspension }));
    await expect(forum.connect(person).post(Kind.Thread, LIST, 0, textOf("x"))).to.be.revertedWithCustomError(
      speakers,
      "SpeakersSuspended",
    );
    expect(await membership.getVotes(person))
      .to.equal(before)
      .and.to.equal(1n);
    const data = conduct.interface.encodeFunctionData("setTerms", [{ ...parameters.Conduct, quota: 9 }]);
    const decision = new Decision(
      connection,
      { governor },
      [{ target: conduct, data }],
      "By who may not post",
    );
    await decision.start(person);
    await decision.vote(person, Support.For);
    expect(await governor.hasVoted(decision.id, person)).to.equal(true);
    expect(members.length).to.equal(18);
  });

  it("attack 108: no ruling has a word for the vote, and the contract has no way to the roll", async () => {
    const { conduct, membership, member } = await loadFixture(founded);
    const data = membership.interface.encodeFunctionData("suspend", [2, 4, 4_102_444_800]);
    await networkHelpers.impersonateAccount(await conduct.getAddress());
    await networkHelpers.setBalance(await conduct.getAddress(), 10n ** 18n);
    const sender = await connection.ethers.getSigner(await conduct.getAddress());
    await expect(sender.sendTransaction({ to: membership, data })).to.be.revertedWithCustomError(
      membership,
      "MembershipUnauthorized",
    );
    expect(await membership.getVotes(member(2n))).to.equal(1n);
  });

  it("attack 109: a suspension without end, or beyond the bound, is no ruling", async () => {
    const { conduct, by, open, seat, parameters } = await loadFixture(founded);
    const caseId = await open();
    const [first = 0n] = await seat(caseId);
    for (const suspension of [2n ** 32n - 1n, BigInt(parameters.Conduct.suspension) + 1n]) {
      await expect(by(first).rule(caseId, ruling({ suspension })))
        .to.be.revertedWithCustomError(conduct, "ConductSuspensionTooLong")
        .withArgs(caseId, suspension, parameters.Conduct.suspension);
    }
  });

  it("attack 109: one act is judged once, whatever rule and evidence are named next", async () => {
    const { conduct, by, complaint, ruled, pass } = await loadFixture(founded);
    const caseId = await ruled(dismissal());
    await pass(caseId);
    for (const number of [COMPLAINANT, 3n, 4n]) {
      await expect(by(number).complain(complaint({ evidence: id(`again, by ${number}`) })))
        .to.be.revertedWithCustomError(conduct, "ConductTried")
        .withArgs(caseId);
    }
  });

  it("attack 110: an appeal that nobody hears ends the sanctions by itself", async () => {
    const { conduct, forum, speakers, by, ruled, goTo, now, posting } = await loadFixture(founded);
    const caseId = await ruled(ruling({ suspension: 90n * DAY }));
    await by(RESPONDENT).appeal(caseId, false, REASON);
    const { response, drawing, deliberation } = await conduct.terms();
    const end = (await now()) + response + drawing + deliberation;
    expect((await speakers.speakerOf(RESPONDENT)).suspendedUntil).to.equal(end);
    await goTo(end + 1n);
    expect((await conduct.caseOf(caseId)).result).to.equal(Result.Lapsed);
    expect(await forum.isHidden(LIST, 1)).to.equal(false);
    await posting(RESPONDENT).post(Kind.Thread, LIST, 0, textOf("I speak again"));
  });

  it("attack 110: a case that nobody takes up ends by itself, and binds nobody", async () => {
    const { conduct, open, goTo, now } = await loadFixture(founded);
    const caseId = await open();
    await goTo((await now()) + 15n * DAY);
    const seen = await conduct.caseOf(caseId);
    expect([seen.phase, seen.result]).to.deep.equal([Phase.Closed, Result.Lapsed]);
  });

  it("attack 111: a judge who loses the office in mid-case still rules on it, and on no other", async () => {
    const { conduct, offices, panels, by, open, seat, member, reveal } = await loadFixture(founded);
    const caseId = await open();
    const [first = 0n, second = 0n] = await seat(caseId);
    await offices.connect(member(first)).resign(1);
    expect(await panels.isInPool(first)).to.equal(false);
    for (const number of [first, second]) await by(number).rule(caseId, dismissal());
    expect((await conduct.caseOf(caseId)).result).to.equal(Result.Dismissed);
    const other = await open({ list: 0n, post: 0n });
    await reveal(
      other,
      IN_POOL.filter((number) => number !== first),
    );
    await networkHelpers.time.increaseTo((await conduct.caseOf(other)).until + 1n);
    await conduct.drawPanel(other);
    expect([...(await panels.panelOf((await conduct.caseOf(other)).draw))]).not.to.include(first);
  });

  it("attack 111: judges who sanction one another before a vote keep all their votes", async () => {
    const { membership, caseId, seat, rule, member, conduct } = await loadFixture(amongJudges);
    await seat(caseId);
    await rule(caseId, ruling());
    expect((await conduct.caseOf(caseId)).result).to.equal(Result.Upheld);
    for (const number of IN_POOL) expect(await membership.getVotes(member(number))).to.equal(1n);
  });

  it("attack 113: an edit after somebody answered, or after a complaint, leaves what was said on record", async () => {
    const { conduct, forum, open, posting } = await loadFixture(founded);
    await posting(3n).post(Kind.Reply, LIST, 1, textOf("What you said is uncivil"));
    const caseId = await open();
    const before = await forum.queryFilter(forum.filters.Posted(LIST));
    await posting(RESPONDENT).post(Kind.Edit, LIST, 1, textOf("I said nothing of the kind"));
    const after = await forum.queryFilter(forum.filters.Posted(LIST));
    expect(after.slice(0, before.length).map(({ data }) => data)).to.deep.equal(
      before.map(({ data }) => data),
    );
    expect((await conduct.caseOf(caseId)).complaint.post).to.equal(1n);
  });

  it("attack 113: who is suspended edits nothing", async () => {
    const { speakers, posting, ruled } = await loadFixture(founded);
    await ruled();
    await expect(
      posting(RESPONDENT).post(Kind.Edit, LIST, 1, textOf("Milder")),
    ).to.be.revertedWithCustomError(speakers, "SpeakersSuspended");
  });

  it("attack 114: a flood of posts by one member ends at the burst, also with keys that change", async () => {
    const scene = await loadFixture(founded);
    const { forum, power, posting } = scene;
    await forum.connect(power).setPace({ burst: 2, interval: 3_600 });
    for (let count = 0; count < 2; count++) await posting(4n).post(Kind.Thread, LIST, 0, textOf(`${count}`));
    await expect(posting(4n).post(Kind.Thread, LIST, 0, textOf("2"))).to.be.revertedWithCustomError(
      forum,
      "ForumTooFast",
    );
    await rotateKey(scene, scene.member(4n), scene.stranger);
    await expect(
      forum.connect(scene.stranger).post(Kind.Thread, LIST, 0, textOf("3")),
    ).to.be.revertedWithCustomError(forum, "ForumTooFast");
  });

  it("attack 114: a hidden post stays hidden under whatever follows it", async () => {
    const { forum, ruled, posting } = await loadFixture(founded);
    await ruled();
    for (const number of [3n, 4n, 5n]) await posting(number).post(Kind.Reply, LIST, 1, textOf("+1"));
    expect((await forum.fateOf(LIST, 1)).hiddenUntil).to.equal(FOR_GOOD);
  });
});
