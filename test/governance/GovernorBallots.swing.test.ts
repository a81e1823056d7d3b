import { expect } from "chai";
import { network } from "hardhat";
import { FAR } from "../helpers/attacks.js";
import { type FirstBallot, groupOf, named } from "../helpers/ballots.js";
import { plainParameters } from "../helpers/fixture.js";
import { Decision, foundCoalition, type Person, State, Support, stateMask } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** Seconds before the close in which a ballot can move it, and by which it does. */
const EXTENSION = 86_400n;

/**
 * An open decision of 24 members in 6 groups, the n-th in group n % 6. It needs 7 For or Abstain, 3 For, and more For
 * than Against.
 */
async function openWith(extension: bigint) {
  const parameters = plainParameters({ extension: Number(extension) });
  const coalition = await foundCoalition(connection, { count: 24, parameters });
  const box = await ethers.deployContract("Box");
  const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const decision = new Decision(connection, coalition, [action], "Keep the number one");
  await decision.start(coalition.members[0]);
  const close = await decision.deadline();
  const ballot = (support: number): FirstBallot => ({ proposalId: decision.id, support, deadline: FAR });
  return { ...coalition, box, decision, close, ballot };
}

const openExtensible = () => openWith(EXTENSION);
const openPlain = () => openWith(0n);

type Setting = Awaited<ReturnType<typeof openExtensible>>;

/** Sends in a block of a given moment. */
async function at<T>(moment: bigint, send: () => Promise<T>): Promise<T> {
  await time.setNextBlockTimestamp(moment);
  return send();
}

/** Votes early: so many For, the next Against, the next Abstain. */
async function early({ decision, members }: Setting, forVotes: number, againstVotes = 0, abstainVotes = 0) {
  await decision.voteAll(members.slice(0, forVotes), Support.For);
  await decision.voteAll(members.slice(forVotes, forVotes + againstVotes), Support.Against);
  const rest = forVotes + againstVotes;
  await decision.voteAll(members.slice(rest, rest + abstainVotes), Support.Abstain);
}

