import { expect } from "chai";
import { concat, dataSlice, Signature, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { FAR, Receipt } from "../helpers/attacks.js";
import { groupOf, longForm, named, Skip, signFirstBallot, signNamedBallot } from "../helpers/ballots.js";
import { domainOf, Support } from "../helpers/governor.js";
import { counts, relayIn, type Setting, skips } from "../helpers/relay.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;
const { openDecision, bring, receiptOf } = relayIn(connection);

describe("GovernorRelay: castBallots", () => {
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
      await expectSkipped(setting, await named(governor, members[3], ballot(Support.For, 1n)), Skip.Expired);
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
});
