import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ArtifactManager } from "hardhat/types/artifacts";
import type { NetworkConnection } from "hardhat/types/network";
import type { AddressBook } from "./lib/address-book.js";
import { deployCoalition } from "./lib/deploy.js";
import { checkDeployment } from "./lib/deploy-check.js";
import { type KnownNetwork, meet, type Patience, steady } from "./lib/network.js";
import { type ParameterFile, readParameterFile } from "./lib/parameters.js";
import { playAssembly } from "./lib/pilot/assembly/play.js";
import { checkCalls, readInterfaces } from "./lib/pilot/calls.js";
import { clockOf, isDevelopmentNode } from "./lib/pilot/clock.js";
import { coalitionAt } from "./lib/pilot/coalition.js";
import { readStory } from "./lib/pilot/data.js";
import type { ElectionStory } from "./lib/pilot/elections/data.js";
import { playElections } from "./lib/pilot/elections/play.js";
import { type Comparison, compare } from "./lib/pilot/expectations.js";
import { readText } from "./lib/pilot/field.js";
import { readFigures } from "./lib/pilot/figures.js";
import { playForum } from "./lib/pilot/forum/play.js";
import type { ForumStory } from "./lib/pilot/forum/types.js";
import { endow, type Funding, fund, gasNeeds, planFunding } from "./lib/pilot/funds.js";
import { Keyring } from "./lib/pilot/keys.js";
import { playMotions } from "./lib/pilot/motions/play.js";
import type { MotionStory } from "./lib/pilot/motions/types.js";
import { Performance } from "./lib/pilot/performance.js";
import { type Plan, planStory, requirePatience } from "./lib/pilot/plan.js";
import { type Report, summary, toMarkdown, toText } from "./lib/pilot/report.js";
import { rollContractsAt, type Setting } from "./lib/pilot/roll/act.js";
import { playRoll } from "./lib/pilot/roll/play.js";
import type { Story } from "./lib/pilot/types.js";
import { duration } from "./lib/pilot/words.js";
import { Problem } from "./lib/problem.js";

/** Of which members' keys are derived on a chain of one's own, unless another seed is given. */
export const DEFAULT_SEED = "the first weeks";

/** What a pilot plays, found good without asking any network. */
export interface Script {
  readonly story: Story;
  readonly parameterFile: ParameterFile;
  readonly plan: Plan;
}

export interface PilotOptions extends Script {
  readonly connection: NetworkConnection;
  readonly artifacts: ArtifactManager;
  /** The folder that holds a folder for each deployment. */
  readonly deployments: string;
  /** The folder for `pilot.json` and `pilot.md`. */
  readonly reports: string;
  readonly seed?: string | undefined;
  /** Goes on, where time can be moved, with what members do beside voting; needs the project's own story. */
  readonly roll?: boolean;
  /** Goes on, where time can be moved, with the decisions of a larger coalition. */
  readonly assembly?: boolean;
  /** Goes on, where time can be moved, with elections; needs the roll of the project's own story. */
  readonly elections?: ElectionStory | undefined;
  /** Goes on, where time can be moved, with motions, amendments and the charter; needs the project's own roll. */
  readonly motions?: MotionStory | undefined;
  /** Goes on, where time can be moved, with what is said, and a complaint about it; needs the elections of the pool. */
  readonly forum?: ForumStory | undefined;
  /** The folder of the texts that the act decides on. */
  readonly texts?: string;
  /** Waits even where time could be moved. */
  readonly realTime?: boolean;
  /** Longest that a story may take where time is not moved, in minutes. */
  readonly longestMinutes: number;
  readonly patience?: Patience;
  readonly say: (line: string) => void;
}

/**
 * Reads all data of a pilot and finds what is wrong with it.
 * @param folder Holds `roll.json5`, `story.json5` and the texts.
 * @param parameters A path that ends with `.json5`, or a name in `deploy/parameters/`.
 */
export function readScript(folder: string, parameters: string): Script {
  const parameterFile = readParameterFile(parameters);
  const story = readStory(folder, parameterFile.parameters);
  return { story, parameterFile, plan: planStory(story, parameterFile.parameters) };
}

