import { ZeroHash } from "ethers";
import type { Happening } from "../elections/chronicle.js";
import { Problem } from "../problem.js";
import {
  type Actions,
  type AmendmentHistory,
  type AmendmentStatus,
  digestOfActions,
  type Histories,
  isStale,
  lastOf,
  type MotionHistory,
  type MotionStatus,
  type Version,
  type Writing,
} from "./history.js";

/** An event that must come next, in the same transaction. */
interface Due {
  readonly name: string;
  readonly transaction: string;
  readonly run: (event: Happening) => void;
}

/** How a text comes to be, told before the event that has the text. */
type Origin = Pick<Writing, "how" | "member" | "amendment" | "decision">;

/** What is about other things than motions and their texts. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "MotionRulesChanged",
  "AmendmentsBound",
  "ActSkipped",
  "EIP712DomainChanged",
]);

/** No more endorsements, or objections, are told. */
const MOST = 255n;

/** Takes events one by one, in the order of the chain, and refuses what cannot have come next. */
export class Replay implements Histories {
  readonly motions = new Map<bigint, MotionHistory>();
  readonly amendments = new Map<bigint, AmendmentHistory>();
  #due: Due[] = [];
  #event: Happening | undefined;

  /** @throws {Problem} naming the event, and what is wrong with it or missing before it. */
  take(event: Happening): void {
    const before = this.#event;
    this.#event = event;
    const isLater =
      before === undefined ||
      event.block > before.block ||
      (event.block === before.block && event.index > before.index);
    if (!isLater)
      this.#fail(`it comes after ${placeOf(before)}: the events are out of order, or one is twice there`);
    const due = this.#due.shift();
    if (due !== undefined) {
      const follows = due.name === event.name && due.transaction === event.transaction;
      if (!follows) this.#fail(`${due.name} must come before it: that event is missing, or out of order`);
      due.run(event);
    } else if (!ELSEWHERE.has(event.name)) {
      const handler = this.#handlers[event.name];
      if (handler === undefined) this.#fail("it cannot come by itself: the event before it is missing");
      handler(event);
    }
  }

  /** @throws {Problem} if the events end in the middle of something. */
  end(): void {
    const [due] = this.#due;
    if (due !== undefined) this.#fail(`${due.name} must follow it, and the events end here`);
  }

