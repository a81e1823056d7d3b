import { createHash } from "node:crypto";
import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import { network } from "hardhat";
import { DecisionClass, type Person, State, Support } from "../helpers/governor.js";
import {
  clauseList,
  decisionOnClause,
  ENDORSED,
  enactClause,
  foundMotions,
  memberAt,
} from "../helpers/motion-scene.js";
import {
  AmendmentState,
  actionsDigest,
  carry,
  changeOf,
  contentOf,
  decisionOfAmendment,
  decisionOfMotion,
  digestOf,
  listOf,
  moved,
  NO_ACTIONS,
  refuse,
  Stage,
  stagesOf,
} from "../helpers/motions.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const TABLED = stagesOf(Stage.Tabled);

/** A coalition with a motion of the first member, tabled, that puts 1 into a box. */
async function founded() {
  const scene = await foundMotions(connection, { count: 18 });
  const actions = listOf([scene.put(1)]);
  const motion = await scene.tabled("Keep the number one", actions);
  const [author, rival, third] = scene.members as [Person, Person, Person];
  const [outsider] = scene.outsiders as [Person];
  const anybody = scene.motions.connect(outsider);
  const mine = scene.motions.connect(author);
  /** Somebody moves an amendment to the motion, or to another amendment. */
  const move = (
    by: Person,
    text: string,
    change: Parameters<typeof changeOf>[2] = {},
    parent = 0n,
    base = 1,
  ) => moved(scene.amendments, by, motion, changeOf(base, text, { actions, ...change }), parent);
  /** What the amendment before the members was put to. */
  const question = async () => {
    const amendment = (await scene.amendments.docketOf(motion)).question;
    return decisionOfAmendment(connection, scene, amendment);
  };
  return { ...scene, actions, motion, author, rival, third, outsider, anybody, mine, move, question };
}

/** The same, and the first clause of the charter stands, in the wording "A". */
async function chartered() {
  const scene = await founded();
  await enactClause(scene, "A");
  return scene;
}

/** A coalition that asks for endorsements, the more the greater the class. */
async function endorsed() {
  return foundMotions(connection, { count: 12, classes: ENDORSED });
}

