import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { FAR, Receipt } from "../helpers/attacks.js";
import { signBallot } from "../helpers/governor.js";
import { recovering, Struct } from "../helpers/recovery.js";
import { mask, Right, Standing, useRoll } from "../helpers/roll.js";
import { signStruct } from "../helpers/signing.js";

const [AGAINST, FOR, ABSTAIN] = [0, 1, 2];
const DAY = 86_400n;
const NUMBER = 1n;

/** Persons by index: the member whose number is asked for, members all but the last two. */
const [OWNER, FIRST, SECOND, THIRD, VOTER, FRESH, OTHER] = [0, 1, 2, 3, 4, 5, 6];

describe("attacks on recovery", () => {
  const roll = useRoll();
  const { key, desk, soon, consent, name, request, approve, decide, requestOf, ripen } = recovering(roll);
  const governor = (index: number) => roll.governor.connect(roll.person(index));
  const rotate = (from: number, to: number) => roll.rotate(roll.person(from), roll.person(to));
  const snapshot = () => roll.connection.networkHelpers.takeSnapshot();

  /** Five members who vote; two of three guardians of the first must agree. */
  beforeEach(async () => {
    for (let index = 0; index < 5; index++) await roll.join(roll.person(index), index);
    await roll.goTo(await roll.votesFrom(5n));
    await name(OWNER, [FIRST, SECOND, THIRD], 2);
  });

  /** Enough guardians ask for a fresh key. */
  async function start() {
    await request(FIRST, NUMBER, FRESH);
    await approve(SECOND, NUMBER, FRESH);
  }

  /** Everything that a recovery could have bent. */
  async function state() {
    const { membership } = roll;
    const list = await membership.members(1, 200);
    return {
      keys: list.map((entry) => entry.key),
      status: list.map((entry) => entry.status),
      living: await membership.totalSupply(),
      votes: await membership.getPastTotalSupply((await roll.now()) - 1n),
    };
  }

  const refuses = async (newKey = key(FRESH)) =>
    expect(roll.recovery.complete(NUMBER))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoRequest")
      .withArgs(NUMBER, newKey);

  /** A decision that is open, and what the voters said so far. */
  async function propose(title: string) {
    const target = await roll.card.getAddress();
    await governor(VOTER).propose([target], [0n], ["0x"], title);
    const proposal = await roll.governor.getProposalId([target], [0n], ["0x"], id(title));
    return {
      proposal,
      open: async () => roll.goTo((await roll.governor.proposalSnapshot(proposal)) + 1n),
      votes: async () => [...(await roll.governor.proposalVotes(proposal))],
      vote: (index: number, support: number) => governor(index).castVote(proposal, support),
    };
  }

  it("attack 143: a recovery under way moves nothing once the member moved, there and back too, left or was ended", async () => {
    await start();
    for (const act of [
      () => rotate(OWNER, OTHER),
      async () => {
        await rotate(OWNER, OTHER);
        await rotate(OTHER, OWNER);
      },
      () => roll.membership.connect(roll.person(OWNER)).resign(),
      () => roll.governing.end(NUMBER),
      async () => {
        await roll.governing.end(NUMBER);
        await roll.governing.pardon(key(OWNER));
        await roll.join(roll.person(OWNER));
      },
    ]) {
      const restore = await snapshot();
      const { readyAt } = await requestOf(NUMBER);
      await act();
      await roll.goTo(readyAt);
      const before = await state();
      await refuses();
      expect(await state()).to.deep.equal(before);
      expect(await roll.membership.numberOf(key(FRESH))).to.equal(0n);
      await restore.restore();
    }
  });

  it("attack 143: a recovery that is void does not come back when its member may not speak", async () => {
    await start();
    await rotate(OWNER, OTHER);
    await desk(OTHER).nameGuardians([key(VOTER)], 1);
    await rotate(OTHER, OWNER);
    const until = (await roll.now()) + 60n * DAY;
    for (const act of [
      () => roll.governing.suspend(NUMBER, mask(Right.Speak), until),
      () => roll.goTo(until - 10n * DAY),
      () => roll.goTo(until),
    ]) {
      await act();
      expect((await requestOf(NUMBER)).newKey).to.equal(ZeroAddress);
      await refuses(ZeroAddress);
    }
    expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(OWNER));
  });

  it("attack 143: a majority that suspends the right to speak takes away no veto", async () => {
    await name(OWNER, [], 0);
    const before = await state();
    await desk(FRESH).claim(NUMBER, id("we say so"));
    await decide(NUMBER, FRESH);
    const { readyAt } = await requestOf(NUMBER);
    await roll.governing.suspend(NUMBER, 15, readyAt + DAY);
    await roll.goTo(readyAt);
    // In this very block the number would be gone; the member, who may not even speak, says no first.
    const deadline = await soon();
    const no = { account: key(OWNER), number: NUMBER, newKey: key(FRESH), deadline };
    const signature = await signStruct(roll.recovery, roll.person(OWNER), Struct.Veto, no);
    await roll.recovery.vetoBySig(key(OWNER), NUMBER, key(FRESH), deadline, signature);
    for (const moment of [readyAt + 3_600n, readyAt + DAY]) {
      await roll.goTo(moment);
      await refuses(ZeroAddress);
    }
    expect((await state()).keys).to.deep.equal(before.keys);
  });

  it("attack 143: in the very block of the completion, whoever comes first wins, and the other meets a clean refusal", async () => {
    await start();
    await ripen(NUMBER);
    const restore = await snapshot();
    await desk(OWNER).veto(NUMBER);
    await refuses(ZeroAddress);
    await restore.restore();
    await roll.recovery.complete(NUMBER);
    await expect(desk(OWNER).veto(NUMBER))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotHolder")
      .withArgs(NUMBER, key(OWNER));
    await expect(rotate(OWNER, OTHER)).to.be.revert(roll.ethers);
    expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(FRESH));
  });

  it("attack 143: of two requests for a number one is carried out, and that once", async () => {
    await request(FIRST, NUMBER, FRESH);
    await request(SECOND, NUMBER, OTHER);
    // What was approved before does not count for what took its place.
    expect((await requestOf(NUMBER)).approvals).to.equal(1n);
    await expect(approve(THIRD, NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoRequest")
      .withArgs(NUMBER, key(FRESH));
    await approve(THIRD, NUMBER, OTHER);
    await expect(request(THIRD, NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryPending")
      .withArgs(NUMBER, key(OTHER));
    await ripen(NUMBER);
    await roll.recovery.complete(NUMBER);
    const before = await state();
    await refuses(ZeroAddress);
    expect(await state()).to.deep.equal(before);
    expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(OTHER));
    expect(await roll.membership.numberOf(key(FRESH))).to.equal(0n);
  });

  it("attack 143: one fresh key that two numbers are to move to gets one of them", async () => {
    await name(VOTER, [FIRST], 1);
    await start();
    await request(FIRST, 5n, FRESH);
    await ripen(5n);
    await roll.recovery.complete(5n);
    await expect(roll.recovery.complete(NUMBER))
      .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
      .withArgs(key(FRESH), 5n);
    expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(OWNER));
    expect(await roll.membership.totalSupply()).to.equal(5n);
  });

  it("attack 88: no number is recovered onto a member, a barred key or the zero address, or by a stranger", async () => {
    const before = await state();
    await expect(request(FIRST, NUMBER, VOTER))
      .to.be.revertedWithCustomError(roll.membership, "MembershipAlreadyMember")
      .withArgs(key(VOTER), 5n);
    await expect(desk(FIRST).request(NUMBER, ZeroAddress, FAR, `0x${"00".repeat(65)}`))
      .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsInvalidSignature")
      .withArgs(ZeroAddress);
    for (const stranger of [OTHER, VOTER, FRESH, OWNER]) {
      await expect(request(stranger, NUMBER, FRESH))
        .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotGuardian")
        .withArgs(NUMBER, key(stranger));
      await expect(desk(stranger).decide(NUMBER, key(FRESH)))
        .to.be.revertedWithCustomError(roll.recovery, "RollDeskUnauthorized")
        .withArgs(key(stranger), roll.timelock);
      await expect(roll.membership.connect(roll.person(stranger)).moveKey(NUMBER, key(FRESH)))
        .to.be.revertedWithCustomError(roll.membership, "RollOperationsUnauthorized")
        .withArgs(key(stranger));
    }
    expect(await state()).to.deep.equal(before);
    // A barred key may be asked for, by the roll's own word it gets nothing.
    const barred = await roll.join(roll.person(FRESH));
    await roll.governing.end(barred);
    await start();
    await ripen(NUMBER);
    await expect(roll.recovery.complete(NUMBER))
      .to.be.revertedWithCustomError(roll.membership, "MembershipKeyBarred")
      .withArgs(key(FRESH), barred);
    expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(OWNER));
  });

  it("attack 85: nobody is given a number whose key did not agree to just that", async () => {
    const deadline = await soon();
    const forged = await consent(roll.person(FIRST), NUMBER, deadline, { newKey: key(FRESH) });
    const forAnother = await consent(roll.person(FRESH), 2n, deadline);
    for (const signature of ["0x", forged, forAnother]) {
      await expect(desk(FIRST).request(NUMBER, key(FRESH), deadline, signature))
        .to.be.revertedWithCustomError(roll.recovery, "SignedRequestsInvalidSignature")
        .withArgs(key(FRESH));
    }
    await name(OWNER, [], 0);
    await expect(decide(NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoClaim")
      .withArgs(NUMBER, key(FRESH));
  });

  it("attack 143: fewer guardians than must agree take no number", async () => {
    await request(FIRST, NUMBER, FRESH);
    await expect(approve(FIRST, NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryAlreadyApproved")
      .withArgs(NUMBER, key(FIRST));
    await roll.goTo((await roll.now()) + 60n * DAY);
    await expect(roll.recovery.complete(NUMBER))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNotReady")
      .withArgs(NUMBER, 0);
    // Nor one who was among them when the others were not named yet.
    await name(OWNER, [SECOND, THIRD], 2);
    await expect(approve(FIRST, NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoRequest")
      .withArgs(NUMBER, key(FRESH));
    await request(SECOND, NUMBER, FRESH);
    expect((await requestOf(NUMBER)).approvals).to.equal(1n);
  });

  it("attack 143: fewer guardians than must agree do not keep the others from a recovery", async () => {
    // The third asks for keys of its own whenever it can; the others need one moment.
    await request(THIRD, NUMBER, OTHER);
    await request(FIRST, NUMBER, FRESH);
    await expect(request(THIRD, NUMBER, OTHER))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryTooSoon")
      .withArgs(NUMBER, key(THIRD), (from: bigint) => from > 0n);
    await approve(SECOND, NUMBER, FRESH);
    await roll.goTo((await requestOf(NUMBER)).lapsesAt - 10n);
    // A window later the third may ask again, but not in the place of what only waits to be completed.
    await expect(request(THIRD, NUMBER, OTHER))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryPending")
      .withArgs(NUMBER, key(FRESH));
    await roll.recovery.complete(NUMBER);
    expect(await roll.membership.ownerOf(NUMBER)).to.equal(key(FRESH));
  });

  it("attack 143: no majority takes the number of a member who says no", async () => {
    await name(OWNER, [], 0);
    const before = await state();
    for (const fresh of [FRESH, OTHER]) {
      await desk(fresh).claim(NUMBER, id("we say so"));
      await decide(NUMBER, fresh);
      await ripen(NUMBER);
      await desk(OWNER).veto(NUMBER);
      await refuses(ZeroAddress);
    }
    // Naming guardians shuts this way altogether.
    await desk(FRESH).claim(NUMBER, id("once more"));
    await name(OWNER, [VOTER], 1);
    await expect(decide(NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryGuarded")
      .withArgs(NUMBER, 1);
    const after = await state();
    expect(after).to.deep.equal(before);
  });

  it("attack 143: a claim that nobody decided on does not wait for the number's next holder", async () => {
    await name(OWNER, [], 0);
    await desk(FRESH).claim(NUMBER, id("mine"));
    await rotate(OWNER, OTHER);
    await expect(decide(NUMBER, FRESH))
      .to.be.revertedWithCustomError(roll.recovery, "KeyRecoveryNoClaim")
      .withArgs(NUMBER, key(FRESH));
  });

  context("given a recovery that is completed while a decision is open", () => {
    /** Completes the recovery in the middle of the poll; whether the old key voted before is the test's. */
    async function decision() {
      await start();
      const opened = await propose("The decision under attack");
      await opened.open();
      return opened;
    }

    it("attack 37: old key and new key have one ballot, which the last of them says", async () => {
      const { proposal, votes, vote } = await decision();
      await vote(OWNER, FOR);
      await vote(VOTER, FOR);
      await ripen(NUMBER);
      await roll.recovery.complete(NUMBER);
      const moved = await roll.now();
      await expect(vote(OWNER, AGAINST))
        .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
        .withArgs(proposal, key(OWNER), Standing.Rotated, moved);
      expect(await roll.governor.hasVoted(proposal, key(FRESH))).to.equal(true);
      expect(await votes()).to.deep.equal([0n, 2n, 0n]);
      for (const [support, expected, receipt] of [
        [AGAINST, [1n, 1n, 0n], Receipt.Against],
        [ABSTAIN, [0n, 1n, 1n], Receipt.Abstain],
        [FOR, [0n, 2n, 0n], Receipt.For],
      ] as const) {
        await vote(FRESH, support);
        expect(await votes()).to.deep.equal(expected);
        expect(await roll.governor.receiptOf(proposal, NUMBER)).to.equal(receipt);
      }
      expect((await roll.governor.proposalFrame(proposal)).electorate).to.equal(5n);
    });

    it("attack 65: a ballot that the old key signed and somebody kept back counts no more", async () => {
      const { proposal, votes, vote } = await decision();
      const signature = await signBallot(roll.governor, roll.person(OWNER), {
        proposalId: proposal,
        support: AGAINST,
        voter: key(OWNER),
        nonce: 0n,
      });
      await ripen(NUMBER);
      await roll.recovery.complete(NUMBER);
      const moved = await roll.now();
      await vote(FRESH, FOR);
      await expect(governor(VOTER).castVoteBySig(proposal, AGAINST, key(OWNER), signature))
        .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
        .withArgs(proposal, key(OWNER), Standing.Rotated, moved);
      expect(await votes()).to.deep.equal([0n, 1n, 0n]);
    });

    it("attack 144: the old key that joins again gains no ballot, nor a new key that has voted as another member", async () => {
      const { proposal, votes, vote } = await decision();
      await vote(OWNER, FOR);
      await ripen(NUMBER);
      await roll.recovery.complete(NUMBER);
      const again = await roll.join(roll.person(OWNER));
      await expect(vote(OWNER, AGAINST))
        .to.be.revertedWithCustomError(roll.governor, "CoalitionGovernorBallotRefused")
        .withArgs(proposal, key(OWNER), Standing.Immature, await roll.votesFrom(again));
      // A guardian votes, leaves, and is the next key of the number: it changes the number's ballot, no more.
      await vote(THIRD, FOR);
      await roll.membership.connect(roll.person(THIRD)).resign();
      await rotate(FRESH, THIRD);
      expect(await votes()).to.deep.equal([0n, 2n, 0n]);
      await vote(THIRD, AGAINST);
      expect(await votes()).to.deep.equal([1n, 1n, 0n]);
      expect(await roll.governor.receiptOf(proposal, 4n)).to.equal(Receipt.For);
    });

    it("attack 37: past votes of both keys are what they were, and one at every moment", async () => {
      await start();
      await ripen(NUMBER);
      await roll.recovery.complete(NUMBER);
      const moved = await roll.now();
      await roll.goTo(moved + 10n);
      for (const [moment, old, fresh] of [
        [moved - 1n, 1n, 0n],
        [moved, 0n, 1n],
        [moved + 1n, 0n, 1n],
      ] as const) {
        expect(await roll.membership.getPastVotes(key(OWNER), moment)).to.equal(old);
        expect(await roll.membership.getPastVotes(key(FRESH), moment)).to.equal(fresh);
        expect(await roll.membership.getPastTotalSupply(moment)).to.equal(5n);
      }
    });
  });
});
