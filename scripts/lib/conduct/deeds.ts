import type { ContractTransaction } from "ethers";
import { describeTexts, factsOfTexts, type NewText } from "../content/new-text.js";
import type { Context, Outcome } from "../member/coalition.js";
import { eventIn, memberAt, memberOf, nameOf } from "../member/lookup.js";
import { send, transactionFacts } from "../member/perform.js";
import { inPlainWords } from "../member/refusals.js";
import { actingAccount, type Session } from "../member/session.js";
import { date, listed } from "../member/words.js";
import { refreshed } from "../motions/motion.js";
import type { Desk } from "../motions/write.js";
import { Problem } from "../problem.js";
import { caseAt } from "./cases.js";
import { numberFor } from "./chain.js";
import type { Complaint } from "./messages.js";
import { chainIn, commitTo, readChain, tipOf } from "./secrets.js";

/** Digest of the clause of the Code of Conduct that is in force. */
export async function ruleInForce({ coalition }: Context, clause: number): Promise<string> {
  const [document] = await coalition.speakers.codeOfConduct();
  const digest = await coalition.charter.clauseOf(document, clause);
  if (BigInt(digest) !== 0n) return digest;
  throw new Problem(
    `The Code of Conduct (document ${document} of the charter) has no clause ${clause} in force; read it with "charter show".`,
  );
}

/** The chain of whoever acts: the message that commits to it. */
export async function chainMessage(session: Session, account: string, path: string) {
  if (path === "") throw new Problem("Say where to keep the secret: --chain <file>");
  const { number } = await memberOf(session, account);
  const chain = await chainIn(session, path, number);
  const last = Number(await session.coalition.panels.lastDraw());
  if (chain.lastDraw !== last) {
    throw new Problem(
      `${path} was made when draw ${chain.lastDraw} was the last, and now it is draw ${last}; commit to a new chain in another file.`,
    );
  }
  return { account, lastDraw: last, tip: tipOf(chain) };
}

