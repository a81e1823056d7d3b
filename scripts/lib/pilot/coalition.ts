import type { Result, TypedDataDomain } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import CoalitionModule from "../../../deploy/modules/coalition.js";
import type { CoalitionGovernor, CoalitionTimelock, Membership } from "../../../typechain-types/index.js";
import type { Parameters } from "../parameters.js";
import type { Argument, ContractName, Effect } from "./types.js";

export interface Coalition {
  readonly membership: Membership;
  readonly governor: CoalitionGovernor;
  readonly timelock: CoalitionTimelock;
}

/** Deploys a coalition of its own for this run, by the modules that are shipped. */
export async function found(connection: NetworkConnection, parameters: Parameters): Promise<Coalition> {
  const { ethers, ignition } = connection;
  const deployed = await ignition.deploy(CoalitionModule, {
    parameters,
    deploymentId: `pilot-${Date.now()}`,
    config: { requiredConfirmations: 1 },
  });
  const at = async (key: ContractName) => await deployed[key].getAddress();
  return {
    membership: await ethers.getContractAt("Membership", await at("membership")),
    governor: await ethers.getContractAt("CoalitionGovernor", await at("governor")),
    timelock: await ethers.getContractAt("CoalitionTimelock", await at("timelock")),
  };
}

/** What a contract says its signed messages are bound to. */
export async function domainOf({ eip712Domain }: Membership | CoalitionGovernor): Promise<TypedDataDomain> {
  const { name, version, chainId, verifyingContract } = await eip712Domain();
  return { name, version, chainId, verifyingContract };
}

/** What stands in the place of an argument when the call is made. */
export async function resolve(
  coalition: Coalition,
  contract: ContractName,
  argument: Argument,
): Promise<unknown> {
  if (typeof argument !== "object") return argument;
  const inForce: Result = await coalition[contract].getFunction(argument.inForce).staticCall();
  return { ...inForce.toObject(), ...argument.but };
}

/** What a getter answers in one of its fields, as text. */
export async function readEffect(
  coalition: Coalition,
  { contract, getter, field }: Effect,
  blockTag: number,
): Promise<string> {
  const answer = await coalition[contract].getFunction(getter).staticCall({ blockTag });
  return String(answer[field]);
}
