import { MaxUint256 } from "ethers";
import { consent, domainOf } from "../helpers/governor.js";
import { signJoin, signResign, signRotate } from "../helpers/requests.js";
import { signStruct } from "../helpers/signing.js";
import {
  ALLOWED,
  deskRule,
  everybody,
  MEMBERS,
  nobody,
  onTheRoll,
  type Row,
  SOON,
  votersOnly,
} from "./cells.js";
import type { World } from "./world.js";

const TAKE = "TakeDelegations(address account,uint8 limit,uint256 nonce,uint256 deadline)";
const DELEGATE = "Delegate(address delegator,address delegatee,uint48 ends,uint256 nonce,uint256 deadline)";
const DECLINE = "Decline(address account,uint256 number,uint256 nonce,uint256 deadline)";
const CONFIRM = "Confirm(address account,uint256 nonce,uint256 deadline)";

/** By the birth of the roll; nobody binds a desk again. */
export const bind = nobody("RollDeskBound", () => [1_209_600]);

/** The applicant's request to join. */
async function request({ requests, digest, applicant }: World) {
  const asked = { account: applicant.address, group: 0, codeDigest: digest, evidence: "0x" };
  const signed = { ...asked, nonce: 0n, deadline: MaxUint256 };
  const signature = await signJoin(applicant, await domainOf(requests), signed);
  return [applicant.address, 0, digest, "0x", MaxUint256, signature];
}

/** The voter's confirmation. */
async function confirmation({ confirmations, voter }: World) {
  const message = { account: voter.address, deadline: MaxUint256 };
  return [voter.address, MaxUint256, await signStruct(confirmations, voter, CONFIRM, message)];
}

/** The delegate delegates to the mature member, who takes that. */
async function give({ membership, delegations, delegate, people: { mature } }: World) {
  await delegations.connect(mature).takeDelegations(1);
  await membership.connect(delegate).delegate(mature);
}

