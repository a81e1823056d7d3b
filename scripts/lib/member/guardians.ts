import { ZeroAddress } from "ethers";
import { Problem } from "../problem.js";
import type { Act } from "./act.js";
import type { Context } from "./coalition.js";
import { memberOf } from "./lookup.js";

/** What a member signs to name guardians. */
export type GuardiansMessage = {
  readonly account: string;
  readonly guardians: readonly string[];
  readonly threshold: number;
};

/** Most guardians that a member names. */
const MOST = 10;

/** Names the guardians of a member's number, in place of those before. */
export const NAME_GUARDIANS: Act<GuardiansMessage> = {
  name: "name guardians",
  desk: "recovery",
  type: "NameGuardians",
  fields: [
    { name: "account", type: "address" },
    { name: "guardians", type: "address[]" },
    { name: "threshold", type: "uint8" },
  ],
  by: async (_, { account }) => account,

  async check(context, { account, guardians, threshold }) {
    await memberOf(context, account);
    if (guardians.length > MOST) {
      throw new Problem(`A member names up to ${MOST} guardians; you named ${guardians.length}.`);
    }
    const bad = guardians.find(
      (guardian, index) =>
        guardian === ZeroAddress || guardian === account || guardians.indexOf(guardian) !== index,
    );
    if (bad !== undefined) {
      throw new Problem(
        `${bad} cannot be a guardian: another address than your own and zero, and each once.`,
      );
    }
    const least = guardians.length === 0 ? 0 : 1;
    if (threshold < least || threshold > guardians.length) {
      throw new Problem(
        `--threshold is ${threshold}: of ${guardians.length} guardians, ${least} to ${guardians.length} can be required to agree.`,
      );
    }
  },

  direct: ({ coalition }, { guardians, threshold }) =>
    coalition.recovery.nameGuardians.populateTransaction([...guardians], threshold),

  relayed: ({ coalition }, { account, guardians, threshold }, { deadline, signature }) =>
    coalition.recovery.nameGuardiansBySig.populateTransaction(
      account,
      [...guardians],
      threshold,
      deadline,
      signature,
    ),

  async tell(context, { account, guardians, threshold }) {
    const { number } = await memberOf(context, account);
    const line =
      guardians.length === 0
        ? `Member ${number} has no guardians any more; a lost key can be replaced by a decision of the members alone.`
        : `Member ${number} can be recovered by ${threshold} of: ${guardians.join(", ")}.`;
    return { lines: [line], facts: { number, guardians, threshold } };
  },
};

/** Refuses who is no guardian of a number. */
export async function requireGuardian(
  { coalition }: Context,
  number: number,
  account: string,
): Promise<void> {
  const { guardians } = await coalition.recovery.guardiansOf(number);
  if (guardians.includes(account)) return;
  throw new Problem(
    guardians.length === 0
      ? `Member ${number} has named no guardians; the members' way is open: member recover --claim ${number}`
      : `${account} is no guardian of member ${number}; those are ${guardians.join(", ")}.`,
  );
}
