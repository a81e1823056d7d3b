import { expect } from "chai";
import { network } from "hardhat";
import { CLASSES, type ClassKey } from "../../scripts/lib/parameters.js";
import { asTimelock, FAR, signJoin } from "../helpers/attacks.js";
import { type ClassRules, deployCoalition, rollParameters } from "../helpers/fixture.js";
import { DecisionClass, join, plainRules } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const DAY = 86_400;

async function founded() {
  const coalition = await deployCoalition(connection);
  const { membership, timelock, card, admission, agenda, guardian, bounds, parameters, deployer } = coalition;
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
    /** A governor as the coalition's, but for parts that are given, and for rules of one class. */
    deployGovernor: (
      change: Partial<Record<"name" | "membership" | "timelock" | "agenda" | "guardian", string>> = {},
      of: ClassKey = "action",
      rules: Partial<ClassRules> = {},
    ) =>
      ethers.deployContract("CoalitionGovernor", [
        {
          name: parameters.Governor.name,
          membership,
          timelock,
          agenda,
          guardian,
          bounds,
          rules: CLASSES.map((key) => ({ ...parameters.Governor[key], ...(key === of && rules) })),
          guarded: [],
          table: [],
          ...change,
        },
      ]),
    deployTimelock: (delay: number, stage: number) =>
      ethers.deployContract("CoalitionTimelock", [delay, stage, deployer]),
  };
}

const short = (text: string) => ethers.encodeBytes32String(text);

describe("Attacks: parameters at birth", () => {
  it("attack 126: a governor with rules that nobody could live by is not born", async () => {
    const { governor, bounds, deployGovernor, people } = await loadFixture(founded);
    const names = Object.keys(plainRules(await governor.rules(DecisionClass.Action)));
    const ranges: Record<string, readonly [number, number]> = {
      notice: [DAY, 14 * DAY - 1],
      period: [DAY, 90 * DAY],
      grace: [DAY, 180 * DAY],
      delay: [DAY, 30 * DAY],
      extension: [0, 14 * DAY],
      quorumBps: [100, 5_000],
      quorumFloor: [3, 50],
      approvalBps: [5_000, 8_000],
      approvalFloorBps: [0, 2_500],
      concurrence: [0, 6],
      concurrenceMembers: [1, 255],
      endorsements: [0, 20],
      endorsementGroups: [0, 0],
    };
    expect(Object.keys(ranges)).to.deep.equal(names);
    for (const [rule, [min, max]] of Object.entries(ranges)) {
      for (const value of [0, min - 1, max + 1, 10_001]) {
        const small = rule.startsWith("concurrence") || rule.startsWith("endorsement");
        if (value < 0 || (value >= min && value <= max) || (small && value > 255)) continue;
        await expect(deployGovernor({}, "action", { [rule]: value }), `${rule} of ${value}`)
          .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
          .withArgs(short(rule), value, min, max);
      }
    }
    for (const [rule, value, min, max] of [
      ["approvalBps", 5_999, 6_000, 8_000],
      ["concurrence", 1, 2, 6],
    ] as const) {
      await expect(deployGovernor({}, "amendment", { [rule]: value }))
        .to.be.revertedWithCustomError(bounds, "DecisionRulesOutOfRange")
        .withArgs(short(rule), value, min, max);
    }
    // Nor one whose members would take the lesser road.
    await expect(deployGovernor({}, "resolution", { quorumBps: 2_500 }))
      .to.be.revertedWithCustomError(bounds, "DecisionBoundsUnordered")
      .withArgs(DecisionClass.Resolution, DecisionClass.Action, short("quorumBps"));
    await expect(deployGovernor({ name: "x".repeat(32) }))
      .to.be.revertedWithCustomError(governor, "StringTooLong")
      .withArgs("x".repeat(32));
    for (const account of [people[0].address, ethers.ZeroAddress]) {
      for (const part of ["timelock", "agenda", "guardian"]) {
        await expect(deployGovernor({ [part]: account }), part)
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorNotAContract")
          .withArgs(account);
      }
      await expect(deployGovernor({ membership: account })).to.be.revert(ethers);
    }
  });

  it("attack 123: no governor is born with the agenda or the guardian of another", async () => {
    const { governor, agenda, guardian, parameters, deployGovernor } = await loadFixture(founded);
    await expect(deployGovernor()).to.be.revertedWithCustomError(agenda, "AgendaBound").withArgs(governor);
    const fresh = await ethers.deployContract("Agenda", ["Another", parameters.Agenda.places]);
    await expect(deployGovernor({ agenda: await fresh.getAddress() }))
      .to.be.revertedWithCustomError(guardian, "GuardianBound")
      .withArgs(governor);
    // Whoever binds them first makes the deployment fail, and gains nothing: what is bound to a stranger serves nobody.
    const [, stranger] = await ethers.getSigners();
    const free = await ethers.deployContract("Guardian", [stranger, DAY]);
    await free.connect(stranger).bind(stranger);
    await expect(deployGovernor({ agenda: await fresh.getAddress(), guardian: await free.getAddress() }))
      .to.be.revertedWithCustomError(guardian, "GuardianBound")
      .withArgs(stranger);
    expect(await governor.guardian()).to.equal(guardian);
    expect(await governor.agenda()).to.equal(agenda);
  });

  it("attack 126: a guardian for more than three years is not born, nor an agenda without places", async () => {
    const { guardian, agenda, people } = await loadFixture(founded);
    for (const term of [1_096 * DAY + 1, 2 ** 40]) {
      await expect(ethers.deployContract("Guardian", [people[0], term]))
        .to.be.revertedWithCustomError(guardian, "GuardianTermOutOfRange")
        .withArgs(term, 1_096 * DAY);
    }
    for (const places of [0, 6, 255]) {
      await expect(ethers.deployContract("Agenda", ["DC-BAS Governor", places]))
        .to.be.revertedWithCustomError(agenda, "AgendaPlacesOutOfRange")
        .withArgs(places, 1, 5);
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
