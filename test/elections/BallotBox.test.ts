import { expect } from "chai";
import { network } from "hardhat";
import { approve, Flaw, openElection, rank } from "../helpers/ballot-box.js";
import { shouldTakeBallotsLikeABallotBox } from "./BallotBox.behavior.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

describe("BallotBox", () => {
  shouldTakeBallotsLikeABallotBox(connection, "approval");
  shouldTakeBallotsLikeABallotBox(connection, "ranked");

  async function openApproval() {
    return openElection(connection, { method: "approval" });
  }

  async function openRanked() {
    return openElection(connection, { method: "ranked" });
  }

  describe("castBallot", () => {
    for (const [name, ballot] of [
      ["more candidates than there are seats", approve(1, 2, 3)],
      ["more candidates than there are seats beside re-open nominations", approve(0, 1, 2, 3)],
    ] as const) {
      it(`reverts if a ballot approves of ${name}`, async () => {
        const { box, electionId, members } = await loadFixture(openApproval);
        await expect(box.connect(members[0]).castBallot(electionId, ballot))
          .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
          .withArgs(electionId, 1n, ballot, Flaw.Overvote);
      });
    }

    it("takes approvals of as many as there are seats, and re-open nominations besides", async () => {
      const { box, electionId, members, vote } = await loadFixture(openApproval);
      await vote(members[0], 0, 1, 3);
      expect(await box.ballotOf(electionId, 1n)).to.equal(0b1011n);
    });

    for (const [name, ballot] of [
      ["an option twice", rank(3, 1, 2, 1)],
      ["re-open nominations twice", rank(3, 0, 0)],
      ["more preferences than there are options", rank(3, 3, 2, 1, 0, 1)],
      ["a preference after a gap", rank(3, 1) | (rank(3, 2) << 8n)],
      ["something far beyond its end", rank(3, 1) | (1n << 255n)],
    ] as const) {
      it(`reverts if a ranked ballot has ${name}`, async () => {
        const { box, electionId, members } = await loadFixture(openRanked);
        await expect(box.connect(members[0]).castBallot(electionId, ballot))
          .to.be.revertedWithCustomError(box, "BallotBoxFlawed")
          .withArgs(electionId, 1n, ballot, Flaw.Overvote);
      });
    }

    it("takes a ranking of every option", async () => {
      const { box, electionId, members, vote } = await loadFixture(openRanked);
      await vote(members[0], 3, 0, 2, 1);
      expect(await box.ballotOf(electionId, 1n)).to.equal(0x2314n);
    });
  });
});
