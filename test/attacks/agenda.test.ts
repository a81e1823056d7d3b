import { expect } from "chai";
import type { TypedDataDomain } from "ethers";
import { network } from "hardhat";
import {
  asTimelock,
  changeRulesOf,
  DOWN_TO_ACTIONS,
  groupOf,
  rotate,
  signFirst,
} from "../helpers/attacks.js";
import { plainParameters, readParameters } from "../helpers/fixture.js";
import {
  Decision,
  DecisionClass,
  domainOf,
  foundCoalition,
  join,
  maskOf,
  type Person,
  Right,
  Standing,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DAY = 86_400n;

const ENDORSE = {
  Endorse: [
    { name: "account", type: "address" },
    { name: "proposalId", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

async function withBox<T extends Awaited<ReturnType<typeof foundCoalition>>>(coalition: T) {
  const box = await ethers.deployContract("Box");
  const decisionOf = (text: string, value = 1) =>
    new Decision(
      connection,
      coalition,
      [{ target: box, data: box.interface.encodeFunctionData("setX", [value]) }],
      text,
    );
  const endorse = (person: Person, decision: Decision) =>
    coalition.agenda.connect(person).endorse(decision.id);
  return { ...coalition, box, decisionOf, endorse };
}

/** 24 members of DC-BAS as it is deployed: two endorsements of two groups, and a vote that a late swing extends. */
async function strict() {
  return withBox(await foundCoalition(connection, { parameters: readParameters("dc-bas") }));
}

/** 24 members of DC-BAS without endorsements; each has three places. */
async function plain() {
  return withBox(await foundCoalition(connection));
}

/** 24 members, and two days that a late swing adds. */
async function swinging() {
  const parameters = plainParameters({ extension: 2 * 86_400 });
  return withBox(await foundCoalition(connection, { parameters }));
}

/** An endorsement by signature, and how it is brought. */
async function signed(
  { agenda, outsiders }: Awaited<ReturnType<typeof strict>>,
  endorser: Person,
  decision: Decision,
  domain: TypedDataDomain = {},
) {
  const deadline = BigInt(await time.latest()) + DAY;
  const message = { account: endorser.address, proposalId: decision.id, deadline };
  const nonce = await agenda.nonces(endorser);
  const signature = await endorser.signTypedData({ ...(await domainOf(agenda)), ...domain }, ENDORSE, {
    ...message,
    nonce,
  });
  const bring = (bytes: string, change: { account?: string; id?: bigint; deadline?: bigint } = {}) =>
    agenda
      .connect(outsiders[0])
      .endorseBySig(
        change.account ?? endorser.address,
        change.id ?? decision.id,
        change.deadline ?? deadline,
        bytes,
      );
  return { signature, bring, deadline };
}

describe("Attacks: the agenda and the last minute", () => {
  it("attack 15: endorsements stay with the proposal that they were given to, and a copy has none", async () => {
    const { agenda, members, decisionOf, endorse } = await loadFixture(strict);
    const [author, thief] = members;
    const taken = decisionOf("Open the records");
    await taken.propose(thief);
    for (const index of [2, 3]) await endorse(members[index], taken);
    await taken.cancel(thief);
    await expect(endorse(members[4], taken))
      .to.be.revertedWithCustomError(agenda, "AgendaAdmitted")
      .withArgs(taken.id);
    const again = decisionOf(`Open the records #proposer=${author.address}`);
    await again.propose(author);
    expect((await agenda.endorsementsOf(again.id)).count).to.equal(0n);
    // Who endorsed the one may endorse the other, and the thief has lost a place.
    for (const index of [2, 3]) await endorse(members[index], again);
    await again.open();
    expect([await taken.state(), await again.state()]).to.deep.equal([State.Canceled, State.Active]);
    expect((await agenda.placesOf(2n)).filter((until) => until !== 0n).length).to.equal(1);
  });

  it("attack 29: what only its proposer wants never opens", async () => {
    const { governor, agenda, members, decisionOf, endorse, box } = await loadFixture(strict);
    const spam = decisionOf("Buy now");
    await spam.propose(members[0]);
    await endorse(members[0], spam);
    await expect(endorse(members[0], spam))
      .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
      .withArgs(spam.id, 1);
    await spam.open();
    expect(await spam.state()).to.equal(State.Defeated);
    await expect(spam.vote(members[0], Support.For))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(spam.id, State.Defeated, stateMask(State.Active));
    await expect(governor.castBallots(spam.id, [], []))
      .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
      .withArgs(spam.id, State.Defeated, stateMask(State.Active));
    // Nor is it endorsed into life afterwards.
    await expect(endorse(members[1], spam))
      .to.be.revertedWithCustomError(agenda, "AgendaNotPending")
      .withArgs(spam.id, State.Defeated);
    await spam.close();
    await expect(spam.queue(members[0])).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
    expect(await box.x()).to.equal(0n);
  });

  it("attack 29: members of one group, however many, do not open a decision by themselves", async () => {
    const { agenda, members, decisionOf, endorse } = await loadFixture(strict);
    const decision = decisionOf("For us alone");
    await decision.propose(members[0]);
    // Every sixth is of the first group.
    for (const index of [0, 6, 12, 18]) await endorse(members[index], decision);
    expect(await agenda.isAdmitted(decision.id)).to.equal(false);
    const snapshot = await networkHelpers.takeSnapshot();
    await decision.open();
    expect(await decision.state()).to.equal(State.Defeated);
    await snapshot.restore();
    await endorse(members[1], decision);
    await decision.open();
    expect(await decision.state()).to.equal(State.Active);
  });

  it("attack 29: strangers, newcomers, the suspended and who left endorse nothing, nor does a new key a second time", async () => {
    const coalition = await loadFixture(strict);
    const { agenda, membership, members, outsiders, decisionOf, endorse } = coalition;
    const [proposer, suspended, leaver, mover] = members;
    const decision = decisionOf("Nobody's");
    await decision.propose(proposer);
    await endorse(mover, decision);
    await rotate(coalition, mover, outsiders[1]);
    await join(coalition, outsiders[2]);
    const roll = await asTimelock(connection, coalition);
    const until = BigInt(await time.latest()) + 10n * DAY;
    await roll.suspend(await membership.numberOf(suspended), maskOf(Right.Propose), until);
    await membership.connect(leaver).resign();
    for (const [person, standing] of [
      [outsiders[0], Standing.NotMember],
      [outsiders[2], Standing.Immature],
      [suspended, Standing.Suspended],
      [leaver, Standing.Ended],
      [mover, Standing.Rotated],
    ] as const) {
      await expect(endorse(person, decision))
        .to.be.revertedWithCustomError(agenda, "AgendaEndorserRefused")
        .withArgs(person, standing, (moment: bigint) => moment >= 0n);
    }
    await expect(endorse(outsiders[1], decision))
      .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
      .withArgs(decision.id, 4);
    expect((await agenda.endorsementsOf(decision.id)).count).to.equal(1n);
    expect(await agenda.isAdmitted(decision.id)).to.equal(false);
  });

  it("attack 29: a member fills no more than its places, and moving to a new key, cancelling or losing frees none", async () => {
    const coalition = await loadFixture(plain);
    const { agenda, parameters, members, outsiders, decisionOf, membership } = coalition;
    const { places } = parameters.Agenda;
    const decisions = Array.from({ length: places }, (_, index) => decisionOf(`Of many ${index}`));
    for (const decision of decisions) await decision.propose(members[0]);
    const number = await membership.numberOf(members[0]);
    const free = (await decisions[0].deadline()) + 1n;
    const full = async (person: Person) =>
      expect(decisionOf("One too many").propose(person))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(number, places, free);
    await full(members[0]);
    await decisions[0].cancel(members[0]);
    await full(members[0]);
    await rotate(coalition, members[0], outsiders[0]);
    await full(outsiders[0]);
    // Others are not in the way of one another; and once the first closes, there is a place again.
    await decisionOf("Of another member").propose(members[1]);
    await time.increaseTo(free);
    await decisionOf("In its turn").propose(outsiders[0]);
  });

  it("attack 30: who left is not helped onto the agenda by those who stay", async () => {
    const { agenda, membership, members, decisionOf, endorse } = await loadFixture(strict);
    const decision = decisionOf("A last word");
    await decision.propose(members[0]);
    await endorse(members[1], decision);
    await membership.connect(members[0]).resign();
    await expect(endorse(members[2], decision))
      .to.be.revertedWithCustomError(agenda, "AgendaProposerGone")
      .withArgs(decision.id, members[0]);
    await decision.open();
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 51: a signed endorsement counts once, also after the endorser's key moved", async () => {
    const coalition = await loadFixture(strict);
    const { agenda, members, outsiders, decisionOf } = coalition;
    const decision = decisionOf("By signature");
    await decision.propose(members[0]);
    const { signature, bring } = await signed(coalition, members[1], decision);
    await bring(signature);
    await expect(bring(signature))
      .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
      .withArgs(members[1]);
    const second = await signed(coalition, members[1], decision);
    await expect(second.bring(second.signature))
      .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
      .withArgs(decision.id, 2);
    await rotate(coalition, members[1], outsiders[1]);
    const moved = await signed(coalition, outsiders[1], decision);
    await expect(moved.bring(moved.signature))
      .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
      .withArgs(decision.id, 2);
    expect((await agenda.endorsementsOf(decision.id)).count).to.equal(1n);
  });

  it("attack 52: an endorsement signed for one decision opens no other", async () => {
    const coalition = await loadFixture(strict);
    const { agenda, members, decisionOf } = coalition;
    const [decision, other] = [decisionOf("The one"), decisionOf("The other")];
    for (const one of [decision, other]) await one.propose(members[0]);
    const { signature, bring } = await signed(coalition, members[1], decision);
    await expect(bring(signature, { id: other.id }))
      .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
      .withArgs(members[1]);
    expect((await agenda.endorsementsOf(other.id)).count).to.equal(0n);
  });

  it("attack 54: an endorsement signed for another chain, agenda or desk is worth nothing", async () => {
    const coalition = await loadFixture(strict);
    const { agenda, claims, governor, members, decisionOf } = coalition;
    const decision = decisionOf("Elsewhere");
    await decision.propose(members[0]);
    for (const domain of [
      { chainId: 1n },
      { verifyingContract: await claims.getAddress() },
      { verifyingContract: await governor.getAddress() },
      { name: "DC-BAS Governor" },
      { version: "2" },
    ]) {
      const { signature, bring } = await signed(coalition, members[1], decision, domain);
      await expect(bring(signature))
        .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
        .withArgs(members[1]);
    }
    expect((await agenda.endorsementsOf(decision.id)).count).to.equal(0n);
  });

  it("attack 57: nobody endorses in another's name, nor after the deadline that was signed", async () => {
    const coalition = await loadFixture(strict);
    const { agenda, members, decisionOf } = coalition;
    const decision = decisionOf("In your name");
    await decision.propose(members[0]);
    const { signature, bring, deadline } = await signed(coalition, members[1], decision);
    await expect(bring(signature, { account: members[2].address }))
      .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
      .withArgs(members[2]);
    await expect(bring(signature, { deadline: deadline + 1n }))
      .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
      .withArgs(members[1]);
    await time.setNextBlockTimestamp(deadline + 1n);
    await expect(bring(signature))
      .to.be.revertedWithCustomError(agenda, "SignedRequestsExpired")
      .withArgs(deadline, deadline + 1n);
    expect((await agenda.endorsementsOf(decision.id)).count).to.equal(0n);
  });

  it("attack 33: ballots that turn the outcome in the last minute give the others time, once", async () => {
    const { governor, members, decisionOf } = await loadFixture(swinging);
    const decision = decisionOf("While you slept");
    await decision.start(members[0]);
    await decision.voteAll(members.slice(0, 6), Support.For);
    const close = await decision.deadline();
    // The quorum is there in the last second.
    await time.setNextBlockTimestamp(close);
    await expect(decision.vote(members[6], Support.For))
      .to.emit(governor, "ProposalExtended")
      .withArgs(decision.id, close + 2n * DAY);
    expect(await decision.deadline()).to.equal(close + 2n * DAY);
    expect((await governor.proposalFrame(decision.id)).extended).to.equal(true);
    expect(await decision.state()).to.equal(State.Active);
    await decision.voteAll(members.slice(7, 15), Support.Against);
    // A second swing moves nothing: there is an end.
    await time.setNextBlockTimestamp(close + 2n * DAY);
    await expect(decision.vote(members[0], Support.Abstain)).not.to.emit(governor, "ProposalExtended");
    expect(await decision.deadline()).to.equal(close + 2n * DAY);
    await time.increaseTo(close + 2n * DAY + 1n);
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 33: a batch in the last minute gives the others time as a single ballot does", async () => {
    const { governor, members, outsiders, decisionOf } = await loadFixture(swinging);
    const decision = decisionOf("All at once");
    await decision.start(members[0]);
    const ballot = { proposalId: decision.id, support: Support.For };
    const signatures = await Promise.all(
      members.slice(0, 8).map((member) => signFirst(governor, member, ballot)),
    );
    const close = await decision.deadline();
    await time.setNextBlockTimestamp(close - 10n);
    await expect(
      governor.connect(outsiders[0]).castBallots(decision.id, [groupOf(Support.For, signatures)], []),
    )
      .to.emit(governor, "ProposalExtended")
      .withArgs(decision.id, close - 10n + 2n * DAY);
    await decision.voteAll(members.slice(8, 17), Support.Against);
    await decision.close();
    expect(await decision.state()).to.equal(State.Defeated);
  });

  it("attack 33: opponents who come in the last minute, or change their ballots, are met the same way", async () => {
    const { governor, members, decisionOf } = await loadFixture(swinging);
    const decision = decisionOf("Sunk at the last moment");
    await decision.start(members[0]);
    await decision.voteAll(members.slice(0, 8), Support.For);
    await decision.voteAll(members.slice(8, 15), Support.Against);
    const close = await decision.deadline();
    await time.setNextBlockTimestamp(close - 1n);
    await expect(decision.vote(members[7], Support.Against))
      .to.emit(governor, "ProposalExtended")
      .withArgs(decision.id, close - 1n + 2n * DAY);
    await decision.voteAll(members.slice(15, 20), Support.For);
    await decision.close();
    expect(await decision.state()).to.equal(State.Succeeded);
  });

  it("attack 33: nobody keeps a vote open that does not turn, or by turning it early", async () => {
    const { governor, members, decisionOf } = await loadFixture(swinging);
    const decision = decisionOf("As it stands");
    await decision.start(members[0]);
    const close = await decision.deadline();
    await time.increaseTo(close - 3n * DAY);
    for (let index = 0; index < 8; index++) {
      await expect(decision.vote(members[index], Support.For)).not.to.emit(governor, "ProposalExtended");
    }
    await time.increaseTo(close - 100n);
    for (const support of [Support.Against, Support.For, Support.Abstain]) {
      await expect(decision.vote(members[9], support)).not.to.emit(governor, "ProposalExtended");
    }
    expect(await decision.deadline()).to.equal(close);
  });

  it("attack 27: endorsements that a later rule asks for hold up no decision of before", async () => {
    const coalition = await loadFixture(plain);
    const { governor, agenda, members, decisionOf } = coalition;
    const rules = { endorsements: 3n, endorsementGroups: 3n };
    const classes = [DecisionClass.Amendment, ...DOWN_TO_ACTIONS];
    const actions = await changeRulesOf(governor, rules, classes);
    const change = new Decision(connection, coalition, actions, "Three endorsements");
    await change.ripen(members);
    const early = decisionOf("Without any");
    await early.propose(members[0]);
    await change.execute(members[0]);
    const late = decisionOf("With three");
    await late.propose(members[1]);
    await late.open();
    expect([await early.state(), await late.state()]).to.deep.equal([State.Active, State.Defeated]);
    expect([await agenda.isAdmitted(early.id), await agenda.isAdmitted(late.id)]).to.deep.equal([
      true,
      false,
    ]);
  });
});
