import { expect } from "chai";
import { network } from "hardhat";
import {
  actAs,
  changeRules,
  Decision,
  foundWithDecision,
  join,
  plainRules,
  type Rules,
  State,
  Support,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;
const UNKNOWN = 42n;

async function thirty() {
  return foundWithDecision(connection, { count: 30 });
}

type Setting = Awaited<ReturnType<typeof thirty>>;

/** A decision about the rules, ready to be executed. */
async function ripeChange(setting: Setting, changes: Partial<Rules>, voters = setting.members) {
  const action = await changeRules(setting.governor, changes);
  const decision = new Decision(connection, setting, [action], `Rules: ${Object.keys(changes)}`);
  await decision.ripen(voters);
  return decision;
}

describe("GovernorRules", () => {
  describe("setRules", () => {
    it("reverts for whoever is not the timelock, the governor included", async () => {
      const { governor, deployer, members, outsiders } = await loadFixture(thirty);
      const rules = plainRules(await governor.rules());
      for (const caller of [deployer, members[0], outsiders[0], await actAs(connection, governor)]) {
        await expect(governor.connect(caller).setRules(rules))
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
    });

    it("reverts for the timelock itself outside of a decision's execution", async () => {
      const { governor, timelock } = await loadFixture(thirty);
      const power = await actAs(connection, timelock);
      const EMPTY_POP = 0x31;
      await expect(
        governor.connect(power).setRules(plainRules(await governor.rules())),
      ).to.be.revertedWithPanic(EMPTY_POP);
    });

    const ranges = async ({ membership, timelock }: Setting) => {
      const stage = await timelock.SHORTEST_STAGE();
      return {
        notice: [stage, BigInt(await membership.waitingFloor()) - 1n],
        period: [stage, 90n * DAY],
        grace: [stage, 180n * DAY],
        quorumBps: [100n, 5_000n],
        // Thirty members, whose votes are all mature.
        quorumFloor: [3n, 15n],
        approvalBps: [5_000n, 8_000n],
        approvalFloorBps: [0n, 2_500n],
      } as const;
    };

    for (const name of [
      "notice",
      "period",
      "grace",
      "quorumBps",
      "quorumFloor",
      "approvalBps",
      "approvalFloorBps",
    ] as const) {
      it(`reverts in a decision that sets ${name} just outside its range`, async () => {
        const setting = await loadFixture(thirty);
        const { governor, members } = setting;
        const before = plainRules(await governor.rules());
        const [min, max] = (await ranges(setting))[name];
        for (const value of [min - 1n, max + 1n].filter((outside) => outside >= 0n)) {
          const action = await changeRules(governor, { [name]: value });
          const decision = new Decision(connection, setting, [action], `${name} of ${value}`);
          await decision.ripen(members.slice(0, 10));
          await expect(decision.execute(members[0]))
            .to.be.revertedWithCustomError(governor, "DecisionRulesOutOfRange")
            .withArgs(ethers.encodeBytes32String(name), value, min, max);
          expect(await decision.state()).to.equal(State.Queued);
        }
        expect(plainRules(await governor.rules())).to.deep.equal(before);
      });

      it(`sets ${name} to both ends of its range and announces old and new rules`, async () => {
        const setting = await loadFixture(thirty);
        const { governor, members } = setting;
        for (const value of (await ranges(setting))[name]) {
          const before = plainRules(await governor.rules());
          const after = { ...before, [name]: value };
          const action = await changeRules(governor, { [name]: value });
          const decision = new Decision(connection, setting, [action], `${name} of ${value}`);
          await decision.ripen(members.slice(0, 16));
          await expect(decision.execute(members[0]))
            .to.emit(governor, "RulesChanged")
            .withArgs(Object.values(before), Object.values(after));
          expect(plainRules(await governor.rules())).to.deep.equal(after);
        }
      });
    }

    it("holds the floor of the quorum at half of the electorate at execution, rounded down", async () => {
      const setting = await loadFixture(thirty);
      const { governor, membership, members } = setting;
      const decision = await ripeChange(setting, { quorumFloor: 15n }, members.slice(0, 16));
      await membership.connect(members[29]).resign();
      await time.increase(1);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "DecisionRulesOutOfRange")
        .withArgs(ethers.encodeBytes32String("quorumFloor"), 15n, 3n, 14n);
      const lower = await ripeChange(setting, { quorumFloor: 14n }, members.slice(0, 16));
      await lower.execute(members[0]);
      expect((await governor.rules()).quorumFloor).to.equal(14n);
    });

    it("lets a coalition that shrank keep or lower the floor in force, and not raise it", async () => {
      const setting = await loadFixture(thirty);
      const { governor, membership, members } = setting;
      const action = await changeRules(governor, { quorumFloor: 3n });
      const inForce = (await governor.rules()).quorumFloor;
      const raise = await changeRules(governor, { quorumFloor: inForce + 1n });
      const lower = new Decision(connection, setting, [action], "The smallest floor");
      const more = new Decision(connection, setting, [raise], "One more than the floor in force");
      for (const decision of [lower, more]) await decision.propose(members[0]);
      await lower.open();
      for (const decision of [lower, more]) await decision.voteAll(members.slice(0, 10), Support.For);
      await more.close();
      for (const decision of [lower, more]) await decision.queue(members[0]);
      for (const leaver of members.slice(3)) await membership.connect(leaver).resign();
      await more.mature();
      await expect(more.execute(members[0]))
        .to.be.revertedWithCustomError(governor, "DecisionRulesOutOfRange")
        .withArgs(ethers.encodeBytes32String("quorumFloor"), inForce + 1n, 3n, inForce);
      await lower.execute(members[0]);
      expect((await governor.rules()).quorumFloor).to.equal(3n);
    });
  });

  describe("rules, votingDelay, votingPeriod and shortestStage", () => {
    it("answer what the parameters said at birth", async () => {
      const { governor, parameters } = await loadFixture(thirty);
      const { name: _, ...first } = parameters.Governor;
      const asNumbers = Object.entries(plainRules(await governor.rules())).map(([key, value]) => [
        key,
        Number(value),
      ]);
      expect(Object.fromEntries(asNumbers)).to.deep.equal(first);
      expect(await governor.votingDelay()).to.equal(first.notice);
      expect(await governor.votingPeriod()).to.equal(first.period);
      expect(await governor.shortestStage()).to.equal(parameters.$global.shortestStage);
    });

    it("answer the new rules after a change", async () => {
      const setting = await loadFixture(thirty);
      const { governor, members } = setting;
      const change = await ripeChange(setting, { notice: 2n * DAY, period: 3n * DAY });
      await change.execute(members[0]);
      expect(await governor.votingDelay()).to.equal(2n * DAY);
      expect(await governor.votingPeriod()).to.equal(3n * DAY);
    });
  });

  describe("frozen rules", () => {
    /** Executes a change of rules while another decision is open, on which 7 of 30 have voted For and 6 Against. */
    async function changedMidVote(setting: Setting, changes: Partial<Rules>) {
      const { governor, members, decision } = setting;
      const change = new Decision(connection, setting, [await changeRules(governor, changes)], "Other rules");
      await change.succeed(members);
      await change.queue(members[0]);
      await decision.start(members[0]);
      await decision.voteAll(members.slice(0, 7), Support.For);
      await decision.voteAll(members.slice(7, 13), Support.Against);
      const before = {
        rules: plainRules(await governor.proposalRules(decision.id)),
        deadline: await decision.deadline(),
        quorum: await governor.proposalQuorum(decision.id),
      };
      await change.execute(members[0]);
      expect(await decision.state()).to.equal(State.Active);
      return before;
    }

    for (const [what, changes] of [
      ["a higher quorum", { quorumBps: 4_000n }],
      ["a higher floor of the quorum", { quorumFloor: 12n }],
      ["a higher approval", { approvalBps: 8_000n }],
      ["a higher floor of For", { approvalFloorBps: 2_500n }],
    ] as const) {
      it(`keep a decision alive that ${what} would have defeated`, async () => {
        const setting = await loadFixture(thirty);
        const { governor, members, decision, put } = setting;
        const before = await changedMidVote(setting, changes);
        await decision.close();
        expect(await decision.state()).to.equal(State.Succeeded);
        expect(plainRules(await governor.proposalRules(decision.id))).to.deep.equal(before.rules);
        expect(await decision.deadline()).to.equal(before.deadline);
        expect(await governor.proposalQuorum(decision.id)).to.equal(before.quorum);

        const next = new Decision(connection, setting, put(2), "Under the new rules");
        await next.start(members[0]);
        await next.voteAll(members.slice(0, 7), Support.For);
        await next.voteAll(members.slice(7, 13), Support.Against);
        await next.close();
        expect(await next.state()).to.equal(State.Defeated);
        expect(plainRules(await governor.proposalRules(next.id))).to.deep.equal({
          ...before.rules,
          ...changes,
        });
      });
    }

    it("do not let a lower quorum revive a decision that was defeated", async () => {
      const setting = await loadFixture(thirty);
      const { governor, members, decision } = setting;
      await decision.start(members[0]);
      await decision.voteAll(members.slice(0, 6), Support.For);
      await decision.close();
      expect(await decision.state()).to.equal(State.Defeated);
      const change = await ripeChange(setting, { quorumBps: 100n, quorumFloor: 3n });
      await change.execute(members[0]);
      expect(await governor.quorum(await decision.snapshot())).to.equal(3n);
      expect(await governor.proposalQuorum(decision.id)).to.equal(7n);
      expect(await decision.state()).to.equal(State.Defeated);
    });

    it("keep the hours of a decision proposed before", async () => {
      const setting = await loadFixture(thirty);
      const { governor, members, decision } = setting;
      const before = await changedMidVote(setting, { period: DAY, notice: DAY });
      expect(await governor.votingPeriod()).to.equal(DAY);
      expect(await decision.deadline()).to.equal(before.deadline);
      await time.setNextBlockTimestamp(before.deadline);
      await decision.vote(members[20], Support.For);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([6n, 8n, 0n]);
    });
  });

  describe("frozen electorate", () => {
    it("is that of the opening, whoever joins, matures or leaves afterwards", async () => {
      const setting = await loadFixture(thirty);
      const { governor, membership, members, outsiders, decision } = setting;
      for (const newcomer of outsiders) await join(setting, newcomer);
      const { votesFrom } = await membership.member(await membership.numberOf(outsiders[0]));
      await time.increaseTo(votesFrom - (await governor.votingDelay()) - 100n);
      await decision.start(members[0]);
      const [electorate, quorum] = [30n, 7n];
      expect(await governor.proposalElectorate(decision.id)).to.equal(electorate);

      for (const leaver of members.slice(10)) await membership.connect(leaver).resign();
      expect(await governor.proposalElectorate(decision.id)).to.equal(electorate);
      await time.increaseTo(votesFrom + 1n);
      expect(await membership.getPastTotalSupply(votesFrom)).to.equal(14n);
      expect(await governor.proposalElectorate(decision.id)).to.equal(electorate);
      expect(await governor.proposalQuorum(decision.id)).to.equal(quorum);

      await decision.voteAll(members.slice(0, 6), Support.For);
      await decision.close();
      expect(await decision.state()).to.equal(State.Defeated);
    });

    it("counts who leaves and matures between proposal and opening", async () => {
      const setting = await loadFixture(thirty);
      const { governor, membership, members, outsiders, decision } = setting;
      await join(setting, outsiders[0]);
      const { votesFrom } = await membership.member(await membership.numberOf(outsiders[0]));
      await time.increaseTo(votesFrom - (await governor.votingDelay()) / 2n);
      await decision.propose(members[0]);
      for (const leaver of members.slice(28)) await membership.connect(leaver).resign();
      await decision.open();
      expect(await governor.proposalElectorate(decision.id)).to.equal(29n);
    });
  });

  describe("proposalElectorate and proposalQuorum", () => {
    it("revert for a decision that nobody proposed", async () => {
      const { governor } = await loadFixture(thirty);
      for (const call of [
        () => governor.proposalElectorate(UNKNOWN),
        () => governor.proposalQuorum(UNKNOWN),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
          .withArgs(UNKNOWN);
      }
      const none = Object.values(plainRules(await governor.proposalRules(UNKNOWN)));
      expect(none.every((value) => value === 0n)).to.equal(true);
    });

    it("revert up to and in the second of the snapshot, which is not settled yet", async () => {
      const { governor, membership, members, decision } = await loadFixture(thirty);
      await decision.propose(members[0]);
      const snapshot = await decision.snapshot();
      for (const moment of [snapshot - 1n, snapshot]) {
        await time.increaseTo(moment);
        for (const call of [
          () => governor.proposalElectorate(decision.id),
          () => governor.proposalQuorum(decision.id),
        ]) {
          await expect(call())
            .to.be.revertedWithCustomError(membership, "ERC5805FutureLookup")
            .withArgs(snapshot, moment);
        }
      }
      await decision.open();
      expect(await governor.proposalElectorate(decision.id)).to.equal(30n);
    });
  });

  describe("quorum", () => {
    it("reverts for the present and the future", async () => {
      const { governor, membership } = await loadFixture(thirty);
      const now = BigInt(await time.latest());
      for (const moment of [now, now + 1n]) {
        await expect(governor.quorum(moment))
          .to.be.revertedWithCustomError(membership, "ERC5805FutureLookup")
          .withArgs(moment, now);
      }
    });

    it("is the floor for the time before anybody was on the roll", async () => {
      const { governor, parameters } = await loadFixture(thirty);
      expect(await governor.quorum(1n)).to.equal(parameters.Governor.quorumFloor);
    });
  });
});
