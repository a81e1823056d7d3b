import { expect } from "chai";
import { type Parameters, plainParameters, readParameters } from "../helpers/fixture.js";
import type { Action, Place } from "./actions.js";
import { Coalition } from "./coalition.js";
import { type BallotCast, closesAt, type Decision, opensAfter } from "./decisions.js";
import { STEP } from "./delegations.js";
import { DAY, Refusal } from "./words.js";

const MONDAY = Date.UTC(2026, 10, 23) / 1_000;

/** DC-BAS, unless told otherwise with decisions that open without endorsements and close when they said they would. */
function dcBas(parameters: Parameters = plainParameters()): Coalition {
  const { groups, codeDigest, waitingFloor, ...rest } = parameters.Membership;
  const { waitingPeriod, epochLength, epochShareBps, epochFloor, claimCooldown } = rest;
  const { name: _, guardian: __, guardianTerm: ___, ...rules } = parameters.Governor;
  return new Coalition({
    groupCount: groups.length,
    waitingFloor,
    pace: { waitingPeriod, epochLength, epochShareBps, epochFloor },
    code: codeDigest,
    rules,
    places: parameters.Agenda.places,
    guardian: { key: "guardian", sunset: MONDAY + 365 * DAY },
    delay: parameters.Timelock.delay,
    shortestStage: 1 * DAY,
    cap: rest.delegationCap,
    confirmationPeriod: rest.confirmationPeriod,
    oneVoice: rest.oneVoice,
    affiliationCooldown: claimCooldown,
    claimRules: { cooldown: claimCooldown, window: rest.challengeWindow, challengers: rest.challengers },
    recoveryDelay: rest.recoveryDelay,
    policies: { open: "open", told: "told" },
    at: new Proxy({}, { get: (_target, place) => place }) as Record<Place, string>,
  });
}

/** With 40 members, of whom all can vote, before anything is decided. */
function founded(parameters?: Parameters): { coalition: Coalition; now: number } {
  const coalition = dcBas(parameters);
  const { roll } = coalition;
  for (let place = 0; place < 40; place++) roll.join(`key ${place}`, place % 6, roll.code, "0x", MONDAY);
  return { coalition, now: MONDAY + 60 * DAY };
}

