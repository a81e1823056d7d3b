import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import { foundForum, signForForum } from "../helpers/forum.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const COMMITMENT = id("salt and profile");

async function founded() {
  return foundForum(connection);
}

describe("Profiles", () => {
  it("knows its roll", async () => {
    const { profiles, membership } = await loadFixture(founded);
    expect(await profiles.roll()).to.equal(membership);
    expect(await profiles.profileOf(1)).to.equal(ZeroHash);
  });

  describe("publish", () => {
    it("reverts for a key that is not on the roll", async () => {
      const { profiles, stranger } = await loadFixture(founded);
      await expect(profiles.connect(stranger).publish(COMMITMENT))
        .to.be.revertedWithCustomError(profiles, "ProfilesNotOnRoll")
        .withArgs(stranger);
    });

    it("reverts when nothing changes", async () => {
      const { profiles, member } = await loadFixture(founded);
      const mine = profiles.connect(member(1));
      await expect(mine.publish(ZeroHash))
        .to.be.revertedWithCustomError(profiles, "ProfilesNothingNew")
        .withArgs(1n, ZeroHash);
      await mine.publish(COMMITMENT);
      await expect(mine.publish(COMMITMENT))
        .to.be.revertedWithCustomError(profiles, "ProfilesNothingNew")
        .withArgs(1n, COMMITMENT);
    });

    it("puts a commitment in the place of the one before, and takes it back", async () => {
      const { profiles, member } = await loadFixture(founded);
      const mine = profiles.connect(member(2));
      for (const commitment of [COMMITMENT, id("a later one"), ZeroHash]) {
        await expect(mine.publish(commitment)).to.emit(profiles, "ProfileChanged").withArgs(2n, commitment);
        expect(await profiles.profileOf(2)).to.equal(commitment);
      }
      expect(await profiles.profileOf(1)).to.equal(ZeroHash);
    });
  });

  describe("publishBySig", () => {
    it("publishes for a member who signed, once", async () => {
      const { profiles, member, relayer } = await loadFixture(founded);
      const { account, deadline, signature } = await signForForum(profiles, member(1), "PublishProfile", {
        commitment: COMMITMENT,
      });
      const relayed = profiles.connect(relayer);
      await expect(relayed.publishBySig(account, COMMITMENT, deadline, signature))
        .to.emit(profiles, "ProfileChanged")
        .withArgs(1n, COMMITMENT);
      const removal = await signForForum(profiles, member(1), "PublishProfile", { commitment: ZeroHash });
      await relayed.publishBySig(account, ZeroHash, removal.deadline, removal.signature);
      expect(await profiles.profileOf(1)).to.equal(ZeroHash);
      await expect(relayed.publishBySig(account, COMMITMENT, deadline, signature))
        .to.be.revertedWithCustomError(profiles, "SignedRequestsInvalidSignature")
        .withArgs(account);
    });

    it("reverts for what another signed, and after the deadline", async () => {
      const { profiles, member, relayer, now } = await loadFixture(founded);
      const relayed = profiles.connect(relayer);
      const content = { commitment: COMMITMENT };
      const foreign = await signForForum(profiles, member(2), "PublishProfile", content, {
        account: member(1).address,
      });
      await expect(relayed.publishBySig(foreign.account, COMMITMENT, foreign.deadline, foreign.signature))
        .to.be.revertedWithCustomError(profiles, "SignedRequestsInvalidSignature")
        .withArgs(member(1));
      const past = (await now()) - 1n;
      const late = await signForForum(profiles, member(1), "PublishProfile", content, { deadline: past });
      await expect(relayed.publishBySig(late.account, COMMITMENT, past, late.signature))
        .to.be.revertedWithCustomError(profiles, "SignedRequestsExpired")
        .withArgs(past, (await now()) + 1n);
    });
  });
});
