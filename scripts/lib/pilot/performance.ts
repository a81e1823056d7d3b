import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Problem } from "../problem.js";
import { type Attempted, NOT_REFUSED, settingOf, tryOut } from "./attempts.js";
import type { Clock } from "./clock.js";
import { type Coalition, readEffect } from "./coalition.js";
import type { Keyring } from "./keys.js";
import { callOf, type Proposal } from "./proposals.js";
import { decode, explain } from "./refusals.js";
import { ballotRequest, endorseRequest, joinRequest, rotateRequest } from "./requests.js";
import { type Operation, type Sent, Transactions, withRoom } from "./transactions.js";
import { type Attempt, type Moment, SIDES, type Side, type Step, type Story } from "./types.js";
import { date } from "./words.js";

/** What is needed to perform a story. */
export interface Stage {
  readonly ethers: HardhatEthers;
  readonly clock: Clock;
  readonly coalition: Coalition;
  readonly story: Story;
  readonly keys: Keyring;
  /** Pays for requests, queues and carries out. */
  readonly relayer: HardhatEthersSigner;
  readonly say: (line: string) => void;
}

/** Performs a story on chain, step by step, and keeps what the report needs to find it again. */
export class Performance {
  readonly attempted: Attempted[] = [];
  /** Numbers of the members who moved to a second key. */
  readonly rotated: number[] = [];
  readonly changed: { readonly decision: string; readonly number: number; readonly to: Side }[] = [];
  readonly transactions: Transactions;

  readonly #proposals = new Map<string, Proposal>();

  /** Boundary before the first week; "week n" counts from it. */
  #founding = 0;

  constructor(private readonly stage: Stage) {
    this.transactions = new Transactions(stage.ethers);
  }

  async run(): Promise<void> {
    const { story, clock, say, coalition } = this.stage;
    const epoch = Number((await coalition.membership.maturity()).epochLength);
    this.#founding = (Math.floor((await clock.now()) / epoch) + 1) * epoch;
    const count = story.steps.length;
    for (const [index, step] of story.steps.entries()) {
      if (step.at !== undefined) await clock.reach(await this.#when(step.at, epoch));
      const line = await this.#explained(step, index);
      say(
        `${String(index + 1).padStart(String(count).length)}/${count}  ${date(await clock.now())}  ${line}`,
      );
    }
  }

  proposal(decision: string): Proposal {
    const proposal = this.#proposals.get(decision);
    if (proposal === undefined) throw new Error(`${decision} was not proposed`);
    return proposal;
  }

  async #when(at: Moment, epoch: number): Promise<number> {
    const { membership, governor } = this.stage.coalition;
    // Just after the moment: a boundary counts from its second on, and a vote opens and closes after one.
    switch (at.kind) {
      case "week":
        return this.#founding + (at.count - 1) * epoch + 1;
      case "votes":
        return Number((await membership.member(1)).votesFrom) + (at.count - 1) * epoch + 1;
      case "opening":
        return Number(await governor.proposalSnapshot(this.proposal(at.decision).id)) + 1;
      case "close":
        return Number(await governor.proposalDeadline(this.proposal(at.decision).id)) + 1;
      case "due":
        return Number(await governor.proposalEta(this.proposal(at.decision).id));
    }
  }