/** The same, with one decision of theirs that has just opened. */
function opened(before: (coalition: Coalition, now: number) => void = () => {}) {
  const { coalition, now } = founded();
  before(coalition, now);
  const { decisions } = coalition;
  const proposal = { id: 1n, descriptionLength: 10 };
  decisions.propose("key 0", { ...proposal, actions: [{ do: "setX", value: 7 }] }, now);
  const decision = decisions.find(1n);
  return { coalition, decisions, decision, now: opensAfter(decision) + 1 };
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
    const { decisions, decision, now } = opened();
    expect(decisions.quorumOf(decision)).to.equal(8);
    for (let key = 0; key < 4; key++) decisions.castBallot(inPerson(key, 1), now);
    for (let key = 4; key < 7; key++) decisions.castBallot(inPerson(key, 0), now);
    // Against does not help towards the quorum.
    expect(decisions.passed(decision)).to.equal(false);
    for (let key = 7; key < 11; key++) decisions.castBallot(inPerson(key, 2), now);
    expect(decisions.passed(decision)).to.equal(true);
    decisions.castBallot(inPerson(11, 0), now);
    expect(decisions.tally(decision)).to.deep.equal([4, 4, 4]);
    expect(decisions.passed(decision)).to.equal(false);
  });

  it("counts a member's last ballot, once, in the member's group", () => {
    const { decisions, decision, now } = opened();
    for (const choice of [1, 0, 2, 1]) decisions.castBallot(inPerson(8, choice), now);
    expect(decisions.tally(decision)).to.deep.equal([0, 1, 0]);
    expect(decisions.tally(decision, 2)).to.deep.equal([0, 1, 0]);
    expect(decisions.tally(decision, 3)).to.deep.equal([0, 0, 0]);
  });

  it("counts it in the group of the opening, and counts it though the vote was paused since", () => {
    const { coalition, decisions, decision, now } = opened();
    coalition.roll.moveGroup(9, 5, now);
    coalition.roll.pause(9, "dormant", now);
    decisions.castBallot(inPerson(8, 1), now);
    expect(decisions.tally(decision, 2)).to.deep.equal([0, 1, 0]);
    expect(decisions.electorateOf(decision)).to.equal(40);
  });

  it("lets no signature replace a ballot cast in person, and a person replace what was signed", () => {
    const { decisions, decision, now } = opened();
    decisions.castBallot(signed(5, 1, 0), now);
    decisions.castBallot(signed(5, 2, 1), now);
    decisions.castBallot(inPerson(5, 0), now);
    expect(() => decisions.castBallot(signed(5, 1, 2), now)).to.throw(
      Refusal,
      "CoalitionGovernorBallotCastInPerson(1, key 5)",
    );
    expect(decisions.tally(decision)).to.deep.equal([1, 0, 0]);
  });

  it("accepts ballots after the opening's second and until the close's, both included in the hours", () => {
    const { decisions, decision } = opened();
    const [opening, close] = [opensAfter(decision), closesAt(decision)];
    const states = [opening, opening + 1, close, close + 1].map((moment) =>
      decisions.stateOf(decision, moment),
    );
    expect(states).to.deep.equal(["pending", "active", "active", "defeated"]);
  });

  it("lets a decision that passed expire after its grace, queued or not", () => {
    const { decisions, decision, now } = opened();
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
    const { coalition, decisions, now } = opened();
    const proposal = { id: 2n, descriptionLength: 10 };
    const twice = { do: "end", number: 3 } as const;
    decisions.propose("key 0", { ...proposal, actions: [{ do: "setCap", cap: 3 }, twice, twice] }, now);
    const decision = decisions.find(2n);
    for (let key = 0; key < 16; key++)
      decisions.castBallot({ ...inPerson(key, 1), id: 2n }, opensAfter(decision) + 1);
    decisions.queue(2n, closesAt(decision) + 1);
    const due = decision.eta as number;
    const { cap } = coalition.delegations;
    expect(() => decisions.execute(2n, due)).to.throw(Refusal, "MembershipUnknownNumber(3)");
    expect(coalition.roll.members[2]?.leftAt).to.equal(null);
    expect(coalition.delegations.cap).to.equal(cap);
    expect(decisions.stateOf(decision, due)).to.equal("queued");
  });
});

