import { MaxUint256 } from "ethers";
import { consent, domainOf } from "../helpers/governor.js";
import { signJoin, signResign, signRotate } from "../helpers/requests.js";
import { ALLOWED, everybody, MEMBERS, nobody, type Row, SOON, timelockOnly } from "./cells.js";
import type { World } from "./world.js";

const TAKE = {
  TakeDelegations: [
    { name: "account", type: "address" },
    { name: "limit", type: "uint8" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

const DELEGATE = {
  Delegate: [
    { name: "delegator", type: "address" },
    { name: "delegatee", type: "address" },
    { name: "ends", type: "uint48" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** By the birth of the roll; nobody binds a desk again. */
const bind = nobody("RollDeskBound", () => [1_209_600]);

const onTheRoll = (args: Row["with"], emits: string, note?: string): Row => ({
  note,
  with: args,
  others: "RollDeskNotMember",
  except: MEMBERS(ALLOWED),
  emits,
});

/** The applicant's request to join. */
async function request({ requests, digest, applicant }: World) {
  const asked = { account: applicant.address, group: 0, codeDigest: digest, evidence: "0x" };
  const signed = { ...asked, nonce: 0n, deadline: MaxUint256 };
  const signature = await signJoin(applicant, await domainOf(requests), signed);
  return [applicant.address, 0, digest, "0x", MaxUint256, signature];
}

/** Who may call what of the roll's desks. */
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
        async ({ membership, requests, applicant }, caller) => {
          const number = await membership.numberOf(caller);
          return [applicant, MaxUint256, await consent(requests, applicant, number)];
        },
        "KeyRotated",
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

  Confirmations: { "bind(uint32)": bind },

  KeyRecovery: { "bind(uint32)": bind },

  Affiliations: { "bind(uint32)": bind },

  Claims: { "bind(uint32)": bind },

  Delegations: {
    "takeDelegations(uint8)": onTheRoll(() => [1], "DelegationLimitSet"),
    "takeDelegationsBySig(address,uint8,uint256,bytes)": everybody(
      "DelegationLimitSet",
      async ({ delegations, voter }) => {
        const message = { account: voter.address, limit: 1, nonce: 0n, deadline: MaxUint256 };
        const signature = await voter.signTypedData(await domainOf(delegations), TAKE, message);
        return [voter, 1, MaxUint256, signature];
      },
      "with a message that a member has signed",
    ),
    "delegateUntil(address,uint48)": {
      note: "to a member of the same group who takes delegations",
      with: async ({ delegations, delegate }) => [delegate, await delegations.longestEnd()],
      others: "RollDeskRefused",
      except: { mature: ALLOWED },
      emits: "VoteDelegated",
    },
    "delegateUntilBySig(address,address,uint48,uint256,bytes)": everybody(
      "VoteDelegated",
      async ({ delegations, delegate, people }) => {
        const ends = await delegations.longestEnd();
        const [delegator, delegatee] = [people.mature.address, delegate.address];
        const message = { delegator, delegatee, ends, nonce: 0n, deadline: MaxUint256 };
        const domain = await domainOf(delegations);
        const signature = await people.mature.signTypedData(domain, DELEGATE, message);
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
    "setCap(uint8)": timelockOnly("DelegationCapChanged", () => [5], undefined, "RollDeskUnauthorized"),
    "bind(uint32)": bind,
  },
} satisfies Record<string, Record<string, Row>>;
