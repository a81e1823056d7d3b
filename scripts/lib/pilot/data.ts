import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CLASSES, type Parameters } from "../parameters.js";
import { Problem } from "../problem.js";
import { Field, readText } from "./field.js";
import {
  type Action,
  type Actor,
  type Argument,
  ATTEMPTS,
  CONTRACTS,
  type Count,
  type Decision,
  type Deed,
  type Effect,
  type Expected,
  type ExpectedDecision,
  type Moment,
  OUTCOMES,
  type RollEntry,
  SIDES,
  STATES,
  type Step,
  type Story,
} from "./types.js";

/** A pilot says something about a coalition, not about a handful of keys. */
export const FEWEST_MEMBERS = 60;

/** As the governor bounds it. */
const LONGEST_DESCRIPTION = 8_192;

/** Reads and checks the data of a pilot: `roll.json5`, `story.json5` and the texts that they name. */
export function readStory(folder: string, parameters: Parameters): Story {
  const { groups } = parameters.Membership;
  const roll = readRoll(folder, groups);
  const file = Field.read(join(folder, "story.json5"), `${folder}/story.json5`);
  const { title, codeOfConduct, decisions, steps, expect } = file.object([
    "title",
    "codeOfConduct",
    "decisions",
    "steps",
    "expect",
  ]);
  const texts = Object.fromEntries(
    decisions.named().map(([id, field]) => [id, decision(folder, id, field, roll.length)]),
  );
  const context = { folder, roll, ids: Object.keys(texts) };
  return {
    file: file.file,
    title: title.text(),
    codeDigest: codeDigest(folder, codeOfConduct, parameters),
    groups,
    roll,
    decisions: texts,
    steps: steps.list("steps").map((field) => step(field, context)),
    expected: expected(expect, groups, context),
  };
}

interface Context {
  readonly folder: string;
  readonly roll: readonly RollEntry[];
  readonly ids: readonly string[];
}

function readRoll(folder: string, groups: readonly string[]): RollEntry[] {
  const file = Field.read(join(folder, "roll.json5"), `${folder}/roll.json5`);
  const { members } = file.object(["members"]);
  const list = members.list("members");
  if (list.length < FEWEST_MEMBERS) {
    throw new Problem(`${file.file}: members has ${list.length} entries; allowed: ${FEWEST_MEMBERS} or more`);
  }
  const roll = list.map((entry, index) => {
    const { number, group, joins, week } = entry.object(["number", "group", "joins", "week"]);
    if (number.value !== index + 1)
      number.refuse(`${index + 1}, for numbers run from 1 without gaps or repeats`);
    return {
      number: index + 1,
      group: group.oneOf(groups),
      joins: joins.oneOf(["directly", "request"]),
      week: week.whole(1, 520),
    };
  });
  const absent = groups.find((group) => !roll.some((entry) => entry.group === group));
  if (absent !== undefined) {
    throw new Problem(`${file.file}: members has nobody in "${absent}"; allowed: one or more in every group`);
  }
  return roll;
}

function codeDigest(folder: string, field: Field, parameters: Parameters): string {
  const digest = digestOf(folder, field);
  if (digest !== parameters.Membership.codeDigest.toLowerCase()) {
    field.refuse(`the file with the digest that the parameter file names as Membership.codeDigest`);
  }
  return digest;
}

function decision(folder: string, id: string, field: Field, last: number): Decision {
  const fields = field.object(["text", "class", "actions", "ballots"]);
  const { text, actions, ballots } = fields;
  const shown = `${folder}/${text.text()}`;
  const words = readText(join(folder, text.text()), shown);
  const title = /^# (.+)$/m.exec(words)?.[1];
  if (title === undefined)
    throw new Problem(`${shown}: has no title; allowed: a first line that begins with "# "`);
  const length = Buffer.byteLength(words);
  if (length > LONGEST_DESCRIPTION) {
    throw new Problem(`${shown}: has ${length} bytes; allowed: ${LONGEST_DESCRIPTION} at the most`);
  }
  const sides = ballots.object(SIDES);
  const cast = {
    against: sides.against.numbers(last),
    for: sides.for.numbers(last),
    abstain: sides.abstain.numbers(last),
  };
  const voters = SIDES.flatMap((side) => cast[side]);
  const twice = voters.find((number, index) => voters.indexOf(number) !== index);
  if (twice !== undefined) {
    throw new Problem(
      `${field.file}: ${ballots.key} names member ${twice} twice; allowed: one side for each`,
    );
  }
  return {
    id,
    title,
    text: words,
    class: fields.class.oneOf(CLASSES),
    actions: actions.list("actions").map((one) => action(folder, one)),
    ballots: cast,
  };
}