describe("the model of classes", () => {
  const proposalOf = (id: bigint, ...actions: Action[]) => ({
    ...{ id, descriptionLength: 10 },
    actions,
  });

  /** A coalition whose decisions are as DC-BAS's are, and one of them. */
  function proposed(...actions: Action[]) {
    const { coalition, now } = founded(readParameters("dc-bas"));
    const { decisions, agenda } = coalition;
    decisions.propose("key 0", proposalOf(1n, ...actions), now);
    return { coalition, decisions, agenda, decision: decisions.find(1n), now };
  }

  /** The same, endorsed by keys 0 to 2, of three groups, and open. */
  function open(...actions: Action[]) {
    const { now, ...rest } = proposed(...actions);
    for (const key of [0, 1, 2].slice(0, rest.decision.rules.endorsements))
      rest.agenda.endorse(`key ${key}`, 1n, now);
    return { ...rest, now: opensAfter(rest.decision) + 1 };
  }

  const vote = (decision: Decision, coalition: Coalition, now: number, keys: number[], support: number) => {
    for (const key of keys)
      coalition.decisions.castBallot({ ...inPerson(key, support), id: decision.id }, now);
  };

  const PUT = { do: "setX", value: 7 } as const;
  const RECORD = { do: "record", digest: `0x${"1".repeat(64)}` } as const;
  const CAP = { do: "setCap", cap: 3 } as const;

  it("takes the greatest class of what a decision does", () => {
    const { classes } = proposed(PUT).decisions;
    expect(classes.ofAll([RECORD])).to.equal("resolution");
    expect(classes.ofAll([RECORD, PUT])).to.equal("action");
    expect(classes.ofAll([PUT, CAP, RECORD])).to.equal("amendment");
    for (const what of ["setRules", "guard", "setActionClass", "updateDelay"] as const)
      expect(classes.of(what)).to.equal("amendment");
  });

  it("carries nothing out that is of a greater class than it was decided in", () => {
    const { coalition, decisions, decision, now } = open(PUT);
    vote(decision, coalition, now, [...Array(20).keys()], 1);
    decisions.queue(1n, closesAt(decision) + 1);
    coalition.perform({ do: "guard", what: "box" }, now);
    expect(() => decisions.execute(1n, decision.eta as number)).to.throw(
      Refusal,
      "CoalitionGovernorClassTooLow(1, 2, 4)",
    );
    coalition.perform({ do: "setActionClass", of: "setX", class: "action" }, now);
    decisions.execute(1n, decision.eta as number);
    expect(coalition.box).to.equal(7);
  });

  it("opens nothing that too few endorsed, or too few groups", () => {
    const { agenda, decisions, decision, now } = proposed(PUT);
    // Keys 0 and 6 are of one group.
    for (const key of [0, 6]) agenda.endorse(`key ${key}`, 1n, now);
    expect(decisions.stateOf(decision, opensAfter(decision) + 1)).to.equal("defeated");
    agenda.endorse("key 1", 1n, now);
    expect(decisions.stateOf(decision, opensAfter(decision) + 1)).to.equal("active");
    expect(() => agenda.endorse("key 2", 1n, now)).to.throw(Refusal, "AgendaAdmitted(1)");
  });

  it("lets a member have three decisions before the members, and again when the first has closed", () => {
    const { agenda, decisions, now } = proposed(PUT);
    for (const id of [2n, 3n, 4n]) decisions.propose("key 0", proposalOf(id, PUT), now);
    const endorse = (id: bigint) => {
      for (const key of [1, 2]) agenda.endorse(`key ${key}`, id, now);
    };
    for (const id of [1n, 2n, 3n]) endorse(id);
    const close = closesAt(decisions.find(1n));
    expect(() => endorse(4n)).to.throw(Refusal, `AgendaFull(1, 3, ${close + 1})`);
    agenda.setPlaces(2);
    expect(() => agenda.endorse("key 2", 4n, now)).to.throw(Refusal, `AgendaFull(1, 2, ${close + 1})`);
  });

  it("asks of an amendment that three groups agree, of those that were large enough", () => {
    const { coalition, decisions, decision, now } = open(CAP);
    const inGroups = (...groups: number[]) => [...Array(40).keys()].filter((key) => groups.includes(key % 6));
    vote(decision, coalition, now, inGroups(0, 1), 1);
    // Of one more group as many are for it as against it.
    vote(decision, coalition, now, inGroups(2).slice(0, 2), 1);
    vote(decision, coalition, now, inGroups(2).slice(2, 4), 0);
    expect(decisions.flawOf(decision)).to.equal("without concurrence");
    vote(decision, coalition, now, inGroups(2).slice(4, 5), 1);
    expect(decisions.passed(decision)).to.equal(true);
  });

  it("moves the close once, when a late ballot turns the outcome", () => {
    const { coalition, decisions, decision } = open(PUT);
    const close = closesAt(decision);
    const calm = close - decision.rules.extension;
    vote(decision, coalition, calm, [...Array(7).keys()], 1);
    expect(closesAt(decision)).to.equal(close);
    vote(decision, coalition, calm + 1, [7], 1);
    const moved = calm + 1 + decision.rules.extension;
    expect(closesAt(decision)).to.equal(moved);
    vote(
      decision,
      coalition,
      close + 1,
      [...Array(9).keys()].map((key) => key + 20),
      0,
    );
    expect(decisions.passed(decision)).to.equal(false);
    expect(closesAt(decision)).to.equal(moved);
    expect(coalition.announcements.take().filter((text) => /Extended/.test(text))).to.deep.equal([
      `ProposalExtended(1, ${moved})`,
    ]);
  });

  it("waits as long as the class asks for, and once as long again if the guardian says so", () => {
    const { coalition, decisions, decision, now } = open(CAP);
    vote(decision, coalition, now, [...Array(40).keys()], 1);
    const queued = closesAt(decision) + 1;
    decisions.queue(1n, queued);
    expect(decision.eta).to.equal(queued + 7 * DAY);
    const { guardian } = coalition;
    guardian.delay("guardian", 1n, "to think", queued);
    expect(decision.eta).to.equal(queued + 14 * DAY);
    expect(() => guardian.delay("guardian", 1n, "again", queued)).to.throw(
      Refusal,
      "CoalitionGovernorPostponedBefore(1)",
    );
    expect(() => decisions.execute(1n, queued + 14 * DAY - 1)).to.throw(Refusal, "CoalitionGovernorTooEarly");
    decisions.execute(1n, queued + 14 * DAY);
    expect(coalition.delegations.cap).to.equal(3);
  });

  it("lets no class be stricter than a greater one", () => {
    const { decisions } = proposed(PUT);
    const stricter = { ...decisions.rules.action, quorumBps: 3_001 };
    expect(() => decisions.setRules("action", stricter, MONDAY + 61 * DAY)).to.throw(
      Refusal,
      "DecisionBoundsUnordered(2, 3, quorumBps)",
    );
  });
});

