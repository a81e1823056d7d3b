import { isHexString } from "ethers";
import { Problem } from "../problem.js";
import type { Act, Message } from "./act.js";
import type { Outcome } from "./coalition.js";
import { readWhole } from "./lookup.js";
import { type Consent, describeRequest, LIFE, perform, sign, signConsent } from "./perform.js";
import { readConsent, type SignedRequest, writeRequest } from "./request-file.js";
import { actingAccount, findAccount, type Session } from "./session.js";
import { nonceOf } from "./signing.js";
import { readMoment } from "./words.js";

/** How an act is to be done; empty texts stand for what was not given. */
export interface Manner {
  /** Index or address of the account that acts. */
  readonly account: string;
  /** Sign, and let somebody else send. */
  readonly signOnly: boolean;
  /** File for the signed request. */
  readonly out: string;
  readonly deadline: string;
}

/** How a second key agrees. */
export interface ConsentManner extends Manner {
  /** Its signature, or the file with its consent. */
  readonly signature: string;
  /** Sign as the second key. */
  readonly consent: boolean;
}

/** Does what a member asked for: in person, or by a signed request for somebody else to send. */
export async function carryOut<M extends Message>(
  session: Session,
  manner: Manner,
  act: Act<M>,
  message: M,
  consent?: Consent,
): Promise<Outcome> {
  const by = actingAccount(session, manner.account);
  if (manner.signOnly) {
    const request = await sign(session, act, message, by, deadlineOf(session, manner), consent);
    return handOver(request, manner);
  }
  if (manner.out !== "") throw new Problem("--out is for a signed request; give --sign-only with it.");
  return perform(session, act, message, by, consent);
}

/** Signs as the second key, for whoever asked it to agree. */
export async function consentTo<M extends Message>(
  session: Session,
  manner: Manner,
  act: Act<M>,
  message: M,
): Promise<Outcome> {
  const by = actingAccount(session, manner.account);
  if (act.consent?.by(message) !== by.address) {
    throw new Problem(
      `The new key itself consents: ${act.consent?.by(message)}, but the account that acts is ${by.address}.`,
    );
  }
  return handOver(await signConsent(session, act, message, by, deadlineOf(session, manner)), manner);
}

/** The second key's consent as it was brought; undefined if it was not, and the key is not among the accounts. */
export async function consentGiven(
  session: Session,
  { signature, deadline }: Pick<ConsentManner, "signature" | "deadline">,
  act: Act,
  newKey: string,
): Promise<Consent | undefined> {
  if (signature === "") return findAccount(session.accounts, newKey);
  if (!isHexString(signature)) return readConsent(signature, act);
  if (deadline === "") {
    throw new Problem("Say until when the signature is valid, exactly as it was signed, with --deadline.");
  }
  const nonce = await nonceOf(session, act.desk, newKey);
  return { nonce, signature, deadline: readMoment("--deadline", deadline, session.now) };
}

/** The one option that was given of several that exclude one another. */
export function oneOf<K extends string>(
  options: Readonly<Record<K, string | boolean>>,
  names: readonly K[],
): K {
  const given = names.filter((name) => options[name] !== "" && options[name] !== false);
  const [first, second] = given;
  if (first !== undefined && second === undefined) return first;
  const shown = names.map(flag).join(", ");
  throw new Problem(
    first === undefined ? `Say what to do: one of ${shown}` : `Only one of ${shown} at a time`,
  );
}

/** The member number of an option. */
export const readNumber = (option: string, text: string) => readWhole(option, text, 1, 2 ** 32 - 1);

/** The texts of a list with commas. */
export const readList = (text: string) => text.split(",").map((part) => part.trim());

/** An option's name as it is typed. */
const flag = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function deadlineOf({ now }: Session, { deadline }: Manner): number {
  return deadline === "" ? now + LIFE : readMoment("--deadline", deadline, now);
}

function handOver(request: SignedRequest, { out }: Manner): Outcome {
  if (out !== "") writeRequest(out, request);
  return describeRequest(request, out === "" ? undefined : out);
}
