import { CONTRACTS, type ContractKey } from "../../scripts/lib/address-book.js";
import type { Person } from "../helpers/governor.js";
import type { World } from "./world.js";

/** Every kind of caller, in the order of the table's columns. */
export const CALLERS = [
  "outsider",
  "participant",
  "immature",
  "mature",
  "suspended",
  "resigned",
  "ended",
  "deployer",
  "governor",
  "timelock",
] as const;
export type Caller = (typeof CALLERS)[number];

export const ALLOWED = "allowed";

/** The timelock's roles. */
export type Role = "DEFAULT_ADMIN_ROLE" | "PROPOSER_ROLE" | "EXECUTOR_ROLE" | "CANCELLER_ROLE";

/** The name of the error that refuses a caller, or {ALLOWED}. */
export type Cell = string;

export type Row = {
  /** What the call is tried on, where that matters. */
  readonly note?: string;
  readonly with: (world: World, caller: Person) => readonly unknown[] | Promise<readonly unknown[]>;
  readonly value?: bigint;
  /** What those are told who are not named below. */
  readonly others: Cell;
  readonly except?: Partial<Record<Caller, Cell>>;
  /** Sets the scene that the call needs, in a world of its own. */
  readonly scene?: (world: World, caller: Person) => Promise<unknown>;
  /** What errors say that say more than who was refused, by their names. */
  readonly says?: (world: World, caller: Person) => Promise<Readonly<Record<string, readonly unknown[]>>>;
  /** The contract whose error refuses, where it is not the one that is called. */
  readonly refusedBy?: ContractKey;
  /** The timelock's role that the function asks for. */
  readonly role?: Role;
  /** The event that shows that an allowed call did something. */
  readonly emits?: string;
  /** The contract that emits it, where it is not the one that is called. */
  readonly emittedBy?: ContractKey;
};

/** Whoever is on the roll. */
export const MEMBERS = (cell: Cell) => ({ participant: cell, immature: cell, mature: cell, suspended: cell });

/** A reason, or the text of a statement, of which a contract keeps the digest. */
export const DIGEST = `0x${"22".repeat(32)}`;

/** The year 2100. */
export const SOON = 4_102_444_800n;

export const timelockOnly = (
  emits: string,
  args: Row["with"],
  note?: string,
  error = "MembershipUnauthorized",
): Row => ({ note, with: args, others: error, except: { timelock: ALLOWED }, emits });

/** For a desk of the roll, which stands in no column: a test of its own tries them. */
export const desksOnly = (args: Row["with"], ...desks: readonly ContractKey[]): Row => ({
  note: `allowed to ${desks.map((desk) => `\`${CONTRACTS[desk]}\``).join(", ")} alone; tried in \`test/membership/Membership.desks.test.ts\``,
  with: args,
  others: "RollOperationsUnauthorized",
});

/** For whoever is on the roll, by a desk. */
export const onTheRoll = (emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: "RollDeskNotMember",
  except: MEMBERS(ALLOWED),
  emits,
});

/** For members whose vote counts, by a desk. */
export const votersOnly = (emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: "RollDeskRefused",
  except: { mature: ALLOWED },
  emits,
});

/** Of a desk, for the timelock. */
export const deskRule = (emits: string, args: Row["with"], note?: string): Row =>
  timelockOnly(emits, args, note, "RollDeskUnauthorized");

export const nobody = (error: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: error,
});

export const everybody = (emits: string | undefined, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: ALLOWED,
  emits,
});

export const ballot = (args: Row["with"]): Row => ({
  note: "on a decision that is open",
  with: args,
  others: "CoalitionGovernorBallotRefused",
  except: { mature: ALLOWED },
  emits: "VoteCast",
});

export const roleOnly = (role: Role, emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  role,
  others: "AccessControlUnauthorizedAccount",
  except: { [role === "DEFAULT_ADMIN_ROLE" ? "timelock" : "governor"]: ALLOWED },
  emits,
});

export const executorOnly = (args: Row["with"]): Row => ({
  note: "allowed to a decision while it is executed; the timelock outside of that meets a panic, its list of calls is empty",
  with: args,
  others: "GovernorOnlyExecutor",
  except: { timelock: "Panic" },
});

/** What a caller is told. */
export const cellOf = ({ others, except = {} }: Row, caller: Caller): Cell => except[caller] ?? others;
