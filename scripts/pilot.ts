import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkConnection } from "hardhat/types/network";
import { readParameterFile } from "./lib/parameters.js";
import { found } from "./lib/pilot/coalition.js";
import { readStory } from "./lib/pilot/data.js";
import { compare } from "./lib/pilot/expectations.js";
import { readFigures } from "./lib/pilot/figures.js";
import { endow, gasNeeds, Keyring } from "./lib/pilot/keys.js";
import { probe } from "./lib/pilot/network.js";
import { Performance } from "./lib/pilot/performance.js";
import { planStory, requirePatience } from "./lib/pilot/plan.js";
import { type Report, summary, toMarkdown, toText } from "./lib/pilot/report.js";
import { Problem } from "./lib/problem.js";

export const DEFAULT_SEED = "the first weeks";

export interface PilotOptions {
  /** Folder with `roll.json5`, `story.json5` and the texts. */
  readonly story: string;
  /** Parameter file: a path, or a name in `deploy/parameters/`. */
  readonly parameters: string;
  /** Of which the members' keys are derived, on a chain of one's own only. */
  readonly seed?: string;
  /** Waits even where time could be moved. */
  readonly realTime: boolean;
  /** Longest that a story may take where time passes as it does for everyone, in minutes. */
  readonly patience: number;
  /** Folder for `pilot.json` and `pilot.md`. */
  readonly reports: string;
  readonly say: (line: string) => void;
}

/** Everything that can be known to be wrong before a network is asked. */
export function prepare({ story: folder, parameters: file }: Pick<PilotOptions, "story" | "parameters">) {
  const { path, parameters } = readParameterFile(file);
  const story = readStory(folder, parameters);
  return { path, parameters, story, plan: planStory(story, parameters) };
}

/** Performs a story on a network and reports on it. Answers whether everything is as the story says. */
export async function runPilot(connection: NetworkConnection, options: PilotOptions): Promise<Report> {
  const { say } = options;
  const { path, parameters, story, plan } = prepare(options);
  const network = await probe(connection, options.realTime);
  if (!network.clock.moves) {
    requirePatience(plan, parameters.Membership, network.blockSeconds, options.patience);
  }
  if (!network.local && options.seed !== undefined) {
    throw new Problem(
      "A seed is for a chain of one's own: whoever knows it has the keys. Leave --seed out here.",
    );
  }
  const { ethers } = connection;
  const seed = network.local ? (options.seed ?? DEFAULT_SEED) : undefined;
  const keys = new Keyring(ethers, seed);
  const [relayer] = await ethers.getSigners();
  if (relayer === undefined)
    throw new Problem(`The network "${network.name}" has no account; set DEPLOYER_KEY.`);

  say(
    `${story.title}: ${parameters.Membership.name} on ${network.name} (chain ${network.chainId}, ${network.client})`,
  );
  say(seed === undefined ? "Keys: random, for this run only" : `Keys: derived from the seed "${seed}"`);
  const needs = gasNeeds(story, keys);
  if (network.local) await endow(ethers, needs.keys());
  const fromBlock = (await ethers.provider.getBlockNumber()) + 1;
  const coalition = await found(connection, parameters);
  const contracts = {
    membership: await coalition.membership.getAddress(),
    governor: await coalition.governor.getAddress(),
    timelock: await coalition.timelock.getAddress(),
  };
  say(
    `Deployed: roll ${contracts.membership}, governor ${contracts.governor}, timelock ${contracts.timelock}`,
  );

  const performance = new Performance({ ethers, network, coalition, story, keys, relayer, say });
  await performance.run();
  const figures = await readFigures({ ethers, coalition, story, performance, fromBlock });
  const comparisons = [...compare(story, figures), ...performance.comparisons()];
  const report: Report = {
    title: story.title,
    coalition: parameters.Membership.name,
    ok: comparisons.every(({ ok }) => ok),
    network: { name: network.name, chainId: network.chainId },
    parameters: path,
    ...(seed !== undefined && { seed }),
    contracts,
    figures,
    refused: performance.refused,
    comparisons,
  };
  writeReport(report, options.reports);
  say(toText(summary(report)));
  return report;
}

function writeReport(report: Report, folder: string): void {
  const json = JSON.stringify(report, (_, value) => (typeof value === "bigint" ? String(value) : value), 2);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pilot.json"), `${json}\n`);
  writeFileSync(join(folder, "pilot.md"), toMarkdown(summary(report)));
}
