import { describeChanges } from "../content/diff-lines.js";
import { cidOf } from "../content/digest.js";
import { missingText, textAt } from "../content/new-text.js";
import type { ContentStore } from "../content/store.js";
import { diffTexts } from "../content/text-diff.js";
import type { Outcome } from "../member/coalition.js";
import type { Session } from "../member/session.js";
import { Problem } from "../problem.js";
import { classOf, describeAction } from "./action-words.js";
import type { Writing } from "./history.js";
import { amended, amendmentAt, motionAt } from "./motion.js";
import { actionsIn, recordOf } from "./record.js";

/** Where texts are, and how a comparison is shown. */
export interface Reader {
  readonly session: Session;
  readonly store: ContentStore;
  /** Whether colours are added. */
  readonly colour: boolean;
}

/** How a revision came to be, in words. */
const MADE: Readonly<Record<Writing["how"], (writing: Writing) => string>> = {
  written: ({ member }) => `Written by member ${member}`,
  accepted: ({ member, amendment }) => `Made by amendment ${amendment}, which member ${member} accepted`,
  adopted: ({ amendment, decision }) =>
    `Made by amendment ${amendment}, which the members adopted ${decision === 0n ? "without a vote" : `by decision ${decision}`}`,
  returned: () => "As it was before it was sent back, because a clause that it changes had moved",
};

/** A revision or a version for a machine. */
const factsOf = ({ number, text, actions, how, member, amendment, decision, at }: Writing) => ({
  number: Number(number),
  text,
  actions,
  how,
  by: { member: Number(member), amendment: Number(amendment), decision: `${decision}` },
  block: at.block,
  transaction: at.transaction,
});

/** A motion as Markdown: text, purpose and actions of a revision, the last unless given. */
export async function showMotion(
  { session, store }: Reader,
  id: number,
  revision?: number,
): Promise<Outcome> {
  const motion = await motionAt(session, id);
  const record = await recordOf(session);
  const wording = record.revisionOf(BigInt(id), BigInt(revision ?? motion.revision));
  const stage =
    Number(wording.number) === motion.revision ? motion.stage : `superseded by revision ${motion.revision}`;
  return markdown({
    head: [
      `# Motion ${id}, revision ${wording.number}`,
      "",
      `- Author: member ${motion.author}`,
      `- Stage: ${stage}`,
      `- ${MADE[wording.how](wording)}`,
    ],
    parts: [
      ["Text", wording.text],
      ["Purpose", wording.purpose],
    ],
    store,
    actions: await actionLines(session, wording),
    facts: { motion: id, ...factsOf(wording), purpose: wording.purpose },
  });
}

/** An amendment as Markdown: its text, reason and actions, in its last version unless given. */
export async function showAmendment(
  { session, store }: Reader,
  id: number,
  version?: number,
): Promise<Outcome> {
  const amendment = await amendmentAt(session, id);
  const record = await recordOf(session);
  const wording = record.versionOf(BigInt(id), BigInt(version ?? amendment.version));
  return markdown({
    head: [
      `# Amendment ${id} to ${amended({ motion: amendment.motion, parent: Number(wording.parent) })}, version ${wording.number}`,
      "",
      `- Mover: member ${amendment.mover}`,
      `- State: ${amendment.state}`,
      `- Written against: ${wording.parent === 0n ? "revision" : "version"} ${wording.base}`,
      ...(amendment.substitute ? ["- A substitute for the whole text"] : []),
    ],
    parts: [
      ["Text as amended", wording.text],
      ...(BigInt(wording.reason) === 0n ? [] : [["Reason", wording.reason] as const]),
    ],
    store,
    actions: await actionLines(session, wording),
    facts: {
      amendment: id,
      ...factsOf(wording),
      parent: Number(wording.parent),
      base: Number(wording.base),
      reason: wording.reason,
    },
  });
}

