import type { Question } from "../roll/act.js";
import { counted } from "../words.js";
import { type Content, type Desk, NO_ACTIONS, shareOf } from "./desk.js";
import type { AmendmentFigures, PlanFigures, RevisionFigures } from "./figures.js";
import { brief, changesBetween } from "./texts.js";
import type { StoryAmendment, StoryPlan } from "./types.js";

/** By the numbers of `IAmendments.State`. */
const STATES = [
  "open",
  "stale",
  "silence",
  "put to the vote",
  "adopted",
  "accepted",
  "rejected",
  "withdrawn",
  "lapsed",
] as const;

/** An amendment that was moved. */
interface Moved {
  readonly number: bigint;
  readonly amendment: StoryAmendment;
  /** How often it was rebased. */
  rebased: number;
}

/** What is left of the plan when the members have decided on it. */
export interface PlanPlayed {
  readonly figures: PlanFigures;
  readonly question: Question;
}

/** The motion of the plan from its draft to the decision, with all that the members changed of it. */
export async function playPlan(desk: Desk, plan: StoryPlan, fromBlock: number): Promise<PlanPlayed> {
  const play = new PlanPlay(desk, plan, fromBlock);
  await play.table();
  await play.edit();
  await play.move();
  await play.settle();
  return play.decide();
}

class PlanPlay {
  readonly #moved = new Map<string, Moved>();
  readonly #stages: string[] = [];
  readonly #order: string[] = [];
  #motion = 0n;

  constructor(
    private readonly desk: Desk,
    private readonly plan: StoryPlan,
    private readonly fromBlock: number,
  ) {}

