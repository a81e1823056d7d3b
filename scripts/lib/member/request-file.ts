import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { getAddress, isAddress, isHexString, type TypedDataField } from "ethers";
import { Problem } from "../problem.js";
import type { Act, Message, Signed, Value } from "./act.js";

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

/** Writes a signed request to a new file; one that is there already may be needed still. */
export function writeRequest(path: string, request: SignedRequest): void {
  if (existsSync(path)) throw new Problem(`${path} exists already; name another file with --out.`);
  writeFileSync(path, `${JSON.stringify(request, undefined, 2)}\n`);
}

/**
 * Reads a signed request and refuses what is none; whether it is good, the chain knows.
 * @param acts What may be asked for.
 */
export function readRequest<A extends Act>(
  path: string,
  acts: readonly A[],
): { act: A; request: SignedRequest } {
  const file = readObject(path);
  const act = acts.find(({ name }) => name === file.act);
  if (act === undefined) {
    const hint = String(file.act).startsWith("consent")
      ? 'it is the consent of a new key alone; the member brings it with "member rotate" or "member recover"'
      : `"act" is ${JSON.stringify(file.act)}, allowed: ${acts.map(({ name }) => name).join(", ")}`;
    throw new Problem(`${path} cannot be sent: ${hint}.`);
  }
  const given = (file.message ?? {}) as Readonly<Record<string, unknown>>;
  const request: SignedRequest = {
    act: act.name,
    ...readFrame(path, file),
    message: Object.fromEntries(
      act.fields.map((field) => [field.name, readField(path, field, given[field.name])]),
    ),
  };
  if (file.consent === undefined) return { act, request };
  const consent = file.consent as Readonly<Record<string, unknown>>;
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
  const file = readObject(path);
  if (file.act !== `consent to ${act.name}`) {
    throw new Problem(`${path} is no consent to ${act.name}: its "act" is ${JSON.stringify(file.act)}.`);
  }
  const { nonce, deadline, signature } = readFrame(path, file);
  return { nonce, deadline, signature };
}

/** Refuses a request that was signed for another chain or contract than the coalition's. */
export function requireMeantFor(
  path: string,
  request: SignedRequest,
  chainId: bigint,
  contract: string,
): void {
  if (BigInt(request.chainId) !== chainId) {
    throw new Problem(`${path} was signed for chain ${request.chainId}; this is chain ${chainId}.`);
  }
  if (request.contract !== getAddress(contract)) {
    throw new Problem(
      `${path} was signed for the contract ${request.contract}; this coalition's is ${contract}.`,
    );
  }
}

function readObject(path: string): Readonly<Record<string, unknown>> {
  if (!existsSync(path)) throw new Problem(`${path} is missing.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Problem(`${path} is not JSON; have the request signed anew.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Problem(`${path} holds no signed request.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function readFrame(path: string, file: Readonly<Record<string, unknown>>) {
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
  if (type === "address") return readAddress(path, key, value);
  if (type.startsWith("bytes")) return readHex(path, key, value, Number(type.slice(5)));
  if (type !== "address[]") return readNumber(path, key, value);
  if (!Array.isArray(value)) fail(path, key, value, "a list of addresses");
  return value.map((one, index) => readAddress(path, `${key}[${index}]`, one));
}

function readNumber(path: string, key: string, value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  return fail(path, key, value, "a whole number from 0 on");
}

function readAddress(path: string, key: string, value: unknown): string {
  return typeof value === "string" && isAddress(value)
    ? getAddress(value)
    : fail(path, key, value, "an address");
}

/** @param length In bytes; 0 for any. */
function readHex(path: string, key: string, value: unknown, length = 0): string {
  if (typeof value === "string" && isHexString(value, length === 0 ? true : length)) return value;
  return fail(path, key, value, `bytes, as 0x and hexadecimal digits`);
}

function fail(path: string, key: string, value: unknown, allowed: string): never {
  throw new Problem(`${path}: ${key} is ${JSON.stringify(value) ?? "missing"}, allowed: ${allowed}`);
}
