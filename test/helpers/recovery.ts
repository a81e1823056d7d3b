import type { Signer } from "ethers";
import type { Roll } from "./roll.js";
import { signStruct } from "./signing.js";

/** `IKeyRecovery.Origin`, by name. */
export const Origin = { Guardians: 0n, Members: 1n } as const;

/** What is signed for the desk of recovery, as EIP-712 writes it. */
export const Struct = {
  NameGuardians:
    "NameGuardians(address account,address[] guardians,uint8 threshold,uint256 nonce,uint256 deadline)",
  Recover: "Recover(uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  Request: "Request(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  Approve: "Approve(address guardian,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  Veto: "Veto(address account,uint256 number,address newKey,uint256 nonce,uint256 deadline)",
  Claim: "Claim(uint256 number,address newKey,bytes32 reasonDigest,uint256 nonce,uint256 deadline)",
} as const;

/** How long approvals may take, and how long a recovery can be completed. */
export const WINDOW = 90n * 86_400n;

/** The steps of a recovery by persons of a roll, whom their index names. */
export function recovering(roll: Roll) {
  const key = (index: number) => roll.person(index).address;
  const desk = (index: number) => roll.recovery.connect(roll.person(index));
  const soon = async () => (await roll.now()) + 3_600n;
  const timelocked = async () =>
    roll.recovery.connect(await roll.ethers.getSigner(await roll.timelock.getAddress()));
  /** The consent of a new key, valid as it stands but for what a test changes. */
  const consent = async (signer: Signer, number: bigint, deadline: bigint, change: object = {}) =>
    signStruct(roll.recovery, signer, Struct.Recover, {
      number,
      newKey: await signer.getAddress(),
      deadline,
      ...change,
    });
  return {
    key,
    desk,
    soon,
    timelocked,
    consent,
    name: (member: number, guardians: number[], threshold: number) =>
      desk(member).nameGuardians(guardians.map(key), threshold),
    request: async (guardian: number, number: bigint, newKey: number) => {
      const deadline = await soon();
      const signature = await consent(roll.person(newKey), number, deadline);
      return desk(guardian).request(number, key(newKey), deadline, signature);
    },
    approve: (guardian: number, number: bigint, newKey: number) =>
      desk(guardian).approve(number, key(newKey)),
    decide: async (number: bigint, newKey: number) => (await timelocked()).decide(number, key(newKey)),
    requestOf: async (number: bigint) => {
      const { newKey, oldKey, approvals, readyAt, lapsesAt, origin } = await roll.recovery.requestOf(number);
      return { newKey, oldKey, approvals, readyAt, lapsesAt, origin };
    },
    /** To the first second in which a recovery can be completed. */
    ripen: async (number: bigint) => roll.goTo((await roll.recovery.requestOf(number)).readyAt),
  };
}
