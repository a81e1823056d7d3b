import {
  AbiCoder,
  type EventFragment,
  Interface,
  keccak256,
  type LogDescription,
  ParamType,
  toUtf8Bytes,
} from "ethers";
import {
  CoalitionGovernor__factory,
  Conduct__factory,
  Forum__factory,
  MinorityStatements__factory,
} from "../../../typechain-types/index.js";
import type { AddressBook } from "../address-book.js";
import { Problem } from "../problem.js";
import type { ArchivedLog } from "./logs.js";

/** A contract that appends records to series. */
export const SERIES_CONTRACTS = ["forum", "conduct", "statements"] as const;

export type SeriesContract = (typeof SERIES_CONTRACTS)[number];

/** A record of a series, as an event tells of it. */
export interface SeriesRecord {
  readonly contract: SeriesContract;
  /** Which series of the contract: a list of the forum (0 is the register), "log" of the cases, or a decision. */
  readonly series: string;
  /** Its place, from 1; undefined where the event does not say: then it is the next. */
  readonly place?: bigint;
  /** What the running digest runs over. */
  readonly record: string;
}

const FACES: Readonly<Record<SeriesContract, Interface>> = {
  forum: new Interface(Forum__factory.abi),
  conduct: new Interface(Conduct__factory.abi),
  statements: new Interface(MinorityStatements__factory.abi),
};

/** Events by their topic: ethers looks for one by hashing the signatures of all. */
const EVENTS: Readonly<Record<SeriesContract, ReadonlyMap<string, EventFragment>>> = {
  forum: eventsOf(FACES.forum),
  conduct: eventsOf(FACES.conduct),
  statements: eventsOf(FACES.statements),
};

function eventsOf(face: Interface): Map<string, EventFragment> {
  const events = new Map<string, EventFragment>();
  face.forEachEvent((event) => events.set(event.topicHash, event));
  return events;
}

const coder = AbiCoder.defaultAbiCoder();

/** keccak256 of values as Solidity's `abi.encode` has them; the types are read once. */
function hasher(...types: readonly string[]): (values: readonly unknown[]) => string {
  const known = types.map((type) => ParamType.from(type));
  return (values) => keccak256(coder.encode(known, values));
}

/** `IForum.Kind` and `IConduct.Entry`, as far as an event does not say it. */
const [HIDE, SHOW, ERASE] = [3, 4, 5];
const COMPLAINT = "tuple(uint32,uint32,bytes32,uint32,uint32,bytes32)";
const RULING = "tuple(bool,bool,bool,bool,bool,uint32,bytes32)";

interface Found {
  readonly series: string;
  readonly place?: bigint;
  readonly record: string;
}

type Reader = (args: LogDescription["args"]) => Found;

/** A record at its place in a list of the forum. */
const inList = (
  types: readonly string[],
  values: (args: LogDescription["args"]) => readonly unknown[],
): Reader => {
  const hash = hasher(...types);
  return (args) => ({ series: String(args.list), place: args.place, record: hash(values(args)) });
};

/** A record of the register of lists. */
const inRegister = (
  types: readonly string[],
  values: (args: LogDescription["args"]) => readonly unknown[],
): Reader => {
  const hash = hasher(...types);
  return (args) => ({ series: "0", place: args.place, record: hash(values(args)) });
};

/** An entry of the log of cases. */
const inLog = (
  entry: number,
  types: readonly string[],
  values: (args: LogDescription["args"]) => readonly unknown[],
): Reader => {
  const hash = hasher("uint8", ...types);
  return (args) => ({ series: "log", place: args.place, record: hash([entry, ...values(args)]) });
};

const statement = hasher("uint256", "uint256", "bytes32");
const signature = hasher("uint256", "uint256");

