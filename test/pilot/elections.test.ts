import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { readElections } from "../../scripts/lib/pilot/elections/data.js";
import type { Report } from "../../scripts/lib/pilot/report.js";
import { differing, play, replace, withPilot } from "../helpers/pilot.js";
import { refusal } from "../helpers/refusal.js";

const MEMBERS = 66;

/** What is told of a scene, and what is compared with the chain, with the value that it must have. */
interface Scene {
  readonly sentence: string;
  readonly compared: Readonly<Record<string, unknown>>;
}

const SCENES: Readonly<Record<string, Scene>> = {
  "the offices": {
    sentence:
      "the members created 4 offices, and said how each is filled: co-leads, secretariat, auditor and panel pool",
    compared: { "offices that the members created": 4 },
  },
  "candidates who are seconded": {
    sentence:
      "co-leads: an election to 2 seats was announced; 5 members stand, each seconded by members 20 and 21",
    compared: { "co-leads: candidates by option": "1, 6, 2, 5, 13" },
  },
  "a withdrawal during the vote": {
    sentence:
      "co-leads: one transaction brought 31 signed ballots; then member 2 withdrew, and no ballot was spoilt",
    compared: { "co-leads: ballots that count": 31, "co-leads: order of the count": "1, 6, 2, 5, 13" },
  },
  "the balance of the office": {
    sentence:
      "co-leads: elected member 1 and member 5; passed over: member 6 (the office holds no more of one group) and member 2 (withdrew, or was struck off)",
    compared: { "co-leads: holders of the office": "1, 5", "co-leads: passed over": "6, 2" },
  },
  "the recount of the approvals": {
    sentence: 'co-leads: a recount from the chain\'s events says "same"',
    compared: { "co-leads: recount": "same" },
  },
  "candidates who need no seconds": {
    sentence: "secretariat: an election to 3 seats was announced; 5 members stand",
    compared: { "secretariat: candidates by option": "3, 4, 7, 9, 10" },
  },
  "ranked ballots": {
    sentence: "secretariat: one transaction brought 20 signed ballots",
    compared: {
      "secretariat: ballots that count": 20,
      "secretariat: order of the count": "3, 4, 7, 9, 10",
    },
  },
  "a tie that the ladder breaks": {
    sentence:
      "secretariat: elected member 3, member 4 and member 7; member 7 and member 9 came to 4.00000 votes each, and member 7, who had had more before, stayed",
    compared: {
      "secretariat: holders of the office": "3, 4, 7",
      "secretariat: passed over": "",
      "secretariat: stages of the count": 6,
      "secretariat: votes of members 7 and 9 in stage 4": "4.00000, 4.00000",
      "secretariat: out in the stage after it": 9,
    },
  },
  "the recount stage by stage": {
    sentence: 'secretariat: a recount from the chain\'s events says "same"',
    compared: { "secretariat: recount": "same" },
  },
  "an election by sealed ballots": {
    sentence: "auditor: an election to 1 seat was announced; 2 members stand",
    compared: { "auditor: candidates by option": "12, 15" },
  },
  "the seals": {
    sentence: "auditor: 9 sealed ballots; who is ahead nobody knows",
    compared: { "auditor: ballots that anybody can read while the vote is open": 0 },
  },
  "ballots that nobody opened": {
    sentence: "auditor: the vote is closed; 7 of them were opened, 2 stay sealed and do not count",
    compared: { "auditor: sealed ballots": 9, "auditor: sealed ballots that were opened": 7 },
  },
  "the result without them": {
    sentence: "auditor: elected member 15",
    compared: {
      "auditor: ballots that count": 7,
      "auditor: order of the count": "15, 12",
      "auditor: holders of the office": 15,
      "auditor: passed over": "",
    },
  },
  "the recount of the opened ballots": {
    sentence: 'auditor: a recount from the chain\'s events says "same"',
    compared: { "auditor: recount": "same" },
  },
  "an election of many": {
    sentence: "panel pool: an election to 9 seats was announced; 11 members stand",
    compared: { "panel pool: candidates by option": "28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38" },
  },
  "ballots of many approvals": {
    sentence: "panel pool: one transaction brought 11 signed ballots",
    compared: {
      "panel pool: ballots that count": 11,
      "panel pool: order of the count": "30, 31, 32, 33, 34, 35, 36, 28, 29, 37, 38",
    },
  },
  "those whom panels are drawn from": {
    sentence:
      "panel pool: elected member 30, member 31, member 32, member 33, member 34, member 35, member 36, member 28 and member 29",
    compared: {
      "panel pool: holders of the office": "28, 29, 30, 31, 32, 33, 34, 35, 36",
      "panel pool: passed over": "",
    },
  },
  "the recount of many": {
    sentence: 'panel pool: a recount from the chain\'s events says "same"',
    compared: { "panel pool: recount": "same" },
  },
  "the petition": {
    sentence: "4 members asked for the recall of member 5, as many as it takes for a vote on it",
    compared: {
      "recall: supporters that the petition needs": 4,
      "recall: supporters of the petition": 4,
    },
  },
  "the recall": {
    sentence: "the members decided so, and the seat is vacant",
    compared: { "recall: member 5 holds the office": false },
  },
  "the runner-up": {
    sentence:
      "member 13, the next runner-up of the co-leads whom the balance of the office lets in, took it; the recount says so, too",
    compared: {
      "recall: runner-up": 13,
      "recall: holders of the office": "1, 13",
      "recall: recount with the runner-up": "same",
    },
  },
};