describe("GovernorBallots: late swing", () => {
  /** The close is where it was. */
  async function expectUnmoved({ governor, decision, close }: Setting) {
    expect(await decision.deadline()).to.equal(close);
    expect((await governor.proposalFrame(decision.id)).extended).to.equal(false);
    expect(await governor.queryFilter(governor.filters.ProposalExtended())).to.deep.equal([]);
  }

  /** The close is as long after a moment as the rules say. */
  async function expectMoved({ governor, decision }: Setting, moment: bigint) {
    expect(await decision.deadline()).to.equal(moment + EXTENSION);
    expect((await governor.proposalFrame(decision.id)).extended).to.equal(true);
    const events = await governor.queryFilter(governor.filters.ProposalExtended());
    expect(events.map(({ args }) => [args.proposalId, args.deadline])).to.deep.equal([
      [decision.id, moment + EXTENSION],
    ]);
  }

  /** Members who have not voted in any of the cases below. */
  const fresh = ({ members }: Setting) =>
    members.slice(18) as [Person, Person, Person, Person, Person, Person];

  const turns = [
    {
      name: "from passing to failing by a ballot Against",
      before: [8, 7, 0],
      turn: (setting: Setting) => setting.decision.vote(fresh(setting)[0], Support.Against),
      end: State.Defeated,
    },
    {
      name: "from failing to passing by a ballot For",
      before: [8, 8, 0],
      turn: (setting: Setting) => setting.decision.vote(fresh(setting)[0], Support.For),
      end: State.Succeeded,
    },
    {
      name: "from failing to passing by the ballot Abstain that completes the quorum",
      before: [5, 0, 1],
      turn: (setting: Setting) => setting.decision.vote(fresh(setting)[0], Support.Abstain),
      end: State.Succeeded,
    },
    {
      name: "from passing to failing by a ballot changed to Against",
      before: [9, 8, 0],
      turn: ({ decision, members }: Setting) => decision.vote(members[0], Support.Against),
      end: State.Defeated,
    },
    {
      name: "from failing to passing by a ballot changed from Against",
      before: [8, 8, 0],
      turn: ({ decision, members }: Setting) => decision.vote(members[8], Support.Abstain),
      end: State.Succeeded,
    },
    {
      name: "from failing to passing by a signed ballot",
      before: [8, 8, 0],
      turn: (setting: Setting) =>
        setting.decision.voteBySig(setting.outsiders[0], fresh(setting)[0], Support.For),
      end: State.Succeeded,
    },
    {
      name: "from passing to failing by a group of a batch",
      before: [8, 6, 0],
      turn: async (setting: Setting) =>
        setting.governor.castBallots(
          setting.decision.id,
          [await groupOf(setting.governor, fresh(setting).slice(0, 3), setting.ballot(Support.Against))],
          [],
        ),
      end: State.Defeated,
    },
    {
      name: "from failing to passing by the named ballots of a batch",
      before: [8, 8, 0],
      turn: async (setting: Setting) =>
        setting.governor.castBallots(
          setting.decision.id,
          [],
          [
            await named(setting.governor, fresh(setting)[0], setting.ballot(Support.For)),
            await named(setting.governor, fresh(setting)[1], setting.ballot(Support.Abstain)),
          ],
        ),
      end: State.Succeeded,
    },
  ] as const;

  for (const { name, before, turn, end } of turns) {
    it(`moves the close to as long after a turn ${name}`, async () => {
      const setting = await loadFixture(openExtensible);
      const { decision, close } = setting;
      await early(setting, ...before);
      const moment = close - 100n;
      await time.increaseTo(moment - 10n);
      await at(moment, () => turn(setting));
      await expectMoved(setting, moment);
      await time.increaseTo(close + 1n);
      expect(await decision.state(), "after the old close").to.equal(State.Active);
      await time.increaseTo(moment + EXTENSION);
      expect(await decision.state(), "in the last second of the new one").to.equal(State.Active);
      await time.increaseTo(moment + EXTENSION + 1n);
      expect(await decision.state(), "after the new close").to.equal(end);
    });
  }

  it("names the decision and the new close in the event", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, close, members } = setting;
    await early(setting, 8, 8);
    await time.setNextBlockTimestamp(close);
    await expect(decision.vote(members[20], Support.For))
      .to.emit(governor, "ProposalExtended")
      .withArgs(decision.id, close + EXTENSION);
  });

  it("moves it for the first second of the last stretch, and not for the one before", async () => {
    const setting = await loadFixture(openExtensible);
    const { decision, members, close } = setting;
    await early(setting, 8, 8);
    const calm = close - EXTENSION;
    await at(calm, () => decision.vote(members[20], Support.For));
    await expectUnmoved(setting);
    await at(calm + 1n, () => decision.vote(members[21], Support.Against));
    await expectMoved(setting, calm + 1n);
    expect(await decision.deadline(), "no more than a second later").to.equal(close + 1n);
  });

  it("moves it for a turn by the very first ballots, all of them late", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, members, close, ballot } = setting;
    const group = await groupOf(governor, members.slice(0, 7), ballot(Support.For));
    await at(close - 5n, () => governor.castBallots(decision.id, [group], []));
    await expectMoved(setting, close - 5n);
  });

  it("moves it once: a second turn, even in the last second, moves nothing", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, members, close, ballot } = setting;
    await early(setting, 8, 8);
    const moment = close - 100n;
    await at(moment, () => decision.vote(members[20], Support.For));
    await at(close + 10n, () => decision.vote(members[21], Support.Against));
    await expectMoved(setting, moment);
    const group = await groupOf(governor, [members[22]], ballot(Support.For));
    await at(moment + EXTENSION, () => governor.castBallots(decision.id, [group], []));
    await expectMoved(setting, moment);
    await decision.close();
    expect(await decision.state()).to.equal(State.Succeeded);
  });

  it("takes every kind of ballot until the new close, and none after it", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, members, outsiders, close, ballot } = setting;
    await early(setting, 8, 8);
    const moment = close - 100n;
    await at(moment, () => decision.vote(members[18], Support.For));
    await time.increaseTo(moment + EXTENSION - 10n);
    await decision.vote(members[19], Support.For);
    await decision.vote(members[0], Support.Abstain);
    await decision.voteBySig(outsiders[0], members[20], Support.For);
    const change = await named(governor, members[20], ballot(Support.Against));
    const group = await groupOf(governor, [members[21]], ballot(Support.For));
    await governor.castBallots(decision.id, [group], [change]);
    await at(moment + EXTENSION, () => decision.vote(members[22], Support.Abstain));
    // Against: 8 early and one changed to it. For: 8 early, less the one that abstains now, and three more.
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([9n, 10n, 2n]);
    const closed = [decision.id, State.Succeeded, stateMask(State.Active)] as const;
    await expect(decision.vote(members[23], Support.Against))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(...closed);
    await expect(governor.castBallots(decision.id, [group], []))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(...closed);
  });

  context("given words of the count that learned the old hours", () => {
    // Groups 0 to 2 share a word of the count, groups 3 to 5 another.
    for (const [name, turner, others] of [
      ["the same word", 19, [18, 20]],
      ["another word", 21, [18, 19, 20]],
    ] as const) {
      it(`takes ballots of every group after the old close when the turn came in ${name}`, async () => {
        const setting = await loadFixture(openExtensible);
        const { governor, decision, members, close } = setting;
        await early(setting, 8, 8);
        const moment = close - 100n;
        await at(moment, () => decision.vote(members[turner], Support.For));
        await time.increaseTo(close + 1n);
        for (const index of others) await decision.vote(members[index], Support.Against);
        for (const index of [22, 23]) await decision.vote(members[index], Support.Abstain);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([8n + BigInt(others.length), 9n, 2n]);
        await decision.close();
        for (const index of [turner, others[0], 22]) {
          await expect(decision.vote(members[index], Support.For))
            .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
            .withArgs(decision.id, State.Defeated, stateMask(State.Active));
        }
      });
    }

    it("does so for a word that nobody had voted in before the turn", async () => {
      const setting = await loadFixture(openExtensible);
      const { governor, decision, members, close } = setting;
      // Groups 0 to 2 alone: 7 For of 12.
      const first = members.filter((_, index) => index % 6 < 3);
      await decision.voteAll(first.slice(0, 7), Support.For);
      const rest = members.filter((_, index) => index % 6 >= 3);
      await at(close - 50n, () => decision.voteAll(first.slice(7, 12), Support.Against));
      await expectUnmoved(setting);
      await decision.vote(rest[0], Support.Against);
      await expectUnmoved(setting);
      await at(close, () => decision.vote(rest[1], Support.Against));
      await expectMoved(setting, close);
      await at(close + EXTENSION, () => decision.vote(rest[2], Support.For));
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([7n, 8n, 0n]);
      await expect(decision.vote(rest[3], Support.For))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Succeeded, stateMask(State.Active));
    });
  });

  context("given delegated votes", () => {
    /** The second member votes for three others of group 1. */
    async function openWithDelegate() {
      const parameters = plainParameters({ extension: Number(EXTENSION) });
      const coalition = await foundCoalition(connection, { count: 24, parameters });
      const { members, membership, delegations } = coalition;
      await delegations.connect(members[1]).takeDelegations(5);
      for (const index of [7, 13, 19]) await membership.connect(members[index]).delegate(members[1]);
      const box = await ethers.deployContract("Box");
      const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
      const decision = new Decision(connection, coalition, [action], "Keep the number one");
      await decision.start(members[0]);
      const close = await decision.deadline();
      const ballot = (support: number): FirstBallot => ({ proposalId: decision.id, support, deadline: FAR });
      return { ...coalition, box, decision, close, ballot };
    }

    it("moves the close when a delegate's ballot turns the outcome with all that it weighs", async () => {
      const setting = await loadFixture(openWithDelegate);
      const { decision, members, close } = setting;
      await decision.voteAll(
        [2, 3, 4, 5].map((index) => members[index]),
        Support.For,
      );
      await at(close - 7n, () => decision.vote(members[1], Support.For));
      await expectMoved(setting, close - 7n);
    });

    it("moves it when a delegator takes the vote back and turns the outcome, and counts on after it", async () => {
      const setting = await loadFixture(openWithDelegate);
      const { governor, decision, members, close } = setting;
      await decision.vote(members[1], Support.For);
      await decision.voteAll(
        [2, 3, 4].map((index) => members[index]),
        Support.For,
      );
      await decision.voteAll(
        [8, 9, 10, 11, 14].map((index) => members[index]),
        Support.Against,
      );
      await at(close - 7n, () => decision.vote(members[7], Support.Against));
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([6n, 6n, 0n]);
      await expectMoved(setting, close - 7n);
      await time.increaseTo(close + 1n);
      await decision.vote(members[13], Support.For);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([6n, 6n, 0n]);
    });
  });

  it("does not move it without a turn, however many late ballots come", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, members, close, ballot } = setting;
    await early(setting, 12);
    await time.increaseTo(close - 1_000n);
    await decision.voteAll(members.slice(12, 20), Support.Against);
    const group = await groupOf(governor, members.slice(20, 22), ballot(Support.Against));
    await governor.castBallots(decision.id, [group], []);
    await expectUnmoved(setting);
    await decision.close();
    expect(await decision.state()).to.equal(State.Succeeded);
  });

  it("does not move it for a batch that turns the outcome and turns it back", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, members, close, ballot } = setting;
    await early(setting, 8, 8);
    const groups = [
      await groupOf(governor, [members[20]], ballot(Support.For)),
      await groupOf(governor, [members[21]], ballot(Support.Against)),
    ];
    await at(close - 100n, () => governor.castBallots(decision.id, groups, []));
    await expectUnmoved(setting);
  });

  it("does not move it for a late batch whose ballots are all passed over", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, outsiders, close, ballot } = setting;
    await early(setting, 8, 8);
    const group = await groupOf(governor, outsiders, ballot(Support.For));
    await at(close - 100n, () => governor.castBallots(decision.id, [group], []));
    await expectUnmoved(setting);
  });

  it("does not move it for a turn in the calm part, whatever is turned back there", async () => {
    const setting = await loadFixture(openExtensible);
    const { decision, members, close } = setting;
    await early(setting, 8, 8);
    await time.increaseTo(close - EXTENSION - 100n);
    await decision.vote(members[20], Support.For);
    await decision.vote(members[21], Support.Against);
    await decision.vote(members[20], Support.Against);
    await expectUnmoved(setting);
  });

  it("never moves it where the rules give no extension", async () => {
    const setting = await loadFixture(openPlain);
    const { governor, decision, members, close, ballot } = setting;
    await early(setting, 8, 8);
    const group = await groupOf(governor, [members[20]], ballot(Support.For));
    await at(close - 1n, () => governor.castBallots(decision.id, [group], []));
    await at(close, () => decision.vote(members[21], Support.Against));
    await expectUnmoved(setting);
    await time.increaseTo(close + 1n);
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("counts the grace period from the new close", async () => {
    const setting = await loadFixture(openExtensible);
    const { governor, decision, members, close, parameters } = setting;
    await early(setting, 8, 8);
    await at(close, () => decision.vote(members[20], Support.For));
    const last = close + EXTENSION + BigInt(parameters.Governor.action.grace);
    await time.increaseTo(last);
    expect(await decision.state()).to.equal(State.Succeeded);
    await time.increaseTo(last + 1n);
    expect(await decision.state()).to.equal(State.Expired);
    expect((await governor.proposalFrame(decision.id)).extended).to.equal(true);
  });
});
