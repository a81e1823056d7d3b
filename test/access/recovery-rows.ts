import { MaxUint256 } from "ethers";
import type { Person } from "../helpers/governor.js";
import { signStruct } from "../helpers/signing.js";
import { ALLOWED, DIGEST, deskRule, everybody, MEMBERS, onTheRoll, type Row } from "./cells.js";
import { bind } from "./desk-rows.js";
import type { World } from "./world.js";

const NAME =
  "NameGuardians(address account,address[] guardians,uint8 threshold,uint256 nonce,uint256 deadline)";
const RECOVER = "Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)";
const REQUEST = "Request(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
const APPROVE = "Approve(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
const VETO = "Veto(address account,uint256 number,address newKey,uint256 nonce,uint256 deadline)";
const CLAIM = "Claim(uint256 number,address newKey,bytes32 reasonDigest,uint256 nonce,uint256 deadline)";

const DEADLINE = MaxUint256;

/** A request of a guardian that the applicant take a member's number over: its arguments. */
async function request({ membership, recovery, applicant }: World, member: Person) {
  const number = await membership.numberOf(member);
  const message = { number, newKey: applicant.address, deadline: DEADLINE };
  return [
    number,
    applicant.address,
    DEADLINE,
    await signStruct(recovery, applicant, RECOVER, message),
  ] as const;
}

/** A member names guardians. */
async function guard({ recovery }: World, member: Person, guardians: readonly Person[], threshold: number) {
  await recovery.connect(member).nameGuardians(
    guardians.map(({ address }) => address),
    threshold,
  );
}

/** A member's number is asked for by one guardian, who is all that it takes unless there are more. */
async function ask(world: World, member: Person, threshold = 1) {
  const { recovery, delegate, people } = world;
  await guard(world, member, threshold === 1 ? [delegate] : [delegate, people.mature], threshold);
  await recovery.connect(delegate).request(...(await request(world, member)));
}

/** The applicant claims the number of which things are decided. */
async function claim({ recovery, applicant, target }: World) {
  const message = { number: target, newKey: applicant.address, reasonDigest: DIGEST, deadline: DEADLINE };
  return [
    target,
    applicant.address,
    DIGEST,
    DEADLINE,
    await signStruct(recovery, applicant, CLAIM, message),
  ] as const;
}

/** A guardian's message about the voter's number. */
async function byGuardian(
  { membership, recovery, voter, applicant, people: { mature } }: World,
  type: string,
) {
  const number = await membership.numberOf(voter);
  const message = { guardian: mature.address, number, newKey: applicant.address, deadline: DEADLINE };
  return [
    mature.address,
    number,
    applicant.address,
    DEADLINE,
    await signStruct(recovery, mature, type, message),
  ] as const;
}

/** For a guardian of the voter's number, which the mature member is. */
const guardiansOnly = (emits: string, scene: Row["scene"], args: Row["with"]): Row => ({
  note: "called by a guardian of the number, here the mature member",
  scene,
  with: args,
  others: "KeyRecoveryNotGuardian",
  except: { mature: ALLOWED },
  says: async ({ membership, voter }, caller) => ({
    KeyRecoveryNotGuardian: [await membership.numberOf(voter), caller],
  }),
  emits,
});

/** Who may call what of the desk for recovery. */
export const RECOVERY_ROWS = {
  KeyRecovery: {
    "nameGuardians(address[],uint8)": onTheRoll("GuardiansNamed", ({ applicant }) => [[applicant], 1]),
    "nameGuardiansBySig(address,address[],uint8,uint256,bytes)": everybody(
      "GuardiansNamed",
      async ({ recovery, voter, applicant }) => {
        const [account, guardians, threshold] = [voter.address, [applicant.address], 1];
        const message = { account, guardians, threshold, deadline: DEADLINE };
        return [account, guardians, threshold, DEADLINE, await signStruct(recovery, voter, NAME, message)];
      },
      "with a message that a member has signed",
    ),
    "request(uint256,address,uint256,bytes)": guardiansOnly(
      "RecoveryRequested",
      (world) => guard(world, world.voter, [world.people.mature], 1),
      (world) => request(world, world.voter),
    ),
    "requestBySig(address,uint256,address,uint256,bytes,bytes)": {
      ...everybody(
        "RecoveryRequested",
        async (world) => {
          const [, , , consent] = await request(world, world.voter);
          return [...(await byGuardian(world, REQUEST)), consent];
        },
        "with messages that a guardian and the new key have signed",
      ),
      scene: (world) => guard(world, world.voter, [world.people.mature], 1),
    },
    "approve(uint256,address)": guardiansOnly(
      "RecoveryApproved",
      (world) => ask(world, world.voter, 2),
      async ({ membership, voter, applicant }) => [await membership.numberOf(voter), applicant],
    ),
    "approveBySig(address,uint256,address,uint256,bytes)": {
      ...everybody(
        "RecoveryApproved",
        (world) => byGuardian(world, APPROVE),
        "with a message that a guardian has signed",
      ),
      scene: (world) => ask(world, world.voter, 2),
    },
    "veto(uint256)": {
      note: "called by the key that holds the number, here the mature member",
      scene: (world) => ask(world, world.people.mature),
      with: async ({ membership, people }) => [await membership.numberOf(people.mature)],
      others: "KeyRecoveryNotHolder",
      except: { mature: ALLOWED },
      says: async ({ membership, people }, caller) => ({
        KeyRecoveryNotHolder: [await membership.numberOf(people.mature), caller],
      }),
      emits: "RecoveryVetoed",
    },
    "vetoBySig(address,uint256,address,uint256,bytes)": {
      ...everybody(
        "RecoveryVetoed",
        async ({ membership, recovery, voter, applicant }) => {
          const [account, number] = [voter.address, await membership.numberOf(voter)];
          const message = { account, number, newKey: applicant.address, deadline: DEADLINE };
          const signature = await signStruct(recovery, voter, VETO, message);
          return [account, number, applicant.address, DEADLINE, signature];
        },
        "with a message that the key which holds the number has signed",
      ),
      scene: (world) => ask(world, world.voter),
    },
    "claim(uint256,bytes32)": {
      with: ({ target }) => [target, DIGEST],
      others: ALLOWED,
      except: MEMBERS("MembershipAlreadyMember"),
      refusedBy: "membership",
      emits: "RecoveryClaimed",
    },
    "claimBySig(uint256,address,bytes32,uint256,bytes)": everybody(
      "RecoveryClaimed",
      claim,
      "with a message that a key without a number has signed",
    ),
    "decide(uint256,address)": {
      ...deskRule(
        "RecoveryDelayed",
        ({ target, applicant }) => [target, applicant],
        "of a number without guardians that the new key claims",
      ),
      scene: async (world) => world.recovery.connect(world.voter).claimBySig(...(await claim(world))),
    },
    "complete(uint256)": {
      ...everybody(
        "RecoveryCompleted",
        async ({ membership, voter }) => [await membership.numberOf(voter)],
        "of a recovery whose delay is over",
      ),
      scene: async (world) => {
        await ask(world, world.voter);
        await world.pass(Number(await world.recovery.delay()));
      },
    },
    "setDelay(uint32)": deskRule("RecoveryDelayChanged", () => [30 * 86_400]),
    "bind(uint32)": bind,
  },
} satisfies Record<string, Record<string, Row>>;
