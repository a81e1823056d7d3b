import { isHexString, keccak256 } from "ethers";
import { Problem } from "../problem.js";

/** Draws that a chain made here serves. `Panels` follows a chain over 256 draws at a time. */
export const CHAIN_LENGTH = 1_000;

/**
 * The number of a member of the pool for a draw, as `Panels` has it: x(n) with x(n - 1) = keccak256(abi.encode(x(n))).
 * The one for the draw after which the member committed is the commitment itself.
 * @param secret 32 random bytes, which nobody else may know; 0x and 64 hexadecimal digits.
 * @param committed The last draw at the commitment.
 * @param draw From `committed` to `committed` + {@link CHAIN_LENGTH}.
 * @throws Problem for a secret that is none, and for a draw that the chain does not serve.
 */
export function numberFor(secret: string, committed: number, draw: number): string {
  if (!isHexString(secret, 32))
    throw new Problem("The secret of a chain is 0x and 64 hexadecimal digits (32 bytes).");
  const end = committed + CHAIN_LENGTH;
  if (!Number.isInteger(draw) || draw < committed || draw > end) {
    throw new Problem(
      `The draw is ${draw}, allowed with this chain: ${committed} to ${end}; commit to a new one.`,
    );
  }
  let value: string = secret;
  // 32 bytes are encoded as they are.
  for (let at = end; at > draw; at--) value = keccak256(value);
  return value;
}