describe("the model of batches", () => {
  it("counts first ballots once, and lets a named one replace what was signed, not what was cast in person", () => {
    const { decisions, decision, coalition, now } = opened();
    decisions.castBallot(inPerson(4, 0), now);
    coalition.announcements.take();
    const slip = (key: number) => ({ bytes: "0x", signer: `key ${key}` });
    const group = { support: 1, deadline: now, slips: [slip(3), slip(3), slip(4), slip(99)], rest: "00" };
    const named = [3, 4].map((key) => {
      const paper = { proposalId: 1n, support: 2, voter: `key ${key}`, deadline: now };
      const signature = { by: paper.voter, nonce: 0, content: paper };
      return { ...paper, nonce: 0, bytes: "0x", signature };
    });
    expect(decisions.castBallots(1n, [group], named, now)).to.equal(2);
    expect(coalition.announcements.take()).to.deep.equal([
      "VoteCast(key 3, 1, 1, 1, )",
      "BallotSkipped(1, key 3, 0, 1, 4)",
      "BallotSkipped(1, key 4, 0, 2, 4)",
      "BallotSkipped(1, key 99, 0, 3, 3)",
      `BallotSkipped(1, 0x${"0".repeat(40)}, 0, 4, 7)`,
      "VoteCast(key 3, 1, 2, 1, )",
      "BallotSkipped(1, key 4, 1, 1, 5)",
    ]);
    expect(decisions.tally(decision)).to.deep.equal([1, 0, 1]);
    expect([3, 4].map((key) => decisions.nonceOf(`key ${key}`))).to.deep.equal([1, 0]);
  });
});

