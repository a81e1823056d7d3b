import { expect } from "chai";
import { network } from "hardhat";
import { FAR, Receipt } from "../helpers/attacks.js";
import { type FirstBallot, groupOf, groupWith, named, outcomeOf, Skip } from "../helpers/ballots.js";
import { foundWithDecision, Support } from "../helpers/governor.js";
import { counts, relayIn, skips } from "../helpers/relay.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const { bring, receiptOf } = relayIn(connection);

describe("GovernorRelay: castBallots", () => {
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
        expect(receipts.flatMap((receipt, index) => (receipt === Receipt.For ? [index] : []))).to.deep.equal(
          [...places].sort((a, b) => a - b),
        );
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
