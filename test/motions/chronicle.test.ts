import { expect } from "chai";
import { type Interface, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { ChainLog } from "../../scripts/lib/elections/source.js";
import { Chronicle, digestOfActions } from "../../scripts/lib/motions/chronicle.js";
import { Problem } from "../../scripts/lib/problem.js";
import { foundMotion, type MotionScene, plainMotionRules } from "../helpers/amendments.js";
import { actAs } from "../helpers/governor.js";
import { MotionWalk } from "../helpers/motion-histories.js";
import {
  carry,
  changeOf,
  contentOf,
  decisionOfAmendment,
  decisionOfMotion,
  digestOf,
  listOf,
  NO_ACTIONS,
  tabled,
} from "../helpers/motions.js";
import { randomness } from "../helpers/random.js";
import { refusal } from "../helpers/refusal.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const open = () => foundMotion(connection);

/** Addresses of what tells of motions, and its logs so far. */
async function toldBy({ motions, amendments }: Pick<MotionScene, "motions" | "amendments">) {
  const told = { motions: await motions.getAddress(), amendments: await amendments.getAddress() };
  const address = [told.motions, told.amendments] as unknown as string;
  const logs: ChainLog[] = await ethers.provider.getLogs({ address, fromBlock: 0, toBlock: "latest" });
  return { told, logs };
}

/** One of each thing that can happen to motions and amendments. */
async function eventful() {
  const scene = await open();
  const { motions, amendments, timelock, charter, author, ann, ben, cyd, eve, motion, resolutions } = scene;
  const rules = plainMotionRules(await motions.rules());
  const setRules = async (changes: Partial<typeof rules>) =>
    motions
      .connect(await actAs(connection, timelock))
      .setRules({ ...rules, objectionGroups: 1n, amendmentObjectionGroups: 1n, ...changes });

  // The motion of the scene: friendly amendments on both levels, a vote won and one lost, one stale and rebased.
  await motions.connect(eve).endorse(motion, 1);
  await motions.connect(author).revise(motion, 1, contentOf("Weekly."));
  const actions = listOf([{ target: await resolutions.getAddress(), data: "0x12345678" }]);
  const first = await scene.move(ann, "Twice.", { base: 2n, actions });
  const second = await scene.move(ben, "Twice, online.", { base: 1n, parent: first });
  const third = await scene.move(cyd, "Thrice.", { base: 2n, substitute: true });
  const fourth = await scene.move(eve, "Thrice, online.", { base: 1n, parent: third });
  await amendments.connect(ann).accept(second, 1);
  await amendments.connect(author).accept(first, 2);
  await motions.connect(eve).endorse(motion, 3);
  await motions.connect(ben).endorse(motion, 3);
  await amendments.connect(cyd).rebase(third, changeOf(3, "Twice or thrice."));
  await amendments.connect(eve).rebase(fourth, changeOf(2, "Twice or thrice, online.", { actions }));
  const fifth = await scene.move(ben, "Daily.", { base: 3n, substitute: true });
  const sixth = await scene.move(ann, "Daily, at noon.", { base: 1n, parent: fifth });
  await scene.close();
  await scene.decideNext(true); // the fourth, to the third
  await scene.decideNext(false); // the sixth
  await scene.decideNext(true); // the third
  expect(await scene.stateOf(fifth)).to.equal(1n);
  expect(sixth).to.equal(6n);
  await scene.goTo((await amendments.docketOf(motion)).rebaseUntil + 1n);
  await motions.connect(author).putToVote(motion, actions);

  // Another, with consensus first: silences that hold and that are broken, and a withdrawal.
  await setRules({ silence: 86_400n, amendmentSilence: 86_400n, objections: 2n, amendmentObjections: 2n });
  const consensual = await tabled(motions, ann, "Members are asked first.");
  const seventh = 1n + (await amendments.lastAmendment());
  await amendments.connect(ben).move(consensual, 0, changeOf(1, "Members are asked twice."));
  await amendments.connect(cyd).move(consensual, 0, changeOf(1, "Members are asked thrice."));
  await amendments.connect(eve).move(consensual, 0, changeOf(1, "Members are never asked."));
  await amendments.connect(eve).withdraw(seventh + 2n, 1);
  await time.increaseTo((await motions.motionOf(consensual)).closesAt);
  await amendments.putNext(consensual);
  await amendments.connect(eve).object(seventh, digestOf("no"));
  await time.increase(86_400);
  await amendments.settle(consensual);
  await amendments.connect(cyd).rebase(seventh + 1n, changeOf(2, "Members are asked four times."));
  await time.increaseTo((await amendments.nextOf(consensual)).from);
  await amendments.putNext(consensual);
  await amendments.connect(eve).object(seventh + 1n, digestOf("no"));
  await amendments.connect(ann).object(seventh + 1n, digestOf("never"));
  await amendments.settle(consensual);
  await carry(await decisionOfAmendment(connection, scene, seventh + 1n), scene.voters);
  await motions.putToVote(consensual, NO_ACTIONS);
  await motions.connect(eve).object(consensual, digestOf("no"));
  await time.increase(86_400);
  await motions.adopt(consensual);

  // A third and a fourth: sent back, before the vote and after it, and withdrawn.
  await setRules({ silence: 0n, amendmentSilence: 0n });
  const insert = charter.interface.encodeFunctionData("insert", [1, 0, digestOf("gone"), digestOf("new")]);
  const moved = listOf([{ target: await charter.getAddress(), data: insert }]);
  const returned = await tabled(motions, cyd, "A clause.", moved);
  await time.increaseTo((await motions.motionOf(returned)).closesAt);
  await motions.sendBack(returned, moved, 0);
  await motions.connect(cyd).withdraw(returned, 2);
  await motions.connect(eve).draft(contentOf("A draft."));
  const { logs, told } = await toldBy(scene);
  const undone = logs.find((log) => motions.interface.parseLog(log)?.name === "MotionEndorsed");
  return { ...scene, undone, actions, first, third, consensual, returned, logs, told };
}

const faceOf = ({ motions, amendments }: MotionScene, told: { motions: string }, log: ChainLog): Interface =>
  log.address === told.motions ? motions.interface : amendments.interface;

/** What no event and no view bears out: by whom and why something was said, and moments that later ones replaced. */
const UNTOLD: Readonly<Record<string, readonly string[]>> = {
  MotionTabled: ["closesAt"],
  MotionEndorsed: ["number"],
  MotionObjected: ["number", "reason"],
  MotionSentBack: ["index"],
  MotionRulesChanged: ["oldRules", "newRules"],
  AmendmentsBound: ["amendments"],
  AmendmentWritten: ["reason"],
  AmendmentObjected: ["number", "reason"],
  AmendmentRejected: ["outcome"],
};

/** A value that is another one of the same type. */
function altered(type: string, value: never): unknown {
  if (type === "bool") return !value;
  if (type === "bytes32") return `0x${(BigInt(value) ^ 1n).toString(16).padStart(64, "0")}`;
  if (type.startsWith("tuple"))
    return [
      [...value[0], ethers.ZeroAddress],
      [...value[1], 1n],
      [...value[2], "0x"],
    ];
  return BigInt(value) + 1n;
}

/** How it is noticed that logs are not as they were, by the replay itself or beside the contracts; "" if it is not. */
async function noticed(
  { told, motions, amendments }: Awaited<ReturnType<typeof eventful>>,
  logs: readonly ChainLog[],
): Promise<string> {
  try {
    const chronicle = Chronicle.of(told, logs);
    const [first] = await chronicle.differences({ motions, amendments });
    const [early] =
      first === undefined ? await chronicle.differencesByBlock({ motions, amendments }) : [first];
    return early === undefined ? "" : early.what;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

describe("Chronicle of motions", () => {
  context("given one of each thing that can happen", () => {
    it("has met every event that texts come from", async () => {
      const scene = await loadFixture(eventful);
      const names = new Set(scene.logs.map((log) => faceOf(scene, scene.told, log).parseLog(log)?.name));
      for (const { interface: face } of [scene.motions, scene.amendments]) {
        face.forEachEvent(({ name }) => {
          if (name !== "ActSkipped" && name !== "EIP712DomainChanged") expect(names).to.include(name);
        });
      }
    });

    it("says no more and no less than the contracts", async () => {
      const { told, logs, motions, amendments } = await loadFixture(eventful);
      expect(await Chronicle.of(told, logs).differences({ motions, amendments })).to.deep.equal([]);
    });

    it("tells who made each revision, and by which amendment and decision", async () => {
      const scene = await loadFixture(eventful);
      const { told, logs, motion, first, third, consensual, returned, actions } = scene;
      const chronicle = Chronicle.of(told, logs);
      const decision = await decisionOfAmendment(connection, scene, third);
      const story = (of: bigint) =>
        chronicle
          .motionOf(of)
          .revisions.map(({ text, how, member, amendment, decision }) => [
            text,
            how,
            member,
            amendment,
            decision,
          ]);
      expect(story(motion)).to.deep.equal([
        [digestOf("The coalition meets once a year."), "written", 1n, 0n, 0n],
        [digestOf("Weekly."), "written", 1n, 0n, 0n],
        [digestOf("Twice, online."), "accepted", 1n, first, 0n],
        [digestOf("Twice or thrice, online."), "adopted", 0n, third, decision.id],
      ]);
      const second = await decisionOfAmendment(connection, scene, 8n);
      expect(story(consensual)).to.deep.equal([
        [digestOf("Members are asked first."), "written", 2n, 0n, 0n],
        [digestOf("Members are asked twice."), "adopted", 0n, 7n, 0n],
        [digestOf("Members are asked four times."), "adopted", 0n, 8n, second.id],
      ]);
      expect(story(returned).map(([, how]) => how)).to.deep.equal(["written", "returned"]);
      const last = chronicle.revisionOf(motion, 4n);
      expect(last.list).to.deep.equal({ ...actions, targets: [...actions.targets] });
      expect(chronicle.motionOf(motion).decision).to.equal(
        (await decisionOfMotion(connection, scene, motion, actions)).id,
      );
      // The second brought no actions, and so took those of the first away until the last vote.
      expect(chronicle.revisionOf(motion, 3n).actions).to.equal(ZeroHash);
    });

    it("tells each version of an amendment, and whether it is a substitute by now", async () => {
      const { told, logs, third } = await loadFixture(eventful);
      const story = Chronicle.of(told, logs)
        .amendmentOf(third)
        .versions.map(({ text, how, amendment, base, substitute }) => [
          text,
          how,
          amendment,
          base,
          substitute,
        ]);
      expect(story).to.deep.equal([
        [digestOf("Thrice."), "written", 0n, 2n, true],
        [digestOf("Twice or thrice."), "written", 0n, 3n, false],
        [digestOf("Twice or thrice, online."), "adopted", 4n, 3n, false],
      ]);
    });

    it("names what there is not", async () => {
      const { told, logs } = await loadFixture(eventful);
      const chronicle = Chronicle.of(told, logs);
      expect(() => chronicle.motionOf(9n)).to.throw(
        Problem,
        "There is no motion with the number 9; they are numbered 1 to 4 by now.",
      );
      expect(() => chronicle.revisionOf(1n, 5n)).to.throw(
        Problem,
        "There is no revision of motion 1 with the number 5; they are numbered 1 to 4 by now.",
      );
      expect(() => chronicle.versionOf(1n, 0n)).to.throw(Problem, "There is no version of amendment 1");
      expect(() => Chronicle.of(told, []).amendmentOf(1n)).to.throw(
        Problem,
        "There is no amendment with the number 1; there is none yet.",
      );
    });

    it("reads a node, as of any block", async () => {
      const { motions, amendments, motion } = await loadFixture(eventful);
      const contracts = { motions: await motions.getAddress(), amendments: await amendments.getAddress() };
      const source: Parameters<typeof Chronicle.read>[0] = {
        contracts,
        logs: async (addresses, _, fromBlock) =>
          ethers.provider.getLogs({ address: [...addresses] as unknown as string, fromBlock }),
      };
      const chronicle = await Chronicle.read(source, 0);
      expect(chronicle.motionOf(motion).revisions).to.have.lengthOf(4);
      const last = await ethers.provider.getBlockNumber();
      expect(await chronicle.differences({ motions, amendments }, last)).to.deep.equal([]);
      const [difference] = await chronicle.differences({ motions, amendments }, last - 1);
      expect(difference).to.deep.equal({ what: "number of motions", events: "4", chain: "3" });
    });
  });

  context("given logs that are not as they were", () => {
    it("notices any that is missing, and names the one after it", async () => {
      const scene = await loadFixture(eventful);
      for (const [index, log] of scene.logs.entries()) {
        const { name } = faceOf(scene, scene.told, log).parseLog(log) ?? {};
        if (name === "MotionRulesChanged" || name === "AmendmentsBound") continue;
        // An edit of the author has undone it, and it made no text.
        if (log === scene.undone) continue;
        const found = await noticed(scene, scene.logs.toSpliced(index, 1));
        expect(found, `without log ${index} (${name})`).not.to.equal("");
        const [, block] = /at block (\d+), log/.exec(found) ?? [];
        if (block !== undefined) expect(Number(block)).to.be.at.least(log.blockNumber);
      }
    });

    it("notices any two that changed places, or one that is twice there", async () => {
      const scene = await loadFixture(eventful);
      const { told, logs } = scene;
      for (let index = 1; index < logs.length; ++index) {
        const [one, other] = logs.slice(index - 1, index + 1) as [ChainLog, ChainLog];
        const places = `block ${one.blockNumber}, log ${one.index} `;
        for (const pair of [
          [other, one],
          [one, one],
        ]) {
          const swapped = logs.toSpliced(index - 1, 2, ...pair);
          const found = await refusal((async () => Chronicle.of(told, swapped))());
          expect(found).to.match(
            /^The events of the motions do not fit together at block \d+, log \d+ \(\w+\): /,
          );
          expect(found.includes(places) || found.includes(`log ${other.index} `)).to.equal(true);
        }
      }
    });

    it("notices whatever was altered in what texts come from", async () => {
      const scene = await loadFixture(eventful);
      let alterations = 0;
      for (const [index, log] of scene.logs.entries()) {
        const face = faceOf(scene, scene.told, log);
        const event = face.parseLog(log);
        if (event === null) throw new Error(`log ${index} is of no known event`);
        for (const [place, { name, type }] of event.fragment.inputs.entries()) {
          if (UNTOLD[event.name]?.includes(name)) continue;
          const values = event.args.toArray();
          values[place] = altered(type, values[place] as never);
          const found = await noticed(
            scene,
            scene.logs.with(index, { ...pick(log), ...face.encodeEventLog(event.fragment, values) }),
          );
          expect(found, `log ${index} (${event.name}) with another ${name}`).not.to.equal("");
          ++alterations;
        }
      }
      expect(alterations).to.be.greaterThan(200);
    });

    it("names a log that is no event of the contract, or cannot be read", async () => {
      const { told, logs } = await loadFixture(eventful);
      const [first] = logs as [ChainLog];
      const strange = { ...pick(first), topics: [ZeroHash] };
      expect(() => Chronicle.of(told, [strange])).to.throw(
        Problem,
        `The log at block ${first.blockNumber}, log ${first.index} is no event that ${first.address} has`,
      );
      const torn = logs.find(({ data }) => data.length > 66) as ChainLog;
      expect(() => Chronicle.of(told, [{ ...pick(torn), data: "0x12" }])).to.throw(
        Problem,
        `The log at block ${torn.blockNumber}, log ${torn.index} cannot be read: `,
      );
    });

    it("passes over logs of other contracts", async () => {
      const { told, logs, resolutions } = await loadFixture(eventful);
      const [first] = logs as [ChainLog];
      const other = { ...pick(first), address: await resolutions.getAddress() };
      expect(Chronicle.of(told, [other, ...logs]).motions.size).to.equal(4);
    });
  });

  context("given histories at random", () => {
    const random = randomness();
    const HISTORIES = 3;
    const STEPS = 120;

    for (let history = 1; history <= HISTORIES; ++history) {
      it(`rebuilds history ${history} byte for byte (${random.seed})`, async () => {
        const scene = await loadFixture(open);
        const walk = new MotionWalk(scene, random);
        const done = await walk.walk(STEPS);
        const { told, logs } = await toldBy(scene);
        const chronicle = Chronicle.of(told, logs);
        for (const [motion, seen] of walk.revisions) {
          const { revisions } = chronicle.motionOf(motion);
          expect(revisions.map(({ text, purpose, actions }) => ({ text, purpose, actions }))).to.deep.equal(
            seen,
          );
          for (const { actions, list } of revisions) {
            expect(list).to.deep.equal(walk.lists.get(actions));
            expect(digestOfActions(list)).to.equal(actions);
          }
        }
        for (const [amendment, seen] of walk.versions) {
          const { versions } = chronicle.amendmentOf(amendment);
          expect(versions.map(({ text, actions }) => ({ text, actions }))).to.deep.equal(seen);
          for (const { actions, list } of versions) expect(list).to.deep.equal(walk.lists.get(actions));
        }
        expect(await chronicle.differences(scene)).to.deep.equal([]);
        expect(await chronicle.differencesByBlock(scene)).to.deep.equal([]);
        expect(done).to.be.greaterThan(STEPS / 4);
        const taken = [...walk.taken].map(([name, times]) => `${name} ${times}`).join(", ");
        console.log(`        ${done} of ${STEPS} steps: ${taken}`);
      });
    }
  });
});

/** A log as data: those of a node are objects whose fields cannot be replaced. */
function pick({ address, topics, data, blockNumber, index, transactionHash }: ChainLog): ChainLog {
  return { address, topics, data, blockNumber, index, transactionHash };
}
