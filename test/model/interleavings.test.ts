import { expect } from "chai";
import { network } from "hardhat";
import type { ChainLog } from "../../scripts/lib/elections/source.js";
import { isRevert } from "../../scripts/lib/member/revert.js";
import { Chronicle } from "../../scripts/lib/motions/chronicle.js";
import { type Deed, LIVES, Lives, type Pace, wordOf } from "../helpers/amendment-lives.js";
import { foundMotion, TEXT } from "../helpers/amendments.js";
import type { Person } from "../helpers/governor.js";
import {
  AmendmentState,
  carry,
  changeOf,
  decisionOfAmendment,
  decisionOfMotion,
  digestOf,
  NO_ACTIONS,
  Stage,
} from "../helpers/motions.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time, takeSnapshot } = networkHelpers;

const HOUR = 3_600n;

/**
 * The friendly window reaches beyond the close, so that acceptance and the vote race each other. No two sums of these are
 * the same number of hours: what is a few seconds more or less, transactions, then never decides.
 */
const PACE: Pace = { notice: 48, window: 100, rebase: 70, rejection: 96, adoption: 144 };

const open = () =>
  foundMotion(connection, {
    count: 6,
    rules: { notice: PACE.notice * 3_600, window: PACE.window * 3_600, rebase: PACE.rebase * 3_600 },
  });

/** The states of an amendment whose life is over, by their names in the model. */
const FINAL: Readonly<Record<string, bigint>> = {
  adopted: AmendmentState.Adopted,
  accepted: AmendmentState.Accepted,
  rejected: AmendmentState.Rejected,
  withdrawn: AmendmentState.Withdrawn,
  lapsed: AmendmentState.Lapsed,
};

/** A graph of states: what can be done in each, and where that leads. */
type Graph = Map<string, { deed: Deed; to: string }[]>;

const START = new Lives(PACE).key;

/** How many ways lead from the start to the end by deeds of some kinds alone: orders of transactions, counted once each. */
function pathsIn(graph: Graph, allows: (deed: Deed, from: string) => boolean = () => true): bigint {
  const known = new Map<string, bigint>();
  const from = (key: string): bigint => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const deeds = graph.get(key) ?? [];
    const count =
      deeds.length === 0
        ? 1n
        : deeds.filter(({ deed }) => allows(deed, key)).reduce((sum, { to }) => sum + from(to), 0n);
    known.set(key, count);
    return count;
  };
  return from(START);
}

/** The states that the model alone can come to. */
function imagined(): Graph {
  const graph: Graph = new Map();
  const visit = (state: Lives) => {
    if (graph.has(state.key)) return;
    const deeds = state.deeds().map((deed) => ({ deed, next: state.after(deed) }));
    graph.set(
      state.key,
      deeds.map(({ deed, next }) => ({ deed, to: next.key })),
    );
    for (const { next } of deeds) visit(next);
  };
  visit(new Lives(PACE));
  return graph;
}

/** All paths of the contracts, beside the model: each state is entered by one of the paths that lead to it. */
class Interleavings {
  readonly graph: Graph = new Map();
  /** How many ends were looked at, and transactions that had to be refused. */
  ends = 0;
  refusals = 0;
  readonly #movers: readonly Person[];
  readonly #voters: readonly Person[];
  #start = 0n;

  constructor(readonly scene: Awaited<ReturnType<typeof open>>) {
    this.#movers = [scene.ann, scene.ben, scene.cyd];
    this.#voters = scene.members.slice(-3);
  }

  async run(): Promise<void> {
    this.#start = (await this.scene.closesAt()) - BigInt(PACE.notice) * HOUR;
    await this.#visit(new Lives(PACE), []);
  }

