import { ZeroHash } from "ethers";
import { titleOf } from "../motions/desk.js";
import { counted } from "../words.js";
import type { ForumDesk, Post } from "./desk.js";
import type { ForumStory, StoryPlace, StoryThread } from "./types.js";

/** Where each post of a thread's file came to stand: its list, and its place there. */
export type Places = ReadonlyMap<string, { readonly list: number; readonly places: readonly number[] }>;

/** The first clauses of the Code; then whoever will speak accepts it. */
export async function enactCode(desk: ForumDesk, { code, threads }: ForumStory): Promise<void> {
  const { act, contracts, texts } = desk;
  const [document] = await contracts.speakers.codeOfConduct();
  const actions = [];
  let base = ZeroHash;
  for (const [preceding, text] of code.clauses.entries()) {
    const digest = await texts.put(text);
    const data = contracts.charter.interface.encodeFunctionData("insert", [
      document,
      preceding,
      base,
      digest,
    ]);
    actions.push({ to: act.contracts.addresses.charter, data });
    base = digest;
  }
  await desk.decide(code, actions);
  const [, version] = await contracts.speakers.codeOfConduct();
  act.same("forum: version of the Code in force", 1, version);
  act.same(
    "forum: the Code's title in the charter",
    code.document,
    (await contracts.charter.documentOf(document)).title,
  );
  const speakers = new Set(threads.flatMap(({ posts }) => posts.map(({ by }) => by)));
  for (const number of speakers) await desk.accept(number);
  await act.tell(
    `the members enacted the first ${counted(code.clauses.length, "clause")} of the document "${code.document}"; ${counted(speakers.size, "member")} accepted it, by requests that somebody else paid for`,
  );
}

/** Everything that is said, list by list. */
export async function talk(desk: ForumDesk, story: ForumStory): Promise<Places> {
  const places = new Map<string, { list: number; places: number[] }>();
  for (const [index, thread] of story.threads.entries()) {
    const list = await desk.listOf(thread.list);
    // The first list one by one, as somebody posts; the others as a relayer brings them.
    places.set(thread.file, { list, places: await (index === 0 ? oneByOne : together)(desk, thread, list) });
  }
  const posts = story.threads.reduce((sum, thread) => sum + thread.posts.length, 0);
  const { forum } = desk.contracts;
  const found = await forum.queryFilter(forum.filters.Posted());
  desk.act.same("forum: posts of the debate", posts, found.length);
  return places;
}

/** An author corrects a post: a record of its own, that points back. */
export async function correct(desk: ForumDesk, { edit, threads }: ForumStory, places: Places): Promise<void> {
  const { act, contracts, texts } = desk;
  const { list, place } = placeOf(places, edit);
  const before = await contracts.forum.seriesOf(list);
  const by = authorOf(threads, edit);
  const at = await desk.post({ by, kind: "edit", list, to: place, digest: await texts.put(edit.text) });
  act.same("forum: records of the list after an edit", BigInt.asUintN(32, before) + 1n, at);
  act.same("forum: author of the edit", by, await contracts.forum.authorOf(list, at));
  await act.tell(
    `member ${by} corrected a post; the first text stays on record, and the edit points back to it`,
  );
  const other = threads.flatMap(({ posts }) => posts).find((post) => post.by !== by)?.by ?? 1;
  const data = contracts.forum.interface.encodeFunctionData("post", [
    2,
    list,
    place,
    await texts.put(edit.text),
  ]);
  await desk.attempt(
    other,
    `to edit a post of member ${by}`,
    { to: act.contracts.addresses.forum, data },
    "ForumNotAuthor",
  );
}

