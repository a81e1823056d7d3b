import { join } from "node:path";
import { Field } from "../field.js";

/** The elections of a pilot, as `elections.json5` holds them once they were found good. */

/** A decision of the members, and who votes For. */
export interface StoryDecision {
  /** Its file in the story's folder. */
  readonly text: string;
  readonly by: number;
  readonly for: readonly number[];
}

/** Members who vote alike. */
export interface StoryBallot {
  readonly by: readonly number[];
  /** Candidates by number, the first preference first; 0 to re-open nominations. */
  readonly for: readonly number[];
}

/** Two who come to as many votes, and who of them is out. */
export interface StoryTie {
  /** At whose end they are level. */
  readonly stage: number;
  readonly between: readonly number[];
  readonly votes: string;
  readonly out: number;
}

/** An office and an election to it. */
export interface StoryElection {
  readonly name: string;
  readonly method: "approval" | "ranked";
  /** Whether ballots are sealed until the close. */
  readonly sealed: boolean;
  readonly seats: number;
  /** Length of a term. */
  readonly days: number;
  /** Holders of one stakeholder group; 0 for any number. */
  readonly maxPerGroup: number;
  readonly candidates: readonly number[];
  readonly seconders: readonly number[];
  readonly ballots: readonly StoryBallot[];
  /** Candidates who withdraw while the vote is open. */
  readonly withdraws: readonly number[];
  /** Voters whose sealed ballot stays sealed. */
  readonly unopened: readonly number[];
  readonly expected: {
    readonly ballots: number;
    readonly order: readonly number[];
    readonly elected: readonly number[];
    readonly passedOver: readonly number[];
    readonly stages?: number;
    readonly tie?: StoryTie;
  };
}

export interface StoryRecall extends StoryDecision {
  /** The name of the election by which the holder came to the office. */
  readonly election: string;
  readonly holder: number;
  readonly supporters: readonly number[];
  readonly expected: {
    /** Supporters that a petition needs. */
    readonly needed: number;
    readonly runnerUp: number;
    readonly holders: readonly number[];
  };
}

export interface ElectionStory {
  /** How many are on the roll. */
  readonly members: number;
  readonly founding: StoryDecision;
  readonly elections: readonly StoryElection[];
  readonly recall: StoryRecall;
}

/**
 * Reads and checks the elections of a pilot.
 * @param folder Holds `elections.json5`.
 * @param members How many are on the roll.
 */
export function readElections(folder: string, members: number): ElectionStory {
  const file = Field.read(join(folder, "elections.json5"), `${folder}/elections.json5`);
  const { founding, elections, recall } = file.object(["founding", "elections", "recall"]);
  const list = elections.named().map(([name, field]) => election(name, field, members));
  return {
    members,
    founding: decision(founding, members),
    elections: list,
    recall: recallIn(recall, list, members),
  };
}

function decision(field: Field, members: number): StoryDecision {
  const { text, by, for: inFavour } = field.object(["text", "by", "for"]);
  return { text: text.text(), by: by.whole(1, members), for: inFavour.numbers(members) };
}

function election(name: string, field: Field, members: number): StoryElection {
  const of = field.object([
    "method",
    "sealed",
    "seats",
    "days",
    "maxPerGroup",
    "candidates",
    "seconders",
    "ballots",
    "withdraws",
    "unopened",
    "expect",
  ]);
  const candidates = of.candidates.numbers(members);
  if (candidates.length === 0 || candidates.length > 32) of.candidates.refuse("1 to 32 member numbers");
  const known = (what: Field): readonly number[] => {
    const numbers = what.numbers(members);
    if (numbers.some((number) => !candidates.includes(number))) what.refuse(`of ${candidates.join(", ")}`);
    return numbers;
  };
  const ballots = of.ballots.list("ballots").map((one) => {
    const { by, for: choice } = one.object(["by", "for"]);
    return { by: by.numbers(members), for: choicesIn(choice, candidates) };
  });
  const voters = ballots.flatMap(({ by }) => by);
  if (new Set(voters).size < voters.length) of.ballots.refuse("every voter once");
  const unopened = of.unopened.numbers(members);
  const sealed = flag(of.sealed);
  if (unopened.some((number) => !sealed || !voters.includes(number))) {
    of.unopened.refuse("voters whose ballot is sealed");
  }
  const expected = of.expect.object(["ballots", "order", "elected", "passedOver"], ["stages", "tie"]);
  return {
    name,
    method: of.method.oneOf(["approval", "ranked"]),
    sealed,
    seats: of.seats.whole(1, 16),
    days: of.days.whole(1, 2_192),
    maxPerGroup: of.maxPerGroup.whole(0, 16),
    candidates,
    seconders: of.seconders.numbers(members),
    ballots,
    withdraws: known(of.withdraws),
    unopened,
    expected: {
      ballots: expected.ballots.whole(0, members),
      order: known(expected.order),
      elected: known(expected.elected),
      passedOver: known(expected.passedOver),
      ...(expected.stages && { stages: expected.stages.whole(1, 50) }),
      ...(expected.tie && { tie: tieIn(expected.tie, known) }),
    },
  };
}

function tieIn(field: Field, known: (what: Field) => readonly number[]): StoryTie {
  const { stage, between, votes, out } = field.object(["stage", "between", "votes", "out"]);
  const level = known(between);
  if (!level.includes(Number(out.value))) out.refuse(`one of ${level.join(", ")}`);
  return { stage: stage.whole(1, 50), between: level, votes: votes.text(), out: Number(out.value) };
}

function recallIn(field: Field, elections: readonly StoryElection[], members: number): StoryRecall {
  const of = field.object(["election", "holder", "supporters", "text", "by", "for", "expect"]);
  const name = of.election.oneOf(elections.map((one) => one.name));
  const elected = elections.find((one) => one.name === name)?.expected.elected ?? [];
  const holder = of.holder.whole(1, members);
  if (!elected.includes(holder)) of.holder.refuse(`one of those elected: ${elected.join(", ")}`);
  const { needed, runnerUp, holders } = of.expect.object(["needed", "runnerUp", "holders"]);
  return {
    election: name,
    holder,
    supporters: of.supporters.numbers(members),
    text: of.text.text(),
    by: of.by.whole(1, members),
    for: of.for.numbers(members),
    expected: {
      needed: needed.whole(1, members),
      runnerUp: runnerUp.whole(1, members),
      holders: holders.numbers(members),
    },
  };
}

function flag(field: Field): boolean {
  return typeof field.value === "boolean" ? field.value : field.refuse("true or false");
}

/** Candidates by number, or "ron", in the order of preference. */
function choicesIn(field: Field, candidates: readonly number[]): number[] {
  const allowed = `${candidates.join(", ")} or ron, each once, with commas between them`;
  const choices = field
    .text()
    .split(",")
    .map((part) => (part.trim() === "ron" ? 0 : Number(part)));
  if (choices.some((one) => one !== 0 && !candidates.includes(one))) field.refuse(allowed);
  if (new Set(choices).size < choices.length) field.refuse(allowed);
  return choices;
}
