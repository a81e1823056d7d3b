/**
 * Amendments as plain lists, written from what `docs/motions.md` and the interfaces say: every version is kept, and
 * whether one is stale, or whose turn it is, is found by looking.
 */
import { type Actions, requireDecidable } from "./motion-actions.js";
import type { Vote } from "./motion-votes.js";
import { last, type Motion, type Motions, requireRight, STAGES, type Stage, stageBits } from "./motions.js";
import { areMany, Silence } from "./silences.js";
import { Refusal } from "./words.js";

export const AMENDMENT_STATES = [
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
export type AmendmentState = (typeof AMENDMENT_STATES)[number];

type Ending = Extract<AmendmentState, "adopted" | "accepted" | "rejected" | "withdrawn" | "lapsed">;

export type Change = { base: number; text: string; reason: string; substitute: boolean; actions: Actions };

type Version = { text: string; actions: Actions; writtenAt: number };

export type Amendment = {
  number: number;
  motion: Motion;
  /** The amendment that it amends, null for the motion. */
  parent: Amendment | null;
  mover: number;
  /** Revision of the motion, or version of the parent, that it is written against. */
  base: number;
  substitute: boolean;
  /** All of them, the first one first. */
  versions: Version[];
  silence: Silence | null;
  vote: Vote | null;
  ending: Ending | null;
};

export class Amendments {
  readonly all: Amendment[] = [];

  constructor(
    readonly motions: Motions,
    private readonly world: { nobody: string; timelock: string },
  ) {
    motions.unsettled = (motion, now) => this.unsettled(motion, now);
    motions.lapse = (motion, now) => this.#lapse(motion, now);
  }

  // ---- what anybody can ask ----

  find(amendment: number): Amendment {
    const found = this.all[amendment - 1];
    if (found === undefined) throw new Refusal("AmendmentsUnknown", amendment, this.all.length);
    return found;
  }

  stateOf(amendment: Amendment, now: number): AmendmentState {
    const { ending, motion } = amendment;
    if (ending !== null) return ending;
    if (motion.question === amendment) return amendment.vote === null ? "silence" : "put to the vote";
    const stage = this.motions.stageOf(motion, now);
    if (stage !== "tabled" && stage !== "closed") return "lapsed";
    if (!this.#isStale(amendment)) return "open";
    return stage === "tabled" || now <= motion.rebaseUntil ? "stale" : "lapsed";
  }

  unsettled(motion: Motion, now: number): Amendment[] {
    return motion.amendments.filter((one) => !this.#isSettled(this.stateOf(one, now)));
  }

  /** The last second in which it can be accepted. */
  friendlyUntil(amendment: Amendment): number {
    return last(amendment.versions).writtenAt + this.motions.rulesOf(amendment.motion).window;
  }

  /** Whose turn it is or will be, and from when; nobody and 0 if nothing is open. */
  nextOf(motion: Motion, now: number): { amendment: Amendment | null; from: number } {
    const open = this.unsettled(motion, now);
    const stale = open.filter((one) => this.stateOf(one, now) === "stale");
    const close = this.motions.closesAt(motion);
    const waits = stale.length === 0 ? 0 : Math.max(motion.rebaseUntil + 1, close);
    const [first] = open
      .filter((one) => !stale.includes(one))
      .sort((a, b) => rankOf(a) - rankOf(b) || a.number - b.number);
    if (first === undefined) return { amendment: null, from: waits };
    return { amendment: first, from: Math.max(waits, this.friendlyUntil(first) + 1, close) };
  }

  // ---- what members do ----

  move(key: string, motionNumber: number, parent: number, change: Change, now: number): void {
    const motion = this.motions.find(motionNumber);
    this.#requireStage(motion, now, "tabled");
    const { number: mover } = requireRight(this.motions.roll, key, "propose", now);
    const { openByMotion, openByMember } = this.motions.rulesOf(motion);
    const open = this.unsettled(motion, now);
    if (open.length >= openByMotion) throw new Refusal("AmendmentsFull", motionNumber, 0, openByMotion);
    if (open.filter((one) => one.mover === mover).length >= openByMember)
      throw new Refusal("AmendmentsFull", motionNumber, mover, openByMember);
    const number = this.all.length + 1;
    // The one that is being moved counts.
    if (parent > number) throw new Refusal("AmendmentsUnknown", parent, number);
    const amendment: Amendment = {
      number,
      motion,
      parent: null,
      mover,
      base: 0,
      substitute: false,
      versions: [],
      silence: null,
      vote: null,
      ending: null,
    };
    this.#requireChange(motion, parent === 0 ? null : this.find(parent), change, now);
    this.all.push(amendment);
    motion.amendments.push(amendment);
    this.#say("AmendmentMoved", number, motionNumber, mover, parent, `${change.substitute}`);
    this.#write(amendment, parent === 0 ? null : this.find(parent), change, now);
  }

  accept(key: string, number: number, version: number, now: number): void {
    const amendment = this.find(number);
    const { motion, parent } = amendment;
    const owner = parent?.mover ?? motion.author;
    this.#requireFree(key, owner, amendment, version, now);
    this.#requireState(amendment, now, "open");
    const until = this.friendlyUntil(amendment);
    if (now > until) throw new Refusal("AmendmentsTooLate", number, until);
    if (parent === null && motion.theirs) throw new Refusal("MotionsTheirs", motion.number);
    this.#say("AmendmentAccepted", number, owner);
    this.#apply(amendment, "accepted", now);
  }

  withdraw(key: string, number: number, version: number, now: number): void {
    const amendment = this.find(number);
    this.#requireFree(key, amendment.mover, amendment, version, now);
    if (this.stateOf(amendment, now) !== "stale") this.#requireState(amendment, now, "open");
    this.#end(amendment, "withdrawn", now);
    this.#stir(amendment.motion, now);
    this.#say("AmendmentWithdrawn", number);
  }

  rebase(key: string, number: number, change: Change, now: number): void {
    const amendment = this.find(number);
    const { motion, parent } = amendment;
    this.#requireFree(key, amendment.mover, amendment, amendment.versions.length, now);
    requireRight(this.motions.roll, key, "propose", now);
    if (this.stateOf(amendment, now) === "lapsed")
      throw new Refusal("AmendmentsTooLate", number, motion.rebaseUntil);
    this.#requireState(amendment, now, "stale");
    const target = parent !== null && this.#isCurrent(parent) ? parent : null;
    this.#requireChange(motion, target, change, now);
    this.#write(amendment, target, change, now);
    this.#stir(motion, now);
  }

  object(key: string, number: number, reason: string, now: number): void {
    const amendment = this.find(number);
    this.#requireState(amendment, now, "silence");
    const member = requireRight(this.motions.roll, key, "vote", now);
    const silence = amendment.silence as Silence;
    silence.object(member.number, member.group, BigInt(reason), now);
    this.#say("AmendmentObjected", number, member.number, reason, silence.objectors.length);
  }

  // ---- what anybody does ----

  putNext(motionNumber: number, now: number): void {
    const motion = this.motions.find(motionNumber);
    this.#requireStage(motion, now, "closed");
    requireNoQuestion(motion);
    const { amendment, from } = this.nextOf(motion, now);
    if (amendment === null || now < from) throw new Refusal("AmendmentsNothingDue", motionNumber, from);
    this.#lapse(motion, now);
    motion.question = amendment;
    if (!this.#beginSilence(amendment, now)) this.#ask(amendment, now);
  }

  settle(motionNumber: number, now: number): void {
    const question = this.motions.all[motionNumber - 1]?.question ?? null;
    if (question === null) throw new Refusal("AmendmentsNoQuestion", motionNumber);
    const { number, vote } = question;
    const silence = question.silence as Silence;
    if (vote !== null) this.#reject(question, vote, now);
    else if (silence.isBroken()) this.#ask(question, now);
    else if (silence.isOver(now)) this.#adopt(question, 0, now);
    else throw new Refusal("AmendmentsSilent", number, silence.until);
  }

  /** By a key alone: only a decision adopts. */
  adopt(key: string, number: number): void {
    const { timelock } = this.world;
    if (key !== timelock) throw new Refusal("AmendmentsUnauthorized", key, timelock);
    throw new Refusal("AmendmentsOtherDecision", number, this.find(number).vote?.id ?? 0, 0);
  }

  // ---- what becomes of them ----

  #beginSilence(amendment: Amendment, now: number): boolean {
    const rules = this.motions.rulesOf(amendment.motion);
    if (rules.amendmentSilence === 0) return false;
    const { roll, votes } = this.motions;
    // A vote counts from the second after.
    const byGroup = roll.votesByGroupAt(now - 1);
    if (!areMany(byGroup, votes.rules.motionAmendment.quorumFloor)) return false;
    const { amendmentSilence, amendmentObjections, amendmentObjectionGroups } = rules;
    amendment.silence = new Silence(
      now + amendmentSilence,
      ...([amendmentObjections, amendmentObjectionGroups] as const),
      byGroup,
    );
    this.#say("AmendmentSilenceOpened", amendment.number, amendment.silence.until);
    return true;
  }

  #ask(amendment: Amendment, now: number): void {
    const { number, motion, versions } = amendment;
    const id = this.motions.names.ofAmendment(number, motion.number, last(versions).text);
    const carryOut = (moment: number) => this.#adopt(amendment, id, moment);
    amendment.vote = this.motions.votes.propose(id, "motionAmendment", 0, carryOut, now);
    this.#say("AmendmentPut", motion.number, number, id);
  }

  #reject(amendment: Amendment, vote: Vote, now: number): void {
    const { votes } = this.motions;
    const outcome = votes.stateNumber(vote, now);
    // What passed waits for its decision to be carried out, or to expire; carried out, it is no question any more.
    if (votes.isOpen(vote, now)) throw new Refusal("AmendmentsUndecided", amendment.number, outcome);
    this.#end(amendment, "rejected", now);
    amendment.motion.quietSince = now;
    this.#say("AmendmentRejected", amendment.number, vote.id, outcome);
  }

  #adopt(amendment: Amendment, decision: string | 0, now: number): void {
    this.#say("AmendmentAdopted", amendment.number, decision);
    this.#apply(amendment, "adopted", now);
  }

  /** Makes the text of an amendment that of what it amends. */
  #apply(amendment: Amendment, ending: "adopted" | "accepted", now: number): void {
    const { motion, parent, number } = amendment;
    const { text, actions } = last(amendment.versions);
    this.#end(amendment, ending, now);
    this.#stir(motion, now);
    if (parent === null) {
      this.motions.change(motion, text, actions, amendment, ending === "adopted", now);
      return;
    }
    parent.versions.push({ text, actions, writtenAt: now });
    this.#sayWritten(parent, number, `0x${"0".repeat(64)}`);
  }

  #end(amendment: Amendment, ending: Ending, now: number): void {
    this.#lapse(amendment.motion, now);
    amendment.ending = ending;
    if (amendment.motion.question === amendment) amendment.motion.question = null;
  }

  /** A text moved: what is stale by that, or was, is given time to be written anew. */
  #stir(motion: Motion, now: number): void {
    motion.quietSince = now;
    const isAnyOpen = motion.amendments.some(({ ending }) => ending === null);
    if (isAnyOpen) motion.rebaseUntil = now + this.motions.rulesOf(motion).rebase;
  }

  #lapse(motion: Motion, now: number): void {
    for (const one of motion.amendments) if (this.stateOf(one, now) === "lapsed") one.ending = "lapsed";
  }

  #write(amendment: Amendment, parent: Amendment | null, change: Change, now: number): void {
    const { base, text, reason, substitute, actions } = change;
    Object.assign(amendment, { parent, base, substitute });
    amendment.versions.push({ text, actions, writtenAt: now });
    this.#sayWritten(amendment, 0, reason);
    this.#say("AmendmentActionsSet", amendment.number, amendment.versions.length);
  }

  #sayWritten(amendment: Amendment, by: number, reason: string): void {
    const { number, versions, parent, base, substitute } = amendment;
    const { text, actions } = last(versions);
    const place = [number, versions.length, by, parent?.number ?? 0, base, `${substitute}`];
    this.#say("AmendmentWritten", ...place, text, actions.digest, reason);
  }

  // ---- rules that several acts share ----

  /** Whether what it was written against has moved on, or is gone. */
  #isStale({ motion, parent, base }: Amendment): boolean {
    if (parent === null) return base !== motion.revisions.length;
    return !this.#isCurrent(parent) || base !== parent.versions.length;
  }

  /** Whether an amendment to a motion is there to be amended. */
  #isCurrent(amendment: Amendment): boolean {
    const { ending, motion, base } = amendment;
    return ending === null && motion.question !== amendment && base === motion.revisions.length;
  }

  #isSettled(state: AmendmentState): boolean {
    return AMENDMENT_STATES.indexOf(state) >= AMENDMENT_STATES.indexOf("adopted");
  }

  /** Refuses a change that is not one of the text as it is now. */
  #requireChange(motion: Motion, parent: Amendment | null, change: Change, now: number): void {
    const { base, text, reason, substitute, actions } = change;
    if (parent !== null && (parent.motion !== motion || parent.parent !== null))
      throw new Refusal("AmendmentsTooDeep", motion.number, parent.number);
    if (parent !== null && !this.#isCurrent(parent)) {
      const state = AMENDMENT_STATES.indexOf(this.stateOf(parent, now));
      throw new Refusal("AmendmentsWrongState", parent.number, state, AMENDMENT_STATES.indexOf("open"));
    }
    const written: readonly { text: string; actions: Actions }[] = parent?.versions ?? motion.revisions;
    const number = parent?.number ?? 0;
    if (base !== written.length)
      throw new Refusal("AmendmentsStale", motion.number, number, base, written.length);
    if (parent !== null && substitute) throw new Refusal("AmendmentsNoSubstitute", number);
    if (BigInt(text) === 0n || BigInt(reason) === 0n) throw new Refusal("AmendmentsNoText");
    requireDecidable(actions, this.world.nobody);
    const present = last(written);
    if (text === present.text && actions.digest === present.actions.digest)
      throw new Refusal("AmendmentsNothingNew", motion.number, number);
  }

  #requireStage(motion: Motion, now: number, ...stages: Stage[]): void {
    const stage = this.motions.stageOf(motion, now);
    if (!stages.includes(stage))
      throw new Refusal("AmendmentsWrongStage", motion.number, STAGES.indexOf(stage), stageBits(...stages));
  }

  #requireState(amendment: Amendment, now: number, needed: AmendmentState): void {
    const state = this.stateOf(amendment, now);
    if (state === needed) return;
    const numbers = [state, needed].map((one) => AMENDMENT_STATES.indexOf(one));
    throw new Refusal("AmendmentsWrongState", amendment.number, ...numbers);
  }

  /** Refuses anybody but the owner, and what was meant for another version, or while something is before the members. */
  #requireFree(key: string, owner: number, amendment: Amendment, version: number, now: number): void {
    const { number, motion, versions } = amendment;
    if (this.motions.roll.numberOf(key) !== owner)
      throw new Refusal("AmendmentsNotYours", number, key, owner);
    this.#requireStage(motion, now, "tabled", "closed");
    requireNoQuestion(motion);
    if (version !== versions.length)
      throw new Refusal("AmendmentsOtherVersion", number, version, versions.length);
  }

  #say(name: string, ...values: (string | number)[]): void {
    this.motions.announcements.say(name, ...values);
  }
}

/** Amendments to amendments first, substitutes last. */
function rankOf({ parent, substitute }: Amendment): number {
  if (parent !== null) return 0;
  return substitute ? 2 : 1;
}

function requireNoQuestion({ number, question }: Motion): void {
  if (question !== null) throw new Refusal("AmendmentsQuestionOpen", number, question.number);
}
