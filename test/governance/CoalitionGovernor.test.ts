import IERC1155Receiver from "@openzeppelin/contracts/build/contracts/IERC1155Receiver.json" with {
  type: "json",
};
import IGovernor from "@openzeppelin/contracts/build/contracts/IGovernor.json" with { type: "json" };
import { expect } from "chai";
import { Interface, type InterfaceAbi } from "ethers";
import { network } from "hardhat";
import type { CoalitionGovernor } from "../../typechain-types/contracts/governance/CoalitionGovernor.js";
import { deployDesks, rollParameters } from "../helpers/fixture.js";
import {
  DecisionClass,
  foundWithDecision,
  plainRules,
  type Rules,
  State,
  Support,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;

async function coalition() {
  return foundWithDecision(connection, { count: 12 });
}

/** An interface's ERC-165 id: its own functions, not those it inherits. */
function idOf(abi: InterfaceAbi, without: readonly string[] = []): string {
  const left = new Set(["supportsInterface", "clock", "CLOCK_MODE", ...without]);
  let id = 0n;
  new Interface(abi).forEachFunction(({ name, selector }) => {
    if (!left.has(name)) id ^= BigInt(selector);
  });
  return ethers.toBeHex(id, 4);
}

describe("CoalitionGovernor", () => {
  describe("constructor", () => {
    async function parts() {
      const setting = await coalition();
      const { membership, timelock, bounds, resolutions, outsiders, governor } = setting;
      const factory = await ethers.getContractFactory("CoalitionGovernor");
      const rules = await Promise.all(
        Object.values(DecisionClass).map(async (of) => plainRules(await governor.rules(of))),
      );
      /** What a governor is born with: an agenda and a guardian of its own, for those serve one alone. */
      const birth = async (changes: Partial<CoalitionGovernor.BirthStruct> = {}) => ({
        name: "Governor",
        membership,
        timelock,
        agenda: await ethers.deployContract("Agenda", ["Governor", 3]),
        guardian: await ethers.deployContract("Guardian", [ethers.ZeroAddress, 0]),
        bounds,
        rules,
        guarded: [membership],
        table: [],
        ...changes,
      });
      /** Those rules, with some of one class changed. */
      const ruled = (of: number, changes: Partial<Rules>) =>
        rules.map((given, index) => (index === of ? { ...given, ...changes } : given));
      return { ...setting, factory, birth, rules, ruled, nobody: outsiders[0].address, resolutions };
    }

    for (const part of ["membership", "timelock", "agenda", "guardian"] as const) {
      it(`reverts when its ${part} has no code`, async () => {
        const { governor, factory, birth, nobody } = await loadFixture(parts);
        await expect(factory.deploy(await birth({ [part]: nobody })))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorNotAContract")
          .withArgs(nobody);
      });
    }

    it("reverts when agenda or guardian serve another governor", async () => {
      const { governor, timelock, agenda, guardian, factory, birth } = await loadFixture(parts);
      await expect(factory.deploy(await birth({ agenda })))
        .to.be.revertedWithCustomError(agenda, "AgendaBound")
        .withArgs(governor);
      await expect(factory.deploy(await birth({ guardian })))
        .to.be.revertedWithCustomError(guardian, "GuardianBound")
        .withArgs(governor);
      expect(await governor.timelock()).to.equal(timelock);
    });

    it("reverts when the name does not fit the signing domain", async () => {
      const { governor, factory, birth } = await loadFixture(parts);
      const name = "n".repeat(32);
      await expect(factory.deploy(await birth({ name })))
        .to.be.revertedWithCustomError(governor, "StringTooLong")
        .withArgs(name);
    });

    it("reverts when the name is empty or is not plain text", async () => {
      const { governor, factory, birth } = await loadFixture(parts);
      for (const name of ["", "Governor\u202e", 'Gov"ernor']) {
        await expect(factory.deploy(await birth({ name })))
          .to.be.revertedWithCustomError(governor, "PlainNameInvalid")
          .withArgs(name, 31);
      }
    });

    it("reverts with name and range of a rule that is out of it", async () => {
      const { bounds, factory, birth, ruled, membership, timelock } = await loadFixture(parts);
      const stage = await timelock.SHORTEST_STAGE();
      const longestNotice = (await membership.waitingFloor()) - 1n;
      for (const [rule, min, max] of [
        ["notice", stage, longestNotice],
        ["period", stage, 90n * DAY],
        ["grace", stage, 180n * DAY],
        ["delay", stage, 30n * DAY],
        ["extension", 0n, 14n * DAY],
        ["quorumBps", 100n, 5_000n],
        ["quorumFloor", 3n, 50n],
        ["approvalBps", 5_000n, 8_000n],
        ["approvalFloorBps", 0n, 2_500n],
        ["concurrence", 0n, 6n],
        ["concurrenceMembers", 1n, 255n],
        ["endorsements", 0n, 20n],
      ] as const) {
        const outside = [min - 1n, max + 1n].filter((value) => value >= 0n && value !== 256n);
        for (const value of outside) {
          const given = ruled(DecisionClass.Action, { [rule]: value });
          await expect(factory.deploy(await birth({ rules: given })))
            .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
            .withArgs(ethers.encodeBytes32String(rule), value, min, max);
        }
        // The least of a class of which none is lesser, the most of one of which none is greater.
        for (const [of, value] of [
          [DecisionClass.MotionAmendment, min],
          [DecisionClass.Amendment, max],
        ] as const) {
          const endorsementGroups = rule === "endorsements" && value > 0n ? 1n : 0n;
          const given = ruled(of, { [rule]: value, endorsementGroups });
          const born = await factory.deploy(await birth({ rules: given }));
          expect((await born.rules(of))[rule]).to.equal(value);
        }
      }
    });

    it("reverts when a lesser class is stricter than a greater one", async () => {
      const { bounds, factory, birth, ruled } = await loadFixture(parts);
      const given = ruled(DecisionClass.Resolution, { notice: 8n * DAY });
      await expect(factory.deploy(await birth({ rules: given })))
        .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
        .withArgs(DecisionClass.Resolution, DecisionClass.Action, ethers.encodeBytes32String("notice"));
    });

    it("reverts when the table has a function of a target that is not guarded, or of the timelock", async () => {
      const { governor, factory, birth, timelock, resolutions } = await loadFixture(parts);
      const of = DecisionClass.Resolution;
      for (const target of [resolutions, timelock]) {
        await expect(factory.deploy(await birth({ table: [{ target, selector: "0x12345678", class: of }] })))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassFixed")
          .withArgs(target);
      }
      await expect(factory.deploy(await birth({ guarded: [timelock] })))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorClassFixed")
        .withArgs(timelock);
    });

    it("holds the notice at 30 days where the roll's waiting floor is longer", async () => {
      const { bounds, factory, birth, ruled, parameters, card, admission, timelock } =
        await loadFixture(parts);
      const waiting = 60 * Number(DAY);
      const chosen = {
        ...parameters.Membership,
        waitingFloor: waiting,
        waitingPeriod: waiting,
        epochLength: waiting / 2,
        confirmationPeriod: 4 * waiting,
        recoveryDelay: waiting,
        claimCooldown: waiting,
        challengeWindow: waiting,
      };
      const desks = await deployDesks(connection, chosen);
      const roll = rollParameters(chosen, { card, admissionPolicy: admission, desks });
      const slow = await ethers.deployContract("Membership", [timelock, roll]);
      const noticed = (notice: bigint) =>
        birth({ membership: slow, rules: ruled(DecisionClass.Amendment, { notice }) });
      await expect(factory.deploy(await noticed(30n * DAY + 1n)))
        .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
        .withArgs(
          ethers.encodeBytes32String("notice"),
          30n * DAY + 1n,
          await timelock.SHORTEST_STAGE(),
          30n * DAY,
        );
      const born = await factory.deploy(await noticed(30n * DAY));
      expect((await born.rules(DecisionClass.Amendment)).notice).to.equal(30n * DAY);
    });

    it("announces first rules, guarded targets and table, and ties the governor to its organs", async () => {
      const { factory, birth, membership, timelock, resolutions, rules, parameters } =
        await loadFixture(parts);
      const { selector } = resolutions.interface.getFunction("record");
      const given = await birth({
        name: "Another Governor",
        guarded: [membership, resolutions],
        table: [{ target: resolutions, selector, class: DecisionClass.Resolution }],
      });
      const born = await factory.deploy(given);
      const none = Object.values(rules[0]).map(() => 0n);
      for (const [of, first] of rules.entries()) {
        await expect(born.deploymentTransaction())
          .to.emit(born, "RulesChanged")
          .withArgs(of, none, Object.values(first));
      }
      for (const target of [membership, resolutions]) {
        await expect(born.deploymentTransaction()).to.emit(born, "TargetGuarded").withArgs(target);
      }
      await expect(born.deploymentTransaction())
        .to.emit(born, "ActionClassChanged")
        .withArgs(resolutions, selector, DecisionClass.Amendment, DecisionClass.Resolution);
      await expect(born.deploymentTransaction()).to.emit(given.agenda, "GovernorBound").withArgs(born);
      expect(await born.name()).to.equal("Another Governor");
      expect(await born.version()).to.equal("1");
      expect(await born.membership()).to.equal(membership);
      expect(await born.timelock()).to.equal(timelock);
      expect(await born.agenda()).to.equal(given.agenda);
      expect(await born.guardian()).to.equal(given.guardian);
      expect(await born.shortestStage()).to.equal(parameters.$global.shortestStage);
    });
  });

  describe("clock", () => {
    it("counts seconds, like the roll's", async () => {
      const { governor, membership } = await loadFixture(coalition);
      await time.increaseTo((await time.latest()) + 5);
      expect(await governor.clock()).to.equal(await time.latest());
      expect(await governor.clock()).to.equal(await membership.clock());
      expect(await governor.CLOCK_MODE()).to.equal("mode=timestamp");
      expect(await governor.CLOCK_MODE()).to.equal(await membership.CLOCK_MODE());
    });
  });

  describe("proposalThreshold", () => {
    it("is one vote", async () => {
      const { governor } = await loadFixture(coalition);
      expect(await governor.proposalThreshold()).to.equal(1n);
    });
  });

  describe("supportsInterface", () => {
    it("knows ERC-165, IGovernor before and after getProposalId, and ERC-1155's receiver", async () => {
      const { governor } = await loadFixture(coalition);
      for (const id of [
        "0x01ffc9a7",
        idOf(IGovernor.abi),
        idOf(IGovernor.abi, ["getProposalId"]),
        idOf(IERC1155Receiver.abi),
      ]) {
        expect(await governor.supportsInterface(id)).to.equal(true, id);
      }
      for (const id of ["0xffffffff", "0x80ac58cd"]) {
        expect(await governor.supportsInterface(id)).to.equal(false, id);
      }
    });
  });

  describe("getVotes and getVotesWithParams", () => {
    it("revert for the present and the future", async () => {
      const { governor, members } = await loadFixture(coalition);
      const now = BigInt(await time.latest());
      for (const moment of [now, now + 1n, 2n ** 48n + 1n]) {
        await expect(governor.getVotes(members[0], moment))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorFutureLookup")
          .withArgs(moment, now);
        await expect(governor.getVotesWithParams(members[0], moment, "0x1234"))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorFutureLookup")
          .withArgs(moment, now);
      }
    });

    it("answer 1 from the second of maturity on, for members alone", async () => {
      const setting = await loadFixture(coalition);
      const { governor, membership, members, outsiders } = setting;
      const { votesFrom } = await membership.member(await membership.numberOf(members[0]));
      await time.increase(1);
      for (const votes of [
        (account: string, moment: bigint) => governor.getVotes(account, moment),
        (account: string, moment: bigint) => governor.getVotesWithParams(account, moment, "0x"),
      ]) {
        expect(await votes(members[0].address, votesFrom - 1n)).to.equal(0n);
        expect(await votes(members[0].address, votesFrom)).to.equal(1n);
        expect(await votes(outsiders[0].address, votesFrom)).to.equal(0n);
      }
    });

    it("answer 0 once a member has left: no ballot could be cast", async () => {
      const { governor, membership, members } = await loadFixture(coalition);
      await membership.connect(members[0]).resign();
      const past = BigInt(await time.latest()) - 1n;
      expect(await governor.getVotes(members[0], past)).to.equal(0n);
      expect(await membership.getPastVotes(members[0], past)).to.equal(1n);
    });
  });

  describe("deposits", () => {
    it("are refused: ether and tokens belong into the timelock", async () => {
      const { governor, timelock, deployer } = await loadFixture(coalition);
      await expect(deployer.sendTransaction({ to: governor, value: 1n })).to.be.revertedWithCustomError(
        governor,
        "GovernorDisabledDeposit",
      );
      const { ZeroAddress: nobody } = ethers;
      for (const call of [
        () => governor.onERC721Received(nobody, nobody, 1n, "0x"),
        () => governor.onERC1155Received(nobody, nobody, 1n, 1n, "0x"),
        () => governor.onERC1155BatchReceived(nobody, nobody, [1n], [1n], "0x"),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(governor, "GovernorDisabledDeposit");
      }
      await expect(deployer.sendTransaction({ to: timelock, value: 1n })).to.changeEtherBalance(
        ethers,
        timelock,
        1n,
      );
    });
  });

  describe("as any OpenZeppelin governor", () => {
    it("is driven by the standard IGovernor ABI alone", async () => {
      const setting = await loadFixture(coalition);
      const { members, outsiders, box, decision } = setting;
      const standard = new ethers.Contract(await setting.governor.getAddress(), IGovernor.abi, members[0]);
      const { targets, values, calldatas, description, descriptionHash } = decision;
      const id: bigint = await standard.getProposalId(targets, values, calldatas, descriptionHash);
      await expect(standard.propose(targets, values, calldatas, description)).to.emit(
        standard,
        "ProposalCreated",
      );
      const opening: bigint = await standard.proposalSnapshot(id);
      await time.increaseTo(opening + 1n);
      for (const voter of members) {
        const own = standard.connect(voter) as typeof standard;
        await expect(own.castVoteWithReason(id, Support.For, "As planned"))
          .to.emit(standard, "VoteCast")
          .withArgs(voter, id, Support.For, 1n, "As planned");
      }
      expect(await standard.hasVoted(id, members[1])).to.equal(true);
      expect(await standard.hasVoted(id, outsiders[0])).to.equal(false);
      expect(await standard.quorum(opening)).to.equal(7n);
      expect(await standard.getVotes(members[1], opening)).to.equal(1n);
      const deadline: bigint = await standard.proposalDeadline(id);
      await time.increaseTo(deadline + 1n);
      expect(await standard.state(id)).to.equal(State.Succeeded);
      await expect(standard.queue(targets, values, calldatas, descriptionHash)).to.emit(
        standard,
        "ProposalQueued",
      );
      await time.increaseTo(await standard.proposalEta(id));
      await expect(standard.execute(targets, values, calldatas, descriptionHash)).to.emit(
        standard,
        "ProposalExecuted",
      );
      expect(await box.x()).to.equal(1n);
    });
  });
});
