import { existsSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { cidOf, digestOf } from "../../scripts/lib/content/digest.js";
import { newText } from "../../scripts/lib/content/new-text.js";
import { ACCEPT_CODE, ERASE_POST, POSTING } from "../../scripts/lib/forum/acts.js";
import { tellLists } from "../../scripts/lib/forum/lists.js";
import type { PostKind } from "../../scripts/lib/forum/messages.js";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import { carryOut } from "../../scripts/lib/member/commands.js";
import { date } from "../../scripts/lib/member/words.js";
import { carryOutWith } from "../../scripts/lib/motions/write.js";
import { plainParameters } from "../helpers/fixture.js";
import { actAs, type Connection, type Person } from "../helpers/governor.js";
import {
  acting,
  foundWithMotions,
  memberNumbered,
  sessionOf,
  told,
  type WithMotions,
  Workshop,
} from "../helpers/motion-tasks.js";
import { refusal } from "../helpers/refusal.js";

const LIST = 2;

describe("forum", function () {
  this.timeout(120_000);

  let connection: Connection;
  let coalition: WithMotions;
  let workshop: Workshop;

  before(async () => {
    connection = await network.create();
  });

  after(() => connection.close());

  async function founded() {
    const parameters = plainParameters();
    Object.assign(parameters.Forum, { burst: 4, interval: 3_600 });
    return foundWithMotions(connection, { parameters });
  }

  beforeEach(async () => {
    coalition = await connection.networkHelpers.loadFixture(founded);
    workshop = new Workshop();
  });

  afterEach(() => workshop.close());

  const by = (number: number) => memberNumbered(coalition, number);

  const accepts = async (person: Person, version = 0, more: { signOnly?: boolean; out?: string } = {}) =>
    carryOut(await sessionOf(coalition), acting(person, more), ACCEPT_CODE, {
      account: person.address,
      version,
    });

  async function posts(
    person: Person,
    kind: PostKind,
    to: number,
    words: string,
    more: { signOnly?: boolean; out?: string; list?: number } = {},
  ) {
    const text = newText(workshop.file("post.md", words));
    const message = { account: person.address, list: more.list ?? LIST, to, digest: text.digest };
    return carryOutWith(await workshop.desk(coalition, person, more), POSTING[kind], message, [text]);
  }

  it("lists the lists, with how many records they have", async () => {
    await accepts(by(1));
    await posts(by(1), "thread", 0, "# Hello\n");
    const { lines, facts } = await tellLists(await sessionOf(coalition));
    expect(lines.join("\n")).to.match(/2 {5}Discussion {5}1 {8}yes/);
    const { lists, purposes } = coalition.parameters.Forum;
    expect(facts.lists).to.deep.equal(
      lists.map((name, index) => ({
        ...{ list: index + 1, name, purpose: purposes[index], open: true, records: index },
      })),
    );
  });

  it("asks for the Code first, and for the version in force", async () => {
    expect(await refusal(posts(by(1), "thread", 0, "# Hello\n"))).to.equal(
      'Member 1 has not accepted version 0 of the Code of Conduct, which is in force; "forum accept" does it.',
    );
    expect(existsSync(workshop.store.path)).to.equal(false);
    expect(await refusal(accepts(by(1), 3))).to.contain(
      "Version 3 of the Code of Conduct is not in force; read version 0",
    );
    expect(told(await accepts(by(1)))).to.contain("accepted version 0 of the Code of Conduct.");
    expect(await refusal(accepts(coalition.outsiders[0] as Person))).to.contain(
      "is not on the roll; join first.",
    );
  });

  it("posts, answers and corrects; each text is in the store before its digest is on chain", async () => {
    for (const number of [1, 2]) await accepts(by(number));
    const first = "# Shall we?\n";
    expect(told(await posts(by(1), "thread", 0, first)))
      .to.contain('posted to "Discussion" (list 2), at place 1.')
      .and.to.contain(`${cidOf(digestOf(Buffer.from(first)))}`);
    await posts(by(2), "reply", 1, "We shall.\n");
    expect(told(await posts(by(1), "edit", 1, "# Shall we, soon?\n"))).to.contain("at place 3.");
    expect(await workshop.store.has(digestOf(Buffer.from("We shall.\n")))).to.equal(true);
    expect(await coalition.forum.authorOf(LIST, 2)).to.equal(2n);
  });

  it("says why something cannot be posted, before anything is stored", async () => {
    const { forum, speakers } = coalition;
    for (const number of [1, 2]) await accepts(by(number));
    await posts(by(1), "thread", 0, "# One\n");
    expect(await refusal(posts(by(1), "thread", 0, "x\n", { list: 9 }))).to.equal(
      "No list has the number 9; they go from 1 to 2.",
    );
    expect(await refusal(posts(by(2), "reply", 7, "x\n"))).to.equal("At place 7 of list 2 is no post.");
    expect(await refusal(posts(by(2), "edit", 1, "x\n"))).to.contain(
      "is of member 1; only its author edits or erases it.",
    );
    for (let count = 0; count < 3; count++) await posts(by(1), "reply", 1, `Again ${count}\n`);
    expect(await refusal(posts(by(1), "reply", 1, "Once more\n"))).to.equal(
      `Member 1 posted as much as one may at a time, and can go on from ${date(await forum.freeFrom(1))}.`,
    );
    expect(await workshop.store.has(digestOf(Buffer.from("Once more\n")))).to.equal(false);
    const until = BigInt(await connection.networkHelpers.time.latest()) + 86_400n;
    await speakers.connect(await actAs(connection, coalition.conduct)).suspend(2, 5, until);
    expect(await refusal(posts(by(2), "reply", 1, "x\n"))).to.equal(
      `Case 5 suspended the speech of member 2 until ${date(until)}.`,
    );
  });

  it("signs for somebody else to bring, and is brought by anybody", async () => {
    const payer = coalition.outsiders[0] as Person;
    await accepts(by(3), 0, { signOnly: true, out: workshop.at("accept.json") });
    const session = await sessionOf(coalition);
    await sendRequest(session, workshop.at("accept.json"), payer);
    await posts(by(3), "thread", 0, "# By another\n", { signOnly: true, out: workshop.at("post.json") });
    expect(told(await sendRequest(session, workshop.at("post.json"), payer))).to.contain("at place 1.");
    expect(await coalition.forum.authorOf(LIST, 1)).to.equal(3n);
    expect(await refusal(sendRequest(session, workshop.at("post.json"), payer))).to.contain(
      "was used already",
    );
  });

  it("puts a tombstone on one's own post", async () => {
    await accepts(by(1));
    await posts(by(1), "thread", 0, "# Names\n");
    const reason = newText(workshop.file("reason.md", "It names people.\n"));
    const erase = async (number: number, place: number) =>
      carryOutWith(
        await workshop.desk(coalition, by(number)),
        ERASE_POST,
        { account: by(number).address, list: LIST, place, reason: reason.digest },
        [reason],
      );
    expect(await refusal(erase(1, 4))).to.equal("At place 4 of list 2 is no post.");
    expect(await refusal(erase(2, 1))).to.contain("only its author edits or erases it.");
    expect(told(await erase(1, 1))).to.contain("has a tombstone");
    expect((await coalition.forum.fateOf(LIST, 1)).erased).to.equal(true);
    expect(await refusal(erase(1, 1))).to.contain("was erased.");
  });
});
