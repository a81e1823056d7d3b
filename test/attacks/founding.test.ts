import { expect } from "chai";
import { network } from "hardhat";
import { asTimelock, FAR, signJoin } from "../helpers/attacks.js";
import { deployCoalition, rollParameters } from "../helpers/fixture.js";
import { DecisionClass, join, plainRules } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const DAY = 86_400;

async function founded() {
  const coalition = await deployCoalition(connection);
  const { membership, timelock, card, admission, parameters, deployer } = coalition;
  const { name, ...rules } = parameters.Governor;
  const roll0 = rollParameters(parameters.Membership, {
    card: await card.getAddress(),
    admissionPolicy: await admission.getAddress(),
    // Bound already: what is refused here is refused before the desks are looked at.
    desks: [...(await membership.desks())],
  });
  const { maturity } = roll0;
  return {
    ...coalition,
    maturity,
    deployRoll: (change: Partial<typeof roll0> = {}, lock: string = timelock.target as string) =>
      ethers.deployContract("Membership", [lock, { ...roll0, ...change }]),
    deployGovernor: (
      change: Partial<typeof rules & { name: string; membership: string; timelock: string }> = {},
    ) => {
      const parts = { name, membership: membership.target, timelock: timelock.target, ...rules, ...change };
      return ethers.deployContract("CoalitionGovernor", [
        parts.name,
        parts.membership,
        parts.timelock,
        parts,
      ]);
    },
    deployTimelock: (delay: number, stage: number) =>
      ethers.deployContract("CoalitionTimelock", [delay, stage, deployer]),
  };
}

const short = (text: string) => ethers.encodeBytes32String(text);

