import { AbiCoder, id as hashOf, keccak256, type TypedDataDomain } from "ethers";
import { readDecision } from "../member/ballot.js";
import type { Context } from "../member/coalition.js";
import {
  fail,
  type Given,
  readAddress,
  readHex,
  readNumber,
  readObject,
  writeNew,
} from "../member/json-file.js";
import { date, type Moment, momentOf } from "../member/words.js";
import { CLASSES } from "../parameters.js";
import { Problem } from "../problem.js";

/** What a paper's file calls itself. */
export const PAPER = "ballot paper";

/** What a decision does, and how its proposer describes it; its id is a digest of just this. */
export interface Proposal {
  readonly targets: readonly string[];
  /** In wei, as decimal digits. */
  readonly values: readonly string[];
  readonly calldatas: readonly string[];
  readonly description: string;
}

/** All that a member needs to sign a ballot without a node. */
export interface Paper {
  readonly kind: typeof PAPER;
  /** The decision's id, as decimal digits. */
  readonly decision: string;
  /** The first line of its description. */
  readonly title: string;
  readonly class: string;
  readonly governor: string;
  readonly chainId: number;
  /** What the governor announces as its own (ERC-5267); part of what is signed. */
  readonly domain: Domain;
  readonly opensAt: Moment;
  readonly closesAt: Moment;
  /** The close if a late swing moves it. */
  readonly closesAtTheLatest: Moment;
  readonly proposal: Proposal;
}

interface Domain extends TypedDataDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: string;
}

/** Writes the ballot paper of a decision, from what the chain says of it. */
export async function writePaper(context: Context, decision: string, out: string): Promise<Paper> {
  if (out === "") throw new Problem("Say where to write the ballot paper: --out <file>");
  const paper = await paperOf(context, decision);
  writeNew(out, paper);
  return paper;
}

/** The ballot paper of a decision. */
export async function paperOf(context: Context, decision: string): Promise<Paper> {
  const { governor } = context.coalition;
  const id = readDecision(decision);
  const opens = await governor.proposalSnapshot(id);
  if (opens === 0n) throw new Problem(`No decision has the id ${decision}.`);
  const closes = await governor.proposalDeadline(id);
  const [index, rules] = await governor.proposalRules(id);
  const { name, version, chainId, verifyingContract } = await governor.eip712Domain();
  const proposal = await proposalOf(context, id, Number(opens - rules.notice));
  const extended = opens + rules.period < closes;
  return {
    kind: PAPER,
    decision: `${id}`,
    title: titleOf(proposal.description),
    class: CLASSES[Number(index)] ?? "amendment",
    governor: verifyingContract,
    chainId: Number(chainId),
    domain: { name, version, chainId: Number(chainId), verifyingContract },
    opensAt: moment(opens),
    closesAt: moment(closes),
    closesAtTheLatest: moment(extended ? closes : closes + rules.extension),
    proposal,
  };
}

/**
 * Reads a ballot paper and refuses one that contradicts itself: whoever wrote it cannot put another text or other
 * actions over the id that is signed.
 */
export function readPaper(path: string): Paper {
  if (path === "") throw new Problem("Say which ballot paper to sign: --paper <file>");
  const file = readObject(path, "ballot paper");
  if (file.kind !== PAPER) {
    throw new Problem(`${path} is no ballot paper: its "kind" is ${JSON.stringify(file.kind) ?? "missing"}.`);
  }
  const decision = text(path, "decision", file.decision);
  if (!/^\d{1,78}$/.test(decision)) fail(path, "decision", decision, "decimal digits");
  const proposal = readProposal(path, (file.proposal ?? {}) as Given);
  if (idOf(proposal) !== BigInt(decision)) {
    throw new Problem(
      `${path}: the text and actions on the paper are not those of decision ${decision}; somebody altered it. Get another one.`,
    );
  }
  const chainId = readNumber(path, "chainId", file.chainId);
  const governor = readAddress(path, "governor", file.governor);
  const domain = (file.domain ?? {}) as Given;
  if (domain.chainId !== chainId || domain.verifyingContract !== governor) {
    throw new Problem(
      `${path}: what is to be signed is for another chain or governor than the paper names. Get another one.`,
    );
  }
  return {
    kind: PAPER,
    decision,
    title: titleOf(proposal.description),
    class: text(path, "class", file.class),
    governor,
    chainId,
    domain: {
      name: text(path, "domain.name", domain.name),
      version: text(path, "domain.version", domain.version),
      chainId,
      verifyingContract: governor,
    },
    opensAt: readMomentOf(path, "opensAt", file.opensAt),
    closesAt: readMomentOf(path, "closesAt", file.closesAt),
    closesAtTheLatest: readMomentOf(path, "closesAtTheLatest", file.closesAtTheLatest),
    proposal,
  };
}

