import type { Measurement } from "./gas-judge.js";
import { OPERATIONS, type OperationId } from "./gas-operations.js";

/** What gas costs on a chain. Everything that docs/scale.md says of money follows from these figures. */
export interface Prices {
  readonly chain: string;
  /** Of a unit of gas, in gwei. */
  readonly gwei: number;
  /** What the chain charges for a byte of a transaction on top, in gwei; 0 where gas is all there is. */
  readonly gweiPerByte: number;
  /** Of an ether, in US dollars. */
  readonly dollars: number;
}

/** Round figures, assumed on this day; look up what holds on yours. */
const ASSUMED = "25 November 2026";
export const PRICES: readonly Prices[] = [
  { chain: "Ethereum", gwei: 1, gweiPerByte: 0, dollars: 3_000 },
  { chain: "a public L2", gwei: 0.01, gweiPerByte: 0.05, dollars: 3_000 },
];

/** A line of the curve: what one act costs, or one member's share of a decision. */
interface Line {
  readonly title: string;
  readonly operation: OperationId;
  readonly colour: string;
  /** The figure is a sum over all members; the line shows the share of one. */
  readonly shared?: boolean;
  /** Bytes of a transaction of the kind, or of one member's part of it. */
  readonly bytes: number;
}

// An ordinary transaction is about 110 bytes and its call data; of a batch, a ballot is its signature.
const BARE = 110;
const SIGNATURE = 64;
const word = (count: number): number => 4 + 32 * count;

/** Of each act, in the order of the table. */
export const LINES: readonly Line[] = [
  { title: "castVote", operation: "castVoteLater", colour: "#1f77b4", bytes: BARE + word(2) },
  { title: "relayed ballot", operation: "relayedBallot", colour: "#2ca02c", bytes: SIGNATURE },
  { title: "join", operation: "join", colour: "#9467bd", bytes: BARE + word(4) },
  { title: "propose", operation: "propose", colour: "#8c564b", bytes: BARE + word(17) },
  { title: "queue + execute", operation: "queueAndExecute", colour: "#7f7f7f", bytes: 2 * (BARE + word(13)) },
  {
    title: "whole decision, per member, direct",
    operation: "wholeDecision",
    colour: "#d62728",
    shared: true,
    bytes: BARE + word(2),
  },
  {
    title: "whole decision, per member, relayed",
    operation: "wholeDecisionRelayed",
    colour: "#ff7f0e",
    shared: true,
    bytes: SIGNATURE,
  },
];

interface Point {
  readonly members: number;
  readonly gas: number;
}

/** The figures of a line, by number of members. */
export function pointsOf({ operation, shared }: Line, measurements: readonly Measurement[]): Point[] {
  return measurements
    .filter((measurement) => measurement.operation === operation)
    .map(({ members, ours }) => ({ members, gas: Math.round(shared ? ours / members : ours) }))
    .sort((a, b) => a.members - b.members);
}

/** What an act costs, in US dollars. */
export function dollarsOf(gas: number, bytes: number, { gwei, gweiPerByte, dollars }: Prices): number {
  return (gas * gwei + bytes * gweiPerByte) * 1e-9 * dollars;
}

/** Weeks from the first boundary until so many votes are mature, if enough people want to join. */
export function weeksTo(electorate: number, floor: number, shareBps: number): number {
  let [mature, weeks] = [0, 0];
  for (; mature < electorate; weeks++) mature += Math.max(floor, Math.floor((mature * shareBps) / 10_000));
  return weeks;
}

const MANY = 100_000;
const BATCH = 1_000;
const QUORUM_BPS = 2_000;
const [FLOOR, SHARE_BPS] = [25, 1_000];

