import {
  AbiCoder,
  type ContractTransactionResponse,
  type Interface,
  id,
  keccak256,
  toBeHex,
  ZeroHash,
} from "ethers";
import type {
  Amendments,
  Charter,
  MinorityStatements,
  Motions,
  Resolutions,
} from "../../../../typechain-types/index.js";
import { Problem } from "../../problem.js";
import { groupOf, relay } from "../assembly/batch.js";
import type { Attempted } from "../attempts.js";
import type { Act, Question } from "../roll/act.js";
import { SIDES, STATES } from "../types.js";
import { tryRefused } from "./refusals.js";
import { type Texts, wordsOf } from "./texts.js";
import type { StoryBallots, StoryText } from "./types.js";

/** The contracts of motions, beside those that every act has. */
export interface MotionContracts {
  readonly motions: Motions;
  readonly amendments: Amendments;
  readonly charter: Charter;
  readonly statements: MinorityStatements;
  readonly resolutions: Resolutions;
}

/** `MotionActions.List`. */
export interface ActionList {
  readonly targets: string[];
  readonly values: bigint[];
  readonly calldatas: string[];
}

/** What a motion says, in terms of the story. */
export interface Content {
  readonly text: StoryText;
  readonly purpose: StoryText;
  readonly actions: ActionList;
}

/** What an amendment would make of a text, in terms of the story. */
export interface Change {
  /** Revision or version that it is written against. */
  readonly base: bigint;
  readonly text: StoryText;
  readonly reason: StoryText;
}

export const NO_ACTIONS: ActionList = { targets: [], values: [], calldatas: [] };

/** By the numbers of `IMotions.Stage`. */
const STAGES = [
  "draft",
  "tabled",
  "closed for amendments",
  "silence",
  "put to the vote",
  "decided",
  "withdrawn",
  "lapsed",
] as const;

/** `IMotionActs.ActKind`. */
const [TABLE, ENDORSE] = [0, 2] as const;

const word = (name: string) => ({ name, type: "bytes32" });
const number = (name: string) => ({ name, type: "uint256" });
const ACCOUNT = { name: "account", type: "address" };
const ENDING = [number("nonce"), number("deadline")];
const CONTENT = [word("text"), word("purpose"), word("actions")];
const CHANGE = [
  number("base"),
  word("text"),
  word("reason"),
  { name: "substitute", type: "bool" },
  word("actions"),
];

/** What members sign, as `MotionMessages` has it. */
const MESSAGES = {
  DraftMotion: [ACCOUNT, ...CONTENT, ...ENDING],
  ReviseMotion: [ACCOUNT, number("motion"), number("revision"), ...CONTENT, ...ENDING],
  TableMotion: [ACCOUNT, number("motion"), number("revision"), ...ENDING],
  EndorseMotion: [ACCOUNT, number("motion"), number("revision"), ...ENDING],
  MoveAmendment: [ACCOUNT, number("motion"), number("parent"), ...CHANGE, ...ENDING],
  RebaseAmendment: [ACCOUNT, number("amendment"), ...CHANGE, ...ENDING],
} as const;

/** What members do about motions: each act signed by a member, and brought and paid for by the relayer. */
export class Desk {
  /** What was tried and must be refused. */
  readonly refused: Attempted[] = [];

  constructor(
    readonly act: Act,
    readonly contracts: MotionContracts,
    readonly texts: Texts,
  ) {}

  async draft(by: number, content: Content): Promise<bigint> {
    const motions = this.contracts.motions.connect(this.act.setting.relayer);
    const { struct, message } = await this.#contentOf(content);
    const { account, deadline, signature } = await this.#sign(motions, by, "DraftMotion", message);
    await this.act.sent(motions.draftBySig(account, struct, deadline, signature));
    return motions.lastMotion();
  }

