/**
 * Motions as plain lists, written from what `docs/motions.md` and the interfaces say: every revision ever made is kept,
 * stages and endorsements are found by looking. Amendments are in `amendments.ts`; both share nothing with the
 * contracts but the words.
 *
 * Moments are seconds since 1970; the caller says what time it is.
 */
import type { Amendment } from "./amendments.js";
import { type Actions, classOf, requireDecidable, type Things } from "./motion-actions.js";
import { closesAt, type Vote, type Votes } from "./motion-votes.js";
import type { Roll } from "./roll.js";
import type { Class } from "./rules.js";
import { areMany, Silence } from "./silences.js";
import { Announcements, DAY, Refusal, RIGHTS, type Right, requireRange, STANDINGS } from "./words.js";

export const STAGES = [
  "draft",
  "tabled",
  "closed",
  "silence",
  "put to the vote",
  "decided",
  "withdrawn",
  "lapsed",
] as const;
export type Stage = (typeof STAGES)[number];

/** Stages as the contracts' refusals name them: a bit each. */
export const stageBits = (...stages: Stage[]) =>
  stages.reduce((sum, stage) => sum + 2 ** STAGES.indexOf(stage), 0);

export type MotionRules = {
  notice: number;
  window: number;
  rebase: number;
  lapse: number;
  openByMotion: number;
  openByMember: number;
  silence: number;
  objections: number;
  objectionGroups: number;
  amendmentSilence: number;
  amendmentObjections: number;
  amendmentObjectionGroups: number;
};

export type Content = { text: string; purpose: string; actions: Actions };

export type Motion = {
  number: number;
  /** Member number of its author. */
  author: number;
  /** All of them, the first one first. */
  revisions: Content[];
  editedAt: number;
  /** The rules that were copied when it was tabled, and when it was opened for amendments last. */
  tabled: { rules: MotionRules; openedAt: number } | null;
  /** Who endorses the text since it was opened last, with the group of then. */
  endorsers: { number: number; group: number }[];
  theirs: boolean;
  silence: Silence | null;
  /** What it was put to, and is not sent back from. */
  vote: Vote | null;
  withdrawn: boolean;
  /** The resolution that it became without a vote. */
  resolution: number;
  amendments: Amendment[];
  /** Before the members. */
  question: Amendment | null;
  /** When something was settled, or a text moved, last. */
  quietSince: number;
  /** The last second in which what is stale can be written anew, once amendments are closed. */
  rebaseUntil: number;
};

/** How the chain will name decisions. */
export type Names = {
  ofMotion: (motion: number, revision: number, content: Content) => string;
  ofAmendment: (amendment: number, motion: number, text: string) => string;
};

export const last = <T>(list: readonly T[]): T => list.at(-1) as T;

/** Number and group of a member who has a right now; refuses anybody else. */
export function requireRight(roll: Roll, key: string, right: Right, now: number) {
  const { standing, number, group, explanation } = roll.standingOf(key, right, now, now);
  if (standing === "granted") return { number, group };
  const values = [RIGHTS.indexOf(right), STANDINGS.indexOf(standing), explanation];
  throw new Refusal("RollRightsRefused", key, ...values);
}

export class Motions {
  readonly all: Motion[] = [];
  readonly announcements = new Announcements();
  /** Resolutions on record. */
  resolutions = 0;
  /** The amendments of a motion that are not settled. */
  unsettled: (motion: Motion, now: number) => Amendment[] = () => [];
  /** Amendments that were not written anew in time stay so, whatever comes. */
  lapse: (motion: Motion, now: number) => void = () => {};

  constructor(
    readonly roll: Roll,
    readonly votes: Votes,
    readonly things: Things,
    readonly names: Names,
    private readonly world: { places: number; shortestStage: number; nobody: string },
    public rules: MotionRules,
  ) {}

  // ---- what anybody can ask ----

  find(motion: number): Motion {
    const found = this.all[motion - 1];
    if (found === undefined) throw new Refusal("MotionsUnknown", motion, this.all.length);
    return found;
  }

