import { existsSync, readFileSync } from "node:fs";
import { type FunctionFragment, getAddress, Interface, isAddress, isHexString } from "ethers";
import json5 from "json5";
import * as factories from "../../../typechain-types/index.js";
import { type AddressBook, CONTRACTS, type ContractKey } from "../address-book.js";
import { findRepeatedKeys } from "../json5-keys.js";
import { fail, type Given } from "../member/json-file.js";
import { Problem } from "../problem.js";
import { digestOfActions } from "./history.js";

/** What a motion does, as `MotionActions.List`: as many targets as values, in wei as decimal digits, and calldatas. */
export type ActionList = {
  readonly targets: readonly string[];
  readonly values: readonly string[];
  readonly calldatas: readonly string[];
};

/** What an actions file says of one action: a call, or bytes. */
export interface ActionEntry {
  /** A contract of the coalition by its key in the address book, or an address. */
  readonly target: string;
  /** The function: its name where that is unambiguous, or its signature. */
  readonly call?: string;
  readonly args?: readonly unknown[];
  /** Calldata, instead of a call. */
  readonly data?: string;
  /** In wei, as decimal digits. */
  readonly value?: string;
}

type Contracts = AddressBook["contracts"];

export const NO_ACTIONS: ActionList = { targets: [], values: [], calldatas: [] };

/** As many as a decision holds. */
const MOST_ACTIONS = 16;
const KEYS = ["target", "call", "args", "data", "value"];
const ALLOWED =
  'a list of { target: "charter", call: "amend(uint256,uint256,bytes32,bytes32)", args: […] } or { target, data: "0x…" }, each with value: "…" in wei where it sends some';

/** The digest of actions, as `MotionActions.digest` has it; zeros for none. */
export const digestOfList = (list: ActionList): string =>
  digestOfActions({ ...list, values: list.values.map(BigInt) });

/** The interface of a contract of the coalition. */
export function faceOf(key: ContractKey): Interface {
  const known = factories as unknown as Readonly<Record<string, { createInterface(): Interface }>>;
  const factory = known[`${CONTRACTS[key]}__factory`];
  if (factory === undefined) throw new Problem(`The interface of ${CONTRACTS[key]} is missing; build first.`);
  return factory.createInterface();
}

/** Which contract of the coalition has an address; undefined for none. */
export const keyAt = (contracts: Contracts, address: string): ContractKey | undefined =>
  (Object.keys(CONTRACTS) as ContractKey[]).find(
    (key) => contracts[key]?.toLowerCase() === address.toLowerCase(),
  );

/**
 * Reads an actions file: JSON5, a list of calls.
 * @throws {Problem} that names the entry and the key which are wrong, and what would be right.
 */
export function readActions(contracts: Contracts, path: string): ActionList {
  const entries = readEntries(path);
  const actions = entries.map((entry, index) => encoded(contracts, path, `[${index}]`, entry));
  return {
    targets: actions.map(({ target }) => target),
    values: actions.map(({ value }) => value),
    calldatas: actions.map(({ data }) => data),
  };
}

/** The entries of an actions file, before anything is believed of them but that they are objects. */
export function readEntries(path: string): ActionEntry[] {
  if (!existsSync(path)) throw new Problem(`${path} is missing.`);
  const text = readFileSync(path, "utf8");
  let entries: unknown;
  try {
    entries = json5.parse(text);
  } catch (error) {
    throw new Problem(
      `${path} is not JSON5 (${error instanceof Error ? error.message : error}); allowed: ${ALLOWED}`,
    );
  }
  const repeated = findRepeatedKeys(text);
  if (repeated[0] !== undefined)
    throw new Problem(`${path}: the key ${repeated[0]} comes twice, allowed: once`);
  if (!Array.isArray(entries)) throw new Problem(`${path} holds no list, allowed: ${ALLOWED}`);
  if (entries.length < 1 || entries.length > MOST_ACTIONS) {
    throw new Problem(`${path} holds ${entries.length} actions, allowed: 1 to ${MOST_ACTIONS}`);
  }
  return entries.map((entry: unknown, index) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? (entry as ActionEntry)
      : fail(path, `[${index}]`, entry, ALLOWED),
  );
}

function encoded(contracts: Contracts, path: string, key: string, entry: ActionEntry) {
  const unknown = Object.keys(entry).find((name) => !KEYS.includes(name));
  if (unknown !== undefined) {
    fail(path, `${key}.${unknown}`, (entry as unknown as Given)[unknown], `only the keys ${KEYS.join(", ")}`);
  }
  const { target, value = "0", data } = entry;
  const isKey = typeof target === "string" && target in CONTRACTS;
  if (!isKey && !(typeof target === "string" && isAddress(target))) {
    fail(path, `${key}.target`, target, `an address, or one of ${Object.keys(CONTRACTS).join(", ")}`);
  }
  const text = typeof value === "number" ? `${value}` : value;
  if (typeof text !== "string" || !/^\d{1,78}$/.test(text)) {
    fail(path, `${key}.value`, value, "wei as decimal digits");
  }
  const address = getAddress(isKey ? contracts[target as ContractKey] : target);
  if (data === undefined) {
    return { target: address, value: text, data: encodedCall(path, key, entry, keyAt(contracts, address)) };
  }
  if (entry.call !== undefined || entry.args !== undefined) {
    fail(path, `${key}.data`, data, "either data, or call and args");
  }
  if (!isHexString(data) || data.length % 2 !== 0)
    fail(path, `${key}.data`, data, "0x and hexadecimal digits");
  return { target: address, value: text, data };
}

function encodedCall(
  path: string,
  key: string,
  { call, args = [] }: ActionEntry,
  at: ContractKey | undefined,
) {
  if (typeof call !== "string") fail(path, `${key}.call`, call, "a function, by name or signature");
  if (!Array.isArray(args)) fail(path, `${key}.args`, args, "a list of values");
  const fragment = functionOf(path, key, call, at);
  const face = new Interface([fragment]);
  if (fragment.constant) fail(path, `${key}.call`, call, "a function that changes something");
  if (args.length !== fragment.inputs.length) {
    fail(path, `${key}.args`, args, `${fragment.inputs.length} values, as ${fragment.format("minimal")}`);
  }
  try {
    return face.encodeFunctionData(fragment, args);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(" (")[0] : String(error);
    throw new Problem(
      `${path}: ${key}.args are ${JSON.stringify(args)} (${reason}), allowed: values of ${fragment.format("minimal")}`,
    );
  }
}

/** The function that is meant: of a contract of the coalition one that it has. */
function functionOf(path: string, key: string, call: string, at: ContractKey | undefined): FunctionFragment {
  let found: FunctionFragment | null = null;
  try {
    const face = at === undefined ? new Interface([`function ${call}`]) : faceOf(at);
    found = face.getFunction(at === undefined ? call.slice(0, call.indexOf("(")) : call);
  } catch {
    fail(path, `${key}.call`, call, "a function by its signature, name(type,type)");
  }
  if (found !== null) return found;
  const names: string[] = [];
  if (at !== undefined) {
    faceOf(at).forEachFunction((one) => {
      if (!one.constant) names.push(one.name);
    });
  }
  return fail(path, `${key}.call`, call, `a function of ${at}: ${[...new Set(names)].join(", ")}`);
}
