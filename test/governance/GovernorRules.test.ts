import { expect } from "chai";
import { network } from "hardhat";
import { CLASSES as PARAMETER_CLASSES } from "../../scripts/lib/parameters.js";
import {
  type Action,
  actAs,
  changeRules,
  Decision,
  DecisionClass,
  foundWithDecision,
  join,
  type Person,
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

/** A decision about the rules of a class, ready to be executed. */
async function ripeChange(
  setting: Setting,
  changes: Partial<Rules>,
  of: number,
  voters: readonly Person[] = setting.members,
) {
  const action = await changeRules(setting.governor, changes, of);
  const decision = new Decision(connection, setting, [action], `Rules: ${Object.keys(changes)}`);
  await decision.ripen(voters);
  return decision;
}

const CLASSES = Object.values(DecisionClass);

/** The same change of every class, in an order in which no lesser class is stricter than a greater one on the way. */
async function changeAll(
  { governor }: Setting,
  changes: Partial<Rules>,
  way: "upwards" | "downwards",
): Promise<Action[]> {
  const order = way === "upwards" ? [...CLASSES].reverse() : CLASSES;
  return Promise.all(order.map((of) => changeRules(governor, changes, of)));
}

const NAMES = [
  "notice",
  "period",
  "grace",
  "delay",
  "extension",
  "quorumBps",
  "quorumFloor",
  "approvalBps",
  "approvalFloorBps",
  "concurrence",
  "concurrenceMembers",
  "endorsements",
  "endorsementGroups",
] as const;

describe("GovernorRules", () => {
  describe("setRules", () => {
    it("reverts for whoever is not the timelock, the governor included", async () => {
      const { governor, deployer, members, outsiders } = await loadFixture(thirty);
      const rules = plainRules(await governor.rules(DecisionClass.Action));
      for (const caller of [deployer, members[0], outsiders[0], await actAs(connection, governor)]) {
        await expect(governor.connect(caller).setRules(DecisionClass.Action, rules))
          .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
          .withArgs(caller);
      }
    });

    it("reverts for the timelock itself outside of a decision's execution", async () => {
      const { governor, timelock } = await loadFixture(thirty);
      const power = await actAs(connection, timelock);
      const rules = plainRules(await governor.rules(DecisionClass.Action));
      const EMPTY_POP = 0x31;
      await expect(governor.connect(power).setRules(DecisionClass.Action, rules)).to.be.revertedWithPanic(
        EMPTY_POP,
      );
    });

    const ranges = async ({ membership, timelock }: Setting) => {
      const stage = await timelock.SHORTEST_STAGE();
      return {
        notice: [stage, BigInt(await membership.waitingFloor()) - 1n],
        period: [stage, 90n * DAY],
        grace: [stage, 180n * DAY],
        delay: [stage, 30n * DAY],
        extension: [0n, 14n * DAY],
        quorumBps: [100n, 5_000n],
        // Thirty members, whose votes are all mature.
        quorumFloor: [3n, 15n],
        approvalBps: [5_000n, 8_000n],
        approvalFloorBps: [0n, 2_500n],
        concurrence: [0n, 6n],
        concurrenceMembers: [1n, 255n],
        endorsements: [0n, 15n],
        endorsementGroups: [1n, 4n],
      } as const;
    };

    /** What must change with a rule, so that it is the only thing that may be out of range. */
    const beside = (name: keyof Rules, value: bigint): Partial<Rules> => {
      if (name === "endorsements") return { endorsementGroups: value === 0n ? 0n : 1n };
      return name === "endorsementGroups" ? { endorsements: 4n } : {};
    };

    for (const name of NAMES) {
      it(`reverts in a decision that sets ${name} just outside its range`, async () => {
        const setting = await loadFixture(thirty);
        const { governor, bounds, members } = setting;
        const before = plainRules(await governor.rules(DecisionClass.Action));
        const [min, max] = (await ranges(setting))[name];
        // A call cannot carry more than 255 of `concurrenceMembers`.
        for (const value of [min - 1n, max + 1n].filter((outside) => outside >= 0n && outside !== 256n)) {
          const action = await changeRules(governor, { ...beside(name, value), [name]: value });
          const decision = new Decision(connection, setting, [action], `${name} of ${value}`);
          await decision.ripen(members.slice(0, 10));
          await expect(decision.execute(members[0]))
            .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
            .withArgs(ethers.encodeBytes32String(name), value, min, max);
          expect(await decision.state()).to.equal(State.Queued);
        }
        expect(plainRules(await governor.rules(DecisionClass.Action))).to.deep.equal(before);
      });

      it(`sets ${name} to both ends of its range and announces old and new rules`, async () => {
        const setting = await loadFixture(thirty);
        const { governor, members } = setting;
        const [min, max] = (await ranges(setting))[name];
        // The least of a class of which none is lesser, the most of one of which none is greater.
        for (const [of, value] of [
          [DecisionClass.MotionAmendment, name === "endorsementGroups" ? 0n : min],
          [DecisionClass.Amendment, max],
        ] as const) {
          const before = plainRules(await governor.rules(of));
          const changes = value === 0n ? { [name]: value } : { ...beside(name, value), [name]: value };
          const after = { ...before, ...changes };
          const action = await changeRules(governor, changes, of);
          const decision = new Decision(connection, setting, [action], `${name} of ${value}`);
          await decision.ripen(members.slice(0, 16));
          await expect(decision.execute(members[0]))
            .to.emit(governor, "RulesChanged")
            .withArgs(of, Object.values(before), Object.values(after));
          expect(plainRules(await governor.rules(of))).to.deep.equal(after);
        }
      });
    }

    it("leaves the rules of the other classes as they are", async () => {
      const setting = await loadFixture(thirty);
      const { governor, members } = setting;
      const all = async () => Promise.all(CLASSES.map(async (of) => plainRules(await governor.rules(of))));
      const before = await all();
      const change = await ripeChange(setting, { grace: 20n * DAY }, DecisionClass.Appeal);
      await change.execute(members[0]);
      const after = before.map((rules, of) =>
        of === DecisionClass.Appeal ? { ...rules, grace: 20n * DAY } : rules,
      );
      expect(await all()).to.deep.equal(after);
    });

    it("reverts in a decision that makes a lesser class stricter than a greater one, either way", async () => {
      const setting = await loadFixture(thirty);
      const { bounds, members } = setting;
      const raise = await ripeChange(setting, { quorumBps: 2_001n }, DecisionClass.Action);
      await expect(raise.execute(members[0]))
        .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
        .withArgs(DecisionClass.Action, DecisionClass.Appeal, ethers.encodeBytes32String("quorumBps"));
      const lower = await ripeChange(setting, { notice: 2n * DAY }, DecisionClass.Amendment);
      await expect(lower.execute(members[0]))
        .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
        .withArgs(DecisionClass.Resolution, DecisionClass.Amendment, ethers.encodeBytes32String("notice"));
    });

    it("holds the floor of the quorum at half of the electorate at execution, rounded down", async () => {
      const setting = await loadFixture(thirty);
      const { governor, bounds, membership, members } = setting;
      const of = DecisionClass.Amendment;
      const decision = await ripeChange(setting, { quorumFloor: 15n }, of, members.slice(0, 16));
      await membership.connect(members[29]).resign();
      await time.increase(1);
      await expect(decision.execute(members[0]))
        .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
        .withArgs(ethers.encodeBytes32String("quorumFloor"), 15n, 3n, 14n);
      const lower = await ripeChange(setting, { quorumFloor: 14n }, of, members.slice(0, 16));
      await lower.execute(members[0]);
      expect((await governor.rules(of)).quorumFloor).to.equal(14n);
    });

    it("lets a coalition that shrank keep or lower the floor in force, and not raise it", async () => {
      const setting = await loadFixture(thirty);
      const { governor, bounds, membership, members } = setting;
      const of = DecisionClass.MotionAmendment;
      const action = await changeRules(governor, { quorumFloor: 3n }, of);
      const inForce = (await governor.rules(of)).quorumFloor;
      const raise = await changeRules(governor, { quorumFloor: inForce + 1n }, of);
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
        .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
        .withArgs(ethers.encodeBytes32String("quorumFloor"), inForce + 1n, 3n, inForce);
      await lower.execute(members[0]);
      expect((await governor.rules(of)).quorumFloor).to.equal(3n);
    });
  });

  describe("rules, votingDelay, votingPeriod and shortestStage", () => {
    it("answer what the parameters said at birth, class by class; OpenZeppelin's ask of an action", async () => {
      const { governor, parameters } = await loadFixture(thirty);
      for (const [of, key] of PARAMETER_CLASSES.entries()) {
        const rules = Object.entries(plainRules(await governor.rules(of)));
        const asNumbers = rules.map(([name, value]) => [name, Number(value)]);
        expect(Object.fromEntries(asNumbers)).to.deep.equal(parameters.Governor[key]);
      }
      const { action } = parameters.Governor;
      expect(await governor.votingDelay()).to.equal(action.notice);
      expect(await governor.votingPeriod()).to.equal(action.period);
      expect(await governor.shortestStage()).to.equal(parameters.$global.shortestStage);
    });

    it("open and close a decision by the rules of its own class", async () => {
      const setting = await loadFixture(thirty);
      const { governor, resolutions, members } = setting;
      const data = resolutions.interface.encodeFunctionData("record", [ethers.id("We thank the host.")]);
      const decision = new Decision(connection, setting, [{ target: resolutions, data }], "Thanks");
      await decision.propose(members[0]);
      const moment = BigInt(await time.latest());
      const { notice, period } = setting.parameters.Governor.resolution;
      expect(await decision.snapshot()).to.equal(moment + BigInt(notice));
      expect(await decision.deadline()).to.equal(moment + BigInt(notice) + BigInt(period));
      expect(notice).to.be.lessThan(Number(await governor.votingDelay()));
      expect((await governor.proposalRules(decision.id))[0]).to.equal(DecisionClass.Resolution);
    });
  });

  describe("frozen rules", () => {
    /** Executes a change of rules while another decision is open, on which 7 of 30 have voted For and 6 Against. */
    async function changedMidVote(setting: Setting, actions: readonly Action[]) {
      const { governor, members, decision } = setting;
      const change = new Decision(connection, setting, actions, "Other rules");
      await change.succeed(members);
      await change.queue(members[0]);
      await decision.start(members[0]);
      await decision.voteAll(members.slice(0, 7), Support.For);
      await decision.voteAll(members.slice(7, 13), Support.Against);
      const before = {
        rules: plainRules((await governor.proposalRules(decision.id))[1]),
        deadline: await decision.deadline(),
        frame: await governor.proposalFrame(decision.id),
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
      ["concurrence of all groups", { concurrence: 6n }],
    ] as const) {
      it(`keep a decision alive that ${what} would have defeated`, async () => {
        const setting = await loadFixture(thirty);
        const { governor, members, decision, put } = setting;
        const before = await changedMidVote(setting, await changeAll(setting, changes, "upwards"));
        await decision.close();
        expect(await decision.state()).to.equal(State.Succeeded);
        expect(plainRules((await governor.proposalRules(decision.id))[1])).to.deep.equal(before.rules);
        expect(await decision.deadline()).to.equal(before.deadline);
        expect(await governor.proposalFrame(decision.id)).to.deep.equal(before.frame);

        const next = new Decision(connection, setting, put(2), "Under the new rules");
        await next.start(members[0]);
        await next.voteAll(members.slice(0, 7), Support.For);
        await next.voteAll(members.slice(7, 13), Support.Against);
        await next.close();
        expect(await next.state()).to.equal(State.Defeated);
        expect(plainRules((await governor.proposalRules(next.id))[1])).to.deep.equal({
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
      const actions = await changeAll(setting, { quorumBps: 100n, quorumFloor: 3n }, "downwards");
      const change = new Decision(connection, setting, actions, "The lowest quorum");
      await change.pass(members);
      expect(await governor.quorum(await decision.snapshot())).to.equal(3n);
      expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(7n);
      expect(await decision.state()).to.equal(State.Defeated);
    });

    it("keep the hours of a decision proposed before", async () => {
      const setting = await loadFixture(thirty);
      const { governor, members, decision } = setting;
      const actions = await changeAll(setting, { period: DAY, notice: DAY }, "downwards");
      const before = await changedMidVote(setting, actions);
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
      expect((await governor.proposalFrame(decision.id)).electorate).to.equal(electorate);

      for (const leaver of members.slice(10)) await membership.connect(leaver).resign();
      expect((await governor.proposalFrame(decision.id)).electorate).to.equal(electorate);
      await time.increaseTo(votesFrom + 1n);
      expect(await membership.getPastTotalSupply(votesFrom)).to.equal(14n);
      expect((await governor.proposalFrame(decision.id)).electorate).to.equal(electorate);
      expect((await governor.proposalFrame(decision.id)).quorumNeeded).to.equal(quorum);

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
      expect((await governor.proposalFrame(decision.id)).electorate).to.equal(29n);
    });
  });

  describe("proposalFrame", () => {
    it("reverts for a decision that nobody proposed, whose rules are all zero", async () => {
      const { governor } = await loadFixture(thirty);
      await expect(governor.proposalFrame(UNKNOWN))
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(UNKNOWN);
      const [of, rules] = await governor.proposalRules(UNKNOWN);
      expect(of).to.equal(0n);
      expect(Object.values(plainRules(rules)).every((value) => value === 0n)).to.equal(true);
    });

    it("reverts up to and in the second of the snapshot, which is not settled yet", async () => {
      const { governor, membership, members, decision } = await loadFixture(thirty);
      await decision.propose(members[0]);
      const snapshot = await decision.snapshot();
      for (const moment of [snapshot - 1n, snapshot]) {
        await time.increaseTo(moment);
        await expect(governor.proposalFrame(decision.id))
          .to.be.revertedWithCustomError(membership, "ERC5805FutureLookup")
          .withArgs(snapshot, moment);
      }
      await decision.open();
      expect(await governor.proposalFrame(decision.id)).to.deep.equal([30n, 0b111111n, 7n, false]);
    });

    it("is the same before and after the first ballot writes it down", async () => {
      const { governor, members, decision } = await loadFixture(thirty);
      await decision.start(members[0]);
      const before = await governor.proposalFrame(decision.id);
      await decision.vote(members[0], Support.For);
      expect(await governor.proposalFrame(decision.id)).to.deep.equal(before);
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
      expect(await governor.quorum(1n)).to.equal(parameters.Governor.action.quorumFloor);
    });
  });
});