/** Who may call what of the desks for requests, confirmations and delegations. */
export const DESK_ROWS = {
  MemberDesk: {
    "joinBySig(address,uint8,bytes32,bytes,uint256,bytes)": {
      ...everybody("MemberJoined", request, "with a request that another key has signed"),
      emittedBy: "membership",
    },
    "joinMany((address,uint8,bytes32,bytes,uint256,bytes)[])": {
      ...everybody(
        "MemberJoined",
        async (world) => [[await request(world)]],
        "with requests that other keys have signed",
      ),
      emittedBy: "membership",
    },
    "joinOne((address,uint8,bytes32,bytes,uint256,bytes))": nobody(
      "MemberDeskUnauthorized",
      async (world) => [await request(world)],
      "called by the desk itself, for one request of a batch",
    ),
    "resignBySig(address,uint256,bytes)": {
      ...everybody(
        "MemberResigned",
        async ({ requests, voter }) => {
          const asked = { account: voter.address, nonce: 0n, deadline: MaxUint256 };
          return [voter, MaxUint256, await signResign(voter, await domainOf(requests), asked)];
        },
        "with a request that a member has signed",
      ),
      emittedBy: "membership",
    },
    "rotateKey(address,uint256,bytes)": {
      ...onTheRoll(
        "KeyRotated",
        async ({ membership, requests, applicant }, caller) => {
          const number = await membership.numberOf(caller);
          return [applicant, MaxUint256, await consent(requests, applicant, number)];
        },
        "with the consent of the new key",
      ),
      emittedBy: "membership",
    },
    "rotateKeyBySig(address,address,uint256,bytes,bytes)": {
      ...everybody(
        "KeyRotated",
        async ({ membership, requests, voter, applicant }) => {
          const number = await membership.numberOf(voter);
          const message = { number, newKey: applicant.address, nonce: 0n, deadline: MaxUint256 };
          const agreed = await signRotate(voter, await domainOf(requests), message);
          return [voter, applicant, MaxUint256, agreed, await consent(requests, applicant, number)];
        },
        "with messages that the old key and the new one have signed",
      ),
      emittedBy: "membership",
    },
    "bind(uint32)": bind,
  },

  Confirmations: {
    "confirm()": { ...onTheRoll("MemberConfirmed", () => []), emittedBy: "membership" },
    "confirmBySig(address,uint256,bytes)": {
      ...everybody("MemberConfirmed", confirmation, "with a message that a member has signed"),
      emittedBy: "membership",
    },
    "confirmMany((address,uint256,bytes)[])": {
      ...everybody(
        "MemberConfirmed",
        async (world) => [[await confirmation(world)]],
        "with messages that members have signed",
      ),
      emittedBy: "membership",
    },
    "confirmOne((address,uint256,bytes))": nobody(
      "ConfirmationsUnauthorized",
      async (world) => [await confirmation(world)],
      "called by the desk itself, for one confirmation of a batch",
    ),
    "markDormant(uint256[])": {
      ...everybody("VotePaused", ({ target }) => [[target]], "of members who are overdue"),
      scene: ({ pass }) => pass(366 * 86_400),
      emittedBy: "membership",
    },
    "setPeriod(uint32)": deskRule("ConfirmationPeriodChanged", () => [100 * 86_400]),
    "bind(uint32)": bind,
  },

  Delegations: {
    "takeDelegations(uint8)": onTheRoll("DelegationLimitSet", () => [1]),
    "takeDelegationsBySig(address,uint8,uint256,bytes)": everybody(
      "DelegationLimitSet",
      async ({ delegations, voter }) => {
        const message = { account: voter.address, limit: 1, deadline: MaxUint256 };
        return [voter, 1, MaxUint256, await signStruct(delegations, voter, TAKE, message)];
      },
      "with a message that a member has signed",
    ),
    "decline(uint256)": {
      ...onTheRoll(
        "DelegationEnded",
        async ({ membership, delegate }) => [await membership.numberOf(delegate)],
        "called by the delegate, here the mature member",
      ),
      except: { ...MEMBERS("DelegationsNotReceived"), mature: ALLOWED },
      scene: give,
      says: async ({ membership, delegate, people: { mature } }) => ({
        DelegationsNotReceived: [await membership.numberOf(delegate), await membership.numberOf(mature)],
      }),
    },
    "declineBySig(address,uint256,uint256,bytes)": {
      ...everybody(
        "DelegationEnded",
        async ({ membership, delegations, delegate, people: { mature } }) => {
          const number = await membership.numberOf(delegate);
          const message = { account: mature.address, number, deadline: MaxUint256 };
          return [mature, number, MaxUint256, await signStruct(delegations, mature, DECLINE, message)];
        },
        "with a message that the delegate has signed",
      ),
      scene: give,
    },
    "delegateUntil(address,uint48)": votersOnly(
      "VoteDelegated",
      async ({ delegations, delegate }) => [delegate, await delegations.longestEnd()],
      "to a member of the same group who takes delegations",
    ),
    "delegateUntilBySig(address,address,uint48,uint256,bytes)": everybody(
      "VoteDelegated",
      async ({ delegations, delegate, people: { mature } }) => {
        const ends = await delegations.longestEnd();
        const [delegator, delegatee] = [mature.address, delegate.address];
        const message = { delegator, delegatee, ends, deadline: MaxUint256 };
        const signature = await signStruct(delegations, mature, DELEGATE, message);
        return [delegator, delegatee, ends, MaxUint256, signature];
      },
      "with a message that a member whose vote is mature has signed",
    ),
    "delegateFor(address,address)": nobody(
      "DelegationsUnauthorized",
      ({ voter, delegate }) => [voter, delegate],
      "called by the roll, for who calls its `delegate`",
    ),
    "delegateForSigner(address,uint256,uint256,uint8,bytes32,bytes32)": nobody(
      "DelegationsUnauthorized",
      ({ delegate, digest }) => [delegate, 0n, SOON, 27, digest, digest],
      "called by the roll, for who calls its `delegateBySig`",
    ),
    "release(uint256)": nobody(
      "DelegationsUnauthorized",
      ({ target }) => [target],
      "called by the roll, when a vote stops counting where it did",
    ),
    "setCap(uint8)": deskRule("DelegationCapChanged", () => [5]),
    "bind(uint32)": bind,
  },
} satisfies Record<string, Record<string, Row>>;
