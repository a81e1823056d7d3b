import { type Addressable, Signature, ZeroAddress } from "ethers";
import { domainOf, maskOf, Right } from "../helpers/governor.js";
import { ALLOWED, desksOnly, everybody, MEMBERS, nobody, type Row, SOON, timelockOnly } from "./cells.js";

const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};

const token = (caller: Addressable): [Addressable, string, bigint] => [caller, ZeroAddress, 1n];

/** Who may call what of the roll and of the writer of its cards. */
export const ROLL_ROWS = {
  Membership: {
    "join(uint8,bytes32,bytes)": {
      with: ({ digest }) => [0, digest, "0x"],
      others: ALLOWED,
      except: { ...MEMBERS("MembershipAlreadyMember"), ended: "MembershipKeyBarred" },
      emits: "MemberJoined",
    },
    "qualify(uint256,bytes)": everybody(
      "MemberQualified",
      async ({ membership, people }) => [await membership.numberOf(people.participant), "0x"],
      "of a participant whom the policy admits meanwhile",
    ),
    "resign()": {
      with: () => [],
      others: "MembershipNotMember",
      except: MEMBERS(ALLOWED),
      emits: "MemberResigned",
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
    "delegate(address)": {
      note: "to a member of the same group who takes delegations",
      with: ({ delegate }) => [delegate],
      others: "RollDeskRefused",
      except: { mature: ALLOWED },
      refusedBy: "delegations",
      emits: "DelegateChanged",
    },
    "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)": everybody(
      "DelegateChanged",
      async ({ delegations, delegate, people }) => {
        const message = { delegatee: delegate.address, nonce: 0n, expiry: SOON };
        const signature = await people.mature.signTypedData(await domainOf(delegations), DELEGATION, message);
        const { v, r, s } = Signature.from(signature);
        return [delegate, 0n, SOON, v, r, s];
      },
      "with a message that a member whose vote is mature has signed",
    ),
    "joinFor(address,uint8,bytes32,bytes)": desksOnly(
      ({ applicant, digest }) => [applicant, 0, digest, "0x"],
      "requests",
      "affiliations",
    ),
    "resignFor(address)": desksOnly(({ voter }) => [voter], "requests"),
    "moveKey(uint256,address)": desksOnly(
      ({ target, applicant }) => [target, applicant],
      "requests",
      "recovery",
      "affiliations",
    ),
    "moveGroup(uint256,uint8)": desksOnly(({ target }) => [target, 0], "claims"),
    "setPaused(uint256,bool)": desksOnly(({ target }) => [target, true], "confirmations", "affiliations"),
    "recordConfirmation(uint256)": desksOnly(({ target }) => [target], "confirmations"),
    "recordDelegation(uint256,uint256,uint256)": desksOnly(({ target }) => [target, 0n, 1n], "delegations"),
    "recordDelegate(uint256)": desksOnly(({ target }) => [target], "delegations"),
  },

  MemberCard: {},
} satisfies Record<string, Record<string, Row>>;
