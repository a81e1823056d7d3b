import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Addressable, ContractTransactionResponse, Signer } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { IMembership, Membership } from "../../typechain-types/index.js";
import { deployCoalition, type Parameters, plainParameters } from "./fixture.js";
import { domainOf, signRotate } from "./requests.js";

/** `IMembership.Right`, by name. */
export const Right = { Speak: 0n, Propose: 1n, Vote: 2n, Stand: 3n } as const;

/** `IMembership.Standing`, by name. */
export const Standing = {
  Granted: 0n,
  NotMember: 1n,
  Ended: 2n,
  Rotated: 3n,
  Immature: 4n,
  Suspended: 5n,
  Unqualified: 6n,
  Dormant: 7n,
  Represented: 8n,
} as const;

/** `IMembership.Pause`, by name. */
export const Pause = { Unqualified: 0n, Dormant: 1n, Represented: 2n } as const;

/** `IMembership.MemberStatus`, by name. */
export const MemberStatus = { None: 0n, Active: 1n, Resigned: 2n, Ended: 3n } as const;

/** What the roll's one slot of a key says, see `VoterWords`. */
export const readVoter = (word: bigint) => ({
  number: word & 0xffff_ffffn,
  group: (word >> 32n) & 0xffn,
  status: (word >> 40n) & 0xffn,
  /** What makes the member more than the plain case. */
  flags: (word >> 48n) & 0x3fn,
  organisation: ((word >> 54n) & 1n) === 1n,
  countsFrom: (word >> 56n) & (2n ** 48n - 1n),
  holdsSince: (word >> 104n) & (2n ** 48n - 1n),
});

/** A bit mask of rights, as suspensions take it. */
export function mask(...rights: bigint[]): bigint {
  return rights.reduce((sum, right) => sum | (1n << right), 0n);
}

type Coalition = Awaited<ReturnType<typeof deployCoalition>>;

/** A coalition as a unit test of its roll sees it. */
export type Roll = Coalition & {
  connection: NetworkConnection<"generic">;
  ethers: NetworkConnection<"generic">["ethers"];
  time: NetworkConnection<"generic">["networkHelpers"]["time"];
  /** The roll, called in the name of the timelock. */
  governing: Membership;
  /** Digest of the Code of Conduct in force. */
  codeDigest: string;
  /** The coalition's rules of maturity. */
  pace: IMembership.MaturityStruct;
  /** Lets somebody join and answers the member number. */
  join: (person: Signer, group?: number) => Promise<bigint>;
  /** Moves a member from one key to another, in a block of a given moment or in the next. */
  rotate: (from: Signer, to: Signer, moment?: bigint) => Promise<ContractTransactionResponse>;
  /** The number for which a key has a right now; 0 if it has not. */
  entitled: (person: Addressable | string, right: bigint) => Promise<bigint>;
  /** The moment at which the vote of a number matures. */
  votesFrom: (number: bigint) => Promise<bigint>;
  /** The chain's time. */
  now: () => Promise<bigint>;
  /** Lets time pass until a moment. */
  goTo: (moment: bigint) => Promise<void>;
  /** Runs a transaction in a block of a given moment and answers what it answered. */
  at: <T>(moment: bigint, send: () => Promise<T>) => Promise<T>;
  /** Person by person, from index 0. */
  person: (index: number) => HardhatEthersSigner;
};

/**
 * Gives the tests of the surrounding `describe` a chain of their own and, before each, a coalition that has no members
 * yet. To be called right inside a `describe`; the answer is filled when the first test starts.
 * @param change Alters the parameters of DC-BAS before they are deployed.
 */
export function useRoll(change: (parameters: Parameters) => void = () => {}): Roll {
  const roll = {} as Roll;
  let connection: NetworkConnection<"generic">;

  async function emptyRoll(): Promise<Roll> {
    const parameters = plainParameters();
    change(parameters);
    return rollOf(connection, await deployCoalition(connection, parameters));
  }

  before(async () => {
    connection = await network.create();
  });

  beforeEach(async () => {
    Object.assign(roll, await connection.networkHelpers.loadFixture(emptyRoll));
  });

  after(async () => {
    await connection.close();
  });

  return roll;
}

async function rollOf(connection: NetworkConnection<"generic">, coalition: Coalition): Promise<Roll> {
  const { ethers, networkHelpers } = connection;
  const { membership, requests, parameters, people } = coalition;
  const { time } = networkHelpers;
  const { codeDigest, waitingPeriod, epochLength, epochShareBps, epochFloor } = parameters.Membership;
  const timelock = await ethers.getImpersonatedSigner(await coalition.timelock.getAddress());
  await networkHelpers.setBalance(timelock.address, ethers.parseEther("100"));

  return {
    ...coalition,
    connection,
    ethers,
    time,
    governing: membership.connect(timelock),
    codeDigest,
    pace: { waitingPeriod, epochLength, epochShareBps, epochFloor },
    join: async (person, group = 0) => {
      await membership.connect(person).join(group, codeDigest, "0x");
      return membership.lastNumber();
    },
    rotate: async (from, to, moment) => {
      const newKey = await to.getAddress();
      const number = await membership.numberOf(from);
      const nonce = await requests.nonces(newKey);
      const deadline = moment ?? BigInt(await time.latest()) + 3600n;
      const signature = await signRotate(to, await domainOf(requests), { number, newKey, nonce, deadline });
      if (moment !== undefined) await time.setNextBlockTimestamp(moment);
      return requests.connect(from).rotateKey(newKey, deadline, signature);
    },
    entitled: async (person, right) => {
      const [standing, number] = await membership.standingOf(person, right, await time.latest());
      return standing === Standing.Granted ? number : 0n;
    },
    votesFrom: async (number) => (await membership.member(number)).votesFrom,
    now: async () => BigInt(await time.latest()),
    goTo: (moment) => time.increaseTo(moment),
    at: async (moment, send) => {
      await time.setNextBlockTimestamp(moment);
      return send();
    },
    person: (index) => {
      const found = people[index];
      if (found === undefined) throw new Error(`there are ${people.length} people`);
      return found;
    },
  };
}
