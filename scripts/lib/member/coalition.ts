import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { Interface, Signer } from "ethers";
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
  CombinedAdmission__factory,
  Conduct__factory,
  Confirmations__factory,
  Delegations__factory,
  Elections__factory,
  Forum__factory,
  KeyRecovery__factory,
  MemberDesk__factory,
  Membership__factory,
  MinorityStatements__factory,
  Motions__factory,
  Offices__factory,
  Panels__factory,
  RankedBallots__factory,
  Speakers__factory,
  VouchedAdmission__factory,
} from "../../../typechain-types/index.js";
import type { AddressBook } from "../address-book.js";
import { Problem } from "../problem.js";

/** Whoever signs or pays: an account of the network. */
export type Person = Signer & { readonly address: string };

/** A coalition as a member meets it. */
export type Coalition = ReturnType<typeof coalitionAt>;

/** Where a member's command does its work. */
export interface Context {
  readonly ethers: HardhatEthers;
  readonly contracts: AddressBook["contracts"];
  readonly coalition: Coalition;
  /** Names of the stakeholder groups; the index is the group. */
  readonly groups: readonly string[];
  /** The chain's time, in seconds since 1970. */
  readonly now: number;
}

/** What a command did or found out: for a person, line by line, and for a machine. */
export interface Outcome {
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * The contracts of a coalition that members deal with. Their interfaces come with the project, so nothing need be
 * compiled to use them.
 */
export function coalitionAt({ provider }: HardhatEthers, at: AddressBook["contracts"]) {
  return {
    membership: Membership__factory.connect(at.membership, provider),
    governor: CoalitionGovernor__factory.connect(at.governor, provider),
    agenda: Agenda__factory.connect(at.agenda, provider),
    requests: MemberDesk__factory.connect(at.requests, provider),
    confirmations: Confirmations__factory.connect(at.confirmations, provider),
    recovery: KeyRecovery__factory.connect(at.recovery, provider),
    affiliations: Affiliations__factory.connect(at.affiliations, provider),
    claims: Claims__factory.connect(at.claims, provider),
    delegations: Delegations__factory.connect(at.delegations, provider),
    offices: Offices__factory.connect(at.offices, provider),
    elections: Elections__factory.connect(at.elections, provider),
    approval: ApprovalBallots__factory.connect(at.approval, provider),
    ranked: RankedBallots__factory.connect(at.ranked, provider),
    charter: Charter__factory.connect(at.charter, provider),
    motions: Motions__factory.connect(at.motions, provider),
    amendments: Amendments__factory.connect(at.amendments, provider),
    speakers: Speakers__factory.connect(at.speakers, provider),
    forum: Forum__factory.connect(at.forum, provider),
    conduct: Conduct__factory.connect(at.conduct, provider),
    panels: Panels__factory.connect(at.panels, provider),
    statements: MinorityStatements__factory.connect(at.statements, provider),
    vouched: VouchedAdmission__factory.connect(at.vouched, provider),
    attested: AttestedAdmission__factory.connect(at.attested, provider),
    root: Coalition__factory.connect(at.root, provider),
    either: CombinedAdmission__factory.connect(at.either, provider),
  };
}

/** The interfaces whose errors a member can meet. */
export function interfacesOf(coalition: Partial<Coalition>): Interface[] {
  return Object.values(coalition).map((contract) => contract.interface);
}

/** Goes to a coalition, and learns what every command needs to know of it. */
export async function enter(ethers: HardhatEthers, contracts: AddressBook["contracts"]): Promise<Context> {
  if ((await ethers.provider.getCode(contracts.membership)) === "0x") {
    throw new Problem(
      `The chain holds no contract at ${contracts.membership}, where the roll should be: was it started anew?`,
    );
  }
  const coalition = coalitionAt(ethers, contracts);
  const groups = await coalition.membership.groups();
  const latest = await ethers.provider.getBlock("latest");
  if (latest === null) throw new Problem("The node does not know its latest block; try again.");
  return { ethers, contracts, coalition, groups: [...groups], now: latest.timestamp };
}
