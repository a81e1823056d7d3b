import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type Interface, id, type Wallet } from "ethers";
import { type Coalition, domainOf, readEffect, resolve } from "./coalition.js";
import type { Comparison } from "./expectations.js";
import type { Keyring } from "./keys.js";
import type { Network } from "./network.js";
import { decode, explain, notRefused, type Refusal, type Setting } from "./refusals.js";
import { type Operation, type Sent, Transactions } from "./transactions.js";
import {
  type Actor,
  type Attempt,
  type Effect,
  type Moment,
  SIDES,
  type Side,
  type Step,
  type Story,
} from "./types.js";
import { date } from "./words.js";

const JOIN = {
  Join: [
    { name: "account", type: "address" },
    { name: "group", type: "uint8" },
    { name: "codeDigest", type: "bytes32" },
    { name: "evidence", type: "bytes" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const ROTATE = {
  Rotate: [
    { name: "number", type: "uint256" },
    { name: "newKey", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/** For how long a signed request is good, in seconds. */
const REQUEST_LIFE = 86_400;

/** A decision on chain. */
export interface Proposal {
  readonly id: bigint;
  readonly by: number;
  readonly call: [targets: string[], values: bigint[], calldatas: string[], descriptionHash: string];
  /** What its effects read before it was carried out or closed. */
  readonly before: Map<Effect, { value: string; block: number }>;
}

/** An attempt that was refused, and how anyone can try it again. */
export interface RefusedAttempt extends Refusal {
  readonly attempt: Attempt;
  readonly who: string;
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly block: number;
}

/** What is needed to perform a story. */
export interface Stage {
  readonly ethers: HardhatEthers;
  readonly network: Network;
  readonly coalition: Coalition;
  readonly story: Story;
  readonly keys: Keyring;
  /** Pays for requests, queues and carries out. */
  readonly relayer: HardhatEthersSigner;
  readonly say: (line: string) => void;
}

/** Performs a story on chain, step by step, and keeps what the report needs to find it again. */
export class Performance {
  readonly proposals = new Map<string, Proposal>();
  readonly refused: RefusedAttempt[] = [];
  readonly rotated: number[] = [];
  readonly changed: { decision: string; number: number }[] = [];
  readonly transactions: Transactions;

  /** Boundary before the first week; "week n" counts from it. */
  #founding = 0;

  constructor(private readonly stage: Stage) {
    this.transactions = new Transactions(stage.ethers);
  }

  async run(): Promise<void> {
    const { story, network, say } = this.stage;
    const { epochLength } = await this.stage.coalition.membership.maturity();
    const epoch = Number(epochLength);
    this.#founding = (Math.floor((await network.clock.now()) / epoch) + 1) * epoch;
    const width = String(story.steps.length).length;
    for (const [index, step] of story.steps.entries()) {
      if (step.at !== undefined) await network.clock.reach(await this.#when(step.at, epoch));
      const line = await this.#perform(step);
      say(
        `${String(index + 1).padStart(width)}/${story.steps.length}  ${date(await network.clock.now())}  ${line}`,
      );
    }
  }

  async #when(at: Moment, epoch: number): Promise<number> {
    const { membership, governor } = this.stage.coalition;
    // Just after the moment, for a boundary counts from its second on, and a vote opens and closes after one.
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

  #perform(step: Step): Promise<string> {
    switch (step.kind) {
      case "join":
        return this.#join(step.week);
      case "propose":
        return this.#propose(step.decision, step.by);
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
    const { story, keys, coalition, relayer, network } = this.stage;
    const { membership } = coalition;
    const { digest } = await membership.codeOfConduct();
    const members = story.roll.filter((entry) => entry.week === week);
    // One after the other: numbers follow from the order of joining, and the roll says which they are.
    for (const { number, group, joins } of members) {
      const wallet = keys.member(number);
      const index = story.groups.indexOf(group);
      if (joins === "directly") {
        await this.transactions.send("join", membership.connect(wallet).join(index, digest, "0x"));
      } else {
        const request = {
          account: wallet.address,
          group: index,
          codeDigest: digest,
          evidence: "0x",
          nonce: await membership.nonces(wallet.address),
          deadline: (await network.clock.now()) + REQUEST_LIFE,
        };
        const signature = await wallet.signTypedData(await domainOf(membership), JOIN, request);
        const { account, codeDigest, evidence, deadline } = request;
        await this.transactions.send(
          "joinBySig",
          membership.connect(relayer).joinBySig(account, index, codeDigest, evidence, deadline, signature),
        );
      }
    }
    const paid = members.filter(({ joins }) => joins === "request").length;
    return `${members.length} joined, ${paid} of them by a request paid for by somebody else; ${await membership.totalSupply()} on the roll`;
  }

  async #propose(decision: string, by: number): Promise<string> {
    const { story, keys, coalition } = this.stage;
    const { governor } = coalition;
    const { text, title } = story.decisions[decision];
    const call = await this.#callOf(decision);
    const [targets, values, calldatas, descriptionHash] = call;
    await this.transactions.send(
      "propose",
      governor.connect(keys.member(by)).propose(targets, values, calldatas, text),
    );
    const proposal = await governor.hashProposal(targets, values, calldatas, descriptionHash);
    this.proposals.set(decision, { id: proposal, by, call, before: new Map() });
    const opens = date(await governor.proposalSnapshot(proposal));
    return `member ${by} proposed "${title}"; the vote opens on ${opens}`;
  }

  async #callOf(decision: string): Promise<Proposal["call"]> {
    const { story, coalition } = this.stage;
    const { actions, text } = story.decisions[decision];
    const targets: string[] = [];
    const calldatas: string[] = [];
    for (const { contract, function: name, arguments: given } of actions) {
      const values = await Promise.all(given.map((one) => resolve(coalition, contract, one)));
      const encoder: Interface = coalition[contract].interface;
      targets.push(await coalition[contract].getAddress());
      calldatas.push(encoder.encodeFunctionData(name, values));
    }
    return [targets, targets.map(() => 0n), calldatas, id(text)];
  }

  async #vote(decision: string): Promise<string> {
    const { story } = this.stage;
    const { ballots } = story.decisions[decision];
    const voters = SIDES.flatMap((side) => ballots[side].map((number) => ({ number, side })));
    const sent: Sent[] = [];
    for (const { number, side } of voters) sent.push(await this.#ballot(decision, number, side));
    for (const one of sent) await this.transactions.settle(one);
    const count = SIDES.map((side) => `${ballots[side].length} ${side}`).join(", ");
    return `${voters.length} ballots on ${decision}: ${count}`;
  }

  /** Sends a ballot: the member's own transaction, or the request of a member who joined by one. */
  async #ballot(decision: string, number: number, side: Side, change = false): Promise<Sent> {
    const { story, keys, coalition, relayer } = this.stage;
    const { governor } = coalition;
    const wallet = keys.member(number);
    const proposal = this.proposal(decision).id;
    const support = SIDES.indexOf(side);
    if (story.roll[number - 1].joins === "directly") {
      const operation: Operation = change ? "castVote (change)" : "castVote";
      const { hash } = await governor.connect(wallet).castVote(proposal, support);
      return { operation, hash };
    }
    const nonce = await governor.nonces(wallet.address);
    const ballot = { proposalId: proposal, support, voter: wallet.address, nonce };
    const signature = await wallet.signTypedData(await domainOf(governor), BALLOT, ballot);
    const { hash } = await governor
      .connect(relayer)
      .castVoteBySig(proposal, support, wallet.address, signature);
    return { operation: "castVoteBySig", hash };
  }

  async #change(decision: string, by: number, to: Side): Promise<string> {
    const { governor } = this.stage.coalition;
    const before = await governor.receiptOf(this.proposal(decision).id, by);
    await this.transactions.settle(await this.#ballot(decision, by, to, true));
    this.changed.push({ decision, number: by });
    return `member ${by} changed the ballot on ${decision} from ${SIDES[Number(before) - 1]} to ${to}; it counts once`;
  }

  async #rotate(number: number): Promise<string> {
    const { keys, coalition, network } = this.stage;
    const { membership } = coalition;
    const newKey = keys.newKeyOf(number);
    const request = {
      number,
      newKey: newKey.address,
      nonce: await membership.nonces(newKey.address),
      deadline: (await network.clock.now()) + REQUEST_LIFE,
    };
    const signature = await newKey.signTypedData(await domainOf(membership), ROTATE, request);
    await this.transactions.send(
      "rotateKey",
      membership.connect(keys.oldKeyOf(number)).rotateKey(newKey.address, request.deadline, signature),
    );
    keys.rotate(number);
    this.rotated.push(number);
    return `member ${number} moved to a new key; number, group and maturity stay`;
  }

  async #queue(decision: string): Promise<string> {
    const { governor } = this.stage.coalition;
    const { id: proposal, call } = this.proposal(decision);
    await this.transactions.send("queue", governor.connect(this.stage.relayer).queue(...call));
    return `${decision} passed and waits in the timelock until ${date(await governor.proposalEta(proposal))}`;
  }

  async #execute(decision: string): Promise<string> {
    const { governor } = this.stage.coalition;
    const { call } = this.proposal(decision);
    await this.#lookBefore(decision);
    await this.transactions.send("execute", governor.connect(this.stage.relayer).execute(...call));
    return `${decision} was carried out by the timelock`;
  }

  async #close(decision: string): Promise<string> {
    const { governor } = this.stage.coalition;
    await this.#lookBefore(decision);
    const { id: proposal } = this.proposal(decision);
    const { forVotes, againstVotes, abstainVotes } = await governor.proposalVotes(proposal);
    const quorum = await governor.proposalQuorum(proposal);
    return `${decision} closed: ${forVotes} for, ${againstVotes} against, ${abstainVotes} abstain, quorum ${quorum}`;
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
    const { ethers, coalition } = this.stage;
    const { wallet, who } = this.#actor(attempt.as);
    const { to, data } = await this.#request(attempt);
    const block = await ethers.provider.getBlockNumber();
    const what = `${who}: ${attempt.what}${attempt.on === undefined ? "" : ` (${attempt.on})`}`;
    let thrown: unknown;
    try {
      await ethers.provider.send("eth_call", [{ from: wallet.address, to, data }, `0x${block.toString(16)}`]);
    } catch (error) {
      thrown = error;
    }
    if (thrown === undefined) notRefused(what);
    const interfaces = [
      coalition.governor.interface,
      coalition.membership.interface,
      coalition.timelock.interface,
    ];
    const refusal = explain(decode(thrown, interfaces), await this.#setting(attempt));
    this.refused.push({ attempt, who, from: wallet.address, to, data, block, ...refusal });
    return `refused – ${what}. ${refusal.sentence}`;
  }

  #actor(as: Actor): { wallet: Wallet; who: string } {
    const { keys } = this.stage;
    if (as === "outsider") return { wallet: keys.outsider, who: "an outsider" };
    if (as.oldKey) return { wallet: keys.oldKeyOf(as.member), who: `the old key of member ${as.member}` };
    return { wallet: keys.member(as.member), who: `member ${as.member}` };
  }

  async #request({ what, on = "", accepting }: Attempt): Promise<{ to: string; data: string }> {
    const { story, coalition } = this.stage;
    const { governor, membership } = coalition;
    if (what === "join") {
      const digest = accepting ?? (await membership.codeOfConduct()).digest;
      const data = membership.interface.encodeFunctionData("join", [0, digest, "0x"]);
      return { to: await membership.getAddress(), data };
    }
    const to = await governor.getAddress();
    if (what === "vote") {
      const support = SIDES.indexOf("for");
      return { to, data: governor.interface.encodeFunctionData("castVote", [this.proposal(on).id, support]) };
    }
    if (what === "execute") {
      return { to, data: governor.interface.encodeFunctionData("execute", this.proposal(on).call) };
    }
    const [targets, values, calldatas] = await this.#callOf(on);
    const data = governor.interface.encodeFunctionData("propose", [
      targets,
      values,
      calldatas,
      story.decisions[on].text,
    ]);
    return { to, data };
  }

  async #setting({ on }: Attempt): Promise<Setting> {
    const { governor } = this.stage.coalition;
    const proposal = on === undefined ? undefined : this.proposals.get(on)?.id;
    if (proposal === undefined) return {};
    const due = Number(await governor.proposalEta(proposal));
    return {
      opened: Number(await governor.proposalSnapshot(proposal)),
      closed: Number(await governor.proposalDeadline(proposal)),
      ...(due > 0 && { due }),
    };
  }

  /** Whether each attempt was refused for the reason that the story gives. */
  comparisons(): Comparison[] {
    return this.refused.map(({ attempt, who, code }) => ({
      what: `refused – ${who}: ${attempt.what}${attempt.on === undefined ? "" : ` (${attempt.on})`}`,
      expected: attempt.refused,
      actual: code,
      ok: attempt.refused === code,
    }));
  }

  proposal(decision: string): Proposal {
    const proposal = this.proposals.get(decision);
    if (proposal === undefined) throw new Error(`${decision} was not proposed`);
    return proposal;
  }
}