/** A ballot paper in words. */
export function describePaper(paper: Paper): string[] {
  const { title, decision, opensAt, closesAt, closesAtTheLatest } = paper;
  const actions = paper.proposal.targets.length;
  const later =
    closesAtTheLatest.seconds > closesAt.seconds
      ? `; if a late ballot turns the outcome, ${date(closesAtTheLatest.seconds)}`
      : "";
  return [
    `"${title}"`,
    `  decision  ${decision}`,
    `  class     ${nameOfClass(paper.class)}, ${actions === 1 ? "1 action" : `${actions} actions`}`,
    `  opens     ${date(opensAt.seconds)}`,
    `  closes    ${date(closesAt.seconds)}${later}`,
    `  governor  ${paper.governor} on chain ${paper.chainId}`,
  ];
}

/** A class as a person reads it. */
export const nameOfClass = (name: string): string => (name === "motionAmendment" ? "motion amendment" : name);

/** Of control characters nothing is shown: a title could move a terminal's cursor, and hide what it says. */
const titleOf = (description: string): string => {
  const line = description.split("\n").find((one) => one.trim() !== "") ?? "";
  return line
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .replace(/^#+\s*/, "")
    .trim()
    .slice(0, 200);
};

/** The id that the governor gives a proposal. */
function idOf({ targets, values, calldatas, description }: Proposal): bigint {
  const types = ["address[]", "uint256[]", "bytes[]", "bytes32"];
  const parts = [targets, values, calldatas, hashOf(description)];
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, parts)));
}

/**
 * A proposal as it was announced. The moment is known, so that the block is found by halving: nodes refuse to look
 * through all blocks for an event.
 */
async function proposalOf({ coalition, ethers }: Context, id: bigint, proposed: number): Promise<Proposal> {
  const { governor } = coalition;
  const timeOf = async (block: number) => (await ethers.provider.getBlock(block))?.timestamp ?? 0;
  const latest = await ethers.provider.getBlockNumber();
  const firstFrom = async (moment: number) => {
    let [low, high] = [0, latest];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await timeOf(middle)) >= moment) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const first = await firstFrom(proposed);
  const last = await firstFrom(proposed + 1);
  const events = await governor.queryFilter(governor.filters.ProposalCreated(), first, last);
  const found = events.find(({ args }) => args.proposalId === id);
  if (found === undefined) {
    throw new Problem(
      `The node does not find the announcement of decision ${id} in blocks ${first} to ${last}.`,
    );
  }
  // By name "values" would be the method of a list.
  const [, , targets, values, , calldatas, , , description] = found.args;
  return {
    targets: [...targets],
    values: [...values].map(String),
    calldatas: [...calldatas],
    description,
  };
}

const moment = (seconds: bigint): Moment => momentOf(seconds) ?? { seconds: 0, iso: "" };

function text(path: string, key: string, value: unknown): string {
  return typeof value === "string" && value !== "" ? value : fail(path, key, value, "a text");
}

function list(path: string, key: string, value: unknown): unknown[] {
  return Array.isArray(value) ? value : fail(path, key, value, "a list");
}

function readProposal(path: string, given: Given): Proposal {
  const { description } = given;
  const values = list(path, "proposal.values", given.values);
  return {
    targets: list(path, "proposal.targets", given.targets).map((one) =>
      readAddress(path, "proposal.targets", one),
    ),
    values: values.map((one) =>
      typeof one === "string" && /^\d{1,78}$/.test(one)
        ? one
        : fail(path, "proposal.values", one, "decimal digits"),
    ),
    calldatas: list(path, "proposal.calldatas", given.calldatas).map((one) =>
      readHex(path, "proposal.calldatas", one),
    ),
    description:
      typeof description === "string"
        ? description
        : fail(path, "proposal.description", description, "a text"),
  };
}

function readMomentOf(path: string, key: string, value: unknown): Moment {
  const seconds = readNumber(path, `${key}.seconds`, ((value ?? {}) as Given).seconds);
  return moment(BigInt(seconds));
}
