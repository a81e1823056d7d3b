import { id } from "ethers";
import { encodeApprovals } from "../../scripts/lib/elections/approval-count.js";
import { encodeBallot } from "../../scripts/lib/elections/ballot-code.js";
import { actAs, type Connection, foundCoalition, type Person } from "./governor.js";

export const DAY = 86_400;

type Founded = Awaited<ReturnType<typeof foundCoalition>>;

/** What an office and its elections are like, where it differs from the plain case. */
export interface Wish {
  readonly method?: "approval" | "ranked";
  readonly secret?: boolean;
  readonly seats?: number;
  readonly maxPerGroup?: number;
  readonly maxPerOrganisation?: number;
  /** Whether a seat that became vacant waits for an election. */
  readonly byElection?: boolean;
  readonly minBallots?: number;
  readonly secondsNeeded?: number;
  readonly calendar?: boolean;
}

/** A coalition with an office that its members can fill: the first member announces the election. */
export async function foundWithOffice(connection: Connection, wish: Wish = {}, count = 14) {
  const coalition = await foundCoalition(connection, { count });
  const timelock = await actAs(connection, coalition.timelock);
  const { method = "approval", secondsNeeded = 0 } = wish;
  const office = {
    description: id("co-leads"),
    seats: wish.seats ?? 2,
    term: 365 * DAY,
    termLimit: 0,
    maxPerGroup: wish.maxPerGroup ?? 0,
    maxPerOrganisation: wish.maxPerOrganisation ?? 0,
    vacancy: wish.byElection === true ? 1 : 0,
    recallBps: 1_000,
    recallWindow: 30 * DAY,
  };
  const rules = {
    method: coalition[method],
    secret: wish.secret ?? false,
    calendar: wish.calendar ?? true,
    seconds_: secondsNeeded,
    secondGroups: secondsNeeded === 0 ? 0 : 1,
    secondsByMember: 2,
    minBallots: wish.minBallots ?? 3,
    nomination: DAY,
    acceptance: DAY,
    objection: DAY,
    voting: 3 * DAY,
    reveal: DAY,
    certification: DAY,
  };
  await coalition.offices.connect(timelock).create(office);
  await coalition.elections.connect(timelock).setRules(1, rules);
  return { ...coalition, ethers: connection.ethers, connection, method, office, rules };
}

export type WithOffice = Awaited<ReturnType<typeof foundWithOffice>>;

/** A member by number. */
export function memberOf({ members }: Pick<Founded, "members">, number: number): Person {
  const found = members[number - 1];
  if (found === undefined) throw new Error(`there is no member ${number}`);
  return found;
}

/** To the first second of a phase: 1 acceptance, 2 objection, 3 voting, 4 reveal, 5 certification, 6 finishing. */
export async function toPhase({ connection, elections }: WithOffice, phase: number, electionId = 1n) {
  const moment = (await elections.endsOf(electionId))[phase - 1];
  const { time } = connection.networkHelpers;
  if (BigInt(await time.latest()) < moment) await time.increaseTo(moment);
}

/** An election announced, with candidates by number whose options are 1 and on. */
export async function announce(coalition: WithOffice, candidates: readonly number[], electionId = 1n) {
  const { elections } = coalition;
  await elections.connect(memberOf(coalition, 1)).announce(1);
  for (const number of candidates) {
    await elections.connect(memberOf(coalition, number)).stand(electionId, id("statement"));
  }
}

/** A ballot as the method has it, from options in the order of preference. */
export function ballotOf({ method }: WithOffice, options: readonly number[], candidates: number): bigint {
  return method === "approval" ? encodeApprovals(options) : encodeBallot(options, candidates);
}

/** Casts ballots, by the voter's member number. */
export async function castAll(
  coalition: WithOffice,
  ballots: Readonly<Record<number, readonly number[]>>,
  candidates: number,
  electionId = 1n,
) {
  const box = coalition[coalition.method];
  for (const [number, options] of Object.entries(ballots)) {
    const ballot = ballotOf(coalition, options, candidates);
    await box.connect(memberOf(coalition, Number(number))).castBallot(electionId, ballot);
  }
}

/** Counts and finishes, once the time has come. */
export async function conclude(coalition: WithOffice, electionId = 1n) {
  await toPhase(coalition, 6, electionId);
  if (coalition.method === "ranked") await coalition.ranked.advance(electionId, 1_000);
  await coalition.elections.finish(electionId);
}
