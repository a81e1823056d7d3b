import type { Context } from "../member/coalition.js";
import { readWhole } from "../member/lookup.js";
import { counted } from "../member/words.js";
import { Problem } from "../problem.js";

/** `ICandidacies.Phase`, in its order. */
export const PHASES = [
  "none",
  "nomination",
  "acceptance",
  "objection",
  "voting",
  "reveal",
  "certification",
  "finishing",
  "finished",
] as const;
export type Phase = (typeof PHASES)[number];

/** How ballots are taken and counted. */
export type Method = "approval" | "ranked";

/** A candidate, and what became of the candidacy. */
export interface Standing {
  readonly option: number;
  readonly number: number;
  readonly group: number;
  readonly state: "stands" | "withdrew" | "was struck off";
}

/** An election as it stands. Moments in seconds since 1970. */
export interface Election {
  readonly id: bigint;
  readonly office: number;
  readonly announcedAt: number;
  readonly seats: number;
  readonly phase: Phase;
  /** First second of each phase after nomination: acceptance, objection, voting, reveal, certification, finishing. */
  readonly ends: readonly number[];
  readonly method: Method;
  readonly secret: boolean;
  readonly candidates: readonly Standing[];
}

/** The phase that a contract names by its index. */
export const phaseAt = (index: unknown): Phase => PHASES[Number(index)] ?? "none";

/** The number of an election that a person gave. */
export const readElectionId = (text: string) => BigInt(readWhole("--election", text, 1, 2 ** 31));

/** An election by its number; refuses one that was never announced. */
export async function electionAt({ coalition }: Context, id: bigint): Promise<Election> {
  const { elections, approval, ranked } = coalition;
  const phase = phaseAt(await elections.phaseOf(id));
  if (phase === "none") throw new Problem(`No election has the number ${id}.`);
  const [office, announcedAt, seats] = await elections.electionOf(id);
  const frame = await approval.frameOf(id);
  const isApproval = frame.opens !== 0n;
  const { secret, opens } = isApproval ? frame : await ranked.frameOf(id);
  if (opens === 0n) {
    throw new Problem(
      `The ballots of election ${id} are taken by a contract that this project does not know.`,
    );
  }
  const numbers = await elections.candidatesOf(id);
  const candidates = numbers.map(async (number, index): Promise<Standing> => {
    const { group, withdrawn, struck } = await elections.nominationOf(id, number);
    const state = withdrawn ? "withdrew" : struck ? "was struck off" : "stands";
    return { option: index + 1, number: Number(number), group: Number(group), state };
  });
  return {
    id,
    office: Number(office),
    announcedAt: Number(announcedAt),
    seats: Number(seats),
    phase,
    ends: (await elections.endsOf(id)).map(Number),
    method: isApproval ? "approval" : "ranked",
    secret,
    candidates: await Promise.all(candidates),
  };
}

/** The contract that takes the ballots of an election. */
export const boxOf = ({ coalition }: Context, { method }: Pick<Election, "method">) => coalition[method];

/** The last election to an office; to the one office there is unless one is named. */
export async function lastElection({ coalition }: Context, office: string): Promise<bigint> {
  const count = Number(await coalition.offices.lastOffice());
  if (count === 0)
    throw new Problem("The coalition has no office yet; the members create one by a decision.");
  if (office === "" && count > 1) {
    throw new Problem(
      `There are ${counted(count, "office")}: say which election with --election, or --office.`,
    );
  }
  const which = office === "" ? 1 : readWhole("--office", office, 1, count);
  const id = await coalition.elections.lastElectionOf(which);
  if (id === 0n) throw new Problem(`No election to office ${which} was announced yet.`);
  return id;
}
