import assert from "node:assert/strict";
import { join as joinPath } from "node:path";
import type { Wallet } from "ethers";
import CoalitionModule from "../../deploy/modules/coalition.js";
import type { MemberDesk, Membership } from "../../typechain-types/index.js";
import { type Chain, key } from "./gas-chain.js";
import type { Body, Voter } from "./gas-decisions.js";
import { measureElections } from "./gas-elections.js";
import { measureForum } from "./gas-forum.js";
import { measureMotions } from "./gas-motions.js";
import { relayOf } from "./gas-relay.js";
import { measureRoll } from "./gas-roll.js";
import type { Samples } from "./gas-samples.js";
import { JOIN, signRequest } from "./gas-signing.js";

/** The parameters that are measured: the real coalition's. */
export const PARAMETERS = "deploy/parameters/dc-bas.json5";

// How many transactions of a kind: a median of three is no single odd one.
const TIMES = 3;
const NEWCOMERS = 10;
const PAGE = 200;
const ACTION = 2;

const ROTATE = "Rotate(uint256 number,address newKey,uint256 nonce,uint256 deadline)";

/**
 * A coalition, deployed by the modules that are shipped, with `size` mature votes in all groups, and what it took to
 * get there. When it decides, newcomers wait for their vote and members have left; `burden` adds newcomers who leave
 * while their vote is pending.
 */
export async function buildCoalition(
  chain: Chain,
  root: string,
  size: number,
  samples: Samples,
): Promise<Body> {
  const { ethers, ignition } = chain.connection;
  const deployed = await ignition.deploy(CoalitionModule, { parameters: joinPath(root, PARAMETERS) });
  samples.add("deployment", await chain.usedSoFar());
  const box = await ethers.deployContract("Box");
  chain.takeClock();
  const timelock = await ethers.getContractAt("CoalitionTimelock", await deployed.timelock.getAddress());
  const membership = await ethers.getContractAt("Membership", await deployed.membership.getAddress());
  const requests = await ethers.getContractAt("MemberDesk", await deployed.requests.getAddress());
  const agenda = await ethers.getContractAt("Agenda", await deployed.agenda.getAddress());
  const governor = await ethers.getContractAt("CoalitionGovernor", await deployed.governor.getAddress());
  const roll = await Roll.open(chain, membership, requests);

  // Some more than `size`: those who will have resigned.
  const members: Voter[] = [];
  for (let number = 1; number <= size + TIMES; number++) {
    const wallet = key(`member ${number}`);
    await roll.join(wallet, number);
    members.push({ number, wallet });
  }
  await roll.assertListed(members);
  await roll.waitForVotes(members);

  const newcomers = await measureJoining(roll, size + TIMES, samples);
  const leaving = members.splice(size);
  for (const voter of leaving) samples.add("resignMature", await roll.resign(voter.wallet));
  for (const voter of members.splice(size - TIMES)) {
    const wallet = key(`new key of ${voter.number}`);
    samples.add("rotateKey", await roll.rotate(voter, wallet));
    members.push({ ...voter, wallet });
  }
  await roll.assertListed(members);
  await chain.wait(12);
  assert.equal(await roll.electorate(), BigInt(size), "not every vote counts");
  assert.equal(await membership.totalSupply(), BigInt(size + newcomers.length));

  return {
    chain,
    governor: await ethers.getContractAt("BaselineGovernor", await deployed.governor.getAddress()),
    box,
    members,
    delay: Number(await timelock.getMinDelay()),
    changes: true,
    extension: Number((await governor.rules(ACTION)).extension),
    endorse: async ({ proposalId }) => {
      const endorsing: number[] = [];
      // Of two groups, as many as an action needs.
      for (const { wallet } of members.slice(1, 3)) {
        const data = agenda.interface.encodeFunctionData("endorse", [proposalId]);
        endorsing.push(await chain.send({ from: wallet.address, to: await agenda.getAddress(), data }));
      }
      assert(await agenda.isAdmitted(proposalId), "the decision does not open");
      return endorsing;
    },
    amendment: {
      target: await agenda.getAddress(),
      data: agenda.interface.encodeFunctionData("setPlaces", [4]),
    },
    ...relayOf(chain, governor),
    burden: () => withdrawVotes(roll, newcomers, samples),
    classify: () => ballotClassifier((number) => roll.groupOf(number)),
    further: async (body) => {
      await measureRoll(body, deployed, samples);
      await measureElections(body, deployed, samples);
      await measureMotions(body, deployed, samples);
      await measureForum(body, deployed, samples);
    },
  };
}

async function measureJoining(roll: Roll, present: number, samples: Samples): Promise<Voter[]> {
  const newcomers: Voter[] = [];
  const boundaries = new Set<bigint>();
  for (let index = 0; index < NEWCOMERS + TIMES; index++) {
    const number = present + index + 1;
    const wallet = key(`newcomer ${index}`);
    const bySig = index >= NEWCOMERS;
    const gas = bySig ? await roll.joinBySig(wallet, number) : await roll.join(wallet, number);
    samples.add(bySig ? "joinBySig" : index === 0 ? "joinFirstOfEpoch" : "join", gas);
    boundaries.add(await roll.votesFrom(wallet));
    newcomers.push({ number, wallet });
  }
  const [boundary = 0n] = boundaries;
  assert.equal(boundaries.size, 1, "the newcomers do not share an epoch");
  assert(boundary > roll.latestBoundary, "the first of them opened no epoch");
  assert(boundary > BigInt(roll.chain.now), "their votes did not have to mature");
  return newcomers;
}

