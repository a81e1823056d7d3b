import { existsSync, writeFileSync } from "node:fs";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { exportCar, importCar } from "../lib/content/car.js";
import { describeChanges } from "../lib/content/diff-lines.js";
import { cidOf, digestIn } from "../lib/content/digest.js";
import { ContentStore, storePath } from "../lib/content/store.js";
import { readText, textIn } from "../lib/content/text.js";
import { diffTexts } from "../lib/content/text-diff.js";
import type { Outcome } from "../lib/member/coalition.js";
import { Problem } from "../lib/problem.js";
import { shown } from "./member-actions.js";
import { given } from "./options.js";

interface Common {
  readonly store: string;
  readonly json: boolean;
}

/** After how many texts progress is told. */
const TELL_EVERY = 500;

/** Runs a command on a store and shows its outcome. */
const content = <O extends Common>(work: (store: ContentStore, options: O) => Promise<Outcome>) =>
  shown<O>((options, hre: HardhatRuntimeEnvironment) =>
    work(new ContentStore(storePath(hre.config.paths.root, given(options.store))), options),
  );

/** Progress goes to people; a machine gets one object and nothing else. */
const progress = (what: string, { json }: Common) => {
  if (json) return () => {};
  return (done: number, total: number) => {
    if (done % TELL_EVERY !== 0 || done === total) return;
    console.log(`${what} ${done.toLocaleString("en")} of ${counted(total)}.`);
  };
};

export const add = content(async (store, { files }: Common & { files: readonly string[] }) => {
  // All of them first: where one is refused, nothing is stored.
  const texts = files.map((file) => ({ file, ...readText(file) }));
  const added = [];
  for (const { file, bytes } of texts) {
    const { cid, digest } = await store.put(bytes);
    added.push({ file, cid: `${cid}`, digest });
  }
  return {
    lines: added.flatMap(({ file, cid, digest }) => [file, `  CID     ${cid}`, `  digest  ${digest}`]),
    facts: { store: store.path, added },
  };
});

export const get = content(async (store, { text, out }: Common & { text: string; out: string }) => {
  const digest = nameIn(text);
  const bytes = await store.get(digest);
  const facts = { cid: `${cidOf(digest)}`, digest };
  if (out !== "") {
    if (existsSync(out)) throw new Problem(`${out} exists already; name another file with --out.`);
    writeFileSync(out, bytes, { flag: "wx" });
    return { lines: [`Written to ${out}: ${facts.cid}`], facts: { ...facts, file: out } };
  }
  const found = printable(bytes, facts.cid);
  // Printing ends the last line, so that what was printed has the text's digest.
  return { lines: [found.replace(/\n$/, "")], facts: { ...facts, text: found } };
});

export const list = content(async (store) => {
  const texts = (await store.list()).map((digest) => ({ cid: `${cidOf(digest)}`, digest }));
  const lines = texts.map(({ cid, digest }) => `${cid}  ${digest}`);
  return {
    lines: [...lines, `${counted(texts.length)} in ${store.path}`],
    facts: { store: store.path, texts },
  };
});

const give = content(async (store, options: Common & { texts: readonly string[]; out: string }) => {
  const { texts, out } = options;
  const wanted = texts.length === 0 ? undefined : texts.map(nameIn);
  const digests = await exportCar(store, out, wanted, progress("Written", options));
  return { lines: [`${counted(digests.length)} written to ${out}.`], facts: { file: out, digests } };
});

const take = content(async (store, options: Common & { file: string }) => {
  const digests = await importCar(store, options.file, progress("Stored", options));
  return {
    lines: [`${counted(digests.length)} of ${options.file} stored in ${store.path}.`],
    facts: { store: store.path, digests },
  };
});

export { give as export, take as import };

export const diff = content(async (store, { before, after }: Common & { before: string; after: string }) => {
  const changes = diffTexts(await textNamed(store, before), await textNamed(store, after));
  // False where the output is no terminal, and where NO_COLOR is set.
  const colour = process.stdout.isTTY && process.stdout.hasColors();
  return { lines: describeChanges(changes, colour), facts: { changes } };
});

/** A CID comes before a file of this name: nobody can put another text in its place. */
async function textNamed(store: ContentStore, name: string): Promise<string> {
  const digest = digestIn(name);
  if (digest !== undefined) return printable(await store.get(digest), name);
  return readText(name).text;
}

function printable(bytes: Uint8Array, what: string): string {
  try {
    return textIn(bytes, what);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(`${error.message} It is not shown; \`content get\` with --out writes it to a file.`);
  }
}

function nameIn(text: string): string {
  const digest = digestIn(text);
  if (digest !== undefined) return digest;
  throw new Problem(`The text is named "${text}", allowed: its CID, or its digest (64 hexadecimal digits)`);
}

const counted = (texts: number) => `${texts.toLocaleString("en")} text${texts === 1 ? "" : "s"}`;
