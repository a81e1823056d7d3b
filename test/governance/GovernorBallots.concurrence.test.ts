import { expect } from "chai";
import { network } from "hardhat";
import { deployCoalition, plainParameters } from "../helpers/fixture.js";
import {
  type Connection,
  changeRules,
  Decision,
  DecisionClass,
  join,
  outsidersOf,
  type Person,
  State,
  Support,
  seatMembers,
} from "../helpers/governor.js";

const connection: Connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** Of the groups with at least three members, three must agree; other rules ask for next to nothing. */
const RULES = {
  concurrence: 3,
  concurrenceMembers: 3,
  quorumBps: 100,
  quorumFloor: 3,
  approvalFloorBps: 0,
} as const;

/** A coalition whose groups have as many members as given, and a decision that puts a number into a box. */
async function withGroups(...sizes: readonly number[]) {
  const parameters = plainParameters(RULES);
  const coalition = await deployCoalition(connection, parameters);
  const groups = sizes.flatMap((size, group) => Array<number>(size).fill(group));
  const members = await seatMembers(connection, coalition, groups.length, (index) => groups[index] ?? 0);
  const byGroup = sizes.map((_, group) => members.filter((_member, index) => groups[index] === group));
  const box = await ethers.deployContract("Box");
  const data = box.interface.encodeFunctionData("setX", [1]);
  const decision = new Decision(connection, coalition, [{ target: box, data }], "Keep the number one");
  return { ...coalition, members, byGroup, box, outsiders: outsidersOf(coalition), decision };
}

/** Four groups of the six are heard. */
async function fourHeard() {
  return withGroups(6, 4, 3, 3, 2, 1);
}

/** Two groups are heard: fewer than the rules ask for. */
async function twoHeard() {
  return withGroups(6, 4, 2, 2, 2, 1);
}

async function noneHeard() {
  return withGroups(2, 2, 2, 2, 2, 2);
}

type Setting = Awaited<ReturnType<typeof withGroups>>;
type Counts = readonly [against: number, ayes: number, abstain: number];

/** So many ballots of each choice, group by group; none of groups that are left out. */
async function cast({ byGroup, decision }: Setting, counts: readonly Counts[]) {
  for (const [group, [against, ayes, abstain]] of counts.entries()) {
    const voters: readonly Person[] = byGroup[group] ?? [];
    await decision.voteAll(voters.slice(0, against), Support.Against);
    await decision.voteAll(voters.slice(against, against + ayes), Support.For);
    await decision.voteAll(voters.slice(against + ayes, against + ayes + abstain), Support.Abstain);
  }
}

/** Opens the decision, casts, closes it, and looks at what became of it. */
async function expectOutcome(setting: Setting, counts: readonly Counts[], state: bigint) {
  const { governor, members, decision } = setting;
  await decision.start(members[0]);
  await cast(setting, counts);
  await decision.close();
  const sum = (choice: 0 | 1 | 2) => counts.reduce((total, votes) => total + BigInt(votes[choice]), 0n);
  const total = [sum(0), sum(1), sum(2)];
  expect(await governor.proposalVotes(decision.id)).to.deep.equal(total);
  expect(total[1] > total[0], "For has the majority of all members in every case here").to.equal(true);
  expect(await decision.state()).to.equal(state);
}

