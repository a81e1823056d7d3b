import { id, type Signer, type TypedDataDomain } from "ethers";
import { network } from "hardhat";
import type { IElections, IOffices, Offices } from "../../typechain-types/index.js";
import { actAs, type Connection, foundCoalition, type Person } from "./governor.js";
import { domainOf } from "./requests.js";
import { structOf } from "./signing.js";

const DAY = 86_400;

/** The length of a term, and of a petition, in the office of {@link office}, in seconds. */
export const TERM = 365n * 86_400n;
export const WINDOW = 30n * 86_400n;

/** `IOffices.Vacancy`, by name. */
export const Vacancy = { RunnerUp: 0n, ByElection: 1n } as const;

/** `IOffices.Departure`, by name. */
export const Departure = { Resigned: 0n, Recalled: 1n, LeftRoll: 2n } as const;

// not a secret: stands for the digest of a text
export const REASON = `0x${"cd".repeat(32)}`;

/** An office of two seats for a year each, with everything else in the middle of its range. */
export const office = (changes: Partial<IOffices.OfficeStruct> = {}): IOffices.OfficeStruct => ({
  description: id("coordinator"),
  seats: 2n,
  term: TERM,
  termLimit: 0n,
  maxPerGroup: 0n,
  maxPerOrganisation: 0n,
  vacancy: Vacancy.RunnerUp,
  recallBps: 2_500n,
  recallWindow: WINDOW,
  ...changes,
});

/** Rules of election that ask for as little as they may. */
export const rules = (
  method: IElections.RulesStruct["method"],
  changes: Partial<IElections.RulesStruct> = {},
): IElections.RulesStruct => ({
  method,
  secret: false,
  calendar: true,
  seconds_: 0,
  secondGroups: 0,
  secondsByMember: 1,
  minBallots: 1,
  nomination: DAY,
  acceptance: DAY,
  objection: DAY,
  voting: DAY,
  reveal: DAY,
  certification: DAY,
  ...changes,
});

/** A coalition whose offices are called in the name of whoever may. */
export type Hall = Awaited<ReturnType<typeof open>>;

/**
 * Gives the tests of the surrounding `describe` a chain of their own and, before each, a coalition with mature members.
 * To be called right inside a `describe`; the answer is filled when the first test starts.
 * @param prepare What is done once, before all of them.
 */
export function useOffices(prepare: (hall: Hall) => Promise<unknown> = async () => {}, count = 12): Hall {
  const hall = {} as Hall;
  let connection: Connection;

  async function opened(): Promise<Hall> {
    const fresh = await open(connection, count);
    await prepare(fresh);
    return fresh;
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    Object.assign(hall, await connection.networkHelpers.loadFixture(opened));
  });

  after(async () => {
    await connection.close();
  });

  return hall;
}

async function open(connection: Connection, count: number) {
  const coalition = await foundCoalition(connection, { count });
  const { offices, elections, membership, members, timelock } = coalition;
  const { time } = connection.networkHelpers;
  const asTimelock = await actAs(connection, timelock);
  const asElections = offices.connect(await actAs(connection, elections));
  /** Member by member, from number 1. */
  const member = (number: number | bigint): Person => {
    const found = members[Number(number) - 1];
    if (found === undefined) throw new Error(`there are ${members.length} members`);
    return found;
  };
  return {
    ...coalition,
    connection,
    member,
    /** Offices, elections and roll as the timelock calls them. */
    governing: offices.connect(asTimelock),
    governingElections: elections.connect(asTimelock),
    governingRoll: membership.connect(asTimelock),
    /** The offices as a member calls them. */
    by: (number: number | bigint) => offices.connect(member(number)),
    /** Seats members as the elections would, each in a group of their own number modulo 6. */
    seat: (of: bigint, ...numbers: bigint[]) =>
      asElections.seat(
        of,
        numbers,
        numbers.map((number) => number % 6n),
      ),
    now: async () => BigInt(await time.latest()),
    goTo: (moment: bigint) => time.increaseTo(moment),
    /** Runs a transaction in a block of a given moment and answers what it answered. */
    at: async <T>(moment: bigint, send: () => Promise<T>): Promise<T> => {
      await time.setNextBlockTimestamp(moment);
      return send();
    },
  };
}

/** The seats of an office, short: who holds which, until when, in which term in a row, and whether it was vacated. */
export async function seatsOf(offices: Offices, of: bigint) {
  const seats = await offices.seatsOf(of);
  return seats.map(({ number, until, terms, vacated }) => ({ number, until, terms, vacated }));
}

/** What is signed for offices. */
const MESSAGES = {
  ResignOffice: "ResignOffice(address account,uint256 office,uint256 nonce,uint256 deadline)",
  SupportPetition: "SupportPetition(address account,uint256 petition,uint256 nonce,uint256 deadline)",
} as const;

/**
 * Signs an act as a wallet would, with the present nonce of the account.
 * @param domain What of the offices' own domain is bent.
 */
export async function signFor(
  offices: Offices,
  signer: Signer,
  kind: keyof typeof MESSAGES,
  message: Readonly<{ account: string; deadline: bigint } & Record<string, unknown>>,
  domain: TypedDataDomain = {},
): Promise<string> {
  const { name, fields } = structOf(MESSAGES[kind]);
  const nonce = await offices.nonces(message.account);
  return signer.signTypedData(
    { ...(await domainOf(offices)), ...domain },
    { [name]: fields },
    { nonce, ...message },
  );
}

/** Lets a wallet that is a contract join the roll, and its vote mature. */
export async function walletOf({ connection, membership, goTo }: Hall, owner: Person) {
  const wallet = await connection.ethers.deployContract("ContractWallet", [owner.address]);
  const { digest } = await membership.codeOfConduct();
  const data = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
  await wallet.connect(owner).execute(membership, data);
  const number = await membership.lastNumber();
  await goTo((await membership.member(number)).votesFrom);
  return { wallet, address: await wallet.getAddress(), number };
}
