import { setTimeout as sleep } from "node:timers/promises";
import { type TransactionReceipt, toQuantity } from "ethers";
import { sentBy, settle } from "../journal.js";
import { readDecision, STATES, type State } from "../member/ballot.js";
import type { Context, Outcome, Person } from "../member/coalition.js";
import { decode } from "../member/revert.js";
import { counted, date } from "../member/words.js";
import { isTransient, type Node, type Patience } from "../network.js";
import { Problem } from "../problem.js";
import { type Checked, checkBallots, type Good, inTurns } from "./check.js";
import { type Collected, collect, type Passed } from "./collect.js";
import { arrange, nextBatch, type Packed } from "./pack.js";
import { type Ending, RelayJournal, type Sending } from "./relay-journal.js";
import { describeRelay } from "./relay-words.js";

/** Gas of a batch unless told otherwise: below what a single transaction may use on public networks (EIP-7825). */
export const GAS_LIMIT = 15_000_000;

/** The least that is worth a try, and what no network takes. */
const GAS_RANGE = [500_000, 1_000_000_000] as const;

/** How often to ask a node that is away: together some four minutes. */
const PATIENCE: Patience = { attempts: 10, waitMs: 500, timeoutMs: 60_000 };

/** Longest wait for a block with a batch, in milliseconds. */
const BLOCK_WAIT_MS = 600_000;

/** How often a batch is sent that the node did not take. */
const TRIES = 3;

/** `ICoalitionGovernor.Skip`, in its order. */
const SKIPS = [
  "it is not signed by the voter for just this ballot",
  "its deadline has passed",
  "it has not the voter's present nonce",
  "the voter may not vote on this decision",
  "there is a ballot of the member already",
  "the member voted in person",
  "its choice is none",
  "its signature is too short",
] as const;

/** Who brings ballots, how, and to whom they tell what happens. */
export interface Relaying {
  readonly decision: string;
  readonly folder: string;
  readonly gasLimit: number;
  readonly payer: Person;
  /** Goes to the coalition and learns what the chain says now. */
  readonly enter: () => Promise<Context>;
  readonly say: (line: string) => void;
  readonly patience?: Patience;
}

/** What is settled of one ballot. */
export interface Settled {
  readonly file: string;
  readonly voter: string;
  readonly number: number;
  readonly choice: string;
  readonly transaction: string;
}

/** Brings the ballots of a folder to the governor, and goes on where an earlier run was interrupted. */
export async function relay(relaying: Relaying): Promise<Outcome> {
  const { gasLimit, folder } = relaying;
  const [least, most] = GAS_RANGE;
  if (gasLimit < least || gasLimit > most) {
    throw new Problem(`--gas-limit is ${gasLimit}, allowed: ${least} to ${most}`);
  }
  collect(folder);
  const context = await patiently(relaying, relaying.enter);
  const decision = readDecision(relaying.decision);
  const opens = await patiently(relaying, () => context.coalition.governor.proposalSnapshot(decision));
  if (opens === 0n) throw new Problem(`No decision has the id ${relaying.decision}.`);
  const { chainId } = await patiently(relaying, () => context.ethers.provider.getNetwork());
  const journal = RelayJournal.open(folder, {
    chainId: Number(chainId),
    governor: await patiently(relaying, () => context.coalition.governor.getAddress()),
    decision: `${decision}`,
  });
  const unlock = journal.lock();
  try {
    return await new Relay(relaying, decision, journal).run();
  } finally {
    unlock();
  }
}

/** Asks until the node answers, and says that it does not. */
async function patiently<T>({ say, patience = PATIENCE }: Relaying, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (attempt >= patience.attempts) {
        throw new Problem(
          `The node does not answer, asked ${patience.attempts} times. Nothing is lost: what was sent is in the journal. Give the command again when the node is back.`,
        );
      }
      const wait = Math.min(patience.waitMs * 2 ** (attempt - 1), 60_000);
      say(
        `The node does not answer; asked again in ${Math.ceil(wait / 1000)} s (${attempt} of ${patience.attempts}).`,
      );
      await sleep(wait);
    }
  }
}

class Relay {
  readonly #relaying: Relaying;
  readonly #decision: bigint;
  readonly #journal: RelayJournal;
  /** What the governor, or a trial, passed over in this run, by the ballot's id: not tried again before the next run. */
  readonly #refused = new Map<string, string>();

  constructor(relaying: Relaying, decision: bigint, journal: RelayJournal) {
    this.#relaying = relaying;
    this.#decision = decision;
    this.#journal = journal;
  }

