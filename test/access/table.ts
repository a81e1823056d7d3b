import { type Addressable, MaxUint256, ZeroAddress, ZeroHash } from "ethers";
import { consent, domainOf, maskOf, type Person, Right, Support, signBallot } from "../helpers/governor.js";
import { signJoin } from "../helpers/requests.js";
import type { World } from "./world.js";

/** Every kind of caller, in the order of the table's columns. */
export const CALLERS = [
  "outsider",
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

/** The contracts of a coalition, by name. */
export const CONTRACTS = {
  Membership: "membership",
  CoalitionGovernor: "governor",
  CoalitionTimelock: "timelock",
  MemberCard: "card",
  OpenAdmission: "admission",
} as const;
export type ContractName = keyof typeof CONTRACTS;

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
  /** The timelock's role that the function asks for. */
  readonly role?: Role;
  /** The event by which the contract shows that an allowed call did something. */
  readonly emits?: string;
};

const MEMBERS = (cell: Cell) => ({ immature: cell, mature: cell, suspended: cell });
const SOON = 4_102_444_800n; // the year 2100

const timelockOnly = (emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: "MembershipUnauthorized",
  except: { timelock: ALLOWED },
  emits,
});

const nobody = (error: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: error,
});

const everybody = (emits: string | undefined, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  others: ALLOWED,
  emits,
});

const ballot = (args: Row["with"]): Row => ({
  note: "on a decision that is open",
  with: args,
  others: "CoalitionGovernorBallotRefused",
  except: { mature: ALLOWED },
  emits: "VoteCast",
});

const roleOnly = (role: Role, emits: string, args: Row["with"], note?: string): Row => ({
  note,
  with: args,
  role,
  others: "AccessControlUnauthorizedAccount",
  except: { [role === "DEFAULT_ADMIN_ROLE" ? "timelock" : "governor"]: ALLOWED },
  emits,
});

const executorOnly = (args: Row["with"]): Row => ({
  note: "allowed to a decision while it is executed; the timelock outside of that meets a panic, its list of calls is empty",
  with: args,
  others: "GovernorOnlyExecutor",
  except: { timelock: "Panic" },
});

const token = (caller: Addressable): [Addressable, string, bigint] => [caller, ZeroAddress, 1n];

