import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { readMotions } from "../../scripts/lib/pilot/motions/data.js";
import type { Report } from "../../scripts/lib/pilot/report.js";
import { differing, play, replace, withPilot } from "../helpers/pilot.js";

const MEMBERS = 66;

/** What is told of a scene, and what is compared with the chain, with the value that it must have. */
interface Scene {
  readonly sentence: string;
  readonly compared: Readonly<Record<string, unknown>>;
}

const SCENES: Readonly<Record<string, Scene>> = {
  "a motion that is tabled": {
    sentence:
      "member 9 tabled a plan for the year, and 3 members endorsed it; they signed, and somebody else brought the signatures and paid",
    compared: { "plan: endorsements of revision 1": 3 },
  },
  "an edit that clears endorsements": {
    sentence:
      "member 9 edited the plan: it is open for amendments for the whole time again, and had to be endorsed again, since nobody had endorsed this text",
    compared: {
      "plan: endorsements after the edit": 0,
      "plan: open for amendments longer after the edit": true,
      "plan: endorsements of revision 2": 3,
    },
  },
  "the refusal of an amendment against an old revision": {
    sentence:
      "refused – member 20, an amendment against revision 1 of the plan. It was written against revision 1, and the text is at revision 2 by now.",
    compared: { "refused – member 20, an amendment against revision 1 of the plan": "AmendmentsStale" },
  },
  "an amendment": { sentence: 'member 12 moved amendment 1, "monthly", to the plan', compared: {} },
  "one that competes with it": {
    sentence: 'member 13 moved amendment 2, "examined", to the plan',
    compared: {},
  },
  "an amendment to an amendment": {
    sentence: 'member 15 moved amendment 3, "regions", to amendment 1',
    compared: { "plan: amendments that are open": 3 },
  },
  "the refusal of a third level": {
    sentence:
      "refused – member 21, an amendment to amendment 3. Amendments to the motion can be amended, and no others: there is no third level.",
    compared: { "refused – member 21, an amendment to amendment 3": "AmendmentsTooDeep" },
  },
  "the end of the notice": { sentence: "the plan is closed for amendments", compared: {} },
  "the refusal of a second question": {
    sentence:
      "refused – member 22, the next amendment to the vote. Amendment 3 is before the members; the next has its turn when that one is settled.",
    compared: { "refused – member 22, the next amendment to the vote": "AmendmentsQuestionOpen" },
  },
  "the second level first": {
    sentence: 'amendment 3, "regions", was adopted: 23 for, 6 against, 2 abstain',
    compared: {
      'amendment "regions": votes': "23 for, 6 against, 2 abstain",
      'amendment "regions": times rebased': 0,
      'amendment "regions": became': "adopted",
    },
  },
  "the amendment as it was amended": {
    sentence: 'amendment 1, "monthly", was adopted: 19 for, 10 against, 2 abstain',
    compared: {
      'amendment "monthly": votes': "19 for, 10 against, 2 abstain",
      'amendment "monthly": times rebased': 0,
      'amendment "monthly": became': "adopted",
    },
  },
  "one that is stale and rebased": {
    sentence:
      'amendment 2, "examined", was written against revision 2 and is stale; member 13 wrote it anew against revision 3, and it keeps its number and its turn',
    compared: { 'amendment "examined": state once it was rebased': "open" },
  },
  "its rejection": {
    sentence: 'amendment 2, "examined", as it was written anew, was rejected: 10 for, 19 against, 2 abstain',
    compared: {
      'amendment "examined": votes': "10 for, 19 against, 2 abstain",
      'amendment "examined": times rebased': 1,
      'amendment "examined": became': "rejected",
      "plan: order in which amendments came before the members": "regions, monthly, examined",
    },
  },
  "the decision on the plan": {
    sentence:
      "revision 3, which the members had written together, was put to the vote and adopted: 22 for, 7 against, 2 abstain; it is resolution 1",
    compared: {
      "plan: votes": "22 for, 7 against, 2 abstain",
      "plan: revisions": 3,
      "plan: text that the members adopted": "plan-regions",
      "plan: byte for byte the file of the story": true,
      "plan: text of the resolution": "plan-regions",
      "plan: stages": "draft, tabled, closed for amendments, put to the vote, decided",
      "plan: revisions that the events tell of": 3,
    },
  },
  "the refusal of a statement by who voted For": {
    sentence:
      "refused – member 4, a statement on the plan. Statements are for those who voted against; this member voted for.",
    compared: { "refused – member 4, a statement on the plan": "MinorityStatementsNotAgainst" },
  },
  "a statement": {
    sentence: "member 30, who had voted against the plan, filed a statement that says why",
    compared: { "statement: byte for byte the file of the story": true },
  },
  "those who stand behind it": {
    sentence:
      "4 other members who had voted against it stand behind the statement: one transaction brought their signatures",
    compared: { "statement: members who stand behind it": 5 },
  },
  "the record of the outcome": {
    sentence:
      "the window for statements is over and the record of the outcome complete, votes, statement and signatures under one digest; a recount from the chain's events comes to the same",
    compared: {
      "statement: votes For of the record": 22,
      "statement: votes Against of the record": 7,
      "statement: votes Abstain of the record": 2,
      "statement: statements of the record": 1,
      "statement: record complete after the window": true,
      "statement: differences of a recount from the events": "",
    },
  },
  "the first clauses": {
    sentence:
      'the members enacted the first 3 clauses of the document "Charter", by an amendment: 29 for, 1 against, 1 abstain',
    compared: {
      'charter: "first": votes': "29 for, 1 against, 1 abstain",
      "charter: version after the first decision": 1,
    },
  },
  "two motions about one clause": {
    sentence:
      'members 6 and 7 tabled "Meetings at changing hours" and "Minutes within fourteen days": both change clause 2',
    compared: {},
  },
  "both of them passing": {
    sentence:
      'both passed, 27 for, 3 against, 1 abstain and 26 for, 3 against, 2 abstain; the one on "Meetings at changing hours" was carried out',
    compared: {
      'charter: "sooner": votes': "27 for, 3 against, 1 abstain",
      'charter: "later": votes': "26 for, 3 against, 2 abstain",
      'charter: state of the decision on "later" before it is sent back': "Queued",
    },
  },
  "the refusal of the second": {
    sentence:
      'refused – anybody, to carry out "Minutes within fourteen days". Clause 2 no longer reads as it did when this was written: another decision has changed it since.',
    compared: { 'refused – anybody, to carry out "Minutes within fourteen days"': "CharterClauseMoved" },
  },
  "its return": {
    sentence:
      'anyone sent "Minutes within fourteen days" back: it is tabled again, and nothing of it is lost',
    compared: { 'charter: stage of "later" once it was sent back': "tabled" },
  },
  "its rebase": {
    sentence: "member 7 wrote it against clause 2 as it reads now, so that both changes stand side by side",
    compared: {},
  },
  "its adoption": {
    sentence:
      "the members adopted it, 28 for, 1 against, 2 abstain, and it was carried out: clause 2 says both",
    compared: {
      'charter: "later", rebased: votes': "28 for, 1 against, 2 abstain",
      'charter: revisions of "later"': 3,
      'charter: stage of "later" at the end': "decided",
    },
  },
  "the charter from its events": {
    sentence:
      "the charter was rebuilt from the chain's events alone: 3 versions, each clause with the decision that enacted it, as the contract has them",
    compared: {
      "charter: versions": 3,
      ...versionOf(1, "first", "clause-opens, clause-meetings, clause-dissent"),
      ...versionOf(2, "sooner", "clause-opens, clause-meetings-hours, clause-dissent"),
      ...versionOf(3, "later", "clause-opens, clause-meetings-both, clause-dissent"),
    },
  },
};

