import { expect } from "chai";
import { network } from "hardhat";
import {
  type Decision,
  foundWithDecision,
  type Person,
  Standing,
  State,
  Support,
  signBallot,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const MAX_REASON = 1_024;

/** An open decision, nobody has voted. */
async function openDecision() {
  const setting = await foundWithDecision(connection, { count: 24 });
  const { members, outsiders, decision } = setting;
  await decision.start(members[0]);
  return { ...setting, voter: members[1], relayer: outsiders[0], stranger: outsiders[1] };
}

type Setting = Awaited<ReturnType<typeof openDecision>>;

/** The five ways in which a ballot comes in. */
type Form = {
  name: string;
  /** What the event tells; undefined where the form has no room for a reason. */
  takesReason: boolean;
  takesParams: boolean;
  signed: boolean;
  cast: (
    setting: Setting,
    voter: Person,
    support: number,
    text?: { reason?: string; params?: string },
  ) => ReturnType<Decision["vote"]>;
};

const FORMS: readonly Form[] = [
  {
    name: "castVote",
    takesReason: false,
    takesParams: false,
    signed: false,
    cast: ({ decision }, voter, support) => decision.vote(voter, support),
  },
  {
    name: "castVoteWithReason",
    takesReason: true,
    takesParams: false,
    signed: false,
    cast: ({ governor, decision }, voter, support, { reason = "" } = {}) =>
      governor.connect(voter).castVoteWithReason(decision.id, support, reason),
  },
  {
    name: "castVoteWithReasonAndParams",
    takesReason: true,
    takesParams: true,
    signed: false,
    cast: ({ governor, decision }, voter, support, { reason = "", params = "0x" } = {}) =>
      governor.connect(voter).castVoteWithReasonAndParams(decision.id, support, reason, params),
  },
  {
    name: "castVoteBySig",
    takesReason: false,
    takesParams: false,
    signed: true,
    cast: ({ decision, relayer }, voter, support) => decision.voteBySig(relayer, voter, support),
  },
  {
    name: "castVoteWithReasonAndParamsBySig",
    takesReason: true,
    takesParams: true,
    signed: true,
    cast: ({ decision, relayer }, voter, support, { reason = "", params } = {}) =>
      decision.voteBySig(relayer, voter, support, { reason, params }),
  },
];

describe("GovernorBallots: the forms of a ballot", () => {
  for (const form of FORMS) {
    describe(form.name, () => {
      for (const support of [3, 4, 255]) {
        it(`reverts with the value when support is ${support}`, async () => {
          const setting = await loadFixture(openDecision);
          await expect(form.cast(setting, setting.voter, support))
            .to.be.revertedWithCustomError(setting.governor, "CoalitionGovernorSupportOutOfRange")
            .withArgs(support);
        });
      }

      it("reverts with the reason why for somebody who is no member", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, stranger } = setting;
        await expect(form.cast(setting, stranger, Support.For))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotRefused")
          .withArgs(decision.id, stranger, Standing.NotMember, 0n);
      });

      it("reverts with the state once the decision is closed", async () => {
        const setting = await loadFixture(openDecision);
        const { governor, decision, voter } = setting;
        await decision.close();
        await expect(form.cast(setting, voter, Support.For))
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Defeated, stateMask(State.Active));
      });

      if (form.takesReason) {
        it("reverts with length and limit when the reason is too long, measured in bytes", async () => {
          const setting = await loadFixture(openDecision);
          for (const reason of ["r".repeat(MAX_REASON + 1), `${"é".repeat(MAX_REASON / 2)}!`]) {
            await expect(form.cast(setting, setting.voter, Support.For, { reason }))
              .to.be.revertedWithCustomError(setting.governor, "CoalitionGovernorTooLong")
              .withArgs(ethers.encodeBytes32String("reason"), MAX_REASON + 1, MAX_REASON);
          }
        });

        it("takes a reason as long as the limit", async () => {
          const setting = await loadFixture(openDecision);
          const { governor, decision, voter } = setting;
          const reason = "é".repeat(MAX_REASON / 2);
          await expect(form.cast(setting, voter, Support.Against, { reason }))
            .to.emit(governor, "VoteCast")
            .withArgs(voter, decision.id, Support.Against, 1n, reason);
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 0n, 0n]);
        });
      }

      if (form.takesParams) {
        it("reverts with the length when there are parameters", async () => {
          const setting = await loadFixture(openDecision);
          await expect(form.cast(setting, setting.voter, Support.For, { params: "0x0102" }))
            .to.be.revertedWithCustomError(setting.governor, "CoalitionGovernorParamsNotEmpty")
            .withArgs(2n);
        });
      }

      for (const [choice, support] of Object.entries(Support)) {
        it(`counts a ballot ${choice} and says so in OpenZeppelin's event`, async () => {
          const setting = await loadFixture(openDecision);
          const { governor, membership, decision, voter } = setting;
          const number = await membership.numberOf(voter);
          const reason = form.takesReason ? "Because of the plan" : "";
          expect(await governor.hasVoted(decision.id, voter)).to.equal(false);
          await expect(form.cast(setting, voter, support, { reason }))
            .to.emit(governor, "VoteCast")
            .withArgs(voter, decision.id, support, 1n, reason);
          const expected = [0n, 0n, 0n];
          expected[support] = 1n;
          expect(await governor.proposalVotes(decision.id)).to.deep.equal(expected);
          expect(await governor.proposalVotesByGroup(decision.id, 1n)).to.deep.equal(expected);
          expect(await governor.receiptOf(decision.id, number)).to.equal(BigInt(support) + 1n);
          expect(await governor.hasVoted(decision.id, voter)).to.equal(true);
          expect(await governor.nonces(voter)).to.equal(form.signed ? 1n : 0n);
        });
      }

      it("answers the weight of the ballot, which is 1", async () => {
        const { governor, decision, voter, relayer } = await loadFixture(openDecision);
        const ballot = { proposalId: decision.id, support: Support.For, voter: voter.address, nonce: 0n };
        const plain = await signBallot(governor, voter, ballot);
        const extended = await signBallot(governor, voter, { ...ballot, reason: "" });
        const own = governor.connect(voter);
        const foreign = governor.connect(relayer);
        const answers = {
          castVote: () => own.castVote.staticCall(decision.id, 1),
          castVoteWithReason: () => own.castVoteWithReason.staticCall(decision.id, 1, ""),
          castVoteWithReasonAndParams: () =>
            own.castVoteWithReasonAndParams.staticCall(decision.id, 1, "", "0x"),
          castVoteBySig: () => foreign.castVoteBySig.staticCall(decision.id, 1, voter, plain),
          castVoteWithReasonAndParamsBySig: () =>
            foreign.castVoteWithReasonAndParamsBySig.staticCall(decision.id, 1, voter, "", "0x", extended),
        };
        expect(await answers[form.name as keyof typeof answers]()).to.equal(1n);
      });

      for (const earlier of FORMS) {
        if (form.signed && !earlier.signed) {
          it(`reverts when the member has voted by ${earlier.name}: no signature undoes that`, async () => {
            const setting = await loadFixture(openDecision);
            const { governor, decision, voter } = setting;
            await earlier.cast(setting, voter, Support.Against);
            await expect(form.cast(setting, voter, Support.For))
              .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotCastInPerson")
              .withArgs(decision.id, voter);
            expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 0n, 0n]);
            expect(await governor.nonces(voter)).to.equal(0n);
          });
          continue;
        }
        it(`changes a ballot that came by ${earlier.name}; the last one counts, once`, async () => {
          const setting = await loadFixture(openDecision);
          const { governor, membership, decision, voter } = setting;
          await earlier.cast(setting, voter, Support.Against);
          await expect(form.cast(setting, voter, Support.For))
            .to.emit(governor, "VoteCast")
            .withArgs(voter, decision.id, Support.For, 1n, "");
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
          expect(await governor.proposalVotesByGroup(decision.id, 1n)).to.deep.equal([0n, 1n, 0n]);
          expect(await governor.receiptOf(decision.id, await membership.numberOf(voter))).to.equal(2n);
        });
      }
    });
  }
});
