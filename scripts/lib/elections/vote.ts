import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { getAddress, hexlify, isAddress } from "ethers";
import type { Context, Outcome, Person } from "../member/coalition.js";
import { fail, readAddress, readHex, readNumber, readObject, requireMeantFor } from "../member/json-file.js";
import { memberOf } from "../member/lookup.js";
import { send, transactionFacts } from "../member/perform.js";
import { inPlainWords } from "../member/refusals.js";
import { counted, date, listed } from "../member/words.js";
import { Problem } from "../problem.js";
import { encodeApprovals } from "./approval-count.js";
import { encodeBallot } from "./ballot-code.js";
import { boxOf, type Election, electionAt } from "./election.js";

/** How a person calls "re-open nominations". */
export const RON = "ron";

/** What opens a sealed ballot. Whoever has it can prove, and before the count open, how the member voted. */
interface SaltFile {
  readonly election: number;
  readonly chainId: number;
  /** The contract that took it. */
  readonly contract: string;
  readonly number: number;
  readonly ballot: string;
  readonly salt: string;
}

/**
 * The options that a person names, in their order.
 * @param text Member numbers or keys of candidates, or "ron", with commas between them.
 */
export async function readChoices(context: Context, election: Election, text: string): Promise<number[]> {
  const parts = text.split(",").map((part) => part.trim());
  const options: number[] = [];
  for (const part of parts) {
    const option = await readChoice(context, election, part);
    if (options.includes(option)) throw new Problem(`--for names ${part} twice; each once is enough.`);
    options.push(option);
  }
  const named = options.filter((option) => option !== 0).length;
  if (election.method === "approval" && named > election.seats) {
    throw new Problem(
      `--for names ${counted(named, "candidate")}; a ballot names as many as there are seats at the most, ${election.seats}.`,
    );
  }
  return options;
}

async function readChoice({ coalition }: Context, election: Election, part: string): Promise<number> {
  if (part.toLowerCase() === RON) return 0;
  const number = isAddress(part)
    ? Number(await coalition.membership.numberOf(part))
    : /^\d{1,10}$/.test(part)
      ? Number(part)
      : Number.NaN;
  const candidate = election.candidates.find((one) => one.number === number);
  if (candidate?.state === "stands") return candidate.option;
  const standing = election.candidates.filter(({ state }) => state === "stands");
  const known = [...standing.map((one) => `${one.number}`), RON].join(", ");
  throw new Problem(
    candidate === undefined
      ? `--for names "${part}", allowed: candidates by number or key, or ${RON} to re-open nominations: ${known}`
      : `Member ${number} ${candidate.state} and cannot be elected; still there: ${known}`,
  );
}

/** A ballot as the contract takes it. */
export function encodeChoices({ method, candidates }: Election, options: readonly number[]): bigint {
  return method === "approval" ? encodeApprovals(options) : encodeBallot(options, candidates.length);
}

/** Options in words, as they stand on the ballot. */
export function describeChoices({ method, candidates }: Election, options: readonly number[]): string {
  const words = options.map((option) =>
    option === 0 ? "re-open nominations" : `member ${candidates[option - 1]?.number}`,
  );
  return method === "approval"
    ? listed(words)
    : words.map((word, index) => `${index + 1}. ${word}`).join(", ");
}

/**
 * Casts a ballot, or another in its place; where ballots are secret a sealed one.
 * @param choices See {@link readChoices}.
 * @param out File for what opens a sealed ballot.
 */
