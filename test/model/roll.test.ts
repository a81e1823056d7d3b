import { expect } from "chai";
import { readParameters } from "../helpers/fixture.js";
import { MemberDesk } from "./member-desk.js";
import { groupCountedAt, type Member, pausesOf, Roll, votesFrom } from "./roll.js";
import { DAY, Refusal, type Signed } from "./words.js";

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

function join(roll: Roll, key: string, group: number, now: number): Member {
  const number = roll.join(key, group, CODE, "0x", now);
  return roll.members[number - 1] as Member;
}

function joinMany(roll: Roll, count: number, now: number, name = "key"): void {
  for (let place = 0; place < count; place++) join(roll, `${name} ${place}`, place % GROUPS, now);
}

/** The groups in which a vote counted at some moments, -1 where it did not. */
function groupsAt(member: Member, ...moments: number[]): number[] {
  return moments.map((moment) => groupCountedAt(member, moment) ?? -1);
}

function date(moment: number): string {
  return new Date(moment * 1_000).toISOString().slice(0, 10);
}

describe("the model of the roll", () => {
  describe("the worked example of DC-BAS", () => {
    it("lets the vote of a Monday's joiner mature on the Thursday after 30 days", () => {
      // 23 November and 30 days are 23 December, a Wednesday.
      expect(date(votesFrom(join(dcBas(), "anna", 0, MONDAY)))).to.equal("2026-12-24");
    });

    it("gives the 25 first joiners the first boundary and the 26th the next one", () => {
      const roll = dcBas();
      joinMany(roll, 51, MONDAY);
      const dates = roll.members.map((member) => date(votesFrom(member)));
      expect(dates.slice(0, 25)).to.deep.equal(Array(25).fill("2026-12-24"));
      expect(dates.slice(25, 50)).to.deep.equal(Array(25).fill("2026-12-31"));
      expect(dates.slice(50)).to.deep.equal(["2027-01-07"]);
    });

    it("opens a boundary of a tenth of the mature votes once that is more than 25", () => {
      const roll = dcBas();
      joinMany(roll, 300, MONDAY);
      // Twelve boundaries later all 300 votes are mature: a tenth of them is 30.
      const later = votesFrom(roll.members.at(-1) as Member) + 1;
      joinMany(roll, 31, later, "late");
      const late = roll.members.slice(300).map(votesFrom);
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
      expect(date(votesFrom(join(roll, "late", 0, MONDAY + 2)))).to.equal("2026-12-31");
    });

    it("lets nobody overtake when the waiting period becomes shorter", () => {
      const roll = dcBas();
      const anna = join(roll, "anna", 0, MONDAY);
      roll.setMaturity({ ...roll.pace, waitingPeriod: 14 * DAY });
      expect(votesFrom(join(roll, "bert", 0, MONDAY + DAY))).to.equal(votesFrom(anna));
    });

    it("counts a vote from its boundary until the second in which it ends", () => {
      const roll = dcBas();
      const anna = join(roll, "anna", 2, MONDAY);
      const from = votesFrom(anna);
      roll.resign("anna", from + 100);
      expect(groupsAt(anna, from - 1, from, from + 99, from + 100)).to.deep.equal([-1, 2, 2, -1]);
      expect(roll.votesByGroupAt(from)).to.deep.equal([0, 0, 1, 0, 0, 0]);
      expect(roll.votesByGroupAt(from + 100)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    });
  });

  describe("participants", () => {
    it("wait for the policy outside the queue, and enter it when they meet it", () => {
      const roll = dcBas();
      roll.setPolicy({ at: "nobody", admits: () => false });
      const anna = join(roll, "anna", 0, MONDAY);
      expect(pausesOf(anna)).to.deep.equal(["unqualified"]);
      expect(roll.boundaries).to.deep.equal([]);
      expect(() => roll.qualify(1, "0x", MONDAY)).to.throw(
        Refusal,
        "MembershipAdmissionRefused(anna, nobody)",
      );
      roll.setPolicy({ at: "everybody", admits: () => true });
      roll.qualify(1, "0x", MONDAY + 7 * DAY);
      expect(date(votesFrom(anna))).to.equal("2026-12-31");
      expect(() => roll.qualify(1, "0x", MONDAY)).to.throw(Refusal, "MembershipNotQualifiable(1, 0)");
    });
  });

  describe("pauses and changes of group", () => {
    it("take a vote out, and bring it back in the second in which the last reason ends", () => {
      const roll = dcBas();
      const anna = join(roll, "anna", 1, MONDAY);
      const from = votesFrom(anna);
      roll.pause(1, "dormant", from + 10);
      roll.pause(1, "represented", from + 20);
      roll.resume(1, "dormant", from + 30);
      expect(roll.standingOf("anna", "vote", from + 30, from + 30).standing).to.equal("represented");
      roll.resume(1, "represented", from + 40);
      expect(votesFrom(anna)).to.equal(from + 40);
      const moments = [from, from + 9, from + 10, from + 39, from + 40];
      expect(groupsAt(anna, ...moments)).to.deep.equal([1, 1, -1, -1, 1]);
    });

    it("do not shorten the wait of a vote that has not matured", () => {
      const roll = dcBas();
      const anna = join(roll, "anna", 1, MONDAY);
      const from = votesFrom(anna);
      roll.pause(1, "dormant", MONDAY + 1);
      roll.moveGroup(1, 3, MONDAY + 2);
      roll.resume(1, "dormant", MONDAY + 3);
      expect(votesFrom(anna)).to.equal(from);
      expect(groupsAt(anna, from - 1, from)).to.deep.equal([-1, 3]);
    });

    it("leave the past in the group in which it was", () => {
      const roll = dcBas();
      const anna = join(roll, "anna", 1, MONDAY);
      const from = votesFrom(anna);
      roll.moveGroup(1, 4, from + 5);
      expect(groupsAt(anna, from + 4, from + 5)).to.deep.equal([1, 4]);
      expect(roll.standingOf("anna", "vote", from + 4, from + 9)).to.include({
        standing: "granted",
        group: 1,
      });
      expect(votesFrom(anna)).to.equal(from + 5);
    });
  });

  describe("keys and numbers", () => {
    it("moves number, group and maturity to a new key, and the past stays with the old one", () => {
      const roll = dcBas();
      const from = votesFrom(join(roll, "anna", 2, MONDAY));
      roll.moveKey(1, "anna's new key", from + 10);
      expect(roll.voteAt("anna", from + 9)).to.deep.equal({ number: 1, group: 2 });
      expect(roll.voteAt("anna", from + 10)).to.equal(undefined);
      expect(roll.voteAt("anna's new key", from + 9)).to.equal(undefined);
      expect(roll.voteAt("anna's new key", from + 10)).to.deep.equal({ number: 1, group: 2 });
      expect(roll.standingOf("anna", "vote", from, from + 10).standing).to.equal("rotated");
    });

    it("gives a key that joins again a new number, a new maturity and its old sanction", () => {
      const roll = dcBas();
      join(roll, "anna", 0, MONDAY);
      roll.suspend(1, 0b0101, MONDAY + 90 * DAY, MONDAY);
      roll.resign("anna", MONDAY + 1);
      const again = join(roll, "anna", 0, MONDAY + 8 * DAY);
      expect(roll.numberOf("anna")).to.equal(2);
      expect(date(votesFrom(again))).to.equal("2026-12-31");
      expect(again.suspendedUntil).to.deep.equal([MONDAY + 90 * DAY, 0, MONDAY + 90 * DAY, 0]);
    });

    it("bars every key of a member whose membership was ended until it is pardoned", () => {
      const roll = dcBas();
      join(roll, "anna", 0, MONDAY);
      roll.moveKey(1, "anna's new key", MONDAY + 1);
      roll.end(1, MONDAY + 2);
      for (const key of ["anna", "anna's new key"]) {
        expect(() => join(roll, key, 0, MONDAY + 3)).to.throw(Refusal, `MembershipKeyBarred(${key}, 1)`);
        roll.pardon(key);
      }
      expect(join(roll, "anna's new key", 0, MONDAY + 3).number).to.equal(2);
      expect(join(roll, "anna", 0, MONDAY + 3).number).to.equal(3);
    });

    it("puts everything back as it was saved", () => {
      const roll = dcBas();
      join(roll, "anna", 0, MONDAY);
      const undo = roll.save();
      roll.end(1, MONDAY + 1);
      join(roll, "bert", 0, MONDAY + 1);
      undo();
      expect(roll.numberOf("anna")).to.equal(1);
      expect(roll.lastTenure("bert")).to.equal(undefined);
      expect(roll.members).to.have.length(1);
      expect(roll.holds("anna")?.member).to.equal(roll.members[0]);
    });
  });

  describe("signed requests", () => {
    const request = { account: "anna", group: 1, codeDigest: CODE, evidence: "0x", deadline: MONDAY };
    const signature: Signed<typeof request> = { by: "anna", nonce: 0, content: request };
    const refused = "SignedRequestsInvalidSignature(anna)";

    it("are taken once", () => {
      const desk = new MemberDesk(dcBas());
      desk.join(request, signature, MONDAY);
      desk.roll.resign("anna", MONDAY);
      expect(() => desk.join(request, signature, MONDAY)).to.throw(Refusal, refused);
    });

    it("are taken for nothing else than they say, and use nothing up when they are refused", () => {
      const desk = new MemberDesk(dcBas());
      expect(() => desk.join({ ...request, group: 2 }, signature, MONDAY)).to.throw(Refusal, refused);
      expect(() => desk.join(request, signature, MONDAY + 1)).to.throw(Refusal, "SignedRequestsExpired");
      expect(desk.roll.members).to.deep.equal([]);
      expect(desk.join(request, signature, MONDAY)).to.equal(1);
    });

    it("are passed over in a batch where they are bad", () => {
      const desk = new MemberDesk(dcBas());
      const bad = { request, signature: { ...signature, nonce: 1 } };
      expect(desk.joinMany([bad, { request, signature }], MONDAY)).to.equal(1);
      expect(desk.roll.announcements.take()).to.include(`JoinSkipped(0, anna, ${refused})`);
    });
  });
});