  /** Performs a step; where a contract refuses it, says which step it is and why. */
  async #explained(step: Step, index: number): Promise<string> {
    try {
      return await this.#perform(step);
    } catch (error) {
      if (error instanceof Problem) throw error;
      const { story, coalition } = this.stage;
      const proposal = "decision" in step ? this.#proposals.get(step.decision) : undefined;
      const { code, sentence } = explain(decode(error, coalition), await settingOf(this.stage, proposal));
      throw new Problem(`${story.file}: steps[${index}] (${step.kind}) was refused: ${sentence} (${code})`);
    }
  }

  #perform(step: Step): Promise<string> {
    switch (step.kind) {
      case "join":
        return this.#join(step.week);
      case "propose":
        return this.#propose(step.decision, step.by);
      case "endorse":
        return this.#endorse(step.decision, step.by);
      case "vote":
        return this.#vote(step.decision);
      case "change":
        return this.#change(step.decision, step.by, step.to);
      case "rotate":
        return this.#rotate(step.by);
      case "queue":
        return this.#queue(step.decision);
      case "execute":
        return this.#execute(step.decision);
      case "close":
        return this.#close(step.decision);
      case "attempt":
        return this.#attempt(step);
    }
  }

  async #join(week: number): Promise<string> {
    const { story, keys, coalition, relayer, clock } = this.stage;
    const { membership, requests } = coalition;
    const { digest } = await membership.codeOfConduct();
    const members = story.roll.filter((entry) => entry.week === week);
    // One after the other: numbers follow from the order of joining, and the roll says which they are.
    for (const { number, group, joins } of members) {
      const wallet = keys.member(number);
      const index = story.groups.indexOf(group);
      if (joins === "directly") {
        const { join } = membership.connect(wallet);
        const room = withRoom(await join.estimateGas(index, digest, "0x"));
        await this.transactions.send("join", join(index, digest, "0x", room));
      } else {
        const request = await joinRequest(requests, wallet, index, digest, await clock.now());
        const { joinBySig } = requests.connect(relayer);
        const room = withRoom(await joinBySig.estimateGas(...request));
        await this.transactions.send("joinBySig", joinBySig(...request, room));
      }
    }
    const paid = members.filter(({ joins }) => joins === "request").length;
    return `${members.length} joined, ${paid} of them by a request that somebody else paid for; ${await membership.totalSupply()} on the roll`;
  }

  async #propose(decision: string, by: number): Promise<string> {
    const { story, keys, coalition } = this.stage;
    const { governor } = coalition;
    const { text, title } = story.decisions[decision];
    const call = await callOf(coalition, story.decisions[decision]);
    const [targets, values, calldatas, descriptionHash] = call;
    const proposer = governor.connect(keys.member(by));
    await this.transactions.send("propose", proposer.propose(targets, values, calldatas, text));
    const id = await governor.hashProposal(targets, values, calldatas, descriptionHash);
    this.#proposals.set(decision, { id, by, call, before: new Map() });
    return `member ${by} proposed "${title}"; the vote opens on ${date(await governor.proposalSnapshot(id))}`;
  }

  /** Endorsed by members' own transactions, or by request; where the rules ask for none, it stands on the agenda already. */
  async #endorse(decision: string, by: readonly number[]): Promise<string> {
    const { story, keys, coalition, relayer, clock } = this.stage;
    const { agenda } = coalition;
    const { id } = this.proposal(decision);
    if (await agenda.isAdmitted(id)) return `${decision} needs no endorsement`;
    for (const number of by) {
      const wallet = keys.member(number);
      if (story.roll[number - 1].joins === "directly") {
        const { endorse } = agenda.connect(wallet);
        const room = withRoom(await endorse.estimateGas(id));
        await this.transactions.send("endorse", endorse(id, room));
      } else {
        const request = await endorseRequest(agenda, wallet, id, await clock.now());
        const { endorseBySig } = agenda.connect(relayer);
        const room = withRoom(await endorseBySig.estimateGas(...request));
        await this.transactions.send("endorseBySig", endorseBySig(...request, room));
      }
    }
    const admitted = (await agenda.isAdmitted(id)) ? "it will open for the vote" : "it still needs more";
    return `members ${by.join(", ")} endorsed ${decision}; ${admitted}`;
  }

  async #vote(decision: string): Promise<string> {
    const { ballots } = this.stage.story.decisions[decision];
    const sent: Sent[] = [];
    for (const side of SIDES) {
      for (const number of ballots[side]) sent.push(await this.#ballot(decision, number, side, "castVote"));
    }
    for (const one of sent) await this.transactions.settle(one);
    const count = SIDES.map((side) => `${ballots[side].length} ${side}`).join(", ");
    return `${sent.length} ballots on ${decision}: ${count}`;
  }

  /** Sends a ballot: by the member's own transaction, or by request for a member who joined by one. */
  async #ballot(decision: string, number: number, side: Side, operation: Operation): Promise<Sent> {
    const { story, keys, coalition, relayer } = this.stage;
    const { governor } = coalition;
    const { id } = this.proposal(decision);
    const wallet = keys.member(number);
    const support = SIDES.indexOf(side);
    if (story.roll[number - 1].joins === "directly") {
      const { castVote } = governor.connect(wallet);
      const room = withRoom(await castVote.estimateGas(id, support));
      return { operation, hash: (await castVote(id, support, room)).hash };
    }
    const request = await ballotRequest(governor, wallet, id, support);
    const { castVoteBySig } = governor.connect(relayer);
    const room = withRoom(await castVoteBySig.estimateGas(...request));
    return { operation: "castVoteBySig", hash: (await castVoteBySig(...request, room)).hash };
  }

  async #change(decision: string, by: number, to: Side): Promise<string> {
    const before = await this.stage.coalition.governor.receiptOf(this.proposal(decision).id, by);
    await this.transactions.settle(await this.#ballot(decision, by, to, "castVote (change)"));
    this.changed.push({ decision, number: by, to });
    const former = before === 0n ? "none" : SIDES[Number(before) - 1];
    return `member ${by} changed the ballot on ${decision} from ${former} to ${to}; it counts once`;
  }

  async #rotate(number: number): Promise<string> {
    const { keys, coalition, clock } = this.stage;
    const { requests } = coalition;
    const request = await rotateRequest(requests, number, keys.newKeyOf(number), await clock.now());
    const oldKey = requests.connect(keys.oldKeyOf(number));
    await this.transactions.send("rotateKey", oldKey.rotateKey(...request));
    keys.rotate(number);
    this.rotated.push(number);
    return `member ${number} moved to a new key; number, group and maturity stay`;
  }

  async #queue(decision: string): Promise<string> {
    const { governor } = this.stage.coalition;
    const { id, call } = this.proposal(decision);
    await this.transactions.send("queue", governor.connect(this.stage.relayer).queue(...call));
    return `${decision} passed and waits in the timelock until ${date(await governor.proposalEta(id))}`;
  }

  async #execute(decision: string): Promise<string> {
    const { governor } = this.stage.coalition;
    await this.#lookBefore(decision);
    const { call } = this.proposal(decision);
    await this.transactions.send("execute", governor.connect(this.stage.relayer).execute(...call));
    return `${decision} was carried out by the timelock`;
  }

  async #close(decision: string): Promise<string> {
    const { governor } = this.stage.coalition;
    await this.#lookBefore(decision);
    const { id } = this.proposal(decision);
    const { forVotes, againstVotes, abstainVotes } = await governor.proposalVotes(id);
    const { quorumNeeded } = await governor.proposalFrame(id);
    return `${decision} closed: ${againstVotes} against, ${forVotes} for, ${abstainVotes} abstain; For and Abstain needed ${quorumNeeded}`;
  }

  /** Reads what a decision would change, before it can. */
  async #lookBefore(decision: string): Promise<void> {
    const { ethers, coalition, story } = this.stage;
    const block = await ethers.provider.getBlockNumber();
    for (const effect of story.expected.decisions[decision].effects) {
      const value = await readEffect(coalition, effect, block);
      this.proposal(decision).before.set(effect, { value, block });
    }
  }

  async #attempt(attempt: Attempt): Promise<string> {
    const proposal = attempt.on === undefined ? undefined : this.#proposals.get(attempt.on);
    const tried = await tryOut(this.stage, attempt, proposal);
    this.attempted.push(tried);
    const verdict = tried.code === NOT_REFUSED ? "NOT REFUSED" : "refused";
    return `${verdict} – ${tried.who}, ${tried.what}. ${tried.sentence}`;
  }
}