/** Compared with what only the run knows. */
const OF_THE_RUN = [
  "co-leads: digest of the recount",
  "secretariat: digest of the recount",
  "auditor: digest of the recount",
  "panel pool: digest of the recount",
];

describe("Pilot: the members elect", function () {
  this.timeout(120_000);

  let connection: NetworkConnection;
  let report: Report;
  let markdown: string;
  let json: string;

  before(async () => {
    connection = await network.create();
    ({ report, markdown, json } = await play(connection, "pilot", {
      elections: readElections("pilot", MEMBERS),
    }));
  });

  after(() => connection.close());

  it("finds everything as it must be", () => {
    expect(differing(report)).to.deep.equal([]);
    expect(report.ok).to.equal(true);
  });

  it("tells these scenes, one after the other, and no other", () => {
    expect(report.elections?.map(({ sentence }) => sentence)).to.deep.equal(
      Object.values(SCENES).map(({ sentence }) => sentence),
    );
    const moments = report.elections?.map(({ at }) => at) ?? [];
    expect(moments).to.deep.equal([...moments].sort((one, other) => one - other));
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
    expect(report.comparisons.slice(last + 1).map(({ what }) => what)).to.have.members(known);
  });

  it("has digests that the contracts have, too", async () => {
    const approval = await connection.ethers.getContractAt("ApprovalBallots", report.contracts.approval);
    const ranked = await connection.ethers.getContractAt("RankedBallots", report.contracts.ranked);
    const digests = [
      (await approval.outcome(1))[2],
      (await ranked.outcome(2))[2],
      (await approval.outcome(3))[2],
      (await approval.outcome(4))[2],
    ];
    const found = report.comparisons.filter(({ what }) => OF_THE_RUN.includes(what));
    expect(found.map(({ actual }) => actual)).to.deep.equal(digests);
  });

  context("when the story says something else", () => {
    /** Plays another story of elections, and answers what differs from it. */
    async function differences(from: string, to: string): Promise<string[]> {
      const other = await network.create();
      try {
        return await withPilot([["elections.json5", replace(from, to)]], async (folder) => {
          const { report: played } = await play(other, "pilot", {
            elections: readElections(folder, MEMBERS),
          });
          expect(played.ok).to.equal(false);
          return differing(played);
        });
      } finally {
        await other.close();
      }
    }

    it("finds the difference", async () => {
      expect(
        await differences('order: "15, 12", elected: "15"', 'order: "12, 15", elected: "12"'),
      ).to.deep.equal(["auditor: order of the count", "auditor: holders of the office"]);
    });
  });

  context("when the file of elections is wrong", () => {
    const refused = (from: string, to: string) =>
      withPilot([["elections.json5", replace(from, to)]], (folder) =>
        refusal((async () => readElections(folder, MEMBERS))()),
      );

    it("names the place, and what is allowed", async () => {
      for (const [from, to, told] of [
        [
          'candidates: "12, 15"',
          'candidates: ""',
          'auditor.candidates is ""; allowed: 1 to 32 member numbers',
        ],
        ['by: "25-28", for: "15"', 'by: "25-28", for: "16"', 'for is "16"; allowed: 12, 15 or ron'],
        ['by: "25-28", for: "15"', 'by: "24-28", for: "15"', "allowed: every voter once"],
        ['unopened: "20, 21"', 'unopened: "50"', "allowed: voters whose ballot is sealed"],
        ["sealed: true", 'sealed: "yes"', 'sealed is "yes"; allowed: true or false'],
        ['method: "ranked"', 'method: "drawn"', 'method is "drawn"; allowed: "approval", "ranked"'],
        ["holder: 5", "holder: 6", "recall.holder is 6; allowed: one of those elected: 1, 5"],
        ['election: "co-leads"', 'election: "chair"', 'recall.election is "chair"'],
        ["out: 9", "out: 3", "tie.out is 3; allowed: one of 7, 9"],
        ['elected: "15"', 'elected: "16"', "allowed: of 12, 15"],
      ] as const) {
        expect(await refused(from, to), to).to.contain(told);
      }
    });
  });

  it("does not play without being asked", async () => {
    const other = await network.create();
    try {
      const plain = await play(other);
      expect(plain.report).to.not.have.property("elections");
      expect(plain.report).to.not.have.property("motions");
    } finally {
      await other.close();
    }
  });

  it("is in the report's data, too", () => {
    expect(JSON.parse(json)).to.deep.include({ elections: report.elections });
  });
});
