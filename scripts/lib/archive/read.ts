import { createReadStream } from "node:fs";
import { CarBlockIterator } from "@ipld/car";
import { Interface, type Result } from "ethers";
import { CoalitionGovernor__factory } from "../../../typechain-types/index.js";
import { cidOf, digestOf } from "../content/digest.js";
import { Problem } from "../problem.js";
import type { ArchivedLog } from "./logs.js";
import { linesOf, logOf } from "./logs.js";
import { type Manifest, manifestIn } from "./manifest.js";
import { quoted, safeText, safeTitle } from "./safe-text.js";
import { eventOf, type SeriesPlaces, seriesPlaces } from "./series.js";

const GOVERNOR = new Interface(CoalitionGovernor__factory.abi);
const SIDES = ["Against", "For", "Abstain"] as const;
const EDIT = 2n;

/** An archive that was found good, to be read. */
export interface Library {
  readonly manifest: Manifest;
  readonly contracts: SeriesPlaces;
  readonly governor: string;
  readonly logs: readonly ArchivedLog[];
  /** The text of a digest; undefined where the archive has none. */
  text(digest: string): string | undefined;
}

/**
 * Opens an archive to read in it. Everything that is not a log is kept as a text: an archive of the size of a coalition
 * fits into memory, and what checks it is another command.
 * @throws Problem where a block is not what its CID says.
 */
