import type { Result } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type {
  Agenda,
  CoalitionGovernor,
  CoalitionTimelock,
  MemberDesk,
  Membership,
} from "../../../typechain-types/index.js";
import type { AddressBook } from "../address-book.js";
import type { Argument, ContractName, Effect } from "./types.js";

export interface Coalition {
  readonly membership: Membership;
  /** Where requests by signature go. */
  readonly requests: MemberDesk;
  readonly governor: CoalitionGovernor;
  readonly timelock: CoalitionTimelock;
  /** Where decisions are endorsed. */
  readonly agenda: Agenda;
}

/** The contracts of a deployed coalition, typed. */
export async function coalitionAt(
  { ethers }: NetworkConnection,
  { contracts }: Pick<AddressBook, "contracts">,
): Promise<Coalition> {
  return {
    membership: await ethers.getContractAt("Membership", contracts.membership),
    requests: await ethers.getContractAt("MemberDesk", contracts.requests),
    governor: await ethers.getContractAt("CoalitionGovernor", contracts.governor),
    timelock: await ethers.getContractAt("CoalitionTimelock", contracts.timelock),
    agenda: await ethers.getContractAt("Agenda", contracts.agenda),
  };
}

/** What stands in the place of an argument when the call is made. */
export async function resolve(
  coalition: Coalition,
  contract: ContractName,
  argument: Argument,
): Promise<unknown> {
  if (typeof argument !== "object") return argument;
  const inForce: Result = await coalition[contract].getFunction(argument.inForce).staticCall(...argument.of);
  return { ...inForce.toObject(), ...argument.but };
}

/** What a getter answers in one of its fields, as text. */
export async function readEffect(
  coalition: Coalition,
  { contract, getter, of, field }: Effect,
  blockTag: number,
): Promise<string> {
  const answer = await coalition[contract].getFunction(getter).staticCall(...of, { blockTag });
  return String(answer[field]);
}
