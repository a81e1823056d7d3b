import { existsSync } from "node:fs";
import { join } from "node:path";
import { readText } from "../../content/text.js";
import { Field } from "../field.js";
import { SIDES } from "../types.js";
import {
  CHARTER_MOTIONS,
  type MotionStory,
  type StoryAmendment,
  type StoryBallots,
  type StoryCharter,
  type StoryMotion,
  type StoryPlan,
  type StoryText,
  type StoryWording,
} from "./types.js";

/** Clauses that one decision can bring: so many actions it holds. */
const MOST_CLAUSES = 16;
/** Edits, adoptions and rebases that a story can tell. */
const MOST_REVISIONS = 50;

const MOTION = ["by", "text", "purpose", "endorsers", "ballots"] as const;

/**
 * Reads and checks the motions of a pilot, and every text in them.
 * @param folder Holds `motions.json5`, and the texts by the paths that it gives.
 * @param members How many are on the roll.
 * @throws Problem that names file, key and what is allowed; or of a text, the file and what is wrong with it.
 */
export function readMotions(folder: string, members: number): MotionStory {
  const file = Field.read(join(folder, "motions.json5"), `${folder}/motions.json5`);
  const { plan, charter } = file.object(["plan", "charter"]);
  const reader = new Reader(folder, members);
  return { plan: reader.plan(plan), charter: reader.charter(charter) };
}

class Reader {
  constructor(
    private readonly folder: string,
    private readonly members: number,
  ) {}

  plan(field: Field): StoryPlan {
    const of = field.object([
      ...["by", "purpose", "tabled", "edited", "endorsers", "amendments", "ballots"],
      ...["refused", "statement", "expect"],
    ]);
    const amendments = this.#amendments(of.amendments);
    const ballots = this.#ballots(of.ballots);
    const refused = of.refused.object(["stale", "third", "turn"]);
    const { order, revisions, text } = of.expect.object(["order", "revisions", "text"]);
    const names = amendments.map(({ name }) => name);
    return {
      by: this.#member(of.by),
      purpose: this.#text(of.purpose),
      tabled: this.#text(of.tabled),
      edited: this.#text(of.edited),
      endorsers: of.endorsers.numbers(this.members),
      amendments,
      ballots,
      refused: {
        stale: this.#member(refused.stale),
        third: this.#member(refused.third),
        turn: this.#member(refused.turn),
      },
      statement: this.#statement(of.statement, ballots),
      expected: {
        order: order.list("names of amendments").map((name) => name.oneOf(names)),
        revisions: revisions.whole(1, MOST_REVISIONS),
        text: this.#text(text),
      },
    };
  }

  charter(field: Field): StoryCharter {
    const of = field.object(["document", "first", "clause", "sooner", "later", "expect"]);
    const first = of.first.object([...MOTION, "clauses"]);
    const clauses = this.#texts(first.clauses);
    const later = of.later.object([...MOTION, "wording", "rebased"]);
    const rebased = later.rebased.object(["text", "wording", "ballots"]);
    const { versions } = of.expect.object(["versions"]);
    return {
      document: of.document.text(),
      first: { ...this.#motion(first), clauses },
      clause: of.clause.whole(1, clauses.length),
      sooner: this.#wording(of.sooner.object([...MOTION, "wording"])),
      later: {
        ...this.#wording(later),
        rebased: {
          text: this.#text(rebased.text),
          wording: this.#text(rebased.wording),
          ballots: this.#ballots(rebased.ballots),
        },
      },
      expected: {
        versions: versions.list("versions").map((version) => {
          const { by, clauses: inForce } = version.object(["by", "clauses"]);
          return { by: by.oneOf(CHARTER_MOTIONS), clauses: this.#texts(inForce) };
        }),
      },
    };
  }

  #amendments(field: Field): StoryAmendment[] {
    const amendments: StoryAmendment[] = [];
    for (const [name, one] of field.named()) {
      const of = one.object(["by", "text", "reason", "ballots", "becomes"], ["to", "rebased"]);
      const rebased = of.rebased?.object(["text", "reason"]);
      // Two levels, and nothing is amended before it was moved.
      const parents = amendments.filter(({ to }) => to === undefined).map((parent) => parent.name);
      amendments.push({
        name,
        ...(of.to && { to: of.to.oneOf(parents) }),
        by: this.#member(of.by),
        text: this.#text(of.text),
        reason: this.#text(of.reason),
        ...(rebased && {
          rebased: { text: this.#text(rebased.text), reason: this.#text(rebased.reason) },
        }),
        ballots: this.#ballots(of.ballots),
        becomes: of.becomes.oneOf(["adopted", "rejected"]),
      });
    }
    // The third level is tried on one of the second.
    if (!amendments.some(({ to }) => to !== undefined))
      field.refuse("an amendment to another one among them");
    return amendments;
  }

  #statement(field: Field, ballots: StoryBallots): StoryPlan["statement"] {
    const { by, text, cosigners, refused } = field.object(["by", "text", "cosigners", "refused"]);
    const against = ballots.against.join(", ");
    const author = this.#member(by);
    const signers = cosigners.numbers(this.members);
    const inFavour = this.#member(refused);
    if (!ballots.against.includes(author)) by.refuse(`one who votes against: ${against}`);
    if (signers.some((number) => number === author || !ballots.against.includes(number))) {
      cosigners.refuse(`others who vote against: ${against}`);
    }
    if (!ballots.for.includes(inFavour)) refused.refuse(`one who votes for: ${ballots.for.join(", ")}`);
    return { by: author, text: this.#text(text), cosigners: signers, refused: inFavour };
  }

  #motion(of: Record<(typeof MOTION)[number], Field>): StoryMotion {
    return {
      by: this.#member(of.by),
      text: this.#text(of.text),
      purpose: this.#text(of.purpose),
      endorsers: of.endorsers.numbers(this.members),
      ballots: this.#ballots(of.ballots),
    };
  }

  #wording(of: Record<(typeof MOTION)[number] | "wording", Field>): StoryWording {
    return { ...this.#motion(of), wording: this.#text(of.wording) };
  }

  #ballots(field: Field): StoryBallots {
    const of = field.object(SIDES);
    const [against, inFavour, abstain] = SIDES.map((side) => of[side].numbers(this.members));
    const voters = [...against, ...inFavour, ...abstain];
    if (new Set(voters).size < voters.length) field.refuse("every voter once");
    return { against, for: inFavour, abstain };
  }

  #texts(field: Field): StoryText[] {
    const texts = field.list("Markdown files").map((one) => this.#text(one));
    return texts.length <= MOST_CLAUSES ? texts : field.refuse(`1 to ${MOST_CLAUSES} Markdown files`);
  }

  #text(field: Field): StoryText {
    const file = field.text();
    const path = join(this.folder, file);
    if (!existsSync(path)) field.refuse(`a Markdown file of the folder ${this.folder}`);
    return { file, bytes: readText(path).bytes };
  }

  #member(field: Field): number {
    return field.whole(1, this.members);
  }
}
