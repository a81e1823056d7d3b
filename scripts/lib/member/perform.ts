import type { ContractTransaction, TransactionReceipt } from "ethers";
import { receiptOf, withRoom } from "../pilot/transactions.js";
import { Problem } from "../problem.js";
import type { Act, Message, Signed } from "./act.js";
import type { Context, Outcome, Person } from "./coalition.js";
import { inPlainWords } from "./refusals.js";
import type { SignedRequest } from "./request-file.js";
import { requireSigned, type Struct, signStruct } from "./signing.js";
import { date } from "./words.js";

/** The second key's part: its signature, or an account of the network that gives it. */
export type Consent = Signed | Person;

/** For how long a signature is valid unless somebody says otherwise, in seconds. */
export const LIFE = 7 * 86_400;

/** Lets a member act in person. */
export async function perform<M extends Message>(
  context: Context,
  act: Act<M>,
  message: M,
  by: Person,
  consent?: Consent,
): Promise<Outcome> {
  await requireActor(context, act, message, by);
  await act.check(context, message);
  const agreed = await agree(context, act, message, { deadline: context.now + LIFE, ahead: 0, consent });
  return told(context, act, message, await send(context, by, await act.direct(context, message, agreed)));
}

/**
 * Signs a request that somebody else sends; nothing is sent here.
 * @param deadline Last second at which it is valid, in seconds since 1970; the consent's where one was signed before.
 */
export async function sign<M extends Message>(
  context: Context,
  act: Act<M>,
  message: M,
  by: Person,
  deadline: number,
  consent?: Consent,
): Promise<SignedRequest> {
  await requireActor(context, act, message, by);
  await act.check(context, message);
  const ahead = aheadOf(act, message, by.address);
  const agreed = await agree(context, act, message, { deadline, ahead, consent });
  const { provider } = context.ethers;
  if (ahead === 0) {
    const direct = await act.direct(context, message, agreed);
    await inPlainWords(context, () => provider.call({ ...direct, from: by.address }));
  }
  const signed = await signStruct(context, structOf(act, message), by, agreed?.deadline ?? deadline);
  return {
    act: act.name,
    chainId: Number((await provider.getNetwork()).chainId),
    contract: context.contracts[act.desk],
    message,
    ...signed,
    ...(agreed !== undefined && { consent: { nonce: agreed.nonce, signature: agreed.signature } }),
  };
}

/** Signs as the new key that it takes over a member number; the member, or a guardian, brings it. */
export async function signConsent<M extends Message>(
  context: Context,
  act: Act<M>,
  message: M,
  by: Person,
  deadline: number,
): Promise<SignedRequest> {
  const struct = consentOf(act, message);
  return {
    act: `consent to ${act.name}`,
    chainId: Number((await context.ethers.provider.getNetwork()).chainId),
    contract: context.contracts[act.desk],
    message: struct.message,
    ...(await signStruct(context, struct, by, deadline)),
  };
}

/** Sends a request that somebody signed, and pays for it. */
export async function relay<M extends Message>(
  context: Context,
  act: Act<M>,
  request: SignedRequest & { readonly message: M },
  payer: Person,
): Promise<Outcome> {
  const { message, nonce, deadline, signature } = request;
  await act.check(context, message);
  const key = await act.by(context, message);
  const signed = { nonce, deadline, signature };
  await requireSigned(context, structOf(act, message), key, signed, "The request");
  let agreed: Signed | undefined;
  if (act.consent !== undefined) {
    if (request.consent === undefined) {
      throw new Problem(
        "The request lacks the consent of the new key; have it signed anew with --signature.",
      );
    }
    const consent = { ...request.consent, deadline };
    agreed = await agree(context, act, message, { deadline, ahead: aheadOf(act, message, key), consent });
  }
  const receipt = await send(context, payer, await act.relayed(context, message, signed, agreed));
  return told(context, act, message, receipt);
}

