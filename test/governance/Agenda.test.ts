import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";
import { FAR } from "../helpers/attacks.js";
import { groupOf, signEndorsement } from "../helpers/ballots.js";
import { plainParameters, readParameters } from "../helpers/fixture.js";
import {
  actAs,
  Decision,
  DecisionClass,
  foundCoalition,
  join,
  maskOf,
  type Person,
  Right,
  rotateKey,
  Standing,
  State,
  Support,
  stateMask,
} from "../helpers/governor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const PLACES = 3;

/** A coalition of 24 members in 6 groups, the n-th in group n % 6, and a way to make decisions that differ. */
async function foundWith(parameters: ReturnType<typeof plainParameters>) {
  const coalition = await foundCoalition(connection, { count: 24, parameters });
  const { agenda, timelock, membership } = coalition;
  const box = await ethers.deployContract("Box");
  /** Proposes a decision to put a number into the box. */
  async function propose(proposer: Person, number: number) {
    const action = { target: box, data: box.interface.encodeFunctionData("setX", [number]) };
    const decision = new Decision(connection, coalition, [action], `Keep ${number}`);
    await decision.propose(proposer);
    return decision;
  }
  return {
    ...coalition,
    box,
    propose,
    endorse: (member: Person, { id }: { id: bigint }) => agenda.connect(member).endorse(id),
    governing: await actAs(connection, timelock),
    numberOf: (member: Person) => membership.numberOf(member),
  };
}

/** Decisions need the endorsements of 2 members of 2 groups, as DC-BAS has it. */
const endorsed = () => foundWith(readParameters("dc-bas"));
/** Decisions need none. */
const unendorsed = () => foundWith(plainParameters());

type Setting = Awaited<ReturnType<typeof endorsed>>;

/** Proposes, and puts on the agenda by the endorsements of members of two groups. */
async function admitted({ propose, endorse, members }: Setting, proposer: Person, number: number) {
  const decision = await propose(proposer, number);
  await endorse(members[4], decision);
  await endorse(members[5], decision);
  return decision;
}

