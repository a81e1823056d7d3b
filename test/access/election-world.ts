import { AbiCoder, id, keccak256 } from "ethers";
import type { Coalition, Connection, Person } from "../helpers/governor.js";

const DAY = 86_400;
/** The longest that a phase can last. */
const LONG = 90 * DAY;

const PHASES = ["nomination", "acceptance", "objection", "voting", "reveal", "certification"] as const;
type Phase = (typeof PHASES)[number];

/** What a voter of a secret election keeps to themselves. */
export const SALT = id("salt");

/** What the voter puts into a lot. */
export const LOT = 7n;

/** Ballots for the mature member, option 1: by approval, and ranked. */
export const [APPROVAL, RANKED] = [0b10n, 2n];

/** An office of two seats, without any rule of balance. */
export const DEFINITION = {
  description: id("description"),
  seats: 2,
  term: 365 * DAY,
  termLimit: 2,
  maxPerGroup: 0,
  maxPerOrganisation: 0,
  vacancy: 0,
  recallBps: 500,
  recallWindow: 30 * DAY,
};

/** Rules by which nobody need be seconded, with phases of a day but for the one in which the election stays. */
export const electionRules = (method: string, stays?: Phase, secret = false) => {
  const lasts = (phase: Phase) => (phase === stays ? LONG : DAY);
  return {
    method,
    secret,
    calendar: true,
    seconds_: 0,
    secondGroups: 0,
    secondsByMember: 1,
    minBallots: 1,
    nomination: lasts("nomination"),
    acceptance: lasts("acceptance"),
    objection: lasts("objection"),
    voting: lasts("voting"),
    reveal: lasts("reveal"),
    certification: lasts("certification"),
  };
};

type Cast = Record<"asTimelock" | "mature" | "voter" | "spare", Person>;

/**
 * Announces an election for each phase in which somebody can do something, to an office of its own, and lets time pass
 * until each is in it. The mature member and the spare one are candidates; where seats are given they go to the mature
 * member and the voter, and the spare one is the runner-up. Answers the numbers of offices and elections, the same.
 */
export async function holdElections(
  { networkHelpers: { time } }: Connection,
  { membership, offices, elections, approval, ranked, members }: Coalition & { members: Person[] },
  { asTimelock, mature, voter, spare }: Cast,
) {
  const methods = { approval: await approval.getAddress(), ranked: await ranked.getAddress() };
  const plan = {
    seated: electionRules(methods.approval),
    finishing: electionRules(methods.approval),
    counting: electionRules(methods.ranked, "certification"),
    opening: electionRules(methods.approval, "reveal", true),
    openingRanked: electionRules(methods.ranked, "reveal", true),
    voting: electionRules(methods.approval, "voting"),
    votingRanked: electionRules(methods.ranked, "voting"),
    objection: electionRules(methods.approval, "objection"),
    nomination: electionRules(methods.approval, "nomination"),
  };
  type Name = keyof typeof plan;
  const names = Object.keys(plan) as Name[];
  const ids = Object.fromEntries(names.map((name, index) => [name, BigInt(index + 1)])) as Record<
    Name,
    bigint
  >;
  const statement = id("statement");

  for (const name of names) {
    await offices.connect(asTimelock).create(DEFINITION);
    await elections.connect(asTimelock).setRules(ids[name], plan[name]);
    await elections.connect(mature).announce(ids[name]);
    if (name === "nomination") continue;
    for (const candidate of [mature, spare]) await elections.connect(candidate).stand(ids[name], statement);
  }
  await elections.connect(voter).stand(ids.seated, statement);
  await elections.connect(mature).nominate(ids.nomination, spare);
  await elections.connect(asTimelock).setArbiter(mature);
  const number = await membership.numberOf(voter);
  const lot = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "uint256"],
    [ids.opening, number, LOT],
  );
  await elections.connect(voter).commitLot(ids.opening, keccak256(lot));

  await time.increase(3 * DAY);
  const [first, ...others] = members.slice(5);
  await approval.connect(first).castBallot(ids.seated, 0b110);
  for (const member of others) await approval.connect(member).castBallot(ids.seated, 0b1010);
  for (const member of others) await approval.connect(member).castBallot(ids.finishing, APPROVAL);
  for (const member of others) await ranked.connect(member).castBallot(ids.counting, RANKED);
  for (const [box, election, ballot] of [
    [approval, ids.opening, APPROVAL],
    [ranked, ids.openingRanked, RANKED],
  ] as const) {
    await box.connect(voter).castBallot(election, await box.sealOf(election, number, ballot, SALT));
  }
  await time.increase(3 * DAY);
  await elections.finish(ids.seated);
  return ids;
}
