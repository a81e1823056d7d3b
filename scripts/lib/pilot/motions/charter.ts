import { type Interface, ZeroHash } from "ethers";
import { type ReplayedDocument, replay, standOf } from "../../charter/replay.js";
import { sourceAt } from "../../elections/source.js";
import { Problem } from "../../problem.js";
import type { Question } from "../roll/act.js";
import { STATES } from "../types.js";
import { counted } from "../words.js";
import { type ActionList, type Desk, shareOf, titleOf } from "./desk.js";
import type { CharterFigures, VersionFigures } from "./figures.js";
import { brief, oneLine, wordsOf } from "./texts.js";
import type { CharterMotion, StoryCharter, StoryMotion, StoryText } from "./types.js";

/** A motion that waits for the vote, or was put to it. */
interface Tabled {
  readonly motion: bigint;
  readonly actions: ActionList;
}

/**
 * The first clauses of a document, and two motions that change one of them at once: both pass, the first is carried out,
 * and the second goes back to its author, who writes it against the clause as it reads then.
 */
export async function playCharter(
  desk: Desk,
  story: StoryCharter,
  fromBlock: number,
): Promise<CharterFigures> {
  const play = new CharterPlay(desk, story, await documentOf(desk, story.document));
  await play.enact();
  const later = await play.collide();
  await play.rebase(later);
  return play.compare(fromBlock);
}

class CharterPlay {
  /** Which motion a decision belongs to. */
  readonly #decisions = new Map<bigint, CharterMotion>();

  constructor(
    private readonly desk: Desk,
    private readonly story: StoryCharter,
    private readonly document: number,
  ) {}

  /** The first clauses. */
  async enact(): Promise<void> {
    const { desk, story } = this;
    const { first } = story;
    const calls: [string, readonly unknown[]][] = [];
    let base = ZeroHash;
    for (const [preceding, text] of first.clauses.entries()) {
      const digest = await desk.texts.put(text);
      calls.push(["insert", [this.document, preceding, base, digest]]);
      base = digest;
    }
    const tabled = await this.#table(first, this.#actionsOf(calls));
    await desk.close(tabled.motion);
    const question = await this.#put("first", tabled);
    await desk.vote('charter: "first"', question, first.ballots);
    await desk.requirePassed("charter.first", question, first.ballots);
    await desk.act.carryOut(question);
    const { version } = await desk.contracts.charter.documentOf(this.document);
    desk.act.same("charter: version after the first decision", 1, version);
    await desk.act.tell(
      `the members enacted the first ${counted(first.clauses.length, "clause")} of the document "${story.document}", by an amendment: ${shareOf(first.ballots)}`,
    );
  }