  rulesOf({ tabled }: Motion): MotionRules {
    return tabled?.rules ?? this.rules;
  }

  /** First second in which it is closed for amendments; 0 before it is tabled. */
  closesAt({ tabled }: Motion): number {
    return tabled === null ? 0 : tabled.openedAt + tabled.rules.notice;
  }

  stageOf(motion: Motion, now: number): Stage {
    if (motion.withdrawn) return "withdrawn";
    if (motion.resolution > 0) return "decided";
    if (motion.vote !== null) return this.votes.isOpen(motion.vote, now) ? "put to the vote" : "decided";
    const { lapse } = this.rulesOf(motion);
    const lives = (stage: Stage, since: number) => (now < since + lapse ? stage : "lapsed");
    if (motion.tabled === null) return lives("draft", motion.editedAt);
    if (motion.silence !== null) return lives("silence", motion.silence.until);
    const close = this.closesAt(motion);
    if (now < close) return "tabled";
    return motion.question !== null ? "closed" : lives("closed", Math.max(close, motion.quietSince));
  }

  /** How many endorse it, and from how many groups. */
  endorsementsOf({ endorsers }: Motion): [members: number, groups: number] {
    return [endorsers.length, new Set(endorsers.map(({ group }) => group)).size];
  }

  // ---- what members do ----

  draft(key: string, content: Content, now: number): void {
    const { number } = requireRight(this.roll, key, "propose", now);
    this.#requireContent(content);
    const motion: Motion = {
      number: this.all.length + 1,
      author: number,
      revisions: [],
      editedAt: now,
      tabled: null,
      endorsers: [],
      theirs: false,
      silence: null,
      vote: null,
      withdrawn: false,
      resolution: 0,
      amendments: [],
      question: null,
      quietSince: 0,
      rebaseUntil: 0,
    };
    this.all.push(motion);
    this.#say("MotionDrafted", motion.number, number);
    this.#edit(motion, content, now);
  }

  revise(key: string, number: number, revision: number, content: Content, now: number): void {
    const motion = this.#requireAuthor(key, number, revision, now, "draft", "tabled");
    requireRight(this.roll, key, "propose", now);
    const { text, purpose, actions } = last(motion.revisions);
    if (text === content.text && purpose === content.purpose && actions.digest === content.actions.digest)
      throw new Refusal("MotionsNothingNew", number);
    this.#requireContent(content);
    this.#edit(motion, content, now);
    if (motion.tabled !== null) this.#open(motion, motion.tabled.rules, now);
  }

  table(key: string, number: number, revision: number, now: number): void {
    const motion = this.#requireAuthor(key, number, revision, now, "draft");
    requireRight(this.roll, key, "propose", now);
    this.#open(motion, this.rules, now);
  }

  endorse(key: string, number: number, revision: number, now: number): void {
    const motion = this.#requireStage(number, now, "tabled", "closed", "silence");
    requireRevision(motion, revision);
    const member = requireRight(this.roll, key, "propose", now);
    if (motion.endorsers.some((one) => one.number === member.number))
      throw new Refusal("MotionsEndorsed", number, member.number);
    motion.endorsers.push(member);
    this.#say("MotionEndorsed", number, member.number, revision, motion.endorsers.length);
  }

  withdraw(key: string, number: number, revision: number, now: number): void {
    const motion = this.#requireAuthor(key, number, revision, now, "draft", "tabled", "closed");
    if (motion.theirs) throw new Refusal("MotionsTheirs", number);
    if (motion.question !== null) throw new Refusal("MotionsQuestionOpen", number, motion.question.number);
    motion.withdrawn = true;
    this.#say("MotionWithdrawn", number);
  }

  object(key: string, number: number, reason: string, now: number): void {
    const motion = this.#requireStage(number, now, "silence");
    const member = requireRight(this.roll, key, "vote", now);
    const silence = motion.silence as Silence;
    silence.object(member.number, member.group, BigInt(reason), now);
    this.#say("MotionObjected", number, member.number, reason, silence.objectors.length);
  }

  // ---- what anybody does ----

