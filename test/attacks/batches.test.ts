import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { Signature } from "ethers";
import { network } from "hardhat";
import {
  asTimelock,
  FAR,
  gasOf,
  groupOf,
  Receipt,
  rotate,
  signFirst,
  signNamed,
  skipsOf,
  stateOf,
  TRANSACTION_GAS_LIMIT,
} from "../helpers/attacks.js";
import { Skip } from "../helpers/ballots.js";
import { deployCoalition } from "../helpers/fixture.js";
import {
  Decision,
  foundCoalition,
  maskOf,
  type Person,
  Right,
  State,
  Support,
  seatMembers,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const { ZeroAddress } = ethers;

/** Half of the order of secp256k1: the largest `s` that counts. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const ORDER = 2n * HALF_ORDER + 1n;

/** How the hostile wallet answers, as its contract numbers it. */
const Manner = {
  Agreeing: 0,
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

type Group = ReturnType<typeof groupOf>;
type Named = Awaited<ReturnType<typeof signNamed>>;

/** 24 members, the first of them a contract wallet, and two open decisions. */
async function open() {
  const coalition = await deployCoalition(connection);
  const { governor, membership } = coalition;
  const wallet = await ethers.deployContract("HostileWallet");
  const { digest } = await membership.codeOfConduct();
  await wallet.act(membership, membership.interface.encodeFunctionData("join", [0, digest, "0x"]));
  const members = await seatMembers(connection, coalition, 23);
  const [relayer, stranger, newcomer] = coalition.people.slice(-4);
  const box = await ethers.deployContract("Box");
  const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
  const [decision, other] = ["The decision", "Another decision"].map(
    (text) => new Decision(connection, coalition, [action], text),
  );
  await decision.propose(members[0]);
  await other.start(members[0]);
  const first = (signer: Person, support: number = Support.For, deadline = FAR) =>
    signFirst(governor, signer, { proposalId: decision.id, support, deadline });
  const named = (signer: Person, support: number = Support.For, change: object = {}) =>
    signNamed(governor, signer, { proposalId: decision.id, support, ...change });
  /** A ballot of the wallet, which signs with any bytes. */
  const walletBallot = async (change: Partial<Named> = {}): Promise<Named> => ({
    voter: await wallet.getAddress(),
    support: Support.For,
    deadline: FAR,
    nonce: await governor.nonces(wallet),
    signature: "0x1234",
    ...change,
  });
  const send = (groups: Group[], ballots: Named[] = [], id = decision.id, by = relayer) =>
    governor.connect(by).castBallots(id, groups, ballots, { gasLimit: TRANSACTION_GAS_LIMIT });
  const votes = async (id = decision.id) => [...(await governor.proposalVotes(id))];
  const skips = (sent: Promise<ContractTransactionResponse>) => skipsOf(governor, sent);
  return {
    ...coalition,
    members,
    wallet,
    relayer,
    stranger,
    newcomer,
    box,
    decision,
    other,
    first,
    named,
    walletBallot,
    send,
    votes,
    skips,
  };
}

/** The same with a decision that opened when two members of a group had delegated to a third; a fourth has not. */
async function withDelegate() {
  const coalition = await open();
  const { delegations, membership, members, governor } = coalition;
  // Every sixth is of the same group.
  const [delegate, one, other] = [members[0], members[6], members[12]];
  await delegations.connect(delegate).takeDelegations(2);
  for (const giver of [one, other]) await membership.connect(giver).delegate(delegate);
  const decision = new Decision(
    connection,
    { governor },
    [{ target: members[0].address }],
    "With a delegate",
  );
  await decision.start(members[0]);
  return { ...coalition, decision, delegate, givers: [one, other], plain: members[1] };
}

/** Why each ballot was passed over, whoever signed it. */
const reasons = (passed: readonly [string, bigint, bigint, bigint][]) =>
  passed.map(([, , , reason]) => reason);

describe("Attacks: relayed batches", () => {
  it("attack 44: a batch counts from the second after the opening to the last second of the period", async () => {
    const { governor, members, decision, first, send, votes } = await loadFixture(open);
    const late = new Decision(connection, { governor }, [{ target: members[0].address }], "To the second");
    await late.propose(members[0]);
    const [opening, close] = [await late.snapshot(), await late.deadline()];
    const ballot = { proposalId: late.id, support: Support.For };
    const groups = await Promise.all(
      members
        .slice(0, 4)
        .map(async (member) => [groupOf(Support.For, [await signFirst(governor, member, ballot)])]),
    );
    for (const [index, [moment, state]] of (
      [
        [opening, State.Pending],
        [opening + 1n, undefined],
        [close, undefined],
        [close + 1n, State.Defeated],
      ] as const
    ).entries()) {
      await time.setNextBlockTimestamp(moment);
      const sent = send(groups[index], [], late.id);
      if (state === undefined) await sent;
      else {
        await expect(sent)
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(late.id, state, stateMask(State.Active));
      }
    }
    expect(await votes(late.id)).to.deep.equal([0n, 2n, 0n]);
    await expect(send([groupOf(Support.For, [await first(members[0])])])).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 142: in one batch delegate and members have one vote each, in every order", async () => {
    const coalition = await loadFixture(withDelegate);
    const { governor, decision, delegate, givers, plain, send, votes, skips } = coalition;
    const sign = (person: Person, support: number) =>
      signFirst(governor, person, { proposalId: decision.id, support });
    const snapshot = await networkHelpers.takeSnapshot();
    const everybody = [delegate, givers[0], plain, givers[1]];
    for (const order of [
      [0, 1, 2, 3],
      [1, 2, 0, 3],
      [1, 3, 2, 0],
      [2, 1, 0, 3],
    ]) {
      const signatures = await Promise.all(order.map((index) => sign(everybody[index], Support.For)));
      // Each of them once more, against: there is a ballot already.
      const doubles = await Promise.all(order.map((index) => sign(everybody[index], Support.Against)));
      const passed = await skips(
        send([groupOf(Support.For, signatures), groupOf(Support.Against, doubles)], [], decision.id),
      );
      expect(reasons(passed)).to.deep.equal(order.map(() => Skip.AlreadyCast));
      expect(await votes(decision.id)).to.deep.equal([0n, 4n, 0n]);
      await snapshot.restore();
    }
    // The delegate alone votes for three; who then votes takes one back, and only one.
    await send([groupOf(Support.For, [await sign(delegate, Support.For)])], [], decision.id);
    expect(await votes(decision.id)).to.deep.equal([0n, 3n, 0n]);
    await send([groupOf(Support.Against, [await sign(givers[0], Support.Against)])], [], decision.id);
    expect(await votes(decision.id)).to.deep.equal([1n, 2n, 0n]);
  });

  it("attack 51: a batch sent again counts nothing, and undoes no later change", async () => {
    const { governor, members, decision, first, named, send, votes, skips } = await loadFixture(open);
    const groups = [groupOf(Support.For, [await first(members[0]), await first(members[1])])];
    const change = await named(members[2], Support.Against);
    expect(await skips(send(groups, [change]))).to.deep.equal([]);
    expect(await skips(send(groups, [change]))).to.deep.equal([
      [members[0].address, 0n, 0n, Skip.AlreadyCast],
      [members[1].address, 0n, 1n, Skip.AlreadyCast],
      [members[2].address, 1n, 0n, Skip.WrongNonce],
    ]);
    expect(await votes()).to.deep.equal([1n, 2n, 0n]);
    // They think again: one in person, one by a newer signature.
    await decision.vote(members[0], Support.Abstain);
    await send([], [await named(members[1], Support.Against)]);
    expect(await votes()).to.deep.equal([2n, 0n, 1n]);
    expect((await skips(send(groups, [change]))).length).to.equal(3);
    expect(await votes()).to.deep.equal([2n, 0n, 1n]);
    expect(await governor.nonces(members[1])).to.equal(1n);
  });

  it("attack 52: ballots signed for one decision count in no other", async () => {
    const { governor, membership, members, other, first, named, send, votes, skips } =
      await loadFixture(open);
    const groups = [groupOf(Support.For, [await first(members[0]), await first(members[1])])];
    const passed = await skips(send(groups, [await named(members[2])], other.id));
    // Who signed something else is somebody else, as far as a first ballot can tell.
    expect(reasons(passed)).to.deep.equal([Skip.NotEntitled, Skip.NotEntitled, Skip.InvalidSignature]);
    for (const [voter] of passed.slice(0, 2)) expect(await membership.numberOf(voter)).to.equal(0n);
    expect(await votes(other.id)).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.nonces(members[2])).to.equal(0n);
  });

  it("attack 53: ballots signed for another chain are worth nothing here", async () => {
    const { governor, members, decision, send, votes, skips } = await loadFixture(open);
    const ballot = { proposalId: decision.id, support: Support.For };
    const elsewhere = { chainId: 1n };
    const signatures = [
      await signFirst(governor, members[0], ballot, elsewhere),
      await signFirst(governor, members[1], ballot, elsewhere),
    ];
    const named = await signNamed(governor, members[2], ballot, elsewhere);
    const passed = await skips(send([groupOf(Support.For, signatures)], [named]));
    expect(reasons(passed)).to.deep.equal([Skip.NotEntitled, Skip.NotEntitled, Skip.InvalidSignature]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 54: ballots signed for one coalition are worth nothing in its twin", async () => {
    const coalition = await loadFixture(open);
    const { members, box } = coalition;
    const twin = await foundCoalition(connection, { count: 7 });
    const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
    const [here, there] = [coalition, twin].map(
      (one) => new Decision(connection, one, [action], "The same everywhere"),
    );
    await here.propose(members[0]);
    await there.start(members[0]);
    expect(there.id).to.equal(here.id);
    const ballot = { proposalId: here.id, support: Support.For };
    const groups = [groupOf(Support.For, [await signFirst(coalition.governor, members[1], ballot)])];
    const named = await signNamed(coalition.governor, members[2], ballot);
    const passed = await skipsOf(twin.governor, twin.governor.castBallots(there.id, groups, [named]));
    expect(reasons(passed)).to.deep.equal([Skip.NotEntitled, Skip.InvalidSignature]);
    expect(await twin.governor.proposalVotes(there.id)).to.deep.equal([0n, 0n, 0n]);
    // And a twin of the same address but another name: the domain has both.
    const renamed = await signFirst(coalition.governor, members[1], ballot, { name: "DC-BAS Governor II" });
    const again = await skipsOf(
      coalition.governor,
      coalition.governor.castBallots(here.id, [groupOf(Support.For, [renamed])], []),
    );
    expect(reasons(again)).to.deep.equal([Skip.NotEntitled]);
  });

  it("attack 55: a signature of a batch has one form", async () => {
    const { membership, members, first, named, send, votes, skips } = await loadFixture(open);
    const compact = await first(members[0]);
    const { r, yParityAndS } = Signature.from(compact);
    const vs = BigInt(yParityAndS);
    // The other parity recovers somebody else; above half of the order there is nobody.
    const flipped = ethers.concat([r, ethers.toBeHex(vs ^ (1n << 255n), 32)]);
    const high = ethers.concat([r, ethers.toBeHex(HALF_ORDER + 1n, 32)]);
    const passed = await skips(send([groupOf(Support.For, [flipped, high])]));
    expect(reasons(passed)).to.deep.equal([Skip.NotEntitled, Skip.InvalidSignature]);
    expect(await membership.numberOf(passed[0][0])).to.equal(0n);
    expect(passed[1][0]).to.equal(ZeroAddress);

    // Of 65 or 66 bytes each, what is read is not what was signed, and the rest is too short.
    for (const tail of ["0x1b", "0x1b00"]) {
      const long = groupOf(Support.For, [ethers.concat([compact, tail]), ethers.concat([compact, tail])]);
      const rest = await skips(send([long]));
      // The first 64 bytes are a good signature all the same, and count once.
      expect(rest[rest.length - 1]).to.deep.equal([ZeroAddress, 0n, 2n, Skip.WrongLength]);
      expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    }

    const good = await named(members[1]);
    const parts = Signature.from(good.signature);
    const bent = [
      ethers.concat([parts.r, ethers.toBeHex(ORDER - BigInt(parts.s), 32), parts.v === 27 ? "0x1c" : "0x1b"]),
      parts.compactSerialized,
      ethers.concat([good.signature, "0x00"]),
      ethers.dataSlice(good.signature, 0, 64),
      ethers.concat([parts.r, parts.s, parts.v === 27 ? "0x00" : "0x01"]),
      "0x",
    ].map((signature) => ({ ...good, signature }));
    expect(reasons(await skips(send([], bent)))).to.deep.equal(bent.map(() => Skip.InvalidSignature));
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    await send([], [good]);
    expect(await votes()).to.deep.equal([0n, 2n, 0n]);
  });

  it("attack 56: garbage in a batch is nobody's signature, and not the one before it", async () => {
    const { governor, members, first, walletBallot, send, votes, skips } = await loadFixture(open);
    const garbage = [
      `0x${"00".repeat(64)}`,
      `0x${"ff".repeat(64)}`,
      `0x${"00".repeat(32)}${"11".repeat(32)}`,
    ];
    const signatures = [
      await first(members[0]),
      garbage[0],
      garbage[1],
      garbage[2],
      await first(members[1]),
      garbage[0],
    ];
    const nobody = await walletBallot({ voter: ZeroAddress, nonce: 0n, signature: `0x${"00".repeat(65)}` });
    expect(await skips(send([groupOf(Support.For, signatures)], [nobody]))).to.deep.equal([
      [ZeroAddress, 0n, 1n, Skip.InvalidSignature],
      [ZeroAddress, 0n, 2n, Skip.InvalidSignature],
      [ZeroAddress, 0n, 3n, Skip.InvalidSignature],
      [ZeroAddress, 0n, 5n, Skip.InvalidSignature],
      [ZeroAddress, 1n, 0n, Skip.InvalidSignature],
    ]);
    expect(await votes()).to.deep.equal([0n, 2n, 0n]);
    expect(await governor.nonces(ZeroAddress)).to.equal(0n);
  });

  it("attack 57: in a batch a ballot signed by one member is not cast for another", async () => {
    const { governor, members, stranger, named, send, votes, skips } = await loadFixture(open);
    const [victim, signer] = members;
    const ballots = [
      { ...(await named(signer)), voter: victim.address },
      // Also not one in which the signer names the other as the voter.
      await named(signer, Support.For, { voter: victim.address }),
      await named(stranger, Support.For, { voter: victim.address }),
    ];
    expect(reasons(await skips(send([], ballots)))).to.deep.equal(ballots.map(() => Skip.InvalidSignature));
    // Who sends a batch does not speak for itself without a signature, let alone for others.
    const unsigned = { ...(await named(victim)), signature: "0x" };
    expect(reasons(await skips(send([], [unsigned], undefined, victim)))).to.deep.equal([
      Skip.InvalidSignature,
    ]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.nonces(victim)).to.equal(0n);
  });

  it("attack 58: who brings a batch cannot change choice, deadline or nonce", async () => {
    const { governor, members, decision, first, named, send, votes, skips } = await loadFixture(open);
    const signatures = [await first(members[0]), await first(members[1])];
    for (const [support, deadline] of [
      [Support.Against, FAR],
      [Support.Abstain, FAR],
      [Support.For, FAR + 1n],
      [Support.For, FAR - 1n],
    ] as const) {
      const passed = await skips(send([groupOf(support, signatures, deadline)]));
      expect(reasons(passed)).to.deep.equal([Skip.NotEntitled, Skip.NotEntitled]);
    }
    const ballot = await named(members[2]);
    for (const [change, reason] of [
      [{ support: Support.Against }, Skip.InvalidSignature],
      [{ deadline: FAR + 1n }, Skip.InvalidSignature],
      [{ nonce: 1n }, Skip.WrongNonce],
      [{ support: 3 }, Skip.SupportOutOfRange],
    ] as const) {
      expect(reasons(await skips(send([], [{ ...ballot, ...change }])))).to.deep.equal([reason]);
    }
    // Nor make one kind of ballot of the other.
    const compact = Signature.from(ballot.signature).compactSerialized;
    expect(reasons(await skips(send([groupOf(Support.For, [compact])])))).to.deep.equal([Skip.NotEntitled]);
    await expect(governor.castVoteBySig(decision.id, Support.For, members[2], ballot.signature))
      .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
      .withArgs(members[2]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 59: a wallet in a batch takes nobody else down, whatever it answers", async () => {
    const {
      governor,
      membership,
      members,
      wallet,
      decision,
      first,
      named,
      walletBallot,
      send,
      votes,
      skips,
    } = await loadFixture(open);
    const by = await wallet.getAddress();
    const snapshot = await networkHelpers.takeSnapshot();
    for (const [manner, victim, data] of [
      [Manner.WrongMagic],
      [Manner.ShortAnswer],
      [Manner.Reverting],
      [Manner.Megabyte],
      [Manner.GasBurning],
      [
        Manner.Meddling,
        governor,
        governor.interface.encodeFunctionData("castVote", [decision.id, Support.Against]),
      ],
      [Manner.Meddling, membership, membership.interface.encodeFunctionData("resign")],
    ] as const) {
      if (victim !== undefined && data !== undefined) await wallet.arm(victim, data);
      await wallet.behave(manner);
      const groups = [groupOf(Support.For, [await first(members[0]), await first(members[1])])];
      const ballots = [await walletBallot(), await named(members[2]), await walletBallot()];
      const sent = send(groups, ballots);
      expect(await skips(sent), `${manner}`).to.deep.equal([
        [by, 1n, 0n, Skip.InvalidSignature],
        [by, 1n, 2n, Skip.InvalidSignature],
      ]);
      // Each time it gets 100,000 gas, and no more.
      expect(await gasOf(sent)).to.be.lessThan(700_000n);
      expect(await votes()).to.deep.equal([0n, 3n, 0n]);
      expect(await governor.nonces(by)).to.equal(0n);
      expect(await membership.numberOf(by)).to.equal(1n);
      await snapshot.restore();
    }
    await wallet.behave(Manner.Agreeing);
    await send([], [await walletBallot()]);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 59: an account that took code on is judged by its code where it is named, and by its key in first ballots", async () => {
    const { members, wallet, first, named, send, votes, skips } = await loadFixture(open);
    const [delegated, other] = members;
    // As EIP-7702 has it: the account's code is a pointer to the wallet's, which here refuses everything.
    const code = ethers.concat(["0xef0100", await wallet.getAddress()]);
    for (const person of [delegated, other]) {
      await networkHelpers.setCode(person.address, code);
      await networkHelpers.setStorageAt(person.address, 0, BigInt(Manner.WrongMagic));
    }
    expect(reasons(await skips(send([], [await named(delegated)])))).to.deep.equal([Skip.InvalidSignature]);
    expect(await skips(send([groupOf(Support.For, [await first(delegated)])]))).to.deep.equal([]);
    await networkHelpers.setStorageAt(other.address, 0, BigInt(Manner.Agreeing));
    expect(await skips(send([], [{ ...(await named(other)), signature: "0x" }]))).to.deep.equal([]);
    expect(await votes()).to.deep.equal([0n, 2n, 0n]);
  });

  it("attack 60: one bad ballot of every kind stops no good one", async () => {
    const coalition = await loadFixture(open);
    const { members, stranger, decision, first, named, send, votes, skips } = coalition;
    const past = BigInt(await time.latest()) - 1n;
    const roll = await asTimelock(connection, coalition);
    const numberOf = async (person: Person) => coalition.membership.numberOf(person);
    await roll.suspend(await numberOf(members[8]), maskOf(Right.Vote), past + 3_000_000n);
    await decision.vote(members[7], Support.Against);
    const groups = [
      groupOf(Support.For, [
        await first(members[0]),
        `0x${"00".repeat(64)}`,
        await first(stranger),
        await first(members[1]),
        await first(members[8]),
        await first(members[7]),
        await first(members[2]),
        "0x1234",
      ]),
      groupOf(Support.For, [await first(members[3], Support.For, past)], past),
      groupOf(3, [await first(members[3], 3)]),
      groupOf(Support.Against, [await first(members[4], Support.Against)]),
    ];
    const ballots = [
      await named(members[5], Support.For, { deadline: past }),
      await named(members[5], Support.For, { nonce: 7n }),
      await named(members[5], 3),
      { ...(await named(members[5])), signature: "0x1234" },
      await named(members[7], Support.For),
      await named(stranger),
      await named(members[6], Support.Abstain),
    ];
    expect(await skips(send(groups, ballots))).to.deep.equal([
      [ZeroAddress, 0n, 1n, Skip.InvalidSignature],
      [stranger.address, 0n, 2n, Skip.NotEntitled],
      [members[8].address, 0n, 4n, Skip.NotEntitled],
      [members[7].address, 0n, 5n, Skip.AlreadyCast],
      [ZeroAddress, 0n, 7n, Skip.WrongLength],
      [members[3].address, 1n, 0n, Skip.Expired],
      [members[3].address, 2n, 0n, Skip.SupportOutOfRange],
      [members[5].address, 4n, 0n, Skip.Expired],
      [members[5].address, 4n, 1n, Skip.WrongNonce],
      [members[5].address, 4n, 2n, Skip.SupportOutOfRange],
      [members[5].address, 4n, 3n, Skip.InvalidSignature],
      [members[7].address, 4n, 4n, Skip.CastInPerson],
      [stranger.address, 4n, 5n, Skip.NotEntitled],
    ]);
    // 7 in person and 4 against, 0, 1 and 2 for, 6 abstaining.
    expect(await votes()).to.deep.equal([2n, 3n, 1n]);
  });

  it("attack 61: a member who is in a batch twice, or in two groups, or votes before it, has one ballot", async () => {
    const coalition = await loadFixture(open);
    const { governor, membership, members, decision, first, named, send, votes, skips } = coalition;
    const [twice, torn, early, sanctioned] = members;
    // One of whom the roll must be asked more, between those whose ballots are kept aside together.
    const roll = await asTimelock(connection, coalition);
    await roll.suspend(await membership.numberOf(sanctioned), 1, BigInt(await time.latest()) + 60n);
    await decision.vote(early, Support.Abstain);
    const groups = [
      groupOf(Support.For, [
        await first(twice),
        await first(twice),
        await first(sanctioned),
        await first(twice),
        await first(sanctioned),
        await first(torn),
      ]),
      groupOf(Support.Against, [
        await first(torn, Support.Against),
        await first(sanctioned, Support.Against),
        await first(early, Support.Against),
      ]),
    ];
    const passed = await skips(send(groups, [await named(early, Support.Against)]));
    expect(passed).to.deep.equal([
      [twice.address, 0n, 1n, Skip.AlreadyCast],
      [twice.address, 0n, 3n, Skip.AlreadyCast],
      [sanctioned.address, 0n, 4n, Skip.AlreadyCast],
      [torn.address, 1n, 0n, Skip.AlreadyCast],
      [sanctioned.address, 1n, 1n, Skip.AlreadyCast],
      [early.address, 1n, 2n, Skip.AlreadyCast],
      [early.address, 2n, 0n, Skip.CastInPerson],
    ]);
    expect(await votes()).to.deep.equal([0n, 3n, 1n]);
    expect(await governor.receiptOf(decision.id, await membership.numberOf(early))).to.equal(Receipt.Abstain);
  });

  it("attack 61: who copies a batch and comes first changes nothing but who pays", async () => {
    const { members, stranger, first, named, send, votes, skips } = await loadFixture(open);
    const groups = [groupOf(Support.For, [await first(members[0]), await first(members[1])])];
    const ballots = [await named(members[2], Support.Against)];
    // The copy leaves out what the copier does not like: the rest still comes with the original.
    const copy = [groupOf(Support.For, [await first(members[1])])];
    expect(await skips(send(copy, [], undefined, stranger))).to.deep.equal([]);
    expect(await skips(send(groups, ballots))).to.deep.equal([
      [members[1].address, 0n, 1n, Skip.AlreadyCast],
    ]);
    expect(await votes()).to.deep.equal([1n, 2n, 0n]);
    // A copy of the whole makes of the original a batch of ballots that are there already.
    expect((await skips(send(groups, ballots))).length).to.equal(3);
    expect(await votes()).to.deep.equal([1n, 2n, 0n]);
  });

  it("attack 62: a batch sent with too little gas counts all of it or nothing", async () => {
    const coalition = await loadFixture(open);
    const { governor, members, relayer, decision, first, named, walletBallot, send, votes } = coalition;
    const signatures = await Promise.all(members.slice(0, 8).map((member) => first(member)));
    const groups = [groupOf(Support.For, signatures)];
    const ballots = [await walletBallot(), await named(members[8], Support.Against), await named(members[9])];
    const before = await stateOf(coalition, decision);
    const snapshot = await networkHelpers.takeSnapshot();
    const used = await gasOf(send(groups, ballots));
    await snapshot.restore();
    let refused = 0;
    let limit = 120_000n;
    for (; limit < TRANSACTION_GAS_LIMIT; limit += 20_000n) {
      const sent = governor.connect(relayer).castBallots(decision.id, groups, ballots, { gasLimit: limit });
      try {
        await (await sent).wait();
        break;
      } catch {
        refused++;
        expect(await stateOf(coalition, decision)).to.deep.equal(before);
      }
    }
    // The first limit that is enough has every ballot counted, the wallet's among them.
    expect(await votes()).to.deep.equal([1n, 10n, 0n]);
    expect(refused).to.be.greaterThan(10);
    expect(limit).to.be.greaterThan(used);
  });

  it("attack 62: a wallet that needs its gas is not passed over because the relayer was short of it", async () => {
    const { governor, members, relayer, decision, named, walletBallot } = await loadFixture(open);
    const ballots = [await named(members[0]), await walletBallot()];
    await expect(
      governor.connect(relayer).castBallots(decision.id, [], ballots, { gasLimit: 480_000n }),
    ).to.be.revertedWithCustomError(governor, "CoalitionGovernorGasTooLow");
    expect(await governor.nonces(members[0])).to.equal(0n);
  });

  it("attack 63: more groups or ballots than a batch may hold are refused, and the most fit into a transaction", async () => {
    const { governor, members, first, walletBallot, wallet, send, votes, skips } = await loadFixture(open);
    const tooLong = async (sent: Promise<unknown>, what: string, length: number, limit: number) =>
      expect(sent)
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
        .withArgs(ethers.encodeBytes32String(what), length, limit);
    const one = await first(members[0]);
    const ballot = await walletBallot();
    await tooLong(send(Array(9).fill(groupOf(Support.For, []))), "groups", 9, 8);
    await tooLong(send([], Array(65).fill(ballot)), "ballots", 65, 64);
    // Strangers' signatures: any good `r` is somebody's.
    const strange = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        ethers.concat([ethers.id(`r ${index}`), ethers.toBeHex(BigInt(index) + 1n, 32)]),
      );
    const many = [groupOf(Support.For, strange(600)), groupOf(Support.For, strange(401))];
    await tooLong(send(many), "ballots", 1_001, 1_000);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    const full = send([groupOf(Support.For, [...strange(999), one])]);
    expect((await skips(full)).length).to.equal(999);
    expect(await gasOf(full)).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    await wallet.behave(Manner.GasBurning);
    const burning = send([], Array(64).fill(ballot));
    expect((await skips(burning)).length).to.equal(64);
    expect(await gasOf(burning)).to.be.lessThan(TRANSACTION_GAS_LIMIT);
  });

  it("attack 64: who brings a batch gains nothing and leaves no ether behind", async () => {
    const coalition = await loadFixture(open);
    const { governor, membership, members, relayer, decision, first, send, votes } = coalition;
    const groups = [groupOf(Support.For, [await first(members[0])])];
    const data = governor.interface.encodeFunctionData("castBallots", [decision.id, groups, []]);
    await expect(relayer.sendTransaction({ to: governor, data, value: 1n })).to.be.revertedWithoutReason(
      ethers,
    );
    const sent = send(groups);
    await expect(sent).to.changeEtherBalance(ethers, governor, 0n);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    expect(await governor.hasVoted(decision.id, relayer)).to.equal(false);
    expect(await membership.numberOf(relayer)).to.equal(0n);
    expect(await governor.nonces(relayer)).to.equal(0n);
  });

  it("attack 65: a ballot kept back counts neither after its deadline nor after the close", async () => {
    const { governor, members, decision, first, named, send, votes, skips } = await loadFixture(open);
    const deadline = BigInt(await time.latest()) + 86_400n;
    const groups = [groupOf(Support.For, [await first(members[0], Support.For, deadline)], deadline)];
    const ballots = [await named(members[1], Support.For, { deadline })];
    const snapshot = await networkHelpers.takeSnapshot();
    await time.setNextBlockTimestamp(deadline);
    expect(await skips(send(groups, ballots))).to.deep.equal([]);
    await snapshot.restore();
    await time.setNextBlockTimestamp(deadline + 1n);
    expect(reasons(await skips(send(groups, ballots)))).to.deep.equal([Skip.Expired, Skip.Expired]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    const late = [groupOf(Support.For, [await first(members[0])])];
    await decision.close();
    await expect(send(late))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(decision.id, State.Defeated, stateMask(State.Active));
  });

  it("attack 65: a ballot kept back undoes nothing that its signer said or did since", async () => {
    const coalition = await loadFixture(open);
    const { membership, members, newcomer, decision, first, named, send, votes, skips } = coalition;
    const [voter, changed, leaver, mover] = members;
    const groups = [
      groupOf(Support.For, await Promise.all([voter, changed, leaver, mover].map((person) => first(person)))),
    ];
    const ballots = await Promise.all([voter, changed, leaver, mover].map((person) => named(person)));
    await decision.vote(voter, Support.Against);
    await send([], [await named(changed, Support.Abstain)]);
    await membership.connect(leaver).resign();
    await rotate(coalition, mover, newcomer);
    expect(await skips(send(groups, ballots))).to.deep.equal([
      [voter.address, 0n, 0n, Skip.AlreadyCast],
      [changed.address, 0n, 1n, Skip.AlreadyCast],
      [leaver.address, 0n, 2n, Skip.NotEntitled],
      [mover.address, 0n, 3n, Skip.NotEntitled],
      [voter.address, 1n, 0n, Skip.CastInPerson],
      [changed.address, 1n, 1n, Skip.WrongNonce],
      [leaver.address, 1n, 2n, Skip.NotEntitled],
      [mover.address, 1n, 3n, Skip.NotEntitled],
    ]);
    expect(await votes()).to.deep.equal([1n, 0n, 1n]);
  });

  it("attack 65: whose ballot nobody brings votes in person", async () => {
    const { members, decision, first, send, votes, skips } = await loadFixture(open);
    // The relayer leaves the second out, and brings it when the member has voted already.
    await send([groupOf(Support.For, [await first(members[0])])]);
    await decision.vote(members[1], Support.Against);
    const late = [groupOf(Support.For, [await first(members[1])])];
    expect(reasons(await skips(send(late)))).to.deep.equal([Skip.AlreadyCast]);
    expect(await votes()).to.deep.equal([1n, 1n, 0n]);
  });

  it("attack 66: an address appended to a batch speaks for nobody", async () => {
    const { governor, members, stranger, decision, first, votes } = await loadFixture(open);
    const groups = [groupOf(Support.For, [await first(members[0])])];
    const unsigned = {
      voter: members[1].address,
      support: Support.For,
      deadline: FAR,
      nonce: 0n,
      signature: "0x",
    };
    const data = governor.interface.encodeFunctionData("castBallots", [decision.id, groups, [unsigned]]);
    await stranger.sendTransaction({ to: governor, data: ethers.concat([data, members[1].address]) });
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    expect(await governor.hasVoted(decision.id, members[1])).to.equal(false);
  });
});