/** Gives the number of a chain for the lot of a case. Anybody who has the file. */
export async function reveal({ session, manner }: Desk, id: number, path: string): Promise<Outcome> {
  if (path === "") throw new Problem("Say which chain: --chain <file that `conduct commit` wrote>");
  const chain = await readChain(session, path);
  const { draw } = await caseAt(session, id);
  const value = numberFor(chain.secret, chain.lastDraw, draw);
  const call = await session.coalition.panels.reveal.populateTransaction(draw, chain.number, value);
  const receipt = await send(session, actingAccount(session, manner.account), call);
  const { reveals, until } = await session.coalition.panels.drawOf(draw);
  return {
    lines: [
      `The number of member ${chain.number} for case ${id} (draw ${draw}) is known: ${reveals} by now, taken until ${date(until)}.`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { case: id, draw, number: chain.number, reveals: Number(reveals), ...transactionFacts(receipt) },
  };
}

/** Draws the panel of a case. Anybody. */
export async function drawPanel({ session, manner }: Desk, id: number): Promise<Outcome> {
  await caseAt(session, id);
  const { conduct } = session.coalition;
  const receipt = await send(
    session,
    actingAccount(session, manner.account),
    await conduct.drawPanel.populateTransaction(id),
  );
  const seated = eventIn(receipt, session.contracts.conduct, conduct.interface, "PanelSeated");
  const after = await refreshed(session);
  const { until } = await caseAt(after, id);
  const panel = (seated?.panel as readonly bigint[] | undefined)?.map(Number);
  const names = await Promise.all(
    (panel ?? []).map(async (one) => nameOf(after, await memberAt(after, one))),
  );
  return {
    lines: [
      panel === undefined
        ? `No panel could be drawn: case ${id} is before the members; what they decide has effect until ${date(until)}.`
        : `On the panel of case ${id} are ${listed(names)}. They rule until ${date(until)}.`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { case: id, panel, until, ...transactionFacts(receipt) },
  };
}

/** Leaves the panel of a case. */
export async function recuse(desk: Desk, id: number, reason: NewText): Promise<Outcome> {
  const { session, manner } = desk;
  await caseAt(session, id);
  const { number } = await memberOf(session, actingAccount(session, manner.account).address);
  const { conduct } = session.coalition;
  return withText(desk, await conduct.recuse.populateTransaction(id, number, reason.digest), reason, () => ({
    lines: [`Member ${number} has left the panel of case ${id}.`],
    facts: { case: id, number },
  }));
}

/** Hides a post at once, until there is a case, or the time for one is over. */
export async function hideNow(desk: Desk, list: number, post: number, reason: NewText): Promise<Outcome> {
  const { conduct } = desk.session.coalition;
  return withText(
    desk,
    await conduct.hideNow.populateTransaction(list, post, reason.digest),
    reason,
    (receipt) => {
      const event = eventIn(receipt, desk.session.contracts.conduct, conduct.interface, "EmergencyHidden");
      const until = Number(event?.until);
      return {
        lines: [
          `The post at place ${post} of list ${list} is hidden until ${date(until)}; longer only if somebody complains of it by then.`,
        ],
        facts: { list, post, until },
      };
    },
  );
}

/** Puts the tombstone on a post whose text is to be erased, once its case is closed. Anybody. */
export async function erase({ session, manner }: Desk, id: number): Promise<Outcome> {
  const { complaint } = await caseAt(session, id);
  const call = await session.coalition.conduct.erase.populateTransaction(id);
  const receipt = await send(session, actingAccount(session, manner.account), call);
  return {
    lines: [
      `The post at place ${complaint.post} of list ${complaint.list} has a tombstone by case ${id}. Whoever keeps its text is to erase it.`,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { case: id, list: complaint.list, post: complaint.post, ...transactionFacts(receipt) },
  };
}

/** Complains for a member who is not named; for members of the pool. */
export async function complainFor(
  desk: Desk,
  complaint: Complaint,
  evidence: NewText,
  { complainant, out, exclude }: { complainant: number; out: string; exclude: number },
): Promise<Outcome> {
  const { session, manner } = desk;
  await memberAt(session, complainant);
  const { number } = await memberOf(session, actingAccount(session, manner.account).address);
  if (!(await session.coalition.panels.isInPool(number))) {
    throw new Problem(`Member ${number} holds no seat of the pool, whose members alone complain for others.`);
  }
  const inPool = await session.coalition.panels.isInPool(complainant);
  const excluded: [number, number] = [inPool ? complainant : 0, exclude];
  const commitment = await commitTo(session, out, complainant);
  const { conduct } = session.coalition;
  const call = await conduct.complainFor.populateTransaction(complaint, commitment, excluded);
  return withText(desk, call, evidence, (receipt) => {
    const event = eventIn(receipt, session.contracts.conduct, conduct.interface, "CaseOpened");
    const caseId = Number(event?.caseId);
    return {
      lines: [
        `Case ${caseId} is open against member ${complaint.respondent}. Who complained is in ${out} and nowhere else: keep it, or destroy it.`,
      ],
      facts: { case: caseId, respondent: complaint.respondent, commitment, file: out },
    };
  });
}

/** Sends a call that has a text; the text is stored first, once the chain would take the call. */
async function withText(
  { session, store, manner }: Desk,
  call: ContractTransaction,
  text: NewText,
  tell: (receipt: Awaited<ReturnType<typeof send>>) => Outcome,
): Promise<Outcome> {
  const payer = actingAccount(session, manner.account);
  await inPlainWords(session, () => session.ethers.provider.call({ ...call, from: payer.address }));
  await store.put(text.bytes);
  const receipt = await send(session, payer, call);
  const { lines, facts } = tell(receipt);
  return {
    lines: [
      ...describeTexts([text]),
      ...lines,
      `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`,
    ],
    facts: { ...facts, store: store.path, texts: factsOfTexts([text]), ...transactionFacts(receipt) },
  };
}
