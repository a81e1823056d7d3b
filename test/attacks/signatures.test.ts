import { expect } from "chai";
import { type BytesLike, type Interface, Signature, type TypedDataDomain } from "ethers";
import { network } from "hardhat";
import { FAR, gasOf, Receipt, signJoin, signRotate, TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import { deployCoalition } from "../helpers/fixture.js";
import {
  Decision,
  domainOf,
  foundCoalition,
  type Person,
  Standing,
  State,
  Support,
  seatMembers,
  signBallot,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

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

/** 24 members, one of them a contract wallet, and two open decisions. */
async function open() {
  const coalition = await deployCoalition(connection);
  const { membership } = coalition;
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
    ...tools(coalition, decision, members[0], relayer),
  };
}

type Coalition = Awaited<ReturnType<typeof deployCoalition>>;

function tools({ governor }: Coalition, decision: Decision, voter: Person, relayer: Person) {
  const votes = async () => [...(await governor.proposalVotes(decision.id))];
  /** A plain signed ballot For by the first member, with its nonce. */
  const sign = async (signer: Person = voter, nonce?: bigint, id = decision.id) =>
    signBallot(governor, signer, {
      proposalId: id,
      support: Support.For,
      voter: signer.address,
      nonce: nonce ?? (await governor.nonces(signer)),
    });
  const cast = (
    signature: BytesLike,
    { id = decision.id, by = voter.address, support = Support.For as number } = {},
  ) => governor.connect(relayer).castVoteBySig(id, support, by, signature);
  const refuses = async (signature: BytesLike, change: Parameters<typeof cast>[1] = {}) => {
    await expect(cast(signature, change))
      .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
      .withArgs(change.by ?? voter.address);
  };
  return { votes, sign, cast, refuses };
}

describe("Attacks: signatures", () => {
  it("attack 51: a signed ballot counts once; sent again it undoes no later change", async () => {
    const { governor, members, decision, relayer, votes, sign, cast, refuses } = await loadFixture(open);
    const signature = await sign();
    await cast(signature);
    await refuses(signature);
    await decision.voteBySig(relayer, members[0], Support.Against);
    await refuses(signature);
    expect(await votes()).to.deep.equal([1n, 0n, 0n]);
    expect(await governor.nonces(members[0])).to.equal(2n);
    await decision.vote(members[0], Support.Abstain);
    await refuses(signature);
    expect(await votes()).to.deep.equal([0n, 0n, 1n]);
  });

  it("attack 51: a signed request to join or to take over a number works once", async () => {
    const { membership, requests, members, newcomer, relayer, stranger } = await loadFixture(open);
    const { digest } = await membership.codeOfConduct();
    const request = await signJoin({ membership, requests }, newcomer);
    const bring = () => requests.connect(relayer).joinBySig(newcomer, 0, digest, "0x", FAR, request);
    await bring();
    await membership.connect(newcomer).resign();
    await expect(bring())
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(newcomer);
    expect(await membership.numberOf(newcomer)).to.equal(0n);

    const number = await membership.numberOf(members[0]);
    const consent = await signRotate(requests, number, stranger);
    await requests.connect(members[0]).rotateKey(stranger, FAR, consent);
    const back = await signRotate(requests, number, members[0]);
    await requests.connect(stranger).rotateKey(members[0], FAR, back);
    await expect(requests.connect(members[0]).rotateKey(stranger, FAR, consent))
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(stranger);
    expect(await membership.numberOf(members[0])).to.equal(number);
  });

  it("attack 52: a ballot signed for one decision counts in no other", async () => {
    const { governor, other, votes, sign, refuses } = await loadFixture(open);
    await refuses(await sign(), { id: other.id });
    expect(await governor.proposalVotes(other.id)).to.deep.equal([0n, 0n, 0n]);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 53: what was signed for another chain is worth nothing here", async () => {
    const { governor, membership, requests, members, newcomer, relayer, decision, votes, refuses } =
      await loadFixture(open);
    const domain: TypedDataDomain = await domainOf(governor);
    const ballot = { proposalId: decision.id, support: Support.For, voter: members[0].address, nonce: 0n };
    const elsewhere = { chainId: 1n };
    await refuses(await members[0].signTypedData({ ...domain, ...elsewhere }, BALLOT, ballot));
    const { digest } = await membership.codeOfConduct();
    const request = await signJoin({ membership, requests }, newcomer, { domain: elsewhere });
    await expect(requests.connect(relayer).joinBySig(newcomer, 0, digest, "0x", FAR, request))
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(newcomer);
    const number = await membership.numberOf(members[0]);
    const consent = await signRotate(requests, number, newcomer, { domain: elsewhere });
    await expect(requests.connect(members[0]).rotateKey(newcomer, FAR, consent))
      .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
      .withArgs(newcomer);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await membership.numberOf(newcomer)).to.equal(0n);
  });

  it("attack 54: what was signed for one coalition is worth nothing in its twin", async () => {
    const coalition = await loadFixture(open);
    const { membership, requests, members, newcomer, relayer, box } = coalition;
    const twin = await foundCoalition(connection, { count: 7 });
    const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
    const [here, there] = [coalition, twin].map(
      (one) => new Decision(connection, one, [action], "The same everywhere"),
    );
    await here.propose(members[0]);
    await there.start(members[0]);
    // Same members, same proposal, same id, same nonce, same name.
    expect(there.id).to.equal(here.id);
    expect(await twin.membership.numberOf(members[0])).to.be.greaterThan(0n);
    const ballot = { proposalId: here.id, support: Support.For, voter: members[0].address, nonce: 0n };
    const signature = await signBallot(coalition.governor, members[0], ballot);
    await expect(twin.governor.castVoteBySig(there.id, Support.For, members[0], signature))
      .to.be.revertedWithCustomError(twin.governor, "GovernorInvalidSignature")
      .withArgs(members[0]);
    expect(await twin.governor.proposalVotes(there.id)).to.deep.equal([0n, 0n, 0n]);
    const { digest } = await membership.codeOfConduct();
    const request = await signJoin({ membership, requests }, newcomer);
    await expect(twin.requests.connect(relayer).joinBySig(newcomer, 0, digest, "0x", FAR, request))
      .to.be.revertedWithCustomError(twin.requests, "SignedRequestsInvalidSignature")
      .withArgs(newcomer);
    const consent = await signRotate(requests, await twin.membership.numberOf(members[0]), newcomer);
    await expect(twin.requests.connect(members[0]).rotateKey(newcomer, FAR, consent))
      .to.be.revertedWithCustomError(twin.requests, "SignedRequestsInvalidSignature")
      .withArgs(newcomer);
  });

  it("attack 55: a signature has one form: no high s, no short form, no byte more or less", async () => {
    const { votes, sign, cast, refuses } = await loadFixture(open);
    const signature = await sign();
    const { r, s, v, compactSerialized } = Signature.from(signature);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = ethers.concat([r, ethers.toBeHex(order - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
    await refuses(high);
    await refuses(compactSerialized);
    await refuses(ethers.concat([signature, "0x00"]));
    await refuses(ethers.dataSlice(signature, 0, 64));
    await refuses(ethers.concat([r, s, v === 27 ? "0x00" : "0x01"]));
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    await cast(signature);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 56: garbage is nobody's signature, least of all that of the zero address", async () => {
    const { governor, membership, requests, relayer, votes, refuses } = await loadFixture(open);
    const { digest } = await membership.codeOfConduct();
    for (const signature of [
      "0x",
      "0x00",
      `0x${"00".repeat(65)}`,
      `0x${"ff".repeat(65)}`,
      `0x${"00".repeat(64)}1b`,
    ]) {
      await refuses(signature);
      await refuses(signature, { by: ethers.ZeroAddress });
      await expect(requests.connect(relayer).joinBySig(ethers.ZeroAddress, 0, digest, "0x", FAR, signature))
        .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
        .withArgs(ethers.ZeroAddress);
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.nonces(ethers.ZeroAddress)).to.equal(0n);
    expect(await membership.numberOf(ethers.ZeroAddress)).to.equal(0n);
  });

  it("attack 57: a ballot signed by one member is not cast for another", async () => {
    const { governor, members, stranger, decision, votes, sign, refuses } = await loadFixture(open);
    await refuses(await sign(members[1]));
    await refuses(await sign(stranger));
    // Also not one in which the signer names the other as the voter.
    const forged = await signBallot(governor, members[1], {
      proposalId: decision.id,
      support: Support.For,
      voter: members[0].address,
      nonce: 0n,
    });
    await refuses(forged);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
  });

  it("attack 58: who brings a ballot cannot change choice, reason, parameters or kind", async () => {
    const { governor, members, relayer, decision, votes, sign, refuses } = await loadFixture(open);
    const plain = await sign();
    for (const support of [Support.Against, Support.Abstain, 3]) await refuses(plain, { support });
    const extended = await signBallot(governor, members[0], {
      proposalId: decision.id,
      support: Support.For,
      voter: members[0].address,
      nonce: 0n,
      reason: "As agreed",
    });
    const by = governor.connect(relayer);
    const bring = (support: number, reason: string, params: string, signature: string) =>
      by.castVoteWithReasonAndParamsBySig(decision.id, support, members[0], reason, params, signature);
    for (const attempt of [
      () => bring(Support.Against, "As agreed", "0x", extended),
      () => bring(Support.For, "As bought", "0x", extended),
      () => bring(Support.For, "", "0x", extended),
      () => bring(Support.For, "As agreed", "0x00", extended),
      () => bring(Support.For, "", "0x", plain),
      () => by.castVoteBySig(decision.id, Support.For, members[0], extended),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
        .withArgs(members[0]);
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    await expect(bring(Support.For, "As agreed", "0x", extended))
      .to.emit(governor, "VoteCast")
      .withArgs(members[0], decision.id, Support.For, 1, "As agreed");
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 58: who brings a request to join cannot change group, Code, evidence or deadline", async () => {
    const { membership, requests, newcomer, relayer } = await loadFixture(open);
    const { digest } = await membership.codeOfConduct();
    const request = await signJoin({ membership, requests }, newcomer);
    const by = requests.connect(relayer);
    for (const attempt of [
      () => by.joinBySig(newcomer, 1, digest, "0x", FAR, request),
      () => by.joinBySig(newcomer, 0, ethers.ZeroHash, "0x", FAR, request),
      () => by.joinBySig(newcomer, 0, digest, "0x00", FAR, request),
      () => by.joinBySig(newcomer, 0, digest, "0x", FAR + 1n, request),
      () => by.joinBySig(relayer, 0, digest, "0x", FAR, request),
    ]) {
      await expect(attempt()).to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature");
    }
    expect(await membership.numberOf(newcomer)).to.equal(0n);
    expect(await membership.numberOf(relayer)).to.equal(0n);
  });

  it("attack 59: a wallet's ballot counts only if it says the right word in full", async () => {
    const { governor, membership, wallet, votes, cast, refuses } = await loadFixture(open);
    const by = await wallet.getAddress();
    for (const manner of [Manner.WrongMagic, Manner.ShortAnswer, Manner.Reverting]) {
      await wallet.behave(manner);
      await refuses("0x1234", { by });
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.nonces(by)).to.equal(0n);
    await wallet.behave(Manner.Agreeing);
    await cast("0x1234", { by });
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    expect(await membership.numberOf(by)).to.equal(1n);
  });

  it("attack 59: a megabyte for an answer is not copied", async () => {
    const { wallet, votes, cast } = await loadFixture(open);
    const by = await wallet.getAddress();
    const modest = await gasOf(cast("0x", { by }));
    await wallet.behave(Manner.Megabyte);
    const gas = await gasOf(cast("0x", { by }));
    // 32,768 words of memory, once, in the wallet itself; a copy would cost it a second time.
    const words = 32_768n;
    const memory = 3n * words + (words * words) / 512n;
    expect(gas - modest).to.be.lessThan(memory + memory / 2n);
    expect(gas).to.be.lessThan(TRANSACTION_GAS_LIMIT);
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 59: a wallet that burns all gas harms its own ballot only", async () => {
    const { governor, members, relayer, wallet, decision, votes, sign, cast } = await loadFixture(open);
    await wallet.behave(Manner.GasBurning);
    await expect(
      governor
        .connect(relayer)
        .castVoteBySig(decision.id, Support.For, wallet, "0x", { gasLimit: TRANSACTION_GAS_LIMIT }),
    )
      .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
      .withArgs(wallet);
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    await cast(await sign(members[1]), { by: members[1].address });
    expect(await votes()).to.deep.equal([0n, 1n, 0n]);
  });

  it("attack 59: a wallet that acts while it is asked cannot act", async () => {
    const { governor, membership, wallet, decision, votes, refuses } = await loadFixture(open);
    const by = await wallet.getAddress();
    await wallet.behave(Manner.Meddling);
    for (const [victim, data] of [
      [governor, governor.interface.encodeFunctionData("castVote", [decision.id, Support.Against])],
      [membership, membership.interface.encodeFunctionData("resign")],
    ] as const) {
      await wallet.arm(victim, data);
      await refuses("0x", { by });
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await membership.numberOf(by)).to.equal(1n);
  });

  it("attack 59: a hostile wallet that asks to join meets the same", async () => {
    const { membership, requests, relayer } = await loadFixture(open);
    const { digest } = await membership.codeOfConduct();
    const wallet = await ethers.deployContract("HostileWallet");
    await wallet.arm(membership, membership.interface.encodeFunctionData("join", [1, digest, "0x"]));
    const last = await membership.lastNumber();
    const bring = () =>
      requests
        .connect(relayer)
        .joinBySig(wallet, 0, digest, "0x", FAR, "0x", { gasLimit: TRANSACTION_GAS_LIMIT });
    for (const manner of [
      Manner.WrongMagic,
      Manner.ShortAnswer,
      Manner.Reverting,
      Manner.GasBurning,
      Manner.Meddling,
    ]) {
      await wallet.behave(manner);
      await expect(bring())
        .to.be.revertedWithCustomError(requests, "SignedRequestsInvalidSignature")
        .withArgs(wallet);
    }
    expect(await membership.lastNumber()).to.equal(last);
    await wallet.behave(Manner.Megabyte);
    await bring();
    expect(await membership.numberOf(wallet)).to.equal(last + 1n);
  });

  it("attack 64: who brings a ballot gains nothing and leaves no ether behind", async () => {
    const { governor, membership, members, relayer, decision, votes, sign } = await loadFixture(open);
    const data = governor.interface.encodeFunctionData("castVoteBySig", [
      decision.id,
      Support.For,
      members[0].address,
      await sign(),
    ]);
    await expect(relayer.sendTransaction({ to: governor, data, value: 1n })).to.be.revertedWithoutReason(
      ethers,
    );
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    await expect(relayer.sendTransaction({ to: governor, data }))
      .to.emit(governor, "VoteCast")
      .withArgs(members[0], decision.id, Support.For, 1, "");
    expect(await governor.hasVoted(decision.id, relayer)).to.equal(false);
    expect(await ethers.provider.getBalance(governor)).to.equal(0n);
    expect(await ethers.provider.getBalance(membership)).to.equal(0n);
  });

  it("attack 65: a ballot kept back counts neither after the close nor after a newer signed one", async () => {
    const { governor, members, decision, relayer, votes, sign, cast, refuses } = await loadFixture(open);
    const kept = await sign();
    const late = await sign(members[1]);
    await decision.voteBySig(relayer, members[0], Support.Against);
    await refuses(kept);
    await decision.close();
    await expect(cast(late, { by: members[1].address }))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(decision.id, State.Defeated, stateMask(State.Active));
    expect(await votes()).to.deep.equal([1n, 0n, 0n]);
  });

  it("attack 65: a ballot kept back does not undo what its signer did in person since", async () => {
    const { governor, membership, members, decision, votes, sign, cast } = await loadFixture(open);
    const [voter] = members;
    const kept = await sign();
    await decision.vote(voter, Support.Against);
    await expect(cast(kept))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotCastInPerson")
      .withArgs(decision.id, voter);
    expect(await votes()).to.deep.equal([1n, 0n, 0n]);
    expect(await governor.receiptOf(decision.id, await membership.numberOf(voter))).to.equal(Receipt.Against);
    // Nor after a change from a signed ballot to one in person.
    await cast(await sign(members[1]), { by: members[1].address });
    const second = await sign(members[1]);
    await decision.vote(members[1], Support.Abstain);
    await expect(cast(second, { by: members[1].address }))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotCastInPerson")
      .withArgs(decision.id, members[1]);
    expect(await votes()).to.deep.equal([1n, 0n, 1n]);
  });

  it("attack 65: a ballot kept back until its signer has left or moved counts no more", async () => {
    const { governor, membership, requests, members, decision, newcomer, sign, cast } =
      await loadFixture(open);
    const [leaver, mover] = [members[1], members[2]];
    const ballots = [await sign(leaver), await sign(mover)];
    await membership.connect(leaver).resign();
    const consent = await signRotate(requests, await membership.numberOf(mover), newcomer);
    await requests.connect(mover).rotateKey(newcomer, FAR, consent);
    for (const [index, [voter, standing]] of (
      [
        [leaver, Standing.Ended],
        [mover, Standing.Rotated],
      ] as const
    ).entries()) {
      await expect(cast(ballots[index], { by: voter.address }))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
        .withArgs(decision.id, voter, standing, (moment: bigint) => moment > 0n);
    }
    expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 0n]);
    expect(await governor.receiptOf(decision.id, await membership.numberOf(newcomer))).to.equal(Receipt.None);
  });

  it("attack 66: nobody speaks for another by an address appended to a call, or by a bundle of calls", async () => {
    const { governor, membership, requests, members, stranger, decision, votes } = await loadFixture(open);
    for (const { interface: face } of [governor, membership, requests] as { interface: Interface }[]) {
      for (const name of ["multicall", "aggregate", "isTrustedForwarder", "trustedForwarder"]) {
        expect(face.getFunction(name)).to.equal(null);
      }
    }
    const spoof = (data: string) => ethers.concat([data, members[0].address]);
    const vote = spoof(governor.interface.encodeFunctionData("castVote", [decision.id, Support.For]));
    await expect(stranger.sendTransaction({ to: governor, data: vote }))
      .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
      .withArgs(decision.id, stranger, Standing.NotMember, 0);
    const resign = spoof(membership.interface.encodeFunctionData("resign"));
    await expect(stranger.sendTransaction({ to: membership, data: resign }))
      .to.be.revertedWithCustomError(membership, "MembershipNotMember")
      .withArgs(stranger);
    const calls = ethers.AbiCoder.defaultAbiCoder().encode(["bytes[]"], [[vote]]);
    const bundle = ethers.concat([ethers.id("multicall(bytes[])").slice(0, 10), calls, members[0].address]);
    for (const to of [governor, membership, requests]) {
      await expect(stranger.sendTransaction({ to, data: bundle })).to.be.revertedWithoutReason(ethers);
    }
    expect(await votes()).to.deep.equal([0n, 0n, 0n]);
    expect(await membership.numberOf(members[0])).to.be.greaterThan(0n);
  });
});
