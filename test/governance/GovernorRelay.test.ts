import { expect } from "chai";
import { type AddressLike, concat, dataSlice, encodeBytes32String, Signature, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { FAR, Receipt } from "../helpers/attacks.js";
import {
  CURVE_ORDER,
  digestOfFirstBallot,
  type FirstBallot,
  groupOf,
  groupWith,
  longForm,
  mirrored,
  named,
  outcomeOf,
  Skip,
  signFirstBallot,
  signNamedBallot,
  takenFor,
} from "../helpers/ballots.js";
import { deployCoalition } from "../helpers/fixture.js";
import {
  actAs,
  Decision,
  domainOf,
  foundWithDecision,
  join,
  maskOf,
  outsidersOf,
  type Person,
  Right,
  rotateKey,
  State,
  Support,
  seatMembers,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** Gas that must be left for a named ballot: what a wallet may use and what counting then needs. */
const NAMED_GAS = 100_000n + 100_000n / 32n + 250_000n;

/** `HostileWallet.Manner`. */
const Manner = {
  Agreeing: 0,
  WrongMagic: 1,
  ShortAnswer: 2,
  Reverting: 3,
  Megabyte: 4,
  GasBurning: 5,
  Meddling: 6,
} as const;

/** An open decision on which nobody has voted, and the message of a ballot that counts. */
async function openDecision() {
  const setting = await foundWithDecision(connection, { count: 24 });
  const { members, outsiders, decision } = setting;
  await decision.start(members[0]);
  const ballot = (support: number, deadline = FAR): FirstBallot => ({
    proposalId: decision.id,
    support,
    deadline,
  });
  return { ...setting, ballot, relayer: outsiders[0], stranger: outsiders[1] };
}

type Setting = Awaited<ReturnType<typeof openDecision>>;
type Groups = Parameters<Setting["governor"]["castBallots"]>[1];
type Named = Parameters<Setting["governor"]["castBallots"]>[2];

/** Brings a batch and tells what became of each ballot. */
async function bring(
  { governor, decision, outsiders }: Pick<Setting, "governor" | "decision" | "outsiders">,
  groups: Groups,
  ballots: Named = [],
) {
  return outcomeOf(governor, governor.connect(outsiders[0]).castBallots(decision.id, groups, ballots));
}

/** The event of a ballot that counted. */
const counts = (
  { decision }: Pick<Setting, "decision">,
  voter: string | Person,
  support: number,
  weight = 1n,
) => ({
  voter: typeof voter === "string" ? voter : voter.address,
  proposalId: decision.id,
  support,
  weight,
  reason: "",
});

/** The event of a ballot that was passed over. */
const skips = (
  { decision }: Pick<Setting, "decision">,
  voter: string | Person,
  [group, index]: readonly [number, number],
  reason: bigint,
) => ({
  voter: typeof voter === "string" ? voter : voter.address,
  proposalId: decision.id,
  group: BigInt(group),
  index: BigInt(index),
  reason,
});

describe("GovernorRelay", () => {
  /** The receipt of whoever holds or held a key. */
  async function receiptOf(
    { governor, membership, decision }: Pick<Setting, "governor" | "membership" | "decision">,
    key: AddressLike,
  ) {
    return governor.receiptOf(decision.id, await membership.numberOf(key));
  }

  describe("castBallots", () => {
    context("given a decision that is not open", () => {
      it("reverts when nobody proposed it", async () => {
        const { governor } = await loadFixture(openDecision);
        await expect(governor.castBallots(7n, [], []))
          .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
          .withArgs(7n);
      });

      it("reverts when its notice is not over", async () => {
        const { governor, members, box } = await loadFixture(openDecision);
        const data = box.interface.encodeFunctionData("setX", [2]);
        const pending = new Decision(connection, { governor }, [{ target: box, data }], "Keep two");
        await pending.propose(members[1]);
        const ballot = { proposalId: pending.id, support: Support.For, deadline: FAR };
        await expect(governor.castBallots(pending.id, [await groupOf(governor, [members[0]], ballot)], []))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(pending.id, State.Pending, stateMask(State.Active));
      });

      it("counts in its last second, and reverts in the one after", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const close = await decision.deadline();
        const group = await groupOf(governor, [members[0]], ballot(Support.For));
        await time.setNextBlockTimestamp(close);
        expect((await bring(setting, [group])).counted).to.deep.equal([
          counts(setting, members[0], Support.For),
        ]);
        await time.setNextBlockTimestamp(close + 1n);
        await expect(
          governor.castBallots(decision.id, [await groupOf(governor, [members[1]], ballot(Support.For))], []),
        )
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Defeated, stateMask(State.Active));
      });
    });

    context("given a batch that is too long", () => {
      it("reverts with more than 8 groups", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, ballot } = setting;
        const empty = groupWith(ballot(Support.For));
        await expect(governor.castBallots(decision.id, Array(9).fill(empty), []))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
          .withArgs(encodeBytes32String("groups"), 9n, 8n);
        expect(await bring(setting, Array(8).fill(empty))).to.deep.equal({ counted: [], skipped: [] });
      });

      it("reverts with more than 64 named ballots", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, stranger, ballot } = setting;
        const expired = await named(governor, stranger, ballot(Support.For, 1n));
        await expect(governor.castBallots(decision.id, [], Array(65).fill(expired)))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
          .withArgs(encodeBytes32String("ballots"), 65n, 64n);
        expect((await bring(setting, [], Array(64).fill(expired))).skipped).to.have.length(64);
      });

      it("reverts with more than 1,000 ballots in its groups together", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, ballot, members } = setting;
        const junk = (count: number) => new Uint8Array(64 * count);
        const group = (count: number) => groupWith(ballot(Support.For), junk(count));
        await expect(governor.castBallots(decision.id, [group(600), group(401)], []))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorTooLong")
          .withArgs(encodeBytes32String("ballots"), 1_001n, 1_000n);
        const last = await signFirstBallot(governor, members[0], ballot(Support.For));
        const full = groupWith(ballot(Support.For), junk(399), last);
        const { counted, skipped } = await bring(setting, [group(600), full]);
        expect(counted).to.deep.equal([counts(setting, members[0], Support.For)]);
        expect(skipped).to.have.length(999);
        expect(skipped[998]).to.deep.equal(skips(setting, ZeroAddress, [1, 398], Skip.InvalidSignature));
      });
    });

    it("counts nothing when nothing is brought", async () => {
      const setting = await loadFixture(openDecision);
      expect(await setting.governor.castBallots.staticCall(setting.decision.id, [], [])).to.equal(0n);
      expect(await bring(setting, [])).to.deep.equal({ counted: [], skipped: [] });
      expect(await setting.governor.proposalVotes(setting.decision.id)).to.deep.equal([0n, 0n, 0n]);
    });

    it("counts groups of every choice, with an event each and the votes of every stakeholder group", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, decision, members, ballot } = setting;
      const choices = [
        [Support.Against, members.slice(0, 5)],
        [Support.For, members.slice(5, 18)],
        [Support.Abstain, members.slice(18, 24)],
      ] as const;
      const groups = await Promise.all(
        choices.map(([support, signers]) => groupOf(governor, signers, ballot(support))),
      );
      expect(await governor.castBallots.staticCall(decision.id, groups, [])).to.equal(24n);
      const { counted, skipped } = await bring(setting, groups);
      expect(counted).to.deep.equal(
        choices.flatMap(([support, signers]) => signers.map((signer) => counts(setting, signer, support))),
      );
      expect(skipped).to.deep.equal([]);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([5n, 13n, 6n]);
      // Members 1 to 5 voted Against, 6 to 18 For, the rest Abstain; they sit in 6 groups, one after the other.
      for (let group = 0; group < 6; group++) {
        expect(await governor.proposalVotesByGroup(decision.id, group)).to.deep.equal(
          choices.map(([, signers]) =>
            BigInt(signers.filter((signer) => members.indexOf(signer) % 6 === group).length),
          ),
        );
      }
      for (const [support, signers] of choices) {
        for (const signer of signers) expect(await receiptOf(setting, signer)).to.equal(BigInt(support) + 1n);
      }
      expect(await governor.hasVoted(decision.id, members[23])).to.equal(true);
    });

    it("adds to what was voted in person, and others go on in person after it, until the close", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, decision, members, ballot } = setting;
      await decision.vote(members[0], Support.For);
      await bring(setting, [await groupOf(governor, [members[6], members[3]], ballot(Support.Against))]);
      await decision.vote(members[12], Support.Abstain);
      await decision.vote(members[9], Support.For);
      expect(await governor.proposalVotesByGroup(decision.id, 0)).to.deep.equal([1n, 1n, 1n]);
      expect(await governor.proposalVotesByGroup(decision.id, 3)).to.deep.equal([1n, 1n, 0n]);
      await decision.close();
      await expect(decision.vote(members[15], Support.For))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Defeated, stateMask(State.Active));
    });

    it("carries a decision of ballots by signature alone to its execution", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, decision, members, relayer, ballot, box } = setting;
      await bring(setting, [await groupOf(governor, members.slice(0, 7), ballot(Support.For))]);
      await decision.close();
      await decision.queue(relayer);
      await decision.mature();
      await decision.execute(relayer);
      expect(await box.x()).to.equal(1n);
    });

    context("given a bad ballot in a group", () => {
      /** A group of one bad ballot between two good ones. */
      async function between(setting: Setting, bad: string, support: number = Support.For) {
        const { governor, members, ballot } = setting;
        const first = await signFirstBallot(governor, members[1], ballot(support));
        const last = await signFirstBallot(governor, members[2], ballot(support));
        return bring(setting, [groupWith(ballot(support), first, bad, last)]);
      }

      /** Passed over as whoever it is taken for; the others counted. */
      async function expectSkipped(setting: Setting, bad: string, voter: string | Person, reason: bigint) {
        const { members } = setting;
        const { counted, skipped } = await between(setting, bad);
        expect(skipped).to.deep.equal([skips(setting, voter, [0, 1], reason)]);
        expect(counted).to.deep.equal([
          counts(setting, members[1], Support.For),
          counts(setting, members[2], Support.For),
        ]);
        expect(await setting.governor.proposalVotes(setting.decision.id)).to.deep.equal([0n, 2n, 0n]);
      }

      it("passes it over as an invalid signature when it is none", async () => {
        const setting = await loadFixture(openDecision);
        for (const junk of [new Uint8Array(64), new Uint8Array(64).fill(0xff)]) {
          await expectSkipped(setting, concat([junk]), ZeroAddress, Skip.InvalidSignature);
          await loadFixture(openDecision);
        }
      });

      it("passes it over as not entitled when whoever signed is no member", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, stranger, ballot } = setting;
        const bad = await signFirstBallot(governor, stranger, ballot(Support.For));
        await expectSkipped(setting, bad, stranger, Skip.NotEntitled);
      });

      it("passes it over as not entitled when the member's vote came after the opening", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, stranger, ballot } = setting;
        await join(setting, stranger);
        const bad = await signFirstBallot(governor, stranger, ballot(Support.For));
        await expectSkipped(setting, bad, stranger, Skip.NotEntitled);
      });

      it("passes it over as not entitled when the member has left", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, membership, members, ballot } = setting;
        const bad = await signFirstBallot(governor, members[3], ballot(Support.For));
        await membership.connect(members[3]).resign();
        await expectSkipped(setting, bad, members[3], Skip.NotEntitled);
      });

      it("passes it over as not entitled when the member's vote is suspended", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, membership, timelock, members, ballot } = setting;
        const until = (await time.latest()) + 86_400 * 30;
        await membership
          .connect(await actAs(connection, timelock))
          .suspend(await membership.numberOf(members[3]), maskOf(Right.Vote), until);
        const bad = await signFirstBallot(governor, members[3], ballot(Support.For));
        await expectSkipped(setting, bad, members[3], Skip.NotEntitled);
      });

      it("passes it over as not entitled when the member has moved to another key, whose ballot counts", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, stranger, ballot } = setting;
        const bad = await signFirstBallot(governor, members[3], ballot(Support.For));
        await rotateKey(setting, members[3], stranger);
        await expectSkipped(setting, bad, members[3], Skip.NotEntitled);
        const good = await groupOf(governor, [stranger], ballot(Support.For));
        expect((await bring(setting, [good])).counted).to.deep.equal([
          counts(setting, stranger, Support.For),
        ]);
      });

      it("takes it for a stranger's when it was signed for another choice, deadline or decision", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, decision, ballot } = setting;
        for (const change of [
          { support: Support.Against },
          { deadline: FAR - 1n },
          { proposalId: decision.id + 1n },
        ]) {
          await loadFixture(openDecision);
          const signed = { ...ballot(Support.For), ...change };
          const bad = await signFirstBallot(governor, members[3], signed);
          const voter = await takenFor(governor, ballot(Support.For), bad);
          expect(voter).not.to.equal(members[3].address);
          await expectSkipped(setting, bad, voter, Skip.NotEntitled);
        }
      });

      it("takes it for a stranger's when it was signed for another chain, governor, name or version", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, membership, members, ballot } = setting;
        const { chainId } = await domainOf(governor);
        for (const change of [
          { chainId: chainId + 1n },
          { verifyingContract: await membership.getAddress() },
          { name: "Another Governor" },
          { version: "2" },
        ]) {
          await loadFixture(openDecision);
          const bad = await signFirstBallot(governor, members[3], ballot(Support.For), change);
          const voter = await takenFor(governor, ballot(Support.For), bad);
          expect(voter).not.to.equal(members[3].address);
          await expectSkipped(setting, bad, voter, Skip.NotEntitled);
        }
      });

      it("passes it over as cast when the member came first, in person or by signature", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, relayer, ballot } = setting;
        const bad = await signFirstBallot(governor, members[3], ballot(Support.For));
        const beforehand = [
          () => decision.vote(members[3], Support.For),
          () => decision.voteBySig(relayer, members[3], Support.For),
          async () => governor.castBallots(decision.id, [groupWith(ballot(Support.For), bad)], []),
        ];
        for (const vote of beforehand) {
          await loadFixture(openDecision);
          await vote();
          const { counted, skipped } = await between(setting, bad);
          expect(skipped).to.deep.equal([skips(setting, members[3], [0, 1], Skip.AlreadyCast)]);
          expect(counted).to.have.length(2);
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 3n, 0n]);
        }
      });
    });

    context("given a group that is bad as a whole", () => {
      it("passes over each of its ballots when its deadline has passed, and none in its last second", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const moment = BigInt(await time.latest()) + 100n;
        const late = ballot(Support.For, moment - 1n);
        const signature = await signFirstBallot(governor, members[0], late);
        const groups = [
          groupWith(late, signature, new Uint8Array(64)),
          await groupOf(governor, [members[0]], ballot(Support.Against, moment)),
        ];
        await time.setNextBlockTimestamp(moment);
        expect(await bring(setting, groups)).to.deep.equal({
          counted: [counts(setting, members[0], Support.Against)],
          skipped: [
            skips(setting, members[0], [0, 0], Skip.Expired),
            skips(setting, ZeroAddress, [0, 1], Skip.Expired),
          ],
        });
      });

      it("passes over each of its ballots when its choice is none", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const groups = [
          await groupOf(governor, members.slice(0, 2), ballot(3)),
          await groupOf(governor, [members[0]], ballot(255, 1n)),
          await groupOf(governor, [members[0]], ballot(Support.Abstain)),
        ];
        expect(await bring(setting, groups)).to.deep.equal({
          counted: [counts(setting, members[0], Support.Abstain)],
          skipped: [
            skips(setting, members[0], [0, 0], Skip.SupportOutOfRange),
            skips(setting, members[1], [0, 1], Skip.SupportOutOfRange),
            skips(setting, members[0], [1, 0], Skip.SupportOutOfRange),
          ],
        });
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 1n]);
      });

      it("says where something is left that is shorter than a signature, and counts what came before", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const good = await signFirstBallot(governor, members[0], ballot(Support.For));
        const other = await signFirstBallot(governor, members[1], ballot(Support.For));
        const late = await signFirstBallot(governor, members[2], ballot(Support.For, 1n));
        const groups = [
          groupWith(ballot(Support.For), good, other, "0x01"),
          groupWith(ballot(Support.Against), new Uint8Array(63)),
          groupWith(ballot(Support.For, 1n), late, "0x0102"),
        ];
        expect(await bring(setting, groups)).to.deep.equal({
          counted: [counts(setting, members[0], Support.For), counts(setting, members[1], Support.For)],
          skipped: [
            skips(setting, ZeroAddress, [0, 2], Skip.WrongLength),
            skips(setting, ZeroAddress, [1, 0], Skip.WrongLength),
            skips(setting, members[2], [2, 0], Skip.Expired),
            skips(setting, ZeroAddress, [2, 1], Skip.WrongLength),
          ],
        });
      });

      it("takes signatures of 65 or 66 bytes for what their first 64 are, and says what is left", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const message = ballot(Support.For);
        const compact = await Promise.all(
          members.map((member) => signFirstBallot(governor, member, message)),
        );
        // Whose signature has its parity bit set, another can be recovered from the bare r and s.
        const odd = compact.findIndex((signature) => Signature.from(signature).yParity === 1);
        const even = compact.findIndex((signature) => Signature.from(signature).yParity === 0);
        for (const tail of ["0x", "0x00"]) {
          await loadFixture(openDecision);
          const stretched = (index: number) => concat([longForm(compact[index]), tail]);
          const voter = await takenFor(governor, message, dataSlice(stretched(odd), 0, 64));
          expect(
            await bring(setting, [
              groupWith(message, stretched(odd)),
              groupWith(message, stretched(even)),
              groupWith(message, compact[odd]),
            ]),
          ).to.deep.equal({
            counted: [
              counts(setting, members[even], Support.For),
              counts(setting, members[odd], Support.For),
            ],
            skipped: [
              skips(setting, voter, [0, 0], Skip.NotEntitled),
              skips(setting, ZeroAddress, [0, 1], Skip.WrongLength),
              skips(setting, ZeroAddress, [1, 1], Skip.WrongLength),
            ],
          });
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 2n, 0n]);
        }
      });
    });

    context("given a signature in the other half of the curve's order", () => {
      /** A member whose ballot has a mirror image that a compact signature can hold. */
      async function openToMirrored() {
        const coalition = await deployCoalition(connection);
        const { governor } = coalition;
        const box = await ethers.deployContract("Box");
        const data = box.interface.encodeFunctionData("setX", [1]);
        const decision = new Decision(connection, coalition, [{ target: box, data }], "Keep the number one");
        const message = { proposalId: await decision.identify(), support: Support.For, deadline: FAR };
        const { wallet, low, high } = mirrored(await digestOfFirstBallot(governor, message));
        const voter = wallet.connect(ethers.provider);
        await networkHelpers.setBalance(voter.address, ethers.parseEther("10"));
        await join(coalition, voter);
        const members = await seatMembers(connection, coalition, 12);
        await decision.start(members[0]);
        return {
          ...coalition,
          decision,
          members,
          outsiders: outsidersOf(coalition),
          voter,
          low,
          high,
          message,
        };
      }

      it("passes it over in a group as none, though the curve would recover the member from it", async () => {
        const setting = await loadFixture(openToMirrored);
        const { governor, voter, low, high, message } = setting;
        const digest = await digestOfFirstBallot(governor, message);
        const recovered = await ethers.provider.call({
          to: "0x0000000000000000000000000000000000000001",
          data: concat([
            digest,
            new Uint8Array(31),
            dataSlice(longForm(high), 64),
            dataSlice(longForm(high), 0, 64),
          ]),
        });
        expect(BigInt(recovered)).to.equal(BigInt(voter.address));
        expect(await bring(setting, [groupWith(message, high, low, high)])).to.deep.equal({
          counted: [counts(setting, voter, Support.For)],
          skipped: [
            skips(setting, ZeroAddress, [0, 0], Skip.InvalidSignature),
            skips(setting, ZeroAddress, [0, 2], Skip.InvalidSignature),
          ],
        });
      });

      it("passes it over in a named ballot", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const good = await named(governor, members[3], ballot(Support.For));
        const { r, s, v } = Signature.from(good.signature);
        const mirror = concat([r, ethers.toBeHex(CURVE_ORDER - BigInt(s), 32), v === 27 ? "0x1c" : "0x1b"]);
        expect(await bring(setting, [], [{ ...good, signature: mirror }, good])).to.deep.equal({
          counted: [counts(setting, members[3], Support.For)],
          skipped: [skips(setting, members[3], [0, 0], Skip.InvalidSignature)],
        });
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
      });
    });

    context("given a ballot that comes twice", () => {
      it("counts it once in a group", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const group = await groupOf(governor, [members[0], members[1], members[0]], ballot(Support.For));
        expect((await bring(setting, [group])).skipped).to.deep.equal([
          skips(setting, members[0], [0, 2], Skip.AlreadyCast),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 2n, 0n]);
      });

      it("counts the first of a member's ballots in groups of different choices", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const groups = [
          await groupOf(governor, [members[0]], ballot(Support.Against)),
          await groupOf(governor, [members[1], members[0]], ballot(Support.For)),
        ];
        expect((await bring(setting, groups)).skipped).to.deep.equal([
          skips(setting, members[0], [1, 1], Skip.AlreadyCast),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 1n, 0n]);
      });

      it("passes over every ballot of a batch that is brought again", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const group = await groupOf(governor, members.slice(0, 3), ballot(Support.For));
        const change = [await named(governor, members[3], ballot(Support.Against))];
        await bring(setting, [group], change);
        const again = await bring(setting, [group], change);
        expect(again).to.deep.equal({
          counted: [],
          skipped: [
            skips(setting, members[0], [0, 0], Skip.AlreadyCast),
            skips(setting, members[1], [0, 1], Skip.AlreadyCast),
            skips(setting, members[2], [0, 2], Skip.AlreadyCast),
            skips(setting, members[3], [1, 0], Skip.WrongNonce),
          ],
        });
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 3n, 0n]);
      });
    });

    context("given a named ballot", () => {
      it("counts it as a first one and uses up the nonce", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const good = await named(governor, members[3], ballot(Support.Abstain));
        expect(await bring(setting, [], [good])).to.deep.equal({
          counted: [counts(setting, members[3], Support.Abstain)],
          skipped: [],
        });
        expect(await receiptOf(setting, members[3])).to.equal(Receipt.Abstain);
        expect(await governor.nonces(members[3])).to.equal(1n);
      });

      it("changes a first ballot that came in a group, once", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const first = await groupOf(governor, members.slice(0, 4), ballot(Support.For));
        await bring(setting, [first]);
        const change = await named(governor, members[3], ballot(Support.Against));
        expect(await bring(setting, [], [change, change])).to.deep.equal({
          counted: [counts(setting, members[3], Support.Against)],
          skipped: [skips(setting, members[3], [0, 1], Skip.WrongNonce)],
        });
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 3n, 0n]);
        expect((await bring(setting, [first])).counted, "the first one does not come back").to.deep.equal([]);
        expect(await receiptOf(setting, members[3])).to.equal(Receipt.Against);
      });

      it("changes a ballot of the same batch, and again with the next nonce", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const group = await groupOf(governor, [members[3]], ballot(Support.For));
        const changes = [
          await named(governor, members[3], { ...ballot(Support.Against), nonce: 0n }),
          await named(governor, members[3], { ...ballot(Support.Abstain), nonce: 1n }),
        ];
        expect((await bring(setting, [group], changes)).counted).to.deep.equal([
          counts(setting, members[3], Support.For),
          counts(setting, members[3], Support.Against),
          counts(setting, members[3], Support.Abstain),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 1n]);
      });

      it("changes a ballot that came alone by signature, and shares its nonces", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, relayer, ballot } = setting;
        const early = await named(governor, members[3], ballot(Support.Abstain));
        await decision.voteBySig(relayer, members[3], Support.For);
        const late = await named(governor, members[3], ballot(Support.Against));
        expect(await bring(setting, [], [early, late])).to.deep.equal({
          counted: [counts(setting, members[3], Support.Against)],
          skipped: [skips(setting, members[3], [0, 0], Skip.WrongNonce)],
        });
      });

      it("never replaces a ballot cast in person, and leaves its nonce", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        const kept = await named(governor, members[3], ballot(Support.Against));
        await decision.vote(members[3], Support.For);
        expect(await bring(setting, [], [kept])).to.deep.equal({
          counted: [],
          skipped: [skips(setting, members[3], [0, 0], Skip.CastInPerson)],
        });
        expect(await governor.nonces(members[3])).to.equal(0n);
        expect(await receiptOf(setting, members[3])).to.equal(Receipt.For);
      });

      it("never replaces a ballot that the member changed in person after a signed one", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, members, ballot } = setting;
        await bring(setting, [await groupOf(governor, [members[3]], ballot(Support.For))]);
        await decision.vote(members[3], Support.Abstain);
        const change = await named(governor, members[3], ballot(Support.Against));
        expect((await bring(setting, [], [change])).skipped).to.deep.equal([
          skips(setting, members[3], [0, 0], Skip.CastInPerson),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 1n]);
      });

      /** Each bad one stands between good ones, and its place is counted after that of the groups. */
      async function expectSkipped(setting: Setting, bad: Awaited<ReturnType<typeof named>>, reason: bigint) {
        const { governor, decision, members, ballot } = setting;
        const good = [
          await named(governor, members[1], ballot(Support.For)),
          await named(governor, members[2], ballot(Support.Against)),
        ];
        const nonce = await governor.nonces(bad.voter);
        const group = await groupOf(governor, [members[0]], ballot(Support.For));
        expect(await bring(setting, [group], [good[0], bad, good[1]])).to.deep.equal({
          counted: [
            counts(setting, members[0], Support.For),
            counts(setting, members[1], Support.For),
            counts(setting, members[2], Support.Against),
          ],
          skipped: [skips(setting, bad.voter, [1, 1], reason)],
        });
        expect(await governor.nonces(bad.voter), "its nonce").to.equal(nonce);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 2n, 0n]);
      }

      it("passes it over when somebody else signed it", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const message = { ...ballot(Support.For), voter: members[3].address };
        await expectSkipped(setting, await named(governor, members[4], message), Skip.InvalidSignature);
      });

      it("passes it over when it was signed for anything else", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, membership, members, decision, ballot } = setting;
        const { chainId } = await domainOf(governor);
        const signed = { ...ballot(Support.For), voter: members[3].address, nonce: 0n };
        const { proposalId: _bound, ...claim } = signed;
        for (const [change, domain] of [
          [{ support: Support.Against }, {}],
          [{ proposalId: decision.id + 1n }, {}],
          [{ deadline: FAR - 1n }, {}],
          [{ nonce: 1n }, {}],
          [{}, { chainId: chainId + 1n }],
          [{}, { verifyingContract: await membership.getAddress() }],
        ] as const) {
          await loadFixture(openDecision);
          const signature = await signNamedBallot(governor, members[3], { ...signed, ...change }, domain);
          await expectSkipped(setting, { ...claim, signature }, Skip.InvalidSignature);
        }
      });

      it("passes it over when its signature has another length than 65 bytes", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const good = await named(governor, members[3], ballot(Support.For));
        for (const signature of [
          "0x",
          dataSlice(good.signature, 0, 64),
          Signature.from(good.signature).compactSerialized,
          concat([good.signature, "0x00"]),
        ]) {
          await loadFixture(openDecision);
          await expectSkipped(setting, { ...good, signature }, Skip.InvalidSignature);
        }
      });

      it("passes it over when its message is a first ballot's", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const good = await named(governor, members[3], ballot(Support.For));
        const first = await signFirstBallot(governor, members[3], ballot(Support.For));
        await expectSkipped(setting, { ...good, signature: longForm(first) }, Skip.InvalidSignature);
      });

      it("passes it over when its deadline has passed, and not in its last second", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        await expectSkipped(
          setting,
          await named(governor, members[3], ballot(Support.For, 1n)),
          Skip.Expired,
        );
        const moment = BigInt(await time.latest()) + 100n;
        const timely = await named(governor, members[4], ballot(Support.For, moment));
        await time.setNextBlockTimestamp(moment);
        expect((await bring(setting, [], [timely])).counted).to.deep.equal([
          counts(setting, members[4], Support.For),
        ]);
      });

      it("passes it over when its nonce is not the voter's next one", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        const ahead = await named(governor, members[3], { ...ballot(Support.For), nonce: 1n });
        await expectSkipped(setting, ahead, Skip.WrongNonce);
      });

      it("passes it over when its choice is none", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, members, ballot } = setting;
        await expectSkipped(setting, await named(governor, members[3], ballot(3)), Skip.SupportOutOfRange);
      });

      it("passes it over when the voter is no member", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, stranger, ballot } = setting;
        await expectSkipped(setting, await named(governor, stranger, ballot(Support.For)), Skip.NotEntitled);
      });

      it("passes it over for the zero address, whatever it says", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, ballot } = setting;
        const nobody = { ...ballot(Support.For), voter: ZeroAddress, nonce: 0n };
        const { proposalId: _bound, ...claim } = nobody;
        expect(await governor.nonces(ZeroAddress)).to.equal(0n);
        await expectSkipped(
          setting,
          { ...claim, signature: concat([new Uint8Array(65)]) },
          Skip.InvalidSignature,
        );
      });
    });

    it("counts every good ballot of a batch that holds a bad one of every kind", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, decision, members, relayer, stranger, ballot } = setting;
      await decision.vote(members[20], Support.For);
      await decision.voteBySig(relayer, members[21], Support.For);
      const sign = (member: Person, support: number) => signFirstBallot(governor, member, ballot(support));
      const groups = [
        groupWith(
          ballot(Support.For),
          await sign(members[0], Support.For),
          new Uint8Array(64),
          await sign(members[20], Support.For),
          await sign(stranger, Support.For),
          await sign(members[1], Support.For),
          await sign(members[21], Support.For),
          "0x00",
        ),
        await groupOf(governor, [members[2]], ballot(Support.For, 1n)),
        await groupOf(governor, [members[2]], ballot(9)),
        await groupOf(governor, [members[2], members[3]], ballot(Support.Against)),
      ];
      const ballots = [
        await named(governor, members[20], ballot(Support.Against)),
        await named(governor, members[21], ballot(Support.Against)),
        await named(governor, members[4], { ...ballot(Support.For), nonce: 5n }),
        await named(governor, members[4], ballot(Support.For, 1n)),
        await named(governor, members[4], ballot(4)),
        { ...(await named(governor, members[4], ballot(Support.For))), signature: "0x" },
        await named(governor, stranger, ballot(Support.For)),
        await named(governor, members[4], ballot(Support.Abstain)),
      ];
      expect(await governor.castBallots.staticCall(decision.id, groups, ballots)).to.equal(6n);
      expect(await bring(setting, groups, ballots)).to.deep.equal({
        counted: [
          counts(setting, members[0], Support.For),
          counts(setting, members[1], Support.For),
          counts(setting, members[2], Support.Against),
          counts(setting, members[3], Support.Against),
          counts(setting, members[21], Support.Against),
          counts(setting, members[4], Support.Abstain),
        ],
        skipped: [
          skips(setting, ZeroAddress, [0, 1], Skip.InvalidSignature),
          skips(setting, members[20], [0, 2], Skip.AlreadyCast),
          skips(setting, stranger, [0, 3], Skip.NotEntitled),
          skips(setting, members[21], [0, 5], Skip.AlreadyCast),
          skips(setting, ZeroAddress, [0, 6], Skip.WrongLength),
          skips(setting, members[2], [1, 0], Skip.Expired),
          skips(setting, members[2], [2, 0], Skip.SupportOutOfRange),
          skips(setting, members[20], [4, 0], Skip.CastInPerson),
          skips(setting, members[4], [4, 2], Skip.WrongNonce),
          skips(setting, members[4], [4, 3], Skip.Expired),
          skips(setting, members[4], [4, 4], Skip.SupportOutOfRange),
          skips(setting, members[4], [4, 5], Skip.InvalidSignature),
          skips(setting, stranger, [4, 6], Skip.NotEntitled),
        ],
      });
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([3n, 3n, 1n]);
    });

    context("given wallets that are contracts", () => {
      /** Wallets of every manner on the roll, and an open decision. */
      async function openToWallets() {
        const coalition = await deployCoalition(connection);
        const { governor, membership } = coalition;
        const outsiders = outsidersOf(coalition);
        const owner = outsiders[1];
        const { digest } = await membership.codeOfConduct();
        const entry = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
        const honest = await ethers.deployContract("ContractWallet", [owner]);
        await honest.connect(owner).execute(membership, entry);
        const hostile = await ethers.deployContract("HostileWallet");
        await hostile.act(membership, entry);
        const members = await seatMembers(connection, coalition, 12);
        const box = await ethers.deployContract("Box");
        const data = box.interface.encodeFunctionData("setX", [1]);
        const decision = new Decision(connection, coalition, [{ target: box, data }], "Keep the number one");
        await decision.start(members[0]);
        const ballot = (support: number): FirstBallot => ({
          proposalId: decision.id,
          support,
          deadline: FAR,
        });
        const by = async (wallet: AddressLike, support: number, nonce?: bigint) =>
          named(governor, owner, {
            ...ballot(support),
            voter: await ethers.resolveAddress(wallet),
            ...(nonce !== undefined && { nonce }),
          });
        return { ...coalition, decision, members, outsiders, owner, honest, hostile, ballot, by };
      }

      it("counts what an honest one agrees to, and its changed ballot", async () => {
        const setting = await loadFixture(openToWallets);
        const { governor, decision, honest, by } = setting;
        const wallet = await honest.getAddress();
        const ballots = [await by(honest, Support.For), await by(honest, Support.Against, 1n)];
        expect(await bring(setting, [], ballots)).to.deep.equal({
          counted: [counts(setting, wallet, Support.For), counts(setting, wallet, Support.Against)],
          skipped: [],
        });
        expect(await governor.nonces(wallet)).to.equal(2n);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 0n, 0n]);
      });

      it("passes over what an honest one did not agree to", async () => {
        const setting = await loadFixture(openToWallets);
        const { governor, members, honest, ballot } = setting;
        const voter = await honest.getAddress();
        const forged = await named(governor, members[0], { ...ballot(Support.For), voter });
        expect((await bring(setting, [], [forged])).skipped).to.deep.equal([
          skips(setting, voter, [0, 0], Skip.InvalidSignature),
        ]);
      });

      it("takes its owner's signature in a group for the owner's own", async () => {
        const setting = await loadFixture(openToWallets);
        const { governor, owner, ballot } = setting;
        const group = await groupOf(governor, [owner], ballot(Support.For));
        expect((await bring(setting, [group])).skipped).to.deep.equal([
          skips(setting, owner, [0, 0], Skip.NotEntitled),
        ]);
      });

      for (const [name, manner] of Object.entries(Manner)) {
        if (manner === Manner.Agreeing) continue;
        it(`passes over a hostile one (${name}) and counts the others`, async () => {
          const setting = await loadFixture(openToWallets);
          const { governor, decision, members, honest, hostile, ballot, by } = setting;
          await hostile.arm(governor, governor.interface.encodeFunctionData("castVote", [decision.id, 1]));
          await hostile.behave(manner);
          const group = await groupOf(governor, members.slice(0, 2), ballot(Support.Against));
          const ballots = [
            await by(hostile, Support.For),
            await by(honest, Support.For),
            await named(governor, members[2], ballot(Support.For)),
          ];
          expect(await bring(setting, [group], ballots)).to.deep.equal({
            counted: [
              counts(setting, members[0], Support.Against),
              counts(setting, members[1], Support.Against),
              counts(setting, await honest.getAddress(), Support.For),
              counts(setting, members[2], Support.For),
            ],
            skipped: [skips(setting, await hostile.getAddress(), [1, 0], Skip.InvalidSignature)],
          });
          expect(await governor.nonces(hostile)).to.equal(0n);
        });
      }

      it("counts the same wallet once it agrees", async () => {
        const setting = await loadFixture(openToWallets);
        const { hostile, by } = setting;
        await hostile.behave(Manner.Agreeing);
        expect((await bring(setting, [], [await by(hostile, Support.For)])).counted).to.deep.equal([
          counts(setting, await hostile.getAddress(), Support.For),
        ]);
      });

      it("passes over 64 that burn all gas they get, within the gas of one transaction", async () => {
        const setting = await loadFixture(openToWallets);
        const { governor, decision, members, outsiders, hostile, ballot, by } = setting;
        await hostile.behave(Manner.GasBurning);
        const ballots = Array(63).fill(await by(hostile, Support.For));
        ballots.push(await named(governor, members[0], ballot(Support.For)));
        const { counted, skipped } = await outcomeOf(
          governor,
          governor.connect(outsiders[0]).castBallots(decision.id, [], ballots, { gasLimit: 12_000_000n }),
        );
        expect(counted).to.deep.equal([counts(setting, members[0], Support.For)]);
        expect(skipped).to.have.length(63);
      });

      it("reverts when too little gas is left for a wallet, and says for which", async () => {
        const setting = await loadFixture(openToWallets);
        const { governor, decision, honest, hostile, by } = setting;
        await hostile.behave(Manner.GasBurning);
        const ballots = [await by(hostile, Support.For), await by(honest, Support.For)];
        const less = (gasLeft: bigint) => gasLeft < NAMED_GAS;
        for (const [gasLimit, index] of [
          [350_000n, 0n],
          [520_000n, 1n],
        ]) {
          await expect(governor.castBallots.staticCall(decision.id, [], ballots, { gasLimit }))
            .to.be.revertedWithCustomError(governor, "CoalitionGovernorGasTooLow")
            .withArgs(index, less, NAMED_GAS);
        }
      });

      it("counts all or undoes all, with whatever gas: no ballot is passed over for want of it", async () => {
        const setting = await loadFixture(openToWallets);
        const { governor, decision, members, outsiders, honest, hostile, ballot, by } = setting;
        await hostile.behave(Manner.GasBurning);
        const group = await groupOf(governor, members.slice(0, 3), ballot(Support.For));
        const ballots = [
          await by(hostile, Support.For),
          await by(honest, Support.For),
          await named(governor, members[3], ballot(Support.Against)),
        ];
        const answers = new Set<string>();
        for (let gasLimit = 60_000n; gasLimit <= 1_200_000n; gasLimit += 15_000n) {
          const answer = await governor
            .connect(outsiders[0])
            .castBallots.staticCall(decision.id, [group], ballots, { gasLimit })
            .catch(() => "undone");
          answers.add(String(answer));
        }
        expect([...answers]).to.deep.equal(["undone", "5"]);
      });
    });

    context("given delegated votes", () => {
      /** Member 2 votes for members 8 and 14 of the same group as well; the decision is open. */
      async function openWithDelegate() {
        const setting = await foundWithDecision(connection, { count: 24 });
        const { members, membership, delegations, decision } = setting;
        const [delegate, one, two] = [members[1], members[7], members[13]];
        await delegations.connect(delegate).takeDelegations(5);
        for (const delegator of [one, two]) await membership.connect(delegator).delegate(delegate);
        await decision.start(members[0]);
        const ballot = (support: number): FirstBallot => ({
          proposalId: decision.id,
          support,
          deadline: FAR,
        });
        return { ...setting, ballot, delegate, one, two };
      }

      it("counts a delegate's ballot for all of them, between plain ones", async () => {
        const setting = await loadFixture(openWithDelegate);
        const { governor, decision, members, delegate, ballot } = setting;
        const signers = [members[19], delegate, members[20]];
        const { counted } = await bring(setting, [await groupOf(governor, signers, ballot(Support.For))]);
        expect(counted).to.deep.equal([
          counts(setting, members[19], Support.For),
          counts(setting, delegate, Support.For, 3n),
          counts(setting, members[20], Support.For),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 5n, 0n]);
        expect(await governor.proposalVotesByGroup(decision.id, 1)).to.deep.equal([0n, 4n, 0n]);
        for (const signer of signers) expect(await receiptOf(setting, signer)).to.equal(Receipt.For);
      });

      for (const [order, place] of [
        ["after the delegate's", [0, 1, 2]],
        ["before the delegate's", [1, 0, 2]],
      ] as const) {
        it(`takes a member's vote back with their own ballot, ${order}`, async () => {
          const setting = await loadFixture(openWithDelegate);
          const { governor, membership, decision, members, outsiders, delegate, one, ballot } = setting;
          const groups = [
            await groupOf(governor, [members[19], delegate, members[2]], ballot(Support.For)),
            await groupOf(governor, [members[3], one, members[4]], ballot(Support.Against)),
            groupWith(ballot(Support.Abstain)),
          ];
          const sent = governor.connect(outsiders[0]).castBallots(
            decision.id,
            place.map((index) => groups[index]),
            [],
          );
          await expect(sent)
            .to.emit(governor, "DelegatedVoteTakenBack")
            .withArgs(decision.id, await membership.numberOf(one), await membership.numberOf(delegate));
          expect((await outcomeOf(governor, sent)).counted).to.have.length(6);
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([3n, 4n, 0n]);
          expect(await governor.proposalVotesByGroup(decision.id, 1)).to.deep.equal([1n, 3n, 0n]);
        });
      }

      it("counts each of them once, and lets a named ballot change it with all that it weighs", async () => {
        const setting = await loadFixture(openWithDelegate);
        const { governor, decision, delegate, one, ballot } = setting;
        const group = await groupOf(governor, [delegate, one, delegate, one], ballot(Support.For));
        expect((await bring(setting, [group])).skipped).to.deep.equal([
          skips(setting, delegate, [0, 2], Skip.AlreadyCast),
          skips(setting, one, [0, 3], Skip.AlreadyCast),
        ]);
        const changes = [
          await named(governor, delegate, ballot(Support.Against)),
          await named(governor, one, ballot(Support.Abstain)),
        ];
        expect((await bring(setting, [], changes)).counted).to.deep.equal([
          counts(setting, delegate, Support.Against, 2n),
          counts(setting, one, Support.Abstain),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([2n, 0n, 1n]);
      });

      it("passes over a delegate who came first in person", async () => {
        const setting = await loadFixture(openWithDelegate);
        const { governor, decision, delegate, ballot } = setting;
        await decision.vote(delegate, Support.For);
        const group = await groupOf(governor, [delegate], ballot(Support.Against));
        const change = await named(governor, delegate, ballot(Support.Against));
        expect((await bring(setting, [group], [change])).skipped).to.deep.equal([
          skips(setting, delegate, [0, 0], Skip.AlreadyCast),
          skips(setting, delegate, [1, 0], Skip.CastInPerson),
        ]);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 3n, 0n]);
      });
    });

    it("counts a member of whom only other rights are suspended", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, membership, timelock, members, ballot } = setting;
      const until = (await time.latest()) + 86_400 * 30;
      await membership
        .connect(await actAs(connection, timelock))
        .suspend(await membership.numberOf(members[3]), maskOf(Right.Propose), until);
      const group = await groupOf(governor, members.slice(2, 5), ballot(Support.For));
      expect((await bring(setting, [group])).counted).to.deep.equal(
        members.slice(2, 5).map((member) => counts(setting, member, Support.For)),
      );
      expect(await governor.proposalVotes(setting.decision.id)).to.deep.equal([0n, 3n, 0n]);
    });

    context("given members of several words of receipts", () => {
      /** 270 members: the receipts of 1 to 127, 128 to 255 and 256 to 270 lie in a word each. */
      async function openToMany() {
        const setting = await foundWithDecision(connection, { count: 270 });
        await setting.decision.start(setting.members[0]);
        const ballot = (support: number): FirstBallot => ({
          proposalId: setting.decision.id,
          support,
          deadline: FAR,
        });
        return { ...setting, ballot };
      }

      // Members 1, 127, 128, 129, 255, 256, 257 and 270, and some between.
      const border = [0, 126, 127, 128, 254, 255, 256, 269, 5, 130, 260];

      for (const [order, places] of [
        ["in the order of their numbers", [...border].sort((a, b) => a - b)],
        ["in any order", [255, 0, 126, 260, 127, 269, 5, 254, 128, 256, 130]],
      ] as const) {
        it(`counts them ${order}, each once, and each may be changed`, async () => {
          const setting = await loadFixture(openToMany);
          const { governor, decision, members, ballot } = setting;
          const signers = places.map((place) => members[place]);
          const twice = [...signers, members[127], members[0]];
          const result = await bring(setting, [await groupOf(governor, twice, ballot(Support.For))]);
          expect(result).to.deep.equal({
            counted: signers.map((signer) => counts(setting, signer, Support.For)),
            skipped: [
              skips(setting, members[127], [0, signers.length], Skip.AlreadyCast),
              skips(setting, members[0], [0, signers.length + 1], Skip.AlreadyCast),
            ],
          });
          const receipts = await Promise.all(
            members.map((_, index) => governor.receiptOf(decision.id, index + 1)),
          );
          expect(
            receipts.flatMap((receipt, index) => (receipt === Receipt.For ? [index] : [])),
          ).to.deep.equal([...places].sort((a, b) => a - b));
          expect(receipts.filter((receipt) => receipt !== Receipt.None)).to.have.length(places.length);
          const changes: Awaited<ReturnType<typeof named>>[] = [];
          for (const signer of signers) changes.push(await named(governor, signer, ballot(Support.Against)));
          expect((await bring(setting, [], changes)).counted).to.deep.equal(
            signers.map((signer) => counts(setting, signer, Support.Against)),
          );
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([BigInt(places.length), 0n, 0n]);
        });
      }

      it("counts 200 at a time and agrees with what each stakeholder group said", async () => {
        const setting = await loadFixture(openToMany);
        const { governor, decision, members, ballot } = setting;
        const side = (support: number) => members.filter((_, index) => index % 3 === support);
        const groups = await Promise.all(
          [0, 1, 2].map((support) => groupOf(governor, side(support).slice(0, 67), ballot(support))),
        );
        expect(await governor.castBallots.staticCall(decision.id, groups, [])).to.equal(201n);
        await bring(setting, groups);
        expect(await governor.proposalVotes(decision.id)).to.deep.equal([67n, 67n, 67n]);
        // The n-th member sits in group n % 6 and chose n % 3.
        for (let group = 0; group < 6; group++) {
          const votes = [0n, 0n, 0n];
          votes[group % 3] = group < 3 ? 34n : 33n;
          expect(await governor.proposalVotesByGroup(decision.id, group)).to.deep.equal(votes);
        }
      });

      it("keeps a ballot by signature apart from one in person in the next word", async () => {
        const setting = await loadFixture(openToMany);
        const { governor, decision, members, ballot } = setting;
        await decision.vote(members[0], Support.For);
        await bring(setting, [await groupOf(governor, [members[256], members[128]], ballot(Support.For))]);
        const changes = [
          await named(governor, members[0], ballot(Support.Against)),
          await named(governor, members[256], ballot(Support.Against)),
        ];
        expect(await bring(setting, [], changes)).to.deep.equal({
          counted: [counts(setting, members[256], Support.Against)],
          skipped: [skips(setting, members[0], [0, 0], Skip.CastInPerson)],
        });
      });
    });
  });
});
