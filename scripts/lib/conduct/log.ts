import { Conduct__factory } from "../../../typechain-types/index.js";
import { columns } from "../columns.js";
import { missingText, textAt } from "../content/new-text.js";
import type { ContentStore } from "../content/store.js";
import { type Happening, happeningIn } from "../elections/chronicle.js";
import { sourceAt } from "../elections/source.js";
import type { Outcome } from "../member/coalition.js";
import { memberAt, nameOf } from "../member/lookup.js";
import type { Session } from "../member/session.js";
import { date, listed, momentOf } from "../member/words.js";
import { lengthOf } from "../record-series.js";
import { aboutOf, type Case, caseAt, rulingInWords, rulingOf } from "./cases.js";

const FACE = Conduct__factory.createInterface();

/** An entry of the log: when, what, and its text if it has one. */
interface Entry {
  readonly name: string;
  readonly place: number;
  readonly moment: number;
  readonly case: number | undefined;
  /** Instance that it belongs to, of a ruling. */
  readonly instance: number | undefined;
  readonly sentence: string;
  /** Digest of the text. */
  readonly digest: string | undefined;
  readonly text?: string | undefined;
}

/**
 * The public log: how many cases there were and how they ended, a table of all, what was hidden at once, and the reasons
 * of every ruling. Who complained is not in it.
 */
export async function tellLog(
  session: Session,
  store: ContentStore,
  say: (line: string) => void,
): Promise<Outcome> {
  const { conduct } = session.coalition;
  const last = Number(await conduct.lastCase());
  const cases: Case[] = [];
  for (let id = 1; id <= last; id++) cases.push(await caseAt(session, id));
  const entries = await entriesOf(session, say);
  const { upheld, dismissed, appeals, altered, toMembers, emergencies } = await conduct.figures();
  const records = Number(lengthOf(await conduct.series()));
  const rulings = await withTexts(
    store,
    entries.filter(({ name }) => name === "CaseRuled" || name === "EmergencyHidden"),
  );
  return {
    lines: [
      `Cases: ${last}. Rulings: ${upheld} upheld, ${dismissed} dismissed. Appeals: ${appeals}, of which ${altered} altered the ruling; ${toMembers} before the members. Emergencies: ${emergencies}. Entries of the log: ${records}.`,
      ...(last === 0 ? [] : ["", ...table(cases)]),
      ...rulings.flatMap(describe),
    ],
    facts: {
      figures: {
        ...{ cases: last, upheld: Number(upheld), dismissed: Number(dismissed), appeals: Number(appeals) },
        ...{ altered: Number(altered), toMembers: Number(toMembers), emergencies: Number(emergencies) },
      },
      records,
      cases: cases.map(factsOf),
      rulings: rulings.map(factsOfEntry),
    },
  };
}

/** A case from beginning to end, with the texts that the store holds, and what can be done now. */
export async function tellCase(
  session: Session,
  store: ContentStore,
  id: number,
  say: (line: string) => void,
): Promise<Outcome> {
  const found = await caseAt(session, id);
  const all = await entriesOf(session, say);
  const entries = await withTexts(
    store,
    all.filter((entry) => entry.case === id),
  );
  const whom = nameOf(session, await memberAt(session, found.complaint.respondent));
  return {
    lines: [
      `Case ${id}, about ${aboutOf(found)}, against ${whom}: clause ${found.complaint.clause} of the Code of Conduct, version ${found.version}.`,
      found.ruling.upheld && found.result === "upheld"
        ? `It stands so: ${rulingInWords(found.ruling)}.`
        : `It stands so: ${found.result}.`,
      dueOf(found),
      ...entries.flatMap(describe),
    ],
    facts: { ...factsOf(found), entries: entries.map(factsOfEntry) },
  };
}