/** Sends a call and sees it through; what the chain would refuse is found out before anything is sent. */
export async function send(
  context: Context,
  payer: Person,
  call: ContractTransaction,
): Promise<TransactionReceipt> {
  const { ethers } = context;
  const estimate = await inPlainWords(context, () => payer.estimateGas(call));
  const { hash } = await inPlainWords(context, () =>
    payer.sendTransaction({ ...call, ...withRoom(estimate) }),
  );
  const receipt = await receiptOf(ethers, hash);
  if (receipt.status !== 1) {
    throw new Problem(
      `The chain refused transaction ${hash}: something else happened meanwhile. Give the command again to learn what.`,
    );
  }
  return receipt;
}

/** What a transaction did, for a machine. */
export const transactionFacts = ({ hash, blockNumber, gasUsed }: TransactionReceipt) => ({
  transaction: { hash, block: blockNumber, gas: Number(gasUsed) },
});

async function told<M extends Message>(
  context: Context,
  act: Act<M>,
  message: M,
  receipt: TransactionReceipt,
): Promise<Outcome> {
  const { lines, facts } = await act.tell(context, message, receipt);
  return {
    lines: [...lines, `Transaction ${receipt.hash} in block ${receipt.blockNumber}.`],
    facts: { act: act.name, ...facts, ...transactionFacts(receipt) },
  };
}

async function requireActor<M extends Message>(
  context: Context,
  act: Act<M>,
  message: M,
  by: Person,
): Promise<void> {
  const key = await act.by(context, message);
  if (key === by.address) return;
  throw new Problem(
    `Only ${key} can do that, and the account that acts is ${by.address}; choose with --account.`,
  );
}

/** The second key's consent, where the act needs one: checked, or given now by an account of the network. */
async function agree<M extends Message>(
  context: Context,
  act: Act<M>,
  message: M,
  { deadline, ahead, consent }: { deadline: number; ahead: number; consent: Consent | undefined },
): Promise<Signed | undefined> {
  if (act.consent === undefined) return undefined;
  const key = act.consent.by(message);
  const struct = consentOf(act, message);
  if (consent === undefined) {
    throw new Problem(
      `${key} must agree, and is not among the network's accounts. Its holder signs with ` +
        `"${act.consent.command(message)}"; bring what that writes with --signature <file>.`,
    );
  }
  const agreed =
    "signature" in consent ? consent : await signStruct(context, struct, consent, deadline, ahead);
  await requireSigned(context, struct, key, agreed, "The new key's consent", ahead);
  return agreed;
}

/** Where one key signs both the request and the consent, the request comes first. */
function aheadOf<M extends Message>(act: Act<M>, message: M, key: string): number {
  return act.consent?.by(message) === key ? 1 : 0;
}

function structOf<M extends Message>({ desk, type, fields }: Act<M>, message: M): Struct {
  return { desk, type, fields, message };
}

function consentOf<M extends Message>(act: Act<M>, message: M): Struct {
  if (act.consent === undefined) throw new Problem(`To ${act.name} needs nobody's consent.`);
  const { type, fields } = act.consent;
  const part = Object.fromEntries(fields.map(({ name }) => [name, message[name] ?? ""]));
  return { desk: act.desk, type, fields, message: part };
}

/** How a signed request is told of: to whom it goes, and until when it is good. */
export function describeRequest(request: SignedRequest, path: string | undefined): Outcome {
  const how = request.act.startsWith("consent")
    ? "Give it to whoever asked for it; they bring it with --signature."
    : 'Anybody can send it, and pays for it, with "member send --request".';
  return {
    lines:
      path === undefined
        ? [JSON.stringify(request, undefined, 2)]
        : [`Signed: ${request.act}, valid until ${date(request.deadline)}. Written to ${path}.`, how],
    facts: { act: request.act, sent: false, ...(path !== undefined && { file: path }), request },
  };
}
