import { expect } from "chai";
import { network } from "hardhat";
import { FAR, rotate, TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import {
  countOf,
  Flaw,
  MAX_BATCH,
  Manner,
  type Message,
  NEEDED_GAS,
  nominate,
  openElection,
  outcomeOf,
  rank,
  type SignedBallot,
  signElectionBallot,
} from "../helpers/ballot-box.js";
import { foundCoalition, join, type Person } from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** An open vote of ranked ballots in which a hostile wallet is a member too, and what a relayer does there. */
async function open() {
  const wallet = await ethers.deployContract("HostileWallet");
  const setting = await openElection(connection, {
    method: "ranked",
    before: async ({ membership }) => {
      const { digest } = await membership.codeOfConduct();
      await wallet.act(membership, membership.interface.encodeFunctionData("join", [0, digest, "0x"]));
      await time.increaseTo((await membership.member(await membership.numberOf(wallet))).votesFrom);
    },
  });
  const { box, electionId, outsiders, ballot, membership } = setting;
  const [relayer, copier, newKey] = outsiders as [Person, Person, Person];
  const sign = (signer: Person, change: Partial<Message> = {}) =>
    signElectionBallot(box, signer, { electionId, ballot: ballot(1), ...change });
  const replace = async (signer: Person, change: Partial<Message> = {}) =>
    sign(signer, { ballot: ballot(2), nonce: await box.nonces(signer), ...change });
  /** A ballot of the wallet, which signs with any bytes. */
  const ofWallet = async (): Promise<SignedBallot> => ({
    voter: await wallet.getAddress(),
    ballot: ballot(3),
    deadline: FAR,
    replaces: false,
    nonce: 0n,
    signature: "0x1234",
  });
  const bring = async (ballots: SignedBallot[], by = relayer) => {
    const sent = box.connect(by).castBallots(electionId, ballots, { gasLimit: TRANSACTION_GAS_LIMIT });
    const { cast, skipped } = await outcomeOf(box, sent);
    return { cast: cast.map(([number]) => number), flaws: skipped.map(([, , flaw]) => flaw) };
  };
  const stored = async (key: Parameters<typeof membership.numberOf>[0]) =>
    box.ballotOf(electionId, await membership.numberOf(key));
  return { ...setting, wallet, relayer, copier, newKey, sign, replace, ofWallet, bring, stored };
}

describe("Attacks: ballots of elections in foreign hands", () => {
  it("attack 38: what an old key signed, and somebody kept back, does not count beside the new key's ballot", async () => {
    const setting = await loadFixture(open);
    const { members, newKey, sign, replace, bring, stored, ballot } = setting;
    const voter = members[5] as Person;
    const kept = [await sign(voter), await replace(voter)];
    await rotate(setting, voter, newKey);
    expect(await bring(kept)).to.deep.equal({ cast: [], flaws: [Flaw.NotEntitled, Flaw.NotEntitled] });
    expect(await bring([await sign(newKey, { ballot: ballot(3) }), ...kept])).to.deep.equal({
      cast: [6n],
      flaws: [Flaw.NotEntitled, Flaw.NotEntitled],
    });
    // Nor once the old key is somebody else: a new member without a vote in this election.
    await join(setting, voter);
    expect((await bring(kept)).flaws).to.deep.equal([Flaw.NotEntitled, Flaw.NotEntitled]);
    expect(await stored(newKey)).to.equal(ballot(3));
  });

  it("attack 51: a signed ballot of an election counts once, and brought again undoes no later one", async () => {
    const { members, sign, replace, bring, stored, ballot } = await loadFixture(open);
    const [voter] = members as [Person];
    const first = await sign(voter);
    const second = await replace(voter);
    expect((await bring([first, second])).cast).to.deep.equal([1n, 1n]);
    const third = await replace(voter, { ballot: ballot(3) });
    await bring([third]);
    expect((await bring([first, second, third])).flaws).to.deep.equal([
      Flaw.AlreadyCast,
      Flaw.WrongNonce,
      Flaw.WrongNonce,
    ]);
    expect(await stored(voter)).to.equal(ballot(3));
  });

  it("attack 52: a ballot signed for one election counts in no other", async () => {
    const coalition = await foundCoalition(connection, { count: 12 });
    const { ranked, members } = coalition;
    const [voter] = members as [Person];
    const plan = { method: "ranked" } as const;
    const one = await nominate(connection, coalition, members.slice(0, 2), plan);
    const other = await nominate(connection, coalition, members.slice(0, 2), plan);
    await time.increaseTo(other.opens);
    const message = { electionId: one.electionId, ballot: rank(2, 1) };
    const ballots = [
      await signElectionBallot(ranked, voter, message),
      await signElectionBallot(ranked, voter, { ...message, nonce: 0n }),
    ];
    const { cast, skipped } = await outcomeOf(ranked, ranked.castBallots(other.electionId, ballots));
    expect([cast, skipped.map(([, , flaw]) => flaw)]).to.deep.equal([
      [],
      [Flaw.InvalidSignature, Flaw.InvalidSignature],
    ]);
    expect(await ranked.ballotOf(other.electionId, 1n)).to.equal(0n);
  });

  it("attack 58: who brings a ballot of an election changes neither whose it is nor what it says", async () => {
    const { members, sign, replace, bring, stored, ballot, relayer, box } = await loadFixture(open);
    const [voter, other] = members as [Person, Person];
    const forged: SignedBallot[] = [];
    for (const signed of [await sign(voter), await replace(voter)]) {
      forged.push(
        { ...signed, voter: other.address },
        { ...signed, voter: relayer.address },
        { ...signed, ballot: ballot(3) },
        { ...signed, ballot: 0n },
        { ...signed, deadline: FAR + 1n },
        { ...signed, replaces: !signed.replaces },
      );
    }
    const { cast, flaws } = await bring(forged);
    expect(cast).to.deep.equal([]);
    expect(new Set(flaws)).to.deep.equal(new Set([Flaw.InvalidSignature]));
    expect([await stored(voter), await stored(other)]).to.deep.equal([0n, 0n]);
    expect(await box.nonces(voter)).to.equal(0n);
    // Nor does a changed ballot come to count again by another nonce.
    const changed = await replace(voter);
    await bring([changed]);
    expect((await bring([{ ...changed, nonce: 1n }])).flaws).to.deep.equal([Flaw.InvalidSignature]);
  });

  it("attack 59: a wallet in a batch of an election takes nobody else down, whatever it answers", async () => {
    const { box, electionId, members, wallet, sign, ofWallet, bring, stored, ballot } =
      await loadFixture(open);
    await wallet.arm(box, box.interface.encodeFunctionData("castBallot", [electionId, ballot(2)]));
    for (const [index, manner] of [
      Manner.WrongMagic,
      Manner.ShortAnswer,
      Manner.Reverting,
      Manner.Megabyte,
      Manner.GasBurning,
      Manner.Meddling,
    ].entries()) {
      await wallet.behave(manner);
      const ballots = [
        await ofWallet(),
        await sign(members[2 * index] as Person),
        await ofWallet(),
        await sign(members[2 * index + 1] as Person),
      ];
      expect(await bring(ballots), `manner ${manner}`).to.deep.equal({
        cast: [2n * BigInt(index) + 1n, 2n * BigInt(index) + 2n],
        flaws: [Flaw.InvalidSignature, Flaw.InvalidSignature],
      });
      expect(await stored(wallet), `manner ${manner}`).to.equal(0n);
    }
    await wallet.behave(Manner.Agreeing);
    await bring([await ofWallet()]);
    expect(await stored(wallet)).to.equal(ballot(3));
  });

  it("attack 60: one bad ballot of every kind stops no good one in an election", async () => {
    const setting = await loadFixture(open);
    const { members, wallet, copier, sign, replace, ofWallet, bring, vote, ballot } = setting;
    await wallet.behave(Manner.Reverting);
    const [first, second, third, fourth, fifth] = members as [Person, Person, Person, Person, Person];
    await vote(third, 1);
    await bring([await sign(fourth)]);
    const { cast, flaws } = await bring([
      await sign(first),
      { ...(await sign(second)), signature: "0x" },
      await sign(second, { deadline: 1n }),
      await replace(fourth, { nonce: 7n }),
      await sign(copier),
      await sign(fourth),
      await replace(third),
      await sign(second, { ballot: 0n }),
      await sign(second, { ballot: ballot(4) }),
      await sign(second, { ballot: ballot(1, 1) }),
      await ofWallet(),
      await sign(fifth),
    ]);
    expect(cast).to.deep.equal([1n, 5n]);
    expect(flaws).to.deep.equal([
      Flaw.InvalidSignature,
      Flaw.Expired,
      Flaw.WrongNonce,
      Flaw.NotEntitled,
      Flaw.AlreadyCast,
      Flaw.CastInPerson,
      Flaw.Empty,
      Flaw.UnknownOption,
      Flaw.Overvote,
      Flaw.InvalidSignature,
    ]);
  });

  it("attack 61: a member who is in a batch twice, or votes before it comes, has one ballot", async () => {
    const { box, electionId, members, sign, replace, bring, vote, stored, ballot, countsFrom } =
      await loadFixture(open);
    const [twice, quick] = members as [Person, Person];
    const late = [await sign(quick), await replace(quick)];
    await vote(quick, 3);
    const once = await sign(twice);
    expect(await bring([once, once, await sign(twice, { ballot: ballot(3) }), ...late])).to.deep.equal({
      cast: [1n],
      flaws: [Flaw.AlreadyCast, Flaw.AlreadyCast, Flaw.AlreadyCast, Flaw.CastInPerson],
    });
    expect(await stored(twice)).to.equal(ballot(1));
    expect(await stored(quick)).to.equal(ballot(3));
    await time.increaseTo(countsFrom);
    expect((await countOf(box, electionId)).ballots).to.equal(2n);
  });

  it("attack 61: who copies a batch of an election and comes first changes nothing but who pays", async () => {
    const { members, copier, sign, bring, stored, ballot } = await loadFixture(open);
    const voters = members.slice(0, 4);
    const batch = await Promise.all(voters.map((voter) => sign(voter)));
    expect((await bring(batch.slice(1, 3), copier)).cast).to.deep.equal([2n, 3n]);
    expect(await bring(batch)).to.deep.equal({
      cast: [1n, 4n],
      flaws: [Flaw.AlreadyCast, Flaw.AlreadyCast],
    });
    for (const voter of voters) expect(await stored(voter)).to.equal(ballot(1));
  });

  it("attack 62: a batch of an election sent with too little gas counts all of it or nothing", async () => {
    const { box, electionId, members, wallet, sign, ofWallet } = await loadFixture(open);
    await wallet.behave(Manner.GasBurning);
    const ballots = [await ofWallet(), await sign(members[0] as Person), await sign(members[1] as Person)];
    const answers = new Set<string>();
    for (let gasLimit = 100_000n; gasLimit <= 800_000n; gasLimit += 25_000n) {
      const answer = await box.castBallots
        .staticCall(electionId, ballots, { gasLimit })
        .catch(() => "undone");
      answers.add(String(answer));
    }
    expect([...answers]).to.deep.equal(["undone", "2"]);
    const less = (gasLeft: bigint) => gasLeft < NEEDED_GAS;
    await expect(box.castBallots.staticCall(electionId, ballots, { gasLimit: 300_000n }))
      .to.be.revertedWithCustomError(box, "BallotBoxGasTooLow")
      .withArgs(0n, less, NEEDED_GAS);
  });

  it("attack 63: a batch of an election is bounded, and the largest of first ballots fits into a transaction", async () => {
    const coalition = await foundCoalition(connection, { count: MAX_BATCH });
    const { ranked: box, members } = coalition;
    // With so many candidates each ballot fills a word of its own: none costs more.
    const standing = members.slice(0, 32);
    const { electionId, opens } = await nominate(connection, coalition, standing, { method: "ranked" });
    await time.increaseTo(opens);
    const ballot = rank(32, ...Array.from({ length: 33 }, (_, option) => option));
    const batch = await Promise.all(
      members.map((voter) => signElectionBallot(box, voter, { electionId, ballot })),
    );
    await expect(box.castBallots(electionId, [...batch, ...batch.slice(0, 1)]))
      .to.be.revertedWithCustomError(box, "BallotBoxBatchSize")
      .withArgs(MAX_BATCH + 1, MAX_BATCH);
    const sent = box.castBallots(electionId, batch, { gasLimit: TRANSACTION_GAS_LIMIT });
    expect((await outcomeOf(box, sent)).cast).to.have.length(MAX_BATCH);
  });
});
