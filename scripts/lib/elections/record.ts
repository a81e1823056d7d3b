import { ApprovalBallots__factory, RankedBallots__factory } from "../../../typechain-types/index.js";
import { Problem } from "../problem.js";
import { optionsIn } from "./approval-count.js";
import { codeBits, decodeBallot, encodeBallot, type StoredBallot } from "./ballot-code.js";
import { type Chronicle, type Definition, type Happening, happeningIn } from "./chronicle.js";
import type { ChainLog, Source } from "./source.js";

/** Something that is not as it should be: what a recount finds, and what the chain says. */
export interface Difference {
  readonly what: string;
  readonly recount: string;
  readonly chain: string;
}

/** A ballot that counts. */
export interface Paper extends StoredBallot {
  readonly ballot: bigint;
}

export interface Candidate {
  readonly option: number;
  readonly number: number;
  readonly group: number;
  readonly organisation: number;
  /** Withdrew, or was struck off. */
  readonly gone: boolean;
}

/** A stage as its event has it. */
export interface StageClaim {
  readonly moved: number;
  readonly values: readonly bigint[];
  readonly exhausted: bigint;
  readonly lost: bigint;
  readonly elected: bigint;
}

/** An election as the events tell it: everything that a count by hand needs, and what the chain says came of it. */
export interface ElectionRecord {
  readonly electionId: bigint;
  readonly office: bigint;
  readonly announcedAt: number;
  readonly seats: number;
  readonly method: "approval" | "ranked";
  readonly secret: boolean;
  readonly minBallots: number;
  /** The office as it was when the election was announced: its balance is that of the election. */
  readonly definition: Definition;
  readonly candidates: readonly Candidate[];
  readonly sittingGroups: readonly number[];
  readonly sittingOrganisations: readonly number[];
  readonly seed: string;
  readonly papers: readonly Paper[];
  /** Members who cast a sealed ballot, and those of them whose ballot was opened. */
  readonly sealed: { readonly cast: number; readonly opened: number };
  readonly stages: readonly StageClaim[];
  readonly finished: Happening | undefined;
  /** What was found amiss while reading. */
  readonly amiss: readonly Difference[];
}

/** Members whose group is asked for at a time. */
const AT_ONCE = 25;
/** After how many of them progress is told. */
const TELL_EVERY = 500;

/** Reads an election from the chain's events, and groups from the roll. */
export async function readRecord(
  source: Source,
  chronicle: Chronicle,
  electionId: bigint,
  say: (line: string) => void,
): Promise<ElectionRecord> {
  const announcement = chronicle.announcementOf(electionId);
  const { office, seats, ends } = announcement.args;
  const announcedAt = await source.timeOf(announcement.block);
  const rules = chronicle.rulesAt(office, announcement);
  const method = methodAt(source, rules.method);
  const [finished] = chronicle.of(electionId, "ElectionFinished");
  const face = (method === "approval" ? ApprovalBallots__factory : RankedBallots__factory).createInterface();
  const topic = `0x${electionId.toString(16).padStart(64, "0")}`;
  const logs = await source.logs([source.contracts[method]], [null, topic], announcement.block);
  const events = logs.flatMap((log: ChainLog) => happeningIn(face, log) ?? []);
  const named = (name: string) => events.filter((one) => one.name === name);
  say(`Read ${events.length} events of its ballots.`);

  const definition = chronicle.definitionAt(office, announcement);
  const byOrganisation = definition.maxPerOrganisation !== 0;
  const candidates = await candidatesOf(source, chronicle, electionId, { announcedAt, byOrganisation });
  const held = [...chronicle.seatsAt(office, announcement).values()].filter(
    ({ vacated, until }) => !vacated && until > Number(ends[5]),
  );

  const [cast, opened] = [named("ElectionBallotCast"), named("BallotOpened")];
  const last = lastOf(rules.secret ? opened : cast);
  const amiss: Difference[] = [];
  await inside(source, cast, Number(ends[2]), Number(ends[3]), "ballots were cast", amiss);
  await inside(source, opened, Number(ends[3]), Number(ends[4]), "ballots were opened", amiss);
  const sealed = lastOf(cast);
  for (const number of rules.secret ? last.keys() : []) {
    if (sealed.has(number)) continue;
    amiss.push({ what: `ballot of member ${number}`, recount: "never sealed", chain: "opened" });
  }
  const papers: Paper[] = [];
  const groups = await groupsOf(source, [...last.keys()], announcedAt, say);
  for (const [number, { args }] of [...last].sort(([one], [other]) => one - other)) {
    const voter = groups.get(number);
    const ballot: bigint = args.ballot;
    const flaw = flawOf(method, ballot, candidates.length, Number(seats));
    const problem = voter?.counted !== true ? "of nobody who could vote when it was announced" : flaw;
    if (problem !== undefined) {
      amiss.push({ what: `ballot of member ${number}`, recount: problem, chain: `cast as ${ballot}` });
      continue;
    }
    const preferences = method === "ranked" ? decodeBallot(ballot, candidates.length) : optionsIn(ballot);
    papers.push({ number, group: voter?.group ?? 0, preferences, ballot });
  }
  return {
    electionId,
    office,
    announcedAt,
    seats: Number(seats),
    method,
    secret: rules.secret,
    minBallots: Number(rules.minBallots),
    definition,
    candidates,
    sittingGroups: await Promise.all(held.map((seat) => chronicle.groupOf(seat))),
    sittingOrganisations: held.map(({ number }) =>
      byOrganisation ? chronicle.organisationAt(number, announcement) : 0,
    ),
    seed: chronicle.seedOf(electionId),
    papers,
    sealed: rules.secret ? { cast: sealed.size, opened: last.size } : { cast: 0, opened: 0 },
    stages: named("StageCounted").map(({ args }) => ({
      moved: Number(args.moved),
      values: [...args[3]],
      exhausted: args.exhausted,
      lost: args.lost,
      elected: args.elected,
    })),
    finished,
    amiss,
  };
}