/** How each event becomes a record: the formulas of `IForum`, `IConduct` and `IMinorityStatements`. */
const READERS: Readonly<Record<SeriesContract, Readonly<Record<string, Reader>>>> = {
  forum: {
    Posted: inList(["uint8", "uint256", "uint256", "bytes32", "uint48"], (args) => [
      ...[args.kind, args.author, args.to, args.digest, args.moment],
    ]),
    PostHidden: inList(["uint8", "uint256", "uint256", "uint48", "bytes32", "uint48"], (args) => [
      ...[HIDE, args.to, args.caseId, args.until, args.reason, args.moment],
    ]),
    PostShown: inList(["uint8", "uint256", "uint256", "bytes32", "uint48"], (args) => [
      ...[SHOW, args.to, args.caseId, args.reason, args.moment],
    ]),
    PostErased: inList(["uint8", "uint256", "uint8", "uint256", "bytes32", "uint48"], (args) => [
      ...[ERASE, args.to, args.authority, args.basis, args.reason, args.moment],
    ]),
    ListOpened: inRegister(["uint256", "bytes32", "bytes32", "uint48"], (args) => [
      ...[args.list, keccak256(toUtf8Bytes(args.name)), args.purpose, args.moment],
    ]),
    ListChanged: inRegister(["uint256", "bytes32", "bool", "uint48"], (args) => [
      ...[args.list, args.purpose, args.open, args.moment],
    ]),
  },
  conduct: {
    CaseOpened: inLog(0, ["uint256", COMPLAINT, "uint32", "bytes32", "uint48"], (args) => [
      ...[args.caseId, [...args.complaint], args.version, args.commitment, args.moment],
    ]),
    CaseResponded: inLog(1, ["uint256", "bytes32", "uint48"], (args) => [
      ...[args.caseId, args.digest, args.moment],
    ]),
    PanelSeated: inLog(2, ["uint256", "uint32", "uint256[3]", "uint48"], (args) => [
      ...[args.caseId, args.draw, [...args.panel], args.moment],
    ]),
    PanelistRecused: inLog(3, ["uint256", "uint256", "uint256", "bytes32", "uint48"], (args) => [
      ...[args.caseId, args.number, args.substitute, args.reason, args.moment],
    ]),
    RulingBacked: inLog(4, ["uint256", "uint256", "bytes32", "uint48"], (args) => [
      ...[args.caseId, args.number, args.ruling, args.moment],
    ]),
    CaseRuled: inLog(5, ["uint256", "uint256", "uint256", RULING, "uint48"], (args) => [
      ...[args.caseId, args.instance, args.decision, [...args.ruling], args.moment],
    ]),
    CaseAppealed: inLog(6, ["uint256", "bool", "bool", "bytes32", "uint48"], (args) => [
      ...[args.caseId, args.byRespondent, args.toMembers, args.reason, args.moment],
    ]),
    CaseToMembers: inLog(7, ["uint256", "uint48", "uint48"], (args) => [
      ...[args.caseId, args.until, args.moment],
    ]),
    EmergencyHidden: inLog(8, ["uint256", "uint256", "uint256", "uint48", "bytes32", "uint48"], (args) => [
      ...[args.list, args.post, args.number, args.until, args.reason, args.moment],
    ]),
  },
  statements: {
    StatementFiled: (args) => ({
      series: String(args.proposalId),
      record: statement([args.statement, args.number, args.digest]),
    }),
    StatementCosigned: (args) => ({
      series: String(args.proposalId),
      record: signature([args.statement, args.number]),
    }),
  },
};

interface SeriesEvent {
  readonly contract: SeriesContract;
  readonly event: Pick<LogDescription, "name" | "args" | "fragment">;
}

/** The log that was read last: the same one is asked about several times in a row. */
let latest: { readonly log: object; readonly found: SeriesEvent | undefined } | undefined;

/** What a log says, if it is an event of a contract that appends to series. */
export function eventOf(
  log: Pick<ArchivedLog, "address" | "topics" | "data">,
  contracts: SeriesPlaces,
): SeriesEvent | undefined {
  if (latest?.log !== log) latest = { log, found: parse(log, contracts) };
  return latest.found;
}

