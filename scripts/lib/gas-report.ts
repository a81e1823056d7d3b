import { table } from "../checks/table.js";
import { SEED, START } from "./gas-chain.js";
import { judge, judgeGrowth, type Measurement } from "./gas-judge.js";
import { type Bar, OPERATIONS, type OperationId, SIZES } from "./gas-operations.js";

/** Between them lies the table in `docs/gas.md`. */
const [BEGIN, END] = ["<!-- gas table: written by npm run snapshot -->", "<!-- gas table: end -->"];

const HEAD = [
  "operation",
  ...SIZES.map((size) => `ours, ${count(size)}`),
  "growth",
  ...SIZES.map((size) => `OZ, ${count(size)}`),
  "ratio",
  "bar",
  "met",
];

/** For the shell. */
export function renderTable(measurements: readonly Measurement[]): string[] {
  return table(HEAD, rows(measurements));
}

/** For `docs/gas.md`. */
export function renderMarkdown(measurements: readonly Measurement[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = HEAD.map((_, column) => (column === 0 ? "---" : "---:"));
  return [HEAD, rule, ...rows(measurements)].map(line).join("\n");
}

/** The document with the table that belongs to these figures. */
export function insertTable(document: string, measurements: readonly Measurement[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`the document has no place between ${BEGIN} and ${END}`);
  const table = renderMarkdown(measurements);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${document.slice(end)}`;
}

/** `reports/gas.json`: every figure with its verdict. */
export function renderReport(measurements: readonly Measurement[], hardfork: string): string {
  const operations = judge(measurements).map((verdict) => ({
    operation: verdict.operation,
    title: verdict.title,
    members: verdict.members,
    ours: verdict.ours,
    baseline: verdict.baseline ?? null,
    ratio: verdict.ratio === undefined ? null : round(verdict.ratio),
    bar:
      verdict.bar === undefined ? null : { gas: verdict.bar.gas ?? null, ratio: verdict.bar.ratio ?? null },
    met: verdict.met ?? null,
    ...(verdict.known !== undefined && { known: verdict.known }),
  }));
  const growth = judgeGrowth(measurements).map((entry) => ({
    operation: entry.operation,
    from: entry.from,
    to: entry.to,
    growth: round(entry.growth),
    bar: entry.bar ?? null,
    met: entry.met ?? null,
  }));
  return `${JSON.stringify({ seed: SEED, start: START, hardfork, operations, growth }, null, 2)}\n`;
}

type Snapshot = Partial<Record<OperationId, Record<string, { ours: number; baseline?: number }>>>;

/** `test/snapshots/gas.json`: figures by operation and number of members. */
export function renderSnapshot(measurements: readonly Measurement[]): string {
  const snapshot: Snapshot = {};
  for (const { operation, members, ours, baseline } of measurements) {
    const sizes = snapshot[operation] ?? {};
    sizes[members] = { ours, ...(baseline !== undefined && { baseline }) };
    snapshot[operation] = sizes;
  }
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}

export function parseSnapshot(text: string): Measurement[] {
  const snapshot = JSON.parse(text) as Snapshot;
  return (Object.keys(snapshot) as OperationId[]).flatMap((operation) =>
    Object.entries(snapshot[operation] ?? {}).map(([members, figures]) => ({
      operation,
      members: Number(members),
      ...figures,
    })),
  );
}

function rows(measurements: readonly Measurement[]): string[][] {
  const verdicts = judge(measurements);
  const growths = judgeGrowth(measurements);
  return (Object.keys(OPERATIONS) as OperationId[]).flatMap((operation) => {
    const own = verdicts.filter((verdict) => verdict.operation === operation);
    if (own.length === 0) return [];
    const { title, bar } = OPERATIONS[operation];
    const growth = growths.find((entry) => entry.operation === operation);
    // What has no members yet is shown once, under the smallest size.
    const at = (size: number, figure: "ours" | "baseline"): string => {
      const members = own[0]?.members === 0 && size === SIZES[0] ? 0 : size;
      const value = own.find((verdict) => verdict.members === members)?.[figure];
      return value === undefined ? "" : count(value);
    };
    const judged = own.filter((verdict) => verdict.bar !== undefined);
    const ratios = (judged.length > 0 ? judged : own).flatMap(({ ratio }) =>
      ratio === undefined ? [] : [ratio],
    );
    return [
      [
        title,
        ...SIZES.map((size) => at(size, "ours")),
        growth === undefined ? "" : `${(growth.growth * 100).toFixed(1)} %`,
        ...SIZES.map((size) => at(size, "baseline")),
        ratios.length === 0 ? "" : Math.max(...ratios).toFixed(3),
        bar === undefined ? "" : describeBar(bar),
        bar === undefined
          ? ""
          : [...judged, ...(growth ? [growth] : [])].some(({ met }) => met === false)
            ? "NO"
            : "yes",
      ],
    ];
  });
}

function describeBar({ gas, ratio, from, growth }: Bar): string {
  const limits = [
    ...(gas === undefined ? [] : [`≤ ${count(gas)}`]),
    ...(ratio === undefined ? [] : [`≤ ${ratio.toFixed(2)}`]),
    ...(growth === undefined ? [] : [`+${growth * 100} %`]),
  ];
  return `${limits.join(", ")}${from === undefined ? "" : ` (from ${from})`}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