describe("the model of delegations", () => {
  const END = 3 * STEP;

  /** Keys 0, 6 and 12 are of one group; 6 and 12 delegate to 0. */
  function delegated(coalition: Coalition, now: number): void {
    coalition.delegations.takeDelegations("key 0", 2);
    for (const key of [6, 12]) coalition.delegations.delegate(`key ${key}`, "key 0", now + END, now);
  }

  it("gives the votes to the delegate, one by one, until they end on the calendar", () => {
    const { coalition, now } = founded();
    delegated(coalition, now);
    const { delegations } = coalition;
    const { ends } = delegations.given[0] as { ends: number };
    expect(ends % STEP).to.equal(0);
    expect([now - 1, now, ends - 1, ends].map((at) => delegations.votesAt("key 0", at))).to.deep.equal([
      1, 3, 3, 1,
    ]);
    expect([now - 1, now, ends].map((at) => delegations.votesAt("key 6", at))).to.deep.equal([1, 0, 1]);
    expect(delegations.delegateOfKey("key 6", now)).to.equal("key 0");
  });

  it("refuses more than the delegate takes, other groups, and ends that are too far", () => {
    const { coalition, now } = founded();
    delegated(coalition, now);
    const { delegations } = coalition;
    const give = (from: number, to: number, ends: number) => () =>
      delegations.delegate(`key ${from}`, `key ${to}`, ends, now);
    expect(give(18, 0, now + END)).to.throw(Refusal, "DelegationsFull(1, 2)");
    expect(give(1, 0, now + END)).to.throw(Refusal, "DelegationsOtherGroup(1, 0)");
    expect(give(18, 0, now + 25 * STEP)).to.throw(Refusal, "DelegationsEndOutOfRange");
    expect(give(18, 24, now + END)).to.throw(Refusal, "DelegationsFull(25, 0)");
  });

  it("is void while the delegate's vote does not count in the group, and stands again after", () => {
    const { coalition, now } = founded();
    delegated(coalition, now);
    const { roll, delegations } = coalition;
    roll.pause(1, "dormant", now + 10);
    expect(delegations.votesAt("key 6", now + 10)).to.equal(1);
    roll.resume(1, "dormant", now + 20);
    roll.moveGroup(1, 3, now + 30);
    const moments = [now + 9, now + 10, now + 20, now + 30];
    expect(moments.map((at) => delegations.votesAt("key 0", at))).to.deep.equal([3, 0, 3, 1]);
    for (const at of moments) {
      const keys = [...Array(40).keys()].map((key) => `key ${key}`);
      const sum = keys.reduce((votes, key) => votes + delegations.votesAt(key, at), 0);
      expect(sum).to.equal(roll.electorateAt(at));
    }
  });

  it("ends when the member's own vote stops counting there", () => {
    const { coalition, now } = founded();
    delegated(coalition, now);
    coalition.roll.moveGroup(7, 1, now + 10);
    coalition.roll.pause(13, "dormant", now + 10);
    expect(coalition.delegations.votesAt("key 0", now + 10)).to.equal(1);
    expect(coalition.delegations.votesAt("key 6", now + 10)).to.equal(1);
  });

  for (const [order, ballots, weights] of [
    ["the delegate first", [0, 6], [3, 1]],
    ["the member first", [6, 0], [1, 2]],
  ] as const)
    it(`counts the member's own ballot and no other for it, ${order}`, () => {
      const { coalition, decisions, decision, now } = opened(delegated);
      const given = ballots.map((key) => decisions.castBallot(inPerson(key, key === 0 ? 1 : 0), now));
      expect(given).to.deep.equal(weights);
      expect(decisions.tally(decision)).to.deep.equal([1, 2, 0]);
      expect(coalition.announcements.take()).to.include("DelegatedVoteTakenBack(1, 7, 1)");
      decisions.castBallot(inPerson(0, 2), now);
      expect(decisions.tally(decision)).to.deep.equal([1, 0, 2]);
    });

  it("counts as it was when the decision opened", () => {
    const { coalition, decisions, decision, now } = opened(delegated);
    coalition.delegations.delegate("key 6", "key 6", 0, now);
    coalition.roll.resign("key 12", now);
    expect(decisions.castBallot(inPerson(0, 1), now)).to.equal(3);
    expect(decisions.tally(decision)).to.deep.equal([0, 3, 0]);
  });
});
