import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { Report } from "../../scripts/lib/pilot/report.js";
import { differing, play } from "../helpers/pilot.js";

const DAY = 86_400;

/** What is told of a scene, and what is compared with the chain, with the value that it must have. */
interface Scene {
  readonly sentence: string;
  readonly compared: Readonly<Record<string, unknown>>;
}

const SCENES: Readonly<Record<string, Scene>> = {
  "the founding": {
    sentence: "240 members joined a coalition of their own, 40 in each group; all votes are mature",
    compared: { "votes of the assembly": 240 },
  },
  "an amendment with a majority that fails on concurrence": {
    sentence:
      "an amendment had 100 For to 32 Against, three quarters, and failed: two of six groups agreed, and it takes three",
    compared: {
      "the amendment of two groups: ballots": "32 against, 100 for",
      "the amendment of two groups: groups that agree": 2,
      "the amendment of two groups: state": "Defeated",
      "waiting period after it": 30 * DAY,
    },
  },
  "an amendment that passes": {
    sentence: "the amendment that a third group agreed to passed, waited for seven days and was carried out",
    compared: {
      "the amendment of three groups: ballots": "32 against, 110 for",
      "the amendment of three groups: groups that agree": 3,
      "the amendment of three groups: For by group, as published": "40,40,15,5,5,5",
      "the amendment of three groups: state": "Executed",
      "waiting period after that": 25 * DAY,
    },
  },
  "a relayed vote with bad ballots among the good ones": {
    sentence:
      "one transaction brought 236 ballots and eight bad ones, each passed over with its reason; four members whose ballots were bad voted themselves",
    compared: {
      "relayed ballots that counted": 236,
      "relayed ballots that were passed over, and why":
        "AlreadyCast, NotEntitled, NotEntitled, NotEntitled, InvalidSignature, WrongLength, Expired, SupportOutOfRange",
      "the relayed vote: ballots": "50 against, 150 for",
    },
  },
  "the statement recorded": {
    sentence: "the statement is recorded on chain",
    compared: { "the relayed vote: ballots at the close": "50 against, 154 for" },
  },
  "a late swing": {
    sentence: "an hour before the close 60 ballots turned a decision: the close moved to a day after them",
    compared: { "the late swing: extended": true },
  },
  "the outcome turned back": {
    sentence: "in that day others turned it back; the close stayed, and the decision passed",
    compared: {
      "the late swing: state after the announced close": "Active",
      "the late swing: ballots": "80 against, 100 for",
      "the late swing: state": "Succeeded",
    },
  },
};

/** Compared with what only the run knows: a digest, and moments. */
const OF_THE_RUN = [
  "digest of the recorded statement",
  "close after the late swing",
  "close after the outcome turned back",
];

describe("Pilot: a larger coalition decides", function () {
  this.timeout(120_000);

  let connection: NetworkConnection;
  let report: Report;
  let markdown: string;

  before(async () => {
    connection = await network.create();
    ({ report, markdown } = await play(connection, "pilot", { assembly: true }));
  });

  after(() => connection.close());

  it("finds everything as it must be", () => {
    expect(differing(report)).to.deep.equal([]);
    expect(report.ok).to.equal(true);
  });

  it("tells these scenes, one after the other, and no other", () => {
    expect(report.assembly?.map(({ sentence }) => sentence)).to.deep.equal(
      Object.values(SCENES).map(({ sentence }) => sentence),
    );
  });

  for (const [name, { sentence, compared }] of Object.entries(SCENES)) {
    it(`plays ${name}`, () => {
      const names = Object.keys(compared);
      expect(markdown).to.include(`: ${sentence}\n`);
      expect(report.comparisons.filter(({ what }) => names.includes(what))).to.deep.equal(
        Object.entries(compared).map(([what, value]) => {
          const expected = String(value);
          return { what, expected, actual: expected, ok: true };
        }),
      );
    });
  }

  it("compares nothing that no scene names, but for what only the run knows", () => {
    const known = [...Object.values(SCENES).flatMap(({ compared }) => Object.keys(compared)), ...OF_THE_RUN];
    const last = report.comparisons.findLastIndex(({ what }) => what.startsWith("refused – "));
    const found = report.comparisons.slice(last + 1).map(({ what }) => what);
    expect(found).to.have.members(known);
  });

  it("does not play without being asked", async () => {
    const plain = await play(connection);
    expect(plain.report).to.not.have.property("assembly");
  });
});
