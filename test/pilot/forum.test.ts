import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { readElections } from "../../scripts/lib/pilot/elections/data.js";
import { postsIn, readForum } from "../../scripts/lib/pilot/forum/data.js";
import type { Report } from "../../scripts/lib/pilot/report.js";
import { differing, play, replace, withPilot } from "../helpers/pilot.js";
import { refusal } from "../helpers/refusal.js";

const MEMBERS = 66;

const storyIn = (folder: string) => {
  const elections = readElections(folder, MEMBERS);
  return {
    elections,
    forum: readForum(
      folder,
      MEMBERS,
      elections.elections.map(({ name }) => name),
    ),
  };
};

/** What is told, in its order, but for what only the run knows. */
const TOLD = [
  /^the members enacted the first 3 clauses of the document "Code of Conduct"; 27 members accepted it/,
  /^the members said that panels are drawn from the "panel pool", 9 members; each committed/,
  /^Announcements: 8 posts, each signed by its author and brought by somebody else$/,
  /^Discussion: one transaction brought the debate "Which sector supplement first\?", 41 signed posts; a copy/,
  /^member 26 corrected a post; the first text stays on record/,
  /^refused – member \d+, to edit a post of member 26\. Only its author can edit a post/,
  /^member 28 of the pool hid a post at once/,
  /^nobody opened a case about it, and the post was seen again by itself$/,
  /^member 27 had a post erased that named people/,
  /^somebody complained of a post of member 22, by clause 2 of the Code; the member responded$/,
  /^a panel was drawn by lot: member \d+, member \d+ and member \d+, of 3 groups$/,
  /^two of three ruled: the post is hidden, and member 22 does not post for 30 days; the vote is as it was$/,
  /^refused – member 22, to post while suspended\. The right to post is suspended by case 1, until /,
  /^a panel was drawn by lot: member \d+, member \d+ and member \d+, of 3 groups$/,
  /^on the appeal three others made it 10 days, counted from the first ruling; the post stays hidden$/,
  /^the suspension ended by itself; member 22 posted again$/,
  /^everything that was said and decided was exported to one file, .* complete$/,
  /^tampered with – one byte is another\. Altered: /,
  /^tampered with – a post of list 2 is left out, and all digests are made anew\. Missing: record \d+ of list 2 /,
  /^tampered with – two posts of list 2 change places, and all digests are made anew\. Reordered: record \d+ of list 2 /,
] as const;

describe("Pilot: the members talk", function () {
  this.timeout(180_000);

  let connection: NetworkConnection;
  let report: Report;
  let markdown: string;

  before(async () => {
    connection = await network.create();
    ({ report, markdown } = await play(connection, "pilot", storyIn("pilot")));
  });

  after(() => connection.close());

  it("finds everything as it must be", () => {
    expect(differing(report)).to.deep.equal([]);
    expect(
      report.comparisons.filter(({ what }) => /^(?:forum|conduct|archive): /.test(what)).length,
    ).to.equal(31);
  });

  it("tells this, one after the other, and nothing else", () => {
    const told = report.forum?.told ?? [];
    expect(told.length).to.equal(TOLD.length);
    for (const [index, pattern] of TOLD.entries()) {
      expect(told[index]?.sentence).to.match(pattern);
      expect(markdown).to.include(told[index]?.sentence ?? "");
    }
  });

  it("names what was refused, with the call to try it again", () => {
    expect(report.forum?.refused.map(({ code }) => code)).to.deep.equal([
      "ForumNotAuthor",
      "SpeakersSuspended",
    ]);
  });

  context("given a story that is not whole", () => {
    for (const [name, from, to, told] of [
      [
        "a list of posts that is not there",
        'file: "forum/supplements.md" }',
        'file: "forum/none.md" }',
        "allowed: a Markdown file",
      ],
      ["a post that the thread has not", "post: 33", "post: 99", "allowed: a whole number from 1 to 41"],
      [
        "an appeal that lengthens",
        "days: 10, ruling",
        "days: 30, ruling",
        "allowed: a whole number from 1 to 29",
      ],
      ["a pool that nobody elects", 'office: "panel pool"', 'office: "judges"', 'allowed: "co-leads"'],
    ] as const) {
      it(`refuses ${name}, by file and key`, async () => {
        await withPilot([["forum.json5", replace(from, to)]], async (folder) => {
          const answer = await refusal(Promise.resolve().then(() => storyIn(folder)));
          expect(answer).to.contain(`${folder}/forum.json5: `).and.to.contain(told);
          expect(existsSync(join(folder, "forum.json5"))).to.equal(true);
        });
      });
    }

    for (const [text, told] of [
      ["A text", 'a thread begins with "## 1, member <number>"'],
      ["## 1, member 2\n\nText\n\n## 3, member 2, to 1\n\nText\n", "is out of order; allowed: number 2"],
      ["## 1, member 67\n\nText\n", "names a member; allowed: 1 to 66"],
      ["## 1, member 2, to 1\n\nText\n", "answers a post that is not above it"],
      ["## 1, member 2\n\n## 2, member 3, to 1\n\nText\n", "has no text below it"],
      ["## one\n\nText\n", 'is none; allowed: "## <number>, member <number>, to <number>"'],
    ] as const) {
      it(`refuses the thread ${JSON.stringify(text)}`, async () => {
        expect(await refusal(Promise.resolve().then(() => postsIn(text, "thread.md", MEMBERS)))).to.contain(
          told,
        );
      });
    }
  });
});
