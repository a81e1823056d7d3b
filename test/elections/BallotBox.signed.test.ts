import { expect } from "chai";
import { type AddressLike, Signature } from "ethers";
import { network } from "hardhat";
import { FAR, TRANSACTION_GAS_LIMIT } from "../helpers/attacks.js";
import {
  countOf,
  DAY,
  Flaw,
  MAX_BATCH,
  Manner,
  type Message,
  NEEDED_GAS,
  openElection,
  outcomeOf,
  type Plan,
  type SignedBallot,
  signElectionBallot,
} from "../helpers/ballot-box.js";
import { CURVE_ORDER } from "../helpers/ballots.js";
import { actAs, join, maskOf, type Person, Right, rotateKey } from "../helpers/governor.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture, time } = connection.networkHelpers;

/** An open vote in which an honest wallet and a hostile one are members, and what tests of signed ballots do in it. */
async function openToWallets({ secret = false, ...plan }: Plan) {
  const owner = (await ethers.getSigners()).slice(-1)[0];
  const honest = await ethers.deployContract("ContractWallet", [owner]);
  const hostile = await ethers.deployContract("HostileWallet");
  const setting = await openElection(connection, {
    ...plan,
    secret,
    before: async ({ membership }) => {
      const { digest } = await membership.codeOfConduct();
      const entry = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
      await honest.connect(owner).execute(membership, entry);
      await hostile.act(membership, entry);
      await time.increaseTo((await membership.member(await membership.numberOf(hostile))).votesFrom);
    },
  });
  const { box, electionId, outsiders, ballot } = setting;
  const [relayer, stranger, newKey] = outsiders;
  /** A first ballot for option 1, or a changed one if a nonce is given. */
  const sign = (signer: Person, change: Partial<Message> = {}, foreign = {}) =>
    signElectionBallot(box, signer, { electionId, ballot: ballot(1), ...change }, foreign);
  /** A changed ballot, for option 2 unless another is given. */
  const replace = async (signer: Person, change: Partial<Message> = {}) =>
    sign(signer, { ballot: ballot(2), nonce: await box.nonces(change.voter ?? signer.address), ...change });
  /** Brings ballots; answers number and ballot of those that counted, and voter, place and flaw of the others. */
  const bring = async (...ballots: SignedBallot[]) => {
    const { cast, skipped } = await outcomeOf(
      box,
      box.connect(relayer).castBallots(electionId, ballots, { gasLimit: TRANSACTION_GAS_LIMIT }),
    );
    return { cast, skipped };
  };
  /** What became of a single ballot. */
  const flawOf = async (signed: SignedBallot) => {
    const { cast, skipped } = await bring(signed);
    expect(cast.length + skipped.length).to.equal(1);
    return skipped.length === 0 ? Flaw.None : skipped[0]?.[2];
  };
  const stored = async (voter: AddressLike) => {
    const number = await setting.membership.numberOf(voter);
    return secret ? box.sealedBallotOf(electionId, number) : box.ballotOf(electionId, number);
  };
  return {
    ...setting,
    honest,
    hostile,
    owner,
    relayer,
    stranger,
    newKey,
    sign,
    replace,
    bring,
    flawOf,
    stored,
  };
}

