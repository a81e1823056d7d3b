import { readFileSync } from "node:fs";
import type { NetworkConnection } from "hardhat/types/network";
import json5 from "json5";
import CoalitionModule from "../../deploy/modules/coalition.js";

/** Durations, shares and names of a coalition, as in `deploy/parameters/`. */
export type Parameters = {
  $global: { shortestStage: number };
  Timelock: { delay: number };
  Membership: {
    name: string;
    symbol: string;
    groups: string[];
    codeDigest: string;
    waitingFloor: number;
    waitingPeriod: number;
    epochLength: number;
    epochShareBps: number;
    epochFloor: number;
  };
  Governor: {
    name: string;
    notice: number;
    period: number;
    grace: number;
    quorumBps: number;
    quorumFloor: number;
    approvalBps: number;
    approvalFloorBps: number;
  };
};

/** Reads a parameter file by name, without `.json5`. */
export function readParameters(name: string): Parameters {
  return json5.parse(readFileSync(`deploy/parameters/${name}.json5`, "utf8"));
}

/**
 * Deploys a coalition by the very modules that are shipped and answers its contracts, typed.
 * @param connection A connection to Hardhat's own chain.
 * @param parameters Of the coalition; DC-BAS's unless given.
 */
export async function deployCoalition(
  connection: NetworkConnection<"generic">,
  parameters: Parameters = readParameters("dc-bas"),
) {
  const { ethers, ignition } = connection;
  const deployed = await ignition.deploy(CoalitionModule, { parameters });
  const at = async (key: keyof typeof deployed) => await deployed[key].getAddress();
  const [deployer, ...people] = await ethers.getSigners();
  return {
    parameters,
    deployer,
    people,
    timelock: await ethers.getContractAt("CoalitionTimelock", await at("timelock")),
    membership: await ethers.getContractAt("Membership", await at("membership")),
    governor: await ethers.getContractAt("CoalitionGovernor", await at("governor")),
    admission: await ethers.getContractAt("OpenAdmission", await at("admission")),
    card: await ethers.getContractAt("MemberCard", await at("card")),
  };
}