export async function vote(
  context: Context,
  electionId: bigint,
  choices: string,
  out: string,
  voter: Person,
): Promise<Outcome> {
  const election = await electionAt(context, electionId);
  if (choices === "") throw new Problem(`Say for whom: --for <numbers or keys of candidates, or ${RON}>`);
  const options = await readChoices(context, election, choices);
  const { number } = await memberOf(context, voter.address);
  const ballot = encodeChoices(election, options);
  const until = `It can be changed until ${date(election.ends[3] ?? 0)}, by voting again.`;
  if (!election.secret) {
    if (out !== "") throw new Problem("--out is for a sealed ballot; ballots of this election are open.");
    const receipt = await cast(context, election, ballot, voter);
    const choice = describeChoices(election, options);
    return {
      lines: [`Member ${number} voted in election ${electionId}: ${choice}. ${until}`],
      facts: { election: Number(electionId), number, options, ballot: `${ballot}`, ...receipt },
    };
  }
  if (out === "") {
    throw new Problem(
      "The ballots of this election are sealed: name a file for what opens yours, with --out <file>.",
    );
  }
  if (existsSync(out)) throw new Problem(`${out} exists already; name another file with --out.`);
  const salt = hexlify(randomBytes(32));
  const box = boxOf(context, election);
  const sealedBallot = await box.sealOf(electionId, number, ballot, salt);
  const { provider } = context.ethers;
  const call = await box.castBallot.populateTransaction(electionId, sealedBallot);
  await inPlainWords(context, () => provider.call({ ...call, from: voter.address }));
  // Before it is sent: a ballot whose salt is lost can be opened by nobody.
  writeSalt(out, {
    election: Number(electionId),
    chainId: Number((await provider.getNetwork()).chainId),
    contract: getAddress(await box.getAddress()),
    number,
    ballot: `${ballot}`,
    salt,
  });
  const receipt = await cast(context, election, sealedBallot, voter);
  const [opens, closes] = [election.ends[3] ?? 0, election.ends[4] ?? 0];
  return {
    lines: [
      `Member ${number} cast a sealed ballot in election ${electionId}. ${until}`,
      `What opens it is in ${out}: keep it, show it to nobody, and open the ballot between ${date(opens)} and ${date(closes)}, ` +
        `with "election open --ballot ${out}". A ballot that stays sealed does not count.`,
    ],
    facts: { election: Number(electionId), number, file: out, ...receipt },
  };
}

async function cast(context: Context, election: Election, ballot: bigint, voter: Person) {
  const call = await boxOf(context, election).castBallot.populateTransaction(election.id, ballot);
  return transactionFacts(await send(context, voter, call));
}

/** Opens a sealed ballot; anybody who has what opens it may. */
export async function open(context: Context, path: string, payer: Person): Promise<Outcome> {
  const file = readSalt(path);
  const electionId = BigInt(file.election);
  const election = await electionAt(context, electionId);
  const box = boxOf(context, election);
  const { chainId } = await context.ethers.provider.getNetwork();
  requireMeantFor(path, file, chainId, await box.getAddress());
  const { number, ballot, salt } = file;
  const call = await box.open.populateTransaction(electionId, number, ballot, salt);
  try {
    const receipt = await send(context, payer, call);
    return {
      lines: [`The ballot of member ${number} in election ${electionId} is open, and counts.`],
      facts: { election: Number(electionId), number, ballot, ...transactionFacts(receipt) },
    };
  } catch (error) {
    throw withoutSalt(error, salt);
  }
}

/** What a node or a library throws may quote the call that failed. */
function withoutSalt(error: unknown, salt: string): unknown {
  if (!(error instanceof Error)) return error;
  const digits = salt.slice(2);
  if (!error.message.includes(digits)) return error;
  return new Problem(error.message.replaceAll(digits, "…"));
}

/** Nobody but its owner reads it. */
function writeSalt(path: string, file: SaltFile): void {
  writeFileSync(path, `${JSON.stringify(file, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
}

function readSalt(path: string): SaltFile {
  if (path === "") throw new Problem("Say which ballot to open: --ballot <file that `election vote` wrote>");
  const file = readObject(path, "ballot");
  const { ballot } = file;
  return {
    election: readNumber(path, "election", file.election),
    chainId: readNumber(path, "chainId", file.chainId),
    contract: readAddress(path, "contract", file.contract),
    number: readNumber(path, "number", file.number),
    ballot:
      typeof ballot === "string" && /^\d{1,78}$/.test(ballot)
        ? ballot
        : fail(path, "ballot", ballot, "a whole number, as text"),
    salt: readHex(path, "salt", file.salt, 32),
  };
}
