import { isAddress, isHexString } from "ethers";
import { CONTRACTS, type ContractKey } from "../address-book.js";
import { Problem } from "../problem.js";

/** The name of the format, and its version: docs/archive.md. */
export const FORMAT = "coalition-archive/1";

/** Logs of a range of blocks. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  /** Hash of the last block of the range. */
  readonly hash: string;
  readonly logs: number;
  /** CIDs of the blocks with the logs, in their order; none where there are no logs. */
  readonly parts: readonly string[];
}

/** What an archive is of, and where everything is in it. */
export interface Manifest {
  readonly format: string;
  readonly chainId: number;
  /** First and last block. */
  readonly from: number;
  readonly to: number;
  readonly contracts: readonly {
    readonly name: ContractKey;
    readonly address: string;
    /** keccak256 of the code. */
    readonly code: string;
  }[];
  readonly chunks: readonly Chunk[];
  /** Head of each series at the last block. */
  readonly series: readonly { readonly name: string; readonly head: string }[];
  readonly texts: {
    /** Texts in the archive. */
    readonly held: number;
    /** CIDs of the blocks that list their digests: 32 bytes each, in their order. */
    readonly index: readonly string[];
    /** Texts that the logs name and nobody gave. */
    readonly absent: number;
    /** Texts that tombstones name. */
    readonly erased: number;
  };
}

/** A manifest in bytes, always the same for the same manifest. */
export const manifestBytes = (manifest: Manifest): Uint8Array => Buffer.from(`${JSON.stringify(manifest)}\n`);

/**
 * The manifest in an archive.
 * @throws Problem that says what is wrong with it.
 */
export function manifestIn(bytes: Uint8Array): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw new Problem("The archive does not begin with a manifest.");
  }
  const manifest = found as Manifest;
  const { chainId, from, to, contracts, chunks, series, texts } = manifest ?? {};
  if (manifest?.format !== FORMAT) {
    throw new Problem(`The archive has the format "${manifest?.format}", allowed: "${FORMAT}"`);
  }
  const whole = [chainId, from, to].every((value) => Number.isSafeInteger(value) && value >= 0);
  const known =
    Array.isArray(contracts) &&
    contracts.every(
      ({ name, address, code }) => name in CONTRACTS && isAddress(address) && isHexString(code, 32),
    );
  const covered =
    Array.isArray(chunks) &&
    chunks.every((chunk, index) => {
      const start = index === 0 ? from : (chunks[index - 1]?.to ?? 0) + 1;
      return (
        chunk.from === start &&
        chunk.to >= chunk.from &&
        Array.isArray(chunk.parts) &&
        isHexString(chunk.hash, 32)
      );
    }) &&
    chunks.at(-1)?.to === to;
  const headed =
    Array.isArray(series) && series.every(({ name, head }) => name.includes("/") && isHexString(head));
  if (!whole || !known || !covered || !headed || !Array.isArray(texts?.index)) {
    throw new Problem(
      "The archive's manifest is not whole: its contracts, chunks, series and texts do not fit.",
    );
  }
  return manifest;
}
