import { id, TypedDataEncoder, toBeHex, toUtf8Bytes } from "ethers";
import type { AddressBook, ContractKey } from "./address-book.js";
import type { Parameters } from "./parameters.js";
import { asWord } from "./roles.js";

/** The longest notice that the governor ever allows, as its constructor has it. */
const MAX_NOTICE = 30 * 86_400;

/** The version in the EIP-712 domains of all contracts. */
const DOMAIN_VERSION = "1";

/**
 * The value of each immutable of a contract, by its name in the source.
 * @param sunset Of the guardian: it follows from the moment of its birth, which only the chain knows.
 */
export function immutables(
  key: ContractKey,
  book: AddressBook,
  parameters: Parameters,
  sunset: number,
): Readonly<Record<string, string>> {
  const { contracts, chainId } = book;
  const { $global, Membership, Admission, Elections, Agenda, Motions, Forum, Conduct, Governor } = parameters;
  const word = (value: number) => toBeHex(value, 32);
  switch (key) {
    case "timelock":
      return { SHORTEST_STAGE: word($global.shortestStage) };
    case "membership":
      return {
        TIMELOCK: asWord(contracts.timelock),
        CARD: asWord(contracts.card),
        WAITING_FLOOR: word(Membership.waitingFloor),
        GROUP_COUNT: word(Membership.groups.length),
      };
    case "requests":
    case "confirmations":
    case "recovery":
    case "affiliations":
    case "claims":
    case "delegations":
      return domain(Membership.name, chainId, contracts[key]);
    case "vouched":
      return {
        ...domain(Admission.name, chainId, contracts.vouched),
        ROLL: asWord(contracts.membership),
        VOUCHERS: word(Admission.vouchers),
        GROUPS: word(Admission.voucherGroups),
        SLOTS: word(Admission.vouchSlots),
        COOLDOWN: word(Admission.vouchCooldown),
      };
    case "attested":
      return {
        ...domain(Admission.name, chainId, contracts.attested),
        ROLL: asWord(contracts.membership),
        TIMELOCK: asWord(contracts.timelock),
      };
    case "either":
      return { ALL: word(0) };
    case "governor":
      return {
        ...domain(Governor.name, chainId, contracts.governor),
        MEMBERSHIP: asWord(contracts.membership),
        DELEGATIONS: asWord(contracts.delegations),
        TIMELOCK: asWord(contracts.timelock),
        AGENDA: asWord(contracts.agenda),
        GUARDIAN: asWord(contracts.guardian),
        BOUNDS: asWord(contracts.bounds),
        GROUP_COUNT: word(Membership.groups.length),
        "CoalitionGovernor.GROUPS": word(Membership.groups.length),
        "GovernorRules.GROUPS": word(Membership.groups.length),
        SHORTEST_STAGE: word($global.shortestStage),
        LONGEST_NOTICE: word(Math.min(Membership.waitingFloor - 1, MAX_NOTICE)),
      };
    case "agenda":
      return domain(Agenda.name, chainId, contracts.agenda);
    case "guardian":
      return { SUNSET: word(sunset) };
    case "offices":
      return {
        ...domain(Elections.name, chainId, contracts.offices),
        ROLL: asWord(contracts.membership),
        TIMELOCK: asWord(contracts.timelock),
        SHORTEST_STAGE: word($global.shortestStage),
      };
    case "elections":
      return {
        ...domain(Elections.name, chainId, contracts.elections),
        ROLL: asWord(contracts.membership),
        AFFILIATIONS: asWord(contracts.affiliations),
        OFFICES: asWord(contracts.offices),
        TIMELOCK: asWord(contracts.timelock),
        SHORTEST_STAGE: word($global.shortestStage),
        GROUP_COUNT: word(Membership.groups.length),
      };
    case "approval":
    case "ranked":
      return {
        ...domain(Elections.name, chainId, contracts[key]),
        ELECTIONS: asWord(contracts.elections),
        ROLL: asWord(contracts.membership),
        ...(key === "approval" && { GROUP_COUNT: word(Membership.groups.length) }),
      };
    case "resolutions":
    case "charter":
      return { TIMELOCK: asWord(contracts.timelock), AGENDA: asWord(contracts.agenda) };
    case "motions":
      return {
        ...domain(Motions.name, chainId, contracts.motions),
        ROLL: asWord(contracts.membership),
        AGENDA: asWord(contracts.agenda),
        CHARTER: asWord(contracts.charter),
        RESOLUTIONS: asWord(contracts.resolutions),
        TIMELOCK: asWord(contracts.timelock),
        SHORTEST_STAGE: word($global.shortestStage),
      };
    case "amendments":
      return {
        ...domain(Motions.name, chainId, contracts.amendments),
        ROLL: asWord(contracts.membership),
        MOTIONS: asWord(contracts.motions),
        AGENDA: asWord(contracts.agenda),
        TIMELOCK: asWord(contracts.timelock),
      };
    case "statements":
      return {
        ...domain(Motions.name, chainId, contracts.statements),
        ROLL: asWord(contracts.membership),
        AGENDA: asWord(contracts.agenda),
        WINDOW: word(Motions.statementWindow),
      };
    case "speakers":
      return {
        ...domain(Forum.name, chainId, contracts.speakers),
        ROLL: asWord(contracts.membership),
        CHARTER: asWord(contracts.charter),
        DOCUMENT: word(Forum.codeDocument),
      };
    case "forum":
      return {
        ...domain(Forum.name, chainId, contracts.forum),
        ROLL: asWord(contracts.membership),
        SPEAKERS: asWord(contracts.speakers),
        AGENDA: asWord(contracts.agenda),
        TIMELOCK: asWord(contracts.timelock),
      };
    case "profiles":
      return {
        ...domain(Forum.name, chainId, contracts.profiles),
        ROLL: asWord(contracts.membership),
      };
    case "panels":
      return {
        ...domain(Conduct.name, chainId, contracts.panels),
        ROLL: asWord(contracts.membership),
        OFFICES: asWord(contracts.offices),
        TIMELOCK: asWord(contracts.timelock),
      };
    case "conduct":
      return {
        ...domain(Conduct.name, chainId, contracts.conduct),
        ROLL: asWord(contracts.membership),
        SPEAKERS: asWord(contracts.speakers),
        PANELS: asWord(contracts.panels),
        FORUM: asWord(contracts.forum),
        CHARTER: asWord(contracts.charter),
        TIMELOCK: asWord(contracts.timelock),
        CODE: word(Forum.codeDocument),
        SHORTEST_STAGE: word($global.shortestStage),
      };
    case "root":
      return { TIMELOCK: asWord(contracts.timelock) };
    default:
      return {};
  }
}

/** What OpenZeppelin's EIP712 keeps of a domain. */
function domain(name: string, chainId: number, verifyingContract: string): Readonly<Record<string, string>> {
  return {
    _name: shortString(name),
    _version: shortString(DOMAIN_VERSION),
    _hashedName: id(name),
    _hashedVersion: id(DOMAIN_VERSION),
    _cachedChainId: toBeHex(chainId, 32),
    _cachedThis: asWord(verifyingContract),
    _cachedDomainSeparator: TypedDataEncoder.hashDomain({
      name,
      version: DOMAIN_VERSION,
      chainId,
      verifyingContract,
    }),
  };
}

/** A text of up to 31 bytes in one word, its length in the last byte. */
function shortString(text: string): string {
  const word = new Uint8Array(32);
  const bytes = toUtf8Bytes(text);
  word.set(bytes);
  word[31] = bytes.length;
  return `0x${Buffer.from(word).toString("hex")}`;
}