  /** Drafted, tabled and endorsed. */
  async table(): Promise<void> {
    const { desk, plan } = this;
    const { act } = desk;
    this.#motion = await desk.draft(plan.by, this.#content(plan.tabled));
    await this.#look();
    await desk.table(plan.by, this.#motion);
    await this.#look();
    await desk.endorse(plan.endorsers, this.#motion);
    act.same("plan: endorsements of revision 1", plan.endorsers.length, await this.#endorsements());
    await act.tell(
      `member ${plan.by} tabled a plan for the year, and ${counted(plan.endorsers.length, "member")} endorsed it; they signed, and somebody else brought the signatures and paid`,
    );
  }

  /** Its author edits it: notice and endorsements begin anew. */
  async edit(): Promise<void> {
    const { desk, plan } = this;
    const { act, contracts } = desk;
    const { notice } = await contracts.motions.rulesOf(this.#motion);
    const before = (await contracts.motions.motionOf(this.#motion)).closesAt;
    await act.setting.clock.reach((await act.now()) + Number(notice) / 2);
    await desk.revise(plan.by, this.#motion, this.#content(plan.edited));
    const { closesAt } = await contracts.motions.motionOf(this.#motion);
    act.same("plan: endorsements after the edit", 0, await this.#endorsements());
    act.same("plan: open for amendments longer after the edit", true, closesAt > before);
    await desk.endorse(plan.endorsers, this.#motion);
    act.same("plan: endorsements of revision 2", plan.endorsers.length, await this.#endorsements());
    await act.tell(
      `member ${plan.by} edited the plan: it is open for amendments for the whole time again, and had to be endorsed again, since nobody had endorsed this text`,
    );
    await this.#attemptMove(plan.refused.stale, 0n, 1n, "an amendment against revision 1 of the plan");
  }

  /** Amendments are moved, to the plan and to one another. */
  async move(): Promise<void> {
    const { desk, plan } = this;
    const { act, contracts } = desk;
    for (const amendment of plan.amendments) {
      const parent = this.#moved.get(amendment.to ?? "")?.number ?? 0n;
      const base = await this.#baseOf(parent);
      const { by, text, reason } = amendment;
      const number = await desk.move(by, this.#motion, parent, { base, text, reason });
      this.#moved.set(amendment.name, { number, amendment, rebased: 0 });
      await act.tell(
        `member ${by} moved amendment ${number}, "${amendment.name}", to ${parent === 0n ? "the plan" : `amendment ${parent}`}`,
      );
    }
    const docket = await contracts.amendments.docketOf(this.#motion);
    act.same("plan: amendments that are open", plan.amendments.length, docket.open.length);
    const second = plan.amendments.find(({ to }) => to !== undefined);
    const parent = this.#moved.get(second?.name ?? "")?.number ?? 0n;
    await this.#attemptMove(plan.refused.third, parent, 1n, `an amendment to amendment ${parent}`);
  }

  /** Closed for amendments: those that are open come before the members, one at a time. */
  async settle(): Promise<void> {
    const { desk } = this;
    const { act, contracts } = desk;
    await desk.close(this.#motion);
    await this.#look();
    await act.tell("the plan is closed for amendments");
    for (;;) {
      const [due, from] = await contracts.amendments.nextOf(this.#motion);
      if (from === 0n) break;
      await act.setting.clock.reach(Number(from));
      // What could be rebased until now, and was not, has lapsed.
      if (due !== 0n) await this.#put(due);
    }
    act.same(
      "plan: order in which amendments came before the members",
      this.plan.expected.order.join(", "),
      this.#order.join(", "),
    );
    for (const { number, amendment, rebased } of this.#moved.values()) {
      const { name, becomes } = amendment;
      act.same(`amendment "${name}": times rebased`, amendment.rebased === undefined ? 0 : 1, rebased);
      act.same(`amendment "${name}": became`, becomes, await this.#stateOf(number));
    }
  }

  /** The last revision, and no other, is put to the vote. */
  async decide(): Promise<PlanPlayed> {
    const { desk, plan } = this;
    const { act, contracts, texts } = desk;
    const { expected } = plan;
    const question = await desk.putToVote(this.#motion, NO_ACTIONS);
    await this.#look();
    await desk.vote("plan", question, plan.ballots);
    await desk.requirePassed("plan", question, plan.ballots);
    await act.carryOut(question);
    await this.#look();
    const { revision, text } = await contracts.motions.motionOf(this.#motion);
    act.same("plan: revisions", expected.revisions, revision);
    act.same("plan: text that the members adopted", brief(expected.text.file), brief(texts.nameOf(text)));
    act.same("plan: byte for byte the file of the story", true, await texts.gives(text, expected.text));
    const resolution = await contracts.resolutions.lastNumber();
    const [recorded] = await contracts.resolutions.resolution(resolution);
    act.same("plan: text of the resolution", brief(expected.text.file), brief(texts.nameOf(recorded)));
    act.same(
      "plan: stages",
      "draft, tabled, closed for amendments, put to the vote, decided",
      this.#stages.join(", "),
    );
    const revisions = await this.#revisions();
    act.same("plan: revisions that the events tell of", expected.revisions, revisions.length);
    await act.tell(
      `revision ${revision}, which the members had written together, was put to the vote and adopted: ${shareOf(plan.ballots)}; it is resolution ${resolution}`,
    );
    const figures = {
      motion: Number(this.#motion),
      proposalId: String(question.id),
      revisions,
      amendments: await this.#figures(),
      changes: changesBetween(plan.edited, await texts.get(text)),
    };
    return { figures, question };
  }

  /** One amendment before the members. */
  async #put(number: bigint): Promise<void> {
    const { desk, plan } = this;
    const { act, contracts } = desk;
    const amendments = contracts.amendments.connect(act.setting.relayer);
    const { amendment, rebased } = this.#byNumber(number);
    const { name, ballots } = amendment;
    const question = await desk.ask(amendments.putNext(this.#motion));
    this.#order.push(name);
    if (this.#order.length === 1) {
      const data = amendments.interface.encodeFunctionData("putNext", [this.#motion]);
      const call = { to: act.contracts.addresses.amendments, data };
      await desk.attempt(plan.refused.turn, "the next amendment to the vote", call, "AmendmentsQuestionOpen");
    }
    await desk.vote(`amendment "${name}"`, question, ballots);
    const adopted = await desk.conclude(question);
    if (!adopted) await act.sent(amendments.settle(this.#motion));
    await act.tell(
      `amendment ${number}, "${name}",${rebased > 0 ? " as it was written anew," : ""} was ${adopted ? "adopted" : "rejected"}: ${shareOf(ballots)}`,
    );
    await this.#rebaseStale();
  }

  /** Movers write anew what was written against a text that has moved on. */
  async #rebaseStale(): Promise<void> {
    const { desk } = this;
    const { act } = desk;
    for (const moved of this.#moved.values()) {
      const { number, amendment } = moved;
      const { name, by, rebased } = amendment;
      if (rebased === undefined || moved.rebased > 0 || (await this.#stateOf(number)) !== "stale") continue;
      const { parent, base: old } = await desk.contracts.amendments.amendmentOf(number);
      const base = await this.#baseOf(parent);
      await desk.rebase(by, number, { base, ...rebased });
      moved.rebased += 1;
      act.same(`amendment "${name}": state once it was rebased`, "open", await this.#stateOf(number));
      const what = parent === 0n ? "revision" : `amendment ${parent}, version`;
      await act.tell(
        `amendment ${number}, "${name}", was written against ${what} ${old} and is stale; member ${by} wrote it anew against ${what} ${base}, and it keeps its number and its turn`,
      );
    }
  }

  async #attemptMove(by: number, parent: bigint, base: bigint, what: string): Promise<void> {
    const { desk } = this;
    const [first] = this.plan.amendments;
    const { struct } = await desk.changeOf({
      base,
      text: first?.text ?? this.plan.tabled,
      reason: first?.reason ?? this.plan.purpose,
    });
    const data = desk.contracts.amendments.interface.encodeFunctionData("move", [
      this.#motion,
      parent,
      struct,
    ]);
    const call = { to: desk.act.contracts.addresses.amendments, data };
    await desk.attempt(by, what, call, parent === 0n ? "AmendmentsStale" : "AmendmentsTooDeep");
  }

  #content(text: StoryPlan["tabled"]): Content {
    return { text, purpose: this.plan.purpose, actions: NO_ACTIONS };
  }

  #byNumber(number: bigint): Moved {
    const moved = [...this.#moved.values()].find((one) => one.number === number);
    if (moved === undefined) throw new Error(`Nobody moved amendment ${number}.`);
    return moved;
  }

  /** What an amendment must be written against now. */
  async #baseOf(parent: bigint): Promise<bigint> {
    const { motions, amendments } = this.desk.contracts;
    return parent === 0n
      ? (await motions.motionOf(this.#motion)).revision
      : (await amendments.amendmentOf(parent)).version;
  }

  async #stateOf(number: bigint): Promise<string> {
    const { state } = await this.desk.contracts.amendments.amendmentOf(number);
    return STATES[Number(state)] ?? `state ${state}`;
  }

  async #endorsements(): Promise<bigint> {
    return (await this.desk.contracts.motions.motionOf(this.#motion)).endorsements;
  }

  /** Takes note of the stage. */
  async #look(): Promise<void> {
    this.#stages.push(await this.desk.stageOf(this.#motion));
  }

  /** Every revision, from the events alone. */
  async #revisions(): Promise<RevisionFigures[]> {
    const { motions } = this.desk.contracts;
    const events = await motions.queryFilter(motions.filters.MotionRevised(this.#motion), this.fromBlock);
    return events.map(({ args }) => ({
      revision: Number(args.revision),
      by:
        args.amendment === 0n
          ? "its author"
          : `amendment ${args.amendment}, "${this.#byNumber(args.amendment).amendment.name}"`,
      text: this.desk.texts.nameOf(args.text),
      digest: args.text,
    }));
  }

  async #figures(): Promise<AmendmentFigures[]> {
    return Promise.all(
      [...this.#moved.values()].map(async ({ number, amendment, rebased }) => ({
        number: Number(number),
        name: amendment.name,
        by: amendment.by,
        to: amendment.to === undefined ? "the plan" : `"${amendment.to}"`,
        rebased,
        turn: this.#order.indexOf(amendment.name) + 1,
        votes: shareOf(amendment.ballots),
        became: await this.#stateOf(number),
      })),
    );
  }
}
