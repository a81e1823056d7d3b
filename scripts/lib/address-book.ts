import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { isAddress } from "ethers";
import { writeWhole } from "./journal.js";
import type { Policy } from "./parameters.js";
import { Problem } from "./problem.js";

/** The contracts of a coalition, by the name they have in `deploy/modules/coalition.ts`. */
export const CONTRACTS = {
  timelock: "CoalitionTimelock",
  membership: "Membership",
  governor: "CoalitionGovernor",
  agenda: "Agenda",
  guardian: "Guardian",
  resolutions: "Resolutions",
  bounds: "DecisionBounds",
  offices: "Offices",
  elections: "Elections",
  approval: "ApprovalBallots",
  ranked: "RankedBallots",
  charter: "Charter",
  motions: "Motions",
  amendments: "Amendments",
  statements: "MinorityStatements",
  speakers: "Speakers",
  forum: "Forum",
  profiles: "Profiles",
  panels: "Panels",
  conduct: "Conduct",
  requests: "MemberDesk",
  confirmations: "Confirmations",
  recovery: "KeyRecovery",
  affiliations: "Affiliations",
  claims: "Claims",
  delegations: "Delegations",
  admission: "OpenAdmission",
  vouched: "VouchedAdmission",
  attested: "AttestedAdmission",
  either: "CombinedAdmission",
  card: "MemberCard",
  root: "Coalition",
} as const;

export type ContractKey = keyof typeof CONTRACTS;

/** The desks of the roll, as it names them itself. */
export const DESKS = [
  "requests",
  "confirmations",
  "recovery",
  "affiliations",
  "claims",
  "delegations",
] as const satisfies readonly ContractKey[];

/** The admission policies, by the name that a parameter file has for them. */
export const POLICY_KEYS = {
  open: "admission",
  vouched: "vouched",
  attested: "attested",
  either: "either",
} as const satisfies Readonly<Record<Policy, ContractKey>>;

/** What each contract is for, as the table at the end of a deployment says it. */
export const PURPOSES: Readonly<Record<ContractKey, string>> = {
  timelock: "owns everything; its own admin",
  membership: "the roll; obeys the timelock",
  governor: "the timelock's only proposer, canceller and executor",
  agenda: "says what opens for the vote",
  guardian: "can delay or cancel what was decided, in public, for a time",
  resolutions: "records what the members state",
  bounds: "judges new rules of decisions; holds no power",
  offices: "knows who holds which office, since when and until when",
  elections: "fills the offices; obeys the members alone",
  approval: "takes and counts ballots of elections by approval",
  ranked: "takes and counts ranked ballots of elections",
  charter: "holds the governing documents, in every version",
  motions: "takes motions from draft to vote; may propose, and no more",
  amendments: "takes amendments to motions; obeys the members alone",
  statements: "takes statements of those who voted against; holds no power",
  speakers: "says who may speak; obeys cases alone",
  forum: "holds what was said, list by list",
  profiles: "holds commitments to the members' profiles; holds no power",
  panels: "draws by lot who judges a case",
  conduct: "takes a case from complaint to appeal; reaches speech, and no vote",
  requests: "a desk of the roll: requests by signature",
  confirmations: "a desk of the roll: yearly confirmation",
  recovery: "a desk of the roll: recovery of lost keys",
  affiliations: "a desk of the roll: organisations and their people",
  claims: "a desk of the roll: changes of group, and challenges",
  delegations: "a desk of the roll: delegation of votes",
  admission: "judges who gets the vote, from birth: everyone; holds no power",
  vouched: "a policy to be put in force: vouches of members; holds no power",
  attested: "a policy to be put in force: statements of trusted others; holds no power",
  either: "a policy to be put in force: either of the two; holds no power",
  card: "writes the members' cards; holds no power",
  root: "names all the others, and where the documents are; holds no power",
};

