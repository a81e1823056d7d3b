import type { TypedDataField } from "ethers";
import { Problem } from "../problem.js";
import type { Act, Message, Signed, Value } from "./act.js";
import { fail, type Given, readAddress, readHex, readNumber, readObject, writeNew } from "./json-file.js";

/** A request that was signed and can be sent by anybody, as its file has it. */
export interface SignedRequest extends Signed {
  /** What is asked for: the name of an act. */
  readonly act: string;
  readonly chainId: number;
  /** The desk that it was signed for. */
  readonly contract: string;
  readonly message: Message;
  /** The second key's part, until the same deadline. */
  readonly consent?: Omit<Signed, "deadline">;
}

/** What the file of an issuer's statement calls it. */
export const ATTEST = "attest";

/** Writes a signed request to a new file; one that is there already may be needed still. */
export function writeRequest(path: string, request: SignedRequest): void {
  writeNew(path, request);
}

/**
 * Reads a signed request and refuses what is none; whether it is good, the chain knows.
 * @param acts What may be asked for.
 */
export function readRequest<A extends Act>(
  path: string,
  acts: readonly A[],
): { act: A; request: SignedRequest } {
  const file = readObject(path, "request");
  const act = acts.find(({ name }) => name === file.act);
  if (act === undefined) {
    const hint = String(file.act).startsWith("consent")
      ? 'it is the consent of a new key alone; the member brings it with "member rotate" or "member recover"'
      : file.act === ATTEST
        ? 'it is the statement of an issuer; bring it with "member qualify --statement"'
        : `"act" is ${JSON.stringify(file.act)}, allowed: ${acts.map(({ name }) => name).join(", ")}`;
    throw new Problem(`${path} cannot be sent: ${hint}.`);
  }
  const given = (file.message ?? {}) as Given;
  const request: SignedRequest = {
    act: act.name,
    ...readFrame(path, file),
    message: Object.fromEntries(
      [...act.fields, ...(act.carried ?? [])].map((field) => [
        field.name,
        readField(path, field, given[field.name]),
      ]),
    ),
  };
  if (file.consent === undefined) return { act, request };
  const consent = file.consent as Given;
  return {
    act,
    request: {
      ...request,
      consent: {
        nonce: readNumber(path, "consent.nonce", consent.nonce),
        signature: readHex(path, "consent.signature", consent.signature),
      },
    },
  };
}

/**
 * Reads the consent of a new key.
 * @param act What it has to be a consent to.
 */
export function readConsent(path: string, act: Act): Signed {
  const file = readObject(path, "request");
  if (file.act !== `consent to ${act.name}`) {
    throw new Problem(`${path} is no consent to ${act.name}: its "act" is ${JSON.stringify(file.act)}.`);
  }
  const { nonce, deadline, signature } = readFrame(path, file);
  return { nonce, deadline, signature };
}

function readFrame(path: string, file: Given) {
  return {
    chainId: readNumber(path, "chainId", file.chainId),
    contract: readAddress(path, "contract", file.contract),
    nonce: readNumber(path, "nonce", file.nonce),
    deadline: readNumber(path, "deadline", file.deadline),
    signature: readHex(path, "signature", file.signature),
  };
}

function readField(path: string, { name, type }: TypedDataField, value: unknown): Value {
  const key = `message.${name}`;
  if (type.endsWith("[]")) return readItems(path, key, type.slice(0, -2), value);
  if (type === "address") return readAddress(path, key, value);
  if (type === "bool") return typeof value === "boolean" ? value : fail(path, key, value, "true or false");
  if (type.startsWith("bytes")) return readHex(path, key, value, Number(type.slice(5)));
  // Ids of decisions are too large for a number.
  if (typeof value === "string" && type === "uint256" && /^\d{16,78}$/.test(value)) return value;
  return readNumber(path, key, value);
}

/** The items of a list; numbers as decimal digits. */
function readItems(path: string, key: string, type: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) fail(path, key, value, type === "address" ? "a list of addresses" : "a list");
  return value.map((one: unknown, index) => {
    const item = `${key}[${index}]`;
    if (type === "address") return readAddress(path, item, one);
    if (type === "bytes") return readHex(path, item, one);
    return typeof one === "string" && /^\d{1,78}$/.test(one) ? one : fail(path, item, one, "decimal digits");
  });
}