/** Who may call what: every function that can write, of every contract. */
export const TABLE: Record<ContractName, Record<string, Row>> = {
  Membership: {
    "join(uint8,bytes32,bytes)": {
      with: ({ digest }) => [0, digest, "0x"],
      others: ALLOWED,
      except: { ...MEMBERS("MembershipAlreadyMember"), ended: "MembershipKeyBarred" },
      emits: "MemberJoined",
    },
    "joinBySig(address,uint8,bytes32,bytes,uint256,bytes)": everybody(
      "MemberJoined",
      async ({ membership, digest, applicant }) => {
        const signature = await signJoin(applicant, await domainOf(membership), {
          account: applicant.address,
          group: 0,
          codeDigest: digest,
          evidence: "0x",
          nonce: 0n,
          deadline: MaxUint256,
        });
        return [applicant, 0, digest, "0x", MaxUint256, signature];
      },
      "with a request that another key has signed",
    ),
    "resign()": {
      with: () => [],
      others: "MembershipNotMember",
      except: MEMBERS(ALLOWED),
      emits: "MemberResigned",
    },
    "rotateKey(address,uint256,bytes)": {
      note: "with the consent of the new key",
      with: async ({ membership, applicant }, caller) => {
        const number = await membership.numberOf(caller);
        return [applicant, MaxUint256, await consent(membership, applicant, number)];
      },
      others: "MembershipNotMember",
      except: MEMBERS(ALLOWED),
      emits: "KeyRotated",
    },
    "end(uint256)": timelockOnly("MemberEnded", ({ target }) => [target]),
    "pardon(address)": timelockOnly("KeyPardoned", ({ people }) => [people.ended], "of a key that was ended"),
    "suspend(uint256,uint8,uint48)": timelockOnly("RightsSuspended", async ({ target, now }) => [
      target,
      maskOf(Right.Vote),
      (await now()) + 86_400n,
    ]),
    "restore(uint256,uint8)": timelockOnly("RightsRestored", ({ target }) => [target, maskOf(Right.Vote)]),
    "setAdmissionPolicy(address)": timelockOnly("AdmissionPolicyChanged", ({ admission }) => [admission]),
    "setMaturity((uint32,uint32,uint16,uint16))": timelockOnly("MaturityChanged", async ({ membership }) => [
      [...(await membership.maturity())],
    ]),
    "setCodeOfConduct(bytes32)": timelockOnly("CodeOfConductChanged", () => [`0x${"11".repeat(32)}`]),
    "transferFrom(address,address,uint256)": nobody("MembershipNotTransferable", (_, caller) =>
      token(caller),
    ),
    "safeTransferFrom(address,address,uint256)": nobody("MembershipNotTransferable", (_, caller) =>
      token(caller),
    ),
    "safeTransferFrom(address,address,uint256,bytes)": nobody("MembershipNotTransferable", (_, caller) => [
      ...token(caller),
      "0x",
    ]),
    "approve(address,uint256)": nobody("MembershipApprovalDisabled", ({ applicant }) => [applicant, 1n]),
    "setApprovalForAll(address,bool)": nobody("MembershipApprovalDisabled", ({ applicant }) => [
      applicant,
      true,
    ]),
    "delegate(address)": nobody("MembershipDelegationDisabled", ({ applicant }) => [applicant]),
    "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)": nobody(
      "MembershipDelegationDisabled",
      ({ applicant }) => [applicant, 0n, SOON, 27, ZeroHash, ZeroHash],
    ),
  },

  CoalitionGovernor: {
    "propose(address[],uint256[],bytes[],string)": {
      with: ({ decisions: { fresh } }) => [fresh.targets, fresh.values, fresh.calldatas, fresh.description],
      others: "CoalitionGovernorProposerRefused",
      except: { mature: ALLOWED },
      emits: "ProposalCreated",
    },
    "cancel(address[],uint256[],bytes[],bytes32)": {
      note: "of a decision that has not opened, proposed by the mature member",
      with: ({ decisions: { pending } }) => pending.parts,
      others: "GovernorUnableToCancel",
      except: { mature: ALLOWED },
      emits: "ProposalCanceled",
    },
    "castVote(uint256,uint8)": ballot(({ decisions: { open } }) => [open.id, Support.For]),
    "castVoteWithReason(uint256,uint8,string)": ballot(({ decisions: { open } }) => [
      open.id,
      Support.For,
      "A reason",
    ]),
    "castVoteWithReasonAndParams(uint256,uint8,string,bytes)": ballot(({ decisions: { open } }) => [
      open.id,
      Support.For,
      "A reason",
      "0x",
    ]),
    "castVoteBySig(uint256,uint8,address,bytes)": everybody(
      "VoteCast",
      async ({ governor, voter, decisions: { open } }) => {
        const message = { proposalId: open.id, support: Support.For, voter: voter.address, nonce: 0n };
        return [open.id, Support.For, voter, await signBallot(governor, voter, message)];
      },
      "with a ballot that another member has signed",
    ),
    "castVoteWithReasonAndParamsBySig(uint256,uint8,address,string,bytes,bytes)": everybody(
      "VoteCast",
      async ({ governor, voter, decisions: { open } }) => {
        const message = { proposalId: open.id, support: Support.For, voter: voter.address, nonce: 0n };
        const signature = await signBallot(governor, voter, { ...message, reason: "A reason" });
        return [open.id, Support.For, voter, "A reason", "0x", signature];
      },
      "with a ballot that another member has signed",
    ),
    "queue(address[],uint256[],bytes[],bytes32)": everybody(
      "ProposalQueued",
      ({ decisions: { succeeded } }) => succeeded.parts,
      "of a decision that succeeded",
    ),
    "execute(address[],uint256[],bytes[],bytes32)": everybody(
      "ProposalExecuted",
      ({ decisions: { ripe } }) => ripe.parts,
      "of a queued decision whose delay is over",
    ),
    "relay(address,uint256,bytes)": executorOnly(({ box }) => [
      box,
      0n,
      box.interface.encodeFunctionData("setX", [1]),
    ]),
    "setRules((uint32,uint32,uint32,uint16,uint16,uint16,uint16))": executorOnly(async ({ governor }) => [
      [...(await governor.rules())],
    ]),
    "updateTimelock(address)": nobody("CoalitionGovernorTimelockFixed", ({ timelock }) => [timelock]),
    "onERC721Received(address,address,uint256,bytes)": nobody("GovernorDisabledDeposit", (_, caller) => [
      caller,
      caller,
      1n,
      "0x",
    ]),
    "onERC1155Received(address,address,uint256,uint256,bytes)": nobody(
      "GovernorDisabledDeposit",
      (_, caller) => [caller, caller, 1n, 1n, "0x"],
    ),
    "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": nobody(
      "GovernorDisabledDeposit",
      (_, caller) => [caller, caller, [1n], [1n], "0x"],
    ),
    "receive()": { ...nobody("GovernorDisabledDeposit", () => []), value: 1n },
  },

  CoalitionTimelock: {
    "schedule(address,uint256,bytes,bytes32,bytes32,uint256)": roleOnly(
      "PROPOSER_ROLE",
      "CallScheduled",
      ({ operation }) => [...operation.fresh, operation.delay],
    ),
    "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)": roleOnly(
      "PROPOSER_ROLE",
      "CallScheduled",
      ({ operation }) => [...operation.freshBatch, operation.delay],
    ),
    "execute(address,uint256,bytes,bytes32,bytes32)": roleOnly(
      "EXECUTOR_ROLE",
      "CallExecuted",
      ({ operation }) => operation.ready,
      "of an operation whose delay is over",
    ),
    "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)": roleOnly(
      "EXECUTOR_ROLE",
      "CallExecuted",
      ({ operation }) => operation.readyBatch,
      "of an operation whose delay is over",
    ),
    "cancel(bytes32)": roleOnly(
      "CANCELLER_ROLE",
      "Cancelled",
      ({ operation }) => [operation.id],
      "of a scheduled operation",
    ),
    "grantRole(bytes32,address)": roleOnly("DEFAULT_ADMIN_ROLE", "RoleGranted", ({ roles, applicant }) => [
      roles.EXECUTOR_ROLE,
      applicant,
    ]),
    "revokeRole(bytes32,address)": roleOnly("DEFAULT_ADMIN_ROLE", "RoleRevoked", ({ roles, governor }) => [
      roles.CANCELLER_ROLE,
      governor,
    ]),
    "renounceRole(bytes32,address)": {
      note: "everyone may give up what they hold; only governor and timelock hold anything",
      with: ({ roles }, caller) => [roles.PROPOSER_ROLE, caller],
      others: ALLOWED,
    },
    "updateDelay(uint256)": {
      with: ({ operation }) => [operation.delay],
      others: "TimelockUnauthorizedCaller",
      except: { timelock: ALLOWED },
      emits: "MinDelayChange",
    },
    "onERC721Received(address,address,uint256,bytes)": everybody(undefined, (_, caller) => [
      caller,
      caller,
      1n,
      "0x",
    ]),
    "onERC1155Received(address,address,uint256,uint256,bytes)": everybody(undefined, (_, caller) => [
      caller,
      caller,
      1n,
      1n,
      "0x",
    ]),
    "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": everybody(undefined, (_, caller) => [
      caller,
      caller,
      [1n],
      [1n],
      "0x",
    ]),
    "receive()": { ...everybody(undefined, () => []), value: 1n },
  },

  MemberCard: {},

  OpenAdmission: {},
};