export async function openArchive(path: string): Promise<Library> {
  const blocks = new Map<string, Uint8Array>();
  let manifest: Manifest | undefined;
  try {
    for await (const { cid, bytes } of await CarBlockIterator.fromIterable(createReadStream(path))) {
      if (`${cidOf(digestOf(bytes))}` !== `${cid}`)
        throw new Problem(`${path} is corrupt; see archive verify.`);
      if (manifest === undefined) manifest = manifestIn(bytes);
      else blocks.set(`${cid}`, bytes);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(`${path} cannot be read; see archive verify.`);
  }
  if (manifest === undefined) throw new Problem(`${path} is empty.`);
  const logs = manifest.chunks.flatMap(({ parts }) =>
    parts.flatMap((cid) => linesOf(blocks.get(cid) ?? new Uint8Array()).map((line) => logOf(line, "A line"))),
  );
  const contracts = Object.fromEntries(
    manifest.contracts.map(({ name, address }) => [name, address]),
  ) as never;
  return {
    manifest,
    logs,
    contracts: seriesPlaces(contracts),
    governor: (contracts as Record<"governor", string>).governor,
    text(digest) {
      const bytes = blocks.get(`${cidOf(digest)}`);
      return bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");
    },
  };
}

interface Post {
  readonly place: bigint;
  readonly author: bigint;
  readonly to: bigint;
  readonly moment: bigint;
  digest: string;
  edits: number;
  hidden?: { readonly caseId: bigint; readonly until: bigint };
  erased: boolean;
  readonly answers: Post[];
}

/**
 * A list as Markdown, or one of its threads: posts nested as they answer, with what became of them.
 * @param place Of the first post of the thread; all threads unless given.
 * @param at The moment at which it is read, in seconds since 1970: hidings end by themselves.
 * @throws Problem for a list, or a thread, that the archive has not.
 */
export function readList(library: Library, list: number, at: number, place?: number): string[] {
  const events = library.logs.flatMap((log) => {
    const found = eventOf(log, library.contracts);
    return found?.contract === "forum" && found.event.args.list === BigInt(list) ? [found.event] : [];
  });
  const opened = events.find(({ name }) => name === "ListOpened");
  if (opened === undefined) throw new Problem(`The archive has no list ${list}.`);
  const threads = threadsOf(events);
  const shown = place === undefined ? threads : threads.filter((thread) => thread.place === BigInt(place));
  if (place !== undefined && shown.length === 0) {
    const known = threads.map((thread) => thread.place).join(", ");
    throw new Problem(`No thread of list ${list} begins at place ${place}; they begin at ${known}.`);
  }
  return [
    `# ${safeTitle(opened.args.name)}`,
    "",
    ...shown.flatMap((thread) => told(library, thread, BigInt(at), 0)),
  ];
}

function threadsOf(events: readonly { readonly name: string; readonly args: Result }[]): Post[] {
  const posts = new Map<bigint, Post>();
  /** Of an edit: the post that it is about, however many edits are between. */
  const about = new Map<bigint, Post>();
  const threads: Post[] = [];
  for (const { name, args } of events) {
    const subject = posts.get(args.to) ?? about.get(args.to);
    if (name === "Posted" && args.kind === EDIT && subject !== undefined) {
      subject.digest = args.digest;
      subject.edits++;
      about.set(args.place, subject);
    } else if (name === "Posted") {
      const { place, author, to, moment, digest } = args;
      const post: Post = { place, author, to, moment, digest, edits: 0, erased: false, answers: [] };
      posts.set(place, post);
      (subject?.answers ?? threads).push(post);
    } else if (subject !== undefined) {
      if (name === "PostHidden") subject.hidden = { caseId: args.caseId, until: args.until };
      if (name === "PostShown") delete subject.hidden;
      if (name === "PostErased") subject.erased = true;
    }
  }
  return threads;
}

function told(library: Library, post: Post, at: bigint, depth: number): string[] {
  const edits = post.edits === 0 ? "" : `, edited ${post.edits === 1 ? "once" : `${post.edits} times`}`;
  const head = `**${post.place}** · member ${post.author} · ${momentOf(post.moment)}${edits}`;
  const own = [head, "", ...bodyOf(library, post, at), ""];
  const indent = ">".repeat(depth);
  const lines = depth === 0 ? own : own.map((line) => `${indent} ${line}`.trimEnd());
  return [...lines, ...post.answers.flatMap((answer) => told(library, answer, at, depth + 1))];
}

function bodyOf(library: Library, { erased, hidden, digest }: Post, at: bigint): string[] {
  if (erased) return ["*Erased; the record stays.*"];
  if (hidden !== undefined && hidden.until >= at) {
    return [
      hidden.caseId === 0n ? "*Hidden for now, without a case yet.*" : `*Hidden by case ${hidden.caseId}.*`,
    ];
  }
  const text = library.text(digest);
  return text === undefined ? [`*Nobody gave the text ${cidOf(digest)}.*`] : safeText(text).split("\n");
}

/**
 * A decision as Markdown, with what was said on it: its text, how it was voted, statements of the minority, and where its
 * debate is spoken of.
 * @throws Problem for a decision that the archive has not.
 */
export function readDecision(library: Library, proposalId: string): string[] {
  const events = library.logs.flatMap((log) => {
    if (log.address !== library.governor) return [];
    const event = GOVERNOR.parseLog({ topics: [...log.topics], data: log.data });
    return event === null ? [] : [event];
  });
  const created = events.find(
    ({ name, args }) => name === "ProposalCreated" && String(args.proposalId) === proposalId,
  );
  if (created === undefined) throw new Problem(`The archive has no decision ${proposalId}.`);
  const votes = new Map<string, string>();
  for (const { name, args } of events) {
    if (name.startsWith("VoteCast") && String(args.proposalId) === proposalId) {
      votes.set(String(args.voter), SIDES[Number(args.support)] ?? "");
    }
  }
  const count = (side: string) => [...votes.values()].filter((one) => one === side).length;
  const [title = "", ...rest] = String(created.args.description).split("\n");
  const statements = library.logs.flatMap((log) => {
    const found = eventOf(log, library.contracts);
    const own = found?.event.name === "StatementFiled" && String(found.event.args.proposalId) === proposalId;
    return own ? [found.event.args] : [];
  });
  const debate = library.logs.flatMap((log) => {
    const found = eventOf(log, library.contracts);
    if (found?.event.name !== "Posted") return [];
    const text = library.text(found.event.args.digest);
    return text?.includes(proposalId) ? [found.event.args] : [];
  });
  return [
    `# ${safeTitle(title.replace(/^#+ /, ""))}`,
    "",
    `Decision ${proposalId}. ${SIDES.map((side) => `${side} ${count(side)}`).join(", ")}, by ballots of their own.`,
    "",
    ...safeText(rest.join("\n")).split("\n"),
    "",
    ...statements.flatMap(({ statement, number, digest }) => [
      `## Statement ${statement}, of member ${number}`,
      "",
      ...quoted(safeText(library.text(digest) ?? `Nobody gave the text ${cidOf(digest)}.`)),
      "",
    ]),
    ...(debate.length === 0 ? [] : ["## Where it was spoken of", ""]),
    ...debate.map(({ list, place, author }) => `- list ${list}, post ${place}, of member ${author}`),
  ];
}

const momentOf = (moment: bigint) =>
  `${new Date(Number(moment) * 1_000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
