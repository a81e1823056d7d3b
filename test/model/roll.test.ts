import { expect } from "chai";
import { readParameters } from "../helpers/fixture.js";
import { DAY, type JoinRequest, Refusal, Roll, type Signed } from "./roll.js";

/** A Monday, 00:00 UTC, 30 days before a boundary: epochs begin on Thursdays, as 1 January 1970 was one. */
const MONDAY = Date.UTC(2026, 10, 23) / 1_000;
const GROUPS = 6;
const CODE = readParameters("dc-bas").Membership.codeDigest;

/** The roll of DC-BAS: 30 days of waiting, epochs of a week that add 25 votes or a tenth of the mature ones. */
function dcBas(): Roll {
  const { waitingFloor, ...rest } = readParameters("dc-bas").Membership;
  const { waitingPeriod, epochLength, epochShareBps, epochFloor } = rest;
  return new Roll(GROUPS, waitingFloor, { waitingPeriod, epochLength, epochShareBps, epochFloor }, CODE);
}

function joinMany(roll: Roll, count: number, now: number, name = "key"): void {
  for (let place = 0; place < count; place++) roll.join(`${name} ${place}`, place % GROUPS, CODE, now);
}

function date(moment: number): string {
  return new Date(moment * 1_000).toISOString().slice(0, 10);
}

describe("the model of the roll", () => {
  describe("the worked example of DC-BAS", () => {
    it("lets the vote of a Monday's joiner mature on the Thursday after 30 days", () => {
      const roll = dcBas();
      roll.join("anna", 0, CODE, MONDAY);
      // 23 November and 30 days are 23 December, a Wednesday.
      expect(date(roll.members[0]?.votesFrom as number)).to.equal("2026-12-24");
    });

    it("gives the 25 first joiners the first boundary and the 26th the next one", () => {
      const roll = dcBas();
      joinMany(roll, 51, MONDAY);
      const dates = roll.members.map(({ votesFrom }) => date(votesFrom));
      expect(dates.slice(0, 25)).to.deep.equal(Array(25).fill("2026-12-24"));
      expect(dates.slice(25, 50)).to.deep.equal(Array(25).fill("2026-12-31"));
      expect(dates.slice(50)).to.deep.equal(["2027-01-07"]);
    });

    it("opens a boundary of a tenth of the mature votes once that is more than 25", () => {
      const roll = dcBas();
      joinMany(roll, 300, MONDAY);
      // Twelve boundaries later all 300 votes are mature: a tenth of them is 30.
      const later = (roll.members.at(-1)?.votesFrom as number) + 1;
      joinMany(roll, 31, later, "late");
      const late = roll.members.slice(300).map(({ votesFrom }) => votesFrom);
      expect(new Set(late.slice(0, 30)).size).to.equal(1);
      expect(late[30]).to.equal((late[0] as number) + 7 * DAY);
    });

    it("does not let votes that still wait widen a boundary", () => {
      const roll = dcBas();
      joinMany(roll, 1_000, MONDAY);
      expect(roll.boundaries.every(({ seats }) => seats === 25)).to.equal(true);
      expect(roll.boundaries).to.have.length(40);
    });

    it("does not give a seat out again whose holder left early", () => {
      const roll = dcBas();
      joinMany(roll, 25, MONDAY);
      roll.resign("key 3", MONDAY + 1);
      roll.join("late", 0, CODE, MONDAY + 2);
      expect(date(roll.members.at(-1)?.votesFrom as number)).to.equal("2026-12-31");
    });

    it("lets nobody overtake when the waiting period becomes shorter", () => {
      const roll = dcBas();
      roll.join("anna", 0, CODE, MONDAY);
      roll.setMaturity({ ...roll.pace, waitingPeriod: 14 * DAY });
      roll.join("bert", 0, CODE, MONDAY + DAY);
      expect(roll.members[1]?.votesFrom).to.equal(roll.members[0]?.votesFrom);
    });

    it("counts a vote from its boundary until the second in which it ends", () => {
      const roll = dcBas();
      roll.join("anna", 2, CODE, MONDAY);
      const from = roll.members[0]?.votesFrom as number;
      roll.resign("anna", from + 100);
      const votes = [from - 1, from, from + 99, from + 100].map((moment) => roll.votesAt("anna", moment));
      expect(votes).to.deep.equal([0, 1, 1, 0]);
      expect(roll.votesByGroupAt(from)).to.deep.equal([0, 0, 1, 0, 0, 0]);
      expect(roll.votesByGroupAt(from + 100)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    });
  });

  describe("keys and numbers", () => {
    const request: JoinRequest = { account: "anna", group: 1, code: CODE, deadline: MONDAY };
    const signature: Signed<JoinRequest> = { by: "anna", nonce: 0, content: request };

    it("moves number, group and maturity to a new key, and the past stays with the old one", () => {
      const roll = dcBas();
      roll.join("anna", 2, CODE, MONDAY);
      const from = roll.members[0]?.votesFrom as number;
      const content = { number: 1, newKey: "anna's new key", deadline: from + 10 };
      roll.rotateKey(
        "anna",
        content.newKey,
        content.deadline,
        { by: content.newKey, nonce: 0, content },
        from + 10,
      );
      expect(roll.votesAt("anna", from + 9)).to.equal(1);
      expect(roll.votesAt("anna", from + 10)).to.equal(0);
      expect(roll.votesAt("anna's new key", from + 9)).to.equal(0);
      expect(roll.votesAt("anna's new key", from + 10)).to.equal(1);
      expect(roll.standingOf("anna", "vote", from, from + 10).standing).to.equal("rotated");
    });

    it("gives a key that joins again a new number, a new maturity and its old sanction", () => {
      const roll = dcBas();
      roll.join("anna", 0, CODE, MONDAY);
      roll.suspend(1, 0b0101, MONDAY + 90 * DAY, MONDAY);
      roll.resign("anna", MONDAY + 1);
      roll.join("anna", 0, CODE, MONDAY + 8 * DAY);
      expect(roll.numberOf("anna")).to.equal(2);
      expect(date(roll.members[1]?.votesFrom as number)).to.equal("2026-12-31");
      expect(roll.members[1]?.suspendedUntil).to.deep.equal([MONDAY + 90 * DAY, 0, MONDAY + 90 * DAY, 0]);
    });

    it("bars a key whose membership was ended until it is pardoned", () => {
      const roll = dcBas();
      roll.join("anna", 0, CODE, MONDAY);
      roll.end(1, MONDAY + 1);
      expect(() => roll.join("anna", 0, CODE, MONDAY + 2)).to.throw(Refusal, "MembershipKeyBarred(anna, 1)");
      roll.pardon("anna");
      expect(roll.join("anna", 0, CODE, MONDAY + 2)).to.equal(2);
    });

    it("takes a signed request once", () => {
      const roll = dcBas();
      roll.joinBySig("anna", 1, CODE, MONDAY, signature, MONDAY);
      roll.resign("anna", MONDAY);
      expect(() => roll.joinBySig("anna", 1, CODE, MONDAY, signature, MONDAY)).to.throw(
        Refusal,
        "SignedRequestsInvalidSignature(anna)",
      );
    });

    it("takes it for nothing else than it says", () => {
      const roll = dcBas();
      expect(() => roll.joinBySig("anna", 2, CODE, MONDAY, signature, MONDAY)).to.throw(
        Refusal,
        "SignedRequestsInvalidSignature(anna)",
      );
      expect(roll.members).to.deep.equal([]);
    });
  });
});
