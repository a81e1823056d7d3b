import { type ContractTransaction, getAddress, type TransactionReceipt } from "ethers";
import { Problem } from "../problem.js";
import { COSIGN } from "../statements/acts.js";
import type { Act } from "./act.js";
import { ACTS } from "./acts.js";
import { type Context, interfacesOf, type Outcome, type Person } from "./coalition.js";
import { requireMeantFor } from "./json-file.js";
import { relay, send, transactionFacts } from "./perform.js";
import { sentenceOf } from "./refusals.js";
import { readRequest, type SignedRequest } from "./request-file.js";
import { requireSigned } from "./signing.js";
import { counted } from "./words.js";

/** Requests that one transaction brings: of each the contract takes 0.5 million gas at the most. */
const BATCH = 40;

/** A signed request of a file. */
interface Brought {
  readonly path: string;
  readonly act: Act;
  readonly request: SignedRequest;
}

/** What became of the request of a file. */
interface Fate {
  readonly path: string;
  readonly act: string;
  readonly done: boolean;
  readonly sentence: string;
}

/**
 * Brings what members signed, and pays for it: many in a transaction where the contract takes many. What cannot be
 * done is passed over and told of, the others go on.
 * @param paths Of the files, brought in this order.
 * @throws {Problem} for a file that holds no request, or one for another chain or coalition: then nothing is sent.
 */
export async function relayMany(
  context: Context,
  paths: readonly string[],
  payer: Person,
  say: (line: string) => void = () => {},
): Promise<Outcome> {
  const { chainId } = await context.ethers.provider.getNetwork();
  const brought = paths.map((path): Brought => {
    const { act, request } = readRequest(path, ACTS);
    requireMeantFor(path, request, chainId, getAddress(context.contracts[act.desk]));
    return { path, act, request };
  });
  const fates: Fate[] = [];
  const transactions: unknown[] = [];
  for (const group of groupsOf(brought)) {
    const done =
      group.length === 1 ? await alone(context, group, payer) : await together(context, group, payer);
    fates.push(...done.fates);
    transactions.push(...done.transactions);
    say(`Brought ${fates.length} of ${counted(brought.length, "request")}.`);
  }
  const done = fates.filter((fate) => fate.done).length;
  return {
    lines: [
      ...fates.map(({ path, sentence }) => `${path}: ${sentence}`),
      `${counted(done, "request")} of ${brought.length} done.`,
    ],
    facts: { ok: done === brought.length, done, requests: fates, transactions },
  };
}

/** Neighbours that one call of a contract can bring, in their order. */
function groupsOf(brought: readonly Brought[]): Brought[][] {
  const groups: Brought[][] = [];
  for (const one of brought) {
    const last = groups.at(-1);
    const place = placeOf(one);
    const joins = last?.[0] !== undefined && place !== undefined && place === placeOf(last[0]);
    if (joins && last.length < BATCH) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** What can be brought together has the same place; undefined for what comes alone. */
function placeOf({ act, request }: Brought): string | undefined {
  if (act.batched !== undefined) return act.desk;
  return act.name === COSIGN.name ? `statement ${request.message.statement}` : undefined;
}

interface Done {
  readonly fates: readonly Fate[];
  readonly transactions: readonly unknown[];
}

const refused = ({ path, act }: Brought, error: unknown): Fate => {
  if (!(error instanceof Problem)) throw error;
  return { path, act: act.name, done: false, sentence: error.message };
};

async function alone(context: Context, group: readonly Brought[], payer: Person): Promise<Done> {
  const fates: Fate[] = [];
  const transactions: unknown[] = [];
  for (const one of group) {
    try {
      const { lines, facts } = await relay(context, one.act, one.request, payer);
      fates.push({ path: one.path, act: one.act.name, done: true, sentence: lines.join(" ") });
      transactions.push(facts.transaction);
    } catch (error) {
      fates.push(refused(one, error));
    }
  }
  return { fates, transactions };
}

/** Passes over what the chain would refuse for its signature, and brings the rest in one transaction. */
async function together(context: Context, group: readonly Brought[], payer: Person): Promise<Done> {
  const good: Brought[] = [];
  const bad: Fate[] = [];
  const ahead = new Map<string, number>();
  for (const one of group) {
    try {
      const key = await one.act.by(context, one.request.message);
      const { desk, type, fields } = one.act;
      const struct = { desk, type, fields, message: one.request.message };
      const before = ahead.get(key) ?? 0;
      await one.act.check(context, one.request.message);
      await requireSigned(context, struct, key, one.request, "The request", before);
      ahead.set(key, before + 1);
      good.push(one);
    } catch (error) {
      bad.push(refused(one, error));
    }
  }
  if (good.length === 0) return { fates: bad, transactions: [] };
  const receipt = await send(context, payer, await batchOf(context, good));
  const skipped = await skippedIn(context, receipt);
  const fates = good.map(({ path, act }, index): Fate => {
    const reason = skipped.get(index);
    return { path, act: act.name, done: reason === undefined, sentence: reason ?? `${act.name}: done.` };
  });
  return { fates: [...bad, ...fates], transactions: [transactionFacts(receipt).transaction] };
}

async function batchOf({ coalition }: Context, group: readonly Brought[]): Promise<ContractTransaction> {
  const frames = group.map(({ act, request: { message, deadline, signature } }) => ({
    act,
    message,
    frame: { account: String(message.account), deadline, signature },
  }));
  const [first] = frames;
  if (first === undefined) throw new Problem("There is no request to bring.");
  if (first.act.desk === "statements") {
    return coalition.statements.cosignMany.populateTransaction(
      Number(first.message.statement),
      frames.map(({ frame }) => frame),
    );
  }
  const acts = frames.flatMap(({ act, message, frame }) => {
    const batched = act.batched?.(message);
    return batched === undefined ? [] : [{ ...batched, ...frame }];
  });
  const desk = first.act.desk === "motions" ? coalition.motions : coalition.amendments;
  return desk.actMany.populateTransaction(acts);
}

/** Why acts of a batch were passed over, by their place in it. */
async function skippedIn(context: Context, { logs }: TransactionReceipt): Promise<Map<number, string>> {
  const { motions, statements } = context.coalition;
  const skipped = new Map<number, string>();
  for (const log of logs) {
    // Motions and amendments pass over in the same words.
    const event = motions.interface.parseLog(log) ?? statements.interface.parseLog(log);
    if (event?.name !== "ActSkipped" && event?.name !== "CosignatureSkipped") continue;
    skipped.set(Number(event.args.index), await reasonIn(context, event.args.reason));
  }
  return skipped;
}

async function reasonIn(context: Context, reason: string): Promise<string> {
  for (const face of interfacesOf(context.coalition)) {
    const refusal = face.parseError(reason);
    if (refusal !== null) return sentenceOf(refusal, context);
  }
  return "The contract passed it over without a reason: the signer's wallet may have used up its gas.";
}
