import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { newText } from "../../scripts/lib/content/new-text.js";
import { carryOut } from "../../scripts/lib/member/commands.js";
import { relayMany } from "../../scripts/lib/member/relay-many.js";
import { date } from "../../scripts/lib/member/words.js";
import { carryOutWith } from "../../scripts/lib/motions/write.js";
import { COSIGN, FILE_STATEMENT } from "../../scripts/lib/statements/acts.js";
import { outcomeOf } from "../../scripts/lib/statements/outcome.js";
import { type Connection, type Decision, type Person, Support } from "../helpers/governor.js";
import {
  acting,
  foundWithMotions,
  memberNumbered,
  sessionOf,
  told,
  type WithMotions,
  Workshop,
} from "../helpers/motion-tasks.js";
import { decisionOfMotion, tabled } from "../helpers/motions.js";
import { refusal } from "../helpers/refusal.js";

const SAYING = "We wanted a smaller step.\n\nState: executed\n";
const digest = (text: string) => digestOf(Buffer.from(text));

describe("statement", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithMotions;
  let decision: Decision;
  let workshop: Workshop;

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  /** Members 1 to 7 vote For, 8 to 10 Against. */
  async function voted() {
    const founded = await foundWithMotions(connection);
    const { motions, members } = founded;
    const motion = await tabled(motions, memberNumbered(founded, 1), "Adopt it.\n");
    await connection.networkHelpers.time.increaseTo((await motions.motionOf(motion)).closesAt);
    await motions.putToVote(motion, { targets: [], values: [], calldatas: [] });
    const put = await decisionOfMotion(connection, founded, motion);
    await put.open();
    await put.voteAll(members.slice(0, 7), Support.For);
    await put.voteAll(members.slice(7), Support.Against);
    return { founded, put };
  }

  beforeEach(async () => {
    ({ founded: coalition, put: decision } = await connection.networkHelpers.loadFixture(voted));
    workshop = new Workshop();
  });

  afterEach(() => workshop.close());

  const by = (number: number) => memberNumbered(coalition, number);

  async function filed(number: number, text = SAYING, more: { signOnly?: boolean; out?: string } = {}) {
    const statement = newText(workshop.file(`statement-${number}.md`, text));
    const message = { account: by(number).address, proposalId: `${decision.id}`, digest: statement.digest };
    return carryOutWith(await workshop.desk(coalition, by(number), more), FILE_STATEMENT, message, [
      statement,
    ]);
  }

  const cosigned = async (number: number, statement = 1, more: { signOnly?: boolean; out?: string } = {}) =>
    carryOut(await sessionOf(coalition), acting(by(number), more), COSIGN, {
      account: by(number).address,
      statement,
    });

  const outcome = async () => outcomeOf(await sessionOf(coalition), workshop.store, `${decision.id}`);

  describe("given the vote is open", () => {
    it("refuses statements and outcomes before the close", async () => {
      expect(await refusal(filed(8))).to.equal(
        "The decision is active: statements are about what was voted on, once the vote has closed.",
      );
      expect(await refusal(outcome())).to.contain("The decision is active");
      expect(existsSync(workshop.store.path)).to.equal(false);
    });
  });

  describe("given the vote has closed", () => {
    beforeEach(async () => {
      await decision.close();
    });

    it("refuses those who voted otherwise, who did not vote, and a second statement", async () => {
      expect(await refusal(filed(1))).to.contain("voted for; statements are for members who voted against");
      const outsider = coalition.outsiders[0] as Person;
      const text = newText(workshop.file("text.md", SAYING));
      const message = { account: outsider.address, proposalId: `${decision.id}`, digest: text.digest };
      const refused = carryOutWith(await workshop.desk(coalition, outsider), FILE_STATEMENT, message, [text]);
      expect(await refusal(refused)).to.contain("cast no ballot on it, or is not on the roll");
      await filed(8);
      expect(await refusal(filed(8, "More.\n"))).to.equal(
        "Member 8 has filed statement 1 on this decision; one each.",
      );
      expect(await refusal(cosigned(8))).to.equal("Member 8 stands behind statement 1 already.");
      expect(await refusal(cosigned(9, 4))).to.contain("No statement has the number 4; they go from 1 to 1");
    });

    it("refuses an unknown decision", async () => {
      const text = newText(workshop.file("text.md", SAYING));
      const message = { account: by(8).address, proposalId: "7", digest: text.digest };
      const desk = await workshop.desk(coalition, by(8));
      expect(await refusal(carryOutWith(desk, FILE_STATEMENT, message, [text]))).to.equal(
        "No decision has the id 7.",
      );
    });

    it("files one, which others co-sign, and tells the outcome with the texts, set off", async () => {
      const out = await filed(8);
      expect(told(out))
        .to.contain("filed statement 1")
        .and.to.contain(`${cidOf(digest(SAYING))}`);
      expect(told(await cosigned(9))).to.contain("stands behind statement 1: 2 members by now.");
      const { lines, facts } = await outcome();
      const text = lines.join("\n");
      expect(text)
        .to.contain("and the decision passed: 7 For, 3 Against, 0 Abstain.")
        .and.to.contain("until then the outcome has no record to cite")
        .and.to.contain("1 statement of members who voted against.")
        .and.to.contain("Statement 1 of member 8, with member 9:")
        .and.to.contain("  | We wanted a smaller step.\n  | \n  | State: executed");
      expect(facts).to.deep.include({ passed: true, complete: false, record: undefined, againstVotes: 3 });
      expect(facts.statements).to.deep.equal([
        { statement: 1, number: 8, digest: digest(SAYING), signers: [8, 9], text: SAYING },
      ]);
    });

    it("gives the record when the window is over, and takes nothing any more", async () => {
      await filed(8);
      const { statementsUntil } = await coalition.statements.outcomeOf(decision.id);
      await connection.networkHelpers.time.increaseTo(statementsUntil + 1n);
      expect(await refusal(cosigned(9))).to.equal(
        `Statements on the decision were taken until ${date(statementsUntil)}.`,
      );
      const { record } = await coalition.statements.outcomeOf(decision.id);
      expect(told(await outcome()))
        .to.contain(`  record  ${record}`)
        .and.to.contain("the record is complete");
    });

    it("says of a text that it is not in the store, and refuses one that is corrupted", async () => {
      await filed(8);
      const other = new Workshop();
      const elsewhere = await outcomeOf(await sessionOf(coalition), other.store, `${decision.id}`);
      expect(told(elsewhere)).to.contain(`The store does not hold this text: CID ${cidOf(digest(SAYING))}`);
      other.close();
      const path = readdirSync(workshop.store.path, { recursive: true })
        .map((one) => join(workshop.store.path, String(one)))
        .find((one) => statSync(one).isFile() && readFileSync(one, "utf8") === SAYING);
      writeFileSync(path as string, "We agreed.\n");
      expect(await refusal(outcome())).to.contain("is corrupted: expected digest");
    });

    it("brings a signed statement, and co-signatures of many in one transaction", async () => {
      const payer = coalition.outsiders[0] as Person;
      const bring = async (...names: string[]) =>
        relayMany(await sessionOf(coalition), names.map(workshop.at), payer);
      await filed(8, SAYING, { signOnly: true, out: workshop.at("file.json") });
      expect(told(await bring("file.json")))
        .to.contain("filed statement 1")
        .and.to.contain("1 request of 1 done");
      for (const number of [9, 10]) {
        await cosigned(number, 1, { signOnly: true, out: workshop.at(`cosign-${number}.json`) });
      }
      await coalition.membership.connect(by(10)).resign();
      const out = await bring("cosign-9.json", "cosign-10.json");
      expect(told(out)).to.contain("1 request of 2 done").and.to.contain("is not on the roll");
      expect((await coalition.statements.statementOf(1)).signers).to.equal(2n);
    });
  });
});