/** What a decision of 10^5 members comes to. */
export function arithmetic(measurements: readonly Measurement[], prices: Prices) {
  const largest = (operation: OperationId): number => {
    const points = measurements.filter((measurement) => measurement.operation === operation);
    const last = points.sort((a, b) => a.members - b.members).at(-1);
    if (last === undefined) throw new Error(`${operation} was not measured`);
    return last.ours;
  };
  const per = measurements
    .filter(({ operation }) => operation === "wholeDecisionRelayed")
    .sort((a, b) => a.members - b.members)
    .at(-1);
  if (per === undefined) throw new Error("no relayed decision was measured");
  const fixed = largest("propose") + largest("endorse") + largest("endorseLast") + largest("queueAndExecute");
  const ballot = Math.round((per.ours - fixed) / per.members);
  const decision = (ballots: number) => {
    const gas = fixed + ballots * ballot;
    const bytes = ballots * SIGNATURE;
    return {
      ballots,
      gas,
      bytes,
      batches: Math.ceil(ballots / BATCH),
      dollars: dollarsOf(gas, bytes, prices),
    };
  };
  return {
    ballot,
    fixed,
    batchGas: ballot * BATCH,
    all: decision(MANY),
    quorum: decision((MANY * QUORUM_BPS) / 10_000),
    directGas: fixed + MANY * largest("castVoteLater"),
    direct: dollarsOf(fixed + MANY * largest("castVoteLater"), MANY * (BARE + word(2)), prices),
    weeks: weeksTo(MANY, FLOOR, SHARE_BPS),
  };
}

const MARKS = ["curve", "prices", "arithmetic"] as const;
const begin = (mark: string): string => `<!-- ${mark}: written by npm run snapshot -->`;
const end = (mark: string): string => `<!-- ${mark}: end -->`;

/** The document with the tables that belong to these figures. */
export function insertScale(document: string, measurements: readonly Measurement[]): string {
  const tables = {
    curve: curveTable(measurements),
    prices: priceTable(measurements),
    arithmetic: arithmeticTable(measurements),
  };
  return MARKS.reduce((text, mark) => {
    const [from, to] = [text.indexOf(begin(mark)), text.indexOf(end(mark))];
    if (from === -1 || to < from) throw new Error(`the document has no place for the ${mark}`);
    return `${text.slice(0, from + begin(mark).length)}\n\n${tables[mark]}\n\n${text.slice(to)}`;
  }, document);
}

function curveTable(measurements: readonly Measurement[]): string {
  const lines = LINES.map((line) => ({ ...line, points: pointsOf(line, measurements) }));
  const sizes = [...new Set(lines.flatMap(({ points }) => points.map(({ members }) => members)))];
  sizes.sort((a, b) => a - b);
  return table(
    ["members", ...lines.map(({ title }) => title)],
    sizes.map((size) => [
      count(size),
      ...lines.map(({ points }) => {
        const gas = points.find(({ members }) => members === size)?.gas;
        return gas === undefined ? "" : count(gas);
      }),
    ]),
  );
}

function priceTable(measurements: readonly Measurement[]): string {
  const acts: [title: string, gas: number, bytes: number][] = [
    ...LINES.filter(({ shared }) => !shared).map((line): [string, number, number] => [
      line.title,
      pointsOf(line, measurements).at(-1)?.gas ?? 0,
      line.bytes,
    ]),
    ...(["endorse", "endorseLast"] as const).map((operation): [string, number, number] => [
      OPERATIONS[operation].title,
      pointsOf({ title: "", operation, colour: "", bytes: 0 }, measurements).at(-1)?.gas ?? 0,
      BARE + word(1),
    ]),
  ];
  const rows = table(
    ["step", "gas", ...PRICES.map(describePrices)],
    acts.map(([title, gas, bytes]) => [
      title,
      count(gas),
      ...PRICES.map((prices) => money(dollarsOf(gas, bytes, prices))),
    ]),
  );
  return `${rows}\n\nPrices assumed on ${ASSUMED}, in round figures.`;
}

function arithmeticTable(measurements: readonly Measurement[]): string {
  const prices = PRICES[PRICES.length - 1] as Prices;
  const sums = arithmetic(measurements, prices);
  const row = (title: string, { ballots, gas, bytes, batches, dollars }: typeof sums.all): string[] => [
    title,
    count(ballots),
    count(batches),
    count(gas),
    count(bytes),
    money(dollars),
  ];
  const rows = table(
    ["decision of 100,000 members", "ballots", "transactions of 1,000", "gas", "bytes", prices.chain],
    [
      row("every member votes, relayed", sums.all),
      row("a fifth votes, relayed", sums.quorum),
      [
        "every member votes directly",
        count(MANY),
        "",
        count(sums.directGas),
        count(MANY * (BARE + word(2))),
        money(sums.direct),
      ],
    ],
  );
  return [
    rows,
    "",
    `- One relayed ballot, fresh words included: ${count(sums.ballot)} gas, the ballots of the relayed decision at the largest number of members, divided by them; ${count(sums.batchGas)} for a transaction of 1,000.`,
    `- What a decision costs whoever votes: ${count(sums.fixed)} gas for proposing, two endorsements, queueing and executing.`,
    `- Weeks until 100,000 votes are mature, ${FLOOR} at a boundary or ${SHARE_BPS / 100} % of those that are, if people queue for them: ${count(sums.weeks)}.`,
  ].join("\n");
}

