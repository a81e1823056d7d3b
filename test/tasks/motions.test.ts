import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { newText } from "../../scripts/lib/content/new-text.js";
import { carryOut } from "../../scripts/lib/member/commands.js";
import { relayMany } from "../../scripts/lib/member/relay-many.js";
import { date } from "../../scripts/lib/member/words.js";
import { ENDORSE_MOTION, OBJECT, TABLE, WITHDRAW_MOTION } from "../../scripts/lib/motions/acts.js";
import { ACCEPT_AMENDMENT, WITHDRAW_AMENDMENT } from "../../scripts/lib/motions/amendment-acts.js";
import { motionAt } from "../../scripts/lib/motions/motion.js";
import { next, sendBack } from "../../scripts/lib/motions/next.js";
import { diffAmendment, diffRevisions, showAmendment, showMotion } from "../../scripts/lib/motions/show.js";
import { listMotions, motionStatus } from "../../scripts/lib/motions/status.js";
import { amend, carryOutWith, draft, rebase, revise } from "../../scripts/lib/motions/write.js";
import { plainParameters } from "../helpers/fixture.js";
import { type Connection, type Person, Support } from "../helpers/governor.js";
import {
  acting,
  enact,
  foundWithMotions,
  memberNumbered,
  sessionOf,
  told,
  type WithMotions,
  Workshop,
} from "../helpers/motion-tasks.js";
import { contentOf, listOf } from "../helpers/motions.js";
import { refusal } from "../helpers/refusal.js";

const DAY = 86_400;
const TEXT = "# Training\n\nThe coalition trains two people a year.\n\nIt reports once.\n";
const AMENDED = "# Training\n\nThe coalition trains twelve people a year.\n\nIt reports once.\n";
const AGAIN = "# Training\n\nThe coalition trains twelve people a year.\n\nIt reports every month.\n";
const PURPOSE = "Goal 2; fifty trained by 2028.\n";
const REASON = "Two are too few.\n";

const digest = (text: string) => digestOf(Buffer.from(text));

