import type { AddressBook } from "../address-book.js";
import type { Attempted } from "./attempts.js";
import type { Comparison } from "./expectations.js";
import type { DecisionFigures, Figures } from "./figures.js";
import type { ForumFigures } from "./forum/play.js";
import type { MotionFigures } from "./motions/figures.js";
import { motionBlocks } from "./motions/report.js";
import type { Source } from "./reader.js";
import type { Told } from "./roll/act.js";
import { counted, date, percent } from "./words.js";

/** What a pilot found, as it is written to `reports/pilot.json`. */
export interface Report {
  readonly title: string;
  readonly coalition: string;
  readonly ok: boolean;
  readonly network: { readonly name: string; readonly chainId: number; readonly ephemeral: boolean };
  readonly parameters: string;
  /** Of which the keys were derived; none where they were random. */
  readonly seed?: string;
  readonly contracts: AddressBook["contracts"];
  readonly figures: Figures;
  readonly refused: readonly Attempted[];
  /** What happened after the first weeks; none where it was not played. */
  readonly roll?: readonly Told[];
  /** What the members of a larger coalition decided; none where it was not played. */
  readonly assembly?: readonly Told[];
  /** Whom the members elected; none where it was not played. */
  readonly elections?: readonly Told[];
  /** What the members wrote together and decided on; none where it was not played. */
  readonly motions?: MotionFigures;
  /** What was said, and what came of it; none where it was not played. */
  readonly forum?: ForumFigures;
  readonly comparisons: readonly Comparison[];
}