  async run(): Promise<Outcome> {
    const { folder, say } = this.#relaying;
    for (const [place, batch] of this.#journal.batches.entries()) {
      if (batch.ending !== undefined) continue;
      say(`Batch ${place + 1} of an earlier run was about to be sent; looking for it on chain.`);
      await this.#finish(place, true);
    }
    let reverted = 0;
    for (;;) {
      const context = await this.#ask(this.#relaying.enter);
      const state = await this.#ask(() => this.#stateOf(context));
      const { ballots, unreadable } = collect(folder);
      const settled = await this.#ask(() => this.#settled(context));
      const open = ballots.filter(({ id }) => !settled.has(id) && !this.#refused.has(id));
      const copies = this.#copies(ballots, settled);
      const checked = await this.#ask(() => this.#check(context, state, open));
      const refused = this.#refusals(ballots);
      if (state !== "active" || checked.good.length === 0) {
        const passed = [...unreadable, ...copies, ...refused, ...checked.passed];
        return describeRelay({
          decision: `${this.#decision}`,
          settled: [...settled.values()],
          passed: [...passed, ...(state === "pending" || state === "active" ? [] : checked.waiting)],
          waiting: state === "pending" || state === "active" ? checked.waiting : [],
          batches: this.#journal.batches,
        });
      }
      const flaws = unreadable.length + copies.length + refused.length + checked.passed.length;
      say(
        `${counted(checked.good.length, "ballot")} to bring; ${flaws} set aside; ${settled.size} counted before.`,
      );
      if (await this.#bring(context, checked)) continue;
      if (++reverted >= TRIES) {
        throw new Problem(
          "The governor undid batch after batch as a whole; see the transactions in the journal.",
        );
      }
    }
  }

  #ask<T>(ask: () => Promise<T>): Promise<T> {
    return patiently(this.#relaying, ask);
  }

  async #stateOf({ coalition }: Context): Promise<State> {
    return STATES[Number(await coalition.governor.state(this.#decision))] ?? "pending";
  }

  /** Ballots that batches of the journal had counted, and that the chain has still. */
  async #settled({ coalition }: Context): Promise<Map<string, Settled>> {
    const carried = this.#journal.batches.flatMap(({ ballots, ending }) =>
      ending?.how === "mined"
        ? ballots.filter(({ id }) => ending.counted.includes(id)).map((one) => ({ one, hash: ending.hash }))
        : [],
    );
    const receipts = await inTurns(carried, ({ one }) =>
      coalition.governor.receiptOf(this.#decision, one.number),
    );
    return new Map(
      carried
        .filter((_, index) => receipts[index] !== 0n)
        .map(({ one: { id, file, voter, number, choice }, hash }) => [
          id,
          { file, voter, number, choice, transaction: hash },
        ]),
    );
  }

  /** Files with a ballot that was counted under another file's name. */
  #copies(ballots: readonly Collected[], settled: ReadonlyMap<string, Settled>): Passed[] {
    const names = new Set(ballots.map(({ file }) => file));
    const seen = new Set<string>();
    return ballots.flatMap(({ id, file, ballot: { voter } }) => {
      const known = settled.get(id);
      if (known === undefined || known.file === file) return [];
      const first = names.has(known.file) || seen.has(id);
      seen.add(id);
      return first
        ? [{ file, voter, reason: "duplicate" as const, sentence: `is the same ballot as ${known.file}` }]
        : [];
    });
  }

  #refusals(ballots: readonly Collected[]): Passed[] {
    return ballots.flatMap(({ id, file, ballot: { voter } }) => {
      const sentence = this.#refused.get(id);
      return sentence === undefined ? [] : [{ file, voter, reason: "passed over" as const, sentence }];
    });
  }

  async #check(context: Context, state: State, open: readonly Collected[]): Promise<Checked> {
    const checked = await checkBallots(context, this.#decision, open);
    if (state === "active") return checked;
    const { governor } = context.coalition;
    const [opens, closes] = [
      await governor.proposalSnapshot(this.#decision),
      await governor.proposalDeadline(this.#decision),
    ];
    const early = state === "pending";
    const sentence = early
      ? `is good as it looks now; the vote opens on ${date(opens)}`
      : `came too late or in vain: the decision is ${state}, and its vote closed on ${date(closes)}`;
    const late = checked.good.map(({ file, number, ballot: { voter } }) => ({
      file,
      voter,
      number,
      reason: early ? ("not open yet" as const) : ("closed" as const),
      sentence,
    }));
    return { good: [], passed: checked.passed, waiting: [...checked.waiting, ...late] };
  }

  /** Brings one batch; answers whether that got anywhere. */
  async #bring(context: Context, { good }: Checked): Promise<boolean> {
    const { payer, say } = this.#relaying;
    const packed = await this.#ask(() => this.#pack(context, good));
    if (packed === undefined) return false;
    const { batch, doubtful } = packed;
    for (const { id } of doubtful) this.#refused.set(id, "the governor would pass it over, as a trial shows");
    if (batch === undefined) return true;
    const nonce = await this.#ask(() => sentBy(payer.address, "pending", nodeOf(context)));
    const place = this.#journal.add({
      sender: payer.address,
      nonce,
      data: batch.data,
      gasLimit: Number(batch.gasLimit),
      ballots: batch.ballots.map(({ id, file, ballot: { voter, choice }, number, group, index }) => ({
        id,
        file,
        voter,
        number,
        choice,
        group,
        index,
      })),
    });
    const left = good.length - batch.ballots.length;
    say(`Batch ${place + 1}: ${counted(batch.ballots.length, "ballot")}, ${left} left for later ones.`);
    await this.#send(place);
    const ending = await this.#finish(place, false);
    return ending.how === "mined" && ending.counted.length + Object.keys(ending.skipped).length > 0;
  }

