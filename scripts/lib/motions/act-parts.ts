import type { Signed } from "../member/act.js";
import type { Context } from "../member/coalition.js";
import { Problem } from "../problem.js";
import { type ActionList, digestOfList } from "./actions.js";

/** `IMotionActs.ActKind`, by name. */
export const KINDS = { table: 0, withdraw: 1, endorse: 2, object: 3, accept: 4 } as const;

/** A field of what is signed. */
export const field = (name: string, type: string) => ({ name, type });

/** Who signs. */
export const ACCOUNT = field("account", "address");

/** Actions, of which the digest is signed, for whoever brings it. */
export const CARRIED = [
  field("targets", "address[]"),
  field("values", "uint256[]"),
  field("calldatas", "bytes[]"),
];

/** Actions as a contract takes them. */
export const listOf = ({ targets, values, calldatas }: ActionList) => ({
  targets: [...targets],
  values: [...values],
  calldatas: [...calldatas],
});

/**
 * The actions beside what was signed must be those whose digest was.
 * @throws {Problem} where somebody exchanged them.
 */
export function requireActions(message: ActionList & { readonly actions: string }): void {
  const { targets, values, calldatas, actions } = message;
  const even = targets.length === values.length && targets.length === calldatas.length;
  const found = even ? digestOfList(message) : "none: they are not as many targets as values and calldatas";
  if (found !== actions) {
    throw new Problem(
      `The actions beside the request are not those that were signed: digest ${found}, signed ${actions}; have it signed anew.`,
    );
  }
}

/** The call of whoever brings one act that somebody signed. */
export const bring = (
  { coalition }: Context,
  desk: "motions" | "amendments",
  kind: number,
  [account, subject, value]: readonly [account: string, subject: number, value: string],
  { deadline, signature }: Signed,
) => coalition[desk].actBySig.populateTransaction({ kind, account, subject, value, deadline, signature });