/** What can happen to a case now, and who does it. */
function dueOf({ id, phase, until, instance }: Case): string {
  const end = date(until);
  switch (phase) {
    case "response":
      return `Until ${end} the respondent can respond ("conduct respond ${id}"), and the pool gives its numbers ("conduct reveal ${id}").`;
    case "drawing":
      return `Until ${end} anybody has the panel drawn: "conduct draw ${id}".`;
    case "deliberation":
      return `Until ${end} the panel rules ("conduct rule ${id}"); who is not impartial leaves it ("conduct recuse ${id}").`;
    case "appealable":
      return `Until ${end} a party can appeal: "conduct appeal ${id}".`;
    case "before the members":
      return `Until ${end} the members can decide: "conduct settle ${id}" writes the action of a motion.`;
    default:
      return `It is closed${instance > 1 ? " after an appeal" : ""}.`;
  }
}

const table = (cases: readonly Case[]) =>
  columns(
    ["case", "opened", "clause", "about", "phase", "result", "ruling in effect"],
    cases.map((one) => [
      ...[String(one.id), date(one.openedAt), String(one.complaint.clause)],
      one.complaint.list === 0 ? "–" : `list ${one.complaint.list}, ${one.complaint.post}`,
      ...[one.phase, one.result, one.ruling.upheld ? rulingInWords(one.ruling) : "–"],
    ]),
  );

async function entriesOf(
  { ethers, contracts, fromBlock }: Session,
  say: (line: string) => void,
): Promise<readonly Entry[]> {
  const source = await sourceAt(ethers, contracts, say);
  const logs = await source.logs([contracts.conduct], [], fromBlock);
  return logs.flatMap((log) => {
    const happening = happeningIn(FACE, log);
    return happening === undefined || happening.args.place === undefined ? [] : [entryOf(happening)];
  });
}

function entryOf({ name, args }: Happening): Entry {
  const [sentence, digest] = told(name, args);
  return {
    ...{ name, place: Number(args.place), moment: Number(args.moment) },
    case: args.caseId === undefined ? undefined : Number(args.caseId),
    instance: args.instance === undefined ? undefined : Number(args.instance),
    ...{ sentence, digest },
  };
}

/** What an event of the log says, and the digest of its text. */
function told(name: string, args: Happening["args"]): [string, string | undefined] {
  switch (name) {
    case "CaseOpened":
      return [`Case ${args.caseId} was opened. Evidence:`, args.complaint.evidence];
    case "CaseResponded":
      return ["The respondent said:", args.digest];
    case "PanelSeated":
      return [`On the panel: members ${listed([...args.panel].map(String))}.`, undefined];
    case "PanelistRecused":
      return [
        `Member ${args.number} left the panel; ${args.substitute === 0n ? "nobody is left" : `member ${args.substitute} sits`}. Reason:`,
        args.reason,
      ];
    case "RulingBacked":
      return [`Member ${args.number} is for ruling ${args.ruling}.`, undefined];
    case "CaseRuled": {
      const who = args.decision === 0n ? (args.instance > 1n ? "On appeal" : "The panel") : "The members";
      return [
        `Case ${args.caseId}. ${who} ruled: ${rulingInWords(rulingOf(args.ruling))}. Reasons:`,
        args.ruling.reason,
      ];
    }
    case "CaseAppealed":
      return [
        `The ${args.byRespondent ? "respondent" : "complainant"} appealed ${args.toMembers ? "to the members" : "to three others"}. Grounds:`,
        args.reason,
      ];
    case "CaseToMembers":
      return [`The members can decide until ${date(args.until)}.`, undefined];
    default:
      return [
        `Member ${args.number} hid the post at place ${args.post} of list ${args.list} at once, until ${date(args.until)} at most. Reason:`,
        args.reason,
      ];
  }
}

const withTexts = (store: ContentStore, entries: readonly Entry[]) =>
  Promise.all(
    entries.map(async (entry) =>
      entry.digest === undefined ? entry : { ...entry, text: await textAt(store, entry.digest) },
    ),
  );

function describe({ moment, sentence, digest, text }: Entry): string[] {
  const lines = ["", `${date(moment)}  ${sentence}`];
  if (digest === undefined) return lines;
  return [
    ...lines,
    ...(text ?? missingText(digest))
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

const factsOf = ({ openedAt, until, ruledAt, ...rest }: Case) => ({
  ...rest,
  openedAt: momentOf(openedAt),
  until: momentOf(until),
  ruledAt: momentOf(ruledAt),
});

const factsOfEntry = ({ moment, ...rest }: Entry) => ({ ...rest, moment: momentOf(moment) });