/** Newcomers leave before their vote has matured, and somebody else joins, who waits when the next decision opens. */
async function withdrawVotes(roll: Roll, newcomers: readonly Voter[], samples: Samples): Promise<void> {
  for (const { wallet } of newcomers.slice(1, 1 + TIMES)) {
    assert((await roll.votesFrom(wallet)) > BigInt(roll.chain.now), "the vote was not pending");
    samples.add("resignPending", await roll.resign(wallet));
  }
  const last = newcomers.at(-1)?.number ?? 0;
  await roll.join(key("straggler"), last + 1);
  await roll.votesFrom(key("straggler"));
}

/** By the words that a ballot writes: 128 receipts, and the tallies of three groups, share one. */
function ballotClassifier(groupOf: (number: number) => number): ReturnType<Body["classify"]> {
  const receipts = new Set<number>();
  const tallies = new Set<number>();
  return ({ number }) => {
    const receiptWord = Math.floor(number / 128);
    const tallyWord = Math.floor(groupOf(number) / 3);
    const [receiptUsed, tallyUsed] = [receipts.has(receiptWord), tallies.has(tallyWord)];
    receipts.add(receiptWord);
    tallies.add(tallyWord);
    if (tallyUsed) return receiptUsed ? "castVoteLater" : "castVoteFirstOfWord";
    return receiptUsed ? "castVoteFirstOfTally" : "castVoteFirst";
  };
}

/** What people do on the roll, each act shown to have had its effect. */
class Roll {
  readonly chain: Chain;
  latestBoundary = 0n;
  readonly #membership: Membership;
  readonly #requests: MemberDesk;
  readonly #groups: number;
  readonly #codeDigest: string;

  private constructor(
    chain: Chain,
    membership: Membership,
    requests: MemberDesk,
    groups: number,
    codeDigest: string,
  ) {
    this.chain = chain;
    this.#membership = membership;
    this.#requests = requests;
    this.#groups = groups;
    this.#codeDigest = codeDigest;
  }

  static async open(chain: Chain, membership: Membership, requests: MemberDesk): Promise<Roll> {
    const [codeDigest] = await membership.codeOfConduct();
    return new Roll(chain, membership, requests, (await membership.groups()).length, codeDigest);
  }

  groupOf(number: number): number {
    return (number - 1) % this.#groups;
  }

  /** The group follows from the number that the member will get. */
  join({ address }: Wallet, number: number): Promise<number> {
    const data = this.#membership.interface.encodeFunctionData("join", [
      this.groupOf(number),
      this.#codeDigest,
      "0x",
    ]);
    return this.#send(this.#membership, address, data);
  }

  async joinBySig(wallet: Wallet, number: number): Promise<number> {
    const { address } = wallet;
    const [group, codeDigest, evidence, deadline] = [
      this.groupOf(number),
      this.#codeDigest,
      "0x",
      this.#deadline,
    ];
    const request = { account: address, group, codeDigest, evidence, deadline };
    const signature = await signRequest(this.#requests, wallet, JOIN, request);
    const data = this.#requests.interface.encodeFunctionData("joinBySig", [
      address,
      group,
      codeDigest,
      evidence,
      deadline,
      signature,
    ]);
    const gas = await this.#send(this.#requests, key("relayer").address, data);
    assert.equal(await this.#membership.numberOf(address), BigInt(number), "the request had no effect");
    return gas;
  }

  async resign({ address }: Wallet): Promise<number> {
    const data = this.#membership.interface.encodeFunctionData("resign");
    const gas = await this.#send(this.#membership, address, data);
    assert.equal(await this.#membership.numberOf(address), 0n, "who resigned is still a member");
    return gas;
  }

  async rotate({ number, wallet }: Voter, next: Wallet): Promise<number> {
    const deadline = this.#deadline;
    const request = { number, newKey: next.address, deadline };
    const signature = await signRequest(this.#requests, next, ROTATE, request);
    const data = this.#requests.interface.encodeFunctionData("rotateKey", [
      next.address,
      deadline,
      signature,
    ]);
    return this.#send(this.#requests, wallet.address, data);
  }

  async votesFrom({ address }: Wallet): Promise<bigint> {
    const number = await this.#membership.numberOf(address);
    assert.notEqual(number, 0n, "joining gave no number");
    return (await this.#membership.member(number)).votesFrom;
  }

  /** Lets time pass until the vote of the last of them, and so of all, is mature. */
  async waitForVotes(members: readonly Voter[]): Promise<void> {
    const last = members.at(-1);
    if (last === undefined) throw new Error("nobody joined");
    this.latestBoundary = await this.votesFrom(last.wallet);
    await this.chain.wait(Number(this.latestBoundary) - this.chain.now + 12);
    assert.equal(await this.electorate(), BigInt(members.length), "not every vote matured");
  }

  electorate(): Promise<bigint> {
    return this.#membership.getPastTotalSupply(this.chain.now - 1);
  }

  /** Everyone holds their number, in their group. */
  async assertListed(members: readonly Voter[]): Promise<void> {
    for (let first = 1; first <= members.length; first += PAGE) {
      const page = await this.#membership.members(first, Math.min(PAGE, members.length - first + 1));
      for (const [index, entry] of page.entries()) {
        const { number, wallet } = members[first - 1 + index] as Voter;
        assert.deepEqual(
          [entry.number, entry.key, entry.group],
          [BigInt(number), wallet.address, BigInt(this.groupOf(number))],
          `member ${number} is not on the roll`,
        );
      }
    }
  }

  get #deadline(): number {
    return this.chain.now + 86_400;
  }

  async #send(to: Membership | MemberDesk, from: string, data: string): Promise<number> {
    return this.chain.send({ from, to: await to.getAddress(), data });
  }
}