function action(folder: string, field: Field): Action {
  const fields = field.object(["contract", "function", "arguments"]);
  return {
    contract: fields.contract.oneOf(CONTRACTS),
    function: fields.function.text(),
    arguments: fields.arguments.list("arguments").map((one) => argument(folder, one)),
  };
}

function argument(folder: string, field: Field): Argument {
  const { value } = field;
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "object" && value !== null && "digestOf" in value) {
    return digestOf(folder, field.object(["digestOf"]).digestOf);
  }
  const { inForce, of, but } = field.object(["inForce", "but"], ["of"]);
  const changes = but.named().map(([key, entry]) => [key, entry.whole(0, Number.MAX_SAFE_INTEGER)]);
  return { inForce: inForce.text(), of: wholes(of), but: Object.fromEntries(changes) };
}

/** What a getter is asked about: whole numbers, or nothing. */
function wholes(field: Field | undefined): number[] {
  return field?.list("whole numbers").map((one) => one.whole(0, Number.MAX_SAFE_INTEGER)) ?? [];
}

function step(field: Field, context: Context): Step {
  const kinds = [
    "join",
    "propose",
    "endorse",
    "vote",
    "change",
    "rotate",
    "queue",
    "execute",
    "close",
    "attempt",
  ] as const;
  const given = field.named().map(([key]) => key);
  const kind = kinds.find((candidate) => given.includes(candidate));
  if (kind === undefined) field.refuse(`an object with one of ${kinds.join(", ")}`);
  const { at } = field.object([], ["at", ...kinds, "by", "to", "as", "on", "accepting", "refused"]);
  const done = deed(field, kind, context);
  return at === undefined ? done : { at: moment(at, context.ids), ...done };
}

function deed(field: Field, kind: Deed["kind"], { folder, roll, ids }: Context): Deed {
  const last = roll.length;
  switch (kind) {
    case "join": {
      const { join } = field.object(["join"], ["at"]);
      const weeks = [...new Set(roll.map(({ week }) => week))];
      if (!weeks.some((week) => week === join.value)) join.refuse(`a week of the roll: ${weeks.join(", ")}`);
      return { kind, week: join.whole(1, 520) };
    }
    case "propose": {
      const { propose, by } = field.object(["propose", "by"], ["at"]);
      return { kind, decision: propose.oneOf(ids), by: by.whole(1, last) };
    }
    case "endorse": {
      const { endorse, by } = field.object(["endorse", "by"], ["at"]);
      return { kind, decision: endorse.oneOf(ids), by: by.numbers(last) };
    }
    case "change": {
      const { change, by, to } = field.object(["change", "by", "to"], ["at"]);
      return { kind, decision: change.oneOf(ids), by: by.whole(1, last), to: to.oneOf(SIDES) };
    }
    case "rotate":
      return { kind, by: field.object(["rotate"], ["at"]).rotate.whole(1, last) };
    case "attempt": {
      const fields = field.object(["attempt", "as", "refused"], ["at", "on", "accepting"]);
      const what = fields.attempt.oneOf(ATTEMPTS);
      if (what !== "join" && fields.on === undefined)
        field.object(["on"], ["at", "attempt", "as", "refused"]).on.oneOf(ids);
      return {
        kind,
        what,
        as: actor(fields.as, last),
        refused: fields.refused.text(),
        ...(fields.on && { on: fields.on.oneOf(ids) }),
        ...(fields.accepting && { accepting: digestOf(folder, fields.accepting) }),
      };
    }
    default:
      return { kind, decision: field.object([kind], ["at"])[kind].oneOf(ids) };
  }
}

