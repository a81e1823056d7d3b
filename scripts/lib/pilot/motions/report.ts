import type { Block } from "../report.js";
import { counted, date } from "../words.js";
import type { CharterFigures, MotionFigures, PlanFigures, StatementFigures } from "./figures.js";

/** Motions: told in the order of time, then what became of each text. Everything is compared with the chain below. */
export function motionBlocks(motions: MotionFigures | undefined): Block[] {
  if (motions === undefined) return [];
  return [
    { heading: "Motions, amendments and the charter" },
    {
      text: "Played on the coalition of the first weeks. Every text is a file of the story and stands on chain by its sha2-256 digest; the members signed what they did, and others brought it and paid for it. What must be so, and what the chain says, is in the table of comparisons.",
    },
    { list: motions.told.map(({ at, sentence }) => `${date(at)}: ${sentence}`) },
    ...planBlocks(motions.plan),
    ...statementBlocks(motions.statement),
    ...charterBlocks(motions.charter),
  ];
}

function planBlocks({ motion, proposalId, revisions, amendments, changes }: PlanFigures): Block[] {
  return [
    { heading: "How the plan came to its text" },
    {
      text: `Motion ${motion}, put to the vote as proposal ${proposalId}. Whoever has one of these files finds its digest with sha256sum.`,
    },
    {
      head: ["revision", "made by", "text", "digest"],
      rows: revisions.map(({ revision, by, text, digest }) => [String(revision), by, text, digest]),
    },
    {
      text: "Amendments come before the members one at a time, those to other amendments first, so that every vote is on a text that exists.",
    },
    {
      head: ["turn", "amendment", "moved by", "to", "written anew", "votes", "became"],
      rows: [...amendments]
        .sort((one, other) => one.turn - other.turn)
        .map(({ turn, number, name, by, to, rebased, votes, became }) => [
          turn === 0 ? "–" : String(turn),
          `${number}, "${name}"`,
          `member ${by}`,
          to,
          rebased === 0 ? "no" : "yes",
          votes,
          became,
        ]),
    },
    { text: "What the members changed of the text that its author put to them:" },
    {
      list: changes.flatMap(({ before, after }) => [
        `Before: ${before === "" ? "nothing" : before}`,
        `Now: ${after === "" ? "nothing" : after}`,
      ]),
    },
  ];
}

function statementBlocks({ number, by, signers, text, closedAt, until, record }: StatementFigures): Block[] {
  return [
    { heading: "What the minority said" },
    {
      text: `Statement ${number}, filed by member ${by}; ${counted(signers, "member")} who voted against the plan stand behind it. Its text is ${text}. The vote closed on ${date(closedAt)}, statements were taken until ${date(until)}, and the record of the outcome, which later documents cite, is ${record}.`,
    },
  ];
}

function charterBlocks({ document, versions }: CharterFigures): Block[] {
  const clauses = versions.flatMap(({ clauses: all }) => all.map(({ clause }) => clause));
  const last = versions.at(-1)?.clauses ?? [];
  return [
    { heading: `The document "${document}"` },
    {
      text: `${counted(versions.length, "version")} so far, with ${counted(new Set(clauses).size, "clause")}. Each version names the decision that enacted it:`,
    },
    {
      list: versions.map(
        ({ version, enactedAt, motion, proposalId }) =>
          `Version ${version}, ${date(enactedAt)}: "${motion}", proposal ${proposalId}`,
      ),
    },
    { text: "It reads now:" },
    { list: last.map(({ clause, text }) => `Clause ${clause}, ${since(versions, clause, text)}: ${text}`) },
  ];
}

/** Which version brought a wording. */
function since(versions: CharterFigures["versions"], clause: number, text: string): string {
  const found = versions.find(({ clauses }) =>
    clauses.some((one) => one.clause === clause && one.text === text),
  );
  return `as of version ${found?.version ?? 0}`;
}
