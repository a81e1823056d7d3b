import type { Attempted } from "../attempts.js";
import type { Comparison } from "../expectations.js";
import { endow } from "../funds.js";
import { Texts } from "../motions/texts.js";
import { Act, type Setting, type Told } from "../roll/act.js";
import { playArchive } from "./archive.js";
import { Pool, playCase } from "./case.js";
import { correct, enactCode, erase, hideForNow, talk } from "./debate.js";
import { type ForumContracts, ForumDesk } from "./desk.js";
import type { ForumStory } from "./types.js";

/** Where the forum is played, beside the coalition. */
export interface ForumPlace {
  /** The folder of the content store that the texts go through. */
  readonly store: string;
  /** The office that panels are drawn from. */
  readonly office: number;
  /** The folder for the archive. */
  readonly folder: string;
  /** The first block of the coalition's deployment. */
  readonly fromBlock: number;
}

/** What the report says of the forum. */
export interface ForumFigures {
  readonly told: readonly Told[];
  readonly refused: readonly Attempted[];
}

/** What came of it, and what was held against the story. */
export interface ForumPlayed {
  readonly figures: ForumFigures;
  readonly comparisons: readonly Comparison[];
}

/**
 * Plays how members talk, on a coalition that has elected its pool and on a chain whose time can be moved: a debate, a
 * correction, an emergency that lapses, an erasure, and a complaint with a ruling and an appeal. At the end everything is
 * exported and checked.
 */
export async function playForum(
  setting: Setting,
  contracts: ForumContracts,
  story: ForumStory,
  { store, office, folder, fromBlock }: ForumPlace,
): Promise<ForumPlayed> {
  const act = new Act(setting, "talk");
  const desk = new ForumDesk(act, contracts, new Texts(store));
  await enactCode(desk, story);
  const pool = await Pool.found(desk, story, office);
  await endow(
    setting.ethers,
    pool.numbers.map((number) => act.keyOf(number)),
  );
  const places = await talk(desk, story);
  await correct(desk, story, places);
  await hideForNow(desk, story, places);
  const erased = await erase(desk, story, places);
  await playCase(desk, pool, story, places);
  await playArchive(desk, { store, folder, fromBlock }, erased);
  return { figures: { told: act.told, refused: desk.refused }, comparisons: act.comparisons };
}
