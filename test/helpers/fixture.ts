import { type BaseContract, Contract, type Interface } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { CLASSES, type ClassRules, type Parameters, readParameters } from "../../scripts/lib/parameters.js";
import {
  Affiliations__factory,
  Agenda__factory,
  Amendments__factory,
  ApprovalBallots__factory,
  AttestedAdmission__factory,
  Charter__factory,
  Claims__factory,
  Coalition__factory,
  CoalitionGovernor__factory,
  CoalitionTimelock__factory,
  CombinedAdmission__factory,
  Conduct__factory,
  Confirmations__factory,
  DecisionBounds__factory,
  Delegations__factory,
  Elections__factory,
  Forum__factory,
  Guardian__factory,
  KeyRecovery__factory,
  MemberCard__factory,
  MemberDesk__factory,
  Membership__factory,
  MinorityStatements__factory,
  Motions__factory,
  Offices__factory,
  OpenAdmission__factory,
  Panels__factory,
  Profiles__factory,
  RankedBallots__factory,
  Resolutions__factory,
  Speakers__factory,
  VouchedAdmission__factory,
} from "../../typechain-types/index.js";
import { deployOnceMore } from "./deployment.js";

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

type Factory = { createInterface: () => Interface; connect: (address: string) => BaseContract };

/** Parsed once a process: that takes longer than most calls. */
const interfaces = new Map<Factory, Interface>();

function interfaceOf(factory: Factory): Interface {
  const known = interfaces.get(factory) ?? factory.createInterface();
  interfaces.set(factory, known);
  return known;
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
  const book = await deployOnceMore(connection, parameters);
  const [deployer, ...people] = await connection.ethers.getSigners();
  const at = <F extends Factory>(factory: F, key: string) =>
    new Contract(book[key] as string, interfaceOf(factory), deployer) as BaseContract as ReturnType<
      F["connect"]
    >;
  return {
    parameters,
    deployer,
    people,
    timelock: at(CoalitionTimelock__factory, "timelock"),
    membership: at(Membership__factory, "membership"),
    governor: at(CoalitionGovernor__factory, "governor"),
    agenda: at(Agenda__factory, "agenda"),
    guardian: at(Guardian__factory, "guardian"),
    resolutions: at(Resolutions__factory, "resolutions"),
    charter: at(Charter__factory, "charter"),
    motions: at(Motions__factory, "motions"),
    amendments: at(Amendments__factory, "amendments"),
    statements: at(MinorityStatements__factory, "statements"),
    root: at(Coalition__factory, "root"),
    speakers: at(Speakers__factory, "speakers"),
    forum: at(Forum__factory, "forum"),
    profiles: at(Profiles__factory, "profiles"),
    panels: at(Panels__factory, "panels"),
    conduct: at(Conduct__factory, "conduct"),
    offices: at(Offices__factory, "offices"),
    elections: at(Elections__factory, "elections"),
    approval: at(ApprovalBallots__factory, "approval"),
    ranked: at(RankedBallots__factory, "ranked"),
    bounds: at(DecisionBounds__factory, "bounds"),
    admission: at(OpenAdmission__factory, "admission"),
    card: at(MemberCard__factory, "card"),
    requests: at(MemberDesk__factory, "requests"),
    confirmations: at(Confirmations__factory, "confirmations"),
    recovery: at(KeyRecovery__factory, "recovery"),
    affiliations: at(Affiliations__factory, "affiliations"),
    claims: at(Claims__factory, "claims"),
    delegations: at(Delegations__factory, "delegations"),
    vouched: at(VouchedAdmission__factory, "vouched"),
    attested: at(AttestedAdmission__factory, "attested"),
    either: at(CombinedAdmission__factory, "either"),
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