  putToVote(number: number, actions: Actions, now: number): void {
    const motion = this.#requireStage(number, now, "closed", "silence");
    const { silence } = motion;
    if (silence !== null && !silence.isBroken())
      throw new Refusal("MotionsNoConsensus", number, silence.until, "false");
    const content = last(motion.revisions);
    requireActions(content, actions);
    const moved = this.things.findMoved(content.actions);
    if (moved !== undefined) throw new Refusal("MotionsClauseMoved", number, moved);
    if (this.roll.members[motion.author - 1]?.leftAt !== null)
      throw new Refusal("MotionsAuthorGone", number, motion.author);
    if (silence === null) {
      this.#requireSettled(motion, now);
      if (this.#beginSilence(motion, now)) return;
    }
    const kind = classOf(actions);
    this.#requireEndorsed(motion, kind);
    this.#requirePlace(motion.author, now);
    const id = this.names.ofMotion(number, motion.revisions.length, content);
    motion.vote = this.votes.propose(id, kind, motion.author, () => this.#carryOut(content), now);
    this.#say("MotionPut", number, motion.revisions.length, id);
  }

  adopt(number: number, now: number): void {
    const motion = this.#requireStage(number, now, "silence");
    const silence = motion.silence as Silence;
    if (silence.isBroken() || !silence.isOver(now))
      throw new Refusal("MotionsNoConsensus", number, silence.until, `${silence.isBroken()}`);
    motion.resolution = ++this.resolutions;
    this.#say("MotionAdopted", number, motion.revisions.length, motion.resolution);
  }

  sendBack(number: number, actions: Actions, index: number, now: number): void {
    const motion = this.#requireStage(number, now, "closed", "put to the vote", "decided");
    const content = last(motion.revisions);
    requireActions(content, actions);
    if (!this.things.hasMoved(content.actions, index))
      throw new Refusal("MotionsNothingMoved", number, index);
    const { vote } = motion;
    if (vote === null) this.#requireSettled(motion, now);
    else if (!["succeeded", "queued", "expired"].includes(this.votes.stateOf(vote, now)))
      throw new Refusal("MotionsNotPassed", number, vote.id, this.votes.stateNumber(vote, now));
    this.lapse(motion, now);
    motion.vote = null;
    motion.theirs = false;
    this.#say("MotionSentBack", number, vote?.id ?? 0, index);
    this.#write(motion, content, 0);
    this.#open(motion, this.rulesOf(motion), now);
  }

  // ---- what the members decide ----

  setRules(rules: MotionRules): void {
    const { shortestStage: least } = this.world;
    const silence = (length: number) => (length === 0 ? 0 : least);
    const { window, rebase, objections, amendmentObjections } = rules;
    const ranges: Readonly<Record<keyof MotionRules, readonly [min: number, max: number]>> = {
      notice: [least, 90 * DAY],
      window: [least, 30 * DAY],
      rebase: [least, 30 * DAY],
      lapse: [window + rebase + least, 365 * DAY],
      openByMotion: [1, 16],
      openByMember: [1, 4],
      silence: [silence(rules.silence), 30 * DAY],
      objections: [1, 5],
      objectionGroups: [1, Math.min(2, objections)],
      amendmentSilence: [silence(rules.amendmentSilence), 30 * DAY],
      amendmentObjections: [1, 5],
      amendmentObjectionGroups: [1, Math.min(2, amendmentObjections)],
    };
    for (const rule of Object.keys(ranges) as (keyof MotionRules)[])
      requireRange("MotionsRuleOutOfRange", rule, rules[rule], ...ranges[rule]);
    this.rules = rules;
    this.#say("MotionRulesChanged");
  }

  /** Gives a motion the text of an amendment: of one that the members adopted, or that its author took for their own. */
  change(
    motion: Motion,
    text: string,
    actions: Actions,
    by: Amendment,
    byMembers: boolean,
    now: number,
  ): void {
    this.#write(motion, { ...last(motion.revisions), text, actions }, by.number);
    if (byMembers) motion.theirs = true;
    else this.#open(motion, this.rulesOf(motion), now);
  }

  #carryOut(content: Content): void {
    if (content.actions.deeds.length === 0) this.resolutions += 1;
    else this.things.perform(content.actions);
  }

  #beginSilence(motion: Motion, now: number): boolean {
    const { silence, objections, objectionGroups } = this.rulesOf(motion);
    if (silence === 0 || last(motion.revisions).actions.deeds.length > 0) return false;
    // A vote counts from the second after.
    const votes = this.roll.votesByGroupAt(now - 1);
    if (!areMany(votes, this.votes.rules.resolution.quorumFloor)) return false;
    this.#requireEndorsed(motion, "resolution");
    motion.silence = new Silence(now + silence, objections, objectionGroups, votes);
    this.#say("MotionSilenceOpened", motion.number, motion.revisions.length, motion.silence.until);
    return true;
  }