function describePrices({ chain, gwei, gweiPerByte, dollars }: Prices): string {
  const data = gweiPerByte === 0 ? "" : `, ${gweiPerByte} gwei a byte`;
  return `${chain}: ${gwei} gwei${data}, ether at $ ${count(dollars)}`;
}

const WIDTH = 860;
const HEIGHT = 480;
const BOX = { left: 80, right: 250, top: 30, bottom: 50 };

/** The curve as a picture: members and gas, both by their logarithm. */
export function renderChart(measurements: readonly Measurement[]): string {
  const lines = LINES.map((line) => ({ ...line, points: pointsOf(line, measurements) })).filter(
    ({ points }) => points.length > 0,
  );
  const [plotWidth, plotHeight] = [WIDTH - BOX.left - BOX.right, HEIGHT - BOX.top - BOX.bottom];
  const [fromX, toX, fromY, toY] = [1, 4, Math.log10(5_000), Math.log10(500_000)];
  const x = (members: number): string =>
    (BOX.left + ((Math.log10(members) - fromX) / (toX - fromX)) * plotWidth).toFixed(1);
  const y = (gas: number): number =>
    Number((BOX.top + (1 - (Math.log10(gas) - fromY) / (toY - fromY)) * plotHeight).toFixed(1));
  const text = (at: string, words: string, more = ""): string =>
    `  <text ${at} font-size="12" fill="#333"${more}>${words}</text>`;
  const grid = [
    ...[10, 100, 300, 1_000, 3_000, 10_000].flatMap((members) => [
      `  <line x1="${x(members)}" y1="${BOX.top}" x2="${x(members)}" y2="${HEIGHT - BOX.bottom}" stroke="#ddd"/>`,
      text(`x="${x(members)}" y="${HEIGHT - BOX.bottom + 18}"`, count(members), ' text-anchor="middle"'),
    ]),
    ...[5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000].flatMap((gas) => [
      `  <line x1="${BOX.left}" y1="${y(gas)}" x2="${WIDTH - BOX.right}" y2="${y(gas)}" stroke="#ddd"/>`,
      text(`x="${BOX.left - 8}" y="${y(gas) + 4}"`, count(gas), ' text-anchor="end"'),
    ]),
    text(`x="${BOX.left + plotWidth / 2}" y="${HEIGHT - 10}"`, "members", ' text-anchor="middle"'),
    text(`x="${BOX.left - 8}" y="18"`, "gas", ' text-anchor="end"'),
  ];
  const drawn = lines.flatMap(({ points, colour }) => [
    `  <polyline points="${points.map(({ members, gas }) => `${x(members)},${y(gas)}`).join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(
      ({ members, gas }) => `  <circle cx="${x(members)}" cy="${y(gas)}" r="3" fill="${colour}"/>`,
    ),
  ]);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" role="img">`,
    "  <title>Gas by number of members</title>",
    `  <rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    ...drawn,
    ...legend(lines.map(({ title, colour, points }) => ({ title, colour, y: y(points.at(-1)?.gas ?? 1) }))),
    "</svg>",
  ].join("\n")}\n`;
}

/** Names beside the ends of the lines, moved apart where they would meet. */
function legend(lines: readonly { title: string; colour: string; y: number }[]): string[] {
  let last = 0;
  return [...lines]
    .sort((a, b) => a.y - b.y)
    .map(({ title, colour, y }) => {
      last = Math.max(y + 4, last + 15);
      return `  <text x="${WIDTH - BOX.right + 10}" y="${last.toFixed(1)}" font-size="12" fill="${colour}">${title}</text>`;
    });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : "---:"));
  return [head, rule, ...rows].map(line).join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function money(dollars: number): string {
  return `$ ${dollars >= 100 ? count(Math.round(dollars)) : dollars.toPrecision(2)}`;
}
