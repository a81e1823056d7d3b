import { expect } from "chai";
import { network } from "hardhat";
import {
  Decision,
  domainOf,
  foundWithDecision,
  type Person,
  rotateKey,
  Support,
  signBallot,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** An open decision, nobody has voted. */
async function openDecision() {
  const setting = await foundWithDecision(connection, { count: 24 });
  const { members, outsiders, decision } = setting;
  await decision.start(members[0]);
  return { ...setting, voter: members[1], relayer: outsiders[0], stranger: outsiders[1] };
}

type Setting = Awaited<ReturnType<typeof openDecision>>;

describe("GovernorBallots: signed ballots", () => {
  describe("a signed ballot", () => {
    for (const reason of [undefined, "With a reason"]) {
      context(`given ${reason === undefined ? "a plain" : "an extended"} ballot`, () => {
        /** Brings a ballot for `voter` that says `claim` under a signature over `signed`. */
        async function bring(
          { governor, decision, voter, relayer }: Setting,
          signature: string,
          claim: { support?: number; voter?: Person; reason?: string; id?: bigint } = {},
        ) {
          const { support = Support.For, id = decision.id } = claim;
          const claimed = claim.voter ?? voter;
          return reason === undefined
            ? governor.connect(relayer).castVoteBySig(id, support, claimed, signature)
            : governor
                .connect(relayer)
                .castVoteWithReasonAndParamsBySig(
                  id,
                  support,
                  claimed,
                  claim.reason ?? reason,
                  "0x",
                  signature,
                );
        }

        const ballotOf = ({ decision, voter }: Setting, nonce = 0n) => ({
          proposalId: decision.id,
          support: Support.For,
          voter: voter.address,
          nonce,
          reason,
        });

        it("reverts when somebody else has signed", async () => {
          const setting = await loadFixture(openDecision);
          const { governor, members, voter } = setting;
          const signature = await signBallot(governor, members[2], ballotOf(setting));
          await expect(bring(setting, signature))
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(voter);
        });

        it("reverts when the relayer turns the choice, the voter or the decision", async () => {
          const setting = await loadFixture(openDecision);
          const { governor, members, voter, decision } = setting;
          const signature = await signBallot(governor, voter, ballotOf(setting));
          await expect(bring(setting, signature, { support: Support.Against }))
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(voter);
          await expect(bring(setting, signature, { voter: members[2] }))
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(members[2]);
          await expect(bring(setting, signature, { id: decision.id + 1n }))
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(voter);
          expect(await governor.nonces(voter)).to.equal(0n);
        });

        it("reverts when the domain is another chain's, contract's, name's or version's", async () => {
          const setting = await loadFixture(openDecision);
          const { governor, membership, voter } = setting;
          const domain = await domainOf(governor);
          for (const change of [
            { chainId: domain.chainId + 1n },
            { verifyingContract: await membership.getAddress() },
            { name: "Another Governor" },
            { version: "2" },
          ]) {
            const signature = await signBallot(governor, voter, ballotOf(setting), change);
            await expect(bring(setting, signature))
              .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
              .withArgs(voter);
          }
        });

        it("reverts when the ballot is brought a second time", async () => {
          const setting = await loadFixture(openDecision);
          const { governor, voter } = setting;
          const signature = await signBallot(governor, voter, ballotOf(setting));
          await bring(setting, signature);
          await expect(bring(setting, signature))
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(voter);
        });

        it("reverts when an earlier ballot comes after a later signed one", async () => {
          const setting = await loadFixture(openDecision);
          const { governor, decision, voter } = setting;
          const earlier = await signBallot(governor, voter, ballotOf(setting));
          const later = await signBallot(governor, voter, { ...ballotOf(setting), support: Support.Against });
          await bring(setting, later, { support: Support.Against });
          await expect(bring(setting, earlier))
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(voter);
          expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 0n, 0n]);
        });

        it("reverts when the nonce is not the voter's next one", async () => {
          const setting = await loadFixture(openDecision);
          const signature = await signBallot(setting.governor, setting.voter, ballotOf(setting, 1n));
          await expect(bring(setting, signature))
            .to.be.revertedWithCustomError(setting.governor, "GovernorInvalidSignature")
            .withArgs(setting.voter);
        });
      });
    }

    it("reverts when the relayer turns the reason", async () => {
      const { governor, decision, voter, relayer } = await loadFixture(openDecision);
      const ballot = { proposalId: decision.id, support: Support.For, voter: voter.address, nonce: 0n };
      const signature = await signBallot(governor, voter, { ...ballot, reason: "In favour" });
      await expect(
        governor
          .connect(relayer)
          .castVoteWithReasonAndParamsBySig(decision.id, Support.For, voter, "Against it", "0x", signature),
      )
        .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
        .withArgs(voter);
    });
  });

  describe("a signed ballot and one in person", () => {
    it("stays what the member said in person, once that replaced a signed ballot", async () => {
      const { governor, decision, voter, relayer } = await loadFixture(openDecision);
      await decision.voteBySig(relayer, voter, Support.Against);
      await decision.vote(voter, Support.For);
      for (const reason of [undefined, "With a reason"]) {
        await expect(decision.voteBySig(relayer, voter, Support.Against, { reason }))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotCastInPerson")
          .withArgs(decision.id, voter);
      }
      await decision.vote(voter, Support.Abstain);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 1n]);
    });

    it("counts as one in person when members bring their own signature", async () => {
      const { governor, decision, voter, relayer } = await loadFixture(openDecision);
      await decision.voteBySig(voter, voter, Support.For);
      await expect(decision.voteBySig(relayer, voter, Support.Against))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotCastInPerson")
        .withArgs(decision.id, voter);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 1n, 0n]);
    });

    it("binds the number: a new key's signature does not replace what the old key cast", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, decision, voter, relayer, stranger } = setting;
      await decision.vote(voter, Support.For);
      await rotateKey(setting, voter, stranger);
      await expect(decision.voteBySig(relayer, stranger, Support.Against))
        .to.be.revertedWithCustomError(governor, "CoalitionGovernorBallotCastInPerson")
        .withArgs(decision.id, stranger);
      await decision.vote(stranger, Support.Against);
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([1n, 0n, 0n]);
    });

    it("on one decision says nothing about another", async () => {
      const setting = await loadFixture(openDecision);
      const { governor, decision, members, voter, relayer, put } = setting;
      const other = new Decision(connection, setting, put(2), "Keep the number two");
      await other.start(members[0]);
      await decision.vote(voter, Support.For);
      await other.voteBySig(relayer, voter, Support.For);
      await other.voteBySig(relayer, voter, Support.Against);
      expect(await governor.proposalVotes(other.id)).to.deep.equal([1n, 0n, 0n]);
    });
  });

  describe("a contract wallet on the roll", () => {
    async function walletVotes() {
      const setting = await openDecision();
      const { membership, members, stranger, put } = setting;
      const wallet = await ethers.deployContract("ContractWallet", [stranger.address]);
      const { digest } = await membership.codeOfConduct();
      const data = membership.interface.encodeFunctionData("join", [2, digest, "0x"]);
      await wallet.connect(stranger).execute(membership, data);
      const { votesFrom } = await membership.member(await membership.numberOf(wallet));
      await time.increaseTo(votesFrom);
      const decision = new Decision(connection, setting, put(2), "Keep the number two");
      await decision.start(members[0]);
      return { ...setting, wallet, decision, owner: stranger };
    }

    const MANNER = { Honest: 0, WrongMagic: 1, Reverting: 2 } as const;

    for (const reason of [undefined, "By contract"]) {
      const form = reason === undefined ? "castVoteBySig" : "castVoteWithReasonAndParamsBySig";

      async function signed({
        governor,
        decision,
        wallet,
        owner,
        relayer,
      }: Awaited<ReturnType<typeof walletVotes>>) {
        const voter = await wallet.getAddress();
        const message = { proposalId: decision.id, support: Support.For, voter, nonce: 0n, reason };
        const signature = await signBallot(governor, owner, message);
        const bring = governor.connect(relayer);
        return () =>
          reason === undefined
            ? bring.castVoteBySig(decision.id, Support.For, voter, signature)
            : bring.castVoteWithReasonAndParamsBySig(
                decision.id,
                Support.For,
                voter,
                reason,
                "0x",
                signature,
              );
      }

      it(`votes by ${form} with its owner's signature`, async () => {
        const setting = await loadFixture(walletVotes);
        const { governor, membership, decision, wallet } = setting;
        const bring = await signed(setting);
        await expect(bring())
          .to.emit(governor, "VoteCast")
          .withArgs(wallet, decision.id, Support.For, 1n, reason ?? "");
        expect(await governor.receiptOf(decision.id, await membership.numberOf(wallet))).to.equal(2n);
        expect(await governor.proposalVotesByGroup(decision.id, 2n)).to.deep.equal([0n, 1n, 0n]);
        expect(await governor.nonces(wallet)).to.equal(1n);
      });

      for (const manner of ["WrongMagic", "Reverting"] as const) {
        it(`is refused by ${form} when its answer is ${manner}`, async () => {
          const setting = await loadFixture(walletVotes);
          const { governor, wallet } = setting;
          const bring = await signed(setting);
          await wallet.behave(MANNER[manner]);
          await expect(bring())
            .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
            .withArgs(wallet);
        });
      }
    }

    it("votes by its own call, and changes its ballot by another", async () => {
      const { governor, decision, wallet, owner } = await loadFixture(walletVotes);
      for (const [support, votes] of [
        [Support.Abstain, [0n, 0n, 1n]],
        [Support.Against, [1n, 0n, 0n]],
      ] as const) {
        const data = governor.interface.encodeFunctionData("castVote", [decision.id, support]);
        await expect(wallet.connect(owner).execute(governor, data))
          .to.emit(governor, "VoteCast")
          .withArgs(wallet, decision.id, support, 1n, "");
        expect(await governor.proposalVotes(decision.id)).to.deep.equal(votes);
      }
    });
  });
});
