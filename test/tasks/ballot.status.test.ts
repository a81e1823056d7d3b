import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import { ENDORSE } from "../../scripts/lib/ballots/endorse.js";
import { ballotStatus, resultOf } from "../../scripts/lib/ballots/result.js";
import { sendRequest } from "../../scripts/lib/member/acts.js";
import { enter } from "../../scripts/lib/member/coalition.js";
import { perform, sign } from "../../scripts/lib/member/perform.js";
import { writeRequest } from "../../scripts/lib/member/request-file.js";
import { date } from "../../scripts/lib/member/words.js";
import { plainParameters, readParameters } from "../helpers/fixture.js";
import { inFolder } from "../helpers/folder.js";
import {
  type Connection,
  changeRules,
  Decision,
  foundCoalition,
  type Person,
  State,
  Support,
} from "../helpers/governor.js";
import { addressesOf, textOf } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";

const GROUPS = readParameters("dc-bas").Membership.groups.length;

describe("ballot status and ballot endorse", function () {
  this.timeout(60_000);

  let connection: Connection;
  before(async () => {
    connection = await network.create();
  });
  after(() => connection.close());

  describe("endorsing", () => {
    const founded = () => foundCoalition(connection, { count: 8, parameters: readParameters("dc-bas") });
    let coalition: Awaited<ReturnType<typeof founded>>;
    let decision: Decision;
    let message: (index: number) => { account: string; proposalId: string };
    const member = (index: number) => coalition.members[index] as Person;
    const context = async () => enter(connection.ethers, await addressesOf(coalition));
    const endorse = async (index: number) =>
      perform(await context(), ENDORSE, message(index), member(index) as never);

    beforeEach(async () => {
      coalition = await connection.networkHelpers.loadFixture(founded);
      decision = new Decision(connection, coalition, [{ target: member(5).address }], "Thank the host");
      await decision.propose(member(0));
      message = (index) => ({ account: member(index).address, proposalId: `${decision.id}` });
    });

    it("tells how far a decision is, and opens it with the last one that was missing", async () => {
      const before = textOf(await ballotStatus(await context(), `${decision.id}`));
      expect(before).to.contain("It has 0 endorsements of 2, from 0 of 2 stakeholder groups; without them");
      expect(textOf(await endorse(0)))
        .to.contain("member 1 (Government) endorses the decision.")
        .and.to.contain(
          "It has 1 endorsement of 2, from 1 of 2 stakeholder groups (Government); without them",
        );
      const outcome = await endorse(1);
      expect(textOf(outcome)).to.contain("and opens for the vote.");
      expect(outcome.facts.endorsements).to.deep.include({ count: 2, needed: 2, admitted: true });
      await decision.open();
      expect(await decision.state()).to.equal(State.Active);
    });

    it("is signed by a member without ether, and sent by somebody else", async () => {
      const now = await context();
      const request = await sign(now, ENDORSE, message(1), member(1) as never, now.now + 3_600);
      await inFolder({}, async (folder) => {
        const path = join(folder, "endorse.json");
        writeRequest(path, request);
        const outcome = await sendRequest(await context(), path, coalition.outsiders[0] as never);
        expect(textOf(outcome)).to.contain("member 2 (");
        expect(await coalition.agenda.hasEndorsed(decision.id, 2)).to.equal(true);
      });
    });

    it("is refused twice, of a stranger, of what needs none, and after the opening", async () => {
      await endorse(0);
      expect(await refusal(endorse(0))).to.equal("Member 1 has endorsed the decision already.");
      const stranger = coalition.outsiders[0] as Person;
      const theirs = { account: stranger.address, proposalId: `${decision.id}` };
      expect(await refusal(perform(await context(), ENDORSE, theirs, stranger as never))).to.contain(
        "is not on the roll; who may not propose may not endorse",
      );
      const unknown = { account: member(1).address, proposalId: "7" };
      expect(await refusal(perform(await context(), ENDORSE, unknown, member(1) as never))).to.contain(
        "No decision has the id 7",
      );
      await decision.open();
      expect(await refusal(endorse(1))).to.contain("The decision is defeated: only before the vote opens");
      await expectDefeat();
    });

    it("needs no more than enough", async () => {
      await endorse(0);
      await endorse(1);
      expect(await refusal(endorse(2))).to.equal("The decision has the endorsements that it needs.");
    });

    async function expectDefeat() {
      const told = textOf(await ballotStatus(await context(), `${decision.id}`));
      expect(told).to.contain("state     defeated").and.to.contain("without them it does not open");
    }
  });

  describe("the result", () => {
    // Groups of four, so that each is heard on its own.
    const founded = () =>
      foundCoalition(connection, { count: 4 * GROUPS, parameters: plainParameters({ extension: 7_200 }) });
    let coalition: Awaited<ReturnType<typeof founded>>;
    let decision: Decision;
    const member = (index: number) => coalition.members[index] as Person;
    const context = async () => enter(connection.ethers, await addressesOf(coalition));
    const told = async () => textOf(await ballotStatus(await context(), `${decision.id}`));
    const result = async () => resultOf(await context(), `${decision.id}`);
    const group = (index: number) => coalition.members.filter((_, place) => place % GROUPS === index);

    beforeEach(async () => {
      coalition = await connection.networkHelpers.loadFixture(founded);
      // Rules of conduct are an amendment: it wants concurrence.
      const action = await changeRules(coalition.governor, { grace: 1_209_600n });
      decision = new Decision(connection, coalition, [action], "# Longer grace\n\nWhy: holidays.");
      await decision.start(member(0));
    });

    it("shows class, close, every test and every group, to a person and to a machine", async () => {
      await decision.voteAll(group(0), Support.For);
      await decision.voteAll(group(1).slice(0, 2), Support.Against);
      await decision.vote(group(2)[0] as Person, Support.Abstain);
      const { tally, ...rest } = await result();
      expect(rest).to.include({
        title: "Longer grace",
        class: "amendment",
        state: "active",
        extended: false,
      });
      expect(tally?.total).to.deep.equal({ for: 4, against: 2, abstain: 1 });
      expect(tally?.groups[0]).to.include({ for: 4, against: 0, heard: true, agrees: true });
      const text = await told();
      expect(text)
        .to.contain('"Longer grace"')
        .and.to.contain("class     amendment")
        .and.to.match(/Government +4 +0 +0 +yes/)
        .and.to.match(/all +4 +2 +1/)
        .and.to.contain("a ballot in its last 2 hours that turns the outcome moves it, once")
        .and.to.contain("Concurrence: 1 group agreed; 3 are needed: not reached.")
        .and.to.contain("If the vote closed now, the decision fails.");
      expect(text).to.match(
        /Quorum: 5 members voted For or Abstain; \d+ are needed of \d+ whose votes count/,
      );
      expect(text).to.contain("Approval: 66.66 % of those who took sides are For; more than");
    });

    it("agrees with the governor: a majority that fails on concurrence, and one that passes", async () => {
      const start = await connection.networkHelpers.takeSnapshot();
      for (const [agreeing, passes] of [
        [2, false],
        [3, true],
      ] as const) {
        await start.restore();
        for (let index = 0; index < agreeing; index++) await decision.voteAll(group(index), Support.For);
        await decision.vote(group(GROUPS - 1)[0] as Person, Support.Against);
        // For the quorum.
        await decision.vote(group(GROUPS - 1)[1] as Person, Support.Abstain);
        await decision.close();
        const { tally, state } = await result();
        expect(tally?.approval.reached).to.equal(true);
        expect(tally?.quorum.reached).to.equal(true);
        expect(tally?.concurrence).to.deep.equal({ has: agreeing, needed: 3, reached: passes });
        expect(tally?.passes).to.equal(passes);
        expect(state).to.equal(passes ? "succeeded" : "defeated");
        expect(await told()).to.contain(passes ? "The decision passes." : "The decision fails.");
      }
    });

    it("shows that a late swing moved the close", async () => {
      for (const index of [0, 1]) await decision.voteAll(group(index), Support.For);
      await decision.voteAll(group(2).slice(0, 0), Support.For);
      const close = await decision.deadline();
      await connection.networkHelpers.time.increaseTo(close - 600n);
      await decision.voteAll(group(2), Support.For);
      const { extended, closesAt } = await result();
      expect(extended).to.equal(true);
      expect(closesAt?.seconds).to.be.greaterThan(Number(close));
      expect(await told()).to.contain(
        `closes    ${date(await decision.deadline())}, extended once because the outcome turned late`,
      );
    });

    it("tells the nonce that a change of ballot needs, and refuses what is no decision", async () => {
      const outcome = await ballotStatus(await context(), `${decision.id}`, member(3).address);
      expect(outcome.facts).to.include({ nonce: 0, voter: member(3).address });
      expect(textOf(outcome)).to.contain(`The next ballot that names ${member(3).address} has --nonce 0.`);
      expect(await refusal(resultOf(await context(), "7"))).to.contain("No decision has the id 7");
    });
  });
});
