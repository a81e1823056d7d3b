import { Interface, id, ZeroHash, zeroPadValue } from "ethers";
import type { Node } from "./network.js";
import { Problem } from "./problem.js";

/** The roles of OpenZeppelin's TimelockController, by the hash that stands for them. */
export const ROLES: Readonly<Record<string, string>> = {
  [ZeroHash]: "DEFAULT_ADMIN_ROLE",
  [id("PROPOSER_ROLE")]: "PROPOSER_ROLE",
  [id("CANCELLER_ROLE")]: "CANCELLER_ROLE",
  [id("EXECUTOR_ROLE")]: "EXECUTOR_ROLE",
};

const EVENTS = new Interface([
  "event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)",
  "event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)",
  "event RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)",
  "event MinDelayChange(uint256 oldDuration, uint256 newDuration)",
  "event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)",
]);

/** What the timelock's log tells of its roles, from its birth on. */
export interface RoleHistory {
  /** Who holds a role after the last event: `role` and `account`. */
  readonly holders: readonly { readonly role: string; readonly account: string }[];
  /** Everybody who ever held one. */
  readonly everHeld: readonly { readonly role: string; readonly account: string }[];
  /** Roles whose admin role was changed. */
  readonly adminChanges: readonly string[];
  /** Whether the log begins with the timelock's birth. */
  readonly fromBirth: boolean;
  /** Operations that were scheduled while a key still held a role that only the timelock may have. */
  readonly scheduledEarly: readonly string[];
}

export interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly logIndex: string;
}

const LARGEST_CHUNK = 10_000;

/**
 * Reads events of one or more addresses in a range of blocks, in pieces: nodes refuse long ranges, each at its own length.
 * @param kinds Only these, by their first topic; all of them unless given.
 * @param report Is told how far it got, for long histories.
 */
export async function readLogs(
  node: Node,
  address: string | readonly string[],
  from: number,
  to: number,
  report: (block: number) => void = () => {},
  kinds?: readonly string[],
): Promise<Log[]> {
  const logs: Log[] = [];
  let size = LARGEST_CHUNK;
  for (let start = from; start <= to; ) {
    const end = Math.min(start + size - 1, to);
    const filter = {
      address,
      fromBlock: `0x${start.toString(16)}`,
      toBlock: `0x${end.toString(16)}`,
      ...(kinds && { topics: [kinds] }),
    };
    let page: readonly Log[] | undefined;
    try {
      page = await node.request({ method: "eth_getLogs", params: [filter] });
    } catch (error) {
      if (end === start) throw error;
    }
    if (page === undefined) {
      size = Math.max(1, Math.floor((end - start + 1) / 4));
      continue;
    }
    logs.push(...page);
    report(end);
    start = end + 1;
    size = Math.min(LARGEST_CHUNK, size * 2);
  }
  return logs;
}

/** Walks the timelock's log and keeps account of its roles. */
export async function roleHistory(
  node: Node,
  timelock: string,
  from: number,
  report?: (block: number) => void,
): Promise<RoleHistory> {
  const last = Number(await node.request({ method: "eth_blockNumber" }));
  if (last < from)
    throw new Problem(`The chain ends at block ${last}, before block ${from} of the deployment.`);
  const holders = new Map<string, { role: string; account: string }>();
  const everHeld = new Map<string, { role: string; account: string }>();
  const adminChanges: string[] = [];
  const scheduledEarly: string[] = [];
  let fromBirth = false;
  for (const log of await readLogs(node, timelock, from, last, report)) {
    const event = EVENTS.parseLog({ topics: [...log.topics], data: log.data });
    if (event === null) continue;
    const [role = "", account = ""]: string[] = event.args.map(String);
    const key = `${role} ${account}`;
    switch (event.name) {
      case "RoleGranted":
        holders.set(key, { role, account });
        everHeld.set(key, { role, account });
        break;
      case "RoleRevoked":
        holders.delete(key);
        break;
      case "RoleAdminChanged":
        adminChanges.push(role);
        break;
      case "MinDelayChange":
        // Only its constructor changes the delay from nothing: later delays are never zero.
        if (event.args.oldDuration === 0n) fromBirth = true;
        break;
      case "CallScheduled":
        if (isHandedOver(holders, timelock)) break;
        scheduledEarly.push(role);
        break;
    }
  }
  return {
    holders: [...holders.values()],
    everHeld: [...everHeld.values()],
    adminChanges,
    fromBirth,
    scheduledEarly,
  };
}

/** Whether nobody but the timelock itself is its admin. */
function isHandedOver(
  holders: ReadonlyMap<string, { role: string; account: string }>,
  timelock: string,
): boolean {
  return [...holders.values()].every(({ role, account }) => role !== ZeroHash || same(account, timelock));
}

/** Asks the timelock itself whether somebody has a role. */
export async function hasRole(node: Node, timelock: string, role: string, account: string): Promise<boolean> {
  const data = HAS_ROLE.encodeFunctionData("hasRole", [role, account]);
  return (
    BigInt(await node.request({ method: "eth_call", params: [{ to: timelock, data }, "latest"] })) === 1n
  );
}

const HAS_ROLE = new Interface(["function hasRole(bytes32 role, address account) view returns (bool)"]);

export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** An address as the 32 bytes that an immutable of its type holds. */
export const asWord = (address: string): string => zeroPadValue(address, 32);