describe("motion", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithMotions;
  let workshop: Workshop;

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  async function plain() {
    return foundWithMotions(connection);
  }

  beforeEach(async () => {
    coalition = await connection.networkHelpers.loadFixture(plain);
    workshop = new Workshop();
  });

  afterEach(() => workshop.close());

  const by = (number: number) => memberNumbered(coalition, number);
  const session = () => sessionOf(coalition);
  const time = () => connection.networkHelpers.time;
  const reader = async () => ({ session: await session(), store: workshop.store, colour: false });

  /** A motion of member 1, by the commands. */
  async function drafted(text = TEXT, actions = "") {
    const [file, purpose] = [workshop.file("text.md", text), workshop.file("purpose.md", PURPOSE)];
    return draft(await workshop.desk(coalition, by(1)), file, purpose, actions);
  }

  async function act<M extends { readonly account: string }>(
    kind: Parameters<typeof carryOut<M>>[2],
    person: Person,
    message: Omit<M, "account">,
  ) {
    const whole = { account: person.address, ...message } as M;
    return carryOut(await session(), acting(person), kind, whole);
  }

  async function tabled(text = TEXT, actions = "") {
    await drafted(text, actions);
    return act(TABLE, by(1), { motion: 1, revision: 1 });
  }

  const wish = (text: string, more: { actions?: string; substitute?: boolean } = {}) => ({
    file: text === "" ? "" : workshop.file("amended.md", text),
    reason: workshop.file("reason.md", REASON),
    actions: "",
    substitute: false,
    ...more,
  });

  async function amended(number: number, text: string, parent = 0) {
    return amend(await workshop.desk(coalition, by(number)), 1, parent, wish(text));
  }

  const step = async (id = 1) => next(await session(), id, coalition.outsiders[0] as Person);
  const toClose = async () => time().increaseTo((await motionAt(await session(), 1)).closesAt);

  /** Lets the members vote on what is before them, and carries it out by `next` alone. */
  async function decided(support: 0 | 1, steps: number) {
    const { proposalId } = await current();
    await time().increaseTo((await coalition.governor.proposalSnapshot(proposalId)) + 1n);
    for (const member of coalition.members)
      await coalition.governor.connect(member).castVote(proposalId, support);
    await time().increaseTo((await coalition.governor.proposalDeadline(proposalId)) + 1n);
    const said: string[] = [];
    for (let index = 0; index < steps; index++) {
      said.push(told(await step()));
      const eta = await coalition.governor.proposalEta(proposalId);
      if (eta > BigInt(await time().latest())) await time().increaseTo(eta);
    }
    return said;
  }

  /** What is before the members: the amendment, or else the motion. */
  async function current() {
    const { question } = await coalition.amendments.docketOf(1);
    return question === 0n ? coalition.motions.motionOf(1) : coalition.amendments.amendmentOf(question);
  }

  describe("draft", () => {
    it("refuses a motion without a purpose, and texts that are missing or are not what readers see", async () => {
      const desk = await workshop.desk(coalition, by(1));
      const file = workshop.file("text.md", TEXT);
      expect(await refusal(draft(desk, file, "", ""))).to.contain("--purpose <file in Markdown>");
      expect(await refusal(draft(desk, workshop.at("none.md"), file, ""))).to.equal(
        `${workshop.at("none.md")} is missing.`,
      );
      const bad = workshop.file("bad.md", "not \u202epaid\n");
      expect(await refusal(draft(desk, bad, file, ""))).to.contain("U+202E, which changes the direction");
      expect(existsSync(workshop.store.path)).to.equal(false);
    });

    it("refuses actions that are none, and says which key and what would be right", async () => {
      const desk = await workshop.desk(coalition, by(1));
      const [file, purpose] = [workshop.file("text.md", TEXT), workshop.file("purpose.md", PURPOSE)];
      const asked = (content: string) =>
        refusal(draft(desk, file, purpose, workshop.file("actions.json5", content)));
      expect(await asked("{")).to.contain("is not JSON5");
      expect(await asked("{}")).to.contain("holds no list");
      expect(await asked("[]")).to.contain("holds 0 actions, allowed: 1 to 16");
      expect(await asked("[1]")).to.contain("[0] is 1, allowed: a list of {");
      expect(await asked('[{ target: "charter", target: "motions" }]')).to.contain("target comes twice");
      expect(await asked('[{ target: "chart", call: "amend" }]')).to.contain(
        '[0].target is "chart", allowed: an',
      );
      expect(await asked('[{ target: "charter", do: 1 }]')).to.contain("[0].do is 1, allowed: only the keys");
      expect(await asked('[{ target: "charter", call: "alter" }]')).to.contain(
        "a function of charter: amend",
      );
      expect(await asked('[{ target: "charter", call: "lastDocument" }]')).to.contain(
        "that changes something",
      );
      expect(await asked('[{ target: "charter", call: "repeal", args: [1] }]')).to.contain(
        "allowed: 3 values",
      );
      expect(await asked('[{ target: "charter", call: "found", args: [[]] }]')).to.contain("found(string)");
      expect(await asked('[{ target: "charter", data: "0x1" }]')).to.contain("0x and hexadecimal digits");
      expect(await asked('[{ target: "charter", data: "0x", call: "found" }]')).to.contain(
        "either data, or call",
      );
      expect(await asked('[{ target: "charter", data: "0x", value: "-1" }]')).to.contain(
        "wei as decimal digits",
      );
      const empty = `[{ target: "${by(2).address}", call: "pay(uint256)", args: [1] }]`;
      expect(await asked(empty)).to.contain(
        `a function of ${by(2).address}, where the chain holds no contract`,
      );
      expect(existsSync(workshop.store.path)).to.equal(false);
    });

    it("stores nothing where the chain would refuse, and says why", async () => {
      const outsider = coalition.outsiders[0] as Person;
      const [file, purpose] = [workshop.file("text.md", TEXT), workshop.file("purpose.md", PURPOSE)];
      const refused = refusal(draft(await workshop.desk(coalition, outsider), file, purpose, ""));
      expect(await refused).to.equal(`${outsider.address} is not on the roll.`);
      expect(existsSync(workshop.store.path)).to.equal(false);
    });

    it("stores texts, and tells CIDs, digests, class and what is done", async () => {
      const out = await drafted();
      expect(told(out))
        .to.contain(`  CID     ${cidOf(digest(TEXT))}\n  digest  ${digest(TEXT)}`)
        .and.to.contain(digest(PURPOSE))
        .and.to.contain('a decision of the class "resolution"')
        .and.to.contain("drafted motion 1");
      expect(out.facts).to.deep.include({ act: "draft motion", motion: 1, revision: 1, text: digest(TEXT) });
      const { text, purpose, stage } = await coalition.motions.motionOf(1);
      expect([text, purpose, stage]).to.deep.equal([digest(TEXT), digest(PURPOSE), 0n]);
      expect(Buffer.from(await workshop.store.get(digest(TEXT))).toString()).to.equal(TEXT);
    });

    it("takes calls by key, by address and as bytes, and says each in words", async () => {
      const data = coalition.charter.interface.encodeFunctionData("found", ["Fees"]);
      const actions = workshop.file(
        "actions.json5",
        `[ // what it does
          { target: "charter", call: "found(string)", args: ["Fund"] },
          { target: "${coalition.charter.target}", data: "${data}" },
          { target: "${by(2).address}", data: "0x", value: "7" },
          { target: "motions", data: "0x12345678" },
        ]`,
      );
      const out = told(await drafted(TEXT, actions));
      expect(out)
        .to.contain('by a decision of the class "amendment"')
        .and.to.contain('1. charter: founds the document "Fund"')
        .and.to.contain('2. charter: founds the document "Fees"')
        .and.to.contain(`3. sends 7 wei to ${by(2).address}`)
        .and.to.contain("4. calls the motions (")
        .and.to.contain((await coalition.motions.motionOf(1)).actions);
    });

    it("is whole after it was interrupted between storing and sending, when it is given again", async () => {
      const broken = Object.create(by(1)) as Person;
      broken.sendTransaction = () => Promise.reject(new Error("the line is dead"));
      const at = await session();
      const accounts = at.accounts.map((one) => (one.address === by(1).address ? broken : one));
      const desk = { session: { ...at, accounts }, store: workshop.store, manner: acting(by(1)) };
      const [file, purpose] = [workshop.file("text.md", TEXT), workshop.file("purpose.md", PURPOSE)];
      const stopped = await draft(desk, file, purpose, "").catch((error: Error) => error.message);
      expect(stopped).to.contain("the line is dead");
      expect(await workshop.store.list()).to.deep.equal([digest(TEXT), digest(PURPOSE)].sort());
      expect(await coalition.motions.lastMotion()).to.equal(0n);
      expect(told(await drafted())).to.contain("drafted motion 1");
    });
  });

  describe("revise, table, endorse and withdraw", () => {
    beforeEach(async () => {
      await drafted();
    });

    it("refuses numbers of no motion, and what others wrote", async () => {
      const desk = await workshop.desk(coalition, by(2));
      const change = { file: workshop.file("text.md", AMENDED), purpose: "", actions: "" };
      expect(await refusal(revise(desk, 7, change))).to.equal(
        "No motion has the number 7; they go from 1 to 1 by now.",
      );
      expect(await refusal(revise(desk, 1, change))).to.contain(
        "Only its author, member 1, does that with motion 1",
      );
      expect(await refusal(act(TABLE, by(2), { motion: 1, revision: 1 }))).to.contain("Only its author");
      expect(await refusal(act(ENDORSE_MOTION, by(2), { motion: 1, revision: 1 }))).to.equal(
        "Motion 1 is a draft; that is done while one is tabled or closed for amendments or in its silence.",
      );
    });

    it("refuses an edit that says what to change of nothing, or changes nothing", async () => {
      const desk = await workshop.desk(coalition, by(1));
      const nothing = { file: "", purpose: "", actions: "" };
      expect(await refusal(revise(desk, 1, nothing))).to.contain("Say what to change");
      const same = { ...nothing, file: workshop.file("text.md", TEXT) };
      expect(await refusal(revise(desk, 1, same))).to.equal("That is what motion 1 says already.");
    });

    it("takes a motion through revisions to endorsements, and out", async () => {
      const desk = await workshop.desk(coalition, by(1));
      const change = { file: workshop.file("text.md", AMENDED), purpose: "", actions: "" };
      expect(told(await revise(desk, 1, change))).to.contain("Motion 1 has revision 2 now.");
      expect(await refusal(act(TABLE, by(1), { motion: 1, revision: 1 }))).to.contain(
        "has moved on from revision 1: it is revision 2 now",
      );
      const { closesAt } = (await act(TABLE, by(1), { motion: 1, revision: 2 })).facts;
      expect(closesAt).to.equal(Number((await coalition.motions.motionOf(1)).closesAt));
      const endorsed = await act(ENDORSE_MOTION, by(2), { motion: 1, revision: 2 });
      expect(told(endorsed)).to.contain("endorses motion 1: 1 endorsement by now");
      expect(await refusal(act(ENDORSE_MOTION, by(2), { motion: 1, revision: 2 }))).to.contain(
        "Member 2 has endorsed motion 1 as it is already.",
      );
      expect(told(await act(WITHDRAW_MOTION, by(1), { motion: 1, revision: 2 }))).to.contain("for good");
      expect((await coalition.motions.motionOf(1)).stage).to.equal(6n);
    });
  });

  describe("amend, accept, rebase and withdraw", () => {
    beforeEach(async () => {
      await tabled();
    });

    it("refuses amendments without reason, without change, and to what is none of the motion", async () => {
      const desk = await workshop.desk(coalition, by(2));
      expect(await refusal(amend(desk, 1, 0, { ...wish(AMENDED), reason: "" }))).to.contain(
        "Say why: --reason",
      );
      expect(await refusal(amend(desk, 1, 0, wish("")))).to.contain("Say what to change");
      expect(await refusal(amend(desk, 1, 3, wish(AMENDED)))).to.contain("No amendment was moved yet");
      expect(await refusal(amend(desk, 1, 0, wish(TEXT)))).to.equal("That is what motion 1 says already.");
      await amended(2, AMENDED);
      await amended(3, AGAIN, 1);
      expect(await refusal(amended(4, TEXT, 2))).to.contain("so it cannot be amended");
      const other = amend(desk, 1, 1, wish(AGAIN, { substitute: true }));
      expect(await refusal(other)).to.contain("no substitute for the motion; leave --substitute out");
    });

    it("moves one, which the author accepts; another becomes stale and is rebased by its mover alone", async () => {
      const moved = await amended(2, AMENDED);
      expect(told(moved)).to.contain("moved amendment 1 to motion 1").and.to.contain('"motion accept 1"');
      await amended(3, AGAIN);
      expect(await refusal(act(ACCEPT_AMENDMENT, by(3), { amendment: 1, version: 1 }))).to.contain(
        "Only member 1 does that with amendment 1",
      );
      const accepted = told(await act(ACCEPT_AMENDMENT, by(1), { amendment: 1, version: 1 }));
      expect(accepted).to.contain("Amendment 1 is accepted. Motion 1 has revision 2 now");
      expect(told(await motionStatus(await session(), 1))).to.match(/\n2 +motion 1 +member 3 +stale/);
      const other = await workshop.desk(coalition, by(4));
      expect(await refusal(rebase(other, 2, wish(AGAIN)))).to.contain(
        "Only member 3 does that with amendment 2",
      );
      const mover = await workshop.desk(coalition, by(3));
      expect(told(await rebase(mover, 2, wish(AGAIN)))).to.contain(
        "written against motion 1 as it is now, in version 2",
      );
      expect(told(await act(WITHDRAW_AMENDMENT, by(3), { amendment: 2, version: 2 }))).to.contain(
        "withdrawn",
      );
    });

    it("rebases one whose parent is gone against the motion", async () => {
      await amended(2, AMENDED);
      await amended(3, AGAIN, 1);
      await act(WITHDRAW_AMENDMENT, by(2), { amendment: 1, version: 1 });
      const out = await rebase(await workshop.desk(coalition, by(3)), 2, wish(AGAIN));
      expect(out.facts).to.deep.include({ amendment: 2, base: 1, version: 2 });
      expect((await coalition.amendments.amendmentOf(2)).parent).to.equal(0n);
    });

    it("changes the actions alone, and keeps those that are there", async () => {
      const actions = workshop.file("a.json5", '[{ target: "charter", call: "found", args: ["Fund"] }]');
      await amend(await workshop.desk(coalition, by(2)), 1, 0, wish("", { actions }));
      const { text, actions: found } = await coalition.amendments.amendmentOf(1);
      expect(text).to.equal(digest(TEXT));
      await amended(3, AMENDED, 1);
      expect((await coalition.amendments.amendmentOf(2)).actions).to.equal(found);
      await amend(await workshop.desk(coalition, by(4)), 1, 1, wish(AGAIN, { actions: "none" }));
      expect(BigInt((await coalition.amendments.amendmentOf(3)).actions)).to.equal(0n);
    });
  });

  describe("status", () => {
    it("lists no motion, and refuses one that there is not", async () => {
      expect(told(await listMotions(await session()))).to.contain("No motion was drafted yet");
      expect(await refusal(motionStatus(await session(), 1))).to.contain("No motion was drafted yet");
    });

    it("lists motions, and tells endorsements, amendments in their order and whose turn is when", async () => {
      await tabled();
      await amend(await workshop.desk(coalition, by(2)), 1, 0, wish(AMENDED, { substitute: true }));
      await amended(3, AGAIN);
      await amended(4, TEXT, 2);
      expect(told(await listMotions(await session()))).to.match(/\n1 +member 1 +tabled +1 /);
      const out = await motionStatus(await session(), 1);
      const { closesAt } = await motionAt(await session(), 1);
      expect(told(out))
        .to.contain("Motion 1, drafted by member 1: tabled, revision 1.")
        .and.to.contain("endorsed  by 0 members; its class needs none")
        .and.to.contain(`Next: It is open for endorsements and amendments until ${date(closesAt)}.`);
      const { amendments } = out.facts as { amendments: { id: number }[] };
      expect(amendments.map(({ id }) => id)).to.deep.equal([3, 2, 1]);
      await toClose();
      expect(told(await motionStatus(await session(), 1))).to.contain(
        'Next: It is the turn of amendment 3. Anybody may: "motion next 1".',
      );
    });
  });

  describe("next", () => {
    it("says what is waited for, and until when", async () => {
      await drafted();
      expect(told(await step())).to.equal(
        'Nothing is due on motion 1 now. It waits for its author, who tables it with "motion table 1".',
      );
      await act(TABLE, by(1), { motion: 1, revision: 1 });
      const { closesAt } = await motionAt(await session(), 1);
      const out = await step();
      expect(told(out)).to.contain(`until ${date(closesAt)}`);
      expect(out.facts.next).to.deep.include({
        until: { seconds: closesAt, iso: new Date(closesAt * 1000).toISOString().replace(".000Z", "Z") },
      });
    });

    it("takes a motion with two amendments from the close to the resolution, act by act", async () => {
      await tabled();
      await amended(2, AMENDED);
      await amended(3, "# Training\n\nNobody is trained.\n");
      await toClose();
      expect(told(await step())).to.contain("Amendment 1 to motion 1 is before the members now.");
      expect(told(await step())).to.contain("opens for the vote on");
      const said = await decided(Support.For, 2);
      expect(said[0]).to.contain("is queued").and.to.contain("can be carried out from");
      expect(said[1])
        .to.contain("is carried out")
        .and.to.contain("Movers can rebase their stale amendments until");
      await rebase(await workshop.desk(coalition, by(3)), 2, wish(AGAIN));
      expect(told(await step())).to.contain("The next is amendment 2, whose turn is from");
      await time().increase(5 * DAY);
      expect(told(await step())).to.contain("Amendment 2 to motion 1 is before the members now.");
      const [rejected] = await decided(Support.Against, 1);
      expect(rejected)
        .to.contain("Amendment 2 is rejected.")
        .and.to.contain("No amendment is left to be settled");
      const put = told(await step());
      expect(put).to.contain("Motion 1 is put to the vote in revision 2: decision");
      expect((await decided(Support.For, 2))[1]).to.contain("is carried out");
      expect((await coalition.resolutions.resolution(1)).digest).to.equal(digest(AMENDED));
      expect(told(await step())).to.contain("Nothing more is done with it.");
      const status = told(await motionStatus(await session(), 1));
      expect(status)
        .to.contain("state     executed")
        .and.to.match(/\n1 +motion 1 +member 2 +adopted/);
    });

    it("puts a motion with actions to the vote, found in the events", async () => {
      const actions = workshop.file("a.json5", '[{ target: "charter", call: "found", args: ["Fund"] }]');
      await tabled(TEXT, actions);
      await toClose();
      expect(told(await step())).to.contain("is put to the vote in revision 1");
      await decided(Support.For, 2);
      expect(await coalition.charter.lastDocument()).to.equal(5n);
    });
  });

  describe("next, given endorsements and consensus first", () => {
    async function strict() {
      const parameters = plainParameters({ endorsements: 2, endorsementGroups: 2 });
      Object.assign(parameters.Motions, { silence: 7 * DAY, objections: 2, objectionGroups: 1 });
      return foundWithMotions(connection, { parameters });
    }

    beforeEach(async () => {
      coalition = await connection.networkHelpers.loadFixture(strict);
      await tabled();
    });

    it("says how many endorsements are missing", async () => {
      await act(ENDORSE_MOTION, by(2), { motion: 1, revision: 1 });
      expect(told(await motionStatus(await session(), 1))).to.contain(
        "by 1 member of 2 that its class needs",
      );
      await toClose();
      expect(await refusal(step())).to.contain("has 1 endorsement of 2, from 1 of 2 stakeholder groups");
    });

    it("opens the silence, and adopts without a vote when too few object", async () => {
      for (const number of [2, 3]) await act(ENDORSE_MOTION, by(number), { motion: 1, revision: 1 });
      await toClose();
      expect(told(await step())).to.contain("seeks consensus first, in revision 1");
      expect(told(await step())).to.contain("Objections to its adoption without a vote are taken until");
      await objected(2);
      expect(told(await step())).to.contain("Nothing is due on motion 1 now.");
      await time().increase(7 * DAY);
      expect(told(await step())).to.contain("adopted without a vote, as resolution 1");
      expect(told(await motionStatus(await session(), 1))).to.contain("as resolution 1.");
    });

    it("puts it to the vote when enough object", async () => {
      for (const number of [2, 3]) await act(ENDORSE_MOTION, by(number), { motion: 1, revision: 1 });
      await toClose();
      await step();
      for (const number of [2, 3]) expect(told(await objected(number))).to.contain("objects to motion 1");
      expect(told(await step())).to.contain("is put to the vote");
    });

    async function objected(number: number) {
      const desk = await workshop.desk(coalition, by(number));
      const reason = newText(workshop.file("reason.md", REASON));
      const message = { account: by(number).address, motion: 1, reason: reason.digest };
      return carryOutWith(desk, OBJECT, message, [reason]);
    }
  });

  describe("send-back", () => {
    const NONE = `0x${"0".repeat(64)}`;
    const amendment = (text: string) => ({
      target: coalition.charter,
      data: coalition.charter.interface.encodeFunctionData("amend", [1, 1, digest(TEXT), digest(text)]),
    });

    it("refuses where no clause has moved", async () => {
      await tabled();
      await toClose();
      expect(await refusal(sendBack(await session(), 1, by(5)))).to.contain(
        "changes a clause that has moved",
      );
    });

    it("sends back a motion whose clause another one has changed, which next refuses to put", async () => {
      const { charter, motions } = coalition;
      const data = charter.interface.encodeFunctionData("insert", [1, 0, NONE, digest(TEXT)]);
      await enact(coalition, [{ target: charter, data }]);
      await motions.connect(by(2)).draft(contentOf("mine", listOf([amendment("mine")])));
      await motions.connect(by(2)).table(2, 1);
      await enact(coalition, [amendment("theirs")]);
      expect(await refusal(step(2))).to.contain(
        "The clause that action 1 of motion 2 changes has moved since; anybody sends it back",
      );
      const out = await sendBack(await session(), 2, by(5));
      expect(told(out)).to.contain("Motion 2 is sent back: the clause that its action 1 changes has moved");
      expect(out.facts).to.deep.include({ motion: 2, action: 1, revision: 2 });
      expect((await motions.motionOf(2)).stage).to.equal(1n);
    });
  });

  describe("diff and show", () => {
    beforeEach(async () => {
      await tabled();
      await amended(2, AMENDED);
      await amended(3, AGAIN, 1);
      await act(ACCEPT_AMENDMENT, by(2), { amendment: 2, version: 1 });
      await act(ACCEPT_AMENDMENT, by(1), { amendment: 1, version: 2 });
    });

    it("compares revisions, and amendments with what they amended", async () => {
      const revisions = told(await diffRevisions(await reader(), 1, 1, 2));
      expect(revisions)
        .to.contain("[~] The coalition trains [-two-][+twelve+] people a year.")
        .and.to.contain("2 amended, 0 inserted, 0 repealed, 1 the same.");
      const first = told(await diffAmendment(await reader(), 1, 1));
      expect(first)
        .to.contain("Amendment 1, version 1, to motion 1, revision 1:")
        .and.to.contain("1 amended");
      expect(told(await diffAmendment(await reader(), 2))).to.contain(
        "to amendment 1 to motion 1, version 1:",
      );
      expect(await refusal(diffRevisions(await reader(), 1, 1, 9))).to.equal(
        "There is no revision of motion 1 with the number 9; they are numbered 1 to 2 by now.",
      );
      expect(await refusal(diffAmendment(await reader(), 1, 9))).to.equal(
        "There is no version of amendment 1 with the number 9; they are numbered 1 to 2 by now.",
      );
    });

    it("prints revisions and versions as Markdown", async () => {
      const shown = told(await showMotion(await reader(), 1));
      expect(shown)
        .to.contain("# Motion 1, revision 2\n")
        .and.to.contain("- Made by amendment 1, which member 1 accepted")
        .and.to.contain(AGAIN.trimEnd())
        .and.to.contain(PURPOSE.trimEnd());
      expect(told(await showMotion(await reader(), 1, 1))).to.contain("superseded by revision 2");
      expect(told(await showAmendment(await reader(), 1, 1)))
        .to.contain("# Amendment 1 to motion 1, version 1")
        .and.to.contain(REASON.trimEnd());
    });

    it("says which text is not in the store, and refuses one that is corrupted", async () => {
      const other = new Workshop();
      const elsewhere = { ...(await reader()), store: other.store };
      const shown = await showMotion(elsewhere, 1, 1);
      expect(told(shown)).to.contain(`The store does not hold this text: CID ${cidOf(digest(TEXT))}`);
      expect(shown.facts.missing).to.deep.equal([digest(TEXT), digest(PURPOSE)]);
      expect(await refusal(diffRevisions(elsewhere, 1, 1, 2))).to.contain(
        `holds no text ${cidOf(digest(TEXT))}`,
      );
      other.close();
      const path = fileOf(digest(TEXT));
      writeFileSync(path, "something else\n");
      expect(await refusal(showMotion(await reader(), 1, 1))).to.contain("is corrupted: expected digest");
      expect(await refusal(diffRevisions(await reader(), 1, 1, 2))).to.contain("is corrupted");
    });

    /** Where the store keeps a text. */
    function fileOf(name: string): string {
      const files = readdirSync(workshop.store.path, { recursive: true })
        .map((one) => join(workshop.store.path, String(one)))
        .filter((one) => statSync(one).isFile());
      const found = files.find((one) => digestOf(readFileSync(one)) === name);
      if (found === undefined) throw new Error("the text is not stored");
      return found;
    }
  });

  describe("sign-only and relay", () => {
    const signedTo = async (number: number, name: string) =>
      workshop.desk(coalition, by(number), { signOnly: true, out: workshop.at(name) });
    const bring = async (...names: string[]) =>
      relayMany(await session(), names.map(workshop.at), coalition.outsiders[0] as Person);

    it("brings a draft with its actions, and refuses one whose actions were exchanged", async () => {
      const actions = workshop.file("a.json5", '[{ target: "charter", call: "found", args: ["Fund"] }]');
      const [file, purpose] = [workshop.file("text.md", TEXT), workshop.file("purpose.md", PURPOSE)];
      const out = await draft(await signedTo(1, "draft.json"), file, purpose, actions);
      expect(told(out)).to.contain("Signed: draft motion");
      const request = JSON.parse(readFileSync(workshop.at("draft.json"), "utf8"));
      const data = coalition.charter.interface.encodeFunctionData("found", ["Fees"]);
      const message = { ...request.message, calldatas: [data] };
      workshop.file("bad.json", JSON.stringify({ ...request, message }));
      const refused = await bring("bad.json");
      expect(told(refused))
        .to.contain("are not those that were signed")
        .and.to.contain("0 requests of 1 done");
      expect(refused.facts.ok).to.equal(false);
      expect(told(await bring("draft.json")))
        .to.contain("drafted motion 1")
        .and.to.contain("1 request of 1 done");
      expect((await coalition.motions.motionOf(1)).author).to.equal(1n);
    });

    it("brings endorsements of many in one transaction, and passes over what cannot be done", async () => {
      await tabled();
      const names: string[] = [];
      for (const number of [2, 3, 4]) {
        const name = `endorse-${number}.json`;
        const { session: at, manner } = await signedTo(number, name);
        const message = { account: by(number).address, motion: 1, revision: 1 };
        await carryOut(at, manner, ENDORSE_MOTION, message);
        names.push(name);
      }
      const used = JSON.parse(readFileSync(workshop.at("endorse-4.json"), "utf8"));
      workshop.file("used.json", JSON.stringify({ ...used, nonce: 5 }));
      const before = await coalition.ethers.provider.getBlockNumber();
      const out = await bring(...names, "used.json");
      expect(await coalition.ethers.provider.getBlockNumber()).to.equal(before + 1);
      expect(told(out)).to.contain("3 requests of 4 done").and.to.contain("has nonce 5, but 1 is next");
      expect((await coalition.motions.motionOf(1)).endorsements).to.equal(3n);
    });

    it("says why the contract passed an act over", async () => {
      await tabled();
      const { session: at, manner } = await signedTo(2, "one.json");
      const message = { account: by(2).address, motion: 1, revision: 1 };
      await carryOut(at, manner, ENDORSE_MOTION, message);
      const other = await signedTo(3, "two.json");
      await carryOut(other.session, other.manner, ENDORSE_MOTION, { ...message, account: by(3).address });
      await act(ENDORSE_MOTION, by(2), { motion: 1, revision: 1 });
      const out = await bring("one.json", "two.json");
      expect(told(out))
        .to.contain("Member 2 has endorsed motion 1 as it is already.")
        .and.to.contain("1 request of 2 done");
    });

    it("sends nothing where a file holds no request", async () => {
      workshop.file("none.json", "{}");
      expect(await refusal(bring("none.json"))).to.contain("cannot be sent");
    });
  });
});
