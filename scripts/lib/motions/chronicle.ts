import type { Interface } from "ethers";
import {
  type Amendments,
  Amendments__factory,
  type Motions,
  Motions__factory,
} from "../../../typechain-types/index.js";
import { type Happening, happeningIn } from "../elections/chronicle.js";
import type { ChainLog, Source } from "../elections/source.js";
import { Problem } from "../problem.js";
import {
  type AmendmentHistory,
  type AmendmentStatus,
  type Histories,
  isStale,
  lastOf,
  type MotionHistory,
  type MotionStatus,
  type Revision,
  type Version,
} from "./history.js";
import { Replay } from "./replay.js";

export * from "./history.js";

/** Something that the events say otherwise than the contracts. */
export interface Difference {
  readonly what: string;
  readonly events: string;
  readonly chain: string;
}

/** The contracts whose events tell of motions. */
export interface Told {
  readonly motions: string;
  readonly amendments: string;
}

/** What the contracts say themselves. */
export interface Views {
  readonly motions: Motions;
  readonly amendments: Amendments;
}

/** `IMotions.Stage`, by name, for each status that events can tell. */
const STAGES: Readonly<Record<MotionStatus, readonly string[]>> = {
  draft: ["Draft", "Lapsed"],
  tabled: ["Tabled", "Closed", "Lapsed"],
  silence: ["Silence", "Lapsed"],
  put: ["PutToVote", "Decided"],
  adopted: ["Decided"],
  withdrawn: ["Withdrawn"],
};

const STAGE_NAMES = [
  "Draft",
  "Tabled",
  "Closed",
  "Silence",
  "PutToVote",
  "Decided",
  "Withdrawn",
  "Lapsed",
] as const;

/** `IAmendments.State`, by name. */
const STATE_NAMES = [
  "Open",
  "Stale",
  "Silence",
  "PutToVote",
  "Adopted",
  "Accepted",
  "Rejected",
  "Withdrawn",
  "Lapsed",
] as const;

const STATES: Readonly<Record<Exclude<AmendmentStatus, "open">, string>> = {
  silence: "Silence",
  put: "PutToVote",
  adopted: "Adopted",
  accepted: "Accepted",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  lapsed: "Lapsed",
};

/**
 * Every revision of every motion of a coalition and every version of every amendment, told by events alone. Texts are
 * there by their digests; reasons are not written down on chain, and so nothing but their own text bears them out.
 */
export class Chronicle implements Histories {
  private constructor(
    readonly motions: ReadonlyMap<bigint, MotionHistory>,
    readonly amendments: ReadonlyMap<bigint, AmendmentHistory>,
  ) {}

  /**
   * Replays logs of both contracts, in the order of the chain; those of other contracts are passed over.
   * @throws {Problem} naming the first event that does not fit to those before it, and what is missing.
   */
  static of(told: Told, logs: readonly ChainLog[]): Chronicle {
    const faces = new Map<string, Interface>([
      [told.motions.toLowerCase(), Motions__factory.createInterface()],
      [told.amendments.toLowerCase(), Amendments__factory.createInterface()],
    ]);
    const replay = new Replay();
    for (const log of logs) {
      const face = faces.get(log.address.toLowerCase());
      if (face !== undefined) replay.take(readLog(face, log));
    }
    replay.end();
    return new Chronicle(replay.motions, replay.amendments);
  }

  /** {@link of} the logs of a chain. @param fromBlock The first block of the coalition's deployment. */
  static async read(
    source: Pick<Source, "logs"> & { readonly contracts: Told },
    fromBlock: number,
  ): Promise<Chronicle> {
    const { motions, amendments } = source.contracts;
    return Chronicle.of({ motions, amendments }, await source.logs([motions, amendments], [], fromBlock));
  }

  /** A motion. @throws {Problem} saying which there are. */
  motionOf(motion: bigint): MotionHistory {
    return this.motions.get(motion) ?? absent("motion", motion, this.motions.size);
  }

