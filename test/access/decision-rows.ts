import { Support, signBallot } from "../helpers/governor.js";
import { ALLOWED, ballot, everybody, executorOnly, nobody, type Row, roleOnly } from "./cells.js";

/** Who may call what of governor and timelock. */
export const DECISION_ROWS = {
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
} satisfies Record<string, Record<string, Row>>;
