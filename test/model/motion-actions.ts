/** What motions do once they are adopted, and the clauses that they change. */
import type { Class } from "./rules.js";
import { Refusal } from "./words.js";

/** A single action. The last two are refused where they are written. */
export type Deed =
  | { do: "amend"; clause: number; base: string; digest: string }
  | { do: "setX"; value: number }
  | { do: "call nobody" }
  | { do: "say too much" };

/** A list of actions with its digest as the chain has it. */
export type Actions = {
  deeds: readonly Deed[];
  digest: string;
  /** Whether a value is missing. */
  uneven?: boolean;
};

/** How long the calldata of an action is, in bytes. */
export const SIZES: Readonly<Record<Deed["do"], number>> = {
  amend: 132,
  setX: 36,
  "call nobody": 4,
  "say too much": 16_385,
};

const MOST = 16;
const MOST_CALLDATA = 16_384;

/** The class that a decision with these actions is of. */
export function classOf({ deeds }: Actions): Class {
  if (deeds.length === 0) return "resolution";
  return deeds.some((deed) => deed.do === "amend") ? "amendment" : "action";
}

/** Refuses what the governor would not take for a decision. */
export function requireDecidable({ deeds, uneven }: Actions, nobody: string): void {
  const { length } = deeds;
  if (uneven) throw new Refusal("MotionActionsUneven", length, length - 1, length);
  if (length > MOST) throw new Refusal("MotionActionsTooLong", "actions", length, MOST);
  if (deeds.some((deed) => deed.do === "call nobody"))
    throw new Refusal("MotionActionsTargetWithoutCode", nobody);
  const size = deeds.reduce((sum, deed) => sum + SIZES[deed.do], 0);
  if (size > MOST_CALLDATA) throw new Refusal("MotionActionsTooLong", "calldata", size, MOST_CALLDATA);
}

/** The clauses of a document, and the number in a box. */
export class Things {
  constructor(
    readonly document: number,
    /** By number of the clause. */
    public clauses: ReadonlyMap<number, string>,
    public box = 0,
  ) {}

  /** Whether an action changes a clause that has moved, unless an action before it is about the same clause. */
  hasMoved({ deeds }: Actions, index: number): boolean {
    const deed = deeds[index];
    if (deed?.do !== "amend" || this.clauses.get(deed.clause) === deed.base) return false;
    return !deeds.slice(0, index).some((one) => one.do === "amend" && one.clause === deed.clause);
  }

  /** The first action that {@link hasMoved} is true of; undefined for none. */
  findMoved(actions: Actions): number | undefined {
    return [...actions.deeds.keys()].find((index) => this.hasMoved(actions, index));
  }

  /** Does all of it or nothing. */
  perform({ deeds }: Actions): void {
    const clauses = new Map(this.clauses);
    let { box } = this;
    for (const deed of deeds) {
      if (deed.do === "setX") box = deed.value;
      if (deed.do !== "amend") continue;
      const { clause, base, digest } = deed;
      const current = clauses.get(clause) as string;
      if (current !== base) throw new Refusal("CharterClauseMoved", this.document, clause, base, current);
      clauses.set(clause, digest);
    }
    this.clauses = clauses;
    this.box = box;
  }
}
