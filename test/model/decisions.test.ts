import { expect } from "chai";
import { readParameters } from "../helpers/fixture.js";
import { type BallotCast, closesAt, Decisions, opensAfter, tally } from "./decisions.js";
import { DAY, Refusal, Roll } from "./roll.js";

const MONDAY = Date.UTC(2026, 10, 23) / 1_000;

/** DC-BAS with 40 members, of whom all can vote, and one decision of theirs that has just opened. */
function opened(): { decisions: Decisions; now: number } {
  const parameters = readParameters("dc-bas");
  const { groups, codeDigest, waitingFloor, ...rest } = parameters.Membership;
  const { waitingPeriod, epochLength, epochShareBps, epochFloor } = rest;
  const pace = { waitingPeriod, epochLength, epochShareBps, epochFloor };
  const roll = new Roll(groups.length, waitingFloor, pace, codeDigest);
  for (let place = 0; place < 40; place++) roll.join(`key ${place}`, place % 6, codeDigest, MONDAY);
  const { name: _, ...rules } = parameters.Governor;
  const decisions = new Decisions(roll, rules, parameters.Timelock.delay, 1 * DAY);
  const mature = MONDAY + 60 * DAY;
  const proposal = { id: 1n, operation: "0x01", descriptionLength: 10 };
  decisions.propose("key 0", { ...proposal, actions: [{ do: "setX", value: 7 }] }, mature);
  return { decisions, now: mature + rules.notice + 1 };
}

function inPerson(key: number, support: number): BallotCast {
  const voter = `key ${key}`;
  return { sender: voter, voter, id: 1n, support, reason: "", paramsLength: 0 };
}

function signed(key: number, support: number, nonce: number): BallotCast {
  const cast = { ...inPerson(key, support), sender: "sponsor" };
  const paper = { form: "plain", id: 1n, support, voter: cast.voter } as const;
  return { ...cast, signed: { signature: { by: cast.voter, nonce, content: paper }, paper } };
}

describe("the model of decisions", () => {
  it("asks DC-BAS's 40 members for 8 ballots, 4 of them For, and more For than Against", () => {
    const { decisions, now } = opened();
    const decision = decisions.find(1n);
    expect(decisions.quorumOf(decision)).to.equal(8);
    for (let key = 0; key < 4; key++) decisions.castBallot(inPerson(key, 1), now);
    for (let key = 4; key < 7; key++) decisions.castBallot(inPerson(key, 0), now);
    // Against does not help towards the quorum.
    expect(decisions.passed(decision)).to.equal(false);
    for (let key = 7; key < 11; key++) decisions.castBallot(inPerson(key, 2), now);
    expect(decisions.passed(decision)).to.equal(true);
    decisions.castBallot(inPerson(11, 0), now);
    expect(tally(decision)).to.deep.equal([4, 4, 4]);
    expect(decisions.passed(decision)).to.equal(false);
  });

  it("counts a member's last ballot, once, in the member's group", () => {
    const { decisions, now } = opened();
    const decision = decisions.find(1n);
    for (const choice of [1, 0, 2, 1]) decisions.castBallot(inPerson(8, choice), now);
    expect(tally(decision)).to.deep.equal([0, 1, 0]);
    expect(tally(decision, 2)).to.deep.equal([0, 1, 0]);
    expect(tally(decision, 3)).to.deep.equal([0, 0, 0]);
  });

  it("lets no signature replace a ballot cast in person, and a person replace what was signed", () => {
    const { decisions, now } = opened();
    decisions.castBallot(signed(5, 1, 0), now);
    decisions.castBallot(signed(5, 2, 1), now);
    decisions.castBallot(inPerson(5, 0), now);
    expect(() => decisions.castBallot(signed(5, 1, 2), now)).to.throw(
      Refusal,
      "CoalitionGovernorBallotCastInPerson(1, key 5)",
    );
    expect(tally(decisions.find(1n))).to.deep.equal([1, 0, 0]);
  });

  it("accepts ballots after the opening's second and until the close's, both included in the hours", () => {
    const { decisions } = opened();
    const decision = decisions.find(1n);
    const states = [
      opensAfter(decision),
      opensAfter(decision) + 1,
      closesAt(decision),
      closesAt(decision) + 1,
    ].map((moment) => decisions.stateOf(decision, moment));
    expect(states).to.deep.equal(["pending", "active", "active", "defeated"]);
  });

  it("lets a decision that passed expire after its grace, queued or not", () => {
    const { decisions, now } = opened();
    const decision = decisions.find(1n);
    for (let key = 0; key < 8; key++) decisions.castBallot(inPerson(key, 1), now);
    const close = closesAt(decision);
    const grace = 14 * DAY;
    expect(decisions.stateOf(decision, close + grace)).to.equal("succeeded");
    expect(decisions.stateOf(decision, close + grace + 1)).to.equal("expired");
    decisions.queue(1n, close + grace);
    const eta = close + grace + 2 * DAY;
    expect(decisions.stateOf(decision, eta + grace)).to.equal("queued");
    expect(decisions.stateOf(decision, eta + grace + 1)).to.equal("expired");
  });

  it("carries a decision out as a whole or not at all", () => {
    const { decisions, now } = opened();
    const { roll } = decisions;
    const proposal = { id: 2n, operation: "0x02", descriptionLength: 10 };
    decisions.propose(
      "key 0",
      {
        ...proposal,
        actions: [
          { do: "end", number: 3 },
          { do: "end", number: 3 },
        ],
      },
      now,
    );
    const decision = decisions.find(2n);
    for (let key = 0; key < 8; key++)
      decisions.castBallot({ ...inPerson(key, 1), id: 2n }, opensAfter(decision) + 1);
    decisions.queue(2n, closesAt(decision) + 1);
    const due = decision.eta as number;
    expect(() => decisions.execute(2n, due)).to.throw(Refusal, "MembershipUnknownNumber(3)");
    expect(roll.members[2]?.leftAt).to.equal(null);
    expect(decisions.stateOf(decision, due)).to.equal("queued");
  });
});
