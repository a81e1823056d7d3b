import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { network } from "hardhat";
import type { Ballot, Choice } from "../../scripts/lib/ballots/ballot-file.js";
import { type Paper, paperOf } from "../../scripts/lib/ballots/paper.js";
import type { Relaying } from "../../scripts/lib/ballots/relay.js";
import { signBallot, type Wish } from "../../scripts/lib/ballots/sign.js";
import { enter, type Outcome } from "../../scripts/lib/member/coalition.js";
import type { Node } from "../../scripts/lib/network.js";
import { inFolder } from "./folder.js";
import { type Connection, type Decision, foundWithDecision, type Person } from "./governor.js";
import { addressesOf } from "./member.js";
import { serve } from "./served.js";

/** What {@link signBallot} takes where nothing is asked for. */
export const WISH: Wish = {
  support: "for",
  change: false,
  nonce: "",
  voter: "",
  deadline: "",
  out: "",
};

/** An open decision of a coalition with mature members, its ballot paper, and who signs and brings ballots. */
export async function openVote(connection: Connection, count = 24) {
  const coalition = await foundWithDecision(connection, { count });
  const [proposer] = coalition.members as [Person];
  await coalition.decision.start(proposer);
  return voteOf(connection, coalition, coalition.decision);
}

/** The same for a decision that is there already. */
export async function voteOf<C extends Awaited<ReturnType<typeof foundWithDecision>>>(
  connection: Connection,
  coalition: C,
  decision: Decision,
) {
  const contracts = await addressesOf(coalition);
  const context = () => enter(connection.ethers, contracts);
  const paper = await paperOf(await context(), `${decision.id}`);
  return { ...coalition, connection, decision, contracts, context, paper };
}

export type Vote = Awaited<ReturnType<typeof openVote>>;

/** A member's ballot, as `ballot sign` writes it. */
export async function ballotOf(
  paper: Paper,
  signer: Person,
  support: Choice,
  wish: Partial<Wish> = {},
): Promise<Ballot> {
  return inFolder({}, async (folder) => {
    const all = { ...WISH, support, ...wish, out: join(folder, "ballot.json") };
    // Before the vote opens in any case: what the clock of this machine says, the chain's need not.
    return (await signBallot(paper, all, signer, paper.opensAt.seconds - 60)).facts.ballot as Ballot;
  });
}

/** Lays files with ballots, or whatever else, into a folder. */
export function lay(folder: string, files: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(folder, name), text);
  }
}

/** The ballots of many members, a file each, named after their order. */
export async function ballotsOf(paper: Paper, members: readonly Person[], support: Choice, from = 0) {
  const files: Record<string, Ballot> = {};
  for (const [index, member] of members.entries()) {
    const name = `ballot-${String(from + index).padStart(4, "0")}.json`;
    files[name] = await ballotOf(paper, member, support);
  }
  return files;
}

/** What `ballot relay` takes, for a relayer on a node of their own making, reached as nodes are. */
export async function relayingOn(
  vote: Vote,
  folder: string,
  payer: string,
  node: Node,
): Promise<{ relaying: Relaying; said: string[]; close: () => Promise<void> }> {
  const said: string[] = [];
  const served = await serve(node);
  const line = await network.create({ network: "localhost", override: { url: served.url } });
  const relaying: Relaying = {
    decision: `${vote.decision.id}`,
    folder,
    gasLimit: 15_000_000,
    payer: await line.ethers.getSigner(payer),
    enter: () => enter(line.ethers, vote.contracts),
    say: (text) => said.push(text),
    patience: { attempts: 3, waitMs: 10, timeoutMs: 5_000 },
  };
  const close = async () => {
    await line.close();
    await served.stop();
  };
  return { relaying, said, close };
}

/** What `ballot relay` tells a machine. */
export interface Told {
  readonly counted: readonly { readonly file: string; readonly number: number }[];
  readonly skipped: readonly { readonly file: string; readonly reason: string; readonly sentence: string }[];
  readonly waiting: readonly { readonly file: string; readonly reason: string }[];
  readonly transactions: readonly {
    readonly gas: number;
    readonly ballots: number;
    readonly counted: number;
  }[];
}
export const toldBy = ({ facts }: Outcome) => facts as unknown as Told;
