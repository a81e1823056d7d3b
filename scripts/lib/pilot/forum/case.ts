import { keccak256, toUtf8Bytes } from "ethers";
import { numberFor } from "../../conduct/chain.js";
import type { Ruling } from "../../conduct/messages.js";
import { listed } from "../../member/words.js";
import type { StoryText } from "../motions/types.js";
import { counted } from "../words.js";
import { authorOf, type Places, placeOf } from "./debate.js";
import type { ForumDesk } from "./desk.js";
import type { ForumStory } from "./types.js";

const DAY = 86_400;

/** The members say whom panels are drawn from; whoever is in the pool commits to numbers for the lot. */
export class Pool {
  readonly #committed = new Map<number, number>();

  private constructor(
    private readonly desk: ForumDesk,
    readonly numbers: readonly number[],
  ) {}

  static async found(desk: ForumDesk, { pool }: ForumStory, office: number): Promise<Pool> {
    const { act, contracts } = desk;
    const data = contracts.panels.interface.encodeFunctionData("setPool", [office]);
    await desk.decide(pool, [{ to: act.contracts.addresses.panels, data }]);
    act.same("conduct: the office that panels are drawn from", office, await contracts.panels.pool());
    const seats = await contracts.offices.seatsOf(office);
    const found = new Pool(
      desk,
      seats.map(({ number }) => Number(number)).filter((number) => number !== 0),
    );
    for (const number of found.numbers) await found.#commit(number);
    await act.tell(
      `the members said that panels are drawn from the "${pool.office}", ${counted(found.numbers.length, "member")}; each committed to numbers for every lot to come`,
    );
    return found;
  }

  /** Everybody in the pool gives their number for a draw. */
  async reveal(draw: number): Promise<void> {
    const { act, contracts } = this.desk;
    const panels = contracts.panels.connect(act.setting.relayer);
    for (const number of this.numbers) {
      const value = numberFor(this.#secretOf(number), this.#committed.get(number) ?? 0, draw);
      await act.sent(panels.reveal(draw, number, value));
    }
  }

  async #commit(number: number): Promise<void> {
    const last = Number(await this.desk.contracts.panels.lastDraw());
    this.#committed.set(number, last);
    await this.desk.commit(number, numberFor(this.#secretOf(number), last, last));
  }

  /** Derived from the member's key, so that a run with the same seed draws the same panels. */
  #secretOf(number: number): string {
    return keccak256(toUtf8Bytes(`the lot of ${this.desk.act.keyOf(number).privateKey}`));
  }
}

/** A complaint, a ruling that suspends, and an appeal that shortens. */
export async function playCase(
  desk: ForumDesk,
  pool: Pool,
  story: ForumStory,
  places: Places,
): Promise<void> {
  const play = new CasePlay(desk, pool, story, places);
  await play.open();
  await play.rule();
  await play.appeal();
  await play.afterwards();
}

class CasePlay {
  readonly #respondent: number;
  readonly #post: { readonly list: number; readonly place: number };
  #caseId = 0n;
  #votes = 0n;
  #panel: readonly number[] = [];
  #ruledAt = 0;

  constructor(
    private readonly desk: ForumDesk,
    private readonly pool: Pool,
    private readonly story: ForumStory,
    places: Places,
  ) {
    this.#respondent = authorOf(story.threads, story.complaint);
    this.#post = placeOf(places, story.complaint);
  }

