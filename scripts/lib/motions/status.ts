import { describeResult, resultOf } from "../ballots/result.js";
import { columns } from "../columns.js";
import { cidOf } from "../content/digest.js";
import type { Context, Outcome } from "../member/coalition.js";
import type { Session } from "../member/session.js";
import { counted, date, listed, momentOf } from "../member/words.js";
import { CLASSES, type ClassKey } from "../parameters.js";
import { classOf, describeActions } from "./action-words.js";
import type { ActionList } from "./actions.js";
import { type Due, dueOf } from "./due.js";
import { type Amendment, amended, amendmentAt, inSentence, type Motion, motionAt } from "./motion.js";
import { actionsIn, presentOf, recordOf } from "./record.js";

/** Lists all motions, a line each. */
export async function listMotions(context: Context): Promise<Outcome> {
  const last = Number(await context.coalition.motions.lastMotion());
  const motions: Motion[] = [];
  for (let id = 1; id <= last; id++) motions.push(await motionAt(context, id));
  if (last === 0) {
    return { lines: ['No motion was drafted yet; "motion draft" drafts one.'], facts: { motions: [] } };
  }
  const rows = motions.map(({ id, author, stage, revision, closesAt, proposalId, resolution }) => [
    `${id}`,
    `member ${author}`,
    stage,
    `${revision}`,
    closesAt === 0 ? "" : date(closesAt),
    proposalId !== 0n ? `${proposalId}` : resolution === 0 ? "" : `resolution ${resolution}`,
  ]);
  return {
    lines: [
      ...columns(["motion", "author", "stage", "revision", "closed for amendments from", "decision"], rows),
      "",
      'More about one: "motion status <number>".',
    ],
    facts: { motions: motions.map(factsOf) },
  };
}

/** Tells everything about a motion: its stage, endorsements, amendments in their order, and what comes next. */
export async function motionStatus(
  session: Session,
  id: number,
  say?: (line: string) => void,
): Promise<Outcome> {
  const motion = await motionAt(session, id);
  const record = await recordOf(session, say);
  const actions = actionsIn(presentOf(record, id));
  const kind = await classIn(session, motion, actions);
  const needed = await endorsementsNeeded(session, kind);
  const amendments = await amendmentsOf(session, record.motionOf(BigInt(id)).amendments);
  const due = await dueOf(session, motion);
  const decision = motion.proposalId === 0n ? undefined : await resultOf(session, `${motion.proposalId}`);
  return {
    lines: [
      `Motion ${id}, drafted by member ${motion.author}: ${inSentence(motion.stage)}, revision ${motion.revision}.`,
      `  text      ${cidOf(motion.text)} (sha2-256 ${motion.text})`,
      `  purpose   ${cidOf(motion.purpose)} (sha2-256 ${motion.purpose})`,
      `  endorsed  ${endorsedBy(motion, needed)}`,
      ...describeActions(session, actions, kind),
      ...(actions.targets.length === 0 ? [] : [`  digest  ${motion.actions}`]),
      ...(amendments.length === 0
        ? ["", "No amendment was moved to it."]
        : ["", "Amendments, in the order in which they come before the members:", ...tableOf(amendments)]),
      "",
      `Next: ${due.sentence}${anybody(due, id)}`,
      ...(motion.resolution === 0
        ? []
        : [`It was adopted without a vote, as resolution ${motion.resolution}.`]),
      ...(decision === undefined ? [] : ["", ...describeResult(decision)]),
    ],
    facts: {
      motion: {
        ...factsOf(motion),
        class: kind,
        endorsementsNeeded: needed.endorsements,
        groupsNeeded: needed.groups,
        actionList: actions,
      },
      amendments: amendments.map((one) => ({ ...one, proposalId: `${one.proposalId}` })),
      next: {
        due: due.step,
        amendment: due.amendment,
        until: momentOf(due.until ?? 0),
        sentence: due.sentence,
      },
      ...(decision !== undefined && { decision }),
    },
  };
}

const anybody = ({ step }: Due, id: number) =>
  step === undefined ? "" : ` Anybody may: "motion next ${id}".`;

const factsOf = (motion: Motion) => ({
  ...motion,
  proposalId: `${motion.proposalId}`,
  closesAt: momentOf(motion.closesAt),
  silenceUntil: momentOf(motion.silenceUntil),
});

/** The class of the decision where there is one, else what it would be now. */
async function classIn(context: Context, { proposalId }: Motion, actions: ActionList): Promise<ClassKey> {
  if (proposalId === 0n) return classOf(context, actions);
  const [index] = await context.coalition.governor.proposalRules(proposalId);
  return CLASSES[Number(index)] ?? "amendment";
}

async function endorsementsNeeded({ coalition }: Context, kind: ClassKey) {
  const rules = await coalition.governor.rules(CLASSES.indexOf(kind));
  return { endorsements: Number(rules.endorsements), groups: Number(rules.endorsementGroups) };
}

function endorsedBy(
  { endorsements, groups }: Motion,
  needed: { readonly endorsements: number; readonly groups: number },
): string {
  const from = groups.length === 0 ? "" : ` (${listed(groups)})`;
  if (needed.endorsements === 0) return `by ${counted(endorsements, "member")}${from}; its class needs none`;
  return `by ${counted(endorsements, "member")} of ${needed.endorsements} that its class needs, from ${groups.length} of ${counted(needed.groups, "stakeholder group")}${from}`;
}

/** All amendments to a motion: those that are open in the order of the members' questions, then the others. */
async function amendmentsOf(context: Context, numbers: readonly bigint[]): Promise<Amendment[]> {
  const found: Amendment[] = [];
  for (const number of numbers) found.push(await amendmentAt(context, Number(number)));
  return found.sort((one, other) => rankOf(one) - rankOf(other) || one.id - other.id);
}

/** As the contract has it: amendments to amendments first, substitutes for the motion last. */
function rankOf({ state, parent, substitute }: Amendment): number {
  const live = ["silence", "put to the vote", "open", "stale"].indexOf(state);
  if (live < 0) return 6;
  if (live < 2) return 0;
  return (live === 3 ? 3 : 0) + (parent !== 0 ? 0 : substitute ? 2 : 1);
}

const tableOf = (amendments: readonly Amendment[]) =>
  columns(
    ["no.", "amends", "moved by", "state", "until", "kind"],
    amendments.map((one) => [
      `${one.id}`,
      amended(one),
      `member ${one.mover}`,
      one.state,
      untilOf(one),
      one.substitute ? "substitute" : `version ${one.version}`,
    ]),
  );

function untilOf({ state, friendlyUntil, silenceUntil }: Amendment): string {
  if (state === "open") return `friendly until ${date(friendlyUntil)}`;
  return state === "silence" ? `objections until ${date(silenceUntil)}` : "";
}