  async #visit(state: Lives, path: readonly string[]): Promise<void> {
    if (this.graph.has(state.key)) return;
    const deeds = state.deeds();
    const ways: { deed: Deed; to: string }[] = [];
    this.graph.set(state.key, ways);
    await this.#expectNothingElse(state, deeds, path);
    const snapshot = deeds.length > 0 ? await takeSnapshot() : undefined;
    for (const deed of deeds) {
      const then = state.after(deed);
      const further = [...path, wordOf(deed)];
      await this.#do(deed, state, then).catch((cause) => {
        throw new Error(`the contracts refuse what the rules allow: ${further.join(", ")}`, { cause });
      });
      await this.#expectAlike(then, further);
      ways.push({ deed, to: then.key });
      if (then.isOver) await this.#expectExplained(then, further);
      await this.#visit(then, further);
      await snapshot?.restore();
    }
  }

  /** Sends what a deed is. */
  async #do(deed: Deed, state: Lives, then: Lives): Promise<void> {
    const { amendments, motions, author, motion } = this.scene;
    switch (deed.act) {
      case "move": {
        const index = state.lives.length;
        const { parent, text, substitute } = then.life(index);
        const base = await this.#baseOf(parent);
        const above = parent === undefined ? 0n : BigInt(parent + 1);
        await amendments
          .connect(this.#mover(index))
          .move(motion, above, changeOf(base, text, { substitute }));
        break;
      }
      case "rebase": {
        const { parent, text, substitute } = then.life(deed.one);
        const change = changeOf(await this.#baseOf(parent), text, { substitute });
        await amendments.connect(this.#mover(deed.one)).rebase(deed.one + 1, change);
        break;
      }
      case "accept": {
        const { parent } = state.life(deed.one);
        const owner = parent === undefined ? author : this.#mover(parent);
        await amendments.connect(owner).accept(deed.one + 1, await this.#versionOf(deed.one));
        break;
      }
      case "withdraw":
        await amendments
          .connect(this.#mover(deed.one))
          .withdraw(deed.one + 1, await this.#versionOf(deed.one));
        break;
      case "close":
        await this.scene.close();
        break;
      case "put":
        await this.#wait(then.hour);
        await amendments.putNext(motion);
        break;
      case "finish":
        await this.#wait(then.hour);
        await motions.putToVote(motion, NO_ACTIONS);
        break;
      default: {
        const question = BigInt((state.question as number) + 1);
        const decision = await decisionOfAmendment(connection, this.scene, question);
        if (deed.act === "adopt") {
          await carry(decision, this.#voters);
        } else {
          // Nobody takes part.
          await decision.close();
          await amendments.settle(motion);
        }
      }
    }
  }

  /** What the model does not allow is refused, whoever of those concerned sends it. */
  async #expectNothingElse(state: Lives, deeds: readonly Deed[], path: readonly string[]): Promise<void> {
    const { amendments, motions, author, motion } = this.scene;
    const has = (act: Deed["act"], one?: number) =>
      deeds.some((deed) => deed.act === act && (one === undefined || ("one" in deed && deed.one === one)));
    const isDue = state.due <= state.hour;
    const attempts: [string, boolean, () => Promise<unknown>][] = [
      ["put", has("put") && isDue, () => amendments.putNext.staticCall(motion)],
      ["finish", has("finish") && isDue, () => motions.putToVote.staticCall(motion, NO_ACTIONS)],
      ["settle", false, () => amendments.settle.staticCall(motion)],
    ];
    for (const one of state.lives.keys()) {
      const { parent } = state.life(one);
      const owner = parent === undefined ? author : this.#mover(parent);
      const mine = amendments.connect(this.#mover(one));
      const version = await this.#versionOf(one);
      const [above] = parent !== undefined && state.isCurrent(parent) ? [parent] : [undefined];
      const change = changeOf(await this.#baseOf(above), "Something else.");
      attempts.push(
        [
          `accept ${one + 1}`,
          has("accept", one),
          () => amendments.connect(owner).accept.staticCall(one + 1, version),
        ],
        [`withdraw ${one + 1}`, has("withdraw", one), () => mine.withdraw.staticCall(one + 1, version)],
        [`rebase ${one + 1}`, has("rebase", one), () => mine.rebase.staticCall(one + 1, change)],
      );
    }
    for (const [name, expected, attempt] of attempts) {
      const [isDone] = await Promise.allSettled([attempt()]);
      if (isDone.status === "rejected" && !isRevert(isDone.reason)) throw isDone.reason;
      expect(isDone.status === "fulfilled", `${name} after ${path.join(", ")}`).to.equal(expected);
      if (!expected) this.refusals += 1;
    }
  }

  /**
   * The contracts are where the model is: the text of the motion is the author's, or that of an amendment which was accepted
   * or adopted in this very step or before; and each amendment is at an end, open in its own words, or can be rebased.
   */
  async #expectAlike(state: Lives, path: readonly string[]): Promise<void> {
    const { amendments, motions, motion } = this.scene;
    const [now, docket, [next]] = await Promise.all([
      motions.motionOf(motion),
      amendments.docketOf(motion),
      amendments.nextOf(motion),
    ]);
    const after = `after ${path.join(", ")}`;
    const drift = BigInt(await time.latest()) - this.#start - BigInt(state.hour) * HOUR;
    expect(drift >= 0n && drift < HOUR / 2n, `${drift} seconds off ${after}`).to.equal(true);
    expect(now.text, `text ${after}`).to.equal(textOf(state.text));
    expect(now.stage, `stage ${after}`).to.equal(
      state.isOver ? Stage.PutToVote : state.isTabled ? Stage.Tabled : Stage.Closed,
    );
    expect(docket.question, `question ${after}`).to.equal(
      state.question === undefined ? 0n : BigInt(state.question + 1),
    );
    if (state.question === undefined && !state.isOver) {
      expect(next, `next ${after}`).to.equal(state.next === undefined ? 0n : BigInt(state.next + 1));
    }
    for (const [index, life] of state.lives.entries()) {
      const one = await amendments.amendmentOf(index + 1);
      const parent = life.parent === undefined ? 0n : BigInt(life.parent + 1);
      expect(
        [one.state, one.text, one.substitute, one.parent],
        `amendment ${index + 1} ${after}`,
      ).to.deep.equal([this.#stateOf(state, index), textOf(life.text), life.substitute, parent]);
    }
  }

  #stateOf(state: Lives, index: number): bigint {
    const { phase } = state.life(index);
    if (phase === "put") return AmendmentState.PutToVote;
    if (phase !== "open") return FINAL[phase] as bigint;
    if (!state.isLive(index)) return AmendmentState.Lapsed;
    return state.isStale(index) ? AmendmentState.Stale : AmendmentState.Open;
  }

  /** At the end events explain every text that the motion had, and what goes to the vote is the last of them. */
  async #expectExplained(state: Lives, path: readonly string[]): Promise<void> {
    const { motions, amendments, motion, governor } = this.scene;
    const after = `after ${path.join(", ")}`;
    const told = { motions: await motions.getAddress(), amendments: await amendments.getAddress() };
    const address = [told.motions, told.amendments] as unknown as string;
    const logs: ChainLog[] = await ethers.provider.getLogs({ address, fromBlock: 0, toBlock: "latest" });
    const chronicle = Chronicle.of(told, logs);
    expect(await chronicle.differences({ motions, amendments }), after).to.deep.equal([]);
    const { revisions, decision } = chronicle.motionOf(motion);
    expect(revisions[0]?.how).to.equal("written");
    for (const { how, amendment, text } of revisions.slice(1)) {
      expect(how, after).to.be.oneOf(["accepted", "adopted"]);
      const { status, versions } = chronicle.amendmentOf(amendment);
      expect([status, versions.at(-1)?.text], after).to.deep.equal([how, text]);
    }
    for (const { decision: by, how } of revisions) {
      if (how === "adopted") expect(await governor.state(by), after).to.equal(7n);
    }
    const { id } = await decisionOfMotion(connection, this.scene, motion);
    expect([decision, revisions.at(-1)?.text], after).to.deep.equal([id, textOf(state.text)]);
    expect(await governor.state(id), after).to.equal(0n);
    expect(
      [...chronicle.amendments.values()].map(({ status }) => status),
      after,
    ).to.deep.equal(state.lives.map(({ phase }) => phase));
    this.ends += 1;
  }

  async #baseOf(parent: number | undefined): Promise<bigint> {
    return parent === undefined
      ? (await this.scene.motions.motionOf(this.scene.motion)).revision
      : this.#versionOf(parent);
  }

  async #versionOf(index: number): Promise<bigint> {
    return (await this.scene.amendments.amendmentOf(index + 1)).version;
  }

  #mover(index: number): Person {
    return this.#movers[index] as Person;
  }

  async #wait(hour: number): Promise<void> {
    const moment = this.#start + BigInt(hour) * HOUR;
    if (BigInt(await time.latest()) < moment) await time.increaseTo(moment);
  }
}

const textOf = (name: string) => digestOf(name === "author" ? TEXT : name);

/** 3!: movers who change places make other paths of the same kind; the model moves in the order of their numbers. */
const RENAMINGS = 6n;

describe("Interleavings of three amendments on one motion", function () {
  this.timeout(600_000);

  const graph = imagined();

  context("as the rules would have them", () => {
    it("are as many as the lives of three can be shuffled, where no life touches another", () => {
      // Moved and withdrawn while the motion is tabled, two transactions each: 6! / (2! 2! 2!) orders.
      const isTabled = (key: string) => !key.startsWith("0|");
      const shuffles = pathsIn(
        graph,
        (deed, from) =>
          (deed.act === "move" && deed.kind === "ordinary") ||
          (deed.act === "withdraw" && isTabled(from)) ||
          deed.act === "close" ||
          deed.act === "finish",
      );
      expect(shuffles * RENAMINGS).to.equal(90n);
    });

    it("are as many one by one as by the states that they share, and none ends in a text that nobody made", () => {
      let paths = 0n;
      const walk = (state: Lives): void => {
        const deeds = state.deeds();
        for (const deed of deeds) walk(state.after(deed));
        if (deeds.length > 0) return;
        const made = state.lives.filter(({ phase }) => phase === "accepted" || phase === "adopted");
        if (state.text !== "author" && !made.some(({ text }) => text === state.text)) {
          expect.fail(`a path ends in the text of ${state.text}, which nobody accepted or adopted`);
        }
        paths += 1n;
      };
      walk(new Lives(PACE));
      expect(paths).to.equal(pathsIn(graph));
    });

    it("are one for each choice of kinds, where members reject them all: the order of votes is not for anyone to choose", () => {
      // The first is ordinary or a substitute; each after it is that, or to one of those before it that amend the motion.
      const choices = (level: number, moved: number): bigint =>
        moved === LIVES ? 1n : 2n * choices(level + 1, moved + 1) + BigInt(level) * choices(level, moved + 1);
      const rejected = pathsIn(graph, ({ act }) =>
        ["move", "close", "put", "reject", "finish"].includes(act),
      );
      expect(rejected).to.equal(choices(0, 0));
      expect(rejected).to.equal(22n);
    });
  });

  context("as the contracts have them", () => {
    it("all end in a text that its author, a vote or an acceptance made, and lose no amendment", async () => {
      const interleavings = new Interleavings(await loadFixture(open));
      await interleavings.run();
      const paths = pathsIn(interleavings.graph);
      const states = interleavings.graph.size;
      const steps = [...interleavings.graph.values()].reduce((sum, ways) => sum + ways.length, 0);
      console.log(
        `      ${paths * RENAMINGS} paths by ${steps} transactions between ${states} states; ` +
          `${interleavings.refusals} others were refused, ${interleavings.ends} ends were looked at`,
      );
      expect(interleavings.graph).to.deep.equal(graph);
      expect(paths).to.equal(pathsIn(graph));
      expect(paths * RENAMINGS).to.equal(484_122n);
    });
  });
});
