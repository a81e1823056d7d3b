import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { getAddress, Signature } from "ethers";
import type { Outcome, Person } from "../member/coalition.js";
import { readObject, writeNew } from "../member/json-file.js";
import { readWhole } from "../member/lookup.js";
import { date, readMoment } from "../member/words.js";
import { Problem } from "../problem.js";
import {
  BALLOT,
  type Ballot,
  ballotIn,
  CHOICES,
  type Choice,
  FIRST_BALLOT,
  NAMED_BALLOT,
  shownChoice,
  supportOf,
} from "./ballot-file.js";
import { describePaper, type Paper } from "./paper.js";

/** How a ballot is to be signed; empty texts stand for what was not given. */
export interface Wish {
  readonly support: string;
  /** It replaces a ballot that was cast by signature. */
  readonly change: boolean;
  /** The voter's present nonce at the governor; needed with `change`, and for a wallet. */
  readonly nonce: string;
  /** A wallet that is a contract, for which its owner signs. */
  readonly voter: string;
  readonly deadline: string;
  readonly out: string;
}

type Signer = Pick<Person, "address" | "signTypedData">;

/** Reads a choice that a person gave. */
export function readChoice(text: string): Choice {
  const choice = CHOICES.find((one) => one === text.toLowerCase());
  if (choice === undefined) throw new Problem(`--support is "${text}", allowed: for, against, abstain`);
  return choice;
}

/**
 * Signs a ballot to a file; no node is asked.
 * @param now Seconds since 1970, by this machine's clock.
 */
export async function signBallot(paper: Paper, wish: Wish, signer: Signer, now: number): Promise<Outcome> {
  const { out } = wish;
  if (out === "") throw new Problem("Say where to write the ballot: --out <file>");
  const choice = readChoice(wish.support);
  const deadline = deadlineOf(paper, wish, now);
  const voter = wish.voter === "" ? signer.address : readVoter(wish.voter);
  const named = wish.change || wish.voter !== "";
  if (named && wish.nonce === "") {
    throw new Problem(
      'Say the next number of your signed ballots with --nonce; whoever has a node finds it with "ballot status --voter".',
    );
  }
  if (!named && wish.nonce !== "") {
    throw new Problem("--nonce is for a ballot that replaces another one; give --change with it.");
  }
  if (!named) requireFirst(paper, voter, out);
  const nonce = named ? readWhole("--nonce", wish.nonce, 0, 2 ** 31) : undefined;
  const common = { proposalId: paper.decision, support: supportOf(choice), deadline };
  const signature =
    nonce === undefined
      ? Signature.from(await signer.signTypedData(paper.domain, FIRST_BALLOT, common)).compactSerialized
      : await signer.signTypedData(paper.domain, NAMED_BALLOT, { ...common, voter, nonce });
  const ballot: Ballot = {
    kind: BALLOT,
    decision: paper.decision,
    governor: paper.governor,
    chainId: paper.chainId,
    voter,
    choice,
    deadline,
    ...(nonce !== undefined && { nonce }),
    signature,
  };
  writeNew(out, ballot);
  return { lines: describe(paper, ballot, wish), facts: { sent: false, file: out, ballot } };
}

function describe(paper: Paper, { voter, choice, deadline, nonce }: Ballot, { change, out }: Wish): string[] {
  const effect = change
    ? `It replaces the ballot that you signed before, and counts only as number ${nonce} of what you signed.`
    : "It counts once, and only if you have no ballot on this decision yet; a vote in person always stands before it.";
  return [
    `You signed, as ${voter}, a ballot ${shownChoice(choice).toUpperCase()} on`,
    ...describePaper(paper).map((line) => `  ${line}`),
    `Valid until ${date(deadline)}, for this decision, governor and chain alone. ${effect}`,
    `Written to ${out}. Nothing was sent: give the file to anybody who brings ballots ("ballot relay"), or to several.`,
  ];
}

/** Until the last second at which the vote may be open, unless told otherwise. */
function deadlineOf({ opensAt, closesAtTheLatest }: Paper, { deadline }: Wish, now: number): number {
  const last = closesAtTheLatest.seconds;
  if (now > last) throw new Problem(`The vote closed on ${date(last)}; a ballot would not count any more.`);
  if (deadline === "") return last;
  const chosen = readMoment("--deadline", deadline, now);
  const from = Math.max(now, opensAt.seconds);
  if (chosen > from) return chosen;
  throw new Problem(
    `--deadline is ${date(chosen)}, allowed: a moment after ${date(from)}, for a ballot must be brought while the vote is open`,
  );
}

/** Two first ballots of one member would let whoever brings them choose which one counts. */
function requireFirst(paper: Paper, voter: string, out: string): void {
  const folder = dirname(out);
  for (const name of readdirSync(folder)) {
    const earlier = name.endsWith(".json") ? ballotAt(join(folder, name)) : undefined;
    if (
      earlier !== undefined &&
      earlier.nonce === undefined &&
      earlier.voter === voter &&
      earlier.decision === paper.decision &&
      earlier.chainId === paper.chainId &&
      earlier.governor === paper.governor
    ) {
      throw new Problem(
        `${join(folder, name)} holds a first ballot of ${voter} on this decision already (${shownChoice(earlier.choice)}). ` +
          "Of two, whoever brings them could choose one; to change your mind, give --change.",
      );
    }
  }
}

function ballotAt(path: string): Ballot | undefined {
  try {
    const file = readObject(path, "ballot");
    return file.kind === BALLOT ? ballotIn(path, file) : undefined;
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function readVoter(text: string): string {
  try {
    return getAddress(text);
  } catch {
    throw new Problem(`--voter is "${text}", allowed: an address, 0x and 40 hexadecimal digits`);
  }
}
