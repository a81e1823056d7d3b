import { Signature } from "ethers";
import { DecisionClass, plainRules, Support, signBallot } from "../helpers/governor.js";
import { signStruct } from "../helpers/signing.js";
import {
  ALLOWED,
  ballot,
  DIGEST,
  everybody,
  executorOnly,
  nobody,
  type Row,
  roleOnly,
  SOON,
  timelockOnly,
} from "./cells.js";
import type { World } from "./world.js";

const FIRST_BALLOT = "FirstBallot(uint256 proposalId,uint8 support,uint256 deadline)";
const ENDORSE = "Endorse(address account,uint256 proposalId,uint256 nonce,uint256 deadline)";

/** A batch with one ballot, of a member who signed it. */
async function batch({ governor, voter, decisions: { open } }: World) {
  const message = { proposalId: open.id, support: Support.For, deadline: SOON };
  const signature = await signStruct(governor, voter, FIRST_BALLOT, message);
  return [open.id, [[Support.For, SOON, Signature.from(signature).compactSerialized]], []];
}

/** For the guardian's key, which the mature member has. */
const guardianOnly = (emits: string, decision: "succeeded" | "ripe", note: string): Row => ({
  note: `called with the guardian's key, here the mature member's; ${note}`,
  with: ({ decisions }) => [...decisions[decision].parts, "A reason"],
  others: "GuardianUnauthorized",
  except: { mature: ALLOWED },
  says: async ({ people }, caller) => ({ GuardianUnauthorized: [caller, people.mature] }),
  emits,
});

/** Who may call what of the governor, of what is its own, and of the timelock. */
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
    "setRules(uint8,(uint32,uint32,uint32,uint32,uint32,uint16,uint16,uint16,uint16,uint8,uint8,uint8,uint8))":
      executorOnly(async ({ governor }) => [
        DecisionClass.Amendment,
        Object.values(plainRules(await governor.rules(DecisionClass.Amendment))),
      ]),
    "guard(address)": executorOnly(({ box }) => [box]),
    "setActionClass(address,bytes4,uint8)": executorOnly(({ membership }) => [
      membership,
      membership.interface.getFunction("end").selector,
      DecisionClass.Action,
    ]),
    "castBallots(uint256,(uint8,uint48,bytes)[],(address,uint8,uint48,uint256,bytes)[])": everybody(
      "VoteCast",
      batch,
      "with ballots that other members have signed",
    ),
    "postpone(uint256)": nobody(
      "CoalitionGovernorNotGuardian",
      ({ decisions: { ripe } }) => [ripe.id],
      "allowed to `Guardian` alone, by its `delay`",
    ),
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

  Agenda: {
    "endorse(uint256)": {
      note: "of a proposal that has not opened",
      with: ({ decisions: { hopeful } }) => [hopeful.id],
      others: "AgendaEndorserRefused",
      except: { mature: ALLOWED },
      emits: "ProposalEndorsed",
    },
    "endorseBySig(address,uint256,uint256,bytes)": everybody(
      "ProposalEndorsed",
      async ({ agenda, voter, decisions: { hopeful } }) => {
        const message = { account: voter.address, proposalId: hopeful.id, deadline: SOON };
        return [voter.address, hopeful.id, SOON, await signStruct(agenda, voter, ENDORSE, message)];
      },
      "with a message that another member has signed",
    ),
    "admit(uint256,address,uint48)": {
      note: "called when a decision is proposed that needs no endorsement",
      with: ({ voter, decisions: { hopeful } }) => [hopeful.id, voter, SOON],
      others: "AgendaUnauthorized",
      except: { governor: ALLOWED },
      says: async ({ governor }, caller) => ({ AgendaUnauthorized: [caller, governor] }),
      emits: "ProposalAdmitted",
    },
    "setPlaces(uint8)": timelockOnly("PlacesChanged", () => [2], undefined, "AgendaUnauthorized"),
    "bind(address)": nobody("AgendaBound", ({ membership }) => [membership]),
    "bindMotions()": {
      ...nobody("AgendaBound", () => [], "called by `Motions` at its birth"),
      says: async ({ motions }) => ({ AgendaBound: [motions] }),
    },
    "admitFor(uint256,uint256)": {
      ...nobody(
        "AgendaUnauthorized",
        ({ decisions: { hopeful }, target }) => [hopeful.id, target],
        "allowed to `Motions` alone, of what it has proposed, by its `putToVote` and `ask`",
      ),
      says: async ({ motions }, caller) => ({ AgendaUnauthorized: [caller, motions] }),
    },
  },

  Guardian: {
    "cancel(address[],uint256[],bytes[],bytes32,string)": guardianOnly(
      "DecisionCancelled",
      "succeeded",
      "of a decision that passed",
    ),
    "delay(address[],uint256[],bytes[],bytes32,string)": guardianOnly(
      "DecisionDelayed",
      "ripe",
      "of a queued decision, once",
    ),
    "dismiss()": timelockOnly("GuardianDismissed", () => [], undefined, "GuardianUnauthorized"),
    "bind(address)": nobody("GuardianBound", ({ timelock }) => [timelock]),
  },

  Resolutions: {
    "record(bytes32)": timelockOnly(
      "ResolutionRecorded",
      () => [DIGEST],
      "allowed to `Motions` too, by its `adopt`",
      "ResolutionsUnauthorized",
    ),
  },

  DecisionBounds: {},

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
