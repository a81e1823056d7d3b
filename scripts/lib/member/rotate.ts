import { Problem } from "../problem.js";
import type { Act } from "./act.js";
import { activeMember, requireNewcomer } from "./lookup.js";

/** What both keys sign when a member moves to a new key. */
export type RotateMessage = { readonly number: number; readonly newKey: string };

const FIELDS = [
  { name: "number", type: "uint256" },
  { name: "newKey", type: "address" },
];

/** Moves a member to a new key, which consents by signing the same. */
export const ROTATE: Act<RotateMessage> = {
  name: "rotate",
  desk: "requests",
  type: "Rotate",
  fields: FIELDS,
  consent: {
    type: "Rotate",
    fields: FIELDS,
    by: ({ newKey }) => newKey,
    command: ({ number }) => `member rotate --consent --number ${number} --out <file>`,
  },
  by: async (context, { number }) => (await activeMember(context, number)).key,

  async check(context, { newKey }) {
    await requireNewcomer(context, newKey);
  },

  direct: ({ coalition }, { newKey }, consent) =>
    coalition.requests.rotateKey.populateTransaction(
      newKey,
      consent?.deadline ?? 0,
      consent?.signature ?? "0x",
    ),

  async relayed({ coalition, ...context }, { number, newKey }, { deadline, signature }, consent) {
    const { key } = await activeMember({ coalition, ...context }, number);
    if (consent === undefined) throw new Problem("The new key must agree.");
    return coalition.requests.rotateKeyBySig.populateTransaction(
      key,
      newKey,
      deadline,
      signature,
      consent.signature,
    );
  },

  async tell(_, { number, newKey }) {
    return {
      lines: [
        `Member ${number} is ${newKey} from now on. Number, group, vote and ballots stay as they were.`,
        "Guardians that name the old key, as somebody else's guardian, are to be named anew by whom they guard.",
      ],
      facts: { number, key: newKey },
    };
  },
};
