import { type Bar, DRIFT_LIMIT, OPERATIONS, type Operation, type OperationId } from "./gas-operations.js";

/** A figure of ours beside the baseline's. */
export interface Measurement {
  readonly operation: OperationId;
  /** Members when it was taken; 0 for the deployment. */
  readonly members: number;
  readonly ours: number;
  /** Undefined where the baseline has nothing of the kind. */
  readonly baseline?: number;
}

export interface Verdict extends Measurement {
  readonly title: string;
  readonly ratio?: number;
  /** The bar that holds for this figure. */
  readonly bar?: Bar;
  /** Undefined where no bar holds. */
  readonly met?: boolean;
  /** Why a bar is missed, where that is known and got no worse. */
  readonly known?: string;
}

export interface Growth {
  readonly operation: OperationId;
  readonly title: string;
  /** The smallest and the largest number of members at which it was measured. */
  readonly from: number;
  readonly to: number;
  /** 0.01 is one per cent more at the largest than at the smallest. */
  readonly growth: number;
  /** Undefined where growth has no bar. */
  readonly bar?: number;
  readonly met?: boolean;
}

// 10,200 / 10,000 - 1 is not 0.02 in floating point; no figure is so large that this would hide a unit of gas.
const ROUNDING = 1e-9;

type Operations = Readonly<Partial<Record<OperationId, Operation>>>;

/** Holds every figure against its bar. */
export function judge(measurements: readonly Measurement[], operations: Operations = OPERATIONS): Verdict[] {
  return measurements.map((measurement) => {
    const { title, bar } = known(operations, measurement.operation);
    const ratio = ratioOf(measurement);
    const verdict = { ...measurement, title, ...(ratio !== undefined && { ratio }) };
    if (bar === undefined || measurement.members < (bar.from ?? 0)) return verdict;
    const reason = knownMiss(measurement, bar);
    return { ...verdict, bar, met: isMet(measurement, bar), ...(reason !== undefined && { known: reason }) };
  });
}

/** How every operation that was measured at several sizes grows with the roll. */
export function judgeGrowth(
  measurements: readonly Measurement[],
  operations: Operations = OPERATIONS,
): Growth[] {
  return entriesOf(operations).flatMap(([operation, { title, bar, sum }]) => {
    const figures = measurements
      .filter((measurement) => measurement.operation === operation)
      .sort((a, b) => a.members - b.members);
    const [first, last] = [figures[0], figures.at(-1)];
    if (sum || first === undefined || last === undefined || first === last) return [];
    const growth = last.ours / first.ours - 1;
    const result = { operation, title, from: first.members, to: last.members, growth };
    const limit = bar?.growth;
    return [limit === undefined ? result : { ...result, bar: limit, met: growth <= limit + ROUNDING }];
  });
}

/** A line for each bar that is missed, unless that is known, or was never measured, or is met though known as missed. */
export function missedBars(
  measurements: readonly Measurement[],
  operations: Operations = OPERATIONS,
): string[] {
  const verdicts = judge(measurements, operations);
  return [
    ...verdicts.filter(({ met, known }) => met === false && known === undefined).map(explainMiss),
    ...judgeGrowth(measurements, operations)
      .filter(({ met }) => met === false)
      .map(
        ({ title, from, to, growth, bar = 0 }) =>
          `${title}: ${percent(growth)} more at ${count(to)} members than at ${count(from)}, the bar is ${percent(bar)}`,
      ),
    ...entriesOf(operations)
      .filter(([, { bar }]) => bar?.missed !== undefined)
      .filter(([operation]) => {
        const own = verdicts.filter((verdict) => verdict.operation === operation && verdict.bar);
        return own.length > 0 && own.every(({ met }) => met);
      })
      .map(([, { title }]) => `${title}: meets the bar that it is said to miss; take that out`),
    ...entriesOf(operations)
      .filter(([, { bar }]) => bar !== undefined)
      .filter(([operation]) => !verdicts.some((verdict) => verdict.operation === operation && verdict.bar))
      .map(([, { title }]) => `${title}: has a bar and was not measured`),
  ];
}