describe("Attacks: parameters at birth", () => {
  it("attack 126: a governor with rules that nobody could live by is not born", async () => {
    const { governor, deployGovernor, people } = await loadFixture(founded);
    const names = Object.keys(plainRules(await governor.rules(DecisionClass.Action)));
    const ranges: Record<string, readonly [number, number]> = {
      notice: [DAY, 14 * DAY - 1],
      period: [DAY, 90 * DAY],
      grace: [DAY, 180 * DAY],
      quorumBps: [100, 5_000],
      quorumFloor: [3, 50],
      approvalBps: [5_000, 8_000],
      approvalFloorBps: [0, 2_500],
    };
    expect(Object.keys(ranges)).to.deep.equal(names);
    for (const [rule, [min, max]] of Object.entries(ranges)) {
      for (const value of [0, min - 1, max + 1, 10_001]) {
        if (value < 0 || (value >= min && value <= max)) continue;
        await expect(deployGovernor({ [rule]: value }))
          .to.be.revertedWithCustomError(governor, "DecisionRulesOutOfRange")
          .withArgs(short(rule), value, min, max);
      }
    }
    await expect(deployGovernor({ name: "x".repeat(32) }))
      .to.be.revertedWithCustomError(governor, "StringTooLong")
      .withArgs("x".repeat(32));
    for (const account of [people[0].address, ethers.ZeroAddress]) {
      await expect(deployGovernor({ timelock: account }))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorNotAContract")
        .withArgs(account);
      await expect(deployGovernor({ membership: account })).to.be.revert(ethers);
    }
  });

  it("attack 126: a roll with a wait of nothing, no groups or no timelock is not born", async () => {
    const { membership, requests, deployRoll, maturity, people, card } = await loadFixture(founded);
    const refused = async (change: Parameters<typeof deployRoll>[0], parameter: string, ...args: unknown[]) =>
      expect(deployRoll(change))
        .to.be.revertedWithCustomError(membership, "MembershipParameterOutOfRange")
        .withArgs(short(parameter), ...args);
    const floor = 14 * DAY;
    for (const waitingFloor of [0, 59, 180 * DAY + 1]) {
      await refused({ waitingFloor }, "waitingFloor", waitingFloor, 60, 180 * DAY);
    }
    for (const [parameter, min, max] of [
      ["waitingPeriod", floor, 365 * DAY],
      ["epochLength", floor / 8, 92 * DAY],
      ["epochShareBps", 100, 2_500],
      ["epochFloor", 1, 100],
    ] as const) {
      for (const value of [0, min - 1, max + 1]) {
        await refused({ maturity: { ...maturity, [parameter]: value } }, parameter, value, min, max);
      }
    }
    await refused({ codeDigest: ethers.ZeroHash }, "codeDigest", 0, 1, ethers.MaxUint256);
    await refused({ groups: [] }, "groups", 0, 2, 8);
    await refused({ groups: ["Academia"] }, "groups", 1, 2, 8);
    await refused({ groups: Array.from({ length: 9 }, (_, index) => `Group ${index}`) }, "groups", 9, 2, 8);
    for (const account of [people[0].address, ethers.ZeroAddress]) {
      await expect(deployRoll({}, account))
        .to.be.revertedWithCustomError(membership, "MembershipNotAContract")
        .withArgs(account);
      await expect(deployRoll({ card: account }))
        .to.be.revertedWithCustomError(membership, "MembershipNotAContract")
        .withArgs(account);
      await expect(deployRoll({ admissionPolicy: account }))
        .to.be.revertedWithCustomError(membership, "MembershipNotAPolicy")
        .withArgs(account);
    }
    await expect(deployRoll({ admissionPolicy: await card.getAddress() }))
      .to.be.revertedWithCustomError(membership, "MembershipNotAPolicy")
      .withArgs(card);
    // Desks that serve another roll would let this one be ruled from there, or the other way round.
    await expect(deployRoll()).to.be.revertedWithCustomError(requests, "RollDeskBound").withArgs(membership);
    const [, ...others] = await membership.desks();
    await expect(deployRoll({ desks: [people[0].address, ...others] }))
      .to.be.revertedWithCustomError(membership, "MembershipNotAContract")
      .withArgs(people[0]);
  });

  it("attack 126: a timelock that does not wait, or waits for ever, is not born", async () => {
    const { timelock, deployTimelock } = await loadFixture(founded);
    for (const [delay, stage, ...args] of [
      [DAY, 0, 0, 60, 7 * DAY],
      [DAY, 59, 59, 60, 7 * DAY],
      [8 * DAY, 7 * DAY + 1, 7 * DAY + 1, 60, 7 * DAY],
      [0, 60, 0, 60, 30 * DAY],
      [59, 60, 59, 60, 30 * DAY],
      [30 * DAY + 1, 60, 30 * DAY + 1, 60, 30 * DAY],
    ] as const) {
      await expect(deployTimelock(delay, stage))
        .to.be.revertedWithCustomError(timelock, "CoalitionTimelockDelayOutOfRange")
        .withArgs(...args);
    }
  });

  it("attack 125: a coalition and its twin share neither powers, nor nonces, nor bars", async () => {
    const here = await loadFixture(founded);
    const there = await deployCoalition(connection);
    const [key] = here.people;
    for (const coalition of [here, there]) await join(coalition, key);
    const roll = await asTimelock(connection, here);
    await roll.end(1);
    expect(await here.membership.numberOf(key)).to.equal(0n);
    expect(await there.membership.numberOf(key)).to.equal(1n);
    await expect(there.membership.connect(await ethers.getSigner(await here.timelock.getAddress())).end(1))
      .to.be.revertedWithCustomError(there.membership, "MembershipUnauthorized")
      .withArgs(here.timelock, there.timelock);
    for (const [one, other] of [
      [here, there],
      [there, here],
    ]) {
      for (const role of ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"] as const) {
        expect(await one.timelock.hasRole(await one.timelock[role](), one.governor)).to.equal(true);
        expect(await one.timelock.hasRole(await one.timelock[role](), other.governor)).to.equal(false);
      }
      expect(await one.membership.timelock()).to.equal(one.timelock);
    }
    const request = await signJoin(here, here.people[1]);
    const { digest } = await here.membership.codeOfConduct();
    await here.requests.joinBySig(here.people[1], 0, digest, "0x", FAR, request);
    expect(await here.requests.nonces(here.people[1])).to.equal(1n);
    expect(await there.requests.nonces(here.people[1])).to.equal(0n);
  });
});