describe("GovernorBallots: concurrence of the groups", () => {
  context("given more groups that are heard than must agree", () => {
    for (const [what, counts, state] of [
      [
        "all of them agree",
        [
          [0, 6, 0],
          [0, 4, 0],
          [0, 3, 0],
          [0, 3, 0],
        ],
        State.Succeeded,
      ],
      [
        "just as many agree, and the fourth objects",
        [
          [0, 6, 0],
          [0, 4, 0],
          [0, 3, 0],
          [3, 0, 0],
        ],
        State.Succeeded,
      ],
      [
        "just as many agree, by one vote each",
        [
          [2, 3, 1],
          [1, 2, 0],
          [1, 2, 0],
          [2, 0, 1],
        ],
        State.Succeeded,
      ],
      [
        "one voice agrees for each of as many",
        [
          [0, 1, 0],
          [0, 1, 0],
          [0, 1, 0],
        ],
        State.Succeeded,
      ],
      [
        "one fewer agrees",
        [
          [0, 6, 0],
          [0, 4, 0],
          [3, 0, 0],
          [3, 0, 0],
        ],
        State.Defeated,
      ],
      [
        "one fewer agrees, and the rest is silent",
        [
          [0, 6, 0],
          [0, 4, 0],
        ],
        State.Defeated,
      ],
      [
        "the largest alone has the majority of all",
        [
          [0, 6, 0],
          [2, 1, 0],
          [1, 0, 0],
          [1, 0, 0],
        ],
        State.Defeated,
      ],
      [
        "the third is tied",
        [
          [0, 6, 0],
          [0, 4, 0],
          [1, 1, 1],
          [3, 0, 0],
        ],
        State.Defeated,
      ],
      [
        "the third only abstains",
        [
          [0, 6, 0],
          [0, 4, 0],
          [0, 0, 3],
          [3, 0, 0],
        ],
        State.Defeated,
      ],
      [
        "the third that would agree is too small to be heard",
        [
          [0, 6, 0],
          [0, 4, 0],
          [3, 0, 0],
          [3, 0, 0],
          [0, 2, 0],
          [0, 1, 0],
        ],
        State.Defeated,
      ],
      [
        "those that object are too small to be heard",
        [
          [0, 6, 0],
          [0, 4, 0],
          [0, 3, 0],
          [0, 0, 3],
          [2, 0, 0],
          [1, 0, 0],
        ],
        State.Succeeded,
      ],
    ] as const satisfies readonly (readonly [string, readonly Counts[], bigint])[]) {
      it(`${state === State.Succeeded ? "passes" : "fails"} when ${what}`, async () => {
        const setting = await loadFixture(fourHeard);
        await expectOutcome(setting, counts, state);
        expect((await setting.governor.proposalFrame(setting.decision.id)).heard).to.equal(0b001111n);
      });
    }

    it("follows a ballot that is changed, to the last second", async () => {
      const setting = await loadFixture(fourHeard);
      const { byGroup, members, decision } = setting;
      await decision.start(members[0]);
      await cast(setting, [
        [0, 6, 0],
        [0, 4, 0],
        [1, 2, 0],
        [3, 0, 0],
      ]);
      await time.setNextBlockTimestamp(await decision.deadline());
      await decision.vote(byGroup[2][1], Support.Abstain);
      await decision.close();
      expect(await decision.state()).to.equal(State.Defeated);
    });
  });

  context("given fewer groups that are heard than must agree", () => {
    for (const [what, counts, state] of [
      [
        "all that are heard agree",
        [
          [0, 4, 2],
          [0, 3, 1],
        ],
        State.Succeeded,
      ],
      [
        "all that are heard agree, and all others object",
        [
          [0, 6, 0],
          [0, 4, 0],
          [2, 0, 0],
          [2, 0, 0],
          [2, 0, 0],
          [1, 0, 0],
        ],
        State.Succeeded,
      ],
      [
        "one that is heard is tied",
        [
          [0, 6, 0],
          [2, 2, 0],
        ],
        State.Defeated,
      ],
      [
        "one that is heard objects, and all others agree",
        [
          [0, 6, 0],
          [4, 0, 0],
          [0, 2, 0],
          [0, 2, 0],
          [0, 2, 0],
          [0, 1, 0],
        ],
        State.Defeated,
      ],
    ] as const satisfies readonly (readonly [string, readonly Counts[], bigint])[]) {
      it(`${state === State.Succeeded ? "passes" : "fails"} when ${what}`, async () => {
        const setting = await loadFixture(twoHeard);
        await expectOutcome(setting, counts, state);
        expect((await setting.governor.proposalFrame(setting.decision.id)).heard).to.equal(0b000011n);
      });
    }
  });

  context("given no group that is heard", () => {
    it("passes by the majority of all members alone", async () => {
      const setting = await loadFixture(noneHeard);
      await expectOutcome(
        setting,
        [
          [0, 2, 0],
          [0, 2, 0],
          [2, 0, 0],
          [1, 0, 0],
        ],
        State.Succeeded,
      );
      expect((await setting.governor.proposalFrame(setting.decision.id)).heard).to.equal(0n);
    });
  });

  describe("who is heard", () => {
    /** Two groups agree, one is silent and one objects: it matters which of them, and of the rest, are heard. */
    const counts = [
      [0, 6, 0],
      [0, 4, 0],
      [0, 0, 0],
      [3, 0, 0],
    ] as const satisfies readonly Counts[];

    it("is settled at the opening: a group that shrinks later stays heard", async () => {
      const setting = await loadFixture(fourHeard);
      const { governor, membership, members, byGroup, decision } = setting;
      await decision.start(members[0]);
      for (const leaver of byGroup[2]) await membership.connect(leaver).resign();
      for (const leaver of byGroup[3].slice(1)) await membership.connect(leaver).resign();
      await cast(setting, [counts[0], counts[1], counts[2], [1, 0, 0]]);
      await decision.close();
      expect((await governor.proposalFrame(decision.id)).heard).to.equal(0b001111n);
      expect(await decision.state()).to.equal(State.Defeated);
    });

    it("leaves out a group that shrinks between proposal and opening", async () => {
      const setting = await loadFixture(fourHeard);
      const { governor, membership, members, byGroup, decision } = setting;
      await decision.propose(members[0]);
      await membership.connect(byGroup[2][0]).resign();
      await membership.connect(byGroup[3][2]).resign();
      await decision.open();
      await cast(setting, [counts[0], counts[1], counts[2], [2, 0, 0]]);
      await decision.close();
      expect((await governor.proposalFrame(decision.id)).heard).to.equal(0b000011n);
      expect(await decision.state()).to.equal(State.Succeeded);
    });

    for (const [when, heard, state] of [
      ["before the opening", 0b011111n, State.Succeeded],
      ["after the opening", 0b001111n, State.Defeated],
    ] as const) {
      it(`${when === "before the opening" ? "takes in" : "leaves out"} a group whose third vote matures ${when}`, async () => {
        const setting = await loadFixture(fourHeard);
        const { governor, membership, members, byGroup, outsiders, decision } = setting;
        await join(setting, outsiders[0], 4);
        const { votesFrom } = await membership.member(await membership.numberOf(outsiders[0]));
        const notice = await governor.votingDelay();
        // The opening: in the second of maturity, or in the one before.
        const opening = when === "before the opening" ? votesFrom : votesFrom - 1n;
        await time.setNextBlockTimestamp(opening - notice);
        await decision.propose(members[0]);
        expect(await decision.snapshot()).to.equal(opening);
        await time.increaseTo(votesFrom + 1n);
        await cast(setting, counts);
        await decision.voteAll(byGroup[4], Support.For);
        await decision.close();
        expect((await governor.proposalFrame(decision.id)).heard).to.equal(heard);
        expect(await decision.state()).to.equal(state);
      });
    }

    it("is asked by the rules of the proposal, not by those in force at the opening", async () => {
      const setting = await loadFixture(fourHeard);
      const { governor, members, box, decision } = setting;
      const action = await changeRules(governor, { concurrenceMembers: 5n }, DecisionClass.Action);
      const change = new Decision(connection, setting, [action], "Larger groups");
      await change.succeed(members);
      await change.queue(members[0]);
      await decision.propose(members[0]);
      await change.mature();
      await change.execute(members[0]);
      expect(await decision.state(), "not open yet").to.equal(State.Pending);
      await decision.open();
      await cast(setting, counts);
      await decision.close();
      expect((await governor.proposalFrame(decision.id)).heard).to.equal(0b001111n);
      expect(await decision.state()).to.equal(State.Defeated);

      const data = box.interface.encodeFunctionData("setX", [2]);
      const next = new Decision(connection, setting, [{ target: box, data }], "Keep the number two");
      await next.start(members[0]);
      await cast({ ...setting, decision: next }, counts);
      await next.close();
      expect((await governor.proposalFrame(next.id)).heard).to.equal(0b000001n);
      expect(await next.state()).to.equal(State.Succeeded);
    });
  });

  describe("ProposalPassed", () => {
    it("publishes at queueing what was decided, by whom and group by group, as the views have it", async () => {
      const setting = await loadFixture(fourHeard);
      const { governor, members, decision } = setting;
      await decision.start(members[0]);
      await cast(setting, [
        [1, 4, 1],
        [0, 3, 0],
        [0, 2, 1],
        [2, 1, 0],
        [2, 0, 0],
        [0, 0, 1],
      ]);
      await decision.close();
      const against = [1n, 0n, 0n, 2n, 2n, 0n];
      const ayes = [4n, 3n, 2n, 1n, 0n, 0n];
      const abstain = [1n, 0n, 1n, 0n, 0n, 1n];
      for (const group of against.keys()) {
        expect(await governor.proposalVotesByGroup(decision.id, group)).to.deep.equal([
          against[group],
          ayes[group],
          abstain[group],
        ]);
      }
      await expect(decision.queue(members[0]))
        .to.emit(governor, "ProposalPassed")
        .withArgs(decision.id, DecisionClass.Action, 19n, 0b001111n, against, ayes, abstain);
    });

    it("is not published of what failed: that cannot be queued", async () => {
      const setting = await loadFixture(fourHeard);
      const { governor, decision, members } = setting;
      await expectOutcome(
        setting,
        [
          [0, 6, 0],
          [0, 4, 0],
        ],
        State.Defeated,
      );
      await expect(decision.queue(members[0])).to.be.revertedWithCustomError(
        governor,
        "GovernorUnexpectedProposalState",
      );
      expect(await governor.queryFilter(governor.filters.ProposalPassed())).to.deep.equal([]);
    });
  });

  context("given an amendment by DC-BAS's own numbers", () => {
    /** Six groups of four. */
    async function amending() {
      const coalition = await deployCoalition(connection, plainParameters());
      const members = await seatMembers(connection, coalition, 24);
      const { membership, resolutions } = coalition;
      const data = membership.interface.encodeFunctionData("setCodeOfConduct", [ethers.id("Another code")]);
      const decision = new Decision(connection, coalition, [{ target: membership, data }], "Another code");
      return { ...coalition, members, resolutions, decision };
    }

    for (const [agreeing, state] of [
      [2, State.Defeated],
      [3, State.Succeeded],
    ] as const) {
      it(`${state === State.Succeeded ? "passes" : "fails"} with ${agreeing} groups of six that agree, and 80 % of the votes`, async () => {
        const { governor, members, decision } = await loadFixture(amending);
        await decision.start(members[0]);
        const groupOf = (index: number) => index % 6;
        // Two groups agree as one; in the third two agree, or are tied; in the fourth one voice is against.
        for (const [index, voter] of members.entries()) {
          const [group, place] = [groupOf(index), Math.floor(index / 6)];
          if (group < 2) await decision.vote(voter, Support.For);
          else if (group === 2 && place < 2)
            await decision.vote(voter, place === 0 || agreeing === 3 ? Support.For : Support.Against);
          else if (group === 3 && place === 0) await decision.vote(voter, Support.Against);
        }
        await decision.close();
        const [against, ayes] = await governor.proposalVotes(decision.id);
        expect(ayes * 10n).to.be.at.least((ayes + against) * 8n);
        expect((await governor.proposalRules(decision.id))[0]).to.equal(DecisionClass.Amendment);
        expect((await governor.proposalFrame(decision.id)).heard).to.equal(0b111111n);
        expect(await decision.state()).to.equal(state);
      });
    }
  });
});