  /** The next batch; undefined where the vote closed meanwhile. */
  async #pack(context: Context, good: readonly Good[]): Promise<Packed | undefined> {
    const { payer, gasLimit } = this.#relaying;
    try {
      return await nextBatch(context, this.#decision, arrange(good), payer, gasLimit);
    } catch (error) {
      if (decode(error, context.coalition)?.name !== "GovernorUnexpectedProposalState") throw error;
      return undefined;
    }
  }

  /** Hands a batch to the node; whether that took it, {@link #finish} finds out. */
  async #send(place: number): Promise<void> {
    const { enter, say } = this.#relaying;
    const batch = this.#at(place);
    const context = await this.#ask(enter);
    try {
      // The signer of ethers would look for the transaction behind our back, and end the process if the node is gone then.
      const request = {
        from: batch.sender,
        to: context.contracts.governor,
        data: batch.data,
        nonce: toQuantity(batch.nonce),
        gas: toQuantity(batch.gasLimit),
      };
      const hash: string = await context.ethers.provider.send("eth_sendTransaction", [request]);
      this.#journal.note(place, { hash });
    } catch (error) {
      if (isTransient(error)) {
        say("The node was lost while the batch was on its way to it; whether it took it is found out.");
        return;
      }
      // The node said no: if no transaction came of it, none will.
      const hash = await this.#ask(() => settle(batch.sender, batch.nonce, nodeOf(context)));
      if (hash !== undefined) return;
      this.#journal.note(place, { ending: { how: "abandoned" } });
      const refusal = decode(error, context.coalition);
      if (refusal === undefined) throw error;
      // The chain moved since the trial; the next round looks again.
      say(`The governor refuses the batch now (${refusal.name}); looking again.`);
    }
  }

  /**
   * Sees a batch through that was, or may have been, sent: by its hash where that is known, and by the number of its
   * transaction otherwise. Of all transactions with one number at most one comes to be, so that sending the same batch
   * anew, where none was found, cannot bring it twice.
   * @param again Whether it may be of an earlier run.
   */
  async #finish(place: number, again: boolean): Promise<Ending> {
    const { payer, say } = this.#relaying;
    const known = this.#at(place).ending;
    if (known !== undefined) return known;
    for (let attempt = 1; ; attempt++) {
      const batch = this.#at(place);
      const context = await this.#ask(this.#relaying.enter);
      const node = nodeOf(context);
      const hash = await this.#ask(() => this.#hashOf(context, batch));
      if (hash !== undefined) {
        const transaction = await this.#ask(() => context.ethers.provider.getTransaction(hash));
        if (transaction !== null && transaction.data !== batch.data) {
          say(
            `Batch ${place + 1} was never sent: its transaction's number went to ${hash}, which is another one.`,
          );
          return this.#end(place, { how: "abandoned" });
        }
        if (batch.hash !== hash) this.#journal.note(place, { hash });
        const receipt = await this.#await(context, hash);
        if (receipt !== undefined) return this.#end(place, endingOf(context, this.#decision, batch, receipt));
        continue;
      }
      if (batch.sender !== payer.address) {
        throw new Problem(
          `Batch ${place + 1} was prepared by ${batch.sender}, and no transaction of it is found. Only that account can make sure that it is not sent twice: choose it with --account.`,
        );
      }
      const next = await this.#ask(() => sentBy(batch.sender, "pending", node));
      const useless =
        next !== batch.nonce || attempt > TRIES || !(await this.#ask(() => this.#counts(context, batch)));
      if (useless) {
        say(`Batch ${place + 1} was not sent; its ballots are looked at anew.`);
        return this.#end(place, { how: "abandoned" });
      }
      if (again || attempt > 1) say(`Batch ${place + 1} is on no chain and in no queue; sending it.`);
      await this.#send(place);
      const ending = this.#at(place).ending;
      if (ending !== undefined) return ending;
    }
  }

  #at(place: number): Sending {
    const batch = this.#journal.batches[place];
    if (batch === undefined) throw new Error(`the journal holds no batch ${place}`);
    return batch;
  }

  /** The transaction that a batch became; undefined if none with its number was sent. */
  async #hashOf({ ethers, ...rest }: Context, { hash, sender, nonce }: Sending): Promise<string | undefined> {
    if (hash !== undefined && (await ethers.provider.getTransactionReceipt(hash)) !== null) return hash;
    return settle(sender, nonce, nodeOf({ ethers, ...rest }));
  }

  /** Whether the whole batch would be counted as the chain is now. */
  async #counts({ coalition, ethers, contracts }: Context, batch: Sending): Promise<boolean> {
    const call = { to: contracts.governor, data: batch.data, from: batch.sender, gasLimit: batch.gasLimit };
    try {
      const answer = await ethers.provider.call(call);
      const [count] = coalition.governor.interface.decodeFunctionResult("castBallots", answer);
      return Number(count) === batch.ballots.length;
    } catch (error) {
      if (decode(error, coalition) !== undefined) return false;
      throw error;
    }
  }

  /** The receipt of a transaction that was sent; undefined if another one took its number. */
  async #await({ ethers }: Context, hash: string): Promise<TransactionReceipt | undefined> {
    const end = Date.now() + BLOCK_WAIT_MS;
    for (let pause = 20; Date.now() < end; pause = Math.min(pause * 2, 2_000)) {
      const receipt = await this.#ask(() => ethers.provider.getTransactionReceipt(hash));
      if (receipt !== null) return receipt;
      if ((await this.#ask(() => ethers.provider.getTransaction(hash))) === null) return undefined;
      await sleep(pause);
    }
    throw new Problem(
      `Transaction ${hash} is in no block after ${BLOCK_WAIT_MS / 60_000} minutes. It is in the journal; give the command again when a block has it.`,
    );
  }

  #end(place: number, ending: Ending): Ending {
    const { say } = this.#relaying;
    const { ballots } = this.#journal.note(place, { ending });
    if (ending.how === "mined") {
      for (const [id, reason] of Object.entries(ending.skipped)) {
        this.#refused.set(id, `the governor passed it over in transaction ${ending.hash}: ${reason}`);
      }
      say(
        `Batch ${place + 1} is in block ${ending.block}: ${ending.counted.length} of ${ballots.length} counted, ${ending.gas} gas, transaction ${ending.hash}.`,
      );
    } else if (ending.how === "reverted") {
      say(
        `Batch ${place + 1} was undone as a whole in transaction ${ending.hash}; its ballots are looked at anew.`,
      );
    }
    return ending;
  }
}