/** What a caller is told. */
export const cellOf = ({ others, except = {} }: Row, caller: Caller): Cell => except[caller] ?? others;

/** Which error refuses whom, in a few words. */
function refusals(row: Row): string {
  const callers = new Map<Cell, Caller[]>();
  for (const caller of CALLERS) {
    const cell = cellOf(row, caller);
    if (cell !== ALLOWED) callers.set(cell, [...(callers.get(cell) ?? []), caller]);
  }
  const [only] = callers.size === 1 ? callers.keys() : [];
  if (only !== undefined) return `\`${only}\``;
  return [...callers].map(([error, refused]) => `\`${error}\` (${refused.join(", ")})`).join(", ");
}

/** The table as the document shows it. */
export function render(): string {
  const sections = Object.entries(TABLE).map(([name, rows]) => {
    const entries = Object.entries(rows);
    if (entries.length === 0) return `### ${name}\n\nNo function of this contract can write.\n`;
    const notes = new Set<string>();
    const lines = entries.map(([signature, row]) => {
      if (row.note) notes.add(`- \`${signature.split("(")[0]}\`: ${row.note}`);
      const cells = CALLERS.map((caller) => (cellOf(row, caller) === ALLOWED ? "yes" : "–"));
      return `| \`${signature}\` | ${cells.join(" | ")} | ${refusals(row)} |`;
    });
    const head = ["function", ...CALLERS, "refused with"];
    const table = [`| ${head.join(" | ")} |`, `|${head.map(() => "---|").join("")}`, ...lines];
    return [`### ${name}\n`, ...table, ...(notes.size > 0 ? ["", ...notes] : []), ""].join("\n");
  });
  return sections.join("\n");
}
