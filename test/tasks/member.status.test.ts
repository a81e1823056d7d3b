import { expect } from "chai";
import { explainBallot } from "../../scripts/lib/member/ballot.js";
import { status } from "../../scripts/lib/member/status.js";
import { date } from "../../scripts/lib/member/words.js";
import { plainParameters } from "../helpers/fixture.js";
import { Decision, type Person, Support } from "../helpers/governor.js";
import { contextOf, textOf, voters } from "../helpers/member.js";
import { refusal } from "../helpers/refusal.js";
import { mask, Right, useRoll } from "../helpers/roll.js";

describe("member status", () => {
  const roll = useRoll((parameters) => Object.assign(parameters, plainParameters()));
  const of = async (index: number) =>
    status(await contextOf(roll), { key: roll.person(index).address }, true);

  it("tells of a key that never joined, one that moved on, and a member who left", async () => {
    expect(textOf(await of(0))).to.contain("is not on the roll. Anyone may join");
    await roll.join(roll.person(0));
    await roll.rotate(roll.person(0), roll.person(1));
    const moved = await of(0);
    expect(textOf(moved)).to.contain("gave its member number to another key on");
    expect(moved.facts).to.deep.include({ onRoll: false, standing: "moved to another key" });
    await roll.membership.connect(roll.person(1)).resign();
    expect(textOf(await of(1))).to.match(/left +\d.* UTC: resigned; the number is not used again/);
    const byNumber = await status(await contextOf(roll), { number: 1 }, false);
    expect(byNumber.facts).to.deep.include({ onRoll: false });
    expect(await refusal((async () => status(await contextOf(roll), { number: 2 }, false))())).to.contain(
      "No member has number 2",
    );
  });

  it("tells of a newcomer from when the vote counts, and of a member since when", async () => {
    const number = await roll.join(roll.person(0), 1);
    const votesFrom = await roll.votesFrom(number);
    const early = await of(0);
    expect(textOf(early))
      .to.contain(`matures on ${date(votesFrom)}`)
      .and.to.match(/may +speak\n/);
    expect(textOf(early)).to.contain(
      `propose, vote and stand: has no vote yet; it matures on ${date(votesFrom)}`,
    );
    await roll.goTo(votesFrom);
    const { facts, lines } = await of(0);
    expect(lines.join("\n")).to.contain(`counts since ${date(votesFrom)}`);
    expect(lines.join("\n")).to.contain(`the next is due by ${date(await roll.confirmations.dueAt(1))}`);
    expect(facts.onRoll).to.equal(true);
    expect(facts.member).to.deep.include({
      number: 1,
      kind: "person",
      counts: true,
      group: { index: 1, name: (await roll.membership.groups())[1] },
      guardians: { addresses: [], threshold: 0 },
      delegation: { limit: 0, received: 0 },
    });
    expect(facts.member).to.have.nested.property("votesFrom.seconds", Number(votesFrom));
    expect(facts.member).to.have.nested.property("rights.vote.standing", "granted");
  });

  it("tells of a participant what the policy in force wants, and of vouches on both sides", async () => {
    const [one] = await voters(roll, 1);
    await roll.governing.setAdmissionPolicy(roll.vouched);
    await roll.join(roll.person(1));
    await roll.vouched.connect(one).vouch(2);
    expect(textOf(await of(1)))
      .to.contain("a participant; for the vote, the admission policy in force (vouched) wants vouches of")
      .and.to.match(/vouches +from member 1/);
    expect(textOf(await of(0))).to.match(/vouches +for member 2/);
    await roll.membership.connect(one).resign();
    expect(textOf(await of(1))).to.contain("from member 1 (not live)");
  });

  it("tells of suspensions, dormancy, guardians, a recovery and delegations", async () => {
    const [one, two] = await voters(roll, 2);
    const until = (await roll.now()) + 86_400n;
    await roll.governing.suspend(1, mask(Right.Propose), until);
    await roll.recovery.connect(one).nameGuardians([two.address], 1);
    await roll.delegations.connect(two).takeDelegations(3);
    await roll.delegations.connect(one).delegateUntil(two.address, await roll.delegations.longestEnd());
    const first = textOf(await of(0));
    expect(first).to.contain(`propose: is suspended from this until ${date(until)}`);
    expect(first).to.contain(`1 of 1 must agree: ${two.address}`);
    expect(first).to.match(/delegation +to member 2 until/);
    expect(textOf(await of(1))).to.contain("takes up to 3 votes of others, has 1");

    await roll.goTo((await roll.confirmations.dueAt(2)) + 1n);
    expect(textOf(await of(1))).to.contain("OVERDUE since");
    await roll.confirmations.markDormant([2]);
    const dormant = await of(1);
    expect(textOf(dormant)).to.contain("does not count: dormant").and.to.contain("none is due for now");
    expect(dormant.facts.member).to.deep.include({ pauses: ["dormant"], counts: false });
  });

  it("tells of an affiliation, and of an organisation that votes instead", async () => {
    await voters(roll, 1);
    const owner = roll.person(5);
    const domain = await roll.affiliations.eip712Domain();
    const deadline = (await roll.now()) + 3600n;
    const types = {
      Own: [
        { name: "representative", type: "address" },
        { name: "owner", type: "address" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };
    const { name, version, chainId, verifyingContract } = domain;
    const representative = roll.person(4);
    const signature = await owner.signTypedData({ name, version, chainId, verifyingContract }, types, {
      representative: representative.address,
      owner: owner.address,
      nonce: 0,
      deadline,
    });
    await roll.affiliations
      .connect(representative)
      .joinAsOrganisation(0, roll.codeDigest, "0x", owner.address, deadline, signature);
    await roll.affiliations.connect(roll.person(0)).affiliate(2);
    const organisation = await of(4);
    expect(textOf(organisation))
      .to.contain("an organisation")
      .and.to.contain(`owned by ${owner.address}; 1 member`);
    expect(organisation.facts.member).to.deep.include({
      affiliation: { owner: owner.address, affiliated: 1 },
    });
    const [oneVoice] = await roll.affiliations.rule();
    expect(textOf(await of(0))).to.contain(
      oneVoice ? "with organisation 2, which votes instead" : "with organisation 2",
    );
  });

  describe("--decision", () => {
    const voice = { vote: "Your vote", who: "You" };

    /** A decision of the first person's, not opened yet. */
    async function proposed(): Promise<Decision> {
      const decision = new Decision(roll.connection, roll, [{ target: roll.person(9).address }], "Do it");
      await decision.propose(roll.person(0) as Person);
      return decision;
    }
    const explain = async (decision: Decision, who: number | string) => {
      const key = typeof who === "string" ? who : roll.person(who).address;
      return explainBallot(await contextOf(roll), key, `${decision.id}`, voice);
    };

    it("refuses what is no decision", async () => {
      const ask = async (id: string) =>
        refusal(explainBallot(await contextOf(roll), roll.person(0).address, id, voice));
      expect(await ask("dao-pilot")).to.contain('--decision is "dao-pilot"');
      expect(await ask("12")).to.contain("No decision has the id 12.");
    });

    it("says before the opening whether the vote will count", async () => {
      await voters(roll, 1);
      await roll.join(roll.person(1));
      const decision = await proposed();
      const opens = await decision.snapshot();
      const member = await explain(decision, 0);
      expect(member.sentences.join(" "))
        .to.contain(`opens on ${date(opens)}`)
        .and.to.contain("so it will count there");
      expect(member).to.deep.include({
        state: "pending",
        canVote: false,
        standing: "granted",
        ballot: "none",
      });
      expect((await explain(decision, 1)).sentences.join(" ")).to.contain(
        `before your vote matures on ${date(await roll.votesFrom(2n))}; it will not count there`,
      );
      expect((await explain(decision, 5)).sentences.join(" ")).to.contain("this key is not on the roll");
    });

    it("says while it is open why the vote counts, or does not", async () => {
      const [one, two, three, four] = await voters(roll, 4);
      await roll.governing.setAdmissionPolicy(roll.vouched);
      await roll.join(roll.person(5));
      await roll.governing.setAdmissionPolicy(roll.admission);
      await roll.delegations.connect(two).takeDelegations(3);
      await roll.delegations.connect(three).delegateUntil(two.address, await roll.delegations.longestEnd());
      const decision = await proposed();
      const since = await roll.votesFrom(1n);
      await decision.open();
      await roll.join(roll.person(6));
      const [opens, closes] = [await decision.snapshot(), await decision.deadline()];
      const told = async (who: number | string) => (await explain(decision, who)).sentences.join(" ");

      expect(await told(0))
        .to.contain(
          `Your vote matured on ${date(since)}; the decision was opened on ${date(opens)}, so it counts.`,
        )
        .and.to.contain(`You can vote until ${date(closes)}.`);
      expect(await told(6)).to.contain(
        `was opened on ${date(opens)}, before your vote matured on ${date(await roll.votesFrom(6n))}; it does not count there`,
      );
      expect(await told(5)).to.contain("You are a participant");
      expect(await told(8)).to.contain("This key is not on the roll");
      expect(await told(2))
        .to.contain(
          "was delegated to member 2 when the decision was opened; that ballot counts for it unless you vote",
        )
        .and.to.contain("Member 2 has not voted");
      await decision.vote(two as Person, Support.For);
      const delegated = await explain(decision, 2);
      expect(delegated.sentences.join(" ")).to.contain("Member 2 voted For");
      expect(delegated).to.deep.include({ canVote: true, delegate: { number: 2, ballot: "for" } });
      expect(await told(1)).to.contain(`You voted For already, and can change that until ${date(closes)}`);

      await roll.governing.suspend(4, mask(Right.Vote), closes - 60n);
      expect(await told(3))
        .to.contain("is suspended until")
        .and.to.contain("there is time after that");
      await roll.governing.suspend(4, mask(Right.Vote), closes + 60n);
      expect(await told(3)).to.contain(`and the decision closes on ${date(closes)}`);
      await roll.rotate(one, roll.person(9));
      expect(await told(0)).to.contain("moved to another key on");
      expect(await told(9)).to.contain("so it counts");
      await roll.membership.connect(four).resign();
      expect(await told(3)).to.contain("Your membership ended on");
    });

    it("says of who was dormant, and came back, how that bears on it", async () => {
      const [, two] = await voters(roll, 3);
      await roll.goTo((await roll.confirmations.dueAt(2)) + 1n);
      for (const index of [0, 2]) await roll.confirmations.connect(roll.person(index)).confirm();
      await roll.confirmations.markDormant([2]);
      const decision = await proposed();
      await decision.open();
      const told = async (who: number) => (await explain(decision, who)).sentences.join(" ");
      expect(await told(1))
        .to.contain("is dormant since")
        .and.to.contain("for decisions opened later");
      await roll.confirmations.connect(two).confirm();
      expect(await told(1)).to.contain("before your vote began to count again on");
      const next = new Decision(roll.connection, roll, [{ target: two.address }], "Do more");
      await next.propose(two as Person);
      await next.open();
      const back = (await explain(next, 1)).sentences.join(" ");
      expect(back).to.contain("Your vote has counted since").and.to.contain("so it counts");
    });

    it("says of a vote that was paused since that it counts all the same", async () => {
      const [, two] = await voters(roll, 2);
      await roll.goTo((await roll.confirmations.dueAt(2)) + 1n);
      await roll.confirmations.connect(roll.person(0)).confirm();
      const decision = await proposed();
      await decision.open();
      await roll.confirmations.markDormant([2]);
      const facts = await explain(decision, 1);
      expect(facts.sentences.join(" ")).to.contain("so it counts there, whatever came since");
      expect(facts.canVote).to.equal(true);
      await decision.vote(two as Person, Support.Against);
      expect((await explain(decision, 1)).ballot).to.equal("against");
    });

    it("says after the close what the member did", async () => {
      const [one] = await voters(roll, 2);
      const decision = await proposed();
      await decision.open();
      await roll.join(roll.person(5));
      await decision.vote(one as Person, Support.Abstain);
      await decision.close();
      const told = async (who: number) => (await explain(decision, who)).sentences.join(" ");
      expect(await told(0))
        .to.contain("The vote closed on")
        .and.to.contain("You voted Abstain.");
      expect(await told(1)).to.contain("You cast no ballot of your own.");
      await roll.goTo(await roll.votesFrom(3n));
      expect(await told(5)).to.contain("Your vote did not count when it was opened on");
    });

    it("says of a decision that was withdrawn that nobody votes", async () => {
      await voters(roll, 1);
      const decision = await proposed();
      await decision.cancel(roll.person(0) as Person);
      expect((await explain(decision, 0)).sentences).to.deep.equal([
        "The decision was withdrawn before it opened; nobody votes on it.",
      ]);
    });

    it("is part of the status, in the voice of who asks", async () => {
      await voters(roll, 1);
      const decision = await proposed();
      await decision.open();
      const outcome = await status(await contextOf(roll), { number: 1 }, false, `${decision.id}`);
      expect(textOf(outcome))
        .to.contain("The vote of member 1 matured on")
        .and.to.contain("Member 1 can vote until");
      expect(outcome.facts.decision).to.deep.include({ id: `${decision.id}`, canVote: true });
    });
  });
});

describe("member status, of a decision that nobody endorses", () => {
  const roll = useRoll(({ Governor }) => {
    for (const key of ["action", "appeal", "amendment"] as const)
      Object.assign(Governor[key], { endorsements: 2, endorsementGroups: 1 });
  });

  it("says that it does not open, and then that it did not", async () => {
    const [one] = await voters(roll, 4);
    const decision = new Decision(roll.connection, roll, [{ target: roll.person(9).address }], "Do it");
    await decision.propose(one as Person);
    const voice = { vote: "Your vote", who: "You" };
    const told = async () =>
      (await explainBallot(await contextOf(roll), one.address, `${decision.id}`, voice)).sentences.join(" ");
    expect(await told()).to.contain("It lacks endorsements still, without which it does not open.");
    await decision.open();
    expect(await told()).to.contain(`did not open on ${date(await decision.snapshot())}: it lacked`);
  });
});