for (const [title, plan] of [
  ["of ApprovalBallots", { method: "approval" }],
  ["of RankedBallots", { method: "ranked" }],
  ["of an election with sealed ballots", { method: "approval", secret: true }],
] as const satisfies readonly (readonly [string, Plan])[]) {
  describe(`BallotBox: castBallots ${title}`, () => {
    async function open() {
      return openToWallets(plan);
    }

    it("reverts before the opening, after the close, and for no election of this method", async () => {
      const { box, electionId, opens, closes, members, sign } = await loadFixture(open);
      const ballots = [await sign(members[0])];
      await expect(box.castBallots(99n, ballots))
        .to.be.revertedWithCustomError(box, "BallotBoxClosed")
        .withArgs(99n, 0n, 0n);
      await time.setNextBlockTimestamp(closes - 1n);
      await box.castBallots(electionId, ballots);
      await time.setNextBlockTimestamp(closes);
      await expect(box.castBallots(electionId, ballots))
        .to.be.revertedWithCustomError(box, "BallotBoxClosed")
        .withArgs(electionId, opens, closes);
    });

    it("reverts with no ballot, and with more than 200", async () => {
      const { box, electionId, members, sign } = await loadFixture(open);
      const expired = await sign(members[0], { deadline: 1n });
      for (const size of [0, MAX_BATCH + 1]) {
        await expect(box.castBallots(electionId, Array(size).fill(expired)))
          .to.be.revertedWithCustomError(box, "BallotBoxBatchSize")
          .withArgs(size, MAX_BATCH);
      }
      const { skipped } = await outcomeOf(
        box,
        box.castBallots(electionId, Array(MAX_BATCH).fill(expired), { gasLimit: TRANSACTION_GAS_LIMIT }),
      );
      expect(skipped).to.have.length(MAX_BATCH);
    });

    it("counts first ballots that anybody brings, with an event each, and answers how many", async () => {
      const { box, electionId, members, sign, bring, ballot, stored, relayer } = await loadFixture(open);
      const ballots = [await sign(members[0]), await sign(members[4], { ballot: ballot(2) })];
      expect(await box.connect(relayer).castBallots.staticCall(electionId, ballots)).to.equal(2n);
      expect(await bring(...ballots)).to.deep.equal({
        cast: [
          [1n, ballot(1)],
          [5n, ballot(2)],
        ],
        skipped: [],
      });
      expect(await stored(members[0])).to.equal(ballot(1));
      expect(await stored(members[4])).to.equal(ballot(2));
      for (const voter of [members[0], members[4]]) expect(await box.nonces(voter)).to.equal(0n);
    });

    it("replaces a signed ballot by one with the present nonce, which it uses up", async () => {
      const { box, members, sign, replace, bring, ballot, stored } = await loadFixture(open);
      await bring(await sign(members[0]));
      expect(await bring(await replace(members[0]))).to.deep.equal({ cast: [[1n, ballot(2)]], skipped: [] });
      expect(await box.nonces(members[0])).to.equal(1n);
      await bring(await replace(members[0], { ballot: ballot(3) }));
      expect(await stored(members[0])).to.equal(ballot(3));
      expect(await box.nonces(members[0])).to.equal(2n);
    });

    it("counts a ballot that would replace one where there is none, and uses up its nonce", async () => {
      const { box, members, replace, bring, flawOf, sign, ballot, stored } = await loadFixture(open);
      expect(await bring(await replace(members[0]))).to.deep.equal({ cast: [[1n, ballot(2)]], skipped: [] });
      expect(await box.nonces(members[0])).to.equal(1n);
      expect(await flawOf(await sign(members[0]))).to.equal(Flaw.AlreadyCast);
      expect(await stored(members[0])).to.equal(ballot(2));
    });

    it("takes both in one batch, in their order", async () => {
      const { members, sign, replace, bring, ballot, stored } = await loadFixture(open);
      const [first, changed] = [await sign(members[0]), await replace(members[0])];
      expect(await bring(first, changed, first, changed)).to.deep.equal({
        cast: [
          [1n, ballot(1)],
          [1n, ballot(2)],
        ],
        skipped: [
          [members[0].address, 2n, Flaw.AlreadyCast],
          [members[0].address, 3n, Flaw.WrongNonce],
        ],
      });
      expect(await stored(members[0])).to.equal(ballot(2));
    });

    it("passes over what is flawed, says why, and counts the others", async () => {
      const setting = await loadFixture(open);
      const { box, members, sign, replace, bring, ballot, stranger, vote, numberOf } = setting;
      await vote(members[1], 1);
      await bring(await sign(members[2]));
      const ballots: [SignedBallot, bigint][] = [
        [await sign(members[0], { voter: members[3].address }), Flaw.InvalidSignature],
        [await sign(members[0], { deadline: BigInt(await time.latest()) - 1n }), Flaw.Expired],
        [await replace(members[2], { nonce: 1n }), Flaw.WrongNonce],
        [await sign(stranger), Flaw.NotEntitled],
        [await sign(members[2]), Flaw.AlreadyCast],
        [await sign(members[1]), Flaw.AlreadyCast],
        [await replace(members[1]), Flaw.CastInPerson],
        [await sign(members[0], { ballot: 0n }), Flaw.Empty],
        [await sign(members[5]), Flaw.None],
      ];
      const { cast, skipped } = await bring(...ballots.map(([signed]) => signed));
      expect(cast).to.deep.equal([[await numberOf(members[5]), ballot(1)]]);
      expect(skipped).to.deep.equal(
        ballots
          .map(([{ voter }, flaw], index) => [voter, BigInt(index), flaw])
          .filter(([, , flaw]) => flaw !== Flaw.None),
      );
      for (const member of members) expect(await box.nonces(member)).to.equal(0n);
    });

    it("counts a ballot in the last second of its deadline", async () => {
      const { box, electionId, members, sign, ballot } = await loadFixture(open);
      const deadline = BigInt(await time.latest()) + 100n;
      const signed = [await sign(members[0], { deadline })];
      await time.setNextBlockTimestamp(deadline);
      expect((await outcomeOf(box, box.castBallots(electionId, signed))).cast).to.deep.equal([
        [1n, ballot(1)],
      ]);
    });

    it("passes over a ballot of who may not vote, whatever the reason", async () => {
      const setting = await loadFixture(open);
      const { membership, timelock, members, newKey, stranger, sign, bring, stored } = setting;
      const governing = membership.connect(await actAs(connection, timelock));
      await membership.connect(members[3]).resign();
      await governing.end(5n);
      await governing.suspend(6n, maskOf(Right.Vote), (await time.latest()) + DAY);
      await rotateKey(setting, members[6], newKey);
      await join(setting, stranger);
      const refused = [members[3], members[4], members[5], members[6], stranger];
      const ballots = await Promise.all(refused.map((voter) => sign(voter)));
      expect(await bring(...ballots)).to.deep.equal({
        cast: [],
        skipped: refused.map(({ address }, index) => [address, BigInt(index), Flaw.NotEntitled]),
      });
      for (const voter of [...refused, newKey]) expect(await stored(voter)).to.equal(0n);
    });

    it("lets a member's new key replace what the old key signed, with its own nonce", async () => {
      const setting = await loadFixture(open);
      const { members, newKey, sign, replace, flawOf, stored, ballot } = setting;
      await setting.bring(await sign(members[6]));
      const late = await replace(members[6], { ballot: ballot(3) });
      await rotateKey(setting, members[6], newKey);
      expect(await flawOf(await sign(newKey))).to.equal(Flaw.AlreadyCast);
      expect(await flawOf(late)).to.equal(Flaw.NotEntitled);
      expect(await flawOf(await replace(newKey))).to.equal(Flaw.None);
      expect(await stored(newKey)).to.equal(ballot(2));
    });

    context("when a ballot is brought again", () => {
      it("counts a first ballot once, and undoes nothing that came after it", async () => {
        const { members, sign, replace, flawOf, stored, ballot } = await loadFixture(open);
        const first = await sign(members[0]);
        expect(await flawOf(first)).to.equal(Flaw.None);
        expect(await flawOf(first)).to.equal(Flaw.AlreadyCast);
        expect(await flawOf(await replace(members[0]))).to.equal(Flaw.None);
        expect(await flawOf(first)).to.equal(Flaw.AlreadyCast);
        expect(await stored(members[0])).to.equal(ballot(2));
      });

      it("counts a changed ballot once", async () => {
        const { members, sign, replace, flawOf, stored, ballot } = await loadFixture(open);
        await flawOf(await sign(members[0]));
        const second = await replace(members[0]);
        expect(await flawOf(second)).to.equal(Flaw.None);
        expect(await flawOf(await replace(members[0], { ballot: ballot(3) }))).to.equal(Flaw.None);
        expect(await flawOf(second)).to.equal(Flaw.WrongNonce);
        expect(await stored(members[0])).to.equal(ballot(3));
      });
    });

    context("when the voter casts a ballot in person", () => {
      it("lets it replace a signed one", async () => {
        const { members, sign, bring, vote, stored, ballot } = await loadFixture(open);
        await bring(await sign(members[0]));
        await vote(members[0], 3);
        expect(await stored(members[0])).to.equal(ballot(3));
      });

      it("lets no signature replace it, of before or after, and uses up no nonce", async () => {
        const { box, members, sign, replace, flawOf, vote, stored, ballot } = await loadFixture(open);
        const before = await replace(members[0]);
        await vote(members[0], 3);
        expect(await flawOf(before)).to.equal(Flaw.CastInPerson);
        expect(await flawOf(await replace(members[0]))).to.equal(Flaw.CastInPerson);
        expect(await flawOf(await sign(members[0]))).to.equal(Flaw.AlreadyCast);
        expect(await stored(members[0])).to.equal(ballot(3));
        expect(await box.nonces(members[0])).to.equal(0n);
      });

      it("lets no signature replace it once it has replaced a signed one", async () => {
        const { members, sign, replace, flawOf, vote, stored, ballot } = await loadFixture(open);
        await flawOf(await sign(members[0]));
        await vote(members[0], 3);
        expect(await flawOf(await replace(members[0]))).to.equal(Flaw.CastInPerson);
        await vote(members[0], 1);
        expect(await flawOf(await replace(members[0]))).to.equal(Flaw.CastInPerson);
        expect(await stored(members[0])).to.equal(ballot(1));
      });

      it("is not taken for the neighbour's", async () => {
        const { members, sign, replace, flawOf, vote } = await loadFixture(open);
        for (const member of members.slice(0, 3)) await flawOf(await sign(member));
        await vote(members[1], 3);
        expect(await flawOf(await replace(members[0]))).to.equal(Flaw.None);
        expect(await flawOf(await replace(members[1]))).to.equal(Flaw.CastInPerson);
        expect(await flawOf(await replace(members[2]))).to.equal(Flaw.None);
      });
    });

    context("when a ballot was signed for something else", () => {
      it("passes over one for another chain, contract, name or version", async () => {
        const { approval, ranked, elections, box, members, sign, flawOf } = await loadFixture(open);
        const others = [approval, ranked, elections].filter((one) => one.target !== box.target);
        const foreign = [
          { chainId: 1n },
          { name: "Another coalition" },
          { version: "2" },
          ...(await Promise.all(others.map(async (one) => ({ verifyingContract: await one.getAddress() })))),
        ];
        for (const domain of foreign) {
          expect(await flawOf(await sign(members[0], {}, domain))).to.equal(Flaw.InvalidSignature);
          expect(await flawOf(await sign(members[0], { nonce: 0n }, domain))).to.equal(Flaw.InvalidSignature);
        }
      });

      it("passes over one for another election", async () => {
        const { electionId, members, sign, flawOf } = await loadFixture(open);
        const other = { electionId: electionId + 1n };
        expect(await flawOf(await sign(members[0], other))).to.equal(Flaw.InvalidSignature);
        expect(await flawOf(await sign(members[0], { ...other, nonce: 0n }))).to.equal(Flaw.InvalidSignature);
      });

      it("passes over a first ballot brought as one that replaces, and the other way round", async () => {
        const { members, sign, flawOf } = await loadFixture(open);
        const first = await sign(members[0]);
        const changed = await sign(members[0], { nonce: 0n });
        expect(await flawOf({ ...first, replaces: true })).to.equal(Flaw.InvalidSignature);
        expect(await flawOf({ ...changed, replaces: false })).to.equal(Flaw.InvalidSignature);
      });
    });

    context("when the relayer alters a ballot", () => {
      it("passes over it: voter, ballot and deadline are signed", async () => {
        const { members, sign, flawOf, ballot, relayer } = await loadFixture(open);
        for (const signed of [await sign(members[0]), await sign(members[0], { nonce: 0n })]) {
          for (const change of [
            { voter: members[1].address },
            { voter: relayer.address },
            { ballot: ballot(2) },
            { deadline: FAR + 1n },
          ]) {
            expect(await flawOf({ ...signed, ...change })).to.equal(Flaw.InvalidSignature);
          }
        }
      });

      it("passes over it: nonce and form are signed, and a first ballot has no nonce to speak of", async () => {
        const { members, sign, replace, flawOf, stored, ballot } = await loadFixture(open);
        const changed = await replace(members[0]);
        expect(await flawOf({ ...changed, nonce: 1n })).to.equal(Flaw.WrongNonce);
        expect(await flawOf(await replace(members[0], { ballot: ballot(1) }))).to.equal(Flaw.None);
        expect(await flawOf({ ...changed, nonce: 1n })).to.equal(Flaw.InvalidSignature);
        // Whatever stands there, it is the ballot that was signed.
        expect(await flawOf({ ...(await sign(members[1])), nonce: 7n })).to.equal(Flaw.None);
        expect(await stored(members[1])).to.equal(ballot(1));
      });

      it("passes over a signature in another form", async () => {
        const { members, sign, flawOf } = await loadFixture(open);
        const signed = await sign(members[0]);
        const { r, s, v, compactSerialized } = Signature.from(signed.signature);
        const high = (CURVE_ORDER - BigInt(s)).toString(16).padStart(64, "0");
        const otherV = v === 27 ? "1c" : "1b";
        for (const signature of [
          compactSerialized,
          `${r}${high}${otherV}`,
          `${r}${s.slice(2)}${otherV}`,
          `${signed.signature}00`,
          "0x",
          `0x${"00".repeat(65)}`,
        ]) {
          expect(await flawOf({ ...signed, signature }), signature).to.equal(Flaw.InvalidSignature);
        }
        expect(await flawOf(signed)).to.equal(Flaw.None);
      });

      it("takes garbage for nobody's, the zero address's included", async () => {
        const { members, sign, flawOf } = await loadFixture(open);
        const garbage = `0x${"00".repeat(65)}`;
        const signed = { ...(await sign(members[0])), voter: ethers.ZeroAddress, signature: garbage };
        expect(await flawOf(signed)).to.equal(Flaw.InvalidSignature);
      });
    });

    context("given voters that are contracts", () => {
      it("counts what an honest one agrees to, first and changed", async () => {
        const { honest, owner, sign, replace, bring, ballot, membership, stored } = await loadFixture(open);
        const voter = await honest.getAddress();
        const number = await membership.numberOf(voter);
        const ballots = [await sign(owner, { voter }), await replace(owner, { voter })];
        expect(await bring(...ballots)).to.deep.equal({
          cast: [
            [number, ballot(1)],
            [number, ballot(2)],
          ],
          skipped: [],
        });
        expect(await stored(honest)).to.equal(ballot(2));
      });

      it("passes over what it did not agree to, and its owner's signature for the owner", async () => {
        const { honest, owner, members, sign, flawOf } = await loadFixture(open);
        const voter = await honest.getAddress();
        expect(await flawOf(await sign(members[0], { voter }))).to.equal(Flaw.InvalidSignature);
        expect(await flawOf(await sign(owner))).to.equal(Flaw.NotEntitled);
      });

      for (const [name, manner] of Object.entries(Manner)) {
        if (manner === Manner.Agreeing) continue;
        it(`passes over a hostile one (${name}) and counts the others`, async () => {
          const setting = await loadFixture(open);
          const { box, electionId, hostile, honest, owner, members, sign, bring, ballot, stored } = setting;
          const [voter, wallet] = [await hostile.getAddress(), await honest.getAddress()];
          await hostile.arm(box, box.interface.encodeFunctionData("castBallot", [electionId, ballot(3)]));
          await hostile.behave(manner);
          const { cast, skipped } = await bring(
            await sign(members[0]),
            await sign(owner, { voter }),
            await sign(owner, { voter: wallet }),
            await sign(members[1]),
          );
          expect(cast.map(([, counted]) => counted)).to.deep.equal([ballot(1), ballot(1), ballot(1)]);
          expect(skipped).to.deep.equal([[voter, 1n, Flaw.InvalidSignature]]);
          expect(await stored(hostile)).to.equal(0n);
          expect(await stored(honest)).to.equal(ballot(1));
        });
      }

      it("counts the same wallet once it agrees", async () => {
        const { hostile, owner, sign, flawOf, stored, ballot } = await loadFixture(open);
        await hostile.behave(Manner.Agreeing);
        const signed = await sign(owner, { voter: await hostile.getAddress() });
        expect(await flawOf(signed)).to.equal(Flaw.None);
        expect(await stored(hostile)).to.equal(ballot(1));
      });

      it("passes over as many as a transaction has gas for, each of which burns all that it gets", async () => {
        const { box, electionId, hostile, owner, members, sign, ballot } = await loadFixture(open);
        await hostile.behave(Manner.GasBurning);
        const ballots = Array(100).fill(await sign(owner, { voter: await hostile.getAddress() }));
        ballots.push(await sign(members[0]));
        const sent = box.castBallots(electionId, ballots, { gasLimit: TRANSACTION_GAS_LIMIT });
        const { cast, skipped } = await outcomeOf(box, sent);
        expect(cast).to.deep.equal([[1n, ballot(1)]]);
        expect(skipped).to.have.length(100);
      });
    });

    context("when the relayer sends too little gas", () => {
      it("reverts, and says for which ballot", async () => {
        const { box, electionId, hostile, honest, owner, sign } = await loadFixture(open);
        await hostile.behave(Manner.GasBurning);
        const ballots = [
          await sign(owner, { voter: await hostile.getAddress() }),
          await sign(owner, { voter: await honest.getAddress() }),
        ];
        const less = (gasLeft: bigint) => gasLeft < NEEDED_GAS;
        for (const [gasLimit, index] of [
          [350_000n, 0n],
          [480_000n, 1n],
        ]) {
          await expect(box.castBallots.staticCall(electionId, ballots, { gasLimit }))
            .to.be.revertedWithCustomError(box, "BallotBoxGasTooLow")
            .withArgs(index, less, NEEDED_GAS);
        }
      });

      it("counts all or undoes all: no ballot is passed over for want of gas", async () => {
        const { box, electionId, hostile, honest, owner, members, sign } = await loadFixture(open);
        await hostile.behave(Manner.GasBurning);
        const ballots = [
          await sign(members[0]),
          await sign(owner, { voter: await hostile.getAddress() }),
          await sign(owner, { voter: await honest.getAddress() }),
          await sign(members[3]),
        ];
        const answers = new Set<string>();
        for (let gasLimit = 60_000n; gasLimit <= 900_000n; gasLimit += 15_000n) {
          const answer = await box.castBallots
            .staticCall(electionId, ballots, { gasLimit })
            .catch(() => "undone");
          answers.add(String(answer));
        }
        expect([...answers]).to.deep.equal(["undone", "3"]);
      });
    });
  });
}

