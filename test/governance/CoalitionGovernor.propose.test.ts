import { expect } from "chai";
import { network } from "hardhat";
import {
  type Action,
  actAs,
  Decision,
  DecisionClass,
  foundWithDecision,
  join,
  maskOf,
  Right,
  rotateKey,
  Standing,
  State,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const MAX_ACTIONS = 16;
const MAX_CALLDATA = 16_384;
const MAX_DESCRIPTION = 8_192;

async function coalition() {
  return foundWithDecision(connection, { count: 12 });
}

const text = (name: string) => ethers.encodeBytes32String(name);

describe("CoalitionGovernor: propose", () => {
  context("when the caller may not propose", () => {
    it("reverts for somebody who is no member", async () => {
      const { governor, outsiders, decision } = await loadFixture(coalition);
      await expect(decision.propose(outsiders[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(outsiders[0], Standing.NotMember, 0n);
    });

    it("reverts in the second before the vote matures, and not in that one", async () => {
      const setting = await loadFixture(coalition);
      const { governor, membership, outsiders, decision } = setting;
      const [newcomer] = outsiders;
      await join(setting, newcomer);
      const { votesFrom } = await membership.member(await membership.numberOf(newcomer));
      await time.setNextBlockTimestamp(votesFrom - 1n);
      await expect(decision.propose(newcomer))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(newcomer, Standing.Immature, votesFrom);
      await time.setNextBlockTimestamp(votesFrom);
      await decision.propose(newcomer);
      expect(await governor.proposalProposer(decision.id)).to.equal(newcomer);
    });

    it("reverts in the second after resigning", async () => {
      const { governor, membership, members, decision } = await loadFixture(coalition);
      await membership.connect(members[0]).resign();
      const left = BigInt(await time.latest());
      await time.setNextBlockTimestamp(left + 1n);
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(members[0], Standing.Ended, left);
    });

    it("reverts for a member that was ended", async () => {
      const { governor, membership, timelock, members, decision } = await loadFixture(coalition);
      const power = await actAs(connection, timelock);
      await membership.connect(power).end(await membership.numberOf(members[0]));
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(members[0], Standing.Ended, BigInt(await time.latest()));
    });

    it("reverts for a key that the member left for another, which may", async () => {
      const setting = await loadFixture(coalition);
      const { governor, members, outsiders, decision } = setting;
      await rotateKey(setting, members[0], outsiders[0]);
      const moved = BigInt(await time.latest());
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(members[0], Standing.Rotated, moved);
      await decision.propose(outsiders[0]);
      expect(await governor.proposalProposer(decision.id)).to.equal(outsiders[0]);
    });

    it("reverts while the right to propose is suspended, and only that one", async () => {
      const { governor, membership, timelock, members, decision } = await loadFixture(coalition);
      const power = await actAs(connection, timelock);
      const until = BigInt(await time.latest()) + 1_000n;
      const others = maskOf(Right.Speak, Right.Vote, Right.Stand);
      await membership
        .connect(power)
        .suspend(await membership.numberOf(members[0]), maskOf(Right.Propose), until);
      await membership.connect(power).suspend(await membership.numberOf(members[1]), others, until);
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
        .withArgs(members[0], Standing.Suspended, until);
      await decision.propose(members[1]);
      expect(await decision.state()).to.equal(State.Pending);
    });

    it("reverts when the description reserves the proposal for another", async () => {
      const setting = await loadFixture(coalition);
      const { governor, members, put } = setting;
      const description = `For one person alone #proposer=${members[1].address}`;
      const decision = new Decision(connection, setting, put(1), description);
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
        .withArgs(members[0]);
      await decision.propose(members[1]);
      expect(await governor.proposalProposer(decision.id)).to.equal(members[1]);
    });
  });

  context("when the actions cannot be carried out as they stand", () => {
    it("reverts without any", async () => {
      const setting = await loadFixture(coalition);
      const decision = new Decision(connection, setting, [], "Nothing at all");
      await expect(decision.propose(setting.members[0]))
        .to.be.revertedWithCustomError(setting.governor, "GovernorInvalidProposalLength")
        .withArgs(0, 0, 0);
    });

    for (const [targets, values, calldatas] of [
      [2, 1, 1],
      [1, 2, 1],
      [1, 1, 2],
    ] as const) {
      it(`reverts with ${targets} targets, ${values} values and ${calldatas} calldatas`, async () => {
        const { governor, members, box } = await loadFixture(coalition);
        await expect(
          governor
            .connect(members[0])
            .propose(Array(targets).fill(box), Array(values).fill(0), Array(calldatas).fill("0x"), "Uneven"),
        )
          .to.be.revertedWithCustomError(governor, "GovernorInvalidProposalLength")
          .withArgs(targets, calldatas, values);
      });
    }

    it("reverts when a function of an address without code is called", async () => {
      const setting = await loadFixture(coalition);
      const { governor, members, outsiders, put } = setting;
      const target = outsiders[0].address;
      const decision = new Decision(connection, setting, [...put(1), { target, data: "0x00" }], "To nowhere");
      await expect(decision.propose(members[0]))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorTargetWithoutCode")
        .withArgs(target);
    });

    it("reverts with one action more than the limit", async () => {
      const setting = await loadFixture(coalition);
      const actions = Array.from({ length: MAX_ACTIONS + 1 }, (_, index) => setting.put(index)[0]);
      const decision = new Decision(connection, setting, actions, "Too many");
      await expect(decision.propose(setting.members[0]))
        .to.be.revertedWithCustomError(setting.governor, "CoalitionGovernorTooLong")
        .withArgs(text("actions"), MAX_ACTIONS + 1, MAX_ACTIONS);
    });

    it("reverts with one byte of calldata more than the limit, in all actions together", async () => {
      const setting = await loadFixture(coalition);
      const actions: Action[] = [MAX_CALLDATA / 2, MAX_CALLDATA / 2 + 1].map((length) => ({
        target: setting.box,
        data: ethers.hexlify(new Uint8Array(length)),
      }));
      const decision = new Decision(connection, setting, actions, "Too much");
      await expect(decision.propose(setting.members[0]))
        .to.be.revertedWithCustomError(setting.governor, "CoalitionGovernorTooLong")
        .withArgs(text("calldata"), MAX_CALLDATA + 1, MAX_CALLDATA);
    });

    it("reverts with one byte of description more than the limit", async () => {
      const setting = await loadFixture(coalition);
      for (const description of ["d".repeat(MAX_DESCRIPTION + 1), `${"é".repeat(MAX_DESCRIPTION / 2)}!`]) {
        const decision = new Decision(connection, setting, setting.put(1), description);
        await expect(decision.propose(setting.members[0]))
          .to.be.revertedWithCustomError(setting.governor, "CoalitionGovernorTooLong")
          .withArgs(text("description"), MAX_DESCRIPTION + 1, MAX_DESCRIPTION);
      }
    });

    it("reverts when the same was proposed before", async () => {
      const { governor, members, decision } = await loadFixture(coalition);
      await decision.propose(members[0]);
      await expect(decision.propose(members[1]))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Pending, ethers.ZeroHash);
    });
  });

  it("takes as many actions as the limit, and carries all of them out", async () => {
    const setting = await loadFixture(coalition);
    const actions = Array.from({ length: MAX_ACTIONS }, (_, index) => setting.put(index)[0]);
    const decision = new Decision(connection, setting, actions, "Just enough");
    await decision.ripen(setting.members);
    await expect(decision.execute(setting.members[0]))
      .to.emit(setting.governor, "ProposalExecuted")
      .withArgs(decision.id);
    expect(await setting.box.x()).to.equal(MAX_ACTIONS - 1);
  });

  it("takes calldata and description as long as their limits, and carries the decision out", async () => {
    const setting = await loadFixture(coalition);
    const [{ data = "0x" }] = setting.put(9);
    // Solidity ignores what follows a function's arguments.
    const padded = ethers.concat([data, new Uint8Array(MAX_CALLDATA - ethers.dataLength(data))]);
    const description = "d".repeat(MAX_DESCRIPTION);
    const decision = new Decision(connection, setting, [{ target: setting.box, data: padded }], description);
    await decision.pass(setting.members);
    expect(await setting.box.x()).to.equal(9n);
    expect(await decision.state()).to.equal(State.Executed);
  });

  it("takes a plain transfer of value to an address without code, and pays from the timelock", async () => {
    const setting = await loadFixture(coalition);
    const { timelock, members, outsiders, deployer } = setting;
    const value = ethers.parseEther("1");
    await deployer.sendTransaction({ to: timelock, value });
    const decision = new Decision(connection, setting, [{ target: outsiders[0].address, value }], "A grant");
    await expect(decision.pass(members)).to.changeEtherBalances(
      ethers,
      [timelock, outsiders[0]],
      [-value, value],
    );
  });

  it("tells everything in OpenZeppelin's event and freezes the hours and the rules", async () => {
    const { governor, members, decision, box } = await loadFixture(coalition);
    const { notice, period } = await governor.rules(DecisionClass.Action);
    const moment = BigInt(await time.latest()) + 100n;
    await time.setNextBlockTimestamp(moment);
    const opens = moment + notice;
    await decision.identify();
    await expect(decision.propose(members[0]))
      .to.emit(governor, "ProposalCreated")
      .withArgs(
        decision.id,
        members[0],
        [await box.getAddress()],
        [0n],
        [""],
        decision.calldatas,
        opens,
        opens + period,
        decision.description,
      );
    expect(await decision.snapshot()).to.equal(opens);
    expect(await decision.deadline()).to.equal(opens + period);
    expect(await governor.proposalProposer(decision.id)).to.equal(members[0]);
    expect(await governor.proposalRules(decision.id)).to.deep.equal([
      BigInt(DecisionClass.Action),
      await governor.rules(DecisionClass.Action),
    ]);
    expect(await decision.state()).to.equal(State.Pending);
  });
});
