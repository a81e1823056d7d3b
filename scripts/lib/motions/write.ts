import { describeTexts, factsOfTexts, type NewText, newText } from "../content/new-text.js";
import type { ContentStore } from "../content/store.js";
import type { Act, Message } from "../member/act.js";
import type { Outcome } from "../member/coalition.js";
import { carryOut, type Manner } from "../member/commands.js";
import { inPlainWords } from "../member/refusals.js";
import { actingAccount, type Session } from "../member/session.js";
import { Problem } from "../problem.js";
import { classOf, describeActions } from "./action-words.js";
import { type ActionList, digestOfList, NO_ACTIONS, readActions } from "./actions.js";
import { DRAFT, REVISE } from "./acts.js";
import { MOVE, REBASE } from "./amendment-acts.js";
import { type Amendment, amendmentAt, type Motion, motionAt } from "./motion.js";
import { actionsIn, presentOf, presentOfAmendment, recordOf } from "./record.js";

/** Where texts are kept, and how something written is signed or sent. */
export interface Desk {
  readonly session: Session;
  readonly store: ContentStore;
  readonly manner: Manner;
}

/** How an amendment is written; empty texts stand for what was not given. */
export interface Amending {
  /** File with the whole text as amended; that of the present text where only the actions change. */
  readonly file: string;
  readonly reason: string;
  /** Actions file, or `none`; as they are unless given. */
  readonly actions: string;
  readonly substitute: boolean;
}

/**
 * Does what a member asked for that has texts: they are stored first, once the chain would take it, so that there is
 * never a digest on chain whose text nobody has. Whoever is interrupted in between gives the command again.
 */
export async function carryOutWith<M extends Message>(
  { session, store, manner }: Desk,
  act: Act<M>,
  message: M,
  texts: readonly NewText[],
  about: readonly string[] = [],
): Promise<Outcome> {
  const by = actingAccount(session, manner.account);
  await act.check(session, message);
  const call = await act.direct(session, message);
  await inPlainWords(session, () => session.ethers.provider.call({ ...call, from: by.address }));
  for (const { bytes } of texts) await store.put(bytes);
  const { lines, facts } = await carryOut(session, manner, act, message);
  const isRequest = manner.signOnly && manner.out === "";
  return {
    // A request that is printed is all that is printed, so that it can go to a file.
    lines: isRequest ? lines : [...describeTexts(texts), ...about, ...lines],
    facts: { ...facts, store: store.path, texts: factsOfTexts(texts) },
  };
}

/** Drafts a motion from the files of its text, its purpose and its actions. */
export async function draft(desk: Desk, file: string, purpose: string, actions: string): Promise<Outcome> {
  if (purpose === "") {
    throw new Problem(
      "Say which goal the motion serves and how success will be measured: --purpose <file in Markdown>",
    );
  }
  const [text, why] = [newText(file), newText(purpose)];
  const list = await actionsGiven(desk.session, actions, async () => NO_ACTIONS);
  const message = {
    account: actorOf(desk),
    text: text.digest,
    purpose: why.digest,
    actions: digestOfList(list),
    ...list,
  };
  return carryOutWith(desk, DRAFT, message, [text, why], await aboutActions(desk, list));
}

/** Edits a motion: what is not given stays as it is. */
export async function revise(
  desk: Desk,
  id: number,
  { file, purpose, actions }: { readonly file: string; readonly purpose: string; readonly actions: string },
): Promise<Outcome> {
  const motion = await motionAt(desk.session, id);
  const text = file === "" ? undefined : newText(file);
  const why = purpose === "" ? undefined : newText(purpose);
  if (text === undefined && why === undefined && actions === "") {
    throw new Problem("Say what to change: <file with the text>, --purpose or --actions");
  }
  const list = await actionsGiven(desk.session, actions, () => present(desk.session, motion));
  const message = {
    account: actorOf(desk),
    motion: id,
    revision: motion.revision,
    text: text?.digest ?? motion.text,
    purpose: why?.digest ?? motion.purpose,
    actions: digestOfList(list),
    ...list,
  };
  const texts = [text, why].filter((one) => one !== undefined);
  return carryOutWith(desk, REVISE, message, texts, await aboutActions(desk, list));
}

/** Moves an amendment to a motion, or to another amendment. */
export async function amend(desk: Desk, id: number, parent: number, wish: Amending): Promise<Outcome> {
  const motion = await motionAt(desk.session, id);
  const target = parent === 0 ? undefined : await amendmentAt(desk.session, parent);
  if (target !== undefined && target.motion !== id) {
    throw new Problem(`Amendment ${parent} is one to motion ${target.motion}, not to motion ${id}.`);
  }
  const base = target?.version ?? motion.revision;
  const { change, texts, list } = await changed(desk, target ?? motion, base, wish);
  const message = { account: actorOf(desk), motion: id, parent, ...change };
  return carryOutWith(desk, MOVE, message, texts, await aboutActions(desk, list));
}

/** Writes a stale amendment anew, against the text as it is now. */
export async function rebase(desk: Desk, id: number, wish: Amending): Promise<Outcome> {
  const { session } = desk;
  const amendment = await amendmentAt(session, id);
  const motion = await motionAt(session, amendment.motion);
  const target = await goneOrParent(session, amendment, motion.revision);
  const { change, texts, list } = await changed(
    desk,
    target ?? motion,
    target?.version ?? motion.revision,
    wish,
  );
  const message = { account: actorOf(desk), amendment: id, ...change };
  return carryOutWith(desk, REBASE, message, texts, await aboutActions(desk, list));
}

/** What a rebased amendment amends: its parent as long as that stands against the motion as it is, else the motion. */
async function goneOrParent(
  session: Session,
  { parent }: Amendment,
  revision: number,
): Promise<Amendment | undefined> {
  if (parent === 0) return undefined;
  const target = await amendmentAt(session, parent);
  return target.state === "open" && target.base === revision ? target : undefined;
}

async function changed(
  { session }: Desk,
  target: Motion | Amendment,
  base: number,
  { file, reason, actions, substitute }: Amending,
) {
  if (reason === "") throw new Problem("Say why: --reason <file in Markdown>");
  const text = file === "" ? undefined : newText(file);
  if (text === undefined && actions === "") {
    throw new Problem("Say what to change: <file with the whole text as amended>, or --actions");
  }
  const why = newText(reason);
  const list = await actionsGiven(session, actions, () => present(session, target));
  const change = {
    base,
    text: text?.digest ?? target.text,
    reason: why.digest,
    substitute,
    actions: digestOfList(list),
    ...list,
  };
  return { change, list, texts: text === undefined ? [why] : [text, why] };
}

/** The actions of a text as it is now: of one without any nothing need be looked up. */
async function present(session: Session, target: Motion | Amendment): Promise<ActionList> {
  if (BigInt(target.actions) === 0n) return NO_ACTIONS;
  const record = await recordOf(session);
  const isMotion = "revision" in target;
  return actionsIn(isMotion ? presentOf(record, target.id) : presentOfAmendment(record, target.id));
}

async function actionsGiven(
  { contracts }: Session,
  option: string,
  unlessGiven: () => Promise<ActionList>,
): Promise<ActionList> {
  if (option === "") return unlessGiven();
  return option === "none" ? NO_ACTIONS : readActions(contracts, option);
}

const aboutActions = async ({ session }: Desk, list: ActionList) => [
  ...describeActions(session, list, await classOf(session, list)),
  ...(list.targets.length === 0 ? [] : [`  digest  ${digestOfList(list)}`]),
];

const actorOf = ({ session, manner }: Desk) => actingAccount(session, manner.account).address;
