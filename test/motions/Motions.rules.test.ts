import { expect } from "chai";
import { network } from "hardhat";
import { DecisionClass, type Person, State } from "../helpers/governor.js";
import { clauseChange, foundMotions, memberAt, plain } from "../helpers/motion-scene.js";
import { carry, contentOf, decisionOfMotion, listOf, NO_ACTIONS, Stage } from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const DAY = 86_400n;

/** Rules that no others than these numbers serve for: each is within its range, and none is the same as another. */
const RULES = {
  notice: 10n * DAY,
  window: 4n * DAY,
  rebase: 3n * DAY,
  lapse: 60n * DAY,
  openByMotion: 12n,
  openByMember: 2n,
  silence: 6n * DAY,
  objections: 3n,
  objectionGroups: 2n,
  amendmentSilence: 5n * DAY,
  amendmentObjections: 4n,
  amendmentObjectionGroups: 1n,
};

type Rules = typeof RULES;

/** Each rule's range, as the interface documents it, where the others are as above; the shortest stage is a day. */
const RANGES: { rule: keyof Rules; min: bigint; max: bigint; also?: bigint }[] = [
  { rule: "notice", min: DAY, max: 90n * DAY },
  { rule: "window", min: DAY, max: 30n * DAY },
  { rule: "rebase", min: DAY, max: 30n * DAY },
  { rule: "lapse", min: 8n * DAY, max: 365n * DAY },
  { rule: "openByMotion", min: 1n, max: 16n },
  { rule: "openByMember", min: 1n, max: 4n },
  { rule: "silence", min: DAY, max: 30n * DAY, also: 0n },
  { rule: "objections", min: 1n, max: 5n },
  { rule: "objectionGroups", min: 1n, max: 2n },
  { rule: "amendmentSilence", min: DAY, max: 30n * DAY, also: 0n },
  { rule: "amendmentObjections", min: 1n, max: 5n },
  { rule: "amendmentObjectionGroups", min: 1n, max: 2n },
];

/** Changes besides, so that a rule at the end of its range meets no other rule's. */
const beside = (rule: keyof Rules): Partial<Rules> => {
  if (rule === "window" || rule === "rebase") return { lapse: 365n * DAY };
  return rule === "objections" ? { objectionGroups: 1n } : {};
};

const ascii = (text: string) => ethers.encodeBytes32String(text);

async function founded() {
  const scene = await foundMotions(connection, { count: 14 });
  const [author] = scene.members as [Person];
  const governing = scene.motions.connect(scene.power);
  return { ...scene, governing, mine: scene.motions.connect(author) };
}

/** What motions are deployed with, none of it taken yet. */
async function unborn() {
  const scene = await founded();
  const { parameters, membership, timelock, charter, members } = scene;
  const agenda = await ethers.deployContract("Agenda", ["Twin", 3]);
  const resolutions = await ethers.deployContract("Resolutions", [timelock, agenda]);
  const deploy = (rules: Partial<Rules> = {}) =>
    ethers.deployContract("Motions", [
      "Twin",
      membership,
      agenda,
      charter,
      resolutions,
      parameters.$global.shortestStage,
      { ...RULES, ...rules },
    ]);
  return { ...scene, agenda, resolutions, deploy, caller: memberAt(members, 0) };
}