/** The lines of a record that have its electorate's say: how many ballots there are, and how many stayed sealed. */
export function describePapers({ papers, secret, sealed }: ElectionRecord): string {
  const unopened = sealed.cast - sealed.opened;
  return `${papers.length} ballots count${secret ? `; ${unopened} of ${sealed.cast} sealed ones were never opened` : ""}`;
}

function methodAt({ contracts }: Source, address: string): "approval" | "ranked" {
  for (const method of ["approval", "ranked"] as const) {
    if (contracts[method].toLowerCase() === address.toLowerCase()) return method;
  }
  throw new Problem(`The election is counted by ${address}, which this project cannot recount.`);
}

/** Everybody who was admitted, by option. */
async function candidatesOf(
  source: Source,
  chronicle: Chronicle,
  electionId: bigint,
  { announcedAt, byOrganisation }: { announcedAt: number; byOrganisation: boolean },
): Promise<Candidate[]> {
  const gone = new Set(
    ["CandidateWithdrew", "CandidateStruck"].flatMap((name) =>
      chronicle.of(electionId, name).map(({ args }) => Number(args.number)),
    ),
  );
  const accepted = chronicle.of(electionId, "NominationAccepted");
  return Promise.all(
    chronicle.of(electionId, "CandidateAdmitted").map(async ({ args }) => {
      const number = Number(args.number);
      const acceptance = accepted.find((one) => Number(one.args.number) === number);
      return {
        option: Number(args.option),
        number,
        group: (await source.countedAt(number, announcedAt)).group,
        organisation: byOrganisation && acceptance ? chronicle.organisationAt(number, acceptance) : 0,
        gone: gone.has(number),
      };
    }),
  );
}

/** The last event about each member. */
function lastOf(events: readonly Happening[]): Map<number, Happening> {
  return new Map(events.map((event) => [Number(event.args.number), event]));
}

/** Finds out whether events lie within their time: the first and the last do, for blocks only go forward. */
async function inside(
  source: Source,
  events: readonly Happening[],
  from: number,
  until: number,
  what: string,
  amiss: Difference[],
): Promise<void> {
  for (const event of [events.at(0), events.at(-1)]) {
    if (event === undefined) continue;
    const at = await source.timeOf(event.block);
    if (at >= from && at < until) continue;
    amiss.push({ what: `when ${what}`, recount: `from ${from} to before ${until}`, chain: `${at}` });
  }
}

async function groupsOf(
  source: Source,
  numbers: readonly number[],
  moment: number,
  say: (line: string) => void,
): Promise<Map<number, { counted: boolean; group: number }>> {
  const found = new Map<number, { counted: boolean; group: number }>();
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    const some = numbers.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map((number) => source.countedAt(number, moment)));
    some.forEach((number, index) => {
      const answer = answers[index];
      if (answer !== undefined) found.set(number, answer);
    });
    const done = from + some.length;
    if (done % TELL_EVERY === 0) say(`Asked the roll for ${done} of ${numbers.length} voters.`);
  }
  return found;
}

/** What keeps a ballot from being counted; undefined if nothing does. */
function flawOf(
  method: "approval" | "ranked",
  ballot: bigint,
  candidates: number,
  seats: number,
): string | undefined {
  const options = method === "approval" ? optionsIn(ballot) : decodeBallot(ballot, candidates);
  if (options.length === 0) return "names nobody";
  const strange = options.find((option) => option < 0 || option > candidates);
  if (strange !== undefined) return `names option ${strange}, which there was not`;
  if (method === "approval") {
    const named = options.filter((option) => option !== 0).length;
    return named > seats ? `names ${named} candidates for ${seats} seats` : undefined;
  }
  const twice = new Set(options).size !== options.length;
  const whole = encodeBallot(options, candidates) === ballot && options.length * codeBits(candidates) <= 256;
  return twice || !whole ? "is no order of options" : undefined;
}
