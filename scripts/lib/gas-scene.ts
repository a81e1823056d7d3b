import type { BaseContract, Wallet } from "ethers";
import { type Chain, key } from "./gas-chain.js";
import type { Voter } from "./gas-decisions.js";
import type { Samples } from "./gas-samples.js";

/** As many as one transaction enters, confirms and marks. */
export const CROWD = 50;

export const DAY = 86_400;

/** How many do each of the other acts: a median of three is no single odd one. */
export const TIMES = 3;

/** The contracts of a coalition that members act on, and its timelock. */
export type Deployed = Record<
  | "affiliations"
  | "amendments"
  | "approval"
  | "attested"
  | "charter"
  | "claims"
  | "confirmations"
  | "delegations"
  | "elections"
  | "forum"
  | "membership"
  | "motions"
  | "offices"
  | "profiles"
  | "ranked"
  | "recovery"
  | "requests"
  | "resolutions"
  | "speakers"
  | "statements"
  | "timelock"
  | "vouched",
  { getAddress(): Promise<string> }
>;

/** A crowd that is about to join a coalition, and what it acts on. */
export type Scene = Awaited<ReturnType<typeof setScene>>;

export async function setScene(chain: Chain, deployed: Deployed, samples: Samples) {
  const { ethers } = chain.connection;
  const at = (name: keyof Deployed): Promise<string> => deployed[name].getAddress();
  const membership = await ethers.getContractAt("Membership", await at("membership"));
  const groups = (await membership.groups()).length;
  const first = Number(await membership.lastNumber()) + 1;
  const crowd: Voter[] = Array.from({ length: CROWD }, (_, index) => ({
    number: first + index,
    wallet: key(`one of the crowd ${index}`),
  }));
  const groupOf = (number: number): number => (number - 1) % groups;
  return {
    chain,
    membership,
    requests: await ethers.getContractAt("MemberDesk", await at("requests")),
    confirmations: await ethers.getContractAt("Confirmations", await at("confirmations")),
    recovery: await ethers.getContractAt("KeyRecovery", await at("recovery")),
    affiliations: await ethers.getContractAt("Affiliations", await at("affiliations")),
    claims: await ethers.getContractAt("Claims", await at("claims")),
    delegations: await ethers.getContractAt("Delegations", await at("delegations")),
    vouched: await ethers.getContractAt("VouchedAdmission", await at("vouched")),
    attested: await ethers.getContractAt("AttestedAdmission", await at("attested")),
    /** Acts for the members: what they have decided is not measured here. */
    timelock: { address: await at("timelock") },
    codeDigest: (await membership.codeOfConduct()).digest,
    groups,
    groupOf,
    crowd,
    /** The n-th of the crowd in a group, from 0; there are eight at least. */
    someone: (group: number, index: number): Voter =>
      crowd.filter(({ number }) => groupOf(number) === group)[index] as Voter,
    samples,
    /** Sends a call and answers what it used. */
    act: async (
      to: BaseContract,
      { address: from }: Pick<Wallet, "address">,
      call: string,
      args: readonly unknown[] = [],
    ): Promise<number> =>
      chain.send({ from, to: await to.getAddress(), data: to.interface.encodeFunctionData(call, args) }),
  };
}

/** Three of a kind. */
export function inTurn<T>(make: (index: number) => T): T[] {
  return Array.from({ length: TIMES }, (_, index) => make(index));
}