  /** An edit, written against the present revision. */
  async revise(by: number, motion: bigint, content: Content): Promise<void> {
    const motions = this.contracts.motions.connect(this.act.setting.relayer);
    const { struct, message } = await this.#contentOf(content);
    const { revision } = await motions.motionOf(motion);
    const signed = { motion, revision, ...message };
    const { account, deadline, signature } = await this.#sign(motions, by, "ReviseMotion", signed);
    await this.act.sent(motions.reviseBySig(account, motion, revision, struct, deadline, signature));
  }

  table(by: number, motion: bigint): Promise<void> {
    return this.#together(TABLE, "TableMotion", [by], motion);
  }

  /** Members endorse the present revision, all of them in one transaction. */
  endorse(numbers: readonly number[], motion: bigint): Promise<void> {
    return this.#together(ENDORSE, "EndorseMotion", numbers, motion);
  }

  /** @param parent The amendment that it amends; 0 for the motion. */
  async move(by: number, motion: bigint, parent: bigint, change: Change): Promise<bigint> {
    const amendments = this.contracts.amendments.connect(this.act.setting.relayer);
    const { struct, message } = await this.changeOf(change);
    const signed = { motion, parent, ...message };
    const { account, deadline, signature } = await this.#sign(amendments, by, "MoveAmendment", signed);
    await this.act.sent(amendments.moveBySig(account, motion, parent, struct, deadline, signature));
    return amendments.lastAmendment();
  }

  async rebase(by: number, amendment: bigint, change: Change): Promise<void> {
    const amendments = this.contracts.amendments.connect(this.act.setting.relayer);
    const { struct, message } = await this.changeOf(change);
    const signed = { amendment, ...message };
    const { account, deadline, signature } = await this.#sign(amendments, by, "RebaseAmendment", signed);
    await this.act.sent(amendments.rebaseBySig(account, amendment, struct, deadline, signature));
  }

  /** Waits until a motion is closed for amendments. */
  async close(motion: bigint): Promise<void> {
    const { closesAt } = await this.contracts.motions.motionOf(motion);
    await this.act.setting.clock.reach(Number(closesAt));
  }

  putToVote(motion: bigint, actions: ActionList): Promise<Question> {
    return this.ask(this.contracts.motions.connect(this.act.setting.relayer).putToVote(motion, actions));
  }

  /** The decision that a transaction puts to the members. */
  async ask(sending: Promise<ContractTransactionResponse>): Promise<Question> {
    const receipt = await (await sending).wait();
    const { interface: face } = this.act.contracts.governor;
    for (const log of receipt?.logs ?? []) {
      const event = face.parseLog(log);
      if (event?.name !== "ProposalCreated") continue;
      // By their places: "values" of a list is a function of its own.
      const [proposalId, , targets, values, , calldatas, , , description] = event.args;
      return { id: proposalId, call: [[...targets], [...values], [...calldatas], id(description)] };
    }
    throw new Error("The transaction put nothing to the vote.");
  }

  /** Opens the vote on a decision, brings its ballots, and holds the count against them. */
  async vote(what: string, question: Question, ballots: StoryBallots): Promise<void> {
    const { act } = this;
    await act.open(question);
    const groups = [];
    for (const [support, side] of SIDES.entries()) {
      if (ballots[side].length > 0) groups.push(await groupOf(act, question, support, ballots[side]));
    }
    await relay(act, question, groups);
    const { againstVotes, forVotes, abstainVotes } = await act.contracts.governor.proposalVotes(question.id);
    act.same(`${what}: votes`, shareOf(ballots), told(forVotes, againstVotes, abstainVotes));
  }

  /** Waits for the close; carries out what passed. Answers whether it did. */
  async conclude(question: Question): Promise<boolean> {
    await this.act.close(question);
    const passed = await this.#passed(question);
    if (passed) await this.act.carryOut(question);
    return passed;
  }