/** A line for each bar that is missed and known to be, with the reason. */
export function knownMisses(
  measurements: readonly Measurement[],
  operations: Operations = OPERATIONS,
): string[] {
  return judge(measurements, operations).flatMap((verdict) =>
    verdict.known === undefined ? [] : [`${explainMiss(verdict)}; known: ${verdict.known}`],
  );
}

/** A line for each figure, ours or the baseline's, that moved too far from the committed one, came or went. */
export function findDrift(current: readonly Measurement[], committed: readonly Measurement[]): string[] {
  const label = ({ operation, members }: Measurement): string =>
    `${OPERATIONS[operation]?.title ?? operation} at ${count(members)} members`;
  const same = (a: Measurement) => (b: Measurement) => a.operation === b.operation && a.members === b.members;
  return [
    ...current.flatMap((measurement) => {
      const kept = committed.find(same(measurement));
      if (kept === undefined) return [`${label(measurement)}: not in the snapshot`];
      return [
        ...drifted(`${label(measurement)}, ours`, kept.ours, measurement.ours),
        ...drifted(`${label(measurement)}, baseline`, kept.baseline, measurement.baseline),
      ];
    }),
    ...committed
      .filter((kept) => !current.some(same(kept)))
      .map((kept) => `${label(kept)}: in the snapshot and no longer measured`),
  ];
}

function drifted(label: string, kept: number | undefined, current: number | undefined): string[] {
  if (kept === current) return [];
  if (kept === undefined || current === undefined) {
    return [`${label}: ${show(kept)} in the snapshot, now ${show(current)}`];
  }
  const drift = current / kept - 1;
  return Math.abs(drift) <= DRIFT_LIMIT + ROUNDING
    ? []
    : [`${label}: ${show(kept)} in the snapshot, now ${show(current)} (${percent(drift)})`];
}

function isMet(measurement: Measurement, bar: Bar): boolean {
  if (bar.gas !== undefined && measurement.ours > bar.gas) return false;
  if (bar.ratio === undefined) return true;
  const ratio = ratioOf(measurement);
  return ratio !== undefined && ratio <= bar.ratio;
}

/** Why a bar is missed, if it is and no worse than is said of it. */
function knownMiss(measurement: Measurement, bar: Bar): string | undefined {
  if (bar.missed === undefined || isMet(measurement, bar)) return undefined;
  const { gas, ratio, why } = bar.missed;
  const room = 1 + DRIFT_LIMIT + ROUNDING;
  const worst = { gas: gas * room, ...(ratio !== undefined && { ratio: ratio * room }) };
  return isMet(measurement, worst) ? why : undefined;
}

function ratioOf({ ours, baseline }: Measurement): number | undefined {
  return baseline === undefined ? undefined : ours / baseline;
}

function explainMiss({ title, members, ours, ratio, bar }: Verdict): string {
  const limits = [
    ...(bar?.gas === undefined ? [] : [`${count(bar.gas)} gas`]),
    ...(bar?.ratio === undefined ? [] : [`${bar.ratio} of the baseline`]),
  ];
  const share = ratio === undefined ? "no baseline" : `${ratio.toFixed(4)} of the baseline`;
  return `${title} at ${count(members)} members: ${count(ours)} gas, ${share}; the bar is ${limits.join(" and ")}`;
}

function entriesOf(operations: Operations): [OperationId, Operation][] {
  return Object.entries(operations) as [OperationId, Operation][];
}

function known(operations: Operations, id: OperationId): Operation {
  const operation = operations[id];
  if (operation === undefined) throw new Error(`no operation called ${id}`);
  return operation;
}

const count = (value: number): string => value.toLocaleString("en");
const show = (value: number | undefined): string => (value === undefined ? "nothing" : count(value));
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
