import type { Comparison } from "../expectations.js";
import { Act, type Setting } from "../roll/act.js";
import { playCharter } from "./charter.js";
import { Desk, type MotionContracts } from "./desk.js";
import type { MotionFigures } from "./figures.js";
import { playPlan } from "./plan.js";
import { playStatement } from "./statement.js";
import { Texts } from "./texts.js";
import type { MotionStory } from "./types.js";

/** Where the motions are played, beside the coalition. */
export interface MotionPlace {
  /** The folder of the content store that the texts go through. */
  readonly store: string;
  /** The first block of the coalition's deployment. */
  readonly fromBlock: number;
}

/** What came of it, and what was held against the story. */
export interface MotionsPlayed {
  readonly figures: MotionFigures;
  readonly comparisons: readonly Comparison[];
}

/**
 * Plays how members write together what they decide on, on a coalition whose first weeks are over and on a chain whose
 * time can be moved: a plan with amendments to it, the first clauses of the charter and two changes of one of them at
 * once, and a statement of those who voted against the plan. Every text goes through a content store; on chain stand
 * digests. Members sign, and send nothing themselves.
 */
export async function playMotions(
  setting: Setting,
  contracts: MotionContracts,
  story: MotionStory,
  { store, fromBlock }: MotionPlace,
): Promise<MotionsPlayed> {
  const act = new Act(setting, "move");
  const desk = new Desk(act, contracts, new Texts(store));
  const { figures: plan, question } = await playPlan(desk, story.plan, fromBlock);
  const statement = await playStatement(desk, story.plan, question, fromBlock);
  const charter = await playCharter(desk, story.charter, fromBlock);
  return {
    figures: { told: act.told, refused: desk.refused, plan, statement, charter },
    comparisons: act.comparisons,
  };
}