/** Compares two revisions of a motion clause by clause. */
export async function diffRevisions(
  reader: Reader,
  id: number,
  before: number,
  after: number,
): Promise<Outcome> {
  await motionAt(reader.session, id);
  const record = await recordOf(reader.session);
  const [old, fresh] = [
    record.revisionOf(BigInt(id), BigInt(before)),
    record.revisionOf(BigInt(id), BigInt(after)),
  ];
  const { lines, facts } = await compare(reader, old, fresh);
  const purpose = old.purpose === fresh.purpose ? [] : [`The purpose changed: now ${cidOf(fresh.purpose)}.`];
  return {
    lines: [`Motion ${id}, revision ${before} and revision ${after}:`, "", ...lines, ...purpose],
    facts: { motion: id, before, after, ...facts, purposeChanged: purpose.length > 0 },
  };
}

/** Compares an amendment, in its last version unless given, with the text that it was written against. */
export async function diffAmendment(reader: Reader, id: number, version?: number): Promise<Outcome> {
  const amendment = await amendmentAt(reader.session, id);
  const record = await recordOf(reader.session);
  const wording = record.versionOf(BigInt(id), BigInt(version ?? amendment.version));
  const { parent, base } = wording;
  const target =
    parent === 0n ? record.revisionOf(BigInt(amendment.motion), base) : record.versionOf(parent, base);
  const { lines, facts } = await compare(reader, target, wording);
  const against = `${amended({ motion: amendment.motion, parent: Number(parent) })}, ${parent === 0n ? "revision" : "version"} ${base}`;
  return {
    lines: [`Amendment ${id}, version ${wording.number}, to ${against}:`, "", ...lines],
    facts: {
      amendment: id,
      version: Number(wording.number),
      parent: Number(parent),
      base: Number(base),
      ...facts,
    },
  };
}

async function compare({ session, store, colour }: Reader, old: Writing, fresh: Writing) {
  const changes = diffTexts(await textIn(store, old.text), await textIn(store, fresh.text));
  const isSame = old.actions === fresh.actions;
  return {
    lines: [
      ...describeChanges(changes, colour),
      ...(isSame ? [] : ["", "The actions changed:"]),
      ...(isSame ? [] : (await actionLines(session, fresh)).map((line) => `  ${line}`)),
    ],
    facts: { changes, actionsChanged: !isSame },
  };
}

/** A text that cannot be done without. */
async function textIn(store: ContentStore, digest: string): Promise<string> {
  const found = await textAt(store, digest);
  if (found !== undefined) return found;
  throw new Problem(
    `${store.path} holds no text ${cidOf(digest)} (digest ${digest}); get it from whoever wrote it, with "content import".`,
  );
}

async function actionLines(session: Session, writing: Writing): Promise<string[]> {
  const list = actionsIn(writing);
  if (list.targets.length === 0) return ["None: it states its text, and is recorded among the resolutions."];
  const kind = await classOf(session, list);
  return [
    `Class of the decision: ${kind}; digest of the actions ${writing.actions}`,
    ...list.targets.map((_, index) => `${index + 1}. ${describeAction(session, list, index)}`),
  ];
}

async function markdown({
  head,
  parts,
  store,
  actions,
  facts,
}: {
  readonly head: readonly string[];
  readonly parts: readonly (readonly [title: string, digest: string])[];
  readonly store: ContentStore;
  readonly actions: readonly string[];
  readonly facts: Outcome["facts"];
}): Promise<Outcome> {
  const lines = [...head];
  const missing: string[] = [];
  for (const [title, digest] of parts) {
    const text = await textAt(store, digest);
    if (text === undefined) missing.push(digest);
    lines.push(
      "",
      `## ${title}`,
      "",
      `sha2-256 ${digest}`,
      "",
      (text ?? missingText(digest)).replace(/\n+$/, ""),
    );
  }
  lines.push("", "## What it does", "", ...actions);
  return { lines, facts: { ...facts, missing, markdown: lines.join("\n") } };
}
