import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { checkCalls, readInterfaces } from "../../scripts/lib/pilot/calls.js";
import { FEWEST_MEMBERS } from "../../scripts/lib/pilot/data.js";
import { readScript } from "../../scripts/pilot.js";
import { type Edit, replace, withPilot } from "../helpers/pilot.js";
import { refusal } from "../helpers/refusal.js";

type Case = readonly [what: string, edits: readonly Edit[], ...told: string[]];

const roll = (from: string, to: string): Edit => ["roll.json5", replace(from, to)];
const story = (from: string, to: string): Edit => ["story.json5", replace(from, to)];

const FIRST = 'number: 1, group: "Technical Community", joins: "directly", week: 1';

const ROLLS: readonly Case[] = [
  [
    "an unknown group",
    [roll(FIRST, 'number: 1, group: "Technicians", joins: "directly", week: 1')],
    'roll.json5: members[0].group is "Technicians"; allowed: "Government", "Civil Society", "Private Sector"',
  ],
  [
    "too few members",
    [["roll.json5", (text) => text.replaceAll(/^ +\{ number: \d\d,.*\n/gm, "")]],
    `roll.json5: members has 9 entries; allowed: ${FEWEST_MEMBERS} or more`,
  ],
  [
    "a group without members",
    [["roll.json5", (text) => text.replaceAll('"Academia"', '"Government"')]],
    'roll.json5: members has nobody in "Academia"; allowed: one or more in every group',
  ],
  [
    "a number that comes twice",
    [roll("number: 40,", "number: 39,")],
    "roll.json5: members[39].number is 39; allowed: 40, for numbers run from 1 without gaps or repeats",
  ],
  [
    "an unknown way to join",
    [roll(FIRST, 'number: 1, group: "Technical Community", joins: "by post", week: 1')],
    'roll.json5: members[0].joins is "by post"; allowed: "directly", "request"',
  ],
  [
    "a member without a week",
    [roll(FIRST, 'number: 1, group: "Technical Community", joins: "directly"')],
    "roll.json5: members[0].week is missing; allowed: a whole number from 1 to 520",
  ],
  [
    "a name, which no roll holds",
    [roll(FIRST, `name: "somebody", ${FIRST}`)],
    "roll.json5: members[0].name is not known; allowed: number, group, joins, week",
  ],
  ["a key that is given twice", [roll(FIRST, `${FIRST}, week: 2`)], "roll.json5: members.week is given more"],
  ["what is no JSON5", [roll("members: [", "members: ")], "roll.json5: not JSON5: "],
  [
    "a list that is none",
    [["roll.json5", () => "{ members: 66 }"]],
    "roll.json5: members is 66; allowed: a list of members",
  ],
];

const STORIES: readonly Case[] = [
  [
    "a ballot of a member who is not on the roll",
    [story('against: "60"', 'against: "67"')],
    'story.json5: decisions.training.ballots.against is "67"; allowed: member numbers from 1 to 66',
  ],
  [
    "two ballots of one member",
    [story('against: "60"', 'against: "58"')],
    "story.json5: decisions.training.ballots names member 58 twice; allowed: one side for each",
  ],
  [
    "a text that is not there",
    [story('"decisions/training.md"', '"decisions/nothing.md"')],
    "decisions/nothing.md: no such file",
  ],
  [
    "a text without a title",
    [["decisions/training.md", (text) => text.slice(1)]],
    'decisions/training.md: has no title; allowed: a first line that begins with "# "',
  ],
  [
    "a text that is too long for the chain",
    [["decisions/training.md", (text) => text.padEnd(8_193, ".")]],
    "decisions/training.md: has 8193 bytes; allowed: 8192 at the most",
  ],
  [
    "another Code of Conduct than that of the parameters",
    [story('codeOfConduct: "../docs/code-of-conduct.md"', 'codeOfConduct: "code-of-conduct-2.md"')],
    'story.json5: codeOfConduct is "code-of-conduct-2.md"; allowed: the file with the digest',
  ],
  [
    "a class that is none",
    [
      story(
        'text: "decisions/training.md",\n      class: "amendment"',
        'text: "decisions/training.md",\n      class: "law"',
      ),
    ],
    'decisions.training.class is "law"; allowed: "motionAmendment", "resolution", "action", "appeal", "amendment"',
  ],
  [
    "an endorsement by somebody who is not on the roll",
    [story('by: "5, 7, 12"', 'by: "5, 7, 67"')],
    'story.json5: steps[4].by is "5, 7, 67"; allowed: member numbers from 1 to 66',
  ],
  [
    "a step that is none",
    [story("{ rotate: 17 },", "{ dance: 17 },")],
    "story.json5: steps[15] is ",
    "allowed: an object with one of join, propose",
  ],
  [
    "a moment that is none",
    [story('at: "week 2"', 'at: "tomorrow"')],
    'story.json5: steps[1].at is "tomorrow"; allowed: "week <n>", "votes <n>"',
  ],
  [
    "a week in which nobody joins",
    [story("join: 6 }", "join: 5 }")],
    "story.json5: steps[5].join is 5; allowed: a week of the roll: 1, 2, 3, 6",
  ],
  [
    "somebody who cannot be understood",
    [story('as: "member 64"', 'as: "everyone"')],
    'story.json5: steps[13].as is "everyone"; allowed: "outsider", "member <number>"',
  ],
  [
    "a moment that is over",
    [story('at: "week 3"', 'at: "week 1"')],
    'story.json5: steps[2] waits for "week 1", which is over by then',
  ],
  [
    "members who join out of turn",
    [story('{ at: "week 2", join: 2 }', '{ at: "week 2", join: 3 }')],
    "story.json5: steps[1] lets member 53 join when it is the turn of member 33",
  ],
  [
    "a ballot before the proposal",
    [story("{ rotate: 17 },", ""), story('{ at: "week 2", join: 2 }', '{ vote: "training" }')],
    "story.json5: steps[1] comes before training is proposed",
  ],
  [
    "a decision that is never proposed",
    [story('{ propose: "assessments", by: 34 },', ""), ["story.json5", withoutAssessmentSteps]],
    "story.json5: steps never propose assessments",
  ],
  [
    "a decision that comes to no end",
    [story('{ at: "close of training", close: "training" },', "")],
    "story.json5: steps neither execute nor close training",
  ],
  [
    "an expected group that is none",
    [story('"Government": 11', '"Governments": 11')],
    "story.json5: expect.roll.byGroup.Governments is not known; allowed: Government, Civil Society",
  ],
  [
    "an outcome that is none",
    [story('outcome: "rejected"', 'outcome: "lost"')],
    'expect.decisions.assessments.outcome is "lost"; allowed: "passed", "no quorum", "too little approval"',
  ],
  [
    "an effect without a value",
    [story(', field: "waitingPeriod", unchanged: true', ', field: "waitingPeriod"')],
    "effects[0] is ",
    "allowed: either before and after, or unchanged: true",
  ],
];

const CALLS: readonly Case[] = [
  [
    "a function that is none",
    [story('function: "setRules"', 'function: "setRulez"')],
    'decisions.dao-pilot.actions[0].function is "setRulez"; allowed: a function of the contract "governor"',
  ],
  [
    "a rule that is none",
    [story("but: { quorumBps: 3500 }", "but: { quorum: 3500 }")],
    'actions[0].arguments[1].but is "quorum"; allowed: notice, period, grace, delay',
  ],
  [
    "a getter that is none",
    [story('inForce: "rules"', 'inForce: "setRules"')],
    'arguments[1].inForce is "setRules"; allowed: a function that only reads',
  ],
  [
    "a getter that is asked about too little",
    [story('inForce: "rules", of: [4]', 'inForce: "rules"')],
    'arguments[1].inForce is "rules"; allowed: a function that only reads and takes no arguments',
  ],
  [
    "a value of another type",
    [story('{ digestOf: "code-of-conduct-2.md" }]', '"version 2"]')],
    'actions[1].arguments[0] is "version 2"; allowed: a value of type bytes32',
  ],
  [
    "too many arguments",
    [story('{ digestOf: "code-of-conduct-2.md" }]', '{ digestOf: "code-of-conduct-2.md" }, 2]')],
    'actions[1].arguments is "2 values"; allowed: 1, as setCodeOfConduct(bytes32) takes',
  ],
  [
    "a field that no getter answers",
    [story('field: "version"', 'field: "edition"')],
    'expect.decisions.dao-pilot.effects[1].field is "edition"; allowed: digest, version',
  ],
  [
    "an error that no contract has",
    [story('refused: "MembershipAlreadyMember"', 'refused: "MemberTwice"')],
    'steps[7].refused is "MemberTwice"; allowed: a custom error of roll, governor, timelock or agenda',
  ],
];

function withoutAssessmentSteps(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^ {4}\{.*("assessments"|of assessments)/.test(line))
    .join("\n");
}

describe("The data of a pilot", () => {
  for (const [what, edits, ...told] of [...ROLLS, ...STORIES]) {
    it(`is refused with ${what}, by file and key and with what is allowed`, async () => {
      const message = await withPilot(edits, (folder) => refusal(read(folder)));
      for (const part of told) expect(message).to.include(part);
    });
  }

  for (const [what, edits, ...told] of CALLS) {
    it(`is refused with ${what}`, async () => {
      const interfaces = await readInterfaces(hre.artifacts);
      const message = await withPilot(edits, async (folder) => {
        const script = await read(folder);
        return refusal(Promise.resolve().then(() => checkCalls(script.story, interfaces)));
      });
      for (const part of told) expect(message).to.include(part);
    });
  }

  for (const file of ["roll.json5", "story.json5"]) {
    it(`is refused without ${file}`, async () => {
      const message = await withPilot([], (folder) => {
        rmSync(join(folder, file));
        return refusal(read(folder));
      });
      expect(message).to.match(new RegExp(`${file}: no such file$`));
    });
  }

  it("names a parameter file that is not there", async () => {
    const message = await refusal(Promise.resolve().then(() => readScript("pilot", "nobody")));
    expect(message).to.include("deploy/parameters/nobody.json5: no such file");
  });

  it("is good as it is shipped, for either parameter file", async () => {
    const interfaces = await readInterfaces(hre.artifacts);
    for (const parameters of ["dc-bas", "local"]) {
      const { story: shipped } = readScript("pilot", parameters);
      checkCalls(shipped, interfaces);
      expect(shipped.roll.length).to.be.at.least(FEWEST_MEMBERS);
      expect(new Set(shipped.roll.map(({ group }) => group))).to.deep.equal(new Set(shipped.groups));
    }
  });
});

async function read(folder: string) {
  return readScript(folder, "dc-bas");
}
