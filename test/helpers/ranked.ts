import type { StoredBallot } from "../../scripts/lib/elections/ballot-code.js";
import type { Slate } from "../../scripts/lib/elections/ranked-count.js";

/** A digest that decides lots in tests. Not a secret: a constant. */
export const SEED = `0x${"5e".repeat(32)}`;

/** A slate of so many candidates, numbered from 101, without groups, organisations, limits or withdrawals. */
export function slateOf(candidates: number, changes: Partial<Slate> = {}): Slate {
  const zeros = Array<bigint>(candidates + 1).fill(0n);
  return {
    candidates: BigInt(candidates),
    gone: 0n,
    seed: SEED,
    numbers: zeros.map((_, option) => (option === 0 ? 0n : 100n + BigInt(option))),
    groups: zeros,
    organisations: zeros,
    maxPerGroup: 0n,
    maxPerOrganisation: 0n,
    sittingGroups: [],
    sittingOrganisations: [],
    ...changes,
  };
}

/** So many ballots with these preferences, cast in a group. */
export type Bundle = readonly [count: number, preferences: readonly number[], group?: number];

/** Ballots of members numbered from 1. */
export function ballotsOf(...bundles: readonly Bundle[]): StoredBallot[] {
  return bundles
    .flatMap(([count, preferences, group = 0]) =>
      Array.from({ length: count }, () => ({ preferences, group })),
    )
    .map((ballot, index) => ({ number: index + 1, ...ballot }));
}

/** An election as the harness takes it. */
export interface Election {
  readonly slate: Slate;
  readonly seats: number;
  readonly ballots: readonly StoredBallot[];
}

export const lastNumberOf = (ballots: readonly StoredBallot[]) =>
  ballots.reduce((last, { number }) => Math.max(last, number), 0);