/** A piece of the summary; it is shown on the screen and in Markdown. */
export type Block =
  | { readonly heading: string }
  | { readonly text: string }
  | { readonly list: readonly string[] }
  | { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

const EPHEMERAL =
  " This chain ended with the command: to read the figures again, play on one that stays (npm run chain, then --network localhost).";

/** What a decision is, by what it does. */
const CLASS_WORDS: Readonly<Record<string, string>> = {
  motionAmendment: "A change of a motion",
  resolution: "A resolution",
  action: "An action",
  appeal: "An appeal",
  amendment: "An amendment",
};

const number = (value: number) => value.toLocaleString("en");

/** The summary; a figure in square brackets is the number of its source. */
export function summary(report: Report): Block[] {
  const { figures, contracts, network } = report;
  return [
    { heading: report.title },
    {
      text:
        `${report.coalition} on ${network.ephemeral ? "a chain inside the command" : network.name} (chain ${network.chainId}), read at block ${figures.block}, ` +
        `${date(figures.time)}. Parameters: ${report.parameters}. A number in square brackets says where a figure can be read again: see the end.`,
    },
    { head: ["contract", "address"], rows: Object.entries(contracts) },
    ...rollBlocks(figures),
    ...figures.decisions.flatMap((decision) => decisionBlocks(decision)),
    { heading: "Refused" },
    {
      text:
        "Tried out as a wallet does before it sends. To try again: eth_call at the block named, with the sender, " +
        "address and data in pilot.json.",
    },
    {
      list: [...report.refused, ...(report.motions?.refused ?? []), ...(report.forum?.refused ?? [])].map(
        ({ who, what, sentence, code, block }) => `${who}, ${what}: ${sentence} (${code}, block ${block})`,
      ),
    },
    ...rollInFullBlocks(report),
    ...assemblyBlocks(report),
    ...electionBlocks(report),
    ...motionBlocks(report.motions),
    ...forumBlocks(report),
    { heading: "What it cost" },
    { text: `Gas by operation [${figures.gas.source}].` },
    {
      head: ["operation", "times", "min", "median", "max"],
      rows: figures.gas.value.map((one) => [
        one.operation,
        number(one.times),
        number(one.min),
        number(one.median),
        number(one.max),
      ]),
    },
    { heading: "What the story says, and what the chain says" },
    {
      head: ["what", "story", "chain", ""],
      rows: report.comparisons.map((one) => [one.what, one.expected, one.actual, one.ok ? "ok" : "DIFFERS"]),
    },
    { heading: "Where to read it again" },
    {
      text: `Where no other block is named, at block ${figures.block}.${network.ephemeral ? EPHEMERAL : ""}`,
    },
    { list: figures.decisions.map(({ id, proposalId }) => `${id} is the proposal ${proposalId}`) },
    {
      head: ["", "where"],
      rows: figures.sources.map((source) => [`[${source.number}]`, where(source, figures)]),
    },
  ];
}

/** Beside voting: told in the order of time. Everything that it says is compared with the chain below. */
function rollInFullBlocks({ roll }: Report): Block[] {
  if (roll === undefined) return [];
  return [
    { heading: "The roll in full" },
    {
      text: "What members do beside voting, played after the first weeks. What must be so, and what the chain says, is in the table of comparisons.",
    },
    { list: roll.map(({ at, sentence }) => `${date(at)}: ${sentence}`) },
  ];
}

/** Decisions of every kind: told in the order of time, and compared like the roll. */
function assemblyBlocks({ assembly }: Report): Block[] {
  if (assembly === undefined) return [];
  return [
    { heading: "A larger coalition decides" },
    {
      text: "Played on a second coalition with the same parameters. What must be so, and what the chain says, is in the table of comparisons.",
    },
    { list: assembly.map(({ at, sentence }) => `${date(at)}: ${sentence}`) },
  ];
}

/** Elections: told in the order of time, and compared like the roll. */
function electionBlocks({ elections }: Report): Block[] {
  if (elections === undefined) return [];
  return [
    { heading: "The members elect" },
    {
      text: "Played on the coalition of the first weeks. Each election is recounted from the chain's events; what must be so, and what the chain says, is in the table of comparisons.",
    },
    { list: elections.map(({ at, sentence }) => `${date(at)}: ${sentence}`) },
  ];
}

/** Forum and cases: told in the order of time, and compared like the roll. */
function forumBlocks({ forum }: Report): Block[] {
  if (forum === undefined) return [];
  return [
    { heading: "The members talk" },
    {
      text: "Played on the coalition of the first weeks. Every post is a text of the story and stands on chain by its sha2-256 digest. What must be so, and what the chain says, is in the table of comparisons.",
    },
    { list: forum.told.map(({ at, sentence }) => `${date(at)}: ${sentence}`) },
  ];
}

function rollBlocks({ roll, maturity, electoratesSource, rotations, keysSource }: Figures): Block[] {
  const { directly, request } = roll.joined.value;
  return [
    { heading: "The roll" },
    {
      text:
        `${counted(roll.total.value, "member")} [${roll.total.source}]: ${directly} joined by themselves, ` +
        `${request} by a request that somebody else paid for [${roll.joined.source}]. ` +
        `${counted(rotations.value.length, "member")} moved to a new key and votes with it [${rotations.source}]; ` +
        `the old one holds nothing [${keysSource}]. ` +
        `Version ${roll.codeVersion.value} of the Code of Conduct is in force [${roll.codeVersion.source}].`,
    },
    {
      head: ["stakeholder group", `members [${roll.byGroup.source}]`],
      rows: roll.byGroup.value.map(({ group, members }) => [group, number(members)]),
    },
    { heading: "How the votes matured" },
    {
      text: "Votes mature at boundaries, in the order of joining, and no boundary lets more of them mature than its limit. A dash stands for a boundary that is still to come.",
    },
    {
      head: [
        `boundary [${maturity.source}]`,
        "votes",
        "limit",
        `electorate from then on [${electoratesSource}]`,
      ],
      rows: maturity.value.map(({ at, votes, most, electorate }) => [
        date(at),
        number(votes),
        number(most),
        electorate === undefined ? "–" : number(electorate),
      ]),
    },
  ];
}

function decisionBlocks(decision: DecisionFigures): Block[] {
  const { count, electorate, quorum, opened, closed, proposer, state, changed, approvalBps } = decision;
  const { value } = count;
  const ballots = value.for + value.against + value.abstain;
  const changes = decision.changes.value
    .map(
      (one) =>
        ` Member ${one.number} changed the ballot [${changed.source}]; it counts once, ${one.counts} [${decision.changes.source}].`,
    )
    .join("");
  const groups = decision.byGroup.source;
  return [
    { heading: decision.title },
    { text: `${sentence(decision)} State: ${state.value} [${state.source}].` },
    {
      text:
        `${CLASS_WORDS[decision.class.value] ?? decision.class.value} [${decision.class.source}], proposed by member ${proposer.value} [${proposer.source}]; open from ${date(opened.value)} [${opened.source}] to ${date(closed.value)} [${closed.source}]. ` +
        `${ballots} of ${electorate.value} [${electorate.source}] voted (${percent(ballots, electorate.value)}); ` +
        `For and Abstain needed ${quorum.value} [${quorum.source}], and For more than ${approvalBps.value / 100} % of those who took sides [${approvalBps.source}].${concurrence(decision)}${changes}`,
    },
    {
      head: [
        `stakeholder group [${groups}]`,
        `electorate [${decision.electoratesSource}]`,
        "for",
        "against",
        "abstain",
        "turnout",
      ],
      rows: [
        ...decision.byGroup.value.map(({ group, electorate: votes, count: sides }) => [
          group,
          number(votes),
          number(sides.for),
          number(sides.against),
          number(sides.abstain),
          percent(sides.for + sides.against + sides.abstain, votes),
        ]),
        [
          `All [${count.source}]`,
          number(electorate.value),
          number(value.for),
          number(value.against),
          number(value.abstain),
          percent(ballots, electorate.value),
        ],
      ],
    },
    {
      head: ["on chain", "before", "after"],
      rows: decision.effects.map(({ what, before, after }) => [
        what,
        `${before.value} [${before.source}]`,
        `${after.value} [${after.source}]`,
      ]),
    },
  ];
}

function sentence({ outcome, count, quorum, state, approvalFloor, agreement }: DecisionFigures): string {
  const { value } = count;
  switch (outcome) {
    case "passed":
      return `Passed, ${value.for} For to ${value.against} Against${state.value === "Executed" ? ", and carried out by the timelock" : ""}.`;
    case "no quorum":
      return `Failed for want of a quorum: For and Abstain are ${value.for + value.abstain}, needed were ${quorum.value}.`;
    case "too little approval":
      return `Failed for want of approval: ${value.for} For, needed were ${approvalFloor}.`;
    case "rejected":
      return `Rejected, ${value.for} For to ${value.against} Against.`;
    case "no concurrence":
      return `Failed for want of concurrence, ${value.for} For to ${value.against} Against: ${agreement.value.agreeing} of the groups agreed, needed were ${agreement.value.needed}.`;
  }
}

/** What the groups had to say on their own, where the rules ask them. */
function concurrence({ agreement }: DecisionFigures): string {
  const { heard, agreeing, needed } = agreement.value;
  if (needed === 0) return "";
  return ` Of ${counted(heard, "group")} large enough to be heard ${agreeing} agreed; it takes ${needed} [${agreement.source}].`;
}

function where(
  { contract, address, function: name, arguments: given, how, block }: Source,
  figures: Figures,
): string {
  const at = block === figures.block ? "" : `, block ${block}`;
  if (contract === undefined) return `${how}${at}`;
  const names = new Map(figures.decisions.map(({ id, proposalId }) => [proposalId, id]));
  const shown = (given ?? []).map((argument) => names.get(argument) ?? argument);
  return `${contract} ${address}: ${name}(${shown.join(", ")})${at}`;
}

/** The summary for a screen. */
export function toText(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if ("heading" in block) return `\n${block.heading}\n${"-".repeat(block.heading.length)}`;
      if ("text" in block) return wrap(block.text);
      if ("list" in block) return block.list.map((item) => wrap(item, "- ", "  ")).join("\n");
      return aligned(
        block.head,
        block.rows.map((row) => row.map(shorten)),
      );
    })
    .join("\n");
}

/** The summary as Markdown. */
export function toMarkdown(blocks: readonly Block[]): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const parts = blocks.map((block, index) => {
    if ("heading" in block) return `${index === 0 ? "#" : "##"} ${block.heading}`;
    if ("text" in block) return block.text;
    if ("list" in block) return block.list.map((item) => `- ${item}`).join("\n");
    return [row(block.head), row(block.head.map(() => "---")), ...block.rows.map(row)].join("\n");
  });
  return `${parts.join("\n\n")}\n`;
}

const WIDTH = 110;

/** Lines of a text, the first after one indent and the others after another. */
function wrap(text: string, first = "", others = first): string {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && line.length + word.length >= WIDTH) {
      lines.push(line.trimEnd());
      line = others;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join("\n");
}

/** Digests and large numbers are cut on a screen; the files have them whole. */
function shorten(cell: string): string {
  return cell.replace(/\b(0x[0-9a-f]{8})[0-9a-f]{56}\b/g, "$1…");
}

function aligned(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const numeric = head.map((_, column) => rows.every((row) => /^[\d,.]+( %)?$|^–$/.test(row[column])));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          numeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join("\n");
}
