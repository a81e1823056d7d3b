import { id, ZeroHash } from "ethers";
import { network } from "hardhat";
import type { Charter } from "../../typechain-types/index.js";
import { type Connection, DecisionClass } from "./governor.js";
import type { Randomness } from "./random.js";

/** Titles of the documents that stand at birth. */
export const TITLES = ["Charter", "Code of Conduct"] as const;

/** Stands for the digest of a text. */
export const digestOf = (text: string) => id(text);

/** The first document, which has three clauses, and the second one, which has none. */
export const DOCUMENT = 1n;
export const EMPTY = 2n;

/** Digests of the three clauses, and of what they become. */
export const ONE = digestOf("one");
export const TWO = digestOf("two");
export const THREE = digestOf("three");
export const NEW = digestOf("new");
export const NEWER = digestOf("newer");

/** A charter whose decisions are whatever a test says. */
export type Hall = Awaited<ReturnType<typeof open>>;

/**
 * Gives the tests of the surrounding `describe` a chain of their own and, before each, a charter of two documents, of
 * which the first has clauses 1, 2 and 3: "one", "two", "three", by decision 1. To be called right inside a `describe`;
 * the answer is filled when the first test starts.
 */
export function useCharter(): Hall {
  const hall = {} as Hall;
  let connection: Connection;

  async function opened(): Promise<Hall> {
    const fresh = await open(connection);
    await fresh.decide(1n);
    await fresh.governing.insert(DOCUMENT, 0n, ZeroHash, ONE);
    await fresh.governing.insert(DOCUMENT, 1n, ONE, TWO);
    await fresh.governing.insert(DOCUMENT, 2n, TWO, THREE);
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

async function open(connection: Connection) {
  const { ethers } = connection;
  const [timelock, stranger] = await ethers.getSigners();
  if (timelock === undefined || stranger === undefined) throw new Error("the network has two accounts");
  const decisions = await ethers.deployContract("DecisionMock");
  const charter = await ethers.deployContract("Charter", [decisions, timelock, [...TITLES]]);
  return {
    connection,
    decisions,
    charter,
    timelock,
    stranger,
    /** The charter as the timelock calls it. */
    governing: charter.connect(timelock),
    /** Lets a decision be carried out from now on, an amendment unless another class is given. */
    decide: (decision: bigint, kind: number = DecisionClass.Amendment) => decisions.carryOut(decision, kind),
  };
}

/** A version as the chain answers it, in plain values. */
export async function versionAt(charter: Charter, document: bigint, version: bigint) {
  const [{ decision, enactedAt, clauses: count }, clauses, digests] = await charter.versionOf(
    document,
    version,
  );
  return { decision, enactedAt, count, clauses: [...clauses], digests: [...digests] };
}

/** Clauses of a document as they are now, in their order. */
export async function clausesOf(charter: Charter, document: bigint) {
  const { version } = await charter.documentOf(document);
  const { clauses, digests } = await versionAt(charter, document, version);
  return clauses.map((clause, index) => ({ clause, digest: digests[index] as string }));
}

/**
 * A random history of changes, some of them written against what is no more; those fail. The texts are few, so that
 * wordings come back.
 * @param steps Changes that are tried.
 * @param after The highest number that a decision has had; those of this history are higher.
 */
export async function liveThrough(
  { charter, governing, decide }: Hall,
  random: Randomness,
  steps: number,
  after = 1n,
): Promise<{ readonly done: number; readonly failed: number }> {
  let decision = after;
  let done = 0;
  await decide(++decision);
  const below = (limit: number) => Number(random.below(BigInt(limit)));
  for (let step = 0; step < steps; step++) {
    if (below(3) === 0) await decide(++decision);
    if (below(20) === 0) await governing.found(`Document ${step}`);
    const document = 1n + random.below(await charter.lastDocument());
    const living = await clausesOf(charter, document);
    const { clause, digest: current } = living[below(living.length + 1)] ?? { clause: 0n, digest: ZeroHash };
    const base = below(8) === 0 ? digestOf(`text ${below(9)}`) : current;
    const digest = digestOf(`text ${below(9)}`);
    const kind = below(6);
    try {
      if (kind < 3) await governing.insert(document, clause, base, digest);
      else if (kind === 3) await governing.amend(document, clause, base, digest);
      else if (kind === 4) await governing.repeal(document, clause, base);
      else await governing.replace(document, clause, base, digest);
      done++;
    } catch (error) {
      if (!/CharterClauseMoved|CharterNothingNew/.test(String(error))) throw error;
    }
  }
  return { done, failed: steps - done };
}