  /** What can come by itself. */
  readonly #handlers: Readonly<Record<string, (event: Happening) => void>> = {
    MotionDrafted: ({ args: { motion, author } }) => {
      this.#requireNext("motion", motion, BigInt(this.motions.size));
      this.motions.set(motion, {
        motion,
        author,
        status: "draft",
        revisions: [],
        closesAt: 0n,
        silenceUntil: 0n,
        endorsers: new Set(),
        objectors: new Set(),
        decision: 0n,
        resolution: 0n,
        question: 0n,
        amendments: [],
      });
      this.#expect("MotionRevised", (next) => this.#revise(next, motion, byHand(author)));
    },
    MotionRevised: (event) => {
      const { motion, amendment } = event.args;
      if (amendment !== 0n) this.#fail(`nobody accepted or adopted amendment ${amendment} right before it`);
      const { author, status } = this.#motionIn(motion, "draft", "tabled");
      this.#revise(event, motion, byHand(author), () => {
        if (status === "tabled") this.#expect("MotionTabled", (next) => this.#open(next, motion));
      });
    },
    MotionTabled: (event) => {
      this.#motionIn(event.args.motion, "draft");
      this.#open(event, event.args.motion);
    },
    MotionEndorsed: ({ args: { motion, number, revision, endorsements } }) => {
      const one = this.#motionIn(motion, "tabled");
      this.#requireSame("revision", revision, lastOf(one.revisions).number);
      this.#count("endorsement", one.endorsers, number, endorsements);
    },
    MotionSilenceOpened: ({ args: { motion, revision, until } }) => {
      const one = this.#settled(motion, "tabled");
      this.#requireSame("revision", revision, lastOf(one.revisions).number);
      [one.status, one.silenceUntil] = ["silence", until];
    },
    MotionObjected: ({ args: { motion, number, objections } }) => {
      this.#count("objection", this.#motionIn(motion, "silence").objectors, number, objections);
    },
    MotionAdopted: ({ args: { motion, revision, resolution } }) => {
      const one = this.#motionIn(motion, "silence");
      this.#requireSame("revision", revision, lastOf(one.revisions).number);
      [one.status, one.resolution] = ["adopted", resolution];
    },
    MotionPut: ({ args: { motion, revision, proposalId } }) => {
      const one = this.#settled(motion, "tabled", "silence");
      this.#requireSame("revision", revision, lastOf(one.revisions).number);
      [one.status, one.decision] = ["put", proposalId];
    },
    MotionSentBack: ({ args: { motion, proposalId } }) => {
      const one = this.#settled(motion, "tabled", "put");
      this.#requireSame("decision", proposalId, one.decision);
      [one.status, one.decision] = ["tabled", 0n];
      this.#expect("MotionRevised", (next) =>
        this.#revise(next, motion, { how: "returned", member: 0n, amendment: 0n, decision: proposalId }),
      );
    },
    MotionWithdrawn: ({ args: { motion } }) => {
      const one = this.#motionIn(motion, "draft", "tabled");
      this.#requireSame("question", one.question, 0n);
      one.status = "withdrawn";
    },
    AmendmentMoved: ({ args: { amendment, motion, mover, parent, substitute } }) => {
      this.#requireNext("amendment", amendment, BigInt(this.amendments.size));
      const one = this.#motionIn(motion, "tabled");
      this.amendments.set(amendment, {
        amendment,
        motion,
        mover,
        status: "open",
        versions: [],
        silenceUntil: 0n,
        objectors: new Set(),
        decision: 0n,
      });
      one.amendments.push(amendment);
      this.#expect("AmendmentWritten", (next) => {
        this.#requireSame("parent", next.args.parent, parent);
        this.#requireSame("substitute", next.args.substitute, substitute);
        this.#compose(next, amendment);
      });
    },
    AmendmentWritten: (event) => {
      const { amendment, by, parent } = event.args;
      if (by !== 0n) this.#fail(`nobody accepted or adopted amendment ${by} right before it`);
      const one = this.#amendmentIn(amendment, "open");
      if (one.versions.length === 0 || !isStale(this, one)) this.#fail("the amendment was not stale before");
      if (parent !== 0n) this.#requireSame("parent", parent, lastOf(one.versions).parent);
      this.#compose(event, amendment);
    },
    AmendmentAccepted: ({ args: { amendment, by } }) => {
      const one = this.#free(amendment);
      if (isStale(this, one)) this.#fail("the amendment is stale, for another event is missing or altered");
      const { parent } = lastOf(one.versions);
      const owner = parent === 0n ? this.#motion(one.motion).author : this.#amendment(parent).mover;
      this.#requireSame("member", by, owner);
      this.#bring(one, "accepted", { how: "accepted", member: by, amendment, decision: 0n });
    },
    AmendmentSilenceOpened: ({ args: { amendment, until } }) => {
      const one = this.#free(amendment);
      this.#motionIn(one.motion, "tabled").question = amendment;
      [one.status, one.silenceUntil] = ["silence", until];
    },
    AmendmentObjected: ({ args: { amendment, number, objections } }) => {
      this.#count("objection", this.#amendmentIn(amendment, "silence").objectors, number, objections);
    },
    AmendmentPut: ({ args: { motion, amendment, proposalId } }) => {
      const one = this.#amendmentIn(amendment, "open", "silence");
      this.#requireSame("motion", motion, one.motion);
      const { question } = this.#motionIn(motion, "tabled");
      this.#requireSame("question", question, one.status === "silence" ? amendment : 0n);
      this.#motion(motion).question = amendment;
      [one.status, one.decision] = ["put", proposalId];
    },
    AmendmentAdopted: ({ args: { amendment, proposalId } }) => {
      const one = this.#amendmentIn(amendment, "silence", "put");
      this.#requireSame("decision", proposalId, one.decision);
      this.#bring(one, "adopted", { how: "adopted", member: 0n, amendment, decision: proposalId });
    },
    AmendmentRejected: ({ args: { amendment, proposalId } }) => {
      const one = this.#amendmentIn(amendment, "put");
      this.#requireSame("decision", proposalId, one.decision);
      this.#settle(one, "rejected");
    },
    AmendmentWithdrawn: ({ args: { amendment } }) => this.#settle(this.#free(amendment), "withdrawn"),
    AmendmentLapsed: ({ args: { amendment } }) => {
      const one = this.#free(amendment);
      if (!isStale(this, one))
        this.#fail("the amendment is not stale, for another event is missing or altered");
      this.#settle(one, "lapsed");
    },
  };

  /** A revision, by whatever was told right before. */
  #revise(event: Happening, motion: bigint, origin: Origin, then = () => {}): void {
    const { revision, amendment, text, purpose, actions } = event.args;
    this.#requireSame("motion", event.args.motion, motion);
    const one = this.#motion(motion);
    this.#requireNext(`revision of motion ${motion}`, revision, BigInt(one.revisions.length));
    this.#requireSame("amendment", amendment, origin.amendment);
    const write = (list: Actions) =>
      one.revisions.push({ number: revision, text, purpose, actions, list, ...origin, at: placeIn(event) });
    if (origin.how === "written") {
      const subject = { motion, revision };
      this.#expect("MotionActionsSet", (next) => {
        write(this.#actionsIn(next, subject, actions));
        then();
      });
      return;
    }
    const source = origin.how === "returned" ? one.revisions : this.#amendment(amendment).versions;
    const content = lastOf<Writing>(source);
    this.#requireSame("text", text, content.text);
    this.#requireSame("actions", actions, content.actions);
    this.#requireSame("purpose", purpose, lastOf(one.revisions).purpose);
    write(content.list);
    if (origin.how !== "adopted") this.#expect("MotionTabled", (next) => this.#open(next, motion));
  }

  #open({ args: { motion, revision, closesAt } }: Happening, expected: bigint): void {
    this.#requireSame("motion", motion, expected);
    const one = this.#motion(motion);
    this.#requireSame("revision", revision, lastOf(one.revisions).number);
    Object.assign(one, { status: "tabled", closesAt, endorsers: new Set() });
  }

  /** A version that the mover wrote. */
  #compose(event: Happening, amendment: bigint): void {
    const { version, by, base, actions, parent, substitute, text, reason } = event.args;
    this.#requireSame("amendment", event.args.amendment, amendment);
    const one = this.#amendment(amendment);
    this.#requireNext(`version of amendment ${amendment}`, version, BigInt(one.versions.length));
    this.#requireSame("amendment", by, 0n);
    const motion = this.#motionIn(one.motion, "tabled");
    const target = parent === 0n ? motion.revisions : this.#amendmentIn(parent, "open").versions;
    this.#requireSame("base", base, lastOf<Writing>(target).number);
    const written = { parent, base, substitute, text, actions, reason, number: version };
    this.#expect("AmendmentActionsSet", (next) => {
      const list = this.#actionsIn(next, { amendment, version }, actions);
      one.versions.push({ ...written, list, ...byHand(one.mover), at: placeIn(event) });
    });
  }

  /** A version that another amendment made. */
  #merge(event: Happening, target: AmendmentHistory, origin: Origin): void {
    const { amendment, version, by, parent, base, substitute, text, actions, reason } = event.args;
    this.#requireSame("amendment", amendment, target.amendment);
    this.#requireNext(`version of amendment ${amendment}`, version, BigInt(target.versions.length));
    this.#requireSame("amendment", by, origin.amendment);
    const before: Version = lastOf(target.versions);
    const content = lastOf(this.#amendment(by).versions);
    this.#requireSame("parent", parent, before.parent);
    this.#requireSame("base", base, before.base);
    this.#requireSame("substitute", substitute, before.substitute);
    this.#requireSame("text", text, content.text);
    this.#requireSame("actions", actions, content.actions);
    this.#requireSame("reason", reason, ZeroHash);
    const { list } = content;
    target.versions.push({
      ...before,
      number: version,
      text,
      actions,
      reason,
      list,
      ...origin,
      at: placeIn(event),
    });
  }

  /** The text of an amendment becomes that of what it amends, which is told next. */
  #bring(one: AmendmentHistory, status: "accepted" | "adopted", origin: Origin): void {
    const { parent } = lastOf(one.versions);
    this.#settle(one, status);
    if (parent === 0n) {
      this.#expect("MotionRevised", (next) => this.#revise(next, one.motion, origin));
    } else {
      this.#expect("AmendmentWritten", (next) => this.#merge(next, this.#amendment(parent), origin));
    }
  }

  #settle(one: AmendmentHistory, status: AmendmentStatus): void {
    one.status = status;
    const motion = this.#motion(one.motion);
    if (motion.question === one.amendment) motion.question = 0n;
  }

  #expect(name: string, run: (event: Happening) => void): void {
    this.#due.push({ name, transaction: (this.#event as Happening).transaction, run });
  }

  #actionsIn({ args }: Happening, subject: Readonly<Record<string, bigint>>, digest: string): Actions {
    for (const [what, expected] of Object.entries(subject)) this.#requireSame(what, args[what], expected);
    const [targets, values, calldatas] = args.actions;
    const list = { targets: [...targets], values: [...values], calldatas: [...calldatas] };
    this.#requireSame("digest of the actions", digestOfActions(list), digest);
    return list;
  }

  #count(what: string, members: Set<bigint>, number: bigint, told: bigint): void {
    if (members.has(number)) this.#fail(`member ${number} is told twice`);
    members.add(number);
    const counted = BigInt(members.size);
    this.#requireSame(`number of the ${what}`, told, counted < MOST ? counted : MOST);
  }

  #motion(motion: bigint): MotionHistory {
    return this.motions.get(motion) ?? this.#fail(`no event told of motion ${motion} before`);
  }

  #amendment(amendment: bigint): AmendmentHistory {
    return this.amendments.get(amendment) ?? this.#fail(`no event told of amendment ${amendment} before`);
  }

  #motionIn(motion: bigint, ...statuses: MotionStatus[]): MotionHistory {
    const one = this.#motion(motion);
    if (statuses.includes(one.status)) return one;
    return this.#fail(
      `motion ${motion} is "${one.status}" by the events before, and would have to be ${anyOf(statuses)}`,
    );
  }

  #amendmentIn(amendment: bigint, ...statuses: AmendmentStatus[]): AmendmentHistory {
    const one = this.#amendment(amendment);
    if (statuses.includes(one.status)) return one;
    return this.#fail(
      `amendment ${amendment} is "${one.status}" by the events before, and would have to be ${anyOf(statuses)}`,
    );
  }

  /** An amendment that is open while nothing is before the members. */
  #free(amendment: bigint): AmendmentHistory {
    const one = this.#amendmentIn(amendment, "open");
    this.#requireSame("question", this.#motionIn(one.motion, "tabled").question, 0n);
    return one;
  }

  /** A motion without open amendments. */
  #settled(motion: bigint, ...statuses: MotionStatus[]): MotionHistory {
    const one = this.#motionIn(motion, ...statuses);
    const left = one.amendments.find((each) =>
      ["open", "silence", "put"].includes(this.#amendment(each).status),
    );
    if (left !== undefined) this.#fail(`amendment ${left} was not settled before`);
    return one;
  }

  #requireNext(what: string, told: bigint, last: bigint): void {
    if (told !== last + 1n) {
      this.#fail(`it is about ${what} ${told}, and ${last + 1n} comes next: events are missing or altered`);
    }
  }

  #requireSame<T extends string | bigint | boolean>(what: string, told: T, expected: T): void {
    if (told !== expected) this.#fail(`${what} ${told}, where the events before it make that ${expected}`);
  }

  #fail(why: string): never {
    throw new Problem(`The events of the motions do not fit together at ${placeOf(this.#event)}: ${why}.`);
  }
}

const byHand = (member: bigint): Origin => ({ how: "written", member, amendment: 0n, decision: 0n });

const placeIn = ({ block, index, transaction }: Happening) => ({ block, index, transaction });

const anyOf = (words: readonly string[]) => words.map((word) => `"${word}"`).join(" or ");

function placeOf(event: Happening | undefined): string {
  return event === undefined ? "their end" : `block ${event.block}, log ${event.index} (${event.name})`;
}