  async open(): Promise<void> {
    const { desk, story } = this;
    const { act, contracts, texts } = desk;
    const { complaint } = story;
    const [document] = await contracts.speakers.codeOfConduct();
    this.#votes = await this.#votesNow();
    this.#caseId = await desk.complain(complaint.by, {
      respondent: this.#respondent,
      clause: complaint.clause,
      rule: await contracts.charter.clauseOf(document, complaint.clause),
      list: this.#post.list,
      post: this.#post.place,
      evidence: await texts.put(complaint.evidence),
    });
    await desk.respond(this.#respondent, this.#caseId, await texts.put(complaint.response));
    act.same("conduct: cases", 1, this.#caseId);
    await act.tell(
      `somebody complained of a post of member ${this.#respondent}, by clause ${complaint.clause} of the Code; the member responded`,
    );
  }

  async rule(): Promise<void> {
    const { desk } = this;
    const { act } = desk;
    const { days, reason } = this.story.complaint.ruling;
    this.#panel = await this.#draw("conduct: the panel");
    await this.#decide(this.#panel, await this.#ruling(days, reason));
    this.#ruledAt = Number((await this.#case()).ruledAt);
    const { forum, speakers } = desk.contracts;
    const { suspendedUntil } = await speakers.speakerOf(this.#respondent);
    act.same("conduct: days of the suspension", days, (Number(suspendedUntil) - this.#ruledAt) / DAY);
    act.same("conduct: the post is hidden", true, await forum.isHidden(this.#post.list, this.#post.place));
    act.same("conduct: votes of the respondent after the ruling", this.#votes, await this.#votesNow());
    await act.tell(
      `two of three ruled: the post is hidden, and member ${this.#respondent} does not post for ${counted(days, "day")}; the vote is as it was`,
    );
    const data = forum.interface.encodeFunctionData("post", [
      0,
      this.#post.list,
      0,
      keccak256(toUtf8Bytes("text")),
    ]);
    const call = { to: act.contracts.addresses.forum, data };
    await desk.attempt(this.#respondent, "to post while suspended", call, "SpeakersSuspended");
  }

  async appeal(): Promise<void> {
    const { desk } = this;
    const { act, contracts, texts } = desk;
    const { appeal } = this.story.complaint;
    await desk.appeal(this.#respondent, this.#caseId, await texts.put(appeal.reason));
    const panel = await this.#draw("conduct: the panel of the appeal");
    const both = panel.filter((number) => this.#panel.includes(number));
    act.same("conduct: members of both panels", 0, both.length);
    await this.#decide(panel, await this.#ruling(appeal.days, appeal.ruling));
    const { suspendedUntil } = await contracts.speakers.speakerOf(this.#respondent);
    act.same(
      "conduct: days of the suspension after the appeal",
      appeal.days,
      (Number(suspendedUntil) - this.#ruledAt) / DAY,
    );
    await act.tell(
      `on the appeal three others made it ${counted(appeal.days, "day")}, counted from the first ruling; the post stays hidden`,
    );
  }

  /** The suspension is over by itself. */
  async afterwards(): Promise<void> {
    const { desk } = this;
    const { act, contracts } = desk;
    const { suspendedUntil } = await contracts.speakers.speakerOf(this.#respondent);
    if (Number(suspendedUntil) >= (await act.now()))
      await act.setting.clock.reach(Number(suspendedUntil) + 1);
    const { result, phase } = await this.#case();
    act.same(
      "conduct: phase at the end",
      "closed",
      ["none", "response", "drawing", "deliberation", "appealable", "members", "closed"][Number(phase)],
    );
    act.same(
      "conduct: result at the end",
      "upheld",
      ["pending", "dismissed", "upheld", "lapsed"][Number(result)],
    );
    const digest = await desk.texts.put(this.story.complaint.response);
    const to = this.#post.place - 1;
    const place = await desk.post({ by: this.#respondent, kind: "reply", list: this.#post.list, to, digest });
    act.same(
      "conduct: the respondent posts again",
      this.#respondent,
      await contracts.forum.authorOf(this.#post.list, place),
    );
    act.same("conduct: votes of the respondent at the end", this.#votes, await this.#votesNow());
    await act.tell(`the suspension ended by itself; member ${this.#respondent} posted again`);
  }

  /** The pool gives its numbers, and the panel is drawn. */
  async #draw(what: string): Promise<readonly number[]> {
    const { act, contracts } = this.desk;
    const { draw, until } = await this.#case();
    await this.pool.reveal(Number(draw));
    await act.setting.clock.reach(Number(until) + 1);
    await act.sent(contracts.conduct.connect(act.setting.relayer).drawPanel(this.#caseId));
    const panel = (await contracts.panels.panelOf(draw)).map(Number);
    const parties = [this.#respondent, this.story.complaint.by];
    act.same(`${what}: parties on it`, 0, panel.filter((number) => parties.includes(number)).length);
    const groups = new Set<bigint>();
    for (const number of panel) groups.add((await act.contracts.membership.member(number)).group);
    act.same(`${what}: stakeholder groups`, 3, groups.size);
    await act.tell(
      `a panel was drawn by lot: ${listed(panel.map((number) => `member ${number}`))}, of ${counted(groups.size, "group")}`,
    );
    return panel;
  }

  /** Two of the panel are for the same. */
  async #decide(panel: readonly number[], ruling: Ruling): Promise<void> {
    for (const number of panel.slice(0, 2)) await this.desk.rule(number, this.#caseId, ruling);
  }

  async #ruling(days: number, reason: StoryText): Promise<Ruling> {
    return {
      upheld: true,
      warn: false,
      hide: true,
      erase: false,
      refer: false,
      suspension: days * DAY,
      reason: await this.desk.texts.put(reason),
    };
  }

  #case() {
    return this.desk.contracts.conduct.caseOf(this.#caseId);
  }

  #votesNow(): Promise<bigint> {
    const { membership } = this.desk.act.contracts;
    return membership.getVotes(this.desk.act.keyOf(this.#respondent).address);
  }
}
