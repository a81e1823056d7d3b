import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { SourceFile } from "./files.js";

const FENCE = /^(```|~~~)[\s\S]*?^\1/gm;
const INLINE_CODE = /`[^`\n]*`/g;
const LINK =
  /\]\(\s*<?([^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)>?(?:\s+["'][^)]*)?\)|^\s*\[[^\]]+\]:\s*(\S+)/gm;
const EXTERNAL = /^[a-z][a-z0-9+.-]*:|^\/\//i;

/** Relative links and anchors that lead nowhere. */
export function findBrokenLinks(root: string, documents: readonly SourceFile[]): string[] {
  return documents.flatMap(({ path, text }) =>
    [...blank(text).matchAll(LINK)].flatMap((match) => {
      const target = match[1] ?? match[2] ?? "";
      const reason = target === "" || EXTERNAL.test(target) ? undefined : whyBroken(root, path, target);
      return reason === undefined
        ? []
        : [`${path}:${text.slice(0, match.index).split("\n").length} ${reason}`];
    }),
  );
}

/** Test files a document cites that do not exist. */
export function findMissingCitations(root: string, { path, text }: SourceFile): string[] {
  const cited = text.matchAll(/\btest\/[\w./-]+\.(?:ts|sol)\b/g);
  const missing = [...cited].filter(([file]) => !existsSync(join(root, file)));
  return missing.map(
    (match) => `${path}:${text.slice(0, match.index).split("\n").length} ${match[0]} does not exist`,
  );
}

function whyBroken(root: string, from: string, link: string): string | undefined {
  const [file = "", anchor] = decodeURIComponent(link).split("#");
  const target = file === "" ? join(root, from) : join(root, dirname(from), file);
  if (relative(root, target).startsWith("..")) return `${link} leaves the project`;
  if (!existsSync(target)) return `${link} does not exist`;
  if (anchor === undefined || anchor === "" || !target.endsWith(".md") || statSync(target).isDirectory())
    return undefined;
  return anchorsOf(readFileSync(target, "utf8")).has(anchor) ? undefined : `${link}: no such heading`;
}

/** Anchors as GitHub derives them: lower case, punctuation dropped, spaces to hyphens, repeats numbered. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const withoutCode = markdown.replace(FENCE, "");
  for (const [, title = ""] of withoutCode.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat++) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  for (const [, id = ""] of withoutCode.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

// Blanked, not removed: line numbers stay right.
function blank(markdown: string): string {
  const spaces = (match: string): string => match.replace(/[^\n]/g, " ");
  return markdown.replace(FENCE, spaces).replace(INLINE_CODE, spaces);
}