/** Plays a story on a network, reports on it, and answers the report. Sends nothing that cannot come to its end. */
export async function runPilot(options: PilotOptions): Promise<Report> {
  const { connection, story, parameterFile, say } = options;
  const { ethers } = connection;
  const { Membership } = parameterFile.parameters;
  checkCalls(story, await readInterfaces(options.artifacts));
  const network = await meet(connection, undefined, options.patience);
  const development = await isDevelopmentNode(connection);
  const clock = await clockOf(connection, development, options.realTime === true);
  if (!clock.moves) requirePatience(options.plan, Membership, clock, options.longestMinutes);

  // Whoever knows a seed has the keys: fit for a chain of one's own only.
  const own = network.isLocal && development;
  if (!own && options.seed !== undefined) {
    throw new Problem(
      `--seed is for a local chain: on ${network.name} anybody who knows it had the members' keys.`,
    );
  }
  const seed = own ? (options.seed ?? DEFAULT_SEED) : undefined;
  const keys = new Keyring(ethers, seed);
  const needs = gasNeeds(story, keys);
  const [relayer] = await ethers.getSigners();
  let funding: Funding | undefined;
  if (!own && relayer !== undefined) funding = await planFunding(ethers, relayer, needs);

  say(`${story.title}: ${Membership.name} on ${network.name} (${network.address}, chain ${network.chainId})`);
  say(`Keys    ${seed === undefined ? "random, for this run only" : `derived from the seed "${seed}"`}`);
  say(
    `Time    ${clock.moves ? "moved from step to step" : "passes by itself"}; the story takes ${duration(options.plan.seconds)}`,
  );
  if (funding !== undefined) say(`Ether   ${funding.words}`);
  const { book, deployment } = await deploy(options, network);
  if (own) await endow(ethers, needs.members.keys());
  if (funding !== undefined) await fund(ethers, relayer, funding);

  const coalition = await coalitionAt(connection, book);
  const performance = new Performance({ ethers, clock, coalition, story, keys, relayer, say });
  await performance.run();
  const figures = await readFigures({ ethers, coalition, story, performance, fromBlock: book.block });
  const comparisons = [deployment, ...compare(story, figures, performance.attempted)];
  const textOf = (name: string) => readText(join(options.texts ?? "pilot/decisions", name), name);
  // The acts need more time than anybody would wait, and stages longer than their own transactions.
  const movable = own && clock.moves && parameterFile.parameters.Governor.action.period >= 86_400;
  const act =
    options.roll === true && movable ? await playRoll(await setting(), story.roll.length) : undefined;
  comparisons.push(...(act?.comparisons ?? []));
  const assembly = options.assembly === true && movable ? await gather() : undefined;
  comparisons.push(...(assembly?.comparisons ?? []));
  const elected = options.elections !== undefined && movable ? await elect(options.elections) : undefined;
  comparisons.push(...(elected?.comparisons ?? []));
  const moved = options.motions !== undefined && movable ? await move(options.motions) : undefined;
  comparisons.push(...(moved?.comparisons ?? []));
  const { forum } = options;
  const office = options.elections?.elections.findIndex(({ name }) => name === forum?.pool.office) ?? -1;
  const said = forum !== undefined && office >= 0 && movable ? await talk(forum, office + 1) : undefined;
  comparisons.push(...(said?.comparisons ?? []));
  const report: Report = {
    title: story.title,
    coalition: Membership.name,
    ok: comparisons.every(({ ok }) => ok),
    network: { name: network.name, chainId: Number(network.chainId), ephemeral: network.isEphemeral },
    parameters: parameterFile.path,
    ...(seed !== undefined && { seed }),
    contracts: book.contracts,
    figures,
    refused: performance.attempted,
    ...(act !== undefined && { roll: act.told }),
    ...(assembly !== undefined && { assembly: assembly.told }),
    ...(elected !== undefined && { elections: elected.told }),
    ...(moved !== undefined && { motions: moved.figures }),
    ...(said !== undefined && { forum: said.figures }),
    comparisons,
  };
  const blocks = summary(report);
  say(toText(blocks));
  mkdirSync(options.reports, { recursive: true });
  writeFileSync(join(options.reports, "pilot.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(options.reports, "pilot.md"), toMarkdown(blocks));
  return report;

  /** What an act needs of the coalition of the first weeks. */
  async function setting(): Promise<Setting> {
    return {
      ethers,
      clock,
      keys,
      relayer,
      contracts: await rollContractsAt(ethers, book),
      textOf,
      say,
    };
  }

  /** The coalition of the first weeks elects. */
  async function elect(elections: ElectionStory) {
    const { contracts } = book;
    return playElections(
      await setting(),
      {
        offices: await ethers.getContractAt("Offices", contracts.offices),
        elections: await ethers.getContractAt("Elections", contracts.elections),
        approval: await ethers.getContractAt("ApprovalBallots", contracts.approval),
        ranked: await ethers.getContractAt("RankedBallots", contracts.ranked),
      },
      elections,
      book.block,
    );
  }

  /** The coalition of the first weeks writes together what it decides on. */
  async function move(motions: MotionStory) {
    const { contracts } = book;
    return playMotions(
      await setting(),
      {
        motions: await ethers.getContractAt("Motions", contracts.motions),
        amendments: await ethers.getContractAt("Amendments", contracts.amendments),
        charter: await ethers.getContractAt("Charter", contracts.charter),
        statements: await ethers.getContractAt("MinorityStatements", contracts.statements),
        resolutions: await ethers.getContractAt("Resolutions", contracts.resolutions),
      },
      motions,
      { store: join(options.reports, "texts"), fromBlock: book.block },
    );
  }

  /** The coalition of the first weeks talks. */
  async function talk(story: ForumStory, pool: number) {
    const { contracts } = book;
    return playForum(
      await setting(),
      {
        charter: await ethers.getContractAt("Charter", contracts.charter),
        offices: await ethers.getContractAt("Offices", contracts.offices),
        speakers: await ethers.getContractAt("Speakers", contracts.speakers),
        forum: await ethers.getContractAt("Forum", contracts.forum),
        profiles: await ethers.getContractAt("Profiles", contracts.profiles),
        panels: await ethers.getContractAt("Panels", contracts.panels),
        conduct: await ethers.getContractAt("Conduct", contracts.conduct),
      },
      story,
      {
        store: join(options.reports, "texts"),
        office: pool,
        folder: options.reports,
        fromBlock: book.block,
      },
    );
  }

  /** Founds the larger coalition, with keys of its own. */
  async function gather() {
    const larger = await deploy(options, network, "assembly");
    return playAssembly(
      {
        ethers,
        clock,
        keys: new Keyring(ethers, `${seed}, the assembly`),
        relayer,
        contracts: await rollContractsAt(ethers, larger.book),
        textOf,
        say,
      },
      await ethers.getContractAt("Resolutions", larger.book.contracts.resolutions),
    );
  }
}

/** Deploys a coalition of its own for this run, and holds it against its parameter file. */
async function deploy(
  { connection, parameterFile, artifacts, deployments, patience, say }: PilotOptions,
  network: KnownNetwork,
  name = "pilot",
): Promise<{ book: AddressBook; deployment: Comparison }> {
  const { book } = await deployCoalition({
    parameterFile,
    artifacts,
    connection,
    folder: deployments,
    id: `${name}-${network.chainId}-${Date.now()}`,
    confirmations: 1,
    ...(patience && { patience }),
    report: network.isEphemeral ? () => {} : say,
  });
  const node = steady(connection.provider);
  const { findings } = await checkDeployment({ book, parameterFile, network, node, artifacts });
  const good = findings.filter(({ ok }) => ok).length;
  say(
    `Founded ${parameterFile.path}: ${good} of ${findings.length} owners, roles and parameters as the file has them`,
  );
  return {
    book,
    deployment: {
      what: "owners, roles and parameters as the parameter file has them",
      expected: String(findings.length),
      actual: String(good),
      ok: good === findings.length,
    },
  };
}
