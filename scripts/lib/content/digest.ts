import { createHash } from "node:crypto";
import { isHexString } from "ethers";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create } from "multiformats/hashes/digest";
import { Problem } from "../problem.js";

/**
 * Most bytes of a text: 1 MiB, one block of the profile `unixfs-v1-2025`. The CID of a longer file is that of a tree of
 * blocks, and its digest no longer the file's own, so that `sha256sum` could not check it.
 */
export const MOST_BYTES = 1_048_576;

/** sha2-256's number among multihashes, and how many bytes it has. */
const SHA2_256 = 0x12;
const DIGEST_BYTES = 32;

/**
 * The sha2-256 digest of a text's bytes, as the chain holds it: 0x and 64 hexadecimal digits.
 * @param what How a refusal names the bytes.
 * @throws Problem for more than {@link MOST_BYTES}.
 */
export function digestOf(bytes: Uint8Array, what = "The text"): string {
  requireSize(bytes.length, what);
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * Refuses what is too long for one block.
 * @param size In bytes.
 * @throws Problem for more than {@link MOST_BYTES}.
 */
export function requireSize(size: number, what: string): void {
  if (size <= MOST_BYTES) return;
  const [has, most] = [size.toLocaleString("en"), MOST_BYTES.toLocaleString("en")];
  throw new Problem(
    `${what} has ${has} bytes, allowed: at most ${most} (1 MiB), so that it is one block; split it.`,
  );
}

/**
 * The address of a text with this digest: CIDv1, codec raw, sha2-256. It holds the digest and nothing else that varies.
 * @throws Problem for anything but 0x and 64 hexadecimal digits.
 */
export function cidOf(digest: string): CID {
  if (!isHexString(digest, DIGEST_BYTES)) {
    throw new Problem(`The digest is "${digest}", allowed: 0x and 64 hexadecimal digits`);
  }
  return CID.createV1(raw.code, create(SHA2_256, Buffer.from(digest.slice(2), "hex")));
}

/**
 * The digest in a text's CID, whatever base the CID is written in.
 * @throws Problem for what is no CID, and for one that does not hold the sha2-256 digest of a whole text.
 */
export function digestOfCid(cid: CID | string): string {
  const known = typeof cid === "string" ? parseCid(cid) : cid;
  if (known === undefined) throw new Problem(`"${cid}" is no CID; a text's begins with "bafkrei".`);
  const { version, code, multihash } = known;
  const whole =
    version === 1 &&
    code === raw.code &&
    multihash.code === SHA2_256 &&
    multihash.digest.length === DIGEST_BYTES;
  if (whole) return `0x${Buffer.from(multihash.digest).toString("hex")}`;
  const [has, hash] = [`0x${code.toString(16)}`, `0x${multihash.code.toString(16)}`];
  throw new Problem(
    `${known} is no text's CID: version ${version}, codec ${has}, hash ${hash}, ${multihash.digest.length} bytes; ` +
      `allowed: version 1, codec 0x${raw.code.toString(16)} (raw), hash 0x12 (sha2-256), ${DIGEST_BYTES} bytes`,
  );
}

/**
 * The digest that a person means, who gives a CID, a digest, or a line's first word out of `sha256sum`.
 * @returns Undefined for what is none of them; a path, maybe.
 * @throws Problem for a CID that is no text's.
 */
export function digestIn(text: string): string | undefined {
  if (isHexString(text, DIGEST_BYTES)) return text.toLowerCase();
  if (isHexString(`0x${text}`, DIGEST_BYTES)) return `0x${text.toLowerCase()}`;
  const cid = parseCid(text);
  return cid && digestOfCid(cid);
}

function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text);
  } catch {
    return undefined;
  }
}
