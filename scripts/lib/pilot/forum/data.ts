import { existsSync } from "node:fs";
import { join } from "node:path";
import { readText } from "../../content/text.js";
import { Problem } from "../../problem.js";
import type { StoryDecision } from "../elections/data.js";
import { Field } from "../field.js";
import type { StoryText } from "../motions/types.js";
import type { ForumStory, StoryPlace, StoryPost, StoryThread } from "./types.js";

/** Clauses that one decision can bring: so many actions it holds. */
const MOST_CLAUSES = 16;
/** Longest suspension that a coalition can allow, in days. */
const MOST_DAYS = 180;

const HEADING = /^## (\d+), member (\d+)(?:, to (\d+))?$/;

/**
 * Reads and checks the forum of a pilot, and every text in it.
 * @param folder Holds `forum.json5`, and the texts by the paths that it gives.
 * @param members How many are on the roll.
 * @param elections Names of the elections, by which offices are named.
 * @throws Problem that names file, key and what is allowed; of a thread, the file and the heading.
 */
export function readForum(folder: string, members: number, elections: readonly string[]): ForumStory {
  const file = Field.read(join(folder, "forum.json5"), `${folder}/forum.json5`);
  const of = file.object(["code", "pool", "threads", "edit", "emergency", "erasure", "complaint"]);
  const reader = new Reader(folder, members);
  const threads = of.threads.list("threads").map((one) => reader.thread(one));
  reader.knows(threads);
  const pool = of.pool.object(["office", "by", "text", "for"]);
  return {
    code: reader.code(of.code),
    pool: { ...reader.decision(pool), office: pool.office.oneOf(elections) },
    threads,
    edit: reader.edit(of.edit),
    emergency: reader.emergency(of.emergency),
    erasure: reader.erasure(of.erasure),
    complaint: reader.complaint(of.complaint),
  };
}

/**
 * The posts of a thread's file.
 * @param file How refusals name it.
 * @throws Problem for a heading that is none, or that is out of order, and for a post without text.
 */
export function postsIn(text: string, file: string, members: number): StoryPost[] {
  const posts: StoryPost[] = [];
  if (!text.startsWith("## ")) throw new Problem(`${file}: a thread begins with "## 1, member <number>"`);
  for (const [index, part] of text.split(/^(?=## )/m).entries()) {
    const [heading = "", ...lines] = part.split("\n");
    const body = lines.join("\n").trim();
    const refuse = (why: string): never => {
      throw new Problem(`${file}: the heading "${heading}" ${why}`);
    };
    const [, number, by, to] =
      HEADING.exec(heading) ?? refuse('is none; allowed: "## <number>, member <number>, to <number>"');
    if (Number(number) !== index + 1) refuse(`is out of order; allowed: number ${index + 1}`);
    if (Number(by) < 1 || Number(by) > members) refuse(`names a member; allowed: 1 to ${members}`);
    if (to !== undefined && (Number(to) < 1 || Number(to) > index))
      refuse("answers a post that is not above it");
    if (body === "") refuse("has no text below it");
    posts.push({
      by: Number(by),
      ...(to !== undefined && { to: Number(to) }),
      text: { file: `${file}#${number}`, bytes: Buffer.from(`${body}\n`, "utf8") },
    });
  }
  return posts;
}

class Reader {
  #threads: readonly StoryThread[] = [];

  constructor(
    private readonly folder: string,
    private readonly members: number,
  ) {}

  /** From now on places are held against these. */
  knows(threads: readonly StoryThread[]): void {
    this.#threads = threads;
  }

  thread(field: Field): StoryThread {
    const { list, file } = field.object(["list", "file"]);
    const { bytes } = this.#text(file);
    const posts = postsIn(Buffer.from(bytes).toString("utf8"), `${this.folder}/${file.text()}`, this.members);
    if (posts.length === 0 || posts[0]?.to !== undefined)
      file.refuse("a file whose first post answers nothing");
    return { list: list.text(), file: file.text(), posts };
  }

  code(field: Field): ForumStory["code"] {
    const of = field.object(["document", "by", "text", "clauses", "for"]);
    const clauses = of.clauses.list("Markdown files").map((one) => this.#text(one));
    if (clauses.length > MOST_CLAUSES) of.clauses.refuse(`1 to ${MOST_CLAUSES} Markdown files`);
    return { ...this.decision(of), document: of.document.text(), clauses };
  }

  decision({ by, text, for: inFavour }: Record<"by" | "text" | "for", Field>): StoryDecision {
    return { by: this.#member(by), text: text.text(), for: inFavour.numbers(this.members) };
  }

  edit(field: Field): ForumStory["edit"] {
    const { text, ...place } = field.object(["file", "post", "text"]);
    return { ...this.#place(place), text: this.#text(text) };
  }

  emergency(field: Field): ForumStory["emergency"] {
    const { by, reason, ...place } = field.object(["by", "file", "post", "reason"]);
    return { ...this.#place(place), by: this.#member(by), reason: this.#text(reason) };
  }

  erasure(field: Field): ForumStory["erasure"] {
    const { reason, ...place } = field.object(["file", "post", "reason"]);
    return { ...this.#place(place), reason: this.#text(reason) };
  }

  complaint(field: Field): ForumStory["complaint"] {
    const of = field.object(["by", "file", "post", "clause", "evidence", "response", "ruling", "appeal"]);
    const ruling = of.ruling.object(["days", "reason"]);
    const appeal = of.appeal.object(["reason", "days", "ruling"]);
    const days = ruling.days.whole(1, MOST_DAYS);
    return {
      ...this.#place(of),
      by: this.#member(of.by),
      clause: of.clause.whole(1, MOST_CLAUSES),
      evidence: this.#text(of.evidence),
      response: this.#text(of.response),
      ruling: { days, reason: this.#text(ruling.reason) },
      appeal: {
        reason: this.#text(appeal.reason),
        days: appeal.days.whole(1, days - 1),
        ruling: this.#text(appeal.ruling),
      },
    };
  }

  #place({ file, post }: Record<"file" | "post", Field>): StoryPlace {
    const name = file.oneOf(this.#threads.map((thread) => thread.file));
    const posts = this.#threads.find((thread) => thread.file === name)?.posts ?? [];
    return { file: name, post: post.whole(1, posts.length) };
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