describe("BallotBox: castBallots", () => {
  for (const method of ["approval", "ranked"] as const) {
    async function open() {
      return openToWallets({ method });
    }

    it(`passes over a ballot of ${method} with an option too many, and keeps the one before and its nonce`, async () => {
      const setting = await loadFixture(open);
      const { box, electionId, members, sign, replace, bring, ballot, stored, countsFrom } = setting;
      const flawed = { unknown: ballot(1, 4), over: method === "approval" ? ballot(1, 2, 3) : ballot(1, 1) };
      await bring(await sign(members[0]));
      const { cast, skipped } = await bring(
        await replace(members[0], { ballot: flawed.unknown }),
        await replace(members[0], { ballot: flawed.over }),
        await replace(members[0], { ballot: 0n }),
        await sign(members[1], { ballot: flawed.unknown }),
        await sign(members[1], { ballot: flawed.over }),
      );
      expect(cast).to.deep.equal([]);
      expect(skipped.map(([, , flaw]) => flaw)).to.deep.equal([
        Flaw.UnknownOption,
        Flaw.Overvote,
        Flaw.Empty,
        Flaw.UnknownOption,
        Flaw.Overvote,
      ]);
      expect(await stored(members[0])).to.equal(ballot(1));
      expect(await stored(members[1])).to.equal(0n);
      expect(await box.nonces(members[0])).to.equal(0n);
      await bring(await replace(members[0]));
      await time.increaseTo(countsFrom);
      expect((await countOf(box, electionId)).ballots).to.equal(1n);
    });
  }
});
