import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { network } from "hardhat";
import {
  asTimelock,
  FAR,
  freshKeys,
  gasOf,
  rotate,
  signJoin,
  signRotate,
  stateOf,
  TRANSACTION_GAS_LIMIT,
} from "../helpers/attacks.js";
import { deployCoalition, plainParameters, rollParameters } from "../helpers/fixture.js";
import { Decision, foundCoalition, join, type Person, Standing, Support } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** The tail of the queue, by the storage layout: `_book` at 10, its ledger at 6, the tail first in it. */
const TAIL_SLOT = 16;

/** What a client adds to an estimate at least: two fresh slots and what leads to them. */
const CLIENT_MARGIN = 60_000n;

/** 24 members of DC-BAS. */
async function twentyFour() {
  const coalition = await foundCoalition(connection);
  const { digest } = await coalition.membership.codeOfConduct();
  return { ...coalition, digest };
}

/** Every newcomer opens a boundary of their own: the slowest queue there can be. */
async function oneByOne() {
  const parameters = plainParameters();
  parameters.Membership.epochFloor = 1;
  parameters.Membership.epochShareBps = 100;
  return deployCoalition(connection, parameters);
}

/** The moment of the last block. */
const now = async () => BigInt(await time.latest());

/** As if so many more members of the first group had joined and matured. */
async function crowd(
  { membership }: Pick<Awaited<ReturnType<typeof twentyFour>>, "membership">,
  count: bigint,
) {
  const tail = BigInt(await ethers.provider.getStorage(membership, TAIL_SLOT));
  const [lastNumber, arrived] = [56n, 88n];
  await networkHelpers.setStorageAt(
    await membership.getAddress(),
    TAIL_SLOT,
    tail + (count << lastNumber) + (count << arrived),
  );
}