  /** An amendment. @throws {Problem} saying which there are. */
  amendmentOf(amendment: bigint): AmendmentHistory {
    return this.amendments.get(amendment) ?? absent("amendment", amendment, this.amendments.size);
  }

  /** A revision of a motion, from 1. @throws {Problem} saying which there are. */
  revisionOf(motion: bigint, revision: bigint): Revision {
    const { revisions } = this.motionOf(motion);
    const found = revisions.find(({ number }) => number === revision);
    return found ?? absent(`revision of motion ${motion}`, revision, revisions.length);
  }

  /** A version of an amendment, from 1. @throws {Problem} saying which there are. */
  versionOf(amendment: bigint, version: bigint): Version {
    const { versions } = this.amendmentOf(amendment);
    const found = versions.find(({ number }) => number === version);
    return found ?? absent(`version of amendment ${amendment}`, version, versions.length);
  }

  /**
   * What the contracts say otherwise: nothing, if all events are there as they were.
   * @param blockTag The last block that was replayed; the latest one unless given.
   */
  async differences({ motions, amendments }: Views, blockTag?: number): Promise<Difference[]> {
    const at = blockTag === undefined ? {} : { blockTag };
    const found: Difference[] = [];
    const compare = (what: string, events: unknown, chain: unknown) => {
      if (`${events}` !== `${chain}`) found.push({ what, events: `${events}`, chain: `${chain}` });
    };
    compare("number of motions", this.motions.size, await motions.lastMotion(at));
    compare("number of amendments", this.amendments.size, await amendments.lastAmendment(at));
    if (found.length > 0) return found;
    for (const one of this.motions.values()) {
      const subject = `motion ${one.motion}`;
      const [view, docket] = await Promise.all([
        motions.motionOf(one.motion, at),
        amendments.docketOf(one.motion, at),
      ]);
      const { number, text, purpose, actions } = lastOf(one.revisions);
      compare(`author of ${subject}`, one.author, view.author);
      compare(`revision of ${subject}`, number, view.revision);
      compare(`text of ${subject}`, text, view.text);
      compare(`purpose of ${subject}`, purpose, view.purpose);
      compare(`actions of ${subject}`, actions, view.actions);
      compare(`close of ${subject}`, one.closesAt, view.closesAt);
      compare(`endorsements of ${subject}`, told(one.endorsers), view.endorsements);
      compare(`silence of ${subject}`, one.silenceUntil, view.silenceUntil);
      compare(`objections to ${subject}`, told(one.objectors), view.objections);
      compare(`decision on ${subject}`, one.decision, view.proposalId);
      compare(`resolution of ${subject}`, one.resolution, view.resolution);
      compare(`question of ${subject}`, one.question, docket.question);
      compare(`open amendments of ${subject}`, this.#openOn(one), [...docket.open].sort(byNumber));
      const stage = STAGE_NAMES[Number(view.stage)] as string;
      const expected = STAGES[one.status];
      if (!expected.includes(stage)) compare(`stage of ${subject}`, expected.join(" or "), stage);
      for (const number of one.endorsers) {
        const isTold = await motions.hasEndorsed(one.motion, number, at);
        compare(`endorsement of ${subject} by member ${number}`, true, isTold);
      }
    }
    for (const one of this.amendments.values()) {
      const subject = `amendment ${one.amendment}`;
      const view = await amendments.amendmentOf(one.amendment, at);
      const { number, text, actions, parent, base, substitute } = lastOf(one.versions);
      compare(`motion of ${subject}`, one.motion, view.motion);
      compare(`mover of ${subject}`, one.mover, view.mover);
      compare(`version of ${subject}`, number, view.version);
      compare(`text of ${subject}`, text, view.text);
      compare(`actions of ${subject}`, actions, view.actions);
      compare(`parent of ${subject}`, parent, view.parent);
      compare(`base of ${subject}`, base, view.base);
      compare(`substitute in ${subject}`, substitute, view.substitute);
      compare(`silence of ${subject}`, one.silenceUntil, view.silenceUntil);
      compare(`objections to ${subject}`, told(one.objectors), view.objections);
      compare(`decision on ${subject}`, one.decision, view.proposalId);
      const state = STATE_NAMES[Number(view.state)] as string;
      const expected = this.#statesOf(one);
      if (!expected.includes(state)) compare(`state of ${subject}`, expected.join(" or "), state);
    }
    return found;
  }

  /**
   * What the contracts said otherwise in the blocks in which texts were written: also of those that others have taken the
   * place of. Asks a node that remembers the state of every block.
   */
  async differencesByBlock({ motions, amendments }: Views): Promise<Difference[]> {
    const found: Difference[] = [];
    const compare = (what: string, events: unknown, chain: unknown) => {
      if (`${events}` !== `${chain}`) found.push({ what, events: `${events}`, chain: `${chain}` });
    };
    for (const { motion, revisions } of this.motions.values()) {
      for (const { number, text, purpose, actions, at } of lastByBlock(revisions)) {
        const view = await motions.motionOf(motion, { blockTag: at.block });
        const subject = `revision ${number} of motion ${motion}`;
        compare(`number of ${subject}`, number, view.revision);
        compare(`text of ${subject}`, text, view.text);
        compare(`purpose of ${subject}`, purpose, view.purpose);
        compare(`actions of ${subject}`, actions, view.actions);
      }
    }
    for (const { amendment, versions } of this.amendments.values()) {
      for (const { number, text, actions, substitute, base, parent, at } of lastByBlock(versions)) {
        const view = await amendments.amendmentOf(amendment, { blockTag: at.block });
        const subject = `version ${number} of amendment ${amendment}`;
        compare(`number of ${subject}`, number, view.version);
        compare(`text of ${subject}`, text, view.text);
        compare(`actions of ${subject}`, actions, view.actions);
        compare(`parent of ${subject}`, parent, view.parent);
        compare(`base of ${subject}`, base, view.base);
        compare(`substitute in ${subject}`, substitute, view.substitute);
      }
    }
    return found;
  }

  /** Amendments that are on the list of a motion still, also if they lapsed with it. */
  #openOn({ amendments }: MotionHistory): bigint[] {
    return amendments.filter((number) =>
      ["open", "silence", "put"].includes(this.amendmentOf(number).status),
    );
  }

