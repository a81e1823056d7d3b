import { MaxUint256 } from "ethers";
import { signStruct } from "../helpers/signing.js";
import { ALLOWED, DIGEST, everybody, MEMBERS, type Row, SOON, timelockOnly } from "./cells.js";
import type { World } from "./world.js";

const VOUCH = "Vouch(address account,uint256 candidate,uint256 nonce,uint256 deadline)";
const WITHDRAW = "WithdrawVouch(address account,uint256 candidate,uint256 nonce,uint256 deadline)";
const ATTESTATION = "Attestation(address account,uint8 group,bool organisation,bytes32 id,uint48 expires)";
const REVOKE = "Revoke(address issuer,bytes32 id,uint256 nonce,uint256 deadline)";

const DEADLINE = MaxUint256;
/** All groups, persons. */
const SCOPE = [255, true, false, SOON] as const;

const candidateOf = ({ membership, people }: World) => membership.numberOf(people.participant);

/** The voter's message about the participant. */
async function aboutCandidate(world: World, type: string) {
  const { vouched, voter } = world;
  const [account, candidate] = [voter.address, await candidateOf(world)];
  const message = { account, candidate, deadline: DEADLINE };
  return [account, candidate, DEADLINE, await signStruct(vouched, voter, type, message)] as const;
}

/** The applicant is accredited as an issuer. */
async function accredit({ attested, applicant, people }: World) {
  const [groups, persons, organisations, until] = SCOPE;
  await attested.connect(people.timelock).accredit(applicant, { groups, persons, organisations, until });
}

const byTimelock = (emits: string, args: Row["with"]): Row =>
  timelockOnly(emits, args, undefined, "AttestedAdmissionUnauthorized");

/** Who may call what of the policies that the members can put in force. */
export const ADMISSION_ROWS = {
  VouchedAdmission: {
    "vouch(uint256)": {
      note: "for a participant",
      with: async (world) => [await candidateOf(world)],
      others: "VouchedAdmissionNotAVoter",
      except: { mature: ALLOWED },
      emits: "VouchGiven",
    },
    "vouchBySig(address,uint256,uint256,bytes)": everybody(
      "VouchGiven",
      (world) => aboutCandidate(world, VOUCH),
      "with a message that a member whose vote is mature has signed",
    ),
    "withdrawVouch(uint256)": {
      note: "of a vouch that the mature member gave",
      scene: async (world) => {
        await world.vouched.connect(world.people.mature).vouch(await candidateOf(world));
      },
      with: async (world) => [await candidateOf(world)],
      others: "VouchedAdmissionNotMember",
      except: { ...MEMBERS("VouchedAdmissionNoVouch"), mature: ALLOWED },
      says: async (world, caller) => ({
        VouchedAdmissionNoVouch: [await world.membership.numberOf(caller), await candidateOf(world)],
      }),
      emits: "VouchWithdrawn",
    },
    "withdrawVouchBySig(address,uint256,uint256,bytes)": {
      ...everybody(
        "VouchWithdrawn",
        (world) => aboutCandidate(world, WITHDRAW),
        "with a message that the member who gave the vouch has signed",
      ),
      scene: async (world) => {
        await world.vouched.connect(world.voter).vouch(await candidateOf(world));
      },
    },
  },

  AttestedAdmission: {
    "accredit(address,(uint8,bool,bool,uint48))": byTimelock("IssuerAccredited", ({ applicant }) => [
      applicant,
      [...SCOPE],
    ]),
    "withdrawAccreditation(address)": byTimelock("AccreditationWithdrawn", ({ applicant }) => [applicant]),
    "present(address,address,uint8,bool,bytes32,uint48,bytes)": {
      ...everybody(
        "StatementPresented",
        async ({ attested, applicant, people }) => {
          const account = people.participant.address;
          const message = { account, group: 0, organisation: false, id: DIGEST, expires: SOON };
          const signature = await signStruct(attested, applicant, ATTESTATION, message);
          return [account, applicant, 0, false, DIGEST, SOON, signature];
        },
        "with a statement that an accredited issuer has signed",
      ),
      scene: accredit,
    },
    "revoke(bytes32)": everybody("StatementRevoked", () => [DIGEST], "of a statement of the caller's own"),
    "revokeBySig(address,bytes32,uint256,bytes)": everybody(
      "StatementRevoked",
      async ({ attested, applicant }) => {
        const message = { issuer: applicant.address, id: DIGEST, deadline: DEADLINE };
        return [applicant, DIGEST, DEADLINE, await signStruct(attested, applicant, REVOKE, message)];
      },
      "with a message that the issuer has signed",
    ),
    "revokeFor(address,bytes32)": byTimelock("StatementRevoked", ({ applicant }) => [applicant, DIGEST]),
  },

  CombinedAdmission: {},

  OpenAdmission: {},
} satisfies Record<string, Record<string, Row>>;