function parse(
  log: Pick<ArchivedLog, "address" | "topics" | "data">,
  contracts: SeriesPlaces,
): SeriesEvent | undefined {
  const contract = SERIES_CONTRACTS.find((key) => contracts[key].toLowerCase() === log.address);
  if (contract === undefined) return undefined;
  const event = EVENTS[contract].get(log.topics[0] ?? "");
  if (event === undefined) return undefined;
  const args = readable(contract, log, () => FACES[contract].decodeEventLog(event, log.data, log.topics));
  return { contract, event: { name: event.name, args, fragment: event } };
}

function readable<T>(contract: SeriesContract, { data }: Pick<ArchivedLog, "data">, read: () => T): T {
  try {
    return read();
  } catch {
    const shown = data.length > 66 ? `${data.slice(0, 66)}…` : data;
    throw new Problem(
      `A log of the contract "${contract}" holds what that contract cannot have said: ${shown}`,
    );
  }
}

/**
 * The record that a log tells of; undefined where it tells of none.
 * @throws Problem for what no contract can have said.
 */
export function recordOf(
  log: Pick<ArchivedLog, "address" | "topics" | "data">,
  contracts: SeriesPlaces,
): SeriesRecord | undefined {
  const found = eventOf(log, contracts);
  const read = found && READERS[found.contract][found.event.name];
  if (found === undefined || read === undefined) return undefined;
  const { contract, event } = found;
  return { contract, ...readable(contract, log, () => read(event.args)) };
}

const CREATED = CoalitionGovernor__factory.createInterface().getEvent("ProposalCreated").topicHash;

/** The decision that a log of the governor tells of as proposed; undefined for any other log. */
export function decisionIn(
  { address, topics, data }: Pick<ArchivedLog, "address" | "topics" | "data">,
  { governor }: SeriesPlaces,
): string | undefined {
  if (address !== governor || topics[0] !== CREATED) return undefined;
  // The id comes first, and is not indexed.
  return data.length < 66 ? undefined : String(BigInt(data.slice(0, 66)));
}

/** A series by one name, as an archive and its findings have it: `forum/2`. */
export const seriesName = ({ contract, series }: Pick<SeriesRecord, "contract" | "series">): string =>
  `${contract}/${series}`;

/** The series in words. */
export function seriesWords(name: string): string {
  const [contract, series] = name.split("/");
  if (contract === "conduct") return "the log of cases";
  if (contract === "statements") return `the statements on decision ${series}`;
  return series === "0" ? "the register of lists" : `list ${series}`;
}

/** Where series are told of: the contracts that append to them, and that of the decisions. Addresses in lower case. */
export type SeriesPlaces = Readonly<Record<SeriesContract | "governor", string>>;

/** The contracts of a coalition that tell of series. */
export const seriesPlaces = (contracts: AddressBook["contracts"]): SeriesPlaces => ({
  governor: contracts.governor.toLowerCase(),
  forum: contracts.forum.toLowerCase(),
  conduct: contracts.conduct.toLowerCase(),
  statements: contracts.statements.toLowerCase(),
});

/** How to ask the chain for the head of a series: contract, calldata, and how to read the answer. */
export function headCall(name: string): {
  readonly contract: SeriesContract;
  readonly data: string;
  readonly read: (answer: string) => bigint;
} {
  const [contract, series = ""] = name.split("/") as [SeriesContract, string?];
  const face = FACES[contract];
  if (contract === "statements") {
    const data = face.encodeFunctionData("outcomeOf", [series]);
    return { contract, data, read: (answer) => face.decodeFunctionResult("outcomeOf", answer)[0].series };
  }
  const [method, args] = contract === "forum" ? ["seriesOf", [series]] : ["series", []];
  const data = face.encodeFunctionData(method as string, args as string[]);
  return { contract, data, read: (answer) => face.decodeFunctionResult(method as string, answer)[0] };
}

/** How to ask how many lists there are. */
export const LISTS_CALL = {
  data: FACES.forum.encodeFunctionData("lastList"),
  read: (answer: string): number => Number(FACES.forum.decodeFunctionResult("lastList", answer)[0]),
};