  /** The states that an amendment can be in by time. */
  #statesOf(one: AmendmentHistory): readonly string[] {
    if (one.status !== "open") return [STATES[one.status]];
    if (this.motionOf(one.motion).status !== "tabled") return ["Lapsed"];
    return [isStale(this, one) ? "Stale" : "Open", "Lapsed"];
  }
}

function readLog(face: Interface, log: ChainLog): Happening {
  const place = `block ${log.blockNumber}, log ${log.index}`;
  let event: Happening | undefined;
  try {
    event = happeningIn(face, log);
    // What an event says is decoded when it is looked at: everything of it now, so that what cannot be is named here.
    event?.args.toObject(true);
  } catch (error) {
    throw new Problem(`The log at ${place} cannot be read: ${(error as Error).message}.`);
  }
  return event ?? absentEvent(place, log);
}

function absentEvent(place: string, { topics, address }: ChainLog): never {
  throw new Problem(`The log at ${place} is no event that ${address} has: its topic is ${topics[0]}.`);
}

function absent(what: string, number: bigint, last: number): never {
  const known = last === 0 ? "there is none yet" : `they are numbered 1 to ${last} by now`;
  throw new Problem(`There is no ${what} with the number ${number}; ${known}.`);
}

/** Those that stood at the end of the block in which they were written. */
const lastByBlock = <T extends Revision | Version>(writings: readonly T[]): readonly T[] =>
  writings.filter(({ at }, index) => writings[index + 1]?.at.block !== at.block);

/** As many as the contracts tell of. */
const told = (members: ReadonlySet<bigint>) => Math.min(members.size, 255);

const byNumber = (one: bigint, other: bigint) => (one < other ? -1 : 1);