describe("Motions", () => {
  describe("constructor", () => {
    it("reverts with a rule out of its range", async () => {
      const { motions, deploy } = await loadFixture(unborn);
      await expect(deploy({ notice: DAY - 1n }))
        .to.be.revertedWithCustomError(motions, "MotionsRuleOutOfRange")
        .withArgs(ascii("notice"), DAY - 1n, DAY, 90n * DAY);
    });

    it("reverts for an agenda that has its motions", async () => {
      const { agenda, deploy } = await loadFixture(unborn);
      const first = await deploy();
      await expect(deploy()).to.be.revertedWithCustomError(agenda, "AgendaBound").withArgs(first);
    });

    it("keeps what it is deployed with, and binds the agenda", async () => {
      const { agenda, resolutions, charter, deploy } = await loadFixture(unborn);
      const motions = await deploy();
      expect(await agenda.motions()).to.equal(await motions.getAddress());
      expect(plain(await motions.rules())).to.deep.equal(RULES);
      expect(await motions.agenda()).to.equal(await agenda.getAddress());
      expect(await motions.charter()).to.equal(await charter.getAddress());
      expect(await motions.resolutions()).to.equal(await resolutions.getAddress());
      expect(await motions.amendments()).to.equal(ethers.ZeroAddress);
      expect((await motions.eip712Domain()).name).to.equal("Twin");
    });
  });

  describe("bindAmendments", () => {
    it("binds whoever comes first, for good", async () => {
      const { deploy, caller, outsiders } = await loadFixture(unborn);
      const motions = await deploy();
      await expect(motions.connect(caller).bindAmendments())
        .to.emit(motions, "AmendmentsBound")
        .withArgs(caller);
      expect(await motions.amendments()).to.equal(caller.address);
      for (const late of [caller, outsiders[0]]) {
        await expect(motions.connect(late).bindAmendments())
          .to.be.revertedWithCustomError(motions, "MotionsBound")
          .withArgs(caller);
      }
    });

    it("is done when a coalition is deployed", async () => {
      const { motions, amendments, outsiders } = await loadFixture(founded);
      expect(await motions.amendments()).to.equal(await amendments.getAddress());
      await expect(motions.connect(outsiders[0]).bindAmendments())
        .to.be.revertedWithCustomError(motions, "MotionsBound")
        .withArgs(amendments);
    });
  });

  describe("setRules", () => {
    it("reverts for everybody but the timelock", async () => {
      const { motions, timelock, members, outsiders } = await loadFixture(founded);
      for (const caller of [members[0], outsiders[0]]) {
        await expect(motions.connect(caller).setRules(RULES))
          .to.be.revertedWithCustomError(motions, "MotionsUnauthorized")
          .withArgs(caller, timelock);
      }
    });

    for (const { rule, min, max, also } of RANGES) {
      it(`reverts with ${rule} below or above its range, and takes both ends of it`, async () => {
        const { motions, governing } = await loadFixture(founded);
        const rules = { ...RULES, ...beside(rule) };
        for (const value of [min - 1n, max + 1n].filter((outside) => outside !== also)) {
          await expect(governing.setRules({ ...rules, [rule]: value }))
            .to.be.revertedWithCustomError(motions, "MotionsRuleOutOfRange")
            .withArgs(ascii(rule), value, min, max);
        }
        for (const value of also === undefined ? [min, max] : [min, max, also]) {
          const given = { ...rules, [rule]: value };
          await governing.setRules(given);
          expect(plain(await motions.rules())).to.deep.equal(given);
        }
      });
    }

    it("reverts when a motion would lapse before its amendments can be settled", async () => {
      const { motions, governing } = await loadFixture(founded);
      const rules = { ...RULES, window: 20n * DAY, rebase: 10n * DAY };
      await expect(governing.setRules({ ...rules, lapse: 31n * DAY - 1n }))
        .to.be.revertedWithCustomError(motions, "MotionsRuleOutOfRange")
        .withArgs(ascii("lapse"), 31n * DAY - 1n, 31n * DAY, 365n * DAY);
      await governing.setRules({ ...rules, lapse: 31n * DAY });
    });

    it("reverts with more groups than members that must object", async () => {
      const { motions, governing } = await loadFixture(founded);
      for (const [rule, groups] of [
        ["objections", "objectionGroups"],
        ["amendmentObjections", "amendmentObjectionGroups"],
      ] as const) {
        await expect(governing.setRules({ ...RULES, [rule]: 1n, [groups]: 2n }))
          .to.be.revertedWithCustomError(motions, "MotionsRuleOutOfRange")
          .withArgs(ascii(groups), 2n, 1n, 1n);
      }
    });

    it("says what the rules were and what they are", async () => {
      const { motions, governing } = await loadFixture(founded);
      const before = await motions.rules();
      await expect(governing.setRules(RULES))
        .to.emit(motions, "MotionRulesChanged")
        .withArgs([...before], Object.values(RULES));
    });

    context("given a motion that is tabled", () => {
      it("leaves it its rules, and gives others those in force when they are tabled", async () => {
        const { motions, mine, governing, tabled, now } = await loadFixture(founded);
        const motion = await tabled();
        await mine.draft(contentOf("A draft"));
        const before = plain(await motions.rules());
        const { closesAt } = await motions.motionOf(motion);
        await governing.setRules(RULES);
        expect(plain(await motions.rulesOf(motion))).to.deep.equal(before);
        expect((await motions.motionOf(motion)).closesAt).to.equal(closesAt);
        expect(plain(await motions.rulesOf(2n))).to.deep.equal(RULES);
        await mine.table(2n, 1n);
        expect((await motions.motionOf(2n)).closesAt).to.equal((await now()) + RULES.notice);
        await governing.setRules({ ...RULES, notice: DAY });
        expect(plain(await motions.rulesOf(2n))).to.deep.equal(RULES);
        // An edit opens a motion for the notice that it was tabled with.
        await mine.revise(motion, 1n, contentOf("Edited"));
        expect((await motions.motionOf(motion)).closesAt).to.equal((await now()) + before.notice);
      });
    });

    context("given a draft", () => {
      it("lapses by the rules in force", async () => {
        const { mine, governing, goTo, now, stageOf } = await loadFixture(founded);
        await mine.draft(contentOf("A draft"));
        const drafted = await now();
        await governing.setRules({ ...RULES, lapse: 8n * DAY });
        await goTo(drafted + 8n * DAY);
        expect(await stageOf(1n)).to.equal(Stage.Lapsed);
        await governing.setRules({ ...RULES, lapse: 9n * DAY });
        expect(await stageOf(1n)).to.equal(Stage.Draft);
      });
    });
  });

  describe("change and ask", () => {
    it("revert for everybody but the amendments, the timelock included", async () => {
      const { motions, amendments, tabled, members, outsiders, power } = await loadFixture(founded);
      const motion = await tabled();
      const { text, actions } = await motions.motionOf(motion);
      for (const caller of [memberAt(members, 0), outsiders[0] as Person, power]) {
        const calling = motions.connect(caller);
        for (const sent of [calling.change(motion, text, actions, 1n, true), calling.ask(motion, 1n, text)]) {
          await expect(sent)
            .to.be.revertedWithCustomError(motions, "MotionsUnauthorized")
            .withArgs(caller, amendments);
        }
      }
      expect((await motions.motionOf(motion)).revision).to.equal(1n);
    });
  });

  describe("motionOf, contentOf, rulesOf, hasEndorsed", () => {
    it("revert for a motion that there is none of", async () => {
      const { motions, tabled } = await loadFixture(founded);
      await tabled();
      for (const motion of [0n, 2n, 2n ** 255n]) {
        for (const asked of [
          motions.motionOf(motion),
          motions.contentOf(motion),
          motions.rulesOf(motion),
          motions.hasEndorsed(motion, 1n),
        ]) {
          await expect(asked).to.be.revertedWithCustomError(motions, "MotionsUnknown").withArgs(motion, 1n);
        }
      }
    });

    it("answer the same of a motion", async () => {
      const { motions, tabled } = await loadFixture(founded);
      const motion = await tabled("A text");
      const { stage, author, revision, text, actions } = await motions.motionOf(motion);
      expect(await motions.contentOf(motion)).to.deep.equal([stage, author, revision, text, actions]);
    });
  });

  describe("classOf", () => {
    it("answers the class that a decision with these actions is of", async () => {
      const scene = await loadFixture(founded);
      const { motions, resolutions, amendments, governor, timelock, put, mine, close } = scene;
      const record = resolutions.interface.encodeFunctionData("record", [ethers.id("a text")]);
      const adopt = amendments.interface.encodeFunctionData("adopt", [1n]);
      const cases = [
        { actions: [], kind: DecisionClass.Resolution },
        { actions: [{ target: resolutions, data: record }], kind: DecisionClass.Resolution },
        { actions: [{ target: amendments, data: adopt }], kind: DecisionClass.MotionAmendment },
        { actions: [put(1)], kind: DecisionClass.Action },
        {
          actions: [{ target: scene.outsiders[0]?.address as string, value: 1n }],
          kind: DecisionClass.Action,
        },
        { actions: [put(1), { target: resolutions, data: record }], kind: DecisionClass.Action },
        { actions: [clauseChange(scene, "A", "B")], kind: DecisionClass.Amendment },
        { actions: [put(1), { target: motions, data: "0x" }], kind: DecisionClass.Amendment },
        { actions: [{ target: resolutions, data: record.slice(0, 8) }], kind: DecisionClass.Amendment },
        { actions: [{ target: governor, data: "0x" }], kind: DecisionClass.Amendment },
        { actions: [{ target: timelock, data: "0x12345678" }], kind: DecisionClass.Amendment },
      ];
      for (const [index, { actions, kind }] of cases.entries()) {
        const list = listOf(actions);
        expect(await motions.classOf(list), `case ${index}`).to.equal(kind);
        await mine.draft(contentOf(`Case ${index}`, list));
        await mine.table(index + 1, 1n);
      }
      // Each in its turn, for a member has no more than three places.
      await close(BigInt(cases.length));
      for (const [index, { actions, kind }] of cases.entries()) {
        const snapshot = await networkHelpers.takeSnapshot();
        await motions.putToVote(index + 1, listOf(actions));
        const { proposalId } = await motions.motionOf(index + 1);
        expect((await governor.proposalRules(proposalId))[0], `case ${index}`).to.equal(kind);
        await snapshot.restore();
      }
    });
  });

  describe("a motion that would adopt an amendment", () => {
    it("is not carried out: an amendment is adopted by its own decision", async () => {
      const scene = await loadFixture(founded);
      const { motions, amendments, governor, members, tabled, close } = scene;
      const target = await tabled("The text");
      const change = { base: 1n, text: ethers.id("amended"), reason: ethers.id("why"), substitute: false };
      await amendments.connect(memberAt(members, 1)).move(target, 0n, { ...change, actions: NO_ACTIONS });
      const adopt = amendments.interface.encodeFunctionData("adopt", [1n]);
      const actions = listOf([{ target: amendments, data: adopt }]);
      const motion = await tabled("A short cut", actions, memberAt(members, 2));
      await close(motion);
      await motions.putToVote(motion, actions);
      const decision = await decisionOfMotion(connection, scene, motion, actions);
      await expect(carry(decision, members))
        .to.be.revertedWithCustomError(amendments, "AmendmentsOtherDecision")
        .withArgs(1n, 0n, decision.id);
      expect(await governor.state(decision.id)).to.equal(State.Queued);
      expect((await motions.motionOf(target)).revision).to.equal(1n);
    });
  });
});