  /** Two motions amend one clause; both pass, and the one that is carried out second cannot be. */
  async collide(): Promise<Tabled> {
    const { desk, story } = this;
    const { sooner, later, clause } = story;
    const { act } = desk;
    const one = await this.#table(sooner, await this.#amendTo(sooner.wording));
    const other = await this.#table(later, await this.#amendTo(later.wording));
    await act.tell(
      `members ${sooner.by} and ${later.by} tabled "${titleOf(sooner.text)}" and "${titleOf(later.text)}": both change clause ${clause}`,
    );
    await desk.close(one.motion);
    await desk.close(other.motion);
    const questions = [await this.#put("sooner", one), await this.#put("later", other)] as const;
    // Both votes are open at the same time.
    await desk.vote('charter: "sooner"', questions[0], sooner.ballots);
    await desk.vote('charter: "later"', questions[1], later.ballots);
    await desk.requirePassed("charter.sooner", questions[0], sooner.ballots);
    await desk.requirePassed("charter.later", questions[1], later.ballots);
    const governor = act.contracts.governor.connect(act.setting.relayer);
    await act.sent(governor.queue(...questions[1].call));
    await act.carryOut(questions[0]);
    await act.setting.clock.reach(Number(await governor.proposalEta(questions[1].id)));
    await act.tell(
      `both passed, ${shareOf(sooner.ballots)} and ${shareOf(later.ballots)}; the one on "${titleOf(sooner.text)}" was carried out`,
    );
    await this.#refuse(later.text, questions[1]);
    return other;
  }

  /** It goes back, is written anew by its author, and is put to the members again. */
  async rebase({ motion, actions }: Tabled): Promise<void> {
    const { desk, story } = this;
    const { later, clause } = story;
    const { rebased } = later;
    const { act, contracts } = desk;
    const { motions } = contracts;
    await act.sent(motions.connect(act.setting.relayer).sendBack(motion, actions, 0));
    act.same('charter: stage of "later" once it was sent back', "tabled", await desk.stageOf(motion));
    await act.tell(
      `anyone sent "${titleOf(later.text)}" back: it is tabled again, and nothing of it is lost`,
    );
    const anew = await this.#amendTo(rebased.wording);
    await desk.revise(later.by, motion, { text: rebased.text, purpose: later.purpose, actions: anew });
    await desk.endorse(later.endorsers, motion);
    await act.tell(
      `member ${later.by} wrote it against clause ${clause} as it reads now, so that both changes stand side by side`,
    );
    await desk.close(motion);
    const question = await this.#put("later", { motion, actions: anew });
    await desk.vote('charter: "later", rebased', question, rebased.ballots);
    await desk.requirePassed("charter.later.rebased", question, rebased.ballots);
    await act.carryOut(question);
    // Tabled, sent back, rebased.
    act.same('charter: revisions of "later"', 3, (await motions.motionOf(motion)).revision);
    act.same('charter: stage of "later" at the end', "decided", await desk.stageOf(motion));
    await act.tell(
      `the members adopted it, ${shareOf(rebased.ballots)}, and it was carried out: clause ${clause} says both`,
    );
  }

  /** Every version, as the contract has it and as the events tell it, held against the story. */
  async compare(fromBlock: number): Promise<CharterFigures> {
    const { desk, story, document } = this;
    const { act, contracts, texts } = desk;
    const expected = story.expected.versions;
    const { version: last } = await contracts.charter.documentOf(document);
    act.same("charter: versions", expected.length, last);
    const rebuilt = await this.#replay(fromBlock);
    const versions: VersionFigures[] = [];
    for (const [index, { by, clauses }] of expected.entries()) {
      const number = index + 1;
      const [header, numbers, digests] = await contracts.charter.versionOf(document, number);
      const names = clauses.map(({ file }) => brief(file)).join(", ");
      act.same(`charter: version ${number} enacted by`, by, this.#decisions.get(header.decision));
      act.same(
        `charter: clauses of version ${number}`,
        names,
        digests.map((one) => brief(texts.nameOf(one))).join(", "),
      );
      const same = await Promise.all(
        clauses.map((text, at) => digests[at] !== undefined && texts.gives(digests[at], text)),
      );
      act.same(
        `charter: clauses of version ${number}, byte for byte the story's`,
        clauses.length,
        same.filter(Boolean).length,
      );
      const chain = written(header.decision, numbers, digests);
      act.same(
        `charter: version ${number} from the events`,
        "same",
        rebuilt[number] === chain ? "same" : "differs",
      );
      versions.push({
        version: number,
        enactedAt: Number(header.enactedAt),
        motion: titleOf(by === "later" ? story.later.rebased.text : story[by].text),
        proposalId: String(header.decision),
        clauses: clauses.map((text, at) => ({ clause: Number(numbers[at]), text: oneLine(wordsOf(text)) })),
      });
    }
    await act.tell(
      `the charter was rebuilt from the chain's events alone: ${counted(expected.length, "version")}, each clause with the decision that enacted it, as the contract has them`,
    );
    return { document: story.document, versions };
  }

  /** What a version reads after the events, by its number. */
  async #replay(fromBlock: number): Promise<string[]> {
    const { act, contracts } = this.desk;
    const { addresses } = act.contracts;
    const source = await sourceAt(act.setting.ethers, addresses);
    const logs = await source.logs([addresses.charter], [], fromBlock);
    const documents = await replay(addresses.charter, logs, { stand: await standOf(contracts.charter) });
    const { versions } = documents[this.document - 1] as ReplayedDocument;
    return versions.map(({ decision, clauses }) =>
      written(
        decision,
        clauses.map(({ clause }) => BigInt(clause)),
        clauses.map(({ digest }) => digest),
      ),
    );
  }

  async #table({ by, text, purpose, endorsers }: StoryMotion, actions: ActionList): Promise<Tabled> {
    const { desk } = this;
    const motion = await desk.draft(by, { text, purpose, actions });
    await desk.table(by, motion);
    await desk.endorse(endorsers, motion);
    return { motion, actions };
  }

  async #put(name: CharterMotion, { motion, actions }: Tabled): Promise<Question> {
    const question = await this.desk.putToVote(motion, actions);
    this.#decisions.set(question.id, name);
    return question;
  }

  /** Carrying out what was written against another wording. */
  async #refuse(text: StoryText, question: Question): Promise<void> {
    const { desk } = this;
    const { governor, addresses } = desk.act.contracts;
    const state = STATES[Number(await governor.state(question.id))];
    desk.act.same('charter: state of the decision on "later" before it is sent back', "Queued", state);
    const data = governor.interface.encodeFunctionData("execute", [...question.call]);
    const call = { to: addresses.governor, data };
    await desk.attemptAnyone(`to carry out "${titleOf(text)}"`, call, "CharterClauseMoved");
  }

  /** The action that gives the clause another wording, written against the one in force. */
  async #amendTo(wording: StoryText): Promise<ActionList> {
    const { desk, story, document } = this;
    const base = await desk.contracts.charter.clauseOf(document, story.clause);
    return this.#actionsOf([["amend", [document, story.clause, base, await desk.texts.put(wording)]]]);
  }

  #actionsOf(calls: readonly [name: string, args: readonly unknown[]][]): ActionList {
    const { contracts, act } = this.desk;
    const face: Interface = contracts.charter.interface;
    return {
      targets: calls.map(() => act.contracts.addresses.charter),
      values: calls.map(() => 0n),
      calldatas: calls.map(([name, args]) => face.encodeFunctionData(name, args)),
    };
  }
}

/** The number of a document, by its title. */
async function documentOf({ contracts }: Desk, title: string): Promise<number> {
  const last = Number(await contracts.charter.lastDocument());
  const titles: string[] = [];
  for (let document = 1; document <= last; document++) {
    titles.push((await contracts.charter.documentOf(document)).title);
  }
  const index = titles.indexOf(title);
  if (index < 0) throw new Problem(`The charter holds no document "${title}", allowed: ${titles.join(", ")}`);
  return index + 1;
}

const written = (decision: bigint, numbers: readonly bigint[], digests: readonly string[]) =>
  `${decision}: ${numbers.map((clause, at) => `${clause} ${digests[at]}`).join(", ")}`;