describe("Attacks: membership", () => {
  it("attack 83: no account takes a second seat, by any way in", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, requests, members, outsiders, digest } = coalition;
    const [member, friend] = members;
    const before = await stateOf(coalition);
    const number = await membership.numberOf(member);
    const request = await signJoin(coalition, member);
    const consent = await signRotate(requests, await membership.numberOf(friend), member);
    for (const attempt of [
      () => membership.connect(member).join(1, digest, "0x"),
      () => requests.connect(outsiders[0]).joinBySig(member, 0, digest, "0x", FAR, request),
      () => requests.connect(friend).rotateKey(member, FAR, consent),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(membership, "MembershipAlreadyMember")
        .withArgs(member, number);
    }
    const self = await signRotate(requests, number, member);
    await expect(requests.connect(member).rotateKey(member, FAR, self))
      .to.be.revertedWithCustomError(membership, "MembershipAlreadyMember")
      .withArgs(member, number);
    expect(await membership.balanceOf(member)).to.equal(1n);
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 84: a wallet that joins again while it is asked whether it wants to join gets no seat", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, requests, outsiders, digest } = coalition;
    const before = await stateOf(coalition);
    const wallet = await ethers.deployContract("HostileWallet");
    await wallet.behave(6);
    const again = { group: 1, codeDigest: digest, evidence: "0x", deadline: FAR, signature: "0x" };
    const account = await wallet.getAddress();
    for (const [target, data] of [
      [membership, membership.interface.encodeFunctionData("join", [1, digest, "0x"])],
      [requests, requests.interface.encodeFunctionData("joinBySig", [account, 1, digest, "0x", FAR, "0x"])],
      [requests, requests.interface.encodeFunctionData("joinMany", [[{ account, ...again }]])],
    ] as const) {
      await wallet.arm(target, data);
      await expect(requests.connect(outsiders[0]).joinBySig(wallet, 0, digest, "0x", FAR, "0x"))
        .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
        .withArgs(wallet);
    }
    expect(await requests.nonces(wallet)).to.equal(0n);
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 84: a contract that a member calls acts for itself, never for the member", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, governor, members, outsiders, digest } = coalition;
    const [member] = members;
    const puppet = await ethers.deployContract("Puppet");
    const decision = new Decision(connection, coalition, [{ target: outsiders[0].address }], "Bait");
    await decision.start(member);
    const bait = puppet.connect(member);
    await expect(
      bait.perform([{ target: membership, data: membership.interface.encodeFunctionData("resign") }]),
    )
      .to.be.revertedWithCustomError(membership, "MembershipNotMember")
      .withArgs(puppet);
    const ballot = governor.interface.encodeFunctionData("castVote", [decision.id, Support.For]);
    await expect(bait.perform([{ target: governor, data: ballot }]))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, puppet, Standing.NotMember, 0);
    const enter = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
    await puppet.connect(outsiders[0]).perform([{ target: membership, data: enter }]);
    expect(await membership.numberOf(puppet)).to.equal(await membership.lastNumber());
    expect(await membership.numberOf(outsiders[0])).to.equal(0n);
    expect(await membership.numberOf(member)).to.equal(1n);
    expect(await governor.hasVoted(decision.id, member)).to.equal(false);
  });

  it("attack 85: nobody is made a member, or given a number, who did not agree", async () => {
    const coalition = await loadFixture(twentyFour);
    const { requests, membership, members, outsiders, digest, admission } = coalition;
    const [member] = members;
    const [victim, forger] = outsiders;
    const before = await stateOf(coalition);
    const number = await membership.numberOf(member);
    const forgedJoin = await signJoin(coalition, forger, { account: victim.address });
    const forgedConsent = await signRotate(requests, number, forger);
    const otherNumber = await signRotate(requests, number + 1n, victim);
    for (const signature of [forgedJoin, "0x", forgedConsent]) {
      await expect(requests.connect(forger).joinBySig(victim, 0, digest, "0x", FAR, signature))
        .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
        .withArgs(victim);
    }
    for (const signature of [forgedConsent, "0x", otherNumber]) {
      await expect(requests.connect(member).rotateKey(victim, FAR, signature))
        .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
        .withArgs(victim);
    }
    // Nor a contract that knows nothing of signatures.
    await expect(requests.connect(forger).joinBySig(admission, 0, digest, "0x", FAR, "0x"))
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(admission);
    const late = (await now()) + 5n;
    await time.increaseTo(late);
    const request = await signJoin(coalition, victim);
    await expect(requests.joinBySig(victim, 0, digest, "0x", late, request))
      .to.be.revertedWithCustomError(requests, "SignedRequestsExpired")
      .withArgs(late, (moment: bigint) => moment > late);
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await requests.nonces(victim)).to.equal(0n);
  });

  it("attack 86: a barred key does not come back by any door, and does after a pardon", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, requests, members, outsiders, digest } = coalition;
    const [barred, friend] = members;
    const number = await membership.numberOf(barred);
    const roll = await asTimelock(connection, coalition);
    await roll.end(number);
    const request = await signJoin(coalition, barred);
    const consent = await signRotate(requests, await membership.numberOf(friend), barred);
    for (const attempt of [
      () => membership.connect(barred).join(0, digest, "0x"),
      () => requests.connect(outsiders[0]).joinBySig(barred, 0, digest, "0x", FAR, request),
      () => requests.connect(friend).rotateKey(barred, FAR, consent),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(membership, "MembershipKeyBarred")
        .withArgs(barred, number);
    }
    expect(await membership.numberOf(barred)).to.equal(0n);
    await roll.pardon(barred);
    await join(coalition, barred);
    const back = await membership.member(await membership.numberOf(barred));
    expect(back.number).to.be.greaterThan(number);
    expect(back.votesFrom).to.be.greaterThan(await now());
  });

  it("attack 86: a suspension is not shed by leaving and coming back, or by a new key", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, members, outsiders } = coalition;
    const roll = await asTimelock(connection, coalition);
    const until = (await now()) + 300n * 86_400n;
    for (const member of members.slice(0, 2))
      await roll.suspend(await membership.numberOf(member), 15, until);
    await membership.connect(members[0]).resign();
    await join(coalition, members[0]);
    await rotate(coalition, members[1], outsiders[0]);
    // The key that moved on, and joins anew, takes the sanction along too.
    await join(coalition, members[1]);
    for (const key of [members[0], outsiders[0], members[1]]) {
      const [standing, , , explanation] = await membership.standingOf(key, 0, await now());
      expect([standing, explanation]).to.deep.equal([Standing.Suspended, until]);
    }
  });

  it("attack 87: only the timelock expels and pardons", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, timelock, governor, members, outsiders, deployer } = coalition;
    const roll = await asTimelock(connection, coalition);
    await roll.end(await membership.numberOf(members[0]));
    const before = await stateOf(coalition);
    await networkHelpers.impersonateAccount(await governor.getAddress());
    await networkHelpers.setBalance(await governor.getAddress(), ethers.parseEther("1"));
    const itself = await ethers.getSigner(await governor.getAddress());
    for (const caller of [members[0], members[1], outsiders[0], deployer, itself]) {
      for (const attempt of [
        () => membership.connect(caller).end(2),
        () => membership.connect(caller).pardon(members[0]),
        () => membership.connect(caller).suspend(2, 4, 2n ** 40n),
        () => membership.connect(caller).restore(2, 4),
      ]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(membership, "MembershipUnauthorized")
          .withArgs(caller, timelock);
      }
    }
    expect(await stateOf(coalition)).to.deep.equal(before);
    expect(await membership.numberOf(members[1])).to.equal(2n);
  });

  it("attack 88: a number moves to no member, no barred key, not to zero, and from nobody but its holder", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, requests, members, outsiders } = coalition;
    const [holder, other, barred] = members;
    const [stranger, fresh] = outsiders;
    const roll = await asTimelock(connection, coalition);
    const barredNumber = await membership.numberOf(barred);
    await roll.end(barredNumber);
    const before = await stateOf(coalition);
    const number = await membership.numberOf(holder);
    const by = requests.connect(holder);
    await expect(by.rotateKey(other, FAR, await signRotate(requests, number, other)))
      .to.be.revertedWithCustomError(membership, "MembershipAlreadyMember")
      .withArgs(other, await membership.numberOf(other));
    await expect(by.rotateKey(barred, FAR, await signRotate(requests, number, barred)))
      .to.be.revertedWithCustomError(membership, "MembershipKeyBarred")
      .withArgs(barred, barredNumber);
    await expect(by.rotateKey(ethers.ZeroAddress, FAR, `0x${"00".repeat(65)}`))
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(ethers.ZeroAddress);
    const consent = await signRotate(requests, number, fresh);
    await expect(requests.connect(stranger).rotateKey(fresh, FAR, consent))
      .to.be.revertedWithCustomError(requests, "RollDeskNotMember")
      .withArgs(stranger);
    // The consent names the number: another member cannot use it.
    await expect(requests.connect(other).rotateKey(fresh, FAR, consent))
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(fresh);
    expect(await membership.ownerOf(number)).to.equal(holder);
    expect(await stateOf(coalition)).to.deep.equal(before);
  });

  it("attack 89: a number is given out once, whoever leaves, moves, is ended or comes back", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, members, outsiders } = coalition;
    const roll = await asTimelock(connection, coalition);
    const given = new Set<bigint>();
    for (const member of members) given.add(await membership.numberOf(member));
    const take = async (key: Person) => {
      await join(coalition, key);
      const number = await membership.numberOf(key);
      expect(given.has(number), `${number}`).to.equal(false);
      expect(number).to.equal(BigInt(given.size) + 1n);
      given.add(number);
    };
    await membership.connect(members[23]).resign();
    await take(members[23]);
    await roll.end(await membership.numberOf(members[22]));
    await take(outsiders[0]);
    await roll.pardon(members[22]);
    await take(members[22]);
    await rotate(coalition, members[21], outsiders[1]);
    await take(members[21]);
    for (let round = 0; round < 3; round++) {
      await membership.connect(outsiders[0]).resign();
      await take(outsiders[0]);
    }
    expect(await membership.lastNumber()).to.equal(given.size);
    const list = await membership.members(1, 200);
    expect(list.map(({ number }) => number)).to.deep.equal([...given]);
  });

  it("attack 90: at every past moment the sum of all votes is the electorate, in all and by group", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, members, outsiders } = coalition;
    const roll = await asTimelock(connection, coalition);
    const keys: Person[] = [...members, ...outsiders, ...(await freshKeys(connection, 6))];
    const [fresh] = keys.slice(-1);
    const moments: bigint[] = [await now()];
    const step = async (act: Promise<unknown>, days = 0) => {
      await act;
      moments.push(await now());
      if (days > 0) await time.increase(days * 86_400);
    };
    for (const key of keys.slice(-6, -1)) await step(join(coalition, key, 3), 1);
    await step(membership.connect(keys[24 + 4]).resign());
    await step(membership.connect(members[0]).resign(), 3);
    await step(roll.end(await membership.numberOf(members[1])));
    await step(rotate(coalition, members[2], outsiders[0]));
    await step(join(coalition, members[0], 5), 20);
    await step(roll.suspend(await membership.numberOf(members[3]), 15, (await now()) + 1_000n));
    await step(rotate(coalition, outsiders[0], fresh), 30);
    await step(membership.connect(fresh).resign());
    await step(join(coalition, fresh, 1), 60);
    moments.push(...moments.flatMap((moment) => [moment - 1n, moment + 1n, moment + 86_400n * 31n]));
    await time.increase(1);

    const present = await now();
    for (const moment of moments.filter((one) => one < present)) {
      let sum = 0n;
      for (const key of keys) sum += await membership.getPastVotes(key, moment);
      expect(await membership.getPastTotalSupply(moment), `at ${moment}`).to.equal(sum);
      const groups = await membership.getPastVotesByGroup(moment);
      expect(
        groups.reduce((total, votes) => total + votes, 0n),
        `at ${moment}`,
      ).to.equal(sum);
    }
  });

  it("attack 91: among 10,000 members each act costs what it costs among 24", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, governor, members, outsiders, digest } = coalition;
    const acts = async () => {
      const decision = new Decision(
        connection,
        coalition,
        [{ target: outsiders[0].address }],
        "The same in both",
      );
      const costs: Record<string, bigint> = {};
      const measure = async (name: string, sent: Promise<ContractTransactionResponse>) => {
        costs[name] = await gasOf(sent);
      };
      await measure("join", membership.connect(outsiders[0]).join(0, digest, "0x"));
      await measure("propose", decision.propose(members[0]));
      await decision.open();
      await measure("first ballot", governor.connect(members[0]).castVote(decision.id, Support.For));
      await measure("next ballot", governor.connect(members[6]).castVote(decision.id, Support.For));
      await measure("resign", membership.connect(members[1]).resign());
      await measure("join again", membership.connect(members[1]).join(1, digest, "0x"));
      return { costs, electorate: (await governor.proposalFrame(decision.id)).electorate };
    };
    const snapshot = await networkHelpers.takeSnapshot();
    const few = await acts();
    await snapshot.restore();
    await crowd(coalition, 10_000n);
    expect(await membership.totalSupply()).to.equal(10_024n);
    const many = await acts();
    expect(many.electorate - few.electorate).to.equal(10_000n);
    for (const [name, cost] of Object.entries(few.costs)) {
      // 2 %: a counter that is no longer small makes no difference, a loop would.
      expect(many.costs[name] * 100n, name).to.be.at.most(cost * 102n);
    }
  });

  it("attack 91: a page of the list is bounded, and the largest fits into a transaction", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, members } = coalition;
    for (let round = 0; round < 176; round++) {
      await membership.connect(members[round % 24]).resign();
      await join(coalition, members[round % 24]);
    }
    expect(await membership.lastNumber()).to.equal(200n);
    expect(await membership.members(1, 200)).to.have.length(200);
    expect(await membership.members.estimateGas(1, 200)).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    for (const [first, count, parameter, value, min, max] of [
      [1, 201, "count", 201n, 1n, 200n],
      [1, 2n ** 256n - 1n, "count", 2n ** 256n - 1n, 1n, 200n],
      [1, 0, "count", 0n, 1n, 200n],
      [0, 10, "first", 0n, 1n, 2n ** 32n - 1n],
    ] as const) {
      await expect(membership.members(first, count))
        .to.be.revertedWithCustomError(membership, "MembershipParameterOutOfRange")
        .withArgs(ethers.encodeBytes32String(parameter), value, min, max);
    }
  });

  it("attack 91: a queue of hundreds of boundaries costs whoever leaves or joins a few writes more", async function () {
    this.timeout(60_000);
    const coalition = await loadFixture(oneByOne);
    const { membership } = coalition;
    const { digest } = await membership.codeOfConduct();
    const { interface: face } = membership;
    const puppet = await ethers.deployContract("Puppet");
    const enter = { target: membership, data: face.encodeFunctionData("join", [0, digest, "0x"]) };
    const leave = { target: membership, data: face.encodeFunctionData("resign") };
    const [first, second, third] = await freshKeys(connection, 3);
    // The first of all boundaries stands lowest in the tree: to leave it touches every level.
    await join(coalition, first);
    await join(coalition, second);
    for (let boundaries = 2; boundaries < 512; ) {
      const add = Math.min(64, 512 - boundaries);
      await puppet.perform(Array(add).fill([enter, leave]).flat(), { gasLimit: TRANSACTION_GAS_LIMIT });
      boundaries += add;
    }
    const levels = BigInt(Math.ceil(Math.log2(512)) + 1);
    const joining = await gasOf(membership.connect(third).join(0, digest, "0x"));
    const leaving = await gasOf(membership.connect(first).resign());
    // A level is one fresh slot, and a search step one cold read, at the most.
    const [slot, read, base] = [22_100n, 2_100n, 150_000n];
    for (const cost of [joining, leaving]) expect(cost).to.be.lessThan(base + levels * (slot + 2n * read));
    // By the same arithmetic 32 levels, the most that fit the positions, stay far below the limit.
    expect(base + 32n * (slot + 2n * read)).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    expect(await membership.totalSupply()).to.equal(2n);
    await time.increase(600 * 7 * 86_400);
    expect(await membership.getPastTotalSupply((await now()) - 1n)).to.equal(2n);
  });

  it("attack 92: names that only look like others are refused at birth", async () => {
    const { timelock, card, admission, membership, parameters } = await loadFixture(twentyFour);
    // The desks are bound already; the names are judged before.
    const desks = [...(await membership.desks())];
    const roll = rollParameters(parameters.Membership, { card, admissionPolicy: admission, desks });
    const found = (change: Partial<typeof roll>) =>
      ethers.deployContract("Membership", [timelock, { ...roll, ...change }]);
    for (const name of [
      "DС-BAS", // a Cyrillic letter
      "DC-BAS\u200b",
      "DC\u2010BAS",
      "\u202eSAB-CD",
      "DC-BAS\u0000",
      'DC-BAS","x":"',
      "DC\\BAS",
      "DC<b>BAS",
      "Ｄ",
      "",
      "x".repeat(32),
    ]) {
      for (const [change, limit] of [
        [{ name }, 31],
        [{ symbol: name }, 11],
        [{ groups: ["Academia", name] }, 31],
      ] as const) {
        await expect(found({ ...change, groups: "groups" in change ? [...change.groups] : roll.groups }))
          .to.be.revertedWithCustomError(membership, "PlainNameInvalid")
          .withArgs(name, limit);
      }
    }
    await expect(found({ groups: ["Academia", "Academia"] }))
      .to.be.revertedWithCustomError(membership, "MembershipDuplicateGroup")
      .withArgs("Academia");
  });

  it("attack 134: an estimate from the second of a checkpoint falls short by one fresh slot, and harms nothing", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, members } = coalition;
    const { provider } = connection;
    const data = membership.interface.encodeFunctionData("resign");
    await membership.connect(members[0]).resign();
    const snapshot = await networkHelpers.takeSnapshot();
    // Two leave in one block: the second writes into the checkpoint of the first.
    await provider.request({ method: "evm_setAutomine", params: [false] });
    await members[2].sendTransaction({ to: membership, data, gasLimit: 500_000 });
    const sent = await members[1].sendTransaction({ to: membership, data, gasLimit: 500_000 });
    await networkHelpers.mine(1);
    const estimate = (await sent.wait())?.gasUsed ?? 0n;
    await provider.request({ method: "evm_setAutomine", params: [true] });
    await snapshot.restore();

    const before = await stateOf(coalition);
    const by = membership.connect(members[1]);
    // 30 % more is not enough for what costs little itself; clients add 60,000 where that is more.
    await expect(by.resign({ gasLimit: (estimate * 13n) / 10n })).to.be.revert(ethers);
    expect(await stateOf(coalition)).to.deep.equal(before);
    await by.resign({ gasLimit: estimate + CLIENT_MARGIN });
    expect(await membership.totalSupply()).to.equal(before.living - 1n);
  });

  it("attack 134: a join that must open a boundary after its estimate goes through with the margin of clients", async () => {
    const coalition = await loadFixture(twentyFour);
    const { membership, outsiders, digest } = coalition;
    const keys = await freshKeys(connection, 25);
    await join(coalition, keys[0]);
    const by = membership.connect(outsiders[0]);
    const estimate = await by.join.estimateGas(0, digest, "0x");
    for (const key of keys.slice(1)) await join(coalition, key);
    const before = await stateOf(coalition);
    await expect(by.join(0, digest, "0x", { gasLimit: (estimate * 13n) / 10n })).to.be.revert(ethers);
    expect(await stateOf(coalition)).to.deep.equal(before);
    await by.join(0, digest, "0x", { gasLimit: estimate + CLIENT_MARGIN });
    expect(await membership.numberOf(outsiders[0])).to.equal(before.lastNumber + 1n);
  });
});