  // ---- rules that several acts share ----

  #edit(motion: Motion, content: Content, now: number): void {
    motion.editedAt = now;
    this.#write(motion, content, 0);
    this.#say("MotionActionsSet", motion.number, motion.revisions.length);
  }

  #write(motion: Motion, content: Content, amendment: number): void {
    motion.revisions.push(content);
    const { text, purpose, actions } = content;
    const revision = motion.revisions.length;
    this.#say("MotionRevised", motion.number, revision, amendment, text, purpose, actions.digest);
  }

  #open(motion: Motion, rules: MotionRules, now: number): void {
    motion.tabled = { rules, openedAt: now };
    motion.endorsers = [];
    this.#say("MotionTabled", motion.number, motion.revisions.length, this.closesAt(motion));
  }

  #requireContent({ text, purpose, actions }: Content): void {
    if (BigInt(text) === 0n || BigInt(purpose) === 0n) throw new Refusal("MotionsNoText");
    requireDecidable(actions, this.world.nobody);
  }

  #requireStage(number: number, now: number, ...stages: Stage[]): Motion {
    const motion = this.find(number);
    const stage = this.stageOf(motion, now);
    if (!stages.includes(stage))
      throw new Refusal("MotionsWrongStage", number, STAGES.indexOf(stage), stageBits(...stages));
    return motion;
  }

  #requireAuthor(key: string, number: number, revision: number, now: number, ...stages: Stage[]): Motion {
    const motion = this.#requireStage(number, now, ...stages);
    const { author } = motion;
    if (this.roll.numberOf(key) !== author) throw new Refusal("MotionsNotAuthor", number, key, author);
    requireRevision(motion, revision);
    return motion;
  }

  #requireSettled(motion: Motion, now: number): void {
    const open = this.unsettled(motion, now).map(({ number }) => number);
    // Which of them the refusal names, nobody has promised.
    if (open.length > 0) throw new Refusal("AmendmentsUnsettled", motion.number, `one of ${open.join(" ")}`);
  }

  #requireEndorsed(motion: Motion, kind: Class): void {
    const [members, groups] = this.endorsementsOf(motion);
    const { endorsements, endorsementGroups } = this.votes.rules[kind];
    if (members < endorsements || groups < endorsementGroups)
      throw new Refusal(
        "MotionsNotEndorsed",
        ...[motion.number, members, endorsements, groups, endorsementGroups],
      );
  }

  /** Refuses if as many decisions of a member are before the members as one may have. */
  #requirePlace(author: number, now: number): void {
    const { places } = this.world;
    const taken = this.votes.all.filter((vote) => vote.author === author && closesAt(vote) >= now);
    if (taken.length < places) return;
    throw new Refusal("AgendaFull", author, places, Math.min(...taken.map(closesAt)) + 1);
  }

  #say(name: string, ...values: (string | number)[]): void {
    this.announcements.say(name, ...values);
  }
}

function requireRevision(motion: Motion, revision: number): void {
  const current = motion.revisions.length;
  if (revision !== current) throw new Refusal("MotionsOtherRevision", motion.number, revision, current);
}

function requireActions(content: Content, { digest }: Actions): void {
  if (digest !== content.actions.digest)
    throw new Refusal("MotionActionsOther", content.actions.digest, digest);
}