describe("Attacks: motions and documents", () => {
  it("attack 15: nobody takes the decision of a motion or an amendment by proposing it first", async () => {
    const scene = await loadFixture(founded);
    const { governor, motions, amendments, motion, actions, rival, author, anybody, move, close, goTo } =
      scene;
    const amendment = await move(rival, "Keep it, amended");
    const question = await decisionOfAmendment(connection, scene, amendment);
    const early = await decisionOfMotion(connection, scene, motion, actions);
    for (const decision of [question, early]) {
      for (const thief of [rival, author, scene.outsider]) {
        await expect(decision.propose(thief))
          .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
          .withArgs(thief);
      }
    }
    await goTo((await amendments.nextOf(motion)).from);
    await amendments.putNext(motion);
    expect((await amendments.amendmentOf(amendment)).proposalId).to.equal(question.id);
    await refuse(question, scene.members);
    await amendments.settle(motion);
    await close(motion);
    await anybody.putToVote(motion, actions);
    expect((await motions.motionOf(motion)).proposalId).to.equal(early.id);
  });

  it("attack 15: nobody cancels what a motion was put to, its author as little as others", async () => {
    const scene = await loadFixture(founded);
    const { governor, motion, actions, rival, author, anybody, outsider, close } = scene;
    await close(motion);
    await anybody.putToVote(motion, actions);
    const decision = await decisionOfMotion(connection, scene, motion, actions);
    for (const caller of [author, rival, outsider]) {
      await expect(decision.cancel(caller))
        .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
        .withArgs(decision.id, caller);
    }
    expect(await decision.state()).to.equal(State.Pending);
  });

  it("attack 22: what goes to the vote is what was tabled with the text, to the last byte", async () => {
    const scene = await loadFixture(founded);
    const { motions, motion, actions, put, rival, box, close, members, charter } = scene;
    await close(motion);
    const caller = motions.connect(rival);
    const [bait] = clauseList(scene, "A", "B").calldatas as [string];
    for (const other of [
      listOf([put(2)]),
      listOf([put(1), put(2)]),
      listOf([{ ...put(1), value: 1n }]),
      listOf([{ target: box, data: `${put(1).data}ff` }]),
      listOf([put(1), { target: charter, data: bait }]),
      NO_ACTIONS,
    ]) {
      await expect(caller.putToVote(motion, other))
        .to.be.revertedWithCustomError(motions, "MotionActionsOther")
        .withArgs(await actionsDigest(actions), await actionsDigest(other));
    }
    await caller.putToVote(motion, actions);
    await carry(await decisionOfMotion(connection, scene, motion, actions), members);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 22: actions that change a rule do not pass as a lesser decision, whatever the text says", async () => {
    const scene = await loadFixture(endorsed);
    const { motions, governor, members, put, tabled, close } = scene;
    const actions = listOf([put(1), ...bait(scene)]);
    const motion = await tabled("A harmless statement", actions);
    for (const index of [1, 2]) await motions.connect(memberAt(members, index)).endorse(motion, 1n);
    await close(motion);
    // Enough for an action, and one too few for what it is.
    await expect(motions.putToVote(motion, actions))
      .to.be.revertedWithCustomError(motions, "MotionsNotEndorsed")
      .withArgs(motion, 2n, 3n, 2n, 2n);
    await motions.connect(memberAt(members, 3)).endorse(motion, 1n);
    await motions.putToVote(motion, actions);
    const { proposalId } = await motions.motionOf(motion);
    expect((await governor.proposalRules(proposalId))[0]).to.equal(DecisionClass.Amendment);
  });

  it("attack 112: a decision names the digest of the last revision, and no other text fits it", async () => {
    const scene = await loadFixture(founded);
    const { motions, governor, motion, actions, mine, anybody, close } = scene;
    const text = "Keep the number one, for a year";
    await mine.revise(motion, 1n, contentOf(text, actions));
    await close(motion);
    await anybody.putToVote(motion, actions);
    const { text: digest, proposalId } = await motions.motionOf(motion);
    const [created] = await governor.queryFilter(governor.filters.ProposalCreated());
    expect(created?.args.proposalId).to.equal(proposalId);
    const [, told] = /text sha2-256 (0x[0-9a-f]{64}) /.exec(created?.args.description ?? "") ?? [];
    expect(told).to.equal(digest);
    // As `sha256sum` has it, of the very bytes.
    const sum = (of: string) => `0x${createHash("sha256").update(of, "utf8").digest("hex")}`;
    expect(told).to.equal(sum(text));
    for (const other of ["Keep the number one", `${text}\n`, `${text}\u200b`]) {
      expect(sum(other)).not.to.equal(told);
    }
  });

  it("attack 115: nobody but the author overwrites a motion, who does so in public and without endorsements", async () => {
    const scene = await loadFixture(founded);
    const { motions, motion, actions, mine, rival, outsider, power, members } = scene;
    await mine.revise(motion, 1n, contentOf("A better text", actions));
    await motions.connect(memberAt(members, 3)).endorse(motion, 2n);
    for (const thief of [rival, outsider, power]) {
      await expect(motions.connect(thief).revise(motion, 2n, contentOf("Keep the number one", actions)))
        .to.be.revertedWithCustomError(motions, "MotionsNotAuthor")
        .withArgs(motion, thief, 1n);
      await expect(motions.connect(thief).change(motion, digestOf("Other"), digestOf("Other"), 1n, true))
        .to.be.revertedWithCustomError(motions, "MotionsUnauthorized")
        .withArgs(thief, scene.amendments);
    }
    // What was written against the first revision does not undo the second one unseen.
    await expect(mine.revise(motion, 1n, contentOf("Keep the number one", actions)))
      .to.be.revertedWithCustomError(motions, "MotionsOtherRevision")
      .withArgs(motion, 1n, 2n);
    // Going back is a revision of its own.
    await mine.revise(motion, 2n, contentOf("Keep the number one", actions));
    const { revision, endorsements, text } = await motions.motionOf(motion);
    expect([revision, endorsements, text]).to.deep.equal([3n, 0n, digestOf("Keep the number one")]);
    const history = await motions.queryFilter(motions.filters.MotionRevised(motion));
    expect(history.map(({ args }) => [args.revision, args.text])).to.deep.equal([
      [1n, digestOf("Keep the number one")],
      [2n, digestOf("A better text")],
      [3n, digestOf("Keep the number one")],
    ]);
  });

  it("attack 115: a clause is neither overwritten nor rolled back but by an amendment that knows it", async () => {
    const scene = await loadFixture(chartered);
    const { charter, governor, timelock, members, outsider, power } = scene;
    const [from, to] = [digestOf("A"), digestOf("B")];
    for (const thief of [memberAt(members, 0), outsider]) {
      await expect(charter.connect(thief).amend(1n, 1n, from, to))
        .to.be.revertedWithCustomError(charter, "CharterUnauthorized")
        .withArgs(thief, timelock);
    }
    await expect(charter.connect(power).amend(1n, 1n, from, to))
      .to.be.revertedWithCustomError(charter, "CharterNotAnAmendment")
      .withArgs(0n, DecisionClass.MotionAmendment);
    await decisionOnClause(scene, "A", "B").pass(members);
    // A decision of before, carried out again, finds another clause.
    const again = decisionOnClause(scene, "A", "B");
    await expect(again.propose(memberAt(members, 0))).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
    expect(await charter.clauseOf(1n, 1n)).to.equal(to);
    const { clauses, digests } = await charter.versionOf(1n, 1n);
    expect([[...clauses], [...digests]]).to.deep.equal([[1n], [from]]);
  });

  it("attack 116: the digest of a text is that of its CID, and keccak of the same bytes is another", async () => {
    const { motions, motion } = await loadFixture(founded);
    const bytes = toUtf8Bytes("Keep the number one");
    const { text } = await motions.motionOf(motion);
    // CIDv1, raw bytes (0x55), sha2-256 (0x12) of 32 bytes (0x20).
    const cid = Buffer.concat([
      Buffer.from([0x01, 0x55, 0x12, 0x20]),
      createHash("sha256").update(bytes).digest(),
    ]);
    expect(`0x${cid.subarray(4).toString("hex")}`).to.equal(text);
    expect(keccak256(bytes)).not.to.equal(text);
  });

  it("attack 118: an amendment to a text that is no longer current is neither moved, nor accepted, nor put", async () => {
    const scene = await loadFixture(founded);
    const { motions, amendments, motion, actions, mine, author, rival, third, move, close } = scene;
    const amendment = await move(rival, "Amended");
    await mine.revise(motion, 1n, contentOf("Edited", actions));
    await expect(amendments.connect(third).move(motion, 0n, changeOf(1, "Late", { actions })))
      .to.be.revertedWithCustomError(amendments, "AmendmentsStale")
      .withArgs(motion, 0n, 1n, 2n);
    expect((await amendments.amendmentOf(amendment)).state).to.equal(AmendmentState.Stale);
    await expect(amendments.connect(author).accept(amendment, 1n))
      .to.be.revertedWithCustomError(amendments, "AmendmentsWrongState")
      .withArgs(amendment, AmendmentState.Stale, AmendmentState.Open);
    await close(motion);
    await expect(amendments.putNext(motion))
      .to.be.revertedWithCustomError(amendments, "AmendmentsNothingDue")
      .withArgs(motion, () => true);
    await motions.putToVote(motion, actions);
    expect((await amendments.amendmentOf(amendment)).state).to.equal(AmendmentState.Lapsed);
    expect((await motions.motionOf(motion)).text).to.equal(digestOf("Edited"));
  });

  it("attack 118: the text does not move while the members vote on an amendment of it", async () => {
    const scene = await loadFixture(founded);
    const { motions, amendments, motion, actions, mine, author, rival, third, members, move, goTo } = scene;
    const amendment = await move(rival, "Amended");
    const other = await move(third, "Amended otherwise");
    await goTo((await amendments.nextOf(motion)).from);
    await amendments.putNext(motion);
    await expect(mine.revise(motion, 1n, contentOf("Edited", actions)))
      .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
      .withArgs(motion, Stage.Closed, stagesOf(Stage.Draft, Stage.Tabled));
    for (const sent of [
      amendments.connect(author).accept(other, 1n),
      amendments.connect(third).withdraw(other, 1n),
      amendments.connect(third).rebase(other, changeOf(1, "Amended again", { actions })),
    ]) {
      await expect(sent)
        .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
        .withArgs(motion, amendment);
    }
    await carry(await scene.question(), members);
    expect((await motions.motionOf(motion)).text).to.equal(digestOf("Amended"));
  });

  it("attack 119: of two amendments to one motion the second is never laid over the first unseen", async () => {
    const scene = await loadFixture(founded);
    const { motions, amendments, motion, actions, rival, third, members, move, goTo } = scene;
    const first = await move(rival, "First");
    const second = await move(third, "Second");
    await goTo((await amendments.nextOf(motion)).from);
    await amendments.putNext(motion);
    await carry(await scene.question(), members);
    expect((await amendments.amendmentOf(first)).state).to.equal(AmendmentState.Adopted);
    expect((await amendments.amendmentOf(second)).state).to.equal(AmendmentState.Stale);
    await expect(amendments.putNext(motion))
      .to.be.revertedWithCustomError(amendments, "AmendmentsNothingDue")
      .withArgs(motion, (await amendments.docketOf(motion)).rebaseUntil + 1n);
    // Its mover looks at the text as it is now, and brings it again.
    await amendments.connect(third).rebase(second, changeOf(2, "First and second", { actions }));
    await goTo((await amendments.nextOf(motion)).from);
    await amendments.putNext(motion);
    await carry(await scene.question(), members);
    expect((await motions.motionOf(motion)).text).to.equal(digestOf("First and second"));
  });

  it("attack 119: of two motions that change one clause the second is sent back, and does not undo the first", async () => {
    const scene = await loadFixture(chartered);
    const { motions, charter, anybody, rival, third, members, tabled, close } = scene;
    const lists = [clauseList(scene, "A", "B"), clauseList(scene, "A", "C")] as const;
    const first = await tabled("A becomes B", lists[0], rival);
    const second = await tabled("A becomes C", lists[1], third);
    await close(second);
    await anybody.putToVote(first, lists[0]);
    await anybody.putToVote(second, lists[1]);
    const decisions = [
      await decisionOfMotion(connection, scene, first, lists[0]),
      await decisionOfMotion(connection, scene, second, lists[1]),
    ] as const;
    await decisions[1].open();
    for (const decision of decisions) await decision.voteAll(members, Support.For);
    await decisions[1].close();
    for (const decision of decisions) await decision.queue(rival);
    await decisions[1].mature();
    await decisions[0].execute(rival);
    await expect(decisions[1].execute(third))
      .to.be.revertedWithCustomError(charter, "CharterClauseMoved")
      .withArgs(1n, 1n, digestOf("A"), digestOf("B"));
    await expect(anybody.sendBack(second, lists[1], 0n))
      .to.emit(motions, "MotionSentBack")
      .withArgs(second, decisions[1].id, 0n);
    expect(await charter.clauseOf(1n, 1n)).to.equal(digestOf("B"));
    expect((await motions.motionOf(second)).stage).to.equal(Stage.Tabled);
  });

  it("attack 120: nothing changes the actions once the vote was begun", async () => {
    const scene = await loadFixture(founded);
    const { motions, amendments, governor, motion, actions, put, box, mine, author, rival, members } = scene;
    const open = await scene.move(rival, "In time", { actions: listOf([put(3)]) });
    await amendments.connect(rival).withdraw(open, 1n);
    await scene.close(motion);
    await motions.putToVote(motion, actions);
    const decision = await decisionOfMotion(connection, scene, motion, actions);
    await decision.open();
    const other = listOf([put(2)]);
    await expect(mine.revise(motion, 1n, contentOf("Keep the number two", other)))
      .to.be.revertedWithCustomError(motions, "MotionsWrongStage")
      .withArgs(motion, Stage.PutToVote, stagesOf(Stage.Draft, Stage.Tabled));
    await expect(amendments.connect(rival).move(motion, 0n, changeOf(1, "Two", { actions: other })))
      .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
      .withArgs(motion, Stage.PutToVote, TABLED);
    await expect(amendments.connect(author).accept(open, 1n))
      .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
      .withArgs(motion, Stage.PutToVote, stagesOf(Stage.Tabled, Stage.Closed));
    await expect(motions.sendBack(motion, actions, 0n))
      .to.be.revertedWithCustomError(motions, "MotionsNothingMoved")
      .withArgs(motion, 0n);
    await decision.voteAll(members, Support.For);
    await decision.close();
    const swapped = [other.targets, other.values, other.calldatas, decision.descriptionHash] as const;
    await expect(governor.queue(...swapped)).to.be.revertedWithCustomError(
      governor,
      "GovernorNonexistentProposal",
    );
    await decision.queue(author);
    await decision.mature();
    await decision.execute(author);
    expect(await box.x()).to.equal(1n);
  });

  it("attack 121: amendments end: so many of a motion and of a member, and two levels", async () => {
    const scene = await loadFixture(founded);
    const { amendments, motion, actions, members, move } = scene;
    const { openByMotion, openByMember } = await scene.motions.rules();
    const own = Number(openByMember);
    const first = await move(memberAt(members, 1), "Amendment");
    const below = await move(memberAt(members, 1), "Amendment of it", {}, first);
    await expect(move(memberAt(members, 2), "And of that", {}, below))
      .to.be.revertedWithCustomError(amendments, "AmendmentsTooDeep")
      .withArgs(motion, below);
    await expect(move(memberAt(members, 1), "A third of mine"))
      .to.be.revertedWithCustomError(amendments, "AmendmentsFull")
      .withArgs(motion, 2n, openByMember);
    for (let count = own; count < Number(openByMotion); count++) {
      await move(memberAt(members, 2 + Math.floor(count / own)), `Amendment ${count}`);
    }
    await expect(move(memberAt(members, 15), "One more"))
      .to.be.revertedWithCustomError(amendments, "AmendmentsFull")
      .withArgs(motion, 0n, openByMotion);
    expect((await amendments.docketOf(motion)).open).to.have.length(Number(openByMotion));
    await scene.close(motion);
    // Who withdraws one now does not move another in its place.
    await amendments.connect(memberAt(members, 1)).withdraw(below, 1n);
    await expect(amendments.connect(memberAt(members, 1)).move(motion, 0n, changeOf(1, "Again", { actions })))
      .to.be.revertedWithCustomError(amendments, "AmendmentsWrongStage")
      .withArgs(motion, Stage.Closed, TABLED);
  });

  it("attack 121: a motion full of amendments that are left lying comes to the vote all the same", async () => {
    const scene = await loadFixture(founded);
    const { motions, amendments, governor, motion, actions, members, mine, move, close } = scene;
    for (let count = 0; count < 12; count++) {
      await move(memberAt(members, 1 + (count >> 1)), `Amendment ${count}`);
    }
    // An edit makes all of them stale. Their movers have the whole notice to rebase them, and nobody does.
    await mine.revise(motion, 1n, contentOf("Edited", actions));
    await close(motion);
    await expect(motions.putToVote(motion, actions)).to.emit(motions, "MotionPut");
    const { proposalId } = await motions.motionOf(motion);
    expect(await governor.state(proposalId)).to.equal(State.Pending);
    expect((await amendments.docketOf(motion)).open).to.deep.equal([]);
  });

  it("attack 122: amendments come in their order, whoever asks, in whatever order they were moved", async () => {
    const scene = await loadFixture(founded);
    const { amendments, motion, members, move, goTo, rival, outsider } = scene;
    const substitute = await move(memberAt(members, 1), "Another text", { substitute: true });
    const second = await move(memberAt(members, 2), "Second thoughts");
    const third = await move(memberAt(members, 3), "Third thoughts");
    const below = await move(memberAt(members, 4), "Third thoughts, better put", {}, third);
    const order = [];
    for (const caller of [rival, outsider, memberAt(members, 5), outsider]) {
      await goTo((await amendments.nextOf(motion)).from);
      const due = (await amendments.nextOf(motion)).amendment;
      await amendments.connect(caller).putNext(motion);
      const { question } = await amendments.docketOf(motion);
      expect(question).to.equal(due);
      order.push(question);
      // One at a time: nobody puts another question beside it, nor the motion itself.
      await expect(amendments.connect(rival).putNext(motion))
        .to.be.revertedWithCustomError(amendments, "AmendmentsQuestionOpen")
        .withArgs(motion, question);
      await expect(scene.anybody.putToVote(motion, scene.actions)).to.be.revertedWithCustomError(
        amendments,
        "AmendmentsUnsettled",
      );
      await refuse(await scene.question(), members);
      await amendments.connect(outsider).settle(motion);
    }
    expect(order).to.deep.equal([below, second, third, substitute]);
  });
});

/** What a statement would hide: a change of the rules for motions. */
function bait({ motions }: Pick<Awaited<ReturnType<typeof endorsed>>, "motions">) {
  return [{ target: motions, data: motions.interface.getFunction("setRules").selector }];
}