/** Where a coalition is: written at the end of its deployment, and all that a check needs beside the parameter file. */
export interface AddressBook {
  readonly deployment: string;
  readonly network: string;
  readonly chainId: number;
  /** The first block of the deployment. */
  readonly block: number;
  /** Deployed the contracts and holds no power since. */
  readonly deployer: string;
  readonly parameters: { readonly file: string; readonly digest: string };
  readonly contracts: Readonly<Record<ContractKey, string>>;
}

const FILE = "coalition.json";
const ID = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Refuses a name that Ignition does not take for a deployment. */
export function requireDeploymentId(id: string): string {
  if (ID.test(id)) return id;
  throw new Problem(`"${id}" is no name for a deployment: a letter, then letters, digits, - and _`);
}

/** The name of a deployment unless one is given: one for each chain and parameter file. */
export function deploymentIdFor(chainId: bigint, parameterFile: string): string {
  const name = (parameterFile.split(/[/\\]/).at(-1) ?? "")
    .replace(/\.json5$/, "")
    .replace(/[^A-Za-z0-9_-]/g, "-");
  return `chain-${chainId}-${name}`;
}

export function writeAddressBook(folder: string, book: AddressBook): string {
  const path = join(folder, FILE);
  writeWhole(path, `${JSON.stringify(book, undefined, 2)}\n`);
  return path;
}

/**
 * Reads an address book.
 * @param deployments The folder that holds a folder for each deployment.
 * @param nameOrPath The name of a deployment, or the path of an address book, which then ends with `.json`.
 */
export function readAddressBook(deployments: string, nameOrPath: string): AddressBook {
  const path = nameOrPath.endsWith(".json")
    ? resolve(nameOrPath)
    : join(deployments, requireDeploymentId(nameOrPath), FILE);
  const shown = relative(process.cwd(), path);
  const name = shown.startsWith("..") || isAbsolute(shown) ? path : shown;
  if (!existsSync(path)) {
    throw new Problem(
      `${name} is missing: nothing was deployed under this name, or not to its end. Deploy first.`,
    );
  }
  let book: unknown;
  try {
    book = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Problem(`${name} is not JSON; deploy again to have it written anew.`);
  }
  const problems = findBookProblems(book);
  if (problems.length > 0) throw new Problem(`${name} is no address book: ${problems.join("; ")}`);
  return book as AddressBook;
}

/**
 * The name of the one deployment on a chain, where there is no more than one.
 * @throws {Problem} if there is none, or several to choose from.
 */
export function onlyDeploymentOn(deployments: string, chainId: bigint): string {
  const names = existsSync(deployments) ? readdirSync(deployments) : [];
  const here = names.filter((name) => {
    const path = join(deployments, name, FILE);
    return existsSync(path) && BigInt(readAddressBook(deployments, path).chainId) === chainId;
  });
  const [first, second] = here;
  if (first !== undefined && second === undefined) return first;
  throw new Problem(
    first === undefined
      ? `No coalition is known on chain ${chainId}: name its address book with --deployment <path that ends with .json>.`
      : `Several coalitions are known on chain ${chainId} (${here.join(", ")}): choose one with --deployment.`,
  );
}

function findBookProblems(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return ["it holds no object"];
  const book = value as Partial<Record<keyof AddressBook, unknown>>;
  const problems: string[] = [];
  for (const key of ["deployment", "network"] as const)
    if (typeof book[key] !== "string") problems.push(`${key} is no text`);
  for (const key of ["chainId", "block"] as const)
    if (!Number.isSafeInteger(book[key]) || Number(book[key]) < 0) problems.push(`${key} is no whole number`);
  if (!isAddress(book.deployer)) problems.push("deployer is no address");
  const { digest } = (book.parameters ?? {}) as { digest?: unknown };
  if (typeof digest !== "string") problems.push("parameters.digest is no text");
  const contracts = (book.contracts ?? {}) as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(CONTRACTS))
    if (!isAddress(contracts[key])) problems.push(`contracts.${key} is no address`);
  return problems;
}