  /**
   * Waits for the close.
   * @throws Problem where a decision did not pass on which the rest of the story stands.
   */
  async requirePassed(what: string, question: Question, ballots: StoryBallots): Promise<void> {
    await this.act.close(question);
    if (await this.#passed(question)) return;
    throw new Problem(`${what}.ballots are ${shareOf(ballots)}; allowed: ballots that carry the decision`);
  }

  /** A member tries what must be refused. */
  async attempt(
    by: number,
    what: string,
    { to, data }: { readonly to: string; readonly data: string },
    refused: string,
  ): Promise<void> {
    await this.#try({ who: `member ${by}`, from: this.act.keyOf(by).address, what, to, data, refused });
  }

  /** The relayer tries what must be refused. */
  async attemptAnyone(
    what: string,
    { to, data }: { readonly to: string; readonly data: string },
    refused: string,
  ): Promise<void> {
    await this.#try({ who: "anybody", from: this.act.setting.relayer.address, what, to, data, refused });
  }

  async stageOf(motion: bigint): Promise<string> {
    const { stage } = await this.contracts.motions.motionOf(motion);
    return STAGES[Number(stage)] ?? `stage ${stage}`;
  }

  /** `IAmendments.Change`, and what is signed of it. */
  async changeOf({ base, text, reason }: Change) {
    const digests = {
      base,
      text: await this.texts.put(text),
      reason: await this.texts.put(reason),
      substitute: false,
    };
    return { struct: { ...digests, actions: NO_ACTIONS }, message: { ...digests, actions: ZeroHash } };
  }

  async #passed({ id: proposalId }: Question): Promise<boolean> {
    return STATES[Number(await this.act.contracts.governor.state(proposalId))] === "Succeeded";
  }

  async #contentOf({ text, purpose, actions }: Content) {
    const digests = { text: await this.texts.put(text), purpose: await this.texts.put(purpose) };
    return { struct: { ...digests, actions }, message: { ...digests, actions: digestOf(actions) } };
  }

  async #sign(
    contract: Motions | Amendments,
    by: number,
    type: keyof typeof MESSAGES,
    message: Readonly<Record<string, unknown>>,
  ) {
    const wallet = this.act.keyOf(by);
    const deadline = await this.act.soon();
    const whole = { account: wallet.address, ...message, deadline };
    const signature = await this.act.sign(contract, wallet, type, MESSAGES[type], whole);
    return { account: wallet.address, deadline, signature };
  }

  async #together(
    kind: number,
    type: "TableMotion" | "EndorseMotion",
    numbers: readonly number[],
    motion: bigint,
  ): Promise<void> {
    const { motions } = this.contracts;
    const { revision } = await motions.motionOf(motion);
    const acts = [];
    for (const by of numbers) {
      const signed = await this.#sign(motions, by, type, { motion, revision });
      acts.push({ kind, subject: motion, value: toBeHex(revision, 32), ...signed });
    }
    await this.act.sent(motions.connect(this.act.setting.relayer).actMany(acts));
  }

  async #try(trial: Parameters<typeof tryRefused>[2]): Promise<void> {
    const { motions, amendments, charter, statements } = this.contracts;
    const faces: Interface[] = [motions, amendments, charter, statements].map((one) => one.interface);
    this.refused.push(await tryRefused(this.act, [...faces, this.act.contracts.governor.interface], trial));
  }
}

const told = (inFavour: bigint | number, against: bigint | number, abstain: bigint | number) =>
  `${inFavour} for, ${against} against, ${abstain} abstain`;

/** How many vote how, in words. */
export const shareOf = (ballots: StoryBallots): string =>
  told(ballots.for.length, ballots.against.length, ballots.abstain.length);

/** The first heading of a text. */
export function titleOf(text: StoryText): string {
  return /^# (.+)$/m.exec(wordsOf(text))?.[1] ?? text.file;
}

function digestOf({ targets, values, calldatas }: ActionList): string {
  if (targets.length === 0) return ZeroHash;
  const types = ["address[]", "uint256[]", "bytes[]"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [targets, values, calldatas]));
}