describe("Agenda", () => {
  describe("constructor", () => {
    it("reverts with no places or more than 5", async () => {
      const { agenda } = await loadFixture(endorsed);
      for (const places of [0, 6]) {
        await expect(ethers.deployContract("Agenda", ["DC-BAS", places]))
          .to.be.revertedWithCustomError(agenda, "AgendaPlacesOutOfRange")
          .withArgs(places, 1, 5);
      }
    });

    it("gives every member as many places as it is told", async () => {
      const { agenda } = await loadFixture(endorsed);
      expect(await agenda.places()).to.equal(PLACES);
      const other = await ethers.deployContract("Agenda", ["DC-BAS", 5]);
      await expect(other.deploymentTransaction()).to.emit(other, "PlacesChanged").withArgs(0, 5);
      expect(await other.places()).to.equal(5n);
    });
  });

  describe("bind", () => {
    it("binds to the governor that calls, once", async () => {
      const { membership, outsiders } = await loadFixture(endorsed);
      const agenda = await ethers.deployContract("Agenda", ["DC-BAS", 1]);
      await expect(agenda.connect(outsiders[0]).bind(membership))
        .to.emit(agenda, "GovernorBound")
        .withArgs(outsiders[0]);
      for (const caller of outsiders.slice(0, 2)) {
        await expect(agenda.connect(caller).bind(membership))
          .to.be.revertedWithCustomError(agenda, "AgendaBound")
          .withArgs(outsiders[0]);
      }
    });

    it("is bound to the coalition's governor by the deployment", async () => {
      const { agenda, governor, membership, outsiders } = await loadFixture(endorsed);
      expect(await governor.agenda()).to.equal(agenda);
      await expect(agenda.connect(outsiders[0]).bind(membership))
        .to.be.revertedWithCustomError(agenda, "AgendaBound")
        .withArgs(governor);
    });
  });

  describe("bindMotions", () => {
    it("binds to the motions that call, once", async () => {
      const { outsiders } = await loadFixture(endorsed);
      const agenda = await ethers.deployContract("Agenda", ["DC-BAS", 1]);
      expect(await agenda.motions()).to.equal(ZeroAddress);
      await expect(agenda.connect(outsiders[0]).bindMotions())
        .to.emit(agenda, "MotionsBound")
        .withArgs(outsiders[0]);
      for (const caller of outsiders.slice(0, 2)) {
        await expect(agenda.connect(caller).bindMotions())
          .to.be.revertedWithCustomError(agenda, "AgendaBound")
          .withArgs(outsiders[0]);
      }
      expect(await agenda.motions()).to.equal(outsiders[0]);
      expect(await agenda.governor()).to.equal(ZeroAddress);
    });

    it("is bound to the coalition's motions, as to its governor, by the deployment", async () => {
      const { agenda, motions, governor, outsiders } = await loadFixture(endorsed);
      expect(await agenda.motions()).to.equal(motions);
      expect(await agenda.governor()).to.equal(governor);
      await expect(agenda.connect(outsiders[0]).bindMotions())
        .to.be.revertedWithCustomError(agenda, "AgendaBound")
        .withArgs(motions);
    });
  });

  describe("requireProposer", () => {
    it("reverts for whoever may not propose, and says why", async () => {
      const { agenda, governor, membership, members, outsiders, governing, numberOf } =
        await loadFixture(endorsed);
      const until = BigInt(await time.latest()) + 86_400n;
      await membership.connect(governing).suspend(await numberOf(members[1]), maskOf(Right.Propose), until);
      await join({ membership } as Setting, outsiders[1]);
      const { votesFrom } = await membership.member(await numberOf(outsiders[1]));
      for (const [person, standing, explanation] of [
        [outsiders[0], Standing.NotMember, 0n],
        [outsiders[1], Standing.Immature, votesFrom],
        [members[1], Standing.Suspended, until],
        [governing, Standing.NotMember, 0n],
      ] as const) {
        await expect(agenda.requireProposer(person))
          .to.be.revertedWithCustomError(governor, "CoalitionGovernorProposerRefused")
          .withArgs(person, standing, explanation);
      }
    });

    it("answers for members who may, also those who may not speak, and for the motions", async () => {
      const { agenda, membership, motions, members, governing, numberOf } = await loadFixture(endorsed);
      const until = BigInt(await time.latest()) + 86_400n;
      await membership.connect(governing).suspend(await numberOf(members[1]), maskOf(Right.Speak), until);
      for (const account of [members[0], members[1], motions])
        await expect(agenda.requireProposer(account)).not.to.be.revert(ethers);
    });
  });

  describe("admitFor", () => {
    /** The motions as a caller, and a way for them to propose. */
    const withMotions = async (setting: Setting) => {
      const moving = await actAs(connection, setting.motions);
      return { ...setting, moving, put: (number: number) => setting.propose(moving, number) };
    };
    const moving = async () => withMotions(await endorsed());
    const movingFreely = async () => withMotions(await unendorsed());

    it("reverts for everybody but the motions, timelock, governor and amendments included", async () => {
      const setting = await loadFixture(moving);
      const { agenda, motions, governor, amendments, members, outsiders, governing, put, propose } = setting;
      const organs = await Promise.all([governor, amendments].map((one) => actAs(connection, one)));
      for (const { id } of [await put(1), await propose(members[0], 2)]) {
        for (const caller of [members[0], outsiders[0], governing, ...organs]) {
          await expect(agenda.connect(caller).admitFor(id, 0))
            .to.be.revertedWithCustomError(agenda, "AgendaUnauthorized")
            .withArgs(caller, motions);
        }
        expect(await agenda.isAdmitted(id)).to.equal(false);
      }
    });

    it("reverts for what the motions did not propose themselves", async () => {
      const { agenda, motions, moving: caller, members, propose } = await loadFixture(moving);
      const { id } = await propose(members[0], 1);
      for (const [proposalId, proposer] of [
        [id, members[0]],
        [7n, ZeroAddress],
      ] as const) {
        await expect(agenda.connect(caller).admitFor(proposalId, 0))
          .to.be.revertedWithCustomError(agenda, "AgendaUnauthorized")
          .withArgs(motions, proposer);
      }
      expect(await agenda.isAdmitted(id)).to.equal(false);
    });

    it("admits what they proposed, and takes a place of the member whose number they give", async () => {
      const { agenda, moving: caller, members, numberOf, put } = await loadFixture(moving);
      const decision = await put(1);
      const [number, until] = [await numberOf(members[3]), await decision.deadline()];
      await expect(agenda.connect(caller).admitFor(decision.id, number))
        .to.emit(agenda, "ProposalAdmitted")
        .withArgs(decision.id, number, until);
      expect(await agenda.isAdmitted(decision.id)).to.equal(true);
      expect([...(await agenda.placesOf(number))].filter((moment) => moment !== 0n)).to.deep.equal([until]);
      await decision.open();
      expect(await decision.state()).to.equal(State.Active);
    });

    it("takes nobody's place for number 0, as often as they like", async () => {
      const { agenda, moving: caller, put } = await loadFixture(moving);
      for (let number = 1; number <= PLACES + 1; ++number) {
        const decision = await put(number);
        await expect(agenda.connect(caller).admitFor(decision.id, 0))
          .to.emit(agenda, "ProposalAdmitted")
          .withArgs(decision.id, 0, await decision.deadline());
      }
      expect([...(await agenda.placesOf(0))].every((moment) => moment === 0n)).to.equal(true);
    });

    it("reverts when the member has no place left, whatever the places are taken by", async () => {
      const setting = await loadFixture(moving);
      const { agenda, moving: caller, members, numberOf, put } = setting;
      const number = await numberOf(members[3]);
      const first = await put(1);
      await agenda.connect(caller).admitFor(first.id, number);
      await admitted(setting, members[3], 2);
      await agenda.connect(caller).admitFor((await put(3)).id, number);
      const fourth = await put(4);
      const full = [number, PLACES, (await first.deadline()) + 1n] as const;
      await expect(agenda.connect(caller).admitFor(fourth.id, number))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(...full);
      expect(await agenda.isAdmitted(fourth.id)).to.equal(false);
      await expect(admitted(setting, members[3], 5))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(...full);
      // Nor is another member's place, or nobody's, in the way.
      await agenda.connect(caller).admitFor(fourth.id, await numberOf(members[2]));
    });

    it("is what their proposals wait for, also in a class that needs no endorsement", async () => {
      const { agenda, motions, moving: caller, members, put, propose } = await loadFixture(movingFreely);
      const [left, taken] = [await put(1), await put(2)];
      for (const { id } of [left, taken]) expect(await agenda.isAdmitted(id)).to.equal(false);
      expect(await agenda.queryFilter(agenda.filters.ProposalAdmitted())).to.deep.equal([]);
      // What members propose is admitted as ever.
      expect(await agenda.isAdmitted((await propose(members[0], 3)).id)).to.equal(true);
      await agenda.connect(caller).admitFor(taken.id, 0);
      expect(await motions.lastMotion()).to.equal(0n);
      await taken.open();
      expect(await left.state()).to.equal(State.Defeated);
      expect(await taken.state()).to.equal(State.Active);
    });

    it("cannot be got round by endorsements of members", async () => {
      const { agenda, motions, members, endorse, put } = await loadFixture(moving);
      const decision = await put(1);
      await endorse(members[4], decision);
      await expect(endorse(members[5], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaProposerGone")
        .withArgs(decision.id, motions);
      expect(await agenda.isAdmitted(decision.id)).to.equal(false);
    });
  });

  describe("admit", () => {
    it("reverts for everybody but the governor", async () => {
      const { agenda, governor, members, outsiders, governing, propose } = await loadFixture(endorsed);
      const { id } = await propose(members[0], 1);
      for (const caller of [members[0], outsiders[0], governing]) {
        await expect(agenda.connect(caller).admit(id, caller, 0))
          .to.be.revertedWithCustomError(agenda, "AgendaUnauthorized")
          .withArgs(caller, governor);
      }
      expect(await agenda.isAdmitted(id)).to.equal(false);
    });

    context("given a class that needs no endorsement", () => {
      it("admits a decision when it is proposed, and takes a place", async () => {
        const { agenda, members, numberOf, propose } = await loadFixture(unendorsed);
        const decision = await propose(members[0], 1);
        const until = await decision.deadline();
        const number = await numberOf(members[0]);
        const events = await agenda.queryFilter(agenda.filters.ProposalAdmitted(decision.id));
        expect(events.map(({ args }) => [...args])).to.deep.equal([[decision.id, number, until]]);
        expect(await agenda.isAdmitted(decision.id)).to.equal(true);
        expect(await agenda.endorsementsOf(decision.id)).to.deep.equal([0n, 0n]);
        expect([...(await agenda.placesOf(number))].filter((moment) => moment !== 0n)).to.deep.equal([until]);
      });

      it("refuses the proposal when its proposer has no place left, and not another's", async () => {
        const { agenda, members, numberOf, propose } = await loadFixture(unendorsed);
        const first = await propose(members[0], 1);
        for (const number of [2, 3]) await propose(members[0], number);
        await expect(propose(members[0], 4))
          .to.be.revertedWithCustomError(agenda, "AgendaFull")
          .withArgs(await numberOf(members[0]), PLACES, (await first.deadline()) + 1n);
        await propose(members[1], 4);
      });

      it("reverts when somebody endorses what is on the agenda", async () => {
        const { agenda, members, propose, endorse } = await loadFixture(unendorsed);
        const decision = await propose(members[0], 1);
        await expect(endorse(members[1], decision))
          .to.be.revertedWithCustomError(agenda, "AgendaAdmitted")
          .withArgs(decision.id);
      });
    });
  });

  describe("endorse", () => {
    it("reverts when nobody proposed it", async () => {
      const { governor, members, endorse } = await loadFixture(endorsed);
      await expect(endorse(members[0], { id: 5n }))
        .to.be.revertedWithCustomError(governor, "GovernorNonexistentProposal")
        .withArgs(5n);
    });

    it("reverts when the proposer has withdrawn it", async () => {
      const { agenda, members, propose, endorse } = await loadFixture(endorsed);
      const decision = await propose(members[0], 1);
      await decision.cancel(members[0]);
      await expect(endorse(members[1], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaNotPending")
        .withArgs(decision.id, State.Canceled);
    });

    it("counts in the second of the opening, and reverts in the one after", async () => {
      const { agenda, members, propose, endorse } = await loadFixture(endorsed);
      const [timely, late] = [await propose(members[0], 1), await propose(members[0], 2)];
      for (const decision of [timely, late]) await endorse(members[0], decision);
      await time.setNextBlockTimestamp(await timely.snapshot());
      await endorse(members[1], timely);
      expect(await agenda.isAdmitted(timely.id)).to.equal(true);
      await time.setNextBlockTimestamp((await late.snapshot()) + 1n);
      await expect(endorse(members[1], late))
        .to.be.revertedWithCustomError(agenda, "AgendaNotPending")
        .withArgs(late.id, State.Defeated);
      await late.open();
      expect(await timely.state()).to.equal(State.Active);
    });

    it("reverts for who is no member, or whose vote has not matured", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, membership, members, outsiders, propose, endorse, numberOf } = setting;
      const decision = await propose(members[0], 1);
      await expect(endorse(outsiders[0], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaEndorserRefused")
        .withArgs(outsiders[0], Standing.NotMember, 0);
      await join(setting, outsiders[0]);
      const { votesFrom } = await membership.member(await numberOf(outsiders[0]));
      await expect(endorse(outsiders[0], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaEndorserRefused")
        .withArgs(outsiders[0], Standing.Immature, votesFrom);
    });

    it("reverts for whose right to propose is suspended, and not for whose other rights are", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, membership, members, governing, propose, endorse, numberOf } = setting;
      const decision = await propose(members[0], 1);
      const until = (await time.latest()) + 86_400 * 30;
      await membership.connect(governing).suspend(await numberOf(members[1]), maskOf(Right.Propose), until);
      await membership
        .connect(governing)
        .suspend(await numberOf(members[2]), maskOf(Right.Speak, Right.Stand), until);
      await expect(endorse(members[1], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaEndorserRefused")
        .withArgs(members[1], Standing.Suspended, until);
      await endorse(members[2], decision);
      expect(await agenda.hasEndorsed(decision.id, await numberOf(members[1]))).to.equal(false);
      expect(await agenda.hasEndorsed(decision.id, await numberOf(members[2]))).to.equal(true);
    });

    it("reverts when the member has endorsed it, under whatever key", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, outsiders, propose, endorse, numberOf } = setting;
      const decision = await propose(members[0], 1);
      await endorse(members[1], decision);
      const number = await numberOf(members[1]);
      await expect(endorse(members[1], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
        .withArgs(decision.id, number);
      await rotateKey(setting, members[1], outsiders[0]);
      await expect(endorse(outsiders[0], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaAlreadyEndorsed")
        .withArgs(decision.id, number);
    });

    it("reverts when the decision is on the agenda", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, endorse } = setting;
      const decision = await admitted(setting, members[0], 1);
      await expect(endorse(members[7], decision))
        .to.be.revertedWithCustomError(agenda, "AgendaAdmitted")
        .withArgs(decision.id);
    });

    for (const [name, leave] of [
      ["has left", ({ membership, members }: Setting) => membership.connect(members[0]).resign()],
      [
        "has moved to another key",
        (setting: Setting) => rotateKey(setting, setting.members[0], setting.outsiders[0]),
      ],
    ] as const) {
      it(`reverts with the last endorsement when the proposer ${name}`, async () => {
        const setting = await loadFixture(endorsed);
        const { agenda, members, propose, endorse } = setting;
        const decision = await propose(members[0], 1);
        await endorse(members[1], decision);
        await leave(setting);
        await expect(endorse(members[2], decision))
          .to.be.revertedWithCustomError(agenda, "AgendaProposerGone")
          .withArgs(decision.id, members[0]);
        expect(await agenda.endorsementsOf(decision.id)).to.deep.equal([1n, 2n]);
      });
    }

    it("admits with the last one that was missing, the proposer's own included", async () => {
      const { agenda, members, propose, endorse, numberOf } = await loadFixture(endorsed);
      const decision = await propose(members[2], 1);
      await expect(endorse(members[2], decision))
        .to.emit(agenda, "ProposalEndorsed")
        .withArgs(decision.id, await numberOf(members[2]), 1);
      expect(await agenda.isAdmitted(decision.id)).to.equal(false);
      expect(await agenda.endorsementsOf(decision.id)).to.deep.equal([1n, 0b100n]);
      const last = endorse(members[5], decision);
      await expect(last)
        .to.emit(agenda, "ProposalEndorsed")
        .withArgs(decision.id, await numberOf(members[5]), 2);
      await expect(last)
        .to.emit(agenda, "ProposalAdmitted")
        .withArgs(decision.id, await numberOf(members[2]), await decision.deadline());
      expect(await agenda.isAdmitted(decision.id)).to.equal(true);
      expect(await agenda.endorsementsOf(decision.id)).to.deep.equal([2n, 0b100100n]);
    });

    it("does not admit with enough members of too few groups, until one of another comes", async () => {
      const { agenda, members, propose, endorse } = await loadFixture(endorsed);
      const decision = await propose(members[0], 1);
      for (const index of [1, 7, 13]) await endorse(members[index], decision);
      expect(await agenda.endorsementsOf(decision.id)).to.deep.equal([3n, 0b10n]);
      expect(await agenda.isAdmitted(decision.id)).to.equal(false);
      await endorse(members[0], decision);
      expect(await agenda.isAdmitted(decision.id)).to.equal(true);
    });

    it("asks for as many as the class does, by the rules when it was proposed", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, governor, members, parameters, endorse } = setting;
      const data = agenda.interface.encodeFunctionData("setPlaces", [1]);
      const decision = new Decision(connection, setting, [{ target: agenda, data }], "One place each");
      await decision.propose(members[0]);
      expect((await governor.proposalRules(decision.id))[0]).to.equal(DecisionClass.Amendment);
      const { endorsements } = parameters.Governor.amendment;
      for (let index = 0; index < endorsements; index++) {
        expect(await agenda.isAdmitted(decision.id), `after ${index}`).to.equal(false);
        await endorse(members[index], decision);
      }
      expect(await agenda.isAdmitted(decision.id)).to.equal(true);
    });

    it("keeps the endorsements of each decision apart", async () => {
      const { agenda, members, propose, endorse, numberOf } = await loadFixture(endorsed);
      const [one, two] = [await propose(members[0], 1), await propose(members[0], 2)];
      await endorse(members[1], one);
      await endorse(members[2], two);
      expect(await agenda.endorsementsOf(one.id)).to.deep.equal([1n, 0b10n]);
      expect(await agenda.endorsementsOf(two.id)).to.deep.equal([1n, 0b100n]);
      expect(await agenda.hasEndorsed(one.id, await numberOf(members[2]))).to.equal(false);
    });
  });

  describe("endorse, by more of one group than a counter holds", () => {
    it("counts up to 255, marks all, and admits with the first of another group", async () => {
      const parameters = readParameters("dc-bas");
      const coalition = await foundCoalition(connection, {
        count: 300,
        parameters,
        groupOf: (n) => +(n > 280),
      });
      const { agenda, membership, members } = coalition;
      const box = await ethers.deployContract("Box");
      const action = { target: box, data: box.interface.encodeFunctionData("setX", [1]) };
      const decision = new Decision(connection, coalition, [action], "One group first");
      await decision.propose(members[0]);
      for (const member of members.slice(0, 258)) await agenda.connect(member).endorse(decision.id);
      expect(await agenda.endorsementsOf(decision.id)).to.deep.equal([255n, 1n]);
      expect(await agenda.hasEndorsed(decision.id, await membership.numberOf(members[257]))).to.equal(true);
      expect(await agenda.isAdmitted(decision.id)).to.equal(false);
      await agenda.connect(members[290]).endorse(decision.id);
      expect(await agenda.isAdmitted(decision.id)).to.equal(true);
    });
  });

  describe("endorseBySig", () => {
    /** A proposal, and a good endorsement of it by the second member. */
    async function proposed() {
      const setting = await endorsed();
      const { members, propose } = setting;
      const decision = await propose(members[0], 1);
      const [signer, other] = [members[1], members[2]];
      const endorsement = { account: signer.address, proposalId: decision.id, nonce: 0n, deadline: FAR };
      return { ...setting, decision, signer, other, endorsement, relayer: setting.outsiders[0] };
    }

    it("endorses for who signed, whoever pays, and uses up the nonce", async () => {
      const { agenda, decision, signer, endorsement, relayer, numberOf } = await loadFixture(proposed);
      const signature = await signEndorsement(agenda, signer, endorsement);
      await expect(agenda.connect(relayer).endorseBySig(signer, decision.id, FAR, signature))
        .to.emit(agenda, "ProposalEndorsed")
        .withArgs(decision.id, await numberOf(signer), 1);
      expect(await agenda.nonces(signer)).to.equal(1n);
      expect(await agenda.hasEndorsed(decision.id, await numberOf(signer))).to.equal(true);
    });

    it("reverts when somebody else signed, or something else was", async () => {
      const { agenda, governor, decision, signer, other, endorsement, relayer } = await loadFixture(proposed);
      for (const signature of [
        await signEndorsement(agenda, other, endorsement),
        await signEndorsement(agenda, signer, { ...endorsement, account: other.address }),
        await signEndorsement(agenda, signer, { ...endorsement, proposalId: decision.id + 1n }),
        await signEndorsement(agenda, signer, { ...endorsement, nonce: 1n }),
        await signEndorsement(agenda, signer, { ...endorsement, deadline: FAR - 1n }),
        await signEndorsement(agenda, signer, endorsement, { chainId: 1n }),
        await signEndorsement(agenda, signer, endorsement, {
          verifyingContract: await governor.getAddress(),
        }),
      ]) {
        await expect(agenda.connect(relayer).endorseBySig(signer, decision.id, FAR, signature))
          .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
          .withArgs(signer);
      }
    });

    it("reverts when it is brought a second time", async () => {
      const { agenda, decision, signer, endorsement, relayer } = await loadFixture(proposed);
      const signature = await signEndorsement(agenda, signer, endorsement);
      await agenda.connect(relayer).endorseBySig(signer, decision.id, FAR, signature);
      await expect(agenda.connect(relayer).endorseBySig(signer, decision.id, FAR, signature))
        .to.be.revertedWithCustomError(agenda, "SignedRequestsInvalidSignature")
        .withArgs(signer);
    });

    it("counts in the last second of its deadline, and reverts in the one after", async () => {
      const { agenda, decision, signer, other, endorsement, relayer } = await loadFixture(proposed);
      const deadline = BigInt(await time.latest()) + 100n;
      const sign = (by: Person) =>
        signEndorsement(agenda, by, { ...endorsement, account: by.address, deadline });
      const [timely, late] = [await sign(signer), await sign(other)];
      await time.setNextBlockTimestamp(deadline);
      await agenda.connect(relayer).endorseBySig(signer, decision.id, deadline, timely);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(agenda.connect(relayer).endorseBySig(other, decision.id, deadline, late))
        .to.be.revertedWithCustomError(agenda, "SignedRequestsExpired")
        .withArgs(deadline, deadline + 1n);
    });

    it("reverts for who may not endorse, and leaves the nonce", async () => {
      const { agenda, decision, endorsement, relayer } = await loadFixture(proposed);
      const signature = await signEndorsement(agenda, relayer, { ...endorsement, account: relayer.address });
      await expect(agenda.endorseBySig(relayer, decision.id, FAR, signature))
        .to.be.revertedWithCustomError(agenda, "AgendaEndorserRefused")
        .withArgs(relayer, Standing.NotMember, 0);
      expect(await agenda.nonces(relayer)).to.equal(0n);
    });
  });

  describe("a decision that is not on the agenda", () => {
    it("is pending until its opening, and defeated from then on", async () => {
      const { governor, members, propose, endorse } = await loadFixture(endorsed);
      const decision = await propose(members[0], 1);
      await endorse(members[1], decision);
      await time.increaseTo(await decision.snapshot());
      expect(await decision.state()).to.equal(State.Pending);
      await decision.open();
      expect(await decision.state()).to.equal(State.Defeated);
      await decision.close();
      expect(await decision.state()).to.equal(State.Defeated);
      await expect(decision.queue(members[0]))
        .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
        .withArgs(decision.id, State.Defeated, stateMask(State.Succeeded));
    });

    it("takes no ballot, alone, signed or in a batch", async () => {
      const { governor, members, outsiders, propose } = await loadFixture(endorsed);
      const decision = await propose(members[0], 1);
      await decision.open();
      const ballot = { proposalId: decision.id, support: Support.For, deadline: FAR };
      const group = await groupOf(governor, members.slice(0, 3), ballot);
      for (const vote of [
        () => decision.vote(members[0], Support.For),
        () => decision.voteBySig(outsiders[0], members[1], Support.For),
        () => governor.castBallots(decision.id, [group], []),
      ]) {
        await expect(vote())
          .to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState")
          .withArgs(decision.id, State.Defeated, stateMask(State.Active));
      }
      expect(await governor.proposalVotes(decision.id)).to.deep.equal([0n, 0n, 0n]);
    });
  });

  describe("a decision on the agenda", () => {
    it("opens, is voted on and carried out", async () => {
      const setting = await loadFixture(endorsed);
      const { members, box } = setting;
      const decision = await admitted(setting, members[0], 7);
      await decision.open();
      expect(await decision.state()).to.equal(State.Active);
      await decision.voteAll(members, Support.For);
      await decision.close();
      await decision.queue(members[0]);
      await decision.mature();
      await decision.execute(members[0]);
      expect(await box.x()).to.equal(7n);
    });
  });

  describe("places", () => {
    it("refuse the endorsement that would admit one more than a member has, and not other members' decisions", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, propose, endorse, numberOf } = setting;
      const first = await admitted(setting, members[0], 1);
      for (const number of [2, 3]) await admitted(setting, members[0], number);
      const fourth = await propose(members[0], 4);
      await endorse(members[4], fourth);
      await expect(endorse(members[5], fourth))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(await numberOf(members[0]), PLACES, (await first.deadline()) + 1n);
      expect(await agenda.endorsementsOf(fourth.id)).to.deep.equal([1n, 0b10000n]);
      await admitted(setting, members[1], 5);
      await fourth.open();
      expect(await fourth.state()).to.equal(State.Defeated);
    });

    it("are free again in the second after the close, and no sooner", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, propose, endorse, numberOf } = setting;
      const first = await admitted(setting, members[0], 1);
      await time.increase(86_400);
      for (const number of [2, 3]) await admitted(setting, members[0], number);
      const close = await first.deadline();
      await time.increaseTo(close - 10n);
      const fourth = await propose(members[0], 4);
      await endorse(members[4], fourth);
      await time.setNextBlockTimestamp(close);
      await expect(endorse(members[5], fourth))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(await numberOf(members[0]), PLACES, close + 1n);
      await time.setNextBlockTimestamp(close + 1n);
      await endorse(members[5], fourth);
      expect(await agenda.isAdmitted(fourth.id)).to.equal(true);
      const taken = [...(await agenda.placesOf(await numberOf(members[0])))];
      expect(taken).to.include(await fourth.deadline());
      expect(taken).not.to.include(close);
    });

    it("stay taken when the proposer withdraws: nobody fills the agenda over and over", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, propose, endorse } = setting;
      for (const number of [1, 2, 3]) {
        const decision = await admitted(setting, members[0], number);
        await decision.cancel(members[0]);
      }
      const fourth = await propose(members[0], 4);
      await endorse(members[4], fourth);
      await expect(endorse(members[5], fourth)).to.be.revertedWithCustomError(agenda, "AgendaFull");
    });

    it("go with the member to another key", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, outsiders, propose, endorse } = setting;
      for (const number of [1, 2, 3]) await admitted(setting, members[0], number);
      await rotateKey(setting, members[0], outsiders[0]);
      const fourth = await propose(outsiders[0], 4);
      await endorse(members[4], fourth);
      await expect(endorse(members[5], fourth)).to.be.revertedWithCustomError(agenda, "AgendaFull");
    });
  });

  describe("setPlaces", () => {
    it("reverts for everybody but the timelock", async () => {
      const { agenda, timelock, members, outsiders } = await loadFixture(endorsed);
      for (const caller of [members[0], outsiders[0]]) {
        await expect(agenda.connect(caller).setPlaces(4))
          .to.be.revertedWithCustomError(agenda, "AgendaUnauthorized")
          .withArgs(caller, timelock);
      }
      expect(await agenda.places()).to.equal(PLACES);
    });

    it("reverts out of its range", async () => {
      const { agenda, governing } = await loadFixture(endorsed);
      for (const places of [0, 6, 255]) {
        await expect(agenda.connect(governing).setPlaces(places))
          .to.be.revertedWithCustomError(agenda, "AgendaPlacesOutOfRange")
          .withArgs(places, 1, 5);
      }
    });

    it("gives every member more", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, governing, propose, endorse, numberOf } = setting;
      await expect(agenda.connect(governing).setPlaces(5))
        .to.emit(agenda, "PlacesChanged")
        .withArgs(PLACES, 5);
      expect(await agenda.places()).to.equal(5n);
      const first = await admitted(setting, members[0], 1);
      for (const number of [2, 3, 4, 5]) await admitted(setting, members[0], number);
      const sixth = await propose(members[0], 6);
      await endorse(members[4], sixth);
      await expect(endorse(members[5], sixth))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(await numberOf(members[0]), 5, (await first.deadline()) + 1n);
    });

    it("leaves what is on the agenda when it gives fewer, and counts it", async () => {
      const setting = await loadFixture(endorsed);
      const { agenda, members, governing, propose, endorse, numberOf } = setting;
      const first = await admitted(setting, members[0], 1);
      await time.increase(3_600);
      const second = await admitted(setting, members[0], 2);
      await agenda.connect(governing).setPlaces(1);
      const third = await propose(members[0], 3);
      await endorse(members[4], third);
      // When the first closes the second still is before the members.
      await expect(endorse(members[5], third))
        .to.be.revertedWithCustomError(agenda, "AgendaFull")
        .withArgs(await numberOf(members[0]), 1, (await second.deadline()) + 1n);
      await second.open();
      expect(await first.state()).to.equal(State.Active);
      expect(await second.state()).to.equal(State.Active);
      await time.increaseTo((await first.deadline()) + 1n);
      const fourth = await propose(members[0], 4);
      await endorse(members[4], fourth);
      await expect(endorse(members[5], fourth)).to.be.revertedWithCustomError(agenda, "AgendaFull");
      await second.close();
      await endorse(members[5], fourth);
      expect(await agenda.isAdmitted(fourth.id)).to.equal(true);
    });
  });
});
