import type { NetworkConnection } from "hardhat/types/network";
import CoalitionModule from "../../deploy/modules/coalition.js";
import { CLASSES, type ClassRules, type Parameters, readParameters } from "../../scripts/lib/parameters.js";

export { type ClassRules, type Parameters, readParameters };

/**
 * DC-BAS's parameters, with decisions that open without endorsements and close when they said they would: for tests of
 * everything else.
 */
export function plainParameters(changes: Partial<ClassRules> = {}): Parameters {
  const parameters = readParameters("dc-bas");
  for (const key of CLASSES) {
    Object.assign(parameters.Governor[key], { endorsements: 0, endorsementGroups: 0, extension: 0 }, changes);
  }
  return parameters;
}

/**
 * Deploys a coalition by the very modules that are shipped and answers its contracts, typed.
 * @param connection A connection to Hardhat's own chain.
 * @param parameters Of the coalition; see {@link plainParameters} unless given.
 */
export async function deployCoalition(
  connection: NetworkConnection<"generic">,
  parameters: Parameters = plainParameters(),
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
    agenda: await ethers.getContractAt("Agenda", await at("agenda")),
    guardian: await ethers.getContractAt("Guardian", await at("guardian")),
    resolutions: await ethers.getContractAt("Resolutions", await at("resolutions")),
    charter: await ethers.getContractAt("Charter", await at("charter")),
    motions: await ethers.getContractAt("Motions", await at("motions")),
    amendments: await ethers.getContractAt("Amendments", await at("amendments")),
    statements: await ethers.getContractAt("MinorityStatements", await at("statements")),
    root: await ethers.getContractAt("Coalition", await at("root")),
    speakers: await ethers.getContractAt("Speakers", await at("speakers")),
    forum: await ethers.getContractAt("Forum", await at("forum")),
    profiles: await ethers.getContractAt("Profiles", await at("profiles")),
    panels: await ethers.getContractAt("Panels", await at("panels")),
    conduct: await ethers.getContractAt("Conduct", await at("conduct")),
    offices: await ethers.getContractAt("Offices", await at("offices")),
    elections: await ethers.getContractAt("Elections", await at("elections")),
    approval: await ethers.getContractAt("ApprovalBallots", await at("approval")),
    ranked: await ethers.getContractAt("RankedBallots", await at("ranked")),
    bounds: await ethers.getContractAt("DecisionBounds", await at("bounds")),
    admission: await ethers.getContractAt("OpenAdmission", await at("admission")),
    card: await ethers.getContractAt("MemberCard", await at("card")),
    requests: await ethers.getContractAt("MemberDesk", await at("requests")),
    confirmations: await ethers.getContractAt("Confirmations", await at("confirmations")),
    recovery: await ethers.getContractAt("KeyRecovery", await at("recovery")),
    affiliations: await ethers.getContractAt("Affiliations", await at("affiliations")),
    claims: await ethers.getContractAt("Claims", await at("claims")),
    delegations: await ethers.getContractAt("Delegations", await at("delegations")),
    vouched: await ethers.getContractAt("VouchedAdmission", await at("vouched")),
    attested: await ethers.getContractAt("AttestedAdmission", await at("attested")),
    either: await ethers.getContractAt("CombinedAdmission", await at("either")),
  };
}

/**
 * Deploys desks that no roll has bound yet, as a roll takes them at its birth.
 * @param membership What the coalition chooses for its roll.
 */
export async function deployDesks(
  { ethers }: Pick<NetworkConnection<"generic">, "ethers">,
  { name, ...chosen }: Parameters["Membership"],
) {
  const { confirmationPeriod, recoveryDelay, oneVoice, claimCooldown } = chosen;
  const { challengeWindow, challengers, delegationCap } = chosen;
  return {
    requests: await ethers.deployContract("MemberDesk", [name]),
    confirmations: await ethers.deployContract("Confirmations", [name, confirmationPeriod]),
    recovery: await ethers.deployContract("KeyRecovery", [name, recoveryDelay]),
    affiliations: await ethers.deployContract("Affiliations", [name, oneVoice, claimCooldown]),
    claims: await ethers.deployContract("Claims", [
      name,
      { cooldown: claimCooldown, window: challengeWindow, challengers },
    ]),
    delegations: await ethers.deployContract("Delegations", [name, delegationCap]),
  };
}

/** What a roll takes at its birth, by the parameters of a coalition. */
export function rollParameters<Parts extends object>(
  { name, symbol, groups, codeDigest, waitingFloor, ...chosen }: Parameters["Membership"],
  parts: Parts,
) {
  const { waitingPeriod, epochLength, epochShareBps, epochFloor } = chosen;
  const maturity = { waitingPeriod, epochLength, epochShareBps, epochFloor };
  return { name, symbol, groups, codeDigest, waitingFloor, maturity, ...parts };
}