function versionOf(version: number, by: string, clauses: string): Record<string, unknown> {
  return {
    [`charter: version ${version} enacted by`]: by,
    [`charter: clauses of version ${version}`]: clauses,
    [`charter: clauses of version ${version}, byte for byte the story's`]: 3,
    [`charter: version ${version} from the events`]: "same",
  };
}

/** Compared with what only the run knows. */
const OF_THE_RUN = ["statement: digest of the recount"];

/** What `sha256sum` shows of a text, as the chain has it. */
const sha256 = (file: string) =>
  `0x${createHash("sha256")
    .update(readFileSync(`pilot/motions/${file}.md`))
    .digest("hex")}`;

describe("Pilot: the members write together what they decide on", function () {
  this.timeout(240_000);

  let connection: NetworkConnection;
  let report: Report;
  let markdown: string;
  let json: string;

  before(async () => {
    connection = await network.create();
    ({ report, markdown, json } = await play(connection, "pilot", {
      motions: readMotions("pilot", MEMBERS),
    }));
  });

  after(() => connection.close());

  it("finds everything as it must be", () => {
    expect(differing(report)).to.deep.equal([]);
    expect(report.ok).to.equal(true);
  });

  it("tells these scenes, one after the other, and no other", () => {
    expect(report.motions?.told.map(({ sentence }) => sentence)).to.deep.equal(
      Object.values(SCENES).map(({ sentence }) => sentence),
    );
    const moments = report.motions?.told.map(({ at }) => at) ?? [];
    expect(moments).to.deep.equal([...moments].sort((one, other) => one - other));
  });

  for (const [name, { sentence, compared }] of Object.entries(SCENES)) {
    it(`plays ${name}`, () => {
      const names = Object.keys(compared);
      expect(markdown).to.include(`: ${sentence}\n`);
      const found = report.comparisons.filter(({ what }) => names.includes(what));
      expect(found).to.have.deep.members(
        Object.entries(compared).map(([what, value]) => {
          const expected = String(value);
          return { what, expected, actual: expected, ok: true };
        }),
      );
    });
  }

  it("compares nothing that no scene names, but for what only the run knows", () => {
    const known = [...Object.values(SCENES).flatMap(({ compared }) => Object.keys(compared)), ...OF_THE_RUN];
    const first = report.comparisons.findIndex(({ what }) => what.startsWith("plan: "));
    expect(report.comparisons.slice(first).map(({ what }) => what)).to.have.members(known);
  });

  context("given the chain that it was played on", () => {
    it("holds the digests of the story's files", async () => {
      const { ethers } = connection;
      const motions = await ethers.getContractAt("Motions", report.contracts.motions);
      const charter = await ethers.getContractAt("Charter", report.contracts.charter);
      const statements = await ethers.getContractAt("MinorityStatements", report.contracts.statements);
      const { text, purpose } = await motions.motionOf(1);
      expect([text, purpose]).to.deep.equal([sha256("plan-regions"), sha256("plan-purpose")]);
      expect((await statements.statementOf(1)).digest).to.equal(sha256("statement"));
      const [, numbers, digests] = await charter.versionOf(1, 3);
      expect([...numbers]).to.deep.equal([1n, 2n, 3n]);
      const files = ["clause-opens", "clause-meetings-both", "clause-dissent"];
      expect([...digests]).to.deep.equal(files.map(sha256));
    });

    it("holds the record and the decisions that the report names", async () => {
      const { ethers } = connection;
      const { motions: played } = report;
      const statements = await ethers.getContractAt("MinorityStatements", report.contracts.statements);
      const { record } = await statements.outcomeOf(BigInt(played?.plan.proposalId ?? 0));
      expect(played?.statement).to.deep.include({ by: 30, signers: 5, record });
      const charter = await ethers.getContractAt("Charter", report.contracts.charter);
      for (const { version, proposalId } of played?.charter.versions ?? []) {
        expect((await charter.versionOf(1, version))[0].decision).to.equal(BigInt(proposalId));
      }
    });

    it("has taken no transaction of a member for any of it", async () => {
      const { ethers } = connection;
      const motions = await ethers.getContractAt("Motions", report.contracts.motions);
      const [relayer] = await ethers.getSigners();
      const events = await motions.queryFilter(motions.filters.MotionEndorsed());
      const senders = await Promise.all(
        events.map(
          async ({ transactionHash }) => (await ethers.provider.getTransaction(transactionHash))?.from,
        ),
      );
      expect(new Set(senders)).to.deep.equal(new Set([relayer.address]));
    });

    it("refuses again what it refused, to who asks as the data say", async () => {
      const refused = report.motions?.refused ?? [];
      expect(refused).to.have.length(5);
      for (const { from, to, data, block, code } of refused) {
        const blockTag = `0x${block.toString(16)}`;
        const asked = { method: "eth_call", params: [{ from, to, data }, blockTag] };
        const told = await connection.provider.request(asked).then(
          () => "not refused",
          (error: Error) => error.message,
        );
        expect(told).to.contain(`custom error '${code}(`);
      }
    });
  });

  context("given the report", () => {
    it("says how the plan came to its text", () => {
      expect(markdown).to.contain(
        `| 3 | amendment 1, "monthly" | motions/plan-regions.md | ${sha256("plan-regions")} |`,
      );
      expect(markdown).to.contain(
        '| 1 | 3, "regions" | member 15 | "monthly" | no | 23 for, 6 against, 2 abstain | adopted |',
      );
      expect(markdown).to.contain(
        '| 3 | 2, "examined" | member 13 | the plan | yes | 10 for, 19 against, 2 abstain | rejected |',
      );
      expect(markdown).to.contain("- Before: One training a quarter, open to everybody and free of charge.");
      expect(markdown).to.contain("- Now: One training every second month, open to everybody");
    });

    it("says what the minority said, and how the charter reads", () => {
      expect(markdown).to.contain(
        "Statement 1, filed by member 30; 5 members who voted against the plan stand behind it.",
      );
      expect(markdown).to.contain(
        "- Clause 2, as of version 3: The coalition meets once a month, each time at another hour.",
      );
      expect(markdown).to.contain("- Clause 3, as of version 1: What the coalition publishes");
    });

    it("lists what was refused among the refusals, with the block to try it at", () => {
      const list = markdown.slice(markdown.indexOf("## Refused"), markdown.indexOf("## Motions"));
      for (const { code, block } of report.motions?.refused ?? []) {
        expect(list).to.contain(`(${code}, block ${block})`);
      }
    });

    it("is in the data, too", () => {
      expect(JSON.parse(json)).to.deep.include({ motions: report.motions });
    });
  });

  context("when the members vote otherwise than the story says", () => {
    it("goes on with what they decided, and finds the differences", async () => {
      const other = await network.create();
      const from = 'ballots: { for: "27-36", against: "1-10, 18-26", abstain: "37-38" }';
      const to = 'ballots: { for: "1-10, 18-26", against: "27-36", abstain: "37-38" }';
      try {
        await withPilot([["motions.json5", replace(from, to)]], async (folder) => {
          const { report: played } = await play(other, "pilot", { motions: readMotions(folder, MEMBERS) });
          expect(differing(played)).to.deep.equal([
            'amendment "examined": became',
            "plan: revisions",
            "plan: text that the members adopted",
            "plan: byte for byte the file of the story",
            "plan: text of the resolution",
            "plan: revisions that the events tell of",
          ]);
          expect(played.motions?.plan.revisions.at(-1)).to.deep.include({
            revision: 4,
            by: 'amendment 2, "examined"',
            text: "motions/plan-regions-examined.md",
          });
        });
      } finally {
        await other.close();
      }
    });
  });
});
