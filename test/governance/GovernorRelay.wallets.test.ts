import { expect } from "chai";
import type { AddressLike } from "ethers";
import { network } from "hardhat";
import { FAR } from "../helpers/attacks.js";
import { type FirstBallot, groupOf, named, outcomeOf, Skip } from "../helpers/ballots.js";
import { deployCoalition } from "../helpers/fixture.js";
import { Decision, outsidersOf, Support, seatMembers } from "../helpers/governor.js";
import { counts, relayIn, skips } from "../helpers/relay.js";

const connection = await network.create();
const { ethers } = connection;
const { loadFixture } = connection.networkHelpers;
const { bring } = relayIn(connection);

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

describe("GovernorRelay: castBallots", () => {
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
});