/** The node behind a context, for questions that ethers has no words for. */
const nodeOf = ({ ethers }: Context): Node => ({
  request: ({ method, params }) => ethers.provider.send(method, [...((params ?? []) as unknown[])]),
});

/** What the chain says became of a batch. */
function endingOf(
  { coalition, contracts }: Context,
  decision: bigint,
  { ballots }: Sending,
  { hash, blockNumber, gasUsed, status, logs }: TransactionReceipt,
): Ending {
  const where = { hash, block: blockNumber, gas: Number(gasUsed) };
  if (status !== 1) return { how: "reverted", ...where };
  const skipped: Record<string, string> = {};
  for (const log of logs) {
    if (log.address.toLowerCase() !== contracts.governor.toLowerCase()) continue;
    const event = coalition.governor.interface.parseLog(log);
    if (event?.name !== "BallotSkipped" || event.args.proposalId !== decision) continue;
    const [group, index] = [Number(event.args.group), Number(event.args.index)];
    const one = ballots.find((ballot) => ballot.group === group && ballot.index === index);
    if (one !== undefined) skipped[one.id] = SKIPS[Number(event.args.reason)] ?? "for a reason unknown here";
  }
  const done = ballots.map(({ id }) => id).filter((id) => skipped[id] === undefined);
  return { how: "mined", ...where, counted: done, skipped };
}