function actor(field: Field, last: number): Actor {
  const allowed = `"outsider", "member <number>" or "old key of <number>", numbers from 1 to ${last}`;
  if (field.value === "outsider") return "outsider";
  const [, which, digits] = field.match(/^(member|old key of) (\d+)$/, allowed);
  const member = Number(digits);
  if (member < 1 || member > last) field.refuse(allowed);
  return { member, oldKey: which !== "member" };
}

function moment(field: Field, ids: readonly string[]): Moment {
  const allowed = `"week <n>", "votes <n>", or "opening of", "close of" or "due of" one of ${ids.join(", ")}`;
  const [, counted, count, stage, decision = ""] = field.match(
    /^(?:(week|votes) ([1-9]\d{0,2})|(opening|close|due) of (.+))$/,
    allowed,
  );
  if (counted === "week" || counted === "votes") return { kind: counted, count: Number(count) };
  if (!ids.includes(decision)) field.refuse(allowed);
  return { kind: stage as "opening" | "close" | "due", decision };
}

function expected(field: Field, groups: readonly string[], context: Context): Expected {
  const { roll, maturity, rotations, decisions } = field.object([
    "roll",
    "maturity",
    "rotations",
    "decisions",
  ]);
  const { total, directly, request, byGroup } = roll.object(["total", "directly", "request", "byGroup"]);
  const perGroup = byGroup.object(groups);
  const perDecision = decisions.object(context.ids);
  const whole = (one: Field) => one.whole(0, 1_048_575);
  return {
    roll: {
      total: whole(total),
      directly: whole(directly),
      request: whole(request),
      byGroup: Object.fromEntries(groups.map((group) => [group, whole(perGroup[group])])),
    },
    maturity: maturity.list("numbers of votes").map(whole),
    rotations: whole(rotations),
    decisions: Object.fromEntries(
      context.ids.map((id) => [id, expectedDecision(perDecision[id], groups, context.folder)]),
    ),
  };
}

function expectedDecision(field: Field, groups: readonly string[], folder: string): ExpectedDecision {
  const fields = field.object([
    "outcome",
    "state",
    "electorate",
    "quorum",
    ...SIDES,
    "changed",
    "agreeing",
    "byGroup",
    "effects",
  ]);
  const perGroup = fields.byGroup.object(groups);
  const whole = (one: Field) => one.whole(0, 1_048_575);
  const count = (sides: Record<(typeof SIDES)[number], Field>): Count => ({
    against: whole(sides.against),
    for: whole(sides.for),
    abstain: whole(sides.abstain),
  });
  return {
    outcome: fields.outcome.oneOf(OUTCOMES),
    state: fields.state.oneOf(STATES),
    electorate: whole(fields.electorate),
    quorum: whole(fields.quorum),
    changed: whole(fields.changed),
    agreeing: whole(fields.agreeing),
    ...count(fields),
    byGroup: Object.fromEntries(groups.map((group) => [group, count(perGroup[group].object(SIDES))])),
    effects: fields.effects.list("effects").map((one) => effect(one, folder)),
  };
}

function effect(field: Field, folder: string): Effect {
  const {
    contract,
    getter,
    of,
    field: name,
    before,
    after,
    unchanged,
  } = field.object(["contract", "getter", "field"], ["of", "before", "after", "unchanged"]);
  const what = {
    contract: contract.oneOf(CONTRACTS),
    getter: getter.text(),
    of: wholes(of),
    field: name.text(),
  };
  if (unchanged?.value === true) return { ...what, expected: "unchanged" };
  if (before === undefined || after === undefined)
    field.refuse(`either before and after, or unchanged: true`);
  return { ...what, expected: { before: plain(folder, before), after: plain(folder, after) } };
}

/** An expected value as the chain's answer is written down. */
function plain(folder: string, field: Field): string {
  const value = argument(folder, field);
  if (typeof value === "object") field.refuse("a value, or { digestOf: file }");
  return String(value);
}

/** The sha2-256 digest of the bytes of a file, as `sha256sum` shows it. */
function digestOf(folder: string, field: Field): string {
  const path = join(folder, field.text());
  readText(path, `${field.file}: ${field.key}: ${path}`);
  return `0x${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
}
