import { AbiCoder, keccak256 } from "ethers";

/** The head of a series without records. */
export const EMPTY_SERIES = 0n;

const LENGTH_BITS = 32n;
const coder = AbiCoder.defaultAbiCoder();

/**
 * The head of a series after one more record, as `RecordSeries` computes it.
 * @param head The head before.
 * @param record 32 bytes, in hexadecimal.
 */
export function nextHead(head: bigint, record: string): bigint {
  const running = BigInt(keccak256(coder.encode(["uint256", "bytes32"], [head, record])));
  return ((running >> LENGTH_BITS) << LENGTH_BITS) | BigInt.asUintN(Number(LENGTH_BITS), lengthOf(head) + 1n);
}

/** The head of a series with these records, in their order: it is on the chain if none is missing, added or altered. */
export function headOf(records: readonly string[]): bigint {
  return records.reduce(nextHead, EMPTY_SERIES);
}

/** How many records a series has. */
export function lengthOf(head: bigint): bigint {
  return BigInt.asUintN(Number(LENGTH_BITS), head);
}