/** Somebody of the pool hides a post at once; nobody opens a case, and it is seen again. */
export async function hideForNow(desk: ForumDesk, { emergency }: ForumStory, places: Places): Promise<void> {
  const { act, contracts, texts } = desk;
  const { list, place } = placeOf(places, emergency);
  const { forum, conduct } = contracts;
  const reason = await texts.put(emergency.reason);
  await act.sent(conduct.connect(act.keyOf(emergency.by)).hideNow(list, place, reason));
  act.same("forum: the post is hidden in the emergency", true, await forum.isHidden(list, place));
  await act.tell(`member ${emergency.by} of the pool hid a post at once, with a reason in public`);
  const { hiddenUntil } = await forum.fateOf(list, place);
  await act.setting.clock.reach(Number(hiddenUntil) + 1);
  act.same("forum: the post is hidden after the emergency", false, await forum.isHidden(list, place));
  await act.tell("nobody opened a case about it, and the post was seen again by itself");
}

/** An author has a post erased; what is left is a tombstone. */
export async function erase(
  desk: ForumDesk,
  { erasure, threads }: ForumStory,
  places: Places,
): Promise<string> {
  const { act, contracts, texts } = desk;
  const { list, place } = placeOf(places, erasure);
  const by = authorOf(threads, erasure);
  await desk.erase(by, list, place, await texts.put(erasure.reason));
  const { erased } = await contracts.forum.fateOf(list, place);
  act.same("forum: the post has a tombstone", true, erased);
  const post = threads.find(({ file }) => file === erasure.file)?.posts[erasure.post - 1];
  await act.tell(
    `member ${by} had a post erased that named people; on record stands a tombstone with the reason`,
  );
  return post === undefined ? ZeroHash : texts.put(post.text);
}

/** Where a post of the story stands. */
export function placeOf(places: Places, { file, post }: StoryPlace): { list: number; place: number } {
  const thread = places.get(file);
  return { list: thread?.list ?? 0, place: thread?.places[post - 1] ?? 0 };
}

/** Who wrote a post of the story. */
export function authorOf(threads: readonly StoryThread[], { file, post }: StoryPlace): number {
  return threads.find((thread) => thread.file === file)?.posts[post - 1]?.by ?? 0;
}

async function oneByOne(desk: ForumDesk, thread: StoryThread, list: number): Promise<number[]> {
  const places: number[] = [];
  for (const post of thread.posts) {
    const to = post.to === undefined ? 0 : (places[post.to - 1] ?? 0);
    const kind = post.to === undefined ? "thread" : "reply";
    places.push(await desk.post({ by: post.by, kind, list, to, digest: await desk.texts.put(post.text) }));
  }
  await desk.act.tell(
    `${thread.list}: ${counted(places.length, "post")}, each signed by its author and brought by somebody else`,
  );
  return places;
}

/** One transaction brings a whole debate, and a post that is none: what cannot be posted is passed over. */
async function together(desk: ForumDesk, thread: StoryThread, list: number): Promise<number[]> {
  const { act, contracts, texts } = desk;
  const start = await desk.lengthOf(list);
  const places = thread.posts.map((_, index) => start + index + 1);
  const ahead = new Map<number, number>();
  const batch = [];
  for (const { by, to, text } of thread.posts) {
    const post: Post = {
      by,
      kind: to === undefined ? "thread" : "reply",
      list,
      to: to === undefined ? 0 : (places[to - 1] ?? 0),
      digest: await texts.put(text),
    };
    batch.push(await desk.signed(post, ahead.get(by) ?? 0));
    ahead.set(by, (ahead.get(by) ?? 0) + 1);
  }
  const [copied] = batch;
  if (copied !== undefined) batch.push(copied);
  const forum = contracts.forum.connect(act.setting.relayer);
  await act.sent(forum.postMany(batch));
  const skipped = await forum.queryFilter(forum.filters.PostSkipped());
  act.same(`forum: posts of the batch passed over, a copy of the first among them`, 1, skipped.length);
  act.same(`forum: records of "${thread.list}"`, start + places.length, await desk.lengthOf(list));
  const title = thread.posts[0] === undefined ? thread.file : titleOf(thread.posts[0].text);
  await act.tell(
    `${thread.list}: one transaction brought the debate "${title}", ${counted(places.length, "signed post")}; a copy of the first was passed over`,
  );
  return places;
}
