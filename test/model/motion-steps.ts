/** What happens in a history of motions, and how the model takes it. */
import type { Amendments, Change } from "./amendments.js";
import type { Actions } from "./motion-actions.js";
import type { Vote, Votes } from "./motion-votes.js";
import type { Content, MotionRules, Motions } from "./motions.js";
import type { Roll } from "./roll.js";
import { Refusal } from "./words.js";

export type MotionAct =
  | { do: "draft"; content: Content }
  | { do: "revise"; motion: number; revision: number; content: Content }
  | { do: "table" | "endorse" | "withdrawMotion"; motion: number; revision: number }
  | { do: "objectToMotion"; motion: number; reason: string }
  | { do: "putToVote"; motion: number; actions: Actions }
  | { do: "adoptMotion"; motion: number }
  | { do: "sendBack"; motion: number; actions: Actions; index: number }
  | { do: "setRules"; rules: MotionRules }
  | { do: "move"; motion: number; parent: number; change: Change }
  | { do: "acceptAmendment" | "withdrawAmendment"; amendment: number; version: number }
  | { do: "rebase"; amendment: number; change: Change }
  | { do: "objectToAmendment"; amendment: number; reason: string }
  | { do: "putNext" | "settle"; motion: number }
  | { do: "adoptAmendment"; amendment: number }
  /** What only contracts of the coalition may call. */
  | { do: "change" | "ask" | "close" | "bindAmendments"; motion: number }
  /** A ballot; only who may cast one does, for the governor is modelled elsewhere. */
  | { do: "vote"; vote: Vote; choice: number }
  | { do: "queue" | "execute" | "cancel"; vote: Vote }
  | { do: "join"; group: number }
  | { do: "resign" }
  | { do: "suspend"; number: number; rights: number; until: number };

export type MotionStep = { by: string; act: MotionAct };

/** The model's parts, and addresses that its refusals name. */
export type MotionModel = {
  roll: Roll;
  votes: Votes;
  motions: Motions;
  amendments: Amendments;
  at: { motions: string; amendments: string; timelock: string };
};

/** Lets the model do a step, or refuse it. What it answers is of no interest. */
export function perform(model: MotionModel, { by, act }: MotionStep, now: number): unknown {
  const { roll, votes, motions, amendments, at } = model;
  switch (act.do) {
    case "draft":
      return motions.draft(by, act.content, now);
    case "revise":
      return motions.revise(by, act.motion, act.revision, act.content, now);
    case "table":
      return motions.table(by, act.motion, act.revision, now);
    case "endorse":
      return motions.endorse(by, act.motion, act.revision, now);
    case "withdrawMotion":
      return motions.withdraw(by, act.motion, act.revision, now);
    case "objectToMotion":
      return motions.object(by, act.motion, act.reason, now);
    case "putToVote":
      return motions.putToVote(act.motion, act.actions, now);
    case "adoptMotion":
      return motions.adopt(act.motion, now);
    case "sendBack":
      return motions.sendBack(act.motion, act.actions, act.index, now);
    case "setRules":
      if (by !== at.timelock) throw new Refusal("MotionsUnauthorized", by, at.timelock);
      return motions.setRules(act.rules);
    case "move":
      return amendments.move(by, act.motion, act.parent, act.change, now);
    case "acceptAmendment":
      return amendments.accept(by, act.amendment, act.version, now);
    case "withdrawAmendment":
      return amendments.withdraw(by, act.amendment, act.version, now);
    case "rebase":
      return amendments.rebase(by, act.amendment, act.change, now);
    case "objectToAmendment":
      return amendments.object(by, act.amendment, act.reason, now);
    case "putNext":
      return amendments.putNext(act.motion, now);
    case "settle":
      return amendments.settle(act.motion, now);
    case "adoptAmendment":
      return amendments.adopt(by, act.amendment);
    case "change":
    case "ask":
      throw new Refusal("MotionsUnauthorized", by, at.amendments);
    case "close":
      throw new Refusal("AmendmentsUnauthorized", by, at.motions);
    case "bindAmendments":
      throw new Refusal("MotionsBound", at.amendments);
    case "vote":
      return votes.cast(act.vote, by, act.choice, now);
    case "queue":
      return votes.queue(act.vote, now);
    case "execute":
      return votes.execute(act.vote, now);
    case "cancel":
      return votes.cancel(act.vote);
    case "join":
      return roll.join(by, act.group, roll.code, "0x", now);
    case "resign":
      return roll.resign(by, now);
    case "suspend":
      return roll.suspend(act.number, act.rights, act.until, now);
  }
}

/** A step as one reads it when something went wrong. */
export function describe({ by, act }: MotionStep, now: number): string {
  const values = Object.entries(act).filter(([name]) => name !== "do");
  const shown = values.map(([name, value]) => `${name}=${shownAs(value)}`);
  return `${now} ${by.slice(0, 8)} ${act.do} ${shown.join(" ")}`;
}

function shownAs(value: unknown): string {
  if (typeof value !== "object") return `${value}`.slice(0, 10);
  const { id, ...rest } = value as { id?: string };
  return id === undefined ? JSON.stringify(rest).replace(/(0x\w{8})\w+/g, "$1") : id.slice(0, 8);
}
