import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { APPEAL, COMMIT_CHAIN, COMPLAIN, RESPOND, RULE } from "../../scripts/lib/conduct/acts.js";
import { span } from "../../scripts/lib/conduct/cases.js";
import * as deeds from "../../scripts/lib/conduct/deeds.js";
import { tellCase, tellLog } from "../../scripts/lib/conduct/log.js";
import { type RulingOptions, rulingGiven, settlement } from "../../scripts/lib/conduct/ruling.js";
import { type ChainFile, commitmentOf } from "../../scripts/lib/conduct/secrets.js";
import { newText } from "../../scripts/lib/content/new-text.js";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import { carryOut } from "../../scripts/lib/member/commands.js";
import { readActions } from "../../scripts/lib/motions/actions.js";
import { carryOutWith } from "../../scripts/lib/motions/write.js";
import {
  COMPLAINANT,
  type ConductScene,
  foundConduct,
  IN_POOL,
  RESPONDENT,
  RULES,
} from "../helpers/conduct.js";
import { LIST } from "../helpers/forum.js";
import { type Connection, Decision, type Person } from "../helpers/governor.js";
import { acting, sessionOf, told, type WithMotions, Workshop } from "../helpers/motion-tasks.js";
import { refusal } from "../helpers/refusal.js";

const NOTHING: RulingOptions = {
  ...{ dismiss: false, warn: false, hide: false, erase: false, refer: false },
  suspend: "",
};
const silent = () => {};

