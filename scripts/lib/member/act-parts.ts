import type { TypedDataField } from "ethers";
import type { Context } from "./coalition.js";

/** The key that acts, of a message that names it as `account`. */
export const by = async (_: Context, { account }: { readonly account: string }) => account;

/** The fields of an EIP-712 message without what every signature adds. */
export const withoutEnding = (fields: readonly TypedDataField[]): readonly TypedDataField[] =>
  fields.filter(({ name }) => name !== "nonce" && name !== "deadline");