describe("conduct", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithMotions;
  let scene: ConductScene;
  let workshop: Workshop;

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  async function founded() {
    return foundConduct(connection);
  }

  beforeEach(async () => {
    scene = await connection.networkHelpers.loadFixture(founded);
    coalition = { ...scene, connection, ethers: connection.ethers } as unknown as WithMotions;
    workshop = new Workshop();
  });

  afterEach(() => workshop.close());

  const by = (number: bigint): Person => scene.member(number);
  const text = (words: string) => newText(workshop.file(`${words.replace(/\W/g, "")}.md`, `${words}\n`));

  async function complains(
    who: bigint,
    { respondent = Number(RESPONDENT), clause = 2, post = 1 } = {},
    more: { signOnly?: boolean; out?: string } = {},
  ) {
    const evidence = text("It was uncivil");
    const desk = await workshop.desk(coalition, by(who), more);
    const message = {
      account: by(who).address,
      ...{ respondent, clause, rule: await deeds.ruleInForce(desk.session, clause) },
      ...{ list: post === 0 ? 0 : Number(LIST), post, evidence: evidence.digest },
    };
    return carryOutWith(desk, COMPLAIN, message, [evidence]);
  }

  async function rules(
    who: bigint,
    options: Partial<RulingOptions>,
    words = "For these reasons",
    caseId = 1,
  ) {
    const reasons = text(words);
    const ruling = rulingGiven({ ...NOTHING, ...options }, reasons.digest);
    const message = { account: by(who).address, caseId, ...ruling };
    return carryOutWith(await workshop.desk(coalition, by(who)), RULE, message, [reasons]);
  }

  async function appeals(who: bigint, toMembers: boolean) {
    const reason = text("It is too hard");
    const message = { account: by(who).address, caseId: 1, toMembers, reason: reason.digest };
    return carryOutWith(await workshop.desk(coalition, by(who)), APPEAL, message, [reason]);
  }

  /** A panel that was drawn from numbers which two members committed to by a file. */
  async function seated() {
    const committed = IN_POOL.slice(0, 2);
    for (const number of committed) await commits(number);
    await complains(COMPLAINANT);
    for (const number of committed)
      await deeds.reveal(await workshop.desk(coalition, by(9n)), 1, workshop.at(`${number}.json`));
    await scene.pass(1n);
    return deeds.drawPanel(await workshop.desk(coalition, by(5n)), 1);
  }

  async function commits(number: bigint, more: { signOnly?: boolean; out?: string } = {}) {
    const session = await sessionOf(coalition);
    const { address } = by(number);
    const message = await deeds.chainMessage(session, address, workshop.at(`${number}.json`));
    return carryOut(session, acting(by(number), more), COMMIT_CHAIN, message);
  }

  const show = async (caseId = 1) => tellCase(await sessionOf(coalition), workshop.store, caseId, silent);
  const log = async () => tellLog(await sessionOf(coalition), workshop.store, silent);

  it("takes a case from the complaint to an appeal, and tells of it in plain words", async () => {
    expect(told(await complains(COMPLAINANT))).to.match(
      /Case 1 is open: about clause 2, against member 1 \(.+\), who can respond until /,
    );
    const response = text("I was angry");
    const answer = { account: by(RESPONDENT).address, caseId: 1, digest: response.digest };
    const desk = await workshop.desk(coalition, by(RESPONDENT));
    expect(told(await carryOutWith(desk, RESPOND, answer, [response]))).to.contain(
      "The response to case 1 is on record",
    );
    await scene.seat(1n);
    const [one, two] = (await scene.panelOf(1n)) as [bigint, bigint];
    const wish = { hide: true, suspend: "30d" };
    expect(told(await rules(one, wish)))
      .to.contain("the complaint is upheld; the post is hidden and no speech for 30 days.")
      .and.to.contain("It is made when another member of the panel is for the same");
    expect(told(await rules(two, wish))).to.contain("Two of the panel are for it: it is made.");
    expect(told(await appeals(RESPONDENT, false))).to.contain("Case 1 goes to three others");
    const lines = told(await show());
    expect(lines).to.match(
      /^Case 1, about the post at place 1 of list \d, against member 1 \(.+\): clause 2 of the Code of Conduct, version 1\.\n/,
    );
    for (const word of ["It was uncivil", "I was angry", "For these reasons", "It is too hard"])
      expect(lines).to.contain(`\n  ${word}`);
    expect(lines).to.contain('"conduct respond 1"').and.to.not.contain(`member ${COMPLAINANT} `);
    const { figures, records } = (await log()).facts as { figures: object; records: number };
    expect(figures).to.deep.equal({
      ...{ cases: 1, upheld: 1, dismissed: 0, appeals: 1, altered: 0, toMembers: 0, emergencies: 0 },
    });
    expect(records).to.equal(((await show()).facts.entries as unknown[]).length);
  });

  it("draws a panel from numbers that files keep, which nobody else can read", async () => {
    const { lines, facts } = await seated();
    expect(lines[0]).to.match(/^On the panel of case 1 are member \d+ .*, member \d+ .* and member \d+ /);
    expect(facts.panel).to.deep.equal((await scene.panelOf(1n)).map(Number));
    expect(statSync(workshop.at(`${IN_POOL[0]}.json`)).mode & 0o777).to.equal(0o600);
  });

  it("goes on with the chain of a file, and refuses one that is somebody else's or too old", async () => {
    const [first, second] = IN_POOL;
    const path = workshop.at(`${first}.json`);
    await commits(first, { signOnly: true, out: workshop.at("request.json") });
    const before = readFileSync(path, "utf8");
    const payer = coalition.outsiders[0] as Person;
    expect(
      told(await sendRequest(await sessionOf(coalition), workshop.at("request.json"), payer)),
    ).to.contain("committed to numbers for every draw from 1 on.");
    await commits(first);
    expect(readFileSync(path, "utf8")).to.equal(before);
    const [, tip] = await scene.panels.chainOf(first);
    expect(tip).to.not.equal((JSON.parse(before) as ChainFile).secret);
    const session = await sessionOf(coalition);
    expect(await refusal(deeds.chainMessage(session, by(second).address, path))).to.equal(
      `${path} holds the chain of member ${first}, and you are member ${second}; name a file of your own.`,
    );
    await complains(COMPLAINANT);
    expect(await refusal(commits(first))).to.contain(
      "was made when draw 0 was the last, and now it is draw 1",
    );
    const other = { ...(JSON.parse(before) as ChainFile), secret: `0x${"11".repeat(32)}` };
    writeFileSync(workshop.at("other.json"), JSON.stringify(other));
    const desk = await workshop.desk(coalition, by(first));
    expect(await refusal(deeds.reveal(desk, 1, workshop.at("other.json")))).to.equal(
      `That is not the number of member ${first} for draw 1; take the secret that the commitment was made with.`,
    );
    await deeds.reveal(desk, 1, path);
    expect(await refusal(deeds.reveal(desk, 1, path))).to.contain("it was given");
    expect(await refusal(deeds.reveal(desk, 1, ""))).to.contain("--chain <file that");
    const elsewhere = { ...other, chainId: 5 };
    writeFileSync(workshop.at("elsewhere.json"), JSON.stringify(elsewhere));
    expect(await refusal(deeds.reveal(desk, 1, workshop.at("elsewhere.json")))).to.contain(
      "was signed for chain 5",
    );
  });

  it("brings a complaint for somebody whom only a file names", async () => {
    const judge = IN_POOL[0];
    const evidence = text("They fear to be named");
    const complaint = {
      ...{ respondent: Number(RESPONDENT), clause: 1, rule: RULES[0], list: 0, post: 0 },
      evidence: evidence.digest,
    };
    const given = { complainant: 8, out: workshop.at("salt.json"), exclude: 0 };
    const bring = async (who: bigint) =>
      deeds.complainFor(await workshop.desk(coalition, by(who)), complaint, evidence, given);
    expect(await refusal(bring(3n))).to.equal(
      "Member 3 holds no seat of the pool, whose members alone complain for others.",
    );
    expect(existsSync(given.out)).to.equal(false);
    const { facts } = await bring(judge);
    const { number, salt } = JSON.parse(readFileSync(given.out, "utf8")) as { number: number; salt: string };
    expect(facts.commitment).to.equal(commitmentOf(number, salt));
    expect((await scene.conduct.caseOf(1)).commitment).to.equal(facts.commitment);
    expect(statSync(given.out).mode & 0o777).to.equal(0o600);
    await scene.seat(1n);
    expect(await scene.panelOf(1n)).to.not.include(8n);
    expect(told(await show())).to.contain("They fear to be named");
  });

  it("lets a member leave the panel, and anybody have the text of a closed case erased", async () => {
    await complains(COMPLAINANT);
    const [left, ...rest] = (await scene.seat(1n)) as [bigint, bigint, bigint];
    expect(
      told(await deeds.recuse(await workshop.desk(coalition, by(left)), 1, text("I know them"))),
    ).to.contain(`Member ${left} has left the panel of case 1.`);
    for (const number of rest) await rules(number, { hide: true, erase: true });
    const anybody = await workshop.desk(coalition, coalition.outsiders[0] as Person);
    expect(await refusal(deeds.erase(anybody, 1))).to.contain('in the phase "appealable"');
    await scene.pass(1n);
    expect(told(await deeds.erase(anybody, 1))).to.contain("has a tombstone by case 1");
    expect((await scene.forum.fateOf(LIST, 1)).erased).to.equal(true);
    expect(told(await show()))
      .to.contain("It is closed.")
      .and.to.contain(`Member ${left} left the panel`);
  });

  it("hides at once, and tells of it in the log", async () => {
    const reason = text("It gives an address away");
    const hides = async (who: bigint) =>
      deeds.hideNow(await workshop.desk(coalition, by(who)), Number(LIST), 1, reason);
    expect(await refusal(hides(3n))).to.equal(
      "Member 3 holds no seat of the pool that panels are drawn from.",
    );
    expect(await workshop.store.has(reason.digest)).to.equal(false);
    expect(told(await hides(IN_POOL[0]))).to.contain("is hidden until ");
    expect(told(await log()))
      .to.contain("It gives an address away")
      .and.to.contain("Emergencies: 1.");
  });

  it("writes the action by which the members rule, and they carry it out", async () => {
    await complains(COMPLAINANT);
    await scene.seat(1n);
    const out = workshop.at("action.json");
    const settles = async (options: Partial<RulingOptions>) => {
      const reasons = text("So say the members");
      const ruling = rulingGiven({ ...NOTHING, ...options }, reasons.digest);
      return settlement(await workshop.desk(coalition, by(4n), { out }), 1, ruling, reasons);
    };
    expect(await refusal(settles({ warn: true }))).to.equal(
      'Case 1 is not before the members, but in the phase "deliberation".',
    );
    for (const number of (await scene.panelOf(1n)).slice(0, 2)) await rules(number, { suspend: "30d" });
    expect(told(await appeals(RESPONDENT, true))).to.contain("Case 1 is before the members");
    expect(await refusal(settles({ suspend: "60d" }))).to.equal(
      "The respondent appealed: nothing gets worse than the first ruling on case 1.",
    );
    expect(existsSync(out)).to.equal(false);
    await settles({ suspend: "5d" });
    const { targets, calldatas } = readActions((await sessionOf(coalition)).contracts, out);
    const actions = [{ target: scene.conduct, data: calldatas[0] as string }];
    expect(targets).to.deep.equal([await scene.conduct.getAddress()]);
    await new Decision(connection, scene, actions, "On case 1").pass(scene.members);
    expect(told(await show())).to.contain(
      "The members ruled: the complaint is upheld; no speech for 5 days.",
    );
  });

  it("says what is wrong before anything is stored or sent", async () => {
    expect(await refusal(show())).to.equal("No case was opened yet.");
    expect(await refusal(complains(COMPLAINANT, { clause: 9 }))).to.contain("has no clause 9 in force");
    expect(await refusal(complains(COMPLAINANT, { respondent: 99 }))).to.contain("No member has number 99");
    expect(await refusal(complains(RESPONDENT))).to.equal("Nobody complains of themselves.");
    expect(await refusal(complains(COMPLAINANT, { respondent: 3 }))).to.contain(
      "is of member 1, and not of member 3.",
    );
    expect(await refusal(complains(COMPLAINANT, { post: 5 }))).to.contain("is no post.");
    expect(existsSync(workshop.store.path)).to.equal(false);
    await complains(COMPLAINANT);
    expect(await refusal(complains(3n))).to.contain("Case 1 is, or was, about the same");
    expect(await refusal(show(7))).to.equal("No case has the number 7; they go from 1 to 1 by now.");
    expect(await refusal(rules(IN_POOL[0], { warn: true }))).to.contain('Case 1 is in the phase "response"');
    await scene.seat(1n);
    const [judge] = (await scene.panelOf(1n)) as [bigint];
    expect(await refusal(rules(RESPONDENT, { warn: true }))).to.contain("has no part in case 1");
    expect(await refusal(rules(judge, { suspend: "400d" }))).to.match(
      /The suspension is of 400 days, allowed: up to \d+ days\./,
    );
    for (const [options, words] of [
      [{}, "Say what is ruled"],
      [{ dismiss: true, warn: true }, "dismissed has no consequence"],
      [{ erase: true }, "give --hide with --erase"],
      [{ suspend: "a while" }, '--suspend is "a while", allowed: a span of days or hours'],
    ] as const)
      expect(await refusal(rules(judge, options))).to.contain(words);
    expect(await refusal(rules(judge, { warn: true }, "x", 4))).to.contain("No case has the number 4");
  });

  it("writes spans as people do", () => {
    expect([86_400, 7_200, 90].map(span)).to.deep.equal(["1 day", "2 hours", "90 seconds"]);
  });
});
